//! A cursor on one of many entries, of which some are taller than the pane: the view alone knows which.

use std::cell::Cell;

/// Which entry, and how far into it.
#[derive(Clone, Debug, Default)]
pub struct Cursor {
    at: usize,
    /// So many of the entry's lines are above the pane.
    into: usize,
    /// So many have no room there, as the last frame found it.
    over: Cell<usize>,
}

impl Cursor {
    /// The entry.
    pub const fn at(&self) -> usize {
        self.at
    }

    /// There are so many entries now; `same` if they are still about the same.
    pub fn among(&mut self, entries: usize, same: bool) {
        if !same {
            *self = Self::default();
        }
        self.at = self.at.min(entries.saturating_sub(1));
    }

    /// Goes by lines of an entry that has no room, else by entries.
    pub fn move_by(&mut self, by: isize, entries: usize) {
        let over = self.over.get();
        let into = self.into.min(over);
        let within = into.saturating_add_signed(by).min(over);
        if within != into {
            self.into = within;
            return;
        }
        let at = self.at.saturating_add_signed(by).min(entries.saturating_sub(1));
        if at != self.at {
            // Whoever comes from below sees the end of it first.
            self.into = if by < 0 { usize::MAX } else { 0 };
            self.over.set(0);
        }
        self.at = at;
    }

    /// To the first entry, or the last.
    pub fn jump(&mut self, last: bool, entries: usize) {
        *self = Self { at: if last { entries.saturating_sub(1) } else { 0 }, ..Self::default() };
    }

    /// How many of the entry's lines are above the pane, where it has so many and `height` have room.
    pub fn above(&self, tall: usize, height: usize) -> usize {
        let over = tall.saturating_sub(height);
        self.over.set(over);
        self.into.min(over)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_of_an_entry_that_is_taller_than_the_pane_comes_into_sight() {
        // Entries of 1, 10 and 1 lines in a pane of 4.
        let mut cursor = Cursor::default();
        let show = |cursor: &Cursor| (cursor.at(), cursor.above([1, 10, 1][cursor.at()], 4));
        let mut seen = vec![show(&cursor)];
        let mut steps = 0;
        while cursor.at() < 2 {
            cursor.move_by(1, 3);
            seen.push(show(&cursor));
            steps += 1;
        }
        let within = (0..7).map(|above| (1, above));
        assert_eq!(seen, [vec![(0, 0)], within.collect(), vec![(2, 0)]].concat());
        for _ in 0..steps {
            cursor.move_by(-1, 3);
            show(&cursor);
        }
        assert_eq!(show(&cursor), (0, 0));
        cursor.move_by(1, 3);
        show(&cursor);
        cursor.move_by(3, 3);
        assert_eq!(show(&cursor), (1, 3), "a page goes within it");
        cursor.jump(true, 3);
        assert_eq!(cursor.at(), 2);
        cursor.among(2, true);
        assert_eq!(cursor.at(), 1);
        cursor.among(2, false);
        assert_eq!(show(&cursor), (0, 0));
    }
}
