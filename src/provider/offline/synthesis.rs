//! Synthesis: what the sides agree on, where they differ, and what only one of them says.

use super::align::{self, Statement};
use super::compare::Comparison;
use super::corpus::Corpus;
use super::document::Kind as BlockKind;
use super::page::{Page, plain, quote, said};
use super::question::Question;
use super::rank;
use super::research;

/// Agreements and differences shown at most, each.
const MOST: usize = 8;

/// Writes what the sides agree on, where they differ and what only one says.
pub(super) fn write(page: &mut Page, corpus: &Corpus, question: &Question) {
    let sides = Sides::of(corpus);
    if sides.names.len() < 2 {
        page.line("There is one side only. Synthesis compares two or more: attach another text, or gather messages of other panes. What this one says:");
        research::write(page, corpus, question);
        within(page, corpus);
        return;
    }
    research::read_line(page, corpus);
    let comparison = Comparison::of(corpus);
    let mut tabled = Vec::new();
    if let Some(comparison) = &comparison {
        research::side_by_side(page, corpus, comparison);
        same_for_all(page, comparison);
        tabled = research::inside(corpus, comparison);
    }
    let statements = sides.statements(corpus, question, &tabled);
    let found = align::align(corpus, &statements);
    agreed(page, corpus, &statements, &found.agreed, &sides);
    differ(page, corpus, &statements, &found.differ, &sides);
    only(page, corpus, &statements, &found, &sides);
    beside(page, corpus, &sides);
    if found.agreed.is_empty() && found.differ.is_empty() && comparison.is_none() {
        page.line("No statement of one side speaks to one of another: they share too few words.");
    }
}

/// Who speaks.
struct Sides {
    names: Vec<String>,
    /// The side of each document's sections; all sections of most documents have the same.
    of: Vec<Vec<Option<usize>>>,
}

impl Sides {
    /// The panes and texts; for a single text, the things it describes in the same terms.
    fn of(corpus: &Corpus) -> Self {
        let mut names: Vec<String> = Vec::new();
        let mut of: Vec<Vec<Option<usize>>> = Vec::new();
        for document in &corpus.documents {
            let side = names.iter().position(|name| *name == document.side).unwrap_or_else(|| {
                names.push(document.side.clone());
                names.len() - 1
            });
            of.push(vec![Some(side); document.sections.len()]);
        }
        if let (1, 1, Some(comparison)) = (names.len(), corpus.documents.len(), Comparison::of(corpus)) {
            let mut sections = vec![None; corpus.documents[0].sections.len()];
            for (side, thing) in comparison.things.iter().enumerate() {
                if let Some(section) = thing.section {
                    sections[section] = Some(side);
                }
            }
            return Self {
                names: comparison.things.iter().map(|thing| plain(&thing.name)).collect(),
                of: vec![sections],
            };
        }
        Self { names, of }
    }

    /// Each side's strongest statements, fewer of each the more sides there are.
    fn statements(&self, corpus: &Corpus, question: &Question, tabled: &[usize]) -> Vec<Statement> {
        let each = (320 / self.names.len()).clamp(12, 160);
        let speaks = |terms: &[u32]| question.terms.iter().any(|term| terms.binary_search(term).is_ok());
        let mut chosen = Vec::new();
        // Notes don't end their lines with full stops; prose does, and its other lines are captions.
        let short = corpus.sentences.iter().filter(|sentence| sentence.ended).count() * 2 < corpus.sentences.len();
        for side in 0..self.names.len() {
            let own = corpus.sentences.iter().enumerate().filter(|(at, sentence)| {
                self.of[sentence.document][sentence.section] == Some(side)
                    && !tabled.contains(at)
                    && sentence.score > -0.7
                    && sentence.terms.len() >= 2
                    && (sentence.ended || sentence.kind != BlockKind::Paragraph || short)
                    && !sentence.text.ends_with(['?', ':', '？', '：'])
            });
            let mut own: Vec<(usize, f32)> =
                own.map(|(at, s)| (at, s.score + if speaks(&s.terms) { 0.4 } else { 0.0 })).collect();
            own.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
            own.truncate(each);
            own.sort_unstable_by_key(|(at, _)| *at);
            chosen.extend(own.into_iter().map(|(sentence, score)| Statement { sentence, side, score }));
        }
        chosen
    }
}

fn same_for_all(page: &mut Page, comparison: &Comparison) {
    let folded = |value: &Option<String>| value.as_ref().map(|value| value.to_lowercase());
    let same = comparison
        .rows
        .iter()
        .filter(|(_, values)| values.iter().all(|value| value.is_some() && folded(value) == folded(&values[0])));
    let same: Vec<String> =
        same.filter_map(|(label, values)| Some(format!("{label}: {}", quote(values.first()?.as_ref()?)))).collect();
    if !same.is_empty() {
        page.line(&format!("**Agreed by {}:**\n", comparison.things.len()));
        for line in &same {
            page.item(line);
        }
    }
}

/// Agreements, those of the most sides first, in groups by how many agree.
fn agreed(page: &mut Page, corpus: &Corpus, statements: &[Statement], groups: &[Vec<usize>], sides: &Sides) {
    let mut shown = 0;
    for count in (2..=sides.names.len()).rev() {
        let of_count: Vec<&Vec<usize>> = groups.iter().filter(|group| group.len() == count).collect();
        if of_count.is_empty() || shown >= MOST {
            continue;
        }
        page.line(&format!("**Agreed by {count}:**\n"));
        for group in of_count.into_iter().take(MOST - shown) {
            shown += 1;
            agreement(page, corpus, statements, group, sides);
        }
    }
}

fn agreement(page: &mut Page, corpus: &Corpus, statements: &[Statement], group: &[usize], sides: &Sides) {
    let sentence = |member: usize| &corpus.sentences[statements[member].sentence];
    let Some((&first, others)) = group.split_first() else { return };
    let alike = others.iter().all(|&other| corpus.likeness(&sentence(first).terms, &sentence(other).terms) > 0.72);
    if alike {
        page.item(&said(corpus, sentence(first)));
        let places: Vec<String> = group.iter().map(|&member| place(corpus, &statements[member], sides)).collect();
        page.under(&places.join(", "));
        return;
    }
    voices(page, corpus, statements, group, sides);
}

/// Every side's own words under one another.
fn voices(page: &mut Page, corpus: &Corpus, statements: &[Statement], group: &[usize], sides: &Sides) {
    for (order, &member) in group.iter().enumerate() {
        let statement = &statements[member];
        let line =
            format!("{} — {}", said(corpus, &corpus.sentences[statement.sentence]), place(corpus, statement, sides));
        if order == 0 { page.item(&line) } else { page.under(&line) }
    }
}

fn differ(page: &mut Page, corpus: &Corpus, statements: &[Statement], groups: &[(Vec<usize>, String)], sides: &Sides) {
    if groups.is_empty() {
        return;
    }
    page.line("**They differ:**\n");
    for (group, why) in groups.iter().take(MOST) {
        voices(page, corpus, statements, group, sides);
        page.under(why);
    }
    let more = groups.len().saturating_sub(MOST);
    if more > 0 {
        page.line(&format!("{more} more differences."));
    }
}

fn only(page: &mut Page, corpus: &Corpus, statements: &[Statement], found: &align::Alignment, sides: &Sides) {
    let each = if sides.names.len() > 3 { 2 } else { 4 };
    let floor = if corpus.sentences.len() < 40 { -0.6 } else { 0.0 };
    for (side, name) in sides.names.iter().enumerate() {
        let own = statements.iter().enumerate().filter(|(at, statement)| {
            statement.side == side && found.nearest[*at] < align::ALONE && statement.score > floor
        });
        let own: Vec<(usize, f32)> = own.map(|(_, statement)| (statement.sentence, statement.score)).collect();
        let mut chosen = rank::pick(corpus, own, each);
        chosen.sort_unstable();
        if chosen.is_empty() {
            continue;
        }
        page.line(&format!("**Only {} says:**\n", plain(name)));
        for at in chosen {
            let sentence = &corpus.sentences[at];
            page.item(&said(corpus, sentence));
            page.under(&corpus.place(sentence));
        }
    }
}

/// What a text that describes several things says of none of them alone: often what they are to be judged by.
fn beside(page: &mut Page, corpus: &Corpus, sides: &Sides) {
    let own = corpus.sentences.iter().enumerate().filter(|(_, sentence)| {
        sides.of[sentence.document][sentence.section].is_none() && sentence.score > 0.0 && sentence.ended
    });
    let mut chosen = rank::pick(corpus, own.map(|(at, sentence)| (at, sentence.score)).collect(), 4);
    chosen.sort_unstable();
    if chosen.is_empty() {
        return;
    }
    page.line("**Said beside them:**\n");
    for at in chosen {
        page.quoted(corpus, &corpus.sentences[at]);
    }
}

/// Where a text contradicts itself.
fn within(page: &mut Page, corpus: &Corpus) {
    let mut own: Vec<usize> = (0..corpus.sentences.len()).filter(|&at| corpus.sentences[at].score > 0.0).collect();
    own.sort_by(|&a, &b| corpus.sentences[b].score.total_cmp(&corpus.sentences[a].score).then(a.cmp(&b)));
    own.truncate(240);
    own.sort_unstable();
    // Every sentence is a side of its own: any two may contradict each other.
    let statements: Vec<Statement> = own
        .into_iter()
        .enumerate()
        .map(|(side, sentence)| Statement { sentence, side, score: corpus.sentences[sentence].score })
        .collect();
    let found = align::align(corpus, &statements);
    let sides = Sides { names: Vec::new(), of: Vec::new() };
    let pairs: Vec<(Vec<usize>, String)> =
        found.differ.into_iter().filter(|(group, _)| group.len() == 2).take(4).collect();
    differ(page, corpus, &statements, &pairs, &sides);
}

/// Where a statement stands, with its side's name where the place doesn't say it.
fn place(corpus: &Corpus, statement: &Statement, sides: &Sides) -> String {
    let place = corpus.place(&corpus.sentences[statement.sentence]);
    match sides.names.get(statement.side) {
        Some(side) if !place.starts_with(side.as_str()) => format!("{side}, {place}"),
        _ => place,
    }
}
