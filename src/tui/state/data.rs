//! What the screen shows, in its own plain types: the worker makes them of what operations return.

use super::import::data::Particulars;
use crate::i18n::Lang;
use std::borrow::Cow;
use std::path::PathBuf;
use std::sync::Arc;

/// A line of the list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Row {
    /// The contact.
    pub id: i64,
    /// What it is called.
    pub name: String,
    /// Where they work.
    pub company: String,
    /// The e-mail to use first.
    pub email: String,
    /// When something last happened with them, ms since 1970.
    pub last: Option<i64>,
    /// Shown with a star.
    pub starred: bool,
    /// Put away.
    pub archived: bool,
    /// One wanted to be in touch by now.
    pub overdue: bool,
}

/// What stands before a value in the detail pane.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Label {
    /// A field of the schema, by name; it has a translation.
    Field(Cow<'static, str>),
    /// A custom field or a label that someone typed.
    Own(String),
}

/// How a value is drawn.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Reads {
    /// As it is.
    #[default]
    Text,
    /// A day as stored, drawn as the language writes days.
    Day,
    /// A span as stored.
    Span,
    /// The status of a consent.
    Consent {
        /// Since when, as stored; may be empty.
        at: String,
        /// Until when, as stored; may be empty.
        expires: String,
        /// For what, by what way, on what ground.
        about: Vec<String>,
    },
}

/// One value of a contact.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// What it is; the same as above is left out when drawn.
    pub label: Label,
    /// Its value; may have several lines.
    pub value: String,
    /// `work`, `home`, a service.
    pub note: String,
    /// The one to use first.
    pub preferred: bool,
    /// How its value is to be read.
    pub reads: Reads,
    /// What others said at the same time, each with who; nobody has chosen yet.
    pub clash: Vec<String>,
}

impl Line {
    /// Whether it is this field of the schema.
    pub fn is_field(&self, name: &str) -> bool {
        matches!(&self.label, Label::Field(field) if field == name)
    }
}

/// All of one contact.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Detail {
    /// The contact.
    pub id: i64,
    /// What to type for it on the command line.
    pub handle: String,
    /// What it is called.
    pub name: String,
    /// Title, department and company on one line.
    pub about: String,
    /// Shown with a star.
    pub starred: bool,
    /// Put away.
    pub archived: bool,
    /// The values in the order that they are shown.
    pub lines: Vec<Line>,
}

/// Something that happened.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Event {
    /// The interaction.
    pub id: i64,
    /// `call`, `email`, ...
    pub kind: String,
    /// ms since 1970.
    pub at: i64,
    /// The same as the clock on the wall says it: `2026-09-14 14:05`.
    pub when: String,
    /// Minutes.
    pub duration: Option<i64>,
    /// `in`, `out` or empty.
    pub direction: String,
    /// Its heading.
    pub subject: String,
    /// Its text.
    pub body: String,
    /// What came of it.
    pub outcome: String,
    /// With its currency.
    pub amount: String,
    /// The others who took part.
    pub people: Vec<String>,
    /// Who logged it.
    pub author: String,
}

/// An argument of a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Arg {
    /// As it is; made safe when drawn.
    Text(String),
    /// Grouped by thousands when drawn.
    Number(i64),
    /// Another message.
    Words(Box<Notice>),
    /// What can say itself in any language: an operation's error or label.
    Said(Said),
}

/// Something that can say itself in any language.
#[derive(Clone)]
pub struct Said(Arc<dyn Fn(&Lang) -> String + Send + Sync>);

impl Said {
    /// Says it.
    pub fn say(&self, lang: &Lang) -> String {
        (self.0)(lang)
    }
}

impl std::fmt::Debug for Said {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Said")
    }
}

impl PartialEq for Said {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

impl Eq for Said {}

/// How a message is meant.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Tone {
    /// Something was done.
    #[default]
    Good,
    /// Something odd.
    Warning,
    /// It did not work.
    Bad,
}

/// A message: its key in the catalogue, and arguments.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Notice {
    /// The key.
    pub key: Cow<'static, str>,
    /// Its arguments.
    pub args: Vec<(&'static str, Arg)>,
    /// How it is meant.
    pub tone: Tone,
}

impl Notice {
    /// Something was done.
    pub fn good(key: impl Into<Cow<'static, str>>) -> Self {
        Self { key: key.into(), args: Vec::new(), tone: Tone::Good }
    }

    /// Something odd.
    pub fn warning(key: impl Into<Cow<'static, str>>) -> Self {
        Self { tone: Tone::Warning, ..Self::good(key) }
    }

    /// It did not work.
    pub fn bad(key: impl Into<Cow<'static, str>>) -> Self {
        Self { tone: Tone::Bad, ..Self::good(key) }
    }

    /// The same with a text for an argument.
    pub fn text(mut self, name: &'static str, text: impl Into<String>) -> Self {
        self.args.push((name, Arg::Text(text.into())));
        self
    }

    /// The text of an argument.
    pub fn text_of(&self, name: &str) -> Option<&str> {
        self.args.iter().find_map(|(other, arg)| match arg {
            Arg::Text(text) if *other == name => Some(text.as_str()),
            _ => None,
        })
    }

    /// The same with a number for an argument.
    pub fn number(mut self, name: &'static str, number: impl TryInto<i64>) -> Self {
        self.args.push((name, Arg::Number(number.try_into().unwrap_or(i64::MAX))));
        self
    }

    /// The same with something that says itself for an argument.
    pub fn said(mut self, name: &'static str, say: impl Fn(&Lang) -> String + Send + Sync + 'static) -> Self {
        self.args.push((name, Arg::Said(Said(Arc::new(say)))));
        self
    }

    /// The same with a message for an argument.
    pub fn words(mut self, name: &'static str, notice: Self) -> Self {
        self.args.push((name, Arg::Words(Box::new(notice))));
        self
    }
}

/// A mistake in what is typed into the search bar.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mistake {
    /// Where it begins, in bytes of the text.
    pub start: usize,
    /// One past its last byte.
    pub end: usize,
    /// What is wrong.
    pub notice: Notice,
}

/// What the list is ordered by while nothing is searched.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Sort {
    /// By name, as the locale sorts.
    #[default]
    Name,
    /// Latest interaction first.
    Last,
    /// Newest contact first.
    Created,
}

impl Sort {
    /// The one after this one.
    pub const fn next(self) -> Self {
        match self {
            Self::Name => Self::Last,
            Self::Last => Self::Created,
            Self::Created => Self::Name,
        }
    }

    /// The key of its name.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Name => "screen-sort-name",
            Self::Last => "screen-sort-last",
            Self::Created => "screen-sort-created",
        }
    }
}

/// A custom field of the book.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CustomField {
    /// Its key.
    pub key: String,
    /// What people call it.
    pub name: String,
    /// The values it may have, if it is a choice.
    pub choices: Vec<String>,
}

/// What can be completed from the book.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Completing {
    /// Tag names.
    Tag,
    /// Company names.
    Company,
    /// Stages in use.
    Stage,
    /// Cities in use.
    City,
    /// Files and folders, by the beginning of their path.
    Path,
    /// Folders and shared files, by the beginning of their path.
    Place,
    /// The same; where nothing is typed, shared places that lie about.
    Shared,
}

/// What an import did or would do.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Report {
    /// Rows.
    pub read: u64,
    /// Contacts made.
    pub created: u64,
    /// Contacts changed.
    pub updated: u64,
    /// Rows that say what is known.
    pub unchanged: u64,
    /// Rows that were passed over.
    pub skipped: u64,
    /// Rows that could not be taken.
    pub rejected: u64,
    /// Made although they may be there already; a part of created.
    pub doubtful: u64,
    /// Line (0 if none), and what is to be said.
    pub warnings: Vec<(u64, Notice)>,
    /// Row by row and field by field.
    pub more: Particulars,
    /// How long it took.
    pub seconds: f64,
}

/// A file that an import could start from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Offer {
    /// Where it lies.
    pub path: PathBuf,
    /// Bytes; 0 is a folder of cards.
    pub size: u64,
}
