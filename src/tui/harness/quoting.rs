//! The ways into a brief, told as sentences: passages, messages of several panes, short forms, templates.

use super::briefs::{briefs, client, last};
use super::{Harness, Plan};
use crate::config::brief_templates::BriefTemplate;
use crate::engine::event::Event;
use crate::engine::op::Op;
use crate::engine::settings::Locality;
use crate::tui::app::Command;
use crate::tui::app::message::{Message, MouseDeed};

/// The passages that the last brief quotes; of a whole message nothing.
fn passages(harness: &Harness) -> Vec<Option<String>> {
    briefs(harness).last().unwrap().1.context.iter().map(|quote| quote.passage.clone()).collect()
}

#[test]
fn what_is_selected_goes_along_as_it_was_written() {
    let mut harness = Harness::new();
    harness.says("research", "It is **much** cheaper.\n\nBut only yearly.");
    harness.keys("<Esc>GvB").pass(200);
    assert_eq!(passages(&harness), [Some("I".to_owned())], "a selection begins as one character");
    harness.keys("<Esc>Gvww$B").pass(200);
    assert_eq!(passages(&harness), [Some("It is **much** cheaper.".to_owned())]);
    assert!(harness.screen().contains("“It is **much** cheaper.”"), "{}", harness.screen());
}

#[test]
fn what_is_dragged_over_is_quoted_by_either_key() {
    for keys in ["<C-x>b", "<Esc>b"] {
        let mut harness = Harness::new();
        harness.says("research", "Northwind charges $31 a seat.");
        if keys.starts_with("<Esc>") {
            harness.keys("<Esc>");
        }
        let screen = harness.screen();
        let row = screen.lines().position(|line| line.contains("Northwind charges")).unwrap() as u16;
        let x = harness.app.pane_area("research").unwrap().transcript.x;
        harness.mouse(MouseDeed::Press, x, row).mouse(MouseDeed::Drag, x + 16, row);
        harness.mouse(MouseDeed::Release, x + 16, row);
        harness.keys(keys.trim_start_matches("<Esc>")).pass(200);
        assert_eq!(passages(&harness), [Some("Northwind charges".to_owned())], "{keys}");
    }
}

#[test]
fn messages_of_several_panes_are_brought_together() {
    let mut harness = Harness::new();
    harness.says("research", "Seats cost 31.");
    harness.says("drafting", "The memo says 28.");
    harness.keys("<C-x>b2<Tab>Which is right<C-x>amemo<Enter>").pass(700);
    let screen = harness.screen();
    assert!(screen.contains("✓ m3 model") && screen.contains("✓ drafting m3 model"), "{screen}");
    assert!(screen.contains("Locality: guarded → open"), "the strictest source rules: {screen}");
    harness.keys("a<Tab><Tab><Enter>").pass(700);
    assert_eq!(briefs(&harness).last().unwrap().1.context.len(), 3, "one of the two stood there already");
    harness.keys("<Up><Up><Up><Up> ").pass(700);
    assert_eq!(briefs(&harness).last().unwrap().1.context.len(), 2, "Space takes it back");
}

#[test]
fn what_serves_the_objective_is_suggested_and_marked_by_hand() {
    let mut harness = Harness::new();
    harness.says("research", "Renewal terms: a price rise of at most 3 % a year.");
    harness.says("research", "Nothing of interest.");
    harness.keys("<C-x>b1<Tab>Sum up the renewal terms").pass(700);
    let screen = harness.screen();
    assert!(screen.contains("· m3 model   suggested: Renewal terms"), "{screen}");
    assert_eq!(briefs(&harness).last().unwrap().1.context.len(), 1, "a suggestion goes along only when it is marked");
    harness.keys("<Tab><Down> ").pass(700);
    let screen = harness.screen();
    assert!(screen.contains("✓ m3 model   Renewal terms"), "{screen}");
    assert!(screen.contains("research m3, model"), "{screen}");
}

#[test]
fn a_pane_named_first_makes_a_brief_and_esc_gives_the_words_back() {
    let mut harness = client((160, 48));
    harness.keys("@drafting: please sum up");
    assert!(harness.screen().contains("→ brief to drafting · Enter shows it first"), "{}", harness.screen());
    harness.keys("<Enter>");
    let screen = harness.screen();
    assert!(screen.contains("What drafting will receive") && screen.contains("✓ drafting"), "{screen}");
    assert_eq!(harness.draft("research"), "");
    assert!(!harness.posted.iter().any(|op| matches!(op, Op::Send { .. })));
    harness.keys("<Esc>").pass(1_000);
    assert_eq!(harness.draft("research"), "@drafting please sum up");
    assert!(!harness.stand_in.view.contains_key("brief/research"));
    harness.keys("!<Enter><C-x><Enter>mmm<C-x><Enter>");
    assert!(last(&harness, "drafting").contains("## Objective\nplease sum up!\n"), "{}", harness.screen());
    harness.keys("<C-p>");
    assert_eq!(harness.draft("research"), "@drafting please sum up!");
}

#[test]
fn a_short_form_that_says_more_than_its_words_is_kept_as_a_draft() {
    let mut harness = Harness::new();
    harness.keys("@synthesis compare<Enter><S-Tab><Enter>both are named<Esc>").pass(1_000);
    assert_eq!(harness.draft("research"), "");
    assert!(harness.stand_in.view.contains_key("brief/research"), "{}", harness.screen());
    harness.keys("@drafting now<Enter>");
    assert!(harness.screen().contains("A draft of a brief waits here"), "{}", harness.screen());
    assert_eq!(harness.draft("research"), "@drafting now");
}

#[test]
fn a_file_and_a_pane_later_on_stay_what_they_were() {
    let mut harness = Harness::new();
    harness.keys("ask @drafting about it<Enter>");
    assert!(harness.posted.iter().any(|op| matches!(op, Op::Send { .. })));
    let mut harness = Harness::new();
    harness.keys("@sample/offers.md please<Enter>");
    assert!(harness.posted.iter().any(|op| matches!(op, Op::Send { .. })));
    let mut harness = Harness::new();
    harness.keys("@nobody please<Enter>");
    assert!(harness.posted.iter().any(|op| matches!(op, Op::Send { .. })), "no pane is called that");
    harness.keys("@draf<Tab>sum up");
    assert_eq!(harness.draft("research"), "@drafting sum up", "Tab takes the name that is offered");
}

#[test]
fn a_template_fills_in_what_briefs_of_its_kind_always_say() {
    let mut harness = Harness::new();
    harness.keys("<C-x>b1<C-x>t");
    assert_eq!(harness.commands, [Command::ReadBriefTemplates("research".to_owned())]);
    let (templates, _) = BriefTemplate::all(std::path::Path::new("nowhere"));
    let wrong = "briefs/mine.yaml:2:1: unknown key `obective`.".to_owned();
    harness.message(Message::BriefTemplates("research".to_owned(), templates, vec![wrong]));
    let screen = harness.screen();
    assert!(screen.contains("fact check") && screen.contains("briefs/mine.yaml:2:1"), "{screen}");
    assert!(screen.contains("Brief from research"), "it stands over the brief: {screen}");
    harness.keys("fact<Enter> of Friday").pass(200);
    let draft = briefs(&harness).last().unwrap().1;
    assert_eq!(draft.fields.objective, "Check every claim of the quoted text against the quoted sources. of Friday");
    assert_eq!(draft.fields.constraints.len(), 2);
    assert!(harness.screen().contains("Done when    Each claim is called"), "{}", harness.screen());
}

#[test]
fn each_receiver_has_a_payload_and_a_number_of_its_own() {
    let mut harness = Harness::new();
    harness.keys("<C-x>b12<Tab>Sum up").pass(700);
    assert!(harness.screen().contains("What drafting will receive · 1 of 2"), "{}", harness.screen());
    harness.keys("<Tab><Tab><Tab><Right>");
    let screen = harness.screen();
    assert!(screen.contains("What synthesis will receive · 2 of 2") && screen.contains("# Brief 2"), "{screen}");
    harness.keys("<C-x><Enter>");
    assert!(last(&harness, "drafting").contains("# Brief 1") && last(&harness, "synthesis").contains("# Brief 2"));
    assert!(harness.screen().contains("⇒ 2 briefs out"), "{}", harness.screen());
}

#[test]
fn what_is_too_large_says_what_to_drop() {
    let two = vec![("research", Locality::Open, "offline"), ("drafting", Locality::Open, "llama/smollm2")];
    let mut harness = Harness::of(&Plan { panes: two, ..Plan::default() });
    harness.says("research", &"prices and more prices ".repeat(2_000));
    harness.keys("<C-x>bSum up").pass(700);
    let screen = harness.screen();
    assert!(screen.contains("too large for its receiver") && screen.contains("drop research m3"), "{screen}");
    harness.keys("<C-x><Enter>");
    assert!(harness.app.briefs.out() == 0 && !harness.app.dialogs.is_empty());
    harness.keys("<S-Tab><S-Tab> <C-x><Enter>");
    assert!(last(&harness, "drafting").contains("Sum up"), "{}", harness.screen());
}

#[test]
fn a_message_that_is_erased_meanwhile_is_not_quoted() {
    let mut harness = Harness::new();
    harness.keys("<C-x>b1<Tab>Sum up").pass(700);
    let conversation = harness.conversation("research");
    let message = harness.stand_in.said[&conversation].last().unwrap().id;
    let what = crate::engine::op::Forgotten::Message { conversation, message };
    harness.event(Event::Erased { what });
    harness.pass(700);
    assert!(briefs(&harness).last().unwrap().1.context.is_empty());
    assert!(harness.screen().contains("nothing goes along"), "{}", harness.screen());
}
