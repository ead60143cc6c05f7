//! Turns from the message to the answer, and what a configuration changes.

use super::story::check;

#[test]
fn a_message_is_a_fact_before_its_request_is_made() {
    check(
        "configure research
         send research hello
         fetched research
         assembled research 20
         answer research hi",
        "> configure research
         ! configured
         ! pane_opened research
         ! conversation_started research cloud/big
         > send research hello
         ! message_added m1 after -: hello
         ! turn_started
         ~ accepted
         ~ fetch m1
         > fetched research
         ~ compute
         > assembled research 20
         ~ request cloud/big
         ~ look at cloud/big
         > answer research hi
         ! turn_ended m2 after m1: hi",
    );
}

#[test]
fn the_same_configuration_again_changes_nothing() {
    check(
        "configure a b\n configure a b",
        "> configure a b\n ! configured\n ! pane_opened a\n ! conversation_started a cloud/big\n ! pane_opened b\n ! conversation_started b cloud/big\n > configure a b",
    );
}

#[test]
fn a_late_result_changes_nothing() {
    check(
        "configure research
         send research hello
         stopped research he
         answer research hello again
         fail research rate 1
         fetched research",
        "> configure research
         ! configured
         ! pane_opened research
         ! conversation_started research cloud/big
         > send research hello
         ! message_added m1 after -: hello
         ! turn_started
         ~ accepted
         ~ fetch m1
         > stopped research he
         ! turn_interrupted m2 after m1: he broken off
         > answer research hello again
         > fail research rate 1
         > fetched research",
    );
}

#[test]
fn only_what_has_not_begun_is_tried_again_by_itself() {
    check(
        "configure research
         send research hello
         fail research rate 1
         rested research
         fail research rate 4
         rested research
         send research again
         fail research cut 1 half an ans
         continue research
         fail research key 1",
        "> configure research
         ! configured
         ! pane_opened research
         ! conversation_started research cloud/big
         > send research hello
         ! message_added m1 after -: hello
         ! turn_started
         ~ accepted
         ~ fetch m1
         > fail research rate 1
         ~ tell: sim failed. Trying again
         ~ retry 2
         > rested research
         ~ fetch m1
         > fail research rate 4
         ! unanswered 1
         ! turn_failed
         > rested research
         > send research again
         ! message_added m2 after m1: again
         ! turn_started
         ~ accepted
         ~ fetch m1 m2
         > fail research cut 1 half an ans
         ! turn_failed m3 after m2: half an ans broken off
         > continue research
         ! turn_started
         ~ accepted
         ~ fetch m1 m2
         > fail research key 1
         ! unanswered 2
         ! turn_failed",
    );
}

#[test]
fn a_window_is_learned_from_an_overflow_and_then_known() {
    check(
        "configure research
         send research long
         fail research overflow 1
         send research longer
         fetched research
         assembled research 5000",
        "> configure research
         ! configured
         ! pane_opened research
         ! conversation_started research cloud/big
         > send research long
         ! message_added m1 after -: long
         ! turn_started
         ~ accepted
         ~ fetch m1
         > fail research overflow 1
         ! model_learned window Some(1024)
         ! turn_failed
         > send research longer
         ! message_added m2 after m1: longer
         ! turn_started
         ~ accepted
         ~ fetch m1 m2
         > fetched research
         ~ compute
         > assembled research 5000
         ! turn_failed",
    );
}

#[test]
fn a_prompt_made_from_old_bodies_is_made_again() {
    check(
        "configure research
         send research hello
         assembled-late research",
        "> configure research
         ! configured
         ! pane_opened research
         ! conversation_started research cloud/big
         > send research hello
         ! message_added m1 after -: hello
         ! turn_started
         ~ accepted
         ~ fetch m1
         > assembled-late research
         ~ fetch m1",
    );
}

#[test]
fn a_sealed_pane_asks_only_what_a_person_called_local() {
    check(
        "configure client=sealed
         send client secret
         model client llama/small
         send client secret",
        "> configure client=sealed
         ! configured
         ! pane_opened client
         ! conversation_started client cloud/big
         > send client secret
         ~ refused: Not sent: client is sealed, and cloud is not marked `local: true`. Choose a local model with Ctrl-X m, or mark the provider in config.yaml if it runs on this machine.
         > model client llama/small
         ! model_chosen llama/small
         ~ done
         ~ look at llama/small
         > send client secret
         ! message_added m1 after -: secret
         ! turn_started
         ~ accepted
         ~ fetch m1",
    );
}

#[test]
fn a_locality_tightens_with_the_file_and_never_loosens() {
    check(
        "configure client=guarded
         configure client=sealed
         configure client",
        "> configure client=guarded
         ! configured
         ! pane_opened client
         ! conversation_started client cloud/big
         > configure client=sealed
         ! configured
         ! conversation_configured sealed
         > configure client
         ! configured
         ~ tell: client stays sealed: workspace.yaml says open, and a locality never loosens by itself. Ctrl-X l, then its name, loosens it.",
    );
}

#[test]
fn a_question_can_be_asked_again_where_the_conversation_begins() {
    check(
        "configure research
         send research waht
         stopped research he
         begin research what
         answer research that
         send research and why",
        "> configure research
         ! configured
         ! pane_opened research
         ! conversation_started research cloud/big
         > send research waht
         ! message_added m1 after -: waht
         ! turn_started
         ~ accepted
         ~ fetch m1
         > stopped research he
         ! turn_interrupted m2 after m1: he broken off
         > begin research what
         ! message_added m3 after -: what
         ! turn_started
         ~ accepted
         ~ fetch m3
         > answer research that
         ! turn_ended m4 after m3: that
         > send research and why
         ! message_added m5 after m4: and why
         ! turn_started
         ~ accepted
         ~ fetch m3 m4 m5",
    );
}

#[test]
fn a_branch_begins_where_it_is_told_and_becomes_the_head() {
    check(
        "configure research
         send research one
         answer research two
         branch research 1 other
         answer research three
         send research four",
        "> configure research
         ! configured
         ! pane_opened research
         ! conversation_started research cloud/big
         > send research one
         ! message_added m1 after -: one
         ! turn_started
         ~ accepted
         ~ fetch m1
         > answer research two
         ! turn_ended m2 after m1: two
         > branch research 1 other
         ! message_added m3 after m1: other
         ! turn_started
         ~ accepted
         ~ fetch m1 m3
         > answer research three
         ! turn_ended m4 after m3: three
         > send research four
         ! message_added m5 after m4: four
         ! turn_started
         ~ accepted
         ~ fetch m1 m3 m4 m5",
    );
}

#[test]
fn what_makes_no_sense_is_refused_with_what_to_do() {
    check(
        "configure research
         send research  
         stop research
         continue research
         open research
         model research nobody/x
         send research hello
         send research too soon
         forget research
         quit",
        "> configure research
         ! configured
         ! pane_opened research
         ! conversation_started research cloud/big
         > send research
         ~ refused: There is nothing to send: the message is empty.
         > stop research
         ~ refused: Nothing runs in research.
         > continue research
         ~ refused: There is no message here to answer yet.
         > open research
         ~ refused: There is a pane `research` already.
         > model research nobody/x
         ~ refused: Not chosen: no provider `nobody` is configured. Choose a model with Ctrl-X m.
         > send research hello
         ! message_added m1 after -: hello
         ! turn_started
         ~ accepted
         ~ fetch m1
         > send research too soon
         ~ refused: research is still answering. Wait for it, or stop it with Ctrl-C.
         > forget research
         ~ refused: research is still answering. Wait for it, or stop it with Ctrl-C.
         > quit
         ~ cancel
         ~ done",
    );
}

#[test]
fn an_open_turn_found_at_the_start_was_interrupted_by_a_crash() {
    check(
        "configure research
         send research hello
         recover
         continue research",
        "> configure research
         ! configured
         ! pane_opened research
         ! conversation_started research cloud/big
         > send research hello
         ! message_added m1 after -: hello
         ! turn_started
         ~ accepted
         ~ fetch m1
         > recover
         ! turn_interrupted
         > continue research
         ! turn_started
         ~ accepted
         ~ fetch m1",
    );
}

#[test]
fn what_fits_is_learned_from_the_provider_itself_and_only_news_is_a_fact() {
    check(
        "configure research
         send research hello
         assembled research 20
         known cloud/big 4096
         known cloud/big 4096
         known cloud/big nothing
         answer research hi
         send research longer
         assembled research 9000",
        "> configure research
         ! configured
         ! pane_opened research
         ! conversation_started research cloud/big
         > send research hello
         ! message_added m1 after -: hello
         ! turn_started
         ~ accepted
         ~ fetch m1
         > assembled research 20
         ~ request cloud/big
         ~ look at cloud/big
         > known cloud/big 4096
         ! model_learned window Some(4096)
         > known cloud/big 4096
         > known cloud/big nothing
         > answer research hi
         ! turn_ended m2 after m1: hi
         > send research longer
         ! message_added m3 after m2: longer
         ! turn_started
         ~ accepted
         ~ fetch m1 m2 m3
         > assembled research 9000
         ! turn_failed",
    );
}

#[test]
fn what_cannot_fit_is_not_sent_as_the_model_counts() {
    // About 105 estimated tokens, of which the model counts 50: of 4,000 estimated ones fewer than two windows are left.
    let long = "fee ".repeat(75);
    let long = long.trim();
    for (tokens, end) in [(4_000, "~ request cloud/big"), (5_000, "! turn_failed")] {
        check(
            &format!(
                "configure-window 1024 off research
                 send research {long}
                 used research 50 10 Noted.
                 send research Go on.
                 assembled research {tokens}"
            ),
            &format!(
                "> configure-window 1024 off research
                 ! configured
                 ! pane_opened research
                 ! conversation_started research cloud/big
                 > send research {long}
                 ! message_added m1 after -: {long}
                 ! turn_started
                 ~ accepted
                 ~ fetch m1
                 > used research 50 10 Noted.
                 ! turn_ended m2 after m1: Noted.
                 ! model_learned window None
                 > send research Go on.
                 ! message_added m3 after m2: Go on.
                 ! turn_started
                 ~ accepted
                 ~ fetch m1 m2 m3
                 > assembled research {tokens}
                 {end}"
            ),
        );
    }
}
