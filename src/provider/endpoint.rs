//! One provider's place on the network: address, key, limiter and client, for the protocols to speak through.

use std::sync::Arc;

use reqwest::header::{HeaderMap, HeaderName, HeaderValue, LOCATION};
use reqwest::{Method, Response, Url};
use serde_json::Value;

use crate::config::provider::{ProviderConfig, ProviderKind};
use crate::engine::failure::{Failure, FailureKind};

use super::Patience;
use super::address::Address;
use super::client::Clients;
use super::complaint::Complaint;
use super::errors::Teller;
use super::keys::{self, Key, Keys};
use super::limiter::{Limiter, Place};
use super::wire::Wire;

/// The most that is read of an answer that isn't a stream, in bytes.
const LONGEST_BODY: usize = 8_000_000;

/// The most that is read of an answer that refuses.
const LONGEST_COMPLAINT: usize = 65_536;

/// The variables that may name a proxy for https.
const PROXIES: [&str; 4] = ["HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"];

/// Where requests to one provider go.
#[derive(Debug)]
pub(super) struct Endpoint {
    /// The provider's name in the configuration.
    pub(super) name: String,
    /// Its base URL.
    pub(super) address: Address,
    keys: Keys,
    clients: Arc<Clients>,
    limiter: Arc<Limiter>,
    patience: Patience,
    wire: &'static Wire,
    /// Whether a person said that nothing leaves this machine there.
    pub(super) is_local: bool,
}

impl Endpoint {
    /// The place that this configuration describes. Nothing is read, built or sent yet.
    pub(super) fn new(
        name: &str,
        config: &ProviderConfig,
        address: Address,
        clients: Arc<Clients>,
        limiter: Arc<Limiter>,
    ) -> Self {
        let mut patience = Patience { first: config.first_byte(), idle: config.idle() };
        if address.is_loopback() && config.first_byte_seconds.is_none() {
            // A model on this machine may spend minutes on a long prompt, whether a person vouched for it or not.
            patience.first = ProviderConfig { local: true, ..config.clone() }.first_byte();
        }
        let keys = Keys::new(name, config.key.clone());
        let (name, wire, is_local) = (name.to_owned(), Wire::of(config.kind), config.local);
        Self { name, address, keys, clients, limiter, patience, wire, is_local }
    }

    /// How long to wait for it.
    pub(super) fn patience(&self) -> Patience {
        self.patience
    }

    /// Waits for a place among the requests under the same key, or says how long everybody has to wait.
    pub(super) async fn enter(&self) -> Result<Place, Failure> {
        let place = self.limiter.enter().await;
        match self.limiter.pause_left() {
            None => Ok(place),
            Some(left) => {
                let seconds = left.as_secs() + 1;
                let message = format!("{} asked for a pause: {seconds} s are left. Nothing was sent.", self.name);
                Err(Failure::new(FailureKind::RateLimited, message).after(Some(left)))
            }
        }
    }

    /// Sends JSON below the base URL.
    pub(super) async fn post(&self, path: &str, query: &[(&str, &str)], body: &Value) -> Result<Answer, Failure> {
        self.send(Method::POST, self.address.below(path, query), Some(body)).await
    }

    /// Asks for something below the base URL.
    pub(super) async fn get(&self, path: &str, query: &[(&str, &str)]) -> Result<Answer, Failure> {
        self.send(Method::GET, self.address.below(path, query), None).await
    }

    /// Asks for something at the root of the host, where servers keep what isn't part of the protocol.
    pub(super) async fn get_at_root(&self, path: &str) -> Result<Answer, Failure> {
        self.send(Method::GET, self.address.at_root(path), None).await
    }

    /// Sends to an address below or beside the base, never elsewhere: the key goes along.
    async fn send(&self, method: Method, url: Url, body: Option<&Value>) -> Result<Answer, Failure> {
        let key = self.keys.key().await?;
        let teller = self.teller(key);
        let client = self.clients.client(&self.address).await?;
        tracing::debug!(provider = %self.name, host = self.address.host(), %method, path = url.path(), "sends");
        let mut request = client.request(method.clone(), url).headers(self.headers(teller.key.as_ref(), &method));
        if let Some(body) = body {
            request = request.json(body);
        }
        let response = request.send().await.map_err(|error| self.unanswered(&teller, &error))?;
        tracing::debug!(provider = %self.name, status = response.status().as_u16(), "is answered");
        Ok(Answer { response, teller })
    }

    /// A request that got no answer; where a proxy stands in between, it is named, since it is easily forgotten.
    fn unanswered(&self, teller: &Teller, error: &reqwest::Error) -> Failure {
        let mut failure = teller.unanswered(error);
        let proxy = PROXIES.iter().find(|name| std::env::var_os(name).is_some_and(|value| !value.is_empty()));
        if let (FailureKind::Unreachable, false, Some(proxy)) = (&failure.kind, self.address.is_loopback(), proxy) {
            failure.message.push_str(" It is reached through the proxy in ");
            failure.message.push_str(proxy);
            failure.message.push('.');
        }
        failure
    }

    fn headers(&self, key: Option<&Key>, method: &Method) -> HeaderMap {
        // Anthropic takes chat completions with a bearer, but lists its models only in its own way.
        let is_anthropic = self.address.host() == "api.anthropic.com" && method == Method::GET;
        let wire = if is_anthropic { Wire::of(ProviderKind::Anthropic) } else { self.wire };
        let (name, scheme) = wire.key;
        let key = key.and_then(|key| Some((HeaderName::from_static(name), keys::header(scheme, key)?)));
        let always = wire.always.iter();
        let always = always.map(|(name, value)| (HeaderName::from_static(name), HeaderValue::from_static(value)));
        key.into_iter().chain(always).collect()
    }

    /// The failure that an answer with an error status means, and what the server said.
    pub(super) async fn refusal(&self, answer: Answer) -> (Failure, Complaint) {
        let Answer { mut response, teller } = answer;
        let status = response.status();
        let headers = std::mem::take(response.headers_mut());
        let body = read(&mut response, LONGEST_COMPLAINT).await.unwrap_or_else(|(so_far, _)| so_far);
        let complaint = Complaint::of_body(&String::from_utf8_lossy(&body));
        let mut failure = teller.refused(status, &headers, &complaint);
        match failure.kind {
            FailureKind::Unauthorized => self.keys.forget().await,
            FailureKind::RateLimited => failure.retry_after().into_iter().for_each(|wait| self.limiter.pause(wait)),
            FailureKind::NotFound if self.address.is_bare() == self.wire.has_path => {
                let has = if self.wire.has_path { "no path" } else { "a path" };
                for part in [" Its `base_url` has ", has, "; it ", self.wire.shape, "."] {
                    failure.message.push_str(part);
                }
            }
            FailureKind::Misconfigured => {
                let target = headers.get(LOCATION).and_then(|location| location.to_str().ok()).unwrap_or_default();
                failure.message.push_str(&redirect(&teller, target));
            }
            _ => {}
        }
        (failure, complaint)
    }

    /// The sentences about this provider, with the key that they must not repeat.
    fn teller(&self, key: Option<Key>) -> Teller {
        let (provider, origin) = (self.name.clone(), self.address.origin());
        Teller { provider, origin, key, key_advice: self.keys.advice(), wire: self.wire }
    }
}

/// An answer of which the head has come.
#[derive(Debug)]
pub(super) struct Answer {
    /// The head, and the body to be read.
    pub(super) response: Response,
    /// Tells what goes wrong with the rest.
    pub(super) teller: Teller,
}

impl Answer {
    /// Whether its head says yes.
    pub(super) fn is_good(&self) -> bool {
        self.response.status().is_success()
    }
}

/// The whole body as JSON.
pub(super) async fn json(response: &mut Response, teller: &Teller) -> Result<Value, Failure> {
    let body = read(response, LONGEST_BODY).await.map_err(|(_, error)| match error {
        Some(error) => teller.broken(&error),
        None => teller.garbled("more than an answer can be", ""),
    })?;
    serde_json::from_slice(&body).map_err(|_| teller.foreign(kind_of(&body)))
}

/// What it is that isn't JSON.
fn kind_of(body: &[u8]) -> &'static str {
    match body.trim_ascii_start().first() {
        Some(b'<') => "a web page",
        Some(_) => "something else than JSON",
        None => "nothing",
    }
}

async fn read(response: &mut Response, most: usize) -> Result<Vec<u8>, (Vec<u8>, Option<reqwest::Error>)> {
    let mut body = Vec::new();
    loop {
        match response.chunk().await {
            Ok(Some(chunk)) if body.len() + chunk.len() > most => return Err((body, None)),
            Ok(Some(chunk)) => body.extend_from_slice(&chunk),
            Ok(None) => return Ok(body),
            Err(error) => return Err((body, Some(error))),
        }
    }
}

/// Where a redirect leads, without what its query may carry.
fn redirect(teller: &Teller, target: &str) -> String {
    let target = teller.clean(target.split(['?', '#']).next().unwrap_or_default());
    if target.is_empty() {
        return " Redirects are not followed.".to_owned();
    }
    format!(
        " It points to {target}. Redirects are not followed, so that the key stays where it belongs: correct `base_url`."
    )
}
