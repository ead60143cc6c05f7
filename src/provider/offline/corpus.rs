//! All that was given, as sentences with their words, figures and places.

use tokio::task::yield_now;

use super::document::{Block, Document, Kind};
use super::figure::{self, Figure};
use super::reader::Reader;
use super::sentence;
use super::source::Source;
use super::words::{self, Term, Vocabulary};

/// The texts and their sentences.
#[derive(Debug, Default)]
pub(super) struct Corpus {
    /// The texts.
    pub(super) documents: Vec<Document>,
    /// Their sentences in order.
    pub(super) sentences: Vec<Sentence>,
    /// Their words.
    pub(super) vocabulary: Vocabulary,
    /// The weight of every term, once everything is read.
    weights: Vec<f32>,
}

/// A sentence, an item or a line that can be quoted.
#[derive(Debug, Clone)]
#[expect(clippy::struct_excessive_bools, reason = "five independent facts about a sentence, read one at a time")]
pub(super) struct Sentence {
    /// The number of its document.
    pub(super) document: usize,
    /// The number of its section there.
    pub(super) section: usize,
    /// The number of its block there.
    pub(super) block: usize,
    /// The line it begins on.
    pub(super) line: usize,
    /// Its words as they stand, line breaks made blanks.
    pub(super) text: String,
    /// The items it announces, if it ends in a colon.
    pub(super) items: Vec<String>,
    /// What it stands in.
    pub(super) kind: Kind,
    /// It opens its block.
    pub(super) first: bool,
    /// It is one of a list's items that were announced by another sentence.
    pub(super) listed: bool,
    /// It ends as a sentence does.
    pub(super) ended: bool,
    /// The terms with a subject, each once, sorted.
    pub(super) terms: Vec<Term>,
    /// Terms written with a capital.
    pub(super) capitals: Vec<Term>,
    /// Its figures.
    pub(super) figures: Vec<Figure>,
    /// How many words it has, stop words included.
    pub(super) length: usize,
    /// It says that something is not so.
    pub(super) negated: bool,
    /// How much it is worth quoting, before any question.
    pub(super) score: f32,
}

/// Lines read, or blocks taken apart, before others may run: a millisecond's work or so.
const STRIDE: usize = 800;

impl Corpus {
    /// Reads the sources, giving way to other work again and again.
    pub(super) async fn read(sources: &[Source]) -> Self {
        let mut corpus = Self::default();
        for source in sources {
            let mut reader = Reader::new(source);
            while !reader.read(STRIDE) {
                yield_now().await;
            }
            let document = reader.finish();
            let number = corpus.documents.len();
            let mut leads = vec![None; document.blocks.len()];
            for from in (0..document.blocks.len()).step_by(STRIDE) {
                let to = document.blocks.len().min(from + STRIDE);
                for block in from..to {
                    corpus.add(number, block, &document, &mut leads);
                }
                yield_now().await;
            }
            corpus.add_tables(&document);
            corpus.documents.push(document);
        }
        corpus.shorten_names();
        corpus.weigh();
        corpus
    }

    /// Takes the folders off the names, if no two texts are called the same then.
    fn shorten_names(&mut self) {
        let last = |name: &str| name.rsplit('/').next().unwrap_or(name).to_owned();
        let names: Vec<String> = self.documents.iter().map(|document| last(&document.name)).collect();
        for (at, document) in self.documents.iter_mut().enumerate() {
            let alone = names.iter().enumerate().all(|(other, name)| other == at || *name != names[at]);
            if alone && !document.message && !names[at].is_empty() {
                if document.side == document.name {
                    document.side.clone_from(&names[at]);
                }
                document.short.clone_from(&names[at]);
            }
        }
    }

    fn add(&mut self, number: usize, at: usize, document: &Document, leads: &mut [Option<usize>]) {
        let block = &document.blocks[at];
        let headed = block.kind == Kind::Heading;
        let listed = block.kind == Kind::Item && block.lead.is_some();
        for (order, span) in spans(&block.text).into_iter().enumerate() {
            let mut sentence = self.sentence(&block.text[span.clone()], document);
            if headed {
                continue;
            }
            sentence.document = number;
            sentence.section = block.section;
            sentence.block = at;
            sentence.line = block.line(span.start);
            sentence.kind = block.kind;
            sentence.first = order == 0;
            sentence.listed = listed;
            for &term in &sentence.terms {
                self.vocabulary.in_sentence(term);
            }
            leads[at] = Some(self.sentences.len());
            self.sentences.push(sentence);
        }
        if let Some(lead) = block.lead.and_then(|lead| leads[lead]).filter(|_| listed) {
            self.announce(lead, block);
        }
    }

    /// The words of tables can be asked for too; a row counts as a sentence.
    fn add_tables(&mut self, document: &Document) {
        for table in &document.tables {
            for row in std::iter::once(&table.header).chain(table.rows.iter().map(|(_, row)| row)) {
                for cell in row {
                    for &term in &self.sentence(cell, document).terms {
                        self.vocabulary.in_sentence(term);
                    }
                }
            }
        }
    }

    /// Gives an announced item to the sentence that announces it.
    fn announce(&mut self, lead: usize, item: &Block) {
        let terms = self.sentences.last().map(|last| last.terms.clone()).unwrap_or_default();
        let lead = &mut self.sentences[lead];
        if item.text.split_whitespace().count() <= 14 && lead.items.len() < 8 && lead.text.len() < 240 {
            lead.items.push(item.text.clone());
            lead.terms.extend(terms);
            lead.terms.sort_unstable();
            lead.terms.dedup();
        }
    }

    fn sentence(&mut self, text: &str, document: &Document) -> Sentence {
        let stop = document.language.stop_words();
        let mut terms = Vec::new();
        let mut capitals = Vec::new();
        let found = words::words(text);
        let mut negated = false;
        for (at, word) in found.iter().enumerate() {
            let raw = &text[word.span.clone()];
            let lower = raw.to_lowercase();
            negated |= NEGATIONS.contains(&lower.as_str()) || lower.ends_with("n't") || lower.ends_with("n’t");
            let number = raw.starts_with(|c: char| c.is_ascii_digit());
            let single = !word.dense && raw.chars().nth(1).is_none();
            if number || single || stop.contains(&lower.as_str()) {
                continue;
            }
            let term = self.vocabulary.term(words::stem(raw, document.language));
            self.vocabulary.note(term, word.capital, at > 0);
            terms.push(term);
            if word.capital {
                capitals.push(term);
            }
        }
        terms.sort_unstable();
        terms.dedup();
        Sentence {
            document: 0,
            section: 0,
            block: 0,
            line: 0,
            text: text.to_owned(),
            items: Vec::new(),
            kind: Kind::Paragraph,
            first: false,
            listed: false,
            ended: text
                .trim_end_matches(['"', '”', '»', ')', '*', '_', '’', '」'])
                .ends_with(['.', '!', '?', '…', '。', '！', '？', '।']),
            terms,
            capitals,
            figures: figure::figures(text),
            length: found.len() / if found.iter().any(|word| word.dense) { 2 } else { 1 },
            negated,
            score: 0.0,
        }
    }

    /// The block a sentence stands in.
    pub(super) fn block(&self, sentence: &Sentence) -> &Block {
        &self.documents[sentence.document].blocks[sentence.block]
    }

    /// The heading a sentence stands under; may be empty.
    pub(super) fn heading(&self, sentence: &Sentence) -> &str {
        &self.documents[sentence.document].sections[sentence.section].heading
    }

    /// Where a sentence stands, for a person.
    pub(super) fn place(&self, sentence: &Sentence) -> String {
        self.documents[sentence.document].place(sentence.line)
    }

    /// The terms of a text, as far as the texts have them, and the words they come from.
    pub(super) fn terms_of(&self, text: &str, document: usize) -> Vec<Term> {
        let language = self.documents.get(document).map(|document| document.language).unwrap_or_default();
        let mut terms: Vec<Term> = words::words(text)
            .into_iter()
            .filter(|word| !language.stop_words().contains(&text[word.span.clone()].to_lowercase().as_str()))
            .filter_map(|word| self.vocabulary.known(&words::stem(&text[word.span], language)))
            .collect();
        terms.sort_unstable();
        terms.dedup();
        terms
    }

    /// How much a term tells: the rarer, the more.
    pub(super) fn weight(&self, term: Term) -> f32 {
        self.weights.get(term as usize).copied().unwrap_or_default()
    }

    fn weigh(&mut self) {
        let all = self.sentences.len() as f32;
        let weight = |term| (1.0 + all / (self.vocabulary.sentences(term) as f32).max(1.0)).ln();
        self.weights = (0..self.vocabulary.len() as Term).map(weight).collect();
    }

    /// How alike two sets of terms are, from 0 to 1: the cosine with rare terms weighing more.
    pub(super) fn likeness(&self, a: &[Term], b: &[Term]) -> f32 {
        let square = |terms: &[Term]| terms.iter().map(|&term| self.weight(term).powi(2)).sum::<f32>().sqrt();
        let (mut i, mut j, mut shared) = (0, 0, 0.0);
        while let (Some(&x), Some(&y)) = (a.get(i), b.get(j)) {
            if x == y {
                shared += self.weight(x).powi(2);
            }
            i += usize::from(x <= y);
            j += usize::from(y <= x);
        }
        if shared == 0.0 { 0.0 } else { shared / (square(a) * square(b)).max(f32::EPSILON) }
    }

    /// The names in a sentence.
    pub(super) fn names(&self, sentence: &Sentence) -> Vec<Term> {
        sentence.capitals.iter().copied().filter(|&term| self.vocabulary.is_name(term)).collect()
    }
}

/// The sentences of a block; a heading run into the first one (“Redistribution. You may …”) stays with it.
fn spans(text: &str) -> Vec<std::ops::Range<usize>> {
    let mut spans = sentence::sentences(text);
    if spans.len() > 1
        && text[spans[0].clone()].split_whitespace().count() <= 2
        && text[spans[0].clone()].ends_with('.')
    {
        let first = spans.remove(0);
        spans[0].start = first.start;
    }
    spans
}

const NEGATIONS: &[&str] = &[
    "not", "no", "never", "none", "without", "cannot", "neither", "nor", "nobody", "nothing", "nicht", "kein", "keine",
    "keinen", "keiner", "keinem", "nie", "niemals", "ohne", "weder", "pas", "jamais", "sans", "aucun", "aucune",
    "nunca", "sin", "ningún", "ninguna", "tampoco",
];
