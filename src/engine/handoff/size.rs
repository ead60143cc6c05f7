//! How large a handoff may be, and what a text costs of it.

use std::fmt;

use super::transcript::Transcript;

/// Hundredths of a token per ASCII character, and per other character: the same estimate as the meter's.
const ASCII: usize = 33;
const OTHER: usize = 150;

/// The size that a document may not exceed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Size {
    /// Unicode scalar values.
    Chars(usize),
    /// Estimated tokens.
    Tokens(usize),
}

impl Size {
    /// This share of the transcript's characters, rounded down.
    pub fn percent(percent: f64, transcript: &Transcript<'_>) -> Self {
        let share = transcript.chars() as f64 * percent.clamp(0.0, 100.0) / 100.0;
        // The product of a whole number and a decimal share may fall a hair short of the whole number it means.
        Self::Chars((share + 1e-6).floor() as usize)
    }

    /// Whether the text fits.
    pub fn holds(self, text: &str) -> bool {
        self.cost(text) <= self.limit()
    }

    /// What a text costs, in this size's own units. The cost of two texts is the sum of their costs.
    pub(crate) fn cost(self, text: &str) -> usize {
        match self {
            Self::Chars(_) => text.chars().count(),
            Self::Tokens(_) => {
                let ascii = text.bytes().filter(u8::is_ascii).count();
                ascii * ASCII + (text.chars().count() - ascii) * OTHER
            }
        }
    }

    /// The limit, in the units of [`Size::cost`].
    pub(crate) const fn limit(self) -> usize {
        match self {
            Self::Chars(chars) => chars,
            Self::Tokens(tokens) => tokens.saturating_mul(100),
        }
    }

    /// A size of the same kind that holds what costs this much.
    pub(crate) const fn of_cost(self, cost: usize) -> Self {
        match self {
            Self::Chars(_) => Self::Chars(cost),
            Self::Tokens(_) => Self::Tokens(cost.div_ceil(100)),
        }
    }

    /// The largest size of the same kind that costs no more than this.
    pub(crate) const fn of_cost_below(self, cost: usize) -> Self {
        match self {
            Self::Chars(_) => Self::Chars(cost),
            Self::Tokens(_) => Self::Tokens(cost / 100),
        }
    }

    /// What an ASCII character costs.
    pub(crate) const fn per_char(self) -> usize {
        match self {
            Self::Chars(_) => 1,
            Self::Tokens(_) => ASCII,
        }
    }
}

impl fmt::Display for Size {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Chars(chars) => write!(f, "{chars} characters"),
            Self::Tokens(tokens) => write!(f, "{tokens} tokens"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::handoff::transcript::{Role, Spoken};
    use crate::engine::meter;

    #[test]
    fn a_share_counts_scalar_values_and_rounds_down() {
        let transcript =
            Transcript { spoken: vec![Spoken::new(Role::Person, "aé漢🙂b", "m1")], ..Transcript::default() };
        assert_eq!(Size::percent(50.0, &transcript), Size::Chars(2));
        assert_eq!(Size::percent(100.0, &transcript), Size::Chars(5));
    }

    #[test]
    fn tokens_agree_with_the_meter() {
        let text = "three words, 漢字".repeat(9);
        let tokens = meter::estimate(&text) as usize;
        assert!(Size::Tokens(tokens).holds(&text));
        assert!(!Size::Tokens(tokens - 1).holds(&text));
    }
}
