//! Who could answer: what is configured, and what discovery adds to it.

use super::message::Origin;
use super::{Action, App, Offer, Standing};
use crate::engine::failure::Failure;
use crate::engine::id::ConversationId;
use crate::engine::model::ModelRef;
use crate::engine::op::Op;
use crate::engine::settings::{Failover, Locality, PaneName};
use crate::engine::trust::{Form, Onward};
use crate::tui::dialog::Dialog;

impl App {
    /// The models that can be chosen without asking anybody.
    pub(super) fn known_offers(&self) -> Vec<Offer> {
        let in_use = self.conversations.values().map(|conversation| conversation.overview.model.clone());
        let listed = self.settings.models.keys().filter_map(|text| text.parse::<ModelRef>().ok());
        let mut models: Vec<ModelRef> = in_use
            .chain(listed)
            .chain([self.settings.default_model.clone(), ModelRef::offline()])
            .filter(|model| self.is_configured(model))
            .collect();
        models.sort();
        models.dedup();
        let found = |model: &ModelRef| self.offers.iter().any(|offer| offer.model == *model);
        // Its server was asked, and has others; a name without a tag means the newest.
        let lacks = |model: &ModelRef| {
            let answers = |offer: &&Offer| {
                let is_ready = offer.standing == Standing::Ready && offer.state.starts_with("answers");
                is_ready && offer.model.provider == model.provider
            };
            let mut listed = self.offers.iter().filter(answers).peekable();
            let newest = format!("{}:latest", model.model);
            listed.peek().is_some() && !listed.any(|offer| offer.model.model == newest)
        };
        let mut offers: Vec<Offer> = models
            .into_iter()
            .filter(|model| !found(model))
            .map(|model| Offer {
                window: self.settings.facts(&model).window,
                local: self.settings.is_local(&model.provider),
                state: match () {
                    () if model.is_offline() => "no language model".to_owned(),
                    () if lacks(&model) => "not in its list".to_owned(),
                    () => String::new(),
                },
                setup: None,
                standing: if model.is_offline() { Standing::Offline } else { Standing::Ready },
                model,
            })
            .collect();
        offers.extend(self.offers.iter().cloned());
        // Stable: within a group, in the order of the configuration.
        offers.sort_by_key(|offer| offer.standing);
        offers
    }

    /// A turn failed for good, and what was told of its tries goes. If its provider is to blame, who could answer
    /// meanwhile is told, and the key that moves there.
    pub(super) fn tell_who_else(&mut self, id: ConversationId, failure: &Failure) {
        let panes = self.panes.iter().filter(|pane| pane.addressee == id);
        for name in panes.map(|pane| pane.name.clone()).collect::<Vec<_>>() {
            let is_of_a_try = |told: &String| told.starts_with(&failure.message);
            if let Some(pane) = self.pane_mut(&name) {
                pane.notice.take_if(|told| is_of_a_try(told));
            }
            if failure.kind.may_pass_elsewhere()
                && let Some(told) = self.who_else(id)
            {
                self.tell(&name, told);
            }
        }
    }

    /// The model that a conversation whose own left a turn unanswered could move to, as the engine decides it.
    pub(super) fn onward(&self, id: ConversationId) -> Option<Onward> {
        let overview = &self.conversations.get(&id)?.overview;
        if overview.whereabouts.unanswered == 0 || self.settings.failover == Failover::Turn {
            return None;
        }
        let shown = self.panes.iter().filter_map(|pane| self.conversations.get(&pane.conversation));
        let mut in_use: Vec<ModelRef> = shown.map(|known| known.overview.model.clone()).collect();
        in_use.push(self.settings.default_model.clone());
        overview.trust(&self.settings).onward(&in_use).ok()
    }

    /// To the next model where this pane's own left a turn unanswered; else back to where it moved away from.
    pub(super) fn move_or_back(&mut self) {
        let pane = self.focused.clone();
        let Some(overview) = self.addressed(&pane).map(|known| &known.overview) else { return };
        let (conversation, model) = (overview.id, overview.model.clone());
        let is_away = overview.whereabouts.home.is_some();
        match self.onward(conversation) {
            Some(onward) => self.move_to(&pane, Some(onward.model), Origin::Pane(pane.clone())),
            None if is_away => self.post(Origin::Pane(pane), Op::MoveBack { conversation }),
            None if overview.whereabouts.unanswered > 0 => {
                self.move_to(&pane, None, Origin::Pane(pane.clone()));
            }
            None => {
                let key = self.told(Action::Model);
                self.tell_here(format!("Nothing to move: {model} answered last. {key} chooses another model."));
            }
        }
    }

    /// Moves a pane's conversation for good.
    pub(super) fn move_to(&mut self, pane: &str, to: Option<ModelRef>, origin: Origin) {
        let Some(conversation) = self.addressed(pane).map(|known| known.overview.id) else { return };
        if let Some(pane) = self.pane_mut(pane) {
            pane.notice = None;
        }
        self.post(origin, Op::Move { conversation, to });
    }

    /// The offer of a move, in a sentence.
    fn offered(&self, id: ConversationId) -> Option<String> {
        let overview = &self.conversations.get(&id)?.overview;
        let (key, Onward { model, form, .. }) = (self.told(Action::Move), self.onward(id)?);
        let under = if form == Form::Masked { " under pseudonyms" } else { "" };
        Some(if overview.whereabouts.is_down() {
            let (provider, turns) = (&overview.model.provider, overview.whereabouts.unanswered);
            format!("{provider} left {turns} turns unanswered: {key} moves to {model}{under} and asks again.")
        } else {
            format!("{model} could answer here{under}: {key} moves there and asks again.")
        })
    }

    fn who_else(&self, id: ConversationId) -> Option<String> {
        if let Some(offered) = self.offered(id) {
            return Some(offered);
        }
        let overview = &self.conversations.get(&id)?.overview;
        let (settings, key) = (&overview.settings, self.told(Action::Model));
        let may = |model: &ModelRef| {
            let is_allowed = settings.providers.is_empty() || settings.providers.contains(&model.provider);
            let is_local = self.settings.is_local(&model.provider);
            // Nothing is proposed that would take text further than it goes now.
            is_allowed
                && (is_local || !self.settings.is_local(&overview.model.provider))
                && (is_local || settings.locality == Locality::Open || settings.providers.contains(&model.provider))
                && (is_local || settings.locality != Locality::Sealed)
        };
        let others = self.known_offers();
        let is_ready =
            |offer: &&Offer| offer.standing <= Standing::Ready && offer.model.provider != overview.model.provider;
        let other = others.iter().filter(is_ready).find(|offer| may(&offer.model));
        Some(match other {
            Some(offer) => format!("{} could answer here: {key} moves there.", offer.model),
            None if overview.model.is_offline() => return None,
            None => format!(
                "No other provider is set up for {}. {key} chooses; offline quotes and sorts meanwhile.",
                overview.pane
            ),
        })
    }

    /// Whether a model's provider stands in the configuration.
    pub fn is_configured(&self, model: &ModelRef) -> bool {
        model.is_offline() || self.settings.providers.contains_key(&model.provider)
    }

    pub(super) fn take_offers(&mut self, offers: Vec<Offer>) {
        self.offers = offers;
        let known = self.known_offers();
        for dialog in &mut self.dialogs {
            if let Dialog::Model(picker) = dialog {
                picker.take(known.clone());
            }
        }
    }

    pub(super) fn take_test(&mut self, model: &ModelRef, told: Result<String, String>) {
        let told = match told {
            Ok(told) | Err(told) => told,
        };
        if let Some(offer) = self.offers.iter_mut().find(|offer| offer.model == *model) {
            offer.state.clone_from(&told);
        }
        let mut is_open = false;
        for dialog in &mut self.dialogs {
            if let Dialog::Model(picker) = dialog {
                picker.tested(model, &told);
                is_open = true;
            }
        }
        if !is_open {
            self.notice = Some(format!("{model}: {told}"));
        }
    }

    /// Chooses who answers in these panes.
    pub(super) fn choose_model(&mut self, panes: &[PaneName], model: &ModelRef) {
        for pane in panes {
            let Some(conversation) = self.shown(pane).map(|known| known.overview.id) else { continue };
            self.post(Origin::Pane(pane.clone()), Op::ChooseModel { conversation, model: model.clone() });
        }
    }
}
