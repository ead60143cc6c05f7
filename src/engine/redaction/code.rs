//! Short numbers that open something: PINs, the codes of cards, codes that let somebody in once.

use super::byte_set::ByteSet;
use super::context::VERIFY;
use super::finding::Finding;
use super::kind::Kind;

/// Words for such numbers, how many digits theirs have, and whether the word alone says enough, without a sign behind it.
const WORDS: [(&str, usize, usize, bool); 27] = [
    ("pin", 4, 8, false),
    ("pin code", 4, 8, true),
    ("pin-code", 4, 8, true),
    ("pincode", 4, 8, true),
    ("pinkode", 4, 8, true),
    ("puk", 8, 8, true),
    ("passcode", 4, 8, true),
    ("cvv", 3, 4, true),
    ("cvv2", 3, 4, true),
    ("cvc", 3, 4, true),
    ("cvc2", 3, 4, true),
    ("csc", 3, 4, true),
    ("otp", 4, 8, true),
    ("mtan", 6, 6, true),
    ("tan", 6, 6, false),
    ("2fa", 4, 8, true),
    ("geheimzahl", 4, 8, true),
    ("prüfziffer", 3, 4, true),
    ("security code", 3, 8, true),
    ("verification code", 4, 8, true),
    ("one-time password", 4, 8, true),
    ("sikkerhetskode", 3, 8, true),
    ("engangskode", 4, 8, true),
    ("code de vérification", 4, 8, true),
    ("código de verificación", 4, 8, true),
    ("codice di verifica", 4, 8, true),
    ("pin-nummer", 4, 8, true),
];

/// Endings of words for codes of every kind, which need a word for letting somebody in nearby.
const CODES: [&str; 6] = ["code", "kode", "kod", "código", "codice", "koden"];

/// The bytes that end one of these words in either case: a look at one spares most numbers the rest.
const ENDS: ByteSet = {
    let mut ends = ByteSet::of(&[]);
    let mut at = 0;
    while at < WORDS.len() {
        ends = ends.and_end_of(WORDS[at].0);
        at += 1;
    }
    ends.and_ends_of(&CODES)
};

/// Those that end a small word.
const LINK_ENDS: ByteSet = ByteSet::of(&[]).and_ends_of(&LINKS);

/// What may stand between a word and its number.
const BETWEEN: ByteSet = ByteSet::of(b" \"'`*().>:=#");

/// Words before those that are codes of something else.
const OTHER_CODES: [&str; 18] = [
    "zip", "post", "postal", "error", "exit", "status", "response", "country", "area", "bar", "source", "promo",
    "product", "dress", "sort", "http", "return", "qr",
];

/// Small words between a word and its number.
const LINKS: [&str; 12] = ["is", "are", "was", "ist", "lautet", "er", "est", "es", "är", "number", "nr", "no"];
/// The most characters of one of them.
const LONGEST_LINK: usize = 6;

/// The short number at this place, told by the word before it, or by `is your … code` behind it.
pub(super) fn short(text: &str, at: usize) -> Option<Finding> {
    let (end, digits) = number(text.as_bytes(), at)?;
    let told = || {
        let (before, signed) = before(&text[..at]);
        before.bytes().next_back().is_some_and(|last| ENDS.has(last)) && is_told(text, at..end, digits, before, signed)
    };
    let behind = || {
        let rest = &text[end..];
        let yours = [" is your ", " er din ", " ist Ihr", " ist dein ", " est votre "]
            .iter()
            .any(|word| rest.starts_with(word));
        digits > 3 && yours && VERIFY.is_near(text, &(at..end), 0, 48)
    };
    (may_be_told(&text[..at]) && told() || behind())
        .then(|| Finding::new(Kind::Id, at..end, 65, "short number after a word for a code"))
}

/// Whether the last letter before a number may end a word for codes or a small one: a look that spares most the rest.
fn may_be_told(text: &str) -> bool {
    let last = text.bytes().rev().find(|byte| !BETWEEN.has(*byte));
    last.is_some_and(|last| !last.is_ascii() || ENDS.has(last) || LINK_ENDS.has(last))
}

/// Whether the word before a number of so many digits is one for such numbers.
fn is_told(text: &str, span: std::ops::Range<usize>, digits: usize, before: &str, signed: bool) -> bool {
    let stands = || before.ends_with(|c: char| c.is_uppercase());
    let told = WORDS.iter().any(|(word, least, most, alone)| {
        (least..=most).contains(&&digits) && ends_with(before, word) && (signed || *alone || stands())
    });
    told || digits > 3 && is_code(before) && VERIFY.is_near(text, &span, 48, 48)
}

/// The end of a number of three to eight digits, of which six may stand in two groups, and how many they are.
fn number(bytes: &[u8], at: usize) -> Option<(usize, usize)> {
    let digits = |from: usize| bytes[from..].iter().take(9).take_while(|byte| byte.is_ascii_digit()).count();
    let first = digits(at);
    let second = at + first + 1;
    let halves = first == 3 && matches!(bytes.get(at + 3), Some(b' ' | b'-')) && digits(second) == 3;
    let (end, digits) = if halves { (second + 3, 6) } else { (at + first, first) };
    let after = |place: usize| bytes.get(place);
    let glued = after(end).is_some_and(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'/' | b'%'));
    let decimal = after(end).is_some_and(|byte| matches!(byte, b'.' | b',' | b':' | b'-'))
        && after(end + 1).is_some_and(u8::is_ascii_digit);
    ((3..=8).contains(&digits) && !glued && !decimal).then_some((end, digits))
}

/// What stands before a number without its sign and its small words, and whether a sign or such a word was there.
fn before(text: &str) -> (&str, bool) {
    let mut rest = text;
    let mut signed = false;
    for _ in 0..3 {
        let trimmed = rest.trim_end_matches([' ', '\u{a0}', '"', '\'', '`', '*', '(', ')', '.', '>']);
        let bare = trimmed.trim_end_matches([':', '=', '#', '：']);
        signed |= bare.len() < trimmed.len();
        rest = bare.trim_end_matches([' ', '\u{a0}', '"', '\'', '`', '*', ')', '.']);
        let Some(link) = last_link(rest) else { break };
        signed = true;
        rest = &rest[..rest.len() - link.len()];
    }
    (rest, signed)
}

/// The small word that a text ends with.
fn last_link(text: &str) -> Option<&str> {
    let part = |c: &char| c.is_alphanumeric() || *c == '_';
    let length: usize = text.chars().rev().take(LONGEST_LINK + 1).take_while(part).map(char::len_utf8).sum();
    let word = &text[text.len() - length..];
    LINKS.iter().any(|link| link.eq_ignore_ascii_case(word)).then_some(word)
}

/// Whether a text ends with this word, in whatever case.
fn ends_with(text: &str, word: &str) -> bool {
    let Some(start) = text.len().checked_sub(word.len()) else { return false };
    text.get(start..).is_some_and(|end| end.eq_ignore_ascii_case(word))
        && !text[..start].ends_with(|c: char| c.is_alphanumeric() || c == '_')
}

/// Whether a text ends with a word for a code that isn't one of something else.
fn is_code(before: &str) -> bool {
    let length: usize = before.chars().rev().take(40).take_while(|c| c.is_alphabetic()).map(char::len_utf8).sum();
    let (rest, word) = before.split_at(before.len() - length);
    let word = word.to_lowercase();
    let Some(kind) = CODES.iter().find_map(|code| word.strip_suffix(code)) else { return false };
    let rest = rest.trim_end_matches([' ', '-']);
    !OTHER_CODES.contains(&kind) && !OTHER_CODES.iter().any(|other| ends_with(rest, other))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_short_number_needs_its_word() {
        for (text, number) in [
            ("PIN: 4821", "4821"),
            ("pin is 4821", "4821"),
            ("CVV2 = 837", "837"),
            ("your one-time code: 482-913", "482-913"),
            ("Freischaltcode: 482913, zum Anmelden", "482913"),
            ("482913 is your login code", "482913"),
        ] {
            let at = text.find(number).unwrap();
            assert_eq!(short(text, at).map(|found| &text[found.span]), Some(number), "{text}");
        }
        for text in ["pin 13", "pins 1024", "pin 1024", "exit code 1234 at login", "code 482913", "PIN 4821.5"] {
            let at = text.find(|c: char| c.is_ascii_digit()).unwrap();
            assert_eq!(short(text, at), None, "{text}");
        }
    }
}
