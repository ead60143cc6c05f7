//! The door for other processes: a Unix socket, mode 0600, that whoever holds the workspace listens at.
//!
//! A line of JSON each way: [`Line::Op`] in, [`Line::Reply`] and [`Line::Update`] out, after one [`Line::Hello`] from
//! each side. The other side of [`connect`] is the same [`Connection`](super::connection::Connection) as in process.

mod client;
mod server;
#[cfg(test)]
mod tests;

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use crate::engine::op::{Op, Reply};
use crate::engine::update::Update;

pub use client::connect;
pub use server::{Door, listen};

/// The version of this protocol. Both sides must speak the same.
const PROTOCOL: u32 = 1;
/// The longest line that is read: room for a large attachment.
const LONGEST_LINE: u64 = 64 * 1024 * 1024;
/// The longest path of a Unix socket that every system takes.
const LONGEST_PATH: usize = 100;

/// One line of the protocol.
#[derive(Debug, Serialize, Deserialize)]
#[serde(tag = "line", rename_all = "snake_case")]
enum Line {
    /// The first line of each side.
    Hello { protocol: u32 },
    /// The client asks.
    Op { ticket: u64, op: Op },
    /// The holder answers.
    Reply { ticket: u64, reply: Reply },
    /// The holder tells.
    Update { told: Update },
}

/// Where the socket of the workspace in this folder is: in the folder, or, if that path is too long for a socket, among
/// the temporary files under a name made from it.
pub fn path(folder: &Path) -> PathBuf {
    let beside = folder.join("socket");
    if beside.as_os_str().len() <= LONGEST_PATH {
        return beside;
    }
    let digest = Sha256::digest(folder.as_os_str().as_encoded_bytes());
    let name = digest.iter().take(8).fold(0_u64, |name, byte| name << 8 | u64::from(*byte));
    std::env::temp_dir().join(format!("trialogue-{name:016x}.socket"))
}

async fn write_line(out: &mut (impl tokio::io::AsyncWrite + Unpin), line: &Line) -> std::io::Result<()> {
    use tokio::io::AsyncWriteExt as _;
    let mut text = serde_json::to_vec(line)?;
    text.push(b'\n');
    out.write_all(&text).await
}

/// The next line; `None` at the end. A line beyond the limit is an error, so that nobody can fill the memory.
async fn read_line(from: &mut (impl tokio::io::AsyncBufRead + Unpin)) -> std::io::Result<Option<Line>> {
    use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _};
    let mut text = Vec::new();
    let read = from.take(LONGEST_LINE).read_until(b'\n', &mut text).await?;
    if read == 0 {
        return Ok(None);
    }
    Ok(Some(serde_json::from_slice(&text)?))
}
