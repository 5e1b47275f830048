//! This device's identity, which lies outside the book: a book that was copied or set back must not use a number twice.

use super::entropy::Entropy;
use super::error::{Result, StoreError};
use super::open::private;
use crate::model::ids::Device;
use rusqlite::Connection;
use serde::{Deserialize, Serialize};
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

#[derive(Serialize, Deserialize)]
struct Identity {
    book: String,
    path: String,
    device: String,
    /// The highest `seq` that others may have seen.
    published: i64,
}

/// The device's id for this book at this path; a new one if there is none yet or the book is behind what was published.
pub fn identity(
    conn: &Connection,
    path: &Path,
    state: &Path,
    book: &[u8; 16],
    entropy: &Entropy,
) -> Result<Device> {
    let (folder, file, path, book) = place(path, state, book);
    let mut replace = false;
    if let Some(known) = fs::read(&file).ok().and_then(|text| serde_json::from_slice::<Identity>(&text).ok())
        && let Ok(device) = u64::from_str_radix(&known.device, 16)
    {
        let seq: i64 = conn.query_row(
            "select ifnull(max(seq), 0) from tx join device d on d.n=tx.device where d.id=?1",
            [&device.to_be_bytes()[..]],
            |row| row.get(0),
        )?;
        #[cfg(feature = "simulation")]
        if crate::model::sabotage::on(crate::model::sabotage::Bug::Counter) {
            return Ok(device);
        }
        if seq >= known.published {
            return Ok(device);
        }
        replace = true;
    }
    let device = u64::from_be_bytes(entropy.bytes()?);
    let identity =
        Identity { book, path: path.display().to_string(), device: format!("{device:016x}"), published: 0 };
    match write(&folder, &file, &identity, replace) {
        // Another process of this device was first: its identity is ours.
        Ok(false) => fs::read(&file)
            .ok()
            .and_then(|text| serde_json::from_slice::<Identity>(&text).ok())
            .and_then(|other| u64::from_str_radix(&other.device, 16).ok())
            .map_or(Ok(device), Ok),
        Ok(true) => Ok(device),
        Err(error) => Err(StoreError::io(&file)(error)),
    }
}

/// Notes that others may have seen this device's rows up to `seq`.
pub fn published(path: &Path, state: &Path, book: &[u8; 16], seq: i64) -> Result<()> {
    let (folder, file, ..) = place(path, state, book);
    let known = fs::read(&file).ok().and_then(|text| serde_json::from_slice::<Identity>(&text).ok());
    let Some(mut identity) = known.filter(|identity| identity.published < seq) else { return Ok(()) };
    identity.published = seq;
    write(&folder, &file, &identity, true).map(drop).map_err(StoreError::io(&file))
}

/// Gives this device a new identity for this book: somebody else uses the old one.
pub fn renew(path: &Path, state: &Path, book: &[u8; 16], entropy: &Entropy) -> Result<Device> {
    let (folder, file, path, book) = place(path, state, book);
    let device = u64::from_be_bytes(entropy.bytes()?);
    let identity =
        Identity { book, path: path.display().to_string(), device: format!("{device:016x}"), published: 0 };
    write(&folder, &file, &identity, true).map_err(StoreError::io(&file))?;
    Ok(device)
}

/// The folder and the file of an identity, the book's path and id as they stand in it.
fn place(path: &Path, state: &Path, book: &[u8; 16]) -> (PathBuf, PathBuf, PathBuf, String) {
    let path = path.canonicalize().unwrap_or_else(|_| path.to_owned());
    let book = format!("{:032x}", u128::from_be_bytes(*book));
    let name = blake3::hash(format!("{book}\0{}", path.display()).as_bytes()).to_hex();
    let folder = state.join("devices");
    let file = folder.join(format!("{}.json", &name[..32]));
    (folder, file, path, book)
}

/// Where the identity of a book at this path lies.
#[cfg(feature = "simulation")]
pub fn file(path: &Path, state: &Path, book: &[u8; 16]) -> PathBuf {
    place(path, state, book).1
}

/// Writes under a temporary name and links it into place; false if there is one already that may stay.
fn write(folder: &Path, file: &Path, identity: &Identity, replace: bool) -> std::io::Result<bool> {
    // The folder above is rolo's own, too, if it is new.
    if let Some(state) = folder.parent().filter(|state| !state.exists()) {
        private::folder(state)?;
    }
    private::folder(folder)?;
    let mut temporary = tempfile::NamedTempFile::new_in(folder)?;
    temporary.write_all(serde_json::to_string(identity)?.as_bytes())?;
    temporary.as_file().sync_all()?;
    if replace {
        temporary.persist(file).map_err(|error| error.error)?;
        return Ok(true);
    }
    match temporary.persist_noclobber(file) {
        Ok(_) => Ok(true),
        Err(error) if error.error.kind() == std::io::ErrorKind::AlreadyExists => Ok(false),
        Err(error) => Err(error.error),
    }
}
