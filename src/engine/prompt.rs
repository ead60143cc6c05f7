//! From a conversation's messages to the request a provider is sent. The prefix is stable and append-only, so that caches work.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::brief::{self, Hold, Shared};
use super::conversation::Pin;
use super::id::ConversationId;
use super::locality::{Leaked, Outbound, Table};
use super::message::{Author, Message, Part};
use super::meter;
use super::model::ModelRef;
use super::redaction::{Dictionary, LeakCheck, Vault};
use super::settings::PaneName;

/// What a request is made of, before it is put together.
#[derive(Debug, Clone, PartialEq)]
pub struct Prompt {
    /// The pane's name: what the conversation is for.
    pub pane: PaneName,
    /// The conversation's role.
    pub role: String,
    /// What all panes of the workspace work towards, if this one is told.
    pub shared: Option<Shared>,
    /// The conversation's pins.
    pub pins: Vec<Pin>,
    /// The messages of the branch, oldest first; the last one is answered.
    pub messages: Vec<Message>,
    /// The bodies of attachments by hash.
    pub attachments: BTreeMap<String, Arc<str>>,
    /// The longest answer wanted, in tokens.
    pub max_output: Option<u32>,
    /// The pseudonyms that the conversation knows: their values must not be sent.
    pub table: Table,
    /// The names of the workspace: who is hidden isn't named by an alias either.
    pub names: Dictionary,
    /// Whether everything goes under the conversation's pseudonyms: its provider must not read it as it is.
    pub is_masked: bool,
    /// The conversation.
    pub conversation: ConversationId,
    /// What the model takes and gives at most.
    pub limits: Limits,
}

/// What a provider is sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    /// The model that is asked.
    pub model: ModelRef,
    /// The pane's name: `offline` works by it, other providers don't see it.
    pub pane: PaneName,
    /// The system text; empty if there is none.
    pub system: Arc<str>,
    /// What was said, oldest first, with the person's message last.
    pub said: Vec<Said>,
    /// The longest answer wanted, in tokens; the provider's own limit if `None`.
    pub max_output: Option<u32>,
    /// What the model takes and gives at most: some protocols insist on being told.
    pub limits: Limits,
}

/// What a model takes and gives at most, as far as known.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Limits {
    /// How many tokens fit into one request and its answer.
    pub window: Option<u32>,
    /// How many tokens one answer may have.
    pub output: Option<u32>,
}

/// One message of a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Said {
    /// Who said it.
    pub by: Author,
    /// What was said, attachments included.
    pub text: Arc<str>,
}

/// A request with its estimated size.
#[derive(Debug, Clone, PartialEq)]
pub struct Assembled {
    /// What may leave, or the value that must not be sent and would be.
    pub outbound: Result<Outbound, Leaked>,
    /// Its estimated tokens.
    pub tokens: u32,
    /// The names of attachments whose bodies could not be read.
    pub missing: Vec<String>,
    /// What keeps the workspace's objective from being told here, or the conversation from going under pseudonyms.
    pub holds: Vec<Hold>,
    /// The pseudonyms that the conversation's table gains by it, and must have before the request is sent.
    pub growth: Table,
}

/// Puts a request together. Empty answers (a turn that failed before its first byte) are left out.
pub fn assemble(model: ModelRef, prompt: &Prompt) -> Assembled {
    let mut missing = Vec::new();
    let mut said: Vec<Said> = Vec::with_capacity(prompt.messages.len());
    for message in &prompt.messages {
        let text = body(message, &prompt.attachments, &mut missing);
        if text.trim().is_empty() {
            continue;
        }
        match said.last_mut() {
            // Two messages of one author in a row (an answer that never came) are one: some servers insist on turns.
            Some(last) if last.by == message.author => last.text = format!("{}\n\n{text}", last.text).into(),
            _ => said.push(Said { by: message.author, text: text.into() }),
        }
    }
    let mut vault = prompt.table.vault(prompt.conversation);
    let (objective, mut holds) =
        prompt.shared.as_ref().map(|shared| brief::share(shared, &mut vault)).unwrap_or_default();
    let mut system: Arc<str> = system(prompt, &objective).into();
    if prompt.is_masked {
        holds.extend(mask(&mut system, &mut said, &prompt.names, &mut vault));
    }
    let tokens =
        said.iter().fold(meter::estimate(&system), |sum, said| sum.saturating_add(meter::estimate(&said.text) + 5));
    let request = Request {
        model,
        pane: prompt.pane.clone(),
        system,
        said,
        max_output: prompt.max_output,
        limits: prompt.limits,
    };
    // The last look: whatever way it came into the request, a value that crossed under a pseudonym stays hidden.
    let check = Arc::new(LeakCheck::with_names(&vault, &prompt.names));
    let growth = prompt.table.growth(&vault);
    Assembled { outbound: Outbound::check(request, check), tokens, missing, holds, growth }
}

/// Puts everything that is said under pseudonyms.
fn mask(system: &mut Arc<str>, said: &mut [Said], names: &Dictionary, vault: &mut Vault) -> Vec<Hold> {
    let one = |place: String, text: &Arc<str>| (place, text.to_string());
    let mut texts = vec![one("the role, notes and pins".to_owned(), system)];
    texts.extend(
        said.iter().enumerate().map(|(at, said)| one(format!("message {} of the request", at + 1), &said.text)),
    );
    let holds = brief::hide(&mut texts, names, vault);
    let places = std::iter::once(system).chain(said.iter_mut().map(|said| &mut said.text));
    for (place, (_, text)) in places.zip(texts) {
        *place = text.into();
    }
    holds
}

fn system(prompt: &Prompt, objective: &str) -> String {
    let mut system = prompt.role.clone();
    if !objective.is_empty() {
        system.push_str("\n\nWhat everyone here works towards: ");
        system.push_str(objective);
    }
    if !prompt.pins.is_empty() {
        system.push_str("\n\nPinned by the person, to be kept to word for word:");
        for pin in &prompt.pins {
            system.push_str("\n- ");
            system.push_str(&pin.text);
        }
    }
    system
}

pub(super) fn body(message: &Message, attachments: &BTreeMap<String, Arc<str>>, missing: &mut Vec<String>) -> String {
    let mut text = String::new();
    for part in &message.parts {
        let piece = match part {
            Part::Text { text } => text.to_string(),
            Part::Attachment(attachment) => {
                if let Some(body) = attachments.get(&attachment.hash) {
                    fenced(&attachment.name, body)
                } else {
                    missing.push(attachment.name.clone());
                    continue;
                }
            }
            Part::Reasoning { .. } | Part::Unknown(_) => continue,
        };
        if !text.is_empty() {
            text.push_str("\n\n");
        }
        text.push_str(&piece);
    }
    text
}

/// An attachment between fences longer than any run of backticks in it, so that it can't close its own fence.
pub(super) fn fenced(name: &str, body: &str) -> String {
    let mut longest = 0;
    let mut run = 0;
    for c in body.chars() {
        run = if c == '`' { run + 1 } else { 0 };
        longest = longest.max(run);
    }
    let fence = "`".repeat(usize::max(3, longest + 1));
    let end = if body.ends_with('\n') { "" } else { "\n" };
    // On one line, and without what would close the fence's own opening.
    let name = name.replace(|c: char| c.is_control() || c == '`', " ");
    format!("{fence}text {name}\n{body}{end}{fence}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_attachment_cannot_close_its_own_fence() {
        let fenced = fenced("a.md", "```\ncode\n```");
        assert!(fenced.starts_with("````text a.md\n"));
        assert!(fenced.ends_with("\n````"));
    }
}
