//! Looks at files, imports them, and tells how far it is.

use super::convert::{failed, label};
use super::{Out, Setup};
use crate::i18n::{self, inspection};
use crate::ops::import::{
    date_order_named, date_order_word, match_named, match_word, on_match_named, on_match_word,
};
use crate::ops::{
    Book, ImportOptions, ImportReport, Input, Inspection, Mapping, OpError, Profiles, Progress, ReadOptions,
    Result, StoreError, Watch, Wording, target_names,
};
use crate::tui::message::{Message, Ticket};
use crate::tui::state::data::{Notice, Report};
use crate::tui::state::import::data::{Change, Choices, Column, Fresh, Particulars, Past, Plan};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// Remarks and refused rows that are shown at the most.
const SHOWN: usize = 200;
/// Imports of the past that are shown.
const PAST: usize = 100;
/// The kind of file that is found out.
const AUTO: &str = "auto";

/// Targets that people choose most, before all others.
const USUAL: [&str; 34] = [
    "name",
    "given",
    "family",
    "company",
    "title",
    "email",
    "email.work",
    "email.home",
    "phone",
    "phone.mobile",
    "phone.work",
    "phone.home",
    "address",
    "address.street",
    "address.city",
    "address.region",
    "address.postcode",
    "address.country",
    "address.home.street",
    "address.home.city",
    "address.work.street",
    "address.work.city",
    "birthday",
    "anniversary",
    "tags",
    "note",
    "url",
    "stage",
    "owner",
    "source",
    "external_id",
    "wechat",
    "extra",
    "ignore",
];

/// Tells the screen.
struct Watcher<'a> {
    ticket: Ticket,
    out: &'a Out,
    cancel: &'a AtomicBool,
}

impl Watch for Watcher<'_> {
    fn progress(&mut self, progress: &Progress) {
        self.out.send(Message::Progress(self.ticket, *progress));
    }

    fn cancelled(&self) -> bool {
        self.cancel.load(Ordering::Relaxed)
    }
}

/// An import, or a trial of it.
pub(super) struct Job<'a> {
    pub(super) ticket: Ticket,
    pub(super) path: &'a Path,
    pub(super) trial: bool,
    pub(super) choices: &'a Choices,
    /// Where refused rows wait.
    pub(super) rejects: Option<PathBuf>,
    /// How they are told why.
    pub(super) wording: Wording,
    /// Where the user's own profiles of systems lie.
    pub(super) profiles: &'a Path,
}

/// Imports a file, or tries what that would do; whether the book changed.
pub(super) fn run(book: &mut Book, out: &Out, cancel: &AtomicBool, job: &Job<'_>) -> bool {
    let result = import(book, out, cancel, job);
    let changed = !job.trial && result.is_ok();
    let rejects = if job.trial { None } else { job.rejects.clone() };
    let result = result.map(|found| report(found, rejects)).map_err(failed);
    out.send(Message::Imported(job.ticket, result));
    changed
}

fn import(book: &mut Book, out: &Out, cancel: &AtomicBool, job: &Job<'_>) -> Result<ImportReport> {
    let inputs = inputs(job.path)?;
    let mut options = ImportOptions {
        dry_run: job.trial,
        rejects: job.rejects.clone(),
        wording: job.wording.clone(),
        ..options(job.choices)
    };
    options.read.profiles = Some(profiles(job.profiles)?);
    let mut watch = Watcher { ticket: job.ticket, out, cancel };
    if watch.cancelled() {
        return Err(StoreError::Cancelled.into());
    }
    book.import(inputs, &options, &mut watch)
}

/// A file or a folder; something else might never end.
fn inputs(path: &Path) -> Result<Vec<Input>> {
    let path = super::files::expand(path);
    if let Ok(meta) = path.metadata()
        && !meta.is_file()
        && !meta.is_dir()
    {
        let source = std::io::ErrorKind::InvalidInput.into();
        return Err(OpError::Io { path, source });
    }
    Input::all(&path)
}

/// The systems that come with rolo and the user's own.
fn profiles(folder: &Path) -> Result<Arc<Profiles>> {
    let fail = |source| OpError::Exchange { path: folder.display().to_string(), source };
    Profiles::with_folder(folder).map_err(fail)
}

fn options(choices: &Choices) -> ImportOptions {
    ImportOptions {
        read: ReadOptions {
            map: choices.map.clone(),
            set: choices.set.clone(),
            date_order: date_order_named(&choices.date_order),
            from: choices.from.clone(),
            key: choices.key.clone(),
            encoding: choices.encoding.clone(),
            delimiter: choices.delimiter,
            header_row: choices.header_row,
            sheet: choices.sheet.clone(),
            ..ReadOptions::default()
        },
        match_by: choices.match_by.iter().filter_map(|by| match_named(by)).collect(),
        on_match: on_match_named(&choices.on_match).unwrap_or_default(),
        empty_clears: choices.empty_clears,
        tags: choices.tags.clone(),
        ..ImportOptions::default()
    }
}

/// What a file is, and how it would be read: as it was chosen, or as it looks and as was saved for its shape.
pub(super) fn inspect(book: &Book, path: &Path, choices: &Choices, setup: &Setup) -> Result<Plan> {
    let inputs = inputs(path)?;
    let profiles = profiles(&setup.profiles)?;
    let (mappings, broken) = Mapping::all(&setup.mappings)?;
    let mut kinds = vec![(AUTO.to_owned(), String::new())];
    kinds.extend(mappings.iter().rev().map(|mapping| (mapping.shape.name.clone(), mapping.saved.clone())));
    kinds.extend(profiles.all().map(|profile| (profile.name.clone(), profile.title.clone())));
    let mut options = options(choices);
    options.read.profiles = Some(profiles);
    if choices.settled {
        let found = book.inspect(inputs, &options)?;
        return Ok(plan(found, choices.clone(), kinds));
    }
    if choices.match_by.is_empty() {
        options.match_by = ImportOptions::default().match_by;
    }
    let kind = choices.kind.as_deref();
    let forced = mappings.iter().find(|mapping| kind == Some(&*mapping.shape.name)).cloned();
    match &forced {
        Some(mapping) => mapping.force(&mut options),
        None => options.read.from = choices.kind.clone(),
    }
    if kind.is_none() {
        options.mappings = mappings;
    }
    let mut found = book.inspect(inputs, &options)?;
    found.saved = found.saved.or(forced.map(|mapping| (mapping.shape.name, mapping.saved)));
    let choices = settle(&found, options, choices);
    let mut plan = plan(found, choices, kinds);
    plan.remarks.extend(broken.into_iter().map(failed));
    Ok(plan)
}

/// The choices that a file was looked at with, those of the mapping that was found included.
fn settle(found: &Inspection, options: ImportOptions, choices: &Choices) -> Choices {
    let name = found.saved.as_ref().map(|(name, _)| name);
    let saved = options.mappings.iter().find(|mapping| Some(&mapping.shape.name) == name).cloned();
    let saved = saved.unwrap_or_default();
    let date_order = saved.shape.date_order.or(options.read.date_order);
    Choices {
        map: saved.shape.map.into_iter().chain(options.read.map).collect(),
        set: saved.shape.set.into_iter().chain(options.read.set).collect(),
        date_order: date_order.map(date_order_word).unwrap_or_default().to_owned(),
        match_by: found.match_by.iter().map(|by| match_word(*by).to_owned()).collect(),
        on_match: on_match_word(found.on_match).to_owned(),
        empty_clears: saved.empty_clears || options.empty_clears,
        tags: found.tags.clone(),
        from: saved.shape.from.or(options.read.from),
        key: saved.shape.key.or(options.read.key),
        encoding: options.read.encoding.or(saved.encoding),
        delimiter: options.read.delimiter.or(saved.delimiter),
        header_row: options.read.header_row.or(saved.header_row),
        settled: true,
        ..choices.clone()
    }
}

fn plan(found: Inspection, choices: Choices, kinds: Vec<(String, String)>) -> Plan {
    let found = Arc::new(found);
    // How many lines there are is the same in every language.
    let count = inspection::lines(&i18n::Lang::default(), &found).len();
    let line = |at: usize| {
        let found = found.clone();
        let say = move |lang: &i18n::Lang| inspection::lines(lang, &found).swap_remove(at);
        Notice::good("screen-failed").said("what", say)
    };
    let columns = found.columns.iter().map(|column| Column {
        name: column.name.clone(),
        samples: column.samples.clone(),
        target: column.target.clone(),
        kept: column.kept,
        left_out: column.left_out,
        why: inspection::why_word(column.why),
        confidence: column.confidence,
    });
    let mut targets: Vec<String> = USUAL.map(String::from).to_vec();
    let known = target_names();
    // Those with a part to fill in are for typing.
    targets.extend(known.into_iter().filter(|name| !name.contains(|c: char| c.is_ascii_uppercase())));
    let mut seen = std::collections::HashSet::new();
    targets.retain(|target| seen.insert(target.clone()));
    Plan {
        lines: (0..count).map(line).collect(),
        remarks: found
            .warnings
            .iter()
            .cloned()
            .map(|warning| {
                Notice::warning("screen-failed").said("what", move |lang| i18n::warning(lang, &warning))
            })
            .collect(),
        columns: columns.collect(),
        set: found.set.clone(),
        choices,
        dates: found.date.is_some(),
        targets,
        kinds,
        sheets: found.sheets.as_ref().map(|(names, _)| names.clone()).unwrap_or_default(),
        is_text: found.delimiter.is_some(),
    }
}

/// Imports of the past, newest first.
pub(super) fn past(book: &Book) -> Result<Vec<Past>> {
    let found = book.imports(PAST)?;
    let past = found.into_iter().map(|import| Past {
        batch: import.batch,
        at: import.at,
        what: label("screen-label", import.label),
        undone: import.undone,
    });
    Ok(past.collect())
}

/// Saves what was chosen under a name.
pub(super) fn save(
    folder: &Path,
    name: &str,
    columns: &[String],
    choices: &Choices,
    day: String,
) -> Result<Notice> {
    let mapping = Mapping::of(name, columns.to_vec(), &options(choices), day);
    mapping.save(folder)?;
    Ok(Notice::good("import-saved-as").text("name", mapping.shape.name))
}

fn report(found: ImportReport, rejects: Option<PathBuf>) -> Report {
    let notes = found.notes.into_iter().take(SHOWN).map(|note| {
        let line = note.warning.line;
        (line, Notice::warning("screen-failed").said("what", move |lang| i18n::warning(lang, &note.warning)))
    });
    let refused = found.refused.into_iter().take(SHOWN).map(|row| {
        let say = move |lang: &i18n::Lang| i18n::reason(lang, &row.reason);
        (row.line, Notice::bad("screen-failed").said("what", say))
    });
    let fresh = found.fresh.into_iter().map(|new| Fresh {
        line: new.line,
        name: new.name,
        doubtful: new.doubtful,
        several: new.several,
    });
    let changes = found.changes.into_iter().map(|change| Change {
        contact: change.contact,
        field: change.field,
        before: change.before,
        after: change.after,
    });
    Report {
        read: found.read,
        created: found.created,
        updated: found.updated,
        unchanged: found.unchanged,
        skipped: found.skipped,
        rejected: found.rejected,
        doubtful: found.doubtful,
        warnings: notes.collect(),
        more: Particulars {
            fresh: fresh.collect(),
            changes: changes.collect(),
            changes_total: found.changes_total,
            refused: refused.collect(),
            batch: found.batch,
            rejects: rejects.filter(|_| found.rejected > 0),
        },
        seconds: found.seconds,
    }
}
