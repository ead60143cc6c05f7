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
                let command = Command::FindBeginning(pane.name.clone(), spelled);
                self.command(command);
            }
            None => self.tell_here("Tab completes the name of a file behind an @."),
        }
    }

    /// Completes what is spelled in a pane with the names that begin so, if it still stands at the cursor.
    pub(super) fn take_names(&mut self, pane: &str, spelled: &str, names: &[String]) {
        let now = self.now;
        let Some(writing) = self.pane_mut(pane).filter(|pane| pane.composer.mention() == Some(spelled)) else { return };
        let shared = shared_beginning(names);
        let rest = shared.strip_prefix(spelled).unwrap_or("");
        if !rest.is_empty() {
            writing.composer.complete(rest);
            writing.draft_changed = Some(now);
        }
        let told = match names {
            [] => format!("No file begins with {}.", one_line(spelled)),
            [_] => return,
            _ => choice(spelled, names),
        };
        self.tell(pane, &told);
    }
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
