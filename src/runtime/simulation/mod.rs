//! Engine and runtime on simulated time, with a simulated disk and simulated providers, from one seed.
//!
//! A life of the program runs until it is shut down or crashes; then the next life opens the same disk. Clients ask for
//! random things, the disk fills up and recovers, providers drip, fail, fall silent and cut their streams. Afterwards
//! [`history`] checks what a person may rely on. A failing seed names itself: run it alone with
//! `TRIALOGUE_SEED=… cargo test simulation`.

mod briefs;
mod client;
pub(super) mod disk;
mod history;
mod provider;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use tokio::time::{Instant, sleep};

use crate::engine::id::Ids;
use crate::engine::model::{ModelFacts, ModelRef};
use crate::engine::redaction::{Dictionary, Name};
use crate::engine::settings::{HandoffPolicy, HandoffSettings, Locality, PaneSettings, ProviderFacts, Settings};
use crate::engine::time::Timestamp;

use super::clock::Clock;
use super::{Parts, Runtime, Workers};

use self::client::SharedLog;
use self::disk::{Disk, Leftovers};
use self::provider::SimulatedProviders;

const SEEDS: u64 = 600;
/// Every so many seeds the history is also written into a real journal.
const STORED: u64 = 25;

#[test]
fn nothing_acknowledged_is_lost_whatever_the_seed() {
    if let Some(seed) = std::env::var("TRIALOGUE_SEED").ok().and_then(|seed| seed.parse().ok()) {
        simulate(seed);
        return;
    }
    let mut states = BTreeSet::new();
    for seed in 0..SEEDS {
        let outcome = std::panic::catch_unwind(|| simulate(seed));
        assert!(outcome.is_ok(), "seed {seed} failed: TRIALOGUE_SEED={seed} cargo test simulation");
        states.extend(outcome.unwrap_or_default());
    }
    let all = ["accepted", "answered", "cancelled", "declined", "failed", "returned", "superseded"];
    assert_eq!(states.into_iter().collect::<Vec<_>>(), all, "every turn that a brief can take was taken");
}

#[test]
fn a_seed_gives_the_same_history_again() {
    let history = |seed| run(seed).0.journal();
    assert_eq!(history(11), history(11));
    assert_ne!(history(11), history(12));
}

fn simulate(seed: u64) -> BTreeSet<&'static str> {
    let (disk, may_continue) = run(seed);
    history::check_journal(&disk.journal());
    briefs::check(&disk.journal(), may_continue);
    if seed.is_multiple_of(STORED) {
        briefs::check_projections(&disk.journal());
    }
    briefs::check_quiet(&disk.journal());
    briefs::states(&disk.journal())
}

/// A few lives on one disk, and whether anybody in them asks again for an answer that broke off.
fn run(seed: u64) -> (Disk, bool) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build().unwrap();
    runtime.block_on(async {
        let dice = Dice::seeded(seed);
        let disk = Disk::default();
        let lives = 1 + dice.below(3);
        let may_continue = dice.below(2) == 0;
        let mut leftovers = Leftovers::default();
        for life in 0..lives {
            leftovers = live(&dice, &disk, leftovers, (life + 1 == lives, may_continue)).await;
            briefs::check(&disk.journal(), may_continue);
        }
        (disk, may_continue)
    })
}

async fn live(dice: &Dice, disk: &Disk, leftovers: Leftovers, (is_last, may_continue): (bool, bool)) -> Leftovers {
    let clock = Arc::new(SimulatedClock::after(&disk.journal()));
    let (journal, journal_task) = disk::start(disk, dice.fork());
    let providers = Arc::new(SimulatedProviders::new(disk.clone(), dice.fork()));
    let parts = Parts {
        journal,
        providers: Arc::<SimulatedProviders>::clone(&providers),
        clock,
        ids: Ids::seeded(dice.bits()),
        workers: Workers::Inline,
        documents: None,
        settings: Some(settings(dice)),
    };
    let runtime = Runtime::start(parts);
    let logs: Vec<SharedLog> = (0..=dice.below(3)).map(|_| SharedLog::default()).collect();
    let live =
        |log: &SharedLog| tokio::spawn(client::live(runtime.connect(), dice.fork(), may_continue, Arc::clone(log)));
    let clients: Vec<_> = logs.iter().map(live).collect();
    let faults = tokio::spawn(disk::make_faults(disk.clone(), dice.fork()));
    sleep(Duration::from_millis(dice.below(20_000))).await;
    faults.abort();
    let left = if !is_last && dice.below(3) > 0 {
        runtime.task.abort();
        journal_task.abort();
        clients.iter().for_each(tokio::task::JoinHandle::abort);
        let leftovers = disk.leftovers();
        for log in &logs {
            history::check_leftovers(&log.lock().unwrap(), &leftovers);
            briefs::check_acknowledged(&log.lock().unwrap(), &disk.journal());
        }
        leftovers
    } else {
        disk.has_space();
        runtime.shut_down().await;
        for client in clients {
            client.await.unwrap();
        }
        for log in &logs {
            history::check_client(&log.lock().unwrap(), &disk.journal());
            briefs::check_acknowledged(&log.lock().unwrap(), &disk.journal());
        }
        Leftovers::default()
    };
    history::check_recovery(&leftovers, &disk.journal());
    disk.let_go();
    providers.check();
    left
}

fn settings(dice: &Dice) -> Settings {
    let panes = ["research", "drafting", "synthesis"];
    let pane = |name: &&str| {
        let locality = if dice.below(2) == 0 { Locality::Guarded } else { Locality::Open };
        let names = vec![Name::new("Halvorsen", "client")];
        let dictionary = Dictionary { names, ..Dictionary::default() }.into();
        let role = format!("You are {name}.");
        ((*name).to_owned(), PaneSettings { role, locality, dictionary, ..PaneSettings::default() })
    };
    Settings {
        title: format!("study {}", dice.below(2)),
        panes: panes.iter().map(pane).collect(),
        default_model: "sim/one".parse::<ModelRef>().unwrap(),
        providers: ["sim", "other"].map(|name| (name.to_owned(), ProviderFacts::default())).into(),
        fallback: match dice.below(2) {
            0 => Vec::new(),
            _ => ["sim/two", "other/three"].map(|model| model.parse().unwrap()).into(),
        },
        models: match dice.below(3) {
            0 => BTreeMap::new(),
            // So small that it is full after a few turns.
            _ => [("sim/one".to_owned(), ModelFacts { window: Some(300), ..ModelFacts::default() })].into(),
        },
        handoff: HandoffSettings {
            policy: [HandoffPolicy::Auto, HandoffPolicy::Auto, HandoffPolicy::Ask][dice.below(3) as usize],
            ..HandoffSettings::default()
        },
        ..Settings::default()
    }
}

/// Moments that follow tokio's paused time and never run backwards from one life to the next.
struct SimulatedClock {
    began: Instant,
    offset: i64,
}

impl SimulatedClock {
    fn after(journal: &[(Timestamp, crate::engine::event::Event)]) -> Self {
        let last = journal.last().map_or(1_700_000_000_000, |(at, _)| at.as_millis());
        Self { began: Instant::now(), offset: last + 1 }
    }
}

impl Clock for SimulatedClock {
    fn now(&self) -> Timestamp {
        Timestamp::from_millis(self.offset) + self.began.elapsed()
    }
}

/// Seeded chance.
pub(super) struct Dice(Ids);

impl Dice {
    const fn seeded(seed: u64) -> Self {
        Self(Ids::seeded(seed))
    }

    fn bits(&self) -> u64 {
        self.0.bits()
    }

    fn below(&self, bound: u64) -> u64 {
        self.bits() % bound.max(1)
    }

    fn fork(&self) -> Self {
        Self::seeded(self.bits())
    }

    fn pause(&self, at_most_ms: u64) -> tokio::time::Sleep {
        sleep(Duration::from_millis(self.below(at_most_ms)))
    }
}
