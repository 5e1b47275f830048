//! ODS (OpenDocument 1.0 to 1.4): all sheets stand in one XML part, which is read once for their names and once for the
//! cells of one.

use std::collections::HashSet;

use quick_xml::XmlVersion;
use quick_xml::events::{BytesStart, Event};

use super::package::{Package, Part};
use super::row::{MAX_COLUMNS, MAX_ROWS, Merge, Merges, Note, RowCells};
use super::value::{self, Shown};
use super::xml::{MAX_TOKEN, Xml, attribute, entity};
use super::{Cells, Info, SheetError, Workbook};
use crate::exchange::ExchangeError;

const CONTENT: &str = "content.xml";
/// A row that stands for more than this was filled down to the end of the sheet, and is read once.
const MAX_REPEAT: u64 = 1000;
/// How much text a cell may come to that stands for several, unless it stands for itself alone.
const MAX_FILLED: usize = MAX_TOKEN;
/// More than any document has.
const MAX_SHEETS: usize = 10_000;

/// A spreadsheet document.
pub(crate) struct Ods {
    package: Package,
    infos: Vec<Info>,
    filled: Vec<bool>,
}

impl Ods {
    pub(crate) fn open(package: Package) -> Result<Self, ExchangeError> {
        if package.holds("encrypted-package") || is_encrypted(&package)? {
            return Err(SheetError::Encrypted.into());
        }
        let mut this = Self { package, infos: Vec::new(), filled: Vec::new() };
        if this.list()? { Ok(this) } else { Err(SheetError::NoWorkbook.into()) }
    }

    fn content(&self) -> Result<Xml<Part>, ExchangeError> {
        Ok(Xml::new(self.package.part(CONTENT)?.ok_or(SheetError::NoWorkbook)?, CONTENT))
    }

    /// Finds the sheets; whether it is a spreadsheet at all.
    fn list(&mut self) -> Result<bool, ExchangeError> {
        let mut xml = self.content()?;
        let (mut depth, mut body) = (0_u32, None);
        let (mut style, mut hidden) = (String::new(), HashSet::new());
        loop {
            match xml.next()? {
                Event::Eof => return Ok(body.is_some()),
                Event::End(_) => depth = depth.saturating_sub(1),
                Event::Start(e) => {
                    depth += 1;
                    match e.local_name().as_ref() {
                        "spreadsheet" => body = Some(depth),
                        "style" => style = attribute(&e, "name").unwrap_or_default(),
                        "table-properties"
                            if attribute(&e, "display").as_deref() == Some("false")
                                && hidden.len() < MAX_SHEETS =>
                        {
                            hidden.insert(style.clone());
                        }
                        "table"
                            if body.is_some_and(|body| depth == body + 1)
                                && self.infos.len() < MAX_SHEETS =>
                        {
                            let hidden = attribute(&e, "style-name").is_some_and(|of| hidden.contains(&of));
                            self.infos.push(Info { name: attribute(&e, "name").unwrap_or_default(), hidden });
                            self.filled.push(false);
                        }
                        "p" => {
                            if let Some(last) = self.filled.last_mut() {
                                *last = true;
                            }
                        }
                        _ => {}
                    }
                }
                _ => {}
            }
        }
    }
}

impl Workbook for Ods {
    fn sheets(&self) -> &[Info] {
        &self.infos
    }

    fn cells(&mut self, index: usize) -> Result<Box<dyn Cells>, ExchangeError> {
        let mut xml = self.content()?;
        let (mut depth, mut body, mut seen) = (0_u32, None, 0);
        loop {
            match xml.next()? {
                Event::Eof => return Err(SheetError::NoSheets.into()),
                Event::End(_) => depth = depth.saturating_sub(1),
                Event::Start(e) => {
                    depth += 1;
                    match e.local_name().as_ref() {
                        "spreadsheet" => body = Some(depth),
                        "table" if body.is_some_and(|body| depth == body + 1) => {
                            if seen == index {
                                break;
                            }
                            seen += 1;
                        }
                        _ => {}
                    }
                }
                _ => {}
            }
        }
        let cell = Cell::default();
        let cells = SheetCells { xml, cell, depth: 0, next: 1, repeat: 0, ended: false, spans: Vec::new() };
        Ok(Box::new(Spread { cells, merges: Merges::default() }))
    }

    fn is_empty(&mut self, index: usize, _within: u64) -> Result<bool, ExchangeError> {
        Ok(!self.filled.get(index).copied().unwrap_or_default())
    }
}

fn is_encrypted(package: &Package) -> Result<bool, ExchangeError> {
    let Some(part) = package.part("META-INF/manifest.xml")? else { return Ok(false) };
    let mut xml = Xml::new(part, "manifest.xml");
    loop {
        match xml.next()? {
            Event::Eof => return Ok(false),
            Event::Start(e) if e.local_name().as_ref() == "encryption-data" => return Ok(true),
            _ => {}
        }
    }
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Kind {
    #[default]
    Text,
    Number,
    Date,
    Time,
    Flag,
    Error,
}

/// The cell that is being read.
#[derive(Default)]
struct Cell {
    column: u32,
    /// How many cells it stands for.
    repeat: u32,
    /// How many rows it covers.
    rows: u64,
    covered: bool,
    kind: Kind,
    formula: bool,
    value: String,
    text: String,
    paragraphs: u32,
}

impl Cell {
    fn begin(&mut self, element: &BytesStart<'_>, covered: bool) {
        *self = Self {
            column: self.column,
            repeat: 1,
            rows: 1,
            covered,
            value: std::mem::take(&mut self.value),
            text: std::mem::take(&mut self.text),
            ..Self::default()
        };
        self.value.clear();
        self.text.clear();
        for attribute in element.attributes().with_checks(false).flatten() {
            let number = || attribute.value.parse::<u64>().unwrap_or(1).max(1);
            let set = |into: &mut String| {
                let text =
                    attribute.normalized_value(XmlVersion::Implicit1_0).unwrap_or(attribute.value.clone());
                into.push_str(&text);
            };
            match attribute.key.local_name().as_ref() {
                "number-columns-repeated" => self.repeat = u32::try_from(number()).unwrap_or(u32::MAX),
                "number-rows-spanned" => self.rows = number(),
                "formula" => self.formula = true,
                "value-type" if attribute.value == "error" => self.kind = Kind::Error,
                "value-type" if self.kind == Kind::Error || attribute.key.as_ref().starts_with("calcext") => {
                }
                "value-type" => {
                    self.kind = match &*attribute.value {
                        "float" | "percentage" | "currency" => Kind::Number,
                        "date" => Kind::Date,
                        "time" => Kind::Time,
                        "boolean" => Kind::Flag,
                        _ => Kind::Text,
                    }
                }
                "value" | "date-value" | "time-value" | "boolean-value" => set(&mut self.value),
                _ => {}
            }
        }
    }

    /// What it shows.
    fn shown(&self) -> String {
        match self.kind {
            Kind::Number => {
                let plain = value::render(&self.value, Shown::Number, false);
                // 02139 is the number 2139 in a format of its own.
                let padded = self.text.len() > 1 && self.text.bytes().all(|byte| byte.is_ascii_digit());
                if padded && self.text.trim_start_matches('0') == plain { self.text.clone() } else { plain }
            }
            Kind::Date => value::iso(&self.value),
            Kind::Time => value::duration(&self.value).unwrap_or_else(|| self.text.clone()),
            Kind::Flag => self.value.clone(),
            Kind::Text | Kind::Error => self.text.clone(),
        }
    }

    fn is_error(&self) -> bool {
        let text = self.text.trim();
        let known = ["#N/A", "#REF!", "#VALUE!", "#NAME?", "#DIV/0!", "#NUM!", "#NULL!"].contains(&text);
        self.kind == Kind::Error || (self.formula && (known || text.starts_with("Err:")))
    }

    fn end(&mut self, row: &mut RowCells) -> Result<(), ExchangeError> {
        let (first, repeat) = (self.column, self.repeat);
        self.column = self.column.saturating_add(repeat);
        let blank = self.covered || (self.text.is_empty() && self.value.is_empty());
        if blank {
            return Ok(());
        }
        if self.column > MAX_COLUMNS {
            return Err(SheetError::Beyond { row: row.number }.into());
        }
        if self.is_error() {
            row.notes.push(Note::Error { column: first, text: self.text.trim().to_owned() });
            return Ok(());
        }
        let text = self.shown();
        if text.len() > MAX_FILLED / repeat as usize {
            row.too_long = true;
            return Ok(());
        }
        for column in first..self.column {
            row.push(column, &text)?;
            if row.too_long {
                break;
            }
        }
        Ok(())
    }

    fn append(&mut self, more: &str) -> Result<(), ExchangeError> {
        if self.text.len() + more.len() > MAX_TOKEN {
            return Err(SheetError::LongCell { part: CONTENT.to_owned(), limit: MAX_TOKEN }.into());
        }
        self.text.push_str(more);
        Ok(())
    }
}

/// The cells of one table.
struct SheetCells {
    xml: Xml<Part>,
    cell: Cell,
    /// Elements open within a cell: 1 is the cell itself; 0: outside.
    depth: u32,
    /// The number of the row that comes next.
    next: u64,
    /// How often the row that was read comes again.
    repeat: u64,
    ended: bool,
    /// Cells that cover more rows.
    spans: Vec<Merge>,
}

impl SheetCells {
    /// The next row, empty or not, and for how many it stands; `None` at the end.
    fn next(&mut self, row: &mut RowCells) -> Result<Option<u64>, ExchangeError> {
        let (mut repeat, mut tables, mut skipped) = (1_u64, 0_u32, 0_u32);
        let cell = &mut self.cell;
        loop {
            match self.xml.next()? {
                Event::Start(e) if self.depth > 0 => {
                    self.depth += 1;
                    let name = e.local_name();
                    let name = name.as_ref();
                    if skipped > 0 || !is_text(name, self.depth) {
                        skipped += 1;
                        continue;
                    }
                    match name {
                        "p" if cell.paragraphs > 0 => cell.append("\n")?,
                        "s" => {
                            let count = attribute(&e, "c").and_then(|c| c.parse().ok()).unwrap_or(1_usize);
                            cell.append(&" ".repeat(count.min(MAX_TOKEN / 64)))?;
                        }
                        "tab" => cell.append("\t")?,
                        "line-break" => cell.append("\n")?,
                        _ => {}
                    }
                    cell.paragraphs += u32::from(name == "p");
                }
                Event::End(_) if self.depth > 0 => {
                    self.depth -= 1;
                    skipped = skipped.saturating_sub(1);
                    if self.depth == 0 {
                        if cell.rows > 1 && !cell.covered {
                            let last = row.number.saturating_add(cell.rows - 1);
                            self.spans.push(Merge { row: row.number, column: cell.column, last });
                        }
                        cell.end(row)?;
                    }
                }
                Event::Text(e) if self.depth > 1 && skipped == 0 => cell.append(&e.xml10_content())?,
                Event::CData(e) if self.depth > 1 && skipped == 0 => cell.append(&e.xml10_content())?,
                Event::GeneralRef(e) if self.depth > 1 && skipped == 0 && cell.text.len() < MAX_TOKEN => {
                    entity(&e, &mut cell.text);
                }
                Event::Start(e) => match e.local_name().as_ref() {
                    "table" => tables += 1,
                    "table-row" => {
                        repeat =
                            attribute(&e, "number-rows-repeated").and_then(|n| n.parse().ok()).unwrap_or(1);
                        row.clear(self.next);
                        cell.column = 0;
                    }
                    name @ ("table-cell" | "covered-table-cell") => {
                        cell.begin(&e, name == "covered-table-cell");
                        self.depth = 1;
                    }
                    _ => {}
                },
                Event::End(e) => match e.local_name().as_ref() {
                    "table-row" => return Ok(Some(repeat.max(1))),
                    "table" if tables == 0 => return Ok(None),
                    "table" => tables -= 1,
                    _ => {}
                },
                Event::Eof => {
                    let why = "it ends in the middle".to_owned();
                    return Err(SheetError::Damaged { part: CONTENT.to_owned(), why }.into());
                }
                _ => {}
            }
        }
    }
}

/// Whether an element within a cell is a part of its text: paragraphs stand right below the cell; comments, pictures and
/// readings of characters are none.
fn is_text(name: &str, depth: u32) -> bool {
    match depth {
        2 => name == "p",
        _ => matches!(name, "span" | "a" | "s" | "tab" | "line-break" | "ruby" | "ruby-base" | "meta"),
    }
}

/// The cells of a sheet with its merged ones spread out.
struct Spread {
    cells: SheetCells,
    merges: Merges,
}

impl Cells for Spread {
    fn read(&mut self, row: &mut RowCells) -> Result<bool, ExchangeError> {
        let cells = &mut self.cells;
        if cells.repeat > 0 {
            cells.repeat -= 1;
            row.number += 1;
            return Ok(true);
        }
        while !cells.ended {
            let Some(repeat) = cells.next(row)? else {
                cells.ended = true;
                break;
            };
            cells.next = cells.next.saturating_add(repeat);
            if row.is_blank() {
                cells.spans.clear();
                continue;
            }
            if row.number > MAX_ROWS {
                return Err(SheetError::Beyond { row: row.number }.into());
            }
            if repeat > MAX_REPEAT {
                row.notes.push(Note::Repeated { count: repeat });
            } else {
                cells.repeat = repeat - 1;
            }
            self.merges.extend(&mut cells.spans);
            self.merges.apply(row)?;
            return Ok(true);
        }
        Ok(false)
    }

    fn progress(&self) -> (u64, u64) {
        self.cells.xml.input().progress()
    }
}
