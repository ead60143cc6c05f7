#![allow(unreachable_pub, reason = "a module of a test")]

//! A llama.cpp server with a small instruct model on loopback, for one test.

use std::io::{BufRead as _, BufReader};
use std::process::{Child, Command, Stdio};

/// A running server.
pub struct RealServer {
    child: Child,
    port: u16,
    window: u32,
}

impl RealServer {
    /// Starts a server whose every conversation has a window of this many tokens.
    pub fn start(window: u32) -> Self {
        let (child, port) = launch(0, window);
        Self { child, port, window }
    }

    /// Ends it in the middle of whatever it does.
    pub fn kill(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// Starts it again at the same address.
    pub fn start_again(&mut self) {
        self.child = launch(self.port, self.window).0;
    }

    /// A `config.yaml` in which this server answers, briefly.
    pub fn config(&self) -> String {
        self.config_of("openai")
    }

    /// The same with answers that are long enough to be interrupted, however fast the machine is.
    pub fn config_of_long_answers(&self) -> String {
        self.config().replace("max_output: 48", "max_output: 600")
    }

    /// The same by the protocol of this kind.
    pub fn config_of(&self, kind: &str) -> String {
        Self::config_at(self.port, kind)
    }

    /// The port it listens at.
    pub const fn port(&self) -> u16 {
        self.port
    }

    /// A `config.yaml` in which the server behind this port answers.
    pub fn config_at(port: u16, kind: &str) -> String {
        format!(
            "providers:\n  llama: {{kind: {kind}, base_url: \"http://127.0.0.1:{port}/v1\", local: true}}\n\
             model: llama/smollm2\nmax_output: 48\nretries: 0\n"
        )
    }

    /// A `config.yaml` in which nobody listens where the model is, and this server stands in.
    pub fn config_behind_a_dead_one(&self) -> String {
        let dead = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let port = self.port;
        format!(
            "providers:\n  dead: {{kind: openai, base_url: \"http://127.0.0.1:{dead}/v1\", local: true}}\n  \
             llama: {{kind: anthropic, base_url: \"http://127.0.0.1:{port}/v1\", local: true}}\n\
             model: dead/any\nfallback: [llama/smollm2]\nmax_output: 48\nretries: 0\n"
        )
    }
}

impl Drop for RealServer {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Starts `serve.py`, which prints `ready PORT` when it answers.
fn launch(port: u16, window: u32) -> (Child, u16) {
    let python = std::env::var("TRIALOGUE_REAL_SERVER").expect("run these tests with tests/real_server/run");
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/real_server/serve.py");
    let mut child = Command::new(python)
        .args([script, "--port", &port.to_string(), "--ctx", &window.to_string(), "--parallel", "3"])
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let lines = BufReader::new(child.stdout.take().unwrap()).lines();
    for line in lines.map_while(Result::ok) {
        if let Some(port) = line.strip_prefix("ready ").and_then(|port| port.trim().parse().ok()) {
            return (child, port);
        }
    }
    let ended = child.wait().unwrap();
    panic!("the server ended before it was ready: {ended}");
}
