//! Bringing a contact up to date with a later export of the same source.

use super::super::contacts::{contact, owned};
use super::super::{Result, change, draft, edit};
use super::apply::Writer;
use super::given::{self, GIVEN, LABELS, Numbers, ROWS};
use super::matching::seal;
use super::{OnMatch, consents};
use crate::exchange::{Warning, WarningKind};
use crate::model::draft::ContactDraft;
use crate::model::edit::{Edit, New};
use crate::model::ids::Gid;
use crate::model::schema::{Kind, Type};
use crate::model::value::Value;
use crate::store::{Place, Tx, read, sql};
use serde_json::{Map, Value as Json};

/// So many characters of a value that is left out are told.
const SHORT: usize = 40;

/// A name and its parts.
const NAME: [&str; 6] = ["name", "prefix", "given", "middle", "family", "suffix"];

impl Writer<'_, '_, '_> {
    /// Brings a contact up to date; whether anything that people see has changed.
    pub(super) fn merge(
        &mut self,
        id: i64,
        draft: &ContactDraft,
        system: &str,
        fp: Option<i64>,
        line: u64,
    ) -> Result<bool> {
        let before = self.tx.edits();
        let mut lifted = Vec::new();
        // JSON that names its contacts is known by that; anything else by its row.
        let by_row = system != crate::exchange::json::SYSTEM || fp.is_some();
        let identity = self.identity(id, draft.external_id.as_deref(), system)?;
        if let (Some(identity), OnMatch::Update) = (&identity, self.options.on_match) {
            let base = self.base(identity)?;
            self.three_way(id, &base, draft, line)?;
            edit::add_children(self.tx, id, &given::fresh(draft, &base, &mut self.earlier.numbers))?;
            edit::update_extras(self.tx, id, draft, system)?;
            lifted = self.reopen(id, identity, &base, draft)?;
        } else {
            if identity.is_none() {
                self.tell_kept(id, draft, line)?;
            }
            let rest = if by_row { None } else { self.not_made_with(id, draft)? };
            edit::fill(self.tx, id, rest.as_ref().unwrap_or(draft))?;
        }
        self.company_by_id(id, draft)?;
        self.records_of(id, draft, line)?;
        let changed = self.tx.edits() > before;
        if changed {
            super::super::contacts::explicit(self.tx, id)?;
        }
        if by_row && matches!(self.options.on_match, OnMatch::Update | OnMatch::Fill) {
            let update = self.options.on_match == OnMatch::Update;
            let base = base_of(draft, &mut self.earlier.numbers);
            match identity {
                Some(identity) => {
                    let old = self.base(&identity)?;
                    let mut merged = old.clone();
                    lifted.iter().for_each(|key| drop(merged.remove(key)));
                    // What a fill has passed over is still to come with the next update.
                    merged.extend(base.into_iter().filter(|(key, _)| update || !old.contains_key(key)));
                    if changed || merged != old {
                        self.insert_rows(id, fp.filter(|_| update), &mut merged);
                        self.tx.set(identity.place, "base", Value::text(Json::Object(merged).to_string()))?;
                    }
                    if !update {
                        return Ok(changed);
                    }
                }
                None => {
                    let mut base = base;
                    self.insert_rows(id, fp, &mut base);
                    let uid = sql::uid_of(self.tx.conn(), Kind::Contact, id)?.unwrap_or_default();
                    let new = New::of(Kind::Identity)
                        .with("system", Value::text(system))
                        .with("ext", Value::text(draft.external_id.clone().unwrap_or_default()))
                        .with("base", Value::text(Json::Object(base).to_string()));
                    self.tx.create_under(Gid::Uid(uid), new)?;
                }
            }
            self.remember(id, draft.external_id.as_deref(), system, fp)?;
        }
        Ok(changed)
    }

    /// What a contact that an import made has not been made with: of the rest, what isn't there was taken away.
    fn not_made_with(&mut self, id: i64, draft: &ContactDraft) -> Result<Option<ContactDraft>> {
        let imported = "select t.origin='import' from contact c join tx t on t.n=c.tx where c.id=?1";
        if !self.tx.conn().prepare_cached(imported)?.query_row([id], |row| row.get(0))? {
            return Ok(None);
        }
        let base = created_with(self.tx, id, &mut self.earlier.numbers)?;
        let made = |field: &str, value: &str| base.get(field).and_then(Json::as_str) == Some(value);
        let mut rest = given::fresh(draft, &base, &mut self.earlier.numbers);
        rest.fields.retain(|(field, value)| !made(field, value));
        if made("company", rest.company.trim()) {
            rest.company.clear();
        }
        Ok(Some(rest))
    }

    /// Notes by which row an identity was brought up to date, in what an undo takes back with what the row brought.
    fn insert_rows(&mut self, id: i64, fp: Option<i64>, base: &mut Map<String, Json>) {
        let Some(fp) = fp else { return };
        let rows: Vec<String> = self.earlier.rows(id, fp).iter().map(|fp| format!("{fp:016x}")).collect();
        base.insert(ROWS.to_owned(), rows.join(" ").into());
    }

    /// Remembers the row that an identity was brought up to date by, for as long as the source's values are these.
    pub(super) fn remember(
        &mut self,
        id: i64,
        ext: Option<&str>,
        system: &str,
        fp: Option<i64>,
    ) -> Result<()> {
        let Some(identity) = self.identity(id, ext, system)? else { return Ok(()) };
        let sealed = fp.map(|fp| fp ^ seal(identity.text("base")));
        Ok(self.tx.remember_fingerprint(identity.place, sealed)?)
    }

    /// Takes a row whose contact an earlier row of the file was already: it adds what is missing, and is told where it says
    /// something else. So the file's order doesn't make values go back and forth from one import to the next.
    pub(super) fn merge_later(
        &mut self,
        id: i64,
        draft: &ContactDraft,
        system: &str,
        line: u64,
    ) -> Result<bool> {
        let before = self.tx.edits();
        let otherwise = self.otherwise(id, draft, system)?;
        if otherwise.is_empty() {
            edit::fill(self.tx, id, draft)?;
        } else {
            let name = draft.get("name").unwrap_or_default().to_owned();
            let value = draft.external_id.clone().unwrap_or(name);
            let warning = Warning { line, column: otherwise.join(", "), value, kind: WarningKind::Again };
            self.report.note(&self.file, warning);
            let mut rest = draft.clone();
            // The parts of another name would only be mixed with those of the first.
            let named = otherwise.iter().any(|key| NAME.contains(&key.as_str()));
            rest.fields.retain(|(field, _)| !(named && NAME.contains(field)));
            edit::fill(self.tx, id, &rest)?;
        }
        self.company_by_id(id, draft)?;
        self.records_of(id, draft, line)?;
        let changed = self.tx.edits() > before;
        if changed {
            super::super::contacts::explicit(self.tx, id)?;
        }
        Ok(changed)
    }

    /// The fields in which a row differs from what the earlier row gave, or the book has where that one gave nothing.
    fn otherwise(&mut self, id: i64, draft: &ContactDraft, system: &str) -> Result<Vec<String>> {
        let now = base_of(draft, &mut self.earlier.numbers);
        if now.is_empty() {
            return Ok(Vec::new());
        }
        let identity = self.identity(id, draft.external_id.as_deref(), system)?;
        let first = identity.map(|identity| self.base(&identity)).transpose()?.unwrap_or_default();
        let mut otherwise = Vec::new();
        for (key, value) in now.iter().filter(|(key, _)| is_value(key)) {
            let value = value.as_str().unwrap_or_default();
            let known = match first.get(key).and_then(Json::as_str) {
                Some(text) => text.to_owned(),
                None => self.shown(id, key)?,
            };
            if !known.is_empty() && !same_lines(&known, value) {
                otherwise.push(key.clone());
            }
        }
        Ok(otherwise)
    }

    /// The identity that a contact has in the system that a row comes from.
    fn identity(&self, id: i64, ext: Option<&str>, system: &str) -> Result<Option<read::Raw>> {
        Ok(owned(self.tx, id, Kind::Identity)?
            .into_iter()
            .find(|raw| raw.text("system") == system && ext.is_none_or(|ext| raw.text("ext") == ext)))
    }

    /// The source's values as of its last import: those noted, or those that the contact was made with.
    pub(super) fn base(&mut self, identity: &read::Raw) -> Result<Map<String, Json>> {
        if let Ok(Json::Object(map)) = serde_json::from_str(identity.text("base")) {
            return Ok(map);
        }
        created_with(self.tx, identity.place.id, &mut self.earlier.numbers)
    }

    fn three_way(
        &mut self,
        id: i64,
        base: &Map<String, Json>,
        draft: &ContactDraft,
        line: u64,
    ) -> Result<()> {
        let now = base_of(draft, &mut self.earlier.numbers);
        let mut keys: Vec<&String> = now.keys().collect();
        if self.options.empty_clears {
            // The parts of a name that is given whole follow it.
            let follows = |key: &str| !draft.split.is_empty() && key != "name" && NAME.contains(&key);
            keys.extend(base.keys().filter(|key| !now.contains_key(*key) && !follows(key)));
            self.clear_children(id, &given::emptied(base, &now))?;
        }
        for key in keys.into_iter().filter(|key| is_value(key)) {
            let text =
                |map: &Map<String, Json>| map.get(key).and_then(Json::as_str).unwrap_or_default().to_owned();
            let (old, new) = (text(base), text(&now));
            if same_lines(&old, &new) {
                continue;
            }
            let shown = self.shown(id, key)?;
            if same_lines(&shown, &new) {
                continue;
            }
            if !same_lines(&shown, &old) {
                let warning = Warning { line, column: key.clone(), value: new, kind: WarningKind::Conflict };
                self.report.note(&self.file, warning);
                continue;
            }
            self.put(id, key, &new, draft)?;
            if matches!(key.as_str(), "given" | "family") && !now.contains_key("middle") {
                self.without_middle(id, &new)?;
            }
        }
        self.relabel(id, base, draft, line)
    }

    /// Takes away a middle name that was made from a whole name, where the source says now that it belongs to another part.
    fn without_middle(&mut self, id: i64, part: &str) -> Result<()> {
        let middle = self.shown(id, "middle")?;
        let words: Vec<&str> = part.split_whitespace().collect();
        if !middle.is_empty() && middle.split_whitespace().all(|word| words.contains(&word)) {
            self.tx.set(contact(id), "middle", Value::Null)?;
        }
        Ok(())
    }

    /// Gives what is there the labels that the source has changed.
    fn relabel(&mut self, id: i64, base: &Map<String, Json>, draft: &ContactDraft, line: u64) -> Result<()> {
        let old = given::labels(base);
        if old.is_empty() {
            return Ok(());
        }
        let (children, _) = draft::children(draft.clone());
        for given::Labelled { kind, mark, label } in given::labelled(&children, &mut self.earlier.numbers) {
            let Some(was) = old.get(mark.as_str()).copied().filter(|was| *was != given::label_hash(label))
            else {
                continue;
            };
            if label.is_empty() && !self.options.empty_clears {
                continue;
            }
            let numbers = &mut self.earlier.numbers;
            let mut there = owned(self.tx, id, kind)?.into_iter();
            let is_it = |raw: &read::Raw| {
                given::mark(kind, |field| raw.text(field), Some(numbers)).as_ref() == Some(&mark)
            };
            let Some(raw) = there.find(is_it) else { continue };
            let shown = raw.text("label");
            if given::label_hash(shown) == was {
                self.tx.set(raw.place, "label", Value::text(label))?;
            } else if shown != label {
                let (column, value) = (format!("{}.label", kind.record().name), label.to_owned());
                self.report.note(&self.file, Warning { line, column, value, kind: WarningKind::Conflict });
            }
        }
        Ok(())
    }

    /// Takes away what a source no longer has.
    fn clear_children(&mut self, id: i64, marks: &[String]) -> Result<()> {
        if marks.is_empty() {
            return Ok(());
        }
        for kind in [Kind::Method, Kind::Address, Kind::Date, Kind::Tagging, Kind::Link] {
            for raw in owned(self.tx, id, kind)? {
                let tag = match raw.int("tag") {
                    Some(tag) => self.named(Kind::Tag, tag)?,
                    None => String::new(),
                };
                let says = |field: &str| if field == "tag" { tag.as_str() } else { raw.text(field) };
                if given::mark(kind, says, Some(&mut self.earlier.numbers))
                    .is_some_and(|mark| marks.contains(&mark))
                {
                    self.tx.delete(raw.place)?;
                }
            }
        }
        Ok(())
    }

    fn named(&self, kind: Kind, id: i64) -> Result<String> {
        let name = kind.record().field("name").unwrap_or_default();
        let value = sql::value_at(self.tx.conn(), Place { kind, id, n: 0 }, name)?;
        Ok(value.as_text().unwrap_or_default().to_owned())
    }

    /// Says what another source has otherwise: it only adds what is missing.
    fn tell_kept(&mut self, id: i64, draft: &ContactDraft, line: u64) -> Result<()> {
        let mut kept = Vec::new();
        for (key, value) in base_of(draft, &mut self.earlier.numbers).iter().filter(|(key, _)| is_value(key))
        {
            let (value, shown) = (value.as_str().unwrap_or_default().trim(), self.shown(id, key)?);
            // The parts of a name are told with the name.
            let told = NAME.contains(&key.as_str()) && key != "name";
            if !told && !shown.is_empty() && !same_lines(shown.trim(), value) {
                let short: String = value.chars().take(SHORT).collect();
                let dots = if short.len() < value.len() { "…" } else { "" };
                kept.push(format!("{key} {short}{dots}"));
            }
        }
        if !kept.is_empty() {
            let value = self.shown(id, "name")?;
            let warning = Warning { line, column: kept.join(", "), value, kind: WarningKind::Kept };
            self.report.note(&self.file, warning);
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

    fn put(&mut self, id: i64, key: &str, value: &str, row: &ContactDraft) -> Result<()> {
        let owner = |tx: &Tx<'_>| -> Result<Gid> {
            Ok(Gid::Uid(sql::uid_of(tx.conn(), Kind::Contact, id)?.unwrap_or_default()))
        };
        if let Some(key) = key.strip_prefix("field:") {
            let field = draft::named(self.tx.conn(), Kind::Field, "key", key)?.map(|(id, _)| id);
            let old =
                owned(self.tx, id, Kind::FieldValue)?.into_iter().rfind(|raw| raw.int("field") == field);
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
        if key == "name" && !row.split.is_empty() {
            return change::set_scalar(self.tx, id, key, Value::text(value));
        }
        let value = match key {
            "company" if !value.is_empty() && !row.company_id.is_empty() => {
                self.company_for(value, &row.company_id)?
            }
            "company" if !value.is_empty() => draft::company(self.tx, value)?,
            "starred" | "archived" => Value::flag(value == "true"),
            _ => Value::text(value),
        };
        Ok(self.tx.set(contact(id), key, value).map(drop)?)
    }
}

/// Whether a key of the source's last values is one of its values, not a note about them.
fn is_value(key: &str) -> bool {
    !matches!(key, GIVEN | LABELS | ROWS) && !key.starts_with(consents::MARK)
}

/// Whether two texts differ in nothing but how their lines end.
fn same_lines(a: &str, b: &str) -> bool {
    let plain = |text: &str| text.replace("\r\n", "\n");
    a == b || ((a.contains('\r') || b.contains('\r')) && plain(a) == plain(b))
}

/// The single-valued fields that a row gives, by key: what a three-way update compares.
fn base_of(draft: &ContactDraft, numbers: &mut Numbers) -> Map<String, Json> {
    let mut base = Map::new();
    for (field, value) in draft.fields.iter().filter(|(field, _)| !draft.split.contains(field)) {
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
    consents::note(&mut base, draft);
    given::insert(&mut base, &draft::children(draft.clone()).0, numbers);
    base
}

/// The same of a contact as the row of the log that made it has it.
fn created_with(tx: &mut Tx<'_>, id: i64, numbers: &mut Numbers) -> Result<Map<String, Json>> {
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
            _ => consents::note_made(&mut base, child),
        }
    }
    given::insert(&mut base, &new.children, numbers);
    Ok(base)
}
