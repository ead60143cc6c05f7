//! What is wrong with a file that a person wrote: where, what was expected, and which known name is nearest.

use std::fmt;
use std::path::{Path, PathBuf};

use unicode_width::UnicodeWidthChar;

/// The widest excerpt, in terminal columns; a longer line is cut around the place that is wrong.
const EXCERPT_COLUMNS: usize = 100;

/// A file that cannot be used as it stands, and why. Everything shown of it is free of control characters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConfigError {
    /// The file.
    pub file: PathBuf,
    /// The line, from 1; 0 if the error concerns the whole file.
    pub line: usize,
    /// The column in characters, from 1; 0 if the error concerns the whole file.
    pub column: usize,
    /// What was expected there, and what stands there instead.
    pub message: String,
    /// The known name that is nearest to an unknown one.
    pub nearest: Option<String>,
    /// The line that is wrong with a caret under the place; empty if the error concerns the whole file.
    pub excerpt: String,
}

impl ConfigError {
    /// An error that concerns the file as a whole: it cannot be read, or it is empty.
    pub fn whole(file: &Path, message: impl AsRef<str>) -> Self {
        Self {
            file: file.to_owned(),
            line: 0,
            column: 0,
            message: visible(message.as_ref()),
            nearest: None,
            excerpt: String::new(),
        }
    }

    /// An error at a place of the file whose text this is.
    pub fn at(file: &Path, text: &str, place: Place, message: impl AsRef<str>) -> Self {
        Self { line: place.line, column: place.column, excerpt: excerpt(text, place), ..Self::whole(file, message) }
    }

    /// What the YAML reader found, in words for a person.
    pub fn from_yaml(file: &Path, text: &str, error: &serde_yaml::Error) -> Self {
        let (message, nearest) = explain(&error.to_string());
        let located = match error.location() {
            Some(location) => Self::at(file, text, Place { line: location.line(), column: location.column() }, message),
            None => Self::whole(file, message),
        };
        Self { nearest: nearest.map(|name| visible(&name)), ..located }
    }

    /// The same error with the nearest of the known names, if one is near.
    #[must_use]
    pub fn near<'a>(mut self, name: &str, known: impl IntoIterator<Item = &'a str>) -> Self {
        self.nearest = nearest(name, known).map(visible);
        self
    }

    /// The error on one line, for a notice.
    pub fn headline(&self) -> Headline<'_> {
        Headline(self)
    }
}

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.headline())?;
        if self.excerpt.is_empty() { Ok(()) } else { write!(f, "\n{}", self.excerpt) }
    }
}

impl std::error::Error for ConfigError {}

/// A [`ConfigError`] on one line: `config.yaml:3:1: …`.
#[derive(Debug)]
pub struct Headline<'a>(&'a ConfigError);

impl fmt::Display for Headline<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let error = self.0;
        f.write_str(&visible(&error.file.display().to_string()))?;
        if error.line > 0 {
            write!(f, ":{}:{}", error.line, error.column)?;
        }
        write!(f, ": {}", error.message)?;
        match &error.nearest {
            Some(name) => write!(f, " Did you mean `{name}`?"),
            None => Ok(()),
        }
    }
}

/// A place in a file, counted from 1; the column counts characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    /// The line.
    pub line: usize,
    /// The column.
    pub column: usize,
}

impl Place {
    /// The place of the byte at this offset.
    pub fn of_byte(text: &str, offset: usize) -> Self {
        let before = text.get(..offset).unwrap_or(text);
        let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
        Self { line: before.matches('\n').count() + 1, column: before[line_start..].chars().count() + 1 }
    }
}

/// The known name that is nearest to `name`, if it is near enough to be what was meant.
pub fn nearest<'a>(name: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let folded = name.to_lowercase();
    known
        .into_iter()
        .map(|candidate| (strsim::jaro_winkler(&folded, &candidate.to_lowercase()), candidate))
        .filter(|(score, candidate)| {
            *score >= 0.8 || (candidate.len() > 2 && strsim::damerau_levenshtein(&folded, candidate) <= 1)
        })
        .max_by(|(a, _), (b, _)| a.total_cmp(b))
        .map(|(_, candidate)| candidate)
}

/// The text as it may be shown: characters that command a terminal or turn text around become `�`, tabs a space.
pub fn visible(text: &str) -> String {
    text.chars().map(visible_char).collect()
}

fn visible_char(c: char) -> char {
    match c {
        '\t' => ' ',
        c if c.is_control() => '\u{FFFD}',
        '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2060}'..='\u{2069}' | '\u{FEFF}' | '\u{061C}' => {
            '\u{FFFD}'
        }
        c => c,
    }
}

/// The line of the place, and a line with carets under the word that begins there.
fn excerpt(text: &str, place: Place) -> String {
    let Some(line) = text.split('\n').nth(place.line.saturating_sub(1)) else { return String::new() };
    let mut shown: Vec<char> = line.trim_end_matches('\r').chars().map(visible_char).collect();
    hide_keys(&mut shown);
    let mut at = place.column.saturating_sub(1).min(shown.len());
    let (mut head, mut tail) = ("", "");
    if shown.len() > EXCERPT_COLUMNS {
        let start = at.saturating_sub(EXCERPT_COLUMNS / 2).min(shown.len() - EXCERPT_COLUMNS);
        let end = start + EXCERPT_COLUMNS;
        head = if start > 0 { "…" } else { "" };
        tail = if end < shown.len() { "…" } else { "" };
        shown = shown[start..end].to_vec();
        at -= start;
    }
    let width = |chars: &[char]| chars.iter().map(|c| c.width().unwrap_or(0)).sum::<usize>();
    let word: Vec<char> =
        shown[at..].iter().copied().take_while(|c| c.is_alphanumeric() || "_-/".contains(*c)).collect();
    let pad = " ".repeat(width(&shown[..at]) + usize::from(!head.is_empty()));
    let carets = "^".repeat(width(&word).max(1));
    let number = place.line.to_string();
    let margin = " ".repeat(number.len());
    let shown: String = shown.into_iter().collect();
    format!("{margin} |\n{number} | {head}{shown}{tail}\n{margin} | {pad}{carets}")
}

/// Blots out what may be a provider's key that a person pasted: a long word of letters and digits.
fn hide_keys(line: &mut [char]) {
    for word in line.split_mut(|c| !(c.is_ascii_alphanumeric() || "_-.".contains(*c))) {
        let has = |is: fn(&char) -> bool| word.iter().any(is);
        if word.len() >= 20 && has(char::is_ascii_digit) && has(char::is_ascii_alphabetic) {
            word.fill('•');
        }
    }
}

/// The YAML reader's message in words for a person, and the nearest known name where one was unknown.
fn explain(raw: &str) -> (String, Option<String>) {
    let raw = without_places(raw);
    let (path, said) = split_path(&raw);
    let (message, nearest) = reworded(said);
    (format!("{path}{message}"), nearest)
}

fn reworded(said: &str) -> (String, Option<String>) {
    if let Some(rest) = said.strip_prefix("unknown field ").or_else(|| said.strip_prefix("unknown variant ")) {
        let names = quoted(rest);
        if let Some((name, known)) = names.split_first() {
            let near = nearest(name, known.iter().copied()).map(str::to_owned);
            let message = match (said.starts_with("unknown field"), known.is_empty()) {
                (true, true) => format!("`{name}` is not a key here; nothing may stand here."),
                (true, false) => format!("`{name}` is not a key here. Keys: {}.", known.join(", ")),
                (false, _) => format!("`{name}` is not a choice here. Choices: {}.", known.join(", ")),
            };
            return (message, near);
        }
    }
    if let Some(name) = said.strip_prefix("missing field ") {
        return (format!("the key {name} is missing here."), None);
    }
    if let Some(name) = said.strip_prefix("duplicate field ").or_else(|| said.strip_prefix("duplicate entry with key "))
    {
        return (format!("the key {} stands here twice.", name.replace('"', "`")), None);
    }
    let invalid = said.strip_prefix("invalid type: ").or_else(|| said.strip_prefix("invalid value: "));
    if let Some((found, expected)) = invalid.and_then(|rest| rest.split_once(", expected ")) {
        return (format!("expected {}, found {}.", in_words(expected), in_words(found)), None);
    }
    let sentence = if said.ends_with(['.', '?']) { said.to_owned() } else { format!("{said}.") };
    (sentence, None)
}

/// What Rust calls a type, in words for a person who writes YAML.
fn in_words(typed: &str) -> String {
    match typed {
        "u8" | "u16" | "u32" | "u64" | "usize" | "nonzero u32" => "a whole number of 0 or more".to_owned(),
        "i8" | "i16" | "i32" | "i64" => "a whole number".to_owned(),
        "f32" | "f64" => "a number".to_owned(),
        "a boolean" => "true or false".to_owned(),
        "a string" => "a text".to_owned(),
        "map" | "a map" => "a mapping (`key: value`)".to_owned(),
        "sequence" | "a sequence" => "a list".to_owned(),
        "unit value" | "null" => "nothing".to_owned(),
        other if other.starts_with("struct ") => "a mapping (`key: value`)".to_owned(),
        other if other.starts_with("string ") => format!("the text {}", &other["string ".len()..]),
        other => other.to_owned(),
    }
}

/// The names in backquotes, in order.
fn quoted(text: &str) -> Vec<&str> {
    text.split('`').skip(1).step_by(2).collect()
}

/// Splits `panes.client: said` after the path. A path has no spaces, or it is not a path.
fn split_path(raw: &str) -> (&str, &str) {
    match raw.split_once(": ") {
        Some((path, _)) if !path.contains([' ', '`']) => raw.split_at(path.len() + 2),
        _ => ("", raw),
    }
}

/// Removes every ` at line 3 column 5`: the place stands in the headline.
fn without_places(raw: &str) -> String {
    let mut kept = String::with_capacity(raw.len());
    let mut rest = raw;
    while let Some((before, after)) = rest.split_once(" at line ") {
        kept.push_str(before);
        rest = after.trim_start_matches(|c: char| c.is_ascii_digit());
        rest = rest.strip_prefix(" column ").unwrap_or(rest).trim_start_matches(|c: char| c.is_ascii_digit());
    }
    kept.push_str(rest);
    kept
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    #[derive(Debug, serde::Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Shelf {
        #[expect(dead_code, reason = "only its errors matter")]
        size: u32,
        #[serde(default)]
        #[expect(dead_code, reason = "only its errors matter")]
        colour: Colour,
    }

    #[derive(Debug, Default, serde::Deserialize)]
    #[serde(rename_all = "snake_case")]
    enum Colour {
        #[default]
        Green,
        Blue,
    }

    fn wrong(text: &str) -> String {
        let error = serde_yaml::from_str::<BTreeMap<String, Shelf>>(text).unwrap_err();
        ConfigError::from_yaml(Path::new("shelves.yaml"), text, &error).to_string()
    }

    #[test]
    fn an_unknown_key_is_named_with_its_place_and_the_nearest_known_one() {
        insta::assert_snapshot!(wrong("a:\n  size: 1\n  color: blue\n"), @r"
        shelves.yaml:3:3: a: `color` is not a key here. Keys: size, colour. Did you mean `colour`?
          |
        3 |   color: blue
          |   ^^^^^
        ");
    }

    #[test]
    fn an_unknown_choice_a_wrong_type_and_a_missing_key_say_what_was_expected() {
        insta::assert_snapshot!(wrong("a: {size: 1, colour: bleu}"), @r"
        shelves.yaml:1:22: a.colour: `bleu` is not a choice here. Choices: green, blue. Did you mean `blue`?
          |
        1 | a: {size: 1, colour: bleu}
          |                      ^^^^
        ");
        insta::assert_snapshot!(wrong("a: {size: wide}"), @r#"
        shelves.yaml:1:11: a.size: expected a whole number of 0 or more, found the text "wide".
          |
        1 | a: {size: wide}
          |           ^^^^
        "#);
        insta::assert_snapshot!(wrong("a: {colour: blue}"), @r"
        shelves.yaml:1:4: a: the key `size` is missing here.
          |
        1 | a: {colour: blue}
          |    ^
        ");
    }

    #[test]
    fn broken_yaml_is_shown_where_it_breaks() {
        insta::assert_snapshot!(wrong("a:\n\tsize: 1\n"), @r"
        shelves.yaml:2:1: found character that cannot start any token, while scanning for the next token.
          |
        2 |  size: 1
          | ^
        ");
    }

    #[test]
    fn what_would_command_the_terminal_is_shown_as_a_replacement() {
        let shown = wrong("a: {\"si\u{1b}[2Jze\\e]0;\u{202E}x\": 1}");
        assert!(!shown.contains(['\u{1b}', '\u{202E}', '\u{7}']), "{shown:?}");
        assert!(shown.contains('\u{FFFD}'), "{shown}");
    }

    #[test]
    fn a_long_line_is_cut_around_the_place() {
        let long: String = ('a'..='z').cycle().take(600).collect();
        let shown = excerpt(&long, Place { line: 1, column: 200 });
        assert!(shown.lines().all(|line| line.chars().count() <= EXCERPT_COLUMNS + 6), "{shown}");
        let middle: Vec<&str> = shown.lines().collect();
        let caret = middle[2].chars().position(|c| c == '^').unwrap();
        assert_eq!(middle[1].chars().nth(caret), long.chars().nth(199));
    }

    #[test]
    fn a_pasted_key_is_blotted_out() {
        insta::assert_snapshot!(wrong("a: {api_key: sk-proj-0123456789abcdef, size: 1}"), @r"
        shelves.yaml:1:5: a: `api_key` is not a key here. Keys: size, colour.
          |
        1 | a: {api_key: ••••••••••••••••••••••••, size: 1}
          |     ^^^^^^^
        ");
    }

    #[test]
    fn wide_characters_keep_the_caret_in_place() {
        insta::assert_snapshot!(excerpt("名前: x", Place { line: 1, column: 5 }), @r"
          |
        1 | 名前: x
          |       ^
        ");
    }

    #[test]
    fn a_name_far_from_every_other_has_no_nearest() {
        assert_eq!(nearest("zzz", ["model", "theme"]), None);
        assert_eq!(nearest("modle", ["model", "theme"]), Some("model"));
        assert_eq!(nearest("Providers", ["provider", "theme"]), Some("provider"));
    }
}
