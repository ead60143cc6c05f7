//! The leak check: the last look at what is about to leave. It knows every vault value and looks for all of its foldings.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::ops::Range;

use super::detector;
use super::dictionary::Dictionary;
use super::finding;
use super::fold;
use super::kind::Kind;
use super::matcher::{Folds, Form, Matcher};
use super::pseudonym::Pseudonym;
use super::vault::Vault;

/// A vault's value in a text that was about to leave. It says where and under which pseudonym, never the value itself.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the value of {pseudonym} ({kind}) stands at byte {} of what would leave", span.start)]
pub struct Leak {
    /// Where, in bytes of the checked text.
    pub span: Range<usize>,
    /// The pseudonym that should stand there.
    pub pseudonym: String,
    /// What the value is.
    pub kind: Kind,
}

/// Vault values, compiled for the last look.
pub struct LeakCheck {
    matcher: Matcher,
    entries: Vec<(String, Kind)>,
    /// The labels of pseudonyms: what stands in brackets under one of them is nobody's value.
    labels: BTreeSet<String>,
}

impl fmt::Debug for LeakCheck {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "LeakCheck of {} values", self.entries.len())
    }
}

impl LeakCheck {
    /// A check for every value of these vaults. Text that only reads like a pseudonym is nobody's value.
    pub fn new<'a>(vaults: impl IntoIterator<Item = &'a Vault>) -> Self {
        Self::build(&vaults.into_iter().collect::<Vec<_>>(), &Dictionary::default())
    }

    /// A check for every value of this vault, and for every other way in which these names are written of which one
    /// stands in it: who is hidden under a pseudonym isn't named by an alias either.
    pub fn with_names(vault: &Vault, names: &Dictionary) -> Self {
        Self::build(&[vault], names)
    }

    fn build(vaults: &[&Vault], dictionary: &Dictionary) -> Self {
        let all: Vec<_> = vaults.iter().flat_map(|vault| vault.entries()).collect();
        let labels = all
            .iter()
            .filter_map(|entry| Some(Pseudonym::read(&entry.pseudonym)?.0.label))
            .chain(Kind::BUILT_IN.iter().map(Kind::label))
            // Pseudonyms that a source quoted before any of their label was given out were left as they stood.
            .chain(vaults.iter().flat_map(|vault| vault.reserved()).map(|(label, _)| label.to_owned()))
            .collect();
        let entries: Vec<_> = all.into_iter().filter(|entry| entry.kind != Kind::Literal).collect();
        let mut forms: Vec<Form> = entries
            .iter()
            .enumerate()
            .map(|(owner, entry)| Form { owner, text: entry.value.clone(), whole: false, exact: entry.common })
            .collect();
        if !dictionary.names.is_empty() {
            let known: BTreeMap<String, usize> =
                entries.iter().enumerate().rev().map(|(owner, entry)| (fold::fold(&entry.value), owner)).collect();
            let kept = dictionary.kept();
            for name in &dictionary.names {
                let own = name.forms(0, &kept);
                if let Some(owner) = own.iter().find_map(|form| known.get(&fold::fold(&form.text)).copied()) {
                    forms.extend(own.into_iter().map(|form| Form { owner, ..form }));
                }
            }
        }
        let matcher = Matcher::new(forms);
        let entries = entries.into_iter().map(|entry| (entry.pseudonym.clone(), entry.kind.clone())).collect();
        Self { matcher, entries, labels }
    }

    /// Whether there is nothing that could leak.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// Every place in the text where a value stands, in any folding, in order. Our own pseudonyms are not looked into.
    pub fn leaks(&self, text: &str) -> Vec<Leak> {
        let ours: Vec<Range<usize>> = detector::pseudonyms(text)
            .filter(|(pseudonym, _)| self.labels.contains(&pseudonym.label))
            .map(|(_, span)| span)
            .collect();
        let folds = Folds::new(text, ours);
        let hits = self.matcher.find_in(&folds).into_iter().map(|(span, owner)| {
            let mut hit = finding::Finding::new(self.entries[owner].1.clone(), span, 100, "");
            hit.entry = Some(owner);
            hit
        });
        finding::without(text, finding::settle(hits.collect()), folds.walls())
            .into_iter()
            .filter_map(|hit| {
                let (pseudonym, kind) = self.entries.get(hit.entry?)?.clone();
                Some(Leak { span: hit.span, pseudonym, kind })
            })
            .collect()
    }

    /// Whether a text of our own making (an id, a fence) contains no value; else another one is made.
    pub fn is_clean(&self, text: &str) -> bool {
        self.leaks(text).is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::super::dictionary::Name;
    use super::super::vault::Entry;
    use super::*;

    fn check(values: &[&str]) -> LeakCheck {
        let entries = values
            .iter()
            .enumerate()
            .map(|(at, value)| Entry {
                pseudonym: format!("[CLIENT_{}]", at + 1),
                value: (*value).to_owned(),
                kind: Kind::Named("client".to_owned()),
                group: format!("value:{at}"),
                common: false,
            })
            .collect();
        LeakCheck::new([&Vault::from_entries("x", entries).unwrap()])
    }

    #[test]
    fn every_folding_of_a_value_is_a_leak() {
        let check = check(&["Halvorsen AS"]);
        for text in [
            "Halvorsen AS",
            "HALVORSEN AS",
            "halvorsen\nas",
            "Hal\u{200b}vorsen AS",
            "Hàlvorsen AS",
            "x=Halvorsen%20AS",
            "aGFsdm9yc2VuIGFz",
            "HalvorsenAS",
        ] {
            assert_eq!(check.leaks(text).len(), 1, "{text}");
        }
        assert!(check.leaks("[CLIENT_1] and halves of sense").is_empty());
    }

    #[test]
    fn who_is_hidden_is_not_named_by_an_alias_either() {
        let aliases = vec!["Halvorsen".to_owned()];
        let known = Name { aliases, domains: vec!["hvs.example".to_owned()], ..Name::new("Halvorsen AS", "client") };
        let names = Dictionary { names: vec![known, Name::new("Larkspur", "client")], ..Dictionary::default() };
        let entry = |value: &str| Entry {
            pseudonym: "[CLIENT_1]".to_owned(),
            value: value.to_owned(),
            kind: Kind::Named("client".to_owned()),
            group: "halvorsen".to_owned(),
            common: false,
        };
        let vault = Vault::from_entries("x", vec![entry("halvorsen as")]).unwrap();
        let check = LeakCheck::with_names(&vault, &names);
        for text in ["ask Halvorsen", "anna@hvs.example", "HALVORSEN AS"] {
            assert_eq!(check.leaks(text).len(), 1, "{text}");
        }
        assert!(check.leaks("ask Larkspur about [CLIENT_1]").is_empty(), "who isn't hidden here may be named");
        assert!(LeakCheck::with_names(&Vault::new("x"), &names).is_empty());
    }

    #[test]
    fn short_values_leak_as_whole_words_only_and_pseudonyms_are_not_looked_into() {
        let check = check(&["Lee", "12", "client"]);
        assert!(check.leaks("sleeves 123 [CLIENT_2]").is_empty());
        let leaks = check.leaks("to Lee, 12 of them");
        assert_eq!(leaks.iter().map(|leak| leak.pseudonym.as_str()).collect::<Vec<_>>(), ["[CLIENT_1]", "[CLIENT_2]"]);
        assert!(!leaks[0].to_string().contains("Lee"));
    }
}
