//! Briefs against a real model: what crosses from pane to pane, on the wire.

use crate::pty::{Home, Screen};
use crate::server::RealServer;
use crate::tap::Tap;

const WORKSPACE: &str = "version: 1
layout: {columns: [research, interviews, drafting, synthesis]}
panes:
  research:   {role: You research, locality: guarded, dictionary: clients.yaml}
  interviews: {role: You sum up interviews, locality: guarded}
  drafting:   {role: You draft}
  synthesis:  {role: You compare}
";
const CLIENTS: &str = "names:\n  - {name: Halvorsen AS, aliases: [Halvorsen], kind: client}\n";

/// The command succeeds; what it prints.
#[track_caller]
fn works(home: &Home, arguments: &[&str]) -> String {
    let (code, out, err) = home.run(arguments);
    assert_eq!(code, 0, "{arguments:?}: {err}");
    out
}

/// Research asks drafting, whose report returns; then research and interviews both ask synthesis about the same client.
#[test]
fn work_crosses_three_panes_and_the_clients_name_does_not() {
    let server = RealServer::start(4096);
    let tap = Tap::before(server.port());
    let home = Home::new();
    home.configure(&RealServer::config_at(tap.port(), "openai"));
    works(&home, &["new", "acme"]);
    let folder = home.data().join("workspaces").join("acme");
    std::fs::write(folder.join("workspace.yaml"), WORKSPACE).unwrap();
    std::fs::write(folder.join("clients.yaml"), CLIENTS).unwrap();

    works(&home, &["ask", "research", "The client Halvorsen AS pays 31 dollars a seat. What does it pay?"]);
    works(&home, &["ask", "interviews", "In the interview Halvorsen asked for yearly terms. What was asked for?"]);
    let own = tap.prompts().len();
    assert!(tap.prompts().iter().all(|prompt| prompt.contains("Halvorsen")), "a pane's own model reads real names");

    let brief = |from: &[&str], to: &str, objective: &str, message: &[&str]| {
        let mut arguments = vec!["brief", "--to", to, "--objective", objective];
        arguments.extend(from.iter().flat_map(|pane| ["--from", pane]));
        arguments.extend(message.iter().flat_map(|id| ["--message", id]));
        works(&home, &arguments)
    };
    brief(&["research"], "drafting", "One sentence on what Halvorsen pays", &["research/m1"]);
    brief(&["research"], "synthesis", "Say what is known of the client", &["research/m1"]);
    brief(&["interviews"], "synthesis", "Say what is known of the client", &["interviews/m1"]);

    let prompts = tap.prompts();
    let crossed = &prompts[own..];
    assert_eq!(crossed.len(), 3, "each brief was one request: {crossed:#?}");
    for prompt in crossed {
        assert!(!prompt.to_lowercase().contains("halvorsen"), "{prompt}");
        assert!(prompt.contains("[CLIENT_1"), "{prompt}");
    }
    let last = crossed.iter().find(|prompt| prompt.contains("yearly terms")).expect("the last brief was asked");
    assert!(last.contains("31 dollars"), "synthesis still knows the first brief: {last}");
    assert!(!last.contains("[CLIENT_2"), "two senders' client is one for synthesis: {last}");

    // The report stands where it was asked for, and reads real names there wherever the model kept the pseudonym.
    let mut screen = Screen::start(&home, &["acme"], 50, 200);
    screen.sees("report #1 from drafting");
    let report = works(&home, &["show", "research/m3"]);
    assert!(report.contains("Report on brief 1, from drafting"), "{report}");
    assert!(!report.contains("[CLIENT_1"), "what this pane brought reads as it is here: {report}");
    let drafted = works(&home, &["show", "drafting/m2"]);
    assert_eq!(drafted.contains("[CLIENT_1"), report.contains("Halvorsen"), "{drafted}\n{report}");
    screen.keys("<C-x>q");
    assert!(screen.ends().success());
    assert!(screen.is_restored());
}
