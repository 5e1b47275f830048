//! The best of what was found, in order, without sorting the rest.

use std::cmp::Reverse;

use fuzzy_matcher::FuzzyMatcher;
use fuzzy_matcher::skim::SkimMatcherV2;
use rayon::prelude::*;

use super::index::Hit;
use super::layout::Masks;
use super::matcher::{Matcher, Rank};
use super::query::Term;

/// So many of the first get the fuzzy matcher's score, whatever the limit, so that all faces see one order.
pub(super) const SCORED: usize = 300;

/// More are sorted on all cores.
const MANY: usize = 10_000;

/// Hits that a search has room for at once.
const ROOM: usize = 1 << 12;

/// Longer fields are not scored: the fuzzy matcher takes time and memory by the product of lengths.
const SCORED_BYTES: usize = 1024;

/// One haystack that matches.
#[derive(Clone, Copy, Debug)]
pub(super) struct Found {
    pub rank: Rank,
    pub last: i64,
    pub id: i64,
    /// Where its haystack is.
    pub at: u32,
}

impl Found {
    fn order(&self) -> (Rank, Reverse<i64>, i64) {
        (self.rank, Reverse(self.last), self.id)
    }
}

/// Keeps the `keep` best, in no order.
fn select(found: &mut Vec<Found>, keep: usize) {
    if keep > 0 && found.len() > keep {
        found.select_nth_unstable_by_key(keep - 1, Found::order);
    }
    found.truncate(keep);
}

/// Sorts many: there are few ranks, and within each they mostly come in order.
fn sort(found: Vec<Found>) -> Vec<Found> {
    let worst = found.iter().map(|one| one.rank).max().unwrap_or_default();
    let mut places = vec![0; usize::from(worst) + 2];
    found.iter().for_each(|one| places[usize::from(one.rank) + 1] += 1);
    for rank in 1..places.len() {
        places[rank] += places[rank - 1];
    }
    let ends = places.clone();
    let mut sorted = found.clone();
    for one in found {
        let place = &mut places[usize::from(one.rank)];
        sorted[*place] = one;
        *place += 1;
    }
    for same in ends.windows(2).map(|ends| ends[0]..ends[1]) {
        let same = &mut sorted[same];
        if !same.is_sorted_by_key(Found::order) {
            same.par_sort_unstable_by_key(Found::order);
        }
    }
    sorted
}

/// The best `limit`, in order: by rank, then by fuzzy score, by latest contact, by id.
pub(super) fn best<'a>(
    mut found: Vec<Found>,
    limit: usize,
    matcher: &Matcher,
    hay: impl Fn(u32) -> &'a [u8] + Sync,
) -> Vec<Hit> {
    select(&mut found, limit.max(SCORED));
    if found.len() > MANY {
        found = sort(found);
    } else {
        found.sort_unstable_by_key(Found::order);
    }
    let scored = found.len().min(SCORED);
    if found[..scored].iter().any(|one| matcher.may_be_fuzzy(one.rank)) {
        let skim = SkimMatcherV2::default();
        let skim = |text: &str, word: &str| {
            if text.len() > SCORED_BYTES { 0 } else { skim.fuzzy_match(text, word).unwrap_or(0) }
        };
        let score = |one: &Found| {
            let fuzzy = matcher.may_be_fuzzy(one.rank);
            (if fuzzy { matcher.fuzzy_score(hay(one.at), &skim) } else { 0 }, *one)
        };
        let mut scores: Vec<(i64, Found)> = found[..scored].par_iter().with_min_len(64).map(score).collect();
        scores.sort_by_key(|(score, one)| (one.rank, Reverse(*score), Reverse(one.last), one.id));
        for (place, (_, one)) in found.iter_mut().zip(scores) {
            *place = one;
        }
    }
    found.truncate(limit);
    found.iter().map(|one| Hit { id: one.id, rank: one.rank }).collect()
}

/// Searches haystacks as they stream by, without an index; finds and orders as the index does.
#[derive(Debug)]
pub struct StreamSearch {
    matcher: Matcher,
    limit: usize,
    total: usize,
    found: Vec<Found>,
    hays: Vec<u8>,
    starts: Vec<usize>,
}

impl StreamSearch {
    /// Collects at most `limit` hits.
    pub fn new(words: &[Term], limit: usize) -> Self {
        Self {
            matcher: Matcher::new(words),
            limit,
            total: 0,
            // Untouched room costs nothing, growing step by step does.
            found: Vec::with_capacity(ROOM),
            hays: Vec::new(),
            starts: vec![0],
        }
    }

    /// Takes one contact; says whether it matches.
    pub fn push(&mut self, id: i64, hay: &[u8], last: i64) -> bool {
        let Some(rank) = self.matcher.rank(hay, &Masks::ALL) else { return false };
        self.total += 1;
        if self.matcher.may_be_fuzzy(rank) {
            self.hays.extend_from_slice(hay);
            self.starts.push(self.hays.len());
        }
        let at = (self.starts.len() as u32).saturating_sub(2);
        self.found.push(Found { rank, last, id, at });
        true
    }

    /// Takes over what other searches for the same words have found.
    pub fn join_all(&mut self, others: Vec<Self>) {
        self.found.reserve(others.iter().map(|other| other.found.len()).sum());
        self.hays.reserve(others.iter().map(|other| other.hays.len()).sum());
        others.into_iter().for_each(|other| self.join(other));
    }

    fn join(&mut self, other: Self) {
        let (entries, bytes) = (self.starts.len() as u32 - 1, self.hays.len());
        self.total += other.total;
        self.hays.extend_from_slice(&other.hays);
        self.starts.extend(other.starts[1..].iter().map(|start| start + bytes));
        self.found.extend(other.found.into_iter().map(|one| Found { at: one.at + entries, ..one }));
    }

    /// How many matched, and the best of them in order.
    pub fn finish(self) -> (usize, Vec<Hit>) {
        let (hays, starts) = (&self.hays, &self.starts);
        let hay = |at: u32| match (starts.get(at as usize), starts.get(at as usize + 1)) {
            (Some(start), Some(end)) => &hays[*start..*end],
            _ => &[],
        };
        (self.total, best(self.found, self.limit, &self.matcher, hay))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn many_are_sorted_as_few_are() {
        let mut seed = 7u64;
        let mut random = |below: u64| {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (seed >> 33) % below
        };
        let found: Vec<Found> = (0..3 * MANY as i64)
            .map(|id| Found { rank: random(30) as Rank, last: random(4) as i64, id, at: 0 })
            .collect();
        let mut plain = found.clone();
        plain.sort_unstable_by_key(Found::order);
        let ids = |all: &[Found]| all.iter().map(|one| one.id).collect::<Vec<_>>();
        assert_eq!(ids(&sort(found)), ids(&plain));
    }
}
