//! Programs among the texts: what they define and what their comments say.

/// Whether a text is a program: by its name, or by how its lines end.
pub(super) fn is_code(name: &str, text: &str) -> bool {
    const ENDINGS: &[&str] = &[
        "rs", "py", "js", "ts", "tsx", "jsx", "go", "java", "kt", "c", "h", "cc", "cpp", "hpp", "cs", "rb", "php",
        "swift", "scala", "sh", "bash", "sql", "lua", "pl", "zig", "hs", "ex", "ml",
    ];
    let ending = name.rsplit_once('.').map(|(_, ending)| ending.to_lowercase());
    if let Some(ending) = ending {
        if ENDINGS.contains(&ending.as_str()) {
            return true;
        }
        if matches!(ending.as_str(), "md" | "txt" | "csv" | "tsv" | "html" | "rst" | "adoc" | "eml") {
            return false;
        }
    }
    let lines = || text.lines().map(str::trim).filter(|line| !line.is_empty()).take(400);
    let all = lines().count();
    let coded =
        lines().filter(|line| line.ends_with(['{', '}', ';']) || line.ends_with("):") || definition(line).is_some());
    all >= 4 && coded.count() * 5 > all * 2
}

/// What a line of a program defines: its own words up to the body.
pub(super) fn definition(line: &str) -> Option<&str> {
    const BEFORE: &[&str] = &[
        "pub",
        "pub(crate)",
        "pub(super)",
        "export",
        "default",
        "async",
        "static",
        "public",
        "private",
        "protected",
        "abstract",
        "final",
        "const",
        "unsafe",
    ];
    const WORDS: &[&str] = &[
        "fn",
        "def",
        "function",
        "func",
        "class",
        "struct",
        "enum",
        "trait",
        "interface",
        "impl",
        "module",
        "namespace",
        "fun",
    ];
    let line = line.trim();
    let mut words = line.split_whitespace();
    let mut word = words.next()?;
    while BEFORE.contains(&word) {
        word = words.next()?;
    }
    let name = words.next()?;
    let named = name.starts_with(|c: char| c.is_alphabetic() || matches!(c, '_' | '<' | '('));
    if !WORDS.contains(&word) || !named || line.ends_with(['.', ',']) {
        return None;
    }
    // A prose line may begin with “class” or “function”; a definition has brackets or ends in its name.
    let shaped = line.contains(['(', '{', '<', ':', ';']) || line.split_whitespace().count() <= 3;
    let end = line.find(['{', ';']).unwrap_or(line.len());
    let text = line[..end].trim().trim_end_matches(':').trim_end_matches(" where");
    (shaped && !text.is_empty()).then(|| &text[..text.floor_char_boundary(120)])
}

/// What a comment says; empty for a line of marks alone, `None` for anything but a comment.
pub(super) fn comment(line: &str) -> Option<&str> {
    let line = line.trim();
    for mark in ["//!", "///", "//", "/**", "/*", "--", "#!", "\"\"\"", "'''"] {
        if let Some(text) = line.strip_prefix(mark) {
            return Some(if mark == "#!" { "" } else { strip_end(text) });
        }
    }
    if line.starts_with("#[") || line.starts_with("#include") || line.starts_with("#define") || line.starts_with("#if")
    {
        return None;
    }
    let text = line
        .strip_prefix("# ")
        .or_else(|| line.strip_prefix("* "))
        .or_else(|| (line == "*" || line == "#").then_some(""))?;
    Some(strip_end(text))
}

fn strip_end(text: &str) -> &str {
    text.trim().trim_end_matches("*/").trim_end_matches("\"\"\"").trim_matches(['=', '-', '*', '/']).trim()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn definitions_are_told_from_prose() {
        assert_eq!(
            definition("pub fn decide(input: Input) -> Decision {"),
            Some("pub fn decide(input: Input) -> Decision")
        );
        assert_eq!(definition("def load(path):"), Some("def load(path)"));
        assert_eq!(definition("class of 1999 had many students in it"), None);
        assert_eq!(definition("let x = 1;"), None);
    }

    #[test]
    fn comments_lose_their_marks() {
        assert_eq!(comment("/// The page."), Some("The page."));
        assert_eq!(comment("  # why"), Some("why"));
        assert_eq!(comment("#[derive(Debug)]"), None);
        assert_eq!(comment("// ------"), Some(""));
    }
}
