//! `trialogue handoff PANE`: a conversation goes on in a fresh context. `trialogue handoff --transcript FILE`: a document
//! from a file, with no workspace and no model.

use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::str::FromStr;

use clap::Args;

use crate::engine::handoff::{self, Handoff, Size, TooSmall, Transcript, Writer, whole};
use crate::engine::id::ConversationId;
use crate::engine::op::{Op, Reply};
use crate::engine::update::Update;
use crate::files::transcript;

use super::ask::conversation_of;
use super::desk::Desk;
use super::exit::{Exit, Stopped};
use super::line::{Line, unexpected};
use super::out::{Out, notice};
use super::signal::Signals;

/// Hand a pane's conversation off, or make a document from a transcript.
#[derive(Debug, Clone, Args)]
#[expect(clippy::struct_excessive_bools, reason = "each is a switch of its own on the command line")]
pub struct HandoffArgs {
    /// The pane whose conversation goes on in a fresh context, now.
    #[arg(required_unless_present = "transcript", conflicts_with_all = ["transcript", "budget"])]
    pub pane: Option<String>,
    /// A conversation as JSON instead: `[{"role": "user"|"assistant"|"system", "content": "…"}, …]`; `-` reads stdin
    #[arg(long, value_name = "FILE", requires_all = ["budget", "extractive"])]
    pub transcript: Option<PathBuf>,
    /// The document's size, never exceeded: estimated tokens, or a share of the contents' characters
    #[arg(long, value_name = "TOKENS|N%", requires = "transcript")]
    pub budget: Option<Budget>,
    /// Quote and sort, ask no model
    #[arg(long)]
    pub extractive: bool,
    /// Print the document; hand nothing off
    #[arg(long, requires = "pane")]
    pub dry_run: bool,
    /// Go back to before the last handoff; the fresh context is kept
    #[arg(long, requires = "pane", conflicts_with_all = ["extractive", "dry_run", "json"])]
    pub undo: bool,
    /// Print a JSON object
    #[arg(long, requires = "pane")]
    pub json: bool,
}

/// Hands a pane's conversation off, or prints what would be carried.
pub(super) async fn hand_off(desk: &Desk, pane: &str, args: &HandoffArgs) -> anyhow::Result<Exit> {
    let chosen = desk.workspace()?;
    let mut signals = Signals::listen()?;
    let mut line = Line::open(desk, &chosen).await?;
    let done = tokio::select! {
        done = ask(&mut line, pane, args) => done,
        // What was begun is dropped when the line closes: the conversation stays as it is.
        () = signals.next() => Err(Stopped::failed("Stopped. Nothing was handed off.").into()),
    };
    if !signals.came() {
        tokio::select! {
            _ = line.idle() => {}
            () = signals.next() => {}
        }
    }
    line.close().await;
    done
}

async fn ask(line: &mut Line, pane: &str, args: &HandoffArgs) -> anyhow::Result<Exit> {
    let conversation = conversation_of(&line.overview().await?, pane)?;
    if args.undo {
        return undo(line, pane, conversation).await;
    }
    let op = Op::Handoff { conversation, extractive: args.extractive, draft: args.dry_run };
    let mut notices = Vec::new();
    let reply = line.ask(op, |update| notices.extend(told(update))).await?;
    for text in notices {
        notice(&text);
    }
    let mut out = Out::new();
    match reply {
        Reply::HandoffDraft(draft) if args.json => out.json(&draft)?,
        Reply::HandoffDraft(draft) => {
            out.piece(&whole(&draft.pins, &draft.document))?;
            out.end_of_stream(true)?;
            let of = draft.limit.map_or_else(String::new, |limit| format!(" of at most {limit}"));
            notice(&format!(
                "{}: {} messages in a document of about {} tokens{of}; {} → {} tokens. Nothing was handed off.",
                pane, draft.messages, draft.tokens, draft.before, draft.after
            ));
            checked(pane, draft.appended, &draft.invented);
        }
        Reply::HandedOff { handoff } if args.json => out.json(&handoff)?,
        Reply::HandedOff { handoff } => {
            out.line(&format!("{}  {}", carried(pane, &handoff), handoff.id))?;
            checked(pane, handoff.appended, &handoff.invented);
        }
        other => return Err(unexpected(&other)),
    }
    Ok(Exit::Done)
}

async fn undo(line: &mut Line, pane: &str, conversation: ConversationId) -> anyhow::Result<Exit> {
    match line.ask(Op::UndoHandoff { conversation }, |_| {}).await? {
        Reply::Conversation { .. } => {
            let told = format!("{pane} is back before the handoff, and is not handed off by itself any more.");
            Out::new().line(&told)?;
            notice("The fresh context is kept: `trialogue show` still finds its messages, and Ctrl-X H lists it.");
            Ok(Exit::Done)
        }
        other => Err(unexpected(&other)),
    }
}

fn told(update: Update) -> Option<String> {
    match update {
        Update::Notice { text, .. } => Some(text),
        Update::Event { .. } | Update::Delta(_) => None,
    }
}

/// `handoff 1 of research · 412 messages · 9/9 pins · 730 → 210 tokens · by smollm2 and code`.
pub(super) fn carried(pane: &str, handoff: &Handoff) -> String {
    let by = match &handoff.by {
        Writer::Code => "by code".to_owned(),
        Writer::Model { model } => format!("by {} and code", model.short()),
        Writer::Person => "changed by you".to_owned(),
    };
    format!(
        "handoff {} of {pane} · {} messages · {}/{} pins · {} → {} tokens · {by}",
        handoff.number, handoff.messages, handoff.pins_kept, handoff.pins, handoff.before, handoff.after
    )
}

fn checked(pane: &str, appended: u32, invented: &[String]) {
    if appended > 0 {
        notice(&format!("{pane}: {appended} values appended by check: the model had lost them."));
    }
    if !invented.is_empty() {
        notice(&format!("{pane}: nobody said {}: the lines that name them were left out.", invented.join(", ")));
    }
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
    let (Some(path), Some(budget)) = (&args.transcript, args.budget) else { return Ok(()) };
    let json = read(path, stdin)?;
    let document = document(&json, path, budget)?;
    stdout.write_all(document.as_bytes()).and_then(|()| stdout.flush()).map_err(HandoffError::Unwritable)
}

fn read(path: &Path, stdin: &mut dyn Read) -> Result<String, HandoffError> {
    let path = path.to_owned();
    let bytes =
        transcript::read(&path, stdin).map_err(|cause| HandoffError::Unreadable { path: path.clone(), cause })?;
    String::from_utf8(bytes).map_err(|error| {
        let good = &error.as_bytes()[..error.utf8_error().valid_up_to()];
        let line = good.split(|byte| *byte == b'\n').count();
        let start = good.iter().rposition(|byte| *byte == b'\n').map_or(0, |newline| newline + 1);
        HandoffError::Malformed { path, line, column: good.len() - start + 1, reason: "not UTF-8".to_owned() }
    })
}

fn document(json: &str, path: &Path, budget: Budget) -> Result<String, HandoffError> {
    // An editor's byte order mark is no part of the JSON.
    let json = json.strip_prefix('\u{feff}').unwrap_or(json);
    let transcript = Transcript::from_json(json).map_err(|error| {
        let told = error.to_string();
        let reason = told.rsplit_once(" at line ").map_or(told.as_str(), |(reason, _)| reason).to_owned();
        HandoffError::Malformed {
            path: path.to_owned(),
            line: error.line(),
            // serde_json counts from 1, but names column 0 for a line whose first character is already too much.
            column: error.column().max(1),
            reason,
        }
    })?;
    let size = budget.size(&transcript);
    Ok(handoff::write(&transcript, size)?.to_markdown())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn printed(json: &str, budget: &str) -> Result<String, HandoffError> {
        let args = HandoffArgs {
            pane: None,
            transcript: Some("-".into()),
            budget: Some(budget.parse().unwrap()),
            extractive: true,
            dry_run: false,
            undo: false,
            json: false,
        };
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
