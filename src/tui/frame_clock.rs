//! When the next frame is due: at once for a key, at most sixty times a second for everything else, never for nothing.

use std::time::Duration;

/// The shortest time between two frames that nobody pressed a key for.
pub const FRAME: Duration = Duration::from_micros(16_667);

/// Decides when to draw. Moments are durations since the program began: this knows no clock.
#[derive(Debug, Clone, Copy, Default)]
pub struct FrameClock {
    last: Option<Duration>,
    due: Option<Duration>,
}

impl FrameClock {
    /// Something changed that a person is waiting for: the next frame is due now.
    pub fn at_once(&mut self, now: Duration) {
        self.due = Some(now);
    }

    /// Something changed: a frame is due as soon as the last one is long enough ago.
    pub fn request(&mut self, now: Duration) {
        let due = self.last.map_or(now, |last| (last + FRAME).max(now));
        self.due = Some(self.due.map_or(due, |known| known.min(due)));
    }

    /// When the next frame is due; `None` if nothing changed.
    pub const fn due(&self) -> Option<Duration> {
        self.due
    }

    /// Whether a frame is due now.
    pub fn is_due(&self, now: Duration) -> bool {
        self.due.is_some_and(|due| due <= now)
    }

    /// A frame was drawn.
    pub fn drawn(&mut self, now: Duration) {
        self.last = Some(now);
        self.due = None;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn ms(millis: u64) -> Duration {
        Duration::from_millis(millis)
    }

    #[test]
    fn updates_share_frames_and_keys_wait_for_none() {
        let mut clock = FrameClock::default();
        assert_eq!(clock.due(), None, "nothing changed, nothing is drawn");
        clock.request(ms(100));
        assert!(clock.is_due(ms(100)));
        clock.drawn(ms(100));
        clock.request(ms(101));
        clock.request(ms(110));
        assert_eq!(clock.due(), Some(ms(100) + FRAME));
        assert!(!clock.is_due(ms(110)));
        clock.at_once(ms(111));
        assert!(clock.is_due(ms(111)));
    }
}
