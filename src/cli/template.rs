//! `rolo import --template`: a table to fill in.

use super::context::Ctx;
use super::export::Whole;
use super::fail::{Fail, Result};
use crate::ops::{Exit, OpError, TEMPLATE_COLUMNS, Template, TemplateColumn, may_write};
use std::path::Path;

/// What the menus offer, by the key of the column. Only the kinds are fixed: stages and sources are the user's own.
const CHOICES: [(&str, bool); 4] = [("kind", true), ("stage", false), ("source", false), ("starred", true)];

/// Writes the table; a file that is there is only replaced when that was said.
pub(super) fn write(ctx: &mut Ctx, path: &Path) -> Result {
    let ending = path.extension().and_then(|ending| ending.to_str()).map(str::to_lowercase);
    let is_csv = match ending.as_deref() {
        Some("xlsx") => false,
        Some("csv") => true,
        _ => {
            let name = path.to_string_lossy();
            return Err(ctx.usage("template-format", &[("path", name.as_ref().into())]));
        }
    };
    may_write(&ctx.settings.book, path, &[])?;
    if path.symlink_metadata().is_ok() {
        let name = path.to_string_lossy();
        ctx.confirm(&ctx.t("template-exists", &[("path", name.as_ref().into())]))?;
    }
    let template = template(ctx);
    let fail = |source| Fail::Op(OpError::Io { path: path.to_owned(), source });
    let mut file = Whole::new(path).map_err(fail)?;
    let written = if is_csv { template.write_csv(&mut file.out) } else { template.write_xlsx(&mut file.out) };
    written.map_err(fail)?;
    file.finish(path).map_err(fail)?;
    let name = path.to_string_lossy();
    ctx.say("template-written", &[("path", name.as_ref().into())]);
    Ok(Exit::Done)
}

fn template(ctx: &Ctx) -> Template {
    let word = |key: &str| ctx.t(key, &[]);
    let columns = TEMPLATE_COLUMNS.into_iter().map(|key| {
        let choices = CHOICES.iter().find(|(of, _)| *of == key);
        TemplateColumn {
            key,
            name: word(&format!("template-{key}")),
            about: word(&format!("template-{key}-about")),
            example: word(&format!("template-{key}-example")),
            choices: choices
                .map(|_| word(&format!("template-{key}-choices")).split(", ").map(str::to_owned).collect())
                .unwrap_or_default(),
            strict: choices.is_some_and(|(_, strict)| *strict),
        }
    });
    Template {
        sheet: word("template-sheet"),
        guide: word("template-guide"),
        guide_columns: ["column", "about", "example", "choices"]
            .map(|of| word(&format!("template-guide-{of}"))),
        wrong: word("template-wrong"),
        columns: columns.collect(),
    }
}
