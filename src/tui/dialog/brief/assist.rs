//! What a model proposes for a brief's empty fields: put there, marked until a person has changed it, and taken back.

use super::{BriefComposer, Field};
use crate::engine::brief::Fields;
use crate::engine::settings::Locality;
use crate::tui::app::composer::Composer;
use crate::tui::app::draft::Draft as Text;

/// What was proposed, and what is awaited.
#[derive(Debug, Clone, Default)]
pub struct Assist {
    /// The number of the request that is awaited, if one is.
    pub awaited: Option<u64>,
    /// The model that is asked, or was.
    pub model: String,
    /// The strictest locality of what the proposals were made from.
    pub from: Locality,
    /// What was put into which field.
    filled: Vec<(Field, String)>,
}

impl Assist {
    /// Nothing is awaited; what a draft was proposed from before is still known.
    pub(super) fn kept(from: Locality) -> Self {
        Self { from, ..Self::default() }
    }
}

impl BriefComposer {
    /// A model is asked: the answer to this request is awaited.
    pub fn await_proposals(&mut self, number: u64, model: String) {
        self.assist.awaited = Some(number);
        self.assist.model = model;
    }

    /// Whether the answer to this request is awaited.
    pub fn awaits(&self, number: u64) -> bool {
        self.assist.awaited == Some(number)
    }

    /// Takes proposals into the fields that are still empty: what a person wrote stays as it is.
    pub fn propose(&mut self, fields: &Fields, from: Locality) {
        self.assist.awaited = None;
        let constraints = fields.constraints.join("\n");
        let proposals = [
            (Field::Objective, &fields.objective),
            (Field::DoneWhen, &fields.done_when),
            (Field::Constraints, &constraints),
            (Field::Expected, &fields.expected),
        ];
        let mut put = Vec::new();
        for (field, text) in proposals.into_iter().filter(|(_, text)| !text.is_empty()) {
            let Some(composer) = self.text_mut(field).filter(|composer| composer.text().trim().is_empty()) else {
                continue;
            };
            *composer = Composer::of(Text::of(text.as_str()));
            let written = composer.text();
            self.assist.filled.retain(|(known, _)| *known != field);
            self.assist.filled.push((field, written));
            put.push(field);
        }
        let model = &self.assist.model;
        if put.is_empty() {
            self.told = Some(format!("{model} proposes only what you have written by now. Nothing changed."));
            return;
        }
        let names: Vec<&str> = put.iter().map(|field| field.label()).collect();
        let (names, leader) = (names.join(", "), self.keymap.leader());
        let told = format!("{model} proposes: {names}. {leader} u takes it back.");
        self.told = Some(told);
        self.assist.from = self.assist.from.max(from);
        self.is_unfolded |= put.iter().any(|field| *field != Field::Objective);
        if self.field == Field::More && self.is_unfolded {
            self.field = Field::DoneWhen;
        }
        self.changed();
    }

    /// Whether a field says what was proposed, and nobody has changed it since.
    pub fn is_proposed(&self, field: Field) -> bool {
        let stands = |(known, proposed): &(Field, String)| {
            *known == field && self.text(field).is_some_and(|composer| composer.text() == *proposed)
        };
        self.assist.filled.iter().any(stands)
    }

    /// Whether anything that was proposed stands as it was proposed.
    pub fn has_proposals(&self) -> bool {
        self.assist.filled.iter().any(|(field, _)| self.is_proposed(*field))
    }

    /// Takes back what was proposed; what a person has changed of it stays.
    pub(super) fn take_back(&mut self) {
        let proposed: Vec<Field> =
            self.assist.filled.iter().map(|(field, _)| *field).filter(|field| self.is_proposed(*field)).collect();
        if proposed.is_empty() {
            self.told = Some("Nothing stands here as it was proposed.".to_owned());
            return;
        }
        let is_all = proposed.len() == self.assist.filled.len();
        for field in proposed {
            if let Some(composer) = self.text_mut(field) {
                *composer = Composer::default();
            }
        }
        self.assist.filled.clear();
        if is_all {
            self.assist.from = Locality::default();
        }
        self.told = Some("What was proposed is taken back.".to_owned());
        self.changed();
    }

    /// Gives up what is awaited; returns whether anything was.
    pub fn stop_awaiting(&mut self) -> bool {
        self.assist.awaited.take().is_some()
    }
}
