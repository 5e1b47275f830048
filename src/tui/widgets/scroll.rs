//! How far a text is scrolled that only the view knows the length of.

use crate::tui::action::Action;
use crossterm::event::KeyCode;
use std::cell::Cell;

/// Lines that a page key goes.
const PAGE: usize = 10;

/// The first line shown.
#[derive(Clone, Debug, Default)]
pub struct Scroll {
    offset: usize,
    /// The furthest that makes sense, as the last frame found it.
    most: Cell<Option<usize>>,
}

impl Scroll {
    /// Takes a key that scrolls; whether it was one.
    pub fn key(&mut self, action: Option<Action>, code: KeyCode) -> bool {
        let now = self.offset.min(self.most.get().unwrap_or(usize::MAX));
        self.offset = match (action, code) {
            (Some(Action::Down), _) | (_, KeyCode::Char('j')) => now.saturating_add(1),
            (Some(Action::Up), _) | (_, KeyCode::Char('k')) => now.saturating_sub(1),
            (Some(Action::PageDown), _) | (_, KeyCode::Char(' ')) => now.saturating_add(PAGE),
            (Some(Action::PageUp), _) => now.saturating_sub(PAGE),
            (Some(Action::Top), _) | (_, KeyCode::Char('g')) => 0,
            (Some(Action::Bottom), _) | (_, KeyCode::Char('G')) => usize::MAX,
            _ => return false,
        };
        true
    }

    /// Back to the first line.
    pub fn reset(&mut self) {
        *self = Self::default();
    }

    /// The first line to show of so many, where so many have room.
    pub fn from(&self, lines: usize, room: usize) -> usize {
        let most = lines.saturating_sub(room);
        self.most.set(Some(most));
        self.offset.min(most)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_goes_beyond_the_end_comes_back_at_once() {
        let mut scroll = Scroll::default();
        let down = (Some(Action::Down), KeyCode::Down);
        assert!(scroll.key(Some(Action::Bottom), KeyCode::End));
        assert_eq!(scroll.from(30, 10), 20);
        assert!(scroll.key(Some(Action::Up), KeyCode::Up));
        assert_eq!(scroll.from(30, 10), 19);
        for _ in 0..5 {
            scroll.key(down.0, down.1);
        }
        assert_eq!(scroll.from(30, 10), 20);
        scroll.key(None, KeyCode::Char('k'));
        assert_eq!(scroll.from(30, 10), 19);
        assert_eq!(scroll.from(5, 10), 0, "all of it has room");
        assert!(!scroll.key(None, KeyCode::Char('x')));
    }
}
