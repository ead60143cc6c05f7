//! Messages of other conversations that go along with a person's own: in which form they cross, and what holds them.

use serde::{Deserialize, Serialize};

use crate::engine::id::ConversationId;
use crate::engine::locality::Table;
use crate::engine::message::{Attachment, Bodies};
use crate::engine::op::Refusal;
use crate::engine::redaction::{Detector, Dictionary, LeakCheck};
use crate::engine::settings::{Locality, PaneName};

use super::compose::{Hold, Replaced, quoted};
use super::context::Context;
use super::crossed::{cross, leaks};
use super::draft::Quote;

/// Everything that what is gathered depends on.
#[derive(Debug, Clone, PartialEq)]
pub struct Gathering {
    /// The conversation that receives.
    pub into: ConversationId,
    /// The quoted messages and the panes they stand in.
    pub quotes: Vec<(PaneName, Quote)>,
    /// The strictest locality among the sources: it rules everything that is gathered together.
    pub locality: Locality,
    /// Names and judgements of the workspace.
    pub dictionary: Dictionary,
    /// The receiver's pseudonyms before.
    pub table: Table,
    /// The sealed panes that a person let it out of, by typing their names.
    pub unsealed: Vec<PaneName>,
    /// What the receiver's model reads already.
    pub context: Context,
}

/// What is gathered, and what keeps it from crossing.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Gathered {
    /// Each text under the name it goes along with, in order.
    pub texts: Vec<(String, String)>,
    /// The same texts once they are stored; none while something holds them.
    pub stored: Vec<Attachment>,
    /// What stands in them under a pseudonym.
    pub replaced: Vec<Replaced>,
    /// What keeps them from crossing; nothing if they may.
    pub holds: Vec<Hold>,
    /// The pseudonyms that the receiver's table gains.
    pub growth: Table,
    /// How many pseudonyms the receiver knew when it was made.
    pub read: usize,
}

/// Where an attached text came from: what stands in another conversation, in the form that it crossed in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Origin {
    /// SHA-256 of the text, in hex.
    pub hash: String,
    /// The message it was made of.
    pub quote: Quote,
}

/// Makes what goes along. The same inputs give the same bytes.
pub fn gather(gathering: &Gathering, bodies: &Bodies) -> Result<Gathered, Refusal> {
    let items = quoted(&gathering.quotes, &bodies.messages)?;
    let mut gathered = Gathered { read: gathering.table.entries.len(), ..Gathered::default() };
    let mut vault = gathering.table.vault(gathering.into);
    if gathering.locality == Locality::Open {
        gathered.texts = items.into_iter().map(|item| (item.name(), item.text)).collect();
    } else {
        let detector = match Detector::new(&gathering.dictionary) {
            Ok(detector) => detector,
            Err(error) => {
                gathered.holds.push(Hold::Dictionary { why: error.to_string() });
                return Ok(gathered);
            }
        };
        // Twice: what the last text teaches is hidden in the first one as well.
        for _ in 0..2 {
            (gathered.texts, gathered.replaced, gathered.holds) = (Vec::new(), Vec::new(), Vec::new());
            for item in &items {
                let place = |_: &str| item.name();
                let name = cross(&item.name(), &detector, &mut vault, &place);
                let text = cross(&item.text, &detector, &mut vault, &place);
                gathered.texts.push((name.text, text.text));
                for one in name.replaced.into_iter().chain(text.replaced) {
                    match gathered.replaced.iter_mut().find(|known| known.pseudonym == one.pseudonym) {
                        Some(known) => known.times += one.times,
                        None => gathered.replaced.push(one),
                    }
                }
                let new = name.holds.into_iter().chain(text.holds);
                let new: Vec<Hold> = new.filter(|hold| !gathered.holds.contains(hold)).collect();
                gathered.holds.extend(new);
            }
        }
        gathered.growth = gathering.table.growth(&vault);
    }
    let check = LeakCheck::with_names(&vault, &gathering.dictionary);
    for (name, text) in &gathered.texts {
        let found = [name, text].map(|part| leaks(part, &check, &|_| name.clone()));
        gathered.holds.extend(found.into_iter().flatten());
    }
    if !gathered.replaced.is_empty() {
        gathered.holds.extend(gathering.context.known(&check, bodies));
    }
    Ok(gathered)
}

impl Gathered {
    /// The sentence that says why it doesn't cross; `None` if it may.
    pub fn held(&self) -> Option<String> {
        Hold::sentence("Not gathered", &self.holds)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::id::{Env, Ids, MessageId};
    use crate::engine::message::{Author, Ending, Message, Part};
    use crate::engine::redaction::Name;
    use crate::engine::time::Timestamp;

    fn gathered(locality: Locality, texts: &[&str]) -> Gathered {
        let env = Env { now: Timestamp::from_millis(1), ids: Ids::seeded(1) };
        let (source, into) = (ConversationId::new(&env), ConversationId::new(&env));
        let messages: Vec<Message> = texts
            .iter()
            .zip(1..)
            .map(|(text, number)| Message {
                id: MessageId::new(&env),
                conversation: source,
                number,
                parent: None,
                author: Author::Model,
                at: env.now,
                parts: vec![Part::text(*text)],
                ending: Ending::Complete,
                about: None,
                turn: None,
                model: None,
                usage: None,
            })
            .collect();
        let quote = |message: &Message| {
            let quote = Quote { conversation: source, message: message.id, passage: None };
            ("halvorsen".to_owned(), quote)
        };
        let names = vec![Name::new("Halvorsen", "client")];
        let gathering = Gathering {
            into,
            quotes: messages.iter().map(quote).collect(),
            locality,
            dictionary: Dictionary { names, ..Dictionary::default() },
            table: Table::default(),
            unsealed: Vec::new(),
            context: Context::default(),
        };
        gather(&gathering, &Bodies { messages, ..Bodies::default() }).unwrap()
    }

    #[test]
    fn a_guarded_text_goes_along_under_pseudonyms_its_name_too() {
        let texts = ["ask anna@halvorsen.example", "anna at halvorsen said so"];
        let open = gathered(Locality::Open, &texts);
        assert_eq!(open.texts[0], ("halvorsen m1".to_owned(), texts[0].to_owned()));
        let guarded = gathered(Locality::Guarded, &texts);
        assert_eq!(guarded.holds, []);
        assert!(!format!("{:?}", guarded.texts).to_lowercase().contains("halvorsen"), "{:?}", guarded.texts);
        assert!(guarded.texts[0].0.starts_with("[CLIENT_1"), "{:?}", guarded.texts);
    }

    #[test]
    fn what_the_last_text_teaches_is_hidden_in_the_first() {
        let guarded = gathered(Locality::Guarded, &["the card ends: 4111 1111 1111 1111", "card 4111111111111111"]);
        assert_eq!(guarded.holds, []);
        assert!(!format!("{:?}", guarded.texts).contains("1111"), "{:?}", guarded.texts);
    }

    #[test]
    fn an_unknown_name_and_a_secret_hold_it() {
        let held = gathered(Locality::Guarded, &["We met Brightwater: ghp_0a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R"]);
        assert_eq!(
            held.held().unwrap(),
            "Not gathered: a secret stands in halvorsen m1 (github-pat): remove it (and 1 more)."
        );
        assert!(matches!(&held.holds[1], Hold::Unjudged { word, .. } if word == "Brightwater"));
    }
}
