//! Tables: a script of what is asked and what comes back, and what the engine decides, a line each.
//!
//! Identities are written as letters in the order they appear, so that a table reads without looking anything up.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::Engine;
use super::effect::Effect;
use super::event::Event;
use super::failure::{Failure, FailureKind};
use super::id::{ConversationId, Env, Ids, TurnId};
use super::input::{Answer, Asker, Input};
use super::message::{Ending, Interruption, Message, Part, Usage};
use super::model::ModelFacts;
use super::op::{Forgotten, Op, Reply};
use super::prompt::Assembled;
use super::settings::{Locality, PaneSettings, ProviderFacts, Settings};
use super::spend::Spend;
use super::time::Timestamp;

struct Story {
    engine: Engine,
    env: Env,
    out: String,
    messages: Vec<Message>,
    last_turn: Option<(ConversationId, TurnId)>,
}

/// Runs a script and compares what was decided.
fn check(script: &str, expected: &str) {
    let env = Env { now: Timestamp::from_millis(1_000), ids: Ids::seeded(1) };
    let mut story = Story { engine: Engine::default(), env, out: String::new(), messages: Vec::new(), last_turn: None };
    for line in script.lines().map(str::trim).filter(|line| !line.is_empty()) {
        let input = story.input(line);
        let _ = writeln!(story.out, "> {line}");
        story.tell(input);
    }
    let lines = |text: &str| text.lines().map(str::trim).filter(|l| !l.is_empty()).collect::<Vec<_>>().join("\n");
    assert_eq!(lines(&story.out), lines(expected), "\n--- decided ---\n{}", story.out);
}

impl Story {
    fn conversation(&self, pane: &str) -> ConversationId {
        self.engine.workspace.pane(pane).and_then(|pane| pane.conversation).unwrap_or_else(|| panic!("no pane {pane}"))
    }

    /// The running turn of a pane, or the last one that ran anywhere, to play a late result.
    fn turn(&self, pane: &str) -> (ConversationId, TurnId) {
        let running = self.engine.shown(pane).and_then(|shown| shown.header.turn.clone());
        running.map(|turn| (self.conversation(pane), turn.id)).or(self.last_turn).expect("a turn")
    }

    fn input(&mut self, line: &str) -> Input {
        let words: Vec<&str> = line.split(' ').collect();
        let op = |op| Input::Op { from: Asker(1), op };
        match *words {
            ["configure", ref panes @ ..] => Input::Configured(settings(panes)),
            ["send", pane, ref text @ ..] => op(Op::Send {
                conversation: self.conversation(pane),
                text: text.join(" "),
                attachments: Vec::new(),
                parent: None,
            }),
            ["branch", pane, number, ref text @ ..] => {
                let number: u32 = number.parse().unwrap();
                let parent = self.messages.iter().find(|message| message.number == number).map(|message| message.id);
                op(Op::Send {
                    conversation: self.conversation(pane),
                    text: text.join(" "),
                    attachments: Vec::new(),
                    parent,
                })
            }
            ["continue", pane] => op(Op::Continue { conversation: self.conversation(pane) }),
            ["stop", pane] => op(Op::Stop { conversation: self.conversation(pane) }),
            ["quit"] => op(Op::StopAll { by: Interruption::Shutdown }),
            ["new", pane] => op(Op::NewConversation { pane: pane.to_owned() }),
            ["open", pane] => op(Op::OpenPane { pane: pane.to_owned(), settings: PaneSettings::default() }),
            ["model", pane, model] => {
                op(Op::ChooseModel { conversation: self.conversation(pane), model: model.parse().unwrap() })
            }
            ["forget", pane] => op(Op::Forget(Forgotten::Conversation { conversation: self.conversation(pane) })),
            ["fetched", pane] => {
                let (conversation, turn) = self.turn(pane);
                let messages = self.messages.clone();
                Input::Fetched { conversation, turn, messages, attachments: BTreeMap::default() }
            }
            ["assembled", pane, tokens] => {
                let (conversation, turn) = self.turn(pane);
                let version = self.engine.conversations[&conversation].header.version;
                self.computed(conversation, turn, version, tokens.parse().unwrap())
            }
            ["assembled-late", pane] => {
                let (conversation, turn) = self.turn(pane);
                self.computed(conversation, turn, 0, 10)
            }
            ["answer", pane, ref text @ ..] => {
                let (conversation, turn) = self.turn(pane);
                Input::Answered { conversation, turn, answer: answer(&text.join(" ")) }
            }
            ["fail", pane, kind, attempt, ref text @ ..] => {
                let (conversation, turn) = self.turn(pane);
                let failure = Failure::new(failure(kind), "sim failed.");
                let so_far = if text.is_empty() { Answer::default() } else { answer(&text.join(" ")) };
                Input::Failed { conversation, turn, attempt: attempt.parse().unwrap(), failure, so_far }
            }
            ["stopped", pane, ref text @ ..] => {
                let (conversation, turn) = self.turn(pane);
                Input::Stopped { conversation, turn, by: Interruption::Person, so_far: answer(&text.join(" ")) }
            }
            ["configure-fallback", chain, providers, ref panes @ ..] => {
                let mut settings = settings(panes);
                settings.fallback = chain.split(',').map(|model| model.parse().unwrap()).collect();
                settings.models = [(
                    "cloud/tiny".to_owned(),
                    super::model::ModelFacts { window: Some(2), ..super::model::ModelFacts::default() },
                )]
                .into();
                for (_, pane) in &mut settings.panes {
                    pane.providers = providers.split(',').filter(|name| *name != "any").map(str::to_owned).collect();
                }
                Input::Configured(settings)
            }
            ["known", model, window] => Input::Known {
                model: model.parse().unwrap(),
                facts: super::model::ModelFacts { window: window.parse().ok(), ..super::model::ModelFacts::default() },
            },
            ["recover"] => Input::Recovered(Vec::new()),
            _ => panic!("no such step: {line}"),
        }
    }

    fn computed(&self, conversation: ConversationId, turn: TurnId, version: u64, tokens: u32) -> Input {
        let request = super::prompt::Request {
            model: self.engine.conversations[&conversation].header.model.clone(),
            pane: "research".to_owned(),
            system: "".into(),
            said: Vec::new(),
            max_output: None,
            limits: super::prompt::Limits::default(),
        };
        Input::Computed {
            conversation,
            turn,
            version,
            assembled: Assembled { request, tokens, missing: Vec::new(), leaked: None },
        }
    }

    fn tell(&mut self, input: Input) {
        let decision = self.engine.decide(input, &self.env);
        for event in &decision.events {
            let _ = writeln!(self.out, "! {}", self.event(event));
            self.messages.extend(event.message().cloned());
            if let Event::TurnStarted { conversation, turn, .. } = event {
                self.last_turn = Some((*conversation, *turn));
            }
            self.engine.apply(event);
        }
        // What is asked beside the turn has tests of its own.
        for effect in &decision.effects {
            let _ = writeln!(self.out, "~ {}", self.effect(effect));
        }
    }

    fn event(&self, event: &Event) -> String {
        let kind = event.kind();
        match event {
            Event::ConversationStarted { pane, model, .. } => format!("{kind} {pane} {model}"),
            Event::ModelChosen { model, .. } | Event::TurnPassed { model, .. } => format!("{kind} {model}"),
            Event::ModelLearned { facts, .. } => format!("{kind} window {:?}", facts.window),
            Event::PaneOpened { pane, .. } => format!("{kind} {pane}"),
            Event::ConversationConfigured { settings, .. } => format!("{kind} {}", settings.locality),
            event => match event.message() {
                Some(message) => {
                    let parent = message.parent.and_then(|id| self.messages.iter().find(|m| m.id == id));
                    let parent = parent.map_or_else(|| "-".to_owned(), |parent| format!("m{}", parent.number));
                    let ending = if message.ending == Ending::Complete { "" } else { " broken off" };
                    format!("{kind} m{} after {parent}: {}{ending}", message.number, message.text())
                }
                None => kind.to_owned(),
            },
        }
    }

    fn effect(&self, effect: &Effect) -> String {
        match effect {
            Effect::Reply { reply: Reply::Refused(refusal), .. } => format!("refused: {}", refusal.message),
            Effect::Reply { reply, .. } => {
                let json = serde_json::to_value(reply).unwrap();
                json["reply"].as_str().unwrap().to_owned()
            }
            Effect::Fetch { messages, .. } => {
                let numbers = messages.iter().filter_map(|id| self.messages.iter().find(|message| message.id == *id));
                format!("fetch {}", numbers.map(|message| format!("m{}", message.number)).collect::<Vec<_>>().join(" "))
            }
            Effect::Compute { .. } => "compute".to_owned(),
            Effect::Request { request, .. } => format!("request {}", request.model),
            Effect::Look { model } => format!("look at {model}"),
            Effect::Cancel { .. } => "cancel".to_owned(),
            Effect::Retry { attempt, .. } => format!("retry {attempt}"),
            Effect::Tell { notice, .. } => format!("tell: {}", notice.split(" in ").next().unwrap()),
            Effect::Erase { .. } => "erase".to_owned(),
            other => format!("{other:?}"),
        }
    }
}

fn answer(text: &str) -> Answer {
    Answer { parts: vec![Part::text(text)], ..Answer::default() }
}

fn failure(kind: &str) -> FailureKind {
    match kind {
        "rate" => FailureKind::RateLimited,
        "key" => FailureKind::Unauthorized,
        "cut" => FailureKind::CutOff,
        "gone" => FailureKind::NotFound,
        "unpaid" => FailureKind::Unpaid,
        "slow" => FailureKind::TimedOut,
        "down" => FailureKind::Unavailable,
        "refused" => FailureKind::Rejected,
        "overflow" => FailureKind::Overflow { needed: Some(1_500), window: Some(1_024) },
        _ => panic!("no such failure: {kind}"),
    }
}

/// Panes as `name` or `name=locality`.
fn settings(panes: &[&str]) -> Settings {
    let pane = |text: &&str| {
        let (name, locality) = text.split_once('=').unwrap_or((text, "open"));
        let locality = match locality {
            "sealed" => Locality::Sealed,
            "guarded" => Locality::Guarded,
            _ => Locality::Open,
        };
        (name.to_owned(), PaneSettings { locality, ..PaneSettings::default() })
    };
    Settings {
        panes: panes.iter().map(pane).collect(),
        default_model: "cloud/big".parse().unwrap(),
        providers: [
            ("cloud".to_owned(), ProviderFacts { local: false }),
            ("other".to_owned(), ProviderFacts { local: false }),
            ("llama".to_owned(), ProviderFacts { local: true }),
        ]
        .into(),
        ..Settings::default()
    }
}

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
         fail research rate 4
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
         > fail research rate 4
         ! turn_failed
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
         ~ tell: client stays sealed: workspace.yaml says open, and a locality never loosens by itself. Start a new conversation with Ctrl-X n to have it open.",
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
         ~ refused: research is still answering. Stop it first.
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

/// What the engine decides at the end of a script whose first lines are a configuration and a message.
fn decided_last(script: &str) -> Vec<String> {
    let env = Env { now: Timestamp::from_millis(1_000), ids: Ids::seeded(1) };
    let mut story = Story { engine: Engine::default(), env, out: String::new(), messages: Vec::new(), last_turn: None };
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
        let env = Env { now: Timestamp::from_millis(1_000), ids: Ids::seeded(1) };
        let mut story =
            Story { engine: Engine::default(), env, out: String::new(), messages: Vec::new(), last_turn: None };
        for line in [configured, model, "send p hello"] {
            let input = story.input(line);
            story.tell(input);
        }
        let input = story.input("fail p down 4");
        let decision = story.engine.decide(input, &story.env);
        match &decision.events[..] {
            [Event::TurnFailed { failure, .. }] => failure.message.clone(),
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

/// One answer in `research`, as the provider measured it.
fn measured(story: &mut Story, input: u32, output: u32) -> Vec<Effect> {
    let sent = story.input("send research Hi");
    story.tell(sent);
    let (conversation, turn) = story.turn("research");
    let usage = Usage { input, output, ..Usage::default() };
    let answer = Answer { usage: Some(usage), ..answer("Hello.") };
    let decision = story.engine.decide(Input::Answered { conversation, turn, answer }, &story.env);
    decision.events.iter().for_each(|event| story.engine.apply(event));
    decision.effects
}

fn paid_story(limit: Option<u64>, facts: ModelFacts) -> Story {
    let env = Env { now: Timestamp::from_millis(1_000), ids: Ids::seeded(1) };
    let mut story = Story { engine: Engine::default(), env, out: String::new(), messages: Vec::new(), last_turn: None };
    let mut settings = settings(&["research"]);
    settings.spend_limit = limit;
    settings.models.insert("cloud/big".to_owned(), facts);
    story.tell(Input::Configured(settings));
    story
}

fn priced() -> ModelFacts {
    ModelFacts { window: Some(8_000), usd_in: Some(2.0), usd_out: Some(10.0), ..ModelFacts::default() }
}

#[test]
fn what_an_answer_costs_is_a_fact() {
    let mut story = paid_story(None, priced());
    measured(&mut story, 1_000, 100);
    assert_eq!(story.engine.spend(), Spend { micro_usd: 3_000, estimated: false });
    measured(&mut story, 2_000, 0);
    assert_eq!(story.engine.spend().micro_usd, 7_000);
    assert_eq!(story.engine.overview().conversations[0].spend.micro_usd, 7_000);
}

#[test]
fn a_limit_refuses_the_turn_that_would_go_beyond_it() {
    let mut story = paid_story(Some(10_000), priced());
    measured(&mut story, 4_000, 0);
    let sent = story.input("send research More");
    story.tell(sent);
    let told = story.out.lines().last().unwrap_or_default();
    assert!(told.contains("Not sent: <$0.01 of this workspace's limit of $0.01 is spent."), "{told}");
}

#[test]
fn a_limit_cannot_be_kept_where_the_price_is_unknown() {
    let mut story = paid_story(Some(10_000), ModelFacts::default());
    let sent = story.input("send research Hi");
    story.tell(sent);
    let told = story.out.lines().last().unwrap_or_default();
    assert!(told.contains("nobody has told what cloud/big costs"), "{told}");
}
