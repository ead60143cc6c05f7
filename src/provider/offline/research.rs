//! Research: what the texts say to the question, and their key points, quoted with their places.

use super::compare::Comparison;
use super::corpus::Corpus;
use super::document::{Document, Kind as BlockKind};
use super::page::{Page, cut, plain};
use super::question::Question;
use super::rank;
use super::table::Table;

/// Writes key points with quotes; what speaks to the question comes first.
pub(super) fn write(page: &mut Page, corpus: &Corpus, question: &Question) {
    read_line(page, corpus);
    let comparison = Comparison::of(corpus);
    let mut used: Vec<usize> = Vec::new();
    let sets_side_by_side = question.compares || question.terms.is_empty();
    if let Some(comparison) = comparison.as_ref().filter(|_| sets_side_by_side || !question.kinds.is_empty()) {
        side_by_side(page, corpus, comparison);
        used = inside(corpus, comparison);
    }
    let asked = !question.terms.is_empty() || !question.kinds.is_empty();
    if !asked {
        tables(page, corpus, question);
    }
    let found = rank::answering(corpus, question);
    let found: Vec<(usize, f32)> = found.into_iter().filter(|(at, _)| !used.contains(at)).collect();
    let compared = comparison.is_some() && question.compares;
    if asked && !found.is_empty() && !compared {
        page.heading(2, "On your question");
        for at in rank::pick(corpus, found, 5) {
            page.quoted(corpus, &corpus.sentences[at]);
            used.push(at);
        }
    }
    if asked {
        tables(page, corpus, question);
    }
    if !question.absent.is_empty() && !compared {
        let words: Vec<String> = question.absent.iter().take(6).map(|word| format!("“{}”", plain(word))).collect();
        page.line(&format!("Not a word of these in what was read: {}.", words.join(", ")));
    }
    key_points(page, corpus, &used, compared);
    programs(page, corpus);
}

/// What was read, so that nobody takes a part for the whole.
pub(super) fn read_line(page: &mut Page, corpus: &Corpus) {
    let names: Vec<String> = corpus
        .documents
        .iter()
        .take(8)
        .map(|document| {
            let lines = if document.lines == 1 { "1 line".to_owned() } else { format!("{} lines", document.lines) };
            if document.message { document.name.clone() } else { format!("{} ({lines})", document.name) }
        })
        .collect();
    let more = corpus.documents.len().saturating_sub(8);
    let more = if more > 0 { format!(" and {more} more") } else { String::new() };
    page.line(&format!("Read: {}{more}.", names.join(", ")));
}

/// The table of what is comparable, and who is lowest and highest in it.
pub(super) fn side_by_side(page: &mut Page, corpus: &Corpus, comparison: &Comparison) {
    page.heading(2, "Side by side");
    comparison.write(page, corpus);
    let extremes = comparison.extremes();
    if !extremes.is_empty() {
        page.line("By the numbers above:\n");
        for extreme in extremes {
            page.item(&extreme);
        }
    }
}

/// The sentences that a comparison has in its table already.
pub(super) fn inside(corpus: &Corpus, comparison: &Comparison) -> Vec<usize> {
    let compared = |at: &usize| {
        let sentence = &corpus.sentences[*at];
        let thing = comparison.things.iter().any(|thing| {
            thing.document == sentence.document && thing.section.is_none_or(|section| section == sentence.section)
        });
        thing && corpus.block(sentence).field().is_some()
    };
    (0..corpus.sentences.len()).filter(compared).collect()
}

fn key_points(page: &mut Page, corpus: &Corpus, used: &[usize], compared: bool) {
    let fields = |at: usize| corpus.block(&corpus.sentences[at]).field().is_some();
    let all = corpus.sentences.iter().enumerate().filter(|(at, sentence)| {
        let floor = if corpus.sentences.len() < 12 { -0.3 } else { 0.2 };
        let announces = sentence.text.ends_with([':', '：']) && sentence.items.is_empty();
        let tabled = compared && fields(*at);
        sentence.score > floor && !(announces || tabled || used.contains(at))
    });
    let mut chosen: Vec<usize> = Vec::new();
    let each = if corpus.documents.len() > 1 { (12 / corpus.documents.len()).clamp(2, 5) } else { 8 };
    let each = if used.is_empty() || compared { each } else { each.min(4) };
    let all: Vec<(usize, f32)> = all.map(|(at, sentence)| (at, sentence.score)).collect();
    for number in 0..corpus.documents.len().min(8) {
        let own: Vec<(usize, f32)> =
            all.iter().copied().filter(|(at, _)| corpus.sentences[*at].document == number).collect();
        // A short text is worth telling nearly whole; of a long one, the best.
        let most = if own.len() <= 16 { own.len() * 2 / 3 } else { own.len() / 3 }.clamp(3.min(each), each);
        chosen.extend(rank::pick(corpus, own, most));
    }
    chosen.retain(|at| {
        let own = &corpus.sentences[*at];
        used.iter().all(|other| corpus.likeness(&own.terms, &corpus.sentences[*other].terms) < 0.7)
    });
    chosen.sort_unstable();
    if chosen.is_empty() {
        return;
    }
    page.heading(2, if used.is_empty() { "Key points" } else { "Beyond that" });
    for at in chosen {
        page.quoted(corpus, &corpus.sentences[at]);
    }
}

/// Tables as they stand, the rows that speak to the question first.
pub(super) fn tables(page: &mut Page, corpus: &Corpus, question: &Question) {
    let mut shown = 0;
    for (number, document) in corpus.documents.iter().enumerate() {
        for table in &document.tables {
            let (rows, asked) = rows(corpus, question, number, table);
            let wanted = question.terms.is_empty() || asked || question.compares;
            if shown == 2 || !wanted || table.header.len() > 9 {
                continue;
            }
            shown += 1;
            let heading = &document.sections[table.section].heading;
            page.heading(2, if heading.is_empty() { "A table" } else { heading });
            let left_out = table.rows.len() - rows.len();
            page.table(&table.header, &rows);
            let rest = if left_out > 0 { format!(", {left_out} more rows there") } else { String::new() };
            page.line(&format!("{}{rest}", document.place(table.line)));
        }
    }
}

fn rows(corpus: &Corpus, question: &Question, number: usize, table: &Table) -> (Vec<Vec<String>>, bool) {
    let speaks = |text: &str| corpus.terms_of(text, number).iter().any(|term| question.terms.contains(term));
    let words = |cells: &[String]| cells.iter().any(|cell| speaks(cell));
    let speaking: Vec<Vec<String>> =
        table.rows.iter().map(|(_, row)| row).filter(|row| words(row)).take(10).cloned().collect();
    let headed = words(&table.header);
    if speaking.is_empty() || headed {
        return (table.rows.iter().take(10).map(|(_, row)| row.clone()).collect(), headed || !speaking.is_empty());
    }
    (speaking, true)
}

/// For programs: what they define, and where.
fn programs(page: &mut Page, corpus: &Corpus) {
    for document in corpus.documents.iter().filter(|document| !document.definitions.is_empty()).take(3) {
        page.heading(2, &format!("Defined in {}", document.name));
        for (line, text) in document.definitions.iter().take(20) {
            page.item(&format!("`{}` — line {line}", cut(&text.replace('`', "'"), 110).0));
        }
        let more = document.definitions.len().saturating_sub(20);
        if more > 0 {
            page.line(&format!("{more} more definitions follow there."));
        }
    }
}

/// The headings of a text with something under them.
pub(super) fn live_sections(document: &Document) -> Vec<usize> {
    let mut live = vec![false; document.sections.len()];
    for block in &document.blocks {
        live[block.section] |= !matches!(block.kind, BlockKind::Heading | BlockKind::Fragment);
    }
    (1..live.len()).filter(|&section| live[section] && !document.sections[section].heading.is_empty()).collect()
}
