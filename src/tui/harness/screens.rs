//! Whole screens, as they look.

use super::{Harness, Plan};
use crate::engine::failure::{Failure, FailureKind};
use crate::engine::message::Ending;
use crate::engine::op::Op;
use crate::engine::settings::Locality;
use crate::tui::theme::Glyphs;

#[test]
fn three_panes_stand_side_by_side() {
    let mut harness = Harness::sized(160, 30);
    harness.streams("drafting", "# Memo: seat prices\n\nper seat …").keys("And what happens at renewal?");
    insta::assert_snapshot!(harness.screen());
}

#[test]
fn a_narrow_screen_has_tabs() {
    let mut harness = Harness::sized(80, 24);
    harness.keys("And what happens at renewal?");
    insta::assert_snapshot!(harness.screen());
}

#[test]
fn a_small_screen_still_shows_the_end() {
    let mut harness = Harness::sized(40, 12);
    harness.keys("続きは？");
    insta::assert_snapshot!(harness.screen());
}

#[test]
fn a_tiny_screen_says_so_and_loses_nothing() {
    let mut harness = Harness::sized(160, 48);
    harness.keys("half a thought").resize(20, 5);
    insta::assert_snapshot!(harness.screen(), @r"
    Too small to draw.
    Enlarge the window;
    all is kept.
    ");
    harness.keys(" and more").resize(160, 48);
    assert!(harness.screen().contains("half a thought and more"));
}

#[test]
fn the_first_run_says_what_works() {
    let offline = |name| (name, Locality::Open, "offline");
    let mut harness = Harness::of(&Plan {
        size: (80, 24),
        panes: vec![offline("research"), offline("drafting"), offline("synthesis")],
        messages: 0,
        ..Plan::default()
    });
    insta::assert_snapshot!(harness.screen());
}

#[test]
fn a_new_workspace_beside_others_offers_no_sample() {
    let plan = |is_first_run| Plan { messages: 0, is_first_run, ..Plan::default() };
    assert!(Harness::of(&plan(true)).draft("research").starts_with("Compare the three price offers"));
    let mut harness = Harness::of(&plan(false));
    assert_eq!(harness.draft("research"), "");
    harness.keys("<Enter>");
    assert!(!harness.posted.iter().any(|op| matches!(op, Op::Send { .. })), "Enter sends nothing that nobody wrote");
}

#[test]
fn the_leader_s_strip_shows_the_commands() {
    let mut harness = Harness::sized(120, 24);
    harness.keys("<C-x>").pass(500);
    insta::assert_snapshot!(harness.screen());
}

#[test]
fn ascii_glyphs_draw_everything() {
    let mut harness = Harness::of(&Plan {
        size: (110, 20),
        panes: vec![("research", Locality::Sealed, "llama/smollm2"), ("drafting", Locality::Guarded, "openai/gpt-5")],
        glyphs: Glyphs::Ascii,
        theme: "monochrome",
        ..Plan::default()
    });
    let failure = Failure::new(FailureKind::RateLimited, "openai answered 429: too many requests.");
    harness.streams("drafting", "so far").ends("drafting", &Ending::Failed { failure });
    insta::assert_snapshot!(harness.screen());
}

#[test]
fn dialogs_stand_over_their_pane() {
    let mut harness = Harness::sized(120, 24);
    harness.keys("<C-x>azwei Fragen");
    insta::assert_snapshot!("ask_several", harness.screen());
    harness.keys("<Esc><C-x>3<C-x>g");
    insta::assert_snapshot!("gather", harness.screen());
    harness.keys("<Esc><C-x>m");
    insta::assert_snapshot!("model", harness.screen());
    harness.keys("<Esc><C-x>pzoo");
    insta::assert_snapshot!("palette", harness.screen());
    harness.keys("<Esc><F1>");
    insta::assert_snapshot!("help", harness.screen());
}
