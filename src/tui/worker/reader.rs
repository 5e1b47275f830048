//! The thread that reads what is to be seen: rows, one contact with its timeline, completions.

use super::convert::{contradict, detail, event, failed_with_hint, row};
use super::{Inbox, Out, Setup, failed, files, import, share};
use crate::model::draft::ContactDraft;
use crate::ops::{Book, Complete, OpError, Result, TimelineFilter};
use crate::tui::message::{Message, Ticket};
use crate::tui::state::data::{Completing, CustomField, Detail, Event};
use crate::tui::state::import::data::Choices;
use std::path::PathBuf;
use std::sync::Arc;

/// Events of a contact that are shown at the most.
const EVENTS: usize = 1000;
/// Completions that are offered at the most.
const COMPLETIONS: usize = 50;

/// What is wanted next; the latest of each kind wins.
#[derive(Debug, Default)]
pub(super) struct Requests {
    pub(super) rows: Option<(Ticket, Vec<i64>)>,
    pub(super) detail: Option<(Ticket, i64)>,
    pub(super) draft: Option<(Ticket, Option<i64>)>,
    pub(super) complete: Option<(Ticket, Completing, String)>,
    pub(super) offers: bool,
    pub(super) inspect: Option<(Ticket, PathBuf, Box<Choices>)>,
    pub(super) save: Option<(Ticket, Save)>,
    pub(super) past: Option<Ticket>,
    pub(super) conflicts: Option<Ticket>,
    pub(super) stop: bool,
}

impl Requests {
    const fn is_ready(&self) -> bool {
        self.rows.is_some()
            || self.detail.is_some()
            || self.draft.is_some()
            || self.complete.is_some()
            || self.offers
            || self.inspect.is_some()
            || self.save.is_some()
            || self.past.is_some()
            || self.conflicts.is_some()
            || self.stop
    }
}

/// Something of the import that is to be kept.
#[derive(Debug)]
pub(super) enum Save {
    /// What was chosen for tables of this shape.
    Mapping { name: String, columns: Vec<String>, choices: Box<Choices> },
    /// Refused rows.
    Rejects { from: PathBuf, to: PathBuf },
}

pub(super) struct Reader {
    book: Book,
    setup: Setup,
    inbox: Arc<Inbox<Requests>>,
    out: Out,
}

impl Reader {
    pub(super) fn new(book: Book, inbox: Arc<Inbox<Requests>>, out: Out, setup: Setup) -> Self {
        Self { book, setup, inbox, out }
    }

    pub(super) fn run(mut self, first_rows: usize) {
        self.first(first_rows);
        loop {
            let wanted = self.inbox.take(Requests::is_ready, None);
            if wanted.stop {
                return;
            }
            if self.there_now() {
                self.reopen();
            }
            self.serve(wanted);
        }
    }

    fn first(&self, rows: usize) {
        let now = self.book.now();
        match self.book.first_page(rows) {
            Ok(rows) => {
                self.out.send(Message::FirstPage(rows.into_iter().map(|found| row(found, now)).collect()));
            }
            Err(error) => self.out.failed(error),
        }
        match self.book.is_empty() {
            Ok(empty) => self.out.send(Message::Empty(empty)),
            Err(error) => self.out.failed(error),
        }
    }

    /// Whether a book that was not there has come to be since.
    fn there_now(&self) -> bool {
        self.book.exists() && self.book.is_empty().unwrap_or(false)
    }

    fn reopen(&mut self) {
        if let Ok(book) = self.book.reopen() {
            self.book = book;
        }
    }

    fn serve(&self, wanted: Requests) {
        if let Some((ticket, ids)) = wanted.rows {
            let now = self.book.now();
            match self.book.rows(&ids) {
                Ok(rows) => {
                    self.out
                        .send(Message::Rows(ticket, rows.into_iter().map(|found| row(found, now)).collect()));
                }
                Err(error) => self.out.failed(error),
            }
        }
        if let Some((ticket, id)) = wanted.detail {
            match self.detail(id) {
                Ok(found) => self.out.send(Message::Detail(ticket, Some(Box::new(found)))),
                Err(OpError::NotFound { .. }) => self.out.send(Message::Detail(ticket, None)),
                Err(error) => {
                    self.out.send(Message::Detail(ticket, None));
                    self.out.failed(error);
                }
            }
        }
        if let Some((ticket, id)) = wanted.draft {
            match self.draft(id) {
                Ok((draft, custom)) => self.out.send(Message::Draft(ticket, Box::new(draft), custom)),
                Err(error) => self.out.failed(error),
            }
        }
        if let Some((ticket, what, text)) = wanted.complete {
            let found = match what {
                Completing::Path => files::complete(&text),
                Completing::Place => files::complete_place(&text, false),
                Completing::Shared => files::complete_place(&text, true),
                Completing::Tag => self.complete(Complete::Tag, &text),
                Completing::Company => self.complete(Complete::Company, &text),
                Completing::Stage => self.complete(Complete::Stage, &text),
                Completing::City => self.complete(Complete::City, &text),
            };
            self.out.send(Message::Completions(ticket, found));
        }
        if let Some((ticket, path, choices)) = wanted.inspect {
            let plan = import::inspect(&self.book, &path, &choices, &self.setup);
            self.out.send(Message::Inspected(ticket, plan.map(Box::new).map_err(failed_with_hint)));
        }
        if let Some((ticket, save)) = wanted.save {
            let day = self.book.now().format("%F").to_string();
            let kept = match &save {
                Save::Mapping { name, columns, choices } => {
                    import::save(&self.setup.mappings, name, columns, choices, day)
                }
                Save::Rejects { from, to } => files::hand_over(from, to),
            };
            self.out.send(Message::Kept(ticket, kept.map_err(failed)));
        }
        if let Some(ticket) = wanted.past {
            match import::past(&self.book) {
                Ok(found) => self.out.send(Message::Past(ticket, found)),
                Err(error) => self.out.failed(error),
            }
        }
        if let Some(ticket) = wanted.conflicts {
            match self.book.conflicts() {
                Ok(found) => {
                    self.out.send(Message::Conflicts(ticket, found.into_iter().map(share::clash).collect()));
                }
                Err(error) => self.out.failed(error),
            }
        }
        if wanted.offers {
            self.out.send(Message::Offers(files::offers()));
        }
    }

    /// Without completions one types all of it, so a failure is not worth a message.
    fn complete(&self, what: Complete, text: &str) -> Vec<String> {
        self.book.complete(what, text, COMPLETIONS).unwrap_or_default()
    }

    fn detail(&self, id: i64) -> Result<(Detail, Vec<Event>)> {
        let contact = self.book.contact(id)?;
        let handle = self.book.handle(id)?;
        let names: Vec<(String, String)> = if contact.fields.is_empty() {
            Vec::new()
        } else {
            self.custom()?.into_iter().map(|f| (f.key, f.name)).collect()
        };
        let what =
            TimelineFilter { contacts: Some(vec![id]), limit: Some(EVENTS), ..TimelineFilter::default() };
        let events = self.book.timeline(&what)?;
        let clock = self.book.session().clock;
        let events = events.into_iter().map(|found| event(found, id, clock)).collect();
        let mut detail = detail(id, handle, contact, &names, clock);
        // One's own doing needs no name.
        let author = self.book.last_author(id)?.filter(|author| *author != self.book.session().author);
        if let (Some(author), Some(line)) =
            (author, detail.lines.iter_mut().find(|line| line.is_field("updated")))
        {
            line.note = author;
        }
        contradict(&mut detail, self.book.conflicts_of(id)?.into_iter().map(share::clash));
        Ok((detail, events))
    }

    fn draft(&self, id: Option<i64>) -> Result<(ContactDraft, Vec<CustomField>)> {
        let draft = match id {
            Some(id) => self.book.draft(id)?,
            None => ContactDraft::default(),
        };
        Ok((draft, self.custom()?))
    }

    fn custom(&self) -> Result<Vec<CustomField>> {
        let fields = self.book.fields()?;
        Ok(fields
            .into_iter()
            .map(|field| CustomField { key: field.key, name: field.name, choices: field.choices })
            .collect())
    }
}
