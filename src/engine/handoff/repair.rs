//! A document mended: what it lost is appended word for word, in the section it belongs to.

use super::document::{heading, write_verbatim};
use super::entry::Verbatim;
use super::parse::{open_fence, sections};
use super::section::Section;
use super::size::Size;
use super::verify::{Flaw, FlawKind};

/// The document with everything that was lost or misplaced appended in its section, pins and rules first, as far as the size
/// allows. What is stale or invented is left to whoever wrote it: code can't know what was meant.
pub fn repair(document: &str, flaws: &[Flaw], size: Size) -> String {
    let mut mended = document.to_owned();
    // What breaks off inside of a fence would swallow all that is appended.
    if let Some(fence) = open_fence(document) {
        let closed = format!("{}\n{fence}\n", document.trim_end_matches('\n'));
        if size.holds(&closed) {
            mended = closed;
        }
    }
    let mut missing: Vec<&Flaw> =
        flaws.iter().filter(|flaw| matches!(flaw.kind, FlawKind::Lost | FlawKind::Misplaced)).collect();
    missing.sort_by_key(|flaw| flaw.section);
    for flaw in missing {
        let with = appended(&mended, flaw);
        if size.holds(&with) {
            mended = with;
        }
    }
    mended
}

fn appended(document: &str, flaw: &Flaw) -> String {
    let mut line = String::new();
    write_verbatim(&mut line, &Verbatim { text: flaw.text.clone(), source: flaw.source.clone() });
    let (at, opening) = place(document, flaw.section);
    let mut with = String::with_capacity(document.len() + line.len() + 40);
    with.push_str(&document[..at]);
    if !with.is_empty() && !with.ends_with('\n') {
        with.push('\n');
    }
    if opening {
        with.push_str(&heading(flaw.section, with.is_empty()));
    }
    with.push_str(&line);
    with.push_str(&document[at..]);
    with
}

/// The byte behind the last line of a section, or where the section would begin; and whether it has to be opened.
fn place(document: &str, section: Section) -> (usize, bool) {
    let start = document.as_ptr() as usize;
    let bodies = sections(document);
    let end = |body: &str| body.as_ptr() as usize - start + body.trim_end().len();
    if let Some((_, body)) = bodies.iter().rfind(|(other, _)| *other == section) {
        let empty = body.trim_end().is_empty();
        return (if empty { body.as_ptr() as usize - start } else { line_end(document, end(body)) }, false);
    }
    match bodies.iter().rfind(|(other, _)| *other < section) {
        Some((_, body)) if body.trim_end().is_empty() => (body.as_ptr() as usize - start, true),
        Some((_, body)) => (line_end(document, end(body)), true),
        // Sections before the first known one: behind title and preamble.
        None => (
            bodies.first().map_or(document.len(), |(_, body)| heading_start(document, body.as_ptr() as usize - start)),
            true,
        ),
    }
}

fn line_end(document: &str, at: usize) -> usize {
    document[at..].find('\n').map_or(document.len(), |line| at + line + 1)
}

/// The first byte of the heading whose body begins here.
fn heading_start(document: &str, body: usize) -> usize {
    document[..body].trim_end().rfind('\n').map_or(0, |line| line + 1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::handoff::ledger::Ledger;
    use crate::engine::handoff::transcript::{Quoted, Role, Spoken, Transcript};
    use crate::engine::handoff::verify::verify;

    fn transcript() -> Transcript<'static> {
        let said = [
            "Never call the supplier on weekends.",
            "The config is in /srv/atlas/router.toml.",
            "We ruled out MongoDB 4.2.",
            "Bye.",
        ];
        let spoken = said
            .into_iter()
            .enumerate()
            .map(|(index, text)| Spoken::new(Role::Person, text, format!("m{}", index + 1)));
        let pins = vec![Quoted { text: "two\nlines".into(), source: "m1".into() }];
        Transcript { spoken: spoken.collect(), pins, ..Transcript::default() }
    }

    #[test]
    fn whatever_a_model_left_out_is_there_after_repair() {
        let transcript = transcript();
        let ledger = Ledger::of(&transcript);
        for document in [
            "",
            "I can't do that.",
            "# Handoff\n\n## Facts\n- nothing",
            "## Rules\n\n## Rejected\nnone\n\n## Facts\n",
            "## Facts\n```rust\nfn main() {}\n```\n",
            "## Facts\n```\ncut o",
        ] {
            let mended = repair(document, &verify(document, &ledger, &transcript), Size::Chars(10_000));
            let left = verify(&mended, &ledger, &transcript);
            assert!(
                left.iter().all(|flaw| !matches!(flaw.kind, FlawKind::Lost | FlawKind::Misplaced)),
                "{mended}\n{left:?}"
            );
        }
    }

    #[test]
    fn a_repair_never_exceeds_its_size() {
        let transcript = transcript();
        let ledger = Ledger::of(&transcript);
        let flaws = verify("", &ledger, &transcript);
        for limit in 0..200 {
            assert!(repair("", &flaws, Size::Chars(limit)).chars().count() <= limit);
        }
    }
}
