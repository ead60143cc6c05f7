//! The material of a brief: what is quoted, and what is suggested.

use crate::engine::brief::{Listed, Listing, Quote};
use crate::tui::key::{Code, Key};

/// A message in the list, or a passage of one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// What it is.
    pub listed: Listed,
    /// Whether it goes along.
    pub is_marked: bool,
}

/// What is quoted, and what could be.
#[derive(Debug, Clone, Default)]
pub struct Material {
    /// What was put here, marked or not any more.
    pub rows: Vec<Row>,
    /// What would serve the objective.
    pub suggested: Vec<Listed>,
    /// How many messages more would.
    pub left_out: u32,
    /// The chosen row, suggestions counted on.
    pub at: usize,
    /// Whether a person has chosen what goes along: else it is the last answer, because there must be something.
    pub is_chosen: bool,
}

impl Material {
    /// What goes along.
    pub fn quotes(&self) -> Vec<Quote> {
        self.rows.iter().filter(|row| row.is_marked).map(|row| row.listed.quote.clone()).collect()
    }

    /// Everything that was put here, marked or not: it isn't suggested.
    pub fn known(&self) -> Vec<Quote> {
        self.rows.iter().map(|row| row.listed.quote.clone()).collect()
    }

    /// Quotes these as well; what is there already is marked.
    pub fn add(&mut self, listed: Vec<Listed>) {
        for one in listed {
            self.suggested.retain(|known| known.quote != one.quote);
            match self.rows.iter_mut().find(|row| row.listed.quote == one.quote) {
                Some(row) => row.is_marked = true,
                None => self.rows.push(Row { listed: one, is_marked: true }),
            }
        }
    }

    /// Takes what the engine lists. What it doesn't know any more is gone; what was put here since it was asked stays.
    pub fn take(&mut self, asked: &[Quote], listing: Listing) {
        self.rows.retain_mut(|row| match listing.quoted.iter().find(|listed| listed.quote == row.listed.quote) {
            Some(listed) => {
                row.listed = listed.clone();
                true
            }
            None => !asked.contains(&row.listed.quote),
        });
        self.suggested = listing.suggested;
        self.suggested.retain(|one| self.rows.iter().all(|row| row.listed.quote.message != one.quote.message));
        self.left_out = listing.left_out;
        self.at = self.at.min(self.count().saturating_sub(1));
    }

    /// Takes a key; returns whether something else goes along now.
    pub(super) fn key(&mut self, key: Key) -> bool {
        let last = self.count().saturating_sub(1);
        match key.code {
            Code::Up => self.at = self.at.saturating_sub(1),
            Code::Down => self.at = (self.at + 1).min(last),
            Code::Char('p') if key.ctrl => self.at = self.at.saturating_sub(1),
            Code::Char('n') if key.ctrl => self.at = (self.at + 1).min(last),
            Code::Char(' ') => return self.mark(),
            _ => {}
        }
        false
    }

    fn mark(&mut self) -> bool {
        self.is_chosen = true;
        if let Some(row) = self.rows.get_mut(self.at) {
            row.is_marked = !row.is_marked;
            return true;
        }
        let at = self.at - self.rows.len();
        if at >= self.suggested.len() {
            return false;
        }
        // It stands where it stood: the first suggestion is the row after what goes along.
        let listed = self.suggested.remove(at);
        self.at = self.rows.len();
        self.rows.push(Row { listed, is_marked: true });
        true
    }

    const fn count(&self) -> usize {
        self.rows.len() + self.suggested.len()
    }
}
