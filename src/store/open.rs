//! Opening a book's file: permissions, pragmas, versions.
#![allow(clippy::disallowed_methods)]

use super::error::{Result, StoreError};
use super::migrations;
use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags};
use std::fs;
use std::io::Read;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

/// `rolo` in the file's header, so that another program's database is told from a book.
pub const APPLICATION_ID: i32 = 0x726f_6c6f;

/// `rols` in the header of a file that a book is shared in.
pub const SHARED_ID: i32 = 0x726f_6c73;

/// A book of more bytes is not brought to a newer version in the twinkling of an eye.
const LARGE: u64 = 8 << 20;

/// How long a writer waits for another one.
const BUSY: Duration = Duration::from_secs(10);

/// The page cache of the connection that writes, KiB.
pub(super) const WRITER_CACHE: u32 = 64 << 10;

/// The pragma that sets a page cache of so many KiB.
pub(super) fn cache_size(kib: u32) -> String {
    format!("pragma cache_size=-{kib}")
}

/// Opens a book as the one does that writes, and writes nothing more: makes the file if there is none, and brings it to this
/// version.
pub fn writer(path: &Path) -> Result<Connection> {
    Ok(gated(path)?.0)
}

/// Whether a connection may write now. What is written while it is shut is rolled back and an error.
///
/// `query_only` would say so earlier, but SQLite throws all prepared statements away whenever it changes, and to prepare them
/// again takes longer than most commits.
pub(super) struct Gate(Arc<AtomicBool>);

/// While this lives, the gate is open.
#[must_use]
pub(super) struct Opened(Arc<AtomicBool>);

impl Gate {
    fn shut(conn: &mut Connection) -> rusqlite::Result<Self> {
        let open = Arc::new(AtomicBool::new(false));
        let asked = open.clone();
        conn.commit_hook(Some(move || !asked.load(Ordering::Relaxed)))?;
        Ok(Self(open))
    }

    pub(super) fn open(&self) -> Opened {
        self.0.store(true, Ordering::Relaxed);
        Opened(self.0.clone())
    }
}

impl Drop for Opened {
    fn drop(&mut self) {
        self.0.store(false, Ordering::Relaxed);
    }
}

/// Opens the one connection that writes, makes the file if there is none, and brings it to this version.
pub(super) fn gated(path: &Path) -> Result<(Connection, Gate)> {
    make(path)?;
    check_header(path)?;
    let mut conn = Connection::open_with_flags(
        path,
        OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX,
    )
    .map_err(|error| unopened(path, error))?;
    conn.busy_timeout(BUSY)?;
    prepare(&conn)?;
    to_wal(&conn).map_err(|error| unopened(path, error))?;
    conn.execute_batch("pragma synchronous=full; pragma secure_delete=on")?;
    conn.execute_batch(&cache_size(WRITER_CACHE))?;
    migrations::migrate(&conn, path)?;
    let gate = Gate::shut(&mut conn)?;
    Ok((conn, gate))
}

/// Puts the file into WAL mode. Of two processes that do so to a new file at once SQLite tells one that it is busy without
/// waiting, whatever the time-out: it is asked again.
pub(super) fn to_wal(conn: &Connection) -> rusqlite::Result<()> {
    let began = Instant::now();
    loop {
        match conn.query_row("pragma journal_mode=wal", [], |row| row.get::<_, String>(0)) {
            Ok(mode) => {
                debug_assert!(mode == "wal" || mode == "memory", "{mode}");
                return Ok(());
            }
            Err(error)
                if error.sqlite_error_code() == Some(rusqlite::ErrorCode::DatabaseBusy)
                    && began.elapsed() < BUSY =>
            {
                std::thread::sleep(Duration::from_millis(5));
            }
            Err(error) => return Err(error),
        }
    }
}

/// Puts the file into rollback-journal mode, if no other connection has it open.
pub(super) fn leave_wal(conn: &Connection) -> bool {
    let busy = |time| conn.busy_timeout(time).is_ok();
    let mode = || conn.query_row("pragma journal_mode=delete", [], |row| row.get::<_, String>(0));
    let left = busy(Duration::ZERO) && mode().is_ok_and(|mode| mode == "delete");
    let _ = busy(BUSY);
    left
}

/// Whether no other connection has the book open.
pub fn is_alone(path: &Path) -> bool {
    writer(path).is_ok_and(|conn| leave_wal(&conn))
}

/// Opens a connection that reads; it can't write.
pub fn reader(path: &Path) -> Result<Connection> {
    if !path.try_exists().map_err(StoreError::io(path))? {
        return Err(StoreError::Missing(path.to_owned()));
    }
    check_header(path)?;
    // Read-write, because a reader of a WAL may have to make the shared-memory file; `query_only` keeps it from more.
    let open = |flags| Connection::open_with_flags(path, flags | OpenFlags::SQLITE_OPEN_NO_MUTEX);
    let conn = open(OpenFlags::SQLITE_OPEN_READ_WRITE)
        .or_else(|_| open(OpenFlags::SQLITE_OPEN_READ_ONLY))
        .map_err(|error| unopened(path, error))?;
    let (conn, found) = match version(&conn) {
        Ok(found) => (conn, found),
        Err(error) => {
            let conn = unchanging(path, &error).ok_or_else(|| not_a_book(path, error))?;
            let found = version(&conn).map_err(|error| not_a_book(path, error))?;
            (conn, found)
        }
    };
    conn.execute_batch("pragma query_only=on; pragma cache_size=-4000")?;
    if found > migrations::NEWEST {
        return Err(StoreError::Newer { path: path.to_owned(), found, known: migrations::NEWEST });
    }
    if found == 0 {
        let tables: i64 = conn.query_row("select count(*) from sqlite_schema", [], |row| row.get(0))?;
        // Whoever made the file was stopped before anything was in it, or is about to; the next writer goes on from there.
        if tables == 0 {
            return nothing();
        }
        // The tables of a book and its version come in one transaction, so between the two looks it became one.
        if version(&conn)? == 0 {
            return Err(StoreError::NotABook(path.to_owned()));
        }
    }
    if (1..migrations::NEWEST).contains(&found) {
        // An older book: brought up to date where it lies, or, where nothing can be written, in memory.
        return match writer(path) {
            Ok(writer) => {
                drop(writer);
                reader(path)
            }
            Err(_) => brought_up(&conn, path),
        };
    }
    Ok(conn)
}

/// A copy of an older book in memory, as the newest version has it.
fn brought_up(old: &Connection, path: &Path) -> Result<Connection> {
    let mut new = Connection::open_in_memory()?;
    prepare(&new)?;
    rusqlite::backup::Backup::new(old, &mut new)?.run_to_completion(1000, std::time::Duration::ZERO, None)?;
    migrations::migrate(&new, path)?;
    new.execute_batch("pragma query_only=on")?;
    Ok(new)
}

/// Copies a book as it is now to a new file that only its owner can read.
pub fn copy(old: &Connection, to: &Path) -> Result<()> {
    if let Some(folder) = to.parent() {
        private::folder(folder).map_err(StoreError::io(folder))?;
    }
    let file = private::file(to).map_err(StoreError::io(to))?;
    let mut new = Connection::open(to)?;
    rusqlite::backup::Backup::new(old, &mut new)?.run_to_completion(1000, std::time::Duration::ZERO, None)?;
    drop(new);
    file.sync_all().map_err(StoreError::io(to))
}

/// What SQLite's own check finds in a file, a line each, however damaged it is; nothing if that is no database at all.
pub fn examine(path: &Path) -> Result<Vec<String>> {
    check_header(path)?;
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let conn = Connection::open_with_flags(path, flags).map_err(|error| unopened(path, error))?;
    conn.busy_timeout(BUSY)?;
    let mut found = Vec::new();
    let done = (|| {
        let mut statement = conn.prepare("pragma integrity_check")?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            let said: String = row.get(0)?;
            found.extend(said.lines().filter(|line| *line != "ok").map(|line| format!("file: {line}")));
        }
        Ok::<(), rusqlite::Error>(())
    })();
    match done {
        Err(error) if error.sqlite_error_code() == Some(rusqlite::ErrorCode::NotADatabase) => Ok(Vec::new()),
        Err(error) => {
            found.push(format!("file: {error}"));
            Ok(found)
        }
        Ok(()) => Ok(found),
    }
}

/// Holds on to the state of the book that is there now, whoever writes meanwhile, until the connection is closed.
pub fn snapshot(conn: &Connection) -> Result<()> {
    Ok(conn.execute_batch("begin")?)
}

/// A book in a folder that can't be written: SQLite can't make the files beside it that a reader shares with writers. If
/// there is no write-ahead log either, nobody writes, and what the file holds is all there is.
fn unchanging(path: &Path, error: &rusqlite::Error) -> Option<Connection> {
    use rusqlite::ErrorCode as Code;
    if !matches!(error.sqlite_error_code()?, Code::CannotOpen | Code::ReadOnly | Code::PermissionDenied) {
        return None;
    }
    let unfinished = |suffix: &str| {
        let mut beside = path.as_os_str().to_owned();
        beside.push(suffix);
        fs::metadata(&beside).is_ok_and(|meta| meta.len() > 0)
    };
    if unfinished("-wal") || unfinished("-journal") {
        return None;
    }
    let absolute = path.canonicalize().ok()?;
    immutable(&absolute).ok()
}

/// Makes a reading connection ready and asks for the book's version: the first time that the file is really read.
fn version(conn: &Connection) -> rusqlite::Result<i64> {
    conn.busy_timeout(BUSY)?;
    prepare(conn)?;
    conn.query_row("pragma user_version", [], |row| row.get(0))
}

/// Makes a connection ready for many small statements.
pub(super) fn prepare(conn: &Connection) -> rusqlite::Result<()> {
    conn.set_prepared_statement_cache_capacity(512);
    // Otherwise SQLite plans some statements anew at each run, in case that the values bound to them make another index better.
    conn.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    Ok(())
}

fn unopened(path: &Path, error: rusqlite::Error) -> StoreError {
    use rusqlite::ErrorCode as Code;
    match error.sqlite_error_code() {
        Some(Code::CannotOpen | Code::ReadOnly | Code::PermissionDenied) => {
            StoreError::ReadOnly(path.to_owned())
        }
        _ => not_a_book(path, error),
    }
}

fn not_a_book(path: &Path, error: rusqlite::Error) -> StoreError {
    match error.sqlite_error_code() {
        Some(rusqlite::ErrorCode::NotADatabase) => StoreError::NotABook(path.to_owned()),
        Some(rusqlite::ErrorCode::ReadOnly | rusqlite::ErrorCode::CannotOpen) => {
            StoreError::ReadOnly(path.to_owned())
        }
        _ => error.into(),
    }
}

/// Makes an empty file that only its owner can read, whatever the umask, and the folder it lies in.
fn make(path: &Path) -> Result<()> {
    if path.is_dir() {
        return Err(StoreError::NotABook(path.to_owned()));
    }
    if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty() && !folder.exists()) {
        private::folder(folder).map_err(StoreError::io(folder))?;
    }
    match private::file(path) {
        Ok(_) => Ok(()),
        Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => Ok(()),
        Err(error) if error.kind() == std::io::ErrorKind::PermissionDenied => {
            Err(StoreError::ReadOnly(path.to_owned()))
        }
        Err(error) => Err(StoreError::io(path)(error)),
    }
}

/// What the header of a database says of itself: application and version; nothing if the file is empty.
///
/// Nothing else of this program may open a book's file, be it only to look: on POSIX, closing it takes away all locks that the
/// process has on it, those of its open connections among them, and the next one to close the book would throw the write-ahead
/// log away that they still write. SQLite knows how to close; and an immutable file it neither locks nor changes.
pub fn header(path: &Path) -> Result<Option<(i32, i64)>> {
    let found = fs::metadata(path).map_err(|error| match error.kind() {
        std::io::ErrorKind::NotFound => StoreError::Missing(path.to_owned()),
        _ => StoreError::io(path)(error),
    })?;
    if found.is_dir() {
        return Err(StoreError::io(path)(std::io::ErrorKind::IsADirectory.into()));
    }
    if found.len() == 0 {
        return Ok(None);
    }
    let opened = immutable(path).map_err(|error| match fs::File::open(path) {
        Err(error) => StoreError::io(path)(error),
        Ok(_) => error.into(),
    })?;
    let pragma = |name: &str| opened.query_row(&format!("pragma {name}"), [], |row| row.get::<_, i64>(0));
    let read = pragma("application_id").and_then(|id| Ok((id, pragma("user_version")?)));
    match read {
        Ok((application, version)) => Ok(Some((i32::try_from(application).unwrap_or_default(), version))),
        Err(error) if error.sqlite_error_code() == Some(rusqlite::ErrorCode::NotADatabase) => {
            Err(StoreError::NotABook(path.to_owned()))
        }
        // A file that waits for what its write-ahead log holds may look broken without it.
        Err(_) => bytes(path),
    }
}

/// The same from the bytes themselves. The file stays open as long as the program runs: see `header`.
fn bytes(path: &Path) -> Result<Option<(i32, i64)>> {
    let mut header = [0u8; 100];
    let mut file = std::mem::ManuallyDrop::new(fs::File::open(path).map_err(StoreError::io(path))?);
    match file.read_exact(&mut header) {
        Ok(()) if header.starts_with(b"SQLite format 3\0") => {
            let word =
                |at: usize| i32::from_be_bytes([header[at], header[at + 1], header[at + 2], header[at + 3]]);
            Ok(Some((word(68), i64::from(word(60)))))
        }
        Err(error) if error.kind() != std::io::ErrorKind::UnexpectedEof => Err(StoreError::io(path)(error)),
        _ => Err(StoreError::NotABook(path.to_owned())),
    }
}

/// Opens a file as one that nobody changes.
fn immutable(path: &Path) -> rusqlite::Result<Connection> {
    let mut uri = "file:".to_owned();
    for byte in path.as_os_str().as_encoded_bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'/' | b'.' | b'-' | b'_' | b'~' => {
                uri.push(char::from(*byte));
            }
            other => uri.push_str(&format!("%{other:02X}")),
        }
    }
    uri.push_str("?immutable=1");
    let flags =
        OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX | OpenFlags::SQLITE_OPEN_URI;
    Connection::open_with_flags(uri, flags)
}

/// Whether a book is of an older version and so large that it takes seconds to bring it to this one.
pub fn is_behind(path: &Path) -> bool {
    let version = header(path).ok().flatten().map_or(0, |(_, version)| version);
    (1..migrations::NEWEST).contains(&version) && fs::metadata(path).is_ok_and(|found| found.len() > LARGE)
}

/// Looks at the header before anything is changed, so that a newer file is left untouched.
fn check_header(path: &Path) -> Result<()> {
    let Some((application, version)) = header(path)? else { return Ok(()) };
    if application == SHARED_ID {
        return Err(StoreError::Shared(path.to_owned()));
    }
    if application != APPLICATION_ID && (application != 0 || version != 0) {
        return Err(StoreError::NotABook(path.to_owned()));
    }
    if version > migrations::NEWEST {
        return Err(StoreError::Newer { path: path.to_owned(), found: version, known: migrations::NEWEST });
    }
    Ok(())
}

/// What differs between systems: files and folders that only their owner can read.
pub mod private {
    use std::fs;
    use std::io;
    use std::path::Path;

    /// Makes a new file with mode 0600.
    #[cfg(unix)]
    pub fn file(path: &Path) -> io::Result<fs::File> {
        use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
        let file = fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)?;
        file.set_permissions(fs::Permissions::from_mode(0o600))?;
        Ok(file)
    }

    /// Makes a folder with mode 0700, and those above it as the system does.
    #[cfg(unix)]
    pub fn folder(path: &Path) -> io::Result<()> {
        use std::os::unix::fs::PermissionsExt;
        fs::create_dir_all(path)?;
        fs::set_permissions(path, fs::Permissions::from_mode(0o700))
    }

    /// Makes a new file; the profile's folder is private there.
    #[cfg(not(unix))]
    pub fn file(path: &Path) -> io::Result<fs::File> {
        fs::OpenOptions::new().write(true).create_new(true).open(path)
    }

    /// Makes a folder.
    #[cfg(not(unix))]
    pub fn folder(path: &Path) -> io::Result<()> {
        fs::create_dir_all(path)
    }
}

/// An empty book in memory: what a file that isn't there reads as.
pub fn nothing() -> Result<Connection> {
    let conn = Connection::open_in_memory()?;
    prepare(&conn)?;
    migrations::migrate(&conn, Path::new(":memory:"))?;
    conn.execute_batch("pragma query_only=on")?;
    Ok(conn)
}
