//! What a book should be, worked out in the plainest way from all rows at once and from what the simulation itself knows of who had
//! seen what. Shares no code with `model::resolve`, nor with the tables.

use super::truth::{Set, Truth};
use rolo::model::edit::{At, Edit, New, NewId, write_field};
use rolo::model::ids::{Device, Gid, named_v8};
use rolo::model::schema::{Kind, RECORDS, Type};
use rolo::model::value::Value;
use rolo::store::{log, undo};
use rusqlite::Connection;
use std::collections::{BTreeMap, BTreeSet};

/// Where a record was made, as what, and where that was taken back.
type Birth<'a> = (Spot, &'a New, Option<Spot>);

/// A row of the log.
struct Row {
    id: usize,
    device: Device,
    seq: i64,
    hlc: i64,
    lines: Vec<log::Line>,
    made: Vec<Option<Gid>>,
}

/// One thing that was said: in which row, and where there.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
struct Spot {
    row: usize,
    at: i64,
}

/// Everything that was said of a record.
#[derive(Default)]
struct Record<'a> {
    /// Where it was made, as what, and, for what came with another record, where that was made.
    creates: Vec<(Spot, &'a New, Option<Spot>)>,
    sets: BTreeMap<usize, Vec<(Spot, &'a Value)>>,
    bins: Vec<(Spot, bool)>,
    drops: Vec<(Spot, Option<Gid>)>,
    /// What speaks for keeping it.
    signs: Vec<Spot>,
    owned: BTreeSet<(usize, Gid)>,
}

type Key = (usize, Gid);

struct Reference<'a> {
    book: [u8; 16],
    rows: &'a [Row],
    pasts: &'a [Set],
    tops: BTreeMap<Key, Record<'a>>,
    owned: BTreeMap<Key, (Key, Record<'a>)>,
    erased: BTreeSet<Key>,
}

/// The lines that `dump` should give, and the values that nobody would ever see again.
pub(super) fn reference(
    conn: &Connection,
    book: [u8; 16],
    truth: &Truth,
) -> (Vec<String>, Vec<(String, Gid)>) {
    let rows: Vec<Row> = log::since(conn, 0)
        .unwrap()
        .into_iter()
        .map(|head| {
            let lines = log::edits(conn, head.n).unwrap();
            let id = truth.row(&(head.seed, head.device, head.seq)).unwrap();
            let made = lines.iter().map(|line| match &line.edit {
                Edit::Create { new, .. } => Some(undo::made_id(book, &head, line.index, new)),
                _ => None,
            });
            let made = made.collect();
            Row { id, device: head.device, seq: head.seq, hlc: head.hlc, lines, made }
        })
        .collect();
    let mut all = Reference {
        book,
        rows: &rows,
        pasts: &truth.pasts,
        tops: BTreeMap::new(),
        owned: BTreeMap::new(),
        erased: BTreeSet::new(),
    };
    all.read();
    all.lines()
}

impl<'a> Reference<'a> {
    fn read(&mut self) {
        for (row, of) in self.rows.iter().enumerate() {
            for (at, line) in of.lines.iter().enumerate() {
                let spot = Spot { row, at: at as i64 };
                match &line.edit {
                    Edit::Create { owner, new } => {
                        let made = Spot { row, at: line.index };
                        let id = (new.kind as usize, of.made[at].unwrap());
                        match owner {
                            None => {
                                self.tops.entry(id).or_default().creates.push((made, new, None));
                                for (index, child) in new.numbered(line.index) {
                                    let gid = match child.id {
                                        NewId::Given(gid) => gid,
                                        _ => Gid::Born { device: of.device, seq: of.seq, index },
                                    };
                                    let child_id = (child.kind as usize, gid);
                                    let spot = Spot { row, at: index };
                                    self.child(child_id, id).creates.push((spot, child, Some(made)));
                                }
                            }
                            Some(owner) => {
                                let owner = (owner_of(new.kind) as usize, *owner);
                                self.child(id, owner).creates.push((made, new, None));
                                self.tops.entry(owner).or_default().signs.push(spot);
                            }
                        }
                    }
                    Edit::Set { at, field, after, .. } => {
                        let record = self.about(at, spot, true);
                        record.sets.entry(*field).or_default().push((spot, after));
                    }
                    Edit::Delete(at) => self.about(at, spot, true).bins.push((spot, true)),
                    Edit::Restore(at) => self.about(at, spot, true).bins.push((spot, false)),
                    Edit::Drop { at, made } => {
                        let owned = at.owner.is_some();
                        if let Some(owner) = at.owner {
                            let owner = (owner_of(at.kind) as usize, owner);
                            self.tops.entry(owner).or_default().signs.push(spot);
                        }
                        let made = if owned { None } else { *made };
                        self.about(at, spot, false).drops.push((spot, made));
                    }
                    Edit::Erase(at) => drop(self.erased.insert((at.kind as usize, at.id))),
                    Edit::Erased { .. } | Edit::Unknown { .. } => {}
                }
            }
        }
    }

    fn child(&mut self, id: Key, owner: Key) -> &mut Record<'a> {
        self.tops.entry(owner).or_default().owned.insert(id);
        &mut self.owned.entry(id).or_insert_with(|| (owner, Record::default())).1
    }

    /// The record that a line is about; noted as a sign that somebody works with it and with what it belongs to.
    fn about(&mut self, at: &At, spot: Spot, sign: bool) -> &mut Record<'a> {
        let id = (at.kind as usize, at.id);
        match at.owner {
            None => {
                let record = self.tops.entry(id).or_default();
                if sign {
                    record.signs.push(spot);
                }
                record
            }
            Some(owner) => {
                let owner = (owner_of(at.kind) as usize, owner);
                if sign {
                    self.tops.entry(owner).or_default().signs.push(spot);
                }
                let record = self.child(id, owner);
                if sign {
                    record.signs.push(spot);
                }
                record
            }
        }
    }

    /// Whether whoever wrote row `a` had row `b`.
    fn had(&self, a: usize, b: usize) -> bool {
        a == b || self.pasts[self.rows[a].id].has(self.rows[b].id)
    }

    fn apart(&self, a: Spot, b: Spot) -> bool {
        !self.had(a.row, b.row) && !self.had(b.row, a.row)
    }

    fn after(&self, a: Spot, b: Spot) -> bool {
        if a.row == b.row { a.at > b.at } else { self.had(a.row, b.row) }
    }

    fn rank(&self, spot: Spot) -> (i64, Device, i64, i64) {
        let row = &self.rows[spot.row];
        (row.hlc, row.device, row.seq, spot.at)
    }

    /// What nobody replaced, the greatest last.
    fn newest<T: Copy>(&self, all: &[(Spot, T)]) -> Vec<(Spot, T)> {
        let replaced = |one: &Spot| all.iter().any(|(other, _)| self.after(*other, *one));
        let mut newest: Vec<(Spot, T)> = all.iter().filter(|(spot, _)| !replaced(spot)).copied().collect();
        newest.sort_by_key(|(spot, _)| self.rank(*spot));
        newest
    }

    /// The Creates that stand, the first one first.
    fn standing<'r>(
        &self,
        record: &'r Record<'a>,
        owner: Option<&[Spot]>,
    ) -> Vec<&'r (Spot, &'a New, Option<Spot>)> {
        let mut gone = BTreeSet::new();
        for (drop, made) in &record.drops {
            if record.signs.iter().any(|sign| self.apart(*drop, *sign)) {
                continue;
            }
            let taken = record.creates.iter().map(|(spot, ..)| *spot).filter(|spot| match (owner, made) {
                (None, Some(Gid::Born { device, seq, index })) => {
                    let row = &self.rows[spot.row];
                    (row.device, row.seq, spot.at) == (*device, *seq, *index)
                }
                _ => self.had(drop.row, spot.row),
            });
            gone.extend(taken);
        }
        let within = |made: &Option<Spot>| match (made, owner) {
            (Some(made), Some(owner)) => owner.contains(made),
            _ => true,
        };
        let stands = |(spot, _, made): &&(Spot, &New, Option<Spot>)| !gone.contains(spot) && within(made);
        let mut standing: Vec<_> = record.creates.iter().filter(stands).collect();
        standing.sort_by_key(|(spot, ..)| self.rank(*spot));
        standing
    }

    fn lines(&self) -> (Vec<String>, Vec<(String, Gid)>) {
        let (mut lines, mut lost) = (Vec::new(), Vec::new());
        let there = self.tops.iter().filter(|(id, _)| !self.erased.contains(*id));
        let there: BTreeMap<Key, Vec<&Birth<'_>>> = there
            .filter_map(|(id, record)| {
                let standing = self.standing(record, None);
                if record.creates.is_empty() {
                    lost.push((format!("{} {} was never made", RECORDS[id.0].name, id.1), id.1));
                }
                (!standing.is_empty()).then_some((*id, standing))
            })
            .collect();
        for (id, standing) in &there {
            let record = &self.tops[id];
            let births: Vec<Spot> = standing.iter().map(|(spot, ..)| *spot).collect();
            let mut children = BTreeSet::new();
            let mut found = Vec::new();
            for child in &record.owned {
                let of = &self.owned[child].1;
                if of.creates.is_empty() {
                    let name = RECORDS[child.0].name;
                    lost.push((format!("{name} {} of {} was never made", child.1, id.1), child.1));
                }
                let standing = self.standing(of, Some(&births));
                if !standing.is_empty() {
                    children.insert(*child);
                    found.push((*child, of, standing));
                }
            }
            let exists = |kind: Kind, gid: Gid| {
                there.contains_key(&(kind as usize, gid)) || children.contains(&(kind as usize, gid))
            };
            let (birth, new, _) = standing[0];
            let row = &self.rows[birth.row];
            let own = |child: i64| {
                new.numbered(birth.at).find(|(index, _)| index - birth.at == child).map(|(index, child)| {
                    match child.id {
                        NewId::Given(gid) => gid,
                        _ => Gid::Born { device: row.device, seq: row.seq, index },
                    }
                })
            };
            self.record(*id, None, record, standing, &exists, &own, &mut lines);
            for (child, of, standing) in found {
                self.record(child, Some(id.1), of, &standing, &exists, &own, &mut lines);
            }
        }
        lines.sort();
        (lines, lost)
    }

    #[allow(clippy::too_many_arguments)]
    fn record(
        &self,
        (kind, gid): Key,
        owner: Option<Gid>,
        record: &Record<'a>,
        standing: &[&(Spot, &New, Option<Spot>)],
        exists: &dyn Fn(Kind, Gid) -> bool,
        own: &dyn Fn(i64) -> Option<Gid>,
        lines: &mut Vec<String>,
    ) {
        let of = &RECORDS[kind];
        let (birth, first, _) = standing[0];
        let mut shown: BTreeMap<usize, Value> = first.fields.iter().cloned().collect();
        let implied = standing.iter().all(|(_, new, _)| new.get("implied").is_some());
        if !implied && let Some(field) = of.field("implied") {
            shown.remove(&field);
        }
        let by = |spot: &Spot| format!("{:016X}.{}", self.rows[spot.row].device, self.rows[spot.row].seq);
        for (field, sets) in &record.sets {
            let mut newest = self.newest(sets);
            let Some((_, value)) = newest.pop() else { continue };
            shown.insert(*field, value.clone());
            for (spot, value) in newest {
                let ty = of.fields[*field].ty;
                let value = match (ty, value) {
                    (Type::Ref(kind), Value::Named(name)) => Value::Ref(self.named(kind, name)),
                    (_, value) => value.clone(),
                };
                let text = write_field(ty, &value);
                lines.push(format!(
                    "sibling {} {gid} {}={text} by {}",
                    of.name,
                    of.fields[*field].name,
                    by(&spot)
                ));
            }
        }
        // In the bin or not: a restore is stronger than a delete that it had not seen, and so is any work with it.
        let newest = self.newest(&record.bins);
        let deletes: BTreeSet<Spot> =
            record.bins.iter().filter(|(_, gone)| *gone).map(|(spot, _)| *spot).collect();
        let overruled = |delete: &Spot| {
            record.signs.iter().any(|sign| !deletes.contains(sign) && self.apart(*delete, *sign))
        };
        let restore = newest.iter().rev().find(|(_, gone)| !gone);
        let delete = newest.iter().rev().find(|(spot, gone)| *gone && !overruled(spot));
        let deleted = restore.is_none() && delete.is_some();
        if let Some((decides, _)) = restore.or(delete).or(newest.last()) {
            for (spot, gone) in newest.iter().filter(|(spot, _)| spot.row != decides.row) {
                lines.push(format!("sibling {} {gid} bin={gone} by {}", of.name, by(spot)));
            }
        }
        let mut line = format!("{} {gid}", of.name);
        match owner {
            Some(_) if deleted => return,
            Some(owner) => line.push_str(&format!(" of {owner}")),
            None => {
                if deleted {
                    line.push_str(" deleted");
                }
                if gid.uid().is_some_and(|uid| uid[6] >> 4 != 8) {
                    let created = first.created.unwrap_or(self.rows[birth.row].hlc >> 16);
                    line.push_str(&format!(" created={created}"));
                }
            }
        }
        for (field, value) in &shown {
            let value = match (of.fields[*field].ty, value) {
                (Type::Ref(kind), Value::Ref(to)) if exists(kind, *to) => Value::Ref(*to),
                (Type::Ref(kind), Value::Named(name)) => {
                    let to = self.named(kind, name);
                    if exists(kind, to) { Value::Ref(to) } else { Value::Null }
                }
                (Type::Ref(kind), Value::Own(child)) => {
                    own(*child).filter(|to| exists(kind, *to)).map_or(Value::Null, Value::Ref)
                }
                (Type::Ref(_), _) => Value::Null,
                (_, value) => value.clone(),
            };
            if !value.is_null() {
                line.push_str(&format!(" {}={value:?}", of.fields[*field].name));
            }
        }
        lines.push(line);
    }

    fn named(&self, kind: Kind, name: &str) -> Gid {
        Gid::Uid(named_v8(&self.book, kind.record().name, name))
    }
}

fn owner_of(kind: Kind) -> Kind {
    match kind.record().key {
        rolo::model::schema::Key::Child(owner, _) => owner,
        rolo::model::schema::Key::Top => kind,
    }
}
