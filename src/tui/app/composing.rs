//! Composing a brief: it is opened in a pane, the engine composes while a person writes, and it is sent or kept there.
//!
//! Architecture invariants: what is shown is what the engine composed, never a guess; an answer that comes too late
//! changes nothing; what was written is in the dialog, in its pane's draft, or sent.

use std::rc::Rc;

use super::message::{Command, Origin};
use super::{Action, App, after};
use crate::config::brief_templates::BriefTemplate;
use crate::engine::brief::{Draft, Fields, Listed, Listing, Quote, Return};
use crate::engine::event::Event;
use crate::engine::id::ConversationId;
use crate::engine::message::Message;
use crate::engine::op::{Forgotten, Op, Reply};
use crate::engine::settings::{Locality, PaneName};
use crate::engine::time::Timestamp;
use crate::tui::dialog::{BriefComposer, Dialog, Opening, Outcome, Receiver, TemplatePicker};

/// How long after a change it is composed anew.
const COMPOSE_AFTER_MS: i64 = 150;
/// How long after a change it is suggested anew: many messages are read for that.
const SUGGEST_AFTER_MS: i64 = 500;

pub(super) const STILL_ON_ITS_WAY: &str = "The last brief is still on its way to the journal.";

impl App {
    /// Opens the composer of the focused pane: the draft that waits there, else a brief about its last answer.
    pub(super) fn open_brief(&mut self) {
        let name = self.focused.clone();
        let kept = self.pane(&name).and_then(|pane| pane.brief.kept.clone());
        let is_touched = kept.is_some();
        let Some(draft) = kept.or_else(|| self.fresh_brief(&name)) else { return };
        self.show_brief(&name, draft, is_touched);
    }

    /// The same about what is selected in Read: the selected text, else the selected message.
    pub(super) fn brief_from_here(&mut self) {
        let name = self.focused.clone();
        let (quotes, told) = self.quotes_here();
        if quotes.is_empty() {
            return self.tell_here("There is no message here yet to brief about.");
        }
        let kept = self.pane(&name).and_then(|pane| pane.brief.kept.clone());
        let is_touched = kept.is_some();
        let Some(mut draft) = kept.or_else(|| self.fresh_brief(&name)) else { return };
        if !is_touched {
            draft.context.clear();
        }
        for quote in quotes {
            if !draft.context.contains(&quote) {
                draft.context.push(quote);
            }
        }
        self.show_brief(&name, draft, is_touched);
        if let Some(composer) = self.composing(&name) {
            composer.told = told;
            composer.material.is_chosen = true;
        }
    }

    /// A brief that nobody has written anything into: to whom this pane's last one went, or to the only other pane.
    pub(super) fn fresh_brief(&self, name: &str) -> Option<Draft> {
        let from = self.shown(name)?;
        let (id, shown) = (self.addressed(name)?.overview.id, from.overview.id);
        let receivers = self.receivers(name);
        let open: Vec<&Receiver> =
            receivers.iter().filter(|receiver| self.open_panes().contains(&&receiver.pane)).collect();
        let last =
            self.briefs.all().filter(|brief| brief.sender() == id).max_by_key(|brief| (brief.sent, brief.number));
        let last =
            last.map(|brief| brief.to).filter(|to| receivers.iter().any(|receiver| receiver.conversation == *to));
        let to = match open.as_slice() {
            [only] => Some(only.conversation),
            _ => last,
        };
        let quote = |message: &Rc<Message>| Quote { conversation: shown, message: message.id, passage: None };
        let answer = from.last_answer.as_ref().or_else(|| from.messages.back()).map(quote);
        Some(Draft {
            from: vec![id],
            to: to.into_iter().collect(),
            fields: Fields::default(),
            context: answer.into_iter().collect(),
            returns: Return::default(),
            supersedes: None,
            unseal: Vec::new(),
            seed: None,
            proposed_from: Locality::default(),
        })
    }

    /// The panes that a brief of this one can go to: those in view in their order, then the closed ones. It goes where a
    /// pane writes, whatever older context is read there.
    pub(super) fn receivers(&self, from: &str) -> Vec<Receiver> {
        let Some(own) = self.addressed(from).map(|known| known.overview.id) else { return Vec::new() };
        let mut receivers: Vec<Receiver> = Vec::new();
        for name in self.open_panes().into_iter().chain(&self.closed) {
            let Some(overview) = self.addressed(name).map(|known| &known.overview) else { continue };
            let is_known = receivers.iter().any(|known| known.conversation == overview.id);
            if overview.id != own && !is_known {
                receivers.push(Receiver {
                    pane: name.clone(),
                    conversation: overview.id,
                    locality: overview.settings.locality,
                    is_marked: false,
                });
            }
        }
        receivers
    }

    pub(super) fn show_brief(&mut self, name: &str, mut draft: Draft, is_touched: bool) {
        let Some((pane, id)) = self.pane(name).map(|pane| (pane, pane.addressee)) else { return };
        if pane.brief.is_on_its_way {
            return self.tell_here(STILL_ON_ITS_WAY);
        }
        let receivers = self.receivers(name);
        if receivers.is_empty() {
            let key = self.told(Action::Split(crate::tui::layout::Axis::Columns));
            return self.tell_here(format!("There is no other pane to brief. {key} makes one."));
        }
        // The panes may write into other conversations since the draft was kept: it was panes that a person marked.
        draft.from = vec![id];
        for to in &mut draft.to {
            let pane = self.conversations.get(to).map(|known| &known.overview.pane);
            if let Some(now) = receivers.iter().find(|receiver| Some(&receiver.pane) == pane)
                && !receivers.iter().any(|receiver| receiver.conversation == *to)
            {
                *to = now.conversation;
            }
        }
        let listed = draft.context.iter().map(|quote| self.listed(quote)).collect();
        let (keymap, size) = (self.keymap.clone(), self.size);
        let opening = Opening { origin: name.to_owned(), draft, receivers, listed, is_touched, keymap, size };
        self.dialogs.push(Dialog::Brief(Box::new(BriefComposer::new(opening))));
        self.brief_changed(true);
    }

    /// A quote as it is listed; of a message that isn't loaded, what is known of it until the engine lists it.
    fn listed(&self, quote: &Quote) -> Listed {
        let conversation = self.conversations.get(&quote.conversation);
        let pane = conversation.map(|known| known.overview.pane.clone()).unwrap_or_default();
        let message = conversation.and_then(|known| {
            known.last_answer.iter().chain(&known.messages).find(|message| message.id == quote.message)
        });
        message.and_then(|message| Listed::of(&pane, quote, message)).unwrap_or_else(|| Listed {
            quote: quote.clone(),
            pane,
            number: 0,
            author: crate::engine::message::Author::Model,
            beginning: quote.passage.clone().unwrap_or_else(|| "…".to_owned()),
            tokens: 0,
        })
    }

    /// The composer that is open for this pane.
    pub(super) fn composing(&mut self, name: &str) -> Option<&mut BriefComposer> {
        self.dialogs.iter_mut().find_map(|dialog| match dialog {
            Dialog::Brief(composer) if composer.origin == name => Some(&mut **composer),
            _ => None,
        })
    }

    /// The composer that is open, and its pane.
    pub(super) fn any_composing(&mut self) -> Option<&mut BriefComposer> {
        self.dialogs.iter_mut().find_map(|dialog| match dialog {
            Dialog::Brief(composer) => Some(&mut **composer),
            _ => None,
        })
    }

    /// Takes over what a key changed in the composer: it is kept with its pane, and composed anew soon; at once if it
    /// was only just opened, or what it depends on has changed.
    pub(super) fn brief_changed(&mut self, at_once: bool) {
        let now = self.now;
        let Some(composer) = self.any_composing() else { return };
        if composer.take_changed() || at_once {
            let (name, draft, is_touched) = (composer.origin.clone(), composer.draft(), composer.is_touched);
            composer.due.compose = Some(after(now, if at_once { 0 } else { COMPOSE_AFTER_MS }));
            composer.due.suggest = Some(after(now, if at_once { 0 } else { SUGGEST_AFTER_MS }));
            composer.due.revision += 1;
            let sealed = self.sealed_sources(&draft);
            if let Some(composer) = self.composing(&name) {
                composer.sealed = sealed;
            }
            if let Some(pane) = self.pane_mut(&name).filter(|_| is_touched) {
                pane.brief.kept = Some(draft);
                pane.draft_changed = Some(now);
            }
            self.compose_due();
        }
    }

    /// A pane writes elsewhere from now on: what is composed goes there, and comes from there.
    fn renew_receivers(&mut self) {
        let Some(name) = self.any_composing().map(|composer| composer.origin.clone()) else { return };
        let (receivers, from) = (self.receivers(&name), self.addressed(&name).map(|known| known.overview.id));
        if let Some((composer, from)) = self.composing(&name).zip(from).filter(|(composer, _)| !composer.is_sending) {
            composer.renew(receivers, from);
        }
    }

    fn sealed_sources(&self, draft: &Draft) -> Vec<PaneName> {
        let mut names: Vec<PaneName> = Vec::new();
        let quoted = draft.context.iter().map(|quote| &quote.conversation);
        for id in draft.from.iter().chain(quoted) {
            let Some(overview) = self.conversations.get(id).map(|known| &known.overview) else { continue };
            if overview.settings.locality == Locality::Sealed && !names.contains(&overview.pane) {
                names.push(overview.pane.clone());
            }
        }
        names
    }

    /// When the engine is asked next.
    pub(super) fn compose_at(&self) -> Option<Timestamp> {
        let due = self.dialogs.iter().find_map(|dialog| match dialog {
            Dialog::Brief(composer) => Some(composer.due),
            _ => None,
        })?;
        [due.compose, due.suggest].into_iter().flatten().min()
    }

    /// Asks the engine what is due: what would cross, and what could go along.
    pub(super) fn compose_due(&mut self) {
        let now = self.now;
        let Some(composer) = self.any_composing() else { return };
        let (pane, revision, draft) = (composer.origin.clone(), composer.due.revision, composer.draft());
        let is_due = composer.due.compose.take_if(|at| *at <= now).is_some();
        let is_suggestion_due = composer.due.suggest.take_if(|at| *at <= now).is_some();
        let known = composer.material.known();
        if is_due {
            let op = Op::Brief { draft: Box::new(draft.clone()), dry_run: true };
            self.post(Origin::Compose(pane.clone(), revision), op);
        }
        if is_suggestion_due {
            let mut from: Vec<ConversationId> = draft.from.clone();
            for quote in &known {
                if !from.contains(&quote.conversation) {
                    from.push(quote.conversation);
                }
            }
            let op = Op::Suggest { from, objective: draft.fields.objective, context: known.clone() };
            self.post(Origin::Suggest(pane, revision, known), op);
        }
    }

    /// What would cross, unless something else would by now.
    pub(super) fn composed(&mut self, name: &str, revision: u64, reply: Reply) {
        let size = self.size;
        let Some(composer) = self.composing(name).filter(|composer| composer.due.revision == revision) else { return };
        match reply {
            Reply::Briefs { composed, .. } => composer.preview.take(Ok(composed)),
            Reply::Refused(refusal) => composer.preview.take(Err(refusal.message)),
            _ => {}
        }
        composer.fit(size);
    }

    /// What could go along, unless another objective stands there by now.
    pub(super) fn suggested(&mut self, name: &str, revision: u64, asked: &[Quote], listing: Listing) {
        let Some(composer) = self.composing(name).filter(|composer| composer.due.revision == revision) else { return };
        let before = composer.material.quotes();
        composer.material.take(asked, listing);
        if composer.material.quotes() != before {
            // Something that was quoted was erased: it must not be asked for again.
            self.brief_changed(true);
        }
    }

    /// Does what the composer asks for while it stays open.
    pub(super) fn follow_brief(&mut self, outcome: Outcome) {
        let Some(composer) = self.any_composing() else { return };
        let name = composer.origin.clone();
        match outcome {
            Outcome::SendBrief => self.send_brief(&name),
            Outcome::Judge(words, judgement) => self.judge(&name, &words, judgement),
            Outcome::JudgeAnew(words) => self.judge_anew(&name, words),
            Outcome::EditBrief => {
                let text = composer.editing.and_then(|field| composer.text(field)).map(super::composer::Composer::text);
                self.command(Command::OpenEditor(name, text.unwrap_or_default()));
            }
            Outcome::ListMaterial => self.open_material(name),
            Outcome::Assist => self.ask_for_proposals(&name),
            Outcome::ListTemplates => self.command(Command::ReadBriefTemplates(name)),
            Outcome::KeepBrief => self.keep_brief(&name),
            Outcome::DropBrief => self.drop_brief(&name),
            _ => {}
        }
    }

    pub(super) fn take_brief_templates(&mut self, pane: PaneName, templates: Vec<BriefTemplate>, errors: Vec<String>) {
        // Whoever went on meanwhile isn't disturbed.
        if matches!(self.dialogs.last(), Some(Dialog::Brief(composer)) if composer.origin == pane) {
            self.dialogs.push(Dialog::BriefTemplates(TemplatePicker::new(pane, templates, errors)));
        }
    }

    /// A text comes back from the person's editor: for the field that waits for it. Returns it if none does.
    pub(super) fn brief_edited(&mut self, name: &str, text: Result<String, String>) -> Option<Result<String, String>> {
        let waiting = self.composing(name).and_then(|composer| composer.editing.take().map(|field| (composer, field)));
        let Some((composer, field)) = waiting else { return Some(text) };
        match text {
            Ok(text) => composer.edited(field, &text),
            Err(why) => composer.told = Some(why),
        }
        self.brief_changed(false);
        None
    }

    /// Composes anew what depends on a fact.
    pub(super) fn fold_brief(&mut self, event: &Event) {
        if let Event::Erased { what } = event {
            // The journal has scrubbed what it kept; a passage must not come back from here.
            for brief in self.panes.iter_mut().flat_map(|pane| [&mut pane.brief.kept, &mut pane.brief.saved]).flatten()
            {
                brief.context.retain(|quote| match *what {
                    Forgotten::Message { message, .. } => quote.message != message,
                    Forgotten::Conversation { conversation } => quote.conversation != conversation,
                });
            }
        }
        if matches!(event, Event::ConversationStarted { .. } | Event::PaneTurned { .. }) {
            self.renew_receivers();
        }
        let matters = matches!(
            event,
            Event::BriefSent { .. }
                | Event::ConversationStarted { .. }
                | Event::PaneTurned { .. }
                | Event::Judged { .. }
                | Event::Unjudged { .. }
                | Event::NameAdded { .. }
                | Event::TableGrown { .. }
                | Event::TurnEnded { .. }
                | Event::Configured { .. }
                | Event::ConversationConfigured { .. }
                | Event::ModelChosen { .. }
                | Event::Moved { .. }
                | Event::Erased { .. }
        );
        if matters && self.any_composing().is_some_and(|composer| !composer.is_sending) {
            self.brief_changed(true);
        }
    }
}
