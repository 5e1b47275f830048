//! Searching while someone types: what the last key found is narrowed where that is sound.

use std::sync::atomic::AtomicBool;

use super::index::{CandidateSet, Hits, Index};
use super::matcher::Matcher;
use super::query::Term;

/// Remembers the last search.
#[derive(Debug, Default)]
pub struct Session {
    last: Option<(Matcher, CandidateSet)>,
}

impl Session {
    /// A session that has searched nothing yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Finds what `Index::search` finds, among the last results where those must hold all of it; `None` if it was
    /// cancelled.
    pub fn search(
        &mut self,
        index: &Index,
        words: &[Term],
        limit: usize,
        cancel: &AtomicBool,
    ) -> Option<Hits> {
        let matcher = Matcher::new(words);
        let last = self.last.as_ref().filter(|(old, set)| set.is_of(index) && old.admits(&matcher));
        let hits = index.find(&matcher, limit, last.map(|(_, set)| set), cancel)?;
        self.last = Some((matcher, hits.candidates.clone()));
        Some(hits)
    }
}
