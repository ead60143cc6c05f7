//! What a sentence is: the section it belongs to, how surely, and what it is worth.

use super::cue::{Cue, Heard};
use super::section::Section;
use super::sentence::{Sentence, Shape};
use super::transcript::Role;
use super::typed::{Kind, Typed, typed};

/// A sentence with everything that was read in it.
#[derive(Debug, Clone)]
pub(crate) struct Reading<'t> {
    /// The sentence.
    pub(crate) sentence: Sentence<'t>,
    /// Who said it.
    pub(crate) role: Role,
    /// Its cues.
    pub(crate) heard: Heard,
    /// Its typed facts.
    pub(crate) typed: Vec<Typed<'t>>,
}

/// A cue of this strength is enough on its own.
const ENOUGH: f32 = 2.0;

/// What isn't a rule may be filed on less: in the wrong section a sentence is still said.
const LIKELY: f32 = 1.5;

/// Openings that sound like a prohibition and are none.
const HARMLESS: &[&str] = &[
    "don't worry",
    "don't know",
    "don't think",
    "don't get me wrong",
    "never mind",
    "don't forget",
    "don't mind",
    "don't have",
    "don't need",
    "don't see",
    "don't remember",
    "don't feel",
    "don't understand",
    "don't really",
    "stop by",
    "stop at",
    "always been",
    "always wanted",
    "always had",
    "don't like",
    "never been",
    "never had",
    "never tried",
    "don't get",
    "not to mention",
    "if not",
    "avoid getting",
    "how do i",
];

impl<'t> Reading<'t> {
    /// Reads a sentence.
    pub(crate) fn of(sentence: Sentence<'t>, role: Role) -> Self {
        // Most of an answer neither speaks of us nor fails, and no cue in it would count.
        let silent = role == Role::Model && !speaks_of_us(sentence.text);
        let heard = if silent { Heard::default() } else { Heard::of(sentence.text) };
        Self { sentence, role, heard, typed: typed(sentence.text) }
    }

    /// The sections this sentence belongs to, the surest first, each with how surely.
    pub(crate) fn sections(&self) -> Vec<(Section, f32)> {
        let mut sections: Vec<(Section, f32)> = [
            (Section::Rules, self.rule()),
            (Section::Rejected, self.rejected()),
            (Section::Decisions, self.decision()),
            (Section::Next, self.next()),
            (Section::Open, self.open()),
        ]
        .into_iter()
        .filter(|(section, sureness)| *sureness >= if *section == Section::Rules { ENOUGH } else { LIKELY })
        .collect();
        sections.sort_by(|a, b| b.1.total_cmp(&a.1));
        if self.is_error() || self.corrects() && sections.first().is_none_or(|(section, _)| *section != Section::Rules)
        {
            sections.insert(0, (Section::Facts, ENOUGH));
        }
        sections
    }

    /// Whether this is a standing order of the person: judged by the sentence alone, so that no later message can undo it.
    pub(crate) fn is_rule(&self) -> bool {
        matches!(self.sections().first(), Some((Section::Rules, _)))
    }

    /// Whether the sentence tells of an error.
    pub(crate) fn is_error(&self) -> bool {
        self.heard.strength(Cue::Error) >= ENOUGH
    }

    /// Whether the sentence replaces a value by another.
    fn corrects(&self) -> bool {
        self.heard.has(Cue::Update)
            && !self.heard.has(Cue::Rule)
            && self.has(Kind::Number)
            && self.next() < ENOUGH
            && self.decision() < ENOUGH
    }

    fn has(&self, kind: Kind) -> bool {
        self.typed.iter().any(|typed| typed.kind == kind)
    }

    fn asks(&self) -> bool {
        self.sentence.text.trim_end().ends_with(['?', '？'])
    }

    fn rule(&self) -> f32 {
        if self.role == Role::Model || !matches!(self.sentence.shape, Shape::Prose | Shape::Item) || self.asks() {
            return 0.0;
        }
        let lower = self.sentence.text.to_lowercase().replace('’', "'");
        let harmless = HARMLESS.iter().filter(|opening| lower.contains(*opening)).count();
        let told = if self.tells_of_self(&lower) { 1.5 } else { 0.0 };
        (harmless as f32).mul_add(-2.0, self.heard.strength(Cue::Rule)) - told
    }

    /// Whether "never" and "always" describe the speaker's life and order nothing.
    fn tells_of_self(&self, lower: &str) -> bool {
        const SUBJECTS: &[&str] = &[
            "i never",
            "i always",
            "i've never",
            "i've always",
            "we never",
            "we always",
            "i've ever",
            "i ever",
            "it never",
            "she always",
            "he always",
        ];
        SUBJECTS.iter().any(|subject| lower.contains(subject)) || self.heard.strength(Cue::Past) > 1.0
    }

    fn rejected(&self) -> f32 {
        let question = if self.asks() { 2.0 } else { 0.0 };
        self.tempered(self.heard.strength(Cue::Rejected)) - question
    }

    fn decision(&self) -> f32 {
        let cues = self.heard.strength(Cue::Decision);
        if cues < 1.0 || self.asks() {
            return 0.0;
        }
        let maybe = if self.heard.has(Cue::Maybe) { 1.0 } else { 0.0 };
        let refused = if self.heard.strength(Cue::Rejected) >= cues { 1.0 } else { 0.0 };
        self.tempered(cues + self.heard.strength(Cue::Reason).min(1.0) - maybe - refused)
    }

    fn next(&self) -> f32 {
        let cues = self.heard.strength(Cue::Next);
        let dated = if self.has(Kind::Date) { 0.5 } else { 0.0 };
        let cues = cues + if self.obliges_somebody() { 1.0 + dated } else { 0.0 };
        let asks = if self.heard.has(Cue::Request) { 2.0 } else { 0.0 };
        if cues < 1.0 { 0.0 } else { self.tempered(cues + dated - asks) }
    }

    /// Whether somebody who is named has to do something.
    fn obliges_somebody(&self) -> bool {
        const DUTIES: &[&str] = &[
            "will ",
            "needs to ",
            "has to ",
            "should ",
            "must ",
            "is going to ",
            "is supposed to ",
            "is meant to ",
            "is to ",
            "gets to ",
            "ought to ",
            "promised to ",
            "wants to ",
            "plans to ",
            "to ",
            "can ",
            "shall ",
            "is due to ",
            "agreed to ",
            "handles ",
            "takes ",
        ];
        let mut names = self.typed.iter().filter(|typed| typed.kind == Kind::Name);
        names.any(|name| {
            let after = self.sentence.text[name.at + name.text.len()..].trim_start_matches([',', ' ']);
            DUTIES.iter().any(|duty| after.starts_with(duty))
        })
    }

    fn open(&self) -> f32 {
        let cues = self.heard.strength(Cue::Open);
        let asks = if self.heard.has(Cue::Request) { 1.5 } else { 0.0 };
        if cues < 1.0 { 0.0 } else { self.tempered(cues - asks) }
    }

    /// A model advises and narrates in the words of decisions and steps: it must sound surer than a person, and speak of "us".
    fn tempered(&self, sureness: f32) -> f32 {
        match self.role {
            Role::Person => sureness,
            Role::Model if self.heard.has(Cue::Self_) && self.sentence.shape == Shape::Prose => sureness - 1.0,
            Role::Model | Role::System => 0.0,
        }
    }

    /// What a sentence of the person is worth: what it tells of them, and what is hard to guess.
    pub(crate) fn worth(&self) -> f32 {
        let heard = |cue| self.heard.strength(cue);
        let mut names = 0.0_f32;
        let mut figures = 0.0_f32;
        let mut codes = 0.0_f32;
        for typed in &self.typed {
            match typed.kind {
                Kind::Name => names += 0.8,
                Kind::Number => figures += 0.9,
                Kind::Date => figures += 0.6,
                Kind::Address | Kind::Path | Kind::Identifier => codes += 1.2,
            }
        }
        let told = heard(Cue::Past) + heard(Cue::Taste) + heard(Cue::Kin) > 0.0 || !self.typed.is_empty();
        let asked = heard(Cue::Request) > 0.0;
        // Who types in haste leaves out "I": a statement with something to state speaks of its speaker.
        let elided = if told && !asked && heard(Cue::Ack) + heard(Cue::Wish) <= 0.0 { 0.8 } else { 0.0 };
        let tells = heard(Cue::Self_).min(1.0).max(elided);
        let mut worth = 0.25 + 0.45 * tells + names.min(2.4) + figures.min(2.4) + codes.min(2.4);
        worth += tells
            * (1.1 * heard(Cue::Past).min(1.5) + 0.8 * heard(Cue::Taste).min(2.0) + 0.6 * heard(Cue::Kin).min(1.0));
        worth += tells * 0.6 * heard(Cue::Aside).min(1.0);
        if asked {
            worth *= if tells > 0.0 && told { 0.75 } else { 0.4 };
        } else if heard(Cue::Wish) > 0.0 {
            worth *= 0.75;
        }
        if heard(Cue::Ack) > 0.0 && self.typed.is_empty() {
            // "lol ok" is nobody's loss, however much room there is.
            let bare = self.sentence.text.split_whitespace().count() <= 2;
            worth *= if bare { 0.0 } else { 0.4 };
        }
        worth
    }
}

/// Whether a sentence says "we" or "you", or looks like an error: the least that any cue needs in an answer.
fn speaks_of_us(text: &str) -> bool {
    const US: &[&str] = &[
        "i",
        "we",
        "our",
        "us",
        "my",
        "you",
        "your",
        "me",
        "assistant",
        "wir",
        "nous",
        "on",
        "respond",
        "instructions",
    ];
    const FAILS: &[&str] = &[
        "rror", "ERR", "xception", "anic", "atal", "ault", "exit ", "HTTP ", "ECONN", "ORA-", "denied", "refused",
        "timed", "memory", "Killed",
    ];
    let first = |word: &str| word.split(['\'', '’']).next().unwrap_or_default().to_ascii_lowercase();
    FAILS.iter().any(|mark| text.contains(mark))
        || text
            .split(|c: char| c.is_whitespace() || matches!(c, ',' | '.' | ':' | ';' | '!' | '?' | '(' | '"' | '*'))
            .any(|word| (1..=14).contains(&word.len()) && US.contains(&first(word).as_str()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::handoff::sentence::sentences;

    fn section(text: &str) -> Option<Section> {
        let reading = Reading::of(sentences(text)[0], Role::Person);
        reading.sections().first().map(|(section, _)| *section)
    }

    #[test]
    fn what_people_say_goes_where_it_belongs() {
        for (text, wanted) in [
            ("Never push to main without asking.", Section::Rules),
            ("We decided on Postgres because the backups are simple.", Section::Decisions),
            ("We ruled out MongoDB.", Section::Rejected),
            ("It's still unclear who pays for the prints.", Section::Open),
            ("Ines will call the notary by Friday.", Section::Next),
            ("One rule: we must not use real patients in the examples.", Section::Rules),
            ("It failed with error[E0502]: cannot borrow", Section::Facts),
        ] {
            assert_eq!(section(text), Some(wanted), "{text}");
        }
    }

    #[test]
    fn small_talk_belongs_nowhere() {
        for text in ["I never liked olives.", "Don't worry about it.", "What should I cook?", "Thanks, that helps."] {
            assert_eq!(section(text), None, "{text}");
        }
    }
}
