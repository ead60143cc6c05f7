//! What things look like. Nothing outside this module names a colour.
//!
//! A theme gives every [`Token`] a look. One accent, the rest is weight and space; every state also has a glyph and a
//! word, so that [`Theme::monochrome`] loses nothing but comfort.

mod colour;
mod depth;
mod glyph;
mod mark;

use std::path::Path;

use ratatui::style::Style;
use serde::{Deserialize, Serialize};

use crate::config::error::ConfigError;
pub use colour::Look;
pub use depth::Depth;
pub use glyph::{Glyph, Glyphs};
pub use mark::{mark, marked};

/// Declares the tokens, and the file that gives each of them a look.
macro_rules! tokens {
    ($($(#[$doc:meta])* $token:ident = $name:ident,)*) => {
        /// What a piece of the screen is; the theme knows its colour.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        pub enum Token {
            $($(#[$doc])* $token,)*
        }

        impl Token {
            /// Every token, in the order of a theme's file.
            pub const ALL: &[Self] = &[$(Self::$token),*];

            /// Its key in a theme's file.
            pub const fn name(self) -> &'static str {
                match self {
                    $(Self::$token => stringify!($name),)*
                }
            }
        }

        /// A theme as it is written.
        #[derive(Debug, Deserialize)]
        #[serde(deny_unknown_fields)]
        struct ThemeFile {
            /// The embedded theme that looks come from where this one says nothing.
            #[serde(default)]
            extends: Option<Base>,
            /// The terminal's background that the theme is made for.
            #[serde(default)]
            ground: Option<Look>,
            $(#[serde(default)] $name: Option<Look>,)*
        }

        impl ThemeFile {
            fn look(&self, token: Token) -> Option<Look> {
                match token {
                    $(Token::$token => self.$name,)*
                }
            }
        }
    };
}

tokens! {
    /// What is read.
    Text = text,
    /// What is read second: times, hints, addresses.
    Dim = dim,
    /// What structures without being read: marks, rules.
    Faint = faint,
    /// The one colour that says "here".
    Accent = accent,
    /// The person's name above a message.
    Person = person,
    /// The model's name above a message.
    Model = model,
    /// A brief or a report.
    Brief = brief,
    /// A handoff's seam.
    Handoff = handoff,
    /// Done, saved, in.
    Ok = ok,
    /// Needs a look.
    Warn = warn,
    /// Failed, or about to destroy.
    Danger = danger,
    /// Sealed: nothing leaves.
    Sealed = sealed,
    /// Selected text or rows.
    Selection = selection,
    /// What a search found.
    Match = r#match,
    /// A border out of focus.
    Border = border,
    /// The focused pane's border.
    BorderFocus = border_focus,
    /// Code, on its ground.
    Code = code,
    /// The ground round code, and what stands there beside code.
    CodeGround = code_ground,
    /// In code: the words of the language.
    CodeKeyword = code_keyword,
    /// In code: text in quotes.
    CodeString = code_string,
    /// In code: numbers and other constants.
    CodeNumber = code_number,
    /// In code: what is said about it.
    CodeComment = code_comment,
    /// In code: functions, tags, keys, headings.
    CodeName = code_name,
    /// In code: types, classes, attributes.
    CodeType = code_type,
    /// In a difference: what was added.
    CodeInserted = code_inserted,
    /// In a difference: what was taken away.
    CodeDeleted = code_deleted,
    /// Quoted text and its bar.
    Quote = quote,
    /// A link's text.
    Link = link,
}

impl Token {
    /// Whether it is code, or a part of code.
    pub const fn is_code(self) -> bool {
        matches!(
            self,
            Self::Code
                | Self::CodeKeyword
                | Self::CodeString
                | Self::CodeNumber
                | Self::CodeComment
                | Self::CodeName
                | Self::CodeType
                | Self::CodeInserted
                | Self::CodeDeleted
        )
    }
}

/// A look for every token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Theme {
    looks: [Look; Token::ALL.len()],
    ground: Option<Look>,
    /// Whether it is one of ours: those have a hand-made twin in sixteen colours.
    is_builtin: bool,
}

/// The embedded themes by name.
const BUILTIN: [(&str, &str); 5] = [
    ("trialogue-dark", include_str!("../../../themes/trialogue-dark.yaml")),
    ("trialogue-light", include_str!("../../../themes/trialogue-light.yaml")),
    ("high-contrast", include_str!("../../../themes/high-contrast.yaml")),
    ("sixteen", include_str!("../../../themes/sixteen.yaml")),
    ("monochrome", include_str!("../../../themes/monochrome.yaml")),
];

/// An embedded theme that another one extends.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Base {
    TrialogueDark,
    TrialogueLight,
    HighContrast,
    Sixteen,
    Monochrome,
}

impl Base {
    const fn name(self) -> &'static str {
        match self {
            Self::TrialogueDark => "trialogue-dark",
            Self::TrialogueLight => "trialogue-light",
            Self::HighContrast => "high-contrast",
            Self::Sixteen => "sixteen",
            Self::Monochrome => "monochrome",
        }
    }
}

impl Theme {
    /// The embedded theme of this name.
    pub fn builtin(name: &str) -> Option<Self> {
        let (_, yaml) = BUILTIN.iter().find(|(builtin, _)| *builtin == name)?;
        let theme = Self::parse(yaml, Path::new(name)).ok()?;
        Some(Self { is_builtin: true, ..theme })
    }

    /// The names of the embedded themes.
    pub fn names() -> impl Iterator<Item = &'static str> {
        BUILTIN.iter().map(|(name, _)| *name)
    }

    /// A theme without colours, for `NO_COLOR`: weight, slant, underlines and reversal.
    pub fn monochrome() -> Self {
        Self::builtin("monochrome").unwrap_or_else(Self::plain)
    }

    /// A theme from a file's text.
    pub fn parse(yaml: &str, file: &Path) -> Result<Self, ConfigError> {
        let written: ThemeFile =
            serde_yaml::from_str(yaml).map_err(|error| ConfigError::from_yaml(file, yaml, &error))?;
        let base = written.extends.and_then(|base| Self::builtin(base.name()));
        let mut theme = base.clone().unwrap_or_else(Self::plain);
        theme.is_builtin = false;
        theme.ground = written.ground.or(theme.ground);
        for (look, token) in theme.looks.iter_mut().zip(Token::ALL) {
            match written.look(*token) {
                Some(written) => *look = written,
                None if base.is_some() => {}
                None => {
                    let message = format!(
                        "`{}` has no look. Give it one, or begin the file with `extends: trialogue-dark`.",
                        token.name().trim_end_matches('_')
                    );
                    return Err(ConfigError::whole(file, message));
                }
            }
        }
        Ok(theme)
    }

    /// The look of a token. Code always stands on the ground of code.
    pub fn style(&self, token: Token) -> Style {
        let style = self.look(token).style();
        if token.is_code() && style.bg.is_none() {
            return Style { bg: self.look(Token::CodeGround).style().bg, ..style };
        }
        style
    }

    /// The theme as far as a terminal of this depth can show it.
    #[must_use]
    pub fn at(&self, depth: Depth) -> Self {
        match depth {
            Depth::True => self.clone(),
            Depth::None => Self::monochrome(),
            Depth::Sixteen if self.is_builtin && self.has_colours_beyond_sixteen() => {
                Self::builtin("sixteen").unwrap_or_else(|| self.degraded(depth))
            }
            Depth::Sixteen | Depth::Indexed => self.degraded(depth),
        }
    }

    fn degraded(&self, depth: Depth) -> Self {
        Self { looks: self.looks.map(|look| look.degraded(depth)), ..self.clone() }
    }

    fn has_colours_beyond_sixteen(&self) -> bool {
        self.looks.iter().any(|look| look.degraded(Depth::Sixteen) != *look)
    }

    fn look(&self, token: Token) -> Look {
        self.looks.get(token as usize).copied().unwrap_or_default()
    }

    fn plain() -> Self {
        Self { looks: [Look::default(); Token::ALL.len()], ground: None, is_builtin: false }
    }
}

#[cfg(test)]
mod tests;
