//! Handoffs: the ledger, the document code makes from a transcript, and its verification.
//!
//! [`write()`] makes a document of a size from a transcript, with no model: pins byte for byte, rules, decisions, what was
//! rejected, typed facts with what they superseded, open questions, next steps, the person's own words, where things stand.
//! [`Document::merged`] brings an earlier document up to date. [`verify()`] tells what a document, whoever wrote it, has lost,
//! misplaced or invented; [`repair()`] appends what was lost.
//!
//! Architecture invariants: every entry's words stand in the transcript, in the message it names as its source; a document
//! never exceeds its size; the same transcript gives the same document; a message more never removes a pin or a rule.

mod answer;
mod cue;
mod document;
mod entry;
mod fact;
mod figure;
mod file;
mod ledger;
mod material;
mod merge;
mod name;
mod narrative;
mod parse;
mod plan;
#[cfg(test)]
mod properties;
mod reading;
mod repair;
mod secret;
mod section;
mod select;
mod sentence;
mod size;
mod supersede;
#[cfg(test)]
mod testing;
mod transcript;
mod trim;
mod typed;
mod verify;
mod weave;
mod word;

pub use document::Document;
pub use entry::{Entry, Past, Verbatim};
pub use fact::{Cause, Drafted, Handoff, Succession, Underway, Writer};
pub use file::{file_name, ready_name, whole};
pub use ledger::Ledger;
pub use material::Material;
pub use narrative::whole_lines;
pub use plan::{Aim, Given, Ground, Making, Plan, Sizes, Surveyed};
pub use repair::repair;
pub(crate) use secret::withhold;
pub use section::Section;
pub use select::TooSmall;
pub use size::Size;
pub use transcript::{Quoted, Role, Spoken, Transcript};
pub use verify::{Flaw, FlawKind, verify};
pub use weave::Woven;

/// The document of this size for a transcript.
pub fn write(transcript: &Transcript<'_>, size: Size) -> Result<Document, TooSmall> {
    select::select(&Ledger::of(transcript), size)
}
