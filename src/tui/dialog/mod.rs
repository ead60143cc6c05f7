//! Dialogs: plain values that take keys and return outcomes. They post nothing and draw nothing.

mod brief;
mod choose_panes;
mod code;
mod conversations;
mod find;
mod handoff;
mod help;
mod layouts;
mod line;
mod list;
mod locality;
mod model;
mod names;
mod needs;
mod palette;
mod panes;
mod recall;
mod search;
mod themes;
mod trace;
mod wide;
mod workspaces;

use std::path::PathBuf;

use crate::config::brief_templates::BriefTemplate;
use crate::config::layout::Layout;
use crate::config::layout_edit::LayoutChange;
use crate::engine::brief::{LineageOf, Listed, Place};
use crate::engine::id::{BriefId, ConversationId};
use crate::engine::model::ModelRef;
use crate::engine::op::{BriefDeed, Hit, LocalityChange};
use crate::engine::redaction::Judgement;
use crate::engine::settings::PaneName;
use crate::tui::app::Action;
use crate::tui::app::draft::Draft;
use crate::tui::key::{Code, Key};
use crate::tui::theme::Theme;

pub use brief::{
    Assist, BriefComposer, Field, LABEL, Material, MaterialPicker, MaterialRow, Opening, Places, Preview, Receiver,
    Receivers, ShortForm, TemplatePicker, Unread,
};
pub use choose_panes::{AskSeveral, COLUMNS, Choice, Gather, Part};
pub use code::CodePicker;
pub use conversations::ConversationPicker;
pub use find::{Find, Stood};
pub use handoff::{COLUMNS as HANDOFF_COLUMNS, HandoffSheet};
pub use help::Help;
pub use layouts::{FileLayouts, LayoutDiff, LayoutPicker};
pub use line::Line;
pub use list::{List, Row};
pub use locality::LocalityPicker;
pub use model::{ModelPicker, short};
pub use names::{KnownName, Names, known_names};
pub use needs::{BriefNeed, Need, Needs};
pub use palette::Palette;
pub use panes::PanePicker;
pub use recall::Recall;
pub use search::SearchAll;
pub use themes::ThemePicker;
pub use trace::Trace;
pub use wide::Wide;
pub use workspaces::{WorkspacePicker, WorkspaceRow};

/// A dialog that is open.
#[derive(Debug)]
pub enum Dialog {
    /// Every command, by name.
    Palette(Palette),
    /// What every key does.
    Help(Help),
    /// Who answers in a pane.
    Model(ModelPicker),
    /// One question to several panes.
    AskSeveral(Box<AskSeveral>),
    /// Other panes' last answers into this pane.
    Gather(Gather),
    /// Words in this conversation.
    Find(Find),
    /// Words in all conversations.
    SearchAll(SearchAll),
    /// The conversations of a pane.
    Conversations(ConversationPicker),
    /// A pane by its name.
    Panes(PanePicker),
    /// The code blocks of a message.
    Code(CodePicker),
    /// What was written before.
    Recall(Recall),
    /// The layouts of the workspace's file.
    Layouts(LayoutPicker),
    /// What saving a layout would change in that file.
    LayoutDiff(LayoutDiff),
    /// The workspaces there are.
    Workspaces(WorkspacePicker),
    /// A message over the whole screen.
    Wide(Box<Wide>),
    /// How it looks.
    Themes(ThemePicker),
    /// A brief that is being composed.
    Brief(Box<BriefComposer>),
    /// The messages that it could quote.
    Material(MaterialPicker),
    /// The templates that it could be filled in from.
    BriefTemplates(TemplatePicker),
    /// Where a pane's text may go.
    Locality(LocalityPicker),
    /// What waits for the person.
    Needs(Needs),
    /// Where a piece of work came from and what became of it.
    Trace(Trace),
    /// The names that cross, and those that don't.
    Names(Box<Names>),
    /// A handoff's draft.
    Handoff(Box<HandoffSheet>),
    /// Whether to stop what runs and leave.
    Quit,
}

/// What a dialog returns for a key.
#[derive(Debug, Clone, PartialEq)]
pub enum Outcome {
    /// It stays open.
    Stay,
    /// It closes, and nothing follows.
    Close,
    /// Do this.
    Run(Action),
    /// Give this pane the focus.
    Focus(PaneName),
    /// Write this in the pane that opened the dialog.
    Type(PaneName, String),
    /// Use this model in this pane.
    Choose(PaneName, ModelRef),
    /// Use this model in all open panes.
    ChooseEverywhere(ModelRef),
    /// Test this model; the dialog stays.
    Test(ModelRef),
    /// Send this text to these panes.
    Ask(Vec<PaneName>, String),
    /// Bring the last answers of these panes into the first one, and let them out of these sealed ones, whose names were typed.
    Gather(PaneName, Vec<PaneName>, Vec<PaneName>),
    /// Change where the text of this pane's conversation may go; what loosens comes with the name that was typed.
    Locality(PaneName, ConversationId, LocalityChange, Option<PaneName>),
    /// Find these words in this pane.
    Find(PaneName, String),
    /// Find these words in this pane while they are being written; the dialog stays.
    Seek(PaneName, String),
    /// To the next hit in this pane, or to the one before; the dialog stays.
    NextHit(PaneName, isize),
    /// Show this pane as it was before the search.
    GiveUpFinding(PaneName, Stood),
    /// Find these words everywhere; the dialog stays.
    Search(String),
    /// Show this message, which was found by these words.
    Show(Box<Hit>, String),
    /// Copy this text of this pane, which is called so.
    Copy(PaneName, String, String),
    /// Put this layout of this name on the screen; the file's own has none.
    UseLayout(Option<String>, Layout),
    /// Ask what saving the screen's layout under this name would change.
    SaveLayout(Option<String>),
    /// Change the workspace's file so.
    WriteLayout(Box<LayoutChange>),
    /// Leave for the workspace in this folder.
    OpenWorkspace(PathBuf),
    /// Write this again in this pane.
    Recall(PaneName, Box<Draft>),
    /// Look at this conversation in this pane, which goes on writing where it does.
    LookAt(PaneName, ConversationId),
    /// Show this conversation in this pane, and write into it.
    ShowConversation(PaneName, ConversationId),
    /// Draft the handoff again, without a model; the dialog stays.
    DraftHandoff,
    /// Nobody waits for the draft of this conversation's handoff any more; the dialog closes.
    DropDrafts(ConversationId),
    /// Hand off with the document as it is shown; the dialog stays until that is done.
    AcceptHandoff,
    /// Change the document in the person's editor; the dialog stays.
    EditHandoff,
    /// Wear this theme while the dialog stays.
    Wear(Box<Theme>),
    /// Wear the theme that was worn before.
    WearAgain(Box<Theme>),
    /// Wear this theme, of this name, from now on.
    Keep(Box<Theme>, String),
    /// Send the brief; the dialog stays until the journal has it.
    SendBrief,
    /// Keep the brief as a draft.
    KeepBrief,
    /// Put the brief away.
    DropBrief,
    /// Remember whether these unknown names may cross; the dialog stays.
    Judge(Vec<String>, Judgement),
    /// Forget what was judged of these last: they are unknown again; the dialog stays.
    JudgeAnew(Vec<String>),
    /// Write a field of the brief in the person's editor; the dialog stays.
    EditBrief,
    /// Let a model propose what the brief's empty fields could say; the dialog stays.
    Assist,
    /// Show the messages that the brief could quote; the dialog stays.
    ListMaterial,
    /// Show the templates of briefs; the dialog stays.
    ListTemplates,
    /// Fill this into the brief of this pane.
    FillBrief(PaneName, Box<BriefTemplate>),
    /// Quote these in the brief of this pane.
    Quote(PaneName, Vec<Listed>),
    /// List older messages, too; the dialog stays.
    LoadOlder,
    /// Go on with this brief; the dialog stays.
    TurnBrief(BriefId, BriefDeed),
    /// Judge these words, which hold a report; the dialog stays.
    JudgeHeld(Vec<String>, Judgement),
    /// Move this pane's conversation to this model, which was offered.
    Move(PaneName, ModelRef),
    /// Go on with the brief that was begun in this pane.
    GoOnWithBrief(PaneName),
    /// Show this lineage over the dialog.
    Trace(LineageOf),
    /// Show this message, wherever it stands.
    GoTo(Box<Place>),
    /// Judge this name from now on; the dialog stays.
    JudgeAgain(String, Judgement),
    /// Forget what was judged of this name; the dialog stays.
    Unjudge(String),
    /// Mask this name, of this kind, from now on; the dialog stays.
    AddName(String, String),
    /// Stop what runs and leave.
    Quit,
}

impl Dialog {
    /// Takes a key.
    pub fn key(&mut self, key: Key, leader: Key) -> Outcome {
        // In tmux two quick Escs are one key.
        let key = if key.code == Code::Esc { key.without_alt() } else { key };
        if key == Key::ctrl('c') && !matches!(self, Self::Find(_) | Self::Brief(_)) {
            return if let Self::Themes(picker) = self { picker.back() } else { Outcome::Close };
        }
        match self {
            Self::Palette(palette) => palette.key(key),
            Self::Help(help) => help.key(key),
            Self::Model(picker) => picker.key(key, leader),
            Self::AskSeveral(ask) => ask.key(key),
            Self::Gather(gather) => gather.key(key),
            Self::Find(find) => find.key(key),
            Self::SearchAll(search) => search.key(key),
            Self::Conversations(picker) => picker.key(key),
            Self::Panes(panes) => panes.key(key),
            Self::Code(picker) => picker.key(key),
            Self::Recall(recall) => recall.key(key),
            Self::Layouts(picker) => picker.key(key),
            Self::LayoutDiff(diff) => diff.key(key),
            Self::Workspaces(picker) => picker.key(key),
            Self::Wide(wide) => wide.key(key),
            Self::Themes(picker) => picker.key(key),
            Self::Brief(composer) => composer.key(key, leader),
            Self::Material(picker) => picker.key(key),
            Self::BriefTemplates(picker) => picker.key(key),
            Self::Locality(picker) => picker.key(key),
            Self::Needs(needs) => needs.key(key),
            Self::Trace(trace) => trace.key(key),
            Self::Names(names) => names.key(key),
            Self::Handoff(sheet) => sheet.key(key, leader),
            Self::Quit => match key.code {
                Code::Char('q') | Code::Enter => Outcome::Quit,
                Code::Esc | Code::Char('s') => Outcome::Close,
                _ => Outcome::Stay,
            },
        }
    }

    /// Takes a paste: text for the line that is being written, if there is one.
    pub fn paste(&mut self, text: &str) -> Outcome {
        match self {
            Self::Palette(palette) => palette.list.paste(text),
            Self::Model(picker) => picker.list.paste(text),
            Self::AskSeveral(ask) => ask.composer.insert(text),
            Self::Find(find) => return find.paste(text),
            Self::SearchAll(search) => return search.paste(text),
            Self::Code(picker) => picker.list.paste(text),
            Self::Recall(recall) => recall.paste(text),
            Self::Conversations(picker) => picker.list.paste(text),
            Self::Panes(panes) => panes.list.paste(text),
            Self::Themes(picker) => picker.list.paste(text),
            Self::Layouts(picker) => picker.list.paste(text),
            Self::Workspaces(picker) => picker.list.paste(text),
            Self::Brief(composer) => composer.paste(text),
            Self::Material(picker) => picker.list.paste(text),
            Self::BriefTemplates(picker) => picker.list.paste(text),
            Self::Names(names) => names.list.paste(text),
            // The name that loosens a locality is typed, not pasted: that is what it is for.
            Self::Help(_)
            | Self::Gather(_)
            | Self::LayoutDiff(_)
            | Self::Locality(_)
            | Self::Wide(_)
            | Self::Quit
            | Self::Handoff(_)
            | Self::Needs(_)
            | Self::Trace(_) => {}
        }
        Outcome::Stay
    }

    /// Takes a turn of the mouse's wheel.
    pub fn wheel(&mut self, up: bool) -> Outcome {
        if let Self::Brief(composer) = self {
            composer.wheel(up);
            return Outcome::Stay;
        }
        let key = Key::plain(if up { Code::Up } else { Code::Down });
        if matches!(self, Self::Quit) { Outcome::Stay } else { self.key(key, Key::ctrl('x')) }
    }
}
