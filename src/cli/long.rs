//! Tables of very many contacts: cells go from the book's blocks to aligned lines on all cores, without a string each.

use super::context::Ctx;
use super::fail::Result;
use super::table::{self, GAP};
use crate::i18n;
use crate::ops::Lines;
use crate::text::{safe_line, truncate, width};
use rayon::prelude::*;
use std::collections::HashMap;
use std::io::Write;

/// From so many contacts on it is quicker than to ask for each.
pub const MANY: usize = 700;

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
const CHUNK: usize = 2048;

/// Whether a table with these columns can be written so.
pub fn takes(columns: &[String]) -> bool {
    columns.iter().all(|name| column(name).is_some())
}

/// Cells of some rows, one after the other.
struct Cells {
    text: String,
    /// Where each ends, and how wide it is.
    cells: Vec<(usize, usize)>,
    widest: Vec<usize>,
}

/// Writes the table.
pub fn write(ctx: &mut Ctx, lines: &Lines, ids: &[i64], columns: &[String]) -> Result<()> {
    let heads = table::heads(ctx, columns);
    let columns: Vec<Column> = columns.iter().filter_map(|name| column(name)).collect();
    let spans = if columns.contains(&Column::Last) { spans(ctx, lines, ids) } else { HashMap::new() };
    let chunks: Vec<Cells> = ids.par_chunks(CHUNK).map(|ids| cells(lines, ids, &columns, &spans)).collect();
    let mut widths: Vec<usize> = heads.iter().map(|head| width(head)).collect();
    for chunk in &chunks {
        for (width, widest) in widths.iter_mut().zip(&chunk.widest) {
            *width = (*width).max(*widest);
        }
    }
    table::squeeze(&mut widths, ctx.width());
    table::head(ctx, &heads, &widths)?;
    // A part at a time, so that the text of all lines is never there at once.
    for part in chunks.chunks(4 * rayon::current_num_threads()) {
        let texts: Vec<String> = part.par_iter().map(|chunk| aligned(chunk, &widths)).collect();
        for text in texts {
            ctx.out.write_all(text.as_bytes())?;
        }
    }
    Ok(())
}

/// How long ago each contact's last interaction was, in words.
fn spans(ctx: &Ctx, lines: &Lines, ids: &[i64]) -> HashMap<i64, String> {
    let now = ctx.settings.clock.millis();
    let last = |id: &i64| Some((*id, lines.get(*id)?.last()?));
    ids.iter().filter_map(last).map(|(id, last)| (id, i18n::span(&ctx.lang, now - last))).collect()
}

fn cells(lines: &Lines, ids: &[i64], columns: &[Column], spans: &HashMap<i64, String>) -> Cells {
    let mut all = Cells {
        text: String::with_capacity(ids.len() * 80),
        cells: Vec::with_capacity(ids.len() * columns.len()),
        widest: vec![0; columns.len()],
    };
    for line in ids.iter().filter_map(|id| lines.get(*id)) {
        let [name, company, title, email, phone, keep] = line.texts();
        for (column, widest) in columns.iter().zip(&mut all.widest) {
            let start = all.text.len();
            let data = match column {
                Column::Name => [name, company, email, phone]
                    .into_iter()
                    .find(|text| !text.is_empty())
                    .unwrap_or_default(),
                Column::Company => company,
                Column::Title => title,
                Column::Email => email,
                Column::Phone => phone,
                Column::KeepInTouch => keep,
                Column::Kind if line.is_company() => "company",
                Column::Kind => "person",
                Column::Starred if line.is_starred() => "★",
                Column::Archived if line.is_archived() => "✓",
                Column::Last => spans.get(&line.id()).map_or("—", String::as_str),
                Column::Handle | Column::Starred | Column::Archived => "",
            };
            if *column == Column::Handle || (*column == Column::Name && data.is_empty()) {
                lines.handle_into(&line, &mut all.text);
            } else if data.bytes().fold(true, |plain, byte| plain & (byte.wrapping_sub(b' ') < 0x5F)) {
                // Nearly every cell: as safe and as wide as it is long.
                all.text.push_str(data);
            } else {
                all.text.push_str(&safe_line(data));
            }
            let text = &all.text[start..];
            let columns = if text.len() == data.len() && data.is_ascii() { data.len() } else { width(text) };
            *widest = (*widest).max(columns);
            all.cells.push((all.text.len(), columns));
        }
    }
    all
}

fn aligned(cells: &Cells, widths: &[usize]) -> String {
    const SPACES: &str = "                                                                ";
    let rows = cells.cells.len() / widths.len().max(1);
    let mut out = String::with_capacity(rows * (widths.iter().sum::<usize>() + GAP * widths.len() + 8));
    let mut start = 0;
    for row in cells.cells.chunks(widths.len()) {
        let mut owed = 0;
        for ((end, columns), wanted) in row.iter().zip(widths) {
            let cell = &cells.text[start..*end];
            start = *end;
            // Spaces are written when something follows them: no line ends with any.
            if !cell.is_empty() {
                while owed > 0 {
                    let some = owed.min(SPACES.len());
                    out.push_str(&SPACES[..some]);
                    owed -= some;
                }
            }
            let taken = if columns <= wanted {
                out.push_str(cell);
                *columns
            } else {
                let cut = truncate(cell, *wanted);
                out.push_str(&cut);
                width(&cut)
            };
            owed += wanted - taken.min(*wanted) + GAP;
        }
        let kept = out.trim_end_matches(' ').len();
        out.truncate(kept);
        out.push('\n');
    }
    out
}
