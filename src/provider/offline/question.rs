//! What the person asks: the words that name a subject, and the kind of thing they want to know.

use super::corpus::Corpus;
use super::figure::Kind;
use super::language::{ASKING, Language};
use super::words::{self, Term};

/// A question as far as it steers.
#[derive(Debug, Default)]
pub(super) struct Question {
    /// The terms of the subject that occur in the texts.
    pub(super) terms: Vec<Term>,
    /// The words of the subject that occur nowhere in the texts, as the person wrote them.
    pub(super) absent: Vec<String>,
    /// The kinds of figures asked for.
    pub(super) kinds: Vec<Kind>,
    /// It asks why.
    pub(super) reason: bool,
    /// It asks to set things side by side.
    pub(super) compares: bool,
}

impl Question {
    /// Reads a question against the texts.
    pub(super) fn of(text: &str, corpus: &Corpus) -> Self {
        let mut question = Self::default();
        // A mention such as @sample/offers.md names a text, it is no subject.
        let plain: Vec<&str> = text.split_whitespace().filter(|word| !word.starts_with('@')).collect();
        let plain = plain.join(" ");
        let lower = plain.to_lowercase();
        let has = |cues: &[&str]| cues.iter().any(|cue| lower.contains(cue));
        if has(MONEY) {
            question.kinds.push(Kind::Money);
        }
        if has(DATE) {
            question.kinds.push(Kind::Date);
        }
        if has(COUNT) {
            question.kinds.extend([Kind::Count, Kind::Percent]);
        }
        question.reason = has(&["why", "reason", "warum", "wieso", "weshalb", "pourquoi", "por qué"]);
        question.compares = has(&[
            "compar",
            "vergleich",
            "differ",
            "versus",
            " vs",
            "side by side",
            "cheapest",
            "best offer",
            "unterschied",
        ]);
        question.subject(&plain, corpus);
        question
    }

    fn subject(&mut self, text: &str, corpus: &Corpus) {
        let mut languages: Vec<Language> = vec![Language::of(text), Language::English];
        languages.extend(corpus.documents.iter().map(|document| document.language));
        for word in words::words(text) {
            let raw = &text[word.span.clone()];
            let lower = raw.to_lowercase();
            let empty = languages.iter().any(|language| language.stop_words().contains(&lower.as_str()));
            if empty || ASKING.contains(&lower.as_str()) || raw.chars().count() < 2 {
                continue;
            }
            let known =
                languages.iter().rev().find_map(|&language| corpus.vocabulary.known(&words::stem(raw, language)));
            match known {
                Some(term) if corpus.vocabulary.sentences(term) > 0 => self.terms.push(term),
                // “charge” asks for money; it need not stand there itself.
                _ if [MONEY, DATE].iter().flat_map(|cues| cues.iter()).any(|cue| lower.contains(cue)) => {}
                _ if word.dense || lower.bytes().all(|b| b.is_ascii_digit()) => {}
                _ => self.absent.push(raw.to_owned()),
            }
        }
        self.terms.sort_unstable();
        self.terms.dedup();
        self.absent.dedup();
    }
}

const MONEY: &[&str] = &[
    "price", "pricing", "cost", "charge", "pay", "fee", "budget", "how much", "cheap", "expens", "preis", "kost",
    "prix", "coût", "combien", "precio", "cuánto",
];
const DATE: &[&str] = &[
    "when", "date", "deadline", "until", "how long", "wann", "frist", "datum", "quand", "délai", "cuándo", "fecha",
    "plazo",
];
const COUNT: &[&str] =
    &["how many", "number of", "how long", "how fast", "how large", "how big", "wie viele", "combien de", "cuántos"];
