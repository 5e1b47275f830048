//! All that a face sees: a book, and what can be done with it.

mod change;
mod conflicts;
mod contacts;
mod deals;
mod demo;
mod draft;
mod edit;
mod error;
mod export;
mod export_records;
mod export_system;
mod fields;
mod filter;
mod find;
mod history;
pub mod import;
mod intake;
mod live;
mod meant;
mod privacy;
mod rows;
mod settings;
mod share;
mod share_join;
mod share_look;
mod share_move;
mod share_status;
mod tags;
mod targets;
mod three_way;
mod timeline;
mod toml;
mod view;

pub use change::Change;
pub use conflicts::{Choice, Claimed, Conflict};
pub use contacts::Added;
pub use deals::{Deal, DealPerson};
pub use edit::{Revised, Revision};
pub use error::{Candidate, Candidates, Exit, OpError, Result};
pub use export::{ExportFormat, ExportOptions};
pub use export_records::Records;
pub use export_system::SystemExport;
pub use fields::FieldDef;
pub use find::{AddressHit, Complete, Find, Found, Sort};
pub use history::{BatchOut, EditOut, KeptOut, UndoOut};
pub use import::{
    ColumnView, DateExample, Evidence, FieldChange, ImportOptions, ImportReport, Input, Inspection, Mapping,
    MatchBy, Missing, NewContact, OnMatch, Progress, Watch, Wording,
};
pub use intake::{Intake, read_json};
pub use live::Changes;
pub use privacy::Erasure;
pub use rows::{CompanyRow, Row};
pub use settings::examine;
pub use share::{Invitation, ShareWarning, SyncReport, role_named};
pub use share_look::{Recommendation, ShareGlance, carried_folders, is_shared_place};
pub use share_status::{DeviceOut, MemberOut, ShareStatus};
pub use tags::TagCount;
pub use targets::{Taken, may_write};
pub use timeline::{Entry, Event, Logged, Person, TimelineFilter, minutes};

pub use crate::exchange::csv_out::defused;
pub use crate::exchange::directory::Words as DirectoryWords;
pub use crate::exchange::ics::Words as CalendarWords;
pub use crate::exchange::json::{AddressOut, ContactOut, MethodOut};
pub use crate::exchange::mapping::Profiles;
pub use crate::exchange::mapping::{check_rule, parse_rule, target_names};
pub use crate::exchange::template::COLUMNS as TEMPLATE_COLUMNS;
pub use crate::exchange::template::{Column as TemplateColumn, Template};
pub use crate::exchange::{
    ExchangeError, Format as FileFormat, Known, Options as ReadOptions, Reason, SheetError, Target, Warning,
    WarningKind, Why,
};
pub use crate::model::when::DateOrder;
pub use crate::search::{Index, SearchRequest, Session as SearchSession};
pub use crate::store::hays::Text as LineText;
pub use crate::store::lines::{Line, Lines};
pub use crate::store::log::Label;
pub use crate::store::{Receipt, StoreError};
pub use crate::sync::members::Role;
pub use crate::sync::{CodeError, SyncError};

use crate::clock::Clock;
use crate::store::{Meta, Store, Tx, open};
use chrono::{DateTime, FixedOffset};
use rusqlite::Connection;
use rusqlite::functions::FunctionFlags;
use std::cell::OnceCell;
use std::path::{Path, PathBuf};

/// Who works with a book, from where.
#[derive(Clone, Debug)]
pub struct Session {
    /// The person, as the log names them.
    pub author: String,
    /// The face: `cli`, `tui`.
    pub origin: &'static str,
    /// What time it is.
    pub clock: Clock,
    /// Where the device's identity lies.
    pub state_dir: PathBuf,
    /// The country (ISO 3166 alpha-2) that a new book reads national phone numbers by.
    pub country: Option<String>,
    /// What this machine is called, for those who share the book.
    pub device: String,
}

/// What an operation did to the book.
#[derive(Clone, Debug)]
pub struct Done {
    /// The batch; its number is 0 if there was nothing to change.
    pub receipt: Receipt,
    /// How many contacts (or other records, where there are no contacts in it) changed.
    pub count: usize,
    /// What it was.
    pub label: Label,
}

/// A book. A file that isn't there reads as an empty book; the first write makes it.
pub struct Book {
    path: PathBuf,
    session: Session,
    reader: OnceCell<Connection>,
    store: Option<Store>,
    seen: Option<(i64, i64)>,
    /// Hears how a change of many contacts goes on.
    bulk: Option<Bulk>,
}

/// Hears how many contacts of how many are changed, and says whether to go on.
pub type Bulk = Box<dyn FnMut(usize, usize) -> bool + Send>;

impl Book {
    /// Opens a book; a file that is no book, or a newer one, is refused.
    pub fn open(path: &Path, session: Session) -> Result<Self> {
        let (reader, path) = (OnceCell::new(), path.to_owned());
        let book = Self { path, session, reader, store: None, seen: None, bulk: None };
        if book.exists() {
            book.reader()?;
        }
        Ok(book)
    }

    /// Whether it takes seconds to open a book, once, because an older version of rolo wrote it.
    pub fn is_behind(path: &Path) -> bool {
        crate::store::open::is_behind(path)
    }

    /// Another handle on the same book, for another thread.
    pub fn reopen(&self) -> Result<Self> {
        Self::open(&self.path, self.session.clone())
    }

    /// A handle that finds the book empty, whatever its file holds, and does not open that.
    pub(crate) fn blank(&self) -> Result<Self> {
        let conn = open::nothing()?;
        functions(&conn)?;
        let (path, session) = (self.path.clone(), self.session.clone());
        Ok(Self { path, session, reader: OnceCell::from(conn), store: None, seen: None, bulk: None })
    }

    /// From now on this hears how changes of many contacts go on; one that it stops leaves the book as it was.
    pub fn on_bulk(&mut self, bulk: Bulk) {
        self.bulk = Some(bulk);
    }

    /// Its file.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Who works with it.
    pub const fn session(&self) -> &Session {
        &self.session
    }

    /// Whether the file is there.
    pub fn exists(&self) -> bool {
        // A folder that may not be looked into says nothing about what is in it: opening the book then tells why.
        self.path.try_exists().unwrap_or(true)
    }

    /// Whether it holds no contact, not even in the bin.
    pub fn is_empty(&self) -> Result<bool> {
        Ok(self.reader()?.query_row("select not exists (select 1 from contact)", [], |row| row.get(0))?)
    }

    /// Now, in the user's zone.
    pub fn now(&self) -> DateTime<FixedOffset> {
        self.session.clock.now()
    }

    pub(crate) fn reader(&self) -> Result<&Connection> {
        if let Some(reader) = self.reader.get() {
            return Ok(reader);
        }
        let conn = if self.exists() { open::reader(&self.path)? } else { open::nothing()? };
        functions(&conn)?;
        Ok(self.reader.get_or_init(|| conn))
    }

    pub(crate) fn store(&mut self) -> Result<&mut Store> {
        if self.store.is_none() {
            let fresh = !self.exists();
            let store = Store::open(&self.path, &self.session.state_dir, self.session.clock)?;
            functions(store.conn())?;
            if fresh || self.reader.get().is_some_and(|conn| conn.path().is_none_or(str::is_empty)) {
                self.reader = OnceCell::new();
            }
            self.store = Some(store);
            self.settle_country()?;
        }
        self.store.as_mut().ok_or_else(|| StoreError::Missing(self.path.clone()).into())
    }

    pub(crate) fn meta(&self, label: Label) -> Meta {
        Meta {
            label,
            author: self.session.author.clone(),
            origin: self.session.origin.to_owned(),
            undoes: None,
        }
    }

    /// Writes one batch.
    pub(crate) fn write<R>(
        &mut self,
        label: Label,
        work: impl FnOnce(&mut Tx<'_>) -> Result<R>,
    ) -> Result<(R, Receipt)> {
        let meta = self.meta(label);
        self.store()?.write(&meta, work)
    }
}

/// SQL functions that queries use: `fold(text)`, `digits(text)`.
fn functions(conn: &Connection) -> Result<()> {
    let flags = FunctionFlags::SQLITE_UTF8 | FunctionFlags::SQLITE_DETERMINISTIC;
    conn.create_scalar_function("fold", 1, flags, |context| {
        Ok(context.get_raw(0).as_str_or_null().ok().flatten().map(crate::text::fold))
    })?;
    conn.create_scalar_function("digits", 1, flags, |context| {
        Ok(context.get_raw(0).as_str_or_null().ok().flatten().map(crate::model::phone::digits))
    })?;
    Ok(())
}

#[cfg(test)]
mod tests;
