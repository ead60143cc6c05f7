//! What a document has lost, misplaced, kept stale or invented, whoever wrote it: checked against ledger and transcript.

use std::collections::BTreeSet;

use super::entry::{Entry, one_line};
use super::ledger::Ledger;
use super::parse::sections;
use super::section::Section;
use super::transcript::{Role, Transcript};
use super::typed::{Kind, typed};

/// Something wrong with a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Flaw {
    /// What is wrong.
    pub kind: FlawKind,
    /// The section it belongs to, or stands in.
    pub section: Section,
    /// The words: of the ledger if they were lost, else of the document.
    pub text: String,
    /// The label of the message they stand in; empty if they stand in none.
    pub source: String,
}

/// What is wrong with some words of a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum FlawKind {
    /// The ledger has them, the document hasn't.
    Lost,
    /// They stand in another section than theirs.
    Misplaced,
    /// They give a superseded value as if it were current.
    Stale,
    /// No message says them.
    Invented,
}

/// The flaws of a Markdown document, in the order of its sections.
pub fn verify(document: &str, ledger: &Ledger, transcript: &Transcript<'_>) -> Vec<Flaw> {
    let check = Check::of(document);
    let mut flaws = Vec::new();
    for (section, texts) in [(Section::Pins, &ledger.pins), (Section::Briefs, &ledger.briefs)] {
        for verbatim in texts {
            check.verbatim(section, &verbatim.text, &verbatim.source, &mut flaws);
        }
    }
    for entry in ledger.entries.iter().filter(|entry| !entry.echo) {
        check.entry(entry, &mut flaws);
    }
    check.stale(ledger, &mut flaws);
    check.invented(transcript, ledger, &mut flaws);
    flaws.sort_by_key(|flaw| (flaw.section, flaw.kind));
    flaws
}

/// A document prepared to be asked.
struct Check<'d> {
    whole: &'d str,
    sections: Vec<(Section, &'d str)>,
    folded: Vec<(Section, String)>,
}

impl<'d> Check<'d> {
    fn of(document: &'d str) -> Self {
        let sections = sections(document);
        let folded = sections.iter().map(|(section, body)| (*section, fold(body))).collect();
        Self { whole: document, sections, folded }
    }

    /// Where the folded words stand: in their section, elsewhere, or nowhere.
    fn find(&self, section: Section, words: &str) -> Option<FlawKind> {
        if self.folded.iter().any(|(other, body)| *other == section && holds(body, words)) {
            return None;
        }
        let elsewhere = self.folded.iter().any(|(_, body)| holds(body, words));
        Some(if elsewhere { FlawKind::Misplaced } else { FlawKind::Lost })
    }

    fn verbatim(&self, section: Section, text: &str, source: &str, flaws: &mut Vec<Flaw>) {
        if self.sections.iter().any(|(other, body)| *other == section && body.contains(text)) {
            return;
        }
        let kind = if self.whole.contains(text) { FlawKind::Misplaced } else { FlawKind::Lost };
        flaws.push(Flaw { kind, section, text: text.to_owned(), source: source.to_owned() });
    }

    /// A rule must stand there as it is; of other words of the person, the identifiers and figures must.
    fn entry(&self, entry: &Entry, flaws: &mut Vec<Flaw>) {
        let flaw = |kind| Flaw { kind, section: entry.section, text: entry.text.clone(), source: entry.source.clone() };
        if entry.section == Section::Rules {
            flaws.extend(self.find(Section::Rules, &fold(&entry.text)).map(flaw));
            return;
        }
        if entry.role != Role::Person {
            return;
        }
        // Of a superseded entry the figures are history; what else it names is not.
        let wanted = |kind: Kind| kind.is_hard() && (entry.superseded_by.is_none() || kind != Kind::Number);
        let lost = typed(&entry.text).into_iter().filter(|typed| wanted(typed.kind)).filter_map(|typed| {
            match self.find(entry.section, &fold(typed.text)) {
                // A figure may well stand with a decision or a step instead of among the facts.
                Some(FlawKind::Misplaced)
                    if matches!(
                        entry.section,
                        Section::Facts | Section::Words | Section::Standing | Section::Objective
                    ) =>
                {
                    None
                }
                other => other,
            }
        });
        flaws.extend(lost.min().map(flaw));
    }

    fn stale(&self, ledger: &Ledger, flaws: &mut Vec<Flaw>) {
        let current = ledger.entries.iter().filter(|entry| !entry.was.is_empty());
        let superseded: Vec<(&str, &str, Vec<String>)> = current
            .flat_map(|entry| {
                let fresh: Vec<String> = typed(&entry.text).iter().map(|typed| fold(typed.text)).collect();
                entry.was.iter().map(move |past| (past.value.as_str(), past.source.as_str(), fresh.clone()))
            })
            .collect();
        let about = |value: &str, source: &str| {
            let holder =
                ledger.entries.iter().find(|entry| entry.source == source && fold(&entry.text).contains(value));
            holder.map_or_else(BTreeSet::new, |entry| content(&entry.text))
        };
        for (value, source, fresh) in superseded {
            let topic = about(value, source);
            for (section, body) in self.sections.iter().filter(|(section, _)| *section != Section::Pins) {
                for line in body.lines() {
                    let folded = fold(line);
                    let told = ["superseded", "(was ", "no longer", "formerly", "previously", "~~"]
                        .iter()
                        .any(|mark| folded.contains(mark));
                    let corrected = fresh.iter().any(|fresh| fresh != value && holds(&folded, fresh));
                    if holds(&folded, value)
                        && !told
                        && !corrected
                        && content(line).intersection(&topic).next().is_some()
                    {
                        flaws.push(Flaw {
                            kind: FlawKind::Stale,
                            section: *section,
                            text: one_line(line),
                            source: source.to_owned(),
                        });
                    }
                }
            }
        }
    }

    fn invented(&self, transcript: &Transcript<'_>, ledger: &Ledger, flaws: &mut Vec<Flaw>) {
        let mut said = String::new();
        for text in transcript
            .spoken
            .iter()
            .map(|spoken| &spoken.text)
            .chain(transcript.pins.iter().chain(&transcript.briefs).map(|quoted| &quoted.text))
        {
            said.push_str(&fold(text));
            said.push('\n');
        }
        let mut seen = BTreeSet::new();
        let history = ledger.entries.iter().flat_map(|entry| &entry.was).map(|past| past.value.as_str());
        let counted: BTreeSet<String> =
            std::iter::once(said.as_str()).chain(history).flat_map(numerals).map(|(_, plain)| plain).collect();
        let is_counted = |words: &str| {
            let numerals = numerals(words);
            !numerals.is_empty() && numerals.iter().all(|(_, plain)| counted.contains(plain))
        };
        for (section, body) in &self.sections {
            for line in body.lines() {
                let line = without_label(line);
                // Dates, times and bare numbers say nothing by their form: their digits must have been said.
                for (numeral, plain) in numerals(line) {
                    if plain.len() > 1 && !counted.contains(&plain) && seen.insert(plain) {
                        flaws.push(Flaw {
                            kind: FlawKind::Invented,
                            section: *section,
                            text: numeral.to_owned(),
                            source: String::new(),
                        });
                    }
                }
                for typed in typed(line).into_iter().filter(|typed| typed.kind.is_hard()) {
                    let words = fold(typed.text);
                    let known = holds(&said, &words)
                        || typed.kind == Kind::Number && is_counted(&words)
                        || ledger.entries.iter().any(|entry| entry.was.iter().any(|past| past.value == words));
                    let withheld = words.contains("[secret") || words.contains("withheld]");
                    if !known && !withheld && seen.insert(words) {
                        flaws.push(Flaw {
                            kind: FlawKind::Invented,
                            section: *section,
                            text: typed.text.to_owned(),
                            source: String::new(),
                        });
                    }
                }
            }
        }
    }
}

/// Lower case, one space, straight quotes: what two writers of the same words agree on.
fn fold(text: &str) -> String {
    one_line(text).replace('’', "'").to_lowercase()
}

/// Whether the words stand in the text, not inside of longer words.
fn holds(text: &str, words: &str) -> bool {
    if words.is_empty() {
        return true;
    }
    text.match_indices(words).any(|(at, found)| {
        let edge = |c: Option<char>, own: Option<char>| {
            !(c.is_some_and(char::is_alphanumeric) && own.is_some_and(char::is_alphanumeric))
        };
        edge(text[..at].chars().next_back(), found.chars().next())
            && edge(text[at + found.len()..].chars().next(), found.chars().next_back())
    })
}

/// The numerals of a text as written and as bare digits: `1,200` is 1200, `15.30` is 15 and 30, `OPS-0712` is 712. A
/// message's label is none.
fn numerals(text: &str) -> Vec<(&str, String)> {
    let is_label =
        |word: &str| word.strip_prefix('m').is_some_and(|number| number.bytes().all(|byte| byte.is_ascii_digit()));
    let mut found: Vec<(&str, String)> = Vec::new();
    for word in text.split(|c: char| !(c.is_alphanumeric() || matches!(c, '.' | ',' | '\'' | '’'))) {
        if is_label(word) {
            continue;
        }
        for numeral in word.split(|c: char| !(c.is_ascii_digit() || matches!(c, '.' | ',' | '\'' | '’'))) {
            // Three digits behind a mark are thousands; anything else is a number of its own.
            let written = numeral.trim_matches(|c: char| !c.is_ascii_digit());
            let mut joined = false;
            for part in numeral.split(|c: char| !c.is_ascii_digit()) {
                match found.last_mut() {
                    Some((_, digits)) if joined && part.len() == 3 => digits.push_str(part),
                    _ if part.is_empty() => {}
                    _ => found.push((written, part.to_owned())),
                }
                joined = (1..=3).contains(&part.len());
            }
        }
    }
    for (_, digits) in &mut found {
        *digits = digits.trim_start_matches('0').to_owned();
    }
    found
}

/// The longer words of a line: what it is about.
fn content(line: &str) -> BTreeSet<String> {
    fold(line)
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| word.chars().count() > 3)
        .map(str::to_owned)
        .collect()
}

/// A line without its own label and without the labels of what it superseded.
fn without_label(line: &str) -> &str {
    let rest =
        line.trim_start().strip_prefix("- [").and_then(|rest| rest.split_once(']')).map_or(line, |(_, rest)| rest);
    let rest =
        rest.strip_prefix(" superseded by [").and_then(|rest| rest.split_once("]: ")).map_or(rest, |(_, rest)| rest);
    rest.strip_suffix("])").and_then(|rest| rest.rsplit_once(" (was ")).map_or(rest, |(rest, _)| rest)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::handoff::transcript::{Quoted, Spoken};

    fn transcript() -> Transcript<'static> {
        let said = [
            "Never call the supplier on weekends.",
            "The config is in /srv/atlas/router.toml and the lease is 30 s.",
            "We raised the lease to 45 s.",
            "Thanks.",
        ];
        let spoken = said
            .into_iter()
            .enumerate()
            .map(|(index, text)| Spoken::new(Role::Person, text, format!("m{}", index + 1)));
        let pins = vec![Quoted { text: "Pin  one".into(), source: "m1".into() }];
        Transcript { spoken: spoken.collect(), pins, ..Transcript::default() }
    }

    fn flaws(document: &str) -> Vec<(FlawKind, Section, String)> {
        let transcript = transcript();
        let flaws = verify(document, &Ledger::of(&transcript), &transcript);
        flaws.into_iter().map(|flaw| (flaw.kind, flaw.section, flaw.text)).collect()
    }

    #[test]
    fn our_own_document_has_no_flaws_when_there_is_room() {
        let transcript = transcript();
        let document = crate::engine::handoff::write(&transcript, Size::Chars(2_000)).unwrap();
        assert_eq!(flaws(&document.to_markdown()), []);
    }

    #[test]
    fn a_models_document_is_caught_at_what_it_lost_misplaced_kept_and_invented() {
        let document = "## Pins\nPin one\n\n## Facts\n- Never call the supplier on weekends.\n- The lease is 30 s.\n- The host is relay_7.\n";
        let found = flaws(document);
        let has = |kind, section, text: &str| {
            found.iter().any(|flaw| flaw.0 == kind && flaw.1 == section && flaw.2.contains(text))
        };
        assert!(has(FlawKind::Lost, Section::Pins, "Pin  one"), "{found:?}");
        assert!(has(FlawKind::Misplaced, Section::Rules, "Never call"), "{found:?}");
        assert!(has(FlawKind::Stale, Section::Facts, "The lease is 30 s."), "{found:?}");
        assert!(has(FlawKind::Invented, Section::Facts, "relay_7"), "{found:?}");
        assert!(found.iter().any(|flaw| flaw.0 == FlawKind::Lost && flaw.2.contains("router.toml")), "{found:?}");
    }

    #[test]
    fn numbers_and_dates_that_nobody_said_are_caught_in_whatever_form() {
        let spoken = vec![Spoken::new(
            Role::Person,
            "Ticket OPS-71234 is due on 14 March 2026 at 15:30; 1,200 seats in room 41.",
            "m1".to_owned(),
        )];
        let transcript = Transcript { spoken, ..Transcript::default() };
        let invented = |line: &str| {
            let flaws = verify(&format!("## Facts\n- [-] {line}\n"), &Ledger::of(&transcript), &transcript);
            flaws.into_iter().any(|flaw| flaw.kind == FlawKind::Invented)
        };
        for line in ["OPS-71234 in room 41, see [m12]", "on March 14, 2026 at 15:30", "1200 seats", "by 14/03/2026"] {
            assert!(!invented(line), "{line}");
        }
        for line in ["OPS-71243", "room 14 or 42", "on 17 March 2026", "at 16:30", "1,300 seats", "in 2027"] {
            assert!(invented(line), "{line}");
        }
    }

    use crate::engine::handoff::size::Size;
}
