//! Profiles: what the columns of a system are called, as data. A new system is a new file in `assets/profiles`.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::OnceLock;

use serde::Deserialize;
use unicode_normalization::UnicodeNormalization as _;

use super::target::{self, Target};
use crate::exchange::{DateOrder, ExchangeError};

/// The profiles that come with rolo; the last one is for any table.
const FILES: [(&str, &str); 2] = [
    ("google", include_str!("../../../assets/profiles/google.toml")),
    ("csv", include_str!("../../../assets/profiles/generic.toml")),
];

#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct File {
    name: String,
    system: String,
    detect: Vec<Vec<String>>,
    list: String,
    date_order: String,
    empty: Vec<String>,
    tags: TagRules,
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

/// A system's columns and habits.
#[derive(Debug)]
pub struct Profile {
    /// What `--from` calls it.
    pub name: String,
    /// Whose ids and extras these are.
    pub system: String,
    /// What stands between several values of a cell; empty: guessed.
    pub list: String,
    pub(crate) date_order: Option<DateOrder>,
    /// Words that mean nothing is there.
    pub(crate) empty: Vec<String>,
    pub(crate) tags: TagRules,
    detect: Vec<Vec<String>>,
    columns: HashMap<String, String>,
}

impl Profile {
    /// Reads a profile file.
    pub fn parse(name: &str, text: &str) -> Result<Self, ExchangeError> {
        let bad = |line, message: String| ExchangeError::BadProfile { name: name.to_owned(), line, message };
        let file: File = toml::from_str(text).map_err(|error| {
            let line = error.span().map_or(0, |span| text[..span.start].matches('\n').count() + 1);
            bad(line, error.message().to_owned())
        })?;
        let mut columns = HashMap::new();
        for (target, names) in &file.columns {
            if target::parse(target, 1).is_none() {
                return Err(bad(line_of(text, target), format!("unknown field: {target}")));
            }
            for column in names {
                if let Some(other) = columns.insert(key(column), target.clone())
                    && other != *target
                {
                    return Err(bad(line_of(text, column), format!("{column} stands for {other} already")));
                }
            }
        }
        let date_order = match file.date_order.as_str() {
            "" => None,
            "dmy" => Some(DateOrder::Dmy),
            "mdy" => Some(DateOrder::Mdy),
            "ymd" => Some(DateOrder::Ymd),
            other => return Err(bad(line_of(text, other), format!("unknown order of dates: {other}"))),
        };
        Ok(Self {
            name: file.name,
            system: file.system,
            list: file.list,
            date_order,
            empty: file.empty,
            tags: file.tags,
            detect: file.detect.iter().map(|names| names.iter().map(|name| key(name)).collect()).collect(),
            columns,
        })
    }

    fn detects(&self, keys: &HashSet<String>) -> bool {
        self.detect.iter().any(|names| names.iter().all(|name| keys.contains(name)))
    }

    /// What a column of this name is, if the profile knows it.
    pub fn target(&self, column: &str) -> Option<Target> {
        let key = key(column);
        if let Some(text) = self.columns.get(&key) {
            return target::parse(text, 0);
        }
        let (pattern, group) = numbered(&key)?;
        if let Some(text) = self.columns.get(&pattern) {
            return target::parse(text, group);
        }
        let text = self.columns.get(pattern.strip_suffix('#')?)?;
        target::parse(text, group)
            .filter(|target| !matches!(target, Target::Field(_) | Target::Company | Target::RoloId))
    }
}

fn line_of(text: &str, word: &str) -> usize {
    text.find(word).map_or(0, |at| text[..at].matches('\n').count() + 1)
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

fn all() -> &'static [Profile] {
    static ALL: OnceLock<Vec<Profile>> = OnceLock::new();
    // A broken file is caught by the test below; here it would only be missing.
    ALL.get_or_init(|| FILES.iter().filter_map(|(name, text)| Profile::parse(name, text).ok()).collect())
}

/// The names that `--from` takes.
pub fn profiles() -> Vec<&'static str> {
    all().iter().map(|profile| profile.name.as_str()).collect()
}

/// The profile of this name.
pub fn profile(name: &str) -> Result<&'static Profile, ExchangeError> {
    let word = name.trim().to_lowercase();
    let word = if word == "generic" { "csv" } else { &word };
    all().iter().find(|profile| profile.name == word).ok_or_else(|| ExchangeError::UnknownProfile {
        name: name.to_owned(),
        known: profiles().into_iter().map(String::from).collect(),
    })
}

/// The profile whose columns these are, or the one for any table.
pub(crate) fn recognise(header: &[String]) -> Option<&'static Profile> {
    let keys: HashSet<String> = header.iter().map(|name| key(name)).collect();
    all().iter().find(|profile| profile.detects(&keys)).or_else(|| all().last())
}

/// Whether any profile knows a column of this name.
pub(crate) fn is_known(name: &str) -> bool {
    name.len() <= 80 && !name.is_empty() && all().iter().any(|profile| profile.target(name).is_some())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::exchange::mapping::Part;

    #[test]
    fn every_profile_that_comes_with_rolo_is_right() {
        for (name, text) in FILES {
            let profile = Profile::parse(name, text).unwrap();
            assert_eq!(profile.name, name);
        }
        assert_eq!(all().len(), FILES.len());
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
        let csv = profile("generic").unwrap();
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
