//! A table's rows to drafts, by a plan.

use std::collections::HashMap;

use super::mapping::{self, Part, Plan, Profile, Target, Transform, label_of, value_of};
use super::scan::Record;

use super::{DateOrder, Reason, RowItem, Warning, WarningKind};
use crate::model::draft::{AddressDraft, ContactDraft, DateDraft, ExtraDraft, LinkDraft, MethodDraft};
use crate::model::when::parse_date;
use crate::text::{display_name, split_name};

/// What is done with a cell: a target with the columns that belong to it.
enum Action {
    Skip,
    Extra,
    Field(&'static str),
    /// A field whose text isn't trimmed.
    Long(&'static str),
    Flag(&'static str),
    Kind,
    Company,
    Method {
        kind: &'static str,
        service: String,
        label: String,
        labels: Labels,
    },
    Date {
        label: String,
        labels: Labels,
    },
    Tags,
    Value {
        key: String,
        labels: Labels,
    },
    Link {
        relation: String,
        labels: Labels,
    },
    ExternalId,
    RoloId,
    Created,
    Updated,
}

/// The columns of the label, and of the service or the calendar.
#[derive(Clone, Copy, Default)]
struct Labels {
    label: Option<usize>,
    second: Option<usize>,
}

/// The columns of one address.
#[derive(Default)]
struct AddressColumns {
    label: String,
    label_column: Option<usize>,
    parts: Vec<(Part, usize)>,
}

/// Reads rows by a plan.
pub(crate) struct Table {
    actions: Vec<Action>,
    addresses: Vec<AddressColumns>,
    names: Vec<String>,
    system: String,
    profile: &'static Profile,
    date_order: Option<DateOrder>,
    key: Option<usize>,
    /// What makes cells that the file doesn't have, behind its own.
    transforms: Vec<Transform>,
    width: usize,
}

impl Table {
    pub(crate) fn new(plan: &Plan, profile: &'static Profile) -> Self {
        let columns = plan.all_columns();
        let mut labels: HashMap<(&'static str, u32), Labels> = HashMap::new();
        for (index, column) in columns.iter().enumerate() {
            if let Some(of) = label_of(&column.target) {
                let entry = labels.entry(of).or_default();
                let second =
                    matches!(column.target, Target::MethodService { .. } | Target::DateCalendar { .. });
                let place = if second { &mut entry.second } else { &mut entry.label };
                *place = place.or(Some(index));
            }
        }
        let mut addresses: Vec<AddressColumns> = Vec::new();
        let mut places: HashMap<(&str, u32), usize> = HashMap::new();
        let mut actions = Vec::with_capacity(columns.len());
        for (index, column) in columns.iter().enumerate() {
            let labels = value_of(&column.target).and_then(|of| labels.get(&of)).copied().unwrap_or_default();
            if let Target::Address { part, label, group } = &column.target {
                let place = *places.entry((label, *group)).or_insert_with(|| {
                    let new = AddressColumns {
                        label: label.clone(),
                        label_column: labels.label,
                        parts: Vec::new(),
                    };
                    addresses.push(new);
                    addresses.len() - 1
                });
                let parts = &mut addresses[place].parts;
                // A second column for the same part has no place in the address.
                let taken = parts.iter().any(|(other, _)| other == part);
                actions.push(if taken { Action::Extra } else { Action::Skip });
                if !taken {
                    parts.push((*part, index));
                }
                continue;
            }
            actions.push(action(&column.target, labels));
        }
        Self {
            actions,
            addresses,
            names: columns.iter().map(|column| column.name.clone()).collect(),
            system: plan.system.clone(),
            profile,
            date_order: plan.date_order,
            key: plan.key,
            transforms: plan.transforms.clone(),
            width: plan.columns.len(),
        }
    }

    /// A row as a draft, or why it is none.
    pub(crate) fn row(&self, record: &Record, line: u64, warnings: &mut Vec<Warning>) -> RowItem {
        if record.is_blank() {
            return RowItem::Blank;
        }
        let extended;
        let record = if self.transforms.is_empty() {
            record
        } else {
            extended = mapping::extend(&self.transforms, record, self.width, &self.profile.empty);
            &extended
        };
        let mut draft = Box::new(ContactDraft::default());
        for index in record.filled() {
            let Some(action) = self.actions.get(index) else { break };
            if !matches!(action, Action::Skip) {
                let cell = restored(record.get(index));
                if !cell.trim().is_empty() && !self.profile.empty.iter().any(|filler| filler == cell) {
                    self.cell(&mut draft, action, index, cell, record, line, warnings);
                }
            }
        }
        for columns in &self.addresses {
            self.address(&mut draft, columns, record);
        }
        if let Some(key) = self.key {
            let key = restored(record.get(key)).trim();
            draft.external_id = (!key.is_empty()).then(|| key.to_owned());
        }
        complete_name(&mut draft);
        if is_someone(&draft) { RowItem::Contact(draft) } else { RowItem::Bad(Reason::NoName) }
    }

    #[allow(clippy::too_many_arguments)]
    fn cell(
        &self,
        draft: &mut ContactDraft,
        action: &Action,
        index: usize,
        cell: &str,
        record: &Record,
        line: u64,
        warnings: &mut Vec<Warning>,
    ) {
        let text = cell.trim();
        let label = |column: Option<usize>| column.map_or("", |column| restored(record.get(column)).trim());
        match action {
            Action::Skip => {}
            Action::Extra => self.extra(draft, index, cell),
            Action::Field(name) => self.field(draft, name, text, index, cell),
            Action::Long(name) => self.field(draft, name, cell, index, cell),
            Action::Flag(name) => match truth(text) {
                Some(true) => self.field(draft, name, "true", index, cell),
                Some(false) => {}
                None => self.extra(draft, index, cell),
            },
            Action::Kind => match text.to_lowercase().as_str() {
                "person" | "人" | "个人" => {}
                "company" | "organization" | "公司" | "企业" => "company".clone_into(&mut draft.kind),
                _ => self.extra(draft, index, cell),
            },
            Action::Company if draft.company.is_empty() => text.clone_into(&mut draft.company),
            Action::Company => {
                if draft.company != text {
                    self.extra(draft, index, cell);
                }
            }
            Action::Method { kind, service, label: own, labels } => {
                let service = if service.is_empty() { label(labels.second) } else { service };
                self.methods(draft, kind, service, pick(label(labels.label), own), text);
            }
            Action::Date { label: own, labels } => {
                let label = pick(label(labels.label), own).trim_start_matches("* ");
                let calendar = record.get(labels.second.unwrap_or(usize::MAX)).trim();
                let date = self.date(text, index, calendar, line, warnings);
                let (label, calendar) = (canonical(label), calendar.to_lowercase());
                draft.dates.push(DateDraft { label, date, calendar });
            }
            Action::Tags => self.tags(draft, text),
            Action::Value { key, labels } => match pick(label(labels.label), key) {
                "" => self.extra(draft, index, cell),
                key if draft.values.iter().any(|(other, _)| other == key) => self.extra(draft, index, cell),
                key => draft.values.push((key.to_owned(), cell.to_owned())),
            },
            Action::Link { relation, labels } => {
                let relation = canonical(pick(label(labels.label), relation).trim_start_matches("* "));
                for name in self.split_list(text) {
                    let link =
                        LinkDraft { relation: relation.clone(), name: name.to_owned(), id: String::new() };
                    draft.links.push(link);
                }
            }
            Action::ExternalId => draft.external_id = Some(text.to_owned()),
            Action::RoloId => draft.id = Some(text.to_owned()),
            Action::Created => text.clone_into(&mut draft.created),
            Action::Updated => text.clone_into(&mut draft.updated),
        }
    }

    /// Sets a field; what a second column brings for it is kept if it is something else.
    fn field(&self, draft: &mut ContactDraft, name: &'static str, text: &str, index: usize, cell: &str) {
        match draft.get(name) {
            None => draft.fields.push((name, text.to_owned())),
            Some(other) if other == text => {}
            Some(_) => self.extra(draft, index, cell),
        }
    }

    fn extra(&self, draft: &mut ContactDraft, index: usize, cell: &str) {
        draft.extras.push(ExtraDraft {
            source: self.system.clone(),
            name: self.names[index].clone(),
            params: String::new(),
            value: cell.to_owned(),
        });
    }

    fn split_list<'a>(&self, text: &'a str) -> impl Iterator<Item = &'a str> {
        let list = if self.profile.list.is_empty() { " ::: " } else { &self.profile.list };
        text.split(list).map(str::trim).filter(|part| !part.is_empty()).collect::<Vec<_>>().into_iter()
    }

    fn methods(&self, draft: &mut ContactDraft, kind: &str, service: &str, label: &str, text: &str) {
        let (mut preferred, label) = split_label(label);
        // Most cells hold one value.
        if !text.bytes().any(|byte| matches!(byte, b':' | b';' | b',' | b'|' | b'\n' | 0x80..)) {
            draft.methods.push(MethodDraft {
                kind: kind.to_owned(),
                service: service.to_owned(),
                label,
                value: text.to_owned(),
                preferred,
            });
            return;
        }
        for part in self.split_list(text) {
            for value in several(kind, part) {
                draft.methods.push(MethodDraft {
                    kind: kind.to_owned(),
                    service: service.to_owned(),
                    label: label.clone(),
                    value: value.to_owned(),
                    preferred,
                });
                preferred = false;
            }
        }
    }

    fn date(
        &self,
        text: &str,
        index: usize,
        calendar: &str,
        line: u64,
        warnings: &mut Vec<Warning>,
    ) -> String {
        if !matches!(calendar, "" | "gregorian") {
            return text.to_owned();
        }
        if is_plain_date(text) {
            return text.to_owned();
        }
        parse_date(text, self.date_order).unwrap_or_else(|| {
            let ambiguous = self.date_order.is_none() && mapping::is_ambiguous(text);
            let kind = if ambiguous { WarningKind::AmbiguousDate } else { WarningKind::NoDate };
            warnings.push(Warning { line, column: self.names[index].clone(), value: text.to_owned(), kind });
            text.to_owned()
        })
    }

    fn tags(&self, draft: &mut ContactDraft, text: &str) {
        let rules = &self.profile.tags;
        for tag in split_tags(text, &self.profile.list) {
            if rules.drop.iter().any(|word| word == tag) {
                continue;
            }
            if rules.starred.iter().any(|word| word == tag) {
                draft.set("starred", "true");
                continue;
            }
            let tag = tag.strip_prefix("* ").unwrap_or(tag).trim();
            if !tag.is_empty() && !draft.tags.iter().any(|other| other == tag) {
                draft.tags.push(tag.to_owned());
            }
        }
    }

    fn address(&self, draft: &mut ContactDraft, columns: &AddressColumns, record: &Record) {
        let mut address = AddressDraft::default();
        let mut formatted = None;
        for &(part, index) in &columns.parts {
            let text = restored(record.get(index)).trim();
            if text.is_empty() {
                continue;
            }
            match part {
                Part::Formatted => formatted = Some((index, text)),
                _ => text.clone_into(address_part(&mut address, part)),
            }
        }
        if let Some((index, text)) = formatted {
            if address.is_empty() {
                text.clone_into(&mut address.street);
            } else if !says_nothing_new(&address, text) {
                self.extra(draft, index, text);
            }
        }
        if address.is_empty() {
            return;
        }
        let label = columns.label_column.map_or("", |column| restored(record.get(column)).trim());
        address.label = split_label(pick(label, &columns.label)).1;
        draft.addresses.push(address);
    }
}

fn action(target: &Target, labels: Labels) -> Action {
    match target {
        Target::Extra => Action::Extra,
        Target::Field("kind") => Action::Kind,
        Target::Field("note") => Action::Long("note"),
        Target::Field(name @ ("starred" | "archived")) => Action::Flag(name),
        Target::Field(name) => Action::Field(name),
        Target::Company => Action::Company,
        Target::Method { kind, service, label, .. } => {
            Action::Method { kind, service: service.clone(), label: label.clone(), labels }
        }
        Target::Date { label, .. } => Action::Date { label: label.clone(), labels },
        Target::Tags => Action::Tags,
        Target::Value { key, .. } => Action::Value { key: key.clone(), labels },
        Target::Link { relation, .. } => Action::Link { relation: relation.clone(), labels },
        Target::ExternalId => Action::ExternalId,
        Target::RoloId => Action::RoloId,
        Target::Created => Action::Created,
        Target::Updated => Action::Updated,
        Target::Ignore
        | Target::Address { .. }
        | Target::MethodLabel { .. }
        | Target::MethodService { .. }
        | Target::AddressLabel { .. }
        | Target::DateLabel { .. }
        | Target::DateCalendar { .. }
        | Target::ValueLabel { .. }
        | Target::LinkLabel { .. } => Action::Skip,
    }
}

fn address_part(address: &mut AddressDraft, part: Part) -> &mut String {
    match part {
        Part::Street | Part::Formatted => &mut address.street,
        Part::Extended => &mut address.extended,
        Part::PoBox => &mut address.po_box,
        Part::City => &mut address.city,
        Part::Region => &mut address.region,
        Part::Postcode => &mut address.postcode,
        Part::Country => &mut address.country,
    }
}

/// Whether a formatted address holds nothing but the parts.
fn says_nothing_new(address: &AddressDraft, formatted: &str) -> bool {
    let mut rest = formatted.to_owned();
    let mut parts = [
        &address.street,
        &address.extended,
        &address.po_box,
        &address.city,
        &address.region,
        &address.postcode,
        &address.country,
    ];
    parts.sort_by_key(|part| std::cmp::Reverse(part.len()));
    for part in parts.into_iter().filter(|part| !part.is_empty()) {
        rest = rest.replacen(part.as_str(), " ", 1);
    }
    !rest.contains(char::is_alphanumeric)
}

fn pick<'a>(given: &'a str, own: &'a str) -> &'a str {
    if given.is_empty() { own } else { given }
}

/// Takes off the quote that an export put before what a spreadsheet would take for a formula.
pub(crate) fn restored(cell: &str) -> &str {
    if !cell.starts_with('\'') {
        return cell;
    }
    let rest = cell.trim_start_matches('\'');
    if rest.starts_with(['=', '+', '-', '@', '\t', '\r']) { &cell[1..] } else { cell }
}

/// Labels that mean the same in any case.
const LABELS: [&str; 12] = [
    "work",
    "home",
    "mobile",
    "other",
    "main",
    "fax",
    "work fax",
    "home fax",
    "pager",
    "birthday",
    "anniversary",
    "spouse",
];

fn canonical(label: &str) -> String {
    LABELS
        .iter()
        .find(|known| known.eq_ignore_ascii_case(label))
        .map_or_else(|| label.to_owned(), |l| (*l).to_owned())
}

/// `* Work` is the preferred one at work.
fn split_label(label: &str) -> (bool, String) {
    match label.strip_prefix('*') {
        Some(rest) if rest.is_empty() || rest.starts_with(' ') => (true, canonical(rest.trim())),
        _ => (false, canonical(label)),
    }
}

/// Tags as their system lists them; where it isn't known, `:::` wins over `;`, and `;` over `,`.
fn split_tags<'a>(text: &'a str, list: &str) -> impl Iterator<Item = &'a str> {
    let parts: Vec<&str> = if !list.is_empty() || text.contains(" :::") {
        text.split(":::").collect()
    } else if text.contains([';', '；']) {
        text.split([';', '；']).collect()
    } else {
        text.split([',', '，', '、', '\n']).collect()
    };
    parts.into_iter().map(str::trim).filter(|tag| !tag.is_empty())
}

/// Whether it is `YYYY-MM-DD` of a day that every month has, so that most dates need no parsing.
fn is_plain_date(text: &str) -> bool {
    let bytes = text.as_bytes();
    let digits = |range: std::ops::Range<usize>| bytes[range].iter().all(u8::is_ascii_digit);
    bytes.len() == 10
        && (bytes[4], bytes[7]) == (b'-', b'-')
        && digits(0..4)
        && digits(5..7)
        && digits(8..10)
        && bytes[0] != b'0'
        && (b"01".as_slice()..=b"12".as_slice()).contains(&&bytes[5..7])
        && (b"01".as_slice()..=b"28".as_slice()).contains(&&bytes[8..10])
}

/// Several values in one cell, where it is plain that they are.
fn several<'a>(kind: &str, text: &'a str) -> Vec<&'a str> {
    let pieces = |separators: &[char]| -> Vec<&'a str> {
        text.split(separators).map(str::trim).filter(|piece| !piece.is_empty()).collect()
    };
    let is_each =
        |list: &[&str], test: fn(&str) -> bool| list.len() > 1 && list.iter().all(|piece| test(piece));
    match kind {
        "email" if text.matches('@').nth(1).is_some() => {
            let list = pieces(&[';', ',', '\n', '；', '，', '、']);
            if is_each(&list, |piece| piece.contains('@')) { list } else { vec![text] }
        }
        "phone" if text.contains([';', '\n', '、', '；']) => {
            let list = pieces(&[';', '\n', '、', '；']);
            let long = |piece: &str| piece.bytes().filter(u8::is_ascii_digit).count() >= 5;
            if is_each(&list, long) { list } else { vec![text] }
        }
        _ => vec![text],
    }
}

fn truth(text: &str) -> Option<bool> {
    match text.to_lowercase().as_str() {
        "true" | "yes" | "y" | "1" | "x" | "是" | "有" => Some(true),
        "false" | "no" | "n" | "0" | "否" | "无" => Some(false),
        _ => None,
    }
}

/// A full name brings its parts, parts bring the full name; a company without a person is a company.
fn complete_name(draft: &mut ContactDraft) {
    let part = |name| draft.get(name).unwrap_or("");
    if draft.kind == "company" {
        return;
    }
    let full = part("name");
    let parts = [part("prefix"), part("given"), part("middle"), part("family"), part("suffix")];
    if full.is_empty() {
        let [prefix, given, middle, family, suffix] = parts;
        if !(given.is_empty() && middle.is_empty() && family.is_empty()) {
            let name = display_name(prefix, given, middle, family, suffix);
            draft.fields.push(("name", name));
        } else if let Some(nickname) = draft.get("nickname") {
            let nickname = nickname.to_owned();
            draft.fields.push(("name", nickname));
        } else if !draft.company.is_empty() && draft.methods.iter().all(|method| method.kind != "email") {
            "company".clone_into(&mut draft.kind);
            let company = std::mem::take(&mut draft.company);
            draft.fields.push(("name", company));
        }
    } else if parts[1].is_empty() && parts[2].is_empty() && parts[3].is_empty() {
        let split = split_name(full);
        let found = [
            ("prefix", split.prefix),
            ("given", split.given),
            ("middle", split.middle),
            ("family", split.family),
            ("suffix", split.suffix),
        ];
        for (field, text) in found {
            if !text.is_empty() && draft.get(field).is_none() {
                draft.fields.push((field, text));
            }
        }
    }
}

/// Whether there is someone: a name, a company, a way to reach them, or an id to find them by.
pub(crate) fn is_someone(draft: &ContactDraft) -> bool {
    let named = ["name", "given", "family", "nickname"].into_iter().any(|field| draft.get(field).is_some());
    named
        || !draft.company.is_empty()
        || !draft.methods.is_empty()
        || draft.id.is_some()
        || draft.external_id.is_some()
}
