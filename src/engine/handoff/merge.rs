//! A handoff brought up to date: an earlier document and the turns since become one document, entry by entry.

use super::document::Document;
use super::entry::Entry;
use super::ledger::Ledger;
use super::reading::Reading;
use super::section::Section;
use super::select::{TooSmall, select};
use super::sentence::{Sentence, Shape};
use super::size::Size;
use super::transcript::{Role, Transcript};

impl Document {
    /// The document for everything that `self` holds and the transcript since says. Entries are carried over word for word,
    /// or left out for the size: nothing is summarised, so nothing is ever a summary of a summary.
    pub fn merged(&self, since: &Transcript<'_>, size: Size) -> Result<Self, TooSmall> {
        select(&self.ledger_with(since), size)
    }

    /// The ledger of everything that `self` holds and the transcript since says.
    pub(crate) fn ledger_with(&self, since: &Transcript<'_>) -> Ledger {
        let before = self.entries.iter().map(|entry| entry.at + 1).max().unwrap_or(0);
        let found = Ledger::found_in(since, before);
        let mut ledger = Ledger { pins: self.pins.clone(), briefs: found.briefs, entries: Vec::new() };
        for pin in found.pins {
            if !ledger.pins.contains(&pin) {
                ledger.pins.push(pin);
            }
        }
        ledger.entries.extend(self.entries.iter().filter_map(|entry| carried(entry, since.spoken.is_empty())));
        let offset = ledger.entries.iter().map(|entry| entry.seq).max().unwrap_or(0) + 2;
        ledger.entries.extend(found.entries.into_iter().map(|mut entry| {
            entry.seq += offset;
            entry
        }));
        ledger.settle();
        ledger
    }
}

/// An entry of the earlier document, weighed again; where things stood then is no longer where they stand.
fn carried(entry: &Entry, current: bool) -> Option<Entry> {
    let mut carried = entry.clone();
    if entry.section == Section::Standing && !current {
        if entry.role != Role::Person {
            return None;
        }
        carried.section = Section::Words;
    }
    let reading = Reading::of(Sentence { text: &entry.text, shape: Shape::Prose, block: 0 }, entry.role);
    let worth = reading.worth();
    carried.worth = match carried.section {
        Section::Rules => 0.0,
        Section::Decisions | Section::Objective => 3.5 + worth,
        Section::Rejected | Section::Next => 3.0 + worth,
        Section::Open => 2.0 + worth,
        _ if entry.is_phrase() => 0.6,
        _ if reading.is_error() => 2.5 + worth,
        _ if !entry.was.is_empty() => 2.5 + worth,
        _ if entry.superseded_by.is_some() => 0.3 * worth,
        _ => worth,
    };
    Some(carried)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::handoff::transcript::{Quoted, Spoken};

    #[test]
    fn a_chain_of_ten_keeps_pins_and_rules_and_forgets_no_correction() {
        let said: Vec<String> = (0..10)
            .map(|turn| match turn {
                0 => "Never call the supplier on weekends. The lease is 30 s.".to_owned(),
                6 => "We raised the lease to 45 s.".to_owned(),
                _ => format!("I walked past house number {turn} again. How nice is that?"),
            })
            .collect();
        let pin = Quoted { text: "exact\n  pin".into(), source: "m1".into() };
        let mut document = Document::default();
        for (turn, text) in said.iter().enumerate() {
            let since = Transcript {
                spoken: vec![Spoken::new(Role::Person, text, format!("m{}", turn + 1))],
                pins: if turn == 0 { vec![pin.clone()] } else { Vec::new() },
                ..Transcript::default()
            };
            document = document.merged(&since, Size::Chars(2_000)).unwrap();
            document = Document::parse(&document.to_markdown());
        }
        let markdown = document.to_markdown();
        assert!(markdown.contains("exact\n  pin"), "{markdown}");
        assert!(markdown.contains("## Rules\n- [m1] Never call the supplier on weekends.\n"), "{markdown}");
        assert!(markdown.contains("We raised the lease to 45 s. (was 30 s [m1])"), "{markdown}");
    }
}
