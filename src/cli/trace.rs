//! `trialogue trace`: where a brief came from, what it carried, and what became of it, across panes.

use serde::Serialize;

use crate::engine::brief::{Brief, State};
use crate::engine::id::{BriefId, MessageId};
use crate::engine::op::Overview;
use crate::store::{Access, Journal as _, SqliteJournal};

use super::brief::pane_of;
use super::desk::Desk;
use super::exit::{Exit, Stopped};
use super::out::Out;
use super::when;

/// What is traced.
#[derive(Debug, clap::Args)]
pub struct TraceArgs {
    /// The brief: its number, its id, or the last 6 or more characters of it; or the id of a message that belongs to one.
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
    let Some(named) = named(&overview, &args.id) else {
        return Err(Stopped::wrong(format!(
            "There is no brief `{}`. `trialogue brief` prints the ids; a number such as 4 will do.",
            crate::config::error::visible(&args.id)
        ))
        .into());
    };
    let mut root = named;
    while let Some(parent) = root.parent.and_then(|id| find(&overview, id)) {
        root = parent;
    }
    let mut numbers = Numbers { journal: &mut journal };
    let mut out = Out::new();
    let first = find(&overview, root.fan_out).unwrap_or(root);
    let mut roots: Vec<&Brief> = overview.briefs.iter().filter(|brief| brief.fan_out == first.id).collect();
    roots.sort_by_key(|brief| (brief.number, brief.version));
    for root in roots {
        print(&mut out, &mut numbers, &overview, root, 0, args.json)?;
    }
    Ok(Exit::Done)
}

fn find(overview: &Overview, id: BriefId) -> Option<&Brief> {
    overview.briefs.iter().find(|brief| brief.id == id)
}

/// The brief that is meant; of several versions the newest.
fn named<'a>(overview: &'a Overview, text: &str) -> Option<&'a Brief> {
    let number: Option<u32> = text.trim_start_matches('#').parse().ok();
    let ending = text.to_lowercase();
    let ends = |id: String| text.len() >= 6 && id.replace('-', "").ends_with(&ending.replace('-', ""));
    let fits = |brief: &&Brief| {
        let messages = [brief.message(), brief.report()].into_iter().flatten().chain(returned(brief));
        Some(brief.number) == number || ends(brief.id.to_string()) || messages.map(|id| id.to_string()).any(&ends)
    };
    overview.briefs.iter().filter(fits).max_by_key(|brief| brief.version)
}

fn returned(brief: &Brief) -> Vec<MessageId> {
    match &brief.state {
        State::Returned { messages, .. } => messages.clone(),
        _ => Vec::new(),
    }
}

/// Names messages by their numbers.
struct Numbers<'a> {
    journal: &'a mut SqliteJournal,
}

impl Numbers<'_> {
    fn of(&mut self, overview: &Overview, id: MessageId) -> String {
        match self.journal.messages(&[id]).ok().and_then(|messages| messages.into_iter().next()) {
            Some(message) => format!("{}/m{}", pane_of(overview, message.conversation), message.number),
            None => "a message that was erased".to_owned(),
        }
    }
}

#[derive(Serialize)]
struct Traced<'a> {
    depth: usize,
    #[serde(flatten)]
    brief: &'a Brief,
}

fn print(
    out: &mut Out,
    numbers: &mut Numbers<'_>,
    overview: &Overview,
    brief: &Brief,
    depth: usize,
    json: bool,
) -> anyhow::Result<()> {
    if json {
        out.json(&Traced { depth, brief })?;
    } else {
        for line in told(numbers, overview, brief) {
            out.line(&format!("{}{line}", "  ".repeat(depth)))?;
        }
    }
    let mut children: Vec<&Brief> = overview.briefs.iter().filter(|known| known.parent == Some(brief.id)).collect();
    children.sort_by_key(|brief| (brief.number, brief.version));
    for child in children {
        print(out, numbers, overview, child, depth + 1, json)?;
    }
    Ok(())
}

fn told(numbers: &mut Numbers<'_>, overview: &Overview, brief: &Brief) -> Vec<String> {
    let from: Vec<&str> = brief.from.iter().map(|id| pane_of(overview, *id)).collect();
    let version = if brief.version > 1 { format!(" version {}", brief.version) } else { String::new() };
    let (number, to, word) = (brief.number, pane_of(overview, brief.to), brief.state.word());
    let when = when::minute(brief.sent.as_millis());
    let mut lines = vec![
        format!("⇒ brief {number}{version} · {} → {to} · {when} · {word}  {}", from.join(" + "), brief.id),
        format!("    asks     {}", brief.fields.objective.lines().next().unwrap_or("(erased)")),
    ];
    for quote in &brief.context {
        let part = if quote.passage.is_some() { " (a passage)" } else { "" };
        lines.push(format!("    quotes   {}{part}", numbers.of(overview, quote.message)));
    }
    if !brief.brought.is_empty() {
        lines.push(format!("    replaced {}", brief.brought.join(", ")));
    }
    for pane in &brief.unsealed {
        lines.push(format!("    unsealed {pane}, by its typed name"));
    }
    if let Some(message) = brief.message() {
        lines.push(format!("    stands   {}", numbers.of(overview, message)));
    }
    if let State::Failed { why, .. } = &brief.state {
        lines.push(format!("    failed   {why}"));
    }
    if let Some(report) = brief.report() {
        let stale =
            if matches!(brief.state, State::Superseded { .. }) { ", stale: a newer version was sent" } else { "" };
        lines.push(format!("    ⇐ report {}{stale}", numbers.of(overview, report)));
    }
    for message in returned(brief) {
        lines.push(format!("    returned {}", numbers.of(overview, message)));
    }
    lines
}
