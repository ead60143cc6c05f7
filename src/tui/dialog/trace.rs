//! A lineage: where a piece of work came from and what became of it, each line a way to its message.

use super::Outcome;
use crate::engine::brief::{LineageLine, LineageOf, Told};
use crate::engine::settings::PaneName;
use crate::tui::key::{Code, Key};

/// The lineage that is looked at.
#[derive(Debug, Clone)]
pub struct Trace {
    /// The pane it was opened in.
    pub origin: PaneName,
    /// Its lines; none until they have come.
    pub lines: Vec<LineageLine>,
    /// The chosen line.
    pub at: usize,
    /// What was traced: its line is chosen first.
    of: LineageOf,
    /// Why there are none, or why a line leads nowhere.
    pub said: Option<String>,
}

impl Trace {
    /// A lineage that was asked for.
    pub const fn new(origin: PaneName, of: LineageOf) -> Self {
        Self { origin, lines: Vec::new(), at: 0, of, said: None }
    }

    /// Takes the lines.
    pub fn take(&mut self, lines: Vec<LineageLine>) {
        let is_it = |line: &LineageLine| match self.of {
            LineageOf::Brief { brief } => line.told == Told::Brief && line.brief == brief,
            // Its own line, before the one of its brief.
            LineageOf::Message { message } => {
                line.told != Told::Brief && line.place.as_ref().is_some_and(|place| place.message == message)
            }
        };
        self.at = lines.iter().position(is_it).unwrap_or(0);
        self.lines = lines;
    }

    /// Whether it shows real names, which the screen may and nothing else does.
    pub fn has_names(&self) -> bool {
        self.lines.iter().any(|line| line.real.is_some())
    }

    pub(super) fn key(&mut self, key: Key) -> Outcome {
        self.said = None;
        let last = self.lines.len().saturating_sub(1);
        match key.code {
            Code::Esc | Code::Char('q') => return Outcome::Close,
            Code::Enter => return self.go(),
            Code::Up | Code::Char('k') => self.at = self.at.saturating_sub(1),
            Code::Down | Code::Char('j') => self.at = (self.at + 1).min(last),
            Code::PageUp | Code::Char('b') => self.at = self.at.saturating_sub(10),
            Code::PageDown | Code::Char(' ') => self.at = (self.at + 10).min(last),
            Code::Home | Code::Char('g') => self.at = 0,
            Code::End | Code::Char('G') => self.at = last,
            // To the next brief, or to the one before.
            Code::Char('J') => self.at = self.heads().into_iter().find(|head| *head > self.at).unwrap_or(last),
            Code::Char('K') => self.at = self.heads().into_iter().rfind(|head| *head < self.at).unwrap_or(0),
            _ => {}
        }
        Outcome::Stay
    }

    fn heads(&self) -> Vec<usize> {
        (0..self.lines.len()).filter(|at| self.lines[*at].told == Told::Brief).collect()
    }

    fn go(&mut self) -> Outcome {
        if let Some(place) = self.lines.get(self.at).and_then(|line| line.place.clone()) {
            return Outcome::GoTo(Box::new(place));
        }
        self.said = Some("This line stands for no message.".to_owned());
        Outcome::Stay
    }
}
