//! Journals for tests: real decisions of the engine, driven by steps that proptest chooses.

use std::path::Path;

use proptest::prelude::*;

use crate::engine::brief::{self, Draft, Fields, Quote, Return};
use crate::engine::conversation::Conversation;
use crate::engine::effect::Effect;
use crate::engine::event::Event;
use crate::engine::failure::{Failure, FailureKind};
use crate::engine::id::{ConversationId, Env, Ids, MessageId};
use crate::engine::input::{Answer, Asker, Input};
use crate::engine::message::{Attachment, Bodies, Ending, Interruption, Message, Part, Usage};
use crate::engine::model::{ModelFacts, ModelRef};
use crate::engine::op::{BriefDeed, Forgotten, Op, Refusal, RefusalKind, Revealed};
use crate::engine::redaction::{Dictionary, Judgement, Name};
use crate::engine::settings::{Locality, PaneSettings, ProviderFacts, Settings};
use crate::engine::time::Timestamp;
use crate::engine::{Decision, Engine};

use super::{Access, Journal, SqliteJournal};

/// Something that happens. Numbers choose among what there is, whatever there is.
#[derive(Debug, Clone)]
pub(super) enum Step {
    Send { pane: usize, text: String, parent: Option<usize> },
    Continue { pane: usize },
    Answer { pane: usize, text: String, input: u32, estimated: bool, ending: u8 },
    Fail { pane: usize, text: String, overflow: bool },
    Interrupt { pane: usize, text: String },
    NewConversation { pane: usize },
    OpenPane { name: u8 },
    Show { pane: usize, conversation: usize },
    ChooseModel { pane: usize, model: u8 },
    Pin { pane: usize, message: usize, text: String },
    Unpin { pane: usize, pin: usize },
    Forget { pane: usize, message: Option<usize> },
    Configure { role: String, price: f64 },
    Brief { from: usize, to: usize, objective: String, returns: u8, supersedes: Option<usize> },
    Deed { brief: usize, deed: u8 },
    Judge { word: u8, how: u8 },
    Reveal { pane: usize, message: Option<usize> },
}

/// A workspace as it happens.
#[derive(Debug)]
pub(super) struct Story {
    pub(super) engine: Engine,
    pub(super) env: Env,
    /// What was decided, each decision in a transaction of its own.
    pub(super) batches: Vec<(Timestamp, Vec<Event>)>,
}

pub(super) fn settings(role: &str, price: f64) -> Settings {
    let pane = |role: &str| PaneSettings { role: role.to_owned(), ..PaneSettings::default() };
    // What one pane calls a client is one everywhere; it may be quoted under a pseudonym only.
    let names = vec![Name::new("Café", "client")];
    let guarded = PaneSettings {
        locality: Locality::Guarded,
        dictionary: Dictionary { names, ..Dictionary::default() }.into(),
        ..pane("You draft.")
    };
    let facts = ModelFacts { window: Some(8_192), usd_in: Some(price), ..ModelFacts::default() };
    Settings {
        title: "A study".to_owned(),
        panes: vec![("research".to_owned(), pane(role)), ("drafting".to_owned(), guarded)],
        providers: [("llama".to_owned(), ProviderFacts { local: true })].into(),
        models: [("llama/m1".to_owned(), facts)].into(),
        ..Settings::default()
    }
}

impl Story {
    /// A workspace with two panes.
    pub(super) fn new() -> Self {
        let env = Env { now: Timestamp::from_millis(1_790_000_000_000), ids: Ids::seeded(1) };
        let mut story = Self { engine: Engine::default(), env, batches: Vec::new() };
        story.tell(Input::Configured(settings("You research.", 0.5)));
        story
    }

    /// The story that these steps tell.
    pub(super) fn of(steps: Vec<Step>) -> Self {
        let mut story = Self::new();
        for step in steps {
            story.step(step);
        }
        story
    }

    /// Writes everything that happened into the journal in this folder, made if need be.
    pub(super) fn write(&self, folder: &Path) -> SqliteJournal {
        let mut journal = SqliteJournal::open(folder, Access::Write).unwrap();
        self.append(&mut journal, 0);
        journal
    }

    /// Writes what happened from the nth decision on, and erases what was forgotten, as the runtime does.
    pub(super) fn append(&self, journal: &mut SqliteJournal, from: usize) {
        for (at, events) in &self.batches[from..] {
            journal.commit(*at, events).unwrap();
            for event in events {
                if let Event::Erased { what } = event {
                    journal.erase(*what).unwrap();
                }
            }
        }
    }

    /// Tells the engine something and folds what it decides; returns how many facts that were.
    pub(super) fn tell(&mut self, input: Input) -> usize {
        self.env.now = self.env.now + std::time::Duration::from_millis(1_500);
        let Decision { events, effects } = self.engine.decide(input, &self.env);
        for event in &events {
            self.engine.apply(event);
        }
        let mut count = events.len();
        if count > 0 {
            self.batches.push((self.env.now, events));
        }
        for effect in effects {
            count += self.carry_out(effect);
        }
        count
    }

    /// Does what briefs ask of a worker, in place.
    fn carry_out(&mut self, effect: Effect) -> usize {
        match effect {
            Effect::Compose { to, draft, dry_run, quotes, compositions } => {
                let composed = brief::compose_all(compositions, &quotes, &self.bodies());
                self.tell(Input::Composed { from: to, draft, dry_run, composed })
            }
            Effect::Deliver { to, brief, answer, deliveries } => {
                let answer = self.messages().into_iter().find(|message| message.id == answer);
                let erased = || Refusal::new(RefusalKind::Unknown, "it was erased");
                let delivered =
                    answer.map(|answer| brief::deliver_all(deliveries, &answer, &self.bodies())).ok_or_else(erased);
                self.tell(Input::Delivered { to, brief, delivered })
            }
            Effect::Settle { conversation, may_begin } => self.tell(Input::Settled { conversation, may_begin }),
            _ => 0,
        }
    }

    fn bodies(&self) -> Bodies {
        Bodies { messages: self.messages(), ..Bodies::default() }
    }

    /// Every message that was said and not erased.
    fn messages(&self) -> Vec<Message> {
        let facts = self.batches.iter().flat_map(|(_, events)| events);
        let is_kept = |message: &&Message| {
            let home = self.engine.conversations.get(&message.conversation);
            home.and_then(|home| home.messages.get(&message.id)).is_some_and(|entry| !entry.erased)
        };
        facts.filter_map(Event::message).filter(is_kept).cloned().collect()
    }

    pub(super) fn op(&mut self, op: Op) -> usize {
        self.tell(Input::Op { from: Asker(1), op })
    }

    /// The conversation that a pane shows; panes are counted round.
    pub(super) fn shown(&self, pane: usize) -> &Conversation {
        let panes = &self.engine.workspace.panes;
        self.engine.shown(&panes[pane % panes.len()].name).unwrap()
    }

    pub(super) fn id(&self, pane: usize) -> ConversationId {
        self.shown(pane).header.id
    }

    /// A message of the conversation that a pane shows; messages are counted round.
    pub(super) fn message(&self, pane: usize, nth: usize) -> Option<MessageId> {
        let messages = &self.shown(pane).messages;
        messages.keys().nth(nth.checked_rem(messages.len())?).copied()
    }

    /// A person's message and its answer.
    pub(super) fn exchange(&mut self, pane: usize, text: &str, answer: &str) {
        self.step(Step::Send { pane, text: text.to_owned(), parent: None });
        self.step(Step::Answer { pane, text: answer.to_owned(), input: 0, estimated: true, ending: 0 });
    }

    /// A person's message with something attached, and its answer.
    pub(super) fn attach(&mut self, pane: usize, text: &str, attachment: Attachment) {
        let conversation = self.id(pane);
        self.op(Op::Send { conversation, text: text.to_owned(), attachments: vec![attachment], parent: None });
        self.step(Step::Answer { pane, text: "read".to_owned(), input: 0, estimated: true, ending: 0 });
    }

    pub(super) fn step(&mut self, step: Step) {
        match step {
            Step::Send { pane, text, parent } => {
                let (conversation, attachments) = (self.id(pane), Vec::new());
                if parent.is_some_and(|nth| nth % 4 == 2) {
                    self.op(Op::Begin { conversation, text, attachments });
                } else {
                    let parent = parent.and_then(|nth| self.message(pane, nth));
                    self.op(Op::Send { conversation, text, attachments, parent });
                }
            }
            Step::Continue { pane } => drop(self.op(Op::Continue { conversation: self.id(pane) })),
            Step::Answer { pane, text, input, estimated, ending } => {
                let usage = (input > 0).then_some(Usage { input, output: 7, cached: 1, estimated, ..Usage::default() });
                let ending = match ending {
                    0 => Ending::Complete,
                    1 => Ending::Length,
                    _ => Ending::Refused,
                };
                let thought = Part::Reasoning { text: "hm".into() };
                let answer = Answer { parts: vec![thought, Part::text(text)], ending, usage };
                self.end(pane, |conversation, turn| Input::Answered { conversation, turn, answer });
            }
            Step::Fail { pane, text, overflow } => {
                let kind = if overflow {
                    FailureKind::Overflow { needed: Some(9_000), window: Some(4_096) }
                } else {
                    FailureKind::Rejected
                };
                let failure = Failure::new(kind, "llama refused it.");
                let parts = if text.is_empty() { Vec::new() } else { vec![Part::text(text)] };
                let so_far = Answer { parts, ..Answer::default() };
                self.end(pane, |conversation, turn| Input::Failed { conversation, turn, attempt: 9, failure, so_far });
            }
            Step::Interrupt { pane, text } => {
                let so_far = Answer { parts: vec![Part::text(text)], ..Answer::default() };
                let by = Interruption::Person;
                self.end(pane, |conversation, turn| Input::Stopped { conversation, turn, by, so_far });
            }
            Step::Configure { role, price } => drop(self.tell(Input::Configured(settings(&role, price)))),
            Step::Brief { .. } | Step::Deed { .. } | Step::Judge { .. } | Step::Reveal { .. } => self.cross(step),
            step => self.arrange(step),
        }
    }

    fn arrange(&mut self, step: Step) {
        match step {
            Step::NewConversation { pane } => {
                let pane = self.shown(pane).header.pane.clone();
                self.op(Op::NewConversation { pane });
            }
            Step::OpenPane { name } => {
                self.op(Op::OpenPane { pane: format!("extra-{name}"), settings: PaneSettings::default() });
            }
            Step::Show { pane, conversation } => {
                let panes = &self.engine.workspace.panes;
                let pane = panes[pane % panes.len()].name.clone();
                let all: Vec<ConversationId> = self.engine.conversations.keys().copied().collect();
                self.op(Op::ShowConversation { pane, conversation: all[conversation % all.len()] });
            }
            Step::ChooseModel { pane, model } => {
                let model: ModelRef = format!("llama/m{model}").parse().unwrap();
                self.op(Op::ChooseModel { conversation: self.id(pane), model });
            }
            Step::Pin { pane, message, text } => {
                if let Some(message) = self.message(pane, message) {
                    self.op(Op::Pin { conversation: self.id(pane), message, text });
                }
            }
            Step::Unpin { pane, pin } => {
                let pins = &self.shown(pane).header.pins;
                if let Some(pin) = pin.checked_rem(pins.len()).map(|nth| pins[nth].id) {
                    self.op(Op::Unpin { conversation: self.id(pane), pin });
                }
            }
            Step::Forget { pane, message } => {
                let conversation = self.id(pane);
                let what = match message {
                    None => Forgotten::Conversation { conversation },
                    Some(nth) => match self.message(pane, nth) {
                        Some(message) => Forgotten::Message { conversation, message },
                        None => return,
                    },
                };
                self.op(Op::Forget(what));
            }
            _ => {}
        }
    }

    fn cross(&mut self, step: Step) {
        let word = |word: u8| ["Brightwater", "Café", "Larkspur"][usize::from(word) % 3].to_owned();
        let briefs: Vec<_> = self.engine.workspace.briefs.keys().copied().collect();
        let brief = |nth: usize| nth.checked_rem(briefs.len()).map(|nth| briefs[nth]);
        match step {
            Step::Brief { from, to, objective, returns, supersedes } => {
                let (from, to) = (self.id(from), self.id(to));
                let head = self.engine.conversations[&from].header.head;
                let quote = |message| Quote { conversation: from, message, passage: None };
                let draft = Draft {
                    from: vec![from],
                    to: vec![to],
                    fields: Fields { objective, ..Fields::default() },
                    context: head.map(quote).into_iter().collect(),
                    returns: [Return::Auto, Return::Ask, Return::None][usize::from(returns) % 3],
                    supersedes: supersedes.and_then(brief),
                    unseal: Vec::new(),
                    seed: None,
                    proposed_from: Locality::default(),
                };
                self.op(Op::Brief { draft: Box::new(draft), dry_run: false });
            }
            Step::Deed { brief: nth, deed } => {
                let deeds = [BriefDeed::Accept, BriefDeed::Decline, BriefDeed::Cancel, BriefDeed::Return];
                if let Some(brief) = brief(nth) {
                    self.op(Op::TurnBrief { brief, deed: deeds[usize::from(deed) % 4] });
                }
            }
            Step::Judge { word: nth, how } => {
                let word = word(nth);
                self.op(match how % 4 {
                    0 => Op::Judge { word, judgement: Judgement::Mask },
                    1 => Op::Judge { word, judgement: Judgement::Keep },
                    2 => Op::Unjudge { word },
                    _ => Op::AddName { name: word, kind: "client".to_owned() },
                });
            }
            Step::Reveal { pane, message } => {
                let messages = message.and_then(|nth| self.message(pane, nth)).into_iter().collect();
                self.op(Op::RealNames { conversation: self.id(pane), messages, how: Revealed::Exported });
            }
            _ => {}
        }
    }

    fn end(&mut self, pane: usize, input: impl FnOnce(ConversationId, crate::engine::id::TurnId) -> Input) {
        let header = &self.shown(pane).header;
        if let Some(turn) = header.turn.as_ref().map(|turn| turn.id) {
            self.tell(input(header.id, turn));
        }
    }
}

fn text() -> impl Strategy<Value = String> {
    let words =
        ["price", "offer", "Café", "価格は三つ", "naïve", "👩‍👩‍👧", "a\"b", "line\nbreak", "x-1", "%", "\u{202e}rtl"];
    prop::collection::vec(prop::sample::select(words.to_vec()), 1..12).prop_map(|words| words.join(" "))
}

/// Any step; answers and messages are more likely than the rest.
pub(super) fn step() -> impl Strategy<Value = Step> {
    let pane = || 0..4_usize;
    prop_oneof![
        6 => (pane(), text(), prop::option::weighted(0.3, 0..64_usize))
            .prop_map(|(pane, text, parent)| Step::Send { pane, text, parent }),
        6 => (pane(), text(), 0..5_000_u32, any::<bool>(), 0..3_u8).prop_map(|(pane, text, input, estimated, ending)| {
            Step::Answer { pane, text, input, estimated, ending }
        }),
        1 => pane().prop_map(|pane| Step::Continue { pane }),
        1 => (pane(), prop::option::of(text()), any::<bool>()).prop_map(|(pane, text, overflow)| {
            Step::Fail { pane, text: text.unwrap_or_default(), overflow }
        }),
        1 => (pane(), text()).prop_map(|(pane, text)| Step::Interrupt { pane, text }),
        1 => pane().prop_map(|pane| Step::NewConversation { pane }),
        1 => (0..3_u8).prop_map(|name| Step::OpenPane { name }),
        1 => (pane(), 0..6_usize).prop_map(|(pane, conversation)| Step::Show { pane, conversation }),
        1 => (pane(), 0..3_u8).prop_map(|(pane, model)| Step::ChooseModel { pane, model }),
        1 => (pane(), 0..64_usize, text()).prop_map(|(pane, message, text)| Step::Pin { pane, message, text }),
        1 => (pane(), 0..4_usize).prop_map(|(pane, pin)| Step::Unpin { pane, pin }),
        1 => (pane(), prop::option::weighted(0.8, 0..64_usize))
            .prop_map(|(pane, message)| Step::Forget { pane, message }),
        1 => (text(), 0.0..100.0_f64).prop_map(|(role, price)| Step::Configure { role, price }),
        4 => (pane(), pane(), text(), 0..3_u8, prop::option::weighted(0.3, 0..8_usize)).prop_map(
            |(from, to, objective, returns, supersedes)| Step::Brief { from, to, objective, returns, supersedes }
        ),
        3 => (0..8_usize, 0..4_u8).prop_map(|(brief, deed)| Step::Deed { brief, deed }),
        2 => (0..3_u8, 0..4_u8).prop_map(|(word, how)| Step::Judge { word, how }),
        1 => (pane(), prop::option::of(0..64_usize)).prop_map(|(pane, message)| Step::Reveal { pane, message }),
    ]
}

/// A whole story.
pub(super) fn story() -> impl Strategy<Value = Vec<Step>> {
    prop::collection::vec(step(), 0..60)
}
