//! What stands in the cells of a contact's row.

use std::borrow::Cow;

use super::{Column, Side, Style};
use crate::exchange::json::{self, AddressOut, ContactOut, MethodOut, plain};
use crate::exchange::mapping::Part;

/// What stands in the cells of a contact's row.
pub(super) struct Cells {
    pub(super) style: Style,
    pub(super) system: &'static str,
}

impl Cells {
    pub(super) fn cell<'a>(&self, contact: &'a ContactOut, column: &Column) -> Cow<'a, str> {
        let text = |name: &str| {
            contact.texts().into_iter().find(|(other, _)| *other == name).map_or("", |(_, text)| text)
        };
        let plain_text = |text: &'a str| Cow::Borrowed(text);
        match column {
            Column::Id => plain_text(&contact.id),
            Column::Text("kind") if contact.kind == "person" => Cow::Borrowed(""),
            Column::Text("family" | "middle") if self.is_organization(contact) => Cow::Borrowed(""),
            Column::Text(name) => plain_text(text(name)),
            Column::GivenOrName | Column::WholeName if self.is_organization(contact) => Cow::Borrowed(""),
            Column::WholeName => plain_text(&contact.name),
            Column::GivenOrName => {
                let split =
                    [&contact.given, &contact.middle, &contact.family].iter().any(|part| !part.is_empty());
                plain_text(if split { &contact.given } else { &contact.name })
            }
            Column::Organization if self.is_organization(contact) => plain_text(&contact.name),
            Column::Company | Column::Organization => {
                contact.company.as_ref().map_or(Cow::Borrowed(""), |company| plain_text(&company.name))
            }
            Column::Starred => Cow::Borrowed(if contact.starred { "true" } else { "" }),
            Column::Archived => Cow::Borrowed(if contact.archived { "true" } else { "" }),
            Column::Method(kind, n, side) => {
                methods(contact, kind).get(*n).map_or(Cow::Borrowed(""), |method| self.method(method, *side))
            }
            Column::Site(n, side) => self.site(contact, *n, *side),
            Column::Best(kind) => {
                let list = methods(contact, kind);
                let best = list.iter().find(|method| method.preferred).or(list.first());
                best.map_or(Cow::Borrowed(""), |method| plain_text(&method.value))
            }
            Column::AddressLabel(n) => contact
                .addresses
                .get(*n)
                .map_or(Cow::Borrowed(""), |address| self.label(&address.label, false)),
            Column::Address(n, which) => {
                contact.addresses.get(*n).map_or(Cow::Borrowed(""), |address| part(address, *which))
            }
            Column::Birthday => plain_text(&contact.birthday),
            Column::Date(n, side) => match (contact.dates.get(*n), side) {
                (None, _) => Cow::Borrowed(""),
                (Some(date), Side::Label) => self.label(&date.label, false),
                (Some(date), Side::Value) => plain_text(&date.date),
                (Some(date), Side::Second) => plain_text(&date.calendar),
            },
            Column::Tags => Cow::Owned(self.tags(contact)),
            Column::Link(n, side) => match (contact.links.get(*n), side) {
                (Some(link), Side::Label) => self.label(&link.relation, false),
                (Some(link), _) => plain_text(&link.name),
                (None, _) => Cow::Borrowed(""),
            },
            Column::Consents if contact.consents.is_empty() => Cow::Borrowed(""),
            Column::Consents => Cow::Owned(serde_json::to_string(&contact.consents).unwrap_or_default()),
            Column::Field(key) => {
                contact.fields.get(key).map_or(Cow::Borrowed(""), |value| Cow::Owned(plain(value)))
            }
            Column::NthField(n, side) => match (contact.fields.iter().nth(*n), side) {
                (Some((key, _)), Side::Label) => plain_text(key),
                (Some((_, value)), _) => Cow::Owned(plain(value)),
                (None, _) => Cow::Borrowed(""),
            },
            Column::Extra(name) => {
                let mine = |extra: &&json::ExtraOut| extra.source == self.system && extra.name == *name;
                contact.extras.iter().find(mine).map_or(Cow::Borrowed(""), |extra| plain_text(&extra.value))
            }
            Column::Created => plain_text(&contact.created),
            Column::Updated => plain_text(&contact.updated),
            Column::Last => plain_text(&contact.last),
            Column::Next => plain_text(&contact.next),
        }
    }

    fn is_organization(&self, contact: &ContactOut) -> bool {
        self.style.is_google() && contact.kind == "company"
    }

    fn method<'a>(&self, method: &'a MethodOut, side: Side) -> Cow<'a, str> {
        match side {
            Side::Label => self.label(&method.label, method.preferred),
            Side::Value => Cow::Borrowed(&method.value),
            Side::Second => Cow::Borrowed(&method.service),
        }
    }

    fn site<'a>(&self, contact: &'a ContactOut, n: usize, side: Side) -> Cow<'a, str> {
        let social = n.checked_sub(contact.urls.len()).and_then(|n| contact.socials.get(n));
        match (contact.urls.get(n), social, side) {
            (Some(url), _, side) => self.method(url, side),
            (None, Some(social), Side::Label) => Cow::Borrowed(&social.service),
            (None, Some(social), _) => Cow::Borrowed(&social.value),
            (None, None, _) => Cow::Borrowed(""),
        }
    }

    /// Google writes its own labels with capitals; `* ` marks the preferred one.
    fn label<'a>(&self, label: &'a str, preferred: bool) -> Cow<'a, str> {
        let known = matches!(
            label,
            "work"
                | "home"
                | "mobile"
                | "other"
                | "main"
                | "pager"
                | "work fax"
                | "home fax"
                | "anniversary"
                | "spouse"
        );
        let shown =
            if self.style.is_google() && known { Cow::Owned(capitals(label)) } else { Cow::Borrowed(label) };
        if preferred { Cow::Owned(format!("* {shown}")) } else { shown }
    }

    fn tags(&self, contact: &ContactOut) -> String {
        if self.style.is_google() {
            let mut tags: Vec<&str> = contact.tags.iter().map(String::as_str).collect();
            tags.push("* myContacts");
            if contact.starred {
                tags.push("* starred");
            }
            return tags.join(" ::: ");
        }
        let plain = |tag: &String| !tag.contains([';', ',', '\n', '；', '，', '、']);
        if contact.tags.iter().all(plain) {
            contact.tags.join(";")
        } else {
            format!("{} :::", contact.tags.join(" ::: "))
        }
    }
}

fn capitals(label: &str) -> String {
    label
        .split(' ')
        .map(|word| {
            let mut chars = word.chars();
            chars.next().map_or(String::new(), |first| first.to_uppercase().chain(chars).collect())
        })
        .collect::<Vec<_>>()
        .join(" ")
}

/// A part of an address as text.
pub(in crate::exchange) fn address_part(address: &AddressOut, which: Part) -> String {
    part(address, which).into_owned()
}

pub(super) fn methods<'a>(contact: &'a ContactOut, kind: &str) -> &'a [MethodOut] {
    match kind {
        "email" => &contact.emails,
        "phone" => &contact.phones,
        "url" => &contact.urls,
        "im" => &contact.ims,
        _ => &contact.socials,
    }
}

fn part(address: &AddressOut, part: Part) -> Cow<'_, str> {
    Cow::Borrowed(match part {
        Part::Street => &address.street,
        Part::Extended => &address.extended,
        Part::PoBox => &address.po_box,
        Part::City => &address.city,
        Part::Region => &address.region,
        Part::Postcode => &address.postcode,
        Part::Country => &address.country,
        Part::Formatted => return Cow::Owned(formatted(address)),
    })
}

fn formatted(address: &AddressOut) -> String {
    let town = [&address.city, &address.region, &address.postcode].map(String::as_str);
    let town: Vec<&str> = town.into_iter().filter(|part| !part.is_empty()).collect();
    let town = town.join(" ");
    [&address.street, &address.extended, &address.po_box, &town, &address.country]
        .into_iter()
        .filter(|part| !part.is_empty())
        .map(String::as_str)
        .collect::<Vec<_>>()
        .join("\n")
}
