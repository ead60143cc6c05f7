//! What the engine asks of the runtime: the only way anything outside happens.

use std::time::Duration;

use super::aside::Purpose;
use super::brief::{Asking, Composition, Delivery, Draft, Gathering, Offered, Quote};
use super::handoff::{Ground, Making, Plan};
use super::id::{AsideId, BriefId, ConversationId, MessageId, TurnId};
use super::input::Asker;
use super::locality::{Outbound, Table};
use super::message::Attachment;
use super::model::ModelRef;
use super::op::{Forgotten, PageOf, Reply};
use super::prompt::Prompt;
use super::redaction::Dictionary;
use super::settings::PaneName;

/// A piece of work for the runtime, as data. Effects run only after the decision's events are on disk.
#[derive(Debug, Clone, PartialEq)]
pub enum Effect {
    /// Answer an Op.
    Reply {
        /// Who asked.
        to: Asker,
        /// The answer.
        reply: Reply,
    },
    /// Read bodies for a turn's prompt; comes back as `Input::Fetched`.
    Fetch {
        /// The conversation.
        conversation: ConversationId,
        /// The turn that needs them.
        turn: TurnId,
        /// The messages, oldest first.
        messages: Vec<MessageId>,
    },
    /// Heavy pure work on a worker; comes back as `Input::Computed` with the version it read.
    Compute {
        /// The conversation.
        conversation: ConversationId,
        /// The turn that needs it.
        turn: TurnId,
        /// The conversation's version when the work was asked for.
        version: u64,
        /// The work.
        work: Work,
    },
    /// Send a request to a provider and stream its answer; ends as `Input::Answered` or `Input::Failed`.
    Request {
        /// The conversation.
        conversation: ConversationId,
        /// The turn.
        turn: TurnId,
        /// What is sent.
        outbound: Outbound,
    },
    /// Ask a provider what it knows of one of its models; comes back as `Input::Known` if it tells anything.
    Look {
        /// The model.
        model: ModelRef,
    },
    /// Drop a turn's task: the stream closes, and what had come returns as `Input::Stopped`.
    Cancel {
        /// The conversation.
        conversation: ConversationId,
        /// The turn.
        turn: TurnId,
        /// Why.
        by: super::message::Interruption,
    },
    /// Let a turn rest before it is tried again; comes back as `Input::Rested`.
    Retry {
        /// The conversation.
        conversation: ConversationId,
        /// The turn.
        turn: TurnId,
        /// Which try this will be; the first request was 1.
        attempt: u32,
        /// How long to wait before it.
        after: Duration,
    },
    /// Read a page and answer with it.
    Page {
        /// Who asked.
        to: Asker,
        /// Which messages.
        page: PageOf,
    },
    /// Store a text under its hash and answer with it.
    Attach {
        /// Who asked.
        to: Asker,
        /// The file's name.
        name: String,
        /// The whole text.
        body: std::sync::Arc<str>,
    },
    /// Search and answer with the hits.
    Search {
        /// Who asked.
        to: Asker,
        /// The words.
        query: String,
        /// How many hits at most.
        limit: u32,
        /// Only on the active branch of this conversation; everywhere if `None`.
        within: Option<ConversationId>,
    },
    /// Keep a value in `view_state` and answer `Done`.
    SaveView {
        /// Who asked.
        to: Asker,
        /// What it is.
        key: String,
        /// Its value.
        value: serde_json::Value,
    },
    /// Erase bodies for good: rewrite, vacuum, then answer `Done`.
    Erase {
        /// Who asked.
        to: Asker,
        /// What.
        what: Forgotten,
    },
    /// Compose a brief on a worker, with the messages it quotes; comes back as `Input::Composed`.
    Compose {
        /// Who asked.
        to: Asker,
        /// What is asked.
        draft: Box<Draft>,
        /// Whether it is only shown.
        dry_run: bool,
        /// The quoted messages and the panes they stand in.
        quotes: Vec<(PaneName, Quote)>,
        /// What is composed, for each receiver, without the quoted items.
        compositions: Vec<Composition>,
    },
    /// Read what is quoted and what is offered, weigh it on a worker, and answer with the list.
    List {
        /// Who asked.
        to: Asker,
        /// What shall be done.
        objective: String,
        /// The quoted messages and the panes they stand in.
        quotes: Vec<(PaneName, Quote)>,
        /// The messages that could be quoted.
        offered: Vec<Offered>,
    },
    /// Make reports of an answer on a worker; comes back as `Input::Delivered`.
    Deliver {
        /// Who asked for it; `None` if it comes by itself.
        to: Option<Asker>,
        /// The brief.
        brief: BriefId,
        /// The answer.
        answer: MessageId,
        /// What is made, for each conversation that asked, without the answer.
        deliveries: Vec<Delivery>,
    },
    /// Read messages, put the real names back on a worker, and answer with them.
    Restore {
        /// Who asked.
        to: Asker,
        /// The conversation.
        conversation: ConversationId,
        /// The messages, oldest first.
        messages: Vec<MessageId>,
        /// The pseudonyms it knows.
        table: Table,
    },
    /// Fetch what is gathered, make it ready on a worker and store it; comes back as `Input::Gathered`.
    Gather {
        /// Who asked.
        to: Asker,
        /// What is gathered, for whom.
        gathering: Box<Gathering>,
    },
    /// Look on a worker whether what goes along with a message may be read there; comes back as `Input::Inspected`.
    Inspect {
        /// Who asked.
        to: Asker,
        /// The message.
        sending: Box<Sending>,
        /// What its conversation knows under pseudonyms.
        table: Table,
        /// The names of the workspace.
        names: Dictionary,
    },
    /// Read what a handoff's document is made from, on a worker; comes back as `Input::Surveyed`.
    Survey {
        /// What the handoff is about.
        plan: Box<Plan>,
        /// Which messages, and what stands beside them.
        ground: Ground,
    },
    /// Ask a model something that is no turn; comes back as `Input::AsideAnswered` or `Input::AsideFailed`.
    Aside {
        /// The aside.
        aside: AsideId,
        /// The conversation it concerns.
        conversation: ConversationId,
        /// What is sent.
        outbound: Outbound,
        /// What it is for.
        purpose: Purpose,
        /// How long to wait before it is sent.
        after: Duration,
    },
    /// Read what a model shall propose a brief's fields from, and put the request together on a worker; comes back as
    /// `Input::AssistReady`.
    Assist {
        /// The aside that will ask it.
        aside: AsideId,
        /// What is asked, and from what.
        asking: Box<Asking>,
    },
    /// Drop what is asked for briefs of this conversation, or is being put together; comes back as `Input::AsideStopped` or
    /// as an `Input::AssistReady` that says so.
    CancelAssist {
        /// The conversation.
        conversation: ConversationId,
    },
    /// Drop the asides that write drafts of a conversation's handoff: their requests are closed.
    CancelDrafts {
        /// The conversation.
        conversation: ConversationId,
    },
    /// Drop an aside; comes back as `Input::AsideStopped`, unless it is over.
    CancelAside {
        /// The aside.
        aside: AsideId,
    },
    /// Make a handoff's document of ledger and narrative, on a worker; comes back as `Input::Woven` with the messages that
    /// go along as they are.
    Weave {
        /// The handoff and what there is of it.
        making: Box<Making>,
        /// The messages after those that the document stands for.
        tail: Vec<MessageId>,
    },
    /// Keep a handoff's document as a file beside the journal.
    KeepDocument {
        /// The conversation it concerns.
        conversation: ConversationId,
        /// The file's name.
        name: String,
        /// The document.
        text: String,
    },
    /// Remove documents beside the journal, as far as they are there.
    DropDocuments {
        /// The files' names.
        names: Vec<String>,
    },
    /// A conversation is idle now, once these facts are applied; comes back as `Input::Settled`.
    Settle {
        /// The conversation.
        conversation: ConversationId,
        /// Whether a brief that waits may begin.
        may_begin: bool,
    },
    /// Store a message as a text that can go along with another one, and answer with it.
    Recall {
        /// Who asked.
        to: Asker,
        /// The message.
        message: MessageId,
        /// What to call it.
        name: String,
    },
    /// Tell the person something that is nobody's history, in the pane it concerns.
    Tell {
        /// The conversation it concerns; the workspace if `None`.
        conversation: Option<ConversationId>,
        /// The sentence.
        notice: String,
    },
}

/// A person's message on its way.
#[derive(Debug, Clone, PartialEq)]
pub struct Sending {
    /// The conversation that is asked.
    pub conversation: ConversationId,
    /// What the person wrote.
    pub text: String,
    /// What goes along.
    pub attachments: Vec<Attachment>,
    /// What it follows.
    pub follows: Follows,
}

/// What a message on its way follows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Follows {
    /// The conversation's last message, whichever that is when it arrives.
    Head,
    /// This message: a branch, if another one follows it already.
    Message(MessageId),
    /// Nothing: a branch beside the conversation's first message.
    Nothing,
}

/// Heavy pure work.
#[derive(Debug, Clone, PartialEq)]
pub enum Work {
    /// Put a prompt together from its bodies and estimate its tokens.
    Assemble {
        /// The model it is for.
        model: ModelRef,
        /// What it is made of.
        prompt: Box<Prompt>,
    },
}
