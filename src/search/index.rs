//! The haystacks of all contacts in memory, and the search over them on all cores.

use std::collections::HashMap;
use std::iter::Copied;
use std::ops::Range;
use std::slice;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use rayon::iter::Either;
use rayon::prelude::*;

use super::layout::{Masks, Tier};
use super::matcher::{self, Matcher, Rank};
use super::query::Term;
use super::top::{self, Found};

/// Contacts that one task looks at before it asks whether it was cancelled.
const CHUNK: usize = 4096;

/// Entries of a chunk: some, or all from one to another.
type Entries<'a> = Either<Copied<slice::Iter<'a, u32>>, Range<u32>>;

/// Worse than any rank.
const UNRANKED: Rank = Rank::MAX;

/// Generations are told apart across indexes, so that a session never takes one index for another.
static GENERATION: AtomicU64 = AtomicU64::new(1);

fn next_generation() -> u64 {
    GENERATION.fetch_add(1, Ordering::Relaxed)
}

/// One contact found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Hit {
    /// The contact.
    pub id: i64,
    /// How well it matches; less is better.
    pub rank: Rank,
}

/// What a search found.
#[derive(Clone, Debug)]
pub struct Hits {
    /// How many match.
    pub total: usize,
    /// The best of them: by rank, fuzzy score, latest contact, id.
    pub top: Vec<Hit>,
    /// All of them, to search among them again.
    pub candidates: CandidateSet,
}

/// Contacts of one generation of one index.
#[derive(Clone, Debug)]
pub struct CandidateSet {
    generation: u64,
    entries: Arc<Vec<u32>>,
}

impl CandidateSet {
    /// How many there are.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// Whether the index is still as it was.
    pub(super) fn is_of(&self, index: &Index) -> bool {
        self.generation == index.generation
    }
}

/// What to search for.
#[derive(Clone, Copy, Debug)]
pub struct SearchRequest<'a> {
    /// All must match; none matches everything.
    pub words: &'a [Term],
    /// How many hits to rank.
    pub limit: usize,
    /// Search only among these; ignored if the index has changed since they were found.
    pub within: Option<&'a CandidateSet>,
    /// Set from another thread to give up.
    pub cancel: &'a AtomicBool,
}

/// The haystacks of all contacts, one after another.
#[derive(Clone, Debug)]
pub struct Index {
    arena: Vec<u8>,
    /// Where each haystack starts, and where the last one ends.
    starts: Vec<u64>,
    masks: Vec<Masks>,
    ids: Vec<i64>,
    last: Vec<i64>,
    dead: Vec<bool>,
    /// So many entries at the front are in order of their ids; those behind are in `late`.
    sorted: usize,
    late: HashMap<i64, u32>,
    garbage: usize,
    live: usize,
    generation: u64,
}

/// Fills an index; fastest in order of ids.
#[derive(Debug)]
pub struct IndexBuilder {
    index: Index,
    ordered: bool,
}

impl IndexBuilder {
    /// Adds a contact with its haystack as `text::hay` lays it out; if an id comes twice, the later one stays.
    pub fn push(&mut self, id: i64, hay: &[u8], last: i64) {
        self.ordered &= self.index.ids.last().is_none_or(|before| *before < id);
        self.index.append(id, hay, last);
    }

    /// Adds all that another builder was given.
    pub fn join(&mut self, other: Self) {
        let (index, more) = (&mut self.index, other.index);
        let in_order = index.ids.last().zip(more.ids.first()).is_none_or(|(before, first)| before < first);
        self.ordered &= other.ordered && in_order;
        let bytes = index.arena.len() as u64;
        index.arena.extend_from_slice(&more.arena);
        index.starts.extend(more.starts[1..].iter().map(|start| start + bytes));
        index.masks.extend_from_slice(&more.masks);
        index.ids.extend_from_slice(&more.ids);
        index.last.extend_from_slice(&more.last);
        index.dead.extend_from_slice(&more.dead);
        index.live += more.live;
    }

    /// Makes room for so many contacts at once: growing step by step would need twice the memory for a moment, room
    /// that stays untouched costs none.
    pub fn reserve(&mut self, contacts: usize) {
        const HAY: usize = 192;
        let index = &mut self.index;
        index.arena.reserve(contacts * HAY);
        index.starts.reserve(contacts);
        index.masks.reserve(contacts);
        index.ids.reserve(contacts);
        index.last.reserve(contacts);
        index.dead.reserve(contacts);
    }

    /// The index.
    pub fn finish(self) -> Index {
        let mut index = self.index;
        if self.ordered {
            index.sorted = index.ids.len();
        } else {
            index.rebuild();
        }
        index.dead.shrink_to_fit();
        index
    }
}

impl Default for Index {
    fn default() -> Self {
        Self::builder().finish()
    }
}

impl Index {
    /// Starts an index.
    pub fn builder() -> IndexBuilder {
        let index = Self {
            arena: Vec::new(),
            starts: vec![0],
            masks: Vec::new(),
            ids: Vec::new(),
            last: Vec::new(),
            dead: Vec::new(),
            sorted: 0,
            late: HashMap::new(),
            garbage: 0,
            live: 0,
            generation: next_generation(),
        };
        IndexBuilder { index, ordered: true }
    }

    /// How many contacts there are.
    pub const fn len(&self) -> usize {
        self.live
    }

    /// Whether there are none.
    pub const fn is_empty(&self) -> bool {
        self.live == 0
    }

    /// Memory held, in bytes.
    pub fn bytes(&self) -> usize {
        let entry = size_of::<u64>() + size_of::<Masks>() + 2 * size_of::<i64>() + 1;
        self.arena.capacity() + self.ids.capacity() * entry + self.late.capacity() * 16
    }

    /// Changes with every change of the contents, and differs between indexes.
    pub const fn generation(&self) -> u64 {
        self.generation
    }

    /// Adds a contact or replaces what is known of it.
    pub fn upsert(&mut self, id: i64, hay: &[u8], last: i64) {
        self.kill(id);
        self.late.insert(id, self.ids.len() as u32);
        self.append(id, hay, last);
        self.settle();
    }

    /// Forgets a contact; says whether it was there.
    pub fn remove(&mut self, id: i64) -> bool {
        let there = self.kill(id);
        self.settle();
        there
    }

    /// The candidates with these ids; those that the index doesn't have are left out.
    pub fn candidates(&self, ids: impl IntoIterator<Item = i64>) -> CandidateSet {
        let mut entries: Vec<u32> = ids.into_iter().filter_map(|id| self.entry(id)).collect();
        entries.sort_unstable();
        entries.dedup();
        CandidateSet { generation: self.generation, entries: Arc::new(entries) }
    }

    /// Finds what matches all words; `None` if it was cancelled.
    pub fn search(&self, request: &SearchRequest<'_>) -> Option<Hits> {
        let within = request.within.filter(|set| set.is_of(self));
        self.find(&Matcher::new(request.words), request.limit, within, request.cancel)
    }

    pub(super) fn find(
        &self,
        matcher: &Matcher,
        limit: usize,
        within: Option<&CandidateSet>,
        cancel: &AtomicBool,
    ) -> Option<Hits> {
        let found = match matcher.letter() {
            Some(letter) => self.look_for_letter(matcher, letter, limit, within, cancel)?,
            None => self.each_chunk(within, cancel, |entries| self.look(matcher, entries))?,
        };
        let total = found.iter().map(Vec::len).sum();
        let mut entries = Vec::with_capacity(total);
        entries.extend(found.iter().flatten().map(|(entry, _)| *entry));
        let top = top::best(self.contenders(&found, limit), limit, matcher, |at| self.hay(at as usize));
        let candidates = CandidateSet { generation: self.generation, entries: Arc::new(entries) };
        Some(Hits { total, top, candidates })
    }

    /// Does the same to chunks of the entries on all cores; `None` if it was cancelled.
    fn each_chunk<R: Send>(
        &self,
        within: Option<&CandidateSet>,
        cancel: &AtomicBool,
        look: impl Fn(Entries<'_>) -> R + Sync,
    ) -> Option<Vec<R>> {
        let unless_cancelled =
            |entries: Entries<'_>| (!cancel.load(Ordering::Relaxed)).then(|| look(entries));
        match within {
            Some(set) => {
                let chunks = set.entries.par_chunks(CHUNK);
                chunks.map(|chunk| unless_cancelled(Either::Left(chunk.iter().copied()))).collect()
            }
            None => {
                let chunks = (0..self.ids.len().div_ceil(CHUNK)).into_par_iter();
                let range = |chunk: usize| {
                    let end = self.ids.len().min((chunk + 1) * CHUNK);
                    (chunk * CHUNK) as u32..end as u32
                };
                chunks.map(|chunk| unless_cancelled(Either::Right(range(chunk)))).collect()
            }
        }
    }

    fn look(&self, matcher: &Matcher, entries: Entries<'_>) -> Vec<(u32, Rank)> {
        let mut found = Vec::new();
        for entry in entries {
            let at = entry as usize;
            let masks = &self.masks[at];
            if !matcher.possible(masks) || self.dead[at] {
                continue;
            }
            if let Some(rank) = matcher.rank(self.hay(at), masks) {
                found.push((entry, rank));
            }
        }
        found
    }

    /// One letter is in most haystacks. The masks say in which, and where in them, so that only those that can be among
    /// the best are read; all others stay `UNRANKED`.
    fn look_for_letter(
        &self,
        matcher: &Matcher,
        letter: u64,
        limit: usize,
        within: Option<&CandidateSet>,
        cancel: &AtomicBool,
    ) -> Option<Vec<Vec<(u32, Rank)>>> {
        let mut found = self.each_chunk(within, cancel, |entries| {
            let mut counts = [0; Tier::COUNT];
            let mut found = Vec::new();
            for entry in entries {
                let at = entry as usize;
                if let Some(tier) = self.masks[at].tier(letter).filter(|_| !self.dead[at]) {
                    counts[tier as usize] += 1;
                    found.push((entry, UNRANKED));
                }
            }
            (counts, found)
        })?;
        let (mut sum, mut worst) = (0, 0);
        while worst + 1 < Tier::COUNT {
            sum += found.iter().map(|(counts, _)| counts[worst]).sum::<usize>();
            if sum >= limit.max(top::SCORED) {
                break;
            }
            worst += 1;
        }
        found.par_iter_mut().for_each(|(_, found)| {
            for (entry, rank) in found {
                let at = *entry as usize;
                match self.masks[at].tier(letter) {
                    Some(Tier::InName) if worst >= Tier::InName as usize => *rank = matcher::IN_NAME,
                    Some(tier) if tier as usize <= worst => {
                        *rank = matcher.rank(self.hay(at), &self.masks[at]).unwrap_or(UNRANKED);
                    }
                    _ => {}
                }
            }
        });
        Some(found.into_iter().map(|(_, found)| found).collect())
    }

    /// What can be among the best: everything of the better ranks until there is enough.
    fn contenders(&self, found: &[Vec<(u32, Rank)>], limit: usize) -> Vec<Found> {
        let wanted = limit.max(top::SCORED);
        let mut counts = vec![0usize; 64];
        let place = |rank: Rank| usize::from(rank).min(63);
        for (_, rank) in found.iter().flatten() {
            counts[place(*rank)] += 1;
        }
        let (mut sum, mut worst) = (0, 63);
        for (rank, count) in counts.iter().enumerate() {
            sum += count;
            if sum >= wanted {
                worst = rank;
                break;
            }
        }
        let among = found.iter().flatten().filter(|(_, rank)| place(*rank) <= worst);
        let full = |(entry, rank): &(u32, Rank)| {
            let at = *entry as usize;
            Found { rank: *rank, last: self.last[at], id: self.ids[at], at: *entry }
        };
        among.map(full).collect()
    }

    fn hay(&self, at: usize) -> &[u8] {
        &self.arena[self.starts[at] as usize..self.starts[at + 1] as usize]
    }

    fn entry(&self, id: i64) -> Option<u32> {
        if let Some(entry) = self.late.get(&id) {
            return Some(*entry);
        }
        let at = self.ids[..self.sorted].binary_search(&id).ok()?;
        (!self.dead[at]).then_some(at as u32)
    }

    fn append(&mut self, id: i64, hay: &[u8], last: i64) {
        self.masks.push(Masks::of(hay));
        self.arena.extend_from_slice(hay);
        self.starts.push(self.arena.len() as u64);
        self.ids.push(id);
        self.last.push(last);
        self.dead.push(false);
        self.live += 1;
    }

    fn kill(&mut self, id: i64) -> bool {
        let Some(entry) = self.entry(id) else { return false };
        let at = entry as usize;
        self.late.remove(&id);
        self.dead[at] = true;
        self.garbage += self.hay(at).len() + 1;
        self.live -= 1;
        true
    }

    fn settle(&mut self) {
        self.generation = next_generation();
        if self.garbage > (self.arena.len() + self.ids.len()) / 3
            || self.late.len() > 1024 + self.ids.len() / 4
        {
            self.rebuild();
        }
    }

    /// Writes everything anew in order of ids, without the dead; of two with one id the later stays.
    fn rebuild(&mut self) {
        let mut order: Vec<usize> = (0..self.ids.len()).filter(|at| !self.dead[*at]).collect();
        order.sort_by_key(|at| self.ids[*at]);
        let later =
            |pair: usize| order.get(pair + 1).is_none_or(|next| self.ids[*next] != self.ids[order[pair]]);
        let kept: Vec<usize> = (0..order.len()).filter(|pair| later(*pair)).map(|pair| order[pair]).collect();
        let bytes = kept.iter().map(|at| self.hay(*at).len()).sum();
        let mut arena = Vec::with_capacity(bytes);
        let mut starts = Vec::with_capacity(kept.len() + 1);
        starts.push(0);
        for at in &kept {
            arena.extend_from_slice(self.hay(*at));
            starts.push(arena.len() as u64);
        }
        self.masks = kept.iter().map(|at| self.masks[*at]).collect();
        self.ids = kept.iter().map(|at| self.ids[*at]).collect();
        self.last = kept.iter().map(|at| self.last[*at]).collect();
        self.dead = vec![false; kept.len()];
        (self.arena, self.starts) = (arena, starts);
        (self.sorted, self.live, self.garbage) = (kept.len(), kept.len(), 0);
        self.late = HashMap::new();
        self.generation = next_generation();
    }
}
