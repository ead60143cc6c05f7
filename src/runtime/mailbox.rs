//! What waits to be read by one client.
//!
//! A mailbox never drops: pieces of one stream that nobody has read yet become one piece, so that a slow reader costs
//! memory in proportion to the answer and no more, and endings always arrive.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::{Notify, oneshot};

use crate::engine::input::Input;
use crate::engine::op::Op;
use crate::engine::update::{Delta, Update};

use super::connection::{Incoming, Ticket};

/// What the runtime is told by the rest of the program.
#[derive(Debug)]
pub(crate) enum Post {
    /// A client asks.
    Op(Posted),
    /// A new client wants to be told everything.
    Connect(Arc<Mailbox>),
    /// The program itself tells the engine something.
    Input(Input),
    /// Stop everything, save, end, and say so.
    ShutDown(oneshot::Sender<()>),
}

/// An Op and where its reply goes.
#[derive(Debug)]
pub(crate) struct Posted {
    pub(crate) mailbox: Arc<Mailbox>,
    pub(crate) ticket: Ticket,
    pub(crate) op: Op,
}

/// One client's mailbox.
#[derive(Debug, Default)]
pub(crate) struct Mailbox {
    waiting: Mutex<Waiting>,
    notify: Notify,
}

#[derive(Debug, Default)]
struct Waiting {
    incoming: VecDeque<Incoming>,
    is_closed: bool,
}

impl Mailbox {
    /// Whether its reader is gone.
    pub(crate) fn is_closed(&self) -> bool {
        self.lock().is_closed
    }

    pub(crate) fn put(&self, incoming: Incoming) {
        let mut waiting = self.lock();
        if waiting.is_closed {
            return;
        }
        let merged = match &incoming {
            Incoming::Update(Update::Delta(delta)) => waiting.merge(delta),
            Incoming::Reply(..) | Incoming::Update(_) | Incoming::Closed => false,
        };
        if !merged {
            waiting.incoming.push_back(incoming);
        }
        drop(waiting);
        self.notify.notify_one();
    }

    pub(crate) fn take(&self) -> Option<Incoming> {
        self.lock().incoming.pop_front()
    }

    pub(crate) async fn next(&self) -> Incoming {
        loop {
            if let Some(incoming) = self.take() {
                return incoming;
            }
            // A notification between the look and the wait is remembered: `notify_one` leaves a permit.
            self.notify.notified().await;
        }
    }

    pub(crate) fn close(&self) {
        let mut waiting = self.lock();
        waiting.is_closed = true;
        waiting.incoming.clear();
    }

    fn lock(&self) -> MutexGuard<'_, Waiting> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Waiting {
    /// Joins the piece to an unread one of its stream. Only pieces are passed over on the way back: a fact or a reply
    /// is a barrier, so that nothing overtakes it.
    fn merge(&mut self, delta: &Delta) -> bool {
        for waiting in self.incoming.iter_mut().rev() {
            let Incoming::Update(Update::Delta(unread)) = waiting else { return false };
            if unread.turn == delta.turn && unread.stream == delta.stream {
                if unread.offset + unread.text.len() != delta.offset {
                    return false;
                }
                unread.text.push_str(&delta.text);
                return true;
            }
        }
        false
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::id::{ConversationId, Env, Ids, TurnId};
    use crate::engine::op::Reply;
    use crate::engine::time::Timestamp;
    use crate::engine::update::Stream;

    fn pieces() -> impl FnMut(usize, &str) -> Incoming {
        let env = Env { now: Timestamp::from_millis(0), ids: Ids::seeded(1) };
        let conversation = ConversationId::new(&env);
        let turns = [TurnId::new(&env), TurnId::new(&env)];
        let mut offsets = [0, 0];
        move |turn, text| {
            let offset = offsets[turn];
            offsets[turn] += text.len();
            let (turn, text) = (turns[turn], text.to_owned());
            Incoming::Update(Update::Delta(Delta { conversation, turn, stream: Stream::Text, offset, text }))
        }
    }

    fn text(incoming: &Incoming) -> &str {
        match incoming {
            Incoming::Update(Update::Delta(delta)) => &delta.text,
            other => panic!("not a piece: {other:?}"),
        }
    }

    #[test]
    fn unread_pieces_of_one_stream_become_one() {
        let (mailbox, mut piece) = (Mailbox::default(), pieces());
        for (turn, text) in [(0, "a"), (1, "x"), (0, "b"), (1, "y")] {
            mailbox.put(piece(turn, text));
        }
        let read: Vec<Incoming> = std::iter::from_fn(|| mailbox.take()).collect();
        assert_eq!(read.iter().map(text).collect::<Vec<_>>(), ["ab", "xy"]);
    }

    #[test]
    fn a_piece_never_overtakes_what_came_before_it() {
        let (mailbox, mut piece) = (Mailbox::default(), pieces());
        mailbox.put(piece(0, "a"));
        mailbox.put(Incoming::Reply(Ticket(1), Reply::Done));
        mailbox.put(piece(0, "b"));
        let read: Vec<Incoming> = std::iter::from_fn(|| mailbox.take()).collect();
        assert_eq!(read.len(), 3);
        assert_eq!(read[1], Incoming::Reply(Ticket(1), Reply::Done));
    }
}
