//! Where random numbers come from: the system, or a seed, so that a simulation can be run again.

use super::error::{Result, StoreError};
use std::cell::Cell;

/// A source of random bytes.
#[derive(Clone, Debug, Default)]
pub struct Entropy {
    seeded: Option<Cell<u64>>,
}

impl Entropy {
    /// Always the same bytes for the same seed. For simulations only: what comes of it can be guessed.
    pub const fn seeded(seed: u64) -> Self {
        Self { seeded: Some(Cell::new(seed)) }
    }

    /// The next bytes.
    pub fn bytes<const N: usize>(&self) -> Result<[u8; N]> {
        let mut bytes = [0u8; N];
        match &self.seeded {
            None => getrandom::fill(&mut bytes).map_err(|error| StoreError::Damaged(error.to_string()))?,
            Some(state) => {
                let drawn = state.get().wrapping_add(1);
                state.set(drawn);
                let mut hasher = blake3::Hasher::new();
                hasher.update(b"rolo simulation").update(&drawn.to_le_bytes());
                hasher.finalize_xof().fill(&mut bytes);
            }
        }
        Ok(bytes)
    }
}
