//! Every exit that text has, a row each: what would leave through it from an open, a guarded and a sealed pane.
//!
//! To add an exit, write how text goes through it as a function and give it a row in [`PANES`], if it leads into another
//! pane, or in [`PROVIDERS`], if it leads to another provider.

use super::stage::{CLIENT, Stage, settings, text_of};
use crate::engine::brief::{Draft, Fields, Quote, Return};
use crate::engine::event::Event;
use crate::engine::failure::FailureKind;
use crate::engine::input::Input;
use crate::engine::message::Attachment;
use crate::engine::op::{LocalityChange, Op, Reply};
use crate::engine::redaction::Judgement;
use crate::engine::settings::{Failover, Locality, PaneSettings};

/// What stands at the other end, or why nothing does.
type Through = Result<String, String>;

/// An exit that leads into another pane.
struct PaneExit {
    name: &'static str,
    /// Takes the last answer of `client` into `desk`, out of the sealed panes that are named.
    go: fn(&mut Stage, unseal: Vec<String>) -> Through,
    sealed: Sealed,
}

/// What a sealed pane's text does at this exit.
#[derive(Clone, Copy, PartialEq)]
enum Sealed {
    /// It stays, unless the pane's name is typed.
    TypedName,
    /// It stays.
    Stays,
    /// It isn't the pane's own text: only its names are hidden.
    OnlyNames,
}

const PANES: [PaneExit; 6] = [
    PaneExit { name: "brief", go: brief, sealed: Sealed::TypedName },
    PaneExit { name: "quoted passage", go: passage, sealed: Sealed::TypedName },
    PaneExit { name: "report", go: report, sealed: Sealed::Stays },
    PaneExit { name: "gather", go: gather, sealed: Sealed::TypedName },
    PaneExit { name: "assist", go: assist, sealed: Sealed::Stays },
    PaneExit { name: "shared objective", go: objective, sealed: Sealed::OnlyNames },
];

const TEXT: &str = "Halvorsen AS asked for yearly terms; write to anna@halvorsen.example.";
const UNKNOWN: &str = "Halvorsen AS was recommended by Brightwater.";
const SECRET: &str = "Halvorsen AS uses ghp_0a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R.";

fn briefed(stage: &mut Stage, unseal: Vec<String>, passage: Option<String>) -> Through {
    let quote = Quote { conversation: stage.conversation("client"), message: stage.last("client").id, passage };
    let draft = Draft {
        from: vec![stage.conversation("client")],
        to: vec![stage.conversation("desk")],
        fields: Fields { objective: "Sum it up".to_owned(), ..Fields::default() },
        context: vec![quote],
        returns: Return::None,
        supersedes: None,
        unseal,
        seed: None,
        proposed_from: Locality::default(),
    };
    match stage.op(Op::Brief { draft: Box::new(draft), dry_run: false }) {
        Reply::Briefs { sent, .. } if !sent.is_empty() => asked(stage),
        Reply::Briefs { composed, .. } => Err(composed[0].held().unwrap()),
        Reply::Refused(refusal) => Err(refusal.message),
        other => panic!("{other:?}"),
    }
}

fn brief(stage: &mut Stage, unseal: Vec<String>) -> Through {
    briefed(stage, unseal, None)
}

fn passage(stage: &mut Stage, unseal: Vec<String>) -> Through {
    let text = stage.last("client").text();
    briefed(stage, unseal, Some(text))
}

fn report(stage: &mut Stage, _: Vec<String>) -> Through {
    reported(stage, "What do you know?")
}

/// The desk asks the client, which answers with what it said last.
fn reported(stage: &mut Stage, objective: &str) -> Through {
    let text = stage.last("client").text();
    let draft = Draft {
        from: vec![stage.conversation("desk")],
        to: vec![stage.conversation("client")],
        fields: Fields { objective: objective.to_owned(), ..Fields::default() },
        context: Vec::new(),
        returns: Return::Auto,
        supersedes: None,
        unseal: Vec::new(),
        seed: None,
        proposed_from: Locality::default(),
    };
    let Reply::Briefs { sent, .. } = stage.op(Op::Brief { draft: Box::new(draft), dry_run: false }) else { panic!() };
    assert_eq!(sent.len(), 1);
    stage.answers("client", &text);
    let desk = stage.engine.shown("desk").unwrap();
    if desk.header.head.is_none() {
        return Err(stage.notices.last().cloned().unwrap_or_else(|| "the report stays".to_owned()));
    }
    let op = stage.send("desk", "Go on.");
    stage.op(op);
    asked(stage)
}

fn gather(stage: &mut Stage, unseal: Vec<String>) -> Through {
    let attachments = gathered(stage, unseal)?;
    let conversation = stage.conversation("desk");
    stage.op(Op::Send { conversation, text: "Compare.".to_owned(), attachments, parent: None });
    asked(stage)
}

fn gathered(stage: &mut Stage, unseal: Vec<String>) -> Result<Vec<Attachment>, String> {
    let quote = Quote { conversation: stage.conversation("client"), message: stage.last("client").id, passage: None };
    match stage.op(Op::Gather { into: stage.conversation("desk"), from: vec![quote], unseal }) {
        Reply::Gathered { attachments, .. } if !attachments.is_empty() => Ok(attachments),
        Reply::Gathered { holds, .. } => Err(format!("Not gathered: {}", holds[0])),
        Reply::Refused(refusal) => Err(refusal.message),
        other => panic!("{other:?}"),
    }
}

/// A brief of the desk quotes the client, and the desk's model is asked to propose its fields.
fn assist(stage: &mut Stage, _: Vec<String>) -> Through {
    let quote = Quote { conversation: stage.conversation("client"), message: stage.last("client").id, passage: None };
    stage.assist("desk", Fields::default(), vec![quote])?;
    let text = asked(stage)?;
    let op = stage.send("desk", "Go on.");
    stage.op(op);
    Ok(text)
}

fn objective(stage: &mut Stage, _: Vec<String>) -> Through {
    let mut settings = stage.engine.workspace.settings.clone();
    settings.objective = Some(stage.last("client").text());
    stage.tell(Input::Configured(settings));
    let op = stage.send("desk", "Go on.");
    stage.op(op);
    stage.failure().map_or_else(|| asked(stage), Err)
}

/// What the desk's provider was handed last.
fn asked(stage: &Stage) -> Through {
    let request = stage.requests.last().filter(|request| request.model.provider == "cloud");
    request.map(text_of).ok_or_else(|| "no request".to_owned())
}

fn hides(text: &str) -> bool {
    !text.to_lowercase().contains("halvorsen") && text.contains("[CLIENT_1")
}

#[test]
fn open_text_crosses_as_it_is() {
    for exit in PANES {
        let text = (exit.go)(&mut Stage::knowing(Locality::Open, TEXT), Vec::new()).unwrap();
        assert!(text.contains(TEXT), "{}: {text}", exit.name);
    }
}

#[test]
fn guarded_text_crosses_only_under_pseudonyms() {
    for exit in PANES {
        let mut stage = Stage::knowing(Locality::Guarded, TEXT);
        let text = (exit.go)(&mut stage, Vec::new()).unwrap();
        assert!(hides(&text), "{}: {text}", exit.name);
        let table = &stage.engine.workspace.tables[&stage.conversation("desk")];
        assert!(table.entries.iter().any(|entry| entry.value == CLIENT), "{}: the way back is kept", exit.name);
        // From now on nobody says it there by name, nor by an alias.
        stage.answers("desk", "Fine.");
        for name in ["halvorsen as", "Halvorsen"] {
            let op = stage.send("desk", &format!("What about {name}?"));
            assert!(stage.refusal(op).contains("Write [CLIENT_1"), "{}", exit.name);
        }
    }
}

#[test]
fn what_stands_openly_in_the_receiver_holds_the_crossing_that_would_lock_it() {
    for PaneExit { name, go, .. } in PANES.into_iter().filter(|exit| exit.name != "shared objective") {
        let mut stage = Stage::knowing(Locality::Guarded, TEXT);
        stage.says("desk", "Who is Halvorsen?", "I don't know.");
        let gone = go(&mut stage, Vec::new());
        // A report comes by itself: why it doesn't is told.
        let held = if name == "report" { stage.notices.last().cloned().unwrap() } else { gone.expect_err(name) };
        let told = "the value of [CLIENT_1] stands openly in m1 of desk, which couldn't be asked on after this: begin";
        assert!(held.contains(told), "{name}: {held}");
        if name == "report" {
            stage.answers("desk", "I'll wait.");
        }
        stage.says("desk", "Is Halvorsen AS a vendor?", "Perhaps.");
        assert!(asked(&stage).unwrap().contains("Is Halvorsen AS a vendor?"), "{name}");
        // A fresh conversation there reads it under a pseudonym.
        stage.op(Op::NewConversation { pane: "desk".to_owned() });
        assert!(hides(&go(&mut stage, Vec::new()).unwrap()), "{name}");
    }
    let mut stage = Stage::knowing(Locality::Guarded, TEXT);
    let body = "An offer for Halvorsen AS.".into();
    let Reply::Attached(attachment) = stage.op(Op::Attach { name: "offer.md".to_owned(), body }) else { panic!() };
    let conversation = stage.conversation("desk");
    stage.op(Op::Send { conversation, text: "Read.".to_owned(), attachments: vec![attachment], parent: None });
    stage.answers("desk", "Fine.");
    assert!(
        brief(&mut stage, Vec::new()).unwrap_err().contains("openly in m1 of desk"),
        "an attached file is read too"
    );
}

#[test]
fn what_an_asker_said_openly_comes_back_openly_from_a_guarded_receiver() {
    let mut stage = Stage::knowing(Locality::Guarded, TEXT);
    let text = reported(&mut stage, "What does Halvorsen AS want?").unwrap();
    assert!(text.contains("Halvorsen AS asked for yearly terms") && !text.contains("anna@"), "{text}");
    stage.answers("desk", "Fine.");
    stage.says("desk", "What does Halvorsen AS pay?", "Nothing.");
}

#[test]
fn an_unknown_name_and_a_secret_hold_what_is_guarded() {
    for exit in PANES {
        for (text, why) in [(UNKNOWN, "`Brightwater`"), (SECRET, "secret")] {
            let mut stage = Stage::knowing(Locality::Guarded, text);
            let requests = stage.requests.len();
            let held = (exit.go)(&mut stage, Vec::new()).expect_err(exit.name);
            assert!(held.contains(why), "{}: {held}", exit.name);
            let left: String =
                stage.requests[requests..].iter().filter(|r| r.model.provider == "cloud").map(text_of).collect();
            assert!(!left.contains("Brightwater") && !left.contains("ghp_") && !left.contains("Halvorsen"), "{left}");
        }
        let mut judged = Stage::knowing(Locality::Guarded, UNKNOWN);
        judged.op(Op::Judge { word: "Brightwater".to_owned(), judgement: Judgement::Mask });
        let text = (exit.go)(&mut judged, Vec::new()).unwrap();
        assert!(hides(&text) && text.contains("[NAME_1]") && !text.contains("Brightwater"), "{}: {text}", exit.name);
    }
}

#[test]
fn sealed_text_stays_but_by_its_typed_name_which_is_journaled() {
    for exit in PANES {
        let mut stage = Stage::knowing(Locality::Sealed, TEXT);
        let gone = (exit.go)(&mut stage, Vec::new());
        if exit.sealed == Sealed::OnlyNames {
            assert!(hides(&gone.unwrap()), "{}", exit.name);
            continue;
        }
        let stays = gone.expect_err(exit.name);
        assert!(stays.contains("client is sealed") || stays == "the report stays", "{}: {stays}", exit.name);
        assert!(stage.requests.iter().all(|request| request.model.provider == "llama"), "{}", exit.name);
        let wrong = (exit.go)(&mut Stage::knowing(Locality::Sealed, TEXT), vec!["Client".to_owned()]);
        assert!(wrong.is_err(), "{}: another name opens nothing", exit.name);
        if exit.sealed == Sealed::TypedName {
            let mut stage = Stage::knowing(Locality::Sealed, TEXT);
            let text = (exit.go)(&mut stage, vec!["client".to_owned()]).unwrap();
            assert!(hides(&text), "{}: {text}", exit.name);
            let is_journaled = stage.facts.iter().any(|fact| match fact {
                Event::BriefSent { brief } => brief.unsealed == ["client"],
                Event::Gathered { unsealed, .. } => *unsealed == ["client"],
                _ => false,
            });
            assert!(is_journaled, "{}", exit.name);
        }
    }
}

/// An exit that leads to another provider.
struct ProviderExit {
    name: &'static str,
    /// Asks in `client` so that its text would go to `other`.
    go: fn(&mut Stage),
}

const PROVIDERS: [ProviderExit; 8] = [
    ProviderExit { name: "model switch", go: switch },
    ProviderExit { name: "regenerate elsewhere", go: regenerate },
    ProviderExit { name: "assist", go: assist_elsewhere },
    ProviderExit { name: "failover", go: failover },
    ProviderExit { name: "shown in another pane", go: shown_elsewhere },
    ProviderExit { name: "move that a person makes", go: moved },
    ProviderExit { name: "move by itself", go: moved_by_itself },
    ProviderExit { name: "handoff written by another provider", go: written_elsewhere },
];

fn switch(stage: &mut Stage) {
    let conversation = stage.conversation("client");
    stage.op(Op::ChooseModel { conversation, model: "other/a".parse().unwrap() });
    let op = stage.send("client", "And now?");
    stage.op(op);
}

fn regenerate(stage: &mut Stage) {
    let conversation = stage.conversation("client");
    stage.op(Op::ChooseModel { conversation, model: "other/a".parse().unwrap() });
    stage.op(Op::Continue { conversation });
}

/// The client's own brief, proposed by another provider's model.
fn assist_elsewhere(stage: &mut Stage) {
    let conversation = stage.conversation("client");
    stage.op(Op::ChooseModel { conversation, model: "other/a".parse().unwrap() });
    let _ = stage.assist("client", Fields::default(), Vec::new());
}

fn failover(stage: &mut Stage) {
    let op = stage.send("client", "And now?");
    stage.op(op);
    if stage.engine.shown("client").unwrap().header.turn.is_some() {
        stage.fails("client", FailureKind::Unauthorized, 1);
    }
}

/// Its provider leaves turns unanswered, and nobody may answer a single one instead.
fn left_unanswered(stage: &mut Stage, turns: u32) {
    for _ in 0..turns {
        let op = stage.send("client", "And now?");
        stage.op(op);
        while stage
            .engine
            .shown("client")
            .unwrap()
            .header
            .turn
            .as_ref()
            .is_some_and(|turn| turn.model.provider == "llama")
        {
            stage.fails("client", FailureKind::Unauthorized, 1);
        }
    }
}

fn moved(stage: &mut Stage) {
    left_unanswered(stage, 1);
    let conversation = stage.conversation("client");
    stage.op(Op::Stop { conversation });
    stage.op(Op::Move { conversation, to: None });
}

fn moved_by_itself(stage: &mut Stage) {
    let mut settings = stage.engine.workspace.settings.clone();
    settings.failover = Failover::Move;
    stage.tell(Input::Configured(settings));
    left_unanswered(stage, 3);
}

/// The conversation is handed off; its own provider fails to write the narrative.
fn written_elsewhere(stage: &mut Stage) {
    let conversation = stage.conversation("client");
    stage.says("client", "Sum it up.", &"Halvorsen AS wants yearly terms and nothing else. ".repeat(40));
    stage.asides_fail = 1;
    stage.tell(Input::Op {
        from: crate::engine::input::Asker(1),
        op: Op::Handoff { conversation, extractive: false, draft: false },
    });
}

fn shown_elsewhere(stage: &mut Stage) {
    let conversation = stage.conversation("client");
    stage.op(Op::ShowConversation { pane: "desk".to_owned(), conversation });
    let mut settings = stage.engine.workspace.settings.clone();
    settings.panes[1].1.model = Some("other/a".parse().unwrap());
    settings.panes[1].1.providers = vec!["other".to_owned()];
    // The file is read again: what `desk` says now is not the conversation's own pane's word.
    stage.tell(Input::Configured(settings));
    let text = "And now?".to_owned();
    stage.op(Op::Send { conversation, text, attachments: Vec::new(), parent: None });
}

/// Which providers were handed text of `client`.
fn reached(locality: Locality, providers: &[&str], go: fn(&mut Stage)) -> Vec<String> {
    let mut settings = settings(locality);
    settings.fallback = vec!["other/a".parse().unwrap()];
    settings.panes[0].1.providers = providers.iter().map(|name| (*name).to_owned()).collect();
    let mut stage = Stage::new(settings);
    stage.says("client", "What do we know?", TEXT);
    let before = stage.requests.len();
    go(&mut stage);
    let mut reached: Vec<String> = stage.requests[before..].iter().map(|r| r.model.provider.clone()).collect();
    reached.dedup();
    reached
}

#[test]
fn text_goes_to_another_provider_only_where_its_pane_names_it() {
    for exit in PROVIDERS {
        let away = |reached: &[String]| reached.iter().any(|provider| provider == "other");
        for locality in [Locality::Guarded, Locality::Sealed] {
            let gone = reached(locality, &["llama"], exit.go);
            assert!(!away(&gone), "{} of {locality}: {gone:?}", exit.name);
        }
        let sealed = reached(Locality::Sealed, &["llama", "other"], exit.go);
        assert!(!away(&sealed), "{}: a list opens no seal: {sealed:?}", exit.name);
        let named = reached(Locality::Guarded, &["llama", "other"], exit.go);
        let stays = exit.name == "shown in another pane";
        assert_eq!(away(&named), !stays, "{}: {named:?}", exit.name);
    }
    let unnamed = reached(Locality::Guarded, &[], failover);
    assert_eq!(unnamed, ["llama"], "nothing leaves this machine by itself");
}

#[test]
fn what_was_masked_for_one_pane_is_for_no_other() {
    let mut settings = settings(Locality::Guarded);
    settings.panes.push(("third".to_owned(), PaneSettings::default()));
    let mut stage = Stage::new(settings);
    stage.says("client", "What do we know?", TEXT);
    let attachments = gathered(&mut stage, Vec::new()).unwrap();
    let third = stage.conversation("third");
    let op = |attachments| Op::Send { conversation: third, text: "Read.".to_owned(), attachments, parent: None };
    let refused = stage.refusal(op(attachments.clone()));
    assert!(refused.contains("gathered for another conversation"), "{refused}");
    // Whatever a client calls it, the text is known by its hash.
    let renamed = Attachment { name: "notes.md".to_owned(), ..attachments[0].clone() };
    assert!(stage.refusal(op(vec![renamed])).contains("gathered for another conversation"));
}

#[test]
fn a_file_or_a_paste_with_a_name_that_is_hidden_here_is_refused_before_it_is_kept() {
    let mut stage = Stage::knowing(Locality::Guarded, TEXT);
    gather(&mut stage, Vec::new()).unwrap();
    stage.answers("desk", "Fine.");
    let messages = stage.messages().len();
    let conversation = stage.conversation("desk");
    for (name, body) in [("offer.md", "For HALVORSEN as."), ("halvorsen_as.md", "An offer.")] {
        let body = body.into();
        let Reply::Attached(attachment) = stage.op(Op::Attach { name: name.to_owned(), body }) else { panic!() };
        let text = "Read.".to_owned();
        let refused = stage.refusal(Op::Send { conversation, text, attachments: vec![attachment], parent: None });
        assert!(refused.contains("[CLIENT_1") && !refused.contains("HALVORSEN"), "{refused}");
    }
    let message = stage.last("desk").id;
    let pinned = stage.refusal(Op::Pin { conversation, message, text: "Halvorsen".to_owned() });
    assert!(pinned.contains("[CLIENT_1"), "{pinned}");
    assert_eq!(stage.messages().len(), messages, "nothing of it is kept");
    let body = "For [CLIENT_1].".into();
    let Reply::Attached(attachment) = stage.op(Op::Attach { name: "offer.md".to_owned(), body }) else { panic!() };
    let text = "Read.".to_owned();
    let sent = stage.op(Op::Send { conversation, text, attachments: vec![attachment], parent: None });
    assert!(matches!(sent, Reply::Accepted { .. }), "{sent:?}");
}

#[test]
fn a_role_that_says_a_hidden_name_stops_the_request() {
    let mut stage = Stage::knowing(Locality::Guarded, TEXT);
    gather(&mut stage, Vec::new()).unwrap();
    stage.answers("desk", "Fine.");
    let mut settings = stage.engine.workspace.settings.clone();
    settings.panes[1].1.role = "You work for Halvorsen.".to_owned();
    stage.tell(Input::Configured(settings));
    let requests = stage.requests.len();
    let op = stage.send("desk", "Go on.");
    stage.op(op);
    assert_eq!(stage.requests.len(), requests);
    assert!(stage.failure().unwrap().contains("stands in the role, notes and pins"), "{:?}", stage.failure());
}

#[test]
fn what_is_tightened_while_a_turn_waits_counts_before_its_next_try() {
    let mut stage = Stage::new(settings(Locality::Guarded));
    let conversation = stage.conversation("client");
    stage.op(Op::ChooseModel { conversation, model: "cloud/big".parse().unwrap() });
    let op = stage.send("client", "For Halvorsen AS.");
    stage.op(op);
    assert_eq!(stage.requests.len(), 1);
    stage.op(Op::Locality { conversation, change: LocalityChange::To { locality: Locality::Sealed }, typed: None });
    stage.fails("client", FailureKind::RateLimited, 1);
    assert_eq!(stage.requests.len(), 1, "sealed text is not sent again to where it went before");
    assert!(stage.failure().unwrap().contains("client is sealed"));
}

#[test]
fn the_examples_objectives_can_be_told_to_every_pane() {
    for text in ["Decide on a vendor by Friday", "Find the answer that survives three independent readings"] {
        let mut settings = settings(Locality::Guarded);
        settings.objective = Some(text.to_owned());
        let mut stage = Stage::new(settings);
        for pane in ["client", "desk"] {
            let op = stage.send(pane, "hello");
            stage.op(op);
            assert_eq!(stage.failure(), None);
            assert!(text_of(stage.requests.last().unwrap()).contains(text));
        }
    }
}

/// A guarded pane in the cloud whose `providers` name nobody; the fallback is another cloud.
fn in_the_cloud(locality: Locality) -> Stage {
    let mut settings = settings(locality);
    settings.fallback = vec!["other/a".parse().unwrap()];
    settings.panes[0].1.model = Some("cloud/big".parse().unwrap());
    settings.panes[1].1.model = Some("llama/small".parse().unwrap());
    Stage::new(settings)
}

#[test]
fn a_guarded_conversation_moves_to_whom_its_pane_does_not_name_only_under_pseudonyms() {
    let mut stage = in_the_cloud(Locality::Guarded);
    stage.says("client", "What do we know of Halvorsen?", TEXT);
    let conversation = stage.conversation("client");
    let message = stage.last("client").id;
    stage.op(Op::Pin { conversation, message, text: TEXT.to_owned() });
    let op = stage.send("client", "And Halvorsen's terms?");
    stage.op(op);
    stage.fails("client", FailureKind::Unauthorized, 1);
    assert!(stage.requests.iter().all(|request| request.model.provider == "cloud"), "a single turn isn't passed on");
    stage.op(Op::Move { conversation, to: Some("other/a".parse().unwrap()) });
    let request = stage.requests.last().unwrap();
    let text = text_of(request);
    assert_eq!(request.model.to_string(), "other/a");
    assert!(hides(&text) && !text.contains("anna@"), "{text}");
    assert_eq!(text.matches("[CLIENT_1").count(), 4, "the whole history, the pin and the question: {text}");
    // An answer under pseudonyms stays under the same ones, and the person goes on writing the real names.
    stage.answers("client", "[CLIENT_1] wants yearly terms.");
    stage.says("client", "Tell Halvorsen AS that.", "Done.");
    let text = text_of(stage.requests.last().unwrap());
    assert!(hides(&text) && text.contains("[CLIENT_1] wants yearly") && text.contains("Tell [CLIENT_1]"), "{text}");
    assert!(!text.contains("[TEXT_"), "no pseudonym is masked again: {text}");
    // Back home it stays so: what was hidden once isn't told openly again.
    stage.op(Op::MoveBack { conversation });
    let op = stage.send("client", "Halvorsen once more?");
    stage.op(op);
    let request = stage.requests.last().unwrap();
    assert_eq!(request.model.to_string(), "cloud/big");
    assert!(hides(&text_of(request)), "{}", text_of(request));
    assert_eq!(
        stage.failure().as_deref(),
        Some("It failed. Not passed on to other/a: client is guarded, and its `providers` don't name other.")
    );
}

#[test]
fn a_move_under_pseudonyms_waits_for_names_nobody_has_judged_and_for_secrets() {
    for (text, why) in [(UNKNOWN, "`Brightwater`"), (SECRET, "secret")] {
        let mut stage = in_the_cloud(Locality::Guarded);
        stage.says("client", "What do we know?", text);
        let op = stage.send("client", "And now?");
        stage.op(op);
        stage.fails("client", FailureKind::Unauthorized, 1);
        let conversation = stage.conversation("client");
        stage.op(Op::Move { conversation, to: None });
        assert!(stage.requests.iter().all(|request| request.model.provider == "cloud"));
        assert!(stage.failure().unwrap().contains(why), "{:?}", stage.failure());
    }
}

#[test]
fn what_moved_under_pseudonyms_is_handed_off_without_a_model_and_goes_on_under_them() {
    let mut stage = in_the_cloud(Locality::Guarded);
    let long = "Halvorsen AS wants yearly terms and nothing else. ".repeat(120);
    stage.says("client", "What do we know?", &long);
    let op = stage.send("client", "And now?");
    stage.op(op);
    stage.fails("client", FailureKind::Unauthorized, 1);
    let conversation = stage.conversation("client");
    stage.op(Op::Move { conversation, to: None });
    stage.answers("client", "Fine.");
    let before = stage.requests.len();
    assert!(matches!(stage.op(Op::Handoff { conversation, extractive: false, draft: false }), Reply::HandedOff { .. }));
    assert_eq!(stage.requests.len(), before, "no model reads it as it is");
    let op = stage.send("client", "And Halvorsen?");
    stage.op(op);
    let request = stage.requests.last().unwrap();
    assert!(request.model.provider == "other" && hides(&text_of(request)), "{}", text_of(request));
}
