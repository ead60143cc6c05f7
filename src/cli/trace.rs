//! `trialogue trace`: where a brief came from, what it carried, and what became of it, across panes.

use serde::Serialize;

use crate::engine::Engine;
use crate::engine::brief::{Brief, Lineage, LineageLine, LineageOf, Told};
use crate::store::{Access, Journal as _, SqliteJournal};

use super::desk::Desk;
use super::exit::{Exit, Stopped};
use super::out::Out;
use super::{find, when};

/// What is traced.
#[derive(Debug, clap::Args)]
pub struct TraceArgs {
    /// The brief: its number, its id, or the last 6 or more characters of it; or a message that has to do with one, by
    /// its id or as pane/m12.
    pub id: String,
    /// Print one JSON object per brief of the lineage.
    #[arg(long)]
    pub json: bool,
}

/// Prints the lineage as a tree, the first brief outermost.
pub(super) fn run(desk: &Desk, args: &TraceArgs) -> anyhow::Result<Exit> {
    let chosen = desk.workspace()?;
    let mut journal = SqliteJournal::open(chosen.folder.path(), Access::Read)?;
    let overview = journal.overview()?;
    let of = match find::brief(&overview, &args.id) {
        Some(brief) => LineageOf::Brief { brief: brief.id },
        None => match find::here(&chosen, &args.id) {
            Ok(found) => LineageOf::Message { message: found.message },
            Err(_) => return Err(nothing(&args.id)),
        },
    };
    let loaded = journal.load()?;
    let engine = Engine::loaded(loaded.workspace, loaded.conversations);
    let Some(lineage) = Lineage::of(&engine, of) else { return Err(nothing(&args.id)) };
    let mut out = Out::new();
    for line in &lineage.lines {
        if !args.json {
            out.line(&told(line))?;
        } else if line.told == Told::Brief
            && let Some(brief) = engine.workspace.briefs.get(&line.brief)
        {
            out.json(&Traced { depth: line.depth, brief })?;
        }
    }
    Ok(Exit::Done)
}

fn nothing(text: &str) -> anyhow::Error {
    let message = format!(
        "There is no brief `{}`, and no message of this name that has to do with one. `trialogue brief` prints the ids; \
         a number such as 4 will do.",
        crate::config::error::visible(text)
    );
    Stopped::wrong(message).into()
}

#[derive(Serialize)]
struct Traced<'a> {
    depth: u32,
    #[serde(flatten)]
    brief: &'a Brief,
}

/// One line. The real name behind a pseudonym stays out: what is printed may go anywhere.
fn told(line: &LineageLine) -> String {
    let indent = "  ".repeat(line.depth as usize);
    let at = line.at.map_or_else(String::new, |at| format!("  {}", when::minute(at.as_millis())));
    match line.told {
        Told::Brief => format!("{indent}⇒ {}{at}  {}", line.text, line.brief),
        Told::Report => format!("{indent}  ⇐ {:<9} {}{at}", line.label, line.text),
        _ => format!("{indent}    {:<9} {}{at}", line.label, line.text),
    }
}
