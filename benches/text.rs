//! What text costs on its way to the screen: Markdown laid out whole and while it streams, wrapping, reading code.
//!
//! `cargo bench --bench text`. The times of `stream` for 5,000, 10,000 and 20,000 tokens say whether a stream stays
//! linear in its length: each doubles the one before.

#![expect(missing_docs, reason = "criterion's macros make functions without any")]

use std::hint::black_box;
use std::time::Duration;

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use trialogue::tui::text::highlight::{Code, highlight};
use trialogue::tui::text::markdown::{Document, lay_out, lay_out_wide};
use trialogue::tui::text::wrap::wrap;
use trialogue::tui::theme::Glyphs;

const TOUR: &str = include_str!("../src/tui/harness/tour.md");
/// Bytes of a token, roughly.
const TOKEN: usize = 4;

/// The tour, again and again, up to so many tokens.
fn text(tokens: usize) -> String {
    let text = TOUR.repeat(tokens * TOKEN / TOUR.len() + 1);
    text[..text.floor_char_boundary(tokens * TOKEN)].to_owned()
}

/// Lays out after every token, as a stream does that is drawn each time.
fn stream(text: &str) -> usize {
    let mut document = Document::new();
    let (mut at, mut lines) = (0, 0);
    while at < text.len() {
        let end = text.ceil_char_boundary((at + TOKEN).min(text.len()));
        document.push(&text[at..end]);
        lines = document.lines(black_box(80)).len();
        at = end;
    }
    lines
}

fn markdown(c: &mut Criterion) {
    let mut group = c.benchmark_group("markdown");
    for tokens in [1_000, 20_000] {
        let text = text(tokens);
        group.throughput(Throughput::Bytes(text.len() as u64));
        group.bench_with_input(BenchmarkId::new("whole", tokens), &text, |b, text| {
            b.iter(|| lay_out(text, black_box(80)));
        });
    }
    let long = text(1_000);
    group.bench_function("wide", |b| b.iter(|| lay_out_wide(&long, black_box(80), Glyphs::Unicode)));
    group.finish();
}

fn streaming(c: &mut Criterion) {
    let mut group = c.benchmark_group("stream");
    group.sample_size(10).measurement_time(Duration::from_secs(4));
    for tokens in [5_000, 10_000, 20_000] {
        group.throughput(Throughput::Elements(tokens as u64));
        group.bench_with_input(BenchmarkId::new("tour", tokens), &text(tokens), |b, text| b.iter(|| stream(text)));
        let code = format!("```rust\n{}", "    let x = price(seat) * 12; // yearly\n".repeat(tokens * TOKEN / 40));
        group.bench_with_input(BenchmarkId::new("one block of code", tokens), &code, |b, text| b.iter(|| stream(text)));
        let table = format!("| a | b |\n|---|---|\n{}", "| a cell | another cell |\n".repeat(tokens * TOKEN / 26));
        group.bench_with_input(BenchmarkId::new("one table", tokens), &table, |b, text| b.iter(|| stream(text)));
    }
    group.finish();
}

fn wrapping(c: &mut Criterion) {
    let mut group = c.benchmark_group("wrap");
    let latin = "The offers differ in what a seat includes, and in the term. ".repeat(200);
    let cjk = "見積もりの違いは、席に何が含まれるかにあります。".repeat(200);
    for (name, text) in [("latin", latin), ("cjk", cjk)] {
        group.throughput(Throughput::Bytes(text.len() as u64));
        group.bench_with_input(name, &text, |b, text| b.iter(|| wrap(text, black_box(80))));
    }
    group.finish();
}

fn code(c: &mut Criterion) {
    let mut group = c.benchmark_group("highlight");
    group.sample_size(10).measurement_time(Duration::from_secs(4));
    let rust = "fn total(seats: &[Seat], rate: f64) -> u64 {\n    let sum: u64 = seats.iter().sum(); // yearly\n}\n";
    let python =
        "def total(seats, rate=1.0):\n    \"\"\"Adds up.\"\"\"\n    return round(sum(s.price for s in seats) * rate)\n";
    for (language, text) in [("rust", rust), ("python", python)] {
        let block = Code::new(language, &text.repeat(20));
        group.throughput(Throughput::Bytes(block.bytes() as u64));
        group.bench_with_input(language, &block, |b, block| b.iter(|| highlight(block)));
    }
    group.finish();
}

criterion_group!(benches, markdown, streaming, wrapping, code);
criterion_main!(benches);
