//! A book that was worked in where something carries it about: it goes to the user's own folder, and what lies where it lay
//! from then on is only merged with.

use super::{Book, OpError, Result};
use crate::store::open::copy;
use crate::store::{StoreError, log};
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};

/// What a book consists of while it is open.
const PARTS: [&str; 3] = ["", "-wal", "-shm"];

/// A path with something after its name.
pub(super) fn with(path: &Path, suffix: &str) -> PathBuf {
    let mut name: OsString = path.as_os_str().to_owned();
    name.push(suffix);
    PathBuf::from(name)
}

/// Takes a book away, if it is there.
pub(super) fn remove(path: &Path) {
    for part in PARTS {
        let _ = fs::remove_file(with(path, part));
    }
}

/// Renames all parts that are there.
pub(super) fn rename(from: &Path, to: &Path) -> Result<()> {
    for part in PARTS {
        let (from, to) = (with(from, part), with(to, part));
        if from.exists() {
            fs::rename(&from, &to).map_err(|source| OpError::Io { path: from, source })?;
        }
    }
    Ok(())
}

impl Book {
    /// Copies this book to `to` and shares it where it lay; what lay there goes only once that has worked. This handle is of
    /// no use afterwards.
    pub fn share_move(&mut self, to: &Path) -> Result<()> {
        if to.exists() {
            return Err(OpError::Exists { kind: "book", name: to.display().to_string() });
        }
        let from = self.path.clone();
        let last = log::last(self.reader()?)?;
        let done = copy(self.reader()?, to).map_err(OpError::from).and_then(|()| {
            let mut moved = Self::open(to, self.session.clone())?;
            // Whoever writes there just now must not lose that.
            if log::last(self.reader()?)? != last {
                return Err(StoreError::Busy.into());
            }
            let aside = with(&from, ".moved");
            if let Err(error) = rename(&from, &aside).and_then(|()| moved.share_init(&from).map(drop)) {
                rename(&aside, &from)?;
                return Err(error);
            }
            remove(&aside);
            Ok(())
        });
        if done.is_err() {
            remove(to);
        }
        done
    }
}
