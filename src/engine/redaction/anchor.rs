//! Where something sensitive can begin: numbers, signs, and the few words that aren't plain.
//!
//! A block of bytes becomes bits, one set of them per class of bytes; what follows is arithmetic on all of the block at
//! once. Most of a text is plain words, and is passed without looking at any of them.

/// How many bytes of a block are judged; those behind them are only looked ahead at.
const JUDGED: usize = 62;
const BLOCK: usize = 64;

const DIGIT: u8 = 1;
const LETTER: u8 = 2;
/// Letters of which words are judged: capitals, and the `w` of `www.`.
const TELLING: u8 = 4;
const SIGN: u8 = 8;

const CLASSES: [u8; 256] = {
    let mut table = [0; 256];
    let mut byte = 0;
    while byte < 256 {
        table[byte] = match byte as u8 {
            b'0'..=b'9' => DIGIT,
            b'A'..=b'Z' | b'w' => LETTER | TELLING,
            b'a'..=b'z' => LETTER,
            b'@' | b':' | b'/' | b'\\' | b'[' | b'(' | b'{' | b'<' | b'.' => SIGN,
            _ => 0,
        };
        byte += 1;
    }
    table
};

/// Calls `see` with the place of every sign, of every number's first digit, and of every word's first letter if the word
/// begins with a capital or a `w` or has less than three letters.
pub(super) fn each(bytes: &[u8], mut see: impl FnMut(usize)) {
    let mut start = 0;
    // The class of the byte before the block.
    let mut before = 0;
    while start < bytes.len() {
        let block = &bytes[start..(start + BLOCK).min(bytes.len())];
        let (mut digits, mut letters, mut telling, mut signs) = (0_u64, 0_u64, 0_u64, 0_u64);
        for (place, &byte) in block.iter().enumerate() {
            let class = u64::from(CLASSES[usize::from(byte)]);
            digits |= (class & 1) << place;
            letters |= (class >> 1 & 1) << place;
            telling |= (class >> 2 & 1) << place;
            signs |= (class >> 3 & 1) << place;
        }
        let after_digit = digits << 1 | u64::from(before == DIGIT);
        let after_letter = letters << 1 | u64::from(before & LETTER != 0);
        let words = letters & !(after_digit | after_letter);
        let short = !(letters >> 1) | !(letters >> 2);
        let mut anchors = (signs | digits & !after_digit | words & (telling | short)) & ((1 << JUDGED) - 1);
        while anchors != 0 {
            see(start + anchors.trailing_zeros() as usize);
            anchors &= anchors - 1;
        }
        before = block.get(JUDGED - 1).map_or(0, |byte| CLASSES[usize::from(*byte)]);
        start += JUDGED;
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// The same, byte by byte.
    fn slowly(bytes: &[u8]) -> Vec<usize> {
        let letter = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_alphabetic);
        let begins = |at: usize, of: fn(&u8) -> bool| at == 0 || !of(&bytes[at - 1]);
        (0..bytes.len())
            .filter(|&at| match bytes[at] {
                b'0'..=b'9' => begins(at, u8::is_ascii_digit),
                b'A'..=b'Z' | b'w' => begins(at, u8::is_ascii_alphanumeric),
                b'a'..=b'z' => begins(at, u8::is_ascii_alphanumeric) && !(letter(at + 1) && letter(at + 2)),
                byte => b"@:/\\[({<.".contains(&byte),
            })
            .collect()
    }

    proptest! {
        #[test]
        fn blocks_tell_what_bytes_tell(text in "([a-zA-Z0-9]{0,6}[ @:.é\u{200b}-]{0,3}){0,60}") {
            let mut seen = Vec::new();
            each(text.as_bytes(), |at| seen.push(at));
            prop_assert_eq!(seen, slowly(text.as_bytes()));
        }
    }
}
