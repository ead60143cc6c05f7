//! Views: a stretch of text as a reader sees it, with the way back, where somebody wrote a value so that no pattern meets it.
//!
//! Zero-width characters vanish, full-width letters and digits of other scripts become plain, HTML entities and percent
//! escapes are undone, `[.]` and `hxxp` mean what they stand for, and single characters with spaces between them close up.

use std::ops::Range;

use super::byte_set::ByteSet;
use super::fold;

/// How far around an odd place the view reaches, in bytes.
const BEFORE: usize = 160;
const AFTER: usize = 320;
/// How far before a value something odd still says what it is: `&quot;password&quot;:`.
const NEAR: usize = 24;
/// From this many single characters on, spaces between them mean nothing.
const SPACED: usize = 9;

/// A stretch of text as it reads, and where each of its bytes came from.
pub(super) struct View {
    text: String,
    /// The place in the source of each byte, and the end of the last.
    places: Vec<Range<usize>>,
}

impl View {
    /// The stretch as it reads.
    pub(super) fn text(&self) -> &str {
        &self.text
    }

    /// Where a span of the view stands in the source; `None` if nothing there or right before is written oddly, so that the
    /// plain search saw it in all of its surroundings.
    pub(super) fn source(&self, span: &Range<usize>) -> Option<Range<usize>> {
        let near = span.start.saturating_sub(NEAR)..span.end;
        let whole = self.whole(span)?;
        (self.whole(&near)?.len() != near.len()).then_some(whole)
    }

    fn whole(&self, span: &Range<usize>) -> Option<Range<usize>> {
        let places = self.places.get(span.clone())?;
        Some(places.first()?.start..places.last()?.end)
    }

    fn push(&mut self, c: char, place: &Range<usize>) {
        self.text.push(c);
        self.places.extend(std::iter::repeat_n(place.clone(), c.len_utf8()));
    }
}

/// Every stretch of a text that reads otherwise than it is written.
pub(super) fn each(text: &str, mut see: impl FnMut(&View)) {
    let mut stretch: Option<Range<usize>> = None;
    let (mut odd, mut spaced) = (next_odd(text, 0), next_spaced(text.as_bytes(), 0));
    while let Some(place) = odd.into_iter().chain(spaced).min() {
        let window = begin(text, place)..end(text, place);
        let at = place + text[place..].chars().next().map_or(1, char::len_utf8);
        if odd == Some(place) {
            odd = next_odd(text, at);
        } else {
            spaced = next_spaced(text.as_bytes(), at);
        }
        match &mut stretch {
            Some(open) if window.start <= open.end && open.len() < 65_536 => open.end = open.end.max(window.end),
            open => {
                if let Some(done) = open.replace(window) {
                    see(&read(text, done));
                }
            }
        }
    }
    if let Some(last) = stretch {
        see(&read(text, last));
    }
}

/// The window's edges lie where words end: a number that is cut would be another number.
fn begin(text: &str, place: usize) -> usize {
    let from = text.floor_char_boundary(place.saturating_sub(BEFORE));
    if from == 0 { 0 } else { text[from..place].find(char::is_whitespace).map_or(from, |gap| from + gap) }
}

fn end(text: &str, place: usize) -> usize {
    let to = text.ceil_char_boundary((place + AFTER).min(text.len()));
    if to == text.len() { to } else { text[place..to].rfind(char::is_whitespace).map_or(to, |gap| place + gap) }
}

/// What may read otherwise than it is written begins with one of these.
const ODD: ByteSet = ByteSet::of(b"&%[({xX").and_from(0xc2, 0xff);

/// The next place where something stands that reads otherwise, apart from single characters with spaces between them.
fn next_odd(text: &str, from: usize) -> Option<usize> {
    let bytes = text.as_bytes();
    let mut at = from;
    loop {
        at = ODD.next_in(bytes, at)?;
        let odd = match bytes[at] {
            b'x' | b'X' => starts(&text[at..], "xxp") && at > 0 && matches!(bytes[at - 1], b'h' | b'H'),
            _ => piece(text, at).is_some(),
        };
        if odd {
            return Some(at);
        }
        at += 1;
    }
}

/// The next space behind which single characters with single spaces between them begin.
fn next_spaced(bytes: &[u8], from: usize) -> Option<usize> {
    // Every row of them has a space at one of any two places that follow each other in it: a look at two says there is none.
    const STRIDE: usize = (SPACED - 2) * 2;
    let mut probe = from;
    while probe + 2 < bytes.len() {
        let inside = |at: usize| bytes[at] == b' ' && (is_pair(bytes, at) || at >= 2 && is_pair(bytes, at - 2));
        if let Some(space) = [probe, probe + 1].into_iter().find(|at| inside(*at)) {
            let mut first = space;
            while first >= from + 2 && is_pair(bytes, first - 2) {
                first -= 2;
            }
            if is_spaced(bytes, first) {
                return Some(first);
            }
        }
        probe += STRIDE;
    }
    None
}

/// Whether single characters with single spaces between them begin behind this space.
fn is_spaced(bytes: &[u8], at: usize) -> bool {
    (0..SPACED - 1).all(|step| is_pair(bytes, at + step * 2))
}

/// Whether a single character stands between this space and other white space.
fn is_pair(bytes: &[u8], at: usize) -> bool {
    bytes.get(at) == Some(&b' ')
        && bytes.get(at + 1).is_some_and(u8::is_ascii_graphic)
        && bytes.get(at + 2).is_none_or(u8::is_ascii_whitespace)
}

fn starts(text: &str, prefix: &str) -> bool {
    text.get(..prefix.len()).is_some_and(|start| start.eq_ignore_ascii_case(prefix))
}

/// What stands here written oddly: how it reads, if at all, and its length.
fn piece(text: &str, at: usize) -> Option<(Option<char>, usize)> {
    let rest = &text[at..];
    match rest.as_bytes()[0] {
        b'&' => entity(rest),
        b'%' => percent(rest),
        b'[' | b'(' | b'{' => bracket(rest),
        byte if byte.is_ascii() => None,
        _ => {
            let c = rest.chars().next()?;
            let plain = plain(c);
            let ignored = fold::is_ignored(c) && !('\u{300}'..='\u{36f}').contains(&c);
            (ignored || plain.is_some()).then_some((plain, c.len_utf8()))
        }
    }
}

fn plain(c: char) -> Option<char> {
    /// The noughts of scripts that write numbers in ten digits of their own.
    const NOUGHTS: [u32; 12] =
        [0x660, 0x6f0, 0x966, 0x9e6, 0xe50, 0xff10, 0x1d7ce, 0x1d7d8, 0x1d7e2, 0x1d7ec, 0x1d7f6, 0x1fbf0];
    let code = u32::from(c);
    match c {
        '\u{a0}' | '\u{2000}'..='\u{200a}' | '\u{202f}' | '\u{205f}' | '\u{3000}' => Some(' '),
        '\u{2010}'..='\u{2013}' | '\u{2212}' => Some('-'),
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(code - 0xfee0),
        _ => {
            let nought = NOUGHTS.iter().find(|nought| (**nought..**nought + 10).contains(&code))?;
            char::from_digit(code - nought, 10)
        }
    }
}

fn entity(rest: &str) -> Option<(Option<char>, usize)> {
    let end = rest.bytes().take(10).position(|byte| byte == b';')?;
    let name = &rest[1..end];
    let c = match name {
        "commat" => '@',
        "period" => '.',
        "colon" => ':',
        "sol" => '/',
        "lowbar" => '_',
        "quot" => '"',
        "apos" => '\'',
        "amp" => '&',
        "lt" => '<',
        "gt" => '>',
        "nbsp" => ' ',
        _ => {
            let number = name.strip_prefix('#')?;
            let code = match number.strip_prefix(['x', 'X']) {
                Some(hex) => u32::from_str_radix(hex, 16).ok()?,
                None => number.parse().ok()?,
            };
            char::from_u32(code).filter(char::is_ascii_graphic)?
        }
    };
    Some((Some(c), end + 1))
}

fn percent(rest: &str) -> Option<(Option<char>, usize)> {
    let code = u8::from_str_radix(rest.get(1..3)?, 16).ok().filter(|code| (b' '..=b'~').contains(code))?;
    Some((Some(char::from(code)), 3))
}

fn bracket(rest: &str) -> Option<(Option<char>, usize)> {
    let (sign, close) = (*rest.as_bytes().get(1)?, *rest.as_bytes().get(2)?);
    let closed = matches!((rest.as_bytes()[0], close), (b'[', b']') | (b'(', b')') | (b'{', b'}'));
    (closed && matches!(sign, b'.' | b':' | b'@')).then_some((Some(char::from(sign)), 3))
}

fn read(text: &str, stretch: Range<usize>) -> View {
    let bytes = text.as_bytes();
    let mut view = View { text: String::with_capacity(stretch.len()), places: Vec::with_capacity(stretch.len()) };
    let mut spaced_to = 0;
    let mut at = stretch.start;
    while at < stretch.end {
        if bytes[at] == b' ' && at >= spaced_to && is_spaced(bytes, at) {
            spaced_to = at;
            while is_pair(bytes, spaced_to) {
                spaced_to += 2;
            }
            // The first of them may stand before the first space: `j o h n`, but not `a 1 2 3`.
            let first = at.checked_sub(1).map(|before| bytes[before]).filter(u8::is_ascii_alphanumeric);
            let single = at < 2 || bytes[at - 2].is_ascii_whitespace();
            let same = first.is_some_and(|first| first.is_ascii_digit() == bytes[at + 1].is_ascii_digit());
            if !(single && same) {
                view.push(' ', &(at..at + 1));
            }
            at += 1;
        } else if at < spaced_to && bytes[at] == b' ' {
            at += 1;
        } else if let Some((reads, length)) = piece(text, at) {
            if let Some(c) = reads {
                view.push(c, &(at..at + length));
            }
            at += length;
        } else {
            let c = text[at..].chars().next().unwrap_or(' ');
            let hxxp = matches!(c, 'x' | 'X')
                && (starts(&text[at..], "xxp") || starts(&text[at..], "xp"))
                && view.text.ends_with(['h', 'H', 't']);
            view.push(if hxxp { 't' } else { c }, &(at..at + c.len_utf8()));
            at += c.len_utf8();
        }
    }
    view
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_stretch_reads_as_a_person_reads_it_and_leads_back() {
        for (source, reads) in [
            ("j\u{200b}ane", "jane"),
            ("４１１１", "4111"),
            ("a&#64;b&period;c", "a@b.c"),
            ("a%40b", "a@b"),
            ("10.0.0[.]5", "10.0.0.5"),
            ("hxxps://x", "https://x"),
            ("j o h n @ e x . c o m", "john@ex.com"),
            ("n 1 2 3 4 5 6 7 8 9", "n 123456789"),
        ] {
            let mut seen = Vec::new();
            each(source, |view| {
                seen.push(view.text().to_owned());
                let whole = view.source(&(0..view.text().len()));
                assert!(whole.is_none_or(|whole| whole == (0..source.len())), "{source}");
            });
            assert_eq!(seen, [reads], "{source}");
        }
        each("plain text, 100% of it (so far) & more", |view| panic!("{}", view.text()));
    }

    proptest! {
        #[test]
        fn no_row_of_single_characters_is_passed_over(text in "[ab ]{0,12}( [ab1]){0,14}[ab \n]{0,9}( [ab]){0,12}", from in 0..20_usize) {
            let bytes = text.as_bytes();
            let first = (from..bytes.len()).find(|at| is_spaced(bytes, *at));
            prop_assert_eq!(next_spaced(bytes, from), first);
        }
    }
}
