//! Math between `\(` and `\)`, or `\[` and `\]`: shown as it was written.
//!
//! To Markdown a backslash before a bracket only takes its meaning away, so the bracket would stand alone and the
//! underscores and stars between the two would become emphasis. `$…$` needs no help: the parser knows it.

use std::ops::Range;

use pulldown_cmark::{Event, Options, Parser, Tag};

/// The text with every sign in such math escaped, so that all of it is shown; `None` if it has none.
pub(super) fn protected(text: &str, options: Options) -> Option<String> {
    if !(text.contains("\\(") && text.contains("\\)") || text.contains("\\[") && text.contains("\\]")) {
        return None;
    }
    let regions = regions(text, options);
    let mut shown = String::with_capacity(text.len() + 64);
    let mut from = 0;
    for region in &regions {
        shown.push_str(&text[from..region.start]);
        escape(&text[region.clone()], &mut shown);
        from = region.end;
    }
    shown.push_str(&text[from..]);
    (!regions.is_empty()).then_some(shown)
}

/// Where math stands: from a bracket that the parser saw as escaped to its counterpart in the same block.
fn regions(text: &str, options: Options) -> Vec<Range<usize>> {
    let bytes = text.as_bytes();
    let mut open: Option<(usize, u8)> = None;
    let mut regions = Vec::new();
    for (event, range) in Parser::new_ext(text, options).into_offset_iter() {
        match event {
            Event::Text(_) => {
                let escaped = range.start.checked_sub(1).filter(|at| bytes[*at] == b'\\');
                let (Some(backslash), Some(bracket)) = (escaped, bytes.get(range.start)) else { continue };
                match (open, *bracket) {
                    (Some((start, close)), bracket) if bracket == close => {
                        regions.push(start..range.start + 1);
                        open = None;
                    }
                    (None, b'(') => open = Some((backslash, b')')),
                    (None, b'[') => open = Some((backslash, b']')),
                    _ => {}
                }
            }
            Event::Start(
                Tag::Paragraph
                | Tag::Heading { .. }
                | Tag::Item
                | Tag::TableCell
                | Tag::BlockQuote(_)
                | Tag::CodeBlock(_)
                | Tag::FootnoteDefinition(_),
            ) => open = None,
            _ => {}
        }
    }
    regions
}

/// Escapes all signs but the marks of quotes at the beginning of a line.
fn escape(math: &str, shown: &mut String) {
    for (at, line) in math.split_inclusive('\n').enumerate() {
        let marks = if at == 0 { 0 } else { line.len() - line.trim_start_matches([' ', '\t', '>']).len() };
        shown.push_str(&line[..marks]);
        for c in line[marks..].chars() {
            if c.is_ascii_punctuation() {
                shown.push('\\');
            }
            shown.push(c);
        }
    }
}
