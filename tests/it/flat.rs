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
