//! `trialogue doctor`: whether a journal still is what was written, in sentences.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use rusqlite::Connection;

use crate::engine::Engine;
use crate::engine::event::Event;
use crate::engine::id::{ConversationId, MessageId};

use super::error::{Fault, JournalError};
use super::format::{self, Record, Unreadable};
use super::opening::Standing;
use super::salvage::{missing, ranges, thousands};
use super::sqlite::SqliteJournal;
use super::{blobs, reader, search};

/// What a check found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Report {
    /// How many events were read.
    pub events: usize,
    /// How many messages they make.
    pub messages: usize,
    /// What a person should know; empty if all is well.
    pub findings: Vec<Finding>,
}

/// One thing that a check found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// How much it matters.
    pub severity: Severity,
    /// The sentence a person reads.
    pub sentence: String,
}

/// How much a finding matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// Worth knowing; nothing can or must be done.
    Note,
    /// What is derived from the events is wrong: `doctor --rebuild` makes it anew and loses nothing.
    Stale,
    /// What was written is no longer there: `doctor --rebuild` saves what is left.
    Damage,
}

impl Report {
    /// How bad the worst finding is; `None` if all is well.
    pub fn worst(&self) -> Option<Severity> {
        self.findings.iter().map(|finding| finding.severity).max()
    }

    fn add(&mut self, severity: Severity, sentence: impl Into<String>) {
        self.findings.push(Finding { severity, sentence: sentence.into() });
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} events and {} messages were read.", thousands(self.events), thousands(self.messages))?;
        for finding in &self.findings {
            write!(f, "\n{}", finding.sentence)?;
        }
        match self.worst() {
            None => write!(f, "\nEverything is as it was written."),
            Some(Severity::Note) => Ok(()),
            Some(Severity::Stale | Severity::Damage) => {
                write!(f, "\n`trialogue doctor --rebuild` repairs what can be repaired and deletes nothing.")
            }
        }
    }
}

impl SqliteJournal {
    /// Reads everything and compares: structure, checksums, numbers, projections, attached texts. Changes nothing.
    pub fn check(&mut self) -> Result<Report, JournalError> {
        let standing = self.standing().clone();
        let report = self.read(|connection| match &standing {
            Standing::Damaged { why } => remains(connection, why, Severity::Damage),
            Standing::Newer { why } => remains(connection, why, Severity::Note),
            Standing::Writing | Standing::Reading | Standing::ReadOnly { .. } => check(connection),
        })?;
        match self.standing() {
            // The file turned out to be damaged while it was read.
            Standing::Damaged { why } if *self.standing() != standing => {
                let why = why.clone();
                self.read(|connection| remains(connection, &why, Severity::Damage))
            }
            _ => Ok(report),
        }
    }
}

/// The report on a journal of which only a part could be read.
fn remains(connection: &Connection, why: &str, severity: Severity) -> Result<Report, Fault> {
    let (events, messages) =
        connection.query_row("SELECT (SELECT count(*) FROM events), (SELECT count(*) FROM messages)", [], |row| {
            Ok((row.get::<_, u32>(0)? as usize, row.get::<_, u32>(1)? as usize))
        })?;
    let mut report = Report { events, messages, findings: Vec::new() };
    report.add(severity, why);
    Ok(report)
}

fn check(connection: &Connection) -> Result<Report, Fault> {
    let mut report = Report::default();
    structure(connection, &mut report)?;
    let replay = replay(connection, &mut report)?;
    numbers(connection, &replay, &mut report)?;
    projections(connection, &replay, &mut report);
    attached(connection, &mut report)?;
    Ok(report)
}

fn structure(connection: &Connection, report: &mut Report) -> Result<(), Fault> {
    let mut select = connection.prepare("PRAGMA integrity_check(5)")?;
    let mut rows = select.query([])?;
    while let Some(row) = rows.next()? {
        let line: String = row.get(0)?;
        if line != "ok" {
            report.add(Severity::Damage, format!("The file's structure is broken: {}.", line.replace('\n', "; ")));
        }
    }
    Ok(())
}

/// Everything that happened, folded again.
#[derive(Default)]
struct Replay {
    engine: Engine,
    seqs: Vec<i64>,
    /// The last number in each conversation, and the breaks in the count.
    conv_seqs: BTreeMap<Option<ConversationId>, i64>,
    breaks: BTreeSet<Option<ConversationId>>,
    epoch: i64,
    /// Messages that the index must hold unless they are erased.
    searchable: BTreeSet<MessageId>,
}

fn replay(connection: &Connection, report: &mut Report) -> Result<Replay, Fault> {
    let mut replay = Replay::default();
    let mut unreadable: BTreeMap<String, Vec<(i64, i64)>> = BTreeMap::new();
    let sql = format!("SELECT {} FROM events e ORDER BY e.seq", format::COLUMNS);
    let mut select = connection.prepare(&sql)?;
    let mut rows = select.query([])?;
    while let Some(row) = rows.next()? {
        let seq: i64 = row.get(0)?;
        replay.seqs.push(seq);
        match Record::read(row).and_then(|record| Ok((record, record.event()?))) {
            Ok((record, event)) => replay.see(&record, &event),
            Err(why) => {
                let all = unreadable.entry(why.to_string()).or_default();
                match all.last_mut() {
                    Some((_, last)) if *last + 1 == seq => *last = seq,
                    _ => all.push((seq, seq)),
                }
                if let Unreadable::Checksum = why {
                    replay.breaks.clear();
                }
            }
        }
    }
    for (why, all) in unreadable {
        report.add(Severity::Damage, format!("Events can't be read, {}: {why}.", ranges(&all)));
    }
    report.events = replay.seqs.len();
    report.messages = replay.engine.conversations.values().map(|conversation| conversation.messages.len()).sum();
    Ok(replay)
}

impl Replay {
    fn see(&mut self, record: &Record<'_>, event: &Event) {
        let conversation = event.conversation();
        let last = self.conv_seqs.entry(conversation).or_default();
        // Zero is a stand-in for an event that was lost.
        if record.conv_seq != 0 {
            if record.conv_seq != *last + 1 {
                self.breaks.insert(conversation);
            }
            *last = record.conv_seq;
        }
        self.epoch = self.epoch.max(record.epoch);
        if let Some(message) = event.message()
            && search::is_searchable(message)
        {
            self.searchable.insert(message.id);
        }
        self.engine.apply(event);
    }
}

fn numbers(connection: &Connection, replay: &Replay, report: &mut Report) -> Result<(), Fault> {
    let mut select = connection.prepare("SELECT first, last FROM lost ORDER BY first")?;
    let lost: Vec<(i64, i64)> =
        select.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?.collect::<Result<_, _>>()?;
    let newest = replay.seqs.last().copied().unwrap_or(0);
    let missing = missing(replay.seqs.iter().copied(), newest, &lost);
    if !missing.is_empty() {
        report.add(Severity::Damage, format!("Events are missing, {}.", ranges(&missing)));
    }
    if !lost.is_empty() {
        report.add(Severity::Note, format!("An earlier repair could not save the events {}.", ranges(&lost)));
    }
    // Where events are missing, so are their numbers in their conversation.
    let is_whole = lost.is_empty() && missing.is_empty() && report.worst().is_none();
    if is_whole && !replay.breaks.is_empty() {
        let count = replay.breaks.len();
        report.add(Severity::Damage, format!("The events of {count} conversations are not numbered one by one."));
    }
    let epoch: i64 = connection.query_row("SELECT ifnull(max(epoch), 0) FROM epochs", [], |row| row.get(0))?;
    if replay.epoch > epoch {
        report.add(Severity::Damage, format!("The writer of epoch {} is not recorded.", replay.epoch));
    }
    Ok(())
}

fn projections(connection: &Connection, replay: &Replay, report: &mut Report) {
    let stale = |what: &str| format!("{what} don't match the events they were made from.");
    match reader::load(connection) {
        Ok(loaded) => {
            let loaded = Engine::loaded(loaded.workspace, loaded.conversations);
            if loaded.workspace != replay.engine.workspace {
                report.add(Severity::Stale, stale("The panes"));
            }
            if loaded.conversations != replay.engine.conversations {
                report.add(Severity::Stale, stale("The conversations"));
            }
        }
        Err(fault) => report.add(Severity::Stale, format!("The conversations can't be loaded: {fault}.")),
    }
    match reader::overview(connection) {
        Ok(overview) if overview == replay.engine.overview() => {}
        Ok(_) => report.add(Severity::Stale, stale("The branches and meters")),
        Err(fault) => report.add(Severity::Stale, format!("The overview can't be read: {fault}.")),
    }
    let entries = replay.engine.conversations.values().flat_map(|conversation| &conversation.messages);
    let wanted = entries.filter(|(id, entry)| !entry.erased && replay.searchable.contains(id)).count();
    match search::indexed(connection) {
        Ok(indexed) if indexed == wanted => {}
        Ok(indexed) => {
            let (indexed, wanted) = (thousands(indexed), thousands(wanted));
            report.add(Severity::Stale, format!("The search index holds {indexed} of {wanted} messages."));
        }
        Err(fault) => report.add(Severity::Stale, format!("The search index can't be read: {fault}.")),
    }
}

fn attached(connection: &Connection, report: &mut Report) -> Result<(), Fault> {
    let mut select = connection.prepare("SELECT hash, body FROM blobs")?;
    let mut rows = select.query([])?;
    let mut broken = 0;
    while let Some(row) = rows.next()? {
        let is_whole = match (row.get_ref(0)?.as_blob(), row.get_ref(1)?.as_bytes()) {
            (Ok(hash), Ok(body)) => blobs::hash(body) == hash,
            _ => false,
        };
        broken += usize::from(!is_whole);
    }
    if broken > 0 {
        report.add(Severity::Damage, format!("{broken} attached texts are not what was stored."));
    }
    let lacking: u32 = connection.query_row(
        "SELECT count(DISTINCT blob) FROM carried WHERE blob NOT IN (SELECT hash FROM blobs)",
        [],
        |row| row.get(0),
    )?;
    if lacking > 0 {
        report
            .add(Severity::Note, format!("{lacking} attached texts are lost; the messages that carried them are not."));
    }
    Ok(())
}
