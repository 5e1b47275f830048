//! Rows of text as people and programs read them: an aligned table, CSV, TSV, JSON.

use super::context::{Ctx, Format};
use super::fail::Result;
use crate::ops::defused;
use crate::text::{pad, safe_line, truncate, width};
use serde_json::{Map, Value};
use std::io::Write;

/// Space between columns.
pub(super) const GAP: usize = 2;
/// Columns are not squeezed below the first of these, unless nothing else makes them fit.
const NARROWEST: [usize; 2] = [6, 3];

/// A table: keys of columns (for programs), heads (for people), cells as they are.
#[derive(Debug, Default)]
pub struct Table {
    keys: Vec<String>,
    heads: Vec<String>,
    rows: Vec<Vec<String>>,
}

impl Table {
    /// A table with these columns; the head of each is the message `field-KEY`, or the key.
    pub fn new<S: AsRef<str>>(ctx: &Ctx, keys: &[S]) -> Self {
        let keys: Vec<String> = keys.iter().map(|key| key.as_ref().to_owned()).collect();
        Self { heads: heads(ctx, &keys), keys, rows: Vec::new() }
    }

    /// The same; what it names are things, which other languages don't call names as they do those of people.
    pub fn of_things<S: AsRef<str>>(ctx: &Ctx, keys: &[S]) -> Self {
        let mut table = Self::new(ctx, keys);
        for (key, head) in table.keys.iter().zip(&mut table.heads) {
            if key == "name" && ctx.format == Format::Table {
                *head = ctx.t("head-name-of-thing", &[]);
            }
        }
        table
    }

    /// Appends a row.
    pub fn row(&mut self, cells: Vec<String>) {
        debug_assert_eq!(cells.len(), self.keys.len());
        self.rows.push(cells);
    }

    /// Whether it has no rows.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// Writes it in the format that was asked for.
    pub fn write(&self, ctx: &mut Ctx) -> Result<()> {
        match ctx.format {
            Format::Table => self.write_aligned(ctx),
            Format::Csv => self.write_separated(ctx, b','),
            Format::Tsv => self.write_separated(ctx, b'\t'),
            Format::Json | Format::Jsonl => {
                let objects: Vec<Map<String, Value>> = self.rows.iter().map(|row| self.object(row)).collect();
                ctx.json_all(&objects)
            }
        }
    }

    fn object(&self, row: &[String]) -> Map<String, Value> {
        let pairs = self.keys.iter().zip(row).filter(|(_, cell)| !cell.is_empty());
        pairs.map(|(key, cell)| (key.clone(), Value::from(cell.as_str()))).collect()
    }

    fn write_separated(&self, ctx: &mut Ctx, delimiter: u8) -> Result<()> {
        let mut writer = csv::WriterBuilder::new().delimiter(delimiter).from_writer(&mut ctx.out);
        writer.write_record(&self.keys)?;
        for row in &self.rows {
            writer.write_record(row.iter().map(|cell| defused(cell).into_owned()))?;
        }
        Ok(writer.flush()?)
    }

    fn write_aligned(&self, ctx: &mut Ctx) -> Result<()> {
        if self.rows.is_empty() {
            return Ok(());
        }
        let rows: Vec<Vec<String>> = self
            .rows
            .iter()
            .map(|row| row.iter().map(|cell| safe_line(cell).into_owned()).collect())
            .collect();
        let widths = self.widths(&rows, ctx.width());
        head(ctx, &self.heads, &widths)?;
        for row in &rows {
            writeln!(ctx.out, "{}", line(row, &widths))?;
        }
        Ok(())
    }

    /// How wide each column is; the widest give way until all fit into the terminal.
    fn widths(&self, rows: &[Vec<String>], limit: Option<usize>) -> Vec<usize> {
        let mut widths: Vec<usize> = self.heads.iter().map(|head| width(head)).collect();
        for row in rows {
            for (cell, widest) in row.iter().zip(&mut widths) {
                *widest = (*widest).max(width(cell));
            }
        }
        squeeze(&mut widths, limit);
        widths
    }
}

/// The heads of columns: the message `field-KEY` for people, the key for programs.
pub(super) fn heads(ctx: &Ctx, keys: &[String]) -> Vec<String> {
    let head = |key: &String| match ctx.format == Format::Table {
        true => {
            ctx.lang.maybe(&format!("field-{}", key.replace('_', "-")), &[]).unwrap_or_else(|| key.clone())
        }
        false => key.clone(),
    };
    keys.iter().map(head).collect()
}

/// Writes the line of heads.
pub(super) fn head(ctx: &mut Ctx, heads: &[String], widths: &[usize]) -> Result<()> {
    let (bold, plain) = if ctx.colored() { ("\u{1b}[1m", "\u{1b}[0m") } else { ("", "") };
    Ok(writeln!(ctx.out, "{bold}{}{plain}", line(heads, widths))?)
}

/// Makes columns fit into a terminal: the widest give way.
pub(super) fn squeeze(widths: &mut [usize], limit: Option<usize>) {
    let Some(limit) = limit else { return };
    let gaps = GAP * widths.len().saturating_sub(1);
    for narrowest in NARROWEST {
        while widths.iter().sum::<usize>() + gaps > limit {
            // The first column holds what is typed back, so it is never cut.
            let widest = widths.iter_mut().skip(1).max_by_key(|width| **width);
            match widest {
                Some(widest) if *widest > narrowest => *widest -= 1,
                _ => break,
            }
        }
    }
}

fn line(cells: &[String], widths: &[usize]) -> String {
    let mut line = String::new();
    for (at, (cell, width)) in cells.iter().zip(widths).enumerate() {
        if at > 0 {
            line.push_str("  ");
        }
        match at + 1 == cells.len() {
            true => line.push_str(&truncate(cell, *width)),
            false => line.push_str(&pad(cell, *width)),
        }
    }
    line.truncate(line.trim_end().len());
    line
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formulas_are_defused_and_phones_left_alone() {
        for (cell, written) in [
            ("=1+1", "'=1+1"),
            ("@SUM(A1)", "'@SUM(A1)"),
            ("+1 212-555-0100", "+1 212-555-0100"),
            ("-12.50", "-12.50"),
            ("+cmd|' /C calc'!A0", "'+cmd|' /C calc'!A0"),
            ("-2+3+cmd", "'-2+3+cmd"),
            ("Ann = Bob", "Ann = Bob"),
            ("", ""),
        ] {
            assert_eq!(defused(cell), written);
        }
    }

    #[test]
    fn columns_align_by_display_width_and_the_widest_gives_way() {
        let table = Table { heads: vec!["id".into(), "name".into(), "company".into()], ..Table::default() };
        let rows = vec![
            vec!["k7m2".into(), "王伟".into(), "a company with quite a long name".into()],
            vec!["a2".into(), "Ann".into(), String::new()],
        ];
        let widths = table.widths(&rows, None);
        assert_eq!(widths, [4, 4, 32]);
        assert_eq!(line(&rows[0], &widths), "k7m2  王伟  a company with quite a long name");
        assert_eq!(line(&rows[1], &widths), "a2    Ann");
        assert_eq!(table.widths(&rows, Some(30)), [4, 4, 18]);
        assert_eq!(table.widths(&rows, Some(10)), [4, 3, 3], "nothing fits any more");
        let mut six = [4, 8, 9, 7, 11, 4];
        squeeze(&mut six, Some(40));
        assert_eq!(six.iter().sum::<usize>() + 5 * GAP, 40, "{six:?}");
    }
}
