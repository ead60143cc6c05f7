//! Joins the screen to a workspace: the journal first, then one frame, then everything else.

use std::path::PathBuf;
use std::sync::Arc;
use std::thread::{self, JoinHandle};

use crate::files::workspace_folder::WorkspaceFolder;
use crate::files::zone;
use crate::runtime::lines;
use crate::runtime::opening::{self, FirstView};
use crate::store::{Access, OpenError, SqliteJournal};
use crate::tui;
use crate::tui::app::{Looks, Start, first_pages, kept_theme};
use crate::tui::hyperlink::Hyperlinks;
use crate::tui::layout::Tree;

use super::desk::{Chosen, Desk};
use super::exit::Exit;
use super::looks;
use super::read_code::CodeReader;
use super::surroundings::{CurrentProviders, Machine, said};

/// How the workbench shows itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Front {
    /// Drawn on the terminal's screen.
    Drawn,
    /// As flat text, for screen readers.
    Flat,
}

/// Runs the screen until the person leaves the program. Leaving for another workspace closes this one first; where the
/// other can't be opened, this one is opened again and says why.
pub(super) async fn run(desk: &Desk, chosen: &Chosen, front: Front) -> anyhow::Result<Exit> {
    let (mut here, mut notice) = (chosen.clone(), None);
    while let Some(folder) = show(desk, &here, front, notice.take()).await? {
        match other(desk, &folder) {
            Ok(other) => here = other,
            Err(error) => notice = Some(format!("{} was not opened: {}", folder.display(), said(&error))),
        }
    }
    Ok(Exit::Done)
}

/// The workspace in this folder, if it can be opened: what is wrong is better said on the screen than instead of it.
fn other(desk: &Desk, folder: &std::path::Path) -> anyhow::Result<Chosen> {
    let folder = WorkspaceFolder::at(folder);
    Chosen::read(folder.clone())?;
    drop(open(folder.path())?);
    desk.open(folder)
}

/// Shows a workspace until the person leaves it: for another one, or for good.
async fn show(desk: &Desk, chosen: &Chosen, front: Front, notice: Option<String>) -> anyhow::Result<Option<PathBuf>> {
    // What a person wrote wrongly is told before anything is opened.
    let Looks { theme, theme_name, glyphs, keymap, links, telling, doubts } = looks::looks(desk)?;
    let folder = chosen.folder.path();
    let settings = desk.settings(chosen);
    let (mut journal, held) = open(folder)?;
    let FirstView { overview, pages, view } = opening::first_view(&mut journal, &settings, first_pages)?;
    let notice = notice
        .or(held)
        .or_else(|| journal.standing().notice().map(ToOwned::to_owned))
        .or_else(|| doubts.into_iter().next());
    let (theme, theme_name) = kept_theme(&view)
        .and_then(|name| Some((looks::theme_named(desk, &name).ok()?, name)))
        .unwrap_or((theme, theme_name));
    let providers = Arc::new(CurrentProviders::new(desk.registry()));
    let start = Start {
        overview,
        pages,
        view,
        layout: Tree::of(&chosen.file.layout),
        theme,
        theme_name,
        glyphs,
        keymap,
        links: Hyperlinks::new(links),
        telling,
        mouse: desk.user.mouse,
        size: (80, 24),
        zone: zone::local(),
        folder: folder.display().to_string(),
        is_first_run: desk.folders.list().iter().all(|known| known.path() == folder),
        notice,
    };
    let workbench = opening::start(folder, journal, settings, Arc::<CurrentProviders>::clone(&providers))?;
    let machine = Machine {
        providers,
        folder: chosen.folder.clone(),
        named: desk.named().map(ToOwned::to_owned),
        folders: desk.folders.clone(),
        connector: workbench.connector(),
        code: CodeReader::default(),
    };
    let noting = remember(desk, &chosen.folder);
    let ended = match front {
        Front::Drawn => tui::run(workbench.connect(), start, &machine).await,
        Front::Flat => tui::flat::run(workbench.connect(), start, &machine, lines::typed()).await.map(|()| None),
    };
    workbench.close().await;
    if let Some(noting) = noting {
        // A panic in it has been told already.
        let _ = noting.join();
    }
    Ok(ended?)
}

/// Notes that the workspace is used, beside everything else: it waits for the disk, and nobody waits for it.
fn remember(desk: &Desk, folder: &WorkspaceFolder) -> Option<JoinHandle<()>> {
    let (folders, folder) = (desk.folders.clone(), folder.clone());
    let note = move || {
        if let Err(error) = folders.remember(&folder, jiff::Timestamp::now().as_millisecond()) {
            tracing::warn!(%error, "the workspace isn't remembered as the last one used");
        }
    };
    // Not being remembered is no reason not to work.
    thread::Builder::new().name("remember".to_owned()).spawn(note).ok()
}

/// The journal for writing; if another process has it, for reading, with the sentence that says so.
fn open(folder: &std::path::Path) -> Result<(SqliteJournal, Option<String>), OpenError> {
    match SqliteJournal::open(folder, Access::Write) {
        Ok(journal) => Ok((journal, None)),
        Err(OpenError::Held { pid, .. }) => {
            let holder =
                pid.map_or_else(|| "another trialogue".to_owned(), |pid| format!("another trialogue (pid {pid})"));
            let notice = format!("Held by {holder}. Opened for reading.");
            Ok((SqliteJournal::open(folder, Access::Read)?, Some(notice)))
        }
        Err(error) => Err(error),
    }
}
