//! One table: every protocol, every fault. A row is a protocol and what goes wrong; the fixtures are written after each
//! protocol's public documentation and say the same.

use std::sync::Arc;
use std::time::Duration;

use futures_util::StreamExt as _;
use tokio::sync::Notify;

use crate::config::provider::{KeySource, ProviderKind};
use crate::engine::failure::{Failure, FailureKind};
use crate::engine::message::{Ending, Usage};

use super::mock::{Mock, Step, whole};
use super::registry::Registry;
use super::testing::{self, Came, ask, joined, text_of};
use super::{Piece, Providers as _, recorded};

/// A protocol and how it says things.
struct Protocol {
    kind: ProviderKind,
    /// The path of its base URL.
    base: &'static str,
    /// The first line of its request.
    line: &'static str,
    /// The header of its key, and the key in it.
    key: (&'static str, &'static str),
    content_type: &'static str,
    /// A whole answer.
    fixture: &'static str,
    usage: Usage,
    /// An error in mid-stream: overloaded.
    overloaded: &'static str,
}

const COUNTS: Usage = Usage { input: 11, output: 5, cached: 3, cache_written: 0, reasoning: 2, estimated: false };

fn protocols() -> [Protocol; 4] {
    [
        Protocol {
            kind: ProviderKind::Openai,
            base: "/v1",
            line: "POST /v1/chat/completions HTTP/1.1",
            key: ("authorization", "Bearer k3y"),
            content_type: "text/event-stream",
            fixture: include_str!("fixtures/openai.sse"),
            usage: COUNTS,
            overloaded: "data: {\"error\":{\"code\":\"overloaded\",\"message\":\"Overloaded\"}}\n\n",
        },
        Protocol {
            kind: ProviderKind::Anthropic,
            base: "/v1",
            line: "POST /v1/messages HTTP/1.1",
            key: ("x-api-key", "k3y"),
            content_type: "text/event-stream; charset=utf-8",
            fixture: include_str!("fixtures/anthropic.sse"),
            usage: Usage { cache_written: 2, reasoning: 0, ..COUNTS },
            overloaded: "event: error\ndata: {\"type\":\"error\",\"error\":{\"type\":\"overloaded_error\",\"message\":\"Overloaded\"}}\n\n",
        },
        Protocol {
            kind: ProviderKind::Gemini,
            base: "/v1beta",
            line: "POST /v1beta/models/smollm2:streamGenerateContent?alt=sse HTTP/1.1",
            key: ("x-goog-api-key", "k3y"),
            content_type: "text/event-stream",
            fixture: include_str!("fixtures/gemini.sse"),
            usage: COUNTS,
            overloaded: "data: {\"error\":{\"code\":503,\"message\":\"Overloaded\",\"status\":\"UNAVAILABLE\"}}\r\n\r\n",
        },
        Protocol {
            kind: ProviderKind::Ollama,
            base: "",
            line: "POST /api/chat HTTP/1.1",
            key: ("authorization", "Bearer k3y"),
            content_type: "application/x-ndjson",
            fixture: include_str!("fixtures/ollama.ndjson"),
            usage: Usage { cached: 0, reasoning: 0, ..COUNTS },
            overloaded: "{\"error\":\"server busy, please try again. Overloaded\"}\n",
        },
    ]
}

impl Protocol {
    /// What comes of bytes in these chunks, without a network.
    fn take(&self, chunks: &[&[u8]]) -> Came {
        let (pieces, failure) = recorded::read(self.kind, chunks);
        (joined(pieces), failure)
    }

    fn head(&self) -> Step {
        let kind = self.content_type;
        Step::Send(format!("HTTP/1.1 200 OK\r\ncontent-type: {kind}\r\nconnection: close\r\n\r\n").into_bytes())
    }

    fn pieces(&self) -> Vec<Piece> {
        vec![
            Piece::Reasoning("hm".to_owned()),
            Piece::Text("zw\u{f6}lf \u{1f980}".to_owned()),
            Piece::Usage(self.usage),
            Piece::End(Ending::Complete),
        ]
    }

    /// Where the first event with text of the answer ends.
    fn half(&self) -> usize {
        let text = self.fixture.find("zw\u{f6}lf").unwrap();
        let ends: &[&str] = if self.kind == ProviderKind::Ollama { &["\n"] } else { &["\n\n", "\r\n\r\n"] };
        text + ends.iter().filter_map(|end| Some(self.fixture[text..].find(end)? + end.len())).min().unwrap()
    }

    async fn mock(&self, scripts: Vec<Vec<Step>>) -> Mock {
        Mock::beside(vec![("/api/show", "{}".to_owned())], scripts).await
    }

    fn registry(&self, mock: &Mock, key: Option<KeySource>) -> Registry {
        testing::registry(self.kind, &format!("http://127.0.0.1:{}{}", mock.port(), self.base), key)
    }

    /// What comes of one script.
    async fn ask(&self, script: Vec<Step>) -> Came {
        let mock = self.mock(vec![script]).await;
        ask(&self.registry(&mock, None)).await
    }

    /// What comes of these bytes as the body of a good answer.
    async fn bytes(&self, bytes: impl Into<Vec<u8>>) -> Came {
        self.ask(vec![self.head(), Step::Send(bytes.into())]).await
    }

    async fn failure(&self, script: Vec<Step>) -> Failure {
        self.ask(script).await.1.unwrap_or_else(|| panic!("{:?} did not fail", self.kind))
    }
}

#[tokio::test]
async fn every_protocol_streams_its_fixture_with_the_key_in_its_header_and_never_in_the_url() {
    for protocol in protocols() {
        let mock = protocol.mock(vec![vec![protocol.head(), Step::Send(protocol.fixture.into())]]).await;
        let key = KeySource::Command("printf 'k%sy' 3".to_owned());
        assert_eq!(ask(&protocol.registry(&mock, Some(key))).await, (protocol.pieces(), None), "{:?}", protocol.kind);
        let asked = &mock.asked()[0];
        assert_eq!(asked.head.lines().next(), Some(protocol.line));
        assert_eq!(asked.header(protocol.key.0), Some(protocol.key.1));
        assert_eq!(asked.head.matches("k3y").count(), 1, "{}", asked.head);
        assert!(!asked.body.contains("k3y"));
    }
}

#[test]
fn a_fixture_split_anywhere_says_the_same() {
    for protocol in protocols() {
        let bytes = protocol.fixture.as_bytes();
        for split in 0..=bytes.len() {
            let (head, tail) = bytes.split_at(split);
            let came = protocol.take(&[head, tail]);
            assert_eq!(came, (protocol.pieces(), None), "{:?} split at {split}", protocol.kind);
        }
        let drops: Vec<&[u8]> = bytes.chunks(1).collect();
        assert_eq!(protocol.take(&drops), (protocol.pieces(), None), "{:?}", protocol.kind);
    }
}

#[test]
fn other_line_ends_and_a_byte_order_mark_say_the_same_however_they_are_split() {
    for protocol in protocols() {
        let lines = protocol.fixture.replace("\r\n", "\n");
        for text in [lines.clone(), lines.replace('\n', "\r\n"), format!("\u{feff}{lines}")] {
            let bytes = text.as_bytes();
            let near_end = |split: &usize| *split < 4 || b"\r\n".contains(&bytes[split - 1]);
            for split in (0..bytes.len()).filter(near_end) {
                let (head, tail) = bytes.split_at(split);
                assert_eq!(protocol.take(&[head, tail]), (protocol.pieces(), None), "{:?} at {split}", protocol.kind);
            }
        }
    }
}

#[test]
fn a_stream_that_ends_before_its_end_was_cut_off_wherever_that_is() {
    for protocol in protocols() {
        let whole = text_of(&protocol.pieces());
        let bytes = protocol.fixture.as_bytes();
        let mut complete_from = None;
        for end in 0..=bytes.len() {
            let (came, failure) = protocol.take(&[&bytes[..end]]);
            match failure {
                None => {
                    // Chat completions tell the usage after the end.
                    assert_eq!(text_of(&came), whole, "{:?} up to {end}", protocol.kind);
                    assert_eq!(came.last(), Some(&Piece::End(Ending::Complete)));
                    complete_from.get_or_insert(end);
                }
                Some(failure) => {
                    assert_eq!(failure.kind, FailureKind::CutOff, "{:?} up to {end}: {failure}", protocol.kind);
                    assert!(whole.starts_with(&text_of(&came)));
                    assert_eq!(complete_from, None, "{:?} up to {end}", protocol.kind);
                    assert!(!came.iter().any(|piece| matches!(piece, Piece::End(_))));
                }
            }
        }
        // Only line ends and what merely repeats the end may be missing.
        assert!(complete_from.is_some_and(|end| end > protocol.half()), "{:?}", protocol.kind);
    }
}

#[tokio::test]
async fn a_reset_after_every_byte_loses_nothing_that_came_and_invents_nothing() {
    for protocol in protocols() {
        let bytes = protocol.fixture.as_bytes();
        let scripts: Vec<Vec<Step>> = (0..=bytes.len())
            .map(|end| vec![protocol.head(), Step::Send(bytes[..end].to_vec()), Step::Reset])
            .collect();
        let mock = protocol.mock(scripts).await;
        let registry = protocol.registry(&mock, None);
        let whole = text_of(&protocol.pieces());
        for end in 0..=bytes.len() {
            let (came, failure) = ask(&registry).await;
            match failure {
                None => assert_eq!(text_of(&came), whole, "{:?} up to {end}", protocol.kind),
                Some(failure) => {
                    assert_eq!(failure.kind, FailureKind::CutOff, "{:?} up to {end}: {failure}", protocol.kind);
                    assert!(whole.starts_with(&text_of(&came)), "{:?} up to {end}", protocol.kind);
                }
            }
        }
        assert_eq!(mock.asked().len(), bytes.len() + 1);
    }
}

#[tokio::test]
async fn every_status_is_told_apart_in_every_protocol() {
    use FailureKind::{NotFound, RateLimited, Rejected, Unauthorized, Unavailable, Unpaid};
    for protocol in protocols() {
        for (status, kind) in [
            (400, Rejected),
            (401, Unauthorized),
            (402, Unpaid),
            (403, Unauthorized),
            (404, NotFound),
            (408, Unavailable),
            (413, Rejected),
            (422, Rejected),
            (429, RateLimited),
            (500, Unavailable),
            (502, Unavailable),
            (503, Unavailable),
            (504, Unavailable),
            (529, Unavailable),
        ] {
            let failure = protocol.failure(whole(status, "", r#"{"error":{"message":"because"}}"#)).await;
            assert_eq!(failure.kind, kind, "{:?}: {failure}", protocol.kind);
            assert!(failure.message.starts_with(&format!("llama answered {status}: ")), "{failure}");
            assert!(failure.message.contains("It says: because."), "{failure}");
        }
    }
}

#[tokio::test]
async fn a_wait_is_obeyed_in_seconds_and_as_a_date() {
    for protocol in protocols() {
        for (headers, seconds) in [
            ("retry-after: 30\r\n", 30),
            ("date: Sat, 21 Nov 2026 02:00:00 GMT\r\nretry-after: Sat, 21 Nov 2026 02:00:07 GMT\r\n", 7),
        ] {
            let mock = protocol.mock(vec![whole(429, headers, "{}")]).await;
            let registry = protocol.registry(&mock, None);
            let failure = ask(&registry).await.1.unwrap();
            assert_eq!(failure.retry_after(), Some(Duration::from_secs(seconds)), "{:?}", protocol.kind);
            // The whole key waits: nobody else asks meanwhile.
            let second = ask(&registry).await.1.unwrap();
            assert!(second.message.contains("Nothing was sent"), "{second}");
            assert_eq!(mock.asked().len(), 1, "{:?}", protocol.kind);
        }
    }
}

#[tokio::test]
async fn half_an_event_is_a_stream_that_was_cut_off() {
    for protocol in protocols() {
        let half = protocol.half();
        for end in [half, half + 20] {
            let (came, failure) = protocol.bytes(&protocol.fixture.as_bytes()[..end]).await;
            assert_eq!(text_of(&came), "zw\u{f6}lf ", "{:?}", protocol.kind);
            assert_eq!(failure.unwrap().kind, FailureKind::CutOff, "{:?}", protocol.kind);
        }
    }
}

#[tokio::test]
async fn text_that_is_no_utf8_is_repaired() {
    for protocol in protocols() {
        let mut bytes = protocol.fixture.as_bytes().to_vec();
        let place = protocol.fixture.find('\u{f6}').unwrap();
        bytes[place + 1] = 0xff;
        let (came, failure) = protocol.bytes(bytes).await;
        assert_eq!(failure, None, "{:?}", protocol.kind);
        assert_eq!(text_of(&came), "zw\u{fffd}\u{fffd}lf \u{1f980}", "{:?}", protocol.kind);
    }
}

#[tokio::test]
async fn a_line_of_ten_megabytes_is_refused() {
    for protocol in protocols() {
        let mut bytes = protocol.fixture.as_bytes()[..protocol.half()].to_vec();
        bytes.extend_from_slice(b"data: ");
        bytes.resize(bytes.len() + 10_000_000, b'x');
        let (came, failure) = protocol.bytes(bytes).await;
        assert_eq!(text_of(&came), "zw\u{f6}lf ", "{:?}", protocol.kind);
        let failure = failure.unwrap();
        assert_eq!(failure.message, "llama sent more than it may: one event is longer than 4 MB.");
    }
}

#[tokio::test]
async fn a_silent_server_is_left_when_nobody_waits_any_more() {
    for protocol in protocols() {
        let left = Arc::new(Notify::new());
        let half = protocol.fixture.as_bytes()[..protocol.half()].to_vec();
        let script = vec![protocol.head(), Step::Send(half), Step::Hold(Arc::clone(&left))];
        let mock = protocol.mock(vec![script]).await;
        let registry = protocol.registry(&mock, None);
        let mut pieces = registry.provider("llama").unwrap().stream(testing::request("llama/smollm2"));
        while pieces.next().await.unwrap().unwrap() != Piece::Text("zw\u{f6}lf ".to_owned()) {}
        drop(pieces);
        left.notified().await;
    }
}

#[tokio::test]
async fn an_error_in_mid_stream_comes_after_the_text_before_it() {
    for protocol in protocols() {
        let half = &protocol.fixture[..protocol.half()];
        let (came, failure) = protocol.bytes(format!("{half}{}", protocol.overloaded)).await;
        assert_eq!(text_of(&came), "zw\u{f6}lf ", "{:?}", protocol.kind);
        let failure = failure.unwrap();
        assert_eq!(failure.kind, FailureKind::Unavailable, "{failure}");
        assert!(failure.message.starts_with("llama broke off: it has too much to do. It says: "), "{failure}");
    }
}

#[tokio::test]
async fn what_is_not_the_protocol_is_told_apart_from_what_was_cut_off() {
    for protocol in protocols() {
        for body in ["hello\n", "<!doctype html>", "{\"hello\":\"world\"}\n\n"] {
            let failure = protocol.bytes(body).await.1.unwrap();
            assert_eq!(failure.kind, FailureKind::Protocol, "{:?} {body}: {failure}", protocol.kind);
        }
        let page = protocol.failure(whole(200, "content-type: text/html\r\n", "<html>")).await;
        assert!(page.message.starts_with("llama answered with a web page, not in the "), "{page}");
        assert_eq!(protocol.bytes("").await.1.unwrap().kind, FailureKind::CutOff, "{:?}", protocol.kind);
    }
}

#[tokio::test]
async fn a_redirect_to_another_host_is_not_followed_and_the_key_stays_at_home() {
    let other = Mock::once(whole(200, "", "{}")).await;
    for protocol in protocols() {
        let location = format!("location: {}{}?token=t0ken\r\n", other.url(), "/elsewhere");
        for status in [301, 302, 303, 307, 308] {
            let home = protocol.mock(vec![whole(status, &location, "")]).await;
            let key = KeySource::Command("printf 'k%sy' 3".to_owned());
            let failure = ask(&protocol.registry(&home, Some(key))).await.1.unwrap();
            assert_eq!(failure.kind, FailureKind::Misconfigured, "{failure}");
            assert!(failure.message.contains(&format!("points to {}/elsewhere. Redirects", other.url())), "{failure}");
            assert!(!failure.message.contains("t0ken") && !failure.message.contains("k3y"), "{failure}");
            assert_eq!(home.asked()[0].header(protocol.key.0), Some(protocol.key.1));
        }
    }
    assert!(other.asked().is_empty());
}

#[tokio::test]
async fn a_refused_key_is_not_repeated() {
    for protocol in protocols() {
        let refusal = whole(401, "", r#"{"error":{"message":"k3y is no key","type":"authentication_error"}}"#);
        let mock = protocol.mock(vec![refusal]).await;
        let key = KeySource::Command("printf 'k%sy' 3".to_owned());
        let failure = ask(&protocol.registry(&mock, Some(key))).await.1.unwrap();
        assert_eq!(failure.kind, FailureKind::Unauthorized);
        assert!(failure.message.contains("It says: [key] is no key. Check what the key command"), "{failure}");
    }
}
