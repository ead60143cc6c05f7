#![allow(dead_code, unreachable_pub, reason = "each of those who share it uses a part")]

//! The real program in a pseudo-terminal: keys in, an emulated screen out.
//!
//! Nothing here sleeps: a wait ends as soon as the screen shows what is waited for, and fails with the screen when it
//! doesn't within [`PATIENCE`].

pub mod server;

use std::io::{Read as _, Write as _};
use std::path::Path;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use portable_pty::{Child, CommandBuilder, ExitStatus, MasterPty, PtySize, native_pty_system};

/// How long something may take to appear, on a busy machine.
pub const PATIENCE: Duration = Duration::from_mins(1);

/// The program: as cargo names it to tests, or beside the folder of the example that asks.
pub fn program() -> std::path::PathBuf {
    match option_env!("CARGO_BIN_EXE_trialogue") {
        Some(path) => path.into(),
        None => std::env::current_exe().unwrap().parent().unwrap().parent().unwrap().join("trialogue"),
    }
}

/// A running program and its screen.
pub struct Screen {
    master: Box<dyn MasterPty + Send>,
    writer: Box<dyn std::io::Write + Send>,
    child: Box<dyn Child + Send + Sync>,
    shown: Arc<Shown>,
}

struct Shown {
    state: Mutex<State>,
    changed: Condvar,
}

impl Shown {
    /// A failed test must not hide its screen behind a poisoned lock.
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

struct State {
    parser: vt100::Parser,
    raw: Vec<u8>,
    is_closed: bool,
}

/// Where a test's program keeps its files.
pub struct Home {
    folder: tempfile::TempDir,
}

impl Home {
    /// Fresh folders.
    pub fn new() -> Self {
        Self { folder: tempfile::tempdir().unwrap() }
    }

    /// The folder of the configuration.
    pub fn config(&self) -> std::path::PathBuf {
        self.folder.path().join("config")
    }

    /// The folder of the workspaces.
    pub fn data(&self) -> std::path::PathBuf {
        self.folder.path().join("data")
    }

    /// Writes the user's configuration.
    pub fn configure(&self, yaml: &str) {
        std::fs::create_dir_all(self.config()).unwrap();
        std::fs::write(self.config().join("config.yaml"), yaml).unwrap();
    }

    /// The program's command line with these arguments, for use without a terminal.
    pub fn command(&self, arguments: &[&str]) -> std::process::Command {
        let mut command = std::process::Command::new(program());
        command.args(arguments).current_dir(self.folder.path()).env_clear();
        for (name, value) in self.environment() {
            command.env(name, value);
        }
        command
    }

    /// This test once more, as a process of its own whose environment is the program's.
    pub fn this_test(&self, name: &str) -> std::process::Command {
        let mut command = std::process::Command::new(std::env::current_exe().unwrap());
        command.args(["--exact", name, "--nocapture"]).current_dir(self.folder.path()).env_clear();
        for (name, value) in self.environment() {
            command.env(name, value);
        }
        command.env("TERM", "xterm-256color");
        command
    }

    /// Runs a command to its end: exit code, stdout, stderr.
    pub fn run(&self, arguments: &[&str]) -> (i32, String, String) {
        let output = self.command(arguments).stdin(std::process::Stdio::null()).output().unwrap();
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        (output.status.code().unwrap_or(-1), text(&output.stdout), text(&output.stderr))
    }

    fn environment(&self) -> Vec<(&'static str, String)> {
        let path = |path: &Path| path.to_string_lossy().into_owned();
        vec![
            ("PATH", std::env::var("PATH").unwrap_or_default()),
            ("HOME", path(self.folder.path())),
            ("TRIALOGUE_CONFIG_DIR", path(&self.config())),
            ("TRIALOGUE_DATA_DIR", path(&self.data())),
            // Nothing that happens to listen on this machine may change what a test sees.
            ("TRIALOGUE_DISCOVER_PORTS", String::new()),
            ("LANG", "C.UTF-8".to_owned()),
        ]
    }
}

impl Screen {
    /// Starts the program on a terminal of this size.
    pub fn start(home: &Home, arguments: &[&str], rows: u16, cols: u16) -> Self {
        let mut command = CommandBuilder::new(program());
        command.args(arguments);
        command.cwd(home.folder.path());
        command.env_clear();
        for (name, value) in home.environment() {
            command.env(name, value);
        }
        command.env("TERM", "xterm-256color");
        Self::spawn(command, rows, cols)
    }

    /// The same with these variables in its environment.
    pub fn start_with(home: &Home, variables: &[(&str, &str)], rows: u16, cols: u16) -> Self {
        let mut command = CommandBuilder::new(program());
        command.cwd(home.folder.path());
        command.env_clear();
        for (name, value) in home.environment() {
            command.env(name, value);
        }
        command.env("TERM", "xterm-256color");
        for (name, value) in variables {
            command.env(name, value);
        }
        Self::spawn(command, rows, cols)
    }

    /// Starts the program in a tmux of its own, with the mouse on: what tmux tells its terminal is what is seen.
    ///
    /// `None` where there is no tmux: a fresh machine needs none. `TRIALOGUE_TMUX=required` makes that a failure.
    pub fn in_tmux(home: &Home, arguments: &[&str], rows: u16, cols: u16) -> Option<Self> {
        if std::process::Command::new("tmux").arg("-V").output().is_err() {
            assert!(std::env::var_os("TRIALOGUE_TMUX").is_none(), "tmux is required, and isn't installed");
            return None;
        }
        let socket = home.folder.path().join("tmux");
        let mut command = CommandBuilder::new("tmux");
        command.args(["-f", "/dev/null", "-S", &socket.to_string_lossy(), "set", "-g", "mouse", "on", ";"]);
        command.args(["set", "-g", "default-terminal", "screen-256color", ";", "set", "-g", "status", "off", ";"]);
        command.args(["set", "-s", "escape-time", "0", ";", "new-session"]);
        command.arg(program());
        command.args(arguments);
        command.cwd(home.folder.path());
        command.env_clear();
        for (name, value) in home.environment() {
            command.env(name, value);
        }
        command.env("TERM", "xterm-256color");
        Some(Self::spawn(command, rows, cols))
    }

    /// Presses the left button in one cell, moves to another by way of its neighbour, and lets go. Counted from 0.
    pub fn drags(&mut self, from: (u16, u16), to: (u16, u16)) {
        let told = |button: u16, (x, y): (u16, u16), end: char| format!("\x1b[<{button};{};{}{end}", x + 1, y + 1);
        let whole = [told(0, from, 'M'), told(32, (from.0 + 1, from.1), 'M'), told(32, to, 'M'), told(0, to, 'm')];
        self.bytes(whole.concat().as_bytes());
    }

    /// The cell in which this text begins: column and row, from 0.
    #[track_caller]
    pub fn cell(&self, text: &str) -> (u16, u16) {
        self.look(|screen| {
            let (rows, columns) = screen.size();
            for row in 0..u16::from(rows) {
                for column in 0..u16::from(columns) {
                    let here = screen.contents_between(row, column, row, u16::from(columns));
                    if here.starts_with(text) {
                        return (column, row);
                    }
                }
            }
            panic!("{text:?} isn't on the screen:\n{}", screen.contents());
        })
    }

    /// Starts any command on a terminal of this size.
    pub fn spawn(command: CommandBuilder, rows: u16, cols: u16) -> Self {
        let pair = native_pty_system().openpty(PtySize { rows, cols, pixel_width: 0, pixel_height: 0 }).unwrap();
        let child = pair.slave.spawn_command(command).unwrap();
        drop(pair.slave);
        let mut reader = pair.master.try_clone_reader().unwrap();
        let state =
            State { parser: vt100::Parser::new(cells(rows), cells(cols), 0), raw: Vec::new(), is_closed: false };
        let shown = Arc::new(Shown { state: Mutex::new(state), changed: Condvar::new() });
        let seen = Arc::clone(&shown);
        std::thread::spawn(move || {
            let mut buffer = vec![0; 65_536];
            loop {
                let read = reader.read(&mut buffer).unwrap_or(0);
                let mut state = seen.state();
                state.is_closed = read == 0;
                state.parser.process(&buffer[..read]);
                state.raw.extend_from_slice(&buffer[..read]);
                seen.changed.notify_all();
                if read == 0 {
                    return;
                }
            }
        });
        Self { writer: pair.master.take_writer().unwrap(), master: pair.master, child, shown }
    }

    /// Types keys: text as it is, and `<Enter>`, `<Esc>`, `<Tab>`, `<Up>`, `<Down>`, `<PgUp>`, `<PgDn>`, `<F1>`,
    /// `<C-x>`, `<lt>`.
    pub fn keys(&mut self, keys: &str) {
        let mut rest = keys;
        let mut bytes = Vec::new();
        while let Some(start) = rest.find('<') {
            bytes.extend_from_slice(&rest.as_bytes()[..start]);
            let end = start + rest[start..].find('>').expect("a key's name ends with >");
            bytes.extend(match &rest[start + 1..end] {
                "Enter" => b"\r".to_vec(),
                "Esc" => b"\x1b".to_vec(),
                "Tab" => b"\t".to_vec(),
                "Up" => b"\x1b[A".to_vec(),
                "Down" => b"\x1b[B".to_vec(),
                "PgUp" => b"\x1b[5~".to_vec(),
                "PgDn" => b"\x1b[6~".to_vec(),
                "F1" => b"\x1bOP".to_vec(),
                "Backspace" => b"\x7f".to_vec(),
                "lt" => b"<".to_vec(),
                control if control.len() == 3 && control.starts_with("C-") => vec![control.as_bytes()[2] & 0x1f],
                other => panic!("no key <{other}>"),
            });
            rest = &rest[end + 1..];
        }
        bytes.extend_from_slice(rest.as_bytes());
        self.bytes(&bytes);
    }

    /// Pastes with the terminal's brackets.
    pub fn paste(&mut self, text: &str) {
        self.bytes(format!("\x1b[200~{text}\x1b[201~").as_bytes());
    }

    /// Sends bytes as they are.
    pub fn bytes(&mut self, bytes: &[u8]) {
        self.writer.write_all(bytes).unwrap();
        self.writer.flush().unwrap();
    }

    /// Changes the terminal's size.
    pub fn resize(&self, rows: u16, cols: u16) {
        self.shown.state().parser.screen_mut().set_size(cells(rows), cells(cols));
        self.master.resize(PtySize { rows, cols, pixel_width: 0, pixel_height: 0 }).unwrap();
    }

    /// What the screen shows now.
    pub fn text(&self) -> String {
        self.shown.state().parser.screen().contents()
    }

    /// A look at the emulated screen: cells, colours, cursor.
    pub fn look<T>(&self, look: impl FnOnce(&vt100::Screen) -> T) -> T {
        look(self.shown.state().parser.screen())
    }

    /// Every byte that was written to the terminal.
    pub fn raw(&self) -> Vec<u8> {
        self.shown.state().raw.clone()
    }

    /// Waits until the screen shows `text`.
    #[track_caller]
    pub fn sees(&self, text: &str) -> String {
        self.until(&format!("{text:?} on the screen"), |screen| screen.contains(text))
    }

    /// Waits until the screen doesn't show `text`.
    #[track_caller]
    pub fn misses(&self, text: &str) -> String {
        self.until(&format!("no {text:?} on the screen"), |screen| !screen.contains(text))
    }

    /// Waits until these bytes were written to the terminal.
    #[track_caller]
    pub fn wrote(&self, bytes: &[u8]) {
        let deadline = Instant::now() + PATIENCE;
        let mut state = self.shown.state();
        while !state.raw.windows(bytes.len()).any(|window| window == bytes) {
            let left = deadline.saturating_duration_since(Instant::now());
            let told = String::from_utf8_lossy(bytes).into_owned();
            assert!(
                !left.is_zero() && !state.is_closed,
                "waited for {told:?}; written: {:?}",
                String::from_utf8_lossy(&state.raw)
            );
            state = self.shown.changed.wait_timeout(state, left.min(Duration::from_secs(1))).unwrap().0;
        }
    }

    /// Waits until the screen is as it should be, and returns it.
    #[track_caller]
    pub fn until(&self, what: &str, is_so: impl Fn(&str) -> bool) -> String {
        let deadline = Instant::now() + PATIENCE;
        let mut state = self.shown.state();
        loop {
            let text = state.parser.screen().contents();
            if is_so(&text) {
                return text;
            }
            let left = deadline.saturating_duration_since(Instant::now());
            assert!(!left.is_zero() && !state.is_closed, "waited for {what}; the screen shows:\n{text}");
            state = self.shown.changed.wait_timeout(state, left.min(Duration::from_secs(1))).unwrap().0;
        }
    }

    /// The process's id.
    pub fn pid(&self) -> u32 {
        self.child.process_id().unwrap()
    }

    /// Ends the process at once, as `kill -9` does.
    pub fn kill(&mut self) {
        let killed = std::process::Command::new("kill").args(["-9", &self.pid().to_string()]).status().unwrap();
        assert!(killed.success());
        self.child.wait().unwrap();
    }

    /// Waits for the process to end by itself, and for the last of its output.
    #[track_caller]
    pub fn ends(&mut self) -> ExitStatus {
        let deadline = Instant::now() + PATIENCE;
        let mut state = self.shown.state();
        while !state.is_closed {
            let left = deadline.saturating_duration_since(Instant::now());
            assert!(!left.is_zero(), "it did not end; the screen shows:\n{}", state.parser.screen().contents());
            state = self.shown.changed.wait_timeout(state, left).unwrap().0;
        }
        drop(state);
        self.child.wait().unwrap()
    }

    /// Whether the emulated terminal is as a shell expects it: main screen, cursor shown, no mouse, no paste brackets.
    pub fn is_restored(&self) -> bool {
        let state = self.shown.state();
        let screen = state.parser.screen();
        !screen.alternate_screen()
            && !screen.hide_cursor()
            && !screen.bracketed_paste()
            && screen.mouse_protocol_mode() == vt100::MouseProtocolMode::None
    }
}

impl Drop for Screen {
    fn drop(&mut self) {
        // A failed test must leave nothing running.
        let _ = self.child.kill();
    }
}

fn cells(count: u16) -> std::num::NonZeroU16 {
    std::num::NonZeroU16::new(count).expect("a terminal has cells")
}
