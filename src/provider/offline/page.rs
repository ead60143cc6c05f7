//! The answer as Markdown: quotes word for word with their places, tables, and an end to its length.

use super::corpus::{Corpus, Sentence};
use super::document::Kind;
use super::source::FIRST_LINE;

/// The longest answer, in bytes. A page that nobody scrolls through helps nobody.
const LONGEST: usize = 12_000;

/// The longest quote, in signs.
const QUOTE: usize = 340;

/// An answer in the making.
#[derive(Debug)]
pub(super) struct Page {
    text: String,
    longest: usize,
    full: bool,
    /// The last thing was an item.
    listing: bool,
}

impl Page {
    /// A page with nothing but its first line. `tokens` is the longest answer wanted.
    pub(super) fn new(tokens: Option<u32>) -> Self {
        let wanted = tokens.map_or(LONGEST, |tokens| (tokens as usize).saturating_mul(3));
        Self {
            text: format!("{FIRST_LINE}\n"),
            longest: wanted.clamp(FIRST_LINE.len() + 1, LONGEST),
            full: false,
            listing: false,
        }
    }

    /// The finished text, and whether something did not fit any more.
    pub(super) fn finish(self) -> (String, bool) {
        (self.text.trim_end().to_owned() + "\n", self.full)
    }

    fn push(&mut self, piece: &str) {
        if self.full || self.text.len() + piece.len() > self.longest {
            self.full = true;
            return;
        }
        // One blank line between things, however each begins.
        let piece = if self.text.ends_with("\n\n") { piece.trim_start_matches('\n') } else { piece };
        self.text.push_str(piece);
        self.listing = false;
    }

    /// A heading; 2 is the largest.
    pub(super) fn heading(&mut self, level: usize, text: &str) {
        let text = plain(text);
        self.push(&format!("\n{} {text}\n\n", "#".repeat(level)));
    }

    /// A sentence of our own.
    pub(super) fn line(&mut self, text: &str) {
        self.push(&format!("\n{text}\n"));
    }

    /// An item of a list.
    pub(super) fn item(&mut self, text: &str) {
        let gap = if self.listing { "" } else { "\n" };
        self.push(&format!("{gap}- {text}\n"));
        self.listing = true;
    }

    /// A line under an item: where it comes from.
    pub(super) fn under(&mut self, text: &str) {
        if self.text.ends_with('\n') && !self.full {
            self.text.pop();
            self.push(&format!("  \n  {text}\n"));
            self.listing = true;
        }
    }

    /// A table.
    pub(super) fn table(&mut self, header: &[String], rows: &[Vec<String>]) {
        let row = |cells: &[String]| {
            let cells: Vec<String> = cells.iter().map(|cell| self::cell(cell)).collect();
            format!("| {} |\n", cells.join(" | "))
        };
        let mut table = format!("\n{}|{}\n", row(header), "---|".repeat(header.len()));
        for cells in rows {
            table.push_str(&row(cells));
        }
        self.push(&table);
    }

    /// An item that quotes a sentence and says where it stands.
    pub(super) fn quoted(&mut self, corpus: &Corpus, sentence: &Sentence) {
        self.item(&format!("{} — {}", said(corpus, sentence), corpus.place(sentence)));
    }
}

/// A sentence between quotation marks; an item or a field says first what it belongs to.
pub(super) fn said(corpus: &Corpus, sentence: &Sentence) -> String {
    let mut said = String::new();
    let block = corpus.block(sentence);
    let heading = corpus.heading(sentence);
    let lead = block.lead.map(|lead| corpus.documents[sentence.document].blocks[lead].text.as_str());
    if let Some(lead) = lead.filter(|lead| sentence.listed && lead.chars().count() <= 90) {
        said = format!("“{lead}” ");
    } else if !heading.is_empty()
        && heading.chars().count() <= 44
        && (block.field().is_some() || sentence.kind == Kind::Item)
    {
        said = format!("**{}**: ", plain(heading));
    }
    said.push_str(&quote(&sentence.text));
    if !sentence.items.is_empty() {
        let items: Vec<&str> = sentence.items.iter().map(|item| cut(item, 90).0).collect();
        said.push(' ');
        said.push_str(&items.join(" · "));
    }
    said
}

/// A text between quotation marks, word for word; what doesn't fit is left out at its end, and that is shown.
pub(super) fn quote(text: &str) -> String {
    let (kept, whole) = cut(text, QUOTE);
    // What quotes already, and says where from, isn't put between marks once more.
    let marked = if is_quote(kept) { kept.to_owned() } else { format!("“{kept}”") };
    if whole { marked } else { format!("{marked} […]") }
}

fn is_quote(text: &str) -> bool {
    text.starts_with('“') && text.contains("” — ")
}

/// The beginning of a text up to the end of a word, and whether that is all of it.
pub(super) fn cut(text: &str, most: usize) -> (&str, bool) {
    let Some((end, _)) = text.char_indices().nth(most) else { return (text, true) };
    let head = &text[..end];
    let at_word = head.rfind(char::is_whitespace).filter(|at| *at > end / 2).unwrap_or(end);
    (head[..at_word].trim_end(), false)
}

fn cell(text: &str) -> String {
    let (kept, whole) = cut(text.trim(), 70);
    let cell = kept.replace('|', "\\|");
    if whole { cell } else { format!("{cell} […]") }
}

/// A heading's text on one line, without marks of its own.
pub(super) fn plain(text: &str) -> String {
    cut(text, 100).0.replace(['\n', '\r'], " ").replace(['*', '`'], "").trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_ends_where_its_limit_is_and_says_so() {
        let mut page = Page::new(Some(60));
        page.item(&"word ".repeat(100));
        page.item("short");
        let (text, full) = page.finish();
        assert!(full);
        assert!(text.len() <= 200, "{text}");
    }

    #[test]
    fn a_long_text_is_cut_after_a_word() {
        assert_eq!(cut("one two three", 9), ("one two", false));
        assert_eq!(cut("one", 9), ("one", true));
        assert_eq!(quote("no"), "“no”");
    }
}
