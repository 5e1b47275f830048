//! Derived texts of contacts in compressed blocks: contacts whose keys follow each other share a row, so that reading
//! all of them is a few hundred look-ups and one pass over memory.
//!
//! A block holds, before it is compressed: the number of entries, a bit for each key that has one, then column by column
//! each entry's flags, its last interaction and the length of its text (LEB128), then the texts. LZ4 unpacks that several
//! times as fast as what packs tighter, and every search of the command line unpacks all of it. Where a table keeps the
//! ends of global ids, they lie beside the block in a column of their own, as they are.
#![allow(clippy::disallowed_methods)]

use super::error::{Result, StoreError};
use super::open;
use lz4::block::{self, CompressionMode};
use rusqlite::Connection;
use std::collections::{BTreeMap, VecDeque};
use std::ops::{ControlFlow, Range};
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread::{self, JoinHandle};

/// What packs tighter wins a tenth, and takes five times as long: as much as a sixth of an import.
const MODE: CompressionMode = CompressionMode::DEFAULT;

/// No block is larger than this once it is unpacked; what says so is damaged.
const LARGEST: usize = 512 << 20;

/// No key is as large, as they are given one after the other: what says so is damaged, and nobody makes room for all before it.
pub(super) const MOST: i64 = 1 << 28;

/// Fewer blocks than this are read sooner than another connection is opened.
const MANY: usize = 8;

/// More readers than this wait for each other.
const READERS: usize = 4;

/// So many parts for each reader: some begin later than others.
const PARTS: usize = 8;

/// The page cache while blocks are read, KiB: each of their pages is read once, so there is nothing to keep.
const CACHE: u32 = 256;

/// Blocks that may wait for their packing.
const PACKING: usize = 2;

/// A table of blocks.
#[derive(Clone, Copy, Debug)]
pub(super) struct Table {
    /// Its name; the columns are `block`, `tails` where it keeps them, and `body`.
    pub name: &'static str,
    /// How many keys a block is for: a multiple of 64. Of few contacts fewer are unpacked in vain if it is small; large ones pack
    /// better.
    pub span: i64,
    /// Whether the ends of global ids are kept.
    pub tails: bool,
}

impl Table {
    /// The block of a contact.
    pub(super) const fn block_of(&self, id: i64) -> i64 {
        id.div_euclid(self.span)
    }

    /// The number of a block that was read, if there can be one.
    fn number(&self, block: i64) -> Result<usize> {
        let number = usize::try_from(block).ok().filter(|_| block < MOST / self.span);
        number.ok_or_else(|| damaged(self, block))
    }

    /// Bytes of the bits that say which keys have an entry.
    const fn bits(&self) -> usize {
        self.span as usize / 8
    }

    /// The columns that make a block.
    const fn columns(&self) -> &'static str {
        if self.tails { "body, tails" } else { "body, null" }
    }
}

/// One contact's entry.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Entry<'a> {
    pub id: i64,
    pub flags: u8,
    /// In ms since 1970; `i64::MIN` if there is none.
    pub last: i64,
    /// 0 where it is not kept or was not read.
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

/// The entries of an unpacked block, in order of their keys.
pub(super) struct Entries<'a> {
    /// The key of the first slot.
    first: i64,
    bits: &'a [u8],
    /// The slot that is looked at next.
    slot: usize,
    flags: &'a [u8],
    lasts: &'a [u8],
    /// Nothing where they were not read.
    tails: &'a [u8],
    lengths: &'a [u8],
    texts: &'a [u8],
}

pub(super) fn entries<'a>(table: &Table, block: i64, raw: &'a [u8], tails: &'a [u8]) -> Result<Entries<'a>> {
    let split = || {
        let (count, rest) = raw.split_at_checked(2)?;
        let count = usize::from(u16::from_le_bytes([count[0], count[1]]));
        let (size, rest) = rest.split_at_checked(4)?;
        let size = u32::from_le_bytes(size.try_into().ok()?) as usize;
        let (bits, rest) = rest.split_at_checked(table.bits())?;
        let (flags, rest) = rest.split_at_checked(count)?;
        let (lasts, rest) = rest.split_at_checked(8 * count)?;
        let (lengths, texts) = rest.split_at_checked(size)?;
        Some(Entries { first: block * table.span, bits, slot: 0, flags, lasts, tails, lengths, texts })
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
        let id = self.first + self.next_slot()? as i64;
        let last = i64::from_le_bytes(eight(&mut self.lasts)?);
        let tail = eight(&mut self.tails).map_or(0, u64::from_le_bytes);
        let length = leb128(&mut self.lengths)?;
        let (text, behind) = self.texts.split_at_checked(length)?;
        self.texts = behind;
        Some(Entry { id, flags: *flags, last, tail, text })
    }
}

/// A block as it lies in the book.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Stored {
    body: Vec<u8>,
    tails: Vec<u8>,
}

/// What becomes of a block: nothing if it is as it was.
enum Repacked {
    Same,
    Gone,
    Is(Stored),
}

/// Changes that wait to be written, block by block.
pub(super) struct Writer {
    table: &'static Table,
    /// `None` for what is gone.
    pending: BTreeMap<i64, Option<Fresh>>,
    /// Blocks that other threads make anew: an import goes on meanwhile.
    packing: VecDeque<(i64, JoinHandle<Result<Repacked>>)>,
}

impl Writer {
    pub(super) fn new(table: &'static Table) -> Self {
        Self { table, pending: BTreeMap::new(), packing: VecDeque::new() }
    }

    /// Notes an entry. Keys that come in order are written a block at a time.
    pub(super) fn put(&mut self, conn: &Connection, id: i64, entry: Option<Fresh>) -> Result<()> {
        self.pending.insert(id, entry);
        if self.pending.len() < 2 * self.table.span as usize {
            return Ok(());
        }
        // The last block may go on growing.
        let Some((last, _)) = self.pending.last_key_value() else { return Ok(()) };
        let tail = self.pending.split_off(&(self.table.block_of(*last) * self.table.span));
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
        let sql = format!("select {} from \"{}\" where block=?1", table.columns(), table.name);
        let mut select = conn.prepare_cached(&sql)?;
        let mut all = std::mem::take(&mut self.pending).into_iter().peekable();
        while let Some((first, _)) = all.peek() {
            let block = table.block_of(*first);
            let mut changes = BTreeMap::new();
            while let Some((id, entry)) = all.next_if(|(id, _)| table.block_of(*id) == block) {
                changes.insert(id, entry);
            }
            if self.packing.iter().any(|(other, _)| *other == block) {
                self.settle(conn, 0)?;
            }
            let mut rows = select.query([block])?;
            let stored = |row: &rusqlite::Row<'_>| -> rusqlite::Result<Stored> {
                Ok(Stored { body: row.get(0)?, tails: row.get::<_, Option<Vec<u8>>>(1)?.unwrap_or_default() })
            };
            let old = rows.next()?.map(stored).transpose()?;
            drop(rows);
            let few =
                all.peek().is_none() && self.packing.is_empty() && changes.len() < table.span as usize / 2;
            if few {
                let new = repacked(table, block, old, &changes)?;
                self.write(conn, block, new)?;
            } else {
                let pack = move || repacked(table, block, old, &changes);
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
                Ok(new) => self.write(conn, block, new?)?,
                Err(panic) => std::panic::resume_unwind(panic),
            }
        }
        Ok(())
    }

    /// Writes a block, or takes it away where nothing is left of it.
    fn write(&self, conn: &Connection, block: i64, new: Repacked) -> Result<()> {
        let name = self.table.name;
        let put = |sql: &str| format!("insert or replace into \"{name}\"{sql}");
        match new {
            Repacked::Same => 0,
            Repacked::Is(new) if self.table.tails => conn
                .prepare_cached(&put("(block, body, tails) values (?1, ?2, ?3)"))?
                .execute((block, new.body, new.tails))?,
            Repacked::Is(new) => {
                conn.prepare_cached(&put("(block, body) values (?1, ?2)"))?.execute((block, new.body))?
            }
            Repacked::Gone => conn.execute(&format!("delete from \"{name}\" where block=?1"), [block])?,
        };
        Ok(())
    }
}

/// A block with changes put in.
fn repacked(
    table: &Table,
    block: i64,
    old: Option<Stored>,
    changes: &BTreeMap<i64, Option<Fresh>>,
) -> Result<Repacked> {
    let mut unpacker = Unpacker::default();
    let raw = old.as_ref().map(|old| unpacker.unpack(table, block, &old.body)).transpose()?;
    // The bits in front are those of the block.
    let tails = old.as_ref().and_then(|old| old.tails.get(table.bits()..)).unwrap_or_default();
    let Some((new, tails)) = merged(table, block, raw.map(|raw| (raw, tails)), changes)? else {
        return Ok(if old.is_some() { Repacked::Gone } else { Repacked::Same });
    };
    if raw == Some(&new) && old.as_ref().is_some_and(|old| old.tails == tails) {
        return Ok(Repacked::Same);
    }
    Ok(Repacked::Is(Stored { body: pack(&new)?, tails }))
}

/// A block with changes put in, unpacked, and the tails beside it; `None` if there is no entry left.
fn merged(
    table: &Table,
    block: i64,
    old: Option<(&[u8], &[u8])>,
    changes: &BTreeMap<i64, Option<Fresh>>,
) -> Result<Option<(Vec<u8>, Vec<u8>)>> {
    let (mut bits, mut flags, mut lasts) = (vec![0u8; table.bits()], Vec::new(), Vec::new());
    let (mut tails, mut lengths) = (Vec::new(), Vec::new());
    let mut texts = Vec::with_capacity(old.map_or(64 << 10, |(raw, _)| raw.len()));
    let mut add = |entry: Entry<'_>| {
        let slot = (entry.id - block * table.span) as usize;
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
    let kept = old.map(|(raw, tails)| entries(table, block, raw, tails)).transpose()?;
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
        return Ok(None);
    }
    let (count, size) = (flags.len() as u16, lengths.len() as u32);
    let head = [&count.to_le_bytes()[..], &size.to_le_bytes(), &bits];
    if table.tails {
        tails.splice(0..0, bits.iter().copied());
    }
    Ok(Some(([&head.concat()[..], &flags, &lasts, &lengths, &texts].concat(), tails)))
}

/// The ends of the global ids of all contacts, in order of their keys.
#[derive(Debug, Default)]
pub(super) struct Tails {
    all: Vec<u64>,
    /// By 64 keys: which have an entry, and how many there are before.
    words: Vec<(u64, u32)>,
}

impl Tails {
    pub(super) fn of(conn: &Connection, table: &Table) -> Result<Self> {
        let mut found = Self::default();
        let sql = format!("select block, tails from \"{}\" order by 1", table.name);
        let mut statement = conn.prepare_cached(&sql)?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            found.add(table, row.get(0)?, row.get_ref(1)?.as_blob().map_err(rusqlite::Error::from)?)?;
        }
        Ok(found)
    }

    /// Makes room for so many more.
    pub(super) fn reserve(&mut self, more: usize) {
        self.all.reserve(more);
        self.words.reserve(more / 64);
    }

    /// Adds those of a block; blocks come in ascending order.
    pub(super) fn add(&mut self, table: &Table, block: i64, bytes: &[u8]) -> Result<()> {
        let (bits, tails) = bytes.split_at_checked(table.bits()).ok_or_else(|| damaged(table, block))?;
        let first = table.number(block)? * table.span as usize / 64;
        let mut before = self.all.len() as u32;
        self.words.resize(first.max(self.words.len()), (0, before));
        self.all.extend(tails.as_chunks::<8>().0.iter().map(|tail| u64::from_le_bytes(*tail)));
        for bits in bits.as_chunks::<8>().0 {
            let bits = u64::from_le_bytes(*bits);
            self.words.push((bits, before));
            before += bits.count_ones();
        }
        if before as usize == self.all.len() { Ok(()) } else { Err(damaged(table, block)) }
    }

    pub(super) fn all(&self) -> &[u64] {
        &self.all
    }

    pub(super) fn get(&self, id: i64) -> Option<u64> {
        let id = usize::try_from(id).ok()?;
        let (bits, before) = self.words.get(id / 64)?;
        let bit = 1u64 << (id % 64);
        let at = *before as usize + (bits & (bit - 1)).count_ones() as usize;
        if bits & bit == 0 { None } else { self.all.get(at).copied() }
    }
}

/// A block that was read.
pub(super) struct Packed<'a> {
    table: &'a Table,
    block: i64,
    body: &'a [u8],
    /// The ends of global ids, where the table keeps them: see `Tails`.
    pub(super) tails: &'a [u8],
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
    match last {
        Some(last) => Ok(table.number(last)? + 1),
        None => Ok(0),
    }
}

/// Hands out the blocks with these numbers, ranges in ascending order. Each part of them goes to a value that `make` makes, on any
/// thread; they come back in order. `Break` ends a part.
pub(super) fn each<T: Send>(
    conn: &Connection,
    table: &'static Table,
    numbers: &[Range<usize>],
    make: impl Fn() -> T + Sync,
    take: impl Fn(&mut T, i64, Packed<'_>) -> Result<ControlFlow<()>> + Sync,
) -> Result<Vec<T>> {
    in_parts(conn, numbers, |conn, part, unpacker| {
        let mut value = make();
        read(conn, table, part, unpacker, &mut |block, packed| take(&mut value, block, packed))?;
        Ok(value)
    })
}

/// Cuts block numbers into parts and does each on any thread, with a connection of that thread; what comes of them is in order.
pub(super) fn in_parts<T: Send>(
    conn: &Connection,
    numbers: &[Range<usize>],
    work: impl Fn(&Connection, &[Range<usize>], &mut Unpacker) -> Result<T> + Sync,
) -> Result<Vec<T>> {
    let count: usize = numbers.iter().map(ExactSizeIterator::len).sum();
    let cores = thread::available_parallelism().map_or(1, usize::from);
    let path = conn.path().filter(|path| !path.is_empty() && count >= MANY && cores > 1).map(Path::new);
    let readers = if path.is_some() { cores.min(READERS) } else { 1 };
    let parts = parts(numbers, count.div_ceil(readers * PARTS).max(1));
    let next = AtomicUsize::new(0);
    // Whoever has done a part takes the next one, so that nobody waits long for another.
    let reader = |conn: &Connection| -> Result<Vec<(usize, T)>> {
        let before: i64 = conn.query_row("pragma cache_size", [], |row| row.get(0))?;
        conn.execute_batch(&open::cache_size(CACHE))?;
        let mut unpacker = Unpacker::default();
        let mine = std::iter::from_fn(|| {
            let at = next.fetch_add(1, Ordering::Relaxed);
            Some((at, parts.get(at)?))
        });
        let done = mine.map(|(at, part)| Ok((at, work(conn, part, &mut unpacker)?))).collect();
        conn.pragma_update(None, "cache_size", before)?;
        done
    };
    let reader = &reader;
    let mut done = thread::scope(|scope| -> Result<_> {
        let others: Vec<_> = path
            .into_iter()
            .flat_map(|path| (1..readers).map(move |_| path))
            .map(|path| scope.spawn(move || reader(&open::reader(path)?)))
            .collect();
        let mut done = reader(conn)?;
        for other in others {
            match other.join() {
                Ok(more) => done.extend(more?),
                Err(panic) => std::panic::resume_unwind(panic),
            }
        }
        Ok(done)
    })?;
    done.sort_unstable_by_key(|(at, _)| *at);
    Ok(done.into_iter().map(|(_, value)| value).collect())
}

/// Cuts ranges into parts of so many blocks.
fn parts(numbers: &[Range<usize>], size: usize) -> Vec<Vec<Range<usize>>> {
    let (mut all, mut room) = (Vec::new(), 0);
    for range in numbers {
        let mut start = range.start;
        while start < range.end {
            if room == 0 {
                all.push(Vec::new());
                room = size;
            }
            let end = range.end.min(start + room);
            room -= end - start;
            all.last_mut().into_iter().for_each(|part: &mut Vec<Range<usize>>| part.push(start..end));
            start = end;
        }
    }
    all
}

/// Reads blocks in order. `Break` ends it.
pub(super) fn read(
    conn: &Connection,
    table: &Table,
    numbers: &[Range<usize>],
    unpacker: &mut Unpacker,
    take: &mut dyn FnMut(i64, Packed<'_>) -> Result<ControlFlow<()>>,
) -> Result<()> {
    let (name, columns) = (table.name, table.columns());
    let sql = format!("select block, {columns} from \"{name}\" where block>=?1 and block<?2 order by 1");
    let mut statement = conn.prepare_cached(&sql)?;
    for range in numbers {
        let mut rows = statement.query((range.start as i64, range.end as i64))?;
        while let Some(row) = rows.next()? {
            let block = row.get(0)?;
            let body = row.get_ref(1)?.as_blob().map_err(rusqlite::Error::from)?;
            let tails = row.get_ref(2)?.as_blob_or_null().map_err(rusqlite::Error::from)?.unwrap_or_default();
            if take(block, Packed { table, block, body, tails, unpacker })?.is_break() {
                return Ok(());
            }
        }
    }
    Ok(())
}
