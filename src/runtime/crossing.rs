//! The effects in which text crosses, or its real names come back: bodies are read, and a worker makes the text.

use crate::engine::brief::{self, Gathered, Gathering};
use crate::engine::effect::{Effect, Sending};
use crate::engine::id::ConversationId;
use crate::engine::input::{Asker, Input};
use crate::engine::locality::Table;
use crate::engine::message::Bodies;
use crate::engine::op::{Refusal, RefusalKind, Reply};
use crate::engine::redaction::Dictionary;
use crate::store::JournalError;

use super::Workers;
use super::effects::on_worker;
use super::journal_thread::JournalHandle;
use super::runner::{Finished, Runner};

impl Runner {
    pub(super) fn begin_crossing(&mut self, effect: Effect) {
        let journal = self.parts.journal.clone();
        let workers = self.parts.workers;
        match effect {
            Effect::Compose { to, draft, dry_run, quotes, compositions } => {
                self.job(async move {
                    let quoted = quotes.iter().map(|(_, quote)| quote.message);
                    let known = compositions.iter().flat_map(|one| one.context.messages.iter().copied());
                    let ids = quoted.chain(known).collect();
                    let composed = match journal.fetch(ids).await {
                        Ok(bodies) => {
                            let work = move || brief::compose_all(compositions, &quotes, &bodies);
                            on_worker(workers, work).await.unwrap_or_else(|| Err(not_composed("the program failed")))
                        }
                        Err(error) => Err(not_composed(&error.message)),
                    };
                    Finished::Input(Input::Composed { from: to, draft, dry_run, composed })
                });
            }
            Effect::List { to, objective, quotes, offered } => {
                self.job(async move {
                    let quoted = quotes.iter().map(|(_, quote)| quote.message);
                    let ids = quoted.chain(offered.iter().map(|one| one.quote.message)).collect();
                    let listed = match journal.fetch(ids).await {
                        Ok(bodies) => {
                            let work = move || brief::list(&objective, &quotes, &offered, &bodies.messages);
                            on_worker(workers, work).await.ok_or_else(|| "the program failed".to_owned())
                        }
                        Err(error) => Err(error.message),
                    };
                    let refused = |why| Reply::Refused(Refusal::new(RefusalKind::NotSaved, why));
                    Finished::Reply(to, listed.map_or_else(refused, Reply::Listing))
                });
            }
            Effect::Deliver { to, brief, answer, deliveries } => {
                self.job(async move {
                    let read = deliveries.iter().flat_map(|one| one.asked.iter().chain(&one.context.messages));
                    let ids = std::iter::once(answer).chain(read.copied()).collect();
                    let delivered = match journal.fetch(ids).await {
                        Ok(bodies) => match bodies.messages.iter().find(|message| message.id == answer).cloned() {
                            Some(answer) => {
                                on_worker(workers, move || brief::deliver_all(deliveries, &answer, &bodies))
                                    .await
                                    .ok_or_else(|| not_composed("the program failed"))
                            }
                            None => Err(not_composed("the answer was erased")),
                        },
                        Err(error) => Err(not_composed(&error.message)),
                    };
                    Finished::Input(Input::Delivered { to, brief, delivered })
                });
            }
            Effect::Restore { to, conversation, messages, table } => {
                self.job(async move {
                    let reply = restored(workers, journal.fetch(messages).await, (conversation, table)).await;
                    Finished::Reply(to, reply)
                });
            }
            Effect::Gather { to, gathering } => self.gather(to, gathering),
            Effect::Inspect { to, sending, table, names } => self.inspect(to, sending, table, names),
            // Every other effect is begun elsewhere.
            _ => {}
        }
    }

    /// Makes what is gathered ready and stores it, so that the engine can journal where it came from.
    fn gather(&mut self, to: Asker, gathering: Box<Gathering>) {
        let (journal, workers) = (self.parts.journal.clone(), self.parts.workers);
        self.job(async move {
            let quoted = gathering.quotes.iter().map(|(_, quote)| quote.message);
            let ids = quoted.chain(gathering.context.messages.iter().copied()).collect();
            let made = match journal.fetch(ids).await {
                Ok(bodies) => {
                    let gathering = gathering.clone();
                    let work = move || brief::gather(&gathering, &bodies);
                    on_worker(workers, work).await.unwrap_or_else(|| Err(not_composed("the program failed")))
                }
                Err(error) => Err(not_composed(&error.message)),
            };
            let gathered = match made {
                Ok(made) if made.holds.is_empty() => store(&journal, made).await,
                made => made,
            };
            Finished::Input(Input::Gathered { from: to, gathering, gathered })
        });
    }

    /// Looks through what goes along with a message.
    fn inspect(&mut self, to: Asker, sending: Box<Sending>, table: Table, names: Dictionary) {
        let (journal, workers) = (self.parts.journal.clone(), self.parts.workers);
        self.job(async move {
            let (read, receiver) = (table.entries.len(), sending.conversation);
            let mut texts = Vec::with_capacity(sending.attachments.len());
            let mut unread = None;
            for attachment in &sending.attachments {
                match journal.text(attachment.hash.clone()).await {
                    Ok(Some(body)) => texts.push((attachment.name.clone(), body)),
                    Ok(None) => unread = Some(format!("{} is not in the journal", attachment.name)),
                    Err(error) => unread = Some(error.message),
                }
            }
            let found = match unread {
                Some(why) => Err(not_composed(&why)),
                None => on_worker(workers, move || table.first_in(receiver, &names, &texts))
                    .await
                    .ok_or_else(|| not_composed("the program failed")),
            };
            Finished::Input(Input::Inspected { from: to, sending, read, found })
        });
    }
}

async fn store(journal: &JournalHandle, mut made: Gathered) -> Result<Gathered, Refusal> {
    for (name, text) in &made.texts {
        match journal.attach(name.clone(), text.as_str().into()).await {
            Ok(attachment) => made.stored.push(attachment),
            Err(error) => return Err(not_composed(&error.message)),
        }
    }
    Ok(made)
}

/// Messages with real names, or why there are none.
async fn restored(
    workers: Workers,
    fetched: Result<Bodies, JournalError>,
    (conversation, table): (ConversationId, Table),
) -> Reply {
    let refused = |why: String| Reply::Refused(Refusal::new(RefusalKind::NotSaved, why));
    match fetched {
        Ok(bodies) => on_worker(workers, move || table.reveal(conversation, bodies.messages)).await.map_or_else(
            || refused("The names were not put back: the program failed.".to_owned()),
            |(messages, count)| Reply::Restored { messages, count },
        ),
        Err(error) => refused(error.message),
    }
}

fn not_composed(why: &str) -> Refusal {
    Refusal::new(RefusalKind::NotSaved, format!("Not sent: {why}"))
}
