//! `trialogue move`: a pane whose provider stays down goes on with the next model that may answer, and back.

use crate::engine::op::{Op, Reply};

use super::ask::conversation_of;
use super::desk::Desk;
use super::exit::Exit;
use super::line::{Line, unexpected};
use super::out::Out;

/// Which pane, and whereto.
#[derive(Debug, clap::Args)]
pub struct MoveArgs {
    /// The pane whose model left a turn unanswered.
    pub pane: String,
    /// Back to the model that it moved away from.
    #[arg(long)]
    pub back: bool,
}

/// Moves it, and waits for the answer to what nobody answered.
pub(super) async fn run(desk: &Desk, args: MoveArgs) -> anyhow::Result<Exit> {
    let chosen = desk.workspace()?;
    let mut line = Line::open(desk, &chosen).await?;
    let told = told(&mut line, &args).await;
    line.idle().await?;
    line.close().await;
    Out::new().line(&told?)?;
    Ok(Exit::Done)
}

async fn told(line: &mut Line, args: &MoveArgs) -> anyhow::Result<String> {
    let conversation = conversation_of(&line.overview().await?, &args.pane)?;
    let op = if args.back { Op::MoveBack { conversation } } else { Op::Move { conversation, to: None } };
    match line.ask(op, |_| {}).await? {
        Reply::Done => {}
        other => return Err(unexpected(&other)),
    }
    let overview = line.overview().await?;
    let known = overview.conversations.iter().find(|known| known.id == conversation);
    let moved = known.and_then(|known| known.whereabouts.moves.last()).map(crate::engine::whereabouts::Move::told);
    Ok(format!("{}: {}", args.pane, moved.unwrap_or_default()))
}
