//! Rows of the log as bytes, before they are sealed: one run of rows of one device.
//!
//! ```text
//! 1                              the layout
//! rows                           how many
//! rows x (seed 16, salt 16)      random, so they stay out of what is compressed
//! length                         of the rest, unpacked
//! zstd of:
//!   device 8, first seq, the last row's hash 32
//!   texts                        how many; each with its length: what heads say, each once
//!   parts, times, ... of all rows, column by column
//!   the lines of all rows
//! ```
//!
//! Of the hashes only the last row's is sent: the receiver computes the others along the chain and must arrive at it.
//! [`decode`] leaves them zero.

use super::bytes::{Reader, signed, string, varint};
use super::error::{Result, SyncError};
use crate::model::ids::Device;
use crate::model::row::Row;
use std::cell::RefCell;
use std::collections::HashMap;
use zstd::bulk::Decompressor;

/// The layout that is written.
const LAYOUT: u8 = 1;

/// The most that a run of rows may come to, unpacked: lines and what heads say, repeated or not.
pub const UNPACKED_MAX: usize = 64 << 20;

/// The most rows in a run.
pub const ROWS_MAX: usize = 1 << 16;

/// When a run is long enough for a segment of its own, unpacked bytes.
const SEGMENT: usize = 1 << 20;

/// Up to this size the best compression costs no time that anyone notices.
const SMALL: usize = 256 << 10;

/// Heads say these in text.
const TEXTS: usize = 6;

fn texts(row: &Row) -> [&str; TEXTS] {
    [&row.deps, &row.author, &row.origin, &row.label, &row.undoes, &row.app]
}

/// What a row comes to, unpacked.
fn weight(row: &Row) -> usize {
    row.text.len() + texts(row).iter().map(|text| text.len()).sum::<usize>() + 64
}

/// Cuts rows of one device into runs that make segments of a good size; a row is never cut.
pub fn runs(rows: &[Row]) -> impl Iterator<Item = &[Row]> {
    let mut rest = rows;
    std::iter::from_fn(move || {
        let mut sum = 0;
        let fits = |row: &&Row| {
            sum += weight(row);
            sum <= SEGMENT
        };
        let count = rest.iter().take(ROWS_MAX).take_while(fits).count().max(1).min(rest.len());
        let (run, behind) = rest.split_at(count);
        rest = behind;
        (!run.is_empty()).then_some(run)
    })
}

/// Packs rows of one device that follow each other.
pub fn encode(rows: &[Row]) -> Result<Vec<u8>> {
    let (Some(first), Some(last)) = (rows.first(), rows.last()) else {
        return Err(SyncError::Damaged("no rows to send"));
    };
    let follows =
        |pair: &[Row]| pair[0].device == pair[1].device && pair[0].seq.checked_add(1) == Some(pair[1].seq);
    if rows.len() > ROWS_MAX || !rows.windows(2).all(follows) || first.seq < 1 {
        return Err(SyncError::Damaged("the rows to send don't follow each other"));
    }
    let size: usize = rows.iter().map(weight).sum();
    if size > UNPACKED_MAX {
        return Err(SyncError::TooLarge { what: "a run of rows", size: size as u64 });
    }
    let mut plain = Vec::with_capacity(size + 64);
    plain.extend_from_slice(&first.device.to_be_bytes());
    varint(&mut plain, first.seq as u64);
    plain.extend_from_slice(&last.hash);
    columns(&mut plain, rows);
    for row in rows {
        plain.extend_from_slice(row.text.as_bytes());
    }
    let level = if plain.len() <= SMALL { 19 } else { 6 };
    let packed =
        zstd::bulk::compress(&plain, level).map_err(|_| SyncError::Damaged("zstd refused the rows"))?;
    let mut out = Vec::with_capacity(packed.len() + 32 * rows.len() + 16);
    out.push(LAYOUT);
    varint(&mut out, rows.len() as u64);
    for row in rows {
        out.extend_from_slice(&row.seed);
        out.extend_from_slice(&row.salt);
    }
    varint(&mut out, plain.len() as u64);
    out.extend_from_slice(&packed);
    Ok(out)
}

/// Heads column by column: what is alike stands together.
fn columns(out: &mut Vec<u8>, rows: &[Row]) {
    let mut known: HashMap<&str, u64> = HashMap::new();
    let mut table: Vec<&str> = Vec::new();
    let mut numbers = Vec::new();
    for at in 0..TEXTS {
        for row in rows {
            let text = texts(row)[at];
            let number = *known.entry(text).or_insert_with(|| {
                table.push(text);
                table.len() as u64 - 1
            });
            varint(&mut numbers, number);
        }
    }
    varint(out, table.len() as u64);
    table.iter().for_each(|text| string(out, text.as_bytes()));
    out.extend_from_slice(&numbers);
    let mut column = |value: &dyn Fn(&Row) -> i64| rows.iter().for_each(|row| signed(out, value(row)));
    column(&|row| row.part);
    column(&|row| row.parts);
    // Zero in every batch whose parts are numbered without gaps.
    column(&|row| row.batch.wrapping_add(row.part).wrapping_sub(row.seq));
    column(&|row| row.creates);
    column(&|row| row.text.len() as i64);
    let mut before = 0i64;
    for row in rows {
        signed(out, row.hlc.wrapping_sub(before));
        before = row.hlc;
    }
}

/// Reads what [`encode`] wrote. All hashes but the last row's are zero. Whatever the bytes are, it neither panics nor
/// takes much more memory than [`UNPACKED_MAX`].
pub fn decode(bytes: &[u8]) -> Result<Vec<Row>> {
    let mut reader = Reader::new(bytes);
    let [layout] = reader.array()?;
    if layout != LAYOUT {
        return Err(SyncError::Newer { found: layout.into(), known: LAYOUT.into() });
    }
    let count = reader.count(ROWS_MAX.min(bytes.len() / 32))?;
    let random = reader.take(32 * count)?;
    let length = reader.count(UNPACKED_MAX)?;
    let plain = unpack(reader.rest(), length)?;
    let mut reader = Reader::new(&plain);
    let device: Device = reader.word()?;
    let first = reader.positive()?;
    let hash = reader.array()?;
    if count == 0 || first == 0 || first.checked_add(count as i64).is_none() {
        return Err(SyncError::Damaged("the rows are numbered from nowhere"));
    }
    let mut rows = Vec::with_capacity(count);
    for (at, random) in random.chunks_exact(32).enumerate() {
        let mut random = Reader::new(random);
        let seq = first + at as i64;
        rows.push(Row { seed: random.array()?, salt: random.array()?, ..empty(device, seq) });
    }
    read_columns(&mut reader, &mut rows)?;
    if let Some(last) = rows.last_mut() {
        last.hash = hash;
    }
    Ok(rows)
}

fn unpack(packed: &[u8], length: usize) -> Result<Vec<u8>> {
    let damaged = SyncError::Damaged("its compressed part does not unpack");
    // One frame, all of it, and no memory before zstd agrees about the size.
    let frame = zstd::zstd_safe::get_frame_content_size(packed).ok().flatten();
    let end = zstd::zstd_safe::find_frame_compressed_size(packed).ok();
    if frame != Some(length as u64) || end != Some(packed.len()) {
        return Err(damaged);
    }
    thread_local! {
        /// Most segments are a few rows: to make what unpacks them takes longer than to unpack them.
        static UNPACKER: RefCell<Option<Decompressor<'static>>> = const { RefCell::new(None) };
    }
    let plain = UNPACKER.with_borrow_mut(|unpacker| match unpacker {
        Some(unpacker) => unpacker.decompress(packed, length),
        none => none.insert(Decompressor::new()?).decompress(packed, length),
    });
    match plain {
        Ok(plain) if plain.len() == length => Ok(plain),
        _ => Err(damaged),
    }
}

fn empty(device: Device, seq: i64) -> Row {
    Row {
        device,
        seq,
        batch: 0,
        part: 0,
        parts: 0,
        hlc: 0,
        deps: String::new(),
        author: String::new(),
        origin: String::new(),
        label: String::new(),
        undoes: String::new(),
        app: String::new(),
        seed: [0; 16],
        salt: [0; 16],
        creates: 0,
        text: String::new(),
        hash: [0; 32],
    }
}

fn utf8(bytes: &[u8]) -> Result<&str> {
    std::str::from_utf8(bytes).map_err(|_| SyncError::Damaged("a text is no UTF-8"))
}

/// Reads columns and lines into rows that have their numbers.
fn read_columns(reader: &mut Reader<'_>, rows: &mut [Row]) -> Result<()> {
    let most = rows.len() * TEXTS;
    let count = reader.count(most)?;
    let table = (0..count).map(|_| utf8(reader.string()?)).collect::<Result<Vec<&str>>>()?;
    // What heads say may be repeated: counted as often as it is.
    let mut left = UNPACKED_MAX;
    let mut next = |reader: &mut Reader<'_>| -> Result<String> {
        let number = reader.count(table.len())?;
        let text = table.get(number).ok_or(SyncError::Damaged("a row names a text that isn't there"))?;
        left = left.checked_sub(text.len()).ok_or(SyncError::Damaged("its texts unpack to too much"))?;
        Ok((*text).to_owned())
    };
    for at in 0..TEXTS {
        for row in rows.iter_mut() {
            let text = next(reader)?;
            *[
                &mut row.deps,
                &mut row.author,
                &mut row.origin,
                &mut row.label,
                &mut row.undoes,
                &mut row.app,
            ][at] = text;
        }
    }
    for row in rows.iter_mut() {
        row.part = reader.signed()?;
    }
    for row in rows.iter_mut() {
        row.parts = reader.signed()?;
    }
    for row in rows.iter_mut() {
        let shift = reader.signed()?;
        row.batch = shift.wrapping_sub(row.part).wrapping_add(row.seq);
    }
    for row in rows.iter_mut() {
        row.creates = reader.signed()?;
    }
    let mut lengths = Vec::with_capacity(rows.len());
    for row in rows.iter() {
        let length = usize::try_from(reader.signed()?).ok();
        let fits = |row: &Row| {
            (1..=row.seq).contains(&row.batch)
                && row.part >= 0
                && (row.parts == 0 || row.parts > row.part)
                && row.creates >= 0
        };
        let length = length.filter(|_| fits(row));
        lengths.push(length.ok_or(SyncError::Damaged("a row's numbers can't be"))?);
    }
    let mut hlc = 0i64;
    for row in rows.iter_mut() {
        hlc = hlc.wrapping_add(reader.signed()?);
        row.hlc = hlc;
    }
    for (row, length) in rows.iter_mut().zip(lengths) {
        let text = utf8(reader.take(length)?)?;
        if !text.is_empty() && !text.ends_with('\n') {
            return Err(SyncError::Damaged("a row's last line has no end"));
        }
        text.clone_into(&mut row.text);
    }
    reader.end()
}
