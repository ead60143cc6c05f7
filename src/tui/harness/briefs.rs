//! Briefs at the screen, told as sentences: composed, judged, sent, kept.

use super::{Harness, Plan};
use crate::engine::brief::{Draft, Return};
use crate::engine::op::Op;
use crate::engine::redaction::{Dictionary, Judgement, Name};
use crate::engine::settings::Locality;
use crate::tui::app::message::Message;
use crate::tui::app::{Command, Layer};
use crate::tui::dialog::Dialog;

/// A guarded pane that knows a client, and two others.
pub(super) fn client(size: (u16, u16)) -> Harness {
    let names = vec![Name::new("Halvorsen AS", "client")];
    let mut harness = Harness::of(&Plan {
        size,
        panes: vec![
            ("research", Locality::Guarded, "llama/smollm2"),
            ("drafting", Locality::Open, "llama/smollm2"),
            ("synthesis", Locality::Open, "offline"),
        ],
        dictionary: Dictionary { names, keep: vec!["Contoso".to_owned()], ..Dictionary::default() },
        ..Plan::default()
    });
    let text = "Halvorsen AS wants yearly terms; Contoso waives set-up 🎉. 北風商事 charges $28 a seat. Write to \
                anna@halvorsen.example before Friday.";
    harness.says("research", text);
    harness
}

/// The briefs that were asked for: whether only to be seen, and what.
pub(super) fn briefs(harness: &Harness) -> Vec<(bool, &Draft)> {
    harness
        .posted
        .iter()
        .filter_map(|op| match op {
            Op::Brief { draft, dry_run } => Some((*dry_run, &**draft)),
            _ => None,
        })
        .collect()
}

/// What was said last in a pane.
pub(super) fn last(harness: &Harness, pane: &str) -> String {
    harness.stand_in.said[&harness.conversation(pane)].last().unwrap().text()
}

#[test]
fn a_brief_of_the_last_answer_takes_its_sentence_and_four_keys_more() {
    let two = vec![("research", Locality::Open, "llama/smollm2"), ("drafting", Locality::Open, "llama/smollm2")];
    let mut harness = Harness::of(&Plan { panes: two, ..Plan::default() });
    harness.keys("<C-x>b").keys("One page on the prices").keys("<C-x><Enter>");
    let sent = last(&harness, "drafting");
    assert!(sent.starts_with("# Brief 1, from research\n\n## Objective\nOne page on the prices\n"), "{sent}");
    assert!(sent.contains("research m2, model") && sent.contains("The offers differ in what a seat includes"));
    let screen = harness.screen();
    assert!(screen.contains("Brief 1 is out: drafting works on it."), "{screen}");
    assert!(screen.contains("⇒ 1 brief out") && screen.contains("⇐ brief"), "{screen}");
    assert!(!screen.contains("⇒ brief #1 → drafting"), "it is told once: {screen}");
    harness.keys("a");
    let screen = harness.screen();
    assert!(!screen.contains("Brief 1 is out") && screen.contains("⇒ brief #1 → drafting · at work"), "{screen}");
    harness.keys("<C-u>");
    assert!(harness.app.dialogs.is_empty() && harness.app.focused == "research");
    assert_eq!(harness.app.pane("research").unwrap().brief.kept, None);
}

#[test]
fn that_a_brief_is_worked_on_is_said_as_long_as_it_is() {
    let mut harness = Harness::new();
    harness.streams("drafting", "busy");
    harness.keys("<C-x>b1<Tab>Sum up<C-x><Enter>");
    assert!(harness.screen().contains("Brief 1 is out: drafting takes it up when it is free."), "{}", harness.screen());
    harness.ends("drafting", &crate::engine::message::Ending::Complete);
    assert!(harness.screen().contains("Brief 1 is out: drafting works on it."), "{}", harness.screen());
    harness.streams("drafting", "Summed up.").ends("drafting", &crate::engine::message::Ending::Complete);
    assert!(!harness.screen().contains("Brief 1 is out"), "{}", harness.screen());
}

#[test]
fn the_list_of_messages_says_how_many_it_lacks_and_loads_them() {
    let mut harness = Harness::of(&Plan { messages: 100, ..Plan::default() });
    harness.resize(80, 24).keys("<C-x>b1<C-x>a");
    harness.has("type to filter · Enter takes it · Tab marks · Ctrl-R lists more · Esc");
    harness.resize(160, 48).keys("<Tab><Down>");
    harness.has("Messages for the brief from research · 180 more");
    harness.has("Tab marks · Ctrl-R lists more");
    harness.keys("<C-r>");
    harness.has("from research · 60 more");
    harness.keys("<C-r>");
    harness.has_not("more");
    harness.keys("research m39");
    harness.has("· research m39 you");
    harness.keys("<Tab><Enter>").pass(700);
    let Some(Dialog::Brief(composer)) = harness.app.dialogs.last() else { panic!("{}", harness.screen()) };
    let quoted: Vec<u32> =
        composer.material.rows.iter().filter(|row| row.is_marked).map(|row| row.listed.number).collect();
    assert_eq!(quoted, [100, 39], "what was marked before stays marked");
    let mut harness = Harness::new();
    harness.keys("<C-x>b<C-x>a");
    harness.has_not("Ctrl-R");
}

#[test]
fn the_row_that_is_chosen_stays_chosen_while_more_are_listed() {
    let mut harness = Harness::of(&Plan { messages: 100, ..Plan::default() });
    harness.keys("<C-x>b1<C-x>a<Up>");
    let chosen = |harness: &Harness| {
        let Some(Dialog::Material(picker)) = harness.app.dialogs.last() else { panic!() };
        picker.list.rows().find(|(_, is_chosen)| *is_chosen).map(|(row, _)| row.name.clone())
    };
    let before = chosen(&harness);
    assert!(before.as_ref().is_some_and(|name| name.contains("synthesis m61")), "{before:?}");
    harness.keys("<C-r>");
    assert_eq!(chosen(&harness), before);
}

#[test]
fn the_second_brief_goes_where_the_first_one_went() {
    let mut harness = Harness::new();
    harness.keys("<C-x>b");
    assert!(harness.screen().contains("nobody receives it yet"), "{}", harness.screen());
    harness.keys("1<Tab>Sum up<C-x><Enter>");
    assert!(last(&harness, "drafting").contains("Sum up"));
    harness.ends("drafting", &crate::engine::message::Ending::Complete);
    harness.keys("<C-x>bAgain<C-x><Enter>");
    assert!(last(&harness, "drafting").contains("Again"));
}

#[test]
fn what_would_cross_is_shown_while_one_writes_and_asked_for_after_a_pause() {
    let mut harness = client((160, 48));
    harness.keys("<C-x>b1<Tab>").pass(200);
    let asked = briefs(&harness).len();
    harness.keys("Turn it into a memo");
    assert_eq!(briefs(&harness).len(), asked, "nobody asks at every letter");
    harness.pass(200);
    assert_eq!(briefs(&harness).len(), asked + 1);
    let screen = harness.screen();
    assert!(screen.contains("What drafting will receive"), "{screen}");
    assert!(screen.contains("Turn it into a memo") && screen.contains("[CLIENT_1] wants yearly terms"), "{screen}");
    let Some(Dialog::Brief(composer)) = harness.app.dialogs.last() else { panic!() };
    let shown = composer.preview.shown().unwrap().payload.clone();
    assert!(screen.contains("replaced    Halvorsen AS → [CLIENT_1] ×1"), "{screen}");
    assert!(screen.contains("Locality: guarded → open"), "{screen}");
    harness.keys("<C-x><Enter>");
    assert_eq!(last(&harness, "drafting"), shown, "what is sent is what was shown, to the byte");
}

#[test]
fn a_word_is_judged_where_words_are_judged_and_a_letter_is_a_letter_elsewhere() {
    let mut harness = client((160, 48));
    harness.says("research", "We met Brightwater and Ostrander.");
    harness.keys("<C-x>b1<Tab>mk").pass(700);
    assert!(harness.screen().contains("2 words to judge before it can go"), "{}", harness.screen());
    assert!(!harness.posted.iter().any(|op| matches!(op, Op::Judge { .. })));
    harness.keys("<C-x><Enter>");
    assert!(briefs(&harness).iter().all(|(dry_run, _)| *dry_run), "what is held isn't sent");
    harness.keys("m");
    assert!(
        harness
            .posted
            .iter()
            .any(|op| matches!(op, Op::Judge { word, judgement: Judgement::Mask } if word == "Brightwater"))
    );
    harness.keys("k").pass(200);
    assert!(harness.posted.contains(&Op::Judge { word: "Ostrander".to_owned(), judgement: Judgement::Keep }));
    assert!(harness.screen().contains("it can go"), "{}", harness.screen());
    harness.keys("<C-x><Enter>");
    let sent = last(&harness, "drafting");
    assert!(sent.contains("We met [NAME_1] and Ostrander.") && sent.contains("## Objective\nmk\n"), "{sent}");
}

#[test]
fn a_word_is_judged_where_one_reads_what_would_cross() {
    let mut harness = client((160, 48));
    harness.says("research", "We met Brightwater.");
    harness.keys("<C-x>b1<Tab>Sum up").pass(700);
    harness.keys("<Tab><Tab><Tab>m").pass(200);
    assert!(harness.posted.contains(&Op::Judge { word: "Brightwater".to_owned(), judgement: Judgement::Mask }));
    assert!(harness.screen().contains("it can go"), "{}", harness.screen());
}

/// A brief that four unknown names hold, and the names' box has the keys.
fn held_by_four(size: (u16, u16)) -> Harness {
    let mut harness = client(size);
    harness.says("research", "We met Brightwater, Ostrander, Quillfeather and Vandersloot.");
    harness.keys("<C-x>b1<Tab>Sum up").pass(700).keys("<C-x><Enter>");
    assert!(harness.screen().contains("4 words to judge before it can go"), "{}", harness.screen());
    harness
}

#[test]
fn all_that_are_left_are_judged_on_one_key_and_the_last_judgement_is_undone() {
    let mut harness = held_by_four((160, 48));
    harness.has("m mask · k keep · M K all");
    harness.has_not("u undo");
    harness.keys("k").pass(200);
    harness.has("3 words to judge");
    harness.keys("M").pass(200);
    harness.has("it can go");
    harness.has("u undo");
    assert!(harness.app.judged.keeps("Brightwater") && harness.app.judged.masks("Vandersloot"));
    // What one key did, one key undoes, the last first.
    harness.keys("u").pass(200);
    harness.has("3 words are to be judged anew.");
    harness.has("! not judged  Vandersloot");
    assert!(harness.app.judged.keeps("Brightwater") && !harness.app.judged.masks("Vandersloot"));
    harness.keys("u").pass(200);
    harness.has("Brightwater is to be judged anew.");
    harness.keys("u").pass(200);
    harness.has("4 words to judge");
    harness.has_not("u undo");
    harness.keys("m").pass(200).keys("K").pass(200).keys("<C-x><Enter>");
    let sent = last(&harness, "drafting");
    assert!(sent.contains("We met [NAME_1], Ostrander, Quillfeather and Vandersloot."), "{sent}");
}

#[test]
fn judging_all_is_told_on_a_small_screen_too() {
    let mut harness = held_by_four((80, 24));
    insta::assert_snapshot!("brief_judge_all", harness.screen());
    harness.keys("m").pass(200);
    harness.has("M K all · u undo");
    harness.keys("K").pass(200);
    harness.has("it can go");
    harness.has("u undo");
}

#[test]
fn a_word_typed_a_moment_ago_holds_it_too() {
    let mut harness = client((160, 48));
    harness.keys("<C-x>b1<Tab>Ask Brightwater about it<C-x><Enter>");
    assert_eq!(briefs(&harness).iter().filter(|(dry_run, _)| !dry_run).count(), 1);
    let screen = harness.screen();
    assert!(screen.contains("! not judged") && screen.contains("Brightwater (the objective)"), "{screen}");
    assert!(screen.contains("`Brightwater` in the objective is not judged"), "{screen}");
    harness.keys("kkk<C-x><Enter>");
    assert!(last(&harness, "drafting").contains("Ask Brightwater about it"), "{}", harness.screen());
}

#[test]
fn an_answer_that_comes_too_late_changes_nothing() {
    let mut harness = Harness::new();
    harness.keys("<C-x>b1<Tab>Old").pass(200);
    let Some(Dialog::Brief(composer)) = harness.app.dialogs.last() else { panic!() };
    let (revision, shown) = (composer.due.revision, composer.preview.composed.clone());
    harness.keys(" and new");
    let origin = crate::tui::app::Origin::Compose("research".to_owned(), revision);
    let refused = crate::engine::op::Refusal::new(crate::engine::op::RefusalKind::NotNow, "late");
    harness.message(Message::Reply(origin, Box::new(crate::engine::op::Reply::Refused(refused))));
    let Some(Dialog::Brief(composer)) = harness.app.dialogs.last() else { panic!() };
    assert_eq!((&composer.preview.composed, &composer.preview.refusal), (&shown, &None));
}

#[test]
fn a_draft_survives_esc_and_the_night_and_is_gone_once_it_is_sent() {
    let mut harness = Harness::new();
    harness.keys("<C-x>b2<Tab>Bring them together<Tab><Tab><Enter>when all three are in<Esc>");
    let screen = harness.screen();
    assert!(screen.contains("kept as a draft: Ctrl-X b opens it again") && screen.contains("⇒ draft"), "{screen}");
    harness.pass(1_000);
    assert!(harness.stand_in.view.contains_key("brief/research"));
    harness.reopen();
    harness.keys("<C-x>b").pass(700);
    let screen = harness.screen();
    assert!(screen.contains("Bring them together") && screen.contains("when all three are in"), "{screen}");
    assert!(screen.contains("✓ synthesis") && screen.contains("✓ m2 model"), "{screen}");
    harness.keys("<C-x><Enter>").pass(1_000);
    assert!(last(&harness, "synthesis").contains("## Done when\nwhen all three are in"));
    assert!(!harness.stand_in.view.contains_key("brief/research"));
}

#[test]
fn a_brief_that_nobody_wrote_anything_into_leaves_nothing_behind() {
    let mut harness = Harness::new();
    harness.keys("<C-x>b").pass(1_000).keys("<Esc>").pass(1_000);
    assert!(!harness.stand_in.view.contains_key("brief/research"));
    assert!(!harness.screen().contains("⇒ draft"));
}

#[test]
fn put_away_is_not_lost() {
    let mut harness = Harness::new();
    harness.keys("<C-x>b1<Tab>A thought<C-x>k").pass(1_000);
    assert!(harness.screen().contains("it asked is in the history"), "{}", harness.screen());
    assert!(!harness.stand_in.view.contains_key("brief/research"));
    harness.keys("<C-p>");
    assert_eq!(harness.draft("research"), "A thought");
}

#[test]
fn a_brief_from_here_quotes_the_message_that_is_read() {
    let mut harness = Harness::of(&Plan { messages: 4, ..Plan::default() });
    harness.keys("<Esc>KKKb1<Tab>Check this").pass(700);
    let quoted: Vec<_> = briefs(&harness).last().unwrap().1.context.clone();
    let first = harness.stand_in.said[&harness.conversation("research")][0].id;
    assert_eq!(quoted.iter().map(|quote| quote.message).collect::<Vec<_>>(), [first]);
}

#[test]
fn a_sealed_pane_is_left_by_its_typed_name_alone() {
    let mut harness = Harness::of(&Plan {
        panes: vec![("client", Locality::Sealed, "llama/smollm2"), ("drafting", Locality::Open, "llama/smollm2")],
        ..Plan::default()
    });
    harness.keys("<C-x>2<C-x>n<C-x>1<C-x>bSum up").pass(200);
    let screen = harness.screen();
    assert!(screen.contains("client is sealed"), "{screen}");
    assert!(screen.contains("Typing its name lets this one brief"), "{screen}");
    harness.keys("<C-x><Enter>");
    assert!(harness.screen().contains("Not sent: client is sealed"), "{}", harness.screen());
    // To let out, the pane's name is typed into its field.
    harness.keys("<Tab><Tab><Tab><Tab>client").pass(200);
    let screen = harness.screen();
    assert!(screen.contains("to judge before it can go") && screen.contains("Locality: sealed → open"), "{screen}");
    harness.keys("<C-x><Enter>mmm<C-x><Enter>");
    assert!(last(&harness, "drafting").contains("Sum up"), "{}", harness.screen());
    let brief = harness.stand_in.engine.workspace.briefs.values().next().unwrap();
    assert_eq!(brief.unsealed, ["client"]);
}

#[test]
fn the_editor_brings_back_the_field_that_was_given_to_it() {
    let mut harness = Harness::new();
    harness.keys("<C-x>b1<Tab>short<C-x><C-e>");
    assert_eq!(harness.commands, [Command::OpenEditor("research".to_owned(), "short".to_owned())]);
    harness.message(Message::Edited("research".to_owned(), Ok("longer\nand better\n".to_owned())));
    harness.pass(200);
    assert_eq!(briefs(&harness).last().unwrap().1.fields.objective, "longer\nand better");
    assert_eq!((harness.draft("research").as_str(), harness.app.layer), ("", Layer::Write));
    harness.keys("<Tab><Tab><Enter><Tab><Tab><Tab> ").pass(200);
    assert_eq!(briefs(&harness).last().unwrap().1.returns, Return::Auto);
}

#[test]
fn the_composer_at_every_size() {
    for (columns, rows) in [(40, 12), (80, 24), (160, 48)] {
        let size = format!("{columns}x{rows}");
        let mut harness = client((columns, rows));
        harness.says("research", "We met Brightwater: 価格は据え置き 🎉, and Halvorsen AS agreed to it.");
        harness.keys("<C-x>b1<Tab>Turn the price findings into a one-page memo 価格").pass(700);
        insta::assert_snapshot!(format!("brief_fields_{size}"), harness.screen());
        harness.keys("<C-x><Enter>");
        insta::assert_snapshot!(format!("brief_judge_{size}"), harness.screen());
    }
}

#[test]
fn words_that_are_typed_where_panes_are_marked_are_the_objective() {
    let mut harness = Harness::new();
    harness.keys("<C-x>b1Name 2 weak points");
    let draft = harness.app.pane("research").unwrap().brief.kept.clone().unwrap();
    assert_eq!(draft.fields.objective, "Name 2 weak points");
    assert_eq!(draft.to, [harness.conversation("drafting")]);
}
