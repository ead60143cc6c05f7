//! `trialogue new`: makes a workspace.

use serde::Serialize;

use crate::config::templates;

use super::desk::Desk;
use super::exit::Exit;
use super::out::Out;

/// What is made.
#[derive(Debug, clap::Args)]
pub struct NewArgs {
    /// Its name, or a folder such as ./acme.
    pub name: String,
    /// What it begins with: trio, solo, council, client, or one of your own.
    #[arg(long, short, default_value = templates::DEFAULT)]
    pub template: String,
    /// Print a JSON object.
    #[arg(long)]
    pub json: bool,
}

/// Makes it.
pub(super) fn run(desk: &Desk, args: &NewArgs) -> anyhow::Result<Exit> {
    let folder = desk.folders.resolve(&args.name)?;
    desk.create(&folder, &args.template)?;
    let chosen = desk.open(folder)?;
    let made = Made {
        name: chosen.folder.name(),
        folder: chosen.folder.path().display().to_string(),
        panes: chosen.file.panes.iter().map(|(name, _)| name.clone()).collect(),
    };
    let mut out = Out::new();
    if args.json {
        out.json(&made)?;
    } else {
        out.line(&format!("{} ({}) in {}", made.name, made.panes.join(", "), made.folder))?;
    }
    Ok(Exit::Done)
}

#[derive(Serialize)]
struct Made {
    name: String,
    folder: String,
    panes: Vec<String>,
}
