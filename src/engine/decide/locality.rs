//! Where a conversation's text may go, changed by a person: tightened at a word, loosened by typing the pane's name.

use crate::engine::effect::Effect;
use crate::engine::event::Event;
use crate::engine::id::ConversationId;
use crate::engine::input::Asker;
use crate::engine::op::{LocalityChange, Refusal, RefusalKind, Reply};
use crate::engine::settings::{PaneName, PaneSettings};
use crate::engine::workspace::Engine;

use super::Decision;

impl Engine {
    pub(super) fn change_locality(
        &self,
        from: Asker,
        id: ConversationId,
        change: LocalityChange,
        typed: Option<&PaneName>,
    ) -> Result<Decision, Refusal> {
        let conversation = self.known(id)?;
        let (name, old) = (&conversation.header.pane, &conversation.header.settings);
        let file = self.workspace.settings.panes.iter().find(|(pane, _)| pane == name).map(|(_, settings)| settings);
        let new = match (change, file) {
            (LocalityChange::To { locality }, _) => PaneSettings { locality, ..old.clone() },
            (LocalityChange::File, Some(file)) => {
                PaneSettings { locality: file.locality, providers: file.providers.clone(), ..old.clone() }
            }
            (LocalityChange::File, None) => {
                let message = format!("workspace.yaml has no pane `{name}`: nothing is written there to follow.");
                return Err(Refusal::new(RefusalKind::Unknown, message));
            }
        };
        let pane = self.workspace.pane(name).map_or(old, |pane| &pane.settings);
        let same = |settings: &PaneSettings| (settings.locality, &settings.providers) == (new.locality, &new.providers);
        if same(old) && same(pane) {
            return Ok(Decision::nothing().reply(from, Reply::Done));
        }
        let is_looser = new.is_looser_than(old) || new.is_looser_than(pane);
        if is_looser && typed != Some(name) {
            let what = if new.locality < old.locality {
                format!("{name} is {}. To make it {}", old.locality, new.locality)
            } else {
                format!("{name} may use {}. To let its text go further", old.providers.join(", "))
            };
            return Err(Refusal::new(RefusalKind::Forbidden, format!("Not loosened: {what}, type its name: {name}.")));
        }
        let event = Event::LocalityChanged {
            conversation: id,
            pane: name.clone(),
            locality: new.locality,
            providers: new.providers.clone(),
            loosened: is_looser,
        };
        let mut decision = Decision::nothing().event(event);
        if let Some(file) = file.filter(|file| file.is_looser_than(&new) || new.is_looser_than(file)) {
            let outlook =
                if file.is_looser_than(&new) { "the stricter counts" } else { "that counts when it is read again" };
            let notice = format!("{name} is {} now. workspace.yaml says {}: {outlook}.", new.locality, file.locality);
            decision = decision.effect(Effect::Tell { conversation: Some(id), notice });
        }
        Ok(decision.reply(from, Reply::Done))
    }
}
