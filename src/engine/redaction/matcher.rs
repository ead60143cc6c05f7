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

/// From this many folded characters on a value is found inside words too.
pub(super) const SHORT: usize = 4;
/// From this many folded characters on a value is found squeezed and encoded.
pub(super) const LONG: usize = 6;

/// Up to this many patterns a search may skip ahead to what could begin one.
const FEW: usize = 16;

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
    folded: Automaton,
    squeezed: Automaton,
    /// Whether a value is long enough to be found encoded.
    long: bool,
}

#[derive(Debug)]
struct Automaton {
    search: Option<AhoCorasick>,
    /// What each pattern stands for, the most important first.
    targets: Vec<Vec<Target>>,
}

impl Automaton {
    fn new(forms: BTreeMap<String, Vec<Target>>) -> Self {
        let (patterns, targets): (Vec<_>, Vec<_>) = forms.into_iter().unzip();
        let search = if patterns.is_empty() {
            None
        } else {
            // A few hundred values fit a table that takes one step per byte. More would take too much memory, and long
            // ones that repeat themselves (`aaaa…`) take quadratic time to lay out.
            let small = patterns.iter().map(String::len).sum::<usize>() <= 16_384;
            let short = patterns.iter().all(|pattern| pattern.len() <= 64);
            let kind = if small && short { AhoCorasickKind::DFA } else { AhoCorasickKind::ContiguousNFA };
            AhoCorasick::builder()
                .match_kind(MatchKind::LeftmostLongest)
                .kind(Some(kind))
                // Few values are skipped to; many would be met at every step, and the skipping only costs.
                .prefilter(patterns.len() <= FEW)
                .build(&patterns)
                .ok()
        };
        Self { search, targets }
    }

    /// Calls `hit` with each leftmost longest match; where `hit` refuses one, the search goes on right behind its start.
    fn each(&self, text: &str, mut hit: impl FnMut(&[Target], Range<usize>) -> bool) {
        let Some(search) = &self.search else { return };
        let mut at = 0;
        while let Some(found) = search.find(Input::new(text).span(at..text.len())) {
            let accepted = hit(&self.targets[found.pattern().as_usize()], found.range());
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
        Self { folded: Automaton::new(folded), squeezed: Automaton::new(squeezed), long }
    }

    /// Whether there is nothing to look for.
    pub(super) fn is_empty(&self) -> bool {
        self.folded.search.is_none() && self.squeezed.search.is_none()
    }

    /// Every place where a value stands, in any spelling, with its owner.
    pub(super) fn find(&self, text: &str) -> Vec<(Range<usize>, usize)> {
        self.find_in(&Folds::new(text))
    }

    /// The same in a text that may be folded already.
    pub(super) fn find_in(&self, folds: &Folds<'_>) -> Vec<(Range<usize>, usize)> {
        let mut found = Vec::new();
        if self.is_empty() {
            return found;
        }
        self.find_plain(folds, &mut found);
        if !self.long {
            return found;
        }
        encoded::each(folds.text, &mut |decoded, place| {
            let mut inside = Vec::new();
            self.find_plain(&Folds::new(decoded), &mut inside);
            let long = |span: &Range<usize>| fold::fold(&decoded[span.clone()]).chars().count() >= LONG;
            if let Some((_, owner)) = inside.into_iter().find(|(span, _)| long(span)) {
                found.push((place, owner));
            }
        });
        found
    }

    /// Every place where a value stands as it is or folded, without undoing encodings.
    fn find_plain(&self, folds: &Folds<'_>, found: &mut Vec<(Range<usize>, usize)>) {
        let text = folds.text;
        if self.folded.search.is_some() {
            let folded = folds.plain();
            self.folded.each(folded.as_str(), |targets, span| {
                let span = folded.source(span);
                let hit = targets.iter().find(|target| target.stands_at(text, &span));
                found.extend(hit.map(|target| (grown(text, span), target.owner)));
                hit.is_some()
            });
        }
        if self.squeezed.search.is_some() {
            let folded = folds.squeezed();
            self.squeezed.each(folded.as_str(), |targets, squeezed| {
                let length = squeezed.len();
                let span = folded.source(squeezed);
                // Letters scattered over a page are no spelling of a name.
                let hit =
                    targets.first().filter(|target| span.len() <= length * 4 + 16 && target.stands_at(text, &span));
                found.extend(hit.map(|target| (span, target.owner)));
                hit.is_some()
            });
        }
    }
}

/// A text and what it folds to, folded once for every search in it.
pub(super) struct Folds<'a> {
    text: &'a str,
    plain: OnceCell<Folded<'a>>,
    squeezed: OnceCell<Folded<'a>>,
}

impl<'a> Folds<'a> {
    /// A text that nothing was looked for in yet.
    pub(super) const fn new(text: &'a str) -> Self {
        Self { text, plain: OnceCell::new(), squeezed: OnceCell::new() }
    }

    /// The text itself.
    pub(super) const fn text(&self) -> &'a str {
        self.text
    }

    fn plain(&self) -> &Folded<'a> {
        self.plain.get_or_init(|| Folded::new(self.text))
    }

    fn squeezed(&self) -> &Folded<'a> {
        self.squeezed.get_or_init(|| Folded::squeezed(self.text))
    }
}

impl Target {
    fn stands_at(&self, text: &str, span: &Range<usize>) -> bool {
        (!self.whole || is_whole(text, span)) && self.exact.as_ref().is_none_or(|exact| text[span.clone()] == **exact)
    }
}

/// Letters and digits of scripts that put spaces between words.
fn is_word(c: char) -> bool {
    c.is_alphanumeric() && c < '\u{2e80}'
}

fn is_whole(text: &str, span: &Range<usize>) -> bool {
    let outside = |c: Option<char>| c.is_none_or(|c| !is_word(c));
    outside(text[..span.start].chars().rev().find(|c| !fold::is_ignored(*c)))
        && outside(text[span.end..].chars().find(|c| !fold::is_ignored(*c)))
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
