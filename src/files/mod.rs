//! Folders, workspace folders, locks, modes, attachments.

pub mod attachment;
pub mod beginning;
pub mod documents;
pub mod folders;
pub mod lock;
pub mod new_file;
pub mod private;
pub mod scratch;
pub mod transcript;
pub mod vault;
pub mod workspace_folder;
pub mod zone;
