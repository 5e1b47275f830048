//! Places where a book is shared: a folder of many small files, or one file that holds them all. Object storage fits behind the
//! same trait.

mod copies;
mod file;
mod folder;
mod packed;
#[cfg(test)]
mod tests;
mod whose;

pub use file::SharedFile;
pub use folder::Folder;
pub use whose::{Synced, synced_by};

use super::envelope::{HEAD, JOIN, KEYS, SEGMENT, STATEMENT};
use super::error::{Result, SyncError};
use super::files::{Files, Kind};
use super::names::Name;
use crate::model::ids::Device;
use serde::{Deserialize, Serialize};
use std::path::Path;
use std::sync::Arc;

/// A place. Names are what [`Name`] can say; whatever else lies there is ignored and left alone.
pub trait Remote: Send {
    /// All names that are there now.
    fn list(&mut self) -> Result<Vec<Name>>;
    /// A file's bytes, held against what its name says of them; for a half-written one `Damaged`.
    fn get(&mut self, name: &Name) -> Result<Vec<u8>>;
    /// Puts a file there, at the latest with `flush`.
    fn put(&mut self, name: &Name, bytes: &[u8]) -> Result<()>;
    /// Takes a file away, at the latest with `flush`; it may be gone already.
    fn delete(&mut self, name: &Name) -> Result<()>;
    /// The next flush takes away copies that were set aside, too: they may hold lines of people who were erased since.
    fn forget_copies(&mut self) {}
    /// What was put is there and on the disk when it returns.
    fn flush(&mut self) -> Result<()>;
    /// What the user should hear of: copies that were merged in, what could not be read.
    fn notices(&mut self) -> Vec<Notice> {
        Vec::new()
    }
}

/// Something that happened in a place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Notice {
    /// A conflicted copy was merged in and set aside under the second name.
    Merged(std::path::PathBuf, std::path::PathBuf),
}

/// What a reader must know first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Format {
    /// The layout of the place.
    pub rolo: u64,
    /// Which book; a random number.
    #[serde(with = "super::hex")]
    pub book: [u8; 16],
}

/// The layout that is written.
pub const FORMAT: u64 = 1;

impl Format {
    /// Of this version.
    pub const fn of(book: [u8; 16]) -> Self {
        Self { rolo: FORMAT, book }
    }

    /// The bytes of the file `FORMAT`: the same on every device.
    pub fn write(&self) -> Vec<u8> {
        format!("{{\"rolo\":{},\"book\":\"{}\"}}\n", self.rolo, super::hex::write(&self.book)).into_bytes()
    }

    /// Reads them.
    pub fn read(bytes: &[u8]) -> Result<Self> {
        let format: Self =
            serde_json::from_slice(bytes).map_err(|_| SyncError::Damaged("FORMAT does not read"))?;
        if format.rolo > FORMAT {
            return Err(SyncError::Newer { found: format.rolo, known: FORMAT });
        }
        Ok(format)
    }
}

/// What kind a place of that name is: one file if it is one, or if there is nothing and the name ends in `.rolo`.
pub fn is_file(files: &dyn Files, path: &Path) -> Result<bool> {
    // The place itself may be reached through a link, as `~/Dropbox` often is.
    match files.list(path) {
        Ok(_) => Ok(false),
        Err(_) => match files.kind(path).map_err(SyncError::io(path))? {
            None => Ok(path.extension().is_some_and(|ext| ext == "rolo")),
            Some(Kind::Folder) => Ok(false),
            Some(Kind::File) => Ok(true),
            // It would be the link that is replaced, not the file that it leads to.
            Some(Kind::Other) => {
                let source =
                    std::io::Error::new(std::io::ErrorKind::InvalidInput, "a link: name the file itself");
                Err(SyncError::Io { path: path.to_owned(), source })
            }
        },
    }
}

/// Opens a place that holds a shared book.
pub fn open(files: Arc<dyn Files>, path: &Path, own: Device) -> Result<(Box<dyn Remote>, Format)> {
    let mut remote: Box<dyn Remote> = if is_file(&*files, path)? {
        Box::new(SharedFile::new(files, path, own))
    } else {
        Box::new(Folder::new(files, path, own))
    };
    match remote.get(&Name::Format) {
        Ok(bytes) => match Format::read(&bytes) {
            Err(SyncError::Damaged(_)) => Err(SyncError::Unreadable(path.join("FORMAT"))),
            format => Ok((remote, format?)),
        },
        Err(SyncError::Io { source, .. }) if source.kind() == std::io::ErrorKind::NotFound => {
            Err(SyncError::NotShared(path.to_owned()))
        }
        Err(error) => Err(error),
    }
}

/// Opens the place of a book that this device has shared there before. What somebody has deleted of it, the mark of what it is or the
/// whole file, is put there again; but where there is nothing left at all, it may only be out of reach. `head` is the device whose
/// keyring knows the place, and the number of its last head there.
pub fn reopen(
    files: Arc<dyn Files>,
    path: &Path,
    own: Device,
    book: [u8; 16],
    head: (Device, u64),
) -> Result<Box<dyn Remote>> {
    match open(files.clone(), path, own) {
        Err(SyncError::NotShared(_)) if may_be_put_back(&*files, path, &book, head)? => {
            create(files, path, own, book)
        }
        Ok((remote, format)) if format.book == book => Ok(remote),
        Ok(_) => Err(SyncError::OtherBook(path.to_owned())),
        Err(error) => Err(error),
    }
}

/// Whether a place that holds no book is there all the same: the folder, or for a file the one that it lay in. A file that lies
/// there under another name was renamed: a second one would part those who share it.
fn may_be_put_back(files: &dyn Files, path: &Path, book: &[u8; 16], head: (Device, u64)) -> Result<bool> {
    if !is_file(files, path)? {
        return Ok(files.list(path).is_ok());
    }
    Ok(file::others_beside(files, path, book, head).is_some_and(|others| others.is_empty()))
}

/// Makes a place for a book; one that holds the same book already is opened.
pub fn create(files: Arc<dyn Files>, path: &Path, own: Device, book: [u8; 16]) -> Result<Box<dyn Remote>> {
    match open(files.clone(), path, own) {
        Ok((remote, format)) if format.book == book => Ok(remote),
        Ok(_) => Err(SyncError::OtherBook(path.to_owned())),
        Err(SyncError::NotShared(_)) => {
            let mut remote: Box<dyn Remote> = if is_file(&*files, path)? {
                Box::new(SharedFile::new(files, path, own))
            } else {
                Box::new(Folder::new(files, path, own))
            };
            remote.put(&Name::Format, &Format::of(book).write())?;
            Ok(remote)
        }
        Err(error) => Err(error),
    }
}

/// No file of that name is larger, bytes.
const fn most(name: &Name) -> usize {
    match name {
        Name::Format | Name::Erased { .. } => 1 << 16,
        Name::Statement { .. } => STATEMENT.most,
        Name::Key(_) => KEYS.most,
        Name::Segment { .. } => SEGMENT.most,
        Name::Head { .. } => HEAD.most,
        Name::Join { .. } => JOIN.most,
        Name::Snapshot { .. } => 1 << 30,
    }
}
