//! What the tests of formats share.

use std::io::Cursor;

use super::json::{AddressOut, CompanyOut, ContactOut, DateOut, ExtraOut, LinkOut, MethodOut};
use super::*;

/// The rows of a file, which must be readable.
pub(crate) fn rows(bytes: &[u8]) -> Vec<Row> {
    opened(bytes).map(|source| source.map(Result::unwrap).collect()).unwrap()
}

pub(crate) fn opened(bytes: &[u8]) -> Result<Source, ExchangeError> {
    open(Box::new(Cursor::new(bytes.to_vec())), "file", &Options::default())
}

/// The first error of a file, at its opening or later.
pub(crate) fn broken(bytes: &[u8]) -> ExchangeError {
    match opened(bytes) {
        Err(error) => error,
        Ok(mut source) => source.find_map(Result::err).unwrap(),
    }
}

pub(crate) fn contacts(bytes: &[u8]) -> Vec<ContactDraft> {
    let contact = |row: Row| match row.item {
        RowItem::Contact(draft) => *draft,
        other => panic!("line {}: {other:?}", row.line),
    };
    rows(bytes).into_iter().map(contact).collect()
}

pub(crate) fn records(bytes: &[u8]) -> Vec<RecordDraft> {
    rows(bytes)
        .into_iter()
        .filter_map(|row| if let RowItem::Other(record) = row.item { Some(*record) } else { None })
        .collect()
}

/// A record's fields as `name=value`.
pub(crate) fn fields(record: &RecordDraft) -> Vec<String> {
    record.fields.iter().map(|(name, value)| format!("{name}={value}")).collect()
}

/// What the book would give out for a draft.
pub(crate) fn out_of(draft: ContactDraft) -> ContactOut {
    let mut out = ContactOut { id: draft.id.unwrap_or_default(), ..ContactOut::default() };
    out.kind = if draft.kind.is_empty() { "person".into() } else { draft.kind };
    for (field, text) in draft.fields {
        match (field, out.text_mut(field)) {
            (_, Some(slot)) => *slot = text,
            ("starred", None) => out.starred = true,
            ("archived", None) => out.archived = true,
            other => panic!("{other:?}"),
        }
    }
    if !draft.company.is_empty() {
        out.company = Some(CompanyOut { id: String::new(), name: draft.company });
    }
    for method in draft.methods {
        let list = match method.kind.as_str() {
            "email" => &mut out.emails,
            "phone" => &mut out.phones,
            "url" => &mut out.urls,
            "im" => &mut out.ims,
            _ => &mut out.socials,
        };
        let (value, label, preferred, service) =
            (method.value, method.label, method.preferred, method.service);
        list.push(MethodOut { value, label, preferred, service, normal: String::new() });
    }
    for a in draft.addresses {
        out.addresses.push(AddressOut {
            label: a.label,
            street: a.street,
            extended: a.extended,
            po_box: a.po_box,
            city: a.city,
            region: a.region,
            postcode: a.postcode,
            country: a.country,
        });
    }
    for d in draft.dates {
        if d.label == "birthday" && out.birthday.is_empty() {
            out.birthday = d.date;
        } else {
            out.dates.push(DateOut { label: d.label, date: d.date, calendar: d.calendar });
        }
    }
    out.tags = draft.tags;
    out.fields = draft.values.into_iter().map(|(key, value)| (key, value.into())).collect();
    out.links =
        draft.links.into_iter().map(|l| LinkOut { relation: l.relation, id: l.id, name: l.name }).collect();
    let extra = |e: crate::model::draft::ExtraDraft| {
        let (source, name, params, value) = (e.source, e.name, e.params, e.value);
        ExtraOut { source, name, params, value }
    };
    out.extras = draft.extras.into_iter().map(extra).collect();
    out
}

/// Hands contacts to a writer.
pub(crate) fn write_all(writer: &mut dyn ContactWriter, contacts: &[ContactOut]) {
    contacts.iter().for_each(|contact| writer.write(contact).unwrap());
    writer.finish().unwrap();
}
