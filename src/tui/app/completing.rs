//! Names of files behind an `@`, completed as a shell completes them: as far as they are sure, then the choice is told.

use super::App;
use super::message::Command;
use crate::tui::text::sanitise::one_line;

/// How many names a pane lists before it counts the others.
const LISTED: usize = 6;

impl App {
    /// Asks for the names that what is spelled at the cursor may become.
    pub(super) fn complete(&mut self) {
        let Some(pane) = self.focused_mut() else { return };
        match pane.composer.try_mention() {
            Some(spelled) => {
                pane.naming = Naming::Asked(spelled.clone());
                let command = Command::FindBeginning(pane.name.clone(), spelled);
                self.command(command);
            }
            None => self.tell_here("Tab completes the name of a file behind an @."),
        }
    }

    /// Completes what is spelled in a pane with the names that begin so, if it still stands at the cursor.
    pub(super) fn take_names(&mut self, pane: &str, spelled: &str, names: &[String]) {
        let now = self.now;
        let is_focused = pane == self.focused;
        let Some(writing) = self.pane_mut(pane).filter(|pane| pane.composer.mention().as_deref() == Some(spelled))
        else {
            return;
        };
        let shared = shared_beginning(names);
        let rest = shared.strip_prefix(spelled).unwrap_or("");
        if !rest.is_empty() {
            writing.composer.complete(rest);
            writing.draft_changed = Some(now);
        }
        let sends = std::mem::take(&mut writing.naming) == Naming::Sends(spelled.to_owned()) && is_focused;
        match names {
            [] => self.tell(pane, format!("No file begins with {}.", one_line(spelled))),
            [_] => {}
            _ => self.tell(pane, choice(spelled, names)),
        }
        if sends && names.len() < 2 {
            self.send();
        }
    }

    /// Whether Enter waits for the names that Tab asked for: what is sent is the name, not its beginning. A second Enter
    /// doesn't wait.
    pub(super) fn awaits_names(&mut self) -> bool {
        let Some(pane) = self.focused_mut() else { return false };
        match std::mem::take(&mut pane.naming) {
            Naming::Asked(spelled) if pane.composer.mention().as_ref() == Some(&spelled) => {
                pane.naming = Naming::Sends(spelled);
                true
            }
            _ => false,
        }
    }
}

/// What became of a Tab behind an `@`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Naming {
    /// Nothing is asked.
    #[default]
    Nothing,
    /// The names that begin so are asked for.
    Asked(String),
    /// Enter was pressed since: as soon as the name is there, the message goes.
    Sends(String),
}

/// What all of these names begin with.
fn shared_beginning(names: &[String]) -> &str {
    let Some((first, others)) = names.split_first() else { return "" };
    let same = |other: &String| first.bytes().zip(other.bytes()).take_while(|(one, other)| one == other).count();
    let length = others.iter().map(same).min().unwrap_or(first.len());
    &first[..first.floor_char_boundary(length)]
}

/// The names without the folder that is spelled already, in one line.
fn choice(spelled: &str, names: &[String]) -> String {
    let folder = spelled.rfind('/').map_or(0, |slash| slash + 1);
    let shown: Vec<&str> = names.iter().take(LISTED).filter_map(|name| name.get(folder..)).collect();
    let more = names.len() - names.len().min(LISTED);
    let rest = if more > 0 { format!(" and {more} more") } else { String::new() };
    format!("{}{rest}", one_line(&shown.join(" · ")))
}
