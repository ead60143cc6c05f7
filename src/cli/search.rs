//! `trialogue search`: messages of all workspaces that hold some words.

use serde::Serialize;

use crate::engine::op::Hit;
use crate::files::workspace_folder::WorkspaceFolder;
use crate::store::{Access, Journal as _, OpenError, SqliteJournal};

use super::desk::Desk;
use super::exit::Exit;
use super::out::{Out, notice};
use super::when;

/// What is sought.
#[derive(Debug, clap::Args)]
pub struct SearchArgs {
    /// Words that must all occur in a message; the last one may be a beginning.
    #[arg(required = true)]
    pub query: Vec<String>,
    /// How many messages per workspace at most.
    #[arg(long, default_value_t = 20, value_parser = clap::value_parser!(u32).range(1..=1000))]
    pub limit: u32,
    /// Print one JSON object per line.
    #[arg(long)]
    pub json: bool,
}

/// Searches: the workspace named on the command line, else all of them.
pub(super) fn run(desk: &Desk, args: &SearchArgs) -> anyhow::Result<Exit> {
    let query = args.query.join(" ");
    let folders = if desk.named().is_some() { vec![desk.workspace()?.folder] } else { desk.folders.list() };
    let mut out = Out::new();
    for folder in folders {
        for hit in hits(&folder, &query, args.limit) {
            print(&mut out, &folder.name(), &hit, args.json)?;
        }
    }
    Ok(Exit::Done)
}

/// What was found in this workspace. One that can't be searched is told and never hides the others.
fn hits(folder: &WorkspaceFolder, query: &str, limit: u32) -> Vec<Hit> {
    let tell = |error: String| {
        notice(&format!("{}: {error}", folder.name()));
        Vec::new()
    };
    match SqliteJournal::open(folder.path(), Access::Read) {
        Ok(mut journal) => journal.search(query, limit).unwrap_or_else(|error| tell(error.to_string())),
        Err(OpenError::Missing { .. }) => Vec::new(),
        Err(error) => tell(error.to_string()),
    }
}

fn print(out: &mut Out, workspace: &str, hit: &Hit, json: bool) -> std::io::Result<()> {
    if json {
        return out.json(&Printed { workspace, hit });
    }
    let at = when::minute(hit.at.as_millis());
    out.line(&format!("{workspace}  {}/m{}  {at}  {}  {}", hit.pane, hit.number, ending(hit), hit.snippet))
}

/// The end of the message's identity: what `trialogue show` takes.
fn ending(hit: &Hit) -> String {
    let id = hit.message.to_string();
    id.chars().skip(id.len() - 8).collect()
}

#[derive(Serialize)]
struct Printed<'a> {
    workspace: &'a str,
    #[serde(flatten)]
    hit: &'a Hit,
}
