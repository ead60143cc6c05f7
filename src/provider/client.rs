//! The HTTP clients, built at the first send and shared by all providers.
//!
//! There are two, because of proxies: `HTTPS_PROXY`, `HTTP_PROXY`, `ALL_PROXY` and `NO_PROXY` are obeyed for hosts
//! elsewhere, but what is meant for this machine never goes through a proxy, which would carry it off the machine.
//! Neither follows redirects: a key belongs to one host, and a request body to one reader.

use std::sync::Arc;
use std::time::Duration;

use reqwest::{Client, ClientBuilder, redirect};
use tokio::sync::OnceCell;

use crate::engine::failure::{Failure, FailureKind};

use super::address::Address;

/// How long a connection may take to open.
pub(super) const CONNECT: Duration = Duration::from_secs(10);

/// The clients, each built when it is first asked for.
#[derive(Debug, Default)]
pub(super) struct Clients {
    /// For this machine.
    near: OnceCell<Client>,
    /// For everywhere else.
    far: OnceCell<Client>,
}

impl Clients {
    /// The client for this address.
    pub(super) async fn client(&self, address: &Address) -> Result<&Client, Failure> {
        let is_near = address.is_loopback();
        let cell = if is_near { &self.near } else { &self.far };
        cell.get_or_try_init(|| async move {
            // Reading the system's certificates takes up to 25 ms: not on the thread that draws.
            match tokio::task::spawn_blocking(move || build(is_near, system_roots)).await {
                Ok(built) => built.map(|(client, roots)| {
                    tracing::debug!(?roots, is_near, "built an HTTP client");
                    client
                }),
                Err(_) => Err(broken("its builder stopped")),
            }
        })
        .await
    }
}

/// Which certificate authorities are trusted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Roots {
    /// Those of the system.
    System,
    /// Mozilla's, compiled in: the system has none, as in a bare container.
    BuiltIn,
}

fn build(
    is_near: bool,
    system: impl FnOnce(ClientBuilder) -> reqwest::Result<Client>,
) -> Result<(Client, Roots), Failure> {
    // The program installs it first thing; libraries and tests that did not are no reason to panic inside reqwest.
    let _already = rustls::crypto::ring::default_provider().install_default();
    if let Ok(client) = system(plain(is_near)) {
        return Ok((client, Roots::System));
    }
    let client = plain(is_near).tls_backend_preconfigured(built_in_tls()?).build();
    client.map(|client| (client, Roots::BuiltIn)).map_err(|error| broken(&error.to_string()))
}

fn system_roots(builder: ClientBuilder) -> reqwest::Result<Client> {
    builder.build()
}

fn plain(is_near: bool) -> ClientBuilder {
    let builder = Client::builder()
        .user_agent(concat!("trialogue/", env!("CARGO_PKG_VERSION")))
        .redirect(redirect::Policy::none())
        .referer(false)
        .connect_timeout(CONNECT);
    if is_near { builder.no_proxy() } else { builder }
}

fn built_in_tls() -> Result<rustls::ClientConfig, Failure> {
    let roots = rustls::RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() };
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let mut tls = rustls::ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|error| broken(&error.to_string()))?
        .with_root_certificates(roots)
        .with_no_client_auth();
    tls.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(tls)
}

fn broken(why: &str) -> Failure {
    Failure::new(FailureKind::Internal, format!("The HTTP client could not be built: {why}."))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn without_system_certificates_the_built_in_ones_are_used() {
        let none = |_: ClientBuilder| Client::builder().user_agent("no\nheader").build();
        assert_eq!(build(false, none).unwrap().1, Roots::BuiltIn);
        assert_eq!(build(true, none).unwrap().1, Roots::BuiltIn);
    }

    #[test]
    fn a_machine_without_any_certificate_file_still_gets_a_client() {
        const CHILD: &str = "TRIALOGUE_TEST_NO_CERTIFICATES";
        if std::env::var_os(CHILD).is_some() {
            let expected = if cfg!(all(unix, not(target_vendor = "apple"))) { Roots::BuiltIn } else { Roots::System };
            assert_eq!(build(false, system_roots).unwrap().1, expected);
            return;
        }
        let empty = tempfile::tempdir().unwrap();
        let this = "provider::client::tests::a_machine_without_any_certificate_file_still_gets_a_client";
        let child = std::process::Command::new(std::env::current_exe().unwrap())
            .args(["--exact", this])
            .env(CHILD, "1")
            .env("SSL_CERT_FILE", empty.path().join("none.pem"))
            .env("SSL_CERT_DIR", empty.path())
            .output()
            .unwrap();
        let said = String::from_utf8_lossy(&child.stdout);
        assert!(child.status.success(), "{said}");
        assert!(said.contains("1 passed"), "{said}");
    }

    #[test]
    fn a_provider_that_is_already_installed_is_no_obstacle() {
        for _ in 0..2 {
            assert!(build(true, system_roots).is_ok());
        }
    }
}
