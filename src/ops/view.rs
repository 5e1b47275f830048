//! A contact with all that it owns, as faces and exports see it.

use super::{Book, OpError, Result};
use crate::exchange::json::{AddressOut, CompanyOut, ContactOut, DateOut, ExtraOut, LinkOut, MethodOut};
use crate::model::ids::Gid;
use crate::model::schema::Kind;
use crate::store::read::{self, Raw};
use crate::store::sql;
use chrono::{DateTime, SecondsFormat, Utc};
use rusqlite::Connection;
use std::collections::HashMap;

/// An instant as RFC 3339 in UTC.
pub(super) fn instant(millis: i64) -> String {
    DateTime::<Utc>::from_timestamp_millis(millis)
        .map(|at| at.to_rfc3339_opts(SecondsFormat::AutoSi, true))
        .unwrap_or_default()
}

/// What many contacts refer to by local key: ids, names of companies, tags, fields.
struct Names {
    uids: HashMap<i64, (String, i64, i64, Option<i64>, bool)>,
    contacts: HashMap<i64, (String, String)>,
    tags: HashMap<i64, String>,
    fields: HashMap<i64, (String, String)>,
    norms: HashMap<(i64, i64), String>,
    next: HashMap<i64, String>,
}

impl Book {
    /// Everything about one contact but its timeline.
    pub fn contact(&self, id: i64) -> Result<ContactOut> {
        let mut found = None;
        self.contacts(&[id], &mut |out| {
            found = Some(out);
            Ok(())
        })?;
        found.ok_or_else(|| OpError::NotFound { who: id.to_string(), kind: "contact" })
    }

    /// Everything about many contacts, in the order of `ids`.
    pub fn contacts(&self, ids: &[i64], each: &mut dyn FnMut(ContactOut) -> Result<()>) -> Result<()> {
        let conn = self.reader()?;
        for chunk in ids.chunks(500) {
            for out in some(conn, chunk)? {
                each(out)?;
            }
        }
        Ok(())
    }
}

fn some(conn: &Connection, ids: &[i64]) -> Result<Vec<ContactOut>> {
    let members = read::members(conn, ids)?;
    let keys = read::list(ids.iter().copied());
    let tops = read::tops(conn, Kind::Contact, &keys)?;
    let mut owned: HashMap<i64, Vec<Raw>> = HashMap::new();
    for kind in
        [Kind::Method, Kind::Address, Kind::Date, Kind::Tagging, Kind::FieldValue, Kind::Link, Kind::Extra]
    {
        for raw in read::children(conn, kind, &members)? {
            owned.entry(raw.root).or_default().push(raw);
        }
    }
    let names = names(conn, &keys, &members, &tops, &owned)?;
    let mut outs: HashMap<i64, ContactOut> = HashMap::new();
    for top in &tops {
        let children = owned.remove(&top.place.id).unwrap_or_default();
        outs.insert(top.place.id, one(top, &children, &names));
    }
    Ok(ids.iter().filter_map(|id| outs.remove(id)).collect())
}

fn names(
    conn: &Connection,
    keys: &str,
    members: &HashMap<i64, i64>,
    tops: &[Raw],
    owned: &HashMap<i64, Vec<Raw>>,
) -> Result<Names> {
    let all = || owned.values().flatten();
    let of = |kind: Kind, field: &'static str| {
        all().filter(move |raw| raw.place.kind == kind).filter_map(move |raw| raw.int(field))
    };
    let mut uids = HashMap::new();
    let mut statement = conn.prepare_cached(&format!(
        "select id, uid, {}, {}, last, deleted is not null from contact c where id in (select value from json_each(?1))",
        sql::CREATED,
        sql::UPDATED
    ))?;
    let mut rows = statement.query([keys])?;
    while let Some(row) = rows.next()? {
        let uid: [u8; 16] = row.get(1)?;
        uids.insert(
            row.get(0)?,
            (Gid::Uid(uid).to_string(), row.get(2)?, row.get(3)?, row.get(4)?, row.get(5)?),
        );
    }
    let others = tops.iter().filter_map(|top| top.int("company")).chain(of(Kind::Link, "to"));
    let mut contacts = HashMap::new();
    let mut statement = conn.prepare_cached(
        "select c.id, r.uid, ifnull(r.name, '') from contact c join contact r on r.id=c.root \
         where c.id in (select value from json_each(?1))",
    )?;
    let mut rows = statement.query([read::list(others)])?;
    while let Some(row) = rows.next()? {
        let uid: [u8; 16] = row.get(1)?;
        contacts.insert(row.get(0)?, (Gid::Uid(uid).to_string(), row.get(2)?));
    }
    let tags = read::names(conn, Kind::Tag, "name", &read::list(of(Kind::Tagging, "tag")))?;
    let field_keys = read::list(of(Kind::FieldValue, "field"));
    let mut kinds = read::names(conn, Kind::Field, "type", &field_keys)?;
    let fields = read::names(conn, Kind::Field, "key", &field_keys)?
        .into_iter()
        .map(|(id, key)| (id, (key, kinds.remove(&id).unwrap_or_default())))
        .collect();
    let mut norms = HashMap::new();
    let mut statement = conn.prepare_cached(
        "select contact, n, norm from method where type='phone' and norm is not null and contact in (select value from json_each(?1))",
    )?;
    let mut rows = statement.query([read::list(members.keys().copied())])?;
    while let Some(row) = rows.next()? {
        norms.insert((row.get(0)?, row.get(1)?), row.get(2)?);
    }
    let mut next = HashMap::new();
    let mut statement = conn.prepare_cached(
        "select k.root, min(t.due) from task t join contact k on k.id=t.contact \
         where t.done is null and t.deleted is null and t.due is not null and t.contact in (select value from json_each(?1)) group by 1",
    )?;
    let mut rows = statement.query([read::list(members.keys().copied())])?;
    while let Some(row) = rows.next()? {
        next.insert(row.get(0)?, row.get(1)?);
    }
    Ok(Names { uids, contacts, tags, fields, norms, next })
}

fn one(top: &Raw, children: &[Raw], names: &Names) -> ContactOut {
    let mut out = ContactOut::default();
    if let Some((uid, created, updated, last, deleted)) = names.uids.get(&top.place.id) {
        out.deleted = *deleted;
        out.id.clone_from(uid);
        out.created = instant(*created);
        out.updated = instant(*updated);
        out.last = last.map(instant).unwrap_or_default();
    }
    out.next = names.next.get(&top.place.id).cloned().unwrap_or_default();
    for field in top.place.kind.record().fields {
        if let Some(slot) = out.text_mut(field.name) {
            top.text(field.name).clone_into(slot);
        }
    }
    if out.kind.is_empty() {
        "person".clone_into(&mut out.kind);
    }
    out.starred = top.int("starred").is_some_and(|on| on != 0);
    out.implied = top.int("implied").is_some_and(|on| on != 0);
    out.archived = top.int("archived").is_some_and(|on| on != 0);
    if let Some((id, name)) = top.int("company").and_then(|id| names.contacts.get(&id)) {
        out.company = Some(CompanyOut { id: id.clone(), name: name.clone() });
    }
    let preferred = [top.int("preferred_email"), top.int("preferred_phone")];
    for child in children {
        add_child(&mut out, top, child, names, preferred);
    }
    out.tags.sort_by_cached_key(|tag| crate::text::fold(tag));
    out.tags.dedup();
    out
}

fn add_child(out: &mut ContactOut, top: &Raw, child: &Raw, names: &Names, preferred: [Option<i64>; 2]) {
    let text = |field: &str| child.text(field).to_owned();
    match child.place.kind {
        Kind::Method => {
            let place = child.place;
            let own = place.id == top.place.id;
            let kind = child.text("type");
            let method = MethodOut {
                value: text("value"),
                label: text("label"),
                preferred: own
                    && match kind {
                        "email" => preferred[0] == Some(place.n),
                        "phone" => preferred[1] == Some(place.n),
                        _ => false,
                    },
                service: text("service"),
                normal: names.norms.get(&(place.id, place.n)).cloned().unwrap_or_default(),
            };
            match kind {
                "phone" => out.phones.push(method),
                "url" => out.urls.push(method),
                "im" => out.ims.push(method),
                "social" => out.socials.push(method),
                _ => out.emails.push(method),
            }
        }
        Kind::Address => out.addresses.push(AddressOut {
            label: text("label"),
            street: text("street"),
            extended: text("extended"),
            po_box: text("po_box"),
            city: text("city"),
            region: text("region"),
            postcode: text("postcode"),
            country: text("country"),
        }),
        Kind::Date => {
            if child.text("label") == "birthday"
                && child.text("calendar").is_empty()
                && out.birthday.is_empty()
            {
                out.birthday = text("date");
            } else {
                out.dates.push(DateOut {
                    label: text("label"),
                    date: text("date"),
                    calendar: text("calendar"),
                });
            }
        }
        Kind::Tagging => {
            if let Some(name) = child.int("tag").and_then(|id| names.tags.get(&id)) {
                out.tags.push(name.clone());
            }
        }
        Kind::FieldValue => {
            if let Some((key, kind)) = child.int("field").and_then(|id| names.fields.get(&id)) {
                out.fields.insert(key.clone(), typed(kind, child.text("value")));
            }
        }
        Kind::Link => {
            let (id, name) =
                child.int("to").and_then(|id| names.contacts.get(&id)).cloned().unwrap_or_default();
            let name = if name.is_empty() { text("name") } else { name };
            out.links.push(LinkOut { relation: text("relation"), id, name });
        }
        Kind::Extra => out.extras.push(ExtraOut {
            source: text("source"),
            name: text("name"),
            params: text("params"),
            value: text("value"),
        }),
        _ => {}
    }
}

/// A custom field's value as JSON: numbers and flags as such where they are.
fn typed(kind: &str, value: &str) -> serde_json::Value {
    match kind {
        "number" => match serde_json::from_str::<serde_json::Number>(value) {
            Ok(number) if number.to_string() == value => serde_json::Value::Number(number),
            _ => value.into(),
        },
        "yes/no" => match value {
            "true" => true.into(),
            "false" => false.into(),
            _ => value.into(),
        },
        _ => value.into(),
    }
}
