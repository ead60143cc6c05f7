//! Where a provider answers: a base URL, checked before anything is sent to it.

use std::net::IpAddr;

use reqwest::Url;

use crate::engine::failure::{Failure, FailureKind};

/// A provider's base URL. It is https, or on this machine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Address {
    url: Url,
    host: String,
    is_loopback: bool,
}

impl Address {
    /// Reads the base URL of the provider of this name.
    pub(super) fn new(provider: &str, text: &str) -> Result<Self, Failure> {
        let refuse =
            |why: &str| Err(Failure::new(FailureKind::Misconfigured, format!("`base_url` of {provider} {why}.")));
        let Ok(url) = Url::parse(text.trim()) else {
            return refuse("is not a URL: write one such as http://127.0.0.1:8080/v1");
        };
        let Some(host) = url.host_str().map(str::to_owned) else {
            return refuse("names no host: write one such as http://127.0.0.1:8080/v1");
        };
        if !url.username().is_empty() || url.password().is_some() {
            return refuse("carries a user or a password: put the key under `key:` instead");
        }
        let is_loopback = is_loopback(&host);
        match url.scheme() {
            "https" => {}
            "http" if is_loopback => {}
            "http" => {
                return refuse(&format!("is plain http to {host}: only this machine may be reached without https"));
            }
            _ => return refuse("must begin with https://, or with http:// for this machine"),
        }
        Ok(Self { url, host, is_loopback })
    }

    /// The host's name, lower case, without port.
    pub(super) fn host(&self) -> &str {
        &self.host
    }

    /// Whether it is on this machine. What answers there may still pass things on.
    pub(super) fn is_loopback(&self) -> bool {
        self.is_loopback
    }

    /// Whether the base URL has no path: a sign that `/v1` was forgotten.
    pub(super) fn is_bare(&self) -> bool {
        self.url.path() == "/"
    }

    /// The URL of something below the base, such as `chat/completions`.
    pub(super) fn below(&self, path: &str, query: &[(&str, &str)]) -> Url {
        let mut url = self.url.clone();
        if let Ok(mut segments) = url.path_segments_mut() {
            segments.pop_if_empty().extend(path.split('/'));
        }
        if !query.is_empty() {
            url.query_pairs_mut().extend_pairs(query);
        }
        url
    }

    /// The URL of something beside the base: at the root of its host.
    pub(super) fn at_root(&self, path: &str) -> Url {
        let mut url = self.url.clone();
        url.set_query(None);
        url.set_path(path);
        url
    }

    /// Scheme, host and port: what a key and a limiter belong to.
    pub(super) fn origin(&self) -> String {
        self.url.origin().ascii_serialization()
    }
}

fn is_loopback(host: &str) -> bool {
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    bare == "localhost" || bare.parse::<IpAddr>().is_ok_and(|ip| ip.to_canonical().is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_joined_below_and_beside_the_base() {
        for base in ["http://127.0.0.1:8080/v1", "http://127.0.0.1:8080/v1/"] {
            let address = Address::new("llama", base).unwrap();
            assert_eq!(address.below("chat/completions", &[]).as_str(), "http://127.0.0.1:8080/v1/chat/completions");
            assert_eq!(address.at_root("/props").as_str(), "http://127.0.0.1:8080/props");
            assert!(!address.is_bare());
        }
        let address = Address::new("azure", "https://x.example/openai?api-version=1").unwrap();
        assert_eq!(address.below("models", &[]).as_str(), "https://x.example/openai/models?api-version=1");
        assert_eq!(
            address.below("models", &[("limit", "9")]).as_str(),
            "https://x.example/openai/models?api-version=1&limit=9"
        );
        assert_eq!(address.below("a?b#c/../d", &[]).path(), "/openai/a%3Fb%23c/d");
        assert_eq!(address.origin(), "https://x.example");
        assert!(Address::new("x", "https://x.example").unwrap().is_bare());
    }

    #[test]
    fn only_this_machine_is_reached_without_https() {
        for base in ["http://localhost:1/v1", "http://127.9.0.1/", "http://[::1]:8080", "http://[::ffff:127.0.0.1]/"] {
            assert!(Address::new("x", base).unwrap().is_loopback(), "{base}");
        }
        for base in [
            "http://192.168.1.4:8080/v1",
            "http://localhost.evil.example/",
            "http://127.0.0.1.nip.example",
            "http://0.0.0.0:1",
        ] {
            let failure = Address::new("x", base).unwrap_err();
            assert_eq!(failure.kind, FailureKind::Misconfigured);
            assert!(failure.message.contains("without https"), "{failure}");
        }
        assert!(!Address::new("x", "https://api.openai.com/v1").unwrap().is_loopback());
    }

    #[test]
    fn what_is_no_address_is_refused_without_repeating_a_password() {
        for base in ["", "127.0.0.1:8080", "ftp://127.0.0.1/", "https://", "https://me:hunter2@x.example/v1", "data:,x"]
        {
            let failure = Address::new("x", base).unwrap_err();
            assert!(failure.message.starts_with("`base_url` of x "), "{failure}");
            assert!(!failure.message.contains("hunter2"));
        }
    }
}
