//! Ledger and narrative become one document: what the model invented or kept stale is left out, what it lost is there.

use super::document::Document;
use super::entry::{Entry, one_line};
use super::ledger::Ledger;
use super::material::Material;
use super::narrative::{self, Line};
use super::plan::Making;
use super::section::Section;
use super::select::select;
use super::size::Size;
use super::transcript::Role;
use super::verify::{FlawKind, verify};

use crate::engine::prompt::Request;

/// The share of a document that a narrative may take: the ledger has the rest, and all that the narrative leaves.
const NARRATIVE_SHARE: (usize, usize) = (2, 5);

/// What stands in an entry's source where no single message is quoted: a model's summary.
pub(super) const SUMMARY: &str = "-";

/// A finished document.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Woven {
    /// The document, without pins.
    pub document: String,
    /// How many lines of it a model wrote.
    pub told: u32,
    /// How many values of the ledger the narrative had lost, and the document has.
    pub appended: u32,
    /// Identifiers and figures that the narrative named and nobody said: the lines that name them are left out.
    pub invented: Vec<String>,
    /// The request that asks the model once to mend it, if that is worth a request.
    pub mend: Option<Request>,
}

impl Making {
    /// The document of what there is so far. Pure, and heavy: for a worker.
    pub fn weave(&self) -> Woven {
        if let Some(given) = &self.given {
            return Woven { document: given.clone(), ..Woven::default() };
        }
        let Some(material) = &self.material else { return Woven::default() };
        let mut woven = weave(material, &self.answers, Size::Tokens(self.plan.sizes.document as usize));
        if !self.mended && !woven.invented.is_empty() {
            woven.mend = material.requests.last().map(|request| {
                let mut again = request.clone();
                if let Some(asked) = again.said.last_mut() {
                    *asked = narrative::ask_again(asked, &woven.invented);
                }
                again
            });
        }
        woven
    }
}

/// The document of this size for the material and what a model wrote about it.
pub(super) fn weave(material: &Material, answers: &[String], size: Size) -> Woven {
    let by_code = || Woven { document: material.document.clone(), ..Woven::default() };
    let mut lines = narrative::lines(answers);
    if lines.is_empty() {
        return by_code();
    }
    let (ledger, witnesses) = (material.ledger(), material.witnesses());
    let flaws = verify(&markdown(&lines), &ledger, &witnesses);
    let mut invented: Vec<String> = Vec::new();
    for flaw in &flaws {
        match flaw.kind {
            FlawKind::Invented => invented.push(one_line(&flaw.text)),
            FlawKind::Stale => lines.retain(|line| line.text != flaw.text && !flaw.text.ends_with(&line.text)),
            FlawKind::Lost | FlawKind::Misplaced => {}
        }
    }
    lines.retain(|line| !invented.iter().any(|word| line.text.contains(word.as_str())));
    let (part, whole) = NARRATIVE_SHARE;
    while !lines.is_empty() && size.cost(&markdown(&lines)) > size.limit() / whole * part {
        lines.pop();
    }
    if lines.is_empty() {
        return Woven { invented, ..by_code() };
    }
    let Some((document, told)) = joined(&ledger, lines, size) else { return Woven { invented, ..by_code() } };
    let document = document.to_markdown();
    let folded = one_line(&document).to_lowercase();
    let lost = flaws.iter().filter(|flaw| matches!(flaw.kind, FlawKind::Lost | FlawKind::Misplaced));
    let appended = lost.filter(|flaw| folded.contains(&one_line(&flaw.text).to_lowercase())).count();
    Woven { document, told, appended: u32::try_from(appended).unwrap_or(u32::MAX), invented, mend: None }
}

/// What the ledger keeps beside the narrative, and how many lines of the narrative there are.
fn joined(ledger: &Ledger, mut lines: Vec<Line>, size: Size) -> Option<(Document, u32)> {
    let mut ledger = ledger.clone();
    // A fresh summary takes the place of the one before it; what was decided stays decided.
    let is_fresh = |section: Section| {
        section != Section::Decisions
            && section != Section::Rejected
            && lines.iter().any(|line| line.section == section)
    };
    ledger.entries.retain(|entry| entry.source != SUMMARY || !is_fresh(entry.section));
    loop {
        let narrative = size.cost(&markdown(&lines));
        let rest = size.of_cost_below(size.limit().checked_sub(narrative)?);
        let mut document = select(&ledger, rest).ok()?;
        let entries: Vec<Entry> = lines.iter().enumerate().map(|(index, line)| entry(line, index)).collect();
        document.entries.splice(0..0, entries);
        if size.holds(&document.to_markdown()) {
            return Some((document, u32::try_from(lines.len()).unwrap_or(u32::MAX)));
        }
        lines.pop()?;
    }
}

fn entry(line: &Line, index: usize) -> Entry {
    Entry::new(line.section, &line.text, SUMMARY, Role::Model, 0).numbered(index)
}

/// A narrative as the document would say it.
fn markdown(lines: &[Line]) -> String {
    let entries = lines.iter().enumerate().map(|(index, line)| entry(line, index)).collect();
    Document { entries, ..Document::default() }.to_markdown()
}
