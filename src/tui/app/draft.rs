//! What a person has written and not sent yet: text, what goes along, and where it branches off.

use serde::{Deserialize, Serialize};

use crate::engine::id::MessageId;
use crate::engine::message::{Attachment, Message};

/// An unsent message. It is saved as it is, and comes back with the workspace.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Draft {
    /// The text.
    pub text: String,
    /// What goes along.
    pub attachments: Vec<Attachment>,
    /// What it follows, if that isn't the conversation's head.
    pub after: Option<After>,
    /// Beginnings of names behind an `@` that Tab was to complete: their writer means files.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub tried: Vec<String>,
}

/// What a branch begins after.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct After {
    /// The message; none where the conversation begins.
    pub message: Option<MessageId>,
    /// Its number, as the screen tells it.
    pub number: u32,
}

impl After {
    /// After this message.
    pub const fn of(message: &Message) -> Self {
        Self { message: Some(message.id), number: message.number }
    }
}

impl Draft {
    /// A draft of this text.
    pub fn of(text: impl Into<String>) -> Self {
        Self { text: text.into(), ..Self::default() }
    }

    /// Whether there is nothing in it.
    pub fn is_empty(&self) -> bool {
        self.text.is_empty() && self.attachments.is_empty()
    }

    /// This draft and what was written after it, as one.
    #[must_use]
    pub fn and(mut self, since: Self) -> Self {
        if since.is_empty() {
            return self;
        }
        if self.text.is_empty() || since.text.is_empty() {
            self.text.push_str(&since.text);
        } else {
            self.text = format!("{}\n\n{}", self.text, since.text);
        }
        for attachment in since.attachments {
            if !self.attachments.contains(&attachment) {
                self.attachments.push(attachment);
            }
        }
        self.after = self.after.or(since.after);
        self.tried.extend(since.tried);
        self
    }

    /// The texts that begin with `@` and may name a file, in their order, each once.
    pub fn mentions(&self) -> Vec<String> {
        self.behind_at(looks_like_file)
    }

    /// The texts that begin with `@`, look like a name of any kind, and that Tab was to complete: perhaps files.
    pub fn perhaps_mentioned(&self) -> Vec<String> {
        let was_tried = |path: &str| self.tried.iter().any(|tried| path.starts_with(tried));
        self.behind_at(|path| !looks_like_file(path) && was_tried(path))
    }

    /// What stands behind an `@` and is meant, in its order, each once.
    fn behind_at(&self, is_meant: impl Fn(&str) -> bool) -> Vec<String> {
        let mut meant: Vec<String> = Vec::new();
        for word in words(&self.text) {
            let Some(path) = word.strip_prefix('@') else { continue };
            let path = path.trim_end_matches([',', ';', ':', '!', '?', ')', ']', '"', '\'']);
            let path = meant_by(path.strip_suffix('.').unwrap_or(path));
            if is_meant(&path) && !meant.contains(&path) {
                meant.push(path);
            }
        }
        meant
    }
}

/// The words of a text, empty ones between them; in a word that begins with `@`, a space behind a backslash ends nothing.
pub fn words(text: &str) -> impl Iterator<Item = &str> {
    let (mut before, mut is_mention) = (' ', false);
    text.split(move |c: char| {
        let ends = c.is_whitespace() && !(is_mention && c == ' ' && before == '\\');
        is_mention = !ends && (is_mention || (c == '@' && before.is_whitespace()));
        before = c;
        ends
    })
}

/// The name that is spelled with a backslash before each of its spaces.
pub fn meant_by(spelled: &str) -> String {
    spelled.replace("\\ ", " ")
}

/// A name as it is spelled behind an `@`.
pub fn spelled_out(name: &str) -> String {
    name.replace(' ', "\\ ")
}

fn looks_like_file(path: &str) -> bool {
    path.contains('/') || path.split_once('.').is_some_and(|(stem, end)| !stem.is_empty() && !end.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mention_is_a_word_that_looks_like_a_file() {
        let mentions = |text: &str| Draft::of(text).mentions();
        assert_eq!(mentions("Compare @sample/offers.md, and @b.txt."), ["sample/offers.md", "b.txt"]);
        assert_eq!(mentions("@a.md @a.md"), ["a.md"]);
        assert!(mentions("mail me@example.org or @drafting please").is_empty());
        assert_eq!(
            mentions(r"Read @my\ notes\ 試験.txt, @b.txt and C:\ @c.txt"),
            ["my notes 試験.txt", "b.txt", "c.txt"]
        );
        assert_eq!(meant_by(&spelled_out("a  b.txt")), "a  b.txt");
    }
}
