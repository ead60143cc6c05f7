//! Searching: whatever is typed, and in whatever script.

use proptest::prelude::*;

use crate::engine::op::Hit;
use crate::store::testing::Story;
use crate::store::{Access, Journal, SqliteJournal};

fn journal(folder: &std::path::Path, texts: &[&str]) -> SqliteJournal {
    let mut story = Story::new();
    for text in texts {
        story.exchange(0, text, "noted");
    }
    drop(story.write(folder));
    SqliteJournal::open(folder, Access::Read).unwrap()
}

fn snippets(hits: &[Hit]) -> Vec<&str> {
    hits.iter().map(|hit| hit.snippet.as_str()).collect()
}

#[test]
fn words_are_found_whatever_their_case_accents_punctuation_and_script() {
    let folder = tempfile::tempdir().unwrap();
    let texts = [
        "The café's price, 3.50€ (net).",
        "foo-bar says \"AND\" or NEAR(it)",
        "株式会社の価格は三つあります",
        "ราคาสินค้า",
        "서울에서 만나요",
        "C:\\temp\\*.txt for user@example.org",
        "prices prices prices",
    ];
    let mut journal = journal(folder.path(), &texts);
    for (query, found) in [
        ("CAFE", 0),
        ("café's", 0),
        ("3.50", 0),
        ("(net", 0),
        ("foo-bar", 1),
        ("\"AND\"", 1),
        ("AND says", 1),
        ("NEAR(it)", 1),
        ("価格", 2),
        ("三", 2),
        ("会社の価", 2),
        ("สิน", 3),
        ("서울", 4),
        ("*.txt", 5),
        ("user@exam", 5),
        ("pri net", 0),
    ] {
        let mut hits = journal.search(query, 10).unwrap();
        hits.retain(|hit| hit.snippet != "noted");
        // The last word may be a beginning; the words before it are whole.
        let expected = if query == "pri net" { vec![] } else { vec![texts[found]] };
        assert_eq!(snippets(&hits), expected, "{query}");
    }
    for nothing in ["", "   ", "\"", "* ^ ( )", "-", "格価", "absent", "café absent"] {
        assert_eq!(journal.search(nothing, 10).unwrap(), [], "{nothing}");
    }
    let best = journal.search("price", 10).unwrap();
    assert_eq!(snippets(&best)[0], "prices prices prices", "the best hit is not first");
    assert_eq!(journal.search("price", 1).unwrap().len(), 1);
    let hit = &journal.search("foo", 1).unwrap()[0];
    assert_eq!((hit.pane.as_str(), hit.number, hit.position), ("research", 3, 2));
}

#[test]
fn words_that_stand_in_very_many_messages_find_the_newest_of_them() {
    let folder = tempfile::tempdir().unwrap();
    let mut story = Story::new();
    for number in 0..1_100 {
        story.exchange(0, &format!("price {number}"), "the price is noted");
    }
    drop(story.write(folder.path()));
    let mut journal = SqliteJournal::open(folder.path(), Access::Read).unwrap();
    let numbers: Vec<u32> = journal.search("pri", 3).unwrap().iter().map(|hit| hit.number).collect();
    assert_eq!(numbers, [2_200, 2_199, 2_198]);
    let best = journal.search("price 1099", 1).unwrap();
    assert_eq!(snippets(&best), ["price 1099"], "two words together are rare, and weighed");
}

#[test]
fn a_single_letter_is_a_word() {
    let folder = tempfile::tempdir().unwrap();
    let mut journal = journal(folder.path(), &["plan b", "buy bread", "b"]);
    let mut hits = journal.search("b", 9).unwrap();
    hits.sort_by_key(|hit| hit.number);
    assert_eq!(snippets(&hits), ["plan b", "b"]);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    #[test]
    fn nothing_that_can_be_typed_breaks_a_search(query in any::<String>()) {
        let folder = tempfile::tempdir().unwrap();
        let mut journal = journal(folder.path(), &["some text"]);
        prop_assert!(journal.search(&query, 5).is_ok());
    }

    #[test]
    fn a_message_is_found_by_every_one_of_its_words(text in "[\\PC]{1,60}") {
        let folder = tempfile::tempdir().unwrap();
        let mut journal = journal(folder.path(), &[&text]);
        let plain = |c: char| c.is_ascii_alphanumeric() || ('\u{3040}'..'\u{9fff}').contains(&c) && c.is_alphanumeric();
        for word in text.split_whitespace().filter(|word| word.contains(plain)) {
            let hits = journal.search(word, 5).unwrap();
            prop_assert!(hits.iter().any(|hit| hit.number == 1), "{:?} is not found in {:?}", word, text);
        }
    }
}

#[test]
fn a_search_in_one_conversation_finds_nothing_of_the_others_nor_of_branches_that_were_left() {
    let folder = tempfile::tempdir().unwrap();
    let mut story = Story::new();
    story.exchange(0, "the first price", "noted");
    story.exchange(0, "a price that was left", "noted");
    story.exchange(1, "a price elsewhere", "noted");
    let (here, elsewhere) = (story.id(0), story.id(1));
    let parent = story.message(0, 1);
    story.op(crate::engine::op::Op::Send {
        conversation: here,
        text: "another price".to_owned(),
        attachments: Vec::new(),
        parent,
    });
    drop(story.write(folder.path()));
    let mut journal = SqliteJournal::open(folder.path(), Access::Read).unwrap();
    let mut found = |conversation| {
        let hits = journal.search_in(conversation, "price", 10).unwrap();
        let mut places: Vec<(u32, String)> = hits.into_iter().map(|hit| (hit.position, hit.snippet)).collect();
        places.sort();
        places
    };
    assert_eq!(found(here), [(0, "the first price".to_owned()), (2, "another price".to_owned())]);
    assert_eq!(found(elsewhere), [(0, "a price elsewhere".to_owned())]);
    assert_eq!(journal.search("price", 10).unwrap().len(), 4);
}
