//! The rows of the form: which there are for a contact, and what completes them.

use super::data::{Completing, CustomField};
use super::fields::{Cell, FieldRow, Source};
use super::form::What;
use crate::model::draft::{AddressDraft, ContactDraft, DateDraft, MethodDraft};

const LABELS: &[&str] = &["work", "home", "mobile", "other"];
const SERVICES: &[&str] = &[
    "WeChat", "QQ", "WhatsApp", "Telegram", "Signal", "Skype", "Teams", "Slack", "Discord", "Line", "Matrix",
    "XMPP",
];
const NETWORKS: &[&str] =
    &["LinkedIn", "X", "Facebook", "Instagram", "GitHub", "Mastodon", "Weibo", "Xing", "YouTube", "TikTok"];
const DATES: &[&str] = &["birthday", "anniversary", "other"];
const PARTS: [&str; 7] = ["street", "extended", "po_box", "city", "region", "postcode", "country"];
const FURTHER: &[&str] = &[
    "nickname",
    "prefix",
    "given",
    "middle",
    "family",
    "suffix",
    "phonetic_given",
    "phonetic_middle",
    "phonetic_family",
];
const LAST: &[&str] = &[
    "owner",
    "source",
    "industry",
    "size",
    "interests",
    "language",
    "time_zone",
    "channel",
    "keep_in_touch",
    "gender",
    "pronouns",
];

/// A part of an address by its name.
pub(super) fn part_mut<'a>(address: &'a mut AddressDraft, part: &str) -> &'a mut String {
    match part {
        "extended" => &mut address.extended,
        "po_box" => &mut address.po_box,
        "city" => &mut address.city,
        "region" => &mut address.region,
        "postcode" => &mut address.postcode,
        "country" => &mut address.country,
        _ => &mut address.street,
    }
}

fn scalar_row(draft: &ContactDraft, field: &'static str, source: Source, basic: bool) -> FieldRow<What> {
    let cell = Cell::line(draft.get(field).unwrap_or_default(), source);
    FieldRow { basic, ..FieldRow::basic(What::Scalar(field), vec![cell]) }
}

pub(super) fn method_row(
    kind: &'static str,
    origin: Option<usize>,
    method: &MethodDraft,
    basic: bool,
) -> FieldRow<What> {
    let value = Cell::line(&method.value, Source::None);
    let label = Cell::usual(&method.label, LABELS);
    let cells = match kind {
        "im" => vec![value, Cell::usual(&method.service, SERVICES), label],
        "social" => vec![value, Cell::usual(&method.service, NETWORKS), label],
        _ => vec![value, label],
    };
    let preferred = method.preferred;
    FieldRow { basic, preferred, ..FieldRow::basic(What::Method(kind, origin), cells) }
}

pub(super) fn date_row(origin: Option<usize>, date: &DateDraft) -> FieldRow<What> {
    let label = if date.date.is_empty() && date.label.is_empty() { "birthday" } else { &date.label };
    FieldRow::basic(What::Date(origin), vec![Cell::line(&date.date, Source::None), Cell::usual(label, DATES)])
}

pub(super) fn address_rows(group: usize, address: &AddressDraft) -> Vec<FieldRow<What>> {
    let mut copy = address.clone();
    let row = |part: &'static str| {
        let source = if part == "city" { Source::Book(Completing::City, false) } else { Source::None };
        let text = part_mut(&mut copy, part);
        let lines = text.contains('\n');
        let mut cells =
            vec![if lines { Cell::Area(super::fields::area(Some(text))) } else { Cell::line(text, source) }];
        if part == "street" {
            cells.push(Cell::usual(&address.label, LABELS));
        }
        let basic = !address.is_empty() && !matches!(part, "extended" | "po_box");
        FieldRow { basic, ..FieldRow::basic(What::Address(group, part), cells) }
    };
    PARTS.map(row).into()
}

/// All rows of a contact, in the order that they are shown.
pub(super) fn rows(draft: &ContactDraft, custom: &[CustomField]) -> Vec<FieldRow<What>> {
    let company = draft.kind == "company";
    let kind = if draft.kind.is_empty() { "person" } else { &draft.kind };
    let kinds = crate::model::schema::CONTACT_KINDS;
    let mut rows = vec![scalar_row(draft, "name", Source::None, true)];
    if !company || !draft.company.is_empty() {
        let cell = Cell::line(&draft.company, Source::Book(Completing::Company, false));
        rows.push(FieldRow::basic(What::Company, vec![cell]));
        rows.push(scalar_row(draft, "title", Source::None, true));
        rows.push(scalar_row(draft, "department", Source::None, false));
    }
    for kind in crate::model::schema::METHOD_TYPES {
        let basic = matches!(*kind, "email" | "phone");
        for (at, method) in draft.methods.iter().enumerate().filter(|(_, method)| method.kind == *kind) {
            rows.push(method_row(kind, Some(at), method, basic));
        }
        rows.push(method_row(kind, None, &MethodDraft::default(), basic));
    }
    let tags = if draft.tags.is_empty() { String::new() } else { draft.tags.join(", ") };
    rows.push(FieldRow::basic(What::Tags, vec![Cell::line(&tags, Source::Book(Completing::Tag, true))]));
    rows.extend(draft.dates.iter().enumerate().map(|(at, date)| date_row(Some(at), date)));
    rows.push(date_row(None, &DateDraft::default()));
    for (group, address) in draft.addresses.iter().enumerate() {
        rows.extend(address_rows(group, address));
    }
    rows.extend(address_rows(draft.addresses.len(), &AddressDraft::default()));
    rows.push(FieldRow::basic(
        What::Scalar("note"),
        vec![Cell::Area(super::fields::area(draft.get("note")))],
    ));
    rows.push(FieldRow::further(What::Kind, vec![Cell::choice(kind, kinds, "screen-kind-")]));
    rows.push(scalar_row(draft, "stage", Source::Book(Completing::Stage, false), false));
    let tier = draft.get("tier").unwrap_or_default();
    let tiers = ["", "high", "medium", "low"];
    rows.push(FieldRow::further(What::Scalar("tier"), vec![Cell::choice(tier, &tiers, "screen-tier-")]));
    rows.extend(custom_rows(draft, custom));
    if !company {
        rows.extend(FURTHER.iter().map(|field| scalar_row(draft, field, Source::None, false)));
    }
    rows.extend(LAST.iter().map(|field| scalar_row(draft, field, Source::None, false)));
    for link in &draft.links {
        let what = What::Link(link.relation.clone());
        rows.push(FieldRow::basic(what, vec![Cell::Shown(link.name.clone())]));
    }
    rows
}

fn custom_rows(draft: &ContactDraft, custom: &[CustomField]) -> Vec<FieldRow<What>> {
    let value =
        |key: &str| draft.values.iter().find(|(k, _)| k == key).map_or("", |(_, value)| value.as_str());
    let known = custom.iter().map(|field| {
        let name = if field.name.is_empty() { &field.key } else { &field.name };
        let source =
            if field.choices.is_empty() { Source::None } else { Source::Usual(field.choices.clone()) };
        let what = What::Custom(field.key.clone(), name.clone());
        FieldRow::basic(what, vec![Cell::line(value(&field.key), source)])
    });
    let others = draft.values.iter().filter(|(key, _)| !custom.iter().any(|field| field.key == *key));
    let others = others.map(|(key, value)| {
        FieldRow::basic(What::Custom(key.clone(), key.clone()), vec![Cell::line(value, Source::None)])
    });
    known.chain(others).collect()
}
