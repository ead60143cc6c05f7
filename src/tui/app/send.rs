//! A message on its way out: what it mentions is read and stored first, then it is sent; refused, it comes back.

use std::sync::Arc;

use super::action::Edit;
use super::draft::{After, Draft};
use super::message::{Command, Origin};
use super::pane::{Files, Outgoing};
use super::{Action, App};
use crate::engine::message::Attachment;
use crate::engine::op::{Op, RefusalKind, Reply};
use crate::provider::offline::{SAMPLE, SAMPLE_NAME};
use crate::tui::text::sanitise::one_line;

impl App {
    /// Sends what is written in the focused pane.
    pub(super) fn send(&mut self) {
        let Some(pane) = self.focused_pane() else { return };
        if pane.composer.text().trim().is_empty() && pane.composer.attachments.is_empty() {
            return;
        }
        if self.awaits_names() {
            return;
        }
        if self.open_short_form() {
            return;
        }
        let Some(pane) = self.focused_mut() else { return };
        let draft = pane.composer.take();
        let name = pane.name.clone();
        self.send_from(&name, draft);
    }

    /// Sends a draft from a pane. While that pane answers, or another one is on its way there, it waits; the files that it
    /// mentions are read at once all the same.
    pub(super) fn send_from(&mut self, name: &str, draft: Draft) {
        let Some(pane) = self.pane(name) else { return };
        let files = Files::of(&draft);
        let paths = files.waits_for.clone();
        if self.must_wait(pane) {
            self.wait_in_line(name, draft, files);
        } else {
            self.leave(name, draft, files, false);
        }
        for path in paths {
            if path == SAMPLE_NAME {
                self.file_read(name, SAMPLE_NAME, Ok(SAMPLE.to_owned()));
            } else {
                self.command(Command::ReadFile(name.to_owned(), path));
            }
        }
    }

    /// Puts a draft on its way out.
    pub(super) fn leave(&mut self, name: &str, draft: Draft, files: Files, by_itself: bool) {
        let now = self.now;
        let Some(pane) = self.pane_mut(name) else { return };
        pane.outgoing = Some(Outgoing { draft, files, by_itself });
        pane.draft_changed = Some(now);
        self.send_if_ready(name);
    }

    fn send_if_ready(&mut self, name: &str) {
        let Some(pane) = self.pane(name) else { return };
        let Some(outgoing) = pane.outgoing.as_ref().filter(|outgoing| outgoing.files.waits_for.is_empty()) else {
            return;
        };
        let (conversation, Draft { text, attachments, after, .. }) = (pane.addressee, outgoing.draft.clone());
        let op = match after {
            Some(After { message: None, .. }) => Op::Begin { conversation, text, attachments },
            after => Op::Send { conversation, text, attachments, parent: after.and_then(|after| after.message) },
        };
        let by_itself = outgoing.by_itself;
        self.post(Origin::Send(name.to_owned()), op);
        if !by_itself {
            self.look_where_it_goes(name);
        }
    }

    /// A mentioned file was read, or can't be.
    pub(super) fn file_read(&mut self, name: &str, path: &str, read: Result<String, String>) {
        if self.pane_mut(name).is_none_or(|pane| pane.awaiting(path).next().is_none()) {
            return;
        }
        match read {
            Ok(body) => {
                let op = Op::Attach { name: path.to_owned(), body: Arc::from(body) };
                self.post(Origin::Mention(name.to_owned(), path.to_owned()), op);
            }
            Err(why) => self.no_file(name, path, &why),
        }
    }

    /// A mentioned file is stored, or can't be.
    pub(super) fn mention_stored(&mut self, name: &str, path: &str, reply: Reply) {
        match reply {
            Reply::Attached(attachment) => {
                let Some(pane) = self.pane_mut(name) else { return };
                for (draft, files) in pane.awaiting(path) {
                    files.settle(path);
                    // A message that came back and goes again takes the file as it is now, once.
                    draft.attachments.retain(|known| known.name != attachment.name);
                    draft.attachments.push(attachment.clone());
                }
                self.send_if_ready(name);
            }
            Reply::Refused(refusal) => self.no_file(name, path, &refusal.message),
            _ => {}
        }
    }

    /// What a message mentions can't go along: where it may have been meant as text it goes as text, else the message
    /// comes back.
    fn no_file(&mut self, name: &str, path: &str, why: &str) {
        let Some(pane) = self.pane_mut(name) else { return };
        let is_meant = |draft: &Draft| !draft.perhaps_mentioned().iter().any(|known| known == path);
        for (_, files) in pane.awaiting(path).filter(|(draft, _)| !is_meant(draft)) {
            files.settle(path);
            files.none.push(path.to_owned());
        }
        if pane.outgoing.as_ref().is_some_and(|outgoing| outgoing.files.wait_for(path)) {
            return self.come_back(name, why);
        }
        self.send_if_ready(name);
        self.come_back_from_the_line(name, path, why);
    }

    /// The engine's word on a message that was sent.
    pub(super) fn sent(&mut self, name: &str, reply: &Reply) {
        if let Reply::Refused(refusal) = reply {
            if refusal.kind == RefusalKind::NotNow && self.wait_again(name) {
                return;
            }
            self.come_back(name, &refusal.message);
            return;
        }
        let now = self.now;
        let Some(pane) = self.pane_mut(name) else { return };
        let outgoing = pane.outgoing.take();
        pane.draft_changed = Some(now);
        let moves = !outgoing.as_ref().is_some_and(|outgoing| outgoing.by_itself);
        if let Some(outgoing) = outgoing {
            pane.history.push(Draft { after: None, ..outgoing.draft });
            if let Some(told) = went_as_text(&outgoing.files.none) {
                self.tell(name, told);
            }
        }
        if moves {
            self.set_scroll(name, super::scroll::Scroll::Follow, None);
        }
    }

    /// What was on its way out, and what waited behind it, is in the composer again, and the pane says why.
    fn come_back(&mut self, name: &str, why: &str) {
        let now = self.now;
        if name != self.focused {
            self.happened(name, super::telling::News::NeedsYou);
            if let Some(pane) = self.pane_mut(name) {
                pane.badge = Some(super::Badge::NeedsYou);
            }
        }
        if let Some(pane) = self.pane_mut(name) {
            pane.put_all_back();
            pane.draft_changed = Some(now);
        }
        self.tell(name, why);
    }

    /// A long paste is stored, and goes along with the next message.
    pub(super) fn attach_paste(&mut self, text: &str) {
        let name = self.focused.clone();
        let body = Arc::from(text.replace("\r\n", "\n").replace('\r', "\n"));
        self.post(Origin::Attach(name), Op::Attach { name: "paste".to_owned(), body });
    }

    /// Something that goes along with the next message is stored, or can't be.
    pub(super) fn attached(&mut self, name: &str, reply: Reply) {
        let now = self.now;
        match reply {
            Reply::Attached(attachment) => {
                if let Some(pane) = self.pane_mut(name) {
                    add(&mut pane.composer.attachments, attachment);
                    pane.draft_changed = Some(now);
                }
            }
            Reply::Refused(refusal) => self.tell(name, refusal.message),
            _ => {}
        }
    }

    /// Takes off what would go along from the focused pane. Returns whether anything would.
    pub(super) fn take_off(&mut self) -> bool {
        let (now, key) = (self.now, self.told(Action::Edit(Edit::Undo)));
        let Some(pane) = self.focused_mut() else { return false };
        let off = pane.composer.take_off();
        if off.is_empty() {
            return false;
        }
        let names: Vec<String> = off.iter().map(|known| one_line(&known.name).into_owned()).collect();
        pane.draft_changed = Some(now);
        self.tell_here(format!("{key} brings back what was taken off: {}.", names.join(", ")));
        true
    }

    /// Lets what was taken off go along again. Returns whether anything was.
    pub(super) fn put_on(&mut self) -> bool {
        let now = self.now;
        let Some(pane) = self.focused_mut() else { return false };
        let had_any = pane.composer.put_on();
        if had_any {
            pane.draft_changed = Some(now);
        }
        had_any
    }
}

/// `@nam went as text: it is no file that can be read here.`
fn went_as_text(names: &[String]) -> Option<String> {
    let told: Vec<String> = names.iter().map(|name| format!("@{}", one_line(name))).collect();
    Some(match told.as_slice() {
        [] => return None,
        [name] => format!("{name} went as text: it is no file that can be read here."),
        [before @ .., last] => {
            format!("{} and {last} went as text: they are no files that can be read here.", before.join(", "))
        }
    })
}

/// Adds an attachment; the same text under the same name goes along once.
fn add(attachments: &mut Vec<Attachment>, attachment: Attachment) {
    if !attachments.contains(&attachment) {
        attachments.push(attachment);
    }
}
