//! Marks on cells: a number in the one colour that nothing here draws with.

use ratatui::style::Color;

/// The mark with this number, of which the lower 24 bits count.
pub const fn mark(number: u32) -> Color {
    Color::from_u32(number)
}

/// The number of a mark; `None` of an unmarked cell.
pub const fn marked(colour: Color) -> Option<u32> {
    match colour {
        Color::Rgb(high, middle, low) => Some(u32::from_be_bytes([0, high, middle, low])),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mark_says_its_number() {
        for number in [0, 1, 0x0012_3456, 0x00FF_FFFF] {
            assert_eq!(marked(mark(number)), Some(number));
        }
        assert_eq!(marked(Color::Reset), None);
    }
}
