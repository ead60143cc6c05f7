//! Text inside text: percent-encoded and base64 runs, decoded for whoever looks for values.

use std::ops::Range;

/// The shortest run of base64 that can carry a value of six characters.
const LEAST: usize = 8;

/// Calls `see` with every decoded run and its place: percent-encoded ones, and these that may be base64. Of base64, only what is
/// text inside is seen.
pub(super) fn each(text: &str, base64: &[Range<usize>], see: &mut impl FnMut(&str, Range<usize>)) {
    each_percent(text, see);
    each_base64(text, base64, see);
}

/// Every run that may be base64 of a value outside the walls, which are in order.
pub(super) fn runs(text: &str, walls: &[Range<usize>]) -> Vec<Range<usize>> {
    let mut runs = Vec::new();
    each_run(text.as_bytes(), walls, LEAST, |place| runs.push(place));
    runs
}

/// Those of them that touch a wall: enough where everything between the walls was looked at before they stood there.
pub(super) fn runs_beside(text: &str, walls: &[Range<usize>]) -> Vec<Range<usize>> {
    let bytes = text.as_bytes();
    let sextet = |byte: &&u8| is_sextet(**byte);
    let mut runs = Vec::new();
    let mut from = 0;
    for (at, wall) in walls.iter().enumerate() {
        let next = walls.get(at + 1).map_or(bytes.len(), |next| next.start);
        let before = bytes[from..wall.start].iter().rev().take_while(sextet).count();
        let behind = bytes[wall.end..next].iter().take_while(sextet).count();
        from = wall.end + behind;
        let beside = [wall.start - before..wall.start, wall.end..from];
        runs.extend(beside.into_iter().filter(|run| run.len() >= LEAST && may_be_base64(&bytes[run.clone()])));
    }
    runs
}

fn each_percent(text: &str, see: &mut impl FnMut(&str, Range<usize>)) {
    let bytes = text.as_bytes();
    let mut at = 0;
    while let Some(sign) = text[at..].find('%').map(|found| at + found) {
        at = sign + 1;
        if hex(bytes, sign).is_none() {
            continue;
        }
        let part = |byte: u8| {
            !byte.is_ascii_whitespace()
                && !matches!(byte, b'[' | b']' | b'"' | b'<' | b'>' | b'/' | b'?' | b'&' | b'=' | b'#')
        };
        let start = sign - bytes[..sign].iter().rev().take(256).take_while(|byte| part(**byte)).count();
        let end = sign + bytes[sign..].iter().take(4_096).take_while(|byte| part(**byte)).count();
        let (start, end) = (text.ceil_char_boundary(start), text.floor_char_boundary(end));
        see(&String::from_utf8_lossy(&unescaped(&bytes[start..end])), start..end);
        at = end.max(at);
    }
}

fn hex(bytes: &[u8], at: usize) -> Option<u8> {
    let digit = |at: usize| bytes.get(at).and_then(|byte| char::from(*byte).to_digit(16));
    u8::try_from(digit(at + 1)? * 16 + digit(at + 2)?).ok()
}

fn unescaped(bytes: &[u8]) -> Vec<u8> {
    let mut plain = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        match (bytes[at], hex(bytes, at)) {
            (b'%', Some(byte)) => {
                plain.push(byte);
                at += 3;
            }
            (b'+', _) => {
                plain.push(b' ');
                at += 1;
            }
            (byte, _) => {
                plain.push(byte);
                at += 1;
            }
        }
    }
    plain
}

fn each_base64(text: &str, runs: &[Range<usize>], see: &mut impl FnMut(&str, Range<usize>)) {
    let mut plain = Vec::new();
    for place in runs {
        let run = &text.as_bytes()[place.clone()];
        for skip in 0..4 {
            decode(&run[skip..], &mut plain);
            for text in plain.utf8_chunks().map(|chunk| chunk.valid()).filter(|text| text.len() >= super::matcher::LONG)
            {
                // Words read as base64 decode to noise, and noise is full of control characters.
                for text in text
                    .split(|c: char| c.is_control() && !c.is_whitespace())
                    .filter(|text| text.len() >= super::matcher::LONG)
                {
                    see(text, place.clone());
                }
            }
        }
    }
}

/// Calls `see` with every run of base64 of at least this length outside the walls that decodes, from its beginning, to plain
/// text; once.
pub(super) fn each_whole(text: &str, walls: &[Range<usize>], least: usize, see: &mut impl FnMut(&str, Range<usize>)) {
    let bytes = text.as_bytes();
    let mut plain = Vec::new();
    each_run(bytes, walls, least, |place| {
        decode(&bytes[place.clone()], &mut plain);
        let readable = plain.iter().all(|byte| matches!(byte, b' '..=b'~' | b'\n' | b'\r' | b'\t'));
        if let (true, Ok(decoded)) = (readable, std::str::from_utf8(&plain)) {
            let padding = bytes[place.end..].iter().take(2).take_while(|byte| **byte == b'=').count();
            see(decoded, place.start..place.end + padding);
        }
    });
}

/// Calls `see` with the place of every run of at least this length that may be base64 and stands in none of the walls.
fn each_run(bytes: &[u8], mut walls: &[Range<usize>], least: usize, mut see: impl FnMut(Range<usize>)) {
    let sextet = |byte: &&u8| is_sextet(**byte);
    let mut at = 0;
    // A run of that length covers every such byte: most words are skipped by looking at one.
    while let Some(&probe) = bytes.get(at + least - 1) {
        if !is_sextet(probe) {
            at += least;
            continue;
        }
        let before = bytes[at..at + least].iter().rev().take_while(sextet).count();
        let start = at + least - before;
        at = start + bytes[start..].iter().take_while(sextet).count();
        if at - start < least || !may_be_base64(&bytes[start..at]) {
            continue;
        }
        while let Some((_, rest)) = walls.split_first().filter(|(wall, _)| wall.end <= start) {
            walls = rest;
        }
        if walls.first().is_none_or(|wall| wall.start >= at) {
            see(start..at);
        }
    }
}

/// Words of a language are one case but for their first letter; base64 of text never is.
fn may_be_base64(run: &[u8]) -> bool {
    let (mut small, mut large, mut digit) = (false, false, false);
    for byte in &run[1..] {
        small |= byte.is_ascii_lowercase();
        large |= byte.is_ascii_uppercase();
        digit |= byte.is_ascii_digit();
    }
    let first = run[0];
    (small || first.is_ascii_lowercase()) && large
        || (digit || first.is_ascii_digit()) && (small || large || first.is_ascii_alphabetic())
}

/// What no byte of base64 stands for.
const NONE: u8 = 64;

/// The six bits that each byte of base64 stands for, in either alphabet.
const SEXTETS: [u8; 256] = {
    let mut table = [NONE; 256];
    let mut byte = 0;
    while byte < 256 {
        let letter = byte as u8;
        table[byte] = match letter {
            b'A'..=b'Z' => letter - b'A',
            b'a'..=b'z' => letter - b'a' + 26,
            b'0'..=b'9' => letter - b'0' + 52,
            b'+' | b'-' => 62,
            b'/' | b'_' => 63,
            _ => NONE,
        };
        byte += 1;
    }
    table
};

const fn is_sextet(byte: u8) -> bool {
    SEXTETS[byte as usize] != NONE
}

/// Decodes a run; what its last sextets leave over of a byte is no byte.
fn decode(run: &[u8], plain: &mut Vec<u8>) {
    plain.clear();
    for four in run.chunks(4) {
        let bits = four.iter().fold(0, |bits, byte| bits << 6 | u32::from(SEXTETS[usize::from(*byte)]));
        let bits = bits << (6 * (4 - four.len()) + 8);
        plain.extend_from_slice(&bits.to_be_bytes()[..four.len() * 6 / 8]);
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn both_alphabets_decode_wherever_the_run_begins() {
        let text = "x=SGFsdm9yc2VuIEFT, xSGFsdm9yc2VuIEFT %C3%A6b%20c";
        let mut seen = Vec::new();
        each(text, &runs(text, &[]), &mut |plain, _| seen.push(plain.to_owned()));
        assert_eq!(seen.iter().filter(|plain| plain.contains("Halvorsen AS")).count(), 2);
        assert!(seen.iter().any(|plain| plain == "æb c"));
    }

    proptest! {
        #[test]
        fn the_runs_beside_walls_are_those_of_all_that_touch_one(pieces in prop::collection::vec("[aB3]{0,12} ?[aB3]{0,12}", 1..6)) {
            let text = pieces.join("[CLIENT_1]");
            let walls: Vec<_> = text.match_indices('[').map(|(at, wall)| at..at + wall.len() + "CLIENT_1]".len()).collect();
            let mut all = runs(&text, &walls);
            all.retain(|run| walls.iter().any(|wall| wall.end == run.start || wall.start == run.end));
            prop_assert_eq!(runs_beside(&text, &walls), all);
        }
    }
}
