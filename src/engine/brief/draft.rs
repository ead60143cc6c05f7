//! What a person composes: who shall do what with which material.

use serde::{Deserialize, Serialize};

use crate::engine::id::{BriefId, ConversationId, MessageId};
use crate::engine::settings::{Locality, PaneName};

/// A brief before it is sent.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Draft {
    /// The conversations that ask, the one it was composed in first: the report returns to each.
    pub from: Vec<ConversationId>,
    /// The conversations that receive it.
    pub to: Vec<ConversationId>,
    /// What is asked.
    pub fields: Fields,
    /// The material that goes along, in this order.
    #[serde(default)]
    pub context: Vec<Quote>,
    /// What becomes of the answer.
    #[serde(rename = "return", default)]
    pub returns: Return,
    /// The brief that this one replaces.
    #[serde(default)]
    pub supersedes: Option<BriefId>,
    /// The sealed panes that it may leave, masked, this once: their names, as a person typed them.
    #[serde(default)]
    pub unseal: Vec<PaneName>,
    /// Where the marks of the fences come from: what was shown with a seed is sent with it, to the byte. A new one if
    /// `None`.
    #[serde(default)]
    pub seed: Option<u64>,
    /// The strictest locality of what a model read to propose its fields: they cross no more openly than that, whatever is
    /// quoted beside them by now.
    #[serde(default)]
    pub proposed_from: Locality,
}

/// What is asked of the receiver.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Fields {
    /// What shall be done, in a sentence.
    pub objective: String,
    /// How the receiver knows that it is done.
    pub done_when: String,
    /// What it must and mustn't do.
    pub constraints: Vec<String>,
    /// The form of the answer.
    pub expected: String,
}

/// A message, or a passage of one, that is quoted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Quote {
    /// The conversation it stands in.
    pub conversation: ConversationId,
    /// The message.
    pub message: MessageId,
    /// The passage, byte for byte; the whole message if `None`.
    #[serde(default)]
    pub passage: Option<String>,
}

/// What becomes of the answer.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Return {
    /// It waits until somebody takes it.
    #[default]
    Ask,
    /// It is put into every conversation that asked. It never starts a turn.
    Auto,
    /// It stays where it was given.
    None,
}

impl Return {
    /// The word for it in commands and on the screen.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Ask => "ask",
            Self::Auto => "auto",
            Self::None => "none",
        }
    }
}

impl std::str::FromStr for Return {
    type Err = String;

    fn from_str(word: &str) -> Result<Self, Self::Err> {
        [Self::Ask, Self::Auto, Self::None]
            .into_iter()
            .find(|known| known.word() == word)
            .ok_or_else(|| format!("`{word}` is none of auto, ask, none"))
    }
}
