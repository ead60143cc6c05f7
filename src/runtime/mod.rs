//! The effect runner: the only place that spawns.

pub mod connection;
