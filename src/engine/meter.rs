//! How full a context is: the provider's last usage, and a local estimate of what was added since.

use serde::{Deserialize, Serialize};

use super::message::{Message, Part};

/// Tokens beyond a message's text: its role and separators.
const PER_MESSAGE: u32 = 5;

/// How many tokens a conversation's context has.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Meter {
    /// Input and output tokens of the last answer whose usage the provider told.
    pub measured: u32,
    /// Estimated tokens of everything added since.
    pub added: u32,
}

impl Meter {
    /// Tokens in the context, as far as known.
    pub const fn tokens(self) -> u32 {
        self.measured.saturating_add(self.added)
    }

    /// How full a window of this many tokens is, from 0 to 1 and beyond.
    pub fn fill(self, window: u32) -> f64 {
        f64::from(self.tokens()) / f64::from(window.max(1))
    }
}

/// The estimated tokens of a text: about a third of a token per ASCII character, one and a half per other.
pub fn estimate(text: &str) -> u32 {
    let ascii = text.bytes().filter(u8::is_ascii).count();
    let other = text.chars().count() - ascii;
    let tokens = (ascii as f64).mul_add(0.33, other as f64 * 1.5);
    tokens.ceil().min(f64::from(u32::MAX)) as u32
}

/// The estimated tokens of a message as it is sent: text and attachments, not reasoning.
pub fn estimate_message(message: &Message) -> u32 {
    message.parts.iter().fold(PER_MESSAGE, |sum, part| {
        sum.saturating_add(match part {
            Part::Text { text } => estimate(text),
            Part::Attachment(attachment) => attachment.tokens,
            Part::Reasoning { .. } | Part::Unknown(_) => 0,
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn other_scripts_weigh_more_than_ascii() {
        assert_eq!(estimate(""), 0);
        assert_eq!(estimate(&"a".repeat(100)), 33);
        assert_eq!(estimate("価格"), 3);
    }
}
