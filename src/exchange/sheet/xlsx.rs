//! XLSX (ECMA-376, ISO/IEC 29500): which sheets there are, and the cells of one, as they unpack.

use std::collections::HashMap;
use std::io::Read;
use std::sync::{Arc, Mutex, PoisonError};

use quick_xml::events::Event;

use super::package::{Package, Part};
use super::row::{MAX_MERGES, MAX_ROWS, Merge, Merges, Note, RowCells};
use super::strings::Strings;
use super::value::{self, Shown};
use super::xml::{MAX_TOKEN, Xml, attribute, entity, lift};
use super::{Cells, Info, SheetError, Workbook};
use crate::exchange::ExchangeError;

/// More than any workbook has of styles, formats or sheets.
const MAX_STYLES: usize = 1 << 20;
const MAX_SHEETS: usize = 10_000;

/// A workbook whose sheets are parts of a package.
pub(crate) struct Xlsx {
    package: Package,
    infos: Vec<Info>,
    /// The parts of the sheets, in the order of `infos`.
    parts: Vec<String>,
    strings_part: Option<String>,
    styles_part: Option<String>,
    mac: bool,
    /// Read when the first sheet is.
    shared: Option<Common>,
}

/// What all sheets share: their strings, and how each style shows a number.
type Common = (Arc<Mutex<Strings>>, Arc<[Shown]>);

/// The kind and the part that a relationship leads to.
type Relations = HashMap<String, (String, String)>;

impl Xlsx {
    pub(crate) fn open(package: Package) -> Result<Self, ExchangeError> {
        let main = relations(&package, "")?
            .into_values()
            .find(|(kind, _)| kind == "officeDocument")
            .map_or_else(|| "xl/workbook.xml".to_owned(), |(_, part)| part);
        if main.ends_with(".bin") {
            return Err(SheetError::Xlsb.into());
        }
        let relations = relations(&package, &main)?;
        let of_kind =
            |kind: &str| relations.values().find(|(other, _)| other == kind).map(|(_, part)| part.clone());
        let (strings_part, styles_part) = (of_kind("sharedStrings"), of_kind("styles"));
        let part = package.part(&main)?.ok_or(SheetError::NoWorkbook)?;
        let mut this = Self {
            package,
            infos: Vec::new(),
            parts: Vec::new(),
            strings_part,
            styles_part,
            mac: false,
            shared: None,
        };
        this.read_sheets(part, &relations)?;
        Ok(this)
    }

    fn read_sheets(&mut self, part: Part, relations: &Relations) -> Result<(), ExchangeError> {
        let mut xml = Xml::new(part, "workbook.xml");
        loop {
            match xml.next()? {
                Event::Eof => return Ok(()),
                Event::Start(e) => match e.local_name().as_ref() {
                    "workbookPr" => {
                        self.mac = matches!(attribute(&e, "date1904").as_deref(), Some("1" | "true"));
                    }
                    "sheet" if self.infos.len() < MAX_SHEETS => {
                        let found = attribute(&e, "id").and_then(|id| relations.get(&id));
                        // Sheets of charts and dialogs hold no cells.
                        let Some((_, part)) = found.filter(|(kind, _)| kind == "worksheet") else { continue };
                        let hidden =
                            matches!(attribute(&e, "state").as_deref(), Some("hidden" | "veryHidden"));
                        let name = attribute(&e, "name").unwrap_or_default();
                        self.infos.push(Info { name, hidden });
                        self.parts.push(part.clone());
                    }
                    _ => {}
                },
                _ => {}
            }
        }
    }

    fn part(&self, index: usize) -> Result<Part, ExchangeError> {
        let name = &self.parts[index];
        let missing = || SheetError::Damaged { part: name.clone(), why: "it is missing".to_owned() };
        Ok(self.package.part(name)?.ok_or_else(missing)?)
    }
}

impl Workbook for Xlsx {
    fn sheets(&self) -> &[Info] {
        &self.infos
    }

    fn cells(&mut self, index: usize) -> Result<Box<dyn Cells>, ExchangeError> {
        if self.shared.is_none() {
            let mut strings = Strings::default();
            if let Some(part) =
                self.strings_part.as_deref().map(|name| self.package.part(name)).transpose()?
            {
                part.map(|part| read_strings(part, &mut strings)).transpose()?;
            }
            let styles =
                self.styles_part.as_deref().map(|name| self.package.part(name)).transpose()?.flatten();
            let styles = styles.map(read_styles).transpose()?.unwrap_or_default();
            self.shared = Some((Arc::new(Mutex::new(strings)), styles.into()));
        }
        let (strings, styles) = self.shared.clone().unwrap_or_default();
        let merges = Merges::new(read_merges(self.part(index)?)?);
        let part = self.part(index)?;
        let name = part.name().to_owned();
        let cell = Cell { strings, styles, mac: self.mac, ..Cell::default() };
        Ok(Box::new(SheetCells { xml: Xml::new(part, &name), cell, merges, number: 0, ended: false }))
    }

    fn is_empty(&mut self, index: usize, within: u64) -> Result<bool, ExchangeError> {
        let part = self.part(index)?;
        let name = part.name().to_owned();
        let mut xml = Xml::new(part.head(within), &name);
        loop {
            match xml.next() {
                Ok(Event::Start(e)) if matches!(e.local_name().as_ref(), "v" | "is") => return Ok(false),
                Ok(Event::Eof) | Err(_) => return Ok(true),
                Ok(_) => {}
            }
        }
    }
}

/// What a part refers to; `""` stands for the package.
fn relations(package: &Package, of: &str) -> Result<Relations, ExchangeError> {
    let (folder, name) = of.rsplit_once('/').unwrap_or(("", of));
    let path =
        if folder.is_empty() { format!("_rels/{name}.rels") } else { format!("{folder}/_rels/{name}.rels") };
    let mut found = HashMap::new();
    let Some(part) = package.part(&path)? else { return Ok(found) };
    let mut xml = Xml::new(part, &path);
    loop {
        match xml.next()? {
            Event::Eof => return Ok(found),
            Event::Start(e) if e.local_name().as_ref() == "Relationship" && found.len() < MAX_SHEETS => {
                let (id, kind, target) =
                    (attribute(&e, "Id"), attribute(&e, "Type"), attribute(&e, "Target"));
                if let (Some(id), Some(kind), Some(target)) = (id, kind, target) {
                    let kind = kind.rsplit('/').next().unwrap_or_default().to_owned();
                    found.insert(id, (kind, resolved(folder, &target)));
                }
            }
            _ => {}
        }
    }
}

/// A path from a folder of the package to a part.
fn resolved(folder: &str, target: &str) -> String {
    if let Some(absolute) = target.strip_prefix('/') {
        return absolute.to_owned();
    }
    let mut steps: Vec<&str> = folder.split('/').filter(|step| !step.is_empty()).collect();
    for step in target.split('/') {
        match step {
            ".." => drop(steps.pop()),
            "." | "" => {}
            step => steps.push(step),
        }
    }
    steps.join("/")
}

/// Adds text to that of a cell, unless it gets longer than anything that a cell can hold.
fn append(text: &mut String, more: &str, part: &str) -> Result<(), ExchangeError> {
    if text.len() + more.len() > MAX_TOKEN {
        return Err(SheetError::LongCell { part: part.to_owned(), limit: MAX_TOKEN }.into());
    }
    text.push_str(more);
    Ok(())
}

fn read_strings(part: Part, strings: &mut Strings) -> Result<(), ExchangeError> {
    let name = part.name().to_owned();
    let mut xml = Xml::new(part, &name);
    let (mut text, mut inside, mut phonetic) = (String::new(), false, false);
    loop {
        match xml.next()? {
            Event::Eof => return strings.close(),
            Event::Start(e) => match e.local_name().as_ref() {
                "si" => text.clear(),
                "rPh" => phonetic = true,
                "t" => inside = !phonetic,
                _ => {}
            },
            Event::End(e) => match e.local_name().as_ref() {
                "si" => strings.push(value::unescaped(&text).as_deref().unwrap_or(&text))?,
                "rPh" => phonetic = false,
                "t" => inside = false,
                _ => {}
            },
            Event::Text(e) if inside => append(&mut text, &e.xml10_content(), &name)?,
            Event::CData(e) if inside => append(&mut text, &e.xml10_content(), &name)?,
            Event::GeneralRef(e) if inside && text.len() < MAX_TOKEN => entity(&e, &mut text),
            _ => {}
        }
    }
}

/// What the number format of each cell style shows.
fn read_styles(part: Part) -> Result<Vec<Shown>, ExchangeError> {
    let name = part.name().to_owned();
    let mut xml = Xml::new(part, &name);
    let mut formats: HashMap<u32, Shown> = HashMap::new();
    let (mut styles, mut inside) = (Vec::new(), false);
    loop {
        match xml.next()? {
            Event::Eof => return Ok(styles),
            Event::Start(e) => match e.local_name().as_ref() {
                "numFmt" if formats.len() < MAX_STYLES => {
                    let id = attribute(&e, "numFmtId").and_then(|id| id.parse().ok());
                    if let (Some(id), Some(code)) = (id, attribute(&e, "formatCode")) {
                        formats.insert(id, value::shown(&code));
                    }
                }
                "cellXfs" => inside = true,
                "xf" if inside && styles.len() < MAX_STYLES => {
                    let id = attribute(&e, "numFmtId").and_then(|id| id.parse().ok()).unwrap_or(0);
                    styles.push(formats.get(&id).copied().unwrap_or_else(|| value::built_in(id)));
                }
                _ => {}
            },
            Event::End(e) if e.local_name().as_ref() == "cellXfs" => return Ok(styles),
            _ => {}
        }
    }
}

/// The merged blocks, which stand behind the cells that they are about: so the sheet is searched for them first.
fn read_merges(mut part: Part) -> Result<Vec<Merge>, ExchangeError> {
    const TAG: &[u8] = b"mergeCell ";
    let finder = memchr::memmem::Finder::new(TAG);
    let mut merges = Vec::new();
    let mut window = vec![0; 1 << 16];
    let mut kept = 0;
    loop {
        let read = part.read(&mut window[kept..]).map_err(|error| lift(&error))?;
        if read == 0 || merges.len() >= MAX_MERGES {
            let all = if merges.len() < MAX_MERGES { merges } else { Vec::new() };
            return Ok(all);
        }
        let end = kept + read;
        let (mut from, mut open) = (0, None);
        while let Some(at) = finder.find(&window[from..end]) {
            let at = from + at;
            let Some(length) = memchr::memchr(b'>', &window[at..end]) else {
                open = Some(at);
                break;
            };
            merges.extend(merge(&window[at..at + length]).filter(|_| merges.len() < MAX_MERGES));
            from = at + length;
        }
        // What may be the beginning of a tag is looked at again.
        let from = open.unwrap_or(from.max(end.saturating_sub(TAG.len())));
        window.copy_within(from..end, 0);
        kept = end - from;
    }
}

/// The block of `mergeCell ref="A1:B3"`.
fn merge(tag: &[u8]) -> Option<Merge> {
    let text = std::str::from_utf8(tag).ok()?;
    let area = text.split_once("ref=")?.1.trim_start_matches(['"', '\'']);
    let (first, last) = area.split(['"', '\'']).next()?.split_once(':')?;
    let ((column, row), (_, last)) = (value::place(first), value::place(last));
    Some(Merge { row: row?, column: column?, last: last? })
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Kind {
    #[default]
    Number,
    Shared,
    Text,
    Flag,
    Error,
    Date,
}

/// The cell that is being read, and what it takes to understand it.
#[derive(Default)]
struct Cell {
    strings: Arc<Mutex<Strings>>,
    styles: Arc<[Shown]>,
    mac: bool,
    kind: Kind,
    style: usize,
    column: u32,
    text: String,
    /// Whether text is a part of the value.
    inside: bool,
    phonetic: bool,
    formula: bool,
}

impl Cell {
    fn begin(&mut self, element: &quick_xml::events::BytesStart<'_>) {
        self.text.clear();
        (self.kind, self.style) = (Kind::Number, 0);
        (self.inside, self.phonetic, self.formula) = (false, false, false);
        for attribute in element.attributes().with_checks(false).flatten() {
            match attribute.key.local_name().as_ref() {
                "r" => {
                    if let (Some(column), _) = value::place(&attribute.value) {
                        self.column = column;
                    }
                }
                "s" => self.style = attribute.value.parse().unwrap_or(0),
                "t" => {
                    self.kind = match &*attribute.value {
                        "s" => Kind::Shared,
                        "str" | "inlineStr" => Kind::Text,
                        "b" => Kind::Flag,
                        "e" => Kind::Error,
                        "d" => Kind::Date,
                        _ => Kind::Number,
                    }
                }
                _ => {}
            }
        }
    }

    fn open(&mut self, element: &str) {
        match element {
            "v" => self.inside = self.kind != Kind::Text || self.text.is_empty(),
            "t" => self.inside = self.kind == Kind::Text && !self.phonetic,
            "rPh" => self.phonetic = true,
            "f" => self.formula = true,
            _ => {}
        }
    }

    fn end(&mut self, row: &mut RowCells) -> Result<(), ExchangeError> {
        let column = self.column;
        self.column = self.column.saturating_add(1);
        if self.text.is_empty() {
            // As scripts write them; a result that is a text without any letters has a type.
            if self.formula && self.kind == Kind::Number {
                row.note(Note::Formula { column });
            }
            return Ok(());
        }
        match self.kind {
            Kind::Text => row.push(column, value::unescaped(&self.text).as_deref().unwrap_or(&self.text)),
            Kind::Shared => {
                let mut strings = self.strings.lock().unwrap_or_else(PoisonError::into_inner);
                let number = self.text.trim().parse().unwrap_or(u32::MAX);
                match strings.get(number)? {
                    Some(text) => row.push(column, text),
                    None => {
                        let why = format!("string {} of {}", self.text.trim(), strings.len());
                        let cell = format!("{}{}", value::letters(column as usize), row.number);
                        Err(SheetError::Damaged { part: cell, why }.into())
                    }
                }
            }
            Kind::Flag => row.push(column, if self.text.trim() == "1" { "true" } else { "false" }),
            Kind::Date => row.push(column, &value::iso(&self.text)),
            Kind::Error => {
                row.note(Note::Error { column, text: self.text.trim().to_owned() });
                Ok(())
            }
            Kind::Number => {
                let shown = self.styles.get(self.style).copied().unwrap_or_default();
                row.push(column, &value::render(&self.text, shown, self.mac))
            }
        }
    }
}

/// The cells of one sheet.
struct SheetCells {
    xml: Xml<Part>,
    cell: Cell,
    merges: Merges,
    number: u64,
    ended: bool,
}

impl SheetCells {
    /// The next row, empty or not; `false` at the end.
    fn next(&mut self, row: &mut RowCells) -> Result<bool, ExchangeError> {
        let cell = &mut self.cell;
        loop {
            match self.xml.next()? {
                Event::Start(e) => match e.local_name().as_ref() {
                    "row" => {
                        self.number =
                            attribute(&e, "r").and_then(|r| r.parse().ok()).unwrap_or(self.number + 1);
                        if self.number > MAX_ROWS {
                            return Err(SheetError::Beyond { row: self.number }.into());
                        }
                        row.clear(self.number);
                        cell.column = 0;
                    }
                    "c" => cell.begin(&e),
                    inner => cell.open(inner),
                },
                Event::End(e) => match e.local_name().as_ref() {
                    "v" | "t" => cell.inside = false,
                    "rPh" => cell.phonetic = false,
                    "c" => cell.end(row)?,
                    "row" => return Ok(true),
                    "sheetData" => break,
                    _ => {}
                },
                Event::Text(e) if cell.inside => append(&mut cell.text, &e.xml10_content(), "a cell")?,
                Event::CData(e) if cell.inside => append(&mut cell.text, &e.xml10_content(), "a cell")?,
                Event::GeneralRef(e) if cell.inside && cell.text.len() < MAX_TOKEN => {
                    entity(&e, &mut cell.text);
                }
                Event::Eof if self.number > 0 => {
                    let part = self.xml.input().name().to_owned();
                    return Err(SheetError::Damaged { part, why: "it ends in the middle".to_owned() }.into());
                }
                Event::Eof => break,
                _ => {}
            }
        }
        self.ended = true;
        Ok(false)
    }
}

impl Cells for SheetCells {
    fn read(&mut self, row: &mut RowCells) -> Result<bool, ExchangeError> {
        while !self.ended && self.next(row)? {
            if !row.is_blank() {
                self.merges.apply(row)?;
                return Ok(true);
            }
        }
        Ok(false)
    }

    fn progress(&self) -> (u64, u64) {
        self.xml.input().progress()
    }
}
