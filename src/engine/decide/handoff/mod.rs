//! Handoffs joined to conversations: when one is made, what it carries, and the ways back.
//!
//! A handoff goes through `Gather` (bodies are read, the document by code is there), asides (a model writes the narrative,
//! part by part), and `Weave` (the narrative is checked against the ledger); then the successor begins, in one commit. Each
//! step carries the whole plan; a step whose handoff is no longer under way changes nothing.
//!
//! Architecture invariants: until the one commit the predecessor is whole and nothing of the successor exists; a turn that
//! waits is answered exactly once, here or there; no more than three requests fail before the ledger alone is carried.

mod back;
mod carry;
mod make;
mod plan;
mod when;

pub(super) use self::make::gone;
use super::super::conversation::Conversation;
use super::super::effect::Effect;
use super::super::event::Event;
use super::super::id::{AsideId, HandoffId};
use super::Decision;

/// Gives up a handoff that is being made, if one is: nothing has happened to the conversation.
pub(super) fn drop_handoff(decision: Decision, conversation: &Conversation, why: &str) -> Decision {
    let Some(underway) = &conversation.header.succession.underway else { return decision };
    let (id, handoff) = (conversation.header.id, underway.handoff);
    decision
        .event(Event::HandoffDropped { conversation: id, handoff, why: why.to_owned(), holds: false })
        .effect(Effect::CancelAside { aside: aside_of(handoff) })
}

/// The aside of a handoff: it has one at a time.
fn aside_of(handoff: HandoffId) -> AsideId {
    AsideId::from_uuid(handoff.as_uuid())
}
