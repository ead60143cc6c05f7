//! A script as inputs, and what the engine decides, a line each.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::Arc;

use crate::engine::Engine;
use crate::engine::brief::About;
use crate::engine::effect::Effect;
use crate::engine::event::Event;
use crate::engine::failure::{Failure, FailureKind};
use crate::engine::handoff::Material;
use crate::engine::id::{ConversationId, Env, Ids, MessageId, TurnId};
use crate::engine::input::{Answer, Asker, Input};
use crate::engine::locality::{Outbound, Table};
use crate::engine::message::{Bodies, Ending, Interruption, Message, Part, Usage};
use crate::engine::model::ModelFacts;
use crate::engine::op::{Forgotten, Op, Reply};
use crate::engine::prompt::{Assembled, Limits, Request};
use crate::engine::redaction::LeakCheck;
use crate::engine::settings::{Failover, HandoffPolicy, Locality, PaneSettings, ProviderFacts, Settings};
use crate::engine::time::Timestamp;

pub(super) struct Story {
    pub(super) engine: Engine,
    pub(super) env: Env,
    pub(super) out: String,
    messages: Vec<Message>,
    /// What was asked for a handoff and not answered yet.
    handing: Option<Effect>,
    last_turn: Option<(ConversationId, TurnId)>,
}

/// Runs a script and compares what was decided.
pub(super) fn check(script: &str, expected: &str) {
    let mut story = Story::new();
    for line in script.lines().map(str::trim).filter(|line| !line.is_empty()) {
        let input = story.input(line);
        let _ = writeln!(story.out, "> {line}");
        story.tell(input);
    }
    let lines = |text: &str| text.lines().map(str::trim).filter(|l| !l.is_empty()).collect::<Vec<_>>().join("\n");
    assert_eq!(lines(&story.out), lines(expected), "\n--- decided ---\n{}", story.out);
}

impl Story {
    pub(super) fn new() -> Self {
        let env = Env { now: Timestamp::from_millis(1_000), ids: Ids::seeded(1) };
        let (out, messages, last_turn) = (String::new(), Vec::new(), None);
        Self { engine: Engine::default(), env, out, messages, handing: None, last_turn }
    }

    fn conversation(&self, pane: &str) -> ConversationId {
        self.engine.workspace.pane(pane).and_then(|pane| pane.conversation).unwrap_or_else(|| panic!("no pane {pane}"))
    }

    /// The running turn of a pane, or the last one that ran anywhere, to play a late result.
    pub(super) fn turn(&self, pane: &str) -> (ConversationId, TurnId) {
        let running = self.engine.shown(pane).and_then(|shown| shown.header.turn.clone());
        running.map(|turn| (self.conversation(pane), turn.id)).or(self.last_turn).expect("a turn")
    }

    pub(super) fn input(&mut self, line: &str) -> Input {
        let words: Vec<&str> = line.split(' ').collect();
        let op = |op| Input::Op { from: Asker(1), op };
        match *words {
            ["configure", ref panes @ ..] => Input::Configured(settings(panes)),
            ["send", pane, ref text @ ..] => op(Op::Send {
                conversation: self.conversation(pane),
                text: text.join(" "),
                attachments: Vec::new(),
                parent: None,
            }),
            ["begin", pane, ref text @ ..] => {
                op(Op::Begin { conversation: self.conversation(pane), text: text.join(" "), attachments: Vec::new() })
            }
            ["branch", pane, number, ref text @ ..] => {
                let number: u32 = number.parse().unwrap();
                let parent = self.messages.iter().find(|message| message.number == number).map(|message| message.id);
                op(Op::Send {
                    conversation: self.conversation(pane),
                    text: text.join(" "),
                    attachments: Vec::new(),
                    parent,
                })
            }
            ["continue", pane] => op(Op::Continue { conversation: self.conversation(pane) }),
            ["stop", pane] => op(Op::Stop { conversation: self.conversation(pane) }),
            ["quit"] => op(Op::StopAll { by: Interruption::Shutdown }),
            ["new", pane] => op(Op::NewConversation { pane: pane.to_owned() }),
            ["open", pane] => op(Op::OpenPane { pane: pane.to_owned(), settings: PaneSettings::default() }),
            ["model", pane, model] => {
                op(Op::ChooseModel { conversation: self.conversation(pane), model: model.parse().unwrap() })
            }
            ["forget", pane] => op(Op::Forget(Forgotten::Conversation { conversation: self.conversation(pane) })),
            ["fetched", pane] => {
                let (conversation, turn) = self.turn(pane);
                let messages = self.messages.clone();
                Input::Fetched { conversation, turn, messages, attachments: BTreeMap::default() }
            }
            ["assembled", pane, tokens] => {
                let (conversation, turn) = self.turn(pane);
                let version = self.engine.conversations[&conversation].header.version;
                self.computed(conversation, turn, version, tokens.parse().unwrap())
            }
            ["assembled-late", pane] => {
                let (conversation, turn) = self.turn(pane);
                self.computed(conversation, turn, 0, 10)
            }
            ["answer", pane, ref text @ ..] => {
                let (conversation, turn) = self.turn(pane);
                Input::Answered { conversation, turn, answer: answer(&text.join(" ")) }
            }
            ["fail", pane, kind, attempt, ref text @ ..] => {
                let (conversation, turn) = self.turn(pane);
                let failure = Failure::new(failure(kind), "sim failed.");
                let so_far = if text.is_empty() { Answer::default() } else { answer(&text.join(" ")) };
                Input::Failed { conversation, turn, attempt: attempt.parse().unwrap(), failure, so_far }
            }
            ["stopped", pane, ref text @ ..] => {
                let (conversation, turn) = self.turn(pane);
                Input::Stopped { conversation, turn, by: Interruption::Person, so_far: answer(&text.join(" ")) }
            }
            ["configure-fallback", chain, providers, ref panes @ ..] => {
                let mut settings = settings(panes);
                settings.fallback = chain.split(',').map(|model| model.parse().unwrap()).collect();
                settings.models =
                    [("cloud/tiny".to_owned(), ModelFacts { window: Some(2), ..ModelFacts::default() })].into();
                for (_, pane) in &mut settings.panes {
                    pane.providers = providers.split(',').filter(|name| *name != "any").map(str::to_owned).collect();
                }
                Input::Configured(settings)
            }
            ["known", model, window] => Input::Known {
                model: model.parse().unwrap(),
                facts: ModelFacts { window: window.parse().ok(), ..ModelFacts::default() },
            },
            ["rested", pane] => {
                let (conversation, turn) = self.turn(pane);
                Input::Rested { conversation, turn }
            }
            _ => self.handing_input(&words, line),
        }
    }

    /// The steps of a handoff.
    fn handing_input(&mut self, words: &[&str], line: &str) -> Input {
        let op = |op| Input::Op { from: Asker(1), op };
        match *words {
            ["configure-window", window, policy, ref panes @ ..] => {
                let mut settings = settings(panes);
                let facts = ModelFacts { window: window.parse().ok(), ..ModelFacts::default() };
                settings.models = [("cloud/big".to_owned(), facts)].into();
                settings.max_output = Some(100);
                settings.handoff.policy = match policy {
                    "ask" => HandoffPolicy::Ask,
                    "off" => HandoffPolicy::Off,
                    _ => HandoffPolicy::Auto,
                };
                Input::Configured(settings)
            }
            ["used", pane, input, output, ref text @ ..] => {
                let (conversation, turn) = self.turn(pane);
                let usage =
                    Usage { input: input.parse().unwrap(), output: output.parse().unwrap(), ..Usage::default() };
                let answer = Answer { usage: Some(usage), ..answer(&text.join(" ")) };
                Input::Answered { conversation, turn, answer }
            }
            ["pin", pane, ref text @ ..] => {
                let conversation = self.conversation(pane);
                let message = self.messages.iter().rfind(|message| message.conversation == conversation).unwrap().id;
                op(Op::Pin { conversation, message, text: text.join(" ") })
            }
            ["hand-off", pane, how] => op(Op::Handoff {
                conversation: self.conversation(pane),
                extractive: how == "extractive",
                draft: how == "draft",
            }),
            ["undo-handoff", pane] => op(Op::UndoHandoff { conversation: self.conversation(pane) }),
            ["done"] => self.done(),
            ["tells", ref text @ ..] => self.told(&text.join(" ")),
            ["breaks", kind] => self.broken(kind),
            ["recover"] => Input::Recovered(Vec::new()),
            ["move", pane] => op(Op::Move { conversation: self.conversation(pane), to: None }),
            ["move-back", pane] => op(Op::MoveBack { conversation: self.conversation(pane) }),
            ["failover", policy] => {
                let mut settings = self.engine.workspace.settings.clone();
                settings.failover = match policy {
                    "move" => Failover::Move,
                    "turn" => Failover::Turn,
                    _ => Failover::Ask,
                };
                Input::Configured(settings)
            }
            ["window", model, window] => {
                let mut settings = self.engine.workspace.settings.clone();
                let facts = ModelFacts { window: window.parse().ok(), ..ModelFacts::default() };
                settings.models.insert(model.to_owned(), facts);
                Input::Configured(settings)
            }
            _ => panic!("no such step: {line}"),
        }
    }

    /// What the runtime would answer to the last step of a handoff.
    fn done(&mut self) -> Input {
        let read = |ids: &[MessageId]| -> Vec<Message> {
            ids.iter().filter_map(|id| self.messages.iter().find(|message| message.id == *id)).cloned().collect()
        };
        match self.handing.take().expect("a step of a handoff") {
            Effect::Survey { plan, ground } => {
                let read = Bodies { messages: read(&ground.messages), attachments: BTreeMap::new() };
                let surveyed = Material::of(&plan, &read, ground.briefs, &ground.table).map(Arc::new);
                Input::Surveyed { plan, surveyed }
            }
            Effect::Weave { making, tail } => {
                let (woven, tail) = (Ok(making.weave()), read(&tail));
                Input::Woven { making, woven, tail }
            }
            other => panic!("not a step that is done by itself: {other:?}"),
        }
    }

    /// What a model answers to an aside; `|` is a line's end.
    fn told(&mut self, text: &str) -> Input {
        let Some(Effect::Aside { aside, conversation, purpose, .. }) = self.handing.take() else { panic!("no aside") };
        Input::AsideAnswered { aside, conversation, purpose, answer: answer(&text.replace('|', "\n")) }
    }

    fn broken(&mut self, kind: &str) -> Input {
        let Some(Effect::Aside { aside, conversation, purpose, .. }) = self.handing.take() else { panic!("no aside") };
        let failure = Failure::new(failure(kind), "sim failed.");
        Input::AsideFailed { aside, conversation, purpose, failure, so_far: Answer::default() }
    }

    fn computed(&self, conversation: ConversationId, turn: TurnId, version: u64, tokens: u32) -> Input {
        let request = Request {
            model: self.engine.conversations[&conversation].header.model.clone(),
            pane: "research".to_owned(),
            system: "".into(),
            said: Vec::new(),
            max_output: None,
            limits: Limits::default(),
        };
        let outbound = Outbound::check(request, Arc::new(LeakCheck::new([])));
        Input::Computed {
            conversation,
            turn,
            version,
            assembled: Assembled { outbound, tokens, missing: Vec::new(), holds: Vec::new(), growth: Table::default() },
        }
    }

    pub(super) fn tell(&mut self, input: Input) {
        let decision = self.engine.decide(input, &self.env);
        for event in &decision.events {
            let _ = writeln!(self.out, "! {}", self.event(event));
            self.messages.extend(event.message().cloned());
            if let Event::TurnStarted { conversation, turn, .. } = event {
                self.last_turn = Some((*conversation, *turn));
            }
            self.engine.apply(event);
        }
        // What is asked beside the turn has tests of its own.
        let mut idle = Vec::new();
        for effect in decision.effects {
            let _ = writeln!(self.out, "~ {}", self.effect(&effect));
            match effect {
                Effect::Settle { conversation, may_begin } => idle.push(Input::Settled { conversation, may_begin }),
                Effect::Survey { .. } | Effect::Aside { .. } | Effect::Weave { .. } => self.handing = Some(effect),
                _ => {}
            }
        }
        for input in idle {
            self.tell(input);
        }
    }

    fn numbers(&self, ids: &[MessageId]) -> String {
        let numbers = ids.iter().filter_map(|id| self.messages.iter().find(|message| message.id == *id));
        numbers.map(|message| format!("m{}", message.number)).collect::<Vec<_>>().join(" ")
    }

    fn event(&self, event: &Event) -> String {
        let kind = event.kind();
        match event {
            Event::ConversationStarted { pane, model, .. } => format!("{kind} {pane} {model}"),
            Event::ModelChosen { model, .. } | Event::TurnPassed { model, .. } => format!("{kind} {model}"),
            Event::Moved { moved, .. } => moved.told(),
            Event::Unanswered { turns, .. } => format!("{kind} {turns}"),
            Event::ModelLearned { facts, .. } => format!("{kind} window {:?}", facts.window),
            Event::PaneOpened { pane, .. } => format!("{kind} {pane}"),
            Event::ConversationConfigured { settings, .. } => format!("{kind} {}", settings.locality),
            Event::HandoffBegan { cause, .. } => format!("{kind} {cause:?}"),
            Event::HandoffDropped { why, holds, .. } => {
                format!("{kind}{}: {why}", if *holds { " for good" } else { "" })
            }
            Event::HandedOff { handoff, .. } => format!(
                "{kind} {} messages, {}/{} pins, by {:?}, after m{}",
                handoff.messages, handoff.pins_kept, handoff.pins, handoff.by, handoff.last_number
            ),
            Event::Continued { turn, copied, .. } => {
                format!("{kind} with {} copied{}", copied.len(), if turn.is_some() { " and a turn" } else { "" })
            }
            event => match event.message() {
                Some(message) => {
                    let parent = message.parent.and_then(|id| self.messages.iter().find(|m| m.id == id));
                    let parent = parent.map_or_else(|| "-".to_owned(), |parent| format!("m{}", parent.number));
                    let ending = if message.ending == Ending::Complete { "" } else { " broken off" };
                    let text = match message.about {
                        Some(About::Handoff { .. }) => "the document".to_owned(),
                        _ => message.text(),
                    };
                    format!("{kind} m{} after {parent}: {text}{ending}", message.number)
                }
                None => kind.to_owned(),
            },
        }
    }

    fn effect(&self, effect: &Effect) -> String {
        match effect {
            Effect::Reply { reply: Reply::Refused(refusal), .. } => format!("refused: {}", refusal.message),
            Effect::Reply { reply, .. } => {
                let json = serde_json::to_value(reply).unwrap();
                json["reply"].as_str().unwrap().to_owned()
            }
            Effect::Fetch { messages, .. } => format!("fetch {}", self.numbers(messages)),
            Effect::Survey { plan, ground } => format!("survey {} {:?}", self.numbers(&ground.messages), plan.aim),
            Effect::Weave { tail, .. } => format!("weave and carry along {}", self.numbers(tail)).trim_end().to_owned(),
            Effect::Aside { outbound, after, .. } => {
                format!("aside {}{}", outbound.request().model, if after.is_zero() { "" } else { " after a pause" })
            }
            Effect::CancelDrafts { .. } => "cancel drafts".to_owned(),
            Effect::CancelAside { .. } => "cancel aside".to_owned(),
            Effect::KeepDocument { name, .. } => format!("keep {}", name.rsplit_once('-').unwrap().0),
            Effect::DropDocuments { names } => {
                format!(
                    "drop {}",
                    names.iter().map(|name| name.rsplit_once('-').unwrap().0).collect::<Vec<_>>().join(" ")
                )
            }
            Effect::Settle { .. } => "settle".to_owned(),
            Effect::Compute { .. } => "compute".to_owned(),
            Effect::Request { outbound, .. } => format!("request {}", outbound.request().model),
            Effect::Look { model } => format!("look at {model}"),
            Effect::Cancel { .. } => "cancel".to_owned(),
            Effect::Retry { attempt, .. } => format!("retry {attempt}"),
            Effect::Tell { notice, .. } => format!("tell: {}", notice.split(" in ").next().unwrap()),
            Effect::Erase { .. } => "erase".to_owned(),
            other => format!("{other:?}"),
        }
    }
}

pub(super) fn answer(text: &str) -> Answer {
    Answer { parts: vec![Part::text(text)], ..Answer::default() }
}

pub(super) fn failure(kind: &str) -> FailureKind {
    match kind {
        "rate" => FailureKind::RateLimited,
        "key" => FailureKind::Unauthorized,
        "cut" => FailureKind::CutOff,
        "gone" => FailureKind::NotFound,
        "unpaid" => FailureKind::Unpaid,
        "slow" => FailureKind::TimedOut,
        "down" => FailureKind::Unavailable,
        "refused" => FailureKind::Rejected,
        "overflow" => FailureKind::Overflow { needed: Some(1_500), window: Some(1_024) },
        _ => panic!("no such failure: {kind}"),
    }
}

/// Panes as `name` or `name=locality`.
pub(super) fn settings(panes: &[&str]) -> Settings {
    let pane = |text: &&str| {
        let (name, locality) = text.split_once('=').unwrap_or((text, "open"));
        let locality = match locality {
            "sealed" => Locality::Sealed,
            "guarded" => Locality::Guarded,
            _ => Locality::Open,
        };
        (name.to_owned(), PaneSettings { locality, ..PaneSettings::default() })
    };
    Settings {
        panes: panes.iter().map(pane).collect(),
        default_model: "cloud/big".parse().unwrap(),
        providers: [
            ("cloud".to_owned(), ProviderFacts { local: false }),
            ("other".to_owned(), ProviderFacts { local: false }),
            ("llama".to_owned(), ProviderFacts { local: true }),
        ]
        .into(),
        ..Settings::default()
    }
}
