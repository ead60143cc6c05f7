//! The heavy pure work: masking, the leak check, the handoff's document, an offline answer.

#![expect(clippy::expect_used, reason = "a bench stops where it fails")]
#![expect(missing_docs, reason = "criterion's macros write undocumented functions")]
#![expect(dead_code, reason = "the story's workspaces are for the journal's bench")]

mod story;

use std::fmt::Write as _;
use std::hint::black_box;
use std::sync::Arc;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use futures_util::StreamExt as _;
use trialogue::engine::handoff::{self, Role, Size, Spoken, Transcript};
use trialogue::engine::locality::Outbound;
use trialogue::engine::message::Author;
use trialogue::engine::model::ModelRef;
use trialogue::engine::prompt::{Limits, Request, Said};
use trialogue::engine::redaction::{Detector, LeakCheck, Policy, Vault, mask};
use trialogue::provider::Provider as _;
use trialogue::provider::offline::Offline;

use story::Dice;

/// Prose with something to find in every paragraph.
fn letter(bytes: usize) -> String {
    let mut dice = Dice(3);
    let mut text = String::new();
    while text.len() < bytes {
        let _ = write!(
            text,
            "Dear Ms. Okonkwo, {}Write to amara.{}@halvorsen.example or call +47 22 12 {:02} {:02}. {}\n\n",
            dice.prose(40),
            dice.roll(50),
            dice.roll(100),
            dice.roll(100),
            dice.prose(40),
        );
    }
    text
}

fn masking(criterion: &mut Criterion) {
    let detector = Detector::default();
    let mut group = criterion.benchmark_group("mask");
    for (name, bytes) in [("a paragraph", 600), ("100 KB", 100_000)] {
        let text = letter(bytes);
        group.throughput(Throughput::Bytes(text.len() as u64));
        group.bench_function(name, |bencher| {
            bencher.iter(|| mask(black_box(&text), &detector, &mut Vault::new("bench"), Policy::EVERYTHING));
        });
        let mut vault = Vault::new("bench");
        let masked = mask(&text, &detector, &mut vault, Policy::EVERYTHING);
        group.bench_function(format!("leak check, {name}"), |bencher| {
            bencher.iter(|| black_box(LeakCheck::new([&vault]).leaks(masked.text())));
        });
    }
    group.finish();
}

fn handing_off(criterion: &mut Criterion) {
    let mut dice = Dice(5);
    let texts: Vec<String> = (0..400)
        .map(|at| {
            format!(
                "We decided on option {at}, not on {}. The deadline is 2026-11-{:02}. {}",
                at + 1,
                at % 28 + 1,
                dice.prose(60)
            )
        })
        .collect();
    let transcript = Transcript {
        spoken: texts
            .iter()
            .enumerate()
            .map(|(at, text)| {
                let role = if at % 2 == 0 { Role::Person } else { Role::Model };
                Spoken::new(role, text, format!("m{}", at + 1))
            })
            .collect(),
        ..Transcript::default()
    };
    let size = Size::percent(10.0, &transcript);
    let mut group = criterion.benchmark_group("handoff");
    group.throughput(Throughput::Bytes(texts.iter().map(String::len).sum::<usize>() as u64));
    group.bench_function("400 messages at 10 %", |bencher| {
        bencher.iter(|| black_box(handoff::write(&transcript, size).expect("a document")));
    });
    group.finish();
}

fn answering_offline(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("offline answer");
    for (name, bytes) in [("2 KB", 2_000), ("200 KB", 200_000)] {
        let text: Arc<str> =
            Arc::from(format!("What does a seat cost?\n\n``````text offers.md\n{}``````", letter(bytes)));
        group.throughput(Throughput::Bytes(text.len() as u64));
        group.bench_function(name, |bencher| {
            // Paused time: the pace of the stream is for readers.
            let runtime = tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build();
            let runtime = runtime.expect("a runtime");
            bencher.iter(|| {
                let said = vec![Said { by: Author::Person, text: Arc::clone(&text) }];
                let request = Request {
                    model: ModelRef::offline(),
                    pane: "research".to_owned(),
                    system: "".into(),
                    said,
                    max_output: None,
                    limits: Limits::default(),
                };
                let outbound = Outbound::check(request, Arc::new(LeakCheck::new([]))).expect("nothing is hidden");
                runtime.block_on(Offline.stream(outbound).for_each(async |piece| drop(black_box(piece))));
            });
        });
    }
    group.finish();
}

criterion_group!(work, masking, handing_off, answering_offline);
criterion_main!(work);
