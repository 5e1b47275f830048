//! The panes beside the list: one contact, and what happened with it.

use super::data::{Detail as Contact, Event};
use crate::tui::message::Ticket;
use crate::tui::widgets::cursor::Cursor;

/// The contact pane.
#[derive(Clone, Debug, Default)]
pub struct Detail {
    /// The contact, once it has come.
    pub shown: Option<Contact>,
    /// Among its lines.
    pub cursor: Cursor,
    asked: Option<(Ticket, Option<i64>)>,
    awaited: bool,
}

impl Detail {
    /// Whether this contact has to be asked for.
    pub fn wants(&self, id: Option<i64>) -> bool {
        self.asked.is_none_or(|(_, asked)| asked != id)
    }

    /// It was asked for.
    pub fn ask(&mut self, ticket: Ticket, id: Option<i64>) {
        self.asked = Some((ticket, id));
        self.awaited = id.is_some();
    }

    /// Whether an answer is on its way.
    pub const fn is_awaited(&self) -> bool {
        self.awaited
    }

    /// Whether this is the answer to the last question.
    pub fn take(&mut self, ticket: Ticket) -> bool {
        let fits = self.asked.is_some_and(|(asked, _)| asked == ticket);
        if fits {
            self.awaited = false;
        }
        fits
    }

    /// It is asked for again if it is among these, or all changed.
    pub fn forget(&mut self, ids: Option<&[i64]>) {
        let changed = |id: i64| ids.is_none_or(|ids| ids.contains(&id));
        if self.asked.and_then(|(_, id)| id).is_some_and(changed) {
            self.asked = None;
        }
    }

    /// Shows a contact; the cursor stays if it is the same.
    pub fn show(&mut self, contact: Option<Contact>, same: bool) {
        self.shown = contact;
        self.cursor.among(self.lines(), same);
    }

    /// How many lines there are.
    pub fn lines(&self) -> usize {
        self.shown.as_ref().map_or(0, |contact| contact.lines.len())
    }
}

/// The timeline pane.
#[derive(Clone, Debug, Default)]
pub struct Timeline {
    /// Newest first.
    pub events: Vec<Event>,
    /// Among the events.
    pub cursor: Cursor,
}

impl Timeline {
    /// Shows events; the cursor stays if they are of the same contact.
    pub fn show(&mut self, events: Vec<Event>, same: bool) {
        self.events = events;
        self.cursor.among(self.events.len(), same);
    }
}
