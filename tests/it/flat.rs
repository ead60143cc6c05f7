//! The workbench as flat text: everything by lines, nothing drawn.

use crate::pty::server::Server;
use crate::pty::{Home, Screen};

/// Starts the flat workbench on a terminal whose lines are long enough not to wrap.
fn start(home: &Home) -> Screen {
    Screen::start(home, &["--screen-reader"], 60, 240)
}

fn mocked(server: &Server) -> Home {
    let home = Home::new();
    home.configure(&server.config());
    home
}

#[test]
fn a_whole_visit_works_by_lines_and_writes_no_control_sequence() {
    let server = Server::start();
    let home = mocked(&server);
    let mut screen = start(&home);
    screen.sees("3 panes. Write a message and press Enter.");
    screen.sees("1 research, open, mock/words: empty. You are here.");
    screen.sees("research, ready to send: Compare the three price offers");
    screen.keys("tokens=3\n");
    screen.sees("research: words is asked.");
    screen.sees("research, answer: w0 w1 w2.");
    screen.sees("research has finished.");
    screen.keys("/2\n");
    screen.sees("2 drafting, ");
    screen.keys("tokens=5000 rate=50\n");
    screen.sees("drafting: words is asked.");
    screen.keys("/stop\n");
    screen.sees("drafting was stopped.");
    screen.keys("/1\n/last\n");
    screen.until("the last answer read again", |text| text.matches("research, answer: w0 w1 w2.").count() == 2);
    screen.keys("/ask 2 3: status=401\n");
    screen.sees("synthesis has failed: ");
    screen.keys("/panes\n");
    screen.sees("3 synthesis, ");
    screen.keys("hostile=1\n");
    screen.sees("after all that");
    screen.keys("/fly\n");
    screen.sees("/fly means nothing here. /help reads the words.");
    screen.keys("<C-x>q\n");
    assert!(screen.ends().success());
    let raw = screen.raw();
    assert!(!raw.contains(&0x1b), "an escape reached the terminal: {:?}", String::from_utf8_lossy(&raw));
    let drawn = String::from_utf8_lossy(&raw).into_owned();
    assert!(!drawn.contains(['│', '─', '╭', '●', '⠋']), "{drawn}");
}

#[test]
fn a_message_to_a_pane_that_answers_waits_goes_by_itself_or_is_taken_back() {
    let server = Server::start();
    let home = mocked(&server);
    let mut screen = start(&home);
    screen.sees("Write a message");
    screen.keys("tokens=120 rate=60\n");
    screen.sees("research: words is asked.");
    screen.keys("tokens=3 and then\n");
    screen.sees("research is still answering: your message waits, and goes when that has ended.");
    screen.keys("/panes\n");
    screen.sees("answering, 1 more to answer. You are here.");
    screen.until("both answers", |text| text.matches("research has finished.").count() == 2);
    screen.keys("tokens=150 rate=60\n");
    screen.until("the third question", |text| text.matches("research: words is asked.").count() == 3);
    screen.keys("tokens=3 at last\n/take-back\n");
    screen.sees("research, ready to send: tokens=3 at last");
    server.until_asked(3);
    screen.keys("/send\n/stop\n");
    screen.sees("Stopped. What waited was not sent: it is in the composer.");
    screen.sees("research was stopped.");
    screen.keys("/send\n");
    screen.until("the last answer", |text| text.matches("research has finished.").count() == 3);
    assert_eq!(server.asked(), 4);
    screen.keys("/quit\n");
    assert!(screen.ends().success());
}

#[test]
fn a_conversation_is_handed_off_and_back_by_words() {
    let home = Home::new();
    let mut screen = start(&home);
    screen.sees("Write a message");
    screen.keys("/document\n");
    screen.sees("research was not handed off: it began here.");
    screen.keys("Never call Ana on Mondays. The fee of Northwind is 31 dollars.\n");
    screen.sees("research has finished.");
    screen.keys("/handoff\n");
    screen.sees("research: a handoff is being written. What you send now goes along.");
    screen.sees("research, handoff 1: without a model;");
    screen.keys("/document\n");
    screen.sees("Never call Ana on Mondays.");
    screen.keys("/undo\n");
    screen.sees("Back before the handoff.");
    screen.keys("/undo\n");
    screen.sees("There is no handoff to undo");
    screen.keys("/quit\n");
    assert!(screen.ends().success());
    assert!(!screen.text().contains("research, you: ##"), "{}", screen.text());
}

#[test]
fn what_is_said_is_said_once_and_other_panes_wait_until_somebody_listens() {
    let server = Server::start();
    let home = mocked(&server);
    let mut screen = start(&home);
    screen.sees("Write a message");
    screen.keys("/ask all: tokens=4\n");
    screen.sees("drafting has finished. /2 goes there.");
    screen.sees("synthesis has finished. /3 goes there.");
    let text = screen.sees("research has finished.");
    assert_eq!(text.matches("w0 w1 w2 w3.").count(), 1, "{text}");
    screen.keys("/2\n");
    screen.sees("drafting, answer: w0 w1 w2 w3.");
    screen.keys("/1\n/2\n/where\n");
    let text = screen.sees("The context is 24 tokens of a window that nobody has told.");
    assert_eq!(text.matches("drafting, answer:").count(), 1, "{text}");
    // Ctrl-C stops what runs, and where nothing runs it says how to leave; the end of what is typed leaves.
    screen.keys("tokens=5000 rate=50\n");
    screen.until("the second question", |text| text.matches("drafting: words is asked.").count() == 2);
    screen.keys("<C-c>");
    screen.sees("drafting was stopped.");
    screen.keys("<C-c>");
    screen.sees("Nothing runs here. /quit leaves.");
    screen.keys("<C-d>");
    assert!(screen.ends().success());
}

#[test]
fn a_pipe_can_speak_to_it_as_well() {
    let home = Home::new();
    let mut command = home.command(&["--screen-reader"]);
    let command = command.stdin(std::process::Stdio::piped()).stdout(std::process::Stdio::piped());
    let mut child = command.spawn().unwrap();
    std::io::Write::write_all(&mut child.stdin.take().unwrap(), b"/panes\n/help\n/quit\n").unwrap();
    let output = child.wait_with_output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(output.status.success() && text.contains("/last: reads the last answer here"), "{text}");
    assert!(!text.contains('\u{1b}'));
}

/// A workspace in which `client` knows whom `desk` must not.
fn acme(server: &Server, locality: &str) -> Home {
    let home = mocked(server);
    assert_eq!(home.run(&["new", "acme"]).0, 0);
    let folder = home.data().join("workspaces").join("acme");
    let workspace = format!(
        "version: 1\npanes:\n  client: {{role: You know the client, locality: {locality}, dictionary: clients.yaml}}\n  desk: {{role: You write}}\n"
    );
    std::fs::write(folder.join("workspace.yaml"), workspace).unwrap();
    std::fs::write(folder.join("clients.yaml"), "names:\n  - {name: Halvorsen AS, kind: client}\n").unwrap();
    home
}

#[test]
fn a_brief_is_composed_judged_sent_and_its_report_taken_by_words() {
    let server = Server::start();
    let home = acme(&server, "guarded");
    let mut screen = start(&home);
    screen.sees("2 panes.");
    screen.keys("tokens=3 for Halvorsen AS\n");
    screen.sees("client has finished.");
    screen.keys("/brief\n");
    screen.sees("Write /brief, a pane, and what it shall do");
    screen.keys("/brief desk m9 Sum it up\n");
    screen.sees("There is no message m9 that is loaded.");
    screen.keys("/brief desk m1 tokens=4 what Brightwater wants\n");
    screen.sees("brief from client to desk: tokens=4 what Brightwater wants.");
    screen.sees("tokens, quotes client message 1.");
    screen.sees("Halvorsen AS goes as [CLIENT_1], once.");
    screen.sees("Brightwater, in the objective, is not judged: /brief mask Brightwater, or /brief keep Brightwater.");
    screen.sees("It can't go yet.");
    screen.keys("/brief send\n");
    screen.sees("Not sent: `Brightwater` in the objective is not judged");
    screen.keys("/brief keep Brightwater\n");
    screen.sees("/brief send sends it, /brief read reads it whole");
    screen.keys("/brief undo\n");
    screen.sees("Brightwater is to be judged anew.");
    screen.until("the name again", |text| text.matches("Brightwater, in the objective, is not judged").count() == 2);
    screen.keys("/brief undo\n/brief keep all\n");
    screen.sees("Nothing was judged here that could be undone.");
    screen.until("it can go again", |text| text.matches("/brief send sends it, /brief read").count() == 2);
    screen.keys("/brief read\n");
    screen.sees("what it will read, heading: Brief 1, from client");
    screen.sees("tokens=3 for [CLIENT_1]");
    assert_eq!(server.asked(), 1, "nothing goes before somebody has said so");
    screen.keys("/brief send\n");
    screen.sees("Brief 1 is out: desk works on it.");
    screen.sees("desk: a brief has come. /2 goes there.");
    screen.sees("report 1 from desk waits until you take it. /needs lists it.");
    screen.keys("/needs\n");
    screen.sees("1 report #1 from desk: for client, when you take it. /needs 1 takes it; behind the number also go, back, trace.");
    screen.keys("/needs 7\n/needs 1 fly\n/needs 1\n");
    screen.sees("There is no number 7 in the list.");
    screen.sees("fly means nothing there.");
    screen.sees("client, report: heading: Report on brief 1, from desk");
    screen.keys("/needs 1\n");
    screen.sees("That waits no longer.");
    screen.keys("/trace\n");
    screen.sees("brief: ");
    screen.sees("[CLIENT_1], which is Halvorsen AS");
    screen.keys("/trace m77\n");
    screen.sees("There is no m77 here.");
    screen.keys("/2\n");
    screen.sees("desk, brief: heading: Brief 1, from client");
    screen.keys("/quit\n");
    assert!(screen.ends().success());
    assert!(!screen.raw().contains(&0x1b), "{}", screen.text());
}

#[test]
fn localities_are_told_tightened_and_loosened_by_words_and_a_seal_holds_a_brief() {
    let server = Server::start();
    let home = acme(&server, "guarded");
    let mut screen = start(&home);
    screen.sees("2 panes.");
    screen.keys("tokens=3\n");
    screen.sees("client has finished.");
    screen.keys("/locality desk\n");
    screen.sees("desk: open, its text crosses to other panes as it is; any provider may be asked.");
    screen.keys("/locality sealed\n");
    screen.sees("client: sealed from now on.");
    screen.keys("/brief desk tokens=4 sum up\n");
    screen.sees("client is sealed, and nothing leaves it");
    screen.sees("/brief out client lets this one brief out of it, masked; the journal keeps that.");
    screen.keys("/brief out desk\n");
    screen.keys("/brief send\n");
    screen.sees("Not sent: client is sealed");
    screen.keys("/brief out client\n");
    screen.sees("/brief send sends it");
    screen.keys("/brief drop\n");
    screen.sees("The brief is put away");
    screen.keys("/locality open\n");
    screen.sees("Not loosened: client is sealed. To make it open, type its name: client.");
    screen.keys("/locality client open client\n");
    screen.sees("client: open from now on.");
    screen.keys("/waiting\n");
    screen.sees("Nothing waits for you.");
    screen.keys("/quit\n");
    assert!(screen.ends().success());
    assert_eq!(server.asked(), 1);
}
