//! A table's rows to drafts, by a plan.

mod cells;
mod footer;
mod methods;
mod record;
#[cfg(test)]
mod tests;

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use super::mailbox;
use super::mapping::{self, Part, Plan, Profile, Target, Transform, label_of, value_of};
use super::scan::Record;

use super::{DateOrder, Reason, RowItem, Warning, WarningKind};
use crate::model::draft::{AddressDraft, ContactDraft, DateDraft, ExtraDraft, LinkDraft};
use crate::model::schema::Kind;
use crate::text::{display_name, split_name};
use cells::{canonical, is_plain_date, pick, split_label, split_tags, truth};

pub(crate) use cells::restored;

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
    CompanyId,
    Consent(&'static str),
    /// Of a row that is no contact.
    Record(&'static str),
    Whom {
        company: bool,
        part: &'static str,
    },
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
    profile: Arc<Profile>,
    /// The words of each column that mean nothing is there; empty if no column has one.
    fillers: Vec<Vec<String>>,
    /// Columns that say that the row was deleted.
    bin: Vec<usize>,
    /// Year, month and day of the birthday.
    birthday: [Option<usize>; 3],
    /// The columns of the companies' names and of their ids.
    companies: Option<(usize, usize)>,
    record: Kind,
    date_order: Option<DateOrder>,
    key: Option<usize>,
    /// The column of rolo's own ids: where a row has one, rolo wrote its cells, each of which is one value.
    id: Option<usize>,
    /// What makes cells that the file doesn't have, behind its own.
    transforms: Vec<Transform>,
    width: usize,
}

impl Table {
    pub(crate) fn new(plan: &Plan, profile: Arc<Profile>) -> Self {
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
        let mut birthday = [None; 3];
        for (index, column) in plan.columns.iter().enumerate() {
            if let Target::Birthday { part } = column.target {
                birthday[part].get_or_insert(index);
            }
        }
        let place = |wanted: Target| columns.iter().position(|column| column.target == wanted);
        let companies = place(Target::Company).zip(place(Target::CompanyId));
        Self {
            actions,
            addresses,
            companies,
            names: columns.iter().map(|column| column.name.clone()).collect(),
            system: plan.system.clone(),
            fillers: fillers(plan, &profile),
            bin: bin(plan, &profile),
            profile,
            birthday,
            record: plan.record,
            date_order: plan.date_order,
            key: plan.key,
            id: place(Target::RoloId),
            transforms: plan.transforms.clone(),
            width: plan.columns.len(),
        }
    }

    /// A row as a draft, or why it is none.
    pub(crate) fn row(&self, record: &Record, line: u64, warnings: &mut Vec<Warning>) -> RowItem {
        if record.is_blank() {
            return RowItem::Blank;
        }
        if let Some(value) = self.footer(record) {
            let (column, value) = (String::new(), value.to_owned());
            warnings.push(Warning { line, column, value, kind: WarningKind::Footer });
            return RowItem::Blank;
        }
        // One export ends the lines of a note with CR LF, the next one with LF; rolo's own table has them as they are.
        let plain = if self.id.is_some() { None } else { record.with_line_feeds() };
        let record = plain.as_ref().unwrap_or(record);
        let extended;
        let record = if self.transforms.is_empty() {
            record
        } else {
            extended = mapping::extend(&self.transforms, record, self.width, &self.profile.empty);
            &extended
        };
        if self.record != Kind::Contact {
            return self.other(record, line, warnings);
        }
        let mut draft = Box::new(ContactDraft::default());
        if self.profile.company {
            "company".clone_into(&mut draft.kind);
        }
        let mut consents = Vec::new();
        for (index, cell) in self.filled(record) {
            match &self.actions[index] {
                Action::Skip => {}
                Action::Consent(part) => self.consent(&mut draft, part, index, cell, &mut consents),
                action => self.cell(&mut draft, action, index, cell, record, line, warnings),
            }
        }
        self.first_company(&mut draft, record);
        self.birthday(&mut draft, record);
        self.settle_consents(&mut draft, consents);
        draft.deleted = self.bin.iter().any(|index| truth(record.get(*index).trim()) == Some(true));
        for columns in &self.addresses {
            self.address(&mut draft, columns, record);
        }
        if let Some(key) = self.key {
            let key = restored(record.get(key)).trim();
            draft.external_id = (!key.is_empty()).then(|| key.to_owned());
        }
        mailbox::settle(&mut draft, &self.system);
        // A row of rolo's own table says itself which parts a name has.
        if draft.id.is_none() || draft.get("name").is_none() {
            complete_name(&mut draft);
        }
        if !is_someone(&draft) {
            return RowItem::Bad(Reason::NoName);
        }
        for (field, value) in &self.profile.fixed {
            if draft.get(field).is_none() {
                draft.fields.push((field, value.clone()));
            }
        }
        RowItem::Contact(draft)
    }

    /// The cells that say something, without what a spreadsheet or the system's habits put there.
    fn filled<'a>(&'a self, record: &'a Record) -> impl Iterator<Item = (usize, &'a str)> {
        record.filled().take_while(|index| *index < self.actions.len()).filter_map(|index| {
            let cell = restored(record.get(index));
            let filler = self.profile.empty.iter().any(|filler| filler == cell)
                || self.fillers.get(index).is_some_and(|words| words.iter().any(|word| word == cell));
            (!filler && !cell.trim().is_empty()).then_some((index, cell))
        })
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
                let one = self.id.is_some_and(|id| !record.get(id).trim().is_empty());
                self.methods(draft, (kind, service), pick(label(labels.label), own), text, one);
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
            Action::ExternalId if draft.external_id.is_none() => draft.external_id = Some(text.to_owned()),
            // A second id of the same system is no other contact's.
            Action::ExternalId => self.extra(draft, index, cell),
            Action::RoloId => draft.id = Some(text.to_owned()),
            Action::Created if cells::moment(text, None).is_some_and(|at| at == text && at.len() > 19) => {
                text.clone_into(&mut draft.created);
            }
            Action::Updated if self.system == "csv" => text.clone_into(&mut draft.updated),
            // The names of further companies have no place.
            Action::CompanyId if !draft.company_id.is_empty() => self.extra(draft, index, cell),
            Action::CompanyId if !text.contains([';', ',']) => text.clone_into(&mut draft.company_id),
            Action::CompanyId => {
                let first = text.split([';', ',']).next().unwrap_or_default();
                first.trim().clone_into(&mut draft.company_id);
                self.extra(draft, index, cell);
            }
            Action::Created | Action::Updated => self.extra(draft, index, cell),
            // Rows that are no contact have their own way; consents are gathered.
            Action::Record(_) | Action::Whom { .. } | Action::Consent(_) => {}
        }
    }

    /// Where a row names several companies and their ids, the first is the contact's; all of them are kept.
    fn first_company(&self, draft: &mut ContactDraft, record: &Record) {
        let Some((names, ids)) = self.companies else { return };
        let several = |index: usize| restored(record.get(index)).split(';').map(str::trim);
        let count = several(ids).filter(|id| !id.is_empty()).count();
        if count > 1 && several(names).count() == count && draft.company == restored(record.get(names)).trim()
        {
            several(names).next().unwrap_or_default().clone_into(&mut draft.company);
            self.extra(draft, names, restored(record.get(names)));
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

    /// What stands between the values of a cell.
    fn list(&self) -> &str {
        if self.profile.list.is_empty() { " ::: " } else { &self.profile.list }
    }

    fn split_list<'a>(&self, text: &'a str) -> impl Iterator<Item = &'a str> {
        text.split(self.list()).map(str::trim).filter(|part| !part.is_empty()).collect::<Vec<_>>().into_iter()
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
        cells::day(text, self.date_order).unwrap_or_else(|| {
            let ambiguous = self.date_order.is_none() && mapping::is_ambiguous(text);
            let kind = if ambiguous { WarningKind::AmbiguousDate } else { WarningKind::NoDate };
            warnings.push(Warning { line, column: self.names[index].clone(), value: text.to_owned(), kind });
            text.to_owned()
        })
    }

    fn tags(&self, draft: &mut ContactDraft, text: &str) {
        let rules = &self.profile.tags;
        let list = match self.profile.export.tags.as_str() {
            "" | "quoted" => &self.profile.list,
            own => own,
        };
        let mut seen: HashSet<String> = draft.tags.iter().cloned().collect();
        for tag in split_tags(text, list) {
            if rules.drop.contains(&tag) {
                continue;
            }
            if rules.starred.contains(&tag) {
                draft.set("starred", "true");
                continue;
            }
            let tag = tag.strip_prefix("* ").unwrap_or(&tag).trim();
            if !tag.is_empty() && seen.insert(tag.to_owned()) {
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
            // Where no column is for the street, the one for the address is.
            let street = columns.parts.iter().any(|(part, _)| *part == Part::Street);
            match says_nothing_new(&address, text) {
                _ if address.is_empty() => text.clone_into(&mut address.street),
                false if street => self.extra(draft, index, text),
                false => text.clone_into(&mut address.street),
                true => {}
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

/// The filler of each column, by the system's habits.
fn fillers(plan: &Plan, profile: &Profile) -> Vec<Vec<String>> {
    if profile.fill.is_empty() {
        return Vec::new();
    }
    let words = |name: &str| profile.fill.get(&mapping::key(name)).map(|filler| filler.words().to_vec());
    plan.columns.iter().map(|column| words(&column.name).unwrap_or_default()).collect()
}

/// The columns that say that the system has deleted a row.
fn bin(plan: &Plan, profile: &Profile) -> Vec<usize> {
    let names = plan.columns.iter().enumerate().map(|(index, column)| (index, mapping::key(&column.name)));
    names.filter(|(_, name)| profile.bin.contains(name)).map(|(index, _)| index).collect()
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
        Target::CompanyId => Action::CompanyId,
        Target::Consent { part } => Action::Consent(part),
        Target::Record { field, .. } => Action::Record(field),
        Target::Whom { company, part } => Action::Whom { company: *company, part },
        Target::Ignore
        | Target::Birthday { .. }
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

/// A full name brings its parts, parts bring the full name; a company without a person is a company.
pub(crate) fn complete_name(draft: &mut ContactDraft) {
    if draft.kind == "company" {
        // A table of people names it in the column of companies.
        if draft.get("name").is_none() && !draft.company.is_empty() {
            let company = std::mem::take(&mut draft.company);
            draft.fields.push(("name", company));
        }
        return;
    }
    let part = |name| draft.get(name).unwrap_or("");
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
        draft.split_into([split.prefix, split.given, split.middle, split.family, split.suffix]);
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
