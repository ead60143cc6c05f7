//! Messages of other panes that go along with a person's own: masked for the one who reads them, or held.

use crate::engine::brief::{Context, Gathered, Gathering, Origin, Quote};
use crate::engine::effect::Effect;
use crate::engine::event::Event;
use crate::engine::id::ConversationId;
use crate::engine::input::Asker;
use crate::engine::op::{Refusal, RefusalKind, Reply};
use crate::engine::settings::{Locality, PaneName};
use crate::engine::workspace::Engine;

use super::Decision;
use super::send::has_message;

impl Engine {
    /// Gathers on a worker; what comes back is stored already, and may go along or is held.
    pub(super) fn gather(
        &self,
        from: Asker,
        into: ConversationId,
        quotes: Vec<Quote>,
        unseal: Vec<PaneName>,
    ) -> Result<Decision, Refusal> {
        let gathering = self.gathering(into, quotes, unseal)?;
        Ok(Decision::nothing().effect(Effect::Gather { to: from, gathering: Box::new(gathering) }))
    }

    pub(super) fn gathering(
        &self,
        into: ConversationId,
        quotes: Vec<Quote>,
        unseal: Vec<PaneName>,
    ) -> Result<Gathering, Refusal> {
        let receiver = self.known(into)?;
        if quotes.is_empty() {
            return Err(Refusal::new(RefusalKind::NotNow, "There is nothing to gather."));
        }
        let mut locality = Locality::Open;
        let mut named = Vec::with_capacity(quotes.len());
        for quote in quotes {
            let source = self.known(quote.conversation)?;
            has_message(source, quote.message)?;
            let (name, own) = (&source.header.pane, source.header.settings.locality);
            if quote.conversation == into {
                let message = format!("What stands in {} already need not be gathered there.", receiver.header.pane);
                return Err(Refusal::new(RefusalKind::NotNow, message));
            }
            if own == Locality::Sealed && !unseal.contains(name) {
                let message = format!(
                    "Not gathered: {name} is sealed, and nothing leaves it. To let this out, masked, type its name."
                );
                return Err(Refusal::new(RefusalKind::Forbidden, message));
            }
            locality = locality.max(own);
            named.push((name.clone(), quote));
        }
        Ok(Gathering {
            into,
            quotes: named,
            locality,
            dictionary: self.workspace.dictionary(),
            table: self.workspace.tables.get(&into).cloned().unwrap_or_default(),
            unsealed: unseal,
            context: Context::of(receiver, locality),
        })
    }

    /// What was gathered: its provenance is journaled before anybody is told.
    pub(super) fn gathered(
        &self,
        from: Asker,
        gathering: Gathering,
        gathered: Result<Gathered, Refusal>,
    ) -> Result<Decision, Refusal> {
        let Gathered { stored, replaced, holds, growth, read, .. } = gathered?;
        if !holds.is_empty() {
            let reply = Reply::Gathered { attachments: Vec::new(), replaced, holds };
            return Ok(Decision::nothing().reply(from, reply));
        }
        let quotes: Vec<Quote> = gathering.quotes.into_iter().map(|(_, quote)| quote).collect();
        // Meanwhile a source may have been tightened, or the receiver's table may have grown: then it is made again.
        let now = self.gathering(gathering.into, quotes.clone(), gathering.unsealed.clone())?;
        if now.locality != gathering.locality || now.table.entries.len() != read {
            return self.gather(from, gathering.into, quotes, gathering.unsealed);
        }
        let mut decision = Decision::nothing();
        if !growth.is_empty() {
            decision = decision.event(Event::TableGrown { conversation: gathering.into, table: growth });
        }
        let hashes = stored.iter().map(|attachment| attachment.hash.clone());
        let origins = hashes.zip(quotes).map(|(hash, quote)| Origin { hash, quote }).collect();
        let event = Event::Gathered {
            conversation: gathering.into,
            origins,
            locality: gathering.locality,
            unsealed: gathering.unsealed,
        };
        Ok(decision.event(event).reply(from, Reply::Gathered { attachments: stored, replaced, holds }))
    }
}
