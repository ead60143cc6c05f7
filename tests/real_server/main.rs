//! The program against a real language model under a real llama.cpp, headless and in a pseudo-terminal.
//!
//! Run by `tests/real_server/run`, which installs both and passes how to start the server in `TRIALOGUE_REAL_SERVER`.
//! The model is tiny and slow: nothing here depends on what it says, only on what the program does with it.

#![expect(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test says so when something is missing")]

mod briefs;
#[path = "../pty/mod.rs"]
mod pty;
mod server;
mod tap;

use pty::{Home, Screen};
use server::RealServer;
use tap::Tap;

/// A home in which the real server is in use.
fn home(server: &RealServer) -> Home {
    let home = Home::new();
    home.configure(&server.config());
    home
}

pub(crate) fn export(home: &Home) -> serde_json::Value {
    let (code, out, err) = home.run(&["export", "--format", "json"]);
    assert_eq!(code, 0, "{err}");
    serde_json::from_str(&out).unwrap()
}

/// Every message in an export, whatever its shape around them.
pub(crate) fn messages(value: &serde_json::Value) -> Vec<serde_json::Value> {
    match value {
        serde_json::Value::Object(object) if object.contains_key("author") => vec![value.clone()],
        serde_json::Value::Object(object) => object.values().flat_map(messages).collect(),
        serde_json::Value::Array(array) => array.iter().flat_map(messages).collect(),
        _ => Vec::new(),
    }
}

fn answers(home: &Home) -> Vec<serde_json::Value> {
    messages(&export(home)).into_iter().filter(|message| message["author"] == "model").collect()
}

#[test]
fn a_question_from_the_command_line_is_answered_and_kept_in_both_protocols() {
    let server = RealServer::start(2048);
    for kind in ["openai", "anthropic"] {
        let home = Home::new();
        home.configure(&server.config_of(kind));
        let (code, out, err) = home.run(&["ask", "research", "What is the capital of France?"]);
        assert_eq!(code, 0, "{kind}: {err}");
        assert!(!out.trim().is_empty());
        let answers = answers(&home);
        assert_eq!(answers.len(), 1);
        let usage = &answers[0]["usage"];
        assert!(usage["input"].as_u64().unwrap() > 10 && usage["output"].as_u64().unwrap() > 0, "{kind}: {usage}");
        assert_ne!(usage["estimated"], true);
        let (code, out, err) = home.run(&["models"]);
        assert_eq!(code, 0, "{err}");
        let listed = out.lines().find(|line| line.starts_with("llama/smollm2")).unwrap_or_else(|| panic!("{out}"));
        assert!(listed.contains("2048"), "the window is listed: {listed}");
    }
}

#[test]
fn another_model_answers_where_the_chosen_one_is_dead_and_the_person_is_told() {
    let server = RealServer::start(2048);
    let home = Home::new();
    home.configure(&server.config_behind_a_dead_one());
    let (code, out, err) = home.run(&["ask", "research", "What is the capital of France?"]);
    assert_eq!(code, 0, "{err}");
    assert!(!out.trim().is_empty());
    assert!(err.contains("dead can't be reached") && err.contains("llama/smollm2 answers this time instead"), "{err}");
    assert_eq!(answers(&home)[0]["model"], "llama/smollm2");
}

#[test]
fn it_works_without_system_certificates() {
    let server = RealServer::start(2048);
    let home = home(&server);
    let output = home
        .command(&["ask", "research", "Say hello."])
        .env("SSL_CERT_FILE", "/nonexistent/roots.pem")
        .env("SSL_CERT_DIR", "/nonexistent")
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    assert!(!output.stdout.is_empty());
}

#[test]
fn three_panes_stream_at_once_and_all_is_kept() {
    let server = RealServer::start(2048);
    let home = home(&server);
    let mut screen = Screen::start(&home, &[], 50, 200);
    screen.sees("synthesis");
    for (number, question) in [(1, "List ten animals."), (2, "Write about the sea."), (3, "Count from one to thirty.")]
    {
        screen.keys(&format!("<C-x>{number}"));
        screen.sees(["→ research", "→ drafting", "→ synthesis"][number - 1]);
        // The first pane of a fresh workspace has a sample in its composer.
        screen.keys("<C-u><C-u>");
        screen.keys(&format!("{question}<Enter>"));
    }
    screen.until("three panes streaming at once", |text| text.matches('●').count() >= 3);
    screen.until("three answers done", |text| text.matches('●').count() == 0);
    screen.keys("<C-x>q");
    assert!(screen.ends().success());
    assert!(screen.is_restored());
    let answers = answers(&home);
    assert_eq!(answers.len(), 3, "{answers:?}");
    assert!(answers.iter().all(|answer| answer["usage"]["output"].as_u64().unwrap() > 0));
}

#[test]
fn a_stopped_answer_keeps_its_text_and_the_next_question_works() {
    let server = RealServer::start(2048);
    let home = Home::new();
    home.configure(&server.config_of_long_answers());
    let mut screen = Screen::start(&home, &[], 24, 100);
    screen.sees("research");
    screen.keys("<C-u>Write a long story about a lighthouse.<Enter>");
    // The title tells the speed once text comes.
    screen.sees("t/s ●");
    screen.keys("<C-c>");
    screen.sees("⌁");
    let answers = answers(&home);
    assert_eq!(answers[0]["ending"]["ending"], "interrupted", "{answers:?}");
    screen.keys("Say yes.<Enter>");
    screen.until("the second answer", |_| self::answers(&home).len() == 2);
    screen.keys("<C-x>q");
    assert!(screen.ends().success());
}

#[test]
fn a_server_that_dies_in_mid_stream_is_told_and_the_turn_can_be_continued() {
    let mut server = RealServer::start(2048);
    let home = Home::new();
    home.configure(&server.config_of_long_answers());
    let mut screen = Screen::start(&home, &[], 30, 110);
    screen.sees("research");
    screen.keys("<C-u>Write a long story about a mountain.<Enter>");
    // The title tells the speed once text comes.
    screen.sees("t/s ●");
    server.kill();
    screen.sees("✗");
    server.start_again();
    let (code, _, err) = home.run(&["ask", "research", "Are you there?"]);
    assert_eq!(code, 0, "{err}");
    let answers = answers(&home);
    assert_eq!(answers.len(), 2);
    assert_eq!(answers[0]["ending"]["ending"], "failed", "{answers:?}");
    screen.keys("<C-x>q");
    assert!(screen.ends().success());
}

#[test]
fn a_command_asks_while_the_screen_is_open() {
    let server = RealServer::start(2048);
    let home = home(&server);
    let mut screen = Screen::start(&home, &[], 50, 200);
    screen.sees("drafting");
    let (code, out, err) = home.run(&["ask", "drafting", "Name one colour of the rainbow, please."]);
    assert_eq!(code, 0, "{err}");
    assert!(!out.trim().is_empty());
    screen.sees("Name one colour");
    screen.keys("<C-x>q");
    assert!(screen.ends().success());
}

#[test]
fn a_prompt_that_overflows_the_window_is_explained_in_both_protocols() {
    let server = RealServer::start(1024);
    for kind in ["openai", "anthropic"] {
        let home = Home::new();
        home.configure(&server.config_of(kind));
        let long = "The quick brown fox jumps over the lazy dog. ".repeat(200);
        let (code, _, err) = home.run(&["ask", "research", &long]);
        assert_eq!(code, 3, "{kind}: {err}");
        assert!(err.contains("1024"), "the window is named: {err}");
        assert!(err.contains("tokens"), "{err}");
        // The window was learned: what is far too long isn't even sent.
        let (code, _, err) = home.run(&["ask", "research", &long.repeat(3)]);
        assert_eq!(code, 3, "{kind}: {err}");
        assert!(err.contains("Not sent"), "{err}");
    }
}

/// The documents of handoffs, oldest first.
fn documents(home: &Home) -> Vec<serde_json::Value> {
    messages(&export(home)).into_iter().filter(|message| message["about"]["about"] == "handoff").collect()
}

#[test]
fn a_talk_driven_past_the_window_three_times_still_knows_its_rule_and_its_first_number() {
    let server = RealServer::start(1024);
    let tap = Tap::before(server.port());
    let home = Home::new();
    home.configure(&RealServer::config_at(tap.port(), "openai"));
    let rule = "Never call the supplier on weekends.";
    let (code, _, err) = home.run(&["ask", "research", rule]);
    assert_eq!(code, 0, "{err}");
    // A person pins the rule where it stands.
    let mut screen = Screen::start(&home, &[], 30, 110);
    screen.sees("research");
    screen.keys("<Esc>Kp");
    screen.sees("⚲");
    screen.keys("<C-x>q");
    assert!(screen.ends().success());
    let (code, _, err) = home.run(&["ask", "research", "The offer of Northwind is 31 dollars per seat."]);
    assert_eq!(code, 0, "{err}");
    for number in 0..60 {
        let question =
            format!("Tell me about lighthouse number {number}: who built it, when, and why does it matter to us?");
        let (code, out, err) = home.run(&["ask", "research", &question]);
        assert_eq!(code, 0, "{err}");
        assert!(!out.trim().is_empty(), "{err}");
        if documents(&home).len() >= 3 {
            break;
        }
    }
    assert!(documents(&home).len() >= 3, "{} handoffs", documents(&home).len());
    let (code, _, err) = home.run(&["ask", "research", "What was the offer?"]);
    assert_eq!(code, 0, "{err}");
    let prompts = tap.prompts();
    let last = prompts.iter().rfind(|prompt| prompt.contains("What was the offer?")).unwrap();
    assert!(last.contains(&format!("Pinned by the person, to be kept to word for word:\n- {rule}")), "{last}");
    assert!(last.contains("31 dollars per seat"), "{last}");
    assert_eq!(home.run(&["doctor"]).0, 0);
}
