//! A line to the engine of a workspace: this process's own, or that of whoever holds the workspace.

use std::sync::Arc;
use std::time::Duration;

use crate::engine::op::{ConversationOverview, Op, Overview, Reply};
use crate::engine::update::Update;
use crate::runtime::connection::{Connection, Incoming};
use crate::runtime::workbench::Workbench;
use crate::store::{Access, OpenError, SqliteJournal, Standing};

use super::desk::{Chosen, Desk};
use super::exit::Stopped;
use super::out::notice;

/// How often a holder that doesn't answer yet, or no longer, is asked again.
const TRIES: u32 = 40;
/// The pause between two tries.
const PAUSE: Duration = Duration::from_millis(50);

/// A client of the workspace's engine.
#[derive(Debug)]
pub(super) struct Line {
    /// Where Ops go and updates come from.
    pub connection: Connection,
    /// The engine itself, if this process runs it.
    own: Option<Workbench>,
}

impl Line {
    /// Opens the workspace, or reaches whoever holds it.
    pub(super) async fn open(desk: &Desk, chosen: &Chosen) -> anyhow::Result<Self> {
        let folder = chosen.folder.path();
        for _ in 0..TRIES {
            match SqliteJournal::open(folder, Access::Write) {
                Ok(journal) => return Self::own(desk, chosen, journal),
                Err(OpenError::Held { .. }) => {}
                Err(error) => return Err(error.into()),
            }
            #[cfg(unix)]
            if let Ok(connection) = crate::runtime::socket::connect(folder).await {
                return Ok(Self { connection, own: None });
            }
            // The holder is starting, or ending: either its door opens or its lock becomes free.
            tokio::time::sleep(PAUSE).await;
        }
        match SqliteJournal::open(folder, Access::Write) {
            Ok(journal) => Self::own(desk, chosen, journal),
            Err(error) => Err(error.into()),
        }
    }

    fn own(desk: &Desk, chosen: &Chosen, journal: SqliteJournal) -> anyhow::Result<Self> {
        let can_write = *journal.standing() == Standing::Writing;
        if let Some(why) = journal.standing().notice() {
            notice(why);
        }
        let settings = can_write.then(|| desk.settings(chosen));
        #[cfg_attr(not(unix), expect(unused_mut, reason = "only a door changes it"))]
        let mut workbench =
            Workbench::start(Box::new(journal), Arc::new(desk.registry()), settings, Some(chosen.folder.path()))?;
        #[cfg(unix)]
        if can_write && let Err(error) = workbench.open_door(chosen.folder.path()) {
            notice(&format!("Other commands must wait for this one: its socket can't be made ({error})."));
        }
        Ok(Self { connection: workbench.connect(), own: Some(workbench) })
    }

    /// Sends an Op and waits for its reply. A refusal is an error.
    pub(super) async fn ask(&mut self, op: Op, seen: impl FnMut(Update)) -> anyhow::Result<Reply> {
        match self.connection.ask(op, seen).await {
            Some(Reply::Refused(refusal)) => Err(refusal.into()),
            Some(reply) => Ok(reply),
            None => Err(hung_up()),
        }
    }

    /// The workspace's shape.
    pub(super) async fn overview(&mut self) -> anyhow::Result<Overview> {
        match self.ask(Op::Overview, |_| {}).await? {
            Reply::Overview(overview) => Ok(*overview),
            other => Err(unexpected(&other)),
        }
    }

    /// Waits until nothing runs in this process's engine: others may be asking through it.
    pub(super) async fn idle(&mut self) -> anyhow::Result<()> {
        while self.own.is_some() && self.is_busy().await? {
            if self.connection.next().await == Incoming::Closed {
                break;
            }
        }
        Ok(())
    }

    /// Hangs up; what still runs in this process's engine is kept as interrupted.
    pub(super) async fn close(self) {
        let Self { connection, own } = self;
        drop(connection);
        if let Some(workbench) = own {
            workbench.close().await;
        }
    }

    async fn is_busy(&mut self) -> anyhow::Result<bool> {
        let is_busy = |it: &ConversationOverview| it.turn.is_some() || it.succession.underway.is_some();
        Ok(self.overview().await?.conversations.iter().any(is_busy))
    }
}

/// The engine ended while it was asked.
pub(super) fn hung_up() -> anyhow::Error {
    Stopped::held("The trialogue that holds this workspace ended. Run the command again.").into()
}

/// The engine answered something else than it was asked.
pub(super) fn unexpected(reply: &Reply) -> anyhow::Error {
    Stopped::failed(format!("The engine answered something unexpected: {reply:?}.")).into()
}
