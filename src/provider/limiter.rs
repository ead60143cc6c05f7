//! One limiter per key: the panes that share a key share its limits.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::Instant;

/// How many requests may run at once under one key. More panes than that wait their turn.
const AT_ONCE: usize = 8;

/// The longest that everybody is kept waiting on one answer's word: a person may have changed something meanwhile.
const LONGEST_PAUSE: Duration = Duration::from_mins(2);

/// What the panes that use one key share.
#[derive(Debug)]
pub(super) struct Limiter {
    places: Arc<Semaphore>,
    paused_until: Mutex<Option<Instant>>,
}

impl Default for Limiter {
    fn default() -> Self {
        Self::new(AT_ONCE)
    }
}

impl Limiter {
    /// A limiter with room for so many requests at once.
    pub(super) fn new(at_once: usize) -> Self {
        Self { places: Arc::new(Semaphore::new(at_once)), paused_until: Mutex::new(None) }
    }

    /// Waits for a place. The place is free again when what this returns is dropped.
    pub(super) async fn enter(&self) -> Place {
        // The semaphore is never closed, so there is no error to meet; without a place nothing would be limited, not broken.
        Place { _permit: Arc::clone(&self.places).acquire_owned().await.ok() }
    }

    /// Keeps everybody from sending for a while. A longer pause that is already on stays.
    pub(super) fn pause(&self, wait: Duration) {
        let Some(until) = Instant::now().checked_add(wait.min(LONGEST_PAUSE)) else { return };
        let mut paused = self.paused_until.lock().unwrap_or_else(PoisonError::into_inner);
        *paused = Some(paused.map_or(until, |before| before.max(until)));
    }

    /// How much of a pause is left.
    pub(super) fn pause_left(&self) -> Option<Duration> {
        let paused = self.paused_until.lock().unwrap_or_else(PoisonError::into_inner);
        paused.and_then(|until| until.checked_duration_since(Instant::now())).filter(|left| !left.is_zero())
    }
}

/// A place among the requests that run.
#[derive(Debug)]
pub(super) struct Place {
    _permit: Option<OwnedSemaphorePermit>,
}

#[cfg(test)]
mod tests {
    use futures_util::FutureExt as _;

    use super::*;

    #[tokio::test]
    async fn a_place_is_free_again_when_it_is_dropped() {
        let limiter = Limiter::new(1);
        let place = limiter.enter().await;
        assert!(limiter.enter().now_or_never().is_none());
        drop(place);
        assert!(limiter.enter().now_or_never().is_some());
    }

    #[tokio::test(start_paused = true)]
    async fn the_longer_pause_holds_and_ends() {
        let limiter = Limiter::default();
        assert_eq!(limiter.pause_left(), None);
        limiter.pause(Duration::from_secs(30));
        limiter.pause(Duration::from_secs(5));
        assert_eq!(limiter.pause_left(), Some(Duration::from_secs(30)));
        tokio::time::advance(Duration::from_secs(30)).await;
        assert_eq!(limiter.pause_left(), None);
        limiter.pause(Duration::MAX);
        assert_eq!(limiter.pause_left(), Some(LONGEST_PAUSE));
    }
}
