//! What the screen tells: money, models in their order, questions that are offered.

use super::{Harness, Plan};
use crate::engine::event::Event;
use crate::engine::failure::{Failure, FailureKind};
use crate::engine::id::TurnId;
use crate::engine::message::Ending;
use crate::engine::op::Op;
use crate::engine::settings::Locality;
use crate::engine::spend::Spend;
use crate::tui::app::message::Message;
use crate::tui::app::{Command, Offer, Standing, Telling};
use crate::tui::theme::Theme;

fn spends(harness: &mut Harness, pane: &str, micro_usd: u64) {
    let conversation = harness.conversation(pane);
    let turn = TurnId::new(&harness.stand_in.env);
    harness.event(Event::Spent { conversation, turn, spend: Spend { micro_usd, estimated: false } });
}

#[test]
fn each_pane_says_what_it_cost_and_the_status_line_says_the_sum() {
    let mut harness = Harness::new();
    assert!(!harness.screen().contains('$') || !harness.screen().contains("$0.00"));
    spends(&mut harness, "drafting", 140_000);
    spends(&mut harness, "research", 1_000);
    spends(&mut harness, "research", 169_000);
    let screen = harness.screen();
    let (title, status) = (screen.lines().next().unwrap(), screen.lines().last().unwrap());
    assert!(title.contains("$0.17") && title.contains("$0.14"), "{title}");
    assert!(status.contains("$0.31   saved"), "{status}");
    harness.stand_in.engine.workspace.settings.spend_limit = Some(2_000_000);
    let settings = harness.stand_in.engine.workspace.settings.clone();
    harness.event(Event::Configured { settings });
    assert!(harness.screen().contains("$0.31 of $2.00"));
}

#[test]
fn a_gathered_question_is_only_an_offer() {
    let mut harness = Harness::new();
    harness.keys("<C-x>3<C-x>g<Enter>");
    assert!(harness.draft("synthesis").starts_with("What do these agree on"));
    harness.keys("Who is cheapest?");
    assert_eq!(harness.draft("synthesis"), "Who is cheapest?");
    assert_eq!(harness.app.pane("synthesis").unwrap().composer.attachments.len(), 1, "what was gathered stays");
    harness.keys("<C-c><C-x>g<Enter><Enter>");
    let sent = harness.posted.iter().rev().find_map(|op| match op {
        Op::Send { text, .. } => Some(text.clone()),
        _ => None,
    });
    assert!(sent.is_some_and(|text| text.starts_with("What do these agree on")), "Enter takes it");
}

#[test]
fn the_sample_gives_way_to_what_is_typed() {
    let offline = |name| (name, Locality::Open, "offline");
    let mut harness = Harness::of(&Plan { panes: vec![offline("research")], messages: 0, ..Plan::default() });
    assert!(harness.draft("research").contains("@sample/offers.md"));
    harness.keys("My own question");
    assert_eq!(harness.draft("research"), "My own question");
}

#[test]
fn models_are_listed_by_how_near_they_are() {
    let mut harness = Harness::new();
    harness.keys("<C-x>m");
    let offer = |model: &str, local, state: &str, standing| Offer {
        model: model.parse().unwrap(),
        window: None,
        local,
        state: state.to_owned(),
        setup: None,
        standing,
    };
    harness.message(Message::Offers(vec![
        offer("anthropic/…", false, "no key: export ANTHROPIC_API_KEY=…", Standing::NoKey),
        offer("groq/…", false, "GROQ_API_KEY found, unused", Standing::KeyFound),
        offer("openai/gpt-5", false, "refused: 401", Standing::Fails),
        offer("ollama/qwen3", true, "answers (38 ms)", Standing::Found),
        offer("mistral/large", false, "answers (80 ms)", Standing::Ready),
    ]));
    let screen = harness.screen();
    let rows =
        ["llama/smollm2", "mistral/large", "ollama/qwen3", "offline · ext", "openai/gpt-5  ", "groq/…", "anthropic/…"];
    let places: Vec<usize> = rows
        .iter()
        .map(|row| screen.lines().position(|line| line.contains(&format!("│   {row}"))).unwrap_or(usize::MAX))
        .collect();
    assert!(places.is_sorted() && places.iter().all(|place| *place != usize::MAX), "{places:?}\n{screen}");
}

fn telling(bell: bool, osc: bool, title: bool) -> Harness {
    Harness::of(&Plan { telling: Telling { bell, osc, title }, ..Plan::default() })
}

fn told(harness: &Harness) -> Vec<(bool, Option<&str>)> {
    let mut told = Vec::new();
    for command in &harness.commands {
        if let Command::Tell { bell, text } = command {
            told.push((*bell, text.as_deref()));
        }
    }
    told
}

fn failed() -> Ending {
    Ending::Failed { failure: Failure::new(FailureKind::RateLimited, "openai answered 429: secret words.") }
}

#[test]
fn what_happens_in_one_moment_elsewhere_is_told_once() {
    let mut harness = telling(true, true, false);
    harness.streams("drafting", "secret").ends("drafting", &Ending::Complete);
    harness.streams("synthesis", "").ends("synthesis", &failed()).pass(1_000);
    assert_eq!(told(&harness), [(true, Some("synthesis has failed · drafting has finished"))]);
}

#[test]
fn nothing_is_told_of_the_pane_that_is_looked_at() {
    let mut harness = telling(true, true, true);
    harness.streams("research", "Here.").ends("research", &Ending::Complete).pass(1_000);
    assert_eq!(told(&harness), []);
    harness.message(Message::Focus(true));
    harness.streams("research", "Here.").ends("research", &Ending::Complete).pass(1_000);
    assert_eq!(told(&harness), []);
    harness.streams("drafting", "There.").ends("drafting", &Ending::Complete).pass(1_000);
    assert_eq!(told(&harness), [(true, None)], "on the terminal that is looked at, the badge says which");
}

#[test]
fn with_the_terminal_out_of_focus_every_pane_is_told_until_somebody_comes_back() {
    let mut harness = telling(false, true, true);
    harness.message(Message::Focus(false));
    harness.streams("research", "Here.").ends("research", &Ending::Complete).pass(1_000);
    assert_eq!(told(&harness), [(false, Some("research has finished"))]);
    assert!(harness.commands.contains(&Command::Title("trialogue · trio · 1 done".to_owned())));
    harness.streams("drafting", "").ends("drafting", &failed());
    harness.message(Message::Focus(true));
    harness.pass(1_000);
    assert_eq!(told(&harness).len(), 1, "whoever came back sees it");
    assert_eq!(harness.commands.last(), Some(&Command::Title("trialogue · trio · 1 failed".to_owned())));
    harness.keys("<C-x>2");
    assert_eq!(harness.commands.last(), Some(&Command::Title("trialogue · trio".to_owned())));
}

#[test]
fn a_refusal_elsewhere_waits_for_the_person() {
    let mut harness = telling(true, true, true);
    harness.stand_in.refuse = Some("Not sent: drafting is still answering.".to_owned());
    harness.keys("<C-x>aWhy?<Tab>13<Enter>").pass(1_000);
    assert_eq!(told(&harness), [(true, Some("drafting needs you"))]);
    assert!(harness.screen().contains("! needs you"), "{}", harness.screen());
}

#[test]
fn what_is_switched_off_is_never_told() {
    let mut harness = telling(false, false, false);
    harness.message(Message::Focus(false));
    harness.streams("drafting", "There.").ends("drafting", &failed()).pass(5_000);
    assert!(!harness.commands.iter().any(|command| matches!(command, Command::Tell { .. } | Command::Title(_))));
}

fn themes() -> Vec<(String, Theme)> {
    Theme::names().map(|name| (name.to_owned(), Theme::builtin(name).unwrap())).collect()
}

#[test]
fn a_theme_is_worn_while_it_is_chosen_and_kept_on_enter_alone() {
    let mut harness = Harness::new();
    let (dark, light) = (Theme::builtin("trialogue-dark").unwrap(), Theme::builtin("trialogue-light").unwrap());
    harness.keys("<C-x>t");
    assert_eq!(harness.commands.last(), Some(&Command::Themes));
    harness.message(Message::Themes(themes()));
    assert!(harness.screen().contains("trialogue-dark"));
    harness.keys("light");
    assert_eq!(harness.app.theme, light, "it is worn while it is chosen");
    harness.keys("<Esc>");
    assert_eq!(harness.app.theme, dark);
    harness.keys("<C-x>t");
    harness.message(Message::Themes(themes()));
    harness.keys("light<C-c>");
    assert_eq!((&harness.app.theme, harness.app.dialogs.len()), (&dark, 0));
    harness.keys("<C-x>t");
    harness.message(Message::Themes(themes()));
    harness.keys("light<Enter>");
    assert_eq!(harness.app.theme, light);
    assert!(harness.screen().contains("trialogue-light is kept for this workspace."), "{}", harness.screen());
    assert_eq!(crate::tui::app::kept_theme(&harness.stand_in.view).as_deref(), Some("trialogue-light"));
}
