//! Between what a file says of a contact and what the book gives out of one.

use super::out::plain;
use super::{AddressOut, CompanyOut, ConsentOut, ContactOut, DateOut, ExtraOut, LinkOut, MethodOut};
use crate::model::draft::{
    AddressDraft, ContactDraft, DateDraft, ExtraDraft, LinkDraft, MethodDraft, RecordDraft,
};
use crate::model::schema::Kind;

impl From<ContactOut> for ContactDraft {
    fn from(out: ContactOut) -> Self {
        let mut draft = Self {
            id: (!out.id.is_empty()).then(|| out.id.clone()),
            kind: if out.kind == "person" { String::new() } else { out.kind.clone() },
            methods: out.methods().map(|(kind, method)| method_draft(kind, method)).collect(),
            ..Self::default()
        };
        for (field, text) in out.texts() {
            if field != "kind" {
                draft.set(field, text);
            }
        }
        draft.deleted = out.deleted;
        for (field, on) in [("starred", out.starred), ("archived", out.archived), ("implied", out.implied)] {
            if on {
                draft.set(field, "true");
            }
        }
        draft.company = out.company.map(|company| company.name).unwrap_or_default();
        draft.addresses = out.addresses.into_iter().map(AddressDraft::from).collect();
        if !out.birthday.is_empty() {
            draft.dates.push(DateDraft {
                label: "birthday".into(),
                date: out.birthday,
                ..DateDraft::default()
            });
        }
        draft.dates.extend(out.dates.into_iter().map(|d| DateDraft {
            label: d.label,
            date: d.date,
            calendar: d.calendar,
        }));
        draft.tags = out.tags;
        draft.values = out.fields.into_iter().map(|(key, value)| (key, plain(&value))).collect();
        draft.links = out
            .links
            .into_iter()
            .map(|link| LinkDraft { relation: link.relation, id: link.id, name: link.name })
            .collect();
        draft.extras = out
            .extras
            .into_iter()
            .map(|e| ExtraDraft { source: e.source, name: e.name, params: e.params, value: e.value })
            .collect();
        draft.records = out.consents.into_iter().map(RecordDraft::from).collect();
        draft.created = out.created;
        draft.updated = out.updated;
        draft
    }
}

impl From<ConsentOut> for RecordDraft {
    fn from(mut out: ConsentOut) -> Self {
        let fields = out.fields_mut().map(|(name, text)| (name, std::mem::take(text)));
        let fields = fields.into_iter().filter(|(_, text)| !text.is_empty()).collect();
        Self {
            kind: Kind::Consent,
            external_id: None,
            fields,
            company: None,
            whom: Vec::new(),
            extras: Vec::new(),
        }
    }
}

/// A consent among the records that come with a contact.
fn consent_out(draft: &RecordDraft) -> Option<ConsentOut> {
    let mut out = ConsentOut::default();
    for (name, slot) in out.fields_mut() {
        if let Some((_, text)) = draft.fields.iter().find(|(field, _)| *field == name) {
            text.clone_into(slot);
        }
    }
    (draft.kind == Kind::Consent).then_some(out)
}

fn method_draft(kind: &str, method: &MethodOut) -> MethodDraft {
    MethodDraft {
        kind: kind.to_owned(),
        service: method.service.clone(),
        label: method.label.clone(),
        value: method.value.clone(),
        preferred: method.preferred,
    }
}

impl From<AddressOut> for AddressDraft {
    fn from(out: AddressOut) -> Self {
        Self {
            label: out.label,
            street: out.street,
            extended: out.extended,
            po_box: out.po_box,
            city: out.city,
            region: out.region,
            postcode: out.postcode,
            country: out.country,
        }
    }
}

impl From<ContactDraft> for ContactOut {
    /// What the book would give out for a draft, but for what only a book knows: ids, times, links resolved.
    fn from(draft: ContactDraft) -> Self {
        let mut out = Self { id: draft.id.unwrap_or_default(), deleted: draft.deleted, ..Self::default() };
        out.kind = if draft.kind.is_empty() { "person".into() } else { draft.kind };
        for (field, text) in draft.fields {
            match (field, out.text_mut(field)) {
                (_, Some(slot)) => *slot = text,
                ("starred", None) => out.starred = true,
                ("archived", None) => out.archived = true,
                ("implied", None) => out.implied = true,
                _ => {}
            }
        }
        if !draft.company.is_empty() {
            out.company = Some(CompanyOut { id: String::new(), name: draft.company });
        }
        for method in draft.methods {
            let (kind, method) = method_out(method);
            match kind.as_str() {
                "email" => out.emails.push(method),
                "phone" => out.phones.push(method),
                "url" => out.urls.push(method),
                "im" => out.ims.push(method),
                _ => out.socials.push(method),
            }
        }
        out.addresses = draft.addresses.into_iter().map(AddressOut::from).collect();
        for date in draft.dates {
            if date.label == "birthday" && date.calendar.is_empty() && out.birthday.is_empty() {
                out.birthday = date.date;
            } else {
                out.dates.push(DateOut { label: date.label, date: date.date, calendar: date.calendar });
            }
        }
        out.tags = draft.tags;
        out.fields = draft.values.into_iter().map(|(key, value)| (key, value.into())).collect();
        let link = |link: LinkDraft| LinkOut { relation: link.relation, id: link.id, name: link.name };
        out.links = draft.links.into_iter().map(link).collect();
        let extra =
            |e: ExtraDraft| ExtraOut { source: e.source, name: e.name, params: e.params, value: e.value };
        out.extras = draft.extras.into_iter().map(extra).collect();
        out.consents = draft.records.iter().filter_map(consent_out).collect();
        (out.created, out.updated) = (draft.created, draft.updated);
        out
    }
}

/// A method with its kind. The book keeps the preferred e-mail and phone, and no other preference.
fn method_out(method: MethodDraft) -> (String, MethodOut) {
    let preferred = method.preferred && matches!(method.kind.as_str(), "email" | "phone");
    let MethodDraft { kind, service, label, value, .. } = method;
    (kind, MethodOut { value, label, preferred, service, normal: String::new() })
}

impl From<AddressDraft> for AddressOut {
    fn from(draft: AddressDraft) -> Self {
        Self {
            label: draft.label,
            street: draft.street,
            extended: draft.extended,
            po_box: draft.po_box,
            city: draft.city,
            region: draft.region,
            postcode: draft.postcode,
            country: draft.country,
        }
    }
}
