//! The loop: waits for anything, drains everything, draws once.
//!
//! Architecture invariants: nothing is drawn while nothing changed; a key is drawn at once, what streams at most sixty
//! times a second on the average; every message passes through [`App::update`], and nothing else changes the app.

use std::collections::BTreeMap;
use std::future::{pending, ready};
use std::io;
use std::path::PathBuf;
use std::pin::Pin;
use std::time::{Duration, Instant};

use crossterm::event::{Event, EventStream, MouseButton, MouseEvent, MouseEventKind};
use futures_util::stream::{FuturesUnordered, SelectAll, select_all};
use futures_util::{FutureExt as _, StreamExt as _};
use tokio::time::sleep;

use super::app::message::{Mouse, MouseDeed};
use super::app::{App, Command, Message, Origin, Start};
use super::frame_clock::FrameClock;
use super::hang_up::HangUp;
use super::key::Key;
use super::surroundings::{Pending, Surroundings};
use super::terminal::{Tty, stop_here};
use super::ui;
use crate::engine::time::Timestamp;
use crate::runtime::connection::{Connection, Incoming, Ticket};

/// Runs the screen until the person leaves, or a signal or the terminal's own end ends it. The terminal is as it was when
/// this returns. What it returns is the folder of the workspace that the person left for, if they did.
///
/// A terminal that fails ends it with that error, and not before everything is saved; one that is gone is no failure.
pub async fn run(connection: Connection, start: Start, surroundings: &dyn Surroundings) -> io::Result<Option<PathBuf>> {
    let tty = Tty::enter(start.mouse, start.links.clone())?;
    let start = Start { size: tty.size()?, ..start };
    let app = App::new(start, now());
    let mut screen = Loop {
        app,
        tty,
        connection,
        surroundings,
        origins: BTreeMap::new(),
        errands: FuturesUnordered::new(),
        input: Some(keyboard()),
        hang_up: HangUp::watch(),
        loss: None,
        clock: FrameClock::default(),
        began: Instant::now(),
        is_over: false,
    };
    let mut signals = Signals::new()?;
    screen.draw();
    while !screen.is_over {
        screen.turn(&mut signals).await;
    }
    match screen.loss {
        Some(Loss::Failed(error)) => Err(error),
        Some(Loss::Gone) => Ok(None),
        None => Ok(screen.app.leaving_for.take()),
    }
}

/// How long to look for an event that has arrived already: no time is not enough for a look.
const ARRIVED: Duration = Duration::from_micros(1);

pub(super) fn now() -> Timestamp {
    Timestamp::from_millis(jiff::Timestamp::now().as_millisecond())
}

struct Loop<'a> {
    app: App,
    tty: Tty,
    connection: Connection,
    surroundings: &'a dyn Surroundings,
    /// Who asked what is not answered yet.
    origins: BTreeMap<Ticket, Origin>,
    /// What the world was asked and has not answered.
    errands: FuturesUnordered<Pending<Message>>,
    /// The keyboard; `None` while an editor has it.
    input: Option<SelectAll<EventStream>>,
    /// The terminal's own end.
    hang_up: HangUp,
    /// How the terminal was lost, if it was: nothing is read from it or written to it then.
    loss: Option<Loss>,
    clock: FrameClock,
    began: Instant,
    is_over: bool,
}

/// How the terminal was lost.
enum Loss {
    /// It hung up: nobody is there.
    Gone,
    /// It is there, and can't be used.
    Failed(io::Error),
}

/// What a wait ended with.
enum Woken {
    Input(io::Result<Event>),
    Incoming(Incoming),
    Errand(Message),
    Signal,
    HangUp,
    Timer,
}

/// What the terminal sends. Looked at only when it said that there is something: a look takes the lock of the thread that
/// waits for the next key, and each streamed piece would cost one.
fn keyboard() -> SelectAll<EventStream> {
    select_all([EventStream::new()])
}

impl Loop<'_> {
    /// Waits for something, takes in all there is, and draws if that is due.
    async fn turn(&mut self, signals: &mut Signals) {
        let woken = self.wait(signals).await;
        self.take(woken);
        self.drain();
        let now = self.began.elapsed();
        if self.clock.is_due(now) && self.input.is_some() && !self.is_over {
            self.draw();
        }
    }

    async fn wait(&mut self, signals: &mut Signals) -> Woken {
        let timer = self.timer();
        let input = async {
            match &mut self.input {
                Some(input) => input.next().await,
                None => pending().await,
            }
        };
        let hang_up = async {
            match self.loss {
                Some(_) => pending().await,
                None => self.hang_up.came().await,
            }
        };
        let errand = async {
            match self.errands.next().await {
                Some(message) => message,
                None => pending().await,
            }
        };
        // Keys before everything: a person waits for them. A signal before what streams.
        tokio::select! {
            biased;
            event = input => event.map_or(Woken::HangUp, Woken::Input),
            _ = signals.next() => Woken::Signal,
            () = hang_up => Woken::HangUp,
            message = errand => Woken::Errand(message),
            incoming = self.connection.next() => Woken::Incoming(incoming),
            () = timer => Woken::Timer,
        }
    }

    /// The nearest moment at which something is to be done though nothing happens.
    fn timer(&self) -> Pin<Box<dyn Future<Output = ()>>> {
        let frame =
            self.clock.due().filter(|_| self.input.is_some()).map(|due| due.saturating_sub(self.began.elapsed()));
        let wake = self
            .app
            .wake_at()
            .map(|at| Duration::from_millis(u64::try_from(at.as_millis() - now().as_millis()).unwrap_or(0)));
        match [frame, wake].into_iter().flatten().min() {
            Some(left) => Box::pin(sleep(left)),
            None => Box::pin(pending()),
        }
    }

    fn take(&mut self, woken: Woken) {
        match woken {
            Woken::Input(event) => {
                let taken = event.and_then(|event| self.input(event));
                self.heed(taken);
            }
            Woken::Incoming(incoming) => self.incoming(incoming),
            Woken::Errand(message) => self.update(message, true),
            Woken::Signal => self.update(Message::Shutdown, true),
            Woken::HangUp => self.lose(Loss::Gone),
            Woken::Timer if self.app.wake_at().is_some_and(|at| at <= now()) => self.update(Message::Woke, false),
            Woken::Timer => {}
        }
    }

    /// Ends what a lost terminal makes pointless. Everything is saved first, as after SIGHUP.
    fn lose(&mut self, loss: Loss) {
        if self.loss.is_none() {
            // Its reader would find nothing in it again and again.
            self.input = None;
            self.loss = Some(loss);
            self.errands.push(Box::pin(ready(Message::Shutdown)));
        }
    }

    /// Heeds what became of something that the terminal was used for.
    fn heed(&mut self, used: io::Result<()>) {
        if let Err(error) = used {
            self.lose(if self.tty.is_gone() { Loss::Gone } else { Loss::Failed(error) });
        }
    }

    /// Takes in whatever else is there already.
    fn drain(&mut self) {
        while let Some(incoming) = self.connection.try_next() {
            self.incoming(incoming);
        }
    }

    /// Takes in an event and those that arrived with it: keys of one moment belong together.
    fn input(&mut self, first: Event) -> io::Result<()> {
        let mut keys = Vec::new();
        let mut next = Ok(Some(first));
        while let Ok(Some(event)) = next {
            if let Event::Key(event) = event {
                keys.extend(Key::from_event(event));
            } else {
                self.keys(&mut keys);
                if matches!(event, Event::Resize(..)) {
                    // It may have had other sizes meanwhile, and lost what was drawn, though this one is the same as before.
                    self.tty.forget();
                }
                if let Some(message) = message(event) {
                    self.update(message, true);
                }
            }
            next = if self.input.is_some() { arrived() } else { Ok(None) };
        }
        self.keys(&mut keys);
        next.map(drop)
    }

    fn keys(&mut self, keys: &mut Vec<Key>) {
        if !keys.is_empty() {
            self.update(Message::Keys(std::mem::take(keys)), true);
        }
    }

    fn incoming(&mut self, incoming: Incoming) {
        match incoming {
            Incoming::Reply(ticket, reply) => {
                if let Some(origin) = self.origins.remove(&ticket) {
                    self.update(Message::Reply(origin, Box::new(reply)), false);
                }
            }
            Incoming::Update(update) => self.update(Message::Update(update), false),
            Incoming::Closed => self.update(Message::Closed, true),
        }
    }

    fn update(&mut self, message: Message, at_once: bool) {
        let commands = self.app.update(message, now());
        let moment = self.began.elapsed();
        if at_once {
            self.clock.at_once(moment);
        } else {
            self.clock.request(moment);
        }
        for command in commands {
            let ran = self.run(command);
            self.heed(ran);
        }
    }

    fn run(&mut self, command: Command) -> io::Result<()> {
        match command {
            // There is nobody left whom they could reach.
            Command::OpenEditor(..)
            | Command::Copy(_)
            | Command::Suspend
            | Command::Redraw
            | Command::Tell { .. }
            | Command::Title(_)
                if self.loss.is_some() => {}
            Command::Post(origin, op) => {
                let ticket = self.connection.post(op);
                self.origins.insert(ticket, origin);
            }
            Command::ReadFile(pane, path) => {
                let read = self.surroundings.read(&path);
                self.errands.push(Box::pin(read.map(|read| Message::FileRead(pane, path, read))));
            }
            Command::FindBeginning(pane, spelled) => {
                let names = self.surroundings.beginning(&spelled);
                self.errands.push(Box::pin(names.map(|names| Message::Beginning(pane, spelled, names))));
            }
            Command::OpenEditor(pane, text) => {
                self.input = None;
                self.tty.leave();
                let edit = self.surroundings.edit(&text);
                self.errands.push(Box::pin(edit.map(|text| Message::Edited(pane, text))));
            }
            Command::Copy(text) => {
                self.tty.copy(&text)?;
                let copy = self.surroundings.copy(&text);
                self.errands.push(Box::pin(copy.map(Message::Copied)));
            }
            Command::ReadLayouts => {
                let layouts = self.surroundings.layouts();
                self.errands.push(Box::pin(layouts.map(Message::Layouts)));
            }
            Command::PlanLayout(name, tree) => {
                let plan = self.surroundings.plan_layout(name.as_deref(), &tree);
                self.errands.push(Box::pin(plan.map(|plan| Message::LayoutPlanned(name, plan))));
            }
            Command::WriteLayout(change) => {
                let write = self.surroundings.write_layout(&change);
                self.errands.push(Box::pin(write.map(Message::LayoutWritten)));
            }
            Command::ReadBriefTemplates(pane) => {
                let templates = self.surroundings.brief_templates();
                let told = |(templates, errors)| Message::BriefTemplates(pane, templates, errors);
                self.errands.push(Box::pin(templates.map(told)));
            }
            Command::ListWorkspaces => {
                let workspaces = self.surroundings.workspaces();
                self.errands.push(Box::pin(workspaces.map(Message::Workspaces)));
            }
            Command::Discover => {
                let discover = self.surroundings.discover();
                self.errands.push(Box::pin(discover.map(Message::Offers)));
            }
            Command::Test(model) => {
                let test = self.surroundings.test(&model);
                self.errands.push(Box::pin(test.map(|told| Message::Tested(model, told))));
            }
            Command::Themes => {
                let themes = self.surroundings.themes();
                self.errands.push(Box::pin(themes.map(Message::Themes)));
            }
            Command::Reload => {
                let reload = self.surroundings.reload();
                self.errands.push(Box::pin(reload.map(Message::Reloaded)));
            }
            Command::Highlight(code) => {
                let read = self.surroundings.highlight(code);
                self.errands.push(Box::pin(read.map(Message::Highlighted)));
            }
            Command::Suspend => {
                self.tty.leave();
                stop_here()?;
                self.resume()?;
            }
            Command::Redraw => self.resume()?,
            Command::Tell { bell, text } => self.tty.tell(bell, text.as_deref())?,
            Command::Title(title) => self.tty.title(&title)?,
            Command::Quit => self.is_over = true,
        }
        Ok(())
    }

    /// Takes the terminal again: after a shell, or after an editor.
    fn resume(&mut self) -> io::Result<()> {
        self.tty.enter_again()?;
        if self.input.is_none() {
            self.input = Some(keyboard());
        }
        let (columns, rows) = self.tty.size()?;
        self.update(Message::Resized(columns, rows), true);
        Ok(())
    }

    fn draw(&mut self) {
        let app = &self.app;
        let drawn = self.tty.draw(app.size, |buffer| ui::paint(app, buffer));
        self.clock.drawn(self.began.elapsed());
        self.heed(drawn);
    }
}

/// What has arrived already, if anything has.
fn arrived() -> io::Result<Option<Event>> {
    if crossterm::event::poll(ARRIVED)? { crossterm::event::read().map(Some) } else { Ok(None) }
}

/// What a terminal's event means to the app; nothing, if it means nothing.
fn message(event: Event) -> Option<Message> {
    match event {
        Event::Paste(text) => Some(Message::Paste(text)),
        Event::Resize(columns, rows) => Some(Message::Resized(columns, rows)),
        Event::Mouse(MouseEvent { kind, column, row, .. }) => {
            let deed = match kind {
                MouseEventKind::Down(MouseButton::Left) => MouseDeed::Press,
                MouseEventKind::Drag(MouseButton::Left) => MouseDeed::Drag,
                MouseEventKind::Up(MouseButton::Left) => MouseDeed::Release,
                MouseEventKind::ScrollUp => MouseDeed::WheelUp,
                MouseEventKind::ScrollDown => MouseDeed::WheelDown,
                _ => return None,
            };
            Some(Message::Mouse(Mouse { deed, column, row }))
        }
        Event::FocusGained => Some(Message::Focus(true)),
        Event::FocusLost => Some(Message::Focus(false)),
        Event::Key(_) => None,
    }
}

/// The signals that end the program.
#[cfg(unix)]
pub(super) struct Signals([tokio::signal::unix::Signal; 3]);

#[cfg(unix)]
impl Signals {
    pub(super) fn new() -> io::Result<Self> {
        use tokio::signal::unix::{SignalKind, signal};
        Ok(Self([signal(SignalKind::terminate())?, signal(SignalKind::hangup())?, signal(SignalKind::interrupt())?]))
    }

    /// Waits for one; says whether it is the interrupt, which a keyboard sends where no screen reads its keys.
    pub(super) async fn next(&mut self) -> bool {
        let Self([terminate, hang_up, interrupt]) = self;
        tokio::select! {
            _ = terminate.recv() => false,
            _ = hang_up.recv() => false,
            _ = interrupt.recv() => true,
        }
    }
}

#[cfg(not(unix))]
pub(super) struct Signals;

#[cfg(not(unix))]
impl Signals {
    pub(super) fn new() -> io::Result<Self> {
        Ok(Self)
    }

    /// Waits for the interrupt.
    pub(super) async fn next(&mut self) -> bool {
        // An interrupt that can't be listened for never comes.
        if tokio::signal::ctrl_c().await.is_err() {
            pending::<()>().await;
        }
        true
    }
}
