//! Bytes that can be read once more from their beginning, for what shows only once a file is open.

use std::io::{self, Cursor, Read};
use std::sync::{Arc, Mutex, PoisonError};

/// So many bytes are kept at the most; what is opened by more can't be opened anew.
const KEPT_MAX: usize = 16 << 20;

struct Kept {
    source: Box<dyn Read + Send>,
    bytes: Vec<u8>,
    keeping: bool,
}

/// A reader that keeps what was read, to begin with.
#[derive(Clone)]
pub(super) struct Again(Arc<Mutex<Kept>>);

impl Again {
    pub(super) fn of(source: Box<dyn Read + Send>) -> Self {
        Self(Arc::new(Mutex::new(Kept { source, bytes: Vec::new(), keeping: true })))
    }

    /// All of it from the beginning; nothing if too much was read. Who read before gets no more that makes sense.
    pub(super) fn rewound(&self) -> Option<Box<dyn Read + Send>> {
        let kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let bytes = kept.keeping.then(|| kept.bytes.clone())?;
        Some(Box::new(Cursor::new(bytes).chain(self.clone())))
    }

    /// Keeps nothing any more.
    pub(super) fn forget(&self) {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        (kept.keeping, kept.bytes) = (false, Vec::new());
    }
}

impl Read for Again {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let count = kept.source.read(into)?;
        if kept.keeping && kept.bytes.len() + count > KEPT_MAX {
            (kept.keeping, kept.bytes) = (false, Vec::new());
        } else if kept.keeping {
            kept.bytes.extend_from_slice(&into[..count]);
        }
        Ok(count)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_read_is_read_again_and_the_rest_behind_it() {
        let again = Again::of(Box::new(Cursor::new(b"abcdef".to_vec())));
        let mut three = [0; 3];
        again.clone().read_exact(&mut three).unwrap();
        for _ in 0..2 {
            let mut all = String::new();
            again.rewound().unwrap().read_to_string(&mut all).unwrap();
            assert_eq!(all, "abcdef");
        }
        again.forget();
        assert!(again.rewound().is_none(), "it is kept no more");
    }

    #[test]
    fn too_much_is_not_kept() {
        let again = Again::of(Box::new(io::repeat(b'x').take(KEPT_MAX as u64 + 1)));
        io::copy(&mut again.clone(), &mut io::sink()).unwrap();
        assert!(again.rewound().is_none());
    }
}
