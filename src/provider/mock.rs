//! A server for tests that answers byte for byte what a test tells it to, and remembers what it was asked.

use std::sync::{Arc, Mutex};

use serde_json::Value;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Notify;

/// What the server does with one connection after it has read a request.
#[derive(Debug, Clone)]
pub(super) enum Step {
    /// Sends these bytes and flushes.
    Send(Vec<u8>),
    /// Waits until the test says go on.
    Wait(Arc<Notify>),
    /// Resets the connection.
    Reset,
    /// Keeps the connection open until the client leaves, then tells the test.
    Hold(Arc<Notify>),
}

/// One request as it came.
#[derive(Debug, Clone, Default)]
pub(super) struct Asked {
    /// The first line and the headers, as they came.
    pub(super) head: String,
    /// The body.
    pub(super) body: String,
}

impl Asked {
    /// The body as JSON.
    pub(super) fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap()
    }

    /// The value of a header.
    pub(super) fn header(&self, name: &str) -> Option<&str> {
        self.head.lines().find_map(|line| {
            let (key, value) = line.split_once(':')?;
            key.eq_ignore_ascii_case(name).then(|| value.trim())
        })
    }
}

/// The server. Its connections end with the test's runtime.
#[derive(Debug)]
pub(super) struct Mock {
    port: u16,
    book: Arc<Book>,
}

/// What the server answers, and what it was asked.
#[derive(Debug)]
struct Book {
    /// Answers to requests whose first line has these words: given whenever they are asked for, and not remembered.
    aside: Vec<(&'static str, String)>,
    scripts: Vec<Vec<Step>>,
    asked: Mutex<Vec<Asked>>,
}

impl Book {
    fn script(&self, asked: Asked) -> Vec<Step> {
        let line = asked.head.lines().next().unwrap_or_default();
        if let Some((_, json)) = self.aside.iter().find(|(words, _)| line.contains(words)) {
            return whole(200, "content-type: application/json\r\n", json);
        }
        let mut all = self.asked.lock().unwrap();
        all.push(asked);
        self.scripts[usize::min(all.len(), self.scripts.len()) - 1].clone()
    }
}

impl Mock {
    /// A server that serves each script to one request, in order, and the last one to all that follow.
    pub(super) async fn new(scripts: Vec<Vec<Step>>) -> Self {
        Self::beside(Vec::new(), scripts).await
    }

    /// A server that also answers requests whose first line has these words, beside its scripts.
    pub(super) async fn beside(aside: Vec<(&'static str, String)>, scripts: Vec<Vec<Step>>) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let book = Arc::new(Book { aside, scripts, asked: Mutex::default() });
        let shared = Arc::clone(&book);
        tokio::spawn(async move {
            while let Ok((socket, _)) = listener.accept().await {
                tokio::spawn(serve(socket, Arc::clone(&shared)));
            }
        });
        Self { port, book }
    }

    /// A server with one script.
    pub(super) async fn once(script: Vec<Step>) -> Self {
        Self::new(vec![script]).await
    }

    /// Its base URL.
    pub(super) fn url(&self) -> String {
        format!("http://127.0.0.1:{}/v1", self.port)
    }

    /// The port it listens at.
    pub(super) fn port(&self) -> u16 {
        self.port
    }

    /// What it was asked so far.
    pub(super) fn asked(&self) -> Vec<Asked> {
        self.book.asked.lock().unwrap().clone()
    }
}

async fn serve(mut socket: TcpStream, book: Arc<Book>) {
    let Some(asked) = read_request(&mut socket).await else { return };
    for step in book.script(asked) {
        match step {
            Step::Send(bytes) => {
                if socket.write_all(&bytes).await.is_err() {
                    return;
                }
                let _gone = socket.flush().await;
            }
            Step::Wait(go_on) => go_on.notified().await,
            Step::Reset => {
                socket.set_zero_linger().unwrap();
                return;
            }
            Step::Hold(left) => {
                let mut rest = [0; 64];
                while matches!(socket.read(&mut rest).await, Ok(1..)) {}
                left.notify_one();
            }
        }
    }
    let _gone = socket.shutdown().await;
}

async fn read_request(socket: &mut TcpStream) -> Option<Asked> {
    let mut bytes = Vec::new();
    loop {
        let mut chunk = [0; 4096];
        let count = socket.read(&mut chunk).await.ok().filter(|count| *count > 0)?;
        bytes.extend_from_slice(&chunk[..count]);
        let text = String::from_utf8_lossy(&bytes);
        let Some((head, body)) = text.split_once("\r\n\r\n") else { continue };
        let asked = Asked { head: head.to_owned(), body: body.to_owned() };
        let length = asked.header("content-length").map_or(0, |length| length.parse().unwrap());
        if body.len() >= length {
            return Some(asked);
        }
    }
}

/// The head of a stream of events whose end is the connection's end.
pub(super) fn stream_head() -> Step {
    Step::Send(b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\nconnection: close\r\n\r\n".to_vec())
}

/// A whole answer with this status, these extra header lines and this body.
pub(super) fn whole(status: u16, headers: &str, body: &str) -> Vec<Step> {
    let length = body.len();
    vec![Step::Send(
        format!("HTTP/1.1 {status} X\r\ncontent-length: {length}\r\nconnection: close\r\n{headers}\r\n{body}")
            .into_bytes(),
    )]
}

/// An event with this JSON.
pub(super) fn event(json: &str) -> Vec<u8> {
    format!("data: {json}\n\n").into_bytes()
}

/// An event with this text of an answer.
pub(super) fn text(text: &str) -> Vec<u8> {
    event(&serde_json::json!({"choices": [{"index": 0, "delta": {"content": text}}]}).to_string())
}
