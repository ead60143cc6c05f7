//! The embedded provider: it reads what it is given, quotes and sorts. It is not a language model and never says so.
//!
//! It works extractively: sentences of the texts, word for word, with their places. `research` gives key points,
//! `drafting` an outline, `synthesis` what several sides agree on, where they differ and what only one says.
//! The same request always gets the same answer. Nothing leaves the program and no client is built.
//!
//! Architecture invariants: every quoted sentence stands in the request; no number is written that does not stand
//! there, but for lines, lengths and counts; work is cut into strides of about a millisecond, because the thread
//! that runs it also draws the screen.

mod align;
mod code;
mod compare;
mod corpus;
mod document;
mod drafting;
mod figure;
mod language;
mod page;
mod paragraph;
mod question;
mod rank;
mod reader;
mod research;
mod sample;
mod sentence;
mod source;
mod synthesis;
mod table;
mod words;
mod work;

use std::time::Duration;

use futures_util::stream::{self, StreamExt};

pub use sample::{SAMPLE, SAMPLE_NAME, SAMPLE_QUESTION};

use self::corpus::Corpus;
use self::page::Page;
use self::question::Question;
use self::source::Material;
use self::work::Work;
use crate::engine::locality::Outbound;
use crate::engine::message::{Ending, Usage};
use crate::engine::meter;
use crate::engine::prompt::Request;
use crate::provider::{Patience, Piece, Pieces, Provider};

/// The embedded provider.
#[derive(Debug, Clone, Copy, Default)]
pub struct Offline;

/// The pause between two pieces: as fast as a quick model, slow enough to read along.
const PACE: Duration = Duration::from_millis(7);

/// No answer streams longer than this, whatever its length.
const LONGEST: Duration = Duration::from_secs(4);

impl Provider for Offline {
    fn stream(&self, outbound: Outbound) -> Pieces {
        Box::pin(stream::once(answer(outbound)).flat_map(|pieces| stream::unfold(pieces.into_iter(), next)))
    }

    fn patience(&self) -> Patience {
        Patience { first: Duration::from_mins(1), idle: Duration::from_secs(30) }
    }
}

type Answer = std::vec::IntoIter<Piece>;

/// The next piece at its time; what isn't text comes at once.
async fn next(mut pieces: Answer) -> Option<(Result<Piece, crate::engine::failure::Failure>, Answer)> {
    let piece = pieces.next()?;
    if matches!(piece, Piece::Text(_)) {
        tokio::time::sleep(PACE).await;
    }
    Some((Ok(piece), pieces))
}

async fn answer(outbound: Outbound) -> Vec<Piece> {
    let request = outbound.request();
    let (text, cut) = written(request).await;
    let input = request
        .said
        .iter()
        .fold(meter::estimate(&request.system), |sum, said| sum.saturating_add(meter::estimate(&said.text)));
    let usage = Usage { input, output: meter::estimate(&text), estimated: true, ..Usage::default() };
    let ending = if cut { Ending::Length } else { Ending::Complete };
    let mut pieces: Vec<Piece> = pieces(&text).into_iter().map(Piece::Text).collect();
    pieces.extend([Piece::Usage(usage), Piece::End(ending)]);
    pieces
}

/// The whole answer, and whether the wanted length cut it off.
async fn written(request: &Request) -> (String, bool) {
    let material = Material::of(request);
    let mut page = Page::new(request.max_output);
    let mut corpus = Corpus::read(&material.sources).await;
    if corpus.sentences.is_empty() && corpus.documents.iter().all(|d| d.tables.is_empty() && d.definitions.is_empty()) {
        page.line(ask(&material));
        return page.finish();
    }
    rank::score(&mut corpus).await;
    let question = Question::of(&material.question, &corpus);
    if material.earlier {
        page.line("Nothing new came along; this is from what was given before.");
    }
    match Work::of(&request.pane, &request.system, &material.question) {
        Work::Research => research::write(&mut page, &corpus, &question),
        Work::Drafting => drafting::write(&mut page, &corpus, &question, &material.question),
        Work::Synthesis => synthesis::write(&mut page, &corpus, &question),
    }
    page.finish()
}

/// What to say when there is nothing to read.
fn ask(material: &Material) -> &'static str {
    if material.sources.is_empty() {
        "There is no text here to work on yet. Paste one, or type @ and a file name: this pane then quotes its key points, \
         sorts them into an outline, or sets several texts against one another. It knows nothing that you don't give it. \
         For a language model, press Ctrl-X m."
    } else {
        "What came along has no sentence to quote. Give it prose, lists or tables, as a paste or with @ and a file name."
    }
}

/// The text in pieces of a word each, or of several, so that a long answer does not take longer than [`LONGEST`].
fn pieces(text: &str) -> Vec<String> {
    let words: Vec<&str> = text.split_inclusive([' ', '\n']).collect();
    let most = (LONGEST.as_millis() / PACE.as_millis()) as usize;
    let each = words.len().div_ceil(most).max(1);
    words.chunks(each).map(<[&str]>::concat).collect()
}

#[cfg(test)]
mod tests;
