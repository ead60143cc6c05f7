//! The app without a terminal: keys as text, facts as data, the screen as text. A stand-in answers what is posted.

mod along;
mod answers;
mod any_keys;
mod arranging;
mod assisting;
mod briefs;
mod crossings;
mod handoffs;
mod mentions;
mod mouse;
mod moves;
mod pasting;
mod quoting;
mod reading;
mod reports;
mod screens;
mod scripts;
mod stand_in;
mod stopping;
mod stories;
mod telling;
mod waiting;

use std::collections::{BTreeMap, VecDeque};

use jiff::tz::TimeZone;
use ratatui::Terminal;
use ratatui::backend::TestBackend;

use crate::engine::event::Event;
use crate::engine::failure::Failure;
use crate::engine::id::{ConversationId, Env, MessageId};
use crate::engine::input::Asker;
use crate::engine::message::{Author, Ending, Message, Part};
use crate::engine::model::ModelRef;
use crate::engine::op::{Op, Overview, Page};
use crate::engine::redaction::Dictionary;
use crate::engine::settings::Locality;
use crate::engine::time::Timestamp;
use crate::engine::update::Update;
use crate::tui::app::message::{Mouse, MouseDeed};
use crate::tui::app::{App, Command, Keymap, Message as AppMessage, Origin, Start, Telling, first_pages};
use crate::tui::hyperlink::Hyperlinks;
use crate::tui::key::Key;
use crate::tui::text::highlight::Code;
use crate::tui::theme::{Glyphs, Theme};
use crate::tui::ui;
use stand_in::StandIn;

/// 2026-11-21 10:40 UTC.
const BEGIN: i64 = 1_795_257_600_000;

/// An app on a screen, and what stands in for the engine.
pub(crate) struct Harness {
    pub(crate) app: App,
    /// What answers.
    pub(crate) stand_in: StandIn,
    terminal: Terminal<TestBackend>,
    /// Commands that are not for the engine.
    pub(crate) commands: Vec<Command>,
    /// Code that is to be read and stays plain until a story does that.
    pub(crate) plain: Vec<Code>,
    /// Ops that were posted, the newest last.
    pub(crate) posted: Vec<Op>,
    /// Who waits for which answer.
    origins: BTreeMap<Asker, Origin>,
    /// What the app hasn't been told yet: facts and answers come in the order in which they arose.
    mailbox: VecDeque<AppMessage>,
    is_reading: bool,
}

/// A workspace to begin with.
pub(crate) struct Plan {
    pub(crate) size: (u16, u16),
    pub(crate) panes: Vec<(&'static str, Locality, &'static str)>,
    pub(crate) messages: usize,
    pub(crate) glyphs: Glyphs,
    pub(crate) theme: &'static str,
    pub(crate) telling: Telling,
    /// What every pane's dictionary says.
    pub(crate) dictionary: Dictionary,
    /// How many tokens the local model's window holds.
    pub(crate) window: u32,
    /// Whether there is no other workspace.
    pub(crate) is_first_run: bool,
}

impl Default for Plan {
    fn default() -> Self {
        Self {
            size: (160, 48),
            panes: vec![
                ("research", Locality::Open, "llama/smollm2"),
                ("drafting", Locality::Guarded, "openai/gpt-5"),
                ("synthesis", Locality::Open, "offline"),
            ],
            messages: 2,
            glyphs: Glyphs::Unicode,
            theme: "trialogue-dark",
            telling: Telling { bell: false, osc: false, title: false },
            dictionary: Dictionary::default(),
            window: 8_192,
            is_first_run: true,
        }
    }
}

impl Harness {
    pub(crate) fn new() -> Self {
        Self::of(&Plan::default())
    }

    pub(crate) fn sized(columns: u16, rows: u16) -> Self {
        Self::of(&Plan { size: (columns, rows), ..Plan::default() })
    }

    pub(crate) fn of(plan: &Plan) -> Self {
        let stand_in = StandIn::new(plan);
        let mut harness = Self {
            app: App::new(start(plan, Overview::default(), Vec::new(), BTreeMap::new()), stand_in.env.now),
            stand_in,
            terminal: Terminal::new(TestBackend::new(plan.size.0, plan.size.1)).unwrap(),
            commands: Vec::new(),
            plain: Vec::new(),
            posted: Vec::new(),
            origins: BTreeMap::new(),
            mailbox: VecDeque::new(),
            is_reading: false,
        };
        harness.reopen_as(plan);
        harness
    }

    /// Closes the workspace and opens it again on a screen of this plan's size and looks.
    pub(crate) fn reopen_as(&mut self, plan: &Plan) {
        let StandIn { engine, view, env, .. } = &self.stand_in;
        let overview = engine.overview();
        let pages = first_pages(&overview, view).into_iter().map(|page| self.stand_in.page(&page)).collect();
        self.app = App::new(start(plan, overview, pages, view.clone()), env.now);
    }

    pub(crate) fn reopen(&mut self) {
        self.reopen_as(&Plan::default());
    }

    /// Presses keys, one after the other: `hello<Enter>`, `<C-x>z`, `<lt>`.
    pub(crate) fn keys(&mut self, keys: &str) -> &mut Self {
        for key in parse(keys) {
            self.message(AppMessage::Keys(vec![key]));
        }
        self
    }

    /// Keys that arrive in one moment.
    pub(crate) fn burst(&mut self, keys: &str) -> &mut Self {
        self.message(AppMessage::Keys(parse(keys)));
        self
    }

    pub(crate) fn paste(&mut self, text: &str) -> &mut Self {
        self.message(AppMessage::Paste(text.to_owned()));
        self
    }

    pub(crate) fn click(&mut self, column: u16, row: u16) -> &mut Self {
        self.mouse(MouseDeed::Press, column, row).mouse(MouseDeed::Release, column, row)
    }

    pub(crate) fn mouse(&mut self, deed: MouseDeed, column: u16, row: u16) -> &mut Self {
        self.message(AppMessage::Mouse(Mouse { deed, column, row }));
        self
    }

    pub(crate) fn resize(&mut self, columns: u16, rows: u16) -> &mut Self {
        self.terminal.backend_mut().resize(columns, rows);
        self.message(AppMessage::Resized(columns, rows));
        self
    }

    /// Lets time pass, with every wake-up the app asks for on the way.
    pub(crate) fn pass(&mut self, millis: i64) -> &mut Self {
        let end = self.stand_in.env.now.as_millis() + millis;
        while let Some(at) = self.app.wake_at().filter(|at| at.as_millis() <= end) {
            self.stand_in.env.now = at.max(Timestamp::from_millis(self.stand_in.env.now.as_millis() + 1));
            self.message(AppMessage::Woke);
        }
        self.stand_in.env.now = Timestamp::from_millis(end.max(self.stand_in.env.now.as_millis()));
        self
    }

    pub(crate) fn message(&mut self, message: AppMessage) {
        for command in self.app.update(message, self.stand_in.env.now) {
            if let Command::Post(origin, op) = command {
                self.posted.push(op.clone());
                let asker = self.stand_in.post(op);
                self.origins.insert(asker, origin);
                self.answered();
            } else if let Command::Highlight(code) = command {
                self.plain.extend(code);
            } else {
                self.commands.push(command);
            }
        }
    }

    /// What was answered goes to those who asked, after what happened.
    fn answered(&mut self) {
        let updates = self.stand_in.take_updates();
        self.mailbox.extend(updates.into_iter().map(AppMessage::Update));
        for (asker, reply) in self.stand_in.take_replies() {
            let origin = self.origins.remove(&asker).expect("an answer to something that was asked, once");
            self.mailbox.push_back(AppMessage::Reply(origin, Box::new(reply)));
        }
        if std::mem::replace(&mut self.is_reading, true) {
            return;
        }
        while let Some(message) = self.mailbox.pop_front() {
            self.message(message);
        }
        self.is_reading = false;
    }

    /// The model that is asked for proposals answers this, or fails so. Returns whether one was asked.
    pub(crate) fn proposes(&mut self, answer: Result<&str, Failure>) -> bool {
        let was_asked = self.stand_in.proposes(answer);
        self.answered();
        was_asked
    }

    /// What the screen shows.
    pub(crate) fn screen(&mut self) -> String {
        let app = &self.app;
        self.terminal.draw(|frame| ui::draw(app, frame)).unwrap();
        let buffer = self.terminal.backend().buffer();
        let mut text = String::new();
        for y in 0..buffer.area.height {
            let mut line = String::new();
            let mut skip = 0;
            for x in 0..buffer.area.width {
                if skip > 0 {
                    skip -= 1;
                    continue;
                }
                let symbol = buffer[(x, y)].symbol();
                skip = crate::tui::text::width::width(symbol).saturating_sub(1);
                line.push_str(symbol);
            }
            text.push_str(line.trim_end());
            text.push('\n');
        }
        text
    }

    pub(crate) fn draft(&self, pane: &str) -> String {
        self.app.pane(pane).unwrap().composer.text()
    }

    pub(crate) fn conversation(&self, pane: &str) -> ConversationId {
        self.app.pane(pane).unwrap().conversation
    }

    /// Streams a piece in a pane, beginning a turn for its last question if none runs.
    pub(crate) fn streams(&mut self, pane: &str, text: &str) -> &mut Self {
        let delta = self.stand_in.streams(self.conversation(pane), text);
        self.answered();
        self.message(AppMessage::Update(Update::Delta(delta)));
        self
    }

    /// Streams a piece if a turn runs in this pane.
    pub(crate) fn streams_if_running(&mut self, pane: &str, text: &str) {
        if self.stand_in.is_running(self.conversation(pane)) {
            self.streams(pane, text);
        }
    }

    /// Whether a text was sent from a pane, or lies in its history.
    pub(crate) fn was_written(&mut self, pane: &str, text: &str) -> bool {
        let sent = self.stand_in.said.values().flatten().any(|message| message.text().contains(text));
        sent || {
            self.app.dialogs.clear();
            self.app.focused = pane.to_owned();
            self.app.layer = crate::tui::app::Layer::Write;
            (0..200).any(|_| {
                self.keys("<C-p>");
                self.draft(pane).contains(text)
            })
        }
    }

    /// Ends the turn in a pane.
    pub(crate) fn ends(&mut self, pane: &str, ending: &Ending) -> &mut Self {
        let id = self.conversation(pane);
        self.stand_in.end(id, ending);
        self.answered();
        self
    }

    /// Something that happened elsewhere.
    pub(crate) fn event(&mut self, event: Event) {
        self.stand_in.fact(event);
        self.answered();
    }
}

fn start(plan: &Plan, overview: Overview, pages: Vec<Page>, view: BTreeMap<String, serde_json::Value>) -> Start {
    Start {
        overview,
        pages,
        view,
        layout: None,
        theme: Theme::builtin(plan.theme).unwrap(),
        theme_name: plan.theme.to_owned(),
        glyphs: plan.glyphs,
        keymap: Keymap::default(),
        links: Hyperlinks::default(),
        telling: plan.telling,
        mouse: true,
        size: plan.size,
        zone: TimeZone::UTC,
        folder: "~/trio".to_owned(),
        is_first_run: plan.is_first_run,
        notice: None,
    }
}

/// A conversation of this many messages, with every kind of text in it.
fn chat(env: &Env, id: ConversationId, model: &ModelRef, name: &str, count: usize) -> Vec<Message> {
    let texts = [
        format!("What do the three vendors charge per seat? ({name})"),
        "The offers differ in what a seat includes:\n\n| vendor | per seat | term |\n|---|--:|---|\n| Northwind | $31 | \
         year |\n| 北風商事 | $28 | 一年 |\n\n- yearly terms are **cheaper**\n- set-up is *waived* 🎉\n\n```sh\ngrep -c seat \
         offers.md\n```\n"
            .to_owned(),
    ];
    let mut messages: Vec<Message> = Vec::new();
    for at in 0..count {
        let author = if at % 2 == 0 { Author::Person } else { Author::Model };
        messages.push(Message {
            id: MessageId::new(env),
            conversation: id,
            number: at as u32 + 1,
            parent: messages.last().map(|message| message.id),
            author,
            at: Timestamp::from_millis(BEGIN - 60_000),
            parts: vec![Part::text(texts[at % 2].as_str())],
            ending: Ending::Complete,
            about: None,
            turn: None,
            model: (author == Author::Model).then(|| model.clone()),
            usage: None,
        });
    }
    messages
}

/// `hello<Enter>` as keys.
fn parse(keys: &str) -> Vec<Key> {
    let mut parsed = Vec::new();
    let mut rest = keys;
    while let Some(char) = rest.chars().next() {
        if char == '<'
            && let Some(end) = rest.find('>')
        {
            let name = &rest[1..end];
            parsed.push(if name == "lt" { Key::char('<') } else { name.parse().unwrap() });
            rest = &rest[end + 1..];
        } else {
            parsed.push(Key::char(char));
            rest = &rest[char.len_utf8()..];
        }
    }
    parsed
}
