//! How the screen looks and which keys it knows: the person's choices, read once before the first frame.

use std::env;

use crate::config::source::{Source, Step};
use crate::config::user;
use crate::tui::app::Looks;
use crate::tui::theme::{Depth, Theme};

use super::desk::Desk;
use super::keymap;

/// The looks in force.
pub(super) fn looks(desk: &Desk) -> anyhow::Result<Looks> {
    let (keymap, doubts) = keymap::read(desk)?;
    Ok(Looks {
        theme: theme(desk)?,
        theme_name: desk.user.theme.clone(),
        glyphs: desk.user.glyphs.into(),
        keymap,
        links: desk.user.links && depth() != Depth::None,
        telling: desk.user.notify.into(),
        doubts: doubts.iter().map(|doubt| doubt.headline().to_string()).collect(),
    })
}

/// The theme in force: the person's choice, as far as the terminal's colours go.
pub(super) fn theme(desk: &Desk) -> anyhow::Result<Theme> {
    theme_named(desk, &desk.user.theme)
}

/// The theme of this name, as far as the terminal's colours go.
pub(super) fn theme_named(desk: &Desk, name: &str) -> anyhow::Result<Theme> {
    Ok(named(desk, name)?.at(depth()))
}

/// Every theme that can be worn: the embedded ones, then those of the config folder. A file that is no theme is left out.
pub(super) fn themes(desk: &Desk) -> Vec<(String, Theme)> {
    let mut names: Vec<String> = Theme::names().map(ToOwned::to_owned).collect();
    names.extend(desk.folders.themes().into_iter().filter(|name| Theme::builtin(name).is_none()));
    names.into_iter().filter_map(|name| theme_named(desk, &name).ok().map(|theme| (name, theme))).collect()
}

/// How many colours the terminal says it shows. One that shows none is told of no links either.
fn depth() -> Depth {
    let variable = |name| env::var(name).ok();
    let (colorterm, term, no_color) = (variable("COLORTERM"), variable("TERM"), variable("NO_COLOR"));
    Depth::of(colorterm.as_deref(), term.as_deref(), no_color.as_deref())
}

/// An embedded theme, or a file in the config folder's `themes`.
fn named(desk: &Desk, name: &str) -> anyhow::Result<Theme> {
    if let Some(theme) = Theme::builtin(name) {
        return Ok(theme);
    }
    let file = desk.folders.config_file("themes").join(format!("{name}.yaml"));
    if let Some(source) = Source::read_if_there(&file)? {
        return Ok(Theme::parse(&source.text, &file)?);
    }
    let names: Vec<&str> = Theme::names().collect();
    let message = format!("there is no theme `{name}`: expected {}, or {}.", names.join(", "), file.display());
    let config = Source::read(&desk.folders.config_file(user::FILE))?;
    Err(config.error_at(&[Step::Key("theme")], message).near(name, names).into())
}
