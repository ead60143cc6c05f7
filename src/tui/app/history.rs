//! What was written before, one step at a time.

use super::draft::Draft;

/// The texts that were sent or put away, oldest first, and where one is in them.
#[derive(Debug, Clone, Default)]
pub struct History {
    entries: Vec<Draft>,
    at: Option<usize>,
    unfinished: Draft,
    is_seeded: bool,
}

/// How many texts are remembered.
const LIMIT: usize = 200;

impl History {
    /// Remembers a text, and goes back to the end.
    pub fn push(&mut self, draft: Draft) {
        self.at = None;
        if draft.is_empty() || self.entries.last() == Some(&draft) {
            return;
        }
        self.entries.push(draft);
        if self.entries.len() > LIMIT {
            self.entries.remove(0);
        }
    }

    /// What is remembered, oldest first.
    pub fn entries(&self) -> &[Draft] {
        &self.entries
    }

    /// Puts older texts before what is known, once: those of the transcript.
    pub fn seed(&mut self, older: impl IntoIterator<Item = String>) {
        if !std::mem::replace(&mut self.is_seeded, true) {
            let known = std::mem::take(&mut self.entries);
            self.entries = older.into_iter().map(Draft::of).filter(|older| !known.contains(older)).collect();
            self.entries.extend(known);
        }
    }

    /// The text before this one. `current` is kept, to come back to.
    pub fn back(&mut self, current: Draft) -> Option<Draft> {
        let at = match self.at {
            None => self.entries.len(),
            Some(at) => at,
        };
        let at = at.checked_sub(1)?;
        if self.at.is_none() {
            self.unfinished = current;
        }
        self.at = Some(at);
        self.entries.get(at).cloned()
    }

    /// The text after this one; behind the last, what was unfinished.
    pub fn forward(&mut self) -> Option<Draft> {
        let at = self.at? + 1;
        if at < self.entries.len() {
            self.at = Some(at);
            return self.entries.get(at).cloned();
        }
        self.at = None;
        Some(std::mem::take(&mut self.unfinished))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn going_back_and_on_again_ends_at_the_unfinished_text() {
        let mut history = History::default();
        history.push(Draft::of("two"));
        history.seed(["one".to_owned()]);
        let back = |history: &mut History| history.back(Draft::of("unfinished")).map(|draft| draft.text);
        assert_eq!(back(&mut history).as_deref(), Some("two"));
        assert_eq!(back(&mut history).as_deref(), Some("one"));
        assert_eq!(back(&mut history), None);
        let forward = |history: &mut History| history.forward().map(|draft| draft.text);
        assert_eq!(forward(&mut history).as_deref(), Some("two"));
        assert_eq!(forward(&mut history).as_deref(), Some("unfinished"));
        assert_eq!(forward(&mut history), None);
    }
}
