//! Unknown names: capitalised words and sequences that the list of common words doesn't know, and numbers for `strict`.

use std::collections::BTreeSet;
use std::ops::Range;

use super::finding::Finding;
use super::fold;
use super::kind::Kind;
use super::words::{self, Remembered, Tier};

/// Abbreviations that name nobody.
const ABBREVIATIONS: [&str; 68] = [
    "ok", "tv", "pdf", "faq", "url", "uri", "api", "http", "https", "html", "css", "json", "yaml", "xml", "csv", "sql",
    "cpu", "gpu", "ram", "usb", "ceo", "cto", "cfo", "hr", "it", "am", "pm", "id", "ids", "ai", "cd", "dvd", "pin",
    "sms", "asap", "fyi", "atm", "vat", "iban", "ssn", "dob", "nhs", "gmt", "utc", "usd", "eur", "gbp", "gdpr", "nda",
    "llm", "pc", "tbd", "todo", "vs", "etc", "re", "cc", "bcc", "ps", "mac", "ip", "mri", "ecg", "ct", "icu", "gp",
    "sla", "kpi",
];

/// Days, and the months that are nobody's first name: they name nobody, wherever they stand.
const CALENDAR: [&str; 14] = [
    "monday",
    "tuesday",
    "wednesday",
    "thursday",
    "friday",
    "saturday",
    "sunday",
    "january",
    "february",
    "july",
    "september",
    "october",
    "november",
    "december",
];

/// Whether this is a day or a month, and nothing else.
pub(super) fn is_of_calendar(word: &str) -> bool {
    CALENDAR.contains(&word.to_ascii_lowercase().as_str())
}

/// Words before a name that are part of it.
const TITLES: [&str; 34] = [
    "mr",
    "mrs",
    "ms",
    "miss",
    "mx",
    "dr",
    "prof",
    "professor",
    "sir",
    "dame",
    "lord",
    "lady",
    "rev",
    "fr",
    "hon",
    "judge",
    "justice",
    "herr",
    "frau",
    "madame",
    "mme",
    "monsieur",
    "mlle",
    "señor",
    "señora",
    "senor",
    "senora",
    "sig",
    "sra",
    "capt",
    "lt",
    "sgt",
    "col",
    "gen",
];

/// What verbs lose to an apostrophe.
const CONTRACTIONS: [&str; 7] = ["'ll", "'ve", "'re", "n't", "'d", "'m", "'s"];

/// Words before the number of a flat, a house, a box.
const DESIGNATORS: [&str; 20] = [
    "apt",
    "apartment",
    "suite",
    "ste",
    "unit",
    "flat",
    "floor",
    "room",
    "box",
    "po",
    "psc",
    "bldg",
    "building",
    "block",
    "lot",
    "postfach",
    "boite",
    "bte",
    "cmr",
    "no",
];

/// Small words for streets, folded.
const STREET_WORDS: [&str; 12] = ["u", "ul", "ter", "ut", "utca", "str", "plac", "rkp", "al", "korut", "nam", "s"];

/// Small words inside names.
const PARTICLES: [&str; 22] = [
    "de", "da", "do", "dos", "das", "del", "della", "di", "du", "la", "le", "van", "von", "der", "den", "ter", "zu",
    "af", "av", "bin", "al", "el",
];

/// How a word is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Case {
    Lower,
    Title,
    Upper,
}

/// One word of the text.
#[derive(Debug)]
struct Token {
    span: Range<usize>,
    fold: String,
    case: Case,
    /// Whether a sentence, a line or a quotation begins here.
    opens: bool,
    /// Whether only one space, or a dot and a space after an initial or a title, stands before it.
    joined: bool,
    tier: Option<Tier>,
    kept: bool,
}

/// Words that were judged and may cross, folded.
pub(super) type Kept = BTreeSet<String>;

/// Finds unknown names; if strict, also rare words that are capitalised where no sentence begins.
pub(super) fn find(text: &str, kept: &Kept, strict: bool, found: &mut Vec<Finding>) {
    let tokens = tokens(text, kept);
    let mut covered = 0;
    for at in 0..tokens.len() {
        if at < covered || !(is_core(&tokens, at) || strict && is_rare(&tokens, at)) {
            continue;
        }
        let (first, last) = extended(&tokens, at, covered);
        covered = last + 1;
        let span = tokens[first].span.start..with_dot(text, &tokens[last]);
        found.push(Finding::new(Kind::Name, span, 60, "capitalised and not among the common words"));
    }
}

fn tokens(text: &str, kept: &Kept) -> Vec<Token> {
    let mut remembered = Remembered::default();
    let mut tokens: Vec<Token> = Vec::new();
    let mut chars = text.char_indices().peekable();
    let mut end = 0;
    while let Some((start, first)) = chars.next() {
        if !first.is_alphabetic() || first >= '\u{2e80}' {
            continue;
        }
        let mut stop = start + first.len_utf8();
        while let Some(&(at, c)) = chars.peek() {
            let inner = matches!(c, '\'' | '’' | '-')
                && text[at + c.len_utf8()..].chars().next().is_some_and(char::is_alphabetic);
            if !(c.is_alphanumeric() || fold::is_ignored(c) || inner) || c >= '\u{2e80}' {
                break;
            }
            stop = at + c.len_utf8();
            chars.next();
        }
        // A word that grows out of digits or an underscore is a code's.
        let glued = text[..start].chars().next_back().is_some_and(|c| c == '_' || c.is_ascii_digit());
        if glued {
            continue;
        }
        let gap = &text[end..start];
        let mut token = token(text, start..stop, gap, &mut remembered);
        token.joined = tokens.last().is_some_and(|before| joins(gap, before));
        token.kept = kept.contains(&token.fold);
        end = token.span.end;
        tokens.push(token);
    }
    tokens
}

fn token(text: &str, span: Range<usize>, gap: &str, remembered: &mut Remembered) -> Token {
    let mut word = &text[span.clone()];
    // The possessive is left standing: [CLIENT_1]'s reads as it should.
    for ending in ["'s", "’s", "'S", "’S"] {
        word = word.strip_suffix(ending).unwrap_or(word);
    }
    let fold = fold::fold(word);
    let mut letters = word.chars().filter(|c| c.is_alphabetic());
    let capital =
        letters.next().is_some_and(|c| c.is_uppercase() || !(c.is_lowercase() || c.is_uppercase()) && c.is_uppercase());
    let upper = capital && word.chars().all(|c| !c.is_lowercase()) && word.chars().count() > 1;
    let opens = span.start == 0
        || gap.contains([
            '.', '!', '?', ':', '\n', '•', '"', '“', '„', '«', '…', '*', '#', '|', '>', '(', '[', ';', '\t',
        ])
        || gap.trim() == "-"
        || gap.trim() == "–";
    let case = if upper {
        Case::Upper
    } else if capital {
        Case::Title
    } else {
        Case::Lower
    };
    let plain = CONTRACTIONS.iter().find_map(|ending| fold.strip_suffix(ending)).unwrap_or(&fold);
    let tier = plain
        .split(['-', '\''])
        .filter(|part| part.len() > 1)
        .try_fold(Tier::Common, |tier, part| Some(tier.max(remembered.tier(part, capital)?)));
    Token { span: span.start..span.start + word.len(), fold, case, opens, joined: false, tier, kept: false }
}

fn joins(gap: &str, before: &Token) -> bool {
    match gap {
        " " | "\u{a0}" | " & " => true,
        ". " | "." => before.fold.chars().count() == 1 || TITLES.contains(&before.fold.as_str()),
        _ => false,
    }
}

impl Token {
    fn is_capital(&self) -> bool {
        self.case != Case::Lower
    }

    fn is_title_word(&self) -> bool {
        TITLES.contains(&self.fold.as_str())
    }

    fn is_initial(&self) -> bool {
        self.is_capital() && self.fold.chars().count() == 1
    }

    fn is_abbreviation(&self) -> bool {
        ABBREVIATIONS.contains(&self.fold.as_str())
    }
}

/// Whether this word alone makes a name.
fn is_core(tokens: &[Token], at: usize) -> bool {
    let token = &tokens[at];
    if token.kept || token.fold.chars().count() < 2 || token.is_abbreviation() || token.is_title_word() {
        return false;
    }
    if token.case == Case::Lower {
        return token.tier.is_none() && words::is_name(&token.fold);
    }
    if token.tier.is_none() {
        return !is_roman(&token.fold);
    }
    let first_name = token.opens
        && token.case == Case::Title
        && words::is_name(&token.fold)
        && token.tier != Some(Tier::Common)
        && tokens.get(at + 1).is_some_and(|next| next.joined && next.case == Case::Title && !next.kept);
    if first_name {
        return true;
    }
    let after_title = token.joined && at > 0 && tokens[at - 1].is_title_word() && tokens[at - 1].is_capital();
    // In a line of capitals, or at a sentence's beginning, a capital says nothing.
    let telling = !token.opens && token.case == Case::Title;
    after_title || telling && (words::is_name(&token.fold) && token.tier != Some(Tier::Common) || is_run(tokens, at))
}

/// A word that isn't common, capitalised in the middle of a sentence. `the Lessee` is a word of a contract, not a name.
fn is_rare(tokens: &[Token], at: usize) -> bool {
    let token = &tokens[at];
    let defined = at > 0
        && ["the", "this", "that", "a", "an", "such", "each", "any", "said"].contains(&tokens[at - 1].fold.as_str());
    let telling = token.case == Case::Title && !token.opens && !token.kept && token.tier == Some(Tier::Known);
    telling
        && !defined
        && token.fold.len() > 2
        && !token.is_title_word()
        && !token.is_abbreviation()
        && !is_heading(tokens, at)
}

/// Two or more capitalised words in the middle of a sentence: a proper name made of known words.
fn is_run(tokens: &[Token], at: usize) -> bool {
    let inside = |at: usize| {
        tokens
            .get(at)
            .is_some_and(|token| token.case == Case::Title && !token.opens && !token.kept && token.fold.len() > 1)
    };
    inside(at) && (inside(at + 1) && tokens[at + 1].joined) && !is_heading(tokens, at)
}

/// Whether nearly every word around is capitalised: titles are written so.
fn is_heading(tokens: &[Token], at: usize) -> bool {
    let line = &tokens[at.saturating_sub(4)..(at + 5).min(tokens.len())];
    let capitals = line.iter().filter(|token| token.is_capital()).count();
    capitals * 5 >= line.len() * 4
}

fn is_roman(word: &str) -> bool {
    word.len() <= 5 && word.bytes().all(|byte| matches!(byte, b'i' | b'v' | b'x')) && word.len() > 1
}

/// The sequence of names around a core: from the first token to the last.
fn extended(tokens: &[Token], core: usize, covered: usize) -> (usize, usize) {
    let (mut first, mut last) = (core, core);
    let lower = tokens[core].case == Case::Lower;
    while first > covered && tokens[first].joined {
        let before = &tokens[first - 1];
        let name =
            before.tier.is_none() || words::is_name(&before.fold) || before.is_title_word() || before.is_initial();
        let fits = if lower { before.tier.is_none() } else { before.is_capital() && (!before.opens || name) };
        if !fits || before.kept || before.is_abbreviation() {
            break;
        }
        first -= 1;
    }
    while let Some(next) = tokens.get(last + 1) {
        let particle = !lower
            && PARTICLES.contains(&next.fold.as_str())
            && next.joined
            && tokens.get(last + 2).is_some_and(|after| after.joined && after.is_capital());
        let fits = next.joined
            && !next.kept
            && if lower { next.tier.is_none() && !next.is_capital() } else { next.is_capital() };
        if particle {
            last += 2;
        } else if fits {
            last += 1;
        } else {
            break;
        }
    }
    (first, last)
}

/// The end of the last word, with the dot of an initial.
fn with_dot(text: &str, last: &Token) -> usize {
    let dot = last.is_initial() && text[last.span.end..].starts_with('.');
    last.span.end + usize::from(dot)
}

/// Finds every number of two digits or more, with the letters and signs that belong to it.
pub(super) fn numbers(text: &str, found: &mut Vec<Finding>) {
    let bytes = text.as_bytes();
    let mut at = 0;
    while at < bytes.len() {
        if !bytes[at].is_ascii_digit() {
            at += 1;
            continue;
        }
        let start = at - bytes[..at].iter().rev().take_while(|byte| byte.is_ascii_alphanumeric()).count();
        let mut digits = 0;
        while at < bytes.len() {
            let byte = bytes[at];
            let inner =
                matches!(byte, b'.' | b',' | b':' | b'/' | b'-') && bytes.get(at + 1).is_some_and(u8::is_ascii_digit);
            if !(byte.is_ascii_alphanumeric() || inner) {
                break;
            }
            digits += usize::from(byte.is_ascii_digit());
            at += 1;
        }
        let word = designator_before(text, start);
        if digits > 1 || word < start {
            found.push(Finding::new(Kind::Number, word..at, 55, "number"));
        }
    }
}

/// Where the word for a flat or a box before a number begins; the number itself if there is none.
fn designator_before(text: &str, number: usize) -> usize {
    let before = text[..number].trim_end_matches([' ', '.', '#', '\u{a0}']);
    let length: usize = before.bytes().rev().take(10).take_while(u8::is_ascii_alphabetic).count();
    let word = &before[before.len() - length..];
    let free = !before[..before.len() - length].ends_with(|c: char| c.is_alphanumeric());
    let known = DESIGNATORS.iter().any(|known| word.eq_ignore_ascii_case(known));
    let written = word.len() > 2 || word.starts_with(|c: char| c.is_ascii_uppercase());
    if known && free && written && number - before.len() <= 2 { before.len() - length } else { number }
}

/// Joins what a strict search found of one address: numbers and the names beside them.
pub(super) fn join_addresses(text: &str, findings: Vec<Finding>) -> Vec<Finding> {
    let mut joined: Vec<Finding> = Vec::with_capacity(findings.len());
    for finding in findings {
        if let Some(last) = joined.last_mut().filter(|last| belongs(text, last, &finding)) {
            last.span.end = finding.span.end;
            last.kind = Kind::Address;
            last.score = last.score.max(finding.score);
            last.reason = "numbers and names side by side".into();
        } else {
            joined.push(finding);
        }
    }
    let limits: Vec<usize> = joined.iter().skip(1).map(|next| next.span.start).chain([text.len()]).collect();
    for (finding, limit) in joined.iter_mut().zip(limits) {
        if finding.kind == Kind::Address {
            finding.span.end += lines_of_names(&text[finding.span.end..limit]);
        }
    }
    joined
}

/// Whether two findings are pieces of one address: a number is among them, and only names stand between.
fn belongs(text: &str, last: &Finding, next: &Finding) -> bool {
    let piece = |kind: &Kind| matches!(kind, Kind::Name | Kind::Number | Kind::Address | Kind::Postcode);
    let gap = &text[last.span.end..next.span.start];
    if !piece(&last.kind) || !piece(&next.kind) || gap.len() > 48 || gap.contains("\n\n\n") {
        return false;
    }
    // A name begins an address only on the line of its number: the line above is somebody's name.
    if last.kind == Kind::Name {
        return next.kind != Kind::Name && gap.chars().all(|c| c == ' ');
    }
    only_names(gap)
}

/// Whether a gap within an address holds nothing but white space, commas and capitalised or small words of names.
fn only_names(gap: &str) -> bool {
    let plain = gap
        .chars()
        .all(|c| c.is_alphanumeric() || c.is_whitespace() || matches!(c, ',' | '.' | '-' | '\'' | '>' | '(' | ')'));
    let words: Vec<&str> = gap.split(|c: char| !c.is_alphabetic()).filter(|word| !word.is_empty()).collect();
    let names = words
        .iter()
        .all(|word| word.starts_with(char::is_uppercase) || PARTICLES.contains(word) || DESIGNATORS.contains(word));
    let names = names || words.iter().all(|word| STREET_WORDS.contains(&fold::fold(word).as_str()));
    let sentence = gap.contains(". ") && words.len() > 1 || gap.trim_start().starts_with('.') && !words.is_empty();
    plain && names && words.len() <= 4 && !sentence
}

/// How far an address goes on in lines or after commas where there is nothing but capitalised words: a city, a country.
fn lines_of_names(rest: &str) -> usize {
    let mut end = 0;
    for _ in 0..3 {
        let part = &rest[end..];
        let gap = part.len() - part.trim_start_matches([' ', ',', '\n', '\r', '>']).len();
        let line = part[gap..].split(['\n', ',', '.', '<', ';']).next().unwrap_or("");
        let trimmed = line.trim_end();
        let words: Vec<&str> = trimmed.split_whitespace().collect();
        let separated = part[..gap].contains(['\n', ',']) && gap <= 12 && !part[..gap].contains("\n\n\n");
        let names = !words.is_empty()
            && words.len() <= 3
            && words.iter().all(|word| {
                word.starts_with(char::is_uppercase) && word.chars().all(|c| c.is_alphabetic() || c == '-')
            });
        if !separated || !names {
            break;
        }
        end += gap + trimmed.len();
    }
    end
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names<'a>(text: &'a str, keep: &[&str]) -> Vec<&'a str> {
        let mut found = Vec::new();
        find(text, &keep.iter().map(|word| fold::fold(word)).collect(), false, &mut found);
        found.into_iter().map(|finding| &text[finding.span]).collect()
    }

    #[test]
    fn unknown_capitalised_words_are_names_and_common_ones_are_not() {
        assert_eq!(names("Yesterday Kristíana Halvorsen wrote to Szasz.", &[]), ["Kristíana Halvorsen", "Szasz"]);
        assert!(names("The house is big. Please write soon.", &[]).is_empty());
        assert!(names("QUARTERLY REPORT\nPlease Read This First", &[]).is_empty());
    }

    #[test]
    fn a_name_takes_its_title_initials_and_particles() {
        assert_eq!(
            names("Ask Dr. Ken N. Fukuda or Ludwig van Halvorsen.", &[]),
            ["Dr. Ken N. Fukuda", "Ludwig van Halvorsen"]
        );
        assert_eq!(names("I met Mr. Brown.", &[]), ["Mr. Brown"]);
    }

    #[test]
    fn the_possessive_stays_outside_and_a_judged_word_crosses() {
        assert_eq!(names("It is Halvorsen's and Heron’s.", &[]), ["Halvorsen"]);
        assert!(names("It runs on Kubernetes.", &["kubernetes"]).is_empty());
    }

    #[test]
    fn strict_numbers_take_their_signs_along() {
        let text = "1970-09-24 09:34:31, B12, 7 and 42%";
        let mut found = Vec::new();
        numbers(text, &mut found);
        let seen: Vec<_> = found.into_iter().map(|finding| &text[finding.span]).collect();
        assert_eq!(seen, ["1970-09-24", "09:34:31", "B12", "42"]);
    }
}
