//! A document read back from its Markdown, ours or one that a model or a person has changed.

use super::document::{DOT, Document, GAP, SUMMARY_WORD, TITLE};
use super::entry::{Entry, Past, Verbatim};
use super::section::Section;
use super::sentence::prose;
use super::transcript::Role;
use super::weave::SUMMARY;

impl Document {
    /// Reads a document. Lines under headings it doesn't know are left out; nothing is an error.
    pub fn parse(markdown: &str) -> Self {
        let mut document =
            Self { titled: markdown.starts_with(TITLE.lines().next().unwrap_or_default()), ..Self::default() };
        let mut line_number = 0;
        for (section, body) in sections(markdown) {
            match section {
                Section::Pins => document.pins.extend(verbatims(body)),
                Section::Briefs => document.briefs.extend(verbatims(body)),
                _ => {
                    let mut entries: Vec<Entry> = Vec::new();
                    for line in body.lines() {
                        line_number += 1_000;
                        entries.extend(read_line(section, line, line_number));
                    }
                    document.entries.extend(entries);
                }
            }
        }
        document.order();
        document
    }

    /// Puts the entries into the order of the conversation: by the number in their source, else as they stand.
    fn order(&mut self) {
        let number = |entry: &Entry| {
            let digits = entry.source.rfind(|c: char| !c.is_ascii_digit()).map_or(0, |at| at + 1);
            entry.source.get(digits..).and_then(|digits| digits.parse::<u64>().ok()).unwrap_or(0)
        };
        self.entries.sort_by_key(|entry| (number(entry), entry.seq));
        let mut place = 0;
        for index in 0..self.entries.len() {
            if index > 0 && self.entries[index].source != self.entries[index - 1].source {
                place += 1;
            }
            self.entries[index].at = place;
        }
    }
}

/// The sections of a Markdown text with their bodies, as they stand. A heading inside a fence is text.
pub(crate) fn sections(markdown: &str) -> Vec<(Section, &str)> {
    let mut found: Vec<(Section, &str)> = Vec::new();
    let mut open: Option<(Section, usize)> = None;
    let mut fence = Fence::default();
    let mut at = 0;
    for line in markdown.split_inclusive('\n') {
        let start = at;
        at += line.len();
        let bare = line.trim_end();
        if fence.holds(bare) || !bare.starts_with('#') {
            continue;
        }
        if let Some((section, begin)) = open.take() {
            found.push((section, &markdown[begin..start]));
        }
        open = Section::titled(bare.trim_start_matches('#')).map(|section| (section, at));
    }
    if let Some((section, begin)) = open {
        found.push((section, &markdown[begin..]));
    }
    found
}

/// The fence of back-ticks that is open, if one is.
#[derive(Default)]
struct Fence(Option<usize>);

impl Fence {
    /// Whether this line, without the space behind it, is inside of a fence or is one.
    fn holds(&mut self, line: &str) -> bool {
        let ticks = line.bytes().take_while(|byte| *byte == b'`').count();
        match self.0 {
            Some(open) => {
                if ticks >= open && ticks == line.len() {
                    self.0 = None;
                }
                true
            }
            // A fence may name its language when it opens.
            None if ticks >= 3 && !line[ticks..].contains('`') => {
                self.0 = Some(ticks);
                true
            }
            None => false,
        }
    }
}

/// The fence that a text which breaks off leaves open.
pub(crate) fn open_fence(markdown: &str) -> Option<String> {
    let mut fence = Fence::default();
    for line in markdown.lines() {
        fence.holds(line.trim_end());
    }
    fence.0.map(|ticks| "`".repeat(ticks))
}

/// `- [m12 ai] text (was …)`: the label, the speaker and the rest.
fn labelled(line: &str) -> Option<(&str, Role, &str)> {
    let rest = line.trim_start().strip_prefix("- ")?.strip_prefix('[')?;
    let (label, rest) = rest.split_once(']')?;
    let (source, role) = match label.rsplit_once(' ') {
        None if label == SUMMARY_WORD => (SUMMARY, Role::Model),
        Some((source, "ai")) => (source, Role::Model),
        Some((source, "system")) => (source, Role::System),
        _ => (label, Role::Person),
    };
    (!source.is_empty()).then_some((source, role, rest.strip_prefix(' ').unwrap_or(rest)))
}

fn read_line(section: Section, line: &str, seq: usize) -> Vec<Entry> {
    if line.trim().is_empty() {
        return Vec::new();
    }
    let Some((source, role, rest)) = labelled(line) else {
        // A line that someone else wrote: kept as it is, without a source it could be checked against.
        let text = line.trim().trim_start_matches(['-', '*', ' ']);
        return if text.is_empty() {
            Vec::new()
        } else {
            vec![Entry::new(section, text, "-", Role::Model, 0).numbered(seq)]
        };
    };
    let (rest, was) = split_history(rest);
    let superseded = rest.strip_prefix("superseded by [").and_then(|rest| rest.split_once("]: "));
    let (by, text) = superseded.map_or((None, rest), |(by, text)| (Some(by.to_owned()), text));
    let mut entry = Entry::new(section, text, source, role, 0).numbered(seq);
    entry.was = was;
    entry.superseded_by = by;
    if entry.is_phrase() && text.contains(DOT) {
        return text.split(DOT).map(|phrase| Entry::new(section, phrase, source, role, 0).numbered(seq)).collect();
    }
    if entry.text.is_empty() {
        return Vec::new();
    }
    if !shared_line(&entry) {
        return vec![entry];
    }
    let mut seq = seq;
    let mut entries = Vec::new();
    for piece in entry.text.split(GAP) {
        for sentence in prose(piece) {
            entries.push(Entry::new(section, sentence.text, source, role, 0).numbered(seq));
            seq += 1;
        }
        seq += 1;
    }
    entries
}

/// Whether several sentences of the person may stand on this entry's line.
fn shared_line(entry: &Entry) -> bool {
    matches!(entry.section, Section::Facts | Section::Words) && entry.was.is_empty() && entry.superseded_by.is_none()
}

fn split_history(text: &str) -> (&str, Vec<Past>) {
    let Some((before, history)) = text.strip_suffix("])").and_then(|text| text.rsplit_once(" (was ")) else {
        return (text, Vec::new());
    };
    let past = |piece: &str| {
        let (value, source) = piece.trim_end_matches(']').rsplit_once(" [")?;
        Some(Past { value: value.to_owned(), source: source.to_owned() })
    };
    match history.split("]; ").map(past).collect::<Option<Vec<Past>>>() {
        Some(was) => (before, was),
        None => (text, Vec::new()),
    }
}

/// The texts of a section that is carried byte for byte.
fn verbatims(body: &str) -> Vec<Verbatim> {
    let mut found = Vec::new();
    let mut lines = body.split_inclusive('\n').scan(0, |at, line| {
        let start = *at;
        *at += line.len();
        Some((start, line))
    });
    while let Some((_, line)) = lines.next() {
        let line = line.strip_suffix('\n').unwrap_or(line);
        let Some((source, _, rest)) = labelled(line) else { continue };
        let source = source.to_owned();
        if !rest.is_empty() {
            found.push(Verbatim { text: rest.to_owned(), source });
            continue;
        }
        let Some((start, opening)) = lines.next() else { break };
        let fence = opening.trim_end();
        if fence.len() < 3 || fence.bytes().any(|byte| byte != b'`') {
            continue;
        }
        let begin = start + opening.len();
        for (start, line) in lines.by_ref() {
            if line.trim_end() == fence {
                let text = body.get(begin..start.saturating_sub(1)).unwrap_or_default();
                found.push(Verbatim { text: text.to_owned(), source });
                break;
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_document_reads_back_as_it_was_written() {
        let mut current = Entry::new(Section::Facts, "The lease is 45 s now.", "m9", Role::Person, 2).numbered(4);
        current.was.push(Past { value: "30 s".to_owned(), source: "m2".to_owned() });
        let mut stale = Entry::new(Section::Facts, "The lease is 30 s.", "m2", Role::Person, 0).numbered(2);
        stale.superseded_by = Some("m9".to_owned());
        let document = Document {
            pins: vec![
                Verbatim { text: "keep\n## Rules\n```x```\n".to_owned(), source: "m1".to_owned() },
                Verbatim { text: "- [m4] odd".to_owned(), source: "m4".to_owned() },
            ],
            entries: vec![
                stale,
                Entry::new(Section::Rules, "Never do X.", "m5", Role::Person, 0).numbered(3),
                Entry::new(Section::Facts, "Roscioli", "m8", Role::Model, 1).numbered(3),
                Entry::new(Section::Facts, "45 euros", "m8", Role::Model, 1).numbered(3),
                current,
            ],
            titled: true,
            ..Document::default()
        };
        let markdown = document.to_markdown();
        let read = Document::parse(&markdown);
        assert_eq!(read.to_markdown(), markdown);
        assert_eq!(read.pins, document.pins);
        assert_eq!(read.entries.len(), 5);
    }

    #[test]
    fn code_in_a_document_hides_no_section() {
        let markdown = "## Facts\n```rust\n## Rules\n```\n## Open questions\n- who pays\n";
        let found: Vec<Section> = sections(markdown).into_iter().map(|(section, _)| section).collect();
        assert_eq!(found, [Section::Facts, Section::Open]);
        assert_eq!(open_fence(markdown), None);
        assert_eq!(open_fence("## Facts\n````\n```\n").as_deref(), Some("````"));
    }

    #[test]
    fn somebody_elses_lines_are_kept() {
        let read = Document::parse("# Notes\n\n## Decisions\n* Use Caddy\n\n## Poem\nroses\n");
        assert_eq!(read.entries.len(), 1);
        assert_eq!((read.entries[0].section, read.entries[0].text.as_str()), (Section::Decisions, "Use Caddy"));
    }
}
