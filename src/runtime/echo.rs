//! A provider for tests that says what it was asked, or panics if that is what it was asked.

use std::sync::Arc;
use std::time::Duration;

use futures_util::{StreamExt as _, stream};

use crate::engine::failure::Failure;
use crate::engine::locality::Outbound;
use crate::engine::message::Ending;
use crate::engine::settings::{PaneSettings, ProviderFacts, Settings};
use crate::provider::{Patience, Piece, Pieces, Provider, Providers};

/// Says what it was asked, in two pieces. Asked `panic`, it panics after the first.
pub(super) struct Echo;

impl Providers for Echo {
    fn provider(&self, _: &str) -> Result<Arc<dyn Provider>, Failure> {
        Ok(Arc::new(Self))
    }
}

impl Provider for Echo {
    fn stream(&self, outbound: Outbound) -> Pieces {
        let text = outbound.request().said.last().unwrap().text.to_string();
        let pieces = [Piece::Text("you said ".to_owned()), Piece::Text(text), Piece::End(Ending::Complete)];
        Box::pin(stream::iter(pieces).map(|piece| {
            assert!(piece != Piece::Text("panic".to_owned()), "asked to panic");
            Ok(piece)
        }))
    }

    fn patience(&self) -> Patience {
        Patience { first: Duration::from_mins(1), idle: Duration::from_mins(1) }
    }
}

/// One pane, `research`, that asks the echo.
pub(super) fn settings() -> Settings {
    Settings {
        panes: vec![("research".to_owned(), PaneSettings::default())],
        default_model: "echo/one".parse().unwrap(),
        providers: [("echo".to_owned(), ProviderFacts::default())].into(),
        ..Settings::default()
    }
}
