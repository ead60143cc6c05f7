//! Any bytes, cut anywhere: the same events and pieces as in one, in every protocol. What never ends is refused.

#![no_main]

use libfuzzer_sys::fuzz_target;
use trialogue::config::provider::ProviderKind;
use trialogue::provider::sse::{Decoder, Event};
use trialogue::provider::{Piece, recorded};

const KINDS: [ProviderKind; 4] =
    [ProviderKind::Openai, ProviderKind::Anthropic, ProviderKind::Gemini, ProviderKind::Ollama];

fuzz_target!(|input: ([u8; 3], &[u8])| {
    let (steps, bytes) = input;
    let cut = pieces(bytes, steps);
    let whole = decode(&[bytes]);
    assert_eq!(decode(&cut), whole);
    assert_eq!(decode(&bytes.chunks(1).collect::<Vec<_>>()), whole);
    for kind in KINDS {
        let (said, failure) = recorded::read(kind, &[bytes]);
        assert_eq!(recorded::read(kind, &cut), (said.clone(), failure.clone()), "{kind:?}");
        // An answer ends once, at its end, or says why it doesn't.
        let ends = said.iter().filter(|piece| matches!(piece, Piece::End(_))).count();
        assert_eq!(ends, usize::from(failure.is_none()), "{kind:?}: {failure:?}");
        assert!(ends == 0 || matches!(said.last(), Some(Piece::End(_))), "{kind:?}");
        assert!(failure.is_none_or(|failure| !failure.message.is_empty()), "{kind:?}");
    }
    // Filling the memory takes a while: not for every input.
    if steps == [255; 3] {
        refused(bytes);
    }
});

/// The bytes in pieces of these lengths, round and round.
fn pieces(mut bytes: &[u8], steps: [u8; 3]) -> Vec<&[u8]> {
    let mut pieces = Vec::new();
    for step in steps.into_iter().cycle() {
        let Some((piece, rest)) = bytes.split_at_checked(usize::from(step % 64) + 1) else { break };
        pieces.push(piece);
        bytes = rest;
    }
    pieces.push(bytes);
    pieces
}

fn decode(chunks: &[&[u8]]) -> (Vec<Event>, bool) {
    let mut decoder = Decoder::default();
    let mut events = Vec::new();
    for chunk in chunks {
        decoder.push(chunk, &mut events).unwrap();
    }
    events.extend(decoder.finish());
    (events, decoder.is_strange())
}

/// A line that doesn't end is not held beyond the limit, and an event of such lines isn't either.
fn refused(bytes: &[u8]) {
    let line: Vec<u8> = bytes.iter().copied().filter(|byte| !b"\r\n".contains(byte)).collect();
    if line.is_empty() {
        return;
    }
    let again = 1 + 100_000 / line.len();
    assert!(taken(&line.repeat(again)) * again * line.len() <= Decoder::LIMIT);
    let lines = [b"data:", line.as_slice(), b"\n"].concat().repeat(again);
    assert!(taken(&lines) * again * line.len() <= Decoder::LIMIT);
}

/// How often a decoder takes this piece of an event.
fn taken(chunk: &[u8]) -> usize {
    let (mut decoder, mut events) = (Decoder::default(), Vec::new());
    let taken = (0..).take_while(|_| decoder.push(chunk, &mut events).is_ok()).count();
    assert_eq!(events, []);
    taken
}
