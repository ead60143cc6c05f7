//! The theme that is worn, and where it is kept.

use super::App;
use super::message::Origin;
use crate::engine::op::Op;
use crate::tui::dialog::{Dialog, ThemePicker};
use crate::tui::theme::Theme;

/// Where the choice lies among what is nobody's history.
pub(super) const KEY: &str = "theme";

impl App {
    /// Opens the list of themes, with what was found.
    pub(super) fn choose_theme(&mut self, themes: Vec<(String, Theme)>) {
        // Whatever was opened meanwhile stays in front.
        if self.dialogs.is_empty() && !themes.is_empty() {
            let picker = ThemePicker::new(themes, self.theme.clone(), &self.theme_name);
            self.dialogs.push(Dialog::Themes(picker));
        }
    }

    /// Wears a theme for now.
    pub(super) fn wear(&mut self, theme: Theme) {
        self.theme = theme;
    }

    /// Wears a theme from now on, in this workspace. The configuration is a person's own file: it is not written.
    pub(super) fn keep_theme(&mut self, theme: Theme, name: String) {
        self.theme = theme;
        self.save_theme(serde_json::Value::String(name.clone()));
        self.notice = Some(format!(
            "{name} is kept for this workspace. `theme: {name}` in config.yaml makes it that of all workspaces."
        ));
        self.theme_name = name;
    }

    /// Wears what the configuration says, and forgets what was kept.
    pub(super) fn wear_configured(&mut self, theme: Theme, name: String) {
        if self.theme_name != name {
            self.save_theme(serde_json::Value::Null);
        }
        (self.theme, self.theme_name) = (theme, name);
    }

    fn save_theme(&mut self, value: serde_json::Value) {
        self.post(Origin::View(KEY.to_owned()), Op::SaveView { key: KEY.to_owned(), value });
    }
}
