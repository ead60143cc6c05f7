//! A boundary's vault as it is journaled: in the order it grew, never rewritten.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::engine::id::ConversationId;
use crate::engine::message::{Message, Part};
use crate::engine::redaction::{Dictionary, Entry, Kind, LeakCheck, Vault, restore_tolerant};

/// The pseudonyms that one receiver knows, or what was added to them in one crossing.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Table {
    /// Values and their pseudonyms, in the order they were given.
    pub entries: Vec<Entry>,
    /// Numbers that stood in texts that crossed, under their labels: they are never given out.
    #[serde(default)]
    pub reserved: Vec<(String, u32)>,
}

impl Table {
    /// Whether it holds nothing.
    pub const fn is_empty(&self) -> bool {
        self.entries.is_empty() && self.reserved.is_empty()
    }

    /// Adds what a crossing added.
    pub fn grow(&mut self, more: &Self) {
        self.entries.extend(more.entries.iter().cloned());
        self.reserved.extend(more.reserved.iter().cloned());
    }

    /// The vault of this receiver. Entries that contradict earlier ones, which only a damaged journal can hold, are left out.
    pub fn vault(&self, receiver: ConversationId) -> Vault {
        let boundary = receiver.to_string();
        let mut vault = Vault::from_entries(boundary.clone(), self.entries.clone()).unwrap_or_else(|_| {
            let mut sound: Vec<Entry> = Vec::new();
            for entry in &self.entries {
                sound.push(entry.clone());
                if Vault::from_entries(boundary.clone(), sound.clone()).is_err() {
                    sound.pop();
                }
            }
            Vault::from_entries(boundary.clone(), sound).unwrap_or_else(|_| Vault::new(boundary.clone()))
        });
        for (label, number) in &self.reserved {
            vault.reserve(label.clone(), *number);
        }
        vault
    }

    /// Puts the real names into messages of this receiver; also how many messages held any.
    pub fn reveal(&self, receiver: ConversationId, mut messages: Vec<Message>) -> (Vec<Message>, u32) {
        let vault = self.vault(receiver);
        let mut count = 0;
        for message in &mut messages {
            let mut holds = false;
            for part in &mut message.parts {
                if let Part::Text { text } | Part::Reasoning { text } = part {
                    let restored = restore_tolerant(text, &vault).text;
                    holds |= *restored != **text;
                    *text = restored.into();
                }
            }
            count += u32::from(holds);
        }
        (messages, count)
    }

    /// The first of these named texts in which a value stands that this receiver knows under a pseudonym, and that.
    pub fn first_in(
        &self,
        receiver: ConversationId,
        names: &Dictionary,
        texts: &[(String, Arc<str>)],
    ) -> Option<(String, String)> {
        let check = LeakCheck::with_names(&self.vault(receiver), names);
        let leak = |text: &str| check.leaks(text).into_iter().next();
        texts.iter().find_map(|(name, text)| Some((name.clone(), leak(text)?.pseudonym)))
    }

    /// What this vault has that the table hasn't.
    #[must_use]
    pub fn growth(&self, vault: &Vault) -> Self {
        // As they are read back: a kind of the person's own may have the word of a built-in one.
        let kept = |entry: &Entry| Entry { kind: Kind::from(entry.kind.word().to_owned()), ..entry.clone() };
        let entries = vault.entries().iter().skip(self.entries.len()).map(kept).collect();
        let known: std::collections::BTreeSet<(&str, u32)> =
            self.reserved.iter().map(|(label, number)| (label.as_str(), *number)).collect();
        let reserved = vault
            .reserved()
            .filter(|reserved| !known.contains(reserved))
            .map(|(label, number)| (label.to_owned(), number))
            .collect();
        Self { entries, reserved }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::id::{Env, Ids};
    use crate::engine::redaction::{Detector, Dictionary, Name, Policy, mask};
    use crate::engine::time::Timestamp;

    #[test]
    fn a_table_that_grew_step_by_step_is_the_vault_it_grew_from() {
        let env = Env { now: Timestamp::from_millis(1), ids: Ids::seeded(1) };
        let receiver = ConversationId::new(&env);
        let names = vec![Name::new("Halvorsen AS", "client"), Name::new("Heron", "project")];
        let detector = Detector::new(&Dictionary { names, ..Dictionary::default() }).unwrap();
        let mut table = Table::default();
        for text in ["for Halvorsen AS, see [PROJECT_1]", "the Heron plan, and Halvorsen AS again"] {
            let mut vault = table.vault(receiver);
            mask(text, &detector, &mut vault, Policy::BRIEF);
            let growth = table.growth(&vault);
            table.grow(&growth);
            assert_eq!(table.vault(receiver), vault);
        }
        assert_eq!(table.entries.last().unwrap().pseudonym, "[PROJECT_2]", "the first was taken by a text");
    }
}
