//! The ZIP container of XLSX and ODS, read part by part: the directory without trust in its numbers (APPNOTE 6.3), and
//! each part inflated as a stream that stops where a part unpacks to more than such files do.

use std::fs::File;
use std::io::{self, BufReader, Read, Seek, SeekFrom};
use std::sync::{Arc, Mutex, PoisonError};

use flate2::read::DeflateDecoder;

use super::SheetError;
use crate::exchange::ExchangeError;

/// More parts than any workbook has.
const MAX_PARTS: u64 = 10_000;
/// A part may always unpack to this much.
const FREE: u64 = 32 << 20;
/// Beyond that, to so many times its packed size: cells of real sheets stay under 50, deflate can reach 1,032.
const RATIO: u64 = 100;
/// And to no more than this, whatever its packed size.
const MOST: u64 = 8 << 30;

const END: [u8; 4] = *b"PK\x05\x06";
const END64: [u8; 4] = *b"PK\x06\x06";
const ENTRY: [u8; 4] = *b"PK\x01\x02";
const LOCAL: [u8; 4] = *b"PK\x03\x04";

/// A temporary file that several parts are read from at once.
#[derive(Clone)]
pub(crate) struct Shared {
    file: Arc<Mutex<File>>,
    len: u64,
}

impl Shared {
    /// Copies a stream into a temporary file without a name, so that it can be read at any place.
    pub(crate) fn spool(mut input: impl Read) -> Result<Self, ExchangeError> {
        let mut file = tempfile::tempfile()?;
        let len = io::copy(&mut input, &mut file)?;
        Ok(Self { file: Arc::new(Mutex::new(file)), len })
    }

    /// Its size in bytes.
    pub(crate) fn len(&self) -> u64 {
        self.len
    }

    /// Reads at `at` until `into` is full or the file ends; how much that was.
    pub(crate) fn read_at(&self, at: u64, into: &mut [u8]) -> io::Result<usize> {
        let mut file = self.file.lock().unwrap_or_else(PoisonError::into_inner);
        file.seek(SeekFrom::Start(at))?;
        let mut done = 0;
        while done < into.len() {
            match file.read(&mut into[done..])? {
                0 => break,
                more => done += more,
            }
        }
        Ok(done)
    }

    fn exactly(&self, at: u64, len: usize) -> Result<Vec<u8>, ExchangeError> {
        let mut bytes = vec![0; len];
        if self.read_at(at, &mut bytes)? < len {
            return Err(damaged());
        }
        Ok(bytes)
    }
}

fn damaged() -> ExchangeError {
    SheetError::DamagedZip.into()
}

/// A stretch of the file.
struct Slice {
    shared: Shared,
    at: u64,
    end: u64,
}

impl Read for Slice {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let most = usize::try_from(self.end.saturating_sub(self.at)).unwrap_or(usize::MAX).min(into.len());
        let read = self.shared.read_at(self.at, &mut into[..most])?;
        self.at += read as u64;
        Ok(read)
    }
}

#[derive(Clone, Debug)]
struct Entry {
    name: String,
    method: u16,
    encrypted: bool,
    packed: u64,
    /// Unpacked, as the directory says.
    size: u64,
    /// Of the local header.
    at: u64,
}

/// The directory of a ZIP file.
pub(crate) struct Package {
    shared: Shared,
    entries: Vec<Entry>,
}

fn u16_at(bytes: &[u8], at: usize) -> u64 {
    bytes.get(at..at + 2).map_or(0, |b| u64::from(u16::from_le_bytes([b[0], b[1]])))
}

fn u32_at(bytes: &[u8], at: usize) -> u64 {
    bytes.get(at..at + 4).map_or(0, |b| u64::from(u32::from_le_bytes([b[0], b[1], b[2], b[3]])))
}

fn u64_at(bytes: &[u8], at: usize) -> u64 {
    u32_at(bytes, at) | u32_at(bytes, at + 4) << 32
}

impl Package {
    pub(crate) fn open(shared: Shared) -> Result<Self, ExchangeError> {
        let (count, start) = end_of_directory(&shared)?;
        if start > shared.len() {
            return Err(damaged());
        }
        if count > MAX_PARTS {
            return Err(SheetError::NoWorkbook.into());
        }
        let mut reader = BufReader::new(Slice { shared: shared.clone(), at: start, end: shared.len() });
        let mut entries = Vec::new();
        for _ in 0..count {
            entries.push(entry(&mut reader)?);
        }
        Ok(Self { shared, entries })
    }

    /// The names of the parts.
    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        self.entries.iter().map(|entry| entry.name.as_str())
    }

    /// Whether there is a part whose name begins so.
    pub(crate) fn holds(&self, start: &str) -> bool {
        self.entries.iter().any(|entry| entry.name.starts_with(start))
    }

    fn find(&self, name: &str) -> Option<&Entry> {
        let name = name.trim_start_matches('/');
        let exact = self.entries.iter().find(|entry| entry.name == name);
        exact.or_else(|| self.entries.iter().find(|entry| entry.name.eq_ignore_ascii_case(name)))
    }

    /// A part by its name, if there is one.
    pub(crate) fn part(&self, name: &str) -> Result<Option<Part>, ExchangeError> {
        let Some(entry) = self.find(name) else { return Ok(None) };
        if entry.encrypted {
            return Err(SheetError::Encrypted.into());
        }
        if entry.at > self.shared.len() {
            return Err(damaged());
        }
        let head = self.shared.exactly(entry.at, 30)?;
        if head[..4] != LOCAL {
            return Err(damaged());
        }
        let at = entry.at + 30 + u16_at(&head, 26) + u16_at(&head, 28);
        let end = at.checked_add(entry.packed).filter(|end| *end <= self.shared.len()).ok_or_else(damaged)?;
        let slice = Slice { shared: self.shared.clone(), at, end };
        let source = match entry.method {
            0 => Packed::Stored(BufReader::with_capacity(1 << 16, slice)),
            8 => Packed::Deflated(DeflateDecoder::new_with_buf(slice, vec![0; 1 << 16])),
            _ => return Err(damaged()),
        };
        let limit = entry.packed.saturating_mul(RATIO).clamp(FREE, MOST);
        // One that says so itself is refused at once; one that lies, when that is found out.
        if entry.size > limit {
            return Err(SheetError::Unpacks { part: entry.name.clone(), limit: limit >> 20 }.into());
        }
        Ok(Some(Part { source, name: entry.name.clone(), packed: entry.packed, limit, read: 0 }))
    }
}

/// How many entries the directory has, and where it begins.
fn end_of_directory(shared: &Shared) -> Result<(u64, u64), ExchangeError> {
    let from = shared.len().saturating_sub(22 + 0xffff);
    let length = usize::try_from(shared.len() - from).unwrap_or_default();
    let tail = shared.exactly(from, length)?;
    let at = memchr::memmem::rfind(&tail, &END).ok_or_else(damaged)?;
    let (count, start) = (u16_at(&tail, at + 10), u32_at(&tail, at + 16));
    if count < 0xffff && start < 0xffff_ffff {
        return Ok((count, start));
    }
    // The locator of ZIP64 stands right before.
    let locator = at.checked_sub(20).ok_or_else(damaged)?;
    let end = shared.exactly(u64_at(&tail, locator + 8).min(shared.len()), 56)?;
    if end[..4] != END64 {
        return Err(damaged());
    }
    Ok((u64_at(&end, 32), u64_at(&end, 48)))
}

fn entry(reader: &mut impl Read) -> Result<Entry, ExchangeError> {
    let mut head = [0; 46];
    reader.read_exact(&mut head).map_err(|_| damaged())?;
    if head[..4] != ENTRY {
        return Err(damaged());
    }
    let mut rest = vec![0; (u16_at(&head, 28) + u16_at(&head, 30) + u16_at(&head, 32)) as usize];
    reader.read_exact(&mut rest).map_err(|_| damaged())?;
    let (name, extra) = rest.split_at(u16_at(&head, 28) as usize);
    let extra = &extra[..u16_at(&head, 30) as usize];
    let (mut packed, mut size, mut at) = (u32_at(&head, 20), u32_at(&head, 24), u32_at(&head, 42));
    if [packed, size, at].contains(&0xffff_ffff) {
        // Of the three numbers only those that don't fit stand in the field of ZIP64, in this order.
        let field = zip64(extra).ok_or_else(damaged)?;
        let mut place = 0;
        if size == 0xffff_ffff {
            size = u64_at(field, place);
            place += 8;
        }
        if packed == 0xffff_ffff {
            packed = u64_at(field, place);
            place += 8;
        }
        if at == 0xffff_ffff {
            at = u64_at(field, place);
        }
    }
    // Some programs of Windows write backslashes.
    let name = String::from_utf8_lossy(name).replace('\\', "/");
    let encrypted = u16_at(&head, 8) & 1 != 0;
    Ok(Entry { name, method: u16_at(&head, 10) as u16, encrypted, packed, size, at })
}

fn zip64(mut extra: &[u8]) -> Option<&[u8]> {
    while extra.len() >= 4 {
        let length = u16_at(extra, 2) as usize;
        let field = extra.get(4..4 + length)?;
        if u16_at(extra, 0) == 1 {
            return Some(field);
        }
        extra = &extra[4 + length..];
    }
    None
}

enum Packed {
    Stored(BufReader<Slice>),
    Deflated(DeflateDecoder<Slice>),
}

/// A part as it unpacks.
pub(crate) struct Part {
    source: Packed,
    name: String,
    packed: u64,
    limit: u64,
    read: u64,
}

impl Part {
    /// Its name in the package.
    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    /// How much of it was taken in, of how much, both packed.
    pub(crate) fn progress(&self) -> (u64, u64) {
        let done = match &self.source {
            Packed::Stored(_) => self.read,
            Packed::Deflated(decoder) => decoder.total_in(),
        };
        (done.min(self.packed), self.packed)
    }

    /// Ends where more than `most` bytes were unpacked, as if there were no more.
    pub(crate) fn head(self, most: u64) -> io::Take<Self> {
        self.take(most)
    }
}

impl Read for Part {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let read = match &mut self.source {
            Packed::Stored(stored) => stored.read(into),
            Packed::Deflated(decoder) => decoder.read(into),
        };
        let read = read.map_err(|error| match error.kind() {
            // What isn't deflate at all is told as bad input.
            io::ErrorKind::InvalidInput | io::ErrorKind::InvalidData | io::ErrorKind::UnexpectedEof => {
                io::Error::other(SheetError::Damaged { part: self.name.clone(), why: error.to_string() })
            }
            _ => error,
        })?;
        self.read += read as u64;
        if self.read > self.limit {
            let limit = self.limit >> 20;
            return Err(io::Error::other(SheetError::Unpacks { part: self.name.clone(), limit }));
        }
        Ok(read)
    }
}
