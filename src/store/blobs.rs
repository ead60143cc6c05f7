//! Attached texts, kept once under the SHA-256 of their bytes.

use std::fmt::Write as _;
use std::sync::Arc;

use rusqlite::{Connection, OptionalExtension, params};
use sha2::{Digest, Sha256};

use crate::engine::message::Attachment;
use crate::engine::meter;

use super::error::Fault;

/// Stores the text, if it isn't there yet.
pub(super) fn attach(connection: &Connection, name: &str, body: &str) -> Result<Attachment, Fault> {
    let hash = hash(body.as_bytes());
    let mut insert =
        connection.prepare_cached("INSERT INTO blobs(hash, body) VALUES(?1, ?2) ON CONFLICT(hash) DO NOTHING")?;
    insert.execute(params![hash, body])?;
    Ok(Attachment { hash: hex(&hash), name: name.to_owned(), bytes: body.len() as u64, tokens: meter::estimate(body) })
}

/// The text with this hash, if it is there and still is what was stored.
pub(super) fn attachment(connection: &Connection, name: &str) -> Result<Option<Arc<str>>, Fault> {
    let mut select = connection.prepare_cached("SELECT body FROM blobs WHERE hash = ?1")?;
    let body: Option<String> = select.query_row([key_of(name)], |row| row.get(0)).optional()?;
    match body {
        Some(body) if hex(&hash(body.as_bytes())) != name.to_ascii_lowercase() => {
            Err(Fault::Unreadable(format!("the attached text {name} is not what was stored")))
        }
        body => Ok(body.map(Arc::from)),
    }
}

/// Deletes the texts that no message carries and no draft mentions; returns how many.
pub(super) fn collect_orphans(connection: &Connection) -> Result<usize, Fault> {
    Ok(connection.execute(
        "DELETE FROM blobs WHERE hash NOT IN (SELECT blob FROM carried)
         AND NOT EXISTS (SELECT 1 FROM view_state WHERE instr(value, lower(hex(blobs.hash))) > 0)",
        [],
    )?)
}

/// The SHA-256 of these bytes.
pub(super) fn hash(bytes: &[u8]) -> [u8; 32] {
    Sha256::digest(bytes).into()
}

/// A hash as people and JSON see it.
pub(super) fn hex(hash: &[u8]) -> String {
    hash.iter().fold(String::with_capacity(hash.len() * 2), |mut text, byte| {
        // Writing to a String never fails.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// The bytes behind a hash in hex. What is no hash becomes the hash of nothing that is stored.
pub(super) fn key_of(hash: &str) -> Vec<u8> {
    let digits: Option<Vec<u8>> = hash.chars().map(|c| c.to_digit(16).map(|digit| digit as u8)).collect();
    digits.unwrap_or_default().chunks(2).map(|pair| pair.iter().fold(0, |byte, digit| byte << 4 | digit)).collect()
}
