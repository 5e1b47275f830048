//! What can go wrong with a shared place.

use std::path::{Path, PathBuf};

/// A failure of sharing.
#[derive(Debug, thiserror::Error)]
pub enum SyncError {
    /// A file is not what its name or its kind says: cut short, altered, or never one of ours.
    #[error("damaged: {0}")]
    Damaged(&'static str),
    /// It isn't signed by whom it names.
    #[error("not signed by the device that it names")]
    Signature,
    /// It can't be opened: sealed for another book, place or range, or altered.
    #[error("sealed with another key, or for another place")]
    Sealed,
    /// This device has no key of that time.
    #[error("no key of epoch {0}")]
    NoKey(String),
    /// A newer rolo wrote it.
    #[error("written by a newer rolo (format {found}, this one knows {known})")]
    Newer {
        /// Its format.
        found: u64,
        /// The newest that this version reads.
        known: u64,
    },
    /// It is larger than anything that rolo writes.
    #[error("{what} is too large: {size} bytes")]
    TooLarge {
        /// What.
        what: &'static str,
        /// How large it says it is.
        size: u64,
    },
    /// An invitation does not let in.
    #[error("{0}")]
    Code(#[from] CodeError),
    /// Only an admin may do that.
    #[error("only an admin may do that")]
    NotAllowed,
    /// This device of an admin's has only just come in.
    #[error("no other admin has let this device in yet")]
    NotAdmitted,
    /// The last admin can't go, nor become less, while others are there.
    #[error("nobody else is an admin")]
    LastAdmin,
    /// No such member, device or invitation.
    #[error("unknown: {0}")]
    Unknown(String),
    /// The pass-phrase does not open the key back-up.
    #[error("wrong pass-phrase, or the file is damaged")]
    Passphrase,
    /// The place holds another book.
    #[error("{0} holds another book")]
    OtherBook(PathBuf),
    /// There is nothing shared there.
    #[error("there is no shared book at {0}")]
    NotShared(PathBuf),
    /// What lies there is cut short or no shared file at all. It is never written over: a sync tool may be about to finish it.
    #[error("{0} does not read: it is cut short, or something else")]
    Unreadable(PathBuf),
    /// The file is a book itself, not a place to share one in.
    #[error("{0} is a book, not a shared place")]
    IsBook(PathBuf),
    /// A file could not be read or written.
    #[error("{path}: {source}")]
    Io {
        /// Which file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// The book itself can't be read or written.
    #[error("{0}")]
    Store(Box<crate::store::StoreError>),
    /// SQLite can't read or make the shared file.
    #[error("SQLite: {0}")]
    Sql(#[from] rusqlite::Error),
    /// The system gives no random numbers.
    #[error("the system gives no random numbers: {0}")]
    Random(String),
}

/// Why a code does not let in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CodeError {
    /// Its check letters don't fit: it was not typed as it was given.
    #[error("the code is not typed as it was given")]
    Typo,
    /// It is a code, but not of this place.
    #[error("this place has no invitation with that code")]
    Wrong,
    /// Somebody has come in with it.
    #[error("the code has been used")]
    Used,
    /// Its time is over.
    #[error("the code has expired")]
    Expired,
    /// It was taken back, or whoever gave it was removed.
    #[error("the code was taken back")]
    Revoked,
}

impl SyncError {
    /// Names the file that an I/O error is about.
    pub fn io(path: &Path) -> impl FnOnce(std::io::Error) -> Self + '_ {
        move |source| Self::Io { path: path.to_owned(), source }
    }

    /// Whether the file itself is at fault, so that it is ignored, reported and asked for again.
    pub const fn is_bad_file(&self) -> bool {
        matches!(
            self,
            Self::Damaged(_)
                | Self::Unreadable(_)
                | Self::Signature
                | Self::Sealed
                | Self::Newer { .. }
                | Self::TooLarge { .. }
        )
    }
}

/// What sharing returns.
pub type Result<T> = std::result::Result<T, SyncError>;
