//! What was typed and not saved when rolo had to end (a signal, a panic, a terminal that is gone): kept in the state
//! folder, readable by its owner alone, and taken up again by the next start. It lies there until it is saved or thrown
//! away; a lock keeps a second screen from taking it up as well.

use crate::model::draft::{AddressDraft, ContactDraft, DateDraft, MethodDraft};
use crate::model::schema::Kind;
use crate::tui::state::Unsaved;
use crate::tui::state::form::UnsavedContact;
use crate::tui::state::quick_log::UnsavedLog;
use serde::{Deserialize, Serialize};
use std::fs::File;
use std::io::{Result, Write};
use std::path::{Path, PathBuf};
use std::sync::Mutex;

/// What would be lost if everything ended now: a panic finds nothing else.
static AT_RISK: Mutex<Option<Draft>> = Mutex::new(None);

/// The drafts of a book.
#[derive(Debug)]
pub struct Drafts {
    home: Home,
    /// The one that was taken up.
    taken: Option<Taken>,
}

/// Where drafts lie, and the book that they are about.
#[derive(Clone, Debug)]
struct Home {
    folder: PathBuf,
    book: PathBuf,
}

/// A file that another one replaces, or nothing once what was typed is safe.
#[derive(Debug)]
struct Taken {
    path: PathBuf,
    /// Held as long as the screen is there.
    _lock: File,
}

/// What is to be kept, and where.
struct Draft {
    home: Home,
    replaces: Option<PathBuf>,
    unsaved: Unsaved,
}

impl Drafts {
    /// Those of a book.
    pub fn new(state_dir: &Path, book: &Path) -> Self {
        let book = std::path::absolute(book).unwrap_or_else(|_| book.to_owned());
        Self { home: Home { folder: state_dir.join("drafts"), book }, taken: None }
    }

    /// Takes one up, if there is any. A file that doesn't read stays where it is.
    pub fn take(&mut self) -> Option<Unsaved> {
        let entries = std::fs::read_dir(&self.home.folder).ok()?;
        let (taken, unsaved) = entries.flatten().find_map(|entry| self.home.open(entry.path()))?;
        self.taken = Some(taken);
        Some(unsaved)
    }

    /// From now on this is what would be lost. Nothing: what was taken up was saved or thrown away.
    pub fn watch(&mut self, unsaved: Option<Unsaved>) {
        if unsaved.is_none()
            && let Some(taken) = self.taken.take()
        {
            // It would only be offered once more.
            let _ = std::fs::remove_file(taken.path);
        }
        let replaces = self.taken.as_ref().map(|taken| taken.path.clone());
        if let Ok(mut at_risk) = AT_RISK.lock() {
            *at_risk = unsaved.map(|unsaved| Draft { home: self.home.clone(), replaces, unsaved });
        }
    }
}

impl Home {
    /// The draft in a file, if it is about this book and nobody else has taken it up.
    fn open(&self, path: PathBuf) -> Option<(Taken, Unsaved)> {
        let text = std::fs::read(&path).ok()?;
        let kept: Kept = serde_json::from_slice(&text).ok()?;
        if kept.book != self.book.to_string_lossy() {
            return None;
        }
        let lock = File::open(&path).ok()?;
        lock.try_lock().ok()?;
        Some((Taken { path, _lock: lock }, kept.typed.into()))
    }

    fn keep(&self, unsaved: &Unsaved) -> Result<()> {
        make_private(&self.folder)?;
        // A temporary file is its owner's alone, and has a name that no other process takes.
        let mut file = tempfile::Builder::new().prefix("draft-").suffix(".json").tempfile_in(&self.folder)?;
        let book = self.book.to_string_lossy().into_owned();
        serde_json::to_writer(&mut file, &Kept { book, typed: unsaved.into() })?;
        file.flush()?;
        file.as_file().sync_all()?;
        file.keep()?;
        Ok(())
    }
}

/// Makes a folder that only its owner reads, and those that it lies in.
fn make_private(folder: &Path) -> Result<()> {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}

/// Keeps what would be lost. Called where nothing else works any more, so it neither waits nor fails.
pub fn rescue() {
    if let Ok(mut at_risk) = AT_RISK.try_lock()
        && let Some(draft) = at_risk.take()
        && draft.home.keep(&draft.unsaved).is_ok()
        && let Some(old) = draft.replaces
    {
        // Two of them are better than none.
        let _ = std::fs::remove_file(old);
    }
}

/// What lies in a file.
#[derive(Debug, Serialize, Deserialize)]
struct Kept {
    book: String,
    #[serde(flatten)]
    typed: Typed,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Typed {
    Contact {
        /// Absent for a new one.
        id: Option<i64>,
        base: Box<Part>,
        edited: Box<Part>,
    },
    Log(UnsavedLog),
}

impl From<&Unsaved> for Typed {
    fn from(unsaved: &Unsaved) -> Self {
        match unsaved {
            Unsaved::Contact(contact) => Self::Contact {
                id: contact.id,
                base: Box::new(Part::from(&contact.base)),
                edited: Box::new(Part::from(&contact.edited)),
            },
            Unsaved::Log(log) => Self::Log(log.clone()),
        }
    }
}

impl From<Typed> for Unsaved {
    fn from(typed: Typed) -> Self {
        match typed {
            Typed::Contact { id, base, edited } => {
                let (base, edited) = ((*base).into(), (*edited).into());
                Self::Contact(Box::new(UnsavedContact { id, base, edited }))
            }
            Typed::Log(log) => Self::Log(log),
        }
    }
}

/// What a form can change of a contact.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(default)]
struct Part {
    kind: String,
    fields: Vec<(String, String)>,
    company: String,
    methods: Vec<MethodDraft>,
    addresses: Vec<AddressDraft>,
    dates: Vec<DateDraft>,
    tags: Vec<String>,
    values: Vec<(String, String)>,
}

impl From<&ContactDraft> for Part {
    fn from(draft: &ContactDraft) -> Self {
        let ContactDraft { kind, fields, company, methods, addresses, dates, tags, values, .. } =
            draft.clone();
        let fields = fields.into_iter().map(|(field, value)| (field.to_owned(), value)).collect();
        Self { kind, fields, company, methods, addresses, dates, tags, values }
    }
}

impl From<Part> for ContactDraft {
    fn from(part: Part) -> Self {
        let Part { kind, fields, company, methods, addresses, dates, tags, values } = part;
        let mut draft = Self { kind, company, methods, addresses, dates, tags, values, ..Self::default() };
        for field in Kind::Contact.record().fields {
            if let Some((_, value)) = fields.iter().find(|(name, _)| name == field.name) {
                draft.set(field.name, value);
            }
        }
        draft
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn unsaved() -> Unsaved {
        let mut base = ContactDraft::default();
        base.set("name", "Ann");
        let mut edited = base.clone();
        edited.set("note", "two\nlines");
        edited.tags = vec!["vip".into()];
        Unsaved::Contact(Box::new(UnsavedContact { id: Some(7), base, edited }))
    }

    #[test]
    fn a_draft_is_its_owners_and_comes_back_to_its_book_until_it_is_done_with() {
        let folder = tempfile::tempdir().unwrap();
        let of = |book: &str| Drafts::new(folder.path(), &folder.path().join(book));
        assert_eq!(of("a.rolo").take(), None);
        of("a.rolo").home.keep(&unsaved()).unwrap();
        std::fs::write(folder.path().join("drafts/broken.json"), "{").unwrap();
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            let folder = folder.path().join("drafts").metadata().unwrap();
            assert_eq!(folder.permissions().mode() & 0o777, 0o700);
        }
        #[cfg(unix)]
        for file in std::fs::read_dir(folder.path().join("drafts")).unwrap().flatten() {
            use std::os::unix::fs::PermissionsExt;
            let mode = file.metadata().unwrap().permissions().mode() & 0o777;
            assert!(mode == 0o600 || file.file_name() == "broken.json", "{mode:o}");
        }
        assert_eq!(of("b.rolo").take(), None);
        let mut first = of("a.rolo");
        assert_eq!(first.take(), Some(unsaved()));
        assert_eq!(of("a.rolo").take(), None, "another screen has it");
        drop(first);
        let mut second = of("a.rolo");
        assert_eq!(second.take(), Some(unsaved()), "that screen was killed");
        second.watch(None);
        assert_eq!(of("a.rolo").take(), None);
    }
}
