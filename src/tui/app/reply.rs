//! Replies find the one who asked, whatever has the focus by now.

use super::message::{Command, Origin};
use super::{App, Dialog};
use crate::engine::op::{Op, Overview, Reply};

impl App {
    pub(super) fn reply(&mut self, origin: Origin, reply: Reply) {
        match origin {
            Origin::Send(pane) => self.sent(&pane, &reply),
            Origin::Attach(pane) => self.attached(&pane, reply),
            Origin::Mention(pane, path) => self.mention_stored(&pane, &path, reply),
            Origin::Page(page) => self.page_came(page.conversation, reply),
            Origin::Beginning(conversation) => self.beginning_came(conversation, &reply),
            Origin::Older(page) => self.older_came(page, reply),
            Origin::Gather(pane, from, unseal) => self.answer_came(&pane, from, &unseal, reply),
            Origin::Gathered(pane) => self.gathered(&pane, reply),
            Origin::Split(beside, axis, pane) => match reply {
                Reply::Refused(refusal) => self.tell(&beside, refusal.message),
                _ => self.place(&beside, axis, &pane),
            },
            Origin::Find(pane, query) => self.found(&pane, query, None, reply),
            Origin::FindAround(pane, query, position) => self.found(&pane, query, Some(position), reply),
            Origin::SearchAll(query) => {
                if let (Some(Dialog::SearchAll(search)), Reply::Hits { hits }) = (self.dialogs.last_mut(), reply) {
                    search.take(&query, hits);
                }
                self.preview_hit();
            }
            Origin::Preview(message) => self.preview_came(message, reply),
            Origin::Compose(pane, revision) => self.composed(&pane, revision, reply),
            Origin::Suggest(pane, revision, asked) => {
                if let Reply::Listing(listing) = reply {
                    self.suggested(&pane, revision, &asked, listing);
                }
            }
            Origin::Brief(pane) => self.brief_answered(&pane, reply),
            Origin::Assist(pane, number) => self.proposals_came(&pane, number, reply),
            Origin::Overview => {
                if let Reply::Overview(overview) = reply {
                    self.take_overview(*overview);
                }
            }
            Origin::Pane(pane) => {
                if let Reply::Refused(refusal) = reply {
                    self.tell(&pane, refusal.message);
                }
            }
            Origin::View(key) => match reply {
                Reply::Refused(refusal) => self.view_refused(&key, refusal.message),
                _ => self.view_refusal = None,
            },
            Origin::Need => self.need_answered(reply),
            Origin::Lineage => self.lineage_came(reply),
            Origin::Names => self.name_answered(reply),
            Origin::HandoffDraft(conversation, asked) => self.handoff_drafted(conversation, asked, reply),
            Origin::Handoff(conversation) => self.handoff_accepted(conversation, reply),
            Origin::Undo(pane) => self.handoff_undone(&pane, reply),
            Origin::RealNames(pane, what) => self.real_names_came(&pane, &what, reply),
            Origin::Quit => self.command(Command::Quit),
        }
    }

    fn page_came(&mut self, id: crate::engine::id::ConversationId, reply: Reply) {
        if let Reply::Page(page) = &reply {
            self.models.meet_writers(&page.messages);
        }
        let refused = {
            let Some(conversation) = self.conversations.get_mut(&id) else { return };
            conversation.asked = None;
            match reply {
                Reply::Page(page) => {
                    conversation.take_page(page);
                    None
                }
                Reply::Refused(refusal) => Some((conversation.overview.pane.clone(), refusal.message)),
                _ => None,
            }
        };
        if let Some((pane, why)) = refused {
            self.tell(&pane, why);
        }
    }

    /// Takes over what facts alone don't tell a client: meters of another branch, facts of another model.
    pub(super) fn take_overview(&mut self, overview: Overview) {
        self.settings = overview.settings;
        self.briefs.take(overview.briefs);
        for known in overview.conversations {
            self.models.meet_those_of(&known);
            match self.conversations.get_mut(&known.id) {
                Some(conversation) => {
                    // How long the branch is, pages say: this may be older than the last fact.
                    let messages = conversation.overview.messages;
                    conversation.overview = known;
                    conversation.overview.messages = messages;
                }
                None => {
                    self.conversations.insert(known.id, super::Conversation::new(known));
                }
            }
        }
    }

    pub(super) fn ask_overview(&mut self) {
        self.post(Origin::Overview, Op::Overview);
    }
}
