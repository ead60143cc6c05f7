//! What a character may do to a reader or a terminal.

use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthChar;

/// The flag that tags turn into another one.
pub(super) const BLACK_FLAG: char = '\u{1F3F4}';

/// How a character is judged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Class {
    /// Shows itself and nothing else.
    Plain,
    /// Half a newline, or a command.
    Return,
    /// Combines with what stands before it.
    Mark,
    /// ZWJ and ZWNJ: needed in some writing, hidden anywhere else.
    Joiner,
    /// Chooses a variant of what stands before it.
    Selector,
    /// Part of a flag, or hidden text.
    Tag,
    /// Commands, reorders or hides: always revealed.
    Hidden,
}

/// The character's class.
pub(super) fn of(c: char) -> Class {
    match c {
        ' '..='~' | '\n' | '\t' => Class::Plain,
        '\r' => Class::Return,
        '\u{200C}' | '\u{200D}' => Class::Joiner,
        '\u{FE00}'..='\u{FE0F}' | '\u{E0100}'..='\u{E01EF}' | '\u{180B}'..='\u{180D}' | '\u{180F}' => Class::Selector,
        '\u{E0020}'..='\u{E007F}' => Class::Tag,
        c if c.is_control() || is_hidden(c) => Class::Hidden,
        // Syllable parts of Hangul have no width of their own and are letters all the same.
        '\u{1100}'..='\u{11FF}' | '\u{D7B0}'..='\u{D7FF}' => Class::Plain,
        c if c > '\u{2FF}' && c.width() == Some(0) => Class::Mark,
        _ => Class::Plain,
    }
}

/// Characters without a picture, other than controls: format characters, fillers, separators, and everything in the
/// plane of tags and selectors that stands for nothing.
fn is_hidden(c: char) -> bool {
    matches!(
        c,
        '\u{AD}'
            | '\u{34F}'
            | '\u{61C}'
            | '\u{115F}'
            | '\u{1160}'
            | '\u{17B4}'
            | '\u{17B5}'
            | '\u{180E}'
            | '\u{200B}'
            | '\u{200E}'
            | '\u{200F}'
            | '\u{2028}'..='\u{202E}'
            | '\u{2060}'..='\u{206F}'
            | '\u{3164}'
            | '\u{FEFF}'
            | '\u{FFA0}'
            | '\u{FFF0}'..='\u{FFFB}'
            | '\u{13430}'..='\u{1343F}'
            | '\u{1BCA0}'..='\u{1BCA3}'
            | '\u{1D173}'..='\u{1D17A}'
            | '\u{E0000}'..='\u{E0FFF}'
    )
}

/// The ASCII character that a tag stands for.
pub(super) fn tag(c: char) -> Option<char> {
    matches!(c, '\u{E0020}'..='\u{E007F}').then(|| char::from_u32(u32::from(c) - 0xE_0000)).flatten()
}

/// The tag that stands for an ASCII character.
pub(super) fn as_tag(letter: char) -> char {
    char::from_u32(0xE_0000 + u32::from(letter)).unwrap_or(letter)
}

/// Whether the character belongs to a script whose letters join or form conjuncts, so that a joiner between two of
/// them is spelling.
pub(super) fn joins(c: char) -> bool {
    matches!(
        c,
        '\u{620}'..='\u{6EF}'
            | '\u{6FA}'..='\u{77F}'
            | '\u{7CA}'..='\u{7FA}'
            | '\u{840}'..='\u{DFF}'
            | '\u{F00}'..='\u{109F}'
            | '\u{1780}'..='\u{17DD}'
            | '\u{1807}'
            | '\u{1820}'..='\u{18AA}'
            | '\u{1A20}'..='\u{1AAD}'
            | '\u{1B00}'..='\u{1C4F}'
            | '\u{A840}'..='\u{A877}'
            | '\u{A8E0}'..='\u{A9FF}'
            | '\u{AA60}'..='\u{AAFF}'
            | '\u{ABC0}'..='\u{ABFF}'
            | '\u{FB50}'..='\u{FDFF}'
            | '\u{FE70}'..='\u{FEFC}'
            | '\u{10AC0}'..='\u{10AFF}'
            | '\u{10D00}'..='\u{10D3F}'
            | '\u{11000}'..='\u{11FFF}'
            | '\u{1E900}'..='\u{1E94B}'
    )
}

/// Whether the character is a virama: a joiner after it chooses the form of a conjunct, whatever follows.
pub(super) fn is_virama(c: char) -> bool {
    matches!(
        c,
        '\u{94D}'
            | '\u{9CD}'
            | '\u{A4D}'
            | '\u{ACD}'
            | '\u{B4D}'
            | '\u{BCD}'
            | '\u{C4D}'
            | '\u{CCD}'
            | '\u{D4D}'
            | '\u{DCA}'
            | '\u{1039}'
            | '\u{1B44}'
            | '\u{A9C0}'
            | '\u{110B9}'
            | '\u{11133}'
    )
}

/// Whether emoji sequences can be made of the character (`Extended_Pictographic`), judged by how Unicode segments it.
pub(super) fn is_pictograph(c: char) -> bool {
    // The one rule (GB11) that keeps two such characters round a joiner together.
    of(c) == Class::Plain
        && c > '\u{A8}'
        && [c, '\u{200D}', c].iter().collect::<String>().graphemes(true).count() == 1
        && !joins(c)
}

/// Whether a variation selector has a meaning after this character.
pub(super) fn has_variant(base: char, selector: char) -> bool {
    let ideograph = matches!(base, '\u{3400}'..='\u{9FFF}' | '\u{F900}'..='\u{FAFF}' | '\u{20000}'..='\u{3FFFF}');
    match selector {
        '\u{FE0E}' | '\u{FE0F}' => is_pictograph(base) || matches!(base, '0'..='9' | '#' | '*'),
        '\u{FE00}'..='\u{FE02}' => ideograph || matches!(base, '\u{2200}'..='\u{22FF}' | '\u{2A00}'..='\u{2AFF}'),
        '\u{E0100}'..='\u{E01EF}' => ideograph,
        '\u{180B}'..='\u{180D}' | '\u{180F}' => matches!(base, '\u{1820}'..='\u{18AA}'),
        _ => false,
    }
}
