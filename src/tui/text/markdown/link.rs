//! Where a click may lead, and what in plain text is an address or a footnote's mark.

use std::rc::Rc;

use crate::tui::text::rich::{Ink, RichSpan};
use crate::tui::theme::{Glyphs, Token};

/// The schemes that a click may open. Everything else stays text.
const SCHEMES: [&str; 3] = ["http://", "https://", "mailto:"];
/// A longer address is no link: terminals cut them, and a cut address leads elsewhere.
const LONGEST: usize = 2_000;

/// The address as a terminal may be told it: of a scheme that is allowed, printable ASCII only.
pub(super) fn target(address: &str) -> Option<Rc<str>> {
    let address = address.trim();
    let scheme = SCHEMES
        .iter()
        .find(|scheme| address.get(..scheme.len()).is_some_and(|beginning| beginning.eq_ignore_ascii_case(scheme)))?;
    if address.len() == scheme.len() || address.chars().any(char::is_control) {
        return None;
    }
    let mut safe = String::with_capacity(address.len());
    for byte in address.bytes() {
        if byte.is_ascii_graphic() && !b"\"<>\\^`{|}".contains(&byte) {
            safe.push(char::from(byte));
        } else {
            safe.push('%');
            for digit in [byte >> 4, byte & 15] {
                safe.extend(char::from_digit(u32::from(digit), 16).map(|digit| digit.to_ascii_uppercase()));
            }
        }
    }
    (safe.len() <= LONGEST).then(|| safe.into())
}

/// The spans with addresses made links and marks of footnotes made small, where nothing else was made of them.
pub(super) fn adorned(spans: Vec<RichSpan>, glyphs: Glyphs) -> Vec<RichSpan> {
    let has_any = |span: &RichSpan| is_plain(span) && (span.text.contains("://") || span.text.contains("[^"));
    if !spans.iter().any(has_any) {
        return spans;
    }
    let mut adorned = Vec::with_capacity(spans.len() + 4);
    for span in spans {
        if has_any(&span) {
            adorn(&span, glyphs, &mut adorned);
        } else {
            adorned.push(span);
        }
    }
    adorned
}

fn is_plain(span: &RichSpan) -> bool {
    span.link.is_none() && matches!(span.token, Token::Text | Token::Quote | Token::Dim)
}

fn adorn(span: &RichSpan, glyphs: Glyphs, out: &mut Vec<RichSpan>) {
    let text = span.text.as_str();
    let mut plain_from = 0;
    let mut at = 0;
    while let Some(found) = text[at..].find(['[', ':']).map(|found| at + found) {
        at = found + 1;
        let (range, piece) = if text[found..].starts_with("://") {
            let Some(range) = address(text, found) else { continue };
            let Some(target) = target(&text[range.clone()]) else { continue };
            let ink = Ink { link: Some(target), ..span.ink().token(Token::Link) };
            (range.clone(), RichSpan::new(&text[range], ink))
        } else {
            let Some((range, mark)) = note(text, found, glyphs) else { continue };
            (range, RichSpan::new(mark, span.ink().token(Token::Dim)))
        };
        if range.start < plain_from {
            continue;
        }
        if plain_from < range.start {
            out.push(RichSpan::new(&text[plain_from..range.start], span.ink()));
        }
        (plain_from, at) = (range.end, range.end);
        out.push(piece);
    }
    if plain_from < text.len() {
        out.push(RichSpan::new(&text[plain_from..], span.ink()));
    }
}

/// The address whose scheme ends at this colon.
fn address(text: &str, colon: usize) -> Option<std::ops::Range<usize>> {
    let scheme = ["https", "http"].into_iter().find(|scheme| text[..colon].ends_with(scheme))?;
    let start = colon - scheme.len();
    if text[..start].chars().next_back().is_some_and(|before| before.is_ascii_alphanumeric()) {
        return None;
    }
    let belongs = |byte: &u8| byte.is_ascii_graphic() && !b"<>\"`{}|\\^".contains(byte);
    let mut end = colon + text.as_bytes()[colon..].iter().take_while(|byte| belongs(byte)).count();
    // What closes a sentence or a bracket round the address is not part of it.
    while let Some(last) = text[start..end].chars().next_back() {
        let inside = &text[start..end];
        let closes = match last {
            ')' => inside.matches(')').count() > inside.matches('(').count(),
            ']' => inside.matches(']').count() > inside.matches('[').count(),
            _ => ".,:;!?'*_~".contains(last),
        };
        if !closes {
            break;
        }
        end -= 1;
    }
    (end > colon + 3).then_some(start..end)
}

/// The mark of a footnote that this bracket begins: it clings to a word, or it is something else.
fn note(text: &str, bracket: usize, glyphs: Glyphs) -> Option<(std::ops::Range<usize>, String)> {
    let label = text[bracket..].strip_prefix("[^")?;
    let label = &label[..label.find(']')?];
    let clings = text[..bracket].chars().next_back().is_some_and(|before| !before.is_whitespace());
    let is_label = !label.is_empty() && label.chars().all(|c| c.is_alphanumeric() || matches!(c, '-' | '_'));
    (clings && is_label).then(|| (bracket..bracket + label.len() + 3, mark(label, glyphs)))
}

/// A footnote's label as it is shown, in the text and before the note.
pub(super) fn mark(label: &str, glyphs: Glyphs) -> String {
    const RAISED: [char; 10] = ['⁰', '¹', '²', '³', '⁴', '⁵', '⁶', '⁷', '⁸', '⁹'];
    let raised = |c: char| c.to_digit(10).and_then(|digit| RAISED.get(digit as usize)).copied();
    let all: Option<String> = label.chars().map(raised).collect();
    match all {
        Some(raised) if glyphs == Glyphs::Unicode && !raised.is_empty() => raised,
        _ => format!("[{label}]"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_addresses_that_a_click_may_open_are_targets() {
        let of = |address: &str| target(address).map(|target| target.to_string());
        assert_eq!(of("https://a.b/c?d=e&f#g").as_deref(), Some("https://a.b/c?d=e&f#g"));
        assert_eq!(of("HTTP://a.b").as_deref(), Some("HTTP://a.b"));
        assert_eq!(of("mailto:x@y.z").as_deref(), Some("mailto:x@y.z"));
        assert_eq!(of("https://a.b/å b").as_deref(), Some("https://a.b/%C3%A5%20b"));
        for refused in [
            "javascript:alert(1)",
            "file:///etc/passwd",
            "ftp://a.b",
            "a.b",
            "",
            "https://",
            "https://a\u{1b}\\b",
            "https://a\u{9c}b",
        ] {
            assert_eq!(of(refused), None, "{refused:?}");
        }
        assert_eq!(of(&format!("https://a.b/{}", "x".repeat(2_000))), None);
    }

    #[test]
    fn addresses_in_plain_text_end_where_the_sentence_does() {
        let found = |text: &str| {
            let spans = adorned(vec![RichSpan::new(text, Ink::of(Token::Text))], Glyphs::Unicode);
            assert_eq!(spans.iter().map(|span| span.text.as_str()).collect::<String>(), text);
            spans.iter().filter_map(|span| span.link.as_deref().map(str::to_owned)).collect::<Vec<_>>()
        };
        assert_eq!(
            found("see https://a.b/c_d, (https://e.f/(g)) and http://h.i."),
            ["https://a.b/c_d", "https://e.f/(g)", "http://h.i"]
        );
        assert_eq!(found("见https://x.y/z。更多"), ["https://x.y/z"]);
        assert!(found("xhttps://a.b ftp://c.d https:// nothing").is_empty());
    }

    #[test]
    fn a_footnote_s_mark_clings_to_its_word() {
        let shown = |text: &str, glyphs| {
            let spans = adorned(vec![RichSpan::new(text, Ink::of(Token::Text))], glyphs);
            spans.iter().map(|span| span.text.as_str()).collect::<String>()
        };
        assert_eq!(shown("fact[^12] and word[^note].", Glyphs::Unicode), "fact¹² and word[note].");
        assert_eq!(shown("fact[^12]", Glyphs::Ascii), "fact[12]");
        assert_eq!(shown("the class [^0] of a[^b c]", Glyphs::Unicode), "the class [^0] of a[^b c]");
    }
}
