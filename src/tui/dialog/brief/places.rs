//! Where the composer of a brief stands on the screen: two boxes side by side, or one at a time where that is too wide.

use ratatui::layout::Rect;

/// The columns that two boxes side by side need.
const SIDE_BY_SIDE: u16 = 100;
/// The most that they take.
const WIDEST: u16 = 172;
/// The most rows that they take.
const HIGHEST: u16 = 32;
/// The columns before a field's text.
pub const LABEL: u16 = 13;

/// The boxes of the composer, borders included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Places {
    /// The fields, if they are in view.
    pub fields: Option<Rect>,
    /// What would cross and what holds it, if that is in view.
    pub beside: Option<Rect>,
}

impl Places {
    /// The boxes on a screen of so many columns and rows; of one at a time, the one beside the fields if that is meant.
    pub fn on((columns, rows): (u16, u16), beside: bool) -> Self {
        if columns < SIDE_BY_SIDE || rows < 10 {
            // Tabs and status line stay in view where that leaves enough.
            let (y, height) = if rows >= 20 { (1, rows - 2) } else { (0, rows) };
            let area = Rect { x: 0, y, width: columns, height };
            return Self { fields: (!beside).then_some(area), beside: beside.then_some(area) };
        }
        let width = (columns - 2).min(WIDEST);
        let height = (rows - 2).min(HIGHEST);
        let area = Rect { x: (columns - width) / 2, y: (rows - 1 - height) / 2, width, height };
        let left = width * 49 / 100;
        Self {
            fields: Some(Rect { width: left, ..area }),
            beside: Some(Rect { x: area.x + left, width: width - left, ..area }),
        }
    }

    /// The columns for the text of a field.
    pub fn text_columns(size: (u16, u16)) -> u16 {
        let fields = Self::on(size, false).fields.map_or(0, |area| area.width);
        fields.saturating_sub(LABEL + 4).max(4)
    }

    /// How many rows of the box beside are for the locality, heading included, where it has so many lines to say.
    pub fn locality_rows(beside: Rect, lines: usize) -> u16 {
        let most = beside.height.saturating_sub(2) * 2 / 5;
        (lines.min(usize::from(u16::MAX)) as u16 + 1).min(most.max(2))
    }
}
