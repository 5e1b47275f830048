//! Derived texts of contacts in compressed blocks: contacts whose keys follow each other share a row, so that reading
//! all of them is a few hundred look-ups and one pass over memory.
//!
//! A block holds, before it is compressed: the number of entries, a bit for each key that has one, then column by column
//! each entry's flags, its last interaction, the end of its global id (where the table keeps it) and the length of its
//! text (LEB128), then the texts. LZ4 unpacks that several times as fast as what packs tighter, and every search of the
//! command line unpacks all of it.
#![allow(clippy::disallowed_methods)]

use super::error::{Result, StoreError};
use super::open;
use lz4::block::{self, CompressionMode};
use rusqlite::Connection;
use std::collections::{BTreeMap, VecDeque};
use std::ops::{ControlFlow, Range};
use std::path::Path;
use std::thread::{self, JoinHandle};

/// How many keys a block is for.
pub(super) const SPAN: i64 = 1024;

/// What packs tighter wins a tenth, and takes five times as long: as much as a sixth of an import.
const MODE: CompressionMode = CompressionMode::DEFAULT;

/// No block is larger than this once it is unpacked; what says so is damaged.
const LARGEST: usize = 512 << 20;

/// Fewer blocks than this are read sooner than another connection is opened.
const MANY: usize = 8;

/// More readers than this wait for each other.
const READERS: usize = 4;

/// The page cache while blocks are read, KiB: each of their pages is read once, so there is nothing to keep.
const CACHE: u32 = 256;

/// Blocks that may wait for their packing.
const PACKING: usize = 2;

/// A table of blocks.
#[derive(Clone, Copy, Debug)]
pub(super) struct Table {
    /// Its name; the columns are `block` and `body`.
    pub name: &'static str,
    /// Whether entries keep the end of a global id.
    pub tails: bool,
}

/// One contact's entry.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Entry<'a> {
    pub id: i64,
    pub flags: u8,
    /// In ms since 1970; `i64::MIN` if there is none.
    pub last: i64,
    /// 0 where the table keeps none.
    pub tail: u64,
    pub text: &'a [u8],
}

/// The same on its way into a block.
#[derive(Clone, Debug, Default)]
pub(super) struct Fresh {
    pub flags: u8,
    pub last: i64,
    pub tail: u64,
    pub text: Vec<u8>,
}

fn damaged(table: &Table, block: i64) -> StoreError {
    StoreError::Damaged(format!("{} block {block}", table.name))
}

/// Unpacks one block after the other.
#[derive(Default)]
pub(super) struct Unpacker {
    /// Used again for the next one.
    raw: Vec<u8>,
}

impl Unpacker {
    pub(super) fn unpack(&mut self, table: &Table, block: i64, body: &[u8]) -> Result<&[u8]> {
        let (length, packed) = body.split_at_checked(4).ok_or_else(|| damaged(table, block))?;
        let length = length.iter().rev().fold(0usize, |sum, byte| sum << 8 | usize::from(*byte));
        let size = i32::try_from(length).ok().filter(|_| length <= LARGEST);
        // LZ4 makes nothing more than 255 times as long.
        let size = size.filter(|_| length / 256 <= packed.len()).ok_or_else(|| damaged(table, block))?;
        if self.raw.len() < length {
            self.raw.resize(length, 0);
        }
        match block::decompress_to_buffer(packed, Some(size), &mut self.raw) {
            Ok(found) if found == length => Ok(&self.raw[..length]),
            _ => Err(damaged(table, block)),
        }
    }
}

fn pack(raw: &[u8]) -> Result<Vec<u8>> {
    let failed = |error: std::io::Error| StoreError::Damaged(error.to_string());
    let length = u32::try_from(raw.len()).ok().filter(|_| raw.len() <= LARGEST);
    let length = length.ok_or_else(|| StoreError::Damaged("a block is too large".to_owned()))?;
    let packed = block::compress(raw, Some(MODE), false).map_err(failed)?;
    Ok([&length.to_le_bytes()[..], &packed].concat())
}

/// Bytes of the bits that say which keys have an entry.
const BITS: usize = SPAN as usize / 8;

/// The entries of an unpacked block, in order of their keys.
pub(super) struct Entries<'a> {
    block: i64,
    bits: &'a [u8],
    /// The slot that is looked at next.
    slot: usize,
    flags: &'a [u8],
    lasts: &'a [u8],
    tails: Option<&'a [u8]>,
    lengths: &'a [u8],
    texts: &'a [u8],
}

pub(super) fn entries<'a>(table: &Table, block: i64, raw: &'a [u8]) -> Result<Entries<'a>> {
    let split = || {
        let (count, rest) = raw.split_at_checked(2)?;
        let count = usize::from(u16::from_le_bytes([count[0], count[1]]));
        let (size, rest) = rest.split_at_checked(4)?;
        let size = u32::from_le_bytes(size.try_into().ok()?) as usize;
        let (bits, rest) = rest.split_at_checked(BITS)?;
        let (flags, rest) = rest.split_at_checked(count)?;
        let (lasts, rest) = rest.split_at_checked(8 * count)?;
        let (tails, rest) = rest.split_at_checked(if table.tails { 8 * count } else { 0 })?;
        let (lengths, texts) = rest.split_at_checked(size)?;
        let tails = table.tails.then_some(tails);
        Some(Entries { block, bits, slot: 0, flags, lasts, tails, lengths, texts })
    };
    split().ok_or_else(|| damaged(table, block))
}

impl Entries<'_> {
    /// How long the texts of those are that are still to come.
    pub(super) const fn bytes(&self) -> usize {
        self.texts.len()
    }

    /// How many are still to come.
    pub(super) const fn left(&self) -> usize {
        self.flags.len()
    }

    #[inline]
    fn next_slot(&mut self) -> Option<usize> {
        loop {
            let bits = self.bits.get(self.slot / 8)? >> (self.slot % 8);
            if bits != 0 {
                let slot = self.slot + bits.trailing_zeros() as usize;
                self.slot = slot + 1;
                return Some(slot);
            }
            self.slot = (self.slot / 8 + 1) * 8;
        }
    }
}

#[inline]
fn eight<'a>(bytes: &mut &'a [u8]) -> Option<[u8; 8]> {
    let (first, rest): (&'a [u8; 8], _) = bytes.split_first_chunk()?;
    *bytes = rest;
    Some(*first)
}

#[inline]
fn leb128(bytes: &mut &[u8]) -> Option<usize> {
    let (mut value, mut shift) = (0, 0);
    loop {
        let (byte, rest) = bytes.split_first()?;
        *bytes = rest;
        value |= usize::from(byte & 0x7f) << shift;
        if byte & 0x80 == 0 {
            return Some(value);
        }
        shift += 7;
        if shift > 28 {
            return None;
        }
    }
}

impl<'a> Iterator for Entries<'a> {
    type Item = Entry<'a>;

    #[inline]
    fn next(&mut self) -> Option<Entry<'a>> {
        let (flags, rest) = self.flags.split_first()?;
        self.flags = rest;
        let id = self.block * SPAN + self.next_slot()? as i64;
        let last = i64::from_le_bytes(eight(&mut self.lasts)?);
        let tail = match &mut self.tails {
            Some(tails) => u64::from_le_bytes(eight(tails)?),
            None => 0,
        };
        let length = leb128(&mut self.lengths)?;
        let (text, behind) = self.texts.split_at_checked(length)?;
        self.texts = behind;
        Some(Entry { id, flags: *flags, last, tail, text })
    }
}

/// The block of a contact.
pub(super) const fn block_of(id: i64) -> i64 {
    id.div_euclid(SPAN)
}

/// A packed block; `None` where nothing is left of it.
type Body = Option<Vec<u8>>;

/// Changes that wait to be written, block by block.
pub(super) struct Writer {
    table: &'static Table,
    /// `None` for what is gone.
    pending: BTreeMap<i64, Option<Fresh>>,
    /// Blocks that other threads make anew: an import goes on meanwhile.
    packing: VecDeque<(i64, JoinHandle<Result<Body>>)>,
}

impl Writer {
    pub(super) fn new(table: &'static Table) -> Self {
        Self { table, pending: BTreeMap::new(), packing: VecDeque::new() }
    }

    /// Notes an entry. Keys that come in order are written a block at a time.
    pub(super) fn put(&mut self, conn: &Connection, id: i64, entry: Option<Fresh>) -> Result<()> {
        self.pending.insert(id, entry);
        if self.pending.len() < 2 * SPAN as usize {
            return Ok(());
        }
        // The last block may go on growing.
        let Some((last, _)) = self.pending.last_key_value() else { return Ok(()) };
        let tail = self.pending.split_off(&(block_of(*last) * SPAN));
        self.merge(conn)?;
        self.pending = tail;
        Ok(())
    }

    /// Writes all that waits.
    pub(super) fn flush(&mut self, conn: &Connection) -> Result<()> {
        self.merge(conn)?;
        self.settle(conn, 0)
    }

    /// Puts what waits into its blocks, and hands all but a single one of them on to be packed.
    fn merge(&mut self, conn: &Connection) -> Result<()> {
        let table = self.table;
        let mut select =
            conn.prepare_cached(&format!("select body from \"{}\" where block=?1", table.name))?;
        let mut all = std::mem::take(&mut self.pending).into_iter().peekable();
        while let Some((first, _)) = all.peek() {
            let block = block_of(*first);
            let mut changes = BTreeMap::new();
            while let Some((id, entry)) = all.next_if(|(id, _)| block_of(*id) == block) {
                changes.insert(id, entry);
            }
            if self.packing.iter().any(|(other, _)| *other == block) {
                self.settle(conn, 0)?;
            }
            let mut rows = select.query([block])?;
            let old = rows.next()?.map(|row| row.get::<_, Vec<u8>>(0)).transpose()?;
            drop(rows);
            let few = all.peek().is_none() && self.packing.is_empty() && changes.len() < SPAN as usize / 2;
            if few {
                let body = repacked(table, block, old.as_deref(), &changes)?;
                self.write(conn, block, body.as_deref())?;
            } else {
                let pack = move || repacked(table, block, old.as_deref(), &changes);
                self.packing.push_back((block, thread::spawn(pack)));
                self.settle(conn, PACKING)?;
            }
        }
        Ok(())
    }

    /// Writes what was packed until at most so many are still on their way.
    fn settle(&mut self, conn: &Connection, most: usize) -> Result<()> {
        while self.packing.len() > most {
            let Some((block, thread)) = self.packing.pop_front() else { break };
            match thread.join() {
                Ok(body) => self.write(conn, block, body?.as_deref())?,
                Err(panic) => std::panic::resume_unwind(panic),
            }
        }
        Ok(())
    }

    /// Writes a block, or takes it away where nothing is left of it.
    fn write(&self, conn: &Connection, block: i64, body: Option<&[u8]>) -> Result<()> {
        let name = self.table.name;
        match body {
            Some(body) => conn
                .prepare_cached(&format!("insert or replace into \"{name}\" values (?1, ?2)"))?
                .execute((block, body))?,
            None => conn.execute(&format!("delete from \"{name}\" where block=?1"), [block])?,
        };
        Ok(())
    }
}

/// A block with changes put in.
fn repacked(
    table: &Table,
    block: i64,
    old: Option<&[u8]>,
    changes: &BTreeMap<i64, Option<Fresh>>,
) -> Result<Body> {
    let mut unpacker = Unpacker::default();
    let old = old.map(|body| unpacker.unpack(table, block, body)).transpose()?;
    let raw = merged(table, block, old, changes)?;
    if raw.is_empty() { Ok(None) } else { pack(&raw).map(Some) }
}

/// A block with changes put in; nothing if there is no entry left.
fn merged(
    table: &Table,
    block: i64,
    old: Option<&[u8]>,
    changes: &BTreeMap<i64, Option<Fresh>>,
) -> Result<Vec<u8>> {
    let (mut bits, mut flags, mut lasts) = ([0u8; BITS], Vec::new(), Vec::new());
    let (mut tails, mut lengths) = (Vec::new(), Vec::new());
    let mut texts = Vec::with_capacity(old.map_or(64 << 10, <[u8]>::len));
    let mut add = |entry: Entry<'_>| {
        let slot = (entry.id - block * SPAN) as usize;
        bits[slot / 8] |= 1 << (slot % 8);
        flags.push(entry.flags);
        lasts.extend_from_slice(&entry.last.to_le_bytes());
        if table.tails {
            tails.extend_from_slice(&entry.tail.to_le_bytes());
        }
        let mut length = entry.text.len();
        while length > 0x7f {
            lengths.push(length as u8 | 0x80);
            length >>= 7;
        }
        lengths.push(length as u8);
        texts.extend_from_slice(entry.text);
    };
    let kept = old.map(|old| entries(table, block, old)).transpose()?;
    let mut kept = kept.into_iter().flatten().filter(|entry| !changes.contains_key(&entry.id)).peekable();
    for (id, change) in changes {
        while let Some(entry) = kept.next_if(|entry| entry.id < *id) {
            add(entry);
        }
        if let Some(Fresh { flags, last, tail, text }) = change {
            add(Entry { id: *id, flags: *flags, last: *last, tail: *tail, text });
        }
    }
    kept.for_each(&mut add);
    if flags.is_empty() {
        return Ok(Vec::new());
    }
    let (count, size) = (flags.len() as u16, lengths.len() as u32);
    let head = [&count.to_le_bytes()[..], &size.to_le_bytes(), &bits];
    Ok([&head.concat()[..], &flags, &lasts, &tails, &lengths, &texts].concat())
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
    let before: i64 = conn.query_row("pragma cache_size", [], |row| row.get(0))?;
    conn.execute_batch(&open::cache_size(CACHE))?;
    let done = read(conn, table, numbers, value, take);
    conn.pragma_update(None, "cache_size", before)?;
    done
}

fn read<T>(
    conn: &Connection,
    table: &Table,
    numbers: Range<usize>,
    value: &mut T,
    take: &impl Fn(&mut T, i64, Packed<'_>) -> Result<ControlFlow<()>>,
) -> Result<()> {
    let mut unpacker = Unpacker::default();
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
