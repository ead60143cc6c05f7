//! A text as its reader sees it: headings, paragraphs, items, tables, code, and on which line each stands.

use super::language::Language;
use super::source::Source;
use super::table::Table;

/// One text that was given, taken apart.
#[derive(Debug, Default)]
pub(super) struct Document {
    /// What it is called in the answer.
    pub(super) name: String,
    /// Its name in quotes: without the folder, where that is enough.
    pub(super) short: String,
    /// Whose words they are: the document itself, or a pane for messages gathered from it.
    pub(super) side: String,
    /// A message of another pane: its label says where it stands, its lines don't matter.
    pub(super) message: bool,
    /// The language its stop words tell.
    pub(super) language: Language,
    /// Its parts in order.
    pub(super) blocks: Vec<Block>,
    /// Its sections; the first is what stands before any heading.
    pub(super) sections: Vec<Section>,
    /// Its tables.
    pub(super) tables: Vec<Table>,
    /// It is a program: what it defines, with lines.
    pub(super) definitions: Vec<(usize, String)>,
    /// How many lines it has.
    pub(super) lines: usize,
}

/// A stretch under one heading.
#[derive(Debug, Clone, Default)]
pub(super) struct Section {
    /// The heading's text; empty before the first one.
    pub(super) heading: String,
    /// 1 for the largest headings; 0 before the first one.
    pub(super) level: usize,
}

/// A paragraph or something like it.
#[derive(Debug, Clone)]
pub(super) struct Block {
    /// What it is.
    pub(super) kind: Kind,
    /// Its words with line breaks made blanks and its marker taken off.
    pub(super) text: String,
    /// Which line each stretch of `text` comes from.
    pub(super) marks: Vec<(usize, usize)>,
    /// The number of its section.
    pub(super) section: usize,
    /// For an item: the block whose colon announces it.
    pub(super) lead: Option<usize>,
}

/// What a block is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// Running text.
    Paragraph,
    /// An item of a list.
    Item,
    /// A heading.
    Heading,
    /// A short line without an end: a caption, a menu, a cell.
    Fragment,
    /// A comment in a program.
    Comment,
}

impl Block {
    /// The line on which the byte at `offset` of the text stands.
    pub(super) fn line(&self, offset: usize) -> usize {
        let at = self.marks.partition_point(|(start, _)| *start <= offset).max(1) - 1;
        self.marks.get(at).map_or(1, |mark| mark.1)
    }

    /// The label and value of a line such as `Minimum: 20 seats`, markup taken off the label.
    pub(super) fn field(&self) -> Option<(&str, &str)> {
        if !matches!(self.kind, Kind::Paragraph | Kind::Item) || self.text.len() > 400 {
            return None;
        }
        let at = self.text.find([':', '：'])?;
        let (label, rest) = self.text.split_at(at);
        let rest = rest.trim_start_matches([':', '：']);
        if !(rest.starts_with([' ', '\t', '*', '_']) || self.text[at..].starts_with('：')) {
            return None;
        }
        let label = label.trim().trim_matches(['*', '_', '`', '"']).trim();
        let mut value = rest.trim();
        if let Some(cut) = value.strip_prefix("**").or_else(|| value.strip_prefix("__")) {
            // “**Label:** value” leaves the closing mark; “**Label: value**” would leave none.
            value = cut.trim_start();
        }
        let words = label.split_whitespace().count();
        let fits = (1..=5).contains(&words) && label.chars().count() <= 40 && !value.is_empty();
        (fits && !label.contains(['.', ',', '!', '?', ';', '|'])).then_some((label, value))
    }
}

impl Document {
    /// An empty document of this source.
    pub(super) fn of(source: &Source) -> Self {
        Self {
            name: source.name.clone(),
            short: source.name.clone(),
            side: source.side.clone(),
            message: source.message,
            language: Language::of(source.text.get(..source.text.floor_char_boundary(40_000)).unwrap_or_default()),
            sections: vec![Section::default()],
            ..Self::default()
        }
    }

    /// Its own title: its first heading.
    pub(super) fn title(&self) -> Option<&str> {
        self.sections.iter().map(|section| section.heading.as_str()).find(|heading| !heading.is_empty())
    }

    /// Where a line stands, for a person: `offers.md, line 12`, or a message's label alone.
    pub(super) fn place(&self, line: usize) -> String {
        if self.message { self.name.clone() } else { format!("{}, line {line}", self.short) }
    }
}
