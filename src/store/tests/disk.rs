//! Disks that are full, file systems that can't be written, journals of newer versions.

use std::fs;
use std::path::Path;

use rusqlite::Connection;

use crate::engine::Engine;
use crate::engine::op::PageOf;
use crate::engine::time::Timestamp;
use crate::store::testing::Story;
use crate::store::{Access, JOURNAL_FILE, Journal, JournalErrorKind, SqliteJournal, Standing};

fn loaded(journal: &mut SqliteJournal) -> Engine {
    let loaded = journal.load().unwrap();
    Engine::loaded(loaded.workspace, loaded.conversations)
}

#[test]
fn a_full_disk_writes_nothing_by_halves_and_is_no_end() {
    let folder = tempfile::tempdir().unwrap();
    let mut story = Story::new();
    let mut journal = story.write(folder.path());
    story.exchange(0, "small", "small");
    story.append(&mut journal, 1);
    let (before, batches) = (story.engine.clone(), story.batches.len());
    let pages: i64 = journal.connection().pragma_query_value(None, "page_count", |row| row.get(0)).unwrap();
    let limit = |journal: &SqliteJournal, pages: i64| {
        journal.connection().pragma_update_and_check(None, "max_page_count", pages, |_| Ok(())).unwrap();
    };
    limit(&journal, pages + 2);
    story.exchange(0, &"large ".repeat(20_000), "never mind");
    let (at, events) = &story.batches[batches];
    let error = journal.commit(*at, events).unwrap_err();
    assert_eq!(error.kind, JournalErrorKind::Full);
    assert!(error.message.contains("is full") && error.message.contains("what was saved before is safe"), "{error}");
    let error = journal.attach("big", &"x".repeat(100_000)).unwrap_err();
    assert_eq!(error.kind, JournalErrorKind::Full);
    assert_eq!(journal.standing(), &Standing::Writing);
    assert_eq!(loaded(&mut journal), before);
    assert_eq!(journal.check().unwrap().findings, Vec::new());
    limit(&journal, 1 << 30);
    story.append(&mut journal, batches);
    assert_eq!(loaded(&mut journal), story.engine);
    assert_eq!(journal.check().unwrap().findings, Vec::new());
}

#[test]
fn a_log_without_its_journal_is_put_aside_and_not_taken_for_the_new_ones() {
    let (folder, copy) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let mut story = Story::new();
    let mut journal = story.write(folder.path());
    story.exchange(0, "an older life", "yes");
    story.append(&mut journal, 1);
    crashed(folder.path(), copy.path());
    fs::remove_file(copy.path().join(JOURNAL_FILE)).unwrap();
    let log = fs::read(copy.path().join("journal.db-wal")).unwrap();
    let mut fresh = SqliteJournal::open(copy.path(), Access::Write).unwrap();
    assert_eq!(loaded(&mut fresh), Engine::default());
    assert_eq!(fresh.check().unwrap().findings, Vec::new());
    assert_eq!(fs::read(copy.path().join("journal-damaged-1.db-wal")).unwrap(), log);
}

/// A copy of the files as a crash leaves them: with the log, without the log's index.
fn crashed(from: &Path, to: &Path) {
    for name in [JOURNAL_FILE, "journal.db-wal"] {
        fs::copy(from.join(name), to.join(name)).unwrap();
    }
}

#[test]
fn where_no_file_can_be_made_the_log_is_read_too() {
    let (folder, copy) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let copy = copy.path().join("a folder, with % and ?#ü");
    fs::create_dir(&copy).unwrap();
    let mut story = Story::new();
    let mut journal = story.write(folder.path());
    story.exchange(0, "only in the log", "yes");
    story.append(&mut journal, 1);
    crashed(folder.path(), &copy);
    let before = fs::read(copy.join("journal.db-wal")).unwrap();
    let count = |copy: &Path| -> u32 {
        let connection = super::super::connect::connect_alone(&copy.join(JOURNAL_FILE)).unwrap();
        connection.query_row("SELECT count(*) FROM events", [], |row| row.get(0)).unwrap()
    };
    let events: usize = story.batches.iter().map(|(_, events)| events.len()).sum();
    assert_eq!(count(&copy) as usize, events);
    assert_eq!(fs::read(copy.join("journal.db-wal")).unwrap(), before);
    assert_eq!(fs::read_dir(&copy).unwrap().count(), 2, "a file was made");
    drop(journal);
    let closed = copy.join("closed");
    fs::create_dir(&closed).unwrap();
    fs::copy(folder.path().join(JOURNAL_FILE), closed.join(JOURNAL_FILE)).unwrap();
    assert_eq!(count(&closed) as usize, events);
    assert_eq!(fs::read_dir(&closed).unwrap().count(), 1, "a file was made");
}

#[cfg(unix)]
#[test]
fn a_folder_that_cannot_be_written_is_read() {
    use std::os::unix::fs::PermissionsExt;
    let (folder, copy) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let mut story = Story::new();
    let mut journal = story.write(folder.path());
    story.exchange(0, "only in the log", "yes");
    story.append(&mut journal, 1);
    crashed(folder.path(), copy.path());
    let mode = |mode| fs::set_permissions(copy.path(), fs::Permissions::from_mode(mode)).unwrap();
    mode(0o500);
    for access in [Access::Read, Access::Write] {
        let mut journal = SqliteJournal::open(copy.path(), access).unwrap();
        assert_eq!(loaded(&mut journal), story.engine);
        // Whoever runs this as root may write everywhere.
        match journal.standing() {
            Standing::Reading | Standing::Writing => {}
            Standing::ReadOnly { why } => assert!(why.contains("can't be written to"), "{why}"),
            other => panic!("{other:?}"),
        }
    }
    mode(0o700);
}

/// Makes the journal one of a newer version, and returns its bytes.
fn touch(folder: &Path, statements: &str) -> Vec<u8> {
    let connection = Connection::open(folder.join(JOURNAL_FILE)).unwrap();
    connection.execute_batch(statements).unwrap();
    connection.close().unwrap();
    fs::read(folder.join(JOURNAL_FILE)).unwrap()
}

#[test]
fn a_newer_journal_opens_for_reading_and_shows_what_is_known() {
    let later = "INSERT INTO events SELECT seq + 1, at, conversation, epoch, conv_seq + 1, 'route_opened', 1, '{}', 0
                 FROM events ORDER BY seq DESC LIMIT 1;";
    let cases = [
        "PRAGMA user_version = 99".to_owned(),
        format!("{later} INSERT INTO kinds VALUES('route_opened', 1)"),
        "INSERT INTO kinds VALUES('message_added', 2)".to_owned(),
        "PRAGMA user_version = 2; DROP TABLE conversations; DROP TABLE search; ALTER TABLE messages RENAME TO m2"
            .to_owned(),
    ];
    for statements in cases {
        let folder = tempfile::tempdir().unwrap();
        let mut story = Story::new();
        story.exchange(0, "known", "well known");
        drop(story.write(folder.path()));
        let bytes = touch(folder.path(), &statements);
        let mut journal = SqliteJournal::open(folder.path(), Access::Write).unwrap();
        let Standing::Newer { why } = journal.standing().clone() else { panic!("{:?}", journal.standing()) };
        assert!(why.contains("newer version") && why.contains("Update"), "{why}");
        assert_eq!(loaded(&mut journal), story.engine);
        let page = journal.page(&PageOf { conversation: story.id(0), end: None, limit: 9 }).unwrap();
        assert_eq!(page.messages.last().unwrap().text(), "well known");
        assert_eq!(journal.search("known", 9).unwrap().len(), 2);
        let refused = journal.commit(Timestamp::default(), &story.batches[0].1).unwrap_err();
        assert_eq!(refused.kind, JournalErrorKind::Newer);
        drop(journal);
        assert_eq!(fs::read(folder.path().join(JOURNAL_FILE)).unwrap(), bytes);
    }
}
