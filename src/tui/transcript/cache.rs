//! Laid-out messages, kept by message and width. A finished message never changes, so what is kept is right.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

use super::Colours;
use crate::engine::id::MessageId;
use crate::tui::text::highlight;
use crate::tui::text::markdown::{CodeBlock, Laid};
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
    /// What stands round it because of a brief, as a number.
    pub round: u64,
}

/// The lines of finished messages. Only a memory: drawing reads through it, and nothing depends on what it holds.
#[derive(Debug, Default)]
pub struct Cache {
    kept: RefCell<Kept>,
}

#[derive(Debug, Default)]
struct Kept {
    messages: BTreeMap<LaidKey, Entry>,
    lines: usize,
    clock: u64,
}

#[derive(Debug)]
struct Entry {
    /// When it was looked at last.
    used: u64,
    lines: Rc<[RichLine]>,
    /// The code that is still plain.
    plain: Vec<CodeBlock>,
}

impl Entry {
    /// Colours the code whose colours are known by now.
    fn colour(&mut self, colours: &Colours) {
        let mut lines: Option<Vec<RichLine>> = None;
        self.plain.retain(|block| {
            let Some(runs) = colours.of(&block.code) else { return true };
            if !runs.is_empty() {
                let lines = lines.get_or_insert_with(|| self.lines.to_vec());
                highlight::colour(&mut lines[block.rows.clone()], &runs);
            }
            false
        });
        if let Some(lines) = lines {
            self.lines = lines.into();
        }
    }
}

impl Cache {
    /// The lines of a message, laid out now if they aren't known, and coloured as far as colours are known.
    pub fn lines(&self, key: LaidKey, colours: &Colours, lay_out: impl FnOnce() -> Laid) -> Rc<[RichLine]> {
        let mut kept = self.kept.borrow_mut();
        kept.clock += 1;
        let clock = kept.clock;
        if let Some(entry) = kept.messages.get_mut(&key) {
            entry.used = clock;
            entry.colour(colours);
            return Rc::clone(&entry.lines);
        }
        let Laid { lines, code } = lay_out();
        let mut entry = Entry { used: clock, lines: lines.into(), plain: code };
        entry.colour(colours);
        let lines = Rc::clone(&entry.lines);
        kept.lines += lines.len();
        kept.messages.insert(key, entry);
        if kept.lines > LINES {
            kept.forget();
        }
        lines
    }
}

impl Kept {
    /// Forgets the half that was not looked at for longest.
    fn forget(&mut self) {
        let mut ages: Vec<u64> = self.messages.values().map(|entry| entry.used).collect();
        ages.sort_unstable();
        let middle = ages.get(ages.len() / 2).copied().unwrap_or(0);
        self.messages.retain(|_, entry| entry.used > middle);
        self.lines = self.messages.values().map(|entry| entry.lines.len()).sum();
    }
}
