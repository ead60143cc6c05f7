//! The themes: each is worn while it is chosen, so that one sees it on one's own panes.

use super::Outcome;
use super::list::{List, Row};
use crate::tui::key::{Code, Key};
use crate::tui::theme::Theme;

/// The themes to choose from.
#[derive(Debug)]
pub struct ThemePicker {
    /// The themes as rows.
    pub list: List,
    themes: Vec<(String, Theme)>,
    /// The theme that was worn when the dialog opened.
    before: Theme,
}

impl ThemePicker {
    /// Themes that can be worn, and the one that is.
    pub fn new(themes: Vec<(String, Theme)>, before: Theme, name: &str) -> Self {
        let worn = themes.iter().position(|(known, _)| known == name);
        let row = |(at, (name, _)): (usize, &(String, Theme))| Row {
            name: name.clone(),
            told: if Some(at) == worn { "now".to_owned() } else { String::new() },
        };
        let mut list = List::new(themes.iter().enumerate().map(row).collect());
        list.choose(worn.unwrap_or(0));
        Self { list, themes, before }
    }

    /// Whether the themes look different here: on a terminal without colours they don't.
    pub fn differ(&self) -> bool {
        self.themes.iter().any(|(_, theme)| *theme != self.themes[0].1)
    }

    /// Closes it, with the theme on that was on before.
    pub(super) fn back(&self) -> Outcome {
        Outcome::WearAgain(Box::new(self.before.clone()))
    }

    pub(super) fn key(&mut self, key: Key) -> Outcome {
        if key.code == Code::Esc {
            return self.back();
        }
        if key.code != Code::Enter {
            self.list.key(key);
        }
        let Some((name, theme)) = self.list.chosen().and_then(|at| self.themes.get(at)) else { return Outcome::Stay };
        let theme = Box::new(theme.clone());
        if key.code == Code::Enter { Outcome::Keep(theme, name.clone()) } else { Outcome::Wear(theme) }
    }
}
