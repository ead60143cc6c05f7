//! Every way out of the real program: what a server, a log, a title, a notification and an editor's file get to read.

use std::path::PathBuf;

use crate::pty::server::Server;
use crate::pty::{Home, Screen};

const CLIENTS: &str = "names:\n  - {name: Halvorsen AS, aliases: [Halvorsen], kind: client}\n";

fn workspace(locality: &str, providers: &str) -> String {
    format!(
        "version: 1
objective: {{text: Win Halvorsen AS as a client by Friday, shared: true}}
panes:
  client: {{role: You know the client, locality: {locality}, providers: {providers}, dictionary: clients.yaml}}
  desk: {{role: You write}}
"
    )
}

fn folder(home: &Home) -> PathBuf {
    home.data().join("workspaces").join("acme")
}

fn write(home: &Home, locality: &str, providers: &str) {
    std::fs::write(folder(home).join("workspace.yaml"), workspace(locality, providers)).unwrap();
}

/// A workspace in which `desk` must not read who `client` works for, and was briefed about it.
fn acme(server: &Server) -> Home {
    let home = Home::new();
    home.configure(&server.config());
    assert_eq!(home.run(&["new", "acme"]).0, 0);
    std::fs::write(folder(&home).join("clients.yaml"), CLIENTS).unwrap();
    write(&home, "guarded", "[mock]");
    let (code, _, err) = home.run(&["ask", "client", "tokens=3 for Halvorsen AS"]);
    assert_eq!(code, 0, "{err}");
    let brief = ["brief", "--from", "client", "--to", "desk", "--objective", "Sum it up", "--message", "client/m1"];
    let (code, _, err) = home.run(&brief);
    assert_eq!(code, 0, "{err}");
    home
}

/// What came of `desk`, which is told what it is in its role.
fn asked_of_desk(server: &Server) -> Vec<String> {
    server.bodies().into_iter().filter(|body| body.contains("You write")).collect()
}

fn has_no_name(text: &str) -> bool {
    !text.to_lowercase().contains("halvorsen")
}

#[test]
fn whatever_is_tried_from_a_shell_the_name_reaches_its_own_panes_requests_only() {
    let server = Server::start();
    let home = acme(&server);
    let offer = home.data().join("offer.md");
    std::fs::write(&offer, "An offer for HALVORSEN.").unwrap();
    let named = home.data().join("halvorsen_as.md");
    std::fs::write(&named, "An offer.").unwrap();
    let (offer, named) = (offer.to_string_lossy().into_owned(), named.to_string_lossy().into_owned());
    let before = server.asked();
    let tries: [&[&str]; 4] = [
        &["ask", "desk", "tokens=2 about halvorsen as"],
        &["ask", "desk", "tokens=2 read", "--file", &offer],
        &["ask", "desk", "tokens=2 read", "--file", &named],
        &["ask", "desk", "tokens=2 what does Hal\u{200b}vorsen want"],
    ];
    for tried in tries {
        let (code, out, err) = home.run(tried);
        assert_eq!(code, 4, "{tried:?}: {out}{err}");
        assert!(err.contains("[CLIENT_1"), "{err}");
    }
    assert_eq!(server.asked(), before, "nothing left");
    let (code, _, err) = home.run(&["ask", "desk", "tokens=2 what does [CLIENT_1] want"]);
    assert_eq!(code, 0, "{err}");
    let desk = asked_of_desk(&server);
    assert_eq!(desk.len(), 2, "the brief, and the one that may be asked");
    assert!(desk.iter().all(|body| has_no_name(body)), "{desk:?}");
    assert!(desk[1].contains("Win [CLIENT_1"), "the objective is told under the pseudonym: {}", desk[1]);
    let (_, out, _) = home.run(&["export", "--pane", "desk", "--format", "md"]);
    assert!(has_no_name(&out) && out.contains("[CLIENT_1"), "{out}");
}

#[test]
fn what_the_file_loosens_waits_for_the_typed_name() {
    let server = Server::start();
    let home = acme(&server);
    for (locality, providers) in [("open", "[mock]"), ("guarded", "[]")] {
        write(&home, locality, providers);
        let (_, out, _) = home.run(&["locality", "client"]);
        assert_eq!(out, "client  guarded  providers: mock\n");
    }
    let (code, _, err) = home.run(&["locality", "client", "open"]);
    assert_eq!((code, err.contains("type its name: client")), (4, true), "{err}");
    let (code, _, _) = home.run(&["locality", "client", "open", "--yes", "desk"]);
    assert_eq!(code, 4);
    let (code, out, _) = home.run(&["locality", "client", "sealed"]);
    assert_eq!((code, out.as_str()), (0, "client  sealed  providers: mock\n"));
    let (code, out, err) = home.run(&["locality", "client", "file", "--yes", "client"]);
    assert_eq!((code, out.as_str()), (0, "client  guarded  providers: any\n"), "{err}");
    let (_, out, _) = home.run(&["locality", "client"]);
    assert_eq!(out, "client  guarded  providers: any\n", "and it stays so");
}

#[test]
fn the_log_says_who_was_asked_and_never_what() {
    let server = Server::start();
    let home = Home::new();
    home.configure(&server.config().replace("local: true", "local: true, key: {env: MOCK_KEY}"));
    assert_eq!(home.run(&["new", "acme"]).0, 0);
    let ask = ["ask", "research", "tokens=2 for Halvorsen AS"];
    let key = "sk-mock-0123456789abcdef0123456789abcdef";
    let output = home.command(&ask).env("TRIALOGUE_LOG", "trace").env("MOCK_KEY", key).output().unwrap();
    assert!(output.status.success(), "{output:?}");
    let log = std::fs::read_to_string(home.data().join("trialogue.log")).unwrap();
    assert!(log.contains("sends"), "{log}");
    assert!(has_no_name(&log) && !log.contains("sk-mock") && !log.contains("w1"), "{log}");
}

#[test]
fn titles_and_notifications_carry_names_of_panes_and_no_word_of_theirs() {
    let server = Server::start();
    let home = acme(&server);
    let mut screen = Screen::start(&home, &[], 50, 200);
    screen.sees("WRITE");
    screen.keys("<C-x>1<C-u>tokens=30 rate=60 Halvorsen AS<Enter>");
    screen.sees("w0");
    screen.keys("<C-x>2");
    screen.sees("w29.");
    screen.wrote(b"client has finished");
    let raw = screen.raw();
    let text = String::from_utf8_lossy(&raw);
    let told: Vec<&str> = text.split("\x1b]").skip(1).filter_map(|osc| osc.split(['\x07', '\x1b']).next()).collect();
    assert!(told.iter().any(|osc| osc.starts_with("2;trialogue · acme")), "{told:?}");
    for osc in told {
        assert!(has_no_name(osc) && !osc.contains("w0") && !osc.contains("Friday"), "{osc}");
    }
}

#[test]
fn a_model_that_proposes_a_brief_reads_pseudonyms_of_other_panes() {
    let server = Server::start();
    let home = acme(&server);
    let mut screen = Screen::start(&home, &[], 50, 200);
    screen.sees("WRITE");
    screen.keys("<C-x>2<C-x>b<C-x>ahalvorsen<Enter>");
    screen.sees("✓ client m1 you");
    screen.keys("<C-x>B");
    screen.sees("mock/words answered nothing that can be used.");
    let before = server.asked();
    screen.keys("<C-c><C-x>1<C-x>b<C-x>ahalvorsen<Enter>");
    screen.sees("✓ m1 you");
    screen.keys("<C-x>B");
    server.until_asked(before + 1);
    let asked: Vec<String> = server.bodies().into_iter().filter(|body| body.contains("You fill in a form")).collect();
    assert_eq!(asked.len(), 2, "{asked:?}");
    assert!(has_no_name(&asked[0]) && asked[0].contains("for [CLIENT_1"), "{}", asked[0]);
    assert!(asked[1].contains("for Halvorsen AS"), "a pane's own model reads real names: {}", asked[1]);
}

#[cfg(unix)]
#[test]
fn an_editors_file_is_its_owners_alone_and_gone_afterwards() {
    use std::os::unix::fs::PermissionsExt as _;
    let server = Server::start();
    let home = acme(&server);
    let (editor, seen) = (home.data().join("editor"), home.data().join("seen"));
    let script = format!(
        "#!/bin/sh\nls -ld \"$1\" \"$(dirname \"$1\")\" > '{}'\ncp \"$1\" \"$1~\"\nprintf edited > \"$1\"\n",
        seen.display()
    );
    std::fs::write(&editor, script).unwrap();
    std::fs::set_permissions(&editor, std::fs::Permissions::from_mode(0o700)).unwrap();
    let mut screen = Screen::start_with(&home, &[("EDITOR", &editor.to_string_lossy())], 50, 200);
    screen.sees("WRITE");
    screen.keys("<C-x>1<C-u>for Halvorsen AS<C-x><C-e>");
    screen.sees("edited");
    let seen = std::fs::read_to_string(seen).unwrap();
    assert!(seen.contains("-rw-------") && seen.contains("drwx------"), "{seen}");
    let left: Vec<_> = std::fs::read_dir(folder(&home)).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert!(!left.iter().any(|name| name.to_string_lossy().contains("draft")), "{left:?}");
}
