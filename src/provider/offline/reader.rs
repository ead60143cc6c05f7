//! Reads a text line by line into a [`Document`]: Markdown, wrapped and unwrapped prose, tables, mail, programs.

use std::collections::BTreeSet;

use super::code;
use super::document::{Block, Document, Kind, Section};
use super::paragraph::{self, Line};
use super::source::Source;
use super::table;

/// Reads one source, a few thousand lines at a time, so that nobody waits for a long one.
pub(super) struct Reader<'a> {
    lines: std::iter::Enumerate<std::str::Lines<'a>>,
    document: Document,
    pending: Vec<Line<'a>>,
    /// The fence that closes the code block we are in.
    fence: Option<&'a str>,
    code: bool,
    front: bool,
    signature: bool,
    /// Blocks that announce what follows, with their indents: those of outer lists below.
    leads: Vec<(usize, usize)>,
}

impl<'a> Reader<'a> {
    /// A reader at the beginning of the source.
    pub(super) fn new(source: &'a Source) -> Self {
        let code = code::is_code(&source.name, &source.text);
        let front = source.text.starts_with("---\n");
        let lines = source.text.lines().enumerate();
        Self {
            lines,
            document: Document::of(source),
            pending: Vec::new(),
            fence: None,
            code,
            front,
            signature: false,
            leads: Vec::new(),
        }
    }

    /// Reads on for so many lines; true when the end is reached.
    pub(super) fn read(&mut self, lines: usize) -> bool {
        for _ in 0..lines {
            let Some((number, line)) = self.lines.next() else { return true };
            self.document.lines = number + 1;
            if self.code {
                self.code_line(number + 1, line);
            } else {
                self.line(number + 1, line);
            }
        }
        false
    }

    /// The document, once everything is read.
    pub(super) fn finish(mut self) -> Document {
        self.flush();
        demote_lone_headings(&mut self.document);
        self.document
    }

    fn line(&mut self, number: usize, raw: &'a str) {
        let line = raw.trim();
        if self.front {
            self.front = number == 1 || line != "---";
            return;
        }
        if let Some(fence) = self.fence {
            if line.starts_with(fence) && line.chars().all(|c| fence.starts_with(c)) {
                self.fence = None;
            }
            return;
        }
        if let Some(fence) = fence_of(line) {
            self.flush();
            self.fence = Some(fence);
            return;
        }
        let quoted = line.starts_with('>');
        let line = line.trim_start_matches(['>', ' ']).trim_start_matches('\u{feff}');
        if line.is_empty() || is_furniture(line) {
            self.signature = false;
            self.flush();
            return;
        }
        if line == "--" || self.signature {
            // What stands under two dashes in a mail is its sender's card.
            self.flush();
            self.signature = true;
            return;
        }
        if let Some((level, heading)) = atx(line) {
            self.flush();
            self.heading(level, heading, number);
            return;
        }
        if is_rule(line) {
            self.rule(line);
            return;
        }
        let indent = if quoted { 0 } else { raw.len() - raw.trim_start().len() };
        let item = paragraph::item(line);
        let capitals = indent == 0 && self.pending.is_empty() && is_shouted(line);
        if item.is_some() {
            self.flush();
        } else if self
            .pending
            .first()
            .is_some_and(|first| first.item && indent == 0 && !line.starts_with(char::is_lowercase))
            && self.pending.last().is_some_and(|last| last.text.len() < 50)
        {
            // An unindented line after a short item begins something new.
            self.flush();
        }
        self.pending.push(Line { number, text: item.unwrap_or(line), indent, item: item.is_some() });
        if capitals {
            // A man page's section: capitals in the first column, its text indented below.
            self.flush();
        }
    }

    fn code_line(&mut self, number: usize, raw: &'a str) {
        if let Some(definition) = code::definition(raw) {
            self.document.definitions.push((number, definition.to_owned()));
        }
        match code::comment(raw) {
            Some(text) if !text.is_empty() => {
                self.pending.push(Line { number, text, indent: 0, item: false });
            }
            _ => self.flush(),
        }
    }

    /// A line of dashes or equals signs: it underlines a heading, or it separates.
    fn rule(&mut self, line: &str) {
        let underlines = line.starts_with(['=', '-', '~']) && self.pending.len() == 1;
        if let (true, Some(last)) = (underlines && !self.pending[0].item, self.pending.pop()) {
            let level = if line.starts_with('=') { 1 } else { 2 };
            self.heading(level, last.text, last.number);
        } else {
            self.flush();
        }
    }

    fn heading(&mut self, level: usize, text: &str, line: usize) {
        let text = text.trim().trim_end_matches('#').trim().trim_matches(['*', '_']).trim().to_owned();
        self.leads.clear();
        self.document.sections.push(Section { heading: text.clone(), level });
        self.push(Kind::Heading, text, vec![(0, line)], None);
    }

    fn push(&mut self, kind: Kind, text: String, marks: Vec<(usize, usize)>, lead: Option<usize>) {
        let section = self.document.sections.len() - 1;
        self.document.blocks.push(Block { kind, text, marks, section, lead });
    }

    fn flush(&mut self) {
        let lines = std::mem::take(&mut self.pending);
        let Some(first) = lines.first() else { return };
        if self.code {
            let (text, marks) = paragraph::joined(&lines);
            self.push(Kind::Comment, text, marks, None);
            return;
        }
        if first.item {
            let (text, marks) = paragraph::joined(&lines);
            // An item belongs to what announces it from further left; a paragraph announces from anywhere.
            while self.leads.pop_if(|(_, indent)| *indent > first.indent).is_some() {}
            let announces = text.ends_with([':', '：']);
            let lead = self.leads.last().map(|(block, _)| *block);
            self.push(Kind::Item, text, marks, lead);
            if announces {
                self.leads.push((self.document.blocks.len() - 1, first.indent + 1));
            }
            return;
        }
        if let Some(table) = table::read(&lines, self.document.sections.len() - 1) {
            self.document.tables.push(table);
            return;
        }
        if paragraph::is_mail_header(&lines) {
            if let Some(subject) = paragraph::subject(&lines) {
                self.heading(1, subject.text, subject.number);
            }
            return;
        }
        for piece in paragraph::pieces(&lines) {
            self.paragraph(piece);
        }
    }

    fn paragraph(&mut self, lines: &[Line<'a>]) {
        let (text, marks) = paragraph::joined(lines);
        if let [only] = lines
            && paragraph::is_heading(only.text)
        {
            self.heading(if is_shouted(only.text) { 2 } else { 3 }, only.text, only.number);
            return;
        }
        if paragraph::is_greeting(&text) {
            self.push(Kind::Fragment, text, marks, None);
            return;
        }
        let announces = text.ends_with([':', '：']);
        self.push(Kind::Paragraph, text, marks, None);
        self.leads.clear();
        if announces {
            self.leads.push((self.document.blocks.len() - 1, 0));
        }
    }
}

/// A guessed heading with nothing under it was none: a menu line, a caption, or all there is.
fn demote_lone_headings(document: &mut Document) {
    let tables: BTreeSet<usize> = document.tables.iter().map(|table| table.section).collect();
    for at in 0..document.blocks.len() {
        let section = document.blocks[at].section;
        let guessed = document.sections[section].level == 3;
        let followed = document.blocks.get(at + 1).is_some_and(|next| next.kind != Kind::Heading);
        if document.blocks[at].kind == Kind::Heading && guessed && !followed && !tables.contains(&section) {
            let deeper = document.blocks.get(at + 1).is_some_and(|next| document.sections[next.section].level > 3);
            if !deeper {
                document.blocks[at].kind = Kind::Fragment;
                document.sections[section].heading.clear();
            }
        }
    }
}

/// The marks that open a fenced block of code.
fn fence_of(line: &str) -> Option<&str> {
    let mark = line.chars().next().filter(|c| matches!(c, '`' | '~'))?;
    let run = line.len() - line.trim_start_matches(mark).len();
    (run >= 3 && !(mark == '`' && line[run..].contains('`'))).then(|| &line[..run])
}

fn atx(line: &str) -> Option<(usize, &str)> {
    let level = line.len() - line.trim_start_matches('#').len();
    let rest = line.get(level..)?;
    ((1..=6).contains(&level) && rest.starts_with([' ', '\t']) && !rest.trim().is_empty())
        .then(|| (level.max(1), rest.trim()))
}

fn is_rule(line: &str) -> bool {
    line.len() >= 3
        && line.chars().all(|c| matches!(c, '-' | '=' | '*' | '_' | '~' | '─' | '═' | ' '))
        && !line.contains("  ")
}

/// Badges, tags, link definitions, comments of HTML: nothing a person reads.
fn is_furniture(line: &str) -> bool {
    if line.starts_with("[![") || line.starts_with("![") || line.starts_with("<!--") || line == "[TOC]" {
        return true;
    }
    if line.starts_with('[') && line.contains("]: ") {
        return true;
    }
    if line.starts_with('<') && line.ends_with('>') {
        let mut inside = false;
        let text = line.chars().filter(|&c| {
            inside = (inside || c == '<') && c != '>';
            !inside && c != '>'
        });
        return text.filter(|c| c.is_alphanumeric()).count() == 0;
    }
    false
}

/// A short line in capitals.
fn is_shouted(line: &str) -> bool {
    let letters = line.chars().filter(|c| c.is_alphabetic()).count();
    letters >= 3
        && line.len() <= 60
        && line.chars().filter(|c| c.is_alphabetic()).all(char::is_uppercase)
        && line.split_whitespace().count() <= 6
}
