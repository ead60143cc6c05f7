#![allow(unreachable_pub, reason = "a module of a test")]

//! A tap on the wire: passes bytes on to a server and keeps what the program sent.

use std::io::{Read as _, Write as _};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;

/// A place in front of a server. Every connection to it is one to the server; what goes there is kept.
pub struct Tap {
    port: u16,
    /// What was sent, a list of bytes for each connection.
    sent: Arc<Mutex<Vec<Vec<u8>>>>,
}

impl Tap {
    /// Stands in front of the server at this port.
    pub fn before(server: u16) -> Self {
        let door = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = door.local_addr().unwrap().port();
        let sent = Arc::new(Mutex::new(Vec::<Vec<u8>>::new()));
        let kept = Arc::clone(&sent);
        thread::spawn(move || {
            for client in door.incoming().map_while(Result::ok) {
                let Ok(upstream) = TcpStream::connect(("127.0.0.1", server)) else { continue };
                let (back, home) = (upstream.try_clone().unwrap(), client.try_clone().unwrap());
                let kept = Arc::clone(&kept);
                let number = kept.lock().unwrap().len();
                kept.lock().unwrap().push(Vec::new());
                thread::spawn(move || {
                    pass(client, upstream, |bytes| kept.lock().unwrap()[number].extend_from_slice(bytes));
                });
                thread::spawn(move || pass(back, home, |_| {}));
            }
        });
        Self { port, sent }
    }

    /// Where to ask instead of the server.
    pub const fn port(&self) -> u16 {
        self.port
    }

    /// The texts of every completion that was asked for: system text and messages, as the server read them.
    pub fn prompts(&self) -> Vec<String> {
        let sent = self.sent.lock().unwrap();
        sent.iter().flat_map(|connection| bodies(connection)).map(|body| texts(&body)).collect()
    }
}

/// The JSON bodies of the requests that went over one connection.
fn bodies(mut sent: &[u8]) -> Vec<serde_json::Value> {
    let mut bodies = Vec::new();
    while let Some(end) = sent.windows(4).position(|four| four == b"\r\n\r\n") {
        let head = String::from_utf8_lossy(&sent[..end]).to_lowercase();
        let length = head.lines().find_map(|line| line.strip_prefix("content-length:"));
        let length = length.map_or(0, |length| length.trim().parse().unwrap());
        let body = &sent[end + 4..(end + 4 + length).min(sent.len())];
        if head.starts_with("post ") {
            bodies.push(serde_json::from_slice(body).expect("a request is whole, and JSON"));
        }
        sent = &sent[end + 4 + body.len()..];
    }
    bodies
}

/// Every string below `messages` and `system`, a line each.
fn texts(value: &serde_json::Value) -> String {
    fn collect(value: &serde_json::Value, into: &mut Vec<String>) {
        match value {
            serde_json::Value::String(text) => into.push(text.clone()),
            serde_json::Value::Array(items) => items.iter().for_each(|item| collect(item, into)),
            serde_json::Value::Object(fields) => fields.values().for_each(|field| collect(field, into)),
            _ => {}
        }
    }
    let mut found = Vec::new();
    for field in ["system", "messages"] {
        collect(&value[field], &mut found);
    }
    found.join("\n")
}

fn pass(mut from: TcpStream, mut to: TcpStream, mut keep: impl FnMut(&[u8])) {
    let mut piece = [0; 16_384];
    while let Ok(read) = from.read(&mut piece) {
        if read == 0 {
            break;
        }
        keep(&piece[..read]);
        if to.write_all(&piece[..read]).is_err() {
            break;
        }
    }
    let _ = to.shutdown(Shutdown::Both);
    let _ = from.shutdown(Shutdown::Both);
}
