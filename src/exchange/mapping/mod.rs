//! Columns to fields: the plan by which a table's rows are read.

mod target;

pub use target::{Part, Target, parse_target, target_names};

use super::DateOrder;

/// Why a column goes where it goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Why {
    /// The profile of its system says so.
    Profile,
    /// Its name is known.
    Name,
    /// What stands in it looks like it.
    Content,
    /// `--map` or `--key` says so.
    User,
    /// Nothing was found for it.
    Unmapped,
}

/// What becomes of one column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ColumnPlan {
    /// Its name; never empty, never twice in a table.
    pub name: String,
    /// What it holds.
    pub target: Target,
    /// Who says so.
    pub why: Why,
    /// Up to three of its first values.
    pub samples: Vec<String>,
}

/// How a table is read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plan {
    /// The profile's name.
    pub profile: String,
    /// The system that external ids and extras belong to.
    pub system: String,
    /// In the file's order.
    pub columns: Vec<ColumnPlan>,
    /// How ambiguous dates are read.
    pub date_order: Option<DateOrder>,
}

/// The known word that a mistyped one is most likely meant to be.
pub(crate) fn nearest(name: &str, known: &[String]) -> Option<String> {
    let wanted: Vec<char> = name.to_lowercase().chars().take(64).collect();
    let limit = (wanted.len() / 3).max(1) + 1;
    known
        .iter()
        .filter(|candidate| candidate.len() <= 256)
        .map(|candidate| {
            (distance(&wanted, &candidate.to_lowercase().chars().collect::<Vec<_>>()), candidate)
        })
        .filter(|(distance, _)| *distance <= limit)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate.clone())
}

/// Levenshtein's distance.
fn distance(a: &[char], b: &[char]) -> usize {
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.iter().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, y) in b.iter().enumerate() {
            let next = (diagonal + usize::from(x != y)).min(row[j] + 1).min(row[j + 1] + 1);
            diagonal = row[j + 1];
            row[j + 1] = next;
        }
    }
    row[b.len()]
}
