//! The words that were judged while a brief is composed, and taking the last judgement back.

use super::{BriefComposer, Field};

impl BriefComposer {
    /// These words were judged here, together.
    pub fn note_judged(&mut self, words: Vec<String>) {
        self.judged.push(words);
        if self.field == Field::Locality && self.preview.unjudged().is_empty() {
            self.field = Field::Payload;
        }
    }

    /// Whether a judgement was made here that can be taken back.
    pub fn may_unjudge(&self) -> bool {
        !self.judged.is_empty()
    }

    /// Takes back what was judged last; returns those words. They are to be judged anew.
    pub fn unjudge(&mut self) -> Vec<String> {
        let words = self.judged.pop().unwrap_or_default();
        self.field = Field::Locality;
        self.told = match words.as_slice() {
            [] => None,
            [word] => Some(format!("{word} is to be judged anew.")),
            words => Some(format!("{} words are to be judged anew.", words.len())),
        };
        words
    }
}
