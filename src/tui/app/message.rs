//! What comes into the app, and what it asks for. Both are data; the event loop is the only one that acts.

use crate::config::brief_templates::BriefTemplate;
use crate::config::layout_edit::LayoutChange;
use crate::engine::brief::Quote;
use crate::engine::id::{ConversationId, MessageId};
use crate::engine::model::ModelRef;
use crate::engine::op::{Op, PageOf, Reply};
use crate::engine::settings::PaneName;
use crate::engine::update::Update;
use crate::tui::dialog::{FileLayouts, WorkspaceRow};
use crate::tui::key::Key;
use crate::tui::layout::{Axis, Tree};
use crate::tui::text::highlight::{Code, Run};
use crate::tui::theme::{Glyphs, Theme};

use super::{Keymap, Telling};

/// Something the app reacts to.
#[derive(Debug, Clone, PartialEq)]
pub enum Message {
    /// Keys that arrived in one moment: usually one. A burst with lines in it is a paste.
    Keys(Vec<Key>),
    /// A bracketed paste.
    Paste(String),
    /// The mouse.
    Mouse(Mouse),
    /// The terminal has another size: columns and rows.
    Resized(u16, u16),
    /// The terminal got the focus, or lost it.
    Focus(bool),
    /// A fact, a streamed piece, a notice.
    Update(Update),
    /// The answer to an Op, with the origin that the Op was posted with.
    Reply(Origin, Box<Reply>),
    /// The runtime has ended.
    Closed,
    /// What discovery found.
    Offers(Vec<Offer>),
    /// What a test of a model said: good or bad news, as a sentence.
    Tested(ModelRef, Result<String, String>),
    /// A file that a draft mentions was read, or why not.
    FileRead(PaneName, String, Result<String, String>),
    /// The files whose names begin as this pane's draft spells it, sorted.
    Beginning(PaneName, String, Vec<String>),
    /// A person's editor was closed: the text, or why there is none.
    Edited(PaneName, Result<String, String>),
    /// The themes that can be worn, by name.
    Themes(Vec<(String, Theme)>),
    /// The configuration was read again: how things look from now on, or why everything stays as it was.
    Reloaded(Result<Box<Looks>, String>),
    /// The layouts of the workspace's file, its own first, or why they can't be read.
    Layouts(Result<FileLayouts, String>),
    /// What saving a layout under this name would change, and the panes that would be left out; or why it can't be.
    LayoutPlanned(Option<String>, Result<(LayoutChange, Vec<PaneName>), String>),
    /// The workspace's file was changed, or why not.
    LayoutWritten(Result<(), String>),
    /// The templates of briefs, and what is wrong with those that can't be read.
    BriefTemplates(PaneName, Vec<BriefTemplate>, Vec<String>),
    /// The workspaces there are.
    Workspaces(Vec<WorkspaceRow>),
    /// A text was offered to the terminal: whether tmux took it too; `None` outside of tmux.
    Copied(Option<bool>),
    /// What the code that was to be read is made of.
    Highlighted(Vec<(u64, Vec<Run>)>),
    /// The moment that [`App::wake_at`](super::App::wake_at) named has come.
    Woke,
    /// Something outside wants the program to end: a signal.
    Shutdown,
}

/// What the mouse does, in cells of the screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Mouse {
    /// What it does.
    pub deed: MouseDeed,
    /// The column.
    pub column: u16,
    /// The row.
    pub row: u16,
}

/// The things a mouse does here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MouseDeed {
    /// The left button went down.
    Press,
    /// It moved with the left button down.
    Drag,
    /// The left button went up.
    Release,
    /// The wheel turned up.
    WheelUp,
    /// The wheel turned down.
    WheelDown,
}

/// Who asked: where a reply belongs, whatever has the focus when it comes.
#[derive(Debug, Clone, PartialEq)]
pub enum Origin {
    /// This pane sends what is on its way out.
    Send(PaneName),
    /// This pane stores something that will go along with its next message: how many are still to come is its matter.
    Attach(PaneName),
    /// A message of this pane, on its way out or waiting, stores a file that it mentions.
    Mention(PaneName, String),
    /// A page for a transcript.
    Page(PageOf),
    /// What this conversation began with, for the list of conversations.
    Beginning(ConversationId),
    /// A page for the list of messages that a brief could quote.
    Older(PageOf),
    /// A page that only looks for a conversation's last answer, to bring it into this pane, out of these sealed ones.
    Gather(PaneName, ConversationId, Vec<PaneName>),
    /// What is gathered into this pane.
    Gathered(PaneName),
    /// A new pane, to stand beside this one.
    Split(PaneName, Axis, PaneName),
    /// A search in the conversation of this pane.
    Find(PaneName, String),
    /// The same, where somebody went to one of its hits, at this position, from the search in all conversations.
    FindAround(PaneName, String, u32),
    /// A search in all conversations, from the dialog with this query.
    SearchAll(String),
    /// The message of a hit, to show it in the search's dialog.
    Preview(MessageId),
    /// What the brief composed in this pane would be; the number says as it stood when.
    Compose(PaneName, u64),
    /// What that brief could quote, beside what it quotes already.
    Suggest(PaneName, u64, Vec<Quote>),
    /// The brief composed in this pane is sent.
    Brief(PaneName),
    /// Proposals for the brief composed in this pane: the number says which of those that were asked for.
    Assist(PaneName, u64),
    /// The shape of the workspace.
    Overview,
    /// Anything whose refusal is told in this pane and whose success shows as a fact.
    Pane(PaneName),
    /// What a person did from the list of what waits for them.
    Need,
    /// A lineage, for the dialog that shows it.
    Lineage,
    /// A judgement or a name, from the dialog that lists them.
    Names,
    /// The draft of this conversation's handoff: the number says which of those that were asked for.
    HandoffDraft(ConversationId, u64),
    /// This conversation is handed off with a draft that was read.
    Handoff(ConversationId),
    /// This pane goes back to before its handoff.
    Undo(PaneName),
    /// A message with real names, to be copied from this pane; how it is called.
    RealNames(PaneName, String),
    /// Something that is nobody's history.
    View(String),
    /// Stopping everything before the program ends.
    Quit,
}

/// What the app asks of the event loop.
#[derive(Debug, Clone, PartialEq)]
pub enum Command {
    /// Post an Op; its reply comes back with this origin.
    Post(Origin, Op),
    /// Read a file that a message of this pane mentions.
    ReadFile(PaneName, String),
    /// Look for the files whose names begin as this pane's draft spells it.
    FindBeginning(PaneName, String),
    /// Open this text in the person's editor; it comes back to this pane.
    OpenEditor(PaneName, String),
    /// Copy a text.
    Copy(String),
    /// Read the layouts of the workspace's file.
    ReadLayouts,
    /// Find out what saving this tree under this name would change.
    PlanLayout(Option<String>, Tree),
    /// Change the workspace's file, if it still says what it said.
    WriteLayout(Box<LayoutChange>),
    /// Read the templates of briefs, for the one that is composed in this pane.
    ReadBriefTemplates(PaneName),
    /// Look which workspaces there are.
    ListWorkspaces,
    /// Look for servers and keys.
    Discover,
    /// Ask a model's provider whether it answers, without spending tokens.
    Test(ModelRef),
    /// Look for themes.
    Themes,
    /// Read the configuration again.
    Reload,
    /// Find out what this code is made of, beside everything else.
    Highlight(Vec<Code>),
    /// Give the terminal back until the shell continues the program.
    Suspend,
    /// Draw everything anew, whatever the terminal shows.
    Redraw,
    /// Tell the person who looks elsewhere: by the bell, by this sentence.
    Tell {
        /// Whether the bell rings.
        bell: bool,
        /// What the terminal notifies of, safe to show.
        text: Option<String>,
    },
    /// Give the window this title, safe to show.
    Title(String),
    /// Leave.
    Quit,
}

/// How the screen looks and which keys it knows.
#[derive(Debug, Clone, PartialEq)]
pub struct Looks {
    /// The colours.
    pub theme: Theme,
    /// The theme's name.
    pub theme_name: String,
    /// The glyphs, or their twins for terminals without them.
    pub glyphs: Glyphs,
    /// The keys.
    pub keymap: Keymap,
    /// Whether a click on a link opens it.
    pub links: bool,
    /// By what the person is told while they look elsewhere.
    pub telling: Telling,
    /// What is doubtful in what was read, as sentences.
    pub doubts: Vec<String>,
}

/// A model that could answer, and what is known about reaching it.
#[derive(Debug, Clone, PartialEq)]
pub struct Offer {
    /// The model; of an unconfigured provider, the name it would have.
    pub model: ModelRef,
    /// How many tokens fit, if that is known.
    pub window: Option<u32>,
    /// Whether it answers on this machine: said by a person, or found on a loopback port.
    pub local: bool,
    /// In a few words: `answers (38 ms)`, `OPENAI_API_KEY found, unused`, `no key`.
    pub state: String,
    /// What to write into which file before it can be used; `None` if it can be used now.
    pub setup: Option<String>,
    /// How near it is to answering.
    pub standing: Standing,
}

/// How near a model is to answering: the order in which they are listed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Standing {
    /// Configured, and nothing speaks against it.
    Ready,
    /// A server that was found on this machine; a line of configuration is missing.
    Found,
    /// The embedded one, which always answers.
    Offline,
    /// Configured, and it doesn't answer.
    Fails,
    /// Its key was found, a line of configuration is missing.
    KeyFound,
    /// Its key is missing.
    NoKey,
}
