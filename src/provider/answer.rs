//! An answer on its way, in whatever protocol: bytes are decoded to events, events read to pieces, endings told apart.

use std::collections::VecDeque;
use std::pin::Pin;

use futures_util::stream;
use reqwest::Response;
use reqwest::header::CONTENT_TYPE;

use crate::engine::failure::{Failure, FailureKind};

use super::endpoint::{self, Answer};
use super::errors::Teller;
use super::limiter::Place;
use super::reader::{Grammar, Reader};
use super::sse::{Event, TooLong};
use super::{Piece, Pieces, lines, sse};

/// Streams an answer, once its request is sent and its head has come.
pub(super) fn pieces<G: Grammar>(opening: impl Future<Output = Result<Open<G>, Failure>> + Send + 'static) -> Pieces {
    Box::pin(stream::try_unfold(Stage::Unsent(Box::pin(opening)), |stage| async {
        match stage {
            Stage::Unsent(opening) => Ok(Some((Piece::Alive, Stage::Open(Box::new(opening.await?))))),
            Stage::Open(mut open) => Ok(open.next().await?.map(|piece| (piece, Stage::Open(open)))),
        }
    }))
}

/// How far a stream is.
enum Stage<G> {
    Unsent(Pin<Box<dyn Future<Output = Result<Open<G>, Failure>> + Send>>),
    Open(Box<Open<G>>),
}

/// How events are told apart in the bytes.
#[derive(Debug)]
pub(super) enum Framing {
    /// Server-sent events.
    Events(sse::Decoder),
    /// A line of JSON each.
    Lines(lines::Decoder),
}

impl Framing {
    /// Server-sent events.
    pub(super) fn events() -> Self {
        Self::Events(sse::Decoder::default())
    }

    /// A line of JSON each.
    pub(super) fn lines() -> Self {
        Self::Lines(lines::Decoder::default())
    }

    fn push(&mut self, bytes: &[u8], events: &mut Vec<Event>) -> Result<(), TooLong> {
        match self {
            Self::Events(decoder) => decoder.push(bytes, events),
            Self::Lines(decoder) => decoder.push(bytes, events),
        }
    }

    fn finish(&mut self) -> Option<Event> {
        match self {
            Self::Events(decoder) => decoder.finish(),
            Self::Lines(decoder) => decoder.finish(),
        }
    }

    /// Whether what stands at the end, and couldn't be read, is of another kind altogether.
    fn is_strange(&self, last: &str) -> bool {
        match self {
            Self::Events(decoder) => decoder.is_strange(),
            Self::Lines(_) => !last.starts_with('{'),
        }
    }
}

/// Takes the bytes of an answer and gives its pieces.
#[derive(Debug)]
pub(super) struct Intake<G> {
    teller: Teller,
    framing: Framing,
    reader: Reader<G>,
    has_events: bool,
}

impl<G: Grammar> Intake<G> {
    /// An answer of which nothing has come.
    pub(super) fn new(framing: Framing, teller: Teller) -> Self {
        Self { teller, framing, reader: Reader::default(), has_events: false }
    }

    /// What was read and not yet given.
    pub(super) fn pieces(&mut self) -> Vec<Piece> {
        self.reader.pieces()
    }

    /// Whether the answer is over with these bytes.
    pub(super) fn read(&mut self, bytes: &[u8]) -> Result<bool, Failure> {
        let mut events = Vec::new();
        let decoded = self.framing.push(bytes, &mut events);
        for event in events {
            self.reader.event(event, &self.teller)?;
            self.has_events = true;
            if self.reader.is_over() {
                return Ok(true);
            }
        }
        decoded.map(|()| false).map_err(|error| self.teller.garbled(&format!("more than it may: {error}"), ""))
    }

    /// The bytes have ended.
    pub(super) fn close(&mut self) -> Result<(), Failure> {
        let event = self.framing.finish();
        let last = if let Some(Event::Data { text, .. }) = &event { text.clone() } else { "{".to_owned() };
        match event.map_or(Ok(()), |event| self.reader.event(event, &self.teller)) {
            // Half an event at the very end is a stream that was cut off, not one that is garbled.
            Err(failure) if failure.kind != FailureKind::Protocol => return Err(failure),
            _ if !self.has_events && self.framing.is_strange(&last) => {
                return Err(self.teller.foreign("something else than a stream of events"));
            }
            _ => {}
        }
        self.reader.close(&self.teller)
    }

    fn broke(&mut self, error: &reqwest::Error) -> Result<(), Failure> {
        self.reader.broke(self.teller.broken(error))
    }
}

/// An answer of which the head has come.
#[derive(Debug)]
pub(super) struct Open<G> {
    response: Response,
    intake: Intake<G>,
    /// What was read and not yet given.
    ready: VecDeque<Piece>,
    /// How the stream ends once everything ready is given.
    end: Option<Result<(), Failure>>,
    /// Held until the answer is over or dropped.
    _place: Place,
}

impl<G: Grammar> Open<G> {
    /// The answer behind this head.
    pub(super) async fn new(answer: Answer, place: Place, framing: Framing) -> Result<Self, Failure> {
        let Answer { mut response, teller } = answer;
        let kind = response.headers().get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
        if kind.contains("html") {
            return Err(teller.foreign("a web page"));
        }
        let is_whole = kind.contains("json") && matches!(framing, Framing::Events(_));
        let mut intake = Intake::new(framing, teller);
        let end = if is_whole {
            let value = endpoint::json(&mut response, &intake.teller).await?;
            intake.reader.whole(&value, &intake.teller)?;
            Some(Ok(()))
        } else {
            None
        };
        let ready = intake.pieces().into();
        Ok(Self { response, intake, ready, end, _place: place })
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
            self.end = match self.response.chunk().await {
                Ok(Some(bytes)) => match self.intake.read(&bytes) {
                    Ok(false) => None,
                    Ok(true) => Some(Ok(())),
                    Err(failure) => Some(Err(failure)),
                },
                Ok(None) => Some(self.intake.close()),
                Err(error) => Some(self.intake.broke(&error)),
            };
            self.ready.extend(self.intake.pieces());
        }
    }
}
