//! Finding contacts: by what was typed for one, by query, by the beginning of an address.

use super::rows::by_handle;
use super::{Book, Candidate, Candidates, OpError, Result, draft};
use crate::model::ids::Gid;
use crate::model::schema::Kind;
use crate::model::{email, phone};
use crate::search::Term;
use crate::search::query::{self, CustomType, FieldRef, Fields, Query};
use crate::store::{derive, lines, read, sql};
use crate::text;
use rusqlite::{Connection, params_from_iter};
use serde::Serialize;
use std::collections::HashSet;

/// In which order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sort {
    /// `name`, `company`, `last`, `next`, `created`, `updated`, `title`, another field of a contact, or the key of a custom
    /// one (`field:KEY` if there is another of that name).
    pub field: String,
    /// Largest, latest first.
    pub descending: bool,
}

/// How to find.
#[derive(Clone, Debug, Default)]
pub struct Find {
    /// At most so many.
    pub limit: Option<usize>,
    /// Without it: by rank where there are words, else by name.
    pub sort: Option<Sort>,
    /// Bare words match exactly, as in commands that write.
    pub exact: bool,
}

/// What was found.
#[derive(Clone, Debug, Default)]
pub struct Found {
    /// Local keys in order, at most as many as asked for.
    pub ids: Vec<i64>,
    /// How many there are in all.
    pub total: usize,
}

/// What a prompt completes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum Complete {
    Tag,
    Company,
    Relation,
    Stage,
    City,
    Label,
    Field,
    Kind,
}

/// An address for a mail program.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct AddressHit {
    /// The address.
    pub email: String,
    /// Never empty.
    pub name: String,
    /// Company and tags.
    pub comment: String,
    /// `work`, `home`, ...
    pub label: String,
}

/// More who have a word in their entries are too many to tell which of them is called so.
const NAMESAKES: usize = 1000;

impl Book {
    /// Reads a query; a mistake says where it is.
    pub fn parse(&self, text: &str) -> Result<Query> {
        let known = super::fields::known(self.reader()?)?;
        query::parse(text, &known).map_err(|error| OpError::Query { error, source_text: text.to_owned() })
    }

    /// Finds contacts.
    pub fn find(&self, query: &Query, how: &Find) -> Result<Found> {
        self.find_with(query, how, false)
    }

    /// Finds contacts, and what lists show of them where that is read as it is searched: of all that words alone find.
    pub fn find_lines(&self, query: &Query) -> Result<(Found, Option<lines::Lines>)> {
        let words: Vec<Term> = query.words().into_iter().cloned().collect();
        let shown = Self::shown(query);
        match self.condition(query)? {
            None if !words.is_empty() => {
                let (ids, lines) = self.scan_lines(&words, shown)?;
                Ok((Found { total: ids.len(), ids }, Some(lines)))
            }
            condition => Ok((self.find_where(&words, condition, shown, &Find::default())?, None)),
        }
    }

    /// How many there are.
    pub fn count(&self, query: &Query, exact: bool) -> Result<usize> {
        Ok(self.find(query, &Find { exact, limit: Some(0), sort: None })?.total)
    }

    pub(super) fn find_with(&self, query: &Query, how: &Find, implied: bool) -> Result<Found> {
        let mut query = query.clone();
        if how.exact {
            query.make_exact();
        }
        let shown = if implied { "0,1,2" } else { Self::shown(&query) };
        let words: Vec<Term> = query.words().into_iter().cloned().collect();
        let condition = self.condition(&query)?;
        self.find_where(&words, condition, shown, how)
    }

    fn find_where(
        &self,
        words: &[Term],
        condition: Option<super::filter::Filter>,
        shown: &str,
        how: &Find,
    ) -> Result<Found> {
        let limit = how.limit.unwrap_or(usize::MAX);
        if words.is_empty() {
            return self.by_order(condition, how.sort.as_ref(), shown, limit);
        }
        if condition.is_none() && how.sort.is_none() {
            let (total, mut ids) = self.scan(words, shown, limit)?;
            ids.truncate(limit);
            return Ok(Found { ids, total });
        }
        let (_, ranked) = self.scan(words, shown, usize::MAX)?;
        let mut ids = if how.sort.is_some() {
            let ranked: HashSet<i64> = ranked.into_iter().collect();
            let mut all = self.by_order(condition, how.sort.as_ref(), shown, usize::MAX)?.ids;
            all.retain(|id| ranked.contains(id));
            all
        } else {
            let fitting: HashSet<i64> =
                self.by_order(condition, None, shown, usize::MAX)?.ids.into_iter().collect();
            ranked.into_iter().filter(|id| fitting.contains(id)).collect()
        };
        let total = ids.len();
        ids.truncate(limit);
        Ok(Found { ids, total })
    }

    fn by_order(
        &self,
        condition: Option<super::filter::Filter>,
        sort: Option<&Sort>,
        shown: &str,
        limit: usize,
    ) -> Result<Found> {
        let conn = self.reader()?;
        let (sql, params) =
            condition.map_or_else(|| ("1".to_owned(), Vec::new()), |found| (found.sql, found.params));
        let order = order_by(conn, sort)?;
        let body = format!("from contact c where c.hidden in ({shown}) and ({sql})");
        let mut statement = conn.prepare(&format!("select c.id {body} order by {order}"))?;
        let found = statement.query_map(params_from_iter(params), |row| row.get(0))?;
        let mut ids: Vec<i64> = found.collect::<rusqlite::Result<_>>()?;
        let total = ids.len();
        ids.truncate(limit);
        Ok(Found { ids, total })
    }

    /// The contacts that a query's conditions leave, apart from its words; `None` if it has no conditions.
    pub fn filter(&self, query: &Query) -> Result<Option<HashSet<i64>>> {
        let shown = Self::shown(query);
        match self.condition(query)? {
            None if shown == "0" => Ok(None),
            condition => {
                Ok(Some(self.by_order(condition, None, shown, usize::MAX)?.ids.into_iter().collect()))
            }
        }
    }

    /// The contact with this handle or id, wherever it is.
    pub(super) fn by_id(&self, text: &str) -> Result<Option<i64>> {
        let conn = self.reader()?;
        let found = match Gid::parse(text) {
            Some(Gid::Uid(uid)) => sql::id_of(conn, Kind::Contact, &uid)?,
            _ => match by_handle(conn, Kind::Contact, text)?.as_slice() {
                [id] => Some(*id),
                _ => None,
            },
        };
        let Some(id) = found else { return Ok(None) };
        let root =
            conn.prepare_cached("select root from contact where id=?1")?.query_row([id], |row| row.get(0))?;
        Ok(Some(root))
    }

    /// The one contact that a text names: an exact name, a handle or id, an e-mail, a phone, or a filter.
    pub fn resolve(&self, who: &str) -> Result<i64> {
        self.resolve_among(who, "0,1,2")
    }

    /// The same; also a part of a name, if just one contact has it as a word.
    pub fn resolve_named(&self, who: &str) -> Result<i64> {
        let missing = match self.resolve(who) {
            Err(error @ OpError::NotFound { .. }) => error,
            other => return other,
        };
        let words: Vec<String> =
            who.trim().trim_start_matches('@').split_whitespace().map(text::fold).collect();
        if words.is_empty() || words.iter().any(|word| !word.chars().all(char::is_alphabetic)) {
            return Err(missing);
        }
        let query = self.parse(&words.join(" "))?;
        let found = self.find_with(&query, &Find { exact: true, ..Find::default() }, false)?.ids;
        // Their names only: somebody whose note or company has the word is not called so.
        let mut called = Vec::new();
        for row in self.rows(&found[..found.len().min(NAMESAKES)])? {
            let name = text::fold(&row.name);
            let parts: Vec<&str> = name.split(|c: char| !c.is_alphabetic()).collect();
            if words.iter().all(|word| parts.contains(&word.as_str())) {
                called.push(row.id);
            }
        }
        match called.as_slice() {
            [] => Err(missing),
            [id] if found.len() <= NAMESAKES => Ok(*id),
            many => Err(self.ambiguous(who, many)?),
        }
    }

    /// The same in the bin.
    pub fn resolve_in_bin(&self, who: &str) -> Result<i64> {
        self.resolve_among(who, "3")
    }

    fn resolve_among(&self, who: &str, shown: &str) -> Result<i64> {
        let conn = self.reader()?;
        let who = who.trim().strip_prefix('@').unwrap_or(who.trim());
        let not_found = || OpError::NotFound { who: who.to_owned(), kind: "contact" };
        if who.is_empty() {
            return Err(not_found());
        }
        let places: Vec<i64> = shown.split(',').filter_map(|place| place.parse().ok()).collect();
        let here = |id: &i64| -> bool {
            conn.prepare_cached("select hidden from contact where id=?1")
                .and_then(|mut statement| statement.query_row([id], |row| row.get::<_, i64>(0)))
                .is_ok_and(|hidden| places.contains(&hidden))
        };
        for found in [self.by_name(who, shown)?, self.by_id(who)?.into_iter().collect(), self.by_method(who)?]
        {
            let found: Vec<i64> = found.into_iter().filter(here).collect();
            match found.as_slice() {
                [] => {}
                [id] => return Ok(*id),
                many => return Err(self.ambiguous(who, many)?),
            }
        }
        // A filter says so by its form; a bare word that is no name must not find somebody whose note has it.
        if !who.contains([':', '=', '<', '>', '：', '＝']) || shown == "3" {
            return Err(not_found());
        }
        let query = self.parse(who)?;
        let found = self.find_with(&query, &Find { exact: true, ..Find::default() }, true)?;
        match found.ids.as_slice() {
            [] => Err(not_found()),
            [id] => Ok(*id),
            many => Err(self.ambiguous(who, many)?),
        }
    }

    pub(super) fn ambiguous(&self, who: &str, ids: &[i64]) -> Result<OpError> {
        let named = self
            .rows(Candidates::first(ids))?
            .into_iter()
            .map(|row| {
                let about = [&row.company, &row.email, &row.phone].into_iter().find(|text| !text.is_empty());
                Candidate {
                    about: about.cloned().unwrap_or_default(),
                    name: row.title_name().to_owned(),
                    handle: row.handle,
                }
            })
            .collect();
        let candidates = Candidates { named, total: ids.len() };
        Ok(OpError::Ambiguous { who: who.to_owned(), candidates })
    }

    fn by_name(&self, name: &str, shown: &str) -> Result<Vec<i64>> {
        let folded = text::fold(name);
        let sql = format!("select id, name, nickname from contact where hidden in ({shown}) and sort=?1");
        let mut statement = self.reader()?.prepare_cached(&sql)?;
        let mut rows = statement.query([text::sort_key(name)])?;
        let mut found = Vec::new();
        while let Some(row) = rows.next()? {
            let same = |at: usize| -> Result<bool> {
                let text = row.get_ref(at)?.as_str_or_null().ok().flatten().unwrap_or_default();
                Ok(text::fold(text) == folded)
            };
            if same(1)? || same(2)? {
                found.push(row.get(0)?);
            }
        }
        Ok(found)
    }

    fn by_method(&self, text: &str) -> Result<Vec<i64>> {
        let mut keys = Vec::new();
        if email::is_email(text) {
            keys.push(email::email_key(text));
        } else if phone::digits(text).len() >= 5 && text.chars().all(|c| !c.is_alphabetic()) {
            let country = derive::country(self.reader()?)?;
            keys.extend(phone::e164(text, country.as_deref()));
            keys.push(phone::digits(text));
            keys.push(text.to_owned());
        }
        let mut found: Vec<i64> = Vec::new();
        let mut statement = self.reader()?.prepare_cached(
            "select distinct k.root from method m join contact k on k.id=m.contact \
             where m.hash=?1 and ifnull(m.norm, m.value)=?2 and m.type in ('email', 'phone') and m.deleted is null",
        )?;
        for key in keys {
            let ids = statement.query_map((derive::hash(&key), &key), |row| row.get(0))?;
            for id in ids {
                let id = id?;
                if !found.contains(&id) {
                    found.push(id);
                }
            }
        }
        Ok(found)
    }

    /// What a prompt offers for what was typed so far: what begins with it, then what has it inside.
    pub fn complete(&self, what: Complete, prefix: &str, limit: usize) -> Result<Vec<String>> {
        let sql = match what {
            Complete::Tag => &format!("select distinct name from tag where {}", draft::is_there(Kind::Tag)),
            Complete::Company => "select distinct name from contact where kind='company' and hidden<3",
            Complete::Relation => "select distinct relation from link where deleted is null",
            Complete::Stage => "select distinct stage from contact where hidden<3",
            Complete::City => "select distinct city from address where deleted is null",
            Complete::Label => "select distinct label from method where deleted is null",
            Complete::Field => {
                &format!("select distinct key from field where {}", draft::is_there(Kind::Field))
            }
            Complete::Kind => "select distinct kind from interaction where deleted is null",
        };
        let folded = text::fold(prefix.trim());
        let mut statement = self.reader()?.prepare_cached(sql)?;
        let mut rows = statement.query([])?;
        let mut found: Vec<(bool, String, String)> = Vec::new();
        while let Some(row) = rows.next()? {
            let Some(name) = row.get_ref(0)?.as_str_or_null().ok().flatten() else { continue };
            let key = text::fold(name);
            let pinyin = || text::pinyin_keys(name).iter().any(|key| key.starts_with(&folded));
            if key.contains(&folded) || (!name.is_ascii() && pinyin()) {
                found.push((!key.starts_with(&folded), text::sort_key(name), name.to_owned()));
            }
        }
        found.sort();
        found.truncate(limit);
        Ok(found.into_iter().map(|(.., name)| name).collect())
    }

    /// The addresses of contacts that have every word of `text` in what identifies them: substrings and pinyin, not fuzzily.
    pub fn address_query(&self, text: &str, limit: usize) -> Result<Vec<AddressHit>> {
        let words: Vec<String> = text.split_whitespace().map(str::to_owned).collect();
        let ids = self.scan_plain(&words)?;
        let conn = self.reader()?;
        let mut hits = Vec::new();
        for chunk in ids.chunks(limit.clamp(1, 500)) {
            let rows = self.rows(chunk)?;
            let members = read::members(conn, chunk)?;
            let methods = read::children(conn, Kind::Method, &members)?;
            for row in rows {
                let comment = if row.company.is_empty() { row.title.clone() } else { row.company.clone() };
                let mut own: Vec<_> =
                    methods.iter().filter(|raw| raw.root == row.id && raw.text("type") == "email").collect();
                own.sort_by_key(|raw| raw.text("value") != row.email);
                for raw in own {
                    let name = if row.name.is_empty() { raw.text("value") } else { &row.name };
                    hits.push(AddressHit {
                        email: raw.text("value").to_owned(),
                        name: name.to_owned(),
                        comment: comment.clone(),
                        label: raw.text("label").to_owned(),
                    });
                }
            }
            if hits.len() >= limit {
                break;
            }
        }
        hits.truncate(limit);
        Ok(hits)
    }
}

/// `order by` for a list; nulls last whichever way.
fn order_by(conn: &Connection, sort: Option<&Sort>) -> Result<String> {
    let Some(sort) = sort else { return Ok("c.sort, c.id".to_owned()) };
    let direction = if sort.descending { "desc" } else { "asc" };
    let column = match sort.field.to_lowercase().replace('-', "_").as_str() {
        "name" => return Ok(format!("c.sort {direction}, c.id")),
        "company" => "(select k.sort from contact k where k.id=c.company)".to_owned(),
        "email" | "phone" => {
            format!("(select fold(m.value) from method m where m.contact=c.id and m.type='{}' and m.deleted is null order by n limit 1)", sort.field.to_lowercase())
        }
        "birthday" => "(select substr(d.date, -5) from date d where d.contact=c.id and d.label='birthday' and d.deleted is null limit 1)".to_owned(),
        "city" | "country" | "region" => {
            format!("(select fold(a.\"{}\") from address a where a.contact=c.id and a.deleted is null order by n limit 1)", sort.field.to_lowercase())
        }
        "last" => "c.last".to_owned(),
        "next" => "(select min(t.due) from task t where t.contact in (select c.id union all select k.id from contact k where k.root=c.id and k.root<>k.id) and t.done is null and t.deleted is null)".to_owned(),
        "created" => sql::CREATED.to_owned(),
        "updated" => sql::UPDATED.to_owned(),
        other => {
            let record = Kind::Contact.record();
            let field = record.field(other).map(|at| &record.fields[at]).filter(|field| field.column);
            match field {
                Some(field) => format!("fold(c.\"{}\")", field.name),
                None => custom_order(conn, &sort.field)?,
            }
        }
    };
    Ok(format!("{column} is null, {column} {direction}, c.sort, c.id"))
}

/// The values of a custom field as they are sorted.
fn custom_order(conn: &Connection, name: &str) -> Result<String> {
    let key = name.strip_prefix("field:").or_else(|| name.strip_prefix("field.")).unwrap_or(name);
    let known = super::fields::known(conn)?;
    let Some(FieldRef::Custom { key, ty }) = known.lookup(&format!("field.{key}")) else {
        return Err(OpError::UnknownField { name: name.to_owned(), nearest: known.nearest(name) });
    };
    let value = match ty {
        CustomType::Number => "cast(replace(v.value, ',', '') as real)",
        _ => "fold(v.value)",
    };
    Ok(format!(
        "(select {value} from value v join field f on f.id=v.field where v.contact=c.id and v.deleted is null \
         and f.key='{}' order by v.n desc limit 1)",
        key.replace('\'', "''")
    ))
}
