//! The command line.

pub mod handoff;
