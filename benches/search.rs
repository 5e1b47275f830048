//! Searching, layer by layer and without a screen: making haystacks, filling the index, keys, streams.
//!
//! ```text
//! cargo bench --bench search                     100,000 contacts
//! cargo bench --bench search -- --full           1,000,000, too
//! cargo bench --bench search -- --rows 20000 --runs 9
//! ```
//!
//! Prints least, median and most of the wall clock, and the CPU time of all threads a run where the system tells it.

#[path = "generator/mod.rs"]
mod generator;

use std::error::Error;
use std::hint::black_box;
use std::path::Path;
use std::sync::atomic::AtomicBool;
use std::time::{Duration, Instant};

use generator::{Generator, Person};
use rolo::clock::Clock;
use rolo::model::phone::Normaliser;
use rolo::ops::{Book, Find, Session as Who};
use rolo::search::{Index, SearchRequest, Session, StreamSearch, Term};
use rolo::store::{derive, hays, open};
use rusqlite::Connection;

/// Common letters, common names, rare ones, what only fuzzy matching finds, phones, Han, several words, nothing.
const QUERIES: &[&str] = &[
    "a",
    "e",
    "0",
    "an",
    "st",
    "ste",
    "wei",
    "ann",
    "maria",
    "stefan",
    "mülller",
    "mller",
    "schmid",
    "wngwei",
    "zhang",
    "王",
    "王伟",
    "ivanov",
    "engineer",
    "+49 30",
    "555",
    "0171",
    "@qq",
    "example",
    "marketing",
    "vip",
    "anna s",
    "maria garcia",
    "a b",
    "li wei ltd",
    "xqzv",
    "jean-pierre",
    "manager berlin",
    "smth",
    "robert smith 12",
];

/// So much a list shows, and some more.
const LIMIT: usize = 200;

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if !arguments.iter().any(|argument| argument == "--bench") {
        return Ok(());
    }
    let number = |flag: &str, default: usize| -> Result<usize, Box<dyn Error>> {
        match arguments.iter().position(|argument| argument == flag) {
            Some(at) => Ok(arguments.get(at + 1).ok_or("a number is missing")?.parse()?),
            None => Ok(default),
        }
    };
    let runs = number("--runs", 5)?;
    let mut sizes = vec![number("--rows", 100_000)?];
    if arguments.iter().any(|argument| argument == "--full") {
        sizes.push(1_000_000);
    }
    for rows in sizes {
        println!("\n{rows} contacts{:>42}{:>10}{:>10}{:>10}  ms", "least", "median", "most", "CPU");
        measure(rows, runs)?;
    }
    Ok(())
}

fn measure(rows: usize, runs: usize) -> Result<(), Box<dyn Error>> {
    let folder = tempfile::tempdir()?;
    let path = folder.path().join("bench.rolo");
    let hays = hays(rows);
    write(&path, &hays)?;
    let who = Who {
        author: "bench".into(),
        origin: "cli",
        clock: Clock::system(),
        state_dir: folder.path().into(),
        country: None,
        device: String::new(),
    };
    let book = Book::open(&path, who)?;
    let go = AtomicBool::new(false);
    let load = || book.load_index(&go).map(black_box);
    load()?;
    report("index read and filled", repeat(runs, |_| load().map(drop))?);
    let fill = || {
        let mut builder = Index::builder();
        hays.iter().enumerate().for_each(|(id, hay)| builder.push(id as i64 + 1, hay.as_bytes(), 0));
        builder.finish()
    };
    report(
        "index filled on one core",
        repeat(runs, |_| {
            black_box(fill());
            Ok::<_, Box<dyn Error>>(())
        })?,
    );
    let index = load()?;
    println!("{:<40}{:>13.1} MB", "index holds", index.bytes() as f64 / 1e6);
    searches(&index, runs)?;
    // One word each: what a process does that has no index.
    let queries: Vec<&&str> = QUERIES.iter().filter(|query| !query.contains(' ')).collect();
    let stream = |run: usize| {
        let mut search = StreamSearch::new(&terms(queries[run % queries.len()]), LIMIT);
        for (id, hay) in hays.iter().enumerate() {
            search.push(id as i64, hay.as_bytes(), 0);
        }
        black_box(search.finish());
        Ok::<_, Box<dyn Error>>(())
    };
    report("stream in memory on one core", repeat(queries.len(), stream)?);
    let how = Find { limit: Some(LIMIT), ..Find::default() };
    let find =
        |run: usize| book.parse(queries[run % queries.len()]).and_then(|query| book.find(&query, &how));
    report("book searched without an index", repeat(queries.len(), |run| find(run).map(drop))?);
    Ok(())
}

/// Each query at once in a new session, then letter by letter in one that narrows.
fn searches(index: &Index, runs: usize) -> Result<(), Box<dyn Error>> {
    let go = AtomicBool::new(false);
    let fresh = |run: usize| {
        let words = terms(QUERIES[run % QUERIES.len()]);
        let request = SearchRequest { words: &words, limit: LIMIT, within: None, cancel: &go };
        index.search(&request).map(black_box).map(drop).ok_or("cancelled")
    };
    report("fresh query", repeat(QUERIES.len() * runs, fresh)?);
    if std::env::var_os("VERBOSE").is_some() {
        for (at, query) in QUERIES.iter().enumerate() {
            report(query, repeat(runs, |_| fresh(at))?);
        }
    }
    let keys: Vec<(bool, &str)> = QUERIES
        .iter()
        .flat_map(|query| query.char_indices().map(move |(at, c)| (at == 0, &query[..at + c.len_utf8()])))
        .collect();
    let mut session = Session::new();
    let typed = |run: usize| {
        let (first, text) = keys[run % keys.len()];
        if first {
            session = Session::new();
        }
        session.search(index, &terms(text), LIMIT, &go).map(black_box).map(drop).ok_or("cancelled")
    };
    report("key typed", repeat(keys.len() * runs, typed)?);
    Ok(())
}

/// The wall clock of each run, and the CPU time of all together.
fn repeat<E>(
    runs: usize,
    mut run: impl FnMut(usize) -> Result<(), E>,
) -> Result<(Vec<Duration>, Option<f64>), E> {
    let (mut took, before) = (Vec::with_capacity(runs), cpu());
    for at in 0..runs {
        let start = Instant::now();
        run(at)?;
        took.push(start.elapsed());
    }
    Ok((took, before.zip(cpu()).map(|(before, after)| (after - before) / runs as f64)))
}

fn report(what: &str, (mut took, cpu): (Vec<Duration>, Option<f64>)) {
    took.sort();
    let ms = |at: usize| took[at].as_secs_f64() * 1e3;
    let (least, median, most) = (ms(0), ms(took.len() / 2), ms(took.len() - 1));
    let cpu = cpu.map_or("-".to_owned(), |cpu| format!("{cpu:.1}"));
    println!("{what:<40}{least:>13.2}{median:>10.2}{most:>10.2}{cpu:>10}");
}

/// User and system time of this process so far in ms, as Linux counts it: in hundredths of a second.
fn cpu() -> Option<f64> {
    let stat = std::fs::read_to_string("/proc/self/stat").ok()?;
    let mut fields = stat.rsplit(')').next()?.split_whitespace().skip(11);
    let mut ticks = || fields.next()?.parse::<f64>().ok();
    Some((ticks()? + ticks()?) * 10.0)
}

fn terms(query: &str) -> Vec<Term> {
    query.split_whitespace().map(Term::fuzzy).collect()
}

fn hays(rows: usize) -> Vec<String> {
    let generator = Generator::new(2026, rows);
    let people: Vec<Person> = generator.people().take(20_000.min(rows)).collect();
    let mut phones = Normaliser::default();
    let mut spent = repeat(1, |_| {
        people.iter().for_each(|person| drop(black_box(hay(person, &mut phones))));
        Ok::<_, std::convert::Infallible>(())
    });
    if let Ok((took, _)) = &mut spent {
        println!("{:<40}{:>13.2} us", "haystack made", took[0].as_secs_f64() * 1e6 / people.len() as f64);
    }
    generator.people().map(|person| hay(&person, &mut phones)).collect()
}

fn hay(person: &Person, phones: &mut Normaliser) -> String {
    let mut hay = derive::Hay::new(&person.name, &person.nickname, &person.company, &person.title);
    for (_, email) in &person.emails {
        hay.method(
            "email",
            email,
            derive::Norm::new("email", email, Some(person.country), phones).text.as_deref(),
        );
    }
    for (_, phone) in &person.phones {
        hay.method(
            "phone",
            phone,
            derive::Norm::new("phone", phone, Some(person.country), phones).text.as_deref(),
        );
    }
    person.labels.iter().for_each(|label| hay.tag(label));
    hay.finish()
}

/// A book of nothing but haystacks, which no operation would write.
#[allow(clippy::disallowed_methods)]
fn write(path: &Path, hays: &[String]) -> Result<(), Box<dyn Error>> {
    drop(open::writer(path)?);
    let mut raw = Connection::open(path)?;
    let all = raw.transaction()?;
    let mut writer = hays::Writer::default();
    for (id, hay) in hays.iter().enumerate() {
        let derived = hays::Derived { last: Some(id as i64 % 1000), hay: hay.clone(), ..Default::default() };
        writer.put(&all, id as i64 + 1, &[0; 16], &derived)?;
    }
    writer.flush(&all)?;
    all.execute(
        "insert into contact (id, uid, tx, i, root, hidden, sort) values (?1, x'00', 1, 1, ?1, 0, '')",
        [hays.len() as i64],
    )?;
    all.commit()?;
    raw.execute_batch("pragma wal_checkpoint(truncate)")?;
    let bytes: usize = hays.iter().map(String::len).sum();
    println!("{:<40}{:>13} bytes", "a haystack", bytes / hays.len().max(1));
    Ok(())
}
