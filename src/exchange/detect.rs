//! What a stream of bytes is, by content.

use super::ExchangeError;

/// A kind of file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum Format {
    /// Separated values of any kind.
    Csv,
    /// One JSON value.
    Json,
    /// A JSON value a line.
    Jsonl,
    Vcard,
    /// jCard or JSContact.
    JsonCard,
    ICalendar,
    Ldif,
    Abook,
    Xml,
    Html,
    /// Excel since 2007.
    Xlsx,
    /// Excel up to 2003, and other OLE documents.
    Xls,
    Ods,
    Sqlite,
    Zip,
    Gzip,
    Pdf,
}

impl Format {
    /// What it is called, in any language.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Csv => "CSV",
            Self::Json => "JSON",
            Self::Jsonl => "JSONL",
            Self::Vcard => "vCard",
            Self::JsonCard => "JSON vCard",
            Self::ICalendar => "iCalendar",
            Self::Ldif => "LDIF",
            Self::Abook => "abook",
            Self::Xml => "XML",
            Self::Html => "HTML",
            Self::Xlsx => "XLSX",
            Self::Xls => "XLS",
            Self::Ods => "ODS",
            Self::Sqlite => "SQLite",
            Self::Zip => "ZIP",
            Self::Gzip => "gzip",
            Self::Pdf => "PDF",
        }
    }
}

/// Tells binary formats by their first bytes. `certain`: the encoding is known, so that it is text in any case.
pub(crate) fn by_bytes(head: &[u8], certain: bool) -> Result<(), ExchangeError> {
    let format = match head {
        [] => return Err(ExchangeError::Empty),
        _ if head.starts_with(b"SQLite format 3\0") => Format::Sqlite,
        _ if head.starts_with(b"\x1f\x8b") => Format::Gzip,
        _ if head.starts_with(b"%PDF-") => Format::Pdf,
        _ if !certain && is_binary(head) => return Err(ExchangeError::Binary),
        _ => return Ok(()),
    };
    Err(ExchangeError::NotYet { format })
}

/// Whether there are more control characters than any text has.
fn is_binary(head: &[u8]) -> bool {
    let head = &head[..head.len().min(16 << 10)];
    let images: [&[u8]; 5] = [b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"\x7fELF", b"MZ\x90"];
    if images.iter().any(|magic| head.starts_with(magic)) {
        return true;
    }
    let odd = head.iter().filter(|byte| matches!(byte, 0..=8 | 0x0e..=0x1a | 0x1c..=0x1f)).count();
    let is_text = std::str::from_utf8(head).map_or_else(|error| error.error_len().is_none(), |_| true);
    if is_text { odd * 10 > head.len() * 3 } else { odd * 20 > head.len() }
}

/// Whether bytes begin with a card.
pub(crate) fn is_vcard(head: &[u8]) -> bool {
    let head = head.trim_ascii_start();
    head.get(..11).is_some_and(|start| start.eq_ignore_ascii_case(b"BEGIN:VCARD"))
}

/// Tells text formats apart by how they begin.
pub(crate) fn by_text(head: &str) -> Result<Format, ExchangeError> {
    let head = head.trim_start_matches('\u{feff}').trim_start();
    if head.is_empty() {
        return Err(ExchangeError::Empty);
    }
    let begins = |word: &str| head.get(..word.len()).is_some_and(|start| start.eq_ignore_ascii_case(word));
    let format = if begins("BEGIN:VCARD") {
        Format::Vcard
    } else if begins("BEGIN:VCALENDAR") {
        Format::ICalendar
    } else if begins("<!doctype html") || begins("<html") {
        Format::Html
    } else if begins("<?xml") {
        Format::Xml
    } else if begins("dn: ") || begins("dn:: ") || (begins("version: 1") && head.contains("\ndn:")) {
        Format::Ldif
    } else if begins("[format]") || begins("# abook") {
        Format::Abook
    } else {
        return Ok(if is_json(head) { Format::Json } else { Format::Csv });
    };
    if format == Format::Vcard {
        return Ok(format);
    }
    Err(ExchangeError::NotYet { format })
}

/// Whether `[` or `{` begins a JSON value rather than a cell of a table.
fn is_json(head: &str) -> bool {
    let mut chars = head.chars();
    let first = chars.next();
    let next = chars.find(|c| !c.is_whitespace());
    match first {
        Some('{') => matches!(next, Some('"' | '}') | None),
        Some('[') => matches!(next, Some('{' | '[' | ']' | '"' | '-' | '0'..='9') | None),
        _ => false,
    }
}
