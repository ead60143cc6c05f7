//! Workspace folders, locks, modes, attachments.

pub mod transcript;
