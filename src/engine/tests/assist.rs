//! Assist: what a pane's model is asked to propose for a brief, what of its answer is proposed, and what it costs.

use super::stage::{CLIENT, Stage, settings, text_of};
use super::story::answer;
use crate::engine::brief::{Draft, Fields, Quote, Return};
use crate::engine::event::Event;
use crate::engine::failure::FailureKind;
use crate::engine::input::{Answer, Input};
use crate::engine::message::{Ending, Usage};
use crate::engine::model::ModelFacts;
use crate::engine::op::{LocalityChange, Op, Reply};
use crate::engine::settings::Locality;

const ANSWER: &str = "## Objective\nCompare the offers.\n## Done when\nEvery price is named.\n## Constraints\n- No \
                      adjectives.\n## Expected output\nA table";

fn objective(text: &str) -> Fields {
    Fields { objective: text.to_owned(), ..Fields::default() }
}

/// The desk has asked its cloud for something.
fn desk() -> Stage {
    let mut stage = Stage::new(settings(Locality::Guarded));
    stage.says("desk", "What do the vendors charge?", "Northwind asks 31 dollars a seat.");
    stage
}

fn quote(stage: &Stage, pane: &str) -> Quote {
    Quote { conversation: stage.conversation(pane), message: stage.last(pane).id, passage: None }
}

#[track_caller]
fn fields(reply: Reply) -> Fields {
    match reply {
        Reply::Proposed { fields, .. } => fields,
        other => panic!("no proposals: {other:?}"),
    }
}

#[track_caller]
fn why(reply: Reply) -> String {
    match reply {
        Reply::Refused(refusal) => refusal.message,
        other => panic!("not refused: {other:?}"),
    }
}

#[test]
fn empty_fields_are_proposed_from_what_was_said_and_nothing_becomes_of_the_conversation() {
    let mut stage = desk();
    let before = (stage.facts.len(), stage.engine.shown("desk").unwrap().header.clone());
    stage.assist("desk", objective("Compare"), Vec::new()).unwrap();
    let request = stage.requests.last().unwrap().clone();
    let text = text_of(&request);
    assert!(text.contains("· desk m1, person") && text.contains("Northwind asks 31 dollars a seat."), "{text}");
    assert!(text.contains("Objective: Compare") && !text.contains("## Objective"), "{text}");
    assert_eq!(request.model.to_string(), "cloud/big");
    let proposed = fields(stage.proposes(answer(ANSWER)));
    assert_eq!(proposed.objective, "", "what a person wrote is not proposed");
    assert_eq!((proposed.done_when.as_str(), proposed.expected.as_str()), ("Every price is named.", "A table"));
    assert_eq!(proposed.constraints, ["No adjectives."]);
    assert_eq!(before, (stage.facts.len(), stage.engine.shown("desk").unwrap().header.clone()));
}

#[test]
fn marked_messages_are_read_in_place_of_the_newest() {
    let mut stage = desk();
    let marked = quote(&stage, "desk");
    stage.says("desk", "And at renewal?", "Ten percent more.");
    stage.assist("desk", Fields::default(), vec![marked]).unwrap();
    let text = text_of(stage.requests.last().unwrap());
    assert!(text.contains("31 dollars") && !text.contains("Ten percent") && !text.contains("m1, person"), "{text}");
}

#[test]
fn whoever_cannot_answer_isnt_asked_and_it_says_what_to_do() {
    let mut stage = desk();
    let conversation = stage.conversation("desk");
    let full = Fields {
        constraints: vec!["c".to_owned()],
        done_when: "d".to_owned(),
        expected: "e".to_owned(),
        ..objective("o")
    };
    let held = stage.assist("desk", full, Vec::new()).unwrap_err();
    assert!(held.contains("every field is written"), "{held}");
    let mut empty = Stage::new(settings(Locality::Open));
    let held = empty.assist("desk", Fields::default(), Vec::new()).unwrap_err();
    assert!(held.contains("nothing was said here yet"), "{held}");
    assert!(empty.assist("desk", objective("Compare prices"), Vec::new()).is_ok(), "an objective is enough to go on");
    stage.op(Op::ChooseModel { conversation, model: "offline".parse().unwrap() });
    let held = stage.assist("desk", Fields::default(), Vec::new()).unwrap_err();
    assert_eq!(
        held,
        "Nothing was proposed: offline is no language model. Ctrl-X m chooses one, Ctrl-X t fills in a template."
    );
    stage.op(Op::ChooseModel { conversation, model: "cloud/big".parse().unwrap() });
    let requests = stage.requests.len();
    stage.op(Op::Locality { conversation, change: LocalityChange::To { locality: Locality::Sealed }, typed: None });
    let held = stage.assist("desk", Fields::default(), Vec::new()).unwrap_err();
    assert!(held.starts_with("Nothing was proposed: desk is sealed, and cloud is not marked"), "{held}");
    let mut gone = settings(Locality::Open);
    gone.providers.remove("cloud");
    let mut stage_without = Stage::new(gone);
    let held = stage_without.assist("desk", objective("Compare"), Vec::new()).unwrap_err();
    assert_eq!(held, "Nothing was proposed: no provider `cloud` is configured. Choose a model with Ctrl-X m.");
    assert_eq!(stage.requests.len(), requests);
}

#[test]
fn an_answer_of_nothing_a_refusal_and_a_failure_change_nothing_and_say_so() {
    for (answer, expected) in [
        (answer("the the the the"), "answered nothing that can be used"),
        (answer(""), "answered nothing that can be used"),
        (answer("I'm sorry, I can't help with that."), "answered nothing that can be used"),
        (Answer { ending: Ending::Refused, ..answer(ANSWER) }, "refused to answer"),
    ] {
        let mut stage = desk();
        stage.assist("desk", Fields::default(), Vec::new()).unwrap();
        let told = why(stage.proposes(answer));
        assert!(told.starts_with("Nothing was proposed: cloud/big ") && told.contains(expected), "{told}");
        assert!(told.ends_with("Try again, or choose another model with Ctrl-X m."), "{told}");
    }
    let mut stage = desk();
    stage.assist("desk", Fields::default(), Vec::new()).unwrap();
    assert_eq!(
        why(stage.proposes_not(FailureKind::Unreachable, Answer::default())),
        "Nothing was proposed. cloud failed."
    );
    // What came whole before it broke off was paid for.
    stage.assist("desk", Fields::default(), Vec::new()).unwrap();
    let begun = answer("## Objective\nCompare the offers.\n## Done when\nEvery pri");
    let proposed = fields(stage.proposes_not(FailureKind::CutOff, begun));
    assert_eq!(proposed, objective("Compare the offers."));
}

#[test]
fn a_request_that_is_given_up_answers_whoever_asked_and_a_new_one_takes_its_place() {
    let mut stage = desk();
    let conversation = stage.conversation("desk");
    stage.assist("desk", Fields::default(), Vec::new()).unwrap();
    assert_eq!(stage.op(Op::StopAssist { conversation }), Reply::Done);
    assert_eq!(stage.op(Op::StopAssist { conversation }), Reply::Done, "twice is as good");
}

#[test]
fn what_it_costs_is_spent_and_a_limit_refuses_it() {
    let mut costly = settings(Locality::Open);
    costly.spend_limit = Some(10_000);
    let facts = ModelFacts { window: Some(8_000), usd_in: Some(2.0), usd_out: Some(10.0), ..ModelFacts::default() };
    costly.models.insert("cloud/big".to_owned(), facts);
    let mut stage = Stage::new(costly);
    stage.says("desk", "Hello?", "Hello.");
    let before = stage.engine.spend().micro_usd;
    stage.assist("desk", Fields::default(), Vec::new()).unwrap();
    let usage = Some(Usage { input: 4_000, output: 200, ..Usage::default() });
    fields(stage.proposes(Answer { usage, ..answer(ANSWER) }));
    assert_eq!(stage.engine.spend().micro_usd, before + 10_000);
    let held = stage.assist("desk", Fields::default(), Vec::new()).unwrap_err();
    assert!(held.contains("of this workspace's limit of $0.01 is spent"), "{held}");
}

#[test]
fn guarded_names_come_back_in_the_proposals_and_the_brief_stays_as_hidden_as_they_were() {
    let mut stage = Stage::knowing(Locality::Guarded, "Halvorsen AS asked for yearly terms.");
    let quoted = quote(&stage, "client");
    stage.assist("desk", Fields::default(), vec![quoted]).unwrap();
    let text = text_of(stage.requests.last().unwrap());
    let pseudonym = "[CLIENT_1]";
    assert!(text.contains(pseudonym) && !text.to_lowercase().contains("halvorsen"), "{text}");
    let reply = stage.proposes(answer("## Objective\nSum up what [client 1] wants, and [CLIENT_7] too."));
    let Reply::Proposed { fields, from, .. } = reply else { panic!("{reply:?}") };
    assert_eq!(fields.objective, format!("Sum up what {CLIENT} wants, and [CLIENT_7] too."));
    assert_eq!(from, Locality::Guarded);
    // The person unmarks the client's message: the objective still goes under a pseudonym.
    let mut settings = stage.engine.workspace.settings.clone();
    settings.panes.push(("third".to_owned(), crate::engine::settings::PaneSettings::default()));
    stage.tell(Input::Configured(settings));
    let draft = Draft {
        from: vec![stage.conversation("desk")],
        to: vec![stage.conversation("third")],
        fields: objective(&format!("Sum up what {CLIENT} wants.")),
        context: Vec::new(),
        returns: Return::None,
        supersedes: None,
        unseal: Vec::new(),
        seed: None,
        proposed_from: from,
    };
    let Reply::Briefs { composed, sent } = stage.op(Op::Brief { draft: Box::new(draft), dry_run: false }) else {
        panic!()
    };
    assert_eq!(sent.len(), 1, "{:?}", composed[0].held());
    assert!(
        !composed[0].payload.contains(CLIENT) && composed[0].payload.contains("[CLIENT_"),
        "{}",
        composed[0].payload
    );
}

#[test]
fn a_guarded_pane_s_own_model_reads_real_names_and_a_name_it_must_not_read_is_not_asked_about() {
    let mut stage = Stage::knowing(Locality::Guarded, "Halvorsen AS asked for yearly terms.");
    stage.assist("client", Fields::default(), Vec::new()).unwrap();
    let request = stage.requests.last().unwrap();
    assert!(text_of(request).contains(CLIENT) && request.model.provider == "llama");
    let quoted = quote(&stage, "client");
    stage.assist("desk", Fields::default(), vec![quoted.clone()]).unwrap();
    let requests = stage.requests.len();
    let held = stage.assist("desk", objective("About halvorsen as"), vec![quoted]).unwrap_err();
    assert!(held.contains("Write [CLIENT_1") && !held.to_lowercase().contains("halvorsen"), "{held}");
    assert_eq!(stage.requests.len(), requests);
}

#[test]
fn what_is_tightened_while_it_is_made_ready_is_not_asked() {
    let mut stage = desk();
    let conversation = stage.conversation("desk");
    // The request is ready, and the locality changes before the engine hears of it.
    let op = Op::Assist { conversation, fields: Fields::default(), context: Vec::new() };
    let env = crate::engine::id::Env {
        now: crate::engine::time::Timestamp::from_millis(9),
        ids: crate::engine::id::Ids::seeded(3),
    };
    let asked = stage.engine.decide(Input::Op { from: crate::engine::input::Asker(2), op }, &env);
    let asking = asked.effects.into_iter().find_map(|effect| match effect {
        crate::engine::effect::Effect::Assist { aside, asking } => Some((aside, asking)),
        _ => None,
    });
    let (aside, asking) = asking.expect("it is made ready");
    let ready = asking.ready(&stage.bodies());
    stage.op(Op::Locality { conversation, change: LocalityChange::To { locality: Locality::Sealed }, typed: None });
    let requests = stage.requests.len();
    stage.tell(Input::AssistReady { aside, asking, ready });
    assert_eq!(stage.requests.len(), requests);
    assert!(!stage.facts.iter().any(|fact| matches!(fact, Event::TableGrown { .. })));
}

#[test]
fn a_name_that_the_model_reads_openly_already_is_not_hidden_from_it_by_asking() {
    let mut stage = Stage::knowing(Locality::Guarded, "Halvorsen AS asked for yearly terms.");
    stage.says("desk", "What does Halvorsen AS do?", "It builds ships.");
    let quoted = quote(&stage, "client");
    let requests = stage.requests.len();
    let held = stage.assist("desk", Fields::default(), vec![quoted]).unwrap_err();
    assert!(held.starts_with("Nothing was proposed: ") && held.contains("desk"), "{held}");
    assert_eq!(stage.requests.len(), requests);
    assert!(stage.engine.workspace.tables.is_empty(), "and desk can be asked on");
}
