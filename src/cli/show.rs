//! `trialogue show`: one message, or one brief.

use serde::Serialize;

use crate::engine::brief::Brief;
use crate::engine::message::{Ending, Message, Part};
use crate::engine::op::Overview;
use crate::store::{Access, Journal as _, SqliteJournal};

use super::brief::pane_of;
use super::desk::{Chosen, Desk};
use super::exit::{Exit, Stopped};
use super::out::{Out, notice};
use super::{find, real_names, when};

/// What is shown.
#[derive(Debug, clap::Args)]
pub struct ShowArgs {
    /// The message: its id, the last 6 or more characters of it, or pane/m12. Or a brief: its id, or a number such as 4.
    pub id: String,
    /// Show the real names that its pane knows under pseudonyms. It is written into the journal.
    #[arg(long)]
    pub real_names: bool,
    /// Print a JSON object.
    #[arg(long)]
    pub json: bool,
}

/// Shows it.
pub(super) fn run(desk: &Desk, args: &ShowArgs) -> anyhow::Result<Exit> {
    let found = find::message(desk, &args.id);
    if found.is_err()
        && let Ok(chosen) = desk.workspace()
        && let Ok(mut journal) = SqliteJournal::open(chosen.folder.path(), Access::Read)
    {
        let overview = journal.overview()?;
        if let Some(brief) = find::brief(&overview, &args.id) {
            return show_brief(desk, &chosen, &mut journal, (&overview, brief), args);
        }
    }
    let (chosen, found) = found?;
    let mut journal = SqliteJournal::open(chosen.folder.path(), Access::Read)?;
    let erased = || Stopped::failed(format!("{}/m{} was erased.", found.pane, found.number));
    if found.erased {
        return Err(erased().into());
    }
    let Some(mut message) = journal.messages(&[found.message])?.into_iter().next() else { return Err(erased().into()) };
    if args.real_names {
        message = real_names::of_message(desk, &chosen, message)?;
    }
    let mut out = Out::new();
    if args.json {
        out.json(&Shown { workspace: chosen.folder.name(), pane: &found.pane, message: &message })?;
        return Ok(Exit::Done);
    }
    show_message(&mut out, &found.pane, &message)?;
    Ok(Exit::Done)
}

fn show_message(out: &mut Out, pane: &str, message: &Message) -> anyhow::Result<()> {
    out.line(&format!("{}  {}", heading(pane, message), message.id))?;
    out.line("")?;
    for part in &message.parts {
        out.line(&shown(part))?;
    }
    if let Some(ending) = ending(&message.ending) {
        out.line(&format!("\n[{ending}]"))?;
    }
    Ok(())
}

/// The brief, and what crossed: to the byte, as its receiver reads it.
fn show_brief(
    desk: &Desk,
    chosen: &Chosen,
    journal: &mut SqliteJournal,
    (overview, brief): (&Overview, &Brief),
    args: &ShowArgs,
) -> anyhow::Result<Exit> {
    let mut out = Out::new();
    let stands = match brief.stood() {
        Some(id) => journal.messages(&[id])?.into_iter().next(),
        None => None,
    };
    if args.json {
        out.json(&ShownBrief { workspace: chosen.folder.name(), brief, message: stands.as_ref() })?;
        return Ok(Exit::Done);
    }
    let from: Vec<&str> = brief.from.iter().map(|id| pane_of(overview, *id)).collect();
    let version = if brief.version > 1 { format!(" version {}", brief.version) } else { String::new() };
    let (number, to, word) = (brief.number, pane_of(overview, brief.to), brief.state.word());
    let when = when::minute(brief.sent.as_millis());
    out.line(&format!("brief {number}{version} · {} → {to} · {when} · {word}  {}", from.join(" + "), brief.id))?;
    out.line("")?;
    match (stands, &brief.payload) {
        (Some(message), _) => {
            let message = if args.real_names { real_names::of_message(desk, chosen, message)? } else { message };
            show_message(&mut out, to, &message)?;
        }
        (None, Some(payload)) => out.line(payload)?,
        (None, None) => out.line("What it said was erased, or it never came to its receiver.")?,
    }
    notice(&format!("`trialogue trace {number}` tells what became of it."));
    Ok(Exit::Done)
}

#[derive(Serialize)]
struct ShownBrief<'a> {
    workspace: String,
    brief: &'a Brief,
    message: Option<&'a Message>,
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
