//! Makes a whole journal of what is left of another: in memory, to show what is readable; in a file, to repair it.
//!
//! What is lost leaves holes: a conversation without its beginning, a message whose parent is gone. In their place come
//! stand-ins, in numbers that the lost events had, so that everything readable is reachable: a conversation that begins
//! sealed (what it was can't be known, so nothing may leave), and a message that says it is damaged.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use rusqlite::{Connection, OpenFlags, params};

use crate::engine::event::Event;
use crate::engine::id::{ConversationId, MessageId};
use crate::engine::message::{Author, Ending, Message};
use crate::engine::model::ModelRef;
use crate::engine::settings::{Locality, PaneSettings};
use crate::engine::time::Timestamp;

use super::carve::{self, Carved, OwnedRecord};
use super::error::Fault;
use super::format::{self, Record, Unreadable};
use super::projector::Projector;
use super::{connect, schema, writer};

/// The pane of a conversation whose beginning is lost.
const PANE: &str = "recovered";

/// What is left of a journal.
#[derive(Debug, Default)]
pub(super) struct Remains {
    events: BTreeMap<i64, OwnedRecord>,
    blobs: BTreeMap<[u8; 32], String>,
    /// Drafts and layout: key, moment, value.
    view: Vec<(String, i64, String)>,
    /// Events that were lost before, in a repair.
    lost_before: Vec<(i64, i64)>,
    /// The last event that is known to have been there.
    last: i64,
    is_cut: bool,
}

impl Remains {
    /// What can be read from a file whose structure can't be trusted.
    pub(super) fn carved(path: &Path) -> Result<Self, Fault> {
        let Carved { events, broken, blobs, is_cut } = carve::carve(path)?;
        let mut last = events.last_key_value().map_or(0, |(seq, _)| *seq);
        while broken.contains(&(last + 1)) {
            last += 1;
        }
        let mut remains = Self { events, blobs, last, is_cut, ..Self::default() };
        // Whatever SQLite still finds of what has no checksum.
        if let Ok(connection) = connect::connect_to_read(path) {
            remains.view = view_of(&connection).unwrap_or_default();
            remains.lost_before = lost_of(&connection).unwrap_or_default();
        }
        Ok(remains)
    }

    /// What a whole file of another version holds.
    pub(super) fn read(connection: &Connection) -> Result<Self, Fault> {
        let sql = format!("SELECT {} FROM events e ORDER BY e.seq", format::COLUMNS);
        let mut select = connection.prepare(&sql)?;
        let mut rows = select.query([])?;
        let mut remains = Self { view: view_of(connection).unwrap_or_default(), ..Self::default() };
        while let Some(row) = rows.next()? {
            remains.last = row.get(0)?;
            if let Ok(record) = Record::read(row) {
                remains.events.insert(record.seq, OwnedRecord::from(&record));
            }
        }
        let mut select = connection.prepare("SELECT hash, body FROM blobs")?;
        let mut rows = select.query([])?;
        while let Some(row) = rows.next()? {
            remains.blobs.insert(row.get(0)?, row.get(1)?);
        }
        remains.lost_before = lost_of(connection)?;
        Ok(remains)
    }

    /// How many events can be read.
    pub(super) fn readable(&self) -> usize {
        self.events.len()
    }

    /// The events that can't be read and were not known to be lost before, as ranges.
    pub(super) fn missing(&self) -> Vec<(i64, i64)> {
        missing(self.events.keys().copied(), self.last, &self.lost_before)
    }

    /// What is left and what isn't, in words, without a full stop.
    pub(super) fn sentence(&self) -> String {
        let missing = self.missing();
        let count: i64 = missing.iter().map(|(first, last)| last - first + 1).sum();
        let readable = self.readable();
        let mut sentence = match (readable, count) {
            (0, _) => "no event in it is readable".to_owned(),
            (_, 0) => format!("all {} events in it are readable", thousands(readable)),
            _ => format!(
                "{} of {} events are readable, but not {}",
                thousands(readable),
                thousands(readable + count as usize),
                ranges(&missing)
            ),
        };
        if self.is_cut {
            sentence.push_str("; the file ends too early, and what came after can't be known");
        }
        sentence
    }

    /// A journal in memory that shows what is left.
    pub(super) fn show(&self) -> Result<Connection, Fault> {
        let mut connection = Connection::open_in_memory_with_flags(OpenFlags::SQLITE_OPEN_READ_WRITE)?;
        connect::settle(&connection)?;
        self.fill(&mut connection, None)?;
        Ok(connection)
    }

    /// Writes what is left into an empty database; `repaired_at` says that it will stand for the journal from now on.
    pub(super) fn fill(&self, connection: &mut Connection, repaired_at: Option<Timestamp>) -> Result<(), Fault> {
        let transaction = writer::begin(connection)?;
        schema::bring_up_to_date(&transaction)?;
        let mut projector = Projector::new(&transaction);
        let mut standing_in = StandIns::for_events(&self.events).into_events();
        for (seq, owned) in &self.events {
            while let Some(entry) = standing_in.first_entry().filter(|entry| entry.key() < seq) {
                let (seq, owned) = entry.remove_entry();
                write(&transaction, &mut projector, seq, &owned)?;
            }
            write(&transaction, &mut projector, *seq, owned)?;
        }
        projector.finish()?;
        for (hash, body) in &self.blobs {
            transaction.execute("INSERT INTO blobs(hash, body) VALUES(?1, ?2)", params![hash, body])?;
        }
        for (key, at, value) in &self.view {
            transaction.execute("INSERT OR REPLACE INTO view_state VALUES(?1, ?2, ?3)", params![key, at, value])?;
        }
        if let Some(at) = repaired_at {
            let lost = self.lost_before.iter().copied().chain(self.missing());
            for (first, last) in lost {
                transaction
                    .execute("INSERT OR REPLACE INTO lost VALUES(?1, ?2, ?3)", params![first, last, at.as_millis()])?;
            }
        }
        transaction.execute(
            "INSERT OR IGNORE INTO epochs(epoch, at, program) SELECT epoch, min(at), '' FROM events GROUP BY epoch",
            [],
        )?;
        Ok(transaction.commit()?)
    }
}

/// Writes an event as it was and folds it; one that this version doesn't understand is left out.
fn write(connection: &Connection, projector: &mut Projector<'_>, seq: i64, owned: &OwnedRecord) -> Result<(), Fault> {
    let record = owned.record(seq);
    let Ok(event) = record.event() else { return Ok(()) };
    writer::append(connection, &record)?;
    projector.apply(seq, record.conv_seq, &event)
}

/// What stands in for what is lost.
struct StandIns {
    /// Numbers that lost events had.
    free: BTreeSet<i64>,
    started: BTreeSet<ConversationId>,
    /// The messages of each conversation by the `seq` of their events.
    messages: BTreeMap<ConversationId, BTreeMap<i64, MessageId>>,
    known: BTreeSet<MessageId>,
    events: BTreeMap<i64, OwnedRecord>,
}

impl StandIns {
    fn for_events(events: &BTreeMap<i64, OwnedRecord>) -> Self {
        let mut stand_ins = Self {
            free: BTreeSet::new(),
            started: BTreeSet::new(),
            messages: BTreeMap::new(),
            known: BTreeSet::new(),
            events: BTreeMap::new(),
        };
        let mut next = 1;
        for (seq, owned) in events {
            // However wide a hole is, no more numbers than this can be of use.
            stand_ins.free.extend(next.max(seq - 10_000)..*seq);
            next = seq + 1;
            match owned.record(*seq).event() {
                Ok(event) => stand_ins.see(*seq, owned, &event),
                Err(_) => drop(stand_ins.free.insert(*seq)),
            }
        }
        stand_ins
    }

    fn into_events(self) -> BTreeMap<i64, OwnedRecord> {
        self.events
    }

    fn see(&mut self, seq: i64, owned: &OwnedRecord, event: &Event) {
        let Some(conversation) = event.conversation() else { return };
        let starts = matches!(event, Event::ConversationStarted { .. });
        if self.started.insert(conversation) && !starts {
            let settings = PaneSettings { locality: Locality::Sealed, ..PaneSettings::default() };
            let (pane, model) = (PANE.to_owned(), ModelRef::offline());
            let start = Event::ConversationStarted { conversation, pane, settings, model, predecessor: None };
            self.stand_in(seq, owned, |_| start);
        }
        let Some(message) = event.message() else { return };
        if let Some(parent) = message.parent
            && self.known.insert(parent)
        {
            let stood_in = self.stand_in(seq, owned, |(at, before)| {
                let message = missing_message(parent, message, *at, *before);
                Event::MessageAdded { message }
            });
            if let Some(at) = stood_in {
                self.messages.entry(conversation).or_default().insert(at, parent);
            }
        }
        self.known.insert(message.id);
        self.messages.entry(conversation).or_default().insert(seq, message.id);
    }

    /// Puts an event into the last free number before `seq`; it is told that number and the message before it.
    fn stand_in(
        &mut self,
        seq: i64,
        owned: &OwnedRecord,
        event: impl FnOnce(&(i64, Option<MessageId>)) -> Event,
    ) -> Option<i64> {
        let at = self.free.range(..seq).next_back().copied()?;
        self.free.remove(&at);
        let conversation = owned.conversation.map(ConversationId::from_uuid)?;
        let before = self.messages.get(&conversation).and_then(|all| all.range(..at).next_back());
        let event = event(&(at, before.map(|(_, id)| *id)));
        let record = OwnedRecord {
            conv_seq: 0,
            kind: event.kind().to_owned(),
            v: format::version(&event),
            body: format::encode(&event).ok()?,
            ..owned.clone()
        };
        self.events.insert(at, record);
        Some(at)
    }
}

fn missing_message(id: MessageId, child: &Message, seq: i64, parent: Option<MessageId>) -> Message {
    Message {
        id,
        conversation: child.conversation,
        number: child.number.saturating_sub(1),
        parent,
        author: if child.author == Author::Model { Author::Person } else { Author::Model },
        at: child.at,
        parts: vec![format::damaged_part(seq, &Unreadable::Checksum)],
        ending: Ending::Complete,
        about: None,
        turn: None,
        model: None,
        usage: None,
    }
}

/// The numbers from 1 to `last` that are neither in `present` (ascending) nor in `known` (ascending), as ranges.
pub(super) fn missing(present: impl Iterator<Item = i64>, last: i64, known: &[(i64, i64)]) -> Vec<(i64, i64)> {
    let mut missing = Vec::new();
    let mut next = 1;
    for seq in present.chain([last.saturating_add(1)]) {
        if next < seq {
            push_without(&mut missing, (next, seq - 1), known);
        }
        next = next.max(seq.saturating_add(1));
    }
    missing
}

/// Adds the pieces of a range that no range of `known` (ascending) covers.
fn push_without(ranges: &mut Vec<(i64, i64)>, (first, last): (i64, i64), known: &[(i64, i64)]) {
    let mut next = first;
    for (from, to) in known {
        if *to < next || *from > last {
            continue;
        }
        if next < *from {
            ranges.push((next, from - 1));
        }
        next = to.saturating_add(1);
    }
    if next <= last {
        ranges.push((next, last));
    }
}

fn view_of(connection: &Connection) -> Result<Vec<(String, i64, String)>, Fault> {
    let mut select = connection.prepare("SELECT key, at, value FROM view_state")?;
    let rows = select.query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?;
    // As far as it goes: a row that can't be read ends the list, and what came before it is kept.
    Ok(rows.map_while(Result::ok).collect())
}

fn lost_of(connection: &Connection) -> Result<Vec<(i64, i64)>, Fault> {
    let mut select = connection.prepare("SELECT first, last FROM lost ORDER BY first")?;
    Ok(select.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?.collect::<Result<_, _>>()?)
}

/// A count with a comma every three digits.
pub(super) fn thousands(count: usize) -> String {
    let digits = count.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (nth, digit) in digits.chars().enumerate() {
        if nth > 0 && (digits.len() - nth).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// `3, 7–9 and 12`, and no more than a line of it.
pub(super) fn ranges(ranges: &[(i64, i64)]) -> String {
    const MOST: usize = 6;
    let mut words: Vec<String> = ranges
        .iter()
        .take(MOST)
        .map(|(first, last)| if first == last { first.to_string() } else { format!("{first}–{last}") })
        .collect();
    if ranges.len() > MOST {
        words.push(format!("{} more ranges", ranges.len() - MOST));
    }
    match words.split_last() {
        Some((last, [])) => format!("number {last}"),
        Some((last, rest)) => format!("numbers {} and {last}", rest.join(", ")),
        None => "none".to_owned(),
    }
}
