//! Briefs by words: composed, told, judged, sent. Nothing goes before somebody has said so.

use super::Flat;
use crate::engine::brief::{Hold, Quote};
use crate::engine::redaction::Judgement;
use crate::engine::settings::PaneName;
use crate::tui::dialog::BriefComposer;
use crate::tui::event_loop::now;
use crate::tui::text::sanitise::one_line;

const USAGE: &str = "Write /brief, a pane, and what it shall do: /brief drafting One page on the prices. The last answer here \
                     goes along; /brief drafting m3 m5 and what it shall do takes these messages, none takes nothing.";

impl Flat<'_> {
    /// `/brief` and what follows it.
    pub(super) fn brief(&mut self, words: &str) {
        let (first, rest) = words.split_once(char::is_whitespace).unwrap_or((words, ""));
        let rest = rest.trim();
        match (first, rest) {
            ("", _) => self.resume_brief(),
            ("send" | "read" | "drop" | "mask" | "keep" | "undo" | "out", _) => self.with_brief(first, rest),
            _ => self.compose(first, rest),
        }
    }

    /// Tells the brief in hand, or the one that waits here; without one, how to compose one.
    fn resume_brief(&mut self) {
        if self.app.brief_in_hand().is_none() {
            let commands = self.app.take_brief_in_hand(now());
            self.run(commands);
        }
        if self.app.brief_in_hand().is_none() {
            return self.speech.say(USAGE);
        }
        self.brief_told.clear();
        self.tell_brief();
    }

    fn with_brief(&mut self, word: &str, rest: &str) {
        if self.app.brief_in_hand().is_none() {
            let commands = self.app.take_brief_in_hand(now());
            self.run(commands);
        }
        if self.app.brief_in_hand().is_none() {
            return self.speech.say(&format!("There is no brief in hand. {USAGE}"));
        }
        let commands = match word {
            "send" => self.app.send_brief_in_hand(now()),
            "drop" => self.app.drop_brief_in_hand(now()),
            "read" => return self.read_brief(),
            "undo" if self.app.brief_in_hand().is_some_and(BriefComposer::may_unjudge) => {
                self.brief_told.clear();
                self.app.judge_brief_anew(now())
            }
            "undo" => return self.speech.say("Nothing was judged here that could be undone."),
            _ if rest.is_empty() => return self.speech.say(&format!("Write /brief {word} and the name.")),
            "mask" => self.app.judge_for_brief(&self.meant(rest), Judgement::Mask, now()),
            "keep" => self.app.judge_for_brief(&self.meant(rest), Judgement::Keep, now()),
            _ => self.app.let_brief_out(rest, now()),
        };
        self.run(commands);
        self.say_told_of_brief();
    }

    /// The names that are judged: this one, or all that nobody has judged.
    fn meant(&self, word: &str) -> Vec<String> {
        let unjudged = self.app.brief_in_hand().map(|composer| composer.preview.unjudged()).unwrap_or_default();
        if word != "all" {
            return vec![word.to_owned()];
        }
        unjudged.into_iter().map(|(word, _)| word.to_owned()).collect()
    }

    fn compose(&mut self, to: &str, rest: &str) {
        let to = match self.panes_of(to) {
            Ok(to) => to,
            Err(unknown) => {
                self.no_pane(&unknown);
                return self.speech.say(USAGE);
            }
        };
        let here = self.app.focused.clone();
        if to.contains(&here) {
            return self.speech.say("A brief goes to another pane than this one.");
        }
        if self.app.has_unsent_brief(&here) {
            return self
                .speech
                .say("A brief waits here unsent: /brief tells it, /brief send sends it, /brief drop puts it away.");
        }
        let (quotes, objective) = match self.quoted(rest) {
            Ok(parsed) => parsed,
            Err(unknown) => {
                let told = format!("There is no message {} that is loaded. /last reads answers.", one_line(&unknown));
                return self.speech.say(&told);
            }
        };
        if objective.is_empty() {
            return self.speech.say(USAGE);
        }
        self.brief_told.clear();
        let commands = self.app.compose(&to, objective, quotes, now());
        self.run(commands);
    }

    /// The messages that stand before the objective, and the objective: `m3 drafting/m5 One page …`.
    fn quoted<'t>(&self, words: &'t str) -> Result<(Option<Vec<Quote>>, &'t str), String> {
        let (mut quotes, mut left) = (None, words.trim());
        loop {
            let (word, rest) = left.split_once(char::is_whitespace).unwrap_or((left, ""));
            if word == "none" {
                quotes.get_or_insert_with(Vec::new);
            } else {
                let (pane, id) = match word.rsplit_once('/') {
                    Some((pane, id)) => (self.named(pane), id),
                    None => (Some(self.app.focused.clone()), word),
                };
                let number = id.strip_prefix('m').and_then(|number| number.parse().ok());
                let Some((pane, number)) = pane.zip(number) else { return Ok((quotes, left)) };
                let quote = self.app.quotation(&pane, number).ok_or_else(|| word.to_owned())?;
                quotes.get_or_insert_with(Vec::new).push(quote);
            }
            left = rest.trim_start();
        }
    }

    /// Says what the brief in hand would be, once for what is news.
    pub(super) fn tell_brief(&mut self) {
        let told = self.brief_lines();
        if told.is_empty() || told == self.brief_told {
            return;
        }
        for line in &told {
            self.speech.say(line);
        }
        self.brief_told = told;
    }

    /// What is told of the brief in hand; nothing before the engine has composed it.
    fn brief_lines(&self) -> Vec<String> {
        let Some(composer) = self.app.brief_in_hand() else { return Vec::new() };
        let preview = &composer.preview;
        let to: Vec<&PaneName> = composer.receivers.marked().map(|receiver| &receiver.pane).collect();
        let to = to.into_iter().map(|pane| one_line(pane).into_owned()).collect::<Vec<_>>().join(", ");
        let objective = composer.objective.text();
        let head = format!("brief from {} to {to}: {}", one_line(&composer.origin), one_line(objective.trim()));
        if let Some(why) = &preview.refusal {
            let mut lines = vec![head, why.clone()];
            lines.extend(composer.sealed.iter().map(|name| {
                let name = one_line(name);
                format!("/brief out {name} lets this one brief out of it, masked; the journal keeps that.")
            }));
            return lines;
        }
        let Some(shown) = preview.shown() else { return Vec::new() };
        let quoted: Vec<String> = composer
            .material
            .rows
            .iter()
            .filter(|row| row.is_marked)
            .map(|row| format!("{} message {}", one_line(&row.listed.pane), row.listed.number))
            .collect();
        let along =
            if quoted.is_empty() { "nothing goes along".to_owned() } else { format!("quotes {}", quoted.join(", ")) };
        let mut lines = vec![format!("{head}. {} tokens, {along}.", shown.tokens)];
        for one in &shown.replaced {
            let times = if one.times == 1 { "once".to_owned() } else { format!("{} times", one.times) };
            lines.push(format!("{} goes as {}, {times}.", one_line(&one.value), one_line(&one.pseudonym)));
        }
        for (word, place) in preview.unjudged() {
            let word = one_line(word);
            lines.push(format!(
                "{word}, in {}, is not judged: /brief mask {word}, or /brief keep {word}.",
                one_line(place)
            ));
        }
        if preview.unjudged().len() > 1 {
            lines.push(
                "/brief mask all, or /brief keep all, judges all that are left; /brief undo undoes it.".to_owned(),
            );
        }
        lines.extend(preview.holds().into_iter().map(Hold::to_string));
        let may_go = preview.composed.iter().all(|one| one.holds.is_empty());
        let send = if may_go { "/brief send sends it, " } else { "It can't go yet. " };
        lines.push(format!("{send}/brief read reads it whole, /brief drop puts it away."));
        lines
    }

    fn read_brief(&mut self) {
        let payload =
            self.app.brief_in_hand().and_then(|composer| composer.preview.shown()).map(|shown| &shown.payload);
        match payload.cloned() {
            Some(payload) => self.speech.read_aloud("what it will read, ", &payload),
            None => self.speech.say("It is still being composed."),
        }
    }

    /// Says what stops the brief in hand, if something does.
    pub(super) fn say_told_of_brief(&mut self) {
        if let Some(told) = self.app.take_told_of_brief() {
            self.speech.say(&told);
        }
    }
}
