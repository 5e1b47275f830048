//! The list: ids in order, a cursor, marks, and a bounded cache of rows.

use super::data::{Row, Sort};
use crate::search::query::Term;
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

/// Rows that are kept at the most.
const CACHED: usize = 2000;
/// So many are ranked and listed at first.
pub const FIRST_LIMIT: usize = 1000;

/// The list pane.
#[derive(Debug)]
pub struct List {
    /// Contacts in order.
    pub ids: Arc<Vec<i64>>,
    /// How many match, in the whole book.
    pub total: usize,
    /// How many there are in the book, once it is known.
    pub of: Option<usize>,
    /// Where the cursor is.
    pub cursor: usize,
    /// The first line shown.
    pub offset: usize,
    /// Marked contacts.
    pub marks: HashSet<i64>,
    /// What it is ordered by.
    pub sort: Sort,
    /// Words to highlight.
    pub terms: Vec<Term>,
    /// At most so many are listed; more when the cursor comes near the end.
    pub limit: usize,
    /// All are marked once all are listed.
    pub mark_all_found: bool,
    /// The cursor was moved since the search began, so it stays with its contact.
    pub held: bool,
    /// Where the cursor goes once it is in the list.
    pub wanted: Option<i64>,
    /// The same for who came out of the bin; nothing is done to them before they are listed.
    pub returning: Option<i64>,
    rows: HashMap<i64, (u64, Row)>,
    used: u64,
}

impl Default for List {
    fn default() -> Self {
        Self {
            ids: Arc::default(),
            total: 0,
            of: None,
            cursor: 0,
            offset: 0,
            marks: HashSet::new(),
            sort: Sort::default(),
            terms: Vec::new(),
            limit: FIRST_LIMIT,
            mark_all_found: false,
            held: false,
            wanted: None,
            returning: None,
            rows: HashMap::new(),
            used: 0,
        }
    }
}

impl List {
    /// Whether the cursor comes near the end of what is listed though there is more.
    pub fn wants_more(&self, height: usize) -> bool {
        self.limit != usize::MAX
            && self.ids.len() < self.total
            && self.ids.len() >= self.limit
            && self.cursor + 2 * height >= self.ids.len()
    }

    /// The contact under the cursor.
    pub fn current(&self) -> Option<i64> {
        self.ids.get(self.cursor).copied()
    }

    /// Whom actions without a mark are about: who was just added, though the list doesn't show them yet, or the cursor's.
    pub fn chosen(&self) -> Option<i64> {
        self.wanted.or_else(|| self.current())
    }

    /// A row, if it was fetched.
    pub fn row(&self, id: i64) -> Option<&Row> {
        self.rows.get(&id).map(|(_, row)| row)
    }

    /// What actions work on: the marked contacts in the order of the list, or the one under the cursor.
    pub fn targets(&self) -> Vec<i64> {
        if self.marks.is_empty() {
            return self.chosen().into_iter().collect();
        }
        let mut out: Vec<i64> = self.ids.iter().copied().filter(|id| self.marks.contains(id)).collect();
        if out.len() < self.marks.len() {
            let shown: HashSet<i64> = out.iter().copied().collect();
            let mut rest: Vec<i64> = self.marks.difference(&shown).copied().collect();
            rest.sort_unstable();
            out.extend(rest);
        }
        out
    }

    /// Where everybody is listed, the marks go of those who are listed no more: deleted, archived, taken back.
    pub fn forget_gone(&mut self) {
        if !self.marks.is_empty() {
            let shown: HashSet<i64> = self.ids.iter().copied().collect();
            self.marks.retain(|id| shown.contains(id));
        }
    }

    /// Keeps fetched rows, and forgets those that were not wanted for long.
    pub fn keep(&mut self, rows: Vec<Row>) {
        self.used += 1;
        for row in rows {
            self.rows.insert(row.id, (self.used, row));
        }
        if self.rows.len() > CACHED {
            let mut ages: Vec<u64> = self.rows.values().map(|(age, _)| *age).collect();
            ages.sort_unstable();
            let limit = ages[ages.len() - CACHED / 2];
            self.rows.retain(|_, (age, _)| *age >= limit);
        }
    }

    /// Forgets rows that changed: these, or all.
    pub fn forget(&mut self, ids: Option<&[i64]>) {
        match ids {
            Some(ids) => ids.iter().for_each(|id| drop(self.rows.remove(id))),
            None => self.rows.clear(),
        }
    }

    /// The lines on screen and about as many around them whose rows are not there.
    pub fn missing(&self, height: usize) -> Vec<i64> {
        let shown = self.offset..(self.offset + height).min(self.ids.len());
        if self.ids[shown.clone()].iter().all(|id| self.rows.contains_key(id)) {
            return Vec::new();
        }
        let around = shown.start.saturating_sub(height)..(shown.end + height).min(self.ids.len());
        self.ids[around].iter().copied().filter(|id| !self.rows.contains_key(id)).collect()
    }

    /// Another order or selection; the cursor goes where it is wanted, stays with its contact, or goes to the top.
    pub fn replace(&mut self, ids: Arc<Vec<i64>>, to_top: bool) {
        let old = self.current();
        self.ids = ids;
        let position = |id: i64| self.ids.iter().position(|other| *other == id);
        if let Some(at) = self.wanted.or(self.returning).and_then(position) {
            self.cursor = at;
            (self.wanted, self.returning) = (None, None);
        } else if to_top {
            self.cursor = 0;
        } else if let Some(at) = old.and_then(position) {
            // The line stays where it is on the screen, too.
            let line = self.cursor.saturating_sub(self.offset);
            self.cursor = at;
            self.offset = at.saturating_sub(line);
        } else {
            self.cursor = self.cursor.min(self.ids.len().saturating_sub(1));
        }
    }

    /// Moves the cursor by lines.
    pub fn move_by(&mut self, lines: isize) {
        let last = self.ids.len().saturating_sub(1);
        (self.wanted, self.returning) = (None, None);
        self.cursor = self.cursor.saturating_add_signed(lines).min(last);
        self.held = true;
    }

    /// Moves the cursor to a line; beyond the end is the last.
    pub fn go_to(&mut self, line: usize) {
        (self.wanted, self.returning) = (None, None);
        self.cursor = line.min(self.ids.len().saturating_sub(1));
        self.held = true;
    }

    /// Scrolls so that the cursor is among `height` lines.
    pub fn scroll(&mut self, height: usize) {
        let height = height.max(1);
        if self.cursor < self.offset {
            self.offset = self.cursor;
        } else if self.cursor >= self.offset + height {
            self.offset = self.cursor + 1 - height;
        }
        self.offset = self.offset.min(self.ids.len().saturating_sub(height));
    }

    /// Marks the contact under the cursor, or takes the mark away, and goes on.
    pub fn mark(&mut self) {
        if let Some(id) = self.current() {
            if !self.marks.remove(&id) {
                self.marks.insert(id);
            }
            self.move_by(1);
        }
    }

    /// Marks all found; if they are marked, takes the marks away.
    pub fn mark_all(&mut self) {
        if self.ids.iter().all(|id| self.marks.contains(id)) {
            self.marks.clear();
        } else {
            self.marks.extend(self.ids.iter());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn list(ids: &[i64]) -> List {
        List { ids: Arc::new(ids.to_vec()), ..List::default() }
    }

    fn row(id: i64) -> Row {
        Row { id, ..Row::default() }
    }

    #[test]
    fn the_cursor_stays_with_its_contact_and_line() {
        let mut list = list(&(0..100).collect::<Vec<_>>());
        list.go_to(50);
        list.offset = 45;
        list.replace(Arc::new((0..100).filter(|id| id % 2 == 0).collect()), false);
        assert_eq!((list.current(), list.offset), (Some(50), 20));
        list.replace(Arc::new(vec![1, 3]), false);
        assert_eq!(list.current(), Some(3));
        list.replace(Arc::new(vec![]), false);
        assert_eq!(list.current(), None);
        list.wanted = Some(7);
        list.replace(Arc::new(vec![5, 7, 9]), true);
        assert_eq!(list.current(), Some(7));
    }

    #[test]
    fn scrolling_keeps_the_cursor_in_sight_and_no_line_empty() {
        let mut list = list(&(0..30).collect::<Vec<_>>());
        for (to, height, offset) in
            [(0, 10, 0), (9, 10, 0), (10, 10, 1), (29, 10, 20), (22, 10, 20), (19, 10, 19)]
        {
            list.go_to(to);
            list.scroll(height);
            assert_eq!(list.offset, offset, "{to}");
        }
        list.scroll(100);
        assert_eq!(list.offset, 0);
    }

    #[test]
    fn targets_are_the_marked_even_if_they_are_not_shown() {
        let mut list = list(&[1, 2, 3]);
        assert_eq!(list.targets(), [1]);
        list.mark();
        list.mark();
        assert_eq!((list.targets(), list.current()), (vec![1, 2], Some(3)));
        list.replace(Arc::new(vec![3, 2]), false);
        assert_eq!(list.targets(), [2, 1]);
        list.mark_all();
        assert_eq!(list.targets(), [3, 2, 1]);
        list.mark_all();
        assert_eq!(list.targets(), [3]);
        list.mark_all();
        list.replace(Arc::new(vec![2, 4]), false);
        list.forget_gone();
        assert_eq!(list.targets(), [2]);
    }

    #[test]
    fn rows_are_bounded_and_fetched_around_the_screen() {
        let mut list = list(&(0..10_000).collect::<Vec<_>>());
        list.go_to(5000);
        list.scroll(10);
        assert_eq!(list.missing(10), (4981..5011).collect::<Vec<_>>());
        list.keep((4981..5011).map(row).collect());
        assert!(list.missing(10).is_empty());
        for page in 0..40 {
            list.keep((page * 100..page * 100 + 100).map(row).collect());
        }
        assert!(list.rows.len() <= CACHED);
        assert!(list.row(3999).is_some());
        list.forget(Some(&[3999]));
        assert!(list.row(3999).is_none());
    }
}
