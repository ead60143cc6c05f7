//! What makes text from outside safe to show: it may say anything, and command nothing.
//!
//! No control character but newline and tab passes; bidirectional, zero-width and tag characters are revealed
//! (`⟨U+202E⟩`, `␛`), because hidden text and reordered text deceive a reader. What writing needs survives: joiners
//! between the letters of a joining script and inside emoji, a variation selector after a character that has
//! variants, the flags made of tags, and right-to-left text as such.
//!
//! One incremental [`Sanitiser`] serves every sink; cut anywhere, a text comes out the same.

mod class;

use std::borrow::Cow;
use std::fmt::Write as _;

use class::Class;

/// The most combining marks on one character: the limit of Unicode's stream-safe format (UAX 15).
const MARKS: u8 = 30;

/// The flags that are made of tags after a black flag: England, Scotland, Wales.
const TAG_FLAGS: [&str; 3] = ["gbeng", "gbsct", "gbwls"];

/// The text as it may be shown, newlines and tabs kept.
pub fn sanitise(text: &str) -> Cow<'_, str> {
    if is_plain(text) {
        return Cow::Borrowed(text);
    }
    let mut safe = String::with_capacity(text.len() + 16);
    let mut sanitiser = Sanitiser::default();
    sanitiser.push(text, &mut safe);
    sanitiser.finish(&mut safe);
    Cow::Owned(safe)
}

/// The text as it may be shown on one line, for titles, names and errors: newlines and tabs become a space.
pub fn one_line(text: &str) -> Cow<'_, str> {
    let safe = sanitise(text);
    if !safe.contains(['\n', '\t']) {
        return safe;
    }
    let mut line = String::with_capacity(safe.len());
    for word in safe.split(['\n', '\t']).map(str::trim).filter(|word| !word.is_empty()) {
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(word);
    }
    Cow::Owned(line)
}

/// Whether nothing in the text needs a second look.
fn is_plain(text: &str) -> bool {
    text.bytes().all(|byte| matches!(byte, b' '..=b'~' | b'\n' | b'\t'))
        || text.chars().all(|c| matches!(c, '\n' | '\t') || class::of(c) == Class::Plain)
}

/// Sanitises a stream. What the next character decides (a carriage return, a joiner, a tag) is held back until then.
#[derive(Debug, Clone, Default)]
pub struct Sanitiser {
    /// The last character that passed and isn't a mark: what a joiner or selector would belong to.
    base: Option<char>,
    /// The last character that passed.
    last: Option<char>,
    /// How many marks are on the base.
    marks: u8,
    held: Held,
}

/// What waits for the next character.
#[derive(Debug, Clone, Default)]
enum Held {
    #[default]
    Nothing,
    /// A carriage return: the first half of a newline, or a command.
    Return,
    /// A joiner that fits what stands before it.
    Joiner(char),
    /// Tags after a black flag, as the letters they stand for.
    Tags(String),
}

impl Sanitiser {
    /// Adds what can be shown of this piece to `out`.
    pub fn push(&mut self, piece: &str, out: &mut String) {
        let mut rest = piece;
        while let Some(c) = rest.chars().next() {
            // Runs of plain ASCII are most of all text: they are copied whole.
            let run = rest.bytes().take_while(|byte| matches!(byte, b' '..=b'~' | b'\n' | b'\t')).count();
            if run > 1 && matches!(self.held, Held::Nothing) {
                out.push_str(&rest[..run]);
                self.passed_base(rest[..run].chars().next_back());
                rest = &rest[run..];
                continue;
            }
            self.push_char(c, out);
            rest = &rest[c.len_utf8()..];
        }
    }

    /// Ends the text: what was held back is decided.
    pub fn finish(&mut self, out: &mut String) {
        match std::mem::take(&mut self.held) {
            Held::Nothing => {}
            Held::Return => reveal('\r', out),
            Held::Joiner(joiner) if self.last.is_some_and(class::is_virama) => out.push(joiner),
            Held::Joiner(joiner) => reveal(joiner, out),
            Held::Tags(tags) => reveal_tags(&tags, out),
        }
        *self = Self::default();
    }

    fn push_char(&mut self, c: char, out: &mut String) {
        match std::mem::take(&mut self.held) {
            Held::Nothing => {}
            Held::Return if c == '\n' => {}
            Held::Return => self.reveal('\r', out),
            Held::Joiner(joiner) => {
                if self.joins(joiner, c) {
                    out.push(joiner);
                    self.last = Some(joiner);
                } else {
                    self.reveal(joiner, out);
                }
            }
            Held::Tags(mut tags) => match class::tag(c) {
                Some('\u{7F}') if TAG_FLAGS.contains(&tags.as_str()) => {
                    out.extend(tags.chars().map(class::as_tag));
                    out.push(c);
                    self.passed_base(None);
                    return;
                }
                Some(letter) if TAG_FLAGS.iter().any(|flag| continues(flag, &tags, letter)) => {
                    tags.push(letter);
                    self.held = Held::Tags(tags);
                    return;
                }
                _ => {
                    reveal_tags(&tags, out);
                    self.passed_base(None);
                }
            },
        }
        self.judge(c, out);
    }

    /// Decides about a character that nothing is held before.
    fn judge(&mut self, c: char, out: &mut String) {
        match class::of(c) {
            Class::Plain => {
                out.push(c);
                self.passed_base(Some(c));
            }
            Class::Return => self.held = Held::Return,
            Class::Mark if self.marks < MARKS => {
                out.push(c);
                self.marks += 1;
                self.last = Some(c);
            }
            Class::Joiner if self.may_join(c) => self.held = Held::Joiner(c),
            Class::Selector if self.last.is_some_and(|last| class::has_variant(last, c)) => {
                out.push(c);
                self.last = Some(c);
            }
            Class::Tag if self.last == Some(class::BLACK_FLAG) && class::tag(c) == Some('g') => {
                self.held = Held::Tags("g".to_owned());
            }
            Class::Mark => {
                self.reveal(c, out);
                self.marks = MARKS;
            }
            Class::Joiner | Class::Selector | Class::Tag | Class::Hidden => self.reveal(c, out),
        }
    }

    /// Whether a joiner can follow what stands before it: never another joiner, or a row of them could hide a message.
    fn may_join(&self, joiner: char) -> bool {
        let Some(base) = self.base.filter(|_| !self.last.is_some_and(|last| class::of(last) == Class::Joiner)) else {
            return false;
        };
        class::joins(base) || (joiner == '\u{200D}' && class::is_pictograph(base))
    }

    /// Whether a joiner that could follow what stands before it belongs between that and this.
    fn joins(&self, joiner: char, next: char) -> bool {
        let Some(base) = self.base else { return false };
        if joiner == '\u{200D}' && class::is_pictograph(base) {
            return class::is_pictograph(next);
        }
        (class::joins(base) && class::joins(next)) || self.last.is_some_and(class::is_virama)
    }

    fn passed_base(&mut self, c: Option<char>) {
        (self.base, self.last, self.marks) = (c, c, 0);
    }

    fn reveal(&mut self, c: char, out: &mut String) {
        reveal(c, out);
        self.passed_base(None);
    }
}

/// Writes the visible form of a character: a control picture, or its code point in angle brackets.
fn reveal(c: char, out: &mut String) {
    match c {
        '\0'..='\u{1F}' => out.extend(char::from_u32(0x2400 + u32::from(c))),
        '\u{7F}' => out.push('␡'),
        c => {
            // Writing to a string cannot fail.
            let _ = write!(out, "⟨U+{:04X}⟩", u32::from(c));
        }
    }
}

fn continues(flag: &str, tags: &str, letter: char) -> bool {
    flag.strip_prefix(tags).is_some_and(|rest| rest.starts_with(letter))
}

fn reveal_tags(tags: &str, out: &mut String) {
    for letter in tags.chars() {
        reveal(class::as_tag(letter), out);
    }
}

#[cfg(test)]
pub(crate) mod tests;
