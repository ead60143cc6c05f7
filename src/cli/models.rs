//! `trialogue models`: what can be reached, what it costs, and why not.

use serde::Serialize;

use crate::config::user::UserConfig;
use crate::engine::model::{ModelFacts, ModelRef, OFFLINE};
use crate::provider::discovery::{Ask, KeyState, Offer, Reach, Surroundings, discover};

use super::args::JsonArgs;
use super::desk::Desk;
use super::exit::Exit;
use super::out::{Out, notice};

/// Asks the configured providers and the usual ports of this machine, and lists what they say.
pub(super) async fn run(desk: &Desk, args: &JsonArgs) -> anyhow::Result<Exit> {
    let offers = discover(&desk.registry(), &Surroundings::here(), Ask::Configured).await;
    let mut rows = vec![Row::offline()];
    let named: Vec<&ModelRef> = named(&desk.user);
    for offer in &offers {
        rows.extend(Row::of(offer));
        rows.extend(named.iter().filter(|model| offer.lacks(model)).map(|model| Row::unlisted(offer, model)));
    }
    for row in &mut rows {
        // What a person wrote of a model goes before what its server and the catalogue say.
        let written = desk.user.models.iter().find(|(model, _)| model.to_string() == row.model);
        if let Some((_, entry)) = written {
            entry.over(&mut row.facts);
        }
    }
    let mut out = Out::new();
    if args.json {
        for row in &rows {
            out.json(row)?;
        }
        return Ok(Exit::Done);
    }
    let widest = rows.iter().map(|row| row.model.chars().count()).max().unwrap_or(0);
    for row in &rows {
        let (window, price) = (row.window_text(), row.price_text());
        out.line(&format!("{:widest$}  {window:>7}  {price:>15}  {:12}  {}", row.model, row.place, row.state))?;
    }
    if rows.iter().any(|row| row.facts.usd_in.is_some()) {
        notice("Prices are US dollars per million tokens, in/out.");
    }
    Ok(Exit::Done)
}

/// The models that the configuration names, each once.
fn named(user: &UserConfig) -> Vec<&ModelRef> {
    let mut named: Vec<&ModelRef> = Vec::new();
    let written = user.models.iter().map(|(model, _)| model);
    for model in std::iter::once(&user.model).chain(&user.fallback).chain(written) {
        if !named.contains(&model) {
            named.push(model);
        }
    }
    named
}

/// One model, or one provider that lists none.
#[derive(Serialize)]
struct Row {
    model: String,
    configured: bool,
    place: &'static str,
    #[serde(flatten)]
    facts: ModelFacts,
    state: String,
}

impl Row {
    fn offline() -> Self {
        Self {
            model: OFFLINE.to_owned(),
            configured: true,
            place: "local",
            facts: ModelFacts::default(),
            state: "quotes and sorts text, no language model".to_owned(),
        }
    }

    fn of(offer: &Offer) -> Vec<Self> {
        let row = |model: String, facts: ModelFacts| Self {
            model,
            configured: offer.is_configured,
            place: place(offer),
            facts,
            state: state(offer),
        };
        // What isn't configured and wasn't asked is one line: its whole catalogue would bury the rest.
        let is_brief = offer.models.is_empty() || (!offer.is_configured && offer.reach == Reach::Unasked);
        if is_brief {
            return vec![row(format!("{}/…", offer.provider), ModelFacts::default())];
        }
        let models = offer.models.iter();
        models.map(|model| row(format!("{}/{}", offer.provider, model.id), model.facts.clone())).collect()
    }

    /// A model that the configuration names, and that its provider doesn't list.
    fn unlisted(offer: &Offer, model: &ModelRef) -> Self {
        Self {
            model: model.to_string(),
            configured: true,
            place: place(offer),
            facts: ModelFacts::default(),
            state: format!("{} doesn't list it: is the name right?", offer.provider),
        }
    }

    fn window_text(&self) -> String {
        match self.facts.window {
            None => "–".to_owned(),
            Some(tokens) if tokens >= 10_000 => format!("{}k", tokens / 1000),
            Some(tokens) => tokens.to_string(),
        }
    }

    /// US dollars per million tokens, in and out.
    fn price_text(&self) -> String {
        match (self.facts.usd_in, self.facts.usd_out) {
            (Some(input), Some(output)) => format!("${input:.2}/${output:.2}"),
            _ => "–".to_owned(),
        }
    }
}

/// Where it runs, as far as a person said so.
fn place(offer: &Offer) -> &'static str {
    match (offer.config.local, offer.is_loopback) {
        (true, _) => "local",
        (false, true) => "this machine",
        (false, false) => "cloud",
    }
}

fn state(offer: &Offer) -> String {
    let key = match &offer.key {
        KeyState::Unneeded | KeyState::Command => None,
        KeyState::Found(variable) if offer.is_configured => Some(format!("{variable} is set")),
        KeyState::Found(variable) => Some(format!("{variable} found, unused")),
        KeyState::Missing(_) => offer.export().map(|line| format!("no key: {line}")),
    };
    let reach = match &offer.reach {
        Reach::Unasked => None,
        Reach::Answers(time) => Some(format!("answers ({} ms)", time.as_millis())),
        Reach::Fails(failure) => Some(failure.to_string()),
    };
    let configured = (!offer.is_configured).then(|| "not in config.yaml".to_owned());
    let said: Vec<String> = [reach, key, configured].into_iter().flatten().collect();
    said.join(" · ")
}
