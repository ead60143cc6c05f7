//! Measures the handoff that needs no model: what survives, where, at which size, after how many handoffs.
//!
//! `cargo run --release --example eval_handoff [-- SEED [show] [tuning]]` prints tables; `show` adds what was lost, `tuning` leaves out
//! the writers that were set aside. Transcripts are generated from a seed: what is planted in
//! them is said in phrasing pools of their own, one open for tuning (`phrasing`), one set aside before tuning (`held_out`).

#![expect(clippy::print_stdout, reason = "tables are what this program is for")]

mod dice;
mod everyday;
mod fresh;
mod grade;
mod held_out;
mod narrator;
mod phrasing;
mod planted;
mod words;
mod writers;

use grade::Tally;
use trialogue::engine::handoff::{Document, FlawKind, Ledger, Size, Transcript, verify, write};

fn main() {
    let seed = std::env::args().nth(1).and_then(|seed| seed.parse().ok()).unwrap_or(1);
    let asked = |word: &str| std::env::args().skip(2).any(|asked| asked == word);
    let show = asked("show");
    for (title, phrases) in [("tuned on", &phrasing::PHRASES), ("held out", &held_out::PHRASES)] {
        planted_tables(title, phrases, seed, show);
    }
    narrative_table(seed);
    for (title, pools) in [
        ("tuned on", everyday::Pools::of(phrasing::SAID, phrasing::ANSWERED, phrasing::CHATTER)),
        ("held out", everyday::Pools::of(held_out::SAID, held_out::ANSWERED, held_out::CHATTER)),
        ("written last", everyday::Pools::of(fresh::SAID, fresh::ANSWERED, fresh::CHATTER)),
    ] {
        everyday_table(title, &pools, seed, show);
    }
    for (writer, file) in writers::OPEN {
        everyday_table(&format!("{writer}, tuned on"), &writers::pools(file), seed, show);
    }
    if asked("tuning") {
        return;
    }
    for (writer, file) in writers::SET_ASIDE {
        everyday_table(&format!("{writer}, set aside"), &writers::pools(file), seed, show);
    }
    speed(seed);
}

/// Recall per kind and size, per decile, after chains; leaks, inventions and stale values.
fn planted_tables(title: &str, phrases: &phrasing::Phrases, seed: u64, show: bool) {
    println!("\n== planted, phrasing {title} ==");
    let transcripts: Vec<planted::Planted> = (0..9)
        .map(|index| planted::generate(phrases, index as usize % 3, 150 + 650 * index as usize / 8, seed * 100 + index))
        .collect();
    let mut worst: Vec<String> = Vec::new();
    for percent in [2.0, 5.0, 10.0, 20.0] {
        let mut tally = Tally::default();
        for planted in &transcripts {
            let transcript = planted.transcript();
            let size = Size::percent(percent, &transcript);
            let document = write(&transcript, size).map(|document| document.to_markdown()).unwrap_or_default();
            assert!(size.holds(&document), "the document exceeds its size");
            tally.grade(planted, &document);
            let invented = verify(&document, &Ledger::of(&transcript), &transcript);
            tally.invented += invented.iter().filter(|flaw| flaw.kind == FlawKind::Invented).count();
            tally.titles = percent;
        }
        tally.print_kinds(percent);
        if percent > 9.0 && percent < 11.0 {
            tally.print_deciles();
            worst.clone_from(&tally.lost);
        }
    }
    for steps in [1, 3, 10] {
        let mut tally = Tally::default();
        for planted in &transcripts {
            tally.grade(planted, &chained(planted, steps, 10.0));
        }
        println!(
            "chain of {steps:2} at 10 %: recall {:.3}, rules byte-equal {:.3}, pins byte-equal {:.3}, stale {:.3}, canaries {}",
            tally.recall(),
            tally.kind("rule"),
            tally.kind("pin"),
            tally.stale_rate(),
            tally.leaked
        );
    }
    if show {
        for line in &worst {
            println!("  lost: {line}");
        }
    }
}

/// What the check makes of a narrator that leaves out and invents: what it wrote by itself, with the check, after it was
/// asked to mend it, and the ledger alone. All at one size in tokens.
fn narrative_table(seed: u64) {
    const TOKENS: u32 = 2_400;
    println!("\n== a scripted narrator, held-out phrasing, documents of at most {TOKENS} tokens ==");
    println!(
        "{:>22} {:>10} {:>7} {:>7} {:>7} {:>9} {:>7} {:>8}",
        "drops, alters", "document", "recall", "rules", "stale", "invented", "told", "requests"
    );
    for (drops, alters) in [(0, 0), (30, 15), (60, 40)] {
        let mut tallies: [(Tally, u32, u32); 4] = Default::default();
        for index in 0..6 {
            let planted = planted::generate(&held_out::PHRASES, index as usize % 3, 300, seed * 100 + index);
            let transcript = planted.transcript();
            let mut making = narrator::making(&transcript, TOKENS);
            let mut dice = dice::Dice::new(seed * 1_000 + index);
            let habits = narrator::Habits { drops, alters };
            let mut grade = |at: usize, (document, made_up): (&str, &[String]), told: u32, requests: u32| {
                let (tally, lines, asked): &mut (Tally, u32, u32) = &mut tallies[at];
                tally.grade(&planted, document);
                tally.invented += made_up.iter().filter(|figure| document.contains(figure.as_str())).count();
                (*lines, *asked) = (*lines + told, *asked + requests);
            };
            grade(0, (&making.weave().document, &[]), 0, 0);
            let (answer, mut made_up) = narrator::narrative(&planted, habits, &mut dice);
            grade(1, (&answer, &made_up), answer.lines().filter(|line| line.starts_with("- ")).count() as u32, 1);
            making.answers.push(answer);
            let checked = making.weave();
            grade(2, (&checked.document, &made_up), checked.told, 1);
            if checked.mend.is_some() {
                // Whoever is told what was wrong writes it half as often.
                let mended = narrator::Habits { alters: alters / 2, ..habits };
                let (answer, more) = narrator::narrative(&planted, mended, &mut dice);
                made_up.extend(more);
                making.answers.push(answer);
                making.mended = true;
            }
            let mended = making.weave();
            grade(3, (&mended.document, &made_up), mended.told, making.answers.len() as u32);
        }
        for (name, (tally, told, requests)) in
            ["ledger alone", "narrator alone", "checked", "mended"].iter().zip(&tallies)
        {
            println!(
                "{:>22} {name:>14} {:>7.3} {:>7.3} {:>7.3} {:>9} {told:>7} {requests:>8}",
                format!("{drops} %, {alters} %"),
                tally.recall(),
                tally.kind("rule"),
                tally.stale_rate(),
                tally.invented
            );
        }
    }
}

/// The document after handing off `steps` times, each time from the document's Markdown and the turns since.
fn chained(planted: &planted::Planted, steps: usize, percent: f64) -> String {
    let whole = planted.transcript();
    let mut document = Document::default();
    let length = whole.spoken.len().div_ceil(steps);
    let mut so_far = Transcript::default();
    for (step, turns) in whole.spoken.chunks(length).enumerate() {
        so_far.spoken.extend_from_slice(turns);
        let pins = if step == 0 { whole.pins.clone() } else { Vec::new() };
        let since = Transcript { spoken: turns.to_vec(), pins, ..Transcript::default() };
        let size = Size::percent(percent, &so_far);
        if let Ok(merged) = document.merged(&since, size) {
            document = Document::parse(&merged.to_markdown());
        }
    }
    document.to_markdown()
}

/// Recall of scattered facts beside the simple way: the person's sentences first.
fn everyday_table(title: &str, pools: &everyday::Pools, seed: u64, show: bool) {
    let conversations: Vec<everyday::Everyday> =
        (0..6).map(|index| everyday::generate(pools, seed * 1000 + index)).collect();
    let share = conversations.iter().map(everyday::Everyday::person_share).sum::<f64>() / conversations.len() as f64;
    let facts: usize = conversations.iter().map(|conversation| conversation.facts.len()).sum();
    println!("\n== everyday, phrasing {title}: {facts} facts, the person's text {:.1} % ==", share * 100.0);
    println!("{:>6} {:>9} {:>9} {:>9} {:>9}", "size", "ours", "of person", "of answer", "baseline");
    for percent in [5.0, 10.0, 20.0] {
        let mut ours = [(0, 0); 2];
        let mut baseline = (0, 0);
        let mut lost = Vec::new();
        for conversation in &conversations {
            let transcript = conversation.transcript();
            let size = Size::percent(percent, &transcript);
            let document = write(&transcript, size).map(|document| document.to_markdown()).unwrap_or_default();
            let simple = conversation.person_first(size);
            for fact in &conversation.facts {
                let kept = fact.survives(&document);
                let slot = &mut ours[usize::from(fact.of_answer)];
                slot.0 += usize::from(kept);
                slot.1 += 1;
                baseline.0 += usize::from(fact.survives(&simple));
                baseline.1 += 1;
                if !kept {
                    lost.push(format!("{} in {:?}", fact.keys.join(" + "), fact.said));
                }
            }
        }
        let rate = |(kept, all): (usize, usize)| kept as f64 / all.max(1) as f64;
        let both = (ours[0].0 + ours[1].0, ours[0].1 + ours[1].1);
        println!(
            "{percent:>5} % {:>9.3} {:>9.3} {:>9.3} {:>9.3}",
            rate(both),
            rate(ours[0]),
            rate(ours[1]),
            rate(baseline)
        );
        if show {
            for line in lost.iter().take(40) {
                println!("  lost: {line}");
            }
        }
    }
}

fn speed(seed: u64) {
    let planted = planted::generate(&phrasing::PHRASES, 2, 4_000, seed);
    let transcript = planted.transcript();
    let bytes: usize = transcript.spoken.iter().map(|spoken| spoken.text.len()).sum();
    let _ = write(&transcript, Size::Chars(100));
    let start = std::time::Instant::now();
    let document =
        write(&transcript, Size::percent(10.0, &transcript)).map(|document| document.to_markdown()).unwrap_or_default();
    let taken = start.elapsed();
    println!("\n{:.2} MB in {} ms, {} characters out", bytes as f64 / 1e6, taken.as_millis(), document.chars().count());
}
