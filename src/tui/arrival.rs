//! How keys arrive: the bytes a terminal sends for them, and those that never come, or come as another key.

use super::key::{Code, Key};

/// What is to be said against binding a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Objection {
    /// It never arrives as itself.
    Never(&'static str),
    /// It arrives in some terminals only.
    Rarely(&'static str),
}

/// What is to be said against binding this key, if anything is.
pub fn objection(key: Key) -> Option<Objection> {
    use Objection::{Never, Rarely};
    match key.code {
        Code::Char('i') if key.ctrl => Some(Never("it is the same byte as Tab. Bind `tab` instead.")),
        Code::Char('m') if key.ctrl => Some(Never("it is the same byte as Enter. Bind `enter` instead.")),
        Code::Char('[' | '3') if key.ctrl => Some(Never("it is the same byte as Esc. Bind `esc` instead.")),
        Code::Char('1' | '9' | '0') if key.ctrl => Some(Never("terminals send the digit alone.")),
        Code::Char('2' | '@') if key.ctrl => Some(Never("terminals send it as Ctrl-Space. Bind `ctrl-space` instead.")),
        Code::Char('8' | '?') if key.ctrl => Some(Never("it is the same byte as Backspace. Bind `backspace` instead.")),
        Code::Char('[' | 'O') if key.alt => Some(Never("every arrow and function key begins with its bytes.")),
        Code::Char('b') if key.ctrl => Some(Rarely("tmux keeps it as its prefix, unless that was changed.")),
        Code::Char('a') if key.ctrl => Some(Rarely("screen keeps it as its prefix, and so do many in tmux.")),
        Code::Char('z') if key.ctrl => Some(Rarely("it suspends programs everywhere else.")),
        Code::Char(other) if key.ctrl && !is_control(other) => {
            Some(Rarely("only terminals with kitty's protocol send it, and none does through tmux's defaults."))
        }
        Code::Enter | Code::Tab | Code::Backspace | Code::Esc if key.ctrl || (key.shift && key.code != Code::Tab) => {
            Some(Rarely("only terminals with kitty's protocol tell it apart, and none does through tmux's defaults."))
        }
        _ => None,
    }
}

/// Whether Ctrl makes a byte of its own of this character.
const fn is_control(char: char) -> bool {
    matches!(char, 'a'..='z' | ' ' | '4'..='7' | '\\' | ']' | '^' | '_' | '/')
}

/// The keys in these bytes, each with the bytes it came as. What is no key has none.
pub fn decode(bytes: &[u8]) -> Vec<(Option<Key>, Vec<u8>)> {
    let mut keys = Vec::new();
    let mut rest = bytes;
    while !rest.is_empty() {
        let (key, length) = first(rest);
        let (taken, after) = rest.split_at(length.clamp(1, rest.len()));
        keys.push((key, taken.to_vec()));
        rest = after;
    }
    keys
}

fn first(bytes: &[u8]) -> (Option<Key>, usize) {
    match bytes {
        [0x1b, b'[', rest @ ..] if !rest.is_empty() => control_sequence(rest),
        [0x1b, b'O', letter, ..] => (of_letter(*letter), 3),
        [0x1b] => (Some(Key::plain(Code::Esc)), 1),
        [0x1b, 0x1b, ..] => (Some(Key { alt: true, ..Key::plain(Code::Esc) }), 2),
        [0x1b, rest @ ..] => {
            let (key, length) = first(rest);
            (key.map(|key| Key { alt: true, ..key }), length + 1)
        }
        [b'\r', ..] => (Some(Key::plain(Code::Enter)), 1),
        [b'\t', ..] => (Some(Key::plain(Code::Tab)), 1),
        [0x7f, ..] => (Some(Key::plain(Code::Backspace)), 1),
        [0, ..] => (Some(Key::ctrl(' ')), 1),
        [control @ 1..=0x1a, ..] => (Some(Key::ctrl(char::from(control | 0x60))), 1),
        [control @ 0x1c..=0x1f, ..] => (Some(Key::ctrl(char::from(control + 0x18))), 1),
        _ => character(bytes),
    }
}

fn character(bytes: &[u8]) -> (Option<Key>, usize) {
    let length = match bytes.first() {
        Some(0xc2..=0xdf) => 2,
        Some(0xe0..=0xef) => 3,
        Some(0xf0..=0xf4) => 4,
        _ => 1,
    };
    let text = bytes.get(..length).and_then(|bytes| std::str::from_utf8(bytes).ok());
    (text.and_then(|text| text.chars().next()).map(Key::char), length)
}

/// `CSI` and what follows: numbers, then a letter, `~` or `u`.
fn control_sequence(rest: &[u8]) -> (Option<Key>, usize) {
    let Some(end) = rest.iter().position(|byte| (0x40..=0x7e).contains(byte)) else { return (None, rest.len() + 2) };
    let text = String::from_utf8_lossy(&rest[..end]);
    let mut numbers = text.split(';').map(|part| part.split(':').next().and_then(|number| number.parse::<u32>().ok()));
    let (number, modifiers) = (numbers.next().flatten(), numbers.next().flatten());
    let key = match rest[end] {
        b'~' => number.and_then(of_number),
        b'u' => number.and_then(char::from_u32).map(of_code_point),
        b'Z' => Some(Key { shift: true, ..Key::plain(Code::Tab) }),
        letter => of_letter(letter),
    };
    let held = modifiers.unwrap_or(1).saturating_sub(1);
    let with = |key: Key| Key {
        ctrl: key.ctrl || held & 4 != 0,
        alt: key.alt || held & 2 != 0,
        shift: (key.shift || held & 1 != 0) && !matches!(key.code, Code::Char(_)),
        ..key
    };
    (key.map(with), end + 3)
}

const fn of_letter(letter: u8) -> Option<Key> {
    Some(Key::plain(match letter {
        b'A' => Code::Up,
        b'B' => Code::Down,
        b'C' => Code::Right,
        b'D' => Code::Left,
        b'H' => Code::Home,
        b'F' => Code::End,
        b'P' => Code::F(1),
        b'Q' => Code::F(2),
        b'R' => Code::F(3),
        b'S' => Code::F(4),
        b'M' => Code::Enter,
        _ => return None,
    }))
}

const fn of_number(number: u32) -> Option<Key> {
    Some(Key::plain(match number {
        1 | 7 => Code::Home,
        2 => Code::Insert,
        3 => Code::Delete,
        4 | 8 => Code::End,
        5 => Code::PageUp,
        6 => Code::PageDown,
        11..=15 => Code::F((number - 10) as u8),
        17..=21 => Code::F((number - 11) as u8),
        23..=24 => Code::F((number - 12) as u8),
        _ => return None,
    }))
}

const fn of_code_point(char: char) -> Key {
    match char {
        '\r' => Key::plain(Code::Enter),
        '\t' => Key::plain(Code::Tab),
        '\u{1b}' => Key::plain(Code::Esc),
        '\u{7f}' => Key::plain(Code::Backspace),
        char => Key::char(char),
    }
}

/// Bytes as they are told: `1b 5b 41`.
pub fn told(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(bytes: &[u8]) -> String {
        let name = |(key, _): &(Option<Key>, Vec<u8>)| key.map_or_else(|| "?".to_owned(), |key| key.to_string());
        decode(bytes).iter().map(name).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn bytes_are_told_as_the_keys_they_came_from() {
        assert_eq!(names(b"j\x18\r\t\x7f\x00\x1f"), "j Ctrl-X Enter Tab Backspace Ctrl-Space Ctrl-7");
        assert_eq!(names(b"\x1b"), "Esc");
        assert_eq!(names(b"\x1bj\x1b\x1b"), "Alt-J Alt-Esc");
        assert_eq!(names(b"\x1b[A\x1bOP\x1b[5~\x1b[15~\x1b[24~\x1b[Z"), "↑ F1 PgUp F5 F12 Shift-Tab");
        assert_eq!(
            names(b"\x1b[1;5D\x1b[3;2~\x1b[13;2u\x1b[120;5u\x1b[120;5:1u"),
            "Ctrl-← Shift-Del Shift-Enter Ctrl-X Ctrl-X"
        );
        assert_eq!(names("ø価".as_bytes()), "ø 価");
        assert_eq!(names(b"\xff\x1b[99~\x1b["), "? ? Alt-[");
        assert_eq!(decode(b"\x1b[Aj")[0].1, b"\x1b[A");
    }

    #[test]
    fn a_key_that_arrives_as_another_one_is_told() {
        let key = |text: &str| objection(text.parse().unwrap());
        for text in ["ctrl-i", "ctrl-m", "ctrl-[", "ctrl-1", "alt-O"] {
            assert!(matches!(key(text), Some(Objection::Never(_))), "{text}");
        }
        for text in ["ctrl-;", "ctrl-enter", "shift-enter", "ctrl-b", "ctrl-tab"] {
            assert!(matches!(key(text), Some(Objection::Rarely(_))), "{text}");
        }
        for text in ["ctrl-x", "j", "alt-enter", "f5", "shift-tab", "ctrl-left", "ctrl-_", "alt-b"] {
            assert_eq!(key(text), None, "{text}");
        }
    }
}
