//! Mappings that were saved: used, listed, removed.

use super::super::context::Ctx;
use super::super::fail::{Fail, Result};
use super::super::table::Table;
use super::Args;
use crate::config::mappings_folder;
use crate::ops::{Exit, ImportOptions, ImportReport, Mapping};
use std::path::PathBuf;

fn folder(ctx: &Ctx) -> PathBuf {
    mappings_folder(&ctx.settings.folders)
}

/// Puts the mapping that is asked for into the options, or those that may fit. `--from`, also `--from auto`, looks for
/// none.
pub(super) fn find(ctx: &Ctx, args: &Args, options: &mut ImportOptions) -> Result<()> {
    let folder = folder(ctx);
    if let Some(name) = &args.profile {
        match Mapping::load(&folder, name)? {
            Some(mapping) => without_flags(mapping, args).force(options),
            None => {
                let word = name.trim().to_lowercase();
                if super::profiles(ctx)?.get(&word).is_err() {
                    let message = ctx.t("error-mapping-or-system", &[("name", name.as_str().into())]);
                    return Err(Fail::Usage(message, Some(ctx.t("hint-mapping-or-system", &[]))));
                }
                options.read.from = Some(name.clone());
            }
        }
    } else if args.from.is_none() {
        let (all, broken) = Mapping::all(&folder)?;
        options.mappings = all.into_iter().map(|mapping| without_flags(mapping, args)).collect();
        // One that is meant for another file must not keep this one out.
        for error in broken {
            Fail::Op(error).report(&ctx.lang);
        }
    }
    Ok(())
}

/// What flags say wins over what was saved.
fn without_flags(mut mapping: Mapping, args: &Args) -> Mapping {
    if !args.match_by.is_empty() {
        mapping.match_by = None;
    }
    if args.on_match.is_some() {
        mapping.on_match = None;
    }
    mapping
}

/// Says by which mapping a file is read.
pub(super) fn used(ctx: &Ctx, report: &ImportReport) {
    for (name, day) in report.inspections.iter().filter_map(|found| found.saved.as_ref()) {
        ctx.say("import-using", &[("name", name.as_str().into()), ("day", day.as_str().into())]);
    }
}

/// Saves what was said about the first table under the name that was given.
pub(super) fn save(ctx: &Ctx, args: &Args, options: &ImportOptions, report: &ImportReport) -> Result<()> {
    let Some(name) = &args.save else { return Ok(()) };
    let table = report.inspections.iter().find(|found| !found.columns.is_empty());
    let Some(table) = table else {
        ctx.say("import-save-nothing", &[]);
        return Ok(());
    };
    let columns = table.columns.iter().map(|column| column.name.clone()).collect();
    let day = ctx.settings.clock.now().format("%F").to_string();
    Mapping::of(name, columns, options, day).save(&folder(ctx))?;
    ctx.say("import-saved-as", &[("name", name.as_str().into())]);
    Ok(())
}

/// All that there are.
pub(super) fn list(ctx: &mut Ctx) -> Result {
    let (all, broken) = Mapping::all(&folder(ctx))?;
    let mut table = Table::of_things(ctx, &["name", "saved", "columns", "map"]);
    for mapping in all {
        let shape = mapping.shape;
        let rules = shape.map.iter().chain(&shape.set).map(|(left, right)| format!("{left}={right}"));
        let rules = rules.collect::<Vec<_>>().join("; ");
        table.row(vec![shape.name, mapping.saved, shape.columns.len().to_string(), rules]);
    }
    table.write(ctx)?;
    let wrong = !broken.is_empty();
    for error in broken {
        Fail::Op(error).report(&ctx.lang);
    }
    Ok(if wrong { Exit::Data } else { Exit::Done })
}

/// Removes one.
pub(super) fn forget(ctx: &Ctx, name: &str) -> Result {
    Mapping::forget(&folder(ctx), name)?;
    ctx.say("import-forgot", &[("name", name.into())]);
    Ok(Exit::Done)
}
