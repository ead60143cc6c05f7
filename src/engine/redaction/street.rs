//! Streets behind the number of their house: `221B Baker Street, Flat 2`, `5 rue de la Paix`.

use std::borrow::Cow;
use std::ops::Range;

use super::byte_set::ByteSet;
use super::finding::Finding;
use super::fold;
use super::kind::Kind;

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

/// Words without a capital that begin the name of a street, with what ends them; the first of them say nothing alone.
const OPENINGS: [&str; 16] = [
    "place ",
    "cours ",
    "route ",
    "square ",
    "rue ",
    "chemin ",
    "impasse ",
    "allée ",
    "quai ",
    "boulevard ",
    "bd ",
    "bd. ",
    "avenue ",
    "av. ",
    "rua ",
    "calle ",
];
/// How many of them need a small word behind them: `3 place de la République`.
const SHY: usize = 4;

/// What stands between a number and its street where two houses share the number.
const SHARED: [&str; 3] = ["bis ", "ter ", "quater "];

/// One word of an address: where it stands, and how it folds if it has a capital.
struct Word<'a> {
    span: Range<usize>,
    fold: Cow<'a, str>,
    capital: bool,
    number: bool,
    /// Whether a comma or a dot stands before it.
    parted: bool,
}

/// The words from a place on, read as they are asked for: most numbers are no house's, and the first word says so.
struct Words<'a> {
    text: &'a str,
    at: usize,
    read: Vec<Word<'a>>,
}

impl<'a> Words<'a> {
    /// The most words an address is followed for.
    const MOST: usize = 9;

    const fn after(text: &'a str, at: usize) -> Self {
        Self { text, at, read: Vec::new() }
    }

    fn get(&mut self, place: usize) -> Option<&Word<'a>> {
        while self.read.len() <= place {
            let word = self.next().filter(|_| place < Self::MOST)?;
            self.at = word.span.end;
            self.read.push(word);
        }
        self.read.get(place)
    }

    fn next(&self) -> Option<Word<'a>> {
        let rest = &self.text[self.at..];
        let gap = rest.bytes().take_while(|byte| matches!(byte, b' ' | b',' | b'.' | b'#')).count();
        if gap > 3 || (gap == 0 && !self.read.is_empty()) {
            return None;
        }
        let start = self.at + gap;
        let length = length_of_word(&rest[gap..]);
        let word = &self.text[start..start + length];
        let first = word.chars().next()?;
        let capital = first.is_uppercase();
        Some(Word {
            span: start..start + length,
            fold: if capital { fold::fold(word).into() } else { word.into() },
            capital,
            number: first.is_numeric(),
            parted: self.text[self.at..start].contains([',', '.']),
        })
    }
}

/// Letters and digits of ASCII, and what may stand within a word.
const PARTS: ByteSet = ByteSet::of(b"'-/").and_from(b'a', b'z').and_from(b'A', b'Z').and_from(b'0', b'9');

/// The length of the word, of at most 48 characters, that a text begins with.
fn length_of_word(text: &str) -> usize {
    let plain = text.bytes().take(48).take_while(|byte| PARTS.has(*byte)).count();
    if plain == 48 || text.as_bytes().get(plain).is_none_or(u8::is_ascii) {
        return plain;
    }
    let part = |c: &char| c.is_alphanumeric() || matches!(c, '\'' | '’' | '-' | '/');
    text.chars().take(48).take_while(part).map(char::len_utf8).sum()
}

/// The address that begins with the house number at this place: `221B Baker Street, Flat 2`.
pub(super) fn address(text: &str, at: usize) -> Option<Finding> {
    if !may_be_house(text.as_bytes(), at) {
        return None;
    }
    let mut words = Words::after(text, at);
    let start = words.get(0).filter(|word| word.number && word.span.len() <= 6)?.span.start;
    let end = match opening(text, &mut words) {
        Some(opening) => with_names(&mut words, opening)?,
        None => street(text, at, &mut words)?,
    };
    Some(Finding::new(Kind::Address, start..end, 75, "house number and street"))
}

/// The word that begins a street's name without a capital, right behind the number.
fn opening(text: &str, words: &mut Words<'_>) -> Option<usize> {
    let shared = words.get(1).is_some_and(|word| SHARED.iter().any(|shared| shared.trim_end() == word.fold));
    let place = 1 + usize::from(shared);
    let word = words.get(place).filter(|word| !word.capital && !word.number)?;
    let rest = &text[word.span.start..];
    let opening = OPENINGS.iter().position(|opening| rest.starts_with(opening))?;
    let told = opening >= SHY || words.get(place + 1).is_some_and(|next| is_particle(next) || is_elided(next));
    told.then_some(place)
}

/// The end of a street whose first word this is: small words and names, of which the last is a name.
fn with_names(words: &mut Words<'_>, opening: usize) -> Option<usize> {
    let abbreviated = matches!(&*words.get(opening)?.fold, "av" | "bd");
    let mut end = None;
    for place in opening + 1..=opening + 6 {
        let Some(word) = words.get(place).filter(|word| !word.parted || abbreviated && place == opening + 1) else {
            break;
        };
        if word.capital || is_elided(word) {
            end = Some(word.span.end);
        } else if !is_particle(word) {
            break;
        }
    }
    end
}

/// The end of the street whose kind a word with a capital tells, wherever it stands.
fn street(text: &str, at: usize, words: &mut Words<'_>) -> Option<usize> {
    let mut street = None;
    for place in 1..6 {
        let Some(word) = words.get(place) else { break };
        let named = place > 1
            || matches!(
                &*word.fold,
                "rue" | "via" | "viale" | "corso" | "piazza" | "calle" | "avenida" | "rua" | "ulica" | "ul"
            );
        if (named && word.capital && STREETS.contains(&&*word.fold)) || is_street_word(word) {
            street = Some(place);
            if word.fold != "st" || place > 1 {
                break;
            }
        } else if !(word.capital || word.number || is_particle(word) || matches!(&*word.fold, "of" | "the")) {
            break;
        }
    }
    let street = street?;
    // `912 34 567, Storgata 5B`: the street has a number of its own, or what stands before it goes on to the left.
    let own = words.get(street).is_some_and(is_street_word)
        && words.get(street + 1).is_some_and(|next| next.number && !next.parted && is_house(&text[next.span.clone()]));
    let goes_on = || {
        text[..at].strip_suffix([' ', '-', '.']).is_some_and(|before| before.ends_with(|c: char| c.is_ascii_digit()))
    };
    if own || words.get(1).is_some_and(|word| word.parted) && goes_on() {
        return None;
    }
    Some(with_flat(words, street))
}

/// Whether this number behind a street is a house's and no postal code.
fn is_house(number: &str) -> bool {
    number.len() <= 3 || number.len() <= 5 && number.ends_with(|c: char| c.is_ascii_alphabetic())
}

/// Whether a short number and a word that may begin a street's name stand here: a look at the bytes spares most numbers
/// the rest.
fn may_be_house(bytes: &[u8], at: usize) -> bool {
    let part = |byte: &&u8| byte.is_ascii_alphanumeric() || matches!(byte, b'\'' | b'-' | b'/');
    let number = bytes[at..].iter().take(7).take_while(part).count();
    let gap = bytes[at + number..].iter().take(4).take_while(|byte| matches!(byte, b' ' | b',' | b'.' | b'#')).count();
    let rest = &bytes[at + number + gap..];
    number <= 6
        && match rest.first() {
            // Of words without a capital, only small ones stand there, `de`, `la`, `van`, `of`, `the`, and some for streets.
            Some(byte) => {
                !byte.is_ascii()
                    || gap > 0
                        && ((byte.is_ascii_alphanumeric() && !byte.is_ascii_lowercase())
                            || b"dlvot".contains(byte)
                            || b"pcrsiaqb".contains(byte)
                                && OPENINGS.iter().chain(&SHARED).any(|opening| rest.starts_with(opening.as_bytes())))
            }
            None => false,
        }
}

/// Small words inside the names of streets.
fn is_particle(word: &Word<'_>) -> bool {
    matches!(&*word.fold, "de" | "la" | "du" | "des" | "del" | "da" | "do" | "van" | "der" | "le" | "les")
}

/// A name behind an elided small word: `d'Italie`.
fn is_elided(word: &Word<'_>) -> bool {
    word.fold.split_once(['\'', '’']).is_some_and(|(small, name)| {
        matches!(small, "d" | "l" | "dell" | "sant") && name.starts_with(char::is_uppercase)
    })
}

fn is_street_word(word: &Word<'_>) -> bool {
    word.capital && ends_as_street(&word.fold)
}

/// Whether a folded word is the name of a street by its ending.
pub(super) fn ends_as_street(fold: &str) -> bool {
    STREET_ENDINGS.iter().any(|ending| fold.len() > ending.len() + 2 && fold.ends_with(ending))
}

/// The end of an address whose street ends with this word: names after `Rue`, then a flat and its number.
fn with_flat(words: &mut Words<'_>, street: usize) -> usize {
    let mut last = street;
    if street == 1 && words.get(1).is_some_and(|word| STREETS.contains(&&*word.fold)) {
        while last < 5 && words.get(last + 1).is_some_and(|next| next.capital || is_particle(next)) {
            last += 1;
        }
    }
    if words.get(last + 1).is_some_and(|flat| FLATS.contains(&&*flat.fold))
        && let Some(number) = words.get(last + 2).filter(|number| number.span.len() <= 6)
    {
        return number.span.end;
    }
    let read = words.at;
    words.get(last).map_or(read, |word| word.span.end)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn span(text: &str, finding: Option<Finding>) -> Option<&str> {
        finding.map(|finding| &text[finding.span])
    }

    #[test]
    fn streets_are_found_in_several_languages() {
        for (text, wanted) in [
            ("221B Baker Street, Flat 2 in", "221B Baker Street, Flat 2"),
            ("90 Whitchurch Road", "90 Whitchurch Road"),
            ("12 rue de Rivoli", "12 rue de Rivoli"),
            ("12 bis avenue d'Italie, Paris", "12 bis avenue d'Italie"),
            ("5 place names", ""),
            ("567, Storgata 5B", ""),
            ("12 Rue de Rivoli now", "12 Rue de Rivoli"),
            ("12 of the best", ""),
        ] {
            assert_eq!(span(text, address(text, 0)).unwrap_or(""), wanted, "{text}");
        }
    }
}
