//! The search bar.

use super::data::Mistake;
use crate::tui::message::Ticket;
use crate::tui::widgets::input::TextLine;

/// What is searched, and how far the answer is.
#[derive(Clone, Debug, Default)]
pub struct Search {
    /// What is typed.
    pub input: TextLine,
    /// Whether it has the keys.
    pub active: bool,
    /// What is wrong with it; the list shows what was found before.
    pub mistake: Option<Mistake>,
    /// The last question.
    pub asked: Ticket,
    /// The question whose answer is shown.
    pub shown: Ticket,
    /// The last question was typed, so its best answer gets the cursor.
    pub typed: bool,
    /// The book changed while the answer was on its way.
    pub stale: bool,
}

impl Search {
    /// What is typed.
    pub fn text(&self) -> &str {
        self.input.text()
    }

    /// Searches nothing.
    pub fn clear(&mut self) {
        self.input.set("");
        self.mistake = None;
        self.active = false;
        // Whatever is on its way does not count any more.
        self.shown = self.asked;
    }
}
