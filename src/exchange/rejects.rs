//! Hands refused rows back as they came, with the reason: to be mended and imported again.

use std::io::{self, Write};

use serde_json::Value;

use super::mapping::REASON_COLUMN;
use super::{Format, Raw, Source};

/// Writes refused rows: a table in the columns of the file they came from, or JSON a line.
pub struct Rejects<W: Write> {
    shape: Shape<W>,
}

enum Shape<W: Write> {
    /// `reason`: where the column of reasons stands already, if the file is one of rejects itself.
    Table {
        out: Box<csv::Writer<W>>,
        width: usize,
        reason: Option<usize>,
    },
    Lines(W),
    /// Text between what makes a whole document of it; the reason stands before each record, as a comment.
    Blocks {
        out: W,
        comment: (&'static str, &'static str),
        end: &'static str,
    },
}

/// What the rows of a file must have in common with those of another to stand in one file: their columns, or the format.
pub fn kind_of(source: &Source) -> Vec<String> {
    match source.plan() {
        Some(plan) => plan.columns.iter().map(|column| column.name.clone()).collect(),
        None => vec![source.format().name().to_owned()],
    }
}

impl<W: Write> Rejects<W> {
    /// Writes the names of the columns, if it is a table.
    pub fn new(out: W, source: &Source) -> io::Result<Self> {
        let Some(plan) = source.plan() else {
            return Self::text(out, source.format());
        };
        // A spreadsheet's refused rows come as CSV.
        let delimiter = source.delimiter().unwrap_or(b',');
        let mut out = csv::WriterBuilder::new().delimiter(delimiter).flexible(true).from_writer(out);
        let reason = plan.columns.iter().position(|column| column.name == REASON_COLUMN);
        let names =
            plan.columns.iter().map(|column| column.name.as_str()).filter(|name| *name != REASON_COLUMN);
        out.write_record(names.chain([REASON_COLUMN]))?;
        Ok(Self { shape: Shape::Table { out: Box::new(out), width: plan.columns.len(), reason } })
    }

    /// What is no table, in the format that it came in.
    fn text(mut out: W, format: Format) -> io::Result<Self> {
        let (begin, comment, end) = match format {
            Format::Ldif => ("version: 1\n", ("\n# ", "\n"), ""),
            Format::Abook => {
                ("# abook addressbook file\n\n[format]\nprogram=abook\nversion=0.6.1\n", ("\n# ", "\n"), "")
            }
            Format::ICalendar => (
                "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//rolo//rolo//EN\r\n",
                ("X-ROLO-REASON:", "\r\n"),
                "END:VCALENDAR\r\n",
            ),
            Format::Xml => (super::calls::FRAME.0, ("\n<!-- ", " -->\n"), super::calls::FRAME.1),
            _ => return Ok(Self { shape: Shape::Lines(out) }),
        };
        out.write_all(begin.as_bytes())?;
        Ok(Self { shape: Shape::Blocks { out, comment, end } })
    }

    /// Writes one row; `reason` is for people to read.
    pub fn write(&mut self, raw: &Raw, reason: &str) -> io::Result<()> {
        match (&mut self.shape, raw) {
            (Shape::Table { out, width, reason: place }, Raw::Cells(record)) => {
                // A row with too many cells has the reason that it was refused for before behind all of them.
                let last = place.filter(|place| *place + 1 == *width && record.len() > *width);
                let place = last.map(|_| record.len() - 1).or(*place);
                let cells = (0..record.len().max(*width)).filter(|index| Some(*index) != place);
                out.write_record(cells.map(|index| record.get(index)).chain([reason]))?;
                Ok(())
            }
            (Shape::Table { out, .. }, Raw::Text(text)) => Ok(out.write_record([text, reason])?),
            (Shape::Blocks { out, comment: (before, after), .. }, raw) => {
                let text = match raw {
                    Raw::Text(text) => text.clone(),
                    Raw::Cells(record) => record.iter().collect::<Vec<_>>().join("\t"),
                };
                // Two hyphens would end a comment of XML.
                let reason = reason.replace(['\n', '\r'], " ").replace("--", "- -");
                writeln!(out, "{before}{reason}{after}{}", text.trim_end())
            }
            (Shape::Lines(out), Raw::Text(text)) => writeln!(out, "{}", with_reason(text, reason)),
            (Shape::Lines(out), Raw::Cells(record)) => {
                writeln!(out, "{}", record.iter().collect::<Vec<_>>().join("\t"))
            }
        }
    }

    /// Writes what is still held back.
    pub fn finish(self) -> io::Result<()> {
        match self.shape {
            Shape::Table { mut out, .. } => out.flush(),
            Shape::Lines(mut out) => out.flush(),
            Shape::Blocks { mut out, end, .. } => {
                out.write_all(end.as_bytes())?;
                out.flush()
            }
        }
    }
}

/// An object gets the reason as its last key; what is no object stays as it is.
fn with_reason(text: &str, reason: &str) -> String {
    match serde_json::from_str(text) {
        Ok(Value::Object(mut map)) => {
            map.shift_remove(REASON_COLUMN);
            map.insert(REASON_COLUMN.to_owned(), Value::String(reason.to_owned()));
            Value::Object(map).to_string()
        }
        _ => card_with_reason(text, reason).unwrap_or_else(|| text.to_owned()),
    }
}

/// A card gets the reason as its last property, which reading it again leaves out.
fn card_with_reason(text: &str, reason: &str) -> Option<String> {
    text.trim_start().get(..11).filter(|start| start.eq_ignore_ascii_case("BEGIN:VCARD"))?;
    let line = format!("X-ROLO-REASON:{}", reason.replace(['\r', '\n'], " "));
    let body = text.trim_end();
    let cut = body.len().checked_sub(9).filter(|cut| body.is_char_boundary(*cut));
    Some(match cut.filter(|cut| body[*cut..].eq_ignore_ascii_case("END:VCARD")) {
        Some(cut) => format!("{}{line}\r\n{}", &body[..cut], &body[cut..]),
        None => format!("{body}\r\n{line}"),
    })
}
