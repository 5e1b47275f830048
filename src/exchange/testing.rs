//! What the tests of formats share.

use std::io::Cursor;

use super::json::ContactOut;
use super::*;

/// The rows of a file, which must be readable.
pub(crate) fn rows(bytes: &[u8]) -> Vec<Row> {
    opened(bytes).map(|source| source.map(Result::unwrap).collect()).unwrap()
}

pub(crate) fn opened(bytes: &[u8]) -> Result<Source, ExchangeError> {
    open(Box::new(Cursor::new(bytes.to_vec())), "file", &Options::default())
}

/// The first error of a file, at its opening or later.
pub(crate) fn broken(bytes: &[u8]) -> ExchangeError {
    match opened(bytes) {
        Err(error) => error,
        Ok(mut source) => source.find_map(Result::err).unwrap(),
    }
}

pub(crate) fn contacts(bytes: &[u8]) -> Vec<ContactDraft> {
    let contact = |row: Row| match row.item {
        RowItem::Contact(draft) => *draft,
        other => panic!("line {}: {other:?}", row.line),
    };
    rows(bytes).into_iter().map(contact).collect()
}

pub(crate) fn records(bytes: &[u8]) -> Vec<RecordDraft> {
    rows(bytes)
        .into_iter()
        .filter_map(|row| if let RowItem::Other(record) = row.item { Some(*record) } else { None })
        .collect()
}

/// A record's fields as `name=value`.
pub(crate) fn fields(record: &RecordDraft) -> Vec<String> {
    record.fields.iter().map(|(name, value)| format!("{name}={value}")).collect()
}

/// What the book would give out for a draft.
pub(crate) fn out_of(draft: ContactDraft) -> ContactOut {
    ContactOut::from(draft)
}

/// Hands contacts to a writer.
pub(crate) fn write_all(writer: &mut dyn ContactWriter, contacts: &[ContactOut]) {
    contacts.iter().for_each(|contact| writer.write(contact).unwrap());
    writer.finish().unwrap();
}
