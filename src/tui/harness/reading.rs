//! Reading, finding, selecting and copying, told as sentences.

use super::{Harness, Plan};
use crate::engine::id::MessageId;
use crate::engine::message::Ending;
use crate::engine::op::{Hit, Op, Reply};
use crate::engine::time::Timestamp;
use crate::tui::app::message::{Message, MouseDeed, Origin};
use crate::tui::app::scroll::Scroll;
use crate::tui::app::{Command, Layer};

fn copied(harness: &Harness) -> String {
    let copies = harness.commands.iter().rev().find_map(|command| match command {
        Command::Copy(text) => Some(text.clone()),
        _ => None,
    });
    copies.unwrap_or_default()
}

/// Drags from one cell to another, with a stop on the way.
fn drag(harness: &mut Harness, from: (u16, u16), to: (u16, u16)) {
    harness.mouse(MouseDeed::Press, from.0, from.1);
    harness.mouse(MouseDeed::Drag, from.0 + 1, from.1);
    harness.mouse(MouseDeed::Drag, to.0, to.1).mouse(MouseDeed::Release, to.0, to.1);
}

/// The cell at which a text begins in a pane.
fn cell(harness: &mut Harness, pane: &str, text: &str) -> (u16, u16) {
    let area = harness.app.pane_area(pane).unwrap().outer;
    let screen = harness.screen();
    for (row, line) in screen.lines().enumerate().skip(usize::from(area.y)) {
        let mut column = 0;
        for (at, cluster) in crate::tui::text::width::graphemes(line).scan(0, |at, cluster| {
            let start = *at;
            *at += cluster.len();
            Some((start, cluster))
        }) {
            if column >= usize::from(area.x) && column < usize::from(area.right()) && line[at..].starts_with(text) {
                return (column as u16, row as u16);
            }
            column += crate::tui::text::width::width(cluster);
        }
    }
    panic!("{text} isn't in {pane}:\n{screen}");
}

#[test]
fn dragging_copies_the_text_of_one_pane_as_it_was_before_it_was_wrapped() {
    let mut harness = Harness::new();
    harness.streams(
        "drafting",
        "One sentence that is so long that a narrow strip of a pane has to wrap it twice, at least.",
    );
    harness.ends("drafting", &Ending::Complete);
    let from = cell(&mut harness, "drafting", "One sentence");
    let end = cell(&mut harness, "drafting", "at least.");
    // Far beyond the border, over the third pane: the selection stays where it began.
    drag(&mut harness, from, (159, end.1));
    assert_eq!(
        copied(&harness),
        "One sentence that is so long that a narrow strip of a pane has to wrap it twice, at least."
    );
    assert_eq!(harness.app.focused, "research", "a selection moves nothing, or the text would move under it");
    let notice = harness.app.pane("drafting").unwrap().notice.clone();
    assert_eq!(notice.as_deref(), Some("Sent the selected text to the terminal's clipboard."));
    assert_eq!(harness.app.layer, Layer::Write, "a person who writes goes on writing");
    harness.keys("x");
    assert_eq!(harness.app.selection, None, "the next key takes it away");
    assert_eq!(harness.draft("research"), "x");
    assert_eq!(harness.app.pane("drafting").unwrap().notice, None);
}

#[test]
fn a_click_selects_nothing_and_a_drag_over_blanks_copies_nothing() {
    let mut harness = Harness::new();
    let area = harness.app.pane_area("research").unwrap().transcript;
    harness.click(area.x + 5, area.y + 2);
    assert_eq!(harness.app.selection, None);
    drag(&mut harness, (area.x + 2, area.bottom() - 1), (area.x + 9, area.bottom() - 1));
    assert!(harness.commands.is_empty());
}

#[test]
fn dragging_beyond_the_edge_scrolls_the_pane() {
    let mut harness = Harness::of(&Plan { messages: 40, ..Plan::default() });
    let area = harness.app.pane_area("research").unwrap().transcript;
    harness.mouse(MouseDeed::Press, area.x, area.y + 4);
    for _ in 0..12 {
        harness.mouse(MouseDeed::Drag, area.x, 0);
    }
    harness.mouse(MouseDeed::Release, area.x, 0);
    assert!(matches!(harness.app.pane("research").unwrap().scroll, Scroll::At { .. }));
    assert!(copied(&harness).lines().count() > 12, "{}", copied(&harness));
}

#[test]
fn text_is_selected_by_keys() {
    let mut harness = Harness::new();
    harness.keys("<Esc>v");
    let screen = harness.screen();
    assert!(screen.contains("SELECT"), "{screen}");
    harness.keys("wwlly");
    assert_eq!(copied(&harness), "The offers dif");
    assert_eq!((harness.app.layer, harness.app.selection.is_some()), (Layer::Read, true), "it stays to be seen");
    harness.keys("vVjjy");
    assert!(copied(&harness).starts_with("The offers differ in what a seat includes:\n\n"), "{}", copied(&harness));
    harness.keys("v$oy");
    assert_eq!(copied(&harness), "The offers differ in what a seat includes:");
    harness.keys("vGy");
    assert!(copied(&harness).contains("grep -c seat offers.md") && !copied(&harness).contains('│'));
    harness.keys("/differ<Enter>vwhhy");
    assert_eq!(copied(&harness), "differ", "after a search it begins at the hit");
    harness.keys("vj<Esc>");
    assert_eq!(harness.app.selection, None);
    assert_eq!(harness.app.layer, Layer::Read);
}

#[test]
fn a_message_is_copied_as_markdown_or_as_it_reads() {
    let mut harness = Harness::new();
    harness.keys("<Esc>y");
    assert!(copied(&harness).contains("- yearly terms are **cheaper**"));
    assert!(harness.screen().contains("Sent m2 as Markdown to the terminal's clipboard."));
    harness.keys("Y");
    assert!(copied(&harness).contains("- yearly terms are cheaper\n- set-up is waived"), "{}", copied(&harness));
    assert!(!copied(&harness).contains("m2") && !copied(&harness).contains('*'));
    harness.keys("i").streams("research", "So **far**").keys("<Esc>Jy");
    assert_eq!(copied(&harness), "So **far**", "what streams can be copied too");
}

#[test]
fn what_tmux_says_is_told_and_never_over_something_newer() {
    let mut harness = Harness::new();
    harness.keys("<Esc>y").message(Message::Copied(Some(true)));
    assert!(harness.screen().contains("In tmux's buffer, and sent to the terminal: m2 as Markdown."));
    harness.keys("yx").message(Message::Copied(Some(true)));
    assert!(harness.screen().contains("Reading: i writes."));
    harness.keys("y").message(Message::Copied(None));
    assert!(harness.screen().contains("Sent m2 as Markdown to the terminal's clipboard."));
}

#[test]
fn a_long_copy_says_that_many_terminals_take_less() {
    let mut harness = Harness::of(&Plan { window: 100_000, ..Plan::default() });
    harness.streams("research", &"word ".repeat(20_000)).ends("research", &Ending::Complete);
    harness.keys("<Esc>y");
    assert!(harness.screen().contains("(100.0 kB)") && harness.screen().contains("no more than 75 kB"));
}

#[test]
fn what_is_copied_has_no_control_bytes() {
    let mut harness = Harness::new();
    harness.streams("research", "```\nls\u{1b}[201~rm\n```\n").ends("research", &Ending::Complete);
    harness.keys("<Esc>y");
    assert!(!copied(&harness).contains('\u{1b}'));
    harness.keys("c");
    assert!(!copied(&harness).contains('\u{1b}') && copied(&harness).starts_with("ls"));
}

#[test]
fn of_several_code_blocks_one_is_chosen() {
    let mut harness = Harness::sized(120, 30);
    harness
        .streams("research", "```sh\nls -l\n```\nand\n\n```rust\nfn main() {\n}\n```\n")
        .ends("research", &Ending::Complete);
    harness.keys("<Esc>c");
    insta::assert_snapshot!("code_picker", harness.screen());
    harness.keys("<Down><Enter>");
    assert_eq!(copied(&harness), "fn main() {\n}");
    assert!(harness.screen().contains("Sent code block 2 of m3"));
}

#[test]
fn half_pages_and_code_blocks_are_a_key_away() {
    let mut harness = Harness::of(&Plan { messages: 40, ..Plan::default() });
    harness.keys("<Esc>");
    let end = harness.screen();
    harness.keys("uu");
    assert_ne!(harness.screen(), end);
    harness.keys("dd");
    assert_eq!(harness.screen(), end);
    harness.keys("{{{");
    let selected = harness.app.pane("research").unwrap().selected;
    harness.keys("{");
    let above = harness.app.pane("research").unwrap().selected;
    assert_eq!(above, selected - 2, "every second message has a block");
    harness.keys("}}c");
    assert_eq!(copied(&harness), "grep -c seat offers.md");
}

#[test]
fn words_are_found_while_they_are_written() {
    let mut harness = Harness::of(&Plan { size: (120, 30), messages: 60, ..Plan::default() });
    harness.keys("<Esc>");
    let before = harness.screen();
    harness.keys("/three v");
    let screen = harness.screen();
    assert!(screen.contains("Find in research · 30/30"), "{screen}");
    insta::assert_snapshot!("find", screen);
    harness.keys("<Up><Up>");
    assert!(harness.screen().contains("28/30"));
    harness.keys("<Esc>");
    assert_eq!(harness.screen(), before, "nothing was found that was not wanted");
    harness.keys("/THREE<Enter>N");
    assert!(harness.screen().contains("29/30 THREE · n next · N back"), "{}", harness.screen());
    harness.keys("/absent");
    assert!(harness.screen().contains("0/0"));
    harness.keys("<Enter>");
    assert!(harness.screen().contains("Nothing in research has the words: absent"));
    harness.keys("n");
    assert!(harness.screen().contains("Nothing was looked for."));
}

#[test]
fn a_hit_deep_in_a_long_message_is_in_view() {
    let mut harness = Harness::new();
    let long = format!("{}\n\nthe needle\n\n{}", "hay\n\n".repeat(100), "hay\n\n".repeat(100));
    harness.streams("research", &long).ends("research", &Ending::Complete);
    harness.keys("<Esc>/needle<Enter>");
    assert!(harness.screen().contains("the needle"), "{}", harness.screen());
}

#[test]
fn a_search_everywhere_shows_the_message_before_anybody_goes_there() {
    let mut harness = Harness::of(&Plan { size: (120, 30), messages: 60, ..Plan::default() });
    harness.keys("<C-x>/per seat? (draft");
    let screen = harness.screen();
    assert!(screen.contains("── drafting m1 · ") && screen.contains("charge per seat? (drafting)"), "{screen}");
    insta::assert_snapshot!("search_all", screen);
    harness.keys("<Down><Down><Enter>");
    assert_eq!((harness.app.focused.as_str(), harness.app.layer), ("drafting", Layer::Read));
    assert_eq!(harness.app.pane("drafting").unwrap().selected, 4);
    let screen = harness.screen();
    assert!(screen.contains(" m5") && screen.contains("3/30 per seat? (draft · n next · N back"), "{screen}");
    harness.keys("n");
    assert_eq!(harness.app.pane("drafting").unwrap().selected, 6);
}

#[test]
fn a_hit_in_a_conversation_that_no_pane_shows_opens_there() {
    let mut harness = Harness::of(&Plan { messages: 400, ..Plan::default() });
    let old = harness.conversation("research");
    harness.keys("<C-x>n").keys("<C-x>/seat? (research)");
    let at = harness.posted.len();
    harness.keys("<Down><Down><Down><Down><Enter>");
    assert_eq!(harness.conversation("research"), old);
    assert!(harness.posted[at..].iter().any(|op| matches!(op, Op::ShowConversation { .. })));
    assert_eq!(harness.app.pane("research").unwrap().selected, 8);
    assert!(harness.screen().contains(" m9"), "{}", harness.screen());
}

#[test]
fn a_hit_that_stands_on_another_branch_is_said_to_be_there() {
    let mut harness = Harness::new();
    let hit = Hit {
        conversation: harness.conversation("drafting"),
        pane: "drafting".to_owned(),
        message: MessageId::new(&harness.stand_in.env),
        number: 2,
        position: 1,
        at: Timestamp::from_millis(0),
        snippet: "gone with the branch".to_owned(),
    };
    harness.keys("<C-x>/gone with").pass(1_000);
    harness
        .message(Message::Reply(Origin::SearchAll("gone with".to_owned()), Box::new(Reply::Hits { hits: vec![hit] })));
    harness.keys("<Enter>");
    let screen = harness.screen();
    assert!(screen.contains("That message stands on another branch"), "{screen}");
    assert!(!screen.contains("Nothing in drafting has the words"), "{screen}");
}

#[test]
fn the_history_is_searched_backwards_and_the_draft_is_safe() {
    let mut harness = Harness::sized(120, 30);
    for text in ["first about seats", "second about terms", "third about seats"] {
        harness.keys(text).keys("<C-c>");
    }
    harness.keys("half a thought<C-r>seats");
    insta::assert_snapshot!("recall", harness.screen());
    harness.keys("<C-r>");
    assert!(harness.screen().contains("first about seats"));
    harness.keys("<C-g>");
    assert_eq!(harness.draft("research"), "half a thought");
    harness.keys("<C-r>seats<C-r><Enter>");
    assert_eq!(harness.draft("research"), "first about seats");
    assert!(!harness.posted.iter().any(|op| matches!(op, Op::Send { .. })), "taking is not sending");
    harness.keys("<C-r>half<Enter>");
    assert_eq!(harness.draft("research"), "half a thought", "the draft that stood there is in the history");
    harness.keys("<C-r>three vendors<Esc>");
    assert_eq!(harness.draft("research"), "half a thought");
}

#[test]
fn a_border_follows_the_mouse() {
    let mut harness = Harness::sized(300, 40);
    let right = harness.app.pane_area("research").unwrap().outer.right();
    drag(&mut harness, (right - 1, 5), (right + 19, 5));
    assert_eq!(harness.app.pane_area("research").unwrap().outer.right(), right + 20);
    // The neighbour's edge is the same border.
    drag(&mut harness, (right + 20, 5), (right + 10, 5));
    assert_eq!(harness.app.pane_area("research").unwrap().outer.right(), right + 10);
    harness.keys("<C-x>2");
    let before = harness.app.pane_area("drafting").unwrap().outer;
    drag(&mut harness, (before.right() - 1, 5), (before.x + 20, 5));
    assert_eq!(harness.app.pane_area("drafting").unwrap().outer.width, 72);
    assert!(harness.screen().contains("drafting keeps 72 columns while it has the focus."));
}
