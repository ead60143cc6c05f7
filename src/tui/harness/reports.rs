//! What comes back from briefs, told as sentences: reports, what needs somebody, traces, real names.

use super::{Harness, Plan};
use crate::engine::brief::{Brief, Draft, Fields, Quote, Return, State};
use crate::engine::failure::{Failure, FailureKind};
use crate::engine::id::BriefId;
use crate::engine::message::{Author, Ending, Interruption, Part};
use crate::engine::op::{Op, Reply};
use crate::engine::redaction::{Dictionary, Judgement, Name};
use crate::engine::settings::Locality;
use crate::tui::app::message::Message as AppMessage;
use crate::tui::app::scroll::Scroll;
use crate::tui::app::{Badge, Command, Layer, Telling};
use crate::tui::dialog::Dialog;
use crate::tui::theme::Glyphs;

const SIZES: [(&str, (u16, u16)); 3] = [("40", (40, 12)), ("80", (80, 24)), ("160", (160, 48))];

/// A guarded pane that knows a client, and two that must not.
fn plan(size: (u16, u16)) -> Plan {
    let names = vec![Name::new("Halvorsen AS", "client")];
    Plan {
        size,
        panes: vec![
            ("research", Locality::Guarded, "llama/smollm2"),
            ("drafting", Locality::Open, "llama/smollm2"),
            ("synthesis", Locality::Open, "offline"),
        ],
        dictionary: Dictionary {
            names,
            keep: vec!["Contoso".to_owned(), "Northwind".to_owned()],
            ..Dictionary::default()
        },
        ..Plan::default()
    }
}

fn client(size: (u16, u16)) -> Harness {
    let mut harness = Harness::of(&plan(size));
    harness.says("research", "Halvorsen AS wants yearly terms 🎉; 北風商事 charges $28 a seat.");
    harness
}

impl Harness {
    /// A model's words, without a turn.
    pub(super) fn says(&mut self, pane: &str, text: &str) {
        let id = self.conversation(pane);
        let parent = self.stand_in.said[&id].last().map(|message| message.id);
        let message = self.stand_in.say(id, Author::Model, vec![Part::text(text)], parent);
        self.event(crate::engine::event::Event::MessageAdded { message });
    }

    /// What a command in a shell asks while the screen is open.
    fn elsewhere(&mut self, op: Op) -> Reply {
        let (updates, reply) = self.stand_in.op(op);
        self.mailbox.extend(updates.into_iter().map(AppMessage::Update));
        self.answered();
        self.knows_every_brief();
        reply
    }

    /// A brief from a shell that quotes the last message of its first sender.
    fn briefed(&mut self, from: &str, to: &[&str], returns: Return) -> Vec<BriefId> {
        let draft = self.drafted(from, to, returns);
        self.sent(draft)
    }

    fn drafted(&self, from: &str, to: &[&str], returns: Return) -> Draft {
        let conversation = self.conversation(from);
        let quote = |message| Quote { conversation, message, passage: None };
        let last = self.stand_in.said[&conversation].last().map(|message| quote(message.id));
        Draft {
            from: vec![conversation],
            to: to.iter().map(|pane| self.conversation(pane)).collect(),
            fields: Fields { objective: "Turn the prices into a memo".to_owned(), ..Fields::default() },
            context: last.into_iter().collect(),
            returns,
            supersedes: None,
            unseal: Vec::new(),
            seed: None,
            proposed_from: Locality::default(),
        }
    }

    fn sent(&mut self, draft: Draft) -> Vec<BriefId> {
        match self.elsewhere(Op::Brief { draft: Box::new(draft), dry_run: false }) {
            Reply::Briefs { sent, .. } if !sent.is_empty() => sent,
            other => panic!("not sent: {other:?}"),
        }
    }

    fn answers(&mut self, pane: &str, text: &str) {
        self.streams(pane, text).ends(pane, &Ending::Complete);
        self.knows_every_brief();
    }

    /// The screen's briefs are the engine's, and it never asked.
    fn knows_every_brief(&self) {
        let known: Vec<&Brief> = self.app.briefs.all().collect();
        let are: Vec<&Brief> = self.stand_in.engine.workspace.briefs.values().collect();
        assert_eq!(known, are);
        assert_eq!(self.app.judged, self.stand_in.engine.workspace.judged);
        assert!(!self.posted.iter().any(|op| matches!(op, Op::Overview)), "it asked");
    }

    pub(super) fn has(&mut self, text: &str) {
        let screen = self.screen();
        assert!(screen.contains(text), "{text:?} is not in:\n{screen}");
    }

    pub(super) fn has_not(&mut self, text: &str) {
        let screen = self.screen();
        assert!(!screen.contains(text), "{text:?} is in:\n{screen}");
    }
}

#[test]
fn a_brief_and_its_report_are_named_where_they_stand() {
    let mut harness = client((160, 48));
    harness.briefed("research", &["drafting"], Return::Auto);
    harness.has("⇐ brief #1 research · report due · 10:40");
    harness.has("⇒ brief #1 → drafting · at work");
    harness.has("⇒ 1 brief out   ");
    harness.answers("drafting", "Dear [CLIENT_1], $28 a seat.");
    harness.has("⇐ report #1 from drafting · 10:40");
    harness.has("⇒ report #1 → research ✓");
    harness.has("⇐ brief #1 research · report returned");
    harness.has("Dear Halvorsen AS, $28 a seat.");
    harness.has_not("brief out");
    harness.has_not("at work");
    assert!(harness.app.shown("research").unwrap().live.is_none(), "a report starts no turn");
    harness.reopen_as(&plan((160, 48)));
    harness.knows_every_brief();
    harness.has("⇐ report #1 from drafting");
}

#[test]
fn a_report_at_three_sizes() {
    for (name, size) in SIZES {
        let mut harness = client(size);
        harness.briefed("research", &["drafting", "synthesis"], Return::Auto);
        harness.answers("drafting", "Dear [CLIENT_1], $28 a seat.");
        insta::assert_snapshot!(format!("report_{name}"), harness.screen());
    }
}

#[test]
fn of_several_receivers_it_is_told_how_many_have_reported() {
    let mut harness = client((240, 48));
    harness.keys("<C-x>|");
    let third = harness.app.focused.clone();
    harness.briefed("research", &["drafting", "synthesis", &third], Return::Auto);
    harness.has("⇒ briefs #1–#3 · 0 of 3 repor");
    harness.has("⇒ 3 briefs out");
    harness.answers("drafting", "one");
    harness.answers("synthesis", "two");
    harness.keys("<C-x>1");
    harness.has("⇒ briefs #1–#3 · 2 of 3 reports in");
    harness.has("⇐ report #2 from synthesis · 10:40");
    harness.answers(&third, "three");
    harness.has("  3 of 3 reports in");
    harness.has_not("⇒ briefs");
}

#[test]
fn a_report_on_an_older_version_is_stale_and_says_so() {
    let mut harness = client((160, 48));
    let first = harness.briefed("research", &["drafting"], Return::Auto)[0];
    harness.answers("drafting", "the old sum");
    let draft = harness.drafted("research", &["drafting"], Return::Auto);
    harness.sent(Draft { supersedes: Some(first), ..draft });
    harness.has("⇐ report #1 from drafting · stale · 10:40");
    harness.has("⇒ report #1 · stale: v2 was sent");
    harness.has("⇒ brief #1 v2 → drafting · at work");
    harness.answers("drafting", "the new sum");
    harness.has("⇐ report #1 v2 from drafting · 10:40");
}

#[test]
fn a_report_leaves_the_reader_and_the_writer_where_they_are() {
    let mut harness = Harness::of(&Plan { messages: 30, ..plan((160, 48)) });
    harness.briefed("research", &["drafting"], Return::Auto);
    harness.briefed("synthesis", &["drafting"], Return::Auto);
    harness.keys("half a tho<Esc>KKKK");
    let stood = harness.app.pane("research").unwrap().scroll;
    assert!(matches!(stood, Scroll::At { .. }));
    harness.keys("i");
    harness.answers("drafting", "the sum");
    assert_eq!(harness.app.pane("research").unwrap().scroll, stood, "who reads further up stays there");
    harness.has("⇐ report #1 from drafting is in.");
    harness.has("new lines");
    harness.keys("ught");
    assert_eq!((harness.draft("research").as_str(), harness.app.layer), ("half a thought", Layer::Write));
    assert!(harness.app.dialogs.is_empty());
    assert_eq!(harness.app.pane("synthesis").unwrap().badge, None, "its own report is still to come");
    harness.answers("drafting", "the other sum");
    assert_eq!(harness.app.pane("synthesis").unwrap().badge, Some(Badge::Reported(1)));
    harness.has("⇐ 1 report");
    assert!(harness.app.shown("synthesis").unwrap().live.is_none(), "and nothing is bought");
    harness.keys("<C-x>3");
    harness.has_not("⇐ 1 report");
}

#[test]
fn what_needs_somebody_is_a_list_that_does_it() {
    let mut harness = client((160, 48));
    harness.keys("<C-x>i");
    harness.has("Nothing waits for you.");
    harness.keys("<Esc>");
    let ask = harness.briefed("research", &["drafting"], Return::Ask)[0];
    let waits = harness.briefed("synthesis", &["drafting"], Return::Auto)[0];
    harness.has("⇐ brief #2 synthesis waits · Ctrl-X i");
    harness.keys("<C-x>i");
    harness.has("brief #2 from synthesis to drafting  drafting is still answering, and takes it then");
    harness.keys("<Enter>");
    harness.has("drafting is still answering");
    harness.keys("d");
    assert_eq!(harness.app.briefs.get(waits).unwrap().state, State::Declined);
    assert!(harness.app.dialogs.is_empty(), "its last row is taken");
    harness.has("Nothing waits for you any more.");
    harness.answers("drafting", "the sum");
    harness.keys("<C-x>i");
    harness.has("report #1 from drafting  for research, when you take it");
    harness.has("Enter takes it · g go there · c take back · t trace · Esc");
    harness.keys("<Enter>");
    assert!(matches!(harness.app.briefs.get(ask).unwrap().state, State::Returned { .. }));
    harness.has("⇐ report #1 from drafting");
    assert!(matches!(harness.app.dialogs.last(), Some(Dialog::Needs(needs)) if needs.entries.len() == 1));
    harness.has("drafting  an answer to read");
    harness.keys("<Enter>");
    assert_eq!((harness.app.focused.as_str(), harness.app.dialogs.len()), ("drafting", 0));
    harness.knows_every_brief();
}

#[test]
fn a_key_for_the_list_that_has_just_closed_sends_no_draft() {
    let mut harness = client((160, 48));
    harness.keys("half a thought");
    harness.briefed("research", &["drafting"], Return::Ask);
    harness.answers("drafting", "the sum");
    harness.keys("<C-x>2<C-x>1<C-x>i<Enter>");
    assert!(harness.app.dialogs.is_empty(), "{}", harness.screen());
    harness.has("report #1 from drafting is in. Nothing else waits for you.");
    harness.keys("<Enter>");
    assert_eq!(harness.draft("research"), "half a thought", "pressed twice");
    harness.keys("<Enter>");
    assert_eq!(harness.draft("research"), "", "pressed again, knowingly");
}

#[test]
fn a_brief_that_was_begun_waits_in_the_list() {
    let mut harness = client((160, 48));
    harness.keys("<C-x>b1<Tab>Half a thought").keys("<Esc>");
    assert!(harness.app.dialogs.is_empty(), "kept as a draft");
    harness.keys("<C-x>3<C-x>i");
    harness.has("unsent brief to drafting  research · Half a thought");
    harness.keys("<Enter>");
    assert_eq!(harness.app.focused, "research");
    assert!(matches!(harness.app.dialogs.last(), Some(Dialog::Brief(_))), "it goes on where it was left");
    harness.has("Half a thought");
}

#[test]
fn what_holds_a_report_is_told_and_judged_in_the_list() {
    let mut harness = Harness::of(&Plan {
        panes: vec![("research", Locality::Open, "llama/smollm2"), ("drafting", Locality::Guarded, "llama/smollm2")],
        ..plan((160, 48))
    });
    let sent = harness.briefed("research", &["drafting"], Return::Auto)[0];
    harness.answers("drafting", "Ask Brightwater.");
    assert_eq!(harness.app.pane("research").unwrap().badge, None, "who looks at it sees its line");
    harness.has("⇐ report #1 from drafting is held · Ctrl-X i");
    harness.has("⇒ report #1 → research is held · Ctrl-X i says why");
    harness.keys("<C-x>i");
    harness.has("`Brightwater` in the report is not judged: mask it or keep it");
    harness.has("m mask · k keep · Enter tries again");
    harness.keys("<Enter>");
    harness.has("The report on brief 1 waits");
    harness.keys("m");
    assert!(matches!(harness.app.briefs.get(sent).unwrap().state, State::Returned { .. }));
    harness.has("Ask [NAME_1].");
    harness.knows_every_brief();
}

#[test]
fn what_holds_a_report_is_judged_at_once_where_it_is_much() {
    let mut harness = Harness::of(&Plan {
        panes: vec![("research", Locality::Open, "llama/smollm2"), ("drafting", Locality::Guarded, "llama/smollm2")],
        ..plan((160, 48))
    });
    harness.briefed("research", &["drafting"], Return::Auto);
    harness.answers("drafting", "Ask Brightwater, Ostrander or Quillfeather.");
    harness.keys("<C-x>i");
    harness.has("m mask · k keep · M K all of them · Enter tries again");
    harness.keys("kM<Esc>");
    harness.has("Ask Brightwater, [NAME_1] or [NAME_2].");
}

#[test]
fn a_brief_that_broke_off_needs_somebody_until_it_is_tried_again() {
    let mut harness = client((160, 48));
    harness.briefed("research", &["drafting"], Return::Auto);
    harness.streams("drafting", "").ends("drafting", &Ending::Interrupted { by: Interruption::Crash });
    harness.has("⇒ brief #1 → drafting broke off · Ctrl-X i");
    harness.has("⇐ brief #1 research · broke off");
    harness.keys("<C-x>i");
    harness.has("✗ brief #1 to drafting  the answer was stopped; ask again in drafting");
    harness.keys("<Enter><C-x>c");
    harness.has("⇒ brief #1 → drafting · at work");
    harness.has("⇐ brief #1 research · report due");
    harness.answers("drafting", "the sum");
    harness.has("⇒ report #1 → research ✓");
}

#[test]
fn what_needs_somebody_at_three_sizes() {
    for (name, size) in SIZES {
        let mut harness = client(size);
        harness.briefed("research", &["drafting"], Return::Ask);
        harness.answers("drafting", "the sum");
        harness.briefed("research", &["drafting"], Return::Auto);
        harness.briefed("synthesis", &["drafting"], Return::Auto);
        harness.streams("synthesis", "").ends("synthesis", &failed());
        harness.keys("<C-x>i");
        insta::assert_snapshot!(format!("needs_{name}"), harness.screen());
    }
}

#[test]
fn a_trace_leads_across_panes_and_each_line_to_its_message() {
    let mut harness = client((160, 48));
    harness.briefed("research", &["drafting"], Return::Auto);
    harness.answers("drafting", "Dear [CLIENT_1], fine.");
    harness.keys("<Esc>t");
    assert!(matches!(harness.app.dialogs.last(), Some(Dialog::Trace(trace)) if trace.at == 6), "its own line first");
    harness.has("Trace · real names, on this screen only");
    harness.has("replaced  [CLIENT_1] = Halvorsen AS");
    harness.has("by itself: it was idle");
    harness.keys("G<Enter>");
    assert!(harness.app.dialogs.is_empty());
    assert_eq!((harness.app.focused.as_str(), harness.app.layer), ("research", Layer::Read));
    harness.keys("tgjjj<Enter>");
    harness.has("This line stands for no message.");
    harness.keys("j<Enter>");
    let pane = harness.app.focused_pane().unwrap();
    assert_eq!((pane.name.as_str(), pane.selected), ("drafting", 2), "the brief, in its receiver");
    harness.keys("KK");
    harness.keys("t");
    harness.has("m1 belongs to no brief");
    harness.keys("i/trace<Enter>");
    harness.has("⇒ brief 1 · research → drafting · returned");
}

#[test]
fn a_trace_at_three_sizes() {
    for (name, size) in SIZES {
        let mut harness = client(size);
        harness.briefed("research", &["drafting"], Return::Auto);
        let inner = Draft { context: Vec::new(), ..harness.drafted("drafting", &["synthesis"], Return::Ask) };
        harness.sent(inner);
        harness.answers("synthesis", "checked");
        harness.answers("drafting", "Dear [CLIENT_1], fine.");
        harness.keys("<Esc>t");
        insta::assert_snapshot!(format!("trace_{name}"), harness.screen());
    }
}

#[test]
fn a_message_is_copied_with_real_names_on_a_key_and_the_journal_says_so() {
    let mut harness = client((160, 48));
    harness.briefed("research", &["drafting"], Return::None);
    harness.answers("drafting", "Dear **[client 1]**, fine.");
    harness.keys("<C-x>2<Esc>y");
    assert_eq!(copied(&harness), "Dear **[client 1]**, fine.");
    harness.keys("R");
    assert_eq!(copied(&harness), "Dear **Halvorsen AS**, fine.");
    harness.has("m4 with real names, as the journal says");
    assert_eq!(harness.stand_in.engine.workspace.revealed.len(), 1);
    harness.keys("t");
    harness.has("revealed  drafting/m4 copied with real names");
    harness.keys("<Esc>KKR");
    harness.has("No pseudonym stands in m2");
    assert_eq!(copied(&harness), "Dear **Halvorsen AS**, fine.");
}

fn copied(harness: &Harness) -> String {
    let copied = harness.commands.iter().rev().find_map(|command| match command {
        Command::Copy(text) => Some(text.clone()),
        _ => None,
    });
    copied.unwrap()
}

#[test]
fn names_are_judged_again_forgotten_and_added() {
    let mut harness = client((160, 48));
    harness.elsewhere(Op::Judge { word: "Brightwater".to_owned(), judgement: Judgement::Mask });
    harness.keys("<C-x>d");
    harness.has("Names · 2 masked · 2 may cross");
    harness.keys("bright<Tab>");
    assert!(harness.app.judged.keeps("Brightwater") && !harness.app.judged.masks("Brightwater"));
    harness.keys("<Delete>");
    assert_eq!(harness.app.judged, Dictionary::default());
    harness.keys("<C-u>Larkspur Ltd: project");
    harness.has("Enter masks Larkspur Ltd as a project");
    harness.keys("<Enter>");
    harness.has("masked · project");
    harness.keys("halv<Tab>");
    harness.has("change it there");
    harness.keys("<Delete>");
    harness.has("take it out there");
    harness.keys("<C-u>No Kind: a b!<Enter>");
    harness.has("is no kind");
    harness.knows_every_brief();
}

#[test]
fn names_at_three_sizes() {
    for (name, size) in SIZES {
        let mut harness = client(size);
        harness.elsewhere(Op::Judge { word: "Brightwater".to_owned(), judgement: Judgement::Keep });
        harness.keys("<C-x>d");
        insta::assert_snapshot!(format!("names_{name}"), harness.screen());
    }
}

#[test]
fn reports_in_plain_characters() {
    let mut harness = Harness::of(&Plan { glyphs: Glyphs::Ascii, ..plan((80, 24)) });
    harness.briefed("research", &["drafting"], Return::Auto);
    harness.answers("drafting", "fine");
    harness.has("<= report #1 from drafting");
}

fn failed() -> Ending {
    Ending::Failed { failure: Failure::new(FailureKind::RateLimited, "llama answered 429: secret words.") }
}

#[test]
fn nothing_that_was_said_in_a_report_is_told_outside() {
    let telling = Telling { bell: true, osc: true, title: true };
    let mut harness = Harness::of(&Plan { telling, ..plan((160, 48)) });
    harness.message(AppMessage::Focus(false));
    harness.says("research", "Halvorsen AS, a secret.");
    harness.briefed("research", &["drafting"], Return::Auto);
    harness.briefed("synthesis", &["drafting"], Return::Ask);
    harness.answers("drafting", "secret words on [CLIENT_1]");
    harness.pass(1_000).answers("drafting", "more secret words");
    harness.pass(1_000);
    let told: Vec<String> = harness
        .commands
        .iter()
        .filter_map(|command| match command {
            Command::Tell { text, .. } => text.clone(),
            Command::Title(title) => Some(title.clone()),
            _ => None,
        })
        .collect();
    assert!(told.iter().any(|text| text == "drafting has finished · research has a report"), "{told:?}");
    assert!(told.iter().any(|text| text.contains("synthesis needs you")), "{told:?}");
    assert!(told.iter().any(|text| text.contains("1 with a report")), "{told:?}");
    for text in told {
        let said = ["secret", "Halvorsen", "CLIENT", "memo", "Turn the"].iter().find(|word| text.contains(**word));
        assert_eq!(said, None, "{text}");
    }
}
