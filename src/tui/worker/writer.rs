//! The thread that changes the book.

use super::convert::{failed, label};
use super::{Inbox, Out, import, search};
use crate::model::when;
use crate::ops::{Book, Change, Entry, OpError, Result, UndoOut};
use crate::tui::message::{LogEntry, Message, Ticket, Write, Written};
use crate::tui::state::data::Notice;
use crate::tui::state::import::data::Choices;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::sync::mpsc::Receiver;
use tempfile::TempDir;

/// What is to be done, one after another.
#[derive(Debug)]
pub(super) enum Job {
    Write(Ticket, Write),
    Import { ticket: Ticket, path: PathBuf, trial: bool, choices: Box<Choices> },
    Undoable,
}

pub(super) struct Writer {
    book: Book,
    search: Arc<Inbox<search::Requests>>,
    cancel: Arc<AtomicBool>,
    out: Out,
    /// Where refused rows wait until someone wants them.
    scratch: Option<TempDir>,
}

impl Writer {
    pub(super) fn new(
        book: Book,
        search: Arc<Inbox<search::Requests>>,
        cancel: Arc<AtomicBool>,
        out: Out,
    ) -> Self {
        Self { book, search, cancel, out, scratch: None }
    }

    pub(super) fn run(mut self, jobs: &Receiver<Job>) {
        self.undoable();
        for job in jobs {
            match job {
                Job::Write(ticket, write) => {
                    let result = self.write(write).map_err(failed);
                    let wrote = result.is_ok();
                    self.out.send(Message::Written(ticket, result));
                    if wrote {
                        self.wrote();
                    }
                }
                Job::Import { ticket, path, trial, choices } => self.import(ticket, &path, trial, &choices),
                Job::Undoable => self.undoable(),
            }
        }
    }

    /// The search thread sees the change at once, not with its next look.
    fn wrote(&mut self) {
        self.search.put(|inbox| inbox.poke = true);
        self.undoable();
    }

    fn undoable(&mut self) {
        // A book that is busy or not writable has nothing to take back here; writing would say why.
        if let Ok(found) = self.book.undoable() {
            self.out.send(Message::Undoable(found.map(|(_, what)| label("screen-label", what))));
        }
    }

    fn write(&mut self, write: Write) -> Result<Written> {
        let said = |label| Written { notice: label, made: None };
        let done = match write {
            Write::Add(draft) => {
                let added = self.book.add(*draft)?;
                let notice = Notice::good("screen-added").text("name", added.name);
                return Ok(Written { notice, made: Some(added.id) });
            }
            Write::Log(entry) => return self.log(*entry),
            Write::Undo => {
                let done = self.book.undo(None)?;
                return Ok(said(undone("screen-undid", done)));
            }
            Write::UndoBatch(batch) => {
                let done = self.book.undo(Some(batch))?;
                return Ok(said(undone("screen-undid", done)));
            }
            Write::Redo => {
                let done = self.book.redo()?;
                return Ok(said(undone("screen-redid", done)));
            }
            Write::Replace(id, draft) => self.book.replace(id, *draft)?,
            Write::Delete(ids) => self.book.delete(&ids)?,
            Write::Star(ids, on) => self.book.star(&ids, on)?,
            Write::Archive(ids, on) => self.book.archive(&ids, on)?,
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
        Ok(said(label("screen-label", done.label)))
    }

    fn import(&mut self, ticket: Ticket, path: &Path, trial: bool, choices: &Choices) {
        // Without a place for refused rows the import is as good, only they can't be handed over.
        self.scratch = tempfile::tempdir().ok();
        let rejects = self.scratch.as_ref().map(|folder| folder.path().join("rejects"));
        let job = import::Job { ticket, path, trial, choices, rejects };
        if import::run(&mut self.book, &self.out, &self.cancel, &job) {
            self.wrote();
        }
    }

    fn log(&mut self, typed: LogEntry) -> Result<Written> {
        let at = match typed.when.trim() {
            "" => None,
            text => Some(when::parse_instant(text, self.book.now())?.timestamp_millis()),
        };
        let entry = Entry {
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
        Ok(Written { notice, made: None })
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

fn undone(key: &'static str, done: UndoOut) -> Notice {
    let what = label("screen-label", done.label);
    if done.kept.is_empty() {
        return Notice::good(key).words("what", what);
    }
    let notice =
        Notice::warning(if key == "screen-undid" { "screen-undid-partly" } else { "screen-redid-partly" });
    notice.words("what", what).number("count", done.kept.len())
}

#[cfg(test)]
mod tests {
    use super::*;

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
