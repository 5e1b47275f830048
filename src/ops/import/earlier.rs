//! Several files in one import: the rows of each are held against what the files before it brought, which the book that the reader asks
//! doesn't have yet.

use super::super::Result;
use super::OnMatch;
use super::apply::Writer;
use super::matching::{Match, Matcher, keys};
use super::reader::{Act, Item};
use crate::exchange::{Warning, WarningKind};
use crate::model::phone::Normaliser;
use rusqlite::Connection;
use std::collections::HashSet;

/// What the files before this one brought.
#[derive(Default)]
pub(super) struct Earlier {
    /// Contacts with greater keys are of this import,
    began: i64,
    /// and with keys up to this one of the files before.
    upto: i64,
    country: Option<String>,
    phones: Normaliser,
    /// Rows that were to be new contacts and are not: file and line.
    pub(super) known: HashSet<(String, u64)>,
}

fn newest(conn: &Connection) -> Result<i64> {
    Ok(conn.query_row("select ifnull(max(id), 0) from contact", [], |row| row.get(0))?)
}

impl Earlier {
    pub(super) fn new(conn: &Connection) -> Result<Self> {
        let country = crate::store::derive::country(conn)?;
        let began = newest(conn)?;
        Ok(Self { began, upto: began, country, ..Self::default() })
    }

    /// Whether this import made a contact.
    pub(super) const fn is_new(&self, id: i64) -> bool {
        id > self.began
    }
}

impl Writer<'_, '_, '_> {
    /// Notes that another file begins.
    pub(super) fn next_file(&mut self) -> Result<()> {
        self.earlier.upto = newest(self.tx.conn())?;
        Ok(())
    }

    /// A row that the book knows nobody for may be somebody whom an earlier file brought.
    pub(super) fn reconsidered(&mut self, mut item: Item) -> Result<Item> {
        let Act::Create { prepared, made } = &mut item.act else { return Ok(item) };
        let Some(draft) = made.draft.take() else { return Ok(item) };
        let (began, upto) = (self.earlier.began, self.earlier.upto);
        // A company that people of an earlier file work at is found when it is made.
        let company = draft.kind == "company";
        if upto == began || company || made.doubtful || self.options.on_match == OnMatch::Add {
            return Ok(item);
        }
        let keys = keys(&draft, self.earlier.country.as_deref(), &mut self.earlier.phones);
        let mut matcher = Matcher::within(self.tx.conn(), self.options);
        match matcher.find(&draft, &keys, &self.system)? {
            Match::One(id) if (began + 1..=upto).contains(&id) => {
                let (fp, system) = (prepared.fp, self.system.clone());
                self.earlier.known.insert((self.file.clone(), item.line));
                item.act = match self.options.on_match {
                    OnMatch::Skip => Act::Skip,
                    _ => Act::Merge { id, draft, system, fp },
                };
            }
            Match::Doubtful => {
                made.doubtful = true;
                let value = draft.get("name").unwrap_or_default().to_owned();
                let (line, column) = (item.line, matcher.doubted()?);
                item.warnings.push(Warning { line, column, value, kind: WarningKind::Doubtful });
            }
            _ => {}
        }
        Ok(item)
    }
}
