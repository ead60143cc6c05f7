//! Cuts Markdown into units that are laid out one by one, while it is still coming.
//!
//! A unit is a block at the top level, an item of a list, a line of code, or a row of a long table; what is longer
//! than a screen or two is cut further, so that the open end of a stream is always short. Where the cuts are depends
//! on the text alone, never on how it arrived: lines are judged when they are complete, or by their first
//! [`HEAD`] bytes. Including too much in a unit is harmless, because `pulldown-cmark` reads the inside; ending one
//! where `CommonMark` would not is what the rules here avoid.

use std::ops::Range;

use super::line::{self, Fence, HtmlEnd, Starter};

/// A longer line is judged by this many of its first bytes.
const HEAD: usize = 1024;
/// A paragraph that has reached this many bytes at the end of a line goes on in a new unit.
const PARAGRAPH: usize = 2048;
/// The same for list items, quotes and tables.
const BLOCK: usize = 4096;
/// A unit is cut inside a line when it would become longer than this.
const INSIDE: usize = 4096;

/// A piece of the source that is laid out on its own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Unit {
    /// Where it stands in the source.
    pub(super) range: Range<usize>,
    /// What it is.
    pub(super) kind: Kind,
    /// Whether a blank line stands before it.
    pub(super) gap: bool,
    /// How it goes on from the unit before it.
    pub(super) join: Join,
    /// Whether the next unit goes on from its last line.
    pub(super) cut: bool,
}

/// What a unit is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Kind {
    /// Blocks that are read on their own.
    Blocks,
    /// A list's item with its number, if the list is ordered.
    Item(Option<u64>),
    /// More of an item that was cut.
    Rest(Rest),
    /// A table, or its beginning, which settles how wide the columns are.
    Table,
    /// One more row of that table.
    Row,
    /// The opening line of fenced code.
    Opening,
    /// A line of code, with how many columns of indentation are not part of it.
    Code(usize),
    /// A line of HTML, shown as it stands.
    Raw,
    /// A line of displayed math, shown as it stands.
    Math,
}

/// Where in an item its rest stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Rest {
    /// How many columns of indentation belong to the item.
    pub(super) dedent: usize,
    /// How many columns it is drawn to the right.
    pub(super) pad: usize,
    /// The fence that was open where the item was cut.
    pub(super) fence: Option<Fence>,
}

/// How a unit goes on from the one before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Join {
    /// It doesn't: it begins a line.
    No,
    /// After a space.
    Space,
    /// In the middle of a word.
    Direct,
}

/// The block that isn't finished.
#[derive(Debug, Clone)]
enum Open {
    Nothing,
    /// Ends with its line.
    Line,
    Paragraph,
    Quote,
    Item(Item),
    Table,
    /// A table whose columns are settled.
    Rows,
    Fence(Fence),
    /// Indented code, with the blank lines that may turn out to be part of it.
    Indented(Vec<Range<usize>>),
    Html(HtmlEnd),
    /// Displayed math, until this mark or a blank line.
    Math {
        end: &'static str,
        /// Whether the line that opens it is over.
        began: bool,
    },
}

#[derive(Debug, Clone)]
struct Item {
    kind: Kind,
    dedent: usize,
    pad: usize,
    fence: Option<Fence>,
    /// Whether its last line was blank.
    blank: bool,
}

/// What the line that is being read belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Part {
    /// The open block.
    Block,
    /// Nothing: it is blank, or closes a fence.
    Nowhere,
    /// A unit of its own, in an open block of lines.
    Own,
}

/// Reads the source line by line and says which units are finished.
#[derive(Debug, Clone)]
pub(super) struct Segmenter {
    open: Open,
    /// Where the open unit starts.
    start: usize,
    join: Join,
    gap: bool,
    /// Whether any unit came yet: nothing stands above the first.
    began: bool,
    /// Where the line starts, and up to where a newline was looked for.
    line: usize,
    scanned: usize,
    /// What the line belongs to, once it is judged, and whether it was judged by its beginning.
    part: Option<Part>,
    long: bool,
    /// The list that an item would continue: its marker and the next number.
    list: Option<(char, u64)>,
}

impl Segmenter {
    pub(super) fn new() -> Self {
        Self {
            open: Open::Nothing,
            start: 0,
            join: Join::No,
            gap: false,
            began: false,
            line: 0,
            scanned: 0,
            part: None,
            long: false,
            list: None,
        }
    }

    /// Reads on to the end of what there is; units that nothing can change any more go to `units`.
    pub(super) fn feed(&mut self, source: &str, units: &mut Vec<Unit>) {
        while self.scanned < source.len() || self.part.is_some() {
            let newline = source[self.scanned..].find('\n').map(|at| self.scanned + at);
            self.scanned = newline.map_or(source.len(), |at| at + 1);
            let end = newline.unwrap_or(source.len());
            if self.part.is_none() {
                if newline.is_none() && end - self.line < HEAD {
                    return;
                }
                self.judge(source, end, units);
            }
            self.cut_inside(source, end, units);
            if newline.is_none() {
                return;
            }
            self.end_line(source, end, units);
        }
    }

    /// Ends the source: what is open is as finished as it will be.
    pub(super) fn finish(&mut self, source: &str, units: &mut Vec<Unit>) {
        self.feed(source, units);
        if self.part.is_none() && self.line < source.len() {
            self.judge(source, source.len(), units);
            self.cut_inside(source, source.len(), units);
        }
        if self.part.is_some() {
            self.end_line(source, source.len(), units);
        }
        self.settle(source.len(), false, units);
        self.open = Open::Nothing;
    }

    /// Decides what the line that starts here and reaches at least to `end` belongs to.
    fn judge(&mut self, source: &str, end: usize, units: &mut Vec<Unit>) {
        let long = end - self.line >= HEAD;
        self.long = long;
        let head_end = if long { source.floor_char_boundary(self.line + HEAD) } else { end };
        let head = source[self.line..head_end].trim_end_matches('\r');
        let blank = !long && head.trim().is_empty();
        let part = self.continued(source, head, blank, units).unwrap_or_else(|| self.begin(head, blank, units));
        self.part = Some(part);
    }

    /// The part of the line in the open block, or `None` if the block is finished before it.
    fn continued(&mut self, source: &str, head: &str, blank: bool, units: &mut Vec<Unit>) -> Option<Part> {
        let starter = line::starter(head);
        let plain = !blank && starter.is_none();
        match &mut self.open {
            Open::Fence(fence) if fence.is_closed_by(head) => {
                self.open = Open::Nothing;
                Some(Part::Nowhere)
            }
            Open::Fence(_) | Open::Html(HtmlEnd::Mark(_)) => Some(self.own_line()),
            Open::Html(HtmlEnd::Blank) | Open::Math { .. } if !blank => Some(self.own_line()),
            Open::Rows if plain => Some(self.own_line()),
            Open::Indented(blanks) if blank => {
                blanks.push(self.line..self.line + head.len());
                Some(Part::Nowhere)
            }
            Open::Indented(blanks) if line::indent(head) >= 4 => {
                for range in std::mem::take(blanks) {
                    self.emit(range, Kind::Code(4), units);
                }
                Some(self.own_line())
            }
            Open::Paragraph if !blank && line::is_setext(head) => {
                self.open = Open::Line;
                Some(Part::Block)
            }
            Open::Paragraph if !blank && !starter.as_ref().is_some_and(Starter::interrupts_paragraph) => {
                if line::is_delimiter_row(head) && line::last_line(&source[self.start..self.line]).contains('|') {
                    self.open = Open::Table;
                }
                Some(Part::Block)
            }
            Open::Quote if plain || matches!(starter, Some(Starter::Quote)) => Some(Part::Block),
            Open::Table if plain => Some(Part::Block),
            Open::Item(item) => item.continued(head, blank, starter.is_some()).then_some(Part::Block),
            _ => None,
        }
    }

    /// The line is a unit of its own in the open block.
    fn own_line(&mut self) -> Part {
        self.start = self.line;
        Part::Own
    }

    /// Finishes the open block before this line and begins what the line begins.
    fn begin(&mut self, head: &str, blank: bool, units: &mut Vec<Unit>) -> Part {
        let blank_before = matches!(&self.open, Open::Item(Item { blank: true, .. }))
            || matches!(&self.open, Open::Indented(blanks) if !blanks.is_empty());
        self.settle(self.line, false, units);
        self.gap |= blank_before;
        self.start = self.line;
        self.join = Join::No;
        if blank {
            self.open = Open::Nothing;
            self.gap = true;
            return Part::Nowhere;
        }
        let starter = line::starter(head);
        if !matches!(starter, Some(Starter::Item { .. })) {
            self.list = None;
        }
        let (open, part) = match starter {
            Some(Starter::Fence(fence)) => {
                self.emit(self.line..self.line + head.len(), Kind::Opening, units);
                (Open::Fence(fence), Part::Nowhere)
            }
            Some(Starter::Heading) => {
                self.gap = true;
                (Open::Line, Part::Block)
            }
            Some(Starter::Rule) => (Open::Line, Part::Block),
            Some(Starter::Quote) => (Open::Quote, Part::Block),
            Some(Starter::Item { marker, number, dedent }) => (self.item(head, marker, number, dedent), Part::Block),
            Some(Starter::Note) => (Open::Item(Item::new(Kind::Blocks, 4, 4, head)), Part::Block),
            Some(Starter::Html(end)) => (Open::Html(end), Part::Own),
            Some(Starter::Math(end)) => (Open::Math { end, began: false }, Part::Own),
            None if line::indent(head) >= 4 => (Open::Indented(Vec::new()), Part::Own),
            None => (Open::Paragraph, Part::Block),
        };
        self.open = open;
        part
    }

    fn item(&mut self, head: &str, marker: char, number: Option<u64>, dedent: usize) -> Open {
        let number = number.map(|number| match self.list {
            Some((last, next)) if last == marker => next,
            _ => number,
        });
        self.list = Some((marker, number.unwrap_or_default().saturating_add(1)));
        let pad = number.map_or(2, |number| number.to_string().len() + 2);
        Open::Item(Item::new(Kind::Item(number), dedent, pad, head))
    }

    /// Cuts the open unit where it becomes too long in the middle of a line that reaches at least to `end`.
    fn cut_inside(&mut self, source: &str, end: usize, units: &mut Vec<Unit>) {
        if self.part == Some(Part::Nowhere) {
            return;
        }
        while end - self.start >= INSIDE {
            let at =
                self.start + line::cut_in(&source[self.start..self.start + line::floor(source, self.start, INSIDE)]);
            let spaced = source[at..].starts_with([' ', '\n']);
            if self.part == Some(Part::Own) {
                self.emit_cut(at, true, units);
                self.join = Join::Direct;
            } else {
                self.settle(at, true, units);
                self.join = if spaced { Join::Space } else { Join::Direct };
            }
            self.start = at;
        }
    }

    fn end_line(&mut self, source: &str, end: usize, units: &mut Vec<Unit>) {
        let part = self.part.take();
        // What was cut off this line may already be forgotten: only the rest of it may be looked at.
        let line_start = self.line.max(self.start);
        self.line = (end + 1).min(source.len());
        match part {
            Some(Part::Own) => {
                self.emit_cut(end, false, units);
                self.join = Join::No;
                let line = &source[line_start..end];
                let is_over = match &mut self.open {
                    Open::Html(html) => html.is_in(line),
                    // The mark that opens math may be the one that ends it: it says nothing on the first line.
                    Open::Math { end, began } => std::mem::replace(began, true) && line.contains(*end),
                    _ => false,
                };
                if is_over {
                    self.open = Open::Nothing;
                }
            }
            Some(Part::Block) => self.end_block_line(source, line_start..end, units),
            Some(Part::Nowhere) | None => {}
        }
    }

    fn end_block_line(&mut self, source: &str, line: Range<usize>, units: &mut Vec<Unit>) {
        let next = self.line;
        let size = next - self.start;
        let mut joined = false;
        match &mut self.open {
            Open::Line => {
                self.settle(next, false, units);
                self.open = Open::Nothing;
            }
            Open::Paragraph if size >= PARAGRAPH => {
                joined = super::inline::is_joined(&source[line], self.long);
                self.settle(next, joined, units);
            }
            Open::Item(item) if size >= BLOCK => {
                let rest = item.rest();
                self.settle(next, false, units);
                self.open = rest;
            }
            Open::Quote if size >= BLOCK => self.settle(next, false, units),
            Open::Table if size >= BLOCK => {
                self.settle(next, false, units);
                self.open = Open::Rows;
            }
            _ => return,
        }
        self.start = next;
        self.join = if joined { Join::Space } else { Join::No };
    }

    /// How much of the source is in finished units and not needed again.
    pub(super) fn settled(&self) -> usize {
        match &self.open {
            Open::Indented(blanks) if !blanks.is_empty() => blanks[0].start,
            Open::Paragraph | Open::Line | Open::Quote | Open::Item(_) | Open::Table => self.start,
            _ if self.part == Some(Part::Own) => self.start,
            _ => self.line,
        }
    }

    /// Forgets this many bytes at the beginning of the source, which must be settled.
    pub(super) fn forget(&mut self, bytes: usize) {
        self.start = self.start.saturating_sub(bytes);
        self.line = self.line.saturating_sub(bytes);
        self.scanned -= bytes;
        if let Open::Indented(blanks) = &mut self.open {
            for range in blanks {
                *range = range.start - bytes..range.end - bytes;
            }
        }
    }

    /// The same for a source of which only this many bytes are as they were; its last, unfinished line may be another.
    pub(super) fn clipped(mut self, same: usize) -> Self {
        self.scanned = self.scanned.min(same);
        self
    }

    /// Whether fenced code goes on.
    pub(super) const fn is_fenced(&self) -> bool {
        matches!(self.open, Open::Fence(_))
    }

    /// Whether the end of the source stands in code, HTML or math, where nothing is marked up, or in the rows of a long
    /// table, of which an unfinished one must not be taken for the header of another.
    pub(super) fn is_verbatim(&self, source: &str) -> bool {
        match &self.open {
            // Not judged yet, but indented code whatever comes.
            Open::Nothing | Open::Line => self.part.is_none() && line::indent(&source[self.line..]) >= 4,
            Open::Fence(_) | Open::Indented(_) | Open::Html(_) | Open::Math { .. } | Open::Rows => true,
            Open::Item(item) => item.fence.is_some(),
            _ => false,
        }
    }

    /// Finishes the open unit at `end`, if it has any text. What stays open after a cut is set up to go on.
    fn settle(&mut self, end: usize, cut: bool, units: &mut Vec<Unit>) {
        let kind = match &self.open {
            Open::Paragraph | Open::Line | Open::Quote => Kind::Blocks,
            Open::Table => Kind::Table,
            Open::Item(item) => item.kind.clone(),
            Open::Nothing | Open::Rows | Open::Fence(_) | Open::Indented(_) | Open::Html(_) | Open::Math { .. } => {
                return;
            }
        };
        if end <= self.start {
            return;
        }
        self.emit_unit(self.start..end, kind, cut, units);
        if cut {
            match &self.open {
                Open::Item(item) => self.open = item.rest(),
                Open::Quote | Open::Table => self.open = Open::Paragraph,
                _ => {}
            }
        }
    }

    /// Finishes a line, or a piece of it, that is a unit of its own.
    fn emit_cut(&mut self, end: usize, cut: bool, units: &mut Vec<Unit>) {
        let kind = match &self.open {
            Open::Fence(fence) => Kind::Code(fence.indent),
            Open::Indented(_) => Kind::Code(4),
            Open::Rows => Kind::Row,
            Open::Math { .. } => Kind::Math,
            _ => Kind::Raw,
        };
        self.emit_unit(self.start..end, kind, cut, units);
    }

    fn emit(&mut self, range: Range<usize>, kind: Kind, units: &mut Vec<Unit>) {
        self.emit_unit(range, kind, false, units);
    }

    fn emit_unit(&mut self, range: Range<usize>, kind: Kind, cut: bool, units: &mut Vec<Unit>) {
        let gap = std::mem::take(&mut self.gap) && std::mem::replace(&mut self.began, true);
        self.began = true;
        units.push(Unit { range, kind, gap, join: self.join, cut });
    }
}

impl Item {
    fn new(kind: Kind, dedent: usize, pad: usize, head: &str) -> Self {
        let fence = Fence::opened_in(line::after_markers(head));
        Self { kind, dedent, pad, fence, blank: false }
    }

    /// Whether a line goes on with the item.
    fn continued(&mut self, head: &str, blank: bool, starts: bool) -> bool {
        if blank {
            self.blank = true;
            return true;
        }
        if line::indent(head) >= self.dedent {
            match &self.fence {
                Some(fence) if fence.is_closed_by(head.trim_start()) => self.fence = None,
                Some(_) => {}
                None => self.fence = Fence::opened_in(line::after_markers(head)),
            }
            self.blank = false;
            return true;
        }
        // Lazy continuation: a paragraph goes on without its indentation.
        !self.blank && !starts && self.fence.is_none()
    }

    /// The same item after a cut.
    fn rest(&self) -> Open {
        let rest = Rest { dedent: self.dedent, pad: self.pad, fence: self.fence };
        Open::Item(Self { kind: Kind::Rest(rest), ..self.clone() })
    }
}
