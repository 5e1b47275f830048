//! Contacts to tables: Google's format, and rolo's own that reads back with nothing lost but ids of links.
//!
//! Two passes: a `Shape` sees every contact first, so that the columns are as many as needed, then a `Writer` writes.

mod cells;
mod google;

use std::borrow::Cow;
use std::collections::HashMap;
use std::io::{self, Write};

use super::json::ContactOut;
use super::mapping::{FIELD_PREFIX, Part};
pub(super) use cells::address_part;
use cells::{Cells, methods};

/// Which columns there are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    /// Google Contacts, the format since 2024.
    Google,
    /// Google Contacts, the format before.
    GoogleOld,
    /// rolo's own.
    Csv,
    /// The same for what another table had no columns for: no id, no times, numbers go on where the other's end.
    Rest,
}

impl Style {
    fn is_google(self) -> bool {
        matches!(self, Self::Google | Self::GoogleOld)
    }
}

/// The first column of a table of rolo's own, by which its reader knows it.
pub(super) const OWN_ID: &str = "Rolo ID";
/// The kinds of methods with what rolo's own columns call them.
const METHODS: [(&str, &str); 5] =
    [("email", "Email"), ("phone", "Phone"), ("url", "Website"), ("im", "IM"), ("social", "Social")];
/// rolo's own names of text fields.
const TEXTS: [(&str, &str); 27] = [
    ("kind", "Kind"),
    ("name", "Name"),
    ("given", "Given Name"),
    ("middle", "Middle Name"),
    ("family", "Family Name"),
    ("prefix", "Prefix"),
    ("suffix", "Suffix"),
    ("nickname", "Nickname"),
    ("phonetic_given", "Phonetic Given Name"),
    ("phonetic_middle", "Phonetic Middle Name"),
    ("phonetic_family", "Phonetic Family Name"),
    ("title", "Job Title"),
    ("department", "Department"),
    ("stage", "Stage"),
    ("owner", "Owner"),
    ("language", "Language"),
    ("time_zone", "Time Zone"),
    ("tier", "Tier"),
    ("industry", "Industry"),
    ("size", "Company Size"),
    ("interests", "Interests"),
    ("source", "Source"),
    ("channel", "Preferred Channel"),
    ("keep_in_touch", "Keep in Touch"),
    ("photo", "Photo"),
    ("gender", "Gender"),
    ("pronouns", "Pronouns"),
];
const PARTS: [(Part, &str); 7] = [
    (Part::Street, "Street"),
    (Part::Extended, "Extended"),
    (Part::PoBox, "PO Box"),
    (Part::City, "City"),
    (Part::Region, "Region"),
    (Part::Postcode, "Postal Code"),
    (Part::Country, "Country"),
];

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Side {
    Label,
    Value,
    /// The service of a method, the calendar of a date.
    Second,
}

/// What stands in a column; `n` counts from 0.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Column {
    Id,
    Text(&'static str),
    /// The given name, or the whole name where no part of it is known.
    GivenOrName,
    /// The name, but not that of a company, which stands as the organisation.
    WholeName,
    Company,
    /// The company, or the company that the contact is.
    Organization,
    Starred,
    Archived,
    Method(&'static str, usize, Side),
    /// URLs and social profiles in one list.
    Site(usize, Side),
    /// The preferred or first method of a kind.
    Best(&'static str),
    AddressLabel(usize),
    Address(usize, Part),
    Birthday,
    Date(usize, Side),
    Tags,
    Link(usize, Side),
    /// All of them as JSON.
    Consents,
    Field(String),
    NthField(usize, Side),
    Extra(String),
    Created,
    Updated,
    Last,
    Next,
}

/// How many columns of each group a set of contacts needs, and which of the others.
#[derive(Clone, Debug)]
pub struct Shape {
    style: Style,
    chosen: Option<Vec<String>>,
    /// From which number on methods of a kind, and addresses, are counted.
    first: HashMap<&'static str, usize>,
    most: HashMap<&'static str, usize>,
    fields: Vec<String>,
    extras: Vec<String>,
    /// The columns that the system's table had last, in its order.
    seen: Vec<String>,
}

impl Shape {
    /// `columns`: only these, by the names that `list --columns` takes.
    pub fn new(style: Style, columns: Option<Vec<String>>) -> Self {
        Self {
            style,
            chosen: columns,
            first: HashMap::new(),
            most: HashMap::new(),
            fields: Vec::new(),
            extras: Vec::new(),
            seen: Vec::new(),
        }
    }

    /// Google's table in the format, with the columns and in the order that it had when it was last seen. `style`: only
    /// if it was seen in this format.
    pub fn google(style: Option<Style>, seen: Option<Vec<String>>) -> Self {
        let seen = seen.unwrap_or_default();
        let found = google::style_of(&seen);
        let wanted = style.or(found).unwrap_or(Style::Google);
        let seen = if found == Some(wanted) { seen } else { Vec::new() };
        Self { seen, ..Self::new(wanted, None) }
    }

    /// For what another table has no columns for; `count` says how many columns it has for a kind of methods, or up to which
    /// number it counts addresses.
    pub(super) fn rest(count: &dyn Fn(&str) -> usize) -> Self {
        let kinds = METHODS.iter().map(|(kind, _)| *kind).chain(["address"]);
        let first = kinds.map(|kind| (kind, count(kind))).collect();
        Self { first, ..Self::new(Style::Rest, None) }
    }

    /// The columns with their names.
    pub(super) fn named(&self) -> Vec<NamedColumn> {
        let system = self.system();
        let named = |(name, column)| NamedColumn { name, column, style: self.style, system };
        self.columns().into_iter().map(named).collect()
    }

    /// Makes room for a contact.
    pub fn see(&mut self, contact: &ContactOut) {
        let mut most = |what: &'static str, count: usize| {
            let entry = self.most.entry(what).or_default();
            *entry = (*entry).max(count);
        };
        for (kind, _) in METHODS {
            most(kind, methods(contact, kind).len());
        }
        most("site", contact.urls.len() + contact.socials.len());
        most("address", contact.addresses.len());
        most("date", contact.dates.len());
        most("calendar", contact.dates.iter().filter(|date| !date.calendar.is_empty()).count());
        most("field", contact.fields.len());
        most("link", contact.links.len());
        most("consent", contact.consents.len());
        for (name, text) in contact.texts() {
            most(name, usize::from(!text.is_empty()));
        }
        most("company", usize::from(contact.company.is_some()));
        most("organization", usize::from(contact.kind == "company"));
        most("starred", usize::from(contact.starred));
        most("archived", usize::from(contact.archived));
        most("birthday", usize::from(!contact.birthday.is_empty()));
        most("tags", contact.tags.len());
        for key in contact.fields.keys() {
            if !self.fields.contains(key) {
                self.fields.push(key.clone());
            }
        }
        let system = self.system();
        for extra in contact.extras.iter().filter(|extra| extra.source == system) {
            if !self.extras.contains(&extra.name) {
                self.extras.push(extra.name.clone());
            }
        }
    }

    fn system(&self) -> &'static str {
        if self.style.is_google() { "google" } else { "csv" }
    }

    fn most(&self, what: &str) -> usize {
        self.most.get(what).copied().unwrap_or(0)
    }

    fn columns(&self) -> Vec<(String, Column)> {
        if let Some(chosen) = &self.chosen {
            return chosen.iter().map(|name| (name.clone(), chosen_column(name))).collect();
        }
        let mut columns = if self.style.is_google() { self.google_columns() } else { self.own() };
        for name in &self.extras {
            if !columns.iter().any(|(other, _)| other == name) {
                columns.push((name.clone(), Column::Extra(name.clone())));
            }
        }
        columns
    }

    fn own(&self) -> Vec<(String, Column)> {
        let whole = self.style != Style::Rest;
        let mut columns = Vec::new();
        if whole {
            columns.push((OWN_ID.to_owned(), Column::Id));
        }
        let used = |what: &str| self.most(what) > 0;
        for (field, name) in TEXTS {
            if used(field) || (field == "name" && whole) {
                columns.push((name.to_owned(), Column::Text(field)));
            }
            if field == "phonetic_family" && used("company") {
                columns.push(("Company".to_owned(), Column::Company));
            }
        }
        for (kind, name) in METHODS {
            for n in 0..self.most(kind) {
                let number = n + 1 + self.first.get(kind).copied().unwrap_or(0);
                if matches!(kind, "im" | "social") {
                    columns
                        .push((format!("{name} {number} - Service"), Column::Method(kind, n, Side::Second)));
                }
                columns.push((format!("{name} {number} - Label"), Column::Method(kind, n, Side::Label)));
                columns.push((format!("{name} {number} - Value"), Column::Method(kind, n, Side::Value)));
            }
        }
        for n in 0..self.most("address") {
            let number = n + 1 + self.first.get("address").copied().unwrap_or(0);
            columns.push((format!("Address {number} - Label"), Column::AddressLabel(n)));
            for (part, name) in PARTS {
                columns.push((format!("Address {number} - {name}"), Column::Address(n, part)));
            }
        }
        if used("birthday") {
            columns.push(("Birthday".to_owned(), Column::Birthday));
        }
        for n in 0..self.most("date") {
            columns.push((format!("Date {} - Label", n + 1), Column::Date(n, Side::Label)));
            columns.push((format!("Date {} - Value", n + 1), Column::Date(n, Side::Value)));
            if used("calendar") {
                columns.push((format!("Date {} - Calendar", n + 1), Column::Date(n, Side::Second)));
            }
        }
        for n in 0..self.most("link") {
            columns.push((format!("Relation {} - Label", n + 1), Column::Link(n, Side::Label)));
            columns.push((format!("Relation {} - Value", n + 1), Column::Link(n, Side::Value)));
        }
        let flags = [("tags", "Tags", Column::Tags), ("note", "Notes", Column::Text("note"))];
        let marks = [("starred", "Starred", Column::Starred), ("archived", "Archived", Column::Archived)];
        for (what, name, column) in flags.into_iter().chain(marks) {
            if used(what) {
                columns.push((name.to_owned(), column));
            }
        }
        for key in &self.fields {
            columns.push((format!("{FIELD_PREFIX}{key}"), Column::Field(key.clone())));
        }
        if whole && used("consent") {
            columns.push(("Consents".to_owned(), Column::Consents));
        }
        if whole {
            columns.push(("Created".to_owned(), Column::Created));
            columns.push(("Updated".to_owned(), Column::Updated));
        }
        columns
    }
}

/// What a column holds, for formats that tell text from dates and numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Holds {
    Text,
    Date,
    Moment,
    Flag,
    /// What the type of a custom field says.
    Value,
}

/// The same cells for a writer that is no text.
pub(crate) struct TypedCells {
    cells: Cells,
    columns: Vec<Column>,
}

impl TypedCells {
    pub(crate) fn new(shape: &Shape) -> (Vec<String>, Self) {
        let (names, columns) = shape.columns().into_iter().unzip();
        let cells = Cells { style: shape.style, system: shape.system() };
        (names, Self { cells, columns })
    }

    /// Hands each cell over with its column's number and what it holds; a custom field also as it is in the book.
    pub(crate) fn each(
        &self,
        contact: &ContactOut,
        mut cell: impl FnMut(usize, &str, Holds, Option<&serde_json::Value>) -> io::Result<()>,
    ) -> io::Result<()> {
        for (index, column) in self.columns.iter().enumerate() {
            let (holds, value) = match column {
                Column::Birthday | Column::Date(_, Side::Value) => (Holds::Date, None),
                Column::Created | Column::Updated | Column::Last | Column::Next => (Holds::Moment, None),
                Column::Starred | Column::Archived => (Holds::Flag, None),
                Column::Field(key) => (Holds::Value, contact.fields.get(key)),
                _ => (Holds::Text, None),
            };
            cell(index, &self.cells.cell(contact, column), holds, value)?;
        }
        Ok(())
    }
}

/// Whether every contact may have a column of this name, whatever custom fields there are.
pub fn is_column(name: &str) -> bool {
    !matches!(chosen_column(name), Column::Field(_))
}

/// The column that a mistyped name is most likely meant to be.
pub fn nearest_column(name: &str) -> Option<String> {
    let texts = TEXTS.iter().map(|(field, _)| *field);
    let methods = METHODS.iter().map(|(kind, _)| *kind);
    let others = ["id", "company", "starred", "archived", "address", "birthday", "tags", "last", "next"];
    let parts = Part::FIELDS.into_iter().map(Part::name);
    let known: Vec<String> = texts.chain(methods).chain(others).chain(parts).map(str::to_owned).collect();
    super::mapping::nearest(name, &known)
}

/// A column that the user names: a field, `email`, `phone`, `address`, `city`, ..., or a custom field's key.
fn chosen_column(name: &str) -> Column {
    let word = name.trim().to_lowercase().replace([' ', '-'], "_");
    match word.as_str() {
        "id" => Column::Id,
        "company" => Column::Company,
        "starred" => Column::Starred,
        "archived" => Column::Archived,
        "address" => Column::Address(0, Part::Formatted),
        "birthday" => Column::Birthday,
        "tag" | "tags" => Column::Tags,
        "note" | "notes" => Column::Text("note"),
        "created" => Column::Created,
        "updated" => Column::Updated,
        "last" => Column::Last,
        "next" => Column::Next,
        _ => {
            let method =
                METHODS.iter().find(|(kind, _)| word == *kind || word.strip_suffix('s') == Some(kind));
            let part = Part::FIELDS.into_iter().find(|part| part.name() == word);
            let text = TEXTS.iter().find(|(field, _)| *field == word);
            match (method, part, text) {
                (Some((kind, _)), ..) => Column::Best(kind),
                (_, Some(part), _) => Column::Address(0, part),
                (.., Some((field, _))) => Column::Text(field),
                _ => Column::Field(name.trim().trim_start_matches("field:").to_owned()),
            }
        }
    }
}

/// Writes contacts as rows.
pub struct Writer<W: Write> {
    out: csv::Writer<W>,
    cells: Cells,
    columns: Vec<Column>,
}

impl<W: Write> Writer<W> {
    /// Writes the names of the columns. `bom`: a byte-order mark first, by which Excel knows UTF-8.
    pub fn new(mut out: W, shape: &Shape, delimiter: u8, bom: bool) -> io::Result<Self> {
        if bom {
            out.write_all("\u{feff}".as_bytes())?;
        }
        let mut out = csv::WriterBuilder::new().delimiter(delimiter).from_writer(out);
        let columns = shape.columns();
        for (name, _) in &columns {
            out.write_field(defused(name).as_ref())?;
        }
        out.write_record(None::<&[u8]>)?;
        let columns = columns.into_iter().map(|(_, column)| column).collect();
        let cells = Cells { style: shape.style, system: shape.system() };
        Ok(Self { out, cells, columns })
    }

    /// Writes one row.
    pub fn write(&mut self, contact: &ContactOut) -> io::Result<()> {
        for column in &self.columns {
            let cell = self.cells.cell(contact, column);
            self.out.write_field(defused(&cell).as_ref())?;
        }
        self.out.write_record(None::<&[u8]>)?;
        Ok(())
    }

    /// Writes what is still held back.
    pub fn finish(mut self) -> io::Result<()> {
        self.out.flush()
    }
}

/// One column of a table that has another one before it.
pub(super) struct NamedColumn {
    name: String,
    column: Column,
    style: Style,
    system: &'static str,
}

impl NamedColumn {
    pub(super) fn name(&self) -> &str {
        &self.name
    }

    pub(super) fn cell(&self, contact: &ContactOut) -> String {
        Cells { style: self.style, system: self.system }.cell(contact, &self.column).into_owned()
    }
}

/// The fewest digits of a number with its country.
const PHONE: usize = 7;

/// Puts a quote before what a spreadsheet would run as a formula; `table::restored` takes it off. A number with a sign does
/// nothing there, phone numbers and days of no year nothing worse than looking odd, and other systems want them as they are.
pub fn defused(cell: &str) -> Cow<'_, str> {
    if is_harmless(cell) {
        return Cow::Borrowed(cell);
    }
    if cell.trim_start_matches('\'').starts_with(['=', '+', '-', '@', '\t', '\r']) {
        Cow::Owned(format!("'{cell}"))
    } else {
        Cow::Borrowed(cell)
    }
}

/// Whether a cell with a sign is made like a number, a phone number with its country, or the `--05-17` of ISO 8601.
fn is_harmless(cell: &str) -> bool {
    let made_of = |rest: &str, more: &str| rest.chars().all(|c| c.is_ascii_digit() || more.contains(c));
    let digits = |rest: &str| rest.bytes().filter(u8::is_ascii_digit).count();
    let phone = |rest: &str| made_of(rest, " .,()-/") && digits(rest) >= PHONE;
    let day = |rest: &str| made_of(rest, "-") && rest.len() == 5 && digits(rest) == 4;
    cell.strip_prefix(['+', '-']).is_some_and(|rest| made_of(rest, ".,"))
        || cell.strip_prefix('+').is_some_and(phone)
        || cell.strip_prefix("--").is_some_and(day)
}
