//! Contacts to a system's own table, by its profile: its columns in its order, then what it has no column for under
//! rolo's own names, so that nothing is lost on the way back.
//!
//! Two passes as in `csv_out`: `SystemShape` sees every contact, `SystemWriter` writes.

mod place;

pub(super) use place::written;

use std::io::{self, Write};
use std::sync::Arc;

use super::ExchangeError;
use super::csv_out::{self, Shape, defused};
use super::json::ContactOut;
use super::mapping::{Filler, Profile, Profiles, Target, key};

/// What the book knows about a contact that is no part of it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Known {
    /// The system's id of it.
    pub external_id: String,
    /// The system's id of its company.
    pub company_id: String,
    /// The status of its latest consent to what the profile is about.
    pub consent: String,
}

/// One column and what stands in it.
#[derive(Clone, Debug)]
struct Column {
    name: String,
    target: Target,
    /// Written even if nobody has anything there.
    always: bool,
}

/// The columns that a set of contacts needs.
#[derive(Clone, Debug)]
pub struct SystemShape {
    profile: Arc<Profile>,
    columns: Vec<Column>,
    used: Vec<bool>,
    rest: Shape,
    /// As in `ExportRules`.
    dates: String,
    /// Somebody has something that isn't ASCII.
    wide: bool,
}

impl SystemShape {
    /// `seen`: the columns that the system's table had last; the profile's own come after them, where they are needed.
    pub fn new(
        profiles: &Profiles,
        profile: &Arc<Profile>,
        seen: Option<Vec<String>>,
    ) -> Result<Self, ExchangeError> {
        let generic = profiles.generic()?;
        let mut columns: Vec<Column> = Vec::new();
        let known = seen.is_some();
        let mut add = |name: String, always: bool| {
            if columns.iter().any(|column| key(&column.name) == key(&name)) {
                return;
            }
            let target = profile.target(&name).or_else(|| {
                let persons =
                    |target: &Target| matches!(target, Target::Company | Target::Created | Target::Updated);
                generic.target(&name).filter(|target| !(profile.company && persons(target)))
            });
            let target = target.unwrap_or(Target::Extra);
            // What stands under another name already, in another language or by another of the system's ways to export.
            if !always && !target.is_repeatable() && columns.iter().any(|column| column.target == target) {
                return;
            }
            columns.push(Column { target, name, always });
        };
        seen.into_iter().flatten().for_each(|name| add(name, true));
        profile.export.columns.iter().for_each(|name| add(name.clone(), !known));
        let count = |kind: &str| {
            if kind == "address" {
                return columns.iter().filter_map(|column| address_number(&column.name)).max().unwrap_or(0);
            }
            let of =
                |column: &&Column| matches!(&column.target, Target::Method { kind: own, .. } if *own == kind);
            let group = |column: &Column| match column.target {
                Target::Method { group, .. } => group as usize,
                _ => 0,
            };
            let own: Vec<&Column> = columns.iter().filter(of).collect();
            own.len().max(own.iter().map(|column| group(column)).max().unwrap_or(0))
        };
        let rest = Shape::rest(&count);
        let dates = profile.dates(columns.iter().map(|column| column.name.as_str()));
        let dates = dates.unwrap_or(&profile.export.dates).to_owned();
        Ok(Self {
            profile: Arc::clone(profile),
            used: vec![false; columns.len()],
            columns,
            rest,
            dates,
            wide: false,
        })
    }

    /// Makes room for a contact.
    pub fn see(&mut self, contact: &ContactOut, known: &Known) {
        for extra in contact.extras.iter().filter(|extra| extra.source == self.profile.id_system()) {
            if !self.columns.iter().any(|column| column.name == extra.name) {
                let (name, target) = (extra.name.clone(), Target::Extra);
                self.columns.push(Column { name, target, always: true });
                self.used.push(true);
            }
        }
        let (cells, rest) = self.place(contact, known);
        for (used, cell) in self.used.iter_mut().zip(&cells) {
            *used |= !cell.is_empty();
        }
        self.rest.see(&rest);
        self.wide = self.wide || !contact.is_ascii();
    }

    /// Drops the columns that nobody needs.
    fn settle(&mut self) {
        let used = std::mem::take(&mut self.used);
        let mut used = used.into_iter();
        self.columns.retain(|column| column.always | used.next().unwrap_or(false));
        self.used = vec![true; self.columns.len()];
    }

    /// A column's name as the system writes it: one that stood twice was numbered when it was read.
    fn name_of<'n>(&self, name: &'n str) -> &'n str {
        let twice = name.strip_suffix(')').and_then(|name| name.rsplit_once(" ("));
        match twice.filter(|(_, number)| number.parse::<u32>().is_ok()) {
            Some((plain, _)) if self.columns.iter().any(|column| column.name == plain) => plain,
            _ => name,
        }
    }

    /// What stands in each column, and what is left of the contact.
    fn place(&self, contact: &ContactOut, known: &Known) -> (Vec<String>, ContactOut) {
        let mut placing = place::Placing::new(&self.profile, &self.columns, contact, known, &self.dates);
        placing.all();
        let (mut cells, rest) = placing.done();
        for (at, column) in self.columns.iter().enumerate() {
            if !cells[at].is_empty() || !column.always {
                continue;
            }
            match self.profile.fill.get(&key(&column.name)) {
                Some(Filler::With { word, with }) => {
                    let other = self.columns.iter().position(|column| key(&column.name) == key(with));
                    if other.is_some_and(|other| !cells[other].is_empty()) {
                        cells[at].clone_from(word);
                    }
                }
                Some(filler) => {
                    filler.words().first().into_iter().for_each(|word| cells[at].clone_from(word))
                }
                None => {}
            }
        }
        (cells, rest)
    }
}

/// The N of `Address N: City`. `Address 1 - City` would be taken for the same column when it is read.
fn address_number(name: &str) -> Option<usize> {
    let name = key(name);
    let rest = name.strip_prefix("address")?;
    let digits = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
    rest[..digits].parse().ok().filter(|number| *number < 1000)
}

/// Writes the rows.
pub struct SystemWriter<'s, W: Write> {
    shape: &'s SystemShape,
    rest: Vec<csv_out::NamedColumn>,
    out: csv::Writer<W>,
}

impl<'s, W: Write> SystemWriter<'s, W> {
    /// Writes the row of column names.
    pub fn new(mut out: W, shape: &'s mut SystemShape) -> io::Result<Self> {
        shape.settle();
        // All of these systems take it; Excel garbles Chinese without it.
        if shape.profile.export.bom || shape.wide {
            out.write_all("\u{feff}".as_bytes())?;
        }
        let mut out = csv::Writer::from_writer(out);
        let rest = shape.rest.named();
        let names = shape.columns.iter().map(|column| shape.name_of(&column.name));
        for name in names.chain(rest.iter().map(csv_out::NamedColumn::name)) {
            out.write_field(defused(name).as_ref())?;
        }
        out.write_record(None::<&[u8]>)?;
        Ok(Self { shape, rest, out })
    }

    /// Writes one row.
    pub fn write(&mut self, contact: &ContactOut, known: &Known) -> io::Result<()> {
        let (cells, rest) = self.shape.place(contact, known);
        for cell in &cells {
            self.out.write_field(defused(cell).as_ref())?;
        }
        for column in &self.rest {
            self.out.write_field(defused(&column.cell(&rest)).as_ref())?;
        }
        self.out.write_record(None::<&[u8]>)?;
        Ok(())
    }

    /// Writes what is still held back.
    pub fn finish(mut self) -> io::Result<()> {
        self.out.flush()
    }
}
