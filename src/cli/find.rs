//! Finds the message that a person means: by its identity, by a unique ending of it, or as `pane/m12`.

use crate::config::error::visible;
use crate::engine::brief::Brief;
use crate::engine::conversation::Conversation;
use crate::engine::id::{ConversationId, MessageId};
use crate::engine::op::Overview;
use crate::store::{Access, Journal as _, OpenError, SqliteJournal};

use super::desk::{Chosen, Desk};
use super::exit::Stopped;

/// The shortest ending of an identity that is taken for one.
const SHORTEST: usize = 6;

/// How a person names a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Named {
    /// By its identity, or an ending of it: hexadecimal digits without hyphens.
    Ending(String),
    /// By its number in a pane: `research/m12`.
    Number {
        /// The pane.
        pane: String,
        /// The number.
        number: u32,
    },
}

impl Named {
    /// What this text names; `None` if it can't name a message.
    pub(super) fn parse(text: &str) -> Option<Self> {
        if let Some((pane, number)) = text.rsplit_once('/') {
            let number = number.strip_prefix('m').unwrap_or(number).parse().ok()?;
            return Some(Self::Number { pane: pane.to_owned(), number });
        }
        let digits: String = text.chars().filter(|c| *c != '-').flat_map(char::to_lowercase).collect();
        let is_ending = (SHORTEST..=32).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_hexdigit());
        is_ending.then_some(Self::Ending(digits))
    }
}

/// A message that was found, without its body.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Found {
    /// Its conversation.
    pub conversation: ConversationId,
    /// The pane that conversation was started in.
    pub pane: String,
    /// The message.
    pub message: MessageId,
    /// Its number.
    pub number: u32,
    /// Whether its body was erased.
    pub erased: bool,
}

/// The messages of these conversations that the name fits.
pub(super) fn matches(conversations: &[Conversation], shown: &[ConversationId], named: &Named) -> Vec<Found> {
    let mut found: Vec<Found> = Vec::new();
    for conversation in conversations {
        for (id, entry) in &conversation.messages {
            let fits = match named {
                Named::Ending(ending) => id.to_string().replace('-', "").ends_with(ending.as_str()),
                Named::Number { pane, number } => conversation.header.pane == *pane && entry.number == *number,
            };
            if fits {
                found.push(Found {
                    conversation: conversation.header.id,
                    pane: conversation.header.pane.clone(),
                    message: *id,
                    number: entry.number,
                    erased: entry.erased,
                });
            }
        }
    }
    // Of a pane's conversations, the one on the screen is meant; of several not there, the newest.
    if matches!(named, Named::Number { .. }) {
        found.sort_by_key(|message| (shown.contains(&message.conversation), message.conversation));
        found.drain(..found.len().saturating_sub(1));
    }
    found
}

/// The one message that is meant, in the workspace that is meant; in all of them, if the command line names none.
pub(super) fn message(desk: &Desk, text: &str) -> anyhow::Result<(Chosen, Found)> {
    let Some(named) = Named::parse(text) else { return Err(no_message(text)) };
    let chosen = desk.workspace()?;
    let mut found: Vec<(Chosen, Found)> = Vec::new();
    let first = in_workspace(&chosen, &named)?;
    let is_ending = matches!(named, Named::Ending(_));
    if first.is_empty() && is_ending && desk.named().is_none() {
        let elsewhere = desk.folders.list().into_iter().filter(|folder| *folder != chosen.folder);
        for other in elsewhere.filter_map(|folder| Chosen::read(folder).ok()) {
            // A journal that can't be read is told by `list` and `doctor`.
            for message in in_workspace(&other, &named).unwrap_or_default() {
                found.push((other.clone(), message));
            }
        }
    } else {
        found.extend(first.into_iter().map(|message| (chosen.clone(), message)));
    }
    match found.len() {
        0 => Err(no_message(text)),
        1 => found.pop().ok_or_else(|| no_message(text)),
        _ => {
            let several: Vec<String> =
                found.iter().map(|(_, found)| format!("{}/m{} {}", found.pane, found.number, found.message)).collect();
            let message =
                format!("`{}` means several messages: {}. Write more of it.", visible(text), several.join(", "));
            Err(Stopped::wrong(message).into())
        }
    }
}

fn in_workspace(chosen: &Chosen, named: &Named) -> anyhow::Result<Vec<Found>> {
    let mut journal = match SqliteJournal::open(chosen.folder.path(), Access::Read) {
        Ok(journal) => journal,
        Err(OpenError::Missing { .. }) => return Ok(Vec::new()),
        Err(error) => return Err(error.into()),
    };
    let loaded = journal.load()?;
    let shown: Vec<ConversationId> = loaded.workspace.panes.iter().filter_map(|pane| pane.conversation).collect();
    Ok(matches(&loaded.conversations, &shown, named))
}

/// The message of this workspace that is meant.
pub(super) fn here(chosen: &Chosen, text: &str) -> anyhow::Result<Found> {
    let named = Named::parse(text).ok_or_else(|| no_message(text))?;
    let mut found = in_workspace(chosen, &named)?;
    match found.pop() {
        Some(one) if found.is_empty() => Ok(one),
        _ => Err(no_message(text)),
    }
}

/// The brief that is meant: by its number, such as 4 or #4, or by its id or the end of it. Of several versions the newest.
pub(super) fn brief<'a>(overview: &'a Overview, text: &str) -> Option<&'a Brief> {
    let number: Option<u32> = text.trim_start_matches('#').parse().ok();
    let ending = text.to_lowercase().replace('-', "");
    let ends = |id: String| ending.len() >= SHORTEST && id.replace('-', "").ends_with(&ending);
    let fits = |brief: &&Brief| Some(brief.number) == number || ends(brief.id.to_string());
    overview.briefs.iter().filter(fits).max_by_key(|brief| brief.version)
}

fn no_message(text: &str) -> anyhow::Error {
    let message = format!(
        "There is no message `{}`. Name one as pane/m12, by its id, or by the last {SHORTEST} or more characters of its \
         id; `trialogue search` prints them.",
        visible(text)
    );
    Stopped::wrong(message).into()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::engine::conversation::{Entry, Header};
    use crate::engine::id::{Env, Ids};
    use crate::engine::message::Author;
    use crate::engine::model::ModelRef;
    use crate::engine::settings::PaneSettings;
    use crate::engine::time::Timestamp;

    fn conversation(env: &Env, pane: &str, messages: u32) -> Conversation {
        let header = Header {
            id: ConversationId::new(env),
            pane: pane.to_owned(),
            settings: PaneSettings::default(),
            model: ModelRef::offline(),
            predecessor: None,
            head: None,
            last_number: messages,
            pins: Vec::new(),
            turn: None,
            tries_before: 0,
            version: 0,
            erased: false,
            spend: crate::engine::spend::Spend::default(),
            succession: crate::engine::handoff::Succession::default(),
            whereabouts: crate::engine::whereabouts::Whereabouts::default(),
        };
        let entry = |number| Entry {
            number,
            parent: None,
            author: Author::Person,
            tokens: 1,
            measured: None,
            complete: true,
            erased: false,
        };
        let messages: BTreeMap<_, _> = (1..=messages).map(|number| (MessageId::new(env), entry(number))).collect();
        Conversation { header, messages }
    }

    #[test]
    fn a_message_is_named_by_number_identity_or_ending() {
        assert_eq!(Named::parse("research/m12"), Some(Named::Number { pane: "research".into(), number: 12 }));
        assert_eq!(Named::parse("ABC-123"), Some(Named::Ending("abc123".into())));
        for text in ["", "abc12", "research", "research/mx", "xyzxyz", "../m"] {
            assert_eq!(Named::parse(text), None, "{text}");
        }
    }

    #[test]
    fn an_ending_finds_its_message_and_a_number_the_conversation_on_the_screen() {
        let mut env = Env { now: Timestamp::from_millis(1_000), ids: Ids::seeded(5) };
        let old = conversation(&env, "research", 3);
        env.now = Timestamp::from_millis(2_000);
        let new = conversation(&env, "research", 2);
        let wanted = *new.messages.keys().next().unwrap();
        let all = [old.clone(), new.clone()];
        let text = wanted.to_string();
        let by_ending = matches(&all, &[], &Named::parse(&text[text.len() - 8..]).unwrap());
        assert_eq!(by_ending.iter().map(|found| found.message).collect::<Vec<_>>(), [wanted]);
        let second = Named::parse("research/m2").unwrap();
        assert_eq!(matches(&all, &[old.header.id], &second)[0].conversation, old.header.id);
        assert_eq!(matches(&all, &[], &second)[0].conversation, new.header.id);
        assert!(matches(&all, &[], &Named::parse("drafting/m1").unwrap()).is_empty());
    }
}
