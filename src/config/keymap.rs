//! A keymap file: which keys mean which actions, by context.
//!
//! ```yaml
//! read:   {x: pin, J: none}      # `none` takes a key's meaning away
//! leader: {ctrl-b: brief}
//! ```

use serde::Deserialize;

use super::error::{ConfigError, Place};
use super::key::{Key, NotAKey};
use super::source::{Source, Step, in_order_by};

/// The word that takes a key's meaning away.
pub const NONE: &str = "none";

/// Where a key has a meaning.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Context {
    /// Everywhere.
    Any,
    /// While text is written.
    Write,
    /// While a conversation is read.
    Read,
    /// After the leader key.
    Leader,
}

impl Context {
    /// Every context, in the order of the file's keys.
    pub const ALL: [Self; 4] = [Self::Any, Self::Write, Self::Read, Self::Leader];

    /// Its key in the file.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Any => "any",
            Self::Write => "write",
            Self::Read => "read",
            Self::Leader => "leader",
        }
    }
}

/// One line of a keymap.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Binding {
    /// Where it holds.
    pub context: Context,
    /// The key.
    pub key: Key,
    /// How the file spells it.
    pub spelled: String,
    /// The action's name; nothing happens on the key if `None`.
    pub action: Option<String>,
}

impl Binding {
    /// Where the key stands in its file, for complaints that only the screen's keys can make.
    pub fn place(&self, source: &Source) -> Option<Place> {
        source.key_place(&[Step::Key(self.context.key()), Step::Key(&self.spelled)])
    }
}

/// Reads a keymap. `actions` are the names that exist.
pub fn parse(source: &Source, actions: &[&str]) -> Result<Vec<Binding>, ConfigError> {
    let raw: Raw = source.parse()?;
    let mut bindings = Vec::new();
    for (context, lines) in Context::ALL.into_iter().zip([raw.any, raw.write, raw.read, raw.leader]) {
        for (Spelled { text, key }, action) in lines {
            if action != NONE && !actions.contains(&action.as_str()) {
                let message = format!("there is no action `{action}`. `{NONE}` takes the key's meaning away.");
                let path = [Step::Key(context.key()), Step::Key(&text)];
                return Err(source.error_at(&path, message).near(&action, actions.iter().copied()));
            }
            bindings.push(Binding { context, key, spelled: text, action: (action != NONE).then_some(action) });
        }
    }
    Ok(bindings)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Raw {
    #[serde(default, deserialize_with = "lines")]
    any: Vec<(Spelled, String)>,
    #[serde(default, deserialize_with = "lines")]
    write: Vec<(Spelled, String)>,
    #[serde(default, deserialize_with = "lines")]
    read: Vec<(Spelled, String)>,
    #[serde(default, deserialize_with = "lines")]
    leader: Vec<(Spelled, String)>,
}

/// A key and how the file spells it; two spellings of one key are the same.
struct Spelled {
    text: String,
    key: Key,
}

impl PartialEq for Spelled {
    fn eq(&self, other: &Self) -> bool {
        self.key == other.key
    }
}

fn lines<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Vec<(Spelled, String)>, D::Error> {
    in_order_by(deserializer, |text| {
        let key = text.parse().map_err(|error: NotAKey| error.to_string())?;
        Ok(Spelled { text: text.to_owned(), key })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Vec<Binding>, ConfigError> {
        parse(&Source::new("keys.yaml", text), &["brief", "pin", "next-message"])
    }

    fn wrong(text: &str) -> String {
        read(text).unwrap_err().to_string()
    }

    #[test]
    fn a_keymap_is_read_by_context() {
        let text = "read: {x: pin, J: none}\nleader:\n  ctrl-b: brief\n";
        let source = Source::new("keys.yaml", text);
        let bindings = read(text).unwrap();
        let shown: Vec<String> = bindings
            .iter()
            .map(|line| {
                let place = line.place(&source).unwrap();
                format!("{} {} {:?} {}:{}", line.context.key(), line.key, line.action, place.line, place.column)
            })
            .collect();
        assert_eq!(
            shown,
            [r#"read x Some("pin") 1:8"#, "read Shift-j None 1:16", r#"leader Ctrl-b Some("brief") 3:3"#]
        );
    }

    #[test]
    fn mistakes_in_a_keymap_are_told_where_they_stand() {
        insta::assert_snapshot!(wrong("reed: {x: pin}"), @r"
        keys.yaml:1:1: `reed` is not a key here. Keys: any, write, read, leader. Did you mean `read`?
          |
        1 | reed: {x: pin}
          | ^^^^
        ");
        insta::assert_snapshot!(wrong("read: {x: pinn}"), @r"
        keys.yaml:1:11: there is no action `pinn`. `none` takes the key's meaning away. Did you mean `pin`?
          |
        1 | read: {x: pinn}
          |           ^^^^
        ");
        insta::assert_snapshot!(wrong("read: {ctlr-x: pin}"), @r"
        keys.yaml:1:8: read: `ctlr-x` is not a key: write one such as ctrl-x, alt-enter, f1, or a single letter.
          |
        1 | read: {ctlr-x: pin}
          |        ^^^^^^
        ");
        insta::assert_snapshot!(wrong("read: {ctrl-x: pin, Ctrl-X: brief}"), @r"
        keys.yaml:1:21: read: `Ctrl-X` stands here twice.
          |
        1 | read: {ctrl-x: pin, Ctrl-X: brief}
          |                     ^^^^^^
        ");
        insta::assert_snapshot!(wrong("read: [pin]"), @r"
        keys.yaml:1:7: read: expected a mapping (`key: value`), found a list.
          |
        1 | read: [pin]
          |       ^
        ");
    }
}
