//! The end of the terminal itself: its window is closed, or the connection to it is lost.
//!
//! SIGHUP tells that as well, but the kernel sends it to the leader of the session alone; where that is a wrapper which
//! keeps it (`strace`, a script with `trap '' HUP`), only the terminal is left to tell.

#[cfg(unix)]
mod watched {
    use std::future::pending;
    use std::io::{self, IsTerminal as _};
    use std::os::fd::{AsFd as _, OwnedFd};

    use tokio::io::Interest;
    use tokio::io::unix::AsyncFd;

    /// The terminal on standard input, watched beside whoever reads it: nothing is read here.
    #[derive(Debug)]
    pub(in crate::tui) struct HangUp(Option<AsyncFd<OwnedFd>>);

    impl HangUp {
        /// Begins to watch. What is no terminal, or can't be watched, never hangs up.
        pub(in crate::tui) fn watch() -> Self {
            let stdin = io::stdin();
            if !stdin.is_terminal() {
                return Self(None);
            }
            Self(stdin.as_fd().try_clone_to_owned().and_then(watch).ok())
        }

        /// Waits until the terminal is gone; from then on, ends at once.
        pub(in crate::tui) async fn came(&self) {
            let Some(terminal) = &self.0 else { return pending().await };
            // Keys make it readable too. Whoever reads them does so elsewhere; the next change is what is waited for.
            while let Ok(mut change) = terminal.readable().await {
                if change.ready().is_read_closed() {
                    return;
                }
                change.clear_ready();
            }
            pending::<()>().await;
        }
    }

    #[expect(deprecated, reason = "unsound for a descriptor that someone else closes: this one is its own")]
    fn watch(terminal: OwnedFd) -> io::Result<AsyncFd<OwnedFd>> {
        AsyncFd::with_interest(terminal, Interest::READABLE)
    }
}

#[cfg(not(unix))]
mod watched {
    /// The terminal, which tells of its end by the signals alone.
    #[derive(Debug)]
    pub(in crate::tui) struct HangUp;

    impl HangUp {
        /// There is nothing to watch.
        pub(in crate::tui) fn watch() -> Self {
            Self
        }

        /// Never ends.
        pub(in crate::tui) async fn came(&self) {
            std::future::pending::<()>().await;
        }
    }
}

pub(super) use watched::HangUp;
