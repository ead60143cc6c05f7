//! The code blocks of a message, one of which is copied.

use super::Outcome;
use super::list::{List, Row};
use crate::engine::settings::PaneName;
use crate::tui::key::{Code, Key};
use crate::tui::transcript::code::CodeBlock;

/// The blocks to choose from.
#[derive(Debug, Clone)]
pub struct CodePicker {
    /// The pane of the message.
    pub origin: PaneName,
    /// The message, as it is told.
    pub message: String,
    /// The blocks as rows.
    pub list: List,
    /// The blocks.
    pub blocks: Vec<CodeBlock>,
}

impl CodePicker {
    /// A choice of these blocks, the one of this number chosen.
    pub fn new(origin: PaneName, message: &str, blocks: Vec<CodeBlock>, chosen: usize) -> Self {
        let row = |(at, block): (usize, &CodeBlock)| {
            let first = block.text.lines().find(|line| !line.trim().is_empty()).unwrap_or_default();
            let lines = match block.text.lines().count() {
                1 => "1 line".to_owned(),
                count => format!("{count} lines"),
            };
            let language = if block.language.is_empty() { String::new() } else { format!("{} · ", block.language) };
            Row { name: format!("{} {}", at + 1, first.trim()), told: format!("{language}{lines}") }
        };
        let mut list = List::new(blocks.iter().enumerate().map(row).collect());
        list.choose(chosen);
        Self { origin, message: message.to_owned(), list, blocks }
    }

    /// The chosen block.
    pub fn chosen(&self) -> Option<&CodeBlock> {
        self.blocks.get(self.list.chosen()?)
    }

    pub(super) fn key(&mut self, key: Key) -> Outcome {
        match key.code {
            Code::Esc => Outcome::Close,
            Code::Enter => match self.list.chosen() {
                Some(at) => {
                    let what = format!("code block {} of {}", at + 1, self.message);
                    Outcome::Copy(self.origin.clone(), self.blocks[at].text.clone(), what)
                }
                None => Outcome::Stay,
            },
            _ => {
                self.list.key(key);
                Outcome::Stay
            }
        }
    }
}
