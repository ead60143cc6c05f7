//! Values that were corrected: which entry holds the current one, and which ones are history.

use std::collections::{BTreeMap, BTreeSet};

use super::cue::{Cue, Heard};
use super::entry::{Entry, Past};
use super::section::Section;
use super::typed::{Kind, Typed, typed};
use super::word::{List, list, listed, words};

/// A word that more entries than this share says nothing about what a value belongs to.
const COMMON: usize = 200;

/// A value in an entry: what it measures, and the words around it.
struct Value {
    entry: usize,
    text: String,
    unit: String,
    subject: Subject,
}

/// What a sentence's figures are about.
#[derive(Clone)]
struct Subject {
    /// The content words around the figures.
    topic: BTreeSet<String>,
    /// Identifiers, paths and addresses: of two contracts each has its own price, whatever words surround them.
    identifiers: BTreeSet<String>,
    /// Names and numerals that count nothing ("Anna", "room 2"): they tell things apart where nobody speaks of a correction.
    labels: BTreeSet<String>,
}

impl Subject {
    /// What the sentence's figures are about, of its typed facts.
    fn of(sentence: &str, facts: &[Typed<'_>]) -> Self {
        let told = |wanted: &dyn Fn(&Typed<'_>) -> bool| -> BTreeSet<String> {
            facts.iter().filter(|fact| wanted(fact)).map(|fact| fact.text.to_lowercase()).collect()
        };
        let topic = topic_of(sentence, facts.iter().map(|fact| fact.text));
        let identifiers = told(&|fact| matches!(fact.kind, Kind::Identifier | Kind::Path | Kind::Address));
        let mut labels = told(&|fact| fact.kind == Kind::Name);
        labels.extend(numerals(sentence, facts));
        // A name at the beginning looks like any other word there.
        labels.extend(words(sentence).first().map(|word| word.text.to_lowercase()).filter(|word| topic.contains(word)));
        Self { topic, identifiers, labels }
    }
}

/// Whether both name something, and nothing in common.
fn differ(one: &BTreeSet<String>, other: &BTreeSet<String>) -> bool {
    !one.is_empty() && !other.is_empty() && one.is_disjoint(other)
}

/// The numerals of a sentence that are no part of a typed fact with a unit: "Fact 2", "room 14".
fn numerals<'s>(sentence: &'s str, facts: &'s [Typed<'_>]) -> impl Iterator<Item = String> + 's {
    let counted = |at: usize| {
        facts
            .iter()
            .any(|fact| unit(fact.kind, fact.text).is_some() && (fact.at..fact.at + fact.text.len()).contains(&at))
    };
    words(sentence)
        .into_iter()
        .filter(move |word| word.text.bytes().all(|byte| byte.is_ascii_digit()) && !counted(word.start))
        .map(|word| word.text.to_owned())
}

/// Marks entries whose value a later entry replaced, and notes the old value there. The entries are in the order of the conversation.
pub(crate) fn reconcile(entries: &mut [Entry]) {
    let values = values(entries);
    let mut by_word: BTreeMap<(&str, &str), Vec<usize>> = BTreeMap::new();
    for (index, value) in values.iter().enumerate() {
        for word in &value.subject.topic {
            by_word.entry((&value.unit, word)).or_default().push(index);
        }
    }
    let mut replaced: Vec<(usize, usize)> = Vec::new();
    for (index, later) in values.iter().enumerate() {
        let correcting = &entries[later.entry];
        if correcting.is_phrase() || correcting.superseded_by.is_some() {
            continue;
        }
        let heard = Heard::of(&correcting.text);
        let mut shared: BTreeMap<usize, usize> = BTreeMap::new();
        for word in &later.subject.topic {
            let Some(holders) =
                by_word.get(&(later.unit.as_str(), word.as_str())).filter(|holders| holders.len() <= COMMON)
            else {
                continue;
            };
            for &earlier in holders.iter().take_while(|earlier| **earlier < index) {
                *shared.entry(earlier).or_default() += 1;
            }
        }
        for (earlier, words) in shared {
            let candidate = &values[earlier];
            let same_place =
                entries[candidate.entry].at == correcting.at && entries[candidate.entry].text == correcting.text;
            if candidate.text != later.text
                && !same_place
                && replaces(candidate, later, words, &heard, &correcting.text)
            {
                replaced.push((earlier, index));
            }
        }
    }
    for (earlier, later) in replaced {
        mark(entries, &values[earlier], &values[later]);
    }
}

/// Whether a later value stands for the same thing as an earlier one.
fn replaces(earlier: &Value, later: &Value, shared: usize, heard: &Heard, text: &str) -> bool {
    let (of_earlier, of_later) = (&earlier.subject, &later.subject);
    let smaller = of_earlier.topic.len().min(of_later.topic.len());
    let correction = heard.strength(Cue::Update);
    if names(text, &earlier.text) {
        return correction > 0.0;
    }
    if differ(&of_earlier.identifiers, &of_later.identifiers) {
        return false;
    }
    if correction >= 2.0 {
        return shared >= 2 || shared * 3 >= smaller;
    }
    if correction > 0.0 {
        return shared >= 2 && shared * 2 >= smaller || shared == smaller;
    }
    shared >= 2 && shared * 3 >= 2 * smaller && !differ(&of_earlier.labels, &of_later.labels)
}

/// Whether the text names this value as a whole.
fn names(text: &str, value: &str) -> bool {
    text.to_lowercase().match_indices(value).any(|(at, _)| {
        let lower = text.to_lowercase();
        let open = lower[..at].chars().next_back().is_none_or(|c| !c.is_alphanumeric());
        let shut = lower[at + value.len()..].chars().next().is_none_or(|c| !c.is_alphanumeric());
        open && shut
    })
}

fn mark(entries: &mut [Entry], earlier: &Value, later: &Value) {
    let later_source = entries[later.entry].source.clone();
    let old = &mut entries[earlier.entry];
    if old.section == Section::Rules {
        return;
    }
    if old.superseded_by.is_none() {
        old.superseded_by = Some(later_source);
        old.section = Section::Facts;
        let more = typed(&old.text).iter().filter(|typed| typed.kind.is_hard() && typed.kind != Kind::Number).count();
        old.worth *= if more > 0 { 0.8 } else { 0.3 };
    }
    let history = std::mem::take(&mut old.was);
    let past = Past { value: earlier.text.clone(), source: old.source.clone() };
    let current = &mut entries[later.entry];
    if current.section == Section::Rules {
        return;
    }
    for past in history.into_iter().chain([past]) {
        if !current.was.iter().any(|known| known.value == past.value) && past.value != later.text {
            current.was.push(past);
        }
    }
    current.worth += 1.0;
}

/// The values that may change: figures with a unit, times and dates.
fn values(entries: &[Entry]) -> Vec<Value> {
    let mut found = Vec::new();
    for (index, entry) in entries.iter().enumerate() {
        if entry.section == Section::Standing || entry.text.len() > 400 {
            continue;
        }
        let figures = typed(&entry.text);
        let mut subject = None;
        for figure in &figures {
            let Some(unit) = unit(figure.kind, figure.text) else { continue };
            let subject = subject.get_or_insert_with(|| Subject::of(&entry.text, &figures));
            found.push(Value { entry: index, text: figure.text.to_lowercase(), unit, subject: subject.clone() });
        }
    }
    found
}

/// What a figure counts, so that only like is compared with like.
fn unit(kind: Kind, text: &str) -> Option<String> {
    match kind {
        Kind::Date if text.contains(':') => Some("clock".to_owned()),
        Kind::Date if text.chars().any(|c| c.is_ascii_digit()) && text.chars().any(char::is_alphabetic) => {
            Some("date".to_owned())
        }
        Kind::Number => {
            // "seventeen cats" counts cats.
            let counted = if text.contains(|c: char| c.is_ascii_digit()) { text } else { text.split_once(' ')?.1 };
            let lower = counted.to_lowercase();
            let letters: String = lower
                .chars()
                .filter(|c| !c.is_ascii_digit() && !matches!(c, '.' | ',' | '~' | '+' | '-' | ' '))
                .collect();
            let unit = match letters.as_str() {
                "$" => "dollar",
                "€" | "eur" => "euro",
                "£" => "pound",
                other if other.len() > 3 => other.strip_suffix('s').unwrap_or(other),
                other => other,
            };
            (!unit.is_empty()).then(|| unit.to_owned())
        }
        _ => None,
    }
}

/// The content words around figures: what they are about.
fn topic_of<'t>(text: &str, figures: impl Iterator<Item = &'t str>) -> BTreeSet<String> {
    static EMPTY: List = List::new(|| {
        list(
            "the and for now was were are has have had that this with from what said say let lets make actually \
        instead correction update changed change went been will would should could think set our your his her \
        its their into about after before than then still also just only more most over under not but all any \
        can did does get got one two out off too very yesterday today tomorrow right currently longer rather \
        moved raised lowered bumped took take takes which when where while they them there here some each \
        every per looked last next new old really like want need know because since thing way lot bit spent \
        used using usually around",
        )
    });
    let mut rest = text.to_lowercase();
    for figure in figures {
        rest = rest.replace(&figure.to_lowercase(), " ");
    }
    rest.split(|c: char| !c.is_alphanumeric())
        .filter(|word| {
            word.chars().count() >= 3 && !listed(&EMPTY, word) && !word.bytes().any(|byte| byte.is_ascii_digit())
        })
        .map(|word| word.strip_suffix('s').filter(|stem| stem.len() > 3).unwrap_or(word).to_owned())
        .collect()
}

#[cfg(test)]
mod tests {
    use crate::engine::handoff::ledger::Ledger;
    use crate::engine::handoff::transcript::{Role, Spoken, Transcript};

    fn entries(said: &[&'static str]) -> Vec<(String, Vec<String>, Option<String>)> {
        let spoken = said
            .iter()
            .enumerate()
            .map(|(index, text)| Spoken::new(Role::Person, text, format!("m{}", index + 1)))
            .collect();
        let ledger = Ledger::of(&Transcript { spoken, ..Transcript::default() });
        let figures = ledger.entries.into_iter().filter(|entry| !entry.echo);
        figures
            .map(|entry| (entry.source, entry.was.into_iter().map(|past| past.value).collect(), entry.superseded_by))
            .collect()
    }

    #[test]
    fn a_correction_supersedes_what_it_corrects() {
        let found = entries(&[
            "The deposit is 1,200 dollars.",
            "I own 4 dollars.",
            "Actually the deposit is 1,450 dollars now.",
            "Bye.",
        ]);
        assert_eq!(found[0].2.as_deref(), Some("m3"));
        assert_eq!(found[1].2, None);
        assert_eq!(found[2].1, ["1,200 dollars"]);
    }

    #[test]
    fn figures_of_different_things_stand_side_by_side() {
        let found = entries(&["My commute is 45 minutes.", "The soup took 50 minutes now.", "Bye."]);
        assert!(found.iter().all(|(_, was, by)| was.is_empty() && by.is_none()), "{found:?}");
    }

    #[test]
    fn parallel_facts_stand_side_by_side() {
        for said in [
            ["Contract ZX-901 costs 20 dollars a month.", "Contract ZX-902 costs 21 dollars a month.", "Bye."],
            ["Fact 1: the contract costs 20 dollars.", "Fact 2: the contract costs 21 dollars.", "Bye."],
            ["Anna pays a rent deposit of 300 dollars.", "Bert pays a rent deposit of 400 dollars.", "Bye."],
            ["`srv-alpha` keeps its logs for 30 days.", "Actually `srv-beta` keeps its logs for 60 days now.", "Bye."],
        ] {
            let found = entries(&said);
            assert!(found.iter().all(|(_, was, by)| was.is_empty() && by.is_none()), "{found:?}");
        }
    }

    #[test]
    fn a_correction_may_name_the_thing_again() {
        let found = entries(&[
            "Contract ZX-901 costs 20 dollars a month.",
            "Actually ZX-901 costs 25 dollars a month.",
            "Bye.",
        ]);
        assert_eq!(found[0].2.as_deref(), Some("m2"));
    }

    #[test]
    fn a_chain_of_corrections_keeps_its_history() {
        let found =
            entries(&["The lease is 30 s.", "We raised the lease to 45 s.", "Update: the lease is 60 s now.", "Bye."]);
        assert_eq!(found[2].1, ["30 s", "45 s"]);
        assert_eq!(found[1].2.as_deref(), Some("m3"));
    }
}
