//! The steps of a handoff that take time: reading, writing the ledger's document, weaving, and files.

use std::sync::Arc;

use crate::engine::handoff::{Ground, Making, Material, Plan};
use crate::engine::id::{ConversationId, MessageId};
use crate::engine::input::Input;
use crate::engine::op::{Refusal, RefusalKind};

use super::effects::on_worker;
use super::runner::{Finished, Runner};

impl Runner {
    /// Reads the branch and makes the document by code of it.
    pub(super) fn survey(&mut self, plan: Box<Plan>, ground: Ground) {
        let (journal, workers) = (self.parts.journal.clone(), self.parts.workers);
        self.job(async move {
            let surveyed = match journal.fetch(ground.messages).await {
                Ok(bodies) => {
                    let about = (*plan).clone();
                    let work = move || Material::of(&about, &bodies, ground.briefs, &ground.table).map(Arc::new);
                    on_worker(workers, work).await.unwrap_or_else(|| Err(not_handed_off("the program failed")))
                }
                Err(error) => Err(not_handed_off(&error.message)),
            };
            Finished::Input(Input::Surveyed { plan, surveyed })
        });
    }

    /// Makes the document of ledger and narrative, and reads what goes along beside it.
    pub(super) fn weave(&mut self, making: Box<Making>, tail: Vec<MessageId>) {
        let (journal, workers) = (self.parts.journal.clone(), self.parts.workers);
        self.job(async move {
            let (woven, tail) = match journal.fetch(tail).await {
                Ok(bodies) => {
                    let about = (*making).clone();
                    let woven = on_worker(workers, move || about.weave()).await;
                    (woven.ok_or_else(|| not_handed_off("the program failed")), bodies.messages)
                }
                Err(error) => (Err(not_handed_off(&error.message)), Vec::new()),
            };
            Finished::Input(Input::Woven { making, woven, tail })
        });
    }

    /// Keeps a document as a file. The journal has it already: a full disk loses nothing.
    pub(super) fn keep_document(&mut self, conversation: ConversationId, name: String, text: String) {
        let Some(documents) = self.parts.documents.clone() else { return };
        let workers = self.parts.workers;
        self.job(async move {
            match on_worker(workers, move || documents.keep(&name, &text)).await {
                Some(Err(error)) => Finished::Told(
                    Some(conversation),
                    format!("The handoff is in the journal, but not in its file: {error}."),
                ),
                Some(Ok(())) | None => Finished::Nothing,
            }
        });
    }

    pub(super) fn drop_documents(&mut self, names: Vec<String>) {
        let Some(documents) = self.parts.documents.clone() else { return };
        let workers = self.parts.workers;
        self.job(async move {
            match on_worker(workers, move || documents.remove(&names)).await {
                Some(Err(error)) => {
                    Finished::Told(None, format!("A handoff's file can't be removed: {error}. Remove it yourself."))
                }
                Some(Ok(())) | None => Finished::Nothing,
            }
        });
    }
}

fn not_handed_off(why: &str) -> Refusal {
    Refusal::new(RefusalKind::NotSaved, format!("Not handed off: {why}"))
}
