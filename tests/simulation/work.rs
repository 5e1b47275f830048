//! What somebody does with a book, and what of it is derived.

use rolo::model::edit::{New, NewId};
use rolo::model::ids::Gid;
use rolo::model::schema::{Key, Kind};
use rolo::model::value::Value;
use rolo::store::{Meta, Place, Receipt, Result, Store, Tx, hays, lines, sql, undo};
use rusqlite::Connection;

/// One step of a history; numbers pick among what is there.
#[derive(Clone, Debug)]
pub(super) enum Step {
    Add { name: String, company: Option<u8>, tags: Vec<u8>, methods: u8 },
    Rename(u16, String),
    Title(u16, String),
    Employer(u16, Option<u8>),
    AddMethod(u16, String),
    ChangeMethod(u16, String),
    RemoveChild(u16),
    Tag(u16, u8),
    Bin(u16),
    Unbin(u16),
    Log(Vec<u16>, String),
    EditInteraction(u16, String),
    Merge(u16, u16),
    Unmerge(u16),
    Bulk(String),
    Country(u8),
    Undo(u16),
    UndoLast,
    Redo,
}

pub(super) fn pick(conn: &Connection, kind: Kind, number: u16) -> Option<Place> {
    let record = kind.record();
    let key = match record.key {
        Key::Top => "id, 0".to_owned(),
        Key::Child(_, owner) => format!("\"{owner}\", n"),
    };
    let live = if let Key::Top = record.key { "1" } else { "deleted is null" };
    let sql = format!("select {key} from \"{}\" where {live} order by 1, 2", record.name);
    let all: Vec<(i64, i64)> = conn
        .prepare(&sql)
        .unwrap()
        .query_map([], |row| Ok((row.get(0)?, row.get(1)?)))
        .unwrap()
        .map(|row| row.unwrap())
        .collect();
    let (id, n) = *all.get(usize::from(number).checked_rem(all.len())?)?;
    Some(Place { kind, id, n })
}

fn named(tx: &mut Tx<'_>, kind: Kind, name: &str) {
    let mut new = New::of(kind).with_id(NewId::Named(name.to_owned())).with("name", Value::text(name));
    if kind == Kind::Contact {
        new = new.with("kind", Value::text("company")).with("implied", Value::flag(true));
    }
    tx.create(new).unwrap();
}

pub(super) fn meta() -> Meta {
    Meta { author: "tester".into(), origin: "test".into(), ..Meta::default() }
}

pub(super) fn run(store: &mut Store, step: &Step) -> Result<Receipt> {
    let n = match step {
        Step::Undo(number) => {
            let steps = undo::steps(store.conn())?;
            let open: Vec<_> = steps.iter().filter(|step| !step.undoing && !step.undone).collect();
            match usize::from(*number).checked_rem(open.len()) {
                Some(at) => open[at].n,
                None => return Ok(Receipt { batch: 0, edits: 0 }),
            }
        }
        Step::UndoLast => match undo::undoable(store.conn(), store.device())? {
            Some(step) => step.n,
            None => return Ok(Receipt { batch: 0, edits: 0 }),
        },
        Step::Redo => match undo::redoable(store.conn(), store.device())? {
            Some(step) => step.n,
            None => return Ok(Receipt { batch: 0, edits: 0 }),
        },
        _ => return store.write(&meta(), |tx| edit(tx, step)).map(|(_, receipt)| receipt),
    };
    Ok(undo::undo(store, &meta(), n)?.receipt)
}

fn edit(tx: &mut Tx<'_>, step: &Step) -> Result<()> {
    let uid =
        |tx: &Tx<'_>, place: Place| Gid::Uid(sql::uid_of(tx.conn(), place.kind, place.id).unwrap().unwrap());
    match step {
        Step::Add { name, company, tags, methods } => {
            let mut new = New::of(Kind::Contact).with("name", Value::text(name));
            if let Some(company) = company {
                named(tx, Kind::Contact, &format!("Company {company}"));
                new.put("company", Value::Named(format!("company {company}")));
            }
            for n in 0..*methods {
                let phone = format!("+1 212 555 01{n:02}");
                let method = New::of(Kind::Method).with("type", Value::text("phone"));
                new.children.push(method.with("value", Value::text(phone)));
            }
            if *methods > 0 {
                new.put("preferred_phone", Value::Own(i64::from(*methods)));
            }
            for tag in tags {
                named(tx, Kind::Tag, &format!("tag {tag}"));
                new.children.push(New::of(Kind::Tagging).with("tag", Value::Named(format!("tag {tag}"))));
            }
            tx.create(new)?;
        }
        Step::Rename(who, name) => set(tx, Kind::Contact, *who, "name", Value::text(name))?,
        Step::Title(who, title) => set(tx, Kind::Contact, *who, "title", Value::text(title))?,
        Step::Employer(who, company) => {
            let value = company.map_or(Value::Null, |company| {
                named(tx, Kind::Contact, &format!("Company {company}"));
                Value::Named(format!("Company {company}"))
            });
            set(tx, Kind::Contact, *who, "company", value)?;
        }
        Step::AddMethod(who, value) => {
            if let Some(place) = pick(tx.conn(), Kind::Contact, *who) {
                let new = New::of(Kind::Method)
                    .with("type", Value::text("phone"))
                    .with("value", Value::text(value));
                tx.create_under(uid(tx, place), new)?;
            }
        }
        Step::ChangeMethod(which, value) => set(tx, Kind::Method, *which, "value", Value::text(value))?,
        Step::RemoveChild(which) => {
            for kind in [Kind::Method, Kind::Tagging] {
                if let Some(place) = pick(tx.conn(), kind, *which) {
                    tx.delete(place)?;
                }
            }
        }
        Step::Tag(who, tag) => {
            if let Some(place) = pick(tx.conn(), Kind::Contact, *who) {
                named(tx, Kind::Tag, &format!("tag {tag}"));
                let new = New::of(Kind::Tagging).with("tag", Value::Named(format!("tag {tag}")));
                tx.create_under(uid(tx, place), new)?;
            }
        }
        Step::Bin(who) => {
            if let Some(place) = pick(tx.conn(), Kind::Contact, *who) {
                tx.delete(place)?;
            }
        }
        Step::Unbin(who) => {
            if let Some(place) = pick(tx.conn(), Kind::Contact, *who) {
                tx.restore(place)?;
            }
        }
        Step::Log(who, body) => {
            let mut new =
                New::of(Kind::Interaction).with("kind", Value::text("call")).with("body", Value::text(body));
            new.put("at", Value::Int(tx.millis()));
            for who in who {
                if let Some(place) = pick(tx.conn(), Kind::Contact, *who) {
                    new.children.push(New::of(Kind::Participant).with("contact", Value::Ref(uid(tx, place))));
                }
            }
            tx.create(new)?;
        }
        Step::EditInteraction(which, body) => set(tx, Kind::Interaction, *which, "body", Value::text(body))?,
        Step::Merge(a, b) => {
            if let (Some(a), Some(b)) =
                (pick(tx.conn(), Kind::Contact, *a), pick(tx.conn(), Kind::Contact, *b))
            {
                let (a, b) = (uid(tx, a), uid(tx, b));
                tx.create(New::of(Kind::Same).with("a", Value::Ref(a)).with("b", Value::Ref(b)))?;
            }
        }
        Step::Unmerge(which) => {
            if let Some(place) = pick(tx.conn(), Kind::Same, *which) {
                tx.delete(place)?;
            }
        }
        Step::Bulk(title) => {
            for who in 0..5 {
                set(tx, Kind::Contact, who, "title", Value::text(title))?;
            }
        }
        Step::Country(country) => {
            let country = ["DE", "US", "CN"][usize::from(*country)];
            let key = NewId::Named("country".to_owned());
            match pick(tx.conn(), Kind::Setting, 0) {
                Some(place) => tx.set(place, "value", Value::text(country)).map(drop)?,
                None => {
                    let new = New::of(Kind::Setting).with_id(key).with("key", Value::text("country"));
                    tx.create(new.with("value", Value::text(country)))?;
                }
            }
        }
        Step::Undo(_) | Step::UndoLast | Step::Redo => unreachable!(),
    }
    Ok(())
}

fn set(tx: &mut Tx<'_>, kind: Kind, which: u16, field: &str, value: Value) -> Result<()> {
    match pick(tx.conn(), kind, which) {
        Some(place) => tx.set(place, field, value).map(drop),
        None => Ok(()),
    }
}

pub(super) fn derived(conn: &Connection) -> Vec<String> {
    let mut all = Vec::new();
    for sql in [
        "select hex(c.uid) || '|' || hex(r.uid) || '|' || c.hidden || '|' || c.sort || '|' || ifnull(c.last, '') \
         from contact c join contact r on r.id=c.root",
        "select hex(c.uid) || '|' || m.value || '|' || ifnull(m.norm, '') || '|' || ifnull(m.hash, '') from method m join contact c on c.id=m.contact",
    ] {
        let mut statement = conn.prepare(sql).unwrap();
        all.extend(statement.query_map([], |row| row.get::<_, String>(0)).unwrap().map(|row| row.unwrap()));
    }
    let ids: Vec<i64> = (0..10_000).collect();
    let lines = lines::Lines::of(conn, &ids).unwrap();
    let found = hays::each(conn, "0,1,2,3,4,5", Vec::new, |found, hay| {
        let line = lines.get(hay.contact).unwrap();
        let flags = [line.is_company(), line.is_starred(), line.is_archived()];
        let text = String::from_utf8_lossy(hay.text).into_owned();
        found.push(format!("{:?} {} {text:?} {:?} {flags:?}", line.tail(), hay.last, line.texts()));
        std::ops::ControlFlow::Continue(())
    });
    all.extend(found.unwrap().concat());
    all.sort();
    all
}
