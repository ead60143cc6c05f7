//! A terminal that goes away where nobody passes SIGHUP on: the program ends as if it had come.

use std::os::unix::fs::PermissionsExt as _;
use std::path::PathBuf;
use std::process::Command;
use std::sync::mpsc;

use crate::pty::server::Server;
use crate::pty::{Home, PATIENCE, Screen, program};

/// The shell's script and what is done before the terminal goes: the process that finds these is its other end.
const SCRIPT: &str = "TRIALOGUE_TEST_SCRIPT";
const STEPS: &str = "TRIALOGUE_TEST_STEPS";

/// In the process that is the terminal's other end: opens it for a shell that keeps SIGHUP, types, sees, and goes away as
/// one that is killed does. Does nothing in the test.
#[expect(clippy::exit, reason = "nothing is dropped: no last byte is typed, and no process is ended")]
fn be_the_other_end() {
    let (Ok(script), Ok(steps)) = (std::env::var(SCRIPT), std::env::var(STEPS)) else { return };
    let mut command = portable_pty::CommandBuilder::new("sh");
    command.args(["-c", &script]);
    let mut screen = Screen::spawn(command, 50, 200);
    for step in steps.lines() {
        let (keys, seen) = step.split_once(" => ").unwrap();
        screen.keys(keys);
        screen.sees(seen);
    }
    std::process::exit(0);
}

/// Starts this test once more as the terminal's other end, and returns the program's exit code afterwards.
#[track_caller]
fn hung_up(home: &Home, test: &str, arguments: &str, steps: &[(&str, &str)]) -> String {
    let (told, shell) = (home.config().join("told"), home.config().join("shell"));
    assert!(Command::new("mkfifo").arg(&told).status().unwrap().success());
    let script = format!(
        "trap '' HUP; echo $$ > '{}'; '{}' {arguments}; echo code $? > '{}'",
        shell.display(),
        program().display(),
        told.display()
    );
    let steps: Vec<String> = steps.iter().map(|(keys, seen)| format!("{keys} => {seen}")).collect();
    let mut other_end = home.this_test(test);
    other_end.env(SCRIPT, script).env(STEPS, steps.join("\n")).env("EDITOR", editor(home));
    let other_end = other_end.output().unwrap();
    assert!(other_end.status.success(), "{}", String::from_utf8_lossy(&other_end.stderr));
    let (sender, ended) = mpsc::channel();
    std::thread::spawn(move || sender.send(std::fs::read_to_string(told)));
    let Ok(code) = ended.recv_timeout(PATIENCE) else {
        // A failed test must leave nothing running.
        let group = format!("-{}", std::fs::read_to_string(shell).unwrap().trim());
        let _ = Command::new("kill").args(["-9", "--", &group]).status();
        panic!("it goes on without a terminal");
    };
    code.unwrap().trim().to_owned()
}

fn editor(home: &Home) -> PathBuf {
    home.config().join("editor")
}

fn mocked(server: &Server) -> Home {
    let home = Home::new();
    home.configure(&server.config());
    home
}

/// The workspace is free, and holds what was said and what was being written.
#[track_caller]
fn is_whole(home: &Home, texts: &[&str]) {
    let mut screen = Screen::start(home, &[], 50, 200);
    let shown = screen.until("all that was there", |shown| texts.iter().all(|text| shown.contains(text)));
    assert!(!shown.contains("Held by"), "{shown}");
    screen.keys("<C-x>q");
    assert!(screen.ends().success());
}

#[test]
fn at_rest_it_ends_with_everything_saved() {
    be_the_other_end();
    let server = Server::start();
    let home = mocked(&server);
    let steps = [("", "WRITE"), ("<C-u><C-u>tokens=3<Enter>", "w2."), ("half a thought", "half a thought")];
    assert_eq!(hung_up(&home, "hang_up::at_rest_it_ends_with_everything_saved", "", &steps), "code 0");
    is_whole(&home, &["half a thought", "w2."]);
}

#[test]
fn while_an_answer_is_drawn_it_ends_with_that_interrupted() {
    be_the_other_end();
    let server = Server::start();
    let home = mocked(&server);
    let steps =
        [("", "WRITE"), ("<C-u><C-u>tokens=5000 rate=200<Enter>", "w20 "), ("half a thought", "half a thought")];
    assert_eq!(hung_up(&home, "hang_up::while_an_answer_is_drawn_it_ends_with_that_interrupted", "", &steps), "code 0");
    let (code, out, _) = home.run(&["export", "--format", "json"]);
    assert!(code == 0 && out.contains("interrupted") && out.contains("shutdown"), "{code}: {out}");
    is_whole(&home, &["half a thought", "w20 "]);
}

/// An editor that doesn't notice: nothing is drawn and nothing is read meanwhile, so that only the watch can tell. The
/// kernel ends it with the shell.
#[test]
fn while_an_editor_has_the_terminal_it_ends_with_the_draft_as_it_was() {
    be_the_other_end();
    let server = Server::start();
    let home = mocked(&server);
    let (editor, silence) = (editor(&home), home.config().join("silence"));
    assert!(Command::new("mkfifo").arg(&silence).status().unwrap().success());
    let script = format!("#!/bin/sh\necho the editor is open\ncat '{}'\n", silence.display());
    std::fs::write(&editor, script).unwrap();
    std::fs::set_permissions(&editor, std::fs::Permissions::from_mode(0o700)).unwrap();
    let steps = [
        ("", "WRITE"),
        ("<C-u><C-u>tokens=3<Enter>", "w2."),
        ("half a thought", "half a thought"),
        ("<C-x><C-e>", "the editor is open"),
    ];
    let name = "hang_up::while_an_editor_has_the_terminal_it_ends_with_the_draft_as_it_was";
    assert_eq!(hung_up(&home, name, "", &steps), "code 0");
    is_whole(&home, &["half a thought", "w2."]);
}

#[test]
fn flat_text_ends_too() {
    be_the_other_end();
    let server = Server::start();
    let home = mocked(&server);
    let steps = [
        ("", "3 panes. Write a message"),
        ("tokens=3<Enter>", "research has finished."),
        ("/2<Enter>tokens=5000 rate=50<Enter>", "drafting: words is asked."),
    ];
    assert_eq!(hung_up(&home, "hang_up::flat_text_ends_too", "--screen-reader", &steps), "code 0");
    is_whole(&home, &["w2."]);
}
