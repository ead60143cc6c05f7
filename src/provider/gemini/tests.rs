use std::time::Duration;

use serde_json::{Value, json};

use crate::config::provider::ProviderKind;
use crate::engine::failure::{Failure, FailureKind};
use crate::engine::message::Ending;
use crate::provider::mock::{Mock, Step, event, stream_head, whole};
use crate::provider::testing::{Came, ask, read, registry, request, text_of};
use crate::provider::{Piece, Providers as _};

const JSON: &str = "content-type: application/json\r\n";

async fn come_of(script: Vec<Step>) -> Came {
    let mock = Mock::once(script).await;
    ask(&registry(ProviderKind::Gemini, &mock.url(), None)).await
}

fn stream(values: &[Value]) -> Vec<Step> {
    let bytes = values.iter().flat_map(|value| event(&value.to_string()));
    vec![stream_head(), Step::Send(bytes.collect())]
}

fn says(text: &str, reason: Option<&str>) -> Value {
    json!({"candidates": [{"content": {"parts": [{"text": text}], "role": "model"}, "finishReason": reason}]})
}

async fn refusal(status: u16, word: &str, message: &str, details: &Value) -> Failure {
    let body = json!({"error": {"code": status, "message": message, "status": word, "details": details}});
    come_of(whole(status, JSON, &body.to_string())).await.1.unwrap()
}

#[tokio::test]
async fn every_error_of_the_protocol_is_said_in_plain_words() {
    use FailureKind::{NotFound, RateLimited, Rejected, Unauthorized, Unavailable};
    let key = json!([{"@type": "type.googleapis.com/google.rpc.ErrorInfo", "reason": "API_KEY_INVALID"}]);
    for (status, word, message, details, kind, words) in [
        (
            400,
            "INVALID_ARGUMENT",
            "API key not valid. Please pass a valid API key.",
            &key,
            Unauthorized,
            "the key is missing or wrong",
        ),
        (403, "PERMISSION_DENIED", "not for you", &json!([]), Unauthorized, "this key may not do that"),
        (
            404,
            "NOT_FOUND",
            "models/gemini-9 is not found for API version v1beta",
            &json!([]),
            NotFound,
            "it doesn't know this model.",
        ),
        (429, "RESOURCE_EXHAUSTED", "You exceeded your current quota", &json!([]), RateLimited, "too many requests"),
        (500, "INTERNAL", "An internal error has occurred", &json!([]), Unavailable, "it failed inside"),
        (503, "UNAVAILABLE", "The model is overloaded.", &json!([]), Unavailable, "it has too much to do"),
        (
            400,
            "FAILED_PRECONDITION",
            "User location is not supported for the API use.",
            &json!([]),
            Rejected,
            "it doesn't accept the request",
        ),
    ] {
        let failure = refusal(status, word, message, details).await;
        assert_eq!(failure.kind, kind, "{failure}");
        assert!(failure.message.contains(words) && failure.message.contains(message), "{failure}");
    }
    let message = "The input token count (1200000) exceeds the maximum number of tokens allowed (1048576).";
    let long = refusal(400, "INVALID_ARGUMENT", message, &json!([])).await;
    assert_eq!(long.kind, FailureKind::Overflow { needed: Some(1_200_000), window: Some(1_048_576) });
}

#[tokio::test]
async fn a_quota_says_how_long_to_wait_and_whether_waiting_helps() {
    let details = |quota: &str| {
        json!([
            {"@type": "type.googleapis.com/google.rpc.QuotaFailure", "violations": [{"quotaId": quota}]},
            {"@type": "type.googleapis.com/google.rpc.RetryInfo", "retryDelay": "34.5s"},
        ])
    };
    let minute = details("GenerateRequestsPerMinutePerProjectPerModel-FreeTier");
    let failure = refusal(429, "RESOURCE_EXHAUSTED", "quota", &minute).await;
    assert_eq!(failure.kind, FailureKind::RateLimited);
    assert_eq!(failure.retry_after(), Some(Duration::from_millis(34_500)));
    let day = refusal(429, "RESOURCE_EXHAUSTED", "quota", &details("GenerateRequestsPerDayPerProjectPerModel")).await;
    assert_eq!(day.kind, FailureKind::Unpaid);
    assert!(day.message.contains("the quota of the day is used up"), "{day}");
}

#[tokio::test]
async fn every_reason_to_finish_has_its_ending() {
    for (reason, ending) in [
        ("STOP", Ending::Complete),
        ("MAX_TOKENS", Ending::Length),
        ("SAFETY", Ending::Refused),
        ("RECITATION", Ending::Refused),
        ("PROHIBITED_CONTENT", Ending::Refused),
    ] {
        let (came, failure) = come_of(stream(&[says("x", None), says("y", Some(reason))])).await;
        assert_eq!(
            (text_of(&came).as_str(), came.last(), failure),
            ("xy", Some(&Piece::End(ending)), None),
            "{reason}"
        );
    }
    let (came, failure) = come_of(stream(&[says("x", Some("MALFORMED_FUNCTION_CALL"))])).await;
    assert_eq!((text_of(&came).as_str(), failure.unwrap().kind), ("x", FailureKind::CutOff));
}

#[tokio::test]
async fn a_request_that_the_filter_refuses_is_no_empty_answer() {
    let blocked = json!({"promptFeedback": {"blockReason": "SAFETY"}, "usageMetadata": {"promptTokenCount": 3}});
    let failure = come_of(stream(&[blocked])).await.1.unwrap();
    assert_eq!(failure.kind, FailureKind::Rejected);
    assert_eq!(failure.message, "llama's filter refused the request (SAFETY).");
}

#[tokio::test]
async fn a_list_in_one_piece_is_understood() {
    let list = json!([says("al", None), says("l", Some("STOP"))]);
    let (came, failure) = come_of(whole(200, JSON, &list.to_string())).await;
    assert_eq!((text_of(&came).as_str(), came.last(), failure), ("all", Some(&Piece::End(Ending::Complete)), None));
}

#[tokio::test]
async fn a_model_that_tells_no_thoughts_is_not_asked_for_them_again() {
    let error = json!({"error": {"code": 400, "message": "Thinking is not enabled for this model", "status": "INVALID_ARGUMENT"}});
    let mock = Mock::new(vec![whole(400, JSON, &error.to_string()), stream(&[says("x", Some("STOP"))])]).await;
    let registry = registry(ProviderKind::Gemini, &mock.url(), None);
    for _ in 0..2 {
        let pieces = registry.provider("llama").unwrap().stream(request("llama/gemini-2.5-flash-old"));
        assert_eq!(read(pieces).await.1, None);
    }
    let asked: Vec<bool> = mock.asked().iter().map(|asked| asked.body.contains("includeThoughts")).collect();
    assert_eq!(asked, [true, false, false]);
}

#[tokio::test]
async fn its_models_are_listed_without_those_that_only_embed() {
    let list = json!({"models": [
        {"name": "models/gemini-x", "inputTokenLimit": 9_000, "outputTokenLimit": 800, "supportedGenerationMethods": ["generateContent"]},
        {"name": "models/embedding-1", "supportedGenerationMethods": ["embedContent"]},
    ]});
    let mock = Mock::once(whole(200, JSON, &list.to_string())).await;
    let models = registry(ProviderKind::Gemini, &mock.url(), None).models("llama").await.unwrap();
    assert_eq!(models.len(), 1);
    assert_eq!(
        (models[0].id.as_str(), models[0].facts.window, models[0].facts.output),
        ("gemini-x", Some(9_000), Some(800))
    );
}
