//! What fits: pins and rules first, then whatever loses most by being left out.

use std::cmp::Ordering;
use std::collections::{BTreeSet, BinaryHeap};

use super::answer;
use super::document::{Document, GAP, TITLE, heading, history, label, write_verbatim};
use super::entry::{Entry, Verbatim};
use super::ledger::Ledger;
use super::section::Section;
use super::size::Size;
use super::typed::typed;

/// Below this many characters a document doesn't introduce itself.
const TITLED: usize = 4_000;

/// The share of what pins leave over that rules may take.
const RULES_SHARE: (usize, usize) = (4, 5);

/// How strongly length counts against worth: at 1 a long sentence is two short ones.
const LENGTH: f32 = 0.9;

/// Why no document was written.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TooSmall {
    /// The pins alone are larger than the whole size.
    #[error("the pins need {needed}, and the handoff may have {given}; unpin something or give it more room")]
    Pins {
        /// What the pins need.
        needed: Size,
        /// What there is.
        given: Size,
    },
}

/// The document that this size allows.
pub(crate) fn select(ledger: &Ledger, size: Size) -> Result<Document, TooSmall> {
    let limit = size.limit();
    let pins = verbatim_cost(size, Section::Pins, &ledger.pins);
    if pins > limit {
        return Err(TooSmall::Pins { needed: size.of_cost(pins), given: size });
    }
    let titled = limit >= TITLED * size.per_char() && pins + size.cost(TITLE) <= limit;
    let title = if titled { size.cost(TITLE) } else { 0 };
    let mut chosen = Chosen { size, left: limit - pins - title, ..Chosen::default_for(size) };
    chosen.rules(ledger);
    let briefs = chosen.briefs(&ledger.briefs);
    chosen.by_worth(ledger);
    let mut entries: Vec<Entry> = chosen.taken.iter().map(|index| ledger.entries[*index].clone()).collect();
    entries.sort_by_key(|entry| (entry.at, entry.seq));
    let mut document = Document { pins: ledger.pins.clone(), briefs, entries, titled };
    // The costs above are upper bounds; should one ever be wrong, the newest and least entry pays for it.
    while !size.holds(&document.to_markdown()) && document.entries.pop().is_some() {}
    Ok(document)
}

fn verbatim_cost(size: Size, section: Section, texts: &[Verbatim]) -> usize {
    if texts.is_empty() {
        return 0;
    }
    let mut body = heading(section, false);
    for text in texts {
        write_verbatim(&mut body, text);
    }
    size.cost(&body)
}

/// What was taken so far and what it left.
struct Chosen {
    size: Size,
    left: usize,
    taken: BTreeSet<usize>,
    headed: BTreeSet<Section>,
    lines: BTreeSet<(Section, usize)>,
    said: BTreeSet<String>,
}

impl Chosen {
    const fn default_for(size: Size) -> Self {
        Self {
            size,
            left: 0,
            taken: BTreeSet::new(),
            headed: BTreeSet::new(),
            lines: BTreeSet::new(),
            said: BTreeSet::new(),
        }
    }

    /// Takes rules, oldest first, up to the first that no longer fits: so no later message can push one out.
    fn rules(&mut self, ledger: &Ledger) {
        let (part, whole) = RULES_SHARE;
        let floor = self.left - self.left / whole * part;
        for (index, entry) in ledger.entries.iter().enumerate().filter(|(_, entry)| entry.section == Section::Rules) {
            let cost = self.cost(entry);
            if self.left < floor + cost {
                break;
            }
            self.take(index, entry, cost);
        }
    }

    fn briefs(&mut self, briefs: &[Verbatim]) -> Vec<Verbatim> {
        let mut kept: Vec<Verbatim> = Vec::new();
        let mut paid = 0;
        for brief in briefs {
            kept.push(brief.clone());
            let cost = verbatim_cost(self.size, Section::Briefs, &kept);
            if cost > self.left + paid {
                kept.pop();
                continue;
            }
            self.left = self.left + paid - cost;
            paid = cost;
        }
        kept
    }

    fn by_worth(&mut self, ledger: &Ledger) {
        let offer = |index: usize, discount: f32| {
            let entry = &ledger.entries[index];
            // A line of the person's shares its label with its neighbours; half of it is a fair price.
            let length = (entry.text.chars().count() + 6) as f32;
            Offer { density: entry.worth * discount / length.powf(LENGTH), discount, index }
        };
        let mut offers: BinaryHeap<Offer> = (0..ledger.entries.len())
            .filter(|index| ledger.entries[*index].section != Section::Rules && ledger.entries[*index].worth > 0.0)
            .map(|index| offer(index, 1.0))
            .collect();
        while let Some(best) = offers.pop() {
            let entry = &ledger.entries[best.index];
            let discount = self.discount(entry);
            if discount <= 0.0 {
                continue;
            }
            if discount < best.discount {
                offers.push(offer(best.index, discount));
                continue;
            }
            let cost = self.cost(entry);
            if cost <= self.left {
                self.take(best.index, entry, cost);
            }
        }
    }

    /// What is left of an entry's worth when its facts are said already.
    fn discount(&self, entry: &Entry) -> f32 {
        let keys = keys(entry);
        let known = !keys.is_empty() && keys.iter().all(|key| self.said.contains(key));
        match known {
            true if entry.is_phrase() && entry.text.len() <= answer::LONGEST => 0.0,
            true if !entry.echo && entry.superseded_by.is_none() && entry.was.is_empty() => 0.6,
            _ => 1.0,
        }
    }

    /// What an entry adds to the document at most.
    fn cost(&self, entry: &Entry) -> usize {
        let mut cost = self.size.cost(&entry.text) + self.size.cost(&history(&entry.was));
        let grouped = matches!(entry.section, Section::Facts | Section::Words | Section::Standing)
            && entry.was.is_empty()
            && entry.superseded_by.is_none();
        // A phrase may be torn from its line by an entry of the same message that keeps a line of its own.
        cost += if grouped && self.lines.contains(&(entry.section, entry.at)) {
            self.size.cost(GAP).max(self.size.cost(" · "))
        } else {
            self.size.cost(&label(entry)) + self.size.per_char()
        };
        if !self.headed.contains(&entry.section) {
            cost += self.size.cost(&heading(entry.section, false));
        }
        cost
    }

    fn take(&mut self, index: usize, entry: &Entry, cost: usize) {
        self.left -= cost;
        self.taken.insert(index);
        self.headed.insert(entry.section);
        if entry.was.is_empty() && entry.superseded_by.is_none() {
            self.lines.insert((entry.section, entry.at));
        }
        self.said.extend(keys(entry));
    }
}

/// The facts of an entry, folded, by which it is recognised as said already.
fn keys(entry: &Entry) -> Vec<String> {
    let mut keys: Vec<String> = typed(&entry.text).into_iter().map(|typed| typed.text.to_lowercase()).collect();
    if keys.is_empty() && entry.is_phrase() {
        keys.push(entry.text.to_lowercase());
    }
    keys
}

/// An entry and what it is worth for its length.
struct Offer {
    density: f32,
    discount: f32,
    index: usize,
}

impl Ord for Offer {
    fn cmp(&self, other: &Self) -> Ordering {
        self.density.total_cmp(&other.density).then(other.index.cmp(&self.index))
    }
}

impl PartialOrd for Offer {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Offer {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Offer {}
