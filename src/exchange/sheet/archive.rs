//! A ZIP archive that is no workbook, as systems give out several tables at once.

use super::SheetError;
use super::package::{Package, Part, Shared};
use crate::exchange::ExchangeError;

/// How the names of files end that can be read out of an archive.
const READABLE: [&str; 4] = [".csv", ".tsv", ".vcf", ".ldif"];
/// So many names are named.
const NAMED: usize = 10;

/// The one file of an archive that can be read, as it unpacks; `None` if it is a workbook. An archive of several files, or
/// of others, is refused with their names: which of them are wanted, and in which order, nobody has said.
pub(super) fn only(file: &Shared) -> Result<Option<Part>, ExchangeError> {
    let package = Package::open(file.clone())?;
    if super::is_workbook(&package) {
        return Ok(None);
    }
    let files: Vec<&str> = package.names().filter(|name| is_file(name)).collect();
    let readable: Vec<&str> = files.iter().copied().filter(|name| is_readable(name)).collect();
    match readable[..] {
        [one] => package.part(one),
        [] => Err(none(&files).into()),
        _ => Err(SheetError::Archive { files: named(&readable) }.into()),
    }
}

fn none(files: &[&str]) -> SheetError {
    if files.is_empty() { SheetError::NoWorkbook } else { SheetError::Archive { files: named(files) } }
}

fn named(files: &[&str]) -> Vec<String> {
    let more = (files.len() > NAMED).then_some("…");
    files.iter().take(NAMED).copied().chain(more).map(str::to_owned).collect()
}

/// Whether an entry is a file of somebody's, not a folder or what macOS and others put beside the files.
fn is_file(name: &str) -> bool {
    let own = name.rsplit('/').next().unwrap_or_default();
    !own.is_empty() && !own.starts_with('.') && !name.starts_with("__MACOSX/")
}

fn is_readable(name: &str) -> bool {
    let lower = name.to_lowercase();
    READABLE.iter().any(|ending| lower.ends_with(ending))
}
