//! Any keys on any screen: nothing comes down, and no draft is lost.

use proptest::prelude::*;

use super::{Harness, parse};
use crate::tui::app::message::Message;

/// Keys that may be pressed in any order.
const KEYS: &[&str] = &[
    "a",
    "価",
    "e\u{301}",
    " ",
    "\\",
    "/",
    "?",
    "@",
    "y",
    "p",
    "e",
    "r",
    "f",
    "n",
    "N",
    "g",
    "G",
    "j",
    "K",
    "1",
    "2",
    "<Enter>",
    "<Esc>",
    "<Tab>",
    "<Backspace>",
    "<Left>",
    "<Right>",
    "<Up>",
    "<Down>",
    "<PageUp>",
    "<PageDown>",
    "<Home>",
    "<End>",
    "<C-x>",
    "<C-j>",
    "<C-k>",
    "<C-u>",
    "<C-w>",
    "<C-y>",
    "<C-p>",
    "<C-n>",
    "<A-j>",
    "<A-b>",
    "<A-3>",
    "<A-Esc>",
    "<F1>",
    "<C-x>z",
    "<C-x>|",
    "<C-x>-",
    "<C-x>k",
    "<C-x>r",
    "<C-x>a",
    "<C-x>g",
    "<C-x>m",
    "<C-x>=",
    "<C-x>o",
    "<C-x>n",
    "<C-x>p",
    "<C-x>/",
    "<A-Up>",
    "<C-x>b",
    "<C-x><Enter>",
    "b",
    "m",
    "k",
    "<C-r>",
    "v",
    "w",
    "}",
    "{",
    "u",
    "c",
    "Y",
];

proptest! {
    #![proptest_config(ProptestConfig { cases: 40, ..ProptestConfig::default() })]
    #[test]
    fn no_keys_on_no_screen_bring_it_down_or_lose_a_draft(
        presses in prop::collection::vec(0..KEYS.len(), 0..60),
        (columns, rows) in (1_u16..180, 1_u16..50),
        streaming in any::<bool>(),
    ) {
        let mut harness = Harness::sized(columns, rows);
        harness.app.focused = "drafting".to_owned();
        harness.paste("precious");
        harness.app.focused = "research".to_owned();
        if streaming {
            harness.streams("research", "an answer\n\n| a | b |\n|--|--|\n| 1 | 2 |");
        }
        let mut was_elsewhere = true;
        for press in presses {
            for key in parse(KEYS[press]) {
                harness.message(Message::Keys(vec![key]));
                harness.streams_if_running("research", "more ");
            }
            harness.screen();
            let focused = harness.app.focused.clone();
            was_elsewhere &= focused != "drafting";
            prop_assert!(harness.app.open_panes().contains(&&focused), "{} has the focus", focused);
        }
        let draft = harness.draft("drafting");
        // Whoever goes there may delete it; nobody else.
        let is_kept = !was_elsewhere || draft.contains("precious") || harness.was_written("drafting", "precious");
        prop_assert!(is_kept, "the draft is gone: {:?}", draft);
    }
}
