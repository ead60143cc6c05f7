//! Text that is selected in one pane's transcript, by dragging or by keys.
//!
//! A selection belongs to one pane and one width: it never reaches over a border, and is gone when lines move.

use std::ops::Range;

use super::scroll::{Heights as _, Scroll, Slice};
use super::{App, Layer, Pane, PaneArea, Pending};
use crate::engine::id::ConversationId;
use crate::engine::settings::PaneName;
use crate::tui::key::{Code, Key};
use crate::tui::text::matches::Needle;
use crate::tui::text::rich::RichLine;
use crate::tui::transcript::Transcript;
use crate::tui::transcript::excerpt::{Place, excerpt};
use crate::tui::transcript::message;

/// A place in a transcript.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Spot {
    /// The message, or what streams after the last one.
    pub item: u32,
    /// The place in it.
    pub place: Place,
}

/// What is selected.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Selection {
    /// The pane.
    pub pane: PaneName,
    /// Where it began.
    pub anchor: Spot,
    /// Where it ends, and moves.
    pub head: Spot,
    /// Whether whole lines are meant.
    pub by_lines: bool,
    conversation: ConversationId,
    columns: u16,
}

/// What is selected of one message, as it is drawn.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Part {
    /// The message's position.
    pub(super) item: u32,
    /// What stands before it in the message.
    pub(super) before: String,
    /// What is selected.
    pub(super) text: String,
}

impl Selection {
    /// From its first character to its last.
    fn ends(&self) -> (Spot, Spot) {
        let (mut from, mut to) = (self.anchor.min(self.head), self.anchor.max(self.head));
        if self.by_lines {
            from.place.column = 0;
            to.place.column = usize::MAX;
        }
        (from, to)
    }
}

impl App {
    /// The columns of a line that are selected.
    pub fn selected_columns(&self, pane: &Pane, columns: u16, item: u32, line: usize) -> Option<Range<usize>> {
        let selection = self.selection.as_ref()?;
        let is_here =
            selection.pane == pane.name && selection.conversation == pane.conversation && selection.columns == columns;
        let (from, to) = selection.ends();
        if !is_here || (item, line) < (from.item, from.place.line) || (item, line) > (to.item, to.place.line) {
            return None;
        }
        let first = if (item, line) == (from.item, from.place.line) { from.place.column } else { 0 };
        let end = if (item, line) == (to.item, to.place.line) { to.place.column.saturating_add(1) } else { usize::MAX };
        Some(first..end)
    }

    /// The place under a cell of the screen; the nearest one, if the cell lies outside of the transcript.
    pub(super) fn spot_at(&self, area: &PaneArea, column: u16, row: u16) -> Option<Spot> {
        let pane = self.pane(&area.pane)?;
        let room = area.transcript;
        let mut left = usize::from(row.clamp(room.y, room.bottom().saturating_sub(1)) - room.y);
        let column = usize::from(column.clamp(room.x, room.right().saturating_sub(1)) - room.x);
        let view = self.in_view(pane, area);
        for slice in &view {
            if left < slice.lines {
                return Some(Spot { item: slice.item, place: Place { line: slice.from + left, column } });
            }
            left -= slice.lines;
        }
        let last = view.last()?;
        Some(Spot {
            item: last.item,
            place: Place { line: last.from + last.lines - 1, column: usize::from(room.width) },
        })
    }

    /// Selects from one place to another in a pane.
    pub(super) fn select_text(&mut self, area: &PaneArea, anchor: Spot, head: Spot) {
        let Some(pane) = self.pane(&area.pane) else { return };
        let (conversation, columns) = (pane.conversation, area.transcript.width);
        let pane = area.pane.clone();
        self.selection = Some(Selection { pane, anchor, head, by_lines: false, conversation, columns });
    }

    /// Begins to select by keys, at the selected message's text.
    pub(super) fn begin_selecting(&mut self) {
        let name = self.focused.clone();
        let Some((pane, area)) = self.pane(&name).zip(self.pane_area(&name)) else { return };
        let view = self.in_view(pane, &area);
        let own = view.iter().find(|slice| slice.item == pane.selected).or(view.first());
        let Some(slice) = own.copied() else { return };
        // The first line of a message is its heading.
        let line = if slice.from == 0 && slice.lines > 1 { 1 } else { slice.from };
        let begin = Spot { item: slice.item, place: Place { line, column: 0 } };
        let spot = self.hit_in(pane, &area, slice).unwrap_or(begin);
        self.layer = Layer::Read;
        self.select_text(&area, spot, spot);
        self.pending = Pending::Select;
    }

    /// The first place in a slice that holds what was looked for.
    fn hit_in(&self, pane: &Pane, area: &PaneArea, slice: Slice) -> Option<Spot> {
        let needle = Needle::new(&pane.found.as_ref()?.query);
        let transcript = self.transcript(pane, area.transcript.width)?;
        let mut found = None;
        transcript.each(&[slice], |shown| {
            let text = shown.line.text();
            // A heading holds no words of the message.
            let hit = needle.ranges(&text).into_iter().next().filter(|_| shown.number > 0 && found.is_none());
            if let Some(before) = hit.and_then(|hit| text.get(..hit.start)) {
                let column = crate::tui::text::width::width(before);
                found = Some(Spot { item: shown.item, place: Place { line: shown.number, column } });
            }
        });
        found
    }

    /// Takes a key while text is selected by keys.
    pub(super) fn select_key(&mut self, key: Key) {
        let Some(selection) = self.selection.clone() else { return };
        let rows = self.pane_area(&selection.pane).map_or(10, |area| usize::from(area.transcript.height));
        match key.code {
            Code::Esc => self.selection = None,
            Code::Char('c') if key.ctrl => self.selection = None,
            Code::Char('y') | Code::Enter => self.copy_selection(),
            Code::Char('B') => self.brief_from_here(),
            _ => {
                self.pending = Pending::Select;
                let head = match key.code {
                    Code::Char('o') => {
                        if let Some(selection) = &mut self.selection {
                            std::mem::swap(&mut selection.anchor, &mut selection.head);
                        }
                        return;
                    }
                    Code::Char('V') => {
                        if let Some(selection) = &mut self.selection {
                            selection.by_lines = !selection.by_lines;
                        }
                        return;
                    }
                    _ => self.moved(&selection, key, rows),
                };
                if let Some(head) = head {
                    if let Some(selection) = &mut self.selection {
                        selection.head = head;
                    }
                    self.bring_into_view(&selection.pane, head);
                }
            }
        }
    }

    /// Where a key moves the selection's end.
    fn moved(&self, selection: &Selection, key: Key, rows: usize) -> Option<Spot> {
        let pane = self.pane(&selection.pane)?;
        let transcript = self.transcript(pane, selection.columns)?;
        let Spot { item, place: Place { line, column } } = selection.head;
        let text =
            |item: u32, line: usize| line_at(&transcript, item, line).map(|line| line.text()).unwrap_or_default();
        let width = |item, line| crate::tui::text::width::width(text(item, line).trim_end());
        let at = |item: u32, line: usize, column: usize| Some(Spot { item, place: Place { line, column } });
        let down = |lines: usize| Some(step(&transcript, (item, line), lines, true));
        let up = |lines: usize| Some(step(&transcript, (item, line), lines, false));
        let last = width(item, line).saturating_sub(1);
        let here = column.min(last);
        let half = (rows / 2).max(1);
        match key.code {
            Code::Left | Code::Char('h') => at(item, line, here.saturating_sub(1)),
            Code::Right | Code::Char('l') => at(item, line, (here + 1).min(last)),
            Code::Home | Code::Char('0') => at(item, line, 0),
            Code::End | Code::Char('$') => at(item, line, last),
            Code::Char('d') => down(half).and_then(|(item, line)| at(item, line, column)),
            Code::Char('u') => up(half).and_then(|(item, line)| at(item, line, column)),
            Code::PageDown => down(rows).and_then(|(item, line)| at(item, line, column)),
            Code::PageUp => up(rows).and_then(|(item, line)| at(item, line, column)),
            Code::Down | Code::Char('j') => down(1).and_then(|(item, line)| at(item, line, column)),
            Code::Up | Code::Char('k') => up(1).and_then(|(item, line)| at(item, line, column)),
            Code::Char('w') => match next_word(&text(item, line), here) {
                Some(column) => at(item, line, column),
                None => down(1).filter(|to| *to != (item, line)).and_then(|(item, line)| at(item, line, 0)),
            },
            Code::Char('b') => match last_word(&text(item, line), here) {
                Some(column) => at(item, line, column),
                None => up(1)
                    .filter(|to| *to != (item, line))
                    .and_then(|(item, line)| at(item, line, width(item, line).saturating_sub(1))),
            },
            Code::Char('J') => at((item + 1).min(transcript.end().saturating_sub(1)), 0, 0),
            Code::Char('K') => at(item.saturating_sub(u32::from(line == 0)).max(transcript.first()), 0, 0),
            Code::Char('g') => at(transcript.first(), 0, 0),
            Code::Char('G') => {
                let item = transcript.end().checked_sub(1)?;
                let line = transcript.height(item).saturating_sub(1);
                at(item, line, width(item, line))
            }
            _ => None,
        }
    }

    /// Scrolls as little as it takes to see a place.
    pub(super) fn bring_into_view(&mut self, name: &str, spot: Spot) {
        let Some((pane, area)) = self.pane(name).zip(self.pane_area(name)) else { return };
        let Some(transcript) = self.transcript(pane, area.transcript.width) else { return };
        let view = self.in_view(pane, &area);
        let (Some(first), Some(last)) = (view.first(), view.last()) else { return };
        let to = (spot.item, spot.place.line);
        let rows = usize::from(area.transcript.height);
        let scroll = Scroll::At { position: spot.item, line: spot.place.line };
        let scroll = if to < (first.item, first.from) {
            scroll
        } else if to >= (last.item, last.from + last.lines) {
            scroll.up(&transcript, rows, rows.saturating_sub(1))
        } else {
            return;
        };
        let end = super::transcript::end_of(&transcript);
        self.set_scroll(name, scroll, end);
    }

    /// Copies what is selected, as the text it was before it was wrapped.
    pub(super) fn copy_selection(&mut self) {
        let Some(selection) = self.selection.clone() else { return };
        let Some(text) = self.selected_text(&selection) else { return };
        if text.trim().is_empty() {
            self.tell(&selection.pane, "Only blanks are selected: nothing was copied.");
            return;
        }
        let lines = text.lines().count();
        let what = if lines == 1 { "the selected text".to_owned() } else { format!("{lines} selected lines") };
        self.copy(&selection.pane, &text, &what);
    }

    fn selected_text(&self, selection: &Selection) -> Option<String> {
        let pane = self.pane(&selection.pane).filter(|pane| pane.conversation == selection.conversation)?;
        let transcript = self.transcript(pane, selection.columns)?;
        let (from, to) = selection.ends();
        let mut texts: Vec<String> = Vec::new();
        for item in from.item.max(transcript.first())..=to.item.min(transcript.end().saturating_sub(1)) {
            let lines = lines_of(&transcript, item);
            let first = if item == from.item { from.place } else { Place::default() };
            let end = Place { line: lines.len(), column: usize::MAX };
            let end = if item == to.item { to.place } else { end };
            let text = excerpt(&lines, &unwrapped(&transcript, item, &lines), first, end);
            // Between two messages one blank line is enough.
            texts.push(if item == to.item { text } else { format!("{}\n", text.trim_end()) });
        }
        Some(texts.join("\n"))
    }

    /// The selected text of each message, without its heading.
    pub(super) fn selected_parts(&self, selection: &Selection) -> Vec<Part> {
        let pane = self.pane(&selection.pane).filter(|pane| pane.conversation == selection.conversation);
        let Some(transcript) = pane.and_then(|pane| self.transcript(pane, selection.columns)) else {
            return Vec::new();
        };
        let (from, to) = selection.ends();
        let begin = Place { line: 1, column: 0 };
        let mut parts = Vec::new();
        for item in from.item.max(transcript.first())..=to.item.min(transcript.end().saturating_sub(1)) {
            let lines = lines_of(&transcript, item);
            let wide = unwrapped(&transcript, item, &lines);
            let first = if item == from.item { from.place.max(begin) } else { begin };
            let end = Place { line: lines.len(), column: usize::MAX };
            let end = if item == to.item { to.place } else { end };
            if end < first {
                continue;
            }
            let before = match first.column.checked_sub(1) {
                Some(column) => excerpt(&lines, &wide, begin, Place { column, ..first }),
                None if first.line > 1 => {
                    excerpt(&lines, &wide, begin, Place { line: first.line - 1, column: usize::MAX })
                }
                None => String::new(),
            };
            parts.push(Part { item, before, text: excerpt(&lines, &wide, first, end) });
        }
        parts
    }

    /// An item's text without Markdown's marks, as it reads on the screen.
    pub(super) fn plain_text(&self, pane: &Pane, item: u32) -> Option<String> {
        // Any width will do: what it wraps is joined again.
        let transcript = self.transcript(pane, 120)?;
        let lines = lines_of(&transcript, item);
        let message = transcript.conversation.message(item);
        let round = message.and_then(|message| transcript.briefs.round(message, self.glyphs)).unwrap_or_default();
        let from = Place { line: 1 + round.above.len(), column: 0 };
        let to = match round.below.len() {
            0 => Place { line: lines.len(), column: usize::MAX },
            // What is told of a brief is no part of the message.
            below => Place { line: lines.len().saturating_sub(below + 1), column: 0 },
        };
        let text = excerpt(&lines, &unwrapped(&transcript, item, &lines), from, to);
        Some(text.trim_end().to_owned())
    }
}

/// All lines of an item.
pub(super) fn lines_of(transcript: &Transcript<'_>, item: u32) -> Vec<RichLine> {
    let mut lines = Vec::new();
    let whole = Slice { item, from: 0, lines: transcript.height(item) };
    transcript.each(&[whole], |shown| lines.push(shown.line.clone()));
    lines
}

fn line_at(transcript: &Transcript<'_>, item: u32, line: usize) -> Option<RichLine> {
    let mut found = None;
    transcript.each(&[Slice { item, from: line, lines: 1 }], |shown| found = Some(shown.line.clone()));
    found
}

/// The item so wide that nothing wraps.
fn unwrapped(transcript: &Transcript<'_>, item: u32, narrow: &[RichLine]) -> Vec<RichLine> {
    let conversation = transcript.conversation;
    if let Some(message) = conversation.message(item) {
        let round = transcript.briefs.round(message, transcript.setting.glyphs);
        let columns = wide(&message.text());
        return message::lines(message, columns, false, round.as_ref(), &transcript.setting).lines;
    }
    match &conversation.live {
        Some(live) if item >= conversation.total() => {
            let live = live.text.borrow();
            let text = live.source();
            let mut lines: Vec<RichLine> = narrow.first().cloned().into_iter().collect();
            let glyphs = transcript.setting.glyphs;
            lines.extend(crate::tui::text::markdown::lay_out_with(text, wide(text), glyphs));
            lines
        }
        _ => narrow.to_vec(),
    }
}

/// A width at which no paragraph of this text wraps, and no more: lines of code are drawn to their full width.
fn wide(text: &str) -> u16 {
    let (mut longest, mut block) = (0, 0);
    for line in text.lines() {
        // A tab takes up to four columns.
        block = if line.trim().is_empty() { 0 } else { block + line.len() + 4 * line.matches('\t').count() + 1 };
        longest = longest.max(block);
    }
    (longest + 80).clamp(200, 16_000) as u16
}

/// The line that lies so many lines further down or up; the last or first loaded one, if there are fewer.
fn step(transcript: &Transcript<'_>, from: (u32, usize), lines: usize, down: bool) -> (u32, usize) {
    let (mut item, mut line) = from;
    for _ in 0..lines {
        if down {
            if line + 1 < transcript.height(item) {
                line += 1;
            } else if item + 1 < transcript.end() {
                (item, line) = (item + 1, 0);
            }
        } else if line > 0 {
            line -= 1;
        } else if item > transcript.first() {
            item -= 1;
            line = transcript.height(item).saturating_sub(1);
        }
    }
    (item, line)
}

/// The columns at which words begin.
fn words(text: &str) -> Vec<usize> {
    let mut begins = Vec::new();
    let (mut column, mut was_blank) = (0, true);
    for cluster in crate::tui::text::width::graphemes(text) {
        let is_blank = cluster.chars().all(char::is_whitespace);
        if was_blank && !is_blank {
            begins.push(column);
        }
        was_blank = is_blank;
        column += crate::tui::text::width::width(cluster);
    }
    begins
}

fn next_word(text: &str, column: usize) -> Option<usize> {
    words(text).into_iter().find(|begin| *begin > column)
}

fn last_word(text: &str, column: usize) -> Option<usize> {
    words(text).into_iter().rev().find(|begin| *begin < column)
}
