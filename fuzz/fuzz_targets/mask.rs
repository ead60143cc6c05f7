//! Masking any text: exact restoring, idempotence, no leak, no panic. The first line may name what the dictionary knows.
#![no_main]

use libfuzzer_sys::fuzz_target;
use trialogue::engine::redaction::{Detector, Dictionary, LeakCheck, Name, Policy, RestoreStream, Vault, mask, restore, restore_tolerant};

fuzz_target!(|text: &str| {
    let (first, rest) = text.split_once('\n').unwrap_or(("Halvorsen AS", text));
    let names = first.split(';').filter(|name| name.chars().any(char::is_alphanumeric)).take(8);
    let names = names.map(|name| Name::new(name, "client")).collect();
    let Ok(detector) = Detector::new(&Dictionary { names, ..Dictionary::default() }) else { return };
    for policy in [Policy::BRIEF, Policy::EVERYTHING, Policy::EVERYTHING.strict(true)] {
        let mut vault = Vault::new("fuzz");
        let before = mask(first, &detector, &mut vault, policy);
        let masked = mask(rest, &detector, &mut vault, policy);
        assert_eq!(restore(masked.text(), &vault), rest);
        assert_eq!(restore(before.text(), &vault), first);
        assert!(LeakCheck::new([&vault]).leaks(masked.text()).is_empty());
        let mut stream = RestoreStream::new(&vault);
        let mut streamed = String::new();
        for c in masked.text().chars() {
            streamed.push_str(&stream.push(c.encode_utf8(&mut [0; 4])));
        }
        streamed.push_str(&stream.finish());
        assert_eq!(streamed, rest);
        let _ = restore_tolerant(rest, &vault);
        let fresh = mask(rest, &detector, &mut Vault::new("fuzz"), policy);
        assert_eq!(mask(fresh.text(), &detector, &mut Vault::new("fuzz"), policy).text(), fresh.text());
    }
});
