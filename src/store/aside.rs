//! Damaged files under names of their own: put aside, never deleted.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use crate::files::private;

use super::connect::beside;

/// The first name for a damaged journal that isn't taken.
pub(super) fn free_name(folder: &Path) -> PathBuf {
    let mut number = 1;
    loop {
        let name = folder.join(format!("journal-damaged-{number}.db"));
        if beside(&name).iter().all(|file| !file.exists()) {
            return name;
        }
        number += 1;
    }
}

/// Gives a file a second name, or copies it where the file system has no second names.
pub(super) fn keep(path: &Path, kept: &Path) -> io::Result<()> {
    if fs::hard_link(path, kept).is_ok() {
        return Ok(());
    }
    let mut copy = private::open_file(kept)?;
    io::copy(&mut fs::File::open(path)?, &mut copy)?;
    copy.sync_all()
}

/// Removes a file, if it is there.
pub(super) fn remove(path: &Path) -> io::Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}
