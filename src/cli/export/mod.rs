//! `trialogue export`: conversations as a file to keep, send or print.

mod html;
mod json;
mod markdown;

use std::collections::BTreeMap;
use std::io;
use std::path::PathBuf;
use std::sync::Arc;

use crate::config::error::nearest;
use crate::engine::conversation::Conversation;
use crate::engine::id::MessageId;
use crate::engine::message::Message;
use crate::store::{Access, Journal as _, SqliteJournal};

use super::args::Format;
use super::desk::Desk;
use super::exit::{Exit, Stopped};
use super::out::{Out, notice};

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
    let title = if chosen.file.title.is_empty() { name } else { chosen.file.title };
    let exported = read(&mut journal, title, &args.pane)?;
    let text = match args.format {
        Format::Md => markdown::write(&exported),
        Format::Json => json::write(&exported)?,
        Format::Html => html::write(&exported),
    };
    let Some(path) = &args.output else {
        let mut out = Out::new();
        out.piece(&text)?;
        out.end_of_stream(text.ends_with('\n'))?;
        return Ok(Exit::Done);
    };
    let written = if args.force {
        crate::files::replace(path, text.as_bytes())
    } else {
        crate::files::create(path, text.as_bytes())
    };
    match written {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
            Err(Stopped::failed(format!("{} is there already: --force overwrites it.", path.display())).into())
        }
        Err(error) => Err(Stopped::failed(format!("{} can't be written: {error}.", path.display())).into()),
        Ok(()) => {
            notice(&format!("Wrote {}.", path.display()));
            Ok(Exit::Done)
        }
    }
}

/// What is exported.
struct Exported {
    /// The workspace's title.
    title: String,
    /// Its conversations, oldest first.
    conversations: Vec<ExportedConversation>,
    /// The bodies of attachments by hash.
    attachments: BTreeMap<String, Arc<str>>,
}

struct ExportedConversation {
    index: Conversation,
    /// Every message that was not erased, oldest first.
    messages: Vec<Message>,
    /// The messages from the beginning to the head.
    branch: Vec<MessageId>,
}

impl ExportedConversation {
    /// The messages of the active branch.
    fn active(&self) -> impl Iterator<Item = &Message> {
        self.messages.iter().filter(|message| self.branch.contains(&message.id))
    }
}

fn read(journal: &mut SqliteJournal, title: String, panes: &[String]) -> anyhow::Result<Exported> {
    let loaded = journal.load()?;
    for pane in panes {
        if loaded.workspace.pane(pane).is_none() {
            let known: Vec<&str> = loaded.workspace.panes.iter().map(|pane| pane.name.as_str()).collect();
            let hint = nearest(pane, known.iter().copied())
                .map_or_else(String::new, |name| format!(" Did you mean `{name}`?"));
            let message = format!("There is no pane `{pane}`. Panes: {}.{hint}", known.join(", "));
            return Err(Stopped::wrong(message).into());
        }
    }
    let mut exported = Exported { title, conversations: Vec::new(), attachments: BTreeMap::new() };
    for index in loaded.conversations {
        if !panes.is_empty() && !panes.contains(&index.header.pane) {
            continue;
        }
        let ids: Vec<MessageId> = index.messages.keys().copied().collect();
        let messages = journal.messages(&ids)?;
        for attachment in messages.iter().flat_map(Message::attachments) {
            if let Some(body) = journal.attachment(&attachment.hash)? {
                exported.attachments.insert(attachment.hash.clone(), body);
            }
        }
        let branch = index.branch(index.header.head);
        exported.conversations.push(ExportedConversation { index, messages, branch });
    }
    Ok(exported)
}
