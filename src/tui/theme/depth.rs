//! How many colours a terminal shows, and the nearest of them.

use ratatui::style::Color;

/// How many colours a terminal shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Depth {
    /// None: it can't, or its person doesn't want them.
    None,
    /// The sixteen whose shades the person chose.
    Sixteen,
    /// The 256 of xterm.
    Indexed,
    /// All of them.
    True,
}

impl Depth {
    /// What the variables `COLORTERM`, `TERM` and `NO_COLOR` say.
    pub fn of(colorterm: Option<&str>, term: Option<&str>, no_color: Option<&str>) -> Self {
        let term = term.unwrap_or_default();
        if no_color.is_some_and(|value| !value.is_empty()) || matches!(term, "dumb" | "vt100" | "vt220") {
            return Self::None;
        }
        let says_true =
            |value: &str| value.contains("truecolor") || value.contains("24bit") || value.contains("direct");
        if colorterm.is_some_and(says_true) || says_true(term) {
            Self::True
        } else if term.contains("256") || colorterm.is_some_and(|value| !value.is_empty()) {
            Self::Indexed
        } else {
            Self::Sixteen
        }
    }
}

/// The levels of xterm's colour cube.
const CUBE: [u8; 6] = [0, 95, 135, 175, 215, 255];

/// The sixteen colours as xterm shows them; a person's own may differ.
const SIXTEEN: [(Color, [u8; 3]); 16] = [
    (Color::Black, [0, 0, 0]),
    (Color::Red, [205, 0, 0]),
    (Color::Green, [0, 205, 0]),
    (Color::Yellow, [205, 205, 0]),
    (Color::Blue, [0, 0, 238]),
    (Color::Magenta, [205, 0, 205]),
    (Color::Cyan, [0, 205, 205]),
    (Color::Gray, [229, 229, 229]),
    (Color::DarkGray, [127, 127, 127]),
    (Color::LightRed, [255, 0, 0]),
    (Color::LightGreen, [0, 255, 0]),
    (Color::LightYellow, [255, 255, 0]),
    (Color::LightBlue, [92, 92, 255]),
    (Color::LightMagenta, [255, 0, 255]),
    (Color::LightCyan, [0, 255, 255]),
    (Color::White, [255, 255, 255]),
];

/// The colour of this depth that is nearest. Named colours stay: every terminal that has colours has those.
pub(super) fn nearest(colour: Color, depth: Depth) -> Color {
    let Color::Rgb(red, green, blue) = colour else { return colour };
    let wanted = [red, green, blue];
    match depth {
        Depth::True => colour,
        Depth::Indexed => Color::Indexed(nearest_indexed(wanted)),
        Depth::Sixteen => {
            let nearest = SIXTEEN.iter().min_by_key(|(_, shade)| distance(*shade, wanted));
            nearest.map_or(Color::Reset, |(colour, _)| *colour)
        }
        Depth::None => Color::Reset,
    }
}

fn nearest_indexed(wanted: [u8; 3]) -> u8 {
    let level = |value: u8| (0..6u8).min_by_key(|at| CUBE[usize::from(*at)].abs_diff(value)).unwrap_or(0);
    let levels = wanted.map(level);
    let cube = levels.map(|at| CUBE[usize::from(at)]);
    let mean = wanted.iter().map(|value| u16::from(*value)).sum::<u16>() / 3;
    let step = u8::try_from(mean.saturating_sub(3) / 10).unwrap_or(23).min(23);
    let grey = [8 + 10 * step; 3];
    if distance(grey, wanted) < distance(cube, wanted) {
        232 + step
    } else {
        16 + 36 * levels[0] + 6 * levels[1] + levels[2]
    }
}

/// How different two colours look, roughly: the eye tells greens apart best (the "redmean" weights).
fn distance(one: [u8; 3], other: [u8; 3]) -> u32 {
    let mean = u32::midpoint(u32::from(one[0]), u32::from(other[0]));
    let [red, green, blue] = [0, 1, 2].map(|at| u32::from(one[at].abs_diff(other[at])).pow(2));
    (((512 + mean) * red) >> 8) + 4 * green + (((767 - mean) * blue) >> 8)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_environment_says_how_many_colours_there_are() {
        let of = |colorterm, term| Depth::of(colorterm, Some(term), None);
        assert_eq!(of(Some("truecolor"), "xterm-256color"), Depth::True);
        assert_eq!(of(Some("24bit"), "screen"), Depth::True);
        assert_eq!(of(None, "xterm-direct"), Depth::True);
        assert_eq!(of(None, "tmux-256color"), Depth::Indexed);
        assert_eq!(of(None, "linux"), Depth::Sixteen);
        assert_eq!(of(None, "dumb"), Depth::None);
        assert_eq!(Depth::of(Some("truecolor"), Some("xterm"), Some("1")), Depth::None);
        assert_eq!(Depth::of(None, None, Some("")), Depth::Sixteen);
    }

    #[test]
    fn a_colour_becomes_the_nearest_one_there_is() {
        assert_eq!(nearest(Color::Rgb(255, 0, 0), Depth::Indexed), Color::Indexed(196));
        assert_eq!(nearest(Color::Rgb(20, 23, 28), Depth::Indexed), Color::Indexed(234));
        assert_eq!(nearest(Color::Rgb(95, 135, 175), Depth::Indexed), Color::Indexed(67));
        assert_eq!(nearest(Color::Rgb(250, 10, 10), Depth::Sixteen), Color::LightRed);
        assert_eq!(nearest(Color::Cyan, Depth::Indexed), Color::Cyan);
        assert_eq!(nearest(Color::Reset, Depth::Sixteen), Color::Reset);
    }
}
