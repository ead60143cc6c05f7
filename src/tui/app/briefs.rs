//! The briefs of the workspace as the screen knows them: folded from facts, asked for never.

use std::collections::BTreeMap;

use crate::engine::brief::{About, Brief, Return, State};
use crate::engine::event::Event;
use crate::engine::id::{BriefId, ConversationId, MessageId};
use crate::engine::message::{Author, Message};
use crate::engine::op::Forgotten;
use crate::tui::app::Conversation;
use crate::tui::text::sanitise::one_line;
use crate::tui::theme::{Glyph, Glyphs, Token};

/// Every brief that was sent, and which messages answer one.
#[derive(Debug, Default)]
pub struct Briefs {
    known: BTreeMap<BriefId, Brief>,
    answers: BTreeMap<MessageId, BriefId>,
}

impl Briefs {
    /// Takes what the workspace's shape tells; what was folded since is newer.
    pub fn take(&mut self, briefs: Vec<Brief>) {
        for brief in briefs {
            if self.known.get(&brief.id).is_none_or(|known| known.steps.len() <= brief.steps.len()) {
                self.insert(brief);
            }
        }
    }

    /// Folds a fact.
    pub fn fold(&mut self, event: &Event) {
        match event {
            Event::BriefSent { brief } if !self.known.contains_key(&brief.id) => self.insert(brief.clone()),
            Event::BriefAdvanced { brief, state, at, why, .. } => {
                if let Some(mut brief) = self.known.remove(brief) {
                    brief.advance(state, *at, *why);
                    self.insert(brief);
                }
            }
            Event::ReportHeld { brief, holds, .. } => {
                if let Some(brief) = self.known.get_mut(brief) {
                    brief.held.clone_from(holds);
                }
            }
            Event::Erased { what: Forgotten::Conversation { conversation } } => {
                self.known.values_mut().for_each(|brief| brief.erase(*conversation));
            }
            _ => {}
        }
    }

    fn insert(&mut self, brief: Brief) {
        if let Some(answer) = brief.answer() {
            self.answers.insert(answer, brief.id);
        }
        self.known.insert(brief.id, brief);
    }

    /// The brief of this identity.
    pub fn get(&self, id: BriefId) -> Option<&Brief> {
        self.known.get(&id)
    }

    /// Every brief.
    pub fn all(&self) -> impl Iterator<Item = &Brief> {
        self.known.values()
    }

    /// How many are out: somebody waits for their answers.
    pub fn out(&self) -> usize {
        self.known.values().filter(|brief| brief.state.is_open()).count()
    }

    /// Whether any brief has to do with a message.
    pub fn concern(&self, message: MessageId) -> bool {
        self.known.values().any(|brief| {
            let own = brief.stood() == Some(message) || brief.answer() == Some(message);
            own || brief.returned().contains(&message) || brief.context.iter().any(|quote| quote.message == message)
        })
    }

    /// The newest version of a brief.
    fn newest<'a>(&'a self, brief: &'a Brief) -> &'a Brief {
        let kin = self.known.values().filter(|known| known.number == brief.number && known.to == brief.to);
        kin.max_by_key(|known| known.version).unwrap_or(brief)
    }

    /// What was sent together with this brief, each in its newest version.
    fn together<'a>(&'a self, brief: &'a Brief) -> Vec<&'a Brief> {
        let mut together: Vec<&Brief> = self
            .known
            .values()
            .filter(|known| known.fan_out == brief.fan_out)
            .map(|known| self.newest(known))
            .collect();
        together.sort_by_key(|known| known.number);
        together
    }

    /// `2 of 3 reports in`; nothing for a brief with one receiver.
    fn reports_in(&self, brief: &Brief) -> Option<String> {
        let together = self.together(brief);
        let reports = together.iter().filter(|known| !known.returned().is_empty()).count();
        (together.len() > 1).then(|| format!("{reports} of {} reports in", together.len()))
    }
}

/// What stands round a message because of a brief.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct Surrounds {
    /// What its heading says in place of its writer.
    pub heading: Option<String>,
    /// Lines below its heading.
    pub above: Vec<(String, Token)>,
    /// Lines below its text.
    pub below: Vec<(String, Token)>,
}

/// The briefs with the names of the panes they went between.
#[derive(Debug, Clone)]
pub struct BriefNames<'a> {
    /// The briefs.
    pub briefs: &'a Briefs,
    /// The conversations.
    pub conversations: &'a BTreeMap<ConversationId, Conversation>,
    /// The key that lists what waits, as it is told.
    pub needs: String,
}

impl BriefNames<'_> {
    /// The pane a conversation was started in, safe to show.
    pub fn pane(&self, id: ConversationId) -> String {
        self.conversations.get(&id).map_or_else(|| "?".to_owned(), |known| one_line(&known.overview.pane).into_owned())
    }

    /// The panes that ask.
    pub fn from(&self, brief: &Brief) -> String {
        brief.from.iter().map(|id| self.pane(*id)).collect::<Vec<_>>().join(" + ")
    }

    /// What stands round a message; nothing round one that no brief has to do with.
    pub fn round(&self, message: &Message, glyphs: Glyphs) -> Option<Surrounds> {
        match message.about {
            Some(About::Brief { brief }) => self.briefs.get(brief).map(|brief| self.round_brief(brief, glyphs)),
            Some(About::Report { brief }) => self.briefs.get(brief).map(|brief| self.round_report(brief, glyphs)),
            None if message.author == Author::Model => {
                let brief = self.briefs.answers.get(&message.id).and_then(|id| self.briefs.get(*id))?;
                let (told, token) = self.below_answer(brief, glyphs);
                Some(Surrounds { below: vec![(told, token)], ..Surrounds::default() })
            }
            Some(About::Handoff { .. }) | None => None,
        }
    }

    fn round_brief(&self, brief: &Brief, glyphs: Glyphs) -> Surrounds {
        let state = match &brief.state {
            State::Sent | State::Accepted { .. } if brief.returns == Return::None => "no report",
            State::Sent | State::Accepted { .. } => "report due",
            State::Answered { .. } => "answered",
            State::Returned { .. } => "report returned",
            State::Declined => "declined",
            State::Superseded { .. } => "stale: a newer one came",
            State::Cancelled => "taken back",
            State::Failed { .. } if self.is_tried_again(brief) => "report due",
            State::Failed { .. } => "broke off",
        };
        let heading =
            format!("{} brief {} {} · {state}", glyphs.of(Glyph::BriefIn), told_number(brief), self.from(brief));
        Surrounds { heading: Some(heading), ..Surrounds::default() }
    }

    fn round_report(&self, brief: &Brief, glyphs: Glyphs) -> Surrounds {
        let stale = if matches!(brief.state, State::Superseded { .. }) { " · stale" } else { "" };
        let (glyph, to) = (glyphs.of(Glyph::BriefIn), self.pane(brief.to));
        let heading = Some(format!("{glyph} report {} from {to}{stale}", told_number(brief)));
        let mut above: Vec<(String, Token)> = Vec::new();
        if !stale.is_empty() {
            above.push(("  a newer version of this brief was sent".to_owned(), Token::Warn));
        }
        above.extend(self.briefs.reports_in(brief).map(|told| (format!("  {told}"), Token::Dim)));
        Surrounds { heading, above, below: Vec::new() }
    }

    /// Below the receiver's answer: what became of it.
    fn below_answer(&self, brief: &Brief, glyphs: Glyphs) -> (String, Token) {
        let report = format!("{} report {}", glyphs.of(Glyph::BriefOut), told_number(brief));
        let (arrow, to) = (glyphs.of(Glyph::Arrow), self.from(brief));
        match &brief.state {
            State::Returned { .. } => (format!("{report} {arrow} {to} {}", glyphs.of(Glyph::Unread)), Token::Brief),
            State::Superseded { .. } => {
                (format!("{report} · stale: v{} was sent", self.briefs.newest(brief).version), Token::Warn)
            }
            State::Answered { .. } if brief.returns == Return::None => {
                (format!("{report} stays here: its `return` is none"), Token::Dim)
            }
            State::Answered { .. } if !brief.held.is_empty() => {
                (format!("{report} {arrow} {to} is held · {} says why", self.needs), Token::Warn)
            }
            State::Answered { .. } if brief.returns == Return::Ask => {
                (format!("{report} {arrow} {to} waits for you · {}", self.needs), Token::Warn)
            }
            State::Answered { .. } => (format!("{report} {arrow} {to} waits until that pane is idle"), Token::Dim),
            State::Cancelled => (format!("{report} · the brief was taken back"), Token::Dim),
            _ => (report, Token::Dim),
        }
    }

    /// That a report has come in; nothing for any other message.
    pub fn came(&self, message: &Message, glyphs: Glyphs) -> Option<String> {
        let Some(About::Report { brief }) = message.about else { return None };
        let brief = self.briefs.get(brief)?;
        Some(format!("{} report {} from {} is in.", glyphs.of(Glyph::BriefIn), told_number(brief), self.pane(brief.to)))
    }

    /// Whether a brief that broke off is worked on again.
    fn is_tried_again(&self, brief: &Brief) -> bool {
        let turn = self.conversations.get(&brief.to).and_then(|known| known.overview.turn.as_ref());
        matches!(brief.state, State::Failed { message, .. } if turn.is_some_and(|turn| turn.prompt == message))
    }

    /// What a pane says over its composer: briefs that are out, but for those that are told there in a sentence, and what
    /// waits here.
    pub fn standing(
        &self,
        id: ConversationId,
        glyphs: Glyphs,
        is_told: impl Fn(&Brief) -> bool,
    ) -> Vec<(String, Token)> {
        let mut lines = Vec::new();
        let (into, out) = (glyphs.of(Glyph::BriefIn), glyphs.of(Glyph::BriefOut));
        for brief in self.briefs.all().filter(|brief| brief.to == id && brief.state == State::Sent) {
            let told = format!("{into} brief {} {} waits · {}", told_number(brief), self.from(brief), self.needs);
            lines.push((told, Token::Brief));
        }
        for brief in self
            .briefs
            .all()
            .filter(|brief| brief.from.contains(&id) && brief.id == brief.fan_out && brief.version == 1)
        {
            let together = self.briefs.together(brief);
            let waits = |known: &&&Brief| {
                known.state.is_open() || known.is_due() || matches!(known.state, State::Failed { .. })
            };
            let Some(first) = together.iter().find(waits).filter(|first| !is_told(first)) else { continue };
            lines.push(match (self.briefs.reports_in(brief), together.first(), together.last()) {
                (Some(told), Some(from), Some(to)) => {
                    let tail = match together.iter().filter(|known| self.needs_you(known)).count() {
                        0 => String::new(),
                        1 => format!(" · 1 waits · {}", self.needs),
                        count => format!(" · {count} wait · {}", self.needs),
                    };
                    (format!("{out} briefs #{}–#{} · {told}{tail}", from.number, to.number), Token::Brief)
                }
                _ => self.standing_one(first, glyphs),
            });
        }
        lines
    }

    fn standing_one(&self, brief: &Brief, glyphs: Glyphs) -> (String, Token) {
        let (number, to) = (told_number(brief), self.pane(brief.to));
        let brief_out = format!("{} brief {number} {} {to}", glyphs.of(Glyph::BriefOut), glyphs.of(Glyph::Arrow));
        let report = format!("{} report {number} from {to}", glyphs.of(Glyph::BriefIn));
        match &brief.state {
            State::Sent => (format!("{brief_out} · waits there"), Token::Brief),
            State::Failed { .. } if self.is_tried_again(brief) => (format!("{brief_out} · at work"), Token::Brief),
            State::Failed { .. } => (format!("{brief_out} broke off · {}", self.needs), Token::Warn),
            State::Answered { .. } if !brief.held.is_empty() => {
                (format!("{report} is held · {}", self.needs), Token::Warn)
            }
            State::Answered { .. } if brief.returns == Return::Ask => {
                (format!("{report} waits for you · {}", self.needs), Token::Warn)
            }
            State::Answered { .. } => (format!("{report} comes when this answer ends"), Token::Brief),
            _ => (format!("{brief_out} · at work"), Token::Brief),
        }
    }

    /// Whether a person must do something before this brief goes on.
    pub fn needs_you(&self, brief: &Brief) -> bool {
        let taken = brief.is_due() && (brief.returns == Return::Ask || !brief.held.is_empty());
        taken || matches!(brief.state, State::Failed { .. }) && !self.is_tried_again(brief)
    }
}

/// `#4`, or `#4 v2` of a newer version.
pub(super) fn told_number(brief: &Brief) -> String {
    if brief.version > 1 { format!("#{} v{}", brief.number, brief.version) } else { format!("#{}", brief.number) }
}
