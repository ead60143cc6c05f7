//! Stories of files that a message names behind an `@`.

use super::Harness;
use crate::engine::op::Op;
use crate::tui::app::{Command, Message};

#[test]
fn tab_completes_the_name_of_a_file_as_far_as_it_is_sure() {
    let mut harness = Harness::new();
    let names = |spelled: &str, names: &[&str]| {
        let names = names.iter().map(|name| (*name).to_owned()).collect();
        Message::Beginning("research".into(), spelled.into(), names)
    };
    harness.keys("Read @no<Tab>");
    assert_eq!(harness.commands, [Command::FindBeginning("research".into(), "no".into())]);
    harness.message(names("no", &["notes/", "notes-old.md"]));
    assert_eq!(harness.draft("research"), "Read @notes");
    assert!(harness.screen().contains("notes/ · notes-old.md"));
    harness.keys("/j");
    harness.message(names("notes/j", &["notes/june.md"]));
    assert_eq!(harness.draft("research"), "Read @notes/june.md");
    harness.keys(" and<Tab>");
    assert!(harness.screen().contains("Tab completes the name of a file behind an @."));
    harness.message(names("notes/j", &["notes/july.md"]));
    assert_eq!(harness.draft("research"), "Read @notes/june.md and", "the answer came too late");
    harness.keys(" @x");
    harness.message(names("x", &[]));
    assert!(harness.screen().contains("No file begins with x."));
}

#[test]
fn a_mentioned_file_goes_along_and_one_that_is_not_there_stops_the_message() {
    let mut harness = Harness::new();
    harness.keys("Compare @sample/offers.md with @missing.txt<Enter>");
    assert_eq!(harness.commands, [Command::ReadFile("research".into(), "missing.txt".into())]);
    let why = "There is no file missing.txt.".to_owned();
    harness.message(Message::FileRead("research".into(), "missing.txt".into(), Err(why)));
    assert_eq!(harness.draft("research"), "Compare @sample/offers.md with @missing.txt");
    assert!(harness.screen().contains("There is no file missing.txt."));
    harness.keys("<C-w><C-w><C-w><C-w><C-w><Enter>");
    assert!(harness.posted.iter().any(|op| matches!(
        op,
        Op::Send { attachments, .. } if attachments.iter().any(|attachment| attachment.name == "sample/offers.md")
    )));
}

#[test]
fn a_name_that_tab_was_to_complete_and_that_is_no_file_is_said_to_be_text() {
    let mut harness = Harness::new();
    let no_file = |name: &str| {
        Message::FileRead("research".into(), name.into(), Err(format!("{name} can't be read: no such file")))
    };
    harness.keys("Ask @alice, see @nam<Tab>");
    harness.message(Message::Beginning("research".into(), "nam".into(), Vec::new()));
    harness.commands.clear();
    harness.keys("e.<Enter>");
    assert_eq!(harness.commands, [Command::ReadFile("research".into(), "name".into())], "of a handle nobody asks");
    harness.message(no_file("name"));
    assert!(harness.screen().contains("@name went as text: it is no file that can be read here."));
    let sent = |harness: &Harness| {
        harness.posted.iter().rev().find_map(|op| match op {
            Op::Send { text, attachments, .. } => Some((text.clone(), attachments.len())),
            _ => None,
        })
    };
    assert_eq!(sent(&harness), Some(("Ask @alice, see @name.".to_owned(), 0)));
    harness.commands.clear();
    harness.streams("research", "Seen.").ends("research", &crate::engine::message::Ending::Complete);
    harness.keys("And @name?<Enter>");
    assert_eq!(harness.commands, [], "what was tried before was about another message");
    assert_eq!(sent(&harness), Some(("And @name?".to_owned(), 0)));
    assert!(!harness.screen().contains("went as text"));
}

#[test]
fn a_completed_name_without_an_ending_goes_along_and_is_known_after_a_restart() {
    let mut harness = Harness::new();
    harness.keys("Read @Make<Tab>");
    harness.message(Message::Beginning("research".into(), "Make".into(), vec!["Makefile".into()]));
    assert_eq!(harness.draft("research"), "Read @Makefile");
    harness.pass(1_000).reopen();
    harness.keys("<Enter>");
    harness.message(Message::FileRead("research".into(), "Makefile".into(), Ok("all:".to_owned())));
    assert!(harness.posted.iter().any(|op| matches!(
        op,
        Op::Send { attachments, .. } if attachments.iter().any(|attachment| attachment.name == "Makefile")
    )));
    assert!(!harness.screen().contains("went as text"));
}

#[test]
fn a_file_that_a_waiting_message_mentions_goes_along_as_it_was_when_enter_was_pressed() {
    let mut harness = Harness::new();
    harness.keys("First?<Enter>").streams("research", "It is");
    harness.commands.clear();
    harness.keys("What does @note.txt say?<Enter>");
    assert_eq!(harness.commands, [Command::ReadFile("research".into(), "note.txt".into())]);
    harness.message(Message::FileRead("research".into(), "note.txt".into(), Ok("It is blue.".into())));
    let stored = |op: &&Op| matches!(op, Op::Attach { body, .. } if &**body == "It is blue.");
    assert_eq!(harness.posted.iter().filter(stored).count(), 1);
    harness.commands.clear();
    harness.ends("research", &crate::engine::message::Ending::Complete);
    assert_eq!(harness.commands, [], "it isn't read again");
    let sent = harness.posted.iter().rev().find_map(|op| match op {
        Op::Send { text, attachments, .. } => Some((text.as_str(), attachments.len())),
        _ => None,
    });
    assert_eq!(sent, Some(("What does @note.txt say?", 1)));
}

#[test]
fn a_waiting_message_whose_file_is_not_there_comes_back_at_once_and_the_others_wait_on() {
    let mut harness = Harness::new();
    harness.keys("First?<Enter>").streams("research", "It is");
    harness.keys("And then?<Enter>").keys("What does @nil.txt say?<Enter>").keys("I write");
    let why = "There is no file nil.txt.".to_owned();
    harness.message(Message::FileRead("research".into(), "nil.txt".into(), Err(why)));
    assert_eq!(harness.draft("research"), "What does @nil.txt say?\n\nI write");
    let screen = harness.screen();
    assert!(screen.contains("There is no file nil.txt.") && screen.contains("waits · And then?"), "{screen}");
}

#[test]
fn enter_right_after_tab_sends_the_name_and_not_its_beginning() {
    let found = |names: &[&str]| {
        let names = names.iter().map(|name| (*name).to_owned()).collect();
        Message::Beginning("research".into(), "no".into(), names)
    };
    let mut harness = Harness::new();
    harness.keys("Read @no<Tab><Enter>").message(found(&["notes.md"]));
    assert_eq!(harness.commands.last(), Some(&Command::ReadFile("research".into(), "notes.md".into())));
    let mut harness = Harness::new();
    harness.keys("Read @no<Tab><Enter>").message(found(&["notes.md", "nouns.md"]));
    assert_eq!(harness.draft("research"), "Read @no", "which one is meant is a person's to say");
    assert!(harness.screen().contains("notes.md · nouns.md"));
    let mut harness = Harness::new();
    harness.keys("Read @no<Tab><Enter><Left>").message(found(&["notes.md"]));
    assert_eq!(harness.draft("research"), "Read @no", "whoever goes on writing doesn't send it yet");
    let mut harness = Harness::new();
    harness.keys("Read @no<Tab><Enter><Enter>");
    assert_eq!(harness.draft("research"), "", "a second Enter doesn't wait");
}

#[test]
fn a_name_with_spaces_is_completed_with_backslashes_and_goes_along() {
    let mut harness = Harness::new();
    harness.keys("Read @my<Tab>");
    harness.message(Message::Beginning("research".into(), "my".into(), vec!["my own notes".into()]));
    assert_eq!(harness.draft("research"), r"Read @my\ own\ notes");
    harness.commands.clear();
    harness.keys(", please.<Enter>");
    assert_eq!(harness.commands, [Command::ReadFile("research".into(), "my own notes".into())]);
}
