//! Figures in a sentence: amounts, percentages, dates and counts, made comparable.

use super::sentence::MONTHS;

/// A number and what it counts.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Figure {
    /// What kind of number it is.
    pub(super) kind: Kind,
    /// The number without separators, the same for `1,200` and `1200`.
    pub(super) value: String,
    /// The number, if it is one (`1.2.3` is not).
    pub(super) number: Option<f64>,
    /// The word right after it in small letters without a plural s: `seat` in “20 seats”; empty if there is none.
    pub(super) unit: String,
}

/// What a number says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Kind {
    /// An amount of money.
    Money,
    /// A share of a hundred.
    Percent,
    /// A date, a year or a time of day.
    Date,
    /// Anything else.
    Count,
}

/// Numbers written as words, as far as they count things in everyday prose.
const SPELLED: &[(&str, u8)] = &[
    ("two", 2),
    ("three", 3),
    ("four", 4),
    ("five", 5),
    ("six", 6),
    ("seven", 7),
    ("eight", 8),
    ("nine", 9),
    ("ten", 10),
    ("eleven", 11),
    ("twelve", 12),
    ("zwei", 2),
    ("drei", 3),
    ("vier", 4),
    ("fünf", 5),
    ("sechs", 6),
    ("sieben", 7),
    ("acht", 8),
    ("neun", 9),
    ("zehn", 10),
    ("elf", 11),
    ("zwölf", 12),
    ("deux", 2),
    ("trois", 3),
    ("quatre", 4),
    ("cinq", 5),
    ("sept", 7),
    ("huit", 8),
    ("neuf", 9),
    ("dix", 10),
    ("douze", 12),
    ("dos", 2),
    ("tres", 3),
    ("cuatro", 4),
    ("cinco", 5),
    ("seis", 6),
    ("siete", 7),
    ("ocho", 8),
    ("nueve", 9),
    ("diez", 10),
    ("doce", 12),
];

const CURRENCIES: &[char] = &['$', '€', '£', '¥', '₹', '₽', '₩'];
const CODES: &[&str] = &[
    "usd", "eur", "gbp", "chf", "jpy", "nok", "sek", "dkk", "cad", "aud", "inr", "cny", "dollars", "dollar", "euro",
    "euros", "kr", "kroner", "francs",
];

/// The figures of a text in order.
pub(super) fn figures(text: &str) -> Vec<Figure> {
    let mut found = Vec::new();
    let bytes = text.as_bytes();
    let mut at = 0;
    let mut in_word = false;
    while at < text.len() {
        let Some(c) = text[at..].chars().next() else { break };
        if c.is_ascii_digit() && !in_word {
            let end = number_end(bytes, at);
            found.push(figure(text, at, end));
            at = end;
            in_word = text[at..].starts_with(char::is_alphanumeric);
            continue;
        }
        if c.is_alphabetic() && !in_word {
            let end = at + text[at..].find(|c: char| !c.is_alphanumeric()).unwrap_or(text.len() - at);
            if let Some(figure) = spelled(text, at, end) {
                found.push(figure);
            }
            at = end;
            continue;
        }
        in_word = c == '_' || c.is_alphanumeric();
        at += c.len_utf8();
    }
    found
}

/// Digits with separators between them: thousands, decimals, dates, times, versions.
fn number_end(bytes: &[u8], start: usize) -> usize {
    let mut end = start;
    while end < bytes.len() {
        let digit_next = bytes.get(end + 1).is_some_and(u8::is_ascii_digit);
        match bytes[end] {
            b'0'..=b'9' => end += 1,
            b'.' | b',' | b':' | b'/' | b'-' | b'\'' if digit_next => end += 1,
            _ => break,
        }
    }
    end
}

fn figure(text: &str, start: usize, end: usize) -> Figure {
    let raw = &text[start..end];
    let before = text[..start].trim_end().chars().next_back();
    let rest = text[end..].trim_start_matches([' ', '\u{a0}', '\u{202f}']);
    let word: String = rest.chars().take_while(|c| c.is_alphabetic()).collect();
    let lower = word.to_lowercase();
    let is_month = !lower.is_empty() && MONTHS.iter().any(|month| lower.starts_with(month)) && lower.len() <= 9;
    let month_before = text[..start].trim_end().rsplit(|c: char| !c.is_alphabetic()).next().is_some_and(|word| {
        let word = word.to_lowercase();
        word.len() <= 9 && word.len() > 2 && MONTHS.iter().any(|month| word.starts_with(month))
    });
    let (number, value) = normal(raw);
    let year =
        raw.len() == 4 && raw.bytes().all(|b| b.is_ascii_digit()) && (raw.starts_with("19") || raw.starts_with("20"));
    let money = before.is_some_and(|c| CURRENCIES.contains(&c))
        || rest.starts_with(CURRENCIES)
        || CODES.contains(&lower.as_str())
        || text[..start].trim_end().rsplit(' ').next().is_some_and(|code| {
            code.len() == 3
                && code.bytes().all(|b| b.is_ascii_uppercase())
                && CODES.contains(&code.to_lowercase().as_str())
        });
    let kind = if money {
        Kind::Money
    } else if rest.starts_with(['%', '٪']) || matches!(lower.as_str(), "percent" | "prozent") {
        Kind::Percent
    } else if is_month || month_before || (year && lower.len() < 12) || is_date(raw) {
        Kind::Date
    } else {
        Kind::Count
    };
    let value = if is_month { format!("{value} {}", lower.chars().take(3).collect::<String>()) } else { value };
    Figure { kind, value, number, unit: unit(&lower) }
}

fn is_date(raw: &str) -> bool {
    let piece = |c: char| raw.split(c).filter(|piece| !piece.is_empty()).count();
    (piece('-') == 3 && raw.len() >= 8) || (piece('/') == 3) || (piece('.') == 3 && raw.len() >= 8) || piece(':') == 2
}

/// The number and its plain form. One separator before exactly three digits groups thousands unless it is a lone stop.
fn normal(raw: &str) -> (Option<f64>, String) {
    let dots = raw.matches('.').count();
    let commas = raw.matches(',').count();
    if raw.contains(['/', ':', '-']) || (dots > 1 && commas == 0 && !grouped(raw, '.')) {
        return (None, raw.to_owned());
    }
    let decimal = match (raw.rfind('.'), raw.rfind(',')) {
        (Some(dot), Some(comma)) => Some(dot.max(comma)),
        (Some(dot), None) if dots == 1 => Some(dot),
        (None, Some(comma)) if commas == 1 && raw.len() - comma != 4 => Some(comma),
        _ => None,
    };
    let mut plain: String = raw
        .char_indices()
        .filter_map(|(at, c)| if Some(at) == decimal { Some('.') } else { c.is_ascii_digit().then_some(c) })
        .collect();
    if plain.contains('.') {
        plain.truncate(plain.trim_end_matches('0').trim_end_matches('.').len());
    }
    (plain.parse().ok(), plain)
}

fn grouped(raw: &str, separator: char) -> bool {
    raw.split(separator).skip(1).all(|piece| piece.len() == 3)
}

fn spelled(text: &str, start: usize, end: usize) -> Option<Figure> {
    // The longest spelled number has six letters: everything else is passed by quickly.
    if end - start > 8 {
        return None;
    }
    let word = text[start..end].to_lowercase();
    let &(_, number) = SPELLED.iter().find(|(name, _)| *name == word)?;
    let rest = text[end..].trim_start_matches([' ', '-']);
    let next: String = rest.chars().take_while(|c| c.is_alphabetic()).collect();
    let unit = unit(&next.to_lowercase());
    Some(Figure { kind: Kind::Count, value: number.to_string(), number: Some(f64::from(number)), unit })
}

fn unit(word: &str) -> String {
    let singular = word.strip_suffix('s').filter(|head| head.len() > 2).unwrap_or(word);
    singular.chars().take(16).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str) -> Vec<String> {
        figures(text)
            .into_iter()
            .map(|f| format!("{:?} {} {}", f.kind, f.value, f.unit).trim_end().to_owned())
            .collect()
    }

    #[test]
    fn figures_are_read_with_their_kind_and_unit() {
        for (text, expect) in [
            ("$1,200 and 1200 seats", vec!["Money 1200 and", "Count 1200 seat"]),
            ("1.234,50 € or 7%", vec!["Money 1234.5", "Percent 7"]),
            ("renews on 30 May 2026, at 10:42", vec!["Date 30 may may", "Date 2026", "Date 10:42"]),
            ("three weeks, not 3 weeks", vec!["Count 3 week", "Count 3 week"]),
            ("m12 and v2 are names, 2026-05-30 a date", vec!["Date 2026-05-30 a"]),
            ("version 1.2.3", vec!["Count 1.2.3"]),
            ("EUR 28.00", vec!["Money 28"]),
        ] {
            assert_eq!(shown(text), expect, "{text}");
        }
    }
}
