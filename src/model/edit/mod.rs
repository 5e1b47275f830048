//! The primitive edits that all change is made of, and how one is written as a line of the log.
//!
//! A line is a JSON object that anyone can read without rolo:
//!
//! ```json
//! {"new":"contact","name":"Ann Lee","company":"=Acme Corp","method":[{"type":"email","value":"ann@acme.example"}]}
//! {"set":"contact","id":"0192...","field":"title","to":"CEO","was":"VP"}
//! {"delete":"method","of":"0192...","id":"00c0ffee00c0ffee.12.3"}
//! {"drop":"contact","id":"0192...","made":"00c0ffee00c0ffee.12.3"}
//! {"erased":"c0ffee...","creates":3}
//! ```
//!
//! A record with its children is one line. Instants are milliseconds since 1970 UTC. A Create without `id` gets one from the row's seed and its number among the
//! row's Creates (`ids::derived_v7`), a child's id is that number itself. `=Acme Corp` names the record whose id is
//! made from that name, `#2` the second Create after the line's own record.

mod read;
#[cfg(test)]
mod tests;
mod write;

pub use read::{Blind, LineError, read_field, read_new};
pub use write::{write_field, write_new};

use super::ids::Gid;
use super::schema::Kind;
use super::value::Value;

/// How a new record gets its id.
#[derive(Clone, Debug, PartialEq)]
pub enum NewId {
    /// From the row's seed and its number (or, a child, the number itself).
    Derived,
    /// This one: it came with the data, or the record is brought back.
    Given(Gid),
    /// Made from this name, so that two devices arrive at the same.
    Named(String),
}

/// A record to be made, with the children that come with it.
#[derive(Clone, Debug, PartialEq)]
pub struct New {
    /// Its kind.
    pub kind: Kind,
    /// Its id.
    pub id: NewId,
    /// Position in `Record::fields` and value; none is `Null`, none stands twice.
    pub fields: Vec<(usize, Value)>,
    /// Only kinds that this kind owns; those of one kind stand together.
    pub children: Vec<New>,
    /// When it was made, ms since 1970, where that is not when the batch was written.
    pub created: Option<i64>,
    /// How many Creates of kinds that this version doesn't know stand between the sibling before it and itself.
    pub gap: i64,
    /// How many of them follow its last child.
    pub rest: i64,
}

impl New {
    /// A record of this kind with a derived id.
    pub const fn of(kind: Kind) -> Self {
        Self {
            kind,
            id: NewId::Derived,
            fields: Vec::new(),
            children: Vec::new(),
            created: None,
            gap: 0,
            rest: 0,
        }
    }

    /// The same with a given id.
    pub fn with_id(mut self, id: NewId) -> Self {
        self.id = id;
        self
    }

    /// The same with a field set; `Null` and names that the kind does not have leave it as it is.
    pub fn with(mut self, name: &str, value: Value) -> Self {
        self.put(name, value);
        self
    }

    /// Sets a field; `Null` and names that the kind does not have change nothing.
    pub fn put(&mut self, name: &str, value: Value) {
        let at = self.kind.record().field(name);
        debug_assert!(at.is_some(), "{:?} has no field {name}", self.kind);
        if let Some(at) = at
            && !value.is_null()
        {
            match self.fields.iter().position(|(other, _)| *other == at) {
                None => self.fields.push((at, value)),
                Some(there) => {
                    self.fields.remove(there);
                    self.fields.push((at, value));
                }
            }
        }
    }

    /// The value of a field.
    pub fn get(&self, name: &str) -> Option<&Value> {
        let at = self.kind.record().field(name)?;
        self.fields.iter().find(|(other, _)| *other == at).map(|(_, value)| value)
    }

    /// How many Creates it stands for: itself and all below.
    pub fn count(&self) -> i64 {
        1 + self.children.iter().map(|child| child.gap + child.count()).sum::<i64>() + self.rest
    }

    /// Its children and the number of each among the row's Creates, if its own is `index`.
    pub fn numbered(&self, index: i64) -> impl Iterator<Item = (i64, &Self)> {
        let mut next = index + 1;
        self.children.iter().map(move |child| {
            let at = next + child.gap;
            next = at + child.count();
            (at, child)
        })
    }
}

/// Names a record that is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct At {
    /// Its kind.
    pub kind: Kind,
    /// Its id.
    pub id: Gid,
    /// For a child, the record that owns it.
    pub owner: Option<Gid>,
}

impl At {
    /// A record of its own.
    pub const fn top(kind: Kind, id: Gid) -> Self {
        Self { kind, id, owner: None }
    }

    /// A child of `owner`.
    pub const fn child(kind: Kind, owner: Gid, id: Gid) -> Self {
        Self { kind, id, owner: Some(owner) }
    }
}

/// One primitive change.
#[derive(Clone, Debug, PartialEq)]
pub enum Edit {
    /// Makes a record; for a child, under `owner`.
    Create {
        /// The record that owns it, for a child.
        owner: Option<Gid>,
        /// What is made.
        new: New,
    },
    /// Gives a field another value.
    Set {
        /// Which record.
        at: At,
        /// Position in `Record::fields`.
        field: usize,
        /// What stood there: for reading and undo only, applying never consults it.
        before: Value,
        /// What stands there now.
        after: Value,
    },
    /// Puts a record into the bin.
    Delete(At),
    /// Takes it out again.
    Restore(At),
    /// Takes a Create back: if nothing else made the record, it is gone, with its children.
    Drop {
        /// Which record.
        at: At,
        /// Which of its Creates, as `Gid::Born`; older logs don't say, and mean the latest that they had.
        made: Option<Gid>,
    },
    /// Removes a record for good: whatever says anything about it, earlier or later, counts no more.
    Erase(At),
    /// What stood here was about somebody who was erased.
    Erased {
        /// The hash of the line, which keeps the chain whole.
        hash: [u8; 32],
        /// How many Creates it had, since those after it are numbered on.
        creates: i64,
        /// Who was erased: the row that erased them may never come. Labels and older logs don't say.
        of: Option<(Kind, Gid)>,
    },
    /// A newer version's: kept as it is until this version knows it, too.
    Unknown {
        /// The line.
        line: String,
        /// How many Creates it has.
        creates: i64,
    },
}

impl Edit {
    /// Which record it is about; for a Create, none: its id follows from where its line stands.
    pub const fn at(&self) -> Option<&At> {
        match self {
            Self::Set { at, .. }
            | Self::Delete(at)
            | Self::Restore(at)
            | Self::Drop { at, .. }
            | Self::Erase(at) => Some(at),
            Self::Create { .. } | Self::Erased { .. } | Self::Unknown { .. } => None,
        }
    }

    /// How many Creates it stands for.
    pub fn creates(&self) -> i64 {
        match self {
            Self::Create { new, .. } => new.count(),
            Self::Erased { creates, .. } | Self::Unknown { creates, .. } => *creates,
            _ => 0,
        }
    }
}
