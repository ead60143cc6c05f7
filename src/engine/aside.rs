//! Asides: requests to a model that are no turns. Nothing of them stands in the transcript; what they cost is spent.
//!
//! An aside carries what it is for, and comes back with it: the engine remembers nothing meanwhile, and an aside that is
//! lost in a crash changes nothing.

use super::brief::Proposing;
use super::handoff::Making;

/// What an aside is for: who goes on with its answer.
#[derive(Debug, Clone, PartialEq)]
pub enum Purpose {
    /// The narrative of a handoff.
    Narrative(Box<Making>),
    /// Proposals for the empty fields of a brief.
    Proposals(Box<Proposing>),
}
