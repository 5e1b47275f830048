//! Statements about members: each a file in the chain of the device that signs it.

use crate::model::ids::Device;
use crate::sync::bytes::{string, varint};
use crate::sync::crypto::{BoxPublic, SIGNATURE, SealKey, SignKey, SignPublic};
use crate::sync::envelope::{File, STATEMENT, close};
use crate::sync::error::{Result, SyncError};
use crate::sync::names::{Epoch, Name, ShortHash, shorten};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// A member: the beginning of the founding statement's hash, or the id of the invitation that they came in by.
pub type MemberId = [u8; 16];

/// An invitation.
pub type InviteId = [u8; 16];

/// What a member may do. Every member reads the whole book.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// Its rows are ignored by all.
    Reader,
    /// Changes the book.
    Writer,
    /// Changes the members, too.
    Admin,
}

impl Role {
    /// Whether rows of this role count.
    pub const fn writes(self) -> bool {
        matches!(self, Self::Writer | Self::Admin)
    }
}

/// A device's public keys.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Keys {
    /// Signs what it writes.
    pub sign: SignPublic,
    /// Keys are wrapped for it.
    pub open: BoxPublic,
}

/// What a statement says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "act", rename_all = "lowercase")]
pub enum Act {
    /// Begins it all: the first admin with their first device.
    Init {
        /// The person.
        author: String,
        /// Of the device that signs this.
        keys: Keys,
        /// Of the first epoch's key.
        #[serde(with = "crate::sync::hex")]
        commitment: [u8; 32],
    },
    /// Lets whoever has a code join.
    Invite {
        /// By what the code finds it.
        #[serde(with = "crate::sync::hex")]
        id: InviteId,
        /// For a further device of this member; else somebody new.
        #[serde(with = "maybe_id", default)]
        member: Option<MemberId>,
        /// What they may do. A further device does what its member does.
        role: Role,
        /// Whom it is for; may be empty.
        name: String,
        /// Until when, ms since 1970.
        expires: i64,
        /// Of the code.
        keys: Keys,
        /// Whose keys came with it.
        epochs: BTreeSet<Epoch>,
    },
    /// Settles who came in by an invitation.
    Admit {
        /// By which.
        #[serde(with = "crate::sync::hex")]
        invite: InviteId,
        /// The hash of the joining.
        #[serde(with = "crate::sync::hex")]
        join: [u8; 32],
    },
    /// Takes an invitation back that nobody was admitted by.
    Revoke {
        /// Which.
        #[serde(with = "crate::sync::hex")]
        invite: InviteId,
    },
    /// Gives a member another role.
    Role {
        /// Whom.
        #[serde(with = "crate::sync::hex")]
        member: MemberId,
        /// Which.
        role: Role,
        /// The last row of each of their devices that counts, should they stop writing; of others none does.
        #[serde(with = "pairs")]
        last: BTreeMap<Device, i64>,
    },
    /// Takes a member out.
    Remove {
        /// Whom.
        #[serde(with = "crate::sync::hex")]
        member: MemberId,
        /// The last row of each of their devices that counts; of others none does.
        #[serde(with = "pairs")]
        last: BTreeMap<Device, i64>,
    },
    /// Goes: said by any device of the member.
    Leave {
        /// The last row of each of their devices that counts.
        #[serde(with = "pairs")]
        last: BTreeMap<Device, i64>,
    },
    /// Begins an epoch; its key lies wrapped in a file of its own.
    Epoch {
        /// Which.
        id: Epoch,
        /// Of its key.
        #[serde(with = "crate::sync::hex")]
        commitment: [u8; 32],
        /// For whom it was wrapped.
        recipients: BTreeSet<BoxPublic>,
    },
    /// What a newer version says; it changes nothing here.
    #[serde(other)]
    Newer,
}

/// A map as a list of pairs: a tagged enum can't have numbers for keys.
mod pairs {
    use crate::model::ids::Device;
    use serde::{Deserialize, Deserializer, Serializer};
    use std::collections::BTreeMap;

    pub(super) fn serialize<S: Serializer>(map: &BTreeMap<Device, i64>, to: S) -> Result<S::Ok, S::Error> {
        to.collect_seq(map)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<BTreeMap<Device, i64>, D::Error> {
        Vec::deserialize(from).map(BTreeMap::from_iter)
    }
}

/// An id that may be missing.
mod maybe_id {
    use crate::sync::hex;
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    pub(super) fn serialize<S: Serializer>(id: &Option<[u8; 16]>, to: S) -> Result<S::Ok, S::Error> {
        id.map(|id| hex::write(&id)).serialize(to)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Option<[u8; 16]>, D::Error> {
        let text = Option::<String>::deserialize(from)?;
        let read = |text: String| hex::read(&text).ok_or_else(|| serde::de::Error::custom("no id"));
        text.map(read).transpose()
    }
}

/// A statement's text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Body {
    /// When, ms since 1970 by its writer's clock; decides nothing.
    pub at: i64,
    /// How far its writer had read the other devices' chains: the last number and its hash.
    pub seen: BTreeMap<Device, (u64, Seen)>,
    /// What it says.
    pub act: Act,
}

/// The beginning of a statement's hash.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Seen(#[serde(with = "crate::sync::hex")] pub ShortHash);

/// Where a statement stands in its device's chain.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// Whose chain.
    pub device: Device,
    /// From 1.
    pub n: u64,
    /// The whole hash of the one before; zeros for none.
    pub before: [u8; 32],
}

/// A statement that was opened. Whether its signer may say so is for the fold to find out.
#[derive(Clone, Debug)]
pub struct Statement {
    /// Where it stands.
    pub place: Place,
    /// Of the file.
    pub hash: [u8; 32],
    /// What it says.
    pub body: Body,
    digest: [u8; 32],
    signature: [u8; SIGNATURE],
}

impl Statement {
    /// Seals and signs one. `open` is for joiners and stays readable.
    pub fn write(
        book: &[u8; 16],
        place: Place,
        body: Body,
        open: &[u8],
        (epoch, key): (Epoch, &SealKey),
        signer: &SignKey,
    ) -> Result<(Name, Vec<u8>, Self)> {
        let mut header = place.device.to_be_bytes().to_vec();
        varint(&mut header, place.n);
        header.extend_from_slice(&place.before);
        epoch.write(&mut header);
        string(&mut header, open);
        let text =
            serde_json::to_vec(&body).map_err(|_| SyncError::Damaged("the statement can't be written"))?;
        let bytes = close(&STATEMENT, book, &header, &text, key, signer)?;
        let file = File::split(&STATEMENT, book, &bytes)?;
        let (digest, signature) = (file.digest(), file.signature());
        let hash = *blake3::hash(&bytes).as_bytes();
        let name = Name::Statement { device: place.device, n: place.n, hash: shorten(&hash) };
        Ok((name, bytes, Self { place, hash, body, digest, signature }))
    }

    /// Whether this key signed it.
    pub fn verify(&self, signer: &SignPublic) -> Result<()> {
        signer.verify(STATEMENT.purpose, &self.digest, &self.signature)
    }
}

/// A statement as it lies in the place.
pub struct Sealed<'a> {
    /// Where it stands.
    pub place: Place,
    /// Under whose key it is sealed.
    pub epoch: Epoch,
    /// What joiners read: see `Grant`.
    pub open: &'a [u8],
    hash: [u8; 32],
    file: File<'a>,
    text: &'a [u8],
}

impl<'a> Sealed<'a> {
    /// Reads the header and holds it against the name.
    pub fn read(book: &[u8; 16], name: &Name, bytes: &'a [u8]) -> Result<Self> {
        name.check(bytes)?;
        let file = File::split(&STATEMENT, book, bytes)?;
        let mut reader = file.reader();
        let place = Place { device: reader.word()?, n: reader.varint()?, before: reader.array()? };
        let epoch = Epoch::read(&mut reader)?;
        let open = reader.string()?;
        match *name {
            Name::Statement { device, n, .. } if (device, n) == (place.device, place.n) && n > 0 => {}
            _ => return Err(SyncError::Damaged("it lies where another statement belongs")),
        }
        let hash = *blake3::hash(bytes).as_bytes();
        Ok(Self { place, epoch, open, hash, text: reader.rest(), file })
    }

    /// Opens it.
    pub fn open(&self, key: &SealKey) -> Result<Statement> {
        let text = self.file.open(self.text, key)?;
        let body = serde_json::from_slice(&text)
            .map_err(|_| SyncError::Damaged("it does not read as a statement"))?;
        let (digest, signature) = (self.file.digest(), self.file.signature());
        Ok(Statement { place: self.place, hash: self.hash, body, digest, signature })
    }
}
