//! Laid-out messages, kept by message and width. A finished message never changes, so what is kept is right.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

use crate::engine::id::MessageId;
use crate::tui::text::rich::RichLine;

/// How many lines are kept at most.
const LINES: usize = 12_000;

/// What a laid-out message depends on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct LaidKey {
    /// The message.
    pub message: MessageId,
    /// The width in columns.
    pub width: u16,
    /// Whether it is pinned.
    pub pinned: bool,
    /// Whether its body was erased.
    pub erased: bool,
}

/// The lines of finished messages. Only a memory: drawing reads through it, and nothing depends on what it holds.
#[derive(Debug, Default)]
pub struct Cache {
    kept: RefCell<Kept>,
}

#[derive(Debug, Default)]
struct Kept {
    messages: BTreeMap<LaidKey, (u64, Rc<[RichLine]>)>,
    lines: usize,
    clock: u64,
}

impl Cache {
    /// The lines of a message, laid out now if they aren't known.
    pub fn lines(&self, key: LaidKey, lay_out: impl FnOnce() -> Vec<RichLine>) -> Rc<[RichLine]> {
        let mut kept = self.kept.borrow_mut();
        kept.clock += 1;
        let clock = kept.clock;
        if let Some((used, lines)) = kept.messages.get_mut(&key) {
            *used = clock;
            return Rc::clone(lines);
        }
        let lines: Rc<[RichLine]> = lay_out().into();
        kept.lines += lines.len();
        kept.messages.insert(key, (clock, Rc::clone(&lines)));
        if kept.lines > LINES {
            kept.forget();
        }
        lines
    }
}

impl Kept {
    /// Forgets the half that was not looked at for longest.
    fn forget(&mut self) {
        let mut ages: Vec<u64> = self.messages.values().map(|(used, _)| *used).collect();
        ages.sort_unstable();
        let middle = ages.get(ages.len() / 2).copied().unwrap_or(0);
        self.messages.retain(|_, (used, _)| *used > middle);
        self.lines = self.messages.values().map(|(_, lines)| lines.len()).sum();
    }
}
