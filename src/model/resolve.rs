//! What a record is, given everything that any device ever said about it: which of concurrent changes is shown, which
//! are kept beside it, and whether the record is there at all. A pure function of the set of lines, whatever the order in
//! which they came.
//!
//! * A field is a register with all causally latest values. Among values that know nothing of each other the one with
//!   the greatest (time, device) is shown, the others are its siblings.
//! * What a Create says of a field counts until someone sets it. Of several Creates of one record the first one
//!   (least time, device) counts; a company is implied only while all of them say so.
//! * A delete is overruled by any change that it had not seen and that had not seen it. A restore is stronger than a
//!   delete that it had not seen.
//! * An undone Create is gone, unless something changed the record at the same time, without either having seen the
//!   other.
//! * What was erased is gone, whatever anyone says.

use super::edit::{Edit, New, NewId};
use super::ids::{Device, Gid};
use super::schema::Kind;
use super::value::Value;
use std::collections::BTreeMap;

/// A row of the log that says something about the record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RowRef {
    /// Who wrote it.
    pub device: Device,
    /// Its number among that device's rows.
    pub seq: i64,
    /// Hybrid logical time.
    pub hlc: i64,
}

/// The rows, and which of them knew which: `knows[a][b]` says that whoever wrote `a` had `b`.
#[derive(Clone, Debug, Default)]
pub struct Rows {
    /// The rows.
    pub rows: Vec<RowRef>,
    /// For each, which others its writer had.
    pub knows: Vec<Vec<bool>>,
}

impl Rows {
    fn had(&self, a: usize, b: usize) -> bool {
        a == b || self.knows[a][b]
    }

    /// Whether two rows knew nothing of each other.
    fn apart(&self, a: usize, b: usize) -> bool {
        !self.had(a, b) && !self.had(b, a)
    }

    /// Whether the second of two writes replaces the first: by a row that knew it, or by a later line of the same row.
    fn replaces(&self, later: Spot, earlier: Spot) -> bool {
        if later.row == earlier.row { later.line > earlier.line } else { self.knows[later.row][earlier.row] }
    }

    fn rank(&self, spot: Spot) -> (i64, Device, i64, i64) {
        let row = &self.rows[spot.row];
        #[cfg(feature = "simulation")]
        if super::sabotage::on(super::sabotage::Bug::TieBreak) {
            return (-row.hlc, !row.device, row.seq, spot.line);
        }
        (row.hlc, row.device, row.seq, spot.line)
    }
}

/// A line that says something about the record.
#[derive(Clone, Copy, Debug)]
pub struct Said<'a> {
    /// Position in `Rows::rows`.
    pub row: usize,
    /// Its number among the row's lines.
    pub line: i64,
    /// The number of its first Create among the row's.
    pub index: i64,
    /// What it says.
    pub edit: &'a Edit,
}

/// Where something was said: row, and line or number of the Create.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Spot {
    /// Position in `Rows::rows`.
    pub row: usize,
    /// The number of the line, or of the Create among the row's.
    pub line: i64,
}

/// A field as it is.
#[derive(Clone, Debug, PartialEq)]
pub struct Register {
    /// What is shown.
    pub value: Value,
    /// The row that set it; `None` if it is what the Create said.
    pub by: Option<usize>,
    /// Values that lost against it without having been seen.
    pub others: Vec<(usize, Value)>,
}

/// Whether a record is in the bin.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Bin {
    /// In the bin since this row.
    pub deleted: Option<usize>,
    /// The row that decided, if anyone ever deleted or restored it.
    pub by: Option<usize>,
    /// What others said at once: row, and whether it deleted.
    pub others: Vec<(usize, bool)>,
    /// Deletes that a change has overruled.
    pub overruled: Vec<usize>,
}

/// A record, or one that belongs to it, as it is.
#[derive(Clone, Debug, PartialEq)]
pub struct State {
    /// Its kind.
    pub kind: Kind,
    /// Its id.
    pub gid: Gid,
    /// The Creates that count, the first one first: row and number of the Create.
    pub births: Vec<Spot>,
    /// When it was made, ms since 1970, if its first Create says so.
    pub created: Option<i64>,
    /// Its fields by position; those that nobody gave a value are left out.
    pub fields: BTreeMap<usize, Register>,
    /// The bin.
    pub bin: Bin,
    /// Undos that a change has overruled.
    pub overruled: Vec<usize>,
    /// What belongs to it.
    pub children: Vec<State>,
    /// The id of each child of the first Create, in its order: what `Own` numbers name.
    pub own: Vec<(i64, Gid)>,
}

/// What became of a record.
#[derive(Clone, Debug, PartialEq)]
pub enum Outcome {
    /// It is there.
    There(Box<State>),
    /// All of its Creates were undone.
    Gone,
    /// It was erased.
    Erased,
}

/// What was said about one record, sorted.
#[derive(Default)]
struct Item<'a> {
    creates: Vec<(Spot, &'a New, Option<Spot>)>,
    drops: Vec<(Spot, Option<Gid>)>,
    sets: BTreeMap<usize, Vec<(Spot, &'a Value)>>,
    bins: Vec<(Spot, bool)>,
}

impl Item<'_> {
    fn writes(&self) -> impl Iterator<Item = Spot> + '_ {
        self.sets.values().flatten().map(|(spot, _)| *spot).chain(self.bins.iter().map(|(spot, _)| *spot))
    }
}

/// The id of a child that a Create makes as the `index`-th of its row.
fn child_id(row: &RowRef, index: i64, new: &New) -> Gid {
    match &new.id {
        NewId::Given(gid) => *gid,
        _ => Gid::Born { device: row.device, seq: row.seq, index },
    }
}

/// Says what the record is.
pub fn resolve(kind: Kind, gid: Gid, rows: &Rows, said: &[Said<'_>]) -> Outcome {
    let mut top = Item::default();
    let mut children: BTreeMap<(usize, Gid), Item<'_>> = BTreeMap::new();
    let mut outside = Vec::new();
    for line in said {
        let spot = Spot { row: line.row, line: line.line };
        match line.edit {
            Edit::Create { owner: None, new } => {
                let made = Spot { row: line.row, line: line.index };
                top.creates.push((made, new, None));
                for (index, child) in new.numbered(line.index) {
                    let id = child_id(&rows.rows[line.row], index, child);
                    let item = children.entry((child.kind as usize, id)).or_default();
                    item.creates.push((Spot { row: line.row, line: index }, child, Some(made)));
                }
            }
            Edit::Create { owner: Some(_), new } => {
                let id = child_id(&rows.rows[line.row], line.index, new);
                let item = children.entry((new.kind as usize, id)).or_default();
                item.creates.push((Spot { row: line.row, line: line.index }, new, None));
                outside.push(spot);
            }
            Edit::Erase(at) if at.owner.is_none() => return Outcome::Erased,
            edit => {
                let Some(at) = edit.at() else { continue };
                let own = at.owner.is_none();
                let item =
                    if own { &mut top } else { children.entry((at.kind as usize, at.id)).or_default() };
                match edit {
                    Edit::Set { field, after, .. } => {
                        item.sets.entry(*field).or_default().push((spot, after))
                    }
                    Edit::Delete(_) => item.bins.push((spot, true)),
                    Edit::Restore(_) => item.bins.push((spot, false)),
                    Edit::Drop { made, .. } => {
                        item.drops.push((spot, *made));
                        if !own {
                            outside.push(spot);
                        }
                    }
                    _ => {}
                }
            }
        }
    }
    let mut writes: Vec<Spot> = top.writes().collect();
    writes.extend(outside);
    writes.extend(children.values().flat_map(Item::writes));
    let Some(mut state) = item(kind, gid, rows, &top, &writes, None) else { return Outcome::Gone };
    let first = state.births[0];
    for ((of, id), child) in &children {
        let kind = super::schema::RECORDS[*of].kind;
        let writes: Vec<Spot> = child.writes().collect();
        if let Some(child) = self::item(kind, *id, rows, child, &writes, Some(&state.births)) {
            state.children.push(child);
        }
    }
    if let Some((made, new, _)) = top.creates.iter().find(|(made, ..)| *made == first) {
        let row = &rows.rows[made.row];
        state.own = new
            .numbered(made.line)
            .map(|(index, child)| (index - made.line, child_id(row, index, child)))
            .collect();
    }
    Outcome::There(Box::new(state))
}

/// A record by itself; `owner` says which Creates of what it belongs to count.
fn item(
    kind: Kind,
    gid: Gid,
    rows: &Rows,
    item: &Item<'_>,
    writes: &[Spot],
    owner: Option<&[Spot]>,
) -> Option<State> {
    let (undone, overruled) = undone(rows, item, writes, owner.is_some());
    let mut standing: Vec<&(Spot, &New, Option<Spot>)> = item
        .creates
        .iter()
        .filter(|(spot, _, within)| {
            !undone.contains(spot)
                && match (within, owner) {
                    (Some(within), Some(births)) => births.contains(within),
                    _ => true,
                }
        })
        .collect();
    standing.sort_by_key(|(spot, ..)| rows.rank(*spot));
    let (_, first, _) = standing.first()?;
    let mut fields = BTreeMap::new();
    for (field, value) in &first.fields {
        fields.insert(*field, Register { value: value.clone(), by: None, others: Vec::new() });
    }
    if kind == Kind::Contact
        && let Some(implied) = kind.record().field("implied")
        && standing.iter().any(|(_, new, _)| new.get("implied").is_none())
    {
        fields.remove(&implied);
    }
    for (field, sets) in &item.sets {
        let latest = latest(rows, sets);
        let Some((by, value)) = latest.last() else { continue };
        let others =
            latest[..latest.len() - 1].iter().map(|(spot, value)| (spot.row, (*value).clone())).collect();
        fields.insert(*field, Register { value: (*value).clone(), by: Some(by.row), others });
    }
    let births = standing.iter().map(|(spot, ..)| *spot).collect();
    Some(State {
        kind,
        gid,
        births,
        created: first.created,
        fields,
        bin: bin(rows, &item.bins, writes),
        overruled,
        children: Vec::new(),
        own: Vec::new(),
    })
}

/// The values that no other replaces, the one that is shown last.
fn latest<'a, T: Copy>(rows: &Rows, all: &'a [(Spot, T)]) -> Vec<(Spot, T)> {
    let stands = |(spot, _): &&'a (Spot, T)| !all.iter().any(|(other, _)| rows.replaces(*other, *spot));
    let mut latest: Vec<(Spot, T)> = all.iter().filter(stands).copied().collect();
    latest.sort_by_key(|(spot, _)| rows.rank(*spot));
    latest
}

/// The Creates that undos took back, and the undos that a change has overruled.
///
/// Of what belongs to another record an undo takes back every Create that it had seen: they are the same one, redone.
fn undone(rows: &Rows, item: &Item<'_>, writes: &[Spot], owned: bool) -> (Vec<Spot>, Vec<usize>) {
    let (mut undone, mut overruled) = (Vec::new(), Vec::new());
    for (drop, made) in &item.drops {
        if writes.iter().any(|write| rows.apart(drop.row, write.row)) {
            overruled.push(drop.row);
            continue;
        }
        let named = |spot: &Spot| match made {
            Some(Gid::Born { device, seq, index }) => {
                let row = &rows.rows[spot.row];
                row.device == *device && row.seq == *seq && spot.line == *index
            }
            _ => false,
        };
        let seen = item.creates.iter().map(|(spot, ..)| *spot).filter(|spot| rows.had(drop.row, spot.row));
        if owned {
            let seen: Vec<Spot> = seen.collect();
            undone.extend(seen);
            continue;
        }
        let found = if made.is_some() {
            item.creates.iter().map(|(spot, ..)| *spot).find(named)
        } else {
            seen.filter(|spot| !undone.contains(spot)).max_by_key(|spot| rows.rank(*spot))
        };
        undone.extend(found);
    }
    (undone, overruled)
}

fn bin(rows: &Rows, bins: &[(Spot, bool)], writes: &[Spot]) -> Bin {
    let latest = latest(rows, bins);
    let is_overruled = |delete: &Spot| {
        let apart = |write: &Spot| rows.apart(delete.row, write.row);
        // Other deletes of the same record say nothing for keeping it.
        let speaks =
            |write: &Spot| apart(write) && !bins.iter().any(|(spot, deleted)| *deleted && spot == write);
        writes.iter().any(speaks)
    };
    let overruled: Vec<usize> = latest
        .iter()
        .filter(|(spot, deleted)| *deleted && is_overruled(spot))
        .map(|(spot, _)| spot.row)
        .collect();
    let restored = latest.iter().rev().find(|(_, deleted)| !deleted);
    let deleted = latest.iter().rev().find(|(spot, deleted)| *deleted && !overruled.contains(&spot.row));
    let decided = restored.or(deleted).or(latest.last());
    let by = decided.map(|(spot, _)| spot.row);
    let others = latest
        .iter()
        .filter(|(spot, _)| Some(spot.row) != by)
        .map(|(spot, deleted)| (spot.row, *deleted))
        .collect();
    let deleted = if restored.is_some() { None } else { deleted.map(|(spot, _)| spot.row) };
    Bin { deleted, by, others, overruled }
}
