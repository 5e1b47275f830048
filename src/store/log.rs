//! The log: rows of edits, packed and chained.
#![allow(clippy::disallowed_methods)]

use super::error::{Result, StoreError};
use super::{packed, sql};
use crate::model::edit::{Blind, Edit, LineError};
use crate::model::ids::{Device, Gid, derived_v7};
use crate::model::row::Row;
use crate::model::schema::Kind;
use rusqlite::Connection;

/// Labels whose first word may be a number of contacts.
const COUNTING: &[&str] = &[
    "add-many",
    "archive",
    "delete",
    "edit",
    "empty-bin",
    "erase",
    "export",
    "restore",
    "star",
    "tag",
    "unarchive",
    "unstar",
    "untag",
];

/// The third word of a label whose first one is a name although it reads as a number.
const NAME: &str = "name";

/// What a batch was for, as words that a face puts into its language: a message's key and its arguments.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Label {
    /// `add`, `edit`, `import`, ...
    pub what: String,
    /// Names, counts, files.
    pub args: Vec<String>,
}

impl Label {
    /// A label with its arguments.
    pub fn new<S: Into<String>>(what: &str, args: impl IntoIterator<Item = S>) -> Self {
        Self { what: what.to_owned(), args: args.into_iter().map(Into::into).collect() }
    }

    /// A label of what was done with one contact, and more words; a name that reads as a number is marked as a name.
    pub fn about(what: &str, name: String, more: Option<String>) -> Self {
        let is_number = name.parse::<u32>().is_ok();
        let mut args: Vec<String> = std::iter::once(name).chain(more).collect();
        if is_number {
            args.resize(2, String::new());
            args.push(NAME.to_owned());
        }
        Self { what: what.to_owned(), args }
    }

    /// How many contacts it is about, where it counts them.
    pub fn count(&self) -> Option<u32> {
        let counts = COUNTING.contains(&self.what.as_str());
        let named = self.what != "export" && self.args.get(2).is_some_and(|mark| mark == NAME);
        self.args.first().filter(|_| counts && !named)?.parse().ok()
    }

    pub(super) fn write(&self) -> String {
        let words: Vec<&str> = std::iter::once(&self.what).chain(&self.args).map(String::as_str).collect();
        serde_json::Value::from(words).to_string()
    }

    /// Reads what `write` wrote; anything else is a label without arguments.
    pub fn read(text: &str) -> Self {
        if text.starts_with("{\"erased\":") {
            return Self { what: "erased".to_owned(), args: Vec::new() };
        }
        let mut words: Vec<String> = serde_json::from_str(text).unwrap_or_else(|_| vec![text.to_owned()]);
        if words.is_empty() {
            return Self::default();
        }
        let what = words.remove(0);
        Self { what, args: words }
    }
}

/// The head of one row of the log.
#[derive(Clone, Debug)]
pub struct Head {
    /// Local order of arrival.
    pub n: i64,
    /// Who wrote it.
    pub device: Device,
    /// Its number among that device's rows.
    pub seq: i64,
    /// The `seq` of its batch's first part.
    pub batch: i64,
    /// Which part, from 0.
    pub part: i64,
    /// How many there are, on the last part; 0 on the others.
    pub parts: i64,
    /// Hybrid logical time: ms since 1970 << 16 | counter.
    pub hlc: i64,
    /// The person.
    pub author: String,
    /// Which face or operation: `cli`, `tui`, `import`, ...
    pub origin: String,
    /// What it was for.
    pub label: Label,
    /// The batch that it takes back.
    pub undoes: Option<(Device, i64)>,
    /// What ids are derived from.
    pub seed: [u8; 16],
    /// How many lines the body has.
    pub lines: i64,
}

impl Head {
    /// When it was written, ms since 1970.
    pub const fn millis(&self) -> i64 {
        self.hlc >> 16
    }

    /// The id that the row's `index`-th Create has unless its line says otherwise.
    pub fn derived(&self, index: i64) -> Gid {
        Gid::Uid(derived_v7(self.millis(), &self.seed, index))
    }
}

pub(super) const HEAD: &str = "select tx.n, d.id, seq, batch, part, parts, hlc, author, origin, label, undoes, seed, \
                               lines from tx join device d on d.n=tx.device";

pub(super) fn head(row: &rusqlite::Row<'_>) -> rusqlite::Result<Head> {
    let label: String = row.get(9)?;
    let undoes: Option<String> = row.get(10)?;
    Ok(Head {
        n: row.get(0)?,
        device: u64::from_be_bytes(row.get(1)?),
        seq: row.get(2)?,
        batch: row.get(3)?,
        part: row.get(4)?,
        parts: row.get(5)?,
        hlc: row.get(6)?,
        author: row.get(7)?,
        origin: row.get(8)?,
        label: Label::read(&label),
        undoes: undoes.as_deref().and_then(read_batch_name),
        seed: row.get(11)?,
        lines: row.get(12)?,
    })
}

/// `device.seq`, the device as 16 hexadecimal digits.
pub fn batch_name(device: Device, seq: i64) -> String {
    format!("{device:016x}.{seq}")
}

fn read_batch_name(text: &str) -> Option<(Device, i64)> {
    let (device, seq) = text.split_once('.')?;
    Some((u64::from_str_radix(device, 16).ok()?, seq.parse().ok()?))
}

/// The rows of the batch that the row `n` belongs to, in order.
pub fn batch(conn: &Connection, n: i64) -> Result<Vec<Head>> {
    let sql = format!(
        "{HEAD} where tx.device=(select device from tx where n=?1) and batch=(select batch from tx where n=?1) order by part"
    );
    let mut statement = conn.prepare_cached(&sql)?;
    let rows = statement.query_map([n], head)?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// The heads of rows after `n`, oldest first.
pub fn since(conn: &Connection, n: i64) -> Result<Vec<Head>> {
    let mut statement = conn.prepare_cached(&format!("{HEAD} where tx.n>?1 order by tx.n"))?;
    let rows = statement.query_map([n], head)?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// The last row's number; 0 in an empty log.
pub fn last(conn: &Connection) -> Result<i64> {
    Ok(conn.prepare_cached("select ifnull(max(n), 0) from tx")?.query_row([], |row| row.get(0))?)
}

/// What a row's lines come to: body and hash.
pub(super) struct Packed {
    /// The lines, compressed.
    pub(super) body: Vec<u8>,
    /// The row's link in its device's chain.
    pub(super) hash: [u8; 32],
}

/// Makes a row's body and hash; all it asks for is its own, so that another thread can do it.
pub(super) fn seal(before: &[u8], head: &str, salt: &[u8; 16], lines: &str) -> Result<Packed> {
    Ok(Packed { body: pack(lines)?, hash: row_hash(before, head, salt, lines) })
}

/// Compresses lines (each ended by a line break) into a body.
fn pack(lines: &str) -> Result<Vec<u8>> {
    packed::pack(lines.as_bytes()).map_err(|error| StoreError::Damaged(error.to_string()))
}

/// The most that a row's body may unpack to.
pub(super) const BODY_MAX: usize = 64 << 20;

/// The lines of a row.
pub fn body(conn: &Connection, n: i64) -> Result<String> {
    let mut statement = conn.prepare_cached("select body from tx where n=?1")?;
    let mut rows = statement.query([n])?;
    let row = rows.next()?.ok_or(rusqlite::Error::QueryReturnedNoRows)?;
    unpack(n, row.get_ref(0)?.as_blob().map_err(rusqlite::Error::from)?)
}

fn unpack(n: i64, body: &[u8]) -> Result<String> {
    let damaged = |error: &dyn std::fmt::Display| StoreError::Damaged(format!("row {n} of the log: {error}"));
    let bytes = packed::unpack(body, BODY_MAX).map_err(|error| damaged(&error))?;
    String::from_utf8(bytes).map_err(|error| damaged(&error))
}

/// One edit of a row, and the number of its first Create.
#[derive(Clone, Debug)]
pub struct Line {
    /// The number among the row's Creates that the line's own record has (if it makes one).
    pub index: i64,
    /// What it does.
    pub edit: Edit,
    /// Whether a newer version wrote more than this one can read.
    pub partial: bool,
}

/// The edits of a row; of what a newer version wrote, as much as this one knows.
pub fn edits(conn: &Connection, n: i64) -> Result<Vec<Line>> {
    edits_as(conn, n, &[])
}

/// The same as a version reads it that doesn't know some kinds or fields.
pub fn edits_as(conn: &Connection, n: i64, blind: Blind) -> Result<Vec<Line>> {
    lines(&body(conn, n)?, blind)
        .collect::<std::result::Result<_, LineError>>()
        .map_err(|error| StoreError::Damaged(format!("row {n} of the log: {error}")))
}

/// The edits of a row's text.
pub fn lines(text: &str, blind: Blind) -> impl Iterator<Item = std::result::Result<Line, LineError>> + '_ {
    let mut index = 0;
    text.lines().map(move |line| {
        let (edit, partial) = Edit::read_any(line, blind)?;
        let first = index;
        index += edit.creates();
        Ok(Line { index: first, edit, partial })
    })
}

/// The head of row `n`.
pub fn row(conn: &Connection, n: i64) -> Result<Head> {
    let sql = format!("{HEAD} where tx.n=?1");
    Ok(conn.prepare_cached(&sql)?.query_row([n], head)?)
}

/// The hash of a row: of the row before it by the same device, its head and each line under a salt of its own, so that
/// a line can be replaced by its hash and the chain still holds.
fn row_hash(before: &[u8], head: &str, salt: &[u8; 16], lines: &str) -> [u8; 32] {
    let mut hasher = blake3::Hasher::new();
    hasher.update(before).update(head.as_bytes());
    for (index, line) in lines.lines().enumerate() {
        hasher.update(line_hash(salt, index as u64, line).as_bytes());
    }
    *hasher.finalize().as_bytes()
}

/// The hash of one line, or the one that stands in its place.
fn line_hash(salt: &[u8; 16], index: u64, line: &str) -> blake3::Hash {
    if line.starts_with("{\"erased\":")
        && let Ok(Edit::Erased { hash, .. }) = Edit::read(line)
    {
        return blake3::Hash::from_bytes(hash);
    }

    let mut key = [0u8; 32];
    key[..16].copy_from_slice(salt);
    key[16..24].copy_from_slice(&index.to_le_bytes());
    // The salt of this line alone: giving it away tells nothing about the row's other lines.
    let key = *blake3::hash(&key).as_bytes();
    blake3::keyed_hash(&key, line.as_bytes())
}

/// What of a row its hash covers beside the lines.
///
/// The label goes in as a salted hash, because it holds names: it can be erased as a line can.
#[allow(clippy::too_many_arguments)]
pub(super) fn head_text(
    device: Device,
    seq: i64,
    batch: i64,
    part: i64,
    parts: i64,
    hlc: i64,
    texts: [&str; 6],
    seed: &[u8; 16],
    salt: &[u8; 16],
) -> String {
    let seed = u128::from_be_bytes(*seed);
    let label = line_hash(salt, u64::MAX, texts[LABEL]).to_hex();
    let texts = [texts[0], texts[1], texts[2], &label, texts[4], texts[5]];
    let texts = serde_json::Value::from(&texts[..]);
    format!("[2,\"{device:016x}\",{seq},{batch},{part},{parts},{hlc},{texts},\"{seed:032x}\"]\n")
}

/// Where the label stands among the texts of a head.
const LABEL: usize = 3;

/// The hash that a row must have after the one before it.
pub fn hash_of(before: &[u8], row: &Row) -> [u8; 32] {
    let texts = [&*row.deps, &*row.author, &*row.origin, &*row.label, &*row.undoes, &*row.app];
    let (seq, batch) = (row.seq, row.batch);
    let head = head_text(row.device, seq, batch, row.part, row.parts, row.hlc, texts, &row.seed, &row.salt);
    row_hash(before, &head, &row.salt, &row.text)
}

/// Gives rows that follow each other their hashes; `before` is that of the row before them, which the first row of all has not.
pub fn chain(rows: &mut [Row], before: &[u8; 32]) {
    let mut before: &[u8] = if rows.first().is_some_and(|row| row.seq > 1) { before } else { &[] };
    for row in rows {
        row.hash = hash_of(before, row);
        before = &row.hash;
    }
}

/// Adds a row that another device wrote; returns its number here.
pub(super) fn insert(conn: &Connection, device_n: i64, row: &Row, creates: i64) -> Result<i64> {
    let n = last(conn)? + 1;
    conn.prepare_cached("insert into tx values (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)")?.execute(
        rusqlite::params![
            n,
            device_n,
            row.seq,
            row.batch,
            row.part,
            row.parts,
            row.hlc,
            row.deps,
            row.author,
            row.origin,
            row.label,
            (!row.undoes.is_empty()).then_some(&row.undoes),
            row.app,
            &row.seed[..],
            &row.salt[..],
            row.text.lines().count() as i64,
            creates,
            pack(&row.text)?,
            &row.hash[..]
        ],
    )?;
    Ok(n)
}

/// The rows of a device from its `first` on, whole, in order, until they come to about so many bytes.
pub fn rows_from(conn: &Connection, device: Device, first: i64, bytes: usize) -> Result<Vec<Row>> {
    let mut statement = conn.prepare_cached(
        "select seq, batch, part, parts, hlc, deps, author, origin, label, undoes, app, seed, salt, creates, body, \
         hash, n from tx where device=(select n from device where id=?1) and seq>=?2 order by seq",
    )?;
    let mut found = statement.query((&device.to_be_bytes()[..], first))?;
    let (mut rows, mut size) = (Vec::new(), 0);
    while size < bytes
        && let Some(row) = found.next()?
    {
        let body: Vec<u8> = row.get(14)?;
        let text = unpack(row.get(16)?, &body)?;
        size += text.len() + 200;
        rows.push(Row {
            device,
            seq: row.get(0)?,
            batch: row.get(1)?,
            part: row.get(2)?,
            parts: row.get(3)?,
            hlc: row.get(4)?,
            deps: row.get(5)?,
            author: row.get(6)?,
            origin: row.get(7)?,
            label: row.get(8)?,
            undoes: row.get::<_, Option<String>>(9)?.unwrap_or_default(),
            app: row.get(10)?,
            seed: row.get(11)?,
            salt: row.get(12)?,
            creates: row.get(13)?,
            text,
            hash: row.get(15)?,
        });
    }
    Ok(rows)
}

/// What stands in the place of a line that was erased; `at` is its number, it made so many records, and it was about this one.
pub(super) fn erased_line(
    salt: &[u8; 16],
    at: u64,
    line: &str,
    creates: i64,
    of: Option<(Kind, Gid)>,
) -> String {
    let hash = *line_hash(salt, at, line).as_bytes();
    let mut text = String::with_capacity(160);
    Edit::Erased { hash, creates, of }.write(&mut text);
    text
}

/// What stands in the place of a label that was erased; `None` if it is erased already.
pub(super) fn erased_label(salt: &[u8; 16], label: &str) -> Option<String> {
    (!label.starts_with("{\"erased\":")).then(|| erased_line(salt, u64::MAX, label, 0, None))
}

/// Erases lines of a row about a record: those for which `creates` says how many records they made. The row's own hash stays. The
/// label goes, too, as it may name what the lines did.
pub(super) fn erase_lines(
    conn: &Connection,
    n: i64,
    of: (Kind, Gid),
    creates: impl Fn(usize) -> Option<i64>,
) -> Result<()> {
    let salt: [u8; 16] = conn.query_row("select salt from tx where n=?1", [n], |row| row.get(0))?;
    let mut text = String::new();
    for (at, line) in body(conn, n)?.lines().enumerate() {
        match creates(at) {
            Some(creates) => text.push_str(&erased_line(&salt, at as u64, line, creates, Some(of))),
            None => text.push_str(line),
        }
        text.push('\n');
    }
    conn.prepare_cached("update tx set body=?2 where n=?1")?.execute((n, pack(&text)?))?;
    forget_label(conn, n).map(drop)
}

/// Replaces a row's label, which may name somebody, by its hash; false if it is replaced already.
pub(super) fn forget_label(conn: &Connection, n: i64) -> Result<bool> {
    let mut statement = conn.prepare_cached("select salt, label from tx where n=?1")?;
    let mut rows = statement.query([n])?;
    let Some(row) = rows.next()? else { return Ok(false) };
    let (salt, label): ([u8; 16], String) = (row.get(0)?, row.get(1)?);
    let Some(erased) = erased_label(&salt, &label) else { return Ok(false) };
    conn.prepare_cached("update tx set label=?2 where n=?1")?.execute((n, erased))?;
    Ok(true)
}

/// Makes every hash anew: what version 4 of a book changed is how a label goes into it.
pub(super) fn rehash(conn: &Connection) -> Result<()> {
    let devices: Vec<Device> = conn
        .prepare("select id from device")?
        .query_map([], |row| Ok(u64::from_be_bytes(row.get(0)?)))?
        .collect::<rusqlite::Result<_>>()?;
    for device in devices {
        let (mut first, mut before) = (0, Vec::new());
        loop {
            let rows = rows_from(conn, device, first, PAGE)?;
            let Some(last) = rows.last() else { break };
            first = last.seq + 1;
            for row in &rows {
                before = hash_of(&before, row).to_vec();
                if let Some(n) = sql::row_named(conn, device, row.seq)? {
                    conn.prepare_cached("update tx set hash=?2 where n=?1")?.execute((n, &before))?;
                }
            }
        }
    }
    Ok(())
}

/// About so many bytes of the log are looked at in one go.
const PAGE: usize = 8 << 20;

/// Checks each device's chain; returns what is wrong, a line each.
pub fn verify(conn: &Connection) -> Result<Vec<String>> {
    let mut wrong = Vec::new();
    let mut statement = conn.prepare(
        "select d.id, seq, batch, part, parts, hlc, deps, author, origin, label, undoes, app, seed, salt, body, hash, \
         tx.n, lines from tx join device d on d.n=tx.device order by tx.device, seq",
    )?;
    let mut rows = statement.query([])?;
    let mut previous: Option<(Device, i64, Vec<u8>)> = None;
    while let Some(row) = rows.next()? {
        let device: Device = u64::from_be_bytes(row.get(0)?);
        let (seq, n): (i64, i64) = (row.get(1)?, row.get(16)?);
        let before = match &previous {
            Some((last, at, hash)) if *last == device => {
                if at + 1 != seq {
                    wrong.push(format!("log: row {} of device {device:016x} is missing", at + 1));
                }
                hash.clone()
            }
            _ => Vec::new(),
        };
        let texts: Vec<String> = (6..12)
            .map(|at| Ok(row.get::<_, Option<String>>(at)?.unwrap_or_default()))
            .collect::<rusqlite::Result<_>>()?;
        let texts = [&*texts[0], &*texts[1], &*texts[2], &*texts[3], &*texts[4], &*texts[5]];
        let seed: [u8; 16] = row.get(12)?;
        let salt = row.get(13)?;
        let head =
            head_text(device, seq, row.get(2)?, row.get(3)?, row.get(4)?, row.get(5)?, texts, &seed, &salt);
        let hash: Vec<u8> = row.get(15)?;
        match unpack(n, &row.get::<_, Vec<u8>>(14)?) {
            Err(error) => wrong.push(format!("log: {error}")),
            Ok(lines) => {
                if lines.lines().count() as i64 != row.get::<_, i64>(17)?
                    || row_hash(&before, &head, &salt, &lines)[..] != hash[..]
                {
                    wrong.push(format!("log: row {n} does not match its hash"));
                }
            }
        }
        previous = Some((device, seq, hash));
    }
    Ok(wrong)
}
