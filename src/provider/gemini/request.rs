//! A request in Gemini's words.

use serde_json::{Value, json};

use crate::engine::message::Author;
use crate::engine::prompt::Request;

use super::super::alternation::alternating;

/// The model families that think, and tell what they think if they are asked.
const THINKERS: [&str; 2] = ["gemini-2.5", "gemini-3"];

/// Where a model is asked for a stream, below the base URL.
pub(super) fn path(model: &str) -> String {
    // Tuned models have a folder of their own.
    let folder = if model.contains('/') { "" } else { "models/" };
    format!("{folder}{model}:streamGenerateContent")
}

/// Whether a model may be asked for its thoughts.
pub(super) fn may_think(model: &str) -> bool {
    let id = model.rsplit('/').next().unwrap_or(model);
    THINKERS.iter().any(|family| id.starts_with(family))
}

/// Whether a complaint is about having been asked for thoughts.
pub(super) fn is_about_thoughts(words: &str) -> bool {
    let words = words.to_lowercase();
    words.contains("thinking") || words.contains("include_thoughts") || words.contains("includethoughts")
}

/// The body of a request.
pub(super) fn body(request: &Request, asks_thoughts: bool) -> Value {
    let contents: Vec<Value> = alternating(request)
        .iter()
        .map(|said| {
            let role = match said.by {
                Author::Person => "user",
                Author::Model => "model",
            };
            json!({ "role": role, "parts": [{ "text": said.text }] })
        })
        .collect();
    let mut body = json!({ "contents": contents });
    if !request.system.trim().is_empty() {
        body["systemInstruction"] = json!({ "parts": [{ "text": request.system }] });
    }
    if let Some(most) = request.max_output {
        body["generationConfig"]["maxOutputTokens"] = json!(most.min(request.limits.output.unwrap_or(u32::MAX)));
    }
    if asks_thoughts {
        body["generationConfig"]["thinkingConfig"] = json!({ "includeThoughts": true });
    }
    body
}

#[cfg(test)]
mod tests {
    use crate::engine::prompt::{Limits, Said};

    use super::*;

    #[test]
    fn a_request_is_spelled_out() {
        let request = Request {
            model: "gemini/gemini-2.5-flash".parse().unwrap(),
            pane: "research".to_owned(),
            system: "be brief".into(),
            said: vec![
                Said { by: Author::Person, text: "one".into() },
                Said { by: Author::Model, text: "two".into() },
                Said { by: Author::Person, text: "three".into() },
            ],
            max_output: Some(90_000),
            limits: Limits { window: None, output: Some(65_536) },
        };
        assert_eq!(
            body(&request, true),
            json!({
                "systemInstruction": {"parts": [{"text": "be brief"}]},
                "contents": [
                    {"role": "user", "parts": [{"text": "one"}]},
                    {"role": "model", "parts": [{"text": "two"}]},
                    {"role": "user", "parts": [{"text": "three"}]},
                ],
                "generationConfig": {"maxOutputTokens": 65_536, "thinkingConfig": {"includeThoughts": true}},
            })
        );
        let bare = Request { system: "".into(), max_output: None, ..request };
        let body = body(&bare, false);
        assert!(body.get("systemInstruction").is_none() && body.get("generationConfig").is_none(), "{body}");
    }

    #[test]
    fn a_model_is_addressed_where_it_lives() {
        assert_eq!(path("gemini-2.5-pro"), "models/gemini-2.5-pro:streamGenerateContent");
        assert_eq!(path("tunedModels/mine"), "tunedModels/mine:streamGenerateContent");
        assert!(may_think("gemini-2.5-pro") && may_think("models/gemini-3-pro-preview"));
        assert!(!may_think("gemini-2.0-flash") && !may_think("gemma-3"));
    }
}
