//! A vault's file: JSON with a version, readable by its owner only, replaced as a whole.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::engine::redaction::{Entry, Vault, VaultError};

/// The version this program writes, and the newest it reads.
const VERSION: u32 = 1;

/// What is wrong with a vault's file.
#[derive(Debug, thiserror::Error)]
pub enum VaultFileError {
    /// It isn't there.
    #[error("{0} is not there. Name the file that `mask --vault` wrote.")]
    Missing(PathBuf),
    /// It could not be read or written.
    #[error("{0} could not be {1}: {2}.")]
    Io(PathBuf, &'static str, io::Error),
    /// It isn't a vault.
    #[error("{path}, line {line}, column {column}: {message}. It is left as it is.")]
    Damaged {
        /// The file.
        path: PathBuf,
        /// The line, from 1.
        line: usize,
        /// The column, from 1.
        column: usize,
        /// What is wrong there.
        message: String,
    },
    /// It contradicts itself.
    #[error("{0} contradicts itself: {1}. It is left as it is.")]
    Contradicts(PathBuf, VaultError),
    /// A newer program wrote it.
    #[error("{0} has version {1}; this program reads up to {VERSION}. Use the newer program, or another file.")]
    Newer(PathBuf, u64),
}

#[derive(Serialize, Deserialize)]
struct Record {
    version: u32,
    boundary: String,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    reserved: Vec<(String, u32)>,
    entries: Vec<Entry>,
}

/// A vault's file that this process holds until it is dropped: two writers never lose each other's pseudonyms.
#[derive(Debug)]
pub struct VaultFile {
    path: PathBuf,
    _lock: File,
}

impl VaultFile {
    /// Holds the file, waiting for whoever holds it now. It need not exist yet.
    pub fn hold(path: impl Into<PathBuf>) -> Result<Self, VaultFileError> {
        let path = path.into();
        let beside = beside(&path, "lock");
        let held = private().create(true).truncate(false).open(&beside).and_then(|file| file.lock().map(|()| file));
        match held {
            Ok(lock) => Ok(Self { path, _lock: lock }),
            Err(error) => Err(VaultFileError::Io(beside, "locked", error)),
        }
    }

    /// The vault in the file; an empty one of this boundary if there is no file yet.
    pub fn load_or_new(&self, boundary: &str) -> Result<Vault, VaultFileError> {
        match load(&self.path) {
            Err(VaultFileError::Missing(_)) => Ok(Vault::new(boundary)),
            other => other,
        }
    }

    /// Replaces the file: written beside it, synced, renamed, 0600 whatever the umask.
    pub fn save(&self, vault: &Vault) -> Result<(), VaultFileError> {
        let reserved = vault.reserved().map(|(label, number)| (label.to_owned(), number)).collect();
        let record = Record {
            version: VERSION,
            boundary: vault.boundary().to_owned(),
            reserved,
            entries: vault.entries().to_vec(),
        };
        let failed = |error: io::Error| VaultFileError::Io(self.path.clone(), "written", error);
        let mut text = serde_json::to_string_pretty(&record).map_err(|error| failed(error.into()))?;
        text.push('\n');
        let beside = beside(&self.path, &format!("{}.new", std::process::id()));
        let written = write_new(&beside, text.as_bytes()).and_then(|()| fs::rename(&beside, &self.path));
        if written.is_err() {
            // What was half written holds values: it must not stay. Its own failure changes nothing about the first.
            let _ = fs::remove_file(&beside);
        }
        written.and_then(|()| sync_folder(&self.path)).map_err(failed)
    }
}

/// Reads a vault's file.
pub fn load(path: &Path) -> Result<Vault, VaultFileError> {
    let text = fs::read_to_string(path).map_err(|error| match error.kind() {
        io::ErrorKind::NotFound => VaultFileError::Missing(path.to_owned()),
        _ => VaultFileError::Io(path.to_owned(), "read", error),
    })?;
    let damaged = |error: &serde_json::Error| {
        let said = error.to_string();
        let message = said.split(" at line ").next().unwrap_or(&said).to_owned();
        VaultFileError::Damaged {
            path: path.to_owned(),
            line: error.line().max(1),
            column: error.column().max(1),
            message,
        }
    };
    // The version decides before the shape: a newer file may have any.
    let shape: serde_json::Value = serde_json::from_str(&text).map_err(|error| damaged(&error))?;
    if let Some(version) =
        shape.get("version").and_then(serde_json::Value::as_u64).filter(|version| *version > u64::from(VERSION))
    {
        return Err(VaultFileError::Newer(path.to_owned(), version));
    }
    let record: Record = serde_json::from_str(&text).map_err(|error| damaged(&error))?;
    let mut vault = Vault::from_entries(record.boundary, record.entries)
        .map_err(|error| VaultFileError::Contradicts(path.to_owned(), error))?;
    for (label, number) in record.reserved {
        vault.reserve(label, number);
    }
    Ok(vault)
}

fn beside(path: &Path, ending: &str) -> PathBuf {
    let mut name = std::ffi::OsString::from(".");
    name.push(path.file_name().unwrap_or_default());
    name.push(".");
    name.push(ending);
    path.with_file_name(name)
}

fn private() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.write(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
}

fn write_new(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut file = private().create_new(true).open(path)?;
    file.write_all(bytes)?;
    file.sync_all()
}

fn sync_folder(path: &Path) -> io::Result<()> {
    if !cfg!(unix) {
        return Ok(());
    }
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    File::open(folder)?.sync_all()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::redaction::{Detector, Policy, mask, restore};

    #[test]
    fn a_vault_comes_back_as_it_was_and_only_its_owner_reads_it() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("v.json");
        let held = VaultFile::hold(&path).unwrap();
        let mut vault = held.load_or_new("mask").unwrap();
        let masked = mask("[EMAIL_7] a@b.example", &Detector::default(), &mut vault, Policy::EVERYTHING);
        held.save(&vault).unwrap();
        held.save(&vault).unwrap();
        let kept = load(&path).unwrap();
        assert_eq!(kept, vault);
        assert_eq!(restore(masked.text(), &kept), "[EMAIL_7] a@b.example");
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        }
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 2);
    }

    #[test]
    fn a_newer_or_damaged_vault_is_named_and_left_alone() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("v.json");
        for (text, wanted) in [
            (r#"{"version":9,"tables":[]}"#, "has version 9; this program reads up to 1"),
            ("{\n \"version\": 1,\n", "line 3, column"),
            (
                r#"{"version":1,"boundary":"x","entries":[{"pseudonym":"[A]","value":"v","kind":"email","group":"g"}]}"#,
                "contradicts itself",
            ),
        ] {
            fs::write(&path, text).unwrap();
            let said = load(&path).unwrap_err().to_string();
            assert!(said.contains(wanted), "{said}");
            assert_eq!(fs::read_to_string(&path).unwrap(), text);
        }
        assert!(matches!(load(&folder.path().join("none")), Err(VaultFileError::Missing(_))));
    }
}
