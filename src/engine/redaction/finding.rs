//! Something sensitive that was found: what, where, how sure, why.

use std::borrow::Cow;
use std::ops::Range;

use super::kind::{Kind, Policy};

/// The score from which a finding is replaced.
pub const THRESHOLD: u8 = 50;

/// Something sensitive in a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// What it is.
    pub kind: Kind,
    /// Where it stands, in bytes of the text.
    pub span: Range<usize>,
    /// How sure we are, from 0 to 100. From [`THRESHOLD`] on it is replaced.
    pub score: u8,
    /// Why: a rule's name, or the checks and context words that raised the score.
    pub reason: Cow<'static, str>,
    /// Whether it is a web or internet address that anyone may know.
    pub public: bool,
    /// The dictionary's entry it belongs to, by its number there.
    pub entry: Option<usize>,
    /// Whether it is that entry only as it is written here: in other letters it is a word like any other.
    pub as_written: bool,
}

impl Finding {
    /// A finding of this kind at this place.
    pub fn new(kind: Kind, span: Range<usize>, score: u8, reason: impl Into<Cow<'static, str>>) -> Self {
        Self { kind, span, score, reason: reason.into(), public: false, entry: None, as_written: false }
    }

    /// Whether this policy replaces it.
    pub fn is_replaced(&self, policy: Policy) -> bool {
        let hidden = match self.kind {
            Kind::Url => policy.public_urls || !self.public,
            Kind::Ip => policy.public_ips || !self.public,
            Kind::Name | Kind::Number => policy.strict,
            _ => true,
        };
        hidden && self.score >= THRESHOLD
    }

    fn rank(&self) -> (bool, usize, u8) {
        (self.kind == Kind::Secret, self.span.len(), self.score)
    }
}

/// Sorts findings and joins those that overlap: the union goes under the secret, or else the longest of them.
///
/// Nothing that one detector saw is left standing because another saw more of it, so spans never overlap and no
/// remainder of a finding survives.
pub(super) fn settle(mut findings: Vec<Finding>) -> Vec<Finding> {
    findings.sort_by(|a, b| a.span.start.cmp(&b.span.start).then(b.rank().cmp(&a.rank())));
    let mut settled: Vec<Finding> = Vec::with_capacity(findings.len());
    for finding in findings {
        match settled.last_mut() {
            Some(last) if finding.span.start < last.span.end => {
                let span = last.span.start..last.span.end.max(finding.span.end);
                let public = last.public && finding.public;
                if finding.rank() > last.rank() {
                    *last = finding;
                }
                last.as_written &= last.span == span;
                last.span = span;
                last.public = public;
            }
            _ => settled.push(finding),
        }
    }
    settled
}

/// Takes the barriers out of the findings: what a pseudonym covers is not the source's own text. Both are sorted.
pub(super) fn without(text: &str, findings: Vec<Finding>, barriers: &[Range<usize>]) -> Vec<Finding> {
    if barriers.is_empty() {
        return findings;
    }
    let mut kept = Vec::with_capacity(findings.len());
    for finding in findings {
        let first = barriers.partition_point(|barrier| barrier.end <= finding.span.start);
        let mut start = finding.span.start;
        for barrier in barriers[first..].iter().take_while(|barrier| barrier.start < finding.span.end) {
            kept.extend(piece(text, &finding, start..barrier.start));
            start = barrier.end;
        }
        if start == finding.span.start {
            kept.push(finding);
        } else {
            kept.extend(piece(text, &finding, start..finding.span.end));
        }
    }
    kept
}

/// What is left of a finding beside a barrier.
fn piece(text: &str, finding: &Finding, span: Range<usize>) -> Option<Finding> {
    let whole = text.get(span.clone()).unwrap_or("");
    let piece = whole.trim_matches(|c: char| !c.is_alphanumeric());
    // A single letter or digit beside a pseudonym says nothing, and would be looked for everywhere as a value.
    piece.chars().nth(1)?;
    let start = span.start + (piece.as_ptr() as usize - whole.as_ptr() as usize);
    Some(Finding { span: start..start + piece.len(), as_written: false, ..finding.clone() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn overlapping_findings_become_one_under_the_longest() {
        let found = settle(vec![
            Finding::new(Kind::Phone, 4..9, 60, "b"),
            Finding::new(Kind::Email, 0..6, 90, "a"),
            Finding::new(Kind::Card, 12..14, 90, "c"),
        ]);
        let spans: Vec<_> = found.iter().map(|f| (f.kind.clone(), f.span.clone())).collect();
        assert_eq!(spans, [(Kind::Email, 0..9), (Kind::Card, 12..14)]);
    }

    #[test]
    fn a_secret_inside_something_longer_stays_a_secret() {
        let found = settle(vec![Finding::new(Kind::Url, 0..30, 90, "a"), Finding::new(Kind::Secret, 8..20, 90, "b")]);
        assert_eq!(found.len(), 1);
        assert_eq!((&found[0].kind, found[0].span.clone()), (&Kind::Secret, 0..30));
    }
}
