//! What a handoff that is being made is about: it travels with its effects and comes back with their results.

use std::sync::Arc;

use crate::engine::id::{ConversationId, HandoffId, MessageId};
use crate::engine::input::Asker;
use crate::engine::locality::Table;
use crate::engine::model::ModelRef;
use crate::engine::op::Refusal;
use crate::engine::settings::PaneName;

use super::fact::{Cause, Drafted};
use super::material::Material;

/// A handoff that is being made.
#[derive(Debug, Clone, PartialEq)]
pub struct Plan {
    /// Its identity.
    pub handoff: HandoffId,
    /// The conversation that is handed off.
    pub conversation: ConversationId,
    /// The pane it was started in.
    pub pane: PaneName,
    /// Who asked, if anybody did.
    pub asker: Option<Asker>,
    /// What becomes of the document.
    pub aim: Aim,
    /// Why it is made.
    pub cause: Cause,
    /// The last message that the document stands for.
    pub head: MessageId,
    /// The model that writes the narrative; none for a document by code alone.
    pub writer: Option<ModelRef>,
    /// How many requests have failed so far.
    pub tries: u32,
    /// Which models have failed.
    pub failed: Vec<ModelRef>,
    /// How the last request failed, in a sentence.
    pub failure: Option<String>,
    /// The sizes it has to keep to.
    pub sizes: Sizes,
    /// Where the fence's mark comes from.
    pub seed: u64,
}

/// What becomes of a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Aim {
    /// A successor begins with it.
    Carry,
    /// Whoever asked reads it.
    Draft,
    /// It is kept beside the journal, in case.
    Ready,
}

/// Sizes in estimated tokens, so that the model counts no more than it may.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sizes {
    /// The most the document may take.
    pub document: u32,
    /// The most material that one request to the writer may quote.
    pub material: u32,
    /// The longest narrative asked for, as the model counts.
    pub output: u32,
}

/// What a document is made from, beside the bodies.
#[derive(Debug, Clone, PartialEq)]
pub struct Ground {
    /// The messages of the branch, oldest first, up to the plan's head.
    pub messages: Vec<MessageId>,
    /// The briefs in flight, a line each.
    pub briefs: Vec<String>,
    /// The pseudonyms that the conversation knows: their values must not be sent.
    pub table: Table,
}

/// A handoff with what it has so far.
#[derive(Debug, Clone, PartialEq)]
pub struct Making {
    /// What it is about.
    pub plan: Plan,
    /// What it is made from; none for a document that a person wrote.
    pub material: Option<Arc<Material>>,
    /// What the model has written so far, a text for each part of the material.
    pub answers: Vec<String>,
    /// Whether the model was asked to mend it: that happens once.
    pub mended: bool,
    /// The document that a person read and perhaps changed.
    pub given: Option<Given>,
}

/// A document that a person read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Given {
    /// The document.
    pub document: String,
    /// How it came about; `None` if the person changed it.
    pub drafted: Option<Drafted>,
}

/// What came of reading: material, or why there is none.
pub type Surveyed = Result<Arc<Material>, Refusal>;
