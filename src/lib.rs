//! Trialogue: a terminal workbench for people who think with several AI conversations at once.

pub mod cli;
pub mod config;
pub mod engine;
pub mod files;
pub mod provider;
pub mod runtime;
pub mod store;
pub mod tui;
