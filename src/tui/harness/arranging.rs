//! Layouts, workspaces and the new views at every size, told as sentences.

use super::{Harness, Plan};
use crate::config::layout::Layout;
use crate::config::layout_edit;
use crate::config::source::Source;
use crate::engine::message::Ending;
use crate::engine::op::Op;
use crate::tui::app::Command;
use crate::tui::app::message::Message;
use crate::tui::dialog::WorkspaceRow;

const FILE: &str = "version: 1\n# How they stand.\nlayout: {columns: [research, drafting, synthesis]}\npanes: {research: {}, drafting: {}, synthesis: {}}\n";

fn layouts() -> Message {
    let layout = |yaml: &str| -> Layout { serde_yaml::from_str(yaml).unwrap() };
    Message::Layouts(Ok(vec![
        (None, layout("columns: [research, drafting, synthesis]")),
        (Some("two".to_owned()), layout("rows: [research, synthesis]")),
        (Some("old".to_owned()), layout("columns: [gone, drafting]")),
    ]))
}

fn workspaces() -> Message {
    let row = |name: &str, is_here| WorkspaceRow {
        name: name.to_owned(),
        folder: format!("/data/workspaces/{name}").into(),
        told: format!("2026-11-20 18:02 · /data/workspaces/{name}"),
        is_here,
    };
    Message::Workspaces(vec![row("trio", true), row("acme", false), row("thesis", false)])
}

#[test]
fn a_named_layout_is_put_on_the_screen_and_what_it_lacks_can_come_back() {
    let mut harness = Harness::sized(160, 48);
    harness.keys("half<C-x>L").message(layouts());
    assert_eq!(harness.commands, [Command::ReadLayouts]);
    harness.keys("two<Enter>");
    assert_eq!(harness.app.open_panes(), ["research", "synthesis"]);
    assert!(harness.screen().contains("Layout two: drafting is off the screen. Ctrl-X r brings it back."));
    harness.keys("<C-x>r");
    assert_eq!(harness.app.focused, "drafting");
    harness.keys("<C-x>L").message(layouts());
    harness.keys("old<Enter>");
    assert_eq!(harness.app.open_panes(), ["drafting"], "a pane that is gone is left out");
    assert_eq!(harness.draft("research"), "half");
    harness.keys("<C-x>L").message(layouts());
    harness.keys("<Enter>");
    assert_eq!(harness.app.open_panes(), ["research", "drafting", "synthesis"]);
    assert!(harness.app.closed.is_empty());
}

#[test]
fn a_layout_is_saved_after_its_change_was_shown() {
    let mut harness = Harness::sized(120, 30);
    harness.keys("<C-x>=<Right><Esc><C-x>L").message(layouts());
    harness.keys("wide<C-s>");
    let Some(Command::PlanLayout(Some(name), tree)) = harness.commands.last().cloned() else {
        panic!("a plan is asked for: {:?}", harness.commands);
    };
    let source = Source::new("workspace.yaml", FILE);
    let change = layout_edit::change(&source, Some(&name), &tree.in_file(&|_| true).unwrap()).unwrap();
    let planned = (change.clone(), vec!["pane4".to_owned()]);
    harness.message(Message::LayoutPlanned(Some(name), Ok(planned)));
    insta::assert_snapshot!("layout_diff", harness.screen());
    harness.keys("<Enter>");
    assert_eq!(harness.commands.last(), Some(&Command::WriteLayout(Box::new(change))));
    harness.message(Message::LayoutWritten(Ok(())));
    assert!(harness.screen().contains("Saved in workspace.yaml."));
    harness.keys("<C-x>L").message(layouts());
    let before = harness.commands.len();
    harness.keys("no name at all<C-s><Enter>");
    assert!(harness.screen().contains("a name to save has letters"));
    assert_eq!(harness.commands.len(), before);
}

#[test]
fn another_workspace_is_a_choice_away_and_what_runs_is_asked_about() {
    let mut harness = Harness::new();
    harness.keys("half a thought<C-x>w").message(workspaces());
    harness.keys("the<Enter>");
    assert_eq!(harness.app.leaving_for, Some("/data/workspaces/thesis".into()));
    assert!(harness.posted.iter().any(|op| matches!(op, Op::SaveView { key, .. } if key == "draft/research")));
    assert_eq!(harness.commands.last(), Some(&Command::Quit));

    let mut harness = Harness::new();
    harness.streams("drafting", "One ").keys("<C-x>w").message(workspaces());
    harness.keys("<Enter>");
    assert!(harness.screen().contains("Leave for acme"), "{}", harness.screen());
    harness.keys("<Esc>");
    assert_eq!(harness.app.leaving_for, None);
    harness.keys("<C-x>qq");
    assert_eq!((harness.app.leaving_for.clone(), harness.commands.last()), (None, Some(&Command::Quit)));
    let mut harness = Harness::new();
    harness.keys("<C-x>w").message(workspaces());
    harness.keys("trio<Enter>");
    assert!(harness.app.dialogs.is_empty() && harness.app.leaving_for.is_none(), "one is there already");
}

#[test]
fn every_new_view_fits_every_screen() {
    for (columns, rows) in [(40, 12), (80, 24), (160, 48)] {
        let size = format!("{columns}x{rows}");
        let mut harness = Harness::of(&Plan { size: (columns, rows), messages: 30, ..Plan::default() });
        let long = "```sh\nls -l\n```\n価格は三つの部分から成る 🎉\n\n```rust\nfn main() {}\n```\n";
        harness.streams("research", long).ends("research", &Ending::Complete);
        harness.keys("<Esc>/価格");
        insta::assert_snapshot!(format!("find_{size}"), harness.screen());
        harness.keys("<Enter>vVj");
        insta::assert_snapshot!(format!("select_{size}"), harness.screen());
        harness.keys("<Esc>c");
        insta::assert_snapshot!(format!("code_{size}"), harness.screen());
        harness.keys("<Esc>i<C-x>/vendors");
        insta::assert_snapshot!(format!("search_{size}"), harness.screen());
        harness.keys("<Esc>half<C-r>vendors");
        insta::assert_snapshot!(format!("recall_{size}"), harness.screen());
        harness.keys("<Esc><C-x>L").message(layouts());
        insta::assert_snapshot!(format!("layouts_{size}"), harness.screen());
        harness.keys("<Esc><C-x>w").message(workspaces());
        insta::assert_snapshot!(format!("workspaces_{size}"), harness.screen());
    }
}

#[test]
fn one_conversation_is_shown_in_several_panes() {
    let mut harness = Harness::of(&Plan { messages: 200, window: 100_000, ..Plan::default() });
    let shared = harness.conversation("research");
    harness.keys("<C-x>2<C-x>v");
    let screen = harness.screen();
    assert!(screen.contains("research · 200 messages"), "{screen}");
    harness.keys("research<Enter>");
    assert_eq!(harness.conversation("drafting"), shared);
    harness.streams("research", "Shown twice.");
    assert_eq!(harness.screen().matches("Shown twice.").count(), 2);
    harness.ends("research", &Ending::Complete);
    assert_eq!(harness.app.pane("research").unwrap().badge, None, "it was seen in the other pane");
    // At both ends of it at once: what lies between is loaded, and asking comes to an end.
    harness.keys("<Esc>g");
    let screen = harness.screen();
    assert!(screen.contains(" m1 ") && screen.contains(" m201 "), "{screen}");
    let asked = harness.posted.len();
    harness.keys("jk");
    assert!(harness.posted.len() < asked + 4);
}

#[test]
fn panes_far_apart_in_one_long_conversation_do_not_take_each_other_s_place() {
    let mut harness = Harness::of(&Plan { messages: 4_000, ..Plan::default() });
    harness.keys("<C-x>2<C-x>vresearch<Enter><Esc>g");
    assert!(harness.screen().contains(" m1 "), "{}", harness.screen());
    harness.keys("<C-x>1");
    assert!(harness.screen().contains(" m4000 "), "{}", harness.screen());
    let loaded = harness.app.shown("research").unwrap().messages.len();
    assert!(loaded < 1_500, "{loaded} messages are kept");
}

#[test]
fn a_pane_comes_back_where_it_stood_even_after_a_night() {
    let mut harness = Harness::sized(240, 48);
    harness.keys("<C-x>2<C-x>k").pass(1_000).keys("<C-x>q");
    harness.reopen_as(&Plan { size: (240, 48), ..Plan::default() });
    harness.keys("<C-x>r");
    assert_eq!(harness.app.open_panes(), ["research", "drafting", "synthesis"]);
}
