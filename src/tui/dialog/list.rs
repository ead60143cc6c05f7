//! A list that filters as you type.

use nucleo_matcher::pattern::{CaseMatching, Normalization, Pattern};
use nucleo_matcher::{Config, Matcher, Utf32Str};

use super::line::Line;
use crate::tui::key::{Code, Key};

/// One thing to choose.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// What it is.
    pub name: String,
    /// What is known of it, or its key.
    pub told: String,
}

/// Rows, a filter, and the row that is chosen.
#[derive(Debug, Clone)]
pub struct List {
    /// The filter.
    pub filter: Line,
    rows: Vec<Row>,
    shown: Vec<usize>,
    at: usize,
}

impl List {
    /// A list of all rows.
    pub fn new(rows: Vec<Row>) -> Self {
        let shown = (0..rows.len()).collect();
        Self { filter: Line::default(), rows, shown, at: 0 }
    }

    /// Puts other rows in place, the same one chosen if it is still there.
    pub fn replace(&mut self, rows: Vec<Row>) {
        let chosen = self.chosen().map(|at| self.rows[at].name.clone());
        self.rows = rows;
        self.apply();
        let same = chosen.and_then(|name| self.shown.iter().position(|at| self.rows[*at].name == name));
        self.at = same.unwrap_or(0);
    }

    /// Tells the same rows differently; what is shown and chosen stays.
    pub fn retell(&mut self, rows: Vec<Row>) {
        self.rows = rows;
    }

    /// The number of the chosen row among all rows.
    pub fn chosen(&self) -> Option<usize> {
        self.shown.get(self.at).copied()
    }

    /// Chooses the row of this number, if it is shown.
    pub fn choose(&mut self, row: usize) {
        if let Some(at) = self.shown.iter().position(|shown| *shown == row) {
            self.at = at;
        }
    }

    /// The rows that are shown, and whether each is the chosen one.
    pub fn rows(&self) -> impl Iterator<Item = (&Row, bool)> {
        self.shown.iter().enumerate().map(|(at, row)| (&self.rows[*row], at == self.at))
    }

    /// The numbers of the rows that are shown, among all rows.
    pub fn numbers(&self) -> impl Iterator<Item = usize> {
        self.shown.iter().copied()
    }

    /// The place of the chosen row among those that are shown.
    pub const fn place(&self) -> usize {
        self.at
    }

    /// Takes a key that moves or filters.
    pub fn key(&mut self, key: Key) {
        let last = self.shown.len().saturating_sub(1);
        match key.code {
            Code::Up => self.at = self.at.checked_sub(1).unwrap_or(last),
            Code::Down => self.at = if self.at >= last { 0 } else { self.at + 1 },
            Code::Char('p') if key.ctrl => self.at = self.at.checked_sub(1).unwrap_or(last),
            Code::Char('n') if key.ctrl => self.at = if self.at >= last { 0 } else { self.at + 1 },
            Code::PageUp => self.at = self.at.saturating_sub(10),
            Code::PageDown => self.at = (self.at + 10).min(last),
            _ => {
                if self.filter.key(key) {
                    self.apply();
                    self.at = 0;
                }
            }
        }
    }

    /// Shows all rows again.
    pub fn clear(&mut self) {
        self.filter = Line::EMPTY;
        self.apply();
    }

    /// Adds pasted text to the filter.
    pub fn paste(&mut self, text: &str) {
        self.filter.insert(text);
        self.apply();
        self.at = 0;
    }

    fn apply(&mut self) {
        if self.filter.text().trim().is_empty() {
            self.shown = (0..self.rows.len()).collect();
            return;
        }
        let pattern = Pattern::parse(self.filter.text(), CaseMatching::Smart, Normalization::Smart);
        let mut matcher = Matcher::new(Config::DEFAULT);
        let mut buffer = Vec::new();
        let mut scored: Vec<(u32, usize)> = Vec::new();
        for (at, row) in self.rows.iter().enumerate() {
            let text = format!("{} {}", row.name, row.told);
            if let Some(score) = pattern.score(Utf32Str::new(&text, &mut buffer), &mut matcher) {
                scored.push((score, at));
            }
        }
        // Best first; equals in the order of the list.
        scored.sort_by_key(|(score, at)| (std::cmp::Reverse(*score), *at));
        self.shown = scored.into_iter().map(|(_, at)| at).collect();
        self.at = self.at.min(self.shown.len().saturating_sub(1));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_filters_as_you_type() {
        let row = |name: &str| Row { name: name.to_owned(), told: String::new() };
        let mut list = List::new(vec![row("Zoom"), row("Ask several"), row("Close pane")]);
        for key in ["s", "e", "v"] {
            list.key(key.parse().unwrap());
        }
        assert_eq!(list.chosen(), Some(1));
        list.key(Key::ctrl('u'));
        assert_eq!(list.rows().count(), 3);
        list.key(Key::plain(Code::Up));
        assert_eq!(list.chosen(), Some(2), "up from the first is the last");
    }
}
