//! Things described in the same terms set side by side: offers, products, cases.

use super::corpus::Corpus;
use super::document::{Document, Kind as BlockKind};
use super::figure::{self, Kind};
use super::language::Language;
use super::page::{Page, plain};
use super::words;

/// The things and what each says under the labels they share.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Comparison {
    /// The things, as columns.
    pub(super) things: Vec<Thing>,
    /// Labels that two or more of them have, with each one's value.
    pub(super) rows: Vec<(String, Vec<Option<String>>)>,
}

/// Something with labelled values: a section of a text, or a whole text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Thing {
    /// Its heading, or its text's name.
    pub(super) name: String,
    /// The number of its document.
    pub(super) document: usize,
    /// Its section there, if it is one of several.
    pub(super) section: Option<usize>,
    fields: Vec<(String, String)>,
    lines: (usize, usize),
}

/// More columns than this don't fit a pane.
const MOST_THINGS: usize = 6;
const MOST_ROWS: usize = 14;

/// Things and fields looked at: every thing is held against every other.
const MOST_TRIED: usize = 40;

impl Comparison {
    /// Finds what can be set side by side: sections of one text, or several texts.
    pub(super) fn of(corpus: &Corpus) -> Option<Self> {
        let mut things: Vec<Thing> = Vec::new();
        for (number, document) in corpus.documents.iter().enumerate() {
            things.extend(sections(number, document).into_iter().take(MOST_TRIED.saturating_sub(things.len())));
        }
        let language = corpus.documents.first().map(|document| document.language).unwrap_or_default();
        let shared = |thing: &Thing, other: &Thing| {
            thing.fields.iter().filter(|(label, _)| other.value(label, language).is_some()).count()
        };
        let kept: Vec<Thing> = things
            .iter()
            .enumerate()
            .filter(|(at, thing)| {
                things.iter().enumerate().any(|(other_at, other)| other_at != *at && shared(thing, other) >= 2)
            })
            .map(|(_, thing)| thing.clone())
            .take(MOST_THINGS)
            .collect();
        if kept.len() < 2 {
            return None;
        }
        let mut rows: Vec<(String, Vec<Option<String>>)> = Vec::new();
        for (label, _) in kept.iter().flat_map(|thing| &thing.fields) {
            if rows.iter().any(|(known, _)| same_label(known, label, language)) {
                continue;
            }
            let values: Vec<_> = kept.iter().map(|thing| thing.value(label, language).map(str::to_owned)).collect();
            if values.iter().flatten().count() >= 2 && rows.len() < MOST_ROWS {
                rows.push((label.clone(), values));
            }
        }
        (rows.len() >= 2).then_some(Self { things: kept, rows })
    }

    /// Writes the table and where it comes from.
    pub(super) fn write(&self, page: &mut Page, corpus: &Corpus) {
        let mut header = vec![String::new()];
        header.extend(self.things.iter().map(|thing| plain(&thing.name)));
        let rows: Vec<Vec<String>> = self
            .rows
            .iter()
            .map(|(label, values)| {
                let mut row = vec![label.clone()];
                row.extend(values.iter().map(|value| value.clone().unwrap_or_else(|| "–".to_owned())));
                row
            })
            .collect();
        page.table(&header, &rows);
        let places: Vec<String> = self
            .things
            .iter()
            .map(|thing| format!("{} lines {}–{}", plain(&thing.name), thing.lines.0, thing.lines.1))
            .collect();
        let one = self.things.iter().all(|thing| thing.document == self.things[0].document);
        let name = if one { format!("{}: ", corpus.documents[self.things[0].document].short) } else { String::new() };
        page.line(&format!("{name}{}", places.join(", ")));
    }

    /// Where every value begins with a number of one kind: who has the lowest and who the highest.
    pub(super) fn extremes(&self) -> Vec<String> {
        self.rows.iter().filter_map(|(label, values)| self.extreme(label, values)).collect()
    }

    fn extreme(&self, label: &str, values: &[Option<String>]) -> Option<String> {
        let read: Option<Vec<Leading>> = values.iter().map(|value| leading(value.as_deref()?)).collect();
        let read = read?;
        let first = read.first()?;
        if read.iter().any(|other| other.kind != first.kind || other.tail != first.tail) {
            return None;
        }
        let lowest = (0..read.len()).min_by(|&i, &j| read[i].number.total_cmp(&read[j].number))?;
        let highest = (0..read.len()).max_by(|&i, &j| read[i].number.total_cmp(&read[j].number))?;
        let only = |at: usize| read.iter().filter(|other| (other.number - read[at].number).abs() < 1e-9).count() == 1;
        if !only(lowest) || !only(highest) || lowest == highest {
            return None;
        }
        let name = |at: usize| format!("{} ({})", plain(&self.things[at].name), read[at].shown);
        Some(format!("{label}: lowest {}, highest {}", name(lowest), name(highest)))
    }
}

/// A value that begins with a number.
struct Leading {
    kind: Kind,
    number: f64,
    tail: String,
    shown: String,
}

fn leading(value: &str) -> Option<Leading> {
    let digit = value.find(|c: char| c.is_ascii_digit())?;
    if value[..digit].chars().any(char::is_alphanumeric) || digit > 5 {
        return None;
    }
    // The number with its unit ends at the first comma that isn't one of its own.
    let end = value.find(", ").or_else(|| value.find(['(', ';'])).unwrap_or(value.len());
    let shown = value[..end].trim().to_owned();
    let figure = figure::figures(&shown).into_iter().next()?;
    let after = shown[digit..].trim_start_matches(|c: char| c.is_ascii_digit() || matches!(c, '.' | ',' | '\''));
    let tail = after.trim().to_lowercase();
    let tail = tail.strip_suffix('s').unwrap_or(&tail).to_owned();
    (figure.kind != Kind::Date).then_some(())?;
    Some(Leading { kind: figure.kind, number: figure.number?, tail, shown })
}

impl Thing {
    fn value(&self, label: &str, language: Language) -> Option<&str> {
        let exact = self.fields.iter().find(|(other, _)| other.to_lowercase() == label.to_lowercase());
        exact
            .or_else(|| self.fields.iter().find(|(other, _)| same_label(other, label, language)))
            .map(|(_, value)| value.as_str())
    }
}

fn same_label(a: &str, b: &str, language: Language) -> bool {
    if a.to_lowercase() == b.to_lowercase() {
        return true;
    }
    let stems = |label: &str| -> Vec<String> {
        let found = words::words(label)
            .into_iter()
            .map(|word| &label[word.span])
            .filter(|word| !language.stop_words().contains(&word.to_lowercase().as_str()));
        let mut stems: Vec<String> = found.map(|word| words::stem(word, language)).collect();
        stems.sort();
        stems
    };
    let (a, b) = (stems(a), stems(b));
    !a.is_empty() && a == b
}

/// The sections of a text with labelled values; the whole text, if only one of them has any.
fn sections(number: usize, document: &Document) -> Vec<Thing> {
    let mut things: Vec<Thing> = Vec::new();
    for block in &document.blocks {
        if block.kind == BlockKind::Heading {
            continue;
        }
        let line = block.line(0);
        let Some((label, value)) = block.field() else { continue };
        match things.last_mut().filter(|thing| thing.section == Some(block.section)) {
            Some(thing) => {
                thing.lines.1 = line;
                if thing.fields.len() == MOST_TRIED {
                    continue;
                }
                thing.fields.push((label.to_owned(), value.to_owned()));
            }
            None => things.push(Thing {
                name: document.sections[block.section].heading.clone(),
                document: number,
                section: Some(block.section),
                fields: vec![(label.to_owned(), value.to_owned())],
                lines: (line, line),
            }),
        }
    }
    things.retain(|thing| thing.fields.len() >= 2);
    if let [only] = things.as_mut_slice() {
        only.name.clone_from(&document.name);
        only.section = None;
    }
    for thing in &mut things {
        if thing.name.is_empty() {
            thing.name.clone_from(&document.name);
        }
    }
    things
}
