//! The numbers by which states know their people, told by their check digits.
//!
//! A number that no accident makes is found alone; one in ten or one in eleven needs the word before it, and with the word
//! a failed check lowers the score and doesn't clear.

use super::check;
use super::context::{AMOUNT, NATIONAL};
use super::finding::Finding;
use super::kind::Kind;

/// The fewest digits of such a number.
pub(super) const LEAST: usize = 9;

/// How the digits of a number stand in their groups.
pub(super) struct Shape<'a> {
    /// The digits.
    pub(super) digits: &'a [u8],
    /// How many of them each group has.
    pub(super) lengths: &'a [usize],
    /// What stands between the groups.
    pub(super) gaps: &'a [&'a str],
}

/// What a check says.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Holds {
    /// No accident: the form, a date or two check digits hold.
    Alone,
    /// A check digit holds that many other numbers have too.
    Beside,
    /// Nothing holds.
    Not,
}

impl Shape<'_> {
    /// Whether the groups have these lengths with these signs between them, or there is one group.
    fn is(&self, lengths: &[usize], gaps: &[&str]) -> bool {
        self.lengths == lengths && self.gaps == gaps
    }

    fn spaced(&self, lengths: &[usize]) -> bool {
        self.lengths == lengths && self.gaps.iter().all(|gap| matches!(*gap, " " | "\u{a0}"))
    }

    fn pair(&self, at: usize) -> u8 {
        self.digits[at] * 10 + self.digits[at + 1]
    }

    /// Whether a day or, in some countries, a day with forty or sixty added to it, and a month stand there.
    fn is_day(&self, day: usize, month: usize) -> bool {
        matches!(self.pair(day), 1..=31 | 41..=71 | 61..=91) && (1..=12).contains(&self.pair(month))
    }

    fn holds(&self) -> Holds {
        match self.digits.len() {
            9 if check::bsn(self.digits) => Holds::Beside,
            10 if self.is_day(4, 2) && check::luhn(self.digits) => {
                if self.is(&[6, 4], &["-"]) {
                    Holds::Alone
                } else {
                    Holds::Beside
                }
            }
            12 if self.is_day(6, 4) && matches!(self.pair(0), 18..=20) && check::luhn(&self.digits[2..]) => {
                if self.is(&[8, 4], &["-"]) { Holds::Alone } else { Holds::Beside }
            }
            11 => self.eleven(),
            13 if self.digits.starts_with(&[7, 5, 6]) && check::ean(self.digits) => Holds::Alone,
            15 if matches!(self.digits[0], 1 | 2) && check::nir(self.digits) => {
                let printed = self.lengths == [15] || self.spaced(&[13, 2]) || self.spaced(&[1, 2, 2, 2, 3, 3, 2]);
                if printed { Holds::Alone } else { Holds::Beside }
            }
            18 if self.lengths == [18] && check::chinese(self.digits) => Holds::Alone,
            _ => Holds::Not,
        }
    }

    /// Norway, Belgium, Brazil, Germany and Poland all have numbers of eleven digits.
    fn eleven(&self) -> Holds {
        let norwegian = self.is_day(0, 2) && check::norwegian(self.digits);
        let belgian = check::belgian(self.digits);
        let brazilian = check::brazilian(self.digits);
        if norwegian && (self.lengths == [11] || self.spaced(&[6, 5]))
            || belgian && self.is(&[2, 2, 2, 3, 2], &[".", ".", "-", "."])
            || brazilian && self.is(&[3, 3, 3, 2], &[".", ".", "-"])
        {
            return Holds::Alone;
        }
        let told = norwegian || belgian || brazilian || check::german(self.digits) || check::polish(self.digits);
        if told { Holds::Beside } else { Holds::Not }
    }
}

/// The number of digits before this place that a state gave somebody.
pub(super) fn numeric(text: &str, span: std::ops::Range<usize>, shape: &Shape<'_>) -> Option<Finding> {
    if !matches!(shape.digits.len(), 9..=13 | 15 | 18) || shape.digits.iter().all(|digit| *digit == shape.digits[0]) {
        return None;
    }
    let holds = shape.holds();
    let told = NATIONAL.is_before(text, span.start, BEFORE);
    if !told && AMOUNT.is_before(text, span.start, 16) {
        return None;
    }
    judged(holds, told).map(|(score, reason)| Finding::new(Kind::Id, span, score, reason))
}

/// How far before a number its word stands.
const BEFORE: usize = 28;

const fn judged(holds: Holds, told: bool) -> Option<(u8, &'static str)> {
    match (holds, told) {
        (Holds::Alone | Holds::Beside, true) => Some((95, "national number, check digits hold")),
        (Holds::Alone, false) => Some((75, "national number by its check digits")),
        (Holds::Not, true) => Some((60, "national number by its context; check digits fail")),
        (Holds::Beside | Holds::Not, false) => None,
    }
}

/// The number with letters that begins at this place and whose check letter holds: `12345678Z`, `X1234567L`,
/// `RSSMRA85T10A562S`, `131052-308T`, `11010519491231002X`.
pub(super) fn lettered(text: &str, at: usize) -> Option<Finding> {
    let bytes = &text.as_bytes()[at..];
    let length = spanish(bytes).or_else(|| italian(bytes)).or_else(|| finnish(bytes)).or_else(|| chinese(bytes))?;
    let whole = !bytes.get(length).is_some_and(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-'));
    let (score, reason) = judged(Holds::Alone, NATIONAL.is_before(text, at, BEFORE))?;
    whole.then(|| Finding::new(Kind::Id, at..at + length, score, reason))
}

/// The length of a Spanish number: eight digits, or a letter and seven, and the letter that their remainder by 23 says.
fn spanish(bytes: &[u8]) -> Option<usize> {
    const LETTERS: &[u8] = b"TRWAGMYFPDXBNJZSQVHLCKE";
    let first = *bytes.first()?;
    let foreign = matches!(first, b'X' | b'Y' | b'Z');
    let mut at = usize::from(foreign);
    at += usize::from(foreign && bytes.get(at) == Some(&b'-'));
    let mut number = if foreign { u32::from(first - b'X') } else { 0 };
    let mut digits = usize::from(foreign);
    while digits < 8 {
        let dot = !foreign && matches!(digits, 2 | 5) && bytes.get(at) == Some(&b'.');
        at += usize::from(dot);
        let digit = bytes.get(at).filter(|byte| byte.is_ascii_digit())?;
        number = number * 10 + u32::from(digit - b'0');
        digits += 1;
        at += 1;
    }
    at += usize::from(bytes.get(at) == Some(&b'-'));
    (bytes.get(at) == LETTERS.get(number as usize % 23)).then_some(at + 1)
}

/// The length of an Italian codice fiscale whose last letter checks the others.
fn italian(bytes: &[u8]) -> Option<usize> {
    let code = bytes.first_chunk::<16>()?;
    let fits = code.iter().enumerate().all(|(place, byte)| match place {
        6 | 7 | 9 | 10 | 12 | 13 | 14 => byte.is_ascii_digit() || b"LMNPQRSTUV".contains(byte),
        _ => byte.is_ascii_uppercase(),
    });
    (fits && b"ABCDEHLMPRST".contains(&code[8]) && check::italian(code)).then_some(16)
}

/// The length of a Finnish number: a date, a sign for the century, three digits and a character that checks them.
fn finnish(bytes: &[u8]) -> Option<usize> {
    const CHARACTERS: &[u8] = b"0123456789ABCDEFHJKLMNPRSTUVWXY";
    let code = bytes.first_chunk::<11>()?;
    let digit = |at: usize| code[at].is_ascii_digit().then(|| u32::from(code[at] - b'0'));
    if !matches!(code[6], b'-' | b'+' | b'A'..=b'F' | b'U'..=b'Y') {
        return None;
    }
    let mut number = 0;
    for at in [0, 1, 2, 3, 4, 5, 7, 8, 9] {
        number = number * 10 + digit(at)?;
    }
    let (day, month) = (number / 10_000_000, number / 100_000 % 100);
    let dated = (1..=31).contains(&day) && (1..=12).contains(&month);
    (dated && CHARACTERS.get(number as usize % 31) == Some(&code[10])).then_some(11)
}

/// The length of a Chinese number that ends with an X.
fn chinese(bytes: &[u8]) -> Option<usize> {
    let code = bytes.first_chunk::<18>()?;
    if code[17] != b'X' || !code[..17].iter().all(u8::is_ascii_digit) {
        return None;
    }
    let mut digits = [10; 18];
    for (digit, byte) in digits.iter_mut().zip(&code[..17]) {
        *digit = byte - b'0';
    }
    check::chinese(&digits).then_some(18)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_check_letter_tells_a_number_from_a_code() {
        for code in [
            "12345678Z",
            "12.345.678-Z",
            "X1234567L",
            "Y-1234567-X",
            "RSSMRA85T10A562S",
            "131052-308T",
            "11010519491231002X",
        ] {
            assert_eq!(lettered(code, 0).map(|found| found.span), Some(0..code.len()), "{code}");
        }
        for code in ["12345678A", "12345678ZZ", "X1234567A", "RSSMRA85T10A562T", "131052-308A", "11010519491231003X"] {
            assert!(lettered(code, 0).is_none(), "{code}");
        }
    }

    #[test]
    fn digits_alone_need_a_form_or_their_word() {
        let score = |text: &str, from: usize, lengths: &[usize], gaps: &[&str]| {
            let digits: Vec<u8> = text[from..].bytes().filter(u8::is_ascii_digit).map(|byte| byte - b'0').collect();
            numeric(text, from..text.len(), &Shape { digits: &digits, lengths, gaps }).map(|found| found.score)
        };
        assert_eq!(score("23067530160", 0, &[11], &[]), Some(75));
        assert_eq!(score("23067530161", 0, &[11], &[]), None);
        assert_eq!(score("fnr 23067530161", 4, &[11], &[]), Some(60));
        assert_eq!(score("65929970489", 0, &[11], &[]), None);
        assert_eq!(score("Steuer-ID 65929970489", 10, &[11], &[]), Some(95));
        assert_eq!(score("850709-9805", 0, &[6, 4], &["-"]), Some(75));
        assert_eq!(score("184127645108946", 0, &[15], &[]), Some(75));
    }
}
