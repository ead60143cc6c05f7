//! Words as numbers: folded, stripped of endings, counted.

use std::collections::HashMap;
use std::ops::Range;

use super::language::Language;

/// A word of a text and where it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Word {
    /// Its bytes in the text.
    pub(super) span: Range<usize>,
    /// Its first letter is a capital one.
    pub(super) capital: bool,
    /// Written without spaces between words: every two neighbouring signs count as a word.
    pub(super) dense: bool,
}

/// The words of a text in order. Scripts without spaces give overlapping pairs of signs.
pub(super) fn words(text: &str) -> Vec<Word> {
    let mut found = Vec::new();
    let mut chars = text.char_indices().peekable();
    let mut before: Option<usize> = None;
    while let Some((at, c)) = chars.next() {
        if is_dense(c) {
            let end = at + c.len_utf8();
            let next = chars.peek().is_some_and(|&(_, c)| is_dense(c));
            match before {
                Some(start) => found.push(Word { span: start..end, capital: false, dense: true }),
                None if !next => found.push(Word { span: at..end, capital: false, dense: true }),
                None => {}
            }
            before = Some(at);
            continue;
        }
        before = None;
        if !c.is_alphanumeric() {
            continue;
        }
        let mut end = at + c.len_utf8();
        while let Some(&(next, c)) = chars.peek() {
            let joins = matches!(c, '\'' | '’') && text[next + c.len_utf8()..].starts_with(char::is_alphabetic);
            if is_dense(c) || !(c.is_alphanumeric() || is_mark(c) || joins) {
                break;
            }
            end = next + c.len_utf8();
            chars.next();
        }
        found.push(Word { span: at..end, capital: c.is_uppercase(), dense: false });
    }
    found
}

/// Scripts written without spaces between words.
fn is_dense(c: char) -> bool {
    matches!(c, '\u{0E00}'..='\u{0EFF}' | '\u{1000}'..='\u{109F}' | '\u{1780}'..='\u{17FF}' | '\u{3040}'..='\u{30FF}'
        | '\u{3400}'..='\u{4DBF}' | '\u{4E00}'..='\u{9FFF}' | '\u{F900}'..='\u{FAFF}' | '\u{20000}'..='\u{2FFFF}')
}

fn is_mark(c: char) -> bool {
    matches!(c, '\u{0300}'..='\u{036F}' | '\u{0900}'..='\u{0DFF}' | '\u{064B}'..='\u{065F}')
}

/// A word without case, accents and the commonest endings, so that *prices*, *price* and *pricing* are one.
pub(super) fn stem(word: &str, language: Language) -> String {
    let mut folded: String = word.chars().flat_map(char::to_lowercase).map(plain).filter(|c| !is_mark(*c)).collect();
    if let Some(at) = folded.find('\'') {
        let (left, right) = folded.split_at(at);
        // “vendor's” is about the vendor, “l'offre” about the offer.
        folded = if right.len() <= 3 || left.len() > 2 { left.to_owned() } else { right[1..].to_owned() };
    }
    if folded.chars().any(|c| c.is_ascii_digit()) || !folded.is_ascii() {
        return folded;
    }
    let endings: &[(&str, &str)] = match language {
        Language::German => &[
            ("ungen", "ung"),
            ("ern", ""),
            ("en", ""),
            ("er", ""),
            ("em", ""),
            ("es", ""),
            ("e", ""),
            ("n", ""),
            ("s", ""),
        ],
        Language::French => &[("ements", "ement"), ("aux", "al"), ("es", ""), ("s", ""), ("e", ""), ("x", "")],
        Language::Spanish => &[("ciones", "cion"), ("es", ""), ("os", "o"), ("as", "a"), ("s", "")],
        Language::English | Language::Other => &[
            ("ies", "y"),
            ("ied", "y"),
            ("ications", "y"),
            ("ication", "y"),
            ("ations", "at"),
            ("ation", "at"),
            ("ions", ""),
            ("ion", ""),
            ("ings", ""),
            ("ing", ""),
            ("edly", ""),
            ("ed", ""),
            ("es", ""),
            ("al", ""),
            ("ly", ""),
            ("s", ""),
            ("e", ""),
        ],
    };
    if folded.ends_with("ss") {
        return folded;
    }
    for (ending, instead) in endings {
        if let Some(head) = folded.strip_suffix(ending)
            && head.len() >= 3 + usize::from(ending.len() > 2)
        {
            folded = format!("{head}{instead}");
            break;
        }
    }
    // “charging” leaves “charg”, “charge” must too; “planned” and “plan” meet without the doubled letter.
    let doubled = folded.len() > 3 && folded.as_bytes()[folded.len() - 1] == folded.as_bytes()[folded.len() - 2];
    if doubled && !folded.ends_with("ll") && !folded.ends_with("ss") {
        folded.pop();
    }
    folded
}

/// A letter without its accent.
const fn plain(c: char) -> char {
    match c {
        'à' | 'á' | 'â' | 'ã' | 'ä' | 'å' => 'a',
        'ç' => 'c',
        'è' | 'é' | 'ê' | 'ë' => 'e',
        'ì' | 'í' | 'î' | 'ï' => 'i',
        'ñ' => 'n',
        'ò' | 'ó' | 'ô' | 'õ' | 'ö' | 'ø' => 'o',
        'ù' | 'ú' | 'û' | 'ü' => 'u',
        'ý' | 'ÿ' => 'y',
        '’' => '\'',
        other => other,
    }
}

/// The stem of a word as a number.
pub(super) type Term = u32;

/// The words that were met, numbered in the order of their first appearance.
#[derive(Debug, Default)]
pub(super) struct Vocabulary {
    terms: HashMap<String, Term>,
    counts: Vec<Count>,
}

/// How a word was met.
#[derive(Debug, Clone, Copy, Default)]
struct Count {
    small: u32,
    capital: u32,
    capital_inside: u32,
    sentences: u32,
}

impl Vocabulary {
    /// The term of a stem, new if need be.
    pub(super) fn term(&mut self, stem: String) -> Term {
        let next = self.counts.len() as Term;
        let term = *self.terms.entry(stem).or_insert(next);
        if term == next {
            self.counts.push(Count::default());
        }
        term
    }

    /// The term of a stem, if it was met.
    pub(super) fn known(&self, stem: &str) -> Option<Term> {
        self.terms.get(stem).copied()
    }

    /// Notes how a word was written: a capital inside a sentence is a sign of a name.
    pub(super) fn note(&mut self, term: Term, capital: bool, inside: bool) {
        let Some(count) = self.counts.get_mut(term as usize) else { return };
        count.small += u32::from(!capital);
        count.capital += u32::from(capital);
        count.capital_inside += u32::from(capital && inside);
    }

    /// Notes that one more sentence has this term.
    pub(super) fn in_sentence(&mut self, term: Term) {
        if let Some(count) = self.counts.get_mut(term as usize) {
            count.sentences += 1;
        }
    }

    /// Whether this word is written as a name wherever it is met.
    pub(super) fn is_name(&self, term: Term) -> bool {
        self.counts
            .get(term as usize)
            .is_some_and(|count| count.small == 0 && (count.capital_inside > 0 || count.capital > 1))
    }

    /// In how many sentences the term stands.
    pub(super) fn sentences(&self, term: Term) -> u32 {
        self.counts.get(term as usize).map_or(0, |count| count.sentences)
    }

    /// How many terms there are.
    pub(super) fn len(&self) -> usize {
        self.counts.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_of_a_word_meet_in_one_stem() {
        for group in
            [&["price", "prices", "pricing", "priced"][..], &["renews", "renewal", "renewed"], &["plan", "planned"]]
        {
            for word in group {
                assert_eq!(stem(word, Language::English), stem(group[0], Language::English), "{word}");
            }
        }
        assert_eq!(stem("Angebote", Language::German), stem("Angeboten", Language::German));
        assert_eq!(stem("vendor’s", Language::English), "vendor");
        assert_eq!(stem("l’offre", Language::French), "offr");
    }

    #[test]
    fn scripts_without_spaces_give_pairs() {
        let text = "価格は高い";
        let pairs: Vec<&str> = words(text).into_iter().map(|word| &text[word.span]).collect();
        assert_eq!(pairs, ["価格", "格は", "は高", "高い"]);
        assert_eq!(words("don't stop, Zoë").len(), 3);
    }
}
