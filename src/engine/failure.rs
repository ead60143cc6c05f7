//! What can go wrong with a turn, told apart, because a person does something different about each.

use std::fmt;
use std::time::Duration;

use serde::{Deserialize, Serialize};

/// Why a turn did not end as it should.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Failure {
    /// What kind of failure this is: decides whether trying again can help.
    pub kind: FailureKind,
    /// The whole sentence a person reads: who failed, what they said, what to do.
    pub message: String,
    /// How many milliseconds the provider asked us to wait, if it said so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retry_after_ms: Option<u64>,
}

impl Failure {
    /// A failure of this kind, told in this sentence.
    pub fn new(kind: FailureKind, message: impl Into<String>) -> Self {
        Self { kind, message: message.into(), retry_after_ms: None }
    }

    /// The same failure with the wait that the provider asked for.
    #[must_use]
    pub fn after(mut self, wait: Option<Duration>) -> Self {
        self.retry_after_ms = wait.map(|wait| u64::try_from(wait.as_millis()).unwrap_or(u64::MAX));
        self
    }

    /// How long the provider asked us to wait.
    pub fn retry_after(&self) -> Option<Duration> {
        self.retry_after_ms.map(Duration::from_millis)
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Failure {}

/// The kinds of failure.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum FailureKind {
    /// Nothing answered at the address.
    Unreachable,
    /// No first byte came in time, or the stream fell silent.
    TimedOut,
    /// The key is missing, wrong, or may not do this (401, 403).
    Unauthorized,
    /// The provider doesn't know the model or the path (404).
    NotFound,
    /// The request doesn't fit the model's window.
    Overflow {
        /// The tokens the request has, if the provider said.
        needed: Option<u32>,
        /// The tokens that fit, if the provider said.
        window: Option<u32>,
    },
    /// Too many requests (429).
    RateLimited,
    /// The provider is overloaded or broken (5xx, 529, 408).
    Unavailable,
    /// The account has no credit, or its quota is used up for longer than anybody waits (402, a day's quota).
    Unpaid,
    /// The provider understood and refused the request (400, 413, 422, a filter).
    Rejected,
    /// The stream ended without its protocol's end.
    CutOff,
    /// What answered doesn't speak the protocol.
    Protocol,
    /// The request cannot be made as configured: unknown provider, no key, bad address.
    Misconfigured,
    /// The program's own fault or its machine's: reported, never retried.
    Internal,
}

impl FailureKind {
    /// Whether the same request may succeed a little later.
    pub const fn is_transient(&self) -> bool {
        matches!(self, Self::Unreachable | Self::TimedOut | Self::RateLimited | Self::Unavailable | Self::CutOff)
    }

    /// Whether another provider may well answer where this one didn't. What is wrong with the request itself, or with
    /// the configuration here, is wrong everywhere.
    pub const fn may_pass_elsewhere(&self) -> bool {
        self.is_transient() || matches!(self, Self::Unauthorized | Self::NotFound | Self::Unpaid)
    }
}
