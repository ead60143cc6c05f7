//! The holder's side: every caller becomes a client of the runtime.

use std::io;
use std::path::{Path, PathBuf};

use tokio::io::BufReader;
use tokio::net::{UnixListener, UnixStream};
use tokio::task::{AbortHandle, JoinSet};

use crate::runtime::Connector;
use crate::runtime::connection::{Connection, Incoming, Ticket};

use super::{Line, PROTOCOL, path, read_line, write_line};

/// An open door. Dropping it closes it and removes the socket.
#[derive(Debug)]
pub struct Door {
    path: PathBuf,
    task: AbortHandle,
}

impl Drop for Door {
    fn drop(&mut self) {
        self.task.abort();
        // Whoever comes next removes a socket that stayed behind.
        let _ = std::fs::remove_file(&self.path);
    }
}

/// Listens for other processes. Only the holder of the workspace's lock may call this: a socket that is there already
/// was left behind by a holder that is gone.
pub fn listen(folder: &Path, connector: Connector) -> io::Result<Door> {
    use std::os::unix::fs::PermissionsExt as _;
    let path = path(folder);
    match std::fs::remove_file(&path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    let listener = UnixListener::bind(&path)?;
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o600))?;
    let task = tokio::spawn(accept(listener, connector)).abort_handle();
    Ok(Door { path, task })
}

async fn accept(listener: UnixListener, connector: Connector) {
    let mut callers = JoinSet::new();
    loop {
        tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok((stream, _)) => {
                    callers.spawn(serve(stream, connector.connect()));
                }
                Err(error) => tracing::warn!(%error, "a caller could not be accepted"),
            },
            Some(_) = callers.join_next() => {}
        }
    }
}

async fn serve(stream: UnixStream, mut connection: Connection) {
    if let Err(error) = speak(stream, &mut connection).await {
        tracing::info!(%error, "a caller left");
    }
}

async fn speak(stream: UnixStream, connection: &mut Connection) -> io::Result<()> {
    let (read, mut write) = stream.into_split();
    let mut read = BufReader::new(read);
    write_line(&mut write, &Line::Hello { protocol: PROTOCOL }).await?;
    match read_line(&mut read).await? {
        Some(Line::Hello { protocol }) if protocol == PROTOCOL => {}
        // It has read our protocol's number from our hello and can say what is wrong.
        _ => return Ok(()),
    }
    // Reading a line is not safe to drop half-way, so a task of its own reads.
    let (lines, mut received) = tokio::sync::mpsc::channel(16);
    let mut reader = JoinSet::new();
    reader.spawn(async move {
        while let Ok(Some(line)) = read_line(&mut read).await {
            if lines.send(line).await.is_err() {
                return;
            }
        }
    });
    let mut tickets = std::collections::BTreeMap::new();
    loop {
        tokio::select! {
            line = received.recv() => match line {
                Some(Line::Op { ticket, op }) => {
                    tickets.insert(connection.post(op), ticket);
                }
                Some(_) | None => return Ok(()),
            },
            incoming = connection.next() => match incoming {
                Incoming::Reply(ours, reply) => {
                    let ticket = tickets.remove(&ours).unwrap_or(Ticket(0).0);
                    write_line(&mut write, &Line::Reply { ticket, reply }).await?;
                }
                Incoming::Update(told) => write_line(&mut write, &Line::Update { told }).await?,
                Incoming::Closed => return Ok(()),
            },
        }
    }
}
