use std::collections::BTreeMap;
use std::sync::Arc;

use futures_util::StreamExt as _;
use serde_json::json;

use crate::config::provider::{KeySource, ProviderConfig, ProviderKind};
use crate::engine::failure::Failure;
use crate::engine::message::{Author, Ending, Usage};
use crate::engine::prompt::{Request, Said};
use crate::provider::mock::{Mock, Step, event, stream_head};
use crate::provider::registry::Registry;
use crate::provider::{Patience, Piece, Pieces, Provider, Providers};

struct NoOffline;

impl Provider for NoOffline {
    fn stream(&self, _: Request) -> Pieces {
        Box::pin(futures_util::stream::empty())
    }

    fn patience(&self) -> Patience {
        Patience { first: std::time::Duration::MAX, idle: std::time::Duration::MAX }
    }
}

fn config(url: &str, key: Option<KeySource>) -> ProviderConfig {
    ProviderConfig {
        kind: ProviderKind::Openai,
        base_url: Some(url.to_owned()),
        key,
        local: false,
        first_byte_seconds: None,
        idle_seconds: None,
    }
}

fn registry(url: &str, key: Option<KeySource>) -> Registry {
    let config = config(url, key);
    Registry::new(BTreeMap::from([("llama".to_owned(), config)]), Arc::new(NoOffline))
}

fn request() -> Request {
    Request {
        model: "llama/smollm2".parse().unwrap(),
        pane: "research".to_owned(),
        system: "be brief".into(),
        said: vec![Said { by: Author::Person, text: "hello".into() }],
        max_output: Some(48),
    }
}

/// What came without signs of life, texts joined, and how it failed if it did.
async fn read(mut pieces: Pieces) -> (Vec<Piece>, Option<Failure>) {
    let mut came: Vec<Piece> = Vec::new();
    while let Some(next) = pieces.next().await {
        match next {
            Ok(Piece::Alive) => {}
            Ok(Piece::Text(more)) => match came.last_mut() {
                Some(Piece::Text(text)) => text.push_str(&more),
                _ => came.push(Piece::Text(more)),
            },
            Ok(piece) => came.push(piece),
            Err(failure) => {
                assert!(pieces.next().await.is_none(), "a stream that failed goes on");
                return (came, Some(failure));
            }
        }
    }
    (came, None)
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
        Piece::Usage(Usage { input: 11, output: 5, cached: 3, estimated: false }),
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
