//! What papers say of a person in letters and digits: numbers of members and patients, dates of birth in words.

use super::context::{BIRTH, ID};
use super::finding::Finding;
use super::kind::Kind;

/// The number with letters that begins at this place, told by the word before it: `P-4478213`, `XQH884512390`, `QQ 12 34 56 C`.
pub(super) fn lettered(text: &str, at: usize) -> Option<Finding> {
    let bytes = &text.as_bytes()[at..];
    let letters = bytes.iter().take(5).take_while(|byte| byte.is_ascii_uppercase()).count();
    if !(1..=4).contains(&letters) {
        return None;
    }
    let end = match insurance(bytes) {
        Some(length) if letters == 2 => length,
        _ => {
            let from = letters + usize::from(bytes.get(letters) == Some(&b'-'));
            let digits = bytes[from..].iter().take(16).take_while(|byte| byte.is_ascii_digit()).count();
            if digits < 6 {
                return None;
            }
            from + digits
        }
    };
    let whole = !bytes.get(end).is_some_and(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-'));
    let told = ID.is_before(text, at, 32);
    (whole && told).then(|| Finding::new(Kind::Id, at..at + end, 65, "number after a word for an account or a paper"))
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

const MONTHS: [&str; 12] = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];

fn is_month(word: &str) -> bool {
    let lower = word.to_ascii_lowercase();
    word.len() <= 9 && MONTHS.iter().any(|month| lower.starts_with(month))
}

/// The date of birth with its month in words, whose day stands at this place: `7 June 1984`, `March 3, 1979`.
pub(super) fn birth_date(text: &str, at: usize) -> Option<Finding> {
    let bytes = text.as_bytes();
    let day = bytes[at..].iter().take(3).take_while(|byte| byte.is_ascii_digit()).count();
    if !(1..=2).contains(&day) {
        return None;
    }
    let rest = &text[at + day..];
    let suffix = ["st", "nd", "rd", "th"].into_iter().find(|suffix| rest.starts_with(suffix)).map_or(0, str::len);
    let rest = rest[suffix..].trim_start_matches(['.', ',', ' ']);
    let word: usize = rest.bytes().take(10).take_while(u8::is_ascii_alphabetic).count();
    let (start, year) = if word > 2 && is_month(&rest[..word]) {
        (at, rest[word..].trim_start_matches(['.', ',', ' ']))
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
    (digits == 4 && end - start <= 26 && BIRTH.is_before(text, start, 40))
        .then(|| Finding::new(Kind::BirthDate, start..end, 80, "date after a word for birth"))
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
        ] {
            let at = text.find(number).unwrap();
            assert_eq!(lettered(text, at).map(|found| &text[found.span]), Some(number), "{text}");
        }
        assert_eq!(lettered("model P-4478213", 6), None);
    }

    #[test]
    fn a_date_in_words_is_hidden_where_somebody_was_born_on_it() {
        for (text, date) in [("born on 7 June 1984.", "7 June 1984"), ("Date of birth: March 3, 1979", "March 3, 1979")]
        {
            let at = text.find(|c: char| c.is_ascii_digit()).unwrap();
            assert_eq!(birth_date(text, at).map(|found| &text[found.span]), Some(date), "{text}");
        }
        assert_eq!(birth_date("seen on 7 June 1984", 8), None);
    }
}
