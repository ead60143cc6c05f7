//! From the events of a chat completion to what they say.

use serde_json::Value;

use crate::engine::failure::Failure;
use crate::engine::message::{Ending, Usage};

use super::super::complaint::Complaint;
use super::super::errors::Teller;
use super::super::reader::{Grammar, SoFar, count_in, given_up, text_in, unknown_form};

/// A chat completion.
#[derive(Debug, Default)]
pub(in crate::provider) struct Completion;

impl Grammar for Completion {
    const MARK: &'static str = "choices";

    fn value(&mut self, value: &Value, so_far: &mut SoFar, teller: &Teller) -> Result<(), Failure> {
        let choices = choices_of(value).ok_or_else(|| unknown_form(teller))?;
        if let Some(usage) = usage_of(value) {
            so_far.usage = Some(usage);
        }
        // Only one answer was asked for.
        let Some(choice) = choices.first() else { return Ok(()) };
        // `message` in an answer that isn't streamed.
        if let Some(delta) = choice.get("delta").or_else(|| choice.get("message")) {
            read_delta(delta, so_far);
        }
        if let Some(reason) = text_in(choice, "finish_reason") {
            so_far.end(ending_of(reason, teller)?);
        }
        Ok(())
    }

    fn is_last(text: &str) -> bool {
        text == "[DONE]"
    }
}

fn read_delta(delta: &Value, so_far: &mut SoFar) {
    // Some servers send the same thought under both names.
    so_far.reasoning(text_in(delta, "reasoning_content").or_else(|| text_in(delta, "reasoning")));
    so_far.text(text_in(delta, "content"));
    if let Some(Value::Array(parts)) = delta.get("content") {
        for part in parts {
            read_part(part, so_far);
        }
    }
    if let Some(text) = text_in(delta, "refusal") {
        so_far.refuse();
        so_far.text(Some(text));
    }
}

/// What one part of a structured content says; Mistral's reasoning models think in parts.
fn read_part(part: &Value, so_far: &mut SoFar) {
    match part.get("thinking") {
        Some(Value::Array(parts)) => {
            for thought in parts {
                so_far.reasoning(text_in(thought, "text"));
            }
        }
        Some(_) => so_far.reasoning(text_in(part, "thinking")),
        None => so_far.text(text_in(part, "text")),
    }
}

fn ending_of(reason: &str, teller: &Teller) -> Result<Ending, Failure> {
    match reason.to_ascii_lowercase().as_str() {
        "length" | "max_tokens" | "model_length" => Ok(Ending::Length),
        "content_filter" | "refusal" | "safety" => Ok(Ending::Refused),
        "error" => Err(teller.reported(&Complaint::default())),
        "abort" | "cancelled" => Err(given_up(teller, "")),
        _ => Ok(Ending::Complete),
    }
}

/// The choices of an event; none in events about something else.
fn choices_of(value: &Value) -> Option<&[Value]> {
    match value.as_object()?.get("choices") {
        None | Some(Value::Null) => Some(&[]),
        Some(choices) => choices.as_array().map(Vec::as_slice),
    }
}

/// What was used, where the event tells; Groq tells it in its own place.
fn usage_of(value: &Value) -> Option<Usage> {
    let usage =
        ["/usage", "/x_groq/usage"].iter().find_map(|path| value.pointer(path)).filter(|usage| usage.is_object())?;
    let count = |paths: &[&str]| count_in(usage, paths).unwrap_or(0);
    Some(Usage {
        input: count(&["/prompt_tokens"]),
        output: count(&["/completion_tokens"]),
        // The second is `DeepSeek`'s name for it.
        cached: count(&["/prompt_tokens_details/cached_tokens", "/prompt_cache_hit_tokens"]),
        // OpenRouter's name for what Anthropic's models put into their cache.
        cache_written: count(&["/prompt_tokens_details/cache_write_tokens"]),
        reasoning: count(&["/completion_tokens_details/reasoning_tokens"]),
        estimated: false,
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn usage_is_found_wherever_it_stands() {
        let used = |input, output, cached| Some(Usage { input, output, cached, ..Usage::default() });
        for (value, usage) in [
            (json!({"usage": {"prompt_tokens": 3, "completion_tokens": 2}}), used(3, 2, 0)),
            (json!({"usage": null, "x_groq": {"usage": {"prompt_tokens": 3}}}), None),
            (json!({"x_groq": {"usage": {"prompt_tokens": 3}}}), used(3, 0, 0)),
            (json!({"usage": {"prompt_tokens": 3, "prompt_cache_hit_tokens": 1}}), used(3, 0, 1)),
            (json!({"usage": {"prompt_tokens": null, "completion_tokens": -1}}), used(0, 0, 0)),
            (
                json!({"usage": {"completion_tokens": 9, "completion_tokens_details": {"reasoning_tokens": 7}}}),
                Some(Usage { output: 9, reasoning: 7, ..Usage::default() }),
            ),
            (json!({"usage": {"prompt_tokens": u64::MAX}}), used(u32::MAX, 0, 0)),
            (json!({"usage": 7}), None),
            (json!([]), None),
        ] {
            assert_eq!(usage_of(&value), usage, "{value}");
        }
    }

    #[test]
    fn fields_of_an_unexpected_kind_are_passed_over() {
        let mut so_far = SoFar::default();
        let delta = json!({"content": {"odd": 1}, "reasoning": {"odd": 1}, "reasoning_content": 7, "refusal": []});
        read_delta(&delta, &mut so_far);
        assert_eq!(so_far.pieces(), []);
        assert_eq!(choices_of(&json!({"choices": 7})), None);
        assert_eq!(choices_of(&json!("odd")), None);
        assert_eq!(choices_of(&json!({"choices": null})), Some([].as_slice()));
    }
}
