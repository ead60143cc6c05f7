//! What a person writes: user config, workspace file, keymap, theme, templates, as typed values.

pub mod brief_templates;
pub mod dictionary;
pub mod error;
pub mod key;
pub mod keymap;
pub mod layout;
pub mod layout_edit;
pub mod provider;
pub mod source;
pub mod templates;
pub mod user;
pub mod workspace;
