//! The screen.

pub mod text;
pub mod theme;
