//! Names: the list of what crosses and what doesn't, and copying with the real ones.

use super::App;
use super::message::Origin;
use crate::engine::op::{Op, Reply, Revealed};
use crate::engine::redaction::Judgement;
use crate::tui::dialog::{Dialog, Names, known_names};

impl App {
    pub(super) fn open_names(&mut self) {
        let known = known_names(&self.judged, &self.settings);
        self.dialogs.push(Dialog::Names(Box::new(Names::new(self.focused.clone(), known))));
    }

    /// Keeps an open list as things stand.
    pub(super) fn refresh_names(&mut self) {
        if let Some(Dialog::Names(names)) = self.dialogs.last_mut() {
            names.replace(known_names(&self.judged, &self.settings));
        }
    }

    /// Judges a name again. One that was added with a kind loses it.
    pub(super) fn judge_again(&mut self, word: String, judgement: Judgement) {
        self.post(Origin::Names, Op::Unjudge { word: word.clone() });
        self.post(Origin::Names, Op::Judge { word, judgement });
    }

    pub(super) fn unjudge(&mut self, word: String) {
        self.post(Origin::Names, Op::Unjudge { word });
    }

    pub(super) fn add_name(&mut self, name: String, kind: String) {
        if let Some(Dialog::Names(names)) = self.dialogs.last_mut() {
            names.list.clear();
        }
        self.post(Origin::Names, Op::AddName { name, kind });
    }

    pub(super) fn name_answered(&mut self, reply: Reply) {
        let Reply::Refused(refusal) = reply else { return };
        match self.dialogs.last_mut() {
            Some(Dialog::Names(names)) => names.said = Some(refusal.message),
            _ => self.notice = Some(refusal.message),
        }
    }

    /// Copies the selected message with the real names that this pane knows under pseudonyms.
    pub(super) fn copy_with_real_names(&mut self) {
        let Some(pane) = self.focused_pane() else { return };
        let (name, conversation) = (pane.name.clone(), pane.conversation);
        let message = self.conversations.get(&conversation).and_then(|known| known.message(pane.selected));
        let Some((id, number)) = message.map(|message| (message.id, message.number)) else {
            return self.tell_here("Choose a message first: Esc reads, K and J choose.");
        };
        let op = Op::RealNames { conversation, messages: vec![id], how: Revealed::Copied };
        self.post(Origin::RealNames(name, format!("m{number}")), op);
    }

    pub(super) fn real_names_came(&mut self, pane: &str, what: &str, reply: Reply) {
        match reply {
            Reply::Restored { count: 0, .. } => {
                self.tell(pane, format!("No pseudonym stands in {what}: y copies it as it is."));
            }
            Reply::Restored { messages, .. } => {
                let texts: Vec<String> = messages.iter().map(crate::engine::message::Message::text).collect();
                self.copy(pane, &texts.join("\n\n"), &format!("{what} with real names, as the journal says"));
            }
            Reply::Refused(refusal) => self.tell(pane, refusal.message),
            _ => {}
        }
    }
}
