use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::json;
use tokio::sync::Notify;

use crate::engine::failure::FailureKind;
use crate::engine::model::ModelFacts;
use crate::provider::mock::{Mock, Step, whole};

use super::*;

const JSON: &str = "content-type: application/json\r\n";

fn registry(configured: &[(&str, ProviderConfig)]) -> Registry {
    Registry::new(
        configured.iter().map(|(name, config)| ((*name).to_owned(), config.clone())).collect::<BTreeMap<_, _>>(),
    )
}

fn around(ports: &[u16], variables: &[&str]) -> Surroundings {
    let variables = variables.iter().map(|name| (*name).to_owned()).collect();
    // Longer than any machine may need: no test depends on its speed.
    Surroundings { ports: ports.to_vec(), ollama: BTreeSet::new(), patience: Duration::from_mins(1), variables }
}

fn openai(base_url: &str, key: Option<KeySource>) -> ProviderConfig {
    suggestion(ProviderKind::Openai, base_url, key)
}

async fn near(registry: &Registry, around: &Surroundings) -> Vec<Offer> {
    let offers = discover(registry, around, Ask::Near).await;
    offers.into_iter().filter(|offer| offer.is_loopback || offer.is_configured).collect()
}

fn windows(offer: &Offer) -> Vec<(&str, Option<u32>)> {
    offer.models.iter().map(|model| (model.id.as_str(), model.facts.window)).collect()
}

#[tokio::test]
async fn a_model_server_is_found_and_anything_else_is_passed_over() {
    let llama = Mock::once(whole(200, JSON, r#"{"data":[{"id":"smollm2","meta":{"n_ctx":1024}}]}"#)).await;
    let jenkins = Mock::once(whole(200, "content-type: text/html\r\n", "<html>")).await;
    let closed = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let offers = near(&registry(&[]), &around(&[closed, jenkins.port(), llama.port()], &[])).await;
    assert_eq!(offers.len(), 1);
    let offer = &offers[0];
    assert_eq!(offer.provider, format!("local-{}", llama.port()));
    assert!(offer.is_loopback && !offer.is_configured && !offer.config.local);
    assert_eq!(windows(offer), [("smollm2", Some(1024))]);
    assert!(matches!(offer.reach, Reach::Answers(_)));
    let lacks = |model: &str| offer.lacks(&format!("{}/{model}", offer.provider).parse().unwrap());
    assert!(lacks("smollm") && !lacks("smollm2") && !offer.lacks(&"other/smollm".parse().unwrap()));
    assert!(
        llama.asked().iter().all(|asked| asked.head.starts_with("GET ") && asked.header("authorization").is_none())
    );
}

#[tokio::test]
async fn a_server_that_never_answers_holds_nobody_up() {
    let left = Arc::new(Notify::new());
    let mute = Mock::once(vec![Step::Hold(Arc::clone(&left))]).await;
    let impatient = Surroundings { patience: Duration::from_millis(300), ..around(&[mute.port()], &[]) };
    assert_eq!(near(&registry(&[]), &impatient).await, []);
    if !mute.asked().is_empty() {
        left.notified().await;
    }
}

#[tokio::test]
async fn the_window_is_asked_for_where_servers_keep_it() {
    let list = whole(200, JSON, r#"{"data":[{"id":"only"}]}"#);
    let props = whole(200, JSON, r#"{"default_generation_settings":{"n_ctx":2048}}"#);
    let llama = Mock::new(vec![list, props]).await;
    assert_eq!(windows(&near(&registry(&[]), &around(&[llama.port()], &[])).await[0]), [("only", Some(2048))]);
    assert!(llama.asked()[1].head.starts_with("GET /props HTTP/1.1"));

    let list = whole(200, JSON, r#"{"data":[{"id":"a"},{"id":"b"}]}"#);
    let told = json!({"data": [{"id": "b", "loaded_context_length": 4096}, {"id": "c", "max_context_length": 1}]});
    let studio = Mock::new(vec![list, whole(200, JSON, &told.to_string())]).await;
    let offers = near(&registry(&[]), &around(&[studio.port()], &[])).await;
    assert_eq!(windows(&offers[0]), [("a", None), ("b", Some(4096))]);
    assert!(studio.asked()[1].head.starts_with("GET /api/v0/models HTTP/1.1"));
}

#[tokio::test]
async fn a_configured_server_is_not_found_twice_and_says_why_it_fails() {
    let mock = Mock::once(whole(503, JSON, r#"{"error":{"message":"Loading model"}}"#)).await;
    let config = openai(&format!("http://localhost:{}/v1", mock.port()), None);
    let offers = near(&registry(&[("mine", config)]), &around(&[mock.port()], &[])).await;
    assert_eq!(offers.len(), 1);
    assert!(offers[0].is_configured && offers[0].provider == "mine");
    let Reach::Fails(failure) = &offers[0].reach else { panic!("{:?}", offers[0].reach) };
    assert_eq!(failure.kind, FailureKind::Unavailable);
    assert!(failure.message.contains("Loading model"), "{failure}");
}

#[tokio::test]
async fn nothing_elsewhere_is_asked_and_no_key_command_runs_for_a_look_around() {
    let ran = tempfile::NamedTempFile::new().unwrap();
    let command = KeySource::Command(format!("echo ran > '{}'; echo key", ran.path().display()));
    let mock = Mock::once(whole(200, JSON, r#"{"data":[]}"#)).await;
    let near_one = openai(&mock.url(), Some(command));
    let far_one = openai("https://api.openai.com/v1", Some(KeySource::Env("MY_KEY".to_owned())));
    let bad = openai("http://192.168.7.7/v1", None);
    let offers = near(&registry(&[("a", near_one), ("b", far_one), ("c", bad)]), &around(&[], &["MY_KEY"])).await;
    assert_eq!(offers.iter().map(|offer| &offer.reach).take(2).collect::<Vec<_>>(), [&Reach::Unasked, &Reach::Unasked]);
    assert_eq!((&offers[0].key, &offers[1].key), (&KeyState::Command, &KeyState::Found("MY_KEY".to_owned())));
    assert!(offers[1].models.iter().any(|model| model.id == "gpt-5" && model.facts.window.is_some()));
    assert!(matches!(&offers[2].reach, Reach::Fails(failure) if failure.kind == FailureKind::Misconfigured));
    assert_eq!(std::fs::read_to_string(ran.path()).unwrap(), "");
    assert!(mock.asked().is_empty());
}

#[tokio::test]
async fn keys_in_the_environment_are_announced_by_name() {
    let offers = discover(&registry(&[]), &around(&[], &["GOOGLE_API_KEY", "OPENAI_API_KEY"]), Ask::Configured).await;
    let keys: Vec<_> = offers.iter().map(|offer| (offer.provider.as_str(), &offer.key)).collect();
    assert_eq!(keys[0], ("openai", &KeyState::Found("OPENAI_API_KEY".to_owned())));
    assert_eq!(keys[1], ("anthropic", &KeyState::Missing("ANTHROPIC_API_KEY".to_owned())));
    assert_eq!(keys[2], ("gemini", &KeyState::Found("GOOGLE_API_KEY".to_owned())));
    assert_eq!(keys.len(), CLOUDS.len());
    assert!(offers.iter().all(|offer| offer.reach == Reach::Unasked && !offer.is_configured));
    let kinds: Vec<_> = offers.iter().take(3).map(|offer| offer.config.kind).collect();
    assert_eq!(kinds, [ProviderKind::Openai, ProviderKind::Anthropic, ProviderKind::Gemini]);
    assert_eq!(offers[0].export(), None);
    assert_eq!(offers[1].export().unwrap(), "export ANTHROPIC_API_KEY=…");
}

#[tokio::test]
async fn a_suggested_name_never_hides_a_configured_one() {
    let mine = openai("https://proxy.example/v1", None);
    let offers = discover(&registry(&[("openai", mine)]), &around(&[], &[]), Ask::Near).await;
    assert_eq!(offers[1].provider, "openai-2");
    let home = openai("https://api.openai.com/v1", None);
    let offers = discover(&registry(&[("work", home)]), &around(&[], &[]), Ask::Near).await;
    assert!(offers.iter().all(|offer| !offer.provider.starts_with("openai") || offer.provider == "openrouter"));
}

#[test]
fn what_is_to_be_written_reads_back_as_what_was_offered() {
    #[derive(serde::Deserialize)]
    struct File {
        providers: BTreeMap<String, ProviderConfig>,
        model: String,
    }
    let facts = ModelFacts::default();
    for (config, model) in [
        (openai("http://127.0.0.1:8080/v1", None), "smollm2"),
        (openai("https://openrouter.ai/api/v1", Some(KeySource::Env("A_KEY".to_owned()))), "meta/llama: {\"x\"}#é"),
        (
            ProviderConfig {
                local: true,
                ..openai("http://[::1]:1/v1", Some(KeySource::Command("op read \"a\"".to_owned())))
            },
            "null",
        ),
    ] {
        let offer = Offer {
            provider: "llama".to_owned(),
            config: config.clone(),
            is_configured: false,
            is_loopback: true,
            key: KeyState::Unneeded,
            reach: Reach::Unasked,
            models: vec![Listed { id: model.to_owned(), facts: facts.clone() }],
        };
        let yaml = offer.yaml(model);
        let file: File = serde_yaml::from_str(&yaml).unwrap_or_else(|error| panic!("{yaml}: {error}"));
        assert_eq!(file.providers["llama"], config, "{yaml}");
        assert_eq!(file.model, format!("llama/{model}"), "{yaml}");
    }
}

#[tokio::test]
async fn a_running_ollama_is_offered_in_its_own_words() {
    let tags = r#"{"models":[{"name":"llama3.2:latest","model":"llama3.2:latest","size":7}]}"#;
    let shown = r#"{"model_info":{"llama.context_length":131072}}"#;
    let beside = vec![("/api/tags", tags.to_owned()), ("/api/show", shown.to_owned())];
    let mock = Mock::beside(beside, vec![whole(404, "", "404 page not found")]).await;
    let around = Surroundings { ollama: [mock.port()].into(), ..around(&[mock.port()], &[]) };
    let offers = near(&registry(&[]), &around).await;
    assert_eq!((offers[0].provider.as_str(), offers[0].config.kind), ("ollama", ProviderKind::Ollama));
    assert_eq!(windows(&offers[0]), [("llama3.2:latest", Some(131_072))]);
    let port = mock.port();
    assert_eq!(
        offers[0].yaml("llama3.2:latest"),
        format!(
            "providers:\n  ollama: {{kind: ollama, base_url: \"http://127.0.0.1:{port}\"}}\nmodel: \"ollama/llama3.2:latest\"\n"
        )
    );
    assert!(mock.asked().is_empty(), "it is not asked in other words too");
}

#[tokio::test]
async fn what_only_sits_at_the_port_of_ollama_is_asked_in_the_common_words() {
    let list = r#"{"data":[{"id":"smollm2","meta":{"n_ctx":1024}}]}"#;
    let mock = Mock::beside(vec![("/v1/models", list.to_owned())], vec![whole(404, "", "")]).await;
    let around = Surroundings { ollama: [mock.port()].into(), ..around(&[mock.port()], &[]) };
    let offers = near(&registry(&[]), &around).await;
    assert_eq!(offers[0].config.kind, ProviderKind::Openai);
    assert_eq!(windows(&offers[0]), [("smollm2", Some(1024))]);
}

#[test]
fn a_moved_ollama_is_looked_for_where_it_says_it_is() {
    for (text, port) in [
        ("127.0.0.1:11500", Some(11_500)),
        ("http://localhost:11500/", Some(11_500)),
        (":11500", Some(11_500)),
        ("0.0.0.0", Some(OLLAMA)),
        ("[::1]:11500", Some(11_500)),
        ("[::]", Some(OLLAMA)),
        ("192.168.1.4:11434", None),
        ("127.0.0.1:none", None),
        ("https://ollama.example", None),
    ] {
        assert_eq!(port_of(text), port, "{text}");
    }
}
