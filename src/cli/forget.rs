//! `trialogue forget`: erases a message, or a pane's conversations, for good.

use std::io::{self, BufRead as _, IsTerminal as _, Write as _};

use crate::engine::id::ConversationId;
use crate::engine::op::{Forgotten, Op, Reply};

use super::ask::unknown_pane;
use super::desk::{Chosen, Desk};
use super::exit::{Exit, Stopped};
use super::find::{self, Named};
use super::line::{Line, unexpected};
use super::out::{Out, notice};

/// What is erased.
#[derive(Debug, clap::Args)]
pub struct ForgetArgs {
    /// A message (its id, the end of it, or pane/m12), or a pane: all its conversations.
    #[arg(value_name = "ID|PANE")]
    pub what: String,
    /// Don't ask first.
    #[arg(long, short)]
    pub yes: bool,
}

/// Erases it.
pub(super) async fn run(desk: &Desk, args: &ForgetArgs) -> anyhow::Result<Exit> {
    let (chosen, wanted) = match Named::parse(&args.what) {
        // A pane may be called `decade`: what is in the workspace file is a pane.
        Some(_) if !is_pane(desk, &args.what)? => {
            let (chosen, found) = find::message(desk, &args.what)?;
            let what = Forgotten::Message { conversation: found.conversation, message: found.message };
            (chosen, Wanted::Message { what, name: format!("{}/m{}", found.pane, found.number) })
        }
        _ => (desk.workspace()?, Wanted::Pane(args.what.clone())),
    };
    let mut line = Line::open(desk, &chosen).await?;
    let forgotten = forget(&mut line, &chosen, wanted, args.yes).await;
    line.idle().await?;
    line.close().await;
    forgotten
}

enum Wanted {
    Message { what: Forgotten, name: String },
    Pane(String),
}

fn is_pane(desk: &Desk, name: &str) -> anyhow::Result<bool> {
    Ok(desk.workspace()?.file.panes.iter().any(|(pane, _)| pane == name))
}

async fn forget(line: &mut Line, chosen: &Chosen, wanted: Wanted, yes: bool) -> anyhow::Result<Exit> {
    let (what, name) = match wanted {
        Wanted::Message { what, name } => (vec![what], name),
        Wanted::Pane(pane) => {
            let conversations = conversations_of(line, &pane).await?;
            let count = conversations.len();
            let what = conversations.into_iter().map(|conversation| Forgotten::Conversation { conversation }).collect();
            (what, format!("everything said in {pane} ({count} conversation{})", if count == 1 { "" } else { "s" }))
        }
    };
    let workspace = chosen.folder.name();
    if !yes && !confirmed(&format!("Erase {name} of {workspace} for good? Nothing brings it back."))? {
        notice("Nothing was erased.");
        return Ok(Exit::Failed);
    }
    for what in what {
        match line.ask(Op::Forget(what), |_| {}).await? {
            Reply::Done => {}
            other => return Err(unexpected(&other)),
        }
    }
    Out::new().line(&format!("Erased {name} of {workspace}."))?;
    Ok(Exit::Done)
}

async fn conversations_of(line: &mut Line, pane: &str) -> anyhow::Result<Vec<ConversationId>> {
    let overview = line.overview().await?;
    let of_pane = overview.conversations.iter().filter(|conversation| conversation.pane == pane);
    let conversations: Vec<ConversationId> = of_pane.map(|conversation| conversation.id).collect();
    if conversations.is_empty() { Err(unknown_pane(&overview, pane)) } else { Ok(conversations) }
}

/// Asks on the terminal. Where nobody can be asked, nothing is erased.
fn confirmed(question: &str) -> anyhow::Result<bool> {
    if !io::stdin().is_terminal() {
        return Err(Stopped::held(format!("{question} Nobody can be asked here: --yes erases without asking.")).into());
    }
    let mut stderr = io::stderr().lock();
    write!(stderr, "{} Type yes: ", crate::tui::text::sanitise::one_line(question))?;
    stderr.flush()?;
    let mut answer = String::new();
    io::stdin().lock().read_line(&mut answer)?;
    Ok(answer.trim().eq_ignore_ascii_case("yes"))
}
