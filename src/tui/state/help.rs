//! All keys, made of the table of actions.

use super::overlay::Step;
use crate::tui::action::{Action, Context};
use crate::tui::keymap::Key;
use crate::tui::widgets::scroll::Scroll;
use crossterm::event::KeyCode;

/// The help screen.
#[derive(Clone, Debug)]
pub struct Help {
    /// Where it was asked for: those keys come first.
    pub first: Context,
    /// Messages that tell what keys do there and nowhere else.
    pub own: Vec<&'static str>,
    /// How far it is scrolled.
    pub scroll: Scroll,
}

impl Help {
    /// For who is here.
    pub fn new(first: Context, own: Vec<&'static str>) -> Self {
        Self { first, own, scroll: Scroll::default() }
    }

    /// All contexts, in the order shown.
    pub fn contexts(&self) -> impl Iterator<Item = Context> {
        let first = self.first;
        std::iter::once(first).chain(Context::ALL.into_iter().filter(move |context| *context != first))
    }

    /// Takes a key.
    pub fn key(&mut self, key: Key, action: Option<Action>) -> Step {
        match (action, key.code) {
            (Some(Action::Back | Action::Accept | Action::Help), _) | (_, KeyCode::Char('q' | '?')) => {
                Step::Close
            }
            (action, code) => {
                self.scroll.key(action, code);
                Step::Stay
            }
        }
    }
}
