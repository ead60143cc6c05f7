//! What is said aloud of what happens: every text once, in order, labelled with its pane and author.

use std::collections::BTreeMap;

use super::prose::prose;
use crate::engine::brief::{About, Return, State};
use crate::engine::event::Event;
use crate::engine::failure::Failure;
use crate::engine::id::{ConversationId, TurnId};
use crate::engine::message::{Author, Ending, Interruption, Message};
use crate::engine::update::{Delta, Stream, Update};
use crate::engine::whereabouts::Reason;
use crate::tui::app::App;
use crate::tui::text::sanitise::{one_line, sanitise};
use crate::tui::transcript::seam::{carried, written_by};

/// The lines that are to be written, and what was said of each conversation.
#[derive(Debug, Default)]
pub(super) struct Speech {
    /// Lines that wait to be written; safe to show.
    lines: Vec<String>,
    heard: BTreeMap<ConversationId, Heard>,
    /// Messages that were written here: the terminal shows them already.
    own: Vec<String>,
}

/// One conversation's answers, as far as they came and were said.
#[derive(Debug, Default)]
struct Heard {
    turn: Option<TurnId>,
    text: String,
    /// How much of the text was said, in bytes.
    said: usize,
    in_code: bool,
    /// Answers that ended, and briefs and reports that came, while nobody listened: what each is, and its text.
    unheard: Vec<(String, String)>,
}

impl Speech {
    /// Takes the lines that are to be written.
    pub(super) fn take(&mut self) -> Vec<String> {
        std::mem::take(&mut self.lines)
    }

    /// Says a sentence of ours.
    pub(super) fn say(&mut self, text: &str) {
        self.lines.extend(sanitise(text).lines().map(ToOwned::to_owned));
    }

    /// Remembers what is sent from here, so that it is not said again.
    pub(super) fn sends(&mut self, text: &str) {
        self.own.push(text.to_owned());
    }

    /// Says what is to be said of an update; the app has folded it already.
    pub(super) fn hear(&mut self, app: &App, update: &Update) {
        match update {
            Update::Delta(delta) => self.hear_delta(app, delta),
            Update::Event { fact, .. } => self.hear_event(app, fact),
            // The app keeps it as a notice of its pane.
            Update::Notice { .. } => {}
        }
    }

    fn hear_delta(&mut self, app: &App, delta: &Delta) {
        if delta.stream != Stream::Text {
            return;
        }
        let heard = self.heard.entry(delta.conversation).or_default();
        if heard.turn != Some(delta.turn) {
            *heard = Heard { turn: Some(delta.turn), unheard: std::mem::take(&mut heard.unheard), ..Heard::default() };
        }
        // A piece that doesn't follow on comes again, whole, with the answer's end.
        if delta.offset == heard.text.len() {
            heard.text.push_str(&delta.text);
        }
        if is_here(app, delta.conversation) {
            self.say_lines(app, delta.conversation, false);
        }
    }

    /// Says the whole lines of what streams, and its unfinished last one at its end.
    fn say_lines(&mut self, app: &App, id: ConversationId, to_the_end: bool) {
        let Some(heard) = self.heard.get_mut(&id) else { return };
        let rest = heard.text.get(heard.said..).unwrap_or_default();
        let end = if to_the_end { rest.len() } else { speakable(rest, heard.in_code) };
        let is_first = heard.said == 0;
        let mut said: Vec<String> = rest[..end].lines().filter_map(|line| prose(line, &mut heard.in_code)).collect();
        heard.said += end;
        if is_first && let Some(first) = said.first_mut() {
            *first = format!("{}, answer: {first}", pane_name(app, id));
        }
        for line in said {
            self.say(&line);
        }
    }

    fn hear_event(&mut self, app: &App, event: &Event) {
        let Some(id) = event.conversation() else { return };
        match event {
            Event::TurnStarted { .. } => {
                let model = app
                    .conversations
                    .get(&id)
                    .map(|known| one_line(app.models.called(&known.overview.model)).into_owned());
                self.say(&format!("{}: {} is asked.", pane_name(app, id), model.unwrap_or_default()));
            }
            Event::TurnEnded { message, .. } => {
                self.end(app, id, Some(message), &ended(&message.ending));
            }
            Event::TurnFailed { failure, message, .. } => {
                self.end(app, id, message.as_ref(), &failed(failure));
            }
            Event::TurnInterrupted { by, message, .. } => {
                let mut told = stopped(*by).to_owned();
                if message.is_none() && app.conversations.get(&id).is_some_and(|known| known.unanswered().is_some()) {
                    told.push_str(" Your question goes along with the next one.");
                }
                self.end(app, id, message.as_ref(), &told);
            }
            Event::MessageAdded { message } => self.hear_person(app, message),
            Event::ReportHeld { holds, .. } if !holds.is_empty() => {
                self.say(&format!("{}: a report is held. /needs says why.", pane_name(app, id)));
            }
            Event::BriefAdvanced { brief, state: State::Answered { .. }, .. } => {
                let asks = app.briefs.get(*brief).filter(|brief| brief.returns == Return::Ask);
                if let Some(brief) = asks {
                    let (from, number) = (pane_name(app, brief.to), brief.number);
                    self.say(&format!("report {number} from {from} waits until you take it. /needs lists it."));
                }
            }
            Event::LocalityChanged { locality, .. } => {
                self.say(&format!("{}: {locality} from now on.", pane_name(app, id)));
            }
            Event::ModelChosen { model, .. } => {
                self.say(&format!("{}: {} answers from now on.", pane_name(app, id), one_line(&model.to_string())));
            }
            Event::Moved { moved, .. } if moved.reason != Reason::Carried => {
                self.say(&format!("{}: {}. /move moves back.", pane_name(app, id), one_line(&moved.told())));
            }
            Event::HandoffBegan { .. } => {
                self.say(&format!("{}: a handoff is being written. What you send now goes along.", pane_name(app, id)));
            }
            Event::HandedOff { handoff, .. } => {
                self.say(&format!(
                    "{}, handoff {}: {}; {} tokens before, {} after. {}. /document reads it, /undo goes back.",
                    pane_name(app, id),
                    handoff.number,
                    written_by(&handoff.by),
                    handoff.before,
                    handoff.after,
                    carried(handoff).join(", ")
                ));
            }
            Event::ConversationStarted { predecessor: Some(_), .. } => {}
            Event::ConversationStarted { .. } => {
                self.say(&format!("{}: a new conversation.", pane_name(app, id)));
            }
            _ => {}
        }
    }

    /// A message that somebody else sent into this workspace, or a command.
    fn hear_person(&mut self, app: &App, message: &Message) {
        let text = message.text();
        if let Some(at) = self.own.iter().position(|own| *own == text) {
            self.own.remove(at);
            return;
        }
        let id = message.conversation;
        // What is carried over a seam was said before it.
        let before = app.conversations.get(&id).and_then(|known| app.conversations.get(&known.overview.predecessor?));
        let is_carried = before.is_some_and(|before| before.overview.succession.underway.is_some());
        let name = pane_name(app, id);
        match message.about {
            _ if is_carried => {}
            Some(About::Brief { .. } | About::Report { .. }) if is_here(app, id) => {
                self.read_aloud(&label(&name, message), &text);
            }
            Some(About::Brief { .. } | About::Report { .. }) => {
                let what = message.writer();
                self.heard.entry(id).or_default().unheard.push((what.to_owned(), text));
                let number = number_of(app, &name);
                self.say(&format!("{name}: a {what} has come. /{number} goes there."));
            }
            _ if is_here(app, id) => self.say(&format!("{name}, you: {text}")),
            _ => {}
        }
    }

    fn end(&mut self, app: &App, id: ConversationId, message: Option<&Message>, how: &str) {
        let text = message.map(Message::text).unwrap_or_default();
        let heard = self.heard.entry(id).or_default();
        // What was said stays said, where the answer begins with it.
        if text.get(..heard.said) != heard.text.get(..heard.said) {
            heard.said = 0;
        }
        heard.text = text;
        let name = pane_name(app, id);
        if is_here(app, id) {
            self.say_lines(app, id, true);
            self.say(&format!("{name} {how}"));
        } else {
            let rest = heard.text.get(heard.said..).unwrap_or_default().to_owned();
            if !rest.trim().is_empty() {
                heard.unheard.push(("answer".to_owned(), rest));
            }
            let number = number_of(app, &name);
            self.say(&format!("{name} {how} /{number} goes there."));
        }
        if let Some(heard) = self.heard.get_mut(&id) {
            *heard = Heard { unheard: std::mem::take(&mut heard.unheard), ..Heard::default() };
        }
    }

    /// Says what came in the focused pane while nobody listened.
    pub(super) fn catch_up(&mut self, app: &App) {
        let Some(pane) = app.focused_pane() else { return };
        let id = pane.conversation;
        let unheard = self.heard.get_mut(&id).map(|heard| std::mem::take(&mut heard.unheard)).unwrap_or_default();
        for (what, text) in &unheard {
            self.read_aloud(&format!("{}, {what}: ", one_line(&pane.name)), text);
        }
        self.say_lines(app, id, false);
    }

    /// Reads a text with a label before its first line.
    pub(super) fn read_aloud(&mut self, label: &str, text: &str) {
        let mut in_code = false;
        let mut said: Vec<String> = text.lines().filter_map(|line| prose(line, &mut in_code)).collect();
        if said.is_empty() {
            said.push("nothing.".to_owned());
        }
        said[0] = format!("{label}{}", said[0]);
        for line in said {
            self.say(&line);
        }
    }
}

/// How much of a text that streams can be said: its whole lines, and the whole sentences of its last one.
fn speakable(text: &str, in_code: bool) -> usize {
    let line = text.rfind('\n').map_or(0, |newline| newline + 1);
    let last = &text[line..];
    // Whether a block of code began in between isn't known yet, and a row of a table is read as one.
    if in_code || text.contains("```") || text.contains("~~~") || last.trim_start().starts_with('|') {
        return line;
    }
    let mut end = 0;
    let mut before = ['\0'; 2];
    for (at, char) in last.char_indices() {
        // `1. ` and `e.g. ` end no sentence worth a pause of its own.
        if char == ' ' && matches!(before[1], '.' | '?' | '!') && before[0].is_alphabetic() && at > 24 {
            end = at + 1;
        }
        before = [before[1], char];
    }
    line + end
}

fn is_here(app: &App, id: ConversationId) -> bool {
    app.focused_pane().is_some_and(|pane| pane.conversation == id)
}

/// The name of the pane that shows a conversation, or in which it was begun.
pub(super) fn pane_name(app: &App, id: ConversationId) -> String {
    let shown = app.showing(id).map(|pane| pane.name.as_str());
    let begun = || app.conversations.get(&id).map(|known| known.overview.pane.as_str());
    one_line(shown.or_else(begun).unwrap_or("a pane")).into_owned()
}

/// The number by which a pane is gone to.
fn number_of(app: &App, name: &str) -> usize {
    app.open_panes().iter().position(|pane| **pane == name).map_or(0, |at| at + 1)
}

fn ended(ending: &Ending) -> String {
    match ending {
        Ending::Complete => "has finished.".to_owned(),
        Ending::Length => "was cut off at the model's longest answer. /continue asks again.".to_owned(),
        Ending::Refused => "refused to answer.".to_owned(),
        Ending::Interrupted { by } => stopped(*by).to_owned(),
        Ending::Failed { failure } => failed(failure),
    }
}

fn failed(failure: &Failure) -> String {
    format!("has failed: {} /continue asks again.", one_line(&failure.message))
}

const fn stopped(by: Interruption) -> &'static str {
    match by {
        Interruption::Person => "was stopped. /continue asks again.",
        Interruption::Shutdown => "was stopped because the program ends.",
        Interruption::Crash => "was interrupted. /continue asks again.",
    }
}

/// Who wrote a message, as a label.
pub(super) fn label(pane: &str, message: &Message) -> String {
    let author = match message.author {
        Author::Person => message.writer(),
        Author::Model => "answer",
    };
    format!("{}, {author}: ", one_line(pane))
}

#[cfg(test)]
mod tests {
    use super::speakable;

    #[test]
    fn whole_lines_and_whole_sentences_are_said_while_more_comes() {
        let said = |text: &'static str| &text[..speakable(text, false)];
        assert_eq!(said("one\ntwo"), "one\n");
        assert_eq!(said("The offers differ in the term. And in"), "The offers differ in the term. ");
        assert_eq!(said("1. The first of"), "");
        assert_eq!(said("| a vendor | is asked for what it costs. And"), "");
        assert_eq!(speakable("let is_longer_than_that = 1; // yes. No", true), 0);
    }
}
