//! Mends the end of a text that is still being written, so that half-written markup doesn't flicker.
//!
//! Only what is seen meanwhile depends on this; a finished text is never mended.

use std::borrow::Cow;

/// The open end as it will probably look: marks that may become a block are held back, emphasis and inline code are
/// closed, a table that has only its header is a table. Only the last line, if it is unfinished, loses or gains.
pub(super) fn mended(open: &str, is_verbatim: bool) -> Cow<'_, str> {
    let line_start = open.rfind('\n').map_or(0, |at| at + 1);
    let (above, line) = open.split_at(line_start);
    if is_verbatim {
        // A fence may be about to close.
        let mark = line.trim();
        let closes = !mark.is_empty() && (mark.bytes().all(|b| b == b'`') || mark.bytes().all(|b| b == b'~'));
        return if closes { Cow::Owned(above.to_owned()) } else { Cow::Borrowed(open) };
    }
    let block = &above[above.rfind("\n\n").map_or(0, |at| at + 2)..];
    if let Some(table) = mended_table(above, block, line) {
        return Cow::Owned(table);
    }
    if line.is_empty() {
        return Cow::Borrowed(open);
    }
    if line.chars().all(|c| "-=*_+#>`~|: ".contains(c)) {
        return Cow::Owned(above.to_owned());
    }
    let block_start = above.len() - block.len();
    let kept = open.trim_end_matches(['\u{200D}', '\r']);
    // An opening mark with nothing after it yet says nothing.
    let trimmed = kept.trim_end_matches(['*', '_', '`', '~']);
    if trimmed.len() < kept.len() && trimmed.len() > line_start {
        return Cow::Owned(trimmed.trim_end_matches(' ').to_owned() + &closing(&trimmed[block_start..]));
    }
    let closing = closing(&kept[block_start..]);
    if closing.is_empty() && kept.len() == open.len() {
        return Cow::Borrowed(open);
    }
    let spaceless = kept.trim_end_matches(' ');
    if spaceless.len() <= line_start {
        return Cow::Borrowed(open);
    }
    Cow::Owned(spaceless.to_owned() + &closing)
}

/// The text with a delimiter row, if its end is the beginning of a table.
fn mended_table(above: &str, block: &str, line: &str) -> Option<String> {
    let header = if block.is_empty() { line } else { block };
    let is_header = header.trim_start().starts_with('|') && header.trim_end().matches('\n').count() == 0;
    if !is_header || header.trim().len() < 2 {
        return None;
    }
    let columns = header.trim().trim_end_matches('|').matches('|').count().max(1);
    let rule = "|-".repeat(columns) + "|";
    if block.is_empty() {
        let header = line.trim_end();
        let end = if header.ends_with('|') { "" } else { " |" };
        Some(format!("{above}{header}{end}\n{rule}"))
    } else {
        line.chars().all(|c| "|-: ".contains(c)).then(|| format!("{above}{rule}"))
    }
}

/// The marks that close what is open at the end of a block.
fn closing(block: &str) -> String {
    let mut open: Vec<&str> = Vec::new();
    let mut rest = block;
    let mut before = ' ';
    while let Some(c) = rest.chars().next() {
        let mark = match c {
            '\\' => {
                let escaped = rest.chars().nth(1).map_or(0, char::len_utf8);
                rest = &rest[1 + escaped..];
                before = '\\';
                continue;
            }
            '`' => &rest[..rest.len() - rest.trim_start_matches('`').len()],
            '*' | '_' if rest[1..].starts_with(c) => &rest[..2],
            '~' if rest[1..].starts_with('~') => &rest[..2],
            '*' | '_' => &rest[..1],
            _ => {
                before = c;
                rest = &rest[c.len_utf8()..];
                continue;
            }
        };
        let after = rest[mark.len()..].chars().next().unwrap_or(' ');
        if c == '`' {
            match rest[mark.len()..].find(mark) {
                Some(end) => {
                    rest = &rest[mark.len() + end + mark.len()..];
                    before = '`';
                    continue;
                }
                None => return mark.to_owned() + &open.iter().rev().copied().collect::<String>(),
            }
        }
        if open.last() == Some(&mark) && !before.is_whitespace() {
            open.pop();
        } else if !(after.is_whitespace() || c == '_' && before.is_alphanumeric()) {
            open.push(mark);
        }
        before = c;
        rest = &rest[mark.len()..];
    }
    open.iter().rev().copied().collect()
}
