//! What operations return, as the screen shows it.

use crate::clock::Clock;
use crate::i18n;
use crate::model::when;
use crate::ops::{
    AddressOut, ContactOut, Event as OpEvent, Label as OpLabel, MethodOut, OpError, Row as OpRow,
};
use crate::search::query::QueryError;
use crate::tui::state::data::{Detail, Event, Label, Line, Mistake, Notice, Reads, Row};
use crate::tui::state::share::conflicts::Clash;
use chrono::{DateTime, FixedOffset};
use serde_json::Value;
use std::borrow::Cow;
use std::sync::Arc;

/// What failed, in words once they are wanted.
pub(in crate::tui) fn failed(error: OpError) -> Notice {
    let error = Arc::new(error);
    Notice::bad("screen-failed").said("what", move |lang| i18n::describe(lang, &error).message)
}

/// A failed operation with what to do about it, for where there is room.
pub(super) fn failed_with_hint(error: OpError) -> Notice {
    let error = Arc::new(error);
    Notice::bad("screen-failed").said("what", move |lang| {
        let described = i18n::describe(lang, &error);
        described.hint.map_or(described.message.clone(), |hint| format!("{}: {hint}", described.message))
    })
}

/// What a batch is called.
pub(super) fn label(key: &'static str, label: OpLabel) -> Notice {
    Notice::good(key).said("what", move |lang| i18n::label(lang, &label))
}

/// A mistake in a query.
pub(super) fn mistake(error: QueryError, source_text: String) -> Mistake {
    let (start, end) = (error.span.start, error.span.end);
    Mistake { start, end, notice: failed(OpError::Query { error, source_text }) }
}

/// A line of the list.
pub(super) fn row(row: OpRow, now: DateTime<FixedOffset>) -> Row {
    let due = when::parse_span(&row.keep_in_touch).ok().map(|span| span.before(now).timestamp_millis());
    Row {
        id: row.id,
        name: row.title_name().to_owned(),
        overdue: due.is_some_and(|due| row.last.is_none_or(|last| last < due)),
        company: row.company,
        email: row.email,
        last: row.last,
        starred: row.starred,
        archived: row.archived,
    }
}

/// Something that happened.
pub(super) fn event(event: OpEvent, with: i64, clock: Clock) -> Event {
    Event {
        id: event.key,
        kind: event.kind,
        at: event.at,
        when: clock.local(event.at).format("%Y-%m-%d %H:%M").to_string(),
        duration: event.duration,
        direction: event.direction,
        subject: event.subject,
        body: event.body,
        author: event.author,
        outcome: event.outcome,
        amount: if event.amount.is_empty() {
            String::new()
        } else {
            i18n::amount(&event.amount, &event.currency)
        },
        people: event
            .with
            .into_iter()
            .filter(|person| person.key != with)
            .map(|person| person.name)
            .collect(),
    }
}

fn field(name: &'static str, value: impl Into<String>) -> Line {
    Line {
        label: Label::Field(Cow::Borrowed(name)),
        value: value.into(),
        note: String::new(),
        preferred: false,
        reads: Reads::Text,
        clash: Vec::new(),
    }
}

fn dated(name: &'static str, value: impl Into<String>) -> Line {
    Line { reads: Reads::Day, ..field(name, value) }
}

fn method(name: &'static str, method: MethodOut) -> Line {
    let notes = [method.service.as_str(), method.label.as_str()];
    let note = notes.into_iter().filter(|note| !note.is_empty()).collect::<Vec<_>>().join(" ");
    Line { note, preferred: method.preferred, ..field(name, method.value) }
}

fn address(address: AddressOut) -> Line {
    let city = [address.postcode.as_str(), address.city.as_str()];
    let city = city.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ");
    let parts = [address.street, address.extended, address.po_box, city, address.region, address.country];
    let text = parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("\n");
    Line { note: address.label, ..field("address", text) }
}

/// All of a contact. `custom` names the custom fields by key.
pub(super) fn detail(
    id: i64,
    handle: String,
    contact: ContactOut,
    custom: &[(String, String)],
    clock: Clock,
) -> Detail {
    let company = contact.company.map(|company| company.name).unwrap_or_default();
    let about = [contact.title.as_str(), contact.department.as_str(), company.as_str()];
    let about = about.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" · ");
    let mut lines = Vec::new();
    let methods = [
        ("email", contact.emails),
        ("phone", contact.phones),
        ("im", contact.ims),
        ("social", contact.socials),
        ("url", contact.urls),
    ];
    for (name, list) in methods {
        lines.extend(list.into_iter().map(|one| method(name, one)));
    }
    lines.extend(contact.addresses.into_iter().map(address));
    if !contact.birthday.is_empty() {
        lines.push(dated("birthday", contact.birthday));
    }
    for date in contact.dates {
        let mut line = field("date", date.date);
        line.label = Label::Field(Cow::Owned(date.label));
        // The months of another calendar have no such names.
        if date.calendar == "chinese" {
            line.note = date.calendar;
        } else {
            line.reads = Reads::Day;
        }
        lines.push(line);
    }
    if !contact.tags.is_empty() {
        lines.push(field("tags", contact.tags.join(", ")));
    }
    let further = [
        ("stage", contact.stage),
        ("tier", contact.tier),
        ("keep_in_touch", contact.keep_in_touch),
        ("owner", contact.owner),
        ("nickname", contact.nickname),
        ("phonetic_given", contact.phonetic_given),
        ("phonetic_middle", contact.phonetic_middle),
        ("phonetic_family", contact.phonetic_family),
        ("industry", contact.industry),
        ("size", contact.size),
        ("interests", contact.interests),
        ("source", contact.source),
        ("channel", contact.channel),
        ("language", contact.language),
        ("time_zone", contact.time_zone),
        ("gender", contact.gender),
        ("pronouns", contact.pronouns),
    ];
    lines.extend(further.into_iter().filter(|(_, value)| !value.is_empty()).map(|(name, value)| Line {
        reads: if name == "keep_in_touch" { Reads::Span } else { Reads::Text },
        ..field(name, value)
    }));
    for (key, value) in contact.fields {
        let name = custom
            .iter()
            .find(|(k, name)| *k == key && !name.is_empty())
            .map_or(key.as_str(), |(_, name)| name);
        let value = match value {
            Value::String(text) => text,
            other => other.to_string(),
        };
        lines.push(Line { label: Label::Own(name.to_owned()), ..field("field", value) });
    }
    for link in contact.links {
        let mut line = field("link", link.name);
        line.label = Label::Field(Cow::Owned(link.relation));
        lines.push(line);
    }
    for consent in contact.consents {
        let about = [consent.purpose, consent.channel, consent.basis, consent.evidence];
        let about = about.into_iter().filter(|part| !part.is_empty()).collect();
        let reads = Reads::Consent { at: consent.at, expires: consent.expires, about };
        lines.push(Line { reads, ..field("consent", consent.status) });
    }
    if !contact.note.is_empty() {
        lines.push(field("note", contact.note));
    }
    for extra in contact.extras {
        let Some(value) = extra.shown() else { continue };
        let name = if extra.name.is_empty() { extra.source } else { extra.name };
        lines.push(Line { label: Label::Own(name), ..field("extra", value) });
    }
    lines.push(field("handle", handle.clone()));
    let day = |text: &str| {
        DateTime::parse_from_rfc3339(text)
            .map(|at| clock.local(at.timestamp_millis()).format("%Y-%m-%d").to_string())
    };
    if let Ok(created) = day(&contact.created) {
        lines.push(dated("created", created));
    }
    if let Ok(updated) = day(&contact.updated) {
        lines.push(dated("updated", updated));
    }
    Detail {
        id,
        handle,
        name: contact.name,
        about,
        starred: contact.starred,
        archived: contact.archived,
        lines,
    }
}

/// Puts what others said at the same time below the values that are shown; a value that has no line of its own gets one.
pub(super) fn contradict(detail: &mut Detail, clashes: impl Iterator<Item = Clash>) {
    for clash in clashes.filter(|clash| clash.field != "deleted") {
        let mut claims = clash.claims.into_iter();
        let Some(shown) = claims.next() else { continue };
        let field = clash.field.rsplit('.').next().unwrap_or_default().to_owned();
        let others = claims.map(|claim| match claim.author.as_str() {
            "" => claim.value,
            author => format!("{} ({author})", claim.value),
        });
        let by_field = |line: &Line| line.is_field(&clash.field);
        let by_value = |line: &Line| clash.field.contains('.') && line.value == shown.value;
        let lines = &mut detail.lines;
        let at = lines.iter().position(by_field).or_else(|| lines.iter().position(by_value));
        let at = at.unwrap_or_else(|| {
            // What stands in the heading, such as a title.
            let label = Label::Field(Cow::Owned(field));
            lines.insert(0, Line { label, ..self::field("", shown.value.clone()) });
            0
        });
        if let Some(line) = lines.get_mut(at) {
            line.clash.extend(others);
        }
    }
}
