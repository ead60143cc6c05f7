//! Where the words that are looked for stand in a text, as the index finds them: without case, from a word's beginning.

use std::ops::Range;

use super::rich::{Ink, RichLine, RichSpan};
use crate::tui::theme::Token;

/// Words to find.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Needle {
    words: Vec<Vec<char>>,
}

impl Needle {
    /// The words of a query.
    pub fn new(query: &str) -> Self {
        let word = |word: &str| word.chars().map(fold).collect::<Vec<char>>();
        Self { words: query.split_whitespace().map(word).collect() }
    }

    /// The bytes of a line that match, from left to right.
    pub fn ranges(&self, line: &str) -> Vec<Range<usize>> {
        let chars: Vec<(usize, char)> = line.char_indices().map(|(at, c)| (at, fold(c))).collect();
        let mut ranges: Vec<Range<usize>> = Vec::new();
        let mut at = 0;
        while at < chars.len() {
            let rest = &chars[at..];
            let fits = |word: &&Vec<char>| {
                word.len() <= rest.len() && word.iter().zip(rest).all(|(wanted, (_, c))| wanted == c)
            };
            // A word's beginning: where nothing is spelled before it, or where a script has no gaps between words.
            let begins = at == 0 || !chars[at - 1].1.is_alphanumeric() || !chars[at].1.is_ascii_alphanumeric();
            let found = self.words.iter().filter(|_| begins).filter(fits).map(Vec::len).max();
            match found.filter(|len| *len > 0) {
                Some(len) => {
                    let end = chars.get(at + len).map_or(line.len(), |(byte, _)| *byte);
                    ranges.push(chars[at].0..end);
                    at += len;
                }
                None => at += 1,
            }
        }
        ranges
    }

    /// The first of these lines in which a word stands.
    pub fn first_line<'a>(&self, lines: impl IntoIterator<Item = &'a RichLine>) -> Option<usize> {
        lines.into_iter().position(|line| !self.ranges(&line.text()).is_empty())
    }

    /// The line with what matches marked as such.
    pub fn marked(&self, line: &RichLine) -> RichLine {
        let ranges = self.ranges(&line.text());
        if ranges.is_empty() {
            return line.clone();
        }
        let mut spans = Vec::new();
        let mut at = 0;
        for span in &line.spans {
            let (mut from, end) = (at, at + span.text.len());
            let mut piece = |from: usize, to: usize, ink: Ink| {
                if let Some(text) = span.text.get(from - at..to - at).filter(|text| !text.is_empty()) {
                    spans.push(RichSpan::new(text, ink));
                }
            };
            for range in ranges.iter().filter(|range| range.start < end && range.end > at) {
                let (start, stop) = (range.start.max(from), range.end.min(end));
                piece(from, start, span.ink());
                piece(start, stop, span.ink().token(Token::Match));
                from = stop;
            }
            piece(from, end, span.ink());
            at = end;
        }
        RichLine { spans }
    }
}

fn fold(c: char) -> char {
    c.to_lowercase().next().unwrap_or(c)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_found_from_their_beginning_whatever_their_case() {
        let found = |query: &str, text: &str| -> Vec<String> {
            Needle::new(query).ranges(text).into_iter().map(|range| text[range].to_owned()).collect()
        };
        assert_eq!(found("pri seat", "Prices per SEAT, unpriced"), ["Pri", "SEAT"]);
        assert_eq!(found("格", "価格は価格"), ["格", "格"]);
        assert_eq!(found("straße", "Die STRASSE, die Straße"), ["Straße"]);
        assert!(found("", "anything").is_empty());
    }

    #[test]
    fn what_is_marked_stays_the_same_text() {
        let line = RichLine {
            spans: vec![
                RichSpan::new("per se", Ink::of(Token::Text)),
                RichSpan::new("at, yearly", Ink::of(Token::Code)),
            ],
        };
        let marked = Needle::new("seat").marked(&line);
        assert_eq!(marked.text(), line.text());
        let tokens: Vec<_> = marked.spans.iter().map(|span| (span.text.as_str(), span.token)).collect();
        assert_eq!(
            tokens,
            [("per ", Token::Text), ("se", Token::Match), ("at", Token::Match), (", yearly", Token::Code)]
        );
    }
}
