//! Long everyday conversations: literal facts scattered in casual talk, some of them only in the answers.

use trialogue::engine::handoff::{Role, Size, Spoken, Transcript};

use super::dice::Dice;
use super::{words, writers};

/// The sentences a conversation is made of.
pub(crate) struct Pools {
    /// What a person lets slip.
    pub(crate) said: Vec<&'static str>,
    /// What only an answer says.
    pub(crate) answered: Vec<&'static str>,
    /// The rest of a person's talk.
    pub(crate) chatter: Vec<&'static str>,
    /// What a person asks for.
    pub(crate) requests: Vec<&'static str>,
    /// The rest of an answer.
    pub(crate) details: Vec<&'static str>,
    /// What a person pastes.
    pub(crate) pasted: Vec<&'static str>,
}

impl Pools {
    /// These facts and this talk, with the requests and the answers of everyone.
    pub(crate) fn of(said: &[&'static str], answered: &[&'static str], chatter: &[&'static str]) -> Self {
        Self {
            said: said.to_vec(),
            answered: answered.to_vec(),
            chatter: chatter.to_vec(),
            requests: words::REQUESTS.to_vec(),
            details: words::DETAILS.to_vec(),
            pasted: words::PASTED.to_vec(),
        }
    }
}

/// A literal fact: all its keys must survive.
#[derive(Debug, Clone)]
pub(crate) struct Fact {
    /// The words to look for.
    pub(crate) keys: Vec<String>,
    /// Whether only an answer says it.
    pub(crate) of_answer: bool,
    /// The sentence it was said in.
    pub(crate) said: String,
}

impl Fact {
    /// Whether the document says it, in any section.
    pub(crate) fn survives(&self, document: &str) -> bool {
        let document = document.to_lowercase();
        self.keys.iter().all(|key| document.contains(&key.to_lowercase()))
    }
}

/// A conversation and its facts.
pub(crate) struct Everyday {
    messages: Vec<(Role, String)>,
    /// What a reader would be asked about later.
    pub(crate) facts: Vec<Fact>,
}

impl Everyday {
    /// The transcript, borrowed.
    pub(crate) fn transcript(&self) -> Transcript<'_> {
        let spoken = self.messages.iter().enumerate();
        let spoken = spoken.map(|(index, (role, text))| Spoken::new(*role, text, format!("m{}", index + 1))).collect();
        Transcript { spoken, ..Transcript::default() }
    }

    /// The share of the characters that is the person's.
    pub(crate) fn person_share(&self) -> f64 {
        let chars = |person: bool| -> usize {
            self.messages
                .iter()
                .filter(|(role, _)| (*role == Role::Person) == person)
                .map(|(_, text)| text.chars().count())
                .sum()
        };
        chars(true) as f64 / (chars(true) + chars(false)) as f64
    }

    /// The simple way: the person's sentences, newest first, until the size is used up; then the answers'.
    pub(crate) fn person_first(&self, size: Size) -> String {
        let mut kept = String::new();
        for wanted in [Role::Person, Role::Model] {
            for (_, text) in self.messages.iter().rev().filter(|(role, _)| *role == wanted) {
                for sentence in text.split_inclusive(['.', '!', '?', '\n']) {
                    kept.push_str(sentence);
                    if !size.holds(&kept) {
                        kept.truncate(kept.len() - sentence.len());
                        return kept;
                    }
                }
                kept.push('\n');
            }
        }
        kept
    }
}

/// A conversation of 750 to 800 messages with some forty facts.
pub(crate) fn generate(pools: &Pools, seed: u64) -> Everyday {
    let mut dice = Dice::new(seed);
    let rounds = 375 + dice.below(26);
    let mut conversation = Everyday { messages: Vec::new(), facts: Vec::new() };
    let asked = dice.order(rounds);
    let (of_person, of_answer) = (&asked[..36], &asked[36..42]);
    for round in 0..rounds {
        let mut said: Vec<String> = Vec::new();
        if dice.chance(35) {
            said.push(dice.one(&pools.chatter).to_owned());
        }
        // People tell more of themselves than anyone asks about later.
        let tells = of_person.contains(&round);
        if tells || dice.chance(40) {
            let fact = slotted(dice.one(&pools.said), &mut dice, false);
            let sentence = fact.said.clone();
            said.push(if dice.chance(30) { wrapped(&sentence, &mut dice) } else { sentence });
            if tells {
                conversation.facts.push(fact);
            }
        }
        if said.is_empty() || dice.chance(70) {
            let asked = if dice.chance(65) {
                slotted(dice.one(&pools.requests), &mut dice, false).said
            } else {
                dice.one(&pools.chatter).to_owned()
            };
            said.push(asked);
        }
        if dice.chance(12) {
            said.push(dice.one(&pools.pasted).to_owned());
        }
        conversation.messages.push((Role::Person, said.join(" ")));
        let mut answer = answer(pools, &mut dice);
        if of_answer.contains(&round) {
            let fact = slotted(dice.one(&pools.answered), &mut dice, true);
            answer.insert(1 + dice.below(answer.len() - 1), fact.said.clone());
            conversation.facts.push(fact);
        }
        conversation.messages.push((Role::Model, answer.join("\n")));
    }
    conversation
}

/// A statement inside of a request, as people write.
fn wrapped(sentence: &str, dice: &mut Dice) -> String {
    let bare = sentence.trim_end_matches('.');
    match dice.below(4) {
        0 => format!("{bare}, any thoughts on that?"),
        1 => format!(
            "I'm thinking about what to do next, and {}{}, so what would you suggest?",
            bare[..1].to_lowercase(),
            &bare[1..]
        )
        .replace("and i", "and I"),
        2 => format!("{bare}, so can you help me with a plan for the rest of the week?"),
        _ => format!("{bare} - what do you make of it?"),
    }
}

fn answer(pools: &Pools, dice: &mut Dice) -> Vec<String> {
    let mut lines = vec![dice.one(words::OPENERS).to_owned()];
    for number in 0..10 + dice.below(10) {
        lines.push(match dice.below(10) {
            0..=1 => dice.one(words::ADVICE).to_owned(),
            2..=6 => slotted(dice.one(&pools.details), dice, true).said,
            7..=8 => format!("{}. {}", number + 1, dice.one(words::ITEMS)),
            _ if dice.chance(60) => slotted(dice.one(&pools.answered), dice, true).said,
            _ => dice.one(words::ADVICE).to_owned(),
        });
    }
    lines
}

/// A template with its slots filled; what stands in `[…]` becomes the keys.
fn slotted(template: &str, dice: &mut Dice, of_answer: bool) -> Fact {
    let mut said = String::new();
    let mut rest = template;
    while let Some(open) = rest.find('{') {
        let close = open + rest[open..].find('}').unwrap_or(0);
        said.push_str(&rest[..open]);
        said.push_str(&slot(&rest[open + 1..close], dice));
        rest = &rest[close + 1..];
    }
    said.push_str(rest);
    let mut keys = Vec::new();
    let mut plain = String::new();
    let mut rest = said.as_str();
    while let Some((before, tail)) = rest.split_once('[') {
        let (key, after) = tail.split_once(']').unwrap_or((tail, ""));
        plain.push_str(before);
        plain.push_str(key);
        keys.push(key.to_owned());
        rest = after;
    }
    plain.push_str(rest);
    Fact { keys, of_answer, said: plain }
}

fn slot(name: &str, dice: &mut Dice) -> String {
    let pool = match name {
        "name" => words::NAMES,
        "city" => words::CITIES,
        "brand" => words::BRANDS,
        "colour" => words::COLOURS,
        "month" => words::MONTHS,
        "work" => words::WORK,
        "pet" => words::PETS,
        "food" => words::FOODS,
        "thing" => words::THINGS,
        "club" => words::CLUBS,
        "craft" => words::CRAFTS,
        "book" => words::BOOKS,
        "topic" => words::TOPICS,
        "w" => return writers::rare_word(dice).to_owned(),
        "W" => {
            let word = writers::rare_word(dice);
            return word[..1].to_uppercase() + &word[1..];
        }
        "n" => return (3 + dice.below(57)).to_string(),
        "price" => return (20 + 5 * dice.below(300)).to_string(),
        "year" => return (1890 + dice.below(130)).to_string(),
        "hour" => return format!("{}:{}0", 5 + dice.below(16), dice.below(6)),
        other => return other.to_owned(),
    };
    dice.one(pool).to_owned()
}
