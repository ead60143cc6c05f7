//! `trialogue unmask`: the way back, as a stream.

use std::io::{self, Read, Write};
use std::path::PathBuf;

use super::mask::MaskError;
use crate::engine::redaction::RestoreStream;
use crate::files::vault;

/// What `unmask` is told.
#[derive(Debug, Clone, Default, clap::Args)]
pub struct UnmaskArgs {
    /// The file that `mask --vault` wrote.
    #[arg(long, value_name = "FILE")]
    pub vault: PathBuf,
}

/// Restores stdin to stdout while it comes. What no pseudonym stands in passes as it is.
pub fn run(args: &UnmaskArgs, stdin: &mut dyn Read, stdout: &mut dyn Write) -> Result<(), MaskError> {
    let vault = vault::load(&args.vault)?;
    let mut stream = RestoreStream::new(&vault);
    let mut held = Vec::new();
    let mut seen = 0;
    let mut buffer = vec![0; 64 * 1_024];
    loop {
        let read = match stdin.read(&mut buffer) {
            Ok(0) => break,
            Ok(read) => read,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(error.into()),
        };
        held.extend_from_slice(&buffer[..read]);
        let whole = match std::str::from_utf8(&held) {
            Ok(text) => text.len(),
            // A character that is cut waits for its other bytes; a wrong byte never becomes one.
            Err(error) if error.error_len().is_none() => error.valid_up_to(),
            Err(error) => return Err(MaskError::NotText(seen + error.valid_up_to())),
        };
        let text = std::str::from_utf8(&held[..whole]).unwrap_or_default();
        stdout.write_all(stream.push(text).as_bytes())?;
        held.drain(..whole);
        seen += whole;
    }
    if !held.is_empty() {
        return Err(MaskError::NotText(seen));
    }
    stdout.write_all(stream.finish().as_bytes())?;
    Ok(stdout.flush()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A reader that gives one byte at a time.
    struct Dripping<'a>(&'a [u8]);

    impl Read for Dripping<'_> {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            let Some((first, rest)) = self.0.split_first() else { return Ok(0) };
            buffer[0] = *first;
            self.0 = rest;
            Ok(1)
        }
    }

    #[test]
    fn characters_and_pseudonyms_may_be_cut_anywhere() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("v.json");
        let entry = r#"{"pseudonym":"[EMAIL_1]","value":"å@b.example","kind":"email","group":"g"}"#;
        std::fs::write(&path, format!(r#"{{"version":1,"boundary":"mask","entries":[{entry}]}}"#)).unwrap();
        let args = UnmaskArgs { vault: path };
        let mut out = Vec::new();
        run(&args, &mut Dripping("é [EMAIL_1] → [EMAIL_2]".as_bytes()), &mut out).unwrap();
        assert_eq!(String::from_utf8(out).unwrap(), "é å@b.example → [EMAIL_2]");
        let wrong = run(&args, &mut Dripping(b"a\xc3"), &mut Vec::new()).unwrap_err();
        assert!(matches!(wrong, MaskError::NotText(1)));
    }
}
