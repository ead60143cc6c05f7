//! A boundary is a receiver: what is said to it goes under its own pseudonyms, whoever says it.

use crate::engine::id::ConversationId;
use crate::engine::redaction::{self, Detector, Kind, LeakCheck, Masked, Policy, Restored, Vault};

/// One receiving conversation and its table of pseudonyms.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Boundary {
    receiver: ConversationId,
    vault: Vault,
}

/// Text that wants to cross.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Crossing<'a> {
    /// Text as its pane has it.
    Plain(&'a str),
    /// Text that went through masking before.
    Masked(Masked),
}

/// Why a text doesn't cross yet. Nothing has left, and the vault is as it was.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Held {
    /// Secrets stand in it: they never cross. Where, in bytes, and which rule found them.
    #[error("Not sent: {} in the text ({}). Remove it first.", counted(.0.len(), "secret"), rules(.0))]
    Secrets(Vec<(std::ops::Range<usize>, String)>),
    /// Names nobody has judged: each is masked or kept first.
    #[error("Not sent: {} {} not judged yet. Mask or keep each first.", .0.join(", "), if .0.len() == 1 { "is" } else { "are" })]
    Unjudged(Vec<String>),
    /// It was masked for another receiver, whose pseudonyms mean nothing here.
    #[error("Not sent: this text was masked for another conversation. Send it from where its real names are.")]
    Foreign,
    /// A value would have stood in what was masked: the program's own fault, and held for it.
    #[error("Not sent: {0}. This should not happen; nothing has left.")]
    Leak(redaction::Leak),
}

fn counted(count: usize, what: &str) -> String {
    if count == 1 { format!("a {what} stands") } else { format!("{count} {what}s stand") }
}

fn rules(secrets: &[(std::ops::Range<usize>, String)]) -> String {
    let mut rules: Vec<&str> = secrets.iter().map(|(_, rule)| rule.as_str()).collect();
    rules.sort_unstable();
    rules.dedup();
    rules.join(", ")
}

impl Boundary {
    /// The boundary of a receiver that nothing has crossed to.
    pub fn new(receiver: ConversationId) -> Self {
        Self { receiver, vault: Vault::new(receiver.to_string()) }
    }

    /// The boundary with the table that was kept; `None` if the table is another receiver's.
    pub fn with_vault(receiver: ConversationId, vault: Vault) -> Option<Self> {
        (vault.boundary() == receiver.to_string()).then_some(Self { receiver, vault })
    }

    /// The conversation that receives.
    pub const fn receiver(&self) -> ConversationId {
        self.receiver
    }

    /// Its table of pseudonyms.
    pub const fn vault(&self) -> &Vault {
        &self.vault
    }

    /// Makes a text ready to cross, in the order secrets, dictionary, patterns, unknown names; or says what holds it.
    pub fn prepare(&mut self, crossing: Crossing<'_>, detector: &Detector, policy: Policy) -> Result<Masked, Held> {
        let text = match crossing {
            Crossing::Masked(masked) if masked.boundary() == self.vault.boundary() => return Ok(masked),
            Crossing::Masked(_) => return Err(Held::Foreign),
            Crossing::Plain(text) => text,
        };
        let secrets: Vec<_> = detector
            .find(text, policy)
            .into_iter()
            .filter(|finding| finding.kind == Kind::Secret)
            .map(|finding| (finding.span, finding.reason.to_string()))
            .collect();
        if !secrets.is_empty() {
            return Err(Held::Secrets(secrets));
        }
        if !policy.strict {
            let unjudged = detector.unjudged(text, policy);
            if !unjudged.is_empty() {
                return Err(Held::Unjudged(unjudged));
            }
        }
        let mut vault = self.vault.clone();
        let masked = redaction::mask(text, detector, &mut vault, policy);
        if let Some(leak) = LeakCheck::new([&vault]).leaks(masked.text()).into_iter().next() {
            return Err(Held::Leak(leak));
        }
        self.vault = vault;
        Ok(masked)
    }

    /// Puts real values back into a report that came from the receiver, whatever its model did to the pseudonyms.
    pub fn receive(&self, report: &str) -> Restored {
        redaction::restore_tolerant(report, &self.vault)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::id::{Env, Ids};
    use crate::engine::redaction::{Dictionary, Judgement, Name};
    use crate::engine::time::Timestamp;

    fn boundary(seed: u64) -> Boundary {
        let env = Env { now: Timestamp::from_millis(1_000), ids: Ids::seeded(seed) };
        Boundary::new(ConversationId::new(&env))
    }

    fn detector(dictionary: &Dictionary) -> Detector {
        Detector::new(dictionary).unwrap()
    }

    #[test]
    fn a_secret_holds_the_send_and_leaves_no_trace_in_the_vault() {
        let mut boundary = boundary(1);
        let text = "use ghp_0a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R";
        let held = boundary.prepare(Crossing::Plain(text), &Detector::default(), Policy::BRIEF).unwrap_err();
        assert_eq!(held.to_string(), "Not sent: a secret stands in the text (github-pat). Remove it first.");
        assert!(boundary.vault().is_empty());
    }

    #[test]
    fn an_unknown_name_is_judged_once_and_remembered() {
        let mut boundary = boundary(1);
        let mut dictionary = Dictionary::default();
        let text = "We asked Brightwater about it.";
        let held = boundary.prepare(Crossing::Plain(text), &detector(&dictionary), Policy::BRIEF).unwrap_err();
        assert_eq!(held, Held::Unjudged(vec!["Brightwater".to_owned()]));
        dictionary.judge("Brightwater", Judgement::Mask);
        let masked = boundary.prepare(Crossing::Plain(text), &detector(&dictionary), Policy::BRIEF).unwrap();
        assert_eq!(masked.text(), "We asked [NAME_1] about it.");
        dictionary.judge("Brightwater", Judgement::Keep);
        let kept =
            super::tests::boundary(2).prepare(Crossing::Plain(text), &detector(&dictionary), Policy::BRIEF).unwrap();
        assert_eq!(kept.text(), text);
    }

    #[test]
    fn masked_text_passes_its_own_boundary_and_no_other() {
        let dictionary = Dictionary { names: vec![Name::new("Heron", "project")], ..Dictionary::default() };
        let detector = detector(&dictionary);
        let (mut first, mut second) = (boundary(1), boundary(2));
        let masked = first.prepare(Crossing::Plain("the Heron plan"), &detector, Policy::BRIEF).unwrap();
        let again = first.prepare(Crossing::Masked(masked.clone()), &detector, Policy::BRIEF).unwrap();
        assert_eq!(again, masked);
        assert_eq!(second.prepare(Crossing::Masked(masked), &detector, Policy::BRIEF).unwrap_err(), Held::Foreign);
        assert_eq!(first.receive("about [project 1]").text, "about Heron");
        assert_eq!(second.receive("about [project 1]").invented, ["[project 1]"]);
    }
}
