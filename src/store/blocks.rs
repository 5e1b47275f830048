//! Derived texts of contacts in compressed blocks: contacts whose keys follow each other share a row, so that reading
//! all of them is a few hundred look-ups and one pass over memory.
//!
//! A block holds, before it is compressed: the number of entries, their slots (the key's place in the block), the length
//! of each one's text, a part of fixed length of each, and the texts.
#![allow(clippy::disallowed_methods)]

use super::error::{Result, StoreError};
use super::open;
use rusqlite::Connection;
use std::collections::BTreeMap;
use std::ops::{ControlFlow, Range};
use std::path::Path;
use std::thread;

/// How many keys a block is for.
pub(super) const SPAN: i64 = 512;

/// Higher levels win a few percent of size and cost twice the time.
const LEVEL: i32 = 1;

/// No block is larger than this once it is unpacked; what says so is damaged.
const LARGEST: usize = 512 << 20;

/// Fewer blocks than this are read sooner than another connection is opened.
const MANY: usize = 16;

/// More readers than this wait for each other.
const READERS: usize = 4;

/// A table of blocks.
#[derive(Clone, Copy, Debug)]
pub(super) struct Table {
    /// Its name; the columns are `block` and `body`.
    pub name: &'static str,
    /// Bytes of the fixed part of an entry.
    pub fixed: usize,
}

/// One contact's entry.
#[derive(Clone, Copy, Debug)]
pub(super) struct Entry<'a> {
    pub id: i64,
    pub fixed: &'a [u8],
    pub text: &'a [u8],
}

fn damaged(table: &Table, block: i64) -> StoreError {
    StoreError::Damaged(format!("{} block {block}", table.name))
}

/// Unpacks one block after the other.
pub(super) struct Unpacker {
    zstd: zstd::bulk::Decompressor<'static>,
    /// Used again for the next one.
    raw: Vec<u8>,
}

impl Unpacker {
    pub(super) fn new() -> Result<Self> {
        let zstd = zstd::bulk::Decompressor::new();
        let zstd = zstd.map_err(|error| StoreError::Damaged(error.to_string()))?;
        Ok(Self { zstd, raw: Vec::new() })
    }

    pub(super) fn unpack(&mut self, table: &Table, block: i64, body: &[u8]) -> Result<&[u8]> {
        let (length, packed) = body.split_at_checked(4).ok_or_else(|| damaged(table, block))?;
        let length = length.iter().rev().fold(0usize, |sum, byte| sum << 8 | usize::from(*byte));
        if length > LARGEST {
            return Err(damaged(table, block));
        }
        self.raw.clear();
        self.raw.reserve(length);
        match self.zstd.decompress_to_buffer(packed, &mut self.raw) {
            Ok(found) if found == length => Ok(&self.raw),
            _ => Err(damaged(table, block)),
        }
    }
}

fn pack(zstd: &mut zstd::bulk::Compressor<'_>, raw: &[u8]) -> Result<Vec<u8>> {
    let failed = |error: std::io::Error| StoreError::Damaged(error.to_string());
    let length = u32::try_from(raw.len()).ok().filter(|_| raw.len() <= LARGEST);
    let length = length.ok_or_else(|| StoreError::Damaged("a block is too large".to_owned()))?;
    let mut body = Vec::with_capacity(raw.len() / 2 + 64);
    body.extend_from_slice(&length.to_le_bytes());
    body.extend_from_slice(&zstd.compress(raw).map_err(failed)?);
    Ok(body)
}

/// The entries of an unpacked block, in order of their keys.
pub(super) struct Entries<'a> {
    table: &'a Table,
    block: i64,
    slots: &'a [u8],
    lengths: &'a [u8],
    fixed: &'a [u8],
    texts: &'a [u8],
}

pub(super) fn entries<'a>(table: &'a Table, block: i64, raw: &'a [u8]) -> Result<Entries<'a>> {
    let split = || {
        let (count, rest) = raw.split_at_checked(2)?;
        let count = usize::from(u16::from_le_bytes([count[0], count[1]]));
        let (slots, rest) = rest.split_at_checked(2 * count)?;
        let (lengths, rest) = rest.split_at_checked(4 * count)?;
        let (fixed, texts) = rest.split_at_checked(table.fixed * count)?;
        Some(Entries { table, block, slots, lengths, fixed, texts })
    };
    split().ok_or_else(|| damaged(table, block))
}

impl<'a> Entries<'a> {
    /// The texts of all that are still to come, one after the other.
    pub(super) const fn texts(&self) -> &'a [u8] {
        self.texts
    }
}

impl<'a> Iterator for Entries<'a> {
    type Item = Entry<'a>;

    #[inline]
    fn next(&mut self) -> Option<Entry<'a>> {
        let (slot, slots) = self.slots.split_at_checked(2)?;
        let (length, lengths) = self.lengths.split_at_checked(4)?;
        let (fixed, rest) = self.fixed.split_at_checked(self.table.fixed)?;
        let length = u32::from_le_bytes(length.try_into().ok()?) as usize;
        let (text, behind) = self.texts.split_at_checked(length)?;
        (self.slots, self.lengths, self.fixed, self.texts) = (slots, lengths, rest, behind);
        let id = self.block * SPAN + i64::from(u16::from_le_bytes([slot[0], slot[1]]));
        Some(Entry { id, fixed, text })
    }
}

/// The block of a contact.
pub(super) const fn block_of(id: i64) -> i64 {
    id.div_euclid(SPAN)
}

/// Changes that wait to be written, block by block.
pub(super) struct Writer {
    table: &'static Table,
    /// The fixed part and the text; `None` for what is gone.
    pending: BTreeMap<i64, Option<Vec<u8>>>,
    /// Made once: an import writes hundreds of blocks, and each of these holds a megabyte.
    zstd: Option<(Unpacker, zstd::bulk::Compressor<'static>)>,
}

impl Writer {
    pub(super) const fn new(table: &'static Table) -> Self {
        Self { table, pending: BTreeMap::new(), zstd: None }
    }

    /// Notes an entry: its fixed part, then its text. Keys that come in order are written a block at
    /// a time.
    pub(super) fn put(&mut self, conn: &Connection, id: i64, entry: Option<Vec<u8>>) -> Result<()> {
        self.pending.insert(id, entry);
        if self.pending.len() < 2 * SPAN as usize {
            return Ok(());
        }
        // The last block may go on growing.
        let Some((last, _)) = self.pending.last_key_value() else { return Ok(()) };
        let tail = self.pending.split_off(&(block_of(*last) * SPAN));
        self.flush(conn)?;
        self.pending = tail;
        Ok(())
    }

    /// Writes all that waits.
    pub(super) fn flush(&mut self, conn: &Connection) -> Result<()> {
        if self.pending.is_empty() {
            return Ok(());
        }
        let table = self.table;
        let mut select =
            conn.prepare_cached(&format!("select body from \"{}\" where block=?1", table.name))?;
        let mut put =
            conn.prepare_cached(&format!("insert or replace into \"{}\" values (?1, ?2)", table.name))?;
        let (unpacker, zstd) = match &mut self.zstd {
            Some(made) => made,
            none => {
                let zstd = zstd::bulk::Compressor::new(LEVEL);
                let zstd = zstd.map_err(|error| StoreError::Damaged(error.to_string()))?;
                none.insert((Unpacker::new()?, zstd))
            }
        };
        let mut all = std::mem::take(&mut self.pending).into_iter().peekable();
        while let Some((first, _)) = all.peek() {
            let block = block_of(*first);
            let mut changes = BTreeMap::new();
            while let Some((id, entry)) = all.next_if(|(id, _)| block_of(*id) == block) {
                changes.insert(id, entry);
            }
            let mut rows = select.query([block])?;
            let old = match rows.next()? {
                Some(row) => {
                    let body = row.get_ref(0)?.as_blob().map_err(rusqlite::Error::from)?;
                    unpacker.unpack(table, block, body)?
                }
                None => &[0, 0],
            };
            let raw = merged(table, block, old, &changes)?;
            drop(rows);
            if !raw.starts_with(&[0, 0]) {
                put.execute((block, pack(zstd, &raw)?))?;
            } else {
                conn.execute(&format!("delete from \"{}\" where block=?1", table.name), [block])?;
            }
        }
        Ok(())
    }
}

/// A block with changes put in.
fn merged(
    table: &Table,
    block: i64,
    old: &[u8],
    changes: &BTreeMap<i64, Option<Vec<u8>>>,
) -> Result<Vec<u8>> {
    let (mut slots, mut lengths, mut fixed) = (Vec::new(), Vec::new(), Vec::new());
    let mut texts = Vec::with_capacity(old.len());
    let mut add = |entry: Entry<'_>| {
        slots.extend_from_slice(&((entry.id - block * SPAN) as u16).to_le_bytes());
        lengths.extend_from_slice(&(entry.text.len() as u32).to_le_bytes());
        fixed.extend_from_slice(entry.fixed);
        texts.extend_from_slice(entry.text);
    };
    let kept = entries(table, block, old)?.filter(|entry| !changes.contains_key(&entry.id));
    let mut kept = kept.peekable();
    for (id, change) in changes {
        while let Some(entry) = kept.next_if(|entry| entry.id < *id) {
            add(entry);
        }
        if let Some(bytes) = change {
            let (fixed, text) = bytes.split_at(table.fixed);
            add(Entry { id: *id, fixed, text });
        }
    }
    kept.for_each(&mut add);
    let count = ((slots.len() / 2) as u16).to_le_bytes();
    Ok([&count[..], &slots, &lengths, &fixed, &texts].concat())
}

/// A block that was read.
pub(super) struct Packed<'a> {
    table: &'a Table,
    block: i64,
    body: &'a [u8],
    unpacker: &'a mut Unpacker,
}

impl<'a> Packed<'a> {
    /// Unpacks it into memory that the next one will use.
    pub(super) fn open(self) -> Result<&'a [u8]> {
        self.unpacker.unpack(self.table, self.block, self.body)
    }
}

/// How many block numbers there are.
pub(super) fn count(conn: &Connection, table: &Table) -> Result<usize> {
    let sql = format!("select max(block) from \"{}\"", table.name);
    let last: Option<i64> = conn.prepare_cached(&sql)?.query_row([], |row| row.get(0))?;
    Ok(last.map_or(0, |last| usize::try_from(last).unwrap_or_default() + 1))
}

/// Hands out the blocks with these numbers in order. Each part goes to one of the values that `make` makes, on a thread
/// of its own; they come back in order. `Break` ends a part.
pub(super) fn each<T: Send>(
    conn: &Connection,
    table: &'static Table,
    numbers: Range<usize>,
    make: impl Fn() -> T + Sync,
    take: impl Fn(&mut T, i64, Packed<'_>) -> Result<ControlFlow<()>> + Sync,
) -> Result<Vec<T>> {
    let count = numbers.len();
    let cores = thread::available_parallelism().map_or(1, usize::from);
    let path = conn.path().filter(|path| !path.is_empty() && count >= MANY && cores > 1).map(Path::new);
    let (make, take) = (&make, &take);
    let Some(path) = path else {
        let mut whole = make();
        part(conn, table, numbers, &mut whole, take)?;
        return Ok(vec![whole]);
    };
    let parts = cores.min(READERS);
    let edge = |part: usize| numbers.start + count * part / parts;
    let range = |part: usize| edge(part)..edge(part + 1);
    thread::scope(|scope| {
        let others: Vec<_> = (1..parts)
            .map(|other| {
                scope.spawn(move || -> Result<T> {
                    let mut value = make();
                    let conn = open::reader(path)?;
                    // Each page is read once: there is nothing to keep.
                    conn.pragma_update(None, "cache_size", -256)?;
                    part(&conn, table, range(other), &mut value, take)?;
                    Ok(value)
                })
            })
            .collect();
        let mut first = make();
        let done = part(conn, table, range(0), &mut first, take);
        let mut all = vec![first];
        for other in others {
            match other.join() {
                Ok(value) => all.push(value?),
                Err(panic) => std::panic::resume_unwind(panic),
            }
        }
        done.map(|()| all)
    })
}

fn part<T>(
    conn: &Connection,
    table: &Table,
    numbers: Range<usize>,
    value: &mut T,
    take: &impl Fn(&mut T, i64, Packed<'_>) -> Result<ControlFlow<()>>,
) -> Result<()> {
    let mut unpacker = Unpacker::new()?;
    let sql = format!("select block, body from \"{}\" where block>=?1 and block<?2 order by 1", table.name);
    let mut statement = conn.prepare_cached(&sql)?;
    let mut rows = statement.query((numbers.start as i64, numbers.end as i64))?;
    while let Some(row) = rows.next()? {
        let block = row.get(0)?;
        let body = row.get_ref(1)?.as_blob().map_err(rusqlite::Error::from)?;
        if take(value, block, Packed { table, block, body, unpacker: &mut unpacker })?.is_break() {
            break;
        }
    }
    Ok(())
}
