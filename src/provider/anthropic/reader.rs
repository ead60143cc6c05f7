//! From the events of Anthropic's messages to what they say.

use serde_json::Value;

use crate::engine::failure::Failure;
use crate::engine::message::{Ending, Usage};

use super::super::errors::Teller;
use super::super::reader::{Grammar, SoFar, count_in, given_up, text_in, unknown_form};

/// A message.
#[derive(Debug, Default)]
pub(in crate::provider) struct Messages {
    /// How the message says that it ends; it has ended only with `message_stop`.
    stop_reason: Option<Ending>,
    counts: Counts,
}

/// The counts as the provider splits them, each as it was last told.
#[derive(Debug, Default)]
struct Counts {
    fresh: Option<u32>,
    cached: Option<u32>,
    written: Option<u32>,
    output: Option<u32>,
}

impl Grammar for Messages {
    const MARK: &'static str = "content";

    fn value(&mut self, value: &Value, so_far: &mut SoFar, teller: &Teller) -> Result<(), Failure> {
        match text_in(value, "type").ok_or_else(|| unknown_form(teller))? {
            "message_start" => self.count(value.pointer("/message/usage"), so_far),
            "content_block_start" => read_block(value.get("content_block"), so_far),
            "content_block_delta" => read_delta(value.get("delta"), so_far),
            "message_delta" => {
                self.count(value.get("usage"), so_far);
                if let Some(reason) = value.get("delta").and_then(|delta| text_in(delta, "stop_reason")) {
                    self.stop_reason = Some(ending_of(reason, so_far, teller)?);
                }
            }
            "message_stop" => {
                so_far.end(self.stop_reason.take().unwrap_or_default());
                so_far.close();
            }
            // A message in one piece, from a server that doesn't stream.
            "message" => {
                for block in value.get("content").and_then(Value::as_array).into_iter().flatten() {
                    read_block(Some(block), so_far);
                }
                self.count(value.get("usage"), so_far);
                let reason = text_in(value, "stop_reason").unwrap_or("end_turn");
                let ending = ending_of(reason, so_far, teller)?;
                so_far.end(ending);
            }
            // Pings, ends of blocks, and whatever the protocol will have: it asks to pass over what isn't known.
            _ => {}
        }
        Ok(())
    }
}

impl Messages {
    /// Takes the counts that are told; later ones replace earlier ones.
    fn count(&mut self, usage: Option<&Value>, so_far: &mut SoFar) {
        let Some(usage) = usage.filter(|usage| usage.is_object()) else { return };
        let take = |kept: &mut Option<u32>, path: &str| *kept = count_in(usage, &[path]).or(*kept);
        take(&mut self.counts.fresh, "/input_tokens");
        take(&mut self.counts.cached, "/cache_read_input_tokens");
        take(&mut self.counts.written, "/cache_creation_input_tokens");
        take(&mut self.counts.output, "/output_tokens");
        let Counts { fresh, cached, written, output } = self.counts;
        let (cached, cache_written) = (cached.unwrap_or(0), written.unwrap_or(0));
        so_far.usage = Some(Usage {
            // The protocol counts apart what ours counts as parts of the input.
            input: fresh.unwrap_or(0).saturating_add(cached).saturating_add(cache_written),
            output: output.unwrap_or(0),
            cached,
            cache_written,
            ..Usage::default()
        });
    }
}

/// What stands in a block that begins, or that came whole.
fn read_block(block: Option<&Value>, so_far: &mut SoFar) {
    let Some(block) = block else { return };
    so_far.reasoning(text_in(block, "thinking"));
    so_far.text(text_in(block, "text"));
}

fn read_delta(delta: Option<&Value>, so_far: &mut SoFar) {
    let Some(delta) = delta else { return };
    match text_in(delta, "type") {
        Some("text_delta") => so_far.text(text_in(delta, "text")),
        Some("thinking_delta") => so_far.reasoning(text_in(delta, "thinking")),
        _ => {}
    }
}

fn ending_of(reason: &str, so_far: &mut SoFar, teller: &Teller) -> Result<Ending, Failure> {
    match reason {
        "max_tokens" | "model_context_window_exceeded" => Ok(Ending::Length),
        "refusal" => {
            so_far.refuse();
            Ok(Ending::Refused)
        }
        // Nothing was offered that could be called, and nothing that runs long: a server that pauses here has given up.
        "pause_turn" | "tool_use" => Err(given_up(teller, reason)),
        _ => Ok(Ending::Complete),
    }
}
