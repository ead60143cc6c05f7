//! Many strings looked for at once: at each place the longest that is accepted, or the next shorter one.
//!
//! A bit per hash of the first bytes says where a string may begin; most of a text is passed at that look. The strings are
//! sorted, so that those which a text goes on with are the nearest one before it and what that one begins with.

use std::ops::Range;

/// The most bytes of a string that a gate may know.
const KEY: usize = size_of::<u32>();

/// A bit for each hash of sixteen bits.
type Gate = Box<[u64; 1024]>;

/// Strings, sorted and indexed for search. The gate knows the `FIRST` bytes of each, at most [`KEY`]: more of them let less
/// through, fewer spare the shorter strings a gate of their own.
#[derive(Debug)]
pub(super) struct Patterns<const FIRST: usize = 4> {
    /// Those that are long enough for the gate, sorted, then the others, sorted.
    all: Vec<Box<str>>,
    /// How many of them are long enough.
    long: usize,
    /// The number of each in the order it was given.
    numbers: Vec<usize>,
    /// For each the longest other one of its sort that it begins with.
    prefixes: Vec<Option<usize>>,
    /// The first bytes of the long ones, and where the first that begins so stands in `all`.
    starts: Vec<(u32, usize)>,
    /// The same of the others' first two bytes.
    short_starts: Vec<(u32, usize)>,
    /// What a string may begin with.
    gate: Gate,
    /// The pairs of bytes that begin a string too short for the gate.
    pairs: Option<Gate>,
}

impl<const FIRST: usize> Patterns<FIRST> {
    /// Takes strings that are sorted, none twice and none empty. Hits number them in this order.
    pub(super) fn new(sorted: impl IntoIterator<Item = impl Into<Box<str>>>) -> Self {
        let given = sorted.into_iter().map(Into::into).enumerate();
        let (mut kept, short): (Vec<(usize, Box<str>)>, Vec<_>) = given.partition(|(_, text)| text.len() >= FIRST);
        let long = kept.len();
        kept.extend(short);
        let (numbers, all): (Vec<usize>, Vec<Box<str>>) = kept.into_iter().unzip();
        let mut prefixes: Vec<Option<usize>> = Vec::with_capacity(all.len());
        let (mut starts, mut short_starts) = (Vec::new(), Vec::new());
        let mut gate = closed();
        let mut pairs = None;
        for (at, text) in all.iter().enumerate() {
            let mut before = at.checked_sub(1).filter(|_| at != long);
            while let Some(place) = before.filter(|place| !text.starts_with(&*all[*place])) {
                before = prefixes[place];
            }
            prefixes.push(before);
            let bytes = text.as_bytes();
            if let Some(first) = first_of::<FIRST>(bytes) {
                open(&mut gate, hash(key::<FIRST>(bytes)));
                begin(&mut starts, first, at);
            } else {
                begin(&mut short_starts, pair(bytes), at);
                let second = bytes.get(1).map_or(0..=u8::MAX, |second| *second..=*second);
                for second in second {
                    open(pairs.get_or_insert_with(closed), key::<2>(&[bytes[0], second]) as u16);
                }
            }
        }
        Self { all, long, numbers, prefixes, starts, short_starts, gate, pairs }
    }

    /// Whether there is nothing to look for.
    pub(super) const fn is_empty(&self) -> bool {
        self.all.is_empty()
    }

    /// Calls `hit` with each string that stands in a text, in the order of their places, the longest of a place first.
    /// Where `hit` accepts one, the search goes on behind it.
    pub(super) fn each(&self, text: &str, hit: impl FnMut(usize, Range<usize>) -> bool) {
        self.each_in(text.as_bytes(), hit);
    }

    /// The same in bytes that may be cut within a character.
    pub(super) fn each_in(&self, bytes: &[u8], mut hit: impl FnMut(usize, Range<usize>) -> bool) {
        let mut at = 0;
        while let Some(place) = self.next(bytes, at) {
            at = place + self.at(&bytes[place..], |pattern, length| hit(pattern, place..place + length)).max(1);
        }
    }

    /// The next place where a string may begin.
    fn next(&self, bytes: &[u8], from: usize) -> Option<usize> {
        if self.is_empty() {
            return None;
        }
        match &self.pairs {
            None => next::<FIRST>(bytes, from, |key| is_open(&self.gate, hash(key))),
            Some(pairs) => {
                next::<FIRST>(bytes, from, |key| is_open(&self.gate, hash(key)) || is_open(pairs, key as u16))
            }
        }
    }

    /// Offers the strings that a text begins with, from the longest on, and gives the length of the one accepted.
    fn at(&self, rest: &[u8], mut hit: impl FnMut(usize, usize) -> bool) -> usize {
        let known = first_of::<FIRST>(rest)
            .and_then(|first| self.starts.binary_search_by_key(&first, |(known, _)| *known).ok());
        if let Some(known) = known {
            let among = self.starts[known].1..self.starts.get(known + 1).map_or(self.long, |(_, end)| *end);
            let before = among.start + self.all[among].partition_point(|text| text.as_bytes() <= rest);
            let accepted = self.offer(rest, before, &mut hit);
            if accepted > 0 {
                return accepted;
            }
        }
        if self.pairs.is_none() {
            return 0;
        }
        let short = &rest[..rest.len().min(FIRST - 1)];
        let start = |at: usize| self.short_starts.get(at).map_or(self.all.len(), |(_, start)| *start);
        let before = match self.short_starts.binary_search_by_key(&pair(rest), |(known, _)| *known) {
            Ok(at) => start(at) + self.all[start(at)..start(at + 1)].partition_point(|text| text.as_bytes() <= short),
            Err(at) => start(at),
        };
        self.offer(short, before, &mut hit)
    }

    /// Offers the strings before this one that a text begins with: each of them begins with the next.
    fn offer(&self, rest: &[u8], before: usize, hit: &mut impl FnMut(usize, usize) -> bool) -> usize {
        let mut nearest = before.checked_sub(1);
        while let Some(place) = nearest {
            let text = &self.all[place];
            if rest.starts_with(text.as_bytes()) && hit(self.numbers[place], text.len()) {
                return text.len();
            }
            nearest = self.prefixes[place];
        }
        0
    }
}

/// The next place whose first bytes are let through.
fn next<const FIRST: usize>(bytes: &[u8], from: usize, begins: impl Fn(u32) -> bool) -> Option<usize> {
    let rest = bytes.get(from..)?;
    if let Some(place) = rest.windows(KEY).position(|first| begins(key::<FIRST>(first))) {
        return Some(from + place);
    }
    let last = rest.len().saturating_sub(KEY - 1);
    (last..rest.len()).find(|place| begins(key::<FIRST>(&rest[*place..]))).map(|place| from + place)
}

/// Notes that the strings with this beginning stand from this place on.
fn begin(starts: &mut Vec<(u32, usize)>, first: u32, at: usize) {
    if starts.last().is_none_or(|(last, _)| *last != first) {
        starts.push((first, at));
    }
}

/// The first two bytes, a nought for one that isn't there.
fn pair(bytes: &[u8]) -> u32 {
    let byte = |at: usize| bytes.get(at).map_or(0, |byte| u32::from(*byte));
    byte(0) << 8 | byte(1)
}

fn first_of<const FIRST: usize>(bytes: &[u8]) -> Option<u32> {
    (bytes.len() >= FIRST).then(|| key::<FIRST>(bytes).swap_bytes())
}

/// What the gates know of the first bytes of a string. Noughts stand behind its end.
fn key<const FIRST: usize>(bytes: &[u8]) -> u32 {
    let mut first = [0; KEY];
    let length = bytes.len().min(KEY);
    first[..length].copy_from_slice(&bytes[..length]);
    u32::from_le_bytes(first) & mask::<FIRST>()
}

/// The bits of a key that a gate of so many bytes knows.
const fn mask<const FIRST: usize>() -> u32 {
    u32::MAX >> (8 * (KEY - FIRST))
}

const fn hash(key: u32) -> u16 {
    (key.wrapping_mul(0x9e37_79b1) >> 16) as u16
}

fn closed() -> Gate {
    Box::new([0; 1024])
}

fn open(gate: &mut Gate, hash: u16) {
    gate[usize::from(hash >> 6)] |= 1 << (hash & 63);
}

fn is_open(gate: &Gate, hash: u16) -> bool {
    gate[usize::from(hash >> 6)] >> (hash & 63) & 1 == 1
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::*;

    fn found<'a>(patterns: &[&str], text: &'a str, accept: impl Fn(&str) -> bool) -> Vec<&'a str> {
        let mut hits = Vec::new();
        Patterns::<4>::new(patterns.iter().copied()).each(text, |at, span| {
            assert_eq!(&text[span.clone()], patterns[at]);
            let accepted = accept(&text[span.clone()]);
            hits.extend(accepted.then(|| &text[span]));
            accepted
        });
        hits
    }

    #[test]
    fn a_shorter_string_stands_where_the_longer_is_refused() {
        let patterns = ["a", "ab", "abcde", "abcdef", "b"];
        assert_eq!(found(&patterns, "xabcdefb", |_| true), ["abcdef", "b"]);
        assert_eq!(found(&patterns, "xabcdefb", |text| text.len() < 6), ["abcde", "b"]);
        assert_eq!(found(&patterns, "xabcdefb", |text| text.len() < 2), ["a", "b", "b"]);
        assert_eq!(found(&["lee", "leeds"], "the lee, leed", |_| true), ["lee", "lee"]);
    }

    /// Where each string is met, and its number.
    fn met<const FIRST: usize>(patterns: &BTreeSet<String>, text: &str) -> Vec<(usize, usize)> {
        let mut met = Vec::new();
        Patterns::<FIRST>::new(patterns.iter().map(String::as_str)).each(text, |at, span| {
            met.push((span.start, at));
            false
        });
        met
    }

    proptest! {
        #[test]
        fn what_stands_somewhere_is_met(patterns in prop::collection::btree_set("[abé]{1,7}", 0..12), text in "[abcé]{0,40}") {
            let mut all = Vec::new();
            for start in 0..text.len() {
                let begins = |pattern: &String| text.as_bytes()[start..].starts_with(pattern.as_bytes());
                let mut here: Vec<_> = patterns.iter().enumerate().filter(|(_, pattern)| begins(pattern)).collect();
                here.sort_by_key(|(_, pattern)| std::cmp::Reverse(pattern.len()));
                all.extend(here.into_iter().map(|(at, _)| (start, at)));
            }
            prop_assert_eq!(&met::<3>(&patterns, &text), &all);
            prop_assert_eq!(met::<4>(&patterns, &text), all);
        }
    }
}
