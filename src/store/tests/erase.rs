//! Forgetting: nothing of what was said is left in any file.

use std::fs;
use std::path::Path;

use serde_json::json;

use crate::engine::Engine;
use crate::engine::brief::{Draft, Fields, Quote, Return};
use crate::engine::input::Partial;
use crate::engine::message::Part;
use crate::engine::op::{Forgotten, PageOf};
use crate::engine::settings::Locality;
use crate::engine::time::Timestamp;
use crate::store::testing::{Step, Story};
use crate::store::{Access, Journal, JournalErrorKind, Severity, SqliteJournal};

/// Words that stand nowhere else; the index keeps them in lower case.
const SECRET: &str = "Xylophonquartett";

fn traces(folder: &Path) -> Vec<String> {
    let mut traces = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let bytes = fs::read(&path).unwrap().to_ascii_lowercase();
        // The index shares the beginnings of words: its end must be gone too.
        for piece in [&b"xylophonq"[..], b"lophonquartett"] {
            if bytes.windows(piece.len()).any(|window| window == piece) {
                traces.push(format!("{} in {}", String::from_utf8_lossy(piece), path.display()));
            }
        }
    }
    traces
}

fn secret_story(journal: &mut SqliteJournal) -> Story {
    let mut story = Story::new();
    story.append(journal, 0);
    let secret = journal.attach("secret.md", &format!("{SECRET} {}", "long ".repeat(2_000))).unwrap();
    let shared = journal.attach("shared.md", "shared by both").unwrap();
    story.exchange(0, &format!("about {SECRET}"), &format!("{SECRET}s are {SECRET}"));
    story.exchange(0, &SECRET.repeat(2_000), "long");
    story.attach(0, SECRET, secret);
    story.attach(0, "shared", shared.clone());
    story.attach(1, "shared here", shared);
    story.step(Step::Pin { pane: 0, message: 0, text: SECRET.to_owned() });
    story.step(Step::Pin { pane: 0, message: 1, text: format!("{SECRET}s are") });
    story.step(Step::Unpin { pane: 0, pin: 0 });
    story.step(Step::Send { pane: 0, text: "fail".to_owned(), parent: None });
    story.step(Step::Fail { pane: 0, text: SECRET.to_owned(), overflow: false });
    story.append(journal, 1);
    let conversation = story.id(0);
    let at = Timestamp::default();
    let partial = Partial {
        conversation,
        turn: crate::engine::id::TurnId::from_uuid(uuid::Uuid::from_u128(9)),
        prompt: story.message(0, 0).unwrap(),
        parts: vec![Part::text(SECRET.repeat(1_000))],
    };
    journal.checkpoint(at, &[partial]).unwrap();
    journal.save_view(at, &format!("draft/{conversation}"), &json!(SECRET)).unwrap();
    journal.save_view(at, "draft/other", &json!("kept")).unwrap();
    story
}

#[test]
fn of_a_forgotten_conversation_nothing_is_left_in_any_file() {
    let folder = tempfile::tempdir().unwrap();
    let mut journal = SqliteJournal::open(folder.path(), Access::Write).unwrap();
    let mut story = secret_story(&mut journal);
    assert!(!traces(folder.path()).is_empty(), "the search for traces finds none where there are some");
    let before = story.batches.len();
    story.step(Step::Forget { pane: 0, message: None });
    story.append(&mut journal, before);
    assert_eq!(traces(folder.path()), Vec::<String>::new());
    assert_eq!(journal.check().unwrap().findings, Vec::new());
    let loaded = journal.load().unwrap();
    assert_eq!(Engine::loaded(loaded.workspace, loaded.conversations), story.engine);
    assert_eq!(journal.search(SECRET, 9).unwrap(), Vec::new());
    assert_eq!(journal.search("shared", 9).unwrap().len(), 1);
    assert_eq!(journal.view().unwrap().into_keys().collect::<Vec<_>>(), ["draft/other"]);
    let shared = journal.messages(&[story.shown(1).branch(story.shown(1).header.head)[0]]).unwrap();
    let hash = &shared[0].attachments().next().unwrap().hash;
    assert_eq!(journal.attachment(hash).unwrap().as_deref(), Some("shared by both"));
    let page = journal.page(&PageOf { conversation: story.id(0), end: None, limit: 99 }).unwrap();
    assert!(page.total > 8 && page.messages.iter().all(|message| message.parts.is_empty()), "tombstones stay");
    drop(journal);
    assert_eq!(traces(folder.path()), Vec::<String>::new());
    let mut journal = SqliteJournal::open(folder.path(), Access::Read).unwrap();
    assert_eq!(journal.check().unwrap().findings, Vec::new());
}

#[test]
fn a_forgotten_message_takes_its_pins_and_leaves_the_others() {
    let folder = tempfile::tempdir().unwrap();
    let mut journal = SqliteJournal::open(folder.path(), Access::Write).unwrap();
    let mut story = Story::new();
    story.exchange(0, "keep this", "and this");
    story.exchange(0, &format!("forget {SECRET}"), "nothing");
    story.step(Step::Pin { pane: 0, message: 2, text: SECRET.to_owned() });
    story.step(Step::Pin { pane: 0, message: 0, text: "keep".to_owned() });
    story.append(&mut journal, 0);
    let before = story.batches.len();
    story.step(Step::Forget { pane: 0, message: Some(2) });
    story.append(&mut journal, before);
    assert_eq!(traces(folder.path()), Vec::<String>::new());
    assert_eq!(journal.check().unwrap().findings, Vec::new());
    assert_eq!(journal.search("keep", 9).unwrap().len(), 1);
    let pins = journal.overview().unwrap().conversations[0].pins.clone();
    assert_eq!(pins.iter().map(|pin| &*pin.text).collect::<Vec<_>>(), ["keep"]);
    let page = journal.page(&PageOf { conversation: story.id(0), end: None, limit: 9 }).unwrap();
    assert_eq!(
        page.messages.iter().map(crate::engine::message::Message::text).collect::<Vec<_>>(),
        ["keep this", "and this", "", "nothing"]
    );
}

#[test]
fn a_brief_that_waits_to_be_sent_loses_what_it_quotes_of_a_forgotten_message() {
    let folder = tempfile::tempdir().unwrap();
    let mut journal = SqliteJournal::open(folder.path(), Access::Write).unwrap();
    let mut story = Story::new();
    story.exchange(0, "keep this", "and this");
    story.exchange(0, &format!("forget {SECRET}"), "nothing");
    story.append(&mut journal, 0);
    let conversation = story.id(0);
    let quote = |nth, passage: &str| {
        let message = story.message(0, nth).unwrap();
        Quote { conversation, message, passage: Some(passage.to_owned()) }
    };
    let draft = Draft {
        from: vec![story.id(1)],
        to: vec![conversation],
        fields: Fields { objective: "Sum up".to_owned(), ..Fields::default() },
        context: vec![quote(0, "keep"), quote(2, SECRET)],
        returns: Return::Ask,
        supersedes: None,
        unseal: Vec::new(),
        seed: None,
        proposed_from: Locality::default(),
    };
    journal.save_view(Timestamp::default(), "brief/research", &json!(draft)).unwrap();
    let before = story.batches.len();
    story.step(Step::Forget { pane: 0, message: Some(2) });
    story.append(&mut journal, before);
    assert_eq!(traces(folder.path()), Vec::<String>::new());
    let left = Draft { context: draft.context[..1].to_vec(), ..draft };
    assert_eq!(journal.view().unwrap()["brief/research"], json!(left), "what a person wrote stays");
}

#[test]
fn what_a_reader_kept_from_being_erased_is_erased_at_the_next_load() {
    let folder = tempfile::tempdir().unwrap();
    let mut journal = SqliteJournal::open(folder.path(), Access::Write).unwrap();
    journal.connection().busy_timeout(std::time::Duration::ZERO).unwrap();
    let mut story = secret_story(&mut journal);
    let reader = SqliteJournal::open(folder.path(), Access::Read).unwrap();
    let reading = reader.connection().unchecked_transaction().unwrap();
    let _: u32 = reading.query_row("SELECT count(*) FROM events", [], |row| row.get(0)).unwrap();
    let what = Forgotten::Conversation { conversation: story.id(0) };
    let before = story.batches.len();
    story.step(Step::Forget { pane: 0, message: None });
    let (at, events) = &story.batches[before];
    journal.commit(*at, events).unwrap();
    let error = journal.erase(what).unwrap_err();
    assert_eq!(error.kind, JournalErrorKind::Held, "{error}");
    assert!(error.message.contains("another process is reading it"), "{error}");
    drop(reading);
    drop(reader);
    drop(journal);
    let mut journal = SqliteJournal::open(folder.path(), Access::Write).unwrap();
    journal.load().unwrap();
    assert_eq!(traces(folder.path()), Vec::<String>::new());
    assert!(journal.check().unwrap().worst() < Some(Severity::Stale));
}
