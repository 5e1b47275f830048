//! What a contact owns as interactions and tasks.

use serde_json::Value;

use super::{Known, first, of, owned, properties};
use crate::exchange::document::{record, text};
use crate::model::draft::RecordDraft;
use crate::model::schema::Kind;

/// What happened with a contact, and what is to be done about it.
pub(super) fn of_contact(contact: &Value, known: &Known) -> Vec<RecordDraft> {
    let mut all = Vec::new();
    let happened = |value: &Value, kind: &str, fields: Vec<(&'static str, String)>| {
        let fields = std::iter::once(("kind", kind.to_owned())).chain(fields).collect();
        record(Kind::Interaction, text(value.get("uuid")), fields, Vec::new())
    };
    for call in owned(contact, "call") {
        let direction = match of(call, "contact_called").as_str() {
            "true" | "1" => "in",
            "false" | "0" => "out",
            _ => "",
        };
        let at = ("at", first(call, &["called_at", "created_at"]));
        all.push(happened(
            call,
            "call",
            vec![at, ("direction", direction.into()), ("body", of(call, "content"))],
        ));
    }
    for note in owned(contact, "note") {
        all.push(happened(note, "note", vec![("at", of(note, "created_at")), ("body", of(note, "body"))]));
    }
    for talk in owned(contact, "conversation") {
        let channel = known.fields.get(&of(talk, "contact_field_type")).map(|found| found.0.to_lowercase());
        let messages = properties(talk).get("messages").and_then(Value::as_array);
        for message in messages.into_iter().flatten() {
            let own = matches!(of(message, "written_by_me").as_str(), "true" | "1");
            let at = Some(of(message, "written_at")).filter(|at| !at.is_empty());
            let fields = vec![
                ("channel", channel.clone().unwrap_or_default()),
                ("at", at.unwrap_or_else(|| of(talk, "happened_at"))),
                ("direction", if own { "out" } else { "in" }.to_owned()),
                ("body", of(message, "content")),
            ];
            all.push(happened(message, "message", fields));
        }
    }
    for gift in owned(contact, "gift") {
        let fields = vec![
            ("at", first(gift, &["date", "created_at"])),
            ("subject", of(gift, "name")),
            ("body", of(gift, "comment")),
            ("amount", of(gift, "amount")),
            ("status", of(gift, "status")),
        ];
        let mut found = happened(gift, "gift", fields);
        let url = of(gift, "url");
        found.extras.extend((!url.is_empty()).then(|| ("url".to_owned(), url)));
        all.push(found);
    }
    for debt in owned(contact, "debt") {
        let fields = vec![
            ("at", of(debt, "created_at")),
            // Whose debt it is: `in` is money to come in.
            ("direction", if of(debt, "in_debt") == "true" { "out" } else { "in" }.to_owned()),
            ("body", of(debt, "reason")),
            ("amount", of(debt, "amount")),
            ("currency", of(debt, "currency")),
            ("status", of(debt, "status")),
        ];
        all.push(happened(debt, "debt", fields));
    }
    for event in owned(contact, "life_event") {
        let kind = known.types.get(&of(event, "type")).cloned().unwrap_or_default();
        let name = of(event, "name");
        let subject = if name.is_empty() { kind } else { name };
        let fields =
            vec![("at", of(event, "happened_at")), ("subject", subject), ("body", of(event, "note"))];
        all.push(happened(event, "life event", fields));
    }
    all.extend(owned(contact, "task").map(task));
    all.extend(owned(contact, "reminder").filter_map(reminder));
    all
}

fn task(value: &Value) -> RecordDraft {
    let done = matches!(of(value, "completed").as_str(), "true" | "1");
    let at = if done { first(value, &["completed_at", "updated_at"]) } else { String::new() };
    let fields = vec![("title", of(value, "title")), ("note", of(value, "description")), ("done", at)];
    record(Kind::Task, text(value.get("uuid")), fields, Vec::new())
}

/// A reminder as a task; those that Monica made itself for a birthday follow from the birthday here, too.
fn reminder(value: &Value) -> Option<RecordDraft> {
    let on = |name: &str| of(value, name);
    if matches!(on("delible").as_str(), "false" | "0") {
        return None;
    }
    let every = on("frequency_number").parse::<u32>().ok().filter(|number| *number > 1);
    let rule = match on("frequency_type").as_str() {
        "day" => "FREQ=DAILY",
        "week" => "FREQ=WEEKLY",
        "month" => "FREQ=MONTHLY",
        "year" => "FREQ=YEARLY",
        _ => "",
    };
    let repeat = match every {
        Some(number) if !rule.is_empty() => format!("{rule};INTERVAL={number}"),
        _ => rule.to_owned(),
    };
    let over = matches!(on("inactive").as_str(), "true" | "1");
    let fields = vec![
        ("title", on("title")),
        ("note", on("description")),
        ("due", on("initial_date").get(..10).unwrap_or_default().to_owned()),
        ("repeat", repeat),
        ("done", if over { on("updated_at") } else { String::new() }),
    ];
    Some(record(Kind::Task, text(value.get("uuid")), fields, Vec::new()))
}
