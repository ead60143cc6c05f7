//! The effects in which text crosses, or its real names come back: bodies are read, and a worker makes the text.

use crate::engine::brief;
use crate::engine::effect::Effect;
use crate::engine::id::ConversationId;
use crate::engine::input::Input;
use crate::engine::locality::Table;
use crate::engine::op::{Refusal, RefusalKind, Reply};
use crate::store::JournalError;

use super::Workers;
use super::effects::on_worker;
use super::journal_thread::Bodies;
use super::runner::{Finished, Runner};

impl Runner {
    pub(super) fn begin_crossing(&mut self, effect: Effect) {
        let journal = self.parts.journal.clone();
        let workers = self.parts.workers;
        match effect {
            Effect::Compose { to, draft, dry_run, quotes, compositions } => {
                self.job(async move {
                    let ids = quotes.iter().map(|(_, quote)| quote.message).collect();
                    let composed = match journal.fetch(ids).await {
                        Ok(bodies) => {
                            let work = move || brief::compose_all(compositions, &quotes, &bodies.messages);
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
                    let delivered =
                        match journal.fetch(vec![answer]).await.map(|bodies| bodies.messages.into_iter().next()) {
                            Ok(Some(answer)) => on_worker(workers, move || brief::deliver_all(deliveries, &answer))
                                .await
                                .ok_or_else(|| not_composed("the program failed")),
                            Ok(None) => Err(not_composed("the answer was erased")),
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
            // Every other effect is begun elsewhere.
            _ => {}
        }
    }
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
