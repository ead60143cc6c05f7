//! What a document is made from: the ledger so far, the document by code alone, and the requests for a narrative.

use std::borrow::Cow;
use std::fmt::Write as _;
use std::sync::Arc;

use crate::engine::brief::About;
use crate::engine::locality::{Outbound, Table};
use crate::engine::message::{Author, Bodies, Message};
use crate::engine::op::{Refusal, RefusalKind};
use crate::engine::prompt::{Limits, Request};
use crate::engine::redaction::LeakCheck;

use super::document::Document;
use super::ledger::Ledger;
use super::narrative;
use super::plan::Plan;
use super::section::Section;
use super::select::select;
use super::size::Size;
use super::transcript::{Quoted, Role, Spoken, Transcript};

/// Everything said since the last handoff, and what was known before.
#[derive(Debug, Clone, PartialEq)]
pub struct Material {
    /// The earlier document; empty at the beginning of a lineage.
    pub(super) earlier: Document,
    /// The earlier document as it stands in the conversation.
    pub(super) earlier_text: String,
    /// What was said since, with the bodies of attachments: who, what, and the message's number.
    pub(super) said: Vec<Said>,
    /// The briefs in flight, a line each.
    pub(super) briefs: Vec<String>,
    /// The document by code alone.
    pub document: String,
    /// The requests for a narrative, one for each part of what was said, oldest first.
    pub requests: Vec<Outbound>,
}

/// One message since the last handoff.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Said {
    pub(super) role: Role,
    pub(super) text: String,
    pub(super) number: u32,
}

impl Material {
    /// Reads the branch. Pure, and heavy: for a worker.
    pub fn of(plan: &Plan, read: &Bodies, briefs: Vec<String>, table: &Table) -> Result<Self, Refusal> {
        let is_document = |message: &&Message| matches!(message.about, Some(About::Handoff { .. }));
        let earlier_text = read.messages.iter().find(is_document).map(Message::text).unwrap_or_default();
        let said: Vec<Said> =
            read.messages.iter().filter(|message| !is_document(message)).map(|message| said(message, read)).collect();
        let earlier = Document::parse(&earlier_text);
        let mut material = Self { earlier, earlier_text, said, briefs, document: String::new(), requests: Vec::new() };
        let size = Size::Tokens(plan.sizes.document as usize);
        let document = select(&material.ledger(), size)
            .map_err(|error| Refusal::new(RefusalKind::Forbidden, format!("Not handed off: {error}.")))?;
        material.document = document.to_markdown();
        material.requests = material.requests_for(plan, table);
        Ok(material)
    }

    /// The ledger of the whole lineage, as far as the earlier document carried it.
    pub(super) fn ledger(&self) -> Ledger {
        self.earlier.ledger_with(&self.transcript())
    }

    /// What was said since the last handoff.
    pub(super) fn transcript(&self) -> Transcript<'_> {
        let spoken =
            |said: &'_ Said| Spoken { role: said.role, text: said.text.clone().into(), source: label(said.number) };
        Transcript { spoken: self.said.iter().map(spoken).collect(), pins: Vec::new(), briefs: self.quoted_briefs() }
    }

    /// Everything an identifier may have been said in: the messages since, and the earlier document.
    pub(super) fn witnesses(&self) -> Transcript<'_> {
        let mut transcript = self.transcript();
        transcript.spoken.push(Spoken::new(Role::System, &self.earlier_text, "-"));
        transcript
    }

    fn quoted_briefs(&self) -> Vec<Quoted<'_>> {
        self.briefs.iter().map(|brief| Quoted { text: brief.as_str().into(), source: "brief".into() }).collect()
    }

    /// The requests for a narrative; none where no model writes, or where one would say what it must not.
    fn requests_for(&self, plan: &Plan, table: &Table) -> Vec<Outbound> {
        let Some(model) = &plan.writer else { return Vec::new() };
        let objective = self.earlier.entries.iter().filter(|entry| entry.section == Section::Objective);
        let objective = objective.map(|entry| entry.text.as_str()).collect::<Vec<_>>().join(" ");
        let parts = parts(&self.said, plan.sizes.material);
        let check = Arc::new(LeakCheck::new([&table.vault(plan.conversation)]));
        let requests = parts
            .iter()
            .map(|part| Request {
                model: model.clone(),
                pane: plan.pane.clone(),
                system: narrative::INSTRUCTIONS.into(),
                said: vec![narrative::ask(&plan.pane, part, &objective, plan.seed)],
                max_output: Some(plan.sizes.output),
                limits: Limits { window: None, output: Some(plan.sizes.output) },
            })
            .map(|request| Outbound::check(request, Arc::clone(&check)));
        requests.collect::<Result<_, _>>().unwrap_or_default()
    }
}

fn label(number: u32) -> Cow<'static, str> {
    Cow::Owned(format!("m{number}"))
}

fn said(message: &Message, read: &Bodies) -> Said {
    let role = match (message.author, message.about) {
        // What another conversation reports is nobody's own word here.
        (Author::Model, _) | (_, Some(About::Report { .. })) => Role::Model,
        (Author::Person, _) => Role::Person,
    };
    let mut text = message.text();
    for attachment in message.attachments() {
        if let Some(body) = read.attachments.get(&attachment.hash) {
            // Writing to a String can't fail.
            let _ = write!(text, "\n\n{}", crate::engine::prompt::fenced(&attachment.name, body));
        }
    }
    Said { role, text, number: message.number }
}

/// How many requests a narrative may take: what is older than the last parts is left to the ledger.
const MOST_PARTS: usize = 3;

/// One part of what was said: the first and last message's number, and their texts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Part {
    pub(super) first: u32,
    pub(super) last: u32,
    pub(super) text: String,
}

/// What was said in parts of at most this many estimated tokens, oldest first; the newest parts if there are too many.
fn parts(said: &[Said], tokens: u32) -> Vec<Part> {
    let size = Size::Tokens(tokens as usize);
    let mut parts: Vec<Part> = Vec::new();
    for said in said {
        let who = match said.role {
            Role::Person => "person",
            Role::Model => "model",
            Role::System => "system",
        };
        let text = super::secret::withhold(&said.text);
        for piece in pieces(&text, size) {
            let line = format!("{who} (m{}): {}\n", said.number, piece.trim());
            match parts.last_mut() {
                Some(part) if size.holds(&format!("{}{line}", part.text)) => {
                    part.text.push_str(&line);
                    part.last = said.number;
                }
                _ => parts.push(Part { first: said.number, last: said.number, text: line }),
            }
        }
    }
    parts.split_off(parts.len().saturating_sub(MOST_PARTS))
}

/// A text in pieces that leave room for who said them.
fn pieces(text: &str, size: Size) -> Vec<&str> {
    let room = (size.limit() * 9 / 10).saturating_sub(size.cost("person (m10000): \n")).max(1);
    let mut pieces = Vec::new();
    let (mut start, mut cost) = (0, 0);
    for (at, c) in text.char_indices() {
        let one = size.cost(c.encode_utf8(&mut [0; 4]));
        if cost + one > room {
            pieces.push(&text[start..at]);
            (start, cost) = (at, 0);
        }
        cost += one;
    }
    pieces.push(&text[start..]);
    pieces
}
