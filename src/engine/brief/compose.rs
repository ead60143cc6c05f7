//! From a draft and its material to the exact text that one receiver gets, and what keeps it from crossing.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::engine::id::ConversationId;
use crate::engine::locality::Table;
use crate::engine::message::{Bodies, Message};
use crate::engine::meter;
use crate::engine::op::{Refusal, RefusalKind};
use crate::engine::redaction::{Detector, Dictionary, LeakCheck, Vault};
use crate::engine::settings::{Locality, PaneName};

use super::context::Context;
use super::crossed::{cross, leaks};
use super::draft::{Fields, Quote, Return};
use super::payload::{self, Heading, Quoted};

/// Everything the payload depends on.
#[derive(Debug, Clone, PartialEq)]
pub struct Composition {
    /// The brief's number.
    pub number: u32,
    /// Its version.
    pub version: u32,
    /// The panes that ask.
    pub from: Vec<PaneName>,
    /// The conversation that receives.
    pub to: ConversationId,
    /// What is asked.
    pub fields: Fields,
    /// What becomes of the answer.
    pub returns: Return,
    /// The quoted items, in order.
    pub quoted: Vec<Quoted>,
    /// The strictest locality among the sources: it rules the whole brief.
    pub locality: Locality,
    /// Names and judgements of the workspace.
    pub dictionary: Dictionary,
    /// The receiver's pseudonyms before this brief.
    pub table: Table,
    /// Where the marks of the fences come from.
    pub seed: u64,
    /// The receiver's free tokens, if its window is known.
    pub headroom: Option<u32>,
    /// What the receiver's model reads already.
    pub context: Context,
}

/// What would cross, and what keeps it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Composed {
    /// The conversation that receives.
    pub to: ConversationId,
    /// What it receives, to the byte.
    pub payload: String,
    /// The payload's estimated tokens.
    pub tokens: u32,
    /// The receiver's free tokens, if its window is known.
    pub headroom: Option<u32>,
    /// The seed of its fences' marks.
    #[serde(default)]
    pub seed: u64,
    /// What stands in the payload under a pseudonym.
    pub replaced: Vec<Replaced>,
    /// What keeps it from crossing; nothing if it may go.
    pub holds: Vec<Hold>,
    /// The pseudonyms that the receiver's table gains when it is sent. Never part of a reply.
    #[serde(skip)]
    pub growth: Table,
    /// What it was composed with: the brief's number, and how many pseudonyms the receiver knew.
    #[serde(skip)]
    pub read: (u32, usize),
}

/// A value that was replaced: shown to the person who sends, and to nobody else.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Replaced {
    /// What was replaced.
    pub value: String,
    /// What it is.
    pub kind: String,
    /// What stands there.
    pub pseudonym: String,
    /// How often.
    pub times: u32,
}

/// Why a brief doesn't cross yet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "hold", rename_all = "snake_case")]
pub enum Hold {
    /// It asks nothing.
    NoObjective,
    /// A secret stands in it: secrets never cross.
    Secret {
        /// The rule that found it.
        rule: String,
        /// Where it stands.
        place: String,
    },
    /// A name that nobody has judged.
    Unjudged {
        /// The word.
        word: String,
        /// Where it stands first.
        place: String,
    },
    /// A value that the receiver knows under a pseudonym would stand in it.
    Leak {
        /// The pseudonym it should stand under.
        pseudonym: String,
        /// Where it stands.
        place: String,
    },
    /// A value would be hidden from the receiver that stands openly in its context: it couldn't be asked any more.
    Known {
        /// The pseudonym it would stand under.
        pseudonym: String,
        /// The receiver.
        pane: PaneName,
        /// Where it stands there.
        place: String,
    },
    /// It doesn't fit the receiver.
    TooLarge {
        /// What it has, in tokens.
        tokens: u32,
        /// What fits, in tokens.
        headroom: u32,
        /// The largest quoted items: what to drop. None where it wouldn't fit without any of them either.
        drop: Vec<String>,
    },
    /// The names and patterns to look for can't be compiled.
    Dictionary {
        /// What is wrong.
        why: String,
    },
}

impl Hold {
    /// The sentence that says why something doesn't cross, beginning like `Not sent`; `None` if nothing holds it.
    pub(super) fn sentence(what: &str, holds: &[Self]) -> Option<String> {
        let (first, rest) = holds.split_first()?;
        let more = if rest.is_empty() { String::new() } else { format!(" (and {} more)", rest.len()) };
        Some(format!("{what}: {first}{more}."))
    }
}

impl fmt::Display for Hold {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoObjective => write!(f, "it has no objective: say what shall be done"),
            Self::Secret { rule, place } => write!(f, "a secret stands in {place} ({rule}): remove it"),
            Self::Unjudged { word, place } => write!(f, "`{word}` in {place} is not judged: mask it or keep it"),
            Self::Leak { pseudonym, place } => {
                write!(f, "the value of {pseudonym} stands in {place}: the receiver must not read it there")
            }
            Self::Known { pseudonym, pane, place } => write!(
                f,
                "the value of {pseudonym} stands openly in {place} of {pane}, which couldn't be asked on after this: begin \
                 a new conversation there (Ctrl-X n), or let the name cross: keep it, or take it out of the dictionary that \
                 lists it"
            ),
            Self::TooLarge { tokens, headroom, drop } if drop.is_empty() => write!(
                f,
                "{tokens} tokens don't fit the {headroom} that are free there: a handoff there (Ctrl-X h) makes room, or fewer words"
            ),
            Self::TooLarge { tokens, headroom, drop } => {
                write!(f, "{tokens} tokens don't fit the {headroom} that are free there: drop {}", drop.join(" or "))
            }
            Self::Dictionary { why } => write!(f, "{why}"),
        }
    }
}

/// Composes for every receiver with the messages that are quoted, or says which quotation can't be made.
pub fn compose_all(
    compositions: Vec<Composition>,
    quotes: &[(PaneName, Quote)],
    bodies: &Bodies,
) -> Result<Vec<Composed>, Refusal> {
    let items = quoted(quotes, &bodies.messages)?;
    let filled = compositions.into_iter().map(|composition| Composition { quoted: items.clone(), ..composition });
    Ok(filled.map(|composition| compose(&composition, bodies)).collect())
}

/// What is quoted, or which quotation can't be made.
pub(super) fn quoted(quotes: &[(PaneName, Quote)], messages: &[Message]) -> Result<Vec<Quoted>, Refusal> {
    let item = |(pane, quote): &(PaneName, Quote)| {
        let refuse =
            |what: &str| Refusal::new(RefusalKind::Unknown, format!("Not sent: {what} of {pane} can't be quoted."));
        let message = messages.iter().find(|message| message.id == quote.message);
        let message = message.ok_or_else(|| refuse("a message"))?;
        let whole = message.text();
        let text = match &quote.passage {
            Some(passage) if !whole.contains(passage.as_str()) => return Err(refuse("a passage that isn't there")),
            Some(passage) => passage.clone(),
            None => whole,
        };
        Ok(Quoted { pane: pane.clone(), number: message.number, author: message.author, text })
    };
    quotes.iter().map(item).collect()
}

/// Makes the payload. The same inputs give the same bytes.
pub fn compose(composition: &Composition, bodies: &Bodies) -> Composed {
    let vault = composition.table.vault(composition.to);
    let check = LeakCheck::with_names(&vault, &composition.dictionary);
    let texts: Vec<&str> = composition.quoted.iter().map(|item| item.text.as_str()).collect();
    let mark = payload::mark(composition.seed, &texts, |mark| check.is_clean(mark));
    let heading = Heading {
        number: composition.number,
        version: composition.version,
        from: &composition.from,
        fields: &composition.fields,
        returns: composition.returns,
    };
    let plain = payload::render(&heading, &composition.quoted, &mark);
    let mut composed = Composed {
        to: composition.to,
        tokens: 0,
        headroom: composition.headroom,
        seed: composition.seed,
        replaced: Vec::new(),
        holds: Vec::new(),
        growth: Table::default(),
        read: (composition.number, composition.table.entries.len()),
        payload: plain,
    };
    if composition.fields.objective.trim().is_empty() {
        composed.holds.push(Hold::NoObjective);
    }
    if composition.locality == Locality::Open {
        composed.leaks(composition, &check);
    } else {
        composed.pseudonymise(composition, vault, bodies);
    }
    composed.tokens = meter::estimate(&composed.payload);
    if let Some(headroom) = composition.headroom.filter(|headroom| composed.tokens > *headroom) {
        let drop = largest(&composition.quoted, composed.tokens - headroom);
        composed.holds.push(Hold::TooLarge { tokens: composed.tokens, headroom, drop });
    }
    composed
}

impl Composed {
    /// The sentence that says why it doesn't go; `None` if it may.
    pub fn held(&self) -> Option<String> {
        Hold::sentence("Not sent", &self.holds)
    }

    fn pseudonymise(&mut self, composition: &Composition, mut vault: Vault, bodies: &Bodies) {
        let detector = match Detector::new(&composition.dictionary) {
            Ok(detector) => detector,
            Err(error) => return self.holds.push(Hold::Dictionary { why: error.to_string() }),
        };
        let crossed = cross(&self.payload, &detector, &mut vault, &|value| composition.place(value));
        self.payload = crossed.text;
        self.replaced = crossed.replaced;
        self.holds.extend(crossed.holds);
        self.growth = composition.table.growth(&vault);
        let check = LeakCheck::with_names(&vault, &composition.dictionary);
        self.leaks(composition, &check);
        if !self.replaced.is_empty() {
            self.holds.extend(composition.context.known(&check, bodies));
        }
    }

    fn leaks(&mut self, composition: &Composition, check: &LeakCheck) {
        self.holds.extend(leaks(&self.payload, check, &|value| composition.place(value)));
    }
}

impl Composition {
    /// Where a value stands, in words: in one of the person's fields, or in a quoted message.
    fn place(&self, value: &str) -> String {
        let fields = &self.fields;
        let own = [
            ("the objective", &fields.objective),
            ("what it is done when", &fields.done_when),
            ("the expected output", &fields.expected),
        ];
        let own = own.into_iter().find(|(_, text)| text.contains(value)).map(|(place, _)| place);
        let own = own.or_else(|| fields.constraints.iter().any(|one| one.contains(value)).then_some("a constraint"));
        own.map(str::to_owned)
            .or_else(|| self.quoted.iter().find(|item| item.text.contains(value)).map(Quoted::name))
            .unwrap_or_else(|| "the heading".to_owned())
    }
}

/// The two largest quoted items with their sizes; none if it is more than all of them that is over.
fn largest(quoted: &[Quoted], over: u32) -> Vec<String> {
    let mut sized: Vec<(u32, &Quoted)> = quoted.iter().map(|item| (meter::estimate(&item.text), item)).collect();
    sized.sort_by_key(|(tokens, _)| std::cmp::Reverse(*tokens));
    if sized.iter().map(|(tokens, _)| tokens).sum::<u32>() < over {
        return Vec::new();
    }
    sized.into_iter().take(2).map(|(tokens, item)| format!("{} ({tokens} tokens)", item.name())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::id::{Env, Ids};
    use crate::engine::message::Author;
    use crate::engine::redaction::{Judgement, Name};
    use crate::engine::time::Timestamp;

    fn composition(locality: Locality, objective: &str, quoted: &[&str]) -> Composition {
        let env = Env { now: Timestamp::from_millis(1), ids: Ids::seeded(1) };
        let quoted = quoted.iter().zip(1..);
        Composition {
            number: 4,
            version: 1,
            from: vec!["research".to_owned()],
            to: ConversationId::new(&env),
            fields: Fields { objective: objective.to_owned(), ..Fields::default() },
            returns: Return::Auto,
            quoted: quoted
                .map(|(text, number)| Quoted {
                    pane: "research".to_owned(),
                    number,
                    author: Author::Model,
                    text: (*text).to_owned(),
                })
                .collect(),
            locality,
            dictionary: Dictionary { names: vec![Name::new("Halvorsen AS", "client")], ..Dictionary::default() },
            table: Table::default(),
            seed: 99,
            headroom: None,
            context: Context::default(),
        }
    }

    #[test]
    fn an_open_brief_crosses_as_it_is_and_a_guarded_one_under_pseudonyms() {
        let text = ["Halvorsen AS asked for yearly terms, said anna@halvorsen.example."];
        let open = compose(&composition(Locality::Open, "Sum it up", &text), &Bodies::default());
        assert!(open.payload.contains(text[0]) && open.holds.is_empty() && open.growth.is_empty());
        let guarded = compose(&composition(Locality::Guarded, "Sum it up for Halvorsen AS", &text), &Bodies::default());
        assert_eq!(guarded.holds, []);
        assert!(!guarded.payload.to_lowercase().contains("halvorsen"), "{}", guarded.payload);
        assert!(guarded.payload.contains("## Objective\nSum it up for [CLIENT_1]\n"));
        let told: Vec<_> = guarded.replaced.iter().map(|one| (one.value.as_str(), one.times)).collect();
        assert_eq!(told, [("Halvorsen AS", 2), ("anna@halvorsen.example", 1)]);
        assert_eq!(
            guarded,
            compose(&composition(Locality::Guarded, "Sum it up for Halvorsen AS", &text), &Bodies::default())
        );
    }

    #[test]
    fn what_holds_it_says_what_and_where() {
        let text = ["We met Brightwater.", "use ghp_0a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R"];
        let mut held = composition(Locality::Guarded, " ", &text);
        held.headroom = Some(130);
        let told: Vec<String> = compose(&held, &Bodies::default()).holds.iter().map(Hold::to_string).collect();
        assert_eq!(told[0], "it has no objective: say what shall be done");
        assert_eq!(told[1], "a secret stands in research m2 (github-pat): remove it");
        assert_eq!(told[2], "`Brightwater` in research m1 is not judged: mask it or keep it");
        assert!(told[3].contains("don't fit the 130 that are free there: drop research m2 ("), "{}", told[3]);
        held.headroom = Some(10);
        let told = compose(&held, &Bodies::default()).holds.pop().unwrap().to_string();
        assert!(
            told.ends_with(
                "don't fit the 10 that are free there: a handoff there (Ctrl-X h) makes room, or fewer words"
            ),
            "{told}"
        );
        held.dictionary.judge("Brightwater", Judgement::Mask);
        assert!(!compose(&held, &Bodies::default()).holds.iter().any(|hold| matches!(hold, Hold::Unjudged { .. })));
    }

    #[test]
    fn a_name_the_receiver_knows_under_a_pseudonym_never_crosses_openly() {
        let guarded = compose(&composition(Locality::Guarded, "About Halvorsen AS", &[]), &Bodies::default());
        let mut open = composition(Locality::Open, "About halvorsen_as.pdf", &[]);
        open.table = guarded.growth;
        let held = compose(&open, &Bodies::default()).held().unwrap();
        assert_eq!(
            held,
            "Not sent: the value of [CLIENT_1] stands in the objective: the receiver must not read it there."
        );
    }
}
