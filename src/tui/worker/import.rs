//! Imports files, and tells how far it is.

use super::Out;
use super::convert::failed;
use crate::i18n;
use crate::ops::{Book, ImportOptions, ImportReport, Input, Progress as OpProgress, Result, Target, Watch};
use crate::tui::message::{Message, Ticket};
use crate::tui::state::data::{Notice, Progress, Report};
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};

/// Remarks and refused rows that are shown at the most.
const SHOWN: usize = 200;

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

/// Imports a file, or tries what that would do; whether the book changed.
pub(super) fn run(
    book: &mut Book,
    out: &Out,
    cancel: &AtomicBool,
    ticket: Ticket,
    path: &Path,
    trial: bool,
) -> bool {
    let result = import(book, out, cancel, ticket, path, trial);
    let changed = !trial && result.is_ok();
    out.send(Message::Imported(ticket, result.map(|found| report(found, trial)).map_err(failed)));
    changed
}

fn import(
    book: &mut Book,
    out: &Out,
    cancel: &AtomicBool,
    ticket: Ticket,
    path: &Path,
    trial: bool,
) -> Result<ImportReport> {
    let input = Input::open(&super::files::expand(path))?;
    let options = ImportOptions { dry_run: trial, ..ImportOptions::default() };
    book.import(vec![input], &options, &mut Watcher { ticket, out, cancel })
}

fn report(found: ImportReport, trial: bool) -> Report {
    let notes = found.notes.into_iter().take(SHOWN).map(|note| {
        let line = note.warning.line;
        (line, Notice::warning("screen-failed").said("what", move |lang| i18n::warning(lang, &note.warning)))
    });
    let refused = found.refused.into_iter().take(SHOWN).map(|row| {
        let said = move |lang: &i18n::Lang| i18n::reason(lang, &row.reason);
        (row.line, Notice::bad("screen-import-refused").said("reason", said))
    });
    let columns = found.plans.into_iter().filter_map(|(_, plan)| plan).flat_map(|plan| plan.columns);
    Report {
        read: found.read,
        created: found.created,
        updated: found.updated,
        unchanged: found.unchanged,
        skipped: found.skipped,
        rejected: found.rejected,
        doubtful: found.doubtful,
        warnings: refused.chain(notes).collect(),
        columns: if trial {
            columns.map(|column| (column.name, target(&column.target))).collect()
        } else {
            Vec::new()
        },
        seconds: found.seconds,
    }
}

/// What a column becomes, by the name of the field; empty if it is kept as it stands.
fn target(target: &Target) -> String {
    let dotted =
        |parts: &[&str]| parts.iter().filter(|part| !part.is_empty()).copied().collect::<Vec<_>>().join(".");
    match target {
        Target::Extra => String::new(),
        Target::Ignore => "ignore".to_owned(),
        Target::Field(name) => (*name).to_owned(),
        Target::Company => "company".to_owned(),
        Target::Tags => "tags".to_owned(),
        Target::Method { kind, service, label, .. } => dotted(&[kind, service, label]),
        Target::MethodLabel { kind, .. } | Target::MethodService { kind, .. } => dotted(&[kind, "label"]),
        Target::Address { part, label, .. } => {
            dotted(&["address", label, &format!("{part:?}").to_lowercase()])
        }
        Target::Date { label, .. } => dotted(&["date", label]),
        Target::Value { key, .. } => format!("field:{key}"),
        other => {
            let name = format!("{other:?}");
            name.split([' ', '{', '(']).next().unwrap_or_default().to_lowercase()
        }
    }
}
