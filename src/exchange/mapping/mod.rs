//! Columns to fields: the plan by which a table's rows are read.

mod content;
mod profile;
mod rules;
mod target;
mod transform;

use std::borrow::Cow;
use std::collections::HashSet;
use std::sync::Arc;

pub(crate) use content::is_ambiguous;
pub(crate) use profile::{ConsentRules, Filler, key};
pub use profile::{NATIVE, Profile, Profiles, company_system};
pub use rules::Shape;
pub use target::{Part, Target, parse_target, target_names};
pub(crate) use target::{SERVICES, field};
pub(crate) use transform::extend;
pub use transform::{Split, Transform, check_rule, parse_rule};

use super::scan::Record;
use super::{DateOrder, ExchangeError, Options};
use crate::model::schema::Kind;

/// The column that `rejects` adds, and that isn't read.
pub const REASON_COLUMN: &str = "rolo_reason";
/// What the names of custom fields begin with in rolo's own tables.
pub(crate) const FIELD_PREFIX: &str = "Field: ";
/// How many samples a column keeps, and how long they are.
const SAMPLES: usize = 3;
const SAMPLE_CHARS: usize = 60;

/// Why a column goes where it goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Why {
    /// The profile of its system says so.
    Profile,
    /// Its name is known.
    Name,
    /// What stands in it looks like it.
    Content,
    /// `--map` or `--key` says so.
    User,
    /// Nothing was found for it.
    Unmapped,
}

/// What becomes of one column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ColumnPlan {
    /// Its name; never empty, never twice in a table.
    pub name: String,
    /// What it holds.
    pub target: Target,
    /// Who says so.
    pub why: Why,
    /// Up to three of its first values.
    pub samples: Vec<String>,
}

/// How a table is read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plan {
    /// The profile's name.
    pub profile: String,
    /// The system that external ids and extras belong to.
    pub system: String,
    /// What a row is.
    pub record: Kind,
    /// In the file's order.
    pub columns: Vec<ColumnPlan>,
    /// How ambiguous dates are read.
    pub date_order: Option<DateOrder>,
    /// The column that holds the system's own id beside what else it is.
    pub key: Option<usize>,
    /// What is made of several columns, or of one beside its own target.
    pub transforms: Vec<Transform>,
    /// The saved mapping that was found for a table of this shape.
    pub saved: Option<String>,
}

impl Plan {
    /// Finds a field for each column. `named`: the header is the file's own, not `Column 1`, ...
    pub(crate) fn new(
        header: &[String],
        named: bool,
        sample: &[&Record],
        options: &Options,
    ) -> Result<(Self, Arc<Profile>), ExchangeError> {
        let (options, saved) = rules::with_saved(header, options);
        let options = &*options;
        let profiles = options.profiles();
        let generic = profiles.generic()?;
        let profile = match options.from.as_deref() {
            None | Some("" | "auto") => profiles.recognise(header).unwrap_or(generic),
            Some(name) => sibling(&profiles, profiles.get(name)?, header),
        };
        let mut columns: Vec<ColumnPlan> = header.iter().map(|name| column(name, profile, generic)).collect();
        name_pairs(&mut columns);
        take_samples(&mut columns, sample);
        if !named {
            content::guess(&mut columns, sample);
        }
        let (transforms, key) = rules::apply(&mut columns, profile.record, options)?;
        drop_orphans(&mut columns);
        let date_order = options
            .date_order
            .or_else(|| content::date_order(&columns, sample))
            .or_else(|| profile.date_order_of(header));
        let plan = Self {
            profile: profile.name.clone(),
            system: profile.id_system(),
            record: profile.record,
            columns,
            date_order,
            key: key.or_else(|| profile.key_of(header)),
            transforms,
            saved,
        };
        Ok((plan, Arc::clone(profile)))
    }

    /// The file's columns, and behind them those that the transforms make.
    pub(crate) fn all_columns(&self) -> Cow<'_, [ColumnPlan]> {
        if self.transforms.is_empty() {
            return Cow::Borrowed(&self.columns);
        }
        let made = self.transforms.iter().flat_map(|transform| transform.made(&self.columns));
        Cow::Owned(self.columns.iter().cloned().chain(made).collect())
    }

    /// The names of the columns that no field was found for.
    pub fn unmapped(&self) -> impl Iterator<Item = &str> {
        self.columns.iter().filter(|column| column.why == Why::Unmapped).map(|column| column.name.as_str())
    }
}

/// `--from hubspot` means any table of that system: the one whose columns these are.
fn sibling<'p>(profiles: &'p Profiles, named: &'p Arc<Profile>, header: &[String]) -> &'p Arc<Profile> {
    match profiles.recognise(header) {
        Some(found) if found.system == named.system && named.name == named.system => found,
        _ => named,
    }
}

/// What the generic profile says about a column of a system's table, where that can hold it.
fn fallback(name: &str, profile: &Profile, generic: &Profile) -> Option<Target> {
    if profile.record != Kind::Contact {
        return None;
    }
    let persons = |target: &Target| {
        let parts = ["given", "middle", "family", "prefix", "suffix", "nickname", "title", "department"];
        matches!(target, Target::Company) || matches!(target, Target::Field(field) if parts.contains(field))
    };
    generic.target(name).filter(|target| !(profile.company && persons(target)))
}

fn column(name: &str, profile: &Profile, generic: &Profile) -> ColumnPlan {
    let (target, why) = if name == REASON_COLUMN {
        (Target::Ignore, Why::Profile)
    } else if let Some(key) = name.strip_prefix(FIELD_PREFIX).map(str::trim).filter(|key| !key.is_empty())
        && profile.record == Kind::Contact
    {
        (Target::Value { key: key.to_owned(), group: 0 }, Why::Name)
    } else if let Some(target) = profile.target(name) {
        (target, if std::ptr::eq(profile, generic) { Why::Name } else { Why::Profile })
    } else if let Some(target) = fallback(name, profile, generic) {
        (target, Why::Name)
    } else {
        (Target::Extra, Why::Unmapped)
    };
    ColumnPlan { name: name.to_owned(), target, why, samples: Vec::new() }
}

/// Of a pair `Parent ID`, `Parent ID.id` the first is the name, whatever it is alone.
fn name_pairs(columns: &mut [ColumnPlan]) {
    let ids: HashSet<String> =
        columns.iter().filter_map(|column| column.name.strip_suffix(".id").map(str::to_owned)).collect();
    for column in columns.iter_mut().filter(|column| ids.contains(&column.name)) {
        if let Target::Whom { part, .. } = &mut column.target {
            *part = "name";
        }
    }
}

fn take_samples(columns: &mut [ColumnPlan], sample: &[&Record]) {
    for record in sample {
        for index in record.filled() {
            let Some(column) = columns.get_mut(index) else { break };
            let cell = record.get(index).trim();
            if column.samples.len() < SAMPLES && !cell.is_empty() {
                column.samples.push(cell.chars().take(SAMPLE_CHARS).collect());
            }
        }
    }
}

/// A label whose value has no column is kept as it stands.
fn drop_orphans(columns: &mut [ColumnPlan]) {
    let values: HashSet<(&'static str, u32)> =
        columns.iter().filter_map(|column| value_of(&column.target)).collect();
    for column in columns {
        if label_of(&column.target).is_some_and(|label| !values.contains(&label)) {
            column.target = Target::Extra;
            column.why = Why::Unmapped;
        }
    }
}

/// What a target is a value of, for finding its label.
pub(crate) fn value_of(target: &Target) -> Option<(&'static str, u32)> {
    Some(match target {
        Target::Method { kind, group, .. } => (*kind, *group),
        Target::Address { group, .. } => ("address", *group),
        Target::Date { group, .. } => ("date", *group),
        Target::Value { group, .. } => ("field", *group),
        Target::Link { group, .. } => ("link", *group),
        _ => return None,
    })
}

/// What a target labels.
pub(crate) fn label_of(target: &Target) -> Option<(&'static str, u32)> {
    Some(match target {
        Target::MethodLabel { kind, group } | Target::MethodService { kind, group } => (*kind, *group),
        Target::AddressLabel { group } => ("address", *group),
        Target::DateLabel { group } | Target::DateCalendar { group } => ("date", *group),
        Target::ValueLabel { group } => ("field", *group),
        Target::LinkLabel { group } => ("link", *group),
        _ => return None,
    })
}

/// The known word that a mistyped one is most likely meant to be.
pub(crate) fn nearest(name: &str, known: &[String]) -> Option<String> {
    let wanted: Vec<char> = name.to_lowercase().chars().take(64).collect();
    let limit = (wanted.len() / 3).max(1) + 1;
    known
        .iter()
        .filter(|candidate| candidate.len() <= 256)
        .map(|candidate| {
            (distance(&wanted, &candidate.to_lowercase().chars().collect::<Vec<_>>()), candidate)
        })
        .filter(|(distance, _)| *distance <= limit)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate.clone())
}

/// Levenshtein's distance.
fn distance(a: &[char], b: &[char]) -> usize {
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.iter().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, y) in b.iter().enumerate() {
            let next = (diagonal + usize::from(x != y)).min(row[j] + 1).min(row[j + 1] + 1);
            diagonal = row[j + 1];
            row[j + 1] = next;
        }
    }
    row[b.len()]
}

#[cfg(test)]
mod tests;
