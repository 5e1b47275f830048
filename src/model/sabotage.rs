//! Bugs that tests switch on, to see that the simulation catches them. None of this is in a build that anybody uses.

use std::cell::Cell;

/// What is done wrongly.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Bug {
    /// Of values that know nothing of each other the least is shown.
    TieBreak,
    /// Rows don't say what their writer had seen of others.
    Deps,
    /// Rows and heads are taken for what they should be, whatever their hash says.
    Hash,
    /// What was taken back or erased is forgotten at once.
    Tombstone,
    /// A book that was set back goes on counting under the number that it has.
    Counter,
}

thread_local! {
    static ON: Cell<Option<Bug>> = const { Cell::new(None) };
}

/// Whether this thread does this wrongly.
pub(crate) fn on(bug: Bug) -> bool {
    ON.get() == Some(bug)
}

/// Has this thread do something wrongly from now on, or nothing any more; returns what it did until now.
pub(crate) fn switch(bug: Option<Bug>) -> Option<Bug> {
    ON.replace(bug)
}
