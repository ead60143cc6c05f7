use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::config::provider::{ProviderConfig, ProviderKind};
use crate::engine::failure::{Failure, FailureKind};
use crate::engine::message::{Ending, Usage};
use crate::provider::mock::{Asked, Mock, Step, whole};
use crate::provider::registry::Registry;
use crate::provider::testing::{Came, ask, config, registry, text_of};
use crate::provider::{Piece, Providers as _};

const JSON: &str = "content-type: application/json\r\n";

fn url(mock: &Mock) -> String {
    format!("http://127.0.0.1:{}", mock.port())
}

fn lines(values: &[Value]) -> Vec<Step> {
    let head = b"HTTP/1.1 200 OK\r\ncontent-type: application/x-ndjson\r\nconnection: close\r\n\r\n".to_vec();
    let lines = values.iter().flat_map(|value| [value.to_string().into_bytes(), b"\n".to_vec()]).flatten();
    vec![Step::Send(head), Step::Send(lines.collect())]
}

fn says(text: &str) -> Value {
    json!({"message": {"role": "assistant", "content": text}, "done": false})
}

fn done(reason: &str) -> Value {
    json!({"message": {"role": "assistant", "content": ""}, "done": true, "done_reason": reason, "eval_count": 2})
}

/// What comes of a script, with a model that shows this.
async fn come_of(shown: &Value, script: Vec<Step>) -> (Came, Vec<Value>) {
    let mock = Mock::beside(vec![("/api/show", shown.to_string())], vec![script]).await;
    let came = ask(&registry(ProviderKind::Ollama, &url(&mock), None)).await;
    (came, mock.asked().iter().map(Asked::json).collect())
}

async fn refusal(status: u16, message: &str) -> Failure {
    let body = json!({ "error": message }).to_string();
    come_of(&json!({}), whole(status, JSON, &body)).await.0.1.unwrap()
}

#[tokio::test]
async fn every_error_of_the_protocol_is_said_in_plain_words() {
    use FailureKind::{NotFound, Rejected, Unavailable};
    for (status, message, kind, words) in [
        (404, "model 'llama9' not found", NotFound, "it doesn't know this model."),
        (400, "\"smollm2\" does not support chat", Rejected, "it doesn't accept the request"),
        (
            500,
            "model requires more system memory (9.9 GiB) than is available (3.2 GiB)",
            Unavailable,
            "it failed inside",
        ),
        (
            503,
            "server busy, please try again.  maximum pending requests exceeded",
            Unavailable,
            "it has too much to do",
        ),
    ] {
        let failure = refusal(status, message).await;
        assert_eq!(failure.kind, kind, "{failure}");
        assert!(failure.message.contains(words), "{failure}");
    }
    for status in [400, 413, 500] {
        let long = refusal(status, "the input length exceeds the context length").await;
        assert_eq!(long.kind, FailureKind::Overflow { needed: None, window: None }, "{long}");
    }
}

#[tokio::test]
async fn every_reason_to_be_done_has_its_ending() {
    for (reason, ending) in [("stop", Ending::Complete), ("length", Ending::Length)] {
        let ((came, failure), _) = come_of(&json!({}), lines(&[says("x"), done(reason)])).await;
        let usage = Usage { output: 2, ..Usage::default() };
        assert_eq!(
            (came, failure),
            (vec![Piece::Text("x".to_owned()), Piece::Usage(usage), Piece::End(ending)], None),
            "{reason}"
        );
    }
    let ((came, failure), _) = come_of(&json!({}), lines(&[says("x"), done("unload")])).await;
    assert_eq!((text_of(&came).as_str(), failure.unwrap().kind), ("x", FailureKind::CutOff));
}

#[tokio::test]
async fn the_room_is_asked_for_so_that_nothing_is_forgotten_in_silence() {
    let shown = json!({"model_info": {"llama.context_length": 131_072}});
    let (_, asked) = come_of(&shown, lines(&[says("x"), done("stop")])).await;
    assert_eq!((&asked[0]["options"]["num_ctx"], &asked[0]["truncate"]), (&json!(8_192), &json!(false)));
    let small = json!({"model_info": {"llama.context_length": 2_048}});
    let (_, asked) = come_of(&small, lines(&[says("x"), done("stop")])).await;
    assert_eq!(asked[0]["options"]["num_ctx"], json!(2_048));
}

#[tokio::test]
async fn a_model_is_looked_at_once_and_a_missing_one_is_told_before_anything_is_sent() {
    let show = r#"{"model_info":{}}"#.to_owned();
    let mock = Mock::new(vec![
        whole(404, JSON, r#"{"error":"model 'smollm2' not found"}"#),
        whole(200, JSON, &show),
        lines(&[says("x"), done("stop")]),
    ])
    .await;
    let registry = registry(ProviderKind::Ollama, &url(&mock), None);
    let failure = ask(&registry).await.1.unwrap();
    assert_eq!(failure.message, "llama answered 404: it doesn't know this model. It says: model 'smollm2' not found.");
    for _ in 0..2 {
        assert_eq!(ask(&registry).await.1, None);
    }
    let paths: Vec<String> =
        mock.asked().iter().map(|asked| asked.head.split(' ').nth(1).unwrap().to_owned()).collect();
    assert_eq!(paths, ["/api/show", "/api/show", "/api/chat", "/api/chat"]);
}

#[tokio::test]
async fn what_is_called_local_is_not_passed_on_to_somebody_elses_machine() {
    let shown = json!({"remote_model": "gpt-oss:120b", "remote_host": "https://ollama.com:443"});
    let mock = Mock::beside(vec![("/api/show", shown.to_string())], vec![lines(&[says("x"), done("stop")])]).await;
    let local = ProviderConfig { local: true, ..config(ProviderKind::Ollama, &url(&mock), None) };
    let sealed = Registry::new(BTreeMap::from([("llama".to_owned(), local)]));
    let failure = ask(&sealed).await.1.unwrap();
    assert_eq!(failure.kind, FailureKind::Misconfigured);
    assert!(failure.message.starts_with("Not sent: llama is marked `local: true`, but smollm2 doesn't run on this"));
    assert!(failure.message.contains("passes it on to https://ollama.com:443"), "{failure}");
    assert!(mock.asked().is_empty());
    let beside = vec![("/api/show", shown.to_string()), ("/api/tags", json!({"models": [{"name": "x"}]}).to_string())];
    let lists = Mock::beside(beside, vec![whole(404, "", "")]).await;
    let listed = ProviderConfig { local: true, ..config(ProviderKind::Ollama, &url(&lists), None) };
    assert_eq!(Registry::new(BTreeMap::from([("llama".to_owned(), listed)])).models("llama").await, Ok(Vec::new()));
    // Where nobody called it local, it is a model like any other, with its own room.
    let open = registry(ProviderKind::Ollama, &url(&mock), None);
    assert_eq!(ask(&open).await.1, None);
    assert!(mock.asked()[0].json().get("options").unwrap().get("num_ctx").is_none());
}

#[tokio::test]
async fn its_models_are_listed_with_their_windows() {
    let tags = json!({"models": [{"name": "llama3.2:latest"}, {"name": "odd\u{1b}[2J"}]});
    let shown = json!({"parameters": "num_ctx 16384", "model_info": {"llama.context_length": 131_072}});
    let mock = Mock::beside(
        vec![("/api/tags", tags.to_string()), ("/api/show", shown.to_string())],
        vec![whole(404, "", "404 page not found")],
    )
    .await;
    let models = registry(ProviderKind::Ollama, &url(&mock), None).models("llama").await.unwrap();
    assert_eq!(models.len(), 1);
    assert_eq!((models[0].id.as_str(), models[0].facts.window), ("llama3.2:latest", Some(16_384)));
}

#[tokio::test]
async fn an_address_with_a_path_is_explained() {
    let mock = Mock::once(whole(404, "", "404 page not found")).await;
    let registry = registry(ProviderKind::Ollama, &mock.url(), None);
    let failure = ask(&registry).await.1.unwrap();
    assert!(
        failure.message.ends_with("Its `base_url` has a path; it usually ends after the port, without a path."),
        "{failure}"
    );
    assert!(registry.provider("llama").is_ok());
}
