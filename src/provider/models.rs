//! Which models a server has, and their windows where it tells them in one place or another.

use serde_json::Value;

use crate::engine::failure::Failure;

use super::catalog;
use super::endpoint::{self, Endpoint};
use super::listing::{self, Listed};

/// Asks for the list that stands below the base URL at this path.
pub(super) async fn list(endpoint: &Endpoint, path: &str, query: &[(&str, &str)]) -> Result<Vec<Listed>, Failure> {
    let mut answer = endpoint.get(path, query).await?;
    if !answer.is_good() {
        return Err(endpoint.refusal(answer).await.0);
    }
    let value = endpoint::json(&mut answer.response, &answer.teller).await?;
    let mut models = listing::read(&value).ok_or_else(|| answer.teller.foreign("JSON that lists no models"))?;
    for model in &mut models {
        let known = catalog::at_host(endpoint.address.host(), &model.id);
        model.facts = model.facts.completed_by(&known);
    }
    Ok(models)
}

/// Asks servers on this machine where they keep the window, if the list doesn't have it: llama.cpp tells that of its one
/// model under `/props`, LM Studio those of all under `/api/v0/models`.
pub(super) async fn ask_beside(endpoint: &Endpoint, models: &mut [Listed]) {
    let is_known = |models: &[Listed]| models.iter().all(|model| model.facts.window.is_some());
    if !endpoint.address.is_loopback() || is_known(models) {
        return;
    }
    if let [only] = &mut *models
        && let Some(props) = beside(endpoint, "/props").await
    {
        only.facts.window = props.pointer("/default_generation_settings/n_ctx").and_then(listing::tokens);
    }
    if is_known(models) {
        return;
    }
    let told = beside(endpoint, "/api/v0/models").await.and_then(|value| listing::read(&value)).unwrap_or_default();
    for model in models {
        if let Some(same) = told.iter().find(|told| told.id == model.id) {
            model.facts = model.facts.completed_by(&same.facts);
        }
    }
}

async fn beside(endpoint: &Endpoint, path: &str) -> Option<Value> {
    let mut answer = endpoint.get_at_root(path).await.ok().filter(endpoint::Answer::is_good)?;
    endpoint::json(&mut answer.response, &answer.teller).await.ok()
}
