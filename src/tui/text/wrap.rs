//! Wraps by words over grapheme clusters.
//!
//! Lines break at spaces, after the hyphen between two letters, and round wide characters except where East Asian
//! punctuation clings to its neighbour. A word wider than the line is broken between clusters.

use unicode_segmentation::UnicodeSegmentation;

use super::rich::{Ink, RichLine, RichSpan};
use super::width::cluster_width;
use crate::tui::theme::Token;

/// Columns between tab stops.
pub(super) const TAB: usize = 4;

/// Wraps plain text; a newline is a new line, and leading spaces are kept. Sanitise it first.
pub fn wrap(text: &str, width: usize) -> Vec<String> {
    let spans = [RichSpan::new(text, Ink::of(Token::Text))];
    wrap_spans(&spans, width).iter().map(RichLine::text).collect()
}

/// Wraps spans of text that flow into one another.
pub fn wrap_spans(spans: &[RichSpan], width: usize) -> Vec<RichLine> {
    let mut flow = Flow::new(width.max(1));
    for span in spans {
        flow.feed(span);
    }
    flow.finish()
}

/// Cuts a line of code where the width is full: after a space or a sign if one is near, else anywhere. Tabs reach the
/// next stop.
pub(super) fn cut(text: &str, width: usize) -> Vec<String> {
    let width = width.max(1);
    let mut lines = Vec::new();
    let mut line = String::new();
    let mut used = 0;
    // Where the line may end, and how many columns stand before that.
    let mut end = (0, 0);
    for cluster in untabbed(text).flat_map(|piece| piece.graphemes(true)).flat_map(|cluster| parts(cluster, width)) {
        let (cluster, columns) = match cluster_width(cluster) {
            columns if columns > width => ("…", 1),
            columns => (cluster, columns),
        };
        if used + columns > width {
            let (at, before) = if end.1 > width / 2 { end } else { (line.len(), used) };
            let rest = line.split_off(at);
            lines.push(std::mem::replace(&mut line, rest));
            used -= before;
            end = (0, 0);
        }
        line.push_str(cluster);
        used += columns;
        if matches!(cluster, " " | "," | ";" | "(" | ")" | "[" | "]" | "{" | "}" | "|" | "&" | "=" | "+" | "/" | ":") {
            end = (line.len(), used);
        }
    }
    if !line.is_empty() {
        lines.push(line);
    }
    lines
}

/// A cluster, or its characters, if no line could hold it.
fn parts(cluster: &str, width: usize) -> impl Iterator<Item = &str> {
    let is_whole = cluster_width(cluster) <= width.min(4);
    let (whole, characters) = if is_whole { (cluster, "") } else { ("", cluster) };
    let one_by_one = characters.char_indices().map(|(at, c)| &characters[at..at + c.len_utf8()]);
    std::iter::once(whole).filter(|whole| !whole.is_empty()).chain(one_by_one)
}

/// A line of code in pieces, with spaces up to the next stop where it has tabs.
pub(super) fn untabbed(line: &str) -> impl Iterator<Item = &str> {
    let mut stops = tab_stops(line).into_iter().map(|(_, stop)| stop);
    line.split('\t').enumerate().flat_map(move |(at, stretch)| {
        let stop = if at == 0 { 0 } else { stops.next().unwrap_or(0) };
        [&"    "[..stop], stretch]
    })
}

/// Where the tabs of a line are, and how many columns each takes.
pub(super) fn tab_stops(line: &str) -> Vec<(usize, usize)> {
    let (mut column, mut from) = (0, 0);
    let mut stops = Vec::new();
    for (at, _) in line.match_indices('\t') {
        column += super::width::width(&line[from..at]);
        let stop = TAB - column % TAB;
        stops.push((at, stop));
        (column, from) = (column + stop, at + 1);
    }
    stops
}

/// A stretch of text that has one look.
#[derive(Debug, Clone, Copy)]
struct Bit<'t> {
    text: &'t str,
    look: &'t RichSpan,
    width: usize,
}

#[derive(Debug)]
struct Flow<'t> {
    width: usize,
    lines: Vec<RichLine>,
    line: RichLine,
    used: usize,
    /// The spaces before the word.
    gap: Vec<Bit<'t>>,
    gap_width: usize,
    /// What cannot be broken, unless it is wider than a line.
    word: Vec<Bit<'t>>,
    word_width: usize,
    /// The last cluster of the word.
    last: &'t str,
}

impl<'t> Flow<'t> {
    fn new(width: usize) -> Self {
        Self {
            width,
            lines: Vec::new(),
            line: RichLine::default(),
            used: 0,
            gap: Vec::new(),
            gap_width: 0,
            word: Vec::new(),
            word_width: 0,
            last: "",
        }
    }

    fn feed(&mut self, look: &'t RichSpan) {
        let mut rest = look.text.as_str();
        while !rest.is_empty() {
            let run = ascii_run(rest);
            let taken = if run > 0 { &rest[..run] } else { rest.graphemes(true).next().unwrap_or(rest) };
            if run > 0 {
                self.add_to_word(Bit { text: taken, look, width: run });
            } else {
                self.cluster(taken, look);
            }
            rest = &rest[taken.len()..];
        }
    }

    fn cluster(&mut self, cluster: &'t str, look: &'t RichSpan) {
        match cluster {
            "\n" | "\r\n" => {
                self.place_word();
                self.end_line();
            }
            "\t" => {
                self.place_word();
                let width = TAB - (self.used + self.gap_width) % TAB;
                self.add_to_gap(Bit { text: &"    "[..width], look, width });
            }
            " " => {
                self.place_word();
                self.add_to_gap(Bit { text: cluster, look, width: 1 });
            }
            _ => self.add_to_word(Bit { text: cluster, look, width: cluster_width(cluster) }),
        }
    }

    fn add_to_gap(&mut self, bit: Bit<'t>) {
        self.gap.push(bit);
        self.gap_width += bit.width;
    }

    fn add_to_word(&mut self, bit: Bit<'t>) {
        if may_break(self.word_before_last(), self.last, bit.text) {
            self.place_word();
        }
        self.word.push(bit);
        self.word_width += bit.width;
        self.last = if bit.text.is_ascii() { &bit.text[bit.text.len() - 1..] } else { bit.text };
    }

    /// The character before the last cluster of the word.
    fn word_before_last(&self) -> Option<char> {
        let bit = self.word.last()?;
        match bit.text.strip_suffix(self.last) {
            Some("") | None => self.word.len().checked_sub(2).and_then(|at| self.word[at].text.chars().next_back()),
            Some(before) => before.chars().next_back(),
        }
    }

    fn place_word(&mut self) {
        if self.word.is_empty() {
            return;
        }
        if self.used + self.gap_width + self.word_width > self.width {
            if self.used > 0 {
                self.end_line();
            } else if self.gap_width > self.width / 2 {
                self.drop_gap();
            }
        }
        for bit in std::mem::take(&mut self.gap) {
            self.add_broken(bit);
        }
        self.gap_width = 0;
        let fits = self.used + self.word_width <= self.width;
        for bit in std::mem::take(&mut self.word) {
            if fits {
                self.line.push_like(bit.text, bit.look);
                self.used += bit.width;
            } else {
                self.add_broken(bit);
            }
        }
        self.word_width = 0;
        self.last = "";
    }

    /// Adds text cluster by cluster, beginning a line wherever one is full.
    fn add_broken(&mut self, bit: Bit<'t>) {
        let width = self.width;
        for cluster in bit.text.graphemes(true).flat_map(|cluster| parts(cluster, width)) {
            self.add_cluster(cluster, bit.look);
        }
    }

    fn add_cluster(&mut self, cluster: &str, look: &RichSpan) {
        let (cluster, width) = match cluster_width(cluster) {
            width if width > self.width => ("…", 1),
            width => (cluster, width),
        };
        if self.used + width > self.width {
            self.lines.push(std::mem::take(&mut self.line));
            self.used = 0;
        }
        self.line.push_like(cluster, look);
        self.used += width;
    }

    fn drop_gap(&mut self) {
        self.gap.clear();
        self.gap_width = 0;
    }

    fn end_line(&mut self) {
        self.drop_gap();
        self.lines.push(std::mem::take(&mut self.line));
        self.used = 0;
    }

    fn finish(mut self) -> Vec<RichLine> {
        self.place_word();
        if !self.line.spans.is_empty() {
            self.end_line();
        }
        self.lines
    }
}

/// How many bytes of plain ASCII without a place to break begin the text. The last one is left out if a combining
/// character may follow it.
fn ascii_run(text: &str) -> usize {
    let bytes = text.as_bytes();
    let run = bytes.iter().take_while(|byte| matches!(byte, b'!'..=b'~') && **byte != b'-').count();
    if bytes.get(run).is_some_and(|byte| !byte.is_ascii()) { run.saturating_sub(1) } else { run }
}

/// Whether a line may break between the cluster that ends a word and what comes next.
fn may_break(before: Option<char>, last: &str, next: &str) -> bool {
    let (Some(left), Some(right)) = (last.chars().next(), next.chars().next()) else { return false };
    if last == "-" {
        return before.is_some_and(char::is_alphabetic) && right.is_alphabetic();
    }
    if left.is_ascii() && right.is_ascii() {
        return false;
    }
    let wide = cluster_width(last) >= 2 || cluster_width(next) >= 2;
    wide && !clings_to_left(right) && !clings_to_right(left) && left != '\u{A0}' && right != '\u{A0}'
}

/// Punctuation that may not begin a line.
fn clings_to_left(c: char) -> bool {
    ",.:;!?)]}%…、。，．・：；！？）］｝〕〉》」』】〙〗〟’”»ー々ぁぃぅぇぉっゃゅょァィゥェォッャュョ％".contains(c)
}

/// Punctuation that may not end a line.
fn clings_to_right(c: char) -> bool {
    "([{（［｛〔〈《「『【〘〖〝‘“«＄￥".contains(c)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::tui::text::width::width;

    fn check(text: &str, columns: usize, lines: &[&str]) {
        assert_eq!(wrap(text, columns), lines, "{text:?} at {columns}");
    }

    #[test]
    fn lines_break_between_words() {
        check("the quick brown fox", 10, &["the quick", "brown fox"]);
        check("a\n\nb", 10, &["a", "", "b"]);
        check("", 10, &[]);
        check("  kept indent", 8, &["  kept", "indent"]);
    }

    #[test]
    fn a_word_wider_than_the_line_is_broken_between_clusters() {
        check("abcdefghij", 4, &["abcd", "efgh", "ij"]);
        check("x 👨‍👩‍👧‍👦👨‍👩‍👧‍👦👨‍👩‍👧‍👦", 5, &["x 👨‍👩‍👧‍👦", "👨‍👩‍👧‍👦👨‍👩‍👧‍👦"]);
        check("e\u{301}e\u{301}e\u{301}", 2, &["e\u{301}e\u{301}", "e\u{301}"]);
    }

    #[test]
    fn wide_text_breaks_anywhere_but_before_its_punctuation() {
        check("日本語の文章です。", 8, &["日本語の", "文章で", "す。"]);
        check("これは「引用」", 8, &["これは", "「引用」"]);
    }

    #[test]
    fn a_hyphen_between_letters_is_a_place_to_break() {
        check("well-known words", 7, &["well-", "known", "words"]);
        check("call 555-1234", 9, &["call", "555-1234"]);
    }

    #[test]
    fn code_is_cut_after_a_sign_if_one_is_near_and_loses_nothing() {
        assert_eq!(cut("fn total(seats: &[Seat]) -> Result<u64>", 30), ["fn total(seats: &[Seat]) -> ", "Result<u64>"]);
        assert_eq!(cut("abcdefghijkl", 5), ["abcde", "fghij", "kl"]);
        assert_eq!(cut("\tx = 日本", 8), ["    x = ", "日本"]);
        assert_eq!(cut("", 5), Vec::<String>::new());
    }

    #[test]
    fn tabs_reach_the_next_stop() {
        check("a\tb", 10, &["a   b"]);
        check("abc\tb", 10, &["abc b"]);
    }

    #[test]
    fn what_no_line_can_hold_is_named_as_left_out() {
        check("日", 1, &["…"]);
    }

    proptest! {
        #[test]
        fn every_line_fits_and_no_letter_is_lost(text in "[a-z日本語é \\-👨\u{200d}👩क्षि\n\t]{0,80}", columns in 2usize..30) {
            let lines = wrap(&text, columns);
            for line in &lines {
                prop_assert!(width(line) <= columns, "{line:?}");
            }
            let letters = |text: &str| text.chars().filter(|c| !c.is_whitespace()).collect::<String>();
            prop_assert_eq!(letters(&lines.concat()), letters(&text));
        }
    }
}
