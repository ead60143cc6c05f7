//! Failures of a provider, told apart and said in plain words.
//!
//! A sentence names the provider, what it answered, its own words (cleaned, cut, never with a key) and what to do.

use std::error::Error;
use std::time::Duration;

use jiff::Timestamp;
use jiff::fmt::rfc2822;
use reqwest::StatusCode;
use reqwest::header::{DATE, HeaderMap, RETRY_AFTER};
use secrecy::ExposeSecret as _;

use crate::engine::failure::{Failure, FailureKind};

use super::complaint::{Complaint, DAYS_QUOTA, Overflow};
use super::keys::Key;
use super::wire::Wire;

/// How much of a provider's own words is shown, in characters.
const LONGEST: usize = 300;

/// Tells the failures of one provider.
#[derive(Debug, Clone)]
pub(super) struct Teller {
    /// The provider's name in the configuration.
    pub(super) provider: String,
    /// Where it answers, for sentences about the way there.
    pub(super) origin: String,
    /// The key that must not be repeated.
    pub(super) key: Option<Key>,
    /// What to do about a refused key.
    pub(super) key_advice: String,
    /// The protocol that it should speak.
    pub(super) wire: &'static Wire,
}

impl Teller {
    /// An answer with an error status.
    pub(super) fn refused(&self, status: StatusCode, headers: &HeaderMap, complaint: &Complaint) -> Failure {
        let (kind, meaning, advice) = self.judge(status, complaint);
        let mut message = format!("{} answered {}: {meaning}.", self.provider, status.as_u16());
        self.add_words(&mut message, &complaint.message);
        if !advice.is_empty() {
            message.push(' ');
            message.push_str(&advice);
        }
        Failure::new(kind, message).after(retry_after(headers, Timestamp::now()).or(complaint.wait))
    }

    /// An error reported inside a stream that began well.
    pub(super) fn reported(&self, complaint: &Complaint) -> Failure {
        let (kind, meaning) = if let Some(overflow) = complaint.overflow {
            (too_long(overflow), sentence_of(overflow))
        } else {
            let (kind, meaning) = meaning_of(complaint).unwrap_or((FailureKind::Unavailable, FAILED_WITHIN));
            (kind, meaning.to_owned())
        };
        let mut message = format!("{} broke off: {meaning}.", self.provider);
        self.add_words(&mut message, &complaint.message);
        Failure::new(kind, message)
    }

    /// An answer in some other language than the protocol's.
    pub(super) fn foreign(&self, what: &str) -> Failure {
        Failure::new(
            FailureKind::Protocol,
            format!(
                "{} answered with {what}, not in the {} protocol. Check its `base_url`; it {}.",
                self.provider, self.wire.name, self.wire.shape
            ),
        )
    }

    /// An answer that began in the protocol and left it.
    pub(super) fn garbled(&self, what: &str, words: &str) -> Failure {
        let mut message = format!("{} sent {what}.", self.provider);
        self.add_words(&mut message, words);
        Failure::new(FailureKind::Protocol, message)
    }

    /// A stream that ended without its protocol's end.
    pub(super) fn cut_off(&self, why: &str) -> Failure {
        Failure::new(FailureKind::CutOff, format!("{} {why}. What came is kept.", self.provider))
    }

    /// A connection that broke while the answer was on its way.
    pub(super) fn broken(&self, error: &reqwest::Error) -> Failure {
        self.cut_off(&format!("broke the connection in mid-answer ({})", self.clean(&cause(error))))
    }

    /// A request that never got its answer's first line.
    pub(super) fn unanswered(&self, error: &reqwest::Error) -> Failure {
        let (name, origin) = (&self.provider, &self.origin);
        let cause = self.clean(&cause(error));
        if is_distrusted(error) {
            let message =
                format!("{name} at {origin} shows a certificate that is not trusted here ({cause}). Nothing was sent.");
            return Failure::new(FailureKind::Misconfigured, message);
        }
        if error.is_connect() || error.is_timeout() {
            let message = format!(
                "{name} can't be reached at {origin}: {cause}. Check that it runs and that the address is right."
            );
            return Failure::new(FailureKind::Unreachable, message);
        }
        if error.is_builder() {
            return Failure::new(FailureKind::Misconfigured, format!("The request to {name} can't be made: {cause}."));
        }
        Failure::new(FailureKind::CutOff, format!("{name} closed the connection without an answer ({cause})."))
    }

    fn judge(&self, status: StatusCode, complaint: &Complaint) -> (FailureKind, String, String) {
        let said = |kind, meaning: &str| (kind, meaning.to_owned(), String::new());
        let code = status.as_u16();
        let words = complaint.message.to_lowercase();
        if let (Some(overflow), 400 | 413 | 422 | 500) = (complaint.overflow, code) {
            return (too_long(overflow), sentence_of(overflow), String::new());
        }
        match code {
            300..400 => said(FailureKind::Misconfigured, "its address has moved"),
            400..500 if complaint.is_unpaid() => said(FailureKind::Unpaid, UNPAID),
            401 => (FailureKind::Unauthorized, "the key is missing or wrong".to_owned(), self.key_advice.clone()),
            400 if words.contains("api key")
                && (complaint.has_code("api_key_invalid") || words.contains("not valid")) =>
            {
                (FailureKind::Unauthorized, "the key is missing or wrong".to_owned(), self.key_advice.clone())
            }
            402 => said(FailureKind::Unpaid, UNPAID),
            403 => (FailureKind::Unauthorized, "this key may not do that".to_owned(), self.key_advice.clone()),
            404 if words.contains("model") => said(FailureKind::NotFound, "it doesn't know this model"),
            404 | 405 => said(FailureKind::NotFound, "it doesn't know this model or this address"),
            408 => said(FailureKind::Unavailable, "it waited too long for the request"),
            429 if complaint.has_code(DAYS_QUOTA) => said(FailureKind::Unpaid, "the quota of the day is used up"),
            429 => said(FailureKind::RateLimited, "too many requests"),
            400..500 if complaint.has_code("content_filter") => {
                said(FailureKind::Rejected, "its filter refused the request")
            }
            413 => said(FailureKind::Rejected, "the request is too large"),
            400..500 => said(FailureKind::Rejected, "it doesn't accept the request"),
            502 | 504 => said(FailureKind::Unavailable, "what stands in front of it gets no answer"),
            503 if complaint.is_overload() => said(FailureKind::Unavailable, OVERLOADED),
            503 => said(FailureKind::Unavailable, "it isn't ready or has too much to do"),
            529 => said(FailureKind::Unavailable, OVERLOADED),
            500..600 => said(FailureKind::Unavailable, "it failed inside"),
            _ => said(FailureKind::Protocol, "that is no answer of this protocol"),
        }
    }

    pub(super) fn add_words(&self, message: &mut String, words: &str) {
        let words = self.clean(words);
        if !words.is_empty() {
            message.push_str(" It says: ");
            message.push_str(&words);
            if !words.ends_with(['.', '!', '?', '…']) {
                message.push('.');
            }
        }
    }

    /// Words from outside as one short line without controls, and without the key if they repeat it.
    pub(super) fn clean(&self, words: &str) -> String {
        let hidden;
        let words = match &self.key {
            Some(key) if !key.expose_secret().is_empty() => {
                hidden = words.replace(key.expose_secret(), "[key]");
                &hidden
            }
            _ => words,
        };
        let mut line = String::new();
        let visible = words.chars().map(|c| if c.is_whitespace() { ' ' } else { c }).filter(|c| !is_hidden(*c));
        for (count, c) in visible.enumerate() {
            if count == LONGEST {
                line.truncate(line.trim_end().len());
                line.push('…');
                break;
            }
            if !(c == ' ' && (line.is_empty() || line.ends_with(' '))) {
                line.push(c);
            }
        }
        line.truncate(line.trim_end().len());
        line
    }
}

/// Controls, and the invisible characters that reorder or hide text.
fn is_hidden(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{ad}' | '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{e0000}'..='\u{e007f}')
}

const FAILED_WITHIN: &str = "it failed in mid-answer";
const OVERLOADED: &str = "it has too much to do";
const UNPAID: &str = "the account has no credit left, or its quota is used up";

/// What an error in mid-stream means by its codes, where there is no status to go by.
fn meaning_of(complaint: &Complaint) -> Option<(FailureKind, &'static str)> {
    let has = |codes: &[&str]| codes.iter().any(|code| complaint.has_code(code));
    if complaint.is_unpaid() {
        Some((FailureKind::Unpaid, UNPAID))
    } else if complaint.is_overload() {
        Some((FailureKind::Unavailable, OVERLOADED))
    } else if has(&["content_filter"]) {
        Some((FailureKind::Rejected, "its filter stopped the answer"))
    } else if has(&["rate_limit_exceeded", "rate_limit_error", "resource_exhausted"]) {
        Some((FailureKind::RateLimited, "too many requests"))
    } else if has(&["authentication_error", "permission_error", "unauthenticated", "permission_denied"]) {
        Some((FailureKind::Unauthorized, "the key is missing or wrong, or may not do that"))
    } else if has(&["not_found_error", "not_found"]) {
        Some((FailureKind::NotFound, "it doesn't know this model"))
    } else if has(&["invalid_request_error", "invalid_argument", "request_too_large"]) {
        Some((FailureKind::Rejected, "it doesn't accept the request"))
    } else {
        None
    }
}

fn too_long(overflow: Overflow) -> FailureKind {
    FailureKind::Overflow { needed: overflow.needed, window: overflow.window }
}

fn sentence_of(overflow: Overflow) -> String {
    let begin = "the conversation is too long for this model";
    match (overflow.needed, overflow.window) {
        (Some(needed), Some(window)) => format!("{begin} ({needed} tokens, {window} fit)"),
        (None, Some(window)) => format!("{begin} ({window} tokens fit)"),
        (Some(needed), None) => format!("{begin} ({needed} tokens)"),
        (None, None) => begin.to_owned(),
    }
}

/// How long the provider asks to wait: milliseconds, seconds, or a date, which is measured by the provider's own clock if it shows one.
fn retry_after(headers: &HeaderMap, now: Timestamp) -> Option<Duration> {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok()).map(str::trim);
    let number = |text: &str, unit: f64| {
        text.parse::<f64>().ok().and_then(|count| Duration::try_from_secs_f64(count * unit).ok())
    };
    if let Some(wait) = text("retry-after-ms").and_then(|text| number(text, 0.001)) {
        return Some(wait);
    }
    let text_of_wait = text(RETRY_AFTER.as_str())?;
    number(text_of_wait, 1.0).or_else(|| {
        let date = |text: &str| rfc2822::DateTimeParser::new().parse_timestamp(text).ok();
        let until = date(text_of_wait)?;
        let now = text(DATE.as_str()).and_then(date).unwrap_or(now);
        Some(Duration::try_from(until.duration_since(now)).unwrap_or(Duration::ZERO))
    })
}

/// The innermost reason of an error of the network. It names no URL.
fn cause(error: &reqwest::Error) -> String {
    let mut innermost: &dyn Error = error;
    while let Some(source) = innermost.source() {
        innermost = source;
    }
    if error.is_timeout() {
        return format!("no connection within {} s", super::client::CONNECT.as_secs());
    }
    match error.source() {
        // Displaying a `reqwest::Error` itself would show the whole URL.
        Some(_) => innermost.to_string(),
        None => "no reason given".to_owned(),
    }
}

/// Whether TLS failed because of the certificate: asking again can't help.
fn is_distrusted(error: &(dyn Error + 'static)) -> bool {
    if let Some(tls) = error.downcast_ref::<rustls::Error>() {
        return matches!(tls, rustls::Error::InvalidCertificate(_));
    }
    // An I/O error doesn't name what it wraps among its sources.
    let wrapped = error.downcast_ref::<std::io::Error>().and_then(std::io::Error::get_ref);
    wrapped.is_some_and(|wrapped| is_distrusted(wrapped)) || error.source().is_some_and(is_distrusted)
}

#[cfg(test)]
pub(super) mod tests {
    use std::sync::Arc;

    use secrecy::SecretString;

    use crate::config::provider::ProviderKind;

    use super::*;

    pub(in super::super) fn teller() -> Teller {
        Teller {
            provider: "openai".to_owned(),
            origin: "https://api.openai.com".to_owned(),
            key: Some(Arc::new(SecretString::from("k3y-s3cret"))),
            key_advice: "Check the environment variable OPENAI_API_KEY.".to_owned(),
            wire: Wire::of(ProviderKind::Openai),
        }
    }

    fn refused(status: u16, body: &str) -> Failure {
        let status = StatusCode::from_u16(status).unwrap();
        teller().refused(status, &HeaderMap::new(), &Complaint::of_body(body))
    }

    #[test]
    fn every_status_has_its_kind() {
        use FailureKind::{
            Misconfigured, NotFound, Protocol, RateLimited, Rejected, Unauthorized, Unavailable, Unpaid,
        };
        for (status, kind) in [
            (307, Misconfigured),
            (400, Rejected),
            (401, Unauthorized),
            (402, Unpaid),
            (403, Unauthorized),
            (404, NotFound),
            (405, NotFound),
            (408, Unavailable),
            (413, Rejected),
            (422, Rejected),
            (429, RateLimited),
            (500, Unavailable),
            (502, Unavailable),
            (503, Unavailable),
            (504, Unavailable),
            (529, Unavailable),
            (599, Unavailable),
            (777, Protocol),
        ] {
            let failure = refused(status, "");
            assert_eq!(failure.kind, kind, "{status}");
            assert!(failure.message.starts_with(&format!("openai answered {status}: ")), "{failure}");
            assert!(failure.message.ends_with('.'), "{failure}");
        }
    }

    #[test]
    fn a_sentence_tells_who_what_their_words_and_what_to_do() {
        assert_eq!(refused(429, "").message, "openai answered 429: too many requests.");
        assert_eq!(
            refused(401, r#"{"error":{"message":"Incorrect API key provided"}}"#).message,
            "openai answered 401: the key is missing or wrong. It says: Incorrect API key provided. \
             Check the environment variable OPENAI_API_KEY."
        );
        assert_eq!(
            refused(
                400,
                r#"{"error":{"message":"no","type":"exceed_context_size_error","n_prompt_tokens":5012,"n_ctx":1024}}"#
            )
            .message,
            "openai answered 400: the conversation is too long for this model (5012 tokens, 1024 fit). It says: no."
        );
    }

    #[test]
    fn codes_are_stronger_than_the_status() {
        let quota =
            refused(429, r#"{"error":{"message":"You exceeded your current quota","code":"insufficient_quota"}}"#);
        assert_eq!(quota.kind, FailureKind::Unpaid, "waiting doesn't bring money");
        let filter = refused(400, r#"{"error":{"message":"filtered","code":"content_filter"}}"#);
        assert!(filter.message.contains("its filter refused"), "{filter}");
        let large = refused(413, r#"{"error":{"code":"context_length_exceeded"}}"#);
        assert_eq!(large.kind, FailureKind::Overflow { needed: None, window: None });
    }

    #[test]
    fn what_comes_from_outside_is_cleaned_cut_and_never_repeats_the_key() {
        let body = format!("bad\r\n\tkey\u{1b}[31m k3y-s3cret \u{202e}x\u{200b}y\u{9b} {}", "long ".repeat(200));
        let failure = refused(500, &body);
        assert!(failure.message.contains("It says: bad key[31m [key] xy long long"), "{failure}");
        assert!(failure.message.ends_with('…') && failure.message.chars().count() < 400, "{failure}");
        assert!(!format!("{:?}", teller()).contains("k3y-s3cret"));
    }

    #[test]
    fn errors_in_mid_stream_are_told_apart() {
        let event = |text: &str| teller().reported(&Complaint::of_body(text));
        assert_eq!(
            event(r#"{"error":{"message":"overloaded"}}"#).message,
            "openai broke off: it failed in mid-answer. It says: overloaded."
        );
        assert_eq!(event(r#"{"error":{"code":"rate_limit_exceeded"}}"#).kind, FailureKind::RateLimited);
        assert_eq!(event(r#"{"error":{"code":"content_filter"}}"#).kind, FailureKind::Rejected);
        assert!(matches!(event(r#"{"error":{"code":"context_length_exceeded"}}"#).kind, FailureKind::Overflow { .. }));
    }

    #[test]
    fn a_wait_is_read_in_all_its_forms() {
        let now: Timestamp = "2026-11-21T02:00:00Z".parse().unwrap();
        let wait = |pairs: &[(&'static str, &str)]| {
            let headers = pairs
                .iter()
                .map(|(name, value)| (reqwest::header::HeaderName::from_static(name), value.parse().unwrap()));
            retry_after(&headers.collect(), now)
        };
        let seconds = |seconds| Some(Duration::from_secs(seconds));
        assert_eq!(wait(&[]), None);
        assert_eq!(wait(&[("retry-after", "7")]), seconds(7));
        assert_eq!(wait(&[("retry-after", " 1.5 ")]), Some(Duration::from_millis(1500)));
        assert_eq!(wait(&[("retry-after", "20"), ("retry-after-ms", "250")]), Some(Duration::from_millis(250)));
        assert_eq!(wait(&[("retry-after", "Sat, 21 Nov 2026 02:01:30 GMT")]), seconds(90));
        assert_eq!(wait(&[("retry-after", "Sat, 21 Nov 2026 01:00:00 GMT")]), seconds(0));
        let by_their_clock =
            [("retry-after", "Sat, 21 Nov 2026 05:00:10 GMT"), ("date", "Sat, 21 Nov 2026 05:00:00 GMT")];
        assert_eq!(wait(&by_their_clock), seconds(10));
        for nonsense in ["-1", "NaN", "inf", "1e300", "soon", ""] {
            assert_eq!(wait(&[("retry-after", nonsense)]), None, "{nonsense}");
        }
    }

    #[test]
    fn a_distrusted_certificate_is_found_inside_other_errors() {
        use rustls::CertificateError::UnknownIssuer;
        let wrapped = |error: rustls::Error| std::io::Error::other(std::io::Error::other(error));
        assert!(is_distrusted(&rustls::Error::InvalidCertificate(UnknownIssuer)));
        assert!(is_distrusted(&wrapped(rustls::Error::InvalidCertificate(UnknownIssuer))));
        assert!(!is_distrusted(&wrapped(rustls::Error::DecryptError)));
        assert!(!is_distrusted(&std::io::Error::other("refused")));
    }
}
