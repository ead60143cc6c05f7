//! Briefs on the command line: what reaches the receiver's server, and what comes back.

use crate::pty::Home;
use crate::pty::server::Server;

const WORKSPACE: &str = "version: 1
panes:
  research:  {role: You research, locality: guarded, dictionary: clients.yaml}
  drafting:  {role: You draft}
  synthesis: {role: You compare}
";
const CLIENTS: &str = "names:\n  - {name: Halvorsen AS, aliases: [Halvorsen], kind: client}\n";

/// A workspace in which research knows a client that the others must not.
fn acme(server: &Server) -> Home {
    let home = Home::new();
    home.configure(&server.config());
    assert_eq!(home.run(&["new", "acme"]).0, 0);
    let folder = home.data().join("workspaces").join("acme");
    std::fs::write(folder.join("workspace.yaml"), WORKSPACE).unwrap();
    std::fs::write(folder.join("clients.yaml"), CLIENTS).unwrap();
    home
}

#[test]
fn the_name_reaches_the_senders_server_only_and_returns_with_the_report() {
    let server = Server::start();
    let home = acme(&server);
    let (code, _, err) = home.run(&["ask", "research", "tokens=3 for Halvorsen AS"]);
    assert_eq!(code, 0, "{err}");
    let objective = "tokens=5 sum up for halvorsen";
    let asks =
        ["brief", "--from", "research", "--to", "drafting", "--objective", objective, "--message", "research/m1"];
    let (code, out, err) = home.run(&[&asks[..], &["--dry-run"]].concat());
    assert_eq!(code, 0, "{err}");
    assert!(out.contains("# Brief 1, from research") && !out.to_lowercase().contains("halvorsen"), "{out}");
    assert!(err.contains("drafting: Halvorsen AS → [CLIENT_1") && err.contains("tokens"), "{err}");
    assert_eq!(server.asked(), 1, "a dry run sends nothing");

    let (code, out, err) = home.run(&asks);
    assert_eq!(code, 0, "{err}");
    assert!(out.starts_with("brief 1 → drafting"), "{out}");
    let questions = server.questions();
    assert!(
        questions[0].contains("Halvorsen AS") && !questions[1].to_lowercase().contains("halvorsen"),
        "{questions:?}"
    );

    let (_, out, _) = home.run(&["trace", "1"]);
    assert!(out.contains("research → drafting") && out.contains("returned  research/m3"), "{out}");
    assert!(out.contains("accepted  drafting/m1 · by itself: it was idle"), "its message outlasts the answer: {out}");
    assert!(out.contains("replaced  [CLIENT_1") && !out.contains("Halvorsen"), "a shell prints no name: {out}");
    let (_, out, _) = home.run(&["show", "research/m3"]);
    assert!(out.contains("# Report on brief 1, from drafting") && out.contains("w4."), "{out}");
    let (_, out, _) = home.run(&["doctor"]);
    assert!(out.contains("ok  acme journal"), "{out}");
}

#[test]
fn an_unknown_name_holds_the_brief_until_it_is_judged() {
    let server = Server::start();
    let home = acme(&server);
    home.run(&["ask", "research", "tokens=3"]);
    let asks =
        ["brief", "--from", "research", "--to", "drafting", "--message", "none", "--objective", "Ask Brightwater"];
    let (code, out, err) = home.run(&asks);
    assert_eq!((code, out.as_str()), (4, ""), "{err}");
    assert!(err.contains("`Brightwater` in the objective is not judged: mask it or keep it"), "{err}");
    assert_eq!(home.run(&["trace", "1"]).0, 2, "nothing was sent");
    let (code, _, err) = home.run(&[&asks[..], &["--mask", "Brightwater"]].concat());
    assert_eq!(code, 0, "{err}");
    assert!(!server.questions().last().unwrap().contains("Brightwater"));
    let (code, _, err) = home.run(&asks);
    assert_eq!(code, 0, "a judgement is remembered: {err}");
}

#[test]
fn real_names_come_back_on_somebodys_word_and_the_trace_says_so() {
    let server = Server::start();
    let home = acme(&server);
    home.run(&["ask", "research", "tokens=3 for Halvorsen AS"]);
    let (code, _, err) =
        home.run(&["brief", "--from", "research", "--to", "drafting", "--objective", "tokens=5 for Halvorsen AS"]);
    assert_eq!(code, 0, "{err}");
    let (code, out, err) = home.run(&["show", "1"]);
    assert_eq!(code, 0, "{err}");
    assert!(out.starts_with("brief 1 · research → drafting") && out.contains("tokens=5 for [CLIENT_1]"), "{out}");
    let (_, out, _) = home.run(&["export", "--pane", "drafting", "--format", "md"]);
    assert!(out.contains("for [CLIENT_1]") && !out.contains("Halvorsen"), "without a word they stay: {out}");
    assert!(!home.run(&["trace", "1"]).1.contains("revealed"));

    let (_, out, err) = home.run(&["show", "drafting/m1", "--real-names"]);
    assert!(out.contains("tokens=5 for Halvorsen AS") && err.contains("is in the journal"), "{out}{err}");
    for format in ["md", "json", "html"] {
        let (code, out, err) = home.run(&["export", "--pane", "drafting", "--format", format, "--real-names"]);
        assert!(code == 0 && out.contains("for Halvorsen AS") && !out.contains("[CLIENT_1]"), "{format}: {out}{err}");
    }
    let (_, out, err) = home.run(&["show", "research/m1", "--real-names"]);
    assert!(out.contains("Halvorsen AS") && err.contains("No pseudonym stands there"), "{out}{err}");
    let (_, out, _) = home.run(&["trace", "drafting/m1"]);
    assert!(out.contains("revealed  drafting/m1 printed with real names"), "{out}");
    assert_eq!(out.matches("revealed  all of drafting exported with real names").count(), 3, "{out}");
    let (code, _, err) = home.run(&["trace", "research/m1"]);
    assert!(code == 2 && err.contains("no message of this name that has to do with one"), "{err}");
}

#[test]
fn names_are_judged_listed_and_forgotten_on_the_command_line() {
    let server = Server::start();
    let home = acme(&server);
    let (code, out, err) = home.run(&["judge", "--mask", "Brightwater", "--kind", "project", "--keep", "Contoso"]);
    assert_eq!(code, 0, "{err}");
    assert!(out.contains("mask  project    Brightwater\n") && out.contains("keep  -          Contoso\n"), "{out}");
    assert!(out.contains("mask  client     Halvorsen AS  clients.yaml\n"), "{out}");
    let (code, out, _) = home.run(&["judge", "--forget", "brightwater"]);
    assert!(code == 0 && !out.contains("Brightwater"), "{out}");
    let (code, _, err) = home.run(&["judge", "--forget", "Halvorsen AS"]);
    assert!(code != 0 && err.contains("dictionary file says stays there"), "{err}");
}
