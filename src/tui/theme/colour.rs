//! A look as it is written: `#7cb7ff`, `bright_black italic`, `default on #2b3a4d bold`.

use std::fmt;

use ratatui::style::{Color, Modifier, Style};
use serde::de::{self, Deserialize, Deserializer, Visitor};

use super::depth::{self, Depth};

/// The colour of the text, the colour behind it, and its weight.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Look {
    pub(super) fore: Option<Color>,
    pub(super) back: Option<Color>,
    modifier: Modifier,
}

impl Look {
    /// As ratatui draws it. What isn't said stays as it is below.
    pub(super) fn style(self) -> Style {
        Style { fg: self.fore, bg: self.back, ..Style::new() }.add_modifier(self.modifier)
    }

    /// The same with colours that a terminal of this depth has.
    pub(super) fn degraded(self, depth: Depth) -> Self {
        let nearest = |colour: Option<Color>| colour.map(|colour| depth::nearest(colour, depth));
        Self { fore: nearest(self.fore), back: nearest(self.back), ..self }
    }
}

/// The sixteen colours by name.
const NAMES: &[(&str, Color)] = &[
    ("black", Color::Black),
    ("red", Color::Red),
    ("green", Color::Green),
    ("yellow", Color::Yellow),
    ("blue", Color::Blue),
    ("magenta", Color::Magenta),
    ("cyan", Color::Cyan),
    ("white", Color::Gray),
    ("bright_black", Color::DarkGray),
    ("bright_red", Color::LightRed),
    ("bright_green", Color::LightGreen),
    ("bright_yellow", Color::LightYellow),
    ("bright_blue", Color::LightBlue),
    ("bright_magenta", Color::LightMagenta),
    ("bright_cyan", Color::LightCyan),
    ("bright_white", Color::White),
    ("default", Color::Reset),
];

/// Weights and slants by name.
const MODIFIERS: &[(&str, Modifier)] = &[
    ("bold", Modifier::BOLD),
    ("dim", Modifier::DIM),
    ("italic", Modifier::ITALIC),
    ("underlined", Modifier::UNDERLINED),
    ("reversed", Modifier::REVERSED),
];

/// Every word that a look can hold, for the message about one it can't.
const WORDS: &[&str] = &[
    "#rrggbb",
    "default",
    "black",
    "red",
    "green",
    "yellow",
    "blue",
    "magenta",
    "cyan",
    "white",
    "bright_black",
    "bright_red",
    "bright_green",
    "bright_yellow",
    "bright_blue",
    "bright_magenta",
    "bright_cyan",
    "bright_white",
    "on",
    "bold",
    "dim",
    "italic",
    "underlined",
    "reversed",
];

fn colour<E: de::Error>(word: &str) -> Result<Color, E> {
    if let Some(hex) = word.strip_prefix('#') {
        let value = u32::from_str_radix(hex, 16).ok().filter(|_| hex.len() == 6 && !hex.starts_with('+'));
        let Some(value) = value else {
            return Err(E::custom(format!("`{word}` is not a colour: # takes six hexadecimal digits, as in #7cb7ff")));
        };
        let [_, red, green, blue] = value.to_be_bytes();
        return Ok(Color::Rgb(red, green, blue));
    }
    let named = NAMES.iter().find(|(name, _)| *name == word).map(|(_, colour)| *colour);
    named.ok_or_else(|| E::unknown_variant(word, WORDS))
}

impl<'de> Deserialize<'de> for Look {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_str(LookVisitor)
    }
}

struct LookVisitor;

impl Visitor<'_> for LookVisitor {
    type Value = Look;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a look in quotes, as in \"#7cb7ff bold\" or \"default on blue\"")
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<Look, E> {
        let mut look = Look::default();
        let mut words = text.split_whitespace();
        while let Some(word) = words.next() {
            if let Some((_, modifier)) = MODIFIERS.iter().find(|(name, _)| *name == word) {
                look.modifier |= *modifier;
            } else if word == "on" {
                let Some(ground) = words.next() else {
                    return Err(E::custom("a colour is missing after `on`, as in \"default on blue\""));
                };
                if look.back.replace(colour(ground)?).is_some() {
                    return Err(E::custom("there are two colours after `on`; keep one"));
                }
            } else if look.fore.replace(colour(word)?).is_some() {
                return Err(E::custom("there are two colours for the text; the second one needs `on` before it"));
            }
        }
        if look == Look::default() {
            return Err(E::invalid_value(de::Unexpected::Str(text), &self));
        }
        Ok(look)
    }
}
