//! What the screen needs of the world beside the engine: files, an editor, servers on this machine, tmux.

use std::future::Future;
use std::pin::Pin;

use super::app::{Looks, Offer};
use super::theme::Theme;
use crate::engine::model::ModelRef;

/// Something that will have happened.
pub type Pending<T> = Pin<Box<dyn Future<Output = T>>>;

/// The world beside the engine. What it returns is polled by the event loop itself; dropped, it is cancelled.
pub trait Surroundings {
    /// The text of a file that a draft mentions, or a sentence about why there is none.
    fn read(&self, path: &str) -> Pending<Result<String, String>>;
    /// The text as a person leaves it in their editor. The terminal is theirs meanwhile.
    fn edit(&self, text: &str) -> Pending<Result<String, String>>;
    /// What could answer: configured providers, servers on this machine, keys that were found.
    fn discover(&self) -> Pending<Vec<Offer>>;
    /// Whether a model's provider answers, found out without spending tokens: good or bad news, as a sentence.
    fn test(&self, model: &ModelRef) -> Pending<Result<String, String>>;
    /// The themes that can be worn, by name.
    fn themes(&self) -> Pending<Vec<(String, Theme)>>;
    /// Reads the configuration again: the engine is told, and the looks come back; or a sentence about what is wrong,
    /// and nothing has changed.
    fn reload(&self) -> Pending<Result<Box<Looks>, String>>;
    /// Puts a text into the clipboard of a terminal multiplexer, where one is around.
    fn copy(&self, text: &str) -> Pending<()>;
}
