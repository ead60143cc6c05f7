//! Lines that belong together: wrapped prose joined, unwrapped lines kept apart, items, mail headers.

use super::sentence;

/// A line with its number, its marker and quotation signs taken off.
#[derive(Debug, Clone, Copy)]
pub(super) struct Line<'a> {
    /// Its number, from 1.
    pub(super) number: usize,
    /// What it says.
    pub(super) text: &'a str,
    /// The blanks before it.
    pub(super) indent: usize,
    /// It begins an item of a list.
    pub(super) item: bool,
}

/// What an item of a list says, if the line is one.
pub(super) fn item(line: &str) -> Option<&str> {
    let bracketed = line.strip_prefix('(').and_then(|rest| rest.split_once(')')).filter(|(mark, _)| {
        (1..=3).contains(&mark.len())
            && mark.bytes().all(|b| b.is_ascii_digit() || matches!(b, b'a'..=b'h' | b'i' | b'v' | b'x'))
    });
    let rest = bracketed
        .map(|(_, rest)| rest)
        .or_else(|| line.strip_prefix(['-', '*', '+', '•', '·', '–', '▪', '◦', '‣', '○', '●', '✓', '→']))
        .or_else(|| {
            let digits = line.bytes().take_while(u8::is_ascii_digit).count();
            let head =
                if digits == 0 { line.bytes().take_while(u8::is_ascii_lowercase).count().min(1) } else { digits };
            ((1..=3).contains(&head)).then(|| {
                line[head..].strip_prefix([')', '.']).filter(|_| digits > 0 || line[head..].starts_with(')'))
            })?
        })?;
    let text = rest.strip_prefix([' ', '\t', '\u{a0}'])?.trim_start();
    let text = ["[ ] ", "[x] ", "[X] "].iter().find_map(|check| text.strip_prefix(check)).unwrap_or(text);
    (!text.is_empty()).then_some(text)
}

/// The lines as one text, and which line each stretch of it comes from.
pub(super) fn joined(lines: &[Line<'_>]) -> (String, Vec<(usize, usize)>) {
    let mut text = String::with_capacity(lines.iter().map(|line| line.text.len() + 1).sum());
    let mut marks = Vec::with_capacity(lines.len());
    for line in lines {
        let dense = text.ends_with(|c: char| c > '\u{2E80}') && line.text.starts_with(|c: char| c > '\u{2E80}');
        if !text.is_empty() && !dense {
            text.push(' ');
        }
        marks.push((text.len(), line.number));
        text.push_str(line.text);
    }
    (text, marks)
}

/// The paragraphs in a run of lines. A break that the width of the text didn't force was meant.
pub(super) fn pieces<'l, 'a>(lines: &'l [Line<'a>]) -> Vec<&'l [Line<'a>]> {
    let width = lines.iter().map(|line| line.indent + line.text.chars().count()).max().unwrap_or(0);
    let mut found = Vec::new();
    let mut start = 0;
    for at in 1..lines.len() {
        if !continues(&lines[at - 1], &lines[at], width) {
            found.push(&lines[start..at]);
            start = at;
        }
    }
    found.push(&lines[start..]);
    found
}

fn continues(line: &Line<'_>, next: &Line<'_>, width: usize) -> bool {
    let open = !line.text.ends_with(['.', '!', '?', ':', '。', '！', '？', '"', '”', '*']);
    if open && next.text.starts_with(|c: char| c.is_lowercase() || matches!(c, '(' | ',' | ';')) {
        return true;
    }
    if is_field(line.text) && is_field(next.text) {
        return false;
    }
    // Wider than any terminal: the text isn't wrapped, each line is a paragraph.
    if width > 140 || (width < 40 && !open) {
        return false;
    }
    let word = next.text.split_whitespace().next().map_or(0, |word| word.chars().count());
    line.indent + line.text.chars().count() + 1 + word + 4 > width
}

fn is_field(line: &str) -> bool {
    line.find(": ").is_some_and(|at| line[..at].split_whitespace().count() <= 4 && !line[..at].contains(['.', ',']))
}

/// A line that stands alone and names what follows.
pub(super) fn is_heading(line: &str) -> bool {
    let chars = line.chars().count();
    let words = line.split_whitespace().count();
    let begins = line.trim_start_matches(['*', '_', '"', '“', '¿', '(', '§']).chars().next();
    let ends_open = !line.ends_with(['.', '!', ';', ',', ':', '…', '。', '！', '：', '；']);
    let dense = line.chars().filter(|&c| c > '\u{2E80}').count();
    chars <= 80
        && words <= 11
        && ends_open
        && dense <= 24
        && begins.is_some_and(|c| c.is_uppercase() || c.is_numeric() || c > '\u{2E80}')
        && line.chars().any(char::is_alphabetic)
        && !line.contains([';', '|', '=', '{'])
        && !line.contains("://")
        && sentence::sentences(line).len() == 1
        && !is_field_with_figure(line)
}

fn is_field_with_figure(line: &str) -> bool {
    is_field(line) && (line.contains(|c: char| c.is_ascii_digit()) || line.split_whitespace().count() <= 4)
}

/// The first or last line of a letter: “Hi Grace,” and “Best, Ada”.
pub(super) fn is_greeting(text: &str) -> bool {
    text.split_whitespace().count() <= 6
        && text.split_once(',').is_some_and(|(head, rest)| {
            head.split_whitespace().count() <= 4
                && rest.split_whitespace().count() <= 3
                && (rest.is_empty() || is_closing(head))
        })
}

fn is_closing(head: &str) -> bool {
    const WORDS: &[&str] = &[
        "best",
        "regards",
        "thanks",
        "cheers",
        "sincerely",
        "yours",
        "grüße",
        "grüßen",
        "gruß",
        "cordialement",
        "saludos",
    ];
    head.to_lowercase().split_whitespace().any(|word| WORDS.contains(&word))
}

const MAIL: &[&str] = &[
    "from",
    "to",
    "cc",
    "bcc",
    "date",
    "sent",
    "subject",
    "reply-to",
    "von",
    "an",
    "betreff",
    "datum",
    "gesendet",
    "de",
    "à",
    "objet",
    "envoyé",
    "para",
    "asunto",
    "fecha",
    "message-id",
];

/// Two or more lines that begin as the header of a message does, sender or subject among them.
pub(super) fn is_mail_header(lines: &[Line<'_>]) -> bool {
    let known = |line: &Line<'_>| header_name(line.text).is_some_and(|name| MAIL.contains(&name.as_str()));
    lines.len() >= 2
        && lines.iter().all(|line| known(line) || line.indent > 0)
        && lines
            .iter()
            .filter_map(|line| header_name(line.text))
            .any(|name| matches!(name.as_str(), "from" | "subject" | "von" | "betreff" | "de" | "objet" | "asunto"))
}

/// The subject in the header of a message.
pub(super) fn subject<'a>(lines: &[Line<'a>]) -> Option<Line<'a>> {
    let is_subject = |name: &str| matches!(name, "subject" | "betreff" | "objet" | "asunto");
    let line = lines.iter().find(|line| header_name(line.text).is_some_and(|name| is_subject(&name)))?;
    let text = line.text.split_once(':')?.1.trim();
    (!text.is_empty()).then_some(Line { text, ..*line })
}

fn header_name(line: &str) -> Option<String> {
    let (name, _) = line.split_once(':')?;
    let name = name.trim_matches(['*', ' ']);
    (name.len() <= 12 && !name.contains(' ')).then(|| name.to_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(text: &str) -> Vec<Line<'_>> {
        text.lines().enumerate().map(|(at, text)| Line { number: at + 1, text, indent: 0, item: false }).collect()
    }

    #[test]
    fn items_are_known_by_their_markers() {
        for (line, expect) in [
            ("- one", Some("one")),
            ("12. twelve", Some("twelve")),
            ("a) first", Some("first")),
            ("• dot", Some("dot")),
            ("(a) You must", Some("You must")),
            ("(see below) or not", None),
            ("[x]", None),
            ("- [x] done", Some("done")),
            ("-5 degrees", None),
            ("e.g. this", None),
            ("2026 was a year", None),
        ] {
            assert_eq!(item(line), expect, "{line}");
        }
    }

    #[test]
    fn wrapped_lines_join_and_meant_breaks_stay() {
        let wrapped =
            lines("The offer of the first vendor is valid until\nthe end of May and includes the reporting\nmodule.");
        assert_eq!(pieces(&wrapped).len(), 1);
        let kept = lines("Client: Halvorsen AS\nCase: 2291, collected in the spring of the year");
        assert_eq!(pieces(&kept).len(), 2);
    }

    #[test]
    fn a_mail_header_gives_its_subject() {
        let mail = lines("From: Ada\nTo: Grace\nSubject: The three offers");
        assert!(is_mail_header(&mail));
        assert_eq!(subject(&mail).unwrap().text, "The three offers");
        assert!(!is_mail_header(&lines("Case: 1\nClient: 2")));
    }
}
