//! What the beginning of a line means to the blocks of Markdown.

use unicode_segmentation::UnicodeSegmentation;

/// What a line begins.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Starter {
    Fence(Fence),
    Heading,
    Rule,
    Quote,
    Item {
        /// The bullet, or what follows the number.
        marker: char,
        number: Option<u64>,
        /// The column at which the item's text begins; `0` never occurs.
        dedent: usize,
    },
    /// A footnote's definition.
    Note,
    Html(HtmlEnd),
    /// Displayed math, with the mark that ends it.
    Math(&'static str),
}

impl Starter {
    /// Whether it ends a paragraph without a blank line.
    pub(super) fn interrupts_paragraph(&self) -> bool {
        match self {
            Self::Item { number, .. } => number.is_none_or(|number| number == 1),
            Self::Note => false,
            Self::Fence(_) | Self::Heading | Self::Rule | Self::Quote | Self::Html(_) | Self::Math(_) => true,
        }
    }
}

/// A code fence.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Fence {
    mark: char,
    len: usize,
    /// How many columns it is indented.
    pub(super) indent: usize,
}

impl Fence {
    /// The fence that this line opens, if it does.
    pub(super) fn opened_in(line: &str) -> Option<Self> {
        let text = line.trim_start_matches(' ');
        let mark = text.chars().next().filter(|c| matches!(c, '`' | '~'))?;
        let len = text.chars().take_while(|c| *c == mark).count();
        let opens = len >= 3 && !(mark == '`' && text[len..].contains('`'));
        opens.then_some(Self { mark, len, indent: line.len() - text.len() })
    }

    /// Whether this line closes it.
    pub(super) fn is_closed_by(&self, line: &str) -> bool {
        let text = line.trim_start_matches(' ');
        let len = text.chars().take_while(|c| *c == self.mark).count();
        line.len() - text.len() <= 3 && len >= self.len && text[len..].trim().is_empty()
    }

    /// The line that opens it again, without indentation.
    pub(super) fn reopened(&self) -> String {
        self.mark.to_string().repeat(self.len) + "\n"
    }
}

/// Where a block of HTML ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum HtmlEnd {
    /// At a blank line.
    Blank,
    /// With the line that holds this.
    Mark(&'static str),
}

impl HtmlEnd {
    pub(super) fn is_in(self, line: &str) -> bool {
        match self {
            Self::Blank => false,
            Self::Mark(mark) => line.to_ascii_lowercase().contains(mark),
        }
    }
}

/// What the line begins, if it isn't plain text.
pub(super) fn starter(line: &str) -> Option<Starter> {
    let column = indent(line);
    if column >= 4 {
        return None;
    }
    let text = line.trim_start_matches([' ', '\t']);
    match text.chars().next()? {
        '`' | '~' => Fence::opened_in(line).map(Starter::Fence),
        '$' | '\\' => math(text).map(Starter::Math),
        '#' => {
            let rest = text.trim_start_matches('#');
            (text.len() - rest.len() <= 6 && (rest.is_empty() || rest.starts_with([' ', '\t'])))
                .then_some(Starter::Heading)
        }
        '>' => Some(Starter::Quote),
        '*' | '-' | '_' if is_rule(text) => Some(Starter::Rule),
        '*' | '-' | '+' | '0'..='9' => item(text, column),
        '[' => (text.starts_with("[^") && text.split_once("]:").is_some_and(|(label, _)| !label.contains(' ')))
            .then_some(Starter::Note),
        '<' => html(text).map(Starter::Html),
        _ => None,
    }
}

/// The columns of white space that begin the line.
pub(super) fn indent(line: &str) -> usize {
    let mut column = 0;
    for byte in line.bytes() {
        match byte {
            b' ' => column += 1,
            b'\t' => column += 4 - column % 4,
            _ => break,
        }
    }
    column
}

/// The line without up to this many columns of indentation.
pub(super) fn dedent(line: &str, columns: usize) -> &str {
    let mut column = 0;
    for (at, byte) in line.bytes().enumerate() {
        if column >= columns || !matches!(byte, b' ' | b'\t') {
            return &line[at..];
        }
        column += if byte == b' ' { 1 } else { 4 - column % 4 };
    }
    ""
}

/// What ends the displayed math that this line opens and does not close.
fn math(text: &str) -> Option<&'static str> {
    let marks = [("$$", "$$"), ("\\[", "\\]")];
    let (open, close) = marks.into_iter().find(|(open, _)| text.starts_with(open))?;
    (!text[open.len()..].contains(close)).then_some(close)
}

fn is_rule(text: &str) -> bool {
    let mark = text.chars().next();
    text.chars().all(|c| Some(c) == mark || matches!(c, ' ' | '\t'))
        && text.chars().filter(|c| Some(*c) == mark).count() >= 3
}

fn item(text: &str, column: usize) -> Option<Starter> {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let number = match digits {
        0 => None,
        1..=9 => Some(text[..digits].parse().ok()?),
        _ => return None,
    };
    let marker = text[digits..].chars().next()?;
    let fits = if digits > 0 { matches!(marker, '.' | ')') } else { matches!(marker, '-' | '*' | '+') };
    let rest = &text[digits + marker.len_utf8()..];
    if !fits || !(rest.is_empty() || rest.starts_with([' ', '\t'])) {
        return None;
    }
    let space = indent(rest);
    let space = if rest.trim().is_empty() || space > 4 { 1 } else { space };
    Some(Starter::Item { marker, number, dedent: column + digits + 1 + space })
}

/// What follows the markers of nested items at the beginning of the line.
pub(super) fn after_markers(line: &str) -> &str {
    let mut rest = line.trim_start();
    while let Some(Starter::Item { dedent, .. }) = starter(rest) {
        rest = rest.get(dedent..).unwrap_or_default().trim_start();
    }
    rest
}

/// Tags that begin a block of HTML wherever they begin a line.
const BLOCK_TAGS: &[&str] = &[
    "address",
    "article",
    "aside",
    "base",
    "blockquote",
    "body",
    "center",
    "col",
    "colgroup",
    "dd",
    "details",
    "dialog",
    "dir",
    "div",
    "dl",
    "dt",
    "fieldset",
    "figcaption",
    "figure",
    "footer",
    "form",
    "frame",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "head",
    "header",
    "hr",
    "html",
    "iframe",
    "legend",
    "li",
    "link",
    "main",
    "menu",
    "nav",
    "ol",
    "optgroup",
    "option",
    "p",
    "param",
    "search",
    "section",
    "summary",
    "table",
    "tbody",
    "td",
    "tfoot",
    "th",
    "thead",
    "title",
    "tr",
    "track",
    "ul",
];

fn html(text: &str) -> Option<HtmlEnd> {
    let lower = text.get(..text.len().min(64)).unwrap_or(text).to_ascii_lowercase();
    for (opening, end) in [("<!--", "-->"), ("<?", "?>"), ("<![cdata[", "]]>"), ("<!", ">")] {
        if lower.starts_with(opening) {
            return Some(HtmlEnd::Mark(end));
        }
    }
    let name_at = if lower.starts_with("</") { 2 } else { 1 };
    let name_len = lower[name_at..].bytes().take_while(u8::is_ascii_alphanumeric).count();
    let (name, after) = lower[name_at..].split_at(name_len);
    if !(after.is_empty() || after.starts_with([' ', '\t', '>']) || after.starts_with("/>")) {
        return None;
    }
    for (tag, end) in [("pre", "</pre>"), ("script", "</script>"), ("style", "</style>"), ("textarea", "</textarea>")] {
        if name == tag && name_at == 1 {
            return Some(HtmlEnd::Mark(end));
        }
    }
    BLOCK_TAGS.contains(&name).then_some(HtmlEnd::Blank)
}

/// Whether the line underlines a heading.
pub(super) fn is_setext(line: &str) -> bool {
    let text = line.trim_end();
    let marks = text.trim_start_matches(' ');
    text.len() - marks.len() <= 3
        && !marks.is_empty()
        && (marks.bytes().all(|byte| byte == b'=') || marks.bytes().all(|byte| byte == b'-'))
}

/// Whether the line separates a table's header from its rows.
pub(super) fn is_delimiter_row(line: &str) -> bool {
    let text = line.trim();
    text.contains('-')
        && text.contains(['|', ':'])
        && text.bytes().all(|b| matches!(b, b'|' | b'-' | b':' | b' ' | b'\t'))
}

/// The last line of text that ends in a newline.
pub(super) fn last_line(text: &str) -> &str {
    let text = text.strip_suffix('\n').unwrap_or(text);
    &text[text.rfind('\n').map_or(0, |at| at + 1)..]
}

/// How many bytes of the source from `start` on, at most `len`, end between characters.
pub(super) fn floor(source: &str, start: usize, len: usize) -> usize {
    source.floor_char_boundary(start + len) - start
}

/// Where to cut a text that is too long: after its first quarter and before its half, at a space if there is one,
/// else between two clusters.
pub(super) fn cut_in(text: &str) -> usize {
    let (low, high) = (text.floor_char_boundary(text.len() / 4), text.floor_char_boundary(text.len() / 2));
    if let Some(space) = text[low..high].rfind(' ') {
        return low + space;
    }
    let cluster = text[low..].grapheme_indices(true).map(|(at, _)| low + at).take_while(|at| *at <= high).last();
    cluster.filter(|at| *at > low).unwrap_or(high)
}

/// What stands after the marks of a line that opens a fence.
pub(super) fn fence_label(line: &str) -> &str {
    line.trim().trim_start_matches(['`', '~']).trim()
}
