//! Sets the statements of several sides against one another: same, different, alone.

use std::collections::BTreeSet;

use super::corpus::{Corpus, Sentence};
use super::figure::Kind;

/// Something that one side says.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Statement {
    /// The sentence.
    pub(super) sentence: usize,
    /// The side that says it.
    pub(super) side: usize,
    /// How much it matters there.
    pub(super) score: f32,
}

/// What was found; groups hold numbers of statements, one per side.
#[derive(Debug, Default)]
pub(super) struct Alignment {
    /// Statements that say the same.
    pub(super) agreed: Vec<Vec<usize>>,
    /// Statements on one subject that can't all be right, and what differs.
    pub(super) differ: Vec<(Vec<usize>, String)>,
    /// For every statement, how near the nearest of another side is.
    pub(super) nearest: Vec<f32>,
}

/// From here on two statements say the same.
const SAME: f32 = 0.42;
/// From here on two statements are about the same and a different figure is a difference.
const ABOUT: f32 = 0.3;
/// From here on a *not* in only one of them is a difference.
const DENIED: f32 = 0.5;
/// Below this a statement stands alone.
pub(super) const ALONE: f32 = 0.26;

/// Two statements of different sides.
struct Pair {
    a: usize,
    b: usize,
    likeness: f32,
    why: Option<String>,
}

/// Aligns the statements.
pub(super) fn align(corpus: &Corpus, statements: &[Statement]) -> Alignment {
    let mut alignment = Alignment { nearest: vec![0.0; statements.len()], ..Alignment::default() };
    let names: Vec<BTreeSet<u32>> = statements.iter().map(|statement| subjects(corpus, statement)).collect();
    let mut pairs = Vec::new();
    for a in 0..statements.len() {
        for b in a + 1..statements.len() {
            if statements[a].side == statements[b].side {
                continue;
            }
            let (one, other) = (&corpus.sentences[statements[a].sentence], &corpus.sentences[statements[b].sentence]);
            let mut likeness = corpus.likeness(&one.terms, &other.terms);
            if likeness < ALONE.min(ABOUT) - 0.1 {
                continue;
            }
            let clash = names[a].is_disjoint(&names[b]) && !names[a].is_empty() && !names[b].is_empty();
            if clash {
                continue;
            }
            let shared = one.terms.iter().filter(|term| other.terms.binary_search(term).is_ok()).count();
            if shared < 2 || (shared == 2 && one.terms.len().max(other.terms.len()) > 5) {
                likeness = likeness.min(ABOUT - 0.01);
            }
            let why = difference(one, other, likeness);
            if why.is_none() && shares_figure(one, other) {
                likeness += 0.12;
            }
            for at in [a, b] {
                alignment.nearest[at] = alignment.nearest[at].max(likeness);
            }
            if likeness >= ABOUT {
                pairs.push(Pair { a, b, likeness, why });
            }
        }
    }
    pairs.sort_by(|x, y| y.likeness.total_cmp(&x.likeness).then((x.a, x.b).cmp(&(y.a, y.b))));
    group(statements, &pairs, &mut alignment);
    alignment
}

/// Joins pairs to groups with one statement per side; the likest pairs first.
fn group(statements: &[Statement], pairs: &[Pair], alignment: &mut Alignment) {
    let mut of: Vec<Option<usize>> = vec![None; statements.len()];
    let mut groups: Vec<Vec<usize>> = Vec::new();
    let mut differing: Vec<bool> = vec![false; statements.len()];
    for pair in pairs {
        if let Some(why) = &pair.why {
            if !differing[pair.a] && !differing[pair.b] && of[pair.a].is_none() && of[pair.b].is_none() {
                differing[pair.a] = true;
                differing[pair.b] = true;
                alignment.differ.push((vec![pair.a, pair.b], why.clone()));
            }
            continue;
        }
        if pair.likeness < SAME || differing[pair.a] || differing[pair.b] {
            continue;
        }
        let has_side = |group: &[usize], side: usize| group.iter().any(|&member| statements[member].side == side);
        match (of[pair.a], of[pair.b]) {
            (None, None) => {
                of[pair.a] = Some(groups.len());
                of[pair.b] = Some(groups.len());
                groups.push(vec![pair.a, pair.b]);
            }
            (Some(group), None) if !has_side(&groups[group], statements[pair.b].side) => {
                of[pair.b] = Some(group);
                groups[group].push(pair.b);
            }
            (None, Some(group)) if !has_side(&groups[group], statements[pair.a].side) => {
                of[pair.a] = Some(group);
                groups[group].push(pair.a);
            }
            _ => {}
        }
    }
    for group in &mut groups {
        group.sort_unstable();
    }
    alignment.agreed = groups;
}

/// What a statement is about by name: its own names, or those of its heading.
fn subjects(corpus: &Corpus, statement: &Statement) -> BTreeSet<u32> {
    let sentence = &corpus.sentences[statement.sentence];
    let own: BTreeSet<u32> = corpus.names(sentence).into_iter().collect();
    if !own.is_empty() {
        return own;
    }
    let heading = corpus.terms_of(corpus.heading(sentence), sentence.document);
    heading.into_iter().filter(|&term| corpus.vocabulary.is_name(term)).collect()
}

fn shares_figure(a: &Sentence, b: &Sentence) -> bool {
    a.figures.iter().any(|x| b.figures.iter().any(|y| x.kind == y.kind && x.value == y.value))
}

/// Why two statements on one subject can't both be right, as far as figures and negations tell.
fn difference(a: &Sentence, b: &Sentence, likeness: f32) -> Option<String> {
    if likeness >= ABOUT {
        for kind in [Kind::Money, Kind::Percent, Kind::Date, Kind::Count] {
            if differs(a, b, kind) {
                return Some(match kind {
                    Kind::Money => "different amounts".to_owned(),
                    Kind::Percent => "different percentages".to_owned(),
                    Kind::Date => "different dates".to_owned(),
                    Kind::Count => "different numbers".to_owned(),
                });
            }
        }
    }
    if likeness >= DENIED && a.negated != b.negated {
        return Some("one says it is so, the other that it is not".to_owned());
    }
    let (one, other) = (a.text.to_lowercase(), b.text.to_lowercase());
    let opposed = OPPOSED.iter().find(|(x, y)| {
        (one.contains(x) && other.contains(y) && !one.contains(y))
            || (one.contains(y) && other.contains(x) && !other.contains(y))
    });
    opposed.filter(|_| likeness >= SAME).map(|(x, y)| format!("“{x}” against “{y}”"))
}

/// Both have figures of this kind for the same thing, and each has one that the other lacks.
fn differs(a: &Sentence, b: &Sentence, kind: Kind) -> bool {
    let of = |sentence: &Sentence| -> BTreeSet<(String, String)> {
        let unit = |unit: &str| if kind == Kind::Count { unit.to_owned() } else { String::new() };
        sentence.figures.iter().filter(|figure| figure.kind == kind).map(|f| (unit(&f.unit), f.value.clone())).collect()
    };
    let (one, other) = (of(a), of(b));
    let units = |figures: &BTreeSet<(String, String)>| -> BTreeSet<String> {
        figures.iter().map(|(unit, _)| unit.clone()).collect()
    };
    units(&one).intersection(&units(&other)).any(|unit| {
        let mine: BTreeSet<_> = one.iter().filter(|(u, _)| u == unit).collect();
        let theirs: BTreeSet<_> = other.iter().filter(|(u, _)| u == unit).collect();
        mine.difference(&theirs).next().is_some() && theirs.difference(&mine).next().is_some()
    })
}

const OPPOSED: &[(&str, &str)] = &[
    ("included", "excluded"),
    ("included", "extra"),
    ("rises", "falls"),
    ("increase", "decrease"),
    ("cheaper", "dearer"),
    ("cheaper", "more expensive"),
    ("faster", "slower"),
    ("allowed", "forbidden"),
    ("accept", "reject"),
    ("better", "worse"),
    ("higher", "lower"),
    ("before", "after"),
    ("always", "never"),
    ("optional", "required"),
    ("optional", "mandatory"),
    ("centralised", "distributed"),
    ("billiger", "teurer"),
    ("steigt", "sinkt"),
    ("erlaubt", "verboten"),
    ("höher", "niedriger"),
    ("augmente", "diminue"),
    ("autorisé", "interdit"),
    ("sube", "baja"),
    ("permitido", "prohibido"),
];
