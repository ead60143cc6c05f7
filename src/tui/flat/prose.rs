//! Markdown as it is read aloud: marks become words, and nothing is drawn.

/// What a line says; `None` if it says nothing. `in_code` is whether it stands in a block of code, and is kept.
pub(super) fn prose(line: &str, in_code: &mut bool) -> Option<String> {
    let trimmed = line.trim();
    if let Some(language) = trimmed.strip_prefix("```").or_else(|| trimmed.strip_prefix("~~~")) {
        *in_code = !*in_code;
        return Some(match (*in_code, language.trim()) {
            (false, _) => "end of code".to_owned(),
            (true, "") => "code:".to_owned(),
            (true, language) => format!("code, {language}:"),
        });
    }
    if *in_code {
        return Some(line.to_owned());
    }
    if trimmed.is_empty() || is_rule(trimmed) {
        return None;
    }
    let hashes = trimmed.bytes().take_while(|byte| *byte == b'#').count();
    if (1..=6).contains(&hashes) && trimmed[hashes..].starts_with(' ') {
        return Some(format!("heading: {}", plain(trimmed[hashes..].trim())));
    }
    if let Some(row) = trimmed.strip_prefix('|') {
        let cells: Vec<String> = row.trim_end_matches('|').split('|').map(|cell| plain(cell.trim())).collect();
        return Some(format!("row: {}", cells.join("; ")));
    }
    if let Some(quoted) = trimmed.strip_prefix('>') {
        return Some(format!("quote: {}", plain(quoted.trim())));
    }
    Some(plain(line.trim_end()))
}

/// A line that only draws: a rule, or the one between a table's head and its rows.
fn is_rule(line: &str) -> bool {
    line.len() > 2 && line.contains('-') && line.chars().all(|c| matches!(c, '-' | '|' | ':' | ' '))
        || line.len() > 2 && line.chars().all(|c| c == '*' || c == '_')
}

fn plain(text: &str) -> String {
    text.replace("**", "").replace("__", "")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_become_words() {
        let text = "## Prices\n\n| vendor | price |\n|---|--:|\n| Northwind | **$31** |\n\n> a quote\n- one\n```sh\n# not a \
                    heading\n```\n---\nDone.";
        let mut in_code = false;
        let said: Vec<String> = text.lines().filter_map(|line| prose(line, &mut in_code)).collect();
        assert_eq!(
            said,
            [
                "heading: Prices",
                "row: vendor; price",
                "row: Northwind; $31",
                "quote: a quote",
                "- one",
                "code, sh:",
                "# not a heading",
                "end of code",
                "Done.",
            ]
        );
    }
}
