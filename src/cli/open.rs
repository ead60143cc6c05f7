//! `trialogue [WORKSPACE]`: opens the screen.

use std::io::{self, IsTerminal as _};

use clap::CommandFactory as _;

use crate::config::error::{nearest, visible};
use crate::config::templates;
use crate::files::folders::FolderError;

use super::args::Args;
use super::block_on;
use super::desk::{Chosen, Desk};
use super::exit::{Exit, Stopped};
use super::screen::{self, Front};

/// Opens it.
pub(super) fn run(desk: &Desk, speaks: bool) -> anyhow::Result<Exit> {
    let chosen = chosen(desk)?;
    if speaks {
        return block_on(screen::run(desk, &chosen, Front::Flat));
    }
    if !io::stdout().is_terminal() || !io::stdin().is_terminal() {
        let message = "The screen needs a terminal. `trialogue ask PANE TEXT` works without one; `trialogue --help` lists \
                       the commands.";
        return Err(Stopped::wrong(message).into());
    }
    block_on(screen::run(desk, &chosen, Front::Drawn))
}

/// The workspace that is meant. A folder that is named as one becomes a workspace; a name must be one already.
fn chosen(desk: &Desk) -> anyhow::Result<Chosen> {
    let Some(reference) = desk.named() else { return desk.look(desk.unnamed()?) };
    let folder = desk.folders.resolve(reference)?;
    if !folder.exists() {
        let is_named = folder.path().starts_with(desk.folders.workspaces());
        if is_named {
            return Err(missing(desk, reference));
        }
        desk.create(&folder, templates::DEFAULT)?;
    }
    desk.look(folder)
}

/// There is no such workspace: the nearest one, or the command that may have been meant.
fn missing(desk: &Desk, reference: &str) -> anyhow::Error {
    let commands = Args::command();
    let commands: Vec<&str> = commands.get_subcommands().map(clap::Command::get_name).collect();
    let Err(error) = desk.folders.workspace(reference) else {
        return Stopped::failed("it was made a moment ago: try again.").into();
    };
    let knows_better = matches!(error, FolderError::Missing { nearest: Some(_), .. });
    match nearest(reference, commands).filter(|_| !knows_better) {
        None => error.into(),
        Some(command) => {
            let message = format!(
                "there is no command and no workspace `{}`. Did you mean `trialogue {command}`?",
                visible(reference)
            );
            Stopped::wrong(message).into()
        }
    }
}
