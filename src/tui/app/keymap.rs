//! Which key means which action where.

use std::collections::BTreeMap;

use super::action::{Action, Context, Row, TABLE};
use crate::tui::key::Key;

/// The keys in force: the table's defaults, with what the configuration changes.
#[derive(Debug, Clone, PartialEq)]
pub struct Keymap {
    leader: Key,
    bound: BTreeMap<(Context, Key), usize>,
}

impl Default for Keymap {
    fn default() -> Self {
        let mut keymap = Self { leader: Key::ctrl('x'), bound: BTreeMap::new() };
        for (at, row) in TABLE.iter().enumerate() {
            for key in row.keys.iter().filter_map(|key| key.parse().ok()) {
                keymap.bound.entry((row.context, key)).or_insert(at);
            }
        }
        keymap
    }
}

impl Keymap {
    /// The same keys with another leader.
    #[must_use]
    pub fn with_leader(self, leader: Key) -> Self {
        Self { leader, ..self }
    }

    /// Gives an action, by its name, these keys instead of its own. Returns whether there is such an action.
    pub fn rebind(&mut self, name: &str, keys: &[Key]) -> bool {
        let Some(at) = TABLE.iter().position(|row| row.name == name) else { return false };
        self.bound.retain(|_, bound| *bound != at);
        for key in keys {
            self.bound.insert((TABLE[at].context, *key), at);
        }
        true
    }

    /// Gives a key this meaning in a context, or none. A name that isn't in the table changes nothing.
    pub fn bind(&mut self, context: Context, key: Key, name: Option<&str>) {
        match name {
            None => {
                self.bound.remove(&(context, key));
            }
            Some(name) => {
                if let Some(at) = TABLE.iter().position(|row| row.name == name) {
                    self.bound.insert((context, key), at);
                }
            }
        }
    }

    /// The key that opens the commands.
    pub const fn leader(&self) -> Key {
        self.leader
    }

    /// What a key means in a context, and if it has no meaning there, in both layers.
    pub fn action(&self, context: Context, key: Key) -> Option<Action> {
        let bound = |context| self.bound.get(&(context, key)).map(|at| TABLE[*at].action);
        bound(context).or_else(|| if context == Context::Leader { None } else { bound(Context::Any) })
    }

    /// The keys of a row, the one that is shown first.
    pub fn keys(&self, row: &Row) -> Vec<Key> {
        let is_row = |at: &usize| TABLE[*at].name == row.name;
        let mut keys: Vec<Key> = self.bound.iter().filter(|(_, at)| is_row(at)).map(|((_, key), _)| *key).collect();
        let rank = |key: &Key| row.keys.iter().position(|default| default.parse() == Ok(*key)).unwrap_or(0);
        keys.sort_by_key(rank);
        keys
    }

    /// How a row's first key is told: `Ctrl-X z`, `F1`.
    pub fn told(&self, row: &Row) -> String {
        let key = self.keys(row).first().map(Key::to_string).unwrap_or_default();
        if row.context == Context::Leader { format!("{} {key}", self.leader) } else { key }
    }

    /// The rows of a context whose labels stand together, with their keys as they are shown.
    pub fn grouped(&self, context: Context) -> Vec<(String, &'static str)> {
        let mut groups: Vec<(Vec<Key>, &'static str)> = Vec::new();
        for row in TABLE.iter().filter(|row| row.context == context) {
            let Some(key) = self.keys(row).first().copied() else { continue };
            match groups.iter_mut().find(|(_, label)| *label == row.label) {
                Some((keys, _)) => keys.push(key),
                None => groups.push((vec![key], row.label)),
            }
        }
        groups.into_iter().map(|(keys, label)| (joined(&keys), label)).collect()
    }
}

/// `1–9 ← → o`, `Alt-1–9`: digits in a row are told as a range.
fn joined(keys: &[Key]) -> String {
    let mut told: Vec<String> = keys.iter().map(Key::to_string).collect();
    let stem = told.first().map(|key| key.trim_end_matches(|end: char| end.is_ascii_digit())).unwrap_or_default();
    let digit = |key: &String| key.strip_prefix(stem).is_some_and(|rest| matches!(rest.as_bytes(), [b'0'..=b'9']));
    let digits = told.iter().take_while(|key| digit(key)).count();
    if digits > 2 {
        let last = told[digits - 1].trim_start_matches(stem);
        let range = format!("{}–{last}", told[0]);
        told.splice(..digits, [range]);
    }
    told.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_default_key_is_one_that_can_be_read_and_means_one_thing() {
        let keymap = Keymap::default();
        for row in TABLE {
            for key in row.keys {
                let parsed: Key = key.parse().unwrap();
                assert_eq!(keymap.action(row.context, parsed), Some(row.action), "{key} of {}", row.name);
                assert_ne!(parsed, keymap.leader(), "{}", row.name);
            }
        }
    }

    #[test]
    fn a_bound_key_is_told_where_it_is_shown() {
        let mut keymap = Keymap::default().with_leader(Key::ctrl('g'));
        assert!(keymap.rebind("zoom", &[Key::char('y')]));
        assert!(!keymap.rebind("zooom", &[]));
        let zoom = TABLE.iter().find(|row| row.name == "zoom").unwrap();
        assert_eq!(keymap.told(zoom), "Ctrl-G y");
        assert_eq!(keymap.action(Context::Leader, Key::char('z')), None);
        assert_eq!(keymap.grouped(Context::Leader)[0], ("1–9 ← → ↑ ↓ o".to_owned(), "focus"));
        assert!(keymap.grouped(Context::Any).contains(&("Alt-1–9".to_owned(), "focus")));
    }
}
