//! Chat completions: `OpenAI`, `OpenRouter`, Groq, Mistral, vLLM, llama.cpp, LM Studio, Ollama's `/v1`, any base URL.

mod reader;
mod request;

use std::sync::{Arc, Mutex, PoisonError};

use crate::engine::failure::{Failure, FailureKind};
use crate::engine::locality::Outbound;

use super::answer::{self, Framing, Open};
use super::endpoint::Endpoint;
use super::{Listing, Patience, Pieces, Provider, models};
pub(super) use reader::Completion;
use request::Dialect;

/// How often a request is put into other words that its server may take.
const MOST_DIALECTS: usize = 3;

/// A provider that speaks chat completions.
#[derive(Debug, Clone)]
pub(super) struct Openai {
    endpoint: Arc<Endpoint>,
    /// What was learned of the server's words.
    dialect: Arc<Mutex<Dialect>>,
}

impl Openai {
    /// The provider at this endpoint.
    pub(super) fn new(endpoint: Endpoint) -> Self {
        let dialect = Dialect::of_host(endpoint.address.host());
        Self { endpoint: Arc::new(endpoint), dialect: Arc::new(Mutex::new(dialect)) }
    }

    async fn open(&self, outbound: &Outbound) -> Result<Open<Completion>, Failure> {
        let place = self.endpoint.enter().await?;
        let mut last = None;
        for _ in 0..MOST_DIALECTS {
            let dialect = *self.dialect.lock().unwrap_or_else(PoisonError::into_inner);
            let body = outbound.body(|request| request::body(request, dialect))?;
            let answer = self.endpoint.post("chat/completions", &[], &body).await?;
            if answer.is_good() {
                return Open::new(answer, place, Framing::events()).await;
            }
            let (failure, complaint) = self.endpoint.refusal(answer).await;
            match dialect.after(&complaint) {
                Some(next) => *self.dialect.lock().unwrap_or_else(PoisonError::into_inner) = next,
                None => return Err(failure),
            }
            last = Some(failure);
        }
        Err(last.unwrap_or_else(|| Failure::new(FailureKind::Internal, "The request was not sent.")))
    }
}

impl Provider for Openai {
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
            let mut models = models::list(&endpoint, "models", &[]).await?;
            models::ask_beside(&endpoint, &mut models).await;
            Ok(models)
        })
    }
}

#[cfg(test)]
mod tests;
