//! `trialogue brief`: an objective and its material, from one pane into another.

use serde::Serialize;

use crate::config::brief_templates::BriefTemplate;
use crate::engine::brief::{Composed, Draft, Fields, Quote, Return};
use crate::engine::id::{BriefId, ConversationId};
use crate::engine::op::{Op, Overview, Refusal, RefusalKind, Reply};
use crate::engine::redaction::Judgement;
use crate::engine::settings::Locality;

use super::ask::conversation_of;
use super::desk::{Chosen, Desk};
use super::exit::Exit;
use super::find;
use super::line::{Line, unexpected};
use super::out::{Out, notice};
use super::signal::Signals;

/// What is asked, of whom, with which material.
#[derive(Debug, clap::Args)]
pub struct BriefArgs {
    /// The pane that asks; the report returns to it. Several may ask together.
    #[arg(long, value_name = "PANE", required = true)]
    pub from: Vec<String>,
    /// The pane that receives; each of several gets a brief of its own.
    #[arg(long, value_name = "PANE", required = true)]
    pub to: Vec<String>,
    /// What shall be done.
    #[arg(long, value_name = "TEXT", required_unless_present = "template")]
    pub objective: Option<String>,
    /// Fill in what a template says where nothing else is given: one of the program's own, or of yours.
    #[arg(long, value_name = "NAME")]
    pub template: Option<String>,
    /// How the receiver knows that it is done.
    #[arg(long, value_name = "TEXT", default_value = "")]
    pub done_when: String,
    /// What it must or mustn't do; may be given several times.
    #[arg(long, value_name = "TEXT")]
    pub constraint: Vec<String>,
    /// The form of the answer.
    #[arg(long, value_name = "TEXT", default_value = "")]
    pub expect: String,
    /// A message to quote (pane/m12 or an id); may be given several times. Without it the last message of each pane
    /// that asks; `none` quotes nothing.
    #[arg(long, value_name = "ID")]
    pub message: Vec<String>,
    /// Quote as well what serves the objective: pins, then the messages of the panes that ask which match its words.
    #[arg(long)]
    pub suggest: bool,
    /// What becomes of the answer: auto (it returns), ask (it waits for you), none. Auto if no template says otherwise.
    #[arg(long = "return", value_name = "auto|ask|none")]
    pub returns: Option<Return>,
    /// Replace this unknown name from now on; may be given several times.
    #[arg(long, value_name = "WORD")]
    pub mask: Vec<String>,
    /// Let this unknown name cross from now on; may be given several times.
    #[arg(long, value_name = "WORD")]
    pub keep: Vec<String>,
    /// Let this brief out of a sealed pane, masked: type the pane's name. It is written into the journal.
    #[arg(long, value_name = "PANE")]
    pub unseal: Vec<String>,
    /// Print the exact payload and what was replaced; send nothing.
    #[arg(long)]
    pub dry_run: bool,
    /// Print a JSON object.
    #[arg(long)]
    pub json: bool,
}

/// Composes, and sends.
pub(super) async fn run(desk: &Desk, mut args: BriefArgs) -> anyhow::Result<Exit> {
    args.fill(desk)?;
    let chosen = desk.workspace()?;
    let mut signals = Signals::listen()?;
    let mut line = Line::open(desk, &chosen).await?;
    let briefed = brief(&mut line, &chosen, args).await;
    if !signals.came() {
        tokio::select! {
            // The receiver works in this process if no screen is open: its answer is waited for.
            _ = line.idle() => {}
            () = signals.next() => {}
        }
    }
    line.close().await;
    briefed
}

impl BriefArgs {
    /// Takes from the template what wasn't given.
    fn fill(&mut self, desk: &Desk) -> anyhow::Result<()> {
        let Some(name) = &self.template else { return Ok(()) };
        let BriefTemplate { fields, returns, .. } = BriefTemplate::named(name, &desk.folders.config)?;
        self.objective.get_or_insert(fields.objective);
        for (given, text) in [(&mut self.done_when, fields.done_when), (&mut self.expect, fields.expected)] {
            if given.is_empty() {
                *given = text;
            }
        }
        if self.constraint.is_empty() {
            self.constraint = fields.constraints;
        }
        self.returns = self.returns.or(returns);
        Ok(())
    }
}

async fn brief(line: &mut Line, chosen: &Chosen, args: BriefArgs) -> anyhow::Result<Exit> {
    let overview = line.overview().await?;
    for (words, judgement) in [(&args.mask, Judgement::Mask), (&args.keep, Judgement::Keep)] {
        for word in words {
            line.ask(Op::Judge { word: word.clone(), judgement }, |_| {}).await?;
        }
    }
    let mut draft = draft(&overview, chosen, &args)?;
    if args.suggest {
        add_suggested(line, &mut draft).await?;
    }
    let (composed, sent) = match line.ask(Op::Brief { draft: Box::new(draft), dry_run: args.dry_run }, |_| {}).await? {
        Reply::Briefs { composed, sent } => (composed, sent),
        other => return Err(unexpected(&other)),
    };
    let overview = line.overview().await?;
    let mut out = Out::new();
    if args.json {
        out.json(&Briefed { sent: &sent, composed: &composed })?;
    } else if args.dry_run {
        for one in &composed {
            out.line(&one.payload)?;
        }
    }
    for one in &composed {
        report(&overview, one, args.dry_run);
    }
    let held = composed.iter().find_map(Composed::held);
    if let Some(held) = held {
        if args.dry_run {
            notice(&held.replacen("Not sent", "It would not be sent", 1));
            return Ok(Exit::Refused);
        }
        let message = format!("{held} Mask or keep a name with --mask WORD or --keep WORD.");
        return Err(Refusal::new(RefusalKind::Forbidden, message).into());
    }
    if !args.json {
        for brief in overview.briefs.iter().filter(|brief| sent.contains(&brief.id)) {
            let to = pane_of(&overview, brief.to);
            out.line(&format!("brief {} → {to}  {}  {}", brief.number, brief.state.word(), brief.id))?;
        }
    }
    Ok(Exit::Done)
}

fn draft(overview: &Overview, chosen: &Chosen, args: &BriefArgs) -> anyhow::Result<Draft> {
    let panes = |names: &[String]| {
        names.iter().map(|name| conversation_of(overview, name)).collect::<anyhow::Result<Vec<ConversationId>>>()
    };
    let from = panes(&args.from)?;
    let context = if args.message.is_empty() {
        let head = |id: &ConversationId| {
            let message = overview.conversations.iter().find(|known| known.id == *id)?.head?;
            Some(Quote { conversation: *id, message, passage: None })
        };
        from.iter().filter_map(head).collect()
    } else {
        let named = args.message.iter().filter(|name| name.as_str() != "none").map(|name| {
            let found = find::here(chosen, name)?;
            Ok(Quote { conversation: found.conversation, message: found.message, passage: None })
        });
        named.collect::<anyhow::Result<Vec<Quote>>>()?
    };
    Ok(Draft {
        from,
        to: panes(&args.to)?,
        fields: Fields {
            objective: args.objective.clone().unwrap_or_default(),
            done_when: args.done_when.clone(),
            constraints: args.constraint.clone(),
            expected: args.expect.clone(),
        },
        context,
        returns: args.returns.unwrap_or(Return::Auto),
        supersedes: None,
        unseal: args.unseal.clone(),
        seed: None,
        proposed_from: Locality::default(),
    })
}

/// Adds what would serve the objective to what is quoted, and says what that is.
async fn add_suggested(line: &mut Line, draft: &mut Draft) -> anyhow::Result<()> {
    let objective = draft.fields.objective.clone();
    let op = Op::Suggest { from: draft.from.clone(), objective, context: draft.context.clone() };
    let listing = match line.ask(op, |_| {}).await? {
        Reply::Listing(listing) => listing,
        other => return Err(unexpected(&other)),
    };
    for one in listing.suggested {
        notice(&format!("suggested: {} m{} ({} tokens)", one.pane, one.number, one.tokens));
        draft.context.push(one.quote);
    }
    if listing.left_out > 0 {
        notice(&format!("left out: {}", listing.left_out));
    }
    Ok(())
}

/// The locality report, on stderr: what is replaced, what holds it, how large it is.
fn report(overview: &Overview, composed: &Composed, dry_run: bool) {
    let to = pane_of(overview, composed.to);
    for one in &composed.replaced {
        notice(&format!("{to}: {} → {} ×{}", one.value, one.pseudonym, one.times));
    }
    for hold in &composed.holds {
        notice(&format!("{to}: {hold}"));
    }
    if dry_run {
        let of = composed.headroom.map_or_else(String::new, |headroom| format!(" of {headroom} free"));
        notice(&format!("{to}: about {} tokens{of}", composed.tokens));
    }
}

/// The pane a conversation was started in.
pub(super) fn pane_of(overview: &Overview, id: ConversationId) -> &str {
    overview.conversations.iter().find(|known| known.id == id).map_or("?", |known| known.pane.as_str())
}

#[derive(Serialize)]
struct Briefed<'a> {
    sent: &'a [BriefId],
    composed: &'a [Composed],
}
