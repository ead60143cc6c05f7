//! Any bytes as a journal, and a whole journal with any bytes changed: nothing panics, what is read was written, what
//! is opened to be read is left as it is, and what is rebuilt is whole.

#![no_main]

#[path = "../../benches/story/mod.rs"]
#[allow(dead_code)]
mod story;

use std::fs;
use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use trialogue::engine::message::{Message, Part};
use trialogue::engine::op::PageOf;
use trialogue::engine::time::Timestamp;
use trialogue::store::{
    Access, JOURNAL_FILE, Journal as _, JournalErrorKind, OpenError, Severity, SqliteJournal, Standing, Which, rebuild,
    summary,
};

use story::Story;

const LOG_FILE: &str = "journal.db-wal";

/// What kind of file it is, where it is cut, which bytes are other ones, and bytes that anyone wrote.
type Input<'b> = (u8, Option<u32>, Vec<(u32, u8)>, &'b [u8]);

/// A journal, its log, and the messages in them.
struct Whole {
    file: Vec<u8>,
    log: Vec<u8>,
    messages: Vec<Message>,
}

/// One whose log was copied into it, and one that its program didn't close.
static WHOLES: LazyLock<[Whole; 2]> = LazyLock::new(|| [false, true].map(whole));

fn whole(is_open: bool) -> Whole {
    let folder = tempfile::tempdir().unwrap();
    let mut journal = SqliteJournal::open(folder.path(), Access::Write).unwrap();
    let (mut story, facts) = Story::new(2);
    journal.commit(story.now(), &facts).unwrap();
    let mut messages = Vec::new();
    for round in 0..3 {
        let facts = story.round(&format!("question {round}"), &"an answer of some words ".repeat(1 + round * 120));
        messages.extend(facts.iter().filter_map(|fact| fact.message().cloned()));
        journal.commit(story.now(), &facts).unwrap();
    }
    journal.attach("offers.md", &"Offer A costs 5. ".repeat(300)).unwrap();
    journal.save_view(story.now(), "draft/pane1", &"half a thought".into()).unwrap();
    let read = |name: &str| fs::read(folder.path().join(name)).unwrap_or_default();
    if is_open {
        return Whole { file: read(JOURNAL_FILE), log: read(LOG_FILE), messages };
    }
    drop(journal);
    Whole { file: read(JOURNAL_FILE), log: Vec::new(), messages }
}

fuzz_target!(|input: Input<'_>| {
    let folder = tempfile::tempdir().unwrap();
    let (file, log, known) = files(input);
    fs::write(folder.path().join(JOURNAL_FILE), &file).unwrap();
    if !log.is_empty() {
        fs::write(folder.path().join(LOG_FILE), &log).unwrap();
    }
    let is_as_it_was = || {
        let now = |name: &str| fs::read(folder.path().join(name)).unwrap_or_default();
        now(JOURNAL_FILE) == file && now(LOG_FILE) == log
    };

    let listed = summary(folder.path());
    assert!(is_as_it_was(), "listing changed it");
    match SqliteJournal::open(folder.path(), Access::Read) {
        Ok(mut journal) => {
            read_all(&mut journal, known);
            let report = journal.check().map(|report| report.worst());
            let is_damaged = matches!(journal.standing(), Standing::Damaged { .. });
            assert!(!is_damaged || report == Ok(Some(Severity::Damage)), "{report:?}");
        }
        Err(error) => assert!(listed.is_err(), "can be listed, but not read: {error}"),
    }
    assert!(is_as_it_was(), "reading changed it");

    match rebuild(folder.path(), Timestamp::from_millis(1)) {
        Ok(rebuilt) => {
            if let Some(kept) = rebuilt.kept {
                assert!(fs::read(kept).unwrap() == file, "the damaged one was not kept as it was");
            }
            let mut journal = SqliteJournal::open(folder.path(), Access::Write).unwrap();
            assert_eq!(journal.standing(), &Standing::Writing);
            let report = journal.check().unwrap();
            assert!(report.worst() <= Some(Severity::Note), "{report}");
            assert!(read_all(&mut journal, known), "a whole journal can't be read");
        }
        Err(OpenError::Journal(error)) if error.kind == JournalErrorKind::Newer => {
            assert!(is_as_it_was(), "a newer version's was changed");
        }
        Err(error) => panic!("not rebuilt: {error}"),
    }
});

/// The journal, its log, and the messages that were ever in them.
fn files((kind, cut, changes, foreign): Input<'_>) -> (Vec<u8>, Vec<u8>, &'static [Message]) {
    let [closed, open] = &*WHOLES;
    let (whole, has_log) = match kind % 4 {
        0 => return (foreign.to_vec(), Vec::new(), &[]),
        1 => return (open.file.clone(), foreign.to_vec(), &open.messages),
        2 => (closed, false),
        _ => (open, true),
    };
    let mut bytes = [whole.file.as_slice(), &whole.log].concat();
    for (at, byte) in changes {
        let at = at as usize % bytes.len();
        bytes[at] = byte;
    }
    if let Some(at) = cut {
        let at = at as usize % bytes.len();
        let end = bytes.len().min(at + foreign.len());
        bytes[at..end].copy_from_slice(&foreign[..end - at]);
        if foreign.is_empty() {
            bytes.truncate(at);
        }
    }
    let log = if has_log && bytes.len() > whole.file.len() { bytes.split_off(whole.file.len()) } else { Vec::new() };
    (bytes, log, &whole.messages)
}

/// Reads everything that a program would. Whether all of it could be read; what is shown was written, or says that it
/// is lost.
fn read_all(journal: &mut SqliteJournal, known: &[Message]) -> bool {
    let Ok(loaded) = journal.load() else { return false };
    let mut is_whole = journal.overview().is_ok() && journal.view().is_ok();
    is_whole &= journal.search("answer", 10).is_ok() && journal.attachment("00").is_ok();
    let mut shown = Vec::new();
    for conversation in loaded.conversations.iter().map(|conversation| conversation.header.id) {
        match journal.page(&PageOf { conversation, end: None, limit: 1_000 }) {
            Ok(page) => shown.extend(page.messages),
            Err(_) => is_whole = false,
        }
        let each = journal.each_message(conversation, Which::All, |message| {
            shown.push(message);
            true
        });
        is_whole &= each.is_ok();
    }
    for message in shown {
        let is_lost = matches!(message.parts.as_slice(), [Part::Unknown(part)] if part["part"] == "damaged");
        assert!(is_lost || message.parts.is_empty() || known.contains(&message), "{message:?}");
    }
    is_whole
}
