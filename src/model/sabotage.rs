//! Bugs that tests switch on, to see that the simulation catches them. Built with the feature `simulation` alone, which only tests have.

use std::cell::Cell;

/// What is done wrongly.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bug {
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
pub fn on(bug: Bug) -> bool {
    ON.get() == Some(bug)
}

/// Has this thread do something wrongly from now on, or nothing any more; returns what it did until now.
pub fn switch(bug: Option<Bug>) -> Option<Bug> {
    ON.replace(bug)
}
