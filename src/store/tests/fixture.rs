//! The disk format of every version so far: `fixtures/journal-N.sql` is a journal that version N wrote.
//!
//! When a version changes, the new one's fixture is added and the old ones stay: run this module's tests with
//! `TRIALOGUE_WRITE_FIXTURE` set to the file to be written. A fixture is never written again once it was released.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::Path;

use rusqlite::Connection;
use rusqlite::types::ValueRef;
use serde_json::Value;

use crate::engine::id::{Env, Ids};
use crate::engine::message::{Message, Part};
use crate::engine::op::PageOf;
use crate::engine::time::Timestamp;
use crate::store::format::{self, Record};
use crate::store::testing::{Step, Story};
use crate::store::{Access, JOURNAL_FILE, Journal, SqliteJournal, Standing};

const VERSION_1: &str = include_str!("../fixtures/journal-1.sql");

/// Makes a journal of a fixture.
fn restore(folder: &Path, fixture: &str) -> SqliteJournal {
    let connection = Connection::open(folder.join(JOURNAL_FILE)).unwrap();
    connection.execute_batch(fixture).unwrap();
    connection.close().unwrap();
    SqliteJournal::open(folder, Access::Write).unwrap()
}

#[test]
fn a_journal_of_version_1_is_read_and_written_on() {
    let folder = tempfile::tempdir().unwrap();
    let mut journal = restore(folder.path(), VERSION_1);
    assert_eq!(journal.standing(), &Standing::Writing);
    assert_eq!(journal.check().unwrap().findings, Vec::new());
    let overview = journal.overview().unwrap();
    assert_eq!(overview.settings.title, "A study");
    let panes: Vec<&str> = overview.panes.iter().map(|pane| pane.pane.as_str()).collect();
    assert_eq!(panes, ["research", "drafting", "extra-1"]);
    let conversation = overview.panes[0].conversation;
    let page = journal.page(&PageOf { conversation, end: None, limit: 50 }).unwrap();
    let texts: Vec<String> = page.messages.iter().map(Message::text).collect();
    assert_eq!(
        texts,
        ["What do the three vendors charge?", "Five, six and seven.\n\n価格は三つ 👩‍👩‍👧", "", "Half an ans"]
    );
    assert_eq!(journal.search("vendors", 5).unwrap().len(), 1);
    assert_eq!(journal.search("価格", 5).unwrap().len(), 1);
    let attached = journal.search("offers.md", 5).unwrap();
    let message = journal.messages(&[attached[0].message]).unwrap().remove(0);
    let hash = &message.attachments().next().unwrap().hash;
    assert_eq!(journal.attachment(hash).unwrap().as_deref(), Some("Offer A costs 5.\n"));
    assert_eq!(journal.view().unwrap()["draft/research"], "half a thought");
    assert_eq!(journal.load().unwrap().partials.len(), 1);
    let env = Env { now: Timestamp::from_millis(1_800_000_000_000), ids: Ids::seeded(99) };
    let loaded = journal.load().unwrap();
    let engine = crate::engine::Engine::loaded(loaded.workspace, loaded.conversations);
    let decision = engine.decide(crate::engine::input::Input::Recovered(loaded.partials), &env);
    journal.commit(env.now, &decision.events).unwrap();
    assert_eq!(journal.check().unwrap().findings, Vec::new());
}

#[test]
fn what_version_1_wrote_is_still_written_so_or_has_a_new_version() {
    let folder = tempfile::tempdir().unwrap();
    let journal = restore(folder.path(), VERSION_1);
    let sql = format!("SELECT {} FROM events e ORDER BY e.seq", format::COLUMNS);
    let mut select = journal.connection().prepare(&sql).unwrap();
    let mut rows = select.query([]).unwrap();
    let mut kinds = BTreeSet::new();
    while let Some(row) = rows.next().unwrap() {
        let record = Record::read(row).unwrap();
        let event = record.event().unwrap();
        kinds.insert(record.kind.to_owned());
        if record.v == format::version(&event) {
            let written: Value = serde_json::from_str(&format::encode(&event).unwrap()).unwrap();
            let was: Value = serde_json::from_str(record.body).unwrap();
            assert!(holds(&written, &was), "{written} is not what version 1 wrote: {was}");
        }
    }
    let every = [
        "configured",
        "conversation_configured",
        "conversation_started",
        "erased",
        "message_added",
        "model_chosen",
        "model_learned",
        "pane_opened",
        "pane_turned",
        "pinned",
        "turn_ended",
        "turn_failed",
        "turn_interrupted",
        "turn_started",
        "unpinned",
    ];
    assert_eq!(kinds.iter().map(String::as_str).collect::<Vec<_>>(), every);
}

/// Whether one value says everything that the other says, and perhaps more.
fn holds(value: &Value, other: &Value) -> bool {
    match (value, other) {
        (Value::Object(fields), Value::Object(others)) => {
            others.iter().all(|(name, other)| fields.get(name).is_some_and(|value| holds(value, other)))
        }
        (Value::Array(items), Value::Array(others)) => {
            items.len() == others.len() && items.iter().zip(others).all(|(value, other)| holds(value, other))
        }
        _ => value == other,
    }
}

#[test]
fn the_checksum_is_the_one_that_is_documented() {
    let record = Record {
        seq: 1,
        at: 2,
        conversation: Some(uuid::Uuid::from_u128(3)),
        epoch: 4,
        conv_seq: 5,
        kind: "pinned",
        v: 6,
        body: "{\"é\":1}",
    };
    let mut bytes = Vec::new();
    bytes.extend([1, 0, 0, 0, 0, 0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0]);
    bytes.extend([1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 3]);
    bytes.extend([4, 0, 0, 0, 0, 0, 0, 0, 5, 0, 0, 0, 0, 0, 0, 0, 6, 0, 0, 0, 0, 0, 0, 0]);
    bytes.extend([6, 0, 0, 0, 0, 0, 0, 0]);
    bytes.extend(b"pinned");
    bytes.extend([8, 0, 0, 0, 0, 0, 0, 0]);
    bytes.extend("{\"é\":1}".as_bytes());
    // The CRC-32 of ISO 3309, bit by bit.
    let mut crc = u32::MAX;
    for byte in bytes {
        crc ^= u32::from(byte);
        for _ in 0..8 {
            crc = if crc & 1 == 1 { crc >> 1 ^ 0xEDB8_8320 } else { crc >> 1 };
        }
    }
    assert_eq!(record.crc(), !crc);
}

/// A small journal in which every kind of event occurs.
fn sample(folder: &Path) -> SqliteJournal {
    let mut story = Story::new();
    let mut journal = story.write(folder);
    let offers = journal.attach("offers.md", "Offer A costs 5.\n").unwrap();
    story.exchange(0, "What do the three vendors charge?", "Five, six and seven.\n\n価格は三つ 👩‍👩‍👧");
    story.attach(1, "Compare these.", offers);
    story.step(Step::Pin { pane: 0, message: 1, text: "Five, six".to_owned() });
    story.step(Step::Pin { pane: 1, message: 0, text: "these".to_owned() });
    story.step(Step::Unpin { pane: 1, pin: 0 });
    story.step(Step::ChooseModel { pane: 1, model: 1 });
    story.step(Step::Send { pane: 1, text: "Too long".to_owned(), parent: Some(0) });
    story.step(Step::Fail { pane: 1, text: "Be".to_owned(), overflow: true });
    story.step(Step::Send { pane: 0, text: "Forget this.".to_owned(), parent: None });
    story.step(Step::Interrupt { pane: 0, text: "Half an ans".to_owned() });
    story.step(Step::Forget { pane: 0, message: Some(2) });
    story.step(Step::OpenPane { name: 1 });
    story.step(Step::NewConversation { pane: 1 });
    story.step(Step::Show { pane: 1, conversation: 1 });
    story.step(Step::Configure { role: "You research prices.".to_owned(), price: 0.15 });
    story.step(Step::Send { pane: 1, text: "And now?".to_owned(), parent: None });
    story.append(&mut journal, 1);
    let turn = story.shown(1).header.turn.clone().unwrap();
    let parts = vec![Part::text("Now th")];
    let (conversation, at) = (story.id(1), story.env.now);
    let partial = crate::engine::input::Partial { conversation, turn: turn.id, prompt: turn.prompt, parts };
    journal.checkpoint(at, &[partial]).unwrap();
    journal.save_view(at, "draft/research", &serde_json::json!("half a thought")).unwrap();
    journal
}

#[test]
fn a_dump_of_a_journal_makes_the_same_journal() {
    let (folder, copy) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let mut journal = sample(folder.path());
    let dump = dump(journal.connection());
    if let Ok(path) = std::env::var("TRIALOGUE_WRITE_FIXTURE") {
        std::fs::write(path, &dump).unwrap();
    }
    let mut restored = restore(copy.path(), &dump);
    assert_eq!(restored.load().unwrap(), journal.load().unwrap());
    assert_eq!(restored.check().unwrap(), journal.check().unwrap());
}

/// A journal as SQL.
fn dump(connection: &Connection) -> String {
    let mut dump = String::from("PRAGMA page_size = 4096;\nPRAGMA journal_mode = wal;\nBEGIN;\n");
    for pragma in ["application_id", "user_version"] {
        let value: i64 = connection.pragma_query_value(None, pragma, |row| row.get(0)).unwrap();
        writeln!(dump, "PRAGMA {pragma} = {value};").unwrap();
    }
    let mut select = connection
        .prepare("SELECT name, sql, type FROM sqlite_schema WHERE sql IS NOT NULL AND name NOT GLOB 'search_*' ORDER BY rowid")
        .unwrap();
    let tables: Vec<(String, String, String)> =
        select.query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?))).unwrap().map(Result::unwrap).collect();
    for (name, sql, kind) in &tables {
        writeln!(dump, "{sql};").unwrap();
        if name == "search" {
            // The index keeps no text: what it keeps lies in tables of its own.
            for part in ["data", "idx", "docsize", "config"] {
                writeln!(dump, "DELETE FROM search_{part};").unwrap();
                rows(connection, &format!("search_{part}"), &mut dump);
            }
        } else if kind == "table" {
            rows(connection, name, &mut dump);
        }
    }
    dump.push_str("COMMIT;\n");
    dump
}

fn rows(connection: &Connection, table: &str, dump: &mut String) {
    let mut select = connection.prepare(&format!("SELECT * FROM {table}")).unwrap();
    let count = select.column_count();
    let mut rows = select.query([]).unwrap();
    while let Some(row) = rows.next().unwrap() {
        let values: Vec<String> = (0..count)
            .map(|column| match row.get_ref(column).unwrap() {
                ValueRef::Null => "NULL".to_owned(),
                ValueRef::Integer(value) => value.to_string(),
                ValueRef::Real(value) => value.to_string(),
                ValueRef::Text(text) => format!("'{}'", String::from_utf8_lossy(text).replace('\'', "''")),
                ValueRef::Blob(bytes) => format!("x'{}'", crate::store::blobs::hex(bytes)),
            })
            .collect();
        writeln!(dump, "INSERT INTO {table} VALUES({});", values.join(",")).unwrap();
    }
}
