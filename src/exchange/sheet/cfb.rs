//! OLE compound files ([MS-CFB]): the chain of sectors of one stream, without trust in where it leads.

use super::SheetError;
use super::package::Shared;
use crate::exchange::ExchangeError;

const END_OF_CHAIN: u32 = 0xffff_fffe;
/// Numbers from here on are marks, not sectors.
const RESERVED: u32 = 0xffff_fffa;
const MINI: u64 = 64;
/// Streams shorter than this lie in the mini stream.
const MINI_LIMIT: u64 = 4096;
/// More entries than the folder of any workbook has.
const MAX_ENTRIES: usize = 4096;

fn damaged(why: &str) -> ExchangeError {
    SheetError::Damaged { part: "OLE".to_owned(), why: why.to_owned() }.into()
}

fn u32_at(bytes: &[u8], at: usize) -> u32 {
    bytes.get(at..at + 4).map_or(0, |b| u32::from_le_bytes([b[0], b[1], b[2], b[3]]))
}

/// A compound file: where its sectors are, and what streams there are.
pub(crate) struct Compound {
    file: Shared,
    /// In bytes: 512 or 4,096.
    sector: u64,
    /// What sector follows each.
    fat: Vec<u32>,
    mini_fat: Vec<u32>,
    /// The sectors that hold the mini stream.
    mini: Vec<u32>,
    /// Names, first sectors and lengths.
    entries: Vec<(String, u32, u64)>,
}

impl Compound {
    pub(crate) fn open(file: Shared) -> Result<Self, ExchangeError> {
        let mut head = [0; 512];
        if file.read_at(0, &mut head)? < head.len() {
            return Err(damaged("the header is cut off"));
        }
        let sector = match head[30] {
            9 => 512,
            12 => 4096,
            _ => return Err(damaged("sectors of an unknown size")),
        };
        let mut this = Self {
            file,
            sector,
            fat: Vec::new(),
            mini_fat: Vec::new(),
            mini: Vec::new(),
            entries: Vec::new(),
        };
        this.read_fat(&head)?;
        let folder = this.chain(u32_at(&head, 48))?;
        this.read_folder(&folder)?;
        let mini_fat = this.chain(u32_at(&head, 60))?;
        for id in mini_fat {
            let numbers = this.numbers(id)?;
            this.mini_fat.extend(numbers);
        }
        if let Some((_, start, _)) = this.entries.first() {
            this.mini = this.chain(*start)?;
        }
        Ok(this)
    }

    /// How many sectors the file has.
    fn sectors(&self) -> u64 {
        self.file.len() / self.sector + 1
    }

    fn numbers(&self, id: u32) -> Result<Vec<u32>, ExchangeError> {
        let mut bytes = vec![0; self.sector as usize];
        let read = self.file.read_at((u64::from(id) + 1) * self.sector, &mut bytes)?;
        Ok(bytes[..read].chunks_exact(4).map(|b| u32::from_le_bytes([b[0], b[1], b[2], b[3]])).collect())
    }

    /// The table of sectors: its own sectors are listed in the header, further ones in a chain of lists.
    fn read_fat(&mut self, head: &[u8]) -> Result<(), ExchangeError> {
        let mut ids: Vec<u32> = (76..512).step_by(4).map(|at| u32_at(head, at)).collect();
        let mut list = u32_at(head, 68);
        let most = self.sectors();
        for _ in 0..most {
            if list >= RESERVED || ids.len() as u64 > most {
                break;
            }
            let mut numbers = self.numbers(list)?;
            list = numbers.pop().unwrap_or(END_OF_CHAIN);
            ids.extend(numbers);
        }
        for id in ids.into_iter().filter(|id| *id < RESERVED) {
            if self.fat.len() as u64 > most {
                break;
            }
            let numbers = self.numbers(id)?;
            self.fat.extend(numbers);
        }
        Ok(())
    }

    /// The sectors of a chain; one that runs in a circle is cut.
    fn chain(&self, start: u32) -> Result<Vec<u32>, ExchangeError> {
        let (mut chain, mut at) = (Vec::new(), start);
        while at < RESERVED {
            if chain.len() as u64 > self.sectors() {
                return Err(damaged("a chain of sectors that never ends"));
            }
            chain.push(at);
            at = self.fat.get(at as usize).copied().unwrap_or(END_OF_CHAIN);
        }
        Ok(chain)
    }

    fn read_folder(&mut self, chain: &[u32]) -> Result<(), ExchangeError> {
        let mut bytes = vec![0; self.sector as usize];
        for id in chain {
            let read = self.file.read_at((u64::from(*id) + 1) * self.sector, &mut bytes)?;
            for entry in bytes[..read].chunks_exact(128) {
                if self.entries.len() >= MAX_ENTRIES {
                    return Ok(());
                }
                let units = entry[..64].chunks_exact(2).map(|b| u16::from_le_bytes([b[0], b[1]]));
                let units: Vec<u16> = units.take_while(|unit| *unit != 0).collect();
                let mut length = u64::from(u32_at(entry, 120));
                if self.sector > 512 {
                    length |= u64::from(u32_at(entry, 124)) << 32;
                }
                self.entries.push((String::from_utf16_lossy(&units), u32_at(entry, 116), length));
            }
        }
        Ok(())
    }

    /// A stream by its name.
    pub(crate) fn stream(&self, name: &str) -> Result<Option<Stream>, ExchangeError> {
        let Some((_, start, length)) =
            self.entries.iter().find(|(other, ..)| other.eq_ignore_ascii_case(name))
        else {
            return Ok(None);
        };
        let small = *length < MINI_LIMIT;
        let unit = if small { MINI } else { self.sector };
        let chain = if small { self.mini_chain(*start)? } else { self.chain(*start)? };
        let chain = chain.into_iter().map(|id| self.place(id, small)).collect::<Option<Vec<u64>>>();
        let chain = chain.ok_or_else(|| damaged("a sector that isn't there"))?;
        let length = (*length).min(chain.len() as u64 * unit);
        Ok(Some(Stream { file: self.file.clone(), chain, unit, length, at: 0, window: Vec::new(), from: 0 }))
    }

    fn mini_chain(&self, start: u32) -> Result<Vec<u32>, ExchangeError> {
        let (mut chain, mut at) = (Vec::new(), start);
        while at < RESERVED {
            if chain.len() as u64 > MINI_LIMIT / MINI {
                return Err(damaged("a chain of sectors that never ends"));
            }
            chain.push(at);
            at = self.mini_fat.get(at as usize).copied().unwrap_or(END_OF_CHAIN);
        }
        Ok(chain)
    }

    /// Where a sector begins in the file.
    fn place(&self, id: u32, small: bool) -> Option<u64> {
        if !small {
            return Some((u64::from(id) + 1) * self.sector);
        }
        let at = u64::from(id) * MINI;
        let sector = self.mini.get((at / self.sector) as usize)?;
        Some((u64::from(*sector) + 1) * self.sector + at % self.sector)
    }
}

/// A stream of a compound file, read at any place.
pub(crate) struct Stream {
    file: Shared,
    /// Where each of its sectors begins in the file.
    chain: Vec<u64>,
    unit: u64,
    length: u64,
    at: u64,
    window: Vec<u8>,
    /// Where the window begins in the stream.
    from: u64,
}

/// How much is read at once.
const WINDOW: usize = 32 << 10;

impl Stream {
    pub(crate) fn len(&self) -> u64 {
        self.length
    }

    pub(crate) fn at(&self) -> u64 {
        self.at
    }

    pub(crate) fn seek(&mut self, at: u64) {
        self.at = at;
    }

    /// Fills `into`; `false` if the stream ends before.
    pub(crate) fn read(&mut self, into: &mut [u8]) -> Result<bool, ExchangeError> {
        let mut done = 0;
        while done < into.len() {
            if self.at >= self.length {
                return Ok(false);
            }
            let end = self.from + self.window.len() as u64;
            if self.at < self.from || self.at >= end {
                self.load()?;
                // The file may end within a sector.
                if self.at - self.from >= self.window.len() as u64 {
                    return Ok(false);
                }
                continue;
            }
            let window = &self.window[(self.at - self.from) as usize..];
            let more = window.len().min(into.len() - done);
            into[done..done + more].copy_from_slice(&window[..more]);
            done += more;
            self.at += more as u64;
        }
        Ok(true)
    }

    fn load(&mut self) -> Result<(), ExchangeError> {
        let first = self.at / self.unit;
        self.from = first * self.unit;
        self.window.clear();
        let mut index = first as usize;
        while self.window.len() < WINDOW {
            // Sectors that follow each other in the file are read at once.
            let Some(start) = self.chain.get(index).copied() else { break };
            let mut count = 1;
            while (count * self.unit as usize) < WINDOW
                && self.chain.get(index + count) == Some(&(start + count as u64 * self.unit))
            {
                count += 1;
            }
            let (old, wanted) = (self.window.len(), count * self.unit as usize);
            self.window.resize(old + wanted, 0);
            let read = self.file.read_at(start, &mut self.window[old..])?;
            self.window.truncate(old + read);
            index += count;
            if read < wanted {
                break;
            }
        }
        let left = (self.length - self.from) as usize;
        self.window.truncate(left);
        Ok(())
    }
}
