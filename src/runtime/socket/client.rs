//! The caller's side: a connection to the runtime of another process.

use std::io;
use std::path::Path;
use std::sync::Arc;

use tokio::io::BufReader;
use tokio::net::UnixStream;
use tokio::net::unix::{OwnedReadHalf, OwnedWriteHalf};
use tokio::sync::mpsc;

use crate::runtime::connection::{Connection, Incoming, Ticket};
use crate::runtime::mailbox::{Mailbox, Post};

use super::{Line, PROTOCOL, path, read_line, write_line};

/// Connects to whoever holds the workspace in this folder.
pub async fn connect(folder: &Path) -> io::Result<Connection> {
    let path = path(folder);
    is_ours(folder, &path)?;
    let stream = UnixStream::connect(&path).await?;
    let (read, mut write) = stream.into_split();
    let mut read = BufReader::new(read);
    write_line(&mut write, &Line::Hello { protocol: PROTOCOL }).await?;
    match read_line(&mut read).await? {
        Some(Line::Hello { protocol }) if protocol == PROTOCOL => {}
        Some(Line::Hello { protocol }) => {
            let message = format!("the trialogue that holds it speaks protocol {protocol}, this one {PROTOCOL}");
            return Err(io::Error::new(io::ErrorKind::Unsupported, message));
        }
        _ => return Err(io::Error::new(io::ErrorKind::InvalidData, "what answers at its socket is not trialogue")),
    }
    let mailbox = Arc::new(Mailbox::default());
    let (posts, posted) = mpsc::unbounded_channel();
    tokio::spawn(send(posted, write));
    tokio::spawn(receive(read, Arc::clone(&mailbox)));
    Ok(Connection::new(posts, mailbox))
}

/// A socket among the temporary files could be somebody else's: it must belong to whoever owns the workspace.
fn is_ours(folder: &Path, path: &Path) -> io::Result<()> {
    use std::os::unix::fs::MetadataExt as _;
    if std::fs::symlink_metadata(path)?.uid() == std::fs::metadata(folder)?.uid() {
        return Ok(());
    }
    Err(io::Error::new(io::ErrorKind::PermissionDenied, format!("{} belongs to somebody else", path.display())))
}

async fn send(mut posted: mpsc::UnboundedReceiver<Post>, mut write: OwnedWriteHalf) {
    while let Some(post) = posted.recv().await {
        let Post::Op(posted) = post else { continue };
        let line = Line::Op { ticket: posted.ticket.0, op: posted.op };
        if write_line(&mut write, &line).await.is_err() {
            posted.mailbox.put(Incoming::Closed);
            return;
        }
    }
}

async fn receive(mut read: BufReader<OwnedReadHalf>, mailbox: Arc<Mailbox>) {
    while let Ok(Some(line)) = read_line(&mut read).await {
        match line {
            Line::Reply { ticket, reply } => mailbox.put(Incoming::Reply(Ticket(ticket), reply)),
            Line::Update { told } => mailbox.put(Incoming::Update(told)),
            Line::Hello { .. } | Line::Op { .. } => {}
        }
        if mailbox.is_closed() {
            return;
        }
    }
    mailbox.put(Incoming::Closed);
}
