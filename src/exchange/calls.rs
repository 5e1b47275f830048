//! Call logs and messages of Android phones: the XML that SMS Backup & Restore writes. Each is an interaction with whoever
//! has the number.

use std::io::{self, BufRead, Read};

use chrono::{DateTime, SecondsFormat, Utc};
use quick_xml::Reader as XmlReader;
use quick_xml::events::{BytesStart, Event};

use super::scan::{Found, MAX_RECORD, Scanner};
use super::{ExchangeError, Raw, Reason, Row, RowItem, Rows, Warning, WarningKind, notes};
use crate::model::draft::{RecordDraft, Whom};
use crate::model::schema::Kind;

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

/// Whom a number and a name mean; nobody if the number was hidden and there is no name.
fn whom(number: Option<&str>, name: Option<&str>) -> Option<Whom> {
    // -1 unknown, -2 private, -3 a pay phone (CallLog.Calls).
    let number =
        number.filter(|number| !matches!(*number, "-1" | "-2" | "-3" | "0" | "insert-address-token"));
    let name = name.filter(|name| !matches!(*name, "(Unknown)" | "Unknown"));
    let whom = Whom {
        name: name.unwrap_or_default().into(),
        phone: number.unwrap_or_default().into(),
        ..Whom::default()
    };
    (!whom.name.is_empty() || !whom.phone.is_empty()).then_some(whom)
}

/// The instant of an attribute in milliseconds since 1970.
fn instant(attributes: &Attributes, element: &'static str) -> Result<String, Reason> {
    let millis = attributes.get("date").and_then(|text| text.parse::<i64>().ok());
    millis
        .and_then(DateTime::<Utc>::from_timestamp_millis)
        .filter(|at| (0..253_402_300_800).contains(&at.timestamp()))
        .map(|at| at.to_rfc3339_opts(SecondsFormat::AutoSi, true))
        .ok_or_else(|| Reason::WrongType {
            key: format!("{element} date"),
            expected: "milliseconds since 1970",
        })
}

/// What an interaction has no field for.
fn extras(attributes: &Attributes, known: &[&str]) -> Vec<(String, String)> {
    let derived = ["readable_date", "date", "contact_name"];
    let says = |value: &str| !value.is_empty() && value != "null";
    attributes
        .0
        .iter()
        .filter(|(name, value)| {
            !known.contains(&name.as_str()) && !derived.contains(&name.as_str()) && says(value.trim())
        })
        .map(|(name, value)| (name.clone(), value.trim().to_owned()))
        .collect()
}

fn finished(record: RecordDraft, line: u64) -> Outcome {
    if record.whom.is_empty() {
        let value = record.fields.iter().find(|(name, _)| *name == "at").map(|(_, at)| at.clone());
        let (column, value) = (String::new(), value.unwrap_or_default());
        return (RowItem::Blank, Some(Warning { line, column, value, kind: WarningKind::Hidden }));
    }
    (RowItem::Other(Box::new(record)), None)
}

fn draft(fields: Vec<(&'static str, String)>, whom: Vec<Whom>, extras: Vec<(String, String)>) -> RecordDraft {
    let fields = fields.into_iter().filter(|(_, value)| !value.is_empty()).collect();
    RecordDraft { kind: Kind::Interaction, external_id: None, fields, company: None, whom, extras }
}

fn call(attributes: &Attributes, line: u64) -> Outcome {
    let at = match instant(attributes, "call") {
        Ok(at) => at,
        Err(reason) => return (RowItem::Bad(reason), None),
    };
    let given = attributes.get("type").unwrap_or_default();
    // CallLog.Calls: what is no call of one's own came in.
    let (direction, outcome) = match given {
        "1" => ("in", ""),
        "2" => ("out", ""),
        "3" => ("in", "missed"),
        "4" => ("in", "voicemail"),
        "5" => ("in", "rejected"),
        "6" => ("in", "refused"),
        "7" => ("in", "answered elsewhere"),
        _ => ("", ""),
    };
    let seconds = attributes.get("duration").and_then(|text| text.parse::<u64>().ok()).filter(|n| *n > 0);
    let fields = vec![
        ("kind", "call".to_owned()),
        ("at", at),
        ("duration", seconds.map(|seconds| seconds.to_string()).unwrap_or_default()),
        ("direction", direction.to_owned()),
        ("outcome", outcome.to_owned()),
    ];
    let known: &[&str] =
        if direction.is_empty() { &["number", "duration"] } else { &["number", "duration", "type"] };
    let whom = whom(attributes.get("number"), attributes.get("contact_name"));
    finished(draft(fields, whom.into_iter().collect(), extras(attributes, known)), line)
}

fn sms(attributes: &Attributes, line: u64) -> Outcome {
    let at = match instant(attributes, "sms") {
        Ok(at) => at,
        Err(reason) => return (RowItem::Bad(reason), None),
    };
    // Telephony.TextBasedSmsColumns: 1 came in, the others are on their way out.
    let given = attributes.get("type").unwrap_or_default();
    let (direction, status) = match given {
        "1" => ("in", ""),
        "2" => ("out", ""),
        "3" => ("out", "draft"),
        "4" | "6" => ("out", "queued"),
        "5" => ("out", "failed"),
        _ => ("", ""),
    };
    let text = |name: &str| attributes.get(name).unwrap_or_default().to_owned();
    let fields = vec![
        ("kind", "message".to_owned()),
        ("channel", "sms".to_owned()),
        ("at", at),
        ("direction", direction.to_owned()),
        ("status", status.to_owned()),
        ("subject", text("subject")),
        ("body", text("body")),
    ];
    let whom = whom(attributes.get("address"), attributes.get("contact_name"));
    let plumbing = [
        "address",
        "type",
        "subject",
        "body",
        "protocol",
        "toa",
        "sc_toa",
        "service_center",
        "read",
        "status",
        "locked",
        "date_sent",
        "sub_id",
    ];
    finished(draft(fields, whom.into_iter().collect(), extras(attributes, &plumbing)), line)
}

impl Message {
    fn row(self) -> Row {
        let Self { line, raw, attributes, texts, sender } = self;
        let at = match instant(&attributes, "mms") {
            Ok(at) => at,
            Err(reason) => return row(line, raw, (RowItem::Bad(reason), None)),
        };
        let direction = match attributes.get("msg_box") {
            Some("1") => "in",
            Some(_) => "out",
            None => "",
        };
        let fields = vec![
            ("kind", "message".to_owned()),
            ("channel", "mms".to_owned()),
            ("at", at),
            ("direction", direction.to_owned()),
            ("subject", attributes.get("sub").unwrap_or_default().to_owned()),
            ("body", texts.join("\n")),
        ];
        let numbers: Vec<&str> = attributes.get("address").unwrap_or_default().split('~').collect();
        let name = attributes.get("contact_name").filter(|_| numbers.len() == 1);
        let mut all: Vec<Whom> = numbers.iter().filter_map(|number| whom(Some(number), name)).collect();
        for one in &mut all {
            if direction == "in" && !sender.is_empty() && one.phone == sender {
                "from".clone_into(&mut one.role);
            }
        }
        row(line, raw, finished(draft(fields, all, Vec::new()), line))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::exchange::Format;
    use crate::exchange::testing::{broken, fields, opened, records, rows};

    const CALLS: &str = "<?xml version='1.0' encoding='UTF-8' standalone='yes' ?>\n<!--made by a phone-->\n<?xml-stylesheet type=\"text/xsl\" href=\"calls.xsl\"?>\n<calls count=\"6\">\n\
        <call number=\"+43 691 234\" duration=\"59\" date=\"1312563906092\" type=\"1\" presentation=\"1\" readable_date=\"x\" contact_name=\"Ann &amp; &#55357;&#56832;\" />\n\
        <call number=\"0661\" duration=\"0\" date=\"1312541215834\" type=\"3\" contact_name=\"(Unknown)\" />\n\
        <call number=\"-1\" duration=\"382\" date=\"1312530691081\" type=\"1\" contact_name=\"(Unknown)\" />\n\
        <call number=\"1\" duration=\"1\" date=\"soon\" type=\"2\" />\n\
        <call number=\"1\" duration=\"1\" date=\"0\" type=\"99\" post_dial_digits=\"\"></call>\n\
        <other/>\n</calls>\n";

    #[test]
    fn calls_are_interactions_with_those_who_have_the_number() {
        let found = rows(CALLS.as_bytes());
        let said: Vec<_> = records(CALLS.as_bytes()).iter().map(fields).collect();
        assert_eq!(
            said,
            [
                vec!["kind=call", "at=2011-08-05T17:05:06.092Z", "duration=59", "direction=in"],
                vec!["kind=call", "at=2011-08-05T10:46:55.834Z", "direction=in", "outcome=missed"],
                vec!["kind=call", "at=1970-01-01T00:00:00Z", "duration=1"],
            ]
        );
        let RowItem::Other(first) = &found[0].item else { panic!() };
        assert_eq!((first.whom[0].name.as_str(), first.whom[0].phone.as_str()), ("Ann & 😀", "+43 691 234"));
        assert_eq!(first.extras, [("presentation".to_owned(), "1".to_owned())]);
        assert_eq!((found[0].line, found[1].line, found.len()), (5, 6, 5));
        assert_eq!(found[2].warnings[0].kind, WarningKind::Hidden);
        assert!(matches!(&found[3].item, RowItem::Bad(Reason::WrongType { key, .. }) if key == "call date"));
        let RowItem::Other(odd) = &found[4].item else { panic!() };
        assert_eq!(odd.extras, [("type".to_owned(), "99".to_owned())]);
        assert_eq!(opened(CALLS.as_bytes()).unwrap().format(), Format::Xml);
    }

    #[test]
    fn messages_come_with_their_text() {
        let text = "<smses count=\"2\"><sms protocol=\"0\" address=\"+1 555\" date=\"1312563906092\" type=\"2\" subject=\"null\" body=\"Hi&#10;you &lt;3\" read=\"1\" contact_name=\"Ann\"/>\
            <mms date=\"1312563906000\" msg_box=\"1\" address=\"+1~+2\" contact_name=\"A, B\" sub=\"null\"><parts><part ct=\"text/plain\" text=\"one\"/><part ct=\"image/jpeg\" text=\"null\" data=\"AAAA\"/></parts>\
            <addrs><addr address=\"+2\" type=\"137\"/><addr address=\"+1\" type=\"151\"/></addrs></mms></smses>";
        let found = records(text.as_bytes());
        assert_eq!(
            fields(&found[0])[1..],
            ["channel=sms", "at=2011-08-05T17:05:06.092Z", "direction=out", "body=Hi\nyou <3"]
        );
        assert_eq!(
            fields(&found[1])[1..],
            ["channel=mms", "at=2011-08-05T17:05:06Z", "direction=in", "body=one"]
        );
        let there: Vec<_> = found[1].whom.iter().map(|w| (w.phone.as_str(), w.role.as_str())).collect();
        assert_eq!(there, [("+1", ""), ("+2", "from")]);
    }

    #[test]
    fn xml_of_other_kinds_or_of_ill_will_is_refused() {
        let bomb = "<?xml version='1.0'?>\n<!DOCTYPE calls [<!ENTITY a \"aaaa\"><!ENTITY b \"&a;&a;\">]>\n<calls><call number=\"&b;\"/></calls>";
        assert!(matches!(broken(bomb.as_bytes()), ExchangeError::XmlDocType { .. }));
        assert!(
            matches!(broken(b"<?xml version='1.0'?><gpx a='1'><wpt/></gpx>"), ExchangeError::ForeignXml { root } if root == "gpx")
        );
        let cut = &CALLS[..CALLS.len() - 12];
        assert!(matches!(broken(cut.as_bytes()), ExchangeError::BrokenXml { .. }));
        let deep = format!("<calls>{}", "<a>".repeat(100_000));
        assert!(matches!(broken(deep.as_bytes()), ExchangeError::BrokenXml { .. }));
        let endless = format!("<calls><call number=\"{}", "1".repeat(40 << 20));
        assert!(matches!(broken(endless.as_bytes()), ExchangeError::BrokenXml { .. }));
        assert!(matches!(broken(b"<calls></smses>"), ExchangeError::BrokenXml { .. }));
    }

    #[test]
    fn references_become_characters_and_nothing_else() {
        for (text, plain) in [
            ("a&b", "a&b"),
            ("&#x41;&#65;", "AA"),
            ("&#55357;x", "\u{fffd}x"),
            ("&#56832;", "\u{fffd}"),
            ("&nope;&#0;", "&nope;&#0;"),
            ("&amp;lt;", "&lt;"),
        ] {
            assert_eq!(unescaped(text), plain, "{text}");
        }
    }
}
