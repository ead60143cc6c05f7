//! What a person writes on standard input, line by line, or as it arrives.

use std::io::{self, BufRead as _, Read as _};

use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};

/// The lines of standard input; the channel closes at its end. Whatever isn't UTF-8 in them is replaced.
///
/// A read that waits can't be called off, so that the thread ends with the process at the latest.
pub fn typed() -> UnboundedReceiver<String> {
    let (sender, lines) = unbounded_channel();
    let read = move || {
        let mut stdin = io::stdin().lock();
        loop {
            let mut line = Vec::new();
            if !matches!(stdin.read_until(b'\n', &mut line), Ok(read) if read > 0) {
                return;
            }
            if line.ends_with(b"\n") {
                line.pop();
            }
            if sender.send(String::from_utf8_lossy(&line).into_owned()).is_err() {
                return;
            }
        }
    };
    spawn(read);
    lines
}

/// The bytes of standard input, as they arrive; for a terminal that sends each key at once.
pub fn pressed() -> UnboundedReceiver<Vec<u8>> {
    let (sender, pressed) = unbounded_channel();
    spawn(move || {
        let mut stdin = io::stdin().lock();
        let mut bytes = [0; 256];
        while let Ok(read @ 1..) = stdin.read(&mut bytes) {
            if sender.send(bytes[..read].to_vec()).is_err() {
                return;
            }
        }
    });
    pressed
}

/// Where no thread is to be had, the channel closes: the end of what is typed.
fn spawn(read: impl FnOnce() + Send + 'static) {
    drop(std::thread::Builder::new().name("stdin".to_owned()).spawn(read));
}
