//! Workspaces and texts to measure with: the same ones in every run.

use std::path::Path;

use trialogue::engine::Engine;
use trialogue::engine::event::Event;
use trialogue::engine::id::{ConversationId, Env, Ids};
use trialogue::engine::input::{Answer, Asker, Input};
use trialogue::engine::message::Part;
use trialogue::engine::op::Op;
use trialogue::engine::settings::{PaneSettings, Settings};
use trialogue::engine::time::Timestamp;
use trialogue::store::{Access, Journal as _, SqliteJournal};

/// How many messages go into the journal in one transaction.
const TOGETHER: usize = 2_000;
/// The vocabulary's size. Words are as unevenly used as those of a language.
const WORDS: u64 = 20_000;
/// A word that stands in one message out of ten thousand.
pub(crate) const RARE: &str = "zirconium";

/// Numbers that look random and are the same every time.
#[derive(Debug, Clone)]
pub(crate) struct Dice(pub(crate) u64);

impl Dice {
    /// The next number below `sides`.
    pub(crate) fn roll(&mut self, sides: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % sides
    }

    /// Sentences of so many words.
    pub(crate) fn prose(&mut self, words: usize) -> String {
        let mut text = String::new();
        for at in 0..words {
            // The product of two rolls: the first words of the vocabulary are by far the commonest.
            let number = self.roll(WORDS) * self.roll(WORDS) / WORDS;
            text.push_str(&word(number));
            text.push_str(if at % 12 == 11 { ". " } else { " " });
        }
        text
    }
}

/// The word of this number in the vocabulary.
fn word(mut number: u64) -> String {
    const SYLLABLES: [&str; 20] = [
        "ka", "ri", "to", "me", "su", "na", "lo", "vi", "der", "an", "pro", "con", "is", "ter", "or", "en", "ul", "mo",
        "ba", "che",
    ];
    let mut word = String::new();
    loop {
        word.push_str(SYLLABLES[(number % 20) as usize]);
        number /= 20;
        if number == 0 {
            return word;
        }
    }
}

/// Facts as they happen: decided, and folded.
#[derive(Debug)]
pub(crate) struct Story {
    /// The engine that decided.
    pub(crate) engine: Engine,
    ids: Ids,
    now: i64,
}

impl Story {
    /// A workspace with so many panes, and the facts that made them.
    pub(crate) fn new(panes: usize) -> (Self, Vec<Event>) {
        let mut story = Self { engine: Engine::default(), ids: Ids::seeded(1), now: 1_790_000_000_000 };
        let panes = (1..=panes).map(|number| (format!("pane{number}"), PaneSettings::default())).collect();
        let facts = story.tell(Input::Configured(Settings { panes, ..Settings::default() }));
        (story, facts)
    }

    /// The moment.
    pub(crate) fn now(&self) -> Timestamp {
        Timestamp::from_millis(self.now)
    }

    /// Decides and folds.
    pub(crate) fn tell(&mut self, input: Input) -> Vec<Event> {
        self.now += 1_000;
        let env = Env { now: self.now(), ids: self.ids.fork() };
        let facts = self.engine.decide(input, &env).events;
        for fact in &facts {
            self.engine.apply(fact);
        }
        facts
    }

    /// A question and its answer in every conversation.
    pub(crate) fn round(&mut self, question: &str, answer: &str) -> Vec<Event> {
        let conversations: Vec<_> = self.engine.conversations.keys().copied().collect();
        conversations.into_iter().flat_map(|conversation| self.exchange(conversation, question, answer)).collect()
    }

    /// A question and its answer in this conversation.
    pub(crate) fn exchange(&mut self, conversation: ConversationId, question: &str, answer: &str) -> Vec<Event> {
        let op = Op::Send { conversation, text: question.to_owned(), attachments: Vec::new(), parent: None };
        let mut facts = self.tell(Input::Op { from: Asker(1), op });
        let turn = self.engine.conversations[&conversation].header.turn.as_ref().expect("a turn").id;
        let answer = Answer { parts: vec![Part::text(answer)], ..Answer::default() };
        facts.extend(self.tell(Input::Answered { conversation, turn, answer }));
        facts
    }
}

/// Puts so many messages into each of so many panes of a new journal.
pub(crate) fn fill(folder: &Path, panes: usize, messages: usize) -> SqliteJournal {
    let mut journal = SqliteJournal::open(folder, Access::Write).expect("a new journal");
    let (mut story, mut facts) = Story::new(panes);
    let mut dice = Dice(7);
    let conversations: Vec<_> = story.engine.conversations.keys().copied().collect();
    for round in 0..messages / 2 {
        for (place, conversation) in conversations.iter().enumerate() {
            let rare = if (round * conversations.len() + place) * 2 % 10_000 == 0 { RARE } else { "" };
            facts.extend(story.exchange(*conversation, &format!("{} {rare}", dice.prose(15)), &dice.prose(45)));
        }
        if facts.len() >= TOGETHER {
            journal.commit(story.now(), &std::mem::take(&mut facts)).expect("a commit");
        }
    }
    journal.commit(story.now(), &facts).expect("a commit");
    journal
}
