//! Coming in: a new book out of a shared one, and a shared book whose place has moved.

use super::share::{SyncReport, absolute, files, lock, me};
use super::share_move::{remove, rename, with};
use super::share_status::is_trust;
use super::{Book, OpError, Result, Session};
use crate::store::{Store, open};
use crate::sync::SyncError;
use crate::sync::code::Code;
use crate::sync::engine::Engine;
use crate::sync::keyring::Keyring;
use crate::sync::remote;
use crate::sync::trust::{Put, Trust};
use std::path::{Path, PathBuf};

/// What lies in a place for whoever comes in by a code.
struct Tried {
    book: [u8; 16],
    found: Vec<Put>,
    name: String,
}

/// Tries a code with a device that never comes to be: nothing is written unless it lets in.
fn tried(session: &Session, place: &Path, code: &Code) -> Result<Tried> {
    // The device's id is not known yet and not needed to read.
    let (mut remote, format) = remote::open(files(), place, 0)?;
    let mut found = Vec::new();
    for name in remote.list()? {
        if let (true, Ok(bytes)) = (is_trust(&name), remote.get(&name)) {
            found.push((name, bytes));
        }
    }
    let (mut trust, _) = Trust::join(format.book, code, &found, &me(session, 1), session.clock.millis())?;
    let invite = code.keys(&format.book)?.id;
    let name = trust.state().invites.get(&invite).map(|invite| invite.name.clone());
    Ok(Tried { book: format.book, found, name: name.unwrap_or_default() })
}

impl Book {
    /// Makes a new book at `path` and fills it from a place. A code that does not let in changes nothing.
    pub fn share_join(path: &Path, session: Session, place: &Path, code: &str) -> Result<SyncReport> {
        let code = Code::parse(code).map_err(SyncError::from)?;
        let place = absolute(place)?;
        let taken = Unused::at(path, &session)?;
        let Tried { book, found, .. } = tried(&session, &place, &code)?;
        in_place_of(taken, path, || Self::joined(path, &session, &place, (&code, &found), book))?;
        // By which country the book reads phone numbers is the others' to say, who were there before.
        Self::open(path, Session { country: None, ..session })?.share_sync()
    }

    /// What whoever made a code calls those who come in by it; may be empty. A code that does not let in is an error.
    pub fn share_invited(session: &Session, place: &Path, code: &str) -> Result<String> {
        let code = Code::parse(code).map_err(SyncError::from)?;
        Ok(tried(session, &absolute(place)?, &code)?.name)
    }

    /// Makes a new book at `path` and fills it from a place, with keys that were backed up: the device that they are of goes on
    /// under a new identity. What does not fit changes nothing.
    pub fn share_restore(
        path: &Path,
        session: Session,
        place: &Path,
        keys: &str,
        passphrase: &str,
    ) -> Result<SyncReport> {
        let place = absolute(place)?;
        let taken = Unused::at(path, &session)?;
        let mut keyring = Keyring::import(keys, passphrase)?;
        let files = files();
        let (_, format) = remote::open(files.clone(), &place, 0)?;
        if format.book != keyring.book {
            return Err(SyncError::OtherBook(place).into());
        }
        keyring.place = place.display().to_string();
        let entropy = crate::store::entropy::Entropy::default();
        let state = session.state_dir.clone();
        // Keys are found by where a book really lies, which shows once it is there.
        let at = || Keyring::path(&state, &format.book, path);
        in_place_of(taken, path, || {
            Store::join(path, &state, session.clock, entropy, format.book)?;
            keyring.save(&*files, &at())?;
            let made =
                Self::open(path, Session { country: None, ..session }).and_then(|mut book| book.share_sync());
            if made.is_err() {
                let _ = std::fs::remove_file(at());
            }
            made
        })
    }

    /// From now on this book is shared where its place lies now: somebody has moved or renamed it, or it is mounted elsewhere.
    pub fn share_follow(&mut self, place: &Path) -> Result<SyncReport> {
        let keyring_path = self.keyring_path()?;
        let place = absolute(place)?;
        {
            let _lock = lock(&keyring_path)?;
            let mut keyring = Keyring::load(&*files(), &keyring_path)?.ok_or(OpError::NotShared)?;
            let (_, format) = remote::open(files(), &place, keyring.device)?;
            if format.book != keyring.book {
                return Err(SyncError::OtherBook(place).into());
            }
            keyring.place = place.display().to_string();
            keyring.save(&*files(), &keyring_path)?;
        }
        self.share_sync()
    }

    /// Whether it holds nothing but what it was made with, and was never shared.
    fn is_unused(&self) -> Result<bool> {
        let conn = self.reader()?;
        let book: [u8; 16] =
            conn.query_row("select value from meta where key='book'", [], |row| row.get(0))?;
        let keyring = Keyring::path(&self.session.state_dir, &book, &self.path);
        let sql = "select not exists (select 1 from tx where origin<>'new') \
                   and not exists (select 1 from local_waiting)";
        Ok(!keyring.exists() && conn.query_row(sql, [], |row| row.get(0))?)
    }

    fn joined(
        path: &Path,
        session: &Session,
        place: &Path,
        (code, found): (&Code, &[Put]),
        book: [u8; 16],
    ) -> Result<()> {
        let files = files();
        let entropy = crate::store::entropy::Entropy::default();
        let mut store = Store::join(path, &session.state_dir, session.clock, entropy, book)?;
        let me = me(session, store.device());
        let keyring = Keyring::path(&session.state_dir, &book, path);
        let lock = lock(&keyring)?;
        let now = session.clock.millis();
        let (mut trust, puts) = Trust::join(book, code, found, &me, now)?;
        trust.keyring.place = place.display().to_string();
        let (remote, _) = remote::open(files.clone(), place, me.device)?;
        let mut engine = Engine { store: &mut store, trust, remote, files, keyring, me, now };
        engine.publish(&puts)?;
        engine.remote.flush()?;
        drop(engine);
        drop(lock);
        Ok(())
    }
}

/// A book that was made and never used: whoever joins need not know that it is there.
struct Unused {
    path: PathBuf,
    now: PathBuf,
}

impl Unused {
    /// The one at this path; `None` if there is nothing. A book that was used is an error.
    fn at(path: &Path, session: &Session) -> Result<Option<Self>> {
        if !path.exists() {
            return Ok(None);
        }
        let name = path.display().to_string();
        // Whatever else lies there is as much in the way, and so is a book that somebody else has open just now.
        let book = Book::open(path, session.clone());
        let unused = book.and_then(|book| book.is_unused()).unwrap_or(false);
        if !unused || !open::is_alone(path) {
            return Err(OpError::Exists { kind: "book", name });
        }
        let now = with(path, ".unused");
        Ok(Some(Self { path: path.to_owned(), now }))
    }

    fn set_aside(self) -> Result<Self> {
        rename(&self.path, &self.now)?;
        Ok(self)
    }

    fn put_back(self) -> Result<()> {
        rename(&self.now, &self.path)
    }
}

/// Makes a book at `path`. The one that lies there unused goes only once that has worked.
fn in_place_of<T>(unused: Option<Unused>, path: &Path, make: impl FnOnce() -> Result<T>) -> Result<T> {
    let aside = unused.map(Unused::set_aside).transpose()?;
    let made = make();
    match (&made, aside) {
        (Ok(_), aside) => aside.iter().for_each(|aside| remove(&aside.now)),
        (Err(_), aside) => {
            remove(path);
            aside.map(Unused::put_back).transpose()?;
        }
    }
    made
}
