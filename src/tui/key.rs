//! A key as the app understands it, whatever terminal it came from: one value per meaning, and its names.

use std::fmt;
use std::str::FromStr;

use crossterm::event::{KeyCode, KeyEvent, KeyEventKind, KeyModifiers};

/// A key press with its modifiers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Key {
    /// What was pressed.
    pub code: Code,
    /// With Ctrl.
    pub ctrl: bool,
    /// With Alt, or after an Esc in the same moment: terminals send the same bytes.
    pub alt: bool,
    /// With Shift; never set for characters, which carry it themselves.
    pub shift: bool,
}

/// What was pressed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[expect(missing_docs, reason = "the keys are named as on a keyboard")]
pub enum Code {
    Char(char),
    Enter,
    Esc,
    Tab,
    Backspace,
    Delete,
    Insert,
    Left,
    Right,
    Up,
    Down,
    Home,
    End,
    PageUp,
    PageDown,
    F(u8),
}

/// The names of the keys that are no characters, as written in files and in tests; the first is the screen's.
const NAMES: [(Code, &[&str]); 14] = [
    (Code::Enter, &["Enter", "return", "cr"]),
    (Code::Esc, &["Esc", "escape"]),
    (Code::Tab, &["Tab"]),
    (Code::Backspace, &["Backspace", "bs"]),
    (Code::Delete, &["Del", "delete"]),
    (Code::Insert, &["Ins", "insert"]),
    (Code::Left, &["←", "left"]),
    (Code::Right, &["→", "right"]),
    (Code::Up, &["↑", "up"]),
    (Code::Down, &["↓", "down"]),
    (Code::Home, &["Home"]),
    (Code::End, &["End"]),
    (Code::PageUp, &["PgUp", "pageup"]),
    (Code::PageDown, &["PgDn", "pagedown"]),
];

impl Key {
    /// This key without modifiers.
    pub const fn plain(code: Code) -> Self {
        Self { code, ctrl: false, alt: false, shift: false }
    }

    /// A character without modifiers.
    pub const fn char(char: char) -> Self {
        Self::plain(Code::Char(char))
    }

    /// A character with Ctrl.
    pub const fn ctrl(char: char) -> Self {
        Self { ctrl: true, ..Self::char(char) }
    }

    /// The character this key types, if it types one.
    pub const fn typed(self) -> Option<char> {
        match self.code {
            Code::Char(char) if !self.ctrl && !self.alt => Some(char),
            _ => None,
        }
    }

    /// The same key without Alt.
    #[must_use]
    pub const fn without_alt(self) -> Self {
        Self { alt: false, ..self }
    }

    /// What a terminal sent, unless it is a release or a key that means nothing here.
    pub fn from_event(event: KeyEvent) -> Option<Self> {
        if event.kind == KeyEventKind::Release {
            return None;
        }
        let held = |modifier| event.modifiers.contains(modifier);
        let mut key = Self {
            code: Code::Esc,
            ctrl: held(KeyModifiers::CONTROL),
            alt: held(KeyModifiers::ALT),
            shift: held(KeyModifiers::SHIFT),
        };
        key.code = match event.code {
            KeyCode::Char(char) => {
                key.shift = false;
                // Ctrl with a letter is one key, whatever Shift or Caps Lock say.
                Code::Char(if key.ctrl { char.to_ascii_lowercase() } else { char })
            }
            KeyCode::BackTab => {
                key.shift = true;
                Code::Tab
            }
            KeyCode::Enter => Code::Enter,
            KeyCode::Esc => Code::Esc,
            KeyCode::Tab => Code::Tab,
            KeyCode::Backspace => Code::Backspace,
            KeyCode::Delete => Code::Delete,
            KeyCode::Insert => Code::Insert,
            KeyCode::Left => Code::Left,
            KeyCode::Right => Code::Right,
            KeyCode::Up => Code::Up,
            KeyCode::Down => Code::Down,
            KeyCode::Home => Code::Home,
            KeyCode::End => Code::End,
            KeyCode::PageUp => Code::PageUp,
            KeyCode::PageDown => Code::PageDown,
            KeyCode::F(number) => Code::F(number),
            KeyCode::Null
            | KeyCode::CapsLock
            | KeyCode::ScrollLock
            | KeyCode::NumLock
            | KeyCode::PrintScreen
            | KeyCode::Pause
            | KeyCode::Menu
            | KeyCode::KeypadBegin
            | KeyCode::Media(_)
            | KeyCode::Modifier(_) => return None,
        };
        Some(key)
    }
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (held, name) in [(self.ctrl, "Ctrl-"), (self.alt, "Alt-"), (self.shift, "Shift-")] {
            if held {
                f.write_str(name)?;
            }
        }
        match self.code {
            Code::Char(' ') => f.write_str("Space"),
            Code::Char(char) if self.ctrl || self.alt => write!(f, "{}", char.to_uppercase()),
            Code::Char(char) => write!(f, "{char}"),
            Code::F(number) => write!(f, "F{number}"),
            code => f.write_str(NAMES.iter().find(|(named, _)| *named == code).map_or("?", |(_, names)| names[0])),
        }
    }
}

/// Why a text names no key.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not a key: write a character, enter, esc, f1, ctrl-x, alt-enter")]
pub struct NotAKey(pub String);

impl FromStr for Key {
    type Err = NotAKey;

    /// Reads `ctrl-x`, `C-x`, `alt-enter`, `S-Tab`, `f1`, `|`, `-`.
    fn from_str(text: &str) -> Result<Self, NotAKey> {
        let wrong = || NotAKey(text.to_owned());
        let mut key = Self::plain(Code::Esc);
        let mut rest = text;
        while let Some((modifier, after)) = rest.split_once('-').filter(|(_, after)| !after.is_empty()) {
            match modifier.to_ascii_lowercase().as_str() {
                "c" | "ctrl" => key.ctrl = true,
                "a" | "alt" | "m" => key.alt = true,
                "s" | "shift" => key.shift = true,
                _ => return Err(wrong()),
            }
            rest = after;
        }
        let lower = rest.to_lowercase();
        let mut chars = rest.chars();
        key.code = match (chars.next(), chars.next()) {
            (Some(char), None) if NAMES.iter().all(|(_, names)| !names.contains(&rest)) => {
                Code::Char(if key.ctrl { char.to_ascii_lowercase() } else { char })
            }
            _ if lower == "space" => Code::Char(' '),
            _ => {
                let named = NAMES.iter().find(|(_, names)| names.iter().any(|name| name.to_lowercase() == lower));
                let function = || lower.strip_prefix('f').and_then(|number| number.parse().ok()).map(Code::F);
                named.map(|(code, _)| *code).or_else(function).ok_or_else(wrong)?
            }
        };
        if let Code::Char(char) = key.code
            && key.shift
        {
            key.shift = false;
            key.code = Code::Char(char.to_uppercase().next().unwrap_or(char));
        }
        Ok(key)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_reads_as_files_and_tests_write_it() {
        for (text, label) in [
            ("ctrl-x", "Ctrl-X"),
            ("C-x", "Ctrl-X"),
            ("A-Enter", "Alt-Enter"),
            ("shift-tab", "Shift-Tab"),
            ("f1", "F1"),
            ("pageup", "PgUp"),
            ("-", "-"),
            ("|", "|"),
            ("space", "Space"),
            ("left", "←"),
            ("S-a", "A"),
        ] {
            assert_eq!(text.parse::<Key>().unwrap().to_string(), label, "{text}");
        }
        for text in ["", "hyper-x", "fx", "ctrl-", "entre"] {
            assert!(text.parse::<Key>().is_err(), "{text}");
        }
    }

    #[test]
    fn the_ways_a_terminal_sends_one_key_are_one_key() {
        let sent = |code, modifiers| Key::from_event(KeyEvent::new(code, modifiers));
        let upper = sent(KeyCode::Char('X'), KeyModifiers::CONTROL | KeyModifiers::SHIFT);
        assert_eq!(upper, Some(Key::ctrl('x')));
        assert_eq!(sent(KeyCode::Char('A'), KeyModifiers::SHIFT), Some(Key::char('A')));
        assert_eq!(sent(KeyCode::BackTab, KeyModifiers::NONE), sent(KeyCode::BackTab, KeyModifiers::SHIFT));
        assert_eq!(sent(KeyCode::CapsLock, KeyModifiers::NONE), None);
    }
}
