//! What lists show of many contacts, unpacked: read as they are searched, or by their keys.

use super::blocks::{self, Entries, Entry};
use super::error::Result;
use super::hays::{ARCHIVED, COMPANY, HAY, Hay, LINE, LINES, STARRED, TEXTS, Text, hay, places};
use crate::model::ids;
use crate::text::plain_width;
use rayon::prelude::*;
use rusqlite::Connection;
use std::ops::{ControlFlow, Range};

/// Hands out haystacks as `hays::each` does, and reads the lines of those that `take` says yes to.
pub fn each_with_lines<T: Send>(
    conn: &Connection,
    shown: &str,
    make: impl Fn() -> T + Sync,
    take: impl Fn(&mut T, Hay<'_>) -> bool + Sync,
) -> Result<(Vec<T>, Lines)> {
    struct Part<T> {
        value: T,
        tails: Vec<(i64, Vec<u8>)>,
        lines: Vec<Unpacked>,
    }
    let shown = places(shown);
    let numbers = 0..blocks::count(conn, &HAY)?;
    let parts = blocks::in_parts(conn, std::slice::from_ref(&numbers), |conn, part, unpacker| {
        let first = part.first().map_or(0, |range| range.start as i64) * HAY.span;
        let mut found = Part { value: make(), tails: Vec::new(), lines: Vec::new() };
        let mut wanted = Wanted::from(first);
        blocks::read(conn, &HAY, part, unpacker, &mut |block, packed| {
            found.tails.push((block, packed.tails.to_vec()));
            for entry in blocks::entries(&HAY, block, packed.open()?, &[])? {
                if shown >> (entry.flags & 63) & 1 == 1 && take(&mut found.value, hay(&entry)) {
                    wanted.add(entry.id);
                }
            }
            Ok(ControlFlow::Continue(()))
        })?;
        found.lines = Unpacked::read(conn, &wanted.blocks(), &wanted, unpacker)?;
        Ok(found)
    })?;
    let (mut values, mut tails, mut lines) = (Vec::new(), blocks::Tails::default(), Vec::new());
    tails.reserve(parts.iter().flat_map(|part| &part.tails).map(|(_, bytes)| bytes.len() / 8).sum());
    for part in parts {
        values.push(part.value);
        lines.extend(part.lines);
        part.tails.iter().try_for_each(|(block, bytes)| tails.add(&HAY, *block, bytes))?;
    }
    Ok((values, Lines::new(lines, &tails)))
}

/// What a list shows of one contact, as it lies in the book.
#[derive(Clone, Copy, Debug)]
pub struct Line<'a> {
    /// Its local key.
    pub id: i64,
    flags: u8,
    letters: u8,
    last: i64,
    tail: u64,
    /// Those of the whole block, and where these stand in it.
    texts: &'a str,
    start: u32,
    ends: [u32; TEXTS],
    widths: [u16; TEXTS],
}

impl<'a> Line<'a> {
    /// The end of its global id, as `ids::tail` has it.
    pub const fn tail(&self) -> u64 {
        self.tail
    }

    /// How many letters its handle has.
    pub fn handle_letters(&self) -> usize {
        usize::from(self.letters)
    }

    /// Appends its handle.
    pub fn handle_into(&self, text: &mut String) {
        ids::tail_into(self.tail, self.handle_letters(), text);
    }

    /// When its last interaction was, in ms since 1970.
    pub fn last(&self) -> Option<i64> {
        Some(self.last).filter(|last| *last != i64::MIN)
    }

    /// Whether it is a company.
    pub const fn is_company(&self) -> bool {
        self.flags & COMPANY != 0
    }

    /// Whether it is starred.
    pub const fn is_starred(&self) -> bool {
        self.flags & STARRED != 0
    }

    /// Whether it is archived.
    pub const fn is_archived(&self) -> bool {
        self.flags & ARCHIVED != 0
    }

    /// How many columns a text takes, as far as `plain_width` could tell; told without looking at it.
    pub fn plain_width(&self, which: Text) -> Option<usize> {
        Some(self.widths[which as usize]).filter(|columns| *columns != UNKNOWN).map(usize::from)
    }

    /// One of its texts.
    pub fn text(&self, which: Text) -> &'a str {
        self.texts.get(self.place(which as usize)).unwrap_or_default()
    }

    /// Whether it has none such, told without looking at it.
    pub fn lacks(&self, which: Text) -> bool {
        self.place(which as usize).is_empty()
    }

    fn place(&self, at: usize) -> Range<usize> {
        let from = at.checked_sub(1).map_or(self.start, |before| self.ends[before] + 1);
        from as usize..self.ends[at] as usize
    }

    /// All texts, in the order of `Text`.
    pub fn texts(&self) -> [&'a str; TEXTS] {
        std::array::from_fn(|at| self.texts.get(self.place(at)).unwrap_or_default())
    }
}

/// The lines of many contacts, unpacked.
#[derive(Debug, Default)]
pub struct Lines {
    /// By number; those without any of the contacts hold nothing.
    blocks: Vec<Unpacked>,
}

#[derive(Debug, Default)]
struct Unpacked {
    block: i64,
    /// By slot: one more than the number of the entry; 0 if there is none.
    slots: Vec<u16>,
    entries: Vec<Kept>,
    texts: String,
}

#[derive(Debug)]
struct Kept {
    slot: u16,
    flags: u8,
    /// How many letters its handle has.
    letters: u8,
    last: i64,
    tail: u64,
    /// Where its first text begins, and where each ends, before its NUL.
    start: u32,
    ends: [u32; TEXTS],
    /// How many columns each takes, or `UNKNOWN`.
    widths: [u16; TEXTS],
}

/// A text that has to be looked at closely.
const UNKNOWN: u16 = u16::MAX;

impl Unpacked {
    /// What these blocks have of those that are wanted.
    fn read(
        conn: &Connection,
        numbers: &[Range<usize>],
        wanted: &Wanted,
        unpacker: &mut blocks::Unpacker,
    ) -> Result<Vec<Self>> {
        let mut all = Vec::new();
        blocks::read(conn, &LINE, numbers, unpacker, &mut |block, packed| {
            all.push(Self::new(block, blocks::entries(&LINE, block, packed.open()?, &[])?, wanted));
            Ok(ControlFlow::Continue(()))
        })?;
        Ok(all)
    }

    /// Keeps those of the entries that are wanted.
    fn new(block: i64, found: Entries<'_>, wanted: &Wanted) -> Self {
        let mut one = Self {
            block,
            slots: vec![0; LINE.span as usize],
            entries: Vec::with_capacity(wanted.of_block(block)),
            texts: String::new(),
        };
        let mut texts = Vec::with_capacity(found.bytes() / found.left().max(1) * one.entries.capacity());
        // Those with texts whose widths are not their lengths.
        let mut wide = Vec::new();
        for Entry { id, flags, last, text, .. } in found.filter(|entry| wanted.has(entry.id)) {
            let start = texts.len() as u32;
            texts.extend_from_slice(text);
            let ends = ends_of(text, start);
            let mut widths = [UNKNOWN; TEXTS];
            if is_plain(text) && text.len() < usize::from(UNKNOWN) {
                let mut from = start;
                for (width, end) in widths.iter_mut().zip(ends) {
                    *width = end.saturating_sub(from) as u16;
                    from = end + 1;
                }
            } else {
                wide.push(one.entries.len());
            }
            let slot = (id - block * LINE.span) as u16;
            one.entries.push(Kept { slot, flags, letters: 0, last, tail: 0, start, ends, widths });
            one.slots[usize::from(slot)] = one.entries.len() as u16;
        }
        // Checked at once: a check a line, let alone a cell, would take longer.
        one.texts = String::from_utf8(texts).unwrap_or_default();
        for at in wide {
            let kept = &mut one.entries[at];
            let mut from = kept.start as usize;
            for (width, end) in kept.widths.iter_mut().zip(kept.ends) {
                let text = one.texts.get(from..end as usize).unwrap_or_default();
                *width = plain_width(text).and_then(|columns| u16::try_from(columns).ok()).unwrap_or(UNKNOWN);
                from = end as usize + 1;
            }
        }
        one
    }

    fn line(&self, at: usize) -> Option<Line<'_>> {
        let Kept { slot, flags, letters, last, tail, start, ends, widths } = *self.entries.get(at)?;
        let id = self.block * LINE.span + i64::from(slot);
        Some(Line { id, flags, letters, last, tail, texts: &self.texts, start, ends, widths })
    }
}

/// Whether all texts of a line are ASCII that shows as it is. A byte at a time without a branch, which the compiler makes many
/// at a time of.
fn is_plain(line: &[u8]) -> bool {
    line.iter().fold(true, |plain, byte| plain & (byte.wrapping_sub(b' ') < 0x5F || *byte == 0))
}

/// Where each text of a line ends, before its NUL, if the line begins at `start`; where it ends itself for those it lacks.
fn ends_of(line: &[u8], start: u32) -> [u32; TEXTS] {
    const ONES: u64 = u64::from_le_bytes([0x01; 8]);
    const LOW: u64 = ONES * 0x7f;
    let mut ends = [start + line.len() as u32; TEXTS];
    let mut next = ends.iter_mut();
    let (words, rest) = line.as_chunks::<8>();
    let mut padded = [0xff; 8];
    padded[..rest.len()].copy_from_slice(rest);
    for (at, word) in (start..).step_by(8).zip(words.iter().chain([&padded])) {
        let word = u64::from_le_bytes(*word);
        // The top bit of each byte that is NUL, and of no other.
        let mut nuls = !(((word & LOW) + LOW) | word | LOW);
        while nuls != 0 {
            match next.next() {
                Some(end) => *end = at + nuls.trailing_zeros() / 8,
                None => return ends,
            }
            nuls &= nuls - 1;
        }
    }
    ends
}

/// So many words of `Wanted` are for one block of lines.
const WORDS: usize = LINES as usize / 64;

/// Some of all contacts.
struct Wanted {
    /// The first block of lines that can have any.
    first: usize,
    bits: Vec<u64>,
}

impl Wanted {
    /// None yet; none below `first` will be.
    fn from(first: i64) -> Self {
        Self { first: usize::try_from(LINE.block_of(first)).unwrap_or_default(), bits: Vec::new() }
    }

    fn new(ids: &[i64]) -> Self {
        let mut all = Self::from(0);
        ids.iter().for_each(|id| all.add(*id));
        all
    }

    fn place(&self, id: i64) -> Option<(usize, u64)> {
        let id = usize::try_from(id).ok().filter(|_| id < blocks::MOST)?;
        Some(((id / 64).checked_sub(self.first * WORDS)?, 1 << (id % 64)))
    }

    fn add(&mut self, id: i64) {
        let Some((word, bit)) = self.place(id) else { return };
        if self.bits.len() <= word {
            self.bits.resize(word + 1, 0);
        }
        self.bits[word] |= bit;
    }

    fn has(&self, id: i64) -> bool {
        self.place(id).is_some_and(|(word, bit)| self.bits.get(word).is_some_and(|bits| bits & bit != 0))
    }

    /// The blocks of lines that have any of them.
    fn blocks(&self) -> Vec<Range<usize>> {
        let mut found: Vec<Range<usize>> = Vec::new();
        let any = |words: &[u64]| words.iter().any(|word| *word != 0);
        for (at, _) in self.bits.chunks(WORDS).enumerate().filter(|(_, words)| any(words)) {
            let block = self.first + at;
            match found.last_mut() {
                Some(last) if last.end == block => last.end += 1,
                _ => found.push(block..block + 1),
            }
        }
        found
    }

    /// How many of a block's keys are among them.
    fn of_block(&self, block: i64) -> usize {
        let at = usize::try_from(block).ok().and_then(|block| block.checked_sub(self.first));
        let words = at.and_then(|at| self.bits.chunks(WORDS).nth(at)).unwrap_or_default();
        words.iter().map(|word| word.count_ones() as usize).sum()
    }
}

impl Lines {
    /// Reads the lines of these contacts, and what tells all handles apart, on all cores.
    pub fn of(conn: &Connection, ids: &[i64]) -> Result<Self> {
        let wanted = Wanted::new(ids);
        let parts = blocks::in_parts(conn, &wanted.blocks(), |conn, part, unpacker| {
            Unpacked::read(conn, part, &wanted, unpacker)
        })?;
        Ok(Self::new(parts.into_iter().flatten().collect(), &blocks::Tails::of(conn, &HAY)?))
    }

    /// Lays blocks out by their numbers, and gives each line its handle.
    fn new(found: Vec<Unpacked>, tails: &blocks::Tails) -> Self {
        let handles = ids::Handles::new(tails.all());
        let mut blocks = Vec::new();
        for one in found {
            let at = usize::try_from(one.block).unwrap_or_default();
            blocks.resize_with(at.max(blocks.len()), Unpacked::default);
            blocks.push(one);
        }
        let named = |one: &mut Unpacked| {
            for kept in &mut one.entries {
                kept.tail = tails.get(one.block * LINE.span + i64::from(kept.slot)).unwrap_or_default();
                kept.letters = handles.letters(kept.tail) as u8;
            }
        };
        blocks.par_iter_mut().with_min_len(64).for_each(named);
        Self { blocks }
    }

    /// The lines in groups, each in order of their contacts.
    pub fn groups(&self) -> usize {
        self.blocks.len()
    }

    /// One of the groups.
    pub fn group(&self, number: usize) -> impl Iterator<Item = Line<'_>> {
        let block = self.blocks.get(number);
        block.into_iter().flat_map(|block| (0..block.entries.len()).filter_map(|at| block.line(at)))
    }

    /// The line of a contact.
    pub fn get(&self, id: i64) -> Option<Line<'_>> {
        let block = LINE.block_of(id);
        let found = self.blocks.get(usize::try_from(block).ok()?)?;
        let slot = found.slots.get((id - block * LINE.span) as usize)?;
        found.line(usize::from(*slot).checked_sub(1)?)
    }
}
