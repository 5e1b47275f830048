//! What goes into the state (messages) and what comes out of it (effects).

use crate::config::Language;
use crate::model::draft::ContactDraft;
use crate::model::progress::Progress;
use crate::search::query::Term;
use crate::tui::keymap::Key;
use crate::tui::state::data::{
    Completing, CustomField, Detail, Event, Mistake, Notice, Offer, Report, Row, Sort,
};
use crate::tui::state::import::data::{Choices, Past, Plan};
use crate::tui::state::share::conflicts::Clash;
use crate::tui::state::share::data::{ShareAnswer, ShareAsk, Sharing};
use crate::tui::state::you::Who;
use std::path::PathBuf;
use std::sync::Arc;

/// Numbers requests, so that stale answers are dropped.
pub type Ticket = u64;

/// What a search found.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Found {
    /// Contacts in the order of the list.
    pub ids: Arc<Vec<i64>>,
    /// The first of them.
    pub rows: Vec<Row>,
    /// How many match; at least as many as `ids`.
    pub total: usize,
    /// Of how many, where it is known: those in the book, unless more is listed than lists show by themselves.
    pub of: Option<usize>,
    /// The words to highlight.
    pub terms: Vec<Term>,
}

/// What a write came to.
#[derive(Clone, Debug, PartialEq)]
pub struct Written {
    /// What to say.
    pub notice: Notice,
    /// The contact that was made.
    pub made: Option<i64>,
    /// The contact that came back.
    pub back: Option<i64>,
}

/// Something happened.
#[derive(Clone, Debug, PartialEq)]
pub enum Message {
    /// A key was pressed.
    Key(Key),
    /// Text was pasted.
    Paste(String),
    /// The terminal has this many columns and rows.
    Resize(u16, u16),
    /// The terminal may show anything now.
    Redraw,
    /// A signal asks to end.
    Terminate,
    /// The first page of the list, from the book.
    FirstPage(Vec<Row>),
    /// Whether the book has any contacts.
    Empty(bool),
    /// The search is ready: the index is loaded.
    Ready,
    /// An answer to `Effect::Search`.
    Found(Ticket, Result<Found, Mistake>),
    /// An answer to `Effect::Rows`.
    Rows(Ticket, Vec<Row>),
    /// An answer to `Effect::Detail`; nothing if the contact is gone.
    Detail(Ticket, Option<Box<(Detail, Vec<Event>)>>),
    /// An answer to `Effect::Draft`, with the custom fields of the book.
    Draft(Ticket, Box<ContactDraft>, Vec<CustomField>),
    /// An answer to `Effect::Complete`.
    Completions(Ticket, Vec<String>),
    /// An answer to `Effect::Bin`, latest first.
    Bin(Ticket, Vec<Row>),
    /// An answer to `Effect::Write`.
    Written(Ticket, Result<Written, Notice>),
    /// The book changed, here or elsewhere: these contacts, or all.
    Changed(Option<Vec<i64>>),
    /// What undo would take back.
    Undoable(Option<Notice>),
    /// A change of many contacts goes on: how many of how many.
    Bulk(usize, usize),
    /// An import goes on.
    Progress(Ticket, Progress),
    /// An import (or its trial) is done.
    Imported(Ticket, Result<Report, Notice>),
    /// An answer to `Effect::Inspect`.
    Inspected(Ticket, Result<Box<Plan>, Notice>),
    /// An answer to `Effect::PastImports`.
    Past(Ticket, Vec<Past>),
    /// A mapping or refused rows were saved.
    Kept(Ticket, Result<Notice, Notice>),
    /// Files that lie about.
    Offers(Vec<Offer>),
    /// An answer to `Effect::Conflicts`.
    Conflicts(Ticket, Vec<Clash>),
    /// How sharing stands; nothing if the book isn't shared.
    Sharing(Option<Box<Sharing>>),
    /// An answer to `Effect::Share`.
    Shared(Ticket, Box<Result<ShareAnswer, Notice>>),
    /// The book lies where a cloud or the network carries it about, and nobody was told of that yet.
    CarriedAbout,
    /// Something failed that nobody asked for.
    Failed(Notice),
}

/// A change to the book.
#[derive(Clone, Debug, PartialEq)]
pub enum Write {
    /// A new contact.
    Add(Box<ContactDraft>),
    /// What an edit changed comes into a contact.
    Revise {
        /// Which contact.
        id: i64,
        /// As it was when the edit began.
        base: Box<ContactDraft>,
        /// As it was left.
        edited: Box<ContactDraft>,
        /// Whether it comes out of the bin for that, if it was deleted meanwhile.
        restore: bool,
    },
    /// Into the bin.
    Delete(Vec<i64>),
    /// Out of the bin.
    Restore(Vec<i64>),
    /// All that lies in the bin goes.
    EmptyBin,
    /// Tags that come and go.
    Tag {
        /// Which contacts.
        ids: Vec<i64>,
        /// These come.
        add: Vec<String>,
        /// These go.
        remove: Vec<String>,
    },
    /// Stars come or go.
    Star(Vec<i64>, bool),
    /// Put away, or taken out again.
    Archive(Vec<i64>, bool),
    /// Something happened with them.
    Log(Box<LogEntry>),
    /// Fields of something that was logged, as typed, by the names of the quick log.
    EditEvent(i64, Vec<(&'static str, String)>),
    /// Something that was logged goes.
    DeleteEvent(i64),
    /// One of the values that several people gave a field stays.
    Resolve {
        /// The record, by its global id.
        id: String,
        /// Which field.
        field: String,
        /// This one; else the one that is shown.
        value: Option<String>,
    },
    /// Take the last change back.
    Undo,
    /// Take this batch back.
    UndoBatch(i64),
    /// Do it again.
    Redo,
}

/// What the quick log says, as typed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LogEntry {
    /// With whom.
    pub ids: Vec<i64>,
    /// `call`, `email`, ...
    pub kind: String,
    /// `in`, `out` or empty.
    pub direction: String,
    /// Plain words or ISO 8601; empty is now.
    pub when: String,
    /// `12m`, `1h30`, `12`.
    pub duration: String,
    /// A sum with or without its currency: `120 EUR`, `¥88.50`.
    pub amount: String,
    /// What it was about, in a line.
    pub subject: String,
    /// What happened.
    pub text: String,
}

/// Something is to be done outside the state.
#[derive(Clone, Debug, PartialEq)]
pub enum Effect {
    /// Find what the text asks for; with the first so many rows.
    Search {
        /// For the answer.
        ticket: Ticket,
        /// As typed.
        text: String,
        /// Order while no words are searched.
        sort: Sort,
        /// How many rows come with it.
        rows: usize,
        /// At most so many are ranked.
        limit: usize,
    },
    /// Rows of the list.
    Rows(Ticket, Vec<i64>),
    /// All of a contact, with its timeline.
    Detail(Ticket, i64),
    /// A contact as the form needs it, or an empty one.
    Draft(Ticket, Option<i64>),
    /// Completions of a beginning.
    Complete(Ticket, Completing, String),
    /// What lies in the bin.
    Bin(Ticket),
    /// Fields that several people changed at once.
    Conflicts(Ticket),
    /// Something about sharing.
    Share(Ticket, ShareAsk),
    /// A change.
    Write(Ticket, Write),
    /// An import, or a trial that changes nothing.
    Import {
        /// For the answer.
        ticket: Ticket,
        /// The file.
        path: PathBuf,
        /// Whether it is a trial.
        trial: bool,
        /// How.
        choices: Box<Choices>,
        /// The language in which refused rows are told why.
        lang: Language,
    },
    /// Find out what a file is and how it would be read.
    Inspect {
        /// For the answer.
        ticket: Ticket,
        /// The file.
        path: PathBuf,
        /// How; what isn't settled is as the file itself and what was saved for its shape say.
        choices: Box<Choices>,
    },
    /// List the imports of the past.
    PastImports(Ticket),
    /// Keep what was chosen for tables of this shape.
    SaveMapping {
        /// For the answer.
        ticket: Ticket,
        /// What to call it.
        name: String,
        /// The names of the columns.
        columns: Vec<String>,
        /// What was chosen.
        choices: Box<Choices>,
    },
    /// Put refused rows where someone wants them.
    SaveRejects {
        /// For the answer.
        ticket: Ticket,
        /// Where they lie.
        from: PathBuf,
        /// Where they go; nothing there is overwritten.
        to: PathBuf,
    },
    /// Whoever works with the book is called so from now on.
    Introduce(Who),
    /// The book has come, and whoever joined it is called so.
    Joined(String),
    /// The book lies there now.
    Moved(PathBuf),
    /// Begin in this language the next time.
    KeepLanguage(Language),
    /// End the import; nothing was changed then.
    CancelImport,
    /// Stop the change that is being written, if it is one of many contacts.
    CancelWrite,
    /// Look for files to import.
    FindOffers,
    /// To the clipboard, by OSC 52.
    Copy(String),
    /// Draw everything anew.
    Clear,
    /// Leave the terminal to the shell until `fg`.
    Suspend,
    /// Try a book of sample people.
    Demo,
    /// Leave.
    Quit,
}
