//! XLS of Excel 5 to 2003 (BIFF5 and BIFF8, [MS-XLS]): the records of one stream, read in order.

use encoding_rs::Encoding;

use super::cfb::{Compound, Stream};
use super::package::Shared;
use super::row::{MAX_MERGES, Merge, Merges, Note, RowCells};
use super::strings::Strings;
use super::value::{self, Shown};
use super::{Cells, Info, SheetError, Workbook};
use crate::exchange::ExchangeError;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

const BOF: u16 = 0x0809;
const EOF: u16 = 0x000a;
const CONTINUE: u16 = 0x003c;
const SST: u16 = 0x00fc;
const MERGED: u16 = 0x00e5;
const FORMULA: u16 = 0x0006;
const STRING: u16 = 0x0207;
const LABEL: u16 = 0x0204;
const RSTRING: u16 = 0x00d6;
const LABELSST: u16 = 0x00fd;
const NUMBER: u16 = 0x0203;
const RK: u16 = 0x027e;
const MULRK: u16 = 0x00bd;
const BOOLERR: u16 = 0x0205;

fn damaged(why: &str) -> ExchangeError {
    SheetError::Damaged { part: "Workbook".to_owned(), why: why.to_owned() }.into()
}

fn u16_at(bytes: &[u8], at: usize) -> u16 {
    bytes.get(at..at + 2).map_or(0, |b| u16::from_le_bytes([b[0], b[1]]))
}

fn u32_at(bytes: &[u8], at: usize) -> u32 {
    bytes.get(at..at + 4).map_or(0, |b| u32::from_le_bytes([b[0], b[1], b[2], b[3]]))
}

fn f64_at(bytes: &[u8], at: usize) -> f64 {
    f64::from_bits(u64::from(u32_at(bytes, at)) | u64::from(u32_at(bytes, at + 4)) << 32)
}

/// How text is stored.
#[derive(Clone, Copy)]
struct Coding {
    /// BIFF8 has Unicode, earlier versions the code page of the machine.
    unicode: bool,
    page: &'static Encoding,
}

impl Coding {
    /// The text at `at`, of a length that `wide` says takes two bytes.
    fn text(self, bytes: &[u8], at: usize, wide: bool) -> String {
        let count = if wide {
            usize::from(u16_at(bytes, at))
        } else {
            usize::from(bytes.get(at).copied().unwrap_or(0))
        };
        let start = at + 1 + usize::from(wide);
        let rest = bytes.get(start..).unwrap_or_default();
        if !self.unicode {
            return self.page.decode_without_bom_handling(&rest[..count.min(rest.len())]).0.into_owned();
        }
        let Some((flags, rest)) = rest.split_first() else { return String::new() };
        // Runs of formats and readings are counted before the text.
        let skip = if flags & 8 == 0 { 0 } else { 2 } + if flags & 4 == 0 { 0 } else { 4 };
        let rest = rest.get(skip..).unwrap_or_default();
        if flags & 1 == 0 {
            return rest.iter().take(count).map(|byte| char::from(*byte)).collect();
        }
        let units: Vec<u16> =
            rest.chunks_exact(2).take(count).map(|b| u16::from_le_bytes([b[0], b[1]])).collect();
        String::from_utf16_lossy(&units)
    }
}

fn code_page(number: u16) -> &'static Encoding {
    let label = match number {
        874 => "windows-874",
        932 => "shift_jis",
        936 => "gbk",
        949 => "euc-kr",
        950 => "big5",
        1250..=1258 => {
            return Encoding::for_label(format!("windows-{number}").as_bytes())
                .unwrap_or(encoding_rs::WINDOWS_1252);
        }
        10_000 | 0x8000 => "macintosh",
        10_007 => "x-mac-cyrillic",
        65_001 => "utf-8",
        _ => "windows-1252",
    };
    Encoding::for_label(label.as_bytes()).unwrap_or(encoding_rs::WINDOWS_1252)
}

/// The records of a stream.
struct Records {
    stream: Stream,
}

impl Records {
    /// The head of the next record: kind and length.
    fn head(&mut self) -> Result<Option<(u16, usize)>, ExchangeError> {
        let mut head = [0; 4];
        Ok(self.stream.read(&mut head)?.then(|| (u16_at(&head, 0), usize::from(u16_at(&head, 2)))))
    }

    /// The next record as a whole.
    fn next(&mut self, data: &mut Vec<u8>) -> Result<Option<u16>, ExchangeError> {
        let Some((kind, length)) = self.head()? else { return Ok(None) };
        data.resize(length, 0);
        Ok(self.stream.read(data)?.then_some(kind))
    }

    fn skip(&mut self, length: usize) {
        self.stream.seek(self.stream.at() + length as u64);
    }
}

/// A workbook of one stream.
pub(crate) struct Xls {
    compound: Compound,
    name: &'static str,
    infos: Vec<Info>,
    /// Where each sheet begins in the stream.
    starts: Vec<u64>,
    shared: Context,
}

/// What it takes to understand a cell.
#[derive(Clone)]
struct Context {
    coding: Coding,
    mac: bool,
    styles: Arc<[Shown]>,
    strings: Arc<Mutex<Strings>>,
}

impl Xls {
    pub(crate) fn open(file: Shared) -> Result<Self, ExchangeError> {
        let compound = Compound::open(file)?;
        if compound.stream("EncryptedPackage")?.is_some() {
            return Err(SheetError::Encrypted.into());
        }
        let mut name = "Workbook";
        if compound.stream(name)?.is_none() {
            name = "Book";
        }
        let stream = compound.stream(name)?.ok_or(SheetError::NoWorkbook)?;
        let coding = Coding { unicode: true, page: encoding_rs::WINDOWS_1252 };
        let shared = Context { coding, mac: false, styles: [].into(), strings: Arc::default() };
        let mut this = Self { compound, name, infos: Vec::new(), starts: Vec::new(), shared };
        this.read_globals(Records { stream })?;
        Ok(this)
    }

    fn read_globals(&mut self, mut records: Records) -> Result<(), ExchangeError> {
        let (mut formats, mut styles) = (HashMap::new(), Vec::new());
        let mut data = Vec::new();
        let mut strings = Strings::default();
        loop {
            let at = records.stream.at();
            let Some(kind) = records.next(&mut data)? else { return Err(damaged("it ends in the middle")) };
            let coding = self.shared.coding;
            match kind {
                EOF => break,
                BOF => self.shared.coding.unicode = u16_at(&data, 0) >= 0x0600,
                // A password: what follows is enciphered.
                0x002f => return Err(SheetError::Encrypted.into()),
                0x0042 => self.shared.coding.page = code_page(u16_at(&data, 0)),
                0x0022 => self.shared.mac = u16_at(&data, 0) == 1,
                0x041e => {
                    formats.insert(u16_at(&data, 0), value::shown(&coding.text(&data, 2, coding.unicode)));
                }
                0x00e0 => {
                    let id = u16_at(&data, 2);
                    styles.push(formats.get(&id).copied().unwrap_or_else(|| value::built_in(id.into())));
                }
                0x0085 if data.get(5) == Some(&0) => {
                    let hidden = data.get(4).is_some_and(|state| state & 3 != 0);
                    self.infos.push(Info { name: coding.text(&data, 6, false), hidden });
                    self.starts.push(u32_at(&data, 0).into());
                }
                SST => {
                    // Its strings go on in further records: they are read from the stream itself.
                    records.stream.seek(at);
                    read_strings(&mut records, &mut strings)?;
                }
                _ => {}
            }
        }
        strings.close()?;
        self.shared.styles = styles.into();
        self.shared.strings = Arc::new(Mutex::new(strings));
        Ok(())
    }

    fn records(&self, index: usize) -> Result<Records, ExchangeError> {
        let mut stream = self.compound.stream(self.name)?.ok_or(SheetError::NoWorkbook)?;
        stream.seek(self.starts[index]);
        let mut records = Records { stream };
        match records.head()? {
            Some((BOF, length)) => records.skip(length),
            _ => return Err(damaged("a sheet does not begin where it should")),
        }
        Ok(records)
    }
}

impl Workbook for Xls {
    fn sheets(&self) -> &[Info] {
        &self.infos
    }

    fn cells(&mut self, index: usize) -> Result<Box<dyn Cells>, ExchangeError> {
        let merges = Merges::new(read_merges(self.records(index)?)?);
        let records = self.records(index)?;
        let start = records.stream.at();
        Ok(Box::new(SheetCells {
            records,
            context: self.shared.clone(),
            merges,
            data: Vec::new(),
            held: None,
            awaiting: None,
            start,
            charts: 0,
            ended: false,
        }))
    }

    fn is_empty(&mut self, index: usize, within: u64) -> Result<bool, ExchangeError> {
        let mut records = self.records(index)?;
        let end = records.stream.at() + within;
        while records.stream.at() < end
            && let Some((kind, length)) = records.head()?
        {
            match kind {
                EOF => break,
                FORMULA | LABEL | RSTRING | LABELSST | NUMBER | RK | MULRK | BOOLERR => return Ok(false),
                _ => records.skip(length),
            }
        }
        Ok(true)
    }
}

fn read_merges(mut records: Records) -> Result<Vec<Merge>, ExchangeError> {
    let (mut merges, mut data, mut charts) = (Vec::new(), Vec::new(), 0);
    while let Some((kind, length)) = records.head()? {
        match kind {
            BOF => charts += 1,
            EOF if charts == 0 => break,
            EOF => charts -= 1,
            MERGED if merges.len() < MAX_MERGES => {
                data.resize(length, 0);
                if !records.stream.read(&mut data)? {
                    break;
                }
                merges.extend(data.get(2..).unwrap_or_default().chunks_exact(8).map(|area| Merge {
                    row: u64::from(u16_at(area, 0)) + 1,
                    last: u64::from(u16_at(area, 2)) + 1,
                    column: u16_at(area, 4).into(),
                }));
                continue;
            }
            _ => {}
        }
        records.skip(length);
    }
    Ok(merges)
}

/// The bytes of a record and of those that continue it.
struct Continued<'a> {
    records: &'a mut Records,
    left: usize,
}

impl Continued<'_> {
    /// Goes on to the next record if this one is used up; whether that was so.
    fn go_on(&mut self) -> Result<bool, ExchangeError> {
        if self.left > 0 {
            return Ok(false);
        }
        match self.records.head()? {
            Some((CONTINUE, length)) if length > 0 => {
                self.left = length;
                Ok(true)
            }
            _ => Err(damaged("the strings end in the middle")),
        }
    }

    fn take(&mut self, into: &mut [u8]) -> Result<(), ExchangeError> {
        let mut done = 0;
        while done < into.len() {
            self.go_on()?;
            let more = self.left.min(into.len() - done);
            if !self.records.stream.read(&mut into[done..done + more])? {
                return Err(damaged("the strings end in the middle"));
            }
            self.left -= more;
            done += more;
        }
        Ok(())
    }

    fn number(&mut self, bytes: usize) -> Result<u32, ExchangeError> {
        let mut number = [0; 4];
        self.take(&mut number[..bytes])?;
        Ok(u32::from_le_bytes(number))
    }

    fn pass(&mut self, mut bytes: u64) -> Result<(), ExchangeError> {
        while bytes > 0 {
            self.go_on()?;
            let more = bytes.min(self.left as u64);
            self.records.skip(more as usize);
            self.left -= more as usize;
            bytes -= more;
        }
        Ok(())
    }

    /// Characters of a string; each record that it goes on in says anew how wide they are.
    fn chars(&mut self, mut count: usize, mut wide: bool, text: &mut String) -> Result<(), ExchangeError> {
        let (mut units, mut bytes) = (Vec::with_capacity(count), Vec::new());
        while count > 0 {
            if self.go_on()? {
                wide = self.number(1)? & 1 != 0;
            }
            let width = 1 + usize::from(wide);
            let more = count.min(self.left / width);
            if more == 0 {
                // Half a character before the end of a record is none.
                self.pass(self.left as u64)?;
                continue;
            }
            bytes.resize(more * width, 0);
            self.take(&mut bytes)?;
            if wide {
                units.extend(bytes.chunks_exact(2).map(|b| u16::from_le_bytes([b[0], b[1]])));
            } else {
                units.extend(bytes.iter().map(|byte| u16::from(*byte)));
            }
            count -= more;
        }
        text.push_str(&String::from_utf16_lossy(&units));
        Ok(())
    }
}

/// The shared strings, which only BIFF8 has.
fn read_strings(records: &mut Records, strings: &mut Strings) -> Result<(), ExchangeError> {
    let Some((_, left)) = records.head()? else { return Ok(()) };
    let mut input = Continued { records, left };
    input.number(4)?;
    let count = input.number(4)?;
    let mut text = String::new();
    for _ in 0..count {
        let length = input.number(2)? as usize;
        let flags = input.number(1)?;
        let runs = if flags & 8 == 0 { 0 } else { u64::from(input.number(2)?) * 4 };
        let reading = if flags & 4 == 0 { 0 } else { u64::from(input.number(4)?) };
        text.clear();
        input.chars(length, flags & 1 != 0, &mut text)?;
        input.pass(runs + reading)?;
        strings.push(&text)?;
    }
    let left = input.left as u64;
    input.pass(left)
}

/// The cells of one sheet.
struct SheetCells {
    records: Records,
    context: Context,
    merges: Merges,
    data: Vec<u8>,
    /// A record of the next row.
    held: Option<u16>,
    /// The column of the formula whose text comes in the next record.
    awaiting: Option<u32>,
    start: u64,
    charts: u32,
    ended: bool,
}

impl SheetCells {
    /// Adds the cells of the record at hand.
    fn take(&mut self, kind: u16, row: &mut RowCells) -> Result<(), ExchangeError> {
        let data = std::mem::take(&mut self.data);
        let column = u32::from(u16_at(&data, 2));
        let number = |number: f64, style: u16| {
            let raw = if number.abs() < 1e21 { number.to_string() } else { format!("{number:E}") };
            let shown = self.context.styles.get(usize::from(style)).copied().unwrap_or_default();
            value::render(&raw, shown, self.context.mac)
        };
        let style = u16_at(&data, 4);
        let done = match kind {
            NUMBER => row.push(column, &number(f64_at(&data, 6), style)),
            RK => row.push(column, &number(rk(u32_at(&data, 6)), style)),
            MULRK => {
                let cells = data.get(4..data.len().saturating_sub(2)).unwrap_or_default().chunks_exact(6);
                cells.zip(column..).try_for_each(|(cell, column)| {
                    row.push(column, &number(rk(u32_at(cell, 2)), u16_at(cell, 0)))
                })
            }
            LABEL | RSTRING => row.push(column, &self.context.coding.text(&data, 6, true)),
            LABELSST => {
                let mut strings = self.context.strings.lock().unwrap_or_else(PoisonError::into_inner);
                match strings.get(u32_at(&data, 6))? {
                    Some(text) => row.push(column, text),
                    None => Err(damaged("a cell whose string isn't there")),
                }
            }
            BOOLERR => flag(row, column, data.get(6), data.get(7) == Some(&1)),
            FORMULA if u16_at(&data, 12) == 0xffff => match data.get(6) {
                Some(0) => {
                    self.awaiting = Some(column);
                    Ok(())
                }
                Some(1) => flag(row, column, data.get(8), false),
                Some(2) => flag(row, column, data.get(8), true),
                _ => Ok(()),
            },
            FORMULA => row.push(column, &number(f64_at(&data, 6), style)),
            _ => Ok(()),
        };
        self.data = data;
        done
    }

    /// The next row with something in it; `false` at the end.
    fn next(&mut self, row: &mut RowCells) -> Result<bool, ExchangeError> {
        row.clear(0);
        loop {
            let kind = match self.held.take() {
                Some(kind) => kind,
                None => match self.records.next(&mut self.data)? {
                    Some(kind) => kind,
                    None => EOF,
                },
            };
            match kind {
                // Drawings bring streams of their own, with an end of their own.
                BOF => self.charts += 1,
                EOF if self.charts > 0 => self.charts -= 1,
                EOF => {
                    self.ended = true;
                    return Ok(!row.is_blank());
                }
                _ if self.charts > 0 => {}
                STRING => {
                    if let Some(column) = self.awaiting.take() {
                        row.push(column, &self.context.coding.text(&self.data, 0, true))?;
                    }
                }
                FORMULA | LABEL | RSTRING | LABELSST | NUMBER | RK | MULRK | BOOLERR => {
                    let number = u64::from(u16_at(&self.data, 0)) + 1;
                    if row.number != number {
                        if !row.is_blank() {
                            self.held = Some(kind);
                            return Ok(true);
                        }
                        row.clear(number);
                    }
                    self.take(kind, row)?;
                }
                _ => {}
            }
        }
    }
}

impl Cells for SheetCells {
    fn read(&mut self, row: &mut RowCells) -> Result<bool, ExchangeError> {
        if self.ended || !self.next(row)? {
            return Ok(false);
        }
        self.merges.apply(row)?;
        Ok(true)
    }

    fn progress(&self) -> (u64, u64) {
        let stream = &self.records.stream;
        (stream.at().saturating_sub(self.start), stream.len().saturating_sub(self.start))
    }
}

/// A yes or no, or an error.
fn flag(row: &mut RowCells, column: u32, byte: Option<&u8>, error: bool) -> Result<(), ExchangeError> {
    let byte = byte.copied().unwrap_or(0);
    if !error {
        return row.push(column, if byte == 1 { "true" } else { "false" });
    }
    let text = match byte {
        0x00 => "#NULL!",
        0x07 => "#DIV/0!",
        0x0f => "#VALUE!",
        0x17 => "#REF!",
        0x1d => "#NAME?",
        0x24 => "#NUM!",
        _ => "#N/A",
    };
    row.notes.push(Note::Error { column, text: text.to_owned() });
    Ok(())
}

/// A number in four bytes: 30 bits of a whole number or the upper ones of a float, perhaps in hundredths.
fn rk(bits: u32) -> f64 {
    let number = if bits & 2 != 0 {
        f64::from((bits as i32) >> 2)
    } else {
        f64::from_bits(u64::from(bits & 0xffff_fffc) << 32)
    };
    if bits & 1 != 0 { number / 100.0 } else { number }
}
