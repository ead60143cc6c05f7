//! A person's sentence without the polite words around what it says.

use super::cue::{Cue, Heard};
use super::reading::Reading;
use super::typed::typed;
use super::word::{List, list, listed};

/// Shorter sentences are not worth a mark of omission.
const WORTHWHILE: usize = 70;

/// The sentence with empty clauses cut from both ends and `…` in their place; whole where nothing is saved.
pub(crate) fn trimmed(reading: &Reading<'_>) -> String {
    let text = reading.sentence.text;
    if text.len() < WORTHWHILE {
        return text.to_owned();
    }
    let clauses = clauses(text);
    let stated = clauses.iter().any(|clause| !typed(clause).is_empty());
    let full: Vec<bool> = clauses.iter().map(|clause| carries(clause) && !(stated && remarks(clause))).collect();
    let (Some(first), Some(last)) = (full.iter().position(|full| *full), full.iter().rposition(|full| *full)) else {
        return text.to_owned();
    };
    let kept: String = clauses[first..=last].concat();
    let kept = kept.trim().trim_end_matches([',', ';', '-', '–', '—', ' ']);
    if kept.len() + 16 > text.len() {
        return text.to_owned();
    }
    let before = if first > 0 { "…" } else { "" };
    let after = if last + 1 < clauses.len() { "…" } else { "" };
    format!("{before}{kept}{after}")
}

/// The sentence cut where a new clause begins; the pieces are the sentence again.
fn clauses(text: &str) -> Vec<&str> {
    let mut pieces = Vec::new();
    let mut start = 0;
    for (at, mark) in text.match_indices([',', ';', '–', '—']) {
        let end = at + mark.len();
        if text[end..].starts_with(' ') && begins_clause(text[end..].trim_start()) {
            pieces.push(&text[start..end]);
            start = end;
        }
    }
    pieces.push(&text[start..]);
    pieces
}

fn begins_clause(rest: &str) -> bool {
    static STARTERS: List = List::new(|| {
        list(
            "and but so because which since can could do what how any would is are if though although i i'm i've \
        i'd i'll we we're we've my our it it's by maybe please where who especially where's should that's \
        they he she then also as when while or not you let",
        )
    });
    let word = rest.split_whitespace().next().unwrap_or_default().to_lowercase().replace('’', "'");
    listed(&STARTERS, word.trim_matches(|c: char| !c.is_alphanumeric() && c != '\''))
}

/// Whether a clause says anything that would be missed.
fn carries(clause: &str) -> bool {
    let heard = Heard::of(clause.trim_start_matches([',', ' ']));
    if !typed(clause).is_empty() {
        return true;
    }
    let tells = heard.has(Cue::Self_) && (heard.has(Cue::Past) || heard.has(Cue::Taste) || heard.has(Cue::Kin));
    let relative =
        ["which", "who", "where"].iter().any(|word| clause.trim_start().starts_with(word)) && !clause.contains('?');
    if relative {
        return true;
    }
    let empty = heard.has(Cue::Request) || heard.has(Cue::Wish) || heard.has(Cue::Ack);
    tells && !heard.has(Cue::Request) || !empty
}

/// Whether a clause only remarks upon what another one says: nobody and nothing of the speaker's is in it.
fn remarks(clause: &str) -> bool {
    const OPENINGS: &[&str] = &["which ", "though ", "although ", "because ", "as ", "but ", "so "];
    let clause = clause.trim_start();
    let heard = Heard::of(clause);
    OPENINGS.iter().any(|opening| clause.starts_with(opening))
        && typed(clause).is_empty()
        && !(heard.has(Cue::Past) || heard.has(Cue::Taste) || heard.has(Cue::Kin))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::handoff::sentence::sentences;
    use crate::engine::handoff::transcript::Role;

    fn trim(text: &str) -> String {
        trimmed(&Reading::of(sentences(text)[0], Role::Person))
    }

    #[test]
    fn polite_ends_are_cut_and_the_rest_is_verbatim() {
        assert_eq!(
            trim(
                "I'm planning a healthy dinner for the week, and I bought a pressure cooker from Target for $89, can you give me some recipes?"
            ),
            "…and I bought a pressure cooker from Target for $89…"
        );
    }

    #[test]
    fn a_remark_upon_a_fact_is_cut() {
        assert_eq!(
            trim(
                "The surgery has moved my appointment to the 14th of March, which is a nuisance because that day is full."
            ),
            "The surgery has moved my appointment to the 14th of March…"
        );
    }

    #[test]
    fn short_or_full_sentences_stay_whole() {
        for text in [
            "I have three cats, can you believe it?",
            "We met Ines in Porto in March, and she paid $40, which my brother found rather cheap.",
        ] {
            assert_eq!(trim(text), text);
        }
    }
}
