//! Which sentences matter: how well they stand for their text, where they stand, what the question asks.

use tokio::task::yield_now;

use super::corpus::{Corpus, Sentence};
use super::document::Kind;
use super::question::Question;

/// Scores every sentence by itself. The score is about 0 to 1.6; below 0.2 nobody would quote it.
pub(super) async fn score(corpus: &mut Corpus) {
    for number in 0..corpus.documents.len() {
        let members: Vec<usize> =
            (0..corpus.sentences.len()).filter(|&at| corpus.sentences[at].document == number).collect();
        let centre = centre(corpus, &members);
        yield_now().await;
        let mut likeness = Vec::with_capacity(members.len());
        for (count, &at) in members.iter().enumerate() {
            likeness.push(centrality(corpus, at, &centre));
            if count % 2_000 == 1_999 {
                yield_now().await;
            }
        }
        let most = likeness.iter().copied().fold(f32::EPSILON, f32::max);
        let mut opening = 0;
        let prose = members.iter().filter(|&&at| corpus.sentences[at].ended).count();
        for (order, (&at, likeness)) in members.iter().zip(likeness).enumerate() {
            let place = Place { order, of: members.len(), mostly_prose: prose * 3 > members.len() };
            let own = &corpus.sentences[at];
            // Most texts say what they are about in their first sentences.
            let lead = if own.ended && own.kind == Kind::Paragraph && own.length > 4 {
                opening += 1;
                opening
            } else {
                9
            };
            let lead = match lead {
                1 => 0.4,
                2 => 0.2,
                3 => 0.1,
                _ => 0.0,
            };
            let score = likeness / most + lead + worth(corpus, &corpus.sentences[at], &place);
            corpus.sentences[at].score = score;
        }
        yield_now().await;
    }
}

/// The weight of every term in the document.
fn centre(corpus: &Corpus, members: &[usize]) -> Vec<f32> {
    let mut centre = vec![0.0; corpus.vocabulary.len()];
    for &at in members {
        for &term in &corpus.sentences[at].terms {
            centre[term as usize] += 1.0;
        }
    }
    for (term, weight) in centre.iter_mut().enumerate() {
        // A word that stands once is no subject of the text, however rare it is.
        *weight = if *weight > 1.0 || members.len() < 6 { *weight * corpus.weight(term as u32) } else { 0.0 };
    }
    centre
}

fn centrality(corpus: &Corpus, at: usize, centre: &[f32]) -> f32 {
    let terms = &corpus.sentences[at].terms;
    let (mut sum, mut square) = (0.0, 0.0);
    for &term in terms {
        let weight = corpus.weight(term);
        sum += centre[term as usize] * weight;
        square += weight * weight;
    }
    // Short sentences get their cosine cheaply: a floor under the norm takes that away.
    sum / square.max(40.0).sqrt()
}

/// Where in its document a sentence stands.
struct Place {
    order: usize,
    of: usize,
    mostly_prose: bool,
}

fn worth(corpus: &Corpus, sentence: &Sentence, place: &Place) -> f32 {
    let mut worth = match sentence.length {
        0..=3 => -0.6,
        4..=6 => -0.25,
        7..=34 => 0.0,
        35..=50 => -0.12,
        _ => -0.4,
    };
    let whole = sentence.ended || !sentence.items.is_empty() || corpus.block(sentence).field().is_some();
    if whole {
        let early = place.order * 12 <= place.of;
        let late = place.order * 12 >= place.of * 11;
        worth +=
            if early { 0.16 } else { 0.0 } + if late { 0.06 } else { 0.0 } + if sentence.first { 0.08 } else { 0.0 };
    } else if place.mostly_prose {
        worth -= if sentence.kind == Kind::Item && sentence.length >= 7 { 0.1 } else { 0.4 };
    }
    worth += 0.07 * sentence.figures.len().min(2) as f32 + 0.04 * corpus.names(sentence).len().min(3) as f32;
    let lower = sentence.text.to_lowercase();
    if CUES.iter().any(|cue| lower.contains(cue)) {
        worth += 0.16;
    }
    let opening =
        lower.split(|c: char| !(c.is_alphanumeric() || c == '\'')).find(|word| !word.is_empty()).unwrap_or("");
    worth -= match opening {
        "this" | "these" | "diese" | "dieser" | "dieses" | "cette" | "ces" | "esta" | "este" => 0.14,
        _ if DANGLING.contains(&opening) => 0.28,
        _ => 0.0,
    };
    if lower.trim_end_matches(['"', '”', ')']).ends_with(['?', '？']) {
        worth -= 0.35;
    }
    if (sentence.text.ends_with([':', '：']) && sentence.items.is_empty()) || sentence.kind == Kind::Fragment {
        worth -= 0.6;
    }
    if sentence.kind == Kind::Item {
        worth -= if sentence.listed && sentence.length < 9 { 0.4 } else { 0.12 };
    }
    if BOILERPLATE.iter().any(|words| lower.contains(words)) || symbols(&sentence.text) {
        worth -= 0.8;
    }
    worth
}

/// More signs than letters: a drawing, a path, a line of a program.
fn symbols(text: &str) -> bool {
    let signs = text.chars().filter(|c| !c.is_alphanumeric() && !c.is_whitespace()).count();
    let letters = text.chars().filter(|c| c.is_alphabetic()).count();
    signs * 3 > letters
}

/// At most `most` of the candidates, the best first, none saying what another says already.
pub(super) fn pick(corpus: &Corpus, mut candidates: Vec<(usize, f32)>, most: usize) -> Vec<usize> {
    candidates.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
    candidates.truncate(100);
    let mut chosen: Vec<usize> = Vec::new();
    let mut dampened: Vec<f32> = vec![0.0; candidates.len()];
    while chosen.len() < most {
        let best = (0..candidates.len()).filter(|&i| !chosen.contains(&candidates[i].0) && dampened[i] < 0.6).max_by(
            |&i, &j| {
                let left = candidates[i].1 - 0.9 * dampened[i];
                let right = candidates[j].1 - 0.9 * dampened[j];
                left.total_cmp(&right).then(j.cmp(&i))
            },
        );
        let Some(best) = best else { break };
        let picked = candidates[best].0;
        chosen.push(picked);
        for (i, damp) in dampened.iter_mut().enumerate() {
            let (a, b) = (&corpus.sentences[picked], &corpus.sentences[candidates[i].0]);
            let mut alike = corpus.likeness(&a.terms, &b.terms);
            let listed =
                a.items.iter().any(|item| item.contains(&b.text)) || b.items.iter().any(|item| item.contains(&a.text));
            if listed || a.text == b.text {
                alike = 1.0;
            } else if (a.document, a.section) == (b.document, b.section) {
                alike = alike.max(if a.block == b.block { 0.3 } else { 0.16 });
            }
            *damp = damp.max(alike);
        }
    }
    chosen
}

/// The sentences that speak to the question, with how much they do; empty if none does.
pub(super) fn answering(corpus: &Corpus, question: &Question) -> Vec<(usize, f32)> {
    let average =
        corpus.sentences.iter().map(|s| s.terms.len()).sum::<usize>() as f32 / corpus.sentences.len().max(1) as f32;
    let headings: Vec<Vec<Vec<u32>>> = corpus
        .documents
        .iter()
        .enumerate()
        .map(|(number, document)| {
            document.sections.iter().map(|section| corpus.terms_of(&section.heading, number)).collect()
        })
        .collect();
    let mut found: Vec<(usize, f32)> = Vec::new();
    let floor = if corpus.sentences.len() > 40 { 0.0 } else { -0.6 };
    for (at, sentence) in corpus.sentences.iter().enumerate() {
        let length = 0.6 + 0.4 * sentence.terms.len() as f32 / average.max(1.0);
        let heading = &headings[sentence.document][sentence.section];
        let mut sum = 0.0;
        for &term in &question.terms {
            let weight = corpus.weight(term);
            if sentence.terms.binary_search(&term).is_ok() {
                sum += weight * 2.2 / (1.0 + 1.2 * length);
            } else if heading.binary_search(&term).is_ok() {
                sum += weight * 0.45;
            }
        }
        let wanted = sentence.figures.iter().any(|figure| question.kinds.contains(&figure.kind))
            || (question.reason && REASONS.iter().any(|cue| sentence.text.to_lowercase().contains(cue)));
        if wanted {
            sum = sum * 1.5 + if question.terms.is_empty() { 1.0 } else { 0.0 };
        }
        if sum > 0.0 && sentence.kind != Kind::Fragment && sentence.score > floor {
            found.push((at, sum * (1.0 + 0.35 * sentence.score.clamp(-1.0, 1.5))));
        }
    }
    let most = found.iter().map(|(_, sum)| *sum).fold(0.0, f32::max);
    found.retain(|(_, sum)| *sum >= most * 0.45);
    found
}

const REASONS: &[&str] = &[
    "because",
    "since ",
    "therefore",
    "due to",
    "reason",
    "weil",
    "denn ",
    "deshalb",
    "parce que",
    "car ",
    "porque",
    "so that",
];

const CUES: &[&str] = &[
    "in short",
    "in summary",
    "to sum up",
    "in conclusion",
    "overall",
    "as a result",
    "therefore",
    "we found",
    "we conclude",
    "the result",
    "results show",
    "most important",
    "crucial",
    "essential",
    "key ",
    "must ",
    "shall ",
    "required",
    "the main",
    "decided",
    "in other words",
    "the point is",
    "the difference",
    "defined as",
    " is defined",
    "refers to",
    "recommend",
    "at most",
    "at least",
    "insgesamt",
    "zusammenfassend",
    "wichtig",
    "entscheidend",
    "muss ",
    "müssen ",
    "ergebnis",
    "beschlossen",
    "daher ",
    "en résumé",
    "en conclusion",
    "essentiel",
    "doit ",
    "doivent ",
    "il faut",
    "résultat",
    "en resumen",
    "en conclusión",
    "importante",
    "debe ",
    "deben ",
    "por lo tanto",
    "resultado",
];

const DANGLING: &[&str] = &[
    "it",
    "they",
    "he",
    "she",
    "that",
    "those",
    "but",
    "and",
    "or",
    "so",
    "however",
    "also",
    "then",
    "such",
    "instead",
    "thus",
    "hence",
    "moreover",
    "furthermore",
    "similarly",
    "likewise",
    "its",
    "their",
    "his",
    "her",
    "because",
    "which",
    "again",
    "meanwhile",
    "otherwise",
    "er",
    "sie",
    "dies",
    "aber",
    "doch",
    "dann",
    "dazu",
    "dabei",
    "damit",
    "dadurch",
    "außerdem",
    "und",
    "oder",
    "denn",
    "sein",
    "ihre",
    "il",
    "elle",
    "ils",
    "elles",
    "cela",
    "mais",
    "et",
    "donc",
    "ainsi",
    "puis",
    "esto",
    "eso",
    "pero",
    "además",
    "entonces",
    "así",
    "él",
    "ella",
    "y",
];

const BOILERPLATE: &[&str] = &[
    "cookie",
    "all rights reserved",
    "subscribe",
    "sign up",
    "newsletter",
    "click here",
    "read more",
    "learn more",
    "share this",
    "privacy policy",
    "terms of service",
    "alle rechte vorbehalten",
    "table of contents",
    "skip to",
    "follow us",
    "log in",
    "tous droits réservés",
    "back to top",
    "leave a comment",
    "related posts",
];
