//! Messages of every pane, of which some are quoted.

use crate::engine::brief::Listed;
use crate::engine::message::Author;
use crate::engine::settings::PaneName;
use crate::tui::dialog::Outcome;
use crate::tui::dialog::list::{List, Row};
use crate::tui::key::{Code, Key};

/// The messages to choose from.
#[derive(Debug, Clone)]
pub struct MaterialPicker {
    /// The pane whose brief they go along with.
    pub origin: PaneName,
    /// The messages as rows.
    pub list: List,
    /// How many older messages are not among them, because they aren't loaded.
    pub older: u32,
    listed: Vec<Listed>,
    marked: Vec<bool>,
}

impl MaterialPicker {
    /// A choice of these messages.
    pub fn new(origin: PaneName, listed: Vec<Listed>, older: u32) -> Self {
        let marked = vec![false; listed.len()];
        let mut picker = Self { origin, list: List::new(Vec::new()), older, listed, marked };
        picker.list.replace(picker.rows());
        picker
    }

    /// How many are marked.
    pub fn count(&self) -> usize {
        self.marked.iter().filter(|marked| **marked).count()
    }

    pub(in crate::tui::dialog) fn key(&mut self, key: Key) -> Outcome {
        match key.code {
            Code::Esc => return Outcome::Close,
            Code::Enter => {
                let chosen = self.list.chosen();
                let is_any = self.count() > 0;
                let is_taken = |at: usize| if is_any { self.marked[at] } else { Some(at) == chosen };
                let taken = self.listed.iter().enumerate().filter(|(at, _)| is_taken(*at));
                return Outcome::Quote(self.origin.clone(), taken.map(|(_, listed)| listed.clone()).collect());
            }
            Code::Tab => {
                if let Some(at) = self.list.chosen() {
                    self.marked[at] = !self.marked[at];
                    let rows = self.rows();
                    self.list.retell(rows);
                    self.list.key(Key::plain(Code::Down));
                }
            }
            _ => self.list.key(key),
        }
        Outcome::Stay
    }

    fn rows(&self) -> Vec<Row> {
        let row = |(listed, marked): (&Listed, &bool)| {
            let mark = if *marked { "✓" } else { "·" };
            let author = match listed.author {
                Author::Person => "you",
                Author::Model => "model",
            };
            let name = format!("{mark} {} m{} {author}  {}", listed.pane, listed.number, listed.beginning);
            Row { name, told: listed.tokens.to_string() }
        };
        self.listed.iter().zip(&self.marked).map(row).collect()
    }
}
