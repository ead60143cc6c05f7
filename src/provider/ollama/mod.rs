//! Ollama's own protocol. Unlike chat completions it can be told how long a conversation may be: left alone, the server
//! forgets the beginning of a long one without a word.

mod reader;
mod request;
mod shown;

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use futures_util::stream::{self, StreamExt as _};
use serde_json::json;

use crate::engine::failure::{Failure, FailureKind};
use crate::engine::locality::Outbound;
use crate::engine::prompt::Request;

use super::answer::{self, Framing, Open};
use super::endpoint::{self, Endpoint};
use super::listing::Listed;
use super::{Knowledge, Listing, Patience, Pieces, Provider, models};
pub(super) use reader::Chat;
use shown::Shown;

/// How many models of one list are looked at more closely.
const MOST_SHOWN: usize = 64;

/// How many are looked at at once.
const SHOWN_AT_ONCE: usize = 4;

/// A provider that speaks Ollama's protocol.
#[derive(Debug, Clone)]
pub(super) struct Ollama {
    endpoint: Arc<Endpoint>,
    /// What the server tells of its models.
    shown: Arc<Mutex<BTreeMap<String, Shown>>>,
    /// The room each model was last given, so that it isn't loaded anew for every turn.
    rooms: Arc<Mutex<BTreeMap<String, u32>>>,
}

impl Ollama {
    /// The provider at this endpoint.
    pub(super) fn new(endpoint: Endpoint) -> Self {
        Self { endpoint: Arc::new(endpoint), shown: Arc::default(), rooms: Arc::default() }
    }

    async fn open(&self, outbound: &Outbound) -> Result<Open<Chat>, Failure> {
        let place = self.endpoint.enter().await?;
        let model = &outbound.request().model.model;
        let shown = self.show(model).await?;
        if let (true, Some(host)) = (self.endpoint.is_local, &shown.remote) {
            return Err(passed_on(&self.endpoint.name, model, host));
        }
        let room = self.room(outbound.request(), &shown);
        let body = outbound.body(|request| request::body(request, room))?;
        let answer = self.endpoint.post("api/chat", &[], &body).await?;
        if answer.is_good() {
            return Open::new(answer, place, Framing::lines()).await;
        }
        let (failure, _) = self.endpoint.refusal(answer).await;
        if failure.kind == FailureKind::NotFound {
            self.shown.lock().unwrap_or_else(PoisonError::into_inner).remove(model);
        }
        Err(failure)
    }

    /// What the server tells of a model, asked once.
    async fn show(&self, model: &str) -> Result<Shown, Failure> {
        if let Some(shown) = self.shown.lock().unwrap_or_else(PoisonError::into_inner).get(model) {
            return Ok(shown.clone());
        }
        let mut answer = self.endpoint.post("api/show", &[], &json!({ "model": model })).await?;
        if !answer.is_good() {
            return Err(self.endpoint.refusal(answer).await.0);
        }
        let value = endpoint::json(&mut answer.response, &answer.teller).await?;
        let shown = Shown::read(&value, &answer.teller)?;
        self.shown.lock().unwrap_or_else(PoisonError::into_inner).insert(model.to_owned(), shown.clone());
        Ok(shown)
    }

    /// How much room the conversation gets; a model that runs elsewhere has its own.
    fn room(&self, request: &Request, shown: &Shown) -> Option<u32> {
        if shown.remote.is_some() {
            return None;
        }
        let mut rooms = self.rooms.lock().unwrap_or_else(PoisonError::into_inner);
        let last = rooms.get(&request.model.model).copied();
        let room = request::room(request, shown, last);
        rooms.insert(request.model.model.clone(), room);
        Some(room)
    }

    async fn list(&self) -> Result<Vec<Listed>, Failure> {
        let models = models::list(&self.endpoint, "api/tags", &[]).await?;
        let look = models.into_iter().enumerate().map(|(place, mut model)| async move {
            // The list stands without it: a model that can't be shown is listed with an unknown window.
            if place < MOST_SHOWN
                && let Ok(shown) = self.show(&model.id).await
            {
                // What a provider that was called local would have to pass on is none of its models.
                if self.endpoint.is_local && shown.remote.is_some() {
                    return None;
                }
                model.facts = shown.facts().completed_by(&model.facts);
            }
            Some(model)
        });
        let models: Vec<Option<Listed>> = stream::iter(look).buffered(SHOWN_AT_ONCE).collect().await;
        Ok(models.into_iter().flatten().collect())
    }
}

/// A provider that a person called local, and a model of it that isn't.
fn passed_on(provider: &str, model: &str, host: &str) -> Failure {
    Failure::new(
        FailureKind::Misconfigured,
        format!(
            "Not sent: {provider} is marked `local: true`, but {model} doesn't run on this machine: {provider} passes it \
             on to {host}. Choose another model with Ctrl-X m, or take the mark away in config.yaml."
        ),
    )
}

impl Provider for Ollama {
    fn stream(&self, outbound: Outbound) -> Pieces {
        let provider = self.clone();
        answer::pieces(async move { provider.open(&outbound).await })
    }

    fn patience(&self) -> Patience {
        self.endpoint.patience()
    }

    fn models(&self) -> Listing {
        let provider = self.clone();
        Box::pin(async move { provider.list().await })
    }

    fn facts(&self, model: &str) -> Knowledge {
        let (provider, model) = (self.clone(), model.to_owned());
        Box::pin(async move { Ok(provider.show(&model).await?.facts()) })
    }
}

#[cfg(test)]
mod tests;
