//! A file that goes along with a message.

use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

/// The longest text that can go along: more than any model's window holds.
pub const LONGEST: u64 = 8 * 1024 * 1024;

/// A text that was read, with the name it goes by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReadFile {
    /// The file's name without its folder: where it lies on this machine is nobody else's business.
    pub name: String,
    /// The whole text, as it is on disk but for a byte-order mark.
    pub body: String,
}

/// Reads a file to attach. `samples` are embedded texts by name, which go before files of their names.
pub fn read(path: &Path, samples: &[(&str, &str)]) -> Result<ReadFile, AttachmentError> {
    let spelled = path.to_string_lossy();
    let spelled = spelled.strip_prefix('@').unwrap_or(&spelled);
    if let Some((_, body)) = samples.iter().find(|(name, _)| *name == spelled) {
        return Ok(ReadFile { name: name_of(Path::new(spelled)), body: (*body).to_owned() });
    }
    let path = Path::new(spelled).to_owned();
    let io = |error: io::Error| AttachmentError::Unreadable { path: path.clone(), error };
    let found = std::fs::metadata(&path).map_err(io)?;
    if found.is_dir() {
        return Err(AttachmentError::Folder { path });
    }
    let mut bytes = Vec::new();
    // A pipe or a device has no length to ask for: what is read is counted instead.
    File::open(&path).map_err(io)?.take(LONGEST + 1).read_to_end(&mut bytes).map_err(io)?;
    if bytes.len() as u64 > LONGEST {
        return Err(AttachmentError::TooLong { path });
    }
    if bytes.contains(&0) {
        return Err(AttachmentError::Binary { path });
    }
    match String::from_utf8(bytes) {
        Ok(text) if text.trim().is_empty() => Err(AttachmentError::Empty { path }),
        Ok(text) => {
            let body = text.strip_prefix('\u{FEFF}').map(str::to_owned).unwrap_or(text);
            Ok(ReadFile { name: name_of(&path), body })
        }
        Err(error) => {
            let valid = error.utf8_error().valid_up_to();
            let line = error.as_bytes()[..valid].split(|byte| *byte == b'\n').count();
            Err(AttachmentError::NotUtf8 { path, line })
        }
    }
}

fn name_of(path: &Path) -> String {
    path.file_name().map_or_else(|| "file".to_owned(), |name| name.to_string_lossy().into_owned())
}

/// Why a file cannot go along.
#[derive(Debug, thiserror::Error)]
pub enum AttachmentError {
    /// The system refused.
    #[error("{} can't be read: {error}", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// What the system said.
        error: io::Error,
    },
    /// A folder.
    #[error("{} is a folder: attach the files in it one by one", path.display())]
    Folder {
        /// The folder.
        path: PathBuf,
    },
    /// Longer than any model reads.
    #[error("{} has more than {} MiB: attach the part that matters", path.display(), LONGEST / 1024 / 1024)]
    TooLong {
        /// The file.
        path: PathBuf,
    },
    /// Not a text at all.
    #[error("{} is no text: attach its text, for example as Markdown", path.display())]
    Binary {
        /// The file.
        path: PathBuf,
    },
    /// A text in another encoding.
    #[error("{} is not UTF-8 (line {line}): save it as UTF-8 and attach it again", path.display())]
    NotUtf8 {
        /// The file.
        path: PathBuf,
        /// The first line that isn't.
        line: usize,
    },
    /// Nothing in it.
    #[error("{} is empty", path.display())]
    Empty {
        /// The file.
        path: PathBuf,
    },
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reading(bytes: &[u8]) -> Result<ReadFile, AttachmentError> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("notes.md");
        std::fs::write(&path, bytes).unwrap();
        read(&path, &[])
    }

    #[test]
    fn a_text_is_read_whole_without_its_byte_order_mark() {
        let read = reading("\u{FEFF}grüß\r\ndich\n".as_bytes()).unwrap();
        assert_eq!(read, ReadFile { name: "notes.md".into(), body: "grüß\r\ndich\n".into() });
    }

    #[test]
    fn what_is_no_text_is_refused_with_what_to_do() {
        assert!(matches!(reading(b"%PDF-1.7\0\0"), Err(AttachmentError::Binary { .. })));
        assert!(matches!(reading(b"a\nb\xff"), Err(AttachmentError::NotUtf8 { line: 2, .. })));
        assert!(matches!(reading(b" \n"), Err(AttachmentError::Empty { .. })));
        let long = vec![b'a'; usize::try_from(LONGEST).unwrap() + 1];
        assert!(matches!(reading(&long), Err(AttachmentError::TooLong { .. })));
        assert!(reading(&long[1..]).is_ok());
        assert!(matches!(read(Path::new("/"), &[]), Err(AttachmentError::Folder { .. })));
        let missing = read(Path::new("no-such-file.md"), &[]).unwrap_err().to_string();
        assert!(missing.starts_with("no-such-file.md can't be read: "), "{missing}");
    }

    #[test]
    fn the_sample_needs_no_file() {
        let samples = [("sample/offers.md", "three offers")];
        for spelled in ["sample/offers.md", "@sample/offers.md"] {
            let sample = read(Path::new(spelled), &samples).unwrap();
            assert_eq!(sample, ReadFile { name: "offers.md".into(), body: "three offers".into() });
        }
    }
}
