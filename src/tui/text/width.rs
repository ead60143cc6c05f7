//! How many columns text takes, counted as ratatui counts when it draws: cluster by cluster.

use std::borrow::Cow;

use ratatui::buffer::CellWidth;
use unicode_segmentation::UnicodeSegmentation;

/// The columns that a line of text takes. Control characters count as nothing: sanitise first.
pub fn width(text: &str) -> usize {
    if text.bytes().all(|byte| (b' '..=b'~').contains(&byte)) {
        return text.len();
    }
    graphemes(text).map(cluster_width).sum()
}

/// What a reader sees as characters.
pub fn graphemes(text: &str) -> impl DoubleEndedIterator<Item = &str> {
    text.graphemes(true)
}

/// The columns of one grapheme cluster.
pub(super) fn cluster_width(cluster: &str) -> usize {
    if cluster.chars().any(char::is_control) { 0 } else { usize::from(cluster.cell_width()) }
}

/// The text if it fits, else as much of its beginning as fits with `…` after it.
pub fn truncate(text: &str, max: usize) -> Cow<'_, str> {
    if width(text) <= max {
        return Cow::Borrowed(text);
    }
    if max == 0 {
        return Cow::Borrowed("");
    }
    let mut kept = String::with_capacity(max + 3);
    kept.push_str(prefix(text, max - 1));
    kept.push('…');
    Cow::Owned(kept)
}

/// The longest beginning of the text that takes no more than `max` columns.
pub fn prefix(text: &str, max: usize) -> &str {
    let mut used = 0;
    for (at, cluster) in text.grapheme_indices(true) {
        used += cluster_width(cluster);
        if used > max {
            return &text[..at];
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_family_is_one_wide_character() {
        assert_eq!(width("👨‍👩‍👧‍👦"), 2);
        assert_eq!(width("日本"), 4);
        assert_eq!(width("e\u{301}"), 1);
        assert_eq!(width("plain"), 5);
    }

    #[test]
    fn what_is_measured_is_what_ratatui_draws() {
        use ratatui::{buffer::Buffer, layout::Rect, style::Style};
        for text in ["abc", "日本語", "👨‍👩‍👧‍👦x", "می‌خواهم", "e\u{301}e", "ｶﾞ", "لا", "🇳🇴 🏴󠁧󠁢󠁥󠁮󠁧󠁿", "☃\u{fe0f}☃\u{fe0e}"]
        {
            let mut buffer = Buffer::empty(Rect::new(0, 0, 40, 1));
            let (end, _) = buffer.set_stringn(0, 0, text, 40, Style::new());
            assert_eq!(usize::from(end), width(text), "{text}");
        }
    }

    #[test]
    fn a_cut_never_splits_a_cluster_and_says_so() {
        assert_eq!(truncate("abcdef", 4), "abc…");
        assert_eq!(truncate("日本語", 4), "日…");
        assert_eq!(truncate("👨‍👩‍👧‍👦👨‍👩‍👧‍👦", 3), "👨‍👩‍👧‍👦…");
        assert_eq!(truncate("fits", 4), "fits");
        assert_eq!(truncate("no room", 0), "");
    }
}
