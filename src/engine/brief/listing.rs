//! Messages as they are listed where a brief is composed: what is quoted, and what would serve the objective.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::engine::id::MessageId;
use crate::engine::message::{Author, Message};
use crate::engine::meter;
use crate::engine::settings::PaneName;

use super::draft::Quote;
use super::suggest::{Candidate, SUGGESTED_TOKENS, suggest};

/// How many characters of a message tell which one it is.
const BEGINNING: usize = 160;

/// A message, or a passage of one, as it is listed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Listed {
    /// What would be quoted.
    pub quote: Quote,
    /// The pane it stands in.
    pub pane: PaneName,
    /// Its number there.
    pub number: u32,
    /// Who wrote it.
    pub author: Author,
    /// How it begins, on one line.
    pub beginning: String,
    /// Its estimated tokens.
    pub tokens: u32,
}

impl Listed {
    /// A message as it is listed, or a passage of it; `None` if it was erased, or has no such passage.
    pub fn of(pane: &str, quote: &Quote, message: &Message) -> Option<Self> {
        let whole = message.text();
        let passage = quote.passage.as_deref().filter(|passage| *passage != whole);
        let text = passage.unwrap_or(&whole);
        if message.parts.is_empty() || !whole.contains(text) {
            return None;
        }
        // Reading no more words than are shown: the whole may be a book.
        let mut beginning = String::new();
        for word in text.split_whitespace() {
            if beginning.len() > BEGINNING {
                break;
            }
            if !beginning.is_empty() {
                beginning.push(' ');
            }
            beginning.push_str(word);
        }
        Some(Self {
            quote: Quote { passage: passage.map(str::to_owned), ..quote.clone() },
            pane: pane.to_owned(),
            number: message.number,
            author: message.author,
            beginning: beginning.chars().take(BEGINNING).collect(),
            tokens: meter::estimate(text),
        })
    }
}

/// A message that could be quoted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Offered {
    /// The pane it stands in.
    pub pane: PaneName,
    /// What would be quoted.
    pub quote: Quote,
    /// Whether a person pinned it.
    pub pinned: bool,
}

/// What is quoted, and what could be.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Listing {
    /// What is quoted already, without what was erased meanwhile.
    pub quoted: Vec<Listed>,
    /// What would serve the objective, the best first, together within [`SUGGESTED_TOKENS`].
    pub suggested: Vec<Listed>,
    /// How many messages more would serve it.
    pub left_out: u32,
}

/// Lists what is quoted, and suggests of what is offered; both with these bodies.
pub fn list(objective: &str, quotes: &[(PaneName, Quote)], offered: &[Offered], messages: &[Message]) -> Listing {
    let bodies: BTreeMap<MessageId, &Message> = messages.iter().map(|message| (message.id, message)).collect();
    let listed = |pane: &str, quote: &Quote| Listed::of(pane, quote, bodies.get(&quote.message)?);
    let mut known: Vec<(&Offered, &Message)> =
        offered.iter().filter_map(|one| Some((one, *bodies.get(&one.quote.message)?))).collect();
    // In the order they were said, in whichever conversation: the newest weigh more.
    known.sort_by_key(|(_, message)| (message.at, message.number));
    let text = |(one, message): &(&Offered, &Message)| Candidate {
        text: one.quote.passage.clone().unwrap_or_else(|| message.text()),
        pinned: one.pinned,
    };
    let candidates: Vec<Candidate> = known.iter().map(text).collect();
    let suggested = suggest(objective, &candidates, SUGGESTED_TOKENS);
    Listing {
        quoted: quotes.iter().filter_map(|(pane, quote)| listed(pane, quote)).collect(),
        suggested: suggested.chosen.iter().filter_map(|&at| listed(&known[at].0.pane, &known[at].0.quote)).collect(),
        left_out: u32::try_from(suggested.left_out).unwrap_or(u32::MAX),
    }
}
