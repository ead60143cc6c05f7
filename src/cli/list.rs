//! `trialogue list`: the workspaces there are.

use serde::Serialize;

use crate::config::source::Source;
use crate::config::workspace::WorkspaceFile;
use crate::files::workspace_folder::WorkspaceFolder;
use crate::store::{Access, Journal as _, OpenError, SqliteJournal};

use super::args::JsonArgs;
use super::desk::Desk;
use super::exit::Exit;
use super::out::{Out, notice};
use super::when;

/// Lists them.
pub(super) fn run(desk: &Desk, args: &JsonArgs) -> anyhow::Result<Exit> {
    let listed: Vec<Listed> = desk.folders.list().iter().map(|folder| listed(desk, folder)).collect();
    let mut out = Out::new();
    if args.json {
        for workspace in &listed {
            out.json(workspace)?;
        }
        return Ok(Exit::Done);
    }
    if listed.is_empty() {
        notice("There is no workspace yet. `trialogue new NAME` makes one.");
    }
    let widest = listed.iter().map(|workspace| workspace.name.chars().count()).max().unwrap_or(0);
    for workspace in &listed {
        let used = workspace.last_used_ms.map_or_else(|| "never".to_owned(), when::minute);
        let pane = |pane: &ListedPane| format!("{} {}", pane.name, pane.messages);
        let panes = workspace.panes.iter().map(pane).collect::<Vec<_>>().join(" · ");
        out.line(&format!("{:widest$}  {used:16}  {panes}  {}", workspace.name, workspace.folder))?;
    }
    Ok(Exit::Done)
}

#[derive(Serialize)]
struct Listed {
    name: String,
    folder: String,
    title: String,
    panes: Vec<ListedPane>,
    messages: u32,
    last_used_ms: Option<i64>,
}

#[derive(Serialize)]
struct ListedPane {
    name: String,
    messages: u32,
}

/// What is known of a workspace. What is wrong with it is told, and never keeps the others from being listed.
fn listed(desk: &Desk, folder: &WorkspaceFolder) -> Listed {
    let name = folder.name();
    let tell = |error: String| notice(&format!("{name}: {error}"));
    let file = Source::read(&folder.yaml()).and_then(|source| WorkspaceFile::parse(&source));
    let file = file.map_err(|error| tell(error.headline().to_string())).ok();
    let overview = match SqliteJournal::open(folder.path(), Access::Read) {
        Ok(mut journal) => journal.overview().map_err(|error| tell(error.to_string())).ok(),
        // It was made and not used yet.
        Err(OpenError::Missing { .. }) => None,
        Err(error) => {
            tell(error.to_string());
            None
        }
    };
    let panes: Vec<ListedPane> = match (&overview, &file) {
        (Some(overview), _) if !overview.panes.is_empty() => {
            let messages = |pane: &str| {
                let of_pane = overview.conversations.iter().filter(|conversation| conversation.pane == pane);
                of_pane.map(|conversation| conversation.messages).sum()
            };
            overview
                .panes
                .iter()
                .map(|shown| ListedPane { name: shown.pane.clone(), messages: messages(&shown.pane) })
                .collect()
        }
        (_, Some(file)) => file.panes.iter().map(|(name, _)| ListedPane { name: name.clone(), messages: 0 }).collect(),
        (_, None) => Vec::new(),
    };
    Listed {
        messages: panes.iter().map(|pane| pane.messages).sum(),
        folder: folder.path().display().to_string(),
        title: file.map(|file| file.title).unwrap_or_default(),
        last_used_ms: desk.folders.used_at(folder),
        panes,
        name,
    }
}
