//! What a file is and how it would be read, before any of it is: the plan that people look at and change.

use super::again::Again;
use super::folder::is_card;
use super::saved::Mapping;
use super::{Folder, ImportOptions, Input, MatchBy, OnMatch, OpError, Result};
use crate::exchange::{
    self, ColumnPlan, DateOrder, Format, Known, Plan, Source, Target, Transform, Warning, Why,
};
use crate::model::when::parse_date;

/// Column names that are given as evidence.
const NAMED: usize = 4;

/// Why a file is thought to be what it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Evidence {
    /// The user said whose file it is.
    Given,
    /// These columns are that system's.
    Columns(Vec<String>),
    /// These columns are known by their names, whoever wrote them.
    Names(Vec<String>),
    /// There are no names that are known; what stands in the cells speaks for itself, or says nothing.
    Content,
    /// It begins as such files do.
    Beginning,
}

/// What becomes of a column, and how sure that is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ColumnView {
    /// Its name.
    pub name: String,
    /// Up to three of its first values.
    pub samples: Vec<String>,
    /// Where it goes: a target, or what is made of it.
    pub target: String,
    /// Kept as it stands, under its own name.
    pub kept: bool,
    /// Not read at all.
    pub left_out: bool,
    /// Who says so.
    pub why: Why,
    /// How sure that is, in percent; 100 if the user said so, 0 if nothing was found.
    pub confidence: u8,
}

/// A date of the file and how it is read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DateExample {
    /// The column's name.
    pub column: String,
    /// As it stands there.
    pub text: String,
    /// ISO 8601; nothing if day and month can't be told apart.
    pub read: Option<String>,
}

/// What a file is, and how it would be read.
#[derive(Clone, Debug)]
pub struct Inspection {
    /// The file's name, or the folder's path.
    pub file: String,
    /// How many cards the folder holds, if it is one.
    pub cards: Option<usize>,
    /// The sheets of a workbook, in its order, and which of them is read.
    pub sheets: Option<(Vec<String>, usize)>,
    /// What kind it is.
    pub format: Format,
    /// The profile by which its columns are read; empty if it has none.
    pub profile: String,
    /// Whose ids and extras these are.
    pub system: String,
    /// Why that is thought.
    pub evidence: Evidence,
    /// The encoding and how it is known, where that is a question.
    pub encoding: Option<(&'static str, Known)>,
    /// What separates the cells of a table.
    pub delimiter: Option<u8>,
    /// The line of the column names; 0 if there are none.
    pub header_line: u64,
    /// In the file's order; empty if it is no table.
    pub columns: Vec<ColumnView>,
    /// Fields and the values that all rows get.
    pub set: Vec<(String, String)>,
    /// How ambiguous dates are read.
    pub date_order: Option<DateOrder>,
    /// A date of it.
    pub date: Option<DateExample>,
    /// The saved mapping that fits: its name and the day on which it was saved.
    pub saved: Option<(String, String)>,
    /// What counts as the same contact.
    pub match_by: Vec<MatchBy>,
    /// What happens to those.
    pub on_match: OnMatch,
    /// Tags for every contact.
    pub tags: Vec<String>,
    /// What is to be said about it.
    pub warnings: Vec<Warning>,
}

impl super::Book {
    /// Finds out what a file is, or the first card of a folder that can be read, and how it would be read. Nothing of the
    /// book is looked at.
    pub fn inspect(&self, inputs: Vec<Input>, options: &ImportOptions) -> Result<Inspection> {
        let mut failed = None;
        for input in inputs {
            let (name, folder) = (input.name.clone(), input.folder.clone());
            match open(input, options) {
                // What is called a card and is none says nothing of the folder.
                Ok((source, _)) if folder.is_some() && !is_card(&source) => {
                    let path = folder.map(|folder| folder.path).unwrap_or_default();
                    let none = OpError::Exchange { path, source: exchange::ExchangeError::NoCards };
                    failed = failed.or(Some(none));
                }
                Ok((source, options)) => return Ok(view(&name, folder.as_ref(), &source, &options)),
                Err(error) => failed = failed.or(Some(error)),
            }
        }
        let nothing = || OpError::Exchange { path: String::new(), source: exchange::ExchangeError::Empty };
        Err(failed.unwrap_or_else(nothing))
    }
}

/// Opens a file, and puts what was saved for its shape into the options.
pub(super) fn open(input: Input, options: &ImportOptions) -> Result<(Source, ImportOptions)> {
    let mut options = options.clone();
    options.read.saved = options.mappings.iter().map(|mapping| mapping.shape.clone()).collect();
    let name = input.name;
    let open = |bytes: Box<dyn std::io::Read + Send>, options: &ImportOptions| {
        let failed = |source| OpError::Exchange { path: name.clone(), source };
        exchange::open(bytes, &name, &options.read).map_err(failed)
    };
    if !options.mappings.iter().any(Mapping::says_how_to_read) {
        let source = open(input.bytes, &options)?;
        settle(&source, &mut options);
        return Ok((source, options));
    }
    // Which mapping fits shows only once the file is open, and then it may be that it is to be read otherwise.
    let again = Again::of(input.bytes);
    let mut source = open(Box::new(again.clone()), &options)?;
    let sheets = source.sheets().map(|(names, _)| names.to_vec());
    let fits = found(&source, &options).cloned();
    if let Some(mapping) = fits {
        if mapping.read_so(&mut options.read, sheets.as_deref())
            && let Some(bytes) = again.rewound()
        {
            drop(source);
            source = open(bytes, &options)?;
        }
    } else if let (Some(sheets), None) = (&sheets, &options.read.sheet) {
        // Another sheet than the one that is read if nothing is said may be the one that a mapping was saved for.
        for mapping in &options.mappings.clone() {
            let mut other = options.clone();
            if mapping.sheet.is_none() || !mapping.read_so(&mut other.read, Some(sheets)) {
                continue;
            }
            let Some(bytes) = again.rewound() else { break };
            let opened = open(bytes, &other)?;
            if found(&opened, &other).is_some_and(|found| found.shape.name == mapping.shape.name) {
                (source, options) = (opened, other);
                break;
            }
        }
    }
    again.forget();
    settle(&source, &mut options);
    Ok((source, options))
}

/// The mapping that a file is read by.
fn found<'a>(source: &Source, options: &'a ImportOptions) -> Option<&'a Mapping> {
    let saved = source.plan()?.saved.as_ref()?;
    options.mappings.iter().find(|mapping| mapping.shape.name == *saved)
}

fn settle(source: &Source, options: &mut ImportOptions) {
    if let Some(mapping) = found(source, options).cloned() {
        mapping.settle(options);
    }
}

/// What there is to say about a file that was opened.
pub(super) fn view(
    name: &str,
    folder: Option<&Folder>,
    source: &Source,
    options: &ImportOptions,
) -> Inspection {
    let plan = source.plan();
    let columns = plan.map(columns).unwrap_or_default();
    let saved = plan.and_then(|plan| plan.saved.as_ref()).and_then(|saved| {
        let mapping = options.mappings.iter().find(|mapping| mapping.shape.name == *saved)?;
        Some((mapping.shape.name.clone(), mapping.saved.clone()))
    });
    let set = plan.into_iter().flat_map(|plan| &plan.transforms).filter_map(|transform| match transform {
        Transform::Set { value, target } => Some((target.to_string(), value.clone())),
        _ => None,
    });
    Inspection {
        file: folder.map_or(name, |folder| &folder.path).to_owned(),
        cards: folder.map(|folder| folder.cards),
        sheets: source.sheets().map(|(names, read)| (names.to_vec(), read)),
        format: source.format(),
        profile: plan.map(|plan| plan.profile.clone()).unwrap_or_default(),
        system: source.system().to_owned(),
        evidence: evidence(plan, options),
        encoding: source.encoding(),
        delimiter: source.delimiter(),
        header_line: source.header_line(),
        columns,
        set: set.collect(),
        date_order: plan.and_then(|plan| plan.date_order),
        date: plan.and_then(date_example),
        saved,
        match_by: options.match_by.clone(),
        on_match: options.on_match,
        tags: options.tags.clone(),
        warnings: source.warnings().to_vec(),
    }
}

fn evidence(plan: Option<&Plan>, options: &ImportOptions) -> Evidence {
    let Some(plan) = plan else { return Evidence::Beginning };
    if options.read.from.as_deref().is_some_and(|from| !matches!(from, "" | "auto")) {
        return Evidence::Given;
    }
    let named = |why: Why| -> Vec<String> {
        let of = |column: &&ColumnPlan| column.why == why && column.target != Target::Ignore;
        plan.columns.iter().filter(of).take(NAMED).map(|column| column.name.clone()).collect()
    };
    let own = named(Why::Profile);
    if !own.is_empty() {
        return Evidence::Columns(own);
    }
    let known = named(Why::Name);
    if known.is_empty() { Evidence::Content } else { Evidence::Names(known) }
}

fn columns(plan: &Plan) -> Vec<ColumnView> {
    let view = |(index, column): (usize, &ColumnPlan)| {
        let made = plan.transforms.iter().find(|transform| transform.columns().contains(&index));
        let target = match made {
            Some(join @ Transform::Join { columns, .. }) => {
                let names = columns.iter().filter_map(|index| plan.columns.get(*index));
                let names: Vec<&str> = names.map(|column| column.name.as_str()).collect();
                format!("{join} ({})", names.join(" + "))
            }
            Some(split) => split.to_string(),
            None => column.target.to_string(),
        };
        ColumnView {
            name: column.name.clone(),
            samples: column.samples.clone(),
            target,
            kept: made.is_none() && column.target == Target::Extra,
            left_out: made.is_none() && column.target == Target::Ignore,
            why: column.why,
            confidence: confidence(column),
        }
    };
    plan.columns.iter().enumerate().map(view).collect()
}

/// How sure it is that a column goes where it goes, in percent: by who says so, less if its values look like something
/// else.
fn confidence(column: &ColumnPlan) -> u8 {
    let by_source: u8 = match column.why {
        Why::User => return 100,
        Why::Unmapped => return 0,
        Why::Profile => 98,
        Why::Name => 90,
        Why::Content => 70,
    };
    let fits: fn(&str) -> bool = match &column.target {
        Target::Method { kind: "email", .. } => |text| text.contains('@'),
        Target::Method { kind: "phone", .. } => |text| text.bytes().filter(u8::is_ascii_digit).count() >= 3,
        Target::Date { .. } => |text| {
            parse_date(text, Some(DateOrder::Dmy))
                .or_else(|| parse_date(text, Some(DateOrder::Mdy)))
                .is_some()
        },
        _ => return by_source,
    };
    match column.samples.iter().filter(|sample| fits(sample)).count() {
        _ if column.samples.is_empty() => by_source,
        0 => by_source / 3,
        some if some == column.samples.len() => (by_source + 5).min(99),
        _ => by_source / 4 * 3,
    }
}

/// A date whose order matters before one whose order does not.
fn date_example(plan: &Plan) -> Option<DateExample> {
    let dates = plan.columns.iter().filter(|column| matches!(column.target, Target::Date { .. }));
    let all = dates.flat_map(|column| column.samples.iter().map(move |sample| (column, sample)));
    let found: Vec<(&ColumnPlan, &String)> = all.collect();
    let telling = found.iter().find(|(_, sample)| exchange::mapping::is_ambiguous(sample));
    // What is no date at all says nothing about the order; the rehearsal names it.
    let reads = || found.iter().find(|(_, sample)| parse_date(sample, plan.date_order).is_some());
    telling.or_else(reads).map(|(column, sample)| DateExample {
        column: column.name.clone(),
        text: (*sample).clone(),
        read: parse_date(sample, plan.date_order),
    })
}
