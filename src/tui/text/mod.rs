//! Text on its way to the screen: made safe, measured, wrapped, and laid out from Markdown.
//!
//! Everything here is pure. Text from outside enters through [`sanitise`] or [`markdown`]; what comes out fits the
//! width it was asked for and commands nothing.

pub mod highlight;
pub mod markdown;
pub mod matches;
pub mod rich;
pub mod sanitise;
pub mod width;
pub mod wrap;
