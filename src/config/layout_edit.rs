//! Writes a layout into the text of a `workspace.yaml` that a person wrote: one section changes, every other byte stays.
//!
//! A library that keeps comments would be a second reader of YAML, far larger than this. Sections at the top of the
//! file are found by their key in the first column, and what came out is read again: a text that then says anything
//! else than was meant, or something else anywhere else, is never handed out.

use std::fmt::Write as _;

use super::error::ConfigError;
use super::layout::{Layout, Share};
use super::source::Source;
use super::workspace::WorkspaceFile;

/// A change of the file, as it is shown before it is made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LayoutChange {
    /// What the file says now.
    pub before: String,
    /// What it would say.
    pub after: String,
    /// The lines that change, with two around them: ` ` stays, `-` goes, `+` comes.
    pub diff: Vec<(char, String)>,
}

/// Why the file can't be changed.
#[derive(Debug, thiserror::Error)]
pub enum EditError {
    /// What it says can't be read.
    #[error("{}", .0.headline())]
    Wrong(#[from] ConfigError),
    /// It is written in a way that would have to change elsewhere too.
    #[error("workspace.yaml is written in a way that can't be edited line by line. Write this into it: {0}")]
    Unusual(String),
    /// There is nothing to change.
    #[error("workspace.yaml says this already.")]
    Same,
}

/// The file with this layout as its own, or under this name among its `layouts`.
pub fn change(source: &Source, name: Option<&str>, layout: &Layout) -> Result<LayoutChange, EditError> {
    let was = WorkspaceFile::parse(source)?;
    let mut meant = was.clone();
    let written = match name {
        None => {
            meant.layout = layout.clone();
            let lines: Vec<&str> = source.text.split_inclusive('\n').collect();
            replaced(&lines, "layout", 0, &entry("layout", layout, 0), panes_at(&lines))
        }
        Some(name) => {
            match meant.layouts.iter_mut().find(|(known, _)| known == name) {
                Some((_, known)) => *known = layout.clone(),
                None => meant.layouts.push((name.to_owned(), layout.clone())),
            }
            named(&source.text, name, layout, &meant.layouts)
        }
    };
    let is_meant = WorkspaceFile::parse(&Source::new(&source.file, written.as_str())).is_ok_and(|now| now == meant);
    if !is_meant {
        let line = match name {
            None => format!("layout: {}", flow(layout, None)),
            Some(name) => format!("layouts: {{{name}: {}}}", flow(layout, None)),
        };
        return Err(EditError::Unusual(line));
    }
    if written == source.text {
        return Err(EditError::Same);
    }
    let diff = diff(&source.text, &written);
    Ok(LayoutChange { before: source.text.clone(), after: written, diff })
}

/// The text with this layout among the named ones.
fn named(text: &str, name: &str, layout: &Layout, all: &[(String, Layout)]) -> String {
    let lines: Vec<&str> = text.split_inclusive('\n').collect();
    let section = place(&lines, "layouts", 0);
    let is_block = |(first, _): &(usize, usize)| {
        let rest = lines[*first].split_once(':').map_or("", |(_, rest)| rest.trim());
        rest.is_empty() || rest.starts_with('#')
    };
    if let Some((first, last)) = section.filter(is_block) {
        // Only the one entry changes; the others stay as a person wrote them.
        let inner = &lines[first + 1..last];
        let says = |line: &&&str| !line.trim().is_empty() && !line.trim_start().starts_with('#');
        let indent = inner.iter().find(says).map_or(2, |line| indent(line));
        let mut before = lines[..=first].concat();
        if !before.ends_with('\n') {
            before.push_str(end_of_line(&lines));
        }
        let changed = replaced(inner, name, indent, &entry(name, layout, indent), inner.len());
        return [before, changed, lines[last..].concat()].concat();
    }
    let mut body = vec!["layouts:".to_owned()];
    body.extend(all.iter().flat_map(|(name, layout)| entry(name, layout, 2)));
    replaced(&lines, "layouts", 0, &body, panes_at(&lines))
}

/// Where what is missing goes: before the panes.
fn panes_at(lines: &[&str]) -> usize {
    place(lines, "panes", 0).map_or(lines.len(), |(first, _)| first)
}

/// The lines of a key's value, from the key to before the next key of the same depth.
fn place(lines: &[&str], key: &str, depth: usize) -> Option<(usize, usize)> {
    let begins = |line: &&str| {
        let rest = line.get(depth..).unwrap_or_default();
        let bare = rest.strip_prefix(['"', '\'']).unwrap_or(rest);
        let after = bare.strip_prefix(key).map(|after| after.trim_start_matches(['"', '\'']));
        // At the top a quoted key is too unusual to be edited.
        let is_plain = depth > 0 || bare.len() == rest.len();
        indent(line) == depth && is_plain && after.is_some_and(|after| after.starts_with(':'))
    };
    let first = lines.iter().position(begins)?;
    let is_inside =
        |line: &str| line.trim().is_empty() || indent(line) > depth || depth == 0 && line.starts_with(['-', '}', ']']);
    let after = lines[first + 1..].iter().position(|line| !is_inside(line));
    let mut last = after.map_or(lines.len(), |after| first + 1 + after);
    // Blank lines before the next section are its own.
    while last > first + 1 && lines[last - 1].trim().is_empty() {
        last -= 1;
    }
    Some((first, last))
}

fn indent(line: &str) -> usize {
    line.len() - line.trim_start_matches(' ').len()
}

fn end_of_line(lines: &[&str]) -> &'static str {
    if lines.iter().any(|line| line.ends_with("\r\n")) { "\r\n" } else { "\n" }
}

/// The text of these lines with this body, whose first line holds the key, instead of the value under `key`; where
/// there is none, at line `missing_at`. Comments inside of the old value are kept at the new one's beginning.
fn replaced(lines: &[&str], key: &str, depth: usize, body: &[String], missing_at: usize) -> String {
    let end = end_of_line(lines);
    let found = place(lines, key, depth);
    let (first, last) = found.unwrap_or((missing_at, missing_at));
    let mut written: String = lines[..first].concat();
    if !written.is_empty() && !written.ends_with('\n') {
        written.push_str(end);
    }
    let comments = lines[first..last].iter().enumerate().filter_map(|(at, line)| Some((at, comment(line)?)));
    let (beside, below): (Vec<_>, Vec<_>) = comments.partition(|(at, _)| *at == 0);
    for (at, line) in body.iter().enumerate() {
        written.push_str(line);
        if let (0, Some((_, beside))) = (at, beside.first()) {
            // A comment beside the key stays beside it.
            written.push(' ');
            written.push_str(beside);
        }
        written.push_str(end);
        if at == 0 {
            for (_, comment) in &below {
                written.push_str(&" ".repeat(depth + 2));
                written.push_str(comment);
                written.push_str(end);
            }
        }
    }
    if found.is_none() && depth == 0 && last < lines.len() {
        written.push_str(end);
    }
    written.push_str(&lines[last..].concat());
    written
}

/// The comment of a line in a section that holds nothing but names and numbers.
fn comment(line: &str) -> Option<&str> {
    let at = line.find('#').filter(|at| *at == 0 || line[..*at].ends_with([' ', '\t']))?;
    Some(line[at..].trim_end())
}

/// A key and its layout as lines, indented.
fn entry(key: &str, layout: &Layout, depth: usize) -> Vec<String> {
    let pad = " ".repeat(depth);
    let key = plain(key);
    match layout {
        Layout::Pane(_) => vec![format!("{pad}{key}: {}", flow(layout, None))],
        Layout::Split { axis, parts } => {
            let mut lines = vec![format!("{pad}{key}:"), format!("{pad}  {}:", axis.key())];
            lines.extend(parts.iter().map(|part| format!("{pad}    - {}", share(part))));
            lines
        }
    }
}

fn share(part: &Share) -> String {
    match &part.layout {
        Layout::Pane(pane) if part.weight == 1 => plain(pane),
        layout => flow(layout, (part.weight != 1).then_some(part.weight)),
    }
}

/// A layout on one line.
fn flow(layout: &Layout, weight: Option<u16>) -> String {
    let mut told = match layout {
        Layout::Pane(pane) => format!("{{pane: {}", plain(pane)),
        Layout::Split { axis, parts } => {
            let parts: Vec<String> = parts.iter().map(share).collect();
            format!("{{{}: [{}]", axis.key(), parts.join(", "))
        }
    };
    if let Some(weight) = weight {
        // Writing to a String can't fail.
        let _ = write!(told, ", weight: {weight}");
    }
    told.push('}');
    told
}

/// A name as YAML reads it back as text.
fn plain(name: &str) -> String {
    let is_word = name.chars().next().is_some_and(char::is_alphabetic)
        && !["true", "false", "null", "yes", "no", "on", "off", "y", "n"].contains(&name.to_lowercase().as_str());
    if is_word { name.to_owned() } else { format!("\"{name}\"") }
}

/// The lines that differ, with two lines before and after them.
fn diff(before: &str, after: &str) -> Vec<(char, String)> {
    const AROUND: usize = 2;
    let (old, new): (Vec<&str>, Vec<&str>) = (before.lines().collect(), after.lines().collect());
    let same = old.iter().zip(&new).take_while(|(old, new)| old == new).count();
    let rest = old[same..].iter().rev().zip(new[same..].iter().rev()).take_while(|(old, new)| old == new).count();
    let mut lines = Vec::new();
    let mut add = |mark: char, part: &[&str]| lines.extend(part.iter().map(|line| (mark, (*line).to_owned())));
    add(' ', &old[same.saturating_sub(AROUND)..same]);
    add('-', &old[same..old.len() - rest]);
    add('+', &new[same..new.len() - rest]);
    let tail = &old[old.len() - rest..];
    add(' ', &tail[..tail.len().min(AROUND)]);
    lines
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::layout::Axis;

    const FILE: &str = "# Mine.\nversion: 1\ntitle: Study   # working title\n\nlayout:   # three at once\n  # the \
                        middle one is wide\n  columns: [research, {pane: drafting, weight: 2}]  # for now\n\n# The \
                        panes.\npanes:\n  research: {locality: open}\n  drafting:\n    role: |\n      layout: no\n";

    fn side_by_side(panes: &[(&str, u16)]) -> Layout {
        let part = |(pane, weight): &(&str, u16)| Share { weight: *weight, layout: Layout::Pane((*pane).to_owned()) };
        Layout::Split { axis: Axis::Columns, parts: panes.iter().map(part).collect() }
    }

    fn source(text: &str) -> Source {
        Source::new("workspace.yaml", text)
    }

    #[test]
    fn one_section_changes_and_every_comment_stays() {
        let change = change(&source(FILE), None, &side_by_side(&[("drafting", 60), ("research", 40)])).unwrap();
        let expected = FILE.replace(
            "  columns: [research, {pane: drafting, weight: 2}]  # for now\n",
            "  # for now\n  columns:\n    - {pane: drafting, weight: 60}\n    - {pane: research, weight: 40}\n",
        );
        let expected = expected.replace("layout:   # three", "layout: # three");
        assert_eq!(change.after, expected);
        assert_eq!(change.diff.iter().filter(|(mark, _)| *mark == '-').count(), 3);
        assert!(change.diff.contains(&('+', "    - {pane: drafting, weight: 60}".to_owned())));
    }

    #[test]
    fn a_layout_gets_a_name_and_the_named_ones_stay() {
        let wide = side_by_side(&[("research", 1), ("drafting", 1)]);
        let first = change(&source(FILE), Some("wide"), &wide).unwrap();
        let wide_lines = "layouts:\n  wide:\n    columns:\n      - research\n      - drafting\n";
        assert!(first.after.contains(&format!("{wide_lines}\npanes:\n")), "{}", first.after);
        let second = change(&source(&first.after), Some("alone"), &Layout::Pane("drafting".into())).unwrap();
        assert!(second.after.contains(&format!("{wide_lines}  alone: {{pane: drafting}}\n")), "{}", second.after);
        let again = change(&source(&second.after), Some("wide"), &Layout::Pane("research".into())).unwrap();
        let names: Vec<String> =
            WorkspaceFile::parse(&source(&again.after)).unwrap().layouts.into_iter().map(|(name, _)| name).collect();
        assert_eq!(names, ["wide", "alone"]);
        assert!(matches!(
            change(&source(&again.after), Some("wide"), &Layout::Pane("research".into())),
            Err(EditError::Same)
        ));
    }

    #[test]
    fn of_the_named_layouts_only_the_one_that_is_saved_is_written_anew() {
        let layouts = "layouts:  # mine\n    one: {columns: [drafting, research]}   # as it was\n    # below\n    \
                       two:\n      rows: [research, drafting]\n\n";
        let text = FILE.replace("# The panes.", &format!("{layouts}# The panes."));
        let changed = change(&source(&text), Some("two"), &Layout::Pane("research".into())).unwrap().after;
        assert_eq!(changed, text.replace("two:\n      rows: [research, drafting]", "two: {pane: research}"));
        let added = change(&source(&text), Some("three"), &Layout::Pane("research".into())).unwrap().after;
        let last = "      rows: [research, drafting]\n";
        assert_eq!(added, text.replace(last, &format!("{last}    three: {{pane: research}}\n")));
        let flow = FILE.replace("# The panes.", "layouts: {one: {pane: research}}  # mine\n# The panes.");
        let changed = change(&source(&flow), Some("two"), &Layout::Pane("drafting".into())).unwrap().after;
        assert!(
            changed.contains("layouts: # mine\n  one: {pane: research}\n  two: {pane: drafting}\n# The"),
            "{changed}"
        );
    }

    #[test]
    fn line_ends_and_a_missing_last_one_are_kept() {
        let text = FILE.replace('\n', "\r\n");
        let changed = change(&source(&text), None, &Layout::Pane("research".into())).unwrap().after;
        assert!(!changed.replace("\r\n", "").contains('\n'), "{changed:?}");
        let text = "version: 1\npanes: {a: {}, b: {}}\nlayout: {columns: [a, b]}";
        let changed = change(&source(text), None, &Layout::Pane("b".into())).unwrap().after;
        assert_eq!(changed, "version: 1\npanes: {a: {}, b: {}}\nlayout: {pane: b}\n");
    }

    #[test]
    fn a_file_that_is_written_otherwise_is_left_alone() {
        for text in [
            "{version: 1, panes: {a: {}, b: {}}, layout: {columns: [a, b]}}",
            "version: 1\n\"layout\": {columns: [a, b]}\npanes: {a: {}, b: {}}\n",
        ] {
            let refused = change(&source(text), None, &Layout::Pane("b".into())).unwrap_err().to_string();
            assert!(refused.ends_with("Write this into it: layout: {pane: b}"), "{refused}");
        }
        let wrong = change(&source("version: 1\npanes: 3\n"), None, &Layout::Pane("b".into())).unwrap_err();
        assert!(matches!(wrong, EditError::Wrong(_)));
    }

    #[test]
    fn nested_splits_and_names_that_look_like_numbers_are_read_back() {
        let text = "version: 1\npanes: {\"1\": {}, \"true\": {}, c: {}}\n";
        let rows = Layout::Split {
            axis: Axis::Rows,
            parts: vec![
                Share { weight: 3, layout: Layout::Pane("1".into()) },
                Share { weight: 2, layout: side_by_side(&[("true", 1), ("c", 4)]) },
            ],
        };
        let changed = change(&source(text), None, &rows).unwrap().after;
        assert_eq!(WorkspaceFile::parse(&source(&changed)).unwrap().layout, rows, "{changed}");
    }
}
