//! Looks at files, imports them, and tells how far it is.

use super::Out;
use super::convert::{failed, label};
use crate::i18n::{self, inspection};
use crate::ops::import::{
    date_order_named, date_order_word, match_named, match_word, on_match_named, on_match_word,
};
use crate::ops::{
    Book, ImportOptions, ImportReport, Input, Inspection, Mapping, Progress as OpProgress, ReadOptions,
    Result, StoreError, Watch, target_names,
};
use crate::tui::message::{Message, Ticket};
use crate::tui::state::data::{Notice, Progress, Report};
use crate::tui::state::import::data::{Change, Choices, Column, Fresh, Particulars, Past, Plan};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// Remarks and refused rows that are shown at the most.
const SHOWN: usize = 200;
/// Imports of the past that are shown.
const PAST: usize = 100;

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
    fn progress(&mut self, at: &OpProgress) {
        let progress = Progress { read: at.read, bytes: at.bytes, total: at.total, seconds: at.seconds };
        self.out.send(Message::Progress(self.ticket, progress));
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
    let input = input(job.path)?;
    let options = ImportOptions { dry_run: job.trial, rejects: job.rejects.clone(), ..options(job.choices) };
    let mut watch = Watcher { ticket: job.ticket, out, cancel };
    if watch.cancelled() {
        return Err(StoreError::Cancelled.into());
    }
    book.import(vec![input], &options, &mut watch)
}

/// A file or a folder; something else might never end.
fn input(path: &Path) -> Result<Input> {
    let path = super::files::expand(path);
    if let Ok(meta) = path.metadata()
        && !meta.is_file()
        && !meta.is_dir()
    {
        let source = std::io::ErrorKind::InvalidInput.into();
        return Err(crate::ops::OpError::Io { path, source });
    }
    Input::open(&path)
}

fn options(choices: &Choices) -> ImportOptions {
    ImportOptions {
        read: ReadOptions {
            map: choices.map.clone(),
            set: choices.set.clone(),
            date_order: date_order_named(&choices.date_order),
            from: choices.from.clone(),
            key: choices.key.clone(),
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
pub(super) fn inspect(book: &Book, path: &Path, choices: Option<&Choices>, mappings: &Path) -> Result<Plan> {
    let mut broken = Vec::new();
    let options = match choices {
        Some(choices) => options(choices),
        None => {
            let (mappings, errors) = Mapping::all(mappings)?;
            broken = errors;
            ImportOptions { mappings, ..ImportOptions::default() }
        }
    };
    let found = book.inspect(input(path)?, &options)?;
    let choices = choices.cloned().unwrap_or_else(|| chosen(&found, &options));
    let mut plan = plan(found, choices);
    plan.remarks.extend(broken.into_iter().map(failed));
    Ok(plan)
}

/// The choices that a file was looked at with: the usual ones, and those of the mapping that was found.
fn chosen(found: &Inspection, options: &ImportOptions) -> Choices {
    let name = found.saved.as_ref().map(|(name, _)| name);
    let saved = options.mappings.iter().find(|mapping| Some(&mapping.shape.name) == name).cloned();
    let saved = saved.unwrap_or_default();
    Choices {
        map: saved.shape.map,
        set: saved.shape.set,
        date_order: saved.shape.date_order.map(date_order_word).unwrap_or_default().to_owned(),
        match_by: found.match_by.iter().map(|by| match_word(*by).to_owned()).collect(),
        on_match: on_match_word(found.on_match).to_owned(),
        empty_clears: saved.empty_clears,
        tags: found.tags.clone(),
        from: saved.shape.from,
        key: saved.shape.key,
    }
}

fn plan(found: Inspection, choices: Choices) -> Plan {
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
    let fresh =
        found.fresh.into_iter().map(|new| Fresh { line: new.line, name: new.name, doubtful: new.doubtful });
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
