//! What an operation can fail with: a kind with its arguments. The faces put it into words.

use crate::exchange::ExchangeError;
use crate::model::when::WhenError;
use crate::search::query::QueryError;
use crate::store::StoreError;
use crate::sync::SyncError;
use std::path::PathBuf;

/// A contact that a text may have meant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Candidate {
    /// What to type for it.
    pub handle: String,
    /// Its name.
    pub name: String,
    /// Where they work, or how to reach them.
    pub about: String,
}

/// How many candidates are named.
const NAMED: usize = 20;

/// Those that a text may have meant.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Candidates {
    /// The first of them.
    pub named: Vec<Candidate>,
    /// How many there are.
    pub total: usize,
}

impl Candidates {
    /// How many of so many are named.
    pub(super) fn first<T>(all: &[T]) -> &[T] {
        &all[..all.len().min(NAMED)]
    }
}

impl FromIterator<Candidate> for Candidates {
    fn from_iter<I: IntoIterator<Item = Candidate>>(all: I) -> Self {
        let mut all = all.into_iter();
        let named: Vec<Candidate> = all.by_ref().take(NAMED).collect();
        let total = named.len() + all.count();
        Self { named, total }
    }
}

/// What a process ends with; the command line's contract.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Exit {
    /// Done.
    Done = 0,
    /// Nothing found, or a check failed.
    Nothing = 1,
    /// Wrong usage.
    Usage = 2,
    /// Bad input data.
    Data = 3,
    /// The book is busy, locked or damaged.
    Book = 4,
    /// A conflict.
    Conflict = 5,
    /// A bug.
    Bug = 70,
}

/// A failure of an operation.
#[derive(Debug, thiserror::Error)]
pub enum OpError {
    /// No contact (or other record) answers to this.
    #[error("nothing answers to {who:?}")]
    NotFound {
        /// What was typed.
        who: String,
        /// `contact`, `tag`, `field`, `interaction`, `batch`, `company`.
        kind: &'static str,
    },
    /// Several do.
    #[error("{who:?} could be any of {}", candidates.total)]
    Ambiguous {
        /// What was typed.
        who: String,
        /// Who they are.
        candidates: Candidates,
    },
    /// A query with a mistake in it.
    #[error("{error}")]
    Query {
        /// What is wrong and where.
        error: QueryError,
        /// The query.
        source_text: String,
    },
    /// There is no field of this name.
    #[error("there is no field {name:?}")]
    UnknownField {
        /// What was typed.
        name: String,
        /// What may have been meant.
        nearest: Option<String>,
    },
    /// A value that the field can't hold.
    #[error("{field}: {value:?} is not {expected}")]
    BadValue {
        /// Which field.
        field: String,
        /// What was typed.
        value: String,
        /// A message key: `date`, `number`, `yes-no`, `choice`, `pattern`, `email`, `span`, ...
        expected: String,
    },
    /// A value taken away without which there is nothing left.
    #[error("{field} can't be empty")]
    Needed {
        /// Which field.
        field: &'static str,
    },
    /// A value to choose that nobody gave.
    #[error("{field}: nobody gave {value:?}")]
    Unclaimed {
        /// Of which field.
        field: String,
        /// What was typed.
        value: String,
        /// What there is to choose from.
        claimed: Vec<String>,
    },
    /// A time that was not understood.
    #[error("{0}")]
    When(#[from] WhenError),
    /// Something of this name is there already.
    #[error("{name:?} is there already")]
    Exists {
        /// Its kind, as in `NotFound`.
        kind: &'static str,
        /// Its name.
        name: String,
    },
    /// A contact without anything to call it by.
    #[error("a contact needs a name, a company or a way to reach it")]
    Nameless,
    /// The contact was deleted meanwhile: its name.
    #[error("{0:?} lies in the bin")]
    InBin(String),
    /// There is nothing (more) to take back.
    #[error("nothing to undo")]
    NothingToUndo,
    /// There is nothing to do again.
    #[error("nothing to redo")]
    NothingToRedo,
    /// The batch was taken back before.
    #[error("batch {0} is undone already")]
    AlreadyUndone(i64),
    /// An edited text that does not read.
    #[error("line {line}: {message}")]
    Text {
        /// Where.
        line: usize,
        /// What is wrong.
        message: String,
    },
    /// What is wrong with one of several objects that were given.
    #[error("line {line}: {source}")]
    Line {
        /// Where it begins.
        line: usize,
        /// What is wrong with it.
        source: Box<OpError>,
    },
    /// A file that can't be read or written.
    #[error("{path}: {source}")]
    Io {
        /// Which.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// A file that does not read.
    #[error("{path}: {source}")]
    Exchange {
        /// Which.
        path: String,
        /// What is wrong and where.
        source: ExchangeError,
    },
    /// Writing there would cost somebody what lies there.
    #[error("{path} must not be overwritten")]
    Target {
        /// The file.
        path: PathBuf,
        /// What lies there.
        taken: super::targets::Taken,
    },
    /// An undo by number that nothing is left for: all of it has changed since.
    #[error("nothing of batch {0} can be taken back")]
    MovedOn(i64),
    /// An import in strict mode met rows it can't take.
    #[error("{rejected} rows were refused, so nothing was imported")]
    Strict {
        /// How many.
        rejected: usize,
        /// The first of them: line and reason.
        first: String,
    },
    /// An erasure is for good.
    #[error("an erasure can't be taken back")]
    Erased,
    /// A company where only people can be meant.
    #[error("that is a company")]
    Company,
    /// The book is not shared.
    #[error("this book is not shared")]
    NotShared,
    /// A member who may only read can't do that for the others.
    #[error("you may only read this shared book")]
    ReadsOnly,
    /// The book is shared already.
    #[error("this book is shared already")]
    Shared,
    /// Something is shared at that place already.
    #[error("{0} holds a shared book already")]
    PlaceTaken(PathBuf),
    /// Another sync of the same book is under way.
    #[error("another sync of this book is under way")]
    SyncRuns,
    /// Sharing.
    #[error(transparent)]
    Sync(#[from] SyncError),
    /// The book itself.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// What operations return.
pub type Result<T> = std::result::Result<T, OpError>;

impl From<rusqlite::Error> for OpError {
    fn from(error: rusqlite::Error) -> Self {
        Self::Store(error.into())
    }
}

/// Whether it is what was asked for that is wrong, and not the file.
const fn asked_for(error: &ExchangeError) -> bool {
    use crate::exchange::SheetError;
    use ExchangeError as E;
    matches!(
        error,
        E::UnknownProfile { .. }
            | E::UnknownEncoding { .. }
            | E::UnknownColumn { .. }
            | E::UnknownTarget { .. }
            | E::BadRule { .. }
            | E::OneTarget { .. }
            | E::SplitsSeveral
            | E::NoHeaderRow { .. }
            | E::Sheet(SheetError::NoSpreadsheet | SheetError::UnknownSheet { .. })
    )
}

impl OpError {
    /// What the process ends with.
    pub const fn exit(&self) -> Exit {
        match self {
            Self::NotFound { .. }
            | Self::NothingToUndo
            | Self::NothingToRedo
            | Self::AlreadyUndone(_)
            | Self::InBin(_)
            | Self::Erased => Exit::Nothing,
            Self::Ambiguous { .. }
            | Self::Query { .. }
            | Self::UnknownField { .. }
            | Self::BadValue { .. }
            | Self::Needed { .. }
            | Self::Unclaimed { .. }
            | Self::When(_)
            | Self::Exists { .. }
            | Self::Nameless
            | Self::Target { .. } => Exit::Usage,
            Self::Exchange { source, .. } if asked_for(source) => Exit::Usage,
            Self::Company | Self::ReadsOnly | Self::NotShared | Self::Shared | Self::PlaceTaken(_) => {
                Exit::Usage
            }
            Self::SyncRuns => Exit::Book,
            Self::MovedOn(_) => Exit::Conflict,
            Self::Sync(error) => match error {
                SyncError::NotAllowed | SyncError::NotAdmitted | SyncError::LastAdmin => Exit::Usage,
                _ => Exit::Book,
            },
            Self::Text { .. }
            | Self::Line { .. }
            | Self::Io { .. }
            | Self::Exchange { .. }
            | Self::Strict { .. } => Exit::Data,
            Self::Store(StoreError::NoRecord(_)) => Exit::Bug,
            Self::Store(StoreError::Sql(_)) => Exit::Bug,
            Self::Store(StoreError::Cancelled) => Exit::Nothing,
            Self::Store(_) => Exit::Book,
        }
    }
}
