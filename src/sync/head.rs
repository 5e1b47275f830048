//! Heads: what a device says of itself and of what it has seen of the others. They show what is missing, whoever deleted it.

use super::crypto::{SealKey, SignKey, SignPublic};
use super::envelope::{File, HEAD, close};
use super::error::{Result, SyncError};
use super::names::{Epoch, Name, short_hash};
use crate::model::ids::Device;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A row of which there are two.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fork {
    /// Its number.
    pub seq: i64,
    /// The hash of the one that was taken in.
    #[serde(with = "super::hex")]
    pub hash: [u8; 32],
}

/// Where a device stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Head {
    /// Counts the device's heads, from 1.
    pub n: u64,
    /// Its last published row; 0 for none.
    pub seq: i64,
    /// That row's hash; zeros for none.
    #[serde(with = "super::hex")]
    pub hash: [u8; 32],
    /// The last row of every other device that it has taken in.
    pub seen: BTreeMap<Device, i64>,
    /// Of devices that exist twice, the first row of those that it had taken in before and that the place has otherwise: whoever
    /// goes on under that id may have no other way to know.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub forks: BTreeMap<Device, Fork>,
    /// How far in each chain of statements it has read.
    #[serde(default)]
    pub members: BTreeMap<Device, u64>,
    /// When, ms since 1970 by its own clock.
    pub at: i64,
    /// What its owner calls it.
    pub name: String,
    /// Who works with it.
    pub author: String,
    /// Which program wrote this.
    pub app: String,
}

/// Seals and signs a device's head.
pub fn seal(
    book: &[u8; 16],
    device: Device,
    head: &Head,
    (epoch, key): (Epoch, &SealKey),
    signer: &SignKey,
) -> Result<(Name, Vec<u8>)> {
    let mut header = device.to_be_bytes().to_vec();
    epoch.write(&mut header);
    let text = serde_json::to_vec(head).map_err(|_| SyncError::Damaged("the head can't be written"))?;
    let bytes = close(&HEAD, book, &header, &text, key, signer)?;
    Ok((Name::Head { device, n: head.n, hash: short_hash(&bytes) }, bytes))
}

/// A head as it lies in the place: nothing is verified.
pub struct Sealed<'a> {
    /// Whose it is.
    pub device: Device,
    /// Under whose key it is sealed.
    pub epoch: Epoch,
    n: u64,
    file: File<'a>,
    text: &'a [u8],
}

impl<'a> Sealed<'a> {
    /// Reads the header and holds it against the name.
    pub fn read(book: &[u8; 16], name: &Name, bytes: &'a [u8]) -> Result<Self> {
        name.check(bytes)?;
        let file = File::split(&HEAD, book, bytes)?;
        let mut reader = file.reader();
        let device = reader.word()?;
        let epoch = Epoch::read(&mut reader)?;
        match *name {
            Name::Head { device: named, n, .. } if named == device => {
                Ok(Self { device, epoch, n, text: reader.rest(), file })
            }
            _ => Err(SyncError::Damaged("it lies where another head belongs")),
        }
    }

    /// Verifies, opens and reads.
    pub fn open(&self, signer: &SignPublic, key: &SealKey) -> Result<Head> {
        self.file.verify(signer)?;
        let text = self.file.open(self.text, key)?;
        let head: Head =
            serde_json::from_slice(&text).map_err(|_| SyncError::Damaged("it does not read as a head"))?;
        if head.n != self.n || head.seq < 0 || head.seen.values().any(|seq| *seq < 0) {
            return Err(SyncError::Damaged("it is another head than its name says"));
        }
        Ok(head)
    }
}

/// The rows that somebody has seen or published and that neither the place nor this device has: device, the first and the last
/// one missing. `have` is the last row of each device without a gap before it.
pub fn missing(heads: &BTreeMap<Device, Head>, have: &BTreeMap<Device, i64>) -> Vec<(Device, i64, i64)> {
    let mut known: BTreeMap<Device, i64> = BTreeMap::new();
    let own = heads.iter().map(|(device, head)| (*device, head.seq));
    let others = heads.values().flat_map(|head| head.seen.iter().map(|(device, seq)| (*device, *seq)));
    for (device, seq) in own.chain(others) {
        let last = known.entry(device).or_default();
        *last = seq.max(*last);
    }
    let lacking = known.into_iter().filter_map(|(device, last)| {
        let have = have.get(&device).copied().unwrap_or_default();
        (last > have).then_some((device, have + 1, last))
    });
    lacking.collect()
}
