//! Providers that answer, drip, fail, fall silent and cut their streams, as the dice say.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use futures_util::StreamExt as _;
use futures_util::stream;

use crate::engine::failure::{Failure, FailureKind};
use crate::engine::locality::Outbound;
use crate::engine::message::{Ending, Usage};
use crate::engine::meter;
use crate::provider::{Patience, Piece, Pieces, Provider, Providers};

use super::Dice;
use super::disk::Disk;

pub(super) struct SimulatedProviders(Arc<SimulatedProvider>);

impl SimulatedProviders {
    pub(super) fn new(disk: Disk, dice: Dice) -> Self {
        Self(Arc::new(SimulatedProvider { disk, dice: Mutex::new(dice), too_early: Mutex::new(Vec::new()) }))
    }

    /// No request was made before its message was on disk.
    pub(super) fn check(&self) {
        assert!(self.0.too_early.lock().unwrap().is_empty(), "a request left before its message was saved");
    }
}

impl Providers for SimulatedProviders {
    fn provider(&self, _: &str) -> Result<Arc<dyn Provider>, Failure> {
        Ok(Arc::<SimulatedProvider>::clone(&self.0))
    }
}

struct SimulatedProvider {
    disk: Disk,
    dice: Mutex<Dice>,
    too_early: Mutex<Vec<String>>,
}

impl Provider for SimulatedProvider {
    fn stream(&self, outbound: Outbound) -> Pieces {
        let request = outbound.request();
        let asked = request.said.last().map(|said| said.text.to_string()).unwrap_or_default();
        // An aside is asked about what was said long ago, in our words.
        let is_narrative = request.system.contains("bring a colleague up to date");
        let is_aside = is_narrative || request.system.contains("You fill in a form");
        let input = request.said.iter().map(|said| meter::estimate(&said.text) + 5).sum();
        if !is_aside && !self.disk.has_message(&asked) {
            self.too_early.lock().unwrap().push(asked);
        }
        let dice = self.dice.lock().unwrap().fork();
        let script = if is_aside { narrative(&dice) } else { script(&dice, input) };
        let steps = stream::iter(script).then(move |(wait, step)| async move {
            tokio::time::sleep(Duration::from_millis(wait)).await;
            step
        });
        if dice.below(12) == 0 { Box::pin(steps.chain(stream::pending())) } else { Box::pin(steps) }
    }

    fn patience(&self) -> Patience {
        Patience { first: Duration::from_secs(9), idle: Duration::from_secs(4) }
    }
}

/// What a model does that is asked for a narrative.
fn narrative(dice: &Dice) -> Vec<(u64, Result<Piece, Failure>)> {
    if dice.below(3) == 0 {
        return vec![(dice.below(3_000), Err(failure(dice)))];
    }
    let text = ["## Objective\n- Go on.\n", "## Next steps\n- Ask relay_7.\n", "no", "## Objective\n- Go o"];
    let text = text[dice.below(4) as usize].to_owned();
    let end = if dice.below(5) == 0 { Err(failure(dice)) } else { Ok(Piece::End(Ending::Complete)) };
    vec![(dice.below(4_000), Ok(Piece::Text(text))), (dice.below(2_000), end)]
}

/// What an answer does, each step after a pause in milliseconds.
fn script(dice: &Dice, input: u32) -> Vec<(u64, Result<Piece, Failure>)> {
    let mut script = Vec::new();
    if dice.below(4) == 0 {
        return vec![(dice.below(500), Err(failure(dice)))];
    }
    if dice.below(3) == 0 {
        script.push((dice.below(1_000), Ok(Piece::Alive)));
        script.push((dice.below(300), Ok(Piece::Reasoning("hm ".to_owned()))));
    }
    // Every word carries its request's mark, so that an answer mixed of two requests can be told.
    let mark = dice.bits();
    for _ in 0..dice.below(30) {
        script.push((dice.below(200), Ok(Piece::Text(format!("{mark:x} ")))));
    }
    match dice.below(6) {
        0 => script.push((dice.below(100), Err(failure(dice)))),
        1 => {}
        _ => {
            if dice.below(2) == 0 {
                let usage = Usage { input, output: 9, ..Usage::default() };
                script.push((0, Ok(Piece::Usage(usage))));
            }
            let ending = if dice.below(5) == 0 { Ending::Length } else { Ending::Complete };
            script.push((dice.below(50), Ok(Piece::End(ending))));
        }
    }
    script
}

fn failure(dice: &Dice) -> Failure {
    let kinds = [
        FailureKind::Unreachable,
        FailureKind::RateLimited,
        FailureKind::Unavailable,
        FailureKind::Unauthorized,
        FailureKind::Overflow { needed: Some(2_000), window: Some(1_024) },
    ];
    let kind = kinds[dice.below(kinds.len() as u64) as usize].clone();
    let wait = (dice.below(3) == 0).then(|| Duration::from_millis(dice.below(3_000)));
    Failure::new(kind, "sim answered with a fault.").after(wait)
}
