//! Briefs, lineages and localities for a front end without a screen: what its words ask of the app.

use super::App;
use super::message::{Command, Origin};
use crate::engine::brief::{Draft, Fields, LineageOf, Quote};
use crate::engine::id::{BriefId, MessageId};
use crate::engine::op::{BriefDeed, LocalityChange, Op};
use crate::engine::redaction::Judgement;
use crate::engine::settings::{PaneName, PaneSettings};
use crate::engine::time::Timestamp;
use crate::tui::dialog::{BriefComposer, Dialog, Need};

impl App {
    /// The brief that is being composed, whatever lies over it.
    pub fn brief_in_hand(&self) -> Option<&BriefComposer> {
        self.dialogs.iter().find_map(|dialog| match dialog {
            Dialog::Brief(composer) => Some(&**composer),
            _ => None,
        })
    }

    /// Whether an unsent brief waits in this pane.
    pub fn has_unsent_brief(&self, pane: &str) -> bool {
        self.pane(pane).is_some_and(|pane| pane.brief.kept.is_some())
    }

    /// Takes the focused pane's unsent brief in hand, if one waits there.
    pub fn take_brief_in_hand(&mut self, now: Timestamp) -> Vec<Command> {
        self.now = now;
        self.lay_brief_down();
        if self.has_unsent_brief(&self.focused) {
            self.open_brief();
        }
        self.all_done()
    }

    /// Composes a brief of the focused pane: it is shown before it goes. With nothing quoted, its last answer goes along.
    pub fn compose(
        &mut self,
        to: &[PaneName],
        objective: &str,
        quotes: Option<Vec<Quote>>,
        now: Timestamp,
    ) -> Vec<Command> {
        self.now = now;
        self.lay_brief_down();
        let name = self.focused.clone();
        let to = to.iter().filter_map(|pane| Some(self.shown(pane)?.overview.id)).collect();
        if let Some(fresh) = self.fresh_brief(&name) {
            let fields = Fields { objective: objective.to_owned(), ..Fields::default() };
            let context = quotes.unwrap_or_else(|| fresh.context.clone());
            self.show_brief(&name, Draft { to, fields, context, ..fresh }, true);
        }
        self.all_done()
    }

    /// Sends the brief in hand as it stands.
    pub fn send_brief_in_hand(&mut self, now: Timestamp) -> Vec<Command> {
        self.now = now;
        if let Some(name) = self.brief_in_hand().map(|composer| composer.origin.clone()) {
            self.send_brief(&name);
        }
        self.all_done()
    }

    /// Puts the brief in hand away; what it asked is in the history.
    pub fn drop_brief_in_hand(&mut self, now: Timestamp) -> Vec<Command> {
        self.now = now;
        if let Some(name) = self.brief_in_hand().map(|composer| composer.origin.clone()) {
            self.drop_brief(&name);
        }
        self.all_done()
    }

    /// Lets the brief in hand out of a sealed pane, whose name was typed.
    pub fn let_brief_out(&mut self, pane: &str, now: Timestamp) -> Vec<Command> {
        self.now = now;
        if let Some(composer) = self.any_composing() {
            composer.let_out(pane);
        }
        self.brief_changed(true);
        self.all_done()
    }

    /// Remembers whether unknown names may cross.
    pub fn judge_names(&mut self, words: &[String], judgement: Judgement, now: Timestamp) -> Vec<Command> {
        self.now = now;
        self.judge_held(words, judgement);
        self.all_done()
    }

    /// Remembers whether names that hold the brief in hand may cross.
    pub fn judge_for_brief(&mut self, words: &[String], judgement: Judgement, now: Timestamp) -> Vec<Command> {
        if let Some(composer) = self.any_composing() {
            composer.note_judged(words.to_vec());
        }
        self.judge_names(words, judgement, now)
    }

    /// Takes back what was judged last for the brief in hand; nothing happens if nothing was.
    pub fn judge_brief_anew(&mut self, now: Timestamp) -> Vec<Command> {
        self.now = now;
        if let Some(composer) = self.any_composing().filter(|composer| composer.may_unjudge()) {
            let (name, words) = (composer.origin.clone(), composer.unjudge());
            self.judge_anew(&name, words);
        }
        self.all_done()
    }

    /// Takes the sentence that the brief in hand is told in.
    pub fn take_told_of_brief(&mut self) -> Option<String> {
        self.any_composing()?.told.take()
    }

    /// Puts the composer away so that another brief can be composed; what was written waits with its pane.
    fn lay_brief_down(&mut self) {
        self.dialogs.retain(|dialog| !matches!(dialog, Dialog::Brief(composer) if !composer.is_sending));
    }

    /// A message of a pane that is loaded, by its number, as a quotation.
    pub fn quotation(&self, pane: &str, number: u32) -> Option<Quote> {
        let shown = self.shown(pane)?;
        let loaded = shown.last_answer.iter().chain(&shown.messages).find(|message| message.number == number)?;
        Some(Quote { conversation: loaded.conversation, message: loaded.id, passage: None })
    }

    /// What waits for the person, the most pressing first.
    pub fn what_waits(&self) -> Vec<Need> {
        self.needs()
    }

    /// Goes on with a brief that was sent.
    pub fn see_to_brief(&mut self, brief: BriefId, deed: BriefDeed, now: Timestamp) -> Vec<Command> {
        self.now = now;
        self.turn_brief(brief, deed);
        self.all_done()
    }

    /// Asks for a lineage; it comes as a reply to [`Origin::Lineage`].
    pub fn trace_of(&mut self, of: LineageOf, now: Timestamp) -> Vec<Command> {
        self.now = now;
        self.post(Origin::Lineage, Op::Lineage { of });
        self.all_done()
    }

    /// The newest message of the focused pane that a brief has to do with.
    pub fn newest_of_a_brief(&self) -> Option<MessageId> {
        let shown = self.shown(&self.focused)?;
        shown.messages.iter().rev().map(|message| message.id).find(|id| self.briefs.concern(*id))
    }

    /// The settings that are in force in a pane, and the pane that its conversation belongs to.
    pub fn in_force(&self, pane: &str) -> Option<(&PaneName, &PaneSettings)> {
        self.shown(pane).map(|shown| (&shown.overview.pane, &shown.overview.settings))
    }

    /// Changes where a pane's text may go; what loosens comes with the name that was typed.
    pub fn change_locality(
        &mut self,
        pane: &str,
        change: LocalityChange,
        typed: Option<PaneName>,
        now: Timestamp,
    ) -> Vec<Command> {
        self.now = now;
        if let Some(conversation) = self.shown(pane).map(|shown| shown.overview.id) {
            self.post(Origin::Pane(pane.to_owned()), Op::Locality { conversation, change, typed });
        }
        self.all_done()
    }
}
