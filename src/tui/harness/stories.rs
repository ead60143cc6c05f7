//! What happens to a person at the screen, told as sentences.

use super::{Harness, Plan};
use crate::engine::brief::About;
use crate::engine::event::Event;
use crate::engine::failure::{Failure, FailureKind};
use crate::engine::id::BriefId;
use crate::engine::message::{Author, Ending, Interruption, Part};
use crate::engine::op::Op;
use crate::engine::settings::Locality;
use crate::tui::app::message::{Message, Offer};
use crate::tui::app::scroll::Scroll;
use crate::tui::app::{Badge, Command, Layer, Standing};

#[test]
fn typing_goes_on_while_another_pane_streams() {
    let mut harness = Harness::new();
    harness.keys("he").streams("drafting", "One ").keys("llo").streams("drafting", "two.");
    assert_eq!(harness.draft("research"), "hello");
    assert!(harness.screen().contains("One two."));
    harness.ends("drafting", &Ending::Complete);
    assert_eq!(harness.app.pane("drafting").unwrap().badge, Some(Badge::Done(1)));
    assert!(harness.screen().contains("✓ 1 new"));
    harness.keys("<C-x>2");
    assert_eq!(harness.app.pane("drafting").unwrap().badge, None);
}

#[test]
fn an_answer_streams_below_its_question_and_stays_when_it_ends() {
    let mut harness = Harness::new();
    harness.keys("Why?<Enter>");
    assert_eq!(harness.draft("research"), "");
    harness.streams("research", "Because **it").streams("research", "** is.");
    assert!(harness.screen().contains("Because it is."));
    harness.ends("research", &Ending::Complete);
    let screen = harness.screen();
    assert_eq!(screen.matches("Because it is.").count(), 1);
    assert!(screen.contains("m4"), "the answer has its number");
}

#[test]
fn models_of_one_name_are_told_apart_by_their_providers() {
    let mut harness = Harness::of(&Plan {
        panes: vec![
            ("research", Locality::Open, "llama/smollm2"),
            ("drafting", Locality::Open, "llama/smollm2"),
            ("synthesis", Locality::Open, "openai/gpt-5"),
        ],
        ..Plan::default()
    });
    harness.has("smollm2 · 10:39");
    let conversation = harness.conversation("drafting");
    let model = "openai/smollm2".parse().unwrap();
    harness.event(Event::ModelChosen { conversation, model, recounted: false });
    harness.keys("<C-x>2Why?<Enter>").streams("drafting", "Because.");
    let screen = harness.screen();
    assert!(screen.contains("llama/smollm2 · 10:39"), "what was laid out before, too: {screen}");
    assert!(screen.contains("openai/smollm2 · 10:40") && screen.contains(" gpt-5 · 10:39"), "{screen}");
    harness.ends("drafting", &Ending::Complete);
    harness.has("openai/smollm2 · 10:40");
    harness.reopen();
    harness.has("llama/smollm2 · 10:39");
}

#[test]
fn a_transcript_that_was_scrolled_up_does_not_jump() {
    let mut harness = Harness::of(&Plan { messages: 40, ..Plan::default() });
    harness.keys("go on<Enter>").streams("research", "first\n");
    harness.keys("<PageUp><PageUp>");
    let before: Vec<String> = harness.screen().lines().skip(1).take(30).map(first_pane).collect();
    for line in 0..14 {
        harness.streams("research", &format!("\nline {line}\n"));
    }
    let after = harness.screen();
    assert_eq!(after.lines().skip(1).take(30).map(first_pane).collect::<Vec<_>>(), before);
    assert!(after.contains("new lines"), "{after}");
    harness.ends("research", &Ending::Complete);
    assert_eq!(harness.screen().lines().skip(1).take(30).map(first_pane).collect::<Vec<_>>(), before);
    harness.keys("<Esc>G");
    let end = harness.screen();
    assert!(end.contains("line 13") && !end.contains("new lines"));
}

/// What a line of the screen shows of the first pane's text, without its right border.
fn first_pane(line: &str) -> String {
    line.chars().take(60).collect()
}

#[test]
fn a_long_transcript_is_paged_in_both_directions() {
    let mut harness = Harness::of(&Plan { messages: 2_000, ..Plan::default() });
    assert!(harness.app.shown("research").unwrap().messages.len() <= 40, "the first frame reads little");
    harness.keys("<Esc>g");
    assert!(harness.screen().contains(" m1 "));
    for _ in 0..40 {
        harness.keys("<PageDown>");
    }
    let first = harness.app.shown("research").unwrap().first;
    assert!(first < 100);
    harness.keys("G");
    assert!(harness.screen().contains(" m2000 "));
    for _ in 0..30 {
        harness.keys("<PageUp>");
    }
    let loaded = harness.app.shown("research").unwrap().messages.len();
    assert!(loaded < 400, "{loaded} messages are kept");
}

#[test]
fn alt_and_a_number_go_to_a_pane_and_leave_the_layer_as_it_is() {
    let mut harness = Harness::new();
    harness.keys("half a<A-2>j is typed");
    assert_eq!((harness.app.focused.as_str(), harness.app.layer), ("drafting", Layer::Write));
    assert_eq!(
        (harness.draft("research").as_str(), harness.draft("drafting").as_str()),
        ("half a", "j is typed"),
        "what is typed next is written there"
    );
    harness.keys("<Esc><A-3>");
    assert_eq!((harness.app.focused.as_str(), harness.app.layer), ("synthesis", Layer::Read));
    harness.keys("<A-9>");
    assert_eq!(harness.app.focused, "synthesis");
    harness.has("There is no pane 9.");
    harness.keys("<A-1>");
    assert_eq!(harness.draft("research"), "half a");
}

#[test]
fn a_quick_esc_j_arrives_as_alt_j_and_reads() {
    let mut harness = Harness::of(&Plan { messages: 40, ..Plan::default() });
    harness.keys("draft<A-k>");
    assert_eq!(harness.app.layer, Layer::Read);
    assert!(matches!(harness.app.pane("research").unwrap().scroll, Scroll::At { .. }));
    harness.keys("x");
    assert!(harness.screen().contains("Reading: i writes."));
    harness.keys("i!");
    assert_eq!(harness.draft("research"), "draft!", "bound Alt-letters stay what they are, the draft stays");
    harness.keys("<A-b>|");
    assert_eq!(harness.draft("research"), "|draft!");
}

#[test]
fn the_strip_comes_after_a_pause_and_a_quick_chord_never_shows_it() {
    let mut harness = Harness::new();
    harness.keys("<C-x>").pass(300);
    assert!(!harness.screen().contains("ask several"));
    harness.pass(100);
    assert!(harness.screen().contains("ask several"));
    harness.pass(3_600_000).keys("z");
    assert!(harness.app.zoomed, "the leader has no time-out");
    let screen = harness.screen();
    assert!(screen.contains("1 research") && !screen.contains("2 drafting"), "{screen}");
    harness.keys("<C-x>z");
    assert!(harness.screen().contains("2 drafting"));
}

#[test]
fn nothing_wakes_an_idle_screen() {
    let mut harness = Harness::new();
    assert_eq!(harness.app.wake_at(), None);
    harness.keys("a draft");
    assert!(harness.app.wake_at().is_some());
    harness.pass(1_000);
    assert!(harness.posted.iter().any(|op| matches!(op, Op::SaveView { key, .. } if key == "draft/research")));
    assert_eq!(harness.app.wake_at(), None);
    assert!(harness.screen().contains("saved ✓"));
}

#[test]
fn a_draft_that_the_disk_has_no_room_for_is_said_to_be_unsaved_and_stays_in_sight() {
    let mut harness = Harness::new();
    harness.stand_in.full = Some("Not saved: the disk is full.".to_owned());
    harness.keys("a precious draft").pass(1_000);
    let screen = harness.screen();
    assert!(screen.contains("Not saved: the disk is full.") && screen.contains("a precious draft"), "{screen}");
    assert!(screen.contains("✗ not saved") && !screen.contains("saved ✓"), "{screen}");
    harness.keys(", and more").pass(1_000);
    let screen = harness.screen();
    assert!(!screen.contains("the disk is full"), "it is told once: {screen}");
    assert!(screen.contains("a precious draft, and more") && screen.contains("✗ not saved"), "{screen}");
    harness.stand_in.full = None;
    harness.keys("!").pass(1_000);
    assert!(harness.screen().contains("saved ✓"));
    assert!(harness.stand_in.view["draft/research"].to_string().contains("and more!"));
}

#[test]
fn a_refused_message_is_in_the_composer_again() {
    let mut harness = Harness::new();
    harness.stand_in.refuse = Some("research is still answering. Wait for it, or stop it with Ctrl-C.".to_owned());
    harness.keys("precious<Enter>");
    assert_eq!(harness.draft("research"), "precious");
    assert!(harness.screen().contains("research is still answering."));
    harness.keys("!");
    assert!(!harness.screen().contains("still answering"), "the next key takes the notice away");
}

#[test]
fn an_answer_that_broke_off_says_how_to_go_on() {
    let mut harness = Harness::new();
    harness.keys("Why?<Enter>").streams("research", "Because").keys("<C-c>");
    let screen = harness.screen();
    assert!(screen.contains("⌁ stopped · Ctrl-X c asks again"), "{screen}");
    harness.keys("<C-x>c");
    assert!(harness.posted.iter().any(|op| matches!(op, Op::Continue { .. })));
    let screen = harness.screen();
    assert!(screen.contains("m4 broke off: a new answer takes its place"), "{screen}");
    harness.streams("research", "Whole.").ends("research", &Ending::Complete);
    assert!(harness.screen().contains("Whole."));
}

#[test]
fn a_failure_before_the_first_word_is_told_in_its_pane() {
    let mut harness = Harness::new();
    let failure = Failure::new(FailureKind::Unauthorized, "openai refused the key (401).");
    harness.streams("drafting", "").ends("drafting", &Ending::Failed { failure });
    let screen = harness.screen();
    assert!(screen.contains("✗ openai refused the key (401)."), "{screen}");
    assert!(screen.contains("✗ failed"));
    harness.keys("<C-x>i");
    assert!(harness.screen().contains("✗ drafting failed  openai refused the key (401)."), "{}", harness.screen());
    harness.keys("<Enter>");
    assert_eq!(harness.app.focused, "drafting");
}

#[test]
fn a_draft_is_put_away_and_comes_back() {
    let mut harness = Harness::new();
    harness.keys("half a thought<C-c>");
    assert_eq!(harness.draft("research"), "");
    harness.keys("<C-p>");
    assert_eq!(harness.draft("research"), "half a thought");
    harness.keys("<C-p>");
    assert!(harness.draft("research").contains("three vendors"), "older: what was sent before");
    harness.keys("<C-n><C-n>");
    assert_eq!(harness.draft("research"), "");
}

#[test]
fn layout_focus_scroll_and_drafts_come_back() {
    let mut harness = Harness::of(&Plan { messages: 400, ..Plan::default() });
    harness.keys("<C-x>2unsent<A-x><Esc>").keys("<C-x>3<C-x>k<C-x>1<Esc>");
    for _ in 0..60 {
        harness.keys("<PageUp>");
    }
    harness.keys("<C-x>z").pass(1_000);
    let before = harness.screen();
    harness.keys("<C-x>q");
    assert_eq!(harness.commands.last(), Some(&Command::Quit));
    harness.reopen();
    harness.keys("<Esc>");
    assert_eq!(harness.screen(), before);
    assert_eq!(harness.draft("drafting"), "unsent");
    assert_eq!(harness.app.closed, ["synthesis"]);
    harness.keys("<C-x>r");
    assert_eq!(harness.app.focused, "synthesis");
}

#[test]
fn panes_split_resize_close_and_reopen() {
    let mut harness = Harness::sized(240, 48);
    harness.keys("<C-x>-");
    assert_eq!(harness.app.focused, "pane4");
    assert_eq!(harness.app.open_panes(), ["research", "pane4", "drafting", "synthesis"]);
    let (above, below) = (harness.app.pane_area("research").unwrap(), harness.app.pane_area("pane4").unwrap());
    assert_eq!((above.outer.x, above.outer.bottom()), (below.outer.x, below.outer.y));
    harness.keys("<C-x>=<Up><Up>x");
    assert!(harness.app.pane_area("pane4").unwrap().outer.height > below.outer.height);
    assert_eq!(harness.draft("pane4"), "", "the key that ends resizing types nothing");
    harness.keys("<C-x>k");
    assert_eq!(harness.app.open_panes(), ["research", "drafting", "synthesis"]);
    harness.keys("<C-x>r");
    assert!(harness.app.open_panes().contains(&&"pane4".to_owned()));
}

#[test]
fn one_question_goes_to_several_panes() {
    let mut harness = Harness::new();
    harness.keys("<C-x>aWhat is new?<Tab>2 <Tab><Enter>");
    let asked: Vec<String> = harness
        .posted
        .iter()
        .filter_map(|op| match op {
            Op::Send { conversation, .. } => Some(harness.app.showing(*conversation).unwrap().name.clone()),
            _ => None,
        })
        .collect();
    assert_eq!(asked, ["synthesis"], "2 unmarked the second, the blank unmarked the first");
    assert_eq!(harness.app.focused, "research");
}

#[test]
fn a_branch_begins_where_a_question_is_edited() {
    let mut harness = Harness::of(&Plan { messages: 6, ..Plan::default() });
    harness.keys("<Esc>KKKe");
    assert!(harness.draft("research").contains("three vendors"));
    assert!(harness.screen().contains("a branch after m2"), "{}", harness.screen());
    harness.keys(" Differently.<Enter>");
    assert_eq!(harness.app.shown("research").unwrap().total(), 3, "the branch has its own end");
    harness.streams("research", "Other answer.").ends("research", &Ending::Complete);
    let screen = harness.screen();
    assert!(screen.contains("Other answer.") && screen.contains(" m8 ") && !screen.contains(" m6 │"), "{screen}");
}

#[test]
fn reading_copies_pins_and_finds() {
    let mut harness = Harness::of(&Plan { messages: 60, ..Plan::default() });
    harness.keys("<Esc>y");
    assert!(matches!(harness.commands.last(), Some(Command::Copy(text)) if text.contains("Northwind")));
    harness.keys("c");
    assert!(matches!(harness.commands.last(), Some(Command::Copy(text)) if text == "grep -c seat offers.md"));
    harness.keys("p");
    assert!(harness.screen().contains('⚲'));
    harness.keys("p");
    assert!(!harness.screen().contains('⚲'));
    harness.keys("/three vendors<Enter>");
    assert!(harness.screen().contains("30/30 three vendors"));
    harness.keys("NN");
    assert!(harness.screen().contains("28/30"));
    assert!(!harness.posted.iter().any(|op| matches!(op, Op::Send { .. } | Op::Continue { .. } | Op::Forget(_))));
}

#[test]
fn a_new_conversation_leaves_the_old_one_a_key_away() {
    let mut harness = Harness::new();
    harness.pass(1_000).keys("<C-x>n");
    assert!(!harness.screen().contains("three vendors charge per seat? (research)"));
    harness.keys("<C-x>v<Down><Enter>");
    assert!(harness.screen().contains("three vendors charge per seat? (research)"));
}

#[test]
fn a_found_server_is_announced_and_never_used_unasked() {
    let mut harness = Harness::new();
    harness.keys("<C-x>m");
    assert_eq!(harness.commands, [Command::Discover]);
    harness.message(Message::Offers(vec![Offer {
        model: "ollama/qwen3".parse().unwrap(),
        window: None,
        local: true,
        state: "answers (38 ms)".to_owned(),
        setup: Some("Write this into config.yaml:\nproviders:\n  ollama: {kind: openai}".to_owned()),
        standing: Standing::Found,
    }]));
    harness.keys("qwen<Enter>");
    let screen = harness.screen();
    assert!(screen.contains("ollama: {kind: openai}"), "{screen}");
    assert!(!harness.posted.iter().any(|op| matches!(op, Op::ChooseModel { .. })));
    harness.keys("<Esc><C-u>offline<Enter>");
    assert!(harness.posted.iter().any(|op| matches!(op, Op::ChooseModel { model, .. } if model.is_offline())));
    assert!(harness.screen().contains("→ research · offline · stays on this machine"));
}

#[test]
fn a_model_that_its_server_does_not_list_is_said_not_to_be_there() {
    let offer = |model: &str| Offer {
        model: model.parse().unwrap(),
        window: Some(4_096),
        local: true,
        state: "answers (2 ms)".to_owned(),
        setup: None,
        standing: Standing::Ready,
    };
    for (lists, is_there) in [("smollm3", false), ("smollm2:latest", true), ("smollm2", true)] {
        let mut harness = Harness::new();
        harness.keys("<C-x>m").message(Message::Offers(vec![offer(&format!("llama/{lists}"))]));
        assert_eq!(!harness.screen().contains("not in its list"), is_there, "{lists}: {}", harness.screen());
    }
}

#[test]
fn quitting_while_an_answer_comes_asks() {
    let mut harness = Harness::new();
    harness.streams("drafting", "One ").keys("<C-x>q");
    assert!(harness.screen().contains("Esc stay"));
    harness.keys("<Esc>");
    assert!(harness.commands.is_empty() && !harness.screen().contains("stay"));
    harness.keys("<C-x>qq");
    assert!(harness.posted.iter().any(|op| matches!(op, Op::StopAll { by: Interruption::Shutdown })));
    assert_eq!(harness.commands, [Command::Quit]);
}

#[test]
fn asking_to_quit_needs_no_answer_once_nothing_runs_any_more() {
    let mut harness = Harness::new();
    harness.streams("drafting", "One ").keys("<C-x>q");
    harness.ends("drafting", &Ending::Complete);
    assert_eq!(harness.commands, [Command::Quit]);
}

#[test]
fn a_report_that_comes_in_is_named_and_waits_for_no_answer() {
    let mut harness = Harness::new();
    let id = harness.conversation("research");
    let head = harness.stand_in.said[&id].last().unwrap().id;
    let text = Part::text("# Report on brief 1, from drafting");
    let mut report = harness.stand_in.say(id, Author::Person, vec![text], Some(head));
    report.about = Some(About::Report { brief: BriefId::new(&harness.stand_in.env) });
    harness.event(Event::MessageAdded { message: report });
    let screen = harness.screen();
    assert!(screen.contains("⇐ report · 10:4") && screen.contains("# Report on brief 1"), "{screen}");
    assert!(!screen.contains("no answer came"), "{screen}");
}

#[test]
fn an_empty_line_opens_commands_help_and_panes() {
    let mut harness = Harness::new();
    harness.keys("/zoom<Enter>");
    assert!(harness.app.zoomed);
    harness.keys("?");
    assert!(harness.screen().contains("While writing"));
    harness.keys("<Esc>@draf<Enter>");
    assert_eq!(harness.app.focused, "drafting");
    harness.keys("@notes.txt please");
    assert_eq!(harness.draft("drafting"), "@notes.txt please", "no pane is called that: it is text");
}

#[test]
fn hostile_text_is_shown_and_obeyed_by_nobody() {
    let mut harness = Harness::new();
    harness.keys("<C-x>3").streams("synthesis", "\u{1b}[2Jcleared \u{202e}desrever\u{7}").pass(10);
    let screen = harness.screen();
    assert!(!screen.contains('\u{1b}') && !screen.contains('\u{202e}') && screen.contains("cleared"));
    harness.paste("a\u{202e}b\u{1b}]0;title\u{7}c");
    assert!(!harness.screen().contains('\u{202e}') && !harness.screen().contains('\u{1b}'));
}

#[test]
fn sealed_panes_look_sealed() {
    let mut harness =
        Harness::of(&Plan { panes: vec![("client", Locality::Sealed, "llama/smollm2")], ..Plan::default() });
    let screen = harness.screen();
    assert!(screen.contains("client ⛨") && screen.contains("→ client · llama (local) · sealed"));
}

#[test]
fn a_narrow_screen_counts_what_runs_and_what_is_out() {
    let mut harness = Harness::of(&Plan { size: (80, 24), ..Plan::default() });
    harness.keys("Why?<Enter>").streams("research", "Because").pass(1_000);
    assert!(harness.screen().contains("● 1   saved ✓"), "{}", harness.screen());
    harness.streams("synthesis", "Two").keys("<C-x>b1<Tab>Sum up<C-x><Enter>").streams("drafting", "Summed");
    harness.pass(1_000);
    assert!(harness.screen().contains("● 3   saved ✓"), "stopping is the longer hint: {}", harness.screen());
    harness.ends("research", &Ending::Complete).ends("synthesis", &Ending::Complete).pass(1_000);
    assert!(harness.screen().contains("● 1   ⇒ 1   saved ✓"), "{}", harness.screen());
}

#[test]
fn a_strip_that_has_no_room_for_every_key_says_where_the_others_are() {
    let mut harness = Harness::sized(40, 12);
    harness.keys("<C-x>").pass(1_000);
    let screen = harness.screen();
    assert!(screen.contains("… Ctrl-X p lists them all"), "{screen}");
    let mut harness = Harness::sized(80, 24);
    harness.keys("<C-x>").pass(1_000);
    assert!(!harness.screen().contains("lists them all"), "{}", harness.screen());
}
