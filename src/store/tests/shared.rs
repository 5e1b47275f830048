//! The same book on several devices: whatever they do and in whatever order their rows arrive, in the end all have the
//! same, which is also what the log alone gives.

use super::{Step, derived, run, step};
use crate::clock::Clock;
use crate::model::row::Row;
use crate::store::entropy::Entropy;
use crate::store::*;
use chrono::DateTime;
use proptest::prelude::*;
use std::collections::HashMap;
use tempfile::TempDir;

struct Replica {
    store: Store,
    _folder: TempDir,
}

/// Clocks that differ by minutes and by years.
const CLOCKS: [&str; 4] =
    ["2026-03-01T10:00:00Z", "2026-03-01T10:05:00Z", "2019-01-01T00:00:00Z", "2031-07-07T07:07:07Z"];

fn replicas(count: usize) -> Vec<Replica> {
    let mut all: Vec<Replica> = Vec::new();
    for at in 0..count {
        let folder = tempfile::tempdir().unwrap();
        let clock = Clock::fixed(DateTime::parse_from_rfc3339(CLOCKS[at % CLOCKS.len()]).unwrap());
        let entropy = Entropy::seeded(at as u64 * 1_000_000);
        let (path, state) = (folder.path().join("book.rolo"), folder.path().join("state"));
        let store = Store::join(&path, &state, clock, entropy, [7; 16]).unwrap();
        all.push(Replica { store, _folder: folder });
    }
    all
}

/// The rows that `from` has and `to` lacks.
fn missing(from: &Store, to: &Store) -> Vec<Row> {
    let has: HashMap<_, _> = to.vector().unwrap().into_iter().collect();
    let mut rows = Vec::new();
    for (device, seq) in from.vector().unwrap() {
        let there = has.get(&device).copied().unwrap_or(0);
        if seq > there {
            rows.extend(log::rows_from(from.conn(), device, there + 1, usize::MAX).unwrap());
        }
    }
    rows
}

/// What happens: a step of one device, or some rows of one that reach another, in some order.
#[derive(Clone, Debug)]
enum Event {
    Does(usize, Step),
    Sends {
        from: usize,
        to: usize,
        order: u64,
    },
    /// For a while only some of another device's rows count.
    Doubts {
        at: usize,
        of: usize,
        percent: u8,
    },
}

fn event(count: usize) -> impl Strategy<Value = Event> {
    prop_oneof![
        3 => (0..count, step()).prop_map(|(who, step)| Event::Does(who, step)),
        1 => (0..count, 0..count, any::<u64>()).prop_map(|(from, to, order)| Event::Sends { from, to, order }),
        1 => (0..count, 0..count, 0..100u8).prop_map(|(at, of, percent)| Event::Doubts { at, of, percent }),
    ]
}

/// Shuffles, leaves some out, doubles some.
fn ruffled(mut rows: Vec<Row>, mut order: u64) -> Vec<Row> {
    let mut random = || {
        order = order.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (order >> 33) as usize
    };
    for at in (1..rows.len()).rev() {
        rows.swap(at, random() % (at + 1));
    }
    let keep = if random() % 2 == 0 { rows.len() } else { random() % (rows.len() + 1) };
    rows.truncate(keep);
    if let Some(row) = rows.first().cloned() {
        rows.push(row);
    }
    rows
}

fn send(all: &mut [Replica], from: usize, to: usize, order: Option<u64>) {
    if from == to {
        return;
    }
    let rows = missing(&all[from].store, &all[to].store);
    let rows = match order {
        Some(order) => ruffled(rows, order),
        None => rows,
    };
    let received = all[to].store.receive(rows).unwrap();
    assert_eq!((received.refused, received.forked), (vec![], vec![]));
}

fn same(all: &mut [Replica]) {
    for _ in 0..2 {
        for from in 0..all.len() {
            for to in 0..all.len() {
                send(all, from, to, None);
            }
        }
    }
    let dumps: Vec<_> = all.iter().map(|one| replay::dump(one.store.conn()).unwrap()).collect();
    for (at, one) in all.iter().enumerate() {
        assert_eq!(receive::waiting(one.store.conn()).unwrap(), 0);
        let parked: i64 =
            one.store.conn().query_row("select count(*) from local_parked", [], |row| row.get(0)).unwrap();
        assert_eq!(parked, 0, "a line of a row was put aside");
        equal(&dumps[at], &dumps[0], "other than device 0", at);
        let rebuilt = replay::replay(one.store.conn()).unwrap();
        equal(&replay::dump(&rebuilt).unwrap(), &dumps[at], "the log gives another book", at);
        assert_eq!(derived(&rebuilt), derived(one.store.conn()));
        assert_eq!(replay::check(one.store.conn()).unwrap(), Vec::<String>::new());
    }
}

/// Shows only what differs.
fn equal(here: &[String], there: &[String], what: &str, device: usize) {
    let lacks =
        |a: &[String], b: &[String]| a.iter().filter(|line| !b.contains(line)).cloned().collect::<Vec<_>>();
    assert!(
        here == there,
        "device {device}: {what}: {:#?} instead of {:#?}",
        lacks(here, there),
        lacks(there, here)
    );
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 100, max_shrink_iters: 3000, failure_persistence: None, rng_seed: proptest::test_runner::RngSeed::Fixed(2026), ..ProptestConfig::default() })]

    #[test]
    fn devices_that_have_the_same_rows_have_the_same_book(
        history in proptest::collection::vec(event(3), 1..60)
    ) {
        let mut all = replicas(3);
        for event in &history {
            match event {
                Event::Does(who, step) => drop(run(&mut all[*who].store, step).unwrap()),
                Event::Sends { from, to, order } => send(&mut all, *from, *to, Some(*order)),
                Event::Doubts { at, of, percent } if at != of => {
                    let device = all[*of].store.device();
                    let here = all[*at].store.vector().unwrap().into_iter().find(|(other, _)| *other == device);
                    let last = here.map_or(0, |(_, seq)| seq) * i64::from(*percent) / 100;
                    all[*at].store.limit(&[(device, last)]).unwrap();
                    all[*at].store.limit(&[]).unwrap();
                }
                Event::Doubts { .. } => {}
            }
        }
        same(&mut all);
    }
}

#[test]
fn rows_written_anew_under_another_device_give_the_same_book() {
    let mut all = replicas(2);
    for step in [
        Step::Add { name: "a".into(), company: Some(1), tags: vec![0], methods: 2 },
        Step::AddMethod(0, "555".into()),
        Step::ChangeMethod(1, "666".into()),
        Step::Log(vec![0], "x".into()),
        Step::UndoLast,
    ] {
        run(&mut all[0].store, &step).unwrap();
    }
    let shown = |store: &Store| -> Vec<String> {
        let ids = regex::Regex::new(r"[0-9a-f]{16}\.\d+\.\d+|device: \d+, seq: \d+").unwrap();
        let lines = replay::dump(store.conn()).unwrap();
        let mut lines: Vec<String> =
            lines.iter().map(|line| ids.replace_all(line, "child").into_owned()).collect();
        lines.sort();
        lines
    };
    let before = shown(&all[0].store);
    let old = all[0].store.device();
    send(&mut all, 0, 1, None);
    let folder = all[0]._folder.path();
    let clock = Clock::fixed(DateTime::parse_from_rfc3339(CLOCKS[0]).unwrap());
    let (path, state) = (folder.join("book.rolo"), folder.join("state"));
    let mut open_already = Store::open_with(&path, &state, clock, Entropy::seeded(77)).unwrap();
    // Rows 1 to 2 stay, 3 on are written anew.
    let new = all[0].store.reissue(2).unwrap();
    assert_ne!(old, new);
    assert_eq!(all[0].store.vector().unwrap().iter().find(|(device, _)| *device == old), Some(&(old, 2)));
    assert_eq!(shown(&all[0].store), before);
    assert!(all[1].store.limit(&[(old, 2)]).unwrap());
    same(&mut all);
    // Another thread that has the book open goes on under the new id, too.
    run(&mut open_already, &Step::Rename(0, "later".into())).unwrap();
    assert_eq!(open_already.device(), new);
    same(&mut all);
    // Everything as one device's own.
    let before = shown(&all[1].store);
    assert!(all[1].store.adopt().unwrap());
    assert_eq!(all[1].store.vector().unwrap().len(), 1);
    assert_eq!(shown(&all[1].store), before);
    assert_eq!(replay::check(all[1].store.conn()).unwrap(), Vec::<String>::new());
}

#[test]
fn rows_written_anew_replace_no_more_than_they_had_seen() {
    let mut all = replicas(2);
    run(&mut all[0].store, &Step::Add { name: "a".into(), company: None, tags: vec![], methods: 0 }).unwrap();
    send(&mut all, 0, 1, None);
    run(&mut all[0].store, &Step::Rename(0, "here".into())).unwrap();
    run(&mut all[1].store, &Step::Rename(0, "there".into())).unwrap();
    // Only now it comes to know of the other name.
    send(&mut all, 1, 0, None);
    all[0].store.reissue(1).unwrap();
    let shown = replay::dump(all[0].store.conn()).unwrap().join("\n");
    assert!(shown.contains("here") && shown.contains("there"), "{shown}");
}

#[test]
fn what_was_said_of_a_record_counts_whenever_the_row_that_makes_it_comes() {
    let mut all = replicas(3);
    run(&mut all[0].store, &Step::Country(0)).unwrap();
    run(&mut all[0].store, &Step::Add { name: "a".into(), company: None, tags: vec![], methods: 1 }).unwrap();
    send(&mut all, 0, 1, None);
    run(&mut all[1].store, &Step::Title(0, "CEO".into())).unwrap();
    // The row that made the contact goes on under another name, which those who had it before do not wait for.
    let old = all[0].store.device();
    all[0].store.reissue(1).unwrap();
    for one in &mut all {
        one.store.limit(&[(old, 1)]).unwrap();
    }
    send(&mut all, 0, 1, None);
    let first = all[0].store.vector().unwrap().into_iter().find(|(device, _)| *device == old);
    assert_eq!(first, Some((old, 1)));
    let rows = log::rows_from(all[0].store.conn(), old, 1, usize::MAX).unwrap();
    all[2].store.receive(rows).unwrap();
    // On the third device what was said of it comes first.
    let said = log::rows_from(all[1].store.conn(), all[1].store.device(), 1, usize::MAX).unwrap();
    all[2].store.limit(&[(old, 1)]).unwrap();
    assert_eq!(all[2].store.receive(said).unwrap().applied, 1);
    same(&mut all);
    let shown = replay::dump(all[2].store.conn()).unwrap().join("\n");
    assert!(shown.contains("CEO"), "{shown}");
}

#[test]
fn what_merged_contacts_with_one_that_goes_lets_them_go() {
    let mut all = replicas(2);
    for name in ["a", "b", "c"] {
        run(&mut all[0].store, &Step::Add { name: name.into(), company: None, tags: vec![], methods: 0 })
            .unwrap();
    }
    send(&mut all, 0, 1, None);
    run(&mut all[1].store, &Step::Merge(0, 1)).unwrap();
    run(&mut all[1].store, &Step::Merge(1, 2)).unwrap();
    // The one that stands for all three is taken back at the same time.
    let conn = all[0].store.conn();
    let n = conn.query_row("select tx from contact order by uid limit 1", [], |row| row.get(0)).unwrap();
    undo::undo(&mut all[0].store, &super::meta(), n).unwrap();
    same(&mut all);
    let shown = derived(all[0].store.conn());
    assert_eq!(derived(all[1].store.conn()), shown);
}

#[test]
fn what_a_newer_version_wrote_is_kept_and_read_once_this_version_knows_it() {
    let mut all = replicas(2);
    all[1].store.pretend_older(&["interaction", "contact.title", "tagging"]);
    for step in [
        Step::Add { name: "a".into(), company: None, tags: vec![0], methods: 1 },
        Step::Title(0, "CEO".into()),
        Step::Log(vec![0], "x".into()),
    ] {
        run(&mut all[0].store, &step).unwrap();
    }
    send(&mut all, 0, 1, None);
    let older = replay::dump(all[1].store.conn()).unwrap().join("\n");
    assert!(older.contains("name=Text(\"a\")") && older.contains("method"), "{older}");
    assert!(!older.contains("CEO") && !older.contains("interaction"), "{older}");
    run(&mut all[1].store, &Step::Rename(0, "b".into())).unwrap();
    all[1].store.pretend_older(&[]);
    assert!(all[1].store.catch_up().unwrap());
    same(&mut all);
}

/// The contacts that count as one with each contact, by name.
fn groups(store: &Store) -> Vec<(String, String)> {
    let sql = "select k.name, r.name from contact k join contact r on r.id=k.root order by 1";
    let mut statement = store.conn().prepare(sql).unwrap();
    let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?))).unwrap();
    rows.collect::<rusqlite::Result<_>>().unwrap()
}

#[test]
fn merges_at_once_make_one_contact_of_all_and_each_can_be_undone() {
    use crate::model::edit::New;
    use crate::model::schema::Kind;
    use crate::model::value::Value;
    let mut all = replicas(3);
    for name in ["a", "b", "c"] {
        let add = Step::Add { name: name.into(), company: None, tags: vec![], methods: 0 };
        run(&mut all[0].store, &add).unwrap();
    }
    same(&mut all);
    let merge = |store: &mut Store, one: &str, other: &str| {
        let uid = |name: &str| {
            let id: i64 = store
                .conn()
                .query_row("select id from contact where name=?1", [name], |row| row.get(0))
                .unwrap();
            Value::Ref(crate::model::ids::Gid::Uid(
                sql::uid_of(store.conn(), Kind::Contact, id).unwrap().unwrap(),
            ))
        };
        let edge = New::of(Kind::Same).with("a", uid(one)).with("b", uid(other));
        store.write(&super::meta(), |tx| -> Result<()> { tx.create(edge).map(drop) }).unwrap().1.batch
    };
    // The same two from both sides, and a third from another: no circle, one root, the same everywhere.
    merge(&mut all[0].store, "a", "b");
    merge(&mut all[1].store, "b", "a");
    let third = merge(&mut all[2].store, "c", "b");
    same(&mut all);
    let joined = groups(&all[0].store);
    assert!(joined.iter().all(|(_, root)| *root == joined[0].1), "{joined:?}");
    // Taking one of them back parts what it had joined, and nothing else.
    undo::undo(&mut all[2].store, &super::meta(), third).unwrap();
    same(&mut all);
    let left = groups(&all[1].store);
    assert_eq!(left[2], ("c".to_owned(), "c".to_owned()));
    assert_eq!(left[0].1, left[1].1);
    for one in &all {
        assert_eq!(groups(&one.store), left);
    }
}

#[test]
fn who_was_erased_is_gone_from_tables_and_log_whatever_others_say() {
    let mut all = replicas(2);
    run(&mut all[0].store, &Step::Add { name: "Secret".into(), company: None, tags: vec![], methods: 1 })
        .unwrap();
    run(&mut all[0].store, &Step::Add { name: "Other".into(), company: None, tags: vec![], methods: 0 })
        .unwrap();
    run(&mut all[0].store, &Step::Title(0, "Secret title".into())).unwrap();
    send(&mut all, 0, 1, None);
    erase_first(&mut all[0].store);
    run(&mut all[1].store, &Step::Rename(0, "Secret again".into())).unwrap();
    same(&mut all);
    for one in &all {
        for n in 1..=log::last(one.store.conn()).unwrap() {
            let text = log::body(one.store.conn(), n).unwrap();
            assert!(!text.contains("Secret"), "{n}: {text}");
        }
        let contacts: i64 =
            one.store.conn().query_row("select count(*) from contact", [], |row| row.get(0)).unwrap();
        assert_eq!(contacts, 1);
    }
}

fn erase_first(store: &mut Store) {
    let erased = store.write(&super::meta(), |tx| -> Result<()> {
        let place = sql::Place { kind: crate::model::schema::Kind::Contact, id: 1, n: 0 };
        let at = tx.at(place)?;
        tx.push(crate::model::edit::Edit::Erase(at)).map(drop)
    });
    erased.unwrap();
}

#[test]
fn who_was_erased_is_known_from_erased_lines_where_the_row_that_erased_them_is_lost() {
    let mut all = replicas(2);
    run(&mut all[0].store, &Step::Add { name: "Secret".into(), company: None, tags: vec![], methods: 1 })
        .unwrap();
    send(&mut all, 0, 1, None);
    run(&mut all[0].store, &Step::Title(0, "Secret title".into())).unwrap();
    erase_first(&mut all[0].store);
    // The last row stays behind.
    let mut rows = missing(&all[0].store, &all[1].store);
    assert!(rows.len() == 2 && !rows[0].text.contains("Secret"), "{rows:?}");
    let erasing = rows.pop().unwrap();
    let other = &mut all[1].store;
    other.receive(rows).unwrap();
    assert!(other.erased_elsewhere().unwrap().is_empty(), "it may be on its way");
    let told = other.erased_elsewhere().unwrap();
    assert_eq!(told.len(), 1);
    other.erase_again(told, "tester").unwrap();
    let contacts = |store: &Store| -> i64 {
        store.conn().query_row("select count(*) from contact", [], |row| row.get(0)).unwrap()
    };
    assert_eq!(contacts(other), 0);
    assert!(other.erased_elsewhere().unwrap().is_empty());
    // Should it come after all, nothing is new.
    other.receive(vec![erasing]).unwrap();
    assert!(contacts(other) == 0 && other.erased_elsewhere().unwrap().is_empty());
    let notes = "select count(*) from local_state where key like 'told:%'";
    assert_eq!(other.conn().query_row(notes, [], |row| row.get::<_, i64>(0)).unwrap(), 0);
}

#[test]
fn who_was_erased_is_gone_from_rows_that_count_no_more() {
    let mut all = replicas(2);
    run(&mut all[0].store, &Step::Add { name: "Secret".into(), company: None, tags: vec![], methods: 1 })
        .unwrap();
    send(&mut all, 0, 1, None);
    run(&mut all[1].store, &Step::Title(0, "Secret title".into())).unwrap();
    run(&mut all[1].store, &Step::Add { name: "Other".into(), company: None, tags: vec![], methods: 0 })
        .unwrap();
    send(&mut all, 1, 0, None);
    // The second one was there twice: what it wrote is kept beside the log.
    let device = all[1].store.device();
    assert!(all[0].store.limit(&[(device, 0)]).unwrap());
    let aside = |store: &Store| -> Vec<Row> {
        (1..=2).flat_map(|seq| crate::store::aside::kept_aside(store.conn(), device, seq).unwrap()).collect()
    };
    let before = aside(&all[0].store);
    assert!(before.len() == 2 && before[0].text.contains("Secret"), "{before:?}");
    erase_first(&mut all[0].store);
    let mut after = aside(&all[0].store);
    assert!(
        after.iter().all(|row| !row.text.contains("Secret") && !row.label.contains("Secret")),
        "{after:?}"
    );
    assert!(after[1].text.contains("Other"), "{after:?}");
    // Their chain holds as before.
    log::chain(&mut after, &[0; 32]);
    assert!(after.iter().zip(&before).all(|(here, was)| here.hash == was.hash));
}

#[test]
fn a_child_that_was_brought_back_keeps_its_name_when_what_first_made_it_counts_no_more() {
    let mut all = replicas(2);
    run(&mut all[0].store, &Step::Add { name: "a".into(), company: None, tags: vec![], methods: 0 }).unwrap();
    run(&mut all[0].store, &Step::AddMethod(0, "12345".into())).unwrap();
    send(&mut all, 0, 1, None);
    let first = all[0].store.device();
    let store = &mut all[1].store;
    let last = |store: &Store| -> i64 {
        store.conn().query_row("select max(n) from tx", [], |row| row.get(0)).unwrap()
    };
    // Taken away and brought back by somebody else.
    let made = last(store);
    undo::undo(store, &super::meta(), made).unwrap();
    let taken = last(store);
    undo::undo(store, &super::meta(), taken).unwrap();
    let name = format!("method {first:016x}.2.0 of");
    let shown = |store: &Store| replay::dump(store.conn()).unwrap().join("\n");
    assert!(shown(store).contains(&name), "{}", shown(store));
    store.limit(&[(first, 1)]).unwrap();
    assert!(shown(store).contains(&name), "{}", shown(store));
    run(store, &Step::ChangeMethod(0, "67890".into())).unwrap();
    assert!(shown(store).contains("67890"), "{}", shown(store));
    assert_eq!(replay::check(store.conn()).unwrap(), Vec::<String>::new());
    // Once more, now that nothing tells what that undo took away: nothing to bring back.
    let again = undo::undo(store, &super::meta(), taken).unwrap();
    assert_eq!(again.kept, vec![]);
    all[0].store.limit(&[(first, 1)]).unwrap();
    same(&mut all);
    assert!(shown(&all[0].store).contains(&name) && shown(&all[0].store).contains("67890"));
}
