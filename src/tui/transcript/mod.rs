//! A conversation as lines: messages laid out for a width, remembered while they don't change.

pub mod cache;
pub mod code;
pub mod colours;
pub mod excerpt;
pub mod message;
pub mod seam;
pub mod view;

pub use cache::Cache;
pub use colours::Colours;
pub use view::{Transcript, TranscriptLine};
