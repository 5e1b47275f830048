//! What must hold at the end of every history.

use super::reference::reference;
use super::truth::Set;
use super::work::derived;
use super::world::{Replica, World};
use rolo::model::edit::Edit;
use rolo::model::ids::Gid;
use rolo::model::row::Row;
use rolo::store::known::Stand;
use rolo::store::{aside, log, receive, replay, undo};
use std::collections::BTreeSet;

/// What does not hold, if anything.
pub(super) fn judge(world: &mut World) -> Result<(), String> {
    let dumps: Vec<Vec<String>> =
        world.replicas.iter().map(|one| replay::dump(one.store().conn()).unwrap()).collect();
    let shown = derived(world.replicas[0].store().conn());
    let rows = vector(world, 0);
    for at in 0..world.replicas.len() {
        let conn = world.replicas[at].store().conn();
        if vector(world, at) != rows {
            return Err(format!("device {at} has other rows; {}", world.stands()));
        }
        let waiting = receive::waiting(conn).unwrap();
        if waiting > 0 {
            return Err(format!("device {at}: {waiting} rows wait for what never comes; {}", world.stands()));
        }
        same(&dumps[at], &dumps[0], &format!("device {at} shows another book than device 0"))?;
        let wrong = replay::check_tables(conn).unwrap();
        if !wrong.is_empty() {
            return Err(format!("device {at}: check says {wrong:#?}"));
        }
        same(&derived(conn), &shown, &format!("device {at} derives other things than device 0"))?;
        same(&seen(world, at), &seen(world, 0), &format!("device {at} has it otherwise who had seen what"))?;
    }
    // All have the same rows and the same book; in which order they came is each one's own. Two of them once more, from their
    // logs alone.
    let count = world.replicas.len();
    for at in [world.seed as usize % (count - 1), count - 1] {
        let rebuilt = replay::replay(world.replicas[at].store().conn()).unwrap();
        same(
            &replay::dump(&rebuilt).unwrap(),
            &dumps[0],
            &format!("the log of device {at} gives another book"),
        )?;
        same(&derived(&rebuilt), &shown, &format!("the log of device {at} gives other derived things"))?;
    }
    let aside = acknowledged(world)?;
    let store = world.replicas[0].store();
    let (lines, lost) = reference(store.conn(), store.book(), &world.truth);
    same(&dumps[0], &lines, "the book is not what the reference says")?;
    // What belongs to a row that two copies of a device wrote under one number, and that went on under another name, has another
    // name, too: what a third device said of it under the old one is put aside.
    // And what a row has made that counts for nobody, because its device was there twice and is gone, nobody can show.
    let renamed = |gid: &Gid| match gid {
        Gid::Born { device, seq, .. } => {
            world.truth.names.iter().any(|(_, of, number)| (of, number) == (device, seq))
        }
        Gid::Uid(_) => false,
    };
    if let Some((lost, _)) = lost.iter().find(|(_, gid)| !renamed(gid) && !aside.contains(gid)) {
        return Err(format!("a value that was acknowledged is lost: {lost}"));
    }
    // What comes again changes nothing.
    let again: Vec<_> = rows
        .iter()
        .flat_map(|(device, ..)| {
            log::rows_from(world.replicas[1].store().conn(), *device, 1, usize::MAX).unwrap()
        })
        .collect();
    let received = world.replicas[0].store_mut().receive(again).unwrap();
    if received.applied > 0 || !received.refused.is_empty() || !received.forked.is_empty() {
        return Err(format!("rows that came again were taken for others: {received:?}"));
    }
    let after = replay::dump(world.replicas[0].store().conn()).unwrap();
    same(&after, &dumps[0], "rows that came again changed the book")
}

/// How far the rows of each device are here, and the hash of the last.
fn vector(world: &World, at: usize) -> Vec<(u64, i64, [u8; 32])> {
    let store = world.replicas[at].store();
    let all = store.vector().unwrap().into_iter();
    all.map(|(device, seq)| (device, seq, store.hash_of(device, seq).unwrap())).collect()
}

/// Who had seen what when they wrote, as a device keeps it.
fn seen(world: &World, at: usize) -> Vec<String> {
    let conn = world.replicas[at].store().conn();
    let mut statement = conn
        .prepare(
            "select format('%s.%d had %s up to %d', hex(d.id), s.seq, hex(o.id), s.upto) \
             from seen s join device d on d.n=s.device join device o on o.n=s.other order by 1",
        )
        .unwrap();
    statement.query_map([], |row| row.get(0)).unwrap().map(|row| row.unwrap()).collect()
}

/// Everything that was ever written is in the log of all, unless it went with a disk before anybody had it. Returns what was made
/// by rows that are only kept aside.
fn acknowledged(world: &World) -> Result<BTreeSet<Gid>, String> {
    let mut made = BTreeSet::new();
    let has = &world.replicas[0].has;
    let seeds =
        |rows: &Set| -> BTreeSet<[u8; 16]> { rows.all().map(|row| world.truth.names[row].0).collect() };
    // What went with a disk may have had another name by then than when it was written.
    let (here, lost) = (seeds(has), seeds(&world.lost));
    for name in &world.truth.names {
        if here.contains(&name.0) {
            continue;
        }
        // Its device was there twice and is gone: what it had said is still kept aside.
        let kept = |one: &Replica| aside::kept_aside(one.store().conn(), name.1, name.2).unwrap();
        let aside = world.replicas.iter().flat_map(kept).find(|row| row.seed == name.0);
        match aside {
            Some(aside) => made.extend(made_by(&aside, world.replicas[0].store().book())),
            None if lost.contains(&name.0) => {}
            None => return Err(format!("row {} of {:016x} was acknowledged and is lost", name.2, name.1)),
        }
    }
    Ok(made)
}

/// The ids of what a row makes.
fn made_by(row: &Row, book: [u8; 16]) -> Vec<Gid> {
    let stand = Stand { n: 0, device: 0, seq: row.seq, hlc: row.hlc, id: row.device };
    let mut made = Vec::new();
    for line in log::lines(&row.text, &[]).map(Result::unwrap) {
        let Edit::Create { new, .. } = &line.edit else { continue };
        for (index, new) in std::iter::once((line.index, new)).chain(new.numbered(line.index)) {
            made.push(undo::made_id_of(book, &stand, &row.seed, index, new));
        }
    }
    made
}

/// Shows only what differs.
fn same(here: &[String], there: &[String], what: &str) -> Result<(), String> {
    if here == there {
        return Ok(());
    }
    let lacks = |a: &[String], b: &[String]| -> Vec<String> {
        let b: BTreeSet<&String> = b.iter().collect();
        a.iter().filter(|line| !b.contains(line)).take(6).cloned().collect()
    };
    Err(format!("{what}: {:#?} instead of {:#?}", lacks(here, there), lacks(there, here)))
}
