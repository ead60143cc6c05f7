//! Chat completions: `OpenAI`, `OpenRouter`, Groq, Mistral, vLLM, llama.cpp, LM Studio, Ollama's `/v1`, any base URL.

mod models;
mod reader;
mod request;

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};

use futures_util::stream;
use reqwest::Response;
use reqwest::header::CONTENT_TYPE;

use crate::engine::failure::{Failure, FailureKind};
use crate::engine::prompt::Request;

use super::endpoint::{self, Answer, Endpoint};
use super::errors::Teller;
use super::limiter::Place;
use super::sse::Decoder;
use super::{Listing, Patience, Piece, Pieces, Provider};
use reader::Reader;
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

    async fn open(&self, request: &Request) -> Result<Open, Failure> {
        let place = self.endpoint.enter().await?;
        let mut last = None;
        for _ in 0..MOST_DIALECTS {
            let dialect = *self.dialect.lock().unwrap_or_else(PoisonError::into_inner);
            let answer = self.endpoint.post("chat/completions", &request::body(request, dialect)).await?;
            if answer.is_good() {
                return Open::new(answer, place).await;
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
    fn stream(&self, request: Request) -> Pieces {
        let unsent = Stage::Unsent(self.clone(), request);
        Box::pin(stream::try_unfold(unsent, |stage| async {
            match stage {
                Stage::Unsent(provider, request) => {
                    let open = provider.open(&request).await?;
                    Ok(Some((Piece::Alive, Stage::Open(Box::new(open)))))
                }
                Stage::Open(mut open) => Ok(open.next().await?.map(|piece| (piece, Stage::Open(open)))),
            }
        }))
    }

    fn patience(&self) -> Patience {
        self.endpoint.patience()
    }

    fn models(&self) -> Listing {
        let endpoint = Arc::clone(&self.endpoint);
        Box::pin(async move { models::list(&endpoint).await })
    }
}

/// How far a stream is.
enum Stage {
    Unsent(Openai, Request),
    Open(Box<Open>),
}

/// An answer on its way.
struct Open {
    response: Response,
    teller: Teller,
    decoder: Decoder,
    reader: Reader,
    /// What was read and not yet given.
    ready: VecDeque<Piece>,
    /// How the stream ends once everything ready is given.
    end: Option<Result<(), Failure>>,
    has_events: bool,
    /// Held until the answer is over or dropped.
    _place: Place,
}

impl Open {
    async fn new(answer: Answer, place: Place) -> Result<Self, Failure> {
        let kind = answer.response.headers().get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
        if kind.contains("html") {
            return Err(answer.teller.foreign("a web page"));
        }
        let is_whole = kind.contains("json");
        let mut open = Self {
            response: answer.response,
            teller: answer.teller,
            decoder: Decoder::default(),
            reader: Reader::default(),
            ready: VecDeque::new(),
            end: None,
            has_events: false,
            _place: place,
        };
        if is_whole {
            let value = endpoint::json(&mut open.response, &open.teller).await?;
            let mut pieces = Vec::new();
            open.reader.whole(&value, &open.teller, &mut pieces)?;
            open.ready.extend(pieces);
            open.end = Some(Ok(()));
        }
        Ok(open)
    }

    async fn next(&mut self) -> Result<Option<Piece>, Failure> {
        loop {
            if let Some(piece) = self.ready.pop_front() {
                return Ok(Some(piece));
            }
            if let Some(end) = self.end.take() {
                // Asked again after its end, the stream has no more.
                self.end = Some(Ok(()));
                return end.map(|()| None);
            }
            let chunk = self.response.chunk().await;
            let mut pieces = Vec::new();
            let read = match chunk {
                Ok(Some(bytes)) => self.read(&bytes, &mut pieces),
                Ok(None) => self.close(&mut pieces),
                Err(error) => self.reader.broke(self.teller.broken(&error), &mut pieces).map(|()| true),
            };
            self.ready.extend(pieces);
            match read {
                Ok(true) => self.end = Some(Ok(())),
                Ok(false) => {}
                Err(failure) => self.end = Some(Err(failure)),
            }
        }
    }

    /// Whether the answer is over with these bytes.
    fn read(&mut self, bytes: &[u8], pieces: &mut Vec<Piece>) -> Result<bool, Failure> {
        let mut events = Vec::new();
        let decoded = self.decoder.push(bytes, &mut events);
        for event in events {
            self.has_events = true;
            self.reader.event(event, &self.teller, pieces)?;
            if self.reader.is_over() {
                return Ok(true);
            }
        }
        decoded.map(|()| false).map_err(|error| self.teller.garbled(&format!("more than it may: {error}"), ""))
    }

    fn close(&mut self, pieces: &mut Vec<Piece>) -> Result<bool, Failure> {
        let has_read = self.decoder.has_read();
        if let Some(event) = self.decoder.finish() {
            let is_whole = self.reader.event(event, &self.teller, pieces);
            // Half an event at the very end is a stream that was cut off, not one that is garbled.
            if let Err(failure) = is_whole
                && failure.kind != FailureKind::Protocol
            {
                return Err(failure);
            }
            self.has_events = true;
        }
        if !self.has_events && has_read {
            return Err(self.teller.foreign("something else than a stream of events"));
        }
        self.reader.close(&self.teller, pieces).map(|()| true)
    }
}

#[cfg(test)]
mod tests;
