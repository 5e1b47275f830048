//! Editing in the user's own editor: a contact as TOML text. What was typed is never lost.

use super::context::Ctx;
use super::fail::{Fail, Result};
use crate::i18n::{Lang, describe, field_names};
use crate::ops::{Book, Exit, OpError, Revised, Revision};
use std::ffi::OsStr;
use std::io;
use std::path::Path;
use std::process::Command;

/// Marks the lines that a failed reading puts on top.
const MARK: &str = "#! ";
/// How often a text that doesn't read is given back, if nobody can be asked.
const ATTEMPTS: usize = 5;

/// Lets the user edit a contact.
pub fn edit(ctx: &mut Ctx, book: &mut Book, id: i64) -> Result {
    if ctx.settings.editor.is_none() && !ctx.term.asks {
        return Err(Fail::Usage(ctx.t("usage-edit-nothing", &[]), Some(ctx.t("hint-edit-flags", &[]))));
    }
    let original = book.to_toml(id)?;
    let base = book.from_toml(&original)?;
    let file = tempfile::Builder::new().prefix("rolo-").suffix(".toml").tempfile()?;
    let path = file.path().to_owned();
    let mut text = original.clone();
    for attempt in 1.. {
        std::fs::write(&path, &text)?;
        launch(ctx.settings.editor.as_deref(), &path, &ctx.lang)?;
        let edited = std::fs::read_to_string(&path)?;
        let mine: String =
            edited.lines().filter(|line| !line.starts_with(MARK)).map(|line| format!("{line}\n")).collect();
        if mine.trim_end() == original.trim_end() {
            ctx.say("nothing-changed", &[]);
            return Ok(Exit::Done);
        }
        let revise = |book: &mut Book| {
            let edited = book.from_toml(&mine)?;
            book.revise(id, &Revision { base: base.clone(), edited, restore: false, warned: false })
        };
        let error = match revise(book) {
            Ok(Revised { done, overridden }) => {
                ctx.done(&done.label, &done.receipt)?;
                if !overridden.is_empty() {
                    let fields = field_names(&ctx.lang, &overridden);
                    ctx.line(&ctx.t("edit-went-over", &[("fields", fields.into())]));
                }
                return Ok(Exit::Done);
            }
            Err(error) => error,
        };
        if edited == text || (attempt >= ATTEMPTS && !ctx.term.asks) {
            return give_up(ctx, file, error);
        }
        let described = describe(&ctx.lang, &error);
        let mut head = format!("{MARK}{}\n", described.message);
        for line in described.details.iter().chain(&described.hint) {
            head.push_str(&format!("{MARK}{line}\n"));
        }
        head.push_str(&format!("{MARK}{}\n", ctx.t("edit-again", &[])));
        // An editor that comes back at once by itself would go round for ever.
        if ctx.term.asks && attempt >= ATTEMPTS {
            ctx.line(&described.message);
            if !ctx.agrees(&ctx.t("ask-edit-again", &[]))? {
                return give_up(ctx, file, error);
            }
        }
        text = format!("{head}{mine}");
    }
    Ok(Exit::Done)
}

/// Leaves the text where it is and says where.
fn give_up(ctx: &Ctx, file: tempfile::NamedTempFile, error: OpError) -> Result {
    let kept = file.into_temp_path().keep().map_err(|error| error.error)?;
    let kept = kept.to_string_lossy();
    ctx.line(&ctx.t("edit-kept", &[("path", kept.as_ref().into())]));
    Err(error.into())
}

/// Runs the editor on a file and waits for it.
pub fn launch(editor: Option<&OsStr>, path: &Path, lang: &Lang) -> Result<()> {
    let editor = editor.unwrap_or(OsStr::new(if cfg!(windows) { "notepad" } else { "vi" }));
    let name = editor.to_string_lossy().into_owned();
    let failed = |why: &str| {
        Fail::Usage(
            lang.t("editor-failed", &[("editor", name.as_str().into()), ("why", why.into())]),
            Some(lang.t("hint-editor", &[])),
        )
    };
    match command(editor, path).status() {
        Ok(status) if status.success() => Ok(()),
        Ok(status) => Err(failed(&status.to_string())),
        Err(error) => Err(failed(&io::Error::to_string(&error))),
    }
}

/// As git does it: the setting is a piece of shell, so that it can have arguments and quotes.
#[cfg(unix)]
fn command(editor: &OsStr, path: &Path) -> Command {
    let mut script = editor.to_owned();
    script.push(" \"$@\"");
    let mut command = Command::new("/bin/sh");
    command.arg("-c").arg(script).arg("rolo").arg(path);
    command
}

#[cfg(not(unix))]
fn command(editor: &OsStr, path: &Path) -> Command {
    let mut command = Command::new(editor);
    command.arg(path);
    command
}
