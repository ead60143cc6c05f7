//! What a person is told while they look elsewhere: a bell, a notification, the window's title.
//!
//! Architecture invariants: only names that a person gave and states are told, never a word of a message; nothing is
//! told of the pane that is looked at; what happens in one moment is told once.

use super::message::Command;
use super::{App, Badge, after};
use crate::engine::settings::PaneName;
use crate::engine::time::Timestamp;
use crate::tui::text::sanitise::one_line;

/// How long news wait for others that belong to the same moment.
const TOGETHER_MS: i64 = 400;

/// By what a person wants to be told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Telling {
    /// The terminal's bell.
    pub bell: bool,
    /// The terminal's own notifications.
    pub osc: bool,
    /// The window's title.
    pub title: bool,
}

impl From<crate::config::user::Notify> for Telling {
    fn from(notify: crate::config::user::Notify) -> Self {
        Self { bell: notify.bell, osc: notify.osc, title: notify.title }
    }
}

/// What happened in a pane that nobody looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum News {
    Reported,
    Finished,
    Failed,
    NeedsYou,
}

/// What is to be told, and what was.
#[derive(Debug)]
pub(super) struct Teller {
    pub(super) wants: Telling,
    /// Whether the terminal has the focus, if it says so.
    has_focus: Option<bool>,
    waiting: Vec<(PaneName, News)>,
    tell_at: Option<Timestamp>,
    title: String,
}

impl Teller {
    pub(super) const fn new(wants: Telling) -> Self {
        Self { wants, has_focus: None, waiting: Vec::new(), tell_at: None, title: String::new() }
    }

    /// Whether somebody may be looking at the focused pane.
    pub(super) fn is_attended(&self) -> bool {
        self.has_focus != Some(false)
    }

    pub(super) const fn at(&self) -> Option<Timestamp> {
        self.tell_at
    }
}

impl App {
    /// The terminal says whether it has the focus.
    pub(super) fn focus_changed(&mut self, has_focus: bool) {
        self.teller.has_focus = Some(has_focus);
        if has_focus {
            // Whoever comes back sees the badges.
            self.teller.waiting.clear();
            self.teller.tell_at = None;
            if let Some(pane) = self.focused_mut() {
                pane.badge = None;
            }
        }
    }

    /// Something happened in a pane that nobody looks at.
    pub(super) fn happened(&mut self, pane: &str, news: News) {
        if !(self.teller.wants.bell || self.teller.wants.osc) {
            return;
        }
        self.teller.waiting.retain(|(known, _)| known != pane);
        self.teller.waiting.push((pane.to_owned(), news));
        let now = self.now;
        self.teller.tell_at.get_or_insert_with(|| after(now, TOGETHER_MS));
    }

    /// Tells what is due, and keeps the title as things stand.
    pub(super) fn tell_elsewhere(&mut self) {
        if self.teller.tell_at.is_some_and(|at| self.now >= at) {
            self.teller.tell_at = None;
            let waiting = std::mem::take(&mut self.teller.waiting);
            let Telling { bell, osc, .. } = self.teller.wants;
            // Where the terminal is looked at, the badges say it; a sound is enough.
            let osc = osc && self.teller.has_focus != Some(true);
            if !waiting.is_empty() && (bell || osc) {
                self.command(Command::Tell { bell, text: osc.then(|| sentence(&waiting)) });
            }
        }
        if self.teller.wants.title && !self.is_quitting {
            let title = self.title();
            if title != self.teller.title {
                self.teller.title.clone_from(&title);
                self.command(Command::Title(title));
            }
        }
    }

    /// `trialogue · acme · 2 done, 1 failed`: the workspace by its folder's name, and what waits in it.
    fn title(&self) -> String {
        let mut title = "trialogue".to_owned();
        let folder = self.folder.trim_end_matches(['/', '\\']).rsplit(['/', '\\']).next().unwrap_or_default();
        if !folder.is_empty() {
            title.push_str(" · ");
            title.push_str(&one_line(folder));
        }
        let count = |is: fn(Badge) -> bool| self.panes.iter().filter(|pane| pane.badge.is_some_and(is)).count();
        let counts = [
            (count(|badge| matches!(badge, Badge::NeedsYou)), "waiting for you"),
            (count(|badge| matches!(badge, Badge::Done(_))), "done"),
            (count(|badge| matches!(badge, Badge::Reported(_))), "with a report"),
            (count(|badge| matches!(badge, Badge::Failed)), "failed"),
        ];
        let told: Vec<String> =
            counts.iter().filter(|(count, _)| *count > 0).map(|(count, word)| format!("{count} {word}")).collect();
        if !told.is_empty() {
            title.push_str(" · ");
            title.push_str(&told.join(", "));
        }
        title
    }
}

/// `research and drafting have finished · synthesis has failed`
fn sentence(news: &[(PaneName, News)]) -> String {
    let mut told = Vec::new();
    for (kind, one, several) in [
        (News::NeedsYou, "needs you", "need you"),
        (News::Failed, "has failed", "have failed"),
        (News::Finished, "has finished", "have finished"),
        (News::Reported, "has a report", "have reports"),
    ] {
        let names: Vec<_> = news.iter().filter(|(_, news)| *news == kind).map(|(name, _)| one_line(name)).collect();
        match names.as_slice() {
            [] => {}
            [name] => told.push(format!("{name} {one}")),
            [before @ .., last] => told.push(format!("{} and {last} {several}", before.join(", "))),
        }
    }
    told.join(" · ")
}
