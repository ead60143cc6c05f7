//! A dictionary file: names with aliases, words to keep, patterns. Errors say the line and the column.

use std::path::Path;

use serde::Deserialize;

use super::error::{ConfigError, Place};
use super::source::Source;
use crate::engine::redaction::{Detector, Dictionary, Name, Pattern, PatternError};

/// What is wrong with a dictionary, and where.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("line {line}, column {column}: {message}")]
pub struct DictionaryError {
    /// The line, from 1.
    pub line: usize,
    /// The column, from 1.
    pub column: usize,
    /// What is wrong there and what to do.
    pub message: String,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct File {
    names: Vec<FileName>,
    keep: Vec<String>,
    patterns: Vec<FilePattern>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct FileName {
    name: String,
    #[serde(default)]
    aliases: Vec<String>,
    #[serde(default)]
    kind: String,
    #[serde(default)]
    domains: Vec<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct FilePattern {
    kind: String,
    regex: String,
}

/// The keys a dictionary knows, for the nearest to a mistyped one.
const KEYS: [&str; 8] = ["names", "keep", "patterns", "name", "aliases", "kind", "domains", "regex"];

/// Reads a dictionary and compiles its patterns.
pub fn parse(text: &str) -> Result<(Dictionary, Detector), DictionaryError> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let file: Option<File> = serde_yaml::from_str(text).map_err(|error| located(&error))?;
    let dictionary = checked(file.unwrap_or_default(), text)?;
    let detector = Detector::new(&dictionary).map_err(|error| at_pattern(&dictionary, &error, text))?;
    Ok((dictionary, detector))
}

/// Reads a dictionary's file.
pub fn read(file: &Path) -> Result<Dictionary, ConfigError> {
    let source = Source::read(file)?;
    match parse(&source.text) {
        Ok((dictionary, _)) => Ok(dictionary),
        Err(DictionaryError { line, column, message }) => {
            Err(source.error(Some(Place { line, column }), format!("{message}.")))
        }
    }
}

fn located(error: &serde_yaml::Error) -> DictionaryError {
    let (line, column) = error.location().map_or((1, 1), |place| (place.line(), place.column()));
    let said = error.to_string();
    // Our own line and column come first; the parser's at the end would say them twice.
    let message = said.split(" at line ").next().unwrap_or(&said).to_owned();
    let unknown = message.split("unknown field `").nth(1).and_then(|rest| rest.split('`').next());
    let message = match unknown {
        Some(key) => format!("`{key}` is not a key of a dictionary; the nearest is `{}`", nearest(key)),
        None => message,
    };
    DictionaryError { line: line.max(1), column: column.max(1), message }
}

fn nearest(key: &str) -> &'static str {
    KEYS.into_iter().min_by_key(|known| strsim::damerau_levenshtein(known, key)).unwrap_or("names")
}

fn checked(file: File, text: &str) -> Result<Dictionary, DictionaryError> {
    for name in &file.names {
        for written in std::iter::once(&name.name).chain(&name.aliases).chain(&name.domains) {
            if !written.chars().any(char::is_alphanumeric) {
                let (line, column) = place_of(text, written).unwrap_or((1, 1));
                let message = format!(
                    "the name {written:?} has no letter or digit, so nothing can be found by it; write the name or remove the line"
                );
                return Err(DictionaryError { line, column, message });
            }
        }
    }
    let names = file
        .names
        .into_iter()
        .map(|name| Name { name: name.name, aliases: name.aliases, kind: name.kind, domains: name.domains })
        .collect();
    let patterns =
        file.patterns.into_iter().map(|pattern| Pattern { kind: pattern.kind, regex: pattern.regex }).collect();
    Ok(Dictionary { names, keep: file.keep, patterns })
}

fn at_pattern(dictionary: &Dictionary, error: &PatternError, text: &str) -> DictionaryError {
    let regex = dictionary.patterns.get(error.pattern).map_or("", |pattern| pattern.regex.as_str());
    let (line, column) = place_of(text, regex).unwrap_or((1, 1));
    DictionaryError { line, column, message: error.to_string() }
}

/// Where a value stands in the file: its first occurrence as it is written, or with YAML's escapes.
fn place_of(text: &str, value: &str) -> Option<(usize, usize)> {
    let escaped = value.replace('\\', "\\\\").replace('"', "\\\"");
    let quoted = [format!("'{value}'"), format!("\"{escaped}\""), value.to_owned()];
    let at = quoted.iter().filter(|form| !form.is_empty()).find_map(|form| text.find(form.as_str()))?;
    let before = &text[..at];
    let line = before.matches('\n').count() + 1;
    Some((line, before.chars().rev().take_while(|c| *c != '\n').count() + 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_documented_dictionary_is_read() {
        let text = "names:\n  - {name: Halvorsen AS, aliases: [Halvorsen], kind: client, domains: [halvorsen.example]}\n  - {name: Heron, kind: project}\nkeep: [Tuesday, Kubernetes]\npatterns:\n  - {kind: case, regex: 'ACME-\\d{4}'}\n";
        let (dictionary, _) = parse(text).unwrap();
        assert_eq!(dictionary.names[0].aliases, ["Halvorsen"]);
        assert_eq!((dictionary.names.len(), dictionary.keep.len(), dictionary.patterns.len()), (2, 2, 1));
        assert!(parse("").unwrap().0.names.is_empty());
    }

    #[test]
    fn an_error_says_where_and_what_to_do() {
        for (text, wanted) in [
            (
                "names:\n  - {nmae: Heron}\n",
                "line 2, column 6: `nmae` is not a key of a dictionary; the nearest is `name`",
            ),
            (
                "patterns:\n  - kind: case\n    regex: 'A(\\d'\n",
                "line 3, column 12: the pattern for case is no regular expression: unclosed group",
            ),
            (
                "names:\n  - {name: '--'}\n",
                "line 2, column 12: the name \"--\" has no letter or digit, so nothing can be found by it; write the name or remove the line",
            ),
        ] {
            assert_eq!(parse(text).unwrap_err().to_string(), wanted);
        }
        let broken = parse("names: [\n").unwrap_err();
        assert!(broken.line >= 1 && !broken.message.is_empty());
    }
}
