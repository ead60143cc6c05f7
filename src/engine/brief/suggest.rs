//! Which messages would serve an objective: pins first, then what matches its words and is recent, no two alike.
//!
//! The match is Okapi BM25 (Robertson and Zaragoza 2009) with its usual constants; what is alike is held back by maximal
//! marginal relevance (Carbonell and Goldstein 1998).

use std::collections::{BTreeMap, BTreeSet};

use crate::engine::meter;

/// The tokens that suggestions may take together.
pub const SUGGESTED_TOKENS: u32 = 1_500;

/// A message that could be quoted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Candidate {
    /// What it says.
    pub text: String,
    /// Whether something of it is pinned.
    pub pinned: bool,
}

/// What is suggested.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Suggested {
    /// Places in the list of candidates, the best first.
    pub chosen: Vec<usize>,
    /// How many messages match the objective and were left out.
    pub left_out: usize,
}

const SATURATION: f64 = 1.2;
const LENGTH: f64 = 0.75;
/// How much the newest message gains over the oldest, in parts of the best match.
const RECENCY: f64 = 0.3;
/// How much likeness to what is chosen already costs.
const LIKENESS: f64 = 0.7;
/// What a pin is worth: more than any match.
const PINNED: f64 = 10.0;
/// Below this, in parts of the best match, a message adds too little to be suggested.
const LEAST: f64 = 0.25;

/// Words and how often they occur.
type Terms = BTreeMap<String, u32>;

/// Chooses among candidates, which are in the order they were said, until the tokens are used up.
pub fn suggest(objective: &str, candidates: &[Candidate], tokens: u32) -> Suggested {
    let terms: Vec<Terms> = candidates.iter().map(|candidate| counted(&candidate.text)).collect();
    let scores = scores(&counted(objective), candidates, &terms);
    let mut waiting: Vec<usize> = (0..candidates.len()).filter(|&at| scores[at] > 0.0).collect();
    let matching = waiting.len();
    let (mut suggested, mut left) = (Suggested::default(), tokens);
    while !waiting.is_empty() {
        let worth = |at: usize| {
            let like = suggested.chosen.iter().map(|&chosen| likeness(&terms[at], &terms[chosen])).fold(0.0, f64::max);
            LIKENESS.mul_add(-like * scores[at], scores[at])
        };
        // Of two that are worth the same the newer one: `max_by` keeps the last.
        let Some(best) = waiting.iter().copied().max_by(|&a, &b| worth(a).total_cmp(&worth(b))) else { break };
        let worth = worth(best);
        waiting.retain(|&at| at != best);
        let size = meter::estimate(&candidates[best].text);
        if size <= left && worth >= LEAST {
            left -= size;
            suggested.chosen.push(best);
        }
    }
    suggested.left_out = matching - suggested.chosen.len();
    suggested
}

fn scores(objective: &Terms, candidates: &[Candidate], terms: &[Terms]) -> Vec<f64> {
    let count = candidates.len() as f64;
    let sizes: Vec<f64> = terms.iter().map(|terms| f64::from(terms.values().sum::<u32>())).collect();
    let average = (sizes.iter().sum::<f64>() / count.max(1.0)).max(1.0);
    let rarity = |term: &String| {
        let holding = terms.iter().filter(|terms| terms.contains_key(term)).count() as f64;
        (1.0 + (count - holding + 0.5) / (holding + 0.5)).ln()
    };
    let rarities: Vec<(&String, f64)> = objective.keys().map(|term| (term, rarity(term))).collect();
    let matched: Vec<f64> = terms
        .iter()
        .zip(&sizes)
        .map(|(terms, size)| {
            let length = SATURATION * LENGTH.mul_add(size / average - 1.0, 1.0);
            let weight = |(term, rarity): &(&String, f64)| {
                let times = f64::from(*terms.get(*term)?);
                Some(rarity * times * (SATURATION + 1.0) / (times + length))
            };
            rarities.iter().filter_map(weight).sum()
        })
        .collect();
    let best = matched.iter().copied().fold(0.0, f64::max);
    let newest = count.max(2.0) - 1.0;
    let scored = matched.into_iter().zip(candidates).enumerate().map(|(at, (matched, candidate))| {
        let relative = if best > 0.0 { matched / best } else { 0.0 };
        let recency = if relative > 0.0 { RECENCY * at as f64 / newest } else { 0.0 };
        relative + recency + if candidate.pinned { PINNED } else { 0.0 }
    });
    scored.collect()
}

/// How often each word of a text occurs: its beginning, so that `price` and `prices` are one.
fn counted(text: &str) -> Terms {
    let mut counted = Terms::new();
    for word in text.split(|c: char| !c.is_alphanumeric()).filter(|word| word.chars().count() > 2) {
        let stem: String = word.to_lowercase().chars().take(6).collect();
        let stem = stem.strip_suffix('s').map(str::to_owned).unwrap_or(stem);
        if !COMMON.contains(&stem.as_str()) {
            *counted.entry(stem).or_default() += 1;
        }
    }
    counted
}

/// The share of words that two texts have in common (Jaccard).
fn likeness(one: &Terms, other: &Terms) -> f64 {
    let common = one.keys().filter(|term| other.contains_key(*term)).count();
    let all: BTreeSet<&String> = one.keys().chain(other.keys()).collect();
    common as f64 / all.len().max(1) as f64
}

/// Words that say nothing about a text's subject, as [`counted`] cuts them.
const COMMON: [&str; 34] = [
    "the", "and", "for", "with", "that", "thi", "from", "are", "was", "were", "have", "has", "not", "but", "you",
    "your", "our", "their", "what", "which", "how", "who", "why", "can", "will", "would", "should", "into", "about",
    "all", "one", "make", "turn", "please",
];

#[cfg(test)]
mod tests {
    use super::*;

    fn candidates(texts: &[&str]) -> Vec<Candidate> {
        texts.iter().map(|text| Candidate { text: (*text).to_owned(), pinned: text.starts_with("pin") }).collect()
    }

    #[test]
    fn pins_come_first_then_what_matches_and_nothing_twice() {
        let texts = [
            "pin: never name the client",
            "The prices of Northwind: 31 dollars a seat.",
            "We talked about the weather.",
            "The prices of Northwind: 31 dollars a seat, as said.",
            "Cobalt's price is higher, with a discount after a year.",
        ];
        let suggested = suggest("Compare the prices and discounts", &candidates(&texts), SUGGESTED_TOKENS);
        assert_eq!(suggested.chosen, [0, 4, 3], "the repetition of what is chosen is left out");
        assert_eq!(suggested.left_out, 1);
    }

    #[test]
    fn the_limit_holds_and_says_what_is_left_out() {
        let long = format!("prices {}", "word ".repeat(500));
        let texts: Vec<&str> = std::iter::repeat_n(long.as_str(), 4).collect();
        let suggested = suggest("prices", &candidates(&texts), 10);
        assert_eq!((suggested.chosen.len(), suggested.left_out), (0, 4));
        assert_eq!(suggest("prices", &[], 10), Suggested::default());
        assert_eq!(suggest("", &candidates(&["prices"]), 10), Suggested::default());
    }
}
