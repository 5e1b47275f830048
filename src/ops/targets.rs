//! Files that are about to be written under a name that somebody gave: none of them may take the place of a book, or of
//! what is being read.

use super::{OpError, Result};
use std::path::{Path, PathBuf};

/// What SQLite puts beside a book.
const BESIDE: [&str; 4] = ["", "-wal", "-shm", "-journal"];

/// Refuses a file to write that is the book, another database, or one of `sources`.
pub fn may_write(book: &Path, to: &Path, sources: &[PathBuf]) -> Result<()> {
    let refuse = |taken| Err(OpError::Target { path: to.to_owned(), taken });
    let beside = BESIDE.iter().any(|suffix| {
        let mut name = book.as_os_str().to_owned();
        name.push(suffix);
        is_same(to, Path::new(&name))
    });
    if beside || is_database(to) {
        return refuse(Taken::Book);
    }
    if sources.iter().any(|source| is_same(to, source)) {
        return refuse(Taken::Source);
    }
    Ok(())
}

/// What would be lost.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Taken {
    /// A book, or some other database.
    Book,
    /// A file that is being read.
    Source,
}

/// Whether a file is there that SQLite made: a book, a shared book, or somebody else's.
fn is_database(path: &Path) -> bool {
    // A device or a pipe is never asked: reading it would take something from it, or wait for ever.
    let is_file = path.metadata().is_ok_and(|found| found.is_file());
    is_file && crate::store::open::header(path).is_ok_and(|header| header.is_some())
}

/// Whether two names lead to the same place, also where no file is yet.
fn is_same(a: &Path, b: &Path) -> bool {
    let place = |path: &Path| -> Option<PathBuf> {
        if let Ok(found) = path.canonicalize() {
            return Some(found);
        }
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        Some(folder.canonicalize().ok()?.join(path.file_name()?))
    };
    place(a).is_some_and(|a| place(b) == Some(a))
}
