//! Another model answers where the chosen one fails before its first word: who may, and what keeps others from it.

use super::super::conversation::{Conversation, Header, Turn};
use super::super::effect::Effect;
use super::super::event::Event;
use super::super::failure::{Failure, FailureKind};
use super::super::model::ModelRef;
use super::super::trust::Form;
use super::super::workspace::Engine;
use super::Decision;

/// Who answers next.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Next {
    /// The next model of the chain that may be asked.
    pub(super) model: Option<ModelRef>,
    /// Why others before it may not.
    held: Vec<String>,
}

impl Next {
    /// What to add to a failure that nobody else may mend.
    pub(super) fn why_not(&self) -> String {
        let mut text = String::new();
        for why in &self.held {
            text.push_str(" Not passed on to ");
            text.push_str(why);
            text.push('.');
        }
        text
    }
}

/// The turn goes on with this model: its prompt is put together anew, for its window.
pub(super) fn pass_on(
    conversation: &Conversation,
    running: &Turn,
    attempt: u32,
    failure: Failure,
    model: ModelRef,
    offer: Option<&str>,
) -> Decision {
    let (id, turn) = (conversation.header.id, running.id);
    let notice = format!("{failure} {model} answers this time instead. {}", offer.unwrap_or("Ctrl-C stops."));
    Decision::nothing()
        .events_of(unanswered(conversation, running, &failure))
        .event(Event::TurnPassed { conversation: id, turn, model, attempt, failure })
        .effect(Effect::Tell { conversation: Some(id), notice })
        .effect(Effect::Fetch { conversation: id, turn, messages: conversation.branch(Some(running.prompt)) })
}

/// That a conversation's own model left one more turn unanswered, if its provider is to blame for it.
pub(super) fn unanswered(conversation: &Conversation, running: &Turn, failure: &Failure) -> Option<Event> {
    let Header { id, model, whereabouts, .. } = &conversation.header;
    let is_own = failure.kind.may_pass_elsewhere() && running.model == *model;
    is_own.then(|| Event::Unanswered { conversation: *id, turns: whereabouts.unanswered.saturating_add(1) })
}

impl Engine {
    /// Who answers next after this failure.
    pub(super) fn next_model(&self, conversation: &Conversation, running: &Turn, failure: &Failure) -> Next {
        let mut next = Next::default();
        if !failure.kind.may_pass_elsewhere() {
            return next;
        }
        let chain = &self.workspace.settings.fallback;
        let chosen = &conversation.header.model;
        // From one of its models the chain only goes on, never back to what has failed: every chain ends.
        let place = chain.iter().position(|model| *model == running.model && *model != *chosen);
        let after = place.map_or(0, |place| place + 1);
        let has_failed = |model: &ModelRef| {
            let is_same = model.provider == running.model.provider;
            *model == running.model || model == chosen || (is_same && is_of_provider(&failure.kind))
        };
        for model in chain[after..].iter().filter(|model| !has_failed(model)) {
            match self.may_pass(conversation, &running.model, model) {
                Ok(()) => {
                    next.model = Some(model.clone());
                    break;
                }
                Err(why) => next.held.push(format!("{model}: {why}")),
            }
        }
        next
    }

    /// Whether text that went to one model may go to another one by itself.
    pub(super) fn may_pass(&self, conversation: &Conversation, from: &ModelRef, to: &ModelRef) -> Result<(), String> {
        let header = &conversation.header;
        match header.trust(&self.workspace.settings).form(from, to)? {
            // A single turn doesn't go under pseudonyms: that is for good, and a move's matter.
            Form::Masked if !header.whereabouts.is_masked => {
                let (name, provider) = (&header.pane, &to.provider);
                return Err(format!("{name} is guarded, and its `providers` don't name {provider}"));
            }
            Form::Masked | Form::Plain => {}
        }
        let tokens = conversation.meter().tokens();
        match self.workspace.facts(to).window {
            Some(window) if tokens > window => Err(format!("about {tokens} tokens don't fit its {window}")),
            _ => Ok(()),
        }
    }
}

/// Whether the whole provider failed, not only one of its models.
const fn is_of_provider(kind: &FailureKind) -> bool {
    matches!(
        kind,
        FailureKind::Unreachable | FailureKind::Unauthorized | FailureKind::Unpaid | FailureKind::RateLimited
    )
}
