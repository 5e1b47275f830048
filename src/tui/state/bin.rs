//! What was deleted: taken back out, or gone for good.

use super::confirm::{Confirm, Then};
use super::data::{Notice, Row};
use super::overlay::{Cx, Step};
use crate::tui::action::Action;
use crate::tui::keymap::Key;
use crate::tui::message::{Effect, Ticket, Write};
use crossterm::event::KeyCode;

/// The bin.
#[derive(Clone, Debug)]
pub struct Bin {
    /// What lies in it, latest first; nothing until it has been read.
    pub rows: Option<Vec<Row>>,
    /// The row that the cursor is on.
    pub at: usize,
    ticket: Ticket,
}

impl Bin {
    /// Asks for what lies in it.
    pub fn new(cx: &mut Cx<'_>) -> Self {
        let mut bin = Self { rows: None, at: 0, ticket: 0 };
        bin.ask(cx);
        bin
    }

    /// Asks again, because the book changed.
    pub fn ask(&mut self, cx: &mut Cx<'_>) {
        self.ticket = cx.ticket();
        cx.effects.push(Effect::Bin(self.ticket));
    }

    /// What lies in it has been read.
    pub fn load(&mut self, ticket: Ticket, rows: Vec<Row>) {
        if ticket == self.ticket {
            self.at = self.at.min(rows.len().saturating_sub(1));
            self.rows = Some(rows);
        }
    }

    /// Takes a key.
    pub fn key(&mut self, key: Key, action: Option<Action>, cx: &mut Cx<'_>) -> Step {
        let rows = self.rows.as_deref().unwrap_or_default();
        let last = rows.len().saturating_sub(1);
        match (action, key.code) {
            (Some(Action::Back), _) | (_, KeyCode::Char('q')) => return Step::Close,
            (Some(Action::Accept), _) | (_, KeyCode::Char('r')) => {
                if let Some(row) = rows.get(self.at) {
                    let ticket = cx.ticket();
                    cx.effects.push(Effect::Write(ticket, Write::Restore(vec![row.id])));
                }
            }
            (_, KeyCode::Char('E')) if !rows.is_empty() => {
                let question = Notice::warning("ask-empty-bin").number("n", rows.len());
                return Step::Ask(Box::new(Confirm { question, then: Then::Write(Write::EmptyBin) }));
            }
            (_, KeyCode::Char('u')) => {
                let ticket = cx.ticket();
                cx.effects.push(Effect::Write(ticket, Write::Undo));
            }
            (Some(Action::Down), _) | (_, KeyCode::Char('j')) => self.at = (self.at + 1).min(last),
            (Some(Action::Up), _) | (_, KeyCode::Char('k')) => self.at = self.at.saturating_sub(1),
            (Some(Action::PageDown), _) => self.at = (self.at + 10).min(last),
            (Some(Action::PageUp), _) => self.at = self.at.saturating_sub(10),
            (Some(Action::Top), _) | (_, KeyCode::Char('g')) => self.at = 0,
            (Some(Action::Bottom), _) | (_, KeyCode::Char('G')) => self.at = last,
            _ => {}
        }
        Step::Stay
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::{Dates, Language};
    use crate::tui::words::Words;

    #[test]
    fn one_is_taken_out_and_emptying_asks_first() {
        let words = Words::new(Language::En, Dates::Words);
        let (mut tickets, mut effects) = (0, Vec::new());
        let mut cx = Cx { tickets: &mut tickets, effects: &mut effects, words: &words };
        let mut bin = Bin::new(&mut cx);
        let press =
            |bin: &mut Bin, action, key: &str, cx: &mut Cx<'_>| bin.key(Key::parse(key).unwrap(), action, cx);
        assert_eq!(press(&mut bin, None, "E", &mut cx), Step::Stay, "nothing is known to lie in it");
        bin.load(7, vec![Row::default()]);
        assert_eq!(bin.rows, None, "an answer to another question");
        bin.load(1, vec![Row { id: 5, ..Row::default() }, Row { id: 6, ..Row::default() }]);
        press(&mut bin, Some(Action::Down), "down", &mut cx);
        press(&mut bin, Some(Action::Accept), "enter", &mut cx);
        let asked = press(&mut bin, None, "E", &mut cx);
        assert!(matches!(asked, Step::Ask(confirm) if confirm.then == Then::Write(Write::EmptyBin)));
        assert_eq!(effects, [Effect::Bin(1), Effect::Write(2, Write::Restore(vec![6]))]);
    }
}
