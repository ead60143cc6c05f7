//! The signals that ask a command to end.

use std::io;

/// Listens for Ctrl-C, SIGTERM and SIGHUP.
#[derive(Debug)]
pub(super) struct Signals {
    came: bool,
    #[cfg(unix)]
    listening: [tokio::signal::unix::Signal; 3],
}

impl Signals {
    /// Begins to listen. From here on the signals no longer end the process by themselves.
    #[cfg(unix)]
    pub(super) fn listen() -> io::Result<Self> {
        use tokio::signal::unix::{SignalKind, signal};
        let listening =
            [signal(SignalKind::interrupt())?, signal(SignalKind::terminate())?, signal(SignalKind::hangup())?];
        Ok(Self { came: false, listening })
    }

    /// Begins to listen.
    #[cfg(not(unix))]
    pub fn listen() -> io::Result<Self> {
        Ok(Self { came: false })
    }

    /// Whether one of them came.
    pub(super) const fn came(&self) -> bool {
        self.came
    }

    /// Waits for the next of them.
    pub(super) async fn next(&mut self) {
        self.arrival().await;
        self.came = true;
    }

    #[cfg(unix)]
    async fn arrival(&mut self) {
        let [interrupt, terminate, hangup] = &mut self.listening;
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
            _ = hangup.recv() => {}
        }
    }

    /// The next of them.
    #[cfg(not(unix))]
    pub async fn next(&mut self) {
        // Where the signal can't be listened for, it ends the process, and the journal recovers.
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    }
}
