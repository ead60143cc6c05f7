//! Streets before the number of their house: `Friedhofstraße 33a`, `Via Roma 12`, `C/ Mayor 15`, `ul. Długa 7`.

use super::finding::Finding;
use super::fold;
use super::kind::Kind;
use super::place;
use super::street;
use super::words;

/// The most words that are followed back from a house number.
const MOST: usize = 6;

/// Words that begin the name of a street and mean nothing else, folded.
const OPENINGS: [&str; 26] = [
    "calle",
    "c/",
    "avenida",
    "avda",
    "paseo",
    "carrer",
    "rambla",
    "rue",
    "chemin",
    "impasse",
    "quai",
    "boulevard",
    "bd",
    "blvd",
    "rua",
    "travessa",
    "praca",
    "ulica",
    "ulicy",
    "ul",
    "viale",
    "piazza",
    "piazzale",
    "vicolo",
    "alameda",
    "ulitsa",
];

/// Words that may begin one, but need a name no dictionary knows, or a postal code behind the number.
const SHY: [&str; 12] =
    ["via", "corso", "largo", "strada", "plaza", "place", "avenue", "allee", "route", "cours", "av", "aleja"];

/// Abbreviations that begin one only with their dot.
const DOTTED: [&str; 3] = ["al", "os", "pl"];

/// Words that end one behind a name, folded: `Lange Straße 14`, `Berliner Str. 9`, `Karl Johans gate 31`.
const CLOSINGS: [&str; 16] = [
    "strasse", "str", "weg", "platz", "allee", "gasse", "ring", "damm", "ufer", "gata", "vei", "veg", "vej", "gade",
    "vag", "gate",
];

/// German words before the name of a place, which tell a street only with a postal code behind the number.
const BESIDE: [&str; 12] = ["am", "an", "im", "in", "zum", "zur", "auf", "unter", "hinter", "vor", "bei", "beim"];

/// Small words inside the names of streets.
const PARTICLES: [&str; 24] = [
    "de", "la", "las", "los", "el", "del", "da", "do", "das", "dos", "di", "della", "dei", "delle", "degli", "du",
    "des", "le", "les", "der", "den", "dem", "y", "e",
];

/// A word before the number, read from right to left.
struct Word {
    start: usize,
    fold: String,
    capital: bool,
    dotted: bool,
}

/// The address that ends with the house number at this place.
pub(super) fn address(text: &str, at: usize) -> Option<Finding> {
    let before = up_to_number(&text[..at]).filter(|before| may_be_street(before))?;
    let number = number(&text[at..])?;
    let start = start(text, before, at + number)?;
    Some(Finding::new(Kind::Address, start..at + number, 75, "street and house number"))
}

/// The text before a house number, without what stands between the street and it: most numbers have no word there.
fn up_to_number(before: &str) -> Option<&str> {
    let before = before.strip_suffix(' ')?;
    let last = before.bytes().next_back()?;
    if last.is_ascii_alphabetic() {
        return Some(before);
    }
    if last.is_ascii() && !b".,".contains(&last) {
        return None;
    }
    let before = ["n°", "nº", "n.", "No.", "no.", "Nr.", "nr.", "núm."]
        .into_iter()
        .find_map(|sign| before.strip_suffix(sign)?.strip_suffix(' '))
        .unwrap_or(before);
    let before = before.strip_suffix(',').unwrap_or(before);
    before.ends_with(|c: char| c.is_alphabetic() || c == '.').then_some(before)
}

/// Whether the last word has a capital or is one for streets: a look that spares most numbers the rest.
fn may_be_street(before: &str) -> bool {
    let plain = before.strip_suffix('.').unwrap_or(before);
    let word = last_word(plain);
    word.starts_with(char::is_uppercase) || ["gate", "gata", "vei", "veg", "vej", "gade", "väg"].contains(&word)
}

/// The letters, at most forty, that a text ends with.
fn last_word(text: &str) -> &str {
    let plain = text.bytes().rev().take(40).take_while(u8::is_ascii_alphabetic).count();
    let ends = plain == 40 || text.len() == plain || text.as_bytes()[text.len() - plain - 1].is_ascii();
    let length = if ends {
        plain
    } else {
        text.chars().rev().take(40).take_while(|c| c.is_alphabetic()).map(char::len_utf8).sum()
    };
    &text[text.len() - length..]
}

/// The length of the house number: up to four digits, a letter, another number behind a slash.
fn number(rest: &str) -> Option<usize> {
    let bytes = rest.as_bytes();
    let digits = |from: usize| bytes[from..].iter().take(5).take_while(|byte| byte.is_ascii_digit()).count();
    let mut end = digits(0);
    if !(1..=4).contains(&end) {
        return None;
    }
    end += usize::from(bytes.get(end).is_some_and(u8::is_ascii_alphabetic));
    if bytes.get(end) == Some(&b'/') && (1..=4).contains(&digits(end + 1)) {
        end += 1 + digits(end + 1);
    }
    let goes_on = |c: char| c.is_alphanumeric() || matches!(c, ':' | '%' | '_');
    let mut after = rest[end..].chars();
    let next = after.next();
    let decimal =
        next.is_some_and(|c| matches!(c, '.' | ',' | '-')) && after.next().is_some_and(|c| c.is_ascii_digit());
    (!next.is_some_and(goes_on) && !decimal).then_some(end)
}

/// The words before a place, from the last on.
fn words(before: &str) -> impl Iterator<Item = Word> + '_ {
    let mut rest = Some(before);
    std::iter::from_fn(move || {
        let before = rest?;
        let plain = before.strip_suffix('.').unwrap_or(before);
        let part = |c: &char| c.is_alphabetic() || matches!(c, '-' | '\'' | '’' | '/');
        let length: usize = plain.chars().rev().take(40).take_while(part).map(char::len_utf8).sum();
        let start = plain.len() - length;
        let text = &plain[start..];
        rest = plain[..start].strip_suffix(' ');
        let capital = text.rsplit(['\'', '’']).next().is_some_and(|name| name.starts_with(char::is_uppercase));
        (!text.is_empty()).then(|| Word { start, fold: fold::fold(text), capital, dotted: plain.len() < before.len() })
    })
    .take(MOST)
}

/// Where the street before a number begins that ends at `end`.
fn start(text: &str, before: &str, end: usize) -> Option<usize> {
    let mut names: Vec<Word> = Vec::new();
    let mut behind = words(before);
    while let Some(word) = behind.next() {
        if names.is_empty() {
            if word.capital && (street::ends_as_street(&word.fold) || word.fold.len() > 5 && word.fold.ends_with("str"))
            {
                return Some(word.start);
            }
        } else if opens(text, &word, &names, end) {
            return Some(word.start);
        } else if let [closing] = names.as_slice()
            && closes(closing, &word)
        {
            // `i Karl Johans gate`: but for the first word of a sentence, a name before the name belongs to it.
            let inside = |first: &Word| {
                text[..first.start].ends_with(' ') && !text[..first.start].trim_end().ends_with(['.', '!', '?'])
            };
            let first =
                behind.next().filter(|first| !closing.capital && first.capital && !first.dotted && inside(first));
            return Some(first.map_or(word.start, |first| first.start));
        }
        let closing = names.is_empty() && CLOSINGS.contains(&word.fold.as_str());
        // A dot ends a sentence, but for words that are cut: `Berliner Str. 9`, `Dr. Karl`.
        let sentence = word.dotted && !closing && word.fold.chars().count() > 3;
        if sentence || !(word.capital || closing || !names.is_empty() && PARTICLES.contains(&word.fold.as_str())) {
            return None;
        }
        names.push(word);
    }
    None
}

/// Whether this word begins the street that these names, read from right to left, go on.
fn opens(text: &str, word: &Word, names: &[Word], end: usize) -> bool {
    let fold = word.fold.as_str();
    let coded = || place::postcode_behind(text, end).is_some();
    if names.last().is_none_or(|name| name.fold == fold) {
        return false;
    }
    if OPENINGS.contains(&fold) || word.dotted && DOTTED.contains(&fold) {
        return true;
    }
    if SHY.contains(&fold) {
        let unknown = names.iter().any(|name| name.capital && words::tier(&name.fold).is_none());
        let goes_on = text[end..].strip_prefix(' ').is_some_and(|rest| rest.starts_with(char::is_lowercase));
        let particle = names.iter().any(|name| PARTICLES.contains(&name.fold.as_str()) && name.fold.len() > 1);
        let written = word.capital || particle || text[..word.start].ends_with("in ");
        return coded() || written && (unknown || particle) && !goes_on;
    }
    let foreign = || words::tier(fold).is_none() || names.iter().any(|name| words::tier(&name.fold).is_none());
    word.capital && BESIDE.contains(&fold) && coded() && foreign()
}

/// Whether a word for streets stands behind a name: with a small letter only behind a genitive, as in Norwegian.
fn closes(closing: &Word, name: &Word) -> bool {
    let english = matches!(closing.fold.as_str(), "ring" | "gate" | "damm" | "vag");
    let genitive = name.fold.ends_with('s');
    CLOSINGS.contains(&closing.fold.as_str()) && name.capital && if closing.capital { !english } else { genitive }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_street_before_its_number_is_found_in_several_languages() {
        for (text, street) in [
            ("Friedhofstrasse 33a, Wien", "Friedhofstrasse 33a"),
            ("in der Musterstr. 12a, bitte", "Musterstr. 12a"),
            ("wohnt Lange Straße 14", "Lange Straße 14"),
            ("bor i Karl Johans gate 31", "Karl Johans gate 31"),
            ("Calle Gran Vía, 28", "Calle Gran Vía, 28"),
            ("an der ul. Długiej 7/3", "ul. Długiej 7/3"),
            ("Via della Spiga 7", "Via della Spiga 7"),
        ] {
            let at = text.find(|c: char| c.is_ascii_digit()).unwrap();
            assert_eq!(address(text, at).map(|found| &text[found.span]), Some(street), "{text}");
        }
        for text in ["via Frankfurt 12:30", "Place Value 5", "boarding gate 12", "Am Montag 3 Stunden", "the rue 5"] {
            let at = text.find(|c: char| c.is_ascii_digit()).unwrap();
            assert_eq!(address(text, at), None, "{text}");
        }
    }
}
