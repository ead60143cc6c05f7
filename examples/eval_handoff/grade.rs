//! Grading: a probe counts only where its words stand in the right section.

use std::collections::BTreeMap;

use trialogue::engine::handoff::Section;

use super::planted::Planted;

/// What survived, by kind and by place.
#[derive(Debug, Default)]
pub(crate) struct Tally {
    kinds: BTreeMap<&'static str, (usize, usize)>,
    deciles: [(usize, usize); 10],
    stale: (usize, usize),
    /// Canaries that appeared.
    pub(crate) leaked: usize,
    /// Identifiers and numbers that no message says.
    pub(crate) invented: usize,
    /// The size in percent.
    pub(crate) titles: f64,
    /// What was lost, for reading.
    pub(crate) lost: Vec<String>,
}

impl Tally {
    /// Grades a document.
    pub(crate) fn grade(&mut self, planted: &Planted, document: &str) {
        for probe in &planted.probes {
            let body = body(document, probe.section).to_lowercase();
            let kept = body.contains(&probe.words.to_lowercase());
            count(self.kinds.entry(probe.kind).or_default(), kept);
            count(&mut self.deciles[((probe.at * 10.0) as usize).min(9)], kept);
            if !kept {
                let elsewhere = document.lines().find(|line| line.to_lowercase().contains(&probe.words.to_lowercase()));
                self.lost.push(format!("{}: {} | {:?}", probe.kind, probe.said, elsewhere));
            }
        }
        let pin = planted.transcript().pins[0].text.to_string();
        count(self.kinds.entry("pin").or_default(), body(document, Section::Pins).contains(&pin));
        for replaced in &planted.replaced {
            let stale = document.lines().any(|line| {
                let told = line.contains("superseded") || line.contains("(was ");
                let corrected = line.contains("no longer") || line.contains("from ");
                line.contains(&replaced.old) && line.contains(&replaced.topic) && !told && !corrected
            });
            count(&mut self.stale, stale);
            if stale {
                self.lost.push(format!("stale: {} of {}", replaced.old, replaced.topic));
            }
        }
        self.leaked += planted.canaries.iter().filter(|canary| document.contains(canary.as_str())).count();
    }

    /// The share of all probes that survived.
    pub(crate) fn recall(&self) -> f64 {
        let sum = self.kinds.values().fold((0, 0), |sum, kind| (sum.0 + kind.0, sum.1 + kind.1));
        rate(sum)
    }

    /// The share of one kind.
    pub(crate) fn kind(&self, kind: &str) -> f64 {
        rate(self.kinds.get(kind).copied().unwrap_or_default())
    }

    /// The share of replaced values that were given as current.
    pub(crate) fn stale_rate(&self) -> f64 {
        rate(self.stale)
    }

    /// One line per size; the first carries the head.
    pub(crate) fn print_kinds(&self, percent: f64) {
        if percent < 3.0 {
            let head: String = self.kinds.keys().map(|kind| format!("{kind:>9}")).collect::<Vec<_>>().concat();
            println!("{:>6} {:>7}{head} {:>7} {:>8} {:>8}", "size", "recall", "stale", "canaries", "invented");
        }
        let cells: String =
            self.kinds.values().map(|kind| format!("{:>9.3}", rate(*kind))).collect::<Vec<_>>().concat();
        println!(
            "{percent:>5} % {:>7.3}{cells} {:>7.3} {:>8} {:>8}",
            self.recall(),
            self.stale_rate(),
            self.leaked,
            self.invented
        );
    }

    /// Recall by the tenth of the conversation in which something was said.
    pub(crate) fn print_deciles(&self) {
        let cells: String =
            self.deciles.iter().map(|decile| format!(" {:.2}", rate(*decile))).collect::<Vec<_>>().concat();
        println!("       by decile at {percent} %:{cells}", percent = self.titles);
    }
}

fn count(slot: &mut (usize, usize), kept: bool) {
    slot.0 += usize::from(kept);
    slot.1 += 1;
}

fn rate((kept, all): (usize, usize)) -> f64 {
    kept as f64 / all.max(1) as f64
}

/// The text of a section, read by its heading and without any of our code.
fn body(document: &str, section: Section) -> &str {
    let heading = format!("## {}\n", section.title());
    let Some(start) = document.find(&heading).map(|at| at + heading.len()) else { return "" };
    document[start..].find("\n## ").map_or(&document[start..], |end| &document[start..start + end])
}
