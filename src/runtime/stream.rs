//! Reads one try of one turn from its provider, with patience, and reports every piece to the runner.

use std::sync::Arc;
use std::time::Duration;

use futures_util::StreamExt as _;
use tokio::sync::mpsc;
use tokio::time::timeout;

use crate::engine::failure::{Failure, FailureKind};
use crate::engine::id::TurnId;
use crate::engine::locality::Outbound;
use crate::engine::message::Ending;
use crate::provider::{Piece, Provider};

/// What a stream reports. The channel is bounded: a slow runner slows the stream, and nothing is dropped.
#[derive(Debug)]
pub(super) struct Progress {
    pub(super) turn: TurnId,
    pub(super) attempt: u32,
    pub(super) step: Step,
}

#[derive(Debug)]
pub(super) enum Step {
    Piece(Piece),
    Failed(Failure),
}

/// Streams until the protocol's end, a failure, or the end of patience.
pub(super) async fn read(
    provider: Arc<dyn Provider>,
    outbound: Outbound,
    turn: TurnId,
    attempt: u32,
    progress: mpsc::Sender<Progress>,
) {
    let name = outbound.request().model.provider.clone();
    let patience = provider.patience();
    let mut pieces = provider.stream(outbound);
    let mut has_content = false;
    loop {
        let wait = if has_content { patience.idle } else { patience.first };
        let step = match timeout(wait, pieces.next()).await {
            Ok(Some(Ok(piece))) => Step::Piece(piece),
            Ok(Some(Err(failure))) => Step::Failed(failure),
            Ok(None) => Step::Failed(cut_off(&name)),
            Err(_) => Step::Failed(timed_out(&name, wait, has_content)),
        };
        has_content |= matches!(step, Step::Piece(Piece::Text(_) | Piece::Reasoning(_)));
        let is_over = matches!(step, Step::Failed(_) | Step::Piece(Piece::End(_)));
        let is_empty_end = matches!(step, Step::Piece(Piece::End(Ending::Complete))) && !has_content;
        let step = if is_empty_end { Step::Failed(empty(&name)) } else { step };
        if progress.send(Progress { turn, attempt, step }).await.is_err() || is_over {
            return;
        }
    }
}

pub(super) fn cut_off(name: &str) -> Failure {
    Failure::new(FailureKind::CutOff, format!("{name} closed the connection in mid-answer. What came is kept."))
}

/// A fault of ours while the answer was read.
pub(super) fn broken() -> Failure {
    Failure::new(
        FailureKind::Internal,
        "Reading the answer failed inside trialogue; the log says where. What came is kept. Ask again.",
    )
}

pub(super) fn empty(name: &str) -> Failure {
    Failure::new(
        FailureKind::Protocol,
        format!("{name} ended its answer without a word. Ask again, or choose another model with Ctrl-X m."),
    )
}

pub(super) fn timed_out(name: &str, wait: Duration, has_content: bool) -> Failure {
    let seconds = wait.as_secs();
    let message = if has_content {
        format!("{name} has sent nothing for {seconds} s. What came is kept.")
    } else {
        format!("{name} has not begun to answer within {seconds} s.")
    };
    Failure::new(FailureKind::TimedOut, message)
}
