//! What a person writes: user config, workspace file, keymap, theme, templates, as typed values.
pub mod dictionary;
