//! From events to pieces: what all protocols have in common. Each protocol brings its [`Grammar`].

use serde_json::Value;

use crate::engine::failure::{Failure, FailureKind};
use crate::engine::message::{Ending, Usage};

use super::Piece;
use super::complaint::Complaint;
use super::errors::Teller;
use super::sse::Event;

/// How the events of one protocol are read.
pub(super) trait Grammar: Default + Send + 'static {
    /// The field that an answer in this protocol has, for the sentence about one that has none.
    const MARK: &'static str;

    /// Reads the JSON of an event, or of an answer that came in one piece.
    fn value(&mut self, value: &Value, so_far: &mut SoFar, teller: &Teller) -> Result<(), Failure>;

    /// Whether this text, which is no JSON, ends the stream.
    fn is_last(_text: &str) -> bool {
        false
    }
}

/// What an answer has said so far.
#[derive(Debug, Default)]
pub(super) struct SoFar {
    ending: Option<Ending>,
    /// What was used; the last word counts.
    pub(super) usage: Option<Usage>,
    has_refused: bool,
    is_over: bool,
    pieces: Vec<Piece>,
}

impl SoFar {
    /// Some of the answer, if there is any.
    pub(super) fn text(&mut self, text: Option<&str>) {
        self.pieces.extend(text.map(|text| Piece::Text(text.to_owned())));
    }

    /// Some of what the model thinks, if there is any.
    pub(super) fn reasoning(&mut self, text: Option<&str>) {
        self.pieces.extend(text.map(|text| Piece::Reasoning(text.to_owned())));
    }

    /// The model refuses, in the text that comes.
    pub(super) fn refuse(&mut self) {
        self.has_refused = true;
    }

    /// The protocol said how the answer ends. More may still come: usage, or the stream's own last word.
    pub(super) fn end(&mut self, ending: Ending) {
        self.ending = Some(ending);
    }

    /// The protocol said its last word.
    pub(super) fn is_over(&self) -> bool {
        self.is_over
    }

    /// The pieces that were read since this was last asked.
    pub(super) fn pieces(&mut self) -> Vec<Piece> {
        std::mem::take(&mut self.pieces)
    }

    /// Nothing more comes in this protocol.
    pub(super) fn close(&mut self) {
        if self.is_over {
            return;
        }
        self.pieces.extend(self.usage.take().map(Piece::Usage));
        let ending = if self.has_refused { Ending::Refused } else { self.ending.take().unwrap_or_default() };
        self.pieces.push(Piece::End(ending));
        self.is_over = true;
    }
}

/// Reads one answer, whole or in a stream.
#[derive(Debug, Default)]
pub(super) struct Reader<G> {
    grammar: G,
    so_far: SoFar,
}

impl<G: Grammar> Reader<G> {
    /// Whether the protocol's end has been given.
    pub(super) fn is_over(&self) -> bool {
        self.so_far.is_over()
    }

    /// The pieces that were read since this was last asked.
    pub(super) fn pieces(&mut self) -> Vec<Piece> {
        self.so_far.pieces()
    }

    /// Reads an event of a stream.
    pub(super) fn event(&mut self, event: Event, teller: &Teller) -> Result<(), Failure> {
        let before = self.so_far.pieces.len();
        if let Event::Data { name, text } = event {
            self.data(&name, &text, teller)?;
        }
        if self.so_far.pieces.len() == before {
            self.so_far.pieces.push(Piece::Alive);
        }
        Ok(())
    }

    /// Reads a whole answer, from a server that doesn't stream.
    pub(super) fn whole(&mut self, value: &Value, teller: &Teller) -> Result<(), Failure> {
        let items = value.as_array().map_or(std::slice::from_ref(value), Vec::as_slice);
        if items.iter().all(|item| item.get(G::MARK).is_none() && Complaint::of_event(item).is_none()) {
            return Err(teller.foreign(&format!("JSON without `{}`", G::MARK)));
        }
        for item in items {
            self.value(item, teller)?;
        }
        self.so_far.close();
        Ok(())
    }

    /// The stream has ended: with its last word, or cut off.
    pub(super) fn close(&mut self, teller: &Teller) -> Result<(), Failure> {
        if self.so_far.ending.is_none() && !self.is_over() {
            return Err(teller.cut_off("closed the stream before the end of the answer"));
        }
        self.so_far.close();
        Ok(())
    }

    /// The connection broke. That is no harm if the answer was complete.
    pub(super) fn broke(&mut self, failure: Failure) -> Result<(), Failure> {
        if self.so_far.ending.is_none() && !self.is_over() {
            return Err(failure);
        }
        self.so_far.close();
        Ok(())
    }

    fn data(&mut self, name: &str, text: &str, teller: &Teller) -> Result<(), Failure> {
        if G::is_last(text.trim()) {
            self.so_far.close();
            return Ok(());
        }
        let is_error = name == "error";
        match serde_json::from_str::<Value>(text) {
            Ok(value) if is_error => {
                Err(teller.reported(&Complaint::of_event(&value).unwrap_or_else(|| Complaint::of_body(text))))
            }
            Ok(value) => self.value(&value, teller),
            Err(_) if is_error => Err(teller.reported(&Complaint::of_body(text))),
            Err(_) if text.trim().is_empty() => Ok(()),
            Err(_) => Err(teller.garbled("an event that is not JSON", text)),
        }
    }

    fn value(&mut self, value: &Value, teller: &Teller) -> Result<(), Failure> {
        match Complaint::of_event(value) {
            Some(complaint) => Err(teller.reported(&complaint)),
            None => self.grammar.value(value, &mut self.so_far, teller),
        }
    }
}

/// An event that is JSON, but not of the kind that the protocol has.
pub(super) fn unknown_form(teller: &Teller) -> Failure {
    teller.garbled("an event in an unknown form", "")
}

/// The model's server gave the answer up.
pub(super) fn given_up(teller: &Teller, why: &str) -> Failure {
    let why = teller.clean(why);
    let why = if why.is_empty() { why } else { format!(" ({why})") };
    let provider = &teller.provider;
    Failure::new(FailureKind::CutOff, format!("{provider} gave the answer up in the middle{why}. What came is kept."))
}

/// A text that isn't empty.
pub(super) fn text_in<'a>(value: &'a Value, field: &str) -> Option<&'a str> {
    value.get(field)?.as_str().filter(|text| !text.is_empty())
}

/// A number of tokens, at the first of these paths that has one.
pub(super) fn count_in(value: &Value, paths: &[&str]) -> Option<u32> {
    let found = paths.iter().find_map(|path| value.pointer(path)?.as_u64());
    found.map(|count| u32::try_from(count).unwrap_or(u32::MAX))
}
