//! Handoffs: when one is made, what it carries, and what a failing step leads to.

use super::story::check;

/// A talk that is nearly full: three turns, and the meter at 730 of the 716 at which a handoff is made.
const FULL: &str = "configure-window 1024 auto research
    send research Never call Ana on Mondays. The fee is 31 dollars.
    used research 300 40 Noted.
    pin research keep this
    send research Go on.
    used research 690 40 Done.";

const FULL_DECIDED: &str = "> configure-window 1024 auto research
    ! configured
    ! pane_opened research
    ! conversation_started research cloud/big
    > send research Never call Ana on Mondays. The fee is 31 dollars.
    ! message_added m1 after -: Never call Ana on Mondays. The fee is 31 dollars.
    ! turn_started
    ~ accepted
    ~ fetch m1
    > used research 300 40 Noted.
    ! turn_ended m2 after m1: Noted.
    > pin research keep this
    ! pinned
    ~ done
    > send research Go on.
    ! message_added m3 after m2: Go on.
    ! turn_started
    ~ accepted
    ~ fetch m1 m2 m3
    > used research 690 40 Done.
    ! turn_ended m4 after m3: Done.
    ~ settle
    ! handoff_began Full
    ~ survey m1 m2 m3 m4 Carry";

fn goes_on(script: &str, expected: &str) {
    check(&format!("{FULL}\n{script}"), &format!("{FULL_DECIDED}\n{expected}"));
}

const CARRIED: &str = "! conversation_started research cloud/big
    ! handed_off 4 messages, 1/1 pins, by Code, after m4
    ! pinned
    ! message_added m5 after -: the document
    ! continued with 0 copied
    ~ keep research-1
    ~ drop research-ready
    ~ tell: research goes on
    ~ settle";

#[test]
fn between_turns_the_document_is_written_and_the_successor_begins_in_one_commit() {
    goes_on(
        "done
         tells ## Objective|Agree on the fee.|## Next steps|Call Ana.
         done
         send research And now?
         fetched research",
        "> done
         ~ aside cloud/big
         > tells ## Objective|Agree on the fee.|## Next steps|Call Ana.
         ~ weave and carry along
         > done
         ! conversation_started research cloud/big
         ! handed_off 4 messages, 1/1 pins, by Model { model: ModelRef { provider: \"cloud\", model: \"big\" } }, after m4
         ! pinned
         ! message_added m5 after -: the document
         ! continued with 0 copied
         ~ keep research-1
         ~ drop research-ready
         ~ tell: research goes on
         ~ settle
         > send research And now?
         ! message_added m6 after m5: And now?
         ! turn_started
         ~ accepted
         ~ fetch m5 m6
         > fetched research
         ~ compute",
    );
}

#[test]
fn what_is_sent_meanwhile_waits_and_is_answered_in_the_successor_once() {
    goes_on(
        "done
         send research While you write.
         tells nothing of use
         done
         answer research Here I am.",
        "> done
         ~ aside cloud/big
         > send research While you write.
         ! message_added m5 after m4: While you write.
         ! turn_started
         ~ accepted
         > tells nothing of use
         ~ weave and carry along m5
         > done
         ! conversation_started research cloud/big
         ! handed_off 4 messages, 1/1 pins, by Code, after m5
         ! pinned
         ! message_added m6 after -: the document
         ! message_added m7 after m6: While you write.
         ! continued with 1 copied and a turn
         ! turn_started
         ~ keep research-1
         ~ drop research-ready
         ~ tell: research goes on
         ~ fetch m6 m7
         > answer research Here I am.
         ! turn_ended m8 after m7: Here I am.",
    );
}

#[test]
fn a_dead_provider_leaves_the_ledger_alone_after_three_tries() {
    goes_on(
        "done
         breaks down
         breaks rate
         breaks down
         done",
        &format!(
            "> done
             ~ aside cloud/big
             > breaks down
             ~ aside cloud/big after a pause
             > breaks rate
             ~ aside cloud/big after a pause
             > breaks down
             ~ weave and carry along
             > done
             {CARRIED}"
        ),
    );
}

#[test]
fn a_refused_key_is_not_tried_again() {
    goes_on(
        "done
         breaks key
         done",
        &format!(
            "> done
             ~ aside cloud/big
             > breaks key
             ~ weave and carry along
             > done
             {CARRIED}"
        ),
    );
}

#[test]
fn a_request_that_is_itself_too_long_is_made_again_in_smaller_parts() {
    goes_on(
        "done
         breaks overflow
         done",
        "> done
         ~ aside cloud/big
         > breaks overflow
         ~ survey m1 m2 m3 m4 Carry
         > done
         ~ aside cloud/big",
    );
}

#[test]
fn a_stopped_handoff_changes_nothing_and_a_late_answer_comes_to_nothing() {
    goes_on(
        "done
         stop research
         tells ## Objective|Late.",
        "> done
         ~ aside cloud/big
         > stop research
         ! handoff_dropped: it was stopped
         ~ cancel aside
         ~ done
         > tells ## Objective|Late.",
    );
}

#[test]
fn a_crash_leaves_the_old_conversation_whole() {
    goes_on(
        "send research While you write.
         recover
         done",
        "> send research While you write.
         ! message_added m5 after m4: While you write.
         ! turn_started
         ~ accepted
         > recover
         ! handoff_dropped: the program ended meanwhile
         ! turn_interrupted
         ~ cancel aside
         > done",
    );
}

#[test]
fn undoing_shows_the_predecessor_and_none_is_made_of_it_by_itself_again() {
    goes_on(
        "done
         breaks key
         done
         undo-handoff research
         send research Back here.
         used research 740 10 Yes.",
        &format!(
            "> done
             ~ aside cloud/big
             > breaks key
             ~ weave and carry along
             > done
             {CARRIED}
             > undo-handoff research
             ! handoff_undone
             ! pane_turned
             ~ conversation
             > send research Back here.
             ! message_added m5 after m4: Back here.
             ! turn_started
             ~ accepted
             ~ fetch m1 m2 m3 m4 m5
             > used research 740 10 Yes.
             ! turn_ended m6 after m5: Yes.
             ~ settle
             ~ survey m1 m2 m3 m4 m5 m6 Ready"
        ),
    );
}

#[test]
fn thresholds_are_told_once_and_the_document_is_kept_ready() {
    check(
        "configure-window 1024 auto research
         send research One.
         used research 300 40 1
         send research Two.
         used research 540 40 2
         send research Three.
         used research 600 50 3
         done",
        "> configure-window 1024 auto research
         ! configured
         ! pane_opened research
         ! conversation_started research cloud/big
         > send research One.
         ! message_added m1 after -: One.
         ! turn_started
         ~ accepted
         ~ fetch m1
         > used research 300 40 1
         ! turn_ended m2 after m1: 1
         > send research Two.
         ! message_added m3 after m2: Two.
         ! turn_started
         ~ accepted
         ~ fetch m1 m2 m3
         > used research 540 40 2
         ! turn_ended m4 after m3: 2
         ~ settle
         ~ tell: research has 580 of 1024 tokens: a fresh context after the next turn.
         > send research Three.
         ! message_added m5 after m4: Three.
         ! turn_started
         ~ accepted
         ~ fetch m1 m2 m3 m4 m5
         > used research 600 50 3
         ! turn_ended m6 after m5: 3
         ~ settle
         ~ survey m1 m2 m3 m4 m5 m6 Ready
         > done
         ~ keep research-ready",
    );
}

#[test]
fn a_paste_that_would_not_fit_is_answered_in_the_successor() {
    check(
        &format!(
            "configure-window 1024 auto research
             send research One.
             used research 560 40 1
             send research {0}
             fetched research
             assembled research 700
             done
             breaks key
             done",
            "paste ".repeat(60).trim()
        ),
        &format!(
            "> configure-window 1024 auto research
             ! configured
             ! pane_opened research
             ! conversation_started research cloud/big
             > send research One.
             ! message_added m1 after -: One.
             ! turn_started
             ~ accepted
             ~ fetch m1
             > used research 560 40 1
             ! turn_ended m2 after m1: 1
             ~ settle
             ~ tell: research has 600 of 1024 tokens: a fresh context after the next turn.
             > send research {0}
             ! message_added m3 after m2: {0}
             ! turn_started
             ~ accepted
             ~ fetch m1 m2 m3
             > fetched research
             ~ compute
             > assembled research 700
             ! handoff_began WouldOverflow
             ~ survey m1 m2 Carry
             > done
             ~ aside cloud/big
             > breaks key
             ~ weave and carry along m3
             > done
             ! conversation_started research cloud/big
             ! handed_off 2 messages, 0/0 pins, by Code, after m3
             ! message_added m4 after -: the document
             ! message_added m5 after m4: {0}
             ! continued with 1 copied and a turn
             ! turn_started
             ~ keep research-1
             ~ drop research-ready
             ~ tell: research goes on
             ~ fetch m4 m5",
            "paste ".repeat(60).trim()
        ),
    );
}

#[test]
fn an_overflow_teaches_the_window_and_the_message_is_answered_in_the_successor() {
    check(
        "configure research
         send research One.
         used research 900 40 1
         send research Two.
         fail research overflow 1
         done
         breaks key
         done",
        "> configure research
         ! configured
         ! pane_opened research
         ! conversation_started research cloud/big
         > send research One.
         ! message_added m1 after -: One.
         ! turn_started
         ~ accepted
         ~ fetch m1
         > used research 900 40 1
         ! turn_ended m2 after m1: 1
         > send research Two.
         ! message_added m3 after m2: Two.
         ! turn_started
         ~ accepted
         ~ fetch m1 m2 m3
         > fail research overflow 1
         ! model_learned window Some(1024)
         ! handoff_began Overflow
         ~ survey m1 m2 Carry
         > done
         ~ aside cloud/big
         > breaks key
         ~ weave and carry along m3
         > done
         ! conversation_started research cloud/big
         ! handed_off 2 messages, 0/0 pins, by Code, after m3
         ! message_added m4 after -: the document
         ! message_added m5 after m4: Two.
         ! continued with 1 copied and a turn
         ! turn_started
         ~ keep research-1
         ~ drop research-ready
         ~ tell: research goes on
         ~ fetch m4 m5",
    );
}

#[test]
fn under_ask_a_person_is_waited_for_and_under_off_nobody() {
    for (policy, decided) in [
        ("ask", "! handoff_due\n ~ tell: research is full: Ctrl-X h reads the handoff's draft and goes on"),
        ("off", "~ tell: research has 730 of 1024 tokens: it is not handed off by itself."),
    ] {
        let script = FULL.replace("auto", policy);
        let decided = FULL_DECIDED
            .replace("auto", policy)
            .replace("! handoff_began Full\n    ~ survey m1 m2 m3 m4 Carry", decided);
        check(&script, &decided);
    }
}

#[test]
fn one_that_would_free_less_than_a_third_is_refused_and_said_why() {
    check(
        "configure-window 1024 auto research
         send research One.
         used research 200 40 1
         hand-off research now",
        "> configure-window 1024 auto research
         ! configured
         ! pane_opened research
         ! conversation_started research cloud/big
         > send research One.
         ! message_added m1 after -: One.
         ! turn_started
         ~ accepted
         ~ fetch m1
         > used research 200 40 1
         ! turn_ended m2 after m1: 1
         > hand-off research now
         ~ refused: Not handed off: research has 240 of 1024 tokens, 0 of them role and pins: a handoff would free less than a third.",
    );
}

#[test]
fn a_draft_is_only_shown() {
    goes_on(
        "stop research
         hand-off research draft
         done
         tells ## Objective|Agree on the fee.
         done",
        "> stop research
         ! handoff_dropped: it was stopped
         ~ cancel aside
         ~ done
         > hand-off research draft
         ~ survey m1 m2 m3 m4 Draft
         > done
         ~ aside cloud/big
         > tells ## Objective|Agree on the fee.
         ~ weave and carry along
         > done
         ~ handoff_draft",
    );
}
