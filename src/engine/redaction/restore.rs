//! The way back: exactly, or tolerantly where a model has mangled pseudonyms, or as a stream.

use std::collections::BTreeSet;
use std::ops::Range;

use super::byte_set::ByteSet;
use super::detector::Detector;
use super::pseudonym::{self, Pseudonym};
use super::vault::Vault;

/// Puts the values back: the inverse of masking, in one pass. A pseudonym is compared, never taken for a pattern.
pub fn restore(masked: &str, vault: &Vault) -> String {
    let mut restored = String::with_capacity(masked.len());
    let mut from = 0;
    for (pseudonym, span) in super::detector::pseudonyms(masked) {
        if let Some(value) = vault.value(&pseudonym) {
            restored.push_str(&masked[from..span.start]);
            restored.push_str(value);
            from = span.end;
        }
    }
    restored.push_str(&masked[from..]);
    restored
}

/// Restores a text that comes in pieces, wherever they are cut.
#[derive(Debug)]
pub struct RestoreStream<'a> {
    vault: &'a Vault,
    held: String,
}

impl<'a> RestoreStream<'a> {
    /// A stream over this vault.
    pub fn new(vault: &'a Vault) -> Self {
        Self { vault, held: String::new() }
    }

    /// Takes the next piece and gives what is certain: all but what may be the beginning of a pseudonym.
    pub fn push(&mut self, piece: &str) -> String {
        self.held.push_str(piece);
        let certain = match self.held.rfind('[') {
            Some(at) if may_go_on(&self.held[at..]) => at,
            _ => self.held.len(),
        };
        let rest = self.held.split_off(certain);
        let restored = restore(&self.held, self.vault);
        self.held = rest;
        restored
    }

    /// Gives what was held back.
    pub fn finish(self) -> String {
        restore(&self.held, self.vault)
    }
}

/// Whether more text could make this a pseudonym.
fn may_go_on(open: &str) -> bool {
    open.len() < pseudonym::LONGEST && open.bytes().skip(1).all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}

/// What became of the pseudonyms in a report.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Restored {
    /// The text with the values that could be put back.
    pub text: String,
    /// What names one of our labels but no value: a lost number, a variant that was never given.
    pub unresolved: Vec<String>,
    /// What looks like a pseudonym, and was never given out.
    pub invented: Vec<String>,
}

/// Puts the values back in a report, whatever a model did to the pseudonyms: case, spaces, markdown, lost brackets.
///
/// One pass: what is put in is not looked at again.
pub fn restore_tolerant(text: &str, vault: &Vault) -> Restored {
    let mut restored =
        Restored { text: String::with_capacity(text.len()), unresolved: Vec::new(), invented: Vec::new() };
    let mut from = 0;
    for (span, loose) in loose(text) {
        let shown = &text[span.clone()];
        match loose.resolve(vault) {
            Resolution::Value(value) => {
                restored.text.push_str(&text[from..span.start]);
                restored.text.push_str(value);
                from = span.end;
            }
            Resolution::Unresolved => restored.unresolved.push(shown.to_owned()),
            Resolution::Invented => restored.invented.push(shown.to_owned()),
            Resolution::Text => {}
        }
    }
    restored.text.push_str(&text[from..]);
    for list in [&mut restored.unresolved, &mut restored.invented] {
        let mut seen = BTreeSet::new();
        list.retain(|shown| seen.insert(shown.clone()));
    }
    restored
}

/// Places that tolerant restoring would replace: in a source they are hidden as text of their own. The numbers that stand
/// in the source and were never given out are reserved.
pub(super) fn lookalikes(text: &str, detector: &Detector, vault: &mut Vault) -> Vec<Range<usize>> {
    let mut places = Vec::new();
    for (span, loose) in loose(text) {
        if matches!(loose.resolve(vault), Resolution::Value(_)) {
            places.push(span);
        } else if let Some(number) = loose.number
            && (detector.has_label(&loose.label) || vault.has_label(&loose.label))
        {
            vault.reserve(loose.label, number);
        }
    }
    places
}

/// A pseudonym as a model may have written it.
#[derive(Debug)]
struct Loose {
    label: String,
    number: Option<u32>,
    variant: String,
    bracketed: bool,
}

enum Resolution<'a> {
    Value(&'a str),
    Unresolved,
    Invented,
    Text,
}

impl Loose {
    fn resolve<'a>(&self, vault: &'a Vault) -> Resolution<'a> {
        let ours = vault.has_label(&self.label);
        let (Some(number), Some(variant)) = (self.number, pseudonym::variant(&self.variant)) else {
            return if ours && self.bracketed { Resolution::Unresolved } else { Resolution::Text };
        };
        let first = Pseudonym { label: self.label.clone(), number, variant: 0 };
        let asked = Pseudonym { variant, ..first.clone() };
        match (vault.value(&asked), vault.value(&first)) {
            (Some(value), _) => Resolution::Value(value),
            (None, Some(_)) => Resolution::Unresolved,
            (None, None) if ours || self.bracketed => Resolution::Invented,
            (None, None) => Resolution::Text,
        }
    }
}

/// What every loose pseudonym has: its bracket, or what stands behind the first word of its label.
const TELLING: ByteSet = ByteSet::of(b"[_\\");

/// Every loose pseudonym of a text, in order.
fn loose(text: &str) -> Vec<(Range<usize>, Loose)> {
    let bytes = text.as_bytes();
    let mut found: Vec<(Range<usize>, Loose)> = Vec::new();
    let mut from = 0;
    while let Some(at) = TELLING.next_in(bytes, from) {
        let behind = found.last().map_or(0, |(last, _)| last.end);
        let read = if bytes[at] == b'[' {
            bracketed(text, at).map(|(end, loose)| {
                let escaped = at > behind && text[at..end].ends_with("\\]") && text[..at].ends_with('\\');
                (at - usize::from(escaped)..end, loose)
            })
        } else {
            word_before(&bytes[..at]).filter(|word| at - word >= behind).and_then(|word| bare(text, at - word))
        };
        from = read.as_ref().map_or(at + 1, |(span, _)| span.end);
        found.extend(read);
    }
    found
}

/// The length of the word of capitals and digits that a text ends with and that may be the first of a label.
fn word_before(text: &[u8]) -> Option<usize> {
    let part = |byte: &&u8| byte.is_ascii_uppercase() || byte.is_ascii_digit();
    let length = text.iter().rev().take(pseudonym::LONGEST).take_while(part).count();
    let (before, word) = text.split_at(text.len() - length);
    let begins = !before.last().is_some_and(|byte| byte.is_ascii_alphanumeric() || *byte == b'_');
    (begins && word.first().is_some_and(u8::is_ascii_uppercase)).then_some(length)
}

/// `[ Client_1 ]`, `[**CLIENT 1b**]`, `\[CLIENT\_1\]`, `[CLIENT]`: the content of a short bracket.
fn bracketed(text: &str, at: usize) -> Option<(usize, Loose)> {
    let rest = &text[at + 1..];
    let close = rest.bytes().take(pseudonym::LONGEST + 16).position(|byte| matches!(byte, b']' | b'[' | b'\n'))?;
    if rest.as_bytes()[close] != b']' {
        return None;
    }
    let inner: String = rest[..close].chars().filter(|c| !matches!(c, '\\' | '*' | '`' | '\u{200b}')).collect();
    let inner = inner.trim().trim_matches('_');
    let loose = parts(inner, true)?;
    Some((at + close + 2, loose))
}

/// `CLIENT_1` without its brackets: in capitals with its underscore, or it is a word of the text.
fn bare(text: &str, at: usize) -> Option<(Range<usize>, Loose)> {
    let rest = &text[at..];
    let label = rest
        .bytes()
        .take(pseudonym::LONGEST)
        .take_while(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit())
        .count();
    if !matches!(rest.as_bytes().get(label), Some(b'_' | b'\\')) {
        return None;
    }
    let length = rest
        .bytes()
        .take(pseudonym::LONGEST + 4)
        .take_while(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'\\'))
        .count();
    // A backslash behind it is the text's: it ends a line, or escapes what follows.
    let length = rest[..length].trim_end_matches('\\').len();
    let word: String = rest[..length].trim_end_matches(['_', '\\']).chars().filter(|c| *c != '\\').collect();
    let (label, number) = word.rsplit_once('_')?;
    if !number.starts_with(|c: char| c.is_ascii_digit()) || label.bytes().any(|byte| byte.is_ascii_lowercase()) {
        return None;
    }
    let loose = parts(&word, false)?;
    loose.number.is_some().then_some((at..at + length, loose))
}

fn parts(inner: &str, bracketed: bool) -> Option<Loose> {
    let letters = inner.bytes().rev().take_while(u8::is_ascii_alphabetic).count();
    let digits = inner[..inner.len() - letters].bytes().rev().take_while(u8::is_ascii_digit).count();
    let (label, number, variant) = if digits == 0 {
        (inner, None, "")
    } else {
        let end = inner.len() - letters;
        (&inner[..end - digits], inner[end - digits..end].parse().ok(), &inner[end..])
    };
    let label = label.trim_end_matches(['_', ' ', '-', '#', '.']);
    let plain = label.starts_with(|c: char| c.is_ascii_alphabetic())
        && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b' ' | b'-'));
    if !plain
        || label.len() > 24
        || variant.len() > 4
        || (digits > 0 && label.len() == inner.len() - letters - digits && !bracketed)
    {
        return None;
    }
    let label = label.to_ascii_uppercase().replace([' ', '-'], "_");
    Some(Loose { label, number, variant: variant.to_ascii_lowercase(), bracketed })
}

#[cfg(test)]
mod tests {
    use super::super::kind::Kind;
    use super::super::vault::Entry;
    use super::*;

    fn vault() -> Vault {
        let entry = |pseudonym: &str, value: &str, group: &str| Entry {
            pseudonym: pseudonym.to_owned(),
            value: value.to_owned(),
            kind: Kind::Named("client".to_owned()),
            group: group.to_owned(),
            common: false,
        };
        let entries = vec![
            entry("[CLIENT_1]", "Halvorsen AS", "a"),
            entry("[CLIENT_1b]", "HALVORSEN", "a"),
            entry("[CLIENT_11]", "$1 \\0 [CLIENT_1]", "b"),
            entry("[LAW_FIRM_1]", "Brand & Co", "c"),
        ];
        Vault::from_entries("x", entries).unwrap()
    }

    #[test]
    fn exact_restoring_changes_exact_pseudonyms_only() {
        let text = "[CLIENT_1], [CLIENT_11], [CLIENT_1b] [client_1] CLIENT_1 [CLIENT_2] [CLIENT_[CLIENT_1]";
        let wanted = "Halvorsen AS, $1 \\0 [CLIENT_1], HALVORSEN [client_1] CLIENT_1 [CLIENT_2] [CLIENT_Halvorsen AS";
        assert_eq!(restore(text, &vault()), wanted);
    }

    #[test]
    fn a_model_may_mangle_a_pseudonym_and_it_still_comes_back() {
        for text in
            ["[CLIENT_1]", "[ client_1 ]", "\\[CLIENT\\_1\\]", "[**Client 1**]", "CLIENT_1", "[client-1]", "[CLIENT 1]"]
        {
            assert_eq!(restore_tolerant(text, &vault()).text, "Halvorsen AS", "{text}");
        }
        assert_eq!(restore_tolerant("**[CLIENT_1B]**: [law firm 1]", &vault()).text, "**HALVORSEN**: Brand & Co");
        assert_eq!(
            restore_tolerant("The client 1 asked; see [1] and [x](y).", &vault()).text,
            "The client 1 asked; see [1] and [x](y)."
        );
    }

    #[test]
    fn a_backslash_between_two_pseudonyms_belongs_to_one_of_them() {
        let restored = restore_tolerant("[CLIENT_1\\[CLIENT\\_1\\] CLIENT_1\\\n\\[CLIENT_1\\]\\[CLIENT_1\\]", &vault());
        assert_eq!(restored.text, "[Halvorsen ASHalvorsen AS Halvorsen AS\\\nHalvorsen ASHalvorsen AS");
    }

    #[test]
    fn what_cannot_be_put_back_is_listed() {
        let restored = restore_tolerant("[CLIENT] and [CLIENT_1z], [CLIENT_7], CLIENT_8, [PERSON_1]", &vault());
        assert_eq!(restored.unresolved, ["[CLIENT]", "[CLIENT_1z]"]);
        assert_eq!(restored.invented, ["[CLIENT_7]", "CLIENT_8", "[PERSON_1]"]);
    }

    #[test]
    fn a_stream_may_be_cut_anywhere() {
        let text = "a [CLIENT_1][CLIENT_11] [CLIENT_ [[CLIENT_1b] [x] [CLIENT_1";
        let vault = vault();
        for cut in 0..text.len() {
            let mut stream = RestoreStream::new(&vault);
            let mut whole = stream.push(&text[..cut]);
            whole.push_str(&stream.push(&text[cut..]));
            whole.push_str(&stream.finish());
            assert_eq!(whole, restore(text, &vault), "{cut}");
        }
    }
}
