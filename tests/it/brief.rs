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
    assert!(out.contains("research → drafting") && out.contains("returned research/m3"), "{out}");
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
