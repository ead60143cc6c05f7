//! Figures in a sentence: dates, times, and numbers with their units.

use super::typed::{Kind, Taken};
use super::word::{List, Word, list, listed};

static MONTHS: List = List::new(|| {
    list(
        "january february march april may june july august september october november december jan feb mar apr jun \
    jul aug sep sept oct nov dec",
    )
});

const DAYS: &[&str] = &[
    "monday",
    "tuesday",
    "wednesday",
    "thursday",
    "friday",
    "saturday",
    "sunday",
    "tomorrow",
    "yesterday",
    "tonight",
    "christmas",
    "easter",
];

fn is_weekday(word: &str) -> bool {
    (6..=9).contains(&word.len()) && DAYS.contains(&word.to_lowercase().as_str())
}

fn is_month(word: &str) -> bool {
    word.starts_with(|c: char| c.is_uppercase()) && listed(&MONTHS, word.to_lowercase().trim_start_matches("mid-"))
        || word.to_lowercase().strip_prefix("mid-").is_some_and(|rest| listed(&MONTHS, rest))
}

/// A day of a month, with or without its ending.
fn is_day(word: &str) -> bool {
    let digits = word.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let ending = &word[digits.len()..];
    (1..=2).contains(&digits.len())
        && digits.bytes().all(|byte| byte.is_ascii_digit())
        && matches!(ending, "" | "st" | "nd" | "rd" | "th")
}

fn is_year(word: &str) -> bool {
    word.len() == 4
        && word.bytes().all(|byte| byte.is_ascii_digit())
        && (word.starts_with("19") || word.starts_with("20"))
}

/// A date, a weekday or a clock time that begins at this word.
pub(crate) fn date<'t>(sentence: &'t str, words: &[Word<'t>], at: usize) -> Taken<'t> {
    let word = words[at];
    let next = words.get(at + 1).filter(|_| !word.stops);
    let upto = |last: usize| Some((Kind::Date, last + 1, &sentence[word.start..words[last].end]));
    let with_year = |last: usize| {
        let year = words.get(last + 1).is_some_and(|word| is_year(word.text));
        upto(if year { last + 1 } else { last })
    };
    if is_day(word.text) {
        if next.is_some_and(|next| is_month(next.text)) {
            return with_year(at + 1);
        }
        let of =
            next.is_some_and(|next| next.text == "of") && words.get(at + 2).is_some_and(|word| is_month(word.text));
        if of {
            return with_year(at + 2);
        }
        if word.text.ends_with(|c: char| c.is_ascii_alphabetic())
            && at > 0
            && words[at - 1].text.eq_ignore_ascii_case("the")
        {
            return upto(at);
        }
    }
    if is_month(word.text) {
        return match next {
            Some(next) if is_day(next.text) => with_year(at + 1),
            Some(next) if is_year(next.text) => upto(at + 1),
            // "May" and "March" begin sentences as verbs.
            _ if matches!(word.text, "May" | "March") && at == 0 => None,
            _ => upto(at),
        };
    }
    let iso = word.text.len() >= 8 && {
        let parts: Vec<&str> = word.text.split(['-', '/', '.']).collect();
        parts.len() == 3
            && parts
                .iter()
                .all(|part| !part.is_empty() && part.len() <= 4 && part.bytes().all(|byte| byte.is_ascii_digit()))
    };
    let clock = is_clock(word.text, next.map(|next| next.text));
    if iso || clock || is_weekday(word.text) || is_year(word.text) {
        let meridiem = clock && next.is_some_and(|next| is_meridiem(next.text));
        return upto(if meridiem { at + 1 } else { at });
    }
    None
}

fn is_meridiem(word: &str) -> bool {
    matches!(word.to_lowercase().trim_matches('.'), "am" | "pm" | "a.m" | "p.m" | "o'clock")
}

fn is_clock(word: &str, next: Option<&str>) -> bool {
    if !word.starts_with(|c: char| c.is_ascii_digit()) {
        return false;
    }
    let lower = word.to_lowercase();
    let bare = lower.trim_end_matches("am").trim_end_matches("pm");
    let marked = bare.len() < lower.len() || next.is_some_and(is_meridiem);
    let small = |part: &str| (1..=2).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit());
    match bare.split_once(':') {
        Some((hour, minute)) => small(hour) && minute.len() == 2 && small(minute),
        None => marked && small(bare),
    }
}

static COUNTS: List = List::new(|| {
    list(
        "two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen \
         nineteen twenty thirty forty fifty sixty seventy eighty ninety hundred thousand million dozen half",
    )
});

/// Whether a word spells a number, alone or as "sixty-forty" does.
fn spells(word: &str) -> bool {
    let lower = word.to_lowercase();
    lower.split('-').all(|part| listed(&COUNTS, part))
}

/// A number with its unit that begins at this word.
pub(crate) fn number<'t>(sentence: &'t str, words: &[Word<'t>], at: usize) -> Taken<'t> {
    let word = words[at];
    let spelled = word.text.starts_with(|c: char| c.is_ascii_alphabetic()) && spells(word.text);
    let money = word.text.starts_with(['€', '$', '£', '¥']);
    let digits = word.text.trim_start_matches(['€', '$', '£', '¥', '~', '+', '-', '#', '<', '>', '=']);
    if !spelled && !digits.starts_with(|c: char| c.is_ascii_digit()) {
        return None;
    }
    if !spelled && word.text.chars().count() > 24 {
        return None;
    }
    let attached = digits.ends_with(|c: char| !c.is_ascii_digit()) && !digits.ends_with(['.', ',']);
    let hyphened = digits.contains('-') && attached;
    let next = words.get(at + 1).filter(|_| !word.stops);
    let unit = next.filter(|next| is_unit(next.text) && (next.start - word.end) <= 2);
    let last = match unit {
        Some(_) if !money && !hyphened => {
            // "640 rows per second", "30 minutes each way"
            let per = words.get(at + 2).is_some_and(|word| matches!(word.text, "per" | "each" | "a"));
            if per && words.get(at + 3).is_some() && !words[at + 1].stops && !words[at + 2].stops {
                at + 3
            } else {
                at + 1
            }
        }
        _ if spelled && matches!(word.text, "two" | "half" | "hundred" | "million") => return None,
        _ => at,
    };
    Some((Kind::Number, last + 1, &sentence[word.start..words[last].end]))
}

/// Whether a word behind a number says of what: any noun does, the small words do not.
fn is_unit(word: &str) -> bool {
    static SMALL: List = List::new(|| {
        list(
            "and or of to in on at by for from with the a an is are was were it but so as if then than that this i \
        we you he she they my our because since when where which who instead now not would will can could \
        should has have had be been until after before though yesterday today",
        )
    });
    word.chars().any(char::is_alphabetic) && word.chars().count() <= 16 && !listed(&SMALL, &word.to_lowercase())
        || word.starts_with('%')
        || word.starts_with('°')
}
