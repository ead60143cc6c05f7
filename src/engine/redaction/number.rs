//! Numbers of people: groups of digits, and what each sequence of groups can be.

use std::net::{IpAddr, Ipv4Addr};
use std::ops::Range;

use super::check;
use super::context::{AMOUNT, BIRTH, CARD, ID, NHS, PHONE, SSN};
use super::finding::{self, Finding};
use super::identity::{self, Shape};
use super::kind::Kind;
use super::net;
use super::wrap;

/// The most groups and the most bytes between two groups of one number.
const GROUPS: usize = 12;
const GAP: usize = 3;
/// The fewest digits of a number that isn't a date or an address.
const LEAST: usize = 5;

/// A run of digits.
type Group = Range<usize>;

/// A date: sensitive only if somebody was born on it.
struct Dated {
    birth: Option<Finding>,
}

/// A sequence of groups that may be one number.
struct Sequence<'a> {
    text: &'a str,
    /// The groups and, behind them, empty ones: nearly all numbers of a text are none of these, and are spared the heap.
    all: [Group; GROUPS],
    count: usize,
}

/// Finds numbers from the digit at this place, and says where to look on.
pub(super) fn find(text: &str, at: usize, found: &mut Vec<Finding>) -> usize {
    if let Some(joined) = wrap::joined(text, at) {
        let end = joined.span.end;
        found.push(joined);
        return end;
    }
    let sequence = Sequence::read(text, at);
    let Some(last) = sequence.groups().last() else { return digits_end(text.as_bytes(), at) };
    let end = last.end;
    if let Some(finding) = sequence.wrapped() {
        let end = finding.span.end;
        found.push(finding);
        return end;
    }
    let mut first = 0;
    while first < sequence.count {
        match sequence.longest(first) {
            Some((finding, next)) => {
                found.extend(finding);
                first = next;
            }
            None => first += 1,
        }
    }
    end
}

/// Whether groups of these lengths are how cards are printed.
fn is_printed(lengths: &[usize]) -> bool {
    match lengths {
        [_] | [8, 8] | [4, 6, 4 | 5] | [6, _] => true,
        [groups @ .., last] => *last <= 4 && groups.iter().all(|length| *length == 4),
        [] => false,
    }
}

fn ends_with(text: &str, word: &str) -> bool {
    text.len().checked_sub(word.len()).and_then(|at| text.get(at..)).is_some_and(|end| end.eq_ignore_ascii_case(word))
}

fn digits_end(bytes: &[u8], at: usize) -> usize {
    at + bytes[at..].iter().take_while(|byte| byte.is_ascii_digit()).count()
}

/// The length of the line's end at which a number goes on that broke behind a hyphen: `078-`, `05-1120`.
fn hyphen(bytes: &[u8], gap: usize) -> usize {
    match (gap, bytes.get(gap..)) {
        (1, Some([b'\r', b'\n', ..])) if bytes[0] == b'-' => 2,
        (1, Some([b'\n', ..])) if bytes[0] == b'-' => 1,
        _ => 0,
    }
}

/// Whether letters make the digits a part of a word. Scripts written without spaces don't.
fn is_glued(text: &str, group: &Group) -> bool {
    let bytes = text.as_bytes();
    let letter = |c: char| c == '_' || (c.is_alphabetic() && c < '\u{2e80}');
    let extension = bytes.get(group.end).is_some_and(|byte| matches!(byte, b'x' | b'X'))
        && bytes.get(group.end + 1).is_some_and(u8::is_ascii_digit);
    let escaped =
        group.start >= 2 && bytes[group.start - 2] == b'\\' && matches!(bytes[group.start - 1], b'n' | b't' | b'r');
    let before = text[..group.start].chars().next_back().is_some_and(letter);
    let after = text[group.end..].chars().next().is_some_and(letter);
    (before && !escaped) || (after && !extension)
}

impl<'a> Sequence<'a> {
    fn read(text: &'a str, at: usize) -> Self {
        let bytes = text.as_bytes();
        let mut all = [const { 0..0 }; GROUPS];
        let mut count = 0;
        let mut start = at;
        loop {
            let group = start..digits_end(bytes, start);
            if is_glued(text, &group) {
                break;
            }
            let end = group.end;
            all[count] = group;
            count += 1;
            let gap = bytes[end..]
                .iter()
                .take(GAP + 2)
                .take_while(|byte| matches!(byte, b' ' | b'-' | b'.' | b'/' | b'(' | b')'))
                .count();
            let gap = gap + hyphen(&bytes[end..], gap);
            // A no-break space and an en dash are two and three bytes that mean what their plain twins mean.
            let gap = if gap == 0
                && (text[end..].starts_with('\u{a0}')
                    || text[end..].starts_with('–')
                    || text[end..].starts_with('\u{2011}'))
            {
                text[end..].chars().next().map_or(0, char::len_utf8)
            } else {
                gap
            };
            if gap == 0 || gap > GAP || count == GROUPS || !bytes.get(end + gap).is_some_and(u8::is_ascii_digit) {
                break;
            }
            start = end + gap;
        }
        Self { text, all, count }
    }

    fn groups(&self) -> &[Group] {
        &self.all[..self.count]
    }

    /// The longest number that begins with this group, and the group after it. Dates end a search without a finding.
    fn longest(&self, first: usize) -> Option<(Option<Finding>, usize)> {
        // A full date comes first: the time after it isn't the end of a telephone number.
        let full = self.groups().get(first..first + 3).filter(|groups| groups[0].len() == 4 || groups[2].len() == 4);
        if let Some(date) = full.and_then(|groups| self.date(groups)) {
            return Some((date.birth, first + 3));
        }
        for next in (first + 1..=self.count).rev() {
            let groups = &self.groups()[first..next];
            // Nearly all numbers of a text are so short, and no finding is.
            if Self::count(groups) < LEAST && groups.len() < 3 {
                continue;
            }
            if let Some(date) = self.date(groups) {
                return Some((date.birth, next));
            }
            let finding = self
                .ipv4(groups, next)
                .or_else(|| self.national(groups))
                .or_else(|| self.ssn(groups))
                .or_else(|| self.card(groups))
                .or_else(|| self.nhs(groups))
                .or_else(|| self.phone(groups, first).filter(|phone| phone.score >= finding::THRESHOLD))
                .or_else(|| self.id(groups))
                .or_else(|| self.phone(groups, first));
            if finding.is_some() {
                return Some((finding, next));
            }
        }
        None
    }

    /// The number that begins with the first group and goes on in the next line behind the last.
    fn wrapped(&self) -> Option<Finding> {
        let end = self.groups().last()?.end;
        let next = end + wrap::length(&self.text.as_bytes()[end..])?;
        if !self.text.as_bytes().get(next).is_some_and(u8::is_ascii_digit) {
            return None;
        }
        let broken = self.count;
        let groups = [self.groups(), Self::read(self.text, next).groups()].concat();
        for last in (broken + 1..=groups.len()).rev() {
            let groups = &groups[..last];
            let digits = self.digits(groups);
            if digits.len() < 8 || groups.len() > GROUPS / 2 {
                continue;
            }
            let mut span = Self::span(groups);
            let international = self.opening(&mut span, 0);
            let wrapped = wrap::Wrapped {
                text: self.text,
                span,
                digits: &digits,
                lengths: &Self::lengths(groups),
                first: Self::count(&groups[..broken]),
                international,
            };
            if let Some(finding) = wrapped.finding() {
                return Some(finding);
            }
        }
        None
    }

    fn span(groups: &[Group]) -> Group {
        groups[0].start..groups[groups.len() - 1].end
    }

    fn digits(&self, groups: &[Group]) -> Vec<u8> {
        groups.iter().flat_map(|group| self.text.as_bytes()[group.clone()].iter().map(|byte| byte - b'0')).collect()
    }

    /// How many digits they have.
    fn count(groups: &[Group]) -> usize {
        groups.iter().map(ExactSizeIterator::len).sum()
    }

    /// Whether they have these lengths.
    fn are(groups: &[Group], lengths: &[usize]) -> bool {
        groups.iter().map(ExactSizeIterator::len).eq(lengths.iter().copied())
    }

    fn lengths(groups: &[Group]) -> Vec<usize> {
        groups.iter().map(ExactSizeIterator::len).collect()
    }

    fn separators(&self, groups: &[Group]) -> Vec<&str> {
        groups.windows(2).map(|pair| self.text[pair[0].end..pair[1].start].trim_end_matches(['\r', '\n'])).collect()
    }

    fn value(&self, group: &Group) -> u32 {
        self.text[group.clone()].parse().unwrap_or(u32::MAX)
    }

    fn ipv4(&self, groups: &[Group], next: usize) -> Option<Finding> {
        if groups.len() != 4 || next != self.count && self.text[groups[3].end..].starts_with('.') {
            return None;
        }
        let dotted = self.separators(groups).iter().all(|gap| *gap == ".");
        let address: Ipv4Addr = self.text[Self::span(groups)].parse().ok().filter(|_| dotted)?;
        let before = self.text[..groups[0].start].trim_end_matches(' ');
        let version = ends_with(before, "version") || ends_with(before, "release");
        Some(net::ip(Self::span(groups), IpAddr::V4(address), if version { 40 } else { 90 }))
    }

    /// Three groups that are a date.
    fn date(&self, groups: &[Group]) -> Option<Dated> {
        let [one, two, three] = groups else { return None };
        let gaps = self.separators(groups);
        if gaps[0] != gaps[1] || !["-", "/", ".", " "].contains(&gaps[0]) {
            return None;
        }
        let (first, second, third) = (self.value(one), self.value(two), self.value(three));
        let year = |group: &Group, value: u32| group.len() == 4 && (1_000..2_200).contains(&value);
        let short = |group: &Group| group.len() <= 2;
        let day_and_month = |x: u32, y: u32| (1..=31).contains(&x) && (1..=31).contains(&y) && (x <= 12 || y <= 12);
        let iso = year(one, first) && short(two) && short(three) && day_and_month(second, third);
        // The word must stand before this date, not before another number.
        let born = || {
            let before = &self.text[..one.start];
            let since = before.bytes().rev().take(40).take_while(|byte| !byte.is_ascii_digit()).count();
            BIRTH.is_before(self.text, one.start, since)
        };
        let brief = three.len() == 2 && (gaps[0] != "-" && gaps[0] != " " || gaps[0] == "-" && born());
        let written = short(one) && short(two) && day_and_month(first, second) && (year(three, third) || brief);
        if !iso && !(written && (gaps[0] != " " || year(three, third))) {
            return None;
        }
        let span = Self::span(groups);
        if born() {
            return Some(Dated { birth: Some(Finding::new(Kind::BirthDate, span, 80, "date after a word for birth")) });
        }
        // Eight digits in two-digit groups are a date only by accident when a telephone is near.
        if three.len() == 2 && !iso && PHONE.is_near(self.text, &span, 40, 12) {
            return None;
        }
        Some(Dated { birth: None })
    }

    fn national(&self, groups: &[Group]) -> Option<Finding> {
        if Self::count(groups) < identity::LEAST {
            return None;
        }
        let lengths = Self::lengths(groups);
        let gaps = self.separators(groups);
        identity::numeric(
            self.text,
            Self::span(groups),
            &Shape { digits: &self.digits(groups), lengths: &lengths, gaps: &gaps },
        )
    }

    fn ssn(&self, groups: &[Group]) -> Option<Finding> {
        let span = Self::span(groups);
        let near = || SSN.is_near(self.text, &span, 40, 24);
        let separated = Self::are(groups, &[3, 2, 4]);
        if !separated && !Self::are(groups, &[9]) {
            return None;
        }
        let gaps = self.separators(groups);
        let dashed = separated && (gaps == ["-", "-"] || gaps == [" ", " "] || gaps == [".", "."]);
        let valid = check::ssn(&self.digits(groups));
        let score = match (dashed, valid, near()) {
            (true, true, true) => 98,
            (true, true, false) if gaps[0] == "-" => 85,
            (_, _, true) => 70,
            (true, true, false) => 55,
            (true, false, false) if gaps[0] == "-" => 50,
            _ => return None,
        };
        Some(Finding::new(
            Kind::Ssn,
            span,
            score,
            if valid { "social security number, ranges hold" } else { "social security number by its form" },
        ))
    }

    fn card(&self, groups: &[Group]) -> Option<Finding> {
        if !(12..=19).contains(&Self::count(groups)) || (groups.len() > 1 && groups.iter().any(|group| group.len() < 2))
        {
            return None;
        }
        let gaps = self.separators(groups);
        let even = gaps.iter().all(|gap| {
            *gap == gaps[0] && matches!(*gap, " " | "  " | "-" | " - " | "." | "/" | "\u{a0}" | "–" | "\u{2011}")
        });
        let span = Self::span(groups);
        if !even || self.text[..span.start].ends_with('+') {
            return None;
        }
        let digits = self.digits(groups);
        let valid = check::luhn(&digits);
        let near = CARD.is_near(self.text, &span, 48, 24);
        let score = match (valid, near) {
            (true, true) => 98,
            // Any number in ten passes the check: without a word for cards it must be printed like one.
            (true, false) if !is_printed(&Self::lengths(groups)) => return None,
            (true, false) => {
                if digits.len() >= 13 {
                    80
                } else {
                    60
                }
            }
            (false, true) => 60,
            // Four groups of four are how cards are printed, whatever their last digit.
            (false, false) if Self::are(groups, &[4, 4, 4, 4]) => 50,
            (false, false) => return None,
        };
        Some(Finding::new(
            Kind::Card,
            span,
            score,
            if valid { "card number, check digit holds" } else { "card number by its context; check digit fails" },
        ))
    }

    fn nhs(&self, groups: &[Group]) -> Option<Finding> {
        if !Self::are(groups, &[10]) && !Self::are(groups, &[3, 3, 4]) {
            return None;
        }
        let span = Self::span(groups);
        let valid = check::nhs(&self.digits(groups));
        let score = match (valid, NHS.is_near(self.text, &span, 40, 16)) {
            (true, true) => 98,
            (false, true) => 65,
            _ => return None,
        };
        Some(Finding::new(
            Kind::Nhs,
            span,
            score,
            if valid { "NHS number, check digit holds" } else { "NHS number by its context; check digit fails" },
        ))
    }

    fn phone(&self, groups: &[Group], first: usize) -> Option<Finding> {
        let digits = Self::count(groups);
        let mut span = Self::span(groups);
        let international = self.opening(&mut span, first);
        if !((7..=15).contains(&digits) || digits == 6 && international) {
            return None;
        }
        let near = PHONE.is_near(self.text, &span, 40, 12);
        let form = self.form(groups, international);
        let amount = !near && !international && AMOUNT.is_near(self.text, &span, 12, 10);
        let score = form.saturating_add(if near { 35 } else { 0 }).saturating_sub(if amount { 40 } else { 0 }).min(98);
        if score < 40 {
            return None;
        }
        self.extension(&mut span);
        let reason = match (international, near) {
            (true, _) => "telephone number, international",
            (false, true) => "telephone number, near a word for it",
            (false, false) => "telephone number by its form",
        };
        Some(Finding::new(Kind::Phone, span, score, reason))
    }

    /// Takes a `+`, `00` or `(` before the number into the span, and says whether the number is international.
    fn opening(&self, span: &mut Group, first: usize) -> bool {
        let bytes = self.text.as_bytes();
        let before = |at: usize| at.checked_sub(1).map(|at| bytes[at]);
        if first > 0 {
            if before(span.start) == Some(b'(') {
                span.start -= 1;
            }
            return false;
        }
        if before(span.start) == Some(b'(') {
            span.start -= 1;
        }
        if before(span.start) == Some(b'+') {
            span.start -= 1;
            return true;
        }
        self.text[span.start..].starts_with("00") && !self.text[span.start..].starts_with("000")
    }

    /// How much a sequence of groups looks like a telephone number, before its context.
    fn form(&self, groups: &[Group], international: bool) -> u8 {
        let lengths = Self::lengths(groups);
        let digits = Self::count(groups);
        let gaps = self.separators(groups);
        let opened = groups[0].start > 0 && self.text.as_bytes()[groups[0].start - 1] == b'(';
        let bracketed = opened && gaps.first().is_some_and(|gap| gap.starts_with(')'));
        let zero = self.text[groups[0].start..].starts_with('0');
        let slashed = gaps.iter().filter(|gap| gap.contains('/')).count();
        let dotted = gaps.iter().all(|gap| *gap == ".");
        let years = lengths == [4, 4]
            && gaps == ["-"]
            && groups.iter().all(|group| (1_000..2_200).contains(&self.value(group)));
        // Decimals in a row, and counts in hundreds: nobody's number.
        let decimals = groups.windows(2).zip(&gaps).any(|(pair, gap)| pair[0].len() == 1 && *gap == ".") && !dotted;
        let round =
            groups.len() > 1 && !opened && !zero && groups.iter().all(|group| self.value(group).is_multiple_of(100));
        if years || decimals || round || slashed > 1 || gaps.contains(&"..") {
            return 0;
        }
        match lengths.as_slice() {
            _ if international => 85,
            _ if bracketed && lengths[0] <= 5 => 75,
            [3, 3, 4] | [1, 3, 3, 4] => 80,
            [10 | 11] if zero => 50,
            [7..=12] => 20,
            [_] => 0,
            [a, b] if dotted && a + b < 20 => 10,
            [3, 4] => 55,
            [a, b] if zero && *a >= 3 && (5..=8).contains(b) => 60,
            [2, 5 | 6] | [3, 5..=7] | [4, 4] => 50,
            [_, _] => 20,
            _ if lengths.iter().any(|&length| length > 8) => 10,
            _ if zero && digits >= 8 => 75,
            _ if lengths.iter().all(|&length| length == 2) && lengths.len() >= 4 => 60,
            _ if lengths.iter().all(|&length| (2..=4).contains(&length)) && digits >= 8 => 60,
            _ if digits >= 8 => 40,
            _ => 15,
        }
    }

    /// Takes `x123`, `ext. 123` after the number into the span.
    fn extension(&self, span: &mut Group) {
        let rest = &self.text[span.end..];
        for word in ["x", "X", " x", " x ", " ext ", " ext. ", " ext.", " ext", ", ext ", ", ext. ", " extension ", "#"]
        {
            if let Some(after) = rest.strip_prefix(word) {
                let digits = after.bytes().take(7).take_while(u8::is_ascii_digit).count();
                if (1..=6).contains(&digits) {
                    span.end += word.len() + digits;
                    return;
                }
            }
        }
    }

    /// The number of an account or a paper, told only by the word right before it.
    fn id(&self, groups: &[Group]) -> Option<Finding> {
        let span = Self::span(groups);
        let digits = Self::count(groups);
        if !(LEAST..=20).contains(&digits)
            || !ID.is_before(self.text, span.start, 28)
            || AMOUNT.is_near(self.text, &span, 4, 5)
        {
            return None;
        }
        Some(Finding::new(Kind::Id, span, 60, "number after a word for an account or a paper"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(text: &str) -> Vec<(Kind, &str)> {
        let mut found = Vec::new();
        let mut at = 0;
        while at < text.len() {
            if text.as_bytes()[at].is_ascii_digit() {
                at = find(text, at, &mut found).max(at + 1);
            } else {
                at += 1;
            }
        }
        found
            .into_iter()
            .filter(|f| f.score >= super::super::finding::THRESHOLD)
            .map(|f| (f.kind, &text[f.span]))
            .collect()
    }

    #[test]
    fn telephone_numbers_of_many_countries_are_found_whole() {
        for phone in [
            "905-674-3793",
            "+41 (0)96 471 07 95",
            "0494 92 82 32",
            "(579)888-3058",
            "001-518-640-0854",
            "345-899-3560x4587",
            "+447700677662",
            "01.84.17.61.18",
            "(64) 3591-3246",
            "+1 (555) 010-9999 ext. 12",
        ] {
            assert_eq!(all(&format!("It is {phone}.")), [(Kind::Phone, phone)], "{phone}");
        }
        for phone in ["5403926876", "467 3395", "99 668472", "51 516 33 75"] {
            assert_eq!(all(&format!("Phone: {phone}")), [(Kind::Phone, phone)], "{phone}");
        }
    }

    #[test]
    fn dates_sums_and_versions_are_left_alone() {
        for text in [
            "on 2005-07-21 18:19:22",
            "8/5/1989",
            "a total of 1 234 567 users",
            "version 1.2.3.4",
            "3.14159",
            "room 42, 1997-1998",
            "0.123 0.456 0.789",
            "timeouts of 1000 2000 4000 ms",
        ] {
            assert_eq!(all(text), [], "{text}");
        }
    }

    #[test]
    fn checksums_raise_and_a_failed_one_does_not_clear() {
        assert_eq!(all("4111 1111 1111 1111"), [(Kind::Card, "4111 1111 1111 1111")]);
        assert_eq!(all("my card 4111111111111112 was declined"), [(Kind::Card, "4111111111111112")]);
        assert_eq!(all("4111111111111112"), []);
        assert_eq!(all("SSN 078-05-1120, NHS 943 476 5919"), [(Kind::Ssn, "078-05-1120"), (Kind::Nhs, "943 476 5919")]);
    }

    #[test]
    fn a_date_of_birth_needs_its_context() {
        assert_eq!(all("DOB: 12/03/1984, seen 12/04/2024"), [(Kind::BirthDate, "12/03/1984")]);
        assert_eq!(all("d.o.b. 03-04-72, seen 03-04-24"), [(Kind::BirthDate, "03-04-72")]);
    }

    #[test]
    fn a_number_goes_on_behind_a_hyphen_at_a_lines_end() {
        assert_eq!(all("my card 4111-1111-\n1111-1111"), [(Kind::Card, "4111-1111-\n1111-1111")]);
        assert_eq!(all("SSN 078-\r\n05-1120"), [(Kind::Ssn, "078-\r\n05-1120")]);
        assert_eq!(all("call 555-0123\n555-0124").len(), 2);
    }
}
