//! Fields that several people changed at once: the values side by side, and choosing one.

use crate::tui::action::Action;
use crate::tui::message::{Effect, Ticket, Write};
use crate::tui::state::overlay::{Cx, Step};

/// A value that somebody gave a field.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Claim {
    /// As people read it.
    pub value: String,
    /// Who; may be empty.
    pub author: String,
    /// When, ms since 1970.
    pub at: Option<i64>,
}

/// A field with more than one value.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Clash {
    /// What tells it from all others.
    pub id: String,
    /// Whose field it is.
    pub name: String,
    /// `title`, `method.value`; `deleted` where a delete was overruled.
    pub field: String,
    /// The one that is shown first.
    pub claims: Vec<Claim>,
}

/// The list of them.
#[derive(Clone, Debug)]
pub struct Conflicts {
    /// Nothing until they have been read.
    pub rows: Option<Vec<Clash>>,
    /// The row that the cursor is on.
    pub at: usize,
    /// Which of its values the cursor is on.
    pub side: usize,
    ticket: Ticket,
}

impl Conflicts {
    /// Asks for them.
    pub fn new(cx: &mut Cx<'_>) -> Self {
        let mut conflicts = Self { rows: None, at: 0, side: 1, ticket: 0 };
        conflicts.ask(cx);
        conflicts
    }

    /// Asks again, because the book changed.
    pub fn ask(&mut self, cx: &mut Cx<'_>) {
        self.ticket = cx.ticket();
        cx.effects.push(Effect::Conflicts(self.ticket));
    }

    /// They have been read; the cursor stays on its field.
    pub fn load(&mut self, ticket: Ticket, rows: Vec<Clash>) {
        if ticket != self.ticket {
            return;
        }
        let key = |clash: &Clash| (clash.id.clone(), clash.field.clone());
        let before = self.current().map(key);
        let same = before.and_then(|before| rows.iter().position(|row| key(row) == before));
        match same {
            Some(at) => self.at = at,
            None => {
                self.at = self.at.min(rows.len().saturating_sub(1));
                self.side = 1;
            }
        }
        self.rows = Some(rows);
        self.side = self.side.min(self.last_side());
    }

    /// The one that the cursor is on.
    pub fn current(&self) -> Option<&Clash> {
        self.rows.as_ref()?.get(self.at)
    }

    fn last_side(&self) -> usize {
        self.current().map_or(0, |clash| clash.claims.len().saturating_sub(1))
    }

    fn go(&mut self, at: usize) {
        let last = self.rows.as_ref().map_or(0, |rows| rows.len().saturating_sub(1));
        self.at = at.min(last);
        self.side = 1.min(self.last_side());
    }

    /// Takes a key.
    pub fn key(&mut self, action: Option<Action>, cx: &mut Cx<'_>) -> Step {
        match action {
            Some(Action::Back) => return Step::Close,
            Some(Action::Down) => self.go(self.at + 1),
            Some(Action::Up) => self.go(self.at.saturating_sub(1)),
            Some(Action::PageDown) => self.go(self.at + 5),
            Some(Action::PageUp) => self.go(self.at.saturating_sub(5)),
            Some(Action::Top) => self.go(0),
            Some(Action::Bottom) => self.go(usize::MAX),
            Some(Action::Left) => self.side = self.side.saturating_sub(1),
            Some(Action::Right) => self.side = (self.side + 1).min(self.last_side()),
            Some(Action::NextPane) => {
                self.side = if self.side < self.last_side() { self.side + 1 } else { 0 };
            }
            Some(Action::Choose) => self.choose(cx),
            Some(Action::Undo) => {
                let ticket = cx.ticket();
                cx.effects.push(Effect::Write(ticket, Write::Undo));
            }
            _ => {}
        }
        Step::Stay
    }

    fn choose(&self, cx: &mut Cx<'_>) {
        let Some(clash) = self.current() else { return };
        let value = match self.side {
            0 => None,
            side => clash.claims.get(side).map(|claim| claim.value.clone()),
        };
        let ticket = cx.ticket();
        let (id, field) = (clash.id.clone(), clash.field.clone());
        cx.effects.push(Effect::Write(ticket, Write::Resolve { id, field, value }));
    }
}
