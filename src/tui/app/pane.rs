//! A pane: a place on the screen that shows one conversation, with everything a person left there.

use std::collections::{BTreeMap, VecDeque};

use super::completing::Naming;
use super::composer::Composer;
use super::draft::Draft;
use super::history::History;
use super::scroll::Scroll;
use crate::engine::brief::Draft as Brief;
use crate::engine::id::{ConversationId, MessageId};
use crate::engine::settings::PaneName;
use crate::engine::time::Timestamp;

/// One pane.
#[derive(Debug)]
pub struct Pane {
    /// Its name.
    pub name: PaneName,
    /// The conversation it shows.
    pub conversation: ConversationId,
    /// The conversation it writes into: another one than it shows while somebody looks elsewhere in its lineage.
    pub addressee: ConversationId,
    /// Where the conversations that it showed before were looked at.
    pub looked_at: BTreeMap<ConversationId, LookedAt>,
    /// Where the next message is written.
    pub composer: Composer,
    /// What was written before.
    pub history: History,
    /// Where the transcript is looked at.
    pub scroll: Scroll,
    /// Where the transcript ended when somebody scrolled up: item and line. What comes after is new.
    pub seen: Option<(u32, usize)>,
    /// The message that Read-layer keys mean, by its position.
    pub selected: u32,
    /// What happened here while the focus was elsewhere.
    pub badge: Option<Badge>,
    /// A sentence for the person; gone with the next key in this pane.
    pub notice: Option<String>,
    /// What became of a Tab behind an `@` there.
    pub naming: Naming,
    /// The message that is on its way out.
    pub outgoing: Option<Outgoing>,
    /// The messages that wait behind it, or until the answer has ended, the next one first.
    pub waiting: VecDeque<Waiting>,
    /// What is searched for in this pane, and the hits.
    pub found: Option<Found>,
    /// Where it goes as soon as what stands there is loaded.
    pub jump: Option<Jump>,
    /// When the draft was changed last, if it isn't saved since.
    pub draft_changed: Option<Timestamp>,
    /// The draft as it was saved.
    pub saved: Draft,
    /// The scroll as it was saved.
    pub saved_scroll: Scroll,
    /// The brief that was composed here and not sent.
    pub brief: UnsentBrief,
}

/// Where a conversation was looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LookedAt {
    /// The place.
    pub scroll: Scroll,
    /// Where it ended then.
    pub seen: Option<(u32, usize)>,
    /// The message that was selected.
    pub selected: u32,
}

/// A pane's unsent brief.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct UnsentBrief {
    /// The brief; none if nothing was written.
    pub kept: Option<Brief>,
    /// As it was saved.
    pub saved: Option<Brief>,
    /// Whether it was sent and the journal hasn't answered.
    pub is_on_its_way: bool,
}

/// What happened in a pane out of focus.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Badge {
    /// So many reports came back and are unread.
    Reported(u32),
    /// So many answers, and reports among them, are done and unread.
    Done(u32),
    /// Something waits for the person.
    NeedsYou,
    /// The last turn failed.
    Failed,
}

/// A message between Enter and the journal's word that it has it.
#[derive(Debug, Clone, PartialEq)]
pub struct Outgoing {
    /// The draft as it was written.
    pub draft: Draft,
    /// The files that it mentions.
    pub files: Files,
    /// Whether it had waited and went by itself: then it moves nobody who reads further up.
    pub by_itself: bool,
}

/// A message that waits for its turn.
#[derive(Debug, Clone, PartialEq)]
pub struct Waiting {
    /// The conversation that it is for.
    pub conversation: ConversationId,
    /// The draft as it was written.
    pub draft: Draft,
    /// The files that it mentions: they go along as they were when Enter was pressed.
    pub files: Files,
}

/// What is known of the files that a message mentions.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Files {
    /// Those that are still being read or stored.
    pub waits_for: Vec<String>,
    /// Names that may have meant files, and were none.
    pub none: Vec<String>,
}

impl Files {
    /// Those that a draft mentions, none of them read yet.
    pub fn of(draft: &Draft) -> Self {
        let mut waits_for = draft.mentions();
        waits_for.extend(draft.perhaps_mentioned());
        Self { waits_for, none: Vec::new() }
    }

    /// Whether one of them is still being read or stored.
    pub fn wait_for(&self, path: &str) -> bool {
        self.waits_for.iter().any(|known| known == path)
    }

    /// One of them isn't waited for any more.
    pub fn settle(&mut self, path: &str) {
        self.waits_for.retain(|known| known != path);
    }
}

/// The hits of a search in one conversation.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Found {
    /// What was looked for.
    pub query: String,
    /// Where it stands, oldest first.
    pub hits: Vec<(u32, MessageId)>,
    /// The hit that is shown.
    pub at: usize,
}

impl Found {
    /// `3/17`: which of the messages that match is shown.
    pub fn count(&self) -> String {
        if self.hits.is_empty() { "0/0".to_owned() } else { format!("{}/{}", self.at + 1, self.hits.len()) }
    }
}

/// A message that a pane is to show as soon as it is loaded, at the first of these words.
#[derive(Debug, Clone, PartialEq)]
pub struct Jump {
    /// The conversation it stands in.
    pub conversation: ConversationId,
    /// Its position.
    pub position: u32,
    /// The message.
    pub message: MessageId,
    /// What was looked for.
    pub query: String,
    /// Whether the view was moved there so that it is loaded.
    pub is_asked: bool,
}

impl Pane {
    /// A pane that shows this conversation, with nothing written.
    pub fn new(name: PaneName, conversation: ConversationId) -> Self {
        Self {
            name,
            conversation,
            addressee: conversation,
            looked_at: BTreeMap::new(),
            composer: Composer::default(),
            history: History::default(),
            scroll: Scroll::Follow,
            seen: None,
            selected: u32::MAX,
            badge: None,
            notice: None,
            naming: Naming::default(),
            outgoing: None,
            waiting: VecDeque::new(),
            found: None,
            jump: None,
            draft_changed: None,
            saved: Draft::default(),
            saved_scroll: Scroll::Follow,
            brief: UnsentBrief::default(),
        }
    }

    /// What would be lost if the program ended now: what is on its way out, what waits, and what is written.
    pub fn unsent(&self) -> Draft {
        let written = self.composer.draft();
        match self.not_there_yet().reduce(Draft::and) {
            Some(before) => before.and(written),
            None => written,
        }
    }

    /// The messages that Enter was pressed for and that the journal doesn't have, in their order.
    fn not_there_yet(&self) -> impl Iterator<Item = Draft> {
        let outgoing = self.outgoing.iter().map(|outgoing| &outgoing.draft);
        outgoing.chain(self.waiting.iter().map(|waiting| &waiting.draft)).cloned()
    }

    /// The messages that Enter was pressed for and that wait for this file.
    pub(super) fn awaiting<'a>(&'a mut self, path: &'a str) -> impl Iterator<Item = (&'a mut Draft, &'a mut Files)> {
        let outgoing = self.outgoing.iter_mut().map(|outgoing| (&mut outgoing.draft, &mut outgoing.files));
        let waiting = self.waiting.iter_mut().map(|waiting| (&mut waiting.draft, &mut waiting.files));
        outgoing.chain(waiting).filter(move |(_, files)| files.wait_for(path))
    }

    /// Puts every message that was not sent back where it was written, before anything written since.
    pub fn put_all_back(&mut self) {
        let all = self.not_there_yet().reduce(Draft::and);
        self.outgoing = None;
        self.waiting.clear();
        if let Some(draft) = all {
            self.put_back(draft);
        }
    }

    /// Puts text that was not sent back where it was written, before anything written since.
    pub fn put_back(&mut self, draft: Draft) {
        let since = self.composer.take();
        self.composer = Composer::of(draft.and(since));
    }

    /// Shows another conversation, and writes into it.
    pub fn show(&mut self, conversation: ConversationId) {
        self.addressee = conversation;
        self.composer.after = None;
        self.look(conversation);
    }

    /// Shows another conversation where it was looked at last, else from its end. What is written stays as it is.
    pub fn look(&mut self, conversation: ConversationId) {
        if conversation == self.conversation {
            return;
        }
        let (scroll, seen, selected) = (self.scroll, self.seen, self.selected);
        self.looked_at.insert(self.conversation, LookedAt { scroll, seen, selected });
        let before = self.looked_at.remove(&conversation);
        let before = before.unwrap_or(LookedAt { scroll: Scroll::Follow, seen: None, selected: u32::MAX });
        LookedAt { scroll: self.scroll, seen: self.seen, selected: self.selected } = before;
        self.conversation = conversation;
        self.found = None;
    }

    /// Whether it shows another conversation than it writes into.
    pub fn looks_elsewhere(&self) -> bool {
        self.conversation != self.addressee
    }

    /// Where the conversation that it writes into is looked at.
    pub fn scroll_of_addressee(&self) -> Scroll {
        if self.looks_elsewhere() {
            self.looked_at.get(&self.addressee).map_or(Scroll::Follow, |known| known.scroll)
        } else {
            self.scroll
        }
    }
}
