//! The strings that a workbook's cells share: in memory while they are few, on disk beyond, so that neither a large
//! workbook nor a hostile one needs more than some megabytes.

use std::fs::File;
use std::io::{Read, Seek, SeekFrom, Write};

use crate::exchange::ExchangeError;

/// How much text stays in memory.
const IN_MEMORY: usize = 8 << 20;
/// How many strings a block on disk has at the most.
const BLOCK: usize = 64;
/// And how much text, unless one string has more.
const BLOCK_BYTES: usize = 32 << 10;
/// How many blocks are kept after they were read.
const KEPT: usize = 128;

/// Some strings in a row.
#[derive(Clone, Default)]
struct Block {
    text: String,
    ends: Vec<u32>,
}

impl Block {
    fn get(&self, index: usize) -> Option<&str> {
        let end = *self.ends.get(index)? as usize;
        let start = index.checked_sub(1).map_or(0, |before| self.ends[before] as usize);
        self.text.get(start..end)
    }

    fn weight(&self) -> usize {
        self.text.len() + self.ends.len() * 4 + size_of::<Self>()
    }
}

/// Where a block lies on disk.
#[derive(Clone, Copy)]
struct Place {
    first: u32,
    at: u64,
    text: u32,
}

/// Strings by their number, from 0.
#[derive(Default)]
pub(crate) struct Strings {
    blocks: Vec<Block>,
    /// The number of the first string of each block in memory.
    firsts: Vec<u32>,
    weight: usize,
    open: Block,
    count: u32,
    disk: Option<Disk>,
}

struct Disk {
    file: File,
    end: u64,
    places: Vec<Place>,
    kept: Vec<Option<(usize, Block)>>,
}

impl Strings {
    /// Adds the next string.
    pub(crate) fn push(&mut self, text: &str) -> Result<(), ExchangeError> {
        self.open.text.push_str(text);
        self.open.ends.push(self.open.text.len() as u32);
        self.count += 1;
        if self.open.ends.len() >= BLOCK || self.open.text.len() >= BLOCK_BYTES {
            self.close()?;
        }
        Ok(())
    }

    /// Must be called after the last.
    pub(crate) fn close(&mut self) -> Result<(), ExchangeError> {
        if self.open.ends.is_empty() {
            return Ok(());
        }
        let block = std::mem::take(&mut self.open);
        let first = self.count - block.ends.len() as u32;
        if let Some(disk) = &mut self.disk {
            return disk.write(first, &block);
        }
        self.weight += block.weight();
        self.firsts.push(first);
        self.blocks.push(block);
        if self.weight > IN_MEMORY {
            let mut disk = Disk {
                file: tempfile::tempfile()?,
                end: 0,
                places: Vec::new(),
                kept: std::iter::repeat_with(|| None).take(KEPT).collect(),
            };
            for (first, block) in self.firsts.drain(..).zip(self.blocks.drain(..)) {
                disk.write(first, &block)?;
            }
            self.disk = Some(disk);
        }
        Ok(())
    }

    /// How many there are.
    pub(crate) fn len(&self) -> u32 {
        self.count
    }

    /// The string of this number; `None` beyond the last.
    pub(crate) fn get(&mut self, number: u32) -> Result<Option<&str>, ExchangeError> {
        if number >= self.count {
            return Ok(None);
        }
        let Some(disk) = &mut self.disk else {
            let at = self.firsts.partition_point(|first| *first <= number).saturating_sub(1);
            let first = self.firsts.get(at).copied().unwrap_or_default();
            return Ok(self.blocks.get(at).and_then(|block| block.get((number - first) as usize)));
        };
        let at = disk.places.partition_point(|place| place.first <= number).saturating_sub(1);
        let first = disk.places[at].first;
        Ok(disk.block(at)?.get((number - first) as usize))
    }
}

impl Disk {
    fn write(&mut self, first: u32, block: &Block) -> Result<(), ExchangeError> {
        let mut bytes = Vec::with_capacity(block.weight());
        bytes.extend(block.ends.iter().flat_map(|end| end.to_le_bytes()));
        bytes.extend_from_slice(block.text.as_bytes());
        self.file.seek(SeekFrom::Start(self.end))?;
        self.file.write_all(&bytes)?;
        self.places.push(Place { first, at: self.end, text: block.text.len() as u32 });
        self.end += bytes.len() as u64;
        Ok(())
    }

    fn block(&mut self, at: usize) -> Result<&Block, ExchangeError> {
        let slot = at % KEPT;
        if self.kept[slot].as_ref().is_none_or(|(kept, _)| *kept != at) {
            let block = self.read(at)?;
            self.kept[slot] = Some((at, block));
        }
        match &self.kept[slot] {
            Some((_, block)) => Ok(block),
            None => Err(std::io::Error::from(std::io::ErrorKind::NotFound).into()),
        }
    }

    fn read(&mut self, at: usize) -> Result<Block, ExchangeError> {
        let place = self.places[at];
        let end = self.places.get(at + 1).map_or(self.end, |next| next.at);
        let mut bytes = vec![0; (end - place.at) as usize];
        self.file.seek(SeekFrom::Start(place.at))?;
        self.file.read_exact(&mut bytes)?;
        let text = bytes.split_off(bytes.len() - place.text as usize);
        let ends = bytes.chunks_exact(4).map(|b| u32::from_le_bytes([b[0], b[1], b[2], b[3]])).collect();
        Ok(Block { text: String::from_utf8_lossy(&text).into_owned(), ends })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strings_come_back_from_memory_and_from_disk() {
        let text = |number: u32| match number % 1000 {
            0 => String::new(),
            1 => "長い".repeat(9000),
            _ => format!("text {number} {}", "x".repeat(number as usize % 70)),
        };
        for count in [0, 1, 63, 64, 65, 5000, 250_000] {
            let mut strings = Strings::default();
            for number in 0..count {
                strings.push(&text(number)).unwrap();
            }
            strings.close().unwrap();
            assert_eq!(strings.disk.is_some(), count > 100_000, "{count}");
            let step = (count / 500).max(1);
            for number in (0..count).step_by(step as usize).chain((0..count).rev().take(300)) {
                assert_eq!(strings.get(number).unwrap(), Some(text(number).as_str()), "{number} of {count}");
            }
            assert_eq!(strings.get(count).unwrap(), None);
        }
    }
}
