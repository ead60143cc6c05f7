//! Words that everyone uses, in tiers of frequency: what is not among them may be somebody's name.
//!
//! `words.txt` holds three front-coded lists, one per line: common words, further known words, names of people. They
//! are made from SCOWL 2020.12.07 (American and British English, sizes 10–20, 35–50, and its proper names to size 50),
//! without the inflections that [`tier`] undoes. SCOWL is Copyright 2000–2018 by Kevin Atkinson: "Permission to use,
//! copy, modify, distribute and sell these word lists, the associated scripts, the output created from the scripts, and
//! its documentation for any purpose is hereby granted without fee, provided that the above copyright notice appears in
//! all copies and that both that copyright notice and this permission notice appear in supporting documentation. Kevin
//! Atkinson makes no representations about the suitability of this array for any purpose. It is provided "as is"
//! without express or implied warranty." Its sources are in the public domain, but for `WordNet` (Copyright 1997 by
//! Princeton University, free use with notice), which its inflections come from.

use std::collections::BTreeMap;
use std::sync::LazyLock;

const WORDS: &str = include_str!("words.txt");

/// How well known a word is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Tier {
    /// Among the eleven thousand most frequent words.
    Common,
    /// In every larger dictionary.
    Known,
}

/// The lists, sorted: each entry ends where the next begins.
struct Lists {
    common: Vec<Box<str>>,
    known: Vec<Box<str>>,
    names: Vec<Box<str>>,
}

static LISTS: LazyLock<Lists> = LazyLock::new(|| {
    let mut lines = WORDS.lines();
    let mut next = || decode(lines.next().unwrap_or(""));
    Lists { common: next(), known: next(), names: next() }
});

/// Undoes the front coding: a capital letter says how many letters are shared with the word before it (`A` is none).
fn decode(line: &str) -> Vec<Box<str>> {
    let mut words = Vec::new();
    let mut word = String::new();
    for c in line.bytes() {
        if c.is_ascii_uppercase() {
            if !word.is_empty() {
                words.push(word.clone().into_boxed_str());
            }
            word.truncate(usize::from(c - b'A'));
        } else {
            word.push(char::from(c));
        }
    }
    if !word.is_empty() {
        words.push(word.into_boxed_str());
    }
    words
}

fn is_in(list: &[Box<str>], word: &str) -> bool {
    list.binary_search_by(|entry| (**entry).cmp(word)).is_ok()
}

/// Endings that a dictionary leaves out, and what stands in their place.
const ENDINGS: [(&str, &[&str]); 16] = [
    ("s", &[""]),
    ("es", &[""]),
    ("ies", &["y"]),
    ("ed", &["", "e"]),
    ("ied", &["y"]),
    ("ing", &["", "e"]),
    ("ly", &[""]),
    ("er", &["", "e"]),
    ("ers", &["", "e"]),
    ("est", &["", "e"]),
    ("ness", &[""]),
    ("ings", &["", "e"]),
    ("ier", &["y"]),
    ("iest", &["y"]),
    ("ily", &["y"]),
    ("iness", &["y"]),
];

/// Endings that double the consonant before them: `stopped`, `running`.
const DOUBLING: [&str; 6] = ["ed", "ing", "er", "ers", "est", "ings"];

/// How well known a folded word is; `None` if the lists don't have it.
pub(super) fn tier(word: &str) -> Option<Tier> {
    if !word.bytes().all(|byte| byte.is_ascii_lowercase()) {
        return None;
    }
    let lists = &*LISTS;
    if known_in(&lists.common, word) {
        Some(Tier::Common)
    } else if known_in(&lists.known, word) || stems(word).any(|stem| is_in(&lists.common, &stem)) {
        Some(Tier::Known)
    } else {
        None
    }
}

/// How well known a word is that begins with a capital: a name that only looks like an inflected word (`James`, `Morales`)
/// is a name.
pub(super) fn tier_of_capital(word: &str) -> Option<Tier> {
    let listed = is_in(&LISTS.common, word) || is_in(&LISTS.known, word);
    if !listed && is_name(word) { None } else { tier(word) }
}

fn known_in(list: &[Box<str>], word: &str) -> bool {
    is_in(list, word) || stems(word).any(|stem| is_in(list, &stem))
}

fn stems(word: &str) -> impl Iterator<Item = String> + '_ {
    ENDINGS
        .iter()
        .filter_map(move |(ending, instead)| {
            let stem = word.strip_suffix(ending).filter(|stem| stem.len() >= 3)?;
            let mut stems: Vec<String> = instead.iter().map(|instead| format!("{stem}{instead}")).collect();
            let bytes = stem.as_bytes();
            if DOUBLING.contains(ending) && bytes.len() > 3 && bytes[bytes.len() - 1] == bytes[bytes.len() - 2] {
                stems.push(stem[..stem.len() - 1].to_owned());
            }
            Some(stems)
        })
        .flatten()
}

/// Whether a folded word is a first or last name that many people have.
pub(super) fn is_name(word: &str) -> bool {
    is_in(&LISTS.names, word)
}

/// A memory of [`tier`] for one text: most words return.
#[derive(Debug, Default)]
pub(super) struct Remembered([BTreeMap<String, Option<Tier>>; 2]);

impl Remembered {
    pub(super) fn tier(&mut self, word: &str, capital: bool) -> Option<Tier> {
        let memory = &mut self.0[usize::from(capital)];
        if let Some(&known) = memory.get(word) {
            return known;
        }
        let known = if capital { tier_of_capital(word) } else { tier(word) };
        memory.insert(word.to_owned(), known);
        known
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn inflected_words_are_known_and_names_are_not() {
        for word in ["the", "house", "houses", "stopped", "running", "happily", "quickest", "companies", "plaintiff"] {
            assert!(tier(word).is_some(), "{word}");
        }
        for word in ["halvorsen", "szasz", "brightwater", "bjorklund", "kristiana"] {
            assert!(tier(word).is_none(), "{word}");
        }
        assert_eq!(tier("with"), Some(Tier::Common));
        assert!(is_name("pamela") && !is_name("table"));
    }

    #[test]
    fn the_lists_decode_in_order() {
        for list in [&LISTS.common, &LISTS.known, &LISTS.names] {
            assert!(list.len() > 4_000 && list.is_sorted());
        }
    }
}
