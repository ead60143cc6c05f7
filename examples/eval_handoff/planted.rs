//! Transcripts in which decisions, rules, figures and the rest are planted among talk, logs and advice.

use trialogue::engine::handoff::{Quoted, Role, Section, Spoken, Transcript};

use super::dice::Dice;
use super::phrasing::Phrases;
use super::words;

/// Something that must survive, and where.
#[derive(Debug, Clone)]
pub(crate) struct Probe {
    /// Its kind, as the tables name it.
    pub(crate) kind: &'static str,
    /// The words that must be there.
    pub(crate) words: String,
    /// The section they must be in.
    pub(crate) section: Section,
    /// Where it was said, from 0 to 1.
    pub(crate) at: f64,
    /// The sentence it was said in.
    pub(crate) said: String,
}

/// A value that was replaced: `old` may stand only where `new` or a word about history stands.
#[derive(Debug, Clone)]
pub(crate) struct Replaced {
    /// What it is a value of.
    pub(crate) topic: String,
    /// The value that no longer holds.
    pub(crate) old: String,
}

/// A transcript and what was planted in it.
#[derive(Debug, Default)]
pub(crate) struct Planted {
    messages: Vec<(Role, String)>,
    pin: String,
    /// What must survive.
    pub(crate) probes: Vec<Probe>,
    /// What must not be given as current.
    pub(crate) replaced: Vec<Replaced>,
    /// What must not appear at all.
    pub(crate) canaries: Vec<String>,
}

impl Planted {
    /// The transcript, borrowed.
    pub(crate) fn transcript(&self) -> Transcript<'_> {
        let spoken = self.messages.iter().enumerate();
        Transcript {
            spoken: spoken.map(|(index, (role, text))| Spoken::new(*role, text, format!("m{}", index + 1))).collect(),
            pins: vec![Quoted { text: self.pin.as_str().into(), source: "m1".into() }],
            ..Transcript::default()
        }
    }
}

/// Sentences waiting for their message.
struct Plant {
    at: usize,
    text: String,
    by_model: bool,
}

/// A transcript of so many messages; style 0 is casual, 1 technical, 2 full of logs.
pub(crate) fn generate(phrases: &Phrases, style: usize, messages: usize, seed: u64) -> Planted {
    let mut dice = Dice::new(seed);
    let mut planted =
        Planted { pin: format!("Pinned #{seed}:  keep\n\tthis  exactly, \"{{}}\""), ..Planted::default() };
    let rounds = messages / 2;
    let mut plants = Vec::new();
    for round in 0..(messages / 100).max(2) {
        plant_round(phrases, &mut dice, rounds, round, &mut planted, &mut plants);
    }
    for (sentence, secret) in words::CANARIES {
        planted.canaries.push((*secret).to_owned());
        plants.push(Plant { at: dice.below(rounds), text: (*sentence).to_owned(), by_model: false });
    }
    for round in 0..rounds {
        let mut said = talk(&mut dice, style);
        let mut answer = advice(&mut dice, style);
        for plant in plants.iter().filter(|plant| plant.at == round) {
            let target = if plant.by_model { &mut answer } else { &mut said };
            let place = dice.below(target.len() + 1);
            target.insert(place, plant.text.clone());
        }
        planted.messages.push((Role::Person, join(&said)));
        planted.messages.push((Role::Model, join(&answer)));
    }
    planted
}

fn plant_round(
    phrases: &Phrases,
    dice: &mut Dice,
    rounds: usize,
    round: usize,
    planted: &mut Planted,
    plants: &mut Vec<Plant>,
) {
    let mut plant = |at: usize, text: String, probes: &[(&'static str, String, Section)], by_model: bool| {
        for (kind, words, section) in probes {
            let at = at as f64 / rounds as f64;
            planted.probes.push(Probe { kind, words: words.clone(), section: *section, at, said: text.clone() });
        }
        plants.push(Plant { at, text, by_model });
    };
    let pick = |of: &[&str], step: usize| of[(round * step + step) % of.len()].to_owned();
    let at = dice.below(rounds);
    let (option, reason) = (pick(words::OPTIONS, 2), pick(words::REASONS, 1));
    let text = fill(dice.one(phrases.decisions), &[("v", &option), ("r", &reason)]);
    plant(at, text, &[("decision", option, Section::Decisions), ("reason", reason, Section::Decisions)], false);
    let options = &words::OPTIONS[words::OPTIONS.len() / 2..];
    let singles: [(&'static str, &[&'static str], String, Section, usize); 5] = [
        ("rejected", phrases.rejected, pick(options, 1), Section::Rejected, 0),
        ("rule", phrases.rules, pick(words::FORBIDDEN, 1), Section::Rules, 0),
        ("path", phrases.paths, pick(words::PATHS, 1), Section::Facts, 30),
        ("number", phrases.numbers, pick(words::NUMBERS, 1), Section::Facts, 30),
        ("open", phrases.open, pick(words::UNKNOWNS, 1), Section::Open, 0),
    ];
    for (kind, pool, words, section, by_model) in singles {
        let at = dice.below(rounds);
        let text = fill(dice.one(pool), &[("v", &words)]);
        let by_model = dice.chance(by_model);
        plant(at, text, &[(kind, words, section)], by_model);
    }
    let at = dice.below(rounds);
    let (step, owner, day) = (pick(words::STEPS, 1), pick(words::OWNERS, 1), pick(words::DAYS, 1));
    let text = fill(dice.one(phrases.next), &[("v", &step), ("o", &owner), ("d", &day)]);
    plant(at, text, &[("next", step, Section::Next), ("next day", day, Section::Next)], false);
    let at = dice.below(rounds);
    let error = pick(words::ERRORS, 1);
    let text = fill(dice.one(phrases.errors), &[("v", &error)]);
    plant(at, text, &[("error", error, Section::Facts)], false);
    let (topic, old, new) = words::VALUES[round % words::VALUES.len()];
    let revision = dice.one(phrases.revisions);
    let first = dice.below(rounds / 2);
    let later = first + 1 + dice.below(rounds - first - 1);
    let slots = [("t", topic), ("v", old), ("w", new)];
    plant(first, fill(revision.first, &slots), &[], false);
    plant(later, fill(revision.later, &slots), &[("current", new.to_owned(), Section::Facts)], false);
    planted.replaced.push(Replaced { topic: topic.to_owned(), old: old.to_owned() });
}

fn talk(dice: &mut Dice, style: usize) -> Vec<String> {
    let pool = if style == 0 { super::phrasing::CHATTER } else { words::TECHNICAL_CHATTER };
    let mut said: Vec<String> = (0..=dice.below(2)).map(|_| dice.one(pool).to_owned()).collect();
    if style == 2 && dice.chance(20) {
        let lines: Vec<String> = (0..3 + dice.below(8)).map(|_| log_line(dice)).collect();
        said.push(format!("```\n{}\n```", lines.join("\n")));
    }
    if dice.chance(3) {
        said.push(dice.one(words::PASTED).to_owned());
    }
    said
}

fn advice(dice: &mut Dice, style: usize) -> Vec<String> {
    let mut answer = vec![dice.one(words::OPENERS).to_owned()];
    for _ in 0..4 + dice.below(7) {
        answer.push(match style {
            0 if dice.chance(40) => format!("- {}", dice.one(words::ITEMS)),
            0 => dice.one(words::ADVICE).to_owned(),
            2 if dice.chance(35) => {
                let lines: Vec<String> = (0..2 + dice.below(6)).map(|_| log_line(dice)).collect();
                format!("```\n{}\n```", lines.join("\n"))
            }
            _ if dice.chance(70) => dice.one(words::TECHNICAL).to_owned(),
            _ => dice.one(words::ADVICE).to_owned(),
        });
    }
    answer
}

fn log_line(dice: &mut Dice) -> String {
    let line = dice.one(words::LOG_LINES);
    line.chars().map(|c| if c == '#' { char::from(b'0' + dice.below(10) as u8) } else { c }).collect()
}

/// Blocks stand on lines of their own, sentences follow each other.
fn join(pieces: &[String]) -> String {
    let mut text = String::new();
    for piece in pieces {
        let block = piece.starts_with(['`', '-', '>'])
            || text.ends_with("```")
            || text.rsplit('\n').next().is_some_and(|line| line.starts_with(['-', '>']));
        if !text.is_empty() {
            text.push(if block { '\n' } else { ' ' });
        }
        text.push_str(piece);
    }
    text
}

/// The template with its slots filled; a slot that begins a sentence gets its capital.
pub(crate) fn fill(template: &str, slots: &[(&str, &str)]) -> String {
    let mut text = String::new();
    let mut rest = template;
    while let Some((before, tail)) = rest.split_once('{') {
        text.push_str(before);
        let (slot, after) = tail.split_once('}').unwrap_or((tail, ""));
        let words = slots.iter().find(|(name, _)| *name == slot).map_or("", |(_, words)| *words);
        let mut chars = words.chars();
        match chars.next() {
            Some(first) if text.is_empty() || text.ends_with(". ") => text.extend(first.to_uppercase().chain(chars)),
            _ => text.push_str(words),
        }
        rest = after;
    }
    text.push_str(rest);
    text
}
