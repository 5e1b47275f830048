//! What an import would do, gathered while it is tried: new contacts by name, changes field by field.

use super::super::history::Names;
use super::Result;
use super::reader::{Act, Chunk};
use crate::exchange::{Warning, WarningKind};
use crate::model::edit::{At, Edit, New};
use crate::model::ids::Gid;
use crate::model::schema::{Kind, Type};
use crate::model::value::Value;
use crate::store::{Tx, sql, undo};

/// So many new contacts and so many changes are shown; all are counted.
pub const SHOWN_MAX: usize = 500;

/// A change of one field of a contact that is there.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct FieldChange {
    /// Whose; of a deal, a task, ... its title.
    pub contact: String,
    /// Which: a field, a kind of method (`email`, `phone`), `address`, `tag`, `field:KEY`, `extra:COLUMN`, ...; behind a point what of
    /// it: `email.label`, `deal.stage`.
    pub field: String,
    /// What stands there; empty if it comes as an addition.
    pub before: String,
    /// What would stand there; empty if it goes.
    pub after: String,
}

/// A contact that would be made.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct NewContact {
    /// The file's name.
    #[serde(skip)]
    pub file: String,
    /// Where its row begins.
    pub line: u64,
    /// What it would be called.
    pub name: String,
    /// Whose addresses it shares, if it may be the same as another: a name, or `#12` for the row at line 12.
    #[serde(rename = "doubtful_with", skip_serializing_if = "Option::is_none")]
    pub doubtful: Option<String>,
    /// Whether these are several that it may be.
    #[serde(skip)]
    pub several: bool,
}

/// What is gathered.
#[derive(Default)]
pub(super) struct Rehearsal {
    file: String,
    pub(super) fresh: Vec<NewContact>,
    /// Doubtful ones come in where the list of new ones is full already.
    doubtful: usize,
}

impl Rehearsal {
    /// Looks at what the reader sends, before the writer takes it.
    pub(super) fn see(&mut self, chunk: &Chunk) {
        let items = match chunk {
            Chunk::File { name, .. } => return self.file.clone_from(name),
            Chunk::Items(items) => items,
            Chunk::End(_) => return,
        };
        for item in items {
            let Act::Create { prepared, made } = &item.act else { continue };
            let room = self.fresh.len() - self.doubtful < SHOWN_MAX;
            if !(room || (made.doubtful && self.doubtful < SHOWN_MAX)) {
                continue;
            }
            let of =
                |warning: &&Warning| matches!(warning.kind, WarningKind::Doubtful | WarningKind::Several);
            let whom = item.warnings.iter().find(of);
            self.doubtful += usize::from(whom.is_some());
            self.fresh.push(NewContact {
                file: self.file.clone(),
                line: item.line,
                name: name(&prepared.new),
                doubtful: whom.map(|warning| warning.column.clone()),
                several: whom.is_some_and(|warning| warning.kind == WarningKind::Several),
            });
        }
    }
}

fn text<'a>(new: &'a New, field: &str) -> &'a str {
    match new.get(field) {
        Some(Value::Text(text) | Value::Named(text)) => text,
        _ => "",
    }
}

/// What a contact is called that has no name: by its first address.
fn name(new: &New) -> String {
    let own = ["name", "nickname", "company"].map(|field| text(new, field));
    let method = new.children.iter().find(|child| child.kind == Kind::Method);
    let method = method.map_or("", |child| text(child, "value"));
    own.into_iter().chain([method]).find(|text| !text.is_empty()).unwrap_or_default().to_owned()
}

/// Whether an edit changes what people see of a contact that is there.
pub(super) fn is_change(edit: &Edit) -> bool {
    match edit {
        // Extras whose name begins with # say how a file was laid out.
        Edit::Create { owner, new } => {
            let layout = new.kind == Kind::Extra && text(new, "name").starts_with('#');
            owner.is_some() && new.kind != Kind::Identity && !layout
        }
        Edit::Set { at, field, .. } => {
            let name = at.kind.record().fields[*field].name;
            at.kind != Kind::Identity && !matches!(name, "implied" | "position" | "base" | "waiting")
        }
        edit => edit.at().is_some_and(|at| at.kind != Kind::Identity),
    }
}

/// Edits as people read them.
pub(super) fn changes(tx: &Tx<'_>, edits: &[Edit]) -> Result<Vec<FieldChange>> {
    let conn = tx.conn();
    let mut names = Names::new(tx.book());
    let mut all = Vec::with_capacity(edits.len());
    for edit in edits {
        let owner = |at: &At| at.owner.unwrap_or(at.id);
        let (gid, field, before, after): (Gid, String, String, String) = match edit {
            Edit::Create { owner: Some(owner), new } => {
                let (field, after) = child(conn, &mut names, new)?;
                (*owner, field, String::new(), after)
            }
            Edit::Set { at, field, before, after } => {
                let of = &at.kind.record().fields[*field];
                let label = match (at.kind, there(conn, &mut names, at)?) {
                    (Kind::Contact, _) => of.name.to_owned(),
                    (_, Some((label, _))) if matches!(of.name, "value" | "date") => label,
                    (_, Some((label, _))) => format!("{label}.{}", of.name),
                    (kind, None) => format!("{}.{}", kind.record().name, of.name),
                };
                let show = |names: &mut Names, value| names.show(conn, of.ty, value);
                (owner(at), label, show(&mut names, before)?, show(&mut names, after)?)
            }
            Edit::Delete(at) | Edit::Drop { at, .. } | Edit::Erase(at) => {
                let (field, before) = there(conn, &mut names, at)?.unwrap_or_else(|| untold(at));
                (owner(at), field, before, String::new())
            }
            Edit::Restore(at) => {
                let (field, after) = there(conn, &mut names, at)?.unwrap_or_else(|| untold(at));
                (owner(at), field, String::new(), after)
            }
            Edit::Create { owner: None, .. } | Edit::Erased { .. } | Edit::Unknown { .. } => continue,
        };
        let kind = edit.at().filter(|at| at.owner.is_none()).map_or(Kind::Contact, |at| at.kind);
        all.push(FieldChange { contact: names.of(conn, kind, gid)?, field, before, after });
    }
    Ok(all)
}

/// A record of which no more can be told.
fn untold(at: &At) -> (String, String) {
    (at.kind.record().name.to_owned(), "…".to_owned())
}

/// What a part of a contact is that is in the book, or was until now, and what it says.
fn there(conn: &rusqlite::Connection, names: &mut Names, at: &At) -> Result<Option<(String, String)>> {
    let Some(place) = undo::place(conn, at)?.filter(|_| at.owner.is_some()) else { return Ok(None) };
    let mut new = New::of(at.kind);
    for field in 0..at.kind.record().fields.len() {
        match sql::value_at(conn, place, field)? {
            Value::Null => {}
            value => new.fields.push((field, value)),
        }
    }
    child(conn, names, &new).map(Some)
}

/// What a new part of a contact is, and what it says.
fn child(conn: &rusqlite::Connection, names: &mut Names, new: &New) -> Result<(String, String)> {
    let mut show = |field: &str| -> Result<String> {
        let ty = new.kind.record().field(field).map_or(Type::Text, |at| new.kind.record().fields[at].ty);
        new.get(field).map_or(Ok(String::new()), |value| names.show(conn, ty, value))
    };
    Ok(match new.kind {
        Kind::Method => (show("type")?, show("value")?),
        Kind::Date => {
            let label = show("label")?;
            (if label.is_empty() { "date".to_owned() } else { label }, show("date")?)
        }
        Kind::Tagging => ("tag".to_owned(), show("tag")?),
        Kind::FieldValue => (format!("field:{}", show("field")?), show("value")?),
        Kind::Extra => (format!("extra:{}", show("name")?), show("value")?),
        Kind::Link => {
            let to = show("to")?;
            (show("relation")?, if to.is_empty() { show("name")? } else { to })
        }
        kind => {
            let mut parts = Vec::new();
            for field in kind.record().fields.iter().filter(|field| field.name != "label") {
                let text = show(field.name)?;
                if !text.is_empty() && field.ty != Type::Position {
                    parts.push(text);
                }
            }
            (kind.record().name.to_owned(), parts.join(", "))
        }
    })
}
