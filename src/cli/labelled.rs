//! What the cards of contacts, deals and the like have in common: labelled lines.

use super::context::Ctx;
use super::fail::Result;
use crate::i18n::Lang;
use crate::text::{pad, safe_line, safe_text, width};
use std::io::Write;

/// The label of a field in the user's language; a custom field, a relation or a column of some file may be called anything.
pub fn label(lang: &Lang, key: &str) -> String {
    let known = lang.maybe(&format!("field-{}", key.replace('_', "-")), &[]);
    known.unwrap_or_else(|| safe_line(key).into_owned())
}

/// Writes an empty line and then label and text side by side; further lines of a text stand below its first.
pub fn write(ctx: &mut Ctx, lines: &[(String, String)]) -> Result<()> {
    let widest = lines.iter().map(|(label, _)| width(label)).max().unwrap_or(0);
    if !lines.is_empty() {
        writeln!(ctx.out)?;
    }
    for (label, text) in lines {
        for (at, line) in safe_text(text).lines().enumerate() {
            let label = if at == 0 { label.as_str() } else { "" };
            writeln!(ctx.out, "{}  {line}", pad(label, widest))?;
        }
    }
    Ok(())
}
