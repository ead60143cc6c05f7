//! What arrives for each key that is pressed: its name, its bytes, and what it would do here.

use std::io::{self, Write as _};

use crossterm::event::{KeyboardEnhancementFlags, PopKeyboardEnhancementFlags, PushKeyboardEnhancementFlags};
use crossterm::execute;
use crossterm::terminal::{disable_raw_mode, enable_raw_mode};
use tokio::sync::mpsc::UnboundedReceiver;

use super::app::Keymap;
use super::app::action::{Context, TABLE};
use super::arrival::{decode, told};
use super::event_loop::Signals;
use super::key::{Code, Key};
use super::text::sanitise::one_line;

/// The terminal while keys are watched: it sends them as it does to the screen, and is as it was afterwards.
struct Watched;

impl Watched {
    fn begin() -> io::Result<Self> {
        enable_raw_mode()?;
        let watched = Self;
        let flags = KeyboardEnhancementFlags::DISAMBIGUATE_ESCAPE_CODES;
        execute!(io::stdout().lock(), PushKeyboardEnhancementFlags(flags))?;
        Ok(watched)
    }
}

impl Drop for Watched {
    fn drop(&mut self) {
        // A terminal that is gone can't be restored.
        let _ = execute!(io::stdout().lock(), PopKeyboardEnhancementFlags);
        let _ = disable_raw_mode();
    }
}

/// Shows each key until `q`, Ctrl-C twice, or the end of what is typed. The terminal is as it was when this returns.
pub async fn run(keymap: &Keymap, typed: impl FnOnce() -> UnboundedReceiver<Vec<u8>>) -> io::Result<()> {
    let mut signals = Signals::new()?;
    let _watched = Watched::begin()?;
    write("Press keys: what arrives is shown. q ends; so does Ctrl-C twice.")?;
    let mut typed = typed();
    let mut last = None;
    loop {
        let bytes = tokio::select! {
            _ = signals.next() => return Ok(()),
            bytes = typed.recv() => bytes,
        };
        let Some(bytes) = bytes else { return Ok(()) };
        for (key, bytes) in decode(&bytes) {
            write(&line(keymap, key, &bytes))?;
            let is_end = key == Some(Key::char('q')) || (key == Some(Key::ctrl('c')) && last == key);
            if is_end {
                return Ok(());
            }
            last = key;
        }
    }
}

fn write(line: &str) -> io::Result<()> {
    let mut out = io::stdout().lock();
    out.write_all(format!("{line}\r\n").as_bytes())?;
    out.flush()
}

/// `Ctrl-A        01              write: line-start`
fn line(keymap: &Keymap, key: Option<Key>, bytes: &[u8]) -> String {
    let Some(key) = key else { return format!("{:<14} {:<18} no key that means anything here", "?", told(bytes)) };
    let mut means = Vec::new();
    if key == keymap.leader() {
        means.push("begins a command".to_owned());
    }
    for (context, name) in [(Context::Write, "write"), (Context::Read, "read"), (Context::Leader, "after the leader")] {
        let action = keymap.action(context, key);
        let row = action.and_then(|action| TABLE.iter().find(|row| row.action == action));
        match row {
            Some(row) => means.push(format!("{name}: {}", row.name)),
            None if context == Context::Write && (key.typed().is_some() || key.code == Code::Tab) => {
                means.push("write: is typed".to_owned());
            }
            None => {}
        }
    }
    let means = if means.is_empty() { "means nothing".to_owned() } else { means.join(" · ") };
    format!("{:<14} {:<18} {means}", one_line(&key.to_string()), told(bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_shown_with_its_bytes_and_what_it_does() {
        let keymap = Keymap::default();
        let line = |key: &str, bytes: &[u8]| {
            let shown = super::line(&keymap, Some(key.parse().unwrap()), bytes);
            shown.split_whitespace().collect::<Vec<_>>().join(" ")
        };
        assert_eq!(line("ctrl-x", b"\x18"), "Ctrl-X 18 begins a command");
        assert_eq!(line("j", b"j"), "j 6a write: is typed · read: line-down");
        assert_eq!(line("ctrl-e", b"\x05"), "Ctrl-E 05 write: line-end · after the leader: editor");
        assert_eq!(line("f9", b"\x1b[20~"), "F9 1b 5b 32 30 7e means nothing");
    }
}
