//! Whether a brief may be sent at all, and under which number.

use std::collections::BTreeSet;

use crate::engine::brief::{Brief, Draft, HOP_LIMIT, State};
use crate::engine::conversation::Conversation;
use crate::engine::gauge;
use crate::engine::id::ConversationId;
use crate::engine::meter::Meter;
use crate::engine::op::{Refusal, RefusalKind};
use crate::engine::settings::{Locality, PaneName};
use crate::engine::workspace::Engine;

impl Engine {
    pub(super) fn may_brief(&self, draft: &Draft) -> Result<(), Refusal> {
        let refuse = |kind, message: String| Err(Refusal::new(kind, message));
        let Some(sender) = draft.from.first() else {
            return refuse(RefusalKind::Unknown, "A brief needs a pane that it comes from.".to_owned());
        };
        if draft.to.is_empty() {
            return refuse(RefusalKind::Unknown, "A brief needs a pane that it goes to.".to_owned());
        }
        let receivers: BTreeSet<_> = draft.to.iter().collect();
        if receivers.len() < draft.to.len() || (draft.supersedes.is_some() && draft.to.len() > 1) {
            return refuse(
                RefusalKind::NotNow,
                "Each receiver gets one brief, and a new version has one receiver.".to_owned(),
            );
        }
        let sources: BTreeSet<_> =
            draft.from.iter().chain(draft.context.iter().map(|quote| &quote.conversation)).collect();
        for source in sources {
            let header = &self.known(*source)?.header;
            let name = &header.pane;
            if header.settings.locality == Locality::Sealed && !draft.unseal.contains(name) {
                return refuse(
                    RefusalKind::Forbidden,
                    format!(
                        "Not sent: {name} is sealed, and nothing leaves it. To let this brief out, masked, type its name."
                    ),
                );
            }
        }
        let parent = self.working_on(*sender);
        if parent.is_some_and(|parent| parent.hops >= HOP_LIMIT) {
            return refuse(
                RefusalKind::Forbidden,
                format!(
                    "Not sent: this work has passed through {HOP_LIMIT} panes that wait for each other. Answer it here."
                ),
            );
        }
        let waiting: Vec<ConversationId> = self.ancestors(parent).flat_map(|brief| brief.from.clone()).collect();
        for to in &draft.to {
            let receiver = self.known(*to)?;
            let name = &receiver.header.pane;
            if draft.from.contains(to) {
                return refuse(
                    RefusalKind::NotNow,
                    format!("A brief goes to another pane than {name}, where it comes from."),
                );
            }
            if waiting.contains(to) {
                return refuse(
                    RefusalKind::Forbidden,
                    format!("Not sent: {name} waits for this very work, and would wait for itself. Answer it instead."),
                );
            }
            self.may_ask(receiver, &receiver.header.model)?;
            self.may_spend(receiver)?;
        }
        Ok(())
    }

    /// The number and version of the next brief.
    pub(super) fn next_number(&self, draft: &Draft) -> Result<(u32, u32), Refusal> {
        let Some(old) = draft.supersedes else {
            return Ok((self.workspace.briefs.values().map(|brief| brief.number).max().unwrap_or(0) + 1, 1));
        };
        let known = self.workspace.briefs.get(&old).filter(|brief| draft.to.first() == Some(&brief.to));
        let brief = known
            .ok_or_else(|| Refusal::new(RefusalKind::Unknown, format!("There is no brief {old} to that pane.")))?;
        if let State::Superseded { by, .. } = brief.state {
            let message = format!("Brief {} has a newer version already: {by}.", brief.number);
            return Err(Refusal::new(RefusalKind::NotNow, message));
        }
        Ok((brief.number, brief.version + 1))
    }

    pub(super) fn strictest(&self, draft: &Draft) -> Locality {
        let sources = draft.from.iter().chain(draft.context.iter().map(|quote| &quote.conversation));
        let locality = |id: &ConversationId| self.conversations.get(id).map(|it| it.header.settings.locality);
        sources.filter_map(locality).chain([draft.proposed_from]).max().unwrap_or_default()
    }

    /// The brief that a conversation is working on.
    pub(super) fn working_on(&self, id: ConversationId) -> Option<&Brief> {
        self.workspace.briefs.values().find(|brief| brief.to == id && matches!(brief.state, State::Accepted { .. }))
    }

    /// A brief, the one that its sender was working on, and so on: those that wait for each other.
    pub(super) fn ancestors<'a>(&'a self, brief: Option<&'a Brief>) -> impl Iterator<Item = &'a Brief> {
        std::iter::successors(brief, |brief| self.workspace.briefs.get(&brief.parent?))
    }

    pub(in crate::engine::decide) fn pane_of(&self, id: ConversationId) -> Option<PaneName> {
        self.conversations.get(&id).map(|it| it.header.pane.clone())
    }

    /// The estimated tokens that are free for a brief: the window without what is in it and what the answer needs.
    pub(super) fn headroom(&self, conversation: &Conversation) -> Option<u32> {
        let facts = self.workspace.facts(&conversation.header.model);
        let window = facts.window?;
        let answer = self.workspace.settings.max_output.unwrap_or(window / 4).min(window / 4);
        let Meter { measured, added } = conversation.meter();
        let taken = measured.saturating_add(gauge::calibrated(added, &facts));
        Some(gauge::estimate_for(window.saturating_sub(taken).saturating_sub(answer), &facts))
    }
}
