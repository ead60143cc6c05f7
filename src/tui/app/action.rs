//! The one table of actions: from it come the keymap, the leader's strip, the palette, the help, the README's keys.

use crate::tui::layout::{Axis, Direction};

/// What a key means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "each is described by its row in the table")]
pub enum Action {
    Stop,
    Suspend,
    Help,
    PageUp,
    PageDown,
    Send,
    Newline,
    Read,
    Edit(Edit),
    HistoryBack,
    HistoryForward,
    HistorySearch,
    TakeBack,
    Complete,
    Pane(u8),
    Focus(Direction),
    FocusNext,
    Needy,
    Zoom,
    Split(Axis),
    ClosePane,
    ReopenPane,
    Resize,
    NewConversation,
    Conversations,
    Layouts,
    Workspaces,
    AskSeveral,
    Brief,
    BriefFromHere,
    Assist,
    Gather,
    Locality,
    Model,
    Continue,
    SearchAll,
    Editor,
    Palette,
    StopAll,
    Themes,
    Reload,
    Quit,
    Write,
    LineDown,
    LineUp,
    MessageDown,
    MessageUp,
    Top,
    Bottom,
    HalfDown,
    HalfUp,
    CodeDown,
    CodeUp,
    Find,
    FindNext,
    FindBack,
    Copy,
    CopyPlain,
    CopyCode,
    CopyReal,
    Trace,
    Names,
    HandOff,
    UndoHandoff,
    Move,
    Lineage,
    LookBack,
    LookOn,
    Unfold,
    Recall,
    Select,
    Wide,
    Pin,
    EditMessage,
    Regenerate,
    Fork,
}

/// What changes the text in the composer, or moves in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "each is described by its row in the table")]
pub enum Edit {
    Left,
    Right,
    Up,
    Down,
    WordLeft,
    WordRight,
    LineStart,
    LineEnd,
    Start,
    End,
    Backspace,
    Delete,
    WordBack,
    WordForward,
    ToLineEnd,
    ToLineStart,
    Yank,
    Undo,
}

impl Edit {
    /// Whether it changes the text.
    pub const fn changes(self) -> bool {
        matches!(
            self,
            Self::Backspace
                | Self::Delete
                | Self::WordBack
                | Self::WordForward
                | Self::ToLineEnd
                | Self::ToLineStart
                | Self::Yank
                | Self::Undo
        )
    }
}

/// Where a key has its meaning.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Context {
    /// In both layers.
    Any,
    /// While writing.
    Write,
    /// While reading.
    Read,
    /// After the leader key.
    Leader,
}

impl Context {
    /// The contexts in the order in which help shows them.
    pub const ALL: [Self; 4] = [Self::Write, Self::Read, Self::Leader, Self::Any];
}

/// One row of the table: an action, its name in files, its keys in one context, and its words.
#[derive(Debug, Clone, Copy)]
pub struct Row {
    /// What it means.
    pub action: Action,
    /// Its name in the configuration and the palette.
    pub name: &'static str,
    /// Where its keys have this meaning.
    pub context: Context,
    /// Its default keys; the first is the one that is shown.
    pub keys: &'static [&'static str],
    /// One or two words for the strip; rows with the same words stand together.
    pub label: &'static str,
    /// A sentence for help and palette.
    pub help: &'static str,
}

impl Row {
    /// Whether the palette offers it: moving a cursor by palette is nobody's wish.
    pub const fn is_command(&self) -> bool {
        // What the leader does as well is offered once.
        let is_twice = matches!((self.action, self.context), (Action::Pane(_), Context::Any));
        !is_twice
            && !matches!(
                self.action,
                Action::Edit(_)
                    | Action::Send
                    | Action::Newline
                    | Action::Read
                    | Action::Write
                    | Action::LineDown
                    | Action::LineUp
                    | Action::MessageDown
                    | Action::MessageUp
                    | Action::PageUp
                    | Action::PageDown
                    | Action::HalfUp
                    | Action::HalfDown
                    | Action::HistoryBack
                    | Action::HistoryForward
                    | Action::FindNext
                    | Action::FindBack
                    | Action::Palette
            )
    }
}

macro_rules! rows {
    ($($context:ident: $action:expr, $name:literal, [$($key:literal),+], $label:literal, $help:literal;)+) => {
        &[$(Row {
            action: $action,
            name: $name,
            context: Context::$context,
            keys: &[$($key),+],
            label: $label,
            help: $help,
        }),+]
    };
}

use Action as A;
use Edit as E;

/// Every action there is.
pub const TABLE: &[Row] = rows! {
    Write: A::Send, "send", ["enter"], "send", "Send what is written; the composer's border says where it goes.";
    Write: A::Newline, "newline", ["ctrl-j", "alt-enter", "shift-enter"], "newline", "Begin a new line. A backslash before Enter does the same.";
    Write: A::Read, "read", ["esc"], "read", "Read: move, copy and search with single keys.";
    Write: A::HistoryBack, "history-back", ["ctrl-p"], "history", "The text written before this one.";
    Write: A::HistoryForward, "history-forward", ["ctrl-n"], "history", "The text written after this one.";
    Write: A::HistorySearch, "history-search", ["ctrl-r"], "history", "Search backwards through what was written before.";
    Write: A::Complete, "complete", ["tab"], "complete", "Complete the name of a file behind @.";
    Write: A::TakeBack, "take-back", ["alt-up"], "take back", "Take back what waits last; so does ↑ where the text begins.";
    Write: A::Edit(E::LineStart), "line-start", ["ctrl-a", "home"], "line start", "To the beginning of the line.";
    Write: A::Edit(E::LineEnd), "line-end", ["ctrl-e", "end"], "line end", "To the end of the line.";
    Write: A::Edit(E::Left), "left", ["ctrl-b", "left"], "left", "One character back.";
    Write: A::Edit(E::Right), "right", ["ctrl-f", "right"], "right", "One character on.";
    Write: A::Edit(E::Up), "up", ["up"], "up", "One line up.";
    Write: A::Edit(E::Down), "down", ["down"], "down", "One line down.";
    Write: A::Edit(E::WordLeft), "word-left", ["alt-b", "ctrl-left", "alt-left"], "word left", "One word back.";
    Write: A::Edit(E::WordRight), "word-right", ["alt-f", "ctrl-right", "alt-right"], "word right", "One word on.";
    Write: A::Edit(E::Start), "text-start", ["ctrl-home"], "text start", "To the beginning of the text.";
    Write: A::Edit(E::End), "text-end", ["ctrl-end"], "text end", "To the end of the text.";
    Write: A::Edit(E::Backspace), "backspace", ["backspace", "ctrl-h"], "delete", "Delete the character before the cursor.";
    Write: A::Edit(E::Delete), "delete", ["delete", "ctrl-d"], "delete", "Delete the character under the cursor.";
    Write: A::Edit(E::WordBack), "delete-word-back", ["ctrl-w", "alt-backspace"], "delete word", "Delete the word before the cursor.";
    Write: A::Edit(E::WordForward), "delete-word", ["alt-d"], "delete word", "Delete the word after the cursor.";
    Write: A::Edit(E::ToLineEnd), "delete-to-line-end", ["ctrl-k"], "delete line", "Delete to the end of the line.";
    Write: A::Edit(E::ToLineStart), "delete-to-line-start", ["ctrl-u"], "delete line", "Delete to the beginning of the line; in an empty composer, take off what goes along.";
    Write: A::Edit(E::Yank), "yank", ["ctrl-y"], "yank", "Put back what was deleted last.";
    Write: A::Edit(E::Undo), "undo-edit", ["ctrl-_", "ctrl-7", "ctrl-/"], "undo", "Undo the last change of the text, or take along again what was taken off.";

    Read: A::Write, "write", ["i", "enter"], "write", "Write again.";
    Read: A::LineDown, "line-down", ["j", "down"], "line", "One line down.";
    Read: A::LineUp, "line-up", ["k", "up"], "line", "One line up.";
    Read: A::MessageDown, "message-down", ["J", "shift-down"], "message", "To the next message.";
    Read: A::MessageUp, "message-up", ["K", "shift-up"], "message", "To the message before.";
    Read: A::Top, "top", ["g", "home"], "begin, end", "To the first message.";
    Read: A::Bottom, "bottom", ["G", "end"], "begin, end", "To the newest message, and follow it.";
    Read: A::HalfDown, "half-down", ["d", "ctrl-d"], "half a page", "Half a page down.";
    Read: A::HalfUp, "half-up", ["u", "ctrl-u"], "half a page", "Half a page up.";
    Read: A::PageDown, "page-down", ["space", "ctrl-f"], "page", "A page down.";
    Read: A::PageUp, "page-up", ["ctrl-b"], "page", "A page up.";
    Read: A::CodeDown, "code-down", ["}"], "code", "To the next block of code.";
    Read: A::CodeUp, "code-up", ["{"], "code", "To the block of code before.";
    Read: A::Find, "find", ["/"], "find", "Find words in this conversation.";
    Read: A::FindNext, "find-next", ["n"], "next, last hit", "To the next hit.";
    Read: A::FindBack, "find-back", ["N"], "next, last hit", "To the hit before.";
    Read: A::Copy, "copy", ["y"], "copy", "Copy the message as Markdown.";
    Read: A::CopyPlain, "copy-plain", ["Y"], "copy plain", "Copy the message as it reads, without marks.";
    Read: A::CopyCode, "copy-code", ["c"], "copy code", "Copy the message's code; of several blocks, the one you choose.";
    Read: A::CopyReal, "copy-real-names", ["R"], "copy real names", "Copy the message with the real names behind its pseudonyms; the journal remembers that.";
    Read: A::Trace, "trace", ["t"], "trace", "Where the message came from and what became of it, across panes.";
    Read: A::Select, "select", ["v"], "select", "Select text with keys: hjkl w b 0 $ move, V takes whole lines, y copies.";
    Read: A::Wide, "wide", ["w"], "wide view", "Show the message over the whole screen, tables and code at their full width.";
    Read: A::LookBack, "look-back", ["["], "lineage", "To the conversation that this one continues; where you write stays.";
    Read: A::LookOn, "look-on", ["]"], "lineage", "To the conversation that goes on from this one.";
    Read: A::Unfold, "unfold", ["o"], "unfold", "Show the handoff's document whole, or fold it again.";
    Read: A::Recall, "recall", ["a"], "recall", "Take the message along with your next one, from an older context too.";
    Read: A::Pin, "pin", ["p"], "pin", "Pin the message so that it survives verbatim, or unpin it.";
    Read: A::EditMessage, "edit", ["e"], "edit", "Put the question into the composer to ask it differently, as a branch.";
    Read: A::Regenerate, "regenerate", ["r"], "ask again", "Put the question into the composer to ask it again, as a branch.";
    Read: A::Fork, "fork", ["f"], "fork", "Go on from this message, as a branch.";
    Read: A::BriefFromHere, "brief-from-here", ["b"], "brief", "Compose a brief that quotes this message, or what is selected of it.";

    Leader: A::Pane(1), "pane-1", ["1"], "focus", "To the first pane.";
    Leader: A::Pane(2), "pane-2", ["2"], "focus", "To the second pane.";
    Leader: A::Pane(3), "pane-3", ["3"], "focus", "To the third pane.";
    Leader: A::Pane(4), "pane-4", ["4"], "focus", "To the fourth pane.";
    Leader: A::Pane(5), "pane-5", ["5"], "focus", "To the fifth pane.";
    Leader: A::Pane(6), "pane-6", ["6"], "focus", "To the sixth pane.";
    Leader: A::Pane(7), "pane-7", ["7"], "focus", "To the seventh pane.";
    Leader: A::Pane(8), "pane-8", ["8"], "focus", "To the eighth pane.";
    Leader: A::Pane(9), "pane-9", ["9"], "focus", "To the ninth pane.";
    Leader: A::Focus(Direction::Left), "focus-left", ["left"], "focus", "To the pane on the left.";
    Leader: A::Focus(Direction::Right), "focus-right", ["right"], "focus", "To the pane on the right.";
    Leader: A::Focus(Direction::Up), "focus-up", ["up"], "focus", "To the pane above.";
    Leader: A::Focus(Direction::Down), "focus-down", ["down"], "focus", "To the pane below.";
    Leader: A::FocusNext, "focus-next", ["o"], "focus", "To the next pane.";
    Leader: A::Zoom, "zoom", ["z"], "zoom", "Show this pane alone, or all of them again.";
    Leader: A::Split(Axis::Columns), "split-columns", ["|"], "split", "A new pane to the right, with this one's model and locality.";
    Leader: A::Split(Axis::Rows), "split-rows", ["-"], "split", "A new pane below, with this one's model and locality.";
    Leader: A::ClosePane, "close-pane", ["k"], "close pane", "Take this pane off the screen; its conversation is kept.";
    Leader: A::ReopenPane, "reopen-pane", ["r"], "reopen", "Bring back the pane that was closed last.";
    Leader: A::Resize, "resize", ["="], "resize", "Make this pane larger or smaller with the arrows.";
    Leader: A::Layouts, "layouts", ["L"], "layouts", "Choose one of the workspace's layouts, or save this one.";
    Leader: A::NewConversation, "new-conversation", ["n"], "new conversation", "Begin anew in this pane; the old conversation stays readable.";
    Leader: A::Conversations, "conversations", ["v"], "conversations", "Show another conversation here: this pane's first, then the others'.";
    Leader: A::Model, "model", ["m"], "model", "Choose who answers in this pane.";
    Leader: A::Move, "move", ["M"], "move", "Move this conversation to the next model where its own stays down, or back again.";
    Leader: A::AskSeveral, "ask-several", ["a"], "ask several", "Send one question to several panes.";
    Leader: A::Brief, "brief", ["b"], "brief", "Compose a brief: work for another pane, with what it needs to know.";
    Leader: A::Assist, "assist", ["B"], "assist", "Let this pane's model propose a brief; what you wrote in it stays.";
    Leader: A::Gather, "gather", ["g"], "gather", "Bring the last answers of other panes into this composer.";
    Leader: A::Locality, "locality", ["l"], "locality", "Say where this pane's text may go; loosening takes the pane's name.";
    Leader: A::HandOff, "hand-off", ["h"], "hand off", "Draft a handoff: the conversation goes on in a fresh context.";
    Leader: A::UndoHandoff, "undo-handoff", ["u"], "undo", "Go back to before the last handoff; nothing is deleted.";
    Leader: A::Lineage, "lineage", ["H"], "lineage", "Every context of this conversation: before and after handoffs, and branches.";
    Leader: A::Needy, "what-needs-me", ["i"], "what needs me", "Everything that waits for you: reports, briefs, failures, answers to read.";
    Leader: A::Names, "names", ["d"], "names", "The names that never cross and those that may: judge, add, forget.";
    Leader: A::Continue, "continue", ["c"], "ask again", "Ask again for the answer that broke off.";
    Leader: A::StopAll, "stop-all", ["s"], "stop all", "Stop every running turn; what has come is kept.";
    Leader: A::Workspaces, "workspaces", ["w"], "workspaces", "Leave for another workspace; this one is saved.";
    Leader: A::SearchAll, "search-all", ["/"], "search all", "Find words in every conversation of this workspace.";
    Leader: A::Editor, "editor", ["ctrl-e"], "editor", "Write this text in your own editor.";
    Leader: A::Themes, "themes", ["t"], "theme", "Choose how it looks; each theme is shown while you choose.";
    Leader: A::Reload, "reload", ["ctrl-r"], "reload", "Read config.yaml, keys, theme and workspace.yaml again.";
    Leader: A::Palette, "palette", ["p"], "all commands", "Every command, by name.";
    Leader: A::Quit, "quit", ["q"], "quit", "Leave; everything is kept.";

    Any: A::Stop, "stop", ["ctrl-c"], "stop", "Stop this pane's turn; else put the draft away into history.";
    Any: A::PageUp, "scroll-up", ["pageup"], "scroll", "Scroll up without leaving the composer.";
    Any: A::PageDown, "scroll-down", ["pagedown"], "scroll", "Scroll down without leaving the composer.";
    Any: A::Pane(1), "go-1", ["alt-1"], "focus", "To the first pane, without leaving the layer.";
    Any: A::Pane(2), "go-2", ["alt-2"], "focus", "To the second pane, without leaving the layer.";
    Any: A::Pane(3), "go-3", ["alt-3"], "focus", "To the third pane, without leaving the layer.";
    Any: A::Pane(4), "go-4", ["alt-4"], "focus", "To the fourth pane, without leaving the layer.";
    Any: A::Pane(5), "go-5", ["alt-5"], "focus", "To the fifth pane, without leaving the layer.";
    Any: A::Pane(6), "go-6", ["alt-6"], "focus", "To the sixth pane, without leaving the layer.";
    Any: A::Pane(7), "go-7", ["alt-7"], "focus", "To the seventh pane, without leaving the layer.";
    Any: A::Pane(8), "go-8", ["alt-8"], "focus", "To the eighth pane, without leaving the layer.";
    Any: A::Pane(9), "go-9", ["alt-9"], "focus", "To the ninth pane, without leaving the layer.";
    Any: A::Suspend, "suspend", ["ctrl-z"], "suspend", "Give the terminal back; `fg` returns.";
    Any: A::Help, "help", ["f1"], "help", "What every key does.";
};

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn names_are_distinct_and_sentences_end() {
        let names: BTreeSet<_> = TABLE.iter().map(|row| row.name).collect();
        assert_eq!(names.len(), TABLE.len());
        for row in TABLE {
            assert!(row.help.ends_with('.') && !row.label.is_empty(), "{}", row.name);
        }
    }
}
