//! Tags: on contacts, and by themselves.

use super::contacts::owned;
use super::{Book, Done, Label, OpError, Result, draft};
use crate::model::edit::New;
use crate::model::ids::{Gid, named_key};
use crate::model::schema::Kind;
use crate::model::value::Value;
use crate::store::{Place, Tx, read, sql};
use rusqlite::Connection;
use serde::Serialize;
use std::collections::{HashMap, HashSet};

/// A tag and how many contacts have it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct TagCount {
    /// Its name.
    pub name: String,
    /// Its colour, if it has one.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub colour: String,
    /// Contacts outside the bin.
    pub count: usize,
}

const fn tag_place(id: i64) -> Place {
    Place { kind: Kind::Tag, id, n: 0 }
}

/// The taggings of a contact with the tag's name.
fn taggings(tx: &Tx<'_>, id: i64) -> Result<Vec<(Place, String)>> {
    let raws = owned(tx, id, Kind::Tagging)?;
    let keys = read::list(raws.iter().filter_map(|raw| raw.int("tag")));
    let names = read::names(tx.conn(), Kind::Tag, "name", &keys)?;
    Ok(raws.into_iter().filter_map(|raw| Some((raw.place, names.get(&raw.int("tag")?)?.clone()))).collect())
}

/// Gives a contact a tag; false if it has it.
pub(super) fn add_tag(tx: &mut Tx<'_>, id: i64, name: &str) -> Result<bool> {
    let name = name.trim();
    if name.is_empty() || taggings(tx, id)?.iter().any(|(_, known)| super::edit::same_name(known, name)) {
        return Ok(false);
    }
    let missing = || OpError::NotFound { who: id.to_string(), kind: "contact" };
    let owner = Gid::Uid(sql::uid_of(tx.conn(), Kind::Contact, id)?.ok_or_else(missing)?);
    let reference = draft::tag(tx, name)?;
    tx.create_under(owner, New::of(Kind::Tagging).with("tag", reference))?;
    Ok(true)
}

/// Takes a tag from a contact; false if it has not got it.
pub(super) fn remove_tag(tx: &mut Tx<'_>, id: i64, name: &str) -> Result<bool> {
    let mut found = false;
    for (place, known) in taggings(tx, id)? {
        if name.is_empty() || super::edit::same_name(&known, name) {
            tx.delete(place)?;
            found = true;
        }
    }
    Ok(found)
}

/// Makes a contact's tags exactly these.
pub(super) fn set_tags(tx: &mut Tx<'_>, id: i64, wanted: &[String]) -> Result<()> {
    for (place, known) in taggings(tx, id)? {
        if !wanted.iter().any(|tag| super::edit::same_name(tag, &known)) {
            tx.delete(place)?;
        }
    }
    for tag in wanted {
        add_tag(tx, id, tag)?;
    }
    Ok(())
}

impl Book {
    /// Gives contacts tags; tags that aren't there are made.
    pub fn tag(&mut self, ids: &[i64], tags: &[String]) -> Result<Done> {
        tags.iter().try_for_each(|tag| super::meant::tag(tag))?;
        self.retag("tag", ids, tags, |tx, id, tag| add_tag(tx, id, tag).map(drop))
    }

    /// Takes tags from contacts.
    pub fn untag(&mut self, ids: &[i64], tags: &[String]) -> Result<Done> {
        self.retag("untag", ids, tags, |tx, id, tag| remove_tag(tx, id, tag).map(drop))
    }

    fn retag(
        &mut self,
        what: &str,
        ids: &[i64],
        tags: &[String],
        mut work: impl FnMut(&mut Tx<'_>, i64, &str) -> Result<()>,
    ) -> Result<Done> {
        let names = tags.join(", ");
        self.many_with(what, Some(names), ids, |tx, id| tags.iter().try_for_each(|tag| work(tx, id, tag)))
    }

    /// All tags by name.
    pub fn tags(&self) -> Result<Vec<TagCount>> {
        let counts = uses_by_tag(self.reader()?)?;
        let sql = format!("select name, colour, id from tag where {}", draft::is_there(Kind::Tag));
        let mut statement = self.reader()?.prepare_cached(&sql)?;
        let found = statement.query_map([], |row| {
            Ok(TagCount {
                name: row.get::<_, Option<String>>(0)?.unwrap_or_default(),
                colour: row.get::<_, Option<String>>(1)?.unwrap_or_default(),
                count: counts.get(&row.get(2)?).copied().unwrap_or_default(),
            })
        })?;
        let mut tags: Vec<TagCount> = found.collect::<rusqlite::Result<_>>()?;
        tags.sort_by_cached_key(|tag| crate::text::sort_key(&tag.name));
        Ok(tags)
    }

    fn tag_id(&self, name: &str) -> Result<i64> {
        match draft::named(self.reader()?, Kind::Tag, "name", name)? {
            Some((id, false)) => Ok(id),
            _ => Err(OpError::NotFound { who: name.to_owned(), kind: "tag" }),
        }
    }

    /// Gives a tag another name; one that is taken is an error (merge them instead).
    pub fn rename_tag(&mut self, from: &str, to: &str) -> Result<Done> {
        let id = self.tag_id(from)?;
        let to = to.trim();
        if to.is_empty() {
            return Err(OpError::BadValue { field: "tag".into(), value: to.into(), expected: "name".into() });
        }
        if named_key(from) != named_key(to) && self.tag_id(to).is_ok() {
            return Err(OpError::Exists { kind: "tag", name: to.to_owned() });
        }
        let label = Label::new("rename-tag", [from, to]);
        let (_, receipt) = self.write(label.clone(), |tx| {
            tx.restore(tag_place(id))?;
            Ok(tx.set(tag_place(id), "name", Value::text(to))?)
        })?;
        Ok(Done { receipt, count: 1, label })
    }

    /// Takes a tag from all contacts and deletes it.
    pub fn delete_tag(&mut self, name: &str) -> Result<Done> {
        let id = self.tag_id(name)?;
        let label = Label::new("delete-tag", [name]);
        let (count, receipt) = self.write(label.clone(), |tx| {
            let uses = uses(tx, id)?;
            for place in &uses {
                tx.delete(*place)?;
            }
            tx.delete(tag_place(id))?;
            Ok(uses.len())
        })?;
        Ok(Done { receipt, count, label })
    }

    /// Gives every contact that has one of `from` the tag `into` instead.
    pub fn merge_tags(&mut self, from: &[String], into: &str) -> Result<Done> {
        let ids: Vec<i64> = from.iter().map(|name| self.tag_id(name)).collect::<Result<_>>()?;
        let label = Label::new("merge-tags", [from.join(", "), into.to_owned()]);
        let (count, receipt) = self.write(label.clone(), |tx| {
            let mut count = 0;
            for (id, name) in ids.iter().zip(from) {
                if super::edit::same_name(name, into) {
                    continue;
                }
                for place in uses(tx, *id)? {
                    add_tag(tx, place.id, into)?;
                    tx.delete(place)?;
                    count += 1;
                }
                tx.delete(tag_place(*id))?;
            }
            Ok(count)
        })?;
        Ok(Done { receipt, count, label })
    }
}

/// How many contacts outside the bin have each tag. Looking each contact up would take most of the time; nearly all are
/// neither hidden nor merged, so the few that are come first, and the taggings in one walk through their table.
fn uses_by_tag(conn: &Connection) -> Result<HashMap<i64, usize>> {
    let mut hidden: HashSet<i64> = HashSet::new();
    let mut statement = conn.prepare_cached("select id from contact where hidden>=3")?;
    for id in statement.query_map([], |row| row.get(0))? {
        hidden.insert(id?);
    }
    // Contacts that are a part of another, and those that have such parts.
    let mut roots: HashMap<i64, i64> = HashMap::new();
    let mut statement = conn.prepare_cached("select id, root from contact where root<>id")?;
    for pair in statement.query_map([], |row| Ok((row.get::<_, i64>(0)?, row.get::<_, i64>(1)?)))? {
        let (id, root) = pair?;
        roots.extend([(id, root), (root, root)]);
    }
    let mut counts: HashMap<i64, (usize, i64)> = HashMap::new();
    let mut merged: HashSet<(i64, i64)> = HashSet::new();
    let mut statement = conn.prepare_cached(
        "select contact, tag from tagging not indexed where deleted is null and tag is not null order by contact",
    )?;
    for pair in statement.query_map([], |row| Ok((row.get::<_, i64>(0)?, row.get::<_, i64>(1)?)))? {
        let (contact, tag) = pair?;
        let root = roots.get(&contact).copied();
        if hidden.contains(&root.unwrap_or(contact)) {
            continue;
        }
        let (count, last) = counts.entry(tag).or_insert((0, i64::MIN));
        // Two devices may have given the same tag to one contact: those taggings stand next to each other.
        let new = root.map_or(*last != contact, |root| merged.insert((tag, root)));
        *count += usize::from(new);
        *last = contact;
    }
    Ok(counts.into_iter().map(|(tag, (count, _))| (tag, count)).collect())
}

fn uses(tx: &Tx<'_>, tag: i64) -> Result<Vec<Place>> {
    let mut statement =
        tx.conn().prepare_cached("select contact, n from tagging where tag=?1 and deleted is null")?;
    let found = statement
        .query_map([tag], |row| Ok(Place { kind: Kind::Tagging, id: row.get(0)?, n: row.get(1)? }))?;
    Ok(found.collect::<rusqlite::Result<_>>()?)
}
