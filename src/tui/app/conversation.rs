//! A conversation as a client sees it: its overview, folded on, a window of its messages, and what streams.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::rc::Rc;

use super::draft::{After, Draft};
use super::live_text::LiveText;
use crate::engine::brief::About;
use crate::engine::conversation::Turn;
use crate::engine::event::Event;
use crate::engine::failure::Failure;
use crate::engine::id::TurnId;
use crate::engine::message::{Author, Ending, Interruption, Message, Part};
use crate::engine::meter::{self, Meter};
use crate::engine::op::{ConversationOverview, Forgotten, Page, PageOf};
use crate::engine::time::Timestamp;
use crate::engine::update::{Delta, Stream};
use crate::tui::theme::Glyphs;

/// How many messages one page asks for.
pub const PAGE: u32 = 40;
/// How many messages are kept beyond what is looked at.
const KEPT: usize = 240;

/// One conversation on this side of the connection.
#[derive(Debug)]
pub struct Conversation {
    /// Everything but bodies.
    pub overview: ConversationOverview,
    /// The position of the first loaded message.
    pub first: u32,
    /// The loaded messages, oldest first, without gaps.
    pub messages: VecDeque<Rc<Message>>,
    /// What streams.
    pub live: Option<Live>,
    /// How the last turn ended, if it left no message to say so.
    pub ended: Option<Ended>,
    /// The newest answer on the branch, loaded or not.
    pub last_answer: Option<Rc<Message>>,
    /// The page that was asked for and has not come.
    pub asked: Option<PageOf>,
    /// Whether the document that it began with is shown whole.
    pub is_unfolded: bool,
}

/// An answer that is being streamed.
#[derive(Debug)]
pub struct Live {
    /// The turn.
    pub turn: Turn,
    /// When it began.
    pub began: Timestamp,
    /// When its first piece came.
    pub first_piece: Option<Timestamp>,
    /// The text so far. Laying out remembers what is finished, hence the cell.
    pub text: RefCell<LiveText>,
    received: usize,
    thought: usize,
    ascii: usize,
    other: usize,
}

/// How far an answer is on its way: one word for it, wherever it is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Stage {
    /// Its text comes.
    Streaming,
    /// It was thought about, and no text has come.
    Thinking,
    /// Nothing has come.
    Waiting,
}

impl Stage {
    /// Every stage, in the order in which they are told.
    pub const ALL: [Self; 3] = [Self::Streaming, Self::Thinking, Self::Waiting];

    /// How it is told.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Streaming => "streaming",
            Self::Thinking => "thinking",
            Self::Waiting => "waiting",
        }
    }
}

/// How a turn ended that left nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ended {
    /// It failed.
    Failed(Failure),
    /// It was stopped by a person.
    Stopped,
    /// It was interrupted, or never came to answer.
    Interrupted,
}

impl Live {
    /// A turn that begins now.
    pub fn new(turn: Turn, glyphs: Glyphs, now: Timestamp) -> Self {
        Self {
            turn,
            began: now,
            first_piece: None,
            text: RefCell::new(LiveText::new(glyphs)),
            received: 0,
            thought: 0,
            ascii: 0,
            other: 0,
        }
    }

    /// Adds a piece. What overlaps is skipped; what lies beyond a gap is taken: the turn's end brings the whole.
    pub fn push(&mut self, delta: &Delta, now: Timestamp) {
        self.first_piece.get_or_insert(now);
        let so_far = match delta.stream {
            Stream::Text => &mut self.received,
            Stream::Reasoning => &mut self.thought,
        };
        let skip = so_far.saturating_sub(delta.offset);
        let Some(new) = delta.text.get(skip..).filter(|new| !new.is_empty()) else { return };
        *so_far = delta.offset + delta.text.len();
        let ascii = new.bytes().filter(u8::is_ascii).count();
        self.ascii += ascii;
        self.other += new.chars().count() - ascii;
        if delta.stream == Stream::Text {
            self.text.borrow_mut().push(new);
        }
    }

    /// How far it is on its way.
    pub const fn stage(&self) -> Stage {
        match (self.received, self.thought) {
            (0, 0) => Stage::Waiting,
            (0, _) => Stage::Thinking,
            _ => Stage::Streaming,
        }
    }

    /// Estimated tokens per second since the first piece; `None` in the first moments.
    pub fn rate(&self, now: Timestamp) -> Option<u32> {
        let millis = now.as_millis() - self.first_piece?.as_millis();
        let tokens = (self.ascii as f64).mul_add(0.25, self.other as f64);
        (millis >= 500).then(|| (tokens * 1_000.0 / millis as f64).round() as u32)
    }
}

impl Conversation {
    /// A conversation of which nothing is loaded.
    pub const fn new(overview: ConversationOverview) -> Self {
        Self {
            overview,
            first: 0,
            messages: VecDeque::new(),
            live: None,
            ended: None,
            last_answer: None,
            asked: None,
            is_unfolded: false,
        }
    }

    /// How many messages its branch has.
    pub const fn total(&self) -> u32 {
        self.overview.messages
    }

    /// The position after the last loaded message.
    pub fn end(&self) -> u32 {
        self.first + self.messages.len() as u32
    }

    /// Whether the newest message is loaded, or there is none.
    pub fn has_end(&self) -> bool {
        self.end() >= self.total()
    }

    /// The message at this position, if it is loaded.
    pub fn message(&self, position: u32) -> Option<&Rc<Message>> {
        self.messages.get(usize::try_from(position.checked_sub(self.first)?).ok()?)
    }

    /// Whether something runs in it that can be stopped: a turn, or a handoff that no turn waits for.
    pub const fn is_underway(&self) -> bool {
        self.overview.turn.is_some() || self.overview.succession.underway.is_some()
    }

    /// How far the answer is on its way; `None` if none is asked for.
    pub fn stage(&self) -> Option<Stage> {
        self.overview.turn.as_ref()?;
        Some(self.live.as_ref().map_or(Stage::Waiting, Live::stage))
    }

    /// Whether something follows the last message: what streams, how it ended, or that it goes on elsewhere.
    pub fn has_tail(&self) -> bool {
        self.live.is_some() || self.tail_ending().is_some() || self.goes_on_in().is_some()
    }

    /// How the newest turn ended without a message of its own.
    pub fn tail_ending(&self) -> Option<Ended> {
        if self.live.is_some() {
            return None;
        }
        // A question that nobody answered, after a crash or a failure before the first word, says so.
        self.ended.clone().or_else(|| self.unanswered().map(|_| Ended::Interrupted))
    }

    /// The newest message, if it asks something and no answer to it came, nor is one on its way.
    pub fn unanswered(&self) -> Option<&Rc<Message>> {
        let newest = self.messages.back().filter(|_| self.has_end())?;
        // A report asks nothing, nor does a handoff; what goes on in a successor is asked there.
        let asks = newest.author == Author::Person
            && !matches!(newest.about, Some(About::Report { .. } | About::Handoff { .. }))
            && self.goes_on_in().is_none();
        (asks && self.live.is_none() && self.overview.turn.is_none()).then_some(newest)
    }

    /// Whether the message at this position is a question whose answer never came: another message follows it.
    pub fn was_passed_over(&self, position: u32) -> bool {
        let is_said = |message: &Rc<Message>| message.author == Author::Person;
        let asks = self.message(position).is_some_and(|message| is_said(message) && message.about.is_none());
        asks && self.message(position + 1).is_some_and(is_said)
    }

    /// A draft of this question that takes its place when it is sent, as a branch.
    pub fn in_its_place(&self, position: u32, question: &Message) -> Draft {
        let after = match position.checked_sub(1) {
            // A handoff's document stays where it is.
            None => question.about.is_none().then(After::default),
            Some(before) => self.message(before).map(|message| After::of(message)),
        };
        let attachments = question.attachments().cloned().collect();
        Draft { attachments, after, ..Draft::of(question.text()) }
    }

    /// Whether the answer that would be continued broke off.
    pub fn is_broken_off(&self) -> bool {
        let newest = self.messages.back().filter(|_| self.has_end());
        self.tail_ending().is_some() || newest.is_some_and(|message| message.ending != Ending::Complete)
    }

    /// Takes in a page. It joins what is loaded, or takes its place.
    pub fn take_page(&mut self, page: Page) {
        self.asked = None;
        self.overview.messages = page.total;
        let messages: VecDeque<Rc<Message>> = page.messages.into_iter().map(Rc::new).collect();
        let page_end = page.first + messages.len() as u32;
        if !self.messages.is_empty() && page.first <= self.first && page_end >= self.first && page_end <= self.end() {
            let keep = (page_end - self.first) as usize;
            let kept = self.messages.split_off(keep);
            self.messages = messages;
            self.messages.extend(kept);
            self.first = page.first;
        } else if !self.messages.is_empty() && page.first >= self.first && page.first <= self.end() {
            self.messages.truncate((page.first - self.first) as usize);
            self.messages.extend(messages);
        } else {
            self.messages = messages;
            self.first = page.first;
        }
        if self.has_end() {
            self.remember_answer();
        }
    }

    /// The page that is missing around these positions, if one is.
    pub fn missing(&self, from: u32, to: u32) -> Option<PageOf> {
        if self.asked.is_some() {
            return None;
        }
        let page = |end: u32, limit: u32| PageOf { conversation: self.overview.id, end: Some(end), limit };
        if self.messages.is_empty() || from >= self.end() || to < self.first {
            if self.total() == 0 {
                return None;
            }
            let end = to.saturating_add(PAGE / 2).clamp(PAGE, self.total().max(PAGE)).min(self.total());
            return Some(page(end, PAGE.min(end)));
        }
        if from < self.first {
            return Some(page(self.first, PAGE.min(self.first)));
        }
        if to > self.end() && !self.has_end() {
            let end = (self.end() + PAGE).min(self.total());
            return Some(page(end, end - self.end()));
        }
        None
    }

    /// Drops what is far from these positions.
    pub fn trim(&mut self, from: u32, to: u32) {
        while self.messages.len() > KEPT && self.first + PAGE * 2 < from {
            self.messages.pop_front();
            self.first += 1;
        }
        while self.messages.len() > KEPT && self.end() > to + PAGE * 2 {
            self.messages.pop_back();
        }
    }

    /// Folds a fact about this conversation. Returns whether the branch is another one now.
    pub fn fold(&mut self, event: &Event, glyphs: Glyphs, now: Timestamp) -> bool {
        let ConversationOverview { whereabouts, model, turn, .. } = &mut self.overview;
        whereabouts.fold(event, model, turn.as_ref());
        match event {
            Event::TurnStarted { turn, prompt, model, .. } => {
                let turn = Turn { id: *turn, prompt: *prompt, model: model.clone() };
                self.overview.turn = Some(turn.clone());
                self.live = Some(Live::new(turn, glyphs, now));
                self.ended = None;
                return self.head_is(Some(*prompt));
            }
            Event::TurnPassed { turn, model, .. } => {
                let live = self.live.as_mut().map(|live| &mut live.turn);
                for running in [self.overview.turn.as_mut(), live].into_iter().flatten() {
                    if running.id == *turn {
                        running.model = model.clone();
                    }
                }
            }
            Event::TurnFailed { turn, failure, message, .. } => {
                self.end_turn(*turn, message.is_none().then(|| Ended::Failed(failure.clone())));
            }
            Event::TurnInterrupted { turn, by, message, .. } => {
                let ended = if *by == Interruption::Person { Ended::Stopped } else { Ended::Interrupted };
                self.end_turn(*turn, message.is_none().then_some(ended));
            }
            Event::TurnEnded { turn, .. } => self.end_turn(*turn, None),
            Event::Spent { spend, .. } => self.overview.spend = self.overview.spend.and(*spend),
            Event::Pinned { pin, .. } => self.overview.pins.push(pin.clone()),
            Event::Unpinned { pin, .. } => self.overview.pins.retain(|kept| kept.id != *pin),
            Event::ModelChosen { model, .. } => self.overview.model = model.clone(),
            Event::Moved { moved, .. } => self.overview.model = moved.to.clone(),
            Event::ConversationConfigured { settings, .. } => self.overview.settings = settings.clone(),
            Event::LocalityChanged { locality, providers, .. } => {
                self.overview.settings.locality = *locality;
                self.overview.settings.providers.clone_from(providers);
            }
            Event::Erased { what } => self.erase(*what),
            Event::HandoffBegan { .. }
            | Event::HandoffDropped { .. }
            | Event::HandoffDue { .. }
            | Event::HandedOff { .. }
            | Event::Continued { .. }
            | Event::HandoffUndone { .. } => self.fold_succession(event),
            Event::MessageAdded { .. }
            | Event::Unanswered { .. }
            | Event::BriefSent { .. }
            | Event::BriefAdvanced { .. }
            | Event::TableGrown { .. }
            | Event::Gathered { .. }
            | Event::Judged { .. }
            | Event::ReportHeld { .. }
            | Event::Unjudged { .. }
            | Event::NameAdded { .. }
            | Event::RealNamesShown { .. }
            | Event::Configured { .. }
            | Event::PaneOpened { .. }
            | Event::ConversationStarted { .. }
            | Event::PaneTurned { .. }
            | Event::ModelLearned { .. } => {}
        }
        event.message().is_some_and(|message| self.add(message))
    }

    pub(super) fn end_turn(&mut self, turn: TurnId, ended: Option<Ended>) {
        if self.overview.turn.as_ref().is_some_and(|running| running.id == turn) {
            self.overview.turn = None;
        }
        if self.live.as_ref().is_some_and(|live| live.turn.id == turn) {
            self.live = None;
            self.ended = ended;
        }
    }

    fn add(&mut self, message: &Message) -> bool {
        // A page that was read after the fact was on disk, but came before it, holds the message already.
        if self.messages.iter().rev().take(4).any(|known| known.id == message.id) {
            self.overview.head = Some(message.id);
            return false;
        }
        let turned = self.head_is(message.parent);
        let was_whole = self.has_end();
        self.overview.messages += 1;
        self.overview.head = Some(message.id);
        self.overview.meter = after(self.overview.meter, message);
        let message = Rc::new(message.clone());
        if message.author == Author::Model {
            self.last_answer = Some(Rc::clone(&message));
        }
        if was_whole {
            self.messages.push_back(message);
        }
        turned
    }

    /// Makes this message the last one: a branch begins after it. Returns whether it wasn't.
    fn head_is(&mut self, head: Option<crate::engine::id::MessageId>) -> bool {
        if self.overview.head == head {
            return false;
        }
        self.overview.head = head;
        let known = self.messages.iter().position(|message| Some(message.id) == head);
        let kept = known.map_or(0, |at| at + 1);
        self.messages.truncate(kept);
        match known {
            Some(_) => self.overview.messages = self.first + kept as u32,
            // Where the branch begins lies outside of what is loaded; the next page says how long it is.
            None => self.overview.messages = 0,
        }
        if self.messages.is_empty() {
            self.first = 0;
        }
        self.remember_answer();
        true
    }

    fn remember_answer(&mut self) {
        let newest = self.messages.iter().rev().find(|message| message.author == Author::Model);
        self.last_answer = newest.map(Rc::clone);
    }

    fn erase(&mut self, what: Forgotten) {
        let erased = |message: &mut Rc<Message>| Rc::make_mut(message).parts = Vec::<Part>::new();
        match what {
            Forgotten::Message { message, .. } => {
                self.messages.iter_mut().filter(|known| known.id == message).for_each(erased);
                self.overview.pins.retain(|pin| pin.message != message);
            }
            Forgotten::Conversation { .. } => {
                self.messages.iter_mut().for_each(erased);
                self.overview.pins.clear();
            }
        }
        self.remember_answer();
    }
}

/// The meter after one more message, as the engine counts it.
fn after(meter: Meter, message: &Message) -> Meter {
    let measured = message.usage.filter(|usage| !usage.estimated && usage.input > 0);
    match measured {
        Some(usage) => Meter { measured: usage.input.saturating_add(usage.output), added: 0 },
        None => Meter { added: meter.added.saturating_add(meter::estimate_message(message)), ..meter },
    }
}
