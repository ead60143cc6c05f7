//! A locality tightens at a word and loosens only by its pane's name, typed: on the screen, in the file, after a restart.

use super::stage::{Stage, settings};
use crate::engine::event::Event;
use crate::engine::input::Input;
use crate::engine::op::{LocalityChange, Op};
use crate::engine::settings::{Locality, PaneSettings, Settings};

/// Settings in which `client` has this locality and these providers.
fn file(locality: Locality, providers: &[&str]) -> Settings {
    let mut settings = settings(locality);
    settings.panes[0].1.providers = providers.iter().map(|name| (*name).to_owned()).collect();
    settings
}

fn in_force(stage: &Stage) -> (Locality, Vec<String>) {
    let settings = &stage.engine.shown("client").unwrap().header.settings;
    let pane = &stage.engine.workspace.pane("client").unwrap().settings;
    assert_eq!((pane.locality, &pane.providers), (settings.locality, &settings.providers), "a new conversation too");
    (settings.locality, settings.providers.clone())
}

fn change(stage: &Stage, change: LocalityChange, typed: Option<&str>) -> Op {
    Op::Locality { conversation: stage.conversation("client"), change, typed: typed.map(str::to_owned) }
}

#[test]
fn what_the_file_loosens_waits_for_the_typed_name() {
    let cases = [
        ((Locality::Sealed, &["llama"][..]), (Locality::Guarded, &["llama"][..])),
        ((Locality::Guarded, &["llama"]), (Locality::Open, &["llama"])),
        ((Locality::Guarded, &["llama"]), (Locality::Guarded, &["llama", "cloud"])),
        ((Locality::Open, &["llama"]), (Locality::Open, &[])),
        ((Locality::Guarded, &["llama"]), (Locality::Guarded, &["cloud"])),
    ];
    for ((was, at), (now, then)) in cases {
        let mut stage = Stage::new(file(was, at));
        let owned = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
        for _ in 0..2 {
            stage.tell(Input::Configured(file(now, then)));
            assert_eq!(in_force(&stage), (was, owned(at)));
            let told = stage.notices.pop().unwrap();
            assert!(told.contains("never loosens by itself. Ctrl-X l, then its name"), "{told}");
        }
        let fresh = Op::NewConversation { pane: "client".to_owned() };
        stage.op(fresh);
        assert_eq!(in_force(&stage), (was, owned(at)), "a new conversation is no way round");
        let op = change(&stage, LocalityChange::File, None);
        assert!(stage.refusal(op).starts_with("Not loosened: client"));
        let op = change(&stage, LocalityChange::File, Some("desk"));
        stage.refusal(op);
        let op = change(&stage, LocalityChange::File, Some("client"));
        stage.op(op);
        assert_eq!(in_force(&stage), (now, owned(then)));
        assert!(matches!(stage.facts.last(), Some(Event::LocalityChanged { loosened: true, .. })));
        // Read again, it says what was agreed to.
        stage.tell(Input::Configured(file(now, then)));
        assert_eq!(in_force(&stage), (now, owned(then)));
        assert_eq!(stage.notices, Vec::<String>::new());
    }
}

#[test]
fn tightening_takes_no_name_and_holds_for_what_the_pane_shows_no_more() {
    let mut stage = Stage::new(file(Locality::Open, &[]));
    let old = stage.conversation("client");
    stage.op(Op::NewConversation { pane: "client".to_owned() });
    stage.tell(Input::Configured(file(Locality::Guarded, &["llama"])));
    assert_eq!(in_force(&stage), (Locality::Guarded, vec!["llama".to_owned()]));
    let settings = &stage.engine.conversations[&old].header.settings;
    assert_eq!((settings.locality, settings.providers.as_slice()), (Locality::Guarded, &["llama".to_owned()][..]));
    let op = change(&stage, LocalityChange::To { locality: Locality::Sealed }, None);
    stage.op(op);
    assert_eq!(in_force(&stage).0, Locality::Sealed);
    assert!(matches!(stage.facts.last(), Some(Event::LocalityChanged { loosened: false, .. })));
    let told = "client is sealed now. workspace.yaml says guarded: the stricter counts.";
    assert_eq!(stage.notices.last().map(String::as_str), Some(told));
}

#[test]
fn a_model_that_only_the_looser_file_allows_is_not_chosen() {
    let mut stage = Stage::new(file(Locality::Guarded, &["llama"]));
    let mut wider = file(Locality::Guarded, &["llama", "cloud"]);
    wider.panes[0].1.model = Some("cloud/big".parse().unwrap());
    stage.tell(Input::Configured(wider));
    assert_eq!(stage.engine.shown("client").unwrap().header.model.to_string(), "llama/small");
}

#[test]
fn a_pane_that_the_file_forgot_is_no_looser_when_it_comes_back() {
    let mut stage = Stage::new(file(Locality::Sealed, &[]));
    let mut without = file(Locality::Sealed, &[]);
    let client = without.panes.remove(0);
    stage.tell(Input::Configured(without.clone()));
    without.panes.push((client.0, PaneSettings { locality: Locality::Open, ..client.1 }));
    stage.tell(Input::Configured(without));
    assert_eq!(in_force(&stage).0, Locality::Sealed);
}
