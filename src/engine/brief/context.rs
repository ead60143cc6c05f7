//! What a receiver's model reads already: what stands openly there can't be hidden from it afterwards.

use crate::engine::conversation::Conversation;
use crate::engine::id::MessageId;
use crate::engine::message::Bodies;
use crate::engine::prompt;
use crate::engine::redaction::LeakCheck;
use crate::engine::settings::{Locality, PaneName};

use super::compose::Hold;

/// What the next request of a conversation would hold without what crosses into it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Context {
    /// The pane that shows it.
    pub pane: PaneName,
    /// The messages of its branch.
    pub messages: Vec<MessageId>,
    /// Its role and its pins, each under the words that say where it stands.
    pub standing: Vec<(String, String)>,
}

impl Context {
    /// What a conversation's model reads; nothing if what crosses is open, and nothing is hidden by it.
    pub(in crate::engine) fn of(conversation: &Conversation, crossing: Locality) -> Self {
        let header = &conversation.header;
        if crossing == Locality::Open {
            return Self { pane: header.pane.clone(), ..Self::default() };
        }
        let role = ("its role".to_owned(), header.settings.role.clone());
        let pins = header.pins.iter().map(|pin| ("a pin".to_owned(), pin.text.to_string()));
        Self {
            pane: header.pane.clone(),
            messages: conversation.branch(header.head),
            standing: std::iter::once(role).chain(pins).collect(),
        }
    }

    /// Every value that would be hidden from now on and stands here openly: the conversation couldn't be asked any more.
    pub(super) fn known(&self, check: &LeakCheck, bodies: &Bodies) -> Vec<Hold> {
        let mut holds: Vec<Hold> = Vec::new();
        let mut look = |place: &str, text: &str| {
            for leak in check.leaks(text) {
                let is_told = holds
                    .iter()
                    .any(|hold| matches!(hold, Hold::Known { pseudonym, .. } if *pseudonym == leak.pseudonym));
                if !is_told {
                    let (pseudonym, pane) = (leak.pseudonym, self.pane.clone());
                    holds.push(Hold::Known { pseudonym, pane, place: place.to_owned() });
                }
            }
        };
        for (place, text) in &self.standing {
            look(place, text);
        }
        for message in bodies.messages.iter().filter(|message| self.messages.contains(&message.id)) {
            look(&format!("m{}", message.number), &prompt::body(message, &bodies.attachments, &mut Vec::new()));
        }
        holds
    }
}
