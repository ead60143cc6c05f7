//! What each written line does, and what is said to it.

use super::Flat;
use super::speech::label;
use super::word::{self, WORDS, Word};
use crate::engine::message::{Author, Message};
use crate::engine::op::Hit;
use crate::engine::settings::PaneName;
use crate::tui::app::message::Command;
use crate::tui::app::{Action, Badge, Offer};
use crate::tui::event_loop::now;
use crate::tui::text::sanitise::one_line;

impl Flat<'_> {
    /// What is said first.
    pub(super) fn greet(&mut self) {
        let count = self.app.open_panes().len();
        let panes = if count == 1 { "1 pane".to_owned() } else { format!("{count} panes") };
        let title = one_line(&self.app.settings.title).into_owned();
        let named = if title.is_empty() { String::new() } else { format!(", {title}") };
        self.speech.say(&format!("Trialogue{named}: {panes}. Write a message and press Enter. /help reads the words."));
        self.tell_panes();
        self.tell_ready();
    }

    /// Takes a line. One that ends in a backslash goes on in the next.
    pub(super) fn line(&mut self, line: &str) {
        let line = line.trim_end_matches('\r');
        if let Some(begun) = line.strip_suffix('\\') {
            self.unfinished.push_str(begun);
            self.unfinished.push('\n');
            return;
        }
        let whole = std::mem::take(&mut self.unfinished) + line;
        let word = word::read(&whole, &self.app.keymap);
        self.follow(word);
    }

    fn follow(&mut self, word: Word) {
        match word {
            Word::Nothing => {}
            Word::Say(text) => {
                let here = self.app.focused.clone();
                self.send(&[here], &text);
            }
            Word::Send => self.send_ready(),
            Word::Help => {
                for (word, told) in WORDS {
                    self.speech.say(&format!("{word}: {told}."));
                }
                self.speech.say("A line that ends in a backslash goes on in the next. Ctrl-C stops the answer here.");
            }
            Word::Panes => self.tell_panes(),
            Word::Go(pane) => self.go(&pane),
            Word::Last(back) => self.tell_last(back),
            Word::Where => self.tell_where(),
            Word::Ask(text) => self.ask(&text),
            Word::Gather(from) => self.gather(&from),
            Word::Model(wanted) => {
                self.models_wanted = Some(wanted);
                self.run(vec![Command::Discover]);
            }
            Word::Search(words) if words.is_empty() => self.speech.say("Write /search and the words to look for."),
            Word::Search(words) => {
                let commands = self.app.search_all(&words);
                self.run(commands);
            }
            Word::HandOff => {
                let commands = self.app.hand_off(now());
                self.run(commands);
            }
            Word::Document => self.tell_document(),
            Word::Brief(words) => self.brief(&words),
            Word::Needs(words) => self.needs(&words),
            Word::Trace(wanted) => self.trace(&wanted),
            Word::Locality(words) => self.locality(&words),
            Word::Act(action) => self.act(action),
            Word::Quit => self.quit(),
            Word::Unknown(word) => {
                self.speech.say(&format!("/{} means nothing here. /help reads the words.", one_line(&word)));
            }
        }
    }

    fn act(&mut self, action: Action) {
        let before = self.app.focused.clone();
        let commands = self.app.act(action, now());
        self.run(commands);
        if self.app.focused != before {
            self.arrive();
        } else if action == Action::TakeBack {
            self.tell_ready();
        }
    }

    /// Ctrl-C: stops the answer here; where nothing runs, says how to leave.
    pub(super) fn interrupt(&mut self) {
        let runs = self
            .app
            .shown(&self.app.focused)
            .is_some_and(|shown| shown.overview.turn.is_some() || shown.overview.succession.underway.is_some());
        if runs {
            self.act(Action::Stop);
        } else {
            self.speech.say("Nothing runs here. /quit leaves.");
        }
    }

    fn quit(&mut self) {
        let running = self.app.running();
        if running > 0 {
            self.speech.say(&format!("{running} still answering: stopped, what came is kept."));
        }
        self.message(crate::tui::app::Message::Shutdown);
    }

    fn send(&mut self, panes: &[PaneName], text: &str) {
        for _ in panes {
            self.speech.sends(text);
        }
        let commands = self.app.send_text(panes, text, now());
        self.run(commands);
        self.tell_waiting(panes);
    }

    /// What was sent to a pane that answers waits there.
    fn tell_waiting(&mut self, panes: &[PaneName]) {
        let waits = |name: &&PaneName| self.app.pane(name).is_some_and(|pane| !pane.waiting.is_empty());
        let told: Vec<String> = panes.iter().filter(waits).map(|name| one_line(name).into_owned()).collect();
        for name in told {
            self.speech.say(&format!(
                "{name} is still answering: your message waits, and goes when that has ended. There, /take-back takes it back."
            ));
        }
    }

    /// Sends what stands in the composer: what was offered, what came back, a draft of another day.
    fn send_ready(&mut self) {
        let text = self.app.focused_pane().map(|pane| pane.composer.text()).unwrap_or_default();
        if text.trim().is_empty() {
            self.speech.say("Nothing stands ready here.");
            return;
        }
        self.speech.sends(&text);
        let here = self.app.focused.clone();
        let commands = self.app.act(Action::Send, now());
        self.run(commands);
        self.tell_waiting(&[here]);
    }

    pub(super) fn go(&mut self, wanted: &str) {
        match self.named(wanted) {
            Some(pane) => {
                let commands = self.app.go(&pane, now());
                self.run(commands);
                self.arrive();
            }
            None => self.no_pane(wanted),
        }
    }

    fn arrive(&mut self) {
        let pane = self.app.focused.clone();
        let number = self.app.open_panes().iter().position(|known| **known == pane).map_or(0, |at| at + 1);
        let line = self.pane_line(number, &pane);
        self.speech.say(&line);
        self.speech.catch_up(&self.app);
        self.tell_ready();
    }

    /// What stands in the composer and would be sent by `/send`.
    fn tell_ready(&mut self) {
        let Some(pane) = self.app.focused_pane() else { return };
        let text = pane.composer.text();
        if !text.trim().is_empty() {
            let name = one_line(&pane.name).into_owned();
            self.speech.say(&format!("{name}, ready to send: {text}"));
            self.speech.say("/send sends it; what you write goes in its place.");
        }
    }

    fn tell_panes(&mut self) {
        let panes: Vec<PaneName> = self.app.open_panes().into_iter().cloned().collect();
        for (at, pane) in panes.iter().enumerate() {
            let mut line = self.pane_line(at + 1, pane);
            if *pane == self.app.focused {
                line.push_str(" You are here.");
            }
            self.speech.say(&line);
        }
    }

    /// `2 drafting, guarded, openai/gpt-5: 2 answers unread.`
    fn pane_line(&self, number: usize, name: &str) -> String {
        let Some((pane, shown)) = self.app.pane(name).zip(self.app.shown(name)) else { return String::new() };
        let overview = &shown.overview;
        let state = match (&overview.turn, pane.badge) {
            (Some(_), _) if !pane.waiting.is_empty() => format!("answering, {} more to answer", pane.waiting.len()),
            (Some(_), _) => "answering".to_owned(),
            (None, Some(Badge::Reported(1))) => "1 report unread".to_owned(),
            (None, Some(Badge::Reported(count))) => format!("{count} reports unread"),
            (None, Some(Badge::Done(1))) => "1 answer unread".to_owned(),
            (None, Some(Badge::Done(count))) => format!("{count} answers unread"),
            (None, Some(Badge::Failed)) => "failed".to_owned(),
            (None, Some(Badge::NeedsYou)) => "needs you".to_owned(),
            (None, None) if shown.total() == 0 => "empty".to_owned(),
            (None, None) => format!("{} messages", shown.total()),
        };
        let model = one_line(&overview.model.to_string()).into_owned();
        format!("{number} {}, {}, {model}: {state}.", one_line(name), overview.settings.locality)
    }

    fn tell_last(&mut self, back: usize) {
        let Some(pane) = self.app.focused_pane() else { return };
        let answers = |message: &&std::rc::Rc<Message>| message.author == Author::Model;
        let shown = self.app.shown(&pane.name);
        let known = shown.and_then(|shown| shown.messages.iter().rev().filter(answers).nth(back - 1).cloned());
        match known {
            Some(message) => self.speech.read_aloud(&label(&pane.name, &message), &message.text()),
            None => self.speech.say("There is no such answer here."),
        }
    }

    /// The document that the context here began with.
    fn tell_document(&mut self) {
        let name = one_line(&self.app.focused).into_owned();
        let Some(shown) = self.app.shown(&self.app.focused) else { return };
        let Some(handoff) = &shown.overview.succession.received else {
            return self.speech.say(&format!("{name} was not handed off: it began here."));
        };
        let label = format!("{name}, handoff {}: ", handoff.number);
        match shown.message(0).map(|message| message.text()) {
            Some(text) => self.speech.read_aloud(&label, &text),
            None => self.speech.say("The document isn't loaded: the talk since is long. `trialogue show` prints it."),
        }
    }

    fn tell_where(&mut self) {
        let name = self.app.focused.clone();
        let Some(shown) = self.app.shown(&name) else { return };
        let overview = &shown.overview;
        let model = one_line(&overview.model.to_string()).into_owned();
        let place = if self.app.settings.is_local(&overview.model.provider) { "local" } else { "cloud" };
        let gauge = overview.gauge(&self.app.settings);
        let full = match gauge.room.zip(gauge.fill()) {
            Some((room, fill)) => format!("{:.0} percent of {} tokens full", fill * 100.0, room.window),
            None => format!("{} tokens of a window that nobody has told", gauge.tokens),
        };
        let told = format!(
            "{}: a message goes to {model}, {place}, {}. The context is {full}. Spent here: {}, in all panes: {}.",
            one_line(&name),
            overview.settings.locality,
            overview.spend,
            self.app.spend()
        );
        self.speech.say(&told);
    }

    /// `1 3: a question`, `all: a question`.
    fn ask(&mut self, text: &str) {
        let Some((panes, question)) = text.split_once(':').filter(|(_, question)| !question.trim().is_empty()) else {
            self.speech
                .say("Write /ask, the panes' numbers, a colon, and the question; or /ask all: and the question.");
            return;
        };
        match self.panes_of(panes) {
            Ok(panes) => self.send(&panes, question.trim()),
            Err(unknown) => self.no_pane(&unknown),
        }
    }

    fn gather(&mut self, from: &str) {
        let into = self.app.focused.clone();
        let is_all = from.is_empty() || from.trim() == "all";
        let from = match self.panes_of(if is_all { "all" } else { from }) {
            // A guarded answer is gathered where it is named: an unknown name in it would hold the others too.
            Ok(from) => from.into_iter().filter(|pane| *pane != into && (!is_all || self.app.is_open(pane))).collect(),
            Err(unknown) => return self.no_pane(&unknown),
        };
        let from: Vec<PaneName> = from;
        let commands = self.app.bring_from(&into, &from, now());
        if commands.is_empty() {
            self.speech.say("Nothing to gather: the others have no answer, or their text stays in its pane.");
            return;
        }
        self.run(commands);
        self.tell_ready();
    }

    /// The panes that were named: numbers, names, or `all`.
    pub(super) fn panes_of(&self, named: &str) -> Result<Vec<PaneName>, String> {
        if named.trim() == "all" {
            return Ok(self.app.open_panes().into_iter().cloned().collect());
        }
        let words = named.split([' ', ',']).filter(|word| !word.is_empty());
        words.map(|word| self.named(word).ok_or_else(|| word.to_owned())).collect()
    }

    pub(super) fn named(&self, wanted: &str) -> Option<PaneName> {
        let panes = self.app.open_panes();
        let by_number = wanted.parse::<usize>().ok().and_then(|number| panes.get(number.checked_sub(1)?).copied());
        let by_name = || panes.iter().copied().find(|name| name.eq_ignore_ascii_case(wanted));
        by_number.or_else(by_name).cloned()
    }

    pub(super) fn no_pane(&mut self, wanted: &str) {
        self.speech.say(&format!("There is no pane {}. /panes lists them.", one_line(wanted)));
    }

    /// Lists the models, or uses the one that was asked for.
    pub(super) fn tell_models(&mut self, wanted: &str) {
        let offers = self.app.offered_models();
        if wanted.is_empty() {
            for (at, offer) in offers.iter().enumerate() {
                self.speech.say(&model_line(at + 1, offer));
            }
            self.speech.say("/model and a number uses one here.");
            return;
        }
        let by_number = wanted.parse::<usize>().ok().and_then(|number| offers.get(number.checked_sub(1)?));
        let Some(offer) = by_number.or_else(|| offers.iter().find(|offer| offer.model.to_string() == wanted)) else {
            self.speech.say(&format!("There is no model {}. /model lists them.", one_line(wanted)));
            return;
        };
        if let Some(setup) = &offer.setup {
            self.speech.say(setup);
            return;
        }
        let pane = self.app.focused.clone();
        let commands = self.app.use_model(&pane, &offer.model.clone(), now());
        self.run(commands);
    }

    pub(super) fn tell_hits(&mut self, query: &str, hits: &[Hit]) {
        if hits.is_empty() {
            self.speech.say(&format!("Nothing has these words: {}", one_line(query)));
        }
        for hit in hits {
            let snippet = one_line(&hit.snippet).into_owned();
            self.speech.say(&format!("{}, message {}: {snippet}", one_line(&hit.pane), hit.number));
        }
    }
}

/// `2 llama/smollm2, 8192 tokens, local, answers (38 ms)`
fn model_line(number: usize, offer: &Offer) -> String {
    let window = offer.window.map(|window| format!(", {window} tokens")).unwrap_or_default();
    let place = if offer.local { "local" } else { "cloud" };
    let state = if offer.state.is_empty() { String::new() } else { format!(", {}", one_line(&offer.state)) };
    format!("{number} {}{window}, {place}{state}", one_line(&offer.model.to_string()))
}
