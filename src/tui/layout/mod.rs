//! Where panes stand: a split tree, and the rectangles that follow from it. Pure; knows names and cells, nothing else.
//!
//! Architecture invariants: a tree's leaves are distinct; its rectangles tile the area exactly; a split has at least
//! two children, and never a child of its own axis.

mod file;
pub mod solve;
pub mod tree;

pub use solve::{Arrangement, READABLE, arrange};
pub use tree::{Axis, Branch, Direction, Stand, Tree};
