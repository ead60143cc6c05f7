//! When the next frame is due: at once for a key, at most sixty times a second for everything else, never for nothing.
//!
//! Frames of what streams have their beats. A piece that comes shortly before one is drawn as it comes, for the frame on
//! that beat: a stream faster than the beats is seen sooner, and no more often.

use std::time::Duration;

/// The time between two beats: how often is drawn what nobody pressed a key for.
pub const FRAME: Duration = Duration::from_micros(16_667);
/// How long before its beat a frame may be drawn.
const EARLY: Duration = Duration::from_micros(5_500);

/// Decides when to draw. Moments are durations since the program began: this knows no clock.
#[derive(Debug, Clone, Copy, Default)]
pub struct FrameClock {
    /// The first beat that no frame was drawn for.
    beat: Duration,
    due: Option<Duration>,
}

impl FrameClock {
    /// Something changed that a person is waiting for: the next frame is due now.
    pub fn at_once(&mut self, now: Duration) {
        self.due = Some(now);
    }

    /// Something changed: a frame is due at the next beat, or now if that is near.
    pub fn request(&mut self, now: Duration) {
        let due = if now + EARLY >= self.beat { now } else { self.beat };
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

    /// A frame was drawn. One on its beat, or nearly, keeps the beats where they are; any other moves them.
    pub fn drawn(&mut self, now: Duration) {
        let beat = if now.abs_diff(self.beat) <= EARLY { self.beat } else { now };
        self.beat = beat + FRAME;
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
        clock.drawn(ms(111));
        clock.request(ms(112));
        assert_eq!(clock.due(), Some(ms(111) + FRAME), "a key moves the beats");
    }

    /// The delay of each piece of a stream with this distance, and how many frames were drawn in that time.
    fn stream(apart: u64, pieces: u64) -> (Vec<Duration>, u32) {
        let mut clock = FrameClock::default();
        let (mut waiting, mut delays, mut frames) = (Vec::new(), Vec::new(), 0);
        for piece in 0..pieces {
            let now = ms(1_000 + piece * apart);
            if let Some(due) = clock.due().filter(|due| *due < now) {
                clock.drawn(due);
                frames += 1;
                delays.extend(waiting.drain(..).map(|came| due.abs_diff(came)));
            }
            waiting.push(now);
            clock.request(now);
            if clock.is_due(now) {
                clock.drawn(now);
                frames += 1;
                delays.extend(waiting.drain(..).map(|came| now.abs_diff(came)));
            }
        }
        delays.sort_unstable();
        (delays, frames)
    }

    #[test]
    fn a_fast_stream_is_drawn_as_its_pieces_come_and_no_more_often_than_the_beats() {
        for apart in [1, 2, 3, 4, 5, 7, 10, 12, 16] {
            let pieces = 10_000 / apart;
            let (delays, frames) = stream(apart, pieces);
            assert!(frames <= 602, "{frames} frames in ten seconds, {apart} ms apart");
            assert!(delays[delays.len() - 1] <= FRAME + EARLY, "{apart} ms apart");
            let middle = delays[delays.len() / 2];
            assert!(middle <= FRAME / 2, "half of the pieces wait longer than {middle:?}, {apart} ms apart");
        }
        assert_eq!(stream(20, 500).1, 500, "a slow stream is drawn piece by piece");
    }
}
