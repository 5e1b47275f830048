//! Exporting deals, interactions and tasks as a system's own table.

use super::export::io_error;
use super::export_system::seen_columns;
use super::view::instant;
use super::{Book, Find, Label, OpError, Result};
use crate::exchange::ExchangeError;
use crate::exchange::mapping::{Profile, Profiles, company_system};
use crate::exchange::record_out::{RecordShape, RecordWriter};
use crate::model::draft::{RecordDraft, Whom};
use crate::model::ids::Gid;
use crate::model::schema::{Kind, Type};
use crate::model::value::format_decimal;
use crate::search::query::Query;
use crate::store::{read, sql};
use rusqlite::Connection;
use std::collections::HashMap;
use std::io::Write;
use std::sync::Arc;

/// Records that are no contacts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Records {
    /// What is to be sold.
    Deals,
    /// Interactions that are notes.
    Notes,
    /// All interactions.
    Interactions,
    /// What is to be done.
    Tasks,
}

/// How many records are read at a time.
const CHUNK: usize = 1000;

impl Records {
    /// The profile of rolo's own table.
    const fn own(self) -> &'static str {
        match self {
            Self::Deals => "rolo-deals",
            Self::Notes | Self::Interactions => "rolo-interactions",
            Self::Tasks => "rolo-tasks",
        }
    }

    const fn kind(self) -> Kind {
        match self {
            Self::Deals => Kind::Deal,
            Self::Notes | Self::Interactions => Kind::Interaction,
            Self::Tasks => Kind::Task,
        }
    }

    /// Records, their people as (record, contact, role), both in the order of the book.
    const fn sql(self) -> (&'static str, &'static str) {
        const INTERACTIONS: &str = "select p.interaction, p.contact, ifnull(p.role, '') from participant p where p.deleted is null \
             and p.interaction in (select value from json_each(?1)) order by p.interaction, p.n";
        match self {
            Self::Deals => (
                "select id from deal where deleted is null order by id",
                "select m.deal, m.contact, ifnull(m.role, '') from member m where m.deleted is null \
                 and m.deal in (select value from json_each(?1)) order by m.deal, m.n",
            ),
            Self::Notes => {
                ("select id from interaction where deleted is null and kind='note' order by id", INTERACTIONS)
            }
            Self::Interactions => {
                ("select id from interaction where deleted is null order by id", INTERACTIONS)
            }
            Self::Tasks => (
                "select id from task where deleted is null order by id",
                "select t.id, t.contact, '' from task t where t.contact is not null and t.id in (select value from json_each(?1)) \
                 order by t.id",
            ),
        }
    }
}

/// Fields that say where a record came from and belong to the book alone.
const OWN: [&str; 5] = ["external_id", "system", "base", "extras", "waiting"];

impl Book {
    /// Writes deals, notes, interactions or tasks as the table of the system with this name (`csv`: rolo's own), and
    /// returns how many; with a query only those that are about a contact that it finds.
    pub fn export_records(
        &mut self,
        what: Records,
        query: Option<(&Query, &str)>,
        name: &str,
        profiles: &Profiles,
        out: &mut dyn Write,
    ) -> Result<usize> {
        let own = if name == "csv" { what.own() } else { name };
        let profile = profile_for(profiles, own, what.kind())
            .map_err(|source| OpError::Exchange { path: name.to_owned(), source })?;
        let mut ids = self.record_ids(what)?;
        if let Some((query, _)) = query {
            let about: std::collections::HashSet<i64> =
                self.find(query, &Find::default())?.ids.into_iter().collect();
            let mut kept = Vec::new();
            for chunk in ids.chunks(CHUNK) {
                kept.extend(about_any(self.reader()?, what, chunk, &about)?);
            }
            ids = kept;
        }
        let seen = seen_columns(self.reader()?, &profile.name)?;
        let mut shape = RecordShape::new(&profile, seen);
        for chunk in ids.chunks(CHUNK) {
            drafts(self.reader()?, what, chunk, &profile)?.iter().for_each(|draft| shape.see(draft));
        }
        let mut writer = RecordWriter::new(&mut *out, &shape).map_err(io_error)?;
        for chunk in ids.chunks(CHUNK) {
            for draft in drafts(self.reader()?, what, chunk, &profile)? {
                writer.write(&draft).map_err(io_error)?;
            }
        }
        writer.finish().map_err(io_error)?;
        out.flush().map_err(io_error)?;
        if self.exists() {
            let text = query.map(|(_, text)| text).unwrap_or_default();
            let meta = self
                .meta(Label::new("export", [ids.len().to_string(), profile.name.clone(), text.to_owned()]));
            self.store()?.note(&meta)?;
        }
        Ok(ids.len())
    }

    fn record_ids(&self, what: Records) -> Result<Vec<i64>> {
        let mut statement = self.reader()?.prepare_cached(what.sql().0)?;
        let found = statement.query_map([], |row| row.get(0))?;
        Ok(found.collect::<rusqlite::Result<_>>()?)
    }
}

/// The table in which a system has this kind of records.
fn profile_for(
    profiles: &Profiles,
    name: &str,
    kind: Kind,
) -> std::result::Result<Arc<Profile>, ExchangeError> {
    let fits = |profile: &&Arc<Profile>| profile.record == kind && !profile.export.columns.is_empty();
    let named = profiles.get(name).ok();
    let own = named.filter(|profile| profile.record == kind);
    let sibling =
        || profiles.all().filter(fits).find(|profile| named.is_some_and(|own| own.system == profile.system));
    own.or_else(sibling).cloned().ok_or_else(|| ExchangeError::UnknownProfile {
        name: name.to_owned(),
        known: profiles.all().filter(fits).map(|profile| profile.name.clone()).collect(),
    })
}

/// The records that are about one of these contacts.
fn about_any(
    conn: &Connection,
    what: Records,
    ids: &[i64],
    about: &std::collections::HashSet<i64>,
) -> Result<Vec<i64>> {
    let keys = read::list(ids.iter().copied());
    let mut linked: Vec<(i64, i64)> =
        members(conn, what, &keys)?.into_iter().map(|(record, contact, _)| (record, contact)).collect();
    if what == Records::Deals {
        let deals = read::tops(conn, Kind::Deal, &keys)?;
        linked.extend(deals.iter().filter_map(|raw| Some((raw.place.id, raw.int("company")?))));
    }
    let roots = roots(conn, linked.iter().map(|(_, contact)| *contact))?;
    let found: std::collections::HashSet<i64> = linked
        .into_iter()
        .filter(|(_, contact)| roots.get(contact).is_some_and(|root| about.contains(&root.id)))
        .map(|(record, _)| record)
        .collect();
    Ok(ids.iter().copied().filter(|id| found.contains(id)).collect())
}

fn members(conn: &Connection, what: Records, keys: &str) -> Result<Vec<(i64, i64, String)>> {
    let mut statement = conn.prepare_cached(what.sql().1)?;
    let rows = statement.query_map([keys], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// The contact that stands for another.
struct Root {
    id: i64,
    name: String,
    company: bool,
}

fn roots(conn: &Connection, ids: impl Iterator<Item = i64>) -> Result<HashMap<i64, Root>> {
    let mut statement = conn.prepare_cached(
        "select c.id, r.id, ifnull(r.name, ''), ifnull(r.kind, '')='company' from contact c join contact r on r.id=c.root \
         where c.id in (select value from json_each(?1))",
    )?;
    let rows = statement.query_map([read::list(ids)], |row| {
        Ok((row.get(0)?, Root { id: row.get(1)?, name: row.get(2)?, company: row.get(3)? }))
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// The book's own ids of records, by their keys here.
fn own_ids(conn: &Connection, kind: Kind, ids: impl Iterator<Item = i64>) -> Result<HashMap<i64, String>> {
    let mut all = HashMap::new();
    for id in ids {
        if let Some(uid) = sql::uid_of(conn, kind, id)? {
            all.insert(id, Gid::Uid(uid).to_string());
        }
    }
    Ok(all)
}

/// A text of each contact, by its root: the first that there is.
fn texts(conn: &Connection, sql: &str, keys: &str, word: &str) -> Result<HashMap<i64, String>> {
    let mut statement = conn.prepare_cached(sql)?;
    let mut rows = statement.query((keys, word))?;
    let mut all = HashMap::new();
    while let Some(row) = rows.next()? {
        all.entry(row.get(0)?).or_insert(row.get(1)?);
    }
    Ok(all)
}

const EXTERNAL: &str = "select k.root, x.ext from contact k join identity x on x.contact=k.id \
     where k.root in (select value from json_each(?1)) and x.system=?2 and x.deleted is null and x.ext is not null \
     order by k.root, k.id<>k.root, x.n";
const MAIL: &str = "select k.root, m.value from contact k join method m on m.contact=k.id \
     where k.root in (select value from json_each(?1)) and m.type=?2 and m.deleted is null \
     order by k.root, k.id<>k.root, m.n";

/// Some records as they leave the book.
fn drafts(conn: &Connection, what: Records, ids: &[i64], profile: &Profile) -> Result<Vec<RecordDraft>> {
    let kind = what.kind();
    let keys = read::list(ids.iter().copied());
    let tops = read::tops(conn, kind, &keys)?;
    let members = members(conn, what, &keys)?;
    let companies = tops.iter().filter_map(|raw| raw.int("company"));
    let roots = roots(conn, members.iter().map(|(_, contact, _)| *contact).chain(companies))?;
    let people = read::list(roots.values().map(|root| root.id));
    let native = profile.is_native();
    let (ids_there, company_ids) = if native {
        let own = own_ids(conn, Kind::Contact, roots.values().map(|root| root.id))?;
        (own.clone(), own)
    } else {
        let of = |system: &str| texts(conn, EXTERNAL, &people, system);
        (of(&profile.system)?, of(&company_system(&profile.system))?)
    };
    let own = if native { own_ids(conn, kind, ids.iter().copied())? } else { HashMap::new() };
    let mails = texts(conn, MAIL, &people, "email")?;
    let whom = |contact: i64, role: &str| {
        let root = roots.get(&contact)?;
        let ids = if root.company { &company_ids } else { &ids_there };
        Some(Whom {
            role: role.to_owned(),
            external_id: ids.get(&root.id).cloned().unwrap_or_default(),
            name: root.name.clone(),
            email: mails.get(&root.id).cloned().unwrap_or_default(),
            is_company: root.company,
            ..Whom::default()
        })
    };
    let mut found: HashMap<i64, RecordDraft> = HashMap::new();
    for raw in tops {
        let people = members.iter().filter(|(record, ..)| *record == raw.place.id);
        let theirs = raw.text("system") == profile.system;
        let external_id = match own.get(&raw.place.id) {
            Some(id) => Some(id.clone()),
            None => Some(raw.text("external_id").to_owned()).filter(|id| theirs && !id.is_empty()),
        };
        let extras: Vec<(String, String)> =
            if theirs { serde_json::from_str(raw.text("extras")).unwrap_or_default() } else { Vec::new() };
        let mut draft = RecordDraft {
            kind,
            external_id,
            fields: fields(&raw),
            company: raw.int("company").and_then(|company| whom(company, "")),
            whom: people.filter_map(|(_, contact, role)| whom(*contact, role)).collect(),
            extras,
        };
        if native {
            for (field, of) in [("deal", Kind::Deal), ("project", Kind::Project)] {
                let id = raw.int(field).map(|id| own_ids(conn, of, std::iter::once(id))).transpose()?;
                draft.fields.extend(id.into_iter().flatten().map(|(_, id)| (field, id)));
            }
        } else if let (Some(deal), true) = (raw.int("deal"), draft.whom.is_empty() && kind != Kind::Deal) {
            draft.whom.extend(parent(conn, deal, profile)?);
        }
        found.insert(raw.place.id, draft);
    }
    Ok(ids.iter().filter_map(|id| found.remove(id)).collect())
}

/// The deal that a note is about, in the place of a person.
fn parent(conn: &Connection, deal: i64, profile: &Profile) -> Result<Option<Whom>> {
    let raw = read::tops(conn, Kind::Deal, &read::list([deal]))?.into_iter().next();
    Ok(raw.map(|raw| Whom {
        external_id: if raw.text("system") == profile.system {
            raw.text("external_id").to_owned()
        } else {
            String::new()
        },
        name: raw.text("title").to_owned(),
        ..Whom::default()
    }))
}

/// The fields of a record as text, as an import gives them.
fn fields(raw: &read::Raw) -> Vec<(&'static str, String)> {
    let kind = raw.place.kind;
    let mut all = Vec::new();
    for field in kind.record().fields.iter().filter(|field| !OWN.contains(&field.name)) {
        let number = raw.int(field.name);
        let text = match field.ty {
            Type::Ref(_) => continue,
            Type::Instant => number.map(instant),
            Type::Decimal => number.map(format_decimal),
            Type::Flag => number.filter(|on| *on != 0).map(|_| "true".to_owned()),
            Type::Int if kind == Kind::Interaction && field.name == "duration" => {
                number.map(|minutes| minutes.saturating_mul(60).to_string())
            }
            Type::Int => number.map(|number| number.to_string()),
            _ => Some(raw.text(field.name).to_owned()),
        };
        all.extend(text.filter(|text| !text.is_empty()).map(|text| (field.name, text)));
    }
    all
}
