//! What a written line asks for: a word after a slash, the leader and a key, or else a message.

use crate::tui::app::action::{Context, TABLE};
use crate::tui::app::{Action, Keymap};
use crate::tui::key::{Code, Key};

/// What a line asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Word {
    /// Send this.
    Say(String),
    /// Send what stands in the composer.
    Send,
    /// The words there are.
    Help,
    /// The panes.
    Panes,
    /// To a pane, by number or name.
    Go(String),
    /// An answer: the last one, or one before it.
    Last(usize),
    /// Where a message goes, what is full, what was spent.
    Where,
    /// This question to these panes.
    Ask(String),
    /// The last answers of these panes into this one.
    Gather(String),
    /// The models, or one by number or name.
    Model(String),
    /// Messages with these words.
    Search(String),
    /// A brief: composed, told, sent.
    Brief(String),
    /// What waits for the person.
    Needs(String),
    /// Where a message came from and what became of it.
    Trace(String),
    /// Where a pane's text may go.
    Locality(String),
    /// Go on in a fresh context.
    HandOff,
    /// The document that this context began with.
    Document,
    /// Something that needs no words.
    Act(Action),
    /// Leave.
    Quit,
    /// Nothing: an empty line.
    Nothing,
    /// No word that is known here.
    Unknown(String),
}

/// The words, and what each does.
pub(super) const WORDS: [(&str, &str); 25] = [
    ("/panes", "lists the panes and what happens in them"),
    ("/2, or /pane and its name", "goes to a pane and reads what is new there"),
    ("/next", "goes to the next pane"),
    ("/needs", "lists what waits for you, wherever it waits; /needs 1 sees to the first of it"),
    ("/last", "reads the last answer here; /last 2 the one before"),
    ("/where", "says where a message goes, how full the context is, what was spent"),
    ("/stop", "stops the answer here; /stop-all stops every one"),
    ("/take-back", "makes the newest message that waits for an answer here ready to send again, in place of waiting"),
    ("/continue", "asks again after an answer that broke off"),
    ("/new", "begins a new conversation here; the old one is kept"),
    ("/ask 1 3: and a question", "asks several panes; /ask all: asks every one"),
    ("/gather 1 2", "takes the last answers of those panes along with your next message; /gather alone takes all"),
    (
        "/brief drafting and what it shall do",
        "composes work for that pane and tells it before it goes; /brief send sends it",
    ),
    (
        "/brief mask and a name, /brief keep and a name",
        "judges a name that keeps a brief from going, all of them with all in its place; /brief undo takes it back",
    ),
    ("/trace", "says where the newest brief here came from and what became of it; /trace m3 traces a message"),
    ("/locality", "says where text from here may go, and changes it: /locality guarded"),
    ("/model", "lists the models; /model and a number or a name uses one here"),
    ("/search and words", "finds messages in this workspace"),
    ("/handoff", "goes on here in a fresh context, with what matters carried along"),
    ("/document", "reads the handoff's document that this context began with"),
    ("/undo", "goes back to before the last handoff here; nothing is deleted"),
    ("/send", "sends what stands ready or came back; /drop puts it away"),
    ("/reload", "reads the configuration again"),
    ("/help", "reads these words"),
    ("/quit", "leaves; everything is kept"),
];

/// Reads a line.
pub(super) fn read(line: &str, keymap: &Keymap) -> Word {
    let line = line.trim_end();
    if line.trim().is_empty() {
        return Word::Nothing;
    }
    if let Some(rest) = after_leader(line, keymap.leader()) {
        let action = key(rest).and_then(|key| keymap.action(Context::Leader, key));
        return action.map_or_else(|| Word::Unknown(rest.to_owned()), of_action);
    }
    match line.strip_prefix('/') {
        None => Word::Say(line.to_owned()),
        // Two slashes are one: a message may begin with it.
        Some(rest) if rest.starts_with('/') => Word::Say(rest.to_owned()),
        Some(rest) => of_words(rest),
    }
}

fn of_words(words: &str) -> Word {
    let (word, rest) = words.split_once(char::is_whitespace).unwrap_or((words, ""));
    let rest = rest.trim().to_owned();
    match word {
        "help" | "?" => Word::Help,
        "panes" => Word::Panes,
        "pane" => Word::Go(rest),
        "last" => Word::Last(rest.parse().unwrap_or(1).max(1)),
        "where" => Word::Where,
        "send" => Word::Send,
        "ask" => Word::Ask(rest),
        "gather" => Word::Gather(rest),
        "model" => Word::Model(rest),
        "search" => Word::Search(rest),
        "brief" => Word::Brief(rest),
        "needs" | "waiting" => Word::Needs(rest),
        "trace" => Word::Trace(rest),
        "locality" => Word::Locality(rest),
        "handoff" => Word::HandOff,
        "document" => Word::Document,
        "undo" => Word::Act(Action::UndoHandoff),
        "quit" => Word::Quit,
        "stop" if rest == "all" => Word::Act(Action::StopAll),
        "stop" | "drop" => Word::Act(Action::Stop),
        "next" => Word::Act(Action::FocusNext),
        "new" => Word::Act(Action::NewConversation),
        number if number.parse::<u8>().is_ok() => Word::Go(number.to_owned()),
        name => match TABLE.iter().find(|row| row.name == name) {
            Some(row) => of_action(row.action),
            None => Word::Unknown(name.to_owned()),
        },
    }
}

/// The same as a word; what only moves on a screen has none.
fn of_action(action: Action) -> Word {
    match action {
        Action::Pane(number) => Word::Go(number.to_string()),
        Action::Help | Action::Palette => Word::Help,
        Action::Model => Word::Model(String::new()),
        Action::AskSeveral => Word::Ask(String::new()),
        Action::Gather => Word::Gather(String::new()),
        Action::SearchAll | Action::Find => Word::Search(String::new()),
        Action::Quit => Word::Quit,
        Action::Send => Word::Send,
        Action::HandOff => Word::HandOff,
        Action::Unfold => Word::Document,
        Action::Brief | Action::BriefFromHere => Word::Brief(String::new()),
        Action::Needy => Word::Needs(String::new()),
        Action::Trace => Word::Trace(String::new()),
        Action::Locality => Word::Locality(String::new()),
        Action::Stop
        | Action::StopAll
        | Action::TakeBack
        | Action::FocusNext
        | Action::Focus(_)
        | Action::ClosePane
        | Action::ReopenPane
        | Action::NewConversation
        | Action::Continue
        | Action::UndoHandoff
        | Action::Move
        | Action::Reload => Word::Act(action),
        other => Word::Unknown(TABLE.iter().find(|row| row.action == other).map_or("that", |row| row.name).to_owned()),
    }
}

/// What follows the leader, if the line begins with it as a terminal passes it on in a line.
fn after_leader(line: &str, leader: Key) -> Option<&str> {
    let Code::Char(letter) = leader.code else { return None };
    let control = char::from_u32(u32::from(letter) & 0x1f).filter(|_| leader.ctrl && letter.is_ascii())?;
    line.strip_prefix(control).map(str::trim_start)
}

/// The key that a text is, as it comes in a line or as files write it.
fn key(text: &str) -> Option<Key> {
    let mut chars = text.chars();
    match (chars.next(), chars.next()) {
        (Some(only), None) if only.is_control() => char::from_u32(u32::from(only) | 0x60).map(Key::ctrl),
        (Some(only), None) => Some(Key::char(only)),
        _ => text.parse().ok(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_messages_words_or_keys() {
        let read = |line: &str| read(line, &Keymap::default());
        assert_eq!(read("What do they charge?"), Word::Say("What do they charge?".to_owned()));
        assert_eq!(read("//etc/hosts is a file"), Word::Say("/etc/hosts is a file".to_owned()));
        assert_eq!(read("  "), Word::Nothing);
        assert_eq!(read("/2"), Word::Go("2".to_owned()));
        assert_eq!(read("/pane drafting"), Word::Go("drafting".to_owned()));
        assert_eq!(read("/stop all"), Word::Act(Action::StopAll));
        assert_eq!(read("/stop-all"), Word::Act(Action::StopAll));
        assert_eq!(read("/last 2"), Word::Last(2));
        assert_eq!(read("/last"), Word::Last(1));
        assert_eq!(read("/brief 2 m3 One page"), Word::Brief("2 m3 One page".to_owned()));
        assert_eq!(read("\u{18}i"), Word::Needs(String::new()));
        assert_eq!(read("/needs 1 trace"), Word::Needs("1 trace".to_owned()));
        assert_eq!(read("/trace m3"), Word::Trace("m3".to_owned()));
        assert_eq!(read("/locality sealed"), Word::Locality("sealed".to_owned()));
        assert_eq!(read("\u{18}q"), Word::Quit);
        assert_eq!(read("\u{18} 3"), Word::Go("3".to_owned()));
        assert_eq!(read("\u{18}\u{12}"), Word::Act(Action::Reload));
        assert_eq!(read("/zoom"), Word::Unknown("zoom".to_owned()));
        assert_eq!(read("/fly"), Word::Unknown("fly".to_owned()));
    }
}
