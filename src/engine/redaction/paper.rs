//! What papers say of a person in letters and digits: numbers of members and patients, dates of birth in words.

use super::context::{BIRTH, ID};
use super::finding::Finding;
use super::fold;
use super::kind::Kind;

/// The number with letters that begins at this place, told by the word before it: `P-4478213`, `XQH884512390`, `QQ 12 34 56 C`.
pub(super) fn lettered(text: &str, at: usize) -> Option<Finding> {
    let bytes = &text.as_bytes()[at..];
    let letters = bytes.iter().take(5).take_while(|byte| byte.is_ascii_uppercase()).count();
    let end = match insurance(bytes) {
        Some(length) if letters == 2 => length,
        _ => prefixed(bytes, letters).or_else(|| mixed(bytes))?,
    };
    let whole = !bytes.get(end).is_some_and(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-'));
    let told = whole && ID.is_before(text, at, 32);
    told.then(|| Finding::new(Kind::Id, at..at + end, 65, "number after a word for an account or a paper"))
}

/// The length of up to four letters and a number behind them.
fn prefixed(bytes: &[u8], letters: usize) -> Option<usize> {
    let from = letters + usize::from(bytes.get(letters) == Some(&b'-'));
    let digits = bytes.get(from..)?.iter().take(16).take_while(|byte| byte.is_ascii_digit()).count();
    ((1..=4).contains(&letters) && digits >= 6).then_some(from + digits)
}

/// The length of a code of capitals and digits, as papers have it: `12345678Z`, `RSSMRA85T10A562S`.
fn mixed(bytes: &[u8]) -> Option<usize> {
    let code = |byte: &&u8| byte.is_ascii_uppercase() || byte.is_ascii_digit();
    let length = bytes.iter().take(21).take_while(code).count();
    let digits = bytes[..length].iter().filter(|byte| byte.is_ascii_digit()).count();
    ((7..=20).contains(&length) && digits >= 4 && digits < length).then_some(length)
}

/// The length of a British national insurance number: two letters, three pairs of digits, a letter from A to D.
fn insurance(bytes: &[u8]) -> Option<usize> {
    let mut at = 2;
    for _ in 0..3 {
        at += usize::from(bytes.get(at) == Some(&b' '));
        bytes.get(at..at + 2).filter(|pair| pair.iter().all(u8::is_ascii_digit))?;
        at += 2;
    }
    at += usize::from(bytes.get(at) == Some(&b' '));
    bytes.get(at).filter(|byte| (b'A'..=b'D').contains(byte)).map(|_| at + 1)
}

/// How months begin in languages that write them in Latin letters, folded.
const MONTHS: [&str; 34] = [
    "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec", "mai", "maj", "mei", "okt",
    "dez", "des", "ene", "abr", "ago", "dic", "fev", "avr", "jui", "aou", "gen", "mag", "giu", "lug", "set", "ott",
    "out", "maa",
];

fn is_month(word: &str) -> bool {
    // A look at the first letters spares most words the folding.
    let first = word.as_bytes().first_chunk::<3>();
    if first.is_some_and(|first| {
        first.is_ascii() && !MONTHS.iter().any(|month| first.eq_ignore_ascii_case(month.as_bytes()))
    }) {
        return false;
    }
    let folded = fold::fold(word);
    folded.len() <= 10 && MONTHS.iter().any(|month| folded.starts_with(month))
}

/// What stands between the parts of a date.
fn after_gap(text: &str) -> &str {
    let text = text.trim_start_matches(['.', ',', ' ', '-', '/']);
    let text = text.strip_prefix("of ").or_else(|| text.strip_prefix("de ")).unwrap_or(text);
    text.strip_prefix("del ").unwrap_or(text)
}

/// The date of birth with its month in words, whose day stands at this place: `7 June 1984`, `March 3, 1979`.
pub(super) fn birth_date(text: &str, at: usize) -> Option<Finding> {
    let bytes = text.as_bytes();
    let day = bytes[at..].iter().take(5).take_while(|byte| byte.is_ascii_digit()).count();
    if day == 4 {
        return birth_month(text, at);
    }
    if !(1..=2).contains(&day) {
        return None;
    }
    let rest = &text[at + day..];
    let suffix =
        ["st", "nd", "rd", "th", "er", "º"].into_iter().find(|suffix| rest.starts_with(suffix)).map_or(0, str::len);
    let rest = after_gap(&rest[suffix..]);
    let word: usize = rest.chars().take(11).take_while(|c| c.is_alphabetic()).map(char::len_utf8).sum();
    let (start, year) = if word > 2 && is_month(&rest[..word]) {
        (at, after_gap(&rest[word..]))
    } else {
        let before = text[..at].strip_suffix(' ')?.trim_end_matches('.');
        let word = before.bytes().rev().take(10).take_while(u8::is_ascii_alphabetic).count();
        if word < 3 || !is_month(&before[before.len() - word..]) {
            return None;
        }
        (before.len() - word, rest)
    };
    let digits = year.bytes().take(5).take_while(u8::is_ascii_digit).count();
    let end = text.len() - year.len() + 4;
    // The word must stand before this date, not before another number.
    let since = text[..start].bytes().rev().take(40).take_while(|byte| !byte.is_ascii_digit()).count();
    (digits == 4 && end - start <= 30 && BIRTH.is_before(text, start, since))
        .then(|| Finding::new(Kind::BirthDate, start..end, 80, "date after a word for birth"))
}

/// The month of birth before the year at this place: `born in May 1984`.
fn birth_month(text: &str, at: usize) -> Option<Finding> {
    let year = &text[at..at + 4];
    let before = text[..at].strip_suffix(' ')?;
    let word: usize = before.chars().rev().take(11).take_while(|c| c.is_alphabetic()).map(char::len_utf8).sum();
    let start = before.len() - word;
    let told = word > 2
        && (year.starts_with("19") || year.starts_with("20"))
        && is_month(&before[start..])
        && BIRTH.is_before(text, start, 16);
    told.then(|| Finding::new(Kind::BirthDate, start..at + 4, 75, "month after a word for birth"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_with_letters_needs_the_word_before_it() {
        for (text, number) in [
            ("Patient ID: P-4478213,", "P-4478213"),
            ("member no. XQH884512390", "XQH884512390"),
            ("National Insurance No. QQ 12 34 56 C.", "QQ 12 34 56 C"),
            ("DNI 12345678Z, Madrid", "12345678Z"),
            ("Codice fiscale: RSSMRA85T10A562S", "RSSMRA85T10A562S"),
            ("身份证号11010519491231002X，", "11010519491231002X"),
        ] {
            let at = text.find(number).unwrap();
            assert_eq!(lettered(text, at).map(|found| &text[found.span]), Some(number), "{text}");
        }
        assert_eq!(lettered("model P-4478213", 6), None);
    }

    #[test]
    fn a_date_in_words_is_hidden_where_somebody_was_born_on_it() {
        for (text, date) in [
            ("born on 7 June 1984.", "7 June 1984"),
            ("Date of birth: March 3, 1979", "March 3, 1979"),
            ("DOB: 12-Mar-1958 SSN", "12-Mar-1958"),
            ("nacida el 5 de mayo de 1990", "5 de mayo de 1990"),
            ("geboren am 5. März 1990 in Ulm", "5. März 1990"),
        ] {
            let at = text.find(|c: char| c.is_ascii_digit()).unwrap();
            assert_eq!(birth_date(text, at).map(|found| &text[found.span]), Some(date), "{text}");
        }
        assert_eq!(birth_date("seen on 7 June 1984", 8), None);
    }
}
