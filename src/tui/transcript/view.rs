//! A conversation as numbered items with heights: its loaded messages, then what streams or how it ended.

use std::hash::{DefaultHasher, Hasher as _};
use std::rc::Rc;

use super::cache::{Cache, LaidKey};
use super::colours::Colours;
use super::message::{self, Setting};
use super::seam;
use crate::engine::handoff::Handoff;
use crate::engine::message::{Author, Ending, Message};
use crate::engine::time::Timestamp;
use crate::engine::whereabouts::Move;
use crate::tui::app::BriefNames;
use crate::tui::app::conversation::{Conversation, Ended, Live, Stage};
use crate::tui::app::scroll::{Heights, Slice};
use crate::tui::text::markdown::Laid;
use crate::tui::text::rich::RichLine;
use crate::tui::theme::{Glyph, Glyphs, Token};

/// A conversation at a width.
#[derive(Debug)]
pub struct Transcript<'a> {
    /// The conversation.
    pub conversation: &'a Conversation,
    /// The memory of laid-out messages.
    pub cache: &'a Cache,
    /// What is known about the colours of code.
    pub colours: &'a Colours,
    /// The width in columns.
    pub columns: u16,
    /// What the lines depend on beside the messages.
    pub setting: Setting<'a>,
    /// What of the messages has to do with briefs.
    pub briefs: BriefNames<'a>,
    /// The moment, for what moves.
    pub now: Timestamp,
}

/// A line on its way to the screen.
#[derive(Debug, Clone, Copy)]
pub struct TranscriptLine<'a> {
    /// The item it belongs to.
    pub item: u32,
    /// Its number in the item.
    pub number: usize,
    /// The line.
    pub line: &'a RichLine,
}

const SPINNER: [&str; 8] = ["⠋", "⠙", "⠸", "⠴", "⠦", "⠧", "⠇", "⠏"];
const SPINNER_ASCII: [&str; 4] = ["|", "/", "-", "\\"];
const NO_ANSWER: &str = "no answer came";
/// How long one step of the spinner lasts.
pub const SPINNER_STEP_MS: i64 = 125;

impl Transcript<'_> {
    /// Hands out the lines in view.
    pub fn each(&self, slices: &[Slice], mut seen: impl FnMut(TranscriptLine<'_>)) {
        for slice in slices {
            // Only what is in view is walked: a message may be long.
            let mut hand = |lines: &[RichLine], offset: usize| {
                let from = slice.from.saturating_sub(offset).min(lines.len());
                let to = (slice.from + slice.lines).saturating_sub(offset).min(lines.len());
                for (at, line) in lines[from..to].iter().enumerate() {
                    seen(TranscriptLine { item: slice.item, number: from + at + offset, line });
                }
            };
            if slice.item < self.conversation.total() {
                hand(&self.message(slice.item), 0);
            } else if let Some(live) = &self.conversation.live {
                hand(&[self.live_heading(live)], 0);
                let mut text = live.text.borrow_mut();
                text.lines(self.columns);
                text.colour(|code| self.colours.of(code));
                let body = text.lines(self.columns);
                hand(body, 1);
                hand(&[RichLine::default()], body.len() + 1);
            } else {
                hand(&self.tail(), 0);
            }
        }
    }

    fn message(&self, position: u32) -> Rc<[RichLine]> {
        let Some(message) = self.conversation.message(position) else { return Rc::from([RichLine::default()]) };
        let pinned = self.conversation.overview.pins.iter().any(|pin| pin.message == message.id);
        let erased = message.parts.is_empty();
        if let Some(handoff) = self.handoff(message) {
            let round = hashed(&(1 + u64::from(self.conversation.is_unfolded), self.moves(message)));
            let key = LaidKey { message: message.id, width: self.columns, pinned, erased, round };
            let is_unfolded = self.conversation.is_unfolded;
            let lines = || seam::lines(handoff, message, is_unfolded, self.columns, &self.setting);
            return self.cache.lines(key, self.colours, || self.with_moves(message, lines()));
        }
        let round = self.briefs.round(message, self.setting.glyphs);
        let writer = message.model.as_ref().and_then(|model| self.setting.models.apart(model));
        let is_passed_over = self.conversation.was_passed_over(position);
        let hash = hashed(&(round.as_ref(), self.moves(message), writer, is_passed_over));
        let key = LaidKey { message: message.id, width: self.columns, pinned, erased, round: hash };
        let lines = || {
            let mut laid = message::lines(message, self.columns, pinned, round.as_ref(), &self.setting);
            if is_passed_over {
                let glyph = self.setting.glyphs.of(Glyph::Interrupted);
                let told = format!("{glyph} {NO_ANSWER} · goes along with the message after it");
                // Above the blank line that ends a message.
                let blank = laid.lines.pop();
                laid.lines.extend(message::sentence(&told, Token::Warn, self.columns));
                laid.lines.extend(blank);
            }
            laid
        };
        self.cache.lines(key, self.colours, || self.with_moves(message, lines()))
    }

    /// How many moves follow a message, and whether the last of all stands there and can be taken back.
    fn moves(&self, message: &Message) -> (usize, bool) {
        let whereabouts = &self.conversation.overview.whereabouts;
        let is_here = |moved: &&Move| moved.after == Some(message.id);
        let ends_here = whereabouts.moves.last().as_ref().is_some_and(is_here);
        (whereabouts.moves.iter().filter(is_here).count(), ends_here && whereabouts.home.is_some())
    }

    /// The moves to other models that followed a message stand below it.
    fn with_moves(&self, message: &Message, mut laid: Laid) -> Laid {
        let (mut left, can_go_back) = self.moves(message);
        let moves = self.conversation.overview.whereabouts.moves.iter();
        for moved in moves.filter(|moved| moved.after == Some(message.id)) {
            left -= 1;
            laid.lines.extend(seam::moved(moved, can_go_back && left == 0, self.columns, &self.setting));
        }
        laid
    }

    /// The handoff whose document this message is.
    pub fn handoff(&self, message: &Message) -> Option<&Handoff> {
        let received = self.conversation.overview.succession.received.as_ref();
        received.filter(|handoff| handoff.document == message.id)
    }

    fn live_heading(&self, live: &Live) -> RichLine {
        let mut heading = message::live_heading(
            self.setting.models.called(&live.turn.model),
            live.began,
            self.columns,
            &self.setting,
        );
        let steps: &[&str] = if self.setting.glyphs == Glyphs::Ascii { &SPINNER_ASCII } else { &SPINNER };
        let step = (self.now.as_millis() / SPINNER_STEP_MS).unsigned_abs() as usize;
        let spinner = steps[step % steps.len()];
        let stage = live.stage();
        let waited = (self.now.as_millis() - live.began.as_millis()) / 1_000;
        let hands_off = self.conversation.overview.succession.underway.is_some();
        let told = match stage {
            Stage::Streaming => spinner.to_owned(),
            Stage::Thinking if !hands_off => format!("{spinner} {}", stage.word()),
            Stage::Thinking | Stage::Waiting => {
                let word = if hands_off { "waits for the handoff" } else { stage.word() };
                if waited < 2 { format!("{spinner} {word}") } else { format!("{spinner} {word}, {waited} s") }
            }
        };
        let room = self.columns.saturating_sub(heading.width() as u16 + 1);
        if room > 0 {
            let mut tail = message::plain(&format!(" {told}"), Token::Accent, room + 1);
            heading.spans.append(&mut tail.spans);
        }
        heading
    }

    /// The messages that went along into the successor as they were: what was said after the newest answer.
    fn along(&self) -> Option<(u32, u32, u32)> {
        let successor = self.briefs.conversations.get(&self.conversation.goes_on_in()?)?;
        let handoff = successor.overview.succession.received.as_ref()?;
        let newest = self.conversation.messages.iter().rev();
        let waited: Vec<u32> =
            newest.take_while(|message| message.author == Author::Person).map(|message| message.number).collect();
        let (last, first) = (waited.first()?, waited.last()?);
        // The document comes first there. What was said here since is nobody's copy.
        let is_whole = *last == handoff.last_number && last - first + 1 == waited.len() as u32;
        is_whole.then_some((*first, handoff.last_number + 2, waited.len() as u32))
    }

    fn tail(&self) -> Vec<RichLine> {
        let mut lines = match self.conversation.tail_ending() {
            None if self.conversation.goes_on_in().is_some() => seam::end(self.along(), self.columns, &self.setting),
            None => return Vec::new(),
            Some(Ended::Failed(failure)) => message::ending(&Ending::Failed { failure }, self.columns, &self.setting),
            Some(ended @ (Ended::Stopped | Ended::Interrupted)) => {
                let what = if ended == Ended::Stopped { "stopped before the first word" } else { NO_ANSWER };
                let along =
                    if self.conversation.unanswered().is_some() { " · goes along with your next message" } else { "" };
                let (glyph, again) = (self.setting.glyphs.of(Glyph::Interrupted), &self.setting.again);
                let told = format!("{glyph} {what}{along} · {again} asks again");
                message::sentence(&told, Token::Warn, self.columns)
            }
        };
        lines.push(RichLine::default());
        lines
    }
}

/// A brief goes on while the messages round it stay as they are.
fn hashed(round: &impl std::hash::Hash) -> u64 {
    let mut hasher = DefaultHasher::new();
    round.hash(&mut hasher);
    hasher.finish()
}

impl Heights for Transcript<'_> {
    fn first(&self) -> u32 {
        self.conversation.first
    }

    fn end(&self) -> u32 {
        let tail = self.conversation.has_end() && self.conversation.has_tail();
        self.conversation.end() + u32::from(tail)
    }

    fn height(&self, item: u32) -> usize {
        if item < self.conversation.total() {
            self.message(item).len()
        } else if let Some(live) = &self.conversation.live {
            live.text.borrow_mut().lines(self.columns).len() + 2
        } else {
            self.tail().len().max(1)
        }
    }
}
