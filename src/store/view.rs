//! `view_state`: layout, scroll, focus, drafts, model switches. Mutable, and nobody's history.

use std::collections::BTreeMap;

use rusqlite::{Connection, params};
use serde_json::Value;

use crate::engine::time::Timestamp;

use super::error::Fault;
use super::projector::to_json;

/// Everything that is kept. A value that can't be read is left out: nothing here is worth stopping for.
pub(super) fn read(connection: &Connection) -> Result<BTreeMap<String, Value>, Fault> {
    let mut select = connection.prepare_cached("SELECT key, value FROM view_state")?;
    let mut rows = select.query([])?;
    let mut view = BTreeMap::new();
    while let Some(row) = rows.next()? {
        let (Ok(key), Ok(value)) = (row.get::<_, String>(0), row.get::<_, String>(1)) else { continue };
        if let Ok(value) = serde_json::from_str(&value) {
            view.insert(key, value);
        }
    }
    Ok(view)
}

/// Keeps a value; `null` removes it.
pub(super) fn save(connection: &Connection, at: Timestamp, key: &str, value: &Value) -> Result<(), Fault> {
    if value.is_null() {
        connection.prepare_cached("DELETE FROM view_state WHERE key = ?1")?.execute([key])?;
    } else {
        let mut save = connection.prepare_cached(
            "INSERT INTO view_state(key, at, value) VALUES(?1, ?2, ?3)
             ON CONFLICT(key) DO UPDATE SET at = excluded.at, value = excluded.value",
        )?;
        save.execute(params![key, at.as_millis(), to_json(value)?])?;
    }
    Ok(())
}
