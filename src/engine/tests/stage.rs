//! An engine whose effects are carried out in place, and everything that would leave: requests as a provider gets them.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::engine::Engine;
use crate::engine::aside::Purpose;
use crate::engine::brief::{self, Fields, Quote};
use crate::engine::effect::{Effect, Work};
use crate::engine::event::Event;
use crate::engine::failure::{Failure, FailureKind};
use crate::engine::handoff::Material;
use crate::engine::id::{AsideId, ConversationId, Env, Ids};
use crate::engine::input::{Answer, Asker, Input};
use crate::engine::message::{Attachment, Bodies, Message, Part};
use crate::engine::op::{Op, Reply};
use crate::engine::prompt::{self, Request};
use crate::engine::redaction::{Dictionary, Name};
use crate::engine::settings::{Locality, PaneSettings, ProviderFacts, Settings};
use crate::engine::time::Timestamp;

/// The client's name that the source's dictionary knows.
pub(super) const CLIENT: &str = "Halvorsen AS";

pub(super) struct Stage {
    pub(super) engine: Engine,
    env: Env,
    pub(super) facts: Vec<Event>,
    pub(super) notices: Vec<String>,
    /// What providers were handed, in order.
    pub(super) requests: Vec<Request>,
    replies: Vec<Reply>,
    /// What a model is asked beside a turn, until a test lets it answer.
    aside: Option<(AsideId, ConversationId, Purpose)>,
    /// How many requests beside a turn fail before one is answered.
    pub(super) asides_fail: u32,
    /// Stored texts under their hash, which is the text here.
    stored: BTreeMap<String, Arc<str>>,
}

/// A pane `client` of this locality on a local model, with a dictionary, and an open pane `desk` in the cloud.
pub(super) fn settings(locality: Locality) -> Settings {
    let names = vec![Name { aliases: vec!["Halvorsen".to_owned()], ..Name::new(CLIENT, "client") }];
    let dictionary = Arc::new(Dictionary { names, ..Dictionary::default() });
    let model = Some("llama/small".parse().unwrap());
    let client = PaneSettings { model, locality, dictionary, ..PaneSettings::default() };
    let provider = |name: &str, local| (name.to_owned(), ProviderFacts { local });
    Settings {
        panes: vec![("client".to_owned(), client), ("desk".to_owned(), PaneSettings::default())],
        default_model: "cloud/big".parse().unwrap(),
        providers: [provider("cloud", false), provider("other", false), provider("llama", true)].into(),
        ..Settings::default()
    }
}

impl Stage {
    pub(super) fn new(settings: Settings) -> Self {
        let mut stage = Self {
            engine: Engine::default(),
            env: Env { now: Timestamp::from_millis(1_000), ids: Ids::seeded(1) },
            facts: Vec::new(),
            notices: Vec::new(),
            requests: Vec::new(),
            replies: Vec::new(),
            aside: None,
            asides_fail: 0,
            stored: BTreeMap::new(),
        };
        stage.tell(Input::Configured(settings));
        stage
    }

    /// The pane `client` of this locality has answered with this text.
    pub(super) fn knowing(locality: Locality, text: &str) -> Self {
        let mut stage = Self::new(settings(locality));
        stage.says("client", "What do we know?", text);
        stage
    }

    pub(super) fn tell(&mut self, input: Input) {
        let decision = self.engine.decide(input, &self.env);
        for event in &decision.events {
            // What is applied is what a journal would give back.
            let text = serde_json::to_string(event).unwrap();
            self.engine.apply(&serde_json::from_str(&text).unwrap());
        }
        self.facts.extend(decision.events);
        for effect in decision.effects {
            self.carry_out(effect);
        }
    }

    fn carry_out(&mut self, effect: Effect) {
        match effect {
            Effect::Reply { reply, .. } => self.replies.push(reply),
            Effect::Tell { notice, .. } => self.notices.push(notice),
            Effect::Fetch { conversation, turn, messages } => {
                let (messages, attachments) = (self.messages_of(&messages), self.stored.clone());
                self.tell(Input::Fetched { conversation, turn, messages, attachments });
            }
            Effect::Compute { conversation, turn, version, work: Work::Assemble { model, prompt } } => {
                let assembled = prompt::assemble(model, &prompt);
                self.tell(Input::Computed { conversation, turn, version, assembled });
            }
            Effect::Request { outbound, .. } => self.requests.push(outbound.request().clone()),
            Effect::Retry { conversation, turn, .. } => self.tell(Input::Rested { conversation, turn }),
            Effect::Compose { to, draft, dry_run, quotes, compositions } => {
                let composed = brief::compose_all(compositions, &quotes, &self.bodies());
                self.tell(Input::Composed { from: to, draft, dry_run, composed });
            }
            Effect::Deliver { to, brief, answer, deliveries } => {
                let answer = self.messages_of(&[answer]).remove(0);
                let delivered = Ok(brief::deliver_all(deliveries, &answer, &self.bodies()));
                self.tell(Input::Delivered { to, brief, delivered });
            }
            Effect::Gather { to, gathering } => {
                let mut gathered = brief::gather(&gathering, &self.bodies());
                if let Ok(gathered) = &mut gathered
                    && gathered.holds.is_empty()
                {
                    gathered.stored =
                        gathered.texts.clone().iter().map(|(name, text)| self.store(name, text)).collect();
                }
                self.tell(Input::Gathered { from: to, gathering, gathered });
            }
            Effect::Inspect { to, sending, table, names } => {
                let body = |attachment: &Attachment| (attachment.name.clone(), self.stored[&attachment.hash].clone());
                let texts: Vec<_> = sending.attachments.iter().map(body).collect();
                let found = Ok(table.first_in(sending.conversation, &names, &texts));
                self.tell(Input::Inspected { from: to, sending, read: table.entries.len(), found });
            }
            Effect::Attach { name, body, .. } => {
                let attachment = self.store(&name, &body);
                self.replies.push(Reply::Attached(attachment));
            }
            Effect::Assist { aside, asking } => {
                let ready = asking.ready(&self.bodies());
                self.tell(Input::AssistReady { aside, asking, ready });
            }
            Effect::CancelAssist { conversation: of } => {
                if let Some((aside, conversation, purpose)) = self.aside.take_if(|(_, asked, _)| *asked == of) {
                    self.tell(Input::AsideStopped { aside, conversation, purpose });
                }
            }
            Effect::Settle { conversation, may_begin } => self.tell(Input::Settled { conversation, may_begin }),
            Effect::Erase { .. } => self.replies.push(Reply::Done),
            Effect::Cancel { conversation, turn, by } => {
                self.tell(Input::Stopped { conversation, turn, by, so_far: Answer::default() });
            }
            Effect::Survey { plan, ground } => {
                let read = Bodies { messages: self.messages_of(&ground.messages), attachments: self.stored.clone() };
                let surveyed = Material::of(&plan, &read, ground.briefs, &ground.table).map(Arc::new);
                self.tell(Input::Surveyed { plan, surveyed });
            }
            Effect::Aside { aside, conversation, outbound, purpose, .. } => {
                self.requests.push(outbound.request().clone());
                let so_far = Answer::default();
                if matches!(purpose, Purpose::Proposals(_)) {
                    self.aside = Some((aside, conversation, purpose));
                } else if self.asides_fail > 0 {
                    self.asides_fail -= 1;
                    let failure = Failure::new(FailureKind::Unauthorized, "It failed.");
                    self.tell(Input::AsideFailed { aside, conversation, purpose, failure, so_far });
                } else {
                    self.tell(Input::AsideAnswered { aside, conversation, purpose, answer: so_far });
                }
            }
            Effect::Weave { making, tail } => {
                let (woven, tail) = (Ok(making.weave()), self.messages_of(&tail));
                self.tell(Input::Woven { making, woven, tail });
            }
            _ => {}
        }
    }

    /// Another source of identities and marks.
    pub(super) fn reseed(&mut self, env: Env) {
        self.env = env;
    }

    fn store(&mut self, name: &str, text: &str) -> Attachment {
        self.stored.insert(text.to_owned(), text.into());
        Attachment { hash: text.to_owned(), name: name.to_owned(), bytes: text.len() as u64, tokens: 1 }
    }

    pub(super) fn op(&mut self, op: Op) -> Reply {
        self.tell(Input::Op { from: Asker(1), op });
        self.replies.pop().expect("every op is answered")
    }

    /// Asks for proposals, with what is written and quoted so far; or says why nobody is asked.
    pub(super) fn assist(&mut self, pane: &str, fields: Fields, context: Vec<Quote>) -> Result<(), String> {
        let conversation = self.conversation(pane);
        self.tell(Input::Op { from: Asker(1), op: Op::Assist { conversation, fields, context } });
        match self.replies.pop() {
            None => Ok(()),
            Some(Reply::Refused(refusal)) => Err(refusal.message),
            Some(other) => panic!("{other:?}"),
        }
    }

    /// The model that is asked beside a turn answers.
    pub(super) fn proposes(&mut self, answer: Answer) -> Reply {
        let (aside, conversation, purpose) = self.aside.take().expect("something is asked");
        self.tell(Input::AsideAnswered { aside, conversation, purpose, answer });
        self.replies.pop().expect("whoever asked is told")
    }

    /// The model that is asked beside a turn fails, after this has come.
    pub(super) fn proposes_not(&mut self, kind: FailureKind, so_far: Answer) -> Reply {
        let (aside, conversation, purpose) = self.aside.take().expect("something is asked");
        let failure = Failure::new(kind, "cloud failed.");
        self.tell(Input::AsideFailed { aside, conversation, purpose, failure, so_far });
        self.replies.pop().expect("whoever asked is told")
    }

    /// The sentence with which something was refused.
    pub(super) fn refusal(&mut self, op: Op) -> String {
        match self.op(op) {
            Reply::Refused(refusal) => refusal.message,
            other => panic!("not refused: {other:?}"),
        }
    }

    pub(super) fn bodies(&self) -> Bodies {
        Bodies { messages: self.messages(), attachments: self.stored.clone() }
    }

    pub(super) fn messages(&self) -> Vec<Message> {
        self.facts.iter().filter_map(Event::message).cloned().collect()
    }

    fn messages_of(&self, ids: &[crate::engine::id::MessageId]) -> Vec<Message> {
        let all = self.messages();
        ids.iter().filter_map(|id| all.iter().find(|message| message.id == *id).cloned()).collect()
    }

    pub(super) fn conversation(&self, pane: &str) -> ConversationId {
        self.engine.shown(pane).unwrap().header.id
    }

    /// The last message of a pane.
    pub(super) fn last(&self, pane: &str) -> Message {
        self.messages_of(&[self.engine.shown(pane).unwrap().header.head.unwrap()]).remove(0)
    }

    pub(super) fn send(&self, pane: &str, text: &str) -> Op {
        let conversation = self.conversation(pane);
        Op::Send { conversation, text: text.to_owned(), attachments: Vec::new(), parent: None }
    }

    /// Sends in a pane and lets its model answer.
    pub(super) fn says(&mut self, pane: &str, text: &str, answer: &str) {
        let op = self.send(pane, text);
        let reply = self.op(op);
        assert!(matches!(reply, Reply::Accepted { .. }), "{reply:?}");
        self.answers(pane, answer);
    }

    pub(super) fn answers(&mut self, pane: &str, text: &str) {
        let shown = self.engine.shown(pane).unwrap();
        let (conversation, turn) = (shown.header.id, shown.header.turn.as_ref().expect("a turn runs").id);
        let answer = Answer { parts: vec![Part::text(text)], ..Answer::default() };
        self.tell(Input::Answered { conversation, turn, answer });
    }

    /// The pane's provider fails before its first word.
    pub(super) fn fails(&mut self, pane: &str, kind: FailureKind, attempt: u32) {
        let shown = self.engine.shown(pane).unwrap();
        let (conversation, turn) = (shown.header.id, shown.header.turn.as_ref().expect("a turn runs").id);
        let (failure, so_far) = (Failure::new(kind, "It failed."), Answer::default());
        self.tell(Input::Failed { conversation, turn, attempt, failure, so_far });
    }

    /// How the pane's last turn failed; nothing, if it didn't.
    pub(super) fn failure(&self) -> Option<String> {
        self.facts.iter().rev().find_map(|fact| match fact {
            Event::TurnFailed { failure, .. } => Some(failure.message.clone()),
            _ => None,
        })
    }
}

/// Everything that a request says.
pub(super) fn text_of(request: &Request) -> String {
    let said = request.said.iter().map(|said| said.text.to_string());
    [request.system.to_string()].into_iter().chain(said).collect::<Vec<_>>().join("\n")
}
