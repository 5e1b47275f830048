//! What happened with whom: logging interactions and reading them back.

use super::rows::{by_handle, handle};
use super::{Book, Candidates, Done, Label, OpError, Receipt, Result};
use crate::model::edit::New;
use crate::model::ids::Gid;
use crate::model::schema::{INTERACTION_KINDS, Kind, Type};
use crate::model::value::{Value, format_decimal, parse_decimal};
use crate::model::when;
use crate::store::{Place, read, sql};
use crate::text;
use serde::Serialize;
use std::collections::HashMap;

/// An interaction to be logged.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Entry {
    /// `call`, `email`, ..., or a kind of one's own.
    pub kind: String,
    /// Local keys of the contacts.
    pub who: Vec<i64>,
    /// When, ms since 1970; now if absent.
    pub at: Option<i64>,
    /// How long, in minutes.
    pub duration: Option<i64>,
    /// `in` or `out`, or empty.
    pub direction: String,
    /// A short title.
    pub subject: String,
    /// The text.
    pub body: String,
    /// What came of it.
    pub outcome: String,
    /// In 1/10,000.
    pub amount: Option<i64>,
    /// ISO 4217.
    pub currency: String,
    /// The channel, if it is not the kind.
    pub channel: String,
    /// Another system's id for it.
    pub external_id: String,
}

/// What was logged.
#[derive(Clone, Debug)]
pub struct Logged {
    /// Local key.
    pub id: i64,
    /// Global id.
    pub uid: String,
    /// What to type for it.
    pub handle: String,
    /// With whom.
    pub names: Vec<String>,
    /// The batch.
    pub receipt: Receipt,
}

/// Someone who took part.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Person {
    /// Local key.
    #[serde(skip)]
    pub key: i64,
    /// Global id.
    pub id: String,
    /// What to type for them.
    pub handle: String,
    /// Their name.
    pub name: String,
}

/// An interaction.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Event {
    /// Local key.
    #[serde(skip)]
    pub key: i64,
    /// Global id.
    pub id: String,
    /// What to type for it.
    pub handle: String,
    /// `call`, `email`, ...
    pub kind: String,
    /// When, ms since 1970.
    #[serde(serialize_with = "rfc3339")]
    pub at: i64,
    /// Minutes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub duration: Option<i64>,
    /// `in`, `out` or empty.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub direction: String,
    /// A short title.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub subject: String,
    /// The text.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub body: String,
    /// What came of it.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub outcome: String,
    /// A decimal.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub amount: String,
    /// ISO 4217.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub currency: String,
    /// The channel.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub channel: String,
    /// Another system's id.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub external_id: String,
    /// Who logged it.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub author: String,
    /// With whom.
    pub with: Vec<Person>,
}

#[allow(clippy::trivially_copy_pass_by_ref)]
fn rfc3339<S: serde::Serializer>(millis: &i64, serializer: S) -> std::result::Result<S::Ok, S::Error> {
    serializer.serialize_str(&super::view::instant(*millis))
}

/// Which interactions to show.
#[derive(Clone, Debug, Default)]
pub struct TimelineFilter {
    /// Only with these contacts; all if absent.
    pub contacts: Option<Vec<i64>>,
    /// Not before, ms since 1970.
    pub since: Option<i64>,
    /// Before, ms since 1970.
    pub until: Option<i64>,
    /// Only this kind.
    pub kind: Option<String>,
    /// At most so many.
    pub limit: Option<usize>,
}

/// What no interaction can be without.
const NEEDED: [&str; 2] = ["at", "kind"];

impl Book {
    /// Logs an interaction.
    pub fn log(&mut self, entry: &Entry) -> Result<Logged> {
        let kind = entry.kind.trim();
        if kind.is_empty() {
            return Err(OpError::BadValue {
                field: "kind".into(),
                value: String::new(),
                expected: "kind".into(),
            });
        }
        if entry.who.is_empty() {
            return Err(OpError::NotFound { who: String::new(), kind: "contact" });
        }
        let now = self.session().clock.millis();
        let names: Vec<String> =
            self.rows(&entry.who)?.into_iter().map(|row| row.title_name().to_owned()).collect();
        let author = self.session().author.clone();
        let label = Label::new("log", [kind.to_owned(), names.join(", ")]);
        let (id, receipt) = self.write(label, |tx| {
            let mut new = New::of(Kind::Interaction)
                .with("kind", Value::text(kind))
                .with("channel", Value::text(&entry.channel))
                .with("at", Value::Int(entry.at.unwrap_or(now)))
                .with("direction", Value::text(&entry.direction))
                .with("subject", Value::text(&entry.subject))
                .with("body", Value::text(&entry.body))
                .with("outcome", Value::text(&entry.outcome))
                .with("currency", Value::text(&entry.currency))
                .with("external_id", Value::text(&entry.external_id))
                .with("author", Value::text(author));
            new.put("duration", entry.duration.map_or(Value::Null, Value::Int));
            new.put("amount", entry.amount.map_or(Value::Null, Value::Int));
            let mut seen = Vec::new();
            for who in &entry.who {
                if seen.contains(who) {
                    continue;
                }
                seen.push(*who);
                let missing = || OpError::NotFound { who: who.to_string(), kind: "contact" };
                let uid = sql::uid_of(tx.conn(), Kind::Contact, *who)?.ok_or_else(missing)?;
                new.children.push(New::of(Kind::Participant).with("contact", Value::Ref(Gid::Uid(uid))));
            }
            let place = tx.create(new)?;
            for who in seen {
                super::contacts::explicit(tx, who)?;
            }
            Ok(place.id)
        })?;
        let conn = self.reader()?;
        let uid = sql::uid_of(conn, Kind::Interaction, id)?.unwrap_or_default();
        let handle = handle(conn, Kind::Interaction, &uid)?;
        Ok(Logged { id, uid: Gid::Uid(uid).to_string(), handle, names, receipt })
    }

    /// Reads `call @ann @bob yesterday: agreed on the pilot` (the `@` names, the rest is the text).
    pub fn parse_log_line(&self, line: &str) -> Result<Entry> {
        let (kind, mut rest) = line.trim().split_once(char::is_whitespace).unwrap_or((line.trim(), ""));
        let mut entry = Entry { kind: kind.to_lowercase(), ..Entry::default() };
        let mut words: Vec<String> = Vec::new();
        while let Some(at) =
            rest.find('@').filter(|at| *at == 0 || rest[..*at].ends_with(char::is_whitespace))
        {
            words.extend(rest[..at].split_whitespace().map(str::to_owned));
            let (who, tail) = self.longest_name(&rest[at + 1..])?;
            entry.who.push(who);
            rest = tail;
        }
        words.extend(rest.split_whitespace().map(str::to_owned));
        let dashes = words.first().is_some_and(|word| matches!(word.as_str(), "with" | "and" | "和" | "与"));
        if dashes {
            words.remove(0);
        }
        words.retain(|word| !matches!(word.as_str(), "," | "、"));
        if words.first().is_some_and(|word| word == "and") {
            words.remove(0);
        }
        entry.body = words.join(" ");
        Ok(entry)
    }

    /// The contact named at the start of a text by as many words as make a name, and what follows.
    fn longest_name<'t>(&self, text: &'t str) -> Result<(i64, &'t str)> {
        if let Some(quoted) = text.strip_prefix('"')
            && let Some(end) = quoted.find('"')
        {
            return Ok((self.resolve(&quoted[..end])?, &quoted[end + 1..]));
        }
        let mut ends: Vec<usize> =
            text.char_indices().filter(|(_, c)| c.is_whitespace()).map(|(at, _)| at).take(4).collect();
        if ends.len() < 4 {
            ends.push(text.len());
        }
        let trim = |name: &str| name.trim_end_matches([',', ':', ';', '，', '：', '、']).to_owned();
        let mut first = None;
        for end in ends.iter().rev() {
            let name = &text[..*end];
            if name[..].contains(" @") {
                continue;
            }
            match self.resolve(&trim(name)) {
                Ok(id) => return Ok((id, &text[*end..])),
                Err(error) => first = Some(error),
            }
        }
        // `@ann` means the only contact whose name has that word, so that a first name is enough.
        let word = trim(&text[..ends[0]]);
        let found =
            self.find(&self.parse(&format!("name:\"{}\"", word.replace('"', "")))?, &super::Find::default())?;
        match found.ids.as_slice() {
            [id] => Ok((*id, &text[ends[0]..])),
            [] => Err(first.unwrap_or(OpError::NotFound { who: word, kind: "contact" })),
            many => Err(self.ambiguous(&word, many)?),
        }
    }

    /// Interactions, newest first.
    pub fn timeline(&self, what: &TimelineFilter) -> Result<Vec<Event>> {
        let mut sql = "select x.id from interaction x where x.deleted is null".to_owned();
        let mut params: Vec<rusqlite::types::Value> = Vec::new();
        let mut add = |sql: &mut String, text: &str, value: rusqlite::types::Value| {
            params.push(value);
            sql.push_str(&text.replace('?', &format!("?{}", params.len())));
        };
        if let Some(contacts) = &what.contacts {
            let text = " and x.id in (select p.interaction from participant p join contact k on k.id=p.contact \
                        where p.deleted is null and k.root in (select value from json_each(?)))";
            add(&mut sql, text, read::list(contacts.iter().copied()).into());
        }
        if let Some(since) = what.since {
            add(&mut sql, " and x.at>=?", since.into());
        }
        if let Some(until) = what.until {
            add(&mut sql, " and x.at<?", until.into());
        }
        if let Some(kind) = &what.kind {
            add(&mut sql, " and fold(x.kind)=fold(?)", kind.clone().into());
        }
        sql.push_str(" order by x.at desc, x.id desc");
        if let Some(limit) = what.limit {
            sql.push_str(&format!(" limit {limit}"));
        }
        let mut statement = self.reader()?.prepare_cached(&sql)?;
        let found = statement.query_map(rusqlite::params_from_iter(params), |row| row.get(0))?;
        let ids: Vec<i64> = found.collect::<rusqlite::Result<_>>()?;
        let mut events = Vec::with_capacity(ids.len());
        for chunk in ids.chunks(500) {
            events.extend(self.events(chunk)?);
        }
        Ok(events)
    }

    fn events(&self, ids: &[i64]) -> Result<Vec<Event>> {
        let conn = self.reader()?;
        let keys = read::list(ids.iter().copied());
        let owners: HashMap<i64, i64> = ids.iter().map(|id| (*id, *id)).collect();
        let people = read::children(conn, Kind::Participant, &owners)?;
        let mut who: HashMap<i64, Person> = HashMap::new();
        let mut statement = conn.prepare_cached(
            "select c.id, r.id, r.uid, r.name from contact c join contact r on r.id=c.root \
             where c.id in (select value from json_each(?1))",
        )?;
        let mut rows = statement.query([read::list(people.iter().filter_map(|raw| raw.int("contact")))])?;
        while let Some(row) = rows.next()? {
            let uid: [u8; 16] = row.get(2)?;
            let person = Person {
                key: row.get(1)?,
                id: Gid::Uid(uid).to_string(),
                handle: handle(conn, Kind::Contact, &uid)?,
                name: row.get::<_, Option<String>>(3)?.unwrap_or_default(),
            };
            who.insert(row.get(0)?, person);
        }
        let mut found: HashMap<i64, Event> = HashMap::new();
        for raw in read::tops(conn, Kind::Interaction, &keys)? {
            let text = |field: &str| raw.text(field).to_owned();
            let uid = sql::uid_of(conn, Kind::Interaction, raw.place.id)?.unwrap_or_default();
            let mut event = Event {
                key: raw.place.id,
                id: Gid::Uid(uid).to_string(),
                handle: handle(conn, Kind::Interaction, &uid)?,
                kind: text("kind"),
                at: raw.int("at").unwrap_or_default(),
                duration: raw.int("duration"),
                direction: text("direction"),
                subject: text("subject"),
                body: text("body"),
                outcome: text("outcome"),
                amount: raw.int("amount").map(format_decimal).unwrap_or_default(),
                currency: text("currency"),
                channel: text("channel"),
                external_id: text("external_id"),
                author: text("author"),
                with: Vec::new(),
            };
            for person in people.iter().filter(|person| person.place.id == raw.place.id) {
                if let Some(person) = person.int("contact").and_then(|id| who.get(&id))
                    && !event.with.contains(person)
                {
                    event.with.push(person.clone());
                }
            }
            found.insert(raw.place.id, event);
        }
        Ok(ids.iter().filter_map(|id| found.remove(id)).collect())
    }

    /// One interaction.
    pub fn interaction(&self, id: i64) -> Result<Event> {
        let missing = || OpError::NotFound { who: id.to_string(), kind: "interaction" };
        self.events(&[id])?.pop().ok_or_else(missing)
    }

    /// The interaction with this handle or id.
    pub fn resolve_interaction(&self, text: &str) -> Result<i64> {
        let conn = self.reader()?;
        let text = text.trim();
        let found = match Gid::parse(text) {
            Some(Gid::Uid(uid)) => sql::id_of(conn, Kind::Interaction, &uid)?.into_iter().collect(),
            _ => by_handle(conn, Kind::Interaction, text)?,
        };
        let live = |id: &&i64| {
            conn.prepare_cached("select deleted is null from interaction where id=?1")
                .and_then(|mut statement| statement.query_row([**id], |row| row.get::<_, bool>(0)))
                .is_ok_and(|live| live)
        };
        match found.iter().filter(live).collect::<Vec<_>>().as_slice() {
            [id] => Ok(**id),
            [] => Err(OpError::NotFound { who: text.to_owned(), kind: "interaction" }),
            _ => Err(OpError::Ambiguous { who: text.to_owned(), candidates: Candidates::default() }),
        }
    }

    /// Sets fields of an interaction: `kind`, `at`, `duration`, `direction`, `subject`, `body`, `outcome`, `amount`, ...
    pub fn edit_interaction(&mut self, id: i64, changes: &[(String, String)]) -> Result<Done> {
        let now = self.now();
        let record = Kind::Interaction.record();
        let mut values = Vec::new();
        for (field, text) in changes {
            let name = match field.as_str() {
                "text" | "note" => "body",
                other => other,
            };
            let at =
                record.field(name).filter(|at| !matches!(record.fields[*at].ty, Type::Ref(_) | Type::Json));
            let Some(at) = at else {
                return Err(OpError::UnknownField { name: field.clone(), nearest: nearest(name) });
            };
            let bad = |expected: &str| OpError::BadValue {
                field: field.clone(),
                value: text.clone(),
                expected: expected.to_owned(),
            };
            let value = match record.fields[at].ty {
                // Without a time it would stand at the end of every timeline, without a kind it is nothing.
                _ if text.trim().is_empty() && NEEDED.contains(&name) => {
                    return Err(OpError::Needed { field: record.fields[at].name });
                }
                _ if text.trim().is_empty() => Value::Null,
                Type::Instant => Value::Int(when::parse_instant(text, now)?.timestamp_millis()),
                Type::Int if name == "duration" => Value::Int(minutes(text).ok_or_else(|| bad("duration"))?),
                Type::Decimal => Value::Int(parse_decimal(text).ok_or_else(|| bad("number"))?),
                ty => super::draft::scalar(field, ty, text)?,
            };
            values.push((record.fields[at].name, value));
        }
        let label = Label::new("edit-interaction", [self.interaction(id)?.kind]);
        let place = Place { kind: Kind::Interaction, id, n: 0 };
        let (count, receipt) = self.write(label.clone(), |tx| {
            let mut count = 0;
            for (field, value) in &values {
                count = count.max(usize::from(tx.set(place, field, value.clone())?));
            }
            Ok(count)
        })?;
        Ok(Done { receipt, count, label })
    }

    /// Deletes interactions; an undo brings them back.
    pub fn delete_interactions(&mut self, ids: &[i64]) -> Result<Done> {
        let label = Label::new("delete-interaction", [ids.len().to_string()]);
        let (count, receipt) = self.write(label.clone(), |tx| {
            let mut count = 0;
            for id in ids {
                count += usize::from(tx.delete(Place { kind: Kind::Interaction, id: *id, n: 0 })?);
            }
            Ok(count)
        })?;
        Ok(Done { receipt, count, label })
    }

    /// The kinds of interactions that come with rolo, and those that this book has beside them.
    pub fn interaction_kinds(&self) -> Result<Vec<String>> {
        let mut kinds: Vec<String> = INTERACTION_KINDS.iter().map(|kind| (*kind).to_owned()).collect();
        for kind in self.complete(super::Complete::Kind, "", usize::MAX)? {
            if !kinds.contains(&kind) {
                kinds.push(kind);
            }
        }
        Ok(kinds)
    }
}

/// A duration in minutes: `15`, `15m`, `1h30m`, `15分钟`.
pub fn minutes(text: &str) -> Option<i64> {
    let text = text.trim();
    if let Ok(number) = text.parse::<i64>() {
        return (number >= 0).then_some(number);
    }
    let span = when::parse_span(text).ok()?;
    (span.months == 0).then(|| i64::from(span.days) * 24 * 60 + span.minutes)
}

fn nearest(name: &str) -> Option<String> {
    let fields = Kind::Interaction.record().fields.iter().map(|field| field.name);
    let best = fields.min_by_key(|known| text::edit_distance(known, name))?;
    (text::edit_distance(best, name) <= 2).then(|| best.to_owned())
}
