//! `rolo check`

use super::context::Ctx;
use super::fail::{Fail, Result};
use crate::ops::{Exit, OpError};
use crate::text::safe_line;
use std::io::Write;

/// Examines the whole book; what is wrong goes to stdout, a line each.
pub fn run(ctx: &mut Ctx) -> Result {
    let wrong = match ctx.named_book().and_then(|book| Ok(book.check()?)) {
        Ok(wrong) => wrong,
        // So damaged that it can't be opened, or not read to its end: what SQLite finds in the file is what can be said.
        Err(fail @ Fail::Op(OpError::Store(_))) => match crate::ops::examine(&ctx.settings.book) {
            Ok(wrong) if !wrong.is_empty() => wrong,
            _ => return Err(fail),
        },
        Err(fail) => return Err(fail),
    };
    if ctx.json() {
        ctx.json_out(&serde_json::json!({ "ok": wrong.is_empty(), "problems": wrong }))?;
    } else {
        for line in &wrong {
            writeln!(ctx.out, "{}", safe_line(line))?;
        }
    }
    match wrong.len() {
        0 => {
            ctx.say("check-fine", &[]);
            Ok(Exit::Done)
        }
        n => {
            ctx.say("check-wrong", &[("n", n.into())]);
            Ok(Exit::Nothing)
        }
    }
}
