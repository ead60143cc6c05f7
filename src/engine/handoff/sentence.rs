//! A message cut into sentences, each with the shape of the block it stands in.

use super::word::{List, list, listed};

/// What kind of block a sentence stands in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Shape {
    /// Running text.
    Prose,
    /// An item of a list, without its marker.
    Item,
    /// A heading, without its marker.
    Heading,
    /// A quotation: material, whoever pasted it.
    Quote,
    /// A line of code, of a table or of a log: material.
    Code,
}

/// A sentence, or a line where there are none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Sentence<'t> {
    /// The sentence without the space around it.
    pub(crate) text: &'t str,
    /// The shape of its block.
    pub(crate) shape: Shape,
    /// The number of its block in the message.
    pub(crate) block: usize,
}

/// Longer runs without an end are cut, so that no single entry can use up a document.
const LONGEST: usize = 480;

/// A line this long that goes on in lower case was wrapped by an editor.
const WRAPPED: usize = 50;

/// The sentences of a message in order.
pub(crate) fn sentences(text: &str) -> Vec<Sentence<'_>> {
    let mut found = Vec::new();
    let mut fence: Option<&str> = None;
    let mut block = 0;
    let mut lines = text.split_inclusive('\n').scan(0, |at, line| {
        let start = *at;
        *at += line.len();
        Some((start, *at))
    });
    let mut held = lines.next();
    while let Some((start, mut end)) = held {
        held = lines.next();
        let line = text[start..end].trim();
        block += 1;
        if let Some(mark) = fence_of(line) {
            match fence {
                Some(open) if mark.starts_with(open) => fence = None,
                None => fence = Some(mark),
                Some(_) => {}
            }
            continue;
        }
        if line.is_empty() {
            continue;
        }
        if fence.is_some() {
            push_cut(&mut found, line, Shape::Code, block);
            continue;
        }
        let (shape, body) = shape_of(line);
        if shape == Shape::Prose {
            while let Some((next, next_end)) = held
                && wraps(text[start..end].trim_end(), &text[next..next_end])
            {
                end = next_end;
                held = lines.next();
            }
            split_prose(&mut found, text[start..end].trim(), shape, block);
        } else if shape == Shape::Code {
            push_cut(&mut found, body, shape, block);
        } else {
            split_prose(&mut found, body, shape, block);
        }
    }
    found
}

/// The sentences of a line of running text, whatever it looks like.
pub(crate) fn prose(line: &str) -> Vec<Sentence<'_>> {
    let mut found = Vec::new();
    split_prose(&mut found, line.trim(), Shape::Prose, 0);
    found
}

fn fence_of(line: &str) -> Option<&str> {
    let mark = line.chars().next().filter(|c| *c == '`' || *c == '~')?;
    let length = line.bytes().take_while(|byte| *byte == mark as u8).count();
    (length >= 3 && !line[length..].contains('`')).then(|| &line[..length])
}

fn wraps(so_far: &str, next: &str) -> bool {
    let last_line = so_far.rsplit('\n').next().unwrap_or(so_far);
    let next = next.trim();
    last_line.len() >= WRAPPED
        && last_line.len() <= 2 * WRAPPED
        && !last_line.ends_with(['.', '!', '?', ':', ';'])
        && next.starts_with(|c: char| c.is_lowercase())
}

/// The shape of a line outside of fences, and what is left of it without its marker.
fn shape_of(line: &str) -> (Shape, &str) {
    if let Some(rest) = line.strip_prefix('>') {
        return (Shape::Quote, rest.trim_start_matches(['>', ' ']));
    }
    if line.starts_with('#') {
        let rest = line.trim_start_matches('#');
        if rest.starts_with(' ') {
            return (Shape::Heading, rest.trim());
        }
    }
    if line.starts_with('|') || is_log(line) {
        return (Shape::Code, line);
    }
    for marker in ["- ", "* ", "• ", "– ", "+ "] {
        if let Some(rest) = line.strip_prefix(marker) {
            let rest = rest.trim_start();
            let rest = rest.strip_prefix("[ ]").or_else(|| rest.strip_prefix("[x]")).unwrap_or(rest);
            return (Shape::Item, rest.trim_start());
        }
    }
    let digits = line.bytes().take_while(u8::is_ascii_digit).count();
    if (1..=3).contains(&digits)
        && let Some(rest) = line[digits..].strip_prefix(['.', ')'])
        && rest.starts_with(' ')
    {
        return (Shape::Item, rest.trim());
    }
    (Shape::Prose, line)
}

/// Whether a line was written by a machine: a time stamp, a level or a tag in brackets at its beginning.
fn is_log(line: &str) -> bool {
    const LEVELS: &[&str] =
        &["INFO", "DEBUG", "WARN", "WARNING", "ERROR", "TRACE", "FATAL", "NOTICE", "CRITICAL", "SEVERE"];
    let mut words = line.split_whitespace();
    let first = words.next().unwrap_or_default();
    let bare = first.trim_matches(|c: char| !c.is_alphanumeric());
    let stamped = bare.len() >= 8
        && bare.bytes().take(4).all(|byte| byte.is_ascii_digit())
        && bare.bytes().all(|byte| byte.is_ascii_digit() || b"-:/TZ.,+".contains(&byte));
    let clock = bare.len() >= 8
        && bare.bytes().filter(|byte| *byte == b':').count() == 2
        && bare.bytes().all(|byte| byte.is_ascii_digit() || b":.,".contains(&byte));
    let leveled = LEVELS.contains(&bare) && first.len() <= bare.len() + 2;
    let tagged = first.starts_with('[')
        && first.ends_with(']')
        && words.next().is_some_and(|word| word.chars().all(|c| !c.is_lowercase()));
    let traced = line.starts_with("at ") && line.ends_with(')') || line.starts_with("Traceback (");
    stamped || clock || leveled || tagged || traced
}

fn push_cut<'t>(found: &mut Vec<Sentence<'t>>, mut text: &'t str, shape: Shape, block: usize) {
    while text.len() > LONGEST {
        let mut cut = LONGEST;
        while !text.is_char_boundary(cut) {
            cut -= 1;
        }
        if let Some(space) = text[..cut].rfind(' ').filter(|space| *space > LONGEST / 2) {
            cut = space;
        }
        let (head, rest) = text.split_at(cut);
        found.push(Sentence { text: head.trim(), shape, block });
        text = rest.trim_start();
    }
    if !text.trim().is_empty() {
        found.push(Sentence { text: text.trim(), shape, block });
    }
}

fn split_prose<'t>(found: &mut Vec<Sentence<'t>>, text: &'t str, shape: Shape, block: usize) {
    let mut start = 0;
    let mut chars = text.char_indices().peekable();
    let mut quoted = false;
    while let Some((at, c)) = chars.next() {
        if c == '`' {
            quoted = !quoted;
        }
        if quoted || !matches!(c, '.' | '!' | '?' | '…' | '。' | '！' | '？') {
            continue;
        }
        let mut end = at + c.len_utf8();
        while let Some((more, next)) = chars.peek().copied() {
            if !matches!(next, '.' | '!' | '?' | '"' | '\'' | '”' | '’' | ')' | '*' | '」' | '。') {
                break;
            }
            end = more + next.len_utf8();
            chars.next();
        }
        let wide = matches!(c, '。' | '！' | '？');
        if wide || ends_here(&text[start..at], c, &text[end..]) {
            push_cut(found, text[start..end].trim(), shape, block);
            start = end;
        }
    }
    // An unpaired back-tick must not swallow the rest of a long block: it is cut by length.
    push_cut(found, text[start..].trim(), shape, block);
}

/// Whether a full stop after `before` ends a sentence, judged by what follows.
fn ends_here(before: &str, mark: char, after: &str) -> bool {
    static SHORT: List = List::new(|| {
        list(
            "dr mr mrs ms prof st vs e.g i.e eg etc no approx inc ltd jr sr ca cf fig p pp vol z.b bzw usw sra \
        dept min max",
        )
    });
    let Some(next) = after.chars().next() else { return true };
    if !next.is_whitespace() {
        return false;
    }
    if after.trim_start().starts_with(|c: char| c.is_lowercase()) && mark != '!' {
        // A question may go on in lower case, but then what follows is a sentence of someone who writes that way.
        return mark == '?' || before.len() > 60 && mark == '.' && after.trim_start().starts_with("i ");
    }
    if mark != '.' {
        return true;
    }
    let word = before.rsplit(|c: char| c.is_whitespace() || c == '(').next().unwrap_or_default();
    if listed(&SHORT, &word.to_lowercase()) {
        return false;
    }
    let single = word.chars().count() == 1 && word.chars().all(char::is_uppercase) && word != "I";
    let numbering = !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_digit()) && before.trim() == word;
    !(single || numbering)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(text: &str) -> Vec<&str> {
        sentences(text).into_iter().map(|sentence| sentence.text).collect()
    }

    #[test]
    fn prose_ends_at_full_stops_but_not_at_abbreviations_or_versions() {
        assert_eq!(
            texts("I saw Dr. Lund at 3.5 km. Then v1.2 shipped! J. Berg agreed? yes."),
            ["I saw Dr. Lund at 3.5 km.", "Then v1.2 shipped!", "J. Berg agreed?", "yes."]
        );
    }

    #[test]
    fn cjk_sentences_end_without_a_space() {
        assert_eq!(texts("締切は金曜日です。予算は三万円。"), ["締切は金曜日です。", "予算は三万円。"]);
    }

    #[test]
    fn blocks_are_told_apart() {
        let shapes: Vec<_> = sentences(
            "# Plan\n- [ ] call\n2. send\n> said he\n```rs\nfn a() {}\n```\n2026-01-02T03:04:05Z INFO x y\nDone",
        )
        .iter()
        .map(|sentence| (sentence.shape, sentence.text))
        .collect();
        assert_eq!(
            shapes,
            [
                (Shape::Heading, "Plan"),
                (Shape::Item, "call"),
                (Shape::Item, "send"),
                (Shape::Quote, "said he"),
                (Shape::Code, "fn a() {}"),
                (Shape::Code, "2026-01-02T03:04:05Z INFO x y"),
                (Shape::Prose, "Done"),
            ]
        );
    }

    #[test]
    fn a_wrapped_line_goes_on() {
        let text = "this is a line that an editor has wrapped at some column\nand here it ends. New one.";
        assert_eq!(texts(text).len(), 2);
    }
}
