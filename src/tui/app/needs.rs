//! What waits for the person, everywhere in the workspace: reports, briefs, failures, answers that nobody has read.

use super::message::Origin;
use super::{Action, App, Badge, Pane, after};
use crate::engine::brief::{Brief, Hold, LineageOf, Return, State};
use crate::engine::id::{BriefId, ConversationId};
use crate::engine::message::{Ending, Interruption};
use crate::engine::op::{BriefDeed, Op, Reply};
use crate::engine::redaction::Judgement;
use crate::engine::settings::PaneName;
use crate::tui::app::conversation::Ended;
use crate::tui::dialog::{BriefNeed, Dialog, Need, Needs, Trace};
use crate::tui::key::{Code, Key};
use crate::tui::theme::{Glyph, Token};

/// How long after the list closed of itself a key may still have been meant for it.
const MEANT_FOR_NEEDS_MS: i64 = 600;

impl App {
    /// Opens the list of what waits.
    pub(super) fn open_needs(&mut self) {
        let needs = Needs { origin: self.focused.clone(), entries: self.needs(), ..Needs::default() };
        self.dialogs.push(Dialog::Needs(needs));
    }

    /// Keeps an open list as things stand. Once its last row is taken, nothing keeps it open.
    pub(super) fn refresh_needs(&mut self) {
        if self.dialogs.iter().any(|dialog| matches!(dialog, Dialog::Needs(_))) {
            let entries = self.needs();
            let mut is_done = false;
            for dialog in &mut self.dialogs {
                if let Dialog::Needs(needs) = dialog {
                    is_done = entries.is_empty() && (needs.is_done || !needs.entries.is_empty());
                    needs.is_done = is_done;
                    needs.replace(entries.clone());
                }
            }
            if is_done && matches!(self.dialogs.last(), Some(Dialog::Needs(_))) {
                self.dialogs.pop();
                self.needs_closed = Some(self.now);
                self.tell_done();
            }
        }
    }

    fn tell_done(&mut self) {
        let said = self.focused_pane().and_then(|pane| pane.notice.clone());
        self.tell_here(match said {
            Some(said) => format!("{said} Nothing else waits for you."),
            None => "Nothing waits for you any more.".to_owned(),
        });
    }

    /// Whether this Enter was meant for the list that closed of itself a moment ago: it must not send a draft.
    pub(super) fn was_for_needs(&mut self, key: Key) -> bool {
        let closed = self.needs_closed.take();
        key.code == Code::Enter && closed.is_some_and(|closed| self.now <= after(closed, MEANT_FOR_NEEDS_MS))
    }

    /// The most pressing first: reports to take, what holds them, what failed, briefs that wait, answers to read.
    pub(super) fn needs(&self) -> Vec<Need> {
        let mut needs: Vec<(u8, Need)> = self.briefs.all().filter_map(|brief| self.brief_need(brief)).collect();
        for name in self.open_panes() {
            let Some(pane) = self.pane(name) else { continue };
            needs.extend(self.failure(pane).map(|need| (1, self.with_move(need, pane))).or_else(|| self.down(pane)));
            match self.full(pane) {
                Some(need) => needs.push((1, need)),
                None => needs.extend(unread(pane).map(|need| (3, need))),
            }
            needs.extend(self.begun(pane).map(|need| (4, need)));
        }
        needs.sort_by_key(|(rank, _)| *rank);
        needs.into_iter().map(|(_, need)| need).collect()
    }

    fn brief_need(&self, brief: &Brief) -> Option<(u8, Need)> {
        let names = self.brief_names();
        let (number, from, to) = (super::briefs::told_number(brief), names.from(brief), names.pane(brief.to));
        let report = format!("report {number} from {to}");
        let is_ask = brief.returns == Return::Ask;
        let (rank, glyph, token, name, told, at) = match &brief.state {
            State::Answered { .. } if !brief.held.is_empty() => {
                let more = brief.held.len() - 1;
                let more = if more > 0 { format!(" (and {more} more)") } else { String::new() };
                (0, Glyph::NeedsYou, Token::Warn, report, format!("{}{more}", brief.held[0]), brief.sender())
            }
            State::Answered { .. } if is_ask => {
                (0, Glyph::BriefIn, Token::Brief, report, format!("for {from}, when you take it"), brief.to)
            }
            State::Answered { .. } if brief.is_due() && self.askers_are_idle(brief) => {
                (0, Glyph::BriefIn, Token::Brief, report, format!("for {from}: it did not come by itself"), brief.to)
            }
            State::Failed { why, .. } if names.needs_you(brief) => {
                let name = format!("brief {number} to {to}");
                (1, Glyph::Failed, Token::Danger, name, format!("{why}; ask again in {to}"), brief.to)
            }
            State::Sent => {
                let is_busy = self.is_busy(brief.to);
                let told =
                    if is_busy { format!("{to} is still answering, and takes it then") } else { "to be taken".into() };
                (2, Glyph::BriefIn, Token::Brief, format!("brief {number} from {from} to {to}"), told, brief.to)
            }
            _ => return None,
        };
        let deed = match &brief.state {
            State::Answered { .. } if brief.held.is_empty() => Some((BriefDeed::Return, "Enter takes it")),
            State::Answered { .. } => Some((BriefDeed::Return, "Enter tries again")),
            State::Sent => Some((BriefDeed::Accept, "Enter accepts")),
            _ => None,
        };
        let unjudged = |hold: &Hold| match hold {
            Hold::Unjudged { word, .. } => Some(word.clone()),
            _ => None,
        };
        let words = brief.held.iter().filter_map(unjudged).collect();
        let can_decline = brief.state == State::Sent;
        let pane = self.pane_of(at)?;
        Some((
            rank,
            Need {
                glyph,
                token,
                name,
                told,
                pane,
                brief: Some(BriefNeed { brief: brief.id, deed, can_decline, words }),
                is_draft: false,
                moves_to: None,
            },
        ))
    }

    /// A turn that failed, or broke off though nobody stopped it.
    fn failure(&self, pane: &Pane) -> Option<Need> {
        let conversation = self.conversations.get(&pane.conversation)?;
        // What a brief says of it is said already.
        if self.briefs.all().any(|brief| brief.to == pane.conversation && matches!(brief.state, State::Failed { .. })) {
            return None;
        }
        let newest = conversation.messages.back().filter(|_| conversation.has_end()).map(|message| &message.ending);
        let told = match (conversation.tail_ending(), newest) {
            _ if conversation.live.is_some() => return None,
            (Some(Ended::Failed(failure)), _) => failure.message,
            (None, Some(Ending::Failed { failure })) => failure.message.clone(),
            (None, Some(Ending::Interrupted { by: Interruption::Crash | Interruption::Shutdown })) => {
                "the answer broke off when the program ended".to_owned()
            }
            _ if pane.badge == Some(Badge::Failed) => "its last turn failed".to_owned(),
            _ => return None,
        };
        let name = format!("{} failed", pane.name);
        Some(Need {
            glyph: Glyph::Failed,
            token: Token::Danger,
            name,
            told,
            pane: pane.name.clone(),
            brief: None,
            is_draft: false,
            moves_to: None,
        })
    }

    /// A failure that a move would mend says where to.
    fn with_move(&self, mut need: Need, pane: &Pane) -> Need {
        need.moves_to = self.onward(pane.addressee).map(|onward| onward.model);
        need
    }

    /// A provider that stays down, though fallbacks answer.
    fn down(&self, pane: &Pane) -> Option<(u8, Need)> {
        let overview = &self.conversations.get(&pane.addressee)?.overview;
        let model = self.onward(pane.addressee).filter(|_| overview.whereabouts.is_down())?.model;
        let (provider, turns) = (&overview.model.provider, overview.whereabouts.unanswered);
        let need = Need {
            glyph: Glyph::NeedsYou,
            token: Token::Warn,
            name: format!("{provider} stays down"),
            told: format!("it left {turns} turns of {} unanswered; others answer them", pane.name),
            pane: pane.name.clone(),
            brief: None,
            is_draft: false,
            moves_to: Some(model),
        };
        Some((1, need))
    }

    /// A context that is full, under the policy that asks.
    fn full(&self, pane: &Pane) -> Option<Need> {
        self.conversations.get(&pane.addressee)?.overview.succession.due?;
        Some(Need {
            glyph: Glyph::NeedsYou,
            token: Token::Warn,
            name: format!("{} is full", pane.name),
            told: format!("{} there drafts its handoff", self.told(Action::HandOff)),
            pane: pane.name.clone(),
            brief: None,
            is_draft: false,
            moves_to: None,
        })
    }

    /// A brief that was begun and not sent.
    fn begun(&self, pane: &Pane) -> Option<Need> {
        let draft = pane.brief.kept.as_ref().filter(|_| !pane.brief.is_on_its_way)?;
        let to: Vec<String> = draft.to.iter().map(|id| self.brief_names().pane(*id)).collect();
        let to = if to.is_empty() { String::new() } else { format!(" to {}", to.join(", ")) };
        let objective = draft.fields.objective.lines().next().unwrap_or_default().trim();
        let told = if objective.is_empty() { "it asks nothing yet" } else { objective };
        Some(Need {
            glyph: Glyph::BriefOut,
            token: Token::Dim,
            name: format!("unsent brief{to}"),
            told: format!("{} · {told}", pane.name),
            pane: pane.name.clone(),
            brief: None,
            is_draft: true,
            moves_to: None,
        })
    }

    /// The pane that shows a conversation, or the one it was started in.
    fn pane_of(&self, id: ConversationId) -> Option<PaneName> {
        let shown = self.showing(id).map(|pane| pane.name.clone());
        shown.or_else(|| Some(self.conversations.get(&id)?.overview.pane.clone()))
    }

    fn is_busy(&self, id: ConversationId) -> bool {
        self.conversations.get(&id).is_some_and(|known| known.overview.turn.is_some())
    }

    fn askers_are_idle(&self, brief: &Brief) -> bool {
        !brief.from.iter().any(|id| self.is_busy(*id))
    }

    pub(super) fn turn_brief(&mut self, brief: BriefId, deed: BriefDeed) {
        self.post(Origin::Need, Op::TurnBrief { brief, deed });
    }

    pub(super) fn judge_held(&mut self, words: &[String], judgement: Judgement) {
        for word in words {
            self.post(Origin::Need, Op::Judge { word: word.clone(), judgement });
        }
    }

    /// What was refused is told where it was asked.
    pub(super) fn need_answered(&mut self, reply: Reply) {
        let Reply::Refused(refusal) = reply else { return };
        match self.dialogs.iter_mut().rev().find_map(|dialog| match dialog {
            Dialog::Needs(needs) => Some(needs),
            _ => None,
        }) {
            Some(needs) => needs.said = Some(refusal.message),
            None => self.notice = Some(refusal.message),
        }
    }

    /// Opens a lineage over whatever is open.
    pub(super) fn open_trace(&mut self, of: LineageOf) {
        self.dialogs.push(Dialog::Trace(Trace::new(self.focused.clone(), of)));
        self.post(Origin::Lineage, Op::Lineage { of });
    }
}

fn unread(pane: &Pane) -> Option<Need> {
    let several =
        |count: u32, one: &str, many: &str| if count == 1 { one.to_owned() } else { format!("{count} {many}") };
    let (glyph, token, told) = match pane.badge? {
        Badge::Done(count) => (Glyph::Unread, Token::Ok, several(count, "an answer to read", "answers to read")),
        Badge::Reported(count) => (Glyph::BriefIn, Token::Ok, several(count, "a report to read", "reports to read")),
        Badge::NeedsYou => {
            // A report that waits has a row of its own.
            (Glyph::NeedsYou, Token::Warn, pane.notice.clone()?)
        }
        Badge::Failed => return None,
    };
    let (name, pane) = (pane.name.clone(), pane.name.clone());
    Some(Need { glyph, token, name, told, pane, brief: None, is_draft: false, moves_to: None })
}
