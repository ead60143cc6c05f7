//! Handoffs joined to conversations: when one is made, what it carries, and the ways back.

mod back;
