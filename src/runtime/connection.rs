//! How a client talks to the runtime: Ops go out with a ticket, replies and updates come back through one mailbox.

use std::sync::Arc;

use tokio::sync::mpsc;

use crate::engine::op::{Op, Reply};
use crate::engine::update::Update;

use super::mailbox::{Mailbox, Post, Posted};

/// A client's own number for an Op it sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Ticket(pub u64);

/// What comes back to a client.
#[derive(Debug, Clone, PartialEq)]
pub enum Incoming {
    /// The answer to the Op with this ticket.
    Reply(Ticket, Reply),
    /// Something happened.
    Update(Update),
    /// The runtime has ended; nothing more comes.
    Closed,
}

/// A client's end of the conversation with the runtime.
#[derive(Debug)]
pub struct Connection {
    outgoing: mpsc::UnboundedSender<Post>,
    mailbox: Arc<Mailbox>,
    last: u64,
}

impl Connection {
    pub(crate) const fn new(outgoing: mpsc::UnboundedSender<Post>, mailbox: Arc<Mailbox>) -> Self {
        Self { outgoing, mailbox, last: 0 }
    }

    /// Sends an Op; its reply comes as [`Incoming::Reply`] with the returned ticket.
    pub fn post(&mut self, op: Op) -> Ticket {
        self.last += 1;
        let ticket = Ticket(self.last);
        let posted = Posted { mailbox: Arc::clone(&self.mailbox), ticket, op };
        if self.outgoing.send(Post::Op(posted)).is_err() {
            self.mailbox.put(Incoming::Closed);
        }
        ticket
    }

    /// The next reply or update. Safe to drop and call again.
    pub async fn next(&self) -> Incoming {
        self.mailbox.next().await
    }

    /// The next reply or update, if one is there already.
    pub fn try_next(&self) -> Option<Incoming> {
        self.mailbox.take()
    }

    /// Sends an Op and waits for its reply, handing every update that comes meanwhile to `seen`.
    pub async fn ask(&mut self, op: Op, mut seen: impl FnMut(Update)) -> Option<Reply> {
        let ticket = self.post(op);
        loop {
            match self.next().await {
                Incoming::Reply(answered, reply) if answered == ticket => return Some(reply),
                Incoming::Reply(..) => {}
                Incoming::Update(update) => seen(update),
                Incoming::Closed => return None,
            }
        }
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        self.mailbox.close();
    }
}
