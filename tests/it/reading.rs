//! Copying, borders, layouts and workspaces in a pseudo-terminal, and through a tmux client where there is one.

use crate::pty::server::Server;
use crate::pty::{Home, Screen};

fn mocked(server: &Server) -> Home {
    let home = Home::new();
    home.configure(&server.config());
    home
}

/// What a terminal is told to put into its clipboard.
fn clipboard(text: &str) -> Vec<u8> {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut told = b"\x1b]52;c;".to_vec();
    for three in text.as_bytes().chunks(3) {
        let bits = three.iter().fold(0_u32, |bits, byte| bits << 8 | u32::from(*byte)) << (8 * (3 - three.len()));
        for digit in 0..4 {
            let is_there = digit <= three.len();
            told.push(if is_there { DIGITS[(bits >> (18 - 6 * digit)) as usize & 63] } else { b'=' });
        }
    }
    told
}

fn words(count: usize) -> String {
    (0..count).map(|at| format!("w{at}")).collect::<Vec<_>>().join(" ") + "."
}

#[test]
fn a_drag_copies_one_pane_s_text_into_the_terminal_s_clipboard() {
    let server = Server::start();
    let home = mocked(&server);
    let mut screen = Screen::start(&home, &[], 50, 200);
    screen.sees("WRITE");
    screen.keys("<C-u><C-u>tokens=60<Enter>");
    screen.sees("w59.");
    let (from, to) = (screen.cell("w0 w1"), screen.cell("w59."));
    // Over the border and into the next pane: no text of that comes along.
    screen.drags(from, (150, to.1));
    screen.sees("Sent the selected text to the terminal's clipboard.");
    screen.wrote(&clipboard(&words(60)));
    screen.keys("<C-x>q");
    assert!(screen.ends().success());
}

#[test]
fn in_tmux_a_drag_reaches_the_outer_terminal_and_a_border_moves() {
    let server = Server::start();
    let home = mocked(&server);
    let Some(mut screen) = Screen::in_tmux(&home, &[], 50, 200) else { return };
    screen.sees("WRITE");
    screen.keys("<C-u><C-u>tokens=30<Enter>");
    screen.sees("w29.");
    let (from, to) = (screen.cell("w0 w1"), screen.cell("w29."));
    screen.drags(from, (to.0 + 3, to.1));
    screen.until("tmux's word", |text| text.contains("In tmux's buffer"));
    // tmux tells its terminal in its own words: the text is what counts.
    let told = clipboard(&words(30));
    screen.wrote(&told[b"\x1b]52;c;".len()..]);
    let border = screen.cell("╮╭").0;
    screen.drags((border, 10), (border + 20, 10));
    screen.until("the border further right", |text| {
        text.lines().next().is_some_and(|line| line.chars().position(|c| c == '╮') == Some(usize::from(border) + 20))
    });
    let bytes = "x".repeat(40_000) + "\n";
    screen.paste(&bytes.repeat(25));
    screen.sees("@ paste · 1.0 MB");
    screen.keys("<C-x>q");
    screen.ends();
    assert!(screen.is_restored());
}

#[test]
fn a_paste_of_a_megabyte_goes_along_and_typing_goes_on() {
    let server = Server::start();
    let home = mocked(&server);
    let mut screen = Screen::start(&home, &[], 24, 80);
    screen.sees("WRITE");
    screen.keys("<C-u><C-u>tokens=3 ");
    screen.paste(&"All work and no play.\n".repeat(50_000));
    screen.sees("@ paste · 1.1 MB");
    screen.keys("go<Enter>");
    screen.sees("w2.");
    assert_eq!(server.asked(), 1);
    screen.keys("<C-x>q");
    assert!(screen.ends().success());
}

#[test]
fn two_hundred_sizes_while_eight_panes_stream_end_in_a_whole_screen() {
    let server = Server::start();
    let home = mocked(&server);
    let templates = home.config().join("templates");
    std::fs::create_dir_all(&templates).unwrap();
    let panes = (1..=8).map(|at| format!("  p{at}: {{}}\n")).collect::<Vec<_>>().concat();
    std::fs::write(templates.join("eight.yaml"), format!("version: 1\ntitle: NAME\npanes:\n{panes}")).unwrap();
    assert_eq!(home.run(&["new", "eight", "--template", "eight"]).0, 0);
    let mut screen = Screen::start(&home, &["eight"], 50, 200);
    screen.sees("8 p8");
    screen.keys("<C-x>atokens=100000 rate=200<Enter>");
    server.until_asked(8);
    screen.sees("8 streaming");
    for step in 0..200_u16 {
        screen.resize(5 + step * 7 % 60, 10 + step * 37 % 230);
    }
    screen.resize(50, 200);
    let text = screen.until("all panes again", |text| text.contains("8 p8") && text.contains("8 streaming"));
    assert!(!text.contains("panicked"));
    screen.keys("<C-x>s");
    screen.until("everything stopped", |text| !text.contains("streaming"));
    screen.keys("<C-x>q");
    assert!(screen.ends().success());
    assert!(screen.is_restored());
}

#[test]
fn another_workspace_opens_in_the_same_terminal_and_the_first_is_as_it_was_left() {
    let server = Server::start();
    let home = mocked(&server);
    for name in ["first", "second"] {
        assert_eq!(home.run(&["new", name]).0, 0);
    }
    let mut screen = Screen::start(&home, &["first"], 30, 120);
    screen.sees(" first ");
    screen.keys("<C-u><C-u>tokens=4<Enter>");
    screen.sees("w3.");
    screen.keys("not sent yet<C-x>w");
    screen.sees("open now");
    screen.keys("second<Enter>");
    screen.until("the second one", |text| text.contains(" second ") && !text.contains("w3."));
    // It is the holder of that one now, and let go of the other.
    let (code, _, err) = home.run(&["-w", "first", "ask", "drafting", "tokens=2"]);
    assert_eq!(code, 0, "{err}");
    std::fs::write(home.data().join("workspaces/first/workspace.yaml"), "version: 1\npanes: 3\n").unwrap();
    screen.keys("<C-x>w");
    screen.sees("open now");
    screen.keys("first<Enter>");
    screen.until("why it wasn't opened", |text| text.contains("was not opened") && text.contains(" second "));
    let yaml = std::fs::read_to_string(home.data().join("workspaces/second/workspace.yaml")).unwrap();
    std::fs::write(home.data().join("workspaces/first/workspace.yaml"), yaml.replace("second", "first")).unwrap();
    screen.keys("<C-x>w");
    screen.sees("open now");
    screen.keys("first<Enter>");
    screen.until("the first one", |text| text.contains(" first ") && text.contains("not sent yet"));
    screen.sees("w3.");
    screen.keys("<C-x>q");
    assert!(screen.ends().success());
    assert!(screen.is_restored());
}

#[test]
fn a_layout_is_saved_into_the_file_with_its_comments() {
    let home = Home::new();
    let mut screen = Screen::start(&home, &[], 50, 200);
    screen.sees("WRITE");
    let yaml = home.data().join("workspaces/trio/workspace.yaml");
    let before = std::fs::read_to_string(&yaml).unwrap();
    screen.keys("<C-x>3<C-x>k<C-x>L");
    screen.sees("the workspace's own");
    screen.keys("pair");
    screen.sees("Ctrl-S saves the screen's as pair");
    screen.bytes(b"\x13");
    screen.sees("+   pair:");
    screen.keys("<Enter>");
    screen.sees("Saved in workspace.yaml.");
    let after = std::fs::read_to_string(&yaml).unwrap();
    assert_eq!(
        after,
        before.replace("panes:\n", "layouts:\n  pair:\n    columns:\n      - research\n      - drafting\n\npanes:\n")
    );
    screen.keys("<C-x>r<C-x>L");
    screen.sees("research | drafting ");
    screen.keys("pair<Enter>");
    screen.sees("synthesis is off the screen");
    screen.keys("<C-x>q");
    assert!(screen.ends().success());
}

#[test]
fn without_the_mouse_the_terminal_keeps_its_own_selection() {
    let home = Home::new();
    home.configure("mouse: false\n");
    let mut screen = Screen::start(&home, &[], 24, 80);
    screen.sees("WRITE");
    assert_eq!(screen.look(vt100::Screen::mouse_protocol_mode), vt100::MouseProtocolMode::None);
    screen.keys("<C-x>q");
    assert!(screen.ends().success());
}
