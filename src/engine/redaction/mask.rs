//! Masking: every finding and every other place of its value replaced, until nothing is left to find.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use super::detector::Detector;
use super::finding::{self, Finding};
use super::fold;
use super::kind::{Kind, Policy};
use super::matcher::{self, Folds, Form, Matcher};
use super::numbered::Labels;
use super::restore;
use super::vault::{Taken, Vault};
use super::words;

/// One value that was replaced.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Replacement {
    /// What it is.
    pub kind: Kind,
    /// Where it stood, in bytes of the source.
    pub span: Range<usize>,
    /// What stands there now.
    pub pseudonym: String,
    /// How sure the finding was.
    pub score: u8,
    /// Why it was found.
    pub reason: Cow<'static, str>,
    /// Whether it is a secret: a brief with one is refused.
    pub blocked: bool,
}

/// Text that went through masking for one boundary. Only masking makes it, and within its boundary it isn't masked again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Masked {
    boundary: String,
    text: String,
    replaced: Vec<Replacement>,
}

impl Masked {
    /// The text that may cross.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The boundary it was masked for.
    pub fn boundary(&self) -> &str {
        &self.boundary
    }

    /// What was replaced, in the order of the source.
    pub fn replaced(&self) -> &[Replacement] {
        &self.replaced
    }

    /// The text, when nothing else is needed.
    pub fn into_text(self) -> String {
        self.text
    }
}

/// Replaces what the detector finds in a text and the policy hides. The vault learns every new value.
///
/// Detection runs again on the result until it finds nothing, so masking what is masked changes nothing.
pub fn mask(text: &str, detector: &Detector, vault: &mut Vault, policy: Policy) -> Masked {
    let folds = detector.folds(text);
    let mut findings = detector.find_in(&folds, policy);
    findings.extend(literals(text, detector, vault));
    let mut findings = finding::settle(findings);
    let mut known = Known::default();
    loop {
        findings = known.with_other_places(&folds, findings, vault);
        let mut trial = vault.clone();
        let rendered = render(text, &findings, detector, &mut trial);
        let mut more = if findings.is_empty() { Vec::new() } else { again(&rendered, detector, policy, &known) };
        if more.is_empty() {
            *vault = trial;
            return rendered.masked;
        }
        findings.append(&mut more);
        findings = finding::settle(findings);
    }
}

/// Whether a value found by its capital is a common word that means nothing when written otherwise.
pub(super) fn is_common(value: &str, finding: &Finding) -> bool {
    let is_word = |word| words::tier(&fold::squeeze(word)).is_some();
    finding.as_written || finding.entry.is_none() && finding.kind == Kind::Name && value.split_whitespace().all(is_word)
}

/// Text of the source that restoring would take for a pseudonym of this vault. What it may take for one later is reserved.
fn literals(text: &str, detector: &Detector, vault: &mut Vault) -> Vec<Finding> {
    restore::lookalikes(text, detector, vault)
        .into_iter()
        .map(|span| Finding::new(Kind::Literal, span, 100, "reads like one of our own pseudonyms"))
        .collect()
}

/// The values that are looked for everywhere: those of the vault, and those that were found in the text.
#[derive(Default)]
struct Known {
    /// What was learnt, as written.
    values: [BTreeSet<String>; 2],
    /// The same folded: values that fold alike are found by one search.
    folds: BTreeSet<String>,
    /// Searches for all of them, in the order they came up.
    searches: Vec<Search>,
    /// How many of them looked for encoded values in the source.
    decoded: usize,
    /// Where values stand within words: beside something replaced they are words of their own.
    within: Vec<(Range<usize>, Kind)>,
    /// The places of what was learnt last, in order.
    learnt: Vec<Range<usize>>,
}

/// A search for values that came up together.
struct Search {
    matcher: Matcher,
    /// The kinds of the values.
    kinds: Vec<Kind>,
    /// Whether each of them has a value within that an earlier search found wherever it stands: with all of its word.
    grown: bool,
}

impl Known {
    /// Adds every other place where a found value or a value of the vault stands, until no new value comes up.
    fn with_other_places(&mut self, folds: &Folds<'_>, mut findings: Vec<Finding>, vault: &Vault) -> Vec<Finding> {
        loop {
            let before = self.searches.len();
            self.learn(folds.text(), &findings, vault);
            let mut places = Vec::new();
            for Search { matcher, kinds, grown } in &self.searches[before..] {
                let found = if *grown { matcher.find_squeezed(folds) } else { matcher.find_plain(folds) };
                let new = found.whole.into_iter().filter(|(span, _)| !is_inside(span, &findings));
                places.extend(new.map(|(span, owner)| elsewhere(span, &kinds[owner])));
                self.within.extend(found.within.into_iter().map(|(span, owner)| (span, kinds[owner].clone())));
            }
            let mut places = outside(folds, places, &findings);
            if places.is_empty() {
                places = self.freed(folds.text(), &findings);
            }
            if places.is_empty() {
                places = outside(folds, encoded(folds, &self.searches[self.decoded..], folds.runs()), &findings);
                self.decoded = self.searches.len();
            }
            if places.is_empty() {
                return findings;
            }
            findings.extend(places);
            findings = finding::settle(findings);
        }
    }

    /// Values within words whose rest is replaced: what is left of the word is one of them.
    fn freed(&mut self, text: &str, findings: &[Finding]) -> Vec<Finding> {
        let first_after = |at: usize| findings.get(findings.partition_point(|finding| finding.span.end <= at));
        let free = |span: &Range<usize>| first_after(span.start).is_none_or(|next| next.span.start >= span.end);
        let gone = |at: usize| first_after(at).is_some_and(|finding| finding.span.contains(&at));
        self.within.retain(|(span, _)| free(span));
        let freed = self.within.iter().filter(|(span, _)| matcher::is_whole_beside(text, span, gone));
        freed.map(|(span, kind)| elsewhere(span.clone(), kind)).collect()
    }

    /// Prepares the search for values that weren't looked for yet.
    fn learn(&mut self, text: &str, findings: &[Finding], vault: &Vault) {
        let of_vault = vault.entries().iter().map(|entry| (entry.value.as_str(), &entry.kind, entry.common));
        // Most of what was found was found before.
        let before = |finding: &&Finding| {
            let at = self.learnt.partition_point(|span| span.start < finding.span.start);
            self.learnt.get(at) == Some(&finding.span)
        };
        let of_text = findings.iter().filter(|finding| !before(finding)).map(|finding| {
            let value = &text[finding.span.clone()];
            (value, &finding.kind, is_common(value, finding))
        });
        let mut new: BTreeMap<(&str, bool), &Kind> = BTreeMap::new();
        // A pseudonym that someone quoted is no value: nothing else is hidden for its sake.
        for (value, kind, common) in of_vault.chain(of_text).filter(|(_, kind, _)| **kind != Kind::Literal) {
            new.entry((value, common)).or_insert(kind);
        }
        new.retain(|(value, common), _| {
            let values = &mut self.values[usize::from(*common)];
            !values.contains(*value) && values.insert((*value).to_owned())
        });
        self.learnt = findings.iter().map(|finding| finding.span.clone()).collect();
        let mut fresh = BTreeSet::new();
        new.retain(|(value, common), _| {
            let fold = fold::fold(value);
            *common || !self.folds.contains(&fold) && fresh.insert(fold)
        });
        let grown = new.keys().all(|(_, common)| !common) && fresh.iter().all(|fold| self.finds_within(fold));
        self.folds.append(&mut fresh);
        let matcher = Matcher::new(new.keys().enumerate().map(|(owner, (value, common))| Form {
            owner,
            text: (*value).to_owned(),
            whole: false,
            exact: *common,
        }));
        if !matcher.is_empty() {
            self.searches.push(Search { matcher, kinds: new.into_values().cloned().collect(), grown });
        }
    }

    /// Whether every place of this folded value has another value within that was looked for there.
    fn finds_within(&self, fold: &str) -> bool {
        self.folds.iter().any(|known| known.chars().nth(matcher::SHORT - 1).is_some() && fold.contains(known.as_str()))
    }
}

/// Where values of these searches stand encoded, of base64 in these runs.
fn encoded(folds: &Folds<'_>, searches: &[Search], base64: &[Range<usize>]) -> Vec<Finding> {
    let mut places = Vec::new();
    matcher::each_encoded(folds, searches.iter().map(|search| &search.matcher), base64, |at, span, owner| {
        places.push(elsewhere(span, &searches[at].kinds[owner]));
    });
    places
}

/// Those places that aren't found yet, without the pseudonyms in them.
fn outside(folds: &Folds<'_>, places: Vec<Finding>, findings: &[Finding]) -> Vec<Finding> {
    let mut places = finding::without(folds.text(), finding::settle(places), folds.walls());
    places.retain(|place| !is_inside(&place.span, findings));
    places
}

/// Whether one of these findings, which are in order and apart, covers a place.
fn is_inside(place: &Range<usize>, findings: &[Finding]) -> bool {
    let first = findings.partition_point(|finding| finding.span.end < place.end);
    findings.get(first).is_some_and(|finding| finding.span.start <= place.start)
}

fn elsewhere(span: Range<usize>, kind: &Kind) -> Finding {
    Finding::new(kind.clone(), span, 90, "a value that was found elsewhere")
}

/// A masked text and where its unreplaced pieces came from.
struct Rendered {
    masked: Masked,
    /// (place in the masked text, place in the source) of each piece that was left as it was.
    pieces: Vec<(Range<usize>, usize)>,
}

fn render(text: &str, findings: &[Finding], detector: &Detector, vault: &mut Vault) -> Rendered {
    let taken = taken(text, findings, detector, vault);
    let mut masked = String::with_capacity(text.len());
    let mut replaced = Vec::with_capacity(findings.len());
    let mut pieces = Vec::with_capacity(findings.len() + 1);
    let mut from = 0;
    for finding in findings {
        let value = &text[finding.span.clone()];
        let pseudonym = vault.pseudonym(value, finding, detector, &taken);
        pieces.push((masked.len()..masked.len() + finding.span.start - from, from));
        masked.push_str(&text[from..finding.span.start]);
        masked.push_str(&pseudonym);
        from = finding.span.end;
        replaced.push(Replacement {
            kind: finding.kind.clone(),
            span: finding.span.clone(),
            pseudonym,
            score: finding.score,
            reason: finding.reason.clone(),
            blocked: finding.kind == Kind::Secret,
        });
    }
    pieces.push((masked.len()..masked.len() + text.len() - from, from));
    masked.push_str(&text[from..]);
    Rendered { masked: Masked { boundary: vault.boundary().to_owned(), text: masked, replaced }, pieces }
}

/// The numbers that stand in the source in any folding: pseudonyms skip them, so that none can be mistaken for text.
fn taken(text: &str, findings: &[Finding], detector: &Detector, vault: &Vault) -> Taken {
    if findings.is_empty() {
        return Taken::default();
    }
    let kinds: BTreeSet<&Kind> = findings.iter().map(|finding| &finding.kind).collect();
    let labels = kinds.into_iter().map(|kind| detector.label(kind).into_owned());
    let labels: BTreeSet<String> = labels.chain(vault.labels().map(str::to_owned)).collect();
    let digits = findings
        .iter()
        .map(|finding| &text[finding.span.clone()])
        .filter(|value| value.len() <= 6 && value.bytes().all(|byte| byte.is_ascii_digit()))
        .map(str::to_owned)
        .collect();
    Taken { numbers: Labels::new(&labels).numbers_in(text), digits }
}

/// What still stands in the masked text, at its place in the source.
fn again(rendered: &Rendered, detector: &Detector, policy: Policy, known: &Known) -> Vec<Finding> {
    let folds = detector.folds(rendered.masked.text());
    let mut found = detector.find_in(&folds, policy);
    let encoded = finding::settle(encoded(&folds, &known.searches, &folds.runs_beside_walls()));
    found.extend(finding::without(folds.text(), encoded, folds.walls()));
    found
        .into_iter()
        .filter_map(|finding| {
            let at = rendered.pieces.partition_point(|(piece, _)| piece.end <= finding.span.start);
            let (piece, source) = rendered.pieces.get(at)?;
            let start = source + finding.span.start.checked_sub(piece.start)?;
            let end = start + finding.span.end.min(piece.end) - finding.span.start;
            Some(Finding { span: start..end, ..finding })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::super::dictionary::{Dictionary, Name};
    use super::super::leak::LeakCheck;
    use super::*;

    fn acme() -> Detector {
        Detector::new(&Dictionary {
            names: vec![
                Name {
                    name: "Halvorsen AS".to_owned(),
                    aliases: vec!["Halvorsen".to_owned()],
                    kind: "client".to_owned(),
                    domains: vec!["halvorsen.example".to_owned()],
                },
                Name::new("Heron", "project"),
            ],
            ..Dictionary::default()
        })
        .unwrap()
    }

    #[test]
    fn each_way_of_writing_a_value_has_its_variant() {
        let mut vault = Vault::new("mask");
        let masked = mask(
            "Halvorsen AS, HALVORSEN's, halvorsen as; Heron, Halvorsen AS",
            &acme(),
            &mut vault,
            Policy::EVERYTHING,
        );
        assert_eq!(masked.text(), "[CLIENT_1], [CLIENT_1b]'s, [CLIENT_1c]; [PROJECT_1], [CLIENT_1]");
        assert_eq!(
            restore::restore(masked.text(), &vault),
            "Halvorsen AS, HALVORSEN's, halvorsen as; Heron, Halvorsen AS"
        );
    }

    #[test]
    fn numbers_that_stand_in_the_source_are_skipped() {
        let mut vault = Vault::new("mask");
        let masked =
            mask("[CLIENT_1] [client 2] Client_3: Heron and Halvorsen", &acme(), &mut vault, Policy::EVERYTHING);
        assert_eq!(masked.text(), "[CLIENT_1] [client 2] Client_3: [PROJECT_1] and [CLIENT_4]");
    }

    #[test]
    fn what_reads_like_a_pseudonym_of_the_vault_is_hidden_too() {
        let mut vault = Vault::new("mask");
        let detector = acme();
        assert_eq!(mask("Heron", &detector, &mut vault, Policy::EVERYTHING).text(), "[PROJECT_1]");
        let source = "She wrote [PROJECT_1] and [ project_1 ] about Heron.";
        let masked = mask(source, &detector, &mut vault, Policy::EVERYTHING);
        assert_eq!(masked.text(), "She wrote [TEXT_1] and [TEXT_1b] about [PROJECT_1].");
        assert_eq!(restore::restore(masked.text(), &vault), source);
    }

    #[test]
    fn a_company_that_is_called_like_a_word_takes_nothing_from_the_word() {
        let names = vec![Name::new("Apple Inc", "client"), Name::new("Zephyr Trading Partners", "client")];
        let detector = Detector::new(&Dictionary { names, ..Dictionary::default() }).unwrap();
        let mut vault = Vault::new("mask");
        let source = "Apple Inc sells; Apple has an apple. ZTP has no ztp.";
        let masked = mask(source, &detector, &mut vault, Policy::EVERYTHING);
        assert_eq!(masked.text(), "[CLIENT_1] sells; [CLIENT_1b] has an apple. [CLIENT_2] has no ztp.");
        assert_eq!(restore::restore(masked.text(), &vault), source);
        assert!(LeakCheck::new([&vault]).is_clean("an apple, ztp") && !LeakCheck::new([&vault]).is_clean("at Apple"));
    }

    #[test]
    fn a_value_found_once_by_its_context_is_hidden_wherever_it_stands() {
        let mut vault = Vault::new("mask");
        let masked = mask(
            "Phone: 5403926876. Ref x5403926876y and (540) 392 6876.",
            &Detector::default(),
            &mut vault,
            Policy::EVERYTHING,
        );
        assert!(!masked.text().contains("5403926876") && !masked.text().contains("392"), "{}", masked.text());
    }

    #[test]
    fn a_secret_is_replaced_and_marked_blocked() {
        let mut vault = Vault::new("mask");
        let masked = mask(
            "token ghp_0a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R",
            &Detector::default(),
            &mut vault,
            Policy::EVERYTHING,
        );
        assert_eq!(masked.text(), "token [SECRET_1]");
        assert!(masked.replaced()[0].blocked);
    }

    #[test]
    fn a_quoted_pseudonym_of_the_dictionarys_kind_is_no_leak_before_any_was_given_out() {
        let mut vault = Vault::new("mask");
        let detector = acme();
        for source in ["https://example.org/x?token=1[CLIENT_1][CLIENT_ the", "[CLIENT_1]"] {
            let masked = mask(source, &detector, &mut vault, Policy::EVERYTHING);
            assert_eq!(super::super::LeakCheck::new([&vault]).leaks(masked.text()), []);
            assert_eq!(restore::restore(masked.text(), &vault), source);
        }
    }

    #[test]
    fn a_word_that_grew_around_a_name_is_hidden_in_every_spelling_too() {
        let dictionary = Dictionary { names: vec![Name::new("Lind", "client")], ..Dictionary::default() };
        let mut vault = Vault::new("mask");
        let source = "a Lindgren file, l i n d g r e n";
        let masked = mask(source, &Detector::new(&dictionary).unwrap(), &mut vault, Policy::EVERYTHING);
        assert_eq!(super::super::LeakCheck::new([&vault]).leaks(masked.text()), [], "{}", masked.text());
    }

    #[test]
    fn a_common_word_that_is_a_name_here_stays_a_word_elsewhere() {
        let mut vault = Vault::new("mask");
        let masked =
            mask("I met Mr. Brown. The brown fox.", &Detector::default(), &mut vault, Policy::EVERYTHING.strict(true));
        assert!(masked.text().ends_with("The brown fox."), "{}", masked.text());
    }
}
