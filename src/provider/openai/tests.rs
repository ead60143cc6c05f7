use std::sync::Arc;
use std::time::Duration;

use futures_util::StreamExt as _;
use serde_json::json;
use tokio::sync::Notify;

use crate::config::provider::{KeySource, ProviderKind};
use crate::engine::failure::{Failure, FailureKind};
use crate::engine::locality::Outbound;
use crate::engine::message::{Ending, Usage};
use crate::provider::mock::{Mock, Step, event, stream_head, text, whole};
use crate::provider::registry::Registry;
use crate::provider::testing::{self, read};
use crate::provider::{Piece, Providers};

fn registry(url: &str, key: Option<KeySource>) -> Registry {
    testing::registry(ProviderKind::Openai, url, key)
}

fn request() -> Outbound {
    testing::request("llama/smollm2")
}

async fn ask(mock: &Mock) -> (Vec<Piece>, Option<Failure>) {
    read(registry(&mock.url(), None).provider("llama").unwrap().stream(request())).await
}

async fn failure_of(script: Vec<Step>) -> Failure {
    ask(&Mock::once(script).await).await.1.expect("the stream should have failed")
}

/// An answer of two words, with reasoning, usage and everything else.
fn good_stream() -> Vec<u8> {
    let mut bytes = b": warming up\n\n".to_vec();
    for part in [
        json!({"choices": [{"delta": {"role": "assistant", "content": ""}}]}),
        json!({"choices": [{"delta": {"reasoning_content": "hm", "reasoning": "hm"}}]}),
        json!({"choices": [{"delta": {"content": "zw\u{f6}lf "}}]}),
        json!({"choices": [{"delta": {"content": "\u{1f980}"}, "finish_reason": null}]}),
        json!({"choices": [{"delta": {}, "finish_reason": "stop"}]}),
        json!({"choices": [], "usage": {"prompt_tokens": 11, "completion_tokens": 5, "prompt_tokens_details": {"cached_tokens": 3}}}),
    ] {
        bytes.extend(event(&part.to_string()));
    }
    bytes.extend(b"data: [DONE]\n\n");
    bytes
}

fn good_pieces() -> Vec<Piece> {
    vec![
        Piece::Reasoning("hm".to_owned()),
        Piece::Text("zw\u{f6}lf \u{1f980}".to_owned()),
        Piece::Usage(Usage { input: 11, output: 5, cached: 3, ..Usage::default() }),
        Piece::End(Ending::Complete),
    ]
}

#[tokio::test]
async fn an_answer_streams_with_reasoning_usage_and_end() {
    let mock = Mock::once(vec![stream_head(), Step::Send(good_stream())]).await;
    assert_eq!(ask(&mock).await, (good_pieces(), None));
    let asked = &mock.asked()[0];
    assert!(asked.head.starts_with("POST /v1/chat/completions HTTP/1.1"), "{}", asked.head);
    assert_eq!(asked.header("authorization"), None);
    assert_eq!(asked.json()["model"], "smollm2");
    assert_eq!(asked.json()["messages"][0], json!({"role": "system", "content": "be brief"}));
}

#[tokio::test]
async fn an_answer_that_drips_byte_by_byte_is_the_same() {
    let drops = good_stream().into_iter().map(|byte| Step::Send(vec![byte]));
    let mock = Mock::once(std::iter::once(stream_head()).chain(drops).collect()).await;
    assert_eq!(ask(&mock).await, (good_pieces(), None));
}

#[tokio::test]
async fn what_came_is_given_before_the_server_goes_on() {
    let go_on = Arc::new(Notify::new());
    let rest = [event(r#"{"choices":[{"delta":{},"finish_reason":"stop"}]}"#), b"data: [DONE]\n\n".to_vec()].concat();
    let script = vec![
        stream_head(),
        Step::Wait(go_on.clone()),
        Step::Send(text("one")),
        Step::Wait(go_on.clone()),
        Step::Send(rest),
    ];
    let mock = Mock::once(script).await;
    let mut pieces = registry(&mock.url(), None).provider("llama").unwrap().stream(request());
    assert_eq!(pieces.next().await, Some(Ok(Piece::Alive)), "the head is a sign of life");
    go_on.notify_one();
    assert_eq!(pieces.next().await, Some(Ok(Piece::Text("one".to_owned()))));
    go_on.notify_one();
    assert_eq!(read(pieces).await, (vec![Piece::End(Ending::Complete)], None));
}

#[tokio::test]
async fn dropping_the_stream_closes_the_connection_and_frees_the_place() {
    let left = Arc::new(Notify::new());
    let mock = Mock::once(vec![stream_head(), Step::Send(text("one")), Step::Hold(left.clone())]).await;
    let registry = registry(&mock.url(), None);
    // More than may run at once: each has to give its place back.
    for _ in 0..20 {
        let mut pieces = registry.provider("llama").unwrap().stream(request());
        while pieces.next().await != Some(Ok(Piece::Text("one".to_owned()))) {}
        drop(pieces);
        left.notified().await;
    }
}

#[tokio::test]
async fn a_stream_that_closes_without_its_end_was_cut_off() {
    for bytes in [text("half"), b"data: {\"choi".to_vec(), b": nothing\n\n".to_vec(), Vec::new()] {
        let failure = failure_of(vec![stream_head(), Step::Send(bytes)]).await;
        assert_eq!(failure.kind, FailureKind::CutOff, "{failure}");
        assert!(failure.message.contains("before the end of the answer"), "{failure}");
    }
}

#[tokio::test]
async fn a_reset_keeps_what_came_and_is_told() {
    let go_on = Arc::new(Notify::new());
    let script = vec![stream_head(), Step::Send(text("half")), Step::Wait(go_on.clone()), Step::Reset];
    let mock = Mock::once(script).await;
    let mut pieces = registry(&mock.url(), None).provider("llama").unwrap().stream(request());
    while pieces.next().await != Some(Ok(Piece::Text("half".to_owned()))) {}
    go_on.notify_one();
    let (came, failure) = read(pieces).await;
    assert_eq!(came, []);
    let failure = failure.unwrap();
    assert_eq!(failure.kind, FailureKind::CutOff);
    assert!(failure.message.starts_with("llama broke the connection in mid-answer ("), "{failure}");
}

#[tokio::test]
async fn a_connection_that_closes_in_answer_is_told() {
    for script in [vec![], vec![Step::Reset], vec![Step::Send(b"HTTP/1.1 200 OK\r\ncontent-ty".to_vec())]] {
        let failure = failure_of(script).await;
        assert_eq!(failure.kind, FailureKind::CutOff);
        assert!(failure.message.starts_with("llama closed the connection without an answer ("), "{failure}");
    }
}

#[tokio::test]
async fn a_body_shorter_than_it_said_was_cut_off() {
    let head = b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ncontent-length: 5000\r\n\r\n".to_vec();
    let failure = failure_of(vec![Step::Send(head), Step::Send(text("half"))]).await;
    assert_eq!(failure.kind, FailureKind::CutOff, "{failure}");
}

#[tokio::test]
async fn an_answer_with_its_finish_reason_is_complete_however_the_connection_ends() {
    let last = event(
        r#"{"choices":[{"delta":{"content":"x"},"finish_reason":"length"}],"usage":{"prompt_tokens":1,"completion_tokens":2}}"#,
    );
    let pieces = vec![
        Piece::Text("x".to_owned()),
        Piece::Usage(Usage { input: 1, output: 2, ..Usage::default() }),
        Piece::End(Ending::Length),
    ];
    let closed = Mock::once(vec![stream_head(), Step::Send(last.clone())]).await;
    assert_eq!(ask(&closed).await, (pieces.clone(), None));
    let head = b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ncontent-length: 5000\r\n\r\n".to_vec();
    let broken = Mock::once(vec![Step::Send(head), Step::Send(last)]).await;
    assert_eq!(ask(&broken).await, (pieces, None));
}

#[tokio::test]
async fn every_ending_has_its_name() {
    for (reason, ending) in [
        ("stop", Ending::Complete),
        ("eos", Ending::Complete),
        ("length", Ending::Length),
        ("content_filter", Ending::Refused),
    ] {
        let choice = json!({"choices": [{"delta": {"content": "x"}, "finish_reason": reason}]}).to_string();
        let mock = Mock::once(vec![stream_head(), Step::Send(event(&choice))]).await;
        assert_eq!(ask(&mock).await, (vec![Piece::Text("x".to_owned()), Piece::End(ending)], None), "{reason}");
    }
    let refusal = json!({"choices": [{"delta": {"refusal": "No."}, "finish_reason": "stop"}]}).to_string();
    let mock = Mock::once(vec![stream_head(), Step::Send(event(&refusal))]).await;
    assert_eq!(ask(&mock).await, (vec![Piece::Text("No.".to_owned()), Piece::End(Ending::Refused)], None));
    let abort = json!({"choices": [{"delta": {}, "finish_reason": "abort"}]}).to_string();
    assert_eq!(failure_of(vec![stream_head(), Step::Send(event(&abort))]).await.kind, FailureKind::CutOff);
}

#[tokio::test]
async fn an_error_in_mid_stream_comes_after_the_text_before_it() {
    for bytes in [
        event(r#"{"error":{"message":"out of memory"}}"#),
        b"event: error\ndata: {\"message\":\"out of memory\"}\n\n".to_vec(),
        b"event: error\ndata: out of memory\n\n".to_vec(),
        b"error: {\"code\":500,\"message\":\"out of memory\"}\n\n".to_vec(),
        event(r#"{"choices":[],"error":{"message":"out of memory"}}"#),
    ] {
        let script = vec![stream_head(), Step::Send([text("half"), bytes, b"data: [DONE]\n\n".to_vec()].concat())];
        let (came, failure) = ask(&Mock::once(script).await).await;
        assert_eq!(came, [Piece::Text("half".to_owned())]);
        let failure = failure.unwrap();
        assert_eq!(failure.kind, FailureKind::Unavailable);
        assert_eq!(failure.message, "llama broke off: it failed in mid-answer. It says: out of memory.");
    }
}

#[tokio::test]
async fn whatever_is_no_stream_of_this_protocol_is_told_apart() {
    let ok = |kind: &str, body: &str| whole(200, &format!("content-type: {kind}\r\n"), body);
    for (script, words) in [
        (ok("text/html; charset=utf-8", "<!doctype html><p>hello"), "a web page"),
        (ok("application/json", "<html>"), "a web page"),
        (ok("application/json", r#"{"hello":"world"}"#), "JSON without `choices`"),
        (ok("application/json", "{"), "something else than JSON"),
        (ok("application/json", ""), "nothing"),
        (ok("text/plain", "hello"), "something else than a stream of events"),
        (ok("text/event-stream", "data: hello\n\n"), "an event that is not JSON"),
        (ok("text/event-stream", "data: {\"choices\":7}\n\n"), "an event in an unknown form"),
        (ok("text/event-stream", "data: \u{fffd}\u{1b}[2J\n\n"), "an event that is not JSON. It says: \u{fffd}[2J."),
    ] {
        let failure = failure_of(script).await;
        assert_eq!(failure.kind, FailureKind::Protocol, "{failure}");
        assert!(failure.message.contains(words), "{failure}");
    }
}

#[tokio::test]
async fn a_server_that_answers_in_one_piece_is_understood() {
    let body = json!({"choices": [{"message": {"role": "assistant", "content": "all"}, "finish_reason": "stop"}], "usage": {"prompt_tokens": 1, "completion_tokens": 1}});
    let mock = Mock::once(whole(200, "content-type: application/json\r\n", &body.to_string())).await;
    let usage = Usage { input: 1, output: 1, ..Usage::default() };
    assert_eq!(ask(&mock).await.0, [Piece::Text("all".to_owned()), Piece::Usage(usage), Piece::End(Ending::Complete)]);
    let error = whole(200, "content-type: application/json\r\n", r#"{"error":{"message":"overloaded"}}"#);
    assert_eq!(failure_of(error).await.kind, FailureKind::Unavailable);
}

#[tokio::test]
async fn thoughts_in_parts_are_understood() {
    let parts = json!({"choices": [{"delta": {"content": [
        {"type": "thinking", "thinking": [{"type": "text", "text": "hm"}]}, {"type": "text", "text": "yes"},
    ]}, "finish_reason": "stop"}]});
    let mock = Mock::once(vec![stream_head(), Step::Send(event(&parts.to_string()))]).await;
    let pieces = vec![Piece::Reasoning("hm".to_owned()), Piece::Text("yes".to_owned()), Piece::End(Ending::Complete)];
    assert_eq!(ask(&mock).await, (pieces, None));
}

#[tokio::test]
async fn broken_text_is_repaired_and_an_endless_line_refused() {
    let mut bytes =
        b"data: {\"choices\":[{\"delta\":{\"content\":\"a\xff\xc3b\"},\"finish_reason\":\"stop\"}]}\n\n".to_vec();
    bytes.extend(b"data: [DONE]\n\n");
    let mock = Mock::once(vec![stream_head(), Step::Send(bytes)]).await;
    assert_eq!(ask(&mock).await.0, [Piece::Text("a\u{fffd}\u{fffd}b".to_owned()), Piece::End(Ending::Complete)]);

    let endless = [text("first"), b"data: ".to_vec(), vec![b'x'; 10_000_000]].concat();
    let (came, failure) = ask(&Mock::once(vec![stream_head(), Step::Send(endless)]).await).await;
    assert_eq!(came, [Piece::Text("first".to_owned())]);
    assert_eq!(failure.unwrap().message, "llama sent more than it may: one event is longer than 4 MB.");
}

#[tokio::test]
async fn every_status_becomes_a_sentence_with_the_servers_words() {
    for status in [400, 401, 403, 404, 408, 413, 422, 429, 500, 502, 503, 504, 529] {
        let failure = failure_of(whole(status, "", r#"{"error":{"message":"because"}}"#)).await;
        assert!(failure.message.starts_with(&format!("llama answered {status}: ")), "{failure}");
        assert!(failure.message.contains("It says: because."), "{failure}");
    }
    let page = failure_of(whole(502, "content-type: text/html\r\n", "<html><h1>Bad gateway")).await;
    assert_eq!(page.message, "llama answered 502: what stands in front of it gets no answer.");
}

#[tokio::test]
async fn a_request_that_is_too_long_is_told_with_its_sizes() {
    let body = r#"{"error":{"code":400,"message":"request (3031 tokens) exceeds the available context size (1024 tokens), try increasing it","type":"exceed_context_size_error","n_prompt_tokens":3031,"n_ctx":1024}}"#;
    let failure = failure_of(whole(400, "content-type: application/json\r\n", body)).await;
    assert_eq!(failure.kind, FailureKind::Overflow { needed: Some(3031), window: Some(1024) });
}

#[tokio::test]
async fn a_wait_that_a_server_asks_for_holds_for_all_panes_of_the_key() {
    let mock = Mock::once(whole(429, "retry-after: 30\r\n", "{}")).await;
    let registry = registry(&mock.url(), None);
    let ask = || async { read(registry.provider("llama").unwrap().stream(request())).await.1.unwrap() };
    let first = ask().await;
    assert_eq!((first.kind.clone(), first.retry_after()), (FailureKind::RateLimited, Some(Duration::from_secs(30))));
    let second = ask().await;
    assert_eq!(second.kind, FailureKind::RateLimited);
    assert!(second.retry_after().is_some_and(|wait| wait <= Duration::from_secs(30)));
    assert!(second.message.contains("Nothing was sent"), "{second}");
    assert_eq!(mock.asked().len(), 1);
}

#[tokio::test]
async fn a_wait_may_be_a_date() {
    let headers = "date: Sat, 21 Nov 2026 02:00:00 GMT\r\nretry-after: Sat, 21 Nov 2026 02:00:07 GMT\r\n";
    let failure = failure_of(whole(503, headers, "")).await;
    assert_eq!((failure.kind.clone(), failure.retry_after()), (FailureKind::Unavailable, Some(Duration::from_secs(7))));
}

#[cfg(unix)]
#[tokio::test]
async fn a_redirect_is_explained_and_the_key_stays_at_home() {
    let other = Mock::once(whole(200, "", "{}")).await;
    let location = format!("location: {}/chat/completions?token=t0ken\r\n", other.url());
    for status in [301, 302, 303, 307, 308] {
        let home = Mock::once(whole(status, &location, "")).await;
        let registry = registry(&home.url(), Some(KeySource::Command("printf 'k%sy' 3".to_owned())));
        let failure = read(registry.provider("llama").unwrap().stream(request())).await.1.unwrap();
        assert_eq!(failure.kind, FailureKind::Misconfigured);
        assert!(
            failure.message.contains(&format!("points to {}/chat/completions. Redirects", other.url())),
            "{failure}"
        );
        assert!(!failure.message.contains("t0ken") && !failure.message.contains("k3y"), "{failure}");
        assert_eq!(home.asked()[0].header("authorization"), Some("Bearer k3y"));
    }
    assert!(other.asked().is_empty());
}

#[cfg(unix)]
#[tokio::test]
async fn a_refused_key_is_not_repeated_and_is_read_anew() {
    let refusal = whole(401, "", r#"{"error":{"message":"k3y is not a valid key"}}"#);
    let mock = Mock::new(vec![refusal, vec![stream_head(), Step::Send(good_stream())]]).await;
    let runs = tempfile::NamedTempFile::new().unwrap();
    let path = runs.path().display().to_string();
    let command = format!("echo >> '{path}'; printf 'k%sy' $((2 + $(wc -l < '{path}')))");
    let registry = registry(&mock.url(), Some(KeySource::Command(command)));
    let ask = || async { read(registry.provider("llama").unwrap().stream(request())).await };
    let failure = ask().await.1.unwrap();
    assert_eq!(failure.kind, FailureKind::Unauthorized);
    assert!(failure.message.contains("It says: [key] is not a valid key. Check what the key command"), "{failure}");
    assert_eq!(ask().await, (good_pieces(), None));
    let keys: Vec<_> = mock.asked().iter().map(|asked| asked.header("authorization").map(str::to_owned)).collect();
    assert_eq!(keys, [Some("Bearer k3y".to_owned()), Some("Bearer k4y".to_owned())]);
}

#[tokio::test]
async fn a_server_that_takes_fewer_words_is_asked_in_them_from_then_on() {
    let strict = whole(
        422,
        "",
        r#"{"detail":[{"loc":["body","stream_options"],"msg":"stream_options: extra inputs are not permitted"}]}"#,
    );
    let mock = Mock::new(vec![strict, vec![stream_head(), Step::Send(good_stream())]]).await;
    let registry = registry(&mock.url(), None);
    for _ in 0..2 {
        assert_eq!(read(registry.provider("llama").unwrap().stream(request())).await, (good_pieces(), None));
    }
    let asked: Vec<bool> = mock.asked().iter().map(|asked| asked.json().get("stream_options").is_some()).collect();
    assert_eq!(asked, [true, false, false]);
}

#[tokio::test]
async fn a_server_that_complains_of_every_word_is_not_asked_for_ever() {
    let fickle = r#"{"error":{"message":"unsupported 'max_completion_tokens' and stream_options"}}"#;
    let mock = Mock::once(whole(400, "", fickle)).await;
    assert_eq!(ask(&mock).await.1.unwrap().kind, FailureKind::Rejected);
    assert_eq!(mock.asked().len(), super::MOST_DIALECTS);
}

#[tokio::test]
async fn where_nobody_listens_is_unreachable() {
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let registry = registry(&format!("http://127.0.0.1:{port}/v1"), None);
    let failure = read(registry.provider("llama").unwrap().stream(request())).await.1.unwrap();
    assert_eq!(failure.kind, FailureKind::Unreachable);
    assert!(failure.message.starts_with(&format!("llama can't be reached at http://127.0.0.1:{port}: ")), "{failure}");
}

#[tokio::test]
async fn a_forgotten_v1_is_hinted_at() {
    let mock = Mock::once(whole(404, "", "")).await;
    let registry = registry(mock.url().trim_end_matches("/v1"), None);
    let failure = read(registry.provider("llama").unwrap().stream(request())).await.1.unwrap();
    assert!(failure.message.ends_with("it usually ends in /v1."), "{failure}");
}

#[tokio::test]
async fn a_test_asks_for_the_models_and_spends_nothing() {
    let mock =
        Mock::once(whole(200, "content-type: application/json\r\n", r#"{"data":[{"id":"a","max_model_len":9}]}"#))
            .await;
    let registry = registry(&mock.url(), None);
    assert_eq!(registry.models("llama").await.unwrap()[0].facts.window, Some(9));
    registry.test("llama").await.unwrap();
    assert!(mock.asked().iter().all(|asked| asked.head.starts_with("GET /v1/models HTTP/1.1")));
    let broken = Mock::once(whole(401, "", "")).await;
    let failure = self::registry(&broken.url(), None).test("llama").await.unwrap_err();
    assert_eq!(failure.kind, FailureKind::Unauthorized);
}

#[test]
fn what_is_meant_for_this_machine_never_goes_through_a_proxy() {
    const CHILD: &str = "TRIALOGUE_TEST_PROXY";
    if std::env::var_os(CHILD).is_some() {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        return runtime.block_on(async {
            let mock = Mock::once(vec![stream_head(), Step::Send(good_stream())]).await;
            assert_eq!(ask(&mock).await, (good_pieces(), None));
        });
    }
    let mut child = std::process::Command::new(std::env::current_exe().unwrap());
    child.args(["--exact", "provider::openai::tests::what_is_meant_for_this_machine_never_goes_through_a_proxy"]);
    for name in ["HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"] {
        // Port 9 discards: whoever goes that way doesn't arrive.
        child.env(name, "http://127.0.0.1:9");
    }
    let child = child.env_remove("NO_PROXY").env_remove("no_proxy").env(CHILD, "1").output().unwrap();
    let said = String::from_utf8_lossy(&child.stdout);
    assert!(child.status.success() && said.contains("1 passed"), "{said}");
}
