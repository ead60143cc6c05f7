//! The loop: waits for anything, drains everything, draws once.
//!
//! Architecture invariants: nothing is drawn while nothing changed; a key is drawn at once, what streams at most sixty
//! times a second; every message passes through [`App::update`], and nothing else changes the app.

use std::collections::BTreeMap;
use std::future::pending;
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
use super::key::Key;
use super::surroundings::{Pending, Surroundings};
use super::terminal::{Tty, stop_here};
use super::ui;
use crate::engine::time::Timestamp;
use crate::runtime::connection::{Connection, Incoming, Ticket};

/// Runs the screen until the person leaves or a signal ends it. The terminal is as it was when this returns. What it
/// returns is the folder of the workspace that the person left for, if they did.
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
        clock: FrameClock::default(),
        began: Instant::now(),
        is_over: false,
    };
    screen.draw()?;
    let mut signals = Signals::new()?;
    while !screen.is_over {
        screen.turn(&mut signals).await?;
    }
    Ok(screen.app.leaving_for.take())
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
    clock: FrameClock,
    began: Instant,
    is_over: bool,
}

/// What a wait ended with.
enum Woken {
    Input(Event),
    Incoming(Incoming),
    Errand(Message),
    Signal,
    Timer,
}

/// What the terminal sends. Looked at only when it said that there is something: a look takes the lock of the thread that
/// waits for the next key, and each streamed piece would cost one.
fn keyboard() -> SelectAll<EventStream> {
    select_all([EventStream::new()])
}

impl Loop<'_> {
    /// Waits for something, takes in all there is, and draws if that is due.
    async fn turn(&mut self, signals: &mut Signals) -> io::Result<()> {
        let woken = self.wait(signals).await?;
        self.take(woken)?;
        self.drain()?;
        let now = self.began.elapsed();
        if self.clock.is_due(now) && self.input.is_some() && !self.is_over {
            self.draw()?;
        }
        Ok(())
    }

    async fn wait(&mut self, signals: &mut Signals) -> io::Result<Woken> {
        let timer = self.timer();
        let input = async {
            match &mut self.input {
                Some(input) => input.next().await,
                None => pending().await,
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
            event = input => match event {
                Some(event) => Ok(Woken::Input(event?)),
                // The terminal is gone.
                None => Ok(Woken::Signal),
            },
            _ = signals.next() => Ok(Woken::Signal),
            message = errand => Ok(Woken::Errand(message)),
            incoming = self.connection.next() => Ok(Woken::Incoming(incoming)),
            () = timer => Ok(Woken::Timer),
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

    fn take(&mut self, woken: Woken) -> io::Result<()> {
        match woken {
            Woken::Input(event) => self.input(event),
            Woken::Incoming(incoming) => self.incoming(incoming),
            Woken::Errand(message) => self.update(message, true),
            Woken::Signal => self.update(Message::Shutdown, true),
            Woken::Timer if self.app.wake_at().is_some_and(|at| at <= now()) => self.update(Message::Woke, false),
            Woken::Timer => Ok(()),
        }
    }

    /// Takes in whatever else is there already.
    fn drain(&mut self) -> io::Result<()> {
        while let Some(incoming) = self.connection.try_next() {
            self.incoming(incoming)?;
        }
        Ok(())
    }

    /// Takes in an event and those that arrived with it: keys of one moment belong together.
    fn input(&mut self, first: Event) -> io::Result<()> {
        let mut keys = Vec::new();
        let mut next = Some(first);
        while let Some(event) = next.take() {
            if let Event::Key(event) = event {
                keys.extend(Key::from_event(event));
            } else {
                self.keys(&mut keys)?;
                if let Some(message) = message(event) {
                    self.update(message, true)?;
                }
            }
            if self.input.is_none() {
                break;
            }
            next = if crossterm::event::poll(ARRIVED)? { Some(crossterm::event::read()?) } else { None };
        }
        self.keys(&mut keys)
    }

    fn keys(&mut self, keys: &mut Vec<Key>) -> io::Result<()> {
        if keys.is_empty() {
            return Ok(());
        }
        self.update(Message::Keys(std::mem::take(keys)), true)
    }

    fn incoming(&mut self, incoming: Incoming) -> io::Result<()> {
        match incoming {
            Incoming::Reply(ticket, reply) => match self.origins.remove(&ticket) {
                Some(origin) => self.update(Message::Reply(origin, Box::new(reply)), false),
                None => Ok(()),
            },
            Incoming::Update(update) => self.update(Message::Update(update), false),
            Incoming::Closed => self.update(Message::Closed, true),
        }
    }

    fn update(&mut self, message: Message, at_once: bool) -> io::Result<()> {
        let commands = self.app.update(message, now());
        let moment = self.began.elapsed();
        if at_once {
            self.clock.at_once(moment);
        } else {
            self.clock.request(moment);
        }
        commands.into_iter().try_for_each(|command| self.run(command))
    }

    fn run(&mut self, command: Command) -> io::Result<()> {
        match command {
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
        self.update(Message::Resized(columns, rows), true)
    }

    fn draw(&mut self) -> io::Result<()> {
        let app = &self.app;
        self.tty.draw(app.size, |buffer| ui::paint(app, buffer))?;
        self.clock.drawn(self.began.elapsed());
        Ok(())
    }
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
