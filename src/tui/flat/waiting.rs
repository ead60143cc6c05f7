//! What waits for the person, where it came from, and where text may go: by words.

use super::Flat;
use crate::engine::brief::{Lineage, LineageLine, LineageOf, Told};
use crate::engine::op::{BriefDeed, LocalityChange};
use crate::engine::redaction::Judgement;
use crate::engine::settings::Locality;
use crate::tui::dialog::Need;
use crate::tui::event_loop::now;
use crate::tui::text::sanitise::one_line;
use crate::tui::transcript::message::time;

impl Flat<'_> {
    /// `/needs`, and a number of its list with what is to be done.
    pub(super) fn needs(&mut self, words: &str) {
        let mut words = words.split_whitespace();
        let Some(number) = words.next() else { return self.list_needs() };
        let need = number.parse::<usize>().ok().and_then(|number| self.needs_told.get(number.checked_sub(1)?)).cloned();
        let Some(need) = need else {
            return self.speech.say(&format!("There is no number {} in the list. /needs reads it.", one_line(number)));
        };
        let still = self.app.what_waits().into_iter().find(|one| (&one.name, &one.pane) == (&need.name, &need.pane));
        match still {
            Some(need) => {
                let word = words.next().unwrap_or_default();
                self.see_to(&need, word, words.next() == Some("all"));
            }
            None => self.speech.say("That waits no longer. /needs reads what does."),
        }
    }

    fn list_needs(&mut self) {
        self.needs_told = self.app.what_waits();
        if self.needs_told.is_empty() {
            return self.speech.say("Nothing waits for you.");
        }
        for (at, need) in self.needs_told.clone().iter().enumerate() {
            self.speech.say(&need_line(at + 1, need));
        }
    }

    fn see_to(&mut self, need: &Need, word: &str, is_all: bool) {
        let Some(brief) = &need.brief else {
            return match word {
                "" | "go" => self.go_to_need(need),
                _ => self.speech.say("Only /needs and its number does something here: it goes there."),
            };
        };
        let id = brief.brief;
        let words = if is_all { &brief.words[..] } else { brief.words.get(..1).unwrap_or_default() };
        let commands = match (word, brief.deed) {
            ("", Some((deed, _))) => self.app.see_to_brief(id, deed, now()),
            ("", None) | ("go", _) => return self.go_to_need(need),
            ("decline", _) if brief.can_decline => self.app.see_to_brief(id, BriefDeed::Decline, now()),
            ("back", _) => self.app.see_to_brief(id, BriefDeed::Cancel, now()),
            ("trace", _) => self.app.trace_of(LineageOf::Brief { brief: id }, now()),
            ("mask", _) if !words.is_empty() => self.app.judge_names(words, Judgement::Mask, now()),
            ("keep", _) if !words.is_empty() => self.app.judge_names(words, Judgement::Keep, now()),
            _ => return self.speech.say(&format!("{} means nothing there. /needs says what does.", one_line(word))),
        };
        self.run(commands);
    }

    fn go_to_need(&mut self, need: &Need) {
        self.go(&need.pane);
        if need.is_draft {
            self.brief("");
        }
    }

    /// `/trace`, with a message's or a brief's number.
    pub(super) fn trace(&mut self, wanted: &str) {
        let here = self.app.focused.clone();
        let of = match wanted.strip_prefix('#') {
            Some(number) => {
                let number = number.parse::<u32>().ok();
                let newest = self.app.briefs.all().filter(|brief| Some(brief.number) == number);
                newest.max_by_key(|brief| brief.version).map(|brief| LineageOf::Brief { brief: brief.id })
            }
            None if wanted.is_empty() => self.app.newest_of_a_brief().map(|message| LineageOf::Message { message }),
            None => {
                let number = wanted.strip_prefix('m').unwrap_or(wanted).parse().ok();
                let quote = number.and_then(|number| self.app.quotation(&here, number));
                quote.map(|quote| LineageOf::Message { message: quote.message })
            }
        };
        match of {
            Some(of) => {
                let commands = self.app.trace_of(of, now());
                self.run(commands);
            }
            None if wanted.is_empty() => {
                self.speech.say("No brief came here or went out from here: there is nothing to trace.");
            }
            None => {
                let told =
                    format!("There is no {} here. /trace m3 traces a message, /trace #1 a brief.", one_line(wanted));
                self.speech.say(&told);
            }
        }
    }

    pub(super) fn tell_lineage(&mut self, lineage: &Lineage) {
        for line in &lineage.lines {
            let told = self.lineage_line(line);
            self.speech.say(&told);
        }
        if lineage.lines.is_empty() {
            self.speech.say("No brief has to do with it: nothing led to it but its pane.");
        }
    }

    /// `brief: #1 research to drafting, sent 10:42`.
    fn lineage_line(&self, line: &LineageLine) -> String {
        let label = if line.told == Told::Brief { "brief" } else { line.label.as_str() };
        let mut told = format!("{label}: {}", spoken(&one_line(&line.text)));
        if let Some(real) = &line.real {
            told.push_str(", which is ");
            told.push_str(&one_line(real));
        }
        if let Some(at) = line.at {
            told.push_str(", ");
            told.push_str(&time(at, &self.app.zone));
        }
        told
    }

    /// `/locality`, a pane, what it shall be, and the name that loosens it.
    pub(super) fn locality(&mut self, words: &str) {
        let mut words: Vec<&str> = words.split_whitespace().collect();
        let pane = match words.first() {
            Some(first) if change(first).is_none() => {
                let Some(pane) = self.named(first) else { return self.no_pane(first) };
                words.remove(0);
                pane
            }
            _ => self.app.focused.clone(),
        };
        let Some(wanted) = words.first() else { return self.tell_locality(&pane) };
        let Some(change) = change(wanted) else {
            return self.speech.say("Write open, guarded, sealed, or file for what workspace.yaml says.");
        };
        let typed = words.get(1).map(|name| (*name).to_owned());
        let commands = self.app.change_locality(&pane, change, typed, now());
        self.run(commands);
    }

    fn tell_locality(&mut self, pane: &str) {
        let Some((name, settings)) = self.app.in_force(pane) else { return };
        let providers = match settings.providers.as_slice() {
            [] => "any provider may be asked".to_owned(),
            names => format!("only {} may be asked", names.join(", ")),
        };
        let means = match settings.locality {
            Locality::Open => "its text crosses to other panes as it is",
            Locality::Guarded => "its text crosses to other panes under pseudonyms",
            Locality::Sealed => "nothing leaves it, and it asks only what runs on this machine",
        };
        let told = format!(
            "{}: {}, {means}; {providers}. /locality and open, guarded or sealed changes it; what loosens takes the pane's \
             name behind it.",
            one_line(name),
            settings.locality
        );
        self.speech.say(&told);
    }
}

/// Marks that are drawn between words, as words.
fn spoken(text: &str) -> String {
    text.replace(" → ", " to ").replace(" · ", ", ")
}

fn change(word: &str) -> Option<LocalityChange> {
    let locality = match word {
        "open" => Locality::Open,
        "guarded" => Locality::Guarded,
        "sealed" => Locality::Sealed,
        "file" => return Some(LocalityChange::File),
        _ => return None,
    };
    Some(LocalityChange::To { locality })
}

/// `1 report #4 from drafting: for research, when you take it. /needs 1 takes it, or go, back, trace.`
fn need_line(number: usize, need: &Need) -> String {
    let mut also: Vec<&str> = Vec::new();
    let does = match &need.brief {
        None if need.is_draft => "goes on with it",
        None => "goes there",
        Some(brief) => {
            if !brief.words.is_empty() {
                also.extend(["mask", "keep"]);
            }
            if brief.words.len() > 1 {
                also.extend(["mask all", "keep all"]);
            }
            if brief.deed.is_some() {
                also.push("go");
            }
            if brief.can_decline {
                also.push("decline");
            }
            also.extend(["back", "trace"]);
            brief.deed.map_or("goes there", |(_, word)| word.strip_prefix("Enter ").unwrap_or(word))
        }
    };
    let also = if also.is_empty() { String::new() } else { format!("; behind the number also {}", also.join(", ")) };
    let (name, told) = (spoken(&one_line(&need.name)), spoken(&one_line(&need.told)));
    format!("{number} {name}: {told}. /needs {number} {does}{also}.")
}
