//! What stands in for runtime and journal: the real engine decides, and what it asks of the world is done in place.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::{BEGIN, Plan, chat};
use crate::engine::Engine;
use crate::engine::aside::Purpose;
use crate::engine::brief;
use crate::engine::effect::Effect;
use crate::engine::event::Event;
use crate::engine::failure::{Failure, FailureKind};
use crate::engine::handoff::Material;
use crate::engine::id::{AsideId, ConversationId, Env, Ids, MessageId, TurnId};
use crate::engine::input::{Answer, Asker, Input};
use crate::engine::message::{Attachment, Author, Bodies, Ending, Message, Part};
use crate::engine::meter;
use crate::engine::model::{ModelFacts, ModelRef};
use crate::engine::op::{Forgotten, Hit, Op, Page, PageOf, Refusal, RefusalKind, Reply};
use crate::engine::settings::{PaneSettings, ProviderFacts, Settings};
use crate::engine::time::Timestamp;
use crate::engine::update::{Delta, Stream, Update};

/// The engine, with everything that was said and kept.
pub(crate) struct StandIn {
    pub(crate) env: Env,
    pub(crate) engine: Engine,
    /// What was said, by conversation: whole branches.
    pub(crate) said: BTreeMap<ConversationId, Vec<Message>>,
    /// Every body, on whatever branch.
    pub(super) bodies: BTreeMap<MessageId, Message>,
    /// The text of the turns that run.
    streamed: BTreeMap<ConversationId, (TurnId, MessageId, String)>,
    pub(crate) view: BTreeMap<String, serde_json::Value>,
    /// What the next Send is refused with.
    pub(crate) refuse: Option<String>,
    /// Why nothing can be written to the disk, while that is so.
    pub(crate) full: Option<String>,
    /// What a model is asked to propose for a brief, until a story lets it answer.
    proposing: Option<(AsideId, ConversationId, Purpose)>,
    replies: Vec<(Asker, Reply)>,
    last_asker: u64,
    updates: Vec<Update>,
}

impl StandIn {
    pub(super) fn new(plan: &Plan) -> Self {
        let mut stand_in = Self {
            env: Env { now: Timestamp::from_millis(BEGIN), ids: Ids::seeded(7) },
            engine: Engine::default(),
            said: BTreeMap::new(),
            bodies: BTreeMap::new(),
            streamed: BTreeMap::new(),
            view: BTreeMap::new(),
            refuse: None,
            full: None,
            proposing: None,
            replies: Vec::new(),
            last_asker: 0,
            updates: Vec::new(),
        };
        stand_in.tell(Input::Configured(settings(plan)));
        let conversations: Vec<_> = stand_in.engine.conversations.values().map(|known| known.header.clone()).collect();
        for header in conversations {
            for message in chat(&stand_in.env, header.id, &header.model, &header.pane, plan.messages) {
                stand_in.fact(Event::MessageAdded { message });
            }
        }
        stand_in.updates.clear();
        stand_in
    }

    /// What follows from an Op, and its answer.
    pub(super) fn op(&mut self, op: Op) -> (Vec<Update>, Reply) {
        let asker = self.post(op);
        let at = self.replies.iter().position(|(to, _)| *to == asker).expect("this op is answered at once");
        (self.take_updates(), self.replies.remove(at).1)
    }

    /// What follows from an Op; its answer is among the replies, at once or once something else has happened.
    pub(super) fn post(&mut self, op: Op) -> Asker {
        self.last_asker += 1;
        let from = Asker(self.last_asker);
        match self.refuse.take_if(|_| matches!(op, Op::Send { .. })) {
            Some(why) => self.replies.push((from, Reply::Refused(Refusal::new(RefusalKind::NotNow, why)))),
            None => self.tell(Input::Op { from, op }),
        }
        from
    }

    pub(super) fn take_replies(&mut self) -> Vec<(Asker, Reply)> {
        std::mem::take(&mut self.replies)
    }

    /// The model that is asked to propose something answers this, or fails so. Returns whether one was asked.
    pub(super) fn proposes(&mut self, answer: Result<&str, Failure>) -> bool {
        let Some((aside, conversation, purpose)) = self.proposing.take() else { return false };
        self.tell(match answer {
            Ok(text) => {
                let answer = Answer { parts: vec![Part::text(text)], ..Answer::default() };
                Input::AsideAnswered { aside, conversation, purpose, answer }
            }
            Err(failure) => Input::AsideFailed { aside, conversation, purpose, failure, so_far: Answer::default() },
        });
        true
    }

    /// A fact that nobody decided here.
    pub(super) fn fact(&mut self, event: Event) {
        self.engine.apply(&event);
        match &event {
            Event::TurnStarted { conversation, turn, prompt, .. } => {
                self.streamed.insert(*conversation, (*turn, *prompt, String::new()));
            }
            Event::TurnEnded { conversation, .. }
            | Event::TurnFailed { conversation, .. }
            | Event::TurnInterrupted { conversation, .. } => {
                self.streamed.remove(conversation);
            }
            Event::ConversationStarted { conversation, .. } => {
                self.said.insert(*conversation, Vec::new());
            }
            _ => {}
        }
        if let Some(message) = event.message() {
            self.keep(message);
        }
        self.updates.push(Update::Event { at: self.env.now, fact: Arc::new(event) });
    }

    pub(super) fn take_updates(&mut self) -> Vec<Update> {
        std::mem::take(&mut self.updates)
    }

    /// Decides, applies, and does what is asked of the world.
    fn tell(&mut self, input: Input) {
        let decision = self.engine.decide(input, &self.env);
        for event in decision.events {
            self.fact(event);
        }
        for effect in decision.effects {
            self.carry_out(effect);
        }
    }

    /// Everything that was said; bodies of attachments aren't kept here.
    fn everything(&self) -> Bodies {
        Bodies { messages: self.bodies.values().cloned().collect(), ..Bodies::default() }
    }

    fn save_view(&mut self, to: Asker, key: String, value: serde_json::Value) {
        if let Some(why) = self.full.clone() {
            return self.replies.push((to, Reply::Refused(Refusal::new(RefusalKind::NotNow, why))));
        }
        if value.is_null() {
            self.view.remove(&key);
        } else {
            self.view.insert(key, value);
        }
        self.replies.push((to, Reply::Done));
    }

    fn carry_out(&mut self, effect: Effect) {
        match effect {
            Effect::Reply { to, reply } => self.replies.push((to, reply)),
            Effect::Tell { conversation, notice } => {
                self.updates.push(Update::Notice { conversation, text: notice });
            }
            Effect::Cancel { conversation, turn, by } => {
                let so_far = self.so_far(conversation);
                self.tell(Input::Stopped { conversation, turn, by, so_far });
            }
            Effect::Compose { to, draft, dry_run, quotes, compositions } => {
                let composed = brief::compose_all(compositions, &quotes, &self.everything());
                self.tell(Input::Composed { from: to, draft, dry_run, composed });
            }
            Effect::List { to, objective, quotes, offered } => {
                let listing = brief::list(&objective, &quotes, &offered, &self.everything().messages);
                self.replies.push((to, Reply::Listing(listing)));
            }
            Effect::Deliver { to, brief, answer, deliveries } => {
                let delivered = Ok(brief::deliver_all(deliveries, &self.bodies[&answer], &self.everything()));
                self.tell(Input::Delivered { to, brief, delivered });
            }
            Effect::Gather { to, gathering } => {
                let mut gathered = brief::gather(&gathering, &self.everything()).unwrap();
                if gathered.holds.is_empty() {
                    gathered.stored = gathered.texts.iter().map(|(name, text)| stored(name.clone(), text)).collect();
                }
                self.tell(Input::Gathered { from: to, gathering, gathered: Ok(gathered) });
            }
            Effect::Inspect { to, sending, table, .. } => {
                // Bodies of attachments aren't kept here: what stands in them is the engine's own tests' matter.
                let read = table.entries.len();
                self.tell(Input::Inspected { from: to, sending, read, found: Ok(None) });
            }
            Effect::Restore { to, conversation, messages, table } => {
                let messages = messages.iter().filter_map(|id| self.bodies.get(id).cloned()).collect();
                let (messages, count) = table.reveal(conversation, messages);
                self.replies.push((to, Reply::Restored { messages, count }));
            }
            Effect::Settle { conversation, may_begin } => self.tell(Input::Settled { conversation, may_begin }),
            Effect::Page { to, page } => self.replies.push((to, Reply::Page(self.page(&page)))),
            Effect::SaveView { to, key, value } => self.save_view(to, key, value),
            Effect::Attach { to, name, body } => {
                self.replies.push((to, Reply::Attached(stored(name, &body))));
            }
            Effect::Recall { to, message, name } => {
                let body = self.bodies[&message].text().into();
                self.carry_out(Effect::Attach { to, name, body });
            }
            Effect::Search { to, query, within, .. } => {
                let mut hits = self.hits(&query);
                hits.retain(|hit| within.is_none_or(|conversation| conversation == hit.conversation));
                self.replies.push((to, Reply::Hits { hits }));
            }
            Effect::Erase { to, what } => {
                self.erase(what);
                self.replies.push((to, Reply::Done));
            }
            Effect::Survey { plan, ground } => {
                let read = Bodies { messages: self.read(&ground.messages), attachments: BTreeMap::new() };
                let surveyed = Material::of(&plan, &read, ground.briefs, &ground.table).map(Arc::new);
                self.tell(Input::Surveyed { plan, surveyed });
            }
            Effect::Weave { making, tail } => {
                let (woven, tail) = (Ok(making.weave()), self.read(&tail));
                self.tell(Input::Woven { making, woven, tail });
            }
            Effect::Assist { aside, asking } => {
                let ready = asking.ready(&self.everything());
                self.tell(Input::AssistReady { aside, asking, ready });
            }
            Effect::CancelAssist { conversation: of } => {
                if let Some((aside, conversation, purpose)) = self.proposing.take_if(|(_, asked, _)| *asked == of) {
                    self.tell(Input::AsideStopped { aside, conversation, purpose });
                }
            }
            Effect::Aside { aside, conversation, purpose: purpose @ Purpose::Proposals(_), .. } => {
                self.proposing = Some((aside, conversation, purpose));
            }
            Effect::Aside { aside, conversation, purpose, .. } => {
                // No model stands behind a story: the ledger goes alone.
                let failure = Failure::new(FailureKind::Rejected, "No model answers here.");
                let so_far = Answer::default();
                self.tell(Input::AsideFailed { aside, conversation, purpose, failure, so_far });
            }
            // A turn that runs is streamed by the story, and a story has no files.
            Effect::CancelDrafts { .. }
            | Effect::CancelAside { .. }
            | Effect::KeepDocument { .. }
            | Effect::DropDocuments { .. }
            | Effect::Fetch { .. }
            | Effect::Compute { .. }
            | Effect::Request { .. }
            | Effect::Look { .. }
            | Effect::Retry { .. } => {}
        }
    }

    fn read(&self, ids: &[MessageId]) -> Vec<Message> {
        ids.iter().filter_map(|id| self.bodies.get(id).cloned()).collect()
    }

    /// A piece of a turn's answer; begins a turn for the last question if none runs.
    pub(super) fn streams(&mut self, conversation: ConversationId, text: &str) -> Delta {
        if !self.streamed.contains_key(&conversation) {
            let prompt = self.said[&conversation].last().unwrap().id;
            let model = self.engine.conversations[&conversation].header.model.clone();
            self.fact(Event::TurnStarted { conversation, turn: TurnId::new(&self.env), prompt, model });
        }
        let (turn, _, so_far) = self.streamed.get_mut(&conversation).unwrap();
        let (turn, offset) = (*turn, so_far.len());
        so_far.push_str(text);
        Delta { conversation, turn, stream: Stream::Text, offset, text: text.to_owned() }
    }

    pub(super) fn is_running(&self, conversation: ConversationId) -> bool {
        self.streamed.contains_key(&conversation)
    }

    /// Ends the turn of a conversation.
    pub(super) fn end(&mut self, conversation: ConversationId, ending: &Ending) {
        let answer = self.so_far(conversation);
        let (turn, prompt, text) = self.streamed[&conversation].clone();
        match ending.clone() {
            Ending::Interrupted { by } => self.tell(Input::Stopped { conversation, turn, by, so_far: answer }),
            Ending::Failed { failure } => {
                let message = (!text.is_empty()).then(|| {
                    let mut message = self.say(conversation, Author::Model, answer.parts, Some(prompt));
                    message.model = Some(self.engine.conversations[&conversation].header.model.clone());
                    Message { turn: Some(turn), ending: ending.clone(), ..message }
                });
                self.fact(Event::TurnFailed { conversation, turn, failure, message });
            }
            ending => {
                self.tell(Input::Answered { conversation, turn, answer: Answer { ending, ..answer } });
            }
        }
    }

    fn so_far(&self, conversation: ConversationId) -> Answer {
        let text = self.streamed.get(&conversation).map(|(_, _, text)| text.clone()).unwrap_or_default();
        let parts = if text.is_empty() { Vec::new() } else { vec![Part::text(text)] };
        Answer { parts, ..Answer::default() }
    }

    /// A message that could be said next.
    pub(super) fn say(
        &self,
        conversation: ConversationId,
        author: Author,
        parts: Vec<Part>,
        parent: Option<MessageId>,
    ) -> Message {
        let number = self.said[&conversation].iter().map(|message| message.number).max().unwrap_or(0) + 1;
        Message {
            id: MessageId::new(&self.env),
            conversation,
            number,
            parent,
            author,
            at: self.env.now,
            parts,
            ending: Ending::Complete,
            about: None,
            turn: None,
            model: None,
            usage: None,
        }
    }

    /// Puts a message at the end of the branch that its parent ends.
    fn keep(&mut self, message: &Message) {
        self.bodies.insert(message.id, message.clone());
        let branch = self.said.get_mut(&message.conversation).unwrap();
        let kept = branch.iter().position(|known| Some(known.id) == message.parent).map_or(0, |at| at + 1);
        branch.truncate(kept);
        branch.push(message.clone());
    }

    fn erase(&mut self, what: Forgotten) {
        let is_meant = |message: &Message| match what {
            Forgotten::Message { message: id, .. } => message.id == id,
            Forgotten::Conversation { conversation } => message.conversation == conversation,
        };
        self.bodies.retain(|_, message| !is_meant(message));
        for message in self.said.values_mut().flatten().filter(|message| is_meant(message)) {
            message.parts.clear();
        }
    }

    pub(super) fn page(&self, page: &PageOf) -> Page {
        let branch = &self.said[&page.conversation];
        let end = page.end.unwrap_or(u32::MAX).min(branch.len() as u32);
        let first = end.saturating_sub(page.limit);
        Page {
            conversation: page.conversation,
            first,
            total: branch.len() as u32,
            messages: branch[first as usize..end as usize].to_vec(),
        }
    }

    fn hits(&self, query: &str) -> Vec<Hit> {
        let mut hits = Vec::new();
        let place = |id: ConversationId| {
            self.engine.workspace.panes.iter().position(|pane| pane.conversation == Some(id)).unwrap_or(usize::MAX)
        };
        let mut said: Vec<_> = self.said.iter().collect();
        said.sort_by_key(|(id, _)| place(**id));
        for (conversation, messages) in said {
            for (position, message) in messages.iter().enumerate() {
                if message.text().to_lowercase().contains(&query.to_lowercase()) {
                    hits.push(Hit {
                        conversation: *conversation,
                        pane: self.engine.conversations[conversation].header.pane.clone(),
                        message: message.id,
                        number: message.number,
                        position: position as u32,
                        at: message.at,
                        snippet: message.text().replace('\n', " "),
                    });
                }
            }
        }
        hits
    }
}

fn settings(plan: &Plan) -> Settings {
    let mut settings = Settings { title: "vendor study".to_owned(), ..Settings::default() };
    settings.providers.insert("llama".into(), ProviderFacts { local: true });
    settings.providers.insert("openai".into(), ProviderFacts { local: false });
    let facts = ModelFacts { window: Some(plan.window), ..ModelFacts::default() };
    settings.models.insert("llama/smollm2".into(), facts);
    let pane = |(name, locality, model): &(&str, _, &str)| {
        let model: ModelRef = model.parse().unwrap();
        let role = format!("You do the {name}.");
        let dictionary = plan.dictionary.clone().into();
        let own = PaneSettings { role, model: Some(model), locality: *locality, dictionary, ..PaneSettings::default() };
        ((*name).to_owned(), own)
    };
    settings.panes = plan.panes.iter().map(pane).collect();
    settings
}

fn stored(name: String, text: &str) -> Attachment {
    Attachment { hash: format!("{:08x}", text.len()), name, bytes: text.len() as u64, tokens: meter::estimate(text) }
}
