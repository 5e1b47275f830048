//! JSON documents of other systems that must be held as a whole, because their parts refer to each other.

use std::io::{self, BufReader, Read};

use serde::de::DeserializeOwned;
use serde_json::Value;

use super::ExchangeError;
use super::scan::Scanner;
use crate::model::draft::{RecordDraft, Whom};
use crate::model::schema::Kind;

/// The largest document, in bytes.
const LIMIT: u64 = 512 << 20;

/// Text as bytes, as long as there are not too many.
struct Feed<'a> {
    scanner: &'a mut Scanner,
    read: u64,
}

impl Read for Feed<'_> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let text = self.scanner.peek(1)?;
        let mut count = text.len().min(into.len());
        while !text.is_char_boundary(count) {
            count -= 1;
        }
        into[..count].copy_from_slice(&text.as_bytes()[..count]);
        self.scanner.consume(count);
        self.read += count as u64;
        if self.read > LIMIT { Err(io::Error::from(io::ErrorKind::FileTooLarge)) } else { Ok(count) }
    }
}

/// Reads the whole document; parts that `T` has no place for are passed over without being held.
pub(super) fn read<T: DeserializeOwned>(scanner: &mut Scanner) -> Result<T, ExchangeError> {
    let feed = Feed { scanner, read: 0 };
    serde_json::from_reader(BufReader::with_capacity(64 << 10, feed)).map_err(|error| {
        match error.io_error_kind() {
            Some(io::ErrorKind::FileTooLarge) => ExchangeError::TooBig { limit: LIMIT },
            Some(_) => ExchangeError::Io(error.into()),
            None => {
                let text = error.to_string();
                let message = text.split(" at line ").next().unwrap_or(&text).to_owned();
                ExchangeError::BrokenJson {
                    line: error.line() as u64,
                    column: error.column() as u64,
                    message,
                }
            }
        }
    })
}

/// The text of a value: scalars as they are, nothing for `null`.
pub(super) fn text(value: Option<&Value>) -> String {
    match value {
        Some(Value::String(text)) => text.trim().to_owned(),
        Some(Value::Number(number)) => number.to_string(),
        Some(Value::Bool(on)) => on.to_string(),
        _ => String::new(),
    }
}

/// A record with those fields that say something.
pub(super) fn record(
    kind: Kind,
    id: String,
    fields: Vec<(&'static str, String)>,
    whom: Vec<Whom>,
) -> RecordDraft {
    RecordDraft {
        kind,
        external_id: (!id.is_empty()).then_some(id),
        fields: fields.into_iter().filter(|(_, value)| !value.is_empty()).collect(),
        company: None,
        whom,
        extras: Vec::new(),
    }
}
