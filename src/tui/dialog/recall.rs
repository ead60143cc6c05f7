//! Searching backwards through what was written before, as readline does. The draft is untouched until one is taken.

use super::Outcome;
use super::line::Line;
use crate::engine::settings::PaneName;
use crate::tui::app::draft::Draft;
use crate::tui::key::{Code, Key};

/// The search.
#[derive(Debug, Clone)]
pub struct Recall {
    /// The pane whose composer takes what is found.
    pub origin: PaneName,
    /// What is looked for.
    pub line: Line,
    /// What was written before, the newest first.
    entries: Vec<Draft>,
    /// The entries that hold what is looked for.
    fitting: Vec<usize>,
    at: usize,
}

impl Recall {
    /// Nothing looked for yet: the newest entry is shown.
    pub fn new(origin: PaneName, entries: Vec<Draft>) -> Self {
        let fitting = (0..entries.len()).collect();
        Self { origin, line: Line::EMPTY, entries, fitting, at: 0 }
    }

    /// The entry that is shown.
    pub fn shown(&self) -> Option<&Draft> {
        self.entries.get(*self.fitting.get(self.at)?)
    }

    /// Its number, and how many there are.
    pub fn count(&self) -> (usize, usize) {
        (self.at + 1, self.fitting.len())
    }

    pub(super) fn key(&mut self, key: Key) -> Outcome {
        match key.code {
            Code::Esc => return Outcome::Close,
            Code::Char('g' | 'c') if key.ctrl => return Outcome::Close,
            Code::Char('r') if key.ctrl => self.older(),
            Code::Char('s') if key.ctrl => self.newer(),
            Code::Up => self.older(),
            Code::Down => self.newer(),
            Code::Enter | Code::Tab | Code::Right | Code::End => return self.take(),
            Code::Char('j' | 'e') if key.ctrl => return self.take(),
            _ => {
                if self.line.key(key) {
                    self.look();
                }
            }
        }
        Outcome::Stay
    }

    /// Takes a paste.
    pub(super) fn paste(&mut self, text: &str) {
        self.line.insert(text);
        self.look();
    }

    fn take(&self) -> Outcome {
        match self.shown() {
            Some(draft) => Outcome::Recall(self.origin.clone(), Box::new(draft.clone())),
            None => Outcome::Close,
        }
    }

    fn older(&mut self) {
        self.at = (self.at + 1).min(self.fitting.len().saturating_sub(1));
    }

    const fn newer(&mut self) {
        self.at = self.at.saturating_sub(1);
    }

    fn look(&mut self) {
        let wanted = self.line.text();
        let is_exact = wanted.chars().any(char::is_uppercase);
        let lower = wanted.to_lowercase();
        let fits = |draft: &Draft| {
            if is_exact { draft.text.contains(wanted) } else { draft.text.to_lowercase().contains(&lower) }
        };
        self.fitting = (0..self.entries.len()).filter(|at| fits(&self.entries[*at])).collect();
        self.at = 0;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn recall() -> Recall {
        let entries = ["newest about seats", "Seats again", "something else", "seats of old"];
        Recall::new("p".into(), entries.into_iter().map(Draft::of).collect())
    }

    fn press(recall: &mut Recall, keys: &[&str]) -> Outcome {
        keys.iter().fold(Outcome::Stay, |_, key| recall.key(key.parse().unwrap()))
    }

    #[test]
    fn each_ctrl_r_goes_one_further_back() {
        let mut recall = recall();
        press(&mut recall, &["s", "e", "a", "t"]);
        assert_eq!(recall.shown().unwrap().text, "newest about seats");
        assert_eq!(recall.count(), (1, 3));
        press(&mut recall, &["ctrl-r", "ctrl-r", "ctrl-r"]);
        assert_eq!(recall.shown().unwrap().text, "seats of old", "there is nothing older");
        press(&mut recall, &["ctrl-s"]);
        let taken = press(&mut recall, &["enter"]);
        assert!(matches!(taken, Outcome::Recall(_, draft) if draft.text == "Seats again"));
    }

    #[test]
    fn nothing_that_fits_is_nothing_to_take() {
        let mut recall = recall();
        press(&mut recall, &["z", "z"]);
        assert_eq!(recall.shown(), None);
        assert_eq!(press(&mut recall, &["enter"]), Outcome::Close);
        press(&mut recall, &["backspace", "backspace"]);
        assert_eq!(recall.count(), (1, 4));
        assert_eq!(press(&mut recall, &["ctrl-g"]), Outcome::Close);
    }
}
