//! What a stream of bytes is, by content.

use super::ExchangeError;
use std::collections::HashSet;

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
    /// Monica's export, JSON.
    Monica,
    /// knotter's export, JSON.
    Knotter,
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
            Self::Monica => "Monica",
            Self::Knotter => "knotter",
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

/// How far the beginning of a binary file reaches, where its sizes stand.
const BEGINNING: usize = 16;

/// Whether there are more control characters than any text has. A stray NUL or two turn up anywhere in texts; what no text
/// has are several before its first line ends, or NULs among control characters of many kinds.
fn is_binary(head: &[u8]) -> bool {
    let head = &head[..head.len().min(16 << 10)];
    let images: [&[u8]; 5] = [b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"\x7fELF", b"MZ\x90"];
    if images.iter().any(|magic| head.starts_with(magic)) {
        return true;
    }
    let is_odd = |byte: &&u8| matches!(byte, 0..=8 | 0x0e..=0x1a | 0x1c..=0x1f);
    let start = head[..head.len().min(BEGINNING)].split(|byte| *byte == b'\n').next().unwrap_or_default();
    if start.contains(&0) && start.iter().filter(is_odd).count() >= 2 {
        return true;
    }
    let odd = head.iter().filter(is_odd).count();
    let kinds: HashSet<u8> = head.iter().filter(is_odd).copied().collect();
    if kinds.contains(&0) && kinds.len() >= 4 && odd * 100 > head.len() {
        return true;
    }
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
    let body = without_comments(head);
    let format = if begins("BEGIN:VCARD") {
        Format::Vcard
    } else if begins("BEGIN:VCALENDAR") {
        Format::ICalendar
    } else if begins("<!doctype html") || begins("<html") || (begins("<?xml") && is_xhtml(head)) {
        Format::Html
    } else if ["<?xml", "<!--", "<calls", "<smses"].into_iter().any(begins) {
        Format::Xml
    } else if is_ldif(body) {
        Format::Ldif
    } else if begins("# abook") || is_abook(body) {
        Format::Abook
    } else {
        return Ok(if is_json(head) { exported(head).unwrap_or(Format::Json) } else { Format::Csv });
    };
    match format {
        Format::Vcard | Format::ICalendar | Format::Ldif | Format::Abook | Format::Xml => Ok(format),
        _ => Err(ExchangeError::NotYet { format }),
    }
}

/// The system whose export a JSON object is, by its first keys.
fn exported(head: &str) -> Option<Format> {
    let start: String = head.chars().filter(|c| !c.is_whitespace()).take(4096).collect();
    let keys = |keys: &[&str]| keys.iter().all(|key| start.contains(&format!("\"{key}\":")));
    if start.starts_with("{\"account\":{") && keys(&["data", "type"])
        || keys(&["account", "app_version", "exported_by", "export_date"])
    {
        Some(Format::Monica)
    } else if start.starts_with("{\"metadata\":{") && keys(&["schema_version", "app_version", "contacts"]) {
        Some(Format::Knotter)
    } else {
        None
    }
}

/// What follows leading comments, as LDIF and abook have them.
fn without_comments(head: &str) -> &str {
    let mut rest = head;
    let next = |text: &'_ str| text.split_once('\n').map_or(text.len(), |(line, _)| line.len() + 1);
    while rest.starts_with('#') {
        rest = &rest[next(rest)..];
        // A comment of LDIF goes on where a line begins with a space.
        while rest.starts_with(' ') {
            rest = &rest[next(rest)..];
        }
        rest = rest.trim_start_matches(['\r', '\n']);
    }
    rest
}

/// A page that is also XML.
fn is_xhtml(head: &str) -> bool {
    let start: String = head.chars().take(512).collect::<String>().to_lowercase();
    start.contains("<!doctype html") || start.contains("<html")
}

/// An entry begins with its name; before the first there may be the version.
fn is_ldif(body: &str) -> bool {
    let mut lines = body.lines().filter(|line| !line.is_empty() && !line.starts_with(['#', ' ']));
    let mut first = lines.next().unwrap_or_default().to_lowercase();
    if let Some(version) = first.strip_prefix("version:") {
        if version.trim() != "1" {
            return false;
        }
        first = lines.next().unwrap_or_default().to_lowercase();
    }
    first.strip_prefix("dn:").is_some_and(|name| name.starts_with([':', ' ', '<']) || name.contains('='))
}

/// `[format]`, or a numbered section with a key and a value.
fn is_abook(body: &str) -> bool {
    let mut lines = body.lines().map(str::trim).filter(|line| !line.is_empty());
    let section = lines.next().and_then(|line| line.strip_prefix('[')?.strip_suffix(']'));
    let pair = lines
        .next()
        .is_some_and(|line| line.split_once('=').is_some_and(|(key, _)| !key.contains(['"', '{', ','])));
    section.is_some_and(|name| {
        name == "format" || (pair && !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_digit()))
    })
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_formats_are_told_by_how_they_begin() {
        for (text, format) in [
            ("dn: cn=a\ncn: a\n", Format::Ldif),
            ("# a dump\n#  folded\n  on\nversion: 1\n\ndn:: Y24=\n", Format::Ldif),
            ("version:1\r\n\r\ndn:cn=a\r\n", Format::Ldif),
            ("# abook addressbook file\n\n[format]\n", Format::Abook),
            ("[0]\nname=Ann\n", Format::Abook),
            ("[0]\n", Format::Json),
            ("<calls count='1'/>", Format::Xml),
            ("<?xml version='1.0'?>\n<gpx/>", Format::Xml),
            ("BEGIN:VCALENDAR\n", Format::ICalendar),
            (
                "{\"metadata\": {\"app_version\": \"1\", \"schema_version\": 2}, \"contacts\": []}",
                Format::Knotter,
            ),
            (
                "{\"version\":\"1\",\"app_version\":\"4\",\"export_date\":\"\",\"exported_by\":\"\",\"account\":{}}",
                Format::Monica,
            ),
            ("{\"metadata\":1}", Format::Json),
            ("Name,dn: x\nAnn,1\n", Format::Csv),
            ("version: 2\ndn: a\n", Format::Csv),
            ("# Name,Email\nAnn,a@x\n", Format::Csv),
        ] {
            assert_eq!(by_text(text).ok(), Some(format), "{text}");
        }
        for text in ["<?xml version='1.0'?><!DOCTYPE html><html>", "<html>"] {
            assert!(matches!(by_text(text), Err(ExchangeError::NotYet { format: Format::Html })), "{text}");
        }
    }
}
