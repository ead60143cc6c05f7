//! A pane whose provider stays down: it moves, by itself or when asked, stays moved through `kill -9`, and comes back.

use std::net::TcpListener;

use crate::pty::server::Server;
use crate::pty::{Home, Screen};

const WORKSPACE: &str = "version: 1
failover: move
panes:
  research: {role: You research.}
  desk: {role: You draft., model: mock/words}
";

#[track_caller]
fn done(home: &Home, arguments: &[&str]) -> (String, String) {
    let (code, out, err) = home.run(arguments);
    assert_eq!(code, 0, "{arguments:?}:\n{out}{err}");
    (out, err)
}

/// A port on which nobody listens.
fn dead_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

/// A workspace whose research is asked of a server that is down, beside one that answers.
fn home(server: &Server, policy: &str, more: &str) -> Home {
    let home = Home::new();
    let down = format!("  down: {{kind: openai, base_url: \"http://127.0.0.1:{}/v1\", local: true}}\n", dead_port());
    let config = server.config().replace("providers:\n", &format!("providers:\n{down}"));
    home.configure(&format!("{}retries: 0\n{more}", config.replace("model: mock/words", "model: down/words")));
    let folder = home.data().join("workspaces/study");
    std::fs::create_dir_all(&folder).unwrap();
    std::fs::write(folder.join("workspace.yaml"), WORKSPACE.replace("failover: move", &format!("failover: {policy}")))
        .unwrap();
    home
}

#[test]
fn the_third_turn_that_nobody_answers_moves_the_pane_and_is_answered_there() {
    let server = Server::start();
    let home = home(&server, "move", "fallback: [mock/words]\n");
    for _ in 0..2 {
        let (_, told) = done(&home, &["-w", "study", "ask", "research", "Are you there? tokens=3"]);
        assert!(told.contains("mock/words answers this time instead."), "{told}");
    }
    let (answer, told) = done(&home, &["-w", "study", "ask", "research", "And now? tokens=3"]);
    assert!(answer.starts_with("w0 w1"), "{answer}");
    assert!(told.contains("research moved from down/words to mock/words: down did not answer three times."), "{told}");
    let (_, told) = done(&home, &["-w", "study", "ask", "research", "Still? tokens=3"]);
    assert_eq!(told, "", "it has moved: nothing is tried elsewhere first");
    let (told, _) = done(&home, &["-w", "study", "move", "research", "--back"]);
    assert_eq!(told, "research: moved back from mock/words to down/words\n");
    assert_eq!(home.run(&["-w", "study", "move", "research", "--back"]).0, 1, "it is at home");
    assert_eq!(home.run(&["-w", "study", "doctor"]).0, 0);
}

#[test]
fn asked_for_it_asks_again_what_nobody_answered() {
    let server = Server::start();
    let home = home(&server, "ask", "");
    let (code, _, told) = home.run(&["-w", "study", "ask", "research", "Are you there? tokens=3"]);
    assert_eq!(code, 3, "{told}");
    let (told, _) = done(&home, &["-w", "study", "move", "research"]);
    assert_eq!(told, "research: moved from down/words to mock/words: down did not answer once\n");
    let (answer, _) = done(&home, &["-w", "study", "show", "research/m2"]);
    assert!(answer.contains("w0 w1"), "{answer}");
}

#[cfg(unix)]
#[test]
fn a_moved_pane_is_moved_after_kill_9() {
    let server = Server::start();
    let home = home(&server, "ask", "");
    let mut screen = Screen::start(&home, &["study"], 24, 120);
    screen.sees("Enter send");
    screen.keys("Are you there? tokens=3<Enter>");
    screen.sees("Ctrl-X M moves there and asks again.");
    screen.keys("<C-x>M");
    screen.sees("w0 w1");
    screen.sees("moved from down/words to mock/words: down did not answer once");
    // An answer that was cut off before its first checkpoint would be asked for again with the next question.
    screen.misses("1 streaming");
    screen.kill();
    let mut screen = Screen::start(&home, &["study"], 24, 120);
    screen.sees("moved from down/words to mock/words: down did not answer once");
    screen.keys("And now? tokens=4<Enter>");
    screen.sees("w0 w1 w2 w3");
    screen.keys("<C-x>M");
    screen.sees("moved back from mock/words to down/words");
}
