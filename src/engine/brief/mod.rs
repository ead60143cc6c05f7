//! Briefs: work that crosses from one conversation into another, and the report that comes back.
//!
//! A [`Draft`] is what a person composes. [`compose()`] makes of it, for one receiver, the exact [`Composed`] payload: pure,
//! the same for the same inputs, masked where a source is guarded, checked before anything is decided. A [`Brief`] is
//! what was sent: its texts, its sources and its [`State`]. Its life is decided in `engine::decide::brief`.
//!
//! Architecture invariants: a brief is in effect once, when its message stands in the receiver; what crossed is the
//! payload to the byte; the strictest locality among its sources rules the whole brief.

mod assist;
mod compose;
mod context;
mod crossed;
mod draft;
mod gather;
mod life;
mod lineage;
mod listing;
mod payload;
mod proposal;
mod report;
mod shared;
mod suggest;

pub use assist::{Asking, Proposing, Ready};
pub use compose::{Composed, Composition, Hold, Replaced, compose, compose_all};
pub use context::Context;
pub use crossed::hide;
pub use draft::{Draft, Fields, Quote, Return};
pub use gather::{Gathered, Gathering, Origin, gather};
pub use life::{About, Brief, HOP_LIMIT, State, Step, Why};
pub use lineage::{Lineage, LineageLine, LineageOf, Place, Told};
pub use listing::{Listed, Listing, Offered, list};
pub(crate) use payload::mark;
pub use payload::{Quoted, fence};
pub use proposal::Slot;
pub use report::{Delivered, Delivery, deliver, deliver_all, reported};
pub use shared::{Shared, SharedBoundary, share};
pub use suggest::{Candidate, SUGGESTED_TOKENS, Suggested, suggest};
