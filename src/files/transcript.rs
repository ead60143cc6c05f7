//! A transcript in a file, or on standard input.

use std::io::{self, Read};
use std::path::Path;

/// The bytes of this file; `-` is standard input.
pub fn read(path: &Path, stdin: &mut dyn Read) -> io::Result<Vec<u8>> {
    if path.as_os_str() == "-" {
        let mut bytes = Vec::new();
        stdin.read_to_end(&mut bytes)?;
        return Ok(bytes);
    }
    std::fs::read(path)
}
