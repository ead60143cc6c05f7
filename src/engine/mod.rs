//! The pure core: what is true, and what follows from it.
//!
//! [`Engine::decide`] takes an [`Input`](input::Input) and returns facts and effects; [`Engine::apply`] folds a fact
//! into the index. No I/O, no clock, no randomness but [`Env`](id::Env), no bodies, no `HashMap` (its order is random).
//!
//! Architecture invariants: nothing here names tokio, a file, a socket or the screen; `apply` is the only thing that
//! changes the index but for the phases of running turns; a result for a turn that no longer runs changes nothing.

pub mod aside;
pub mod brief;
pub mod conversation;
mod decide;
pub mod effect;
pub mod event;
pub mod failure;
pub mod gauge;
pub mod handoff;
pub mod id;
pub mod input;
pub mod locality;
pub mod message;
pub mod meter;
pub mod model;
pub mod op;
pub mod price;
pub mod prompt;
pub mod redaction;
mod reply;
pub mod settings;
pub mod spend;
#[cfg(test)]
mod tests;
pub mod time;
pub mod trust;
pub mod update;
pub mod whereabouts;
pub mod workspace;

pub use decide::Decision;
pub use workspace::Engine;
