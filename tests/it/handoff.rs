//! Conversations that go on in a fresh context: by themselves, by a command, and through `kill -9`.

use std::process::Stdio;

use serde_json::Value;

use crate::pty::Home;
use crate::pty::server::Server;

#[track_caller]
fn done(home: &Home, arguments: &[&str]) -> (String, String) {
    let (code, out, err) = home.run(arguments);
    assert_eq!(code, 0, "{arguments:?}:\n{out}{err}");
    (out, err)
}

const FIRST: &str = "Never call Ana on Mondays. The fee of Northwind is 31 dollars, contract in /srv/fee.toml.";

/// The conversations of an export that begin with a handoff's document.
fn documents(home: &Home) -> Vec<String> {
    let export: Value = serde_json::from_str(&done(home, &["export", "--format", "json"]).0).unwrap();
    messages(&export)
        .into_iter()
        .filter(|message| message["about"]["about"] == "handoff")
        .map(|message| message["parts"][0]["text"].as_str().unwrap().to_owned())
        .collect()
}

fn messages(value: &Value) -> Vec<&Value> {
    match value {
        Value::Object(object) if object.contains_key("author") => vec![value],
        Value::Object(object) => object.values().flat_map(messages).collect(),
        Value::Array(array) => array.iter().flat_map(messages).collect(),
        _ => Vec::new(),
    }
}

#[test]
fn a_command_shows_the_draft_hands_off_and_shows_the_document_again() {
    let home = Home::new();
    done(&home, &["ask", "research", FIRST]);
    done(&home, &["ask", "research", "We decided to take Contoso because it is cheaper. Ana asks them on Friday."]);
    let (draft, told) = done(&home, &["handoff", "research", "--dry-run"]);
    assert!(draft.contains("## Rules\n- [m1] Never call Ana on Mondays.") && draft.contains("31 dollars"), "{draft}");
    assert!(told.contains("4 messages in a document of about") && told.contains("Nothing was handed off."), "{told}");
    assert!(documents(&home).is_empty());
    let (line, _) = done(&home, &["handoff", "research", "--extractive"]);
    assert!(line.starts_with("handoff 1 of research · 4 messages · 0/0 pins · "), "{line}");
    let id = line.split_whitespace().last().unwrap();
    let (shown, _) = done(&home, &["show", &id[id.len() - 8..]]);
    assert!(shown.starts_with(line.trim_end()) && shown.contains("Contoso because it is cheaper"), "{shown}");
    assert_eq!(documents(&home).len(), 1);
    // Messages are numbered on, and the predecessor is found.
    let (document, _) = done(&home, &["show", "research/m5"]);
    assert!(document.starts_with("research/m5 · handoff · "), "{document}");
    assert!(done(&home, &["show", "research/m1"]).0.contains("Never call Ana on Mondays."));
    assert!(done(&home, &["search", "Contoso", "cheaper"]).0.contains("research/m3"));
    let (code, _, err) = home.run(&["handoff", "reserch"]);
    assert_eq!(code, 2, "{err}");
}

#[cfg(unix)]
#[test]
fn documents_are_their_owners_alone_and_go_with_what_is_forgotten() {
    use std::os::unix::fs::PermissionsExt as _;
    let home = Home::new();
    done(&home, &["ask", "research", FIRST]);
    done(&home, &["handoff", "research", "--extractive"]);
    let listed: Value = serde_json::from_str(done(&home, &["list", "--json"]).0.lines().next().unwrap()).unwrap();
    let folder = std::path::PathBuf::from(listed["folder"].as_str().unwrap()).join("handoffs");
    let files: Vec<_> = std::fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    assert_eq!(files.len(), 1, "{files:?}");
    assert_eq!(std::fs::metadata(&files[0]).unwrap().permissions().mode() & 0o777, 0o600);
    assert!(std::fs::read_to_string(&files[0]).unwrap().contains("31 dollars"));
    done(&home, &["forget", "research", "--yes"]);
    assert_eq!(std::fs::read_dir(&folder).unwrap().count(), 0);
    assert_eq!(done(&home, &["search", "Northwind"]).0, "");
}

#[test]
fn driven_past_its_window_three_times_the_rule_and_the_first_number_still_reach_the_server() {
    let server = Server::with_window(1024);
    let home = Home::new();
    // Nobody has told the window: it is learned when the server refuses, and the message is answered all the same.
    home.configure(&format!("{}max_output: 64\nretries: 0\n", server.config()));
    done(&home, &["ask", "research", FIRST]);
    for turn in 0..60 {
        let text =
            format!("Tell me more of house number {turn}, which I walked past again, as nice as ever. tokens=40");
        let (answer, _) = done(&home, &["ask", "research", &text]);
        assert!(answer.starts_with("w0 w1 "), "{answer}");
        if documents(&home).len() >= 3 {
            break;
        }
    }
    let documents = documents(&home);
    assert!(documents.len() >= 3, "{} handoffs", documents.len());
    done(&home, &["ask", "research", "What was the fee? tokens=3"]);
    let bodies = server.bodies();
    let last = bodies.iter().rfind(|body| body.contains("What was the fee?")).unwrap();
    for kept in ["Never call Ana on Mondays.", "31 dollars", "/srv/fee.toml"] {
        assert!(last.contains(kept), "{kept} is lost:\n{last}");
    }
    assert_eq!(home.run(&["doctor"]).0, 0);
}

#[cfg(unix)]
#[test]
fn a_kill_at_any_moment_of_a_handoff_leaves_the_old_or_the_new_conversation_whole() {
    let server = Server::with_window(100_000);
    let home = Home::new();
    home.configure(&format!("{}max_output: 64\nretries: 0\n", server.config()));
    done(&home, &["ask", "research", FIRST]);
    for turn in 0..4 {
        done(&home, &["ask", "research", &format!("And house number {turn}? tokens=30")]);
    }
    for step in 0..14 {
        let asked = server.asked();
        let mut child = home
            .command(&["handoff", "research"])
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        // At once, or around the moment at which the document is woven and carried.
        if step % 3 > 0 {
            server.until_asked(asked + 1);
        }
        for _ in 0..step * 2_000 {
            std::hint::spin_loop();
            std::thread::yield_now();
        }
        child.kill().unwrap();
        child.wait().unwrap();
        assert_eq!(home.run(&["doctor"]).0, 0, "step {step}");
        // Whichever it is, it answers, and knows the rule.
        let (answer, _) = done(&home, &["ask", "research", &format!("Step {step}: still there? tokens=3")]);
        assert!(answer.starts_with("w0 w1 "), "{answer}");
        let bodies = server.bodies();
        let last = bodies.iter().rfind(|body| body.contains(&format!("Step {step}: still there?"))).unwrap();
        assert!(last.contains("Never call Ana on Mondays.") && last.contains("31 dollars"), "step {step}:\n{last}");
    }
}

#[test]
fn a_command_goes_back_to_before_a_handoff() {
    let home = Home::new();
    done(&home, &["ask", "research", FIRST]);
    done(&home, &["handoff", "research", "--extractive"]);
    assert_eq!(documents(&home).len(), 1);
    let (told, more) = done(&home, &["handoff", "research", "--undo"]);
    assert!(
        told.starts_with("research is back before the handoff") && more.contains("The fresh context is kept"),
        "{told}"
    );
    done(&home, &["ask", "research", "Back here?"]);
    let (shown, _) = done(&home, &["show", "research/m3"]);
    assert!(shown.contains("Back here?"), "{shown}");
    let (code, _, err) = home.run(&["handoff", "drafting", "--undo"]);
    assert_eq!(code, 1, "{err}");
    assert!(err.contains("drafting was not handed off: there is nothing to undo."), "{err}");
    assert_eq!(home.run(&["handoff", "research", "--undo", "--dry-run"]).0, 2);
}

#[test]
fn a_command_pins_and_unpins_what_every_later_context_keeps() {
    let home = Home::new();
    done(&home, &["ask", "research", FIRST]);
    assert_eq!(done(&home, &["pin", "research/m1", "--text", "Never call Ana on Mondays."]).0, "Pinned research/m1.\n");
    let (code, _, err) = home.run(&["pin", "research/m1", "--text", "Always call Ana."]);
    assert_eq!(code, 2, "{err}");
    let (line, _) = done(&home, &["handoff", "research", "--extractive"]);
    assert!(line.contains("1/1 pins"), "{line}");
    let (code, _, err) = home.run(&["pin", "research/m2"]);
    assert!(code == 1 && err.contains("stands in an older context"), "{err}");
    // The pin went along; taken off, it goes from both contexts.
    assert_eq!(done(&home, &["pin", "research/m1", "--off"]).0, "Unpinned research/m1.\n");
    let (code, _, err) = home.run(&["pin", "research/m1", "--off"]);
    assert!(code == 1 && err.contains("research/m1 is not pinned."), "{err}");
    done(&home, &["handoff", "research", "--undo"]);
    assert!(done(&home, &["handoff", "research", "--extractive"]).0.contains("0/0 pins"));
}
