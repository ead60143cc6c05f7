//! Tables in a text: Markdown, separated values, columns aligned by blanks.

use super::paragraph::Line;

/// A table as it stands in the text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Table {
    /// The line of its header.
    pub(super) line: usize,
    /// The section it stands in.
    pub(super) section: usize,
    /// Its header, or its first row if it has none.
    pub(super) header: Vec<String>,
    /// Its rows with their lines.
    pub(super) rows: Vec<(usize, Vec<String>)>,
}

/// Reads lines as a table, if that is what they are.
pub(super) fn read(lines: &[Line<'_>], section: usize) -> Option<Table> {
    let first = lines.first()?;
    if lines.len() < 2 || lines.iter().any(|line| line.item) {
        return None;
    }
    let rows = ruled(lines).or_else(|| separated(lines)).or_else(|| aligned(lines))?;
    let mut rows = rows.into_iter();
    let (line, header) = rows.next()?;
    let rows: Vec<_> = rows.collect();
    let fits = header.len() >= 2 && header.len() <= 40 && !rows.is_empty() && line >= first.number;
    fits.then_some(Table { line, section, header, rows })
}

type Rows = Vec<(usize, Vec<String>)>;

/// Rows between upright strokes.
fn ruled(lines: &[Line<'_>]) -> Option<Rows> {
    let stroke = ['|', '│', '┃']
        .into_iter()
        .find(|&c| lines.iter().filter(|line| line.text.contains(c)).count() * 2 > lines.len())?;
    let is_drawing =
        |text: &str| text.chars().all(|c| matches!(c, '|' | '-' | ':' | '+' | '=' | ' ' | '\u{2500}'..='\u{257F}'));
    let dashes = lines.iter().any(|line| is_drawing(line.text));
    let edged = lines.iter().filter(|line| line.text.starts_with(stroke)).count() == lines.len();
    if !dashes && !edged {
        return None;
    }
    let rows: Rows = lines
        .iter()
        .filter(|line| !is_drawing(line.text) && line.text.contains(stroke))
        .map(|line| {
            let inner = line.text.strip_prefix(stroke).unwrap_or(line.text);
            let inner = inner.strip_suffix(stroke).unwrap_or(inner);
            (line.number, cells(inner, stroke))
        })
        .collect();
    (rows.len() >= 2).then_some(rows)
}

/// The cells of a ruled row; a stroke behind a backslash belongs to its cell.
fn cells(row: &str, stroke: char) -> Vec<String> {
    let mut cells = vec![String::new()];
    let mut escaped = false;
    for c in row.chars() {
        if c == stroke && !escaped {
            cells.push(String::new());
        } else if let Some(cell) = cells.last_mut() {
            if c == stroke {
                cell.pop();
            }
            cell.push(c);
        }
        escaped = c == '\\' && !escaped;
    }
    cells.into_iter().map(|cell| cell.trim().to_owned()).collect()
}

/// Tab-, semicolon- or comma-separated values: the same number of short cells in every line.
fn separated(lines: &[Line<'_>]) -> Option<Rows> {
    if lines.len() < 3 {
        return None;
    }
    ['\t', ';', ','].into_iter().find_map(|separator| {
        let rows: Rows = lines.iter().map(|line| (line.number, values(line.text, separator))).collect();
        let width = rows[0].1.len();
        let least = if separator == ',' { 3 } else { 2 };
        let even = rows.iter().filter(|(_, row)| row.len() == width).count();
        let short = rows.iter().flat_map(|(_, row)| row).all(|cell| cell.chars().count() <= 60);
        let prose = separator == ','
            && lines.iter().filter(|line| line.text.ends_with(['.', '!', '?'])).count() * 3 > lines.len();
        (width >= least && even == rows.len() && short && !prose).then_some(rows)
    })
}

fn values(line: &str, separator: char) -> Vec<String> {
    let mut values = vec![String::new()];
    let mut quoted = false;
    for c in line.chars() {
        if c == '"' {
            quoted = !quoted;
        } else if c == separator && !quoted {
            values.push(String::new());
        } else if let Some(value) = values.last_mut() {
            value.push(c);
        }
    }
    values.into_iter().map(|value| value.trim().to_owned()).collect()
}

/// Columns kept apart by two blanks or more.
fn aligned(lines: &[Line<'_>]) -> Option<Rows> {
    if lines.len() < 3 {
        return None;
    }
    let rows: Rows = lines
        .iter()
        .filter(|line| !line.text.chars().all(|c| matches!(c, '-' | '=' | '─' | ' ')))
        .map(|line| {
            let cells = line.text.split("  ").map(str::trim).filter(|cell| !cell.is_empty());
            (line.number, cells.map(str::to_owned).collect())
        })
        .collect();
    let width = rows.first()?.1.len();
    (rows.len() >= 3 && width >= 3 && rows.iter().all(|(_, row)| row.len() == width)).then_some(rows)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(text: &str) -> Option<Table> {
        let lines: Vec<Line<'_>> =
            text.lines().enumerate().map(|(at, text)| Line { number: at + 1, text, indent: 0, item: false }).collect();
        read(&lines, 0)
    }

    #[test]
    fn tables_are_read_however_they_are_written() {
        for text in [
            "| vendor | price |\n|---|--:|\n| Northwind | $31 |",
            "vendor;price\nNorthwind;$31\nContoso;$28",
            "vendor,price,term\nNorthwind,\"$1,031\",year\nContoso,$28,year",
            "vendor     price   term\nNorthwind  $31     year\nContoso    $28     year",
        ] {
            let table = table(text).unwrap_or_else(|| panic!("{text}"));
            assert_eq!(table.header[0], "vendor");
            assert_eq!(table.rows[0].1[0], "Northwind");
        }
    }

    #[test]
    fn prose_with_commas_is_no_table() {
        assert_eq!(
            table("He came, he saw, he left.\nShe came, she saw, she won.\nThey came, they saw, they stayed."),
            None
        );
        assert_eq!(table("one line"), None);
    }
}
