//! What can be done with columns beside giving each a field of its own: one split into several fields, several joined
//! into one, a value that all rows get.
//!
//! Each of them makes columns that the file doesn't have; a row's cells for them are computed, and then read like any
//! others.

use super::target::{Part, Target, parse_target_for};
use super::{ColumnPlan, Why};
use crate::exchange::ExchangeError;
use crate::exchange::scan::Record;
use crate::exchange::table::restored;
use crate::model::schema::Kind;
use crate::text::split_name;

/// The parts that a name is split into.
const NAME_PARTS: [&str; 5] = ["prefix", "given", "middle", "family", "suffix"];
/// What stands between values where nobody says what does; looked for in this order.
const SEPARATORS: [char; 9] = ['\n', ';', '；', '|', ',', '，', '、', '\t', '/'];

/// How one column becomes several fields.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Split {
    /// As a person's name: prefix, given, middle, family name and suffix.
    Name,
    /// Into these in their order.
    Into {
        /// At least two.
        targets: Vec<Target>,
        /// What stands between them; found in each cell if absent.
        by: Option<String>,
    },
}

/// What is done with columns.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Transform {
    /// One becomes several.
    Split {
        /// Which.
        column: usize,
        /// How.
        into: Split,
    },
    /// Several become one.
    Join {
        /// Which, in the order in which they are joined.
        columns: Vec<usize>,
        /// What is put between those that hold something.
        by: String,
        /// What comes of them.
        target: Target,
    },
    /// All rows get a value.
    Set {
        /// The value.
        value: String,
        /// What it is.
        target: Target,
    },
}

/// The right side of a rule, as people write it: a target, `split given, family by "-"`, `name by ", "`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Right {
    /// One field.
    Target(Target, Option<String>),
    /// Several.
    Split(Split),
}

/// Reads the right side of a rule for a table whose rows are of this kind.
pub(crate) fn parse_right(kind: Kind, text: &str) -> Result<Right, ExchangeError> {
    let text = text.trim();
    let (head, by) = separator(text);
    let lower = head.to_ascii_lowercase();
    let Some(rest) = lower.strip_prefix("split").filter(|rest| rest.is_empty() || rest.starts_with(' '))
    else {
        return Ok(Right::Target(parse_target_for(kind, head)?, by));
    };
    // The words as they were typed: labels and keys keep their case.
    let rest = head[head.len() - rest.len()..].trim();
    if matches!(rest.to_ascii_lowercase().as_str(), "" | "name" | "full name") && by.is_none() {
        return Ok(Right::Split(Split::Name));
    }
    let targets = rest
        .split([',', '，'])
        .map(|target| parse_target_for(kind, target))
        .collect::<Result<Vec<_>, _>>()?;
    if targets.len() < 2 {
        return Err(ExchangeError::OneTarget { rule: text.to_owned() });
    }
    Ok(Right::Split(Split::Into { targets, by }))
}

/// Cuts `COLUMN=TARGET` in two: at the first `=` behind which a target stands, as names of columns can hold one, too.
pub fn parse_rule(text: &str) -> Option<(String, String)> {
    let cut = |at: usize| (text[..at].trim(), text[at + 1..].trim());
    let mut places = text.match_indices('=').map(|(at, _)| cut(at)).filter(|(left, _)| !left.is_empty());
    let first = places.clone().next()?;
    let (left, right) = places.find(|(_, right)| check_rule(right).is_ok()).unwrap_or(first);
    Some((left.to_owned(), right.to_owned()))
}

/// Whether a right side can be read, whatever the rows are.
pub fn check_rule(text: &str) -> Result<(), ExchangeError> {
    let others = [Kind::Deal, Kind::Interaction, Kind::Task, Kind::Project];
    match parse_right(Kind::Contact, text) {
        Err(_) if others.into_iter().any(|kind| parse_right(kind, text).is_ok()) => Ok(()),
        other => other.map(drop),
    }
}

/// Takes `by "X"` off the end.
fn separator(text: &str) -> (&str, Option<String>) {
    let Some(at) = text.to_ascii_lowercase().rfind(" by ") else { return (text, None) };
    let (head, by) = (text[..at].trim_end(), text[at + 4..].trim());
    let quoted = ['"', '\'', '“', '”'].into_iter().find_map(|quote| {
        by.strip_prefix(quote)?.strip_suffix(if quote == '“' { '”' } else { quote }).map(str::to_owned)
    });
    let word = match by.to_ascii_lowercase().as_str() {
        "space" => Some(" "),
        "comma" => Some(", "),
        "line" | "newline" => Some("\n"),
        "tab" => Some("\t"),
        _ => (by.chars().count() <= 3 && !by.is_empty()).then_some(by),
    };
    match quoted.or_else(|| word.map(str::to_owned)) {
        Some(by) => (head, Some(by)),
        None => (text, None),
    }
}

/// What joined values stand apart by unless someone says so.
pub(crate) fn joined_by(target: &Target) -> &'static str {
    match target {
        Target::Field("note") => "\n",
        Target::Tags | Target::Address { part: Part::Street | Part::Formatted, .. } => ", ",
        _ => " ",
    }
}

impl Transform {
    /// The columns that it reads.
    pub fn columns(&self) -> &[usize] {
        match self {
            Self::Split { column, .. } => std::slice::from_ref(column),
            Self::Join { columns, .. } => columns,
            Self::Set { .. } => &[],
        }
    }

    /// What it fills.
    pub fn targets(&self) -> Vec<Target> {
        match self {
            Self::Split { into: Split::Name, .. } => {
                NAME_PARTS.into_iter().chain(["name"]).map(Target::Field).collect()
            }
            Self::Split { into: Split::Into { targets, .. }, .. } => targets.clone(),
            Self::Join { target, .. } | Self::Set { target, .. } => vec![target.clone()],
        }
    }

    /// The columns that it makes.
    pub(crate) fn made(&self, columns: &[ColumnPlan]) -> Vec<ColumnPlan> {
        let names: Vec<&str> = self
            .columns()
            .iter()
            .filter_map(|index| columns.get(*index))
            .map(|column| column.name.as_str())
            .collect();
        let name = names.join(" + ");
        self.targets()
            .into_iter()
            .map(|target| ColumnPlan { name: name.clone(), target, why: Why::User, samples: Vec::new() })
            .collect()
    }

    /// The cells of a row for the columns that it makes.
    fn cells(&self, record: &Record, empty: &[String], into: &mut Record) {
        let cell = |index: usize| {
            let text = restored(record.get(index)).trim();
            if empty.iter().any(|filler| filler == text) { "" } else { text }
        };
        match self {
            Self::Split { column, into: Split::Name } => {
                let text = cell(*column);
                let split = split_name(text);
                // A company, a nickname in quotes: what has no parts is the name itself.
                let none = split.given.is_empty() && split.middle.is_empty() && split.family.is_empty();
                for part in [split.prefix, split.given, split.middle, split.family, split.suffix] {
                    into.push(if none { "" } else { &part });
                }
                into.push(if none { text } else { "" });
            }
            Self::Split { column, into: Split::Into { targets, by } } => {
                let parts = split(cell(*column), by.as_deref(), targets.len());
                for at in 0..targets.len() {
                    into.push(parts.get(at).copied().unwrap_or_default());
                }
            }
            Self::Join { columns, by, .. } => {
                let parts: Vec<&str> =
                    columns.iter().map(|index| cell(*index)).filter(|part| !part.is_empty()).collect();
                into.push(&parts.join(by));
            }
            Self::Set { value, .. } => into.push(value),
        }
    }
}

/// A row with the cells that the transforms make behind its own, of which there are `width`.
pub(crate) fn extend(transforms: &[Transform], record: &Record, width: usize, empty: &[String]) -> Record {
    let mut all = Record::default();
    for index in 0..width {
        all.push(record.get(index));
    }
    for transform in transforms {
        transform.cells(record, empty, &mut all);
    }
    all
}

/// Cuts a cell into at most `count` parts; the last takes what is left. Without a separator the first of the usual ones
/// that stands in the cell cuts it, and what then is still whole is cut before its last words: `San Francisco, CA 94105`
/// is three parts, `Mary Ann Lee` two.
fn split<'a>(text: &'a str, by: Option<&str>, count: usize) -> Vec<&'a str> {
    if text.is_empty() {
        return Vec::new();
    }
    if let Some(by) = by.filter(|by| !by.is_empty()) {
        // Blanks beside the separator are nobody's: `a , b` by "," or by ", ".
        let by = if by.trim().is_empty() { by } else { by.trim() };
        return text.splitn(count, by).map(str::trim).collect();
    }
    let mut parts: Vec<&str> = match SEPARATORS.into_iter().find(|separator| text.contains(*separator)) {
        Some(separator) => text.splitn(count, separator).map(str::trim).collect(),
        None => vec![text],
    };
    let missing = count - parts.len();
    if missing > 0
        && let Some(last) = parts.pop()
    {
        let mut words: Vec<&str> = last.rsplitn(missing + 1, char::is_whitespace).map(str::trim).collect();
        words.reverse();
        parts.extend(words.into_iter().filter(|word| !word.is_empty()));
    }
    parts
}

impl std::fmt::Display for Transform {
    /// As the right side of `--map` has it.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Split { into, .. } => into.fmt(f),
            Self::Join { target, by, .. } if by == joined_by(target) => target.fmt(f),
            Self::Join { target, by, .. } => write!(f, "{target} by {by:?}"),
            Self::Set { value, target } => write!(f, "{target}={value}"),
        }
    }
}

impl std::fmt::Display for Split {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self::Into { targets, by } = self else { return f.write_str("split name") };
        let names: Vec<String> = targets.iter().map(Target::to_string).collect();
        write!(f, "split {}", names.join(", "))?;
        by.as_ref().map_or(Ok(()), |by| write!(f, " by {by:?}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn right_sides_read_as_people_write_them() {
        let field = Target::Field;
        let given_family = |by: Option<&str>| {
            let targets = vec![field("given"), field("family")];
            Right::Split(Split::Into { targets, by: by.map(str::to_owned) })
        };
        for (text, right) in [
            ("name", Right::Target(field("name"), None)),
            ("name by \", \"", Right::Target(field("name"), Some(", ".into()))),
            ("Name by space", Right::Target(field("name"), Some(" ".into()))),
            ("split name", Right::Split(Split::Name)),
            ("Split", Right::Split(Split::Name)),
            ("split given, family", given_family(None)),
            ("split given,family by '-'", given_family(Some("-"))),
            ("field:Split Date", Right::Target(Target::Value { key: "Split Date".into(), group: 0 }, None)),
            (
                "field:Paid by whom",
                Right::Target(Target::Value { key: "Paid by whom".into(), group: 0 }, None),
            ),
        ] {
            assert_eq!(parse_right(Kind::Contact, text).unwrap(), right, "{text}");
        }
        assert!(matches!(parse_right(Kind::Contact, "split given"), Err(ExchangeError::OneTarget { .. })));
        assert!(matches!(
            parse_right(Kind::Contact, "split given, famly"),
            Err(ExchangeError::UnknownTarget { .. })
        ));
        assert!(matches!(parse_right(Kind::Contact, "splitname"), Err(ExchangeError::UnknownTarget { .. })));
    }

    #[test]
    fn a_rule_is_cut_where_a_target_begins() {
        for (text, left, right) in [
            ("Full Name = split name", "Full Name", "split name"),
            ("A=B=email", "A=B", "email"),
            ("x=split given, family by \"=\"", "x", "split given, family by \"=\""),
            ("x=nonsense", "x", "nonsense"),
        ] {
            assert_eq!(parse_rule(text), Some((left.to_owned(), right.to_owned())), "{text}");
        }
        assert_eq!((parse_rule("x"), parse_rule("=email")), (None, None));
    }

    #[test]
    fn cells_are_cut_where_people_would_cut_them() {
        for (text, by, count, parts) in [
            ("San Francisco, CA 94105", None, 3, vec!["San Francisco", "CA", "94105"]),
            ("San Francisco, CA 94105", None, 2, vec!["San Francisco", "CA 94105"]),
            ("San Francisco CA", None, 2, vec!["San Francisco", "CA"]),
            ("Lee, Ann, PhD", None, 2, vec!["Lee", "Ann, PhD"]),
            ("Mary Ann Lee", None, 2, vec!["Mary Ann", "Lee"]),
            ("Madonna", None, 2, vec!["Madonna"]),
            ("北京、朝阳", None, 2, vec!["北京", "朝阳"]),
            ("a - b - c", Some("-"), 2, vec!["a", "b - c"]),
            ("a , b", Some(", "), 2, vec!["a", "b"]),
            ("Ann Mary Lee", Some(" "), 2, vec!["Ann", "Mary Lee"]),
            ("", None, 2, vec![]),
        ] {
            assert_eq!(split(text, by, count), parts, "{text}");
        }
    }

    proptest::proptest! {
        #[test]
        fn nothing_is_lost_by_splitting(text in "[a-c ,;/王、\n-]{0,30}", count in 2usize..5) {
            let solid = |text: &str| text.chars().filter(|c| c.is_alphanumeric()).collect::<String>();
            let parts = split(text.trim(), None, count);
            proptest::prop_assert!(parts.len() <= count);
            proptest::prop_assert_eq!(solid(&parts.concat()), solid(&text));
        }
    }
}
