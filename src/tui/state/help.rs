//! All keys, made of the table of actions.

use super::overlay::Step;
use crate::tui::action::Action;
use crate::tui::keymap::Key;
use crossterm::event::KeyCode;

/// The help screen.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Help {
    /// The first line shown; the view keeps it within what there is.
    pub offset: usize,
}

impl Help {
    /// Takes a key.
    pub fn key(&mut self, key: Key, action: Option<Action>) -> Step {
        match (action, key.code) {
            (Some(Action::Back | Action::Accept | Action::Help), _) | (_, KeyCode::Char('q' | '?')) => {
                return Step::Close;
            }
            (Some(Action::Down), _) | (_, KeyCode::Char('j')) => self.offset += 1,
            (Some(Action::Up), _) | (_, KeyCode::Char('k')) => self.offset = self.offset.saturating_sub(1),
            (Some(Action::PageDown), _) | (_, KeyCode::Char(' ')) => self.offset += 10,
            (Some(Action::PageUp), _) => self.offset = self.offset.saturating_sub(10),
            (Some(Action::Top), _) | (_, KeyCode::Char('g')) => self.offset = 0,
            (Some(Action::Bottom), _) | (_, KeyCode::Char('G')) => self.offset = usize::MAX / 2,
            _ => {}
        }
        self.offset = self.offset.min(lines().saturating_sub(1));
        Step::Stay
    }
}

/// How many lines there are: each entry, each context with a heading and a gap.
pub fn lines() -> usize {
    crate::tui::action::TABLE.len() + 2 * crate::tui::action::Context::ALL.len()
}
