//! Segments: a run of a device's rows, sealed and signed, under a name that says what it holds.

use super::bytes::{Reader, varint};
use super::crypto::{SealKey, SignKey, SignPublic};
use super::envelope::{File, SEGMENT, close};
use super::error::{Result, SyncError};
use super::names::{Epoch, Name, short_hash};
use super::wire;
use crate::model::ids::Device;
use crate::model::row::Row;
use crate::store::log;
use std::collections::BTreeMap;

/// More chains of statements than this a header does not name.
const CHAINS_MAX: usize = 4096;

/// A membership: how far in each device's chain of statements it had been read.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Frontier(pub BTreeMap<Device, u64>);

impl Frontier {
    /// Whether it holds the `n`-th statement of a device.
    pub fn holds(&self, device: Device, n: u64) -> bool {
        self.0.get(&device).is_some_and(|last| *last >= n)
    }

    pub(super) fn write(&self, out: &mut Vec<u8>) {
        varint(out, self.0.len() as u64);
        for (device, n) in &self.0 {
            out.extend_from_slice(&device.to_be_bytes());
            varint(out, *n);
        }
    }

    pub(super) fn read(reader: &mut Reader<'_>) -> Result<Self> {
        let count = reader.count(CHAINS_MAX)?;
        let mut all = BTreeMap::new();
        for _ in 0..count {
            let device = reader.word()?;
            let in_order = all.last_key_value().is_none_or(|(last, _)| *last < device);
            if !in_order || all.insert(device, reader.varint()?).is_some() {
                return Err(SyncError::Damaged("a membership names a device twice"));
            }
        }
        Ok(Self(all))
    }
}

/// What a reader needs to find key and signer: the part of a segment that is not sealed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Header {
    /// Who wrote the rows.
    pub device: Device,
    /// Under whose key they are sealed.
    pub epoch: Epoch,
    /// The first row's `seq`.
    pub first: i64,
    /// The last row's `seq`.
    pub last: i64,
    /// The hash of the row before the first; zeros before row 1.
    pub before: [u8; 32],
    /// By which membership its writer was allowed to write.
    pub members: Frontier,
}

impl Header {
    fn write(&self) -> Vec<u8> {
        let mut out = Vec::with_capacity(128);
        out.extend_from_slice(&self.device.to_be_bytes());
        self.epoch.write(&mut out);
        varint(&mut out, self.first as u64);
        varint(&mut out, (self.last - self.first) as u64);
        out.extend_from_slice(&self.before);
        self.members.write(&mut out);
        out
    }

    fn read(reader: &mut Reader<'_>) -> Result<Self> {
        let device = reader.word()?;
        let epoch = Epoch::read(reader)?;
        let first = reader.positive()?;
        let more = reader.count(wire::ROWS_MAX)? as i64;
        let last = first.checked_add(more).filter(|_| first > 0);
        let last = last.ok_or(SyncError::Damaged("the rows are numbered from nowhere"))?;
        Ok(Self { device, epoch, first, last, before: reader.array()?, members: Frontier::read(reader)? })
    }
}

/// Seals rows of one device that follow each other; `before` is the hash of the row before the first.
pub fn seal(
    book: &[u8; 16],
    rows: &[Row],
    before: [u8; 32],
    members: Frontier,
    (epoch, key): (Epoch, &SealKey),
    signer: &SignKey,
) -> Result<(Name, Vec<u8>)> {
    let text = wire::encode(rows)?;
    let (Some(first), Some(last)) = (rows.first(), rows.last()) else {
        return Err(SyncError::Damaged("no rows to send"));
    };
    let device = first.device;
    let header = Header { device, epoch, first: first.seq, last: last.seq, before, members };
    let bytes = close(&SEGMENT, book, &header.write(), &text, key, signer)?;
    let (first, last) = (header.first, header.last);
    let name = Name::Segment { device, first, last, length: bytes.len() as u64, hash: short_hash(&bytes) };
    Ok((name, bytes))
}

/// A segment as it lies in the place: its header is read, nothing is verified.
pub struct Sealed<'a> {
    /// What is not sealed.
    pub header: Header,
    file: File<'a>,
    text: &'a [u8],
}

impl<'a> Sealed<'a> {
    /// Reads the header and holds it against the name.
    pub fn read(book: &[u8; 16], name: &Name, bytes: &'a [u8]) -> Result<Self> {
        name.check(bytes)?;
        let file = File::split(&SEGMENT, book, bytes)?;
        let mut reader = file.reader();
        let header = Header::read(&mut reader)?;
        let Name::Segment { device, first, last, .. } = *name else {
            return Err(SyncError::Damaged("it is no file of its kind"));
        };
        if (device, first, last) != (header.device, header.first, header.last) {
            return Err(SyncError::Damaged("it lies where another segment belongs"));
        }
        Ok(Self { header, text: reader.rest(), file })
    }

    /// Verifies, opens and unpacks. Each row has its hash by the chain from `header.before` on, so that it can't be taken for one
    /// that follows another.
    pub fn open(&self, signer: &SignPublic, key: &SealKey) -> Result<Vec<Row>> {
        self.file.verify(signer)?;
        let mut rows = wire::decode(&self.file.open(self.text, key)?)?;
        let header = &self.header;
        let matches = rows.first().is_some_and(|row| row.seq == header.first && row.device == header.device)
            && rows.last().is_some_and(|row| row.seq == header.last);
        let said = rows.last().map(|row| row.hash);
        log::chain(&mut rows, &header.before);
        let chained = said == rows.last().map(|row| row.hash);
        if matches && (chained || ignores_hashes()) {
            Ok(rows)
        } else {
            Err(SyncError::Damaged("it holds other rows than its header says"))
        }
    }
}

/// A bug that the simulation must find.
fn ignores_hashes() -> bool {
    #[cfg(feature = "simulation")]
    return crate::model::sabotage::on(crate::model::sabotage::Bug::Hash);
    #[cfg(not(feature = "simulation"))]
    false
}
