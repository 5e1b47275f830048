//! Opt-outs without a date, and how their own system takes them back: what one system lifts, another's word still holds.

use super::super::Result;
use super::super::contacts::owned;
use super::apply::Writer;
use crate::model::draft::{ContactDraft, OPEN, RecordDraft};
use crate::model::edit::New;
use crate::model::schema::Kind;
use crate::model::value::Value;
use crate::store::read;
use serde_json::{Map, Value as Json};

/// Before the purpose and the channel in a source's values.
pub(super) const MARK: &str = "consent:";

fn key(purpose: &str, channel: &str) -> String {
    format!("{MARK}{purpose}/{channel}")
}

fn is_refusal(status: &str) -> bool {
    matches!(status, "withdrawn" | "denied")
}

/// Whether a record says nothing but that an opt-out of its system doesn't stand any more.
pub(super) fn is_open(record: &RecordDraft) -> bool {
    record.kind == Kind::Consent && value(record, "status") == OPEN
}

fn value<'a>(record: &'a RecordDraft, field: &str) -> &'a str {
    record.fields.iter().find(|(name, _)| *name == field).map_or("", |(_, value)| value.as_str())
}

/// Notes the opt-outs of a row among its values.
pub(super) fn note(base: &mut Map<String, Json>, draft: &ContactDraft) {
    for record in draft.records.iter().filter(|record| record.kind == Kind::Consent) {
        let (status, at) = (value(record, "status"), value(record, "at"));
        if is_refusal(status) && at.is_empty() {
            base.insert(key(value(record, "purpose"), value(record, "channel")), status.into());
        }
    }
}

/// The same of a contact as it was made.
pub(super) fn note_made(base: &mut Map<String, Json>, child: &New) {
    let text = |field: &str| child.get(field).and_then(Value::as_text).unwrap_or_default();
    if child.kind == Kind::Consent && is_refusal(text("status")) && child.get("at").is_none() {
        base.insert(key(text("purpose"), text("channel")), text("status").into());
    }
}

impl Writer<'_, '_, '_> {
    /// Takes away the opt-outs that a system had told and doesn't any more; those that somebody else told, too, stay. Returns
    /// the keys under which the source's values have them.
    pub(super) fn reopen(
        &mut self,
        id: i64,
        identity: &read::Raw,
        base: &Map<String, Json>,
        draft: &ContactDraft,
    ) -> Result<Vec<String>> {
        let open = draft.records.iter().filter(|record| is_open(record));
        let lifted: Vec<(String, &RecordDraft)> = open
            .map(|record| (key(value(record, "purpose"), value(record, "channel")), record))
            .filter(|(key, _)| base.contains_key(key))
            .collect();
        for (key, record) in &lifted {
            let mut others = owned(self.tx, id, Kind::Identity)?;
            others.retain(|other| other.place != identity.place);
            let mut told = false;
            for other in &others {
                told |= self.base(other)?.contains_key(key);
            }
            if told {
                continue;
            }
            for raw in owned(self.tx, id, Kind::Consent)? {
                let same = ["purpose", "channel"].iter().all(|field| raw.text(field) == value(record, field));
                if same && is_refusal(raw.text("status")) && raw.int("at").is_none() {
                    self.tx.delete(raw.place)?;
                }
            }
        }
        Ok(lifted.into_iter().map(|(key, _)| key).collect())
    }
}
