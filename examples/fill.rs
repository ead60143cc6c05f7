//! Fills a workspace with messages, to see how the program does with a long history.
//!
//! `cargo run --example fill -- FOLDER 2000` puts 2,000 messages into each pane of trio; a third argument names the
//! model that they go on with, such as `llama/smollm2`.

#![expect(clippy::unwrap_used, clippy::expect_used, reason = "an example stops where it fails")]

use std::path::PathBuf;

use trialogue::engine::Engine;
use trialogue::engine::id::{Env, Ids};
use trialogue::engine::input::{Answer, Asker, Input};
use trialogue::engine::message::Part;
use trialogue::engine::model::{ModelFacts, ModelRef};
use trialogue::engine::op::Op;
use trialogue::engine::settings::{PaneSettings, ProviderFacts, Settings};
use trialogue::engine::time::Timestamp;
use trialogue::store::{Access, Journal as _, SqliteJournal};

const ANSWER: &str = "The offers differ in what a seat includes.\n\n| vendor | per seat |\n|---|--:|\n| Northwind | $31 |\n\
                      | Contoso | $28 |\n\n- yearly terms are *cheaper*\n- `set-up` is waived by one of them\n";

fn main() {
    let mut arguments = std::env::args().skip(1);
    let folder = PathBuf::from(arguments.next().expect("a folder"));
    let count: u32 = arguments.next().expect("how many messages in each pane").parse().unwrap();
    let default_model = arguments.next().map_or_else(ModelRef::offline, |model| model.parse().expect("a model"));
    let mut journal = SqliteJournal::open(&folder, Access::Write).unwrap();
    let panes = ["research", "drafting", "synthesis"].map(|name| (name.to_owned(), PaneSettings::default()));
    // So wide that nothing is handed off.
    let facts = ModelFacts { window: Some(u32::MAX), ..ModelFacts::default() };
    let settings = Settings {
        panes: panes.into(),
        providers: [(default_model.provider.clone(), ProviderFacts { local: true })].into(),
        models: [(default_model.to_string(), facts)].into(),
        default_model,
        ..Settings::default()
    };
    let mut engine = Engine::default();
    let mut now = 1_700_000_000_000;
    let ids = Ids::seeded(1);
    let mut tell = |engine: &mut Engine, inputs: Vec<Input>| {
        let mut events = Vec::new();
        now += 1_000;
        let env = Env { now: Timestamp::from_millis(now), ids: ids.fork() };
        for input in inputs {
            let decision = engine.decide(input, &env);
            decision.events.iter().for_each(|event| engine.apply(event));
            events.extend(decision.events);
        }
        journal.commit(env.now, &events).unwrap();
    };
    tell(&mut engine, vec![Input::Configured(settings)]);
    for number in 0..count / 2 {
        for conversation in engine.conversations.keys().copied().collect::<Vec<_>>() {
            let text =
                format!("Question {number}: what do the three vendors charge per seat, and what happens at renewal?");
            let op = Op::Send { conversation, text, attachments: Vec::new(), parent: None };
            tell(&mut engine, vec![Input::Op { from: Asker(1), op }]);
            let turn = engine.conversations[&conversation].header.turn.as_ref().expect("a turn").id;
            let answer = Answer { parts: vec![Part::text(ANSWER)], ..Answer::default() };
            tell(&mut engine, vec![Input::Answered { conversation, turn, answer }]);
        }
    }
}
