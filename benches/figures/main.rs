//! What the README's figures come from: the release binary beside its peers, in turns, on made-up contacts.
//!
//! ```text
//! cargo bench --bench figures                             every figure, as a Markdown table
//! cargo bench --bench figures -- --only import,query      some of them: import, exchange, query, list, search, tui, share
//! cargo bench --bench figures -- --full                   books of 1,000,000 contacts, too
//! cargo bench --bench figures -- generate google 100000   the contacts alone: google, lines, abook or vcard to stdout
//! cargo bench --bench figures -- generate vcf 10000 DIR   one card a file
//! ```
//!
//! `--rows N` changes the size of the large book, `--runs N` how often each is run after its warm-up, `--seed N` the
//! contacts. A peer that is not installed gets a row that says so. Files go below `TMPDIR`.

mod exchange;
#[path = "../generator/mod.rs"]
mod generator;
mod import;
mod list;
mod options;
mod process;
mod query;
mod sample;
mod screen;
mod search;
mod share;
mod table;
mod tui;
mod workbench;

use std::io::{self, BufWriter, Write};
use std::path::Path;
use std::process::ExitCode;

use options::{Command, Format, Options};
use table::Table;
use workbench::Workbench;

/// What can go wrong is for whoever runs it to read.
type Error = Box<dyn std::error::Error>;
type Figure = fn(&mut Workbench, &mut Table) -> Result<(), Error>;

const FIGURES: &[(&str, Figure)] = &[
    ("import", import::measure),
    ("exchange", exchange::measure),
    ("query", query::measure),
    ("list", list::measure),
    ("search", search::measure),
    ("tui", tui::measure),
    ("share", share::measure),
];

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let names: Vec<&str> = FIGURES.iter().map(|(name, _)| *name).collect();
    let outcome = match options::parse(&arguments, &names) {
        // `cargo test --all-targets` starts benches, too; measuring an unoptimised binary would say nothing.
        Ok(Command::Nothing) => Ok(true),
        Ok(Command::Generate { format, rows, seed, folder }) => {
            generate(format, rows, seed, folder).map(|()| true)
        }
        Ok(Command::Measure(options)) => measure(options),
        Err(message) => Err(message.into()),
    };
    match outcome {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("figures: {error}");
            ExitCode::from(2)
        }
    }
}

fn generate(format: Format, rows: usize, seed: u64, folder: Option<String>) -> Result<(), Error> {
    let mut out = BufWriter::new(io::stdout().lock());
    let written = match format {
        Format::Google => generator::write_google_csv(rows, seed, &mut out),
        Format::Lines => generator::write_lines(rows, seed, &mut out),
        Format::Abook => generator::write_abook(rows, seed, &mut out),
        Format::Vcard => generator::write_vcards(rows, seed, &mut out),
        Format::Vcf => {
            let folder = folder.ok_or("generate vcf ROWS DIR")?;
            generator::write_vcf_dir(rows, seed, Path::new(&folder))
        }
    };
    match written {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        other => Ok(other?),
    }
}

/// Says whether every figure could be taken; one that fails doesn't keep the others from being taken.
fn measure(options: Options) -> Result<bool, Error> {
    let mut bench = Workbench::new(options)?;
    let mut table = Table::default();
    let mut complete = true;
    for (name, figure) in FIGURES {
        if !bench.options.wants(name) {
            continue;
        }
        eprintln!("{name} ...");
        if let Err(error) = figure(&mut bench, &mut table) {
            complete = false;
            table.failed(name, &error.to_string());
        }
    }
    let mut out = io::stdout().lock();
    writeln!(out, "{}\n\n{table}", bench.machine())?;
    Ok(complete)
}
