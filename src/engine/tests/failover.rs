//! Who answers when the chosen model fails, and who may.

use super::story::{Story, check};
use crate::engine::event::Event;

/// What the engine decides at the end of a script whose first lines are a configuration and a message.
fn decided_last(script: &str) -> Vec<String> {
    let mut story = Story::new();
    for line in script.lines().map(str::trim).filter(|line| !line.is_empty()) {
        story.out.clear();
        let input = story.input(line);
        story.tell(input);
    }
    story.out.lines().map(str::to_owned).collect()
}

#[test]
fn another_model_answers_where_the_chosen_one_fails_before_its_first_word() {
    check(
        "configure-fallback other/a,llama/small any research
         send research hello
         fail research down 4
         fetched research
         assembled research 20
         fail research rate 4
         fail research rate 7
         fail research key 7
         fetched research
         assembled research 20
         answer research hi
         send research more",
        "> configure-fallback other/a,llama/small any research
         ! configured
         ! pane_opened research
         ! conversation_started research cloud/big
         > send research hello
         ! message_added m1 after -: hello
         ! turn_started
         ~ accepted
         ~ fetch m1
         > fail research down 4
         ! unanswered 1
         ! turn_passed other/a
         ~ tell: sim failed. other/a answers this time instead. Ctrl-C stops.
         ~ fetch m1
         > fetched research
         ~ compute
         > assembled research 20
         ~ request cloud/big
         ~ look at other/a
         > fail research rate 4
         ~ tell: sim failed. Trying again
         ~ retry 5
         > fail research rate 7
         ! turn_passed llama/small
         ~ tell: sim failed. llama/small answers this time instead. Ctrl-C stops.
         ~ fetch m1
         > fail research key 7
         ! turn_failed
         > fetched research
         > assembled research 20
         > answer research hi
         > send research more
         ! message_added m2 after m1: more
         ! turn_started
         ~ accepted
         ~ fetch m1 m2",
    );
}

#[test]
fn a_chain_ends_wherever_the_chosen_model_stands_in_it() {
    let lines = decided_last(
        "configure-fallback other/a,cloud/big,other/b any p
         send p hello
         fail p down 4
         fail p down 7
         fail p down 10",
    );
    assert_eq!(lines, ["! turn_failed"]);
    let lines = decided_last(
        "configure-fallback other/a,cloud/big,other/b any p
         send p hello
         fail p down 4
         fail p down 7",
    );
    assert_eq!(lines[0], "! turn_passed other/b");
}

#[test]
fn who_may_answer_instead_is_a_matter_of_trust() {
    let after = |configured: &str, failure: &str| {
        let lines = decided_last(&format!("{configured}\n send p hello\n fail p {failure}"));
        lines.iter().find_map(|line| line.strip_prefix("! turn_")).unwrap().to_owned()
    };
    for (configured, failure, outcome) in [
        // From one receiver elsewhere to another: only an open pane, or one that names it.
        ("configure-fallback other/a any p", "down 4", "passed other/a"),
        ("configure-fallback other/a any p=guarded", "down 4", "failed"),
        ("configure-fallback other/a cloud,other p=guarded", "down 4", "passed other/a"),
        ("configure-fallback other/a cloud p", "down 4", "failed"),
        ("configure-fallback other/a,llama/small any p=guarded", "down 4", "passed llama/small"),
        ("configure-fallback cloud/b any p=guarded", "down 4", "passed cloud/b"),
        ("configure-fallback offline any p=guarded", "down 4", "passed offline"),
        // The chosen model may itself stand in the chain: the others still may answer, and it isn't asked twice.
        ("configure-fallback other/a,cloud/big any p", "down 4", "passed other/a"),
        ("configure-fallback cloud/big,other/a any p", "down 4", "passed other/a"),
        ("configure-fallback cloud/big any p", "down 4", "failed"),
        // What failed with the whole provider isn't asked of it again.
        ("configure-fallback cloud/b,other/a any p", "unpaid 1", "passed other/a"),
        ("configure-fallback cloud/b,other/a any p", "gone 1", "passed cloud/b"),
        // What can't fit is passed over, and what the request itself is to blame for stays.
        ("configure-fallback cloud/tiny,other/a any p", "down 4", "passed other/a"),
        ("configure-fallback other/a any p", "refused 1", "failed"),
        ("configure-fallback other/a any p", "overflow 1", "failed"),
        ("configure-fallback other/a any p", "cut 4 half", "failed m2 after m1: half broken off"),
        // Nobody waits two minutes more where another stands ready.
        ("configure-fallback other/a any p", "slow 1", "passed other/a"),
    ] {
        assert_eq!(after(configured, failure), outcome, "{configured}: {failure}");
    }
}

#[test]
fn nothing_leaves_this_machine_by_itself() {
    let after = |configured: &str| {
        decided_last(&format!("{configured}\n model p llama/small\n send p hello\n fail p down 4")).join("\n")
    };
    assert!(after("configure-fallback cloud/big any p").contains("! turn_failed"));
    assert!(after("configure-fallback cloud/big any p=sealed").contains("! turn_failed"));
    assert!(after("configure-fallback cloud/big,offline any p=sealed").contains("! turn_passed offline"));
    // Naming a provider in the pane is a person's word.
    assert!(after("configure-fallback cloud/big llama,cloud p").contains("! turn_passed cloud/big"));
    assert!(after("configure-fallback cloud/big llama,cloud p=sealed").contains("! turn_failed"));
}

#[test]
fn a_failure_says_why_nobody_else_answered() {
    let failure = |configured: &str, model: &str| {
        let mut story = Story::new();
        for line in [configured, model, "send p hello"] {
            let input = story.input(line);
            story.tell(input);
        }
        let input = story.input("fail p down 4");
        let decision = story.engine.decide(input, &story.env);
        match &decision.events[..] {
            [Event::Unanswered { turns: 1, .. }, Event::TurnFailed { failure, .. }] => failure.message.clone(),
            other => panic!("{other:?}"),
        }
    };
    assert_eq!(
        failure("configure-fallback other/a any p=guarded", "model p cloud/big"),
        "sim failed. Not passed on to other/a: p is guarded, and its `providers` don't name other."
    );
    assert_eq!(
        failure("configure-fallback cloud/big any p", "model p llama/small"),
        "sim failed. Not passed on to cloud/big: p's text would leave this machine, and its `providers` don't name cloud."
    );
}
