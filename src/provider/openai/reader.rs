//! From the events of a chat completion to pieces.

use serde::Deserialize;
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
        match serde_json::from_str(&text) {
            Ok(value) if is_error => {
                Err(teller.reported(&Complaint::of_event(&value).unwrap_or_else(|| Complaint::of_body(&text))))
            }
            Ok(value) => self.value(value, teller, pieces),
            Err(_) if is_error => Err(teller.reported(&Complaint::of_body(&text))),
            Err(_) if text.trim().is_empty() => {
                pieces.push(Piece::Alive);
                Ok(())
            }
            Err(_) => Err(teller.garbled("an event that is not JSON", &text)),
        }
    }

    /// Reads a whole answer, from a server that doesn't stream.
    pub(super) fn whole(&mut self, value: Value, teller: &Teller, pieces: &mut Vec<Piece>) -> Result<(), Failure> {
        if value.get("choices").is_none() && Complaint::of_event(&value).is_none() {
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

    fn value(&mut self, value: Value, teller: &Teller, pieces: &mut Vec<Piece>) -> Result<(), Failure> {
        if let Some(complaint) = Complaint::of_event(&value) {
            return Err(teller.reported(&complaint));
        }
        let Ok(chunk) = serde_json::from_value::<Chunk>(value) else {
            return Err(teller.garbled("an event in an unknown form", ""));
        };
        let before = pieces.len();
        if let Some(usage) = chunk.usage.or(chunk.x_groq.and_then(|groq| groq.usage)) {
            self.usage = Some(usage.into());
        }
        // Only one answer was asked for.
        if let Some(choice) = chunk.choices.into_iter().flatten().next() {
            if let Some(delta) = choice.delta {
                self.delta(delta, pieces);
            }
            if let Some(reason) = choice.finish_reason {
                self.ending = Some(self.ending_of(&reason, teller)?);
            }
        }
        if pieces.len() == before {
            pieces.push(Piece::Alive);
        }
        Ok(())
    }

    fn delta(&mut self, delta: Delta, pieces: &mut Vec<Piece>) {
        // Some servers send the same thought under both names.
        let thought = [delta.reasoning_content, delta.reasoning].into_iter().flatten().find(|text| !text.is_empty());
        pieces.extend(thought.map(Piece::Reasoning));
        match delta.content {
            Some(Content::Text(text)) if !text.is_empty() => pieces.push(Piece::Text(text)),
            Some(Content::Parts(parts)) => pieces.extend(parts.iter().flat_map(pieces_of)),
            _ => {}
        }
        if let Some(text) = delta.refusal.filter(|text| !text.is_empty()) {
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

/// What one part of a structured content says; Mistral's reasoning models think in parts.
fn pieces_of(part: &Value) -> Vec<Piece> {
    let text = |value: &Value| value.as_str().filter(|text| !text.is_empty()).map(str::to_owned);
    if let Some(thought) = part.get("thinking") {
        return match thought {
            Value::Array(parts) => {
                parts.iter().filter_map(|part| part.get("text").and_then(text)).map(Piece::Reasoning).collect()
            }
            other => text(other).map(Piece::Reasoning).into_iter().collect(),
        };
    }
    part.get("text").and_then(text).map(Piece::Text).into_iter().collect()
}

#[derive(Debug, Deserialize)]
struct Chunk {
    #[serde(default)]
    choices: Option<Vec<Choice>>,
    #[serde(default)]
    usage: Option<Count>,
    #[serde(default)]
    x_groq: Option<Groq>,
}

#[derive(Debug, Deserialize)]
struct Choice {
    /// `message` in an answer that isn't streamed.
    #[serde(default, alias = "message")]
    delta: Option<Delta>,
    #[serde(default)]
    finish_reason: Option<String>,
}

#[derive(Debug, Deserialize)]
struct Delta {
    #[serde(default)]
    content: Option<Content>,
    #[serde(default)]
    reasoning_content: Option<String>,
    #[serde(default)]
    reasoning: Option<String>,
    #[serde(default)]
    refusal: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum Content {
    Text(String),
    Parts(Vec<Value>),
}

#[derive(Debug, Deserialize)]
struct Groq {
    #[serde(default)]
    usage: Option<Count>,
}

#[derive(Debug, Deserialize)]
struct Count {
    #[serde(default)]
    prompt_tokens: u32,
    #[serde(default)]
    completion_tokens: u32,
    #[serde(default)]
    prompt_tokens_details: Option<Details>,
    /// `DeepSeek`'s name for what was cached.
    #[serde(default)]
    prompt_cache_hit_tokens: u32,
}

#[derive(Debug, Deserialize)]
struct Details {
    #[serde(default)]
    cached_tokens: Option<u32>,
}

impl From<Count> for Usage {
    fn from(count: Count) -> Self {
        let cached = count.prompt_tokens_details.and_then(|details| details.cached_tokens);
        Self {
            input: count.prompt_tokens,
            output: count.completion_tokens,
            cached: cached.unwrap_or(count.prompt_cache_hit_tokens),
            estimated: false,
        }
    }
}
