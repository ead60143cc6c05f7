//! A request in the words of Anthropic's messages, with the marks up to which its beginning is worth caching.

use std::sync::LazyLock;

use regex::Regex;
use serde_json::{Value, json};

use crate::engine::message::Author;
use crate::engine::meter;
use crate::engine::prompt::{Limits, Request};

use super::super::alternation::alternating;
use super::super::complaint::Complaint;

/// The longest answer asked for where nobody says what the model can give. The protocol insists on a number.
const USUAL_OUTPUT: u32 = 8_192;

/// The least that is asked for, however full the window: the server tells better than an estimate that nothing fits.
const LEAST_OUTPUT: u32 = 1_024;

/// What was learned of a model's server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Dialect {
    /// Whether it takes marks for its cache.
    caches: bool,
    /// The longest answer it says it can give.
    most: Option<u32>,
}

impl Default for Dialect {
    fn default() -> Self {
        Self { caches: true, most: None }
    }
}

/// `max_tokens: 9000 > 4096, which is the maximum allowed number of output tokens for …`
static MOST: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"max_tokens: [\d,]+ > ([\d,]+), which is the maximum").ok());

impl Dialect {
    /// The dialect to try next, if the server complained of a word of this one.
    pub(super) fn after(self, complaint: &Complaint) -> Option<Self> {
        let words = &complaint.message;
        if self.caches && words.contains("cache_control") {
            return Some(Self { caches: false, ..self });
        }
        let found = MOST.as_ref()?.captures(words)?;
        let most: u32 = found.get(1)?.as_str().replace(',', "").parse().ok().filter(|most| *most > 0)?;
        (self.most != Some(most)).then_some(Self { most: Some(most), ..self })
    }
}

/// The body of a request that asks for a stream.
pub(super) fn body(request: &Request, dialect: Dialect) -> Value {
    let turns = alternating(request);
    let count = turns.len();
    let messages = turns.iter().enumerate().map(|(place, said)| {
        let role = match said.by {
            Author::Person => "user",
            Author::Model => "assistant",
        };
        // The next request begins with this one, and this one with the one before: both ends are worth marking.
        let is_end = said.by == Author::Person && count - place <= 3;
        json!({ "role": role, "content": [block(&said.text, dialect.caches && is_end)] })
    });
    let mut body = json!({
        "model": request.model.model,
        "max_tokens": most(request, dialect),
        "messages": messages.collect::<Vec<_>>(),
        "stream": true,
    });
    if !request.system.trim().is_empty() {
        body["system"] = json!([block(&request.system, dialect.caches)]);
    }
    body
}

fn block(text: &str, ends_prefix: bool) -> Value {
    let mut block = json!({ "type": "text", "text": text });
    if ends_prefix {
        block["cache_control"] = json!({ "type": "ephemeral" });
    }
    block
}

/// The longest answer to ask for: what is wanted, or what the model gives, as far as the window has room for it.
fn most(request: &Request, dialect: Dialect) -> u32 {
    let Limits { window, output } = request.limits;
    let limit = dialect.most.or(output);
    let wanted = request.max_output.or(limit).unwrap_or(USUAL_OUTPUT).min(limit.unwrap_or(u32::MAX));
    let Some(window) = window else { return wanted };
    let texts = request.said.iter().map(|said| &said.text).chain([&request.system]);
    let tokens = texts.fold(0_u32, |sum, text| sum.saturating_add(meter::estimate(text).saturating_add(5)));
    // An estimate may be off by a third.
    let room = window.saturating_sub(tokens.saturating_add(tokens / 3));
    wanted.min(room.max(LEAST_OUTPUT))
}

#[cfg(test)]
mod tests {
    use crate::engine::prompt::Said;

    use super::*;

    fn request(said: &[(Author, &str)], max_output: Option<u32>, limits: Limits) -> Request {
        Request {
            model: "anthropic/claude".parse().unwrap(),
            pane: "research".to_owned(),
            system: "be brief".into(),
            said: said.iter().map(|&(by, text)| Said { by, text: text.into() }).collect(),
            max_output,
            limits,
        }
    }

    const SAID: [(Author, &str); 5] = [
        (Author::Person, "one"),
        (Author::Model, "two"),
        (Author::Person, "three"),
        (Author::Model, "four"),
        (Author::Person, "five"),
    ];

    #[test]
    fn a_request_is_spelled_out_with_the_ends_of_its_prefix_marked() {
        let mark = json!({"type": "ephemeral"});
        assert_eq!(
            body(&request(&SAID, Some(48), Limits::default()), Dialect::default()),
            json!({
                "model": "claude",
                "max_tokens": 48,
                "stream": true,
                "system": [{"type": "text", "text": "be brief", "cache_control": mark}],
                "messages": [
                    {"role": "user", "content": [{"type": "text", "text": "one"}]},
                    {"role": "assistant", "content": [{"type": "text", "text": "two"}]},
                    {"role": "user", "content": [{"type": "text", "text": "three", "cache_control": mark}]},
                    {"role": "assistant", "content": [{"type": "text", "text": "four"}]},
                    {"role": "user", "content": [{"type": "text", "text": "five", "cache_control": mark}]},
                ],
            })
        );
        let plain = body(&request(&SAID, None, Limits::default()), Dialect { caches: false, most: None });
        assert!(!plain.to_string().contains("cache_control"), "{plain}");
        let bare = Request { system: " ".into(), ..request(&SAID, None, Limits::default()) };
        assert!(body(&bare, Dialect::default()).get("system").is_none());
    }

    #[test]
    fn the_beginning_is_the_same_from_turn_to_turn() {
        let without_marks = |count: usize| {
            let body = body(&request(&SAID[..count], None, Limits::default()), Dialect::default());
            let text = body["messages"].to_string().replace(r#","cache_control":{"type":"ephemeral"}"#, "");
            text.replace(r#""cache_control":{"type":"ephemeral"},"#, "").trim_end_matches(']').to_owned()
        };
        assert!(without_marks(5).starts_with(&without_marks(3)));
    }

    #[test]
    fn the_longest_answer_is_what_is_wanted_and_fits() {
        let limits = |window, output| Limits { window, output };
        let most = |max_output, limits| most(&request(&SAID[..1], max_output, limits), Dialect::default());
        assert_eq!(most(None, limits(None, None)), USUAL_OUTPUT);
        assert_eq!(most(None, limits(Some(200_000), Some(64_000))), 64_000);
        assert_eq!(most(Some(100_000), limits(None, Some(64_000))), 64_000);
        assert_eq!(most(Some(500), limits(None, Some(64_000))), 500);
        let long = "word ".repeat(30_000);
        let full = request(&[(Author::Person, &long)], None, limits(Some(100_000), Some(64_000)));
        let room = super::most(&full, Dialect::default());
        assert!(room < 64_000 && room > 20_000, "{room}");
        let over = request(&[(Author::Person, &long)], None, limits(Some(1_000), Some(64_000)));
        assert_eq!(super::most(&over, Dialect::default()), LEAST_OUTPUT);
    }

    #[test]
    fn a_complaint_about_a_word_changes_that_word() {
        let complaint = |message: &str| Complaint { message: message.to_owned(), ..Complaint::default() };
        let ours = Dialect::default();
        assert_eq!(ours.after(&complaint("no such model")), None);
        let forbidden = complaint("system.0.cache_control: Extra inputs are not permitted");
        let plain = ours.after(&forbidden).unwrap();
        assert!(!plain.caches);
        assert_eq!(plain.after(&forbidden), None);
        let long = complaint(
            "max_tokens: 9000 > 4096, which is the maximum allowed number of output tokens for claude-3-opus-20240229",
        );
        let shorter = ours.after(&long).unwrap();
        assert_eq!(shorter.after(&long), None);
        assert_eq!(most(&request(&SAID, Some(9_000), Limits::default()), shorter), 4_096);
    }
}
