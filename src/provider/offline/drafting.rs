//! Drafting: an outline in the texts' own words, with what is still missing.

use std::collections::BTreeMap;

use super::compare::Comparison;
use super::corpus::{Corpus, Sentence};
use super::document::Kind as BlockKind;
use super::page::{Page, plain, quote};
use super::question::Question;
use super::rank;
use super::research;

/// The most sections an outline has, before its figures, conditions and gaps.
const SECTIONS: usize = 7;

/// Writes an outline: what it is for, the points by section, figures, conditions, and what is open.
pub(super) fn write(page: &mut Page, corpus: &Corpus, question: &Question, asked: &str) {
    research::read_line(page, corpus);
    let title = corpus.documents.iter().find_map(|document| document.title()).unwrap_or("your material");
    page.heading(2, &format!("Outline: {}", plain(title)));
    if !asked.trim().is_empty() {
        page.item(&format!("Asked for: {}", quote(&asked.split_whitespace().collect::<Vec<_>>().join(" "))));
    }
    let mut used: Vec<usize> = Vec::new();
    let mut number = 1;
    opening(page, corpus, &mut used, &mut number);
    let comparison = Comparison::of(corpus);
    if let Some(comparison) = &comparison {
        page.heading(3, &format!("{number}. Side by side"));
        number += 1;
        comparison.write(page, corpus);
        for extreme in comparison.extremes() {
            page.item(&extreme);
        }
        used.extend(research::inside(corpus, comparison));
    }
    body(page, corpus, question, &mut used, &mut number);
    let figures =
        |sentence: &Sentence| !sentence.figures.is_empty() && sentence.text.contains(|c: char| c.is_ascii_digit());
    themed(page, corpus, &mut used, (&mut number, "Figures and dates"), &figures);
    themed(page, corpus, &mut used, (&mut number, "Conditions and duties"), &|sentence| cued(sentence, DUTIES));
    open_points(page, corpus, question, &used, number);
    page.line("Every sentence above is the material's own: reword it, and keep its place with it.");
}

/// What the texts are about, in the words of their beginning.
fn opening(page: &mut Page, corpus: &Corpus, used: &mut Vec<usize>, number: &mut usize) {
    let mut chosen = Vec::new();
    for document in 0..corpus.documents.len().min(3) {
        let own = corpus.sentences.iter().enumerate().filter(|(_, sentence)| sentence.document == document);
        let own =
            own.filter(|(_, s)| quotable(s) && s.kind == BlockKind::Paragraph && corpus.block(s).field().is_none());
        // The earlier, the better a beginning.
        let own: Vec<(usize, f32)> =
            own.take(8).enumerate().map(|(order, (at, s))| (at, s.score - 0.06 * order as f32)).collect();
        chosen.extend(rank::pick(corpus, own, if corpus.documents.len() == 1 { 2 } else { 1 }));
    }
    list(page, corpus, used, (number, "Starting point"), &chosen);
}

/// The points by the texts' own sections, or the strongest ones if there are none.
fn body(page: &mut Page, corpus: &Corpus, question: &Question, used: &mut Vec<usize>, number: &mut usize) {
    let speaking: BTreeMap<usize, f32> = rank::answering(corpus, question).into_iter().collect();
    let score = |at: usize| {
        let bonus = speaking.get(&at).map_or(0.0, |sum| sum.min(1.0) * 0.5);
        corpus.sentences[at].score + bonus
    };
    let sections: Vec<(usize, usize)> = corpus
        .documents
        .iter()
        .enumerate()
        .flat_map(|(document, text)| research::live_sections(text).into_iter().map(move |section| (document, section)))
        .collect();
    let mut groups: Vec<(f32, Vec<usize>, String)> = Vec::new();
    let by_section = by_section(corpus);
    for &(document, section) in &sections {
        let own = by_section[document][section].iter().copied().filter(|at| {
            let sentence = &corpus.sentences[*at];
            !used.contains(at) && quotable(sentence) && !is_card(corpus, sentence)
        });
        let own: Vec<(usize, f32)> = own.map(|at| (at, score(at))).collect();
        let chosen = rank::pick(corpus, own, 2);
        let worth = chosen.iter().map(|&at| score(at)).sum();
        if !chosen.is_empty() {
            let text = &corpus.documents[document];
            let heading = text.sections[section].heading.as_str();
            let heading = if text.title() == Some(heading) { "Context" } else { heading };
            groups.push((worth, chosen, heading.to_owned()));
        }
    }
    if groups.len() < 2 {
        let all = (0..corpus.sentences.len()).filter(|at| !used.contains(at) && quotable(&corpus.sentences[*at]));
        let chosen = rank::pick(corpus, all.map(|at| (at, score(at))).collect(), 6);
        list(page, corpus, used, (number, "Main points"), &chosen);
        return;
    }
    let mut kept: Vec<usize> = (0..groups.len()).collect();
    kept.sort_by(|&i, &j| groups[j].0.total_cmp(&groups[i].0).then(i.cmp(&j)));
    kept.truncate(SECTIONS);
    kept.sort_unstable();
    for at in kept {
        let (_, chosen, heading) = &groups[at];
        list(page, corpus, used, (number, heading), chosen);
    }
}

fn by_section(corpus: &Corpus) -> Vec<Vec<Vec<usize>>> {
    let mut found: Vec<Vec<Vec<usize>>> =
        corpus.documents.iter().map(|document| vec![Vec::new(); document.sections.len()]).collect();
    for (at, sentence) in corpus.sentences.iter().enumerate() {
        found[sentence.document][sentence.section].push(at);
    }
    found
}

fn themed(
    page: &mut Page,
    corpus: &Corpus,
    used: &mut Vec<usize>,
    head: (&mut usize, &str),
    fits: &dyn Fn(&Sentence) -> bool,
) {
    let all = corpus.sentences.iter().enumerate().filter(|(at, sentence)| {
        !used.contains(at) && quotable(sentence) && !is_card(corpus, sentence) && sentence.length < 45 && fits(sentence)
    });
    let chosen = rank::pick(corpus, all.map(|(at, sentence)| (at, sentence.score)).collect(), 4);
    list(page, corpus, used, head, &chosen);
}

fn list(page: &mut Page, corpus: &Corpus, used: &mut Vec<usize>, head: (&mut usize, &str), chosen: &[usize]) {
    let (number, title) = head;
    let mut chosen = chosen.to_vec();
    chosen.retain(|at| !used.contains(at));
    chosen.sort_unstable();
    if chosen.is_empty() {
        return;
    }
    page.heading(3, &format!("{number}. {title}"));
    *number += 1;
    for at in chosen {
        page.quoted(corpus, &corpus.sentences[at]);
        used.push(at);
    }
}

/// What the texts leave open, and what was asked for that they don't have.
fn open_points(page: &mut Page, corpus: &Corpus, question: &Question, used: &[usize], number: usize) {
    let all = corpus.sentences.iter().enumerate().filter(|(at, s)| {
        !used.contains(at) && s.kind != BlockKind::Fragment && (cued(s, OPEN) || is_question(s)) && s.length > 3
    });
    let open = rank::pick(corpus, all.map(|(at, sentence)| (at, sentence.score)).collect(), 3);
    if open.is_empty() && question.absent.is_empty() {
        return;
    }
    page.heading(3, &format!("{number}. Still open"));
    for at in open {
        page.quoted(corpus, &corpus.sentences[at]);
    }
    for word in question.absent.iter().take(4) {
        page.item(&format!("The material has nothing on “{}”.", plain(word)));
    }
}

fn quotable(sentence: &Sentence) -> bool {
    sentence.score > -0.1 && sentence.kind != BlockKind::Fragment && !is_question(sentence)
}

/// A line of a letterhead: `Contact: …`, `Case: …`.
fn is_card(corpus: &Corpus, sentence: &Sentence) -> bool {
    sentence.kind == BlockKind::Paragraph && sentence.length <= 8 && corpus.block(sentence).field().is_some()
}

fn is_question(sentence: &Sentence) -> bool {
    sentence.text.ends_with(['?', '？'])
}

fn cued(sentence: &Sentence, cues: &[&str]) -> bool {
    let lower = sentence.text.to_lowercase();
    cues.iter().any(|cue| lower.contains(cue))
}

const DUTIES: &[&str] = &[
    "must",
    "shall ",
    "unless",
    "only if",
    "provided that",
    "required",
    "may not",
    "has to",
    "have to",
    "at most",
    "at least",
    "deadline",
    "muss ",
    "müssen",
    "darf",
    "sofern",
    "mindestens",
    "höchstens",
    "doit ",
    "doivent",
    "sauf",
    "au moins",
    "debe ",
    "deben ",
    "salvo",
    "al menos",
];

const OPEN: &[&str] = &[
    "to be decided",
    "to be confirmed",
    "to be agreed",
    "tbd",
    "tbc",
    "todo",
    "unclear",
    "not yet",
    "unknown",
    "undecided",
    "open question",
    "remains to be",
    "noch offen",
    "noch nicht",
    "unklar",
    "à confirmer",
    "à décider",
    "pas encore",
    "por confirmar",
    "por decidir",
    "aún no",
];
