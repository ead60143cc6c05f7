//! A key as a person writes it: `ctrl-x`, `alt-enter`, `f1`, `J`.

use std::fmt;
use std::str::FromStr;

use crokey::{KeyCombination, OneToThree};
use crossterm::event::{KeyCode, KeyModifiers};

/// One key with its modifiers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Key(pub KeyCombination);

impl Key {
    /// Whether no text is typed with it.
    pub fn is_chord(&self) -> bool {
        self.0.modifiers.intersects(KeyModifiers::CONTROL | KeyModifiers::ALT)
            || matches!(self.0.codes, OneToThree::One(KeyCode::F(_)))
    }
}

impl Default for Key {
    /// The leader's own: free in tmux, screen and zellij.
    fn default() -> Self {
        Self(KeyCombination::new(KeyCode::Char('x'), KeyModifiers::CONTROL))
    }
}

impl FromStr for Key {
    type Err = NotAKey;

    fn from_str(text: &str) -> Result<Self, NotAKey> {
        let mut chars = text.chars();
        // One character is itself, whatever its script, and a capital is not its small letter.
        if let (Some(only), None) = (chars.next(), chars.next()) {
            if only.is_control() || only.is_whitespace() {
                return Err(NotAKey(text.to_owned()));
            }
            let shift = if only.is_uppercase() { KeyModifiers::SHIFT } else { KeyModifiers::NONE };
            return Ok(Self(KeyCombination::new(KeyCode::Char(only), shift)));
        }
        match crokey::parse(text) {
            Ok(key) if matches!(key.codes, OneToThree::One(_)) => Ok(Self(key)),
            _ => Err(NotAKey(text.to_owned())),
        }
    }
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)
    }
}

/// Why a text is no [`Key`].
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not a key: write one such as ctrl-x, alt-enter, f1, or a single letter")]
pub struct NotAKey(pub String);

#[cfg(test)]
mod tests {
    use super::*;

    fn key(text: &str) -> (KeyCode, KeyModifiers) {
        let Key(key) = text.parse().unwrap();
        match key.codes {
            OneToThree::One(code) => (code, key.modifiers),
            codes => panic!("{codes:?}"),
        }
    }

    #[test]
    fn keys_are_read_as_they_are_written() {
        assert_eq!(key("ctrl-x"), (KeyCode::Char('x'), KeyModifiers::CONTROL));
        assert_eq!(key("Alt-Enter"), (KeyCode::Enter, KeyModifiers::ALT));
        assert_eq!(key("j"), (KeyCode::Char('j'), KeyModifiers::NONE));
        assert_eq!(key("J"), (KeyCode::Char('J'), KeyModifiers::SHIFT));
        assert_eq!(key("ø"), (KeyCode::Char('ø'), KeyModifiers::NONE));
        assert_eq!(key("-"), (KeyCode::Char('-'), KeyModifiers::NONE));
        assert_eq!(key("f12"), (KeyCode::F(12), KeyModifiers::NONE));
        assert!(Key::default().is_chord() && !"j".parse::<Key>().unwrap().is_chord());
    }

    #[test]
    fn what_is_no_key_is_refused() {
        for text in ["", " ", "\t", "ctlr-x", "ctrl-", "a-b", "ctrl-a-b-c-d", "f99", "\u{1b}"] {
            assert!(text.parse::<Key>().is_err(), "{text:?}");
        }
    }
}
