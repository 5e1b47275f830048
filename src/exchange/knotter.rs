//! knotter's JSON export: `metadata`, then `contacts` with their interactions and dates. Times are seconds since 1970.

use std::collections::HashSet;
use std::vec::IntoIter;

use chrono::{DateTime, SecondsFormat, Utc};
use serde::Deserialize;
use serde_json::{Map, Value};

use super::document::{self, record, text};
use super::scan::Scanner;
use super::{ExchangeError, Raw, Reason, Row, RowItem, Rows};
use crate::model::draft::{ContactDraft, DateDraft, ExtraDraft, MethodDraft, RecordDraft};
use crate::model::schema::Kind;

/// Whose ids and extras these are.
pub(crate) const SYSTEM: &str = "knotter";

#[derive(Deserialize)]
struct Export {
    contacts: Vec<Value>,
}

/// Hands out what the document held.
pub(crate) struct Reader {
    scanner: Scanner,
    contacts: IntoIter<Value>,
}

impl Reader {
    pub(crate) fn new(mut scanner: Scanner) -> Result<Self, ExchangeError> {
        let export: Export = document::read(&mut scanner)?;
        Ok(Self { scanner, contacts: export.contacts.into_iter() })
    }
}

impl Rows for Reader {
    fn read(&mut self) -> Result<Option<Row>, ExchangeError> {
        let Some(value) = self.contacts.next() else { return Ok(None) };
        let raw = Raw::Text(value.to_string());
        let item = match value {
            Value::Object(map) => contact(map),
            _ => RowItem::Bad(Reason::WrongType { key: "contacts".into(), expected: "an object" }),
        };
        Ok(Some(Row { line: 0, item, warnings: Vec::new(), raw }))
    }

    fn bytes(&self) -> u64 {
        self.scanner.input().bytes()
    }
}

/// Seconds since 1970 as RFC 3339.
fn instant(value: Option<&Value>) -> String {
    let at = value.and_then(Value::as_i64).and_then(|seconds| DateTime::<Utc>::from_timestamp(seconds, 0));
    at.map(|at| at.to_rfc3339_opts(SecondsFormat::Secs, true)).unwrap_or_default()
}

fn contact(mut map: Map<String, Value>) -> RowItem {
    let mut draft = ContactDraft::default();
    let mut take = |key: &str| map.shift_remove(key).filter(|value| !value.is_null());
    draft.external_id = Some(text(take("id").as_ref())).filter(|id| !id.is_empty());
    let name = text(take("display_name").as_ref());
    draft.set("name", name.clone());
    let mut emails: Vec<String> = vec![text(take("email").as_ref())];
    if let Some(Value::Array(more)) = take("emails") {
        emails.extend(more.iter().map(|mail| text(Some(mail))));
    }
    let mut seen = HashSet::new();
    let mut method = |kind: &str, value: String| {
        if !value.is_empty() && seen.insert((kind.to_owned(), value.clone())) {
            draft.methods.push(MethodDraft { kind: kind.to_owned(), value, ..MethodDraft::default() });
        }
    };
    emails.into_iter().for_each(|mail| method("email", mail));
    method("phone", text(take("phone").as_ref()));
    if let Some(handle) = take("handle") {
        draft.values.push(("handle".to_owned(), text(Some(&handle))));
    }
    draft.set("time_zone", text(take("timezone").as_ref()));
    if let Some(days) = take("cadence_days").and_then(|days| days.as_u64()).filter(|days| *days > 0) {
        draft.set("keep_in_touch", format!("{days} days"));
    }
    draft.created = instant(take("created_at").as_ref());
    draft.updated = instant(take("updated_at").as_ref());
    if take("archived_at").is_some() {
        draft.set("archived", "true");
    }
    if let Some(Value::Array(tags)) = take("tags") {
        draft.tags = tags.iter().map(|tag| text(Some(tag))).filter(|tag| !tag.is_empty()).collect();
    }
    let next = instant(take("next_touchpoint_at").as_ref());
    if !next.is_empty() {
        let fields = vec![("title", name.clone()), ("due", next), ("origin", "keep-in-touch".to_owned())];
        draft.records.push(record(Kind::Task, String::new(), fields, Vec::new()));
    }
    for key in ["interactions", "recent_interactions"] {
        if let Some(Value::Array(list)) = take(key) {
            list.iter().for_each(|one| draft.records.extend(interaction(one, &name)));
        }
    }
    if let Some(Value::Array(list)) = take("dates") {
        draft.dates = list.iter().filter_map(date).collect();
    }
    for (key, value) in map.into_iter().filter(|(_, value)| !value.is_null()) {
        let value = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        let source = SYSTEM.to_owned();
        draft.extras.push(ExtraDraft { source, name: key, params: String::new(), value });
    }
    super::mailbox::settle(&mut draft, SYSTEM);
    if draft.get("name").is_none() && draft.methods.is_empty() {
        return RowItem::Bad(Reason::NoName);
    }
    RowItem::Contact(Box::new(draft))
}

/// An interaction, and the task of following it up.
fn interaction(value: &Value, name: &str) -> Vec<RecordDraft> {
    let id = text(value.get("id"));
    let given = text(value.get("kind"));
    let (kind, channel) = match given.as_str() {
        "call" | "email" => (given.as_str(), ""),
        "text" => ("message", "sms"),
        "telegram" => ("message", "telegram"),
        "hangout" => ("meeting", ""),
        "" => ("note", ""),
        // `other:coffee`, or the word alone.
        other => (other.split_once(':').map_or(other, |(_, word)| word.trim()), ""),
    };
    let note = text(value.get("note"));
    let fields = vec![
        ("kind", kind.to_owned()),
        ("channel", channel.to_owned()),
        ("at", instant(value.get("occurred_at"))),
        ("body", note.clone()),
    ];
    let mut found = vec![record(Kind::Interaction, id.clone(), fields, Vec::new())];
    let due = instant(value.get("follow_up_at"));
    if !due.is_empty() {
        let title = note.lines().next().filter(|line| !line.is_empty()).unwrap_or(name).to_owned();
        let id = if id.is_empty() { id } else { format!("{id} follow-up") };
        found.push(record(Kind::Task, id, vec![("title", title), ("due", due)], Vec::new()));
    }
    found
}

/// A day of which the year may be missing.
fn date(value: &Value) -> Option<DateDraft> {
    let number = |key: &str| value.get(key).and_then(Value::as_u64);
    let (month, day) = (number("month")?, number("day")?);
    let date = match number("year") {
        Some(year) => format!("{year:04}-{month:02}-{day:02}"),
        None => format!("--{month:02}-{day:02}"),
    };
    let (kind, label) = (text(value.get("kind")), text(value.get("label")));
    let label = match kind.as_str() {
        "birthday" => "birthday".to_owned(),
        "name_day" => "name day".to_owned(),
        _ if label.is_empty() => kind,
        _ => label,
    };
    Some(DateDraft { label, date: crate::model::when::parse_date(&date, None)?, calendar: String::new() })
}

#[cfg(test)]
mod tests {
    use crate::exchange::testing::{broken, contacts, fields, opened};
    use crate::exchange::{ExchangeError, Format};

    const FILE: &str = r#"{"metadata":{"exported_at":1735689600,"app_version":"0.3.0","schema_version":9,"format_version":1},"contacts":[
      {"id":"3b1f","display_name":"Ada Lovelace","email":"ada@x.example","emails":["ada@x.example","ada@home.example"],"phone":"+1 555",
       "handle":"@ada","timezone":"Europe/London","next_touchpoint_at":1735776000,"cadence_days":30,"created_at":1700000000,"updated_at":1700000001,
       "archived_at":null,"tags":["friends"],"dates":[{"kind":"birthday","label":null,"month":12,"day":10,"year":1815},{"kind":"custom","label":"met","month":2,"day":29,"year":null}],
       "loops":3,"interactions":[{"id":"i1","occurred_at":1735000000,"created_at":1735000000,"kind":"text","note":"Sent notes","follow_up_at":1736000000},
        {"id":"i2","occurred_at":1735000001,"created_at":1,"kind":"other:coffee","note":"","follow_up_at":null}]},
      {"id":"4","display_name":"","emails":[],"tags":[],"interactions":[],"archived_at":5}]}"#;

    #[test]
    fn an_export_comes_in_with_what_happened() {
        let source = opened(FILE.as_bytes()).unwrap();
        assert_eq!((source.format(), source.system()), (Format::Knotter, super::SYSTEM));
        let draft = match source.into_iter().next().unwrap().unwrap().item {
            crate::exchange::RowItem::Contact(draft) => *draft,
            other => panic!("{other:?}"),
        };
        assert_eq!(draft.methods.len(), 3);
        assert_eq!((draft.get("keep_in_touch"), draft.get("archived")), (Some("30 days"), None));
        let dates: Vec<_> = draft.dates.iter().map(|d| (d.label.as_str(), d.date.as_str())).collect();
        assert_eq!(dates, [("birthday", "1815-12-10"), ("met", "--02-29")]);
        let said: Vec<_> = draft.records.iter().map(fields).collect();
        assert_eq!(
            said,
            [
                vec!["title=Ada Lovelace", "due=2025-01-02T00:00:00Z", "origin=keep-in-touch"],
                vec!["kind=message", "channel=sms", "at=2024-12-24T00:26:40Z", "body=Sent notes"],
                vec!["title=Sent notes", "due=2025-01-04T14:13:20Z"],
                vec!["kind=coffee", "at=2024-12-24T00:26:41Z"],
            ]
        );
        assert_eq!(draft.extras[0].name, "loops");
        let one = FILE.replace("\"display_name\":\"\"", "\"display_name\":\"Bob\"");
        assert_eq!(contacts(one.as_bytes())[1].get("archived"), Some("true"));
    }

    #[test]
    fn a_document_that_ends_early_is_refused_as_a_whole() {
        let error = broken(&FILE.as_bytes()[..FILE.len() - 40]);
        assert!(matches!(error, ExchangeError::BrokenJson { line: 7, .. }), "{error:?}");
        let deep = format!("{}{}", &FILE[..120], "[".repeat(100_000));
        assert!(matches!(broken(deep.as_bytes()), ExchangeError::BrokenJson { .. }));
    }
}
