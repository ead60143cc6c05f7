//! One entry of the ledger: words from the transcript, where they belong, and where they stand.

use super::section::Section;
use super::transcript::Role;

/// Words from the transcript in a section, with their source.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// Where it belongs.
    pub section: Section,
    /// The words, on one line; `…` stands where words were left out.
    pub text: String,
    /// The label of the message they stand in.
    pub source: String,
    /// Who said them.
    pub role: Role,
    /// Earlier values that this entry replaces, oldest first.
    pub was: Vec<Past>,
    /// The label of the message that replaced this entry's value.
    pub superseded_by: Option<String>,
    /// How much is lost if it is left out.
    pub(crate) worth: f32,
    /// The place of its message in the order of the conversation.
    pub(crate) at: usize,
    /// The number of its sentence in the conversation: neighbours are one apart.
    pub(crate) seq: usize,
    /// Whether it says a second time, in another section, what another entry says.
    pub(crate) echo: bool,
}

impl Entry {
    /// An entry without a past.
    pub(crate) fn new(section: Section, text: &str, source: &str, role: Role, at: usize) -> Self {
        Self {
            section,
            text: one_line(text),
            source: source.to_owned(),
            role,
            was: Vec::new(),
            superseded_by: None,
            worth: 0.0,
            at,
            seq: 0,
            echo: false,
        }
    }

    /// The same entry, worth this much.
    pub(crate) const fn worth(mut self, worth: f32) -> Self {
        self.worth = worth;
        self
    }

    /// The same entry, as the sentence of this number.
    pub(crate) const fn numbered(mut self, seq: usize) -> Self {
        self.seq = seq;
        self
    }

    /// Whether it is a few words out of an answer, which share a line with others.
    pub(crate) fn is_phrase(&self) -> bool {
        self.role == Role::Model
            && self.section == Section::Facts
            && self.was.is_empty()
            && self.superseded_by.is_none()
    }
}

/// A value that was replaced.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Past {
    /// The value.
    pub value: String,
    /// The label of the message that said it.
    pub source: String,
}

/// The text with every run of white space as one space: what stands on one line of a list.
pub(crate) fn one_line(text: &str) -> String {
    let mut line = String::with_capacity(text.len());
    for word in text.split_whitespace() {
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(word);
    }
    line
}

/// A text that a document carries byte for byte.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verbatim {
    /// The text.
    pub text: String,
    /// The label of the message it stands in.
    pub source: String,
}
