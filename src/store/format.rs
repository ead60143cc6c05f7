//! The disk format of one event: columns, JSON, versions, checksum.
//!
//! The body is the event as JSON with its `event` tag, so that a line says what it is without its row. Fields may be
//! added to a kind without a new version if old bodies mean the same without them (`#[serde(default)]`); anything else
//! raises the kind's version in [`KINDS`] and adds an [`Upcaster`]. Bodies on disk are never rewritten for it.
//!
//! The checksum is the CRC-32 of ISO 3309 (as in gzip and PNG) over, in this order and little-endian:
//!
//! | bytes | what |
//! |--:|---|
//! | 8 | `seq` |
//! | 8 | `at` |
//! | 1 + 16 | 1 and the UUID's bytes, or 17 zero bytes for no conversation |
//! | 8 | `epoch` |
//! | 8 | `conv_seq` |
//! | 8 | `v` |
//! | 8 + n | the length of `kind`, and its UTF-8 |
//! | 8 + n | the length of `body`, and its UTF-8 |

use std::cmp::Ordering;

use serde_json::Value;
use uuid::Uuid;

use crate::engine::event::Event;
use crate::engine::message::{Message, Part};

use super::error::Fault;

/// The columns of an event, as [`Record::read`] expects them from a table called `e`.
pub(super) const COLUMNS: &str = "e.seq, e.at, e.conversation, e.epoch, e.conv_seq, e.kind, e.v, e.body, e.crc";

/// The kinds that this program knows, and the version in which it writes each.
const KINDS: &[(&str, i64)] = &[
    ("configured", 1),
    ("pane_opened", 1),
    ("conversation_started", 1),
    ("conversation_configured", 1),
    ("pane_turned", 1),
    ("model_chosen", 1),
    ("moved", 1),
    ("unanswered", 1),
    ("model_learned", 1),
    ("message_added", 1),
    ("turn_started", 1),
    ("turn_passed", 1),
    ("turn_ended", 1),
    ("turn_failed", 1),
    ("turn_interrupted", 1),
    ("spent", 1),
    ("pinned", 1),
    ("unpinned", 1),
    ("brief_sent", 1),
    ("brief_advanced", 1),
    ("table_grown", 1),
    ("gathered", 1),
    ("locality_changed", 1),
    ("judged", 1),
    ("report_held", 1),
    ("unjudged", 1),
    ("name_added", 1),
    ("real_names_shown", 1),
    ("handoff_began", 1),
    ("handoff_dropped", 1),
    ("handoff_due", 1),
    ("handed_off", 1),
    ("continued", 1),
    ("handoff_undone", 1),
    ("erased", 1),
];

/// What leads from an older version of a kind to the next one. Empty as long as every kind is in its first version.
const UPCASTERS: &[Upcaster] = &[];

/// One step from a version of a kind's JSON to the next.
#[derive(Clone, Copy)]
struct Upcaster {
    kind: &'static str,
    from: i64,
    step: fn(Value) -> Value,
}

/// The deepest nesting of an unknown part: bodies are read back with a limit of 128.
const DEEPEST_PART: usize = 100;

/// A row of `events` without its checksum.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Record<'a> {
    pub(super) seq: i64,
    pub(super) at: i64,
    pub(super) conversation: Option<Uuid>,
    pub(super) epoch: i64,
    pub(super) conv_seq: i64,
    pub(super) kind: &'a str,
    pub(super) v: i64,
    pub(super) body: &'a str,
}

impl<'a> Record<'a> {
    /// The checksum over every column.
    pub(super) fn crc(&self) -> u32 {
        let mut hasher = crc32fast::Hasher::new();
        hasher.update(&self.seq.to_le_bytes());
        hasher.update(&self.at.to_le_bytes());
        hasher.update(&[u8::from(self.conversation.is_some())]);
        hasher.update(self.conversation.unwrap_or_default().as_bytes());
        hasher.update(&self.epoch.to_le_bytes());
        hasher.update(&self.conv_seq.to_le_bytes());
        hasher.update(&self.v.to_le_bytes());
        for text in [self.kind, self.body] {
            hasher.update(&(text.len() as u64).to_le_bytes());
            hasher.update(text.as_bytes());
        }
        hasher.finalize()
    }

    /// The row that a query of [`COLUMNS`] returned, if its checksum holds.
    pub(super) fn read(row: &'a rusqlite::Row<'_>) -> Result<Self, Unreadable> {
        let seq = row.get(0).map_err(|_| Unreadable::Checksum)?;
        Self::columns(row, seq)
            .filter(|(record, crc)| record.crc() == *crc)
            .map_or(Err(Unreadable::Checksum), |(record, _)| Ok(record))
    }

    fn columns(row: &'a rusqlite::Row<'_>, seq: i64) -> Option<(Self, u32)> {
        let conversation = match row.get_ref(2).ok()?.as_blob_or_null().ok()? {
            Some(bytes) => Some(Uuid::from_slice(bytes).ok()?),
            None => None,
        };
        let record = Self {
            seq,
            at: row.get(1).ok()?,
            conversation,
            epoch: row.get(3).ok()?,
            conv_seq: row.get(4).ok()?,
            kind: row.get_ref(5).ok()?.as_str().ok()?,
            v: row.get(6).ok()?,
            body: row.get_ref(7).ok()?.as_str().ok()?,
        };
        Some((record, row.get(8).ok()?))
    }

    /// The event in this row.
    pub(super) fn event(&self) -> Result<Event, Unreadable> {
        self.event_by(KINDS, UPCASTERS)
    }

    fn event_by(&self, kinds: &[(&str, i64)], upcasters: &[Upcaster]) -> Result<Event, Unreadable> {
        let newer = || Unreadable::Newer { kind: self.kind.to_owned(), v: self.v };
        let (_, current) = kinds.iter().find(|(kind, _)| *kind == self.kind).ok_or_else(newer)?;
        let event: Event = match self.v.cmp(current) {
            Ordering::Equal => serde_json::from_str(self.body)?,
            Ordering::Greater => return Err(newer()),
            Ordering::Less => {
                let mut body: Value = serde_json::from_str(self.body)?;
                for version in self.v..*current {
                    let upcaster = upcasters.iter().find(|known| known.kind == self.kind && known.from == version);
                    body = (upcaster.ok_or_else(newer)?.step)(body);
                }
                serde_json::from_value(body)?
            }
        };
        if event.kind() == self.kind {
            Ok(event)
        } else {
            Err(Unreadable::Shape(format!("a body of kind {} in a row of kind {}", event.kind(), self.kind)))
        }
    }
}

/// Why an event on disk can't be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(super) enum Unreadable {
    /// The columns are not what was written.
    #[error("its checksum doesn't hold")]
    Checksum,
    /// A newer version of the program wrote it.
    #[error("a newer version of Trialogue wrote it ({kind} {v})")]
    Newer {
        /// Its kind.
        kind: String,
        /// Its version.
        v: i64,
    },
    /// The checksum holds, and still the body is no event.
    #[error("its body is no event: {0}")]
    Shape(String),
}

impl From<serde_json::Error> for Unreadable {
    fn from(error: serde_json::Error) -> Self {
        Self::Shape(error.to_string())
    }
}

/// Whether this program can read events of this kind and version.
pub(super) fn is_known(kind: &str, v: i64) -> bool {
    KINDS.iter().any(|(known, current)| *known == kind && v <= *current)
}

/// The version in which an event is written.
pub(super) fn version(event: &Event) -> i64 {
    KINDS.iter().find(|(kind, _)| *kind == event.kind()).map_or(1, |(_, version)| *version)
}

/// The body of an event.
pub(super) fn encode(event: &Event) -> Result<String, Fault> {
    // What is written must be readable again: only a part that came as JSON from outside can be too deep for that.
    if let Some(message) = event.message()
        && message.parts.iter().any(|part| matches!(part, Part::Unknown(value) if depth(value) > DEEPEST_PART))
    {
        return Err(Fault::Unwritable("a part of the message is nested too deeply".to_owned()));
    }
    serde_json::to_string(event).map_err(|error| Fault::Unwritable(error.to_string()))
}

fn depth(value: &Value) -> usize {
    match value {
        Value::Array(items) => 1 + items.iter().map(depth).max().unwrap_or(0),
        Value::Object(fields) => 1 + fields.values().map(depth).max().unwrap_or(0),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => 0,
    }
}

/// What stands in a message's place where its body can't be read: shown by its name, like any part nobody knows.
pub(super) fn damaged_part(seq: i64, why: &Unreadable) -> Part {
    Part::Unknown(serde_json::json!({"part": "damaged", "event": seq, "why": why.to_string()}))
}

/// The message that an event carries.
pub(super) fn into_message(event: Event) -> Option<Message> {
    match event {
        Event::MessageAdded { message } | Event::TurnEnded { message, .. } => Some(message),
        Event::TurnFailed { message, .. } | Event::TurnInterrupted { message, .. } => message,
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::id::ConversationId;
    use crate::engine::model::ModelRef;

    fn record(v: i64, body: &str) -> Record<'_> {
        Record { seq: 1, at: 0, conversation: None, epoch: 1, conv_seq: 1, kind: "model_chosen", v, body }
    }

    /// A model was `engine` in the first version, and had no provider in the second.
    const STEPS: &[Upcaster] = &[
        Upcaster {
            kind: "model_chosen",
            from: 1,
            step: |mut body| {
                body["model"] = body["engine"].take();
                body
            },
        },
        Upcaster {
            kind: "model_chosen",
            from: 2,
            step: |mut body| {
                body["model"] = format!("llama/{}", body["model"].as_str().unwrap_or_default()).into();
                body
            },
        },
    ];

    #[test]
    fn an_older_body_is_brought_up_to_date_step_by_step() {
        let conversation = ConversationId::from_uuid(Uuid::from_u128(5));
        let chosen = Event::ModelChosen {
            conversation,
            model: ModelRef { provider: "llama".into(), model: "m1".into() },
            recounted: false,
        };
        let kinds = [("model_chosen", 3)];
        let bodies = [
            (1, format!(r#"{{"event":"model_chosen","conversation":"{conversation}","engine":"m1"}}"#)),
            (2, format!(r#"{{"event":"model_chosen","conversation":"{conversation}","model":"m1"}}"#)),
            (3, format!(r#"{{"event":"model_chosen","conversation":"{conversation}","model":"llama/m1"}}"#)),
        ];
        for (v, body) in bodies {
            assert_eq!(record(v, &body).event_by(&kinds, STEPS), Ok(chosen.clone()), "version {v}");
        }
    }

    #[test]
    fn what_cannot_be_understood_is_told_apart() {
        let newer = |v| Err(Unreadable::Newer { kind: "model_chosen".to_owned(), v });
        assert_eq!(record(4, "{}").event_by(&[("model_chosen", 3)], STEPS), newer(4));
        assert_eq!(record(1, "{}").event_by(&[("pinned", 1)], STEPS), newer(1));
        assert_eq!(record(1, "{}").event_by(&[("model_chosen", 2)], &[]), newer(1));
        assert!(matches!(record(1, "[").event(), Err(Unreadable::Shape(_))));
        let other = r#"{"event":"unpinned","conversation":"00000000-0000-0000-0000-000000000001","pin":"00000000-0000-0000-0000-000000000001"}"#;
        assert!(matches!(record(1, other).event(), Err(Unreadable::Shape(_))));
    }

    #[test]
    fn a_part_too_deep_to_be_read_back_is_not_written() {
        let nested = |depth| (0..depth).fold(Value::from(1), |inner, _| serde_json::json!([inner]));
        let event = |depth| {
            let text = format!(
                r#"{{"event":"message_added","message":{{"id":"00000000-0000-0000-0000-000000000001",
                "conversation":"00000000-0000-0000-0000-000000000001","number":1,"parent":null,"author":"person","at":1,
                "parts":[{{"part":"strange","deep":{}}}]}}}}"#,
                nested(depth)
            );
            serde_json::from_str::<Event>(&text).unwrap()
        };
        let fine = event(DEEPEST_PART - 1);
        let body = encode(&fine).unwrap();
        assert_eq!(Record { kind: "message_added", ..record(1, &body) }.event(), Ok(fine));
        assert!(encode(&event(DEEPEST_PART)).is_err());
    }
}
