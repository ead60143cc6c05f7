//! What a server says went wrong, read from the many shapes in which servers of one protocol say it.

use std::sync::LazyLock;
use std::time::Duration;

use regex::Regex;
use serde_json::Value;

/// A server's own words about an error. They come from outside: clean them before they are shown.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Complaint {
    /// The sentence for people; may be empty.
    pub(super) message: String,
    /// The words for programs, lower case: its `code`, `type` and `status`, as far as they are words.
    pub(super) codes: Vec<String>,
    /// If the request was too long for the model: by how much.
    pub(super) overflow: Option<Overflow>,
    /// How long to wait, where that stands in the body and not in a header.
    pub(super) wait: Option<Duration>,
}

/// Our own code for a quota that is used up until tomorrow, however a server spells it.
pub(super) const DAYS_QUOTA: &str = "quota_of_the_day";

/// A request that doesn't fit, in the server's count.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Overflow {
    /// The tokens the request has.
    pub(super) needed: Option<u32>,
    /// The tokens that fit.
    pub(super) window: Option<u32>,
}

impl Complaint {
    /// Reads the body of an answer with an error status: JSON of any known shape, or a plain sentence. A web page says nothing.
    pub(super) fn of_body(body: &str) -> Self {
        let body = body.trim();
        match serde_json::from_str::<Value>(body) {
            Ok(Value::String(message)) => Self::of_message(&message),
            Ok(value) => Self::of_value(&value),
            Err(_) if body.starts_with('<') => Self::default(),
            Err(_) => Self::of_message(body),
        }
    }

    /// Reads an event in mid-stream; `None` if it isn't about an error.
    pub(super) fn of_event(value: &Value) -> Option<Self> {
        let is_error = value.get("error").is_some_and(|error| !error.is_null())
            || value.get("object").is_some_and(|object| object == "error")
            || (value.get("choices").is_none() && value.get("detail").is_some());
        is_error.then(|| Self::of_value(value))
    }

    /// Whether one of its codes is this word.
    pub(super) fn has_code(&self, word: &str) -> bool {
        self.codes.iter().any(|code| code == word)
    }

    /// Whether money or a lasting quota is the matter: waiting doesn't bring it back.
    pub(super) fn is_unpaid(&self) -> bool {
        let codes = ["insufficient_quota", "billing_error", "billing_not_active"];
        codes.iter().any(|code| self.has_code(code))
            || self.message.to_lowercase().contains("credit balance is too low")
    }

    /// Whether it has too much to do just now.
    pub(super) fn is_overload(&self) -> bool {
        ["overloaded_error", "overloaded", "unavailable"].iter().any(|code| self.has_code(code))
            || self.message.to_lowercase().contains("server busy")
    }

    fn of_message(message: &str) -> Self {
        let mut complaint = Self { message: message.to_owned(), ..Self::default() };
        complaint.overflow = overflow_in(&complaint, &Value::Null);
        complaint
    }

    fn of_value(value: &Value) -> Self {
        // Gemini wraps its error into a list, others into `error`, some not at all.
        let value = value.get(0).unwrap_or(value);
        let error = value.get("error").filter(|error| !error.is_null()).unwrap_or(value);
        let mut complaint = Self { message: message_of(error), ..Self::default() };
        for source in [error, value] {
            for field in ["code", "type", "status", "error_type"] {
                if let Some(Value::String(code)) = source.get(field) {
                    complaint.codes.push(code.to_lowercase());
                }
            }
        }
        if let Some(Value::Array(details)) = error.get("details") {
            complaint.take_details(details);
        }
        complaint.overflow = overflow_in(&complaint, error);
        complaint
    }

    /// Gemini tells in details beside the sentence which quota is used up, how long to wait, and that a key is wrong.
    fn take_details(&mut self, details: &[Value]) {
        let text = |value: &Value, field: &str| value.get(field).and_then(Value::as_str).map(str::to_owned);
        for detail in details {
            self.codes.extend(text(detail, "reason").map(|reason| reason.to_lowercase()));
            self.wait = self.wait.or_else(|| seconds(&text(detail, "retryDelay")?));
            let violations = detail.get("violations").and_then(Value::as_array).into_iter().flatten();
            if violations.filter_map(|violation| text(violation, "quotaId")).any(|quota| quota.contains("PerDay")) {
                self.codes.push(DAYS_QUOTA.to_owned());
            }
        }
    }
}

/// A length of time such as `34.5s`.
fn seconds(text: &str) -> Option<Duration> {
    Duration::try_from_secs_f64(text.strip_suffix('s')?.parse().ok()?).ok()
}

fn message_of(error: &Value) -> String {
    if let Value::String(message) = error {
        return message.clone();
    }
    let mut message = ["message", "detail", "msg"]
        .iter()
        .find_map(|field| error.get(*field))
        .map(|found| match found {
            Value::String(text) => text.clone(),
            Value::Array(problems) => problems
                .iter()
                .filter_map(|problem| problem.get("msg").or_else(|| problem.get("message"))?.as_str())
                .collect::<Vec<_>>()
                .join("; "),
            other => nested(other),
        })
        .unwrap_or_default();
    // OpenRouter passes on what the model's own provider said.
    if let Some(Value::String(raw)) = error.pointer("/metadata/raw") {
        let inner = Complaint::of_body(raw).message;
        if !inner.is_empty() && !message.contains(&inner) {
            message = if message.is_empty() { inner } else { format!("{message}: {inner}") };
        }
    }
    message
}

fn nested(value: &Value) -> String {
    ["message", "detail", "msg"]
        .iter()
        .find_map(|field| value.get(*field))
        .map(|inner| inner.as_str().map_or_else(|| inner.to_string(), str::to_owned))
        .unwrap_or_default()
}

/// The words by which servers say that a request is too long.
const SIGNS: [&str; 13] = [
    "maximum context length",
    "maximum model length",
    "context length of only",
    "context the overflows",
    "greater than the context length",
    "context size",
    "context window",
    "prompt is too long",
    "input is too long",
    "exceed context limit",
    "exceeds the context length",
    "exceeds the maximum number of tokens",
    "reduce the length of the messages",
];

const CODES: [&str; 3] = ["context_length_exceeded", "exceed_context_size_error", "context_window_exceeded"];

fn overflow_in(complaint: &Complaint, error: &Value) -> Option<Overflow> {
    let text = complaint.message.to_lowercase();
    let is_overflow = CODES.iter().any(|code| complaint.has_code(code))
        || SIGNS.iter().any(|sign| text.contains(sign))
        || (text.contains("n_keep") && text.contains("n_ctx"));
    if !is_overflow || complaint.has_code("rate_limit_exceeded") {
        return None;
    }
    let field = |name: &str| error.get(name).and_then(Value::as_u64).and_then(|count| u32::try_from(count).ok());
    Some(Overflow {
        needed: field("n_prompt_tokens").or_else(|| first_number(&NEEDED, &text)),
        window: field("n_ctx").or_else(|| first_number(&WINDOW, &text)),
    })
}

/// Where the size of the request stands in such sentences.
static NEEDED: LazyLock<Vec<Regex>> = LazyLock::new(|| {
    compile(&[
        r"requested (?:about )?([\d,]+) tokens",
        r"resulted in ([\d,]+) tokens",
        r"(?:prompt|request|messages|input) (?:contains?|has) (?:at least )?([\d,]+) (?:input )?tokens",
        r"keep the first ([\d,]+) tokens",
        r"n_keep: ?([\d,]+)",
        r"too long: ([\d,]+) tokens",
        r"context limit: ([\d,]+) \+",
        r"token count \(?([\d,]+)",
        r"request \(([\d,]+) tokens",
        r"\(length ([\d,]+)\)",
    ])
});

/// Where the size of the window stands in such sentences.
static WINDOW: LazyLock<Vec<Regex>> = LazyLock::new(|| {
    compile(&[
        r"context length (?:is|of)(?: only)? ([\d,]+)",
        r"model length (?:is|of) ([\d,]+)",
        r"n_ctx: ?([\d,]+)",
        r"tokens > ([\d,]+)",
        r"context limit: [\d,]+ \+ [\d,]+ > ([\d,]+)",
        r"tokens allowed \(?([\d,]+)",
        r"context size \(([\d,]+)",
        r"with ([\d,]+) maximum context length",
    ])
});

fn compile(patterns: &[&str]) -> Vec<Regex> {
    patterns.iter().filter_map(|pattern| Regex::new(pattern).ok()).collect()
}

fn first_number(patterns: &[Regex], text: &str) -> Option<u32> {
    patterns.iter().find_map(|pattern| pattern.captures(text)?.get(1)?.as_str().replace(',', "").parse().ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_patterns_are_patterns() {
        assert_eq!((NEEDED.len(), WINDOW.len()), (10, 8));
    }

    #[test]
    fn every_servers_way_to_say_too_long_is_understood() {
        for (server, body, needed, window) in [
            (
                "llama.cpp",
                r#"{"error":{"code":400,"message":"request (5012 tokens) exceeds the available context size (1024 tokens), try increasing it","type":"exceed_context_size_error","n_prompt_tokens":5012,"n_ctx":1024}}"#,
                Some(5012),
                Some(1024),
            ),
            (
                "an older llama.cpp",
                r#"{"error":{"code":500,"message":"the request exceeds the available context size. try increasing the context size or enable context shift","type":"invalid_request_error"}}"#,
                None,
                None,
            ),
            (
                "OpenAI",
                r#"{"error":{"message":"This model's maximum context length is 128000 tokens. However, your messages resulted in 130001 tokens. Please reduce the length of the messages.","type":"invalid_request_error","param":"messages","code":"context_length_exceeded"}}"#,
                Some(130_001),
                Some(128_000),
            ),
            (
                "OpenAI without numbers",
                r#"{"error":{"message":"Your input exceeds the limit of this model.","code":"context_length_exceeded"}}"#,
                None,
                None,
            ),
            (
                "vLLM",
                r#"{"object":"error","message":"This model's maximum context length is 4096 tokens. However, you requested 5096 tokens (4996 in the messages, 100 in the completion).","type":"BadRequestError","param":null,"code":400}"#,
                Some(5096),
                Some(4096),
            ),
            (
                "a newer vLLM",
                r#"{"error":{"message":"The decoder prompt (length 5000) is longer than the maximum model length of 4096.","type":"BadRequestError","code":400}}"#,
                Some(5000),
                Some(4096),
            ),
            (
                "LM Studio",
                r#"{"error":"Trying to keep the first 5000 tokens when context the overflows. However, the model is loaded with context length of only 4096 tokens, which is not enough."}"#,
                Some(5000),
                Some(4096),
            ),
            (
                "another LM Studio",
                r#"{"error":"The number of tokens to keep from the initial prompt is greater than the context length (n_keep: 5000>= n_ctx: 4096)."}"#,
                Some(5000),
                Some(4096),
            ),
            (
                "OpenRouter",
                r#"{"error":{"message":"This endpoint's maximum context length is 131072 tokens. However, you requested about 200000 tokens (199000 of text input, 1000 in the output).","code":400}}"#,
                Some(200_000),
                Some(131_072),
            ),
            (
                "OpenRouter passing on",
                r#"{"error":{"message":"Provider returned error","code":400,"metadata":{"raw":"{\"error\":{\"message\":\"prompt is too long: 208310 tokens > 200000 maximum\"}}"}}}"#,
                Some(208_310),
                Some(200_000),
            ),
            (
                "Gemini",
                r#"[{"error":{"code":400,"message":"The input token count (1200000) exceeds the maximum number of tokens allowed (1,048,576).","status":"INVALID_ARGUMENT"}}]"#,
                Some(1_200_000),
                Some(1_048_576),
            ),
            (
                "Anthropic",
                r#"{"type":"error","error":{"type":"invalid_request_error","message":"prompt is too long: 208310 tokens > 200000 maximum"},"request_id":"r"}"#,
                Some(208_310),
                Some(200_000),
            ),
            (
                "Anthropic, with the answer's room",
                r#"{"type":"error","error":{"type":"invalid_request_error","message":"input length and `max_tokens` exceed context limit: 190000 + 64000 > 200000, decrease input length or `max_tokens` and try again"}}"#,
                Some(190_000),
                Some(200_000),
            ),
            ("Ollama that may not cut", r#"{"error":"the input length exceeds the context length"}"#, None, None),
            (
                "Mistral",
                r#"{"object":"error","message":"Prompt contains 65673 tokens, too large for model with 32768 maximum context length","type":"invalid_request_error"}"#,
                Some(65_673),
                Some(32_768),
            ),
        ] {
            assert_eq!(Complaint::of_body(body).overflow, Some(Overflow { needed, window }), "{server}");
        }
    }

    #[test]
    fn other_complaints_are_no_overflow() {
        for body in [
            r#"{"error":{"message":"max_tokens is too large: 200000. This model supports at most 16384 completion tokens.","code":null}}"#,
            r#"{"error":{"message":"Request too large on tokens per minute: Limit 6000, Requested 9000; the context window is not the matter","code":"rate_limit_exceeded"}}"#,
            r#"{"error":{"message":"Incorrect API key provided","code":"invalid_api_key"}}"#,
            "Bad gateway",
            "",
        ] {
            assert_eq!(Complaint::of_body(body).overflow, None, "{body}");
        }
    }

    #[test]
    fn the_sentence_is_found_wherever_it_stands() {
        for (body, message) in [
            (r#"{"error":{"message":"m"}}"#, "m"),
            (r#"{"error":"m"}"#, "m"),
            (r#"{"error":null,"message":"m"}"#, "m"),
            (r#"{"message":{"detail":"m"}}"#, "m"),
            (r#"{"detail":"m"}"#, "m"),
            (r#"{"detail":[{"loc":["body"],"msg":"m"},{"msg":"n"}]}"#, "m; n"),
            (r#""m""#, "m"),
            ("m", "m"),
            ("<!doctype html><title>m</title>", ""),
            (r#"{"error":{"message":7}}"#, ""),
            ("[]", ""),
            ("null", ""),
            ("17", ""),
        ] {
            assert_eq!(Complaint::of_body(body).message, message, "{body}");
        }
    }

    #[test]
    fn only_an_error_in_mid_stream_is_one() {
        let event = |text: &str| Complaint::of_event(&serde_json::from_str(text).unwrap());
        assert_eq!(event(r#"{"choices":[{"delta":{"content":"error"}}],"error":null}"#), None);
        assert_eq!(event(r#"{"choices":[],"usage":{}}"#), None);
        let broke = event(r#"{"error":{"message":"broke","type":"server_error"}}"#).unwrap();
        assert_eq!(broke.message, "broke");
        assert!(broke.has_code("server_error"));
        assert!(event(r#"{"object":"error","message":"broke"}"#).is_some());
    }
}
