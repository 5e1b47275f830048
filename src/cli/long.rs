//! Tables of many contacts: cells go from the book's blocks to aligned lines on all cores, without a string each.

use super::context::Ctx;
use super::fail::Result;
use super::table::{self, GAP};
use crate::i18n;
use crate::ops::{Line, LineText as Text, Lines};
use crate::text::{plain_width, safe_line, truncate, width};
use rayon::prelude::*;
use std::collections::HashMap;
use std::io::Write;

/// A column that can be written so.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Column {
    Handle,
    Kind,
    Name,
    Company,
    Title,
    Email,
    Phone,
    Last,
    Starred,
    Archived,
    KeepInTouch,
}

fn column(name: &str) -> Option<Column> {
    Some(match name {
        "id" | "handle" => Column::Handle,
        "kind" => Column::Kind,
        "name" => Column::Name,
        "company" => Column::Company,
        "title" => Column::Title,
        "email" => Column::Email,
        "phone" => Column::Phone,
        "last" => Column::Last,
        "starred" => Column::Starred,
        "archived" => Column::Archived,
        "keep_in_touch" => Column::KeepInTouch,
        _ => return None,
    })
}

/// Rows that one task makes.
const CHUNK: usize = 1024;
/// Lines that are looked up one after the other before the first is written: memory answers several look-ups at once.
const AHEAD: usize = 32;

/// Whether a table with these columns can be written so.
pub fn takes(columns: &[String]) -> bool {
    columns.iter().all(|name| column(name).is_some())
}

/// Writes the table. The cells are looked at twice, for their widths and to write them: to keep them in between takes
/// longer.
pub fn write(ctx: &mut Ctx, lines: &Lines, ids: &[i64], columns: &[String]) -> Result<()> {
    let heads = table::heads(ctx, columns);
    let columns: Vec<Column> = columns.iter().filter_map(|name| column(name)).collect();
    let spans = if columns.contains(&Column::Last) { spans(ctx, lines) } else { HashMap::new() };
    let rows = Rows { lines, columns, spans };
    let chunks = (0..lines.groups()).into_par_iter().map(|group| rows.widths(lines.group(group)));
    let widest = |a: Vec<usize>, b: Vec<usize>| a.into_iter().zip(b).map(|(a, b)| a.max(b)).collect();
    let mut widths = chunks.reduce(|| heads.iter().map(|head| width(head)).collect(), widest);
    table::squeeze(&mut widths, ctx.width());
    table::head(ctx, &heads, &widths)?;
    // Some rows at a time into the same memory, so that the text of all lines is never there at once.
    let mut texts = vec![String::new(); 2 * rayon::current_num_threads()];
    for some in ids.chunks(CHUNK * texts.len()) {
        texts.iter_mut().for_each(String::clear);
        let chunks = some.par_chunks(CHUNK).zip(&mut texts);
        chunks.for_each(|(ids, text)| rows.aligned(ids, &widths, text));
        for text in &texts {
            ctx.out.write_all(text.as_bytes())?;
        }
    }
    Ok(())
}

/// How long ago each contact's last interaction was, in words.
fn spans(ctx: &Ctx, lines: &Lines) -> HashMap<i64, String> {
    let now = ctx.settings.clock.millis();
    // As they lie in memory, not in the order of the table.
    let all = (0..lines.groups()).flat_map(|group| lines.group(group));
    let last = all.filter_map(|line| Some((line.id, line.last()?)));
    last.map(|(id, last)| (id, i18n::span(&ctx.lang, now - last))).collect()
}

/// What stands in a column.
#[derive(Clone, Copy)]
enum Cell<'a> {
    Handle,
    Text(Text),
    Own(&'a str),
}

/// What a table is written from.
struct Rows<'a> {
    lines: &'a Lines,
    columns: Vec<Column>,
    spans: HashMap<i64, String>,
}

impl Rows<'_> {
    /// What stands in a line's columns.
    fn cells<'a>(&'a self, line: &'a Line<'a>) -> impl Iterator<Item = Cell<'a>> {
        let called = [Text::Name, Text::Company, Text::Email].into_iter().find(|text| !line.lacks(*text));
        let last = if self.spans.is_empty() { None } else { self.spans.get(&line.id) };
        let last = last.map_or("—", String::as_str);
        self.columns.iter().map(move |column| match column {
            Column::Handle => Cell::Handle,
            Column::Name => Cell::Text(called.unwrap_or(Text::Phone)),
            Column::Company => Cell::Text(Text::Company),
            Column::Title => Cell::Text(Text::Title),
            Column::Email => Cell::Text(Text::Email),
            Column::Phone => Cell::Text(Text::Phone),
            Column::KeepInTouch => Cell::Text(Text::KeepInTouch),
            Column::Kind if line.is_company() => Cell::Own("company"),
            Column::Kind => Cell::Own("person"),
            Column::Starred if line.is_starred() => Cell::Own("★"),
            Column::Archived if line.is_archived() => Cell::Own("✓"),
            Column::Last => Cell::Own(last),
            Column::Starred | Column::Archived => Cell::Own(""),
        })
    }

    /// How wide each column has to be for these lines.
    fn widths<'a>(&'a self, lines: impl Iterator<Item = Line<'a>>) -> Vec<usize> {
        let mut widths = vec![0; self.columns.len()];
        for line in lines {
            for (cell, widest) in self.cells(&line).zip(&mut widths) {
                let columns = match cell {
                    Cell::Handle => line.handle_letters(),
                    Cell::Text(which) => {
                        line.plain_width(which).unwrap_or_else(|| width(&safe_line(line.text(which))))
                    }
                    Cell::Own(text) => width(text),
                };
                *widest = columns.max(*widest);
            }
        }
        widths
    }

    /// Appends the aligned lines of these contacts.
    fn aligned(&self, ids: &[i64], widths: &[usize], out: &mut String) {
        let mut some = Vec::with_capacity(AHEAD);
        for ids in ids.chunks(AHEAD) {
            some.clear();
            some.extend(ids.iter().filter_map(|id| self.lines.get(*id)));
            some.iter().for_each(|line| self.align(line, widths, out));
        }
    }

    fn align(&self, line: &Line<'_>, widths: &[usize], out: &mut String) {
        let mut owed = 0;
        for (cell, wanted) in self.cells(line).zip(widths) {
            let (text, columns) = match cell {
                Cell::Handle => {
                    spaces(&mut owed, out);
                    let from = out.len();
                    line.handle_into(out);
                    owed += wanted.saturating_sub(out.len() - from) + GAP;
                    continue;
                }
                Cell::Text(which) => (line.text(which), line.plain_width(which)),
                Cell::Own(text) => (text, plain_width(text)),
            };
            let taken = match columns.filter(|columns| columns <= wanted) {
                _ if text.is_empty() => 0,
                // Nearly every cell stands as it is. Spaces are written when something follows them: no line ends with any.
                Some(columns) => {
                    spaces(&mut owed, out);
                    out.push_str(text);
                    columns
                }
                None => {
                    spaces(&mut owed, out);
                    let safe = safe_line(text);
                    let cut = truncate(&safe, *wanted);
                    out.push_str(&cut);
                    width(&cut)
                }
            };
            owed += wanted - taken.min(*wanted) + GAP;
        }
        out.truncate(out.trim_end_matches(' ').len());
        out.push('\n');
    }
}

/// Writes the spaces that are owed.
fn spaces(owed: &mut usize, out: &mut String) {
    const SPACES: &str = "                                                                ";
    while *owed > 0 {
        let some = (*owed).min(SPACES.len());
        out.push_str(&SPACES[..some]);
        *owed -= some;
    }
}
