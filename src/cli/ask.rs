//! `trialogue ask`: one message to a pane, its answer streamed to stdout.

use std::io::{self, Read as _};
use std::path::PathBuf;

use serde::Serialize;

use crate::config::error::nearest;
use crate::engine::event::Event;
use crate::engine::id::{ConversationId, MessageId, TurnId};
use crate::engine::message::{Attachment, Ending, Interruption, Message, Usage};
use crate::engine::op::{Op, Overview, Reply};
use crate::engine::update::{Stream, Update};
use crate::files::attachment;
use crate::provider::offline::{SAMPLE, SAMPLE_NAME};
use crate::runtime::connection::Incoming;

use super::desk::Desk;
use super::exit::{Exit, Stopped, is_broken_pipe};
use super::line::{Line, hung_up, unexpected};
use super::out::{Out, notice};
use super::signal::Signals;

/// The longest message that is read from stdin.
const LONGEST: u64 = attachment::LONGEST;

/// What is asked, and of whom.
#[derive(Debug, clap::Args)]
pub struct AskArgs {
    /// The pane's name in workspace.yaml.
    pub pane: String,
    /// What to ask; - reads it from stdin.
    pub text: String,
    /// A text file that goes along; may be given several times. @sample/offers.md is built in.
    #[arg(long, short, value_name = "FILE")]
    pub file: Vec<PathBuf>,
    /// Print one JSON object per line: pieces as they come, then the whole answer.
    #[arg(long)]
    pub json: bool,
}

/// Asks.
pub(super) async fn run(desk: &Desk, args: AskArgs) -> anyhow::Result<Exit> {
    let text = if args.text == "-" { read_stdin()? } else { args.text };
    if text.trim().is_empty() {
        return Err(Stopped::wrong("There is nothing to send: the text is empty.").into());
    }
    let samples = [(SAMPLE_NAME, SAMPLE)];
    let files = args.file.iter().map(|path| attachment::read(path, &samples)).collect::<Result<Vec<_>, _>>()?;
    let chosen = desk.workspace()?;
    let mut signals = Signals::listen()?;
    let mut line = Line::open(desk, &chosen).await?;
    let question = Question { pane: args.pane, text, files };
    let asked = ask(&mut line, question, args.json, &mut signals).await;
    // Others may be asking through this process; whoever tells it to end means at once.
    if !signals.came() {
        tokio::select! {
            _ = line.idle() => {}
            () = signals.next() => {}
        }
    }
    line.close().await;
    asked
}

struct Question {
    pane: String,
    text: String,
    files: Vec<attachment::ReadFile>,
}

async fn ask(line: &mut Line, question: Question, json: bool, signals: &mut Signals) -> anyhow::Result<Exit> {
    let conversation = conversation_of(&line.overview().await?, &question.pane)?;
    let mut attachments: Vec<Attachment> = Vec::new();
    for file in question.files {
        match line.ask(Op::Attach { name: file.name, body: file.body.into() }, |_| {}).await? {
            Reply::Attached(attachment) => attachments.push(attachment),
            other => return Err(unexpected(&other)),
        }
    }
    let send = Op::Send { conversation, text: question.text, attachments, parent: None };
    // Pieces may come before the reply that says whose they are.
    let mut early = Vec::new();
    let turn = match line.ask(send, |update| early.push(update)).await? {
        Reply::Accepted { turn, .. } => turn,
        other => return Err(unexpected(&other)),
    };
    let mut answer =
        Answer { pane: question.pane, conversation, turn, streamed: String::new(), printer: Printer::new(json) };
    for update in early {
        if let Some(exit) = answer.see(update)? {
            return Ok(exit);
        }
    }
    loop {
        tokio::select! {
            incoming = line.connection.next() => match incoming {
                Incoming::Update(update) => {
                    if let Some(exit) = answer.see(update)? {
                        return Ok(exit);
                    }
                }
                Incoming::Reply(..) => {}
                Incoming::Closed => return Err(hung_up()),
            },
            () = signals.next() => {
                // The turn's end follows as an update like any other.
                line.connection.post(Op::Stop { conversation: answer.conversation });
            }
        }
    }
}

/// The conversation that the pane of this name shows.
pub(super) fn conversation_of(overview: &Overview, pane: &str) -> anyhow::Result<ConversationId> {
    match overview.panes.iter().find(|shown| shown.pane == pane) {
        Some(shown) => Ok(shown.conversation),
        None => Err(unknown_pane(overview, pane)),
    }
}

/// There is no such pane.
pub(super) fn unknown_pane(overview: &Overview, pane: &str) -> anyhow::Error {
    let names: Vec<&str> = overview.panes.iter().map(|shown| shown.pane.as_str()).collect();
    let hint = nearest(pane, names.iter().copied()).map_or_else(String::new, |name| format!(" Did you mean `{name}`?"));
    Stopped::wrong(format!("There is no pane `{pane}`. Panes: {}.{hint}", names.join(", "))).into()
}

fn read_stdin() -> anyhow::Result<String> {
    let mut bytes = Vec::new();
    io::stdin().lock().take(LONGEST + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > LONGEST {
        let message = format!("Stdin has more than {} MiB: send the part that matters.", LONGEST / 1024 / 1024);
        return Err(Stopped::wrong(message).into());
    }
    String::from_utf8(bytes).map_err(|_| Stopped::wrong("Stdin is not UTF-8 text.").into())
}

/// One turn's answer on its way to stdout.
struct Answer {
    pane: String,
    /// Where the turn runs: a handoff carries it into a successor.
    conversation: ConversationId,
    turn: TurnId,
    streamed: String,
    printer: Printer,
}

impl Answer {
    /// Takes an update; `Some` when the turn has ended.
    fn see(&mut self, update: Update) -> anyhow::Result<Option<Exit>> {
        match update {
            Update::Delta(delta) if delta.turn == self.turn && delta.stream == Stream::Text => {
                // A piece that was seen already comes again where two sources of updates meet.
                if let Some(fresh) = fresh(&self.streamed, delta.offset, &delta.text) {
                    self.printer.piece(fresh)?;
                    self.streamed.push_str(fresh);
                }
                Ok(None)
            }
            Update::Event { fact, .. } => match &*fact {
                Event::TurnStarted { conversation, turn, .. } if *turn == self.turn => {
                    self.conversation = *conversation;
                    Ok(None)
                }
                Event::TurnEnded { turn, message, .. } if *turn == self.turn => {
                    self.finish(message)?;
                    Ok(Some(match &message.ending {
                        Ending::Refused => {
                            notice(&format!("{} refused to answer.", self.pane));
                            Exit::Provider
                        }
                        Ending::Length => {
                            notice("The answer was cut off: it reached the model's longest answer.");
                            Exit::Done
                        }
                        _ => Exit::Done,
                    }))
                }
                Event::TurnFailed { turn, failure, message, .. } if *turn == self.turn => {
                    self.finish_partly(message.as_ref())?;
                    Err(failure.clone().into())
                }
                Event::TurnInterrupted { turn, by, message, .. } if *turn == self.turn => {
                    self.finish_partly(message.as_ref())?;
                    Err(Stopped::failed(interrupted(*by)).into())
                }
                _ => Ok(None),
            },
            Update::Notice { text, .. } => {
                notice(&text);
                Ok(None)
            }
            Update::Delta(_) => Ok(None),
        }
    }

    fn finish_partly(&mut self, message: Option<&Message>) -> anyhow::Result<()> {
        match message {
            Some(message) => self.finish(message),
            None => Ok(()),
        }
    }

    fn finish(&mut self, message: &Message) -> anyhow::Result<()> {
        let text = message.text();
        if let Some(rest) = text.strip_prefix(&self.streamed) {
            self.printer.piece(rest)?;
        }
        self.printer.finish(&self.pane, &text, message)
    }
}

/// The part of a piece that was not seen yet; `None` if there is none.
fn fresh<'a>(streamed: &str, offset: usize, text: &'a str) -> Option<&'a str> {
    let seen = streamed.len().checked_sub(offset)?;
    text.get(seen..).filter(|fresh| !fresh.is_empty())
}

fn interrupted(by: Interruption) -> &'static str {
    match by {
        Interruption::Person => "Stopped. What had come is kept.",
        Interruption::Shutdown => "Stopped: the trialogue that held this workspace ended. What had come is kept.",
        Interruption::Crash => "Stopped: the program ended without a word. What had come is kept.",
    }
}

/// Where the answer is printed. When nobody reads any more, the answer is still awaited: it is paid for and kept.
struct Printer {
    out: Option<Out>,
    json: bool,
}

#[derive(Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
enum Printed<'a> {
    Delta {
        text: &'a str,
    },
    Answer {
        message: MessageId,
        conversation: ConversationId,
        pane: &'a str,
        number: u32,
        model: Option<String>,
        text: &'a str,
        ending: &'a Ending,
        usage: Option<Usage>,
    },
}

impl Printer {
    fn new(json: bool) -> Self {
        Self { out: Some(Out::new()), json }
    }

    fn piece(&mut self, text: &str) -> anyhow::Result<()> {
        let json = self.json;
        self.print(|out| match (json, text) {
            (_, "") => Ok(()),
            (true, text) => out.json(&Printed::Delta { text }),
            (false, text) => out.piece(text),
        })
    }

    fn finish(&mut self, pane: &str, text: &str, message: &Message) -> anyhow::Result<()> {
        let json = self.json;
        self.print(|out| {
            if !json {
                return out.end_of_stream(text.ends_with('\n'));
            }
            out.json(&Printed::Answer {
                message: message.id,
                conversation: message.conversation,
                pane,
                number: message.number,
                model: message.model.as_ref().map(ToString::to_string),
                text,
                ending: &message.ending,
                usage: message.usage,
            })
        })
    }

    fn print(&mut self, print: impl FnOnce(&mut Out) -> io::Result<()>) -> anyhow::Result<()> {
        let Some(out) = &mut self.out else { return Ok(()) };
        match print(out).map_err(anyhow::Error::from) {
            Err(error) if is_broken_pipe(&error) => {
                self.out = None;
                Ok(())
            }
            printed => printed,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_that_overlap_are_printed_once() {
        assert_eq!(fresh("", 0, "ab"), Some("ab"));
        assert_eq!(fresh("ab", 2, "c"), Some("c"));
        assert_eq!(fresh("ab", 0, "abc"), Some("c"));
        assert_eq!(fresh("abc", 0, "abc"), None);
        assert_eq!(fresh("ab", 5, "later"), None);
    }
}
