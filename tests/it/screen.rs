//! The screen in a pseudo-terminal: it starts, answers, resizes, and leaves the terminal as it was.

use crate::pty::server::Server;
use crate::pty::{Home, Screen};

fn signal(screen: &Screen, name: &str) {
    let sent = std::process::Command::new("kill").args([name, &screen.pid().to_string()]).status().unwrap();
    assert!(sent.success());
}

/// A home whose panes ask the mock server.
fn mocked(server: &Server) -> Home {
    let home = Home::new();
    home.configure(&server.config());
    home
}

#[test]
fn a_fresh_machine_opens_three_panes_on_offline_and_answers_the_sample() {
    let home = Home::new();
    let mut screen = Screen::start(&home, &[], 50, 200);
    screen.sees("1 research");
    screen.sees("2 drafting");
    screen.sees("3 synthesis");
    screen.sees("is not a language model");
    screen.sees("Compare the three price offers in @sample/offers.md");
    screen.keys("<Enter>");
    screen.sees("Northwind");
    screen.until("the answer's end", |text| text.contains("Data location") && !text.contains('●'));
    screen.keys("<C-x>q");
    assert!(screen.ends().success());
    assert!(screen.is_restored());
}

#[test]
fn a_narrow_terminal_shows_tabs_and_a_tiny_one_says_so() {
    let home = Home::new();
    let mut screen = Screen::start(&home, &[], 24, 80);
    screen.sees("1 research");
    screen.sees("3 synthesis");
    screen.keys("half a thought");
    screen.resize(5, 20);
    screen.until("a message about the size", |text| text.contains("small") || text.contains("room"));
    screen.resize(50, 200);
    screen.sees("half a thought");
    screen.keys("<C-x>q");
    assert!(screen.ends().success());
}

#[test]
fn a_terminal_that_was_smaller_for_a_moment_shows_everything_again() {
    let home = Home::new();
    let mut screen = Screen::start(&home, &[], 50, 200);
    screen.sees("3 synthesis");
    screen.sees("@sample/offers.md");
    signal(&screen, "-STOP");
    screen.resize(5, 20);
    screen.resize(50, 200);
    signal(&screen, "-CONT");
    screen.until("the whole screen", |text| text.contains("3 synthesis") && text.contains("@sample/offers.md"));
    screen.keys("<C-x>q");
    assert!(screen.ends().success());
}

#[test]
fn signals_end_it_with_the_terminal_as_it_was_and_the_answer_interrupted() {
    for name in ["-TERM", "-HUP", "-INT"] {
        let server = Server::start();
        let home = mocked(&server);
        let mut screen = Screen::start(&home, &[], 50, 200);
        screen.sees("WRITE");
        screen.keys("<C-u><C-u>tokens=5000 rate=200<Enter>");
        screen.sees("w20 ");
        signal(&screen, name);
        screen.ends();
        assert!(screen.is_restored(), "{name}");
        let (code, out, _) = home.run(&["export", "--format", "json"]);
        assert_eq!(code, 0);
        assert!(out.contains("interrupted") && out.contains("shutdown"), "{name}: {out}");
    }
}

/// The test starts itself in a pseudo-terminal, and there takes the terminal and panics.
#[test]
fn a_panic_gives_the_terminal_back_and_is_told_below_it() {
    const PANICS: &str = "TRIALOGUE_TEST_PANICS";
    const NAME: &str = "screen::a_panic_gives_the_terminal_back_and_is_told_below_it";
    if std::env::var_os(PANICS).is_some() {
        let links = trialogue::tui::hyperlink::Hyperlinks::default();
        let mut terminal = trialogue::tui::terminal::Tty::enter(true, links).unwrap();
        let paint = |buffer: &mut ratatui::buffer::Buffer| {
            buffer.set_string(0, 0, "drawn in the other screen", ratatui::style::Style::new());
            None
        };
        terminal.draw((80, 24), paint).unwrap();
        let mut key = [0];
        std::io::Read::read_exact(&mut std::io::stdin(), &mut key).unwrap();
        panic!("on purpose");
    }
    let mut command = portable_pty::CommandBuilder::new(std::env::current_exe().unwrap());
    command.args(["--exact", NAME, "--nocapture"]);
    command.env(PANICS, "1");
    command.env("RUST_BACKTRACE", "0");
    let mut screen = Screen::spawn(command, 24, 80);
    screen.sees("drawn in the other screen");
    assert!(!screen.is_restored());
    screen.keys("k");
    assert!(!screen.ends().success());
    assert!(screen.is_restored());
    let text = screen.text();
    assert!(text.contains("on purpose") && !text.contains("drawn in"), "{text}");
}

#[test]
fn a_draft_the_focus_and_the_transcript_are_there_again() {
    let server = Server::start();
    let home = mocked(&server);
    let mut screen = Screen::start(&home, &[], 50, 200);
    screen.sees("WRITE");
    screen.keys("<C-x>2");
    screen.sees("→ drafting");
    screen.keys("tokens=12<Enter>");
    screen.sees("w11.");
    screen.keys("not sent yet");
    screen.keys("<C-x>q");
    assert!(screen.ends().success());

    let screen = Screen::start(&home, &[], 50, 200);
    screen.sees("→ drafting");
    screen.sees("not sent yet");
    screen.sees("w11.");
}

#[test]
fn what_a_model_says_never_reaches_the_terminal_as_control_bytes() {
    let server = Server::start();
    let home = mocked(&server);
    let mut screen = Screen::start(&home, &[], 50, 200);
    screen.sees("WRITE");
    screen.keys("<C-u><C-u>hostile=1<Enter>");
    screen.sees("after all that");
    let raw = screen.raw();
    for bytes in [&b"\x1b]0;owned"[..], b"\x1b[2J\x1b[Howned", b"\x1b]52;", b"\x1bc", b"\xc2\x9b"] {
        assert!(!raw.windows(bytes.len()).any(|window| window == bytes), "{bytes:?} reached the terminal");
    }
}

#[test]
fn quitting_while_an_answer_streams_asks_first() {
    let server = Server::start();
    let home = mocked(&server);
    let mut screen = Screen::start(&home, &[], 50, 200);
    screen.sees("WRITE");
    screen.keys("<C-u><C-u>tokens=5000 rate=100<Enter>");
    screen.sees("w5 ");
    screen.keys("<C-x>q");
    screen.sees("stay");
    screen.keys("<Esc>");
    screen.misses("stay");
    screen.keys("<C-c>");
    screen.sees("⌁");
    screen.keys("<C-x>q");
    assert!(screen.ends().success());
}

#[test]
fn a_command_asks_while_the_screen_is_open_and_the_screen_shows_it() {
    let server = Server::start();
    let home = mocked(&server);
    let mut screen = Screen::start(&home, &[], 50, 200);
    screen.sees("WRITE");
    let (code, out, err) = home.run(&["ask", "synthesis", "tokens=9"]);
    assert_eq!(code, 0, "{err}");
    assert_eq!(out.trim(), "w0 w1 w2 w3 w4 w5 w6 w7 w8.");
    screen.sees("w7 w8.");
    screen.keys("<C-x>q");
    assert!(screen.ends().success());
}

#[test]
fn one_question_with_a_file_goes_to_several_panes() {
    let home = Home::new();
    let mut screen = Screen::start(&home, &[], 50, 200);
    screen.sees("is not a language model");
    screen.keys("<C-x>a");
    screen.sees("Ask several");
    screen.keys("Compare the offers in @sample/offers.md<Enter>");
    screen.until("an answer in every pane", |text| text.matches("Tailspin").count() >= 3 && !text.contains('●'));
    screen.keys("<C-x>q");
    assert!(screen.ends().success());
    let (_, out, _) = home.run(&["export", "--format", "json"]);
    assert_eq!(
        out.matches("\"name\":\"sample/offers.md\"").count() + out.matches("\"name\": \"sample/offers.md\"").count(),
        3
    );
}

#[test]
fn an_answer_elsewhere_rings_and_stands_in_the_title_which_is_given_back() {
    let server = Server::start();
    let home = mocked(&server);
    let mut screen = Screen::start(&home, &[], 50, 200);
    screen.sees("WRITE");
    // The terminal says that it lost the focus.
    screen.bytes(b"\x1b[O");
    let (code, _, err) = home.run(&["ask", "drafting", "tokens=3 rate=1"]);
    assert_eq!(code, 0, "{err}");
    screen.wrote(b"\x07\x1b]9;drafting has finished\x1b\\");
    screen.wrote(b"\x1b]2;trialogue \xc2\xb7 trio \xc2\xb7 1 done\x1b\\");
    screen.keys("<C-x>q");
    assert!(screen.ends().success());
    let raw = String::from_utf8_lossy(&screen.raw()).into_owned();
    assert!(raw.contains("\u{1b}[?1004h") && raw.contains("\u{1b}[?1004l"), "focus is reported while it runs");
    assert!(raw.find("\u{1b}[22;2t") < raw.find("\u{1b}[23;2t"), "the title is kept, and given back");
    assert!(!raw.contains("w0 w1 w2.\u{1b}\\"), "no text of a message is told");
}

#[test]
fn nothing_is_told_elsewhere_where_that_is_switched_off() {
    let server = Server::start();
    let home = Home::new();
    home.configure(&format!("{}notify: {{bell: false, osc: false, title: false}}\n", server.config()));
    let mut screen = Screen::start(&home, &[], 50, 200);
    screen.sees("WRITE");
    screen.bytes(b"\x1b[O");
    let (code, _, err) = home.run(&["ask", "drafting", "tokens=3"]);
    assert_eq!(code, 0, "{err}");
    screen.sees("1 new");
    screen.keys("<C-x>q");
    assert!(screen.ends().success());
    let raw = String::from_utf8_lossy(&screen.raw()).into_owned();
    assert!(!raw.contains('\u{7}') && !raw.contains("\u{1b}]"), "{raw:?}");
}

#[test]
fn doctor_shows_what_arrives_for_each_key() {
    let home = Home::new();
    let mut screen = Screen::start(&home, &["doctor", "--keys"], 30, 160);
    screen.sees("Press keys");
    screen.bytes(b"\x18");
    screen.sees("begins a command");
    screen.bytes(b"\x1b[1;5D");
    screen.sees("1b 5b 31 3b 35 44  write: word-left");
    screen.bytes(b"\x1bj");
    screen.sees("Alt-J");
    screen.keys("q");
    assert!(screen.ends().success());
    let raw = String::from_utf8_lossy(&screen.raw()).into_owned();
    assert!(raw.ends_with("\u{1b}[<1u"), "the keyboard is as it was: {raw:?}");
    let (code, _, err) = home.run(&["doctor", "--keys"]);
    assert!(code == 2 && err.contains("run it in one"), "{code}: {err}");
}

#[test]
fn a_theme_that_was_chosen_is_worn_again() {
    let home = Home::new();
    let mut screen = Screen::start(&home, &[], 50, 200);
    screen.sees("WRITE");
    screen.keys("<C-x>t");
    screen.sees("Enter keeps it");
    screen.keys("light<Enter>");
    screen.sees("trialogue-light is kept for this workspace.");
    screen.keys("<C-x>q");
    assert!(screen.ends().success());
    let mut screen = Screen::start(&home, &[], 50, 200);
    screen.sees("WRITE");
    screen.keys("<C-x>t");
    screen.until("the theme that was kept", |text| {
        text.lines().any(|line| line.contains("trialogue-light") && line.contains("now"))
    });
    screen.keys("<Esc>");
    screen.misses("Enter keeps it");
    screen.keys("<C-x>q");
    assert!(screen.ends().success());
}
