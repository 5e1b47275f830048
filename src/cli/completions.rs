//! `rolo completions`

use super::context::Ctx;
use super::fail::Result;
use crate::ops::Exit;
use clap_complete::Shell;
use std::io::Write;

/// Arguments of `completions`.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// For which shell
    #[arg(value_enum)]
    shell: Shell,
}

/// Prints a completion script.
pub fn run(ctx: &mut Ctx, args: Args) -> Result {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut super::command(), "rolo", &mut script);
    ctx.out.write_all(&script)?;
    Ok(Exit::Done)
}
