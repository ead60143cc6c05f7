//! Locality: what may cross to another pane or provider, and in which form.
//!
//! A [`Boundary`] is a receiver: it has one table of pseudonyms, so that a receiver can join what two senders say about the
//! same client, and two receivers can't join theirs. What leaves is an [`Outbound`], which only the leak check makes.
//!
//! Architecture invariants: a secret never crosses; text that was masked for one boundary is neither masked again within it
//! nor let through another; without a check there is no `Outbound`.

mod boundary;
mod outbound;
mod table;

pub use boundary::{Boundary, Crossing, Held};
pub use outbound::{Leaked, Outbound};
pub use table::Table;
