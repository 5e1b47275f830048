//! A number that a row gives twice.

use super::matching::Keys;
use crate::exchange::scan::Record;
use crate::model::draft::{ContactDraft, ExtraDraft, MethodDraft};
use std::collections::HashMap;

/// The system of tables that are no system's.
const GENERIC: &str = "csv";

/// A row's cells and what they belong to.
pub(super) struct Cells<'a> {
    pub(super) record: &'a Record,
    /// The names of the columns.
    pub(super) columns: &'a [String],
    pub(super) system: &'a str,
}

impl Cells<'_> {
    /// The last column in which each text stands.
    fn places(&self) -> HashMap<&str, usize> {
        self.record.filled().map(|at| (self.record.get(at).trim(), at)).collect()
    }
}

/// Leaves out the second of two phones that are one in E.164, however they are written. Its label goes to the first, if that
/// has none. Its cell is kept as an extra where it would be missed: under a label of its own, or in a column that the
/// system wants back.
pub(super) fn settle(draft: &mut ContactDraft, keys: &mut Keys, cells: &Cells<'_>) {
    if draft.methods.iter().filter(|method| method.kind == "phone").count() < 2 {
        return;
    }
    let mut kept: Vec<MethodDraft> = Vec::with_capacity(draft.methods.len());
    let mut first: HashMap<(String, bool), usize> = HashMap::new();
    let mut places = None;
    let old = std::mem::take(keys);
    for (method, key) in std::mem::take(&mut draft.methods).into_iter().zip(old) {
        let place = number(&method, key.as_deref()).map(|number| *first.entry(number).or_insert(kept.len()));
        let Some(known) = place.and_then(|place| kept.get_mut(place)) else {
            kept.push(method);
            keys.push(key);
            continue;
        };
        known.preferred |= method.preferred;
        if known.label.is_empty() {
            known.label.clone_from(&method.label);
        }
        let missed = known.label != method.label && !method.label.is_empty();
        if missed || cells.system != GENERIC {
            let places = places.get_or_insert_with(|| cells.places());
            let column =
                places.get(method.value.as_str()).filter(|at| places.get(known.value.as_str()) != Some(*at));
            draft.extras.extend(column.and_then(|at| cells.columns.get(*at)).map(|name| ExtraDraft {
                source: cells.system.to_owned(),
                name: name.clone(),
                params: String::new(),
                value: method.value,
            }));
        }
    }
    draft.methods = kept;
}

/// What makes two phones one: the number in E.164, and whether it is that of a fax, which is another thing.
fn number(method: &MethodDraft, key: Option<&str>) -> Option<(String, bool)> {
    let international = key.filter(|key| method.kind == "phone" && key.starts_with('+'))?;
    Some((international.to_owned(), method.label.to_lowercase().contains("fax")))
}
