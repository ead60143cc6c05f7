//! What follows from what a dialog returned.

use super::draft::Draft;
use super::message::{Command, Origin};
use super::{Action, App, Layer};
use crate::engine::brief::{Hold, Quote};
use crate::engine::id::ConversationId;
use crate::engine::message::Message;
use crate::engine::op::{Op, PageOf, Reply};
use crate::engine::settings::{Locality, PaneName};
use crate::tui::dialog::{Choice, Dialog, Outcome};
use crate::tui::key::Key;

/// How many messages are looked through for a conversation's last answer.
const LAST: u32 = 8;

impl App {
    pub(super) fn dialog_key(&mut self, key: Key) {
        let size = self.size;
        let Some(dialog) = self.dialogs.last_mut() else { return };
        if let Dialog::Wide(wide) = dialog {
            wide.fit(size);
        }
        let outcome = dialog.key(key, self.keymap.leader());
        self.follow(outcome);
        self.brief_changed(false);
        self.preview_hit();
    }

    pub(super) fn follow(&mut self, outcome: Outcome) {
        match outcome {
            Outcome::Stay => {}
            Outcome::Test(model) => self.command(Command::Test(model)),
            Outcome::Wear(theme) => self.wear(*theme),
            Outcome::Search(query) => {
                let limit = super::finding::HITS_EVERYWHERE;
                self.post(Origin::SearchAll(query.clone()), Op::Search { query, limit, within: None });
            }
            brief @ (Outcome::SendBrief
            | Outcome::KeepBrief
            | Outcome::DropBrief
            | Outcome::Judge(..)
            | Outcome::JudgeAnew(_)
            | Outcome::EditBrief
            | Outcome::Assist
            | Outcome::ListMaterial
            | Outcome::ListTemplates) => self.follow_brief(brief),
            Outcome::Seek(pane, query) => self.seek(&pane, &query),
            Outcome::LoadOlder => self.load_older(),
            Outcome::NextHit(pane, step) => self.find_step(&pane, step),
            handoff @ (Outcome::DraftHandoff | Outcome::AcceptHandoff | Outcome::EditHandoff) => {
                self.follow_handoff(&handoff);
            }
            Outcome::TurnBrief(brief, deed) => self.turn_brief(brief, deed),
            Outcome::JudgeHeld(words, judgement) => self.judge_held(&words, judgement),
            Outcome::Move(pane, model) => self.move_to(&pane, Some(model), Origin::Need),
            Outcome::Trace(of) => self.open_trace(of),
            Outcome::JudgeAgain(word, judgement) => self.judge_again(word, judgement),
            Outcome::Unjudge(word) => self.unjudge(word),
            Outcome::AddName(name, kind) => self.add_name(name, kind),
            done => {
                let asked_to_leave = matches!(self.dialogs.pop(), Some(Dialog::Quit));
                if asked_to_leave && done == Outcome::Close {
                    self.leaving_for = None;
                }
                self.finish(done);
            }
        }
    }

    fn finish(&mut self, outcome: Outcome) {
        match outcome {
            Outcome::Stay
            | Outcome::Close
            | Outcome::Test(_)
            | Outcome::Search(_)
            | Outcome::DraftHandoff
            | Outcome::AcceptHandoff
            | Outcome::EditHandoff
            | Outcome::SendBrief
            | Outcome::KeepBrief
            | Outcome::DropBrief
            | Outcome::Judge(..)
            | Outcome::JudgeAnew(_)
            | Outcome::EditBrief
            | Outcome::Assist
            | Outcome::ListMaterial
            | Outcome::ListTemplates
            | Outcome::Seek(..)
            | Outcome::NextHit(..)
            | Outcome::LoadOlder
            | Outcome::TurnBrief(..)
            | Outcome::JudgeHeld(..)
            | Outcome::Move(..)
            | Outcome::Trace(_)
            | Outcome::JudgeAgain(..)
            | Outcome::Unjudge(_)
            | Outcome::AddName(..)
            | Outcome::Wear(_) => {}
            Outcome::GoTo(place) => self.go_to_place(&place),
            Outcome::GoOnWithBrief(pane) => {
                self.focus(&pane);
                self.perform(Action::Brief);
            }
            Outcome::WearAgain(theme) => self.wear(*theme),
            Outcome::Keep(theme, name) => self.keep_theme(*theme, name),
            Outcome::Run(action) => self.perform(action),
            Outcome::DropDrafts(conversation) => self.drop_drafts(conversation),
            Outcome::Focus(pane) => self.focus(&pane),
            Outcome::Type(pane, text) => {
                self.focus(&pane);
                self.type_text(&text);
            }
            Outcome::Choose(pane, model) => self.choose_model(&[pane], &model),
            Outcome::ChooseEverywhere(model) => {
                let panes: Vec<PaneName> = self.open_panes().into_iter().cloned().collect();
                self.choose_model(&panes, &model);
            }
            Outcome::Ask(panes, text) => self.ask_several(&panes, &text),
            Outcome::Gather(pane, from, unseal) => self.gather(&pane, &from, &unseal),
            Outcome::Locality(pane, conversation, change, typed) => {
                self.post(Origin::Pane(pane), Op::Locality { conversation, change, typed });
            }
            Outcome::Find(pane, query) => self.end_finding(&pane, &query),
            Outcome::GiveUpFinding(pane, stood) => self.give_up_finding(&pane, stood),
            Outcome::Show(hit, query) => self.show_found(&hit, query),
            Outcome::Copy(pane, text, what) => self.copy(&pane, &text, &what),
            Outcome::UseLayout(name, layout) => self.use_layout(name.as_deref(), &layout),
            Outcome::SaveLayout(name) => self.plan_layout(name),
            Outcome::WriteLayout(change) => self.command(Command::WriteLayout(change)),
            Outcome::OpenWorkspace(folder) => self.leave_for(folder),
            Outcome::Recall(pane, draft) => {
                self.focus(&pane);
                self.begin_draft(*draft);
            }
            Outcome::LookAt(pane, conversation) => self.look_at(&pane, conversation),
            Outcome::ShowConversation(pane, conversation) => {
                self.write_into(&pane, conversation);
            }
            Outcome::FillBrief(pane, template) => {
                if let Some(composer) = self.composing(&pane) {
                    composer.fill(&template.fields, template.returns);
                }
            }
            Outcome::Quote(pane, listed) => {
                if let Some(composer) = self.composing(&pane) {
                    composer.quote(listed);
                }
            }
            Outcome::Quit => self.quit_now(),
        }
    }

    /// The panes that a question can go to.
    pub(super) fn targets(&self) -> Vec<Choice> {
        let choice = |name: &PaneName| {
            let conversation = &self.shown(name)?.overview;
            let answers = format!("{} · {}", self.models.called(&conversation.model), conversation.settings.locality);
            Some(Choice { pane: name.clone(), told: answers, refusal: None, sealed: None, is_marked: true })
        };
        self.open_panes().into_iter().filter_map(choice).collect()
    }

    /// The panes whose last answer can be brought into this one.
    pub(super) fn sources(&self, into: &str) -> Vec<Choice> {
        let others = self.open_panes().into_iter().filter(|name| *name != into);
        others.filter_map(|name| self.source(name, into)).collect()
    }

    fn source(&self, name: &PaneName, into: &str) -> Option<Choice> {
        let conversation = self.shown(name)?;
        let locality = conversation.overview.settings.locality;
        let target = self.shown(into)?;
        let answer = conversation.last_answer.as_ref();
        // Where all messages are loaded, an answer that isn't known isn't there.
        let is_whole = conversation.messages.len() == conversation.total() as usize;
        let refusal = (answer.is_none() && is_whole).then(|| "no answer yet".to_owned());
        let sealed = (locality == Locality::Sealed).then(|| conversation.overview.pane.clone());
        // What is under way isn't brought: the answer before it is.
        let next = if conversation.stage().is_some() { ", the next is under way" } else { "" };
        let told = match answer {
            _ if sealed.is_some() => "sealed: typing its name lets it out, masked".to_owned(),
            // What it says is for its own pane; here it goes under pseudonyms, if it may go.
            Some(answer) if locality == Locality::Guarded => {
                format!("m{}{next} · guarded: under pseudonyms", answer.number)
            }
            Some(answer) => format!("m{}{next} · {}", answer.number, beginning(answer)),
            None if locality == Locality::Guarded => format!("its last answer{next} · guarded: under pseudonyms"),
            None => format!("its last answer{next}"),
        };
        // A guarded answer is marked by a person: an unknown name in it would hold the others too.
        let is_marked =
            refusal.is_none() && locality == Locality::Open && target.overview.id != conversation.overview.id;
        Some(Choice { pane: name.clone(), told, refusal, sealed, is_marked })
    }

    fn ask_several(&mut self, panes: &[PaneName], text: &str) {
        for pane in panes {
            // Each pane sends its share as if it had been written there: what it mentions goes along, and what is
            // refused comes back to that pane's composer.
            self.send_from(pane, Draft::of(text));
        }
    }

    /// Stores the last answers of these panes so that they go along with this one's next message; those of sealed ones
    /// only if their names are among those that were typed.
    pub(super) fn gather(&mut self, into: &str, from: &[PaneName], unseal: &[PaneName]) {
        let mut is_any = false;
        let mut quotes = Vec::new();
        for name in from {
            // The pane may have been closed to others since the dialog was opened.
            let may_leave = |choice: &Choice| {
                choice.refusal.is_none() && choice.sealed.as_ref().is_none_or(|name| unseal.contains(name))
            };
            let Some(choice) = self.source(name, into).filter(may_leave) else { continue };
            let Some(conversation) = self.shown(&choice.pane) else { continue };
            is_any = true;
            let id = conversation.overview.id;
            if let Some(answer) = &conversation.last_answer {
                quotes.push(quote(answer));
            } else {
                let page = PageOf { conversation: id, end: None, limit: LAST };
                self.post(Origin::Gather(into.to_owned(), id, unseal.to_vec()), Op::Page(page));
            }
        }
        self.bring(into, quotes, unseal);
        if is_any {
            self.focus(into);
            self.layer = Layer::Write;
        }
    }

    pub(super) fn answer_came(&mut self, into: &str, from: ConversationId, unseal: &[PaneName], reply: Reply) {
        let Reply::Page(page) = reply else { return };
        let Some(name) = self.showing(from).map(|pane| pane.name.clone()) else { return };
        let answers = |message: &&Message| message.author == crate::engine::message::Author::Model;
        match page.messages.iter().rev().find(answers) {
            Some(answer) => self.bring(into, vec![quote(answer)], unseal),
            None => self.tell(into, format!("{name} has no answer yet.")),
        }
    }

    /// Asks the engine for these messages: it knows in which form they may be read here.
    fn bring(&mut self, into: &str, from: Vec<Quote>, unseal: &[PaneName]) {
        let Some(receiver) = self.shown(into).filter(|_| !from.is_empty()).map(|shown| shown.overview.id) else {
            return;
        };
        let op = Op::Gather { into: receiver, from, unseal: unseal.to_vec() };
        self.post(Origin::Gathered(into.to_owned()), op);
    }

    /// The engine's word on what was gathered: it goes along with the next message, or something holds it.
    pub(super) fn gathered(&mut self, into: &str, reply: Reply) {
        match reply {
            Reply::Gathered { attachments, replaced, holds } => {
                if let Some(first) = holds.first() {
                    let more = if holds.len() > 1 { format!(" (and {} more)", holds.len() - 1) } else { String::new() };
                    let key = self.told(Action::Names);
                    let judge = if matches!(first, Hold::Unjudged { .. }) {
                        format!(" {key} judges names.")
                    } else {
                        String::new()
                    };
                    self.tell(into, format!("Not gathered: {first}{more}.{judge}"));
                } else if !replaced.is_empty() {
                    let values = if replaced.len() == 1 {
                        "1 value stands"
                    } else {
                        &format!("{} values stand", replaced.len())
                    };
                    self.tell(into, format!("What was gathered goes along: {values} under pseudonyms."));
                }
                let now = self.now;
                if let Some(pane) = self.pane_mut(into).filter(|_| !attachments.is_empty()) {
                    // Enter sends it; a question of one's own takes its place.
                    pane.composer.offer("What do these agree on, where do they differ, and what does only one say?");
                    pane.draft_changed = Some(now);
                }
                for attachment in attachments {
                    self.attached(into, Reply::Attached(attachment));
                }
            }
            Reply::Refused(refusal) => self.tell(into, refusal.message),
            _ => {}
        }
    }
}

/// A whole message, as a gathering names it.
fn quote(message: &Message) -> Quote {
    Quote { conversation: message.conversation, message: message.id, passage: None }
}

/// What a message says first, in a line.
pub(super) fn beginning(message: &Message) -> String {
    let text = message.text();
    let line = text.lines().map(str::trim).find(|line| !line.is_empty()).unwrap_or_default();
    line.chars().take(80).collect()
}
