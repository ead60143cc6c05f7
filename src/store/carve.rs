//! Reads events and attached texts out of the bytes of a damaged journal, without `SQLite`.
//!
//! Nothing of the file's structure is trusted: every byte of every page may be where a row begins, and a row counts
//! only if its checksum holds (its SHA-256, for an attached text). So it doesn't matter which page, tree or header is
//! broken. What is used of the file format: cells of table leaves, records, overflow chains, and the log's frames
//! (<https://sqlite.org/fileformat2.html>).

use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::path::Path;

use uuid::Uuid;

use super::connect::beside;
use super::format::Record;
use super::{blobs, schema};

/// What was found in the bytes of a journal.
#[derive(Debug, Default)]
pub(super) struct Carved {
    /// Events whose checksum holds, by `seq`.
    pub(super) events: BTreeMap<i64, OwnedRecord>,
    /// Rows that look like events and whose checksum doesn't hold.
    pub(super) broken: BTreeSet<i64>,
    /// Attached texts by the SHA-256 of their bytes.
    pub(super) blobs: BTreeMap<[u8; 32], String>,
    /// Whether the file is shorter than its header says.
    pub(super) is_cut: bool,
}

/// An event's row, on its own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct OwnedRecord {
    pub(super) at: i64,
    pub(super) conversation: Option<Uuid>,
    pub(super) epoch: i64,
    pub(super) conv_seq: i64,
    pub(super) kind: String,
    pub(super) v: i64,
    pub(super) body: String,
}

impl OwnedRecord {
    /// The row as it lies in the table under this `seq`.
    pub(super) fn record(&self, seq: i64) -> Record<'_> {
        Record {
            seq,
            at: self.at,
            conversation: self.conversation,
            epoch: self.epoch,
            conv_seq: self.conv_seq,
            kind: &self.kind,
            v: self.v,
            body: &self.body,
        }
    }
}

impl From<&Record<'_>> for OwnedRecord {
    fn from(record: &Record<'_>) -> Self {
        Self {
            at: record.at,
            conversation: record.conversation,
            epoch: record.epoch,
            conv_seq: record.conv_seq,
            kind: record.kind.to_owned(),
            v: record.v,
            body: record.body.to_owned(),
        }
    }
}

/// Reads whatever can be read from the journal at this path and its log.
pub(super) fn carve(path: &Path) -> io::Result<Carved> {
    let mut pages = Pages::open(path)?;
    let mut carved = Carved { is_cut: pages.is_cut, ..Carved::default() };
    // The log comes last: where a body was erased, its newer row wins.
    for image in 0..pages.images() {
        let Some(page) = pages.image(image) else { continue };
        for at in 0..page.len() {
            if let Some(cell) = Cell::parse(&page, at) {
                carved.take(&cell, &mut pages);
            }
        }
    }
    let Carved { events, broken, .. } = &mut carved;
    broken.retain(|seq| !events.contains_key(seq));
    Ok(carved)
}

impl Carved {
    fn take(&mut self, cell: &Cell<'_>, pages: &mut Pages) {
        if cell.is_event() {
            let Some(payload) = cell.payload(pages) else {
                self.broken.insert(cell.rowid);
                return;
            };
            match cell.event(&payload) {
                Some(record) => drop(self.events.insert(cell.rowid, record)),
                None => drop(self.broken.insert(cell.rowid)),
            }
        } else if cell.is_blob()
            && let Some(payload) = cell.payload(pages)
            && let Some((hash, body)) = cell.blob(&payload)
        {
            self.blobs.insert(hash, body);
        }
    }
}

/// The pages of the file, then the pages of its log.
struct Pages {
    file: File,
    log: Option<File>,
    in_file: u64,
    /// Where each page image of the log begins, and which page it is.
    frames: Vec<(u64, u32)>,
    /// The last image of each page in the log.
    newest: BTreeMap<u32, u64>,
    is_cut: bool,
}

const PAGE: u64 = schema::PAGE_SIZE as u64;

impl Pages {
    fn open(path: &Path) -> io::Result<Self> {
        let [_, log, _] = beside(path);
        let mut file = File::open(path)?;
        let length = file.metadata()?.len();
        let mut head = Vec::new();
        Read::by_ref(&mut file).take(32).read_to_end(&mut head)?;
        // Page count of the header, if this is a header.
        let says = head.get(28..32).filter(|_| head.starts_with(b"SQLite format 3\0")).map_or(0, be);
        let log = File::open(log).ok();
        let frames = log.as_ref().map(frames).unwrap_or_default();
        let newest = frames.iter().map(|(at, page)| (*page, *at)).collect();
        Ok(Self { file, log, in_file: length.div_ceil(PAGE), frames, newest, is_cut: length < says * PAGE })
    }

    fn images(&self) -> usize {
        self.in_file as usize + self.frames.len()
    }

    /// The nth page image; the last one of a file may be short.
    fn image(&mut self, nth: usize) -> Option<Vec<u8>> {
        match nth.checked_sub(self.in_file as usize) {
            None => read_at(&mut self.file, nth as u64 * PAGE),
            Some(frame) => read_at(self.log.as_mut()?, self.frames.get(frame)?.0),
        }
    }

    /// A page as it is now.
    fn page(&mut self, number: u32) -> Option<Vec<u8>> {
        match (self.newest.get(&number), &mut self.log) {
            (Some(at), Some(log)) => read_at(log, *at),
            _ => read_at(&mut self.file, u64::from(number.checked_sub(1)?) * PAGE),
        }
    }
}

fn read_at(file: &mut File, at: u64) -> Option<Vec<u8>> {
    file.seek(SeekFrom::Start(at)).ok()?;
    let mut page = Vec::with_capacity(schema::PAGE_SIZE);
    file.take(PAGE).read_to_end(&mut page).ok()?;
    Some(page)
}

/// The frames of the log that a whole transaction wrote since the log began anew: those with its salts, to the last
/// one that ends a transaction.
fn frames(mut log: &File) -> Vec<(u64, u32)> {
    const HEADER: u64 = 32;
    const FRAME: u64 = 24;
    let mut frames = Vec::new();
    let mut header = [0_u8; HEADER as usize];
    if log.read_exact(&mut header).is_err() {
        return frames;
    }
    let salts = &header[16..24];
    let mut whole = 0;
    let mut at = HEADER;
    let mut head = [0_u8; FRAME as usize];
    while log.seek(SeekFrom::Start(at)).is_ok() && log.read_exact(&mut head).is_ok() {
        if head[8..16] == *salts {
            frames.push((at + FRAME, be(&head[..4]) as u32));
            if be(&head[4..8]) != 0 {
                whole = frames.len();
            }
        }
        at += FRAME + PAGE;
    }
    frames.truncate(whole);
    frames
}

/// What may be a cell of a table's leaf page.
struct Cell<'p> {
    rowid: i64,
    /// The length of the whole record, and the part of it that lies on this page.
    length: usize,
    local: &'p [u8],
    /// The page on which the rest begins.
    overflow: Option<u32>,
    /// The record's column types, and where its values begin.
    types: Vec<u64>,
    values: usize,
}

/// More columns than any row here has.
const MOST_COLUMNS: usize = 16;

/// The longest record that is believed: `SQLite`'s own limit.
const LONGEST: u64 = 1 << 30;

impl<'p> Cell<'p> {
    fn parse(page: &'p [u8], at: usize) -> Option<Self> {
        let (length, at) = varint(page, at)?;
        let (rowid, at) = varint(page, at)?;
        // Both kinds of row begin with a header of few bytes and the empty column that stands for the row's number.
        let head = usize::from(*page.get(at)?);
        if !(4..=64).contains(&head) || *page.get(at + 1)? != 0 || length > LONGEST || rowid.cast_signed() < 1 {
            return None;
        }
        let length = length as usize;
        let most = schema::PAGE_SIZE - 35;
        let local = if length <= most {
            length
        } else {
            let least = (schema::PAGE_SIZE - 12) * 32 / 255 - 23;
            let some = least + (length - least) % (schema::PAGE_SIZE - 4);
            if some <= most { some } else { least }
        };
        let bytes = page.get(at..at + local)?;
        let overflow = if local < length { Some(be(page.get(at + local..at + local + 4)?) as u32) } else { None };
        let mut types = Vec::with_capacity(MOST_COLUMNS);
        let mut next = 1;
        while next < head {
            let (kind, after) = varint(bytes, next)?;
            types.push(kind);
            next = after;
            if types.len() > MOST_COLUMNS {
                return None;
            }
        }
        (next == head).then_some(Self {
            rowid: rowid.cast_signed(),
            length,
            local: bytes,
            overflow,
            types,
            values: head,
        })
    }

    /// Whether the columns have the types of an event's.
    fn is_event(&self) -> bool {
        let int = |kind: u64| matches!(kind, 1..=6 | 8 | 9);
        matches!(self.types.as_slice(), [0, at, conversation, epoch, conv_seq, kind, v, body, crc, ..]
            if int(*at) && matches!(conversation, 0 | 44) && int(*epoch) && int(*conv_seq) && is_text(*kind)
                && *kind < 13 + 2 * 64 && int(*v) && is_text(*body) && int(*crc))
    }

    /// Whether the columns have the types of an attached text's.
    fn is_blob(&self) -> bool {
        matches!(self.types.as_slice(), [0, 76, body, ..] if is_text(*body))
    }

    /// The whole record, with what lies on overflow pages.
    fn payload(&self, pages: &mut Pages) -> Option<Vec<u8>> {
        // More than there is can only come from pages that lead back to one another.
        if self.length as u64 > pages.images() as u64 * PAGE {
            return None;
        }
        let mut payload = Vec::with_capacity(self.length.min(1 << 20));
        payload.extend_from_slice(self.local);
        let mut next = self.overflow;
        while payload.len() < self.length {
            let page = pages.page(next.filter(|next| *next > 0)?)?;
            next = Some(be(page.get(..4)?) as u32);
            let wanted = (self.length - payload.len()).min(schema::PAGE_SIZE - 4);
            payload.extend_from_slice(page.get(4..4 + wanted)?);
        }
        Some(payload)
    }

    fn event(&self, payload: &[u8]) -> Option<OwnedRecord> {
        let columns = self.columns(payload)?;
        let int = |nth: usize| Some(int_of(columns.get(nth)?, *self.types.get(nth)?));
        let text = |nth: usize| std::str::from_utf8(columns.get(nth)?).ok();
        let conversation = match columns.get(2)? {
            [] => None,
            bytes => Some(Uuid::from_slice(bytes).ok()?),
        };
        let record = Record {
            seq: self.rowid,
            at: int(1)?,
            conversation,
            epoch: int(3)?,
            conv_seq: int(4)?,
            kind: text(5)?,
            v: int(6)?,
            body: text(7)?,
        };
        (i64::from(record.crc()) == int(8)?).then(|| OwnedRecord::from(&record))
    }

    fn blob(&self, payload: &[u8]) -> Option<([u8; 32], String)> {
        let columns = self.columns(payload)?;
        let (hash, body) = (columns.get(1)?, columns.get(2)?);
        let hash: [u8; 32] = (*hash).try_into().ok()?;
        (blobs::hash(body) == hash).then(|| Some((hash, std::str::from_utf8(body).ok()?.to_owned())))?
    }

    fn columns<'r>(&self, payload: &'r [u8]) -> Option<Vec<&'r [u8]>> {
        let mut at = self.values;
        self.types
            .iter()
            .map(|kind| {
                let value = payload.get(at..at.checked_add(size_of_type(*kind))?)?;
                at += value.len();
                Some(value)
            })
            .collect()
    }
}

const fn is_text(kind: u64) -> bool {
    kind >= 13 && kind % 2 == 1
}

const fn size_of_type(kind: u64) -> usize {
    match kind {
        0 | 8..=11 => 0,
        1..=4 => kind as usize,
        5 => 6,
        6 | 7 => 8,
        _ => ((kind - 12) / 2) as usize,
    }
}

fn int_of(bytes: &[u8], kind: u64) -> i64 {
    if kind == 9 {
        return 1;
    }
    let sign = if bytes.first().is_some_and(|byte| byte & 0x80 != 0) { -1 } else { 0 };
    bytes.iter().fold(sign, |value, byte| value << 8 | i64::from(*byte))
}

/// Big-endian bytes as a number.
fn be(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0, |value, byte| value << 8 | u64::from(*byte))
}

/// A number of 1 to 9 bytes, and where the bytes after it begin.
fn varint(bytes: &[u8], at: usize) -> Option<(u64, usize)> {
    let mut value = 0_u64;
    for nth in 0..8 {
        let byte = *bytes.get(at + nth)?;
        value = value << 7 | u64::from(byte & 0x7f);
        if byte & 0x80 == 0 {
            return Some((value, at + nth + 1));
        }
    }
    Some((value << 8 | u64::from(*bytes.get(at + 8)?), at + 9))
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;
    use crate::store::JOURNAL_FILE;

    #[test]
    fn pages_that_lead_back_to_one_another_make_no_record_longer_than_the_file() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(JOURNAL_FILE);
        let mut file = vec![0; 2 * schema::PAGE_SIZE];
        // The second page says that the second page comes next.
        file[schema::PAGE_SIZE + 3] = 2;
        // 4,000,000 bytes, row 1, a header of 4 bytes: an empty column and two numbers of no bytes.
        let head = [0x81, 0xf4, 0x92, 0x00, 1, 4, 0, 8, 8];
        file[..head.len()].copy_from_slice(&head);
        let local = Cell::parse(&[&head[..], &[0; 4_096]].concat(), 0).unwrap().local.len();
        file[5 + local + 3] = 2;
        fs::write(&path, &file).unwrap();
        let mut pages = Pages::open(&path).unwrap();
        let page = pages.image(0).unwrap();
        let cell = Cell::parse(&page, 0).unwrap();
        assert_eq!((cell.length, cell.overflow), (4_000_000, Some(2)));
        assert!(cell.payload(&mut pages).is_none());
    }
}
