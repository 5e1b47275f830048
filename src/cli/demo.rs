//! `rolo demo`

use super::context::Ctx;
use super::fail::Result;
use crate::ops::Exit;
use std::io::Write;

/// Arguments of `demo`.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Only make the book and print where it lies
    #[arg(long)]
    path: bool,
}

/// Makes a book with sample people in the folder for temporary files, and opens it on a terminal.
pub fn run(ctx: &mut Ctx, args: Args) -> Result {
    let folder = tempfile::Builder::new().prefix("rolo-demo-").tempdir_in(&ctx.settings.folders.temp)?;
    let path = folder.path().join("demo.rolo");
    ctx.open(&path)?.add_demo()?;
    if !args.path && ctx.term.asks && ctx.term.out {
        // The folder goes when the screen closes.
        return super::open_screen(ctx, &path);
    }
    let _kept = folder.keep();
    writeln!(ctx.out, "{}", path.display())?;
    ctx.say("demo-made", &[("path", path.to_string_lossy().as_ref().into())]);
    Ok(Exit::Done)
}
