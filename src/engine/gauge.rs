//! How full a context is against what it may hold, and how far the handoff is. A pure function of the overview.

use serde::{Deserialize, Serialize};

use super::conversation::Pin;
use super::handoff::Handoff;
use super::meter::{self, Meter};
use super::model::ModelFacts;
use super::settings::{HandoffSettings, PaneSettings, Settings};

/// The longest answer that room is kept for where nobody told how long answers may be, in tokens.
const LONGEST_ANSWER: u32 = 16_384;

/// The most tokens of a handoff's own request beside the material that it quotes.
const REQUEST: u32 = 300;

/// The largest document, in tokens, however large the window is: more isn't read.
const LARGEST_DOCUMENT: u32 = 6_000;

/// Ratios of measured to estimated tokens beyond these are no tokeniser's.
const RATIOS: (f64, f64) = (0.25, 4.0);

/// How a window is shared out. All in tokens, as the model counts them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Room {
    /// What fits into one request and its answer.
    pub window: u32,
    /// Kept for the answer: at most a quarter.
    pub output: u32,
    /// Kept for the handoff's own request.
    pub request: u32,
    /// The most a document may take: at most a quarter.
    pub document: u32,
    /// The most that role, notes and pins may take together: a fifth.
    pub standing: u32,
}

impl Room {
    /// The shares of this window.
    pub fn of(window: u32, output: Option<u32>) -> Self {
        let quarter = window / 4;
        Self {
            window,
            output: output.unwrap_or(LONGEST_ANSWER).min(quarter),
            request: REQUEST.min(window / 8),
            document: LARGEST_DOCUMENT.min(quarter),
            standing: window / 5,
        }
    }

    /// What a context may hold: the window without what the answer and the handoff's own request need.
    pub const fn usable(&self) -> u32 {
        self.window.saturating_sub(self.output).saturating_sub(self.request)
    }

    /// The tokens at which this share of what is usable is reached.
    pub fn at(&self, share: f64) -> u32 {
        (f64::from(self.usable()) * share).floor() as u32
    }
}

/// What a gauge is read from.
#[derive(Debug, Clone, Copy)]
pub struct Reading<'a> {
    /// The context's size as far as it was counted.
    pub meter: Meter,
    /// What is known of the model.
    pub facts: &'a ModelFacts,
    /// The settings in force.
    pub settings: &'a Settings,
    /// The conversation's own.
    pub pane: &'a PaneSettings,
    /// Its pins.
    pub pins: &'a [Pin],
    /// How many messages its branch has.
    pub messages: u32,
    /// The handoff that it began with.
    pub received: Option<&'a Handoff>,
}

/// How full a context is.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Gauge {
    /// Tokens in the context: as measured, and calibrated estimates for what was added since.
    pub tokens: u32,
    /// How the window is shared out; `None` while nobody has told how large it is, which is then said.
    pub room: Option<Room>,
    /// How far it is on the way to a handoff.
    pub level: Level,
    /// After about how many more turns it will be handed off, at the pace so far. 0: the next one.
    pub turns_left: Option<u32>,
}

/// How far a context is on the way to a handoff.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Level {
    /// There is room, or nobody knows how much there is.
    #[default]
    Calm,
    /// It fills up (from 70 %).
    Notice,
    /// The document is kept ready (from 80 %).
    Prepare,
    /// It is handed off now (from 90 %).
    Due,
}

impl Level {
    /// The level of so many tokens.
    pub fn of(tokens: u32, room: &Room, settings: &HandoffSettings) -> Self {
        let reached = |share: f64| tokens >= room.at(share);
        match () {
            () if reached(settings.at) => Self::Due,
            () if reached(settings.prepare) => Self::Prepare,
            () if reached(settings.notice) => Self::Notice,
            () => Self::Calm,
        }
    }
}

impl Gauge {
    /// Reads it.
    pub fn of(reading: &Reading<'_>) -> Self {
        let Reading { facts, settings, .. } = reading;
        let tokens = tokens(reading);
        let room = facts.window.map(|window| Room::of(window, settings.max_output.or(facts.output)));
        let level = room.map_or(Level::Calm, |room| Level::of(tokens, &room, &settings.handoff));
        let turns_left = room.and_then(|room| turns_left(reading, tokens, &room));
        Self { tokens, room, level, turns_left }
    }

    /// How full the window is, from 0 to 1 and beyond; `None` for an unknown window.
    pub fn fill(&self) -> Option<f64> {
        self.room.map(|room| f64::from(self.tokens) / f64::from(room.window.max(1)))
    }
}

/// The estimated tokens of what stands before every conversation: its role and pins.
pub fn standing(pane: &PaneSettings, pins: &[Pin]) -> u32 {
    pins.iter().fold(meter::estimate(&pane.role), |sum, pin| {
        sum.saturating_add(meter::estimate(&pin.text)).saturating_add(PER_PIN)
    })
}

/// The tokens around a pin.
const PER_PIN: u32 = 3;

/// An estimate as the model of these facts would count it.
pub fn calibrated(estimate: u32, facts: &ModelFacts) -> u32 {
    (f64::from(estimate) * ratio(facts)).ceil().min(f64::from(u32::MAX)) as u32
}

/// What to estimate so that the model of these facts counts no more than this.
pub fn estimate_for(tokens: u32, facts: &ModelFacts) -> u32 {
    (f64::from(tokens) / ratio(facts)).floor().min(f64::from(u32::MAX)) as u32
}

fn ratio(facts: &ModelFacts) -> f64 {
    facts.per_estimated.unwrap_or(1.0).clamp(RATIOS.0, RATIOS.1)
}

fn tokens(reading: &Reading<'_>) -> u32 {
    let Meter { measured, added } = reading.meter;
    if measured > 0 {
        return measured.saturating_add(calibrated(added, reading.facts));
    }
    if added == 0 {
        return 0;
    }
    calibrated(added.saturating_add(standing(reading.pane, reading.pins)), reading.facts)
}

fn turns_left(reading: &Reading<'_>, tokens: u32, room: &Room) -> Option<u32> {
    let begun = reading
        .received
        .map_or_else(|| calibrated(standing(reading.pane, reading.pins), reading.facts), |received| received.after);
    let carried = u32::from(reading.received.is_some());
    let turns = reading.messages.saturating_sub(carried) / 2;
    let growth = tokens.checked_sub(begun)?.checked_div(turns).filter(|growth| *growth > 0)?;
    Some(room.at(reading.settings.handoff.at).saturating_sub(tokens) / growth)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn gauge(window: Option<u32>, meter: Meter, messages: u32) -> Gauge {
        let facts = ModelFacts { window, ..ModelFacts::default() };
        let (settings, pane) = (Settings { max_output: Some(100), ..Settings::default() }, PaneSettings::default());
        let reading =
            Reading { meter, facts: &facts, settings: &settings, pane: &pane, pins: &[], messages, received: None };
        Gauge::of(&reading)
    }

    #[test]
    fn every_window_is_shared_out_within_its_quarters_and_its_fifth() {
        for window in [1_024, 2_048, 8_192, 128_000, 1_000_000] {
            for output in [None, Some(48), Some(200_000)] {
                let room = Room::of(window, output);
                assert!(room.output <= window / 4 && room.document <= window / 4 && room.standing <= window / 5);
                assert!(room.usable() > room.document + room.standing, "{room:?}");
            }
        }
    }

    #[test]
    fn levels_count_from_what_is_usable_not_from_the_window() {
        let room = Room::of(1_024, Some(100));
        assert_eq!(room.usable(), 1_024 - 100 - 128);
        let level = |tokens| gauge(Some(1_024), Meter { measured: tokens, added: 0 }, 8).level;
        assert_eq!(
            [level(556), level(557), level(637), level(716)],
            [Level::Calm, Level::Notice, Level::Prepare, Level::Due]
        );
    }

    #[test]
    fn an_unknown_window_is_never_guessed() {
        let gauge = gauge(None, Meter { measured: 900_000, added: 9 }, 40);
        assert_eq!((gauge.level, gauge.room, gauge.turns_left, gauge.fill()), (Level::Calm, None, None, None));
    }

    #[test]
    fn the_limit_is_forecast_from_the_pace_so_far() {
        // 4 turns took 400 tokens; the handoff comes at 716.
        assert_eq!(gauge(Some(1_024), Meter { measured: 400, added: 0 }, 8).turns_left, Some(3));
        assert_eq!(gauge(Some(1_024), Meter { measured: 700, added: 0 }, 8).turns_left, Some(0));
        assert_eq!(gauge(Some(1_024), Meter::default(), 0).turns_left, None);
    }

    #[test]
    fn estimates_are_calibrated_and_measures_are_not() {
        let facts = ModelFacts { per_estimated: Some(1.5), ..ModelFacts::default() };
        let (settings, pane) = (Settings::default(), PaneSettings::default());
        let meter = Meter { measured: 100, added: 10 };
        let reading =
            Reading { meter, facts: &facts, settings: &settings, pane: &pane, pins: &[], messages: 2, received: None };
        assert_eq!(Gauge::of(&reading).tokens, 115);
        assert_eq!(estimate_for(calibrated(200, &facts), &facts), 200);
    }
}
