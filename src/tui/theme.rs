//! What things look like: tokens and glyphs. Nothing else names a colour.

/// What a piece of the screen is; the theme knows its colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Token {
    /// What is read.
    Text,
    /// What is read second: times, hints, addresses.
    Dim,
    /// What structures without being read: marks, rules.
    Faint,
    /// The one colour that says "here".
    Accent,
    /// The person's name above a message.
    Person,
    /// The model's name above a message.
    Model,
    /// A brief or a report.
    Brief,
    /// A handoff's seam.
    Handoff,
    /// Done, saved, in.
    Ok,
    /// Needs a look.
    Warn,
    /// Failed, or about to destroy.
    Danger,
    /// Sealed: nothing leaves.
    Sealed,
    /// Selected text or rows.
    Selection,
    /// What a search found.
    Match,
    /// A border out of focus.
    Border,
    /// The focused pane's border.
    BorderFocus,
    /// Code, on its ground.
    Code,
    /// The ground round code, and what stands there beside code.
    CodeGround,
    /// Quoted text and its bar.
    Quote,
    /// A link's text.
    Link,
}

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
}

impl Glyph {
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
        }
    }
}
