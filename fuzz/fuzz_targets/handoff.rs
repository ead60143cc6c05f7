//! Any bytes as a transcript, any bytes as a document: nothing panics, nothing exceeds its size, no pin changes.

#![no_main]

use libfuzzer_sys::fuzz_target;
use trialogue::engine::handoff::{Document, Ledger, Quoted, Role, Size, Spoken, Transcript, repair, verify, write};

fuzz_target!(|input: (String, Vec<(bool, String)>, u16)| {
    let (pin, messages, limit) = input;
    let _ = Transcript::from_json(&pin);
    let role = |person: bool| if person { Role::Person } else { Role::Model };
    let spoken = messages.iter().enumerate().map(|(index, (person, text))| Spoken::new(role(*person), text, format!("m{index}")));
    let pins = vec![Quoted { text: pin.as_str().into(), source: "m0".into() }];
    let transcript = Transcript { spoken: spoken.collect(), pins, ..Transcript::default() };
    let size = Size::Chars(usize::from(limit));
    let Ok(document) = write(&transcript, size) else { return };
    let markdown = document.to_markdown();
    assert!(size.holds(&markdown));
    assert!(markdown.contains(&pin));
    assert_eq!(Document::parse(&markdown).pins, document.pins);
    let foreign = Document::parse(&pin);
    let _ = foreign.merged(&transcript, size);
    let flaws = verify(&pin, &Ledger::of(&transcript), &transcript);
    assert!(size.holds(&repair("", &flaws, size)));
});
