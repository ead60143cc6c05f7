use serde_json::{Value, json};

use crate::config::provider::{KeySource, ProviderKind};
use crate::engine::failure::{Failure, FailureKind};
use crate::engine::message::{Ending, Usage};
use crate::provider::mock::{Mock, Step, stream_head, whole};
use crate::provider::testing::{Came, ask, registry, text_of};
use crate::provider::{Piece, Providers as _};

const JSON: &str = "content-type: application/json\r\n";

/// The events of a stream, each under its name.
fn stream(events: &[Value]) -> Vec<Step> {
    let lines = events.iter().map(|event| format!("event: {}\ndata: {event}\n\n", event["type"].as_str().unwrap()));
    vec![stream_head(), Step::Send(lines.collect::<String>().into_bytes())]
}

fn text(text: &str) -> Value {
    json!({"type": "content_block_delta", "index": 0, "delta": {"type": "text_delta", "text": text}})
}

fn stop(reason: &str) -> [Value; 2] {
    [json!({"type": "message_delta", "delta": {"stop_reason": reason}}), json!({"type": "message_stop"})]
}

async fn come_of(script: Vec<Step>) -> Came {
    let mock = Mock::once(script).await;
    ask(&registry(ProviderKind::Anthropic, &mock.url(), None)).await
}

async fn refusal(status: u16, kind: &str, message: &str) -> Failure {
    let body = json!({"type": "error", "error": {"type": kind, "message": message}, "request_id": "req_1"});
    come_of(whole(status, JSON, &body.to_string())).await.1.unwrap()
}

#[tokio::test]
async fn every_error_of_the_protocol_is_said_in_plain_words() {
    use FailureKind::{NotFound, RateLimited, Rejected, Unauthorized, Unavailable, Unpaid};
    for (status, code, message, kind, words) in [
        (401, "authentication_error", "invalid x-api-key", Unauthorized, "the key is missing or wrong"),
        (403, "permission_error", "not for you", Unauthorized, "this key may not do that"),
        (
            400,
            "invalid_request_error",
            "Your credit balance is too low to access the Anthropic API.",
            Unpaid,
            "no credit left",
        ),
        (402, "billing_error", "pay first", Unpaid, "no credit left"),
        (404, "not_found_error", "model: claude-nine", NotFound, "it doesn't know this model."),
        (413, "request_too_large", "Request exceeds the maximum size", Rejected, "the request is too large"),
        (429, "rate_limit_error", "too many tokens per minute", RateLimited, "too many requests"),
        (500, "api_error", "Internal server error", Unavailable, "it failed inside"),
        (529, "overloaded_error", "Overloaded", Unavailable, "it has too much to do"),
        (400, "invalid_request_error", "messages: odd", Rejected, "it doesn't accept the request"),
    ] {
        let failure = refusal(status, code, message).await;
        assert_eq!(failure.kind, kind, "{failure}");
        assert!(failure.message.contains(words), "{failure}");
        assert!(failure.message.contains(message), "{failure}");
    }
    let long = refusal(400, "invalid_request_error", "prompt is too long: 208310 tokens > 200000 maximum").await;
    assert_eq!(long.kind, FailureKind::Overflow { needed: Some(208_310), window: Some(200_000) });
}

#[tokio::test]
async fn the_same_errors_in_mid_stream_are_told_apart_too() {
    use FailureKind::{RateLimited, Rejected, Unauthorized, Unavailable, Unpaid};
    for (code, kind) in [
        ("overloaded_error", Unavailable),
        ("api_error", Unavailable),
        ("rate_limit_error", RateLimited),
        ("authentication_error", Unauthorized),
        ("billing_error", Unpaid),
        ("invalid_request_error", Rejected),
    ] {
        let error = json!({"type": "error", "error": {"type": code, "message": "because"}});
        let (came, failure) = come_of(stream(&[text("half"), error])).await;
        assert_eq!(text_of(&came), "half");
        assert_eq!(failure.unwrap().kind, kind, "{code}");
    }
}

#[tokio::test]
async fn every_reason_to_stop_has_its_ending() {
    for (reason, ending) in [
        ("end_turn", Ending::Complete),
        ("stop_sequence", Ending::Complete),
        ("max_tokens", Ending::Length),
        ("model_context_window_exceeded", Ending::Length),
        ("refusal", Ending::Refused),
    ] {
        let (came, failure) = come_of(stream(&[&[text("x")], &stop(reason)[..]].concat())).await;
        assert_eq!((came.last(), failure), (Some(&Piece::End(ending)), None), "{reason}");
    }
    let failure = come_of(stream(&[&[text("x")], &stop("pause_turn")[..]].concat())).await.1.unwrap();
    assert_eq!(failure.kind, FailureKind::CutOff);
    assert!(failure.message.contains("gave the answer up in the middle (pause_turn)"), "{failure}");
}

#[tokio::test]
async fn an_answer_without_its_last_event_was_cut_off_even_if_it_gave_its_reason() {
    let [delta, _] = stop("end_turn");
    let (came, failure) = come_of(stream(&[text("x"), delta])).await;
    assert_eq!(text_of(&came), "x");
    assert_eq!(failure.unwrap().kind, FailureKind::CutOff);
}

#[tokio::test]
async fn counts_come_at_the_start_and_are_brought_up_to_date_at_the_end() {
    let start = json!({"type": "message_start", "message": {"usage": {
        "input_tokens": 10, "cache_creation_input_tokens": 200, "cache_read_input_tokens": 3_000, "output_tokens": 1,
    }}});
    let end = json!({"type": "message_delta", "delta": {"stop_reason": "end_turn"}, "usage": {"output_tokens": 40}});
    let (came, _) = come_of(stream(&[start, text("x"), end, json!({"type": "message_stop"})])).await;
    let usage = Usage { input: 3_210, output: 40, cached: 3_000, cache_written: 200, ..Usage::default() };
    assert_eq!(came[1], Piece::Usage(usage));
}

#[tokio::test]
async fn a_server_that_answers_in_one_piece_is_understood() {
    let body = json!({"type": "message", "role": "assistant", "stop_reason": "max_tokens",
        "content": [{"type": "thinking", "thinking": "hm"}, {"type": "text", "text": "all"}],
        "usage": {"input_tokens": 2, "output_tokens": 1}});
    let usage = Usage { input: 2, output: 1, ..Usage::default() };
    let pieces = vec![
        Piece::Reasoning("hm".to_owned()),
        Piece::Text("all".to_owned()),
        Piece::Usage(usage),
        Piece::End(Ending::Length),
    ];
    assert_eq!(come_of(whole(200, JSON, &body.to_string())).await, (pieces, None));
    let foreign = come_of(whole(200, JSON, r#"{"choices":[]}"#)).await.1.unwrap();
    assert!(foreign.message.contains("JSON without `content`, not in the Anthropic messages protocol"), "{foreign}");
}

#[tokio::test]
async fn a_server_that_takes_less_is_asked_for_less_from_then_on() {
    let good = || stream(&[&[text("x")], &stop("end_turn")[..]].concat());
    let error = |message: &str| {
        let body = json!({"type": "error", "error": {"type": "invalid_request_error", "message": message}});
        whole(400, JSON, &body.to_string())
    };
    let long = "max_tokens: 48 > 32, which is the maximum allowed number of output tokens for smollm2";
    let mock =
        Mock::new(vec![error("system.0.cache_control: Extra inputs are not permitted"), error(long), good()]).await;
    let registry = registry(ProviderKind::Anthropic, &mock.url(), None);
    for _ in 0..2 {
        assert_eq!(ask(&registry).await.1, None);
    }
    let asked: Vec<(bool, u64)> = mock
        .asked()
        .iter()
        .map(|asked| (asked.body.contains("cache_control"), asked.json()["max_tokens"].as_u64().unwrap()))
        .collect();
    assert_eq!(asked, [(true, 48), (false, 48), (false, 32), (false, 32)]);
}

#[tokio::test]
async fn its_models_are_listed_with_its_own_headers() {
    let list = json!({"data": [{"type": "model", "id": "claude-x", "max_input_tokens": 200_000}], "has_more": false});
    let mock = Mock::once(whole(200, JSON, &list.to_string())).await;
    let key = KeySource::Command("printf 'k%sy' 3".to_owned());
    let registry = registry(ProviderKind::Anthropic, &mock.url(), Some(key));
    let models = registry.models("llama").await.unwrap();
    assert_eq!((models[0].id.as_str(), models[0].facts.window), ("claude-x", Some(200_000)));
    let asked = &mock.asked()[0];
    assert!(asked.head.starts_with("GET /v1/models?limit=1000 HTTP/1.1"), "{}", asked.head);
    assert_eq!((asked.header("x-api-key"), asked.header("anthropic-version")), (Some("k3y"), Some("2023-06-01")));
    assert!(registry.provider("llama").is_ok());
}
