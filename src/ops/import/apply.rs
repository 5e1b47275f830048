//! The writing side: carries out what the reader decided, row by row, inside the transaction.

use super::super::contacts::{contact, owned};
use super::super::{Result, draft, edit, tags};
use super::reader::{Act, Chunk, Item};
use super::records::Records;
use super::{ImportOptions, ImportReport, Missing, NOTES_MAX, OnMatch, Rejected};
use crate::exchange::{Plan, Warning, WarningKind};
use crate::model::draft::{ContactDraft, LinkDraft};
use crate::model::edit::{Edit, New, NewId};
use crate::model::ids::{Gid, named_key, named_v8};
use crate::model::schema::{Kind, Type};
use crate::model::value::Value;
use crate::store::derive::Prepared;
use crate::store::hays::Text;
use crate::store::{Tx, read, sql};
use serde_json::{Map, Value as Json};
use std::collections::hash_map::Entry;
use std::collections::{HashMap, HashSet};

/// Carries an import out.
pub(super) struct Writer<'t, 'a, 'o> {
    tx: &'t mut Tx<'a>,
    options: &'o ImportOptions,
    pub(super) report: ImportReport,
    file: String,
    system: String,
    systems: Vec<String>,
    names: Names,
    records: Records,
    /// New contacts by system and external id.
    external: HashMap<(String, String), i64>,
    /// Links by id, until all contacts are there.
    links: Vec<(i64, Vec<LinkDraft>)>,
    /// Contacts that the source still has; kept only if what is missing matters.
    seen: HashSet<i64>,
}

/// Companies, tags and fields that rows name: each is looked up, or made, once.
struct Names {
    /// As written -> as the rows refer to it.
    known: [HashMap<String, Value>; 3],
    by_key: HashMap<(Kind, String), Value>,
    /// Names of companies by id.
    called: HashMap<Gid, String>,
    /// There was no company when the import began.
    no_companies: bool,
}

/// More names than this are looked up again.
const NAMES_MAX: usize = 200_000;

impl Names {
    fn get(&mut self, tx: &mut Tx<'_>, kind: Kind, name: &str) -> Result<Value> {
        let slot = match kind {
            Kind::Tag => 0,
            Kind::Field => 1,
            _ => 2,
        };
        if let Some(value) = self.known[slot].get(name) {
            return Ok(value.clone());
        }
        let key = (kind, named_key(name));
        let value = match self.by_key.get(&key) {
            Some(value) => value.clone(),
            None => match kind {
                Kind::Tag => draft::tag(tx, name)?,
                Kind::Field => draft::field(tx, name)?,
                _ if self.no_companies => self.company(tx, name)?,
                _ => draft::company(tx, name)?,
            },
        };
        if self.known[slot].len() > NAMES_MAX {
            self.known[slot].clear();
        }
        self.by_key.insert(key, value.clone());
        self.known[slot].insert(name.to_owned(), value.clone());
        Ok(value)
    }

    /// What the company that a row names is called, which may differ in case from how the row writes it.
    fn shown<'n>(&'n mut self, tx: &Tx<'_>, company: &'n Value) -> Result<&'n str> {
        let gid = match company {
            Value::Named(name) => return Ok(name),
            Value::Ref(gid) => *gid,
            _ => return Ok(""),
        };
        if self.called.len() > NAMES_MAX {
            self.called.clear();
        }
        Ok(match self.called.entry(gid) {
            Entry::Occupied(name) => name.into_mut(),
            Entry::Vacant(place) => {
                let sql = "select ifnull(name, '') from contact where uid=?1";
                let uid = if let Gid::Uid(uid) = gid { uid } else { [0; 16] };
                let mut statement = tx.conn().prepare_cached(sql)?;
                let mut rows = statement.query([&uid[..]])?;
                place.insert(rows.next()?.map(|row| row.get(0)).transpose()?.unwrap_or_default())
            }
        })
    }

    /// Rows that name this company from now on mean the one that was just made, whatever its id.
    fn remember(&mut self, tx: &Tx<'_>, id: i64, name: &str) -> Result<()> {
        let uid = sql::uid_of(tx.conn(), Kind::Contact, id)?.unwrap_or_default();
        let value = if uid == named_v8(&tx.book(), Kind::Contact.record().name, name) {
            Value::Named(name.to_owned())
        } else {
            Value::Ref(Gid::Uid(uid))
        };
        self.by_key.entry((Kind::Contact, named_key(name))).or_insert(value);
        Ok(())
    }

    /// An implied company where none of that name can be.
    fn company(&mut self, tx: &mut Tx<'_>, name: &str) -> Result<Value> {
        let new = New::of(Kind::Contact)
            .with_id(NewId::Named(name.to_owned()))
            .with("kind", Value::text("company"))
            .with("name", Value::text(name))
            .with("implied", Value::flag(true));
        tx.push_prepared(&Prepared::new(new, None, Vec::new()))?;
        Ok(Value::Named(name.to_owned()))
    }
}

impl<'t, 'a, 'o> Writer<'t, 'a, 'o> {
    pub(super) fn new(tx: &'t mut Tx<'a>, options: &'o ImportOptions, fresh: bool) -> Result<Self> {
        if fresh {
            tx.bulk()?;
        }
        let names = Names {
            known: Default::default(),
            by_key: HashMap::new(),
            called: HashMap::new(),
            no_companies: fresh,
        };
        Ok(Self {
            tx,
            options,
            report: ImportReport::default(),
            file: String::new(),
            system: String::new(),
            systems: Vec::new(),
            names,
            records: Records::default(),
            external: HashMap::new(),
            links: Vec::new(),
            seen: HashSet::new(),
        })
    }

    pub(super) fn take(&mut self, chunk: Chunk) -> Result<()> {
        match chunk {
            Chunk::File { name, system, plan } => {
                self.begin(name, system, plan.map(|plan| *plan));
                Ok(())
            }
            Chunk::Items(items) => items.into_iter().try_for_each(|item| self.item(item)),
            Chunk::End(warnings) => {
                for warning in warnings {
                    self.report.note(&self.file, warning);
                }
                Ok(())
            }
        }
    }

    fn begin(&mut self, name: String, system: String, plan: Option<Plan>) {
        self.report.plans.push((name.clone(), plan));
        if !self.systems.contains(&system) {
            self.systems.push(system.clone());
        }
        self.file = name;
        self.system = system;
    }

    fn item(&mut self, item: Item) -> Result<()> {
        self.report.read += 1;
        for warning in item.warnings {
            self.report.note(&self.file, warning);
        }
        match item.act {
            Act::Create { prepared, links, doubtful, ext, deleted } => {
                let id = self.create(*prepared, links, doubtful, ext)?;
                if deleted {
                    self.tx.delete(contact(id))?;
                }
            }
            Act::Merge { id, draft, system, fp } => {
                let merged = self.merge(id, &draft, &system, fp, item.line)?;
                self.records.same(draft.id.as_deref(), self.tx, id)?;
                self.count(merged);
                self.see(id);
            }
            Act::Again { draft, system } => {
                let ext = draft.external_id.clone().unwrap_or_default();
                match self.by_ext(&ext, &system)? {
                    Some(id) => {
                        let merged = self.merge(id, &draft, &system, None, item.line)?;
                        self.count(merged);
                    }
                    None => self.report.skipped += 1,
                }
            }
            Act::Same(id) => {
                self.report.unchanged += 1;
                self.see(id);
            }
            Act::Record(map) => match self.records.take(self.tx, &map)? {
                Ok(true) => self.report.created += 1,
                Ok(false) => self.report.unchanged += 1,
                Err(reason) => {
                    self.report.rejected += 1;
                    if self.report.refused.len() < NOTES_MAX {
                        self.report.refused.push(Rejected {
                            file: self.file.clone(),
                            line: item.line,
                            reason,
                        });
                    }
                }
            },
            // Carried out with the issue on sources; nothing yields them yet.
            Act::Other(draft) => drop(draft),
            Act::Skip => self.report.skipped += 1,
            Act::Reject(reason) => {
                self.report.rejected += 1;
                if self.report.refused.len() < NOTES_MAX {
                    self.report.refused.push(Rejected { file: self.file.clone(), line: item.line, reason });
                }
            }
        }
        Ok(())
    }

    fn count(&mut self, changed: bool) {
        if changed {
            self.report.updated += 1;
        } else {
            self.report.unchanged += 1;
        }
    }

    fn see(&mut self, id: i64) {
        if self.options.missing != Missing::Ignore {
            self.seen.insert(id);
        }
    }

    fn create(
        &mut self,
        mut prepared: Prepared,
        links: Vec<LinkDraft>,
        doubtful: bool,
        ext: Option<String>,
    ) -> Result<i64> {
        let company = prepared.new.get("kind").is_some();
        if company && let Some(id) = self.company_there(&prepared)? {
            // Somebody of this file works there: it is not only implied any more.
            self.fill_company(id, &prepared)?;
            self.report.created += 1;
            return Ok(id);
        }
        let name = match (company, prepared.new.get("name")) {
            (true, Some(Value::Text(name))) => Some(name.clone()),
            _ => None,
        };
        if company && prepared.new.id == NewId::Derived {
            self.name_company(&mut prepared)?;
        }
        let as_named = self.settle(&mut prepared)?;
        self.free_id(&mut prepared)?;
        let place = if as_named {
            self.tx.push_prepared(&prepared)?
        } else {
            // A name stands for a record with another id: the line is written anew.
            let fp = prepared.fp;
            let place = self.tx.create(prepared.new)?;
            if fp.is_some() {
                self.tx.remember_fingerprint(place.id, &self.system, fp)?;
            }
            place
        };
        if !links.is_empty() {
            self.links.push((place.id, links));
        }
        if let Some(ext) = ext {
            self.external.insert((self.system.clone(), ext), place.id);
        }
        self.report.created += 1;
        self.report.doubtful += u64::from(doubtful);
        self.see(place.id);
        if let Some(name) = name {
            self.names.remember(self.tx, place.id, &name)?;
        }
        Ok(place.id)
    }

    /// A company gets the id that its name gives, so that rows which name it mean it.
    fn name_company(&mut self, prepared: &mut Prepared) -> Result<()> {
        let name = prepared.new.get("name").and_then(Value::as_text).unwrap_or_default().to_owned();
        let uid = named_v8(&self.tx.book(), Kind::Contact.record().name, &name);
        if name.is_empty() || sql::id_of(self.tx.conn(), Kind::Contact, &uid)?.is_some() {
            return Ok(());
        }
        prepared.new.id = NewId::Named(name);
        prepared.line.clear();
        Edit::Create { owner: None, new: prepared.new.clone() }.write(&mut prepared.line);
        Ok(())
    }

    /// The implied company that a row about a company means, if there is one.
    fn company_there(&self, prepared: &Prepared) -> Result<Option<i64>> {
        let name = prepared.new.get("name").and_then(Value::as_text).unwrap_or_default();
        let key = (Kind::Contact, named_key(name));
        // In a new book only this import can have made it.
        if self.names.no_companies && !self.names.by_key.contains_key(&key) {
            return Ok(None);
        }
        let Some(id) = self.company_id(name)? else { return Ok(None) };
        let implied = "select implied is not null from contact where id=?1";
        let implied: bool = self.tx.conn().prepare_cached(implied)?.query_row([id], |row| row.get(0))?;
        Ok(implied.then_some(id))
    }

    fn company_id(&self, name: &str) -> Result<Option<i64>> {
        if self.names.no_companies {
            let uid = named_v8(&self.tx.book(), Kind::Contact.record().name, name);
            return Ok(sql::id_of(self.tx.conn(), Kind::Contact, &uid)?);
        }
        draft::company_named(self.tx.conn(), name)
    }

    fn fill_company(&mut self, id: i64, prepared: &Prepared) -> Result<()> {
        let mut draft = ContactDraft { kind: "company".to_owned(), ..ContactDraft::default() };
        for (at, value) in &prepared.new.fields {
            let name = Kind::Contact.record().fields[*at].name;
            if let (Some(text), false) = (value.as_text(), name == "kind") {
                draft.set(name, text);
            }
        }
        edit::fill(self.tx, id, &draft)?;
        let owner = Gid::Uid(sql::uid_of(self.tx.conn(), Kind::Contact, id)?.unwrap_or_default());
        for child in &prepared.new.children {
            let mut child = child.clone();
            draft::settle(self.tx, &mut child)?;
            self.tx.create_under(owner, child)?;
        }
        self.tx.remember_fingerprint(id, &self.system, prepared.fp)?;
        super::super::contacts::explicit(self.tx, id)
    }

    /// Makes sure that what a record names is there; false if a name stands for something with another id.
    fn settle(&mut self, prepared: &mut Prepared) -> Result<bool> {
        let mut as_named = true;
        let own = std::iter::once((Kind::Contact, &mut prepared.new.fields));
        let children = prepared.new.children.iter_mut().map(|child| (child.kind, &mut child.fields));
        for (kind, fields) in own.chain(children) {
            let record = kind.record();
            for (at, value) in fields.iter_mut() {
                if let (Type::Ref(to), Value::Named(name)) = (record.fields[*at].ty, &*value) {
                    let found = self.names.get(self.tx, to, name)?;
                    if kind == Kind::Contact && record.fields[*at].name == "company" {
                        let shown = self.names.shown(self.tx, &found)?;
                        prepared.derived.listing.set(Text::Company, shown);
                    }
                    if matches!(&found, Value::Named(_)) {
                        continue;
                    }
                    as_named = false;
                    *value = found;
                }
            }
        }
        Ok(as_named)
    }

    /// An id that came with the data may be taken (by the contact that the row turned out not to be).
    fn free_id(&self, prepared: &mut Prepared) -> Result<()> {
        if let NewId::Given(Gid::Uid(uid)) = &prepared.new.id
            && sql::id_of(self.tx.conn(), Kind::Contact, uid)?.is_some()
        {
            prepared.new.id = NewId::Derived;
            prepared.line.clear();
            Edit::Create { owner: None, new: prepared.new.clone() }.write(&mut prepared.line);
        }
        Ok(())
    }

    fn by_ext(&self, ext: &str, system: &str) -> Result<Option<i64>> {
        if let Some(id) = self.external.get(&(system.to_owned(), ext.to_owned())) {
            return Ok(Some(*id));
        }
        if self.names.no_companies {
            return Ok(None);
        }
        let mut statement = self.tx.conn().prepare_cached(
            "select k.root from identity x join contact k on k.id=x.contact where x.system=?1 and x.ext=?2 and x.deleted is null",
        )?;
        let mut rows = statement.query((system, ext))?;
        Ok(rows.next()?.map(|row| row.get(0)).transpose()?)
    }

    /// Brings a contact up to date; whether anything that people see has changed.
    fn merge(
        &mut self,
        id: i64,
        draft: &ContactDraft,
        system: &str,
        fp: Option<i64>,
        line: u64,
    ) -> Result<bool> {
        let before = self.tx.edits();
        let identity = owned(self.tx, id, Kind::Identity)?.into_iter().find(|raw| {
            raw.text("system") == system
                && (draft.external_id.is_none()
                    || raw.text("ext") == draft.external_id.as_deref().unwrap_or_default())
        });
        if let (Some(identity), OnMatch::Update) = (&identity, self.options.on_match) {
            self.three_way(id, identity, draft, line)?;
            edit::add_children(self.tx, id, draft)?;
        } else {
            edit::fill(self.tx, id, draft)?;
        }
        let changed = self.tx.edits() > before;
        if changed {
            super::super::contacts::explicit(self.tx, id)?;
        }
        // JSON that names its contacts is known by that; anything else by its row.
        let table = system != crate::exchange::json::SYSTEM || fp.is_some();
        if table && self.options.on_match == OnMatch::Update {
            let base = base_of(draft);
            match identity {
                Some(identity) => {
                    let old = self.base(&identity)?;
                    let mut merged = old.clone();
                    merged.extend(base);
                    if merged != old {
                        self.tx.set(identity.place, "base", Value::text(Json::Object(merged).to_string()))?;
                    }
                }
                None => {
                    let uid = sql::uid_of(self.tx.conn(), Kind::Contact, id)?.unwrap_or_default();
                    let new = New::of(Kind::Identity)
                        .with("system", Value::text(system))
                        .with("ext", Value::text(draft.external_id.clone().unwrap_or_default()))
                        .with("base", Value::text(Json::Object(base).to_string()));
                    self.tx.create_under(Gid::Uid(uid), new)?;
                }
            }
            self.tx.remember_fingerprint(id, system, fp)?;
        }
        Ok(changed)
    }

    /// The source's values as of its last import: those noted, or those that the contact was made with.
    fn base(&mut self, identity: &read::Raw) -> Result<Map<String, Json>> {
        if let Ok(Json::Object(map)) = serde_json::from_str(identity.text("base")) {
            return Ok(map);
        }
        created_with(self.tx, identity.place.id)
    }

    fn three_way(&mut self, id: i64, identity: &read::Raw, draft: &ContactDraft, line: u64) -> Result<()> {
        let base = self.base(identity)?;
        let now = base_of(draft);
        let mut keys: Vec<&String> = now.keys().collect();
        if self.options.empty_clears {
            keys.extend(base.keys().filter(|key| !now.contains_key(*key)));
        }
        for key in keys {
            let text =
                |map: &Map<String, Json>| map.get(key).and_then(Json::as_str).unwrap_or_default().to_owned();
            let (old, new) = (text(&base), text(&now));
            if old == new {
                continue;
            }
            let shown = self.shown(id, key)?;
            if shown == new {
                continue;
            }
            if shown != old {
                let warning = Warning { line, column: key.clone(), value: new, kind: WarningKind::Conflict };
                self.report.note(&self.file, warning);
                continue;
            }
            self.put(id, key, &new)?;
        }
        Ok(())
    }

    /// What the book has for a key of `base_of`.
    fn shown(&self, id: i64, key: &str) -> Result<String> {
        if let Some(field) = key.strip_prefix("field:") {
            let field = draft::named(self.tx.conn(), Kind::Field, "key", field)?.map(|(id, _)| id);
            let values = owned(self.tx, id, Kind::FieldValue)?;
            let value = values.iter().find(|raw| field.is_some() && raw.int("field") == field);
            return Ok(value.map(|raw| raw.text("value").to_owned()).unwrap_or_default());
        }
        if key == "birthday" {
            let dates = owned(self.tx, id, Kind::Date)?;
            let value = dates.iter().find(|raw| raw.text("label") == "birthday");
            return Ok(value.map(|raw| raw.text("date").to_owned()).unwrap_or_default());
        }
        let record = Kind::Contact.record();
        let Some(field) = record.field(key) else { return Ok(String::new()) };
        Ok(match sql::value_at(self.tx.conn(), contact(id), field)? {
            Value::Text(text) => text,
            Value::Int(on) => (on != 0).to_string(),
            Value::Ref(gid) => match sql::place_of(self.tx.conn(), Kind::Contact, &gid, None)? {
                Some(place) => {
                    let name = record.field("name").unwrap_or_default();
                    sql::value_at(self.tx.conn(), place, name)?.as_text().unwrap_or_default().to_owned()
                }
                None => String::new(),
            },
            _ => String::new(),
        })
    }

    fn put(&mut self, id: i64, key: &str, value: &str) -> Result<()> {
        let owner = |tx: &Tx<'_>| -> Result<Gid> {
            Ok(Gid::Uid(sql::uid_of(tx.conn(), Kind::Contact, id)?.unwrap_or_default()))
        };
        if let Some(key) = key.strip_prefix("field:") {
            let field = draft::named(self.tx.conn(), Kind::Field, "key", key)?.map(|(id, _)| id);
            let old = owned(self.tx, id, Kind::FieldValue)?.into_iter().find(|raw| raw.int("field") == field);
            match old {
                Some(raw) if value.is_empty() => drop(self.tx.delete(raw.place)?),
                Some(raw) => drop(self.tx.set(raw.place, "value", Value::text(value))?),
                None if value.is_empty() => {}
                None => {
                    let reference = draft::field(self.tx, key)?;
                    let new =
                        New::of(Kind::FieldValue).with("field", reference).with("value", Value::text(value));
                    let owner = owner(self.tx)?;
                    self.tx.create_under(owner, new)?;
                }
            }
            return Ok(());
        }
        if key == "birthday" {
            let old = owned(self.tx, id, Kind::Date)?.into_iter().find(|raw| raw.text("label") == "birthday");
            match old {
                Some(raw) if value.is_empty() => drop(self.tx.delete(raw.place)?),
                Some(raw) => drop(self.tx.set(raw.place, "date", Value::text(value))?),
                // A new one is added with the other children.
                None => {}
            }
            return Ok(());
        }
        let value = match key {
            "company" if !value.is_empty() => draft::company(self.tx, value)?,
            "starred" | "archived" => Value::flag(value == "true"),
            _ => Value::text(value),
        };
        Ok(self.tx.set(contact(id), key, value).map(drop)?)
    }

    /// Resolves what had to wait for all rows, and looks at what the source no longer has.
    pub(super) fn finish(mut self) -> Result<ImportReport> {
        for (id, links) in std::mem::take(&mut self.links) {
            for link in links {
                self.link(id, &link)?;
            }
        }
        let dangling = self.records.finish(self.tx)?;
        for value in dangling {
            let warning = Warning { line: 0, column: String::new(), value, kind: WarningKind::Dangling };
            self.report.note(&self.file, warning);
        }
        if self.options.missing != Missing::Ignore {
            self.missing()?;
        }
        Ok(self.report)
    }

    fn link(&mut self, id: i64, link: &LinkDraft) -> Result<()> {
        let to = self.records.contact(self.tx, &link.id)?;
        let mut new = New::of(Kind::Link).with("relation", Value::text(&link.relation));
        match to {
            Some(gid) => new.put("to", Value::Ref(gid)),
            None => new.put("name", Value::text(if link.name.is_empty() { &link.id } else { &link.name })),
        }
        let owner = Gid::Uid(sql::uid_of(self.tx.conn(), Kind::Contact, id)?.unwrap_or_default());
        Ok(self.tx.create_under(owner, new).map(drop)?)
    }

    fn missing(&mut self) -> Result<()> {
        let mut gone: Vec<(i64, String)> = Vec::new();
        for system in &self.systems {
            let mut statement = self.tx.conn().prepare_cached(
                "select distinct r.id, ifnull(r.name, '') from identity x join contact k on k.id=x.contact \
                 join contact r on r.id=k.root where x.system=?1 and x.deleted is null and r.hidden in (0, 1)",
            )?;
            let found = statement.query_map([system], |row| Ok((row.get(0)?, row.get(1)?)))?;
            gone.extend(found.collect::<rusqlite::Result<Vec<_>>>()?);
        }
        gone.retain(|(id, _)| !self.seen.contains(id));
        for (id, name) in gone {
            match &self.options.missing {
                Missing::Tag(tag) => drop(tags::add_tag(self.tx, id, tag)?),
                Missing::Archive => drop(self.tx.set(contact(id), "archived", Value::flag(true))?),
                Missing::Ignore | Missing::Report => {}
            }
            let warning = Warning { line: 0, column: String::new(), value: name, kind: WarningKind::Missing };
            self.report.note(&self.file, warning);
        }
        Ok(())
    }
}

/// The single-valued fields that a row gives, by key: what a three-way update compares.
fn base_of(draft: &ContactDraft) -> Map<String, Json> {
    let mut base = Map::new();
    for (field, value) in &draft.fields {
        base.insert((*field).to_owned(), value.as_str().into());
    }
    if !draft.company.trim().is_empty() {
        base.insert("company".to_owned(), draft.company.trim().into());
    }
    if let Some(date) = draft.dates.iter().find(|date| date.label == "birthday") {
        base.insert("birthday".to_owned(), date.date.as_str().into());
    }
    for (key, value) in &draft.values {
        base.insert(format!("field:{key}"), value.as_str().into());
    }
    base
}

/// The same of a contact as the row of the log that made it has it.
fn created_with(tx: &mut Tx<'_>, id: i64) -> Result<Map<String, Json>> {
    let conn = tx.conn();
    let (n, index): (i64, i64) = conn
        .prepare_cached("select tx, i from contact where id=?1")?
        .query_row([id], |row| Ok((row.get(0)?, row.get(1)?)))?;
    let line = tx.line_of(n, index)?;
    let Some(Edit::Create { new, .. }) = line else { return Ok(Map::new()) };
    let mut base = Map::new();
    for (at, value) in &new.fields {
        let field = &Kind::Contact.record().fields[*at];
        let text = match value {
            Value::Text(text) => text.clone(),
            Value::Int(on) if field.ty == Type::Flag => (*on != 0).to_string(),
            Value::Named(name) => name.clone(),
            _ => continue,
        };
        base.insert(field.name.to_owned(), text.into());
    }
    for child in &new.children {
        let text = |field: &str| child.get(field).and_then(Value::as_text).unwrap_or_default();
        match (child.kind, child.get("field")) {
            (Kind::Date, _) if text("label") == "birthday" => {
                base.insert("birthday".to_owned(), text("date").into());
            }
            (Kind::FieldValue, Some(Value::Named(key))) => {
                base.insert(format!("field:{key}"), text("value").into());
            }
            _ => {}
        }
    }
    Ok(base)
}
