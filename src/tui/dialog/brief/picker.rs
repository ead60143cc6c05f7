//! Messages of every pane, of which some are quoted.

use crate::engine::brief::Listed;
use crate::engine::id::ConversationId;
use crate::engine::message::Author;
use crate::engine::op::PageOf;
use crate::engine::settings::PaneName;
use crate::tui::dialog::Outcome;
use crate::tui::dialog::list::{List, Row};
use crate::tui::key::{Code, Key};

/// The messages to choose from.
#[derive(Debug, Clone)]
pub struct MaterialPicker {
    /// The pane whose brief they go along with.
    pub origin: PaneName,
    /// The messages as rows.
    pub list: List,
    /// The messages that aren't among them, because they aren't loaded.
    pub unread: Vec<Unread>,
    listed: Vec<Listed>,
    marked: Vec<bool>,
}

/// A stretch of a conversation that isn't listed: positions from `from` up to `to`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unread {
    /// The conversation.
    pub conversation: ConversationId,
    /// Its pane.
    pub pane: PaneName,
    /// The first message's position.
    pub from: u32,
    /// The position after the last one.
    pub to: u32,
    /// Whether a page of it is on its way.
    pub is_asked: bool,
}

impl MaterialPicker {
    /// A choice of these messages.
    pub fn new(origin: PaneName, listed: Vec<Listed>, unread: Vec<Unread>) -> Self {
        let marked = vec![false; listed.len()];
        let mut picker = Self { origin, list: List::new(Vec::new()), unread, listed, marked };
        picker.list.replace(picker.rows());
        picker
    }

    /// How many messages aren't listed.
    pub fn older(&self) -> u32 {
        self.unread.iter().fold(0, |sum, unread| sum.saturating_add(unread.to - unread.from))
    }

    /// Lists the messages of a page that was asked for, the newest first, behind those of their conversation. Its first
    /// message has this position.
    pub fn take(&mut self, asked: PageOf, first: u32, listed: Vec<Listed>) {
        let is_it = |unread: &&mut Unread| unread.conversation == asked.conversation && Some(unread.to) == asked.end;
        let Some(unread) = self.unread.iter_mut().find(is_it) else { return };
        // A page that brought nothing would bring nothing again.
        unread.to = if first < unread.to { first.max(unread.from) } else { unread.from };
        unread.is_asked = false;
        self.unread.retain(|unread| unread.from < unread.to);
        let same = |known: &Listed| known.quote.conversation == asked.conversation;
        let start = self.listed.iter().rposition(same).map_or(self.listed.len(), |last| last + 1);
        let is_new = |one: &Listed| self.listed.iter().all(|known| known.quote != one.quote);
        let listed: Vec<Listed> = listed.into_iter().filter(is_new).collect();
        let count = listed.len();
        self.listed.splice(start..start, listed);
        self.marked.splice(start..start, std::iter::repeat_n(false, count));
        let chosen = self.list.chosen().map(|chosen| if chosen < start { chosen } else { chosen + count });
        self.list.replace(self.rows());
        if let Some(chosen) = chosen {
            self.list.choose(chosen);
        }
    }

    /// How many are marked.
    pub fn count(&self) -> usize {
        self.marked.iter().filter(|marked| **marked).count()
    }

    pub(in crate::tui::dialog) fn key(&mut self, key: Key) -> Outcome {
        match key.code {
            Code::Esc => return Outcome::Close,
            Code::Enter => {
                let chosen = self.list.chosen();
                let is_any = self.count() > 0;
                let is_taken = |at: usize| if is_any { self.marked[at] } else { Some(at) == chosen };
                let taken = self.listed.iter().enumerate().filter(|(at, _)| is_taken(*at));
                return Outcome::Quote(self.origin.clone(), taken.map(|(_, listed)| listed.clone()).collect());
            }
            Code::Tab => {
                if let Some(at) = self.list.chosen() {
                    self.marked[at] = !self.marked[at];
                    let rows = self.rows();
                    self.list.retell(rows);
                    self.list.key(Key::plain(Code::Down));
                }
            }
            Code::Char('r') if key.ctrl => return Outcome::LoadOlder,
            _ => self.list.key(key),
        }
        Outcome::Stay
    }

    fn rows(&self) -> Vec<Row> {
        let row = |(listed, marked): (&Listed, &bool)| {
            let mark = if *marked { "✓" } else { "·" };
            let author = match listed.author {
                Author::Person => "you",
                Author::Model => "model",
            };
            let name = format!("{mark} {} m{} {author}  {}", listed.pane, listed.number, listed.beginning);
            Row { name, told: listed.tokens.to_string() }
        };
        self.listed.iter().zip(&self.marked).map(row).collect()
    }
}
