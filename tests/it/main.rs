//! The program as a whole, in one test binary.

#![expect(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test says so when something is missing")]

mod bad_input;
mod brief;
mod commands;
mod crossings;
mod flat;
mod handoff;
#[cfg(unix)]
mod hang_up;
mod kill;
mod licences;
mod moving;
#[path = "../pty/mod.rs"]
mod pty;
mod reading;
mod readme;
mod screen;
mod tidy;
