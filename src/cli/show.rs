//! `trialogue show`: one message.

use serde::Serialize;

use crate::engine::message::{Ending, Message, Part};
use crate::store::{Access, Journal as _, SqliteJournal};

use super::desk::Desk;
use super::exit::{Exit, Stopped};
use super::out::Out;
use super::{find, when};

/// What is shown.
#[derive(Debug, clap::Args)]
pub struct ShowArgs {
    /// The message: its id, the last 6 or more characters of it, or pane/m12.
    pub id: String,
    /// Print a JSON object.
    #[arg(long)]
    pub json: bool,
}

/// Shows it.
pub(super) fn run(desk: &Desk, args: &ShowArgs) -> anyhow::Result<Exit> {
    let (chosen, found) = find::message(desk, &args.id)?;
    let mut journal = SqliteJournal::open(chosen.folder.path(), Access::Read)?;
    let erased = || Stopped::failed(format!("{}/m{} was erased.", found.pane, found.number));
    if found.erased {
        return Err(erased().into());
    }
    let Some(message) = journal.messages(&[found.message])?.into_iter().next() else { return Err(erased().into()) };
    let mut out = Out::new();
    if args.json {
        out.json(&Shown { workspace: chosen.folder.name(), pane: &found.pane, message: &message })?;
        return Ok(Exit::Done);
    }
    out.line(&format!("{}  {}", heading(&found.pane, &message), message.id))?;
    out.line("")?;
    for part in &message.parts {
        out.line(&shown(part))?;
    }
    if let Some(ending) = ending(&message.ending) {
        out.line(&format!("\n[{ending}]"))?;
    }
    Ok(Exit::Done)
}

#[derive(Serialize)]
struct Shown<'a> {
    workspace: String,
    pane: &'a str,
    message: &'a Message,
}

/// `research/m12 · you · 2026-11-21 10:42`.
pub(super) fn heading(pane: &str, message: &Message) -> String {
    format!("{pane}/m{} · {} · {}", message.number, message.writer(), when::minute(message.at.as_millis()))
}

/// How a message ended, if not as its author meant it.
pub(super) fn ending(ending: &Ending) -> Option<String> {
    match ending {
        Ending::Complete => None,
        Ending::Length => Some("cut off at the model's longest answer".to_owned()),
        Ending::Refused => Some("refused".to_owned()),
        Ending::Interrupted { .. } => Some("interrupted".to_owned()),
        Ending::Failed { failure } => Some(format!("failed: {failure}")),
    }
}

fn shown(part: &Part) -> String {
    match part {
        Part::Text { text } => text.to_string(),
        Part::Reasoning { text } => text.lines().map(|line| format!("  | {line}")).collect::<Vec<_>>().join("\n"),
        Part::Attachment(attachment) => format!("[attached: {}, {} bytes]", attachment.name, attachment.bytes),
        Part::Unknown(value) => {
            format!(
                "[{}: written by a newer trialogue]",
                value.get("part").and_then(|kind| kind.as_str()).unwrap_or("part")
            )
        }
    }
}
