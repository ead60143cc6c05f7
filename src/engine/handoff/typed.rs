//! Typed facts in a sentence: paths, addresses, numbers with units, dates, identifiers, names.

/// What a typed fact is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Kind {
    /// A URL or an e-mail address.
    Address,
    /// A path or a file name.
    Path,
    /// Something in back-ticks, or a word that only code would write.
    Identifier,
    /// A number with its unit, an amount of money, a share.
    Number,
    /// A date, a weekday, a clock time.
    Date,
    /// A proper name or a title in quotes.
    Name,
}

impl Kind {
    /// Whether a document that lost or invented one of these is wrong beyond taste.
    pub(crate) const fn is_hard(self) -> bool {
        matches!(self, Self::Address | Self::Path | Self::Identifier | Self::Number)
    }
}

/// A typed fact and where it stands in its sentence.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Typed<'t> {
    /// What it is.
    pub(crate) kind: Kind,
    /// Its text.
    pub(crate) text: &'t str,
    /// The byte at which it starts.
    pub(crate) at: usize,
}

/// The typed facts of a sentence in order, none inside another.
pub(crate) fn typed(sentence: &str) -> Vec<Typed<'_>> {
    let mut found = Vec::new();
    let words = words(sentence);
    let mut at = 0;
    while at < words.len() {
        let taken = quoted(sentence, &words, at)
            .or_else(|| code(&words, at))
            .or_else(|| date(sentence, &words, at))
            .or_else(|| number(sentence, &words, at))
            .or_else(|| name(sentence, &words, at));
        match taken {
            Some((kind, upto, text)) => {
                found.push(Typed { kind, text, at: text.as_ptr() as usize - sentence.as_ptr() as usize });
                at = upto.max(at + 1);
            }
            None => at += 1,
        }
    }
    found
}

type Taken<'t> = Option<(Kind, usize, &'t str)>;

/// A word without the punctuation around it, and whether punctuation stood there.
#[derive(Debug, Clone, Copy)]
struct Word<'t> {
    text: &'t str,
    start: usize,
    end: usize,
    /// Whether a sentence or a clause ends behind it.
    stops: bool,
}

fn words(sentence: &str) -> Vec<Word<'_>> {
    let mut found = Vec::new();
    let mut from = 0;
    for piece in sentence.split_inclusive(|c: char| c.is_whitespace() || c == '—') {
        let start = from;
        from += piece.len();
        let trimmed = piece.trim_matches(|c: char| !is_word_edge(c));
        let trimmed = trimmed.trim_end_matches(['.', ',', ':', ';', '!', '?', '…']);
        let trimmed = trimmed.strip_suffix("'s").or_else(|| trimmed.strip_suffix("’s")).unwrap_or(trimmed);
        if trimmed.is_empty() {
            continue;
        }
        let offset = trimmed.as_ptr() as usize - piece.as_ptr() as usize;
        let tail = &piece[offset + trimmed.len()..];
        let stops = tail.contains(['.', ',', ':', ';', '!', '?', ')', '…', '—', '"', '”']);
        found.push(Word { text: trimmed, start: start + offset, end: start + offset + trimmed.len(), stops });
    }
    found
}

fn is_word_edge(c: char) -> bool {
    c.is_alphanumeric()
        || matches!(c, '/' | '~' | '.' | '%' | '€' | '$' | '£' | '¥' | '°' | '+' | '-' | '\\' | '_' | '@' | '#')
}

/// Something in back-ticks, or a title in quotes or emphasis.
fn quoted<'t>(sentence: &'t str, words: &[Word<'t>], at: usize) -> Taken<'t> {
    let start = words[at].start;
    let before = sentence[..start].chars().next_back()?;
    let (close, kind, longest) = match before {
        '`' => ('`', Kind::Identifier, 160),
        '"' => ('"', Kind::Name, 60),
        '“' => ('”', Kind::Name, 60),
        '«' => ('»', Kind::Name, 60),
        '*' => ('*', Kind::Name, 60),
        _ => return None,
    };
    let length = sentence[start..].find(close)?;
    let text = sentence[start..start + length].trim_end_matches([':', ' ', ',', '.']);
    if text.is_empty() || text.len() > longest || close == '`' && text.len() < 2 {
        return None;
    }
    let kind = if close == '`' { code_kind(text).unwrap_or(Kind::Identifier) } else { kind };
    let upto = words.iter().position(|word| word.start >= start + length).unwrap_or(words.len());
    Some((kind, upto, text))
}

fn code<'t>(words: &[Word<'t>], at: usize) -> Taken<'t> {
    code_kind(words[at].text).map(|kind| (kind, at + 1, words[at].text))
}

/// What a single word is if only a machine or a programmer would write it.
pub(crate) fn code_kind(word: &str) -> Option<Kind> {
    if word.contains("://") || word.starts_with("www.") && word.len() > 6 {
        return Some(Kind::Address);
    }
    if let Some((user, host)) = word.split_once('@')
        && !user.is_empty()
        && host.contains('.')
    {
        return Some(Kind::Address);
    }
    if is_path(word) {
        return Some(Kind::Path);
    }
    is_identifier(word).then_some(Kind::Identifier)
}

fn is_path(word: &str) -> bool {
    const ENDINGS: &[&str] = &[
        "rs", "py", "js", "ts", "tsx", "jsx", "go", "c", "h", "cpp", "java", "kt", "rb", "sh", "toml", "yaml", "yml",
        "json", "md", "txt", "csv", "pdf", "doc", "docx", "xls", "xlsx", "ods", "odt", "png", "jpg", "jpeg", "svg",
        "html", "css", "sql", "db", "conf", "ini", "log", "lock", "xml", "zip", "gz", "tar", "parquet", "ipynb", "env",
        "tf", "mp3", "mp4", "mov", "epub", "key", "pem",
    ];
    if word.contains(' ') || word.len() < 3 || word.chars().any(|c| matches!(c, '<' | '>' | '"')) {
        return false;
    }
    let bytes = word.as_bytes();
    if word.starts_with("~/") || word.starts_with("./") || word.starts_with("../") {
        return word.len() > 3;
    }
    if bytes.len() > 3 && bytes[0].is_ascii_alphabetic() && bytes[1] == b':' && bytes[2] == b'\\' {
        return true;
    }
    let slashes = bytes.iter().filter(|byte| **byte == b'/').count();
    if word.starts_with('/') && bytes[1].is_ascii_alphabetic() && (slashes >= 2 || word.len() > 4) {
        return true;
    }
    let last = word.rsplit(['/', '\\']).next().unwrap_or(word);
    let ended = last.rsplit_once('.').is_some_and(|(stem, ending)| {
        !stem.is_empty()
            && stem.chars().any(char::is_alphanumeric)
            && ENDINGS.contains(&ending.to_ascii_lowercase().as_str())
    });
    let numeric = word.chars().all(|c| c.is_ascii_digit() || c == '/' || c == '.');
    ended && !numeric || slashes >= 2 && !numeric && word.chars().all(|c| c.is_alphanumeric() || "/._-{}*$".contains(c))
}

fn is_identifier(word: &str) -> bool {
    if word.len() < 3 || !word.chars().any(|c| c.is_ascii_alphabetic()) || word.len() > 120 {
        return false;
    }
    let inner = word.trim_matches(|c: char| !c.is_alphanumeric());
    let snake = inner.contains('_') || inner.contains("::") || word.ends_with("()") || inner.contains("->");
    let digits = inner.chars().any(|c| c.is_ascii_digit());
    let uppers = inner.chars().filter(|c| c.is_ascii_uppercase()).count();
    let lowers = inner.chars().filter(|c| c.is_ascii_lowercase()).count();
    let starts_with_letter = inner.starts_with(|c: char| c.is_ascii_alphabetic());
    let mixed = digits && uppers > 0 && starts_with_letter;
    let humps =
        inner.as_bytes().windows(2).filter(|pair| pair[0].is_ascii_lowercase() && pair[1].is_ascii_uppercase()).count();
    let camel = humps >= 1 && lowers >= 2 && !inner.contains('-') && !inner.contains('\'');
    let versioned = digits
        && starts_with_letter
        && inner.contains('.')
        && inner.chars().all(|c| c.is_ascii_alphanumeric() || ".-".contains(c));
    let hex = inner.len() >= 7 && digits && inner.chars().all(|c| c.is_ascii_hexdigit()) && lowers > 0;
    let coded = digits && inner.contains('-') && starts_with_letter && lowers <= 12;
    snake || mixed || camel || versioned || hex || coded
}

const MONTHS: &[&str] = &[
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
    "jan",
    "feb",
    "mar",
    "apr",
    "jun",
    "jul",
    "aug",
    "sep",
    "sept",
    "oct",
    "nov",
    "dec",
];

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

fn is_month(word: &str) -> bool {
    word.starts_with(|c: char| c.is_uppercase()) && MONTHS.contains(&word.to_lowercase().trim_start_matches("mid-"))
        || word.to_lowercase().strip_prefix("mid-").is_some_and(|rest| MONTHS.contains(&rest))
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

fn date<'t>(sentence: &'t str, words: &[Word<'t>], at: usize) -> Taken<'t> {
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
    if iso || clock || DAYS.contains(&word.text.to_lowercase().as_str()) || is_year(word.text) {
        let meridiem = clock && next.is_some_and(|next| is_meridiem(next.text));
        return upto(if meridiem { at + 1 } else { at });
    }
    None
}

fn is_meridiem(word: &str) -> bool {
    matches!(word.to_lowercase().trim_matches('.'), "am" | "pm" | "a.m" | "p.m" | "o'clock")
}

fn is_clock(word: &str, next: Option<&str>) -> bool {
    let lower = word.to_lowercase();
    let bare = lower.trim_end_matches("am").trim_end_matches("pm");
    let marked = bare.len() < lower.len() || next.is_some_and(is_meridiem);
    let small = |part: &str| (1..=2).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit());
    match bare.split_once(':') {
        Some((hour, minute)) => small(hour) && minute.len() == 2 && small(minute),
        None => marked && small(bare),
    }
}

const COUNTS: &[&str] = &[
    "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve", "fifteen", "twenty",
    "thirty", "forty", "fifty", "hundred", "thousand", "dozen",
];

fn number<'t>(sentence: &'t str, words: &[Word<'t>], at: usize) -> Taken<'t> {
    let word = words[at];
    let spelled = COUNTS.contains(&word.text.to_lowercase().as_str());
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
            let per = words.get(at + 2).filter(|word| matches!(word.text, "per" | "each" | "a")).is_some();
            if per && words.get(at + 3).is_some() && !words[at + 1].stops && !words[at + 2].stops {
                at + 3
            } else {
                at + 1
            }
        }
        _ if spelled => return None,
        _ => at,
    };
    Some((Kind::Number, last + 1, &sentence[word.start..words[last].end]))
}

/// Whether a word behind a number says of what: any noun does, the small words do not.
fn is_unit(word: &str) -> bool {
    const SMALL: &[&str] = &[
        "and",
        "or",
        "of",
        "to",
        "in",
        "on",
        "at",
        "by",
        "for",
        "from",
        "with",
        "the",
        "a",
        "an",
        "is",
        "are",
        "was",
        "were",
        "it",
        "but",
        "so",
        "as",
        "if",
        "then",
        "than",
        "that",
        "this",
        "i",
        "we",
        "you",
        "he",
        "she",
        "they",
        "my",
        "our",
        "because",
        "since",
        "when",
        "where",
        "which",
        "who",
        "instead",
        "now",
        "not",
        "would",
        "will",
        "can",
        "could",
        "should",
        "has",
        "have",
        "had",
        "be",
        "been",
        "until",
        "after",
        "before",
        "though",
        "yesterday",
        "today",
    ];
    word.chars().any(char::is_alphabetic)
        && word.chars().count() <= 16
        && !SMALL.contains(&word.to_lowercase().as_str())
        || word.starts_with('%')
        || word.starts_with('°')
}

/// Words that begin sentences or stand alone in capitals without being anybody's name.
const NOT_NAMES: &[&str] = &[
    "i",
    "i'm",
    "i've",
    "i'd",
    "i'll",
    "ok",
    "okay",
    "yes",
    "no",
    "the",
    "a",
    "an",
    "this",
    "that",
    "these",
    "those",
    "it",
    "its",
    "he",
    "she",
    "they",
    "we",
    "you",
    "your",
    "my",
    "our",
    "and",
    "but",
    "or",
    "so",
    "if",
    "when",
    "while",
    "then",
    "there",
    "here",
    "what",
    "how",
    "why",
    "who",
    "where",
    "which",
    "can",
    "could",
    "would",
    "should",
    "do",
    "does",
    "did",
    "is",
    "are",
    "was",
    "were",
    "have",
    "has",
    "had",
    "in",
    "on",
    "at",
    "to",
    "for",
    "from",
    "with",
    "by",
    "as",
    "of",
    "not",
    "also",
    "please",
    "thanks",
    "thank",
    "hi",
    "hello",
    "hey",
    "great",
    "sure",
    "well",
    "btw",
    "faq",
    "tbd",
    "todo",
    "fyi",
    "note",
    "tip",
    "example",
    "step",
    "day",
    "week",
    "additionally",
    "however",
    "overall",
    "remember",
    "let",
    "let's",
    "it's",
    "don't",
    "i’m",
    "i’ve",
    "i’d",
    "i’ll",
    "it’s",
    "some",
    "many",
    "most",
    "each",
    "every",
    "all",
    "both",
    "any",
];

fn name<'t>(sentence: &'t str, words: &[Word<'t>], at: usize) -> Taken<'t> {
    let capital = |word: &Word<'_>| {
        word.text.starts_with(char::is_uppercase) && !NOT_NAMES.contains(&word.text.to_lowercase().as_str())
    };
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
                last += 1
            }
            Some(next)
                if matches!(next.text, "of" | "the" | "de" | "la" | "van" | "von" | "to" | "&" | "for" | "and")
                    && !matches!(next.text, "and" if last == at)
                    && words.get(last + 2).is_some_and(capital) =>
            {
                last += 2;
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

fn is_model_number(word: &str) -> bool {
    word.len() <= 6
}

/// Whether a capitalised first word acts like a person or a thing: a verb of the third person follows.
fn names_itself(words: &[Word<'_>], at: usize) -> bool {
    const VERBS: &[&str] = &[
        "is", "was", "has", "will", "said", "says", "wants", "needs", "should", "gets", "got", "goes", "went", "can't",
        "didn't", "doesn't", "won't", "had", "agreed", "promised", "thinks", "told", "asked", "to", "it", "wins",
    ];
    !words[at].stops
        && words.get(at + 1).is_some_and(|next| VERBS.contains(&next.text))
        && words[at].text.len() > 2
        && {
            const OPENERS: &[&str] = &[
                "nobody",
                "everyone",
                "everything",
                "something",
                "someone",
                "anyone",
                "nothing",
                "one",
                "need",
                "next",
                "next",
                "who",
                "mine",
                "time",
                "dinner",
                "everybody",
                "somebody",
                "anybody",
                "make",
                "go",
                "going",
                "happy",
                "able",
                "want",
                "used",
                "trying",
                "try",
                "ready",
                "add",
            ];
            !OPENERS.contains(&words[at].text.to_lowercase().as_str())
        }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kinds(sentence: &str) -> Vec<(Kind, &str)> {
        typed(sentence).into_iter().map(|typed| (typed.kind, typed.text)).collect()
    }

    #[test]
    fn a_technical_sentence_gives_its_paths_and_identifiers() {
        assert_eq!(
            kinds(
                "See /etc/mimir/a.conf and src/main.rs, `cargo test` calls advance_watermark at https://x.example/y."
            ),
            [
                (Kind::Path, "/etc/mimir/a.conf"),
                (Kind::Path, "src/main.rs"),
                (Kind::Identifier, "cargo test"),
                (Kind::Identifier, "advance_watermark"),
                (Kind::Address, "https://x.example/y"),
            ]
        );
    }

    #[test]
    fn numbers_keep_their_units() {
        assert_eq!(
            kinds("It took 37 ms, then $1,200 and 640 rows per second or 73 % on 3 March 2026 at 7:40 pm."),
            [
                (Kind::Number, "37 ms"),
                (Kind::Number, "$1,200"),
                (Kind::Number, "640 rows per second"),
                (Kind::Number, "73 %"),
                (Kind::Date, "3 March 2026"),
                (Kind::Date, "7:40 pm"),
            ]
        );
    }

    #[test]
    fn names_need_more_than_the_capital_that_begins_a_sentence() {
        assert_eq!(
            kinds("Yesterday my sister Amara saw Lord of the Rings in New York."),
            [
                (Kind::Date, "Yesterday"),
                (Kind::Name, "Amara"),
                (Kind::Name, "Lord of the Rings"),
                (Kind::Name, "New York")
            ]
        );
        assert_eq!(kinds("Tove will call."), [(Kind::Name, "Tove")]);
        assert_eq!(kinds("Maybe later."), []);
    }

    #[test]
    fn anything_at_all_is_read_without_a_panic() {
        for text in ["", "`", "``", "\"", "*", "é’s ’s", "$", "12", "12 é", "— —", "a/b and/or ///", "\u{301}x"]
        {
            let _ = typed(text);
        }
    }
}
