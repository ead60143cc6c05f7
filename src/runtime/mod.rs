//! The effect runner: the only place that spawns, and the only one that holds the engine.
//!
//! One task ([`runner`]) takes inputs in the order they come, lets the engine decide, commits the facts, applies them,
//! publishes them, and only then runs the effects. Turns stream in tasks of their own; dropping such a task is how a
//! turn is cancelled. The journal works on a thread of its own ([`journal_thread`]), in the order it is asked.
//!
//! Architecture invariants: an effect never runs before its decision's facts are on disk; results carry their turn and
//! try, so that late ones are recognised; an answer that can't be saved is kept in memory and tried again.

mod asides;
pub mod clock;
pub mod connection;
mod contained;
mod crossing;
#[cfg(test)]
mod echo;
mod effects;
mod handing;
#[cfg(test)]
mod handoff_tests;
pub mod journal_thread;
pub mod lines;
mod mailbox;
pub mod opening;
mod runner;
#[cfg(test)]
mod simulation;
#[cfg(unix)]
pub mod socket;
mod stream;
mod turns;
pub mod workbench;
mod worker;

use std::sync::Arc;

use tokio::sync::{mpsc, oneshot};
use tokio::task::JoinHandle;

use crate::engine::id::Ids;
use crate::engine::input::Input;
use crate::engine::settings::Settings;
use crate::files::documents::Documents;
use crate::provider::Providers;

use self::clock::Clock;
use self::connection::Connection;
pub use self::contained::is_contained;
use self::contained::{Panicked, contained};
use self::journal_thread::JournalHandle;
use self::mailbox::{Mailbox, Post};
use self::runner::Runner;

/// What a runtime is made of.
pub struct Parts {
    /// The workspace's journal.
    pub journal: JournalHandle,
    /// The configured providers.
    pub providers: Arc<dyn Providers>,
    /// What time it is.
    pub clock: Arc<dyn Clock>,
    /// Where identities come from.
    pub ids: Ids,
    /// Where heavy pure work runs.
    pub workers: Workers,
    /// Where handoffs are kept as files; `None` keeps them in the journal alone.
    pub documents: Option<Documents>,
    /// The configuration to begin with; `None` for a journal that is only read.
    pub settings: Option<Settings>,
}

/// Where heavy pure work runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Workers {
    /// On tokio's blocking threads.
    Threads,
    /// In place, so that a simulation stays deterministic.
    Inline,
}

/// A running runtime.
#[derive(Debug)]
pub struct Runtime {
    posts: mpsc::UnboundedSender<Post>,
    task: JoinHandle<Result<(), Panicked>>,
}

impl Runtime {
    /// Starts it. The journal is loaded in the background: what is posted meanwhile waits.
    pub fn start(parts: Parts) -> Self {
        let (posts, posted) = mpsc::unbounded_channel();
        let task = tokio::spawn(contained(Runner::new(parts).run(posted)));
        Self { posts, task }
    }

    /// A new client. It is told everything from now on, and at once what running turns have streamed so far.
    pub fn connect(&self) -> Connection {
        self.connector().connect()
    }

    /// A way to make new clients from elsewhere.
    pub fn connector(&self) -> Connector {
        Connector { posts: self.posts.clone() }
    }

    /// Stops every turn as interrupted, waits until their text is on disk, and ends.
    pub async fn shut_down(self) {
        let (done, finished) = oneshot::channel();
        if self.posts.send(Post::ShutDown(done)).is_ok() {
            let _ = finished.await;
        }
        // The task ends by itself after it has answered; if it panicked, that is over too.
        let _ = self.task.await;
    }
}

/// Makes clients of a running runtime, and tells it what the program itself learns.
#[derive(Debug, Clone)]
pub struct Connector {
    posts: mpsc::UnboundedSender<Post>,
}

impl Connector {
    /// Takes a configuration that was read again.
    pub fn configure(&self, settings: Settings) {
        // A runtime that has ended has no use for settings.
        let _ = self.posts.send(Post::Input(Input::Configured(settings)));
    }

    /// A new client.
    pub fn connect(&self) -> Connection {
        let mailbox = Arc::new(Mailbox::default());
        if self.posts.send(Post::Connect(Arc::clone(&mailbox))).is_err() {
            mailbox.put(connection::Incoming::Closed);
        }
        Connection::new(self.posts.clone(), mailbox)
    }
}
