//! The workbench as flat, labelled text, for screen readers: written once, in order, nothing drawn, nothing redrawn.
//!
//! Lines come in as the terminal's own line editing leaves them, lines go out. Architecture invariants: no control
//! sequence is ever written; the state is the same [`App`] that the screen draws; everything said passes the sanitiser.

mod answer;
mod brief;
mod prose;
mod speech;
mod waiting;
mod word;

use std::collections::BTreeMap;
use std::future::pending;
use std::io::{self, IsTerminal as _, Write as _};
use std::time::Duration;

use futures_util::stream::FuturesUnordered;
use futures_util::{FutureExt as _, StreamExt as _};
use tokio::sync::mpsc::UnboundedReceiver;
use tokio::time::sleep;

use super::app::{App, Command, Message, Origin, Start};
use super::event_loop::{Signals, now};
use super::surroundings::{Pending, Surroundings};
use crate::engine::op::Reply;
use crate::engine::update::Update;
use crate::runtime::connection::{Connection, Incoming, Ticket};
use crate::tui::dialog::Need;
use speech::Speech;

/// Runs until the person leaves, what they type ends, or a signal comes.
///
/// Output that fails ends it with that error, and not before everything is saved; a terminal that is gone is no failure.
pub async fn run(
    connection: Connection,
    start: Start,
    surroundings: &dyn Surroundings,
    typed: UnboundedReceiver<String>,
) -> io::Result<()> {
    let was_terminal = io::stdout().is_terminal();
    let app = App::new(Start { size: (0, 0), ..start }, now());
    let mut flat = Flat {
        app,
        speech: Speech::default(),
        connection,
        surroundings,
        origins: BTreeMap::new(),
        errands: FuturesUnordered::new(),
        typed: Some(typed),
        unfinished: String::new(),
        models_wanted: None,
        brief_told: Vec::new(),
        needs_told: Vec::new(),
        unheard: None,
        is_over: false,
    };
    let mut signals = Signals::new()?;
    flat.greet();
    flat.say();
    while !flat.is_over {
        flat.turn(&mut signals).await;
        flat.say();
    }
    let is_gone = was_terminal && !io::stdout().is_terminal();
    flat.unheard.filter(|_| !is_gone).map_or(Ok(()), Err)
}

struct Flat<'a> {
    app: App,
    speech: Speech,
    connection: Connection,
    surroundings: &'a dyn Surroundings,
    origins: BTreeMap<Ticket, Origin>,
    errands: FuturesUnordered<Pending<Message>>,
    /// What is typed; `None` once it has ended.
    typed: Option<UnboundedReceiver<String>>,
    /// Lines that ended in a backslash.
    unfinished: String,
    /// What `/model` was asked for, while discovery looks: nothing lists them.
    models_wanted: Option<String>,
    /// What was said of the brief in hand.
    brief_told: Vec<String>,
    /// What `/needs` listed: its numbers mean these.
    needs_told: Vec<Need>,
    /// Why nothing that is said is heard any more.
    unheard: Option<io::Error>,
    is_over: bool,
}

/// What a wait ended with.
enum Woken {
    Line(Option<String>),
    Incoming(Incoming),
    Errand(Message),
    Interrupt,
    End,
    Timer,
}

impl Flat<'_> {
    async fn turn(&mut self, signals: &mut Signals) {
        match self.wait(signals).await {
            Woken::Line(Some(line)) => self.line(&line),
            Woken::Line(None) => {
                self.typed = None;
                self.message(Message::Shutdown);
            }
            Woken::Interrupt => self.interrupt(),
            Woken::End => self.message(Message::Shutdown),
            Woken::Errand(message) => {
                let is_offers = matches!(message, Message::Offers(_));
                self.message(message);
                if is_offers && let Some(wanted) = self.models_wanted.take() {
                    self.tell_models(&wanted);
                }
            }
            Woken::Incoming(incoming) => {
                self.incoming(incoming);
                while let Some(incoming) = self.connection.try_next() {
                    self.incoming(incoming);
                }
            }
            Woken::Timer => self.message(Message::Woke),
        }
        for (pane, text) in self.app.take_notices() {
            match pane {
                Some(pane) => self.speech.say(&format!("{pane}: {text}")),
                None => self.speech.say(&text),
            }
        }
    }

    async fn wait(&mut self, signals: &mut Signals) -> Woken {
        let timer = self.app.wake_at().map(|at| at.as_millis() - now().as_millis());
        let timer = async {
            match timer {
                Some(left) => sleep(Duration::from_millis(u64::try_from(left).unwrap_or(0))).await,
                None => pending().await,
            }
        };
        let line = async {
            match &mut self.typed {
                Some(typed) => typed.recv().await,
                None => pending().await,
            }
        };
        let errand = async {
            match self.errands.next().await {
                Some(message) => message,
                None => pending().await,
            }
        };
        tokio::select! {
            biased;
            is_interrupt = signals.next() => if is_interrupt { Woken::Interrupt } else { Woken::End },
            message = errand => Woken::Errand(message),
            incoming = self.connection.next() => Woken::Incoming(incoming),
            line = line => Woken::Line(line),
            () = timer => Woken::Timer,
        }
    }

    fn incoming(&mut self, incoming: Incoming) {
        match incoming {
            Incoming::Reply(ticket, reply) => {
                let Some(origin) = self.origins.remove(&ticket) else { return };
                if let (Origin::SearchAll(query), Reply::Hits { hits }) = (&origin, &reply) {
                    self.tell_hits(query, hits);
                }
                match (&origin, &reply) {
                    (Origin::Lineage, Reply::Lineage(lineage)) => self.tell_lineage(lineage),
                    (Origin::Lineage, Reply::Refused(refusal)) => self.speech.say(&refusal.message),
                    _ => {}
                }
                let of_brief = matches!(origin, Origin::Compose(..) | Origin::Brief(_));
                self.message(Message::Reply(origin, Box::new(reply)));
                if of_brief {
                    self.say_told_of_brief();
                    self.tell_brief();
                }
            }
            Incoming::Update(update) => {
                let told = update.clone();
                self.message(Message::Update(update));
                self.hear(&told);
            }
            Incoming::Closed => self.message(Message::Closed),
        }
    }

    fn hear(&mut self, update: &Update) {
        self.speech.hear(&self.app, update);
    }

    fn message(&mut self, message: Message) {
        let commands = self.app.update(message, now());
        self.run(commands);
    }

    fn run(&mut self, commands: Vec<Command>) {
        for command in commands {
            match command {
                Command::Post(origin, op) => {
                    let ticket = self.connection.post(op);
                    self.origins.insert(ticket, origin);
                }
                Command::ReadFile(pane, path) => {
                    let read = self.surroundings.read(&path);
                    self.errands.push(Box::pin(read.map(|read| Message::FileRead(pane, path, read))));
                }
                Command::Discover => {
                    let discover = self.surroundings.discover();
                    self.errands.push(Box::pin(discover.map(Message::Offers)));
                }
                Command::Reload => {
                    let reload = self.surroundings.reload();
                    self.errands.push(Box::pin(reload.map(Message::Reloaded)));
                }
                Command::Quit => self.is_over = true,
                // Only a screen has these.
                _ => {}
            }
        }
    }

    /// Says what is to be said. Where that fails, nobody is left to talk to.
    fn say(&mut self) {
        if let Err(error) = self.write()
            && self.unheard.is_none()
        {
            self.unheard = Some(error);
            self.message(Message::Shutdown);
        }
    }

    /// Writes what is to be said, whole lines at once.
    fn write(&mut self) -> io::Result<()> {
        let lines = self.speech.take();
        if lines.is_empty() {
            return Ok(());
        }
        let mut text = lines.join("\n");
        text.push('\n');
        let mut out = io::stdout().lock();
        out.write_all(text.as_bytes())?;
        out.flush()
    }
}
