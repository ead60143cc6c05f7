//! The templates of briefs, one of which is filled in.

use crate::config::brief_templates::BriefTemplate;
use crate::engine::settings::PaneName;
use crate::tui::dialog::Outcome;
use crate::tui::dialog::list::{List, Row};
use crate::tui::key::{Code, Key};

/// The templates to choose from.
#[derive(Debug, Clone)]
pub struct TemplatePicker {
    /// The pane whose brief is filled in.
    pub origin: PaneName,
    /// The templates as rows.
    pub list: List,
    /// What is wrong with those that can't be read.
    pub errors: Vec<String>,
    templates: Vec<BriefTemplate>,
}

impl TemplatePicker {
    /// A choice of these templates.
    pub fn new(origin: PaneName, templates: Vec<BriefTemplate>, errors: Vec<String>) -> Self {
        let row = |template: &BriefTemplate| Row {
            name: template.name.replace(['-', '_'], " "),
            told: template.fields.objective.trim().to_owned(),
        };
        Self { origin, list: List::new(templates.iter().map(row).collect()), errors, templates }
    }

    pub(in crate::tui::dialog) fn key(&mut self, key: Key) -> Outcome {
        match key.code {
            Code::Esc => Outcome::Close,
            Code::Enter => match self.list.chosen() {
                Some(at) => Outcome::FillBrief(self.origin.clone(), Box::new(self.templates[at].clone())),
                None => Outcome::Stay,
            },
            _ => {
                self.list.key(key);
                Outcome::Stay
            }
        }
    }
}
