//! Cuts text into records and cells: RFC 4180 as people's files bend it.
//!
//! A quote counts only at the beginning of a cell. One that is never closed would swallow the rest of the file, so
//! it is given up when the file ends, when the cell grows beyond `MAX_QUOTED`, or when, some lines on, a quote is
//! followed by anything but a separator: then the line that it was opened in is refused, and reading goes on with
//! the next line.

use std::io;

use super::Reason;
use super::decode::Decoded;

/// The longest quoted cell, in bytes.
pub(crate) const MAX_QUOTED: usize = 1 << 20;
/// The longest record, in bytes.
pub(crate) const MAX_RECORD: usize = 16 << 20;

/// How much text that was passed over may stay in the window.
const DROP: usize = 256 << 10;

/// One record: the text of its cells in one buffer, so that reading a file allocates nothing a row.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Record {
    text: String,
    ends: Vec<usize>,
}

impl Record {
    /// The cell at `index`; empty beyond the end.
    pub fn get(&self, index: usize) -> &str {
        let Some(&end) = self.ends.get(index) else { return "" };
        let start = if index == 0 { 0 } else { self.ends[index - 1] };
        &self.text[start..end]
    }

    /// How many cells there are.
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// Whether there are no cells.
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    /// Whether all cells are empty or white space.
    pub fn is_blank(&self) -> bool {
        self.text.trim().is_empty()
    }

    /// The cells in order.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        (0..self.len()).map(|index| self.get(index))
    }

    /// The indexes of the cells that hold something.
    pub(crate) fn filled(&self) -> impl Iterator<Item = usize> {
        let mut start = 0;
        self.ends.iter().enumerate().filter_map(move |(index, &end)| {
            let filled = end > start;
            start = end;
            filled.then_some(index)
        })
    }

    /// The same with LF at the end of the lines within cells, where any end with CR LF.
    pub(crate) fn with_line_feeds(&self) -> Option<Self> {
        memchr::memmem::find(self.text.as_bytes(), b"\r\n")?;
        let mut plain = Self::default();
        self.iter().for_each(|cell| plain.push(&cell.replace("\r\n", "\n")));
        Some(plain)
    }

    /// How much memory it takes, about.
    pub(crate) fn weight(&self) -> usize {
        self.text.len() + self.ends.len() * size_of::<usize>()
    }

    /// Appends a cell.
    pub fn push(&mut self, cell: &str) {
        self.text.push_str(cell);
        self.end();
    }

    /// Takes all cells out.
    pub fn clear(&mut self) {
        self.text.clear();
        self.ends.clear();
    }

    fn end(&mut self) {
        self.ends.push(self.text.len());
    }

    /// Takes the NUL characters out and says how many there were.
    fn strip_nul(&mut self) -> usize {
        if memchr::memchr(0, self.text.as_bytes()).is_none() {
            return 0;
        }
        let mut clean = Self::default();
        for cell in self.iter() {
            clean.push(&cell.replace('\0', ""));
        }
        let count = self.text.len() - clean.text.len();
        *self = clean;
        count
    }
}

/// A quoted cell that holds line breaks.
#[derive(Clone, Copy, Debug)]
struct Quoted {
    /// Where its quote stands.
    open: usize,
    /// How many line breaks stand before it in the record.
    lines: u64,
    /// How many cells stand before it.
    cell: usize,
}

/// What `scan` found.
enum Step {
    /// The text ends within the record.
    More,
    /// A record of `len` bytes, its end of line included.
    Done { len: usize, lines: u64, stray: bool, long: Option<Quoted> },
    /// A quote that isn't closed.
    Unclosed(Quoted),
}

/// Reads one record from the beginning of `text`. `end`: no more text follows.
fn scan(text: &str, delimiter: u8, end: bool, record: &mut Record) -> Step {
    let bytes = text.as_bytes();
    record.clear();
    let (mut at, mut lines, mut stray, mut long) = (0, 0, false, None);
    loop {
        if bytes.get(at) == Some(&b'"') {
            let quoted = Quoted { open: at, lines, cell: record.len() };
            match scan_quoted(text, delimiter, end, quoted, record) {
                Ok((next, breaks, odd)) => {
                    at = next;
                    stray |= odd;
                    if breaks > 0 {
                        lines += breaks;
                        long = long.or(Some(quoted));
                    }
                }
                Err(step) => return step,
            }
        } else {
            let start = at;
            while let Some(&byte) = bytes.get(at) {
                if byte == delimiter || byte == b'\n' || byte == b'\r' {
                    break;
                }
                at += 1;
            }
            record.text.push_str(&text[start..at]);
        }
        match bytes.get(at) {
            None if !end => return Step::More,
            None => {
                record.end();
                return Step::Done { len: at, lines, stray, long };
            }
            Some(&byte) if byte == delimiter => {
                record.end();
                at += 1;
            }
            Some(&byte) => {
                if byte == b'\r' && at + 1 == bytes.len() && !end {
                    return Step::More;
                }
                record.end();
                let len = at + 1 + usize::from(byte == b'\r' && bytes.get(at + 1) == Some(&b'\n'));
                return Step::Done { len, lines: lines + 1, stray, long };
            }
        }
    }
}

/// Reads a quoted cell: where it ends, how many line breaks it holds, whether a quote in it wasn't doubled.
fn scan_quoted(
    text: &str,
    delimiter: u8,
    end: bool,
    quoted: Quoted,
    record: &mut Record,
) -> Result<(usize, u64, bool), Step> {
    let bytes = text.as_bytes();
    let mut at = quoted.open + 1;
    let mut from = at;
    let mut stray = false;
    loop {
        let Some(found) = memchr::memchr(b'"', &bytes[at..]) else {
            let over = bytes.len() - quoted.open > MAX_QUOTED;
            return Err(if end || over { Step::Unclosed(quoted) } else { Step::More });
        };
        let quote = at + found;
        if quote - quoted.open > MAX_QUOTED {
            return Err(Step::Unclosed(quoted));
        }
        let mut next = quote + 1;
        if bytes.get(next) == Some(&b'"') {
            record.text.push_str(&text[from..next]);
            at = next + 1;
            from = at;
            continue;
        }
        while bytes.get(next) == Some(&b' ') {
            next += 1;
        }
        match bytes.get(next) {
            None if !end => return Err(Step::More),
            Some(&byte) if byte != delimiter && byte != b'\n' && byte != b'\r' => {
                if memchr::memchr2(b'\n', b'\r', &bytes[quoted.open..quote]).is_some() {
                    return Err(Step::Unclosed(quoted));
                }
                stray = true;
                at = quote + 1;
            }
            _ => {
                record.text.push_str(&text[from..quote]);
                return Ok((next, breaks(&bytes[quoted.open..quote]), stray));
            }
        }
    }
}

/// How many line breaks there are: LF, CR LF or CR.
fn breaks(bytes: &[u8]) -> u64 {
    if memchr::memchr2(b'\n', b'\r', bytes).is_none() {
        return 0;
    }
    let mut count = 0;
    for (index, &byte) in bytes.iter().enumerate() {
        count += u64::from(byte == b'\n' || (byte == b'\r' && bytes.get(index + 1) != Some(&b'\n')));
    }
    count
}

/// How long the first line is, its end included.
fn line_len(bytes: &[u8]) -> usize {
    match memchr::memchr2(b'\n', b'\r', bytes) {
        None => bytes.len(),
        Some(at) => at + 1 + usize::from(bytes[at] == b'\r' && bytes.get(at + 1) == Some(&b'\n')),
    }
}

/// What is to be said about a record.
#[derive(Clone, Debug, Default)]
pub(crate) struct Found {
    /// The line that it begins at.
    pub line: u64,
    /// Why it is refused; its cells are then split at the separator alone.
    pub bad: Option<Reason>,
    /// A quote within a quoted cell wasn't doubled.
    pub stray: bool,
    /// A cell holds line breaks.
    pub breaks: bool,
    /// How many NUL characters were taken out.
    pub nul: usize,
    /// How many malformed sequences were replaced.
    pub malformed: usize,
}

/// Reads records from text as it is decoded, holding little more than one record.
pub(crate) struct Scanner {
    input: Decoded,
    delimiter: u8,
    window: String,
    /// Where the next record begins in `window`.
    at: usize,
    /// How much text was dropped before `window`.
    base: u64,
    line: u64,
    column: u64,
    end: bool,
    /// Where the last record began, on which line, and its first quoted cell with line breaks.
    last: (usize, u64, Option<Quoted>),
}

impl Scanner {
    pub(crate) fn new(input: Decoded) -> Self {
        Self {
            input,
            delimiter: b',',
            window: String::new(),
            at: 0,
            base: 0,
            line: 1,
            column: 0,
            end: false,
            last: (0, 1, None),
        }
    }

    pub(crate) fn input(&self) -> &Decoded {
        &self.input
    }

    /// Sets the separator, before the first record.
    pub(crate) fn delimit(&mut self, delimiter: u8) {
        self.delimiter = delimiter;
    }

    pub(crate) fn delimiter(&self) -> u8 {
        self.delimiter
    }

    /// At least the next `bytes` of text, if there are as many.
    pub(crate) fn peek(&mut self, bytes: usize) -> io::Result<&str> {
        if self.at > DROP {
            self.window.drain(..self.at);
            self.base += self.at as u64;
            self.last.0 = 0;
            self.at = 0;
        }
        while !self.end && self.window.len() - self.at < bytes {
            self.end = !self.input.fill(&mut self.window)?;
        }
        // Programs of DOS, and those that go by them, end a text with Ctrl-Z.
        while self.end && self.window.len() > self.at && self.window.ends_with('\u{1a}') {
            self.window.pop();
        }
        Ok(&self.window[self.at..])
    }

    /// Whether `peek` reached the end.
    pub(crate) fn at_end(&self) -> bool {
        self.end
    }

    /// Makes the window grow to at least twice what it holds of this record, so that rescanning stays linear.
    fn grow(&mut self) -> io::Result<()> {
        self.window.drain(..self.at);
        self.base += self.at as u64;
        self.at = 0;
        let wanted = (self.window.len() * 2).max(1);
        self.peek(wanted).map(drop)
    }

    /// Reads the next record that isn't an empty line.
    pub(crate) fn read(&mut self, record: &mut Record) -> io::Result<Option<Found>> {
        loop {
            if self.at == self.window.len() {
                if self.end {
                    return Ok(None);
                }
                self.grow()?;
                continue;
            }
            let (start, line) = (self.at, self.line);
            match scan(&self.window[self.at..], self.delimiter, self.end, record) {
                Step::More if self.window.len() - self.at > MAX_RECORD => {
                    return self.too_long(record).map(Some);
                }
                Step::More => self.grow()?,
                Step::Done { len, lines, stray, long } => {
                    self.at += len;
                    self.line += lines;
                    self.last = (start, line, long);
                    if record.len() == 1 && record.text.is_empty() && len <= 2 {
                        continue;
                    }
                    return Ok(Some(self.found(record, line, None, stray)));
                }
                Step::Unclosed(quoted) => return Ok(Some(self.refuse(start, line, quoted, record))),
            }
        }
    }

    /// Takes the last record for what an unclosed quote made of several lines, if it has a quoted cell with line
    /// breaks: goes back to the line after the quote.
    pub(crate) fn reconsider(&mut self, record: &mut Record) -> Option<Found> {
        let (start, line, long) = self.last;
        long.map(|quoted| self.refuse(start, line, quoted, record))
    }

    fn refuse(&mut self, start: usize, line: u64, quoted: Quoted, record: &mut Record) -> Found {
        let open = start + quoted.open;
        let len = line_len(&self.window.as_bytes()[open..]);
        let rest = &self.window[open..open + len];
        record.ends.truncate(quoted.cell);
        record.text.truncate(record.ends.last().copied().unwrap_or(0));
        for cell in rest.trim_end_matches(['\r', '\n']).split(char::from(self.delimiter)) {
            record.push(cell);
        }
        self.at = open + len;
        self.line = line + quoted.lines + u64::from(rest.ends_with(['\r', '\n']));
        let reason = Reason::UnclosedQuote { line: line + quoted.lines, column: quoted.cell + 1 };
        self.found(record, line, Some(reason), false)
    }

    /// Passes over a record that doesn't fit, keeping its beginning.
    fn too_long(&mut self, record: &mut Record) -> io::Result<Found> {
        let line = self.line;
        record.clear();
        for cell in self.window[self.at..].split(char::from(self.delimiter)) {
            record.push(cell);
        }
        loop {
            let rest = &self.window.as_bytes()[self.at..];
            let len = line_len(rest);
            self.at += len;
            if rest[..len].ends_with(b"\n") || rest[..len].ends_with(b"\r") {
                self.line += 1;
                break;
            }
            if self.end {
                break;
            }
            self.grow()?;
        }
        Ok(self.found(record, line, Some(Reason::TooLong { limit: MAX_RECORD }), false))
    }

    /// Reads the next line, without its end.
    pub(crate) fn read_line(&mut self) -> io::Result<Option<(String, Found)>> {
        let mut seen = 0;
        let length = loop {
            let rest = self.peek(seen + 1)?.as_bytes();
            if rest.is_empty() {
                return Ok(None);
            }
            if let Some(at) = memchr::memchr(b'\n', &rest[seen..]) {
                break seen + at + 1;
            }
            if rest.len() == seen {
                break seen;
            }
            seen = rest.len();
            if seen > MAX_RECORD {
                let mut record = Record::default();
                let found = self.too_long(&mut record)?;
                return Ok(Some((record.text, found)));
            }
        };
        let text = self.window[self.at..self.at + length].trim_end_matches(['\r', '\n']).to_owned();
        let found = self.consume_found(length);
        Ok(Some((text, found)))
    }

    /// Passes over what `peek` showed.
    pub(crate) fn consume(&mut self, bytes: usize) {
        let passed = &self.window.as_bytes()[self.at..self.at + bytes];
        match memchr::memrchr(b'\n', passed) {
            None => self.column += bytes as u64,
            Some(last) => {
                self.line += passed.iter().filter(|byte| **byte == b'\n').count() as u64;
                self.column = (bytes - last - 1) as u64;
            }
        }
        self.at += bytes;
    }

    /// The same, with what is to be said about it.
    pub(crate) fn consume_found(&mut self, bytes: usize) -> Found {
        let line = self.line;
        self.consume(bytes);
        let malformed = self.input.malformed_before(self.base + self.at as u64);
        Found { line, malformed, ..Found::default() }
    }

    /// Line and column, in bytes, of what comes next, from 1; only `consume` keeps count of the column.
    pub(crate) fn position(&self) -> (u64, u64) {
        (self.line, self.column + 1)
    }

    fn found(&mut self, record: &mut Record, line: u64, bad: Option<Reason>, stray: bool) -> Found {
        let malformed = self.input.malformed_before(self.base + self.at as u64);
        let breaks = bad.is_none() && self.last.2.is_some();
        Found { line, bad, stray, breaks, nul: record.strip_nul(), malformed }
    }
}

/// The text that is still to come, as UTF-8.
impl io::Read for Scanner {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let text = self.peek(1)?.as_bytes();
        let count = text.len().min(out.len());
        out[..count].copy_from_slice(&text[..count]);
        self.at += count;
        Ok(count)
    }
}

/// How many cells each of the first records of `text` has; the last one may be cut off.
pub(crate) fn widths(text: &str, delimiter: u8, end: bool, most: usize) -> Vec<usize> {
    let mut record = Record::default();
    let mut widths = Vec::new();
    let mut at = 0;
    while at < text.len() && widths.len() < most {
        match scan(&text[at..], delimiter, end, &mut record) {
            Step::More => {
                if widths.is_empty() {
                    widths.push(record.len());
                }
                break;
            }
            Step::Done { len, .. } => {
                at += len;
                if !record.is_blank() {
                    widths.push(record.len());
                }
            }
            Step::Unclosed(quoted) => at += quoted.open + line_len(&text.as_bytes()[at + quoted.open..]),
        }
    }
    widths
}
