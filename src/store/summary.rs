//! What `trialogue list` says of a workspace, without loading it.

use std::path::Path;

use crate::engine::settings::PaneName;
use crate::engine::time::Timestamp;

use super::error::{Fault, OpenError};
use super::opening::Access;
use super::projector;
use super::sqlite::SqliteJournal;

/// One workspace in a list.
#[derive(Debug, Clone, PartialEq)]
pub struct Summary {
    /// The workspace's title; empty if it has none.
    pub title: String,
    /// Its panes, in order.
    pub panes: Vec<PaneName>,
    /// How many messages it has, on whatever branch; a tombstone counts.
    pub messages: u32,
    /// When something last happened in it; `None` if nothing ever did.
    pub last_used: Option<Timestamp>,
    /// What a person must know of it: that it is damaged, or that a newer version wrote it.
    pub notice: Option<String>,
}

/// What the journal in this folder holds, in short. Reads only; whoever likes may write meanwhile.
pub fn summary(folder: &Path) -> Result<Summary, OpenError> {
    let mut journal = SqliteJournal::open(folder, Access::Read)?;
    let mut summary = journal.read(|connection| {
        let workspace = projector::read_workspace(connection)?.map(|(workspace, _)| workspace).unwrap_or_default();
        let (messages, last_used) = connection.query_row(
            "SELECT (SELECT count(*) FROM messages), (SELECT at FROM events ORDER BY seq DESC LIMIT 1)",
            [],
            |row| Ok((row.get(0)?, row.get::<_, Option<i64>>(1)?)),
        )?;
        Ok::<_, Fault>(Summary {
            title: workspace.settings.title,
            panes: workspace.panes.into_iter().map(|pane| pane.name).collect(),
            messages,
            last_used: last_used.map(Timestamp::from_millis),
            notice: None,
        })
    })?;
    summary.notice = journal.standing().notice().map(str::to_owned);
    Ok(summary)
}
