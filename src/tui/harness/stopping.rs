//! Questions that are stopped before their first word: said where they stand, and taken back.

use super::{Harness, Plan};
use crate::engine::message::{Ending, Interruption};
use crate::engine::op::Op;
use crate::engine::settings::Locality;

const STOPPED: Ending = Ending::Interrupted { by: Interruption::Person };
const FINISHED: Ending = Ending::Complete;

/// What the model would be asked: what was said on the branch that is shown.
fn said(harness: &Harness) -> Vec<String> {
    harness.app.shown("research").unwrap().messages.iter().map(|message| message.text()).collect()
}

/// A conversation of this many messages, and a question after them that is stopped before its first word.
fn stopped(messages: usize) -> Harness {
    let panes = vec![("research", Locality::Open, "llama/smollm2")];
    let mut harness = Harness::of(&Plan { messages, size: (100, 24), panes, ..Plan::default() });
    harness.keys("Waht?<Enter>").streams("research", "").ends("research", &STOPPED);
    harness
}

#[test]
fn a_question_without_an_answer_says_that_it_goes_along_with_the_next() {
    let mut harness = stopped(2);
    harness.has("⌁ stopped before the first word · goes along with your next message · Ctrl-X c asks again");
    harness.has("write here · ↑ takes the question back");
    harness.keys("And why?<Enter>").streams("research", "");
    assert_eq!(said(&harness)[2..], ["Waht?", "And why?"]);
    harness.has("⌁ no answer came · goes along with the message after it");
    harness.has_not("takes the question back");
    insta::assert_snapshot!("stopped_along", harness.screen());
    harness.streams("research", "Because.").ends("research", &FINISHED);
    harness.reopen_as(&Plan { size: (100, 24), ..Plan::default() });
    harness.has("⌁ no answer came · goes along with the message after it");
    harness.has_not("· Ctrl-X c asks again");
}

#[test]
fn it_is_taken_back_and_what_is_sent_takes_its_place() {
    let mut harness = stopped(2);
    harness.keys("<Up>");
    assert_eq!(harness.draft("research"), "Waht?");
    harness.has("m3 is in the composer: what you send takes its place, and it stays on disk.");
    harness.has("a branch after m2");
    harness.keys("<A-Up>");
    assert_eq!(harness.draft("research"), "Waht?", "it is taken back once");
    harness.pass(1_000);
    harness.reopen_as(&Plan { size: (100, 24), ..Plan::default() });
    assert_eq!(harness.draft("research"), "Waht?", "what was taken back is on disk, and where it belongs");
    harness.keys("<C-u>What?<Enter>").streams("research", "That.").ends("research", &FINISHED);
    assert_eq!(said(&harness)[2..], ["What?", "That."]);
    harness.has_not("no answer came");
    assert!(harness.stand_in.bodies.values().any(|message| message.text() == "Waht?"), "nothing is lost");
}

#[test]
fn the_first_question_of_all_is_taken_back_as_well() {
    let mut harness = stopped(0);
    harness.keys("<Up>");
    harness.has("a branch from the beginning");
    harness.keys("<C-u>What?<Enter>");
    assert!(harness.posted.iter().any(|op| matches!(op, Op::Begin { .. })));
    harness.streams("research", "That.").ends("research", &FINISHED);
    assert_eq!(said(&harness), ["What?", "That."]);
    harness.keys("<Esc>Ke");
    assert_eq!(harness.draft("research"), "What?", "an edit of what begins a conversation is a branch, too");
    harness.has("a branch from the beginning");
}

#[test]
fn it_comes_before_what_is_written_since_and_brings_back_what_goes_along() {
    let panes = vec![("research", Locality::Open, "llama/smollm2")];
    let mut harness = Harness::of(&Plan { panes, ..Plan::default() });
    harness.paste(&"All work and no play.\n".repeat(2_000)).keys("Read it.<Enter>").streams("research", "");
    harness.keys("Quickly.<Enter><C-c>");
    assert_eq!(harness.draft("research"), "Quickly.");
    harness.keys("<A-Up>");
    assert_eq!(harness.draft("research"), "Read it.\n\nQuickly.");
    assert_eq!(harness.app.pane("research").unwrap().composer.attachments.len(), 1);
}

#[test]
fn an_answer_that_has_begun_is_no_question_to_take_back() {
    let mut harness = stopped(2);
    harness.keys("And why?<Enter>").streams("research", "Because").ends("research", &STOPPED);
    harness.keys("<Up><A-Up>");
    assert_eq!(harness.draft("research"), "");
    harness.has("Nothing waits here to be sent.");
}

#[test]
fn several_questions_without_an_answer_are_taken_back_one_after_the_other() {
    let mut harness = stopped(2);
    harness.keys("And why?<Enter>").streams("research", "").ends("research", &STOPPED);
    harness.keys("<Up>");
    assert_eq!(harness.draft("research"), "And why?");
    harness.has("it stays on disk. Alt-↑ takes back m3,");
    harness.keys("<A-Up>");
    assert_eq!(harness.draft("research"), "Waht?\n\nAnd why?");
    harness.has("a branch after m2");
    harness.keys("<A-Up>");
    assert_eq!(harness.draft("research"), "Waht?\n\nAnd why?", "the answer before them stays where it is");
    harness.keys("!<Enter>").streams("research", "That.").ends("research", &FINISHED);
    assert_eq!(said(&harness)[2..], ["Waht?\n\nAnd why?!", "That."]);
}

#[test]
fn the_older_of_two_questions_is_taken_back_where_the_newer_one_was_cleared_away() {
    let mut harness = stopped(2);
    harness.keys("And why?<Enter>").streams("research", "").ends("research", &STOPPED);
    harness.keys("<Up><C-u>");
    harness.has("write here · ↑ takes the question back");
    harness.keys("<Up>");
    assert_eq!(harness.draft("research"), "Waht?");
}
