//! What files of a shared place are called. Anything that does not fit is somebody else's and ignored.

use super::bytes::{Reader, varint};
use super::error::{Result, SyncError};
use crate::model::ids::Device;
use serde::{Deserialize, Serialize};
use std::fmt;

/// A key's time: which in a row, and the admin's device that began it. Two admins may begin one at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Epoch {
    /// From 1.
    pub number: u32,
    /// Who began it.
    pub device: Device,
}

impl Epoch {
    pub(super) fn write(self, out: &mut Vec<u8>) {
        varint(out, self.number.into());
        out.extend_from_slice(&self.device.to_be_bytes());
    }

    pub(super) fn read(reader: &mut Reader<'_>) -> Result<Self> {
        Ok(Self { number: reader.count(u32::MAX as usize)? as u32, device: reader.word()? })
    }
}

impl fmt::Display for Epoch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{:016x}", self.number, self.device)
    }
}

/// The beginning of a file's BLAKE3, as names have it.
pub type ShortHash = [u8; 16];

/// The name of a file with these bytes.
pub fn short_hash(bytes: &[u8]) -> ShortHash {
    shorten(blake3::hash(bytes).as_bytes())
}

/// The part of a hash that names have.
pub fn shorten(hash: &[u8; 32]) -> ShortHash {
    let mut short = [0; 16];
    short.copy_from_slice(&hash[..16]);
    short
}

/// The name of a file in a shared place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Name {
    /// What a reader must know first.
    Format,
    /// A statement about members.
    Statement {
        /// Whose chain.
        device: Device,
        /// Its number there, from 1.
        n: u64,
        /// Of the file.
        hash: ShortHash,
    },
    /// An epoch's key, wrapped for each member.
    Key(Epoch),
    /// A run of rows.
    Segment {
        /// Who wrote them.
        device: Device,
        /// The first row's `seq`.
        first: i64,
        /// The last row's `seq`.
        last: i64,
        /// Of the file, bytes.
        length: u64,
        /// Of the file.
        hash: ShortHash,
    },
    /// Where a device stands.
    Head {
        /// Which.
        device: Device,
        /// Counts its heads.
        n: u64,
        /// Of the file.
        hash: ShortHash,
    },
    /// How a device came in.
    Join {
        /// Which.
        device: Device,
        /// Of the file.
        hash: ShortHash,
    },
    /// A whole book.
    Snapshot {
        /// Who made it.
        device: Device,
        /// Of the file.
        hash: ShortHash,
    },
    /// Says that a device has erased a person from its files.
    Erased {
        /// Which.
        device: Device,
        /// Of the file.
        hash: ShortHash,
    },
}

impl Name {
    /// Reads a path with `/` between its parts; `None` for what is not ours. Each name has one spelling.
    pub fn parse(path: &str) -> Option<Self> {
        let parts: Vec<&str> = path.split('/').collect();
        let name = match parts[..] {
            ["FORMAT"] => Self::Format,
            ["members", device, file] => {
                let (n, hash) = file.split_once('-')?;
                Self::Statement { device: word(device)?, n: number(n)?, hash: short(hash)? }
            }
            ["keys", file] => {
                let (number_, device) = file.strip_suffix(".key")?.split_once('-')?;
                Self::Key(Epoch { number: number(number_)?.try_into().ok()?, device: word(device)? })
            }
            ["d", device, "seg", file] => {
                let mut parts = file.strip_suffix(".seg")?.split('-');
                let mut next = || number(parts.next()?);
                let (first, last, length) = (next()?, next()?, next()?);
                let (first, last) = (i64::try_from(first).ok()?, i64::try_from(last).ok()?);
                let hash = short(parts.next()?)?;
                let fits = parts.next().is_none() && first <= last;
                fits.then_some(())?;
                Self::Segment { device: word(device)?, first, last, length, hash }
            }
            ["d", device, "head", file] => {
                let (n, hash) = file.strip_suffix(".head")?.split_once('-')?;
                Self::Head { device: word(device)?, n: number(n)?, hash: short(hash)? }
            }
            ["d", device, "join", file] => {
                Self::Join { device: word(device)?, hash: short(file.strip_suffix(".join")?)? }
            }
            ["d", device, "snap", file] => {
                Self::Snapshot { device: word(device)?, hash: short(file.strip_suffix(".snap")?)? }
            }
            ["erased", device, file] => Self::Erased { device: word(device)?, hash: short(file)? },
            _ => return None,
        };
        Some(name)
    }

    /// The device whose file it is; nobody else writes or deletes it.
    pub const fn owner(&self) -> Option<Device> {
        match self {
            Self::Format => None,
            Self::Key(epoch) => Some(epoch.device),
            Self::Statement { device, .. }
            | Self::Segment { device, .. }
            | Self::Head { device, .. }
            | Self::Join { device, .. }
            | Self::Snapshot { device, .. }
            | Self::Erased { device, .. } => Some(*device),
        }
    }

    /// The beginning of the file's hash, where the name has it.
    pub const fn hash(&self) -> Option<ShortHash> {
        match self {
            Self::Format | Self::Key(_) => None,
            Self::Segment { hash, .. }
            | Self::Statement { hash, .. }
            | Self::Head { hash, .. }
            | Self::Join { hash, .. }
            | Self::Snapshot { hash, .. }
            | Self::Erased { hash, .. } => Some(*hash),
        }
    }

    /// Whether a file holds the bytes that its name promises: half-written and altered ones don't.
    pub fn check(&self, bytes: &[u8]) -> Result<()> {
        let Some(hash) = self.hash() else { return Ok(()) };
        let length = if let Self::Segment { length, .. } = self { Some(*length) } else { None };
        if length.is_some_and(|length| length != bytes.len() as u64) {
            return Err(SyncError::Damaged("its length is not what its name says"));
        }
        if short_hash(bytes) != hash {
            return Err(SyncError::Damaged("its hash is not what its name says"));
        }
        Ok(())
    }
}

/// 16 lower-case hexadecimal digits.
fn word(text: &str) -> Option<u64> {
    hex(text, 16)?;
    u64::from_str_radix(text, 16).ok()
}

fn short(text: &str) -> Option<ShortHash> {
    hex(text, 32)?;
    u128::from_str_radix(text, 16).ok().map(u128::to_be_bytes)
}

fn hex(text: &str, length: usize) -> Option<()> {
    let digits = |byte: u8| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte);
    (text.len() == length && text.bytes().all(digits)).then_some(())
}

/// A number from 1 on, without leading zeros.
fn number(text: &str) -> Option<u64> {
    let plain = text.bytes().all(|byte| byte.is_ascii_digit()) && !text.starts_with('0');
    if plain { text.parse().ok() } else { None }
}

struct Hex<'a>(&'a ShortHash);

impl fmt::Display for Hex<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:032x}", u128::from_be_bytes(*self.0))
    }
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Format => f.write_str("FORMAT"),
            Self::Statement { device, n, hash } => write!(f, "members/{device:016x}/{n}-{}", Hex(hash)),
            Self::Key(epoch) => write!(f, "keys/{epoch}.key"),
            Self::Segment { device, first, last, length, hash } => {
                write!(f, "d/{device:016x}/seg/{first}-{last}-{length}-{}.seg", Hex(hash))
            }
            Self::Head { device, n, hash } => write!(f, "d/{device:016x}/head/{n}-{}.head", Hex(hash)),
            Self::Join { device, hash } => write!(f, "d/{device:016x}/join/{}.join", Hex(hash)),
            Self::Snapshot { device, hash } => write!(f, "d/{device:016x}/snap/{}.snap", Hex(hash)),
            Self::Erased { device, hash } => write!(f, "erased/{device:016x}/{}", Hex(hash)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_read_back_what_they_print() {
        let (device, hash) = (0xabc, short_hash(b"x"));
        let names = [
            Name::Format,
            Name::Statement { device, n: 12, hash },
            Name::Key(Epoch { number: 3, device }),
            Name::Segment { device, first: 1, last: 100, length: 1, hash },
            Name::Head { device, n: 9, hash },
            Name::Join { device, hash },
            Name::Snapshot { device, hash },
            Name::Erased { device, hash },
        ];
        for name in names {
            assert_eq!(Name::parse(&name.to_string()), Some(name), "{name}");
            assert_eq!(Name::parse(&name.to_string().to_uppercase()).is_some(), name == Name::Format);
        }
    }

    #[test]
    fn what_sync_tools_leave_behind_is_not_ours() {
        let good = Name::Head { device: 1, n: 1, hash: short_hash(b"x") }.to_string();
        let seg = Name::Segment { device: 1, first: 1, last: 2, length: 3, hash: [0; 16] }.to_string();
        let wrong = [
            "desktop.ini",
            "FORMAT.tmp",
            "FORMAT (conflicted copy)",
            "~$FORMAT",
            ".stfolder",
            "",
            "/",
            "d",
            "d//seg/",
            "../FORMAT",
            "d/../FORMAT",
            &good.replace(".head", ".sync-conflict-20261125-101010-ABCDEFG.head"),
            &good.replace(".head", " (1).head"),
            &good.replace(".head", ".head.tmp"),
            &good.replace("/1-", "/01-"),
            &good.replace("/1-", "/+1-"),
            &good.replace("/1-", "/0-"),
            &seg.replace("/1-2-", "/3-2-"),
            &seg.replace("/1-2-", "/1-99999999999999999999-"),
        ];
        for wrong in wrong {
            assert_eq!(Name::parse(wrong), None, "{wrong}");
        }
    }
}
