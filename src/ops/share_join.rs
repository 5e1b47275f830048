//! Coming in: a new book out of a shared one, and a shared book whose place has moved.

use super::share::{SyncReport, absolute, files, lock, me};
use super::share_status::is_trust;
use super::{Book, OpError, Result, Session};
use crate::store::Store;
use crate::sync::SyncError;
use crate::sync::code::Code;
use crate::sync::engine::Engine;
use crate::sync::keyring::Keyring;
use crate::sync::remote;
use crate::sync::trust::Trust;
use std::path::Path;

impl Book {
    /// Makes a new book at `path` and fills it from a place. A code that does not let in changes nothing.
    pub fn share_join(path: &Path, session: Session, place: &Path, code: &str) -> Result<SyncReport> {
        let code = Code::parse(code).map_err(SyncError::from)?;
        let place = absolute(place)?;
        if path.exists() {
            return Err(OpError::Exists { kind: "book", name: path.display().to_string() });
        }
        let files = files();
        // Looked at before anything is made here: the device's id is not known yet and not needed to read.
        let (mut remote, format) = remote::open(files.clone(), &place, 0)?;
        let mut found = Vec::new();
        for name in remote.list()? {
            if let (true, Ok(bytes)) = (is_trust(&name), remote.get(&name)) {
                found.push((name, bytes));
            }
        }
        let now = session.clock.millis();
        // Tried with a device that never comes to be: nothing is written unless the code lets in.
        Trust::join(format.book, &code, &found, &me(&session, 1), now)?;
        drop(remote);
        let made = Self::joined(path, &session, &place, (&code, &found), format.book);
        if made.is_err() {
            unmake(path);
        }
        made?;
        // By which country the book reads phone numbers is the others' to say, who were there before.
        Self::open(path, Session { country: None, ..session })?.share_sync()
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
        if path.exists() {
            return Err(OpError::Exists { kind: "book", name: path.display().to_string() });
        }
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
        let made = Store::join(path, &state, session.clock, entropy, format.book)
            .map_err(OpError::from)
            .and_then(|_| Ok(keyring.save(&*files, &at())?))
            .and_then(|()| Self::open(path, Session { country: None, ..session })?.share_sync());
        if made.is_err() {
            let _ = std::fs::remove_file(at());
            unmake(path);
        }
        made
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

    fn joined(
        path: &Path,
        session: &Session,
        place: &Path,
        (code, found): (&Code, &[crate::sync::trust::Put]),
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

/// Takes the files of a book away that could not be made.
fn unmake(path: &Path) {
    for suffix in ["", "-wal", "-shm"] {
        let mut file = path.as_os_str().to_owned();
        file.push(suffix);
        let _ = std::fs::remove_file(file);
    }
}
