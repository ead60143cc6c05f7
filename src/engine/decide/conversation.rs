//! Panes and conversations: opening, turning to, models, pins, forgetting.

use super::super::conversation::{Conversation, Pin};
use super::super::effect::Effect;
use super::super::event::Event;
use super::super::gauge::{self, Room};
use super::super::id::{ConversationId, Env, MessageId, PinId};
use super::super::input::Asker;
use super::super::model::ModelRef;
use super::super::op::{Forgotten, Refusal, RefusalKind, Reply};
use super::super::settings::{PaneName, PaneSettings};
use super::super::workspace::{Engine, Pane};
use super::Decision;
use super::configure::open;
use super::send::has_message;

impl Engine {
    pub(super) fn open_pane(
        &self,
        from: Asker,
        pane: PaneName,
        settings: PaneSettings,
        env: &Env,
    ) -> Result<Decision, Refusal> {
        if self.workspace.pane(&pane).is_some() {
            return Err(Refusal::new(RefusalKind::NotNow, format!("There is a pane `{pane}` already.")));
        }
        let model = settings.model.clone().unwrap_or_else(|| self.workspace.settings.default_model.clone());
        let (decision, conversation) = open(Decision::nothing(), pane, settings, model, env);
        Ok(decision.reply(from, Reply::Conversation { conversation }))
    }

    pub(super) fn new_conversation(&self, from: Asker, name: &str, env: &Env) -> Result<Decision, Refusal> {
        let pane = self.known_pane(name)?;
        let shown = self.shown(name);
        let model = match shown {
            // A provider that reads under pseudonyms only must not read the next talk as it is.
            Some(shown) => shown.header.chosen_model().clone(),
            None => pane.settings.model.clone().unwrap_or_else(|| self.workspace.settings.default_model.clone()),
        };
        let conversation = ConversationId::new(env);
        let event = Event::ConversationStarted {
            conversation,
            pane: pane.name.clone(),
            settings: pane.settings.clone(),
            model,
            predecessor: None,
        };
        Ok(Decision::nothing().event(event).reply(from, Reply::Conversation { conversation }))
    }

    pub(super) fn show_conversation(
        &self,
        from: Asker,
        pane: PaneName,
        conversation: ConversationId,
    ) -> Result<Decision, Refusal> {
        self.known(conversation)?;
        let decision = Decision::nothing();
        let decision = if self.known_pane(&pane)?.conversation == Some(conversation) {
            decision
        } else {
            decision.event(Event::PaneTurned { pane, conversation })
        };
        Ok(decision.reply(from, Reply::Conversation { conversation }))
    }

    pub(super) fn choose_model(&self, from: Asker, id: ConversationId, model: ModelRef) -> Result<Decision, Refusal> {
        let conversation = self.known(id)?;
        self.may_ask(conversation, &model)
            .map_err(|refusal| Refusal::new(refusal.kind, refusal.message.replacen("Not sent", "Not chosen", 1)))?;
        if conversation.header.model == model {
            return Ok(Decision::nothing().reply(from, Reply::Done));
        }
        let decision = Decision::nothing()
            .event(Event::ModelChosen { conversation: id, model: model.clone(), recounted: conversation.is_measured() })
            .reply(from, Reply::Done);
        // What fits into it should be known before something is sent.
        Ok(if self.lacks_window(&model) { decision.effect(Effect::Look { model }) } else { decision })
    }

    pub(super) fn pin(
        &self,
        from: Asker,
        id: ConversationId,
        message: MessageId,
        text: String,
        env: &Env,
    ) -> Result<Decision, Refusal> {
        let conversation = self.known(id)?;
        has_message(conversation, message)?;
        if text.trim().is_empty() {
            return Err(Refusal::new(RefusalKind::NotNow, "There is nothing to pin: the text is empty."));
        }
        self.may_read(self.known(id)?, &text)?;
        let pin = Pin { id: PinId::new(env), message, text: text.into() };
        self.may_pin(conversation, &pin)?;
        Ok(Decision::nothing().event(Event::Pinned { conversation: id, pin }).reply(from, Reply::Done))
    }

    /// Whether a pin leaves room for the talk: role and pins stand before every request, and in every successor.
    fn may_pin(&self, conversation: &Conversation, pin: &Pin) -> Result<(), Refusal> {
        let header = &conversation.header;
        let facts = self.workspace.facts(&header.model);
        let Some(window) = facts.window else { return Ok(()) };
        let room = Room::of(window, None);
        let tokens = |pins: &[Pin]| gauge::calibrated(gauge::standing(&header.settings, pins), &facts);
        let before = tokens(&header.pins);
        let after = tokens(&header.pins.iter().chain([pin]).cloned().collect::<Vec<Pin>>());
        if after <= room.standing {
            return Ok(());
        }
        Err(Refusal::new(
            RefusalKind::Forbidden,
            format!(
                "Not pinned: it has about {} tokens, and role and pins of {} have {before} of the {} that a fifth of {}'s                  window of {window} gives them. Pin less of it, or unpin something.",
                after.saturating_sub(before),
                header.pane,
                room.standing,
                header.model
            ),
        ))
    }

    pub(super) fn unpin(&self, from: Asker, id: ConversationId, pin: PinId) -> Result<Decision, Refusal> {
        if !self.known(id)?.header.pins.iter().any(|kept| kept.id == pin) {
            return Err(Refusal::new(RefusalKind::Unknown, format!("There is no pin {pin} here.")));
        }
        Ok(Decision::nothing().event(Event::Unpinned { conversation: id, pin }).reply(from, Reply::Done))
    }

    pub(super) fn forget(&self, from: Asker, what: Forgotten) -> Result<Decision, Refusal> {
        let conversation = self.at_rest(what.conversation())?;
        if let Forgotten::Message { message, .. } = what {
            has_message(conversation, message)?;
        }
        let decision = self.forget_in_successors(Decision::nothing(), what);
        Ok(decision.event(Event::Erased { what }).effect(Effect::Erase { to: from, what }))
    }

    fn known_pane(&self, name: &str) -> Result<&Pane, Refusal> {
        self.workspace.pane(name).ok_or_else(|| {
            let names: Vec<&str> = self.workspace.panes.iter().map(|pane| pane.name.as_str()).collect();
            let near = names.iter().max_by(|a, b| strsim::jaro(a, name).total_cmp(&strsim::jaro(b, name)));
            let hint = near.map_or_else(String::new, |near| format!(" Did you mean `{near}`?"));
            Refusal::new(
                RefusalKind::Unknown,
                format!("There is no pane `{name}`; there are {}.{hint}", names.join(", ")),
            )
        })
    }
}
