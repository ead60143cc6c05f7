//! `trialogue handoff --transcript FILE --budget N|N% --extractive`: a handoff from a file, with no workspace and no model.

use std::io::{Read, Write};
use std::path::PathBuf;
use std::str::FromStr;

use clap::Args;

use crate::engine::handoff::{self, Size, TooSmall, Transcript};
use crate::files::transcript;

use super::exit::Exit;

/// Make a handoff document from a transcript, without a model.
#[derive(Debug, Clone, Args)]
pub struct HandoffArgs {
    /// The conversation as JSON: `[{"role": "user"|"assistant"|"system", "content": "…"}, …]`; `-` reads stdin
    #[arg(long, value_name = "FILE")]
    pub transcript: PathBuf,
    /// The document's size, never exceeded: estimated tokens, or a share of the contents' characters
    #[arg(long, value_name = "TOKENS|N%")]
    pub budget: Budget,
    /// Quote and sort, ask no model
    #[arg(long, required = true)]
    pub extractive: bool,
}

/// The size as it is written on the command line.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Budget {
    /// Estimated tokens.
    Tokens(usize),
    /// A share of the contents' characters.
    Percent(f64),
}

impl FromStr for Budget {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = || format!("`{text}` is no size; write tokens (4000) or a share (10%)");
        match text.trim().strip_suffix('%') {
            Some(share) => match share.trim().parse() {
                Ok(share) if (0.0..=100.0).contains(&share) => Ok(Self::Percent(share)),
                _ => Err(wrong()),
            },
            None => text.trim().parse().map(Self::Tokens).map_err(|_| wrong()),
        }
    }
}

impl Budget {
    fn size(self, transcript: &Transcript<'_>) -> Size {
        match self {
            Self::Tokens(tokens) => Size::Tokens(tokens),
            Self::Percent(share) => Size::percent(share, transcript),
        }
    }
}

/// Why no document was printed.
#[derive(Debug, thiserror::Error)]
pub enum HandoffError {
    /// The file can't be read.
    #[error("can't read the transcript {}: {cause}", .path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// What the system says.
        cause: std::io::Error,
    },
    /// The file isn't a transcript.
    #[error("{}:{line}:{column}: {reason}; a transcript is [{{\"role\": \"user\"|\"assistant\"|\"system\", \"content\": \"…\"}}, …]", .path.display())]
    Malformed {
        /// The file.
        path: PathBuf,
        /// The line, from 1.
        line: usize,
        /// The column, from 1.
        column: usize,
        /// What is wrong there.
        reason: String,
    },
    /// The pins don't fit.
    #[error(transparent)]
    TooSmall(#[from] TooSmall),
    /// The document can't be written.
    #[error("can't write the handoff: {0}")]
    Unwritable(std::io::Error),
}

impl HandoffError {
    /// The exit code that the command line promises for this.
    pub const fn exit(&self) -> Exit {
        match self {
            Self::Unreadable { .. } | Self::Malformed { .. } => Exit::Wrong,
            Self::TooSmall(_) => Exit::Refused,
            Self::Unwritable(_) => Exit::Failed,
        }
    }
}

/// Reads the transcript, prints the document to `stdout`.
pub fn run(args: &HandoffArgs, stdin: &mut dyn Read, stdout: &mut dyn Write) -> Result<(), HandoffError> {
    let json = read(args, stdin)?;
    let document = document(&json, args)?;
    stdout.write_all(document.as_bytes()).and_then(|()| stdout.flush()).map_err(HandoffError::Unwritable)
}

fn read(args: &HandoffArgs, stdin: &mut dyn Read) -> Result<String, HandoffError> {
    let path = args.transcript.clone();
    let bytes =
        transcript::read(&path, stdin).map_err(|cause| HandoffError::Unreadable { path: path.clone(), cause })?;
    String::from_utf8(bytes).map_err(|error| {
        let good = &error.as_bytes()[..error.utf8_error().valid_up_to()];
        let line = good.split(|byte| *byte == b'\n').count();
        let start = good.iter().rposition(|byte| *byte == b'\n').map_or(0, |newline| newline + 1);
        HandoffError::Malformed { path, line, column: good.len() - start + 1, reason: "not UTF-8".to_owned() }
    })
}

fn document(json: &str, args: &HandoffArgs) -> Result<String, HandoffError> {
    // An editor's byte order mark is no part of the JSON.
    let json = json.strip_prefix('\u{feff}').unwrap_or(json);
    let transcript = Transcript::from_json(json).map_err(|error| {
        let told = error.to_string();
        let reason = told.rsplit_once(" at line ").map_or(told.as_str(), |(reason, _)| reason).to_owned();
        HandoffError::Malformed {
            path: args.transcript.clone(),
            line: error.line(),
            // serde_json counts from 1, but names column 0 for a line whose first character is already too much.
            column: error.column().max(1),
            reason,
        }
    })?;
    let size = args.budget.size(&transcript);
    Ok(handoff::write(&transcript, size)?.to_markdown())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn printed(json: &str, budget: &str) -> Result<String, HandoffError> {
        let args = HandoffArgs { transcript: "-".into(), budget: budget.parse().unwrap(), extractive: true };
        let mut stdout = Vec::new();
        run(&args, &mut json.as_bytes(), &mut stdout).map(|()| String::from_utf8(stdout).unwrap())
    }

    #[test]
    fn a_share_of_the_characters_is_never_exceeded() {
        let said = "My sister Amara moved to Porto in March. Never call her on Mondays. ".repeat(9);
        let json = format!(r#"[{{"role":"user","content":"{said}"}}]"#);
        for share in [0, 1, 7, 33, 100] {
            let document = printed(&json, &format!("{share}%")).unwrap();
            assert!(document.chars().count() <= said.chars().count() * share / 100, "{share}: {document}");
        }
        assert!(printed(&json, "100%").unwrap().contains("## Rules\n- [m1] Never call her on Mondays.\n"));
    }

    #[test]
    fn a_wrong_file_is_exit_2_with_line_and_column() {
        for (json, line, column) in
            [("[\n  {\"role\": \"user\",, }]", 2, 19), ("", 1, 1), ("[{\"role\":\"tool\",\"content\":\"\"}]", 1, 15)]
        {
            let error = printed(json, "10%").unwrap_err();
            assert_eq!(error.exit(), Exit::Wrong);
            assert!(error.to_string().starts_with(&format!("-:{line}:{column}: ")), "{error}");
        }
    }

    #[test]
    fn pins_that_do_not_fit_are_refused_with_the_sizes() {
        let error = printed(r#"[{"role":"user","content":"a rather long pin","pinned":true}]"#, "50%").unwrap_err();
        assert_eq!(error.exit(), Exit::Refused);
        assert!(error.to_string().contains("8 characters"), "{error}");
    }

    #[test]
    fn sizes_are_tokens_or_shares() {
        assert_eq!("4000".parse(), Ok(Budget::Tokens(4000)));
        assert_eq!("2.5%".parse(), Ok(Budget::Percent(2.5)));
        for wrong in ["", "%", "-1%", "101%", "ten", "NaN%"] {
            assert!(wrong.parse::<Budget>().is_err(), "{wrong}");
        }
    }
}
