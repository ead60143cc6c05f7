//! From the events of a chat completion to pieces.

use serde_json::Value;

use crate::engine::failure::{Failure, FailureKind};
use crate::engine::message::{Ending, Usage};

use super::super::Piece;
use super::super::complaint::Complaint;
use super::super::errors::Teller;
use super::super::sse::Event;

/// Reads one answer, whole or in a stream.
#[derive(Debug, Default)]
pub(super) struct Reader {
    ending: Option<Ending>,
    usage: Option<Usage>,
    has_refused: bool,
    is_over: bool,
}

impl Reader {
    /// Whether the protocol's end has been given.
    pub(super) fn is_over(&self) -> bool {
        self.is_over
    }

    /// Reads an event of a stream.
    pub(super) fn event(&mut self, event: Event, teller: &Teller, pieces: &mut Vec<Piece>) -> Result<(), Failure> {
        let Event::Data { name, text } = event else {
            pieces.push(Piece::Alive);
            return Ok(());
        };
        if text.trim() == "[DONE]" {
            self.end(pieces);
            return Ok(());
        }
        let is_error = name == "error";
        match serde_json::from_str::<Value>(&text) {
            Ok(value) if is_error => {
                Err(teller.reported(&Complaint::of_event(&value).unwrap_or_else(|| Complaint::of_body(&text))))
            }
            Ok(value) => self.value(&value, teller, pieces),
            Err(_) if is_error => Err(teller.reported(&Complaint::of_body(&text))),
            Err(_) if text.trim().is_empty() => {
                pieces.push(Piece::Alive);
                Ok(())
            }
            Err(_) => Err(teller.garbled("an event that is not JSON", &text)),
        }
    }

    /// Reads a whole answer, from a server that doesn't stream.
    pub(super) fn whole(&mut self, value: &Value, teller: &Teller, pieces: &mut Vec<Piece>) -> Result<(), Failure> {
        if value.get("choices").is_none() && Complaint::of_event(value).is_none() {
            return Err(teller.foreign("JSON without `choices`"));
        }
        self.value(value, teller, pieces)?;
        self.ending.get_or_insert(Ending::Complete);
        self.end(pieces);
        Ok(())
    }

    /// The stream has ended: with its last word, or cut off.
    pub(super) fn close(&mut self, teller: &Teller, pieces: &mut Vec<Piece>) -> Result<(), Failure> {
        if self.is_over {
            return Ok(());
        }
        if self.ending.is_none() {
            return Err(teller.cut_off("closed the stream before the end of the answer"));
        }
        self.end(pieces);
        Ok(())
    }

    /// The connection broke. That is no harm if the answer was complete.
    pub(super) fn broke(&mut self, failure: Failure, pieces: &mut Vec<Piece>) -> Result<(), Failure> {
        if self.ending.is_none() && !self.is_over {
            return Err(failure);
        }
        if !self.is_over {
            self.end(pieces);
        }
        Ok(())
    }

    fn value(&mut self, value: &Value, teller: &Teller, pieces: &mut Vec<Piece>) -> Result<(), Failure> {
        if let Some(complaint) = Complaint::of_event(value) {
            return Err(teller.reported(&complaint));
        }
        let Some(choices) = choices_of(value) else {
            return Err(teller.garbled("an event in an unknown form", ""));
        };
        let before = pieces.len();
        if let Some(usage) = usage_of(value) {
            self.usage = Some(usage);
        }
        // Only one answer was asked for.
        if let Some(choice) = choices.first() {
            // `message` in an answer that isn't streamed.
            if let Some(delta) = choice.get("delta").or_else(|| choice.get("message")) {
                self.delta(delta, pieces);
            }
            if let Some(reason) = text_in(choice, "finish_reason") {
                self.ending = Some(self.ending_of(&reason, teller)?);
            }
        }
        if pieces.len() == before {
            pieces.push(Piece::Alive);
        }
        Ok(())
    }

    fn delta(&mut self, delta: &Value, pieces: &mut Vec<Piece>) {
        // Some servers send the same thought under both names.
        let thought = text_in(delta, "reasoning_content").or_else(|| text_in(delta, "reasoning"));
        pieces.extend(thought.map(Piece::Reasoning));
        pieces.extend(text_in(delta, "content").map(Piece::Text));
        if let Some(Value::Array(parts)) = delta.get("content") {
            pieces.extend(parts.iter().flat_map(pieces_of));
        }
        if let Some(text) = text_in(delta, "refusal") {
            self.has_refused = true;
            pieces.push(Piece::Text(text));
        }
    }

    fn ending_of(&self, reason: &str, teller: &Teller) -> Result<Ending, Failure> {
        match reason.to_ascii_lowercase().as_str() {
            "length" | "max_tokens" | "model_length" => Ok(Ending::Length),
            "content_filter" | "refusal" | "safety" => Ok(Ending::Refused),
            "error" => Err(teller.reported(&Complaint::default())),
            "abort" | "cancelled" => Err(Failure::new(
                FailureKind::CutOff,
                format!("{} gave the answer up in the middle. What came is kept.", teller.provider),
            )),
            _ if self.has_refused => Ok(Ending::Refused),
            _ => Ok(Ending::Complete),
        }
    }

    fn end(&mut self, pieces: &mut Vec<Piece>) {
        pieces.extend(self.usage.take().map(Piece::Usage));
        let ending = if self.has_refused { Ending::Refused } else { self.ending.take().unwrap_or_default() };
        pieces.push(Piece::End(ending));
        self.is_over = true;
    }
}

/// The choices of an event; none in events about something else.
fn choices_of(value: &Value) -> Option<&[Value]> {
    match value.as_object()?.get("choices") {
        None | Some(Value::Null) => Some(&[]),
        Some(choices) => choices.as_array().map(Vec::as_slice),
    }
}

/// A text that isn't empty.
fn text_in(value: &Value, field: &str) -> Option<String> {
    value.get(field)?.as_str().filter(|text| !text.is_empty()).map(str::to_owned)
}

/// What one part of a structured content says; Mistral's reasoning models think in parts.
fn pieces_of(part: &Value) -> Vec<Piece> {
    match part.get("thinking") {
        Some(Value::Array(parts)) => {
            parts.iter().filter_map(|part| text_in(part, "text")).map(Piece::Reasoning).collect()
        }
        Some(_) => text_in(part, "thinking").map(Piece::Reasoning).into_iter().collect(),
        None => text_in(part, "text").map(Piece::Text).into_iter().collect(),
    }
}

/// What was used, where the event tells; Groq tells it in its own place.
fn usage_of(value: &Value) -> Option<Usage> {
    let usage =
        ["/usage", "/x_groq/usage"].iter().find_map(|path| value.pointer(path)).filter(|usage| usage.is_object())?;
    let count = |paths: &[&str]| {
        let found = paths.iter().find_map(|path| usage.pointer(path)?.as_u64());
        found.map_or(0, |count| u32::try_from(count).unwrap_or(u32::MAX))
    };
    Some(Usage {
        input: count(&["/prompt_tokens"]),
        output: count(&["/completion_tokens"]),
        // The second is `DeepSeek`'s name for it.
        cached: count(&["/prompt_tokens_details/cached_tokens", "/prompt_cache_hit_tokens"]),
        estimated: false,
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn usage_is_found_wherever_it_stands() {
        let used = |input, output, cached| Some(Usage { input, output, cached, estimated: false });
        for (value, usage) in [
            (json!({"usage": {"prompt_tokens": 3, "completion_tokens": 2}}), used(3, 2, 0)),
            (json!({"usage": null, "x_groq": {"usage": {"prompt_tokens": 3}}}), None),
            (json!({"x_groq": {"usage": {"prompt_tokens": 3}}}), used(3, 0, 0)),
            (json!({"usage": {"prompt_tokens": 3, "prompt_cache_hit_tokens": 1}}), used(3, 0, 1)),
            (json!({"usage": {"prompt_tokens": null, "completion_tokens": -1}}), used(0, 0, 0)),
            (json!({"usage": {"prompt_tokens": u64::MAX}}), used(u32::MAX, 0, 0)),
            (json!({"usage": 7}), None),
            (json!([]), None),
        ] {
            assert_eq!(usage_of(&value), usage, "{value}");
        }
    }

    #[test]
    fn fields_of_an_unexpected_kind_are_passed_over() {
        let mut pieces = Vec::new();
        let delta = json!({"content": {"odd": 1}, "reasoning": {"odd": 1}, "reasoning_content": 7, "refusal": []});
        Reader::default().delta(&delta, &mut pieces);
        assert_eq!(pieces, []);
        assert_eq!(choices_of(&json!({"choices": 7})), None);
        assert_eq!(choices_of(&json!("odd")), None);
        assert_eq!(choices_of(&json!({"choices": null})), Some([].as_slice()));
    }
}
