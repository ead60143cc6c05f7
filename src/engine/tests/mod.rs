//! Tables: a script of what is asked and what comes back, and what the engine decides, a line each.
//!
//! Identities are written as letters in the order they appear, so that a table reads without looking anything up.

mod assist;
mod crossings;
mod failover;
mod handoff;
mod injection;
mod localities;
mod moving;
mod spend;
mod stage;
mod story;
mod turns;
