//! `trialogue judge`: which names cross, remembered for the workspace.

use serde::Serialize;

use crate::engine::op::{Op, Overview, Reply};
use crate::engine::redaction::Judgement;

use super::desk::Desk;
use super::exit::{Exit, Stopped};
use super::line::{Line, unexpected};
use super::out::Out;

/// Which names are judged, and how. Without any, what is remembered is listed.
#[derive(Debug, clap::Args)]
pub struct JudgeArgs {
    /// Replace this name from now on; may be given several times.
    #[arg(long, value_name = "WORD")]
    pub mask: Vec<String>,
    /// Let this name cross from now on; may be given several times.
    #[arg(long, value_name = "WORD")]
    pub keep: Vec<String>,
    /// Withdraw what was judged of this name; may be given several times.
    #[arg(long, value_name = "WORD")]
    pub forget: Vec<String>,
    /// What the names of --mask are, such as client: the label of their pseudonyms.
    #[arg(long, value_name = "KIND", requires = "mask")]
    pub kind: Option<String>,
    /// Print one JSON object per name.
    #[arg(long)]
    pub json: bool,
}

/// Judges, or lists.
pub(super) async fn run(desk: &Desk, args: JudgeArgs) -> anyhow::Result<Exit> {
    let chosen = desk.workspace()?;
    let mut line = Line::open(desk, &chosen).await?;
    let judged = judge(&mut line, &args).await;
    line.close().await;
    judged
}

async fn judge(line: &mut Line, args: &JudgeArgs) -> anyhow::Result<Exit> {
    let mask = args.mask.iter().map(|word| match &args.kind {
        Some(kind) => Op::AddName { name: word.clone(), kind: kind.clone() },
        None => Op::Judge { word: word.clone(), judgement: Judgement::Mask },
    });
    let keep = args.keep.iter().map(|word| Op::Judge { word: word.clone(), judgement: Judgement::Keep });
    let forget = args.forget.iter().map(|word| Op::Unjudge { word: word.clone() });
    let ops: Vec<Op> = mask.chain(keep).chain(forget).collect();
    if args.mask.iter().chain(&args.keep).chain(&args.forget).any(|word| word.trim().is_empty()) {
        return Err(Stopped::wrong("A name has at least one character.").into());
    }
    for op in ops {
        match line.ask(op, |_| {}).await? {
            Reply::Done => {}
            other => return Err(unexpected(&other)),
        }
    }
    list(&line.overview().await?, args.json)?;
    Ok(Exit::Done)
}

#[derive(Serialize)]
struct Judged<'a> {
    word: &'a str,
    judgement: Judgement,
    kind: Option<&'a str>,
    /// The dictionary file it stands in; what was judged stands in none.
    file: Option<&'a str>,
}

fn list(overview: &Overview, json: bool) -> anyhow::Result<()> {
    let files =
        overview.settings.panes.iter().map(|(_, pane)| (&*pane.dictionary, Some(pane.dictionary_file.as_str())));
    let mut out = Out::new();
    let mut rows: Vec<Judged<'_>> = Vec::new();
    for (dictionary, file) in std::iter::once((&overview.judged, None)).chain(files) {
        let named = dictionary.names.iter().map(|name| (name.name.as_str(), Judgement::Mask, Some(name.kind.as_str())));
        let kept = dictionary.keep.iter().map(|word| (word.as_str(), Judgement::Keep, None));
        rows.extend(named.chain(kept).map(|(word, judgement, kind)| Judged { word, judgement, kind, file }));
    }
    for row in &rows {
        if json {
            out.json(row)?;
        } else {
            let verb = if row.judgement == Judgement::Mask { "mask" } else { "keep" };
            let file = row.file.map_or_else(String::new, |file| format!("  {file}"));
            out.line(&format!("{verb}  {:<10} {}{file}", row.kind.unwrap_or("-"), row.word))?;
        }
    }
    Ok(())
}
