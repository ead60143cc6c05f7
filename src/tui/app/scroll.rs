//! Where a transcript is looked at: at its end, or at a line of a message that stays put whatever comes after it.

use serde::{Deserialize, Serialize};

/// The first line on the screen.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Scroll {
    /// The end is in view, and stays in view.
    #[default]
    Follow,
    /// This line of this message is the first one in view.
    At {
        /// The message's position on its branch.
        position: u32,
        /// The line in it, from 0.
        line: usize,
    },
}

/// The heights of what is loaded: items `first..end`, in lines.
pub trait Heights {
    /// The first loaded item.
    fn first(&self) -> u32;
    /// After the last loaded item.
    fn end(&self) -> u32;
    /// How many lines an item takes; at least one.
    fn height(&self, item: u32) -> usize;
}

/// A part of an item that is in view.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Slice {
    /// The item.
    pub item: u32,
    /// Its first line in view.
    pub from: usize,
    /// How many of its lines are in view.
    pub lines: usize,
}

impl Scroll {
    /// What is in view in this many rows.
    pub fn view(self, heights: &impl Heights, rows: usize) -> Vec<Slice> {
        let Some((item, line)) = self.top(heights, rows) else { return Vec::new() };
        let mut slices = Vec::new();
        let (mut left, mut from) = (rows, line);
        for item in item..heights.end() {
            if left == 0 {
                break;
            }
            let lines = heights.height(item).saturating_sub(from).min(left);
            if lines > 0 {
                slices.push(Slice { item, from, lines });
            }
            left -= lines;
            from = 0;
        }
        slices
    }

    /// This place, some lines further up.
    #[must_use]
    pub fn up(self, heights: &impl Heights, rows: usize, lines: usize) -> Self {
        let Some((mut item, line)) = self.top(heights, rows) else { return self };
        let mut line = line.cast_signed() - lines.cast_signed();
        while line < 0 && item > heights.first() {
            item -= 1;
            line += heights.height(item).cast_signed();
        }
        let top = Self::At { position: item, line: line.max(0) as usize };
        // Where everything fits there is nothing to hold on to.
        if Self::Follow.top(heights, rows) == Some((item, line.max(0) as usize)) { Self::Follow } else { top }
    }

    /// This place, some lines further down; the end is followed.
    #[must_use]
    pub fn down(self, heights: &impl Heights, rows: usize, lines: usize) -> Self {
        let Self::At { .. } = self else { return self };
        let Some((mut item, line)) = self.top(heights, rows) else { return self };
        let mut line = line + lines;
        while item < heights.end() && line >= heights.height(item) {
            line -= heights.height(item);
            item += 1;
        }
        let end = Self::Follow.top(heights, rows);
        if end.is_none_or(|end| (item, line) >= end) { Self::Follow } else { Self::At { position: item, line } }
    }

    /// The first line in view; `None` if nothing is loaded.
    fn top(self, heights: &impl Heights, rows: usize) -> Option<(u32, usize)> {
        let (first, end) = (heights.first(), heights.end());
        if first >= end {
            return None;
        }
        let mut left = rows;
        let mut item = end;
        let mut last = (first, 0);
        while item > first {
            item -= 1;
            let height = heights.height(item);
            if height >= left {
                last = (item, height - left);
                break;
            }
            left -= height;
        }
        match self {
            Self::Follow => Some(last),
            Self::At { position, line } => {
                let item = position.clamp(first, end - 1);
                let line = if item == position { line.min(heights.height(item).saturating_sub(1)) } else { 0 };
                Some((item, line).min(last))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    struct Lines(u32, Vec<usize>);

    impl Heights for Lines {
        fn first(&self) -> u32 {
            self.0
        }
        fn end(&self) -> u32 {
            self.0 + self.1.len() as u32
        }
        fn height(&self, item: u32) -> usize {
            self.1[(item - self.0) as usize]
        }
    }

    #[test]
    fn the_end_is_followed_until_somebody_scrolls_up() {
        let mut lines = Lines(5, vec![3, 4, 2]);
        let view = Scroll::Follow.view(&lines, 4);
        assert_eq!(view, [Slice { item: 6, from: 2, lines: 2 }, Slice { item: 7, from: 0, lines: 2 }]);
        let up = Scroll::Follow.up(&lines, 4, 1);
        assert_eq!(up, Scroll::At { position: 6, line: 1 });
        lines.1.push(10);
        assert_eq!(up.view(&lines, 4)[0], Slice { item: 6, from: 1, lines: 3 }, "more at the end moves nothing");
        assert_eq!(up.down(&lines, 4, 100), Scroll::Follow);
    }

    #[test]
    fn older_messages_that_are_loaded_move_nothing() {
        let scroll = Scroll::At { position: 6, line: 1 };
        let before = scroll.view(&Lines(5, vec![3, 4, 9]), 4);
        assert_eq!(scroll.view(&Lines(2, vec![8, 8, 8, 3, 4, 9]), 4), before);
    }

    proptest! {
        #[test]
        fn a_line_up_and_down_again_is_where_it_was(
            heights in prop::collection::vec(1_usize..9, 1..12),
            rows in 1_usize..12,
            up in 1_usize..30,
        ) {
            let lines = Lines(0, heights);
            let there = Scroll::Follow.up(&lines, rows, up);
            let all: usize = lines.1.iter().sum();
            prop_assert_eq!(there.view(&lines, rows).iter().map(|slice| slice.lines).sum::<usize>(), rows.min(all));
            prop_assert_eq!(there.down(&lines, rows, up), Scroll::Follow);
            if let Scroll::At { .. } = there {
                let one = there.up(&lines, rows, 1);
                if one != there {
                    prop_assert_eq!(one.down(&lines, rows, 1), there);
                }
            }
        }
    }
}
