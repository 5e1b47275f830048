//! Calls of others' code that may panic on what strangers wrote: the call fails, and the process goes on.

use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind};

thread_local! {
    static GUARDED: Cell<bool> = const { Cell::new(false) };
}

/// Whether a panic of this thread is caught, so that a hook has nothing to report.
pub fn is_guarded() -> bool {
    GUARDED.with(Cell::get)
}

/// What the call gives; `None` if it panicked.
pub fn guarded<T>(call: impl FnOnce() -> T) -> Option<T> {
    let before = GUARDED.with(|guarded| guarded.replace(true));
    let result = catch_unwind(AssertUnwindSafe(call));
    GUARDED.with(|guarded| guarded.set(before));
    result.ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_call_that_panics_gives_nothing_and_the_next_one_is_not_guarded() {
        assert_eq!(guarded(|| 1), Some(1));
        assert_eq!(guarded(|| -> u8 { panic!("on purpose") }), None);
        assert!(!is_guarded());
        assert_eq!(guarded(|| (guarded(|| panic!("inner")), is_guarded())), Some((None, true)));
    }
}
