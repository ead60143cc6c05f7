//! What would cross, as the engine composed it last, and what holds it.

use crate::engine::brief::{Composed, Hold};
use crate::engine::redaction::Judgement;
use crate::tui::key::{Code, Key};
use crate::tui::text::matches::Needle;
use crate::tui::text::rich::{Ink, RichLine, RichSpan};
use crate::tui::text::sanitise::sanitise;
use crate::tui::text::wrap::wrap;
use crate::tui::theme::Token;

/// What each receiver would get.
#[derive(Debug, Clone, Default)]
pub struct Preview {
    /// For each receiver; none until the engine has answered.
    pub composed: Vec<Composed>,
    /// Why nobody gets anything.
    pub refusal: Option<String>,
    /// The receiver whose payload is shown.
    pub at: usize,
    /// The first line of it in view.
    pub top: usize,
    /// The chosen one of the words to judge.
    pub word: usize,
    lines: Vec<RichLine>,
    /// Columns and rows for lines.
    room: (usize, usize),
}

impl Preview {
    /// Takes what was composed, or why nothing was.
    pub fn take(&mut self, composed: Result<Vec<Composed>, String>) {
        (self.composed, self.refusal) = match composed {
            Ok(composed) => (composed, None),
            Err(why) => (Vec::new(), Some(why)),
        };
        self.at = self.at.min(self.composed.len().saturating_sub(1));
        self.word = self.word.min(self.unjudged().len().saturating_sub(1));
        self.lay_out();
    }

    /// What the receiver in view would get.
    pub fn shown(&self) -> Option<&Composed> {
        self.composed.get(self.at)
    }

    /// Its lines.
    pub fn lines(&self) -> &[RichLine] {
        &self.lines
    }

    /// The words that nobody has judged, each once, and where they stand first.
    pub fn unjudged(&self) -> Vec<(&str, &str)> {
        let mut words: Vec<(&str, &str)> = Vec::new();
        for hold in self.composed.iter().flat_map(|one| &one.holds) {
            if let Hold::Unjudged { word, place } = hold
                && words.iter().all(|(known, _)| known != word)
            {
                words.push((word, place));
            }
        }
        words
    }

    /// What holds it beside words to judge and a missing objective, each once.
    pub fn holds(&self) -> Vec<&Hold> {
        let mut holds: Vec<&Hold> = Vec::new();
        for hold in self.composed.iter().flat_map(|one| &one.holds) {
            if !matches!(hold, Hold::Unjudged { .. } | Hold::NoObjective) && !holds.contains(&hold) {
                holds.push(hold);
            }
        }
        holds
    }

    /// Takes room for its lines: columns and rows.
    pub(super) fn fit(&mut self, room: (usize, usize)) {
        let same_columns = self.room.0 == room.0;
        self.room = room;
        if same_columns { self.clamp() } else { self.lay_out() }
    }

    fn lay_out(&mut self) {
        let columns = self.room.0.max(1);
        self.lines = match self.composed.get(self.at) {
            None => Vec::new(),
            Some(composed) => {
                let pseudonyms = composed.replaced.iter().map(|one| one.pseudonym.as_str());
                let words = self.unjudged().into_iter().map(|(word, _)| word);
                let needle = Needle::new(&pseudonyms.chain(words).collect::<Vec<_>>().join(" "));
                let line = |source: &str| -> Vec<RichLine> {
                    let token = token(source);
                    let piece = |text| RichLine { spans: vec![RichSpan::new(text, Ink::of(token))] };
                    if source.trim().is_empty() {
                        return vec![RichLine::default()];
                    }
                    wrap(source, columns).into_iter().map(piece).map(|line| needle.marked(&line)).collect()
                };
                sanitise(&composed.payload).lines().flat_map(line).collect()
            }
        };
        self.clamp();
    }

    fn clamp(&mut self) {
        self.top = self.top.min(self.lines.len().saturating_sub(self.room.1.max(1)));
    }

    /// Takes a key that scrolls, or shows another receiver's.
    pub(super) fn key(&mut self, key: Key) {
        let page = self.room.1.saturating_sub(2).max(1);
        match key.code {
            Code::Up => self.top = self.top.saturating_sub(1),
            Code::Down => self.top += 1,
            Code::PageUp => self.top = self.top.saturating_sub(page),
            Code::PageDown | Code::Char(' ') => self.top += page,
            Code::Home => self.top = 0,
            Code::End => self.top = self.lines.len(),
            Code::Left => self.show(self.at.saturating_sub(1)),
            Code::Right => self.show(self.at + 1),
            _ => {}
        }
        self.clamp();
    }

    fn show(&mut self, at: usize) {
        if at < self.composed.len() && at != self.at {
            self.at = at;
            self.top = 0;
            self.lay_out();
        }
    }

    /// Brings the chosen word into view, where the payload in view has it.
    pub fn seek(&mut self) {
        let Some((word, _)) = self.unjudged().get(self.word).copied() else { return };
        if let Some(line) = Needle::new(word).first_line(&self.lines) {
            // A few lines above it tell where it stands.
            self.top = line.saturating_sub(self.room.1 / 3);
            self.clamp();
        }
    }

    /// Takes a key that chooses a word, judges it, or judges every word that is left: the words and the judgement.
    pub(super) fn judge(&mut self, key: Key) -> Option<(Vec<String>, Judgement)> {
        let words = self.unjudged();
        let judgement = match key.code {
            Code::Char('m' | 'M') => Judgement::Mask,
            Code::Char('k' | 'K') => Judgement::Keep,
            Code::Up => {
                self.word = self.word.saturating_sub(1);
                self.seek();
                return None;
            }
            Code::Down => {
                self.word = (self.word + 1).min(words.len().saturating_sub(1));
                self.seek();
                return None;
            }
            _ => return None,
        };
        let is_all = matches!(key.code, Code::Char('M' | 'K'));
        let meant = if is_all { &words[..] } else { std::slice::from_ref(words.get(self.word)?) };
        let meant: Vec<String> = meant.iter().map(|(word, _)| (*word).to_owned()).collect();
        // They are judged as far as the person is concerned; what is composed next says the rest.
        for one in &mut self.composed {
            one.holds.retain(|hold| !matches!(hold, Hold::Unjudged { word, .. } if meant.contains(word)));
        }
        self.word = self.word.min(self.unjudged().len().saturating_sub(1));
        self.seek();
        Some((meant, judgement))
    }
}

/// The look of a line of a payload.
fn token(line: &str) -> Token {
    match line.chars().next() {
        Some('#') => Token::Accent,
        Some('┌' | '└') => Token::Quote,
        _ => Token::Text,
    }
}
