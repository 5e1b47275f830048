//! Whom the records of other systems are about: by the system's id, then e-mail, phone, name within the company. Nobody
//! is made up from a name alone; who isn't found is remembered with the record, so that a later import links them.

use super::super::contacts::owned;
use super::super::{Result, contacts, draft};
use super::apply::Writer;
use crate::exchange::mapping::{NATIVE, company_system};
use crate::exchange::{Warning, WarningKind};
use crate::model::draft::{ContactDraft, MethodDraft, Whom};
use crate::model::edit::New;
use crate::model::ids::{Gid, named_v8};
use crate::model::phone::Normaliser;
use crate::model::schema::Kind;
use crate::model::value::Value;
use crate::store::{Place, derive, sql};
use crate::text;
use serde_json::{Map, Value as Json};
use std::collections::HashSet;

/// A record with people who were not found yet.
pub(super) struct Open {
    pub(super) place: Place,
    pub(super) system: String,
    pub(super) whom: Vec<Whom>,
    /// The name of the company that they are looked for in.
    pub(super) near: String,
    pub(super) file: String,
    pub(super) line: u64,
    /// It was said before.
    pub(super) quiet: bool,
}

/// Kinds that can wait for people.
const WAITING: [Kind; 4] = [Kind::Interaction, Kind::Task, Kind::Deal, Kind::Project];

const PARTS: [&str; 6] = ["id", "name", "email", "phone", "company", "role"];

/// What is remembered of somebody who was not found.
pub(super) fn whom_json(whom: &Whom) -> Json {
    let mut map = Map::new();
    let texts = [&whom.external_id, &whom.name, &whom.email, &whom.phone, &whom.company, &whom.role];
    for (part, text) in PARTS.iter().zip(texts) {
        if !text.is_empty() {
            map.insert((*part).to_owned(), text.as_str().into());
        }
    }
    if whom.is_company {
        map.insert("is_company".to_owned(), true.into());
    }
    Json::Object(map)
}

fn whom_of(json: &Json) -> Whom {
    let text = |part: &str| json.get(part).and_then(Json::as_str).unwrap_or_default().to_owned();
    Whom {
        role: text("role"),
        external_id: text("id"),
        name: text("name"),
        company: text("company"),
        email: text("email"),
        phone: text("phone"),
        is_company: json.get("is_company").is_some(),
    }
}

impl Writer<'_, '_, '_> {
    /// The company that a row names, as a reference: by the system's id, then by name; made (as an implied one) where it
    /// isn't there, so that its own row finds it whenever that comes.
    pub(super) fn company_for(&mut self, name: &str, ext: &str) -> Result<Value> {
        let name = name.trim();
        if self.record_system() == NATIVE && !ext.is_empty() {
            // The book's own id; where that contact isn't there, its name has to do.
            if let Some(id) = self.by_own_id(ext)? {
                let uid = sql::uid_of(self.tx.conn(), Kind::Contact, id)?.unwrap_or_default();
                return Ok(Value::Ref(Gid::Uid(uid)));
            }
            return if name.is_empty() {
                Ok(Value::Null)
            } else {
                self.names.get(self.tx, Kind::Contact, name)
            };
        }
        if ext.is_empty() {
            return self.names.get(self.tx, Kind::Contact, name);
        }
        let system = company_system(&self.record_system());
        if let Some(id) = self.by_ext(ext, &system)? {
            let uid = sql::uid_of(self.tx.conn(), Kind::Contact, id)?.unwrap_or_default();
            let named =
                !name.is_empty() && uid == named_v8(&self.tx.book(), Kind::Contact.record().name, name);
            return Ok(if named { Value::Named(name.to_owned()) } else { Value::Ref(Gid::Uid(uid)) });
        }
        let identity = New::of(Kind::Identity)
            .with("system", Value::text(system.as_str()))
            .with("ext", Value::text(ext));
        let mut value = Value::Null;
        if !name.is_empty() {
            value = self.names.get(self.tx, Kind::Contact, name)?;
        }
        let named = match self.as_reference(value.clone()) {
            Value::Ref(gid) => {
                sql::place_of(self.tx.conn(), Kind::Contact, &gid, None)?.map(|place| place.id)
            }
            _ => None,
        };
        let id = match named {
            Some(id) if !self.known_otherwise(id, &system)? => {
                let uid = sql::uid_of(self.tx.conn(), Kind::Contact, id)?.unwrap_or_default();
                self.tx.create_under(Gid::Uid(uid), identity)?;
                id
            }
            // The company of that name is another one there, or only its id is known so far.
            _ => {
                let mut new = New::of(Kind::Contact)
                    .with("kind", Value::text("company"))
                    .with("name", Value::text(name))
                    .with("implied", Value::flag(true));
                new.children.push(identity);
                let id = self.tx.create(new)?.id;
                value =
                    Value::Ref(Gid::Uid(sql::uid_of(self.tx.conn(), Kind::Contact, id)?.unwrap_or_default()));
                id
            }
        };
        self.external.insert((system, ext.to_owned()), id);
        Ok(value)
    }

    /// The company of a record.
    pub(super) fn company_of(&mut self, company: &Whom) -> Result<Value> {
        if company.name.trim().is_empty() && company.external_id.is_empty() {
            return Ok(Value::Null);
        }
        self.company_for(&company.name, &company.external_id)
    }

    /// The company that a source's earlier value stood for, if it is there: by its id, then by its name.
    pub(super) fn company_there_for(&mut self, whom: &Whom, key: &str) -> Result<Value> {
        let system = company_system(&self.record_system());
        let id = match self.by_ext(key, &system)? {
            Some(id) => Some(id),
            None if whom.name.is_empty() => None,
            None => draft::company_named(self.tx.conn(), &whom.name)?,
        };
        let uid = id.map(|id| sql::uid_of(self.tx.conn(), Kind::Contact, id)).transpose()?.flatten();
        Ok(uid.map_or(Value::Null, |uid| Value::Ref(Gid::Uid(uid))))
    }

    /// A name that an id is made from as that id.
    pub(super) fn as_reference(&self, value: Value) -> Value {
        match value {
            Value::Named(name) => {
                Value::Ref(Gid::Uid(named_v8(&self.tx.book(), Kind::Contact.record().name, &name)))
            }
            other => other,
        }
    }

    /// The company of the record at a place, by its key here.
    pub(super) fn company_at(&self, place: Place) -> Result<Option<i64>> {
        let Some(at) = place.kind.record().field("company") else { return Ok(None) };
        let Value::Ref(gid) = sql::value_at(self.tx.conn(), place, at)? else { return Ok(None) };
        Ok(sql::place_of(self.tx.conn(), Kind::Contact, &gid, None)?.map(|place| place.id))
    }

    /// Points a new contact at the company with the system's id; true if its line has to be written anew.
    pub(super) fn point_at_company(&mut self, new: &mut New, ext: &str) -> Result<bool> {
        let name = match new.get("company") {
            Some(Value::Named(name)) => name.clone(),
            _ => String::new(),
        };
        let value = self.company_for(&name, ext)?;
        if new.get("company") == Some(&value) {
            return Ok(false);
        }
        new.put("company", value);
        Ok(true)
    }

    /// A contact without a company gets the one whose id its row gives.
    pub(super) fn company_by_id(&mut self, id: i64, row: &ContactDraft) -> Result<()> {
        if row.company_id.is_empty() {
            return Ok(());
        }
        let at = Kind::Contact.record().field("company").unwrap_or_default();
        let place = Place { kind: Kind::Contact, id, n: 0 };
        if sql::value_at(self.tx.conn(), place, at)?.is_null() {
            let value = self.company_for(&row.company, &row.company_id)?;
            self.tx.set(place, "company", value)?;
        }
        Ok(())
    }

    /// The contact that somebody is. While a first import runs only ids can be looked up; `late`, all is there.
    pub(super) fn find_whom(
        &mut self,
        whom: &Whom,
        system: &str,
        place: Place,
        late: bool,
    ) -> Result<Option<i64>> {
        if !whom.external_id.is_empty() {
            // A record that waits and came from no other system is rolo's own, too.
            if matches!(system, NATIVE | "")
                && let Some(id) = self.by_own_id(&whom.external_id)?
            {
                return Ok(Some(id));
            }
            let company = company_system(system);
            // A note may be about anything; a deal's contact is no company, though one may have that number.
            let any = matches!(place.kind, Kind::Interaction | Kind::Task);
            let systems: &[&str] = match (whom.is_company, any) {
                (true, _) => &[company.as_str(), system],
                (false, true) => &[system, company.as_str()],
                (false, false) => &[system],
            };
            for system in systems {
                if let Some(id) = self.by_ext_now(&whom.external_id, system, late)? {
                    return Ok(Some(id));
                }
            }
            if self.link_deal(place, &whom.external_id, system)? {
                // A note on a deal is about the deal's company.
                let deal = sql::value_at(
                    self.tx.conn(),
                    place,
                    place.kind.record().field("deal").unwrap_or_default(),
                )?;
                if let Value::Ref(gid) = deal
                    && let Some(deal) = sql::place_of(self.tx.conn(), Kind::Deal, &gid, None)?
                {
                    return self.company_at(deal);
                }
            }
        }
        if self.names.no_companies && !late {
            return Ok(None);
        }
        for (kind, value) in [("email", &whom.email), ("phone", &whom.phone)] {
            if let Some(id) = self.by_method(kind, value, &whom.name)? {
                return Ok(Some(id));
            }
        }
        if whom.name.trim().is_empty() {
            return Ok(None);
        }
        if whom.is_company {
            return draft::company_named(self.tx.conn(), &whom.name);
        }
        let near = match self.company_at(place)? {
            _ if !whom.company.is_empty() => whom.company.clone(),
            Some(company) => {
                let name = Kind::Contact.record().field("name").unwrap_or_default();
                let company = Place { kind: Kind::Contact, id: company, n: 0 };
                sql::value_at(self.tx.conn(), company, name)?.as_text().unwrap_or_default().to_owned()
            }
            None => String::new(),
        };
        self.by_full_name(&whom.name, &near)
    }

    /// The contact with this id of the book, or the one that it was merged into.
    fn by_own_id(&self, id: &str) -> Result<Option<i64>> {
        let Some(Gid::Uid(uid)) = Gid::parse(id) else { return Ok(None) };
        let Some(id) = sql::id_of(self.tx.conn(), Kind::Contact, &uid)? else { return Ok(None) };
        let sql =
            "select r.id from contact c join contact r on r.id=c.root where c.id=?1 and r.deleted is null";
        let mut statement = self.tx.conn().prepare_cached(sql)?;
        let mut rows = statement.query([id])?;
        Ok(rows.next()?.map(|row| row.get(0)).transpose()?)
    }

    fn by_ext_now(&self, ext: &str, system: &str, late: bool) -> Result<Option<i64>> {
        let found = self.by_ext(ext, system)?;
        if found.is_some() || !late || !self.names.no_companies {
            return Ok(found);
        }
        let mut statement = self.tx.conn().prepare_cached(
            "select k.root from identity x join contact k on k.id=x.contact where x.system=?1 and x.ext=?2 and x.deleted is null",
        )?;
        let mut rows = statement.query((system, ext))?;
        Ok(rows.next()?.map(|row| row.get(0)).transpose()?)
    }

    /// The only contact with this address or number, or the only one of those who is called so.
    fn by_method(&self, kind: &str, value: &str, name: &str) -> Result<Option<i64>> {
        if value.trim().is_empty() {
            return Ok(None);
        }
        let conn = self.tx.conn();
        let country = derive::country(conn)?;
        let key = derive::key(kind, value, country.as_deref(), &mut Normaliser::default());
        let Some(key) = key.filter(|key| !key.is_empty()) else { return Ok(None) };
        let mut statement = conn.prepare_cached(
            "select distinct k.root, ifnull(r.name, '') from method m join contact k on k.id=m.contact \
             join contact r on r.id=k.root \
             where m.hash=?1 and ifnull(m.norm, m.value)=?2 and m.type in ('email', 'phone') and m.deleted is null and r.hidden<3 limit 50",
        )?;
        let wanted = (derive::hash(&key), &key);
        let found = statement.query_map(wanted, |row| Ok((row.get(0)?, row.get::<_, String>(1)?)))?;
        let mut found: Vec<(i64, String)> = found.collect::<rusqlite::Result<_>>()?;
        if found.len() > 1 {
            found.retain(|(_, other)| text::fold(other) == text::fold(name));
        }
        Ok(if let [(id, _)] = found.as_slice() { Some(*id) } else { None })
    }

    /// The only person of this name within a company; without one, the only person of this name.
    fn by_full_name(&self, name: &str, company: &str) -> Result<Option<i64>> {
        let mut statement = self.tx.conn().prepare_cached(
            "select distinct c.root, c.name, ifnull(k.name, '') from contact c left join contact k on k.id=c.company \
             where c.hidden in (0, 2, 4) and c.sort=?1 and ifnull(c.kind, '')<>'company'",
        )?;
        let (name, company) = (name.trim(), text::fold(company.trim()));
        let mut rows = statement.query([text::sort_key(name)])?;
        let mut found: Vec<i64> = Vec::new();
        while let Some(row) = rows.next()? {
            let (id, other, works): (i64, Option<String>, String) = (row.get(0)?, row.get(1)?, row.get(2)?);
            let named = text::fold(&other.unwrap_or_default()) == text::fold(name);
            if named && (company.is_empty() || text::fold(&works) == company) && !found.contains(&id) {
                found.push(id);
            }
        }
        Ok(if let [id] = found[..] { Some(id) } else { None })
    }

    /// Somebody who has more than a name is somebody to keep.
    fn make_whom(&mut self, whom: &Whom, near: &str, system: &str) -> Result<Option<i64>> {
        if whom.is_company || whom.name.trim().is_empty() || (whom.email.is_empty() && whom.phone.is_empty())
        {
            return Ok(None);
        }
        let mut new = ContactDraft::default();
        let own = matches!(system, NATIVE | "");
        new.id = own.then(|| whom.external_id.clone()).filter(|id| Gid::parse(id).is_some());
        new.set("name", whom.name.trim());
        draft::complete(&mut new);
        let company = if whom.company.is_empty() { near } else { &whom.company };
        company.clone_into(&mut new.company);
        for (kind, value) in [("email", &whom.email), ("phone", &whom.phone)] {
            if !value.is_empty() {
                let (kind, value) = (kind.to_owned(), value.clone());
                new.methods.push(MethodDraft { kind, value, ..MethodDraft::default() });
            }
        }
        let id = contacts::add(self.tx, &new)?;
        if !whom.external_id.is_empty() && !own {
            let uid = sql::uid_of(self.tx.conn(), Kind::Contact, id)?.unwrap_or_default();
            let identity = New::of(Kind::Identity)
                .with("system", Value::text(system))
                .with("ext", Value::text(whom.external_id.as_str()));
            self.tx.create_under(Gid::Uid(uid), identity)?;
            self.external.insert((system.to_owned(), whom.external_id.clone()), id);
        }
        Ok(Some(id))
    }

    /// Points an interaction at the deal with this id of its system; true if it has a deal then.
    fn link_deal(&mut self, place: Place, ext: &str, system: &str) -> Result<bool> {
        if !matches!(place.kind, Kind::Interaction | Kind::Task) {
            return Ok(false);
        }
        let found: Option<i64> = {
            let mut statement = self.tx.conn().prepare_cached(
                "select id from deal where system=?1 and external_id=?2 and deleted is null limit 1",
            )?;
            let mut rows = statement.query((system, ext))?;
            rows.next()?.map(|row| row.get(0)).transpose()?
        };
        let Some(deal) = found else { return Ok(false) };
        let uid = sql::uid_of(self.tx.conn(), Kind::Deal, deal)?.unwrap_or_default();
        self.tx.set(place, "deal", Value::Ref(Gid::Uid(uid)))?;
        Ok(true)
    }

    /// Makes a contact one of those whom a record is about, unless it is.
    pub(super) fn link_contact(&mut self, place: Place, contact: i64, role: &str) -> Result<()> {
        let conn = self.tx.conn();
        let own = |kind: Kind, id: i64| -> Result<Gid> {
            Ok(Gid::Uid(sql::uid_of(conn, kind, id)?.unwrap_or_default()))
        };
        let person = Value::Ref(own(Kind::Contact, contact)?);
        let there = |sql: &str| -> Result<bool> {
            Ok(conn.prepare_cached(sql)?.query_row((place.id, contact), |row| row.get(0))?)
        };
        match place.kind {
            Kind::Interaction => {
                let sql = "select exists (select 1 from participant p join contact k on k.id=p.contact \
                           where p.interaction=?1 and k.root=?2 and p.deleted is null)";
                if !there(sql)? {
                    let new =
                        New::of(Kind::Participant).with("contact", person).with("role", Value::text(role));
                    self.tx.create_under(own(Kind::Interaction, place.id)?, new)?;
                    contacts::explicit(self.tx, contact)?;
                }
            }
            Kind::Task => {
                let at = place.kind.record().field("contact").unwrap_or_default();
                if sql::value_at(conn, place, at)?.is_null() {
                    self.tx.set(place, "contact", person)?;
                }
            }
            Kind::Deal | Kind::Project => {
                let column = place.kind.record().name;
                // A deal's company is no member of it.
                if self.company_at(place)? == Some(contact) {
                    return Ok(());
                }
                let known = owned(self.tx, contact, Kind::Member)?;
                if !known.iter().any(|raw| raw.int(column) == Some(place.id)) {
                    let of = Value::Ref(own(place.kind, place.id)?);
                    let new = New::of(Kind::Member).with(column, of).with("role", Value::text(role));
                    self.tx.create_under(own(Kind::Contact, contact)?, new)?;
                    contacts::explicit(self.tx, contact)?;
                }
            }
            _ => {}
        }
        Ok(())
    }

    /// Who a record still waits for.
    pub(super) fn waiting_at(&self, place: Place) -> Result<Vec<Json>> {
        let Some(at) = place.kind.record().field("waiting") else { return Ok(Vec::new()) };
        let value = sql::value_at(self.tx.conn(), place, at)?;
        Ok(value.as_text().and_then(|text| serde_json::from_str(text).ok()).unwrap_or_default())
    }

    fn wait(&mut self, place: Place, whom: &[Json]) -> Result<()> {
        let value =
            if whom.is_empty() { Value::Null } else { Value::text(Json::Array(whom.to_vec()).to_string()) };
        self.tx.set(place, "waiting", value)?;
        Ok(())
    }

    /// Looks for those who were not there yet: of this import's records, and of those that older ones left waiting.
    pub(super) fn finish_linked(&mut self) -> Result<()> {
        let open = std::mem::take(&mut self.linked.open);
        let older = if self.tx.edits() > 0 { self.older(&open)? } else { Vec::new() };
        if open.is_empty() && older.is_empty() {
            return Ok(());
        }
        self.tx.index()?;
        for record in open {
            let mut left = Vec::new();
            for whom in &record.whom {
                let found = match self.find_whom(whom, &record.system, record.place, true)? {
                    Some(id) => Some(id),
                    None => self.make_whom(whom, &record.near, &record.system)?,
                };
                match found {
                    Some(id) => self.link_contact(record.place, id, &whom.role)?,
                    None if self.has_deal(record.place)? => {}
                    None => left.push(whom),
                }
            }
            if !record.quiet {
                for whom in &left {
                    let texts = [&whom.name, &whom.email, &whom.phone, &whom.external_id];
                    let value = texts.into_iter().find(|text| !text.is_empty()).cloned().unwrap_or_default();
                    let only_number =
                        whom.name.is_empty() && whom.email.is_empty() && whom.external_id.is_empty();
                    let kind = if only_number { WarningKind::NoNumber } else { WarningKind::Dangling };
                    let line = record.line;
                    self.report.note(&record.file, Warning { line, column: String::new(), value, kind });
                }
            }
            let left: Vec<Json> = left.into_iter().map(whom_json).collect();
            self.wait(record.place, &left)?;
        }
        for (place, system) in older {
            let before = self.waiting_at(place)?;
            let mut left = Vec::new();
            for json in &before {
                let whom = whom_of(json);
                match self.find_whom(&whom, &system, place, true)? {
                    Some(id) => self.link_contact(place, id, &whom.role)?,
                    None if self.has_deal(place)? => {}
                    None => left.push(json.clone()),
                }
            }
            if left.len() < before.len() {
                self.wait(place, &left)?;
            }
        }
        Ok(())
    }

    fn has_deal(&self, place: Place) -> Result<bool> {
        let Some(at) = place.kind.record().field("deal") else { return Ok(false) };
        Ok(!sql::value_at(self.tx.conn(), place, at)?.is_null())
    }

    /// Records that wait since an earlier import.
    fn older(&self, open: &[Open]) -> Result<Vec<(Place, String)>> {
        let own: HashSet<Place> = open.iter().map(|record| record.place).collect();
        let mut older = Vec::new();
        for kind in WAITING {
            let mut statement = self.tx.conn().prepare_cached(&format!(
                "select id, ifnull(system, '') from \"{}\" where waiting is not null and deleted is null",
                kind.record().name
            ))?;
            let found =
                statement.query_map([], |row| Ok((Place { kind, id: row.get(0)?, n: 0 }, row.get(1)?)))?;
            for row in found {
                let (place, system) = row?;
                if !own.contains(&place) {
                    older.push((place, system));
                }
            }
        }
        Ok(older)
    }
}
