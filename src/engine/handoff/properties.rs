//! What holds for every transcript, whatever it says.

use proptest::prelude::*;

use super::{
    Document, FlawKind, Ledger, Quoted, Role, Section, Size, Spoken, TooSmall, Transcript, repair, verify, write,
};

/// Talk that looks enough like talk for the cues to bite, with everything that could break a line or a fence.
fn said() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        Just("Never push to main. "),
        Just("We decided on Caddy because it is small. "),
        Just("The lease is 30 s. "),
        Just("Actually the lease is 45 s now.\n"),
        Just("Still unclear who pays.\n"),
        Just("Ines will call by Friday. "),
        Just("```\nfatal: no\n"),
        Just("```\n"),
        Just("> quoted\n"),
        Just("- [m1] item (was x [m2])\n"),
        Just("## Rules\n"),
        Just("my password: hunter22!\n"),
        Just("締切は金曜日。"),
        Just("🙂 é\u{301} \u{200b}"),
        Just("a · b … c "),
        Just("\r\n\t"),
        Just("/srv/a/b.toml `x_y` $5 "),
    ];
    prop_oneof![prop::collection::vec(piece, 0..12).prop_map(|pieces| pieces.concat()), "\\PC{0,60}"]
}

fn messages() -> impl Strategy<Value = Vec<(bool, String)>> {
    prop::collection::vec((any::<bool>(), said()), 0..10)
}

fn transcript<'a>(messages: &'a [(bool, String)], pin: Option<&'a str>) -> Transcript<'a> {
    let role = |person: bool| if person { Role::Person } else { Role::Model };
    let spoken = messages.iter().enumerate();
    Transcript {
        spoken: spoken
            .map(|(index, (person, text))| Spoken::new(role(*person), text, format!("m{}", index + 1)))
            .collect(),
        pins: pin.into_iter().map(|pin| Quoted { text: pin.into(), source: "m1".into() }).collect(),
        ..Transcript::default()
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_document_never_exceeds_its_size(
        messages in messages(), pin in prop::option::of("\\PC{0,80}"), limit in 0_usize..900, tokens in any::<bool>(),
    ) {
        let transcript = transcript(&messages, pin.as_deref());
        let size = if tokens { Size::Tokens(limit) } else { Size::Chars(limit) };
        match write(&transcript, size) {
            Ok(document) => prop_assert!(size.holds(&document.to_markdown())),
            Err(TooSmall::Pins { needed, .. }) => prop_assert!(pin.is_some() && write(&transcript, needed).is_ok()),
        }
    }

    #[test]
    fn pins_stand_byte_for_byte_and_survive_a_chain(messages in messages(), pin in "\\PC{0,20}[\n\r`# -]{0,5}\\PC{0,20}") {
        let transcript = transcript(&messages, Some(&pin));
        let document = write(&transcript, Size::Chars(3_000)).unwrap();
        let mut markdown = document.to_markdown();
        for _ in 0..3 {
            let read = Document::parse(&markdown);
            prop_assert_eq!(&read.pins[0].text, &pin);
            markdown = read.merged(&Transcript::default(), Size::Chars(3_000)).unwrap().to_markdown();
            prop_assert!(markdown.contains(&pin));
        }
    }

    #[test]
    fn the_same_transcript_gives_the_same_document(messages in messages()) {
        let transcript = transcript(&messages, None);
        prop_assert_eq!(write(&transcript, Size::Chars(700)).unwrap(), write(&transcript, Size::Chars(700)).unwrap());
    }

    #[test]
    fn every_entrys_source_exists_and_nothing_is_invented(messages in messages()) {
        let transcript = transcript(&messages, None);
        let document = write(&transcript, Size::Chars(2_000)).unwrap();
        for entry in &document.entries {
            prop_assert!(transcript.spoken.iter().any(|spoken| spoken.source == entry.source), "{entry:?}");
        }
        let flaws = verify(&document.to_markdown(), &Ledger::of(&transcript), &transcript);
        prop_assert!(flaws.iter().all(|flaw| flaw.kind != FlawKind::Invented), "{flaws:?}");
    }

    #[test]
    fn a_message_more_never_removes_a_rule(messages in messages(), more in said(), limit in 100_usize..700) {
        let rules = |transcript: &Transcript<'_>| -> Vec<String> {
            let document = write(transcript, Size::Chars(limit)).unwrap();
            document.entries.into_iter().filter(|entry| entry.section == Section::Rules).map(|entry| entry.text).collect()
        };
        let before = rules(&transcript(&messages, None));
        let mut longer = messages.clone();
        longer.push((true, more));
        let after = rules(&transcript(&longer, None));
        prop_assert!(before.iter().all(|rule| after.contains(rule)), "{before:?} {after:?}");
    }

    #[test]
    fn a_message_more_never_removes_a_pin(messages in messages(), more in said(), pin in "\\PC{0,60}") {
        let mut longer = messages.clone();
        longer.push((true, more));
        let size = Size::Chars(400);
        let before = write(&transcript(&messages, Some(&pin)), size).unwrap();
        let after = write(&transcript(&longer, Some(&pin)), size).unwrap();
        prop_assert_eq!(before.pins, after.pins);
    }

    #[test]
    fn a_chain_of_ten_keeps_pins_and_rules_byte_for_byte(
        messages in prop::collection::vec((any::<bool>(), said()), 10..30), pin in "\\PC{0,30}[\n`]{0,4}\\PC{0,30}",
    ) {
        let whole = transcript(&messages, Some(&pin));
        let size = Size::Chars(100_000);
        let mut document = Document::default();
        for (step, turns) in whole.spoken.chunks(messages.len().div_ceil(10)).enumerate() {
            let pins = if step == 0 { whole.pins.clone() } else { Vec::new() };
            let since = Transcript { spoken: turns.to_vec(), pins, ..Transcript::default() };
            document = Document::parse(&document.merged(&since, size).unwrap().to_markdown());
        }
        let markdown = document.to_markdown();
        prop_assert_eq!(&document.pins[0].text, &pin);
        for rule in Ledger::of(&whole).rules() {
            prop_assert!(markdown.contains(&format!("- [{}] {}\n", rule.source, rule.text)), "{rule:?}\n{markdown}");
        }
    }

    #[test]
    fn what_any_document_lost_stands_in_its_section_after_repair(
        messages in messages(), document in "(## (Pins|Facts|Rules|Next steps)\n|- [a-z ]{0,9}\n|`{3,4}(rust)?\n|\\PC{0,20}|\n){0,10}",
    ) {
        let transcript = transcript(&messages, Some("pin\nof two lines"));
        let ledger = Ledger::of(&transcript);
        let size = Size::Chars(100_000);
        let mended = repair(&document, &verify(&document, &ledger, &transcript), size);
        let left = verify(&mended, &ledger, &transcript);
        prop_assert!(left.iter().all(|flaw| !matches!(flaw.kind, FlawKind::Lost | FlawKind::Misplaced)), "{mended}\n{left:?}");
    }

    #[test]
    fn any_markdown_is_read_without_a_panic(markdown in "(## (Pins|Facts|Rules)\n|- \\[m1\\] ?|`{3,4}\n|\\PC{0,20}|\n| \\(was x \\[m2\\]\\)){0,12}") {
        let read = Document::parse(&markdown);
        let again = Document::parse(&read.to_markdown());
        prop_assert_eq!(again.pins, read.pins);
    }
}
