//! How a terminal is told what happened while nobody looked: bytes for its bell, its notifications, its window's title.

use std::fmt::Write as _;

/// What is between us and the terminal that a person sees.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Between {
    Nothing,
    Tmux,
    Screen,
}

/// The language in which a terminal takes notifications.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Notes {
    /// OSC 9: `iTerm2`, kitty, `WezTerm`, Ghostty, Windows Terminal. Whoever doesn't know it shows nothing.
    Nine,
    /// OSC 777: foot, rxvt, the terminals of GNOME and Xfce.
    Rxvt,
}

/// How to tell this terminal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Outside {
    between: Between,
    notes: Notes,
}

impl Outside {
    /// What the environment says of the terminal.
    pub fn of(variable: impl Fn(&str) -> Option<String>) -> Self {
        let is_set = |name: &str| variable(name).is_some_and(|value| !value.is_empty());
        let term = variable("TERM").unwrap_or_default();
        let between = if is_set("TMUX") {
            Between::Tmux
        } else if is_set("STY") {
            Between::Screen
        } else {
            Between::Nothing
        };
        let is_rxvt = term.starts_with("foot") || term.starts_with("rxvt") || is_set("VTE_VERSION");
        Self { between, notes: if is_rxvt { Notes::Rxvt } else { Notes::Nine } }
    }

    /// The bytes of a notification. The text must be safe to show.
    pub fn notification(self, text: &str) -> String {
        let text = text.replace(';', ",");
        self.through(&match self.notes {
            Notes::Nine => format!("\x1b]9;{text}\x1b\\"),
            Notes::Rxvt => format!("\x1b]777;notify;trialogue;{text}\x1b\\"),
        })
    }

    /// The bytes that reach the terminal behind a multiplexer: tmux passes them on where its owner allows that
    /// (`allow-passthrough`), and swallows them where not.
    fn through(self, bytes: &str) -> String {
        match self.between {
            Between::Nothing => bytes.to_owned(),
            Between::Tmux => format!("\x1bPtmux;{}\x1b\\", bytes.replace('\x1b', "\x1b\x1b")),
            // A string within a string would end at the first terminator: BEL ends the inner one.
            Between::Screen => format!("\x1bP{}\x1b\\", bytes.replace("\x1b\\", "\x07")),
        }
    }
}

/// The bytes that give the window this title. The text must be safe to show.
pub fn title(text: &str) -> String {
    let mut bytes = String::with_capacity(text.len() + 6);
    // Writing to a string succeeds.
    let _ = write!(bytes, "\x1b]2;{text}\x1b\\");
    bytes
}

/// The terminal keeps its title for later.
pub const PUSH_TITLE: &str = "\x1b[22;2t";
/// The terminal shows the title that it kept.
pub const POP_TITLE: &str = "\x1b[23;2t";

#[cfg(test)]
mod tests {
    use super::*;

    fn outside(variables: &[(&str, &str)]) -> Outside {
        Outside::of(|name| variables.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned()))
    }

    #[test]
    fn each_terminal_is_told_in_its_own_language() {
        let told = |variables: &[(&str, &str)]| outside(variables).notification("a; b");
        assert_eq!(told(&[("TERM", "xterm-256color")]), "\x1b]9;a, b\x1b\\");
        assert_eq!(told(&[("TERM", "foot")]), "\x1b]777;notify;trialogue;a, b\x1b\\");
        assert_eq!(told(&[("TERM", "xterm"), ("VTE_VERSION", "7600")]), "\x1b]777;notify;trialogue;a, b\x1b\\");
        assert_eq!(told(&[("TMUX", "/tmp/x,1,0")]), "\x1bPtmux;\x1b\x1b]9;a, b\x1b\x1b\\\x1b\\");
        assert_eq!(told(&[("TMUX", ""), ("STY", "1.tty")]), "\x1bP\x1b]9;a, b\x07\x1b\\");
    }
}
