//! Records of other systems that are no contacts: interactions, tasks, deals, projects, consents.

use super::super::contacts::owned;
use super::super::{Result, draft};
use super::OnMatch;
use super::apply::Writer;
use super::whom::{Open, whom_json};
use crate::exchange::mapping::NATIVE;
use crate::exchange::{Warning, WarningKind};
use crate::model::draft::{RecordDraft, Whom};
use crate::model::edit::{New, NewId};
use crate::model::ids::{Gid, named_v8};
use crate::model::schema::{Kind, Type};
use crate::model::value::{Value, parse_decimal};
use crate::store::{Place, sql};
use chrono::{DateTime, FixedOffset, NaiveDate, NaiveDateTime};
use serde_json::{Map, Value as Json};

/// What came of a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Taken {
    Created,
    Changed,
    Unchanged,
    /// It lies in the bin, or was to be left alone.
    Skipped,
}

/// What the records of an import share.
pub(super) struct Linked {
    pub(super) zone: FixedOffset,
    /// Those whose people are looked for when all contacts are there.
    pub(super) open: Vec<Open>,
}

impl Linked {
    pub(super) const fn new(zone: FixedOffset) -> Self {
        Self { zone, open: Vec::new() }
    }
}

/// An instant as milliseconds since 1970: RFC 3339, or a time or a day in this zone.
pub(super) fn instant(text: &str, zone: FixedOffset) -> Option<i64> {
    if let Ok(at) = DateTime::parse_from_rfc3339(text) {
        return Some(at.timestamp_millis());
    }
    let local = NaiveDateTime::parse_from_str(text, "%Y-%m-%dT%H:%M:%S").ok();
    let local = local.or_else(|| NaiveDate::parse_from_str(text, "%Y-%m-%d").ok()?.and_hms_opt(0, 0, 0))?;
    Some(local.and_local_timezone(zone).single()?.timestamp_millis())
}

/// A field's text as its value.
fn value_of(kind: Kind, at: usize, text: &str, zone: FixedOffset) -> Value {
    let field = &kind.record().fields[at];
    match field.ty {
        // A duration comes in seconds; the book counts minutes, and begun ones.
        Type::Int if kind == Kind::Interaction && field.name == "duration" => text
            .parse()
            .map_or(Value::Null, |seconds: i64| Value::Int((seconds.clamp(0, i64::MAX - 59) + 59) / 60)),
        Type::Instant => instant(text, zone).map_or(Value::Null, Value::Int),
        Type::Decimal => parse_decimal(text).map_or(Value::Null, Value::Int),
        Type::Int => text.parse().map_or(Value::Null, Value::Int),
        Type::Flag => Value::flag(text == "true"),
        Type::Ref(_) => Gid::parse(text).map_or(Value::Null, Value::Ref),
        _ => Value::text(text),
    }
}

/// A consent as a record under its contact.
pub(super) fn consent(draft: &RecordDraft, zone: FixedOffset) -> New {
    let mut new = New::of(Kind::Consent);
    for (field, text) in &draft.fields {
        if let Some(at) = Kind::Consent.record().field(field) {
            new.put(field, value_of(Kind::Consent, at, text, zone));
        }
    }
    new
}

/// The book's own id of a row that rolo itself wrote.
fn own_id(draft: &RecordDraft, system: &str) -> Option<[u8; 16]> {
    match draft.external_id.as_deref().filter(|_| system == NATIVE).and_then(Gid::parse) {
        Some(Gid::Uid(uid)) => Some(uid),
        _ => None,
    }
}

/// The source's values of a record, for three-way updates.
fn base_of(draft: &RecordDraft) -> Map<String, Json> {
    let mut base = Map::new();
    for (field, text) in &draft.fields {
        base.insert((*field).to_owned(), text.as_str().into());
    }
    if let Some(company) = &draft.company {
        let key = if company.external_id.is_empty() { &company.name } else { &company.external_id };
        base.insert("company".to_owned(), key.as_str().into());
    }
    base
}

fn extras_of(draft: &RecordDraft) -> Value {
    if draft.extras.is_empty() {
        return Value::Null;
    }
    let pairs = draft.extras.iter().map(|(name, value)| Json::from(vec![name.as_str(), value.as_str()]));
    Value::text(Json::Array(pairs.collect()).to_string())
}

impl Writer<'_, '_, '_> {
    /// What comes with a contact's row and is about it alone.
    pub(super) fn records_of(
        &mut self,
        contact: i64,
        row: &crate::model::draft::ContactDraft,
        line: u64,
    ) -> Result<()> {
        for record in &row.records {
            self.other(record, Some(contact), line)?;
        }
        Ok(())
    }

    /// Takes a record in. `about`: the contact that it came with.
    pub(super) fn other(&mut self, draft: &RecordDraft, about: Option<i64>, line: u64) -> Result<Taken> {
        if draft.kind == Kind::Consent {
            return match about {
                // By itself it is no consent: see `reopen`.
                Some(_) if super::consents::is_open(draft) => Ok(Taken::Unchanged),
                Some(contact) => self.consent(contact, draft),
                None => Ok(Taken::Skipped),
            };
        }
        let system = self.record_system();
        let name = self.name_of(draft, about, &system)?;
        let found = self.find_record(draft, &system, &name)?;
        let adds = self.options.on_match == OnMatch::Add;
        match found {
            Some((_, true)) if !adds => {
                let value = title_of(draft).to_owned();
                let warning = Warning { line, column: String::new(), value, kind: WarningKind::InBin };
                self.report.note(&self.file, warning);
                Ok(Taken::Skipped)
            }
            Some(_) if self.options.on_match == OnMatch::Skip => Ok(Taken::Skipped),
            Some((id, _)) if !adds => self.update_record(id, draft, about, &system, line),
            there => {
                let id = match own_id(draft, &system) {
                    _ if there.is_some() => NewId::Derived,
                    Some(uid) if self.tx.is_erased(draft.kind, &uid)? => NewId::Derived,
                    Some(uid) => NewId::Given(Gid::Uid(uid)),
                    None => NewId::Named(name),
                };
                self.create_record(draft, id, about, &system, line)
            }
        }
    }

    /// The ids of deals and the like are the system's, whichever table they stand in.
    pub(super) fn record_system(&self) -> String {
        self.system.strip_suffix(".company").unwrap_or(&self.system).to_owned()
    }

    /// What makes a record's id: the system's own, or all that it says.
    fn name_of(&self, draft: &RecordDraft, about: Option<i64>, system: &str) -> Result<String> {
        if let Some(ext) = &draft.external_id {
            return Ok(format!("{system} {ext}"));
        }
        let mut hasher = blake3::Hasher::new();
        let mut add = |text: &str| {
            hasher.update(text.as_bytes()).update(b"\x1f");
        };
        for (field, text) in &draft.fields {
            add(field);
            add(text);
        }
        for whom in draft.company.iter().chain(&draft.whom) {
            for text in [&whom.role, &whom.external_id, &whom.name, &whom.company, &whom.email, &whom.phone] {
                add(text);
            }
        }
        for (name, text) in &draft.extras {
            add(name);
            add(text);
        }
        if let Some(about) = about {
            let uid = sql::uid_of(self.tx.conn(), Kind::Contact, about)?.unwrap_or_default();
            add(&Gid::Uid(uid).to_string());
        }
        Ok(format!("{system} {}", &hasher.finalize().to_hex()[..24]))
    }

    /// The record that is there already, and whether it lies in the bin.
    fn find_record(&self, draft: &RecordDraft, system: &str, name: &str) -> Result<Option<(i64, bool)>> {
        let conn = self.tx.conn();
        let table = draft.kind.record().name;
        if let Some(uid) = own_id(draft, system) {
            return self.record_by_uid(draft.kind, &uid);
        }
        if let Some(ext) = &draft.external_id {
            let mut statement = conn.prepare_cached(&format!(
                "select id, deleted is not null from \"{table}\" where system=?1 and external_id=?2 \
                 order by deleted is not null, id limit 1"
            ))?;
            let mut rows = statement.query((system, ext))?;
            if let Some(row) = rows.next()? {
                return Ok(Some((row.get(0)?, row.get(1)?)));
            }
        }
        let uid = named_v8(&self.tx.book(), table, name);
        self.record_by_uid(draft.kind, &uid)
    }

    fn record_by_uid(&self, kind: Kind, uid: &[u8; 16]) -> Result<Option<(i64, bool)>> {
        let conn = self.tx.conn();
        let Some(id) = sql::id_of(conn, kind, uid)? else { return Ok(None) };
        let deleted = format!("select deleted is not null from \"{}\" where id=?1", kind.record().name);
        Ok(Some((id, conn.prepare_cached(&deleted)?.query_row([id], |row| row.get(0))?)))
    }

    /// A field's text as its value; a record that it refers to has to be there.
    fn value_for(&mut self, draft: &RecordDraft, at: usize, text: &str, line: u64) -> Result<Value> {
        let field = &draft.kind.record().fields[at];
        let Type::Ref(kind) = field.ty else {
            return Ok(value_of(draft.kind, at, text, self.linked.zone));
        };
        if let Some(gid @ Gid::Uid(uid)) = Gid::parse(text)
            && sql::id_of(self.tx.conn(), kind, &uid)?.is_some()
        {
            return Ok(Value::Ref(gid));
        }
        let (column, value) = (field.name.to_owned(), text.to_owned());
        self.report.note(&self.file, Warning { line, column, value, kind: WarningKind::Dangling });
        Ok(Value::Null)
    }

    fn create_record(
        &mut self,
        draft: &RecordDraft,
        id: NewId,
        about: Option<i64>,
        system: &str,
        line: u64,
    ) -> Result<Taken> {
        let record = draft.kind.record();
        let mut new = New::of(draft.kind).with_id(id);
        for (field, text) in &draft.fields {
            if let Some(at) = record.field(field) {
                let value = self.value_for(draft, at, text, line)?;
                new.put(field, value);
            }
        }
        if draft.kind == Kind::Interaction {
            if new.get("kind").is_none() {
                new.put("kind", Value::text("note"));
            }
            if new.get("at").is_none() {
                new.put("at", Value::Int(self.tx.millis()));
            }
        }
        let own = own_id(draft, system).is_some();
        // What rolo made itself comes from no other system.
        if !own || !draft.extras.is_empty() {
            new.put("system", Value::text(system));
        }
        if let Some(ext) = draft.external_id.as_ref().filter(|_| !own) {
            new.put("external_id", Value::text(ext.as_str()));
            new.put("base", Value::text(Json::Object(base_of(draft)).to_string()));
        }
        new.put("extras", extras_of(draft));
        if let Some(company) = &draft.company {
            let value = self.company_of(company)?;
            new.put("company", value);
        }
        let place = self.tx.create(new)?;
        if let Some(company) = self.company_at(place)? {
            super::super::contacts::explicit(self.tx, company)?;
        }
        self.people(place, draft, about, system, line)?;
        Ok(Taken::Created)
    }

    fn update_record(
        &mut self,
        id: i64,
        draft: &RecordDraft,
        about: Option<i64>,
        system: &str,
        line: u64,
    ) -> Result<Taken> {
        let before = self.tx.edits();
        let place = Place { kind: draft.kind, id, n: 0 };
        let at = |field: &str| draft.kind.record().field(field).unwrap_or_default();
        let old = sql::value_at(self.tx.conn(), place, at("base"))?;
        let base: Map<String, Json> =
            old.as_text().and_then(|text| serde_json::from_str(text).ok()).unwrap_or_default();
        let now = base_of(draft);
        // A row of rolo's own fills in what is missing, as a contact's does: no earlier import says what it has changed.
        let theirs = draft.external_id.is_some() && own_id(draft, system).is_none();
        let three_way = self.options.on_match == OnMatch::Update && theirs;
        if three_way {
            self.record_three_way(place, draft, &base, &now, line)?;
        } else {
            self.record_fill(place, draft, line)?;
        }
        self.people(place, draft, about, system, line)?;
        let changed = self.tx.edits() > before;
        if three_way {
            let mut merged = base.clone();
            if self.options.empty_clears {
                merged.clear();
            }
            merged.extend(now);
            if merged != base {
                self.tx.set(place, "base", Value::text(Json::Object(merged).to_string()))?;
            }
            self.tx.set(place, "extras", extras_of(draft))?;
        }
        let wrote = changed || self.tx.edits() > before;
        Ok(if wrote { Taken::Changed } else { Taken::Unchanged })
    }

    /// What the source has changed since its last import is applied, unless the book has changed it, too.
    fn record_three_way(
        &mut self,
        place: Place,
        draft: &RecordDraft,
        base: &Map<String, Json>,
        now: &Map<String, Json>,
        line: u64,
    ) -> Result<()> {
        let record = place.kind.record();
        let mut keys: Vec<&String> = now.keys().collect();
        // A deal that is open again has no day on which it was closed.
        let follows = |key: &&String| matches!(key.as_str(), "won" | "closed") && place.kind == Kind::Deal;
        let gone = base.keys().filter(|key| !now.contains_key(*key));
        keys.extend(gone.filter(|key| self.options.empty_clears || follows(key)));
        for key in keys {
            let text =
                |map: &Map<String, Json>| map.get(key).and_then(Json::as_str).unwrap_or_default().to_owned();
            let (old, new) = (text(base), text(now));
            let Some(at) = record.field(key).filter(|_| old != new) else { continue };
            let shown = sql::value_at(self.tx.conn(), place, at)?;
            let (was, wanted) = if key == "company" {
                let whom = Whom { name: old.clone(), ..Whom::default() };
                let was = self.company_there_for(&whom, &old)?;
                let wanted = match &draft.company {
                    Some(company) => self.company_of(company)?,
                    None => Value::Null,
                };
                (was, self.as_reference(wanted))
            } else {
                let value = |text: &str| value_of(place.kind, at, text, self.linked.zone);
                (value(&old), value(&new))
            };
            if shown == wanted {
                continue;
            }
            if shown != was {
                let warning = Warning { line, column: key.clone(), value: new, kind: WarningKind::Conflict };
                self.report.note(&self.file, warning);
                continue;
            }
            self.tx.set(place, key, wanted)?;
        }
        Ok(())
    }

    fn record_fill(&mut self, place: Place, draft: &RecordDraft, line: u64) -> Result<()> {
        let record = place.kind.record();
        for (field, text) in &draft.fields {
            let Some(at) = record.field(field) else { continue };
            if sql::value_at(self.tx.conn(), place, at)?.is_null() {
                let value = self.value_for(draft, at, text, line)?;
                self.tx.set(place, field, value)?;
            }
        }
        if let (Some(company), Some(at)) = (&draft.company, record.field("company"))
            && sql::value_at(self.tx.conn(), place, at)?.is_null()
        {
            let value = self.company_of(company)?;
            self.tx.set(place, "company", value)?;
        }
        Ok(())
    }

    /// Links a record with whom it is about; those who are not found wait for the end.
    fn people(
        &mut self,
        place: Place,
        draft: &RecordDraft,
        about: Option<i64>,
        system: &str,
        line: u64,
    ) -> Result<()> {
        if let Some(contact) = about {
            self.link_contact(place, contact, "")?;
        }
        let mut open = Vec::new();
        for whom in &draft.whom {
            match self.find_whom(whom, system, place, false)? {
                Some(contact) => self.link_contact(place, contact, &whom.role)?,
                None => open.push(whom.clone()),
            }
        }
        if !open.is_empty() {
            let near = draft.company.as_ref().map(|company| company.name.clone()).unwrap_or_default();
            let known = self.waiting_at(place)?;
            let quiet = open.iter().all(|whom| known.contains(&whom_json(whom)));
            let (system, file) = (system.to_owned(), self.file.clone());
            self.linked.open.push(Open { place, system, whom: open, near, file, line, quiet });
        }
        Ok(())
    }

    fn consent(&mut self, contact: i64, row: &RecordDraft) -> Result<Taken> {
        let new = consent(row, self.linked.zone);
        let text = |field: &str| new.get(field).and_then(Value::as_text).unwrap_or_default().to_owned();
        let at = new.get("at").and_then(Value::as_int);
        let there = owned(self.tx, contact, Kind::Consent)?.iter().any(|raw| {
            ["purpose", "channel", "status"].iter().all(|field| raw.text(field) == text(field))
                && (at.is_none() || raw.int("at") == at)
        });
        if there {
            return Ok(Taken::Unchanged);
        }
        let mut new = new;
        draft::settle(self.tx, &mut new)?;
        let owner = Gid::Uid(sql::uid_of(self.tx.conn(), Kind::Contact, contact)?.unwrap_or_default());
        self.tx.create_under(owner, new)?;
        Ok(Taken::Created)
    }
}

fn title_of(draft: &RecordDraft) -> &str {
    let named =
        |name: &str| draft.fields.iter().find(|(field, _)| *field == name).map(|(_, text)| text.as_str());
    named("title").or_else(|| named("name")).or_else(|| named("subject")).unwrap_or_default()
}
