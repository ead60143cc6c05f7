//! The objective of a workspace, which every pane is told: it crosses like a brief.

use crate::engine::redaction::{Detector, Dictionary, Policy, Vault};

use super::compose::Hold;
use super::crossed::cross;

/// Text of the workspace that one conversation is told.
#[derive(Debug, Clone, PartialEq)]
pub struct Shared {
    /// The text, as `workspace.yaml` has it.
    pub text: String,
    /// What keeps it apart from the other panes' names; `None` where all of them are open.
    pub boundary: Option<SharedBoundary>,
}

/// Whose names must not reach the conversation.
#[derive(Debug, Clone, PartialEq)]
pub struct SharedBoundary {
    /// The names and judgements of the other panes.
    pub dictionary: Dictionary,
    /// Whether the conversation is open. One that isn't knows its own names anyway: it is told the text as it stands
    /// unless a name of another pane is in it.
    pub is_open: bool,
}

/// The text as the conversation reads it, and what holds it. The vault learns every new value.
pub fn share(shared: &Shared, vault: &mut Vault) -> (String, Vec<Hold>) {
    let Some(boundary) = &shared.boundary else { return (shared.text.clone(), Vec::new()) };
    let detector = match Detector::new(&boundary.dictionary) {
        Ok(detector) => detector,
        Err(error) => return (String::new(), vec![Hold::Dictionary { why: error.to_string() }]),
    };
    let names_another = || detector.find(&shared.text, Policy::BRIEF).iter().any(|finding| finding.entry.is_some());
    if !boundary.is_open && !names_another() {
        return (shared.text.clone(), Vec::new());
    }
    let crossed = cross(&shared.text, &detector, vault, &|_| "the objective in workspace.yaml".to_owned());
    (crossed.text, crossed.holds)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::redaction::Name;

    fn told(text: &str, is_open: bool) -> (String, Vec<Hold>) {
        let names = vec![Name::new("Halvorsen AS", "client")];
        let dictionary = Dictionary { names, ..Dictionary::default() };
        let shared = Shared { text: text.to_owned(), boundary: Some(SharedBoundary { dictionary, is_open }) };
        share(&shared, &mut Vault::new("receiver"))
    }

    #[test]
    fn a_name_of_another_pane_is_hidden_whoever_is_told() {
        for is_open in [true, false] {
            assert_eq!(told("decide for Halvorsen AS", is_open), ("decide for [CLIENT_1]".to_owned(), vec![]));
        }
    }

    #[test]
    fn an_unknown_name_holds_it_where_nobody_said_that_it_may_be_known() {
        let (_, holds) = told("decide for Brightwater", true);
        assert!(matches!(&holds[..], [Hold::Unjudged { word, .. }] if word == "Brightwater"));
        assert_eq!(told("decide for Brightwater", false), ("decide for Brightwater".to_owned(), vec![]));
    }
}
