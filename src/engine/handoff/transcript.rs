//! What a handoff is made from: who said what, borrowed from wherever it lies.

use std::borrow::Cow;

use serde::Deserialize;

use crate::engine::conversation::Pin;
use crate::engine::message::{Author, Message};

/// A conversation as the ledger reads it: everything said, and what must survive whatever was said.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Transcript<'a> {
    /// What was said, oldest first.
    pub spoken: Vec<Spoken<'a>>,
    /// The pins, in the order they were pinned.
    pub pins: Vec<Quoted<'a>>,
    /// The briefs that are in flight, each as one text.
    pub briefs: Vec<Quoted<'a>>,
}

impl<'a> Transcript<'a> {
    /// The transcript in this JSON: an array of `{"role": "user"|"assistant"|"system", "content": "…"}`.
    /// A message may carry `"pinned": true` (its content is a pin) and an `"id"` (its source label; else `m1`, `m2`, …).
    pub fn from_json(json: &'a str) -> Result<Self, serde_json::Error> {
        let written: Vec<Written<'a>> = serde_json::from_str(json)?;
        let mut transcript = Self::default();
        for (index, message) in written.into_iter().enumerate() {
            let source = message.id.map_or_else(|| Cow::Owned(format!("m{}", index + 1)), |id| label(&id));
            if message.pinned {
                transcript.pins.push(Quoted { text: message.content.clone(), source: source.clone() });
            }
            transcript.spoken.push(Spoken { role: message.role, text: message.content, source });
        }
        Ok(transcript)
    }

    /// The transcript of these messages, oldest first, with a conversation's pins.
    pub fn of_messages(messages: &'a [Message], pins: &'a [Pin]) -> Self {
        let spoken = messages.iter().map(Spoken::of_message).collect();
        let number =
            |pin: &Pin| messages.iter().find(|message| message.id == pin.message).map(|message| message.number);
        let pins = pins
            .iter()
            .map(|pin| Quoted {
                text: Cow::Borrowed(&*pin.text),
                source: number(pin).map_or(Cow::Borrowed("pin"), |number| Cow::Owned(format!("m{number}"))),
            })
            .collect();
        Self { spoken, pins, briefs: Vec::new() }
    }

    /// The contents' length in Unicode scalar values.
    pub fn chars(&self) -> usize {
        self.spoken.iter().map(|spoken| spoken.text.chars().count()).sum()
    }
}

/// One message: who, what, and what to call it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Spoken<'a> {
    /// Who said it.
    pub role: Role,
    /// What was said, as received.
    pub text: Cow<'a, str>,
    /// The message's label, such as `m12`: what an entry names as its source.
    pub source: Cow<'a, str>,
}

impl<'a> Spoken<'a> {
    /// The text of a message under its number.
    pub fn of_message(message: &Message) -> Self {
        let role = match message.author {
            Author::Person => Role::Person,
            Author::Model => Role::Model,
        };
        Spoken { role, text: Cow::Owned(message.text()), source: Cow::Owned(format!("m{}", message.number)) }
    }

    /// A message that borrows its text.
    pub fn new(role: Role, text: &'a str, source: impl Into<Cow<'a, str>>) -> Self {
        Self { role, text: Cow::Borrowed(text), source: source.into() }
    }
}

/// A text that goes along byte for byte, and where it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Quoted<'a> {
    /// The text.
    pub text: Cow<'a, str>,
    /// The label of the message it stands in.
    pub source: Cow<'a, str>,
}

/// Who speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
pub enum Role {
    /// The person.
    #[serde(rename = "user")]
    Person,
    /// The model.
    #[serde(rename = "assistant")]
    Model,
    /// Standing instructions.
    #[serde(rename = "system")]
    System,
}

#[derive(Deserialize)]
struct Written<'a> {
    role: Role,
    #[serde(borrow)]
    content: Cow<'a, str>,
    #[serde(default)]
    pinned: bool,
    #[serde(default)]
    id: Option<String>,
}

/// A label that survives being written into brackets and read again.
fn label<'a>(id: &str) -> Cow<'a, str> {
    let kept: String = id.chars().filter(|c| c.is_alphanumeric() || "-_./:#".contains(*c)).take(40).collect();
    if kept.is_empty() { Cow::Borrowed("m") } else { Cow::Owned(kept) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_becomes_labelled_messages_and_pins() {
        let json =
            r#"[{"role":"system","content":"Be brief."},{"role":"user","content":"a\nb","pinned":true,"id":"x [1]"}]"#;
        let transcript = Transcript::from_json(json).unwrap();
        assert_eq!(transcript.spoken[0], Spoken::new(Role::System, "Be brief.", "m1"));
        assert_eq!(transcript.spoken[1].source, "x1");
        assert_eq!(transcript.pins[0].text, "a\nb");
        assert_eq!(transcript.chars(), 12);
    }

    #[test]
    fn malformed_json_says_where() {
        let error = Transcript::from_json("[\n{\"role\":\"user\"}]").unwrap_err();
        assert_eq!(error.line(), 2);
        assert!(error.to_string().contains("content"));
    }
}
