//! Messages that wait while their pane answers, told as sentences.

use proptest::prelude::*;

use super::{Harness, Plan};
use crate::engine::failure::{Failure, FailureKind};
use crate::engine::id::ConversationId;
use crate::engine::message::{Ending, Interruption, Message};
use crate::engine::op::Op;
use crate::engine::settings::Locality;
use crate::tui::app::{Badge, Command};

impl Harness {
    /// What was sent, and where to.
    fn sendings(&self) -> Vec<(ConversationId, &str)> {
        let sent = |op| match op {
            &Op::Send { conversation, ref text, .. } => Some((conversation, text.as_str())),
            _ => None,
        };
        self.posted.iter().filter_map(sent).collect()
    }

    fn texts(&self) -> Vec<&str> {
        self.sendings().into_iter().map(|(_, text)| text).collect()
    }

    fn waits(&self, pane: &str) -> usize {
        self.app.pane(pane).unwrap().waiting.len()
    }
}

fn finished() -> Ending {
    Ending::Complete
}

#[test]
fn a_message_to_a_pane_that_answers_waits_and_goes_by_itself() {
    let mut harness = Harness::new();
    harness.keys("one<Enter>").streams("research", "First");
    harness.keys("two<Enter>").keys("three<Enter>");
    assert_eq!(harness.texts(), ["one"]);
    assert_eq!(harness.draft("research"), "");
    harness.has("→ waits · two");
    harness.has("→ waits · three");
    harness.has("write here · ↑ takes back what waits");
    harness.ends("research", &finished());
    assert_eq!(harness.texts(), ["one", "two"], "one at a time");
    harness.has_not("waits · two");
    harness.has("→ waits · three");
    harness.streams("research", "Second").ends("research", &finished());
    harness.streams("research", "Third").ends("research", &finished());
    assert_eq!(harness.texts(), ["one", "two", "three"]);
    harness.has_not("waits");
    harness.keys("<C-p>");
    assert_eq!(harness.draft("research"), "three", "what waited is in the history like anything that was sent");
}

#[test]
fn what_waits_at_three_sizes() {
    for (name, size) in [("40", (40, 12)), ("80", (80, 24)), ("160", (160, 48))] {
        let mut harness = Harness::sized(size.0, size.1);
        harness.keys("one<Enter>").streams("research", "The offers differ in what a seat includes.");
        harness
            .keys("And what happens at renewal, if nobody gives notice in time and 北風商事 raises its price?<Enter>");
        harness.keys("two<Enter>three<Enter>four<Enter>");
        insta::assert_snapshot!(format!("waiting_{name}"), harness.screen());
    }
}

#[test]
fn it_goes_where_the_composer_said_whatever_has_the_focus() {
    let mut harness = Harness::new();
    let research = harness.conversation("research");
    harness.keys("one<Enter>").streams("research", "First").keys("two<Enter>");
    harness.keys("<C-x>2").keys("a draft of drafting's");
    harness.ends("research", &finished());
    assert_eq!(harness.sendings().last(), Some(&(research, "two")));
    assert_eq!(
        (harness.app.focused.as_str(), harness.draft("drafting").as_str()),
        ("drafting", "a draft of drafting's")
    );
    harness.streams("research", "Second");
    harness.keys("<C-x>1three<Enter><C-x>k");
    assert!(harness.app.closed.contains(&"research".to_owned()));
    harness.ends("research", &finished());
    assert_eq!(
        harness.sendings().last(),
        Some(&(research, "three")),
        "a pane off the screen sends what it was told to"
    );
}

#[test]
fn a_pane_that_turns_to_another_conversation_keeps_what_waited_for_the_old_one() {
    let mut harness = Harness::new();
    let old = harness.conversation("research");
    harness.keys("one<Enter>").streams("research", "First").keys("two<Enter><C-x>n");
    assert_ne!(harness.conversation("research"), old);
    assert_eq!(harness.draft("research"), "two");
    harness.has("This pane writes elsewhere now. What waited is in the composer.");
    harness.stand_in.end(old, &finished());
    harness.pass(10);
    assert_eq!(harness.texts(), ["one"], "nothing goes into a conversation that nobody chose");
}

#[test]
fn a_stop_sends_nothing_more_and_everything_is_in_the_composer() {
    let mut harness = Harness::new();
    harness.keys("one<Enter>").streams("research", "First");
    harness.keys("two<Enter>three<Enter>half a<C-c>");
    assert_eq!(harness.texts(), ["one"]);
    assert_eq!(harness.draft("research"), "two\n\nthree\n\nhalf a");
    harness.has("Stopped. What waited was not sent: it is in the composer.");
    harness.keys("<C-u><C-u><C-u><C-u><C-u>").keys("<C-c>");
    harness.keys("<C-x>2four<Enter>").streams("drafting", "Fourth").keys("five<Enter><C-x>1<C-x>s");
    assert_eq!((harness.draft("drafting").as_str(), harness.waits("drafting")), ("five", 0), "every turn is stopped");
}

#[test]
fn after_an_answer_that_failed_a_person_decides() {
    for (ending, told) in [
        (Ending::Failed { failure: Failure::new(FailureKind::Unauthorized, "refused (401).") }, "failed"),
        (Ending::Interrupted { by: Interruption::Person }, "was stopped"),
        (Ending::Refused, "was refused"),
    ] {
        let mut harness = Harness::new();
        harness.keys("one<Enter>").streams("research", "First").keys("two<Enter><C-x>2");
        harness.ends("research", &ending);
        assert_eq!(harness.texts(), ["one"], "{told}");
        assert_eq!(harness.draft("research"), "two");
        let told = format!("Not sent: the answer before it {told}. What waited is in the composer.");
        let notice = harness.app.pane("research").unwrap().notice.clone().unwrap();
        assert!(notice.starts_with(&told), "{notice}");
    }
}

#[test]
fn the_newest_is_taken_back_to_be_changed() {
    let mut harness = Harness::new();
    harness.keys("<A-Up>");
    harness.has("Nothing waits here to be sent.");
    harness.keys("one<Enter>").streams("research", "First").keys("two<Enter>thre<Enter><Up>e");
    assert_eq!((harness.draft("research").as_str(), harness.waits("research")), ("three", 1));
    harness.keys("<Up>");
    assert_eq!(harness.waits("research"), 1, "in a text, up is a line up");
    harness.keys("<A-Up>");
    assert_eq!((harness.draft("research").as_str(), harness.waits("research")), ("two\n\nthree", 0));
    harness.ends("research", &finished());
    assert_eq!(harness.texts(), ["one"]);
    harness.keys("<Enter>");
    assert_eq!(harness.texts(), ["one", "two\n\nthree"]);
}

#[test]
fn one_after_the_other_is_taken_back_and_stands_before_what_is_written() {
    for (again, key) in [("Alt-↑", "<A-Up>"), ("the arrow where the text begins", "<Up><Up>")] {
        let mut harness = Harness::new();
        harness.keys("one<Enter>").streams("research", "First").keys("two<Enter>three<Enter>four<Enter>");
        harness.keys("<Up>");
        harness.has("2 more wait: Alt-↑ takes back the next one, too.");
        harness.keys(key);
        assert_eq!((harness.draft("research").as_str(), harness.waits("research")), ("three\n\nfour", 1), "{again}");
        harness.has("Another one waits: Alt-↑ takes it back, too.");
        harness.pass(1_000);
        assert_eq!(harness.stand_in.view["draft/research"]["text"], "two\n\nthree\n\nfour", "{again}");
        harness.keys("<C-Home>").keys(if key == "<A-Up>" { key } else { "<Up>" });
        assert_eq!((harness.draft("research").as_str(), harness.waits("research")), ("two\n\nthree\n\nfour", 0));
        harness.has_not("waits");
        harness.ends("research", &finished());
        harness.keys("<Enter>");
        assert_eq!(harness.texts(), ["one", "two\n\nthree\n\nfour"], "{again}");
    }
}

#[test]
fn what_waits_is_on_disk_at_once_and_never_sends_itself_after_a_restart() {
    let mut harness = Harness::new();
    harness.keys("one<Enter>").streams("research", "First").keys("two<Enter>");
    assert_eq!(harness.stand_in.view["draft/research"]["text"], "two", "no pause is waited for");
    harness.keys("half").pass(1_000);
    let asked = harness.texts().len();
    harness.reopen();
    assert_eq!((harness.draft("research").as_str(), harness.waits("research")), ("two\n\nhalf", 0));
    harness.ends("research", &finished());
    harness.pass(1_000);
    assert_eq!(harness.texts().len(), asked);
}

#[test]
fn what_is_refused_brings_back_all_that_waited_behind_it_in_its_order() {
    let mut harness = Harness::new();
    harness.keys("one<Enter>").streams("research", "First").keys("two<Enter>three<Enter>four<C-x>2");
    harness.stand_in.refuse =
        Some("Not sent: research knows Halvorsen AS as [CLIENT_1], and must not read it.".to_owned());
    harness.ends("research", &finished());
    assert_eq!(harness.draft("research"), "two\n\nthree\n\nfour");
    assert_eq!(harness.app.pane("research").unwrap().badge, Some(Badge::NeedsYou));
    harness.has("Not sent: research knows Halvorsen AS");
}

#[test]
fn whether_it_may_be_read_there_is_asked_when_it_leaves() {
    let mut harness = super::briefs::client((160, 48));
    // Drafting learns of the client under a pseudonym, after a message that names it was written there.
    harness.keys("<C-x>2go on<Enter>").streams("drafting", "Going").keys("Is Halvorsen AS in?<Enter>");
    harness.keys("<C-x>1<C-x>b1<Tab>Sum up<Tab><Tab>").keys("<C-x><Enter>");
    assert!(harness.app.briefs.all().count() == 1, "{}", harness.screen());
    harness.ends("drafting", &finished());
    while harness.stand_in.is_running(harness.conversation("drafting")) {
        harness.streams("drafting", "Summed up.").ends("drafting", &finished());
    }
    let said = &harness.stand_in.said[&harness.conversation("drafting")];
    assert!(said.iter().all(|message| !message.text().contains("Halvorsen")), "{said:?}");
    assert_eq!(harness.draft("drafting"), "Is Halvorsen AS in?");
    harness.has("Not sent: drafting knows what stands");
}

#[test]
fn a_brief_that_comes_between_is_answered_first() {
    let two = vec![("research", Locality::Open, "llama/smollm2"), ("drafting", Locality::Open, "llama/smollm2")];
    let mut harness = Harness::of(&Plan { panes: two, ..Plan::default() });
    harness.keys("<C-x>2go on<Enter>").streams("drafting", "Going").keys("and then?<Enter>");
    harness.keys("<C-x>1<C-x>bSum up<C-x><Enter>");
    harness.ends("drafting", &finished());
    assert_eq!((harness.waits("drafting"), harness.draft("drafting").as_str()), (1, ""), "{}", harness.screen());
    harness.streams("drafting", "Summed up.").ends("drafting", &finished());
    let drafting = harness.conversation("drafting");
    let said: Vec<String> = harness.stand_in.said[&drafting].iter().rev().take(2).map(Message::text).collect();
    assert_eq!(said, ["and then?", "Summed up."]);
}

#[test]
fn a_handoff_takes_what_waits_along() {
    let mut harness = Harness::of(&Plan { messages: 38, size: (120, 30), ..Plan::default() });
    harness.begins_handoff("research");
    harness.keys("one<Enter>two<Enter>");
    assert_eq!((harness.texts(), harness.waits("research")), (vec!["one"], 1));
    harness.hands_off("research", crate::engine::handoff::Writer::Code);
    assert_eq!((harness.waits("research"), harness.draft("research").as_str()), (1, ""), "{}", harness.screen());
    harness.streams("research", "First").ends("research", &finished());
    assert_eq!(harness.sendings().last(), Some(&(harness.conversation("research"), "two")));
}

#[test]
fn whoever_reads_further_up_reads_on_when_it_goes() {
    let mut harness = Harness::of(&Plan { messages: 40, ..Plan::default() });
    harness.keys("one<Enter>").streams("research", "First").keys("two<Enter><PageUp><PageUp>");
    let scroll = harness.app.pane("research").unwrap().scroll;
    harness.ends("research", &finished());
    assert_eq!(harness.texts(), ["one", "two"]);
    assert_eq!(harness.app.pane("research").unwrap().scroll, scroll);
}

#[test]
fn a_question_to_several_waits_where_one_answers() {
    let mut harness = Harness::new();
    harness.streams("drafting", "Going").keys("<C-x>aAll of you<C-x><Enter>");
    assert_eq!((harness.texts().len(), harness.waits("drafting")), (2, 1), "{}", harness.screen());
    harness.ends("drafting", &finished());
    assert_eq!(harness.texts().len(), 3);
}

#[test]
fn leaving_keeps_what_waits_and_asks_nothing_more() {
    let mut harness = Harness::new();
    harness.keys("one<Enter>").streams("research", "First").keys("two<Enter><C-x>q");
    harness.ends("research", &finished());
    assert_eq!(harness.commands.last(), None, "what waited has gone out: there is something to ask about again");
    assert_eq!(harness.texts(), ["one", "two"]);
    harness.streams("research", "Second").keys("<Esc>three<Enter><C-x>q<Enter>");
    assert_eq!(harness.commands.last(), Some(&Command::Quit));
    assert_eq!(harness.texts(), ["one", "two"]);
    harness.reopen();
    assert_eq!(harness.draft("research"), "three");
}

/// What may happen to a pane in which messages are written while it answers.
const STEPS: [&str; 9] = ["write", "stream", "end", "fail", "stop", "take back", "begin anew", "reopen", "hand off"];

impl Harness {
    fn step(&mut self, step: &str, word: &str) {
        let conversation = self.app.pane("research").unwrap().addressee;
        let runs = self.stand_in.is_running(conversation);
        let is_shown = self.conversation("research") == conversation;
        match step {
            "write" => drop(self.keys(word).keys("<Enter>")),
            "stream" if runs && is_shown => drop(self.streams("research", "more ")),
            "end" if runs && is_shown => drop(self.ends("research", &finished())),
            "fail" if runs && is_shown => {
                let failure = Failure::new(FailureKind::Unauthorized, "refused (401).");
                self.ends("research", &Ending::Failed { failure });
            }
            "stop" => drop(self.keys("<C-c>")),
            "take back" => drop(self.keys("<Up>")),
            "begin anew" => drop(self.keys("<C-x>n")),
            "reopen" => {
                self.pass(1_000);
                self.reopen();
            }
            // What a handoff stands for is what was said before the question that waits for it.
            "hand off" if runs && is_shown && self.stand_in.said[&conversation].len() > 1 => {
                drop(self.hands_off("research", crate::engine::handoff::Writer::Code));
            }
            _ => {}
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 60, ..ProptestConfig::default() })]
    #[test]
    fn whatever_happens_every_message_is_sent_waits_or_can_be_sent(
        steps in prop::collection::vec(prop::sample::select(&STEPS[..]), 1..40),
    ) {
        let mut harness = Harness::new();
        let mut written: Vec<String> = Vec::new();
        let mut put_away: Vec<String> = Vec::new();
        for (at, step) in steps.iter().enumerate() {
            let word = format!("word{at}.");
            harness.step(step, &word);
            if *step == "write" {
                written.push(word);
            }
            let pane = harness.app.pane("research").unwrap();
            put_away.extend(pane.history.entries().iter().map(|draft| draft.text.clone()));
            let unsent = pane.unsent().text;
            for word in &written {
                let said = harness.stand_in.said.values().flatten().any(|message| message.text().contains(word));
                let is_kept = said || unsent.contains(word) || put_away.iter().any(|text| text.contains(word));
                prop_assert!(is_kept, "{} is gone after {:?}", word, &steps[..=at]);
            }
        }
    }
}
