//! Logs that something happened, with one contact or many.

use super::data::Notice;
use super::fields::{Cell, FieldRow, Fields, Filled, Source, area};
use super::overlay::{Cx, Step};
use crate::model::schema::INTERACTION_KINDS;
use crate::tui::action::Action;
use crate::tui::keymap::Key;
use crate::tui::message::{Effect, LogEntry, Ticket, Write};

/// The quick log.
#[derive(Clone, Debug)]
pub struct QuickLog {
    /// With whom.
    pub ids: Vec<i64>,
    /// The name, if it is one contact.
    pub name: String,
    /// What is filled in: kind, direction, when, duration, amount, subject, text; by field name.
    pub fields: Fields<&'static str>,
    /// What is wrong.
    pub error: Option<Notice>,
    saving: Option<Ticket>,
}

impl QuickLog {
    /// For these contacts.
    pub fn new(ids: Vec<i64>, name: String) -> Self {
        let line = |what, source| FieldRow::basic(what, vec![Cell::line("", source)]);
        let when = ["now", "today", "yesterday", "现在", "今天", "昨天"];
        let rows = vec![
            FieldRow::basic("kind", vec![Cell::choice("call", INTERACTION_KINDS, "screen-event-")]),
            FieldRow::basic("direction", vec![Cell::choice("", &["", "out", "in"], "screen-direction-")]),
            line("at", Source::Usual(when.iter().map(|word| (*word).to_owned()).collect())),
            line("duration", Source::None),
            line("amount", Source::None),
            line("subject", Source::None),
            FieldRow::basic("body", vec![Cell::Area(area(None))]),
        ];
        let mut fields = Fields::new(rows);
        // What happened is what one wants to type; it is a call unless one goes up and says otherwise.
        fields.at = fields.rows.len() - 1;
        Self { ids, name, fields, error: None, saving: None }
    }

    fn value(&self, what: &str) -> String {
        let row = self.fields.rows.iter().find(|row| row.what == what);
        row.and_then(|row| row.cells.first()).map(Cell::value).unwrap_or_default()
    }

    /// Whether something typed would be lost.
    pub fn is_changed(&self) -> bool {
        ["at", "duration", "amount", "subject", "body"].iter().any(|what| !self.value(what).is_empty())
    }

    /// Takes a key.
    pub fn key(&mut self, key: Key, action: Option<Action>, cx: &mut Cx<'_>) -> Step {
        if self.saving.is_some() {
            return Step::Stay;
        }
        match action {
            Some(Action::Save) => return self.save(cx),
            Some(Action::Back) if !self.fields.completion.is_open() => {
                return if self.is_changed() { Step::AskDiscard } else { Step::Close };
            }
            _ => {}
        }
        match self.fields.key(key, action) {
            Filled::Done => return self.save(cx),
            Filled::Changed(_) => self.error = None,
            _ => {}
        }
        Step::Stay
    }

    /// Text from the clipboard.
    pub fn paste(&mut self, text: &str) -> Step {
        self.fields.paste(text);
        self.error = None;
        Step::Stay
    }

    fn save(&mut self, cx: &mut Cx<'_>) -> Step {
        let ticket = cx.ticket();
        self.saving = Some(ticket);
        let entry = LogEntry {
            ids: self.ids.clone(),
            kind: self.value("kind"),
            direction: self.value("direction"),
            when: self.value("at"),
            duration: self.value("duration"),
            amount: self.value("amount"),
            subject: self.value("subject"),
            text: self.value("body"),
        };
        cx.effects.push(Effect::Write(ticket, Write::Log(Box::new(entry))));
        Step::Stay
    }

    /// The write came to this; whether the quick log is done.
    pub fn saved(&mut self, ticket: Ticket, error: Option<&Notice>) -> bool {
        if self.saving != Some(ticket) {
            return false;
        }
        self.saving = None;
        self.error = error.cloned();
        error.is_none()
    }
}
