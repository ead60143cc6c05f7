//! Providers: the protocols of model servers, and the embedded offline one.
//!
//! A provider turns an [`Outbound`], which only the leak check makes, into a stream of [`Piece`]s. It knows nothing of conversations, turns or the journal.
//!
//! Architecture invariants: nothing here is built before the first request that needs it; a key is bound to its
//! provider's host; a stream that ends without [`Piece::End`] was cut off, whatever the socket says.

mod address;
mod alternation;
mod answer;
mod anthropic;
pub mod catalog;
mod client;
mod complaint;
pub mod discovery;
mod endpoint;
mod errors;
#[cfg(test)]
mod faults;
mod gemini;
mod keys;
mod limiter;
mod lines;
pub mod listing;
#[cfg(test)]
mod mock;
mod models;
pub mod offline;
mod ollama;
mod openai;
mod reader;
pub mod recorded;
pub mod registry;
pub mod sse;
#[cfg(test)]
mod testing;
mod wire;

use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use futures_util::Stream;

use crate::engine::failure::Failure;
use crate::engine::locality::Outbound;
use crate::engine::message::{Ending, Usage};
use crate::engine::model::ModelFacts;

use listing::Listed;

/// Something that answers requests.
pub trait Provider: Send + Sync {
    /// Sends what may leave and streams its answer. Dropping the stream cancels it.
    fn stream(&self, outbound: Outbound) -> Pieces;

    /// How long to wait for it.
    fn patience(&self) -> Patience;

    /// Asks which models it has: a free request, so it also tests address and key.
    fn models(&self) -> Listing {
        Box::pin(std::future::ready(Ok(Vec::new())))
    }

    /// Asks what is known of one of its models: free as well.
    fn facts(&self, model: &str) -> Knowledge {
        let (models, model) = (self.models(), model.to_owned());
        Box::pin(async move {
            let listed = models.await?.into_iter().find(|listed| listed.id == model);
            Ok(listed.map(|listed| listed.facts).unwrap_or_default())
        })
    }
}

/// The configured providers by name.
pub trait Providers: Send + Sync {
    /// The provider of this name, made ready at its first use.
    fn provider(&self, name: &str) -> Result<Arc<dyn Provider>, Failure>;
}

/// A streamed answer.
pub type Pieces = Pin<Box<dyn Stream<Item = Result<Piece, Failure>> + Send>>;

/// The models of a provider, on their way.
pub type Listing = Pin<Box<dyn Future<Output = Result<Vec<Listed>, Failure>> + Send>>;

/// What a provider knows of a model, on its way.
pub type Knowledge = Pin<Box<dyn Future<Output = Result<ModelFacts, Failure>> + Send>>;

/// One piece of a streamed answer.
#[derive(Debug, Clone, PartialEq)]
pub enum Piece {
    /// Some of the answer.
    Text(String),
    /// Some of what the model thinks before it answers.
    Reasoning(String),
    /// A sign of life without content: headers, comments, pings.
    Alive,
    /// What the turn used.
    Usage(Usage),
    /// The protocol's own end. Nothing of content follows; a [`Piece::Usage`] comes before it.
    End(Ending),
}

/// How long to wait for a provider.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Patience {
    /// From the request to the first piece of content. Local servers may spend minutes on a long prompt.
    pub first: Duration,
    /// Between two signs of life after that.
    pub idle: Duration,
}
