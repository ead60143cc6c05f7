//! What is known about the code in view: its colours, or that somebody is to find them out.
//!
//! Only a memory, like [`Cache`](super::Cache): looking something up that isn't known is what asks for it.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

use crate::tui::text::highlight::{Code, LARGEST, Run};

/// How many blocks of code are remembered.
const BLOCKS: usize = 400;
/// How many blocks one errand reads at most.
const AT_ONCE: usize = 16;

/// The colours of code, by what the code says.
#[derive(Debug, Default)]
pub struct Colours {
    kept: RefCell<Kept>,
}

#[derive(Debug, Default)]
struct Kept {
    known: BTreeMap<u64, (u64, Rc<[Run]>)>,
    /// What was looked for, the last one at the end.
    wanted: Vec<Code>,
    /// What an errand is reading: there is never more than one.
    asked: Vec<u64>,
    clock: u64,
}

impl Colours {
    /// The colours of a block of code. Of what is not known, `None`; it will be asked for.
    pub fn of(&self, code: &Code) -> Option<Rc<[Run]>> {
        let mut kept = self.kept.borrow_mut();
        kept.clock += 1;
        let clock = kept.clock;
        if let Some((used, runs)) = kept.known.get_mut(&code.key()) {
            *used = clock;
            return Some(Rc::clone(runs));
        }
        if !kept.asked.contains(&code.key()) && !kept.wanted.iter().any(|wanted| wanted.key() == code.key()) {
            kept.wanted.push(code.clone());
        }
        None
    }

    /// Whether something is wanted and nobody is looking.
    pub fn is_due(&self) -> bool {
        let kept = self.kept.borrow();
        kept.asked.is_empty() && !kept.wanted.is_empty()
    }

    /// The code to read next: what was wanted last, because that is in view. The rest is forgotten: what is still in
    /// view will be wanted again.
    pub fn take_wanted(&self) -> Vec<Code> {
        let mut kept = self.kept.borrow_mut();
        if !kept.asked.is_empty() {
            return Vec::new();
        }
        let mut bytes = 0;
        let fits = |code: &Code| {
            bytes += code.bytes();
            bytes <= LARGEST + code.bytes()
        };
        let wanted: Vec<Code> =
            std::mem::take(&mut kept.wanted).into_iter().rev().take(AT_ONCE).take_while(fits).collect();
        kept.asked = wanted.iter().map(Code::key).collect();
        wanted
    }

    /// Takes in what an errand found out. What it was asked and says nothing about stays plain.
    pub fn learn(&self, found: Vec<(u64, Vec<Run>)>) {
        let mut kept = self.kept.borrow_mut();
        kept.clock += 1;
        let clock = kept.clock;
        for key in std::mem::take(&mut kept.asked) {
            kept.known.insert(key, (clock, Rc::default()));
        }
        for (key, runs) in found {
            kept.known.insert(key, (clock, runs.into()));
        }
        if kept.known.len() > BLOCKS {
            let mut ages: Vec<u64> = kept.known.values().map(|(used, _)| *used).collect();
            ages.sort_unstable();
            let middle = ages[ages.len() / 2];
            kept.known.retain(|_, (used, _)| *used >= middle);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code(number: usize) -> Code {
        Code::new("rust", &format!("let x = {number};\n"))
    }

    #[test]
    fn what_is_looked_up_is_asked_for_once_and_then_known() {
        let colours = Colours::default();
        assert!(!colours.is_due());
        assert!(colours.of(&code(1)).is_none() && colours.of(&code(1)).is_none() && colours.is_due());
        assert_eq!(colours.take_wanted(), [code(1)]);
        assert!(colours.of(&code(1)).is_none() && !colours.is_due(), "somebody is looking");
        assert!(colours.of(&code(2)).is_none() && !colours.is_due() && colours.take_wanted().is_empty());
        colours.learn(vec![(code(1).key(), Vec::new())]);
        assert!(colours.of(&code(1)).is_some() && colours.is_due(), "the next one waits");
        assert_eq!(colours.take_wanted(), [code(2)]);
        colours.learn(Vec::new());
        assert!(colours.of(&code(2)).is_some_and(|runs| runs.is_empty()), "nobody asks twice for what failed");
    }

    #[test]
    fn one_errand_reads_no_more_than_a_screenful_and_memory_stays_small() {
        let colours = Colours::default();
        for number in 0..2_000 {
            assert!(colours.of(&code(number)).is_none());
            let wanted = colours.take_wanted();
            assert_eq!(wanted.len(), 1);
            colours.learn(vec![(wanted[0].key(), Vec::new())]);
        }
        assert!(colours.kept.borrow().known.len() <= BLOCKS);
        for number in 5_000..5_100 {
            colours.of(&code(number));
        }
        let wanted = colours.take_wanted();
        assert_eq!((wanted.len(), &wanted[0]), (AT_ONCE, &code(5_099)), "the last one looked at comes first");
        colours.learn(Vec::new());
        let large = |number: usize| Code::new("rust", &"x".repeat(LARGEST - number));
        colours.of(&large(1));
        colours.of(&large(2));
        colours.of(&large(3));
        assert_eq!(colours.take_wanted().len(), 2);
    }
}
