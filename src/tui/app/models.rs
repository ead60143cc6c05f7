//! What the models are called on the screen: shortly, and told apart where two providers offer one name.

use std::collections::{BTreeMap, BTreeSet};

use crate::engine::event::Event;
use crate::engine::message::Message;
use crate::engine::model::ModelRef;
use crate::engine::op::ConversationOverview;

/// The models that answer or have answered here.
#[derive(Debug, Default)]
pub struct Models {
    met: BTreeSet<ModelRef>,
    /// Those whose short name another one has, too, and what they are called instead.
    apart: BTreeMap<ModelRef, String>,
}

impl Models {
    /// The shortest name that no other model here has: `gpt-5`, else `openai/gpt-5`, else the whole reference.
    pub fn called<'a>(&'a self, model: &'a ModelRef) -> &'a str {
        self.apart(model).unwrap_or_else(|| model.short())
    }

    /// What a model is called whose short name isn't its alone; none for all others.
    pub fn apart(&self, model: &ModelRef) -> Option<&str> {
        self.apart.get(model).map(String::as_str)
    }

    /// Gets to know the models of a conversation.
    pub fn meet_those_of(&mut self, overview: &ConversationOverview) {
        self.meet(&overview.model);
        overview.whereabouts.moves.iter().flat_map(|moved| [&moved.from, &moved.to]).for_each(|model| self.meet(model));
    }

    /// Gets to know the models that have answered.
    pub fn meet_writers<'m>(&mut self, messages: impl IntoIterator<Item = &'m Message>) {
        messages.into_iter().filter_map(|message| message.model.as_ref()).for_each(|model| self.meet(model));
    }

    /// Gets to know the model that a fact names.
    pub fn fold(&mut self, event: &Event) {
        match event {
            Event::ConversationStarted { model, .. }
            | Event::ModelChosen { model, .. }
            | Event::TurnStarted { model, .. }
            | Event::TurnPassed { model, .. } => self.meet(model),
            Event::Moved { moved, .. } => self.meet(&moved.to),
            _ => self.meet_writers(event.message()),
        }
    }

    fn meet(&mut self, model: &ModelRef) {
        if !self.met.contains(model) {
            self.met.insert(model.clone());
            self.apart = apart(&self.met);
        }
    }
}

fn apart(met: &BTreeSet<ModelRef>) -> BTreeMap<ModelRef, String> {
    let is_shared = |model: &ModelRef, name: &dyn Fn(&ModelRef) -> String| {
        met.iter().any(|other| other != model && name(other) == name(model))
    };
    let short = |model: &ModelRef| model.short().to_owned();
    let with_provider = |model: &ModelRef| format!("{}/{}", model.provider, model.short());
    let told = |model: &ModelRef| {
        let told = if is_shared(model, &with_provider) { model.to_string() } else { with_provider(model) };
        (model.clone(), told)
    };
    met.iter().filter(|model| is_shared(model, &short)).map(told).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_that_two_have_is_told_with_its_provider_and_every_other_stays_short() {
        let model = |text: &str| text.parse::<ModelRef>().unwrap();
        let mut models = Models::default();
        for met in ["slow/good", "openai/gpt-5", "router/meta/llama-3", "offline"] {
            models.meet(&model(met));
        }
        assert_eq!(models.called(&model("slow/good")), "good");
        for met in ["quick/good", "groq/llama-3", "router/other/llama-3"] {
            models.meet(&model(met));
        }
        let called = |name: &str| models.called(&model(name)).to_owned();
        assert_eq!([called("slow/good"), called("quick/good")], ["slow/good", "quick/good"]);
        assert_eq!([called("openai/gpt-5"), called("offline")], ["gpt-5", "offline"]);
        assert_eq!(called("groq/llama-3"), "groq/llama-3");
        assert_eq!(called("router/meta/llama-3"), "router/meta/llama-3", "its provider has two of that name");
    }
}
