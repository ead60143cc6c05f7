//! One text on its way across a boundary: what stands in it afterwards, what was replaced, and what holds it.

use std::collections::BTreeMap;

use crate::engine::redaction::{self, Detector, Dictionary, Kind, LeakCheck, Policy, Vault};

use super::compose::{Hold, Replaced};

/// A text as its receiver would read it.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Crossed {
    pub(super) text: String,
    pub(super) replaced: Vec<Replaced>,
    pub(super) holds: Vec<Hold>,
}

/// Replaces what must not cross, in the order secrets, dictionary, patterns, unknown names. `place` says where a value
/// stands, in words. The vault learns every new value; whether any value is left is checked by [`leaks`].
pub(super) fn cross(plain: &str, detector: &Detector, vault: &mut Vault, place: &dyn Fn(&str) -> String) -> Crossed {
    let masked = redaction::mask(plain, detector, vault, Policy::BRIEF);
    let mut crossed = Crossed::default();
    let mut replaced: BTreeMap<&str, Replaced> = BTreeMap::new();
    for one in masked.replaced() {
        let value = &plain[one.span.clone()];
        if one.blocked {
            crossed.holds.push(Hold::Secret { rule: one.reason.to_string(), place: place(value) });
        }
        if one.kind != Kind::Literal {
            replaced
                .entry(&one.pseudonym)
                .or_insert_with(|| Replaced {
                    value: value.to_owned(),
                    kind: one.kind.word().to_owned(),
                    pseudonym: one.pseudonym.clone(),
                    times: 0,
                })
                .times += 1;
        }
    }
    crossed.replaced = replaced.into_values().collect();
    for word in detector.unjudged(plain, Policy::BRIEF) {
        let place = place(&word);
        crossed.holds.push(Hold::Unjudged { word, place });
    }
    crossed.text = masked.into_text();
    crossed
}

/// Texts of one conversation on their way to a provider that must not read them as they are: each stands under the
/// conversation's pseudonyms afterwards, and what came under them already stays so. What holds it, if anything does.
pub fn hide(texts: &mut [(String, String)], names: &Dictionary, vault: &mut Vault) -> Vec<Hold> {
    let detector = match Detector::new(names) {
        Ok(detector) => detector,
        Err(error) => return vec![Hold::Dictionary { why: error.to_string() }],
    };
    let mut holds = Vec::new();
    for (place, text) in texts {
        // With its real names first: a pseudonym that is masked again would be another one.
        let plain = redaction::restore_tolerant(text, vault).text;
        let crossed = cross(&plain, &detector, vault, &|_| place.clone());
        holds.extend(crossed.holds);
        *text = crossed.text;
    }
    holds
}

/// Every value that its receiver knows under a pseudonym and would read here, each once.
pub(super) fn leaks(text: &str, check: &LeakCheck, place: &dyn Fn(&str) -> String) -> Vec<Hold> {
    let mut holds = Vec::new();
    for leak in check.leaks(text) {
        let hold = Hold::Leak { pseudonym: leak.pseudonym, place: place(&text[leak.span]) };
        if !holds.contains(&hold) {
            holds.push(hold);
        }
    }
    holds
}
