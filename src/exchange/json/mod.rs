//! JSON and JSONL, rolo's own shape of them. An array is walked element by element, so that memory doesn't grow with
//! the file.

mod draft;
mod out;
mod read;

pub(crate) use out::plain;
pub use out::{AddressOut, CompanyOut, ConsentOut, ContactOut, DateOut, ExtraOut, LinkOut, MethodOut};
pub use read::contact;
pub(in crate::exchange) use read::{consent, consents};

use super::scan::{MAX_RECORD, Scanner};
use super::{ExchangeError, Raw, Reason, Row, RowItem, Rows, Warning, notes, vcard};

/// Whose extras the unknown keys are.
pub(crate) const SYSTEM: &str = "json";

#[derive(Clone, Copy, PartialEq, Eq)]
enum Shape {
    /// Elements between brackets.
    Array,
    /// One value after the other, each over any number of lines.
    Values,
    /// A value a line.
    Lines,
}

/// Reads values one by one.
pub struct Reader {
    scanner: Scanner,
    shape: Shape,
    /// The first element of an array is still to come.
    first: bool,
    done: bool,
    unknown: read::Unknown,
}

impl Rows for Reader {
    fn read(&mut self) -> Result<Option<Row>, ExchangeError> {
        if self.done {
            return Ok(None);
        }
        match self.shape {
            Shape::Lines => self.line(),
            Shape::Values => {
                skip_space(&mut self.scanner)?;
                if self.scanner.peek(1)?.is_empty() { Ok(None) } else { self.value().map(Some) }
            }
            Shape::Array => self.element(),
        }
    }

    fn bytes(&self) -> u64 {
        self.scanner.input().bytes()
    }

    fn guessed(&self) -> Option<&'static str> {
        self.scanner.input().guessed()
    }

    fn warnings(&mut self) -> Vec<Warning> {
        self.unknown.warning().into_iter().collect()
    }
}

impl Reader {
    pub(crate) fn new(mut scanner: Scanner) -> Result<Self, ExchangeError> {
        skip_space(&mut scanner)?;
        let head = scanner.peek(64 << 10)?;
        let jcard = head.strip_prefix('[').map(str::trim_start);
        let jcard =
            jcard.and_then(|rest| rest.get(..8)).is_some_and(|s| s.eq_ignore_ascii_case("\"vcard\","));
        let shape = if jcard {
            // One card, not an array of them.
            Shape::Values
        } else if head.starts_with('[') {
            // A line of JSONL is never an array here; an array's first line hardly ever is one whole value.
            Shape::Array
        } else {
            shape(head)
        };
        if shape == Shape::Array {
            scanner.consume(1);
        }
        Ok(Self { scanner, shape, first: true, done: false, unknown: read::Unknown::default() })
    }

    pub(crate) fn is_lines(&self) -> bool {
        self.shape == Shape::Lines
    }

    fn line(&mut self) -> Result<Option<Row>, ExchangeError> {
        loop {
            let Some((text, found)) = self.scanner.read_line()? else { return Ok(None) };
            if text.trim().is_empty() && found.bad.is_none() {
                continue;
            }
            let mut warnings = notes(&found);
            let item = match &found.bad {
                Some(reason) => RowItem::Bad(reason.clone()),
                None => match serde_json::from_str(&text) {
                    Ok(value) => item(value, found.line, &mut self.unknown, &mut warnings),
                    Err(error) => RowItem::Bad(no_json(&error)),
                },
            };
            return Ok(Some(Row { line: found.line, item, warnings, raw: Raw::Text(text) }));
        }
    }

    fn element(&mut self) -> Result<Option<Row>, ExchangeError> {
        skip_space(&mut self.scanner)?;
        let next = self.scanner.peek(1)?.chars().next();
        match next {
            Some(']') => {
                self.scanner.consume(1);
                skip_space(&mut self.scanner)?;
                self.done = true;
                match self.scanner.peek(1)?.is_empty() {
                    true => Ok(None),
                    false => Err(self.broken("text after the end of the array")),
                }
            }
            Some(',') if !self.first => {
                self.scanner.consume(1);
                skip_space(&mut self.scanner)?;
                self.value().map(Some)
            }
            Some(_) if self.first => {
                self.first = false;
                self.value().map(Some)
            }
            Some(_) => Err(self.broken("expected , or ]")),
            None => Err(self.broken("the array is not closed")),
        }
    }

    /// Reads the value that begins here.
    fn value(&mut self) -> Result<Row, ExchangeError> {
        let mut walk = Walk::default();
        let mut seen = 0;
        let length = loop {
            let bytes = self.scanner.peek(seen + 1)?.as_bytes();
            if let Some(length) = walk.end(&bytes[seen..]) {
                break seen + length;
            }
            if bytes.len() == seen {
                break seen;
            }
            seen = bytes.len();
            if seen > MAX_RECORD {
                return Err(self.broken("a value longer than 16 MiB"));
            }
        };
        let text = &self.scanner.peek(length)?[..length];
        match serde_json::from_str(text) {
            Ok(value) => {
                let text = text.to_owned();
                let found = self.scanner.consume_found(length);
                let mut warnings = notes(&found);
                let item = item(value, found.line, &mut self.unknown, &mut warnings);
                Ok(Row { line: found.line, item, warnings, raw: Raw::Text(text) })
            }
            Err(error) => {
                let (line, column) = self.scanner.position();
                let first = error.line() <= 1;
                let column =
                    if first { column + error.column().max(1) as u64 - 1 } else { error.column() as u64 };
                Err(ExchangeError::BrokenJson {
                    line: line + (error.line().max(1) - 1) as u64,
                    column,
                    message: bare(&error),
                })
            }
        }
    }

    fn broken(&self, message: &str) -> ExchangeError {
        let (line, column) = self.scanner.position();
        ExchangeError::BrokenJson { line, column, message: message.to_owned() }
    }
}

/// A value as a row: a card of another standard, or rolo's own shape.
fn item(
    value: serde_json::Value,
    line: u64,
    unknown: &mut read::Unknown,
    warnings: &mut Vec<Warning>,
) -> RowItem {
    let mut found = Vec::new();
    let card = vcard::json_row(&value, &mut found);
    warnings.extend(found.into_iter().map(|warning| Warning { line, ..warning }));
    card.unwrap_or_else(|| read::item(value, line, unknown, warnings))
}

/// Lines if the first line is a value, or the second one is although the first is broken.
fn shape(head: &str) -> Shape {
    let mut lines = head.lines().filter(|line| !line.trim().is_empty());
    let whole = |line: &str| serde_json::from_str::<serde::de::IgnoredAny>(line);
    let first = lines.next().map(whole);
    let second = lines.next().filter(|line| line.trim_start().starts_with('{'));
    match first {
        Some(Ok(_)) => Shape::Lines,
        Some(Err(error)) if error.is_eof() && second.is_none_or(|line| whole(line).is_err()) => Shape::Values,
        _ => Shape::Lines,
    }
}

fn skip_space(scanner: &mut Scanner) -> Result<(), ExchangeError> {
    loop {
        let text = scanner.peek(1)?;
        let length = text.len() - text.trim_start_matches([' ', '\t', '\r', '\n', '\u{feff}']).len();
        let all = length == text.len();
        scanner.consume(length);
        if !all || length == 0 {
            return Ok(());
        }
    }
}

fn no_json(error: &serde_json::Error) -> Reason {
    Reason::NoJson { column: error.column() as u64, message: bare(error) }
}

/// The message without the place, which is given beside it.
fn bare(error: &serde_json::Error) -> String {
    let text = error.to_string();
    text.split(" at line ").next().unwrap_or(&text).to_owned()
}

/// Finds the end of a value: brackets and strings are all that matters.
#[derive(Default)]
struct Walk {
    depth: usize,
    in_string: bool,
    escaped: bool,
    begun: bool,
}

impl Walk {
    /// How many of these bytes belong to the value, once its end is among them.
    fn end(&mut self, bytes: &[u8]) -> Option<usize> {
        for (index, &byte) in bytes.iter().enumerate() {
            if self.in_string {
                match byte {
                    _ if self.escaped => self.escaped = false,
                    b'\\' => self.escaped = true,
                    b'"' => {
                        self.in_string = false;
                        if self.depth == 0 {
                            return Some(index + 1);
                        }
                    }
                    _ => {}
                }
                continue;
            }
            match byte {
                b'"' => self.in_string = true,
                b'{' | b'[' => self.depth += 1,
                b'}' | b']' if self.depth == 0 => return Some(index),
                b'}' | b']' => {
                    self.depth -= 1;
                    if self.depth == 0 {
                        return Some(index + 1);
                    }
                }
                b',' if self.depth == 0 => return Some(index),
                b' ' | b'\t' | b'\r' | b'\n' if self.depth == 0 && self.begun => return Some(index),
                _ => {}
            }
            self.begun = true;
        }
        None
    }
}
