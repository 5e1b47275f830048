//! Rows that are no contacts, and what a contact's row says beside its fields: birthdays in parts, consent.

use super::cells::{amount, day, has_time, moment, pick, truth};
use super::{Action, Table, restored};
use crate::exchange::mapping::is_ambiguous;
use crate::exchange::scan::Record;
use crate::exchange::{Reason, RowItem, Warning, WarningKind, json};
use crate::model::draft::{ContactDraft, DateDraft, OPEN, RecordDraft, Whom};
use crate::model::schema::{Kind, Type};
use crate::text::fold;

/// One thing that a row says about consent.
pub(super) struct Said {
    status: String,
    at: String,
}

impl Table {
    /// A row as a record of the profile's kind.
    pub(super) fn other(&self, record: &Record, line: u64, warnings: &mut Vec<Warning>) -> RowItem {
        let mut draft = Box::new(RecordDraft {
            kind: self.record,
            external_id: None,
            fields: Vec::new(),
            company: None,
            whom: Vec::new(),
            extras: Vec::new(),
        });
        let mut company = Whom { is_company: true, ..Whom::default() };
        let mut people: Vec<Whom> = Vec::new();
        for (index, cell) in self.filled(record) {
            let text = cell.trim();
            match &self.actions[index] {
                Action::ExternalId if draft.external_id.is_none() => {
                    draft.external_id = Some(text.to_owned());
                }
                Action::Record(field) => self.record_field(&mut draft, field, index, cell, line, warnings),
                Action::Whom { company: true, part } if whom_part(&mut company, part, text) => {}
                Action::Whom { company: false, part } if self.people(&mut people, part, text) => {}
                Action::Skip => {}
                _ => draft.extras.push((self.names[index].clone(), cell.to_owned())),
            }
        }
        if let Some(key) = self.key {
            let key = restored(record.get(key)).trim();
            draft.external_id = (!key.is_empty()).then(|| key.to_owned());
        }
        self.settle_company(&mut draft, company);
        people.retain(|whom| *whom != Whom::default());
        draft.whom.append(&mut people);
        self.settle_deal(&mut draft);
        let named = ["title", "name", "subject", "body"].iter().any(|field| value(&draft, field).is_some());
        if named || draft.external_id.is_some() {
            RowItem::Other(draft)
        } else {
            RowItem::Bad(Reason::NoName)
        }
    }

    fn record_field(
        &self,
        draft: &mut RecordDraft,
        field: &'static str,
        index: usize,
        cell: &str,
        line: u64,
        warnings: &mut Vec<Warning>,
    ) {
        let text = cell.trim();
        let record = self.record.record();
        let Some(at) = record.field(field) else { return };
        let read = match record.fields[at].ty {
            Type::Decimal => amount(text).map(|(number, currency)| {
                if !currency.is_empty() && value(draft, "currency").is_none() {
                    draft.fields.push(("currency", currency.to_owned()));
                }
                number
            }),
            Type::Int if field == "probability" => percent(text),
            Type::Int => text.parse::<i64>().ok().map(|number| number.to_string()),
            Type::Flag => truth(text).map(|on| on.to_string()),
            // A time of day stands as rolo keeps it.
            Type::When if self.profile.is_native() && moment(text, self.date_order).is_some() => {
                Some(text.to_owned())
            }
            Type::Date | Type::When => day(text, self.date_order),
            Type::Json => serde_json::from_str::<serde_json::Value>(text).is_ok().then(|| text.to_owned()),
            // "Closed" may be a day, or only say that it is.
            Type::Instant => moment(text, self.date_order).or_else(|| truth(text).map(|on| on.to_string())),
            Type::Long => Some(cell.to_owned()),
            _ => Some(text.to_owned()),
        };
        // A field for a day has no place for the time, which an export gives back.
        let day_only = matches!(record.fields[at].ty, Type::Date | Type::When) && !self.profile.is_native();
        if day_only && read.is_some() && has_time(text, self.date_order) {
            draft.extras.push((self.names[index].clone(), cell.to_owned()));
        }
        let taken = value(draft, field).is_some_and(|there| field != "currency" || there != text);
        match read {
            // A currency of its own column beats the sign of an amount.
            Some(read) if field == "currency" => put(draft, field, read),
            Some(read) if !taken => draft.fields.push((field, read)),
            Some(_) => draft.extras.push((self.names[index].clone(), cell.to_owned())),
            None => {
                let date = matches!(record.fields[at].ty, Type::Date | Type::When | Type::Instant);
                let kind = match date {
                    true if self.date_order.is_none() && is_ambiguous(text) => WarningKind::AmbiguousDate,
                    true => WarningKind::NoDate,
                    false => WarningKind::BadValue,
                };
                let column = self.names[index].clone();
                warnings.push(Warning { line, column: column.clone(), value: text.to_owned(), kind });
                draft.extras.push((column, cell.to_owned()));
            }
        }
    }

    /// `77;78` and `Ann Lee (ann@acme.example);Bob` are two people each. Whether there was room for all of them.
    fn people(&self, people: &mut Vec<Whom>, part: &str, text: &str) -> bool {
        let list = if self.profile.list.trim().is_empty() { ";" } else { self.profile.list.trim() };
        let split = matches!(part, "id" | "name" | "email") || (part == "role" && self.profile.is_native());
        let parts: Vec<&str> = if split { text.split(list).map(str::trim).collect() } else { vec![text] };
        let mut all = true;
        for (at, part_text) in parts.into_iter().enumerate() {
            if people.len() <= at {
                people.resize_with(at + 1, Whom::default);
            }
            all &= whom_part(&mut people[at], part, part_text);
        }
        all
    }

    /// A deal has a company; of anything else it is one of those whom it is about.
    fn settle_company(&self, draft: &mut RecordDraft, company: Whom) {
        if company == (Whom { is_company: true, ..Whom::default() }) {
            return;
        }
        if self.record.record().field("company").is_some() {
            draft.company = Some(company);
        } else {
            draft.whom.push(company);
        }
    }

    /// A stage that says so makes a deal won or lost, on the day that it was to be closed.
    fn settle_deal(&self, draft: &mut RecordDraft) {
        if self.record != Kind::Deal {
            return;
        }
        let stage = value(draft, "stage").map(fold).unwrap_or_default();
        // `closed won (sales pipeline)`: behind the stage the pipeline.
        let bare = stage.strip_suffix(')').and_then(|stage| stage.rsplit_once(" ("));
        let is_one_of = |stages: &[String]| {
            stages.contains(&stage) || bare.is_some_and(|(bare, _)| stages.iter().any(|stage| stage == bare))
        };
        let won = is_one_of(&self.profile.won) || value(draft, "won") == Some("true");
        let closed = value(draft, "closed").map(str::to_owned);
        let over = won || is_one_of(&self.profile.lost) || closed.as_deref() == Some("true");
        draft.fields.retain(|(field, _)| !matches!(*field, "won" | "closed"));
        if won {
            draft.fields.push(("won", "true".to_owned()));
        }
        let day = closed.filter(|closed| closed != "true" && closed != "false");
        let expected = value(draft, "expected_close").map(str::to_owned);
        // What rolo wrote itself has the day of every deal that has one.
        let expected = expected.filter(|_| over && !self.profile.is_native());
        if let Some(day) = day.or(expected) {
            draft.fields.push(("closed", day));
        }
    }

    /// A birthday in three columns; parts that make no day are kept as they are.
    pub(super) fn birthday(&self, draft: &mut ContactDraft, record: &Record) {
        if self.birthday == [None; 3] || draft.dates.iter().any(|date| date.label == "birthday") {
            return;
        }
        let text = |part: usize| self.birthday[part].map_or("", |index| restored(record.get(index)).trim());
        let [year, month, day] = [0, 1, 2].map(text);
        let number = |text: &str| text.parse::<u32>().ok().filter(|number| *number > 0);
        let date = match (number(year), number(month), number(day)) {
            (Some(year), Some(month), Some(day)) => Some(format!("{year:04}-{month:02}-{day:02}")),
            (None, Some(month), Some(day)) => Some(format!("--{month:02}-{day:02}")),
            (Some(year), Some(month), None) => Some(format!("{year:04}-{month:02}")),
            (Some(year), None, None) => Some(format!("{year:04}")),
            _ => None,
        };
        if let Some(date) = date.and_then(|date| super::cells::day(&date, None)) {
            let label = "birthday".to_owned();
            draft.dates.push(DateDraft { label, date, ..DateDraft::default() });
            return;
        }
        for index in self.birthday.into_iter().flatten() {
            let cell = restored(record.get(index));
            if number(cell.trim()).is_some() || !cell.trim().chars().all(|c| c == '0') {
                self.extra(draft, index, cell);
            }
        }
    }

    pub(super) fn consent(
        &self,
        draft: &mut ContactDraft,
        part: &str,
        index: usize,
        cell: &str,
        said: &mut Vec<Said>,
    ) {
        let text = cell.trim();
        if part == "records" {
            match json::consents(text) {
                Some(consents) => draft.records.extend(consents.into_iter().map(RecordDraft::from)),
                None => self.extra(draft, index, cell),
            }
            return;
        }
        if part == "status" {
            match self.profile.consent.words.get(&text.to_lowercase()) {
                Some(status) if status == "none" => {}
                Some(status) => {
                    said.push(Said { status: status.clone(), at: String::new() });
                    if status == OPEN {
                        self.extra(draft, index, cell);
                    }
                }
                None => self.extra(draft, index, cell),
            }
            return;
        }
        if let Some(at) = moment(text, self.date_order) {
            said.push(Said { status: part.to_owned(), at });
        }
        // The time comes back under its own name.
        self.extra(draft, index, cell);
    }

    /// What the row and the shape of its file say about consent, one record a status.
    pub(super) fn settle_consents(&self, draft: &mut ContactDraft, mut said: Vec<Said>) {
        let rules = &self.profile.consent;
        if !rules.status.is_empty() && !said.iter().any(|said| said.status == rules.status) {
            said.push(Said { status: rules.status.clone(), at: String::new() });
        }
        // A word without a time gets the time of another column.
        let mut known: Vec<Said> = Vec::new();
        for new in said {
            match known.iter_mut().find(|other| other.status == new.status) {
                Some(other) if other.at.is_empty() => other.at = new.at,
                Some(_) => {}
                None => known.push(new),
            }
        }
        known.sort_by_key(|said| said.status != "granted");
        for Said { status, at } in known {
            let consent = json::ConsentOut {
                purpose: pick(&rules.purpose, "newsletter").to_owned(),
                channel: pick(&rules.channel, "email").to_owned(),
                status,
                at,
                ..json::ConsentOut::default()
            };
            draft.records.push(consent.into());
        }
    }
}

fn value<'a>(draft: &'a RecordDraft, field: &str) -> Option<&'a str> {
    draft.fields.iter().find(|(name, _)| *name == field).map(|(_, value)| value.as_str())
}

fn put(draft: &mut RecordDraft, field: &'static str, value: String) {
    draft.fields.retain(|(name, _)| *name != field);
    draft.fields.push((field, value));
}

/// `75`, `75%` and `0.75` are 75; only a number with a point may be a part of one.
fn percent(text: &str) -> Option<String> {
    let number: f64 = text.trim_end_matches('%').trim().parse().ok()?;
    let whole =
        if text.contains('.') && !text.contains('%') && number <= 1.0 { number * 100.0 } else { number };
    (0.0..=100.0).contains(&whole).then(|| format!("{}", whole.round() as i64))
}

/// Fills in what a cell says about someone; `Ann Lee (ann@acme.example)` is a name with its address. False if something
/// else stands there already.
fn whom_part(whom: &mut Whom, part: &str, text: &str) -> bool {
    if part == "name"
        && let Some((name, rest)) = text.split_once('(')
        && let Some(email) = rest.strip_suffix(')').filter(|email| email.contains('@'))
    {
        name.trim().clone_into(&mut whom.name);
        if whom.email.is_empty() {
            email.trim().clone_into(&mut whom.email);
        }
        return true;
    }
    let place = match part {
        "id" => &mut whom.external_id,
        "name" => &mut whom.name,
        "email" => &mut whom.email,
        "phone" => &mut whom.phone,
        "company" => &mut whom.company,
        _ => &mut whom.role,
    };
    if place.is_empty() {
        text.clone_into(place);
    }
    place == text
}
