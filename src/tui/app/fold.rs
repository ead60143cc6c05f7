//! Facts, pieces and notices from the engine.

use super::message::Origin;
use super::scroll::Scroll;
use super::telling::News;
use super::{App, Badge, Conversation, Pane};
use crate::engine::brief::{About, Return, State};
use crate::engine::event::Event;
use crate::engine::id::ConversationId;
use crate::engine::message::Message;
use crate::engine::model::{ModelFacts, ModelRef};
use crate::engine::op::{ConversationOverview, Op, PageOf};
use crate::engine::update::{Delta, Update};
use crate::tui::app::conversation::PAGE;

impl App {
    pub(super) fn fold(&mut self, update: Update) {
        match update {
            Update::Event { fact, .. } => self.fold_event(&fact),
            Update::Delta(delta) => self.fold_delta(&delta),
            Update::Notice { conversation, text } => {
                match conversation.and_then(|id| self.concerned(id)).map(|pane| pane.name.clone()) {
                    Some(pane) => self.tell(&pane, text),
                    None => self.notice = Some(text),
                }
            }
        }
    }

    /// The pane that shows a conversation; of several the one that has the focus, or one that is open.
    pub fn showing(&self, id: ConversationId) -> Option<&Pane> {
        let is_open = |pane: &Pane| self.tree.as_ref().is_some_and(|tree| tree.contains(&pane.name));
        let shows = self.panes.iter().filter(|pane| pane.conversation == id);
        shows.max_by_key(|pane| (pane.name == self.focused, is_open(pane)))
    }

    /// The pane that shows a conversation, or else writes into it.
    fn concerned(&self, id: ConversationId) -> Option<&Pane> {
        self.showing(id).or_else(|| self.panes.iter().find(|pane| pane.addressee == id))
    }

    pub(super) fn fold_delta(&mut self, delta: &Delta) {
        let now = self.now;
        if let Some(live) = self.conversations.get_mut(&delta.conversation).and_then(|known| known.live.as_mut())
            && live.turn.id == delta.turn
        {
            live.push(delta, now);
        }
    }

    fn fold_event(&mut self, event: &Event) {
        self.models.fold(event);
        match event {
            Event::Configured { settings } => self.settings = settings.clone(),
            Event::ConversationStarted { conversation, pane, settings, model, predecessor } => {
                let overview = ConversationOverview {
                    id: *conversation,
                    pane: pane.clone(),
                    settings: settings.clone(),
                    model: model.clone(),
                    facts: self.facts_of(model, *predecessor),
                    messages: 0,
                    head: None,
                    meter: crate::engine::meter::Meter::default(),
                    turn: None,
                    pins: Vec::new(),
                    spend: crate::engine::spend::Spend::default(),
                    predecessor: *predecessor,
                    succession: crate::engine::handoff::Succession::default(),
                    whereabouts: crate::engine::whereabouts::Whereabouts::default(),
                };
                self.conversations.insert(*conversation, Conversation::new(overview));
                if !predecessor.is_some_and(|from| self.pass_on(from, *conversation)) {
                    self.turn_pane(pane, *conversation);
                }
            }
            Event::PaneTurned { pane, conversation } => self.turn_pane(pane, *conversation),
            Event::ModelChosen { .. } | Event::Moved { .. } | Event::ModelLearned { .. } => self.ask_overview(),
            Event::Judged { word, judgement } => self.judged.judge(word, *judgement),
            Event::Unjudged { word } => self.judged.unjudge(word),
            Event::NameAdded { name, kind } => self.judged.add(name, kind),
            _ => {}
        }
        self.briefs.fold(event);
        self.settle_sent(event);
        self.fold_brief(event);
        let (glyphs, now) = (self.glyphs, self.now);
        let Some(id) = event.conversation() else { return };
        let Some(conversation) = self.conversations.get_mut(&id) else { return };
        let turned = conversation.fold(event, glyphs, now);
        if turned {
            self.branch_turned(id);
        }
        match event {
            Event::TurnFailed { failure, .. } => {
                self.tell_who_else(id, failure);
                self.note(event, id);
            }
            // What holds a report concerns those who wait for it.
            Event::ReportHeld { brief, holds, .. } if !holds.is_empty() => {
                let askers = self.briefs.get(*brief).map(|brief| brief.from.clone()).unwrap_or_default();
                for asker in askers {
                    self.note(event, asker);
                }
            }
            _ => self.note(event, id),
        }
        self.keep_back(event);
    }

    fn turn_pane(&mut self, name: &str, conversation: ConversationId) {
        match self.pane_mut(name) {
            Some(pane) if pane.conversation == conversation && !pane.looks_elsewhere() => {}
            Some(pane) => pane.show(conversation),
            None => self.add_pane(Pane::new(name.to_owned(), conversation)),
        }
    }

    /// What is known of a model: a successor's is what was learned in its predecessor.
    fn facts_of(&self, model: &ModelRef, predecessor: Option<ConversationId>) -> ModelFacts {
        let before = predecessor.and_then(|id| self.conversations.get(&id)).map(|known| &known.overview);
        match before.filter(|before| before.model == *model) {
            Some(before) => before.facts.clone(),
            None => self.settings.facts(model),
        }
    }

    /// Another branch is the active one: its meter, and perhaps its beginning, must be asked for.
    fn branch_turned(&mut self, id: ConversationId) {
        self.ask_overview();
        let page = PageOf { conversation: id, end: None, limit: PAGE };
        if let Some(conversation) = self.conversations.get_mut(&id) {
            conversation.asked = Some(page);
        }
        self.post(Origin::Page(page), Op::Page(page));
        let panes: Vec<String> =
            self.panes.iter().filter(|pane| pane.conversation == id).map(|pane| pane.name.clone()).collect();
        for pane in panes {
            self.set_scroll(&pane, Scroll::Follow, None);
        }
    }

    /// A report may be longer than the pane: that one came is said below it, too.
    fn say_report(&mut self, event: &Event) {
        let Event::MessageAdded { message } = event else { return };
        let Some(told) = self.brief_names().came(message, self.glyphs) else { return };
        if let Some(pane) = self.focused_mut().filter(|pane| pane.notice.is_none()) {
            pane.notice = Some(told);
        }
    }

    /// Says out of focus what happened.
    fn note(&mut self, event: &Event, id: ConversationId) {
        // Whoever looks at the conversation, in whichever pane, has seen it.
        let is_attended = self.teller.is_attended();
        if is_attended && self.focused_pane().is_some_and(|pane| pane.conversation == id) {
            self.say_report(event);
            return;
        }
        let waits = match event {
            Event::ReportHeld { .. } | Event::HandoffDue { .. } => true,
            Event::BriefAdvanced { brief, state: State::Answered { .. }, .. } => {
                self.briefs.get(*brief).is_some_and(|brief| brief.returns == Return::Ask)
            }
            _ => false,
        };
        let reports = matches!(event, Event::MessageAdded { message } if is_report(message));
        let mut names = Vec::new();
        for pane in self.panes.iter_mut().filter(|pane| pane.conversation == id || pane.addressee == id) {
            pane.badge = match (event, pane.badge) {
                (Event::TurnStarted { .. }, Some(Badge::Failed)) => None,
                (_, badge) if waits => badge.max(Some(Badge::NeedsYou)),
                (Event::TurnEnded { .. }, Some(Badge::Done(count) | Badge::Reported(count))) => {
                    Some(Badge::Done(count + 1))
                }
                (Event::TurnEnded { .. }, None) => Some(Badge::Done(1)),
                (Event::TurnFailed { .. }, _) => Some(Badge::Failed),
                (_, Some(Badge::Done(count))) if reports => Some(Badge::Done(count + 1)),
                (_, Some(Badge::Reported(count))) if reports => Some(Badge::Reported(count + 1)),
                (_, None) if reports => Some(Badge::Reported(1)),
                (_, badge) => badge,
            };
            names.push(pane.name.clone());
        }
        // One is told, however many panes show it.
        if let Some(name) = names.first() {
            match event {
                Event::TurnEnded { .. } => self.happened(name, News::Finished),
                Event::TurnFailed { .. } => self.happened(name, News::Failed),
                _ if waits => self.happened(name, News::NeedsYou),
                _ if reports => self.happened(name, News::Reported),
                _ => {}
            }
        }
    }
}

const fn is_report(message: &Message) -> bool {
    matches!(message.about, Some(About::Report { .. }))
}
