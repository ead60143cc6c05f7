//! Workspace folders, locks, modes, attachments.
