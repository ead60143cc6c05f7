//! Answers as they are drawn: every kind of block, code that is coloured later, the wide view.

use super::{Harness, Plan};
use crate::engine::message::Ending;
use crate::engine::settings::Locality;
use crate::engine::update::{Delta, Stream, Update};
use crate::tui::app::Message;
use crate::tui::text::highlight::highlight;
use crate::tui::theme::Token;

const TOUR: &str = include_str!("tour.md");

/// One pane with this answer, on a screen of this size.
fn answered(size: (u16, u16), text: &str) -> Harness {
    let panes = vec![("research", Locality::Open, "llama/smollm2")];
    let mut harness = Harness::of(&Plan { size, panes, ..Plan::default() });
    harness.streams("research", text).ends("research", &Ending::Complete);
    harness
}

#[test]
fn the_status_line_counts_answers_in_the_words_of_their_titles() {
    let mut harness = Harness::new();
    harness.keys("One<Enter>").streams("research", "");
    harness.keys("<C-x>2Two<Enter>").streams("drafting", "");
    assert_eq!(harness.screen().matches("waiting ●").count(), 2);
    harness.has("● 2 waiting   ");
    let turn = harness.app.shown("drafting").unwrap().overview.turn.clone().unwrap().id;
    let conversation = harness.conversation("drafting");
    let text = "Two, then.".to_owned();
    let delta = Delta { conversation, turn, stream: Stream::Reasoning, offset: 0, text };
    harness.message(Message::Update(Update::Delta(delta)));
    harness.has("thinking ●");
    harness.has("● 1 thinking · 1 waiting   ");
    harness.streams("research", "First");
    harness.has("streaming ●");
    harness.has("● 1 streaming · 1 thinking   ");
    harness.pass(1_000);
    harness.has(" t/s ●");
}

/// Does what the app asked a worker for.
fn read_code(harness: &mut Harness) -> usize {
    harness.screen();
    harness.message(Message::Woke);
    let found: Vec<_> = harness.plain.drain(..).map(|code| (code.key(), highlight(&code))).collect();
    let count = found.len();
    harness.message(Message::Highlighted(found));
    count
}

/// The cells in which this text stands have the look of this token.
fn looks(harness: &mut Harness, text: &str, token: Token) -> bool {
    let screen = harness.screen();
    let (y, line) = screen.lines().enumerate().find(|(_, line)| line.contains(text)).unwrap();
    let x = crate::tui::text::width::width(&line[..line.find(text).unwrap()]);
    let cell = &harness.terminal.backend().buffer()[(x as u16, y as u16)];
    Some(cell.fg) == harness.app.theme.style(token).fg
}

#[test]
fn an_answer_with_everything_at_three_sizes() {
    for (name, size) in [("tour_narrow", (44, 84)), ("tour_80", (80, 60)), ("tour_wide", (160, 50))] {
        insta::assert_snapshot!(name, answered(size, TOUR).screen());
    }
}

#[test]
fn code_is_drawn_plain_and_coloured_when_it_was_read() {
    let mut harness = Harness::new();
    harness.streams("research", "```rust\nfn main() { now(); }\n");
    read_code(&mut harness);
    assert!(looks(&mut harness, "fn main", Token::Code), "what still streams stays plain");
    harness.streams("research", "```\nand after it\n");
    assert!(looks(&mut harness, "fn main", Token::Code));
    assert!(harness.app.wake_at() <= Some(harness.app.now), "the app wants to be woken to ask");
    assert_eq!(read_code(&mut harness), 1);
    assert!(looks(&mut harness, "fn main", Token::CodeKeyword));
    assert!(looks(&mut harness, "main()", Token::CodeName));
    harness.streams("research", "more").ends("research", &Ending::Complete);
    assert!(looks(&mut harness, "fn main", Token::CodeKeyword), "the finished message has its colours at once");
    harness.resize(120, 40);
    assert!(looks(&mut harness, "fn main", Token::CodeKeyword), "and so it has at another width");
    assert_eq!(read_code(&mut harness), 0, "nothing is read twice");
}

#[test]
fn the_wide_view_shows_a_table_whole() {
    let mut harness = answered((60, 16), TOUR);
    harness.keys("<Esc>");
    assert!(!harness.screen().contains("vendor       per seat"));
    harness.keys("w<End>");
    insta::assert_snapshot!("wide_view", harness.screen());
    harness.keys("$");
    assert!(harness.screen().contains("year"), "{}", harness.screen());
    harness.keys("<Esc>");
    assert!(harness.app.dialogs.is_empty() && !harness.screen().contains("Esc back"));
}
