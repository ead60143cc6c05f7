//! A fault of ours in one part, a panic, doesn't take the others down: a turn fails and says so, the screen tells that
//! its writer has stopped. Whoever owns the terminal asks [`is_contained`] whether a panic ends the program.

use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::pin;
use std::task::Poll;

thread_local! {
    static IS_CONTAINED: Cell<bool> = const { Cell::new(false) };
}

/// Whether a panic on this thread, now, is caught and dealt with.
pub fn is_contained() -> bool {
    IS_CONTAINED.get()
}

/// The future panicked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Panicked;

/// Runs the future to its end or to its panic. What it owned is dropped either way.
pub(super) async fn contained<T>(future: impl Future<Output = T>) -> Result<T, Panicked> {
    let mut future = pin!(future);
    std::future::poll_fn(move |context| {
        let before = IS_CONTAINED.replace(true);
        // Unwind safe: after a panic the future is not polled again.
        let polled = catch_unwind(AssertUnwindSafe(|| future.as_mut().poll(context)));
        IS_CONTAINED.set(before);
        match polled {
            Ok(polled) => polled.map(Ok),
            Err(_) => Poll::Ready(Err(Panicked)),
        }
    })
    .await
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::engine::event::Event;
    use crate::engine::failure::FailureKind;
    use crate::engine::op::{Op, Reply};
    use crate::engine::update::Update;
    use crate::runtime::connection::{Connection, Incoming};
    use crate::runtime::echo::{self, Echo};
    use crate::runtime::workbench::Workbench;
    use crate::store::{Access, Journal, SqliteJournal};

    #[tokio::test]
    async fn a_panic_is_a_result_and_only_its_future_is_contained() {
        let inside = contained(async { is_contained() }).await;
        assert_eq!((inside, is_contained()), (Ok(true), false));
        let panicked: Result<(), _> = contained(async { panic!("on purpose") }).await;
        assert_eq!((panicked, is_contained()), (Err(Panicked), false));
    }

    async fn next_fact(connection: &mut Connection) -> Arc<Event> {
        loop {
            match connection.next().await {
                Incoming::Update(Update::Event { fact, .. }) => return fact,
                Incoming::Closed => panic!("closed"),
                Incoming::Reply(..) | Incoming::Update(_) => {}
            }
        }
    }

    #[tokio::test]
    async fn a_provider_that_panics_fails_its_turn_and_nothing_else() {
        let folder = tempfile::tempdir().unwrap();
        let journal: Box<dyn Journal> = Box::new(SqliteJournal::open(folder.path(), Access::Write).unwrap());
        let workbench = Workbench::start(journal, Arc::new(Echo), Some(echo::settings()), None).unwrap();
        let mut connection = workbench.connect();
        let Some(Reply::Overview(overview)) = connection.ask(Op::Overview, |_| {}).await else { panic!("no overview") };
        let conversation = overview.panes[0].conversation;
        for text in ["panic", "hello"] {
            connection.post(Op::Send { conversation, text: text.to_owned(), attachments: Vec::new(), parent: None });
            loop {
                match &*next_fact(&mut connection).await {
                    Event::TurnFailed { failure, message, .. } => {
                        assert_eq!((text, &failure.kind), ("panic", &FailureKind::Internal));
                        assert_eq!(message.as_ref().unwrap().text(), "you said ");
                        break;
                    }
                    Event::TurnEnded { message, .. } => {
                        assert_eq!((text, message.text().as_str()), ("hello", "you said hello"));
                        break;
                    }
                    _ => {}
                }
            }
        }
        workbench.close().await;
    }
}
