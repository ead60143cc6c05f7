//! A brief leaves its composer: sent, kept as a draft, or put away.

use super::composing::STILL_ON_ITS_WAY;
use super::draft::Draft as Text;
use super::message::Origin;
use super::{Action, App, Pane};
use crate::engine::brief::{Brief, Composed, State};
use crate::engine::event::Event;
use crate::engine::id::BriefId;
use crate::engine::op::{Op, Reply};
use crate::engine::redaction::Judgement;
use crate::tui::dialog::{Dialog, Field};

impl App {
    pub(super) fn send_brief(&mut self, name: &str) {
        let is_on_its_way = self.pane(name).is_some_and(|pane| pane.brief.is_on_its_way);
        let Some(composer) = self.composing(name).filter(|_| !is_on_its_way) else { return };
        if composer.draft().to.is_empty() {
            composer.field = Field::To;
            composer.told = Some("Mark a pane that receives it: Space, or its digit.".to_owned());
            return;
        }
        if composer.objective.text().trim().is_empty() {
            composer.field = Field::Objective;
            composer.told = Some("Say what shall be done, then it can go.".to_owned());
            return;
        }
        // What goes is what stands there: a proposal that comes now would come too late.
        composer.stop_awaiting();
        composer.is_sending = true;
        let draft = composer.draft();
        if let Some(pane) = self.pane_mut(name) {
            // Until the journal has it, it is the pane's draft: a crash loses nothing.
            pane.brief.kept = Some(draft.clone());
            pane.brief.is_on_its_way = true;
        }
        self.post(Origin::Brief(name.to_owned()), Op::Brief { draft: Box::new(draft), dry_run: false });
    }

    /// The engine's word on a brief that was sent.
    pub(super) fn brief_answered(&mut self, name: &str, reply: Reply) {
        let now = self.now;
        if let Some(pane) = self.pane_mut(name) {
            pane.brief.is_on_its_way = false;
            pane.draft_changed = Some(now);
        }
        let why = match reply {
            Reply::Briefs { sent, .. } if !sent.is_empty() => return self.brief_sent(name, &sent),
            Reply::Briefs { composed, .. } => {
                let why = composed.iter().find_map(Composed::held);
                if let Some(composer) = self.composing(name) {
                    composer.preview.take(Ok(composed));
                }
                why.unwrap_or_else(|| "Not sent.".to_owned())
            }
            Reply::Refused(refusal) => {
                if let Some(composer) = self.composing(name) {
                    composer.preview.take(Err(refusal.message.clone()));
                }
                refusal.message
            }
            _ => return,
        };
        let size = self.size;
        let Some(composer) = self.composing(name) else {
            let key = self.told(Action::Brief);
            return self.tell(name, format!("{why} {key} opens the brief again."));
        };
        composer.is_sending = false;
        composer.fit(size);
        composer.field = if composer.preview.unjudged().is_empty() { Field::Payload } else { Field::Locality };
        composer.told = Some(why);
    }

    fn brief_sent(&mut self, name: &str, sent: &[BriefId]) {
        let told = self.sent_briefs(sent);
        let short_form = self
            .composing(name)
            .and_then(|composer| Some(format!("@{} {}", composer.short_form.as_ref()?.to, composer.objective.text())));
        if let Some(pane) = self.pane_mut(name) {
            pane.brief.kept = None;
            if let Some(written) = short_form {
                pane.history.push(Text::of(written));
            }
        }
        self.dialogs.retain(|dialog| !matches!(dialog, Dialog::Brief(composer) if composer.origin == name));
        self.tell(name, told);
    }

    /// `Brief 4 is out: drafting works on it.`
    fn sent_briefs(&self, sent: &[BriefId]) -> String {
        let each = sent.iter().filter_map(|id| self.briefs.get(*id));
        each.map(|brief| self.sent_brief(brief, brief.message().is_some())).collect::<Vec<_>>().join(" ")
    }

    fn sent_brief(&self, brief: &Brief, is_accepted: bool) -> String {
        let to = self.conversations.get(&brief.to).map_or("?", |known| known.overview.pane.as_str());
        let does = if is_accepted { "works on it" } else { "takes it up when it is free" };
        format!("Brief {} is out: {to} {does}.", brief.number)
    }

    /// Whether a pane says right now that this brief is out.
    pub(super) fn tells_of(&self, pane: &Pane, brief: &Brief) -> bool {
        let told = pane.notice.as_deref().unwrap_or_default();
        !told.is_empty() && [false, true].iter().any(|&is_accepted| told.contains(&self.sent_brief(brief, is_accepted)))
    }

    /// That a brief is worked on, or waits, is no longer said once it isn't so.
    pub(super) fn settle_sent(&mut self, event: &Event) {
        let Event::BriefAdvanced { brief, state, .. } = event else { return };
        let Some(brief) = self.briefs.get(*brief) else { return };
        let (waits, works) = (self.sent_brief(brief, false), self.sent_brief(brief, true));
        let is_accepted = matches!(state, State::Accepted { .. });
        let now = if is_accepted { works.as_str() } else { "" };
        for pane in &mut self.panes {
            let Some(notice) = pane.notice.as_mut().filter(|told| told.contains(&waits) || told.contains(&works))
            else {
                continue;
            };
            let left = if is_accepted { notice.clone() } else { notice.replace(&works, now) };
            left.replace(&waits, now).trim().clone_into(notice);
            pane.notice.take_if(|told| told.is_empty());
        }
    }

    pub(super) fn judge(&mut self, name: &str, words: &[String], judgement: Judgement) {
        for word in words {
            self.post(Origin::Pane(name.to_owned()), Op::Judge { word: word.clone(), judgement });
        }
    }

    pub(super) fn judge_anew(&mut self, name: &str, words: Vec<String>) {
        for word in words {
            self.post(Origin::Pane(name.to_owned()), Op::Unjudge { word });
        }
    }

    /// Closes the composer; what was written waits with its pane.
    pub(super) fn keep_brief(&mut self, name: &str) {
        let Some(composer) = self.composing(name) else { return };
        let (is_touched, is_sending) = (composer.is_touched, composer.is_sending);
        let was_given_back = !is_sending && self.give_back_short_form(name);
        self.close_brief(name);
        if is_sending {
            self.tell(name, STILL_ON_ITS_WAY);
        } else if is_touched && !was_given_back {
            let key = self.told(Action::Brief);
            self.tell(name, format!("The brief is kept as a draft: {key} opens it again."));
        }
    }

    /// Closes the composer and puts the brief away: its objective is in the pane's history.
    pub(super) fn drop_brief(&mut self, name: &str) {
        let now = self.now;
        let Some(composer) = self.composing(name) else { return };
        let objective = composer.objective.text();
        self.close_brief(name);
        let Some(pane) = self.pane_mut(name) else { return };
        pane.brief.kept = None;
        pane.draft_changed = Some(now);
        if objective.trim().is_empty() {
            return;
        }
        pane.history.push(Text::of(objective));
        self.tell(name, "The brief is put away; what it asked is in the history: Ctrl-P brings it back.");
    }

    fn close_brief(&mut self, name: &str) {
        self.dialogs.retain(|dialog| !matches!(dialog, Dialog::Brief(composer) if composer.origin == name));
    }
}
