//! Answers that were recorded: their bytes are read as if their server had just sent them.

use crate::config::provider::ProviderKind;
use crate::engine::failure::Failure;

use super::Piece;
use super::answer::{Framing, Intake};
use super::anthropic::Messages;
use super::errors::Teller;
use super::gemini::Content;
use super::ollama::Chat;
use super::openai::Completion;
use super::reader::Grammar;
use super::wire::Wire;

/// What the body of a good answer in this protocol says, and how it failed if it did. How the bytes are cut makes no
/// difference, and nothing after the protocol's own end is read.
pub fn read(kind: ProviderKind, chunks: &[&[u8]]) -> (Vec<Piece>, Option<Failure>) {
    match kind {
        ProviderKind::Openai => take::<Completion>(kind, Framing::events(), chunks),
        ProviderKind::Anthropic => take::<Messages>(kind, Framing::events(), chunks),
        ProviderKind::Gemini => take::<Content>(kind, Framing::events(), chunks),
        ProviderKind::Ollama => take::<Chat>(kind, Framing::lines(), chunks),
    }
}

fn take<G: Grammar>(kind: ProviderKind, framing: Framing, chunks: &[&[u8]]) -> (Vec<Piece>, Option<Failure>) {
    let mut intake = Intake::<G>::new(framing, teller(kind));
    let mut pieces = Vec::new();
    for chunk in chunks {
        let read = intake.read(chunk);
        pieces.extend(intake.pieces());
        match read {
            Ok(true) => return (pieces, None),
            Ok(false) => {}
            Err(failure) => return (pieces, Some(failure)),
        }
    }
    let closed = intake.close();
    pieces.extend(intake.pieces());
    (pieces, closed.err())
}

/// Tells failures of a provider that is named after its protocol and was not asked.
fn teller(kind: ProviderKind) -> Teller {
    let wire = Wire::of(kind);
    Teller { provider: wire.kind.to_owned(), origin: wire.home.to_owned(), key: None, key_advice: String::new(), wire }
}
