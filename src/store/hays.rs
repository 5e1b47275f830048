//! Reading all haystacks, on several cores.

use super::error::Result;
use super::open;
use rusqlite::Connection;
use std::ops::ControlFlow;
use std::path::Path;
use std::thread;

/// Fewer contacts than this are read sooner than another connection is opened.
const MANY: i64 = 8_000;

/// More readers than this wait for each other.
const READERS: usize = 4;

/// One contact's search text.
#[derive(Clone, Copy, Debug)]
pub struct Hay<'a> {
    /// Its local key.
    pub contact: i64,
    /// As `text::hay` lays it out.
    pub text: &'a [u8],
    /// When its last interaction was, in ms since 1970; `i64::MIN` if there was none.
    pub last: i64,
}

/// Hands out the haystacks whose `hidden` is among `shown` (`0,2`) in order of their contacts. Each part of the book goes
/// to one of the values that `make` makes, on a thread of its own; they come back in order. `Break` ends a part.
pub fn each<T: Send>(
    conn: &Connection,
    shown: &str,
    make: impl Fn() -> T + Sync,
    take: impl Fn(&mut T, Hay<'_>) -> ControlFlow<()> + Sync,
) -> Result<Vec<T>> {
    let last: i64 =
        conn.prepare_cached("select ifnull(max(contact), 0) from hay")?.query_row([], |row| row.get(0))?;
    let cores = thread::available_parallelism().map_or(1, usize::from);
    let path = conn.path().filter(|path| !path.is_empty() && last >= MANY && cores > 1);
    let Some(path) = path.map(Path::new) else {
        let mut whole = make();
        part(conn, shown, (0, last), &mut whole, &take)?;
        return Ok(vec![whole]);
    };
    let parts = cores.min(READERS) as i64;
    let range = |part: i64| (last * part / parts, last * (part + 1) / parts);
    let (make, take) = (&make, &take);
    thread::scope(|scope| {
        let mut others = Vec::new();
        for other in 1..parts {
            others.push(scope.spawn(move || -> Result<T> {
                let mut value = make();
                let conn = open::reader(path)?;
                // Each page is read once: there is nothing to keep.
                conn.pragma_update(None, "cache_size", -256)?;
                part(&conn, shown, range(other), &mut value, take)?;
                Ok(value)
            }));
        }
        let mut first = make();
        let done = part(conn, shown, range(0), &mut first, take);
        let mut all = vec![first];
        for other in others {
            match other.join() {
                Ok(value) => all.push(value?),
                Err(panic) => std::panic::resume_unwind(panic),
            }
        }
        done.map(|()| all)
    })
}

/// The contacts behind the first bound up to the second.
fn part<T>(
    conn: &Connection,
    shown: &str,
    (after, last): (i64, i64),
    value: &mut T,
    take: &impl Fn(&mut T, Hay<'_>) -> ControlFlow<()>,
) -> Result<()> {
    let sql = format!(
        "select contact, last, text from hay where contact>?1 and contact<=?2 and hidden in ({shown}) order by contact"
    );
    let mut statement = conn.prepare_cached(&sql)?;
    let mut rows = statement.query([after, last])?;
    while let Some(row) = rows.next()? {
        let hay = Hay {
            contact: row.get(0)?,
            last: row.get::<_, Option<i64>>(1)?.unwrap_or(i64::MIN),
            text: row.get_ref(2)?.as_bytes().map_err(rusqlite::Error::from)?,
        };
        if take(value, hay).is_break() {
            break;
        }
    }
    Ok(())
}

#[cfg(test)]
#[allow(clippy::disallowed_methods)]
mod tests {
    use super::*;

    #[test]
    fn every_contact_comes_once_and_in_order_however_many_threads_read() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("book.rolo");
        drop(open::writer(&path).unwrap());
        for (count, parts) in [(50, 1), (3 * MANY, 2)] {
            let raw = Connection::open(&path).unwrap();
            raw.execute(
                "with recursive n(i) as (select 1 union all select i+1 from n where i<?1) \
                 insert or replace into hay select i, i%3, nullif(i%5, 0), 'x' || i from n",
                [count],
            )
            .unwrap();
            let conn = open::reader(&path).unwrap();
            let found = each(&conn, "0,2", Vec::new, |ids, hay| {
                assert_eq!(hay.text, format!("x{}", hay.contact).as_bytes());
                assert_eq!(hay.last, if hay.contact % 5 == 0 { i64::MIN } else { hay.contact % 5 });
                ids.push(hay.contact);
                ControlFlow::Continue(())
            })
            .unwrap();
            assert!(
                found.len()
                    >= if thread::available_parallelism().is_ok_and(|n| n.get() > 1) { parts } else { 1 }
            );
            let wanted: Vec<i64> = (1..=count).filter(|i| i % 3 != 1).collect();
            assert_eq!(found.concat(), wanted);
        }
        let conn = open::reader(&path).unwrap();
        let stopped = each(
            &conn,
            "0",
            || 0,
            |seen, _| {
                *seen += 1;
                ControlFlow::Break(())
            },
        );
        assert!(stopped.unwrap().iter().all(|seen| *seen == 1));
    }
}
