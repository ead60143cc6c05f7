//! Proper names in a sentence: capitals that no grammar asks for.

use super::typed::{Kind, Taken};
use super::word::{List, Word, list, listed};

/// Words that begin sentences or stand alone in capitals without being anybody's name.
static NOT_NAMES: List = List::new(|| {
    list(
        "i i'm i've i'd i'll ok okay yes no the a an this that these those it its he she they we you your my our \
    and but or so if when while then there here what how why who where which can could would should do does \
    did is are was were have has had in on at to for from with by as of not also please thanks thank hi hello \
    hey great sure well btw faq tbd todo fyi note tip example step day week additionally however overall \
    remember let let's it's don't i’m i’ve i’d i’ll it’s some many most each every all both any",
    )
});

/// A proper name that begins at this word.
pub(crate) fn name<'t>(sentence: &'t str, words: &[Word<'t>], at: usize) -> Taken<'t> {
    let capital =
        |word: &Word<'_>| word.text.starts_with(char::is_uppercase) && !listed(&NOT_NAMES, &word.text.to_lowercase());
    let first = words[at];
    if !capital(&first) {
        return None;
    }
    let mut last = at;
    while !words[last].stops {
        match words.get(last + 1) {
            Some(next)
                if capital(next)
                    || next.text.starts_with(|c: char| c.is_ascii_digit()) && is_model_number(next.text) =>
            {
                last += 1;
            }
            Some(next) if joins_names(next.text) && words.get(last + 2).is_some_and(capital) => {
                if next.text == "and" && last == at {
                    break;
                }
                last += 2;
            }
            Some(next)
                if matches!(next.text, "of" | "to" | "for")
                    && words.get(last + 2).is_some_and(|word| matches!(word.text, "the" | "a"))
                    && words.get(last + 3).is_some_and(capital) =>
            {
                last += 3;
            }
            _ => break,
        }
        if last - at > 7 {
            break;
        }
    }
    let opens = at == 0 || sentence[..first.start].trim_end().ends_with(['.', '!', '?', ':', '"', '*', '•']);
    let single = last == at;
    if opens && single && !first.text.chars().skip(1).any(char::is_uppercase) && !names_itself(words, at) {
        return None;
    }
    Some((Kind::Name, last + 1, &sentence[first.start..words[last].end]))
}

/// The small words inside of titles and names.
fn joins_names(word: &str) -> bool {
    matches!(word, "of" | "the" | "de" | "la" | "van" | "von" | "to" | "&" | "for" | "and")
}

fn is_model_number(word: &str) -> bool {
    word.len() <= 6
}

/// Whether a capitalised first word acts like a person or a thing: a verb of the third person follows.
fn names_itself(words: &[Word<'_>], at: usize) -> bool {
    static VERBS: List = List::new(|| {
        list(
            "is was has will said says wants needs should gets got goes went can't didn't doesn't won't had agreed \
        promised thinks told asked to it wins",
        )
    });
    !words[at].stops && words.get(at + 1).is_some_and(|next| listed(&VERBS, next.text)) && words[at].text.len() > 2 && {
        static OPENERS: List = List::new(|| {
            list(
                "nobody everyone everything something someone anyone nothing one need next next who mine time \
                dinner everybody somebody anybody make go going happy able want used trying try ready add",
            )
        });
        !listed(&OPENERS, &words[at].text.to_lowercase())
    }
}
