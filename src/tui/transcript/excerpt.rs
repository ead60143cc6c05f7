//! What a person sees as text to copy: without what was only drawn, and with lines that were only wrapped in one piece.
//!
//! A line says nothing of why it ended. So the same text is laid out once more, wide enough that nothing wraps, and
//! the narrow lines are read along the wide ones: a line that goes on where the one before it stopped was wrapped.

use crate::tui::text::rich::{RichLine, RichSpan};
use crate::tui::text::width::{graphemes, width};
use crate::tui::theme::Token;

/// A place in an item: a line, and a column in it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// The line, from 0.
    pub line: usize,
    /// The column, from 0.
    pub column: usize,
}

/// How a line goes on from the one before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Join {
    /// It doesn't: it begins a line.
    No,
    /// After a space, at this byte.
    Space(usize),
    /// In the middle of a word, at this byte.
    Direct(usize),
}

/// How far ahead in the wide lines a line is looked for.
const AHEAD: usize = 200;
/// A line that is shorter than this must be the whole of a wide one to be found there.
const TELLING: usize = 12;

/// The text from one place to another, both inclusive, of an item's `lines`; `wide` is the item laid out so wide that
/// nothing wraps.
pub fn excerpt(lines: &[RichLine], wide: &[RichLine], from: Place, to: Place) -> String {
    let texts: Vec<String> = lines.iter().map(|line| drawn(line).0).collect();
    let wide: Vec<String> = wide.iter().map(|line| drawn(line).0).collect();
    let joins = joins(&texts, &wide);
    let mut out = String::new();
    let last = to.line.min(lines.len().saturating_sub(1));
    for (line, (shown, join)) in lines.iter().zip(joins).enumerate().take(last + 1).skip(from.line) {
        let (text, is_only_drawn) = drawn(shown);
        if is_only_drawn {
            continue;
        }
        let first = if line == from.line { from.column } else { 0 };
        let end = if line == to.line { to.column } else { usize::MAX };
        // What the margin lost is counted still: columns are those of the screen.
        let piece = cut(&text, shown, first, end);
        let is_first = line == from.line;
        match join {
            Join::Space(at) | Join::Direct(at) if !is_first => {
                if matches!(join, Join::Space(_)) {
                    out.push(' ');
                }
                // The whole line, or its beginning: what stands before the text is drawn on every line of it.
                out.push_str(piece.get(at.min(piece.len())..).unwrap_or_default());
            }
            _ => {
                if !is_first {
                    out.push('\n');
                }
                out.push_str(&piece);
            }
        }
        out.truncate(out.trim_end_matches(' ').len());
    }
    out
}

/// A line's text as it is copied, and whether all of it is decoration: the margin of code, its label, a message's number.
fn drawn(line: &RichLine) -> (String, bool) {
    let is_grounded = line.spans.iter().any(|span| span.token == Token::CodeGround);
    let has_code = line.spans.iter().any(|span| span.token == Token::Code);
    if is_grounded && !has_code {
        let label = line.spans.iter().map(|span| span.text.trim()).collect::<String>();
        // A blank line of code is a line; the name of its language isn't.
        return (String::new(), !label.is_empty());
    }
    let mut text = String::new();
    for (at, span) in line.spans.iter().enumerate() {
        let is_last = at + 1 == line.spans.len();
        match span.token {
            Token::CodeGround => {}
            Token::Faint if is_last && is_number(&span.text) => {}
            Token::Faint if is_rule(&span.text) => text.push_str(&"-".repeat(span.text.chars().count().min(40))),
            // A bar stands before the text, never in it.
            Token::Quote if line.spans[..at].iter().all(is_marker) => {
                let mut rest = span.text.as_str();
                while let Some(behind) = rest.strip_prefix(['│', '|']) {
                    text.push_str("> ");
                    rest = behind.trim_start_matches(' ');
                }
                text.push_str(rest);
            }
            Token::Dim if matches!(span.text.trim(), "·" | "•") => {
                text.push_str(&span.text.replace(['·', '•'], "-"));
            }
            _ => text.push_str(&span.text),
        }
    }
    (text.trim_end().to_owned(), false)
}

/// Whether this stands before the text of a line: a list's point or number, a quote's bar, the distance from the margin.
fn is_marker(span: &RichSpan) -> bool {
    span.text.trim().is_empty()
        || span.token == Token::Dim
        || span.token == Token::Quote && span.text.chars().all(|c| matches!(c, '│' | '|' | ' '))
}

fn is_rule(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|c| matches!(c, '─' | '━' | '═'))
}

/// `m12`, as it stands at the end of a heading.
fn is_number(text: &str) -> bool {
    text.strip_prefix('m').is_some_and(|digits| !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit()))
}

/// The part of a line's text that stands in these columns of the screen.
fn cut(text: &str, line: &RichLine, first: usize, end: usize) -> String {
    // Code has a margin that isn't copied: columns count from behind it.
    let margin: usize =
        line.spans.iter().take_while(|span| span.token == Token::CodeGround).map(|span| width(&span.text)).sum();
    let (first, end) = (first.saturating_sub(margin), if end == usize::MAX { end } else { end.saturating_sub(margin) });
    let mut column = 0;
    let mut piece = String::new();
    for cluster in graphemes(text) {
        let cells = width(cluster);
        if column + cells.max(1) > first && column <= end {
            piece.push_str(cluster);
        }
        column += cells;
    }
    piece
}

/// How each line goes on from the one before it.
fn joins(lines: &[String], wide: &[String]) -> Vec<Join> {
    let wide: Vec<String> = wide.iter().map(|line| collapsed(line)).collect();
    let mut joins = Vec::with_capacity(lines.len());
    // The wide line that is being read, and up to where.
    let (mut at, mut read) = (0, 0);
    let mut has_begun = false;
    for line in lines {
        let text = collapsed(line);
        if text.is_empty() {
            joins.push(Join::No);
            continue;
        }
        let rest = if has_begun { &wide[at][read..] } else { "" };
        if let Some((join, taken)) = goes_on(line, &text, rest, read) {
            read += taken;
            joins.push(join);
            continue;
        }
        joins.push(Join::No);
        let start = if has_begun { at + 1 } else { 0 };
        let begins = |wide: &&String| {
            if text.len() < TELLING { **wide == text } else { wide.starts_with(&text) }
        };
        // The very next line may begin with anything: nothing lies between.
        let next = wide.iter().enumerate().skip(start).find(|(_, wide)| !wide.is_empty());
        let found = next.filter(|(_, wide)| wide.starts_with(&text));
        let found = found.or_else(|| wide.iter().enumerate().skip(start).take(AHEAD).find(|(_, wide)| begins(wide)));
        if let Some((found, _)) = found {
            (at, read, has_begun) = (found, text.len(), true);
        }
    }
    joins
}

/// Whether the line continues the rest of a wide one: how, and how many bytes of the rest it takes.
fn goes_on(line: &str, text: &str, rest: &str, read: usize) -> Option<(Join, usize)> {
    let trimmed = rest.trim_start();
    if read == 0 || trimmed.is_empty() {
        return None;
    }
    let gap = rest.len() - trimmed.len();
    // What stands before the text on every line of it: a quote's bar.
    let bare = text.trim_start_matches(['>', ' ']);
    for text in [text, bare] {
        if !text.is_empty() && trimmed.starts_with(text) {
            let first = text.split(' ').next().unwrap_or(text);
            let from = line.find(first).unwrap_or(0);
            let join = if gap > 0 { Join::Space(from) } else { Join::Direct(from) };
            return Some((join, gap + text.len()));
        }
    }
    None
}

/// The text with every stretch of blanks as one, and none at its ends: how far things stand apart depends on the width.
fn collapsed(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::tui::text::markdown::lay_out;

    fn whole(source: &str, columns: u16) -> String {
        let (lines, wide) = (lay_out(source, columns), lay_out(source, 2_000));
        excerpt(&lines, &wide, Place::default(), Place { line: lines.len(), column: 0 })
    }

    fn part(source: &str, columns: u16, from: (usize, usize), to: (usize, usize)) -> String {
        let place = |(line, column)| Place { line, column };
        excerpt(&lay_out(source, columns), &lay_out(source, 2_000), place(from), place(to))
    }

    #[test]
    fn wrapped_lines_are_one_line_again() {
        let text = "The offers differ in what a seat includes, and in who pays for the set-up.\n\nTwo.";
        assert_eq!(whole(text, 20), text);
        assert_eq!(whole("- one long item that is wrapped\n- two", 12), "- one long item that is wrapped\n- two");
        assert_eq!(whole("価格は三つの部分から成る。次の行。", 10), "価格は三つの部分から成る。次の行。");
        let address = format!("See https://example.org/{} for more", "x".repeat(60));
        assert_eq!(whole(&address, 30), address, "a word that was broken is whole again");
    }

    #[test]
    fn code_has_no_margin_and_no_mark_where_it_was_cut() {
        let text = "Run:\n\n```sh\ngrep -c seat offers.md | sort --reverse --numeric\n\n  ls\n```\n\nDone.";
        assert_eq!(whole(text, 24), "Run:\n\ngrep -c seat offers.md | sort --reverse --numeric\n\n  ls\n\nDone.");
    }

    #[test]
    fn quotes_and_rules_are_written_without_boxes() {
        let copied = whole("> a quote that is long enough to be wrapped here\n\n---\n\nend", 20);
        assert_eq!(copied.lines().next(), Some("> a quote that is long enough to be wrapped here"));
        assert!(!copied.contains(['│', '─']) && copied.contains("---"), "{copied}");
        let table = whole("| vendor | per seat |\n|---|--:|\n| Northwind | $31 |", 40);
        assert!(!table.contains('─') && table.contains("Northwind"), "{table}");
    }

    #[test]
    fn a_part_begins_and_ends_between_characters() {
        let text = "The offers differ in what a seat includes.";
        assert_eq!(part(text, 20, (0, 4), (0, 9)), "offers");
        assert_eq!(part(text, 20, (0, 4), (1, 3)), "offers differ in what");
        assert_eq!(part("価格は三つ", 40, (0, 3), (0, 4)), "格は", "half of a wide character is all of it");
        assert_eq!(part("x\n\n```sh\nls -l\n```", 40, (3, 2), (3, 3)), "ls");
    }

    #[test]
    fn a_bar_behind_a_point_is_no_text_either() {
        for text in
            [">\u{200d}\n👧|#\u{200d}-aa>\u{200d}\n- >", "\u{200d}\u{200d}a価#a#|a-\n- >", "- > hi\n- >\n\n1. > > x"]
        {
            for columns in 1..20 {
                assert!(!whole(text, columns).contains('│'), "{text:?} at {columns}");
            }
        }
    }

    proptest! {
        #[test]
        fn a_paragraph_is_copied_as_it_was_whatever_the_width(
            words in prop::collection::vec("[a-z]{1,14}", 1..40),
            columns in 8_u16..60,
        ) {
            let text = words.join(" ");
            prop_assert_eq!(whole(&text, columns), text);
        }

        #[test]
        fn any_text_at_any_places_is_copied_without_failing(
            text in "[a-z>|`# \n価👩‍👧-]{0,120}",
            columns in 1_u16..40,
            places in prop::array::uniform4(0_usize..30),
        ) {
            let [a, b, c, d] = places;
            let copied = part(&text, columns, (a, b), (c, d));
            prop_assert!(!copied.contains('│'));
        }
    }
}
