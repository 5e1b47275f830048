//! The reading thread: bytes to drafts to what is to be done about them.

use super::super::{Book, OpError, Result, draft, meant};
use super::matching::{Keys, Match, Matcher, keys, short_hash};
use super::refused::Refused;
use super::{CHUNK, ImportOptions, Input, Inspection, Missing, OnMatch, folder, plan, twice};
use crate::exchange::{self, Plan, Raw, Reason, Row, RowItem, Source, Warning, WarningKind};
use crate::model::draft::{ContactDraft, LinkDraft, RecordDraft};
use crate::model::edit::New;
use crate::model::phone::Normaliser;
use crate::model::schema::Kind;
use crate::model::value::Value;
use crate::store::derive::Prepared;
use crate::text;
use serde_json::{Map, Value as Json};
use std::collections::HashSet;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, SyncSender};
use tempfile::NamedTempFile;

/// What is to be done about one row.
pub(super) enum Act {
    /// A new contact.
    Create { prepared: Box<Prepared>, made: Box<Made> },
    /// The contact is there.
    Merge { id: i64, draft: Box<ContactDraft>, system: String, fp: Option<i64> },
    /// A row of this file with the same external id came before.
    Again { draft: Box<ContactDraft>, system: String },
    /// The contact is there and the row is what it was: which one, and whether the row has an id of its own; the row itself and its
    /// fingerprint where another file may bring the contact, too.
    Same { id: i64, keyed: bool, row: Option<(Box<ContactDraft>, i64)> },
    /// Another record of a whole book.
    Record(Map<String, Json>),
    /// Something of another system that is no contact.
    Other(Box<RecordDraft>),
    /// Nothing, because it is blank, in the bin, or to be skipped.
    Skip,
    /// Refused.
    Reject(Reason),
}

/// What is to be known of a new contact beside its record.
pub(super) struct Made {
    /// To contacts that may come later.
    pub(super) links: Vec<LinkDraft>,
    /// It may be the same as another one.
    pub(super) doubtful: bool,
    /// The source's id of it.
    pub(super) ext: Option<String>,
    /// The source's id of its company.
    pub(super) company_id: String,
    /// It goes into the bin.
    pub(super) deleted: bool,
    /// What is about it alone.
    pub(super) records: Vec<RecordDraft>,
    /// The row, where another file may have brought its contact.
    pub(super) draft: Option<Box<ContactDraft>>,
}

/// One row on its way to the writer.
pub(super) struct Item {
    pub(super) line: u64,
    pub(super) act: Act,
    pub(super) warnings: Vec<Warning>,
    /// Contacts that the row is or may be, beside what is done about them; nothing if it was refused and there is no telling.
    pub(super) present: Option<Vec<i64>>,
}

/// What is said of a new contact that was found to be doubtful.
pub(super) const fn doubt(found: Match) -> WarningKind {
    match found {
        Match::Several => WarningKind::Several,
        _ => WarningKind::Doubtful,
    }
}

/// What the reader sends.
pub(super) enum Chunk {
    /// A file begins; or the source goes on in another file of its folder.
    File { name: String, system: String, plan: Option<Box<Plan>>, goes_on: bool },
    /// Some of its rows.
    Items(Vec<Item>),
    /// What is to be said about it as a whole.
    End(Vec<Warning>),
}

pub(super) struct Reading<'a> {
    pub(super) book: &'a Book,
    pub(super) options: &'a ImportOptions,
    pub(super) stop: &'a AtomicBool,
    pub(super) bytes: &'a AtomicU64,
    /// There is no contact in the book yet.
    pub(super) fresh: bool,
    /// There is another file than this one.
    pub(super) several: bool,
    /// Where the book's people are.
    pub(super) country: Option<String>,
    /// What a time without a zone is read by.
    pub(super) zone: chrono::FixedOffset,
    /// Gets what each file is.
    pub(super) inspections: &'a Mutex<Vec<Inspection>>,
    /// What the writer is done with.
    pub(super) spent: Receiver<Vec<Prepared>>,
}

/// The writer has gone: it has an error of its own to report.
struct Gone;

impl Reading<'_> {
    /// Reads all files, of which the first is open; returns the files of refused rows, if there are any and they were asked for.
    pub(super) fn run(
        &self,
        first: Option<(String, Source)>,
        mut inputs: impl Iterator<Item = Input>,
        sender: &SyncSender<Chunk>,
    ) -> Result<Vec<NamedTempFile>> {
        // One state of the book for the whole import, whoever else writes meanwhile.
        let conn = self.book.reader()?;
        crate::store::open::snapshot(conn)?;
        let mut matcher = Matcher::new(self.book, self.options, self.several)?;
        let mut phones = Normaliser::default();
        let mut refused = Refused::new(self.options.rejects.as_deref());
        let mut before = 0;
        // The files of a folder are one source.
        let (mut folder, mut external) = (None, HashSet::new());
        let mut told = None;
        let mut first = first;
        loop {
            let (name, of, source) = match first.take() {
                Some((name, source)) => (name, None, source),
                None => {
                    let Some(input) = inputs.next() else { break };
                    let name = input.name.clone();
                    let failed = |source| OpError::Exchange { path: name.clone(), source };
                    match exchange::open(input.bytes, &name, &self.options.read) {
                        // What is called a card and is none must not be read as something else, or pass unseen.
                        Ok(source) if input.folder.is_some() && !folder::is_card(&source) => {
                            if refuse_file(name, Reason::NoCard, sender).is_err() {
                                return Ok(Vec::new());
                            }
                            continue;
                        }
                        Ok(source) => (name, input.folder, source),
                        Err(error) if input.folder.is_some() => {
                            if refuse_file(name, Reason::Unreadable(error.to_string()), sender).is_err() {
                                return Ok(Vec::new());
                            }
                            continue;
                        }
                        Err(error) => return Err(failed(error)),
                    }
                }
            };
            // Of a folder its first card speaks for all.
            if (of.is_none() || told != of)
                && let Ok(mut inspections) = self.inspections.lock()
            {
                inspections.push(plan::view(&name, of.as_ref(), &source, self.options));
                told.clone_from(&of);
            }
            let goes_on = of.is_some() && of == folder;
            if !goes_on {
                external.clear();
            }
            folder = of;
            let mut file = OneFile {
                reading: self,
                system: source.system().to_owned(),
                native: source.is_native(),
                salt: self.salt(&source),
                matcher: &mut matcher,
                phones: &mut phones,
                country: self.country.as_deref(),
                external: std::mem::take(&mut external),
                lenient: folder.is_some(),
                goes_on,
                columns: names_of(&source),
                key: key_of(&source),
                present: Vec::new(),
                told: HashSet::new(),
                whole: Vec::new(),
            };
            if file.read(&name, source, sender, &mut refused, before)?.is_err() {
                return Ok(Vec::new());
            }
            external = file.external;
            before = self.bytes.load(Ordering::Relaxed);
        }
        refused.finish()
    }

    /// What beside a row's cells makes it the same row: the system, where the columns go, how dates are read.
    fn salt(&self, source: &Source) -> String {
        // The empty list stands where tags did: rows of earlier imports are to be known again.
        let none: [String; 0] = [];
        let mut salt = format!("{} {none:?} {:?}", source.system(), self.options.read.date_order);
        for column in source.plan().into_iter().flat_map(|plan| &plan.columns) {
            salt.push_str(&format!("\x1f{}\x1f{:?}", column.name, column.target));
        }
        for transform in source.plan().into_iter().flat_map(|plan| &plan.transforms) {
            salt.push_str(&format!("\x1f{transform:?}"));
        }
        // What it clears it has not cleared before.
        if self.options.empty_clears {
            salt.push_str("\x1fempty clears");
        }
        format!("{:016x}", short_hash(&[&salt]))
    }
}

/// So many bytes of rows travel together at most, but for one row that has more.
const WEIGHT: usize = 1 << 20;

fn weight_of(raw: &Raw) -> usize {
    match raw {
        Raw::Cells(_) => 0,
        Raw::Text(text) => text.len(),
    }
}

/// The names of a table's columns.
fn names_of(source: &Source) -> Vec<String> {
    source
        .plan()
        .map(|plan| plan.columns.iter().map(|column| column.name.clone()).collect())
        .unwrap_or_default()
}

/// The column of the system's own ids.
fn key_of(source: &Source) -> Option<usize> {
    let plan = source.plan()?;
    plan.key.or_else(|| plan.columns.iter().position(|column| column.target == exchange::Target::ExternalId))
}

/// A file of a folder that can't be read.
fn refused_file(error: &exchange::ExchangeError) -> Item {
    let act = Act::Reject(Reason::Unreadable(error.to_string()));
    Item { line: 0, act, warnings: Vec::new(), present: None }
}

fn refuse_file(name: String, reason: Reason, sender: &SyncSender<Chunk>) -> std::result::Result<(), Gone> {
    let first = Chunk::File { name, system: exchange::vcard::SYSTEM.to_owned(), plan: None, goes_on: true };
    let item = Item { line: 0, act: Act::Reject(reason), warnings: Vec::new(), present: None };
    let sent = sender.send(first).and_then(|()| sender.send(Chunk::Items(vec![item])));
    sent.map_err(|_| Gone)
}

struct OneFile<'a, 'b> {
    reading: &'a Reading<'a>,
    system: String,
    /// rolo's own JSON: contacts are known by their ids.
    native: bool,
    salt: String,
    matcher: &'b mut Matcher<'a>,
    phones: &'b mut Normaliser,
    country: Option<&'b str>,
    external: HashSet<u64>,
    /// An error ends the file, not the import.
    lenient: bool,
    /// It is one of a folder's files, and not the first.
    goes_on: bool,
    /// The names of a table's columns.
    columns: Vec<String>,
    /// Columns of which it was said that a value can hardly be meant.
    told: HashSet<String>,
    /// The column of the system's own ids.
    key: Option<usize>,
    /// Contacts that the row at hand is or may be.
    present: Vec<i64>,
    /// A row's cells in one, used again for each.
    whole: Vec<u8>,
}

impl OneFile<'_, '_> {
    fn read(
        &mut self,
        name: &str,
        mut source: Source,
        sender: &SyncSender<Chunk>,
        refused: &mut Refused<'_>,
        before: u64,
    ) -> Result<std::result::Result<(), Gone>> {
        let plan = source.plan().cloned().map(Box::new);
        let first =
            Chunk::File { name: name.to_owned(), system: self.system.clone(), plan, goes_on: self.goes_on };
        if sender.send(first).is_err() {
            return Ok(Err(Gone));
        }
        let mut items = Vec::with_capacity(CHUNK);
        let mut weight = 0;
        while let Some(row) = source.next() {
            if self.reading.stop.load(Ordering::Relaxed) {
                return Ok(Err(Gone));
            }
            let row = match row {
                Ok(row) => row,
                Err(error) if self.lenient => {
                    items.push(refused_file(&error));
                    break;
                }
                Err(source) => return Err(OpError::Exchange { path: name.to_owned(), source }),
            };
            weight += weight_of(&row.raw);
            let (line, raw) = (row.line, self.reading.options.rejects.is_some().then(|| row.raw.clone()));
            let item = self.item(row)?;
            if let (Act::Reject(reason), Some(raw)) = (&item.act, raw) {
                let reason = self.reading.options.wording.say(line, reason);
                refused.write(&source, &raw, &reason)?;
            }
            items.push(item);
            if items.len() == CHUNK || weight > WEIGHT {
                weight = 0;
                self.reading.bytes.store(before + source.bytes_read(), Ordering::Relaxed);
                let full = std::mem::replace(&mut items, Vec::with_capacity(CHUNK));
                self.reading.spent.try_iter().for_each(drop);
                if sender.send(Chunk::Items(full)).is_err() {
                    return Ok(Err(Gone));
                }
            }
        }
        self.reading.bytes.store(before + source.bytes_read(), Ordering::Relaxed);
        let sent = sender
            .send(Chunk::Items(items))
            .and_then(|()| sender.send(Chunk::End(source.warnings().to_vec())));
        Ok(sent.map_err(|_| Gone))
    }

    fn item(&mut self, row: Row) -> Result<Item> {
        let mut warnings = row.warnings;
        let act = match row.item {
            RowItem::Blank => Act::Skip,
            RowItem::Bad(reason) => Act::Reject(reason),
            RowItem::Record(map) => Act::Record(map),
            RowItem::Other(draft) => Act::Other(draft),
            RowItem::Contact(draft) => self.contact(*draft, &row.raw, row.line, &mut warnings)?,
        };
        let present = match &act {
            Act::Reject(reason) if self.reading.options.missing != Missing::Ignore => {
                self.present.clear();
                self.refused(reason, &row.raw)?
            }
            _ => Some(std::mem::take(&mut self.present)),
        };
        Ok(Item { line: row.line, act, warnings, present })
    }

    /// Whom a refused row is about, if it can be told.
    fn refused(&self, reason: &Reason, raw: &Raw) -> Result<Option<Vec<i64>>> {
        let (Reason::TooManyCells { .. } | Reason::NoName, Raw::Cells(record)) = (reason, raw) else {
            return Ok(None);
        };
        let about = self.matcher.about(record.iter(), &self.system)?;
        let whole = *reason == Reason::NoName;
        let named = whole && self.key.is_some_and(|key| !record.get(key).trim().is_empty());
        Ok((named || !about.is_empty()).then_some(about))
    }

    fn contact(
        &mut self,
        mut draft: ContactDraft,
        raw: &Raw,
        line: u64,
        warnings: &mut Vec<Warning>,
    ) -> Result<Act> {
        let fp = self.fingerprint(raw, &draft);
        let keyed = draft.external_id.is_some();
        // Also of rows that are what they were: a later one with the same id comes second each time.
        let again = draft.external_id.as_ref().is_some_and(|ext| !self.external.insert(short_hash(&[ext])));
        let mut same = None;
        if let (Some(fp), false) = (fp, self.reading.fresh)
            && self.reading.options.on_match != OnMatch::Add
        {
            same = self.matcher.by_fingerprint(fp)?;
            if let Some(id) = same {
                self.matcher.meet(&draft, id);
            }
        }
        match (same, self.reading.options.on_match) {
            (Some(id), OnMatch::Skip) => {
                self.present.push(id);
                return Ok(Act::Skip);
            }
            // With tags it may be news.
            (Some(id), _) if self.reading.options.tags.is_empty() => {
                let row = fp.filter(|_| self.reading.several).map(|fp| {
                    draft::complete(&mut draft);
                    (Box::new(draft), fp)
                });
                return Ok(Act::Same { id, keyed, row });
            }
            _ => {}
        }
        if draft.id.is_some() && !self.native {
            // How rolo itself laid a card out is nothing to remember; how another laid out one that came in is.
            draft.extras.retain(|extra| extra.name != exchange::vcard::LAYOUT);
        }
        draft::complete(&mut draft);
        draft.tags.extend(self.reading.options.tags.iter().cloned());
        self.check_values(&draft, line, warnings)?;
        if again {
            return Ok(Act::Again { draft: Box::new(draft), system: self.system.clone() });
        }
        let mut keys = keys(&draft, self.country, self.phones);
        if let (Raw::Cells(record), None) = (raw, &draft.id) {
            let cells = twice::Cells { record, columns: &self.columns, system: &self.system };
            twice::settle(&mut draft, &mut keys, &cells);
        }
        self.check_meant(&draft, &keys, raw, line, warnings);
        let found = match same {
            Some(id) => Match::One(id),
            None if self.reading.fresh => Match::None,
            None => self.matcher.find(&draft, &keys, &self.system)?,
        };
        let shared = self.matcher.shared_in_file(&draft, &keys, line);
        let note = |kind| Warning {
            line,
            column: String::new(),
            value: draft.get("name").unwrap_or_default().to_owned(),
            kind,
        };
        // A row that leaves them as they are: they are in the file all the same.
        match found {
            Match::One(id) => self.present.push(id),
            Match::Several => self.present.extend(self.matcher.doubt()),
            _ => {}
        }
        match (found, self.reading.options.on_match) {
            (Match::InBin, OnMatch::Update | OnMatch::Fill | OnMatch::Skip) => {
                warnings.push(note(WarningKind::InBin));
                return Ok(Act::Skip);
            }
            (Match::One(_), OnMatch::Skip) => return Ok(Act::Skip),
            (Match::One(id), OnMatch::Update | OnMatch::Fill) => {
                return Ok(Act::Merge { id, draft: Box::new(draft), system: self.system.clone(), fp });
            }
            _ => {}
        }
        let nameless = draft.get("name").is_none()
            && draft.get("nickname").is_none()
            && draft.company.trim().is_empty()
            && draft.methods.is_empty();
        if nameless {
            return Ok(Act::Reject(Reason::NoName));
        }
        let among = matches!(found, Match::Doubtful | Match::Several);
        let doubtful = shared.is_some() || among;
        if doubtful {
            let column = match shared {
                Some(line) if !among => format!("#{line}"),
                _ => self.matcher.doubted(found)?,
            };
            warnings.push(Warning { column, ..note(doubt(found)) });
        }
        Ok(self.create(draft, keys, fp, doubtful))
    }

    fn create(&self, mut draft: ContactDraft, mut keys: Keys, fp: Option<i64>, doubtful: bool) -> Act {
        let row = (self.reading.several && !self.lenient).then(|| Box::new(draft.clone()));
        // A method without a value makes no record.
        let mut methods = draft.methods.iter();
        keys.retain(|_| methods.next().is_some_and(|method| !method.value.is_empty()));
        let links = std::mem::take(&mut draft.links);
        // A link by name alone needs nobody else; one by id waits until all are there.
        let (known, plain): (Vec<_>, Vec<_>) = links.into_iter().partition(|link| !link.id.is_empty());
        draft.links = plain;
        let ext = draft.external_id.clone();
        let deleted = draft.deleted;
        let company_id = std::mem::take(&mut draft.company_id);
        let (consents, records): (Vec<_>, Vec<_>) =
            std::mem::take(&mut draft.records).into_iter().partition(|record| record.kind == Kind::Consent);
        let consents: Vec<_> =
            consents.into_iter().filter(|consent| !super::consents::is_open(consent)).collect();
        let mut new = draft::record(draft);
        new.children
            .extend(consents.iter().map(|consent| super::linked::consent(consent, self.reading.zone)));
        if !self.native || fp.is_some() {
            let identity = New::of(Kind::Identity)
                .with("system", Value::text(&self.system))
                .with("ext", Value::text(ext.clone().unwrap_or_default()));
            new.children.push(identity);
        }
        let prepared = Box::new(Prepared::new(new, fp, keys));
        let made = Made { links: known, doubtful, ext, company_id, deleted, records, draft: row };
        Act::Create { prepared, made: Box::new(made) }
    }

    /// What tells that a row was taken in before, just as it is. JSON that names its contact needs none.
    fn fingerprint(&mut self, raw: &Raw, draft: &ContactDraft) -> Option<i64> {
        // Hashed at once: most of a row's cells are shorter than what a hash takes in.
        let whole = &mut self.whole;
        whole.clear();
        whole.extend_from_slice(self.salt.as_bytes());
        match raw {
            Raw::Cells(record) => {
                for cell in record.iter() {
                    whole.extend_from_slice(cell.as_bytes());
                    whole.push(0x1f);
                }
            }
            Raw::Text(_) if self.native && (draft.id.is_some() || draft.external_id.is_some()) => {
                return None;
            }
            Raw::Text(text) => whole.extend_from_slice(text.trim().as_bytes()),
        }
        let mut bytes = [0u8; 8];
        bytes.copy_from_slice(&blake3::hash(whole).as_bytes()[..8]);
        Some(i64::from_le_bytes(bytes))
    }

    /// Addresses, numbers and names that can hardly be meant are kept, and the first of each column is named.
    fn check_meant(
        &mut self,
        draft: &ContactDraft,
        keys: &Keys,
        raw: &Raw,
        line: u64,
        warnings: &mut Vec<Warning>,
    ) {
        let name = draft.get("name").filter(|name| !text::is_visible(name));
        let names = name.into_iter().map(|name| ("name", name, WarningKind::Unseen));
        let methods = draft.methods.iter().zip(keys).filter_map(|(method, key)| {
            let doubt = meant::doubt(&method.kind, &method.value, key.as_deref());
            let kind = doubt.or_else(|| meant::slip(&method.kind, &method.value))?;
            Some((method.kind.as_str(), method.value.as_str(), kind))
        });
        for (field, value, kind) in names.chain(methods) {
            let column = match raw {
                Raw::Cells(record) => {
                    let at = record.iter().position(|cell| cell.contains(value));
                    at.and_then(|at| self.columns.get(at)).map_or(field, String::as_str)
                }
                Raw::Text(_) => field,
            };
            if self.told.insert(column.to_owned()) {
                let (column, value) = (column.to_owned(), value.to_owned());
                warnings.push(Warning { line, column, value, kind });
            }
        }
    }

    /// Values that their field does not allow are kept, and named.
    fn check_values(&self, draft: &ContactDraft, line: u64, warnings: &mut Vec<Warning>) -> Result<()> {
        if self.native {
            for (field, value) in &draft.fields {
                let record = Kind::Contact.record();
                let bad = record
                    .field(field)
                    .is_some_and(|at| draft::scalar(field, record.fields[at].ty, value).is_err());
                if bad {
                    let (column, value, kind) = ((*field).to_owned(), value.clone(), WarningKind::BadValue);
                    warnings.push(Warning { line, column, value, kind });
                }
            }
        }
        if self.reading.fresh {
            return Ok(());
        }
        for (key, value) in &draft.values {
            match super::super::fields::check_value(self.reading.book.reader()?, key, value) {
                Err(OpError::BadValue { .. }) => warnings.push(Warning {
                    line,
                    column: key.clone(),
                    value: value.clone(),
                    kind: WarningKind::BadValue,
                }),
                other => drop(other?),
            }
        }
        Ok(())
    }
}
