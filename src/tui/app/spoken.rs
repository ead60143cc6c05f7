//! What a front end without a screen asks of the app: whole messages and actions in place of keys.

use super::draft::Draft;
use super::message::{Command, Origin};
use super::{Action, App};
use crate::engine::model::ModelRef;
use crate::engine::op::Op;
use crate::engine::settings::{Locality, PaneName};
use crate::engine::time::Timestamp;

impl App {
    /// Sends a text from these panes, as if it had been written in each.
    pub fn send_text(&mut self, panes: &[PaneName], text: &str, now: Timestamp) -> Vec<Command> {
        self.now = now;
        for pane in panes {
            let attachments = self.taken_along(pane);
            self.send_from(pane, Draft { attachments, ..Draft::of(text) });
        }
        self.all_done()
    }

    /// What was gathered for a pane's next message.
    fn taken_along(&mut self, pane: &str) -> Vec<crate::engine::message::Attachment> {
        let Some(pane) = self.pane_mut(pane) else { return Vec::new() };
        if pane.composer.is_offered() {
            // The question that was offered gives way to this one.
            return pane.composer.take().attachments;
        }
        std::mem::take(&mut pane.composer.attachments)
    }

    /// Does what an action means, for the focused pane.
    pub fn act(&mut self, action: Action, now: Timestamp) -> Vec<Command> {
        self.now = now;
        self.perform(action);
        self.all_done()
    }

    /// Gives a pane the focus.
    pub fn go(&mut self, pane: &str, now: Timestamp) -> Vec<Command> {
        self.now = now;
        self.focus(pane);
        self.all_done()
    }

    /// Hands the focused pane's conversation off, without a draft to read first.
    pub fn hand_off(&mut self, now: Timestamp) -> Vec<Command> {
        self.now = now;
        self.hand_off_now();
        self.all_done()
    }

    /// Whether what this pane shows crosses as it is.
    pub fn is_open(&self, pane: &str) -> bool {
        self.shown(pane).is_some_and(|shown| shown.overview.settings.locality == Locality::Open)
    }

    /// Brings the last answers of these panes into this one.
    pub fn bring_from(&mut self, into: &str, from: &[PaneName], now: Timestamp) -> Vec<Command> {
        self.now = now;
        self.gather(into, from, &[]);
        self.all_done()
    }

    /// Lets this model answer in a pane.
    pub fn use_model(&mut self, pane: &str, model: &ModelRef, now: Timestamp) -> Vec<Command> {
        self.now = now;
        self.choose_model(&[pane.to_owned()], model);
        self.all_done()
    }

    /// Looks for words in all conversations; the hits come as a reply to [`Origin::SearchAll`].
    pub fn search_all(&mut self, query: &str) -> Vec<Command> {
        self.post(Origin::SearchAll(query.to_owned()), Op::Search { query: query.to_owned(), limit: 20, within: None });
        self.all_done()
    }

    /// The models in the order in which they are offered.
    pub fn offered_models(&self) -> Vec<super::Offer> {
        self.known_offers()
    }

    /// Takes what a person is to be told: sentences, with the pane that each concerns.
    pub fn take_notices(&mut self) -> Vec<(Option<PaneName>, String)> {
        let mut told: Vec<(Option<PaneName>, String)> =
            self.notice.take().map(|text| (None, text)).into_iter().collect();
        for pane in &mut self.panes {
            if let Some(text) = pane.notice.take() {
                told.push((Some(pane.name.clone()), text));
            }
        }
        told
    }

    pub(super) fn all_done(&mut self) -> Vec<Command> {
        self.save_view();
        std::mem::take(&mut self.commands)
    }
}
