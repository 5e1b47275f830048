//! `rolo check`

use super::context::Ctx;
use super::fail::Result;
use crate::ops::Exit;
use crate::text::safe_line;
use std::io::Write;

/// Examines the whole book; what is wrong goes to stdout, a line each.
pub fn run(ctx: &mut Ctx) -> Result {
    let wrong = ctx.book()?.check()?;
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
