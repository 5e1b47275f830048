//! The plan of an import: what each file is, where its columns go, and what would change.

use super::super::context::Ctx;
use super::super::fail::{Fail, Result};
use super::super::table::Table;
use crate::i18n::inspection;
use crate::ops::import::{date_order_word, match_word, on_match_word};
use crate::ops::{Evidence, ImportReport, Inspection, Known};
use crate::text::safe_line;
use serde_json::{Value, json};
use std::io::Write;

/// How many changes are shown without `-v`.
const CHANGES: usize = 50;

/// Writes the plan and, of a dry run, the changes field by field.
pub(super) fn write(ctx: &mut Ctx, report: &ImportReport) -> Result<()> {
    for found in &report.inspections {
        for line in inspection::lines(&ctx.lang, found) {
            writeln!(ctx.out, "{line}")?;
        }
        columns(ctx, found)?;
        writeln!(ctx.out)?;
    }
    if report.changes.is_empty() {
        return Ok(());
    }
    writeln!(ctx.out, "{}", ctx.t("import-changes", &[]))?;
    let mut table = Table::new(ctx, &["contact", "what", "before", "after"]);
    let limit = if ctx.verbose { usize::MAX } else { CHANGES };
    for change in report.changes.iter().take(limit) {
        table.row(vec![
            change.contact.clone(),
            crate::i18n::changed_field(&ctx.lang, &change.field),
            change.before.clone(),
            change.after.clone(),
        ]);
    }
    table.write(ctx)?;
    let shown = report.changes.len().min(limit) as u64;
    if report.changes_total > shown {
        let more = ctx.t("import-more-changes", &[("n", (report.changes_total - shown).into())]);
        writeln!(ctx.out, "{more}")?;
    }
    Ok(writeln!(ctx.out)?)
}

fn columns(ctx: &mut Ctx, found: &Inspection) -> Result<()> {
    if found.columns.is_empty() {
        return Ok(());
    }
    let mut table = Table::new(ctx, &["column", "goes", "why", "sure", "samples"]);
    for column in &found.columns {
        let sure = if column.kept { String::new() } else { format!("{}%", column.confidence) };
        table.row(vec![
            column.name.clone(),
            inspection::goes(&ctx.lang, column),
            inspection::why(&ctx.lang, column),
            sure,
            column.samples.iter().map(|sample| safe_line(sample)).collect::<Vec<_>>().join(" | "),
        ]);
    }
    table.write(ctx)?;
    Ok::<_, Fail>(())
}

/// The plan for programs.
pub(super) fn json(found: &Inspection) -> Value {
    let columns: Vec<Value> = found
        .columns
        .iter()
        .map(|column| {
            json!({
                "name": column.name,
                "samples": column.samples,
                "target": column.target,
                "why": inspection::why_word(column.why),
                "confidence": column.confidence,
            })
        })
        .collect();
    let why = match &found.evidence {
        Evidence::Given => json!({ "by": "given" }),
        Evidence::Columns(names) => json!({ "by": "columns", "columns": names }),
        Evidence::Names(names) => json!({ "by": "names", "columns": names }),
        Evidence::Content => json!({ "by": "content" }),
        Evidence::Beginning => json!({ "by": "beginning" }),
    };
    let sheets = found.sheets.as_ref();
    json!({
        "file": found.file,
        "cards": found.cards,
        "sheet": sheets.and_then(|(names, read)| names.get(*read)),
        "sheets": sheets.map(|(names, _)| names),
        "format": found.format.name(),
        "system": found.system,
        "profile": found.profile,
        "why": why,
        "encoding": found.encoding.map(|(name, _)| name),
        "encoding_guessed": found.encoding.is_some_and(|(_, known)| known == Known::Guessed),
        "delimiter": found.delimiter.map(|byte| char::from(byte).to_string()),
        "header_line": found.header_line,
        "columns": columns,
        "set": found.set.iter().map(|(field, value)| json!({ "field": field, "value": value })).collect::<Vec<_>>(),
        "date_order": found.date_order.map(date_order_word),
        "mapping": found.saved.as_ref().map(|(name, _)| name),
        "match": found.match_by.iter().map(|by| match_word(*by)).collect::<Vec<_>>(),
        "on_match": on_match_word(found.on_match),
        "tags": found.tags,
    })
}
