//! Tables as text: separator and row of column names are found out, rows come one by one.

use std::collections::{HashMap, VecDeque};

use super::csv_out::OWN_ID;
use super::scan::{self, Found, Record, Scanner};
use super::sheet::Sheet;
use super::{ExchangeError, Known, Reason, Warning, WarningKind};

/// How many records are looked at before the first is given out.
const SAMPLE: usize = 200;
/// How much text is looked at.
const SAMPLE_BYTES: usize = 1 << 20;
/// Among how many of the first records the column names are searched.
const HEADER_ROWS: usize = 20;
/// How far `header_row` may reach.
const LAST_HEADER_ROW: usize = 1000;

/// Where records come from.
enum Feed {
    Text(Box<Scanner>),
    Sheet(Box<Sheet>),
}

impl Feed {
    /// `width`: how many columns there are, if that is known already.
    fn read(&mut self, record: &mut Record, width: Option<usize>) -> Result<Option<Found>, ExchangeError> {
        match self {
            Self::Text(scanner) => Ok(scanner.read(record)?),
            Self::Sheet(sheet) => sheet.read(record, width),
        }
    }

    /// Goes back to where a quote swallowed rows.
    fn reconsider(&mut self, record: &mut Record) -> Option<Found> {
        match self {
            Self::Text(scanner) => scanner.reconsider(record),
            Self::Sheet(_) => None,
        }
    }
}

/// Reads a table: the names of its columns, then its rows.
pub struct Reader {
    feed: Feed,
    /// Records that were read while looking for the header.
    ahead: VecDeque<(Record, Found)>,
    header: Vec<String>,
    header_line: u64,
    warnings: Vec<Warning>,
}

/// How to find the column names.
pub(crate) struct Layout<'a> {
    pub(crate) delimiter: Option<u8>,
    /// From 1; 0: there are none.
    pub(crate) header_row: Option<usize>,
    /// Whether a cell is the name of a column.
    pub(crate) known: &'a dyn Fn(&str) -> bool,
}

impl Reader {
    pub(crate) fn new(mut scanner: Scanner, layout: &Layout<'_>) -> Result<Self, ExchangeError> {
        let delimiter = match layout.delimiter {
            Some(delimiter) => delimiter,
            None => sniff(&mut scanner)?,
        };
        scanner.delimit(delimiter);
        Self::of(Feed::Text(Box::new(scanner)), layout)
    }

    /// Reads the cells of a spreadsheet.
    pub(crate) fn of_sheet(sheet: Sheet, layout: &Layout<'_>) -> Result<Self, ExchangeError> {
        Self::of(Feed::Sheet(Box::new(sheet)), layout)
    }

    fn of(feed: Feed, layout: &Layout<'_>) -> Result<Self, ExchangeError> {
        let mut this =
            Self { feed, ahead: VecDeque::new(), header: Vec::new(), header_line: 0, warnings: Vec::new() };
        let wanted = layout.header_row.unwrap_or(0).min(LAST_HEADER_ROW) + SAMPLE;
        this.read_ahead(wanted)?;
        if this.ahead.is_empty() {
            return Err(ExchangeError::Empty);
        }
        this.take_header(layout)?;
        Ok(this)
    }

    /// The names of the columns, none empty and none twice.
    pub fn header(&self) -> &[String] {
        &self.header
    }

    /// The line of the column names, 0 if there are none.
    pub fn header_line(&self) -> u64 {
        self.header_line
    }

    /// What separates the cells of a text.
    pub fn delimiter(&self) -> Option<u8> {
        match &self.feed {
            Feed::Text(scanner) => Some(scanner.delimiter()),
            Feed::Sheet(_) => None,
        }
    }

    /// What is to be said about the table.
    pub fn warnings(&self) -> &[Warning] {
        &self.warnings
    }

    /// How much of the input was read so far.
    pub(crate) fn bytes(&self) -> u64 {
        match &self.feed {
            Feed::Text(scanner) => scanner.input().bytes(),
            Feed::Sheet(sheet) => sheet.bytes(),
        }
    }

    /// The encoding, if it had to be guessed.
    pub(crate) fn guessed(&self) -> Option<&'static str> {
        match &self.feed {
            Feed::Text(scanner) => scanner.input().guessed(),
            Feed::Sheet(_) => None,
        }
    }

    /// The encoding and how it is known, where that is a question.
    pub(crate) fn encoding(&self) -> Option<(&'static str, Known)> {
        match &self.feed {
            Feed::Text(scanner) => Some(scanner.input().encoding()),
            Feed::Sheet(_) => None,
        }
    }

    /// What is to be said about the cells of the row that begins at `line`.
    pub(crate) fn remarks(&mut self, line: u64) -> Vec<Warning> {
        match &mut self.feed {
            Feed::Text(_) => Vec::new(),
            Feed::Sheet(sheet) => sheet.remarks(line, &self.header),
        }
    }

    /// The first rows, good or bad.
    pub(crate) fn sample(&self) -> impl Iterator<Item = &Record> {
        self.ahead.iter().filter(|(_, found)| found.bad.is_none()).map(|(record, _)| record)
    }

    /// Reads the next row that isn't an empty line.
    pub(crate) fn read(&mut self, record: &mut Record) -> Result<Option<Found>, ExchangeError> {
        if let Some((ahead, found)) = self.ahead.pop_front() {
            *record = ahead;
            return Ok(Some(self.checked(record, found, false)));
        }
        let width = Some(self.header.len());
        let Some(found) = self.feed.read(record, width)? else { return Ok(None) };
        Ok(Some(self.checked(record, found, true)))
    }

    /// Refuses a row that has text beyond the last column. `fresh`: the scanner can still go back to it.
    fn checked(&mut self, record: &mut Record, found: Found, fresh: bool) -> Found {
        let expected = self.header.len();
        if fresh
            && found.breaks
            && let Some(delimiter) = self.delimiter()
            && has_swallowed_rows(record, delimiter, expected)
            && let Some(unclosed) = self.feed.reconsider(record)
        {
            return unclosed;
        }
        if found.bad.is_some() || !is_over_wide(record, expected) {
            return found;
        }
        Found { bad: Some(Reason::TooManyCells { got: record.len(), expected }), ..found }
    }

    fn read_ahead(&mut self, wanted: usize) -> Result<(), ExchangeError> {
        let mut bytes = 0;
        let mut width = 0;
        while self.ahead.len() < wanted && bytes < SAMPLE_BYTES {
            let mut record = Record::default();
            let Some(mut found) = self.feed.read(&mut record, None)? else { break };
            if found.breaks
                && let Some(delimiter) = self.delimiter()
                && has_swallowed_rows(&record, delimiter, width)
            {
                found = self.feed.reconsider(&mut record).unwrap_or(found);
            }
            if found.bad.is_none() {
                width = width.max(record.len());
            }
            bytes += record.weight();
            self.ahead.push_back((record, found));
        }
        Ok(())
    }

    fn take_header(&mut self, layout: &Layout<'_>) -> Result<(), ExchangeError> {
        let place = match layout.header_row {
            Some(0) => None,
            Some(row) if row > self.ahead.len() => return Err(ExchangeError::NoHeaderRow { row }),
            Some(row) => Some(row - 1),
            None => self.find_header(layout.known),
        };
        let Some(place) = place else {
            let width = self.sample().map(Record::len).max().unwrap_or(1);
            self.header = (1..=width).map(|number| format!("Column {number}")).collect();
            self.warn("", "", WarningKind::NoHeader);
            return Ok(());
        };
        if let Some((_, first)) = self.ahead.front()
            && place > 0
        {
            let lines = self.ahead[place].1.line.saturating_sub(first.line);
            self.warn("", &lines.to_string(), WarningKind::Preamble);
        }
        self.ahead.drain(..place);
        let Some((names, found)) = self.ahead.pop_front() else { return Ok(()) };
        self.header_line = found.line;
        self.name_columns(&names);
        Ok(())
    }

    /// Gives each column a name of its own. A cell at the very end that is empty in all rows makes no column.
    fn name_columns(&mut self, names: &Record) {
        let mut width = names.len();
        while width > 1 && names.get(width - 1).trim().is_empty() {
            width -= 1;
        }
        // A sheet's row ends with its last cell, so that columns without a name are known by what stands in them.
        let most = if matches!(self.feed, Feed::Sheet(_)) { usize::MAX } else { names.len() };
        width = width.max(self.sample().map(used_width).filter(|used| *used <= most).max().unwrap_or(0));
        let mut seen: HashMap<String, usize> = HashMap::with_capacity(width);
        for index in 0..width {
            let given = names.get(index).trim().trim_start_matches('\u{feff}');
            let plain = if given.is_empty() { format!("Column {}", index + 1) } else { given.to_owned() };
            let mut name = plain.clone();
            while let Some(count) = seen.get_mut(&name) {
                *count += 1;
                name = format!("{plain} ({count})");
            }
            if name != plain {
                self.warn(&plain, &name, WarningKind::DuplicateColumn);
            }
            seen.insert(name.clone(), 1);
            self.header.push(name);
        }
    }

    fn find_header(&self, known: &dyn Fn(&str) -> bool) -> Option<usize> {
        let rows =
            || self.ahead.iter().take(HEADER_ROWS).enumerate().filter(|(_, (_, found))| found.bad.is_none());
        let mut best: Option<(usize, usize, usize)> = None;
        // Only lines of text may stand before the names: a row with several cells is a header or a contact.
        let text = rows().take_while(|(_, (record, _))| record.filled().count() <= 1).count();
        for (index, (record, _)) in rows().take_while(|(index, _)| *index <= text) {
            let names = record.iter().filter(|cell| known(cell.trim())).count();
            let filled = record.filled().count();
            let enough = best.map_or(1, |(_, most, _)| (most * 2).max(2));
            if names >= enough {
                best = Some((index, names, filled));
            }
        }
        if let Some((index, names, filled)) = best
            && (names * 3 >= filled || names >= 3 || self.ahead[index].0.iter().all(could_be_name))
        {
            return Some(index);
        }
        let (first, (record, _)) = rows().next()?;
        looks_like_names(record).then_some(first)
    }

    fn warn(&mut self, column: &str, value: &str, kind: WarningKind) {
        let line = self.header_line;
        self.warnings.push(Warning { line, column: column.to_owned(), value: value.to_owned(), kind });
    }
}

fn is_over_wide(record: &Record, width: usize) -> bool {
    record.len() > width && (width..record.len()).any(|index| !record.get(index).trim().is_empty())
}

/// Whether a quote that wasn't closed took rows in up to the next quote: all whole lines within a cell are cut by as
/// many separators as a row is.
fn has_swallowed_rows(record: &Record, delimiter: u8, width: usize) -> bool {
    let is_row = |line: &str| line.bytes().filter(|byte| *byte == delimiter).count() + 1 == width;
    width >= 3
        && record.iter().filter(|cell| cell.contains('\n')).any(|cell| {
            let mut lines = cell.lines().skip(1).peekable();
            let (mut rows, mut all) = (0, true);
            while let Some(line) = lines.next() {
                if lines.peek().is_some() {
                    all &= is_row(line);
                    rows += 1;
                }
            }
            all && (rows >= 2 || (rows == 1 && width >= 5))
        })
}

/// Up to which cell there is text. Blanks behind the last separator make no column.
fn used_width(record: &Record) -> usize {
    (0..record.len()).rev().find(|index| !record.get(*index).trim().is_empty()).map_or(0, |last| last + 1)
}

/// Whether a row could be column names: words, each once, and nothing that is a number, a date or an address.
fn looks_like_names(record: &Record) -> bool {
    let mut seen = std::collections::HashSet::new();
    let mut cells = record.iter().map(str::trim).filter(|cell| !cell.is_empty()).peekable();
    cells.peek().is_some() && cells.all(|cell| could_be_name(cell) && seen.insert(cell))
}

fn could_be_name(cell: &str) -> bool {
    let cell = cell.trim();
    let digits = cell.bytes().filter(u8::is_ascii_digit).count();
    let worded = cell.starts_with(char::is_alphabetic);
    !cell.contains('@')
        && !cell.contains("://")
        && cell.chars().count() <= 80
        && (if worded { digits < 7 } else { digits * 2 <= cell.len() })
}

/// What may separate cells; the first where nothing tells them apart.
const SEPARATORS: [u8; 4] = [b',', b'\t', b';', b'|'];

/// The separator of a table of rolo's own, which stands behind the name of its first column: whatever its other cells
/// are made of, it need not be guessed.
pub(super) fn own_separator(head: &[u8]) -> Option<u8> {
    let head = head.strip_prefix("\u{feff}".as_bytes()).unwrap_or(head);
    let next = head.strip_prefix(OWN_ID.as_bytes())?.first()?;
    SEPARATORS.contains(next).then_some(*next)
}

/// The separator that cuts the first rows most evenly.
fn sniff(scanner: &mut Scanner) -> Result<u8, ExchangeError> {
    if let Some(own) = own_separator(scanner.peek(16)?.as_bytes()) {
        return Ok(own);
    }
    let head = scanner.peek(64 << 10)?;
    let mut end = (64 << 10).min(head.len());
    while !head.is_char_boundary(end) {
        end -= 1;
    }
    let whole = end == head.len();
    let head = head[..end].to_owned();
    let whole = whole && scanner.at_end();
    let mut best = (b',', 0);
    for delimiter in SEPARATORS {
        let score = evenness(&scan::widths(&head, delimiter, whole, 100));
        if score > best.1 {
            best = (delimiter, score);
        }
    }
    Ok(best.0)
}

/// How many of a thousand rows have the most common width, if that is more than one; wider is better at a tie.
fn evenness(widths: &[usize]) -> usize {
    let mut counts: HashMap<usize, usize> = HashMap::new();
    for width in widths.iter().filter(|width| **width > 1) {
        *counts.entry(*width).or_default() += 1;
    }
    let Some((width, count)) = counts.into_iter().max_by_key(|(width, count)| (*count, *width)) else {
        return 0;
    };
    (count * 1000 / widths.len()) * 1000 + width.min(999)
}
