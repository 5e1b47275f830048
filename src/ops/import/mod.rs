//! Importing: rows are read, matched and prepared on one thread, written on another, all in one batch.

mod again;
mod apply;
mod consents;
mod earlier;
mod folder;
mod given;
mod linked;
mod matching;
mod names;
mod past;
mod plan;
mod reader;
mod records;
mod refused;
mod rehearsal;
mod saved;
mod spool;
mod three_way;
mod twice;
mod whom;

pub use past::PastImport;
pub use plan::{ColumnView, DateExample, Evidence, Inspection};
pub use rehearsal::{FieldChange, NewContact, SHOWN_MAX};
pub use saved::{
    Mapping, date_order_named, date_order_word, match_named, match_word, on_match_named, on_match_word,
};

use super::{Book, Label, OpError, Result};
use crate::exchange::{ExchangeError, Options, Plan, Reason, Warning};
pub use crate::model::progress::Progress;
use crate::store::StoreError;
use serde::Serialize;
use std::io::Read;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, mpsc};
use std::time::{Duration, Instant};

/// By what two contacts are the same, in the order in which it is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MatchBy {
    /// The system's own id, then rolo's.
    Id,
    /// An e-mail that is one person's.
    Email,
    /// A phone, if the names are similar.
    Phone,
    /// Name and company.
    Name,
}

/// What happens to a contact that is there.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum OnMatch {
    /// Three-way from the same source, filling from another.
    #[default]
    Update,
    /// What is missing is added.
    Fill,
    /// Nothing.
    Skip,
    /// A new contact all the same.
    Add,
}

/// What happens to contacts of the source's last import that are not in this one.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Missing {
    /// Nothing.
    #[default]
    Ignore,
    /// They are named in the report.
    Report,
    /// They get this tag.
    Tag(String),
    /// They are archived.
    Archive,
}

/// Says where and why a row was refused, in the language of whoever will read it: line and reason.
#[derive(Clone)]
pub struct Wording(Arc<Say>);

type Say = dyn Fn(u64, &Reason) -> String + Send + Sync;

impl Wording {
    /// Says it by this function.
    pub fn new(say: impl Fn(u64, &Reason) -> String + Send + Sync + 'static) -> Self {
        Self(Arc::new(say))
    }

    fn say(&self, line: u64, reason: &Reason) -> String {
        (self.0)(line, reason)
    }
}

impl Default for Wording {
    fn default() -> Self {
        Self::new(|line, reason| format!("line {line}: {reason}"))
    }
}

impl std::fmt::Debug for Wording {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Wording")
    }
}

/// How to import.
#[derive(Clone, Debug)]
pub struct ImportOptions {
    /// How to read the files.
    pub read: Options,
    /// What counts as the same contact.
    pub match_by: Vec<MatchBy>,
    /// What happens then.
    pub on_match: OnMatch,
    /// An empty cell clears what the source gave before.
    pub empty_clears: bool,
    /// What happens to those that are gone from the source.
    pub missing: Missing,
    /// Tags for every row's contact.
    pub tags: Vec<String>,
    /// Nothing is written.
    pub dry_run: bool,
    /// One refused row refuses all.
    pub strict: bool,
    /// Where refused rows go; written only if there are any.
    pub rejects: Option<PathBuf>,
    /// Mappings that were saved, oldest first: the one for the first file's shape is used.
    pub mappings: Vec<Mapping>,
    /// How the reasons are said there.
    pub wording: Wording,
}

impl Default for ImportOptions {
    fn default() -> Self {
        Self {
            read: Options::default(),
            match_by: vec![MatchBy::Id, MatchBy::Email, MatchBy::Phone, MatchBy::Name],
            on_match: OnMatch::default(),
            empty_clears: false,
            missing: Missing::default(),
            tags: Vec::new(),
            dry_run: false,
            strict: false,
            rejects: None,
            mappings: Vec::new(),
            wording: Wording::default(),
        }
    }
}

/// A file to import.
pub struct Input {
    /// What to call it: the file's name, or `-`.
    pub name: String,
    /// Its bytes.
    pub bytes: Box<dyn Read + Send>,
    /// How many there are, if that is known.
    pub size: Option<u64>,
    /// The folder that it was found in, if it wasn't named itself: then it can only be refused, not end the import.
    pub folder: Option<Folder>,
}

/// A folder whose cards are imported.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Folder {
    /// Its path, as it was named.
    pub path: String,
    /// How many files of it are cards.
    pub cards: usize,
}

impl Input {
    /// A file by its path; a folder is refused.
    pub fn open(path: &std::path::Path) -> Result<Self> {
        let io = |source| OpError::Io { path: path.to_owned(), source };
        let name = path
            .file_name()
            .map_or_else(|| path.display().to_string(), |name| name.to_string_lossy().into_owned());
        if path.is_dir() {
            return Err(OpError::Exchange {
                path: path.display().to_string(),
                source: ExchangeError::Directory,
            });
        }
        let file = std::fs::File::open(path).map_err(io)?;
        let found = file.metadata().map_err(io)?;
        let size = found.is_file().then_some(found.len());
        Ok(Self { name, bytes: Box::new(file), size, folder: None })
    }
}

impl Input {
    /// What a path names: a file, or the cards of a folder, each in a file of its own, opened when its turn comes.
    pub fn all(path: &std::path::Path) -> Result<Vec<Self>> {
        if path.is_dir() { folder::cards(path) } else { Ok(vec![Self::open(path)?]) }
    }
}

/// Who looks on while something long runs.
pub trait Watch {
    /// Called some times a second.
    fn progress(&mut self, progress: &Progress);
    /// Whether to give up; then nothing has changed.
    fn cancelled(&self) -> bool;
}

/// Nobody looks on.
impl Watch for () {
    fn progress(&mut self, _: &Progress) {}

    fn cancelled(&self) -> bool {
        false
    }
}

/// What is to be said about a row, with its file where there are several.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    /// The file's name.
    pub file: String,
    /// What and where.
    pub warning: Warning,
}

/// A row that was refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rejected {
    /// The file's name.
    pub file: String,
    /// Where it begins, from 1.
    pub line: u64,
    /// Why.
    pub reason: Reason,
}

/// What an import did, or would do.
#[derive(Clone, Debug, Default, Serialize)]
pub struct ImportReport {
    /// Rows: all of the following together.
    pub read: u64,
    /// New contacts (and other records).
    pub created: u64,
    /// Changed ones.
    pub updated: u64,
    /// Those that had nothing new.
    pub unchanged: u64,
    /// Blank rows, those that `skip` passed over, those whose contact lies in the bin.
    pub skipped: u64,
    /// Refused.
    pub rejected: u64,
    /// A part of `created`: may be the same as another contact.
    pub doubtful: u64,
    /// At most `NOTES_MAX`; the faces put them into words.
    #[serde(skip)]
    pub notes: Vec<Note>,
    /// How many notes there were in all.
    #[serde(skip)]
    pub notes_total: u64,
    /// The first refused rows, at most `NOTES_MAX`.
    #[serde(skip)]
    pub refused: Vec<Rejected>,
    /// The files that the refused rows are in.
    #[serde(skip)]
    pub rejects: Vec<PathBuf>,
    /// The batch's number; 0 if nothing changed or nothing was to be written.
    pub batch: i64,
    /// How long it took.
    pub seconds: f64,
    /// How the columns of each file were read.
    #[serde(skip)]
    pub plans: Vec<(String, Option<Plan>)>,
    /// What each file is, in their order.
    #[serde(skip)]
    pub inspections: Vec<Inspection>,
    /// The first new contacts, of a dry run.
    #[serde(skip)]
    pub fresh: Vec<NewContact>,
    /// The first changes to contacts that are there, of a dry run.
    #[serde(skip)]
    pub changes: Vec<FieldChange>,
    /// How many there are in all.
    #[serde(skip)]
    pub changes_total: u64,
}

/// More warnings than this are counted but not kept, so that a report does not grow with its file.
pub const NOTES_MAX: usize = 1000;

impl ImportReport {
    fn note(&mut self, file: &str, warning: Warning) {
        self.notes_total += 1;
        if self.notes.len() < NOTES_MAX {
            self.notes.push(Note { file: file.to_owned(), warning });
        }
    }
}

/// In a file of more bytes there are national numbers to be expected; their tables are loaded while it is opened.
const LARGE: u64 = 4 << 20;
/// A file up to this size, bytes, is taken into an empty book without the write-ahead log: whoever wants to read the book meanwhile
/// waits for seconds at the most.
const FIRST: u64 = 64 << 20;
/// How many rows travel together.
const CHUNK: usize = 128;
/// How many such chunks may wait.
const WAITING: usize = 16;

impl Book {
    /// Imports files in one batch. An error, a cancelled import, or refused rows in strict mode leave the book as it was.
    pub fn import(
        &mut self,
        inputs: Vec<Input>,
        options: &ImportOptions,
        watch: &mut dyn Watch,
    ) -> Result<ImportReport> {
        let started = Instant::now();
        let mut names: Vec<String> = inputs
            .iter()
            .map(|input| input.folder.as_ref().map_or(&input.name, |of| &of.path).clone())
            .collect();
        names.dedup();
        let several = inputs.iter().filter(|input| input.folder.is_none()).count() > 1;
        let inputs = inputs.into_iter().map(|input| spool::whole(input, &options.read, watch));
        let inputs: Vec<Input> = inputs.collect::<Result<_>>()?;
        let total = inputs.iter().map(|input| input.size).sum::<Option<u64>>();
        // Told now, not when the first row is refused: a job that ran well for months would end at just that one.
        if let Some(path) = options.rejects.as_ref().filter(|_| !options.dry_run) {
            refused::beside(path)?;
        }
        let meta = crate::store::Meta {
            label: Label::new("import", [names.join(", ")]),
            author: self.session.author.clone(),
            origin: "import".to_owned(),
            undoes: None,
        };
        // What reads the book while the rows are matched; a dry run on a book that isn't there needs none to be made.
        if options.dry_run && !self.exists() {
            let folder =
                tempfile::tempdir().map_err(|source| OpError::Io { path: std::env::temp_dir(), source })?;
            let mut scratch = Self::open(
                &folder.path().join("book.rolo"),
                super::Session { state_dir: folder.path().join("state"), ..self.session.clone() },
            )?;
            scratch.store()?;
            return scratch.import(inputs, options, watch);
        }
        // A file that can't be read leaves no trace, and nobody waits for the book while a pipe is waited for.
        let mut inputs = inputs.into_iter().peekable();
        // A broken card of a folder is a refused row.
        let opened = inputs
            .next_if(|input| input.folder.is_none())
            .map(|input| {
                let name = input.name.clone();
                plan::open(input, options).map(|(source, options)| (name, source, options))
            })
            .transpose()
            .map_err(|error| if watch.cancelled() { StoreError::Cancelled.into() } else { error })?;
        let (first, settled) =
            opened.map_or((None, None), |(name, source, options)| (Some((name, source)), Some(options)));
        let options = settled.as_ref().unwrap_or(options);
        self.store()?;
        let zone = *self.now().offset();
        let country = crate::store::derive::country(self.reader()?)?;
        if total.is_some_and(|total| total > LARGE) && country.is_some() {
            std::thread::spawn(crate::model::phone::preload);
        }
        // The first contacts of a book have nothing to be matched with.
        // Of several files the later ones have the earlier ones to be matched with, for which all indexes are needed.
        let first_of_book =
            !options.dry_run && !several && self.is_empty()? && total.is_some_and(|total| total < FIRST);
        let reader = if first_of_book {
            // Nobody who reads the book is to be in the way of the one who fills it.
            self.reader = std::cell::OnceCell::new();
            self.blank()?
        } else {
            self.reopen()?
        };
        let stop = AtomicBool::new(false);
        let bytes = AtomicU64::new(0);
        let inspections = Mutex::new(Vec::new());
        let store = self.store()?;
        let run = |tx: &mut crate::store::Tx<'_>| -> Result<ImportReport> {
            let (sender, receiver) = mpsc::sync_channel(WAITING);
            let (back, spent) = mpsc::channel();
            let fresh: bool = !several
                && tx.conn().query_row("select not exists (select 1 from contact)", [], |row| row.get(0))?;
            if first_of_book && !fresh {
                return Err(StoreError::Busy.into());
            }
            std::thread::scope(|scope| {
                let stop = &stop;
                let bytes = &bytes;
                let inspections = &inspections;
                let read = std::thread::Builder::new()
                    .name("rolo-reader".to_owned())
                    .spawn_scoped(scope, move || {
                        let book = &reader;
                        let reading = reader::Reading {
                            book,
                            options,
                            stop,
                            bytes,
                            fresh,
                            several,
                            country,
                            zone,
                            inspections,
                            spent,
                        };
                        reading.run(first, inputs, &sender)
                    })
                    .map_err(|error| StoreError::Damaged(error.to_string()))?;
                let mut rehearsal = options.dry_run.then(rehearsal::Rehearsal::default);
                if options.dry_run {
                    tx.keep_edits(SHOWN_MAX, rehearsal::is_change);
                }
                let mut writer = apply::Writer::new(tx, options, fresh, several, zone)?;
                let mut spoke = Instant::now();
                let mut ended = Ok(());
                while let Ok(chunk) = receiver.recv() {
                    if let Some(rehearsal) = &mut rehearsal {
                        rehearsal.see(&chunk);
                    }
                    ended = writer.take(chunk).and_then(|()| {
                        if watch.cancelled() { Err(StoreError::Cancelled.into()) } else { Ok(()) }
                    });
                    if ended.is_err() {
                        break;
                    }
                    // A reader that is through no longer takes them.
                    let _ = back.send(std::mem::take(&mut writer.spent));
                    if spoke.elapsed() > Duration::from_millis(80) {
                        spoke = Instant::now();
                        watch.progress(&Progress {
                            read: writer.report.read,
                            bytes: bytes.load(Ordering::Relaxed),
                            total,
                            seconds: started.elapsed().as_secs_f64(),
                        });
                    }
                }
                stop.store(true, Ordering::Relaxed);
                drop(receiver);
                let read =
                    read.join().unwrap_or(Err(StoreError::Damaged("the reader stopped".into()).into()));
                ended?;
                // Before what the reader says: a source that waits for input ends with an error of its own.
                if watch.cancelled() {
                    return Err(StoreError::Cancelled.into());
                }
                let rejects = read?;
                let known = std::mem::take(&mut writer.earlier.known);
                let mut report = writer.finish()?;
                if let Some(rehearsal) = rehearsal {
                    let (edits, total) = tx.kept_edits();
                    report.changes = rehearsal::changes(tx, &edits)?;
                    report.changes_total = total;
                    report.fresh = rehearsal.fresh;
                    report.fresh.retain(|new| !known.contains(&(new.file.clone(), new.line)));
                }
                if let (Some(path), false) = (&options.rejects, options.dry_run) {
                    report.rejects = refused::keep(rejects, path)?;
                }
                if options.strict && report.rejected > 0 {
                    let first = report.refused.first();
                    return Err(OpError::Strict {
                        rejected: report.rejected as usize,
                        first: first
                            .map(|row| options.wording.say(row.line, &row.reason))
                            .unwrap_or_default(),
                    });
                }
                Ok(report)
            })
        };
        let (mut report, receipt) = match () {
            () if options.dry_run => store.rehearse(&meta, run)?,
            () if first_of_book => store.write_first(&meta, run)?,
            () => store.write(&meta, run)?,
        };
        report.batch = if options.dry_run { 0 } else { receipt.batch };
        report.seconds = started.elapsed().as_secs_f64();
        report.inspections = inspections.into_inner().unwrap_or_default();
        Ok(report)
    }
}

#[cfg(test)]
mod tests;
