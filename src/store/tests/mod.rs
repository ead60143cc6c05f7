//! What the journal promises the program that uses it, end to end on a real file.

mod damage;
mod disk;
mod doctor;
mod erase;
mod fixture;
mod search;

use std::sync::Arc;

use proptest::prelude::*;
use serde_json::json;

use super::testing::{Step, Story, story};
use super::*;
use crate::engine::Engine;
use crate::engine::event::Event;
use crate::engine::id::{MessageId, TurnId};
use crate::engine::input::Partial;
use crate::engine::message::{Message, Part};
use crate::engine::op::Page;
use crate::engine::op::PageOf;
use crate::engine::time::Timestamp;

fn engine(journal: &mut SqliteJournal) -> Engine {
    let Loaded { workspace, conversations, .. } = journal.load().unwrap();
    Engine::loaded(workspace, conversations)
}

/// Every message of the story by identity, as it was decided, without those that were erased.
fn bodies(story: &Story) -> Vec<&Message> {
    story.batches.iter().flat_map(|(_, events)| events).filter_map(Event::message).collect()
}

/// What a page must show: the window on the engine's own branch, with the decided bodies.
fn expected_page(story: &Story, page: &PageOf) -> Page {
    let conversation = &story.engine.conversations[&page.conversation];
    let branch = conversation.branch(conversation.header.head);
    let end = page.end.map_or(branch.len(), |end| (end as usize).min(branch.len()));
    let first = end.saturating_sub(page.limit as usize);
    let bodies = bodies(story);
    let message = |id: &MessageId| {
        let mut message = (*bodies.iter().find(|message| message.id == *id).unwrap()).clone();
        if conversation.messages[id].erased {
            super::erase::bare(&mut message);
        }
        message
    };
    Page {
        conversation: page.conversation,
        first: first as u32,
        total: branch.len() as u32,
        messages: branch[first..end].iter().map(message).collect(),
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 40, ..ProptestConfig::default() })]

    #[test]
    fn what_is_loaded_equals_what_happened_and_so_do_overview_and_pages(
        steps in story(), cut in 0..40_u32, limit in 0..9_u32
    ) {
        let folder = tempfile::tempdir().unwrap();
        let story = Story::of(steps);
        drop(story.write(folder.path()));
        let mut journal = SqliteJournal::open(folder.path(), Access::Read).unwrap();
        prop_assert_eq!(&engine(&mut journal), &story.engine);
        prop_assert_eq!(journal.overview().unwrap(), story.engine.overview());
        prop_assert_eq!(journal.check().unwrap().findings, Vec::new());
        for id in story.engine.conversations.keys() {
            for end in [None, Some(cut)] {
                let page = PageOf { conversation: *id, end, limit };
                prop_assert_eq!(journal.page(&page).unwrap(), expected_page(&story, &page));
            }
        }
    }
}

#[test]
fn an_export_sees_every_message_once_and_in_order() {
    let folder = tempfile::tempdir().unwrap();
    let mut story = Story::new();
    for nth in 0..70 {
        story.exchange(0, &format!("question {nth}"), "answer");
    }
    story.step(Step::Send { pane: 0, text: "another way".to_owned(), parent: Some(100) });
    let mut journal = story.write(folder.path());
    let conversation = story.shown(0);
    let mut seen = Vec::new();
    let mut see = |message: Message| {
        seen.push(message.id);
        true
    };
    journal.each_message(story.id(0), Which::Active, &mut see).unwrap();
    assert_eq!(seen, conversation.branch(conversation.header.head));
    assert_eq!(seen.len(), 102);
    let mut seen = Vec::new();
    journal
        .each_message(story.id(0), Which::All, |message| {
            seen.push(message.number);
            seen.len() < 141
        })
        .unwrap();
    assert_eq!(seen, (1..=141).collect::<Vec<u32>>());
    journal.each_message(story.id(0), Which::All, |_| false).unwrap();
    assert_eq!(
        summary(folder.path()).unwrap(),
        Summary {
            title: "A study".to_owned(),
            panes: vec!["research".to_owned(), "drafting".to_owned()],
            messages: 141,
            last_used: Some(story.env.now),
            notice: None,
        }
    );
}

#[test]
fn what_a_reader_sees_grows_while_a_writer_writes() {
    let folder = tempfile::tempdir().unwrap();
    let mut story = Story::new();
    let mut writer = story.write(folder.path());
    let mut reader = SqliteJournal::open(folder.path(), Access::Read).unwrap();
    assert_eq!(reader.standing(), &Standing::Reading);
    story.exchange(0, "What does it cost?", "Nothing.");
    story.append(&mut writer, 1);
    assert_eq!(engine(&mut reader), story.engine);
    let refused = reader.commit(Timestamp::default(), &story.batches[0].1).unwrap_err();
    assert_eq!(refused.kind, JournalErrorKind::ReadOnly);
}

#[test]
fn a_second_writer_is_told_who_holds_the_journal() {
    let folder = tempfile::tempdir().unwrap();
    let first = SqliteJournal::open(folder.path(), Access::Write).unwrap();
    match SqliteJournal::open(folder.path(), Access::Write) {
        Err(OpenError::Held { pid, .. }) => assert!(pid.is_none_or(|pid| pid == std::process::id())),
        other => panic!("{other:?}"),
    }
    drop(first);
    SqliteJournal::open(folder.path(), Access::Write).unwrap();
}

#[test]
fn there_is_nothing_to_read_where_no_journal_is() {
    let folder = tempfile::tempdir().unwrap();
    let error = SqliteJournal::open(folder.path(), Access::Read).unwrap_err();
    assert!(matches!(error, OpenError::Missing { .. }));
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
}

#[test]
fn every_open_that_writes_is_an_epoch_and_one_that_only_looks_is_none() {
    let folder = tempfile::tempdir().unwrap();
    let mut story = Story::new();
    drop(story.write(folder.path()));
    let mut looked = SqliteJournal::open(folder.path(), Access::Write).unwrap();
    looked.load().unwrap();
    drop(looked);
    story.exchange(0, "again", "yes");
    let mut journal = SqliteJournal::open(folder.path(), Access::Write).unwrap();
    story.append(&mut journal, 1);
    drop(journal);
    let file = rusqlite::Connection::open(folder.path().join(JOURNAL_FILE)).unwrap();
    let epochs: String =
        file.query_row("SELECT group_concat(DISTINCT epoch) FROM events", [], |row| row.get(0)).unwrap();
    assert_eq!(epochs, "1,2");
    let conv_seqs: String = file
        .query_row(
            "SELECT group_concat(conv_seq) FROM events WHERE conversation = (SELECT id FROM conversations LIMIT 1)",
            [],
            |row| row.get(0),
        )
        .unwrap();
    assert_eq!(conv_seqs, "1,2,3,4");
}

#[test]
fn a_partial_answer_outlives_a_crash_and_goes_with_its_turns_end() {
    let folder = tempfile::tempdir().unwrap();
    let mut story = Story::new();
    story.step(Step::Send { pane: 0, text: "go".to_owned(), parent: None });
    let mut journal = story.write(folder.path());
    let turn = story.shown(0).header.turn.clone().unwrap();
    let partial = |text: &str, turn: TurnId, prompt| Partial {
        conversation: story.id(0),
        turn,
        prompt,
        parts: vec![Part::Reasoning { text: "hm".into() }, Part::text(text)],
    };
    let ended = TurnId::from_uuid(uuid::Uuid::from_u128(7));
    let (first, second) = (partial("on", turn.id, turn.prompt), partial("on and on", turn.id, turn.prompt));
    journal.checkpoint(Timestamp::from_millis(1), &[first, partial("late", ended, turn.prompt)]).unwrap();
    journal.checkpoint(Timestamp::from_millis(2), std::slice::from_ref(&second)).unwrap();
    drop(journal);
    let mut journal = SqliteJournal::open(folder.path(), Access::Write).unwrap();
    assert_eq!(journal.load().unwrap().partials, vec![second.clone()]);
    let before = story.batches.len();
    story.tell(crate::engine::input::Input::Recovered(vec![second]));
    story.append(&mut journal, before);
    assert_eq!(engine(&mut journal), story.engine);
    let left: i64 = journal.connection().query_row("SELECT count(*) FROM partials", [], |row| row.get(0)).unwrap();
    assert_eq!(left, 0, "neither the ended turn's row nor the late one is left");
}

#[test]
fn what_is_kept_of_the_view_is_what_was_saved_last() {
    let folder = tempfile::tempdir().unwrap();
    let mut journal = SqliteJournal::open(folder.path(), Access::Write).unwrap();
    let at = Timestamp::from_millis(5);
    journal.save_view(at, "layout", &json!({"columns": [1, 2]})).unwrap();
    journal.save_view(at, "draft/a", &json!("half a sen")).unwrap();
    journal.save_view(at, "draft/a", &json!("half a sentence")).unwrap();
    journal.save_view(at, "draft/b", &json!("gone")).unwrap();
    journal.save_view(at, "draft/b", &json!(null)).unwrap();
    drop(journal);
    let view = SqliteJournal::open(folder.path(), Access::Read).unwrap().view().unwrap();
    let kept: Vec<(&str, &serde_json::Value)> = view.iter().map(|(key, value)| (key.as_str(), value)).collect();
    assert_eq!(kept, [("draft/a", &json!("half a sentence")), ("layout", &json!({"columns": [1, 2]}))]);
}

#[test]
fn an_attached_text_is_stored_once_and_read_back_by_its_hash() {
    let folder = tempfile::tempdir().unwrap();
    let mut journal = SqliteJournal::open(folder.path(), Access::Write).unwrap();
    let first = journal.attach("offers.md", "abc").unwrap();
    let second = journal.attach("paste", "abc").unwrap();
    assert_eq!(first.hash, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    assert_eq!((first.hash.as_str(), first.bytes, second.name.as_str()), (second.hash.as_str(), 3, "paste"));
    assert_eq!(journal.attachment(&first.hash).unwrap(), Some(Arc::from("abc")));
    for absent in ["", "zz", "00"] {
        assert_eq!(journal.attachment(absent).unwrap(), None);
    }
}

#[cfg(unix)]
#[test]
fn the_journals_files_are_their_owners_alone_whatever_they_were() {
    use std::os::unix::fs::PermissionsExt;
    let outer = tempfile::tempdir().unwrap();
    let folder = outer.path().join("acme");
    let mode = |path: &std::path::Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
    drop(Story::new().write(&folder));
    std::fs::set_permissions(folder.join(JOURNAL_FILE), std::fs::Permissions::from_mode(0o664)).unwrap();
    let mut journal = SqliteJournal::open(&folder, Access::Write).unwrap();
    journal.save_view(Timestamp::default(), "focus", &json!(1)).unwrap();
    assert_eq!(mode(&folder), 0o700);
    for name in ["journal.db", "journal.db-wal", "journal.db-shm", "journal.lock"] {
        assert_eq!(mode(&folder.join(name)), 0o600, "{name}");
    }
}
