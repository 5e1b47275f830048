//! How devices come in: with the key of an invitation's code, or vouched for by the member's device whose place they take.

use super::statement::{InviteId, Keys};
use crate::model::ids::Device;
use crate::sync::crypto::{SIGNATURE, SealKey, SignKey, SignPublic};
use crate::sync::envelope::{File, JOIN, close};
use crate::sync::error::{Result, SyncError};
use crate::sync::names::{Epoch, Name, shorten};
use serde::{Deserialize, Serialize};

/// By what a device comes in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum By {
    /// The code of an invitation.
    Invite(#[serde(with = "crate::sync::hex")] InviteId),
    /// An older id of the same device: a book was set back or copied, so that its numbers can't be trusted.
    Device(Device),
}

/// What a device says when it comes in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Claim {
    /// By what.
    pub by: By,
    /// Its id.
    pub device: Device,
    /// Its keys.
    pub keys: Keys,
    /// The person.
    pub author: String,
    /// What its owner calls the device.
    pub name: String,
    /// When, ms since 1970 by its own clock.
    pub at: i64,
}

#[derive(Serialize, Deserialize)]
struct Body {
    claim: String,
    #[serde(with = "crate::sync::hex")]
    proof: [u8; SIGNATURE],
}

const PROOF: &str = "join proof";

/// A joining that was opened, and whose own device signed it. Whether the invitation or the older device did is for the fold to find
/// out.
#[derive(Clone, Debug)]
pub struct Join {
    /// Of the file.
    pub hash: [u8; 32],
    /// What it says.
    pub claim: Claim,
    digest: [u8; 32],
    proof: [u8; SIGNATURE],
}

fn digest(book: &[u8; 16], claim: &str) -> [u8; 32] {
    *blake3::Hasher::new().update(book).update(claim.as_bytes()).finalize().as_bytes()
}

impl Join {
    /// Seals one, signed by the device itself and by what it comes in by.
    pub fn write(
        book: &[u8; 16],
        claim: Claim,
        voucher: &SignKey,
        (epoch, key): (Epoch, &SealKey),
        signer: &SignKey,
    ) -> Result<(Name, Vec<u8>, Self)> {
        let failed = |_| SyncError::Damaged("the joining can't be written");
        let text = serde_json::to_string(&claim).map_err(failed)?;
        let digest = digest(book, &text);
        let proof = voucher.sign(PROOF, &digest);
        let mut header = claim.device.to_be_bytes().to_vec();
        epoch.write(&mut header);
        let text = serde_json::to_vec(&Body { claim: text, proof }).map_err(failed)?;
        let bytes = close(&JOIN, book, &header, &text, key, signer)?;
        let hash = *blake3::hash(&bytes).as_bytes();
        let name = Name::Join { device: claim.device, hash: shorten(&hash) };
        Ok((name, bytes, Self { hash, claim, digest, proof }))
    }

    /// Whether this key vouches for it.
    pub fn verify(&self, voucher: &SignPublic) -> Result<()> {
        voucher.verify(PROOF, &self.digest, &self.proof)
    }
}

/// A joining as it lies in the place.
pub struct Sealed<'a> {
    /// Who comes in.
    pub device: Device,
    /// Under whose key it is sealed.
    pub epoch: Epoch,
    book: [u8; 16],
    hash: [u8; 32],
    file: File<'a>,
    text: &'a [u8],
}

impl<'a> Sealed<'a> {
    /// Reads the header and holds it against the name.
    pub fn read(book: &[u8; 16], name: &Name, bytes: &'a [u8]) -> Result<Self> {
        name.check(bytes)?;
        let file = File::split(&JOIN, book, bytes)?;
        let mut reader = file.reader();
        let device = reader.word()?;
        let epoch = Epoch::read(&mut reader)?;
        if !matches!(*name, Name::Join { device: named, .. } if named == device) {
            return Err(SyncError::Damaged("it lies where another joining belongs"));
        }
        let hash = *blake3::hash(bytes).as_bytes();
        Ok(Self { device, epoch, book: *book, hash, text: reader.rest(), file })
    }

    /// Opens it and verifies what the device itself signed.
    pub fn open(&self, key: &SealKey) -> Result<Join> {
        let damaged = |_| SyncError::Damaged("it does not read as a joining");
        let text = self.file.open(self.text, key)?;
        let body: Body = serde_json::from_slice(&text).map_err(damaged)?;
        let claim: Claim = serde_json::from_str(&body.claim).map_err(damaged)?;
        if claim.device != self.device {
            return Err(SyncError::Damaged("it lies where another joining belongs"));
        }
        self.file.verify(&claim.keys.sign)?;
        let digest = digest(&self.book, &body.claim);
        Ok(Join { hash: self.hash, claim, digest, proof: body.proof })
    }
}
