//! Turns what `pulldown-cmark` reads in one unit into lines.

use std::mem;
use std::ops::Range;

use pulldown_cmark::{CodeBlockKind, Event, HeadingLevel, Options, Parser, Tag, TagEnd};
use ratatui::style::Modifier;

use super::blocks;
use super::code;
use super::inline::{self, Inline};
use super::link;
use super::math;
use super::painter::{Carry, Painter};
use super::table::{Columns, Table};
use crate::tui::text::rich::{Ink, RichLine, RichSpan};
use crate::tui::text::sanitise::one_line;
use crate::tui::text::width;
use crate::tui::text::wrap;
use crate::tui::theme::{Glyph, Glyphs, Token};

/// Paints the blocks of one unit.
pub(super) struct Blocks<'p> {
    painter: &'p mut Painter,
    /// The lists and quotes the text stands in, from the outside.
    containers: Vec<Container>,
    inline: Inline,
    /// The number of the next item per open list; `None` for bullets.
    lists: Vec<Option<u64>>,
    /// The number that the unit's own list begins with, whatever it says.
    number: Option<u64>,
    code: Option<(String, String)>,
    table: Option<Table>,
    /// The columns of the table that this unit's rows belong to.
    columns: Option<Columns>,
    /// Whether nothing stands in the innermost container yet: no blank line comes before its first block.
    fresh: bool,
    carry: Option<Carry>,
    /// How many of the next characters of text are ours.
    drop: usize,
    /// The last line that flowed, and how many of its spans stand before its text.
    flowed: Option<(usize, usize)>,
}

/// A list item, a quote or a footnote.
struct Container {
    /// What stands before its first line, until that is painted.
    first: Option<Vec<RichSpan>>,
    rest: Vec<RichSpan>,
    width: usize,
}

impl<'p> Blocks<'p> {
    pub(super) fn new(painter: &'p mut Painter, number: Option<u64>) -> Self {
        Self {
            painter,
            containers: Vec::new(),
            inline: Inline::new(),
            lists: Vec::new(),
            number,
            code: None,
            table: None,
            columns: None,
            fresh: true,
            carry: None,
            drop: 0,
            flowed: None,
        }
    }

    /// Paints to the right of so many columns.
    pub(super) fn indent(&mut self, columns: usize) {
        if columns > 0 {
            let space = RichSpan::new(" ".repeat(columns), Ink::of(Token::Text));
            self.contain(vec![space.clone()], vec![space]);
        }
    }

    /// Goes on from a line that was cut. The first character of the text is not part of it.
    pub(super) fn go_on(&mut self, carry: Option<Carry>, spaced: bool) {
        self.drop = 1;
        self.carry = carry.map(|mut carry| {
            if spaced {
                carry.spans.push(RichSpan::new(" ", Ink::of(Token::Text)));
            }
            carry
        });
    }

    /// Paints rows only, into these columns.
    pub(super) fn continue_table(&mut self, columns: Columns) {
        self.columns = Some(columns);
    }

    /// Adds the lines of this text.
    pub(super) fn paint(&mut self, text: &str, out: &mut Vec<RichLine>) {
        let options = Options::ENABLE_TABLES
            | Options::ENABLE_FOOTNOTES
            | Options::ENABLE_STRIKETHROUGH
            | Options::ENABLE_TASKLISTS
            | Options::ENABLE_MATH;
        let protected = math::protected(text, options);
        let text = protected.as_deref().unwrap_or(text);
        let shown = with_definitions_shown(text, options);
        let text = shown.as_deref().unwrap_or(text);
        for (event, range) in Parser::new_ext(text, options).into_offset_iter() {
            self.event(event, &range, text, out);
        }
        self.end_flow(out);
        if let Some(carry) = self.carry.take() {
            out.push(RichLine { spans: [carry.prefix, carry.spans].concat() });
        }
    }

    /// Takes the last line back, if text flowed on it, for the unit that goes on from it.
    pub(super) fn carried(mut self, out: &mut Vec<RichLine>) -> Option<Carry> {
        let (line, before) = self.flowed.take()?;
        if line + 1 != out.len() {
            return None;
        }
        let mut prefix = out.pop()?.spans;
        let spans = prefix.split_off(before);
        Some(Carry { prefix, spans, is_code: false })
    }

    fn event(&mut self, event: Event<'_>, range: &Range<usize>, text: &str, out: &mut Vec<RichLine>) {
        self.fresh &= matches!(event, Event::Start(_) | Event::End(_) | Event::Rule);
        match event {
            Event::Start(tag) => self.start(tag, range, text, out),
            Event::End(tag) => self.end(tag, range, text, out),
            Event::Text(words) => self.words(&words),
            Event::Code(words) => self.inline.code(&words),
            Event::InlineMath(words) => self.inline.text(&format!("${words}$")),
            Event::DisplayMath(words) => self.inline.text(&format!("$${words}$$")),
            Event::Html(words) => self.inline.write(&words, self.inline.ink().token(Token::Dim)),
            Event::InlineHtml(words) => self.inline.html(&words),
            Event::FootnoteReference(label) => {
                let mark = link::mark(&one_line(&label), self.painter.glyphs);
                self.inline.write(&mark, self.inline.ink().token(Token::Dim));
            }
            Event::SoftBreak => {
                let from = text[..range.start].rfind('\n').map_or(0, |at| at + 1);
                self.inline.text(if inline::is_joined(&text[from..range.start], false) { " " } else { "\n" });
            }
            Event::HardBreak => self.inline.text("\n"),
            Event::Rule => {
                self.begin_block(range, text, out);
                let inner = self.inner();
                let rule = self.painter.glyphs.of(Glyph::Rule).repeat(inner);
                self.push_line(vec![RichSpan::new(rule, Ink::of(Token::Faint))], out);
            }
            Event::TaskListMarker(done) => self.task(done),
        }
    }

    fn words(&mut self, words: &str) {
        if let Some((_, code)) = &mut self.code {
            code.push_str(words);
            return;
        }
        let mut words = words;
        if self.drop > 0 && !words.is_empty() {
            self.drop = 0;
            words = &words[1..];
        }
        self.inline.text(words);
    }

    fn start(&mut self, tag: Tag<'_>, range: &Range<usize>, text: &str, out: &mut Vec<RichLine>) {
        match tag {
            Tag::Paragraph | Tag::HtmlBlock | Tag::DefinitionListTitle | Tag::DefinitionListDefinition => {
                self.begin_block(range, text, out);
            }
            Tag::Heading { level, .. } => {
                self.begin_block(range, text, out);
                self.inline.write(&format!("{} ", "#".repeat(depth(level))), Ink::of(Token::Faint));
                self.inline.begin_with(Modifier::BOLD);
            }
            Tag::BlockQuote(_) => {
                self.begin_block(range, text, out);
                let bar =
                    vec![RichSpan::new(format!("{} ", self.painter.glyphs.of(Glyph::Quote)), Ink::of(Token::Quote))];
                self.contain(bar.clone(), bar);
                self.inline.begin(self.inline.ink().token(Token::Quote));
                self.fresh = true;
            }
            Tag::CodeBlock(kind) => {
                self.begin_block(range, text, out);
                let language = match kind {
                    CodeBlockKind::Fenced(language) => language.to_string(),
                    CodeBlockKind::Indented => String::new(),
                };
                self.code = Some((language, String::new()));
            }
            Tag::List(number) => {
                self.end_flow(out);
                self.lists.push(number.map(|number| self.number.take().unwrap_or(number)));
            }
            Tag::Item => {
                self.begin_block(range, text, out);
                self.begin_item();
            }
            Tag::FootnoteDefinition(label) => {
                self.begin_block(range, text, out);
                let mark = format!("{} ", link::mark(&one_line(&label), self.painter.glyphs));
                let space = " ".repeat(width::width(&mark).min(4));
                let mark = RichSpan::new(mark, Ink::of(Token::Dim));
                self.contain(vec![mark], vec![RichSpan::new(space, Ink::of(Token::Text))]);
                self.fresh = true;
            }
            Tag::Table(aligns) => {
                self.begin_block(range, text, out);
                self.table = Some(Table::new(aligns));
            }
            Tag::TableHead | Tag::TableRow => {
                if let Some(table) = &mut self.table {
                    table.begin_row(range.start);
                }
            }
            Tag::Emphasis => self.inline.begin_with(Modifier::ITALIC),
            Tag::Strong => self.inline.begin_with(Modifier::BOLD),
            Tag::Strikethrough => {
                self.inline.begin_with(Modifier::CROSSED_OUT);
                self.inline.text("~");
            }
            Tag::Link { link_type, dest_url, title, .. } => self.inline.begin_link(link_type, &dest_url, &title, false),
            Tag::Image { link_type, dest_url, title, .. } => self.inline.begin_link(link_type, &dest_url, &title, true),
            Tag::TableCell | Tag::MetadataBlock(_) | Tag::DefinitionList | Tag::Superscript | Tag::Subscript => {}
        }
    }

    fn end(&mut self, tag: TagEnd, range: &Range<usize>, text: &str, out: &mut Vec<RichLine>) {
        match tag {
            TagEnd::Paragraph | TagEnd::HtmlBlock | TagEnd::DefinitionListTitle | TagEnd::DefinitionListDefinition => {
                self.end_flow(out);
            }
            TagEnd::Heading(_) => {
                self.inline.end();
                self.end_flow(out);
            }
            TagEnd::BlockQuote(_) => {
                self.end_container(out);
                self.inline.end();
            }
            TagEnd::CodeBlock => self.end_code(out),
            TagEnd::List(_) => {
                self.end_flow(out);
                self.lists.pop();
            }
            TagEnd::Item | TagEnd::FootnoteDefinition => self.end_container(out),
            TagEnd::TableCell => {
                if let Some(table) = &mut self.table {
                    let spans = link::adorned(mem::take(&mut self.inline.spans), self.painter.glyphs);
                    table.end_cell(spans, range.end);
                }
            }
            TagEnd::TableHead | TagEnd::TableRow => {
                if let Some(table) = &mut self.table {
                    table.end_row(text, range.end);
                }
            }
            TagEnd::Table => self.end_table(out),
            TagEnd::Emphasis | TagEnd::Strong => self.inline.end(),
            TagEnd::Strikethrough => {
                self.inline.text("~");
                self.inline.end();
            }
            TagEnd::Link | TagEnd::Image => self.inline.end_link(),
            TagEnd::MetadataBlock(_) | TagEnd::DefinitionList | TagEnd::Superscript | TagEnd::Subscript => {}
        }
    }

    fn begin_item(&mut self) {
        let (mark, columns) = match self.lists.last_mut() {
            Some(Some(number)) => {
                let mark = format!("{number}. ");
                *number = number.saturating_add(1);
                let columns = mark.len();
                (mark, columns)
            }
            _ => (format!("{} ", self.painter.glyphs.of(Glyph::Bullet)), 2),
        };
        let first = vec![RichSpan::new(mark, Ink::of(Token::Dim))];
        let rest = vec![RichSpan::new(" ".repeat(columns), Ink::of(Token::Text))];
        self.contain(first, rest);
        self.fresh = true;
    }

    /// Marks the item as a task: its box takes the bullet's place, where there is a bullet and the box is as wide.
    fn task(&mut self, done: bool) {
        let glyphs = self.painter.glyphs;
        let (mark, token) = match (glyphs, done) {
            (Glyphs::Unicode, true) => (glyphs.of(Glyph::Done), Token::Ok),
            (Glyphs::Unicode, false) => (glyphs.of(Glyph::Undone), Token::Dim),
            (Glyphs::Ascii, true) => ("[x]", Token::Dim),
            (Glyphs::Ascii, false) => ("[ ]", Token::Dim),
        };
        let bullet = self.containers.last_mut().and_then(|container| container.first.as_mut());
        match bullet.and_then(|first| first.last_mut()) {
            Some(bullet) if glyphs == Glyphs::Unicode && bullet.text.starts_with(glyphs.of(Glyph::Bullet)) => {
                *bullet = RichSpan::new(format!("{mark} "), Ink::of(token));
            }
            _ => self.inline.write(&format!("{mark} "), self.inline.ink().token(token)),
        }
    }

    /// Goes into a container. Where the screen is too narrow for it, its mark flows with its text.
    fn contain(&mut self, first: Vec<RichSpan>, rest: Vec<RichSpan>) {
        let columns = |spans: &[RichSpan]| spans.iter().map(|span| width::width(&span.text)).sum::<usize>();
        let (own, rest_width) = (columns(&first), columns(&rest));
        if self.inner() < own.max(rest_width) + (self.painter.width / 2).max(2) {
            self.inline.spans.extend(first.into_iter().filter(|span| !span.text.trim().is_empty()));
            self.containers.push(Container { first: None, rest: Vec::new(), width: 0 });
        } else {
            self.containers.push(Container { first: Some(first), rest, width: own.max(rest_width) });
        }
    }

    fn end_container(&mut self, out: &mut Vec<RichLine>) {
        self.end_flow(out);
        // An empty item still shows its mark.
        if let Some(Container { first: Some(_), .. }) = self.containers.last() {
            self.push_line(Vec::new(), out);
        }
        self.containers.pop();
        self.fresh = false;
    }

    fn end_code(&mut self, out: &mut Vec<RichLine>) {
        let Some((language, text)) = self.code.take() else { return };
        let (inner, broad, glyphs) = (self.inner(), self.broad(), self.painter.glyphs);
        let text = crate::tui::text::sanitise::sanitise(&text).into_owned();
        for label in code::label(inner, &language) {
            self.push_line(label.spans, out);
        }
        let first = out.len();
        for line in text.lines() {
            for (margin, line) in code::lines(broad, glyphs, line, None) {
                let line = code::grounded(RichLine { spans: [margin, line].concat() }, inner);
                self.push_line(line.spans, out);
            }
        }
        self.painter.code.add(&blocks::language(&language), &text, first..out.len());
    }

    fn end_table(&mut self, out: &mut Vec<RichLine>) {
        let Some(table) = self.table.take() else { return };
        let (broad, glyphs) = (self.broad(), self.painter.glyphs);
        let mut lines = Vec::new();
        let columns = if let Some(mut columns) = self.columns.take() {
            table.paint_rows(&mut columns, &mut lines);
            columns
        } else {
            table.paint(broad, glyphs, &mut lines)
        };
        for line in lines {
            self.push_line(line.spans, out);
        }
        self.painter.columns = Some(columns);
    }

    /// The columns that are left inside the containers.
    fn inner(&self) -> usize {
        self.painter.width.saturating_sub(self.taken()).max(1)
    }

    /// The columns for what doesn't flow.
    fn broad(&self) -> usize {
        self.painter.broad.saturating_sub(self.taken()).max(1)
    }

    fn taken(&self) -> usize {
        self.containers.iter().map(|container| container.width).sum()
    }

    /// Ends what flows before a new block, and leaves a blank line where the source has one.
    fn begin_block(&mut self, range: &Range<usize>, text: &str, out: &mut Vec<RichLine>) {
        if !self.inline.spans.is_empty() && !self.fresh {
            self.end_flow(out);
        }
        let fresh = mem::take(&mut self.fresh);
        let before = &text[..range.start];
        let space = &before[before.trim_end_matches(|c: char| c.is_whitespace() || c == '>').len()..];
        if !fresh && space.matches('\n').count() >= 2 {
            let mut prefix = self.rest_prefix();
            while prefix.last().is_some_and(|span| span.text.trim().is_empty()) {
                prefix.pop();
            }
            out.push(RichLine { spans: prefix });
        }
    }

    /// Wraps the text that was gathered.
    fn end_flow(&mut self, out: &mut Vec<RichLine>) {
        let spans = mem::take(&mut self.inline.spans);
        self.fresh = false;
        if spans.is_empty() {
            return;
        }
        let mut spans = link::adorned(spans, self.painter.glyphs);
        let inner = self.inner();
        let mut carried = None;
        if let Some(carry) = self.carry.take() {
            spans.splice(0..0, carry.spans);
            carried = Some(carry.prefix);
        }
        for line in wrap::wrap_spans(&spans, inner) {
            let prefix = match carried.take() {
                Some(prefix) => {
                    self.take_first();
                    prefix
                }
                None => self.prefix(),
            };
            self.flowed = Some((out.len(), prefix.len()));
            out.push(RichLine { spans: [prefix, line.spans].concat() });
        }
    }

    fn push_line(&mut self, spans: Vec<RichSpan>, out: &mut Vec<RichLine>) {
        self.fresh = false;
        let prefix = self.prefix();
        out.push(RichLine { spans: [prefix, spans].concat() });
    }

    /// What stands before the next line.
    fn prefix(&mut self) -> Vec<RichSpan> {
        let mut spans = Vec::new();
        for container in &mut self.containers {
            match container.first.take() {
                Some(first) => {
                    let used: usize = first.iter().map(|span| width::width(&span.text)).sum();
                    spans.extend(first);
                    if used < container.width {
                        spans.push(RichSpan::new(" ".repeat(container.width - used), Ink::of(Token::Text)));
                    }
                }
                None => spans.extend(container.rest.iter().cloned()),
            }
        }
        spans
    }

    fn rest_prefix(&self) -> Vec<RichSpan> {
        self.containers.iter().flat_map(|container| container.rest.iter().cloned()).collect()
    }

    fn take_first(&mut self) {
        for container in &mut self.containers {
            container.first = None;
        }
    }
}

fn depth(level: HeadingLevel) -> usize {
    level as usize
}

/// The text with a backslash before every link definition, so that it is shown; `None` if it has none.
fn with_definitions_shown(text: &str, options: Options) -> Option<String> {
    if !text.contains("]:") {
        return None;
    }
    let mut shown = text.to_owned();
    // A definition that says the same label again comes to light when the first one is shown.
    for _ in 0..4 {
        let mut starts: Vec<usize> =
            Parser::new_ext(&shown, options).reference_definitions().iter().map(|(_, def)| def.span.start).collect();
        if starts.is_empty() {
            break;
        }
        starts.sort_unstable();
        for start in starts.into_iter().rev() {
            if let Some(bracket) = shown[start..].find('[') {
                shown.insert(start + bracket, '\\');
            }
        }
    }
    Some(shown)
}
