//! What a command says: text to stdout, notices to stderr.

use std::io::{self, IsTerminal as _, Write as _};

use serde::Serialize;

use crate::tui::text::sanitise::{Sanitiser, sanitise};

/// Standard output. Text from outside is sanitised on its way to a terminal, and left as it is on its way to a file or
/// another program.
#[derive(Debug)]
pub struct Out {
    is_terminal: bool,
    sanitiser: Sanitiser,
    /// What was written through [`io::Write`] and has not been printed yet.
    waiting: Vec<u8>,
}

/// How much may wait: an export is printed in pieces of about this size.
const LONGEST_WAIT: usize = 64 * 1024;

impl Out {
    /// The process's standard output.
    pub fn new() -> Self {
        Self { is_terminal: io::stdout().is_terminal(), sanitiser: Sanitiser::default(), waiting: Vec::new() }
    }

    /// Writes a line.
    pub fn line(&mut self, text: &str) -> io::Result<()> {
        let mut stdout = io::stdout().lock();
        if self.is_terminal { writeln!(stdout, "{}", sanitise(text)) } else { writeln!(stdout, "{text}") }
    }

    /// Writes a piece of a stream and makes it visible at once. What the next piece decides is held back until then.
    pub fn piece(&mut self, text: &str) -> io::Result<()> {
        let mut stdout = io::stdout().lock();
        if self.is_terminal {
            let mut shown = String::with_capacity(text.len());
            self.sanitiser.push(text, &mut shown);
            stdout.write_all(shown.as_bytes())?;
        } else {
            stdout.write_all(text.as_bytes())?;
        }
        stdout.flush()
    }

    /// Ends the stream with a newline, unless the last piece did.
    pub fn end_of_stream(&mut self, ended_with_newline: bool) -> io::Result<()> {
        let mut shown = String::new();
        std::mem::take(&mut self.sanitiser).finish(&mut shown);
        let mut stdout = io::stdout().lock();
        stdout.write_all(shown.as_bytes())?;
        if !ended_with_newline {
            stdout.write_all(b"\n")?;
        }
        stdout.flush()
    }

    /// Writes a value as one line of JSON.
    pub fn json(&mut self, value: &impl Serialize) -> io::Result<()> {
        let mut text = serde_json::to_vec(value)?;
        text.push(b'\n');
        let mut stdout = io::stdout().lock();
        stdout.write_all(&text)?;
        stdout.flush()
    }
}

/// For long texts that are made piece by piece. Each piece must be whole characters, as `write!` makes them.
impl io::Write for Out {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.is_terminal {
            let mut shown = String::with_capacity(bytes.len());
            self.sanitiser.push(&String::from_utf8_lossy(bytes), &mut shown);
            self.waiting.extend_from_slice(shown.as_bytes());
        } else {
            self.waiting.extend_from_slice(bytes);
        }
        if self.waiting.len() > LONGEST_WAIT {
            self.flush()?;
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        let mut stdout = io::stdout().lock();
        stdout.write_all(&self.waiting)?;
        self.waiting.clear();
        stdout.flush()
    }
}

impl Default for Out {
    fn default() -> Self {
        Self::new()
    }
}

/// A sentence for the person, on stderr. It may quote what came from outside, so it is always sanitised.
pub fn notice(text: &str) {
    // Where stderr is closed there is nobody to tell.
    let _ = writeln!(io::stderr().lock(), "{}", sanitise(text));
}
