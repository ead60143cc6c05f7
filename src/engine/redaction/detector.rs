//! Everything that finds, in one pass over the bytes and one over each list of values.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use regex::{Regex, RegexBuilder};

use super::byte_set::ByteSet;
use super::dictionary::{Dictionary, UNSAID};
use super::finding::{self, Finding};
use super::fold;
use super::kind::{Kind, Policy};
use super::matcher::{Folds, Form, Matcher};
use super::names::{self, Kept};
use super::pseudonym::Pseudonym;
use super::{code, identity, net, number, paper, place, secrets, street, view, way};

/// A pattern of the dictionary that is no expression.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the pattern for {kind} is no regular expression: {message}")]
pub struct PatternError {
    /// Its place in [`Dictionary::patterns`].
    pub pattern: usize,
    /// The kind it should find.
    pub kind: String,
    /// What the expression's compiler says.
    pub message: String,
}

/// Finds what is sensitive, with one dictionary. Rules that no text has needed yet are not compiled.
#[derive(Debug)]
pub struct Detector {
    kinds: Vec<Kind>,
    names: Vec<String>,
    matcher: Matcher,
    patterns: Vec<(Kind, Regex)>,
    kept: Kept,
    /// What is a name only as it is written here.
    as_written: BTreeSet<String>,
    labels: BTreeMap<Kind, String>,
}

impl Default for Detector {
    fn default() -> Self {
        Self::build(&Dictionary::default(), Vec::new())
    }
}

impl Detector {
    /// A detector that knows this dictionary.
    pub fn new(dictionary: &Dictionary) -> Result<Self, PatternError> {
        let mut patterns = Vec::new();
        for (place, pattern) in dictionary.patterns.iter().enumerate() {
            let failed = |error: regex::Error| PatternError {
                pattern: place,
                kind: pattern.kind.clone(),
                message: said(&error),
            };
            let regex = RegexBuilder::new(&pattern.regex).size_limit(1 << 22).build().map_err(failed)?;
            patterns.push((kind_of(&pattern.kind), regex));
        }
        Ok(Self::build(dictionary, patterns))
    }

    fn build(dictionary: &Dictionary, patterns: Vec<(Kind, Regex)>) -> Self {
        let kinds: Vec<Kind> = dictionary.names.iter().map(|name| kind_of(&name.kind)).collect();
        let kept = dictionary.kept();
        let forms: Vec<Form> =
            dictionary.names.iter().enumerate().flat_map(|(owner, name)| name.forms(owner, &kept)).collect();
        let squeezed: Vec<String> =
            forms.iter().map(|form| fold::squeeze(&form.text)).filter(|form| form.len() > 1).collect();
        let mut labels = BTreeMap::new();
        for kind in
            Kind::BUILT_IN.into_iter().chain(kinds.iter().cloned()).chain(patterns.iter().map(|(kind, _)| kind.clone()))
        {
            let label = label_without(&kind, &squeezed);
            labels.insert(kind, label);
        }
        let names = dictionary.names.iter().map(|name| name.name.clone()).collect();
        let anywhere: BTreeSet<String> =
            forms.iter().filter(|form| !form.exact).map(|form| fold::fold(&form.text)).collect();
        let exact = forms.iter().filter(|form| form.exact && !anywhere.contains(&fold::fold(&form.text)));
        let as_written = exact.map(|form| form.text.clone()).collect();
        Self { kinds, names, matcher: Matcher::new(forms), patterns, kept, as_written, labels }
    }

    /// The label for this kind's pseudonyms, which no name of the dictionary stands in.
    pub fn label(&self, kind: &Kind) -> Cow<'_, str> {
        self.labels.get(kind).map_or_else(|| Cow::Owned(kind.label()), |label| Cow::Borrowed(label.as_str()))
    }

    /// Whether pseudonyms of this detector go under this label.
    pub(super) fn has_label(&self, label: &str) -> bool {
        self.labels.values().any(|known| known == label)
    }

    /// The dictionary's name with this number.
    pub(super) fn name(&self, entry: usize) -> &str {
        self.names.get(entry).map_or("", String::as_str)
    }

    /// Everything sensitive in a text, in order, without overlaps. Unknown names and numbers only if the policy is strict.
    pub fn find(&self, text: &str, policy: Policy) -> Vec<Finding> {
        self.find_in(&self.folds(text), policy)
    }

    /// A text and the pseudonyms in it, for searches with this detector.
    pub(super) fn folds<'a>(&self, text: &'a str) -> Folds<'a> {
        Folds::new(text, self.barriers(text))
    }

    /// The same in a text that may be folded already.
    pub(super) fn find_in(&self, folds: &Folds<'_>, policy: Policy) -> Vec<Finding> {
        let text = folds.text();
        let mut found = Vec::new();
        secrets::find(text, &mut found);
        secrets::find_encoded(text, folds.walls(), &mut found);
        scan(text, folds.walls(), &mut found);
        view::each(text, |view| {
            let mut seen = Vec::new();
            secrets::find(view.text(), &mut seen);
            scan(view.text(), &[], &mut seen);
            let back = |finding: Finding| Some(Finding { span: view.source(&finding.span)?, ..finding });
            found.extend(seen.into_iter().filter_map(back));
        });
        for (kind, regex) in &self.patterns {
            let hits = regex.find_iter(text).filter(|hit| !hit.is_empty());
            found.extend(hits.map(|hit| Finding::new(kind.clone(), hit.range(), 95, "your own pattern")));
        }
        found.retain(|finding| finding.kind == Kind::Secret || !self.is_kept(&text[finding.span.clone()]));
        for (span, entry) in self.matcher.find_in(folds) {
            let mut finding = Finding::new(self.kinds[entry].clone(), span, 100, "your dictionary");
            finding.entry = Some(entry);
            finding.as_written = self.as_written.contains(&text[finding.span.clone()]);
            found.push(finding);
        }
        found.retain(|finding| finding.score >= finding::THRESHOLD && finding.is_replaced(policy));
        let found = finding::without(text, finding::settle(found), folds.walls());
        if policy.strict { self.strict(text, found, folds.walls()) } else { found }
    }

    /// The unknown names of a text that nobody has judged yet, in order, each once.
    pub fn unjudged(&self, text: &str, policy: Policy) -> Vec<String> {
        let known = self.find(text, policy.strict(false));
        let mut names = Vec::new();
        self.unknown(text, &known, &self.barriers(text), false, &mut names);
        let mut words: Vec<String> = Vec::new();
        for finding in names {
            let word = &text[finding.span];
            if names::is_of_calendar(word) {
                continue;
            }
            if !words.iter().any(|known| known == word) {
                words.push(word.to_owned());
            }
        }
        words
    }

    fn strict(&self, text: &str, found: Vec<Finding>, barriers: &[Range<usize>]) -> Vec<Finding> {
        let mut more = Vec::new();
        self.unknown(text, &found, barriers, true, &mut more);
        let mut numbers = Vec::new();
        names::numbers(text, &mut numbers);
        numbers.retain(|finding| !self.is_kept(&text[finding.span.clone()]));
        more.extend(finding::without(text, numbers, barriers));
        more.extend(found);
        names::join_addresses(text, finding::settle(more))
    }

    /// Unknown names that stand outside what is found already.
    fn unknown(
        &self,
        text: &str,
        found: &[Finding],
        barriers: &[Range<usize>],
        strict: bool,
        names: &mut Vec<Finding>,
    ) {
        let mut all = Vec::new();
        names::find(text, &self.kept, strict, &mut all);
        all.retain(|finding| !self.is_kept(&text[finding.span.clone()]));
        let taken: Vec<Range<usize>> = found.iter().map(|finding| finding.span.clone()).collect();
        names.extend(finding::without(text, finding::without(text, all, &taken), barriers));
    }

    fn is_kept(&self, value: &str) -> bool {
        !self.kept.is_empty() && self.kept.contains(&fold::fold(value))
    }

    /// The places of pseudonyms with one of our labels: they are nobody's text.
    fn barriers(&self, text: &str) -> Vec<Range<usize>> {
        let labels: BTreeSet<&str> = self.labels.values().map(String::as_str).collect();
        let ours = |at: usize| {
            let (label, length) = Pseudonym::label_of(&text[at..])?;
            labels.contains(label).then_some(at..at + length)
        };
        text.match_indices('[').filter_map(|(at, _)| ours(at)).collect()
    }
}

/// Every pseudonym that stands in a text, whoever wrote it.
pub(super) fn pseudonyms(text: &str) -> impl Iterator<Item = (Pseudonym, Range<usize>)> + '_ {
    text.match_indices('[').filter_map(|(at, _)| {
        let (pseudonym, length) = Pseudonym::read(&text[at..])?;
        Some((pseudonym, at..at + length))
    })
}

fn kind_of(word: &str) -> Kind {
    let word = word.trim();
    Kind::Named(if word.is_empty() { UNSAID.to_owned() } else { word.to_owned() })
}

/// A label that gives no name away, even where a person called a kind after a client.
fn label_without(kind: &Kind, values: &[String]) -> String {
    let gives_away = |label: &str| {
        let folded = fold::squeeze(label);
        values.iter().any(|value| {
            folded == *value
                || (value.len() >= super::matcher::SHORT && folded.contains(value.as_str()))
                || label.to_lowercase().split('_').any(|part| part == value)
        })
    };
    std::iter::once(kind.label())
        .chain(["NAME", "ITEM", "ENTRY", "THING", "Q", "Z"].into_iter().map(str::to_owned))
        .find(|label| !gives_away(label))
        .unwrap_or_else(|| "X".to_owned())
}

fn said(error: &regex::Error) -> String {
    let text = error.to_string();
    text.lines().rev().find_map(|line| line.strip_prefix("error: ")).map_or(text.clone(), str::to_owned)
}

/// Where a validated pattern begins, or has the sign that all of its kind have; an `a` may begin the `at` of an address that
/// is spelled out. Most of a text is other small letters and spaces.
const TELLING: ByteSet = ByteSet::of(b"@:/\\[({<.-a").and_from(b'0', b'9').and_from(b'A', b'Z');

/// One pass over the bytes: every validated pattern is told by a digit, a capital or a sign. Nothing begins within the walls.
fn scan(text: &str, walls: &[Range<usize>], found: &mut Vec<Finding>) {
    let mut from = 0;
    for wall in walls {
        scan_between(text, from..wall.start, found);
        from = wall.end;
    }
    scan_between(text, from..text.len(), found);
}

fn scan_between(text: &str, within: Range<usize>, found: &mut Vec<Finding>) {
    let bytes = text.as_bytes();
    let mut numbers_from = 0;
    let mut at = within.start;
    while at < within.end {
        let byte = bytes[at];
        if !TELLING.has(byte) {
            at += 1;
            continue;
        }
        match byte {
            b'0'..=b'9' => {
                if at >= numbers_from {
                    numbers_from = number::find(text, at, found).max(at + 1);
                }
                if begins_word(bytes, at) {
                    digit(text, at, found);
                } else {
                    digit_in_word(text, at, found);
                }
                // Nothing begins within a row of digits.
                at += bytes[at + 1..].iter().take_while(|byte| byte.is_ascii_digit()).count();
            }
            b'A'..=b'Z' | b'a' if begins_word(bytes, at) => word(text, at, found),
            b'A'..=b'Z' | b'a' => {}
            _ => sign(text, at, found),
        }
        at += 1;
    }
}

/// Whether no letter or digit stands before this place.
fn begins_word(bytes: &[u8], at: usize) -> bool {
    !at.checked_sub(1).is_some_and(|before| bytes[before].is_ascii_alphanumeric())
}

/// What begins with this digit, but for numbers.
fn digit(text: &str, at: usize, found: &mut Vec<Finding>) {
    found.extend(net::mac(text, at));
    if let Some(address) = street::address(text, at).or_else(|| way::address(text, at)) {
        found.extend(place::postcode_behind(text, address.span.end));
        found.push(address);
    }
    found.extend(place::digit_postcode(text, at));
    found.extend(paper::birth_date(text, at));
    found.extend(paper::lettered(text, at));
    found.extend(identity::lettered(text, at));
    found.extend(code::short(text, at));
}

/// What begins with one or two letters before this digit.
fn digit_in_word(text: &str, at: usize, found: &mut Vec<Finding>) {
    let bytes = text.as_bytes();
    let two = at >= 2 && bytes[at - 2].is_ascii_alphabetic();
    let start = at - 1 - usize::from(two);
    if !begins_word(bytes, start) {
        return;
    }
    if two && bytes.get(at + 1).is_some_and(u8::is_ascii_digit) {
        found.extend(place::iban(text, start));
    }
    if bytes[start].is_ascii_uppercase() {
        found.extend(place::lettered_postcode(text, start));
    }
}

/// What begins with this word, of which a capital or an `a` is the first letter.
fn word(text: &str, at: usize, found: &mut Vec<Finding>) {
    let bytes = &text.as_bytes()[at..];
    // Most words go on with a small letter, and no number of this kind does.
    if bytes[0].is_ascii_uppercase() && !bytes.get(1).is_some_and(u8::is_ascii_lowercase) {
        found.extend(paper::lettered(text, at));
        found.extend(identity::lettered(text, at));
    }
    if bytes.get(..3).is_some_and(|start| start.eq_ignore_ascii_case(b"at ")) && text[..at].ends_with(' ') {
        found.extend(net::spelled_email(text, at..at + 2));
    }
}

/// What this sign tells of what stands around it.
fn sign(text: &str, at: usize, found: &mut Vec<Finding>) {
    let bytes = text.as_bytes();
    let rest = &bytes[at..];
    let after = |prefix: &[u8]| rest.get(..prefix.len()).is_some_and(|start| start.eq_ignore_ascii_case(prefix));
    if matches!(rest[0], b':' | b'-')
        && let Some(start) = at.checked_sub(2).filter(|start| bytes[*start].is_ascii_alphabetic())
        && begins_word(bytes, start)
    {
        found.extend(net::mac(text, start));
    }
    match rest[0] {
        b'@' => found.extend(net::email(text, at)),
        b':' if after(b"://") => found.extend(net::url(text, at)),
        b':' if (at == 0 || bytes[at - 1] != b':')
            && rest.get(1).is_some_and(|byte| byte.is_ascii_hexdigit() || *byte == b':') =>
        {
            found.extend(net::ipv6(text, at));
        }
        b'/' if after(b"/home/") => found.extend(place::path(text, at + 6)),
        b'/' if after(b"/users/") => found.extend(place::path(text, at + 7)),
        b'\\' if after(b"\\users\\") => found.extend(place::path(text, at + 7)),
        b'\\' if after(b"\\\\users\\\\") => found.extend(place::path(text, at + 9)),
        b'[' | b'(' | b'{' | b'<' if [&b"[at]"[..], b"(at)", b"{at}", b"<at>"].into_iter().any(after) => {
            found.extend(net::spelled_email(text, at..at + 4));
        }
        b'.' => {
            if let Some(start) = at.checked_sub(3)
                && bytes[start..at].eq_ignore_ascii_case(b"www")
                && begins_word(bytes, start)
            {
                found.extend(net::bare_url(text, start));
            }
            if rest.get(1).is_some_and(u8::is_ascii_alphabetic) {
                found.extend(net::domain(text, at));
            }
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::super::dictionary::{Name, Pattern};
    use super::*;

    fn seen<'a>(detector: &Detector, text: &'a str, policy: Policy) -> Vec<(String, &'a str)> {
        detector.find(text, policy).into_iter().map(|f| (f.kind.word().to_owned(), &text[f.span])).collect()
    }

    #[test]
    fn public_addresses_cross_in_a_brief_and_internal_ones_do_not() {
        let detector = Detector::default();
        let text = "see https://example.org and http://wiki/x from 8.8.8.8 and 10.1.2.3";
        let brief: Vec<_> = seen(&detector, text, Policy::BRIEF).into_iter().map(|(_, value)| value).collect();
        assert_eq!(brief, ["http://wiki/x", "10.1.2.3"]);
        assert_eq!(seen(&detector, text, Policy::EVERYTHING).len(), 4);
    }

    #[test]
    fn own_patterns_and_names_go_under_their_own_kinds() {
        let dictionary = Dictionary {
            names: vec![Name::new("Heron", "project")],
            keep: vec!["8.8.8.8".to_owned()],
            patterns: vec![Pattern { kind: "case".to_owned(), regex: r"ACME-\d{4}".to_owned() }],
        };
        let detector = Detector::new(&dictionary).unwrap();
        let text = "Heron: ACME-1234 at 8.8.8.8";
        assert_eq!(
            seen(&detector, text, Policy::EVERYTHING),
            [("project".to_owned(), "Heron"), ("case".to_owned(), "ACME-1234")]
        );
        let wrong = Dictionary {
            patterns: vec![Pattern { kind: "case".to_owned(), regex: "(".to_owned() }],
            ..Dictionary::default()
        };
        assert_eq!(Detector::new(&wrong).unwrap_err().pattern, 0);
    }

    #[test]
    fn no_label_gives_a_name_away() {
        let dictionary = Dictionary {
            names: vec![Name::new("Halvorsen", "halvorsen"), Name::new("Phone", "phone")],
            ..Dictionary::default()
        };
        let detector = Detector::new(&dictionary).unwrap();
        assert_eq!(detector.label(&Kind::Named("halvorsen".to_owned())), "NAME");
        assert_eq!(detector.label(&Kind::Phone), "NAME");
    }

    #[test]
    fn a_pseudonym_is_nobodys_text() {
        let dictionary = Dictionary { names: vec![Name::new("Client", "client")], ..Dictionary::default() };
        let detector = Detector::new(&dictionary).unwrap();
        assert!(seen(&detector, "[NAME_1] and [EMAIL_12b]", Policy::EVERYTHING.strict(true)).is_empty());
        let foreign = seen(&Detector::default(), "[HALVORSEN_12]", Policy::EVERYTHING.strict(true));
        assert!(foreign.iter().any(|(_, value)| *value == "HALVORSEN"));
    }
}
