//! The arguments after `--`.

/// What is asked for.
pub enum Command {
    /// Not started by `cargo bench`.
    Nothing,
    /// Write contacts.
    Generate {
        /// As what.
        format: Format,
        /// How many.
        rows: usize,
        /// Which ones.
        seed: u64,
        /// Where cards go.
        folder: Option<String>,
    },
    /// Take figures.
    Measure(Options),
}

/// A file that the generator can write.
#[derive(Clone, Copy)]
pub enum Format {
    /// Google's CSV.
    Google,
    /// One line a contact.
    Lines,
    /// abook's file.
    Abook,
    /// vCards in one file.
    Vcard,
    /// A folder of vCards.
    Vcf,
}

/// How to measure.
pub struct Options {
    /// Names of figures; empty means all.
    pub only: Vec<String>,
    /// A million contacts, too.
    pub full: bool,
    /// Contacts in the large book.
    pub rows: usize,
    /// Runs after the warm-up.
    pub runs: usize,
    /// Of the generator.
    pub seed: u64,
}

impl Options {
    /// Whether this figure was asked for.
    pub fn wants(&self, name: &str) -> bool {
        self.only.is_empty() || self.only.iter().any(|only| only == name)
    }
}

/// Reads the arguments; cargo itself adds `--bench`.
pub fn parse(arguments: &[String], figures: &[&str]) -> Result<Command, String> {
    let mut options = Options { only: Vec::new(), full: false, rows: 100_000, runs: 7, seed: 2026 };
    let (mut words, mut bench) = (Vec::new(), false);
    let mut rest = arguments.iter();
    while let Some(argument) = rest.next() {
        match argument.as_str() {
            "--bench" => bench = true,
            "--full" => options.full = true,
            "--rows" => options.rows = number(argument, rest.next())?,
            "--runs" => options.runs = number(argument, rest.next())?,
            "--seed" => options.seed = number(argument, rest.next())?,
            "--only" => {
                let names = rest.next().ok_or("--only needs a name")?;
                options.only.extend(names.split(',').map(str::to_owned));
            }
            flag if flag.starts_with('-') => return Err(format!("unknown option {flag}")),
            word => words.push(word),
        }
    }
    if let Some(unknown) = options.only.iter().find(|name| !figures.contains(&name.as_str())) {
        return Err(format!("no figure is called {unknown}; there are {}", figures.join(", ")));
    }
    match words.as_slice() {
        [] if bench => Ok(Command::Measure(options)),
        [] => Ok(Command::Nothing),
        ["generate", format, rows, folder @ ..] => Ok(Command::Generate {
            format: match *format {
                "google" => Format::Google,
                "lines" => Format::Lines,
                "abook" => Format::Abook,
                "vcard" => Format::Vcard,
                "vcf" => Format::Vcf,
                other => return Err(format!("cannot write {other}; google, lines, abook, vcard or vcf")),
            },
            rows: number("rows", Some(&(*rows).to_owned()))?,
            seed: options.seed,
            folder: folder.first().map(|folder| (*folder).to_owned()),
        }),
        _ => Err("generate FORMAT ROWS, or options alone".to_owned()),
    }
}

fn number<T: std::str::FromStr>(name: &str, value: Option<&String>) -> Result<T, String> {
    value
        .and_then(|text| text.replace(['_', ','], "").parse().ok())
        .ok_or_else(|| format!("{name} needs a number"))
}
