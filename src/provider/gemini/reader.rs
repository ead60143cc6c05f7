//! From Gemini's events to what they say.

use serde_json::Value;

use crate::engine::failure::{Failure, FailureKind};
use crate::engine::message::{Ending, Usage};

use super::super::errors::Teller;
use super::super::reader::{Grammar, SoFar, count_in, given_up, text_in, unknown_form};

/// Generated content.
#[derive(Debug, Default)]
pub(in crate::provider) struct Content;

impl Grammar for Content {
    const MARK: &'static str = "candidates";

    fn value(&mut self, value: &Value, so_far: &mut SoFar, teller: &Teller) -> Result<(), Failure> {
        if !value.is_object() {
            return Err(unknown_form(teller));
        }
        if let Some(usage) = usage_of(value) {
            so_far.usage = Some(usage);
        }
        if let Some(reason) = value.get("promptFeedback").and_then(|feedback| text_in(feedback, "blockReason")) {
            return Err(blocked(reason, value, teller));
        }
        // Only one answer was asked for.
        let Some(candidate) = value.pointer("/candidates/0") else { return Ok(()) };
        for part in candidate.pointer("/content/parts").and_then(Value::as_array).into_iter().flatten() {
            let text = text_in(part, "text");
            if part.get("thought").is_some_and(|thought| thought == true) {
                so_far.reasoning(text);
            } else {
                so_far.text(text);
            }
        }
        if let Some(reason) = text_in(candidate, "finishReason") {
            so_far.end(ending_of(reason, text_in(candidate, "finishMessage"), teller)?);
        }
        Ok(())
    }
}

/// The filter refused what it was asked; there is no answer.
fn blocked(reason: &str, value: &Value, teller: &Teller) -> Failure {
    let provider = &teller.provider;
    let words = value.get("promptFeedback").and_then(|feedback| text_in(feedback, "blockReasonMessage"));
    let mut message = format!("{provider}'s filter refused the request ({}).", teller.clean(reason));
    teller.add_words(&mut message, words.unwrap_or_default());
    Failure::new(FailureKind::Rejected, message)
}

fn ending_of(reason: &str, words: Option<&str>, teller: &Teller) -> Result<Ending, Failure> {
    match reason {
        "MAX_TOKENS" => Ok(Ending::Length),
        "SAFETY" | "RECITATION" | "BLOCKLIST" | "PROHIBITED_CONTENT" | "SPII" | "LANGUAGE" | "IMAGE_SAFETY" => {
            Ok(Ending::Refused)
        }
        "STOP" | "FINISH_REASON_UNSPECIFIED" => Ok(Ending::Complete),
        // `OTHER`, calls of tools that nobody offered, and what the protocol will have: the answer isn't whole.
        _ => Err(given_up(teller, words.unwrap_or(reason))),
    }
}

/// What was used; every event tells the sums so far.
fn usage_of(value: &Value) -> Option<Usage> {
    let usage = value.get("usageMetadata").filter(|usage| usage.is_object())?;
    let count = |path: &str| count_in(usage, &[path]).unwrap_or(0);
    let reasoning = count("/thoughtsTokenCount");
    Some(Usage {
        // What a tool put in is part of what the model read.
        input: count("/promptTokenCount").saturating_add(count("/toolUsePromptTokenCount")),
        output: count("/candidatesTokenCount").saturating_add(reasoning),
        cached: count("/cachedContentTokenCount"),
        reasoning,
        ..Usage::default()
    })
}
