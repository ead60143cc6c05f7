//! Where people and their money are: bank accounts, street addresses, postal codes, names in file paths.

use std::ops::Range;

use super::check;
use super::context::{ADDRESS, IBAN};
use super::finding::Finding;
use super::kind::Kind;

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
    let mut gap = 0;
    for (place, &byte) in bytes.iter().enumerate().skip(at) {
        if byte.is_ascii_alphanumeric() {
            compact.push(byte);
            gap = 0;
        } else if matches!(byte, b' ' | b'-' | b'.' | b'\n') && gap == 0 {
            gap += 1;
        } else if byte == b'\r' && bytes.get(place + 1) == Some(&b'\n') {
            // The line feed after it is the gap.
        } else {
            break;
        }
        end += 1;
        if compact.len() == length {
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

/// Words that end or begin the name of a street, folded.
const STREETS: [&str; 74] = [
    "street",
    "st",
    "road",
    "rd",
    "avenue",
    "ave",
    "av",
    "boulevard",
    "blvd",
    "lane",
    "ln",
    "drive",
    "dr",
    "court",
    "ct",
    "place",
    "pl",
    "square",
    "sq",
    "terrace",
    "ter",
    "way",
    "circle",
    "cir",
    "highway",
    "hwy",
    "parkway",
    "pkwy",
    "crescent",
    "close",
    "mews",
    "row",
    "alley",
    "trail",
    "loop",
    "plaza",
    "pike",
    "quay",
    "grove",
    "gardens",
    "strasse",
    "str",
    "gasse",
    "platz",
    "weg",
    "allee",
    "ring",
    "rue",
    "via",
    "viale",
    "corso",
    "piazza",
    "calle",
    "avenida",
    "avda",
    "rua",
    "praca",
    "travessa",
    "ulica",
    "ul",
    "gata",
    "gatan",
    "vagen",
    "vag",
    "veien",
    "vei",
    "gate",
    "vej",
    "gade",
    "straat",
    "laan",
    "plein",
    "tie",
    "katu",
];

/// Endings that make one word the name of a street, folded.
const STREET_ENDINGS: [&str; 20] = [
    "strasse", "straße", "gasse", "gatan", "gata", "vagen", "veien", "vegen", "gaten", "vej", "gade", "straat", "laan",
    "katu", "tie", "allee", "platz", "utca", "gracht", "plein",
];

/// What may follow the street: a flat, a floor.
const FLATS: [&str; 9] = ["apt", "apartment", "suite", "ste", "unit", "flat", "floor", "room", "box"];

/// One word of an address: where it stands, and how it folds if it has a capital.
struct Word {
    span: Range<usize>,
    fold: String,
    capital: bool,
    number: bool,
}

/// The words from a place on, read as they are asked for: most numbers are no house's, and the first word says so.
struct Words<'a> {
    text: &'a str,
    at: usize,
    read: Vec<Word>,
}

impl<'a> Words<'a> {
    /// The most words an address is followed for.
    const MOST: usize = 9;

    const fn after(text: &'a str, at: usize) -> Self {
        Self { text, at, read: Vec::new() }
    }

    fn get(&mut self, place: usize) -> Option<&Word> {
        while self.read.len() <= place {
            let word = self.next().filter(|_| place < Self::MOST)?;
            self.at = word.span.end;
            self.read.push(word);
        }
        self.read.get(place)
    }

    fn next(&self) -> Option<Word> {
        let rest = &self.text[self.at..];
        let gap: usize = rest.chars().take_while(|&c| matches!(c, ' ' | ',' | '.' | '#')).map(char::len_utf8).sum();
        if gap > 3 || (gap == 0 && !self.read.is_empty()) {
            return None;
        }
        let start = self.at + gap;
        let length: usize = self.text[start..]
            .chars()
            .take(48)
            .take_while(|&c| c.is_alphanumeric() || matches!(c, '\'' | '’' | '-' | '/'))
            .map(char::len_utf8)
            .sum();
        let word = &self.text[start..start + length];
        let first = word.chars().next()?;
        let capital = first.is_uppercase();
        Some(Word {
            span: start..start + length,
            fold: if capital { super::fold::fold(word) } else { word.to_owned() },
            capital,
            number: first.is_numeric(),
        })
    }
}

/// The address that begins with the house number at this place: `221B Baker Street, Flat 2`.
pub(super) fn address(text: &str, at: usize) -> Option<Finding> {
    if !may_be_house(text.as_bytes(), at) {
        return None;
    }
    let mut words = Words::after(text, at);
    let start = words.get(0).filter(|word| word.number && word.span.len() <= 6)?.span.start;
    let mut street = None;
    for place in 1..6 {
        let Some(word) = words.get(place) else { break };
        let named = place > 1
            || matches!(
                word.fold.as_str(),
                "rue" | "via" | "viale" | "corso" | "piazza" | "calle" | "avenida" | "rua" | "ulica" | "ul"
            );
        if (named && word.capital && STREETS.contains(&word.fold.as_str())) || is_street_word(word) {
            street = Some(place);
            if word.fold != "st" || place > 1 {
                break;
            }
        } else if !(word.capital || word.number || is_particle(word) || matches!(word.fold.as_str(), "of" | "the")) {
            break;
        }
    }
    let end = with_flat(&mut words, street?);
    Some(Finding::new(Kind::Address, start..end, 75, "house number and street"))
}

/// Whether a short number and a word that may begin a street's name stand here: a look at the bytes spares most numbers
/// the rest.
fn may_be_house(bytes: &[u8], at: usize) -> bool {
    let part = |byte: &&u8| byte.is_ascii_alphanumeric() || matches!(byte, b'\'' | b'-' | b'/');
    let number = bytes[at..].iter().take(7).take_while(part).count();
    let gap = bytes[at + number..].iter().take(4).take_while(|byte| matches!(byte, b' ' | b',' | b'.' | b'#')).count();
    number <= 6
        && match bytes.get(at + number + gap) {
            // Of words without a capital, only small ones stand there: `de`, `la`, `van`, `of`, `the`.
            Some(byte) => {
                !byte.is_ascii()
                    || gap > 0
                        && (byte.is_ascii_alphanumeric() && !byte.is_ascii_lowercase() || b"dlvot".contains(byte))
            }
            None => false,
        }
}

/// Small words inside the names of streets.
fn is_particle(word: &Word) -> bool {
    matches!(word.fold.as_str(), "de" | "la" | "du" | "des" | "del" | "da" | "do" | "van" | "der")
}

fn is_street_word(word: &Word) -> bool {
    word.capital
        && STREET_ENDINGS.iter().any(|ending| word.fold.len() > ending.len() + 2 && word.fold.ends_with(ending))
}

/// The end of an address whose street ends with this word: names after `Rue`, then a flat and its number.
fn with_flat(words: &mut Words<'_>, street: usize) -> usize {
    let mut last = street;
    if street == 1 && words.get(1).is_some_and(|word| STREETS.contains(&word.fold.as_str())) {
        while last < 5 && words.get(last + 1).is_some_and(|next| next.capital || is_particle(next)) {
            last += 1;
        }
    }
    if words.get(last + 1).is_some_and(|flat| FLATS.contains(&flat.fold.as_str()))
        && let Some(number) = words.get(last + 2).filter(|number| number.span.len() <= 6)
    {
        return number.span.end;
    }
    let read = words.at;
    words.get(last).map_or(read, |word| word.span.end)
}

/// The address that ends with a house number after a street in one word: `Friedhofstraße 33a`. `at` is the number's place.
pub(super) fn street_before(text: &str, at: usize) -> Option<Finding> {
    let before = text[..at].strip_suffix(' ')?;
    let before = before.strip_suffix('.').unwrap_or(before);
    let length: usize =
        before.chars().rev().take(40).take_while(|&c| c.is_alphabetic() || c == '-').map(char::len_utf8).sum();
    let start = before.len() - length;
    let word = Word {
        span: start..before.len(),
        fold: super::fold::fold(&before[start..]),
        capital: before[start..].starts_with(char::is_uppercase),
        number: false,
    };
    let spelled = matches!(word.fold.as_str(), "strasse" | "str" | "gata" | "vei" | "vej");
    if !word.capital || !(is_street_word(&word) || spelled || word.fold.ends_with("str")) || word.fold.len() < 6 {
        return None;
    }
    let number: usize = text[at..].chars().take(6).take_while(char::is_ascii_alphanumeric).map(char::len_utf8).sum();
    Some(Finding::new(Kind::Address, start..at + number, 75, "street and house number"))
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

/// Whether `5B, ` stands before this place: a house number before the line of the city.
fn follows_house(text: &str, at: usize) -> bool {
    let Some(before) = text[..at].strip_suffix(", ") else { return false };
    let number = before.strip_suffix(|c: char| c.is_ascii_alphabetic()).unwrap_or(before);
    let digits = number.bytes().rev().take(5).take_while(u8::is_ascii_digit).count();
    let street = number[..number.len() - digits].strip_suffix(' ');
    (1..=4).contains(&digits) && street.is_some_and(|street| street.ends_with(|c: char| c.is_alphabetic() || c == '.'))
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
    fn streets_are_found_in_several_languages() {
        for (text, wanted) in [
            ("221B Baker Street, Flat 2 in", "221B Baker Street, Flat 2"),
            ("90 Whitchurch Road", "90 Whitchurch Road"),
            ("12 rue de Rivoli", ""),
            ("12 Rue de Rivoli now", "12 Rue de Rivoli"),
            ("12 of the best", ""),
        ] {
            assert_eq!(span(text, address(text, 0)).unwrap_or(""), wanted, "{text}");
        }
        let text = "Friedhofstrasse 33a, Wien";
        assert_eq!(span(text, street_before(text, 16)), Some("Friedhofstrasse 33a"));
        let text = "Musterstr. 12a, 12345 Musterstadt";
        assert_eq!(span(text, street_before(text, 11)), Some("Musterstr. 12a"));
        assert_eq!(span(text, digit_postcode(text, 16)), Some("12345"));
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
