//! The screen: a client of the runtime that folds facts, asks for pages, and draws.
//!
//! Architecture invariants: `app` is pure (keys and facts in, commands out; no clock, no terminal, no runtime); `ui`
//! only reads; only `terminal` writes to the terminal; nothing here reaches into the engine's state.

pub mod app;
pub mod arrival;
mod canvas;
pub mod dialog;
pub mod event_loop;
pub mod flat;
pub mod frame_clock;
mod hang_up;
#[cfg(test)]
mod harness;
pub mod hyperlink;
pub mod key;
pub mod key_watch;
pub mod layout;
pub mod outside;
pub mod steady;
pub mod surroundings;
pub mod terminal;
pub mod text;
pub mod theme;
pub mod transcript;
pub mod ui;

pub use event_loop::run;
