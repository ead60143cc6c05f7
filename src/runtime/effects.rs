//! The effects that take time: reads, work, requests, pauses. Each comes back as a job or as progress of a stream.

use std::time::Duration;

use tokio::time::{sleep, timeout};

use crate::engine::effect::{Effect, Work};
use crate::engine::failure::{Failure, FailureKind};
use crate::engine::id::{MessageId, TurnId};
use crate::engine::input::{Answer, Asker, Input};
use crate::engine::locality::Outbound;
use crate::engine::model::ModelRef;
use crate::engine::op::{Refusal, RefusalKind, Reply};
use crate::engine::prompt::{self, Assembled};
use crate::engine::update::Stream;
use crate::provider::Piece;
use crate::store::JournalError;

use super::Workers;
use super::asides::Aside;
use super::contained::contained;
use super::runner::{Finished, Runner};
use super::stream::{self, Progress, Step};
use super::turns::RunningTurn;
use super::worker;

/// How long a provider may take to tell of a model.
const LOOK: Duration = Duration::from_secs(20);

impl Runner {
    pub(super) fn begin_effect(&mut self, effect: Effect) {
        let journal = self.parts.journal.clone();
        let at = self.parts.clock.now();
        match effect {
            // These are done in place by the runner.
            Effect::Reply { .. } | Effect::Tell { .. } | Effect::Cancel { .. } | Effect::Settle { .. } => {}
            Effect::Fetch { conversation, turn, messages } => {
                if let Some(prompt) = self.prompt_of(conversation) {
                    self.turns.entry(turn).or_insert_with(|| RunningTurn::new(conversation, prompt));
                }
                self.job(async move {
                    Finished::Input(match journal.fetch(messages).await {
                        Ok(bodies) => {
                            let (messages, attachments) = (bodies.messages, bodies.attachments);
                            Input::Fetched { conversation, turn, messages, attachments }
                        }
                        Err(error) => {
                            let failure = Failure::new(FailureKind::Internal, format!("Not sent: {}", error.message));
                            Input::Failed { conversation, turn, attempt: 1, failure, so_far: Answer::default() }
                        }
                    })
                });
            }
            Effect::Compute { conversation, turn, version, work } => {
                let workers = self.parts.workers;
                self.job(async move {
                    Finished::Input(if let Some(assembled) = compute(workers, work).await {
                        Input::Computed { conversation, turn, version, assembled }
                    } else {
                        let message = "Not sent: putting the prompt together failed. Try again.";
                        let failure = Failure::new(FailureKind::Internal, message);
                        Input::Failed { conversation, turn, attempt: 1, failure, so_far: Answer::default() }
                    })
                });
            }
            Effect::Request { turn, outbound, .. } => self.send(turn, outbound),
            Effect::Retry { turn, attempt, after, .. } => self.pause(turn, attempt, after),
            Effect::Survey { plan, ground } => self.survey(plan, ground),
            Effect::Weave { making, tail } => self.weave(making, tail),
            Effect::KeepDocument { conversation, name, text } => self.keep_document(conversation, name, text),
            Effect::DropDocuments { names } => self.drop_documents(names),
            Effect::Aside { aside, conversation, outbound, purpose, after } => {
                self.ask_aside(Aside { id: aside, conversation, purpose }, outbound, after);
            }
            Effect::Assist { aside, asking } => self.ready_assist(aside, asking),
            Effect::CancelAssist { conversation } => self.asides.retain(|_, held| held.assists != Some(conversation)),
            Effect::CancelDrafts { conversation } => self.asides.retain(|_, held| held.drafts != Some(conversation)),
            Effect::CancelAside { aside } => {
                // Its task ends when the other end is dropped, and says so.
                self.asides.remove(&aside);
            }
            effect @ (Effect::Compose { .. }
            | Effect::List { .. }
            | Effect::Gather { .. }
            | Effect::Inspect { .. }
            | Effect::Deliver { .. }
            | Effect::Restore { .. }) => {
                self.begin_crossing(effect);
            }
            Effect::Look { model } => self.look_at(model),
            Effect::Page { to, page } => self.answer(to, async move { journal.page(page).await.map(Reply::Page) }),
            Effect::Attach { to, name, body } => {
                self.answer(to, async move { journal.attach(name, body).await.map(Reply::Attached) });
            }
            Effect::Recall { to, message, name } => self.recall(to, message, name),
            Effect::Search { to, query, limit, within } => {
                let found = async move { journal.search(query, limit, within).await.map(|hits| Reply::Hits { hits }) };
                self.answer(to, found);
            }
            Effect::SaveView { to, key, value } => {
                self.answer(to, async move { journal.save_view(at, key, value).await.map(|()| Reply::Done) });
            }
            Effect::Erase { to, what } => {
                self.answer(to, async move { journal.erase(what).await.map(|()| Reply::Done) });
            }
        }
    }

    /// Waits before a try.
    fn pause(&mut self, turn: TurnId, attempt: u32, after: Duration) {
        if let Some(running) = self.turns.get_mut(&turn) {
            running.attempt = attempt;
            self.pauses.push(Box::pin(async move {
                sleep(after).await;
                Finished::Paused(turn, attempt)
            }));
        }
    }

    fn recall(&mut self, to: Asker, message: MessageId, name: String) {
        let journal = self.parts.journal.clone();
        self.answer(to, async move {
            let found = journal.fetch(vec![message]).await?.messages.into_iter().next();
            match found {
                Some(found) => journal.attach(name, found.text().into()).await.map(Reply::Attached),
                None => Ok(Reply::Refused(Refusal::new(RefusalKind::Unknown, format!("{name} was erased.")))),
            }
        });
    }

    /// Asks a provider about a model, once in a life. Nothing waits for it: an answer streams meanwhile.
    fn look_at(&mut self, model: ModelRef) {
        if !self.looked_at.insert(model.clone()) {
            return;
        }
        let Ok(provider) = self.parts.providers.provider(&model.provider) else { return };
        self.pauses.push(Box::pin(async move {
            match timeout(LOOK, provider.facts(&model.model)).await {
                Ok(Ok(facts)) => Finished::Input(Input::Known { model, facts }),
                // Whoever doesn't tell is no worse off than before: the window stays unknown, and is said to be.
                Ok(Err(_)) | Err(_) => Finished::Nothing,
            }
        }));
    }

    /// The pause before a try is over: the engine goes on, unless the turn has ended or gone on meanwhile.
    pub(super) async fn try_again(&mut self, turn: TurnId, attempt: u32) {
        let rests = self.turns.get(&turn).filter(|running| running.attempt == attempt);
        if let Some(conversation) = rests.map(|running| running.conversation) {
            self.decide(Input::Rested { conversation, turn }).await;
        }
    }

    fn send(&mut self, turn: TurnId, outbound: Outbound) {
        let Some(running) = self.turns.get_mut(&turn) else { return };
        match self.parts.providers.provider(&outbound.request().model.provider) {
            Ok(provider) => {
                let (attempt, progress) = (running.attempt, self.progress.clone());
                let reads = stream::read(provider, outbound, turn, attempt, progress.clone());
                let task = async move {
                    if contained(reads).await.is_err() {
                        let step = Step::Failed(stream::broken());
                        // The runner is gone: nobody waits for this turn.
                        let _ = progress.send(Progress { turn, attempt, step }).await;
                    }
                };
                running.reads_from(tokio::spawn(task).abort_handle());
            }
            Err(failure) => {
                let (conversation, attempt) = (running.conversation, running.attempt);
                let input = Input::Failed { conversation, turn, attempt, failure, so_far: running.answer() };
                self.job(async move { Finished::Input(input) });
            }
        }
    }

    /// Takes what a stream reports. A report of a turn or a try that is over changes nothing.
    pub(super) async fn advance(&mut self, progress: Progress) {
        let Progress { turn, attempt, step } = progress;
        let Some(running) = self.turns.get_mut(&turn).filter(|running| running.attempt == attempt) else { return };
        let conversation = running.conversation;
        let delta = match step {
            Step::Piece(Piece::Text(text)) => running.push(turn, Stream::Text, text),
            Step::Piece(Piece::Reasoning(text)) => running.push(turn, Stream::Reasoning, text),
            Step::Piece(Piece::Alive) => return,
            Step::Piece(Piece::Usage(usage)) => return running.used(usage),
            Step::Piece(Piece::End(ending)) => {
                running.ends(ending);
                let answer = running.answer();
                return self.decide(Input::Answered { conversation, turn, answer }).await;
            }
            Step::Failed(failure) => {
                let so_far = self.so_far(turn);
                return self.decide(Input::Failed { conversation, turn, attempt, failure, so_far }).await;
            }
        };
        self.checkpoint_soon();
        self.publish_delta(delta);
    }

    fn answer(&mut self, to: Asker, reply: impl Future<Output = Result<Reply, JournalError>> + Send + 'static) {
        self.job(async move {
            let reply =
                reply.await.unwrap_or_else(|error| Reply::Refused(Refusal::new(RefusalKind::NotSaved, error.message)));
            Finished::Reply(to, reply)
        });
    }

    pub(super) fn job(&mut self, job: impl Future<Output = Finished> + Send + 'static) {
        self.jobs.push(Box::pin(job));
    }
}

async fn compute(workers: Workers, work: Work) -> Option<Assembled> {
    let Work::Assemble { model, prompt } = work;
    on_worker(workers, move || prompt::assemble(model, &prompt)).await
}

/// Runs heavy pure work where it keeps nobody waiting; `None` if it panicked.
pub(super) async fn on_worker<T: Send + 'static>(
    workers: Workers,
    work: impl FnOnce() -> T + Send + 'static,
) -> Option<T> {
    match workers {
        Workers::Inline => Some(work()),
        Workers::Threads => worker::run(work).await,
    }
}
