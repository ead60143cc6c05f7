//! The configuration as it was read: panes appear, roles change, a locality never loosens by itself.

use super::super::conversation::Conversation;
use super::super::effect::Effect;
use super::super::event::Event;
use super::super::id::{ConversationId, Env};
use super::super::settings::{PaneName, PaneSettings, Settings};
use super::super::workspace::Engine;
use super::Decision;

impl Engine {
    pub(super) fn configure(&self, settings: Settings, env: &Env) -> Decision {
        let mut decision = Decision::nothing();
        let changed = self.workspace.settings != settings;
        let fresh = settings.panes.iter().filter(|(name, _)| self.workspace.pane(name).is_none());
        let opened: Vec<_> = fresh.cloned().collect();
        let known: Vec<_> =
            settings.panes.iter().filter_map(|(name, new)| Some((self.shown(name)?, new.clone()))).collect();
        for (conversation, new) in known {
            decision = reconfigure(decision, conversation, new);
        }
        let default_model = settings.default_model.clone();
        if changed {
            decision.events.insert(0, Event::Configured { settings });
        }
        for (pane, settings) in opened {
            let model = settings.model.clone().unwrap_or_else(|| default_model.clone());
            decision = open(decision, pane, settings, model, env).0;
        }
        decision
    }
}

/// A pane and its first conversation.
pub(super) fn open(
    decision: Decision,
    pane: PaneName,
    settings: PaneSettings,
    model: super::super::model::ModelRef,
    env: &Env,
) -> (Decision, ConversationId) {
    let conversation = ConversationId::new(env);
    let decision = decision
        .event(Event::PaneOpened { pane: pane.clone(), settings: settings.clone() })
        .event(Event::ConversationStarted { conversation, pane, settings, model, predecessor: None });
    (decision, conversation)
}

fn reconfigure(decision: Decision, conversation: &Conversation, mut new: PaneSettings) -> Decision {
    let header = &conversation.header;
    let old = &header.settings;
    let mut decision = decision;
    if new.locality < old.locality {
        let notice = format!(
            "{} stays {}: workspace.yaml says {}, and a locality never loosens by itself. Start a new conversation with \
             Ctrl-X n to have it {}.",
            header.pane, old.locality, new.locality, new.locality
        );
        new.locality = old.locality;
        decision = decision.effect(Effect::Tell { conversation: Some(header.id), notice });
    }
    if new == *old {
        return decision;
    }
    // A model that the file newly names is taken over; one chosen on the screen stays when the file says what it said.
    let model = new.model.clone().filter(|model| new.model != old.model && *model != header.model);
    let decision = decision.event(Event::ConversationConfigured { conversation: header.id, settings: new });
    match model {
        Some(model) => decision.event(Event::ModelChosen { conversation: header.id, model }),
        None => decision,
    }
}
