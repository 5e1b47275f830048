//! The thread that changes the book.

use super::convert::{failed, label, row};
use super::{Inbox, Out, Setup, import, search, sync};
use crate::config::Language;
use crate::i18n::{self, Lang};
use crate::model::{value, when};
use crate::ops::{Book, Change, Choice, Done, Entry, OpError, Result, Revised, Revision, UndoOut, Wording};
use crate::tui::message::{LogEntry, Message, Ticket, Write, Written};
use crate::tui::state::data::Notice;
use crate::tui::state::form::IN_BIN;
use crate::tui::state::import::data::Choices;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::Receiver;
use std::time::{Duration, Instant};
use tempfile::TempDir;

/// What is to be done, one after another.
#[derive(Debug)]
pub(super) enum Job {
    Write(Ticket, Write),
    Import {
        ticket: Ticket,
        path: PathBuf,
        trial: bool,
        choices: Box<Choices>,
        lang: Language,
    },
    /// Read here, so that it is what the writes before it left.
    Bin(Ticket),
    Undoable,
}

/// How often a change of many contacts says how far it is.
const OFTEN: Duration = Duration::from_millis(100);

pub(super) struct Writer {
    book: Book,
    search: Arc<Inbox<search::Requests>>,
    sync: Arc<Inbox<sync::Requests>>,
    /// Whether others may lack something of this device.
    owes: Arc<AtomicBool>,
    cancel: Arc<AtomicBool>,
    out: Out,
    setup: Setup,
    /// Where refused rows wait until someone wants them.
    scratch: Option<TempDir>,
}

impl Writer {
    pub(super) fn new(
        book: Book,
        search: Arc<Inbox<search::Requests>>,
        (sync, owes): (Arc<Inbox<sync::Requests>>, Arc<AtomicBool>),
        cancel: Arc<AtomicBool>,
        out: Out,
        setup: Setup,
    ) -> Self {
        Self { book, search, sync, owes, cancel, out, setup, scratch: None }
    }

    /// Changes of many contacts tell how they go on, and stop when asked to.
    pub(super) fn telling(mut self, cancel: Arc<AtomicBool>) -> Self {
        let out = self.out.clone();
        let mut spoke = Instant::now();
        self.book.on_bulk(Box::new(move |done, all| {
            if done == 0 {
                spoke = Instant::now();
            } else if spoke.elapsed() > OFTEN {
                spoke = Instant::now();
                out.send(Message::Bulk(done, all));
            }
            !cancel.load(Ordering::Relaxed)
        }));
        self
    }

    pub(super) fn run(mut self, jobs: &Receiver<Job>) {
        self.undoable();
        for job in jobs {
            match job {
                Job::Write(ticket, write) => {
                    let result = self.write(write).map_err(|error| match error {
                        OpError::InBin(name) => Notice::warning(IN_BIN).text("who", name),
                        OpError::BadValue { ref field, .. } => {
                            let field = field.clone();
                            failed(error).text("field", field)
                        }
                        error => failed(error),
                    });
                    let wrote = result.is_ok();
                    self.out.send(Message::Written(ticket, result));
                    if wrote {
                        self.wrote();
                    }
                }
                Job::Import { ticket, path, trial, choices, lang } => {
                    let wording = i18n::wording(Lang::new(lang, self.setup.dates));
                    self.import(ticket, &path, trial, &choices, wording);
                }
                Job::Bin(ticket) => match self.book.bin() {
                    Ok(rows) => {
                        let now = self.book.now();
                        let rows = rows.into_iter().map(|found| row(found, now)).collect();
                        self.out.send(Message::Bin(ticket, rows));
                    }
                    Err(error) => self.out.failed(error),
                },
                Job::Undoable => self.undoable(),
            }
        }
    }

    /// The search thread sees the change at once, not with its next look.
    fn wrote(&mut self) {
        self.search.put(|inbox| inbox.poke = true);
        self.owes.store(true, Ordering::Relaxed);
        self.sync.put(|came| came.edited = true);
        self.undoable();
    }

    fn undoable(&mut self) {
        // A book that is busy or not writable has nothing to take back here; writing would say why.
        if let Ok(found) = self.book.undoable() {
            self.out.send(Message::Undoable(found.map(|(_, what)| label("screen-label", what))));
        }
    }

    fn write(&mut self, write: Write) -> Result<Written> {
        let said = |label| Written { notice: label, made: None, back: None };
        let mut back = None;
        let done = match write {
            Write::Add(draft) => {
                let added = self.book.add_warned(*draft)?;
                let notice = Notice::good("screen-added").text("name", added.name);
                return Ok(Written { notice, made: Some(added.id), back: None });
            }
            Write::Log(entry) => return self.log(*entry),
            Write::EditEvent(id, changes) => self.edit_event(id, changes)?,
            Write::DeleteEvent(id) => self.book.delete_interactions(&[id])?,
            Write::Undo => {
                let done = self.book.undo(None)?;
                let back = match done.label.what.as_str() {
                    // Only where the cursor goes hangs on it.
                    "delete" => self.book.brought_back(done.receipt.batch).unwrap_or_default(),
                    _ => None,
                };
                return Ok(Written { back, ..said(undone("screen-undid", done)) });
            }
            Write::UndoBatch(batch) => {
                let done = self.book.undo(Some(batch))?;
                return Ok(said(undone("screen-undid", done)));
            }
            Write::Redo => {
                let done = self.book.redo()?;
                return Ok(said(undone("screen-redid", done)));
            }
            Write::Revise { id, base, edited, restore } => {
                let revision = Revision { base: *base, edited: *edited, restore, warned: true };
                return Ok(said(revised(self.book.revise(id, &revision)?)));
            }
            Write::Delete(ids) => self.book.delete(&ids)?,
            Write::Restore(ids) => {
                back = ids.first().copied().filter(|_| ids.len() == 1);
                self.book.restore(&ids)?
            }
            Write::EmptyBin => self.book.empty_bin()?,
            Write::Resolve { id, field, value } => {
                let choice = value.map_or(Choice::Shown, Choice::Value);
                let conflict = self.book.conflict_called(&id, Some(&field), &choice)?;
                // Somebody else was faster.
                let gone = || OpError::NotFound { who: field.clone(), kind: "conflict" };
                self.book.resolve_conflict(&conflict.ok_or_else(gone)?, &choice)?
            }
            Write::Star(ids, on) => turned(&mut self.book, &ids, on, Book::star)?,
            Write::Archive(ids, on) => turned(&mut self.book, &ids, on, Book::archive)?,
            Write::Tag { ids, add, remove } if remove.is_empty() => self.book.tag(&ids, &add)?,
            Write::Tag { ids, add, remove } if add.is_empty() => self.book.untag(&ids, &remove)?,
            Write::Tag { ids, add, remove } => {
                let field = || "tag".to_owned();
                let add = add.into_iter().map(|value| Change::Add { field: field(), value });
                let remove = remove.into_iter().map(|value| Change::Remove { field: field(), value });
                let changes: Vec<Change> = add.chain(remove).collect();
                self.book.edit(&ids, &changes)?
            }
        };
        if done.count == 0 {
            return Ok(said(Notice::good("screen-unchanged")));
        }
        Ok(Written { back, ..said(label("screen-label", done.label)) })
    }

    fn import(&mut self, ticket: Ticket, path: &Path, trial: bool, choices: &Choices, wording: Wording) {
        // Without a place for refused rows the import is as good, only they can't be handed over.
        self.scratch = tempfile::tempdir().ok();
        let rejects = self.scratch.as_ref().map(|folder| folder.path().join("rejects"));
        let profiles = &self.setup.profiles;
        let job = import::Job { ticket, path, trial, choices, rejects, wording, profiles };
        if import::run(&mut self.book, &self.out, &self.cancel, &job) {
            self.wrote();
        }
    }

    fn log(&mut self, typed: LogEntry) -> Result<Written> {
        let at = match typed.when.trim() {
            "" => None,
            text => Some(when::parse_instant(text, self.book.now())?.timestamp_millis()),
        };
        let (amount, currency) = money(&typed.amount)?;
        let entry = Entry {
            amount,
            currency,
            subject: typed.subject,
            kind: typed.kind,
            who: typed.ids,
            at,
            duration: minutes(&typed.duration)?,
            direction: typed.direction,
            body: typed.text.trim().to_owned(),
            ..Entry::default()
        };
        let logged = self.book.log(&entry)?;
        let notice = Notice::good("screen-logged").text("names", logged.names.join(", "));
        Ok(Written { notice, made: None, back: None })
    }

    fn edit_event(&mut self, id: i64, changes: Vec<(&'static str, String)>) -> Result<Done> {
        let mut fields = Vec::with_capacity(changes.len() + 1);
        for (field, text) in changes {
            if field == "amount" {
                let (amount, currency) = money(&text)?;
                fields.push((field.to_owned(), amount.map(value::format_decimal).unwrap_or_default()));
                fields.push(("currency".to_owned(), currency));
            } else {
                fields.push((field.to_owned(), text));
            }
        }
        self.book.edit_interaction(id, &fields)
    }
}

/// Minutes, as `12`, `12m`, `1h30m`.
fn minutes(text: &str) -> Result<Option<i64>> {
    let text = text.trim();
    if text.is_empty() {
        return Ok(None);
    }
    if let Ok(minutes) = text.parse::<u16>() {
        return Ok(Some(minutes.into()));
    }
    let span = when::parse_span(text)?;
    if span.months > 0 {
        return Err(OpError::BadValue {
            field: "duration".into(),
            value: text.into(),
            expected: "span".into(),
        });
    }
    Ok(Some(i64::from(span.days) * 24 * 60 + span.minutes))
}

/// A sum in 1/10,000 and its currency, as `120 EUR`, `EUR 120`, `120`, `€88.50`, `88.50元`.
fn money(text: &str) -> Result<(Option<i64>, String)> {
    let text = text.trim();
    if text.is_empty() {
        return Ok((None, String::new()));
    }
    let in_number = |c: char| c.is_ascii_digit() || matches!(c, '.' | ',' | '-' | ' ' | '_' | '\u{a0}');
    let currency: String = text.chars().filter(|c| !in_number(*c)).collect();
    let number: String = text.chars().filter(|c| in_number(*c)).collect();
    // The currency stands before or behind the number, never within.
    let apart = text.starts_with(&currency) || text.ends_with(&currency);
    match value::parse_decimal(&number).filter(|_| apart) {
        Some(amount) => Ok((Some(amount), currency_code(&currency))),
        None => {
            Err(OpError::BadValue { field: "amount".into(), value: text.into(), expected: "number".into() })
        }
    }
}

/// Signs that mean one currency become its code; `$`, `¥` and what people write otherwise stay as they are.
fn currency_code(sign: &str) -> String {
    match sign {
        "€" => "EUR".to_owned(),
        "£" => "GBP".to_owned(),
        "元" | "人民币" => "CNY".to_owned(),
        other if other.chars().all(|c| c.is_ascii_alphabetic()) => other.to_uppercase(),
        other => other.to_owned(),
    }
}

/// What an edit came to; where it went over what somebody else wrote meanwhile, that is said.
fn revised(done: Revised) -> Notice {
    if done.done.count == 0 {
        return Notice::good("screen-unchanged");
    }
    let what = label("screen-label", done.done.label);
    if done.overridden.is_empty() {
        return what;
    }
    let fields = move |lang: &Lang| i18n::field_names(lang, &done.overridden);
    Notice::warning("screen-revised-over").words("what", what).said("fields", fields)
}

/// Gives many a mark, or takes it from them: of those that no screen has shown only the book knows that they have it already.
fn turned(
    book: &mut Book,
    ids: &[i64],
    on: bool,
    turn: impl Fn(&mut Book, &[i64], bool) -> Result<Done>,
) -> Result<Done> {
    let done = turn(book, ids, on)?;
    if on && done.count == 0 { turn(book, ids, false) } else { Ok(done) }
}

fn undone(key: &'static str, done: UndoOut) -> Notice {
    let what = label("screen-label", done.label);
    if done.kept.is_empty() {
        return Notice::good(key).words("what", what);
    }
    let undid = key == "screen-undid";
    if done.receipt.edits == 0 {
        let key = if undid { "screen-undid-nothing" } else { "screen-redid-nothing" };
        return Notice::warning(key).words("what", what);
    }
    let notice = Notice::warning(if undid { "screen-undid-partly" } else { "screen-redid-partly" });
    notice.words("what", what).number("count", done.kept.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sums_may_have_their_currency_before_or_behind() {
        for (text, amount, currency) in [
            ("120 EUR", 1_200_000, "EUR"),
            ("eur 120", 1_200_000, "EUR"),
            ("€88.50", 885_000, "EUR"),
            ("1,234.5元", 12_345_000, "CNY"),
            ("-3", -30_000, ""),
        ] {
            assert_eq!(money(text).unwrap(), (Some(amount), currency.to_owned()), "{text}");
        }
        assert_eq!(money(" ").unwrap(), (None, String::new()));
        for text in ["EUR", "12 EUR 5", "1.2.3", "twelve"] {
            assert!(money(text).is_err(), "{text}");
        }
    }

    #[test]
    fn durations_are_minutes_unless_they_say_otherwise() {
        for (text, expected) in
            [("", None), (" 12 ", Some(12)), ("1h30m", Some(90)), ("15m", Some(15)), ("2h", Some(120))]
        {
            assert_eq!(minutes(text).unwrap(), expected, "{text}");
        }
        assert!(minutes("3 months").is_err());
        assert!(minutes("soon").is_err());
    }
}
