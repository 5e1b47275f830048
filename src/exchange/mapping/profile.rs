//! Profiles: what the columns of a system are called, as data. A new system is a new file in `assets/profiles`, or in the
//! user's own folder.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap, HashSet};
use std::path::Path;
use std::sync::{Arc, LazyLock};

use serde::Deserialize;
use unicode_normalization::UnicodeNormalization as _;

use super::target::{self, Target};
use crate::exchange::{DateOrder, ExchangeError};
use crate::model::schema::Kind;

/// The files of `assets/profiles`, by name; `build.rs` lists them.
const FILES: &[(&str, &str)] = include!(concat!(env!("OUT_DIR"), "/profiles.rs"));
/// The file for any table.
const GENERIC: &str = "csv";
/// A profile of more bytes than this is none.
const LARGEST: u64 = 1 << 20;

#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct File {
    name: String,
    title: String,
    system: String,
    record: String,
    detect: Vec<Vec<String>>,
    unless: Vec<String>,
    list: String,
    key: Vec<String>,
    date_order: String,
    date_orders: BTreeMap<String, String>,
    empty: Vec<String>,
    won: Vec<String>,
    lost: Vec<String>,
    tags: TagRules,
    bin: Vec<String>,
    footer: Vec<String>,
    fixed: BTreeMap<String, String>,
    fill: BTreeMap<String, Filler>,
    consent: ConsentRules,
    export: ExportRules,
    columns: BTreeMap<String, Vec<String>>,
}

/// What some words among the tags mean.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct TagRules {
    /// Not taken as tags.
    pub drop: Vec<String>,
    /// Stand for the star.
    pub starred: Vec<String>,
}

/// A word that stands in a column for nothing.
#[derive(Clone, Debug, Deserialize)]
#[serde(untagged)]
pub(crate) enum Filler {
    /// Always.
    Word(String),
    /// Any of these; the first is what an export writes.
    Words(Vec<String>),
    /// An export writes it only where the other column has something.
    With {
        /// The word.
        word: String,
        /// The other column.
        with: String,
    },
}

impl Filler {
    /// The words, that which an export writes first.
    pub(crate) fn words(&self) -> &[String] {
        match self {
            Self::Words(words) => words,
            Self::Word(word) | Self::With { word, .. } => std::slice::from_ref(word),
        }
    }
}

/// What a row says of consent.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct ConsentRules {
    /// What for.
    pub purpose: String,
    /// By which channel.
    pub channel: String,
    /// What being in such a file means.
    pub status: String,
    /// Words of the status column, in lower case -> status; `none` says nothing, `open` that there is no opt-out (any more).
    pub words: BTreeMap<String, String>,
    /// Status -> the word that an export writes.
    pub write: BTreeMap<String, String>,
}

/// How a table of this system is written.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct ExportRules {
    /// The columns, in order.
    pub columns: Vec<String>,
    /// A byte-order mark first, even if all is ASCII.
    pub bom: bool,
    /// `iso`, `d mon yyyy`, or the order with what stands between: `m/d/y` for 3/14/1980.
    pub dates: String,
    /// How birthdays of no year are written, `mm` and `dd` in it; as ISO has them if it is empty.
    pub yearless: String,
    /// What stands between tags; `quoted` for a list of quoted words.
    pub tags: String,
    /// How people stand in a record's cell: `name` unless it says `name (email)`.
    pub people: String,
    /// Only who can be reached by e-mail.
    pub needs_email: bool,
    /// Nobody who has taken the consent of `consent` back or refused it.
    pub needs_consent: bool,
}

/// A system's columns and habits.
#[derive(Debug)]
pub struct Profile {
    /// What `--from` calls it.
    pub name: String,
    /// What it is, in one line.
    pub title: String,
    /// Whose ids and extras these are.
    pub system: String,
    /// What a row is.
    pub record: Kind,
    /// The contacts are companies.
    pub company: bool,
    /// What stands between several values of a cell; empty: guessed.
    pub list: String,
    /// Columns that tell who it is beside what else they hold, by their `key`.
    key: Vec<String>,
    pub(crate) date_order: Option<DateOrder>,
    /// A column that only the table of one language has -> how dates are written there.
    date_orders: Vec<(String, String)>,
    /// Words that mean nothing is there.
    pub(crate) empty: Vec<String>,
    /// Stages of a deal that was won, folded.
    pub(crate) won: Vec<String>,
    /// Stages of a deal that was lost, folded.
    pub(crate) lost: Vec<String>,
    /// How the system itself writes the first of these.
    pub(crate) won_word: String,
    pub(crate) lost_word: String,
    pub(crate) tags: TagRules,
    /// Columns that say that the system itself has deleted the row, by their `key`.
    pub(crate) bin: Vec<String>,
    /// How the lines begin that a report has below its rows.
    pub(crate) footer: Vec<String>,
    /// Fields that every contact of such a file has.
    pub(crate) fixed: Vec<(&'static str, String)>,
    /// By the column's `key`.
    pub(crate) fill: HashMap<String, Filler>,
    pub(crate) consent: ConsentRules,
    pub(crate) export: ExportRules,
    detect: Vec<Vec<String>>,
    unless: Vec<String>,
    columns: HashMap<String, String>,
}

impl Profile {
    /// Reads a profile file; `name` is the file's, for messages.
    pub fn parse(name: &str, text: &str) -> Result<Self, ExchangeError> {
        let bad = |line, message: String| ExchangeError::BadProfile { name: name.to_owned(), line, message };
        let wrong = |word: &str, what: &str| bad(line_of(text, word), format!("{what}: {word}"));
        let mut file: File = toml::from_str(text).map_err(|error| {
            let line = error.span().map_or(0, |span| text[..span.start].matches('\n').count() + 1);
            bad(line, error.message().to_owned())
        })?;
        if file.name.trim().is_empty() {
            return Err(bad(1, "a profile needs a name".to_owned()));
        }
        let (record, company) = match file.record.as_str() {
            "" | "contact" => (Kind::Contact, false),
            "company" => (Kind::Contact, true),
            "deal" => (Kind::Deal, false),
            "interaction" => (Kind::Interaction, false),
            "task" => (Kind::Task, false),
            other => return Err(wrong(other, "unknown kind of record")),
        };
        spell_dates(&mut file).map_err(|style| wrong(&style, "unknown order of dates"))?;
        let columns = columns_of(&file, record).map_err(|(word, what)| bad(line_of(text, &word), what))?;
        let mut fixed = Vec::new();
        for (field, value) in file.fixed {
            match target::field(&field) {
                Some(name) => fixed.push((name, value)),
                None => return Err(wrong(&field, "unknown field")),
            }
        }
        let date_order = match file.date_order.as_str() {
            "" => None,
            order => Some(order_of(order).ok_or_else(|| wrong(order, "unknown order of dates"))?),
        };
        let folded = |words: Vec<String>| words.iter().map(|word| crate::text::fold(word)).collect();
        let system = if file.system.is_empty() { file.name.clone() } else { file.system };
        let spellings = |names: &[String]| names.iter().map(|name| spelling(name).into_owned()).collect();
        Ok(Self {
            title: file.title,
            system,
            record,
            company,
            list: file.list,
            key: file.key.iter().map(|name| key(name)).collect(),
            date_order,
            date_orders: file
                .date_orders
                .iter()
                .map(|(name, style)| (spelling(name).into_owned(), style.clone()))
                .collect(),
            empty: file.empty,
            won_word: file.won.first().cloned().unwrap_or_default(),
            lost_word: file.lost.first().cloned().unwrap_or_default(),
            won: folded(file.won),
            lost: folded(file.lost),
            tags: file.tags,
            bin: file.bin.iter().map(|name| key(name)).collect(),
            footer: file.footer,
            fixed,
            fill: file.fill.into_iter().map(|(column, filler)| (key(&column), filler)).collect(),
            consent: file.consent,
            export: file.export,
            detect: file.detect.iter().map(|names| spellings(names)).collect(),
            unless: spellings(&file.unless),
            columns,
            name: file.name,
        })
    }

    /// Whether it is a table of rolo's own records, whose ids are those of the book.
    pub fn is_native(&self) -> bool {
        self.system == NATIVE
    }

    /// Whose ids the rows' own ids are: companies have a space of their own.
    pub fn id_system(&self) -> String {
        if self.company { company_system(&self.system) } else { self.system.clone() }
    }

    fn detects(&self, names: &HashSet<Cow<'_, str>>) -> bool {
        let has = |name: &String| names.contains(name.as_str());
        self.detect.iter().any(|all| !all.is_empty() && all.iter().all(has)) && !self.unless.iter().any(has)
    }

    /// How dates are written in a table with these columns: as people do whose language they are in.
    pub(crate) fn dates<'a>(&self, mut header: impl Iterator<Item = &'a str>) -> Option<&str> {
        if self.date_orders.is_empty() {
            return None;
        }
        header.find_map(|name| {
            let name = spelling(name);
            self.date_orders.iter().find(|(column, _)| *column == name).map(|(_, style)| style.as_str())
        })
    }

    /// Where the system's own id stands, if it is a column that holds something else, too.
    pub(crate) fn key_of(&self, header: &[String]) -> Option<usize> {
        header.iter().position(|name| self.key.contains(&key(name)))
    }

    /// The order in which ambiguous dates of a table with these columns are read.
    pub(crate) fn date_order_of(&self, header: &[String]) -> Option<DateOrder> {
        self.dates(header.iter().map(String::as_str)).and_then(order_of).or(self.date_order)
    }

    /// What a column of this name is, if the profile knows it.
    pub fn target(&self, column: &str) -> Option<Target> {
        self.target_of(&key(column))
    }

    fn target_of(&self, key: &str) -> Option<Target> {
        if let Some(text) = self.columns.get(key) {
            return target::parse_as(self.record, text, 0);
        }
        let (pattern, group) = numbered(key)?;
        if let Some(text) = self.columns.get(&pattern) {
            return target::parse_as(self.record, text, group);
        }
        let text = self.columns.get(pattern.strip_suffix('#')?)?;
        target::parse_as(self.record, text, group).filter(Target::is_repeatable)
    }
}

/// rolo itself as the system of a table: the ids in it are the book's own.
pub const NATIVE: &str = "rolo";

/// Whose ids a system's ids of companies are: they may be the same numbers as those of its contacts.
pub fn company_system(system: &str) -> String {
    format!("{system}.company")
}

/// Each column's key with what it holds; or the word that is wrong, and what is wrong with it.
fn columns_of(file: &File, record: Kind) -> Result<HashMap<String, String>, (String, String)> {
    let mut columns = HashMap::new();
    for (target, names) in &file.columns {
        if target::parse_as(record, target, 1).is_none() {
            return Err((target.clone(), format!("unknown field: {target}")));
        }
        for column in names {
            if let Some(other) = columns.insert(key(column), target.clone())
                && other != *target
            {
                return Err((column.clone(), format!("{column} stands for {other} already")));
            }
        }
    }
    Ok(columns)
}

/// Makes `m/d/y` of `mdy`; fails with what is no order of dates.
fn spell_dates(file: &mut File) -> Result<(), String> {
    for style in file.date_orders.values_mut().chain([&mut file.export.dates]) {
        if matches!(style.as_str(), "" | "iso" | "d mon yyyy") {
            continue;
        }
        if order_of(style).is_none() {
            return Err(style.clone());
        }
        if let [first, second, third] = style.as_bytes() {
            *style = [first, second, third].map(|letter| char::from(*letter).to_string()).join("/");
        }
    }
    Ok(())
}

/// `mdy`, `d.m.y`, `y/m/d`, ... as the order that it says.
fn order_of(style: &str) -> Option<DateOrder> {
    let letters: String = style.chars().filter(char::is_ascii_alphabetic).collect();
    Some(match letters.as_str() {
        "dmy" => DateOrder::Dmy,
        "mdy" => DateOrder::Mdy,
        "ymd" => DateOrder::Ymd,
        _ => return None,
    })
}

fn line_of(text: &str, word: &str) -> usize {
    text.find(word).map_or(0, |at| text[..at].matches('\n').count() + 1)
}

/// A column's name as it is written, but for case, width and blanks at its ends: what tells systems apart.
fn spelling(name: &str) -> Cow<'_, str> {
    let name = name.trim();
    if name.bytes().all(|byte| byte.is_ascii() && !byte.is_ascii_uppercase()) {
        return Cow::Borrowed(name);
    }
    Cow::Owned(name.nfkc().flat_map(char::to_lowercase).collect())
}

/// A column's name without case, blanks, punctuation and width; `{n}` becomes `#`.
pub(crate) fn key(name: &str) -> String {
    let mut key = String::with_capacity(name.len());
    for part in name.split_inclusive("{n}") {
        let (plain, numbered) = part.strip_suffix("{n}").map_or((part, false), |plain| (plain, true));
        if plain.is_ascii() {
            key.extend(plain.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_lowercase()));
        } else {
            key.extend(plain.nfkc().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase));
        }
        if numbered {
            key.push('#');
        }
    }
    key
}

/// The first number of a key replaced by `#`, and that number.
fn numbered(key: &str) -> Option<(String, u32)> {
    let start = key.find(|c: char| c.is_ascii_digit())?;
    let digits = key[start..].find(|c: char| !c.is_ascii_digit()).map_or(key.len(), |length| start + length);
    let number = key[start..digits].parse().ok().filter(|number| *number > 0)?;
    Some((format!("{}#{}", &key[..start], &key[digits..]), number))
}

/// The profiles that there are.
#[derive(Debug)]
pub struct Profiles {
    all: Vec<Arc<Profile>>,
}

static BUILT_IN: LazyLock<Arc<Profiles>> = LazyLock::new(|| {
    // A broken file is caught by the test below; here it would only be missing.
    let all = FILES.iter().filter_map(|(name, text)| Profile::parse(name, text).ok()).map(Arc::new);
    Arc::new(Profiles { all: all.collect() })
});

impl Profiles {
    /// Those that come with rolo.
    pub fn built_in() -> Arc<Self> {
        Arc::clone(&BUILT_IN)
    }

    /// The same with the user's own from the files `*.toml` of a folder, which need not be there. One of a name that is
    /// known takes its place.
    pub fn with_folder(folder: &Path) -> Result<Arc<Self>, ExchangeError> {
        let mut paths = match std::fs::read_dir(folder) {
            Ok(entries) => entries.filter_map(|entry| Some(entry.ok()?.path())).collect::<Vec<_>>(),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Self::built_in()),
            Err(error) => return Err(error.into()),
        };
        paths.retain(|path| path.extension().is_some_and(|ending| ending == "toml"));
        paths.sort();
        let mut all = BUILT_IN.all.clone();
        for path in paths {
            let name = path.display().to_string();
            let bad = |message: String| ExchangeError::BadProfile { name: name.clone(), line: 0, message };
            let size = std::fs::metadata(&path).map_err(|error| bad(error.to_string()))?.len();
            if size > LARGEST {
                return Err(bad(format!("longer than {LARGEST} bytes")));
            }
            let text = std::fs::read_to_string(&path).map_err(|error| bad(error.to_string()))?;
            let file = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
            let profile = Arc::new(Profile::parse(&file, &text)?);
            all.retain(|other| other.name != profile.name);
            // Asked before those that come with rolo.
            all.insert(0, profile);
        }
        Ok(Arc::new(Self { all }))
    }

    /// All of them, the one for any table last.
    pub fn all(&self) -> impl Iterator<Item = &Arc<Profile>> {
        let generic = |profile: &&Arc<Profile>| profile.name == GENERIC;
        let rest = self.all.iter().filter(move |profile| !generic(profile));
        rest.chain(self.all.iter().filter(generic))
    }

    /// The profile of this name.
    pub fn get(&self, name: &str) -> Result<&Arc<Profile>, ExchangeError> {
        let word = name.trim().to_lowercase();
        let word = if word == "generic" { GENERIC } else { &word };
        self.all.iter().find(|profile| profile.name.to_lowercase() == word).ok_or_else(|| {
            let known = self.all().map(|profile| profile.name.clone()).collect();
            ExchangeError::UnknownProfile { name: name.to_owned(), known }
        })
    }

    pub(crate) fn generic(&self) -> Result<&Arc<Profile>, ExchangeError> {
        self.get(GENERIC)
    }

    /// The table of a system that holds this kind of contacts: `hubspot` has one of people and one of companies.
    pub(crate) fn table_of(&self, name: &str, company: bool) -> Result<&Arc<Profile>, ExchangeError> {
        let named = self.get(name)?;
        if named.record != Kind::Contact || named.company == company {
            return Ok(named);
        }
        let fits = |profile: &&Arc<Profile>| {
            profile.record == Kind::Contact && profile.company == company && profile.system == named.system
        };
        Ok(self.all.iter().find(fits).unwrap_or(named))
    }

    /// The profile whose columns these are: among those that recognise them the one that knows most of what the others
    /// don't.
    pub(crate) fn recognise(&self, header: &[String]) -> Option<&Arc<Profile>> {
        let names: HashSet<Cow<'_, str>> = header.iter().map(|name| spelling(name)).collect();
        let found: Vec<&Arc<Profile>> = self.all.iter().filter(|profile| profile.detects(&names)).collect();
        if found.len() < 2 {
            return found.first().copied();
        }
        let mut scores = vec![0.0; found.len()];
        for name in header.iter().take(1000) {
            let key = key(name);
            let knows: Vec<bool> = found.iter().map(|profile| profile.target_of(&key).is_some()).collect();
            let share = 1.0 / knows.iter().filter(|knows| **knows).count().max(1) as f64;
            for (score, _) in scores.iter_mut().zip(&knows).filter(|(_, knows)| **knows) {
                *score += share;
            }
        }
        let mut best = 0;
        for (at, score) in scores.iter().enumerate() {
            if *score > scores[best] {
                best = at;
            }
        }
        found.get(best).copied()
    }

    /// Whether any profile knows a column of this name.
    pub(crate) fn is_known(&self, name: &str) -> bool {
        if name.len() > 80 || name.is_empty() {
            return false;
        }
        let key = key(name);
        self.all.iter().any(|profile| profile.target_of(&key).is_some())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::exchange::mapping::Part;

    #[test]
    fn every_profile_that_comes_with_rolo_is_right() {
        for (name, text) in FILES {
            let profile = Profile::parse(name, text).unwrap_or_else(|error| panic!("{error}"));
            assert_eq!(&profile.name, name, "a profile is called like its file");
            assert!(!profile.title.is_empty(), "{name} says what it is");
            for column in &profile.export.columns {
                let known =
                    profile.target(column).is_some() || BUILT_IN.generic().unwrap().target(column).is_some();
                assert!(known, "{name} writes {column} and can't read it");
            }
        }
        assert_eq!(BUILT_IN.all.len(), FILES.len());
    }

    #[test]
    fn a_wrong_profile_names_the_line() {
        for (text, line) in [
            ("name = 'x'\n[columns]\nnaem = ['Name']\n", 3),
            ("name = 'x'\ncolour = 1\n", 2),
            ("name = [\n", 1),
        ] {
            let Err(ExchangeError::BadProfile { line: found, .. }) = Profile::parse("x", text) else {
                panic!("{text}")
            };
            assert_eq!(found, line, "{text}");
        }
    }

    #[test]
    fn names_are_known_whatever_their_case_width_and_punctuation() {
        let profiles = Profiles::built_in();
        let csv = profiles.get("generic").unwrap();
        let method = |kind, label: &str, group| Target::Method {
            kind,
            service: String::new(),
            label: label.into(),
            group,
        };
        for (name, target) in [
            ("E-MAIL", method("email", "", 0)),
            ("e_mail address", method("email", "", 0)),
            ("Email 12", method("email", "", 12)),
            ("Email (2)", method("email", "", 2)),
            ("E-mail 3 Address", method("email", "", 3)),
            ("电话２", method("phone", "", 2)),
            ("手机号码", method("phone", "mobile", 0)),
            ("Business Street 2", Target::Address { part: Part::Extended, label: "work".into(), group: 0 }),
            ("Address 7 - City", Target::Address { part: Part::City, label: String::new(), group: 7 }),
            ("ＴＥＬ", method("phone", "", 0)),
            ("DOB", Target::Date { label: "birthday".into(), group: 0 }),
        ] {
            assert_eq!(csv.target(name), Some(target), "{name}");
        }
        for unknown in ["", "Name 2", "Shoe size", "Column 3", "User 1", "99999999999999999999"] {
            assert_eq!(csv.target(unknown), None, "{unknown}");
        }
    }
}
