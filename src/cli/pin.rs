//! `trialogue pin`: text that every later context keeps byte for byte, pinned and unpinned from a shell.

use crate::engine::op::{Op, Overview, Reply};
use crate::store::{Access, Journal as _, SqliteJournal};

use super::desk::{Chosen, Desk};
use super::exit::{Exit, Stopped};
use super::find::{self, Found};
use super::line::{Line, unexpected};
use super::out::Out;

/// Which message.
#[derive(Debug, clap::Args)]
pub struct PinArgs {
    /// The message: its id, the last 6 or more characters of it, or pane/m12.
    pub message: String,
    /// Pin only this part of it, word for word.
    #[arg(long, conflicts_with = "off")]
    pub text: Option<String>,
    /// Unpin it.
    #[arg(long)]
    pub off: bool,
}

/// Pins or unpins it.
pub(super) async fn run(desk: &Desk, args: PinArgs) -> anyhow::Result<Exit> {
    let (chosen, found) = find::message(desk, &args.message)?;
    let text = if args.off { None } else { Some(pinned_text(&chosen, &found, args.text)?) };
    let mut line = Line::open(desk, &chosen).await?;
    let done = pin(&mut line, &found, text).await;
    line.close().await;
    Out::new().line(&done?)?;
    Ok(Exit::Done)
}

/// The message's text, or the part of it that is meant.
fn pinned_text(chosen: &Chosen, found: &Found, part: Option<String>) -> anyhow::Result<String> {
    let name = format!("{}/m{}", found.pane, found.number);
    let message =
        SqliteJournal::open(chosen.folder.path(), Access::Read)?.messages(&[found.message])?.into_iter().next();
    let Some(message) = message.filter(|_| !found.erased) else {
        return Err(Stopped::failed(format!("{name} was erased.")).into());
    };
    match part {
        Some(part) if message.text().contains(&part) => Ok(part),
        Some(_) => Err(Stopped::wrong(format!("{name} doesn't say that: a pin is its text, word for word.")).into()),
        None => Ok(message.text()),
    }
}

async fn pin(line: &mut Line, found: &Found, text: Option<String>) -> anyhow::Result<String> {
    let name = format!("{}/m{}", found.pane, found.number);
    let overview = line.overview().await?;
    let Found { conversation, message, .. } = *found;
    let Some(text) = text else { return unpin(line, found, &overview).await };
    let known = overview.conversations.iter().find(|known| known.id == conversation);
    if known.is_some_and(|known| known.succession.successor.is_some() && known.succession.held.is_none()) {
        let why = format!("{name} stands in an older context: a pin there would not reach the newest one.");
        return Err(Stopped::failed(why).into());
    }
    match line.ask(Op::Pin { conversation, message, text }, |_| {}).await? {
        Reply::Done => Ok(format!("Pinned {name}.")),
        other => Err(unexpected(&other)),
    }
}

/// Takes the message's pins away, also where they went along into a fresh context.
async fn unpin(line: &mut Line, found: &Found, overview: &Overview) -> anyhow::Result<String> {
    let name = format!("{}/m{}", found.pane, found.number);
    let mut count = 0;
    for known in &overview.conversations {
        for pin in known.pins.iter().filter(|pin| pin.message == found.message) {
            match line.ask(Op::Unpin { conversation: known.id, pin: pin.id }, |_| {}).await? {
                Reply::Done => count += 1,
                other => return Err(unexpected(&other)),
            }
        }
    }
    if count == 0 {
        Err(Stopped::failed(format!("{name} is not pinned.")).into())
    } else {
        Ok(format!("Unpinned {name}."))
    }
}
