//! From Ollama's lines to what they say.

use serde_json::Value;

use crate::engine::failure::Failure;
use crate::engine::message::{Ending, Usage};

use super::super::errors::Teller;
use super::super::reader::{Grammar, SoFar, count_in, given_up, text_in, unknown_form};

/// A chat.
#[derive(Debug, Default)]
pub(in crate::provider) struct Chat;

impl Grammar for Chat {
    const MARK: &'static str = "message";

    fn value(&mut self, value: &Value, so_far: &mut SoFar, teller: &Teller) -> Result<(), Failure> {
        if value.get("message").is_none() && value.get("done").is_none() {
            return Err(unknown_form(teller));
        }
        if let Some(message) = value.get("message") {
            so_far.reasoning(text_in(message, "thinking"));
            so_far.text(text_in(message, "content"));
        }
        if value.get("done").is_some_and(|done| done == true) {
            so_far.usage = usage_of(value);
            so_far.end(match text_in(value, "done_reason") {
                Some("length") => Ending::Length,
                // The model was taken out of memory while it answered.
                Some(reason @ "unload") => return Err(given_up(teller, reason)),
                _ => Ending::Complete,
            });
            so_far.close();
        }
        Ok(())
    }
}

/// What was used; a prompt that the server still had in memory may not be counted.
fn usage_of(value: &Value) -> Option<Usage> {
    let (input, output) = (count_in(value, &["/prompt_eval_count"]), count_in(value, &["/eval_count"]));
    (input.is_some() || output.is_some()).then(|| Usage {
        input: input.unwrap_or(0),
        output: output.unwrap_or(0),
        ..Usage::default()
    })
}
