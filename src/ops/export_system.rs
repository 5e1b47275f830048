//! Exporting contacts as a system's own table.

use super::export::io_error;
use super::{Book, Find, Label, OpError, Result};
use crate::exchange::ExchangeError;
use crate::exchange::json::ContactOut;
use crate::exchange::mapping::{ConsentRules, Profile, Profiles, company_system};
use crate::exchange::system_out::{Known, SystemShape, SystemWriter};
use crate::model::email::email_key;
use crate::model::ids::Gid;
use crate::model::schema::Kind;
use crate::search::query::Query;
use crate::store::read;
use rusqlite::Connection;
use std::collections::{HashMap, HashSet};
use std::io::Write;

/// What an export for a system wrote.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SystemExport {
    /// Rows.
    pub count: usize,
    /// Companies, which the system has another table for.
    pub companies: usize,
    /// Contacts without an e-mail, where the system knows people by nothing else.
    pub no_email: usize,
    /// Contacts who don't want to be written to.
    pub no_consent: usize,
}

/// How many contacts are read at a time.
const CHUNK: usize = 4096;

impl Book {
    /// Writes the contacts that a query finds, or all, as a table of the system with this name: of companies if there
    /// are none but companies.
    pub fn export_system(
        &mut self,
        query: Option<(&Query, &str)>,
        name: &str,
        profiles: &Profiles,
        out: &mut dyn Write,
    ) -> Result<SystemExport> {
        let wrong = |source: ExchangeError| OpError::Exchange { path: name.to_owned(), source };
        let ids = match query {
            Some((query, _)) => self.find(query, &Find::default())?.ids,
            None => self.all_contacts(false)?,
        };
        let kinds = companies(self.reader()?, &ids)?;
        let all = !ids.is_empty() && ids.iter().all(|id| kinds.contains(id));
        let profile = profiles.table_of(name, all).map_err(wrong)?;
        let seen = seen_columns(self.reader()?, &profile.name)?;
        if profile.record != Kind::Contact || (profile.export.columns.is_empty() && seen.is_none()) {
            let known = profiles.all().filter(|profile| !profile.export.columns.is_empty());
            let known = known.map(|profile| profile.name.clone()).collect();
            return Err(wrong(ExchangeError::UnknownProfile { name: name.to_owned(), known }));
        }
        let mut done = SystemExport::default();
        let others = !profile.company
            && profiles.table_of(name, true).is_ok_and(|other| other.company && other.name != profile.name);
        let ids: Vec<i64> = ids.into_iter().filter(|id| !(others && kinds.contains(id))).collect();
        done.companies = if others { kinds.len() } else { 0 };
        let refused = match profile.export.needs_consent {
            true => refused_addresses(self.reader()?, &profile.consent)?,
            false => HashSet::new(),
        };
        let mut shape = SystemShape::new(profiles, profile, seen).map_err(wrong)?;
        self.each_known(&ids, profile, &mut |contact, known| {
            match left_out(profile, contact, known, &refused) {
                None => shape.see(contact, known),
                Some(Why::Email) => done.no_email += 1,
                Some(Why::Consent) => done.no_consent += 1,
            }
            Ok(())
        })?;
        let mut writer = SystemWriter::new(&mut *out, &mut shape).map_err(io_error)?;
        self.each_known(&ids, profile, &mut |contact, known| {
            if left_out(profile, contact, known, &refused).is_none() {
                writer.write(contact, known).map_err(io_error)?;
                done.count += 1;
            }
            Ok(())
        })?;
        writer.finish().map_err(io_error)?;
        out.flush().map_err(io_error)?;
        if self.exists() {
            let text = query.map(|(_, text)| text).unwrap_or_default();
            let words = [done.count.to_string(), profile.name.clone(), text.to_owned()];
            let meta = self.meta(Label::new("export", words));
            self.store()?.note(&meta)?;
        }
        Ok(done)
    }

    fn each_known(
        &self,
        ids: &[i64],
        profile: &Profile,
        each: &mut dyn FnMut(&ContactOut, &Known) -> Result<()>,
    ) -> Result<()> {
        for chunk in ids.chunks(CHUNK) {
            let known = known(self.reader()?, chunk, profile)?;
            let nothing = Known::default();
            self.contacts(chunk, &mut |contact| each(&contact, known.get(&contact.id).unwrap_or(&nothing)))?;
        }
        Ok(())
    }
}

enum Why {
    Email,
    Consent,
}

/// Why a contact can't be in the table; `refused` are addresses that somebody opted out with: they hold whoever else has them.
fn left_out(
    profile: &Profile,
    contact: &ContactOut,
    known: &Known,
    refused: &HashSet<String>,
) -> Option<Why> {
    if profile.export.needs_email && contact.emails.is_empty() {
        return Some(Why::Email);
    }
    let written = contact.emails.iter().find(|email| email.preferred).or(contact.emails.first());
    let refused =
        is_refusal(&known.consent) || written.is_some_and(|email| refused.contains(&email_key(&email.value)));
    (profile.export.needs_consent && refused).then_some(Why::Consent)
}

fn is_refusal(status: &str) -> bool {
    matches!(status, "withdrawn" | "denied")
}

/// The addresses of everybody who doesn't want to be written to, the deleted among them.
fn refused_addresses(conn: &Connection, rules: &ConsentRules) -> Result<HashSet<String>> {
    let mut asked = conn.prepare_cached(
        "select distinct k.root from consent s join contact k on k.id=s.contact \
         where s.deleted is null and s.status in ('withdrawn', 'denied')",
    )?;
    let ids: Vec<i64> = asked.query_map([], |row| row.get(0))?.collect::<rusqlite::Result<_>>()?;
    let refusing = consents(conn, &read::list(ids), rules)?.into_iter();
    let refusing = refusing.filter(|(_, status)| is_refusal(status)).map(|(id, _)| id);
    let mut statement = conn.prepare_cached(
        "select m.value from contact k join method m on m.contact=k.id \
         where k.root in (select value from json_each(?1)) and m.type='email' and m.deleted is null and m.value is not null",
    )?;
    let rows = statement.query_map([read::list(refusing)], |row| row.get::<_, String>(0))?;
    rows.map(|value| Ok(email_key(&value?))).collect()
}

/// What contacts have consented to; those who said nothing are missing.
fn consents(conn: &Connection, keys: &str, rules: &ConsentRules) -> Result<HashMap<i64, String>> {
    if rules.purpose.is_empty() {
        return Ok(HashMap::new());
    }
    // Of several the latest counts. A refusal without a time counts from when the book heard of it, any other before all
    // that have one: nobody is written to because a system forgot to say when they opted out.
    let mut statement = conn.prepare_cached(
        "select k.root, s.status from contact k join consent s on s.contact=k.id \
         where k.root in (select value from json_each(?1)) and s.deleted is null and s.status is not null \
         and ifnull(s.purpose, ?2)=?2 and ifnull(s.channel, ?3)=?3 \
         order by case when s.status in ('withdrawn', 'denied') \
         then ifnull(s.at, (select hlc >> 16 from tx where n=s.tx)) else ifnull(s.at, 0) end, \
         s.status in ('withdrawn', 'denied'), s.n",
    )?;
    let rows =
        statement.query_map((keys, &rules.purpose, &rules.channel), |row| Ok((row.get(0)?, row.get(1)?)))?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// Which of these are companies.
fn companies(conn: &Connection, ids: &[i64]) -> Result<HashSet<i64>> {
    let mut statement = conn.prepare_cached(
        "select id from contact where kind='company' and id in (select value from json_each(?1))",
    )?;
    let found = statement.query_map([read::list(ids.iter().copied())], |row| row.get(0))?;
    Ok(found.collect::<rusqlite::Result<_>>()?)
}

/// The columns that the last imported table of this kind had.
pub(super) fn seen_columns(conn: &Connection, profile: &str) -> Result<Option<Vec<String>>> {
    let mut statement = conn.prepare_cached("select value from local_state where key=?1")?;
    let mut rows = statement.query([format!("columns:{profile}")])?;
    let text: Option<String> = rows.next()?.map(|row| row.get(0)).transpose()?;
    Ok(text.and_then(|text| serde_json::from_str(&text).ok()))
}

/// What the book knows of contacts for this profile, by their ids.
fn known(conn: &Connection, ids: &[i64], profile: &Profile) -> Result<HashMap<String, Known>> {
    let keys = read::list(ids.iter().copied());
    let mut all: HashMap<i64, Known> = HashMap::new();
    let mut statement = conn.prepare_cached(
        "select k.root, x.ext from contact k join identity x on x.contact=k.id \
         where k.root in (select value from json_each(?1)) and x.system=?2 and x.deleted is null and x.ext is not null \
         order by k.id=k.root, x.n desc",
    )?;
    let mut rows = statement.query((&keys, profile.id_system()))?;
    while let Some(row) = rows.next()? {
        all.entry(row.get(0)?).or_default().external_id = row.get(1)?;
    }
    let mut statement = conn.prepare_cached(
        "select c.id, x.ext from contact c join identity x on x.contact=c.company \
         where c.id in (select value from json_each(?1)) and x.system=?2 and x.deleted is null and x.ext is not null",
    )?;
    let mut rows = statement.query((&keys, company_system(&profile.system)))?;
    while let Some(row) = rows.next()? {
        all.entry(row.get(0)?).or_default().company_id = row.get(1)?;
    }
    for (id, status) in consents(conn, &keys, &profile.consent)? {
        all.entry(id).or_default().consent = status;
    }
    let mut uids = HashMap::with_capacity(all.len());
    let mut statement =
        conn.prepare_cached("select id, uid from contact where id in (select value from json_each(?1))")?;
    let mut rows = statement.query([&keys])?;
    while let Some(row) = rows.next()? {
        let uid: [u8; 16] = row.get(1)?;
        if let Some(known) = all.remove(&row.get(0)?) {
            uids.insert(Gid::Uid(uid).to_string(), known);
        }
    }
    Ok(uids)
}
