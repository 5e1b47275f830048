//! Until `model::when` and `text` are there.

/// In which order the parts of a date stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DateOrder {
    /// 31.12.2025
    Dmy,
    /// 12/31/2025
    Mdy,
    /// 2025/12/31
    Ymd,
}

/// ISO only.
pub fn parse_date(text: &str, _order: Option<DateOrder>) -> Option<String> {
    (text.len() >= 7 && text.bytes().all(|b| b.is_ascii_digit() || b == b'-')).then(|| text.to_owned())
}

#[derive(Default)]
pub struct NameParts {
    pub prefix: String,
    pub given: String,
    pub middle: String,
    pub family: String,
    pub suffix: String,
}

pub fn display_name(prefix: &str, given: &str, middle: &str, family: &str, suffix: &str) -> String {
    [prefix, given, middle, family, suffix]
        .into_iter()
        .filter(|p| !p.is_empty())
        .collect::<Vec<_>>()
        .join(" ")
}

pub fn split_name(full: &str) -> NameParts {
    let (given, family) = full.rsplit_once(' ').unwrap_or((full, ""));
    NameParts { given: given.into(), family: family.into(), ..NameParts::default() }
}
