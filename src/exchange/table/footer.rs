//! What a report has below its rows: totals, who may read it, whose it is.

use super::Table;
use super::cells::amount;
use crate::exchange::scan::Record;

impl Table {
    /// The line below the table that a row is: its first cell begins as the profile says, and beside it stand sums at most.
    pub(super) fn footer<'r>(&self, record: &'r Record) -> Option<&'r str> {
        let first = record.get(0).trim();
        let known = self.profile.footer.iter().any(|start| first.starts_with(start.as_str()));
        let mut others = record.filled().skip(1).map(|index| record.get(index).trim());
        (known && others.all(|cell| cell.is_empty() || amount(cell).is_some())).then_some(first)
    }
}
