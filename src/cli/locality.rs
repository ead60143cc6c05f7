//! `trialogue locality`: where a pane's text may go, changed from a shell.

use crate::engine::op::{LocalityChange, Op};
use crate::engine::settings::Locality;

use super::ask::conversation_of;
use super::desk::Desk;
use super::exit::Exit;
use super::line::Line;
use super::out::Out;

/// Which pane, and what it becomes.
#[derive(Debug, clap::Args)]
pub struct LocalityArgs {
    /// The pane's name in workspace.yaml.
    pub pane: String,
    /// open, guarded, sealed, or file: what workspace.yaml says, its providers too. Without it, what is in force is told.
    #[arg(value_name = "open|guarded|sealed|file", value_parser = change)]
    pub to: Option<LocalityChange>,
    /// The pane's name once more: without it nothing is loosened. It is written into the journal.
    #[arg(long, value_name = "NAME")]
    pub yes: Option<String>,
}

fn change(word: &str) -> Result<LocalityChange, String> {
    if word == "file" {
        return Ok(LocalityChange::File);
    }
    [Locality::Open, Locality::Guarded, Locality::Sealed]
        .into_iter()
        .find(|locality| locality.word() == word)
        .map(|locality| LocalityChange::To { locality })
        .ok_or_else(|| format!("`{word}` is none of open, guarded, sealed, file"))
}

/// Changes it, and tells what is in force.
pub(super) async fn run(desk: &Desk, args: LocalityArgs) -> anyhow::Result<Exit> {
    let chosen = desk.workspace()?;
    let mut line = Line::open(desk, &chosen).await?;
    let told = told(&mut line, args).await;
    line.close().await;
    let mut out = Out::new();
    out.line(&told?)?;
    Ok(Exit::Done)
}

async fn told(line: &mut Line, args: LocalityArgs) -> anyhow::Result<String> {
    let conversation = conversation_of(&line.overview().await?, &args.pane)?;
    if let Some(change) = args.to {
        line.ask(Op::Locality { conversation, change, typed: args.yes }, |_| {}).await?;
    }
    let overview = line.overview().await?;
    let known = overview.conversations.iter().find(|known| known.id == conversation);
    let settings = known.map(|known| known.settings.clone()).unwrap_or_default();
    let providers = if settings.providers.is_empty() { "any".to_owned() } else { settings.providers.join(", ") };
    Ok(format!("{}  {}  providers: {providers}", args.pane, settings.locality))
}
