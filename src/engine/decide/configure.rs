//! The configuration as it was read: panes appear, roles change, a locality never loosens by itself.

use super::super::conversation::Conversation;
use super::super::effect::Effect;
use super::super::event::Event;
use super::super::id::{ConversationId, Env};
use super::super::model::ModelRef;
use super::super::settings::{PaneName, PaneSettings, Settings};
use super::super::workspace::Engine;
use super::Decision;

impl Engine {
    pub(super) fn configure(&self, settings: Settings, env: &Env) -> Decision {
        let mut decision = Decision::nothing();
        let changed = self.workspace.settings != settings;
        let fresh = settings.panes.iter().filter(|(name, _)| self.workspace.pane(name).is_none());
        let opened: Vec<_> = fresh.cloned().collect();
        for conversation in self.conversations.values().filter(|known| !known.header.erased) {
            let header = &conversation.header;
            let Some((name, new)) = settings.panes.iter().find(|(name, _)| *name == header.pane) else { continue };
            let is_shown = self.workspace.pane(name).is_some_and(|pane| pane.conversation == Some(header.id));
            decision = if is_shown {
                reconfigure(decision, conversation, new.clone())
            } else {
                tighten(decision, conversation, new)
            };
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
    model: ModelRef,
    env: &Env,
) -> (Decision, ConversationId) {
    let conversation = ConversationId::new(env);
    let decision = decision
        .event(Event::PaneOpened { pane: pane.clone(), settings: settings.clone() })
        .event(Event::ConversationStarted { conversation, pane, settings, model, predecessor: None });
    (decision, conversation)
}

/// What the pane shows now follows the file.
fn reconfigure(decision: Decision, conversation: &Conversation, file: PaneSettings) -> Decision {
    let header = &conversation.header;
    let old = &header.settings;
    let mut decision = decision;
    if file.is_looser_than(old) {
        let what = if file.locality < old.locality {
            format!("{} stays {}: workspace.yaml says {}, and a locality", header.pane, old.locality, file.locality)
        } else {
            let may = if file.providers.is_empty() { "any".to_owned() } else { file.providers.join(", ") };
            let stays = old.providers.join(", ");
            format!("{} keeps to {stays}: workspace.yaml lets it use {may}, and that", header.pane)
        };
        let notice = format!("{what} never loosens by itself. Ctrl-X l, then its name, loosens it.");
        decision = decision.effect(Effect::Tell { conversation: Some(header.id), notice });
    }
    let named = file.model.clone();
    let new = file.no_looser_than(old);
    if new == *old {
        return decision;
    }
    // A model that the file newly names is taken over; one chosen on the screen stays when the file says what it said.
    let may_use =
        |model: &ModelRef| new.providers.is_empty() || model.is_offline() || new.providers.contains(&model.provider);
    let model = named.filter(|model| new.model != old.model && *model != header.model && may_use(model));
    let decision = decision.event(Event::ConversationConfigured { conversation: header.id, settings: new });
    match model {
        Some(model) => {
            let recounted = conversation.is_measured();
            decision.event(Event::ModelChosen { conversation: header.id, model, recounted })
        }
        None => decision,
    }
}

/// What the pane shows no more, or what another pane shows, keeps its role; it is no looser than its pane.
fn tighten(decision: Decision, conversation: &Conversation, file: &PaneSettings) -> Decision {
    let header = &conversation.header;
    let tight = file.clone().no_looser_than(&header.settings);
    let new = PaneSettings { locality: tight.locality, providers: tight.providers, ..header.settings.clone() };
    if new == header.settings {
        return decision;
    }
    decision.event(Event::ConversationConfigured { conversation: header.id, settings: new })
}
