//! The one task that holds the engine: inputs in, facts committed, effects run.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::Arc;
use std::time::Duration;

use futures_util::StreamExt as _;
use futures_util::future::BoxFuture;
use futures_util::stream::FuturesUnordered;
use tokio::sync::{mpsc, oneshot};
use tokio::time::{Instant, sleep_until};

use crate::engine::Engine;
use crate::engine::effect::Effect;
use crate::engine::event::Event;
use crate::engine::id::{AsideId, ConversationId, Env, MessageId, TurnId};
use crate::engine::input::{Answer, Asker, Input};
use crate::engine::message::Interruption;
use crate::engine::model::ModelRef;
use crate::engine::op::{Op, Refusal, RefusalKind, Reply};
use crate::engine::update::{Delta, Update};
use crate::store::{JournalError, JournalErrorKind, Loaded};

use super::Parts;
use super::asides::Held;
use super::connection::{Incoming, Ticket};
use super::mailbox::{Mailbox, Post, Posted};
use super::stream::Progress;
use super::turns::{RunningTurn, RunningTurns};

/// The longest time streamed text stays only in memory.
const CHECKPOINT_EVERY: Duration = Duration::from_millis(250);
/// How long after a failed write it is tried again.
const SAVE_AGAIN_AFTER: Duration = Duration::from_secs(2);
/// How many pieces a stream may be ahead of the runner.
const PROGRESS_AHEAD: usize = 256;

pub(super) struct Runner {
    pub(super) parts: Parts,
    engine: Engine,
    mailboxes: Vec<Arc<Mailbox>>,
    askers: BTreeMap<Asker, (Arc<Mailbox>, Ticket)>,
    last_asker: u64,
    pub(super) turns: RunningTurns,
    pub(super) progress: mpsc::Sender<Progress>,
    progressed: mpsc::Receiver<Progress>,
    pub(super) jobs: FuturesUnordered<BoxFuture<'static, Finished>>,
    /// Pauses before another try; unlike jobs, nothing waits for them when the program ends.
    pub(super) pauses: FuturesUnordered<BoxFuture<'static, Finished>>,
    /// The asides that are asked now, or made ready: dropping one cancels it.
    pub(super) asides: BTreeMap<AsideId, Held>,
    /// The models whose provider was asked about them in this life.
    pub(super) looked_at: BTreeSet<ModelRef>,
    /// Results whose facts could not be written, in order; the answers are kept here until they can be.
    unsaved: VecDeque<Input>,
    checkpoint_at: Option<Instant>,
    save_again_at: Option<Instant>,
    ending: Option<oneshot::Sender<()>>,
}

/// What a job came back with.
pub(super) enum Finished {
    /// A result for the engine.
    Input(Input),
    /// An answer for a client.
    Reply(Asker, Reply),
    /// The pause before a try is over.
    Paused(TurnId, u32),
    /// A provider told nothing of a model, or a file was written.
    Nothing,
    /// Something to say to the person.
    Told(Option<ConversationId>, String),
    /// An aside ended.
    Aside(AsideId, Input),
    /// A checkpoint was written, or not.
    Checkpointed(Result<(), JournalError>),
}

impl Runner {
    pub(super) fn new(parts: Parts) -> Self {
        let (progress, progressed) = mpsc::channel(PROGRESS_AHEAD);
        Self {
            parts,
            engine: Engine::default(),
            mailboxes: Vec::new(),
            askers: BTreeMap::new(),
            last_asker: 0,
            turns: RunningTurns::new(),
            progress,
            progressed,
            jobs: FuturesUnordered::new(),
            pauses: FuturesUnordered::new(),
            asides: BTreeMap::new(),
            looked_at: BTreeSet::new(),
            unsaved: VecDeque::new(),
            checkpoint_at: None,
            save_again_at: None,
            ending: None,
        }
    }

    pub(super) async fn run(mut self, mut posted: mpsc::UnboundedReceiver<Post>) {
        self.open(&mut posted).await;
        loop {
            if self.ending.is_some() && self.turns.is_empty() && self.unsaved.is_empty() && self.jobs.is_empty() {
                // What began after the word to end, and waits for something that won't come, ends now as well.
                let waits = self.waits();
                self.stop_all().await;
                if self.unsaved.is_empty() && (waits == 0 || self.waits() == waits) {
                    break;
                }
                continue;
            }
            let checkpoint_at = self.checkpoint_at;
            let save_again_at = self.save_again_at;
            tokio::select! {
                biased;
                post = posted.recv() => match post {
                    Some(post) => self.take(post).await,
                    None => break,
                },
                Some(finished) = self.jobs.next(), if !self.jobs.is_empty() => self.finish(finished).await,
                Some(finished) = self.pauses.next(), if !self.pauses.is_empty() => self.finish(finished).await,
                Some(progress) = self.progressed.recv() => self.advance(progress).await,
                () = at(checkpoint_at) => self.checkpoint(),
                () = at(save_again_at) => self.save_again().await,
            }
        }
        self.publish_closed();
        if let Some(done) = self.ending.take() {
            let _ = done.send(());
        }
    }

    /// Loads the index and brings the journal up to date. Whoever connected meanwhile is told of that as well; what was
    /// asked meanwhile is done afterwards.
    async fn open(&mut self, posted: &mut mpsc::UnboundedReceiver<Post>) {
        let loaded = self.parts.journal.load().await;
        let mut asked = Vec::new();
        while let Ok(post) = posted.try_recv() {
            match post {
                Post::Connect(_) => self.take(post).await,
                Post::Op(_) | Post::Input(_) | Post::ShutDown(_) => asked.push(post),
            }
        }
        self.begin(loaded).await;
        for post in asked {
            self.take(post).await;
        }
    }

    async fn begin(&mut self, loaded: Result<Loaded, JournalError>) {
        match loaded {
            Ok(loaded) => {
                self.engine = Engine::loaded(loaded.workspace, loaded.conversations);
                if let Some(settings) = self.parts.settings.take() {
                    self.decide(Input::Recovered(loaded.partials)).await;
                    self.decide(Input::Configured(settings)).await;
                }
            }
            Err(error) => self.tell(None, error.message),
        }
    }

    async fn take(&mut self, post: Post) {
        match post {
            Post::Op(Posted { mailbox, ticket, op }) => {
                self.last_asker += 1;
                let from = Asker(self.last_asker);
                self.askers.insert(from, (mailbox, ticket));
                self.decide(Input::Op { from, op }).await;
            }
            Post::Connect(mailbox) => {
                for (turn, running) in &self.turns {
                    for delta in running.so_far(*turn) {
                        mailbox.put(Incoming::Update(Update::Delta(delta)));
                    }
                }
                self.mailboxes.push(mailbox);
            }
            Post::Input(input) => self.decide(input).await,
            Post::ShutDown(done) => {
                self.ending = Some(done);
                self.stop_all().await;
            }
        }
    }

    async fn stop_all(&mut self) {
        // Nobody waits for this reply: the asker is unknown, and the reply is dropped.
        let op = Op::StopAll { by: Interruption::Shutdown };
        self.decide(Input::Op { from: Asker(0), op }).await;
    }

    /// How many conversations have a turn or a handoff that is not over.
    fn waits(&self) -> usize {
        let headers = self.engine.conversations.values().map(|conversation| &conversation.header);
        headers.filter(|header| header.turn.is_some() || header.succession.underway.is_some()).count()
    }

    async fn finish(&mut self, finished: Finished) {
        match finished {
            Finished::Input(input) => self.decide(input).await,
            Finished::Reply(to, reply) => self.reply(to, reply),
            Finished::Paused(turn, attempt) => self.try_again(turn, attempt).await,
            Finished::Checkpointed(Ok(())) | Finished::Nothing => {}
            Finished::Told(conversation, text) => self.tell(conversation, text),
            Finished::Aside(aside, input) => {
                self.asides.remove(&aside);
                self.decide(input).await;
            }
            Finished::Checkpointed(Err(error)) => {
                self.tell(None, format!("{} Answers are kept in memory.", error.message));
            }
        }
    }

    /// Decides, commits, applies, publishes; then runs the effects.
    pub(super) async fn decide(&mut self, input: Input) {
        if !self.unsaved.is_empty() && !matches!(input, Input::Op { .. }) {
            // Results keep their order: what came later waits behind what could not be written.
            self.unsaved.push_back(input);
            return;
        }
        if let Some(unsaved) = self.settle(input).await {
            self.unsaved.push_back(unsaved);
        }
    }

    /// Does what follows from an input; gives it back if its facts could not be written and it must not be lost.
    async fn settle(&mut self, input: Input) -> Option<Input> {
        let env = Env { now: self.parts.clock.now(), ids: self.parts.ids.fork() };
        let asker = match &input {
            Input::Op { from, .. }
            | Input::Composed { from, .. }
            | Input::Gathered { from, .. }
            | Input::Inspected { from, .. } => Some(*from),
            Input::AssistReady { asking, .. } => Some(asking.asker),
            Input::Delivered { to, .. } => *to,
            _ => None,
        };
        let kept = if asker.is_some() { None } else { Some(input.clone()) };
        let decision = self.engine.decide(input, &env);
        if !decision.events.is_empty() {
            let (result, events) = self.parts.journal.commit(env.now, decision.events).await;
            if let Err(error) = result {
                self.not_saved(asker, &error);
                return kept.filter(|_| may_pass(error.kind));
            }
            for event in events {
                self.fold(&env, event);
            }
        }
        for effect in decision.effects {
            self.run_effect(effect).await;
        }
        None
    }

    fn fold(&mut self, env: &Env, event: Event) {
        self.engine.apply(&event);
        if let Event::TurnEnded { turn, .. }
        | Event::TurnFailed { turn, .. }
        | Event::TurnInterrupted { turn, .. }
        | Event::Continued { turn: Some(turn), .. } = &event
        {
            self.turns.remove(turn);
        }
        self.publish(&Update::Event { at: env.now, fact: Arc::new(event) });
    }

    fn not_saved(&mut self, asker: Option<Asker>, error: &JournalError) {
        if let Some(asker) = asker {
            self.reply(asker, Reply::Refused(Refusal::new(RefusalKind::NotSaved, not_done(&error.message))));
        } else if may_pass(error.kind) {
            if self.save_again_at.is_none() {
                let seconds = SAVE_AGAIN_AFTER.as_secs();
                self.tell(None, format!("{} Kept in memory; trying again every {seconds} s.", error.message));
            }
            self.save_again_at = Some(Instant::now() + SAVE_AGAIN_AFTER);
        }
    }

    async fn save_again(&mut self) {
        self.save_again_at = None;
        let had_unsaved = !self.unsaved.is_empty();
        while let Some(input) = self.unsaved.pop_front() {
            if let Some(unsaved) = self.settle(input).await {
                self.unsaved.push_front(unsaved);
                if self.ending.is_some() {
                    // The program is ending and the disk still refuses: the last checkpoint is what stays.
                    self.unsaved.clear();
                    self.turns.clear();
                }
                return;
            }
        }
        if had_unsaved {
            self.tell(None, "Saved again.".to_owned());
        }
    }

    async fn run_effect(&mut self, effect: Effect) {
        match effect {
            Effect::Reply { to, reply } => self.reply(to, reply),
            Effect::Tell { conversation, notice } => self.tell(conversation, notice),
            Effect::Cancel { conversation, turn, by } => {
                // Its task is dropped now; its text so far goes into the fact that ends it.
                let so_far = self.turns.remove(&turn).map(|running| running.answer()).unwrap_or_default();
                Box::pin(self.decide(Input::Stopped { conversation, turn, by, so_far })).await;
            }
            Effect::Settle { conversation, may_begin } => {
                Box::pin(self.decide(Input::Settled { conversation, may_begin })).await;
            }
            effect => self.begin_effect(effect),
        }
    }

    pub(super) fn checkpoint_soon(&mut self) {
        if self.checkpoint_at.is_none() {
            self.checkpoint_at = Some(Instant::now() + CHECKPOINT_EVERY);
        }
    }

    fn checkpoint(&mut self) {
        self.checkpoint_at = None;
        let partials: Vec<_> = self.turns.iter().map(|(turn, running)| running.partial(*turn)).collect();
        let partials: Vec<_> = partials.into_iter().filter(|partial| !partial.parts.is_empty()).collect();
        if partials.is_empty() {
            return;
        }
        let (journal, at) = (self.parts.journal.clone(), self.parts.clock.now());
        self.jobs.push(Box::pin(async move { Finished::Checkpointed(journal.checkpoint(at, partials).await) }));
    }

    pub(super) fn reply(&mut self, to: Asker, reply: Reply) {
        if let Some((mailbox, ticket)) = self.askers.remove(&to) {
            mailbox.put(Incoming::Reply(ticket, reply));
        }
    }

    fn tell(&mut self, conversation: Option<ConversationId>, text: String) {
        self.publish(&Update::Notice { conversation, text });
    }

    pub(super) fn publish_delta(&mut self, delta: Delta) {
        self.publish(&Update::Delta(delta));
    }

    fn publish(&mut self, update: &Update) {
        self.mailboxes.retain(|mailbox| !mailbox.is_closed());
        for mailbox in &self.mailboxes {
            mailbox.put(Incoming::Update(update.clone()));
        }
    }

    fn publish_closed(&mut self) {
        for mailbox in self.mailboxes.drain(..) {
            mailbox.put(Incoming::Closed);
        }
    }

    /// What has come of a turn; nothing, if the runtime doesn't hold it.
    pub(super) fn so_far(&self, turn: TurnId) -> Answer {
        self.turns.get(&turn).map(RunningTurn::answer).unwrap_or_default()
    }

    pub(super) fn prompt_of(&self, conversation: ConversationId) -> Option<MessageId> {
        Some(self.engine.conversations.get(&conversation)?.header.turn.as_ref()?.prompt)
    }
}

/// However it ends, nobody waits for it in vain.
impl Drop for Runner {
    fn drop(&mut self) {
        self.publish_closed();
    }
}

/// Whether waiting can mend it: a disk gets space, a busy file is let go. A journal that may not be written stays so.
const fn may_pass(kind: JournalErrorKind) -> bool {
    matches!(kind, JournalErrorKind::Full | JournalErrorKind::Held | JournalErrorKind::Io)
}

/// Sleeps until this moment; for ever if there is none.
async fn at(moment: Option<Instant>) {
    match moment {
        Some(moment) => sleep_until(moment).await,
        None => std::future::pending().await,
    }
}

/// What is said to whoever asked for something that could not be saved.
fn not_done(why: &str) -> String {
    format!("Not saved, so not done: {}", why.strip_prefix("Not saved: ").unwrap_or(why))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn that_nothing_was_saved_is_said_once() {
        assert_eq!(not_done("Not saved: the disk is full."), "Not saved, so not done: the disk is full.");
        assert_eq!(not_done("The journal is gone."), "Not saved, so not done: The journal is gone.");
    }
}
