//! Call logs and messages of Android phones: the XML that SMS Backup & Restore writes. Each is an interaction with whoever
//! has the number.

mod records;
#[cfg(test)]
mod tests;

use std::io::{self, BufRead, Read};

use quick_xml::Reader as XmlReader;
use quick_xml::events::{BytesStart, Event};

use records::{call, sms};

use super::scan::{Found, MAX_RECORD, Scanner};
use super::{ExchangeError, Raw, Row, RowItem, Rows, Warning, notes};

/// Whose records these are.
pub(crate) const SYSTEM: &str = "sms-backup";
/// No document of these systems is nested as deeply.
const DEPTH: usize = 32;
/// How a refused row begins and ends when it is handed back.
pub(crate) const FRAME: (&str, &str) = ("<?xml version='1.0' encoding='UTF-8'?>\n<calls>\n", "</calls>\n");

/// What the parser reads from: text as it is decoded. It refuses to hand out more than a record between two events, so
/// that a tag which never ends can't fill the memory.
struct Feed {
    scanner: Scanner,
    chunk: Vec<u8>,
    at: usize,
    /// How many more bytes the parser may take before the next event.
    left: usize,
    /// How many line breaks it has passed.
    breaks: u64,
}

impl Read for Feed {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let from = self.fill_buf()?;
        let count = from.len().min(into.len());
        into[..count].copy_from_slice(&from[..count]);
        self.consume(count);
        Ok(count)
    }
}

impl BufRead for Feed {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if self.at == self.chunk.len() {
            if self.left == 0 {
                return Err(io::Error::new(io::ErrorKind::InvalidData, "an element longer than 16 MiB"));
            }
            let text = self.scanner.peek(1)?;
            let length = text.len();
            self.chunk.clear();
            self.chunk.extend_from_slice(text.as_bytes());
            self.at = 0;
            self.left = self.left.saturating_sub(length);
            self.scanner.consume(length);
        }
        Ok(&self.chunk[self.at..])
    }

    fn consume(&mut self, count: usize) {
        self.breaks += memchr::memchr_iter(b'\n', &self.chunk[self.at..self.at + count]).count() as u64;
        self.at += count;
    }
}

/// Reads calls and messages one by one.
pub(crate) struct Reader {
    xml: XmlReader<Feed>,
    buffer: Vec<u8>,
    depth: usize,
    /// A message of several parts that is being read.
    message: Option<Message>,
    done: bool,
}

/// A multimedia message: its parts and addresses stand inside it.
struct Message {
    line: u64,
    raw: String,
    attributes: Attributes,
    texts: Vec<String>,
    sender: String,
}

/// The attributes of an element, unescaped.
#[derive(Default)]
struct Attributes(Vec<(String, String)>);

impl Attributes {
    /// A value that says something.
    fn get(&self, name: &str) -> Option<&str> {
        let found = self.0.iter().find(|(own, _)| own == name).map(|(_, value)| value.trim())?;
        (!found.is_empty() && found != "null").then_some(found)
    }
}

impl Rows for Reader {
    fn read(&mut self) -> Result<Option<Row>, ExchangeError> {
        while !self.done {
            if let Some(row) = self.step()? {
                return Ok(Some(row));
            }
        }
        Ok(None)
    }

    fn bytes(&self) -> u64 {
        self.xml.get_ref().scanner.input().bytes()
    }

    fn guessed(&self) -> Option<&'static str> {
        self.xml.get_ref().scanner.input().guessed()
    }
}

impl Reader {
    /// Reads up to the first element, which says what the document is.
    pub(crate) fn new(scanner: Scanner) -> Result<Self, ExchangeError> {
        let feed = Feed { scanner, chunk: Vec::new(), at: 0, left: MAX_RECORD, breaks: 0 };
        let xml = XmlReader::from_reader(feed);
        let (buffer, message) = (Vec::new(), None);
        let mut reader = Self { xml, buffer, depth: 0, message, done: false };
        while reader.depth == 0 && !reader.done {
            reader.step()?;
        }
        Ok(reader)
    }

    /// Reads one event; a row, if it is the end of one.
    fn step(&mut self) -> Result<Option<Row>, ExchangeError> {
        let line = self.line();
        self.xml.get_mut().left = MAX_RECORD;
        let mut buffer = std::mem::take(&mut self.buffer);
        buffer.clear();
        let event = self.xml.read_event_into(&mut buffer).map(Event::into_owned);
        self.buffer = buffer;
        match event {
            Ok(event) => self.event(event, line),
            Err(error) => Err(self.broken(&error)),
        }
    }

    /// The line that the next event begins at.
    fn line(&self) -> u64 {
        self.xml.get_ref().breaks + 1
    }

    fn broken(&self, error: &quick_xml::Error) -> ExchangeError {
        let message = match error {
            quick_xml::Error::Io(error) if error.kind() != io::ErrorKind::InvalidData => {
                return ExchangeError::Io(io::Error::new(error.kind(), error.to_string()));
            }
            other => other.to_string(),
        };
        ExchangeError::BrokenXml { line: self.line(), message }
    }

    fn event(&mut self, event: Event<'_>, line: u64) -> Result<Option<Row>, ExchangeError> {
        match event {
            Event::DocType(_) => Err(ExchangeError::XmlDocType { line }),
            Event::Start(start) => {
                self.depth += 1;
                if self.depth > DEPTH {
                    return Err(ExchangeError::BrokenXml {
                        line,
                        message: format!("more than {DEPTH} elements inside each other"),
                    });
                }
                self.element(&start, line, false)
            }
            Event::Empty(start) => {
                self.depth += 1;
                let row = self.element(&start, line, true);
                self.depth -= 1;
                if self.depth == 0 {
                    self.done = true;
                }
                row
            }
            Event::End(end) => {
                self.depth = self.depth.saturating_sub(1);
                let row =
                    (end.name().as_ref() == "mms").then(|| self.message.take()).flatten().map(Message::row);
                Ok(row)
            }
            Event::Eof => {
                self.done = true;
                match self.depth {
                    0 => Ok(None),
                    _ => Err(ExchangeError::BrokenXml {
                        line,
                        message: "the document ends before its last element is closed".to_owned(),
                    }),
                }
            }
            _ => Ok(None),
        }
    }

    fn element(
        &mut self,
        start: &BytesStart<'_>,
        line: u64,
        empty: bool,
    ) -> Result<Option<Row>, ExchangeError> {
        let name = start.name().as_ref().to_owned();
        if self.depth == 1 {
            if !matches!(name.as_str(), "calls" | "smses" | "allsms") {
                return Err(ExchangeError::ForeignXml { root: name.chars().take(80).collect() });
            }
            self.done = empty;
            return Ok(None);
        }
        if !matches!(name.as_str(), "call" | "sms" | "mms" | "part" | "addr") {
            return Ok(None);
        }
        let attributes = attributes(start, line)?;
        let raw = format!("<{name}{}/>", start.attributes_raw().trim_end_matches('/'));
        match (name.as_str(), &mut self.message) {
            ("part", Some(message)) if attributes.get("ct") == Some("text/plain") => {
                message.texts.extend(attributes.get("text").map(str::to_owned));
            }
            // 137 is the sender's (RFC of the OMA: From).
            ("addr", Some(message)) if attributes.get("type") == Some("137") => {
                message.sender = attributes.get("address").unwrap_or_default().to_owned();
            }
            ("mms", _) => {
                let message = Message { line, raw, attributes, texts: Vec::new(), sender: String::new() };
                if empty {
                    return Ok(Some(message.row()));
                }
                self.message = Some(message);
            }
            ("call", _) => return Ok(Some(row(line, raw, call(&attributes, line)))),
            ("sms", _) => return Ok(Some(row(line, raw, sms(&attributes, line)))),
            _ => {}
        }
        Ok(None)
    }
}

/// What became of an element, and what is to be said about it.
type Outcome = (RowItem, Option<Warning>);

fn row(line: u64, raw: String, (item, warning): Outcome) -> Row {
    let found = Found { line, ..Found::default() };
    let mut warnings = notes(&found);
    warnings.extend(warning);
    Row { line, item, warnings, raw: Raw::Text(raw) }
}

fn attributes(start: &BytesStart<'_>, line: u64) -> Result<Attributes, ExchangeError> {
    let mut list = Attributes::default();
    for attribute in start.attributes().with_checks(false) {
        let attribute =
            attribute.map_err(|error| ExchangeError::BrokenXml { line, message: error.to_string() })?;
        let name = attribute.key.as_ref().to_owned();
        list.0.push((name, unescaped(&attribute.value)));
    }
    Ok(list)
}

/// Puts the characters in that references stand for. The app writes what lies beyond 16 bits as two surrogates, which
/// XML forbids and everybody's emoji need.
fn unescaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    let mut high: Option<u16> = None;
    while let Some(at) = rest.find('&') {
        if at > 0 && high.take().is_some() {
            out.push('\u{fffd}');
        }
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        let end = rest.bytes().take(12).position(|byte| byte == b';');
        let name = end.map_or("", |end| &rest[1..end]);
        let number = name.strip_prefix('#').and_then(|digits| match digits.strip_prefix(['x', 'X']) {
            Some(hex) => u32::from_str_radix(hex, 16).ok(),
            None => digits.parse().ok(),
        });
        let found = match (name, number) {
            ("amp", _) => Some('&'),
            ("lt", _) => Some('<'),
            ("gt", _) => Some('>'),
            ("quot", _) => Some('"'),
            ("apos", _) => Some('\''),
            (_, Some(unit @ 0xd800..=0xdbff)) => {
                if high.replace(unit as u16).is_some() {
                    out.push('\u{fffd}');
                }
                rest = &rest[end.map_or(1, |end| end + 1)..];
                continue;
            }
            (_, Some(unit @ 0xdc00..=0xdfff)) => {
                let pair = [high.take().unwrap_or_default(), unit as u16];
                char::decode_utf16(pair)
                    .next()
                    .and_then(Result::ok)
                    .filter(|c| *c != '\0')
                    .or(Some('\u{fffd}'))
            }
            (_, Some(number)) => char::from_u32(number).filter(|c| *c != '\0'),
            _ => None,
        };
        if high.take().is_some() {
            out.push('\u{fffd}');
        }
        match (found, end) {
            (Some(c), Some(end)) => {
                out.push(c);
                rest = &rest[end + 1..];
            }
            _ => {
                out.push('&');
                rest = &rest[1..];
            }
        }
    }
    if high.is_some() {
        out.push('\u{fffd}');
    }
    out.push_str(rest);
    out
}
