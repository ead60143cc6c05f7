//! Where people and their money are: bank accounts, postal codes, names in file paths.

use super::check;
use super::context::{ADDRESS, IBAN};
use super::finding::Finding;
use super::fold;
use super::kind::Kind;
use super::words;
use super::wrap;

/// The length of every country's IBAN, from the IBAN registry.
const IBAN_LENGTHS: &str = "AD24AE23AL28AT20AZ28BA20BE16BG22BH22BI27BR29BY28CH21CR22CY28CZ24DE22DJ27DK18DO28EE20EG29ES24FI18FK18FO18FR27GB22GE22GI23GL18GR27GT28HN28HR21HU28IE22IL23IQ23IS26IT27JO30KW30KZ20LB28LC32LI21LT20LU20LV21LY25MC27MD24ME22MK19MN20MR27MT31MU30NI28NL18NO15OM23PK24PL28PS29PT25QA29RO24RS22RU33SA24SC31SD18SE24SI19SK24SM27SO23ST25SV28TL23TN24TR26UA29VA22VG24XK20YE30";

fn iban_length(country: &[u8]) -> Option<usize> {
    IBAN_LENGTHS
        .as_bytes()
        .chunks(4)
        .find(|entry| entry[..2].eq_ignore_ascii_case(country))
        .and_then(|entry| std::str::from_utf8(&entry[2..]).ok()?.parse().ok())
}

/// The bank account number that begins with the two letters at this place, which are followed by a digit.
pub(super) fn iban(text: &str, at: usize) -> Option<Finding> {
    let bytes = text.as_bytes();
    let length = iban_length(bytes.get(at..at + 2)?)?;
    let mut compact = Vec::with_capacity(length);
    let mut end = at;
    let mut gap = false;
    while let Some(&byte) = bytes.get(end).filter(|_| compact.len() < length) {
        if byte.is_ascii_alphanumeric() {
            compact.push(byte);
            gap = false;
            end += 1;
        } else if let Some(wrap) = wrap::length(&bytes[end..]).filter(|_| !gap) {
            gap = true;
            end += wrap;
        } else if matches!(byte, b' ' | b'-' | b'.') && !gap {
            gap = true;
            end += 1;
        } else {
            break;
        }
    }
    if compact.len() != length
        || bytes.get(end).is_some_and(u8::is_ascii_alphanumeric)
        || !compact[2..4].iter().all(u8::is_ascii_digit)
    {
        return None;
    }
    let span = at..end;
    let near = IBAN.is_near(text, &span, 40, 16);
    let digits = compact.iter().filter(|byte| byte.is_ascii_digit()).count();
    match (check::iban(&compact), near) {
        (true, _) => Some(Finding::new(Kind::Iban, span, 98, "IBAN, check digits hold")),
        (false, true) if digits >= 8 => {
            Some(Finding::new(Kind::Iban, span, 60, "IBAN by its context; check digits fail"))
        }
        _ => None,
    }
}

/// Names of accounts that belong to nobody.
const NOBODY: [&str; 22] = [
    "user",
    "users",
    "username",
    "public",
    "shared",
    "default",
    "root",
    "runner",
    "ubuntu",
    "vagrant",
    "node",
    "app",
    "me",
    "you",
    "admin",
    "administrator",
    "guest",
    "all users",
    "docker",
    "ec2-user",
    "linuxbrew",
    "default user",
];

/// The user's name after `/home/`, `/Users/` or `C:\Users\`, which end at this place.
pub(super) fn path(text: &str, from: usize) -> Option<Finding> {
    let rest = text[from..].trim_start_matches('\\');
    let start = text.len() - rest.len();
    let length: usize = rest
        .chars()
        .take(64)
        .take_while(|&c| c.is_alphanumeric() || matches!(c, '.' | '-' | '_' | '\''))
        .map(char::len_utf8)
        .sum();
    let name = rest[..length].trim_end_matches(['.', '\'']);
    if name.len() < 2 || NOBODY.contains(&name.to_lowercase().as_str()) {
        return None;
    }
    Some(Finding::new(Kind::Path, start..start + name.len(), 80, "user's name in a file path"))
}

/// The British or Canadian postal code that begins with the letter at this place.
pub(super) fn lettered_postcode(text: &str, at: usize) -> Option<Finding> {
    let bytes = &text.as_bytes()[at..(at + 8).min(text.len())];
    let class: String = bytes
        .iter()
        .map(|byte| match byte {
            b'A'..=b'Z' => 'A',
            b'0'..=b'9' => '9',
            b' ' => ' ',
            _ => '.',
        })
        .collect();
    let british = ["AA99 9AA", "AA9A 9AA", "AA9 9AA", "A9A 9AA", "A99 9AA", "A9 9AA"];
    let (form, strong) = british
        .iter()
        .map(|form| (*form, true))
        .chain([("A9A 9A9", true), ("AA999AA", false), ("A99AA", false), ("AA99AA", false), ("A9A9A9", false)])
        .find(|(form, _)| class.starts_with(form))?;
    let span = at..at + form.len();
    let after = text.as_bytes().get(span.end);
    if after.is_some_and(u8::is_ascii_alphanumeric) {
        return None;
    }
    let near = ADDRESS.is_near(text, &span, 60, 10);
    if !strong && !near {
        return None;
    }
    Some(Finding::new(Kind::Postcode, span, if near { 85 } else { 60 }, "postal code by its form"))
}

/// The postal code of digits at this place, which needs a word for addresses, a state or a street nearby.
pub(super) fn digit_postcode(text: &str, at: usize) -> Option<Finding> {
    let bytes = text.as_bytes();
    let digits = bytes[at..].iter().take(7).take_while(|byte| byte.is_ascii_digit()).count();
    let mut end = at + digits;
    let plus_four = digits == 5
        && bytes.get(end) == Some(&b'-')
        && bytes.get(end + 1..end + 5).is_some_and(|four| four.iter().all(u8::is_ascii_digit))
        && !bytes.get(end + 5).is_some_and(u8::is_ascii_digit);
    if plus_four {
        end += 5;
    }
    if !(4..=6).contains(&digits) || bytes.get(end).is_some_and(u8::is_ascii_alphanumeric) {
        return None;
    }
    let before = text[..at].trim_end_matches(' ');
    let state = at > before.len()
        && before.len() >= 2
        && before.as_bytes()[before.len() - 2..].iter().all(u8::is_ascii_uppercase)
        && before[..before.len() - 2].ends_with([' ', ',', '\n']);
    let word = before.trim_end_matches([':', ' ', '#']);
    let named = ["zip", "zip code", "zipcode", "postcode", "postal code", "post code", "plz"].iter().any(|name| {
        word.len()
            .checked_sub(name.len())
            .and_then(|at| word.get(at..))
            .is_some_and(|end| end.eq_ignore_ascii_case(name))
    });
    let score = match (digits, state || named) {
        (_, true) => 75,
        (4 | 5, false) if !is_year(&text[at..end]) && follows_house(text, at) && goes_on_with_city(&text[end..]) => 65,
        (5, false) if plus_four => 55,
        _ => return None,
    };
    Some(Finding::new(Kind::Postcode, at..end, score, "postal code after a state or a word for it"))
}

/// Whether `Storgata 5B, ` stands before this place: a house number before the line of the city. A word that English knows
/// is no street's: `Section 12, 10115 Records`.
fn follows_house(text: &str, at: usize) -> bool {
    let Some(before) = text[..at].strip_suffix(", ") else { return false };
    let number = before.strip_suffix(|c: char| c.is_ascii_alphabetic()).unwrap_or(before);
    let digits = number.bytes().rev().take(5).take_while(u8::is_ascii_digit).count();
    let Some(street) = number[..number.len() - digits].strip_suffix(' ').filter(|_| (1..=4).contains(&digits)) else {
        return false;
    };
    let length: usize = street.chars().rev().take(40).take_while(|c| c.is_alphabetic()).map(char::len_utf8).sum();
    street.ends_with('.') || length > 0 && words::tier(&fold::fold(&street[street.len() - length..])).is_none()
}

/// The postal code of digits behind an address that ends here, before the name of a city: `, 00590 Roma`, `\nD-10115 Berlin`,
/// `, 1015 CJ Amsterdam`, `, 111 22 Stockholm`.
pub(super) fn postcode_behind(text: &str, end: usize) -> Option<Finding> {
    let rest = &text[end..];
    let gap =
        [", ", " - ", " – ", ",\n", "\n", ",\r\n", "\r\n", " "].into_iter().find(|gap| rest.starts_with(gap))?.len();
    let gap = gap + rest[gap..].bytes().take(4).take_while(|byte| matches!(byte, b' ' | b'>')).count();
    let code = &rest.as_bytes()[gap..];
    let country = code.iter().take(3).take_while(|byte| byte.is_ascii_uppercase()).count();
    let country = if country > 0 && code.get(country) == Some(&b'-') { country + 1 } else { 0 };
    let digits = |from: usize| code[from..].iter().take(6).take_while(|byte| byte.is_ascii_digit()).count();
    let first = digits(country);
    let second = country + first + 1;
    let length = match (first, code.get(second - 1)) {
        (2 | 4 | 5, Some(b'-')) if digits(second) == 3 => second + 3,
        (3, Some(b' ')) if digits(second) == 2 => second + 2,
        (4, Some(b' '))
            if code
                .get(second..second + 3)
                .is_some_and(|two| two[..2].iter().all(u8::is_ascii_uppercase) && two[2] == b' ') =>
        {
            second + 2
        }
        (4 | 5, _) => second - 1,
        _ => return None,
    };
    let start = end + gap;
    goes_on_with_city(&text[start + length..])
        .then(|| Finding::new(Kind::Postcode, start..start + length, 70, "postal code behind a street"))
}

fn is_year(digits: &str) -> bool {
    digits.len() == 4 && (digits.starts_with("19") || digits.starts_with("20"))
}

fn goes_on_with_city(after: &str) -> bool {
    after.strip_prefix(' ').is_some_and(|city| city.starts_with(char::is_uppercase))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn span(text: &str, finding: Option<Finding>) -> Option<&str> {
        finding.map(|finding| &text[finding.span])
    }

    #[test]
    fn an_account_number_is_checked_by_country_and_modulus() {
        let text = "GB82 WEST 1234 5698 7654 32 is it";
        assert_eq!(span(text, iban(text, 0)), Some("GB82 WEST 1234 5698 7654 32"));
        assert!(iban("GB83WEST12345698765432", 0).is_none());
        assert_eq!(iban("IBAN GB83WEST12345698765432", 5).map(|f| f.score), Some(60));
        assert!(iban("QQ82WEST12345698765432", 0).is_none());
    }

    #[test]
    fn postal_codes_need_their_form_or_their_context() {
        let text = "SW1A 1AA";
        assert_eq!(span(text, lettered_postcode(text, 0)), Some("SW1A 1AA"));
        assert!(digit_postcode("in 90210 cases", 3).is_none());
        let text = "Beverly Hills, CA 90210-1234";
        assert_eq!(span(text, digit_postcode(text, 18)), Some("90210-1234"));
    }

    #[test]
    fn the_user_is_taken_out_of_a_path_and_the_path_stays() {
        let text = "/home/jane.doe/notes";
        assert_eq!(span(text, path(text, 6)), Some("jane.doe"));
        assert!(path("/Users/Shared/x", 7).is_none());
    }
}
