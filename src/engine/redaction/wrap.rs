//! Numbers that broke where a line ended, as they do in letters, and those whose groups stand between other signs.

use super::check;
use super::context::{CARD, PHONE, SSN};
use super::finding::Finding;
use super::kind::Kind;

/// The length of a line's end with the white space before it and the white space and the quotation's sign behind it.
pub(super) fn length(bytes: &[u8]) -> Option<usize> {
    let before = bytes.iter().take(2).take_while(|byte| matches!(byte, b' ' | b'\t')).count();
    let end = match bytes.get(before..)? {
        [b'\n', ..] => before + 1,
        [b'\r', b'\n', ..] => before + 2,
        _ => return None,
    };
    let behind = bytes[end..].iter().take(8).take_while(|byte| matches!(byte, b' ' | b'\t' | b'>' | b'|')).count();
    Some(end + behind)
}

/// Groups of digits in two lines.
pub(super) struct Wrapped<'a> {
    /// The text.
    pub(super) text: &'a str,
    /// Where the number begins and ends.
    pub(super) span: std::ops::Range<usize>,
    /// The digits.
    pub(super) digits: &'a [u8],
    /// How many of them each group has.
    pub(super) lengths: &'a [usize],
    /// How many digits stand in the first line.
    pub(super) first: usize,
    /// Whether it begins like an international telephone number.
    pub(super) international: bool,
}

impl Wrapped<'_> {
    /// The number that this is, if the lines are of a sentence and the whole says more than its halves.
    pub(super) fn finding(&self) -> Option<Finding> {
        if !self.is_in_prose() {
            return None;
        }
        let found = |kind, score, reason| Some(Finding::new(kind, self.span.clone(), score, reason));
        let card = CARD.is_near(self.text, &self.span, 48, 24);
        match card_score(self.digits, self.lengths, card, true) {
            Some(score) => found(Kind::Card, score, "card number in two lines"),
            None if self.lengths == [3, 2, 4] && SSN.is_before(self.text, self.span.start, 40) => {
                found(Kind::Ssn, if check::ssn(self.digits) { 90 } else { 60 }, "social security number in two lines")
            }
            None if self.is_phone() => found(Kind::Phone, 75, "telephone number in two lines"),
            None => None,
        }
    }

    /// Whether words stand in the first line before the number, and the second line doesn't begin a column of numbers.
    fn is_in_prose(&self) -> bool {
        let letter = |c: char| c.is_alphabetic();
        let before = self.text[..self.span.start].rsplit('\n').next().unwrap_or("");
        let (line, next) = self.text[self.span.end..].split_once('\n').unwrap_or((&self.text[self.span.end..], ""));
        before.contains(letter)
            && (line.contains(letter) || !next.trim_start().starts_with(|c: char| c.is_ascii_digit()))
    }

    fn is_phone(&self) -> bool {
        let all = self.digits.len();
        if self.international {
            return self.first < 10 && (9..=13).contains(&all);
        }
        let shape = match self.lengths {
            [3, 3, 4] => true,
            lengths if lengths.iter().all(|length| *length == 2) => matches!(lengths.len(), 4 | 5),
            _ => self.digits[0] == 0 && self.first < 9 && (9..=12).contains(&all),
        };
        shape && PHONE.is_before(self.text, self.span.start, 40)
    }
}

/// How sure it is that digits in these groups are a card's, from whether a word for cards is near and whether what stands
/// between them is nothing that other numbers have.
fn card_score(digits: &[u8], lengths: &[usize], near: bool, plain: bool) -> Option<u8> {
    let printed = matches!(lengths, [4, 4, 4, 4] | [4, 6, 5] | [8, 8]) && matches!(digits[0], 2..=6);
    match (check::luhn(digits), near) {
        _ if !printed => None,
        (true, true) => Some(95),
        (true, false) if plain => Some(70),
        (false, true) => Some(60),
        _ => None,
    }
}

/// The number whose groups have underscores or commas between them and begin at this place: `4111_1111_1111_1111`.
pub(super) fn joined(text: &str, at: usize) -> Option<Finding> {
    let bytes = text.as_bytes();
    let digits_at = |from: usize| bytes[from..].iter().take(8).take_while(|byte| byte.is_ascii_digit()).count();
    let first = digits_at(at);
    let sign = *bytes.get(at + first).filter(|sign| matches!(sign, b'_' | b','))?;
    let free =
        |byte: Option<&u8>| !byte.is_some_and(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b','));
    if !(3..=4).contains(&first) || !at.checked_sub(1).is_none_or(|before| free(bytes.get(before))) {
        return None;
    }
    let mut lengths = vec![first];
    let mut end = at + first;
    while bytes.get(end) == Some(&sign) && digits_at(end + 1) > 0 && lengths.len() < 5 {
        lengths.push(digits_at(end + 1));
        end += 1 + digits_at(end + 1);
    }
    let goes_on = bytes.get(end).is_some_and(|byte| matches!(byte, b'.' | b',')) && digits_at(end + 1) > 0;
    if goes_on || !free(bytes.get(end).filter(|byte| **byte != b',')) {
        return None;
    }
    let digits: Vec<u8> = bytes[at..end].iter().filter(|byte| byte.is_ascii_digit()).map(|byte| byte - b'0').collect();
    let span = at..end;
    let found =
        |kind, score| Some(Finding::new(kind, span.clone(), score, "number with other signs between its groups"));
    match lengths.as_slice() {
        [3, 2, 4] if SSN.is_before(text, at, 40) => found(Kind::Ssn, if check::ssn(&digits) { 90 } else { 60 }),
        [3, 3, 4] if PHONE.is_before(text, at, 24) => found(Kind::Phone, 65),
        lengths => {
            let score = card_score(&digits, lengths, CARD.is_near(text, &span, 48, 24), sign == b'_')?;
            found(Kind::Card, score)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_ends_with_what_belongs_to_its_end() {
        for (text, wanted) in [("\nx", Some(1)), (" \r\n> x", Some(5)), ("x\n", None), ("  x", None)] {
            assert_eq!(length(text.as_bytes()), wanted, "{text:?}");
        }
    }

    #[test]
    fn other_signs_need_more_to_tell_a_number() {
        let seen = |text: &'static str| {
            let at = text.find(|c: char| c.is_ascii_digit()).unwrap();
            joined(text, at).map(|found| &text[found.span])
        };
        assert_eq!(seen("4111_1111_1111_1111"), Some("4111_1111_1111_1111"));
        assert_eq!(seen("card 4111,1111,1111,1111, ok"), Some("4111,1111,1111,1111"));
        for text in ["4111,1111,1111,1111", "1024_2048_4096_8192", "x_4111_1111_1111_1111", "123_45_6789", "1,234,567"]
        {
            assert_eq!(seen(text), None, "{text}");
        }
    }
}
