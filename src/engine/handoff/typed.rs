//! Typed facts in a sentence: paths, addresses, numbers with units, dates, identifiers, names.

use super::figure::{date, number};
use super::name::name;
use super::word::{List, Word, list, listed, words};

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

/// A typed fact: its kind, the word behind it, its text.
pub(crate) type Taken<'t> = Option<(Kind, usize, &'t str)>;

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
    static ENDINGS: List = List::new(|| {
        list(
            "rs py js ts tsx jsx go c h cpp java kt rb sh toml yaml yml json md txt csv pdf doc docx xls xlsx ods \
        odt png jpg jpeg svg html css sql db conf ini log lock xml zip gz tar parquet ipynb env tf mp3 mp4 \
        mov epub key pem",
        )
    });
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
    let slashes = word.matches('/').count();
    if word.starts_with('/') && bytes[1].is_ascii_alphabetic() && (slashes >= 2 || word.len() > 4) {
        return true;
    }
    let last = word.rsplit(['/', '\\']).next().unwrap_or(word);
    let ended = last.rsplit_once('.').is_some_and(|(stem, ending)| {
        !stem.is_empty() && stem.chars().any(char::is_alphanumeric) && listed(&ENDINGS, &ending.to_ascii_lowercase())
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
    let uppers = inner.bytes().filter(u8::is_ascii_uppercase).count();
    let lowers = inner.bytes().filter(u8::is_ascii_lowercase).count();
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
