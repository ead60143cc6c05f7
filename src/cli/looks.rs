//! How the screen looks and which keys it knows: the person's choices, read once before the first frame.

use std::env;

use crossterm::event::KeyEvent;

use crate::config::keymap::{self, Context as FileContext};
use crate::config::source::{Source, Step};
use crate::config::user;
use crate::tui::app::action::{Context, TABLE};
use crate::tui::app::{Keymap, Looks};
use crate::tui::key::Key;
use crate::tui::theme::{Depth, Theme};

use super::desk::Desk;

/// The looks in force.
pub(super) fn looks(desk: &Desk) -> anyhow::Result<Looks> {
    Ok(Looks {
        theme: theme(desk)?,
        glyphs: desk.user.glyphs.into(),
        keymap: keymap(desk)?,
        telling: desk.user.notify.into(),
    })
}

/// The theme in force: the person's choice, as far as the terminal's colours go.
pub(super) fn theme(desk: &Desk) -> anyhow::Result<Theme> {
    let variable = |name| env::var(name).ok();
    let (colorterm, term, no_color) = (variable("COLORTERM"), variable("TERM"), variable("NO_COLOR"));
    let depth = Depth::of(colorterm.as_deref(), term.as_deref(), no_color.as_deref());
    Ok(named(desk, &desk.user.theme)?.at(depth))
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

/// The keys in force: the table's own, changed by the person's file, after the person's leader.
pub(super) fn keymap(desk: &Desk) -> anyhow::Result<Keymap> {
    let mut keymap = Keymap::default();
    if let Some(leader) = key(desk.user.leader) {
        keymap = keymap.with_leader(leader);
    }
    let Some(file) = &desk.user.keys else { return Ok(keymap) };
    let source = Source::read(&desk.folders.config_file(file))?;
    let names: Vec<&str> = TABLE.iter().map(|row| row.name).collect();
    for binding in keymap::parse(&source, &names)? {
        let Some(key) = key(binding.key) else { continue };
        keymap.bind(context(binding.context), key, binding.action.as_deref());
    }
    Ok(keymap)
}

/// A key as the screen knows it; a combination of several keys at once has none.
fn key(key: crate::config::key::Key) -> Option<Key> {
    let crokey::OneToThree::One(code) = key.0.codes else { return None };
    Key::from_event(KeyEvent::new(code, key.0.modifiers))
}

const fn context(context: FileContext) -> Context {
    match context {
        FileContext::Any => Context::Any,
        FileContext::Write => Context::Write,
        FileContext::Read => Context::Read,
        FileContext::Leader => Context::Leader,
    }
}
