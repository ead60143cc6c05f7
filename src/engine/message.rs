//! A message and its parts: what was said, by whom, kept as received.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::brief::About;
use super::failure::Failure;
use super::id::{ConversationId, MessageId, TurnId};
use super::model::ModelRef;
use super::time::Timestamp;

/// Who a message is from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Author {
    /// The person at the keyboard, or at the command line.
    Person,
    /// A model, or the embedded offline provider.
    Model,
}

/// A piece of a message. Text is as received: sanitising is for sinks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "part", rename_all = "snake_case")]
pub enum Part {
    /// What was written.
    Text {
        /// The text, usually Markdown.
        text: Arc<str>,
    },
    /// What a model thought before it answered; shown folded and dimmed, never sent back.
    Reasoning {
        /// The text of the thought.
        text: Arc<str>,
    },
    /// A file or a long paste that went along; the body lies in the journal under its hash.
    Attachment(Attachment),
    /// A part that a newer version wrote: kept as it is, shown by its name.
    #[serde(untagged)]
    Unknown(serde_json::Value),
}

impl Part {
    /// A part of plain text.
    pub fn text(text: impl Into<Arc<str>>) -> Self {
        Self::Text { text: text.into() }
    }
}

/// What is known of an attached text without its body.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attachment {
    /// SHA-256 of the body, in hex: the key of the journal's blob table.
    pub hash: String,
    /// The file's name, or `paste`.
    pub name: String,
    /// The body's length in bytes.
    pub bytes: u64,
    /// The estimated number of tokens in the body.
    pub tokens: u32,
}

/// How an answer ended. A person's own message is always complete.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "ending", rename_all = "snake_case")]
pub enum Ending {
    /// As the author meant it.
    #[default]
    Complete,
    /// The model's limit on the length of an answer cut it off.
    Length,
    /// The model refused, or a filter of its provider did.
    Refused,
    /// Stopped by the person, by quitting, or by a crash; what had come is kept.
    Interrupted {
        /// Why it stopped.
        by: Interruption,
    },
    /// The provider failed in the middle; what had come is kept.
    Failed {
        /// What happened.
        failure: Failure,
    },
}

/// Why a turn stopped before its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Interruption {
    /// The person stopped it.
    Person,
    /// The program was asked to end while it ran.
    Shutdown,
    /// The program ended without a word (power, `kill -9`); found when the workspace was opened again.
    Crash,
}

/// Tokens that a turn used.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Usage {
    /// Tokens of the request.
    pub input: u32,
    /// Tokens of the answer, reasoning included.
    pub output: u32,
    /// Of `input`, those the provider had cached.
    #[serde(default)]
    pub cached: u32,
    /// Of `input`, those the provider put into its cache and charges extra for.
    #[serde(default, skip_serializing_if = "is_none")]
    pub cache_written: u32,
    /// Of `output`, those of reasoning, as far as the provider tells them apart.
    #[serde(default, skip_serializing_if = "is_none")]
    pub reasoning: u32,
    /// Whether the numbers are our estimate and not the provider's.
    #[serde(default)]
    pub estimated: bool,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes a reference")]
const fn is_none(count: &u32) -> bool {
    *count == 0
}

/// A message with its body.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Message {
    /// The message's identity.
    pub id: MessageId,
    /// The conversation it belongs to.
    pub conversation: ConversationId,
    /// Its number in that conversation, from 1: `m12` on the screen.
    pub number: u32,
    /// The message before it; `None` at a beginning. Several messages with one parent are branches.
    pub parent: Option<MessageId>,
    /// Who it is from.
    pub author: Author,
    /// When it was sent, or when its answer ended.
    pub at: Timestamp,
    /// What it says.
    pub parts: Vec<Part>,
    /// How it ended.
    #[serde(default)]
    pub ending: Ending,
    /// The brief it is or reports on, or the handoff whose document it is; `None` for what a person typed and a model
    /// answered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub about: Option<About>,
    /// The turn that made it, for answers.
    #[serde(default)]
    pub turn: Option<TurnId>,
    /// The model that wrote it, for answers.
    #[serde(default)]
    pub model: Option<ModelRef>,
    /// What it used, for answers.
    #[serde(default)]
    pub usage: Option<Usage>,
}

impl Message {
    /// Who wrote it, in a word: `you`, the model's name, or that it is a brief, a report or a handoff, which nobody typed here.
    pub fn writer(&self) -> &str {
        match (self.author, self.about, &self.model) {
            (Author::Person, Some(About::Brief { .. }), _) => "brief",
            (Author::Person, Some(About::Report { .. }), _) => "report",
            (Author::Person, Some(About::Handoff { .. }), _) => "handoff",
            (Author::Person, None, _) => "you",
            (Author::Model, _, Some(model)) => model.short(),
            (Author::Model, _, None) => "model",
        }
    }

    /// The message's text parts joined by blank lines: what is quoted, searched and copied. Reasoning isn't part of it.
    pub fn text(&self) -> String {
        let mut joined = String::new();
        for part in &self.parts {
            if let Part::Text { text } = part {
                if !joined.is_empty() {
                    joined.push_str("\n\n");
                }
                joined.push_str(text);
            }
        }
        joined
    }

    /// The attachments that went along.
    pub fn attachments(&self) -> impl Iterator<Item = &Attachment> {
        self.parts.iter().filter_map(|part| match part {
            Part::Attachment(attachment) => Some(attachment),
            Part::Text { .. } | Part::Reasoning { .. } | Part::Unknown(_) => None,
        })
    }
}

/// Messages and the bodies of their attachments.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Bodies {
    /// The messages, in the order they were asked for.
    pub messages: Vec<Message>,
    /// Attached texts by hash.
    pub attachments: BTreeMap<String, Arc<str>>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_of_a_newer_version_survives_a_round_trip() {
        let text = r#"{"part":"hologram","frames":[1,2]}"#;
        let part: Part = serde_json::from_str(text).unwrap();
        assert!(matches!(part, Part::Unknown(_)));
        assert_eq!(serde_json::to_string(&part).unwrap(), text);
        let known: Part = serde_json::from_str(r#"{"part":"text","text":"hi"}"#).unwrap();
        assert_eq!(known, Part::text("hi"));
    }
}
