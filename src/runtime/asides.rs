//! Asides: requests that are no turns. Their answers are read whole, like a turn's with patience, and told at their end.

use std::sync::Arc;
use std::time::Duration;

use futures_util::StreamExt as _;
use tokio::sync::oneshot;
use tokio::time::{sleep, timeout};

use crate::engine::aside::Purpose;
use crate::engine::brief::Asking;
use crate::engine::failure::Failure;
use crate::engine::handoff::Aim;
use crate::engine::id::{AsideId, ConversationId};
use crate::engine::input::{Answer, Input};
use crate::engine::locality::Outbound;
use crate::engine::message::{Ending, Part};
use crate::engine::op::{Refusal, RefusalKind};
use crate::provider::{Piece, Provider};

use super::contained::contained;
use super::effects::on_worker;
use super::runner::{Finished, Runner};
use super::stream;

/// What is asked, and for what.
pub(super) struct Aside {
    pub(super) id: AsideId,
    pub(super) conversation: ConversationId,
    pub(super) purpose: Purpose,
}

impl Aside {
    fn answered(self, answer: Answer) -> Input {
        let Self { id: aside, conversation, purpose } = self;
        Input::AsideAnswered { aside, conversation, purpose, answer }
    }

    fn failed(self, failure: Failure, so_far: Answer) -> Input {
        let Self { id: aside, conversation, purpose } = self;
        Input::AsideFailed { aside, conversation, purpose, failure, so_far }
    }

    fn stopped(self) -> Input {
        let Self { id: aside, conversation, purpose } = self;
        Input::AsideStopped { aside, conversation, purpose }
    }
}

/// An aside as long as it is wanted: dropping it cancels it.
pub(super) struct Held {
    _kept: oneshot::Sender<()>,
    /// The conversation whose model proposes something, if that is what it is for.
    pub(super) assists: Option<ConversationId>,
    /// The conversation whose handoff it writes a draft of, if that is what it is for.
    pub(super) drafts: Option<ConversationId>,
}

impl Runner {
    /// Reads what a model shall propose from, and puts the request together. It is cancelled like the aside itself.
    pub(super) fn ready_assist(&mut self, aside: AsideId, asking: Box<Asking>) {
        let (journal, workers) = (self.parts.journal.clone(), self.parts.workers);
        let (kept, cancelled) = oneshot::channel::<()>();
        self.asides.insert(aside, Held { _kept: kept, assists: Some(asking.conversation), drafts: None });
        self.pauses.push(Box::pin(async move {
            let read = async {
                let bodies = journal.fetch(asking.messages()).await.map_err(|error| not_proposed(&error.message))?;
                let about = asking.clone();
                let made = on_worker(workers, move || about.ready(&bodies)).await;
                made.unwrap_or_else(|| Err(not_proposed("the program failed.")))
            };
            let ready = tokio::select! {
                biased;
                _ = cancelled => Err(not_proposed("it was stopped.")),
                ready = read => ready,
            };
            Finished::Aside(aside, Input::AssistReady { aside, asking, ready })
        }));
    }

    /// Asks after a pause. Nothing waits for it when the program ends: an aside is nobody's history.
    pub(super) fn ask_aside(&mut self, aside: Aside, outbound: Outbound, after: Duration) {
        let provider = self.parts.providers.provider(&outbound.request().model.provider);
        let (kept, cancelled) = oneshot::channel::<()>();
        let (mut assists, mut drafts) = (None, None);
        match &aside.purpose {
            Purpose::Proposals(_) => assists = Some(aside.conversation),
            Purpose::Narrative(making) if making.plan.aim == Aim::Draft => drafts = Some(aside.conversation),
            Purpose::Narrative(_) => {}
        }
        self.asides.insert(aside.id, Held { _kept: kept, assists, drafts });
        self.pauses.push(Box::pin(async move {
            let id = aside.id;
            let asked = async {
                sleep(after).await;
                read(provider?, outbound).await
            };
            let input = tokio::select! {
                biased;
                // The other end is only ever dropped.
                _ = cancelled => aside.stopped(),
                read = contained(asked) => match read {
                    Ok(Ok((answer, None))) => aside.answered(answer),
                    Ok(Ok((so_far, Some(failure)))) => aside.failed(failure, so_far),
                    Ok(Err(failure)) => aside.failed(failure, Answer::default()),
                    Err(_) => aside.failed(stream::broken(), Answer::default()),
                },
            };
            Finished::Aside(id, input)
        }));
    }
}

/// Reads an answer to its end, to a failure, or to the end of patience.
async fn read(provider: Arc<dyn Provider>, outbound: Outbound) -> Result<(Answer, Option<Failure>), Failure> {
    let name = outbound.request().model.provider.clone();
    let patience = provider.patience();
    let mut pieces = provider.stream(outbound);
    let mut text = String::new();
    let (mut answer, mut thinks) = (Answer::default(), false);
    let failure = loop {
        let has_content = thinks || !text.is_empty();
        let wait = if has_content { patience.idle } else { patience.first };
        match timeout(wait, pieces.next()).await {
            Ok(Some(Ok(Piece::Text(piece)))) => text.push_str(&piece),
            // What it thinks is nobody's to read here.
            Ok(Some(Ok(Piece::Reasoning(_)))) => thinks = true,
            Ok(Some(Ok(Piece::Alive))) => {}
            Ok(Some(Ok(Piece::Usage(usage)))) => answer.usage = Some(usage),
            Ok(Some(Ok(Piece::End(Ending::Complete)))) if !has_content => break Some(stream::empty(&name)),
            Ok(Some(Ok(Piece::End(ending)))) => {
                answer.ending = ending;
                break None;
            }
            Ok(Some(Err(failure))) => break Some(failure),
            Ok(None) => break Some(stream::cut_off(&name)),
            Err(_) => break Some(stream::timed_out(&name, wait, has_content)),
        }
    };
    if !text.is_empty() {
        answer.parts.push(Part::text(text));
    }
    Ok((answer, failure))
}

fn not_proposed(why: &str) -> Refusal {
    Refusal::new(RefusalKind::NotSaved, format!("Nothing was proposed: {why}"))
}
