//! Anthropic's messages: Anthropic itself, and servers that speak the same, such as llama.cpp.

mod reader;
mod request;

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use crate::engine::failure::{Failure, FailureKind};
use crate::engine::locality::Outbound;

use super::answer::{self, Framing, Open};
use super::endpoint::Endpoint;
use super::{Listing, Patience, Pieces, Provider, models};
pub(super) use reader::Messages;
use request::Dialect;

/// How often a request is put into other words that its server may take.
const MOST_DIALECTS: usize = 3;

/// A provider that speaks Anthropic's messages.
#[derive(Debug, Clone)]
pub(super) struct Anthropic {
    endpoint: Arc<Endpoint>,
    /// What was learned of the server's words, model by model.
    dialects: Arc<Mutex<BTreeMap<String, Dialect>>>,
}

impl Anthropic {
    /// The provider at this endpoint.
    pub(super) fn new(endpoint: Endpoint) -> Self {
        Self { endpoint: Arc::new(endpoint), dialects: Arc::default() }
    }

    async fn open(&self, outbound: &Outbound) -> Result<Open<Messages>, Failure> {
        let place = self.endpoint.enter().await?;
        let model = &outbound.request().model.model;
        let mut last = None;
        for _ in 0..MOST_DIALECTS {
            let dialect = self.dialects().get(model).copied().unwrap_or_default();
            let body = outbound.body(|request| request::body(request, dialect))?;
            let answer = self.endpoint.post("messages", &[], &body).await?;
            if answer.is_good() {
                return Open::new(answer, place, Framing::events()).await;
            }
            let (failure, complaint) = self.endpoint.refusal(answer).await;
            match dialect.after(&complaint) {
                Some(next) => self.dialects().insert(model.clone(), next),
                None => return Err(failure),
            };
            last = Some(failure);
        }
        Err(last.unwrap_or_else(|| Failure::new(FailureKind::Internal, "The request was not sent.")))
    }

    fn dialects(&self) -> std::sync::MutexGuard<'_, BTreeMap<String, Dialect>> {
        self.dialects.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Provider for Anthropic {
    fn stream(&self, outbound: Outbound) -> Pieces {
        let provider = self.clone();
        answer::pieces(async move { provider.open(&outbound).await })
    }

    fn patience(&self) -> Patience {
        self.endpoint.patience()
    }

    fn models(&self) -> Listing {
        let endpoint = Arc::clone(&self.endpoint);
        Box::pin(async move {
            let mut models = models::list(&endpoint, "models", &[("limit", "1000")]).await?;
            models::ask_beside(&endpoint, &mut models).await;
            Ok(models)
        })
    }
}

#[cfg(test)]
mod tests;
