//! Records that are no contacts to a system's own table, by its profile: deals, notes, tasks. Its columns in its order, then
//! what it has no column for, so that nothing is lost on the way back.

use std::io::{self, Write};
use std::sync::Arc;

use super::csv_out::defused;
use super::mapping::{Profile, Target, key};
use super::system_out::written;
use crate::model::draft::{RecordDraft, Whom};
use crate::model::schema::{Kind, Type};
use crate::text::fold;

/// What stands between several people of a cell where the system doesn't say.
const LIST: &str = ";";

/// The columns that a set of records needs.
#[derive(Clone, Debug)]
pub struct RecordShape {
    profile: Arc<Profile>,
    columns: Vec<(String, Target)>,
    /// Fields that the system has no column for.
    rest: Vec<&'static str>,
    /// Some record has more people than the system takes.
    more: bool,
}

impl RecordShape {
    /// `seen`: the columns that the system's table had last; the profile's own come after them.
    pub fn new(profile: &Arc<Profile>, seen: Option<Vec<String>>) -> Self {
        let mut shape =
            Self { profile: Arc::clone(profile), columns: Vec::new(), rest: Vec::new(), more: false };
        let own = if seen.is_some() && !profile.is_native() {
            [].as_slice()
        } else {
            profile.export.columns.as_slice()
        };
        // rolo's own has always all of them.
        let seen = seen.filter(|_| !profile.is_native());
        for name in seen.iter().flatten().chain(own) {
            shape.add(name);
        }
        shape
    }

    fn add(&mut self, name: &str) {
        if !self.columns.iter().any(|(own, _)| key(own) == key(name)) {
            let target = self.profile.target(name).unwrap_or(Target::Extra);
            self.columns.push((name.to_owned(), target));
        }
    }

    fn has(&self, wanted: impl Fn(&Target) -> bool) -> bool {
        self.columns.iter().any(|(_, target)| wanted(target))
    }

    /// Makes room for a record: the columns of the profile that it fills, then what the profile doesn't know.
    pub fn see(&mut self, draft: &RecordDraft) {
        for (name, _) in &draft.extras {
            self.add(name);
        }
        for (field, _) in &draft.fields {
            let told = matches!(*field, "won" | "closed") && !self.profile.is_native();
            if told || self.rest.contains(field) || self.has(|target| is_field(target, field)) {
                continue;
            }
            let mut own = self.profile.export.columns.iter();
            let own =
                own.find(|name| self.profile.target(name).is_some_and(|target| is_field(&target, field)));
            match own.cloned() {
                Some(name) => self.add(&name),
                None => self.rest.push(field),
            }
        }
        self.more |= self.profile.list.is_empty() && draft.whom.len() > 1;
    }

    fn cell(&self, draft: &RecordDraft, name: &str, target: &Target) -> String {
        let extra = draft.extras.iter().find(|(own, _)| own == name);
        if let Some((_, value)) = extra.filter(|(_, value)| self.still_says(draft, name, target, value)) {
            return value.clone();
        }
        match target {
            Target::ExternalId => draft.external_id.clone().unwrap_or_default(),
            Target::Record { field, .. } => self.field(draft, field, name),
            Target::Whom { company: true, part } if self.profile.is_native() => {
                draft.company.as_ref().map(|company| said(company, part)).unwrap_or_default()
            }
            Target::Whom { company: true, part } => {
                let company = draft.company.iter().chain(draft.whom.iter().filter(|whom| whom.is_company));
                company.map(|whom| said(whom, part)).next().unwrap_or_default()
            }
            Target::Whom { part, .. } => self.people(draft, part),
            _ => String::new(),
        }
    }

    /// Whether what a row had in a column still holds: the time of a day is kept beside it, and means nothing any more once the
    /// day is another one.
    fn still_says(&self, draft: &RecordDraft, name: &str, target: &Target, value: &str) -> bool {
        let Target::Record { kind, field } = target else { return true };
        let ty = kind.record().field(field).map(|at| kind.record().fields[at].ty);
        if !matches!(ty, Some(Type::Date | Type::When)) || !value.contains(':') {
            return true;
        }
        let day = self.field(draft, field, name);
        day.is_empty() || value.trim().starts_with(&day)
    }

    /// The people of a record; a system that takes one gets the first.
    fn people(&self, draft: &RecordDraft, part: &str) -> String {
        let mail = self.has(|target| matches!(target, Target::Whom { company: false, part: "email" }));
        let with_mail = self.profile.export.people == "name (email)" && !mail;
        // A company that rolo has among the people of a record is one of them.
        let companies = !self.profile.is_native()
            && self.has(|target| matches!(target, Target::Whom { company: true, .. }));
        let people = draft.whom.iter().filter(|whom| !(companies && whom.is_company));
        let cell = |whom: &Whom| match part {
            "name" if with_mail && !whom.email.is_empty() => format!("{} ({})", whom.name, whom.email),
            part => said(whom, part),
        };
        let most = if self.profile.list.is_empty() { 1 } else { usize::MAX };
        let list = if self.profile.list.is_empty() { LIST } else { &self.profile.list };
        // What parts people can't stand within a name, or one would come back as two.
        let one = |text: String| if text.contains(list) { text.replace(list, ",") } else { text };
        let cells: Vec<String> = people.take(most).map(cell).map(one).collect();
        if cells.iter().all(String::is_empty) { String::new() } else { cells.join(list) }
    }

    fn field(&self, draft: &RecordDraft, field: &str, name: &str) -> String {
        let value = |field: &str| {
            draft.fields.iter().find(|(own, _)| *own == field).map_or("", |(_, value)| value.as_str())
        };
        let (won, closed) = (value("won") == "true", value("closed"));
        let style = self.profile.export.dates.as_str();
        let day = |text: &str| written(text.get(..10).unwrap_or(text), style);
        if self.profile.is_native() {
            return value(field).to_owned();
        }
        match field {
            "stage" if draft.kind == Kind::Deal => {
                let stage = value("stage");
                let known = |words: &[String]| words.contains(&fold(stage));
                let (over, words) = if won {
                    (!known(&self.profile.won), &self.profile.won_word)
                } else {
                    (!closed.is_empty() && !known(&self.profile.lost), &self.profile.lost_word)
                };
                let word = Some(words).filter(|word| over && !word.is_empty());
                word.map_or_else(|| stage.to_owned(), String::clone)
            }
            "won" => won.to_string(),
            // `IsClosed` says whether, `Closed Date` when.
            "closed" if matches!(key(name).as_str(), "isclosed" | "closed") => {
                (won || !closed.is_empty()).to_string()
            }
            "closed" => day(closed),
            // The day on which a deal was closed is the one that was expected.
            "expected_close" if value("expected_close").is_empty() => day(closed),
            field => {
                let record = draft.kind.record();
                let ty = record.field(field).map(|at| record.fields[at].ty);
                let text = value(field);
                if matches!(ty, Some(Type::Date | Type::When)) {
                    written(text, style)
                } else {
                    text.to_owned()
                }
            }
        }
    }
}

fn is_field(target: &Target, wanted: &str) -> bool {
    matches!(target, Target::Record { field, .. } if *field == wanted)
}

fn said(whom: &Whom, part: &str) -> String {
    match part {
        "id" => &whom.external_id,
        "name" => &whom.name,
        "email" => &whom.email,
        "phone" => &whom.phone,
        "company" => &whom.company,
        _ => &whom.role,
    }
    .clone()
}

/// What the column of a field is called that the system has none for.
fn title(field: &str) -> String {
    let mut chars = field.chars();
    chars
        .next()
        .map(|first| first.to_uppercase().chain(chars).collect::<String>())
        .unwrap_or_default()
        .replace('_', " ")
}

/// Writes the rows.
pub struct RecordWriter<'s, W: Write> {
    shape: &'s RecordShape,
    out: csv::Writer<W>,
}

impl<'s, W: Write> RecordWriter<'s, W> {
    /// Writes the row of column names.
    pub fn new(mut out: W, shape: &'s RecordShape) -> io::Result<Self> {
        if shape.profile.export.bom {
            out.write_all("\u{feff}".as_bytes())?;
        }
        let mut out = csv::Writer::from_writer(out);
        for (name, _) in &shape.columns {
            out.write_field(defused(name).as_ref())?;
        }
        for field in &shape.rest {
            out.write_field(title(field))?;
        }
        if shape.more {
            out.write_field("Other people")?;
        }
        out.write_record(None::<&[u8]>)?;
        Ok(Self { shape, out })
    }

    /// Writes one row.
    pub fn write(&mut self, draft: &RecordDraft) -> io::Result<()> {
        for (name, target) in &self.shape.columns {
            self.out.write_field(defused(&self.shape.cell(draft, name, target)).as_ref())?;
        }
        for field in &self.shape.rest {
            self.out.write_field(defused(&self.shape.field(draft, field, "")).as_ref())?;
        }
        if self.shape.more {
            let others: Vec<&str> = draft.whom.iter().skip(1).map(|whom| whom.name.as_str()).collect();
            self.out.write_field(defused(&others.join(LIST)).as_ref())?;
        }
        self.out.write_record(None::<&[u8]>)?;
        Ok(())
    }

    /// Writes what is still held back.
    pub fn finish(mut self) -> io::Result<()> {
        self.out.flush()
    }
}
