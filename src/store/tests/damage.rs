//! Journals that were cut, flipped and overwritten: explained, shown as far as they go, never changed.

use std::fs;
use std::path::Path;

use crate::engine::Engine;
use crate::engine::id::ConversationId;
use crate::engine::message::{Message, Part};
use crate::engine::op::PageOf;
use crate::engine::time::Timestamp;
use crate::store::testing::{Step, Story};
use crate::store::{Access, JOURNAL_FILE, Journal, JournalErrorKind, Severity, SqliteJournal, Standing, rebuild};

/// A journal with branches, long bodies, pins and an attached text, closed as a program closes it.
fn journal(folder: &Path) -> Story {
    let mut story = Story::new();
    for nth in 0..12 {
        story.exchange(
            nth % 2,
            &format!("question number {nth}"),
            &format!("answer {nth} {}", "word ".repeat(nth * 90)),
        );
    }
    story.step(Step::Pin { pane: 0, message: 1, text: "answer 0".to_owned() });
    story.step(Step::Send { pane: 0, text: "another way".to_owned(), parent: Some(3) });
    story.step(Step::Answer { pane: 0, text: "so be it".to_owned(), input: 900, estimated: false, ending: 0 });
    let mut journal = story.write(folder);
    let attachment = journal.attach("offers.md", &"Offer A costs 5. ".repeat(400)).unwrap();
    let before = story.batches.len();
    story.attach(1, "compare", attachment);
    story.append(&mut journal, before);
    journal.save_view(Timestamp::default(), "draft/research", &serde_json::json!("half a thought")).unwrap();
    story
}

fn bodies(story: &Story) -> Vec<Message> {
    story.batches.iter().flat_map(|(_, events)| events).filter_map(|event| event.message().cloned()).collect()
}

fn is_damaged(message: &Message) -> bool {
    matches!(message.parts.as_slice(), [Part::Unknown(part)] if part["part"] == "damaged")
}

/// Reads everything a program would read, and returns the messages that were shown.
fn read_all(journal: &mut SqliteJournal) -> Vec<Message> {
    let mut shown = Vec::new();
    let conversations: Vec<ConversationId> = match (journal.load(), journal.overview()) {
        (Ok(loaded), _) => loaded.conversations.iter().map(|conversation| conversation.header.id).collect(),
        (Err(error), _) => {
            assert_eq!(error.kind, JournalErrorKind::Damaged, "{error}");
            Vec::new()
        }
    };
    for conversation in conversations {
        if let Ok(page) = journal.page(&PageOf { conversation, end: None, limit: 1_000 }) {
            shown.extend(page.messages);
        }
    }
    let _ = (journal.search("answer", 10), journal.view(), journal.attachment("00"));
    shown
}

/// Opens a damaged copy and holds it to the promises; returns its standing.
fn survive(bytes: &[u8], story: &Story, rebuilds: bool) -> Standing {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(JOURNAL_FILE);
    fs::write(&path, bytes).unwrap();
    let mut journal = SqliteJournal::open(folder.path(), Access::Write).unwrap();
    let known = bodies(story);
    for message in read_all(&mut journal) {
        assert!(known.contains(&message) || is_damaged(&message) || message.parts.is_empty(), "{message:?}");
    }
    let report = journal.check().unwrap();
    let standing = journal.standing().clone();
    // What was noticed only while it was read changed nothing either.
    let is_kept = matches!(standing, Standing::Damaged { .. });
    match &standing {
        Standing::Damaged { why } => {
            assert!(why.contains("is damaged") && why.contains("doctor --rebuild"), "{why}");
            let refused = journal.commit(Timestamp::default(), &story.batches[0].1).unwrap_err();
            assert_eq!(refused.kind, JournalErrorKind::Damaged);
            assert_eq!(report.worst(), Some(Severity::Damage));
        }
        Standing::Writing if report.worst().is_none() => {
            // Nothing was noticed: then nothing is different.
            let loaded = journal.load().unwrap();
            assert_eq!(Engine::loaded(loaded.workspace, loaded.conversations), story.engine);
        }
        // A newer version's, if the flip fell into the table of kinds or the version of the tables.
        Standing::Writing | Standing::Newer { .. } => {}
        other => panic!("{other:?}"),
    }
    drop(journal);
    if is_kept {
        assert_eq!(fs::read(&path).unwrap(), bytes, "a damaged journal was changed");
    }
    if rebuilds && !matches!(standing, Standing::Newer { .. }) {
        let rebuilt = rebuild(folder.path(), Timestamp::from_millis(1)).unwrap();
        let kept: Vec<Vec<u8>> = rebuilt.kept.iter().map(|kept| fs::read(kept).unwrap()).collect();
        if matches!(standing, Standing::Damaged { .. }) {
            assert_eq!(kept, [bytes], "the damaged journal was not kept as it was");
        }
        let mut journal = SqliteJournal::open(folder.path(), Access::Write).unwrap();
        assert_eq!(journal.standing(), &Standing::Writing);
        let report = journal.check().unwrap();
        assert!(report.worst() <= Some(Severity::Note), "{report}");
        for message in read_all(&mut journal) {
            assert!(known.contains(&message) || is_damaged(&message), "{message:?}");
        }
    }
    standing
}

#[test]
fn a_journal_cut_anywhere_shows_what_is_left_and_is_never_changed() {
    let folder = tempfile::tempdir().unwrap();
    let story = journal(folder.path());
    let bytes = fs::read(folder.path().join(JOURNAL_FILE)).unwrap();
    let step = bytes.len() / 160 + 1;
    let mut damaged = 0;
    for (nth, length) in (0..bytes.len()).step_by(step).chain([1, 99, 100, 4_095, bytes.len() - 1]).enumerate() {
        let standing = survive(&bytes[..length], &story, nth % 8 == 0);
        damaged += usize::from(matches!(standing, Standing::Damaged { .. }));
        assert_ne!(standing, Standing::Reading);
    }
    assert!(damaged >= 160, "only {damaged} cuts were noticed when the journal was opened or read");
}

#[test]
fn flipped_bits_anywhere_are_noticed_by_the_doctor_or_change_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let story = journal(folder.path());
    let bytes = fs::read(folder.path().join(JOURNAL_FILE)).unwrap();
    let step = bytes.len() / 240 + 1;
    for (nth, at) in (0..bytes.len()).step_by(step).chain(0..100).enumerate() {
        let mut flipped = bytes.clone();
        flipped[at] ^= 1 << (nth % 8);
        survive(&flipped, &story, nth % 12 == 0);
    }
}

#[test]
fn a_lost_header_costs_no_event() {
    let folder = tempfile::tempdir().unwrap();
    let story = journal(folder.path());
    let path = folder.path().join(JOURNAL_FILE);
    let mut bytes = fs::read(&path).unwrap();
    bytes[..4_096].fill(0);
    fs::write(&path, &bytes).unwrap();
    let mut journal = SqliteJournal::open(folder.path(), Access::Read).unwrap();
    let count: usize = story.batches.iter().map(|(_, events)| events.len()).sum();
    let why = journal.standing().notice().unwrap().to_owned();
    assert!(why.contains(&format!("all {count} events in it are readable")), "{why}");
    let loaded = journal.load().unwrap();
    assert_eq!(Engine::loaded(loaded.workspace, loaded.conversations), story.engine);
    let message = story.shown(1).header.head.unwrap();
    assert_eq!(journal.messages(&[message]).unwrap().len(), 1);
    assert!(journal.attachment(&attached(&story)).unwrap().is_some_and(|body| body.starts_with("Offer A")));
}

fn attached(story: &Story) -> String {
    let messages = bodies(story);
    messages.iter().flat_map(Message::attachments).next().unwrap().hash.clone()
}

#[test]
fn a_lost_message_leaves_a_mark_and_everything_round_it_reachable() {
    let folder = tempfile::tempdir().unwrap();
    let story = journal(folder.path());
    let path = folder.path().join(JOURNAL_FILE);
    let mut bytes = fs::read(&path).unwrap();
    // Every copy: pages that were divided still hold what moved away.
    let wound = |bytes: &mut Vec<u8>, text: &[u8]| {
        let all = bytes.windows(text.len()).enumerate().filter(|(_, window)| *window == text);
        for at in all.map(|(at, _)| at).collect::<Vec<_>>() {
            bytes[at..at + text.len()].fill(b'#');
        }
    };
    wound(&mut bytes, b"question number 6");
    let start = format!("\"event\":\"conversation_started\",\"conversation\":\"{}\"", story.id(0));
    wound(&mut bytes, start.as_bytes());
    bytes[..100].fill(0);
    fs::write(&path, &bytes).unwrap();
    let mut journal = SqliteJournal::open(folder.path(), Access::Write).unwrap();
    let why = journal.standing().notice().unwrap().to_owned();
    assert!(why.contains("events are readable, but not numbers 3 and "), "{why}");
    let loaded = journal.load().unwrap();
    let first = &loaded.conversations[0].header;
    assert_eq!(
        (first.pane.as_str(), first.settings.locality),
        ("recovered", crate::engine::settings::Locality::Sealed)
    );
    let conversation = story.shown(0);
    let all: Vec<bool> = {
        let mut all = Vec::new();
        journal
            .each_message(story.id(0), crate::store::Which::All, |message| {
                all.push(is_damaged(&message));
                true
            })
            .unwrap();
        all
    };
    assert_eq!(all.len(), conversation.messages.len(), "every message is there or has its mark");
    assert_eq!(all.iter().filter(|damaged| **damaged).count(), 1);
}

#[test]
fn a_journal_whose_last_commits_never_reached_the_disk_is_one_that_was_true_once() {
    let folder = tempfile::tempdir().unwrap();
    let mut story = Story::new();
    let mut states = vec![Engine::default(), story.engine.clone()];
    let mut journal = story.write(folder.path());
    for nth in 0..8 {
        story.exchange(0, &format!("question {nth}"), &"answer ".repeat(nth * 200));
        for (at, events) in story.batches.iter().skip(states.len() - 1) {
            journal.commit(*at, events).unwrap();
            let mut engine = states.last().unwrap().clone();
            for event in events {
                engine.apply(event);
            }
            states.push(engine);
        }
    }
    let log = folder.path().join("journal.db-wal");
    let (file, log) = (fs::read(folder.path().join(JOURNAL_FILE)).unwrap(), fs::read(log).unwrap());
    let mut seen = Vec::new();
    for length in (0..=log.len()).step_by(log.len() / 50) {
        let copy = tempfile::tempdir().unwrap();
        fs::write(copy.path().join(JOURNAL_FILE), &file).unwrap();
        fs::write(copy.path().join("journal.db-wal"), &log[..length]).unwrap();
        let mut journal = SqliteJournal::open(copy.path(), Access::Write).unwrap();
        assert_eq!(journal.standing(), &Standing::Writing);
        let loaded = journal.load().unwrap();
        let engine = Engine::loaded(loaded.workspace, loaded.conversations);
        seen.push(states.iter().position(|state| *state == engine).expect("half a commit"));
    }
    assert!(seen.is_sorted() && seen.last() > seen.first(), "{seen:?}");
}

#[test]
fn a_header_that_says_something_else_is_damage_and_not_a_reason_to_write() {
    let folder = tempfile::tempdir().unwrap();
    let story = journal(folder.path());
    let bytes = fs::read(folder.path().join(JOURNAL_FILE)).unwrap();
    // The version of the tables, the writer's version of the file format, the owner of the file.
    for (at, value) in [(63, 0), (60, 0x80), (18, 3), (68, 0)] {
        let mut changed = bytes.clone();
        changed[at] = value;
        let standing = survive(&changed, &story, true);
        assert!(matches!(standing, Standing::Damaged { .. }), "byte {at}: {standing:?}");
    }
}

#[test]
fn a_file_that_is_no_journal_is_left_alone() {
    for bytes in [Vec::new(), b"hello, I am a letter\n".to_vec(), vec![0; 10_000], vec![0xff; 4_096]] {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(JOURNAL_FILE);
        fs::write(&path, &bytes).unwrap();
        for access in [Access::Read, Access::Write] {
            let journal = SqliteJournal::open(folder.path(), access).unwrap();
            let why = journal.standing().notice().unwrap();
            assert!(why.contains("no event in it is readable"), "{why}");
        }
        assert_eq!(fs::read(&path).unwrap(), bytes);
    }
}
