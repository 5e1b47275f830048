//! The writing side: carries out what the reader decided, row by row, inside the transaction.

use super::super::contacts::{contact, owned};
use super::super::{Result, draft, edit, tags};
use super::earlier::Earlier;
use super::linked::{Linked, Taken};
use super::names::Names;
use super::reader::{Act, Chunk, Item, Made};
use super::records::Records;
use super::{ImportOptions, ImportReport, Missing, NOTES_MAX, OnMatch, Rejected};
use crate::exchange::{Plan, Warning, WarningKind};
use crate::model::draft::{ContactDraft, LinkDraft};
use crate::model::edit::{Edit, New, NewId};
use crate::model::ids::{Gid, named_key, named_v8};
use crate::model::schema::{Kind, Type};
use crate::model::value::Value;
use crate::store::derive::{Prepared, hidden};
use crate::store::hays::Text;
use crate::store::{Tx, sql};
use chrono::FixedOffset;
use std::collections::{HashMap, HashSet};

/// Carries an import out.
pub(super) struct Writer<'t, 'a, 'o> {
    pub(super) tx: &'t mut Tx<'a>,
    pub(super) options: &'o ImportOptions,
    pub(super) report: ImportReport,
    pub(super) file: String,
    pub(super) system: String,
    systems: Vec<String>,
    pub(super) names: Names,
    records: Records,
    pub(super) linked: Linked,
    /// New contacts by system and external id.
    pub(super) external: HashMap<(String, String), i64>,
    /// Links by id, until all contacts are there.
    links: Vec<(i64, Vec<LinkDraft>)>,
    /// Contacts that the source still has; kept only if what is missing matters.
    seen: HashSet<i64>,
    /// Refused rows of which there is no telling whose they are.
    untold: u64,
    /// Contacts that rows of this file without an id of their own were matched with.
    met: HashSet<i64>,
    /// What the files before this one brought.
    pub(super) earlier: Earlier,
    /// What was taken in, for the thread that made it to free: memory that goes back and forth between threads is slow.
    pub(super) spent: Vec<Prepared>,
}

impl<'t, 'a, 'o> Writer<'t, 'a, 'o> {
    pub(super) fn new(
        tx: &'t mut Tx<'a>,
        options: &'o ImportOptions,
        fresh: bool,
        several: bool,
        zone: FixedOffset,
    ) -> Result<Self> {
        if fresh {
            tx.bulk()?;
        }
        let names = Names {
            known: Default::default(),
            by_key: HashMap::new(),
            called: HashMap::new(),
            no_companies: fresh,
        };
        let earlier = Earlier::new(tx.conn(), several)?;
        Ok(Self {
            tx,
            options,
            report: ImportReport::default(),
            file: String::new(),
            system: String::new(),
            systems: Vec::new(),
            names,
            records: Records::default(),
            linked: Linked::new(zone),
            external: HashMap::new(),
            links: Vec::new(),
            seen: HashSet::new(),
            untold: 0,
            met: HashSet::new(),
            earlier,
            spent: Vec::new(),
        })
    }

    pub(super) fn take(&mut self, chunk: Chunk) -> Result<()> {
        match chunk {
            Chunk::File { name, system, plan, goes_on } => {
                if !goes_on {
                    self.next_file()?;
                    self.met.clear();
                }
                self.begin(name, system, plan.map(|plan| *plan))
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

    fn begin(&mut self, name: String, system: String, plan: Option<Plan>) -> Result<()> {
        if let Some(plan) = &plan {
            let names: Vec<&str> = plan.columns.iter().map(|column| column.name.as_str()).collect();
            self.tx.remember_columns(&plan.profile, &names)?;
        }
        self.report.plans.push((name.clone(), plan));
        if !self.systems.contains(&system) {
            self.systems.push(system.clone());
        }
        self.file = name;
        self.system = system;
        Ok(())
    }

    fn item(&mut self, item: Item) -> Result<()> {
        let mut item = self.reconsidered(item)?;
        self.report.read += 1;
        match item.present.take() {
            Some(present) => present.into_iter().for_each(|id| self.see(id)),
            None => self.untold += 1,
        }
        for warning in item.warnings {
            self.report.note(&self.file, warning);
        }
        match item.act {
            Act::Create { prepared, made } => {
                let (deleted, records) = (made.deleted, made.records.clone());
                let id = self.create(*prepared, *made)?;
                for record in &records {
                    self.other(record, Some(id), item.line)?;
                }
                if deleted {
                    self.tx.delete(contact(id))?;
                }
            }
            Act::Merge { id, draft, system, fp } => self.update(id, &draft, &system, fp, item.line)?,
            Act::Again { draft, system } => {
                let ext = draft.external_id.clone().unwrap_or_default();
                match self.by_ext(&ext, &system)? {
                    Some(id) if !self.passes_over(id, &ext, &system)? => {
                        let merged = self.merge_later(id, &draft, &system, item.line)?;
                        self.count(merged);
                    }
                    _ => self.report.skipped += 1,
                }
            }
            // A file before this one has changed what this row said the last time.
            Act::Same { id, row: Some((draft, fp)), .. } if self.earlier.has_changed(id) => {
                let system = self.system.clone();
                self.update(id, &draft, &system, Some(fp), item.line)?;
            }
            Act::Same { id, keyed, row } => {
                self.earlier.brought(id, row.map(|(_, fp)| fp));
                self.report.unchanged += 1;
                if !keyed {
                    self.met.insert(id);
                }
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
            Act::Other(draft) => match self.other(&draft, None, item.line)? {
                Taken::Created => self.report.created += 1,
                Taken::Changed => self.report.updated += 1,
                Taken::Unchanged => self.report.unchanged += 1,
                Taken::Skipped => self.report.skipped += 1,
            },
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

    /// Brings a contact that is there up to date.
    fn update(
        &mut self,
        id: i64,
        draft: &ContactDraft,
        system: &str,
        fp: Option<i64>,
        line: u64,
    ) -> Result<()> {
        let first = draft.external_id.is_some() || draft.id.is_some() || self.met.insert(id);
        let merged = if first {
            self.merge(id, draft, system, fp, line)?
        } else {
            self.merge_later(id, draft, system, line)?
        };
        if merged {
            self.earlier.changed(id);
        }
        self.records.same(draft.id.as_deref(), self.tx, id)?;
        self.count(merged);
        self.see(id);
        Ok(())
    }

    /// Whether the earlier row with this id was passed over, so that a later one is, too.
    fn passes_over(&self, id: i64, ext: &str, system: &str) -> Result<bool> {
        if self.external.contains_key(&(system.to_owned(), ext.to_owned())) {
            return Ok(false);
        }
        let sql = "select hidden from contact where id=?1";
        let place: i64 = self.tx.conn().prepare_cached(sql)?.query_row([id], |row| row.get(0))?;
        Ok(self.options.on_match == OnMatch::Skip || place >= hidden::BIN)
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

    fn create(&mut self, mut prepared: Prepared, made: Made) -> Result<i64> {
        let Made { links, doubtful, ext, company_id, .. } = made;
        let company = prepared.new.get("kind").is_some();
        if company && let Some(id) = self.company_there(&prepared, ext.as_deref())? {
            // Somebody of this file works there: it is not only implied any more.
            // It counts as new, and its row is listed as such: what it brings are no changes.
            let kept = self.tx.pause_keeping();
            let filled = self.fill_company(id, &prepared, ext);
            self.tx.go_on_keeping(kept);
            filled?;
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
        let moved = !company_id.is_empty() && self.point_at_company(&mut prepared.new, &company_id)?;
        let as_named = self.settle(&mut prepared)? && !moved;
        self.free_id(&mut prepared)?;
        let row = prepared.fp;
        let place = if as_named {
            let place = self.tx.push_prepared(&prepared)?;
            self.spent.push(prepared);
            place
        } else {
            // A name stands for a record with another id: the line is written anew.
            let fp = prepared.fp;
            let place = self.tx.create(prepared.new)?;
            if fp.is_some() {
                self.remember(place.id, ext.as_deref(), &self.system.clone(), fp)?;
            }
            place
        };
        if !links.is_empty() {
            self.links.push((place.id, links));
        }
        if let Some(ext) = ext {
            self.external.insert((self.system.clone(), ext), place.id);
        }
        self.earlier.brought(place.id, row);
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
    fn company_there(&self, prepared: &Prepared, ext: Option<&str>) -> Result<Option<i64>> {
        if let Some(ext) = ext
            && let Some(id) = self.by_ext(ext, &self.system)?
        {
            return Ok(Some(id));
        }
        let name = prepared.new.get("name").and_then(Value::as_text).unwrap_or_default();
        let key = (Kind::Contact, named_key(name));
        // In a new book only this import can have made it.
        if self.names.no_companies && !self.names.by_key.contains_key(&key) {
            return Ok(None);
        }
        let Some(id) = self.company_id(name)? else { return Ok(None) };
        let implied = "select implied is not null from contact where id=?1";
        let implied: bool = self.tx.conn().prepare_cached(implied)?.query_row([id], |row| row.get(0))?;
        // Another company of the same name is known by another id there.
        let other = ext.is_some() && implied && self.known_otherwise(id, &self.system)?;
        Ok((implied && !other).then_some(id))
    }

    fn company_id(&self, name: &str) -> Result<Option<i64>> {
        if self.names.no_companies {
            let uid = named_v8(&self.tx.book(), Kind::Contact.record().name, name);
            return Ok(sql::id_of(self.tx.conn(), Kind::Contact, &uid)?);
        }
        if let Some(id) = draft::company_named(self.tx.conn(), name)? {
            return Ok(Some(id));
        }
        // One that people of this import work at has its place in the order of names when all is there; till then its id tells it.
        let uid = named_v8(&self.tx.book(), Kind::Contact.record().name, name);
        Ok(sql::id_of(self.tx.conn(), Kind::Contact, &uid)?.filter(|id| self.earlier.is_new(*id)))
    }

    /// Whether a contact has an id in this system.
    pub(super) fn known_otherwise(&self, id: i64, system: &str) -> Result<bool> {
        Ok(owned(self.tx, id, Kind::Identity)?
            .iter()
            .any(|raw| raw.text("system") == system && !raw.text("ext").is_empty()))
    }

    fn fill_company(&mut self, id: i64, prepared: &Prepared, ext: Option<String>) -> Result<()> {
        let mut draft = ContactDraft { kind: "company".to_owned(), ..ContactDraft::default() };
        for (at, value) in &prepared.new.fields {
            let name = Kind::Contact.record().fields[*at].name;
            if let (Some(text), false) = (value.as_text(), name == "kind") {
                draft.set(name, text);
            }
        }
        edit::fill(self.tx, id, &draft)?;
        let owner = Gid::Uid(sql::uid_of(self.tx.conn(), Kind::Contact, id)?.unwrap_or_default());
        let known = match &ext {
            Some(ext) => self.by_ext(ext, &self.system)? == Some(id),
            None => false,
        };
        for child in prepared.new.children.iter().filter(|child| child.kind != Kind::Identity || !known) {
            let mut child = child.clone();
            draft::settle(self.tx, &mut child)?;
            self.tx.create_under(owner, child)?;
        }
        self.remember(id, ext.as_deref(), &self.system.clone(), prepared.fp)?;
        if let Some(ext) = ext {
            self.external.insert((self.system.clone(), ext), id);
        }
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

    /// An id that came with the data may be taken (by the contact that the row turned out not to be), or be one of somebody who
    /// was erased.
    fn free_id(&self, prepared: &mut Prepared) -> Result<()> {
        if let NewId::Given(Gid::Uid(uid)) = &prepared.new.id
            && (sql::id_of(self.tx.conn(), Kind::Contact, uid)?.is_some()
                || self.tx.is_erased(Kind::Contact, uid)?)
        {
            prepared.new.id = NewId::Derived;
            prepared.line.clear();
            Edit::Create { owner: None, new: prepared.new.clone() }.write(&mut prepared.line);
        }
        Ok(())
    }

    pub(super) fn by_ext(&self, ext: &str, system: &str) -> Result<Option<i64>> {
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

    /// Resolves what had to wait for all rows, and looks at what the source no longer has.
    pub(super) fn finish(mut self) -> Result<ImportReport> {
        for (id, links) in std::mem::take(&mut self.links) {
            for link in links {
                self.link(id, &link)?;
            }
        }
        self.finish_linked()?;
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
        // It is about the source as a whole, whichever of its files was read last.
        let several = self.report.plans.len() > 1;
        let file = if several { String::new() } else { self.file.clone() };
        if self.options.missing == Missing::Archive {
            self.bring_back(&file)?;
        }
        if self.untold > 0 && !gone.is_empty() {
            let (column, value) = (String::new(), self.untold.to_string());
            self.report.note(&file, Warning { line: 0, column, value, kind: WarningKind::NotMissing });
            return Ok(());
        }
        for (id, name) in gone {
            match &self.options.missing {
                Missing::Tag(tag) => drop(tags::add_tag(self.tx, id, tag)?),
                Missing::Archive => drop(self.tx.set(contact(id), "archived", Value::flag(true))?),
                Missing::Ignore | Missing::Report => {}
            }
            let warning = Warning { line: 0, column: String::new(), value: name, kind: WarningKind::Missing };
            self.report.note(&file, warning);
        }
        Ok(())
    }

    /// Who was archived because an earlier file lacked them, and is in this one, is archived no more; whom the source itself calls
    /// archived stays so.
    fn bring_back(&mut self, file: &str) -> Result<()> {
        let archived = Kind::Contact.record().field("archived").unwrap_or_default();
        let mut found = {
            let mut statement = self.tx.conn().prepare_cached(
                "select c.id, ifnull(c.name, '') from contact c join stamp s on s.kind=?1 and s.id=c.id and s.n=0 and s.field=?2 \
                 join tx t on t.n=s.tx where c.archived=1 and c.deleted is null and t.origin='import'",
            )?;
            let rows = statement
                .query_map((Kind::Contact as i64, archived as i64), |row| Ok((row.get(0)?, row.get(1)?)))?;
            rows.collect::<rusqlite::Result<Vec<(i64, String)>>>()?
        };
        found.retain(|(id, _)| self.seen.contains(id));
        for (id, name) in found {
            let mut said = false;
            for identity in owned(self.tx, id, Kind::Identity)? {
                said |= self.base(&identity)?.contains_key("archived");
            }
            if !said {
                self.tx.set(contact(id), "archived", Value::Null)?;
                let (column, kind) = (String::new(), WarningKind::Returned);
                self.report.note(file, Warning { line: 0, column, value: name, kind });
            }
        }
        Ok(())
    }
}
