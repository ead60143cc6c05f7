//! Numbers that stand behind the labels of pseudonyms in a source, however they are written: masking skips them.

use std::collections::{BTreeMap, BTreeSet};

use super::byte_set::ByteSet;
use super::fold::Folded;
use super::search::Patterns;

/// So many bytes hold the digits of a number that a pseudonym may have, in any script.
const DIGITS: usize = 32;
/// The most signs that stand between a label and its number.
const GAP: usize = 6;

/// The labels that numbers are looked for behind.
pub(super) struct Labels<'a> {
    /// Under the last letter of each, which is a capital.
    ends: BTreeMap<u8, Vec<&'a str>>,
    /// The first words of all, as they fold, and the labels that begin with each.
    words: Patterns,
    first: Vec<Vec<&'a str>>,
    /// How far before a number the label of any may begin, in bytes.
    reach: usize,
}

impl<'a> Labels<'a> {
    /// Labels as pseudonyms have them: capitals, digits and underscores, the last of them a capital.
    pub(super) fn new(labels: &'a BTreeSet<String>) -> Self {
        let mut ends: BTreeMap<u8, Vec<&str>> = BTreeMap::new();
        let mut first: BTreeMap<String, Vec<&str>> = BTreeMap::new();
        for label in labels {
            ends.entry(label.bytes().next_back().unwrap_or(0)).or_default().push(label);
            let word = label.split('_').next().unwrap_or(label);
            first.entry(word.to_ascii_lowercase()).or_default().push(label);
        }
        let (words, first): (Vec<String>, _) = first.into_iter().unzip();
        let reach = labels.iter().map(|label| label.len() * 2 + 24).max().unwrap_or(0);
        Self { ends, words: Patterns::new(words), first, reach }
    }

    /// Every (label, number) that stands in a text in any folding: `[client_1]`, `Client 1`, `CLIENT-1`.
    pub(super) fn numbers_in(&self, text: &str) -> BTreeSet<(String, u32)> {
        let mut numbers = BTreeSet::new();
        for number in begins(text) {
            let before = text.floor_char_boundary(number.saturating_sub(self.reach))..number;
            let Some(ending) = self.ending(&text.as_bytes()[before.clone()]) else { continue };
            let end = text.ceil_char_boundary((number + DIGITS).min(text.len()));
            if let Some(plain) = plain(ending, &text[before.clone()], &text[number..end]) {
                numbers.extend(plain);
            } else {
                numbers.extend(self.folded(&text[before.start..end]));
            }
        }
        numbers
    }

    /// The labels that may stand at the end of what stands before a number, if any may: a look spares most numbers the search.
    fn ending(&self, before: &[u8]) -> Option<&[&'a str]> {
        let last = before.iter().rev().find(|byte| byte.is_ascii_alphanumeric() || !byte.is_ascii())?;
        // What isn't ASCII may fold to anything.
        if last.is_ascii() { self.ends.get(&last.to_ascii_uppercase()).map(Vec::as_slice) } else { Some(&[]) }
    }

    /// Every (label, number) in a short text by its fold. Between the words of a label anything that folds to a space may stand:
    /// its first word is looked for, the rest is compared.
    fn folded(&self, text: &str) -> Vec<(String, u32)> {
        let mut numbers = Vec::new();
        let fold = Folded::new(text, &[]);
        self.words.each(fold.as_str(), |word, hit| {
            let near = fold.as_str()[hit.start..].replace(|c: char| !c.is_alphanumeric(), " ");
            for label in &self.first[word] {
                let behind = near.strip_prefix(&label.to_ascii_lowercase().replace('_', " "));
                let numbered = behind.and_then(|behind| {
                    let number = behind.trim_start_matches(' ');
                    leading(number).filter(|_| behind.len() - number.len() <= GAP)
                });
                numbers.extend(numbered.map(|number| ((*label).to_owned(), number)));
            }
            false
        });
        numbers
    }
}

/// What a digit of any script begins with.
const MAY_BE_DIGIT: ByteSet = ByteSet::of(&[]).and_from(b'0', b'9').and_from(0xc2, 0xff);

/// Where a number begins, in digits of any script.
fn begins(text: &str) -> impl Iterator<Item = usize> + '_ {
    let bytes = text.as_bytes();
    let mut from = 0;
    std::iter::from_fn(move || {
        loop {
            let at = MAY_BE_DIGIT.next_in(bytes, from)?;
            from = at + 1;
            if bytes[at].is_ascii_digit() {
                from = at + bytes[at..].iter().take_while(|byte| byte.is_ascii_digit()).count();
                return Some(at);
            }
            if text[at..].chars().next().is_some_and(char::is_numeric) {
                return Some(at);
            }
        }
    })
}

/// The numbers behind these labels between two texts; `None` where that needs their fold, because something that isn't ASCII
/// stands within.
fn plain(labels: &[&str], before: &str, behind: &str) -> Option<Vec<(String, u32)>> {
    let start = before.bytes().rposition(|byte| !byte.is_ascii()).map_or(0, |last| last + 1);
    let mut numbers = Vec::new();
    for label in labels {
        match ends_with(&before.as_bytes()[start..], label) {
            End::Cut if start > 0 => return None,
            End::Label => numbers.push(((*label).to_owned(), leading(behind)?)),
            End::Other | End::Cut => {}
        }
    }
    let digits = behind.bytes().take_while(u8::is_ascii_digit).count();
    let goes_on = behind.as_bytes().get(digits).is_some_and(|byte| !byte.is_ascii());
    (!goes_on && !labels.is_empty()).then_some(numbers)
}

/// What a text ends with.
enum End {
    Label,
    Other,
    /// The end of a label, and all of the text is in it.
    Cut,
}

/// Whether a text of ASCII ends with a label and at most a gap behind it.
fn ends_with(text: &[u8], label: &str) -> End {
    let mut rest = text;
    let mut gap = 0;
    while let Some(before) = without_sign(rest).filter(|_| gap <= GAP) {
        rest = before;
        gap += 1;
    }
    for (at, word) in label.rsplit('_').enumerate() {
        if at > 0 {
            match without_sign(rest) {
                Some(before) => rest = before,
                None => return if rest.is_empty() { End::Cut } else { End::Other },
            }
        }
        let (before, tail) = rest.split_at(rest.len().saturating_sub(word.len()));
        if gap > GAP || !word.as_bytes()[word.len() - tail.len()..].eq_ignore_ascii_case(tail) {
            return End::Other;
        }
        if tail.len() < word.len() {
            return End::Cut;
        }
        rest = before;
    }
    End::Label
}

/// The text before the sign or the white space that a text ends with: what folds to a single character that is no letter.
fn without_sign(text: &[u8]) -> Option<&[u8]> {
    let is_space = |byte: u8| matches!(byte, b' ' | b'\t'..=b'\r');
    let (last, before) = text.split_last().filter(|(last, _)| !last.is_ascii_alphanumeric())?;
    let more = if is_space(*last) { before.iter().rev().take_while(|byte| is_space(**byte)).count() } else { 0 };
    Some(&before[..before.len() - more])
}

/// The number that a text begins with, of which eight digits count.
fn leading(text: &str) -> Option<u32> {
    let digits = text.bytes().take(8).take_while(u8::is_ascii_digit).count();
    text[..digits].parse().ok()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn labels() -> BTreeSet<String> {
        ["CLIENT", "LAW_FIRM", "A_B"].map(str::to_owned).into()
    }

    fn seen(text: &str) -> Vec<(String, u32)> {
        Labels::new(&labels()).numbers_in(text).into_iter().collect()
    }

    #[test]
    fn numbers_are_seen_behind_their_labels_however_they_are_written() {
        for text in ["CLIENT1", "[client_1]", "Client  \n 1", "client \u{ff11}", "ＣＬＩＥＮＴ＿1, 7", "a clíent-1b"]
        {
            assert_eq!(seen(text), [("CLIENT".to_owned(), 1)], "{text}");
        }
        assert_eq!(seen("law-firm 12 and Law Firm_3"), [("LAW_FIRM".to_owned(), 3), ("LAW_FIRM".to_owned(), 12)]);
        for text in ["clients 1", "client, who is 1 of them", "1 client", "law 1", "client"] {
            assert_eq!(seen(text), [], "{text}");
        }
    }

    proptest! {
        #[test]
        fn plain_text_is_read_as_its_fold_is(
            before in "([aAá][ _`\u{a0}\t-]{0,2}|[bB][ \n#.]{0,8}|(cl[ií]|\u{200b}|en)ent|lawfirm|law firm|[xé]){0,6}",
            number in "[0-9]{1,2}[\u{ff11}\u{300}x]?",
        ) {
            let labels = labels();
            let labels = Labels::new(&labels);
            let text = format!("{before}{number}");
            prop_assert_eq!(labels.numbers_in(&text), labels.folded(&text).into_iter().collect());
        }
    }
}
