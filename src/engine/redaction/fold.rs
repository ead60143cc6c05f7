//! Folding: one spelling for text that reads the same, with the way back to the source.
//!
//! Case, diacritics, full-width and mathematical letters, letters of other scripts that look like Latin ones, typographic
//! quotes and dashes fold away; zero-width characters and combining marks vanish; a run of white space is one space.

use std::cell::Cell;
use std::ops::Range;
use std::sync::LazyLock;

/// Characters by what they fold to, one fold per line: `a àáâ…`. Derived from the Unicode character database.
const FOLDS: &str = include_str!("fold.txt");

static TABLE: LazyLock<Vec<(char, &'static str)>> = LazyLock::new(|| {
    let mut table: Vec<_> = FOLDS
        .lines()
        .filter_map(|line| line.split_once(' '))
        .flat_map(|(fold, from)| from.chars().map(move |c| (c, fold)))
        .collect();
    table.sort_unstable();
    table
});

/// What a byte of ASCII folds to; 0 vanishes.
const fn plain(byte: u8) -> u8 {
    match byte {
        b'A'..=b'Z' => byte | 0x20,
        b'`' => b'\'',
        b'\t'..=b'\r' => b' ',
        // A NUL stays a character of its own; the fold has no byte 0 to spare for it.
        0 => 1,
        other => other,
    }
}

/// The same where only letters and digits stay.
const fn squeezed(byte: u8) -> u8 {
    match byte {
        b'A'..=b'Z' => byte | 0x20,
        b'a'..=b'z' | b'0'..=b'9' => byte,
        _ => 0,
    }
}

/// A text as it folds, with the way back.
#[derive(Debug, Clone)]
pub(super) struct Folded<'a> {
    source: &'a str,
    text: String,
    squeeze: bool,
    /// (position in the fold, position in the source): of every block of ASCII, and of whatever else folds to something.
    marks: Vec<(usize, usize)>,
    /// The mark that the last question was about: the next one is mostly about it or one soon behind it.
    near: Cell<usize>,
}

/// What a wall folds to: a character that Unicode will never give a meaning.
const WALL: char = '\u{fdd0}';

/// How many bytes of ASCII share a mark: the way back walks at most so far.
const BLOCK: usize = 64;

/// Whether what a byte of ASCII folds to stays, after what the byte before it folds to.
const fn stays(fold: u8, last: u8) -> bool {
    fold != 0 && (fold != b' ' || last != b' ')
}

impl<'a> Folded<'a> {
    /// Folds a text. Each of the walls, which are in order, becomes one character that no value has.
    pub(super) fn new(source: &'a str, walls: &[Range<usize>]) -> Self {
        Self::with(source, walls, false)
    }

    /// Folds a text and keeps only its letters and digits: `jane.doe` and `JANE  DOE` are the same.
    pub(super) fn squeezed(source: &'a str, walls: &[Range<usize>]) -> Self {
        Self::with(source, walls, true)
    }

    fn with(source: &'a str, walls: &[Range<usize>], squeeze: bool) -> Self {
        let mut folded = Self { source, text: String::new(), squeeze, marks: Vec::new(), near: Cell::new(0) };
        let mut plain: Vec<u8> = Vec::with_capacity(source.len());
        let bytes = source.as_bytes();
        let mut walls = walls.iter();
        let mut wall = walls.next();
        let mut at = 0;
        while at < bytes.len() {
            if let Some(here) = wall.filter(|wall| wall.start == at) {
                folded.marks.push((plain.len(), at));
                plain.extend_from_slice(WALL.encode_utf8(&mut [0; 4]).as_bytes());
                at = here.end;
                wall = walls.next();
                continue;
            }
            let block = &bytes[at..(at + BLOCK).min(wall.map_or(bytes.len(), |wall| wall.start))];
            let ascii =
                if block.is_ascii() { block.len() } else { block.iter().take_while(|byte| byte.is_ascii()).count() };
            if ascii > 0 {
                folded.marks.push((plain.len(), at));
                fold_ascii(&block[..ascii], squeeze, &mut plain);
                at += ascii;
            } else {
                let c = source[at..].chars().next().unwrap_or('\u{fffd}');
                folded.push_char(c, at, squeeze, &mut plain);
                at += c.len_utf8();
            }
        }
        folded.text = String::from_utf8(plain).unwrap_or_default();
        folded
    }

    fn push_char(&mut self, c: char, at: usize, squeeze: bool, plain: &mut Vec<u8>) {
        if is_ignored(c) {
            return;
        }
        if c.is_whitespace() {
            if !squeeze && plain.last() != Some(&b' ') {
                self.marks.push((plain.len(), at));
                plain.push(b' ');
            }
            return;
        }
        let mut push = |c: char| {
            if !is_ignored(c) && (!squeeze || c.is_alphanumeric()) {
                self.marks.push((plain.len(), at));
                plain.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes());
            }
        };
        match looked_up(c) {
            Some(fold) => fold.chars().for_each(&mut push),
            None => c.to_lowercase().for_each(&mut push),
        }
    }

    /// The folded text.
    pub(super) fn as_str(&self) -> &str {
        &self.text
    }

    /// The span of the source that folded to this span. Both are in bytes and lie on character boundaries.
    pub(super) fn source(&self, span: Range<usize>) -> Range<usize> {
        if span.is_empty() {
            let at = self.position(span.start);
            return at..at;
        }
        let start = self.position(span.start);
        // Most values are written as they fold, but for their case.
        let same = start..start + span.len();
        if let Some(written) = self.source.get(same.clone())
            && written.eq_ignore_ascii_case(&self.text[span.clone()])
            && written.is_ascii()
            && !self.source[same.end..].chars().next().is_some_and(is_ignored)
        {
            return same;
        }
        let last = self.text[..span.end].char_indices().next_back().map_or(span.start, |(at, _)| at);
        let last = self.position(last);
        let mut end = last;
        for c in self.source[last..].chars() {
            if end > last && !is_ignored(c) {
                break;
            }
            end += c.len_utf8();
        }
        start..end
    }

    fn position(&self, fold: usize) -> usize {
        let Some(at) = self.mark_before(fold) else { return fold };
        let (mark, source) = self.marks[at];
        // Where a block of ASCII lost nothing, its bytes stand where they stood.
        let next = self.marks.get(at + 1).copied().unwrap_or((self.text.len(), self.source.len()));
        if next.0 - mark == next.1 - source && self.source.as_bytes().get(source).is_some_and(u8::is_ascii) {
            return source + fold - mark;
        }
        let block = &self.source.as_bytes()[source..(source + BLOCK).min(self.source.len())];
        let mut last = mark.checked_sub(1).map_or(0, |before| self.text.as_bytes()[before]);
        let mut left = fold - mark;
        for (at, &byte) in block.iter().enumerate().take_while(|(_, byte)| byte.is_ascii()) {
            let fold = if self.squeeze { squeezed(byte) } else { plain(byte) };
            if stays(fold, last) {
                if left == 0 {
                    return source + at;
                }
                left -= 1;
            }
            last = fold;
        }
        source
    }

    /// The last mark that lies at this position of the fold or before it.
    fn mark_before(&self, fold: usize) -> Option<usize> {
        const FAR: usize = 16;
        let near = self.near.get();
        let soon = self.marks.get(near..(near + FAR).min(self.marks.len())).unwrap_or(&[]);
        let at = if soon.first().is_some_and(|(mark, _)| *mark <= fold)
            && soon.last().is_some_and(|(mark, _)| *mark > fold)
        {
            near + soon.iter().take_while(|(mark, _)| *mark <= fold).count() - 1
        } else {
            self.marks.partition_point(|(mark, _)| *mark <= fold).checked_sub(1)?
        };
        self.near.set(at);
        Some(at)
    }
}

/// Folds at most a block of ASCII.
fn fold_ascii(block: &[u8], squeeze: bool, folded: &mut Vec<u8>) {
    let mut folds = [0; BLOCK];
    folds[..block.len()].copy_from_slice(block);
    // Loops over all of a block without a branch in them become a few instructions for many bytes each.
    let folds = if squeeze { folds.map(squeezed) } else { folds.map(plain) };
    let mut before = [folded.last().copied().unwrap_or(0); BLOCK];
    before[1..].copy_from_slice(&folds[..BLOCK - 1]);
    let mut stay = [0_u8; BLOCK];
    for ((stay, fold), before) in stay.iter_mut().zip(&folds).zip(&before) {
        *stay = u8::from(stays(*fold, *before));
    }
    let (folds, stay) = (&folds[..block.len()], &stay[..block.len()]);
    if stay.iter().all(|stays| *stays == 1) {
        return folded.extend_from_slice(folds);
    }
    let mut kept = [0; BLOCK];
    let mut length = 0;
    for (fold, stays) in folds.iter().zip(stay) {
        // Written first and counted after: a branch per byte would cost more than all else here.
        kept[length % BLOCK] = *fold;
        length += usize::from(*stays);
    }
    folded.extend_from_slice(&kept[..length]);
}

/// A value's fold, trimmed.
pub(super) fn fold(value: &str) -> String {
    // Of most values only the case folds.
    if value.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'`') {
        return value.to_ascii_lowercase();
    }
    Folded::new(value, &[]).text.trim().to_owned()
}

/// A value's letters and digits, folded: the same for every way of writing it.
pub(super) fn squeeze(value: &str) -> String {
    if value.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
        return value.to_ascii_lowercase();
    }
    Folded::squeezed(value, &[]).text
}

fn looked_up(c: char) -> Option<&'static str> {
    TABLE.binary_search_by_key(&c, |&(from, _)| from).ok().map(|at| TABLE[at].1)
}

/// Combining marks, zero-width, bidi and other format characters: seen by no reader as a letter of its own.
pub(super) fn is_ignored(c: char) -> bool {
    matches!(c,
        '\u{ad}' | '\u{300}'..='\u{36f}' | '\u{483}'..='\u{489}' | '\u{591}'..='\u{5bd}' | '\u{5bf}' | '\u{5c1}' | '\u{5c2}'
        | '\u{5c4}' | '\u{5c5}' | '\u{5c7}' | '\u{610}'..='\u{61a}' | '\u{61c}' | '\u{64b}'..='\u{65f}' | '\u{670}'
        | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{180b}'..='\u{180f}' | '\u{1ab0}'..='\u{1aff}'
        | '\u{1dc0}'..='\u{1dff}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
        | '\u{20d0}'..='\u{20ff}' | '\u{3164}' | '\u{fe00}'..='\u{fe0f}' | '\u{fe20}'..='\u{fe2f}' | '\u{feff}'
        | '\u{ffa0}' | '\u{e0000}'..='\u{e0fff}')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn different_spellings_of_one_name_fold_alike() {
        for spelling in ["Müller", "MÜLLER", "Mu\u{308}ller", "Mül\u{200b}ler", "Ｍüller", "𝐌üller", "mül\u{ad}ler"]
        {
            assert_eq!(fold(spelling), "muller", "{spelling}");
        }
        assert_eq!(fold("Пётр"), fold("ПЁТР"));
        assert_eq!(fold("p\u{430}ypal"), "paypal");
        assert_eq!(fold("O’Neill \n  Straße"), "o'neill strasse");
        assert_eq!(squeeze("JANE_ D-o.e"), "janedoe");
    }

    #[test]
    fn a_span_of_the_fold_leads_back_to_all_of_its_source() {
        let source = "x  Mu\u{308}ll\u{200b}e\u{301}r, ß";
        let folded = Folded::new(source, &[]);
        let at = folded.as_str().find("muller").unwrap();
        assert_eq!(&source[folded.source(at..at + 6)], "Mu\u{308}ll\u{200b}e\u{301}r");
        let at = folded.as_str().find("ss").unwrap();
        assert_eq!(&source[folded.source(at..at + 1)], "ß");
    }

    proptest! {
        #[test]
        fn every_folded_character_leads_to_a_whole_character_of_the_source(source in "\\PC{0,60}|[a-zÀ-ž \u{300}-\u{303}\u{200b}ßﬁ\n]{0,60}") {
            for folded in [Folded::new(&source, &[]), Folded::squeezed(&source, &[])] {
                for (at, c) in folded.as_str().char_indices() {
                    let span = folded.source(at..at + c.len_utf8());
                    prop_assert!(source.is_char_boundary(span.start) && source.is_char_boundary(span.end) && !span.is_empty());
                }
            }
        }

        #[test]
        fn folding_a_fold_changes_nothing(source in "\\PC{0,60}") {
            let once = fold(&source);
            prop_assert_eq!(fold(&once), once);
        }
    }
}
