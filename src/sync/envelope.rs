//! What every file of a shared place is: a header that all can read, a text that only members can, and a signature over both.
//!
//! ```text
//! magic 4 | header | nonce 24, text, tag 16 | signature 64
//! ```
//!
//! The book is in none of them but in what is authenticated and signed, and so is what the file is for: nothing can be carried
//! over to another book or read as a file of another kind.

use super::bytes::Reader;
use super::crypto::{SEAL, SIGNATURE, SealKey, SignKey, SignPublic};
use super::error::{Result, SyncError};
use zeroize::Zeroizing;

/// A kind of file.
pub(super) struct Kind {
    /// How it begins; the last byte is its format.
    pub magic: [u8; 4],
    /// What its signatures are for.
    pub purpose: &'static str,
    /// No file of this kind is larger, bytes.
    pub most: usize,
}

pub(super) const SEGMENT: Kind = Kind { magic: *b"rsg\x01", purpose: "segment", most: 96 << 20 };
pub(super) const HEAD: Kind = Kind { magic: *b"rhd\x01", purpose: "head", most: 1 << 20 };
pub(super) const STATEMENT: Kind = Kind { magic: *b"rst\x01", purpose: "statement", most: 1 << 20 };
pub(super) const JOIN: Kind = Kind { magic: *b"rjn\x01", purpose: "join", most: 1 << 16 };
pub(super) const KEYS: Kind = Kind { magic: *b"rky\x01", purpose: "keys", most: 4 << 20 };

/// Seals a text behind a header (without the magic) and signs all of it.
pub(super) fn close(
    kind: &Kind,
    book: &[u8; 16],
    header: &[u8],
    text: &[u8],
    key: &SealKey,
    signer: &SignKey,
) -> Result<Vec<u8>> {
    let mut out = Vec::with_capacity(4 + header.len() + SEAL + text.len() + SIGNATURE);
    out.extend_from_slice(&kind.magic);
    out.extend_from_slice(header);
    let sealed = key.seal(&about(kind, book, &out), text)?;
    out.extend_from_slice(&sealed);
    sign(kind, book, &mut out, signer)?;
    Ok(out)
}

/// Appends the signature.
pub(super) fn sign(kind: &Kind, book: &[u8; 16], out: &mut Vec<u8>, signer: &SignKey) -> Result<()> {
    let signature = signer.sign(kind.purpose, &digest(book, out));
    out.extend_from_slice(&signature);
    if out.len() > kind.most {
        return Err(SyncError::TooLarge { what: kind.purpose, size: out.len() as u64 });
    }
    Ok(())
}

fn about(kind: &Kind, book: &[u8; 16], header: &[u8]) -> Vec<u8> {
    [b"rolo 2026 ", kind.purpose.as_bytes(), b"\0", book, header].concat()
}

fn digest(book: &[u8; 16], signed: &[u8]) -> [u8; 32] {
    *blake3::Hasher::new().update(book).update(signed).finalize().as_bytes()
}

/// A file whose parts are told apart; nothing of it is verified yet.
pub(super) struct File<'a> {
    kind: &'static Kind,
    book: [u8; 16],
    signed: &'a [u8],
    signature: [u8; SIGNATURE],
}

impl<'a> File<'a> {
    pub(super) fn split(kind: &'static Kind, book: &[u8; 16], bytes: &'a [u8]) -> Result<Self> {
        if bytes.len() > kind.most {
            return Err(SyncError::TooLarge { what: kind.purpose, size: bytes.len() as u64 });
        }
        let (signed, signature) = bytes.split_last_chunk().ok_or(SyncError::Damaged("it ends too early"))?;
        match signed.split_first_chunk::<4>() {
            Some((magic, _)) if *magic == kind.magic => {
                Ok(Self { kind, book: *book, signed, signature: *signature })
            }
            Some((magic, _)) if magic[..3] == kind.magic[..3] && magic[3] > kind.magic[3] => {
                Err(SyncError::Newer { found: magic[3].into(), known: kind.magic[3].into() })
            }
            _ => Err(SyncError::Damaged("it is no file of its kind")),
        }
    }

    /// From behind the magic to before the signature.
    pub(super) fn reader(&self) -> Reader<'a> {
        Reader::new(self.signed.get(4..).unwrap_or_default())
    }

    /// What its signature is over.
    pub(super) fn digest(&self) -> [u8; 32] {
        digest(&self.book, self.signed)
    }

    pub(super) const fn signature(&self) -> [u8; SIGNATURE] {
        self.signature
    }

    pub(super) fn verify(&self, signer: &SignPublic) -> Result<()> {
        signer.verify(self.kind.purpose, &self.digest(), &self.signature)
    }

    /// Opens what `sealed`, the rest of the reader behind the header, holds.
    pub(super) fn open(&self, sealed: &[u8], key: &SealKey) -> Result<Zeroizing<Vec<u8>>> {
        let header = self.signed.len().checked_sub(sealed.len()).and_then(|length| self.signed.get(..length));
        let header = header.ok_or(SyncError::Damaged("it ends too early"))?;
        key.open(&about(self.kind, &self.book, header), sealed)
    }
}
