//! Prints what the embedded provider says about files: `cargo run --example offline -- research FILE… [--ask "question"]`.
#![expect(clippy::print_stderr, reason = "an example speaks to its caller")]

use std::error::Error;
use std::fmt::Write as _;
use std::io::Write as _;
use std::sync::Arc;

use futures_util::StreamExt;
use trialogue::engine::locality::Outbound;
use trialogue::engine::message::Author;
use trialogue::engine::model::ModelRef;
use trialogue::engine::prompt::{Limits, Request, Said};
use trialogue::engine::redaction::LeakCheck;
use trialogue::provider::offline::Offline;
use trialogue::provider::{Piece, Provider};

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let Some(pane) = arguments.next() else {
        eprintln!(
            "usage: offline PANE FILE… [--ask QUESTION]; a file named `research=notes.md` is a message of that pane"
        );
        return Ok(());
    };
    let mut text = String::new();
    let mut question = String::new();
    let mut number = 1;
    while let Some(argument) = arguments.next() {
        if argument == "--ask" {
            question = arguments.next().unwrap_or_default();
            continue;
        }
        let (name, path) = argument
            .split_once('=')
            .map_or_else(|| (argument.clone(), argument.as_str()), |(side, path)| (format!("{side} m{number}"), path));
        let body = String::from_utf8_lossy(&std::fs::read(path)?).into_owned();
        write!(text, "\n\n``````text {name}\n{body}\n``````")?;
        number += 1;
    }
    let said = vec![Said { by: Author::Person, text: Arc::from(format!("{question}{text}")) }];
    let request = Request {
        model: ModelRef::offline(),
        pane,
        system: "".into(),
        said,
        max_output: None,
        limits: Limits::default(),
    };
    let outbound = Outbound::check(request, Arc::new(LeakCheck::new([])))?;
    // Paused time: the pace of the stream is for readers, not for pipes.
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build()?;
    let begun = std::time::Instant::now();
    runtime.block_on(async {
        let mut out = std::io::stdout().lock();
        let mut pieces = Offline.stream(outbound);
        while let Some(piece) = pieces.next().await {
            match piece? {
                Piece::Text(text) => out.write_all(text.as_bytes())?,
                Piece::Usage(usage) => eprintln!("[{} tokens in, {} out, estimated]", usage.input, usage.output),
                Piece::Reasoning(_) | Piece::Alive | Piece::End(_) => {}
            }
        }
        Ok::<(), Box<dyn Error>>(())
    })?;
    eprintln!("[{} ms]", begun.elapsed().as_millis());
    Ok(())
}
