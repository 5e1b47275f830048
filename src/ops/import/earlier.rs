//! Several files in one import: the rows of each are held against what the files before it brought, which the book that the reader asks
//! doesn't have yet.

use super::super::Result;
use super::OnMatch;
use super::apply::Writer;
use super::given::Numbers;
use super::matching::{Match, Matcher, keys};
use super::reader::{Act, Item, doubt};
use crate::exchange::Warning;
use crate::model::phone::Normaliser;
use rusqlite::Connection;
use std::collections::{HashMap, HashSet};

/// What the files before this one brought.
#[derive(Default)]
pub(super) struct Earlier {
    /// Contacts with greater keys are of this import,
    began: i64,
    /// and with keys up to this one of the files before.
    upto: i64,
    country: Option<String>,
    phones: Normaliser,
    /// By what numbers are the same.
    pub(super) numbers: Numbers,
    /// Rows that were to be new contacts and are not: file and line.
    pub(super) known: HashSet<(String, u64)>,
    /// There is another file.
    several: bool,
    /// The fingerprints of the rows that each contact had in this import so far, if there are several files.
    rows: HashMap<i64, Vec<i64>>,
    /// Contacts that the files before this one have changed,
    changed: HashSet<i64>,
    /// and this one.
    changing: Vec<i64>,
}

fn newest(conn: &Connection) -> Result<i64> {
    Ok(conn.query_row("select ifnull(max(id), 0) from contact", [], |row| row.get(0))?)
}

impl Earlier {
    pub(super) fn new(conn: &Connection, several: bool) -> Result<Self> {
        let country = crate::store::derive::country(conn)?;
        let began = newest(conn)?;
        let numbers = Numbers::of(country.clone());
        Ok(Self { began, upto: began, country, numbers, several, ..Self::default() })
    }

    /// Whether this import made a contact.
    pub(super) const fn is_new(&self, id: i64) -> bool {
        id > self.began
    }

    /// Notes that a row was this contact.
    pub(super) fn brought(&mut self, id: i64, fp: Option<i64>) {
        if let (true, Some(fp)) = (self.several, fp) {
            self.rows.entry(id).or_default().push(fp);
        }
    }

    /// The fingerprints of the rows that a contact had in this import before the one with `fp`, and that.
    pub(super) fn rows(&mut self, id: i64, fp: i64) -> Vec<i64> {
        self.brought(id, Some(fp));
        self.rows.get(&id).cloned().unwrap_or_else(|| vec![fp])
    }

    /// Notes that a contact that was there is another now.
    pub(super) fn changed(&mut self, id: i64) {
        if self.several {
            self.changing.push(id);
        }
    }

    /// Whether it is since a file before this one.
    pub(super) fn has_changed(&self, id: i64) -> bool {
        self.changed.contains(&id)
    }
}

impl Writer<'_, '_, '_> {
    /// Notes that another file begins.
    pub(super) fn next_file(&mut self) -> Result<()> {
        self.earlier.upto = newest(self.tx.conn())?;
        let changing = std::mem::take(&mut self.earlier.changing);
        self.earlier.changed.extend(changing);
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
            found @ (Match::Doubtful | Match::Several) => {
                made.doubtful = true;
                let value = draft.get("name").unwrap_or_default().to_owned();
                let (line, column) = (item.line, matcher.doubted(found)?);
                item.warnings.push(Warning { line, column, value, kind: doubt(found) });
            }
            _ => {}
        }
        Ok(item)
    }
}
