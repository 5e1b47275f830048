//! Keys on their way: wrapped for each member at the beginning of an epoch, and sealed for whoever has a code.

use crate::model::ids::Device;
use crate::sync::bytes::{Reader, string, varint};
use crate::sync::crypto::{BoxKey, BoxPublic, SealKey, SignKey, WRAP};
use crate::sync::envelope::{File, KEYS, sign};
use crate::sync::error::{Result, SyncError};
use crate::sync::names::{Epoch, Name};
use std::collections::{BTreeMap, BTreeSet};
use zeroize::Zeroizing;

/// Keys by their epochs.
pub type EpochKeys = BTreeMap<Epoch, SealKey>;

/// No more than these are read from one file.
const MOST: usize = 4096;

/// What a key is committed to with.
pub fn commitment(book: &[u8; 16], epoch: Epoch, key: &SealKey) -> [u8; 32] {
    key.commitment(&about("epoch", book, epoch, &[]))
}

fn about(what: &str, book: &[u8; 16], epoch: Epoch, more: &[u8]) -> Vec<u8> {
    let mut out = [b"rolo 2026 ", what.as_bytes(), b"\0", &book[..]].concat();
    epoch.write(&mut out);
    out.extend_from_slice(more);
    out
}

fn write_keys(keys: &EpochKeys) -> Zeroizing<Vec<u8>> {
    let mut out = Zeroizing::new(Vec::with_capacity(16 + 48 * keys.len()));
    varint(&mut out, keys.len() as u64);
    for (epoch, key) in keys {
        epoch.write(&mut out);
        out.extend_from_slice(key.bytes());
    }
    out
}

fn read_keys(reader: &mut Reader<'_>) -> Result<EpochKeys> {
    let count = reader.count(MOST)?;
    (0..count).map(|_| Ok((Epoch::read(reader)?, SealKey::from_bytes(reader.array()?)))).collect()
}

/// Which wrap is whose, without saying who they are.
fn tag(book: &[u8; 16], epoch: Epoch, public: &BoxPublic) -> [u8; 8] {
    let hash = blake3::hash(&about("recipient", book, epoch, &public.0));
    let mut tag = [0; 8];
    tag.copy_from_slice(&hash.as_bytes()[..8]);
    tag
}

/// Wraps an epoch's key for its recipients. Who has it has the keys of all epochs before, too, so that those are sealed under it.
pub fn write(
    book: &[u8; 16],
    (epoch, key): (Epoch, &SealKey),
    recipients: &BTreeSet<BoxPublic>,
    older: &EpochKeys,
    signer: &SignKey,
) -> Result<(Name, Vec<u8>)> {
    let mut out = KEYS.magic.to_vec();
    epoch.write(&mut out);
    varint(&mut out, recipients.len() as u64);
    for public in recipients {
        out.extend_from_slice(&tag(book, epoch, public));
        out.extend_from_slice(&public.wrap(&about("epoch", book, epoch, &public.0), key.bytes())?);
    }
    string(&mut out, &key.seal(&about("older keys", book, epoch, &[]), &write_keys(older))?);
    sign(&KEYS, book, &mut out, signer)?;
    Ok((Name::Key(epoch), out))
}

/// The keys that a file of keys holds for one of these; none if none of it is for them. Nobody vouches for a key before the fold
/// has found a statement that commits to it. The signature is not checked: such a file may lie where its signer is not known yet.
pub fn read(book: &[u8; 16], name: &Name, bytes: &[u8], own: &[&BoxKey]) -> Result<EpochKeys> {
    let file = File::split(&KEYS, book, bytes)?;
    let mut reader = file.reader();
    let epoch = Epoch::read(&mut reader)?;
    if *name != Name::Key(epoch) {
        return Err(SyncError::Damaged("it lies where another key belongs"));
    }
    let count = reader.count(bytes.len() / (8 + 32 + WRAP))?;
    let publics: Vec<(BoxPublic, &BoxKey)> = own.iter().map(|key| (key.public(), *key)).collect();
    let mut found = None;
    for _ in 0..count {
        let tagged: [u8; 8] = reader.array()?;
        let wrapped = reader.take(32 + WRAP)?;
        let mine = publics.iter().find(|(public, _)| tag(book, epoch, public) == tagged);
        if let Some((public, secret)) = mine
            && found.is_none()
        {
            found = secret.unwrap(&about("epoch", book, epoch, &public.0), wrapped).ok();
        }
    }
    let older = reader.string()?;
    reader.end()?;
    let Some(bytes) = found else { return Ok(EpochKeys::new()) };
    let bytes = <[u8; 32]>::try_from(&bytes[..]).map_err(|_| SyncError::Damaged("a key is no key"))?;
    let key = SealKey::from_bytes(bytes);
    let older = key.open(&about("older keys", book, epoch, &[]), older)?;
    let mut reader = Reader::new(&older);
    let mut keys = read_keys(&mut reader)?;
    reader.end()?;
    keys.insert(epoch, key);
    Ok(keys)
}

/// What a code unlocks: where trust begins, and the keys of all epochs so far.
pub struct Grant {
    /// The hash of the founding statement.
    pub anchor: [u8; 32],
    /// Who founded.
    pub founder: Device,
    /// All keys.
    pub keys: EpochKeys,
}

impl Grant {
    /// Seals it under a code's key: what an invitation shows openly.
    pub fn seal(&self, book: &[u8; 16], invite: &[u8; 16], key: &SealKey) -> Result<Vec<u8>> {
        let mut text = Zeroizing::new(self.anchor.to_vec());
        text.extend_from_slice(&self.founder.to_be_bytes());
        text.extend_from_slice(&write_keys(&self.keys));
        let sealed = key.seal(&[b"rolo 2026 grant\0", &book[..], invite].concat(), &text)?;
        Ok([&invite[..], &sealed].concat())
    }

    /// Which invitation shows this.
    pub fn invite(open: &[u8]) -> Option<[u8; 16]> {
        open.first_chunk().copied()
    }

    /// Opens it with a code's key, which proves that whoever sealed it knew the code.
    pub fn open(book: &[u8; 16], open: &[u8], key: &SealKey) -> Result<Self> {
        let (invite, sealed) = open.split_first_chunk::<16>().ok_or(SyncError::Sealed)?;
        let text = key.open(&[b"rolo 2026 grant\0", &book[..], invite].concat(), sealed)?;
        let mut reader = Reader::new(&text);
        let (anchor, founder) = (reader.array()?, reader.word()?);
        let keys = read_keys(&mut reader)?;
        reader.end()?;
        Ok(Self { anchor, founder, keys })
    }
}
