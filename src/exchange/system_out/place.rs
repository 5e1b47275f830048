//! Puts what a contact has into the columns of a table; what finds none is left.

use super::{Column, Known};
use crate::exchange::json::{AddressOut, ContactOut, MethodOut, plain};
use crate::exchange::mapping::{Part, Profile, Target};
use crate::text::{display_name, split_name};

pub(super) struct Placing<'a> {
    profile: &'a Profile,
    columns: &'a [Column],
    contact: &'a ContactOut,
    known: &'a Known,
    /// How dates are written.
    style: &'a str,
    cells: Vec<String>,
    rest: ContactOut,
}

/// Labels that anything may stand under where no better column is free.
const ANY: [&str; 4] = ["main", "other", "secondary", "private"];

impl<'a> Placing<'a> {
    pub(super) fn new(
        profile: &'a Profile,
        columns: &'a [Column],
        contact: &'a ContactOut,
        known: &'a Known,
        style: &'a str,
    ) -> Self {
        let mut rest = contact.clone();
        for text in [&mut rest.id, &mut rest.created, &mut rest.updated, &mut rest.last, &mut rest.next] {
            text.clear();
        }
        // What every contact of such a table is, no column says.
        for (field, value) in &profile.fixed {
            let shown = columns.iter().any(|column| column.target == Target::Field(field));
            if !shown && let Some(text) = rest.text_mut(field).filter(|text| *text == value) {
                text.clear();
            }
        }
        // A company that is known by its id alone.
        rest.company = rest.company.filter(|company| !company.name.is_empty());
        if rest.kind == "person" || profile.company {
            rest.kind.clear();
        }
        Self { profile, columns, contact, known, style, cells: vec![String::new(); columns.len()], rest }
    }

    pub(super) fn all(&mut self) {
        self.extras();
        self.texts();
        for kind in ["email", "phone", "url", "im", "social"] {
            self.methods(kind);
        }
        self.addresses();
        self.dates();
        self.others();
        self.name();
    }

    pub(super) fn done(self) -> (Vec<String>, ContactOut) {
        (self.cells, self.rest)
    }

    /// What the system's own table brought comes back under its name.
    fn extras(&mut self) {
        let system = self.profile.id_system();
        for (at, column) in self.columns.iter().enumerate() {
            let mine =
                |extra: &crate::exchange::json::ExtraOut| extra.source == system && extra.name == column.name;
            let withdrawn =
                matches!(column.target, Target::Consent { part: "status" }) && !self.consent().is_empty();
            if let Some(found) = self.rest.extras.iter().position(mine) {
                let extra = self.rest.extras.remove(found);
                if !withdrawn {
                    self.cells[at] = extra.value;
                }
            }
        }
        self.rest.extras.clear();
    }

    /// The profile's word for what the contact has consented to.
    fn consent(&self) -> &str {
        let rules = &self.profile.consent;
        if let Some(word) = rules.write.get(&self.known.consent) {
            return word;
        }
        let found = rules.words.iter().find(|(_, status)| **status == self.known.consent);
        found.map_or("", |(word, _)| word.as_str())
    }

    fn texts(&mut self) {
        let mut company_done = false;
        for (at, column) in self.columns.iter().enumerate() {
            if !self.cells[at].is_empty() {
                // The list of companies that the row had begins with the contact's own.
                let own = self.contact.company.as_ref().map_or("", |company| company.name.as_str());
                if matches!(column.target, Target::Company) && self.cells[at].split(';').next() == Some(own) {
                    self.rest.company = None;
                    company_done = true;
                }
                continue;
            }
            let cell = match &column.target {
                Target::Field("starred") if self.rest.starred => {
                    self.rest.starred = false;
                    "true".to_owned()
                }
                Target::Field("archived") if self.rest.archived => {
                    self.rest.archived = false;
                    "true".to_owned()
                }
                Target::Field(field) => self.rest.text_mut(field).map(std::mem::take).unwrap_or_default(),
                Target::Company if self.contact.kind == "company" => {
                    if company_done {
                        String::new()
                    } else {
                        std::mem::take(&mut self.rest.name)
                    }
                }
                Target::Company if !company_done || !self.known.company_id.is_empty() => {
                    self.rest.company = None;
                    self.contact.company.as_ref().map(|company| company.name.clone()).unwrap_or_default()
                }
                Target::CompanyId => self.known.company_id.clone(),
                Target::ExternalId => self.known.external_id.clone(),
                Target::RoloId => self.contact.id.clone(),
                Target::Tags => self.tags(),
                Target::Consent { part: "status" } => self.consent().to_owned(),
                Target::Value { key, .. } if !key.is_empty() => {
                    self.rest.fields.remove(key).map(|value| plain(&value)).unwrap_or_default()
                }
                _ => continue,
            };
            company_done |= matches!(column.target, Target::Company);
            self.cells[at] = cell;
        }
    }

    fn tags(&mut self) -> String {
        let style = self.profile.export.tags.as_str();
        let tags = std::mem::take(&mut self.rest.tags);
        if style == "quoted" {
            let words = tags.iter().map(|tag| format!("\"{}\"", tag.replace('"', "\"\"")));
            return words.collect::<Vec<_>>().join(",");
        }
        let separator = if style.is_empty() { ";" } else { style };
        // A tag that holds what parts tags has to stand elsewhere.
        let (mut whole, cut): (Vec<_>, Vec<_>) = tags.into_iter().partition(|tag| !tag.contains(separator));
        self.rest.tags = cut;
        // The group that all are in there, and that is no tag here.
        whole.extend(self.profile.tags.drop.first().cloned());
        whole.join(separator)
    }

    fn methods(&mut self, kind: &str) {
        let list = match kind {
            "email" => &mut self.rest.emails,
            "phone" => &mut self.rest.phones,
            "url" => &mut self.rest.urls,
            "im" => &mut self.rest.ims,
            _ => &mut self.rest.socials,
        };
        let mut left: Vec<MethodOut> = std::mem::take(list);
        // The preferred one first.
        left.sort_by_key(|method| !method.preferred);
        let slots: Vec<(usize, &str, &str, u32)> = self
            .columns
            .iter()
            .enumerate()
            .filter_map(|(at, column)| match &column.target {
                Target::Method { kind: own, service, label, group } if *own == kind => {
                    Some((at, service.as_str(), label.as_str(), *group))
                }
                _ => None,
            })
            .collect();
        // An address is an address, whatever its label; a number is first what its label says.
        let order = if kind == "email" { [0, 1, 2] } else { [1, 0, 2] };
        for round in order {
            for (at, service, label, group) in &slots {
                if !self.cells[*at].is_empty() {
                    continue;
                }
                let labelled = self.label_column(kind, *group).is_some();
                let fits = |method: &MethodOut| {
                    let served = if service.is_empty() {
                        method.service.is_empty()
                    } else {
                        method.service.eq_ignore_ascii_case(service)
                    };
                    served
                        && match round {
                            0 => label.is_empty(),
                            1 => !label.is_empty() && same_label(&method.label, label),
                            _ => label.is_empty() || ANY.contains(label) || (!service.is_empty() && labelled),
                        }
                };
                if let Some(found) = left.iter().position(fits) {
                    let method = left.remove(found);
                    if let Some(column) = self.label_column(kind, *group) {
                        self.cells[column] = method.label;
                    }
                    self.cells[*at] = method.value;
                }
            }
        }
        match kind {
            "email" => self.rest.emails = left,
            "phone" => self.rest.phones = left,
            "url" => self.rest.urls = left,
            "im" => self.rest.ims = left,
            _ => self.rest.socials = left,
        }
    }

    fn label_column(&self, kind: &str, group: u32) -> Option<usize> {
        let is = |column: &Column| matches!(&column.target, Target::MethodLabel { kind: own, group: of } if *own == kind && *of == group);
        self.columns.iter().position(is)
    }

    fn addresses(&mut self) {
        let mut sets: Vec<(&str, u32)> = Vec::new();
        for column in self.columns {
            if let Target::Address { label, group, .. } = &column.target
                && !sets.contains(&(label, *group))
            {
                sets.push((label, *group));
            }
        }
        let mut left = std::mem::take(&mut self.rest.addresses);
        let mut taken = vec![false; sets.len()];
        for round in 0..3 {
            for (at, (label, group)) in sets.iter().enumerate() {
                if taken[at] {
                    continue;
                }
                let fits = |address: &AddressOut| match round {
                    0 => !label.is_empty() && same_label(&address.label, label),
                    1 => label.is_empty(),
                    _ => address.label.is_empty(),
                };
                if let Some(found) = left.iter().position(fits) {
                    taken[at] = true;
                    let address = left.remove(found);
                    self.address(&address, label, *group);
                }
            }
        }
        // Where none has found a place of its name, the first goes where the system has one: its map would be empty.
        if let (Some((label, group)), false, false) = (sets.first(), taken.contains(&true), left.is_empty()) {
            self.address(&left.remove(0), label, *group);
        }
        self.rest.addresses = left;
    }

    fn address(&mut self, address: &AddressOut, label: &str, group: u32) {
        let column = |part: Part| {
            self.columns.iter().position(|column| {
                matches!(&column.target, Target::Address { part: own, label: of, group: n } if *own == part && of == label && *n == group)
            })
        };
        let formatted = column(Part::Formatted);
        let mut street = Vec::new();
        let mut cells = Vec::new();
        for part in Part::FIELDS {
            let text = crate::exchange::csv_out::address_part(address, part);
            match column(part) {
                Some(at) if part != Part::Street => cells.push((at, text)),
                // What has no column of its own stands with the street.
                _ if !text.is_empty() => street.push(text),
                _ => {}
            }
        }
        match column(Part::Street) {
            Some(at) => cells.push((at, street.join("\n"))),
            None => {
                if let Some(at) = formatted {
                    cells.push((at, street.join(", ")));
                }
            }
        }
        for (at, text) in cells {
            if self.cells[at].is_empty() {
                self.cells[at] = text;
            }
        }
    }

    fn dates(&mut self) {
        let style = self.style;
        for (at, column) in self.columns.iter().enumerate() {
            if !self.cells[at].is_empty() {
                continue;
            }
            match &column.target {
                Target::Date { label, .. } if label == "birthday" => {
                    let mut day = std::mem::take(&mut self.rest.birthday);
                    // Outlook in Portuguese calls two columns so.
                    let second = self.rest.dates.iter().position(|date| date.label == *label);
                    if let Some(found) = second.filter(|_| day.is_empty()) {
                        day = self.rest.dates.remove(found).date;
                    }
                    let yearless = without_year(&day, &self.profile.export.yearless);
                    self.cells[at] = yearless.unwrap_or_else(|| written(&day, style));
                }
                Target::Date { label, .. } => {
                    let fits = |date: &crate::exchange::json::DateOut| {
                        date.label == *label && date.calendar.is_empty()
                    };
                    if let Some(found) = self.rest.dates.iter().position(fits) {
                        self.cells[at] = written(&self.rest.dates.remove(found).date, style);
                    }
                }
                Target::Birthday { part } => {
                    let birthday = &self.contact.birthday;
                    let yearless = birthday.strip_prefix("--").map(|rest| format!("0-{rest}"));
                    let text = yearless.as_deref().unwrap_or(birthday);
                    let number = text.split('-').nth(*part).and_then(|text| text.parse::<u32>().ok());
                    self.cells[at] = number.filter(|n| *n > 0).map(|n| n.to_string()).unwrap_or_default();
                    if !self.cells[at].is_empty() {
                        self.rest.birthday.clear();
                    }
                }
                _ => {}
            }
        }
    }

    fn others(&mut self) {
        for (at, column) in self.columns.iter().enumerate() {
            if let Target::Link { relation, .. } = &column.target
                && self.cells[at].is_empty()
                && let Some(found) = self.rest.links.iter().position(|link| link.relation == *relation)
            {
                self.cells[at] = self.rest.links.remove(found).name;
            }
        }
    }

    /// A name that follows from its parts, or stands in a column, needs no further one.
    fn name(&mut self) {
        let c = self.contact;
        let whole = display_name(&c.prefix, &c.given, &c.middle, &c.family, &c.suffix);
        let parts = [&c.given, &c.middle, &c.family].iter().any(|part| !part.is_empty());
        let named = self.columns.iter().any(|column| column.target == Target::Field("name"));
        if named && c.kind != "company" {
            // What follows from the whole name needs no columns either.
            let split = split_name(&c.name);
            let own = [&split.prefix, &split.given, &split.middle, &split.family, &split.suffix];
            if own == [&c.prefix, &c.given, &c.middle, &c.family, &c.suffix] {
                let rest = &mut self.rest;
                let parts =
                    [&mut rest.prefix, &mut rest.given, &mut rest.middle, &mut rest.family, &mut rest.suffix];
                parts.into_iter().for_each(String::clear);
            }
        }
        if self.rest.name.is_empty() || (parts && whole == self.rest.name) {
            self.rest.name.clear();
            return;
        }
        let family = self.columns.iter().position(|column| column.target == Target::Field("family"));
        if let Some(at) = family.filter(|at| !parts && c.kind != "company" && self.cells[*at].is_empty()) {
            self.cells[at] = std::mem::take(&mut self.rest.name);
        }
    }
}

fn same_label(label: &str, column: &str) -> bool {
    let fax = |label: &str| label == "fax" || label.ends_with(" fax");
    label == column || (fax(label) && fax(column) && (label == "fax" || column == "fax"))
}

/// A day of no year as the system writes it, if it has a way of its own: `mm/dd`.
fn without_year(date: &str, style: &str) -> Option<String> {
    let (month, day) = date.strip_prefix("--").filter(|_| !style.is_empty())?.split_once('-')?;
    Some(style.replace("mm", month).replace("dd", day))
}

/// A day as the system writes it; what is no whole day stays as it is.
pub(in crate::exchange) fn written(date: &str, style: &str) -> String {
    let parts: Vec<&str> = date.split('-').collect();
    let [year, month, day] = parts[..] else { return date.to_owned() };
    let (Ok(m), Ok(d)) = (month.parse::<usize>(), day.parse::<u32>()) else { return date.to_owned() };
    if year.len() != 4 || !(1..=12).contains(&m) {
        return date.to_owned();
    }
    const MONTHS: [&str; 12] =
        ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    match style {
        "" | "iso" => date.to_owned(),
        "d mon yyyy" => format!("{d:02} {} {year}", MONTHS[m - 1]),
        pattern => {
            let mut text = String::new();
            for letter in pattern.chars() {
                match letter {
                    'd' => text.push_str(&d.to_string()),
                    'm' => text.push_str(&m.to_string()),
                    'y' => text.push_str(year),
                    between => text.push(between),
                }
            }
            text
        }
    }
}
