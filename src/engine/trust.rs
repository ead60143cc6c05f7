//! Whom a conversation's text may go to: by a person's choice, by itself, and only under pseudonyms.
//!
//! Text goes to another provider by itself only where a person has agreed to that receiver, or where it is as safe there.

use super::model::{ModelRef, OFFLINE};
use super::settings::{Locality, PaneSettings, Settings};
use super::whereabouts::Whereabouts;

/// What decides whom a conversation's text may go to.
#[derive(Debug, Clone, Copy)]
pub struct Trust<'a> {
    /// The settings in force.
    pub settings: &'a Settings,
    /// The pane that the conversation was started in.
    pub pane: &'a str,
    /// The conversation's own settings.
    pub own: &'a PaneSettings,
    /// The model that answers it.
    pub model: &'a ModelRef,
    /// Its moves so far.
    pub whereabouts: &'a Whereabouts,
}

/// Why a provider may not be asked at all.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Barrier {
    /// The conversation is sealed, and nobody called the provider local.
    Sealed,
    /// The conversation may use others only.
    NotAmong,
    /// There is no such provider.
    NotConfigured,
}

/// In which form a conversation's text may go to a provider.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// As it is.
    Plain,
    /// Under the pseudonyms of a table of its own.
    Masked,
}

/// Who answers from now on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Onward {
    /// The model.
    pub model: ModelRef,
    /// In which form it reads the conversation.
    pub form: Form,
    /// Whether a person has named it for this: as a fallback, or its provider in the pane. Otherwise it is only offered.
    pub is_agreed: bool,
}

impl Trust<'_> {
    /// Why this model may not be asked, if it may not.
    pub fn barrier(&self, model: &ModelRef) -> Option<Barrier> {
        let provider = &model.provider;
        let allowed = &self.own.providers;
        if self.own.locality == Locality::Sealed && !self.settings.is_local(provider) {
            Some(Barrier::Sealed)
        } else if !allowed.is_empty() && !model.is_offline() && !allowed.contains(provider) {
            Some(Barrier::NotAmong)
        } else if !model.is_offline() && !self.settings.providers.contains_key(provider) {
            Some(Barrier::NotConfigured)
        } else {
            None
        }
    }

    /// In which form text that went to one model may go to another one by itself, or why it may not.
    pub fn form(&self, from: &ModelRef, to: &ModelRef) -> Result<Form, String> {
        let (name, provider) = (self.pane, &to.provider);
        match self.barrier(to) {
            Some(Barrier::Sealed) => return Err(format!("{name} is sealed")),
            Some(Barrier::NotAmong | Barrier::NotConfigured) => return Err(format!("{name} may not use {provider}")),
            None => {}
        }
        if self.own.providers.contains(provider) || self.settings.is_local(provider) || *provider == from.provider {
            return Ok(Form::Plain);
        }
        if self.settings.is_local(&from.provider) {
            return Err(format!("{name}'s text would leave this machine, and its `providers` don't name {provider}"));
        }
        Ok(if self.own.locality == Locality::Guarded { Form::Masked } else { Form::Plain })
    }

    /// The next model that may answer for good, in the order of trust: the fallbacks, then what others of the workspace use
    /// at a provider that the pane names, then what they use elsewhere; or why none may.
    pub fn onward(&self, in_use: &[ModelRef]) -> Result<Onward, Vec<String>> {
        let named = |model: &&ModelRef| self.own.providers.contains(&model.provider);
        let is_model = |model: &&ModelRef| !model.is_offline();
        let fallback = self.settings.fallback.iter().map(|model| (model, true));
        let of_named = in_use.iter().filter(is_model).filter(named).map(|model| (model, true));
        let of_others = in_use.iter().filter(is_model).map(|model| (model, false));
        let mut held: Vec<String> = Vec::new();
        for (model, is_agreed) in fallback.chain(of_named).chain(of_others).filter(|(model, _)| !self.is_left(model)) {
            match self.form(self.model, model) {
                Ok(form) => return Ok(Onward { model: model.clone(), form, is_agreed }),
                Err(why) => {
                    let why = format!("{model}: {why}");
                    if !held.contains(&why) {
                        held.push(why);
                    }
                }
            }
        }
        Err(held)
    }

    /// Whether the conversation moves away from this model's provider, or did so before.
    fn is_left(&self, model: &ModelRef) -> bool {
        let left = [Some(self.model), self.whereabouts.home.as_ref()];
        left.into_iter().flatten().any(|left| left.provider == model.provider && left.provider != OFFLINE)
            || *model == *self.model
    }
}
