//! What turns cost, and the limit.

use super::story::{Story, answer, settings};
use crate::engine::effect::Effect;
use crate::engine::input::{Answer, Input};
use crate::engine::message::Usage;
use crate::engine::model::ModelFacts;
use crate::engine::spend::Spend;

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
    let mut story = Story::new();
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
