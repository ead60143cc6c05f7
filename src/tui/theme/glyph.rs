//! Marks for states, each with an ASCII twin.

use crate::config::user;

/// Which family of glyphs the screen uses.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub enum Glyphs {
    /// Characters beyond ASCII, each one column wide.
    #[default]
    Unicode,
    /// Their ASCII twins, for terminals and fonts without them.
    Ascii,
}

impl Glyphs {
    /// How a glyph is written.
    pub const fn of(self, glyph: Glyph) -> &'static str {
        let (unicode, ascii) = glyph.twins();
        match self {
            Self::Unicode => unicode,
            Self::Ascii => ascii,
        }
    }
}

impl From<user::Glyphs> for Glyphs {
    fn from(chosen: user::Glyphs) -> Self {
        match chosen {
            user::Glyphs::Unicode => Self::Unicode,
            user::Glyphs::Ascii => Self::Ascii,
        }
    }
}

/// A mark that stands for a state; a word always stands beside it or is one key away.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Glyph {
    /// An answer is coming.
    Streaming,
    /// Done and not read yet.
    Unread,
    /// Waits for a person.
    NeedsYou,
    /// The turn failed.
    Failed,
    /// The context is filled to 70 %.
    Fill70,
    /// The context is filled to 80 %.
    Fill80,
    /// The context is filled to 90 %.
    Fill90,
    /// A brief that went out.
    BriefOut,
    /// A brief or report that came in.
    BriefIn,
    /// A sealed locality.
    Sealed,
    /// A guarded locality.
    Guarded,
    /// An open locality.
    Open,
    /// A turn that was interrupted.
    Interrupted,
    /// A pinned message.
    Pinned,
    /// The full part of a meter.
    MeterFull,
    /// The empty part of a meter.
    MeterEmpty,
    /// A list's bullet.
    Bullet,
    /// A horizontal rule, one column of it.
    Rule,
    /// The bar before quoted text.
    Quote,
    /// A line of code that goes on from the line above.
    GoesOn,
    /// More below.
    Below,
    /// Goes to.
    Arrow,
    /// Folded, opens on a key.
    Folded,
    /// Left out.
    Ellipsis,
    /// A task that is done.
    Done,
    /// A task that isn't.
    Undone,
}

impl Glyph {
    /// Every glyph.
    pub const ALL: [Self; 26] = [
        Self::Streaming,
        Self::Unread,
        Self::NeedsYou,
        Self::Failed,
        Self::Fill70,
        Self::Fill80,
        Self::Fill90,
        Self::BriefOut,
        Self::BriefIn,
        Self::Sealed,
        Self::Guarded,
        Self::Open,
        Self::Interrupted,
        Self::Pinned,
        Self::MeterFull,
        Self::MeterEmpty,
        Self::Bullet,
        Self::Rule,
        Self::Quote,
        Self::GoesOn,
        Self::Below,
        Self::Arrow,
        Self::Folded,
        Self::Ellipsis,
        Self::Done,
        Self::Undone,
    ];

    /// The glyph and its ASCII twin.
    const fn twins(self) -> (&'static str, &'static str) {
        match self {
            Self::Streaming => ("●", "*"),
            Self::Unread => ("✓", "+"),
            Self::NeedsYou => ("!", "!"),
            Self::Failed => ("✗", "x"),
            Self::Fill70 => ("◔", "7"),
            Self::Fill80 => ("◑", "8"),
            Self::Fill90 => ("◕", "9"),
            Self::BriefOut => ("⇒", "=>"),
            Self::BriefIn => ("⇐", "<="),
            Self::Sealed => ("⛨", "#"),
            Self::Guarded => ("◐", "%"),
            Self::Open => ("○", "o"),
            Self::Interrupted => ("⌁", "~"),
            Self::Pinned => ("⚲", "^"),
            Self::MeterFull => ("▓", "#"),
            Self::MeterEmpty => ("░", "."),
            Self::Bullet => ("·", "-"),
            Self::Rule => ("─", "-"),
            Self::Quote => ("│", "|"),
            Self::GoesOn => ("↳", ">"),
            Self::Below => ("↓", "v"),
            Self::Arrow => ("→", "->"),
            Self::Folded => ("▸", ">"),
            Self::Ellipsis => ("…", "..."),
            Self::Done => ("☑", "[x]"),
            Self::Undone => ("☐", "[_]"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tui::text::width::width;

    #[test]
    fn every_glyph_is_one_column_wide_and_has_a_twin_in_ascii() {
        for glyph in Glyph::ALL {
            assert_eq!(width(Glyphs::Unicode.of(glyph)), 1, "{glyph:?}");
            assert!(Glyphs::Ascii.of(glyph).bytes().all(|byte| byte.is_ascii_graphic()), "{glyph:?}");
        }
    }

    #[test]
    fn no_two_states_of_a_pane_share_a_twin() {
        use Glyph::{Failed, Guarded, Interrupted, NeedsYou, Open, Pinned, Sealed, Streaming, Unread};
        let states = [Streaming, Unread, NeedsYou, Failed, Sealed, Guarded, Open, Interrupted, Pinned];
        for glyphs in [Glyphs::Unicode, Glyphs::Ascii] {
            let shown: std::collections::BTreeSet<_> = states.iter().map(|state| glyphs.of(*state)).collect();
            assert_eq!(shown.len(), states.len());
        }
    }
}
