//! How sharing stands, in the screen's own plain types: the worker makes them of what operations return.

use crate::tui::state::data::Notice;

/// What this device does with the shared place just now.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Phase {
    /// Nothing.
    #[default]
    Rest,
    /// Sends and receives.
    Syncing,
    /// The place can't be reached, and why.
    Offline(Notice),
    /// It can be reached, but what lies there can't be used, and why.
    Failed(Notice),
}

/// What the title line tells.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sharing {
    /// What is going on.
    pub phase: Phase,
    /// When this device last synced, ms since 1970.
    pub last: Option<i64>,
    /// Changes of this device that others can't have yet.
    pub unsent: i64,
    /// Changes that lack what they build on.
    pub waiting: usize,
    /// Fields of which somebody should choose a value.
    pub conflicts: usize,
}

/// How an unshared book may be shared.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Proposal {
    /// A folder suits it better than a file.
    pub folder: bool,
    /// Bytes of the book.
    pub size: u64,
    /// Where, to begin with.
    pub place: String,
    /// Whether that lies in a folder which something carries about.
    pub carried: bool,
}

/// Somebody who shares the book.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Member {
    /// What they are called.
    pub name: String,
    /// `admin`, `writer`, `reader`.
    pub role: String,
    /// How many devices they have.
    pub devices: usize,
    /// What tells those of one name apart.
    pub id: String,
}

impl Member {
    /// By what an operation is told whom it is about: the name, as far as that is enough.
    pub fn named(&self, among: &[Self]) -> String {
        let namesakes = among.iter().filter(|one| one.name == self.name).count();
        if namesakes > 1 { self.id.clone() } else { self.name.clone() }
    }
}

/// A device of somebody's.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Device {
    /// What its owner calls it.
    pub name: String,
    /// Who works with it.
    pub author: String,
    /// When it last said where it stands, ms since 1970.
    pub seen: Option<i64>,
    /// How many of its changes are not here yet.
    pub behind: i64,
    /// How many of ours it has not seen yet.
    pub lacks: i64,
    /// It is this one.
    pub mine: bool,
}

/// All about sharing this book.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Status {
    /// Where.
    pub place: String,
    /// `file`, `folder`, or empty before the first sync.
    pub kind: String,
    /// Who is in.
    pub members: Vec<Member>,
    /// Their devices, this one first.
    pub devices: Vec<Device>,
    /// What the last sync warned of.
    pub warnings: Vec<Notice>,
}

/// What somebody else has to type.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Invitation {
    /// For whom; may be empty.
    pub name: String,
    /// `admin`, `writer`, `reader`.
    pub role: String,
    /// The code.
    pub code: String,
    /// Where the book is shared.
    pub place: String,
    /// Until when the code is good, ms since 1970.
    pub expires: i64,
}

/// What is to be done about sharing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ShareAsk {
    /// Say how it stands, or what there is to propose.
    Look,
    /// Send and receive now.
    Sync,
    /// Share the book there.
    Init(String),
    /// Make a code.
    Invite {
        /// For whom.
        name: String,
        /// As what.
        role: String,
    },
    /// Give a member another role.
    Role {
        /// Whom.
        name: String,
        /// Which.
        role: String,
    },
    /// Take a member out.
    Remove(String),
    /// No longer share on this device.
    Leave,
    /// Make this book out of a shared one.
    Join {
        /// Where it is shared.
        place: String,
        /// What one was given.
        code: String,
        /// Who joins.
        name: String,
    },
    /// The book lies where something carries it about: work in a copy elsewhere, and share it where it lay.
    Move,
}

/// What came of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ShareAnswer {
    /// The book isn't shared.
    Proposal(Proposal),
    /// It is.
    Status(Box<Status>),
    /// A code was made.
    Invited(Box<Invitation>),
    /// It was done.
    Done(Notice),
    /// The book is there, and this person works with it.
    Joined(String),
    /// The book lies elsewhere now.
    Moved(std::path::PathBuf),
}
