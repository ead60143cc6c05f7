//! Finding known values again in every spelling: folded, squeezed, and encoded for addresses or in base64.
//!
//! The one place that says when a value "stands in" a text: masking and the leak check ask the same question, so what
//! one leaves the other never meets. Values under [`SHORT`] folded characters match whole words only; longer ones match
//! anywhere, and what is found grows to the whole word, because `b[CLIENT_1]ing` would give the client away.

use std::cell::OnceCell;
use std::collections::BTreeMap;
use std::ops::Range;

use aho_corasick::{AhoCorasick, AhoCorasickKind, Input, MatchKind};

use super::encoded;
use super::fold::{self, Folded};
use super::search::Patterns;

/// From this many folded characters on a value is found inside words too.
pub(super) const SHORT: usize = 4;
/// From this many folded characters on a value is found squeezed and encoded.
pub(super) const LONG: usize = 6;

/// Longer values than this, in bytes, are searched for apart.
const PAGE: usize = 1_024;

/// One way of writing a value.
#[derive(Debug, Clone)]
pub(super) struct Form {
    /// The value it is a form of, by a number of the caller's.
    pub(super) owner: usize,
    /// How it is written.
    pub(super) text: String,
    /// Whether it must be a whole word.
    pub(super) whole: bool,
    /// Whether case and diacritics must be the same: for words that are common when written otherwise.
    pub(super) exact: bool,
}

impl Form {
    /// A form found in every spelling; short ones as whole words only.
    pub(super) fn anywhere(owner: usize, text: &str) -> Self {
        Self { owner, text: text.to_owned(), whole: false, exact: false }
    }
}

#[derive(Debug)]
struct Target {
    owner: usize,
    whole: bool,
    exact: Option<String>,
}

/// Known values, compiled for search.
#[derive(Debug)]
pub(super) struct Matcher {
    folded: Values,
    squeezed: Values,
    /// Whether a value is long enough to be found encoded.
    long: bool,
}

/// Values by one folding of theirs.
#[derive(Debug)]
struct Values {
    patterns: Patterns,
    /// What each pattern stands for.
    targets: Vec<Vec<Target>>,
    /// Values of pages, such as keys: where they repeat themselves, comparing them at every place would take too long.
    pages: Option<AhoCorasick>,
    page_targets: Vec<Vec<Target>>,
}

impl Values {
    fn new(mut forms: BTreeMap<String, Vec<Target>>) -> Self {
        let (pages, page_targets): (Vec<_>, Vec<_>) = forms.extract_if(.., |form, _| form.len() > PAGE).unzip();
        let (patterns, targets): (Vec<_>, Vec<_>) = forms.into_iter().unzip();
        let pages = if pages.is_empty() {
            None
        } else {
            let kind = Some(AhoCorasickKind::ContiguousNFA);
            AhoCorasick::builder().match_kind(MatchKind::LeftmostLongest).kind(kind).build(&pages).ok()
        };
        Self { patterns: Patterns::new(patterns), targets, pages, page_targets }
    }

    const fn is_empty(&self) -> bool {
        self.patterns.is_empty() && self.pages.is_none()
    }

    /// Calls `hit` with each place where a value may stand; where `hit` accepts one, the search goes on behind it.
    fn each(&self, text: &str, mut hit: impl FnMut(&[Target], Range<usize>) -> bool) {
        self.patterns.each(text, |pattern, span| hit(&self.targets[pattern], span));
        let Some(pages) = &self.pages else { return };
        let mut at = 0;
        while let Some(found) = pages.find(Input::new(text).span(at..text.len())) {
            let accepted = hit(&self.page_targets[found.pattern().as_usize()], found.range());
            at = if accepted { found.end() } else { text.ceil_char_boundary(found.start() + 1) };
        }
    }
}

impl Matcher {
    /// Compiles the forms. Blank ones match nothing.
    pub(super) fn new(forms: impl IntoIterator<Item = Form>) -> Self {
        let mut folded: BTreeMap<String, Vec<Target>> = BTreeMap::new();
        let mut squeezed: BTreeMap<String, Vec<Target>> = BTreeMap::new();
        for form in forms {
            let fold = fold::fold(&form.text);
            let squeeze = fold::squeeze(&form.text);
            if squeeze.chars().count() >= LONG && !form.exact && !form.whole {
                let target = Target { owner: form.owner, whole: true, exact: None };
                squeezed.entry(squeeze).or_default().push(target);
            }
            if !fold.is_empty() {
                let whole = form.whole || fold.chars().count() < SHORT;
                let exact = form.exact.then_some(form.text);
                folded.entry(fold).or_default().push(Target { owner: form.owner, whole, exact });
            }
        }
        let long = folded.keys().any(|value| value.chars().count() >= LONG);
        Self { folded: Values::new(folded), squeezed: Values::new(squeezed), long }
    }

    /// Whether there is nothing to look for.
    pub(super) fn is_empty(&self) -> bool {
        self.folded.is_empty() && self.squeezed.is_empty()
    }

    /// Every place where a value stands, in any spelling, with its owner.
    #[cfg(test)]
    pub(super) fn find(&self, text: &str) -> Vec<(Range<usize>, usize)> {
        self.find_in(&Folds::new(text, Vec::new()))
    }

    /// Every place where a value stands outside pseudonyms, in any spelling, with its owner.
    pub(super) fn find_in(&self, folds: &Folds<'_>) -> Vec<(Range<usize>, usize)> {
        let mut found = self.find_plain(folds).whole;
        each_encoded(folds, [self], folds.runs(), |_, span, owner| found.push((span, owner)));
        found
    }

    /// Every place where a value stands as it is or folded, without undoing encodings.
    pub(super) fn find_plain(&self, folds: &Folds<'_>) -> Places {
        let text = folds.text;
        let mut places = self.find_squeezed(folds);
        if !self.folded.is_empty() {
            let folded = folds.plain();
            self.folded.each(folded.as_str(), |targets, span| {
                let span = folded.source(span);
                places.take(targets, text, span, |span| grown(text, span))
            });
        }
        places
    }

    /// Every place where a long value stands by its letters and digits alone: `J a n e  D o e`, `jane.doe`.
    pub(super) fn find_squeezed(&self, folds: &Folds<'_>) -> Places {
        let text = folds.text;
        let mut places = Places::default();
        if !self.squeezed.is_empty() {
            let folded = folds.squeezed();
            self.squeezed.each(folded.as_str(), |targets, squeezed| {
                let length = squeezed.len();
                let span = folded.source(squeezed);
                // Letters scattered over a page are no spelling of a name.
                span.len() <= length * 4 + 16 && places.take(targets, text, span, |span| span)
            });
        }
        places
    }
}

/// Where values stand, each with its owner.
#[derive(Debug, Default)]
pub(super) struct Places {
    /// As words of their own, or long enough to be found within words.
    pub(super) whole: Vec<(Range<usize>, usize)>,
    /// Within words, where they say nothing until what stands beside them is replaced.
    pub(super) within: Vec<(Range<usize>, usize)>,
}

impl Places {
    /// Takes a place for the first of these targets that stands there, and says whether one does.
    fn take(
        &mut self,
        targets: &[Target],
        text: &str,
        span: Range<usize>,
        grown: impl FnOnce(Range<usize>) -> Range<usize>,
    ) -> bool {
        let spelled = |target: &&Target| target.exact.as_ref().is_none_or(|exact| text[span.clone()] == **exact);
        let mut targets = targets.iter().filter(spelled).peekable();
        let Some(first) = targets.peek().map(|target| target.owner) else { return false };
        let word = is_whole(text, &span);
        let found = targets.find(|target| word || !target.whole).map(|target| target.owner);
        if let Some(owner) = found {
            self.whole.push((grown(span), owner));
        } else {
            self.within.push((span, first));
        }
        found.is_some()
    }
}

/// Calls `hit` with each place where a value of these matchers stands encoded, of base64 in these runs: the matcher's number,
/// the place, the owner.
pub(super) fn each_encoded<'a>(
    folds: &Folds<'_>,
    matchers: impl IntoIterator<Item = &'a Matcher>,
    base64: &[Range<usize>],
    mut hit: impl FnMut(usize, Range<usize>, usize),
) {
    let matchers: Vec<_> = matchers.into_iter().enumerate().filter(|(_, matcher)| matcher.long).collect();
    if matchers.is_empty() {
        return;
    }
    encoded::each(folds.text, base64, &mut |decoded, place| {
        let folds = Folds::new(decoded, Vec::new());
        let long = |span: &Range<usize>| fold::fold(&decoded[span.clone()]).chars().count() >= LONG;
        for (at, matcher) in &matchers {
            let inside = matcher.find_plain(&folds).whole;
            if let Some((_, owner)) = inside.into_iter().find(|(span, _)| long(span)) {
                hit(*at, place.clone(), owner);
            }
        }
    });
}

/// A text and what it folds to, folded once for every search in it.
pub(super) struct Folds<'a> {
    text: &'a str,
    /// Pseudonyms, in order: no value begins before one and ends behind it.
    walls: Vec<Range<usize>>,
    plain: OnceCell<Folded<'a>>,
    squeezed: OnceCell<Folded<'a>>,
    runs: OnceCell<Vec<Range<usize>>>,
}

impl<'a> Folds<'a> {
    /// A text that nothing was looked for in yet, and the pseudonyms in it.
    pub(super) const fn new(text: &'a str, walls: Vec<Range<usize>>) -> Self {
        Self { text, walls, plain: OnceCell::new(), squeezed: OnceCell::new(), runs: OnceCell::new() }
    }

    /// The text itself.
    pub(super) const fn text(&self) -> &'a str {
        self.text
    }

    /// The places of pseudonyms: they are nobody's text.
    pub(super) fn walls(&self) -> &[Range<usize>] {
        &self.walls
    }

    fn plain(&self) -> &Folded<'a> {
        self.plain.get_or_init(|| Folded::new(self.text, &self.walls))
    }

    fn squeezed(&self) -> &Folded<'a> {
        self.squeezed.get_or_init(|| Folded::squeezed(self.text, &self.walls))
    }

    /// The runs outside pseudonyms that may be base64.
    pub(super) fn runs(&self) -> &[Range<usize>] {
        self.runs.get_or_init(|| encoded::runs(self.text, &self.walls))
    }

    /// Those of them that touch a pseudonym.
    pub(super) fn runs_beside_walls(&self) -> Vec<Range<usize>> {
        encoded::runs_beside(self.text, &self.walls)
    }
}

/// Letters and digits of scripts that put spaces between words.
fn is_word(c: char) -> bool {
    c.is_alphanumeric() && c < '\u{2e80}'
}

fn is_whole(text: &str, span: &Range<usize>) -> bool {
    is_whole_beside(text, span, |_| false)
}

/// Whether a place is a word of its own, where what stands at some places is gone.
pub(super) fn is_whole_beside(text: &str, span: &Range<usize>, gone: impl Fn(usize) -> bool) -> bool {
    let before = text[..span.start].char_indices().rev().find(|(_, c)| !fold::is_ignored(*c));
    let after = text[span.end..].char_indices().find(|(_, c)| !fold::is_ignored(*c));
    before.is_none_or(|(at, c)| !is_word(c) || gone(at))
        && after.is_none_or(|(at, c)| !is_word(c) || gone(span.end + at))
}

/// The span with the rest of the words it begins and ends in.
fn grown(text: &str, span: Range<usize>) -> Range<usize> {
    let part = |c: &char| is_word(*c) || fold::is_ignored(*c);
    let edge = |c: Option<char>| c.is_some_and(is_word);
    let mut grown = span.clone();
    if edge(text[span.clone()].chars().next()) {
        grown.start -= text[..span.start].chars().rev().take_while(part).map(char::len_utf8).sum::<usize>();
    }
    if edge(text[span.clone()].chars().rev().find(|c| !fold::is_ignored(*c))) {
        grown.end += text[span.end..].chars().take_while(part).map(char::len_utf8).sum::<usize>();
    }
    grown
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found<'a>(values: &[&str], text: &'a str) -> Vec<&'a str> {
        let matcher = Matcher::new(values.iter().enumerate().map(|(owner, value)| Form::anywhere(owner, value)));
        let mut places: Vec<_> = matcher.find(text).into_iter().map(|(span, _)| (span.start, span.end)).collect();
        places.sort_unstable();
        places.dedup();
        places.into_iter().map(|(start, end)| &text[start..end]).collect()
    }

    #[test]
    fn a_value_is_found_in_every_spelling() {
        for text in [
            "Halvorsen AS",
            "HALVORSEN  as",
            "halvorsen\n as",
            "Hal\u{200b}vorsen AS",
            "Hálvorsen ÀS",
            "halvorsen-as",
            "HalvorsenAS",
            "H a l v o r s e n A S",
            "SGFsdm9yc2VuIEFT",
            "Halvorsen%20AS",
            "%48alvorsen+AS",
        ] {
            assert_eq!(found(&["Halvorsen AS"], text).len(), 1, "{text}");
        }
    }

    #[test]
    fn short_values_match_whole_words_and_long_ones_grow_to_the_word() {
        assert_eq!(found(&["Lee"], "Lee's sleeves, LEE"), ["Lee", "LEE"]);
        assert_eq!(found(&["Lind"], "the blinding Lind-report"), ["blinding", "Lind"]);
        assert_eq!(found(&["田中"], "昨日田中さんが"), ["田中"]);
    }

    #[test]
    fn a_long_value_that_repeats_itself_is_found_like_any_other() {
        let value = "ab".repeat(8_000);
        assert_eq!(found(&[&value], &format!("x {value} y")), [value.as_str()]);
    }

    #[test]
    fn the_longest_value_wins() {
        assert_eq!(found(&["Jane", "Jane Doe"], "Jane Doe and Jane"), ["Jane Doe", "Jane"]);
    }
}
