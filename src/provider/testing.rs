//! What the tests of all protocols share: a provider at a mock, a request, and what comes of it.

use std::collections::BTreeMap;
use std::sync::Arc;

use futures_util::StreamExt as _;

use crate::config::provider::{KeySource, ProviderConfig, ProviderKind};
use crate::engine::failure::Failure;
use crate::engine::locality::Outbound;
use crate::engine::message::Author;
use crate::engine::prompt::{Limits, Request, Said};
use crate::engine::redaction::LeakCheck;

use super::registry::Registry;
use super::{Piece, Pieces, Providers as _};

/// What came, and how it failed if it did.
pub(super) type Came = (Vec<Piece>, Option<Failure>);

/// A provider of this kind at this address.
pub(super) fn config(kind: ProviderKind, url: &str, key: Option<KeySource>) -> ProviderConfig {
    ProviderConfig {
        kind,
        base_url: Some(url.to_owned()),
        key,
        local: false,
        first_byte_seconds: None,
        idle_seconds: None,
    }
}

/// A registry in which it is called `llama`.
pub(super) fn registry(kind: ProviderKind, url: &str, key: Option<KeySource>) -> Registry {
    Registry::new(BTreeMap::from([("llama".to_owned(), config(kind, url, key))]))
}

/// A question to this model.
pub(super) fn request(model: &str) -> Outbound {
    outbound(Request {
        model: model.parse().unwrap(),
        pane: "research".to_owned(),
        system: "be brief".into(),
        said: vec![Said { by: Author::Person, text: "hello".into() }],
        max_output: Some(48),
        limits: Limits::default(),
    })
}

/// A request of a conversation that knows no pseudonyms.
pub(super) fn outbound(request: Request) -> Outbound {
    Outbound::check(request, Arc::new(LeakCheck::new([]))).unwrap()
}

/// What a registry's `llama` answers.
pub(super) async fn ask(registry: &Registry) -> Came {
    read(registry.provider("llama").unwrap().stream(request("llama/smollm2"))).await
}

/// What came without signs of life, texts joined, and how it failed if it did.
pub(super) async fn read(mut pieces: Pieces) -> Came {
    let mut came = Vec::new();
    while let Some(next) = pieces.next().await {
        match next {
            Ok(piece) => came.push(piece),
            Err(failure) => {
                assert!(pieces.next().await.is_none(), "a stream that failed goes on");
                return (joined(came), Some(failure));
            }
        }
    }
    (joined(came), None)
}

/// Pieces without signs of life, with the texts of neighbours joined.
pub(super) fn joined(pieces: Vec<Piece>) -> Vec<Piece> {
    let mut came: Vec<Piece> = Vec::new();
    for piece in pieces {
        match (came.last_mut(), piece) {
            (_, Piece::Alive) => {}
            (Some(Piece::Text(text)), Piece::Text(more)) => text.push_str(&more),
            (_, piece) => came.push(piece),
        }
    }
    came
}

/// The text among these pieces.
pub(super) fn text_of(pieces: &[Piece]) -> String {
    pieces.iter().filter_map(|piece| if let Piece::Text(text) = piece { Some(text.as_str()) } else { None }).collect()
}
