//! Sets of bytes: what a look at one byte says, and the next place in a text where it says so.

/// Bytes, as a table: one load says whether one is among them.
#[derive(Debug)]
pub(super) struct ByteSet([bool; 256]);

impl ByteSet {
    /// These bytes.
    pub(super) const fn of(bytes: &[u8]) -> Self {
        Self([false; 256]).and(bytes)
    }

    /// These bytes too.
    pub(super) const fn and(mut self, bytes: &[u8]) -> Self {
        let mut at = 0;
        while at < bytes.len() {
            self.0[bytes[at] as usize] = true;
            at += 1;
        }
        self
    }

    /// The bytes from one to another too, both of them among these.
    pub(super) const fn and_from(mut self, first: u8, last: u8) -> Self {
        let mut byte = first as usize;
        while byte <= last as usize {
            self.0[byte] = true;
            byte += 1;
        }
        self
    }

    /// The last byte of a word too, as a small letter and as a capital.
    pub(super) const fn and_end_of(self, word: &str) -> Self {
        let last = word.as_bytes()[word.len() - 1];
        self.and(&[last.to_ascii_lowercase(), last.to_ascii_uppercase()])
    }

    /// The last bytes of all of these words too.
    pub(super) const fn and_ends_of(mut self, words: &[&str]) -> Self {
        let mut at = 0;
        while at < words.len() {
            self = self.and_end_of(words[at]);
            at += 1;
        }
        self
    }

    /// Whether a byte is among them.
    pub(super) const fn has(&self, byte: u8) -> bool {
        self.0[byte as usize]
    }

    /// The first place from this one on where one of them stands. Made for those that are rare in a text.
    pub(super) fn next_in(&self, bytes: &[u8], from: usize) -> Option<usize> {
        const STEP: usize = 8;
        let rest = bytes.get(from..)?;
        // A question for eight bytes costs one branch.
        let none = |chunk: &&[u8; STEP]| !chunk.iter().fold(false, |any, byte| any | self.has(*byte));
        let passed = rest.as_chunks().0.iter().take_while(none).count() * STEP;
        rest[passed..].iter().position(|byte| self.has(*byte)).map(|at| from + passed + at)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_next_place_is_found_wherever_it_stands() {
        let set = ByteSet::of(b"x").and_from(b'0', b'2');
        let text = b"abcdefghijklmnopqrstuvw3x-------------------2";
        for from in 0..text.len() + 2 {
            let plain = (from..text.len()).find(|at| b"x012".contains(&text[*at]));
            assert_eq!(set.next_in(text, from), plain, "{from}");
        }
    }
}
