//! `trialogue read-code`: the process that reads code for the screen, and the screen's end of it.
//!
//! A line asks, a line answers. The process ends when it was asked nothing for a while, and with it goes all the memory
//! that the syntaxes took; it ends too when its caller does, in whatever way.

use std::env;
use std::io::Write as _;
use std::path::PathBuf;
use std::process::Stdio;
use std::rc::Rc;
use std::time::Duration;

use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader, Lines};
use tokio::process::{Child, ChildStdin, ChildStdout, Command};
use tokio::sync::Mutex;
use tokio::time::timeout;

use crate::runtime::lines;
use crate::tui::text::highlight::{Code, Run, answer, answered};

use super::exit::Exit;

/// How long the process waits for more code.
const IDLE: Duration = Duration::from_secs(3);
/// How long code may take to be read; what takes longer stays plain.
const SLOWEST: Duration = Duration::from_secs(20);

/// Answers the lines of standard input until there are no more, or none has come for a while.
pub(super) async fn run() -> anyhow::Result<Exit> {
    let mut asked = lines::typed();
    while let Ok(Some(line)) = timeout(IDLE, asked.recv()).await {
        let answer = answer(&line).unwrap_or_default();
        writeln!(std::io::stdout(), "{answer}")?;
    }
    Ok(Exit::Done)
}

/// The screen's end: starts the process where there is none.
#[derive(Debug, Clone, Default)]
pub(super) struct CodeReader {
    process: Rc<Mutex<Option<Process>>>,
}

/// The process with its two ends.
#[derive(Debug)]
struct Process {
    /// Killed when this is dropped.
    _child: Child,
    asks: ChildStdin,
    answers: Lines<BufReader<ChildStdout>>,
}

impl CodeReader {
    /// What is in the code; where it can't be read, or not in time, nothing is: it stays plain.
    pub(super) async fn read(&self, code: Vec<Code>) -> Vec<(u64, Vec<Run>)> {
        let mut process = self.process.lock().await;
        let line = Code::asked(&code);
        // Once more, if the one there is has ended for want of work.
        for _ in 0..2 {
            let mut asked = match process.take() {
                Some(asked) => asked,
                None => match Process::start() {
                    Some(started) => started,
                    None => break,
                },
            };
            match timeout(SLOWEST, asked.ask(&line)).await {
                Ok(Some(answer)) => {
                    *process = Some(asked);
                    return answered(&code, &answer);
                }
                Ok(None) => {}
                Err(_) => break,
            }
        }
        answered(&code, "")
    }
}

impl Process {
    fn start() -> Option<Self> {
        let mut command = Command::new(program());
        command.arg("read-code").stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null()).kill_on_drop(true);
        let mut child = command.spawn().ok()?;
        let (asks, answers) = (child.stdin.take()?, BufReader::new(child.stdout.take()?).lines());
        Some(Self { _child: child, asks, answers })
    }

    async fn ask(&mut self, line: &str) -> Option<String> {
        self.asks.write_all(format!("{line}\n").as_bytes()).await.ok()?;
        self.answers.next_line().await.ok()?
    }
}

/// This program; on Linux even if it was replaced or removed on disk meanwhile.
fn program() -> PathBuf {
    env::current_exe().ok().filter(|path| path.exists()).unwrap_or_else(|| PathBuf::from("/proc/self/exe"))
}
