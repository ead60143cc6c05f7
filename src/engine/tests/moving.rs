//! Moves for good: when they are made and offered, what they need, and the way back.

use super::story::{Story, check};
use crate::engine::conversation::Conversation;
use crate::engine::op::Op;
use crate::engine::trust::{Form, Onward};
use crate::engine::whereabouts::Whereabouts;

/// Two turns that nobody answered.
const TWICE: &str = "configure-fallback cloud/b,other/a any p
    failover move
    send p one
    fail p down 4
    fail p key 7
    send p two
    fail p down 4
    fail p key 7";

/// A story told up to here, without what was decided so far.
fn told(script: &str) -> Story {
    let mut story = Story::new();
    for line in script.lines().map(str::trim).filter(|line| !line.is_empty()) {
        story.out.clear();
        let input = story.input(line);
        story.tell(input);
    }
    story
}

/// What is decided on the last line of a script.
fn last(script: &str) -> Vec<String> {
    told(script).out.lines().map(str::to_owned).collect()
}

fn shown(story: &Story) -> &Conversation {
    story.engine.shown("p").unwrap()
}

fn whereabouts(script: &str) -> Whereabouts {
    shown(&told(script)).header.whereabouts.clone()
}

#[test]
fn after_three_turns_that_its_provider_left_unanswered_a_pane_moves_by_itself_and_is_answered() {
    let twice = TWICE.replace("cloud/b,", "");
    assert_eq!(whereabouts(&twice).unanswered, 2);
    let decided = last(&format!("{twice}\n send p three\n fail p down 4"));
    assert_eq!(
        decided,
        [
            "! moved from cloud/big to other/a: cloud did not answer three times",
            "! turn_passed other/a",
            "~ tell: p moved from cloud/big to other/a: cloud did not answer three times. Ctrl-X M moves back.",
            "~ fetch m1 m2 m3",
            "~ look at other/a",
        ]
    );
    let story = told(&format!("{twice}\n send p three\n fail p down 4\n answer p here\n send p four"));
    assert_eq!(shown(&story).header.model.to_string(), "other/a");
    assert_eq!(shown(&story).header.turn.as_ref().unwrap().model.to_string(), "other/a");
    let Whereabouts { unanswered, home, moves, is_masked } = &shown(&story).header.whereabouts;
    assert_eq!((*unanswered, moves.len(), *is_masked), (0, 1, false));
    assert_eq!(home.as_ref().unwrap().to_string(), "cloud/big");
}

#[test]
fn an_answer_of_the_model_itself_ends_the_count_and_one_of_a_fallback_does_not() {
    let twice = "configure-fallback other/a any p
        send p one
        fail p down 4
        answer p from a fallback
        send p two
        fail p down 4";
    assert_eq!(whereabouts(twice).unanswered, 2);
    assert_eq!(whereabouts(&format!("{twice}\n answer p a\n send p three\n answer p itself")).unanswered, 0);
    assert_eq!(whereabouts(&format!("{twice}\n answer p a\n send p three\n fail p refused 1")).unanswered, 2);
    assert_eq!(whereabouts(&format!("{twice}\n answer p a\n model p cloud/other")).unanswered, 0);
}

#[test]
fn whether_it_moves_by_itself_is_offered_or_neither_is_a_matter_of_policy() {
    let third = |policy: &str| {
        let script = TWICE.replace("cloud/b,", "").replace("failover move", policy);
        last(&format!("{script}\n send p three\n fail p down 4"))
    };
    assert!(third("failover move")[0].starts_with("! moved from"));
    let asked = third("failover ask");
    assert_eq!(asked[..2], ["! unanswered 3", "! turn_passed other/a"]);
    assert_eq!(
        asked[2],
        "~ tell: sim failed. other/a answers this time instead. cloud has left 3 turns unanswered: Ctrl-X M moves p to \
         other/a."
    );
    assert_eq!(third("failover turn")[2], "~ tell: sim failed. other/a answers this time instead. Ctrl-C stops.");
}

#[test]
fn a_person_moves_it_and_what_nobody_answered_is_asked_again() {
    check(
        "configure-fallback cloud/b any p
         send p one
         fail p key 1
         move p
         window other/a 64000
         configure-fallback other/a any p
         move p
         answer p here
         move p
         move-back p
         move-back p",
        "> configure-fallback cloud/b any p
         ! configured
         ! pane_opened p
         ! conversation_started p cloud/big
         > send p one
         ! message_added m1 after -: one
         ! turn_started
         ~ accepted
         ~ fetch m1
         > fail p key 1
         ! unanswered 1
         ! turn_failed
         > move p
         ~ refused: p is not moved: no other model is set up. Ctrl-X m chooses a model.
         > window other/a 64000
         ! configured
         > configure-fallback other/a any p
         ! configured
         > move p
         ! moved from cloud/big to other/a: cloud did not answer once
         ! turn_started
         ~ fetch m1
         ~ look at other/a
         ~ done
         > answer p here
         ! turn_ended m2 after m1: here
         > move p
         ~ refused: Not moved: other/a answered last in p. Ctrl-X m chooses another model.
         > move-back p
         ! moved back from other/a to cloud/big
         ~ look at cloud/big
         ~ done
         > move-back p
         ~ refused: Not moved: cloud/big answers in p, as you chose.",
    );
}

#[test]
fn who_may_answer_for_good_is_a_matter_of_trust() {
    let to = |configured: &str, model: &str| {
        let story = told(&format!("{configured}\n model p {model}\n send p one\n fail p key 1"));
        let onward = shown(&story)
            .header
            .trust(&story.engine.workspace.settings)
            .onward(&["llama/in-use".parse().unwrap(), "other/in-use".parse().unwrap()]);
        match onward {
            Ok(Onward { model, form, is_agreed }) => {
                let form = if form == Form::Masked { " masked" } else { "" };
                format!("{model}{form}{}", if is_agreed { "" } else { " if asked" })
            }
            Err(held) => held.join("; "),
        }
    };
    for (configured, model, expected) in [
        // The chain before what others use, and never the provider that is down.
        ("configure-fallback cloud/b,other/a any p", "cloud/big", "other/a"),
        ("configure-fallback cloud/b any p", "cloud/big", "llama/in-use if asked"),
        ("configure-fallback cloud/b cloud,other p", "cloud/big", "other/in-use"),
        ("configure-fallback offline any p", "cloud/big", "offline"),
        // Guarded text goes under pseudonyms where the pane doesn't name the receiver.
        ("configure-fallback other/a any p=guarded", "cloud/big", "other/a masked"),
        ("configure-fallback other/a cloud,other p=guarded", "cloud/big", "other/a"),
        ("configure-fallback llama/small,other/a any p=guarded", "cloud/big", "llama/small"),
        // Nothing leaves this machine but to whom the pane names, and sealed text doesn't at all.
        (
            "configure-fallback other/a any p=guarded",
            "llama/small",
            "other/a: p's text would leave this machine, and its `providers` don't name other; other/in-use: p's text would \
             leave this machine, and its `providers` don't name other",
        ),
        ("configure-fallback other/a llama,other p=guarded", "llama/small", "other/a"),
        ("configure-fallback other/a any p=sealed", "llama/small", "other/a: p is sealed; other/in-use: p is sealed"),
        (
            "configure-fallback other/a cloud p",
            "cloud/big",
            "other/a: p may not use other; llama/in-use: p may not use llama; other/in-use: p may not use other",
        ),
    ] {
        assert_eq!(to(configured, model), expected, "{configured} from {model}");
    }
}

#[test]
fn sealed_text_refuses_the_move_with_a_sentence() {
    let decided = last(
        "configure-fallback other/a,cloud/b any p=sealed\n model p llama/small\n send p one\n fail p key 1\n move p",
    );
    assert_eq!(
        decided,
        [
            "~ refused: p is not moved: other/a: p is sealed; cloud/b: p is sealed; cloud/big: p is sealed. Ctrl-X m chooses a model."
        ]
    );
}

#[test]
fn what_does_not_fit_the_new_model_is_handed_off_before_it_is_asked() {
    let script = format!(
        "configure-fallback other/a any p
         window other/a 1024
         send p one
         used p 3000 40 {}
         send p two
         fail p key 1
         move p
         fetched p
         assembled p 1300
         done
         breaks key
         done",
        "a long answer ".repeat(280).trim()
    );
    let mut story = Story::new();
    for line in script.lines().map(str::trim) {
        let input = story.input(line);
        story.tell(input);
    }
    let lines: Vec<&str> = story.out.lines().filter(|line| !line.starts_with("~ look")).collect();
    let from = lines.iter().position(|line| line.starts_with("! moved")).unwrap();
    assert_eq!(
        lines[from..from + 14],
        [
            "! moved from cloud/big to other/a: cloud did not answer once",
            "! turn_started",
            "~ fetch m1 m2 m3",
            "~ done",
            "~ compute",
            "! handoff_began WouldOverflow",
            "~ survey m1 m2 Carry",
            "~ aside other/a",
            "~ weave and carry along m3",
            "! conversation_started p other/a",
            "! handed_off 2 messages, 0/0 pins, by Code, after m3",
            "! goes on with other/a",
            "! message_added m4 after -: the document",
            "! message_added m5 after m4: two",
        ]
    );
    // The successor knows the way back.
    assert_eq!(shown(&story).header.whereabouts.home.as_ref().unwrap().to_string(), "cloud/big");
    assert_eq!(shown(&story).header.turn.as_ref().unwrap().model.to_string(), "other/a");
}

#[test]
fn another_model_counts_otherwise_so_that_the_context_is_estimated_anew() {
    let measured = "configure-fallback other/a any p
         send p one
         used p 3000 40 Noted.";
    assert_eq!(shown(&told(measured)).meter().measured, 3_040);
    let chosen = told(&format!("{measured}\n model p cloud/b"));
    assert_eq!(shown(&chosen).meter().measured, 0);
    assert!(shown(&chosen).meter().added > 0);
    let moved = told(&format!("{measured}\n send p two\n fail p key 1\n answer p from a fallback\n move p"));
    assert_eq!(shown(&moved).meter().measured, 0);
}

#[test]
fn an_op_that_names_what_a_person_was_shown_does_nothing_else() {
    let mut story = told("configure-fallback other/a any p\n failover turn\n send p one\n fail p key 1\n answer p x");
    story.out.clear();
    let conversation = shown(&story).header.id;
    let op = Op::Move { conversation, to: Some("llama/small".parse().unwrap()) };
    story.tell(crate::engine::input::Input::Op { from: crate::engine::input::Asker(1), op });
    assert_eq!(story.out.trim(), "~ refused: Not moved: other/a is next for p by now, not llama/small.");
}
