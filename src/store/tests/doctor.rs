//! What the doctor finds, and what a rebuild makes of it.

use rusqlite::Connection;
use serde_json::json;

use crate::engine::Engine;
use crate::engine::time::Timestamp;
use crate::store::testing::{Step, Story};
use crate::store::{Access, JOURNAL_FILE, Journal, Severity, SqliteJournal, rebuild};

type Found = Vec<(Severity, String)>;

/// What the doctor says after these statements were run on a healthy journal, before and after a rebuild.
fn after(statements: &str) -> (Found, String, Found) {
    let folder = tempfile::tempdir().unwrap();
    let mut story = Story::new();
    story.exchange(0, "What does it cost?", "Five.");
    story.step(Step::Send { pane: 0, text: "another".to_owned(), parent: Some(0) });
    drop(story.write(folder.path()));
    let connection = Connection::open(folder.path().join(JOURNAL_FILE)).unwrap();
    connection.execute_batch(statements).unwrap();
    drop(connection);
    let findings = || {
        let mut journal = SqliteJournal::open(folder.path(), Access::Write).unwrap();
        let report = journal.check().unwrap();
        report.findings.into_iter().map(|finding| (finding.severity, finding.sentence)).collect::<Found>()
    };
    let before = findings();
    let rebuilt = rebuild(folder.path(), Timestamp::from_millis(7)).unwrap().to_string();
    let mut journal = SqliteJournal::open(folder.path(), Access::Read).unwrap();
    let loaded = journal.load().unwrap();
    if before.iter().all(|(severity, _)| *severity < Severity::Damage) {
        assert_eq!(Engine::loaded(loaded.workspace, loaded.conversations), story.engine);
    }
    drop(journal);
    (before, rebuilt, findings())
}

#[test]
fn stale_projections_are_found_and_made_anew() {
    let cases = [
        ("UPDATE messages SET tokens = tokens + 1 WHERE number = 1", "The conversations don't match"),
        ("UPDATE messages SET context_added = 7 WHERE number = 3", "The branches and meters don't match"),
        ("UPDATE workspace SET body = json_set(body, '$.settings.title', 'Other')", "The panes don't match"),
        ("DELETE FROM search WHERE rowid = (SELECT min(seq) FROM messages)", "The search index holds 2 of 3 messages."),
        ("UPDATE conversations SET header = '{' WHERE key = 2", "The conversations can't be loaded"),
        ("DELETE FROM messages WHERE number = 2", "The conversations don't match"),
    ];
    for (statements, sentence) in cases {
        let (before, rebuilt, after) = after(statements);
        assert!(
            before.iter().any(|(severity, found)| *severity == Severity::Stale && found.starts_with(sentence)),
            "{before:?}"
        );
        assert!(rebuilt.starts_with("Made panes, conversations, branches"), "{rebuilt}");
        assert_eq!(after, [], "{statements}");
    }
}

#[test]
fn a_table_that_is_another_one_is_replaced_with_all_that_was_written() {
    for statements in
        ["ALTER TABLE partials RENAME COLUMN parts TO pants", "ALTER TABLE blobs RENAME COLUMN body TO bodies"]
    {
        let (before, rebuilt, after) = after(statements);
        assert!(before.iter().any(|(severity, _)| *severity >= Severity::Stale), "{before:?}");
        assert!(rebuilt.contains("A repaired copy has taken its place"), "{rebuilt}");
        assert_eq!(after, [], "{statements}");
    }
}

#[test]
fn lost_and_changed_events_are_named_and_the_rest_is_repaired() {
    let cases = [
        ("UPDATE events SET at = at + 1 WHERE seq = 4", "Events can't be read, number 4: its checksum doesn't hold."),
        ("DELETE FROM events WHERE seq IN (4, 6)", "Events are missing, numbers 4 and 6."),
        (
            "UPDATE events SET body = body || ' ' WHERE seq = 6",
            "Events can't be read, number 6: its checksum doesn't hold.",
        ),
        (
            "UPDATE events SET conversation = x'00' WHERE seq = 6",
            "Events can't be read, number 6: its checksum doesn't hold.",
        ),
    ];
    for (statements, sentence) in cases {
        let (before, rebuilt, after) = after(statements);
        assert!(before.contains(&(Severity::Damage, sentence.to_owned())), "{before:?}");
        assert!(
            rebuilt.contains("A repaired copy has taken its place") && rebuilt.contains("journal-damaged-1.db"),
            "{rebuilt}"
        );
        let [(Severity::Note, note)] = after.as_slice() else { panic!("{after:?}") };
        assert!(note.starts_with("An earlier repair could not save the events number"), "{note}");
    }
}

#[test]
fn a_rebuild_takes_texts_that_nobody_carries_and_leaves_those_of_drafts() {
    let folder = tempfile::tempdir().unwrap();
    let mut story = Story::new();
    let mut journal = story.write(folder.path());
    let [carried, drafted, orphan] =
        ["carried", "drafted", "orphan"].map(|body| journal.attach("paste", body).unwrap());
    let before = story.batches.len();
    story.attach(0, "see", carried.clone());
    story.append(&mut journal, before);
    journal.save_view(Timestamp::default(), "draft/drafting", &json!({"text": "", "with": [drafted.hash]})).unwrap();
    drop(journal);
    let rebuilt = rebuild(folder.path(), Timestamp::default()).unwrap();
    assert_eq!(rebuilt.orphans, 1);
    assert!(rebuilt.to_string().ends_with("One attached text that no message carries is gone."));
    let mut journal = SqliteJournal::open(folder.path(), Access::Read).unwrap();
    let is_there = |journal: &mut SqliteJournal, hash: &str| journal.attachment(hash).unwrap().is_some();
    assert!(is_there(&mut journal, &carried.hash) && is_there(&mut journal, &drafted.hash));
    assert!(!is_there(&mut journal, &orphan.hash));
}

#[test]
fn an_attached_text_that_changed_is_named_and_not_handed_out() {
    let folder = tempfile::tempdir().unwrap();
    let mut journal = SqliteJournal::open(folder.path(), Access::Write).unwrap();
    let attachment = journal.attach("paste", "true").unwrap();
    journal.connection().execute("UPDATE blobs SET body = 'false'", []).unwrap();
    let error = journal.attachment(&attachment.hash).unwrap_err();
    assert!(error.message.contains("is not what was stored"), "{error}");
    assert_eq!(journal.check().unwrap().findings[0].sentence, "1 attached texts are not what was stored.");
}
