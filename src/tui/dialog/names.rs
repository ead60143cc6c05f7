//! The names of the workspace: which never cross, which may, and which a dictionary file says.

use super::Outcome;
use super::list::{List, Row};
use crate::engine::redaction::{Dictionary, Judgement};
use crate::engine::settings::{PaneName, Settings};
use crate::tui::key::{Code, Key};

/// The names, to be judged again, forgotten or added.
#[derive(Debug, Clone)]
pub struct Names {
    /// The pane it was opened in.
    pub origin: PaneName,
    /// The names as rows.
    pub list: List,
    /// Why the last key did nothing.
    pub said: Option<String>,
    entries: Vec<KnownName>,
}

/// A name that is known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnownName {
    /// The name.
    pub word: String,
    /// Its kind, if it is masked; kept names have none.
    pub kind: Option<String>,
    /// The file it stands in: read only.
    pub file: Option<String>,
    /// The panes whose file that is.
    pub panes: Vec<PaneName>,
}

impl KnownName {
    fn is_also(&self, other: &Self) -> bool {
        (&self.word, &self.kind, &self.file) == (&other.word, &other.kind, &other.file)
    }
}

/// Every name of the workspace: those a person judged or added first, then those of the panes' files.
pub fn known_names(judged: &Dictionary, settings: &Settings) -> Vec<KnownName> {
    let mut known = of(judged, None);
    known.sort_by_key(|name| name.word.to_lowercase());
    for (pane, own) in &settings.panes {
        let file = if own.dictionary_file.is_empty() { "a dictionary" } else { &own.dictionary_file };
        for name in of(&own.dictionary, Some(file)) {
            // Several panes may name one file.
            match known.iter_mut().find(|known| known.is_also(&name)) {
                Some(same) => same.panes.push(pane.clone()),
                None => known.push(KnownName { panes: vec![pane.clone()], ..name }),
            }
        }
    }
    known
}

fn of(dictionary: &Dictionary, file: Option<&str>) -> Vec<KnownName> {
    let masked = dictionary.names.iter().map(|name| {
        let also = if name.aliases.is_empty() { String::new() } else { format!(" ({})", name.aliases.join(", ")) };
        KnownName {
            word: format!("{}{also}", name.name),
            kind: Some(name.kind.clone()),
            file: file.map(str::to_owned),
            panes: Vec::new(),
        }
    });
    let patterns = dictionary.patterns.iter().map(|pattern| {
        let kind = Some(pattern.kind.clone());
        KnownName { word: format!("/{}/", pattern.regex), kind, file: file.map(str::to_owned), panes: Vec::new() }
    });
    let kept = dictionary.keep.iter();
    let kept =
        kept.map(|word| KnownName { word: word.clone(), kind: None, file: file.map(str::to_owned), panes: Vec::new() });
    masked.chain(patterns).chain(kept).collect()
}

impl Names {
    /// A list of these.
    pub fn new(origin: PaneName, entries: Vec<KnownName>) -> Self {
        Self { origin, list: List::new(entries.iter().map(row).collect()), said: None, entries }
    }

    /// Puts what is known now in place.
    pub fn replace(&mut self, entries: Vec<KnownName>) {
        if entries != self.entries {
            self.list.replace(entries.iter().map(row).collect());
            self.entries = entries;
        }
    }

    /// How many are masked, and how many kept.
    pub fn counts(&self) -> (usize, usize) {
        let masked = self.entries.iter().filter(|name| name.kind.is_some()).count();
        (masked, self.entries.len() - masked)
    }

    /// What Enter would add: the name and its kind, written as `Halvorsen AS: client`.
    pub fn written(&self) -> Option<(String, String)> {
        let text = self.list.filter.text().trim();
        let (name, kind) = text.rsplit_once(':').unwrap_or((text, "name"));
        let (name, kind) = (name.trim(), kind.trim());
        let kind = if kind.is_empty() { "name" } else { kind };
        (!name.is_empty()).then(|| (name.to_owned(), kind.to_owned()))
    }

    pub(super) fn key(&mut self, key: Key) -> Outcome {
        self.said = None;
        let chosen = self.list.chosen().and_then(|at| self.entries.get(at)).cloned();
        match key.code {
            Code::Esc => Outcome::Close,
            Code::Enter => match self.written() {
                Some((name, kind)) => Outcome::AddName(name, kind),
                None => self.say("Write a name, or a name and its kind: Halvorsen AS: client"),
            },
            Code::Tab => match chosen {
                Some(KnownName { file: Some(file), .. }) => self.say(&format!("It stands in {file}: change it there.")),
                Some(KnownName { word, kind, .. }) => {
                    let judgement = if kind.is_some() { Judgement::Keep } else { Judgement::Mask };
                    Outcome::JudgeAgain(word, judgement)
                }
                None => Outcome::Stay,
            },
            Code::Delete | Code::Char('d') if key.code == Code::Delete || key.ctrl => match chosen {
                Some(KnownName { file: Some(file), .. }) => {
                    self.say(&format!("It stands in {file}: take it out there."))
                }
                Some(KnownName { word, .. }) => Outcome::Unjudge(word),
                None => Outcome::Stay,
            },
            _ => {
                self.list.key(key);
                Outcome::Stay
            }
        }
    }

    fn say(&mut self, why: &str) -> Outcome {
        self.said = Some(why.to_owned());
        Outcome::Stay
    }
}

fn row(name: &KnownName) -> Row {
    let judged = name.kind.as_ref().map_or_else(|| "may cross".to_owned(), |kind| format!("masked · {kind}"));
    let file = name.file.as_ref().map_or_else(String::new, |file| format!(" · {file} of {}", name.panes.join(", ")));
    Row { name: name.word.clone(), told: format!("{judged}{file}") }
}
