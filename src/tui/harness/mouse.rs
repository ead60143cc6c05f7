//! What the mouse does to panes, tabs and borders, told as sentences.

use super::Harness;
use crate::tui::app::message::MouseDeed;

#[test]
fn a_click_gives_the_focus_and_places_the_cursor() {
    let mut harness = Harness::new();
    harness.keys("one two");
    let area = harness.app.pane_area("drafting").unwrap();
    harness.click(area.transcript.x + 3, area.transcript.y + 3);
    assert_eq!(harness.app.focused, "drafting");
    let area = harness.app.pane_area("research").unwrap();
    harness.click(area.composer.x + 4, area.composer.y);
    harness.click(harness.app.pane_area("research").unwrap().composer.x + 4, area.composer.y).keys("|");
    assert_eq!(harness.draft("research"), "one |two");
    harness.mouse(MouseDeed::WheelUp, area.transcript.x, area.transcript.y);
    assert_eq!(harness.app.focused, "research");
}

#[test]
fn a_tab_is_clicked() {
    let mut harness = Harness::sized(80, 24);
    let column = harness.screen().lines().next().unwrap().chars().take_while(|c| *c != '3').count();
    harness.click(column as u16 + 1, 0);
    assert_eq!(harness.app.focused, "synthesis");
}

#[test]
fn a_dragged_border_moves() {
    let mut harness = Harness::sized(300, 40);
    let before = harness.app.pane_area("research").unwrap().outer;
    let x = before.right() - 1;
    harness.mouse(MouseDeed::Press, x, 5);
    for step in 1..=8 {
        harness.mouse(MouseDeed::Drag, x + step, 5);
    }
    harness.mouse(MouseDeed::Release, x + 8, 5);
    assert!(harness.app.pane_area("research").unwrap().outer.width > before.width);
    assert_eq!(harness.app.focused, "research");
}
