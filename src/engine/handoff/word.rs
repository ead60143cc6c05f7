//! Words of a sentence, and lists of words.

use std::collections::BTreeSet;
use std::sync::LazyLock;

/// A word without the punctuation around it, and whether punctuation stood there.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Word<'t> {
    /// Its letters.
    pub(crate) text: &'t str,
    /// The byte at which it starts.
    pub(crate) start: usize,
    /// The byte behind it.
    pub(crate) end: usize,
    /// Whether a sentence or a clause ends behind it.
    pub(crate) stops: bool,
}

/// The words of a sentence in order.
pub(crate) fn words(sentence: &str) -> Vec<Word<'_>> {
    let mut found = Vec::new();
    let mut from = 0;
    for piece in sentence.split_inclusive(|c: char| c.is_whitespace() || c == '—') {
        let start = from;
        from += piece.len();
        let trimmed = piece.trim_matches(|c: char| !is_word_edge(c));
        let trimmed = trimmed.trim_end_matches(['.', ',', ':', ';', '!', '?', '…']);
        let trimmed = trimmed.strip_suffix("'s").or_else(|| trimmed.strip_suffix("’s")).unwrap_or(trimmed);
        if trimmed.is_empty() {
            continue;
        }
        let offset = trimmed.as_ptr() as usize - piece.as_ptr() as usize;
        let tail = &piece[offset + trimmed.len()..];
        let stops = tail.contains(['.', ',', ':', ';', '!', '?', ')', '…', '—', '"', '”']);
        found.push(Word { text: trimmed, start: start + offset, end: start + offset + trimmed.len(), stops });
    }
    found
}

fn is_word_edge(c: char) -> bool {
    c.is_alphanumeric()
        || matches!(c, '/' | '~' | '.' | '%' | '€' | '$' | '£' | '¥' | '°' | '+' | '-' | '\\' | '_' | '@' | '#')
}

/// A list of words that is looked up often.
pub(crate) type List = LazyLock<BTreeSet<&'static str>>;

/// The list of these words, parted by white space.
pub(crate) fn list(words: &'static str) -> BTreeSet<&'static str> {
    words.split_whitespace().collect()
}

/// Whether a list has this word.
pub(crate) fn listed(list: &List, word: &str) -> bool {
    list.contains(word)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_lose_the_punctuation_around_them() {
        let bare: Vec<_> =
            words("“Ines’s cat”, (3.5 km) a/b — no?").into_iter().map(|word| (word.text, word.stops)).collect();
        assert_eq!(bare, [("Ines", false), ("cat", true), ("3.5", false), ("km", true), ("a/b", false), ("no", true)]);
    }
}
