//! Joins the screen to a workspace: the journal first, then one frame, then everything else.

use std::sync::Arc;

use jiff::tz::TimeZone;

use crate::runtime::lines;
use crate::runtime::opening::{self, FirstView};
use crate::store::{Access, OpenError, SqliteJournal};
use crate::tui;
use crate::tui::app::{Looks, Start, first_pages, kept_theme};
use crate::tui::layout::Tree;

use super::desk::{Chosen, Desk};
use super::exit::Exit;
use super::looks;
use super::surroundings::{CurrentProviders, Machine};

/// How the workbench shows itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Front {
    /// Drawn on the terminal's screen.
    Drawn,
    /// As flat text, for screen readers.
    Flat,
}

/// Runs the screen until the person leaves.
pub(super) async fn run(desk: &Desk, chosen: &Chosen, front: Front) -> anyhow::Result<Exit> {
    // What a person wrote wrongly is told before anything is opened.
    let Looks { theme, theme_name, glyphs, keymap, telling, doubts } = looks::looks(desk)?;
    let folder = chosen.folder.path();
    let settings = desk.settings(chosen);
    let (mut journal, held) = open(folder)?;
    let FirstView { overview, pages, view } = opening::first_view(&mut journal, &settings, first_pages)?;
    let notice =
        held.or_else(|| journal.standing().notice().map(ToOwned::to_owned)).or_else(|| doubts.into_iter().next());
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
        telling,
        mouse: desk.user.mouse,
        size: (80, 24),
        zone: TimeZone::system(),
        folder: folder.display().to_string(),
        notice,
    };
    let workbench = opening::start(folder, journal, settings, Arc::<CurrentProviders>::clone(&providers))?;
    let machine = Machine {
        providers,
        folder: chosen.folder.clone(),
        named: desk.named().map(ToOwned::to_owned),
        connector: workbench.connector(),
    };
    let ended = match front {
        Front::Drawn => tui::run(workbench.connect(), start, &machine).await,
        Front::Flat => tui::flat::run(workbench.connect(), start, &machine, lines::typed()).await,
    };
    workbench.close().await;
    ended?;
    Ok(Exit::Done)
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
