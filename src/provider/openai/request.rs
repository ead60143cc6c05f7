//! A request in the words of chat completions, and the few words on which servers differ.

use serde_json::{Value, json};

use crate::engine::message::Author;
use crate::engine::prompt::Request;

use super::super::complaint::Complaint;

/// Which of the protocol's disputed words a server takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Dialect {
    /// Whether the stream's usage may be asked for.
    pub(super) asks_usage: bool,
    /// Whether the longest answer is `max_completion_tokens`, as `OpenAI` itself insists, and not `max_tokens`, as others do.
    pub(super) says_completion: bool,
}

impl Dialect {
    /// What to begin with at this host.
    pub(super) fn of_host(host: &str) -> Self {
        Self { asks_usage: true, says_completion: host == "api.openai.com" }
    }

    /// The dialect to try next, if the server complained of a word of this one.
    pub(super) fn after(self, complaint: &Complaint) -> Option<Self> {
        let words = &complaint.message;
        if self.asks_usage && words.contains("stream_options") {
            Some(Self { asks_usage: false, ..self })
        } else if self.says_completion && words.contains("max_completion_tokens") && !words.contains("max_tokens") {
            Some(Self { says_completion: false, ..self })
        } else if !self.says_completion && words.contains("'max_completion_tokens'") && words.contains("nsupported") {
            Some(Self { says_completion: true, ..self })
        } else {
            None
        }
    }
}

/// The body of a request that asks for a stream.
pub(super) fn body(request: &Request, dialect: Dialect) -> Value {
    let system = (!request.system.trim().is_empty()).then(|| message("system", &request.system));
    let said = request.said.iter().map(|said| match said.by {
        Author::Person => message("user", &said.text),
        Author::Model => message("assistant", &said.text),
    });
    let mut body = json!({
        "model": request.model.model,
        "messages": system.into_iter().chain(said).collect::<Vec<_>>(),
        "stream": true,
    });
    if dialect.asks_usage {
        body["stream_options"] = json!({ "include_usage": true });
    }
    if let Some(most) = request.max_output {
        body[if dialect.says_completion { "max_completion_tokens" } else { "max_tokens" }] = json!(most);
    }
    body
}

fn message(role: &str, text: &str) -> Value {
    json!({ "role": role, "content": text })
}

#[cfg(test)]
mod tests {
    use crate::engine::prompt::{Limits, Said};

    use super::*;

    fn request(system: &str, max_output: Option<u32>) -> Request {
        Request {
            model: "llama/meta/llama-3".parse().unwrap(),
            pane: "research".parse().unwrap(),
            system: system.into(),
            said: vec![
                Said { by: Author::Person, text: "one".into() },
                Said { by: Author::Model, text: "two".into() },
                Said { by: Author::Person, text: "three".into() },
            ],
            max_output,
            limits: Limits::default(),
        }
    }

    #[test]
    fn a_request_is_spelled_out() {
        assert_eq!(
            body(&request("be brief", Some(48)), Dialect::of_host("127.0.0.1")),
            json!({
                "model": "meta/llama-3",
                "messages": [
                    {"role": "system", "content": "be brief"},
                    {"role": "user", "content": "one"},
                    {"role": "assistant", "content": "two"},
                    {"role": "user", "content": "three"},
                ],
                "stream": true,
                "stream_options": {"include_usage": true},
                "max_tokens": 48,
            })
        );
        let bare = body(&request(" ", None), Dialect { asks_usage: false, says_completion: true });
        assert_eq!(bare["messages"][0]["role"], "user");
        assert!(bare.get("max_completion_tokens").is_none() && bare.get("stream_options").is_none());
        assert_eq!(body(&request("", Some(9)), Dialect::of_host("api.openai.com"))["max_completion_tokens"], 9);
    }

    #[test]
    fn a_complaint_about_a_word_changes_that_word() {
        let complaint = |message: &str| Complaint { message: message.to_owned(), ..Complaint::default() };
        let ours = Dialect::of_host("x.example");
        let openais = Dialect::of_host("api.openai.com");
        assert_eq!(ours.after(&complaint("no such model")), None);
        assert_eq!(
            ours.after(&complaint("body.stream_options: Extra inputs are not permitted")),
            Some(Dialect { asks_usage: false, ..ours })
        );
        assert_eq!(Dialect { asks_usage: false, ..ours }.after(&complaint("stream_options again")), None);
        let reasoning = "Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead.";
        assert_eq!(ours.after(&complaint(reasoning)), Some(Dialect { says_completion: true, ..ours }));
        assert_eq!(openais.after(&complaint(reasoning)), None);
        assert_eq!(
            openais.after(&complaint("Unknown field: max_completion_tokens")),
            Some(Dialect { says_completion: false, ..openais })
        );
    }
}
