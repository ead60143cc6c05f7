//! The vault: one boundary's table of pseudonyms. What a receiver sees, and what it stands for.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use serde::{Deserialize, Serialize};

use super::detector::Detector;
use super::finding::Finding;
use super::fold;
use super::kind::Kind;
use super::pseudonym::{HIGHEST, Pseudonym};

/// One value and the pseudonym it goes under.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// What stands in the text: `[CLIENT_1]`.
    pub pseudonym: String,
    /// What it stands for, to the byte.
    pub value: String,
    /// What it is.
    pub kind: Kind,
    /// What all ways of writing the same value share.
    pub group: String,
    /// Whether it is a word that is common when written otherwise: only this spelling is looked for again.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub common: bool,
}

impl fmt::Debug for Entry {
    /// Never the value: what is debugged ends in logs and panics.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({})", self.pseudonym, self.kind)
    }
}

/// A vault that can't be what it says.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum VaultError {
    /// A pseudonym that isn't one.
    #[error("entry {0}: {1:?} is no pseudonym")]
    NotAPseudonym(usize, String),
    /// Two entries under one pseudonym, or one value twice.
    #[error("entry {0}: {1} stands for two values, or its value has two pseudonyms")]
    Twice(usize, String),
}

/// A table of pseudonyms.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Vault {
    boundary: String,
    entries: Vec<Entry>,
    by_pseudonym: BTreeMap<Pseudonym, usize>,
    /// Where each value stands in `entries`, under its label.
    by_value: BTreeMap<String, BTreeMap<String, usize>>,
    /// The number and the next free variant of each group, under its label.
    groups: BTreeMap<(String, String), (u32, u32)>,
    numbers: BTreeMap<String, u32>,
    /// Numbers that stood in texts that crossed, under their labels: giving them out later would change what those say.
    reserved: BTreeSet<(String, u32)>,
}

impl fmt::Debug for Vault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Vault of {} with {} values", self.boundary, self.entries.len())
    }
}

/// Numbers that must not be given out, because a text already reads as if they were.
#[derive(Debug, Default)]
pub(super) struct Taken {
    /// (label, number) pairs that stand in the source.
    pub(super) numbers: BTreeSet<(String, u32)>,
    /// Values of digits only: a number that contains one would show it.
    pub(super) digits: BTreeSet<String>,
}

impl Taken {
    fn has(&self, label: &str, number: u32) -> bool {
        if self.numbers.contains(&(label.to_owned(), number)) {
            return true;
        }
        let shown = number.to_string();
        (0..shown.len()).any(|start| (start + 1..=shown.len()).any(|end| self.digits.contains(&shown[start..end])))
    }
}

impl Vault {
    /// An empty vault of this boundary.
    pub fn new(boundary: impl Into<String>) -> Self {
        Self { boundary: boundary.into(), ..Self::default() }
    }

    /// A vault with entries that were kept.
    pub fn from_entries(boundary: impl Into<String>, entries: Vec<Entry>) -> Result<Self, VaultError> {
        let mut vault = Self::new(boundary);
        for (place, entry) in entries.into_iter().enumerate() {
            let read = Pseudonym::read(&entry.pseudonym).filter(|(_, length)| *length == entry.pseudonym.len());
            let Some((pseudonym, _)) = read else {
                return Err(VaultError::NotAPseudonym(place, entry.pseudonym));
            };
            if vault.by_pseudonym.contains_key(&pseudonym) || vault.place(&pseudonym.label, &entry.value).is_some() {
                return Err(VaultError::Twice(place, entry.pseudonym));
            }
            vault.insert(pseudonym, entry);
        }
        Ok(vault)
    }

    /// The boundary it belongs to: the receiver.
    pub fn boundary(&self) -> &str {
        &self.boundary
    }

    /// Its entries, in the order they were made.
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// Whether nothing has crossed yet.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// What a pseudonym stands for.
    pub fn value(&self, pseudonym: &Pseudonym) -> Option<&str> {
        self.by_pseudonym.get(pseudonym).map(|&at| self.entries[at].value.as_str())
    }

    /// The numbers that are never given out, because a text that crossed reads as if they were.
    pub fn reserved(&self) -> impl Iterator<Item = (&str, u32)> {
        self.reserved.iter().map(|(label, number)| (label.as_str(), *number))
    }

    /// Never gives out this number of this label.
    pub fn reserve(&mut self, label: impl Into<String>, number: u32) {
        self.reserved.insert((label.into(), number));
    }

    pub(super) fn has_label(&self, label: &str) -> bool {
        self.numbers.contains_key(label)
    }

    pub(super) fn labels(&self) -> impl Iterator<Item = &str> {
        self.numbers.keys().map(String::as_str)
    }

    fn place(&self, label: &str, value: &str) -> Option<usize> {
        self.by_value.get(label)?.get(value).copied()
    }

    fn insert(&mut self, pseudonym: Pseudonym, entry: Entry) {
        let at = self.entries.len();
        let highest = self.numbers.entry(pseudonym.label.clone()).or_default();
        *highest = (*highest).max(pseudonym.number);
        let (number, next) = self.groups.entry((pseudonym.label.clone(), entry.group.clone())).or_default();
        *number = pseudonym.number;
        *next = (*next).max(pseudonym.variant + 1);
        self.by_value.entry(pseudonym.label.clone()).or_default().insert(entry.value.clone(), at);
        self.by_pseudonym.insert(pseudonym, at);
        self.entries.push(entry);
    }

    /// The pseudonym for a found value: the one it has, or the next.
    pub(super) fn pseudonym(&mut self, value: &str, finding: &Finding, detector: &Detector, taken: &Taken) -> String {
        let label = detector.label(&finding.kind);
        if let Some(at) = self.place(&label, value) {
            return self.entries[at].pseudonym.clone();
        }
        let label = label.into_owned();
        let group = group_of(value, finding, detector);
        let (number, variant) = match self.groups.get(&(label.clone(), group.clone())) {
            Some(&(number, variant)) if !taken.has(&label, number) => (number, variant),
            _ => (self.next_number(&label, taken), 0),
        };
        let pseudonym = Pseudonym { label, number, variant };
        let text = pseudonym.to_string();
        let common = super::mask::is_common(value, finding);
        self.insert(
            pseudonym,
            Entry { pseudonym: text.clone(), value: value.to_owned(), kind: finding.kind.clone(), group, common },
        );
        text
    }

    fn next_number(&self, label: &str, taken: &Taken) -> u32 {
        let last = self.numbers.get(label).copied().unwrap_or(0);
        let free = |number: u32| !taken.has(label, number) && !self.reserved.contains(&(label.to_owned(), number));
        (last + 1..=HIGHEST).find(|&number| free(number)).unwrap_or(last)
    }
}

/// What all spellings of one value share: its entry in the dictionary, or its letters and digits.
fn group_of(value: &str, finding: &Finding, detector: &Detector) -> String {
    if let Some(entry) = finding.entry {
        return format!("entry:{}", fold::squeeze(detector.name(entry)));
    }
    let squeezed = fold::squeeze(value);
    if squeezed.is_empty() { format!("text:{value}") } else { format!("value:{squeezed}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(pseudonym: &str, value: &str) -> Entry {
        Entry {
            pseudonym: pseudonym.to_owned(),
            value: value.to_owned(),
            kind: Kind::Email,
            group: format!("value:{value}"),
            common: false,
        }
    }

    #[test]
    fn a_vault_that_contradicts_itself_is_refused() {
        assert!(matches!(Vault::from_entries("x", vec![entry("[EMAIL]", "a")]), Err(VaultError::NotAPseudonym(0, _))));
        assert!(matches!(
            Vault::from_entries("x", vec![entry("[EMAIL_1]", "a"), entry("[EMAIL_1]", "b")]),
            Err(VaultError::Twice(1, _))
        ));
        assert!(matches!(
            Vault::from_entries("x", vec![entry("[EMAIL_1]", "a"), entry("[EMAIL_2]", "a")]),
            Err(VaultError::Twice(1, _))
        ));
    }

    #[test]
    fn numbers_go_on_where_a_kept_vault_ended() {
        let mut vault = Vault::from_entries("x", vec![entry("[EMAIL_7]", "a@b.example")]).unwrap();
        let detector = Detector::default();
        let finding = Finding::new(Kind::Email, 0..1, 90, "");
        let taken = Taken { numbers: BTreeSet::from([("EMAIL".to_owned(), 8)]), digits: BTreeSet::new() };
        assert_eq!(vault.pseudonym("c@d.example", &finding, &detector, &taken), "[EMAIL_9]");
        assert_eq!(vault.pseudonym("C@d.example", &finding, &detector, &taken), "[EMAIL_9b]");
        assert_eq!(vault.pseudonym("a@b.example", &finding, &detector, &taken), "[EMAIL_7]");
    }
}
