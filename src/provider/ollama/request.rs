//! A request in Ollama's words, with the room that the conversation needs.

use serde_json::{Value, json};

use crate::engine::message::Author;
use crate::engine::meter;
use crate::engine::prompt::Request;

use super::shown::Shown;

/// The least room that is asked for where nobody says how much: rooms grow by doubling, because every change of it loads
/// the model anew.
const LEAST_ROOM: u32 = 8_192;

/// The room kept for an answer whose length nobody bounds.
const USUAL_OUTPUT: u32 = 2_048;

/// The body of a request that asks for a stream.
pub(super) fn body(request: &Request, room: Option<u32>) -> Value {
    let system = (!request.system.trim().is_empty()).then(|| message("system", &request.system));
    let said = request.said.iter().map(|said| match said.by {
        Author::Person => message("user", &said.text),
        Author::Model => message("assistant", &said.text),
    });
    let mut body = json!({
        "model": request.model.model,
        "messages": system.into_iter().chain(said).collect::<Vec<_>>(),
        "stream": true,
        // An error is better than a conversation that silently lost its beginning.
        "truncate": false,
        "shift": false,
    });
    if let Some(room) = room {
        body["options"]["num_ctx"] = json!(room);
    }
    if let Some(most) = request.max_output {
        body["options"]["num_predict"] = json!(most);
    }
    body
}

fn message(role: &str, text: &str) -> Value {
    json!({ "role": role, "content": text })
}

/// How many tokens the server has to make room for: what a person set, or else what this conversation needs, in steps
/// that double. Never more than the model can take, and never less than it was given before.
pub(super) fn room(request: &Request, shown: &Shown, last: Option<u32>) -> u32 {
    let longest = shown.longest.unwrap_or(u32::MAX);
    // The window is the person's own word, or what was set at the server, or what the model was made for.
    let told = request.limits.window.filter(|window| Some(*window) != shown.longest).or(shown.set);
    if let Some(told) = told {
        return told.min(longest);
    }
    let texts = request.said.iter().map(|said| &said.text).chain([&request.system]);
    let tokens = texts.fold(0_u32, |sum, text| sum.saturating_add(meter::estimate(text).saturating_add(5)));
    // An estimate may be off by a third.
    let needed = tokens.saturating_add(tokens / 3).saturating_add(request.max_output.unwrap_or(USUAL_OUTPUT));
    let steps = std::iter::successors(Some(LEAST_ROOM), |room| room.checked_mul(2));
    let step = steps.into_iter().find(|room| *room >= needed).unwrap_or(u32::MAX);
    step.max(last.unwrap_or(0)).min(longest)
}

#[cfg(test)]
mod tests {
    use crate::engine::prompt::{Limits, Said};

    use super::*;

    fn request(words: usize, max_output: Option<u32>, window: Option<u32>) -> Request {
        Request {
            model: "ollama/llama3.2".parse().unwrap(),
            pane: "research".to_owned(),
            system: "be brief".into(),
            said: vec![Said { by: Author::Person, text: "word ".repeat(words).into() }],
            max_output,
            limits: Limits { window, output: None },
        }
    }

    #[test]
    fn a_request_is_spelled_out_and_may_not_be_cut() {
        assert_eq!(
            body(&request(1, Some(48), None), Some(8_192)),
            json!({
                "model": "llama3.2",
                "messages": [{"role": "system", "content": "be brief"}, {"role": "user", "content": "word "}],
                "stream": true,
                "truncate": false,
                "shift": false,
                "options": {"num_ctx": 8_192, "num_predict": 48},
            })
        );
        assert!(body(&request(1, None, None), None).get("options").is_none());
    }

    #[test]
    fn the_room_grows_with_the_conversation_and_never_shrinks() {
        let shown = Shown { longest: Some(100_000), ..Shown::default() };
        let room = |words, last| room(&request(words, None, None), &shown, last);
        assert_eq!(room(10, None), 8_192);
        assert_eq!(room(5_000, None), 16_384);
        assert_eq!(room(10, Some(16_384)), 16_384);
        assert_eq!(room(1_000_000, None), 100_000);
    }

    #[test]
    fn what_a_person_set_goes_before_what_is_needed() {
        let made_for = Shown { longest: Some(131_072), ..Shown::default() };
        let set = Shown { set: Some(16_384), ..made_for.clone() };
        assert_eq!(room(&request(10, None, None), &set, None), 16_384);
        assert_eq!(room(&request(10, None, Some(32_768)), &set, None), 32_768);
        assert_eq!(room(&request(10, None, Some(1_000_000)), &made_for, None), 131_072);
        // A window that is only what the model was made for is no wish: it would fill the memory.
        assert_eq!(room(&request(10, None, Some(131_072)), &made_for, None), 8_192);
        assert_eq!(room(&request(10, Some(20_000), None), &made_for, None), 32_768);
    }
}
