//! Material and plans for tests.

use std::sync::Arc;

use crate::engine::brief::About;
use crate::engine::id::{ConversationId, Env, HandoffId, Ids, MessageId};
use crate::engine::locality::Table;
use crate::engine::message::{Author, Bodies, Ending, Message, Part};
use crate::engine::time::Timestamp;

use super::fact::Cause;
use super::material::Material;
use super::plan::{Aim, Making, Plan, Sizes};

fn env() -> Env {
    Env { now: Timestamp::from_millis(1), ids: Ids::seeded(9) }
}

fn plan(document: u32) -> Plan {
    let env = env();
    Plan {
        handoff: HandoffId::new(&env),
        conversation: ConversationId::new(&env),
        pane: "research".to_owned(),
        asker: None,
        aim: Aim::Carry,
        cause: Cause::Full,
        head: MessageId::new(&env),
        writer: "cloud/big".parse().ok(),
        tries: 0,
        failed: Vec::new(),
        failure: None,
        sizes: Sizes { document, material: 600, output: 200 },
        seed: 7,
    }
}

/// What a person and a model said in turn, after an earlier document if there is one.
pub(super) fn material(said: &[&str], earlier: &str, document: u32) -> Material {
    let env = env();
    let conversation = ConversationId::new(&env);
    let mut messages: Vec<Message> = Vec::new();
    let about = (!earlier.is_empty()).then(|| About::Handoff { handoff: HandoffId::new(&env) });
    let first = if earlier.is_empty() { None } else { Some((earlier, Author::Person, about)) };
    let turns = said.iter().enumerate().map(|(index, text)| {
        let author = if index % 2 == 0 { Author::Person } else { Author::Model };
        (*text, author, None)
    });
    let before = if earlier.is_empty() { 0 } else { 10 };
    for (index, (text, author, about)) in first.into_iter().chain(turns).enumerate() {
        messages.push(Message {
            id: MessageId::new(&env),
            conversation,
            number: before + index as u32 + 1,
            parent: messages.last().map(|message| message.id),
            author,
            at: env.now,
            parts: vec![Part::text(text)],
            ending: Ending::Complete,
            about,
            turn: None,
            model: None,
            usage: None,
        });
    }
    let read = Bodies { messages, ..Bodies::default() };
    Material::of(&plan(document), &read, Vec::new(), &Table::default()).unwrap()
}

/// A handoff that has its material and nothing else.
pub(super) fn making(material: Material) -> Making {
    Making { plan: plan(400), material: Some(Arc::new(material)), answers: Vec::new(), mended: false, given: None }
}
