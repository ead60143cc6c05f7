//! What follows from an aside, by what it was for; and what every aside has in common.

use crate::engine::aside::Purpose;
use crate::engine::event::Event;
use crate::engine::failure::Failure;
use crate::engine::id::{AsideId, ConversationId, Env, TurnId};
use crate::engine::input::Answer;
use crate::engine::message::{Part, Usage};
use crate::engine::model::ModelRef;
use crate::engine::workspace::Engine;

use super::{Decision, brief, handoff};

impl Engine {
    pub(super) fn aside_answered(&self, aside: AsideId, purpose: Purpose, answer: &Answer) -> Decision {
        match purpose {
            Purpose::Narrative(making) => self.narrated(aside, *making, answer),
            Purpose::Proposals(proposing) => self.proposed(aside, &proposing, answer),
        }
    }

    pub(super) fn aside_failed(
        &self,
        aside: AsideId,
        purpose: Purpose,
        failure: &Failure,
        so_far: &Answer,
        env: &Env,
    ) -> Decision {
        match purpose {
            Purpose::Narrative(making) => self.not_narrated(aside, *making, failure, so_far, env),
            Purpose::Proposals(proposing) => self.not_proposed(aside, &proposing, failure, so_far),
        }
    }

    /// What an aside cost, at the price that is known.
    pub(super) fn paid_aside(
        &self,
        aside: AsideId,
        conversation: ConversationId,
        model: &ModelRef,
        usage: &Usage,
    ) -> Decision {
        let turn = TurnId::from_uuid(aside.as_uuid());
        match self.paid(model, usage) {
            Some(spend) => Decision::nothing().event(Event::Spent { conversation, turn, spend }),
            None => Decision::nothing(),
        }
    }
}

/// An aside was cancelled: whoever still waits for it is told.
pub(super) fn stopped(purpose: &Purpose) -> Decision {
    match purpose {
        Purpose::Narrative(making) => handoff::gone(&making.plan),
        Purpose::Proposals(proposing) => brief::not_asked(proposing.asker),
    }
}

/// One decision, then another.
pub(super) fn join(mut first: Decision, then: Decision) -> Decision {
    first.events.extend(then.events);
    first.effects.extend(then.effects);
    first
}

/// The text of an answer as it came.
pub(super) fn text_of(answer: &Answer) -> String {
    let mut text = String::new();
    for part in &answer.parts {
        if let Part::Text { text: piece } = part {
            text.push_str(piece);
        }
    }
    text
}
