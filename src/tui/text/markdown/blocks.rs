//! The blocks of code in laid-out lines: what each of them says, and which lines it takes.

use std::ops::Range;

use super::line;
use super::segment::{Join, Kind, Unit};
use crate::tui::text::highlight::{Code, LARGEST};
use crate::tui::text::rich::RichLine;
use crate::tui::text::sanitise::sanitise;

/// A block of code in a language, and the lines it was laid out in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CodeBlock {
    /// The code.
    pub code: Code,
    /// Where its lines are.
    pub rows: Range<usize>,
}

/// Lines, and the blocks of code among them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Laid {
    /// The lines.
    pub lines: Vec<RichLine>,
    /// The blocks of code that name a language.
    pub code: Vec<CodeBlock>,
}

impl Laid {
    /// Adds lines at the end.
    pub fn append(&mut self, other: Self) {
        let before = self.lines.len();
        let moved = |block: CodeBlock| CodeBlock { rows: block.rows.start + before..block.rows.end + before, ..block };
        self.code.extend(other.code.into_iter().map(moved));
        self.lines.extend(other.lines);
    }
}

/// Gathers code while it is laid out line by line.
#[derive(Debug, Clone, Default)]
pub(super) struct Gathered {
    open: Option<Open>,
    pub(super) blocks: Vec<CodeBlock>,
}

/// A block that isn't closed.
#[derive(Debug, Clone)]
struct Open {
    language: String,
    text: String,
    rows: Range<usize>,
}

impl Gathered {
    /// A unit of the source was laid out in these lines.
    pub(super) fn take(&mut self, unit: &Unit, source: &str, rows: Range<usize>) {
        match (&unit.kind, &mut self.open) {
            (Kind::Opening, _) => {
                self.close();
                let label = sanitise(&source[unit.range.clone()]);
                let language = language(line::fence_label(&label));
                self.open =
                    (!language.is_empty()).then(|| Open { language, text: String::new(), rows: rows.end..rows.end });
            }
            (Kind::Code(dedent), Some(open)) => {
                let text = sanitise(&source[unit.range.clone()]);
                open.text.push_str(if unit.join == Join::No { line::dedent(&text, *dedent) } else { &text });
                if !unit.cut {
                    open.text.push('\n');
                }
                open.rows.end = rows.end;
                if open.text.len() > LARGEST {
                    self.open = None;
                }
            }
            _ => self.close(),
        }
    }

    /// The open block is complete.
    pub(super) fn close(&mut self) {
        if let Some(Open { language, text, rows }) = self.open.take() {
            self.add(&language, &text, rows);
        }
    }

    /// Adds a block that was laid out at once.
    pub(super) fn add(&mut self, language: &str, text: &str, rows: Range<usize>) {
        if !language.is_empty() && !rows.is_empty() && text.len() <= LARGEST {
            self.blocks.push(CodeBlock { code: Code::new(language, text), rows });
        }
    }
}

/// The language that the label of a fence names: `rust,ignore`, `{.python}` and `js title="x"` all begin with one.
pub(super) fn language(label: &str) -> String {
    let word = label.split([' ', ',', '{', '}', ';', ':']).find(|word| !word.is_empty()).unwrap_or_default();
    word.trim_start_matches('.').to_lowercase()
}
