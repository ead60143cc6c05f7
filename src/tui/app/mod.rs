//! The state of the screen and how it changes: keys, facts and replies in, commands out.
//!
//! Architecture invariants: no I/O, no clock (the moment is an argument), no runtime; a reply finds its pane by its
//! origin, never by focus; text a person wrote is in a composer, in line, on its way out, or in the history: never nowhere.

pub mod action;
mod arranging;
mod assisting;
mod beginnings;
mod briefing;
mod briefs;
mod completing;
pub mod composer;
mod composing;
pub mod conversation;
mod copying;
pub mod draft;
pub(super) mod finding;
mod fold;
mod geometry;
mod handoff;
mod history;
mod keymap;
mod keys;
mod lineage;
mod live_text;
mod material;
pub mod message;
mod models;
mod mouse;
mod names;
mod needs;
mod offers;
mod outcome;
mod pane;
mod panes;
mod perform;
mod quoting;
mod reading;
mod reply;
pub mod scroll;
pub mod selection;
mod send;
mod short_form;
mod spoken;
mod spoken_briefs;
mod telling;
mod theme;
mod tracing;
mod transcript;
mod view_state;
mod waiting;
mod wide;

use std::collections::BTreeMap;

use jiff::tz::TimeZone;

use crate::engine::id::ConversationId;
use crate::engine::op::{Op, Overview, Page};
use crate::engine::redaction::Dictionary;
use crate::engine::settings::{PaneName, Settings};
use crate::engine::spend::Spend;
use crate::engine::time::Timestamp;
use crate::engine::update::Update;
use crate::tui::dialog::Dialog;
use crate::tui::hyperlink::Hyperlinks;
use crate::tui::layout::{Stand, Tree};
use crate::tui::theme::{Glyphs, Theme};
use crate::tui::transcript::{Cache, Colours};

pub use action::Action;
pub use briefs::{BriefNames, Briefs, Surrounds};
pub use conversation::Conversation;
pub use geometry::{PaneArea, Screen};
pub use keymap::Keymap;
pub use message::{Command, Looks, Message, Offer, Origin, Standing};
pub use models::Models;
pub use pane::{Badge, Pane};
pub use selection::Selection;
pub use telling::Telling;
pub use view_state::{first_pages, kept_theme};

/// What the screen begins with.
#[derive(Debug)]
pub struct Start {
    /// The workspace's shape.
    pub overview: Overview,
    /// The pages that [`first_pages`] named.
    pub pages: Vec<Page>,
    /// What was kept of the screen.
    pub view: BTreeMap<String, serde_json::Value>,
    /// The layout of the workspace file, if it has one.
    pub layout: Option<Tree>,
    /// The looks.
    pub theme: Theme,
    /// The theme's name.
    pub theme_name: String,
    /// The glyphs, or their twins for terminals without them.
    pub glyphs: Glyphs,
    /// The keys.
    pub keymap: Keymap,
    /// What makes a click on a link open it.
    pub links: Hyperlinks,
    /// By what the person is told while they look elsewhere.
    pub telling: Telling,
    /// Whether the mouse is read.
    pub mouse: bool,
    /// Columns and rows of the terminal.
    pub size: (u16, u16),
    /// Where the clock on the wall hangs.
    pub zone: TimeZone,
    /// The workspace's folder, as the first-run text tells it.
    pub folder: String,
    /// Whether there is no other workspace: then there is something to try at once.
    pub is_first_run: bool,
    /// A sentence to begin with, such as why the workspace is open for reading only.
    pub notice: Option<String>,
}

/// Which keys type and which ones move.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Layer {
    /// Keys type.
    #[default]
    Write,
    /// Single keys move, copy and search.
    Read,
}

/// What the next key belongs to, before layers.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Pending {
    /// Nothing: the layer decides.
    #[default]
    Nothing,
    /// The leader was pressed at this moment.
    Leader(Timestamp),
    /// Arrows make the pane larger or smaller.
    Resize,
    /// Keys move the end of what is selected.
    Select,
}

/// The state of the screen.
#[derive(Debug)]
pub struct App {
    /// The settings in force.
    pub settings: Settings,
    /// Every conversation of the workspace.
    pub conversations: BTreeMap<ConversationId, Conversation>,
    /// What the models are called.
    pub models: Models,
    /// The briefs that were sent.
    pub briefs: Briefs,
    /// What a person judged of names, and the names they added.
    pub judged: Dictionary,
    /// The panes that exist, open or closed.
    pub panes: Vec<Pane>,
    /// Where the open ones stand; there is always at least one if any pane exists.
    pub tree: Option<Tree>,
    /// The closed ones, the last one closed at the end.
    pub closed: Vec<PaneName>,
    /// Where the closed ones stood.
    pub stood: BTreeMap<PaneName, Stand>,
    /// The pane that keys belong to.
    pub focused: PaneName,
    /// Whether it stands alone.
    pub zoomed: bool,
    /// Which keys type.
    pub layer: Layer,
    /// What the next key belongs to.
    pub pending: Pending,
    /// The dialogs, the front one last.
    pub dialogs: Vec<Dialog>,
    /// What was found that could answer.
    pub offers: Vec<Offer>,
    /// A sentence about the whole workspace; gone with the next key.
    pub notice: Option<String>,
    /// Why the journal didn't keep what was to be saved last; none where it did.
    pub view_refusal: Option<String>,
    /// Whether the runtime has ended.
    pub is_closed: bool,
    /// Columns and rows.
    pub size: (u16, u16),
    /// The looks.
    pub theme: Theme,
    /// The theme's name.
    pub theme_name: String,
    /// The glyphs, or their twins for terminals without them.
    pub glyphs: Glyphs,
    /// The keys.
    pub keymap: Keymap,
    /// Where the clock on the wall hangs.
    pub zone: TimeZone,
    /// The workspace's folder.
    pub folder: String,
    /// The moment of the last message.
    pub now: Timestamp,
    /// The folder of the workspace that is opened when this one is left; none to end the program.
    pub leaving_for: Option<std::path::PathBuf>,
    /// The text that is selected.
    pub selection: Option<Selection>,
    /// Laid-out messages.
    pub cache: Cache,
    /// The colours of the code in them.
    pub colours: Colours,
    /// Where the links of the frame lead.
    pub links: Hyperlinks,
    commands: Vec<Command>,
    saved_layout: serde_json::Value,
    layout_changed: Option<Timestamp>,
    burst_at: Option<Timestamp>,
    /// When the list of what waits closed of itself, if no key came since.
    needs_closed: Option<Timestamp>,
    dragged: Option<mouse::Dragged>,
    code_at: Option<finding::CodeAt>,
    copied: Option<copying::Copied>,
    is_quitting: bool,
    assisting: Option<assisting::Assisting>,
    /// How often a model was asked for proposals: the number of the next one.
    assists: u64,
    teller: telling::Teller,
}

/// How long after the leader its strip is shown.
pub const STRIP_AFTER_MS: i64 = 400;

impl App {
    /// Takes in a message; returns what is to be done about it.
    pub fn update(&mut self, message: Message, now: Timestamp) -> Vec<Command> {
        self.now = now;
        match message {
            Message::Keys(keys) => self.keys(&keys),
            Message::Paste(text) => self.paste(&text),
            Message::Mouse(mouse) => self.mouse(mouse),
            Message::Resized(columns, rows) => self.resized((columns, rows)),
            Message::Focus(has_focus) => self.focus_changed(has_focus),
            // The commonest message by far: nothing but the live answer depends on it.
            Message::Update(Update::Delta(delta)) => {
                self.fold_delta(&delta);
                return Vec::new();
            }
            Message::Update(update) => self.fold(update),
            Message::Reply(origin, reply) => self.reply(origin, *reply),
            Message::Closed => self.closed(),
            Message::Offers(offers) => self.take_offers(offers),
            Message::Tested(model, told) => self.take_test(&model, told),
            Message::FileRead(pane, path, read) => self.file_read(&pane, &path, read),
            Message::Beginning(pane, spelled, names) => self.take_names(&pane, &spelled, &names),
            Message::Edited(pane, text) => self.edited(&pane, text),
            Message::Themes(themes) => self.choose_theme(themes),
            Message::Reloaded(looks) => self.reloaded(looks),
            Message::Layouts(layouts) => self.take_layouts(layouts),
            Message::LayoutPlanned(name, planned) => self.layout_planned(name, planned),
            Message::LayoutWritten(written) => self.layout_written(written),
            Message::BriefTemplates(pane, templates, errors) => self.take_brief_templates(pane, templates, errors),
            Message::Workspaces(workspaces) => self.take_workspaces(workspaces),
            Message::Copied(took) => self.tmux_answered(took),
            Message::Highlighted(found) => self.highlighted(found),
            Message::Woke => {}
            Message::Shutdown => {
                self.leaving_for = None;
                self.quit_now();
            }
        }
        self.send_waiting();
        if matches!(self.dialogs.last(), Some(Dialog::Quit)) && self.is_at_rest() {
            // The last answer came to its end while the question was asked: nothing is left to ask about.
            self.dialogs.pop();
            self.quit_now();
        }
        self.give_up_proposals();
        self.compose_due();
        self.refresh_needs();
        self.refresh_names();
        self.settle_jumps();
        self.fetch_missing();
        let plain = self.colours.take_wanted();
        if !plain.is_empty() {
            self.command(Command::Highlight(plain));
        }
        self.save_view();
        self.tell_elsewhere();
        std::mem::take(&mut self.commands)
    }

    /// When the app wants to be woken though nothing happens: for the strip, a spinner, an unsaved
    /// draft, code that a frame found without its colours.
    pub fn wake_at(&self) -> Option<Timestamp> {
        let strip = match self.pending {
            Pending::Leader(since) if !self.shows_strip() => Some(after(since, STRIP_AFTER_MS)),
            Pending::Leader(_) | Pending::Nothing | Pending::Resize | Pending::Select => None,
        };
        let plain = self.colours.is_due().then_some(self.now);
        [strip, plain, self.spinner_at(), self.save_at(), self.teller.at(), self.compose_at()]
            .into_iter()
            .flatten()
            .min()
    }

    /// Whether the leader's strip is up.
    pub fn shows_strip(&self) -> bool {
        matches!(self.pending, Pending::Leader(since) if self.now >= after(since, STRIP_AFTER_MS))
    }

    /// The pane that keys belong to.
    pub fn focused_pane(&self) -> Option<&Pane> {
        self.pane(&self.focused)
    }

    /// The pane of this name.
    pub fn pane(&self, name: &str) -> Option<&Pane> {
        self.panes.iter().find(|pane| pane.name == name)
    }

    fn pane_mut(&mut self, name: &str) -> Option<&mut Pane> {
        self.panes.iter_mut().find(|pane| pane.name == name)
    }

    fn focused_mut(&mut self) -> Option<&mut Pane> {
        self.panes.iter_mut().find(|pane| pane.name == self.focused)
    }

    /// The conversation that a pane shows.
    pub fn shown(&self, pane: &str) -> Option<&Conversation> {
        self.conversations.get(&self.pane(pane)?.conversation)
    }

    /// The open panes in reading order.
    pub fn open_panes(&self) -> Vec<&PaneName> {
        self.tree.as_ref().map(Tree::panes).unwrap_or_default()
    }

    /// What all conversations of the workspace cost together.
    pub fn spend(&self) -> Spend {
        let each = self.conversations.values().map(|conversation| conversation.overview.spend);
        each.fold(Spend::default(), Spend::and)
    }

    /// How many turns run.
    pub fn running(&self) -> usize {
        self.conversations.values().filter(|conversation| conversation.overview.turn.is_some()).count()
    }

    fn resized(&mut self, size: (u16, u16)) {
        self.size = size;
        for dialog in &mut self.dialogs {
            match dialog {
                Dialog::Brief(composer) => composer.fit(size),
                Dialog::Handoff(sheet) => sheet.fit(size),
                _ => {}
            }
        }
    }

    fn post(&mut self, origin: Origin, op: Op) {
        self.commands.push(Command::Post(origin, op));
    }

    fn command(&mut self, command: Command) {
        self.commands.push(command);
    }

    /// Tells a sentence in a pane, or where that pane isn't, to the whole workspace.
    fn tell(&mut self, pane: &str, sentence: impl Into<String>) {
        let is_open = self.tree.as_ref().is_some_and(|tree| tree.contains(pane));
        match self.panes.iter_mut().find(|known| known.name == pane && is_open) {
            Some(pane) => pane.notice = Some(sentence.into()),
            None => self.notice = Some(sentence.into()),
        }
    }

    fn tell_here(&mut self, sentence: impl Into<String>) {
        let pane = self.focused.clone();
        self.tell(&pane, sentence);
    }
}

fn after(moment: Timestamp, millis: i64) -> Timestamp {
    Timestamp::from_millis(moment.as_millis().saturating_add(millis))
}
