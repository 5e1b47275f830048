//! Logs that something happened, with one contact or many; edits what was logged.

use super::data::{Event, Notice};
use super::fields::{Cell, FieldRow, Fields, Filled, Source, area};
use super::overlay::{Cx, Step};
use crate::model::schema::INTERACTION_KINDS;
use crate::tui::action::Action;
use crate::tui::keymap::Key;
use crate::tui::message::{Effect, LogEntry, Ticket, Write};
use serde::{Deserialize, Serialize};

const DIRECTIONS: &[&str] = &["", "out", "in"];

/// What was typed into a quick log and is not saved.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UnsavedLog {
    ids: Vec<i64>,
    name: String,
    event: Option<i64>,
    /// What the rows held at first.
    began: Vec<String>,
    /// What they hold.
    typed: Vec<String>,
}

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
    /// What was logged and is edited here.
    pub event: Option<i64>,
    /// What the rows held at first.
    began: Vec<String>,
    saving: Option<Ticket>,
}

impl QuickLog {
    /// For these contacts.
    pub fn new(ids: Vec<i64>, name: String) -> Self {
        let line = |what, source| FieldRow::basic(what, vec![Cell::line("", source)]);
        let when = ["now", "today", "yesterday", "现在", "今天", "昨天"];
        let rows = vec![
            FieldRow::basic("kind", vec![Cell::choice("call", INTERACTION_KINDS, "screen-event-")]),
            FieldRow::basic("direction", vec![Cell::choice("", DIRECTIONS, "screen-direction-")]),
            line("at", Source::Usual(when.iter().map(|word| (*word).to_owned()).collect())),
            line("duration", Source::None),
            line("amount", Source::None),
            line("subject", Source::None),
            FieldRow::basic("body", vec![Cell::Area(area(None))]),
        ];
        let mut fields = Fields::new(rows);
        // What happened is what one wants to type; it is a call unless one goes up and says otherwise.
        fields.at = fields.rows.len() - 1;
        let began = values(&fields);
        Self { ids, name, fields, error: None, event: None, began, saving: None }
    }

    /// With what was logged.
    pub fn of(event: &Event) -> Self {
        let mut log = Self::new(Vec::new(), String::new());
        let duration = event.duration.map(|minutes| minutes.to_string()).unwrap_or_default();
        log.fill([
            event.kind.as_str(),
            &event.direction,
            &event.when,
            &duration,
            &event.amount,
            &event.subject,
            &event.body,
        ]);
        log.event = Some(event.id);
        log.began = values(&log.fields);
        log
    }

    /// One that goes on where an earlier one was left.
    pub fn resuming(unsaved: UnsavedLog) -> Self {
        let mut log = Self::new(unsaved.ids, unsaved.name);
        log.fill(unsaved.typed.iter().map(String::as_str));
        (log.event, log.began) = (unsaved.event, unsaved.began);
        log.error = Some(Notice::warning("screen-form-resumed"));
        log
    }

    /// What would be lost if it went.
    pub fn unsaved(&self) -> Option<UnsavedLog> {
        self.is_changed().then(|| UnsavedLog {
            ids: self.ids.clone(),
            name: self.name.clone(),
            event: self.event,
            began: self.began.clone(),
            typed: values(&self.fields),
        })
    }

    /// Fills the rows in their order.
    fn fill<'a>(&mut self, texts: impl IntoIterator<Item = &'a str>) {
        for (row, text) in self.fields.rows.iter_mut().zip(texts) {
            let cell = match (row.what, row.cells.first()) {
                ("kind", _) => Cell::choice(text, INTERACTION_KINDS, "screen-event-"),
                ("direction", _) => Cell::choice(text, DIRECTIONS, "screen-direction-"),
                (_, Some(Cell::Area(_))) => Cell::Area(area(Some(text))),
                (_, Some(Cell::Line(_, source))) => Cell::line(text, source.clone()),
                _ => continue,
            };
            row.cells = vec![cell];
        }
    }

    /// What differs from what was there at first.
    fn changes(&self) -> Vec<(&'static str, String)> {
        let now = self.fields.rows.iter().map(|row| row.what).zip(values(&self.fields));
        now.zip(&self.began).filter(|((_, now), began)| now != *began).map(|(now, _)| now).collect()
    }

    fn value(&self, what: &str) -> String {
        let row = self.fields.rows.iter().find(|row| row.what == what);
        row.and_then(|row| row.cells.first()).map(Cell::value).unwrap_or_default()
    }

    /// Whether something typed would be lost.
    pub fn is_changed(&self) -> bool {
        // Whoever only chose a kind has typed nothing yet.
        let typed = |what: &str| self.event.is_some() || !matches!(what, "kind" | "direction");
        self.changes().iter().any(|(what, _)| typed(what))
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
        if let Some(event) = self.event {
            let changes = self.changes();
            if changes.is_empty() {
                return Step::Close;
            }
            return self.write(Write::EditEvent(event, changes), cx);
        }
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
        self.write(Write::Log(Box::new(entry)), cx)
    }

    fn write(&mut self, write: Write, cx: &mut Cx<'_>) -> Step {
        let ticket = cx.ticket();
        self.saving = Some(ticket);
        cx.effects.push(Effect::Write(ticket, write));
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

fn values(fields: &Fields<&'static str>) -> Vec<String> {
    let value = |row: &FieldRow<&'static str>| row.cells.first().map(Cell::value).unwrap_or_default();
    fields.rows.iter().map(value).collect()
}
