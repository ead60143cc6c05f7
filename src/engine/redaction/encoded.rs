//! Text inside text: percent-encoded and base64 runs, decoded for whoever looks for values.

use std::ops::Range;

/// The shortest run of base64 that can carry a value of six characters.
const LEAST: usize = 8;

/// Calls `see` with every decoded run and its place. Of base64, only what is text inside is seen.
pub(super) fn each(text: &str, see: &mut impl FnMut(&str, Range<usize>)) {
    each_percent(text, see);
    each_base64(text, see);
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

fn each_base64(text: &str, see: &mut impl FnMut(&str, Range<usize>)) {
    let bytes = text.as_bytes();
    let mut plain = Vec::new();
    let mut at = 0;
    // A run of LEAST bytes covers every LEAST-th byte: most words are skipped by looking at one.
    while let Some(&probe) = bytes.get(at + LEAST - 1) {
        if !IS_SEXTET[usize::from(probe)] {
            at += LEAST;
            continue;
        }
        let before = bytes[at..at + LEAST].iter().rev().take_while(|byte| IS_SEXTET[usize::from(**byte)]).count();
        let start = at + LEAST - before;
        at = start + bytes[start..].iter().take_while(|byte| IS_SEXTET[usize::from(**byte)]).count();
        if at - start >= LEAST && may_be_base64(&bytes[start..at]) {
            for skip in 0..4 {
                decode(&bytes[start + skip..at], &mut plain);
                for text in
                    plain.utf8_chunks().map(|chunk| chunk.valid()).filter(|text| text.len() >= super::matcher::LONG)
                {
                    // Words read as base64 decode to noise, and noise is full of control characters.
                    for text in text
                        .split(|c: char| c.is_control() && !c.is_whitespace())
                        .filter(|text| text.len() >= super::matcher::LONG)
                    {
                        see(text, start..at);
                    }
                }
            }
        }
    }
}

/// Calls `see` with every run of base64 of at least this length that decodes, from its beginning, to plain text; once.
pub(super) fn each_whole(text: &str, least: usize, see: &mut impl FnMut(&str, Range<usize>)) {
    let bytes = text.as_bytes();
    let mut plain = Vec::new();
    let mut at = 0;
    while let Some(&probe) = bytes.get(at + least - 1) {
        if !IS_SEXTET[usize::from(probe)] {
            at += least;
            continue;
        }
        let before = bytes[at..at + least].iter().rev().take_while(|byte| IS_SEXTET[usize::from(**byte)]).count();
        let start = at + least - before;
        at = start + bytes[start..].iter().take_while(|byte| IS_SEXTET[usize::from(**byte)]).count();
        if at - start < least || !may_be_base64(&bytes[start..at]) {
            continue;
        }
        decode(&bytes[start..at], &mut plain);
        let readable = plain.iter().all(|byte| matches!(byte, b' '..=b'~' | b'\n' | b'\r' | b'\t'));
        if let (true, Ok(decoded)) = (readable, std::str::from_utf8(&plain)) {
            let padding = bytes[at..].iter().take(2).take_while(|byte| **byte == b'=').count();
            see(decoded, start..at + padding);
        }
    }
}

/// Words of a language are one case but for their first letter; base64 of text never is.
fn may_be_base64(run: &[u8]) -> bool {
    run.iter().any(u8::is_ascii_lowercase) && run.iter().skip(1).any(u8::is_ascii_uppercase)
        || run.iter().any(u8::is_ascii_digit) && run.iter().any(u8::is_ascii_alphabetic)
}

const fn sextet(byte: u8) -> Option<u8> {
    match byte {
        b'A'..=b'Z' => Some(byte - b'A'),
        b'a'..=b'z' => Some(byte - b'a' + 26),
        b'0'..=b'9' => Some(byte - b'0' + 52),
        b'+' | b'-' => Some(62),
        b'/' | b'_' => Some(63),
        _ => None,
    }
}

const IS_SEXTET: [bool; 256] = {
    let mut table = [false; 256];
    let mut byte = 0;
    while byte < 256 {
        table[byte] = sextet(byte as u8).is_some();
        byte += 1;
    }
    table
};

fn decode(run: &[u8], plain: &mut Vec<u8>) {
    plain.clear();
    let (mut bits, mut held) = (0_u32, 0_u32);
    for sextet in run.iter().filter_map(|&byte| sextet(byte)) {
        bits = (bits << 6) | u32::from(sextet);
        held += 6;
        if held >= 8 {
            held -= 8;
            plain.push((bits >> held) as u8);
            bits &= (1 << held) - 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_alphabets_decode_wherever_the_run_begins() {
        let mut seen = Vec::new();
        each("x=SGFsdm9yc2VuIEFT, xSGFsdm9yc2VuIEFT %C3%A6b%20c", &mut |plain, _| seen.push(plain.to_owned()));
        assert_eq!(seen.iter().filter(|plain| plain.contains("Halvorsen AS")).count(), 2);
        assert!(seen.iter().any(|plain| plain == "æb c"));
    }
}
