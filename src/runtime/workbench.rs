//! One opened workspace: its runtime, its journal's thread, and the door for other processes.

use std::io;
use std::path::Path;
use std::sync::Arc;
use std::thread::JoinHandle;

use crate::engine::id::Ids;
use crate::engine::settings::Settings;
use crate::files::documents::Documents;
use crate::provider::Providers;
use crate::store::Journal;

use super::clock::SystemClock;
use super::connection::Connection;
use super::journal_thread::JournalHandle;
use super::{Connector, Parts, Runtime, Workers};

/// An opened workspace. Close it with [`Workbench::close`]: what streams is then saved as interrupted.
#[derive(Debug)]
pub struct Workbench {
    runtime: Runtime,
    journal: JoinHandle<()>,
    #[cfg(unix)]
    door: Option<super::socket::Door>,
}

impl Workbench {
    /// Starts the runtime on an opened journal. With `settings` of `None` the workspace is only read. `folder` is the
    /// workspace's, for the documents of handoffs.
    pub fn start(
        journal: Box<dyn Journal>,
        providers: Arc<dyn Providers>,
        settings: Option<Settings>,
        folder: Option<&Path>,
    ) -> io::Result<Self> {
        let (handle, thread) = JournalHandle::start(journal)?;
        let parts = Parts {
            journal: handle,
            providers,
            clock: Arc::new(SystemClock),
            ids: fresh_ids(),
            workers: Workers::Threads,
            documents: folder.map(Documents::beside_the_journal),
            settings,
        };
        Ok(Self {
            runtime: Runtime::start(parts),
            journal: thread,
            #[cfg(unix)]
            door: None,
        })
    }

    /// Lets other processes ask, through the socket of the workspace in this folder. Only for the holder of its lock.
    #[cfg(unix)]
    pub fn open_door(&mut self, folder: &Path) -> io::Result<()> {
        self.door = Some(super::socket::listen(folder, self.runtime.connector())?);
        Ok(())
    }

    /// A new client.
    pub fn connect(&self) -> Connection {
        self.runtime.connect()
    }

    /// A way to make clients, and to configure, from elsewhere.
    pub fn connector(&self) -> Connector {
        self.runtime.connector()
    }

    /// Stops what runs, saves it, closes the journal and gives the lock back.
    pub async fn close(self) {
        #[cfg(unix)]
        drop(self.door);
        self.runtime.shut_down().await;
        // The thread ends when its last caller is gone, which is now; a panic in it has been told already.
        let _ = self.journal.join();
    }
}

/// Identities that no other run of the program has.
pub(super) fn fresh_ids() -> Ids {
    // Version 4 comes from the system's source of randomness; its bits are the seed.
    let (high, low) = uuid::Uuid::new_v4().as_u64_pair();
    Ids::seeded(high ^ low.rotate_left(32))
}
