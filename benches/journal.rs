//! The journal: folding facts, committing a message, opening, the first page, searching.
//!
//! `BENCH_MESSAGES=1000000 cargo bench --bench journal -- search` searches a million messages.

#![expect(clippy::expect_used, reason = "a bench stops where it fails")]
#![expect(missing_docs, reason = "criterion's macros write undocumented functions")]

mod story;

use std::hint::black_box;

use criterion::{BatchSize, Criterion, Throughput, criterion_group, criterion_main};
use trialogue::engine::Engine;
use trialogue::engine::op::PageOf;
use trialogue::store::{Access, Journal as _, SqliteJournal};

use story::{RARE, Story, fill};

/// How many messages are searched if nobody says otherwise.
const MESSAGES: usize = 20_000;

/// How many of them stand in one conversation.
const IN_ONE: usize = 2_000;

fn fold(criterion: &mut Criterion) {
    let (mut story, mut facts) = Story::new(3);
    for _ in 0..1_000 {
        facts.extend(story.round("What do the three vendors charge?", "The offers differ in what a seat includes."));
    }
    let mut group = criterion.benchmark_group("fold");
    group.throughput(Throughput::Elements(facts.len() as u64));
    group.bench_function("3 x 2,000 messages", |bencher| {
        bencher.iter(|| {
            let mut engine = Engine::default();
            for fact in &facts {
                engine.apply(fact);
            }
            black_box(engine)
        });
    });
    group.finish();
}

fn commit(criterion: &mut Criterion) {
    let folder = tempfile::tempdir().expect("a folder");
    let mut journal = SqliteJournal::open(folder.path(), Access::Write).expect("a journal");
    let (mut story, facts) = Story::new(1);
    journal.commit(story.now(), &facts).expect("a commit");
    criterion.bench_function("commit a question and its answer", |bencher| {
        bencher.iter_batched(
            || story.round("What do the three vendors charge?", "The offers differ in what a seat includes."),
            |facts| journal.commit(trialogue::engine::time::Timestamp::from_millis(0), &facts).expect("a commit"),
            BatchSize::SmallInput,
        );
    });
}

fn open(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("open and read the last page of three panes");
    for messages in [20, 2_000] {
        let folder = tempfile::tempdir().expect("a folder");
        drop(fill(folder.path(), 3, messages));
        group.bench_function(format!("3 x {messages} messages"), |bencher| {
            bencher.iter(|| {
                let mut journal = SqliteJournal::open(folder.path(), Access::Write).expect("a journal");
                let overview = journal.overview().expect("an overview");
                for pane in &overview.panes {
                    let page = PageOf { conversation: pane.conversation, end: None, limit: 17 };
                    black_box(journal.page(&page).expect("a page"));
                }
            });
        });
    }
    group.finish();
}

fn search(criterion: &mut Criterion) {
    let asked = std::env::var("BENCH_MESSAGES").ok();
    let messages = asked.and_then(|messages| messages.parse().ok()).unwrap_or(MESSAGES);
    let folder = tempfile::tempdir().expect("a folder");
    let conversations = messages.div_ceil(IN_ONE);
    let mut journal = fill(folder.path(), conversations, messages / conversations);
    let mut group = criterion.benchmark_group(format!("search {messages} messages"));
    let kinds = [("a rare word", RARE), ("a common word", "kari"), ("two words", "kari tome"), ("a letter", "k")];
    for (kind, query) in kinds {
        group.bench_function(kind, |bencher| {
            bencher.iter(|| black_box(journal.search(query, 50).expect("hits")));
        });
    }
    group.finish();
}

criterion_group!(journal, fold, commit, open, search);
criterion_main!(journal);
