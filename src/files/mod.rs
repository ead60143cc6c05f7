//! Workspace folders, locks, modes, attachments.
pub mod vault;
