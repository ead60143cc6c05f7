//! The few words of an answer that a handoff keeps: heads of lists, names, figures, addresses.

use std::collections::BTreeMap;

use super::reading::Reading;
use super::sentence::Shape;
use super::transcript::Transcript;
use super::typed::{Kind, Typed};

/// Words out of an answer and what they are worth.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Phrase<'t> {
    /// The words.
    pub(crate) text: &'t str,
    /// What is lost without them.
    pub(crate) worth: f32,
}

/// No phrase is longer, in bytes.
pub(crate) const LONGEST: usize = 72;

/// The phrases of a sentence that stands at this place of its answer.
pub(crate) fn phrases<'t>(reading: &Reading<'t>, index: usize, rarity: &Rarity<'_>) -> Vec<Phrase<'t>> {
    let text = reading.sentence.text;
    let mut found = Vec::new();
    let mut upto = 0;
    if let Some(head) = head(reading) {
        let rare = rarity.rare_words(head).min(3) as f32;
        found.push(Phrase { text: head, worth: if is_specific(head) { 0.75 } else { 0.12 * (1.0 + rare) } });
        upto = head.as_ptr() as usize - text.as_ptr() as usize + head.len();
    }
    // What an answer says first answers the question.
    let direct = if index == 0 { 1.3 } else { 1.0 };
    // Where every noun has a capital, as in German, a capital names nobody.
    let singles = reading.typed.iter().filter(|typed| typed.kind == Kind::Name && !typed.text.contains(' ')).count();
    let nouns = singles > 1 && singles * 6 > text.split_whitespace().count();
    for typed in &reading.typed {
        if typed.at < upto || nouns && typed.kind == Kind::Name && !typed.text.contains(' ') {
            continue;
        }
        let (context, worth) = match typed.kind {
            Kind::Address | Kind::Path => (4, 1.0),
            Kind::Identifier => (0, 0.5),
            Kind::Number => (4, 0.6),
            Kind::Date => (4, 0.45),
            Kind::Name if typed.text.contains(' ') => (0, 0.8),
            Kind::Name => (0, 0.4),
        };
        let length = if typed.kind == Kind::Number { with_counted(text, typed) } else { typed.text.len() };
        let phrase = around(text, typed.at, length, context, upto);
        upto = phrase.as_ptr() as usize - text.as_ptr() as usize + phrase.len();
        found.push(Phrase { text: phrase, worth: worth * direct });
    }
    found
}

/// The clauses of a sentence, worth more for words that few messages use: what is left to say when every name and figure is said.
pub(crate) fn rare_clauses<'t>(reading: &Reading<'t>, rarity: &Rarity<'_>) -> Vec<Phrase<'t>> {
    let text = behind_head(reading);
    let mut found = Vec::new();
    let mut start = 0;
    let ends = text.match_indices([',', ';', '–', '—']).map(|(at, mark)| at + mark.len()).chain([text.len()]);
    for end in ends {
        if end - start < CLAUSE && end < text.len() {
            continue;
        }
        let clause = text[start..end].trim_matches([',', ';', '–', '—', ' ', '*']);
        start = end;
        let rare = rarity.rare_words(clause).min(4);
        if clause.len() >= SHORTEST {
            found.push(Phrase { text: clause, worth: 0.16 * rare as f32 + 0.03 });
        }
    }
    found
}

/// Less than this says nothing.
const SHORTEST: usize = 12;

/// Shorter clauses go together with the next.
const CLAUSE: usize = 40;

/// In how many messages a word stands.
#[derive(Debug, Default)]
pub(crate) struct Rarity<'t>(BTreeMap<&'t str, (usize, usize)>);

impl<'t> Rarity<'t> {
    /// The words of a transcript.
    pub(crate) fn of(transcript: &'t Transcript<'_>) -> Self {
        let mut words: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
        for (index, spoken) in transcript.spoken.iter().enumerate() {
            for word in content_words(&spoken.text) {
                let (messages, last) = words.entry(word).or_insert((0, usize::MAX));
                if *last != index {
                    (*messages, *last) = (*messages + 1, index);
                }
            }
        }
        Self(words)
    }

    /// How many words of a text no more than two messages use.
    fn rare_words(&self, text: &str) -> usize {
        content_words(text).filter(|word| self.0.get(word).is_none_or(|(messages, _)| *messages <= 2)).count()
    }
}

fn content_words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_alphanumeric()).filter(|word| word.len() >= 5)
}

/// The addresses and paths of a line of code or of a table.
pub(crate) fn code_phrases<'t>(reading: &Reading<'t>) -> Vec<Phrase<'t>> {
    let worth = |kind| match kind {
        Kind::Address | Kind::Path => Some(0.6),
        Kind::Identifier => Some(0.1),
        Kind::Number | Kind::Name if reading.sentence.text.starts_with('|') => Some(0.4),
        _ => None,
    };
    let phrase = |typed: &Typed<'t>| worth(typed.kind).map(|worth| Phrase { text: typed.text, worth });
    reading.typed.iter().filter(|typed| typed.text.len() <= LONGEST).filter_map(phrase).collect()
}

/// The head of a list item or a paragraph: what is bold at its beginning, or what stands before its colon or dash.
fn head<'t>(reading: &Reading<'t>) -> Option<&'t str> {
    let text = reading.sentence.text;
    let bold = text.strip_prefix("**").and_then(|rest| rest.split_once("**")).map(|(head, _)| head);
    let head = match bold {
        Some(head) => head,
        None if reading.sentence.shape == Shape::Item => {
            let cut = [": ", " – ", " — ", " - ", ":"].iter().filter_map(|mark| text.find(mark)).min()?;
            &text[..cut]
        }
        None => return None,
    };
    let head = head.trim().trim_matches(['*', ':', '_', '"', ' ']);
    (!head.is_empty() && head.len() <= LONGEST).then_some(head)
}

/// A sentence without its head, which is a phrase of its own.
fn behind_head<'t>(reading: &Reading<'t>) -> &'t str {
    let text = reading.sentence.text;
    head(reading).map_or(text, |head| {
        let end = head.as_ptr() as usize - text.as_ptr() as usize + head.len();
        text[end..].trim_start_matches(['*', ':', '_', '"', '–', '—', '-', ' '])
    })
}

/// Whether a head names something, and isn't a piece of advice with a capital.
fn is_specific(head: &str) -> bool {
    let mut words = head.split_whitespace();
    words.next();
    let later = words.filter(|word| word.starts_with(char::is_uppercase) && word.len() > 3).count();
    later > 0 || head.chars().any(|c| c.is_ascii_digit()) || head.contains(['\'', '’', '"'])
}

/// The length of a figure with what it counts: "6 grams of icing sugar".
fn with_counted(text: &str, figure: &Typed<'_>) -> usize {
    let end = figure.at + figure.text.len();
    let Some(rest) = text[end..].strip_prefix(" of ") else { return figure.text.len() };
    let mut taken = figure.text.len() + " of ".len();
    for word in rest.split_inclusive(' ').take(2) {
        taken += word.len();
        if word.ends_with([',', '.', ';', ':', ')', '!', '?'])
            || word.trim_end().ends_with([',', '.', ';', ':', ')', '!', '?'])
        {
            break;
        }
    }
    figure.text.len() + text[end..figure.at + taken].trim_end_matches([',', '.', ';', ':', ')', '!', '?', ' ']).len()
}

/// The words around a typed fact: up to so many before it, not before `from`.
fn around(text: &str, at: usize, length: usize, before: usize, from: usize) -> &str {
    let end = at + length;
    let mut start = at;
    for _ in 0..before {
        let head = text[..start].trim_end();
        if head.len() <= from || head.ends_with(['.', ',', ':', ';', ')', '*', '!', '?']) {
            break;
        }
        let word = head.rfind(char::is_whitespace).map_or(0, |space| space + 1);
        let word = if text.is_char_boundary(word) { word } else { start };
        if word < from || end - word > LONGEST {
            break;
        }
        start = word;
    }
    text[start..end].trim_start_matches(['(', '*', '"', '“', ' '])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::handoff::sentence::sentences;
    use crate::engine::handoff::transcript::Role;

    fn of(text: &str) -> Vec<String> {
        let reading = Reading::of(sentences(text)[0], Role::Model);
        phrases(&reading, 1, &Rarity::default()).into_iter().map(|phrase| phrase.text.to_owned()).collect()
    }

    #[test]
    fn a_list_item_gives_its_head_and_its_figures() {
        assert_eq!(
            of("1. **Roscioli**: near Campo de' Fiori, about 45 euros a head."),
            ["Roscioli", "Campo de' Fiori", "about 45 euros a head"]
        );
    }

    #[test]
    fn a_clause_begins_behind_its_head() {
        let item = "3. **Take your time**: sleep on it for a night, and decide when you feel rested.";
        let reading = Reading::of(sentences(item)[0], Role::Model);
        let clauses: Vec<&str> =
            rare_clauses(&reading, &Rarity::default()).into_iter().map(|phrase| phrase.text).collect();
        assert!(clauses[0].starts_with("sleep on it"), "{clauses:?}");
    }

    #[test]
    fn german_nouns_are_no_names() {
        assert_eq!(of("Zuerst sollten Sie ein Inventar und einen Zeitplan erstellen."), [""; 0]);
    }

    #[test]
    fn prose_gives_figures_with_the_words_before_them() {
        assert_eq!(of("The tower was finished in 1889."), ["tower was finished in 1889"]);
    }
}
