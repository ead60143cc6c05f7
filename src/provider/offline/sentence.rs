//! Where sentences end: in several languages, past abbreviations, initials, ordinals and closing quotes.

use std::ops::Range;

/// The sentences of one paragraph as byte ranges without surrounding blanks.
pub(super) fn sentences(text: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut start = 0;
    let mut chars = text.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        let hard = matches!(c, '。' | '！' | '？' | '।' | '؟' | '｡');
        if !hard && !matches!(c, '.' | '!' | '?' | '…') {
            continue;
        }
        let mut end = at + c.len_utf8();
        while let Some(&(next, c)) = chars.peek() {
            if !is_closing(c) && !matches!(c, '.' | '!' | '?' | '…' | '。' | '！' | '？') {
                break;
            }
            end = next + c.len_utf8();
            chars.next();
        }
        if hard || ends(text, start, at, end) {
            push(text, start..end, &mut found);
            start = end;
        }
    }
    push(text, start..text.len(), &mut found);
    found
}

fn push(text: &str, span: Range<usize>, found: &mut Vec<Range<usize>>) {
    let piece = &text[span.clone()];
    let start = span.start + (piece.len() - piece.trim_start().len());
    let end = start + piece.trim().len();
    if start < end {
        found.push(start..end);
    }
}

const fn is_closing(c: char) -> bool {
    matches!(
        c,
        '"' | '\'' | ')' | ']' | '}' | '»' | '”' | '“' | '’' | '」' | '』' | '）' | '*' | '_' | '`' | '¹' | '²' | '³'
    )
}

/// Whether the mark at `at` (with what closes after it until `end`) ends the sentence that began at `start`.
fn ends(text: &str, start: usize, at: usize, end: usize) -> bool {
    let rest = &text[end..];
    let Some(space) = rest.chars().next() else { return true };
    if !space.is_whitespace() {
        // Footnote marks stand right after the full stop: “... ended.[3] The next ...”
        return space == '[' && text[at..end] == *"." && rest.chars().nth(1).is_some_and(|c| c.is_ascii_digit());
    }
    let next = rest.trim_start();
    let first = next.trim_start_matches(|c: char| !c.is_alphanumeric()).chars().next();
    let Some(first) = first else { return true };
    if text[at..].starts_with(['!', '?', '…']) {
        return !first.is_lowercase();
    }
    // A word in code or bold may open a sentence in small letters.
    if first.is_lowercase() && !next.starts_with(['`', '*', '_']) {
        return false;
    }
    let head = &text[start..at];
    let last = head.rsplit(|c: char| c.is_whitespace() || matches!(c, '(' | '[' | '“' | '"' | '„' | '«')).next();
    let last = last.unwrap_or("").trim_start_matches(['*', '_', '`']);
    // A quote or bracket that closes behind the stop closes the sentence too.
    let closed = text[at + 1..end].contains(is_closing);
    let numbered = last.eq_ignore_ascii_case("no") && first.is_ascii_digit();
    !(numbered || (!closed && is_short_form(last)) || is_ordinal(last, next))
}

/// An abbreviation, a single initial, or letters with stops between them such as “z.B” and “U.S”.
fn is_short_form(word: &str) -> bool {
    let mut chars = word.chars();
    let (first, second) = (chars.next(), chars.next());
    if let (Some(first), None) = (first, second) {
        return first.is_uppercase() || matches!(first, 'p' | 'S' | 'c' | 's');
    }
    if word.contains('.')
        && word.split('.').all(|piece| piece.chars().count() <= 2)
        && word.starts_with(char::is_alphabetic)
    {
        return true;
    }
    SHORT_FORMS.binary_search(&word.to_lowercase().as_str()).is_ok()
}

/// “am 3. Mai”, “der 2. Weltkrieg”, “1. Apply”: a small number before a stop counts, it doesn't end.
fn is_ordinal(word: &str, next: &str) -> bool {
    if word.is_empty() || word.len() > 2 || !word.bytes().all(|b| b.is_ascii_digit()) {
        return false;
    }
    let following: String = next.chars().take_while(|c| c.is_alphabetic()).collect();
    MONTHS.iter().any(|month| following.to_lowercase().starts_with(month)) || following.is_empty()
}

/// Stems of the months in English, German, French and Spanish.
pub(super) const MONTHS: &[&str] = &[
    "jan", "feb", "febr", "mar", "mär", "apr", "mai", "may", "jun", "jul", "aug", "sep", "okt", "oct", "nov", "dec",
    "dez", "déc", "dic", "fév", "avr", "juin", "juil", "août", "ene", "abr", "ago",
];

/// Sorted, for the search.
const SHORT_FORMS: &[&str] = &[
    "abb", "abs", "al", "approx", "art", "av", "bd", "bspw", "bzw", "ca", "cf", "chap", "col", "dept", "dr", "ed",
    "eds", "eg", "esp", "est", "etc", "evtl", "fig", "figs", "gen", "ggf", "gov", "hr", "hrsg", "ie", "incl", "inkl",
    "jr", "lt", "max", "min", "mio", "mme", "mr", "mrs", "ms", "mt", "nr", "núm", "op", "p", "pag", "par", "pp",
    "prof", "resp", "rev", "sec", "sect", "sen", "sog", "sr", "sra", "st", "str", "tab", "tel", "u", "usw", "v", "vgl",
    "vol", "vs", "zzgl",
];

#[cfg(test)]
mod tests {
    use super::*;

    fn split(text: &str) -> Vec<&str> {
        sentences(text).into_iter().map(|span| &text[span]).collect()
    }

    #[test]
    fn the_short_forms_are_sorted() {
        let mut sorted = SHORT_FORMS.to_vec();
        sorted.sort_unstable();
        assert_eq!(sorted, SHORT_FORMS);
    }

    #[test]
    fn sentences_end_where_a_reader_would_say() {
        for (text, expect) in [
            ("One. Two! Three? Four", vec!["One.", "Two!", "Three?", "Four"]),
            (
                "Dr. Berg met J. Smith of Contoso vs. Tailspin. They agreed.",
                vec!["Dr. Berg met J. Smith of Contoso vs. Tailspin.", "They agreed."],
            ),
            ("It costs $1.5 per seat. That is e.g. Cheap.", vec!["It costs $1.5 per seat.", "That is e.g. Cheap."]),
            ("Am 3. Mai kam z.B. Frau Holm. Es regnete.", vec!["Am 3. Mai kam z.B. Frau Holm.", "Es regnete."]),
            ("He said “No.” She left (early.) Then rain.", vec!["He said “No.”", "She left (early.)", "Then rain."]),
            ("価格は高い。でも良い！", vec!["価格は高い。", "でも良い！"]),
            (
                "See v1.2.3 and example.com for more... and wait. Done.",
                vec!["See v1.2.3 and example.com for more... and wait.", "Done."],
            ),
            ("It ended.[3] The next began.", vec!["It ended.", "[3] The next began."]),
            ("  ", vec![]),
        ] {
            assert_eq!(split(text), expect, "{text}");
        }
    }
}
