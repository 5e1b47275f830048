//! What the user says about columns: `--map`, `--set`, `--key`, and mappings that were saved for tables of this shape.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};

use super::target::parse_target_for;
use super::transform::{Right, Transform, joined_by, parse_right};
use super::{ColumnPlan, Target, Why, key, nearest};
use crate::exchange::{DateOrder, ExchangeError, Options};
use crate::model::schema::Kind;

/// A saved mapping as far as reading goes: for tables with these columns, what was said about them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Shape {
    /// What it is called.
    pub name: String,
    /// The names of the table's columns, in its order.
    pub columns: Vec<String>,
    /// The profile, if it was not found out by itself.
    pub from: Option<String>,
    /// As in `Options`.
    pub map: Vec<(String, String)>,
    /// As in `Options`.
    pub set: Vec<(String, String)>,
    /// As in `Options`.
    pub date_order: Option<DateOrder>,
    /// As in `Options`.
    pub key: Option<String>,
}

/// A shape that shares so many of a hundred columns with a table is the table's, provided that all columns that it says
/// something about are there.
const ALIKE: usize = 80;

impl Shape {
    /// Puts what was said then under what the options say now.
    pub fn under(&self, options: &mut Options) {
        options.map = self.map.iter().chain(&options.map).cloned().collect();
        options.set = self.set.iter().chain(&options.set).cloned().collect();
        options.from = options.from.take().or_else(|| self.from.clone());
        options.date_order = options.date_order.or(self.date_order);
        options.key = options.key.take().or_else(|| self.key.clone());
    }

    /// How many of a hundred column names a table shares with it; nothing if it speaks of columns that aren't there.
    fn likeness(&self, keys: &HashSet<String>) -> Option<usize> {
        let own: HashSet<String> = self.columns.iter().map(|name| key(name)).collect();
        let exact: HashSet<&str> = self.columns.iter().map(String::as_str).collect();
        let mut spoken = self.map.iter().flat_map(|(left, _)| match exact.contains(left.as_str()) {
            true => vec![left.as_str()],
            false => left.split('+').collect(),
        });
        if own.is_empty() || !spoken.all(|name| keys.contains(&key(name))) {
            return None;
        }
        let shared = own.intersection(keys).count();
        Some(shared * 100 / own.union(keys).count())
    }
}

/// The options with what was saved for a table of this shape, and the name of that; what the options say themselves wins.
pub(super) fn with_saved<'o>(header: &[String], options: &'o Options) -> (Cow<'o, Options>, Option<String>) {
    if options.saved.is_empty() {
        return (Cow::Borrowed(options), None);
    }
    let keys: HashSet<String> = header.iter().map(|name| key(name)).collect();
    let alike = options.saved.iter().filter_map(|shape| Some((shape.likeness(&keys)?, shape)));
    // Of two that fit as well, the later one: lists are handed over oldest first.
    let Some((_, shape)) =
        alike.filter(|(likeness, _)| *likeness >= ALIKE).max_by_key(|(likeness, _)| *likeness)
    else {
        return (Cow::Borrowed(options), None);
    };
    let mut all = options.clone();
    shape.under(&mut all);
    (Cow::Owned(all), Some(shape.name.clone()))
}

/// Finds columns by what people call them.
struct Places<'a> {
    columns: &'a [ColumnPlan],
    exact: HashMap<&'a str, usize>,
    loose: HashMap<String, usize>,
}

impl<'a> Places<'a> {
    fn new(columns: &'a [ColumnPlan]) -> Self {
        let mut loose = HashMap::with_capacity(columns.len());
        for (index, column) in columns.iter().enumerate() {
            loose.entry(key(&column.name)).or_insert(index);
        }
        let exact = columns.iter().enumerate().map(|(index, column)| (column.name.as_str(), index)).collect();
        Self { columns, exact, loose }
    }

    fn get(&self, name: &str) -> Option<usize> {
        let name = name.trim();
        let loose = || Some(key(name)).filter(|key| !key.is_empty()).and_then(|key| self.loose.get(&key));
        self.exact.get(name).or_else(loose).copied()
    }

    fn find(&self, name: &str) -> Result<usize, ExchangeError> {
        self.get(name).ok_or_else(|| {
            let known: Vec<String> = self.columns.iter().map(|column| column.name.clone()).collect();
            ExchangeError::UnknownColumn {
                name: name.trim().to_owned(),
                nearest: nearest(name, &known),
                known,
            }
        })
    }

    /// The columns that the left side of a rule names: one, or several with `+` between them.
    fn several(&self, left: &str) -> Result<Vec<usize>, ExchangeError> {
        match self.get(left) {
            Some(index) => Ok(vec![index]),
            None if left.contains('+') => left.split('+').map(|name| self.find(name)).collect(),
            None => self.find(left).map(|index| vec![index]),
        }
    }
}

/// Puts `--map`, `--set` and `--key` in place: what is made of columns, and the column of the system's own id.
pub(super) fn apply(
    columns: &mut [ColumnPlan],
    kind: Kind,
    options: &Options,
) -> Result<(Vec<Transform>, Option<usize>), ExchangeError> {
    if options.map.is_empty() && options.set.is_empty() && options.key.is_none() {
        return Ok((Vec::new(), None));
    }
    let places = Places::new(columns);
    // The last word on a column counts.
    let mut rules: Vec<(Vec<usize>, Right)> = Vec::new();
    for (left, right) in &options.map {
        let which = places.several(left)?;
        let right = parse_right(kind, right).map_err(|error| in_column(left, error))?;
        if which.len() > 1 && matches!(right, Right::Split(_)) {
            return Err(in_column(left, ExchangeError::SplitsSeveral));
        }
        rules.retain(|(other, _)| !other.iter().any(|index| which.contains(index)));
        rules.push((which, right));
    }
    let mut sets: Vec<(String, Target)> = Vec::new();
    for (left, value) in &options.set {
        let target =
            parse_target_for(kind, left).map_err(|error| in_column(&format!("{left}={value}"), error))?;
        if is_single(&target) {
            sets.retain(|(_, other)| *other != target);
        }
        sets.push((value.clone(), target));
    }
    let key = options.key.as_deref().map(|name| places.find(name)).transpose()?;
    let mut transforms = Vec::new();
    for (which, right) in rules {
        let single = which.len() == 1;
        for index in &which {
            columns[*index].target = Target::Ignore;
            columns[*index].why = Why::User;
        }
        match right {
            Right::Target(target, _) if single => columns[which[0]].target = target,
            Right::Target(target, by) => {
                let by = by.unwrap_or_else(|| joined_by(&target).to_owned());
                transforms.push(Transform::Join { columns: which, by, target });
            }
            Right::Split(into) => transforms.push(Transform::Split { column: which[0], into }),
        }
    }
    transforms.extend(sets.into_iter().map(|(value, target)| Transform::Set { value, target }));
    if let Some(index) = key
        && matches!(columns[index].target, Target::Extra | Target::Ignore)
    {
        columns[index].target = Target::ExternalId;
        columns[index].why = Why::User;
    }
    make_room(columns, &transforms);
    Ok((transforms, key))
}

fn in_column(left: &str, error: ExchangeError) -> ExchangeError {
    ExchangeError::BadRule { column: left.trim().to_owned(), source: Box::new(error) }
}

/// Whether a contact has only one of it.
fn is_single(target: &Target) -> bool {
    match target {
        Target::Field(_) | Target::Company | Target::ExternalId | Target::RoloId => true,
        Target::Created | Target::Updated | Target::Value { .. } | Target::Address { .. } => true,
        Target::Date { label, .. } => label == "birthday",
        _ => false,
    }
}

/// What the user gave a column that only one can fill, no other column fills: those are kept as they stand.
fn make_room(columns: &mut [ColumnPlan], transforms: &[Transform]) {
    let by_user = columns.iter().filter(|column| column.why == Why::User).map(|column| column.target.clone());
    let made = transforms.iter().flat_map(Transform::targets);
    let taken: Vec<Target> = by_user.chain(made).filter(is_single).collect();
    for column in columns.iter_mut().filter(|column| column.why != Why::User) {
        if taken.contains(&column.target) {
            column.target = Target::Extra;
            column.why = Why::Unmapped;
        }
    }
}
