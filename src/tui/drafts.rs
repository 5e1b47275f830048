//! What was typed into a form and not saved when rolo had to end (a signal, a panic, a terminal that is gone): kept in
//! the state folder, readable by its owner alone, and taken up again by the next start.

use crate::model::draft::{AddressDraft, ContactDraft, DateDraft, MethodDraft};
use crate::model::schema::Kind;
use crate::tui::state::form::Unsaved;
use serde::{Deserialize, Serialize};
use std::io::{Result, Write};
use std::path::{Path, PathBuf};
use std::sync::Mutex;

/// What would be lost if everything ended now. Panics are told of nothing else.
static AT_RISK: Mutex<Option<Draft>> = Mutex::new(None);

/// Where drafts lie, and the book that they are about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Drafts {
    folder: PathBuf,
    book: PathBuf,
}

/// A draft and where it belongs.
struct Draft {
    home: Drafts,
    unsaved: Unsaved,
}

impl Drafts {
    /// Those of a book.
    pub fn new(state_dir: &Path, book: &Path) -> Self {
        let book = std::path::absolute(book).unwrap_or_else(|_| book.to_owned());
        Self { folder: state_dir.join("drafts"), book }
    }

    /// From now on this is what would be lost.
    pub fn watch(&self, unsaved: Option<Unsaved>) {
        if let Ok(mut at_risk) = AT_RISK.lock() {
            *at_risk = unsaved.map(|unsaved| Draft { home: self.clone(), unsaved });
        }
    }

    /// Takes one out, if there is any. A file that doesn't read stays where it is.
    pub fn take(&self) -> Option<Unsaved> {
        let entries = std::fs::read_dir(&self.folder).ok()?;
        entries.flatten().find_map(|entry| {
            let text = std::fs::read(entry.path()).ok()?;
            let file: File = serde_json::from_slice(&text).ok()?;
            if file.book != self.book.to_string_lossy() {
                return None;
            }
            std::fs::remove_file(entry.path()).ok()?;
            Some(Unsaved { id: file.id, base: file.base.into(), edited: file.edited.into() })
        })
    }

    fn keep(&self, unsaved: &Unsaved) -> Result<()> {
        std::fs::create_dir_all(&self.folder)?;
        // A temporary file is its owner's alone, and has a name that no other process takes.
        let mut file = tempfile::Builder::new().prefix("draft-").suffix(".json").tempfile_in(&self.folder)?;
        let (base, edited) = (Part::from(&unsaved.base), Part::from(&unsaved.edited));
        let book = self.book.to_string_lossy().into_owned();
        serde_json::to_writer(&mut file, &File { book, id: unsaved.id, base, edited })?;
        file.flush()?;
        file.as_file().sync_all()?;
        file.keep()?;
        Ok(())
    }
}

/// Keeps what would be lost. Called where nothing else works any more, so it neither waits nor fails.
pub fn rescue() {
    if let Ok(mut at_risk) = AT_RISK.try_lock()
        && let Some(draft) = at_risk.take()
    {
        // There is nobody left to tell.
        let _ = draft.home.keep(&draft.unsaved);
    }
}

/// What lies in the file.
#[derive(Debug, Serialize, Deserialize)]
struct File {
    book: String,
    /// Absent for a new contact.
    id: Option<i64>,
    base: Part,
    edited: Part,
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

    #[test]
    fn a_draft_comes_back_once_and_only_to_its_book() {
        let folder = tempfile::tempdir().unwrap();
        let of = |book: &str| Drafts::new(folder.path(), &folder.path().join(book));
        let mut base = ContactDraft::default();
        base.set("name", "Ann");
        let mut edited = base.clone();
        edited.set("note", "two\nlines");
        edited.tags = vec!["vip".into()];
        let unsaved = Unsaved { id: Some(7), base, edited };
        assert_eq!(of("a.rolo").take(), None);
        of("a.rolo").keep(&unsaved).unwrap();
        std::fs::write(folder.path().join("drafts/broken.json"), "{").unwrap();
        let kept: Vec<_> = std::fs::read_dir(folder.path().join("drafts")).unwrap().flatten().collect();
        #[cfg(unix)]
        for file in kept.iter().filter(|file| file.file_name() != "broken.json") {
            use std::os::unix::fs::PermissionsExt;
            assert_eq!(file.metadata().unwrap().permissions().mode() & 0o777, 0o600);
        }
        assert_eq!(kept.len(), 2);
        assert_eq!(of("b.rolo").take(), None);
        assert_eq!(of("a.rolo").take(), Some(unsaved));
        assert_eq!(of("a.rolo").take(), None);
    }
}
