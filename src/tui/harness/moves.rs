//! A provider that stays down, on the screen: who could answer, the move, the line it leaves, and the way back.

use super::{Harness, Plan};
use crate::engine::event::Event;
use crate::engine::failure::{Failure, FailureKind};
use crate::engine::message::{Author, Ending, Part};
use crate::engine::op::Op;
use crate::engine::settings::Locality;

impl Harness {
    /// A question that the pane's provider leaves unanswered, and how many that makes.
    fn is_left_alone(&mut self, pane: &str, turns: u32) -> &mut Self {
        let conversation = self.conversation(pane);
        let parent = self.stand_in.said[&conversation].last().map(|message| message.id);
        let question = self.stand_in.say(conversation, Author::Person, vec![Part::text("And at renewal?")], parent);
        self.event(Event::MessageAdded { message: question });
        let provider = self.app.conversations[&conversation].overview.model.provider.clone();
        let message = format!("{provider} can't be reached at http://127.0.0.1:8080.");
        let failure = Failure::new(FailureKind::Unreachable, message);
        self.streams(pane, "");
        self.event(Event::Unanswered { conversation, turns });
        self.ends(pane, &Ending::Failed { failure })
    }

    fn model(&self, pane: &str) -> String {
        self.app.conversations[&self.conversation(pane)].overview.model.to_string()
    }
}

/// Two clouds and a local model.
fn clouds(size: (u16, u16)) -> Harness {
    let panes = vec![
        ("research", Locality::Open, "openai/gpt-5"),
        ("drafting", Locality::Guarded, "llama/smollm2"),
        ("synthesis", Locality::Open, "offline"),
    ];
    Harness::of(&Plan { size, panes, ..Plan::default() })
}

#[test]
fn whoever_could_answer_instead_is_named_with_the_key_that_moves() {
    let mut harness = Harness::new();
    harness.is_left_alone("research", 1);
    harness.has("No other provider is set up for research. Ctrl-X m chooses");
    harness.is_left_alone("drafting", 1);
    let told = harness.app.pane("drafting").unwrap().notice.clone();
    assert_eq!(told.as_deref(), Some("llama/smollm2 could answer here: Ctrl-X M moves there and asks again."));
}

#[test]
fn a_move_leaves_a_line_and_its_key_moves_back() {
    for (name, size) in [("80", (80, 24)), ("160", (160, 48))] {
        let mut harness = clouds(size);
        harness.is_left_alone("research", 3);
        insta::assert_snapshot!(format!("down_{name}"), harness.screen());
        harness.keys("<C-x>M");
        assert!(matches!(
            harness.posted.iter().rfind(|op| matches!(op, Op::Move { .. })),
            Some(Op::Move { to: Some(_), .. })
        ));
        assert_eq!(harness.model("research"), "llama/smollm2");
        harness.streams("research", "Prices rise by 3 %.").ends("research", &Ending::Complete);
        insta::assert_snapshot!(format!("moved_{name}"), harness.screen());
        harness.has("Ctrl-X M moves back");
        harness.keys("<C-x>M");
        assert_eq!(harness.model("research"), "openai/gpt-5");
        harness.has("moved back from llama/smollm2");
        harness.has_not("Ctrl-X M moves back");
        harness.keys("<C-x>M");
        harness.has("Nothing to move: openai/gpt-5 answered last.");
    }
}

#[test]
fn the_list_of_needs_moves_it_too() {
    let mut harness = clouds((160, 48));
    harness.is_left_alone("research", 3).keys("<C-x>3<C-x>i");
    harness.has("m moves it to llama/smollm2");
    insta::assert_snapshot!("needs_down", harness.screen());
    harness.keys("m");
    assert_eq!(harness.model("research"), "llama/smollm2");
    assert_eq!(harness.app.focused, "synthesis", "nobody's focus is taken");
    harness.has_not("m moves it");
}

#[test]
fn a_provider_that_stays_down_is_listed_even_where_fallbacks_answer() {
    let mut harness = clouds((160, 48));
    let conversation = harness.conversation("research");
    harness.event(Event::Unanswered { conversation, turns: 2 });
    harness.keys("<C-x>i").has_not("turns unanswered");
    harness.keys("<Esc>");
    harness.event(Event::Unanswered { conversation, turns: 3 });
    harness.keys("<C-x>i").has("it left 3 turns of research unanswered");
    harness.has("m moves it to llama/smollm2");
}

#[test]
fn a_moved_pane_is_moved_after_it_is_opened_again() {
    let mut harness = clouds((160, 48));
    harness.is_left_alone("research", 3).keys("<C-x>M");
    harness.streams("research", "Prices rise by 3 %.").ends("research", &Ending::Complete);
    harness.reopen();
    harness.has("moved from openai/gpt-5 to llama/smollm2");
    harness.has("openai did not answer three times");
    harness.keys("<C-x>M");
    assert_eq!(harness.model("research"), "openai/gpt-5");
}
