//! `trialogue show`: one message, one brief, or the document of a handoff.

use serde::Serialize;

use crate::engine::brief::Brief;
use crate::engine::handoff::{Handoff, whole};
use crate::engine::message::{Ending, Message, Part};
use crate::engine::op::{ConversationOverview, Overview};
use crate::store::{Access, Journal as _, SqliteJournal};

use super::brief::pane_of;
use super::desk::{Chosen, Desk};
use super::exit::{Exit, Stopped};
use super::find::Named;
use super::handoff::carried;
use super::out::{Out, notice};
use super::{find, real_names, when};

/// What is shown.
#[derive(Debug, clap::Args)]
pub struct ShowArgs {
    /// The message: its id, the last 6 or more characters of it, or pane/m12. Or a brief: its id, or a number such as 4.
    /// Or a handoff: its id, or its end.
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
    if let Some(shown) = handoff(desk, args)? {
        return Ok(shown);
    }
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

/// Shows the handoff of this id; `None` if there is none in the workspace that is meant.
fn handoff(desk: &Desk, args: &ShowArgs) -> anyhow::Result<Option<Exit>> {
    let Some(Named::Ending(ending)) = Named::parse(&args.id) else { return Ok(None) };
    let chosen = desk.workspace()?;
    let Ok(mut journal) = SqliteJournal::open(chosen.folder.path(), Access::Read) else { return Ok(None) };
    let overview = journal.overview()?;
    let fits = |it: &&ConversationOverview| {
        let received = it.succession.received.as_ref();
        received.is_some_and(|handoff| handoff.id.to_string().replace('-', "").ends_with(&ending))
    };
    let Some((to, handoff)) =
        overview.conversations.iter().find(fits).and_then(|to| Some((to, to.succession.received.as_ref()?)))
    else {
        return Ok(None);
    };
    let Some(message) = journal.messages(&[handoff.document])?.into_iter().next() else {
        return Err(Stopped::failed("The document of this handoff was erased.").into());
    };
    let pins: Vec<String> = to.pins.iter().map(|pin| pin.text.to_string()).collect();
    let document = whole(&pins, &message.text());
    let mut out = Out::new();
    if args.json {
        out.json(&ShownHandoff { workspace: chosen.folder.name(), pane: &to.pane, handoff, document: &document })?;
        return Ok(Some(Exit::Done));
    }
    out.line(&format!("{}  {}\n", carried(&to.pane, handoff), handoff.id))?;
    out.piece(&document)?;
    out.end_of_stream(document.ends_with('\n'))?;
    Ok(Some(Exit::Done))
}

#[derive(Serialize)]
struct ShownHandoff<'a> {
    workspace: String,
    pane: &'a str,
    handoff: &'a Handoff,
    document: &'a str,
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
