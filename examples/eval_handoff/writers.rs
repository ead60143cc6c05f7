//! Writers of everyday talk, each with a voice of their own: files of lines that say what they are by their first character.
//!
//! Two were written together with these and left alone until the extractor stood: see [`SET_ASIDE`].

use std::sync::LazyLock;

use super::dice::Dice;
use super::everyday::Pools;
use super::words;

/// The writers that the extractor may be tuned on.
pub(crate) const OPEN: &[(&str, &str)] =
    &[("a talker", include_str!("writers/talker.txt")), ("terse", include_str!("writers/terse.txt"))];

/// The writers that are only measured.
pub(crate) const SET_ASIDE: &[(&str, &str)] =
    &[("a guest in English", include_str!("writers/guest.txt")), ("a planner", include_str!("writers/planner.txt"))];

/// The words that everyone uses and the words that few do, as the masking knows them: front-coded, a list to a line.
const WORDS: &str = include_str!("../../src/engine/redaction/words.txt");

/// The sentences of a writer's file.
pub(crate) fn pools(file: &'static str) -> Pools {
    let lines = |mark: &str| -> Vec<&'static str> {
        file.lines().filter_map(|line| line.strip_prefix(mark)?.strip_prefix(' ')).collect()
    };
    Pools {
        said: lines("+"),
        answered: lines("="),
        chatter: lines("~"),
        requests: lines("?"),
        details: [&lines("*"), words::DETAILS].concat(),
        pasted: [&lines(">"), words::PASTED].concat(),
    }
}

/// A word that few use, so that answers are full of words that stand nowhere else, as real ones are.
pub(crate) fn rare_word(dice: &mut Dice) -> &'static str {
    static RARE: LazyLock<Vec<String>> = LazyLock::new(|| {
        let mut words: Vec<String> = Vec::new();
        for letter in WORDS.lines().nth(1).unwrap_or_default().chars() {
            if letter.is_ascii_uppercase() {
                let shared = usize::from(letter as u8 - b'A');
                let start = words.last().and_then(|word| word.get(..shared)).unwrap_or_default().to_owned();
                words.push(start);
            } else if let Some(word) = words.last_mut() {
                word.push(letter);
            }
        }
        words.retain(|word| word.len() > 4);
        words
    });
    RARE.get(dice.below(RARE.len())).map_or("thing", String::as_str)
}
