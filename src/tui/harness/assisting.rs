//! Assist at the screen: a model proposes what a brief's empty fields could say, and a person has the last word.

use super::{Harness, Plan};
use crate::engine::failure::{Failure, FailureKind};
use crate::engine::op::Op;
use crate::engine::settings::Locality;
use crate::tui::dialog::{BriefComposer, Dialog, Field};

const ANSWER: &str = "## Objective\nCompare what the vendors charge.\n## Done when\nEvery price has its term.\n## \
                      Constraints\n- No adjectives.\n- One page at most.\n## Expected output\nA table 価格 🎉";

fn composer(harness: &Harness) -> &BriefComposer {
    match harness.app.dialogs.first() {
        Some(Dialog::Brief(composer)) => composer,
        other => panic!("no composer: {other:?}"),
    }
}

fn written(harness: &Harness) -> [String; 4] {
    [Field::Objective, Field::DoneWhen, Field::Constraints, Field::Expected]
        .map(|field| composer(harness).text(field).unwrap().text())
}

fn stopped(harness: &Harness) -> usize {
    harness.posted.iter().filter(|op| matches!(op, Op::StopAssist { .. })).count()
}

#[test]
fn empty_fields_are_filled_in_marked_and_taken_back_and_what_was_written_stays() {
    let mut harness = Harness::new();
    harness.keys("<C-x>b1<Tab>One page, please<C-x>B");
    let screen = harness.screen();
    assert!(screen.contains("smollm2 is asked for proposals … Esc stops it."), "{screen}");
    assert!(harness.proposes(Ok(ANSWER)));
    let mine = "One page, please";
    let filled = [mine, "Every price has its term.", "No adjectives.\nOne page at most.", "A table 価格 🎉"];
    assert_eq!(written(&harness), filled);
    let screen = harness.screen();
    assert!(screen.contains("smollm2 proposes: Done when, Constraints, Expected"), "{screen}");
    assert!(screen.contains("Ctrl-X u take back") && screen.matches("│ proposed").count() == 3, "{screen}");
    harness.pass(200);
    let Some(Op::Brief { draft, dry_run: true }) = harness.posted.last() else { panic!("{:?}", harness.posted.last()) };
    assert_eq!(draft.fields.expected, "A table 価格 🎉", "what would cross is composed anew");
    // What is changed is the person's own, and stays.
    harness.keys("<Tab><Tab>, and its currency<C-x>u");
    assert_eq!(written(&harness), [mine, "Every price has its term., and its currency", "", ""]);
    let screen = harness.screen();
    assert!(screen.contains("What was proposed is taken back.") && !screen.contains("│ proposed"), "{screen}");
    harness.keys("<C-x>u");
    assert!(harness.screen().contains("Nothing stands here as it was proposed."));
    assert_eq!(harness.stand_in.said[&harness.conversation("research")].len(), 2, "nothing of it is in the transcript");
}

#[test]
fn what_a_person_marked_is_read_else_what_was_said_last() {
    let read = |harness: &Harness| match harness.posted.iter().rfind(|op| matches!(op, Op::Assist { .. })) {
        Some(Op::Assist { context, .. }) => context.len(),
        other => panic!("{other:?}"),
    };
    let mut harness = Harness::of(&Plan { messages: 4, ..Plan::default() });
    harness.keys("<C-x>b1<C-x>B");
    assert_eq!(read(&harness), 0, "that the last answer goes along is nobody's choice yet");
    harness.keys("<Esc><Tab><Tab><C-x>a<Tab><Tab><Enter><C-x>B");
    assert_eq!(read(&harness), 2);
    let mut harness = Harness::of(&Plan { messages: 4, ..Plan::default() });
    harness.keys("<Esc>Kb<C-x>B");
    assert_eq!(read(&harness), 1, "this message was meant");
}

#[test]
fn what_is_typed_meanwhile_is_not_written_over() {
    let mut harness = Harness::new();
    harness.keys("<C-x>B<Tab>Mine");
    assert_eq!(composer(&harness).field, Field::Objective);
    assert!(harness.proposes(Ok("## Objective\nTheirs.")));
    assert_eq!(written(&harness)[0], "Mine");
    let screen = harness.screen();
    assert!(screen.contains("smollm2 proposes only what you have written by now. Nothing changed."), "{screen}");
}

#[test]
fn esc_stops_the_model_first_and_a_late_answer_comes_to_nothing() {
    let mut harness = Harness::new();
    harness.keys("<C-x>B<Esc>");
    assert!(harness.screen().contains("Stopped: nothing is proposed."), "{}", harness.screen());
    assert_eq!(stopped(&harness), 1);
    assert!(!harness.proposes(Ok(ANSWER)), "nobody is asked any more");
    assert_eq!(written(&harness), [""; 4].map(str::to_owned));
    harness.keys("<Esc>").pass(1_000);
    assert!(harness.app.dialogs.is_empty());
    assert!(!harness.stand_in.view.contains_key("brief/research"), "nothing was written, nothing is kept");
}

#[test]
fn however_the_composer_is_left_the_model_is_stopped() {
    // Put away, sent, or gone for another reason.
    for leave in ["<C-x>k", "Compare<C-x><Enter>"] {
        let two = vec![("research", Locality::Open, "llama/smollm2"), ("drafting", Locality::Open, "llama/smollm2")];
        let mut harness = Harness::of(&Plan { panes: two, ..Plan::default() });
        harness.keys("<C-x>B").keys(leave);
        assert_eq!(stopped(&harness), 1, "{leave}");
        assert!(harness.app.dialogs.is_empty(), "{leave}: {}", harness.screen());
        assert!(!harness.proposes(Ok(ANSWER)));
        harness.keys("<C-x>b");
        assert_eq!(written(&harness)[1], "", "{leave}");
    }
    let mut harness = Harness::new();
    harness.keys("<C-x>B");
    harness.app.dialogs.clear();
    harness.pass(1).keys("<Esc>");
    assert_eq!(stopped(&harness), 1);
}

#[test]
fn an_answer_to_an_older_question_is_no_answer_to_this_one() {
    let mut harness = Harness::new();
    harness.keys("<C-x>B<Esc><C-x>B");
    let origin = crate::tui::app::Origin::Assist("research".to_owned(), 1);
    let fields = crate::engine::brief::Fields { objective: "Old".to_owned(), ..Default::default() };
    let by = crate::engine::model::ModelRef::offline();
    let reply = crate::engine::op::Reply::Proposed { fields, by, from: Locality::Open };
    harness.message(crate::tui::app::Message::Reply(origin, Box::new(reply)));
    assert_eq!(written(&harness)[0], "");
    harness.keys("<C-x>B");
    assert!(harness.screen().contains("smollm2 is asked already. Esc stops it."), "{}", harness.screen());
    assert!(harness.proposes(Ok("## Objective\nNewer.")));
    assert_eq!(written(&harness)[0], "Newer.");
}

#[test]
fn what_goes_wrong_is_said_where_it_was_asked_and_changes_nothing() {
    let failure =
        || Failure::new(FailureKind::Unreachable, "Nothing answers at llama (127.0.0.1:8080). Is it running?");
    for (answer, expected) in [
        (Ok("no no no"), "Nothing was proposed: llama/smollm2 answered nothing that can be used."),
        (Err(failure()), "Nothing was proposed. Nothing answers at llama (127.0.0.1:8080). Is it running?"),
    ] {
        let mut harness = Harness::new();
        harness.keys("<C-x>B");
        assert!(harness.proposes(answer));
        let told = composer(&harness).told.clone().unwrap();
        assert!(told.starts_with(expected), "{told}");
        assert!(harness.screen().contains(&expected[..40]), "{}", harness.screen());
        assert_eq!(written(&harness), [""; 4].map(str::to_owned));
        assert!(!composer(&harness).is_touched);
    }
    let mut harness = Harness::new();
    harness.keys("<C-x>3<C-x>B");
    assert!(!harness.proposes(Ok(ANSWER)), "offline isn't asked");
    let told = composer(&harness).told.clone().unwrap();
    assert!(told.contains("offline is no language model. Ctrl-X m chooses one"), "{told}");
    assert!(harness.screen().contains("Nothing was proposed: offline is no language model."), "{}", harness.screen());
}

#[test]
fn proposals_are_kept_with_the_draft_and_so_is_how_hidden_they_are() {
    let mut harness = super::briefs::client((160, 48));
    harness.keys("<C-x>b1<C-x>B");
    assert!(harness.proposes(Ok("## Objective\nSum up what Halvorsen AS wants.")));
    harness.keys("<Esc>").pass(1_000);
    harness.reopen();
    harness.keys("<C-x>b").pass(700);
    assert_eq!(written(&harness)[0], "Sum up what Halvorsen AS wants.");
    assert_eq!(composer(&harness).draft().proposed_from, Locality::Guarded);
    assert!(harness.screen().contains("Sum up what [CLIENT_1] wants."), "{}", harness.screen());
}

#[test]
fn proposals_at_every_size() {
    for (columns, rows) in [(40, 12), (80, 24), (160, 48)] {
        let mut harness = Harness::sized(columns, rows);
        harness.keys("<C-x>b1<Tab><C-x>B").pass(700);
        insta::assert_snapshot!(format!("assist_asked_{columns}x{rows}"), harness.screen());
        assert!(harness.proposes(Ok(ANSWER)));
        insta::assert_snapshot!(format!("assist_proposed_{columns}x{rows}"), harness.screen());
        harness.keys("<C-x>B");
        insta::assert_snapshot!(format!("assist_refused_{columns}x{rows}"), harness.screen());
    }
}
