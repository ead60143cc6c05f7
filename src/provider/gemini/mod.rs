//! Google's Gemini.

mod reader;
mod request;

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, PoisonError};

use crate::engine::failure::{Failure, FailureKind};
use crate::engine::locality::Outbound;

use super::answer::{self, Framing, Open};
use super::endpoint::Endpoint;
use super::{Listing, Patience, Pieces, Provider, models};
pub(super) use reader::Content;

/// A provider that speaks Gemini's protocol.
#[derive(Debug, Clone)]
pub(super) struct Gemini {
    endpoint: Arc<Endpoint>,
    /// The models that don't tell what they think.
    silent: Arc<Mutex<BTreeSet<String>>>,
}

impl Gemini {
    /// The provider at this endpoint.
    pub(super) fn new(endpoint: Endpoint) -> Self {
        Self { endpoint: Arc::new(endpoint), silent: Arc::default() }
    }

    async fn open(&self, outbound: &Outbound) -> Result<Open<Content>, Failure> {
        let place = self.endpoint.enter().await?;
        let model = &outbound.request().model.model;
        let path = request::path(model);
        let mut last = None;
        for _ in 0..2 {
            let asks_thoughts = request::may_think(model) && !self.silent().contains(model);
            let body = outbound.body(|request| request::body(request, asks_thoughts))?;
            // A stream of events has to be asked for; without it comes one long list.
            let answer = self.endpoint.post(&path, &[("alt", "sse")], &body).await?;
            if answer.is_good() {
                return Open::new(answer, place, Framing::events()).await;
            }
            let (failure, complaint) = self.endpoint.refusal(answer).await;
            if !asks_thoughts || !request::is_about_thoughts(&complaint.message) {
                return Err(failure);
            }
            self.silent().insert(model.clone());
            last = Some(failure);
        }
        Err(last.unwrap_or_else(|| Failure::new(FailureKind::Internal, "The request was not sent.")))
    }

    fn silent(&self) -> std::sync::MutexGuard<'_, BTreeSet<String>> {
        self.silent.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Provider for Gemini {
    fn stream(&self, outbound: Outbound) -> Pieces {
        let provider = self.clone();
        answer::pieces(async move { provider.open(&outbound).await })
    }

    fn patience(&self) -> Patience {
        self.endpoint.patience()
    }

    fn models(&self) -> Listing {
        let endpoint = Arc::clone(&self.endpoint);
        Box::pin(async move { models::list(&endpoint, "models", &[("pageSize", "1000")]).await })
    }
}

#[cfg(test)]
mod tests;
