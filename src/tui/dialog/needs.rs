//! Everything that waits for the person, and the keys that see to it.

use super::Outcome;
use crate::engine::brief::LineageOf;
use crate::engine::id::BriefId;
use crate::engine::model::ModelRef;
use crate::engine::op::BriefDeed;
use crate::engine::redaction::Judgement;
use crate::engine::settings::PaneName;
use crate::tui::key::{Code, Key};
use crate::tui::theme::{Glyph, Token};

/// The list. It follows what happens while it is open.
#[derive(Debug, Clone, Default)]
pub struct Needs {
    /// The pane it was opened in.
    pub origin: PaneName,
    /// What waits, the most pressing first.
    pub entries: Vec<Need>,
    /// The chosen row.
    pub at: usize,
    /// Why the last key did nothing.
    pub said: Option<String>,
    /// Whether something waited, and nothing does any more.
    pub is_done: bool,
}

/// One thing that waits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Need {
    /// Its mark.
    pub glyph: Glyph,
    /// How urgent it looks.
    pub token: Token,
    /// What it is.
    pub name: String,
    /// Why it waits.
    pub told: String,
    /// The pane that is gone to.
    pub pane: PaneName,
    /// The brief it is about.
    pub brief: Option<BriefNeed>,
    /// Whether it is a brief that was begun there and not sent.
    pub is_draft: bool,
    /// The model that the pane's conversation could move to.
    pub moves_to: Option<ModelRef>,
}

/// What can be done about a brief that waits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BriefNeed {
    /// The brief.
    pub brief: BriefId,
    /// What Enter does, and its word; without it Enter goes to the pane.
    pub deed: Option<(BriefDeed, &'static str)>,
    /// Whether its receiver may decline it.
    pub can_decline: bool,
    /// The words that must be judged first.
    pub words: Vec<String>,
}

impl Needs {
    /// The chosen one.
    pub fn chosen(&self) -> Option<&Need> {
        self.entries.get(self.at)
    }

    /// Puts what waits now in place, the same one chosen if it still waits.
    pub fn replace(&mut self, entries: Vec<Need>) {
        if entries != self.entries {
            let chosen = self.chosen().map(|need| (need.name.clone(), need.pane.clone()));
            self.entries = entries;
            let same = self.entries.iter().position(|need| Some((need.name.clone(), need.pane.clone())) == chosen);
            self.at = same.unwrap_or(self.at).min(self.entries.len().saturating_sub(1));
        }
    }

    /// What the keys do for the chosen one.
    pub fn keys(&self) -> String {
        let Some(need) = self.chosen() else { return "Esc".to_owned() };
        let moves = need.moves_to.as_ref().map(|model| format!("m moves it to {model}"));
        let mut keys = Vec::new();
        match need.brief.as_ref() {
            None if need.is_draft => keys.push("Enter goes on with it"),
            None => {
                keys.push("Enter goes there");
                keys.extend(moves.as_deref());
            }
            Some(brief) => {
                if !brief.words.is_empty() {
                    keys.extend(["m mask", "k keep"]);
                }
                if brief.words.len() > 1 {
                    keys.push("M K all of them");
                }
                keys.push(brief.deed.map_or("Enter goes there", |(_, word)| word));
                if brief.deed.is_some() {
                    keys.push("g go there");
                }
                if brief.can_decline {
                    keys.push("d decline");
                }
                keys.extend(["c take back", "t trace"]);
            }
        }
        keys.push("Esc");
        keys.join(" · ")
    }

    pub(super) fn key(&mut self, key: Key) -> Outcome {
        self.said = None;
        let last = self.entries.len().saturating_sub(1);
        match key.code {
            Code::Esc | Code::Char('q') => return Outcome::Close,
            Code::Up => self.at = self.at.checked_sub(1).unwrap_or(last),
            Code::Down => self.at = if self.at >= last { 0 } else { self.at + 1 },
            Code::Char('p') if key.ctrl => self.at = self.at.checked_sub(1).unwrap_or(last),
            Code::Char('n') if key.ctrl => self.at = if self.at >= last { 0 } else { self.at + 1 },
            _ => return self.chosen().map_or(Outcome::Stay, |need| see_to(need, key)),
        }
        Outcome::Stay
    }
}

fn see_to(need: &Need, key: Key) -> Outcome {
    let goes =
        if need.is_draft { Outcome::GoOnWithBrief(need.pane.clone()) } else { Outcome::Focus(need.pane.clone()) };
    let Some(BriefNeed { brief, deed, can_decline, words }) = need.brief.clone() else {
        return match (key.code, &need.moves_to) {
            (Code::Enter, _) => goes,
            (Code::Char('m'), Some(model)) if !key.ctrl => Outcome::Move(need.pane.clone(), model.clone()),
            _ => Outcome::Stay,
        };
    };
    let first = || words.iter().take(1).cloned().collect();
    match (key.code, deed) {
        (Code::Enter, Some((deed, _))) => Outcome::TurnBrief(brief, deed),
        (Code::Enter, None) | (Code::Char('g'), _) => goes,
        (Code::Char('d'), _) if can_decline => Outcome::TurnBrief(brief, BriefDeed::Decline),
        (Code::Char('c'), _) if !key.ctrl => Outcome::TurnBrief(brief, BriefDeed::Cancel),
        (Code::Char('t'), _) => Outcome::Trace(LineageOf::Brief { brief }),
        (Code::Char('m'), _) => Outcome::JudgeHeld(first(), Judgement::Mask),
        (Code::Char('k'), _) => Outcome::JudgeHeld(first(), Judgement::Keep),
        (Code::Char('M'), _) => Outcome::JudgeHeld(words, Judgement::Mask),
        (Code::Char('K'), _) => Outcome::JudgeHeld(words, Judgement::Keep),
        _ => Outcome::Stay,
    }
}
