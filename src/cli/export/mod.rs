//! `trialogue export`: conversations as a file to keep, send or print.

mod html;
mod json;
mod markdown;

use std::collections::BTreeMap;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::engine::id::{ConversationId, MessageId};
use crate::engine::message::Message;
use crate::engine::op::ConversationOverview;
use crate::files::new_file::{Existing, NewFile};
use crate::store::{Access, Journal as _, SqliteJournal, Which};

use super::args::Format;
use super::ask::unknown_pane;
use super::desk::Desk;
use super::exit::{Exit, Stopped};
use super::out::{Out, notice};
use super::real_names;

/// What is written, and where.
#[derive(Debug, clap::Args)]
pub struct ExportArgs {
    /// Only this pane; may be given several times.
    #[arg(long, short, value_name = "PANE")]
    pub pane: Vec<String>,
    /// What it is written as.
    #[arg(long, short, value_enum)]
    pub format: Format,
    /// The file; stdout if none is named. One that is there is not overwritten.
    #[arg(long, short, value_name = "FILE")]
    pub output: Option<PathBuf>,
    /// Write the real names that panes know under pseudonyms; without it, pseudonyms stay. It is written into the
    /// journal.
    #[arg(long)]
    pub real_names: bool,
    /// Overwrite the file if it is there.
    #[arg(long, requires = "output")]
    pub force: bool,
}

/// Writes it.
pub(super) fn run(desk: &Desk, args: &ExportArgs) -> anyhow::Result<Exit> {
    let chosen = desk.workspace()?;
    let mut journal = SqliteJournal::open(chosen.folder.path(), Access::Read)?;
    if let Some(why) = journal.standing().notice() {
        notice(why);
    }
    let name = chosen.folder.name();
    let title = if chosen.file.title.is_empty() { name } else { chosen.file.title.clone() };
    let conversations = conversations(&mut journal, &args.pane)?;
    let named = if args.real_names {
        let ids: Vec<ConversationId> = conversations.iter().map(|conversation| conversation.id).collect();
        real_names::of_conversations(desk, &chosen, &ids)?
    } else {
        BTreeMap::new()
    };
    let bodies = SqliteJournal::open(chosen.folder.path(), Access::Read)?;
    let mut exported = Exported { title, conversations, journal, bodies, named };
    let Some(path) = &args.output else {
        let mut out = Out::new();
        exported.write(args.format, &mut out)?;
        out.flush()?;
        out.end_of_stream(true)?;
        return Ok(Exit::Done);
    };
    // A file that is there is said before the work, and not overwritten after it either.
    if path.exists() && !args.force {
        return Err(taken(path));
    }
    let existing = if args.force { Existing::Replaced } else { Existing::Kept };
    let mut file = NewFile::beside(path).map_err(|error| unwritable(path, &error))?;
    exported.write(args.format, &mut file)?;
    match file.finish(existing) {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Err(taken(path)),
        Err(error) => Err(unwritable(path, &error)),
        Ok(()) => {
            notice(&format!("Wrote {}.", path.display()));
            Ok(Exit::Done)
        }
    }
}

fn taken(path: &Path) -> anyhow::Error {
    Stopped::failed(format!("{} is there already: --force overwrites it.", path.display())).into()
}

fn unwritable(path: &Path, error: &io::Error) -> anyhow::Error {
    Stopped::failed(format!("{} can't be written: {error}.", path.display())).into()
}

/// The conversations of these panes, oldest first; of all panes if none is named.
fn conversations(journal: &mut SqliteJournal, panes: &[String]) -> anyhow::Result<Vec<ConversationOverview>> {
    let overview = journal.overview()?;
    for pane in panes {
        if !overview.panes.iter().any(|known| known.pane == *pane) {
            return Err(unknown_pane(&overview, pane));
        }
    }
    let is_wanted = |conversation: &ConversationOverview| panes.is_empty() || panes.contains(&conversation.pane);
    Ok(overview.conversations.into_iter().filter(is_wanted).collect())
}

/// What is exported. Messages are read and written one by one: a long history is never in memory as a whole.
struct Exported {
    /// The workspace's title.
    title: String,
    /// Its conversations, oldest first.
    conversations: Vec<ConversationOverview>,
    /// Where their messages are.
    journal: SqliteJournal,
    /// The same journal once more: bodies of attachments are read while messages are.
    bodies: SqliteJournal,
    /// The messages with real names, if they were asked for.
    named: BTreeMap<MessageId, Message>,
}

/// The bodies of a message's attachments by hash.
type Bodies = BTreeMap<String, Arc<str>>;

impl Exported {
    fn write(&mut self, format: Format, to: &mut dyn Write) -> anyhow::Result<()> {
        match format {
            Format::Md => markdown::write(self, to),
            Format::Json => json::write(self, to),
            Format::Html => html::write(self, to),
        }
    }

    /// Hands each message of the active branch with the bodies of its attachments to `each`. Erased ones are left out.
    fn each_active(
        &mut self,
        conversation: ConversationId,
        mut each: impl FnMut(&Message, &Bodies) -> anyhow::Result<()>,
    ) -> anyhow::Result<()> {
        let mut written = Ok(());
        let Self { journal, bodies, named, .. } = self;
        journal.each_message(conversation, Which::Active, |message| {
            let message = named.remove(&message.id).unwrap_or(message);
            if !message.parts.is_empty() {
                written = bodies_of(bodies, &message).and_then(|bodies| each(&message, &bodies));
            }
            written.is_ok()
        })?;
        written
    }
}

fn bodies_of(journal: &mut SqliteJournal, message: &Message) -> anyhow::Result<Bodies> {
    let mut bodies = Bodies::new();
    for attachment in message.attachments() {
        if let Some(body) = journal.attachment(&attachment.hash)? {
            bodies.insert(attachment.hash.clone(), body);
        }
    }
    Ok(bodies)
}
