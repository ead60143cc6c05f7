//! What stands in the place of a value: `[CLIENT_1]`, and `[CLIENT_1b]` for another way of writing the same.

use std::fmt;

/// The most digits and letters of a pseudonym's number and variant, and the longest label.
const DIGITS: usize = 7;
/// The highest number that fits.
pub(super) const HIGHEST: u32 = 9_999_999;
const LETTERS: usize = 4;
const LABEL: usize = 24;
/// The longest pseudonym there is, in bytes.
pub(super) const LONGEST: usize = LABEL + DIGITS + LETTERS + 3;

/// A pseudonym in its parts.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Pseudonym {
    /// The label of its kind: `CLIENT`.
    pub label: String,
    /// The number of the value within its label.
    pub number: u32,
    /// Which way of writing the value: 0 is the first that was seen, and has no letter.
    pub variant: u32,
}

impl fmt::Display for Pseudonym {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "[{}_{}{}]", self.label, self.number, letters(self.variant))
    }
}

/// 1 is `b`, 25 is `z`, 26 is `ba`: digits of base 26 with `a` for nought.
fn letters(mut variant: u32) -> String {
    let mut letters = Vec::new();
    while variant > 0 {
        letters.push(b'a' + (variant % 26) as u8);
        variant /= 26;
    }
    letters.reverse();
    String::from_utf8(letters).unwrap_or_default()
}

impl Pseudonym {
    /// The pseudonym that stands exactly here, and how many bytes it takes.
    pub(super) fn read(text: &str) -> Option<(Self, usize)> {
        let (label, number, variant, length) = Self::parts(text)?;
        Some((Self { label: label.to_owned(), number, variant }, length))
    }

    /// The label of the pseudonym that stands exactly here, and how many bytes the pseudonym takes.
    pub(super) fn label_of(text: &str) -> Option<(&str, usize)> {
        Self::parts(text).map(|(label, _, _, length)| (label, length))
    }

    /// Label, number and variant of the pseudonym that stands exactly here, and how many bytes it takes.
    fn parts(text: &str) -> Option<(&str, u32, u32, usize)> {
        let bytes = text.as_bytes();
        if bytes.first() != Some(&b'[') {
            return None;
        }
        let label = bytes[1..]
            .iter()
            .take(LABEL + 1 + DIGITS)
            .take_while(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit() || **byte == b'_')
            .count();
        let tail = 1 + label;
        let label_end = text[1..tail].rfind('_').map(|at| at + 1)?;
        let number = &text[label_end + 1..tail];
        let letters = bytes[tail..].iter().take(LETTERS).take_while(|byte| byte.is_ascii_lowercase()).count();
        let end = tail + letters;
        let right =
            bytes.get(end) == Some(&b']') && !number.is_empty() && number.len() <= DIGITS && !number.starts_with('0');
        let label = &text[1..label_end];
        if !right
            || !label.starts_with(|c: char| c.is_ascii_uppercase())
            || !number.bytes().all(|byte| byte.is_ascii_digit())
        {
            return None;
        }
        Some((label, number.parse().ok()?, variant(&text[tail..end])?, end + 1))
    }
}

/// The variant that these letters stand for; `None` for letters that no variant has.
pub(super) fn variant(letters: &str) -> Option<u32> {
    if letters.starts_with('a') || letters.len() > LETTERS {
        return None;
    }
    Some(letters.bytes().fold(0, |sum, letter| sum * 26 + u32::from(letter.to_ascii_lowercase() - b'a')))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_again() {
        for variant in [0, 1, 25, 26, 51, 700] {
            let pseudonym = Pseudonym { label: "LAW_FIRM".to_owned(), number: 12, variant };
            let text = pseudonym.to_string();
            assert_eq!(Pseudonym::read(&text), Some((pseudonym, text.len())), "{text}");
        }
    }

    #[test]
    fn what_only_looks_like_a_pseudonym_is_none() {
        for text in [
            "[CLIENT_]",
            "[client_1]",
            "[CLIENT_01]",
            "[CLIENT_1a]",
            "[_1]",
            "[CLIENT 1]",
            "CLIENT_1]",
            "[CLIENT_1",
            "[1_1]",
            "[CLIENT_12345678]",
        ] {
            assert_eq!(Pseudonym::read(text), None, "{text}");
        }
    }
}
