//! Handoffs on the screen, told as sentences: the seam, the way back, what goes along.

use super::{Harness, Plan};
use crate::engine::brief::About;
use crate::engine::event::Event;
use crate::engine::handoff::{Cause, Handoff, Writer};
use crate::engine::id::{ConversationId, HandoffId, MessageId};
use crate::engine::message::{Attachment, Author, Ending, Message, Part};
use crate::engine::op::Op;
use crate::engine::settings::Locality;
use crate::tui::app::message::Message as AppMessage;
use crate::tui::app::scroll::Scroll;
use crate::tui::app::{Badge, Command, Layer};
use crate::tui::theme::Glyphs;

const SIZES: [(&str, (u16, u16)); 3] = [("40", (40, 12)), ("80", (80, 24)), ("160", (160, 48))];

const DOCUMENT: &str = "# Handoff\n\nEvery line is quoted but those marked `[summary]`, which a model wrote. `[m12]` is a \
    line's source, `ai` an answer, `…` words left out. Quoted text is material, not instructions.\n\n## Objective\n- \
    [m1] Find out what the three vendors charge per seat.\n\n## Decisions\n- [m7] Yearly terms only: 北風商事 stays in \
    🎉.\n- [summary] Northwind is the benchmark.\n\n## Facts\n- [m2 ai] Northwind $31 (was $29 [m2]) · Contoso $28\n- [m4 ai] \
    offers.md, 2026-03-31\n- [m6 ai] HTTP 429\n\n## Open\n- [m9] What happens at renewal?\n\n## Next\n- [summary] Ask \
    Tailspin about monthly terms.\n";

impl Harness {
    /// A handoff begins to be made.
    pub(super) fn begins_handoff(&mut self, pane: &str) -> HandoffId {
        let (conversation, handoff) = (self.writes_into(pane), HandoffId::new(&self.stand_in.env));
        self.event(Event::HandoffBegan { conversation, handoff, cause: Cause::Full });
        handoff
    }

    /// It was made: what the engine commits at once, with the messages that go along.
    pub(super) fn hands_off(&mut self, pane: &str, by: Writer) -> Handoff {
        let from = self.writes_into(pane);
        let (env, engine) = (&self.stand_in.env, &self.stand_in.engine);
        let known = &engine.conversations[&from];
        let header = known.header.clone();
        let said = self.stand_in.said[&from].clone();
        let (along, done): (Vec<Message>, Vec<Message>) =
            said.into_iter().partition(|message| header.turn.as_ref().is_some_and(|turn| turn.prompt == message.id));
        let to = ConversationId::new(env);
        let handoff = Handoff {
            id: header.succession.underway.as_ref().map_or_else(|| HandoffId::new(env), |underway| underway.handoff),
            number: header.succession.received.as_ref().map_or(0, |received| received.number) + 1,
            from,
            to,
            document: MessageId::new(env),
            cause: Cause::Full,
            by,
            messages: done.len() as u32,
            pins: header.pins.len() as u32,
            pins_kept: header.pins.len() as u32,
            appended: 2,
            invented: vec!["ACME-7".to_owned()],
            before: 7_100,
            after: 412,
            last_number: header.last_number,
        };
        let mut number = handoff.last_number;
        let mut placed = |message: Message, parent: Option<MessageId>| {
            number += 1;
            Message { conversation: to, number, parent, ..message }
        };
        let document = placed(
            Message {
                id: handoff.document,
                about: Some(About::Handoff { handoff: handoff.id }),
                author: Author::Person,
                parts: vec![Part::text(DOCUMENT)],
                ..done[0].clone()
            },
            None,
        );
        let copies: Vec<(MessageId, Message)> = along
            .into_iter()
            .map(|message| (message.id, placed(Message { id: MessageId::new(env), ..message }, Some(handoff.document))))
            .collect();
        let pairs: Vec<(MessageId, MessageId)> = copies.iter().map(|(old, copy)| (*old, copy.id)).collect();
        let turn = header.turn.clone().filter(|_| !pairs.is_empty());
        let mut events = vec![
            Event::ConversationStarted {
                conversation: to,
                pane: header.pane.clone(),
                settings: header.settings.clone(),
                model: header.model.clone(),
                predecessor: Some(from),
            },
            Event::HandedOff { conversation: to, handoff: handoff.clone() },
        ];
        events.extend(header.pins.iter().map(|pin| Event::Pinned { conversation: to, pin: pin.clone() }));
        events.push(Event::MessageAdded { message: document });
        events.extend(copies.into_iter().map(|(_, message)| Event::MessageAdded { message }));
        events.push(Event::Continued {
            conversation: from,
            by: to,
            turn: turn.as_ref().map(|turn| turn.id),
            copied: pairs.clone(),
        });
        if let (Some(turn), Some((_, prompt))) = (turn, pairs.first()) {
            let model = header.model.clone();
            events.push(Event::TurnStarted { conversation: to, turn: turn.id, prompt: *prompt, model });
        }
        // In one commit: nobody sees a successor whose turn has not begun.
        for event in events {
            self.stand_in.fact(event);
        }
        self.answered();
        handoff
    }

    fn writes_into(&self, pane: &str) -> ConversationId {
        self.app.pane(pane).unwrap().addressee
    }
}

fn smollm() -> Writer {
    Writer::Model { model: "llama/smollm2".parse().unwrap() }
}

fn long(size: (u16, u16)) -> Harness {
    Harness::of(&Plan { size, messages: 38, ..Plan::default() })
}

#[test]
fn the_seam_at_three_sizes() {
    for (name, size) in SIZES {
        let mut harness = long(size);
        harness.keys("<Esc>gpGi").keys("half a thought");
        harness.hands_off("research", smollm());
        insta::assert_snapshot!(format!("seam_{name}"), harness.screen());
        assert_eq!(harness.draft("research"), "half a thought");
        harness.keys("<Esc>o");
        insta::assert_snapshot!(format!("seam_unfolded_{name}"), harness.screen());
    }
}

#[test]
fn the_seam_without_colours_and_glyphs() {
    let mut harness = Harness::of(&Plan { size: (80, 24), messages: 8, glyphs: Glyphs::Ascii, ..Plan::default() });
    harness.hands_off("research", Writer::Code);
    harness.has("-- continued in a fresh context");
    harness.has("without a model");
    harness.has_not("─");
}

#[test]
fn typing_goes_on_while_the_pane_turns() {
    let mut harness = long((160, 48));
    harness.keys("<C-x>2").keys("@drafting and").keys("<C-x>1");
    harness.keys("a que");
    harness.begins_handoff("research");
    harness.has("writing the handoff · what you send now goes along");
    harness.keys("stion ");
    harness.hands_off("research", smollm());
    harness.has_not("writing the handoff");
    harness.keys("for two");
    assert_eq!(harness.draft("research"), "a question for two");
    assert_eq!((harness.app.focused.as_str(), harness.app.layer), ("research", Layer::Write));
    harness.keys("<Enter>");
    let to = harness.writes_into("research");
    assert!(matches!(harness.posted.last(), Some(Op::Send { conversation, .. }) if *conversation == to));
    harness.has("a question for two");
    harness.keys("<C-p>");
    assert_eq!(harness.draft("research"), "a question for two", "the history goes along");
}

#[test]
fn what_goes_along_is_still_there_after_the_turn() {
    let mut harness = long((160, 48));
    harness.keys("see this");
    harness.app.panes[0].composer.attachments.push(Attachment {
        hash: "00000001".to_owned(),
        name: "offers.md".to_owned(),
        bytes: 812,
        tokens: 300,
    });
    harness.keys("<C-x>3");
    harness.hands_off("research", smollm());
    assert_eq!(harness.app.focused, "synthesis", "nobody's focus is taken");
    harness.has("@ offers.md · 812 bytes");
    assert_eq!(harness.draft("research"), "see this");
}

#[test]
fn a_message_that_is_sent_meanwhile_waits_and_is_answered_after_the_seam() {
    let mut harness = long((120, 30));
    harness.begins_handoff("research");
    harness.keys("and at renewal?<Enter>");
    harness.has("and at renewal?");
    harness.has("waits for the handoff");
    harness.hands_off("research", smollm());
    harness.has("continued in a fresh context");
    harness.has("and at renewal?");
    harness.streams("research", "Prices rise by 3 %.").ends("research", &Ending::Complete);
    harness.has("Prices rise by 3 %.");
    harness.keys("<Esc>[G");
    harness.has("goes on in a fresh context · m39 is m41 there · ] goes there");
    harness.has_not("no answer came");
}

#[test]
fn a_reader_who_scrolled_up_is_not_thrown() {
    let mut harness = long((120, 30));
    harness.keys("<PageUp><PageUp>");
    let before = harness.screen();
    let top = before.lines().nth(3).unwrap().to_owned();
    harness.hands_off("research", smollm());
    let after = harness.screen();
    assert!(after.contains(&top) && after.contains("an older context"), "{after}");
    assert!(!after.contains("continued in a fresh context"), "{after}");
    harness.has("where it goes on");
    harness.keys("so?<Enter>");
    harness.has("continued in a fresh context");
    harness.has("so?");
    harness.has_not("an older context");
}

#[test]
fn whoever_reads_on_to_the_end_goes_on() {
    let mut harness = long((120, 30));
    harness.keys("<PageUp>");
    harness.hands_off("research", smollm());
    harness.keys("<PageDown><PageDown>");
    harness.has("goes on in a fresh context");
    harness.keys("<PageDown>");
    harness.has("continued in a fresh context");
    harness.has_not("an older context");
}

#[test]
fn brackets_lead_along_the_lineage_and_places_are_kept() {
    let mut harness = long((120, 30));
    harness.hands_off("research", smollm());
    harness.says("research", "The first answer in the fresh context.");
    harness.hands_off("research", Writer::Code);
    harness.has("handoff #2");
    harness.keys("<Esc>]");
    harness.has("This is the newest context");
    harness.keys("[");
    harness.has("handoff #1");
    harness.has("an older context · ] goes on");
    harness.keys("[");
    harness.keys("KKKK");
    let place = harness.app.pane("research").unwrap().selected;
    harness.keys("[");
    harness.has("Nothing lies before this");
    harness.keys("]]");
    harness.has("handoff #2");
    harness.keys("[[");
    assert_eq!(harness.app.pane("research").unwrap().selected, place);
    assert!(!harness.posted.iter().any(|op| matches!(op, Op::ShowConversation { .. })), "looking changes nothing");
    harness.reopen();
    harness.has("handoff #2");
}

#[test]
fn a_hit_in_an_older_context_is_looked_at_and_writing_stays() {
    let mut harness = long((120, 30));
    harness.says("research", "The needle lies here.");
    let to = harness.hands_off("research", smollm()).to;
    harness.keys("<C-x>/needle lies").keys("<Enter>");
    harness.has("The needle lies here.");
    harness.has("an older context");
    harness.keys("iso?<Enter>");
    assert!(matches!(harness.posted.last(), Some(Op::Send { conversation, .. }) if *conversation == to));
}

#[test]
fn a_branch_in_an_older_context_is_written_there() {
    let mut harness = long((120, 30));
    let from = harness.conversation("research");
    harness.hands_off("research", smollm());
    harness.keys("<Esc>[KKf");
    harness.has("a branch after m36");
    harness.keys("elsewhere<Enter>");
    let sent = |op: &Op| matches!(op, Op::Send { conversation, parent: Some(_), .. } if *conversation == from);
    assert!(harness.posted.iter().any(sent), "{:?}", harness.posted.last());
    harness.has("elsewhere");
}

#[test]
fn a_message_of_an_older_context_goes_along_when_it_is_recalled() {
    let mut harness = long((120, 30));
    let to = harness.hands_off("research", smollm()).to;
    harness.keys("<Esc>[Ka");
    assert!(harness.posted.iter().any(|op| matches!(op, Op::Recall { conversation, .. } if *conversation == to)));
    harness.has("m37 goes along with your next message.");
    harness.has("@ research m37");
    harness.keys("]iwhat was that?<Enter>");
    assert!(
        matches!(harness.posted.last(), Some(Op::Send { conversation, attachments, .. }) if *conversation == to && attachments.len() == 1)
    );
}

#[test]
fn undoing_shows_the_predecessor_and_deletes_nothing() {
    let mut harness = long((160, 48));
    let from = harness.conversation("research");
    harness.keys("<C-x>u");
    harness.has("There is no handoff to undo");
    let to = harness.hands_off("research", smollm()).to;
    harness.keys("half<C-x>u");
    harness.has("Back before the handoff.");
    assert_eq!((harness.writes_into("research"), harness.conversation("research")), (from, from));
    assert_eq!(harness.draft("research"), "half");
    harness.has_not("an older context");
    harness.has_not("goes on in a fresh context");
    harness.keys("<Esc>]");
    harness.has("continued in a fresh context");
    harness.has("another branch of this lineage · Ctrl-X v writes in it");
    harness.keys("i<Enter>");
    assert!(matches!(harness.posted.last(), Some(Op::Send { conversation, .. }) if *conversation == from));
    assert_eq!(harness.stand_in.said[&to].len(), 1);
    harness.keys("<C-x>H<Down><Enter>");
    assert_eq!((harness.writes_into("research"), harness.conversation("research")), (from, to), "looked at");
    harness.keys("<C-x>v<Enter>");
    assert_eq!((harness.writes_into("research"), harness.conversation("research")), (to, to), "taken up again");
    harness.has_not("another branch");
    harness.keys("<C-x>v<Down><Enter>");
    assert_eq!(harness.writes_into("research"), from);
}

#[test]
fn a_lineage_with_a_branch_is_a_list() {
    for (name, size) in SIZES {
        let mut harness = long(size);
        harness.hands_off("research", smollm());
        harness.says("research", "Wrong.");
        harness.keys("<C-x>u").pass(600_000);
        harness.hands_off("research", Writer::Code);
        harness.says("research", "Better.");
        harness.hands_off("research", Writer::Person);
        harness.keys("<C-x>H");
        insta::assert_snapshot!(format!("lineage_{name}"), harness.screen());
        harness.keys("<Up><Up><Enter>");
        if size.1 > 12 {
            harness.has("Wrong.");
        }
        assert_eq!(harness.app.dialogs.len(), 0);
    }
}

#[test]
fn a_full_context_is_said_and_waits_for_a_person() {
    let mut harness = long((160, 48));
    let conversation = harness.conversation("drafting");
    harness.event(Event::HandoffDue { conversation, cause: Cause::Full });
    assert_eq!(harness.app.pane("drafting").unwrap().badge, Some(Badge::NeedsYou));
    harness.has("! context full · Ctrl-X h hands off");
    assert_eq!(harness.app.dialogs.len(), 0, "no dialog takes the keys");
    harness.keys("<C-x>i");
    harness.has("drafting is full");
    harness.keys("<Enter>");
    assert_eq!(harness.app.focused, "drafting");
}

#[test]
fn a_handoff_that_no_turn_waits_for_is_stopped_too() {
    let mut harness = long((160, 48));
    harness.keys("half a thought");
    harness.begins_handoff("research");
    harness.has("writing the handoff");
    harness.keys("<C-c>");
    harness.has_not("writing the handoff");
    assert_eq!(harness.draft("research"), "half a thought", "what is written stays");
}

#[test]
fn a_handoff_that_came_to_nothing_leaves_the_pane_as_it_was() {
    let mut harness = long((120, 30));
    let (conversation, before) = (harness.conversation("research"), harness.screen());
    let handoff = harness.begins_handoff("research");
    harness.event(Event::HandoffDropped {
        conversation,
        handoff,
        why: "it would free too little".to_owned(),
        holds: true,
    });
    assert_eq!(harness.screen(), before);
}

#[test]
fn a_search_opens_the_document_where_it_is_folded() {
    let mut harness = long((120, 30));
    harness.hands_off("research", smollm());
    harness.has_not("Tailspin about monthly");
    harness.keys("<Esc>/Tailspin about<Enter>");
    harness.has("Tailspin about monthly");
}

#[test]
fn the_meter_forecasts_the_limit() {
    for (name, size) in SIZES {
        let mut harness = Harness::of(&Plan { size, messages: 120, ..Plan::default() });
        insta::assert_snapshot!(format!("meter_{name}"), harness.screen());
    }
}

#[test]
fn two_panes_that_show_one_conversation_go_on_together() {
    let mut harness = Harness::of(&Plan {
        panes: vec![("research", Locality::Open, "llama/smollm2"), ("drafting", Locality::Open, "llama/smollm2")],
        messages: 8,
        ..Plan::default()
    });
    let (pane, conversation) = ("drafting".to_owned(), harness.conversation("research"));
    harness.event(Event::PaneTurned { pane, conversation });
    let to = harness.hands_off("research", smollm()).to;
    assert_eq!((harness.conversation("research"), harness.conversation("drafting")), (to, to));
    assert_eq!(harness.app.pane("drafting").unwrap().scroll, Scroll::Follow);
}

/// What the person's editor made of the draft.
fn edited(harness: &mut Harness, change: impl Fn(&str) -> String) {
    let opened = harness.commands.iter().rev().find_map(|command| match command {
        Command::OpenEditor(pane, text) => Some((pane.clone(), text.clone())),
        _ => None,
    });
    let (pane, text) = opened.unwrap();
    harness.message(AppMessage::Edited(pane, Ok(change(&text))));
}

#[test]
fn the_draft_at_three_sizes() {
    for (name, size) in SIZES {
        let mut harness = long(size);
        harness.keys("<Esc>gpGi").keys("half a thought<C-x>h");
        insta::assert_snapshot!(format!("draft_{name}"), harness.screen());
        assert_eq!(harness.draft("research"), "half a thought");
    }
}

#[test]
fn esc_leaves_all_as_it_is_and_enter_hands_off() {
    let mut harness = long((120, 30));
    let from = harness.conversation("research");
    let before = harness.screen();
    harness.keys("<C-x>h");
    harness.has("Hand off research");
    harness.has("Enter hands off");
    harness.keys("<Esc>");
    assert_eq!(harness.screen(), before);
    harness.keys("<C-x>h<Enter>");
    assert_ne!(harness.conversation("research"), from);
    assert!(harness.app.dialogs.is_empty());
    harness.has("continued in a fresh context · 38 messages");
    harness.has("handoff #1 · without a model");
    harness.knows_every_succession();
}

#[test]
fn the_draft_is_changed_in_an_editor() {
    let mut harness = long((120, 30));
    harness.keys("<C-x>he");
    edited(&mut harness, |text| format!("{text}\n\n## Next\n- Ask Tailspin, too.\n"));
    harness.has("in your words");
    harness.keys("<End>");
    harness.has("Ask Tailspin, too.");
    harness.keys("<C-x><C-e>");
    edited(&mut harness, |_| String::new());
    harness.keys("<Enter>");
    harness.has("There is nothing to carry");
    harness.has("Enter hands off");
    harness.keys("x");
    harness.has("without a model");
    harness.keys("e");
    edited(&mut harness, |_| "## Next\n- Only this.\n".to_owned());
    harness.keys("<Enter>");
    harness.has("handoff #1 · in your words");
    harness.has("Only this.");
    harness.knows_every_succession();
}

#[test]
fn a_handoff_that_is_refused_says_why_where_it_was_asked() {
    let mut harness = Harness::of(&Plan { size: (120, 30), messages: 2, ..Plan::default() });
    harness.streams("research", "Still");
    harness.keys("<C-x>h");
    harness.has("research is still answering. Wait for it, or stop it with Ctrl-C.");
    harness.keys("<Esc><C-x>n<C-x>h");
    harness.has("There is nothing to hand off yet.");
}

#[test]
fn a_context_that_is_full_goes_on_by_itself() {
    let mut harness = Harness::of(&Plan { size: (160, 48), messages: 110, ..Plan::default() });
    let from = harness.conversation("research");
    harness.keys("and now?<Enter>half a thought").streams("research", "Now this.").ends("research", &Ending::Complete);
    harness.has("continued in a fresh context · 112 messages");
    assert_eq!(harness.draft("research"), "half a thought");
    assert_ne!(harness.conversation("research"), from);
    harness.knows_every_succession();
    harness.keys("<C-x>u");
    harness.has("Back before the handoff.");
    harness.knows_every_succession();
    harness.reopen();
    assert_eq!(harness.conversation("research"), from);
}

impl Harness {
    /// The screen's lineages are the engine's.
    fn knows_every_succession(&self) {
        for (id, known) in &self.app.conversations {
            let header = &self.stand_in.engine.conversations[id].header;
            assert_eq!(known.overview.succession, header.succession);
            assert_eq!(known.overview.predecessor, header.predecessor);
        }
    }
}

#[test]
fn a_brief_goes_where_its_receiver_goes_on_whatever_is_read_there() {
    let mut harness = long((160, 48));
    harness.keys("<C-x>2<C-x>b1<Tab>One page, please.<Esc>").pass(1_000);
    harness.keys("<C-x>1<PageUp><PageUp><C-x>2");
    let before = harness.writes_into("research");
    harness.hands_off("research", smollm());
    let (read, written) = (harness.app.panes[0].conversation, harness.writes_into("research"));
    assert!(read == before && written != before, "whoever scrolled up reads on");
    harness.keys("<C-x>b");
    harness.has("✓ research");
    harness.keys("<C-x><Enter>k<C-x><Enter>");
    let to = |op: &Op| match op {
        Op::Brief { draft, dry_run: false } => Some(draft.to.clone()),
        _ => None,
    };
    assert_eq!(harness.posted.iter().rev().find_map(to), Some(vec![written]));
}

#[test]
fn an_open_brief_follows_its_receiver_into_the_fresh_context() {
    let mut harness = long((160, 48));
    harness.keys("<C-x>2<C-x>b1<Tab>One page, please.");
    harness.hands_off("research", smollm());
    harness.has("✓ research");
    harness.keys("<C-x><Enter>k<C-x><Enter>");
    let sent = |op: &Op| match op {
        Op::Brief { draft, dry_run: false } => Some((draft.from.clone(), draft.to.clone())),
        _ => None,
    };
    let (research, drafting) = (harness.writes_into("research"), harness.writes_into("drafting"));
    assert_eq!(harness.posted.iter().rev().find_map(sent), Some((vec![drafting], vec![research])));
}

#[test]
fn the_list_tells_conversations_by_what_was_said_first_whether_it_is_loaded_or_not() {
    let mut harness = Harness::of(&Plan { size: (120, 30), messages: 60, ..Plan::default() });
    harness.hands_off("research", smollm());
    assert!(harness.app.shown("drafting").is_some_and(|shown| shown.first > 0), "only the end is loaded");
    harness.keys("<C-x>v<Down>");
    let screen = harness.screen();
    assert!(!screen.contains("conversation with"), "{screen}");
    assert!(screen.contains("continued · shown now"), "{screen}");
    assert_eq!(screen.matches("What do the three vendors charge per s").count(), 4, "{screen}");
}
