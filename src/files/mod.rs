//! Workspace folders, locks, modes, attachments.

pub mod lock;
pub mod private;
pub mod transcript;
