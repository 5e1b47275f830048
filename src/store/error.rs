//! What can go wrong with a book's file.

use std::path::{Path, PathBuf};

/// A failure of the store.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// Another process holds the write lock longer than the busy time-out.
    #[error("the book is busy")]
    Busy,
    /// The file is something else.
    #[error("{0} is not a rolo book")]
    NotABook(PathBuf),
    /// A file that a book is shared in, which is no book itself.
    #[error("{0} is a shared file, not a book")]
    Shared(PathBuf),
    /// A newer rolo made it.
    #[error("{path} was written by a newer rolo (format {found}, this one knows {known})")]
    Newer {
        /// The book.
        path: PathBuf,
        /// Its format.
        found: i64,
        /// The newest that this version reads.
        known: i64,
    },
    /// SQLite says that the file is corrupt, or the log does not read.
    #[error("the book is damaged: {0}")]
    Damaged(String),
    /// The disk is full, or a quota is.
    #[error("the disk is full")]
    Full,
    /// The file or its folder can't be written.
    #[error("{0} can't be written")]
    ReadOnly(PathBuf),
    /// The system would not let SQLite read or write the book's files: a quota, a failing disk, rights that changed.
    #[error("the book's file can't be read or written: {0}")]
    File(String),
    /// There is no such file.
    #[error("there is no book at {0}")]
    Missing(PathBuf),
    /// A file could not be read or written.
    #[error("{path}: {source}")]
    Io {
        /// Which file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// An edit names a record that isn't there.
    #[error("no such record: {0}")]
    NoRecord(String),
    /// The user stopped it; nothing was written.
    #[error("cancelled")]
    Cancelled,
    /// Anything else that SQLite says.
    #[error("SQLite: {0}")]
    Sql(rusqlite::Error),
}

impl StoreError {
    /// Names the file that an I/O error is about.
    pub fn io(path: &Path) -> impl FnOnce(std::io::Error) -> Self + '_ {
        move |source| match source.kind() {
            std::io::ErrorKind::StorageFull | std::io::ErrorKind::QuotaExceeded => Self::Full,
            _ => Self::Io { path: path.to_owned(), source },
        }
    }
}

impl From<rusqlite::Error> for StoreError {
    fn from(error: rusqlite::Error) -> Self {
        use rusqlite::ErrorCode as Code;
        match error.sqlite_error_code() {
            Some(Code::DatabaseBusy | Code::DatabaseLocked) => Self::Busy,
            Some(Code::DatabaseCorrupt | Code::NotADatabase) => Self::Damaged(error.to_string()),
            Some(
                Code::SystemIoFailure
                | Code::CannotOpen
                | Code::ReadOnly
                | Code::PermissionDenied
                | Code::FileLockingProtocolFailed,
            ) => Self::File(error.to_string()),
            Some(Code::DiskFull) => Self::Full,
            Some(Code::OperationInterrupted) => Self::Cancelled,
            _ => Self::Sql(error),
        }
    }
}

/// What the store returns.
pub type Result<T> = std::result::Result<T, StoreError>;
