//! Where a piece of work came from and what became of it, across panes: the same lines on the screen and in a shell.
//!
//! What an automatic step was decided by is in the facts ([`Why`](super::Why)); nothing here guesses.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::life::{Brief, State, Step};
use crate::engine::conversation::Conversation;
use crate::engine::id::{BriefId, ConversationId, MessageId};
use crate::engine::message::Author;
use crate::engine::settings::PaneName;
use crate::engine::time::Timestamp;
use crate::engine::workspace::Engine;

/// What is traced.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "what", rename_all = "snake_case")]
pub enum LineageOf {
    /// A brief.
    Brief {
        /// The brief.
        brief: BriefId,
    },
    /// Whatever briefs a message is, answers, brought back, or was quoted in.
    Message {
        /// The message.
        message: MessageId,
    },
}

/// A lineage: the first briefs outermost, below each what came of it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lineage {
    /// Its lines, from the top.
    pub lines: Vec<LineageLine>,
}

/// One line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LineageLine {
    /// The brief it belongs to.
    pub brief: BriefId,
    /// How many briefs wait above it, one upon the other.
    pub depth: u32,
    /// What the line is about.
    pub told: Told,
    /// What happened, in a word.
    pub label: String,
    /// The rest.
    pub text: String,
    /// When.
    #[serde(default)]
    pub at: Option<Timestamp>,
    /// The real name behind a pseudonym: for the person's own screen.
    #[serde(default)]
    pub real: Option<String>,
    /// The message that it is about.
    #[serde(default)]
    pub place: Option<Place>,
}

/// What a line is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Told {
    /// A brief: its heading.
    Brief,
    /// What it asks, quotes, was let out of.
    Asked,
    /// A pseudonym.
    Name,
    /// A step of its life.
    Step,
    /// Its answer or its report.
    Report,
    /// What keeps it.
    Held,
    /// What was made of it later.
    Use,
}

/// Where a message stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    /// Its conversation.
    pub conversation: ConversationId,
    /// The pane that conversation was started in.
    pub pane: PaneName,
    /// The message.
    pub message: MessageId,
    /// Its number.
    pub number: u32,
    /// Its position on the active branch; `None` on another one.
    pub position: Option<u32>,
}

impl Lineage {
    /// Traces; `None` if there is no such brief, or no brief has to do with the message.
    pub fn of(engine: &Engine, of: LineageOf) -> Option<Self> {
        let briefs = &engine.workspace.briefs;
        let named: Vec<&Brief> = match of {
            LineageOf::Brief { brief } => briefs.get(&brief).into_iter().collect(),
            LineageOf::Message { message } => briefs.values().filter(|brief| concerns(brief, message)).collect(),
        };
        let mut roots: Vec<&Brief> = Vec::new();
        for brief in named {
            family(engine, brief, &mut roots);
        }
        if roots.is_empty() {
            return None;
        }
        roots.sort_by_key(|brief| (brief.sent, brief.number, brief.version));
        let mut writer = Writer { engine, lines: Vec::new(), written: BTreeSet::new() };
        for root in roots {
            writer.brief(root, 0);
        }
        Some(Self { lines: writer.lines })
    }
}

fn concerns(brief: &Brief, message: MessageId) -> bool {
    let own = brief.stood() == Some(message) || brief.answer() == Some(message);
    own || brief.returned().contains(&message) || brief.context.iter().any(|quote| quote.message == message)
}

/// Adds the first brief above this one, what was sent together with it, and its other versions.
fn family<'a>(engine: &'a Engine, brief: &'a Brief, roots: &mut Vec<&'a Brief>) {
    let briefs = &engine.workspace.briefs;
    let mut seen = BTreeSet::new();
    let mut root = brief;
    // A chain of parents ends; a damaged journal's might not.
    while let Some(parent) = root.parent.and_then(|id| briefs.get(&id)).filter(|parent| seen.insert(parent.id)) {
        root = parent;
    }
    let numbers: BTreeSet<u32> =
        briefs.values().filter(|known| known.fan_out == root.fan_out).map(|known| known.number).collect();
    let kin = briefs.values().filter(|known| known.parent == root.parent && numbers.contains(&known.number));
    for one in kin {
        if !roots.iter().any(|known| known.id == one.id) {
            roots.push(one);
        }
    }
}

struct Writer<'a> {
    engine: &'a Engine,
    lines: Vec<LineageLine>,
    written: BTreeSet<BriefId>,
}

impl Writer<'_> {
    fn brief(&mut self, brief: &Brief, depth: u32) {
        if !self.written.insert(brief.id) {
            return;
        }
        self.heading(brief, depth);
        self.asked(brief, depth);
        self.life(brief, depth);
        self.uses(brief, depth);
        let mut children: Vec<&Brief> =
            self.engine.workspace.briefs.values().filter(|known| known.parent == Some(brief.id)).collect();
        children.sort_by_key(|child| (child.sent, child.number, child.version));
        for child in children {
            self.brief(child, depth + 1);
        }
    }

    fn heading(&mut self, brief: &Brief, depth: u32) {
        let from: Vec<&str> = brief.from.iter().map(|id| self.pane(*id)).collect();
        let version = if brief.version > 1 { format!(" version {}", brief.version) } else { String::new() };
        let hops = if brief.hops > 1 { format!(" · {} panes wait for it", brief.hops) } else { String::new() };
        let (to, word) = (self.pane(brief.to), brief.state.word());
        let text = format!("brief {}{version} · {} → {to} · {word}{hops}", brief.number, from.join(" + "));
        let place = brief.stood().and_then(|id| self.place(id));
        self.lines.push(LineageLine {
            brief: brief.id,
            depth,
            told: Told::Brief,
            label: String::new(),
            text,
            at: Some(brief.sent),
            real: None,
            place,
        });
    }

    fn asked(&mut self, brief: &Brief, depth: u32) {
        let objective = brief.fields.objective.lines().find(|line| !line.trim().is_empty());
        self.line((brief, depth), Told::Asked, "asks", objective.unwrap_or("(erased)").trim());
        for quote in &brief.context {
            let part = if quote.passage.is_some() { "a passage of " } else { "" };
            let text = format!("{part}{}", self.name(quote.message));
            self.line((brief, depth), Told::Asked, "quotes", &text).place = self.place(quote.message);
        }
        for pane in &brief.unsealed {
            self.line((brief, depth), Told::Asked, "unsealed", &format!("{pane}, by its typed name"));
        }
        let table = self.engine.workspace.tables.get(&brief.to);
        for pseudonym in &brief.brought {
            let entry = table.and_then(|table| table.entries.iter().find(|entry| entry.pseudonym == *pseudonym));
            self.line((brief, depth), Told::Name, "replaced", pseudonym).real = entry.map(|entry| entry.value.clone());
        }
    }

    fn life(&mut self, brief: &Brief, depth: u32) {
        let fallback = [Step { state: brief.state.clone(), at: None, why: None }];
        let steps = if brief.steps.is_empty() { &fallback[..] } else { &brief.steps[..] };
        for step in steps {
            self.step(brief, step, depth);
        }
        let is_due = brief.is_due() && brief.held.is_empty();
        if is_due && brief.returns == super::Return::Ask {
            self.line((brief, depth), Told::Held, "waits", "for you: its `return` is ask");
        } else if is_due {
            let busy: Vec<&str> = brief.from.iter().filter(|id| self.is_busy(**id)).map(|id| self.pane(*id)).collect();
            let told = if busy.is_empty() {
                "until something ends where it was asked".to_owned()
            } else {
                format!("until {} has answered", busy.join(" and "))
            };
            self.line((brief, depth), Told::Held, "waits", &told);
        }
        for hold in &brief.held {
            self.line((brief, depth), Told::Held, "held", &hold.to_string());
        }
    }

    fn step(&mut self, brief: &Brief, step: &Step, depth: u32) {
        let why = step.why.map_or_else(String::new, |why| format!(" · {}", why.told()));
        let to = self.pane(brief.to).to_owned();
        let (told, label, messages, text) = match &step.state {
            State::Sent => {
                let doing = if self.is_busy(brief.to) { "which is still answering" } else { "to be taken there" };
                (Told::Held, "waits", vec![], format!("for {to}, {doing}"))
            }
            State::Accepted { message } => (Told::Step, "accepted", vec![*message], String::new()),
            State::Answered { report } => (Told::Report, "answered", vec![*report], String::new()),
            State::Returned { messages, .. } => (Told::Report, "returned", messages.clone(), String::new()),
            State::Declined => (Told::Step, "declined", vec![], format!("by {to}")),
            State::Cancelled => (Told::Step, "cancelled", vec![], "taken back".to_owned()),
            State::Superseded { by, report, .. } => {
                let newer = self.engine.workspace.briefs.get(by).map_or(0, |newer| newer.version);
                let is_late = report.is_some() && step.why == Some(super::Why::TurnEnded);
                let label = if is_late { "answered" } else { "stale" };
                let messages = report.filter(|_| is_late).into_iter().collect();
                (Told::Step, label, messages, format!("version {newer} took its place"))
            }
            State::Failed { why, .. } => (Told::Step, "failed", vec![], why.clone()),
        };
        let tail = if text.is_empty() { why } else { format!(" · {text}{why}") };
        if messages.is_empty() {
            self.line((brief, depth), told, label, tail.trim_start_matches(" · ")).at = step.at;
        }
        for message in messages {
            let text = format!("{}{tail}", self.name(message));
            let place = self.place(message);
            let line = self.line((brief, depth), told, label, &text);
            (line.at, line.place) = (step.at, place);
        }
    }

    /// What was made of it later: quoted, answered with it in view, read with its real names.
    fn uses(&mut self, brief: &Brief, depth: u32) {
        let engine = self.engine;
        let reports: Vec<MessageId> = brief.answer().into_iter().chain(brief.returned().iter().copied()).collect();
        for report in brief.returned() {
            if let Some(next) = self.home(*report).and_then(|home| next_answer(home, *report)) {
                let text = format!("{}, answered with the report in view", self.name(next));
                self.line((brief, depth), Told::Use, "used", &text).place = self.place(next);
            }
        }
        for later in engine.workspace.briefs.values() {
            if let Some(quote) = later.context.iter().find(|quote| reports.contains(&quote.message)) {
                let (number, to) = (later.number, self.pane(later.to));
                let text = format!("{} went into brief {number} to {to}", self.name(quote.message));
                self.line((brief, depth), Told::Use, "used", &text).place = later.stood().and_then(|id| self.place(id));
            }
        }
        let own: Vec<MessageId> = brief.stood().into_iter().chain(brief.answer()).collect();
        for shown in engine.workspace.revealed.iter().filter(|shown| shown.conversation == brief.to) {
            let how = shown.how.word();
            let text = if shown.messages.is_empty() {
                format!("all of {} {how} with real names", self.pane(brief.to))
            } else {
                let Some(message) = shown.messages.iter().find(|message| own.contains(message)) else { continue };
                format!("{} {how} with real names", self.name(*message))
            };
            self.line((brief, depth), Told::Use, "revealed", &text).at = Some(shown.at);
        }
    }

    fn line(&mut self, of: (&Brief, u32), told: Told, label: &str, text: &str) -> &mut LineageLine {
        let (label, text, brief, depth) = (label.to_owned(), text.to_owned(), of.0.id, of.1);
        let at = self.lines.len();
        self.lines.push(LineageLine { brief, depth, told, label, text, at: None, real: None, place: None });
        &mut self.lines[at]
    }

    fn home(&self, message: MessageId) -> Option<&Conversation> {
        self.engine.conversations.values().find(|known| known.messages.contains_key(&message))
    }

    fn place(&self, message: MessageId) -> Option<Place> {
        let home = self.home(message)?;
        let entry = home.messages.get(&message)?;
        let position = home.branch(home.header.head).iter().position(|known| *known == message);
        Some(Place {
            conversation: home.header.id,
            pane: home.header.pane.clone(),
            message,
            number: entry.number,
            position: position.and_then(|position| u32::try_from(position).ok()),
        })
    }

    /// `drafting/m4`
    fn name(&self, message: MessageId) -> String {
        let entry = self.home(message).and_then(|home| Some((home, home.messages.get(&message)?)));
        match entry {
            Some((home, entry)) => {
                let erased = if entry.erased { " (erased)" } else { "" };
                format!("{}/m{}{erased}", home.header.pane, entry.number)
            }
            None => "a message that isn't there any more".to_owned(),
        }
    }

    fn pane(&self, id: ConversationId) -> &str {
        self.engine.conversations.get(&id).map_or("?", |known| known.header.pane.as_str())
    }

    fn is_busy(&self, id: ConversationId) -> bool {
        self.engine.conversations.get(&id).is_some_and(|known| known.header.turn.is_some())
    }
}

/// The first answer after a message on the active branch.
fn next_answer(conversation: &Conversation, message: MessageId) -> Option<MessageId> {
    let branch = conversation.branch(conversation.header.head);
    let after = branch.iter().skip_while(|known| **known != message).skip(1);
    after.copied().find(|id| conversation.messages.get(id).is_some_and(|entry| entry.author == Author::Model))
}
