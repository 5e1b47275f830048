//! The one layer through which sharing touches files, so that tests can stop it at every step or put a cloud in its place.

pub mod cloud;
pub mod faults;

use std::fs;
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

/// What lies in a folder under a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A file.
    File,
    /// A folder.
    Folder,
    /// A link or anything else: never followed.
    Other,
}

/// An entry of a folder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Its name there; what is no Unicode is not ours and left out.
    pub name: String,
    /// What it is.
    pub kind: Kind,
}

/// What is done with files. Each call is one step in which a crash or a failure can come.
pub trait Files: Send + Sync {
    /// The bytes of a file, unless there are more than so many.
    fn read(&self, path: &Path, most: usize) -> io::Result<Vec<u8>>;
    /// What lies in a folder.
    fn list(&self, folder: &Path) -> io::Result<Vec<Entry>>;
    /// What lies there itself, were it a link; `None` for nothing.
    fn kind(&self, path: &Path) -> io::Result<Option<Kind>>;
    /// Makes a folder and those above it; a private one is for its owner alone.
    fn make_folder(&self, path: &Path, private: bool) -> io::Result<()>;
    /// Writes a file that isn't there yet.
    fn write_new(&self, path: &Path, bytes: &[u8], private: bool) -> io::Result<()>;
    /// Has a file's bytes on the disk when it returns.
    fn sync_file(&self, path: &Path) -> io::Result<()>;
    /// Has a folder's names on the disk when it returns, where the system can do that.
    fn sync_folder(&self, path: &Path) -> io::Result<()>;
    /// Gives a file another name; what had it is replaced.
    fn rename(&self, from: &Path, to: &Path) -> io::Result<()>;
    /// Removes a file.
    fn remove(&self, path: &Path) -> io::Result<()>;
}

/// How temporary names end; files that end so are nobody's and may be removed by their owner.
pub const TEMPORARY: &str = ".rolo-tmp";

/// A name beside a file that nothing else has.
pub fn beside(path: &Path) -> io::Result<PathBuf> {
    let bytes: [u8; 8] = super::crypto::random().map_err(io::Error::other)?;
    let mut name = std::ffi::OsString::from(".");
    name.push(path.file_name().unwrap_or_default());
    name.push(format!(".{:016x}{TEMPORARY}", u64::from_be_bytes(bytes)));
    Ok(path.with_file_name(name))
}

/// Writes a file under a temporary name in the same folder, makes it last and puts it in place: whatever happens, either the old or
/// the new one is there, whole.
pub fn replace(files: &dyn Files, path: &Path, bytes: &[u8], private: bool) -> io::Result<()> {
    replace_through(files, &beside(path)?, path, bytes, private)
}

/// The same with a temporary name that only one writer has: what a crash has left under it is removed.
pub fn replace_through(
    files: &dyn Files,
    temporary: &Path,
    path: &Path,
    bytes: &[u8],
    private: bool,
) -> io::Result<()> {
    if files.kind(temporary)?.is_some() {
        files.remove(temporary)?;
    }
    let done = files
        .write_new(temporary, bytes, private)
        .and_then(|()| files.sync_file(temporary))
        .and_then(|()| files.rename(temporary, path));
    if let Err(error) = done {
        // What is left if this fails, too, has a name that nobody reads.
        let _ = files.remove(temporary);
        return Err(error);
    }
    files.sync_folder(path.parent().unwrap_or(Path::new(".")))
}

/// The files of this machine.
#[derive(Clone, Copy, Debug, Default)]
pub struct Disk;

impl Files for Disk {
    fn read(&self, path: &Path, most: usize) -> io::Result<Vec<u8>> {
        let mut bytes = Vec::new();
        fs::File::open(path)?.take(most as u64 + 1).read_to_end(&mut bytes)?;
        if bytes.len() > most {
            return Err(io::Error::new(io::ErrorKind::FileTooLarge, format!("more than {most} bytes")));
        }
        Ok(bytes)
    }

    fn list(&self, folder: &Path) -> io::Result<Vec<Entry>> {
        let mut all = Vec::new();
        for entry in fs::read_dir(folder)? {
            let entry = entry?;
            let Ok(name) = entry.file_name().into_string() else { continue };
            all.push(Entry { name, kind: kind(entry.file_type()?) });
        }
        Ok(all)
    }

    fn kind(&self, path: &Path) -> io::Result<Option<Kind>> {
        match fs::symlink_metadata(path) {
            Ok(found) => Ok(Some(kind(found.file_type()))),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }

    fn make_folder(&self, path: &Path, private: bool) -> io::Result<()> {
        if private { crate::store::open::private::folder(path) } else { fs::create_dir_all(path) }
    }

    fn write_new(&self, path: &Path, bytes: &[u8], private: bool) -> io::Result<()> {
        let mut file = if private {
            crate::store::open::private::file(path)?
        } else {
            fs::OpenOptions::new().write(true).create_new(true).open(path)?
        };
        file.write_all(bytes)
    }

    fn sync_file(&self, path: &Path) -> io::Result<()> {
        // Windows flushes only what is open for writing.
        fs::OpenOptions::new().write(true).open(path)?.sync_all()
    }

    #[cfg(unix)]
    fn sync_folder(&self, path: &Path) -> io::Result<()> {
        let path = if path.as_os_str().is_empty() { Path::new(".") } else { path };
        match fs::File::open(path)?.sync_all() {
            // Some network file systems can't: they have no such order to keep.
            Err(error)
                if matches!(error.kind(), io::ErrorKind::InvalidInput | io::ErrorKind::Unsupported) =>
            {
                Ok(())
            }
            other => other,
        }
    }

    #[cfg(not(unix))]
    fn sync_folder(&self, _: &Path) -> io::Result<()> {
        Ok(())
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        fs::rename(from, to)
    }

    fn remove(&self, path: &Path) -> io::Result<()> {
        fs::remove_file(path)
    }
}

fn kind(found: fs::FileType) -> Kind {
    if found.is_file() {
        Kind::File
    } else if found.is_dir() {
        Kind::Folder
    } else {
        Kind::Other
    }
}
