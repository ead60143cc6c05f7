//! A model server on loopback whose answers are steered by the question: `tokens=40 rate=200`, `then=cut`, `then=hang`,
//! `status=429`.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Condvar, Mutex};
use std::time::Duration;

use super::PATIENCE;

/// A running server. It ends with the test's process.
pub struct Server {
    port: u16,
    asked: Arc<Asked>,
}

/// The questions that arrived, in order.
#[derive(Default)]
struct Asked {
    questions: Mutex<Vec<String>>,
    /// Every request as it came.
    bodies: Mutex<Vec<String>>,
    changed: Condvar,
    /// The window, for a server that counts tokens and refuses what doesn't fit.
    window: Option<usize>,
}

impl Server {
    /// Listens on a free port.
    pub fn start() -> Self {
        Self::with(None)
    }

    /// One that counts a token for every four characters, and refuses a request beyond this window like llama.cpp.
    #[allow(dead_code, reason = "not every test binary needs one")]
    pub fn with_window(window: usize) -> Self {
        Self::with(Some(window))
    }

    fn with(window: Option<usize>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let asked = Arc::new(Asked { window, ..Asked::default() });
        let count = Arc::clone(&asked);
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let count = Arc::clone(&count);
                // A caller that goes away in mid-answer is what many tests are about.
                std::thread::spawn(move || drop(serve(stream, &count)));
            }
        });
        Self { port, asked }
    }

    /// A `config.yaml` in which this server is the provider `mock`, in use.
    pub fn config(&self) -> String {
        let port = self.port;
        format!(
            "providers:\n  mock: {{kind: openai, base_url: \"http://127.0.0.1:{port}/v1\", local: true}}\nmodel: mock/words\n"
        )
    }

    /// How many answers were asked for.
    pub fn asked(&self) -> usize {
        self.asked.questions.lock().unwrap().len()
    }

    /// What was asked, in order.
    pub fn questions(&self) -> Vec<String> {
        self.asked.questions.lock().unwrap().clone()
    }

    /// Every request, in order, as it came.
    #[allow(dead_code, reason = "not every test binary reads them")]
    pub fn bodies(&self) -> Vec<String> {
        self.asked.bodies.lock().unwrap().clone()
    }

    /// Waits until this many answers were asked for.
    pub fn until_asked(&self, count: usize) {
        let questions = self.asked.questions.lock().unwrap();
        let enough = self.asked.changed.wait_timeout_while(questions, PATIENCE, |questions| questions.len() < count);
        let questions = enough.unwrap().0;
        assert!(questions.len() >= count, "waited for {count} questions; these came: {questions:?}");
    }
}

fn serve(stream: TcpStream, asked: &Asked) -> std::io::Result<()> {
    stream.set_nodelay(true)?;
    let mut reader = BufReader::new(stream.try_clone()?);
    let mut out = stream;
    loop {
        let mut request = String::new();
        let mut length = 0;
        loop {
            let mut line = String::new();
            if reader.read_line(&mut line)? == 0 {
                return Ok(());
            }
            if let Some(value) = line.to_ascii_lowercase().strip_prefix("content-length:") {
                length = value.trim().parse().unwrap_or(0);
            }
            if line == "\r\n" {
                break;
            }
            request.push_str(&line);
        }
        let mut body = vec![0; length];
        reader.read_exact(&mut body)?;
        if request.starts_with("GET") {
            let models = r#"{"object":"list","data":[{"id":"words","object":"model"}]}"#;
            write!(
                out,
                "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n{models}",
                models.len()
            )?;
            continue;
        }
        let question = question(&body);
        asked.questions.lock().unwrap().push(question.clone());
        let tokens = said(&body) / 4;
        asked.bodies.lock().unwrap().push(String::from_utf8_lossy(&body).into_owned());
        asked.changed.notify_all();
        if let Some(window) = asked.window.filter(|window| tokens > *window) {
            let error = format!(
                r#"{{"error":{{"code":400,"message":"request ({tokens} tokens) exceeds the available context size ({window} tokens), try increasing it","type":"exceed_context_size_error","n_prompt_tokens":{tokens},"n_ctx":{window}}}}}"#
            );
            return write!(
                out,
                "HTTP/1.1 400 Bad Request\r\ncontent-type: application/json\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{error}",
                error.len()
            );
        }
        return answer(&mut out, &question, asked.window.map_or(20, |_| tokens));
    }
}

/// The characters of all messages of a request.
fn said(body: &[u8]) -> usize {
    let body: serde_json::Value = serde_json::from_slice(body).unwrap_or_default();
    let messages = body["messages"].as_array().into_iter().flatten();
    messages.filter_map(|message| message["content"].as_str()).map(|text| text.chars().count()).sum()
}

/// The last message of a request.
fn question(body: &[u8]) -> String {
    let body: serde_json::Value = serde_json::from_slice(body).unwrap_or_default();
    let question = body["messages"].as_array().and_then(|all| all.last()).and_then(|last| last["content"].as_str());
    question.unwrap_or_default().to_owned()
}

fn answer(out: &mut TcpStream, question: &str, input: usize) -> std::io::Result<()> {
    let number = |name: &str| word(question, name).and_then(|value| value.parse::<u64>().ok());
    if let Some(status) = number("status") {
        let error = r#"{"error":{"message":"as you asked","type":"mock"}}"#;
        return write!(
            out,
            "HTTP/1.1 {status} Mock\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{error}",
            error.len()
        );
    }
    write!(out, "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\nconnection: close\r\n\r\n")?;
    let pause = number("rate").filter(|rate| *rate > 0).map(|rate| Duration::from_micros(1_000_000 / rate));
    if number("hostile").is_some() {
        let hostile = "\u{1b}]0;owned\u{7} \u{1b}[2J\u{1b}[Howned \u{1b}]52;c;b3duZWQ=\u{7} \u{1b}c \u{9b}2J \u{202e}live \u{0} after all that";
        event(out, &serde_json::json!({"choices": [{"index": 0, "delta": {"content": hostile}}]}))?;
    }
    let tokens = number("tokens").unwrap_or(8);
    for token in 0..tokens {
        let text = if token + 1 == tokens { format!("w{token}.") } else { format!("w{token} ") };
        event(out, &serde_json::json!({"choices": [{"index": 0, "delta": {"content": text}}]}))?;
        if let Some(pause) = pause {
            std::thread::sleep(pause);
        }
    }
    match word(question, "then") {
        Some("cut") => return Ok(()),
        Some("hang") => loop {
            std::thread::sleep(Duration::from_secs(1));
            out.write_all(b": still here\n\n")?;
        },
        _ => {}
    }
    event(out, &serde_json::json!({"choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]}))?;
    let usage =
        serde_json::json!({"prompt_tokens": input, "completion_tokens": tokens, "total_tokens": tokens + input as u64});
    event(out, &serde_json::json!({"choices": [], "usage": usage}))?;
    out.write_all(b"data: [DONE]\n\n")
}

fn event(out: &mut TcpStream, value: &serde_json::Value) -> std::io::Result<()> {
    write!(out, "data: {value}\n\n")
}

fn word<'a>(question: &'a str, name: &str) -> Option<&'a str> {
    question.split_whitespace().find_map(|word| word.strip_prefix(name)?.strip_prefix('='))
}
