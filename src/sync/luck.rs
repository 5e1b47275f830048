//! Random bytes that follow from a seed, so that a simulation can be run again. Of the thread that asks, and of no other. Built with
//! the feature `simulation` alone, which only tests have.

use std::cell::Cell;

thread_local! {
    static DRAWN: Cell<Option<(u64, u64)>> = const { Cell::new(None) };
}

/// From now on what this thread draws follows from a seed; with none it is the system's again.
pub fn seed(seed: Option<u64>) {
    DRAWN.set(seed.map(|seed| (seed, 0)));
}

/// Whether this thread has a seed.
pub(super) fn is_seeded() -> bool {
    DRAWN.get().is_some()
}

/// Fills in bytes if this thread has a seed.
pub(super) fn draw(bytes: &mut [u8]) -> bool {
    let Some((seed, drawn)) = DRAWN.get() else { return false };
    DRAWN.set(Some((seed, drawn + 1)));
    let mut hasher = blake3::Hasher::new();
    hasher.update(b"rolo luck").update(&seed.to_le_bytes()).update(&drawn.to_le_bytes());
    hasher.finalize_xof().fill(bytes);
    true
}
