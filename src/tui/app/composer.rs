//! Where a person writes: a text area whose cursor stands between graphemes, never inside one.
//!
//! The buffer, its undo and its yank are the text area's; where the cursor may stand and how lines wrap is decided
//! here, because both depend on graphemes as the terminal draws them.

use std::ops::Range;

use ratatui_textarea::{CursorMove, DataCursor, TextArea};
use unicode_segmentation::UnicodeSegmentation;

use super::action::Edit;
use super::draft::{After, Draft, meant_by, spelled_out, words};
use crate::engine::message::Attachment;
use crate::tui::text::sanitise::one_line;
use crate::tui::text::width::width;

/// A line that is longer than this wraps by characters only: nobody reads words in it.
const TAB: &str = "    ";

/// The text that is being written, with what goes along.
#[derive(Debug, Clone)]
pub struct Composer {
    area: TextArea<'static>,
    /// What goes along with the text.
    pub attachments: Vec<Attachment>,
    /// What went along until it was taken off.
    taken_off: Vec<Attachment>,
    /// Where the text branches off.
    pub after: Option<After>,
    /// Beginnings of names that Tab was to complete.
    tried: Vec<String>,
    /// Whether the text is only an offer: what is written first takes its place, Enter sends it, an edit keeps it.
    is_offered: bool,
}

impl Default for Composer {
    fn default() -> Self {
        Self::of(Draft::default())
    }
}

/// A piece of a line that stands in one row of the screen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ComposerRow {
    /// The line.
    pub line: usize,
    /// The bytes of the line.
    pub bytes: Range<usize>,
}

impl Composer {
    /// A composer that holds this draft, its cursor at the end.
    pub fn of(draft: Draft) -> Self {
        let mut area = TextArea::default();
        area.set_max_histories(200);
        area.insert_str(clean(&draft.text));
        let Draft { attachments, after, tried, .. } = draft;
        Self { area, attachments, taken_off: Vec::new(), after, tried, is_offered: false }
    }

    /// What is written, as a draft.
    pub fn draft(&self) -> Draft {
        let (attachments, tried) = (self.attachments.clone(), self.tried.clone());
        Draft { text: self.text(), attachments, after: self.after, tried }
    }

    /// Takes everything out.
    pub fn take(&mut self) -> Draft {
        std::mem::take(self).into_draft()
    }

    fn into_draft(self) -> Draft {
        let text = self.area.into_lines().join("\n");
        Draft { text, attachments: self.attachments, after: self.after, tried: self.tried }
    }

    /// The whole text.
    pub fn text(&self) -> String {
        self.area.lines().join("\n")
    }

    /// Whether nothing is written and nothing goes along.
    pub fn is_empty(&self) -> bool {
        self.area.is_empty() && self.attachments.is_empty()
    }

    /// Whether no text is written.
    pub fn is_blank(&self) -> bool {
        self.area.is_empty()
    }

    /// The lines of the text.
    pub fn lines(&self) -> &[String] {
        self.area.lines()
    }

    /// Writes a text that stands only until something else is written; what stands there already stays.
    pub fn offer(&mut self, text: &str) {
        if self.is_blank() {
            self.insert(text);
            self.is_offered = true;
        }
    }

    /// Whether the text is only an offer.
    pub const fn is_offered(&self) -> bool {
        self.is_offered
    }

    /// Takes off what goes along, until [`Composer::put_on`]; returns it, in its order.
    pub fn take_off(&mut self) -> &[Attachment] {
        if !self.attachments.is_empty() {
            self.taken_off = std::mem::take(&mut self.attachments);
            return &self.taken_off;
        }
        &[]
    }

    /// Lets what was taken off last go along again, before what came since. Returns whether anything was.
    pub fn put_on(&mut self) -> bool {
        let since = std::mem::take(&mut self.attachments);
        let had_any = !self.taken_off.is_empty();
        self.attachments = std::mem::take(&mut self.taken_off);
        for attachment in since {
            if !self.attachments.contains(&attachment) {
                self.attachments.push(attachment);
            }
        }
        had_any
    }

    /// Writes text where the cursor is.
    pub fn insert(&mut self, text: &str) {
        if std::mem::take(&mut self.is_offered) {
            let columns = u16::MAX;
            self.edit(Edit::Start, columns);
            while !self.area.is_empty() {
                self.edit(Edit::ToLineEnd, columns);
            }
        }
        self.area.insert_str(clean(text));
        self.snap();
    }

    /// The name of a file, as far as it is spelled between an `@` and the cursor.
    pub fn mention(&self) -> Option<String> {
        let (row, byte) = self.cursor();
        words(&self.area.lines()[row][..byte]).last()?.strip_prefix('@').map(meant_by)
    }

    /// Remembers that what is spelled behind the `@` at the cursor was to be completed; returns it.
    pub fn try_mention(&mut self) -> Option<String> {
        let spelled = self.mention()?;
        // An `@` alone says nothing of what is meant.
        if !spelled.is_empty() && !self.tried.contains(&spelled) {
            self.tried.push(spelled.clone());
        }
        Some(spelled)
    }

    /// Writes the rest of a name where the cursor is. An offer is taken with it.
    pub fn complete(&mut self, rest: &str) {
        self.is_offered = false;
        self.insert(&spelled_out(rest));
    }

    /// Whether the cursor stands right after a backslash at the end of its line.
    pub fn is_after_backslash(&self) -> bool {
        let (row, byte) = self.cursor();
        byte == self.area.lines()[row].len() && self.area.lines()[row].ends_with('\\')
    }

    /// Changes the text, or moves in it. `columns` is the width at which it is shown.
    pub fn edit(&mut self, edit: Edit, columns: u16) {
        // Whoever edits an offer takes it.
        self.is_offered = false;
        let (row, byte) = self.cursor();
        let line = &self.area.lines()[row];
        match edit {
            Edit::Left => self.go(self.before(row, byte)),
            Edit::Right => self.go(self.after_grapheme(row, byte)),
            Edit::Up => self.vertical(columns, -1),
            Edit::Down => self.vertical(columns, 1),
            Edit::WordLeft => self.go(self.word_left(row, byte)),
            Edit::WordRight => self.go(self.word_right(row, byte)),
            Edit::LineStart => self.go((row, 0)),
            Edit::LineEnd => self.go((row, line.len())),
            Edit::Start => self.go((0, 0)),
            Edit::End => {
                let last = self.area.lines().len() - 1;
                self.go((last, self.area.lines()[last].len()));
            }
            Edit::Backspace => self.delete(self.before(row, byte), (row, byte), false),
            Edit::Delete => self.delete((row, byte), self.after_grapheme(row, byte), false),
            Edit::WordBack => self.delete(self.word_left(row, byte), (row, byte), true),
            Edit::WordForward => self.delete((row, byte), self.word_right(row, byte), true),
            Edit::ToLineStart => self.delete((row, 0), (row, byte), true),
            Edit::ToLineEnd if byte == line.len() => self.delete((row, byte), self.after_grapheme(row, byte), true),
            Edit::ToLineEnd => self.delete((row, byte), (row, line.len()), true),
            Edit::Yank => {
                self.area.paste();
                self.snap();
            }
            Edit::Undo => {
                self.area.undo();
                self.snap();
            }
        }
    }

    /// The cursor as line and byte.
    pub fn cursor(&self) -> (usize, usize) {
        let DataCursor(row, column) = self.area.cursor();
        let line = &self.area.lines()[row];
        (row, line.char_indices().nth(column).map_or(line.len(), |(byte, _)| byte))
    }

    /// Puts the cursor at this cell of the rows.
    pub fn point(&mut self, columns: u16, row: usize, column: u16) {
        let rows = self.rows(columns);
        if let Some(row) = rows.get(row.min(rows.len().saturating_sub(1))) {
            self.go((row.line, self.byte_at(row, usize::from(column))));
        }
    }

    /// The text as it stands on the screen. There is always at least one row, and room for the cursor behind it.
    pub fn rows(&self, columns: u16) -> Vec<ComposerRow> {
        let columns = usize::from(columns.max(2));
        let mut rows = Vec::new();
        for (number, line) in self.area.lines().iter().enumerate() {
            wrap(line, columns, |bytes| rows.push(ComposerRow { line: number, bytes }));
        }
        rows
    }

    /// The row and column in which the cursor is drawn.
    pub fn place(&self, rows: &[ComposerRow]) -> (usize, usize) {
        let (line, byte) = self.cursor();
        let is_here = |row: &ComposerRow| row.line == line && row.bytes.start <= byte;
        let at = rows.iter().rposition(is_here).unwrap_or(0);
        let column = rows.get(at).map_or(0, |row| {
            self.area.lines()[line][row.bytes.start..byte]
                .graphemes(true)
                .map(|grapheme| width(shown(grapheme).as_ref()))
                .sum()
        });
        (at, column)
    }

    /// What a row shows.
    pub fn shown(&self, row: &ComposerRow) -> String {
        self.area.lines()[row.line][row.bytes.clone()].graphemes(true).map(shown).collect::<Vec<_>>().concat()
    }

    fn vertical(&mut self, columns: u16, by: isize) {
        let rows = self.rows(columns);
        let (at, column) = self.place(&rows);
        match at.checked_add_signed(by).and_then(|at| rows.get(at)) {
            Some(row) => self.go((row.line, self.byte_at(row, column))),
            None if by < 0 => self.go((0, 0)),
            None => self.edit(Edit::End, columns),
        }
    }

    fn byte_at(&self, row: &ComposerRow, column: usize) -> usize {
        let text = &self.area.lines()[row.line][row.bytes.clone()];
        let mut at = 0;
        let mut last = 0;
        for (byte, grapheme) in text.grapheme_indices(true) {
            last = byte;
            at += width(shown(grapheme).as_ref());
            if at > column {
                return row.bytes.start + byte;
            }
        }
        // The end of a row that wraps is the beginning of the next one: stay on this one.
        let wraps = row.bytes.end < self.area.lines()[row.line].len();
        if wraps { row.bytes.start + last } else { row.bytes.end }
    }

    fn before(&self, row: usize, byte: usize) -> (usize, usize) {
        if byte == 0 {
            let Some(above) = row.checked_sub(1) else { return (0, 0) };
            return (above, self.area.lines()[above].len());
        }
        let start = self.area.lines()[row][..byte].grapheme_indices(true).next_back().map_or(0, |(start, _)| start);
        (row, start)
    }

    fn after_grapheme(&self, row: usize, byte: usize) -> (usize, usize) {
        let line = &self.area.lines()[row];
        if byte == line.len() {
            return if row + 1 < self.area.lines().len() { (row + 1, 0) } else { (row, byte) };
        }
        (row, byte + line[byte..].graphemes(true).next().map_or(0, str::len))
    }

    fn word_left(&self, row: usize, byte: usize) -> (usize, usize) {
        if byte == 0 {
            return self.before(row, byte);
        }
        let words = self.area.lines()[row][..byte].split_word_bound_indices();
        let start = words.rev().find(|(_, word)| is_word(word)).map_or(0, |(start, _)| start);
        (row, start)
    }

    fn word_right(&self, row: usize, byte: usize) -> (usize, usize) {
        let line = &self.area.lines()[row];
        if byte == line.len() {
            return self.after_grapheme(row, byte);
        }
        let mut words = line[byte..].split_word_bound_indices();
        let end = words.find(|(_, word)| is_word(word)).map(|(start, word)| byte + start + word.len());
        (row, end.unwrap_or(line.len()))
    }

    fn delete(&mut self, from: (usize, usize), to: (usize, usize), keep: bool) {
        if from == to {
            return;
        }
        let yank = (!keep).then(|| self.area.yank_text());
        let lines = self.area.lines();
        let chars = if from.0 == to.0 { lines[from.0][from.1..to.1].chars().count() } else { 1 };
        self.go(from);
        self.area.delete_str(chars);
        if let Some(yank) = yank {
            self.area.set_yank_text(yank);
        }
        self.snap();
    }

    fn go(&mut self, (row, byte): (usize, usize)) {
        let column = self.area.lines()[row][..byte].chars().count();
        let cell = |number: usize| u16::try_from(number).unwrap_or(u16::MAX);
        self.area.move_cursor(CursorMove::Jump(cell(row), cell(column)));
    }

    /// Moves the cursor out of a grapheme that a change joined around it.
    fn snap(&mut self) {
        let (row, byte) = self.cursor();
        let line = &self.area.lines()[row];
        let ends = line.grapheme_indices(true).map(|(start, grapheme)| start + grapheme.len());
        let boundary = ends.take_while(|end| *end < byte).last().unwrap_or(0);
        let next = line[boundary..].graphemes(true).next().map_or(0, str::len);
        if byte > boundary && byte != boundary + next {
            self.go((row, boundary + next));
        }
    }
}

/// What readline calls a word: something with a letter or a digit in it.
fn is_word(piece: &str) -> bool {
    piece.chars().any(char::is_alphanumeric)
}

/// What is written here has newlines and tabs, and no other control bytes.
fn clean(text: &str) -> String {
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    text.chars().filter(|char| !char.is_control() || matches!(char, '\n' | '\t')).collect()
}

fn shown(grapheme: &str) -> std::borrow::Cow<'_, str> {
    if grapheme == "\t" { TAB.into() } else { one_line(grapheme) }
}

/// Breaks a line after words where that is possible, inside them where it isn't.
fn wrap(line: &str, columns: usize, mut row: impl FnMut(Range<usize>)) {
    let (mut start, mut used, mut breakable) = (0, 0, None);
    for (byte, grapheme) in line.grapheme_indices(true) {
        let cells = width(shown(grapheme).as_ref());
        // One cell stays free for the cursor behind the last character.
        if used + cells > columns.saturating_sub(1) && byte > start {
            let end = breakable.take().filter(|end| *end > start).unwrap_or(byte);
            row(start..end);
            start = end;
            used = width_of(&line[start..byte]);
        }
        used += cells;
        if grapheme == " " || grapheme == "\t" {
            breakable = Some(byte + grapheme.len());
        }
    }
    row(start..line.len());
}

fn width_of(text: &str) -> usize {
    text.graphemes(true).map(|grapheme| width(shown(grapheme).as_ref())).sum()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn composer(text: &str) -> Composer {
        Composer::of(Draft::of(text))
    }

    fn edited(text: &str, edits: &[Edit]) -> String {
        let mut composer = composer(text);
        for edit in edits {
            composer.edit(*edit, 40);
        }
        composer.insert("|");
        composer.text()
    }

    #[test]
    fn the_cursor_passes_over_whole_graphemes() {
        assert_eq!(edited("a👩‍👩‍👧e\u{301}", &[Edit::Left]), "a👩‍👩‍👧|e\u{301}");
        assert_eq!(edited("a👩‍👩‍👧e\u{301}", &[Edit::Left, Edit::Left]), "a|👩‍👩‍👧e\u{301}");
        assert_eq!(edited("a👩‍👩‍👧", &[Edit::Backspace]), "a|");
        assert_eq!(edited("価格", &[Edit::Start, Edit::Delete]), "|格");
    }

    #[test]
    fn what_is_written_takes_an_offer_s_place_and_an_edit_keeps_it() {
        let offered = || {
            let mut composer = composer("");
            composer.offer("What do these\nagree on?");
            composer
        };
        let mut written = offered();
        written.insert("Why");
        written.insert("?");
        assert_eq!(written.text(), "Why?");
        let mut kept = offered();
        kept.edit(Edit::Backspace, 40);
        kept.insert(", and why?");
        assert_eq!(kept.text(), "What do these\nagree on, and why?");
        let mut full = composer("mine");
        full.offer("theirs");
        full.insert("!");
        assert_eq!(full.text(), "mine!");
    }

    #[test]
    fn lines_join_and_part() {
        assert_eq!(edited("one\ntwo", &[Edit::LineStart, Edit::Backspace]), "one|two");
        assert_eq!(edited("one\ntwo", &[Edit::Up, Edit::ToLineEnd]), "one|two");
        assert_eq!(edited("one two", &[Edit::WordBack]), "one |");
        assert_eq!(edited("one two", &[Edit::WordBack, Edit::Yank]), "one two|");
        assert_eq!(
            edited("one two", &[Edit::WordBack, Edit::Backspace, Edit::Yank]),
            "onetwo|",
            "one letter is no yank"
        );
    }

    #[test]
    fn rows_break_after_words_and_leave_room_for_the_cursor() {
        let composer = composer("one two three\n価格価格価格");
        let rows = composer.rows(8);
        let shown: Vec<String> = rows.iter().map(|row| composer.shown(row)).collect();
        assert_eq!(shown, ["one ", "two ", "three", "価格価", "格価格"]);
        assert_eq!(composer.place(&rows), (4, 6));
    }

    #[test]
    fn what_is_pasted_has_no_control_bytes() {
        assert_eq!(edited("a\x1b[31mb\r\nc\x07", &[]), "a[31mb\nc|");
    }

    proptest! {
        #[test]
        fn any_edits_leave_the_cursor_between_graphemes_and_the_rows_whole(
            text in "[a-c 👩‍👧e\u{301}価\t\n🇩🇪]{0,40}",
            edits in prop::collection::vec(0_usize..18, 0..30),
            columns in 2_u16..20,
        ) {
            let all = [
                Edit::Left, Edit::Right, Edit::Up, Edit::Down, Edit::WordLeft, Edit::WordRight, Edit::LineStart,
                Edit::LineEnd, Edit::Start, Edit::End, Edit::Backspace, Edit::Delete, Edit::WordBack,
                Edit::WordForward, Edit::ToLineEnd, Edit::ToLineStart, Edit::Yank, Edit::Undo,
            ];
            let mut composer = composer(&text);
            for edit in edits {
                composer.edit(all[edit], columns);
                let (row, byte) = composer.cursor();
                let line = &composer.lines()[row];
                let is_boundary = byte == line.len() || line.grapheme_indices(true).any(|(start, _)| start == byte);
                prop_assert!(is_boundary, "{:?} at {}", line, byte);
                let rows = composer.rows(columns);
                let joined: usize = rows.iter().map(|row| row.bytes.len()).sum();
                prop_assert_eq!(joined, composer.lines().iter().map(String::len).sum::<usize>());
                let (at, _) = composer.place(&rows);
                prop_assert!(at < rows.len());
            }
        }
    }
}
