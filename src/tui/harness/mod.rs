//! The app without a terminal: keys as text, facts as data, the screen as text. A stand-in answers what is posted.

mod answers;
mod arranging;
mod crossings;
mod reading;
mod screens;
mod scripts;
mod stories;
mod telling;

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::tz::TimeZone;
use ratatui::Terminal;
use ratatui::backend::TestBackend;

use crate::engine::conversation::{Pin, Turn};
use crate::engine::event::Event;
use crate::engine::id::{ConversationId, Env, Ids, MessageId, PinId, TurnId};
use crate::engine::message::{Attachment, Author, Ending, Interruption, Message, Part};
use crate::engine::meter::{self, Meter};
use crate::engine::model::{ModelFacts, ModelRef};
use crate::engine::op::{
    ConversationOverview, Hit, Op, Overview, Page, PageOf, PaneOverview, Refusal, RefusalKind, Reply,
};
use crate::engine::settings::{Locality, PaneName, PaneSettings, ProviderFacts, Settings};
use crate::engine::spend::Spend;
use crate::engine::time::Timestamp;
use crate::engine::update::{Delta, Stream, Update};
use crate::tui::app::message::{Mouse, MouseDeed};
use crate::tui::app::{App, Command, Keymap, Message as AppMessage, Start, Telling, first_pages};
use crate::tui::hyperlink::Hyperlinks;
use crate::tui::key::Key;
use crate::tui::text::highlight::Code;
use crate::tui::theme::{Glyphs, Theme};
use crate::tui::ui;

/// 2026-11-21 10:40 UTC.
const BEGIN: i64 = 1_795_257_600_000;

/// An app on a screen, and what stands in for the engine.
pub(crate) struct Harness {
    pub(crate) app: App,
    terminal: Terminal<TestBackend>,
    env: Env,
    /// Everything that was said, by conversation: whole branches.
    said: BTreeMap<ConversationId, Vec<Message>>,
    streamed: BTreeMap<ConversationId, (TurnId, MessageId, String)>,
    /// Commands that are not for the engine.
    pub(crate) commands: Vec<Command>,
    /// Code that is to be read and stays plain until a story does that.
    pub(crate) plain: Vec<Code>,
    /// Ops that were posted, the newest last.
    pub(crate) posted: Vec<Op>,
    /// What the next Send is refused with.
    pub(crate) refuse: Option<String>,
    view: BTreeMap<String, serde_json::Value>,
    settings: Settings,
    panes: Vec<PaneOverview>,
    overviews: Vec<ConversationOverview>,
}

/// A workspace to begin with.
pub(crate) struct Plan {
    pub(crate) size: (u16, u16),
    pub(crate) panes: Vec<(&'static str, Locality, &'static str)>,
    pub(crate) messages: usize,
    pub(crate) glyphs: Glyphs,
    pub(crate) theme: &'static str,
    pub(crate) telling: Telling,
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
        let env = Env { now: Timestamp::from_millis(BEGIN), ids: Ids::seeded(7) };
        let mut settings = Settings { title: "vendor study".to_owned(), ..Settings::default() };
        settings.providers.insert("llama".into(), ProviderFacts { local: true });
        settings.providers.insert("openai".into(), ProviderFacts { local: false });
        let facts = ModelFacts { window: Some(8_192), ..ModelFacts::default() };
        settings.models.insert("llama/smollm2".into(), facts);
        let (mut panes, mut overviews, mut said) = (Vec::new(), Vec::new(), BTreeMap::new());
        for (name, locality, model) in &plan.panes {
            let id = ConversationId::new(&env);
            let model: ModelRef = model.parse().unwrap();
            let own = PaneSettings {
                role: format!("You do the {name}."),
                model: Some(model.clone()),
                locality: *locality,
                ..PaneSettings::default()
            };
            let messages = chat(&env, id, &model, name, plan.messages);
            panes.push(PaneOverview { pane: (*name).to_owned(), conversation: id });
            overviews.push(ConversationOverview {
                id,
                pane: (*name).to_owned(),
                settings: own,
                facts: settings.facts(&model),
                model,
                messages: messages.len() as u32,
                head: messages.last().map(|message| message.id),
                meter: Meter { measured: messages.iter().map(meter::estimate_message).sum(), added: 0 },
                turn: None,
                pins: Vec::new(),
                spend: Spend::default(),
            });
            said.insert(id, messages);
        }
        let mut harness = Self {
            app: App::new(start(plan, Overview::default(), Vec::new(), BTreeMap::new()), env.now),
            terminal: Terminal::new(TestBackend::new(plan.size.0, plan.size.1)).unwrap(),
            env,
            said,
            streamed: BTreeMap::new(),
            commands: Vec::new(),
            plain: Vec::new(),
            posted: Vec::new(),
            refuse: None,
            view: BTreeMap::new(),
            settings,
            panes,
            overviews,
        };
        harness.reopen_as(plan);
        harness
    }

    /// Closes the workspace and opens it again on a screen of this plan's size and looks.
    pub(crate) fn reopen_as(&mut self, plan: &Plan) {
        let overview = Overview {
            settings: self.settings.clone(),
            panes: self.panes.clone(),
            conversations: self.overviews.clone(),
            briefs: Vec::new(),
        };
        let pages = first_pages(&overview, &self.view).into_iter().map(|page| self.page(&page)).collect();
        self.app = App::new(start(plan, overview, pages, self.view.clone()), self.env.now);
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
        let end = self.env.now.as_millis() + millis;
        while let Some(at) = self.app.wake_at().filter(|at| at.as_millis() <= end) {
            self.env.now = at.max(Timestamp::from_millis(self.env.now.as_millis() + 1));
            self.message(AppMessage::Woke);
        }
        self.env.now = Timestamp::from_millis(end.max(self.env.now.as_millis()));
        self
    }

    pub(crate) fn message(&mut self, message: AppMessage) {
        for command in self.app.update(message, self.env.now) {
            if let Command::Post(origin, op) = command {
                self.posted.push(op.clone());
                let reply = self.answer(op);
                self.message(AppMessage::Reply(origin, Box::new(reply)));
            } else if let Command::Highlight(code) = command {
                self.plain.extend(code);
            } else {
                self.commands.push(command);
            }
        }
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
        let conversation = self.conversation(pane);
        if !self.streamed.contains_key(&conversation) {
            let prompt = self.said[&conversation].last().unwrap().id;
            self.begin_turn(conversation, prompt);
        }
        let (turn, _, so_far) = self.streamed.get_mut(&conversation).unwrap();
        let (turn, offset) = (*turn, so_far.len());
        so_far.push_str(text);
        let delta = Delta { conversation, turn, stream: Stream::Text, offset, text: text.to_owned() };
        self.message(AppMessage::Update(Update::Delta(delta)));
        self
    }

    /// Streams a piece if a turn runs in this pane.
    pub(crate) fn streams_if_running(&mut self, pane: &str, text: &str) {
        if self.streamed.contains_key(&self.conversation(pane)) {
            self.streams(pane, text);
        }
    }

    /// Whether a text was sent from a pane, or lies in its history.
    pub(crate) fn was_written(&mut self, pane: &str, text: &str) -> bool {
        let sent = self.said.values().flatten().any(|message| message.text().contains(text));
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
        self.end(id, ending);
        self
    }

    fn end(&mut self, id: ConversationId, ending: &Ending) {
        let (turn, prompt, text) = self.streamed.remove(&id).unwrap();
        let model = self.overview(id).model.clone();
        let mut message = self.say(id, Author::Model, vec![Part::text(text.clone())], Some(prompt));
        message.turn = Some(turn);
        message.model = Some(model);
        message.ending = ending.clone();
        let is_empty = text.is_empty();
        let event = match ending.clone() {
            Ending::Interrupted { by } => {
                Event::TurnInterrupted { conversation: id, turn, by, message: (!is_empty).then(|| message.clone()) }
            }
            Ending::Failed { failure } => {
                Event::TurnFailed { conversation: id, turn, failure, message: (!is_empty).then(|| message.clone()) }
            }
            _ => Event::TurnEnded { conversation: id, turn, message: message.clone() },
        };
        if !is_empty {
            self.keep(&message);
        }
        self.overview(id).turn = None;
        self.event(event);
    }

    pub(crate) fn event(&mut self, event: Event) {
        let update = Update::Event { at: self.env.now, fact: Arc::new(event) };
        self.message(AppMessage::Update(update));
    }

    fn overview(&mut self, id: ConversationId) -> &mut ConversationOverview {
        self.overviews.iter_mut().find(|known| known.id == id).unwrap()
    }

    fn begin_turn(&mut self, conversation: ConversationId, prompt: MessageId) {
        let turn = TurnId::new(&self.env);
        let model = self.overview(conversation).model.clone();
        self.streamed.insert(conversation, (turn, prompt, String::new()));
        self.overview(conversation).turn = Some(Turn { id: turn, prompt, model: model.clone() });
        self.event(Event::TurnStarted { conversation, turn, prompt, model });
    }

    fn say(&self, id: ConversationId, author: Author, parts: Vec<Part>, parent: Option<MessageId>) -> Message {
        let number = self.said[&id].iter().map(|message| message.number).max().unwrap_or(0) + 1;
        Message {
            id: MessageId::new(&self.env),
            conversation: id,
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
        let id = message.conversation;
        let branch = self.said.get_mut(&id).unwrap();
        let kept = branch.iter().position(|known| Some(known.id) == message.parent).map_or(0, |at| at + 1);
        branch.truncate(kept);
        branch.push(message.clone());
        let messages = branch.len() as u32;
        let overview = self.overview(id);
        overview.messages = messages;
        overview.head = Some(message.id);
    }

    fn page(&self, page: &PageOf) -> Page {
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

    fn answer(&mut self, op: Op) -> Reply {
        match op {
            Op::Send { conversation, text, attachments, parent } => {
                if let Some(why) = self.refuse.take() {
                    return Reply::Refused(Refusal::new(RefusalKind::NotNow, why));
                }
                let mut parts = vec![Part::text(text)];
                parts.extend(attachments.into_iter().map(Part::Attachment));
                let parent = parent.or_else(|| self.said[&conversation].last().map(|message| message.id));
                let message = self.say(conversation, Author::Person, parts, parent);
                self.keep(&message);
                let prompt = message.id;
                self.event(Event::MessageAdded { message });
                self.begin_turn(conversation, prompt);
                let turn = self.streamed[&conversation].0;
                Reply::Accepted { turn, message: prompt }
            }
            Op::Continue { conversation } => {
                let asked = self.said[&conversation].iter().rev().find(|message| message.author == Author::Person);
                let prompt = asked.unwrap().id;
                self.begin_turn(conversation, prompt);
                Reply::Accepted { turn: self.streamed[&conversation].0, message: prompt }
            }
            Op::Stop { conversation } => {
                self.end(conversation, &Ending::Interrupted { by: Interruption::Person });
                Reply::Done
            }
            Op::StopAll { by } => {
                let running: Vec<_> = self.streamed.keys().copied().collect();
                for id in running {
                    self.end(id, &Ending::Interrupted { by });
                }
                Reply::Done
            }
            Op::OpenPane { pane, settings } => self.open_pane(pane, settings),
            Op::Page(page) => Reply::Page(self.page(&page)),
            Op::SaveView { key, value } => {
                if value.is_null() {
                    self.view.remove(&key);
                } else {
                    self.view.insert(key, value);
                }
                Reply::Done
            }
            Op::Attach { name, body } => Reply::Attached(Attachment {
                hash: format!("{:08x}", body.len()),
                name,
                bytes: body.len() as u64,
                tokens: meter::estimate(&body),
            }),
            Op::Pin { conversation, message, text } => {
                let pin = Pin { id: PinId::new(&self.env), message, text: Arc::from(text) };
                self.event(Event::Pinned { conversation, pin });
                Reply::Done
            }
            Op::Unpin { conversation, pin } => {
                self.event(Event::Unpinned { conversation, pin });
                Reply::Done
            }
            Op::ChooseModel { conversation, model } => {
                self.overview(conversation).model = model.clone();
                self.event(Event::ModelChosen { conversation, model });
                Reply::Done
            }
            Op::Search { query, within, .. } => {
                let mut hits = self.hits(&query);
                hits.retain(|hit| within.is_none_or(|conversation| conversation == hit.conversation));
                Reply::Hits { hits }
            }
            Op::Overview => Reply::Overview(Box::new(Overview {
                settings: self.settings.clone(),
                panes: self.panes.clone(),
                conversations: self.overviews.clone(),
                briefs: Vec::new(),
            })),
            Op::NewConversation { pane } => {
                let settings = self.app.shown(&pane).unwrap().overview.settings.clone();
                self.start_conversation(pane, settings)
            }
            Op::ShowConversation { pane, conversation } => {
                self.event(Event::PaneTurned { pane, conversation });
                Reply::Done
            }
            Op::Forget(_) | Op::Brief { .. } | Op::TurnBrief { .. } | Op::Judge { .. } => Reply::Done,
            Op::Gather { into, from, .. } => self.gathered(into, &from),
            Op::Locality { conversation, change, typed } => self.relocate(conversation, change, typed.as_ref()),
        }
    }

    fn open_pane(&mut self, pane: PaneName, settings: PaneSettings) -> Reply {
        self.event(Event::PaneOpened { pane: pane.clone(), settings: settings.clone() });
        self.start_conversation(pane, settings)
    }

    fn start_conversation(&mut self, pane: PaneName, settings: PaneSettings) -> Reply {
        let conversation = ConversationId::new(&self.env);
        let model = settings.model.clone().unwrap();
        self.said.insert(conversation, Vec::new());
        self.panes.retain(|known| known.pane != pane);
        self.panes.push(PaneOverview { pane: pane.clone(), conversation });
        self.overviews.push(ConversationOverview {
            id: conversation,
            pane: pane.clone(),
            settings: settings.clone(),
            facts: self.settings.facts(&model),
            model: model.clone(),
            messages: 0,
            head: None,
            meter: Meter::default(),
            turn: None,
            pins: Vec::new(),
            spend: Spend::default(),
        });
        self.event(Event::ConversationStarted { conversation, pane, settings, model, predecessor: None });
        Reply::Conversation { conversation }
    }

    fn hits(&self, query: &str) -> Vec<Hit> {
        let mut hits = Vec::new();
        for (conversation, messages) in &self.said {
            for (position, message) in messages.iter().enumerate() {
                if message.text().to_lowercase().contains(&query.to_lowercase()) {
                    hits.push(Hit {
                        conversation: *conversation,
                        pane: self.app.showing(*conversation).map(|pane| pane.name.clone()).unwrap_or_default(),
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
