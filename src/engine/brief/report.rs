//! The way back: an answer becomes a report in every conversation that asked, with the real values that it gave.

use std::collections::BTreeSet;

use crate::engine::id::{ConversationId, MessageId};
use crate::engine::locality::Table;
use crate::engine::message::{Bodies, Message};
use crate::engine::redaction::{self, Detector, Dictionary, Kind, LeakCheck, Policy, Vault};
use crate::engine::settings::Locality;

use super::compose::Hold;
use super::context::Context;
use super::payload::{self, Quoted};

/// Everything a report depends on, for one conversation that asked.
#[derive(Debug, Clone, PartialEq)]
pub struct Delivery {
    /// The brief's number.
    pub number: u32,
    /// The version that was answered.
    pub version: u32,
    /// The answer, as the receiver gave it.
    pub answer: Quoted,
    /// The receiver, whose pseudonyms the answer may hold.
    pub receiver: ConversationId,
    /// The receiver's pseudonyms.
    pub known: Table,
    /// Of those, the ones that this asker's own briefs brought: the others stay pseudonyms.
    pub brought: BTreeSet<String>,
    /// The receiver's locality: guarded text leaves it masked, here too.
    pub locality: Locality,
    /// The conversation that asked.
    pub to: ConversationId,
    /// The pseudonyms it knows itself.
    pub table: Table,
    /// Names and judgements of the workspace.
    pub dictionary: Dictionary,
    /// Where the marks of the fence come from.
    pub seed: u64,
    /// The brief as it stands in the receiver: what it says openly, this asker has said.
    pub asked: Option<MessageId>,
    /// What that conversation's model reads already.
    pub context: Context,
}

/// A report as it would stand in one conversation that asked.
#[derive(Debug, Clone, PartialEq)]
pub struct Delivered {
    /// The conversation that asked.
    pub to: ConversationId,
    /// The report.
    pub text: String,
    /// Pseudonyms that mean nothing here, as the answer wrote them.
    pub unresolved: Vec<String>,
    /// What keeps it from being put there; nothing if it may be.
    pub holds: Vec<Hold>,
    /// What that conversation's table gains with it.
    pub growth: Table,
    /// How many pseudonyms that conversation knew when it was made.
    pub read: usize,
}

/// Makes every asker's report of the answer.
pub fn deliver_all(deliveries: Vec<Delivery>, answer: &Message, bodies: &Bodies) -> Vec<Delivered> {
    let filled = deliveries.into_iter().map(|mut delivery| {
        (delivery.answer.number, delivery.answer.text) = (answer.number, answer.text());
        deliver(&delivery, bodies)
    });
    filled.collect()
}

/// Makes the report. The same inputs give the same bytes.
pub fn deliver(delivery: &Delivery, bodies: &Bodies) -> Delivered {
    let known = delivery.known.vault(delivery.receiver);
    let own = delivery.known.entries.iter().filter(|entry| delivery.brought.contains(&entry.pseudonym));
    let own = Table { entries: own.cloned().collect(), reserved: Vec::new() };
    let restored = redaction::restore_tolerant(&delivery.answer.text, &own.vault(delivery.receiver));
    let mut unresolved = restored.unresolved;
    unresolved.extend(restored.invented);
    let mut vault = delivery.table.vault(delivery.to);
    let mut delivered = Delivered {
        to: delivery.to,
        text: restored.text,
        unresolved,
        holds: Vec::new(),
        growth: Table::default(),
        read: delivery.table.entries.len(),
    };
    if delivery.locality != Locality::Open {
        delivered.pseudonymise(delivery, &own, &mut vault, bodies);
    }
    let check = LeakCheck::new([&vault, &known_to_others(&known, &delivery.brought)]);
    for leak in check.leaks(&delivered.text) {
        let hold = Hold::Leak { pseudonym: leak.pseudonym, place: "the report".to_owned() };
        if !delivered.holds.contains(&hold) {
            delivered.holds.push(hold);
        }
    }
    let mark = payload::mark(delivery.seed, &[delivered.text.as_str()], |mark| check.is_clean(mark));
    let version = if delivery.version > 1 { format!(", version {}", delivery.version) } else { String::new() };
    delivered.text = format!(
        "# Report on brief {}{version}, from {}\n\n{}\n\n{}",
        delivery.number,
        delivery.answer.pane,
        payload::MATERIAL,
        payload::fence(&mark, &payload::label(&delivery.answer), &delivered.text),
    );
    delivered
}

/// The answer in a report as it is put into a conversation, without what stands around it; `None` if this is none.
pub fn reported(text: &str) -> Option<&str> {
    let (_, framed) = text.strip_prefix("# Report on brief ")?.split_once(payload::MATERIAL)?;
    let (mark, rest) = framed.trim_start().strip_prefix("┌ ")?.split_once(" · ")?;
    let (_, inner) = rest.split_once("\n\n")?;
    inner.trim_end().strip_suffix(mark)?.strip_suffix("└ ")?.strip_suffix("\n\n")
}

/// The values that other conversations brought to the receiver: this asker must not read them.
fn known_to_others(known: &Vault, brought: &BTreeSet<String>) -> Vault {
    let entries = known.entries().iter().filter(|entry| !brought.contains(&entry.pseudonym)).cloned().collect();
    // A part of a sound vault is sound.
    Vault::from_entries(known.boundary(), entries).unwrap_or_default()
}

impl Delivery {
    /// What the asker's own brief says openly, of all that would be hidden: it knows that.
    fn said_openly(&self, bodies: &Bodies) -> Vec<String> {
        let asked = bodies.messages.iter().find(|message| Some(message.id) == self.asked).map(Message::text);
        let (Some(asked), Ok(detector)) = (asked, Detector::new(&self.dictionary)) else { return Vec::new() };
        let mut said = detector.unjudged(&asked, Policy::BRIEF);
        let masked = redaction::mask(&asked, &detector, &mut Vault::new("brief"), Policy::BRIEF);
        let replaced = masked.replaced().iter().filter(|one| !one.blocked && one.kind != Kind::Literal);
        said.extend(replaced.map(|one| asked[one.span.clone()].to_owned()));
        said
    }
}

impl Delivered {
    fn pseudonymise(&mut self, delivery: &Delivery, own: &Table, vault: &mut Vault, bodies: &Bodies) {
        let mut dictionary = delivery.dictionary.clone();
        for value in own.entries.iter().map(|entry| entry.value.clone()).chain(delivery.said_openly(bodies)) {
            dictionary.release(&value);
        }
        let detector = match Detector::new(&dictionary) {
            Ok(detector) => detector,
            Err(error) => return self.holds.push(Hold::Dictionary { why: error.to_string() }),
        };
        let place = || "the report".to_owned();
        for word in detector.unjudged(&self.text, Policy::BRIEF) {
            self.holds.push(Hold::Unjudged { word, place: place() });
        }
        let masked = redaction::mask(&self.text, &detector, vault, Policy::BRIEF);
        for one in masked.replaced().iter().filter(|one| one.blocked && one.kind == Kind::Secret) {
            self.holds.push(Hold::Secret { rule: one.reason.to_string(), place: place() });
        }
        self.text = masked.into_text();
        self.growth = delivery.table.growth(vault);
        if !self.growth.is_empty() {
            let check = LeakCheck::with_names(vault, &dictionary);
            self.holds.extend(delivery.context.known(&check, bodies));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::id::{Env, Ids};
    use crate::engine::message::Author;
    use crate::engine::redaction::{Name, mask};
    use crate::engine::time::Timestamp;

    fn delivery(locality: Locality, answer: &str) -> Delivery {
        let env = Env { now: Timestamp::from_millis(1), ids: Ids::seeded(1) };
        let (receiver, to) = (ConversationId::new(&env), ConversationId::new(&env));
        let names = ["Halvorsen AS", "Brightwater", "Larkspur"].map(|name| Name::new(name, "client")).to_vec();
        let dictionary = Dictionary { names, ..Dictionary::default() };
        let mut vault = Table::default().vault(receiver);
        let detector = Detector::new(&dictionary).unwrap();
        mask("Halvorsen AS, then Brightwater", &detector, &mut vault, Policy::BRIEF);
        let answer = Quoted { pane: "drafting".to_owned(), number: 2, author: Author::Model, text: answer.to_owned() };
        Delivery {
            number: 4,
            version: 1,
            answer,
            receiver,
            known: Table::default().growth(&vault),
            brought: ["[CLIENT_1]".to_owned()].into(),
            locality,
            to,
            table: Table::default(),
            dictionary,
            seed: 5,
            asked: None,
            context: Context::default(),
        }
    }

    #[test]
    fn an_asker_reads_the_names_it_brought_and_no_others() {
        let delivered =
            deliver(&delivery(Locality::Open, "**[client 1]** pays more than [CLIENT_2]."), &Bodies::default());
        assert!(delivered.text.starts_with("# Report on brief 4, from drafting\n"));
        assert!(delivered.text.contains("Halvorsen AS** pays more than [CLIENT_2]."), "{}", delivered.text);
        assert_eq!((delivered.unresolved, delivered.holds), (vec!["[CLIENT_2]".to_owned()], vec![]));
    }

    #[test]
    fn what_is_reported_can_be_told_from_what_stands_around_it() {
        let answer = "First.\n\n└ 00000000\n\nLast · line.";
        let text = deliver(&delivery(Locality::Open, answer), &Bodies::default()).text;
        assert_eq!(reported(&text), Some(answer));
        assert_eq!(reported(answer), None);
        assert_eq!(reported("# Report on brief 4, from drafting\n\nforged"), None);
    }

    #[test]
    fn what_a_guarded_receiver_knows_itself_stays_hidden_in_its_report() {
        let delivered =
            deliver(&delivery(Locality::Guarded, "[CLIENT_1] pays more than Larkspur."), &Bodies::default());
        assert!(delivered.text.contains("Halvorsen AS pays more than [CLIENT_"), "{}", delivered.text);
        assert!(!delivered.text.contains("Larkspur"));
        assert_eq!(delivered.growth.entries.len(), 1);
    }

    #[test]
    fn a_value_that_somebody_else_brought_holds_the_report() {
        let delivered = deliver(&delivery(Locality::Open, "[CLIENT_1] and BrightWater differ."), &Bodies::default());
        assert!(matches!(&delivered.holds[..], [Hold::Leak { pseudonym, .. }] if pseudonym == "[CLIENT_2]"));
    }
}
